/* decode.h - bytes of a file in one of the usual Japanese encodings to UTF-8 */
#ifndef SEI_WATER_DECODE_H
#define SEI_WATER_DECODE_H

#include "base/buf.h"

/* text is UTF-8 without byte order mark; it points into bytes where nothing had to be converted,
 * else into buffer. */
typedef struct {
    const char *text;
    size_t      len;
    const char *encoding;
    sei_buf     buffer;
} sei_decoded;

/* Byte order mark first, then valid UTF-8, then cp932. E_ENCODING names line and byte of what is
 * none of them; E_PARSE a NUL byte. */
SEI_CHECKED sei_status sei_decode(sei_ctx *ctx, const char *name, const char *bytes, size_t len,
                                  sei_decoded *ret_decoded);
void                   sei_decoded_done(sei_decoded *decoded);

#endif
