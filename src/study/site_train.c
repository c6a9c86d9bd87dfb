/* site_train.c - section train: units, their layers, what feeds them, changed rates */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "study/site.h"

enum { UNITS_MAX = 200, LAYERS_MAX = 50, FEEDS_MAX = 50, RATES_MAX = 400, LIST_TEXT_MAX = 600 };

#define RAW "raw"

typedef struct {
    const char     *type, *name, *name_ja, *reagent, *sludge_to;
    const sei_yaml *layers, *from, *rates, *events;
} unit_rows;

#define ROW_STRUCT unit_rows
static const sei_key_row rows[] = {
    SEI_PLAIN_ROW("type", NAME, true, type, "what it is; seiryu units lists the types",
                  "装置の種類"),
    SEI_PLAIN_ROW("name", NAME, true, name, "short name, used in results", "識別名"),
    SEI_PLAIN_ROW("name_ja", TEXT, false, name_ja, "name in Japanese", "名称"),
    SEI_PLAIN_ROW("from", NODE, false, from,
                  "where the water comes from; the unit above when not given", "流入元"),
    SEI_PLAIN_ROW("layers", NODE, false, layers, "layers in the direction of flow",
                  "充填層(流下方向)"),
    SEI_PLAIN_ROW("reagent", TEXT, false, reagent,
                  "reagent of a dosing tank: Ca(OH)2, CaO, CaCO3, NaOH, Na2CO3 or MgO", "薬剤"),
    SEI_PLAIN_ROW("sludge_to", NAME, false, sludge_to,
                  "unit upstream that gets the recycled sludge of a thickener", "返送汚泥の送り先"),
    SEI_PLAIN_ROW("rates", NODE, false, rates, "changed parameters of rate laws",
                  "反応速度パラメータの変更"),
    SEI_PLAIN_ROW("events", NODE, false, events,
                  "what is done to the unit and when: additions, cleaning, bypass, loss of power",
                  "資材追加・清掃・迂回・停電などの操作"),
};
#undef ROW_STRUCT

typedef struct {
    const char *name, *name_ja;
} layer_rows;

#define ROW_STRUCT layer_rows
static const sei_key_row layer_row_list[] = {
    SEI_PLAIN_ROW("name", NAME, true, name, "short name, used in results", "識別名"),
    SEI_PLAIN_ROW("name_ja", TEXT, false, name_ja, "name in Japanese", "名称"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_unit  = {"train[]", rows, SEI_COUNT(rows)};
const sei_key_section sei_section_layer = {"train[].layers[]", layer_row_list,
                                           SEI_COUNT(layer_row_list)};

/* ---- rates ------------------------------------------------------------------------------------ */

static const char *nearest_law(const char *key)
{
    const char  *keys[256];
    const size_t n = sei_rate_count() < SEI_COUNT(keys) ? sei_rate_count() : SEI_COUNT(keys);

    for (size_t i = 0; i < n; i++)
        keys[i] = sei_rate_at(i)->key;
    return sei_nearest(key, keys, n);
}

static void complain_law(sei_site_reader *r, const char *path, const sei_yaml *node)
{
    const char *near = nearest_law(node->key);

    if (near)
        sei_schema_problem(&r->s, SEI_E_KEY, node->key_line,
                           "unknown rate law \"%.100s\" in %s; did you mean \"%s\"?", node->key,
                           path, near);
    else
        sei_schema_problem(&r->s, SEI_E_KEY, node->key_line,
                           "unknown rate law \"%.100s\" in %s; seiryu rates lists them", node->key,
                           path);
}

/* The law's rows without defaults, so that what was not given stays SEI_NO_VALUE. */
static const sei_key_row *optional_rows(sei_site_reader *r, const sei_rate_law *law)
{
    const sei_key_row *all  = sei_schema_param_rows(&r->s, law->n_params, law->params);
    sei_key_row       *copy = sei_site_alloc(r, law->n_params, sizeof *copy);

    if (!all || !copy)
        return NULL;
    for (size_t i = 0; i < law->n_params; i++) {
        copy[i]          = all[i];
        copy[i].def      = SEI_NO_VALUE;
        copy[i].required = false;
    }
    return copy;
}

static void read_law(sei_site_reader *r, const char *path, const sei_yaml *node, size_t *n,
                     sei_rate_override *list)
{
    const sei_rate_law *law = sei_rate_find(node->key);

    if (!law) {
        complain_law(r, path, node);
        return;
    }
    double            *values = sei_site_alloc(r, law->n_params, sizeof *values);
    const sei_key_part part   = {optional_rows(r, law), law->n_params, values};
    if (!values || !part.rows ||
        !sei_schema_map(&r->s, sei_schema_key_path(&r->s, path, node->key), node, 1, &part, NULL,
                        NULL))
        return;
    for (size_t i = 0; i < law->n_params; i++) {
        if (isnan(values[i]))
            continue;
        if (*n >= RATES_MAX) {
            sei_schema_problem(&r->s, SEI_E_TOO_LARGE, node->key_line,
                               "%s changes more than %d parameters", path, (int)RATES_MAX);
            return;
        }
        list[(*n)++] = (sei_rate_override){law, i, values[i]};
    }
}

void sei_site_read_rates(sei_site_reader *r, const char *path, const sei_yaml *node, size_t *ret_n,
                         const sei_rate_override **ret_rates)
{
    size_t n = 0;

    if (!node)
        return;
    if (node->kind != SEI_YAML_MAP) {
        sei_schema_problem(&r->s, SEI_E_TYPE, node->line,
                           "%s is not a map; write {law: {parameter: value}}", path);
        return;
    }
    sei_rate_override *list = sei_site_alloc(r, RATES_MAX, sizeof *list);
    for (const sei_yaml *law = node->first; list && law && sei_schema_goes_on(&r->s);
         law                 = law->next)
        read_law(r, path, law, &n, list);
    *ret_n     = n;
    *ret_rates = list;
}

/* ---- layers ----------------------------------------------------------------------------------- */

static void read_layer(sei_site_reader *r, const char *path, const sei_yaml *node,
                       const sei_unit_type *type, const sei_key_row *params, sei_layer_spec *out)
{
    layer_rows in = {0};

    out->params = sei_site_alloc(r, type->n_layer_params, sizeof *out->params);
    if (!out->params)
        return;
    const sei_key_part parts[] = {{layer_row_list, SEI_COUNT(layer_row_list), &in},
                                  {params, type->n_layer_params, out->params}};
    if (!sei_schema_map(&r->s, path, node, 2, parts, NULL, NULL))
        return;
    out->name    = in.name;
    out->name_ja = in.name_ja;
}

static void check_layer_names(sei_site_reader *r, const char *path, const sei_yaml *node,
                              const sei_layer_spec layers[])
{
    size_t i = 0;

    for (const sei_yaml *item = node->first; item; item = item->next, i++)
        for (size_t k = 0; k < i; k++)
            if (layers[i].name && layers[k].name && layers[i].name[0] &&
                strcmp(layers[i].name, layers[k].name) == 0)
                sei_schema_problem(&r->s, SEI_E_DUPLICATE, item->line,
                                   "%s: two layers have the name \"%s\"", path, layers[i].name);
}

static void read_layers(sei_site_reader *r, const char *path, const sei_yaml *node,
                        sei_unit_spec *unit, size_t line)
{
    const sei_unit_type *type = unit->type;

    if (!type->n_layer_params || !node) {
        if (node)
            sei_schema_problem(&r->s, SEI_E_KEY, node->key_line, "%s: a %s has no layers", path,
                               type->key);
        else if (type->n_layer_params)
            sei_schema_problem(&r->s, SEI_E_MISSING, line,
                               "%s is missing: a %s has at least one layer", path, type->key);
        return;
    }
    if (!sei_schema_is_list(&r->s, path, node))
        return;
    if (node->n == 0 || node->n > LAYERS_MAX) {
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s has %zu layers, not 1..%d", path,
                           node->n, (int)LAYERS_MAX);
        return;
    }
    const sei_key_row *params =
        sei_schema_param_rows(&r->s, type->n_layer_params, type->layer_params);
    sei_layer_spec *layers = sei_site_alloc(r, node->n, sizeof *layers);
    size_t          i      = 0;
    if (!params || !layers)
        return;
    for (const sei_yaml *item = node->first; item && sei_schema_goes_on(&r->s);
         item                 = item->next, i++)
        read_layer(r, sei_schema_item_path(&r->s, path, i + 1), item, type, params, &layers[i]);
    check_layer_names(r, path, node, layers);
    unit->n_layers = node->n;
    unit->layers   = layers;
}

/* ---- feeds ------------------------------------------------------------------------------------ */

static const sei_key_row share_row = {.key     = "",
                                      .kind    = SEI_KEY_NUMBER,
                                      .unit    = "",
                                      .lower   = 0,
                                      .upper   = 1,
                                      .help    = "share of the source's outflow",
                                      .help_ja = "流入元の流出水に対する割合"};

static bool is_known_source(const sei_site *site, const char *name)
{
    return strcmp(name, RAW) == 0 || sei_site_find_unit(site, name) < site->n_units;
}

static void complain_source(sei_site_reader *r, const char *path, const char *name, size_t line)
{
    const char *names[UNITS_MAX + 1] = {RAW};
    size_t      n                    = 1;

    for (size_t i = 0; i < r->site->n_units && n < SEI_COUNT(names); i++)
        names[n++] = r->site->units[i].name;
    const char *near = sei_nearest(name, names, n);
    if (near)
        sei_schema_problem(&r->s, SEI_E_NOT_FOUND, line,
                           "%s: no unit is named \"%.100s\"; did you mean \"%s\"?", path, name,
                           near);
    else
        sei_schema_problem(&r->s, SEI_E_NOT_FOUND, line,
                           "%s: no unit is named \"%.100s\"; write raw or the name of a unit", path,
                           name);
}

static void add_feed(sei_site_reader *r, const char *path, const char *name, double share,
                     size_t line, sei_unit_spec *unit, sei_feed_spec *feeds)
{
    if (!is_known_source(r->site, name)) {
        complain_source(r, path, name, line);
        return;
    }
    if (strcmp(name, unit->name) == 0) {
        sei_schema_problem(&r->s, SEI_E_ARG, line, "%s: \"%s\" cannot feed itself", path, name);
        return;
    }
    for (size_t i = 0; i < unit->n_feeds; i++)
        if (strcmp(feeds[i].from, name) == 0) {
            sei_schema_problem(&r->s, SEI_E_DUPLICATE, line, "%s names \"%s\" twice", path, name);
            return;
        }
    feeds[unit->n_feeds++] = (sei_feed_spec){name, share};
}

/* from: NAME, from: [NAME, ...] or from: {NAME: share, ...} */
static void read_feeds(sei_site_reader *r, const char *path, const sei_yaml *node,
                       sei_unit_spec *unit)
{
    if (node->n > FEEDS_MAX || (node->kind != SEI_YAML_SCALAR && node->n == 0)) {
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "%s names %zu sources, not 1..%d", path,
                           node->n, (int)FEEDS_MAX);
        return;
    }
    sei_feed_spec *feeds = sei_site_alloc(r, node->n + 1, sizeof *feeds);
    if (!feeds)
        return;
    unit->feeds = feeds;
    if (node->kind == SEI_YAML_SCALAR) {
        add_feed(r, path, node->text, 1.0, node->line, unit, feeds);
        return;
    }
    for (const sei_yaml *item = node->first; item && sei_schema_goes_on(&r->s); item = item->next) {
        double share = 1.0;
        if (node->kind == SEI_YAML_MAP) {
            const char *item_path = sei_schema_key_path(&r->s, path, item->key);
            if (sei_schema_number(&r->s, item_path, item, &share_row, NULL, &share))
                add_feed(r, path, item->key, share, item->key_line, unit, feeds);
        } else if (item->kind == SEI_YAML_SCALAR) {
            add_feed(r, path, item->text, share, item->line, unit, feeds);
        } else {
            sei_schema_problem(&r->s, SEI_E_TYPE, item->line,
                               "%s: write from: {%s: 0.5} for a share", path, RAW);
        }
    }
}

/* Share of a source that unit u takes. */
static double share_of(const sei_site *site, size_t u, const char *source)
{
    const sei_unit_spec *unit = &site->units[u];

    if (unit->n_feeds == 0)
        return strcmp(source, u == 0 ? RAW : site->units[u - 1].name) == 0 ? 1.0 : 0.0;
    for (size_t i = 0; i < unit->n_feeds; i++)
        if (strcmp(unit->feeds[i].from, source) == 0)
            return unit->feeds[i].fraction;
    return 0.0;
}

static void check_shares(sei_site_reader *r, const char *source)
{
    const double slack = 1e-9;
    double       sum   = 0;
    size_t       last  = 0;

    for (size_t u = 0; u < r->site->n_units; u++) {
        const double share = share_of(r->site, u, source);
        sum += share;
        if (share > 0)
            last = u;
    }
    if (sum > 1 + slack)
        sei_schema_problem(&r->s, SEI_E_RANGE, r->site->units[last].where.line,
                           "train: units take %g of the outflow of \"%s\"; the shares may sum to 1 "
                           "(from: {%s: 0.5})",
                           sum, source, source);
}

/* ---- units ------------------------------------------------------------------------------------ */

static const sei_unit_type *find_type(sei_site_reader *r, const char *path, const sei_yaml *node)
{
    const sei_yaml *child = sei_yaml_get(node, "type");
    const char     *keys[256];
    size_t          n = 0, used = 0;
    char            all[LIST_TEXT_MAX] = "";

    if (!child || child->kind != SEI_YAML_SCALAR)
        return NULL; /* the map's own check tells */
    const sei_unit_type *type = sei_unit_type_find(child->text);
    if (type)
        return type;
    for (; n < sei_unit_type_count() && n < SEI_COUNT(keys); n++) {
        keys[n] = sei_unit_type_at(n)->key;
        if (used + 60 < sizeof all)
            used +=
                (size_t)snprintf(all + used, sizeof all - used, "%s%.40s", n ? ", " : "", keys[n]);
    }
    const char *near = sei_nearest(child->text, keys, n);
    if (near)
        sei_schema_problem(&r->s, SEI_E_NOT_FOUND, child->line,
                           "%s.type = \"%.100s\" is no type of unit; did you mean \"%s\"?", path,
                           child->text, near);
    else
        sei_schema_problem(&r->s, SEI_E_NOT_FOUND, child->line,
                           "%s.type = \"%.100s\" is no type of unit; known are %s", path,
                           child->text, all);
    return NULL;
}

/* Keys that only some types have. */
static void check_type_keys(sei_site_reader *r, const char *path, const sei_yaml *node,
                            const sei_unit_type *type)
{
    const sei_yaml *reagent = sei_yaml_get(node, "reagent");
    const sei_yaml *sludge  = sei_yaml_get(node, "sludge_to");

    if (type->needs_reagent && !reagent)
        sei_schema_problem(&r->s, SEI_E_MISSING, node->line,
                           "%s lacks \"reagent\" (Ca(OH)2, CaO, CaCO3, NaOH, Na2CO3 or MgO)", path);
    if (!type->needs_reagent && reagent)
        sei_schema_problem(&r->s, SEI_E_KEY, reagent->key_line, "%s: a %s takes no reagent", path,
                           type->key);
    if (!type->has_sludge && sludge)
        sei_schema_problem(&r->s, SEI_E_KEY, sludge->key_line, "%s: a %s has no sludge to recycle",
                           path, type->key);
}

/* Which keys a unit may have depends on its type; without one nothing more can be said. */
static void read_unit(sei_site_reader *r, const char *path, const sei_yaml *node, unit_rows *in,
                      sei_unit_spec *unit)
{
    const size_t before = r->s.n_problems;

    unit->where = sei_schema_where(&r->s, node->line);
    unit->name = unit->name_ja = "";
    if (node->kind != SEI_YAML_MAP) {
        const sei_key_part part = {rows, SEI_COUNT(rows), in};
        (void)sei_schema_map(&r->s, path, node, 1, &part, NULL, NULL); /* says that it is no map */
        return;
    }
    unit->type = find_type(r, path, node);
    if (!unit->type) {
        if (!sei_yaml_get(node, "type"))
            sei_schema_problem(&r->s, SEI_E_MISSING, node->line, "%s lacks \"type\" (%s)", path,
                               rows[0].help);
        else if (r->s.n_problems == before)
            sei_schema_problem(&r->s, SEI_E_TYPE, node->line, "%s.type is not a name", path);
        return;
    }
    unit->params = sei_site_alloc(r, unit->type->n_params, sizeof *unit->params);
    const sei_key_row *params =
        sei_schema_param_rows(&r->s, unit->type->n_params, unit->type->params);
    if (!unit->params || !params)
        return;
    const sei_key_part parts[] = {{rows, SEI_COUNT(rows), in},
                                  {params, unit->type->n_params, unit->params}};
    if (!sei_schema_map(&r->s, path, node, 2, parts, NULL, NULL))
        return;
    unit->name      = in->name;
    unit->name_ja   = in->name_ja;
    unit->reagent   = in->reagent;
    unit->sludge_to = in->sludge_to;
    check_type_keys(r, path, node, unit->type);
    read_layers(r, sei_schema_key_path(&r->s, path, "layers"), in->layers, unit, node->line);
    sei_site_read_rates(r, sei_schema_key_path(&r->s, path, "rates"), in->rates, &unit->n_overrides,
                        &unit->overrides);
    sei_site_read_events(r, sei_schema_key_path(&r->s, path, "events"), in->events, unit);
}

static void check_names(sei_site_reader *r)
{
    const sei_site *site = r->site;

    for (size_t u = 0; u < site->n_units; u++) {
        const char *name = site->units[u].name;
        if (strcmp(name, RAW) == 0)
            sei_schema_problem(&r->s, SEI_E_DUPLICATE, site->units[u].where.line,
                               "train[%zu].name: \"raw\" is the influent; give another name",
                               u + 1);
        for (size_t v = 0; name[0] && v < u; v++)
            if (strcmp(name, site->units[v].name) == 0) {
                sei_schema_problem(&r->s, SEI_E_DUPLICATE, site->units[u].where.line,
                                   "train[%zu].name: \"%s\" is the name of train[%zu] already",
                                   u + 1, name, v + 1);
                break;
            }
    }
}

void sei_site_read_train(sei_site_reader *r, const sei_yaml *node)
{
    size_t i = 0;

    if (!sei_schema_is_list(&r->s, "train", node))
        return;
    if (node->n == 0 || node->n > UNITS_MAX) {
        sei_schema_problem(&r->s, SEI_E_RANGE, node->line, "train has %zu units, not 1..%d",
                           node->n, (int)UNITS_MAX);
        return;
    }
    const size_t   before = r->s.n_problems;
    unit_rows     *in     = sei_site_alloc(r, node->n, sizeof *in);
    sei_unit_spec *units  = sei_site_alloc(r, node->n, sizeof *units);
    if (!in || !units)
        return;
    for (const sei_yaml *item = node->first; item && sei_schema_goes_on(&r->s);
         item                 = item->next, i++)
        read_unit(r, sei_schema_item_path(&r->s, "train", i + 1), item, &in[i], &units[i]);
    if (!sei_schema_goes_on(&r->s))
        return; /* units behind the last problem have no name */
    r->site->n_units = node->n;
    r->site->units   = units;
    check_names(r);
    const bool is_sound = r->s.n_problems == before;
    for (i = 0; i < node->n && sei_schema_goes_on(&r->s); i++)
        if (in[i].from)
            read_feeds(
                r, sei_schema_key_path(&r->s, sei_schema_item_path(&r->s, "train", i + 1), "from"),
                in[i].from, &units[i]);
    if (!is_sound || r->s.n_problems > before)
        return; /* shares of misnamed units mean nothing */
    check_shares(r, RAW);
    for (i = 0; i < node->n; i++)
        check_shares(r, units[i].name);
}
