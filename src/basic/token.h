/* token.h - a BASIC program as words, line by line */
#ifndef SEI_BASIC_TOKEN_H
#define SEI_BASIC_TOKEN_H

#include "base/text.h"
#include "basic/code.h"

typedef enum {
    TOKEN_END, /* of the line */
    TOKEN_NUMBER,
    TOKEN_TEXT,
    TOKEN_VARIABLE, /* index: variable */
    TOKEN_FUNCTION, /* index: sei_basic_function */
    TOKEN_OPEN,
    TOKEN_CLOSE,
    TOKEN_COMMA,
    TOKEN_COLON,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_TIMES,
    TOKEN_DIVIDE,
    TOKEN_POWER,
    TOKEN_EQ, /* the six comparisons in the order of the operations */
    TOKEN_NE,
    TOKEN_LT,
    TOKEN_GT,
    TOKEN_LE,
    TOKEN_GE,
    TOKEN_BAD, /* a character outside the language */
    /* words: the order of the table in token.c */
    TOKEN_AND,
    TOKEN_OR,
    TOKEN_XOR,
    TOKEN_NOT,
    TOKEN_MOD,
    TOKEN_LET,
    TOKEN_PRINT,
    TOKEN_PUNCH,
    TOKEN_SAVE,
    TOKEN_GOTO,
    TOKEN_GOSUB,
    TOKEN_RETURN,
    TOKEN_ON,
    TOKEN_IF,
    TOKEN_THEN,
    TOKEN_ELSE,
    TOKEN_FOR,
    TOKEN_TO,
    TOKEN_STEP,
    TOKEN_NEXT,
    TOKEN_WHILE,
    TOKEN_WEND,
    TOKEN_READ,
    TOKEN_DATA,
    TOKEN_RESTORE,
    TOKEN_DIM,
    TOKEN_ERASE,
    TOKEN_REM,
    TOKEN_STOP,
    TOKEN_END_PROGRAM,
    TOKEN_GRAPH,      /* a statement of USER_GRAPH */
    TOKEN_INTERACTIVE /* a word of the interactive interpreter */
} basic_token_kind;

typedef struct {
    uint16_t kind; /* basic_token_kind */
    int32_t  index;
    double   number;
    /* where the word stands, for messages and texts */
    const char *at;
    uint32_t    len;
} basic_token;

/* Strings with an index each, found by content. */
typedef struct {
    sei_ctx   *ctx;
    sei_slice *items;
    uint32_t  *slots;
    size_t     n, size, n_slots;
} basic_names;

sei_status basic_names_add(basic_names *names, const char *at, size_t len, int32_t *ret_index);
void       basic_names_done(basic_names *names);

/* The whole program, lines ordered by number, each ended by TOKEN_END. */
typedef struct {
    sei_ctx           *ctx;
    sei_basic_program *program; /* gets variables, texts and lines */
    char              *text;    /* copy without comments and joins; tokens point into it */
    basic_token       *tokens;
    size_t             n_tokens, size_tokens;
    size_t             size_lines, size_variables, size_texts;
    basic_names        variables, texts;
} basic_words;

sei_status basic_split(basic_words *words, const char *text, size_t len, size_t first_line);
void       basic_words_done(basic_words *words);

/* Room for one more item in an array that grows by doubling: the array, moved, or NULL. */
void *basic_grow(sei_ctx *ctx, void *items, size_t n, size_t *size, size_t item_size);

/* "BASIC line 30: " and the message, with file and line. */
sei_status basic_fail(sei_ctx *ctx, const sei_basic_program *program, sei_status status,
                      const basic_line *line, const char *fmt, ...) SEI_PRINTF(5, 6);

#endif
