/* pg_value.c - values on their way to PostgreSQL */
#include "store/pg_value.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"

enum { ARRAY_HEAD = 20, ELEMENT = 12 };

static void put_be(char *to, uint64_t bits, size_t n_bytes)
{
    for (size_t i = 0; i < n_bytes; i++)
        to[i] = (char)(uint8_t)(bits >> (8 * (n_bytes - 1 - i)));
}

/* ---- texts ---------------------------------------------------------------------------------------------- */

static bool needs_mending(const sei_bind *v)
{
    return v->kind == SEI_BIND_TEXT &&
           (!sei_utf8_is_valid(v->bytes, v->len) || memchr(v->bytes, '\0', v->len));
}

/* PostgreSQL takes well-formed UTF-8 only; what a frame says about itself may be cut inside a character. */
static void mend_text(sei_pg_arguments *a, size_t i, const sei_bind *v)
{
    static const char replacement[] = "\xEF\xBF\xBD";
    const char       *text          = v->bytes;
    char             *out           = a->made + a->n_made;

    a->at[i] = out;
    for (size_t k = 0; k < v->len;) {
        size_t n = 4;
        while (n > 0 && (k + n > v->len || !sei_utf8_is_valid(text + k, n)))
            n--;
        const bool good = n > 0 && !memchr(text + k, '\0', n);
        memcpy(out, good ? text + k : replacement, good ? n : 3);
        out += good ? n : 3;
        k += good ? n : 1;
    }
    *out++    = '\0';
    a->n_made = (size_t)(out - a->made);
}

/* ---- arrays --------------------------------------------------------------------------------------------- */

/* One dimension, no NULL among them, type of an element, how many, number of the first; then length and bytes of each
 * (array_recv of PostgreSQL). */
static void put_array(sei_pg_arguments *a, size_t i, const sei_bind *v)
{
    const int64_t *values = v->bytes;
    char          *out    = a->made + a->n_made;

    a->at[i]  = out;
    a->len[i] = (int)(ARRAY_HEAD + v->len * ELEMENT);
    put_be(out, 1, 4);
    put_be(out + 4, 0, 4);
    put_be(out + 8, SEI_PG_INT8, 4);
    put_be(out + 12, v->len, 4);
    put_be(out + 16, 1, 4);
    out += ARRAY_HEAD;
    for (size_t k = 0; k < v->len; k++, out += ELEMENT) {
        put_be(out, sizeof *values, 4);
        put_be(out + 4, (uint64_t)values[k], sizeof *values);
    }
    a->n_made = (size_t)(out - a->made);
}

/* ---- arguments ------------------------------------------------------------------------------------------ */

static void bind_one(sei_pg_arguments *a, size_t i, const sei_bind *v)
{
    a->at[i]     = a->numbers[i];
    a->len[i]    = 0;
    a->format[i] = SEI_PG_TEXT_FORMAT;
    switch (v->kind) {
    case SEI_BIND_INT:
        a->type[i] = SEI_PG_INT8;
        snprintf(a->numbers[i], SEI_PG_NUMBER_BYTES, "%lld", (long long)v->integer);
        return;
    case SEI_BIND_REAL:
        a->type[i] = SEI_PG_FLOAT8;
        snprintf(a->numbers[i], SEI_PG_NUMBER_BYTES, "%.17g", v->real);
        return;
    case SEI_BIND_TEXT:
        a->type[i] = SEI_PG_TEXT;
        a->at[i]   = v->bytes;
        return;
    case SEI_BIND_BLOB:
        a->type[i]   = SEI_PG_BYTES;
        a->at[i]     = v->bytes;
        a->len[i]    = (int)v->len;
        a->format[i] = SEI_PG_BYTE_FORMAT;
        return;
    case SEI_BIND_INTS:
        a->type[i]   = SEI_PG_INT8S;
        a->format[i] = SEI_PG_BYTE_FORMAT;
        return;
    case SEI_BIND_NULL: break;
    }
    a->type[i] = 0;
    a->at[i]   = NULL;
}

static size_t room_of(const sei_bind *v)
{
    if (v->kind == SEI_BIND_INTS)
        return ARRAY_HEAD + v->len * ELEMENT;
    return needs_mending(v) ? 3 * v->len + 1 : 0;
}

sei_status sei_pg_bind(sei_ctx *ctx, const char *doing, size_t n, const sei_bind values[],
                       sei_pg_arguments *a)
{
    size_t room = 0;

    if (n > SEI_PG_VALUES_MAX)
        return sei_fail(ctx, SEI_E_INTERNAL, NULL, "store: %zu values for: %.200s", n, doing);
    for (size_t i = 0; i < n; i++) {
        bind_one(a, i, &values[i]);
        room += room_of(&values[i]);
    }
    if (room == 0)
        return SEI_OK;
    a->made = sei_alloc(ctx, room, 1);
    if (!a->made)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        if (values[i].kind == SEI_BIND_INTS)
            put_array(a, i, &values[i]);
        else if (needs_mending(&values[i]))
            mend_text(a, i, &values[i]);
    }
    return SEI_OK;
}

/* ---- rows ----------------------------------------------------------------------------------------------- */

/* Length, and so many bytes; a length of -1 is NULL. */
static sei_status put_value(sei_buf *copy, const sei_bind *v)
{
    const bool       is_number = v->kind == SEI_BIND_INT || v->kind == SEI_BIND_REAL;
    uint64_t         bits      = (uint64_t)v->integer;
    char             head[12];
    sei_pg_arguments mended = {0};

    if (v->kind == SEI_BIND_REAL)
        memcpy(&bits, &v->real, sizeof bits);
    put_be(head + 4, bits, 8);
    put_be(head, is_number ? 8 : v->kind == SEI_BIND_NULL ? UINT32_MAX : v->len, 4);
    if (is_number || v->kind == SEI_BIND_NULL || !needs_mending(v)) {
        sei_buf_put(copy, head, is_number ? 12 : 4);
        if (!is_number && v->kind != SEI_BIND_NULL)
            sei_buf_put(copy, v->bytes, v->len);
        return SEI_OK;
    }
    const sei_status st = sei_pg_bind(copy->ctx, "COPY", 1, v, &mended);
    if (st == SEI_OK) {
        put_be(head, strlen(mended.at[0]), 4);
        sei_buf_put(copy, head, 4);
        sei_buf_puts(copy, mended.at[0]);
    }
    sei_release(copy->ctx, mended.made);
    return st;
}

sei_status sei_pg_put_row(sei_buf *copy, size_t n, const sei_bind values[])
{
    const char count[2] = {(char)(n >> 8), (char)n};
    sei_status st       = SEI_OK;

    sei_buf_put(copy, count, sizeof count);
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = put_value(copy, &values[i]);
    return st == SEI_OK ? copy->status : st;
}
