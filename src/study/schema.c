/* schema.c - maps of the site file: which row a key means, and what is wrong with a key */
#include "study/schema.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { PATH_TEXT_MAX = 400, KEYS_MAX = 200, LIST_TEXT_MAX = 500 };

const char *sei_dimension_words(sei_dimension dimension)
{
    static const char *const words[SEI_DIM_COUNT] = {
        [SEI_DIM_NONE]                   = "a plain number",
        [SEI_DIM_LENGTH]                 = "a length",
        [SEI_DIM_AREA]                   = "an area",
        [SEI_DIM_VOLUME]                 = "a volume",
        [SEI_DIM_MASS]                   = "a mass",
        [SEI_DIM_TIME]                   = "a time",
        [SEI_DIM_FLOW]                   = "a flow",
        [SEI_DIM_VELOCITY]               = "a velocity",
        [SEI_DIM_MASS_CONC]              = "a mass concentration",
        [SEI_DIM_MOLAR_CONC]             = "a molar concentration",
        [SEI_DIM_MOLALITY]               = "a molality",
        [SEI_DIM_AMOUNT]                 = "an amount of substance",
        [SEI_DIM_MASS_FRACTION]          = "a mass fraction",
        [SEI_DIM_MOLAR_MASS]             = "a molar mass",
        [SEI_DIM_TEMPERATURE]            = "a temperature",
        [SEI_DIM_TEMPERATURE_DIFFERENCE] = "a temperature difference",
        [SEI_DIM_RATE]                   = "a rate",
        [SEI_DIM_MOLAR_RATE]             = "a rate per volume",
        [SEI_DIM_SURFACE_RATE]           = "a rate per area",
        [SEI_DIM_POTENTIAL]              = "a potential",
        [SEI_DIM_CONDUCTIVITY]           = "a conductivity",
        [SEI_DIM_HEAT_TRANSFER]          = "a heat transfer coefficient",
        [SEI_DIM_HEAT_FLUX]              = "a heat flux",
        [SEI_DIM_SNOWMELT]               = "a degree-day factor",
        [SEI_DIM_DENSITY]                = "a density",
        [SEI_DIM_SPECIFIC_AREA]          = "a specific area",
        [SEI_DIM_AREAL_LOAD]             = "a load per area",
        [SEI_DIM_MOLAR_ENERGY]           = "an energy per mole",
        [SEI_DIM_ENERGY]                 = "an energy",
        [SEI_DIM_POWER]                  = "a power",
        [SEI_DIM_PRESSURE]               = "a pressure",
        [SEI_DIM_TURBIDITY]              = "a turbidity",
        [SEI_DIM_COUNT_CONC]             = "a count per volume",
    };

    return (size_t)dimension < SEI_DIM_COUNT && words[dimension] ? words[dimension] : "a number";
}

/* "m3_s, m3_min, m3_h"; at most eight. */
static void list_units(char out[LIST_TEXT_MAX], sei_dimension dimension)
{
    size_t used = 0, shown = 0;

    out[0] = '\0';
    for (size_t i = 0; i < sei_unit_count(); i++) {
        const sei_unit *unit = sei_unit_at(i);
        if (unit->dimension != dimension || used + 20 > LIST_TEXT_MAX)
            continue;
        if (shown == 8) {
            snprintf(out + used, LIST_TEXT_MAX - used, ", …");
            return;
        }
        used += (size_t)snprintf(out + used, LIST_TEXT_MAX - used, "%s%s", shown ? ", " : "",
                                 unit->key);
        shown++;
    }
}

/* ---- paths ------------------------------------------------------------------------------------ */

static const char *keep_path(sei_schema *s, const char *text)
{
    const char *copy = sei_arena_strdup(s->arena, text);

    if (!copy)
        s->fatal = SEI_E_NOMEM;
    return copy ? copy : "";
}

const char *sei_schema_key_path(sei_schema *s, const char *path, const char *key)
{
    char text[PATH_TEXT_MAX];

    snprintf(text, sizeof text, "%s%s%.100s", path, path[0] ? "." : "", key);
    return keep_path(s, text);
}

const char *sei_schema_item_path(sei_schema *s, const char *path, size_t number)
{
    char text[PATH_TEXT_MAX];

    snprintf(text, sizeof text, "%.300s[%zu]", path, number);
    return keep_path(s, text);
}

/* ---- which row -------------------------------------------------------------------------------- */

typedef struct {
    const sei_key_row  *row;
    const sei_key_part *part;
    const sei_unit     *unit;  /* NUMBER: the unit that the key carries */
    size_t              index; /* over all parts */
} match;

typedef struct {
    size_t              n_parts;
    const sei_key_part *parts;
    const sei_yaml    **seen; /* the key that gave each row, NULL = not given */
} form;

static size_t stem_length(const sei_key_row *row)
{
    size_t stem = strlen(row->key);

    if (sei_key_unit(row))
        (void)sei_name_unit(row->key, &stem);
    return stem;
}

static sei_dimension row_dimension(const sei_key_row *row)
{
    const sei_unit *unit = sei_key_unit(row);

    return unit ? unit->dimension : SEI_DIM_NONE;
}

/* May the key carry other units than the one written in the row? */
static bool is_convertible(const sei_key_row *row)
{
    const bool is_number = row->kind == SEI_KEY_NUMBER || row->kind == SEI_KEY_NUMBERS;

    return is_number && (sei_key_unit(row) || !row->unit || !row->unit[0]);
}

typedef bool (*fits_fn)(const sei_key_row *row, const char *key);

static bool fits_exactly(const sei_key_row *row, const char *key)
{
    return strcmp(row->key, key) == 0;
}

static bool fits_by_stem(const sei_key_row *row, const char *key)
{
    size_t          stem;
    const sei_unit *unit = sei_name_unit(key, &stem);

    return unit && is_convertible(row) && stem == stem_length(row) &&
           memcmp(row->key, key, stem) == 0;
}

/* The stem alone: the unit was forgotten. */
static bool fits_without_unit(const sei_key_row *row, const char *key)
{
    return sei_key_unit(row) && strlen(key) == stem_length(row) &&
           memcmp(row->key, key, strlen(key)) == 0;
}

/* The stem and something that is no unit. */
static bool fits_with_odd_unit(const sei_key_row *row, const char *key)
{
    const size_t stem = stem_length(row);

    return sei_key_unit(row) && strlen(key) > stem + 1 && memcmp(row->key, key, stem) == 0 &&
           key[stem] == '_';
}

static bool find(const form *f, const char *key, fits_fn fits, match *ret_match)
{
    size_t index = 0;

    for (size_t p = 0; p < f->n_parts; p++)
        for (size_t i = 0; i < f->parts[p].n; i++, index++)
            if (fits(&f->parts[p].rows[i], key)) {
                *ret_match =
                    (match){.row = &f->parts[p].rows[i], .part = &f->parts[p], .index = index};
                return true;
            }
    return false;
}

/* ---- keys that no row takes ------------------------------------------------------------------- */

/* Every key as it should be written for the unit that `key` carries: "volum_l" is near "volume_l",
 * not near "volume_m3". Texts live in the arena. */
static size_t spellings(sei_schema *s, const form *f, const char *key, const char *list[KEYS_MAX])
{
    size_t          stem, n = 0;
    const sei_unit *unit = sei_name_unit(key, &stem);

    for (size_t p = 0; p < f->n_parts; p++)
        for (size_t i = 0; i < f->parts[p].n && n < KEYS_MAX; i++) {
            const sei_key_row *row = &f->parts[p].rows[i];
            list[n]                = row->key;
            if (unit && sei_key_unit(row) && row_dimension(row) == unit->dimension) {
                char text[PATH_TEXT_MAX];
                snprintf(text, sizeof text, "%.*s_%s", (int)stem_length(row), row->key, unit->key);
                list[n] = keep_path(s, text);
            }
            n++;
        }
    return n;
}

/* The key that was probably meant, and the place of its row; NULL when none is near. */
static const char *nearest(sei_schema *s, const form *f, const char *key, size_t *ret_index)
{
    const char  *list[KEYS_MAX];
    const size_t n    = spellings(s, f, key, list);
    const char  *near = sei_nearest(key, list, n);

    for (size_t i = 0; near && i < n; i++)
        if (list[i] == near)
            *ret_index = i;
    return near;
}

static void complain_unknown(sei_schema *s, const form *f, const char *path, const sei_yaml *child,
                             const char *near)
{
    const char *list[KEYS_MAX];
    char        all[LIST_TEXT_MAX] = "";
    size_t      used               = 0;

    if (near) {
        sei_schema_problem(s, SEI_E_KEY, child->key_line,
                           "unknown key \"%.100s\"; did you mean \"%s\"?", child->key, near);
        return;
    }
    const size_t n = spellings(s, f, child->key, list);
    for (size_t i = 0; i < n && used + 60 < sizeof all; i++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%.40s", i ? ", " : "", list[i]);
    sei_schema_problem(s, SEI_E_KEY, child->key_line, "unknown key \"%.100s\" in %s; known are %s",
                       child->key, path[0] ? path : "the file", all);
}

static void complain_unit(sei_schema *s, const match *m, const sei_yaml *child)
{
    const sei_dimension need = row_dimension(m->row);
    const sei_unit     *unit = m->unit;
    char                units[LIST_TEXT_MAX];

    list_units(units, need);
    if (unit && need == SEI_DIM_NONE)
        sei_schema_problem(s, SEI_E_UNIT, child->key_line,
                           "\"%s\" has the unit of %s, but a plain number is needed: \"%s\"",
                           child->key, sei_dimension_words(unit->dimension), m->row->key);
    else if (unit)
        sei_schema_problem(s, SEI_E_UNIT, child->key_line,
                           "\"%s\" has the unit of %s, but %s is needed (%s)", child->key,
                           sei_dimension_words(unit->dimension), sei_dimension_words(need), units);
    else if (strlen(child->key) > stem_length(m->row))
        sei_schema_problem(s, SEI_E_UNIT, child->key_line,
                           "\"%s\": unknown unit \"%s\"; for %s use %s", child->key,
                           child->key + stem_length(m->row) + 1, sei_dimension_words(need), units);
    else
        sei_schema_problem(s, SEI_E_UNIT, child->key_line,
                           "\"%s\" lacks its unit; write it into the key: \"%s\" (or %s)",
                           child->key, m->row->key, units);
}

/* Says what is wrong with a key that no row takes. The row that was probably meant counts as given,
 * so that its absence is not told as well. */
static void refuse_key(sei_schema *s, form *f, const char *path, const sei_yaml *child)
{
    size_t      index = 0;
    match       m;
    const char *near = nearest(s, f, child->key, &index);

    /* A suggestion that changes the unit alone would change the value: "depth_ft" is no "depth_m". */
    if (find(f, child->key, fits_without_unit, &m) ||
        (find(f, child->key, fits_with_odd_unit, &m) && (!near || index == m.index))) {
        complain_unit(s, &m, child);
        near  = m.row->key;
        index = m.index;
    } else {
        complain_unknown(s, f, path, child, near);
    }
    if (near && !f->seen[index])
        f->seen[index] = child;
}

/* True when the key means a row; then *ret_match says which. */
static bool find_row(sei_schema *s, form *f, const char *path, const sei_yaml *child,
                     sei_other_key_fn other, void *user, match *ret_match)
{
    size_t stem;
    match  m;

    if (find(f, child->key, fits_exactly, &m)) {
        m.unit     = sei_key_unit(m.row);
        *ret_match = m;
        return true;
    }
    if (find(f, child->key, fits_by_stem, &m)) {
        m.unit = sei_name_unit(child->key, &stem);
        if (m.unit->dimension == row_dimension(m.row)) {
            *ret_match = m;
            return true;
        }
        complain_unit(s, &m, child);
        f->seen[m.index] = child;
        return false;
    }
    if (!other || !other(user, s, path, child))
        refuse_key(s, f, path, child);
    return false;
}

/* ---- maps ------------------------------------------------------------------------------------- */

static void *field_of(const sei_key_part *part, const sei_key_row *row)
{
    return (char *)part->base + row->offset;
}

static void set_default(const sei_key_part *part, const sei_key_row *row)
{
    void           *field = field_of(part, row);
    const sei_unit *unit  = sei_key_unit(row);

    switch (row->kind) {
    case SEI_KEY_NUMBER:
        *(double *)field = unit && !isnan(row->def) ? sei_to_si(unit, row->def) : row->def;
        break;
    case SEI_KEY_INTEGER: *(int64_t *)field = isnan(row->def) ? 0 : (int64_t)row->def; break;
    case SEI_KEY_BOOL: *(bool *)field = row->def > 0; break;
    case SEI_KEY_WORD: *(int *)field = isnan(row->def) ? 0 : (int)row->def; break;
    case SEI_KEY_DATE: *(int64_t *)field = SEI_NO_DATE; break;
    case SEI_KEY_TEXT:
    case SEI_KEY_NAME: *(const char **)field = ""; break;
    case SEI_KEY_PATH: *(const char **)field = NULL; break;
    case SEI_KEY_NODE: *(const sei_yaml **)field = NULL; break;
    case SEI_KEY_NUMBERS: *(sei_key_node *)field = (sei_key_node){NULL, NULL}; break;
    case SEI_KEY_RESERVED: break;
    }
}

static void set_defaults(const form *f)
{
    for (size_t p = 0; p < f->n_parts; p++)
        for (size_t i = 0; i < f->parts[p].n; i++)
            set_default(&f->parts[p], &f->parts[p].rows[i]);
}

static void read_key(sei_schema *s, form *f, const char *path, const sei_yaml *child,
                     const match *m)
{
    const char *key_path = sei_schema_key_path(s, path, child->key);
    void       *field    = field_of(m->part, m->row);

    if (f->seen[m->index]) {
        sei_schema_problem(s, SEI_E_DUPLICATE, child->key_line,
                           "\"%s\" gives again what \"%s\" gives in line %zu", child->key,
                           f->seen[m->index]->key, f->seen[m->index]->key_line);
        return;
    }
    f->seen[m->index] = child;
    if (m->row->kind == SEI_KEY_NUMBER)
        (void)sei_schema_number(s, key_path, child, m->row, m->unit, field);
    else if (m->row->kind == SEI_KEY_NUMBERS)
        *(sei_key_node *)field = (sei_key_node){child, m->unit};
    else
        sei_schema_value(s, key_path, child, m->row, field);
}

static void complain_missing(sei_schema *s, const form *f, const char *path, const sei_yaml *node)
{
    size_t       index = 0;
    const size_t line  = node->parent && node->key_line ? node->key_line : node->line;

    for (size_t p = 0; p < f->n_parts; p++)
        for (size_t i = 0; i < f->parts[p].n; i++, index++) {
            const sei_key_row *row                       = &f->parts[p].rows[i];
            char               range[SEI_RANGE_TEXT_MAX] = "";
            if (!row->required || f->seen[index])
                continue;
            if (row->kind == SEI_KEY_NUMBER || row->kind == SEI_KEY_INTEGER)
                sei_schema_range(range, row, sei_key_unit(row));
            sei_schema_problem(s, SEI_E_MISSING, line, "%s lacks \"%s\" (%s%s%s)",
                               path[0] ? path : "the file", row->key, row->help ? row->help : "",
                               range[0] ? ", " : "", range);
        }
}

bool sei_schema_map(sei_schema *s, const char *path, const sei_yaml *node, size_t n_parts,
                    const sei_key_part parts[], sei_other_key_fn other, void *user)
{
    form   f = {n_parts, parts, NULL};
    size_t n = 0;

    for (size_t p = 0; p < n_parts; p++)
        n += parts[p].n;
    f.seen = sei_arena_alloc(s->arena, n + 1, sizeof *f.seen);
    if (!f.seen || s->fatal != SEI_OK) {
        s->fatal = SEI_E_NOMEM;
        return false;
    }
    set_defaults(&f);
    if (node->kind != SEI_YAML_MAP) {
        char shown[SEI_VALUE_TEXT_MAX];
        sei_schema_show(shown, node);
        sei_schema_problem(s, SEI_E_TYPE, node->line, "%s is %s, not a map of keys and values",
                           path[0] ? path : "the file", shown);
        return false;
    }
    for (const sei_yaml *child = node->first; child && sei_schema_goes_on(s); child = child->next) {
        match m;
        if (find_row(s, &f, path, child, other, user, &m))
            read_key(s, &f, path, child, &m);
    }
    complain_missing(s, &f, path, node);
    return s->fatal == SEI_OK;
}

bool sei_schema_goes_on(const sei_schema *s)
{
    return s->fatal == SEI_OK && s->n_problems < SEI_PROBLEMS_MAX;
}

bool sei_schema_is_list(sei_schema *s, const char *path, const sei_yaml *node)
{
    char shown[SEI_VALUE_TEXT_MAX];

    if (node->kind == SEI_YAML_LIST)
        return true;
    sei_schema_show(shown, node);
    sei_schema_problem(s, SEI_E_TYPE, node->line,
                       "%s is %s, not a list (lines that begin with \"-\")", path, shown);
    return false;
}

const sei_key_row *sei_schema_param_rows(sei_schema *s, size_t n, const sei_param params[])
{
    sei_key_row *rows = sei_arena_alloc(s->arena, n, sizeof *rows);

    if (!rows) {
        s->fatal = SEI_E_NOMEM;
        return NULL;
    }
    for (size_t i = 0; i < n; i++)
        rows[i] = (sei_key_row){
            .key      = params[i].key,
            .kind     = SEI_KEY_NUMBER,
            .unit     = params[i].unit,
            .def      = params[i].def,
            .lower    = params[i].lower,
            .upper    = params[i].upper,
            .required = isnan(params[i].def),
            .offset   = i * sizeof(double),
            .help     = params[i].help,
            .help_ja  = params[i].help_ja,
        };
    return rows;
}
