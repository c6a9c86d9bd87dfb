/* buf.h - a growing text with a stated maximum */
#ifndef SEI_BASE_BUF_H
#define SEI_BASE_BUF_H

#include "seiryu/ctx.h"

/* Appending never fails by itself: the first failure (memory, maximum) is kept in status and
 * later calls do nothing, so that a writer checks once at its end. text is always terminated. */
typedef struct {
    sei_ctx   *ctx;
    char      *text;
    size_t     len, size, max;
    sei_status status;
} sei_buf;

void sei_buf_init(sei_buf *buf, sei_ctx *ctx, size_t max);
void sei_buf_done(sei_buf *buf);
void sei_buf_clear(sei_buf *buf); /* keeps the memory, forgets text and status */
void sei_buf_put(sei_buf *buf, const char *text, size_t len);
void sei_buf_puts(sei_buf *buf, const char *text);
void sei_buf_putc(sei_buf *buf, char c);
void sei_buf_printf(sei_buf *buf, const char *fmt, ...) SEI_PRINTF(2, 3);
/* Number as sei_format_double writes it. */
void sei_buf_number(sei_buf *buf, double value, int digits);

#endif
