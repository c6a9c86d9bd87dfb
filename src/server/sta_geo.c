/*
 * sta_geo.c - geometry in $filter (sta11 section 9.3.3.5.1, tables 24 and 25): geography'POLYGON ((…))', st_within, geo.distance …
 *
 * Every place here is a point, so that each function has a point on one side at least. What a point and a geometry have in
 * common is one of three (inside, on the boundary, outside); from it follows the matrix of the Dimensionally Extended
 * 9-Intersection Model, and from that every st_ function by the patterns of OGC 06-103r4 (sfa1) section 6.1.15.3. Distances are
 * those of the plane, in degrees, as OData defines geo.distance in the reference system of its arguments (EPSG:4326).
 */
#include "server/sta_geo.h"

#include <ctype.h>
#include <math.h>
#include <string.h>

#include "base/number.h"

enum { VERTICES_MAX = 1000, RINGS_MAX = 50 };

typedef struct {
    double x, y; /* longitude, latitude */
} vertex;

struct sta_shape {
    enum { POINT, LINE, POLYGON } is;
    size_t n_rings; /* 1 but of polygons */
    size_t ends[RINGS_MAX];
    size_t n;
    vertex at[]; /* ring after ring */
};

static bool is_same(vertex a, vertex b)
{
    return a.x == b.x && a.y == b.y;
}

/* ---- well-known text ------------------------------------------------------------------------------------ */

typedef struct {
    sei_ctx    *ctx;
    const char *at, *end;
    sta_shape  *shape;
    size_t      room; /* for vertices */
} reader;

static sei_status fail(const reader *r, const char *what)
{
    const int left = (int)(r->end - r->at);

    return sei_fail(r->ctx, SEI_E_PARSE, NULL, "$filter: geometry: %s at \"%.*s\"", what,
                    left < 30 ? left : 30, r->at);
}

static void skip_blanks(reader *r)
{
    while (r->at < r->end && *r->at == ' ')
        r->at++;
}

static bool take(reader *r, char c)
{
    skip_blanks(r);
    if (r->at >= r->end || *r->at != c)
        return false;
    r->at++;
    return true;
}

static bool take_word(reader *r, const char *word)
{
    const size_t n = strlen(word);

    skip_blanks(r);
    if ((size_t)(r->end - r->at) < n)
        return false;
    for (size_t i = 0; i < n; i++)
        if (toupper((unsigned char)r->at[i]) != word[i])
            return false;
    r->at += n;
    return true;
}

static sei_status read_number(reader *r, double *ret_value)
{
    size_t n = 0;

    skip_blanks(r);
    while (r->at + n < r->end && strchr("+-.0123456789eE", r->at[n]))
        n++;
    if (n == 0 || !sei_parse_double(r->at, n, ret_value) || !isfinite(*ret_value) ||
        fabs(*ret_value) > 1e6)
        return fail(r, "a number is expected");
    r->at += n;
    return SEI_OK;
}

/* "30 10" or "30 10 5": a height is read and has no effect, as everything here is seen from above. */
static sei_status read_vertex(reader *r)
{
    vertex     v      = {0};
    double     height = 0.0;
    sei_status st     = read_number(r, &v.x);

    if (st == SEI_OK)
        st = read_number(r, &v.y);
    skip_blanks(r);
    if (st == SEI_OK && r->at < r->end && strchr("+-.0123456789", *r->at))
        st = read_number(r, &height);
    if (st == SEI_OK && r->shape->n == r->room)
        return fail(r, "too many vertices");
    if (st == SEI_OK)
        r->shape->at[r->shape->n++] = v;
    return st;
}

static sei_status check_ring(const reader *r, const vertex ring[], size_t n)
{
    switch (r->shape->is) {
    case POINT: return n == 1 ? SEI_OK : fail(r, "a point is one vertex");
    case LINE: return n >= 2 ? SEI_OK : fail(r, "a line of less than two vertices");
    default: break;
    }
    return n >= 4 && is_same(ring[0], ring[n - 1])
               ? SEI_OK
               : fail(r, "a ring ends where it begins, after four vertices at least");
}

static sei_status read_ring(reader *r)
{
    sta_shape   *s     = r->shape;
    sei_status   st    = SEI_OK;
    const size_t first = s->n;

    if (s->n_rings == RINGS_MAX)
        return fail(r, "too many rings");
    if (!take(r, '('))
        return fail(r, "( is expected");
    do
        st = read_vertex(r);
    while (st == SEI_OK && take(r, ','));
    if (st == SEI_OK && !take(r, ')'))
        return fail(r, ") is expected");
    s->ends[s->n_rings++] = s->n;
    return st == SEI_OK ? check_ring(r, s->at + first, s->n - first) : st;
}

static sei_status read_rings(reader *r)
{
    sei_status st = SEI_OK;

    if (r->shape->is != POLYGON)
        return read_ring(r);
    if (!take(r, '('))
        return fail(r, "( is expected");
    do
        st = read_ring(r);
    while (st == SEI_OK && take(r, ','));
    return st == SEI_OK && !take(r, ')') ? fail(r, ") is expected") : st;
}

sei_status sta_shape_read(sei_ctx *ctx, sei_arena *arena, const char *text, size_t len,
                          const sta_shape **ret_shape)
{
    const size_t most = len / 4 + 1; /* "1 2," is the shortest vertex */
    const size_t n    = most < VERTICES_MAX ? most : VERTICES_MAX;
    sta_shape   *s    = sei_arena_alloc(arena, 1, sizeof *s + n * sizeof s->at[0]);
    reader       r    = {ctx, text, text + len, s, n};

    if (!s)
        return SEI_E_NOMEM;
    if (take_word(&r, "POINT"))
        s->is = POINT;
    else if (take_word(&r, "LINESTRING"))
        s->is = LINE;
    else if (take_word(&r, "POLYGON"))
        s->is = POLYGON;
    else
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                        "$filter: POINT, LINESTRING and POLYGON are known here");
    sei_status st = read_rings(&r);
    skip_blanks(&r);
    if (st == SEI_OK && r.at < r.end)
        st = fail(&r, "the end is expected");
    if (st == SEI_OK)
        *ret_shape = s;
    return st;
}

const sta_shape *sta_shape_point(sei_arena *arena, double longitude, double latitude)
{
    sta_shape *s = sei_arena_alloc(arena, 1, sizeof *s + sizeof s->at[0]);

    if (!s)
        return NULL;
    s->is      = POINT;
    s->n_rings = s->n = s->ends[0] = 1;
    s->at[0]                       = (vertex){longitude, latitude};
    return s;
}

/* ---- a point and a shape -------------------------------------------------------------------------------- */

static bool is_on(vertex p, vertex a, vertex b)
{
    return (b.x - a.x) * (p.y - a.y) == (b.y - a.y) * (p.x - a.x) && p.x >= fmin(a.x, b.x) &&
           p.x <= fmax(a.x, b.x) && p.y >= fmin(a.y, b.y) && p.y <= fmax(a.y, b.y);
}

static double distance_to(vertex p, vertex a, vertex b)
{
    const double dx = b.x - a.x, dy = b.y - a.y, square = dx * dx + dy * dy;
    const double share = square > 0 ? ((p.x - a.x) * dx + (p.y - a.y) * dy) / square : 0.0;
    const double t     = fmin(fmax(share, 0.0), 1.0);

    return hypot(p.x - (a.x + t * dx), p.y - (a.y + t * dy));
}

typedef enum { INSIDE, BOUNDARY, OUTSIDE } place;

static bool is_closed(const sta_shape *s)
{
    return is_same(s->at[0], s->at[s->n - 1]);
}

/* The boundary of a line are its two ends, of a closed one it is empty (sfa1 section 6.1.6.1). */
static place on_line(const sta_shape *s, vertex p)
{
    if (!is_closed(s) && (is_same(p, s->at[0]) || is_same(p, s->at[s->n - 1])))
        return BOUNDARY;
    for (size_t i = 1; i < s->n; i++)
        if (is_on(p, s->at[i - 1], s->at[i]))
            return INSIDE;
    return OUTSIDE;
}

/* A ray to the right crosses rings an odd number of times: inside, holes counted along. */
static place in_polygon(const sta_shape *s, vertex p)
{
    bool   is_inside = false;
    size_t begin     = 0;

    for (size_t k = 0; k < s->n_rings; begin = s->ends[k++])
        for (size_t i = begin + 1; i < s->ends[k]; i++) {
            const vertex a = s->at[i - 1], b = s->at[i];
            if (is_on(p, a, b))
                return BOUNDARY;
            if ((a.y > p.y) != (b.y > p.y) && p.x < (b.x - a.x) * (p.y - a.y) / (b.y - a.y) + a.x)
                is_inside = !is_inside;
        }
    return is_inside ? INSIDE : OUTSIDE;
}

static place place_of(const sta_shape *s, vertex p)
{
    switch (s->is) {
    case POINT: return is_same(p, s->at[0]) ? INSIDE : OUTSIDE;
    case LINE: return on_line(s, p);
    default: return in_polygon(s, p);
    }
}

static double distance_from(const sta_shape *s, vertex p)
{
    double least = s->is == POINT ? hypot(p.x - s->at[0].x, p.y - s->at[0].y) : HUGE_VAL;
    size_t begin = 0;

    if (s->is == POLYGON && in_polygon(s, p) != OUTSIDE)
        return 0.0;
    for (size_t k = 0; k < s->n_rings; begin = s->ends[k++])
        for (size_t i = begin + 1; i < s->ends[k]; i++)
            least = fmin(least, distance_to(p, s->at[i - 1], s->at[i]));
    return least;
}

enum { MATRIX = 9 };

/* Interior, boundary and exterior of a with those of b, row by row: 'F' nothing, '0' '1' '2' the dimension. a is a point. */
static void relate(const sta_shape *a, const sta_shape *b, char out[MATRIX])
{
    const place p = place_of(b, a->at[0]);

    memset(out, 'F', MATRIX);
    out[p] = '0';
    if (b->is != POINT || p == OUTSIDE) /* what of b lies outside of the point */
        out[6] = (char)('0' + (b->is == POLYGON ? 2 : b->is == LINE ? 1 : 0));
    if (b->is == POLYGON)
        out[7] = '1';
    if (b->is == LINE && !is_closed(b))
        out[7] = '0'; /* of two ends one is left at least */
    out[8] = '2';
}

static void transpose(char m[MATRIX])
{
    for (int i = 0; i < 3; i++)
        for (int k = i + 1; k < 3; k++) {
            const char c = m[3 * i + k];
            m[3 * i + k] = m[3 * k + i];
            m[3 * k + i] = c;
        }
}

static bool fits(const char m[MATRIX], const char *pattern)
{
    for (int i = 0; i < MATRIX; i++)
        if (!(pattern[i] == '*' || pattern[i] == m[i] || (pattern[i] == 'T' && m[i] != 'F')))
            return false;
    return true;
}

/* ---- functions ------------------------------------------------------------------------------------------ */

static sei_status wrong(sei_ctx *ctx, const char *name, const char *what)
{
    return sei_fail(ctx, SEI_E_TYPE, NULL, "$filter: %s: %s", name, what);
}

/* Both shapes; *ret_none: one is nothing (a station without a place), and so is the answer. */
static sei_status take_two(sei_ctx *ctx, const char *name, const sta_value v[], bool *ret_none)
{
    *ret_none = v[0].kind == STA_NULL || v[1].kind == STA_NULL;
    if (*ret_none)
        return SEI_OK;
    if (v[0].kind != STA_SHAPE || v[1].kind != STA_SHAPE)
        return wrong(ctx, name, "two geometries are expected");
    if (v[0].shape->is != POINT && v[1].shape->is != POINT)
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL, "$filter: %s: one of the two must be a point",
                        name);
    return SEI_OK;
}

static sei_status matrix_of(sei_ctx *ctx, const char *name, const sta_value v[], bool *ret_none,
                            char m[MATRIX])
{
    const sei_status st = take_two(ctx, name, v, ret_none);

    if (st != SEI_OK || *ret_none)
        return st;
    const bool is_first = v[0].shape->is == POINT;
    relate(v[is_first ? 0 : 1].shape, v[is_first ? 1 : 0].shape, m);
    if (!is_first)
        transpose(m);
    return SEI_OK;
}

static sta_value truth_or_null(bool is_none, bool is)
{
    return is_none ? (sta_value){.kind = STA_NULL} : (sta_value){.kind = STA_BOOL, .number = is};
}

#define FUNCTION(name)                                                                   \
    sei_status sta_##name(sei_ctx *ctx, sei_arena *arena, size_t n, const sta_value v[], \
                          sta_value *ret_value)

/* holds: of the matrix m; a and b are the two shapes. */
#define RELATION(name, holds)                                         \
    FUNCTION(name)                                                    \
    {                                                                 \
        char       m[MATRIX] = {0};                                   \
        bool       is_none   = false;                                 \
        sei_status st        = matrix_of(ctx, #name, v, &is_none, m); \
        (void)arena;                                                  \
        (void)n;                                                      \
        if (st == SEI_OK)                                             \
            *ret_value = truth_or_null(is_none, !is_none && (holds)); \
        return st;                                                    \
    }

RELATION(st_equals, fits(m, "T*F**FFF*"))
RELATION(st_disjoint, fits(m, "FF*FF****"))
RELATION(st_intersects, !fits(m, "FF*FF****"))
RELATION(st_touches, fits(m, "FT*******") || fits(m, "F**T*****") || fits(m, "F***T****"))
RELATION(st_within, fits(m, "T*F**F***"))
RELATION(st_contains, fits(m, "T*****FF*"))
/* Of shapes of one dimension, each with something that the other has not: two points never overlap. */
RELATION(st_overlaps, v[0].shape->is == v[1].shape->is && fits(m, "T*T***T**"))
/* The smaller dimension goes through the larger: one point never is in and out. */
RELATION(st_crosses,
         v[0].shape->is<v[1].shape->is ? fits(m, "T*T******") : v[0].shape->is> v[1].shape->is
             ? fits(m, "T*****T**")
             : false)

FUNCTION(st_relate)
{
    char       m[MATRIX] = {0};
    bool       is_none   = false;
    sei_status st        = matrix_of(ctx, "st_relate", v, &is_none, m);

    (void)arena;
    (void)n;
    if (st == SEI_OK && (v[2].kind != STA_TEXT || strlen(v[2].text) != MATRIX ||
                         strspn(v[2].text, "TF*012") != MATRIX))
        return wrong(ctx, "st_relate", "a pattern of nine of T F * 0 1 2 is expected");
    if (st == SEI_OK)
        *ret_value = truth_or_null(is_none, !is_none && fits(m, v[2].text));
    return st;
}

FUNCTION(geo_distance)
{
    bool       is_none = false;
    sei_status st      = take_two(ctx, "geo.distance", v, &is_none);

    (void)arena;
    (void)n;
    *ret_value = (sta_value){.kind = STA_NULL};
    if (st == SEI_OK && !is_none) {
        const bool is_first = v[0].shape->is == POINT;
        *ret_value          = (sta_value){
                     .kind   = STA_NUMBER,
                     .number = distance_from(v[is_first ? 1 : 0].shape, v[is_first ? 0 : 1].shape->at[0])};
    }
    return st;
}

FUNCTION(geo_length)
{
    double length = 0.0;

    (void)arena;
    (void)n;
    *ret_value = (sta_value){.kind = STA_NULL};
    if (v[0].kind == STA_NULL)
        return SEI_OK;
    if (v[0].kind != STA_SHAPE || v[0].shape->is == POLYGON)
        return wrong(ctx, "geo.length", "a line is expected");
    for (size_t i = 1; i < v[0].shape->n; i++)
        length += hypot(v[0].shape->at[i].x - v[0].shape->at[i - 1].x,
                        v[0].shape->at[i].y - v[0].shape->at[i - 1].y);
    *ret_value = (sta_value){.kind = STA_NUMBER, .number = length};
    return SEI_OK;
}
