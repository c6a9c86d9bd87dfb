/* validation_data.c - published figures and fits, read from docs/validation/data/ */
#include "unit/validation_data.h"

#include <dirent.h>

#include "base/number.h"
#include "base/yaml.h"
#include "t.h"

static const char *const folder = SEI_PROJECT_DIR "/docs/validation/data";

/* ---- values of a file ---- */

static const char *text_of(const v_group *g, const sei_yaml *map, const char *key, bool is_needed)
{
    const sei_yaml *node = sei_yaml_get(map, key);

    ck_assert_msg(node || !is_needed, "%s.yaml:%zu: no %s", g->name, map->line, key);
    return node ? node->text : NULL;
}

static double number_in(const v_group *g, const sei_yaml *node)
{
    double x = NAN;

    ck_assert_msg(node->text && sei_parse_double(node->text, node->len, &x),
                  "%s.yaml:%zu: a number is expected", g->name, node->line);
    return x;
}

static double number_of(const v_group *g, const sei_yaml *map, const char *key, double otherwise)
{
    const sei_yaml *node = sei_yaml_get(map, key);

    return node ? number_in(g, node) : otherwise;
}

static bool is_true(const sei_yaml *map, const char *key)
{
    const sei_yaml *node = sei_yaml_get(map, key);

    return node && node->text && strcmp(node->text, "true") == 0;
}

static void check_keys(const v_group *g, const sei_yaml *map, const char *allowed)
{
    char word[80];

    for (const sei_yaml *c = map->first; c; c = c->next) {
        snprintf(word, sizeof word, " %s ", c->key ? c->key : "?");
        ck_assert_msg(strstr(allowed, word) != NULL, "%s.yaml:%zu: unknown key%s", g->name, c->line,
                      word);
    }
}

/* ---- figures ---- */

static void read_bound(const v_group *g, const sei_yaml *map, v_figure *f)
{
    const sei_yaml *between = sei_yaml_get(map, "between");
    size_t          n       = 0;

    f->low  = -(double)INFINITY;
    f->high = (double)INFINITY;
    if (sei_yaml_get(map, "about")) {
        f->bound = V_ABOUT;
        f->low = f->high = number_of(g, map, "about", NAN);
        n++;
    }
    if (sei_yaml_get(map, "below")) {
        f->bound = V_BELOW;
        f->high  = number_of(g, map, "below", NAN);
        n++;
    }
    if (sei_yaml_get(map, "above")) {
        f->bound = V_ABOVE;
        f->low   = number_of(g, map, "above", NAN);
        n++;
    }
    if (between) {
        ck_assert_msg(between->n == 2, "%s.yaml:%zu: between: [low, high]", g->name, between->line);
        f->bound = V_BETWEEN;
        f->low   = number_in(g, between->first);
        f->high  = number_in(g, between->last);
        n++;
    }
    ck_assert_msg(n == 1, "%s.yaml:%zu: one of about, below, above, between", g->name, map->line);
}

static v_role role_of(const v_group *g, const sei_yaml *map)
{
    const char *word = text_of(g, map, "role", false);

    ck_assert_msg(!word || strcmp(word, "fit") == 0 || strcmp(word, "held_out") == 0,
                  "%s.yaml:%zu: role is fit or held_out", g->name, map->line);
    return !word ? V_BLIND : strcmp(word, "fit") == 0 ? V_FIT : V_HELD_OUT;
}

static void read_figure(v_group *g, const sei_yaml *map)
{
    char format[80];

    ck_assert_msg(g->n_figures < V_FIGURES_MAX, "%s.yaml: too many figures", g->name);
    check_keys(g, map, " id what unit kind about below above between measure role informed note ");
    v_figure *f    = &g->figures[g->n_figures++];
    f->id          = text_of(g, map, "id", true);
    f->what        = text_of(g, map, "what", true);
    f->unit        = text_of(g, map, "unit", false);
    f->kind        = text_of(g, map, "kind", true);
    f->role        = role_of(g, map);
    f->is_informed = is_true(map, "informed");
    read_bound(g, map, f);
    const int n = V_WORD_MAX - 1;
    snprintf(format, sizeof format, "%%%ds %%%ds %%%ds %%%ds", n, n, n, n);
    ck_assert_msg(sscanf(text_of(g, map, "measure", true), format, f->measure.run, f->measure.place,
                         f->measure.quantity, f->measure.statistic) == 4,
                  "%s.yaml:%zu: measure: RUN PLACE QUANTITY STATISTIC", g->name, map->line);
    f->is_difference =
        strcmp(f->measure.quantity, "ph") == 0 || strcmp(f->measure.quantity, "temp") == 0;
}

/* ---- fits ---- */

static void read_parameter(v_group *g, const sei_yaml *map)
{
    ck_assert_msg(g->n_parameters < V_PARAMETERS_MAX, "%s.yaml: too many parameters", g->name);
    check_keys(g, map, " p10 p90 value low high informed edge ");
    v_parameter *p = &g->parameters[g->n_parameters++];
    p->key         = map->key;
    p->p10         = number_of(g, map, "p10", NAN);
    p->p90         = number_of(g, map, "p90", NAN);
    p->value       = number_of(g, map, "value", NAN);
    p->low         = number_of(g, map, "low", NAN);
    p->high        = number_of(g, map, "high", NAN);
    p->informed    = number_of(g, map, "informed", NAN);
    p->is_at_edge  = is_true(map, "edge");
}

static void read_fit(v_group *g, const sei_yaml *fit)
{
    const sei_yaml *parameters = sei_yaml_get(fit, "parameters");

    check_keys(g, fit, " none error error_absolute parameters ");
    g->none           = text_of(g, fit, "none", false);
    g->error          = number_of(g, fit, "error", 0.3);
    g->error_absolute = number_of(g, fit, "error_absolute", 1.0);
    ck_assert_msg(!g->none == (parameters != NULL), "%s.yaml: fit: none, or parameters", g->name);
    for (const sei_yaml *p = parameters ? parameters->first : NULL; p; p = p->next)
        read_parameter(g, p);
}

/* ---- the whole ---- */

static void read_group(v_data *data, const char *file)
{
    char            path[1024];
    const sei_yaml *root;

    ck_assert_msg(data->n < V_GROUPS_MAX, "too many files in %s", folder);
    v_group *g = &data->groups[data->n++];
    snprintf(path, sizeof path, "%s/%s", folder, file);
    g->name = sei_arena_strndup(&data->arena, file, strlen(file) - strlen(".yaml"));
    T_OK(data->ctx, sei_yaml_read(data->ctx, path, &data->arena, &root));
    check_keys(g, root, " title title_ja page published fit ");
    g->title    = text_of(g, root, "title", true);
    g->title_ja = text_of(g, root, "title_ja", true);
    g->page     = text_of(g, root, "page", true);
    for (const sei_yaml *f = sei_yaml_get(root, "published")->first; f; f = f->next)
        read_figure(g, f);
    ck_assert_msg(sei_yaml_get(root, "fit") != NULL, "%s.yaml: no fit", g->name);
    read_fit(g, sei_yaml_get(root, "fit"));
}

static int is_definition(const struct dirent *entry)
{
    const size_t n = strlen(entry->d_name);

    return n > 5 && strcmp(entry->d_name + n - 5, ".yaml") == 0;
}

v_data *v_data_read(void)
{
    struct dirent **entries = NULL;
    v_data         *data    = calloc(1, sizeof *data);
    const int       n       = scandir(folder, &entries, is_definition, alphasort);

    ck_assert_msg(data && n > 0, "no definitions in %s", folder);
    data->ctx = sei_ctx_create(NULL);
    sei_arena_init(&data->arena, data->ctx);
    for (int i = 0; i < n; i++) {
        read_group(data, entries[i]->d_name);
        free(entries[i]);
    }
    free(entries);
    return data;
}

void v_data_free(v_data *data)
{
    if (!data)
        return;
    sei_arena_done(&data->arena);
    sei_ctx_free(data->ctx);
    free(data);
}

const v_group *v_data_find(const v_data *data, const char *group)
{
    for (size_t i = 0; i < data->n; i++)
        if (strcmp(data->groups[i].name, group) == 0)
            return &data->groups[i];
    ck_abort_msg("no %s/%s.yaml", folder, group);
    return NULL;
}
