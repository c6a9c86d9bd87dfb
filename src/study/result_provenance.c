/* result_provenance.c - provenance.json: what made the numbers, so that they can be made again */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "seiryu/version.h"
#include "study/result_json.h"
#include "study/result_parts.h"
#include "study/result_words.h"

static const char file_name[] = "provenance.json";

typedef struct {
    const sei_result *r;
    sei_json          json;
} provenance;

static void put_inputs(provenance *p)
{
    const sei_site *site = p->r->site;
    json_t         *list = sei_json_array(&p->json, p->json.root, "inputs");

    for (size_t i = 0; i < site->n_files; i++) {
        json_t *o = sei_json_object(&p->json, list, NULL);
        sei_json_text(&p->json, o, "path", site->files[i].path);
        sei_json_text(&p->json, o, "sha256", site->files[i].sha256);
    }
    json_t *o = sei_json_object(&p->json, p->json.root, "database");
    sei_json_text(&p->json, o, "path", p->r->database_path);
    sei_json_text(&p->json, o, "sha256", p->r->database_sha256);
}

static void put_run(provenance *p)
{
    const sei_site        *site = p->r->site;
    const sei_run_options *run  = &site->run;
    json_t                *o    = sei_json_object(&p->json, p->json.root, "run");

    sei_json_text(&p->json, o, "mode", run->mode == SEI_RUN_STEADY ? "steady" : "transient");
    sei_json_text(&p->json, o, "initial", run->initial == SEI_INITIAL_STEADY ? "steady" : "raw");
    sei_json_time(&p->json, o, "start", run->start_us, site->utc_offset_us);
    sei_json_time(&p->json, o, "end", run->end_us, site->utc_offset_us);
    sei_json_bool(&p->json, o, "is_complete", p->r->is_complete);
    sei_json_number(&p->json, o, "output_interval_s", run->output_interval_s);
    sei_json_number(&p->json, o, "rel_tol", run->rel_tol);
    sei_json_number(&p->json, o, "abs_tol_molal", run->abs_tol_molal);
    sei_json_number(&p->json, o, "dt_max_s", run->dt_max_s);
}

static void put_names(provenance *p, const char *key, size_t n, const char *const names[])
{
    json_t *list = sei_json_array(&p->json, p->json.root, key);

    for (size_t i = 0; i < n; i++)
        sei_json_text(&p->json, list, NULL, names[i]);
}

static void put_laws(provenance *p)
{
    json_t *list = sei_json_array(&p->json, p->json.root, "rate_laws");

    for (size_t i = 0; i < p->r->n_laws; i++) {
        json_t *o = sei_json_object(&p->json, list, NULL);
        sei_json_text(&p->json, o, "law", p->r->laws[i]->key);
        sei_json_text(&p->json, o, "source", p->r->laws[i]->source);
    }
}

/* ---- what differs from the defaults ----------------------------------------------------------- */

static void put_change(provenance *p, json_t *list, const char *where, const sei_param *param,
                       double si)
{
    json_t *o = sei_json_object(&p->json, list, NULL);

    sei_json_text(&p->json, o, "where", where);
    sei_json_text(&p->json, o, "parameter", param->key);
    sei_json_number(&p->json, o, "value", sei_param_shown(param, si));
    sei_json_text(&p->json, o, "unit", param->unit);
    sei_json_number(&p->json, o, "default", param->def);
}

static void put_params(provenance *p, json_t *list, const char *where, size_t n,
                       const sei_param params[], const double si[])
{
    for (size_t i = 0; i < n; i++) {
        const double def = sei_param_si(&params[i], params[i].def);
        if (isfinite(si[i]) && !(fabs(si[i] - def) <= 1e-12 * fabs(def)))
            put_change(p, list, where, &params[i], si[i]);
    }
}

static void put_overrides(provenance *p, json_t *list, const char *where, size_t n,
                          const sei_rate_override overrides[])
{
    char text[256];

    for (size_t i = 0; i < n; i++) {
        const sei_rate_override *o = &overrides[i];
        snprintf(text, sizeof text, "%s%s%s", where, where[0] ? "/" : "", o->law->key);
        put_change(p, list, text, &o->law->params[o->param], o->value);
    }
}

static void put_changes(provenance *p)
{
    const sei_site *site = p->r->site;
    json_t         *list = sei_json_array(&p->json, p->json.root, "parameters_not_default");
    char            text[256];

    put_overrides(p, list, "", site->model.n_rates, site->model.rates);
    for (size_t u = 0; u < site->n_units; u++) {
        const sei_unit_spec *unit = &site->units[u];
        put_params(p, list, unit->name, unit->type->n_params, unit->type->params, unit->params);
        for (size_t k = 0; k < unit->n_layers; k++) {
            snprintf(text, sizeof text, "%.120s/%.120s", unit->name, unit->layers[k].name);
            put_params(p, list, text, unit->type->n_layer_params, unit->type->layer_params,
                       unit->layers[k].params);
        }
        put_overrides(p, list, unit->name, unit->n_overrides, unit->overrides);
    }
}

sei_status sei_save_provenance(const sei_digest *d, const char *folder,
                               const sei_figure_names *figures)
{
    provenance p = {.r = d->result};

    sei_json_init(&p.json);
    sei_json_text(&p.json, p.json.root, "format", "seiryu-provenance-1");
    sei_json_text(&p.json, p.json.root, "program", "seiryu");
    sei_json_text(&p.json, p.json.root, "program_version", SEI_VERSION);
    put_inputs(&p);
    put_run(&p);
    put_names(&p, "components", p.r->n_components, p.r->components);
    put_names(&p, "solids", p.r->n_solids, p.r->solid_name);
    put_laws(&p);
    put_changes(&p);
    json_t *list = sei_json_array(&p.json, p.json.root, "figures");
    for (size_t i = 0; i < figures->n; i++)
        sei_json_text(&p.json, list, NULL, figures->name[i]);
    return sei_json_save(d->ctx, &p.json, folder, file_name);
}

/* ---- the run before --------------------------------------------------------------------------- */

static bool is_figure_name(const char *name)
{
    const size_t len = strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_-");

    return len > 0 && len <= SEI_FIGURE_NAME_MAX && name[len] == '\0';
}

void sei_read_old_figures(sei_ctx *ctx, const char *folder, sei_figure_names *ret_names)
{
    const size_t bytes_max = (size_t)64 << 20;
    char        *path = sei_path_join(ctx, folder, file_name), *text = NULL;
    size_t       len  = 0, i;
    json_t      *root = NULL, *item;

    ret_names->n = 0;
    if (path && access(path, R_OK) == 0 &&
        sei_file_read(ctx, path, bytes_max, &text, &len) == SEI_OK)
        root = json_loadb(text, len, 0, NULL);
    json_array_foreach(json_object_get(root, "figures"), i, item)
    {
        const char *name = json_string_value(item);
        if (name && is_figure_name(name) && ret_names->n < SEI_RESULT_FIGURES_MAX)
            snprintf(ret_names->name[ret_names->n++], SEI_FIGURE_NAME_MAX + 1, "%s", name);
    }
    json_decref(root);
    sei_release(ctx, text);
    sei_release(ctx, path);
}
