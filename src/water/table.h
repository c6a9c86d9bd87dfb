/* table.h - inside of a table; only the files table*.c look here */
#ifndef SEI_WATER_TABLE_H
#define SEI_WATER_TABLE_H

#include "seiryu/water.h"

/* Texts stand one after the other in pool, each with its 0 byte; headers, comments and
 * cells[row * n_columns + column] are offsets into it. */
struct sei_table {
    sei_ctx    *ctx;
    char       *file;
    char       *pool;
    const char *encoding;
    uint32_t   *headers, *cells, *lines, *comments;
    uint32_t    header_line;
    size_t      n_columns, n_rows, n_comments;
};

enum { SEI_SHOWN_MAX = 48 };
/* A text as messages show it: at most 40 bytes, cut between characters and marked "...", control
 * characters as blanks. */
void sei_shown(char out[SEI_SHOWN_MAX], const char *text);

#endif
