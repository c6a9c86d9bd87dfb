/* pack.c - a file of named arrays that knows whether it is whole */
#include "base/pack.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>

#include "base/file.h"

enum { MAGIC = 8, HEAD = 16, RECORD = 16, SUM = 32, WORD = 8 };
enum { DOUBLES = 1, INTEGERS = 2, TEXT = 3 };

static const char magic[MAGIC + 1] = "SEIPACK1";

/* ---- writing ---- */

static void put_u32(sei_buf *b, uint32_t v)
{
    unsigned char out[4];

    for (int i = 0; i < 4; i++)
        out[i] = (unsigned char)(v >> (8 * i));
    sei_buf_put(b, (const char *)out, sizeof out);
}

static void put_u64(sei_buf *b, uint64_t v)
{
    put_u32(b, (uint32_t)v);
    put_u32(b, (uint32_t)(v >> 32));
}

void sei_pack_begin(sei_pack *pack, sei_ctx *ctx, uint32_t kind, uint32_t version)
{
    sei_buf_init(&pack->buf, ctx, SEI_PACK_BYTES_MAX);
    sei_buf_put(&pack->buf, magic, MAGIC);
    put_u32(&pack->buf, kind);
    put_u32(&pack->buf, version);
}

static void put_head(sei_pack *pack, uint32_t tag, uint32_t type, size_t n)
{
    put_u32(&pack->buf, tag);
    put_u32(&pack->buf, type);
    put_u64(&pack->buf, (uint64_t)n);
}

void sei_pack_doubles(sei_pack *pack, uint32_t tag, size_t n, const double values[])
{
    put_head(pack, tag, DOUBLES, n);
    for (size_t i = 0; i < n; i++) {
        uint64_t bits;
        memcpy(&bits, &values[i], sizeof bits);
        put_u64(&pack->buf, bits);
    }
}

void sei_pack_integers(sei_pack *pack, uint32_t tag, size_t n, const int64_t values[])
{
    put_head(pack, tag, INTEGERS, n);
    for (size_t i = 0; i < n; i++)
        put_u64(&pack->buf, (uint64_t)values[i]);
}

void sei_pack_text(sei_pack *pack, uint32_t tag, const char *text)
{
    put_head(pack, tag, TEXT, strlen(text));
    sei_buf_puts(&pack->buf, text);
}

sei_status sei_pack_close(sei_pack *pack)
{
    unsigned char sum[SUM];

    crypto_generichash(sum, sizeof sum, (const unsigned char *)pack->buf.text, pack->buf.len, NULL,
                       0);
    sei_buf_put(&pack->buf, (const char *)sum, sizeof sum);
    return pack->buf.status;
}

void sei_pack_done(sei_pack *pack)
{
    sei_buf_done(&pack->buf);
}

sei_status sei_pack_save(sei_pack *pack, const char *path)
{
    sei_status st = sei_pack_close(pack);

    if (st == SEI_OK)
        st = sei_file_write(pack->buf.ctx, path, pack->buf.text, pack->buf.len);
    sei_pack_done(pack);
    return st;
}

/* ---- reading ---- */

static uint32_t get_u32(const unsigned char *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static uint64_t get_u64(const unsigned char *p)
{
    return (uint64_t)get_u32(p) | (uint64_t)get_u32(p + 4) << 32;
}

typedef struct {
    uint32_t             tag, type;
    size_t               n;
    const unsigned char *at;
} record;

/* The record at *io_offset; false at the end or when it does not fit. */
static bool next_record(const sei_unpack *u, size_t *io_offset, record *ret)
{
    const size_t left = u->len - *io_offset;

    if (left < RECORD)
        return false;
    const unsigned char *p    = u->bytes + *io_offset;
    const uint64_t       n    = get_u64(p + 8);
    const uint32_t       type = get_u32(p + 4);
    const size_t         size = type == TEXT ? 1 : WORD;
    if (type < DOUBLES || type > TEXT || n > (left - RECORD) / size)
        return false;
    *ret = (record){get_u32(p), type, (size_t)n, p + RECORD};
    *io_offset += RECORD + (size_t)n * size;
    return true;
}

static sei_status fail(const sei_unpack *u, sei_status st, const char *what)
{
    const sei_where where = {u->name, 0, 0};

    return sei_fail(u->ctx, st, &where, "%s", what);
}

sei_status sei_unpack_open(sei_ctx *ctx, const char *name, const void *bytes, size_t len,
                           uint32_t kind, uint32_t version, sei_unpack *ret)
{
    sei_unpack      u     = {.ctx = ctx, .name = name, .bytes = bytes};
    const sei_where where = {name, 0, 0};
    unsigned char   sum[SUM];
    size_t          at = HEAD;
    record          r;

    if (len < HEAD + SUM || memcmp(bytes, magic, MAGIC) != 0)
        return fail(&u, SEI_E_PARSE, "this is no file that seiryu wrote");
    u.len = len - SUM;
    if (get_u32(u.bytes + MAGIC) != kind)
        return fail(&u, SEI_E_PARSE, "this file holds something else than what is asked for");
    crypto_generichash(sum, sizeof sum, u.bytes, u.len, NULL, 0);
    if (sodium_memcmp(sum, u.bytes + u.len, SUM) != 0)
        return fail(&u, SEI_E_PARSE, "the file is damaged: its checksum is wrong");
    u.version = get_u32(u.bytes + MAGIC + 4);
    if (u.version != version)
        return sei_fail(ctx, SEI_E_UNSUPPORTED, &where,
                        "the file has version %lu, this program reads version %lu",
                        (unsigned long)u.version, (unsigned long)version);
    while (next_record(&u, &at, &r))
        continue;
    if (at != u.len)
        return fail(&u, SEI_E_PARSE, "the file's records do not fit together");
    *ret = u;
    return SEI_OK;
}

static bool find(const sei_unpack *u, uint32_t tag, record *ret)
{
    size_t at = HEAD;

    while (next_record(u, &at, ret))
        if (ret->tag == tag)
            return true;
    return false;
}

size_t sei_unpack_count(const sei_unpack *u, uint32_t tag)
{
    record r;

    return find(u, tag, &r) ? r.n : SIZE_MAX;
}

static sei_status need(const sei_unpack *u, uint32_t tag, uint32_t type, size_t n, record *ret)
{
    const sei_where where = {u->name, 0, 0};

    if (!find(u, tag, ret) || ret->type != type)
        return sei_fail(u->ctx, SEI_E_PARSE, &where, "record %lu is missing", (unsigned long)tag);
    if (n != SIZE_MAX && ret->n != n)
        return sei_fail(u->ctx, SEI_E_PARSE, &where, "record %lu has %zu values, not %zu",
                        (unsigned long)tag, ret->n, n);
    return SEI_OK;
}

sei_status sei_unpack_doubles(const sei_unpack *u, uint32_t tag, size_t n, double ret_values[])
{
    record           r  = {0};
    const sei_status st = need(u, tag, DOUBLES, n, &r);

    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const uint64_t bits = get_u64(r.at + WORD * i);
        memcpy(&ret_values[i], &bits, sizeof bits);
    }
    return st;
}

sei_status sei_unpack_integers(const sei_unpack *u, uint32_t tag, size_t n, int64_t ret_values[])
{
    record           r  = {0};
    const sei_status st = need(u, tag, INTEGERS, n, &r);

    for (size_t i = 0; st == SEI_OK && i < n; i++)
        ret_values[i] = (int64_t)get_u64(r.at + WORD * i);
    return st;
}

sei_status sei_unpack_text(const sei_unpack *u, uint32_t tag, char **ret_text)
{
    record     r  = {0};
    sei_status st = need(u, tag, TEXT, SIZE_MAX, &r);

    if (st != SEI_OK)
        return st;
    char *text = sei_strndup(u->ctx, (const char *)r.at, r.n);
    if (!text)
        return SEI_E_NOMEM;
    *ret_text = text;
    return SEI_OK;
}
