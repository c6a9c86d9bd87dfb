/* logical.c - comments, and lines that "\" joins */
#include "base/logical.h"

#include <string.h>

void sei_logical_begin(sei_logical *lines, sei_ctx *ctx, sei_slice text, size_t bytes_max)
{
    if (text.len >= 3 && memcmp(text.at, "\xEF\xBB\xBF", 3) == 0) { /* mark of some editors */
        text.at += 3;
        text.len -= 3;
    }
    *lines = (sei_logical){.ctx = ctx, .rest = text, .status = SEI_OK};
    sei_buf_init(&lines->joined, ctx, bytes_max);
}

void sei_logical_done(sei_logical *lines)
{
    sei_buf_done(&lines->joined);
}

static sei_slice without_comment(sei_slice line)
{
    const char *hash = line.len ? memchr(line.at, '#', line.len) : NULL;

    if (hash)
        line.len = (size_t)(hash - line.at);
    return line;
}

/* Takes the "\" off that ends a line before nothing but blanks. */
static bool joins_next(sei_slice *line)
{
    size_t len = line->len;

    while (len > 0 && (line->at[len - 1] == ' ' || line->at[len - 1] == '\t'))
        len--;
    if (len == 0 || line->at[len - 1] != '\\')
        return false;
    line->len = len - 1;
    return true;
}

/* The next physical line without its comment, when there is one. */
static bool next_physical(sei_logical *lines, sei_slice *ret_line)
{
    if (!sei_next_line(&lines->rest, ret_line))
        return false;
    lines->number++;
    if (ret_line->len && memchr(ret_line->at, '\0', ret_line->len)) {
        lines->status = SEI_E_ENCODING;
        return false;
    }
    *ret_line = without_comment(*ret_line);
    return true;
}

bool sei_logical_next(sei_logical *lines, sei_slice *ret_line, size_t *ret_number)
{
    sei_slice line;

    if (lines->status != SEI_OK || !next_physical(lines, &line))
        return false;
    *ret_number = lines->number;
    bool more   = joins_next(&line);
    if (!more && line.len <= lines->joined.max) { /* nearly every line: no copy */
        *ret_line = line;
        return true;
    }
    sei_buf_clear(&lines->joined);
    sei_buf_put(&lines->joined, line.at, line.len);
    while (more && next_physical(lines, &line)) {
        more = joins_next(&line);
        sei_buf_putc(&lines->joined, ' ');
        sei_buf_put(&lines->joined, line.at, line.len);
    }
    if (lines->status == SEI_OK)
        lines->status = lines->joined.status;
    if (lines->status != SEI_OK)
        return false;
    *ret_line = (sei_slice){lines->joined.text, lines->joined.len};
    return true;
}

sei_status sei_logical_status(const sei_logical *lines, sei_where where)
{
    where.line += lines->number;
    switch (lines->status) {
    case SEI_OK: return SEI_OK;
    case SEI_E_ENCODING:
        return sei_fail(lines->ctx, SEI_E_ENCODING, &where, "a NUL byte: not a text file");
    case SEI_E_TOO_LARGE:
        return sei_fail(lines->ctx, SEI_E_TOO_LARGE, &where, "line is longer than %zu bytes",
                        lines->joined.max);
    default: return lines->status;
    }
}
