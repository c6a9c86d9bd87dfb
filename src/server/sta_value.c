/* sta_value.c - operators and functions of $filter and $orderby (sta11 section 9.3.3.5) */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "server/server_impl.h"
#include "server/sta_geo.h"

/* ---- kinds */

static sta_value truth(bool is)
{
    return (sta_value){.kind = STA_BOOL, .number = is};
}

static sta_value number(double value)
{
    return (sta_value){.kind = STA_NUMBER, .number = value};
}

/* A text beside a time is read as one: the entities' times are texts. An interval counts by its begin. */
static bool as_time(const sta_value *v, int64_t *ret_us)
{
    if (v->kind == STA_TIME) {
        *ret_us = v->time_us;
        return true;
    }
    return v->kind == STA_TEXT && sei_parse_time(v->text, strcspn(v->text, "/"), 0, ret_us);
}

int sta_compare(const sta_value *a, const sta_value *b)
{
    int64_t s = 0, t = 0;

    if (a->kind == STA_NULL || b->kind == STA_NULL)
        return (a->kind != STA_NULL) - (b->kind != STA_NULL);
    if (a->kind == STA_TEXT && b->kind == STA_TEXT)
        return strcmp(a->text, b->text);
    if (as_time(a, &s) && as_time(b, &t))
        return (s > t) - (s < t);
    if (a->kind == STA_TEXT || b->kind == STA_TEXT || a->kind != b->kind)
        return (a->kind > b->kind) - (a->kind < b->kind);
    return (a->number > b->number) - (a->number < b->number);
}

static sei_status wrong(sei_ctx *ctx, const char *what)
{
    return sei_fail(ctx, SEI_E_TYPE, NULL, "$filter: %s", what);
}

static bool are_comparable(const sta_value *a, const sta_value *b)
{
    int64_t t;

    if (a->kind == STA_SHAPE || b->kind == STA_SHAPE)
        return false;
    if (a->kind == b->kind)
        return true;
    return as_time(a, &t) && as_time(b, &t);
}

/* ---- operators */

#define FUNCTION(name)                                                                    \
    static sei_status name(sei_ctx *ctx, sei_arena *arena, size_t n, const sta_value v[], \
                           sta_value *ret_value)

#define COMPARISON(name, holds)                                            \
    FUNCTION(name)                                                         \
    {                                                                      \
        (void)arena;                                                       \
        (void)n;                                                           \
        if (v[0].kind == STA_NULL || v[1].kind == STA_NULL) {              \
            *ret_value = truth(false);                                     \
            return SEI_OK;                                                 \
        }                                                                  \
        if (!are_comparable(&v[0], &v[1]))                                 \
            return wrong(ctx, #name " between values of different kinds"); \
        const int c = sta_compare(&v[0], &v[1]);                           \
        *ret_value  = truth(holds);                                        \
        return SEI_OK;                                                     \
    }

COMPARISON(gt, c > 0)
COMPARISON(ge, c >= 0)
COMPARISON(lt, c < 0)
COMPARISON(le, c <= 0)

static bool are_places(const sta_value v[])
{
    return (v[0].kind == STA_SHAPE || v[1].kind == STA_SHAPE) && v[0].kind != STA_NULL &&
           v[1].kind != STA_NULL;
}

FUNCTION(eq)
{
    (void)arena;
    (void)n;
    if (are_places(v))
        return wrong(ctx, "eq between geometries: st_equals compares them");
    *ret_value = truth(sta_compare(&v[0], &v[1]) == 0);
    return SEI_OK;
}

FUNCTION(ne)
{
    (void)arena;
    (void)n;
    if (are_places(v))
        return wrong(ctx, "ne between geometries: st_equals compares them");
    *ret_value = truth(sta_compare(&v[0], &v[1]) != 0);
    return SEI_OK;
}

#define LOGIC(name, result)                                                 \
    FUNCTION(name)                                                          \
    {                                                                       \
        (void)arena;                                                        \
        for (size_t i = 0; i < n; i++)                                      \
            if (v[i].kind != STA_BOOL && v[i].kind != STA_NULL)             \
                return wrong(ctx, #name " of what is no truth value");      \
        const bool a = v[0].number != 0.0, b = n > 1 && v[1].number != 0.0; \
        (void)b;                                                            \
        *ret_value = truth(result);                                         \
        return SEI_OK;                                                      \
    }

LOGIC(and, a &&b)
LOGIC(or, a || b)
LOGIC(not, !a)

#define ARITHMETIC(name, result)                                     \
    FUNCTION(name)                                                   \
    {                                                                \
        (void)arena;                                                 \
        *ret_value = (sta_value){.kind = STA_NULL};                  \
        for (size_t i = 0; i < n; i++) {                             \
            if (v[i].kind == STA_NULL)                               \
                return SEI_OK;                                       \
            if (v[i].kind != STA_NUMBER)                             \
                return wrong(ctx, #name " of what is no number");    \
        }                                                            \
        const double a = v[0].number, b = n > 1 ? v[1].number : 0.0; \
        (void)b;                                                     \
        *ret_value = number(result);                                 \
        return SEI_OK;                                               \
    }

ARITHMETIC(add_numbers, a + b)
ARITHMETIC(sub_numbers, a - b)
ARITHMETIC(mul, a *b)
ARITHMETIC(div_, a / b)
ARITHMETIC(mod, fmod(a, b))
ARITHMETIC(round_, round(a))
ARITHMETIC(floor_, floor(a))
ARITHMETIC(ceiling, ceil(a))

/* time + duration, duration + time, time - duration, time - time, duration ± duration: false when it is none of them. */
static bool with_times(const sta_value v[2], double sign, sta_value *ret_value)
{
    const sta_value *moved = v[0].kind == STA_DURATION && sign > 0 ? &v[1] : &v[0];
    const sta_value *by    = moved == &v[0] ? &v[1] : &v[0];
    int64_t          us = 0, other_us = 0;

    if (v[0].kind == STA_NULL || v[1].kind == STA_NULL) {
        *ret_value = (sta_value){.kind = STA_NULL};
    } else if (v[0].kind == STA_DURATION && v[1].kind == STA_DURATION) {
        *ret_value = (sta_value){.kind = STA_DURATION, .number = v[0].number + sign * v[1].number};
    } else if (by->kind == STA_DURATION && as_time(moved, &us)) {
        const double far = (double)us + sign * by->number * (double)SEI_US_PER_S;
        if (fabs(far) > (double)INT64_MAX / 2)
            return false;
        *ret_value = (sta_value){
            .kind = STA_TIME, .time_us = us + (int64_t)(sign * by->number * (double)SEI_US_PER_S)};
    } else if (sign < 0 && as_time(&v[0], &us) && as_time(&v[1], &other_us)) {
        *ret_value = (sta_value){.kind   = STA_DURATION,
                                 .number = ((double)us - (double)other_us) / (double)SEI_US_PER_S};
    } else {
        return false;
    }
    return true;
}

FUNCTION(add)
{
    return with_times(v, 1.0, ret_value) ? SEI_OK : add_numbers(ctx, arena, n, v, ret_value);
}

FUNCTION(sub)
{
    return with_times(v, -1.0, ret_value) ? SEI_OK : sub_numbers(ctx, arena, n, v, ret_value);
}

/* ---- texts */

/* Nothing where a text is missing. */
static bool are_texts(sei_ctx *ctx, size_t n, const sta_value v[], sta_value *ret_value,
                      sei_status *ret_status)
{
    *ret_value  = (sta_value){.kind = STA_NULL};
    *ret_status = SEI_OK;
    for (size_t i = 0; i < n; i++) {
        if (v[i].kind == STA_NULL)
            return false;
        if (v[i].kind != STA_TEXT) {
            *ret_status = wrong(ctx, "a function of texts of what is no text");
            return false;
        }
    }
    return true;
}

#define TEXTS(name, n_texts, result)                    \
    FUNCTION(name)                                      \
    {                                                   \
        sei_status st = SEI_OK;                         \
        (void)arena;                                    \
        (void)n;                                        \
        if (are_texts(ctx, n_texts, v, ret_value, &st)) \
            *ret_value = result;                        \
        return st;                                      \
    }

static bool begins(const char *text, const char *with)
{
    return strncmp(text, with, strlen(with)) == 0;
}

static bool ends(const char *text, const char *with)
{
    return strlen(text) >= strlen(with) && strcmp(text + strlen(text) - strlen(with), with) == 0;
}

static double index_of(const char *text, const char *part)
{
    const char *at = strstr(text, part);

    return at ? (double)(at - text) : -1.0;
}

TEXTS(substringof, 2, truth(strstr(v[1].text, v[0].text) != NULL))
TEXTS(contains, 2, truth(strstr(v[0].text, v[1].text) != NULL))
TEXTS(startswith, 2, truth(begins(v[0].text, v[1].text)))
TEXTS(endswith, 2, truth(ends(v[0].text, v[1].text)))
TEXTS(length, 1, number((double)strlen(v[0].text)))
TEXTS(indexof, 2, number(index_of(v[0].text, v[1].text)))

static sei_status copy_text(sei_arena *arena, const char *at, size_t len, sta_value *ret_value)
{
    const char *text = sei_arena_strndup(arena, at, len);

    *ret_value = (sta_value){.kind = STA_TEXT, .text = text};
    return text ? SEI_OK : SEI_E_NOMEM;
}

static sei_status change_case(sei_ctx *ctx, sei_arena *arena, const sta_value v[], char first,
                              int shift, sta_value *ret_value)
{
    sei_status st = SEI_OK;

    if (!are_texts(ctx, 1, v, ret_value, &st))
        return st;
    char *text = sei_arena_strdup(arena, v[0].text);
    if (!text)
        return SEI_E_NOMEM;
    for (char *c = text; *c; c++)
        if (*c >= first && *c < first + 26)
            *c = (char)(*c + shift);
    *ret_value = (sta_value){.kind = STA_TEXT, .text = text};
    return SEI_OK;
}

FUNCTION(tolower_)
{
    (void)n;
    return change_case(ctx, arena, v, 'A', 32, ret_value);
}

FUNCTION(toupper_)
{
    (void)n;
    return change_case(ctx, arena, v, 'a', -32, ret_value);
}

FUNCTION(trim)
{
    sei_status st = SEI_OK;

    (void)n;
    if (!are_texts(ctx, 1, v, ret_value, &st))
        return st;
    const char *at  = v[0].text + strspn(v[0].text, " ");
    size_t      len = strlen(at);
    while (len > 0 && at[len - 1] == ' ')
        len--;
    return copy_text(arena, at, len, ret_value);
}

FUNCTION(concat)
{
    sei_status st = SEI_OK;

    (void)n;
    if (!are_texts(ctx, 2, v, ret_value, &st))
        return st;
    const size_t size = strlen(v[0].text) + strlen(v[1].text) + 1;
    char        *text = sei_arena_alloc(arena, size, 1);
    if (!text)
        return SEI_E_NOMEM;
    snprintf(text, size, "%s%s", v[0].text, v[1].text);
    *ret_value = (sta_value){.kind = STA_TEXT, .text = text};
    return SEI_OK;
}

FUNCTION(substring)
{
    sei_status st = SEI_OK;

    if (!are_texts(ctx, 1, v, ret_value, &st))
        return st;
    if (v[1].kind != STA_NUMBER || (n > 2 && v[2].kind != STA_NUMBER) || v[1].number < 0 ||
        (n > 2 && v[2].number < 0))
        return wrong(ctx, "substring of a text from a number on");
    const size_t len  = strlen(v[0].text);
    const size_t from = v[1].number < (double)len ? (size_t)v[1].number : len;
    const size_t rest = len - from;
    return copy_text(arena, v[0].text + from,
                     n > 2 && v[2].number < (double)rest ? (size_t)v[2].number : rest, ret_value);
}

/* ---- times */

static sei_status civil_of(sei_ctx *ctx, const sta_value *v, sei_civil *ret_civil)
{
    int64_t us = 0;

    if (!as_time(v, &us))
        return wrong(ctx, "a function of times of what is no time");
    *ret_civil = sei_time_to_civil(us, 0);
    return SEI_OK;
}

#define PART_OF_TIME(name, field)                           \
    FUNCTION(name)                                          \
    {                                                       \
        sei_civil civil = {0};                              \
        (void)arena;                                        \
        (void)n;                                            \
        *ret_value = (sta_value){.kind = STA_NULL};         \
        if (v[0].kind == STA_NULL)                          \
            return SEI_OK;                                  \
        const sei_status st = civil_of(ctx, &v[0], &civil); \
        if (st == SEI_OK)                                   \
            *ret_value = number((double)civil.field);       \
        return st;                                          \
    }

PART_OF_TIME(year, year)
PART_OF_TIME(month, month)
PART_OF_TIME(day, day)
PART_OF_TIME(hour, hour)
PART_OF_TIME(minute, minute)
PART_OF_TIME(second, second)

/* Nothing of nothing; else the moment. */
static sei_status moment_of(sei_ctx *ctx, const sta_value *v, sta_value *ret_value, int64_t *ret_us)
{
    *ret_value = (sta_value){.kind = STA_NULL};
    if (v->kind == STA_NULL)
        return SEI_OK;
    if (!as_time(v, ret_us))
        return wrong(ctx, "a function of times of what is no time");
    ret_value->kind = STA_TIME;
    return SEI_OK;
}

/* Microseconds since midnight; times are told in UTC here. */
static int64_t since_midnight(int64_t us)
{
    const int64_t rest = us % SEI_US_PER_DAY;

    return rest < 0 ? rest + SEI_US_PER_DAY : rest;
}

/* A number told of a moment `us`; nothing of nothing. */
#define NUMBER_OF_TIME(name, value)                                  \
    FUNCTION(name)                                                   \
    {                                                                \
        int64_t          us = 0;                                     \
        const sei_status st = moment_of(ctx, &v[0], ret_value, &us); \
        (void)arena;                                                 \
        (void)n;                                                     \
        if (st == SEI_OK && ret_value->kind == STA_TIME)             \
            *ret_value = number(value);                              \
        return st;                                                   \
    }

NUMBER_OF_TIME(fractionalseconds,
               (double)(since_midnight(us) % SEI_US_PER_S) / (double)SEI_US_PER_S)
/* A time of day is its seconds, as the literal 13:20:00 is. */
NUMBER_OF_TIME(time_, (double)since_midnight(us) / (double)SEI_US_PER_S)
NUMBER_OF_TIME(totaloffsetminutes, 0.0) /* Z */

/* A day is its midnight, as the literal 2026-01-02 is. */
FUNCTION(date)
{
    int64_t          us = 0;
    const sei_status st = moment_of(ctx, &v[0], ret_value, &us);

    (void)arena;
    (void)n;
    ret_value->time_us = us - since_midnight(us);
    return st;
}

FUNCTION(mindatetime)
{
    (void)ctx;
    (void)arena;
    (void)n;
    (void)v;
    *ret_value = (sta_value){.kind = STA_TIME, .time_us = INT64_MIN};
    return SEI_OK;
}

FUNCTION(maxdatetime)
{
    (void)ctx;
    (void)arena;
    (void)n;
    (void)v;
    *ret_value = (sta_value){.kind = STA_TIME, .time_us = INT64_MAX};
    return SEI_OK;
}

FUNCTION(now)
{
    (void)ctx;
    (void)arena;
    (void)n;
    (void)v;
    *ret_value = (sta_value){.kind = STA_TIME, .time_us = sei_server_now()};
    return SEI_OK;
}

/* ---- the table */

static const sta_function functions[] = {
    {"or", 1, 2, 2, or },
    {"and", 2, 2, 2, and},
    {"eq", 3, 2, 2, eq},
    {"ne", 3, 2, 2, ne},
    {"gt", 4, 2, 2, gt},
    {"ge", 4, 2, 2, ge},
    {"lt", 4, 2, 2, lt},
    {"le", 4, 2, 2, le},
    {"add", 5, 2, 2, add},
    {"sub", 5, 2, 2, sub},
    {"mul", 6, 2, 2, mul},
    {"div", 6, 2, 2, div_},
    {"mod", 6, 2, 2, mod},
    {"not", 0, 1, 1, not },
    {"substringof", 0, 2, 2, substringof},
    {"contains", 0, 2, 2, contains},
    {"startswith", 0, 2, 2, startswith},
    {"endswith", 0, 2, 2, endswith},
    {"length", 0, 1, 1, length},
    {"indexof", 0, 2, 2, indexof},
    {"substring", 0, 2, 3, substring},
    {"tolower", 0, 1, 1, tolower_},
    {"toupper", 0, 1, 1, toupper_},
    {"trim", 0, 1, 1, trim},
    {"concat", 0, 2, 2, concat},
    {"year", 0, 1, 1, year},
    {"month", 0, 1, 1, month},
    {"day", 0, 1, 1, day},
    {"hour", 0, 1, 1, hour},
    {"minute", 0, 1, 1, minute},
    {"second", 0, 1, 1, second},
    {"fractionalseconds", 0, 1, 1, fractionalseconds},
    {"date", 0, 1, 1, date},
    {"time", 0, 1, 1, time_},
    {"totaloffsetminutes", 0, 1, 1, totaloffsetminutes},
    {"mindatetime", 0, 0, 0, mindatetime},
    {"maxdatetime", 0, 0, 0, maxdatetime},
    {"now", 0, 0, 0, now},
    {"round", 0, 1, 1, round_},
    {"floor", 0, 1, 1, floor_},
    {"ceiling", 0, 1, 1, ceiling},
    {"geo.distance", 0, 2, 2, sta_geo_distance},
    {"geo.length", 0, 1, 1, sta_geo_length},
    {"geo.intersects", 0, 2, 2, sta_st_intersects},
    {"st_equals", 0, 2, 2, sta_st_equals},
    {"st_disjoint", 0, 2, 2, sta_st_disjoint},
    {"st_touches", 0, 2, 2, sta_st_touches},
    {"st_within", 0, 2, 2, sta_st_within},
    {"st_overlaps", 0, 2, 2, sta_st_overlaps},
    {"st_crosses", 0, 2, 2, sta_st_crosses},
    {"st_intersects", 0, 2, 2, sta_st_intersects},
    {"st_contains", 0, 2, 2, sta_st_contains},
    {"st_relate", 0, 3, 3, sta_st_relate},
};

const sta_function *sta_function_find(const char *name, size_t len, bool is_operator)
{
    for (size_t i = 0; i < sizeof functions / sizeof functions[0]; i++)
        if (strlen(functions[i].name) == len && strncmp(functions[i].name, name, len) == 0 &&
            (functions[i].precedence > 0) == is_operator)
            return &functions[i];
    return NULL;
}

sei_status sta_eval(sei_ctx *ctx, sei_arena *arena, const sta_node *node, sta_lookup lookup,
                    void *user, sta_value *ret_value)
{
    sta_value  v[STA_ARGS_MAX] = {0};
    sei_status st              = SEI_OK;

    if (node->is == STA_LITERAL) {
        *ret_value = node->value;
        return SEI_OK;
    }
    if (node->is == STA_PATH)
        return lookup(user, node->path, ret_value);
    for (size_t i = 0; i < node->n && st == SEI_OK; i++)
        st = sta_eval(ctx, arena, node->args[i], lookup, user, &v[i]);
    return st == SEI_OK ? node->function->eval(ctx, arena, node->n, v, ret_value) : st;
}
