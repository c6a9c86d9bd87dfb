/* logical.h - the logical lines of a text in PHREEQC's format: "#" begins a comment, "\" joins the next line */
#ifndef SEI_BASE_LOGICAL_H
#define SEI_BASE_LOGICAL_H

#include "base/buf.h"
#include "base/text.h"

/* A place in a text. Several may be open at once, one inside the other. */
typedef struct {
    sei_ctx   *ctx;
    sei_slice  rest;
    sei_buf    joined; /* a line that stands on several */
    size_t     number; /* of the physical lines read */
    sei_status status;
} sei_logical;

/* The text stays the caller's and must outlive the reader; a byte order mark at its start is passed
 * over. bytes_max: of one logical line. Close it with sei_logical_done. */
void sei_logical_begin(sei_logical *lines, sei_ctx *ctx, sei_slice text, size_t bytes_max);
void sei_logical_done(sei_logical *lines);

/* The next logical line without its comment, and the number (from 1) of the physical line on which it
 * begins; false at the end or at a failure. A line is valid until the next call. */
bool sei_logical_next(sei_logical *lines, sei_slice *ret_line, size_t *ret_number);

/* SEI_OK, or why sei_logical_next stopped before the end, with a message at `where` and the line:
 * SEI_E_TOO_LARGE, SEI_E_ENCODING (a NUL byte), SEI_E_NOMEM. */
SEI_CHECKED sei_status sei_logical_status(const sei_logical *lines, sei_where where);

#endif
