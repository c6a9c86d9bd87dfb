/* ensemble_save.c - the files of an ensemble */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "seiryu/version.h"
#include "study/ensemble.h"
#include "study/result_json.h"
#include "study/result_parts.h"

/* ---- bands.csv -------------------------------------------------------------------------------- */

static void put_texts(sei_table_writer *w, size_t n, const char *const texts[])
{
    for (size_t i = 0; i < n; i++)
        sei_table_put_text(w, texts[i]);
}

static void put_shown(sei_table_writer *w, const sei_quantity_column *c, double si)
{
    if (isfinite(si))
        sei_table_put_number(w, sei_column_shown(c, si), SEI_CSV_DIGITS);
    else
        sei_table_put_empty(w);
}

static void put_band_row(sei_table_writer *w, const sei_ensemble *e, size_t kept, size_t time)
{
    const sei_result          *r    = e->nominal;
    const size_t               cell = kept * r->n_times + time;
    const sei_quantity_column *c    = &r->columns[e->kept[kept]];
    double                     si   = SEI_NO_NUMBER;

    sei_table_put_time(w, r->time_us[time], r->site->utc_offset_us);
    sei_table_put_text(w, c->quantity->key);
    sei_table_put_text(w, c->quantity->fractions ? sei_fraction_key(c->fraction) : "");
    if (!sei_digest_value(e->digest, time, e->digest->discharge, e->kept[kept], &si))
        si = SEI_NO_NUMBER;
    put_shown(w, c, si);
    put_shown(w, c, e->low[cell]);
    put_shown(w, c, e->mid[cell]);
    put_shown(w, c, e->high[cell]);
    sei_table_put_text(w, sei_column_unit(c));
    sei_table_end_row(w);
}

static sei_status save_bands(const sei_ensemble *e, const char *folder)
{
    static const char *const heads[] = {"time", "quantity", "fraction", "nominal",
                                        "p10",  "p50",      "p90",      "unit"};
    sei_table_writer        *w       = NULL;

    const sei_status st = sei_table_writer_create(e->ctx, NULL, &w);
    if (st != SEI_OK)
        return st;
    put_texts(w, sizeof heads / sizeof heads[0], heads);
    sei_table_end_row(w);
    for (size_t t = 0; t < e->nominal->n_times; t++)
        for (size_t k = 0; k < e->n_kept; k++)
            put_band_row(w, e, k, t);
    return sei_save_csv(e->ctx, w, folder, "bands.csv");
}

/* ---- members.csv ------------------------------------------------------------------------------ */

static void put_member_head(sei_table_writer *w, const sei_ensemble *e)
{
    char name[SEI_QUANTITY_NAME_MAX], head[SEI_QUANTITY_NAME_MAX + 16];

    sei_table_put_text(w, "member");
    sei_table_put_text(w, "status");
    for (size_t k = 0; k < e->n_kept; k++) {
        sei_quantity_format_column(name, &e->nominal->columns[e->kept[k]]);
        snprintf(head, sizeof head, "mean_%s", name);
        sei_table_put_text(w, head);
    }
    for (size_t i = 0; i < e->draws->n; i++)
        sei_table_put_text(w, e->draws->knobs->knobs[e->draws->knob[i]].path);
    sei_table_end_row(w);
}

static void put_member(sei_table_writer *w, const sei_ensemble *e, size_t number, size_t ok)
{
    const bool is_ok = ok < e->n_ok && e->ok[ok] == number;
    sei_status st    = SEI_OK;
    double     mean, max;

    for (size_t i = 0; i < e->n_failed; i++)
        if (e->failed[i].number == number)
            st = e->failed[i].status;
    sei_table_put_int(w, (int64_t)number);
    sei_table_put_text(w, sei_status_name(st));
    for (size_t k = 0; k < e->n_kept; k++)
        put_shown(w, &e->nominal->columns[e->kept[k]],
                  is_ok && sei_member_mean(e, ok, k, &mean, &max) ? mean : SEI_NO_NUMBER);
    for (size_t i = 0; i < e->draws->n; i++) {
        const sei_knob *k = &e->draws->knobs->knobs[e->draws->knob[i]];
        sei_table_put_number(w, sei_knob_shown(k, e->draw[number * e->draws->n + i]),
                             SEI_CSV_DIGITS);
    }
    sei_table_end_row(w);
}

static sei_status save_members(const sei_ensemble *e, const char *folder)
{
    sei_table_writer *w  = NULL;
    size_t            ok = 0;

    const sei_status st = sei_table_writer_create(e->ctx, NULL, &w);
    if (st != SEI_OK)
        return st;
    put_member_head(w, e);
    for (size_t m = 0; m < e->options.n; m++) {
        put_member(w, e, m, ok);
        ok += ok < e->n_ok && e->ok[ok] == m;
    }
    return sei_save_csv(e->ctx, w, folder, "members.csv");
}

/* ---- tables as CSV ---------------------------------------------------------------------------- */

/* ---- ensemble.json ---------------------------------------------------------------------------- */

static sei_status save_json(const sei_ensemble *e, const char *folder)
{
    sei_json json;
    char     seed[32];

    snprintf(seed, sizeof seed, "%llu", (unsigned long long)e->options.seed);
    sei_json_init(&json);
    sei_json_text(&json, json.root, "format", "seiryu-ensemble-1");
    sei_json_text(&json, json.root, "program_version", SEI_VERSION);
    sei_json_count(&json, json.root, "members", e->options.n);
    sei_json_text(&json, json.root, "seed", seed); /* 64 bits: more than a JSON number holds */
    sei_json_text(&json, json.root, "key", e->draws->key);
    sei_json_count(&json, json.root, "completed", e->n_ok);
    sei_json_count(&json, json.root, "varied_numbers", e->draws->n);
    json_t *failed = sei_json_array(&json, json.root, "failed");
    for (size_t i = 0; i < e->n_failed; i++) {
        json_t *o = sei_json_object(&json, failed, NULL);
        sei_json_count(&json, o, "member", e->failed[i].number);
        sei_json_text(&json, o, "status", sei_status_name(e->failed[i].status));
        sei_json_text(&json, o, "reason", e->failed[i].error);
    }
    json_t *inputs = sei_json_array(&json, json.root, "inputs");
    for (size_t i = 0; i < e->nominal->site->n_files; i++) {
        json_t *o = sei_json_object(&json, inputs, NULL);
        sei_json_text(&json, o, "path", e->nominal->site->files[i].path);
        sei_json_text(&json, o, "sha256", e->nominal->site->files[i].sha256);
    }
    sei_json_text(&json, json.root, "database_sha256", e->nominal->database_sha256);
    return sei_json_save(e->ctx, &json, folder, "ensemble.json");
}

/* ---- all -------------------------------------------------------------------------------------- */

sei_status sei_ensemble_save(sei_ctx *ctx, const sei_ensemble *e, const char *folder)
{
    sei_figure_saver saver = {.ctx = ctx};
    sei_status       st    = sei_folder_make(ctx, folder);

    if (st == SEI_OK)
        st = sei_ensemble_figures(e, sei_keep_figure, &saver);
    st = sei_save_kept_figures(&saver, st, folder);
    if (st == SEI_OK)
        st = save_bands(e, folder);
    if (st == SEI_OK)
        st = save_members(e, folder);
    if (st == SEI_OK)
        st = sei_save_table(e->ctx, sei_table_draws(e), folder, "inputs.csv");
    if (st == SEI_OK)
        st = sei_save_table(e->ctx, sei_table_chances(e), folder, "probability.csv");
    if (st == SEI_OK)
        st = sei_ensemble_report(e, folder);
    if (st == SEI_OK)
        st = save_json(e, folder);
    return st;
}
