/* compile.h - what the parts of the compiler share */
#ifndef SEI_BASIC_COMPILE_H
#define SEI_BASIC_COMPILE_H

#include "basic/token.h"

enum { BASIC_NESTING_MAX = 100, BASIC_MESSAGE_MAX = 400 };

/* A jump whose end is not known when it is written: to the statement at a token, or to a line. */
typedef struct {
    size_t word;
    size_t token;
} basic_fixup;

typedef struct {
    sei_ctx           *ctx;
    sei_basic_program *program;
    basic_words       *words;
    const basic_line  *line;   /* being compiled */
    const basic_token *t;      /* next token */
    bool               late;   /* errors wait until the program comes to them */
    sei_status         status; /* the first error of this statement */
    char               message[BASIC_MESSAGE_MAX];
    size_t             numbers, texts; /* depth of the stacks at this point */
    size_t             nesting;
    size_t             size_code, size_constants, size_data, size_calls, size_uses, size_failures;
    /* for each token that begins a statement the code index */
    int32_t     *starts;
    basic_fixup *fixups;
    size_t       n_fixups, size_fixups;
    /* FOR, NEXT, WHILE, WEND, IF and ELSE in the order of the program */
    uint32_t *marks;
    size_t    n_marks;
    uint32_t *mark_of; /* for each of these tokens its place in marks */
} basic_compiler;

/* compile.c */
bool   basic_is_end(const basic_compiler *c); /* end of the statement */
bool   basic_take(basic_compiler *c, basic_token_kind kind);
bool   basic_expect(basic_compiler *c, basic_token_kind kind, const char *what);
void   basic_error(basic_compiler *c, sei_status status, const char *fmt, ...) SEI_PRINTF(3, 4);
size_t basic_emit(basic_compiler *c, basic_operation op, size_t n, int32_t arg);
size_t basic_here(const basic_compiler *c);
/* How the last word changes the stacks. */
void        basic_stack(basic_compiler *c, int numbers, int texts);
void        basic_fix_to_token(basic_compiler *c, size_t word, size_t token);
int32_t     basic_constant(basic_compiler *c, double value);
bool        basic_add_data(basic_compiler *c, bool is_text);
basic_call *basic_add_call(basic_compiler *c);
int32_t     basic_add_use(basic_compiler *c, const sei_basic_use *use);
void        basic_reserve(basic_compiler *c, int32_t variable, double cells);

/* expression.c: the value is on its stack afterwards; SEI_BASIC_NONE after an error */
sei_basic_kind basic_expression(basic_compiler *c);
void           basic_number(basic_compiler *c);
void           basic_text_expression(basic_compiler *c);
/* Subscripts in parentheses; their number. */
size_t basic_subscripts(basic_compiler *c);
/* A function of the host as a statement (PUT) or an operand. */
sei_basic_kind basic_function_call(basic_compiler *c);

/* statement.c */
void basic_statement(basic_compiler *c);

#endif
