/* fill.c - what figures, tables and documents share while they are filled */
#include "report/fill.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/text.h"

static const char replacement[] = "\xEF\xBF\xBD"; /* U+FFFD */

void sei_fill_init(sei_fill *fill, sei_ctx *ctx)
{
    *fill = (sei_fill){.ctx = ctx};
    sei_arena_init(&fill->arena, ctx);
}

void sei_fill_done(sei_fill *fill)
{
    sei_arena_done(&fill->arena);
}

void sei_fill_fail(sei_fill *fill, sei_status status, const char *fmt, ...)
{
    va_list args;

    if (fill->status != SEI_OK)
        return;
    fill->status = status;
    va_start(args, fmt);
    vsnprintf(fill->error, sizeof fill->error, fmt, args);
    va_end(args);
}

sei_status sei_fill_status(const sei_fill *fill, sei_ctx *ctx)
{
    if (fill->status == SEI_OK)
        return SEI_OK;
    return sei_fail(ctx, fill->status, NULL, "%s", fill->error);
}

static void no_memory(sei_fill *fill)
{
    sei_fill_fail(fill, SEI_E_NOMEM, "out of memory while a report was filled");
}

/* Controls, and the marks by which a name could turn the text around it: U+200E, U+200F,
 * U+202A..202E, U+2066..2069; noncharacters that XML refuses. */
static bool is_unwanted(uint32_t c)
{
    return c < 0x20 || (c >= 0x7F && c < 0xA0) || c == 0x200E || c == 0x200F ||
           (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069) || c == 0xFEFF ||
           (c & 0xFFFE) == 0xFFFE;
}

static size_t sequence_length(const char *text, size_t left)
{
    const unsigned char c    = (unsigned char)text[0];
    const size_t        want = c < 0x80 ? 1 : c < 0xE0 ? 2 : c < 0xF0 ? 3 : 4;

    return want <= left && sei_utf8_is_valid(text, want) ? want : 0;
}

static void put_clean(sei_buf *buf, const char *text, size_t len)
{
    for (size_t i = 0; i < len;) {
        const size_t used = sequence_length(text + i, len - i);
        uint32_t     code = 0;

        if (used)
            sei_utf8_next(text + i, &code);
        if (used && (code == '\n' || code == '\t' || code == '\r'))
            sei_buf_putc(buf, ' ');
        else if (!used || is_unwanted(code))
            sei_buf_puts(buf, replacement);
        else
            sei_buf_put(buf, text + i, used);
        i += used ? used : 1;
    }
}

const char *sei_fill_text(sei_fill *fill, const char *text)
{
    const char *copy = NULL;
    sei_buf     buf;

    if (!text || !text[0] || fill->status != SEI_OK)
        return "";
    const size_t len = strnlen(text, (size_t)SEI_LABEL_MAX + 1);
    if (len > SEI_LABEL_MAX) {
        sei_fill_fail(fill, SEI_E_TOO_LARGE, "text \"%.40s...\" is longer than %d bytes", text,
                      SEI_LABEL_MAX);
        return "";
    }
    sei_buf_init(&buf, fill->ctx, 3 * (size_t)SEI_LABEL_MAX);
    put_clean(&buf, text, len);
    if (buf.status == SEI_OK)
        copy = sei_arena_strndup(&fill->arena, buf.text, buf.len);
    sei_buf_done(&buf);
    if (!copy)
        no_memory(fill);
    return copy ? copy : "";
}

sei_label sei_fill_label(sei_fill *fill, sei_label label)
{
    const bool ja = label.ja && label.ja[0], en = label.en && label.en[0];
    sei_label  copy = {"", ""};

    if (ja)
        copy.ja = sei_fill_text(fill, label.ja);
    if (en)
        copy.en = sei_fill_text(fill, label.en);
    if (!ja)
        copy.ja = copy.en;
    if (!en)
        copy.en = copy.ja;
    return copy;
}

void *sei_fill_copy(sei_fill *fill, const void *array, size_t n, size_t size)
{
    if (n == 0 || !array || fill->status != SEI_OK)
        return NULL;
    void *copy = sei_arena_alloc(&fill->arena, n, size);
    if (copy)
        memcpy(copy, array, n * size);
    else
        no_memory(fill);
    return copy;
}

void sei_fill_name(sei_fill *fill, const char *name, char ret_name[SEI_NAME_MAX + 1])
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyz0123456789_-";
    const size_t      len       = name ? strnlen(name, SEI_NAME_MAX + 1) : 0;

    ret_name[0] = '\0';
    if (len == 0 || len > SEI_NAME_MAX || strspn(name, allowed) != len) {
        sei_fill_fail(fill, SEI_E_ARG, "name \"%.80s\" is not 1 to %d characters of a-z 0-9 _ -",
                      name ? name : "", SEI_NAME_MAX);
        return;
    }
    memcpy(ret_name, name, len + 1);
}

void *sei_fill_room(sei_fill *fill, void *list, size_t *capacity, size_t n, size_t size, size_t max,
                    const char *what)
{
    if (fill->status != SEI_OK)
        return NULL;
    if (n >= max) {
        sei_fill_fail(fill, SEI_E_TOO_LARGE, "more than %zu %s", max, what);
        return NULL;
    }
    if (n < *capacity)
        return list;
    const size_t wanted = *capacity ? 2 * *capacity : 16;
    void        *grown  = sei_resize(fill->ctx, list, wanted, size);
    if (grown)
        *capacity = wanted;
    else
        no_memory(fill);
    return grown;
}
