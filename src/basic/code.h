/* code.h - the bytecode: what the compiler writes and the machine reads */
#ifndef SEI_BASIC_CODE_H
#define SEI_BASIC_CODE_H

#include "base/arena.h"
#include "basic/basic.h"

enum {
    BASIC_DIMS_MAX  = 4,  /* subscripts of an array, as in PHREEQC */
    BASIC_AUTO_DIM  = 11, /* an array without DIM has the elements 0..10 */
    BASIC_NAME_MAX  = 20, /* characters of a name that count, as in PHREEQC */
    BASIC_STACK_MAX = 1000
};

/* Two stacks: numbers and texts. n and arg are the operands of an operation. */
typedef enum {
    /* numbers, in the main loop */
    OP_PUSH,  /* arg: constant */
    OP_LOAD,  /* arg: variable that is never an array */
    OP_STORE, /* arg: the same */
    OP_ADD,
    OP_SUB,
    OP_MUL,
    OP_DIV,
    OP_POWER,
    OP_POWER_OF, /* as OP_POWER with a positive constant base; arg: constant, log of the base */
    OP_NEGATE,
    OP_EQ,
    OP_NE,
    OP_LT,
    OP_GT,
    OP_LE,
    OP_GE,
    OP_MATH, /* arg: sei_basic_function of one number */
    OP_BITS, /* n: basic_bits */
    OP_MOD,
    OP_JUMP,      /* arg: code index */
    OP_JUMP_ZERO, /* arg: code index, always forward */
    OP_SAVE,
    OP_END,
    /* variables */
    OP_LOAD_ANY, /* arg: variable that may be an array now */
    OP_STORE_ANY,
    OP_LOAD_CELL, /* arg: array, n: subscripts */
    OP_STORE_CELL,
    OP_DIM,   /* arg: array, n: subscripts */
    OP_ERASE, /* arg: array */
    /* flow */
    OP_GOTO,       /* line number on the stack */
    OP_GOSUB,      /* arg: code index */
    OP_GOSUB_LINE, /* line number on the stack */
    OP_RETURN_TO,  /* arg: where the RETURN of the next GOSUB goes */
    OP_RETURN,
    OP_ON,         /* n: 1 for GOSUB; arg: number of targets, one OP_JUMP each, follow */
    OP_FOR,        /* arg: variable; the next word's arg: where to go when the loop is empty */
    OP_NEXT,       /* arg: variable or -1 */
    OP_WHILE,      /* arg: code index of the condition */
    OP_WHILE_TEST, /* arg: where to go when the loop ends before its first WEND, or -1 */
    OP_WEND_FIND,
    OP_WEND_TEST,
    OP_WEND_LOOP,
    OP_READ, /* n: 1 for a text */
    OP_DATA_END,
    OP_RESTORE, /* line number on the stack */
    OP_RESTORE_ALL,
    OP_NO_LINE, /* arg: line number that is not there */
    OP_STOP,
    OP_FAIL, /* arg: failure */
    /* texts */
    OP_PUSH_TEXT, /* arg: constant text */
    OP_LOAD_TEXT, /* arg: variable */
    OP_STORE_TEXT,
    OP_LOAD_TEXT_CELL, /* arg: array, n: subscripts */
    OP_STORE_TEXT_CELL,
    OP_JOIN,
    OP_COMPARE, /* n: OP_EQ .. OP_GE */
    OP_TEXT,    /* arg: sei_basic_function with a text in or out; n: arguments */
    /* output */
    OP_PUNCH,
    OP_PUNCH_TEXT,
    OP_PRINT,
    OP_PRINT_TEXT,
    OP_PRINT_END, /* n: 1 when a line ends */
    OP_ASK, /* arg: call for a number, whose only text, if any, is a constant and not on the stack */
    OP_HOST /* arg: call */
} basic_operation;

typedef enum { BITS_NOT, BITS_AND, BITS_OR, BITS_XOR } basic_bits;

typedef struct {
    uint16_t op;
    uint16_t n;
    int32_t  arg;
} basic_word;

/* A text on the stack: a constant of the program or a piece of the machine's scratch. */
typedef struct {
    const char *at;
    uint32_t    len;
    int32_t     name; /* constant, or -1 */
} basic_text;

typedef struct {
    const char *name;
    bool        is_text;
    bool        is_array; /* somewhere with subscripts, in DIM, or filled by a function */
    uint32_t    reserve;  /* elements that its known sizes ask for */
} basic_variable;

typedef struct {
    uint32_t number, file_line;
    uint32_t first_token, n_tokens;
    int32_t  start; /* code index */
} basic_line;

typedef struct {
    int32_t  start;
    uint32_t line; /* BASIC line */
    bool     is_text;
} basic_data;

/* A statement that was not understood. */
typedef struct {
    sei_status  status;
    const char *text;
} basic_failure;

/* One place where a function of the host is called. */
typedef struct {
    sei_basic_function function;
    uint32_t           use, n;
    uint32_t           n_numbers, n_texts; /* taken from the stacks */
    char               kinds[SEI_BASIC_ARGS_MAX];
    int32_t            variables[SEI_BASIC_ARGS_MAX];
} basic_call;

struct sei_basic_program {
    sei_ctx        *ctx;
    sei_arena       arena;
    const char     *file;
    basic_word     *code;
    double         *constants;
    basic_text     *texts;
    basic_variable *variables;
    basic_line     *lines; /* by number */
    basic_data     *data;
    basic_call     *calls;
    sei_basic_use  *uses;
    basic_failure  *failures;
    size_t n_code, n_constants, n_texts, n_variables, n_lines, n_data, n_calls, n_uses, n_failures;
    size_t stack_numbers, stack_texts; /* deepest use by one statement */
    bool   has_save, has_punch, has_print;
};

/* Index of the line with that number, or -1. */
int32_t basic_find_line(const sei_basic_program *program, double number);
/* Line that holds the code index. */
const basic_line *basic_line_of(const sei_basic_program *program, size_t at);
/* Letters of a function without | and *: how many it needs at least and takes at most. */
void basic_count_arguments(const char *arguments, size_t *ret_least, size_t *ret_most);

/* PHREEQC's rules where C's differ: 0^y is 0, x^y is exp(y log x), MOD adds 1e-14, and an integer
 * outside the range of 64 bits is the smallest one. */
double  basic_mod(double a, double b);
int64_t basic_to_integer(double value);
double  basic_round(double value);
bool    basic_power(double base, double exponent, double *ret_value);
double  basic_math(sei_basic_function function, double x);

/* The number that the text begins with, operators included: "2+3*4". Names count as 0. False when the
 * text is not of that form. */
bool basic_val(const char *text, size_t len, double *ret_value);

#endif
