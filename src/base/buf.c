/* buf.c - a growing text with a stated maximum */
#include "base/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

static char *no_text(void)
{
    static const char empty[1] = "";

    return (char *)(uintptr_t)empty; /* never written: size is 0 while text points here */
}

void sei_buf_init(sei_buf *buf, sei_ctx *ctx, size_t max)
{
    *buf = (sei_buf){.ctx = ctx, .text = no_text(), .max = max};
}

void sei_buf_done(sei_buf *buf)
{
    if (buf->size)
        sei_release(buf->ctx, buf->text);
    sei_buf_init(buf, buf->ctx, buf->max);
}

void sei_buf_clear(sei_buf *buf)
{
    buf->len    = 0;
    buf->status = SEI_OK;
    if (buf->size)
        buf->text[0] = '\0';
}

static int reserve(sei_buf *buf, size_t more)
{
    if (buf->status != SEI_OK)
        return 0;
    if (more > buf->max || buf->len > buf->max - more) {
        buf->status = sei_fail(buf->ctx, SEI_E_TOO_LARGE, NULL,
                               "text grew beyond its maximum of %zu bytes", buf->max);
        return 0;
    }
    const size_t need = buf->len + more + 1;
    if (need <= buf->size)
        return 1;
    const size_t size  = need < 2 * buf->size ? 2 * buf->size : need < 64 ? 64 : need;
    char        *grown = sei_resize(buf->ctx, buf->size ? buf->text : NULL, size, 1);
    if (!grown) {
        buf->status = SEI_E_NOMEM;
        return 0;
    }
    buf->text = grown;
    buf->size = size;
    return 1;
}

void sei_buf_put(sei_buf *buf, const char *text, size_t len)
{
    if (!reserve(buf, len))
        return;
    if (len)
        memcpy(buf->text + buf->len, text, len);
    buf->len += len;
    buf->text[buf->len] = '\0';
}

void sei_buf_puts(sei_buf *buf, const char *text)
{
    sei_buf_put(buf, text, strlen(text));
}

void sei_buf_putc(sei_buf *buf, char c)
{
    sei_buf_put(buf, &c, 1);
}

void sei_buf_printf(sei_buf *buf, const char *fmt, ...)
{
    va_list args, again;

    va_start(args, fmt);
    va_copy(again, args);
    /* Into the room that there is; once more only where that was too little. */
    const size_t room = buf->status == SEI_OK && buf->size ? buf->size - buf->len : 0;
    const int    n    = vsnprintf(room ? buf->text + buf->len : NULL, room, fmt, args);
    va_end(args);
    if (n >= 0 && (size_t)n < room && (size_t)n <= buf->max - buf->len) {
        buf->len += (size_t)n;
    } else {
        if (room)
            buf->text[buf->len] = '\0';
        if (n >= 0 && reserve(buf, (size_t)n)) {
            vsnprintf(buf->text + buf->len, (size_t)n + 1, fmt, again);
            buf->len += (size_t)n;
        }
    }
    va_end(again);
}

void sei_buf_number(sei_buf *buf, double value, int digits)
{
    char text[SEI_NUMBER_MAX];

    sei_format_double(text, value, digits);
    sei_buf_puts(buf, text);
}
