/* headers.h - header words as they are kept, and their meaning without a context */
#ifndef SEI_WATER_HEADERS_H
#define SEI_WATER_HEADERS_H

#include "base/arena.h"
#include "water/quantity_name.h"

typedef enum {
    SEI_WORD_QUANTITY,
    SEI_WORD_FRACTION, /* a word before or behind the quantity: 溶解性 */
    SEI_WORD_UNIT,
    SEI_WORD_TIME,
    SEI_WORD_CLOCK,
    SEI_WORD_TEXT
} sei_word_kind;

typedef struct {
    sei_word_kind       kind;
    const char         *word; /* folded */
    sei_quantity_column column;
    const char         *text_key;
} sei_header_word;

typedef struct {
    const char         *clause; /* "53" */
    const sei_quantity *quantity;
    const char         *part;
    bool                verified;
} sei_clause;

struct sei_headers {
    sei_ctx         *ctx;
    sei_arena        arena;
    sei_header_word *rows; /* later rows win */
    size_t           n_rows, rows_size;
    sei_clause      *methods;
    size_t           n_methods;
};

/* As sei_headers_resolve; a failure's message goes to message. */
SEI_CHECKED sei_status sei_headers_meaning(const sei_headers *headers, const char *header,
                                           sei_column *ret_column,
                                           char        message[SEI_NAME_MESSAGE_MAX]);

#endif
