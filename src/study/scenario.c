/* scenario.c - a scenario file: one site file, and changed sites made of it */
#include <string.h>

#include "base/file.h"
#include "study/site.h"

struct sei_scenarios_memory {
    sei_ctx *ctx;
    char    *text, *site_text, *site_path, *site_folder;
};

typedef struct {
    const char     *site;
    const sei_yaml *scenarios;
} file_rows;

#define ROW_STRUCT file_rows
static const sei_key_row rows[] = {
    SEI_PLAIN_ROW("site", PATH, true, site, "the site file", "サイトファイル"),
    SEI_PLAIN_ROW("scenarios", NODE, true, scenarios, "list of scenarios", "シナリオの一覧"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_scenario_file = {"scenario file", rows, SEI_COUNT(rows)};

/* Names are folder names: each once, and none that stands for another place. */
static void check_names(sei_schema *s, const sei_yaml *list)
{
    for (const sei_yaml *c = list->first; c; c = c->next) {
        const sei_yaml *name = sei_yaml_get(c, "name");
        if (!name || !name->text)
            continue; /* told when the scenario is read */
        if (name->text[0] == '.' || strcmp(name->text, "figures") == 0)
            sei_schema_problem(s, SEI_E_RANGE, name->line,
                               "scenario name \"%.100s\" cannot be a folder's", name->text);
        for (const sei_yaml *d = list->first; d != c; d = d->next) {
            const sei_yaml *other = sei_yaml_get(d, "name");
            if (other && other->text && strcmp(other->text, name->text) == 0)
                sei_schema_problem(s, SEI_E_DUPLICATE, name->line,
                                   "scenario \"%.100s\" is in line %zu already", name->text,
                                   other->line);
        }
    }
}

static sei_status read_head(sei_ctx *ctx, const char *path, const char *folder, const char *text,
                            size_t len, sei_arena *arena, sei_problem_fn on_problem, void *user,
                            file_rows *ret)
{
    sei_schema        *s    = sei_arena_alloc(arena, 1, sizeof *s);
    const sei_yaml    *root = NULL;
    const sei_key_part part = {rows, SEI_COUNT(rows), ret};

    if (!s)
        return SEI_E_NOMEM;
    *s            = (sei_schema){.ctx = ctx, .arena = arena, .file = path, .folder = folder};
    sei_status st = sei_yaml_parse(ctx, path, text, len, arena, &root);
    if (st != SEI_OK)
        sei_schema_take_error(s, st);
    else if (sei_schema_map(s, "", root, 1, &part, NULL, NULL) && ret->scenarios &&
             sei_schema_is_list(s, "scenarios", ret->scenarios)) {
        if (ret->scenarios->n == 0 || ret->scenarios->n > SEI_SCENARIOS_MAX)
            sei_schema_problem(s, SEI_E_RANGE, ret->scenarios->line, "%zu scenarios, not 1..%d",
                               ret->scenarios->n, (int)SEI_SCENARIOS_MAX);
        check_names(s, ret->scenarios);
    }
    return sei_schema_finish(s, on_problem, user);
}

static sei_status read_sites(sei_scenarios *set, const char *path, size_t len, size_t site_len,
                             size_t n, sei_problem_fn on_problem, void *user)
{
    struct sei_scenarios_memory *m  = set->memory;
    sei_status                   st = SEI_OK;

    set->sites = sei_alloc(m->ctx, n, sizeof(sei_site *));
    if (!set->sites)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        const sei_overlay overlay = {path, m->text, len, i};
        st = sei_site_parse_changed(m->ctx, m->site_path, m->site_folder, m->site_text, site_len,
                                    &overlay, on_problem, user, &set->sites[i]);
        set->n += st == SEI_OK;
    }
    return st;
}

static sei_status read_all(sei_scenarios *set, const char *path, sei_arena *arena,
                           sei_problem_fn on_problem, void *user)
{
    struct sei_scenarios_memory *m      = set->memory;
    char                        *folder = NULL;
    file_rows                    in     = {0};
    size_t                       len = 0, site_len = 0;

    sei_status st = sei_file_read(m->ctx, path, SEI_YAML_BYTES_MAX, &m->text, &len);
    if (st == SEI_OK && !(folder = sei_path_folder(m->ctx, path)))
        st = SEI_E_NOMEM;
    const bool has_told = st == SEI_OK;
    if (st == SEI_OK)
        st = read_head(m->ctx, path, folder, m->text, len, arena, on_problem, user, &in);
    if (st == SEI_OK) {
        st = sei_file_read(m->ctx, in.site, SEI_YAML_BYTES_MAX, &m->site_text, &site_len);
        if (st == SEI_OK) {
            m->site_path   = sei_strdup(m->ctx, in.site);
            m->site_folder = sei_path_folder(m->ctx, in.site);
            st             = m->site_path && m->site_folder ? SEI_OK : SEI_E_NOMEM;
        } else if (on_problem) {
            const sei_where where = sei_ctx_error_where(m->ctx);
            on_problem(user, st, &where, sei_ctx_error(m->ctx));
        }
        if (st == SEI_OK)
            st = read_sites(set, path, len, site_len, in.scenarios->n, on_problem, user);
    } else if (!has_told && on_problem) {
        const sei_where where = sei_ctx_error_where(m->ctx);
        on_problem(user, st, &where, sei_ctx_error(m->ctx));
    }
    sei_release(m->ctx, folder);
    return st;
}

sei_status sei_scenarios_read(sei_ctx *ctx, const char *path, sei_problem_fn on_problem, void *user,
                              sei_scenarios **ret_scenarios)
{
    sei_scenarios               *set = sei_alloc(ctx, 1, sizeof *set);
    struct sei_scenarios_memory *m   = sei_alloc(ctx, 1, sizeof *m);
    sei_arena                    arena;

    if (!set || !m) {
        sei_release(ctx, set);
        sei_release(ctx, m);
        return SEI_E_NOMEM;
    }
    m->ctx      = ctx;
    set->memory = m;
    sei_arena_init(&arena, ctx);
    const sei_status st = read_all(set, path, &arena, on_problem, user);
    sei_arena_done(&arena);
    if (st != SEI_OK) {
        sei_scenarios_free(set);
        return st;
    }
    *ret_scenarios = set;
    return SEI_OK;
}

void sei_scenarios_free(sei_scenarios *set)
{
    if (!set)
        return;
    struct sei_scenarios_memory *m   = set->memory;
    sei_ctx                     *ctx = m->ctx;
    for (size_t i = 0; i < set->n; i++)
        sei_site_free(set->sites[i]);
    sei_release(ctx, set->sites);
    sei_release(ctx, m->text);
    sei_release(ctx, m->site_text);
    sei_release(ctx, m->site_path);
    sei_release(ctx, m->site_folder);
    sei_release(ctx, m);
    sei_release(ctx, set);
}
