/* schema_value.c - one value of the site file: its type, its range, its place in a struct */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"
#include "study/schema.h"

enum { TEXT_MAX = 500, REASON_MAX = 2000, NAME_MAX_BYTES = 64, PATH_MAX_BYTES = 1000 };

const sei_unit *sei_key_unit(const sei_key_row *row)
{
    const sei_param param = {.key = row->key, .unit = row->unit};

    const bool is_number = row->kind == SEI_KEY_NUMBER || row->kind == SEI_KEY_NUMBERS;

    return is_number && row->unit ? sei_param_unit(&param) : NULL;
}

/* ---- words for messages ----------------------------------------------------------------------- */

static bool is_number(const sei_yaml *node)
{
    double value;

    return !node->quoted && sei_parse_double(node->text, node->len, &value);
}

void sei_schema_show(char out[SEI_VALUE_TEXT_MAX], const sei_yaml *node)
{
    size_t n = node->len;

    if (node->kind != SEI_YAML_SCALAR) {
        snprintf(out, SEI_VALUE_TEXT_MAX, "%s", node->kind == SEI_YAML_MAP ? "a map" : "a list");
        return;
    }
    if (n > 60) /* cut between characters */
        for (n = 60; n > 0 && ((unsigned char)node->text[n] & 0xC0) == 0x80;)
            n--;
    snprintf(out, SEI_VALUE_TEXT_MAX, is_number(node) ? "%.*s%s" : "\"%.*s%s\"", (int)n, node->text,
             n < node->len ? "…" : "");
    for (char *c = out; *c; c++)
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
}

static void format_bound(char out[SEI_NUMBER_MAX], double bound, const sei_key_row *row,
                         const sei_unit *unit)
{
    const sei_unit *own = sei_key_unit(row);

    if (own && unit && own != unit)
        sei_format_double(out, sei_from_si(unit, sei_to_si(own, bound)), 6);
    else if (!own && unit) /* a plain number written in per cent */
        sei_format_double(out, sei_from_si(unit, bound), 6);
    else
        sei_format_double(out, bound, 0);
}

/* "0.1..10 m", "0 m or more", "10 m or less", "" without bounds; in unit. */
void sei_schema_range(char out[SEI_RANGE_TEXT_MAX], const sei_key_row *row, const sei_unit *unit)
{
    const char *symbol = unit ? unit->symbol : row->unit ? row->unit : "";
    const char *blank  = symbol[0] ? " " : "";
    char        low[SEI_NUMBER_MAX], high[SEI_NUMBER_MAX];

    format_bound(low, row->lower, row, unit);
    format_bound(high, row->upper, row, unit);
    if (isfinite(row->lower) && isfinite(row->upper))
        snprintf(out, SEI_RANGE_TEXT_MAX, "%s..%s%s%s", low, high, blank, symbol);
    else if (isfinite(row->lower))
        snprintf(out, SEI_RANGE_TEXT_MAX, "%s%s%s or more", low, blank, symbol);
    else if (isfinite(row->upper))
        snprintf(out, SEI_RANGE_TEXT_MAX, "%s%s%s or less", high, blank, symbol);
    else
        out[0] = '\0';
}

/* ---- numbers ---------------------------------------------------------------------------------- */

static void complain(sei_schema *s, const char *path, const sei_yaml *node, const char *what)
{
    char shown[SEI_VALUE_TEXT_MAX];

    sei_schema_show(shown, node);
    if (sei_yaml_is_empty(node))
        sei_schema_problem(s, SEI_E_MISSING, node->line,
                           "%s has no value; give one or leave the key out", path);
    else if (node->kind == SEI_YAML_SCALAR)
        sei_schema_problem(s, SEI_E_TYPE, node->line, "%s = %s is not %s", path, shown, what);
    else
        sei_schema_problem(s, SEI_E_TYPE, node->line, "%s is %s, not %s", path, shown, what);
}

static bool is_scalar(sei_schema *s, const char *path, const sei_yaml *node, const char *what)
{
    if (node->kind == SEI_YAML_SCALAR && !sei_yaml_is_empty(node))
        return true;
    complain(s, path, node, what);
    return false;
}

static bool is_inside(double value, double low, double high)
{
    const double slack = 1e-12; /* bounds that went through a unit carry rounding errors */

    return value >= low - slack * fabs(low) && value <= high + slack * fabs(high);
}

static void complain_range(sei_schema *s, const char *path, const sei_yaml *node,
                           const sei_key_row *row, const sei_unit *unit)
{
    char shown[SEI_VALUE_TEXT_MAX], range[SEI_RANGE_TEXT_MAX];

    sei_schema_show(shown, node);
    sei_schema_range(range, row, unit);
    sei_schema_problem(s, SEI_E_RANGE, node->line, "%s = %s %s %s", path, shown,
                       isfinite(row->lower) && isfinite(row->upper) ? "is outside" : "must be",
                       range);
}

bool sei_schema_number(sei_schema *s, const char *path, const sei_yaml *node,
                       const sei_key_row *row, const sei_unit *unit, double *ret_value)
{
    const sei_unit *own = sei_key_unit(row);
    double          low = row->lower, high = row->upper, value;

    node = sei_schema_unwrap(s, path, node, row, unit ? unit->symbol : row->unit);
    if (!node || !is_scalar(s, path, node, "a number"))
        return false;
    if (node->quoted || !sei_parse_double(node->text, node->len, &value)) {
        complain(s, path, node, node->quoted ? "a number, but a text in quotes" : "a number");
        return false;
    }
    if (unit)
        value = sei_to_si(unit, value);
    if (own && isfinite(low))
        low = sei_to_si(own, low);
    if (own && isfinite(high))
        high = sei_to_si(own, high);
    if (!is_inside(value, low, high)) {
        complain_range(s, path, node, row, unit);
        return false;
    }
    *ret_value = value;
    return true;
}

static void read_integer(sei_schema *s, const char *path, const sei_yaml *node,
                         const sei_key_row *row, int64_t *field)
{
    int64_t value;

    if (!is_scalar(s, path, node, "a whole number"))
        return;
    if (node->quoted || !sei_parse_int(node->text, node->len, &value))
        complain(s, path, node, "a whole number");
    else if (!is_inside((double)value, row->lower, row->upper))
        complain_range(s, path, node, row, NULL);
    else
        *field = value;
}

/* ---- texts ------------------------------------------------------------------------------------ */

bool sei_schema_text(sei_schema *s, const char *path, const sei_yaml *node, const char **ret_text)
{
    if (!is_scalar(s, path, node, "a text"))
        return false;
    if (node->len > REASON_MAX) {
        sei_schema_problem(s, SEI_E_TOO_LARGE, node->line, "%s has %zu bytes, more than %d", path,
                           node->len, (int)REASON_MAX);
        return false;
    }
    const sei_slice slice = sei_trim((sei_slice){node->text, node->len});
    char           *copy  = sei_arena_strndup(s->arena, slice.at, slice.len);
    if (!copy) {
        s->fatal = SEI_E_NOMEM;
        return false;
    }
    for (char *c = copy; *c; c++) /* a text over several lines is one line in every report */
        if (*c == '\n' || *c == '\r' || *c == '\t')
            *c = ' ';
    *ret_text = copy;
    return true;
}

static void read_name(sei_schema *s, const char *path, const sei_yaml *node, const char **field)
{
    static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
                                  "-_.";

    if (!is_scalar(s, path, node, "a name"))
        return;
    if (node->len == 0 || node->len > NAME_MAX_BYTES || strspn(node->text, allowed) != node->len ||
        node->text[0] == '.') {
        complain(s, path, node, "a name: letters, digits, \"-\", \"_\" and \".\", at most 64");
        return;
    }
    *field = node->text;
}

const char *sei_schema_resolve(sei_schema *s, const char *name)
{
    const size_t size = strlen(s->folder) + strlen(name) + 2;

    if (name[0] == '/' || strcmp(s->folder, ".") == 0 || s->folder[0] == '\0')
        return name;
    char *path = sei_arena_alloc(s->arena, size, 1);
    if (!path) {
        s->fatal = SEI_E_NOMEM;
        return NULL;
    }
    snprintf(path, size, "%s%s%s", s->folder, s->folder[strlen(s->folder) - 1] == '/' ? "" : "/",
             name);
    return path;
}

static void read_path(sei_schema *s, const char *path, const sei_yaml *node, const char **field)
{
    if (!is_scalar(s, path, node, "the path of a file"))
        return;
    if (node->len == 0 || node->len > PATH_MAX_BYTES || strcmp(node->text, "-") == 0)
        complain(s, path, node, "the path of a file");
    else
        *field = sei_schema_resolve(s, node->text);
}

static void read_bool(sei_schema *s, const char *path, const sei_yaml *node, bool *field)
{
    if (!is_scalar(s, path, node, "true or false"))
        return;
    if (!node->quoted && (strcmp(node->text, "true") == 0 || strcmp(node->text, "false") == 0))
        *field = node->text[0] == 't';
    else
        complain(s, path, node, "true or false");
}

static void read_date(sei_schema *s, const char *path, const sei_yaml *node, int64_t *field)
{
    sei_time time;

    if (!is_scalar(s, path, node, "a date"))
        return;
    if (sei_parse_time(node->text, node->len, s->utc_offset_us, &time))
        *field = time;
    else
        complain(s, path, node, "a date; write 2024-03-31 or 2024-03-31T12:00");
}

static void read_word(sei_schema *s, const char *path, const sei_yaml *node,
                      const sei_schema_word *words, int *field)
{
    const char *list[16];
    char        all[300] = "";
    size_t      n = 0, used = 0;

    if (!is_scalar(s, path, node, "a word"))
        return;
    for (; words[n].word && n < sizeof list / sizeof list[0]; n++) {
        if (strcmp(node->text, words[n].word) == 0) {
            *field = words[n].value;
            return;
        }
        list[n] = words[n].word;
        if (used < sizeof all)
            used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", n ? ", " : "",
                                     words[n].word);
    }
    char        shown[SEI_VALUE_TEXT_MAX];
    const char *near = sei_nearest(node->text, list, n);
    sei_schema_show(shown, node);
    if (near)
        sei_schema_problem(s, SEI_E_RANGE, node->line, "%s = %s is unknown; did you mean \"%s\"?",
                           path, shown, near);
    else
        sei_schema_problem(s, SEI_E_RANGE, node->line, "%s = %s is none of %s", path, shown, all);
}

static bool is_nothing(const sei_yaml *node)
{
    return sei_yaml_is_empty(node) || (node->kind != SEI_YAML_SCALAR && node->n == 0);
}

void sei_schema_value(sei_schema *s, const char *path, const sei_yaml *node, const sei_key_row *row,
                      void *field)
{
    if (row->kind == SEI_KEY_NODE) {
        if (!sei_yaml_is_empty(node))
            *(const sei_yaml **)field = node;
        return;
    }
    if (row->kind == SEI_KEY_RESERVED) {
        if (!is_nothing(node))
            sei_schema_problem(s, SEI_E_UNSUPPORTED, node->key_line,
                               "%s is not supported yet: this version reads it only when empty",
                               path);
        return;
    }
    node = sei_schema_unwrap(s, path, node, row, NULL);
    if (!node)
        return;
    switch (row->kind) {
    case SEI_KEY_INTEGER: read_integer(s, path, node, row, field); break;
    case SEI_KEY_TEXT: {
        const char **text = field;
        if (sei_schema_text(s, path, node, text) && strlen(*text) > TEXT_MAX)
            sei_schema_problem(s, SEI_E_TOO_LARGE, node->line, "%s has %zu bytes, more than %d",
                               path, strlen(*text), (int)TEXT_MAX);
        break;
    }
    case SEI_KEY_NAME: read_name(s, path, node, field); break;
    case SEI_KEY_BOOL: read_bool(s, path, node, field); break;
    case SEI_KEY_DATE: read_date(s, path, node, field); break;
    case SEI_KEY_WORD: read_word(s, path, node, row->words, field); break;
    case SEI_KEY_PATH: read_path(s, path, node, field); break;
    case SEI_KEY_NUMBER:
    case SEI_KEY_NUMBERS:
    case SEI_KEY_NODE:
    case SEI_KEY_RESERVED: break;
    }
}
