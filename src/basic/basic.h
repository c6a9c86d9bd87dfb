/*
 * basic.h - programs in the BASIC dialect of PHREEQC: compiled once, run often
 *
 * A program is the text between -start and -end of RATES, CALCULATE_VALUES, USER_PUNCH and
 * USER_PRINT.  sei_basic_compile() turns it into bytecode that is never written to again, so that
 * threads can share it.  Each thread runs it in a machine of its own.  What a program asks about
 * the water, TOT("Ca") or M0, goes through one function of the host.
 *
 * Errors name the place: "model.pqi:57: BASIC line 30: NEXT without FOR".
 */
#ifndef SEI_BASIC_BASIC_H
#define SEI_BASIC_BASIC_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "basic/function_list.h"
#include "seiryu/ctx.h"

enum {
    SEI_BASIC_TEXT_MAX   = 1 << 18, /* bytes of one program */
    SEI_BASIC_ARGS_MAX   = 16,      /* arguments of one call */
    SEI_BASIC_LOOPS_MAX  = 256,     /* FOR, WHILE and GOSUB that are open at once */
    SEI_BASIC_STRING_MAX = 1 << 15, /* bytes of one text */
    SEI_BASIC_CELLS_MAX  = 1 << 20, /* elements of all arrays of a program */
    SEI_BASIC_ITEMS_MAX  = 1 << 20, /* values that one run may punch */
    SEI_BASIC_OUTPUT_MAX = 1 << 24  /* bytes that one run may print or punch */
};

#define SEI_BASIC_ENUM(id, name, arguments, result, home) SEI_BASIC_##id,
typedef enum { SEI_BASIC_FUNCTIONS(SEI_BASIC_ENUM) SEI_BASIC_N_FUNCTIONS } sei_basic_function;
#undef SEI_BASIC_ENUM

typedef enum { SEI_BASIC_NUMBER, SEI_BASIC_TEXT, SEI_BASIC_NONE } sei_basic_kind;

/* A row of function_list.h. */
typedef struct {
    const char    *name;      /* lower case, "tot" */
    const char    *arguments; /* letters of function_list.h */
    sei_basic_kind result;
    bool           is_host;
} sei_basic_function_row;

const sei_basic_function_row *sei_basic_function_info(sei_basic_function function);

typedef struct sei_basic_program sei_basic_program;
typedef struct sei_basic_vm      sei_basic_vm;

/*
 * Compiles text[0..len).  file and first_line are where the text begins; they only serve messages.
 * Lines may stand in any order; a number given twice keeps the later line and warns.  As in
 * PHREEQC's input, # starts a comment, ; ends a line and \ at the end of a line joins the next.
 * E_PARSE, E_TYPE or E_UNSUPPORTED name file, line and BASIC line.
 */
SEI_CHECKED sei_status sei_basic_compile(sei_ctx *ctx, const char *file, size_t first_line,
                                         const char *text, size_t len,
                                         sei_basic_program **ret_program);
/* As PHREEQC, which reads a statement only when it comes to it: one that is not understood is a warning
 * here and an error when a run reaches it. For the programs of old databases and input files. */
SEI_CHECKED sei_status sei_basic_compile_late(sei_ctx *ctx, const char *file, size_t first_line,
                                              const char *text, size_t len,
                                              sei_basic_program **ret_program);
void                   sei_basic_free(sei_basic_program *program); /* NULL is a harmless no-op */

/* Texts that the program holds as constants, "Ca" of TOT("Ca"); a value that comes from a constant
 * carries its index as name. */
size_t      sei_basic_n_names(const sei_basic_program *program);
const char *sei_basic_name(const sei_basic_program *program, size_t i);

/* Which host functions the program calls and with which constant names: each pair once, so that a
 * host can look things up before the first run. */
typedef struct {
    sei_basic_function function;
    size_t             n_texts;  /* text arguments */
    int32_t            names[2]; /* of the first two text arguments; -1 when computed or absent */
    size_t             line;     /* BASIC line of the first such call */
} sei_basic_use;

size_t               sei_basic_n_uses(const sei_basic_program *program);
const sei_basic_use *sei_basic_use_at(const sei_basic_program *program, size_t i);

/* Does the program hold such a statement? A rate without SAVE is an error of its block. */
bool sei_basic_has_save(const sei_basic_program *program);
bool sei_basic_has_punch(const sei_basic_program *program);
bool sei_basic_has_print(const sei_basic_program *program);

/* ---- values and the host ---- */

/* text is not terminated and only lives during the call. name: index of the constant, or -1. */
typedef struct {
    double      number;
    const char *text; /* NULL for a number */
    size_t      len;
    int32_t     name;
} sei_basic_value;

/* One call as the host sees it. use is the index in sei_basic_use_at. Arguments that are variables
 * (letters N T A S) arrive as 0 or ""; the host fills them with the sei_basic_give functions. */
typedef struct {
    sei_basic_function     function;
    size_t                 use;
    size_t                 n;
    const sei_basic_value *args;
    size_t                 line; /* BASIC line */
    sei_basic_vm          *vm;
} sei_basic_call;

/* The answer goes to *ret: number, or text with len, which must stay valid until the next call
 * (text NULL counts as ""). On failure record the message with sei_fail; the machine puts file and
 * line before it. */
typedef struct {
    sei_status (*call)(void *user, const sei_basic_call *call, sei_basic_value *ret);
    void *user;
    /* NULL, or a short way to a number: asked first where the only text of a call is a constant. numbers: its other
     * arguments. False: it is to be asked by call. */
    bool (*look)(void *user, size_t use, const double numbers[], double *ret);
} sei_basic_host;

/* Argument i of the call as a word without its terminator's worries: copies at most size - 1 bytes
 * of the text and terminates. Returns out. */
const char *sei_basic_copy_text(const sei_basic_value *value, char *out, size_t size);

/* Fill argument arg: N, T with index 0; A, S after sei_basic_give_list made room for elements
 * 1..n (element 0 stays 0 or ""). */
SEI_CHECKED sei_status sei_basic_give_list(const sei_basic_call *call, size_t arg, size_t n);
SEI_CHECKED sei_status sei_basic_give_number(const sei_basic_call *call, size_t arg, size_t index,
                                             double value);
SEI_CHECKED sei_status sei_basic_give_text(const sei_basic_call *call, size_t arg, size_t index,
                                           const char *text, size_t len);

/* ---- running ---- */

/* A machine for one program and one thread; ctx gets the errors and warnings of its runs. The
 * program must outlive it. Memory is taken here and, when arrays or texts grow, in the first runs;
 * a program of numbers then runs without asking for memory. */
SEI_CHECKED sei_status sei_basic_vm_create(sei_ctx *ctx, const sei_basic_program *program,
                                           sei_basic_vm **ret_vm);
void                   sei_basic_vm_free(sei_basic_vm *vm);

/* Loops, jumps and subroutine calls that a run may take (10 million) before it counts as endless. */
void sei_basic_vm_set_budget(sei_basic_vm *vm, uint64_t jumps);
/* 12 instead of 4 decimals in PRINT and STR$ (false): PHREEQC does so in USER_PUNCH when its SELECTED_OUTPUT
 * has -high_precision, never in USER_PRINT. */
void sei_basic_vm_set_high_precision(sei_basic_vm *vm, bool high_precision);

/* Runs from the first line; all variables start at 0 and "". host may be NULL: then host functions
 * fail. E_UNSUPPORTED when a run is under way already (a CALC_VALUE that calls itself). What was
 * saved, punched and printed before an error is kept. */
SEI_CHECKED sei_status sei_basic_run(sei_basic_vm *vm, const sei_basic_host *host);

/* The value of the last SAVE of the last run; false when there was none. */
bool sei_basic_saved(const sei_basic_vm *vm, double *ret_value);

/* PUNCH, or what it is in a graph: GRAPH_X, GRAPH_Y, GRAPH_SY, and both of PLOT_XY. */
typedef enum {
    SEI_BASIC_PUNCHED,
    SEI_BASIC_PLOT_X,
    SEI_BASIC_PLOT_Y,
    SEI_BASIC_PLOT_SECOND_Y
} sei_basic_item_kind;

/* What PUNCH wrote, in order. text is NULL for a number and lives until the next run. tab is false
 * for an EOL_NOTAB$, after which no tab is written. */
typedef struct {
    double              number;
    const char         *text;
    size_t              len;
    bool                tab;
    sei_basic_item_kind kind;
} sei_basic_item;

size_t         sei_basic_n_items(const sei_basic_vm *vm);
sei_basic_item sei_basic_item_at(const sei_basic_vm *vm, size_t i);
/* Item as a selected-output file shows it, with its tab: "  4.0000e+00\t". */
void sei_basic_put_item(sei_buf *out, const sei_basic_item *item, bool high_precision);
/* Was NO_NEWLINE$ the last word? Then the line of selected output does not end after this run. */
bool sei_basic_no_newline(const sei_basic_vm *vm);

/* What PRINT wrote, terminated; lives until the next run. */
const char *sei_basic_printed(const sei_basic_vm *vm, size_t *ret_len);

/* A number as PRINT and STR$ show it: %12.0f when it is whole, else %12.4e; with high precision
 * %20.0f and %20.12e. */
enum { SEI_BASIC_NUMBER_MAX = 352 };
size_t sei_basic_format(char out[SEI_BASIC_NUMBER_MAX], double value, bool high_precision);

/* ---- the memory behind PUT and GET ---- */

/* Values that outlive a run and are shared by the programs of one model: number or text by a list
 * of integers. A host that serves PUT, GET, EXISTS, PUT$ and GET$ with it needs no more than
 * if (sei_basic_is_memory(call->function)) return sei_basic_store_call(store, call, ret); */
typedef struct sei_basic_store sei_basic_store;

enum { SEI_BASIC_STORE_MAX = 1 << 20 };

SEI_CHECKED sei_status sei_basic_store_create(sei_ctx *ctx, sei_basic_store **ret_store);
void                   sei_basic_store_free(sei_basic_store *store);
void                   sei_basic_store_clear(sei_basic_store *store);
bool                   sei_basic_is_memory(sei_basic_function function);
SEI_CHECKED sei_status sei_basic_store_call(sei_basic_store *store, const sei_basic_call *call,
                                            sei_basic_value *ret);

#endif
