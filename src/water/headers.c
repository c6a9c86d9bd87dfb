/* headers.c - meaning of a header: mapped words of laboratory sheets, then canonical names */
#include "water/headers.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "water/fold.h"
#include "water/table.h"

/* Text columns that every table may have; never computed with. */
static const char *const text_keys[] = {"id",      "lab",     "method",  "name",   "note",
                                        "point",   "sample",  "sampler", "season", "site",
                                        "station", "weather", "remarks"};

/* ---- looking words up ---- */

/* The last row of a kind whose word is the whole of s. */
static const sei_header_word *find_row(const sei_headers *h, sei_word_kind kind, sei_slice s)
{
    for (size_t i = h->n_rows; i-- > 0;)
        if (h->rows[i].kind == kind && sei_slice_is_nocase(s, h->rows[i].word))
            return &h->rows[i];
    return NULL;
}

static const sei_unit *find_unit(const sei_headers *h, sei_slice s)
{
    const sei_header_word *row = find_row(h, SEI_WORD_UNIT, s);
    char                   symbol[SEI_FOLD_MAX];

    if (row)
        return row->column.unit;
    for (size_t i = 0; s.len && i < sei_unit_count(); i++)
        if (sei_fold(symbol, sei_unit_at(i)->symbol) && sei_slice_is_nocase(s, symbol))
            return sei_unit_at(i);
    return NULL;
}

/* A quantity by its word in the files, by its Japanese name or by its symbol ("Zn"). */
static bool find_quantity(const sei_headers *h, sei_slice s, sei_quantity_column *ret_column)
{
    const sei_header_word *row = find_row(h, SEI_WORD_QUANTITY, s);
    char                   name[SEI_FOLD_MAX];

    if (row) {
        *ret_column = row->column;
        return true;
    }
    for (size_t i = 0; i < sei_quantity_count(); i++) {
        const sei_quantity *q = sei_quantity_at(i);
        if (sei_slice_is(s, q->symbol) || (sei_fold(name, q->name_ja) && sei_slice_is(s, name))) {
            *ret_column = (sei_quantity_column){q, SEI_FRACTION_TOTAL, NULL};
            return true;
        }
    }
    return false;
}

/* A fraction's word before or behind the name: 溶解性鉄, 鉄・溶解性. */
static bool find_with_fraction(const sei_headers *h, sei_slice s, sei_quantity_column *ret_column)
{
    for (size_t i = h->n_rows; i-- > 0;) {
        const sei_header_word *row = &h->rows[i];
        const size_t           n   = strlen(row->word);
        if (row->kind != SEI_WORD_FRACTION || s.len <= n)
            continue;
        sei_slice rest = {NULL, 0};
        if (memcmp(s.at, row->word, n) == 0)
            rest = sei_trim((sei_slice){s.at + n, s.len - n});
        else if (memcmp(s.at + s.len - n, row->word, n) == 0)
            rest = sei_trim((sei_slice){s.at, s.len - n});
        if (rest.len && find_quantity(h, rest, ret_column) && ret_column->quantity->fractions) {
            ret_column->fraction = row->column.fraction;
            return true;
        }
    }
    return false;
}

static bool find_name(const sei_headers *h, sei_slice s, sei_quantity_column *ret_column)
{
    return find_quantity(h, s, ret_column) || find_with_fraction(h, s, ret_column);
}

/* Takes a closing bracket's content off the end of s: "Zn(mg/L)" gives "mg/L" and leaves "Zn". */
static bool take_bracket(sei_slice *s, sei_slice *ret_inside)
{
    const char close = s->len ? s->at[s->len - 1] : '\0';
    const char open  = close == ')' ? '(' : '[';

    if (close != ')' && close != ']')
        return false;
    for (size_t i = s->len - 1; i-- > 0;) {
        if (s->at[i] == open) {
            *ret_inside = sei_trim((sei_slice){s->at + i + 1, s->len - i - 2});
            *s          = sei_trim((sei_slice){s->at, i});
            return true;
        }
    }
    return false;
}

/* Takes a unit behind a blank off the end: "Zn mg/L". */
static const sei_unit *take_last_word(const sei_headers *h, sei_slice *s)
{
    for (size_t i = s->len; i-- > 1;) {
        if (s->at[i] != ' ')
            continue;
        const sei_unit *unit = find_unit(h, (sei_slice){s->at + i + 1, s->len - i - 1});
        if (unit)
            s->len = i;
        return unit;
    }
    return NULL;
}

typedef struct {
    const sei_unit *unit;
    sei_slice       bad_unit; /* in brackets, but no unit */
    bool            has_fraction;
    sei_fraction    fraction;
} endings;

static void take_endings(const sei_headers *h, sei_slice *s, endings *e)
{
    sei_slice inside;

    while (take_bracket(s, &inside)) {
        const sei_header_word *fraction = find_row(h, SEI_WORD_FRACTION, inside);
        const sei_unit        *unit     = find_unit(h, inside);
        if (fraction) {
            e->has_fraction = true;
            e->fraction     = fraction->column.fraction;
        } else if (unit) {
            e->unit = unit;
        } else if (inside.len && !sei_slice_is(inside, "-")) { /* "pH(-)" */
            e->bad_unit = inside;
        }
    }
    if (!e->unit)
        e->unit = take_last_word(h, s);
}

/* A word with a meaning of its own: a whole quantity, a date, a text. */
static bool whole_word(const sei_headers *h, sei_slice s, sei_column *ret_column)
{
    static const struct {
        sei_word_kind   row;
        sei_column_kind column;
    } kinds[] = {{SEI_WORD_TIME, SEI_COLUMN_TIME},
                 {SEI_WORD_CLOCK, SEI_COLUMN_CLOCK},
                 {SEI_WORD_TEXT, SEI_COLUMN_TEXT}};

    for (size_t i = 0; i < 3; i++) {
        const sei_header_word *row = find_row(h, kinds[i].row, s);
        if (row) {
            *ret_column = (sei_column){.kind = kinds[i].column, .text_key = row->text_key};
            return true;
        }
    }
    return false;
}

/* Is header a mapped one? A unit that does not suit or is missing is a failure with a message. */
static sei_status mapped(const sei_headers *h, const char *header, sei_column *ret_column,
                         bool *ret_found, char message[SEI_NAME_MESSAGE_MAX])
{
    char                folded[SEI_FOLD_MAX], allowed[256], shown[SEI_SHOWN_MAX];
    endings             e = {0};
    sei_quantity_column c = {0};

    *ret_found = false;
    if (!sei_fold(folded, header) || !folded[0])
        return SEI_OK;
    sei_slice s = sei_slice_of(folded);
    *ret_found  = true;
    if (whole_word(h, s, ret_column))
        return SEI_OK;
    if (!find_name(h, s, &c)) {
        take_endings(h, &s, &e);
        if (whole_word(h, s, ret_column))
            return SEI_OK;
        *ret_found = find_name(h, s, &c);
    }
    if (!*ret_found)
        return SEI_OK;
    if (e.has_fraction && c.quantity->fractions)
        c.fraction = e.fraction;
    c.unit = e.unit ? e.unit : c.unit;
    sei_name_allowed_units(c.quantity, allowed, sizeof allowed);
    if (e.bad_unit.at && !e.unit) {
        char inside[SEI_FOLD_MAX];
        snprintf(inside, sizeof inside, "%.*s", (int)e.bad_unit.len, e.bad_unit.at);
        sei_shown(shown, inside);
        snprintf(message, SEI_NAME_MESSAGE_MAX, "unknown unit '%s' of %s; allowed units: %s", shown,
                 c.quantity->key, allowed);
        return SEI_E_UNIT;
    }
    if (!sei_name_unit_suits(c.quantity, c.unit)) {
        snprintf(message, SEI_NAME_MESSAGE_MAX,
                 c.unit ? "%s cannot be given in %s; allowed units: %s"
                        : "the unit of %s is missing%s; write it in brackets (allowed: %s)",
                 c.quantity->key, c.unit ? c.unit->symbol : "", allowed);
        return SEI_E_UNIT;
    }
    *ret_column = (sei_column){.kind = SEI_COLUMN_VALUE, .measured = c, .text_key = ""};
    return SEI_OK;
}

/* ---- canonical names ---- */

static bool fixed_word(const char *header, sei_column *ret_column)
{
    *ret_column = (sei_column){.kind = SEI_COLUMN_TIME, .text_key = ""};
    if (sei_equal_nocase(header, "time") || sei_equal_nocase(header, "date") ||
        sei_equal_nocase(header, "datetime"))
        return true;
    ret_column->kind = SEI_COLUMN_TEXT;
    if (!header[0])
        return true;
    for (size_t i = 0; i < sizeof text_keys / sizeof text_keys[0]; i++) {
        if (sei_equal_nocase(header, text_keys[i])) {
            ret_column->text_key = text_keys[i];
            return true;
        }
    }
    return false;
}

/* "zn_loq_mg_l" and "zn_qc": the name without the mark must be that of a quantity. */
static bool companion(const char *header, sei_column *ret_column)
{
    char         name[SEI_QUANTITY_NAME_MAX], message[SEI_NAME_MESSAGE_MAX];
    const size_t len = strlen(header);

    if (len >= sizeof name)
        return false;
    if (len > 3 && strcmp(header + len - 3, "_qc") == 0) {
        *ret_column = (sei_column){.kind = SEI_COLUMN_QC, .text_key = ""};
        return sei_name_parse_stem(header, len - 3, &ret_column->measured);
    }
    const char *mark = strstr(header, "_loq");
    if (!mark)
        return false;
    snprintf(name, sizeof name, "%.*s%s", (int)(mark - header), header, mark + 4);
    *ret_column = (sei_column){.kind = SEI_COLUMN_LOQ, .text_key = ""};
    return sei_name_parse(name, &ret_column->measured, message) == SEI_OK;
}

sei_status sei_headers_meaning(const sei_headers *headers, const char *header,
                               sei_column *ret_column, char message[SEI_NAME_MESSAGE_MAX])
{
    bool       found = false;
    sei_status st    = SEI_OK;

    message[0] = '\0';
    if (headers)
        st = mapped(headers, header, ret_column, &found, message);
    if (st != SEI_OK || found)
        return st;
    if (fixed_word(header, ret_column) || companion(header, ret_column))
        return SEI_OK;
    *ret_column = (sei_column){.kind = SEI_COLUMN_VALUE, .text_key = ""};
    return sei_name_parse(header, &ret_column->measured, message);
}

sei_status sei_headers_resolve(sei_ctx *ctx, const sei_headers *headers, const sei_where *where,
                               const char *header, sei_column *ret_column)
{
    char             message[SEI_NAME_MESSAGE_MAX], shown[SEI_SHOWN_MAX];
    sei_column       column;
    const sei_status st = sei_headers_meaning(headers, header, &column, message);

    sei_shown(shown, header);
    if (st != SEI_OK)
        return sei_fail(ctx, st, where, "column '%s': %s", shown, message);
    *ret_column = column;
    return SEI_OK;
}
