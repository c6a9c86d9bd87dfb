/*
 * read_modify.c - every _RAW and _MODIFY keyword: what a dump says of something, and some numbers of what is there already
 *
 * The words are those of PHREEQC's own dumps (raw_list.h).
 */
#include <string.h>

#include "phreeqc/reader.h"

typedef struct {
    sei_pq_entity entity;
    const char   *name;
    int           level;
    sei_pq_change change;
} row;

#define X(entity, name, level, change) {SEI_PQ_##entity, name, level, SEI_PQ_SET_##change},
static const row rows[] = {
#include "phreeqc/raw_list.h"
};
#undef X

enum { ROWS = sizeof rows / sizeof *rows, LEVELS = 3 };

typedef struct {
    sei_pq_modify *modify;
    const char    *component, *group;
    int            level; /* that words are of now */
    sei_pq_change  last;  /* whose lines follow */
} reading;

typedef enum { NOTHING, WORD, NAMED, LIST, FLAG, NUMBER } value_kind;

static value_kind kind_of(sei_pq_change change)
{
    switch (change) {
    case SEI_PQ_SET_NOTHING: return NOTHING;
    case SEI_PQ_SET_COMPONENT:
    case SEI_PQ_SET_GROUP:
    case SEI_PQ_SET_FORMULA:
    case SEI_PQ_SET_PHASE:
    case SEI_PQ_SET_RATE:
    case SEI_PQ_SET_SURFACE:
    case SEI_PQ_SET_UNITS: return WORD;
    case SEI_PQ_SET_TOTAL:
    case SEI_PQ_SET_ACTIVITY:
    case SEI_PQ_SET_PART:
    case SEI_PQ_SET_LAYER_TOTAL:
    case SEI_PQ_SET_MIX: return NAMED;
    case SEI_PQ_SET_PARMS:
    case SEI_PQ_SET_STEPS:
    case SEI_PQ_SET_PARAMETERS: return LIST;
    case SEI_PQ_SET_NEW:
    case SEI_PQ_SET_FORCE_EQUALITY:
    case SEI_PQ_SET_DISSOLVE_ONLY:
    case SEI_PQ_SET_PRECIPITATE_ONLY:
    case SEI_PQ_SET_EQUAL:
    case SEI_PQ_SET_CVODE:
    case SEI_PQ_SET_GAMMAS:
    case SEI_PQ_SET_EQUILIBRATED:
    case SEI_PQ_SET_COUNTER_IONS: return FLAG;
    default: return NUMBER;
    }
}

static sei_status add(sei_pq_reader *r, reading *in, sei_where where, sei_pq_change change,
                      sei_pq_assignment **ret_item)
{
    sei_pq_modify   *m  = in->modify;
    const sei_status st = SEI_PQ_GROW(r, m->items, m->n);

    if (st != SEI_OK)
        return st;
    *ret_item  = &m->items[m->n++];
    **ret_item = (sei_pq_assignment){
        .where = where, .component = in->component, .group = in->group, .change = change};
    return SEI_OK;
}

/* "Ca 0.01" below -totals. */
static sei_status read_named(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest)
{
    sei_pq_assignment *item;
    sei_slice          word;
    sei_status         st;

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    st = add(r, in, where, in->last, &item);
    if (st != SEI_OK)
        return st;
    item->name = sei_pq_keep(r, word);
    if (!item->name)
        return SEI_E_NOMEM;
    return sei_pq_number(r, where, &rest, item->name, &item->value);
}

/* Numbers behind the option or on the lines below it. */
static sei_status read_list(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest,
                            bool is_first)
{
    sei_pq_modify     *m    = in->modify;
    sei_pq_assignment *item = is_first ? NULL : &m->items[m->n - 1];
    sei_status         st   = is_first ? add(r, in, where, in->last, &item) : SEI_OK;

    return st == SEI_OK ? sei_pq_values(r, where, &rest, &item->n, &item->values) : st;
}

static sei_status read_word(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest)
{
    sei_pq_assignment *item;
    sei_slice          word;

    if (!sei_next_word(&rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, where, "a name is missing");
    const char *name = sei_pq_keep(r, word);
    if (!name)
        return SEI_E_NOMEM;
    if (in->last == SEI_PQ_SET_GROUP) {
        in->group     = name;
        in->component = NULL;
    } else if (in->last == SEI_PQ_SET_COMPONENT) {
        in->component = name;
    }
    const sei_status st = add(r, in, where, in->last, &item);
    if (st == SEI_OK)
        item->name = name;
    return st;
}

/* "1", "0", "true", "false". */
static sei_status read_flag(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest)
{
    sei_pq_assignment *item;
    sei_slice          word, copy = rest;
    double             value = 0.0;
    bool               flag  = true;
    sei_status         st    = SEI_OK;

    if (!(sei_next_word(&copy, &word) && sei_pq_is_number(word, &value))) {
        st    = sei_pq_flag(r, where, rest, &flag);
        value = flag;
    }
    if (st == SEI_OK)
        st = add(r, in, where, in->last, &item);
    if (st == SEI_OK)
        item->value = value;
    return st;
}

static sei_status read_number(sei_pq_reader *r, reading *in, sei_where where, sei_slice rest)
{
    sei_pq_assignment *item;
    sei_slice          word, copy = rest;
    double             value = 0.0;

    /* PHREEQC's word for what it was not told. */
    if (sei_next_word(&copy, &word) &&
        (sei_slice_is_nocase(word, "nan") || sei_slice_is_nocase(word, "-nan")))
        return SEI_OK;
    sei_status st = sei_pq_number(r, where, &rest, "value", &value);
    if (st == SEI_OK)
        st = add(r, in, where, in->last, &item);
    if (st == SEI_OK)
        item->value = value;
    return st;
}

/* The row of a word on a level; NULL: none. */
static const row *find_on(sei_pq_entity entity, int level, sei_slice word, bool dash)
{
    for (size_t i = 0; i < ROWS; i++)
        if (rows[i].entity == entity && rows[i].level == level &&
            sei_pq_option_in(&rows[i].name, 1, word, dash) == 0)
            return &rows[i];
    return NULL;
}

/* A surface with a charge stands beside kinds of sites, all else within what came before. */
static int level_above(const reading *in, int level)
{
    return in->modify->entity == SEI_PQ_SURFACE ? 0 : level - 1;
}

static const row *find(const reading *in, sei_slice word, bool dash)
{
    const row *found = NULL;

    for (int level = in->level; level >= 0 && !found;
         level     = level > 0 ? level_above(in, level) : -1)
        found = find_on(in->modify->entity, level, word, dash);
    return found;
}

static sei_status refuse(sei_pq_reader *r, const reading *in, sei_where where, sei_slice word)
{
    for (int level = 1; level < LEVELS; level++) {
        const row *other = find_on(in->modify->entity, level, word, true);
        if (other)
            return sei_pq_fail(r, SEI_E_PARSE, where, "-%s stands before the first -component",
                               other->name);
    }
    return sei_pq_fail(r, SEI_E_KEY, where, "unknown option -%.*s", SEI_PQ_SHOWN(word));
}

static sei_status read_option(sei_pq_reader *r, reading *in, const row *option, sei_where where,
                              sei_slice rest)
{
    if (option->level == 0)
        in->group = NULL;
    if (option->level < in->level || option->level == 0)
        in->component = NULL;
    in->last  = option->change;
    in->level = option->level;
    if (option->change == SEI_PQ_SET_COMPONENT)
        in->level = option->level + 1;
    if (option->change == SEI_PQ_SET_GROUP)
        in->level = in->modify->entity == SEI_PQ_SURFACE ? 2 : option->level + 1;
    if (in->modify->entity == SEI_PQ_SOLUTION && option->change == SEI_PQ_SET_GROUP)
        return SEI_OK;
    switch (kind_of(option->change)) {
    case NOTHING: return SEI_OK;
    case WORD: return read_word(r, in, where, rest);
    case NAMED: return read_named(r, in, where, rest);
    case LIST: return read_list(r, in, where, rest, true);
    case FLAG: return read_flag(r, in, where, rest);
    default: return read_number(r, in, where, rest);
    }
}

static sei_status read_data(sei_pq_reader *r, reading *in, const sei_pq_line *line)
{
    const sei_slice text = sei_slice_of(line->text);

    switch (kind_of(in->last)) {
    case NOTHING: return SEI_OK;
    case NAMED: return read_named(r, in, line->where, text);
    case LIST: return read_list(r, in, line->where, text, false);
    default:
        return sei_pq_fail(r, SEI_E_PARSE, line->where, "\"%.60s\" is not an option", line->text);
    }
}

/* Elements may have the names of options (La): in a list with names an option has its "-". */
static sei_status read_line(sei_pq_reader *r, reading *in, const sei_pq_line *line)
{
    sei_slice  word, rest;
    const bool dash   = sei_pq_option_word(line, &word, &rest);
    const row *option = dash || kind_of(in->last) != NAMED ? find(in, word, dash) : NULL;

    if (option)
        return read_option(r, in, option, line->where, rest);
    return dash ? refuse(r, in, line->where, word) : read_data(r, in, line);
}

sei_status sei_pq_read_modify(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st = SEI_OK;
    reading in = {.modify = sei_pq_new(r, sizeof *in.modify), .last = SEI_PQ_SET_STRENGTH};

    if (!in.modify)
        return SEI_E_NOMEM;
    r->block->as.modify = in.modify;
    in.modify->is_raw   = strstr(r->block->keyword, "_RAW") != NULL;
    in.modify->entity =
        sei_pq_entity_with(r->block->keyword, in.modify->is_raw ? "_RAW" : "_MODIFY");
    if (in.modify->entity == SEI_PQ_MIX)
        in.last = SEI_PQ_SET_MIX;
    while (st == SEI_OK && sei_pq_next_line(r, &line))
        st = read_line(r, &in, line);
    return st;
}
