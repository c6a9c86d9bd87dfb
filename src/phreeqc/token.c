/* token.c - options, numbers and lists of the lines of a block; memory of the typed blocks */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "phreeqc/reader.h"
#include "seiryu/units.h"

enum { MESSAGE_MAX = 600 };

sei_status sei_pq_fail(sei_pq_reader *r, sei_status status, sei_where where, const char *fmt, ...)
{
    char    text[MESSAGE_MAX];
    va_list args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return sei_fail(r->ctx, status, &where, "%s: %s", r->block ? r->block->keyword : "input", text);
}

/* ------------------------------------------------------------------ memory */

void *sei_pq_new(sei_pq_reader *r, size_t size)
{
    return sei_arena_alloc(&r->input->arena, 1, size);
}

char *sei_pq_keep(sei_pq_reader *r, sei_slice text)
{
    return sei_arena_strndup(&r->input->arena, text.at, text.len);
}

sei_status sei_pq_grow(sei_pq_reader *r, void **items, size_t n, size_t size)
{
    if (n >= SEI_PQ_ITEMS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, r->block ? &r->block->where : NULL,
                        "%s: more than %d items in one list",
                        r->block ? r->block->keyword : "input", SEI_PQ_ITEMS_MAX);
    /* Full when n is 0 or a power of two from 4 on. */
    if (n != 0 && (n < 4 || (n & (n - 1)) != 0))
        return SEI_OK;
    void *grown = sei_arena_alloc(&r->input->arena, n ? 2 * n : 4, size);
    if (!grown)
        return SEI_E_NOMEM;
    if (n)
        memcpy(grown, *items, n * size);
    *items = grown;
    return SEI_OK;
}

/* ------------------------------------------------------------------ lines */

bool sei_pq_next_line(sei_pq_reader *r, const sei_pq_line **ret_line)
{
    if (r->next >= r->lines.n)
        return false;
    const sei_pq_line *line = &r->lines.lines[r->next];
    sei_slice          rest = sei_slice_of(line->text), word;

    if (sei_next_word(&rest, &word) && sei_pq_keyword_find(word))
        return false;
    r->next++;
    *ret_line = line;
    return true;
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

bool sei_pq_option_word(const sei_pq_line *line, sei_slice *ret_word, sei_slice *ret_rest)
{
    *ret_rest = sei_slice_of(line->text);
    *ret_word = (sei_slice){"", 0};
    sei_next_word(ret_rest, ret_word);
    const bool dash = ret_word->len > 1 && ret_word->at[0] == '-' && is_letter(ret_word->at[1]);
    if (dash) {
        ret_word->at++;
        ret_word->len--;
    }
    return dash;
}

int sei_pq_option_in(const char *const *names, size_t n, sei_slice word, bool dash)
{
    for (size_t i = 0; i < n; i++) {
        const size_t len = strlen(names[i]);
        if ((dash ? word.len <= len : word.len == len) &&
            strncasecmp(names[i], word.at, word.len) == 0)
            return (int)i;
    }
    return SEI_PQ_DATA;
}

sei_status sei_pq_option(sei_pq_reader *r, const sei_pq_line *line, const char *const *names,
                         size_t n, int *ret_option, sei_slice *ret_rest)
{
    sei_slice  rest, word;
    const bool dash = sei_pq_option_word(line, &word, &rest);

    if (word.len == 0)
        return sei_pq_fail(r, SEI_E_INTERNAL, line->where, "empty line");
    *ret_option = sei_pq_option_in(names, n, word, dash);
    *ret_rest   = *ret_option == SEI_PQ_DATA ? sei_slice_of(line->text) : rest;
    if (*ret_option == SEI_PQ_DATA && dash)
        return sei_pq_fail(r, SEI_E_KEY, line->where, "unknown option -%.*s", SEI_PQ_SHOWN(word));
    return SEI_OK;
}

/* ------------------------------------------------------------------ words */

bool sei_pq_is_number(sei_slice word, double *ret_value)
{
    return sei_parse_double(word.at, word.len, ret_value);
}

bool sei_pq_is_name(sei_slice word)
{
    return word.len > 0 && (is_letter(word.at[0]) || word.at[0] == '(' || word.at[0] == '[');
}

sei_status sei_pq_number(sei_pq_reader *r, sei_where where, sei_slice *rest, const char *what,
                         double *ret_value)
{
    sei_slice word;

    if (!sei_next_word(rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, where, "%s: a number is missing", what);
    if (!sei_pq_is_number(word, ret_value))
        return sei_pq_fail(r, SEI_E_PARSE, where, "%s: \"%.*s\" is not a number", what,
                           SEI_PQ_SHOWN(word));
    return SEI_OK;
}

sei_status sei_pq_number_or(sei_pq_reader *r, sei_where where, sei_slice *rest, const char *what,
                            double *value)
{
    return sei_trim(*rest).len ? sei_pq_number(r, where, rest, what, value) : SEI_OK;
}

sei_status sei_pq_integer(sei_pq_reader *r, sei_where where, sei_slice *rest, const char *what,
                          int min, int *ret_value)
{
    sei_slice word;
    int64_t   value;

    if (!sei_next_word(rest, &word))
        return sei_pq_fail(r, SEI_E_MISSING, where, "%s: a whole number is missing", what);
    if (!sei_parse_int(word.at, word.len, &value))
        return sei_pq_fail(r, SEI_E_PARSE, where, "%s: \"%.*s\" is not a whole number", what,
                           SEI_PQ_SHOWN(word));
    if (value < min || value > SEI_PQ_NUMBER_MAX)
        return sei_pq_fail(r, SEI_E_RANGE, where, "%s: %.*s is outside %d..%d", what,
                           SEI_PQ_SHOWN(word), min, SEI_PQ_NUMBER_MAX);
    *ret_value = (int)value;
    return SEI_OK;
}

sei_status sei_pq_flag(sei_pq_reader *r, sei_where where, sei_slice rest, bool *ret_flag)
{
    sei_slice word;

    if (!sei_next_word(&rest, &word)) {
        *ret_flag = true;
        return SEI_OK;
    }
    const char c = word.at[0];
    if (c == 't' || c == 'T')
        *ret_flag = true;
    else if (c == 'f' || c == 'F')
        *ret_flag = false;
    else
        return sei_pq_fail(r, SEI_E_PARSE, where, "\"%.*s\" is neither true nor false",
                           SEI_PQ_SHOWN(word));
    return SEI_OK;
}

/* What programs keep for themselves may have a number below 0: mixtures, dumps. */
static int least_number(const sei_pq_reader *r)
{
    const sei_pq_block_kind kind = r->block->kind;

    return kind == SEI_PQ_BLOCK_BLEND || kind == SEI_PQ_BLOCK_DUMP || kind == SEI_PQ_BLOCK_MODIFY
               ? -SEI_PQ_NUMBER_MAX
               : 0;
}

sei_status sei_pq_range_of(sei_pq_reader *r, sei_where where, sei_slice word, sei_pq_range *ret)
{
    const char *dash = word.len > 1 ? memchr(word.at + 1, '-', word.len - 1) : NULL;
    int64_t     first, last;

    const size_t head = dash ? (size_t)(dash - word.at) : word.len;
    const bool   ok   = sei_parse_int(word.at, head, &first) &&
                    (!dash || sei_parse_int(dash + 1, word.len - head - 1, &last));
    if (!ok)
        return sei_pq_fail(r, SEI_E_PARSE, where, "\"%.*s\" is not a number or a range n-m",
                           SEI_PQ_SHOWN(word));
    if (!dash)
        last = first;
    if (first < least_number(r) || first > SEI_PQ_NUMBER_MAX || last > SEI_PQ_NUMBER_MAX)
        return sei_pq_fail(r, SEI_E_RANGE, where, "\"%.*s\" is outside %d..%d", SEI_PQ_SHOWN(word),
                           least_number(r), SEI_PQ_NUMBER_MAX);
    if (last < first)
        return sei_pq_fail(r, SEI_E_RANGE, where, "range \"%.*s\" runs backwards",
                           SEI_PQ_SHOWN(word));
    *ret = (sei_pq_range){(int)first, (int)last};
    return SEI_OK;
}

sei_status sei_pq_ranges(sei_pq_reader *r, sei_where where, sei_slice rest, size_t *n,
                         sei_pq_range **ranges)
{
    sei_slice  word;
    sei_status st = SEI_OK;

    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        st = SEI_PQ_GROW(r, *ranges, *n);
        if (st == SEI_OK)
            st = sei_pq_range_of(r, where, word, &(*ranges)[*n]);
        if (st == SEI_OK)
            ++*n;
    }
    return st;
}

sei_status sei_pq_nothing(sei_pq_reader *r, sei_where where, sei_slice rest)
{
    rest = sei_trim(rest);
    if (rest.len == 0)
        return SEI_OK;
    return sei_pq_fail(r, SEI_E_PARSE, where, "\"%.*s\" is too much on this line",
                       SEI_PQ_SHOWN(rest));
}

static sei_status push_value(sei_pq_reader *r, sei_where where, size_t *n, double **values,
                             double value)
{
    if (*n >= SEI_PQ_STEPS_MAX)
        return sei_pq_fail(r, SEI_E_TOO_LARGE, where, "more than %d steps", SEI_PQ_STEPS_MAX);
    const sei_status st = SEI_PQ_GROW(r, *values, *n);
    if (st == SEI_OK)
        (*values)[(*n)++] = value;
    return st;
}

sei_status sei_pq_values(sei_pq_reader *r, sei_where where, sei_slice *rest, size_t *n,
                         double **values)
{
    sei_slice after = *rest, word;

    while (sei_next_word(&after, &word)) {
        const char     *star  = memchr(word.at, '*', word.len);
        const size_t    head  = star ? (size_t)(star - word.at) : 0;
        int64_t         times = 1;
        double          value;
        const sei_slice number = {star ? star + 1 : word.at, star ? word.len - head - 1 : word.len};

        if (star &&
            (!sei_parse_int(word.at, head, &times) || times < 1 || times > SEI_PQ_STEPS_MAX))
            return sei_pq_fail(r, SEI_E_PARSE, where,
                               "\"%.*s\" is not a repeated number such as 4*0.1",
                               SEI_PQ_SHOWN(word));
        if (!sei_pq_is_number(number, &value)) {
            if (star)
                return sei_pq_fail(r, SEI_E_PARSE, where,
                                   "\"%.*s\" is not a repeated number such as 4*0.1",
                                   SEI_PQ_SHOWN(word));
            return SEI_OK;
        }
        for (int64_t i = 0; i < times; i++) {
            const sei_status st = push_value(r, where, n, values, value);
            if (st != SEI_OK)
                return st;
        }
        *rest = after;
    }
    *rest = after;
    return SEI_OK;
}

sei_status sei_pq_terms(sei_pq_reader *r, sei_where where, sei_slice rest, size_t *n,
                        sei_pq_named **terms)
{
    sei_slice word;
    double    value;
    bool      open = false; /* a name stands without its coefficient */

    while (sei_next_word(&rest, &word)) {
        if (sei_pq_is_name(word)) {
            const sei_status st = SEI_PQ_GROW(r, *terms, *n);
            if (st != SEI_OK)
                return st;
            char *name = sei_pq_keep(r, word);
            if (!name)
                return SEI_E_NOMEM;
            (*terms)[(*n)++] = (sei_pq_named){where, name, 1.0, false};
            open             = true;
            continue;
        }
        if (!sei_pq_is_number(word, &value))
            return sei_pq_fail(r, SEI_E_PARSE, where,
                               "\"%.*s\" is neither a name nor a coefficient", SEI_PQ_SHOWN(word));
        if (!open)
            return sei_pq_fail(r, SEI_E_PARSE, where, "coefficient %.*s has no reactant before it",
                               SEI_PQ_SHOWN(word));
        (*terms)[*n - 1].value     = value;
        (*terms)[*n - 1].has_value = true;
        open                       = false;
    }
    return SEI_OK;
}

sei_status sei_pq_equal_steps(sei_pq_reader *r, sei_where where, sei_slice rest, size_t n_wanted,
                              const char *wanted, sei_pq_steps *steps)
{
    sei_slice word;
    int64_t   n;

    if (steps->n != n_wanted)
        return sei_pq_fail(r, SEI_E_PARSE, where, "equal steps need %s, not %zu numbers", wanted,
                           steps->n);
    while (sei_next_word(&rest, &word)) {
        if (!sei_parse_int(word.at, word.len, &n))
            continue;
        if (n < 1 || n > SEI_PQ_STEPS_MAX)
            return sei_pq_fail(r, SEI_E_RANGE, where, "%.*s steps are outside 1..%d",
                               SEI_PQ_SHOWN(word), SEI_PQ_STEPS_MAX);
        steps->is_equal = true;
        steps->n_equal  = (size_t)n;
        return SEI_OK;
    }
    return sei_pq_fail(r, SEI_E_MISSING, where, "the number of equal steps is missing");
}

double sei_pq_time_unit(sei_slice word)
{
    static const char *const units[] = {"s", "min", "h", "d", "yr"};

    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (word.len && strncasecmp(word.at, units[i], 1) == 0)
            return sei_unit_find(units[i])->factor;
    return 0.0;
}

sei_status sei_pq_time_of(sei_pq_reader *r, sei_where where, sei_slice *rest, const char *what,
                          double *ret_s)
{
    sei_slice  after, word;
    double     value;
    sei_status st = sei_pq_number(r, where, rest, what, &value);

    if (st != SEI_OK)
        return st;
    after = *rest;
    if (sei_next_word(&after, &word) && sei_pq_is_name(word)) {
        const double unit = sei_pq_time_unit(word);
        if (unit == 0.0)
            return sei_pq_fail(r, SEI_E_UNIT, where,
                               "\"%.*s\" is no unit of time (second, minute, hour, day, year)",
                               SEI_PQ_SHOWN(word));
        value *= unit;
        *rest = after;
    }
    if (value < 0.0)
        return sei_pq_fail(r, SEI_E_RANGE, where, "%s of %g s is negative", what, value);
    *ret_s = value;
    return SEI_OK;
}
