/* senml_cbor.c - SenML in CBOR: tokens from libcbor's streaming decoder, which allocates nothing */
#include <cbor.h>
#include <string.h>

#include "msg/senml.h"

typedef enum {
    T_NONE,
    T_UINT,
    T_NEGINT,
    T_FLOAT,
    T_TEXT,
    T_BYTES,
    T_BOOL,
    T_ARRAY,
    T_MAP,
    T_BREAK,
    T_OTHER
} token_kind;

/* One token: n is a number's magnitude or a count of items; is_open: as many as come before a break. */
typedef struct {
    token_kind     kind;
    uint64_t       n;
    double         real;
    bool           truth, is_open;
    const uint8_t *at;
    size_t         len;
} token;

typedef struct {
    sei_ctx       *ctx;
    const uint8_t *bytes;
    size_t         len, pos;
    token          t;
} scanner;

/* libcbor gives the scanner to its callbacks */
#define ON(name, type, ...)                       \
    static void on_##name(void *user, type value) \
    {                                             \
        token *t = user;                          \
        __VA_ARGS__                               \
    }
#define ON_MARK(name, ...)            \
    static void on_##name(void *user) \
    {                                 \
        token *t = user;              \
        __VA_ARGS__                   \
    }

ON(uint8, uint8_t, t->kind = T_UINT; t->n = value;)
ON(uint16, uint16_t, t->kind = T_UINT; t->n = value;)
ON(uint32, uint32_t, t->kind = T_UINT; t->n = value;)
ON(uint64, uint64_t, t->kind = T_UINT; t->n = value;)
ON(negint8, uint8_t, t->kind = T_NEGINT; t->n = value;)
ON(negint16, uint16_t, t->kind = T_NEGINT; t->n = value;)
ON(negint32, uint32_t, t->kind = T_NEGINT; t->n = value;)
ON(negint64, uint64_t, t->kind = T_NEGINT; t->n = value;)
ON(float, float, t->kind = T_FLOAT; t->real = (double)value;)
ON(double, double, t->kind = T_FLOAT; t->real = value;)
ON(bool, bool, t->kind = T_BOOL; t->truth = value;)
ON(tag, uint64_t, t->kind = T_OTHER; t->n = value;)
ON_MARK(array_open, t->kind = T_ARRAY; t->is_open = true;)
ON_MARK(map_open, t->kind = T_MAP; t->is_open = true;)
ON_MARK(other, t->kind = T_OTHER;)
ON_MARK(break, t->kind = T_BREAK;)

static void on_array(void *user, size_t n)
{
    *(token *)user = (token){.kind = T_ARRAY, .n = n};
}

static void on_map(void *user, size_t n)
{
    *(token *)user = (token){.kind = T_MAP, .n = n};
}

static void on_text(void *user, cbor_data at, size_t len)
{
    *(token *)user = (token){.kind = T_TEXT, .at = at, .len = len};
}

static void on_bytes(void *user, cbor_data at, size_t len)
{
    *(token *)user = (token){.kind = T_BYTES, .at = at, .len = len};
}

static const struct cbor_callbacks callbacks = {
    .uint8             = on_uint8,
    .uint16            = on_uint16,
    .uint32            = on_uint32,
    .uint64            = on_uint64,
    .negint8           = on_negint8,
    .negint16          = on_negint16,
    .negint32          = on_negint32,
    .negint64          = on_negint64,
    .byte_string_start = on_other,
    .byte_string       = on_bytes,
    .string            = on_text,
    .string_start      = on_other,
    .indef_array_start = on_array_open,
    .array_start       = on_array,
    .indef_map_start   = on_map_open,
    .map_start         = on_map,
    .tag               = on_tag,
    .float2            = on_float,
    .float4            = on_float,
    .float8            = on_double,
    .undefined         = on_other,
    .null              = on_other,
    .boolean           = on_bool,
    .indef_break       = on_break,
};

static sei_status fail(const scanner *s, const char *what)
{
    return sei_fail(s->ctx, SEI_E_PARSE, NULL, "SenML CBOR at byte %zu: %s", s->pos, what);
}

static sei_status next(scanner *s)
{
    s->t = (token){.kind = T_NONE};
    const struct cbor_decoder_result r =
        cbor_stream_decode(s->bytes + s->pos, s->len - s->pos, &callbacks, &s->t);
    if (r.status != CBOR_DECODER_FINISHED || r.read == 0 || s->t.kind == T_NONE)
        return fail(s, r.status == CBOR_DECODER_NEDATA ? "the data end too early" : "no CBOR");
    s->pos += r.read;
    return SEI_OK;
}

static sei_status number(const scanner *s, double *ret_value, bool *ret_has)
{
    switch (s->t.kind) {
    case T_UINT: *ret_value = (double)s->t.n; break;
    case T_NEGINT: *ret_value = -1.0 - (double)s->t.n; break;
    case T_FLOAT: *ret_value = s->t.real; break;
    default: return fail(s, "a number is expected");
    }
    *ret_has = true;
    return SEI_OK;
}

static sei_status text(const scanner *s, const char *key, char *out, size_t size, bool *ret_has)
{
    if (s->t.kind != T_TEXT)
        return fail(s, "a text is expected");
    *ret_has = true;
    return sei_senml_text(s->ctx, key, (const char *)s->t.at, s->t.len, out, size);
}

/* Labels of RFC 8428 table 4 (section 6). */
static sei_status take(const scanner *s, int64_t label, sei_senml_item *item)
{
    bool has_n = false;

    switch (label) {
    case -1: return number(s, &item->bver, &item->has_bver);
    case -2: return text(s, "bn", item->bn, sizeof item->bn, &item->has_bn);
    case -3: return number(s, &item->bt, &item->has_bt);
    case -4: return text(s, "bu", item->bu, sizeof item->bu, &item->has_bu);
    case -5: return number(s, &item->bv, &item->has_bv);
    case 0: return text(s, "n", item->n, sizeof item->n, &has_n);
    case 1: return text(s, "u", item->u, sizeof item->u, &item->has_u);
    case 2: return number(s, &item->v, &item->has_v);
    case 4:
        if (s->t.kind != T_BOOL)
            return fail(s, "vb is neither true nor false");
        item->has_vb = true;
        item->vb     = s->t.truth;
        return SEI_OK;
    case 6: return number(s, &item->t, &item->has_t);
    case 3:
    case 5:
    case 8: item->has_other = true; break;
    default: break;
    }
    return s->t.kind == T_ARRAY || s->t.kind == T_MAP || s->t.kind == T_OTHER ||
                   s->t.kind == T_BREAK
               ? fail(s, "a number, text or truth value is expected")
               : SEI_OK;
}

static sei_status read_label(const scanner *s, int64_t *ret_label)
{
    if (s->t.kind == T_TEXT) { /* extensions may be named; those that must be understood end in _ */
        if (s->t.len > 0 && s->t.at[s->t.len - 1] == '_')
            return sei_fail(s->ctx, SEI_E_UNSUPPORTED, NULL, "SenML: field %.*s is not known",
                            (int)(s->t.len < 20 ? s->t.len : 20), (const char *)s->t.at);
        *ret_label = INT64_MAX;
        return SEI_OK;
    }
    if ((s->t.kind != T_UINT && s->t.kind != T_NEGINT) || s->t.n > 1000)
        return fail(s, "a label is expected");
    *ret_label = s->t.kind == T_UINT ? (int64_t)s->t.n : -1 - (int64_t)s->t.n;
    return SEI_OK;
}

static sei_status read_map(scanner *s, sei_senml_item *item)
{
    const token map = s->t;

    if (map.kind != T_MAP)
        return fail(s, "a map is expected");
    for (uint64_t i = 0; map.is_open || i < map.n; i++) {
        int64_t    label = 0;
        sei_status st    = next(s);
        if (st == SEI_OK && map.is_open && s->t.kind == T_BREAK)
            return SEI_OK;
        if (st == SEI_OK)
            st = read_label(s, &label);
        if (st == SEI_OK)
            st = next(s);
        if (st == SEI_OK)
            st = take(s, label, item);
        if (st != SEI_OK)
            return st;
    }
    return SEI_OK;
}

sei_status sei_msg_read_senml_cbor(const uint8_t *bytes, size_t len, int64_t now_us, sei_msg *msg)
{
    scanner   s = {.ctx = msg->ctx, .bytes = bytes, .len = len};
    sei_senml senml;

    if (len > SEI_MSG_BYTES_MAX)
        return sei_fail(msg->ctx, SEI_E_TOO_LARGE, NULL, "%zu bytes of CBOR", len);
    sei_senml_init(&senml, now_us, msg);
    sei_status  st   = next(&s);
    const token pack = s.t;
    if (st == SEI_OK && pack.kind != T_ARRAY)
        st = fail(&s, "the pack is not a list");
    for (uint64_t i = 0; st == SEI_OK && (pack.is_open || i < pack.n); i++) {
        sei_senml_item item = {0};
        st                  = next(&s);
        if (st == SEI_OK && pack.is_open && s.t.kind == T_BREAK)
            break;
        if (st == SEI_OK)
            st = read_map(&s, &item);
        if (st == SEI_OK)
            st = sei_senml_item_add(&senml, &item);
    }
    if (st == SEI_OK && s.pos != len)
        st = fail(&s, "bytes follow the pack");
    return st;
}
