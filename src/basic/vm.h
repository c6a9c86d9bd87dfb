/* vm.h - the machine: its stacks, variables and output */
#ifndef SEI_BASIC_VM_H
#define SEI_BASIC_VM_H

#include "basic/code.h"

enum {
    BASIC_SCRATCH   = 4 * SEI_BASIC_STRING_MAX, /* texts of one statement */
    BASIC_WARNED    = 8,
    BASIC_TEXTS_MAX = 1 << 26 /* bytes of all text variables */
};

typedef struct {
    char    *text;
    uint32_t len, size;
} basic_string;

/* n_dims 0: a plain variable at present. Cells keep their memory from run to run. */
typedef struct {
    uint32_t      n_dims, dims[BASIC_DIMS_MAX];
    size_t        n_cells, size;
    double       *numbers;
    basic_string *strings;
} basic_array;

typedef enum { LOOP_FOR, LOOP_WHILE, LOOP_GOSUB } basic_loop_kind;

typedef struct {
    basic_loop_kind kind;
    int32_t         variable;
    int32_t         home; /* code index: body of a FOR, condition of a WHILE, return of a GOSUB */
    int32_t         end;  /* behind the last WEND that was met, 0 before */
    double          last, step;
} basic_loop;

typedef struct {
    double              number;
    size_t              at, len;
    bool                is_text, tab;
    sei_basic_item_kind kind;
} basic_punched;

struct sei_basic_vm {
    const sei_basic_program *program;
    sei_ctx                 *ctx;
    const sei_basic_host    *host;
    /* the stacks; top of the numbers lives in the main loop and is stored here for the others */
    double           *numbers, *top;
    basic_text       *texts;
    size_t            n_texts;
    const basic_word *ip; /* operation under way */
    /* variables by number */
    double           *values;
    basic_string     *strings;
    basic_array      *arrays;
    size_t            n_cells, text_bytes;
    char             *scratch;
    size_t            n_scratch;
    basic_loop       *loops;
    size_t            n_loops;
    int32_t           return_to; /* of the GOSUB under way */
    size_t            next_data;
    const basic_word *after_read;
    /* results */
    basic_punched *items;
    size_t         n_items, size_items;
    sei_buf        item_text, printed;
    double         saved;
    bool           has_saved, tab, skip_text, no_newline;
    /* limits and options */
    uint64_t budget_of_run;
    int64_t  budget;
    bool     high_precision, is_running;
    size_t   warned[BASIC_WARNED], n_warned;
};

/* run.c */
sei_status basic_run_program(sei_basic_vm *vm);
/* An error at the operation under way. */
sei_status basic_vm_fail(sei_basic_vm *vm, sei_status status, const char *fmt, ...)
    SEI_PRINTF(3, 4);
sei_status basic_vm_spend(sei_basic_vm *vm, int64_t jumps);

/* Operations outside the main loop, by file; each leaves vm->ip at the next one. */
sei_status basic_run_flow(sei_basic_vm *vm);     /* run_flow.c */
sei_status basic_run_variable(sei_basic_vm *vm); /* run_variable.c */
sei_status basic_run_text(sei_basic_vm *vm);     /* run_text.c */
sei_status basic_run_output(sei_basic_vm *vm);   /* run_output.c */
sei_status basic_run_host(sei_basic_vm *vm);     /* run_host.c */

/* run_variable.c */
sei_status basic_array_make(sei_basic_vm *vm, int32_t variable, size_t n_dims,
                            const uint32_t dims[]);
sei_status basic_cell(sei_basic_vm *vm, int32_t variable, size_t n, size_t *ret_cell);
void       basic_array_erase(sei_basic_vm *vm, int32_t variable);

/* run_text.c */
sei_status basic_text_push(sei_basic_vm *vm, const char *at, size_t len);
sei_status basic_string_set(sei_basic_vm *vm, basic_string *string, const char *at, size_t len);

#endif
