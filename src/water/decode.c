/* decode.c - bytes of a file in one of the usual Japanese encodings to UTF-8 */
#include "water/decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <string.h>

#include "base/text.h"
#include "seiryu/water.h"

enum { CHUNK = 1 << 14 };

/* One byte of cp932 makes at most three of UTF-8 (half-width katakana). */
static const size_t decoded_max = (size_t)3 * SEI_TABLE_BYTES_MAX;

static size_t line_of(const char *bytes, size_t at)
{
    size_t line = 1;

    for (size_t i = 0; i < at; i++)
        if (bytes[i] == '\n' || (bytes[i] == '\r' && bytes[i + 1] != '\n'))
            line++;
    return line;
}

static sei_status undecodable(sei_ctx *ctx, const char *name, const char *bytes, size_t at,
                              const char *tried)
{
    const sei_where where = {name, line_of(bytes, at), 0};

    return sei_fail(ctx, SEI_E_ENCODING, &where,
                    "byte 0x%02X at offset %zu is not valid in %s; save the file as UTF-8",
                    (unsigned)(unsigned char)bytes[at], at, tried);
}

/* iconv takes a pointer to non-const text, but does not write there. */
static char *not_written(const char *text)
{
    return (char *)(uintptr_t)text;
}

/* The whole of bytes[start..len) into out; *ret_bad is the offset of what cannot be converted. */
static sei_status convert(sei_ctx *ctx, iconv_t cd, const char *bytes, size_t len, sei_buf *out,
                          size_t *ret_bad)
{
    char  *from = not_written(bytes);
    size_t left = len;

    while (left > 0) {
        char         chunk[CHUNK];
        char        *to    = chunk;
        size_t       space = sizeof chunk;
        const size_t n     = iconv(cd, &from, &left, &to, &space);
        const int    code  = n == (size_t)-1 ? errno : 0;

        sei_buf_put(out, chunk, sizeof chunk - space);
        if (out->status != SEI_OK)
            return out->status;
        if (code == EILSEQ || code == EINVAL) {
            *ret_bad = (size_t)(from - bytes);
            return SEI_E_ENCODING;
        }
        if (code != 0 && code != E2BIG)
            return sei_fail(ctx, SEI_E_INTERNAL, NULL, "iconv failed with error %d", code);
    }
    return SEI_OK;
}

static sei_status through_iconv(sei_ctx *ctx, const char *name, const char *bytes, size_t skip,
                                size_t len, const char *encoding, const char *tried, sei_decoded *d)
{
    const sei_where where = {name, 0, 0};
    const iconv_t   cd    = iconv_open("UTF-8", encoding);
    size_t          bad   = 0;

    if (cd == (iconv_t)-1)
        return sei_fail(ctx, SEI_E_UNSUPPORTED, &where,
                        "this system cannot read %s; save the file as UTF-8", encoding);
    sei_status st = convert(ctx, cd, bytes + skip, len - skip, &d->buffer, &bad);
    iconv_close(cd);
    if (st == SEI_E_ENCODING)
        return undecodable(ctx, name, bytes, skip + bad, tried);
    d->text     = d->buffer.text;
    d->len      = d->buffer.len;
    d->encoding = encoding;
    return st;
}

static size_t first_invalid(const char *text, size_t len)
{
    size_t good = 0, n = 1;

    while (n > 0 && good < len) {
        for (n = 4; n > 0; n--)
            if (n <= len - good && sei_utf8_is_valid(text + good, n))
                break;
        good += n;
    }
    return good;
}

static sei_status detect(sei_ctx *ctx, const char *name, const char *bytes, size_t len,
                         sei_decoded *d)
{
    const bool bom8 = len >= 3 && memcmp(bytes, "\xEF\xBB\xBF", 3) == 0;

    if (len >= 2 && memcmp(bytes, "\xFF\xFE", 2) == 0)
        return through_iconv(ctx, name, bytes, 2, len, "UTF-16LE", "UTF-16", d);
    if (len >= 2 && memcmp(bytes, "\xFE\xFF", 2) == 0)
        return through_iconv(ctx, name, bytes, 2, len, "UTF-16BE", "UTF-16", d);
    d->text     = bytes + (bom8 ? 3 : 0);
    d->len      = len - (bom8 ? 3 : 0);
    d->encoding = "UTF-8";
    if (sei_utf8_is_valid(d->text, d->len))
        return SEI_OK;
    if (bom8)
        return undecodable(ctx, name, bytes, 3 + first_invalid(d->text, d->len),
                           "UTF-8, though the file has its byte order mark");
    return through_iconv(ctx, name, bytes, 0, len, "CP932", "UTF-8 or cp932 (Shift_JIS)", d);
}

sei_status sei_decode(sei_ctx *ctx, const char *name, const char *bytes, size_t len,
                      sei_decoded *ret_decoded)
{
    sei_decoded d = {0};

    sei_buf_init(&d.buffer, ctx, decoded_max);
    sei_status  st  = detect(ctx, name, bytes, len, &d);
    const char *nul = st == SEI_OK && d.len ? memchr(d.text, '\0', d.len) : NULL;
    if (nul) {
        const sei_where where = {name, line_of(d.text, (size_t)(nul - d.text)), 0};
        st =
            sei_fail(ctx, SEI_E_PARSE, &where,
                     "NUL byte: this is no text file, or UTF-16 without a byte order mark; save it "
                     "as UTF-8");
    }
    if (st != SEI_OK)
        sei_buf_done(&d.buffer);
    else
        *ret_decoded = d;
    return st;
}

void sei_decoded_done(sei_decoded *decoded)
{
    sei_buf_done(&decoded->buffer);
    decoded->text = NULL;
    decoded->len  = 0;
}
