/* block.c - the packed form of points: writer and reader */
#include "store/block.h"

#include <math.h>
#include <sodium.h>
#include <stdbool.h>
#include <string.h>

enum { VERSION = 1, DECIMALS_MAX = 9, XOR_MODE = 255, CHECKSUM = 4, VARINT_MAX = 10 };

/* ---- bytes and bits ---------------------------------------------------------------------------- */

/* room is always enough: sizes are bounded beforehand */
typedef struct {
    uint8_t *at;
    size_t   len;
    unsigned bit; /* bits used of the last byte; 0: none begun */
} writer;

typedef struct {
    const uint8_t *at;
    size_t         len, pos;
    unsigned       bit;
    bool           bad;
} reader;

static uint64_t zigzag(uint64_t v)
{
    return (v << 1) ^ (uint64_t)(v >> 63 ? UINT64_MAX : 0);
}

static uint64_t unzigzag(uint64_t v)
{
    return (v >> 1) ^ (v & 1 ? UINT64_MAX : 0);
}

static void put_varint(writer *w, uint64_t v)
{
    for (; v >= 0x80; v >>= 7)
        w->at[w->len++] = (uint8_t)(v | 0x80);
    w->at[w->len++] = (uint8_t)v;
}

static uint64_t get_varint(reader *r)
{
    uint64_t v = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (r->pos >= r->len)
            break;
        const uint8_t byte = r->at[r->pos++];
        v |= (uint64_t)(byte & 0x7F) << shift;
        if (!(byte & 0x80))
            return v;
    }
    r->bad = true;
    return 0;
}

static void put_bits(writer *w, uint64_t v, unsigned n)
{
    while (n > 0) {
        if (w->bit == 0)
            w->at[w->len++] = 0;
        const unsigned room = 8 - w->bit, take = n < room ? n : room;
        const uint64_t part = (v >> (n - take)) & ((1u << take) - 1);
        w->at[w->len - 1]   = (uint8_t)(w->at[w->len - 1] | part << (room - take));
        w->bit              = (w->bit + take) % 8;
        n -= take;
    }
}

static uint64_t get_bits(reader *r, unsigned n)
{
    uint64_t v = 0;

    while (n > 0) {
        if (r->bit == 0) {
            if (r->pos >= r->len) {
                r->bad = true;
                return 0;
            }
            r->pos++;
        }
        const unsigned room = 8 - r->bit, take = n < room ? n : room;
        v      = v << take | ((uint64_t)(r->at[r->pos - 1] >> (room - take)) & ((1u << take) - 1));
        r->bit = (r->bit + take) % 8;
        n -= take;
    }
    return v;
}

/* ---- columns of whole numbers ------------------------------------------------------------------ */

static int64_t column_value(const sei_point *p, unsigned column)
{
    switch (column) {
    case 0: return p->time_us;
    case 1: return p->epoch;
    case 2: return p->seq;
    default: return p->kind;
    }
}

static void set_column(sei_point *p, unsigned column, int64_t value)
{
    switch (column) {
    case 0: p->time_us = value; break;
    case 1: p->epoch = value; break;
    case 2: p->seq = value; break;
    default: p->kind = value; break;
    }
}

/* A stream of numbers in which zero is followed by how many more zeros there are. */
typedef struct {
    uint64_t zeros;
} runs;

static void put_number(writer *w, runs *z, uint64_t v)
{
    if (v == 0) {
        z->zeros++;
        return;
    }
    if (z->zeros) {
        put_varint(w, 0);
        put_varint(w, z->zeros - 1);
        z->zeros = 0;
    }
    put_varint(w, v);
}

static void end_numbers(writer *w, runs *z)
{
    if (z->zeros) {
        put_varint(w, 0);
        put_varint(w, z->zeros - 1);
    }
}

static uint64_t get_number(reader *r, runs *z)
{
    if (z->zeros) {
        z->zeros--;
        return 0;
    }
    const uint64_t v = get_varint(r);
    if (v == 0)
        z->zeros = get_varint(r);
    return v;
}

/* A step that all times are whole multiples of; differences wrap around in 64 bits, which is exact. */
static uint64_t time_step(size_t n, const sei_point points[])
{
    static const int64_t steps[] = {60 * SEI_US_PER_S, SEI_US_PER_S, 1000};

    for (size_t s = 0; s < sizeof steps / sizeof steps[0]; s++) {
        size_t i = 0;
        while (i < n && points[i].time_us % steps[s] == 0)
            i++;
        if (i == n)
            return (uint64_t)steps[s];
    }
    return 1;
}

static void put_column(writer *w, size_t n, const sei_point points[], unsigned column, int64_t step)
{
    uint64_t last = 0, last_d = 0;
    runs     z = {0};

    for (size_t i = 0; i < n; i++) {
        const uint64_t v = (uint64_t)(column_value(&points[i], column) / step), d = v - last;
        put_number(w, &z, zigzag(d - last_d));
        last   = v;
        last_d = i == 0 ? 0 : d; /* the first value is no step */
    }
    end_numbers(w, &z);
}

static void get_column(reader *r, size_t n, sei_point points[], unsigned column, uint64_t step)
{
    uint64_t last = 0, d = 0;
    runs     z = {0};

    for (size_t i = 0; i < n && !r->bad; i++) {
        d += unzigzag(get_number(r, &z));
        last += d;
        set_column(&points[i], column, (int64_t)(last * step));
        if (i == 0)
            d = 0;
    }
}

/* ---- values ------------------------------------------------------------------------------------ */

static uint64_t bits_of(double v)
{
    uint64_t bits;

    memcpy(&bits, &v, sizeof bits);
    return bits;
}

static double double_of(uint64_t bits)
{
    double v;

    memcpy(&v, &bits, sizeof v);
    return v;
}

static const double powers[DECIMALS_MAX + 1] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9};

/* Is v exactly a whole number of 10^-decimals, as dividing gives it back? Minus zero is not. */
static bool is_decimal(double v, unsigned decimals, int64_t *ret_whole)
{
    const double scaled = v * powers[decimals];

    if (!(fabs(scaled) < 9007199254740992.0)) /* 2^53: beyond it doubles skip whole numbers */
        return false;
    const int64_t whole = (int64_t)nearbyint(scaled);
    if (bits_of((double)whole / powers[decimals]) != bits_of(v))
        return false;
    *ret_whole = whole;
    return true;
}

static unsigned find_decimals(size_t n, const sei_point points[])
{
    unsigned decimals = 0;
    int64_t  whole;

    for (size_t i = 0; i < n; i++) {
        while (decimals <= DECIMALS_MAX && !is_decimal(points[i].value, decimals, &whole))
            decimals++;
        if (decimals > DECIMALS_MAX)
            return XOR_MODE;
    }
    for (size_t i = 0; i < n; i++) /* more decimals must not have lost an earlier one */
        if (!is_decimal(points[i].value, decimals, &whole))
            return XOR_MODE;
    return decimals;
}

static void put_decimals(writer *w, size_t n, const sei_point points[], unsigned decimals)
{
    int64_t last = 0, whole = 0;
    runs    z = {0};

    for (size_t i = 0; i < n; i++) {
        (void)is_decimal(points[i].value, decimals, &whole);
        put_number(w, &z, zigzag((uint64_t)whole - (uint64_t)last));
        last = whole;
    }
    end_numbers(w, &z);
}

static void get_decimals(reader *r, size_t n, sei_point points[], unsigned decimals)
{
    uint64_t last = 0;
    runs     z    = {0};

    for (size_t i = 0; i < n && !r->bad; i++) {
        last += unzigzag(get_number(r, &z));
        points[i].value = (double)(int64_t)last / powers[decimals];
    }
}

/* Gorilla §4.1.2: one bit for "same"; else the differing bits, in the last window when they fit. */
static void put_xor(writer *w, size_t n, const sei_point points[])
{
    uint64_t last = 0;
    unsigned lead = 65, trail = 0;

    for (size_t i = 0; i < n; i++) {
        const uint64_t x = bits_of(points[i].value) ^ last;
        last             = bits_of(points[i].value);
        if (x == 0) {
            put_bits(w, 0, 1);
            continue;
        }
        unsigned l = (unsigned)__builtin_clzll(x), t = (unsigned)__builtin_ctzll(x);
        if (l > 31)
            l = 31;
        if (lead <= 31 && l >= lead && t >= trail) {
            put_bits(w, 2, 2);
        } else {
            lead  = l;
            trail = t;
            put_bits(w, 3, 2);
            put_bits(w, lead, 5);
            put_bits(w, 64 - lead - trail - 1, 6);
        }
        put_bits(w, x >> trail, 64 - lead - trail);
    }
}

static void get_xor(reader *r, size_t n, sei_point points[])
{
    uint64_t last  = 0;
    unsigned trail = 0, width = 0;

    for (size_t i = 0; i < n && !r->bad; i++) {
        if (get_bits(r, 1)) {
            if (get_bits(r, 1)) {
                const unsigned lead = (unsigned)get_bits(r, 5);
                width               = (unsigned)get_bits(r, 6) + 1;
                r->bad |= lead + width > 64;
                trail = r->bad ? 0 : 64 - lead - width;
            }
            r->bad |= width == 0;
            last ^= r->bad ? 0 : get_bits(r, width) << trail;
        }
        points[i].value = double_of(last);
    }
}

/* ---- blocks ------------------------------------------------------------------------------------ */

static void checksum(const uint8_t *bytes, size_t len, uint8_t ret_sum[CHECKSUM])
{
    uint8_t hash[crypto_generichash_BYTES_MIN];

    crypto_generichash(hash, sizeof hash, bytes, len, NULL, 0);
    memcpy(ret_sum, hash, CHECKSUM);
}

sei_status sei_block_pack(sei_ctx *ctx, size_t n, const sei_point points[], uint8_t **ret_bytes,
                          size_t *ret_len)
{
    if (n == 0 || n > SEI_BLOCK_POINTS_MAX)
        return sei_fail(ctx, SEI_E_ARG, NULL, "a block holds 1 to %d points, not %zu",
                        SEI_BLOCK_POINTS_MAX, n);
    /* four columns and a value of at most a varint or 77 bits each, and runs before them */
    writer w = {.at = sei_alloc(ctx, n * 5 * VARINT_MAX + 64, 2)};
    if (!w.at)
        return SEI_E_NOMEM;
    const uint64_t step     = time_step(n, points);
    const unsigned decimals = find_decimals(n, points);
    w.at[w.len++]           = VERSION;
    put_varint(&w, n);
    put_varint(&w, step);
    for (unsigned column = 0; column < 4; column++)
        put_column(&w, n, points, column, column == 0 ? (int64_t)step : 1);
    w.at[w.len++] = (uint8_t)decimals;
    if (decimals == XOR_MODE)
        put_xor(&w, n, points);
    else
        put_decimals(&w, n, points, decimals);
    checksum(w.at, w.len, w.at + w.len);
    *ret_bytes = w.at;
    *ret_len   = w.len + CHECKSUM;
    return SEI_OK;
}

static bool unpack(reader *r, size_t n, uint64_t step, sei_point points[])
{
    memset(points, 0, n * sizeof *points);
    for (unsigned column = 0; column < 4; column++)
        get_column(r, n, points, column, column == 0 ? step : 1);
    const unsigned decimals = r->pos < r->len ? r->at[r->pos++] : 254;
    if (decimals == XOR_MODE)
        get_xor(r, n, points);
    else if (decimals <= DECIMALS_MAX)
        get_decimals(r, n, points, decimals);
    else
        r->bad = true;
    return !r->bad && r->pos == r->len;
}

sei_status sei_block_unpack(sei_ctx *ctx, const uint8_t *bytes, size_t len, sei_points *points)
{
    uint8_t sum[CHECKSUM];

    if (len < CHECKSUM + 4)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "block of %zu bytes", len);
    checksum(bytes, len - CHECKSUM, sum);
    if (memcmp(sum, bytes + len - CHECKSUM, CHECKSUM) != 0)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "checksum of a block of %zu bytes is wrong", len);
    reader         r    = {.at = bytes, .len = len - CHECKSUM, .pos = 1};
    const uint64_t n    = get_varint(&r);
    const uint64_t step = get_varint(&r);
    if (bytes[0] != VERSION || r.bad || n == 0 || n > SEI_BLOCK_POINTS_MAX)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "block of version %d with %llu points", bytes[0],
                        (unsigned long long)n);
    const sei_status st = sei_points_reserve(points, (size_t)n);
    if (st != SEI_OK)
        return st;
    if (!unpack(&r, (size_t)n, step, points->at + points->n))
        return sei_fail(ctx, SEI_E_PARSE, NULL, "block of %llu points is damaged",
                        (unsigned long long)n);
    points->n += (size_t)n;
    return SEI_OK;
}
