/* site.c - a site file from its bytes to a struct that owns everything it names */
#include "study/site.h"

#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/text.h"

typedef struct {
    const sei_yaml *site, *limits, *influent, *climate, *train, *run, *model, *observations,
        *uncertainty, *disturbances;
} top_rows;

#define ROW_STRUCT top_rows
static const sei_key_row rows[] = {
    SEI_PLAIN_ROW("site", NODE, true, site, "the place", "鉱山・地点"),
    SEI_PLAIN_ROW("limits", NODE, false, limits, "limits that the water is judged by",
                  "適用する基準"),
    SEI_PLAIN_ROW("influent", NODE, true, influent, "the raw water", "原水"),
    SEI_PLAIN_ROW("climate", NODE, true, climate, "temperatures around the units", "気象条件"),
    SEI_PLAIN_ROW("train", NODE, true, train, "the treatment units", "処理系列"),
    SEI_PLAIN_ROW("run", NODE, true, run, "period and numerics", "計算条件"),
    SEI_PLAIN_ROW("model", NODE, false, model, "database and chemistry", "化学モデル"),
    SEI_PLAIN_ROW("observations", NODE, false, observations, "measured effluents", "実測値"),
    SEI_PLAIN_ROW("disturbances", NODE, false, disturbances,
                  "storms, snowmelt, drought, cold waves", "出水・融雪・渇水・寒波"),
    SEI_PLAIN_ROW("uncertainty", NODE, false, uncertainty, "numbers that may be others",
                  "不確かさの条件"),
    SEI_RESERVED_ROW("monitoring", "stations and sensors", "遠隔監視"),
    SEI_RESERVED_ROW("active_plant", "the existing treatment plant", "既設の能動処理施設"),
    SEI_RESERVED_ROW("costs", "prices and rates", "費用条件"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_file = {"", rows, SEI_COUNT(rows)};

const sei_key_section *sei_site_section_at(size_t i)
{
    static const sei_key_section *const sections[] = {
        &sei_section_file,
        &sei_section_site,
        &sei_section_limits,
        &sei_section_override,
        &sei_section_exemption,
        &sei_section_target,
        &sei_section_influent,
        &sei_section_climate,
        &sei_section_unit,
        &sei_section_layer,
        &sei_section_run,
        &sei_section_model,
        &sei_section_observation,
        &sei_section_event,
        &sei_section_disturbance,
        &sei_section_uncertainty,
        &sei_section_uncertain_number,
        &sei_section_rank_correlation,
    };

    return i < SEI_COUNT(sections) ? sections[i] : NULL;
}

/* ---- memory ----------------------------------------------------------------------------------- */

void *sei_site_alloc(sei_site_reader *r, size_t n, size_t size)
{
    void *p = sei_arena_alloc(r->s.arena, n, size);

    if (!p)
        r->s.fatal = SEI_E_NOMEM;
    return p;
}

sei_owned *sei_site_own(sei_site_reader *r)
{
    struct sei_site_memory *memory = r->site->memory;
    sei_owned              *owned  = sei_site_alloc(r, 1, sizeof *owned);

    if (!owned)
        return NULL;
    owned->next   = memory->owned;
    memory->owned = owned;
    return owned;
}

static sei_status create(sei_ctx *ctx, sei_site **ret_site)
{
    struct sei_site_memory *memory = sei_alloc(ctx, 1, sizeof *memory);

    if (!memory)
        return SEI_E_NOMEM;
    memory->ctx = ctx;
    sei_arena_init(&memory->arena, ctx);
    sei_site *site = sei_arena_alloc(&memory->arena, 1, sizeof *site);
    if (!site) {
        sei_release(ctx, memory);
        return SEI_E_NOMEM;
    }
    site->memory = memory;
    *ret_site    = site;
    return SEI_OK;
}

void sei_site_free(sei_site *site)
{
    if (!site)
        return;
    struct sei_site_memory *memory = site->memory;
    for (sei_owned *owned = memory->owned; owned; owned = owned->next) {
        sei_series_curve_free(owned->curve);
        sei_series_set_free(owned->set);
        sei_limits_free(owned->limits);
    }
    sei_arena_done(&memory->arena); /* the site itself lies in it */
    sei_release(memory->ctx, memory);
}

/* ---- reading ---------------------------------------------------------------------------------- */

static void read_sections(sei_site_reader *r, const sei_yaml *root)
{
    top_rows           top   = {0};
    const sei_key_part parts = {rows, SEI_COUNT(rows), &top};

    if (!sei_schema_map(&r->s, "", root, 1, &parts, NULL, NULL))
        return;
    if (top.site) /* first: it tells the zone of all dates */
        sei_site_read_place(r, top.site);
    sei_site_read_limits(r, top.limits);
    if (top.influent)
        sei_site_read_influent(r, top.influent);
    if (top.climate)
        sei_site_read_climate(r, top.climate);
    if (top.train)
        sei_site_read_train(r, top.train);
    if (top.run)
        sei_site_read_run(r, top.run);
    sei_site_read_model(r, top.model);
    if (top.observations)
        sei_site_read_observations(r, top.observations);
    if (top.disturbances)
        sei_site_read_disturbances(r, top.disturbances);
    if (top.uncertainty)
        sei_site_read_uncertainty(r, top.uncertainty);
}

static void commit(sei_site_reader *r)
{
    r->site->notes   = r->s.notes;
    r->site->n_notes = r->s.n_notes;
    r->site->files   = r->files;
}

static void begin(sei_site_reader *r, sei_ctx *ctx, const char *name, const char *folder,
                  const char *text, size_t len)
{
    sei_arena *arena = &r->site->memory->arena;

    r->s.ctx           = ctx;
    r->s.arena         = arena;
    r->s.utc_offset_us = SEI_JST_OFFSET;
    r->s.file          = sei_arena_strdup(arena, name);
    r->s.folder        = sei_arena_strdup(arena, folder);
    if (!r->s.file || !r->s.folder)
        r->s.fatal = SEI_E_NOMEM;
    r->site->memory->text = sei_arena_strndup(arena, text, len);
    r->site->memory->len  = len;
    if (!r->site->memory->text)
        r->s.fatal = SEI_E_NOMEM;
    r->site->path   = r->s.file;
    r->site->folder = r->s.folder;
}

sei_status sei_site_parse(sei_ctx *ctx, const char *name, const char *folder, const char *text,
                          size_t len, sei_problem_fn on_problem, void *user, sei_site **ret_site)
{
    return sei_site_parse_changed(ctx, name, folder, text, len, NULL, on_problem, user, ret_site);
}

static void keep_overlay(sei_site_reader *r, const sei_overlay *overlay)
{
    sei_overlay *copy = overlay ? sei_site_alloc(r, 1, sizeof *copy) : NULL;

    r->site->scenario = r->site->scenario_ja = "";
    if (!copy)
        return;
    *copy                    = *overlay;
    copy->file               = sei_arena_strdup(r->s.arena, overlay->file);
    copy->text               = sei_arena_strndup(r->s.arena, overlay->text, overlay->len);
    r->site->memory->overlay = copy;
    r->s.overlay_file        = copy->file;
    if (!copy->file || !copy->text)
        r->s.fatal = SEI_E_NOMEM;
    else
        sei_site_keep_file(r, copy->file, copy->text, copy->len);
}

sei_status sei_site_parse_changed(sei_ctx *ctx, const char *name, const char *folder,
                                  const char *text, size_t len, const sei_overlay *overlay,
                                  sei_problem_fn on_problem, void *user, sei_site **ret_site)
{
    sei_site_reader *r    = NULL;
    sei_site        *site = NULL;
    const sei_yaml  *root = NULL;

    sei_status st = create(ctx, &site);
    if (st != SEI_OK)
        goto done;
    r = sei_arena_alloc(&site->memory->arena, 1, sizeof *r); /* too large for the stack */
    if (!r) {
        st = SEI_E_NOMEM;
        goto done;
    }
    r->site = site;
    begin(r, ctx, name, folder, text, len);
    if (r->s.fatal == SEI_OK) {
        sei_site_keep_file(r, r->s.file, text, len);
        keep_overlay(r, overlay);
        st = sei_yaml_parse(ctx, r->s.file, text, len, r->s.arena, &root);
        if (st == SEI_OK && overlay && r->s.fatal == SEI_OK)
            sei_overlay_apply(r, r->site->memory->overlay, root);
        if (st == SEI_OK)
            read_sections(r, root);
        else
            sei_schema_take_error(&r->s, st);
    }
    st = sei_schema_finish(&r->s, on_problem, user);
    if (st != SEI_OK)
        goto done;
    commit(r);
    *ret_site = site;
    site      = NULL;
done:
    if (r)
        sei_headers_free(r->headers);
    sei_site_free(site);
    return st;
}

sei_status sei_site_read(sei_ctx *ctx, const char *path, sei_problem_fn on_problem, void *user,
                         sei_site **ret_site)
{
    char  *text = NULL, *folder = NULL;
    size_t len = 0;

    sei_status st = sei_file_read(ctx, path, SEI_YAML_BYTES_MAX, &text, &len);
    if (st == SEI_OK && !(folder = sei_path_folder(ctx, path)))
        st = SEI_E_NOMEM;
    if (st == SEI_OK) {
        st = sei_site_parse(ctx, path, folder, text, len, on_problem, user, ret_site);
    } else if (on_problem) {
        const sei_where where = sei_ctx_error_where(ctx);
        on_problem(user, st, &where, sei_ctx_error(ctx));
    }
    sei_release(ctx, folder);
    sei_release(ctx, text);
    return st;
}

sei_status sei_site_clone(sei_ctx *ctx, const sei_site *site, sei_site **ret_site)
{
    const struct sei_site_memory *memory = site->memory;
    sei_site                     *copy   = NULL;

    sei_status st = sei_site_parse_changed(ctx, site->path, site->folder, memory->text, memory->len,
                                           memory->overlay, NULL, NULL, &copy);
    if (st != SEI_OK)
        return st;
    bool is_same = copy->n_files == site->n_files;
    for (size_t i = 0; i < site->n_files && is_same; i++)
        is_same = strcmp(copy->files[i].sha256, site->files[i].sha256) == 0;
    if (!is_same) {
        sei_site_free(copy);
        return sei_fail(ctx, SEI_E_IO, NULL,
                        "%s: a file of the site has changed since the run began", site->path);
    }
    copy->run = site->run;
    *ret_site = copy;
    return SEI_OK;
}

size_t sei_site_find_unit(const sei_site *site, const char *name)
{
    size_t i = 0;

    while (i < site->n_units && strcmp(site->units[i].name, name) != 0)
        i++;
    return i;
}
