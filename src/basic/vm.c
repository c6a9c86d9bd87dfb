/* vm.c - a machine is made, emptied before a run, asked after it */
#include "basic/vm.h"

#include <string.h>

enum { DEFAULT_JUMPS = 10000000 };

/* Memory for arrays whose size is known, so that even the first run asks for none. */
static sei_status reserve_arrays(sei_basic_vm *vm)
{
    const sei_basic_program *p = vm->program;

    for (size_t i = 0; i < p->n_variables; i++) {
        const size_t n = p->variables[i].reserve;
        basic_array *a = &vm->arrays[i];
        if (n == 0)
            continue;
        if (p->variables[i].is_text)
            a->strings = sei_alloc(vm->ctx, n, sizeof *a->strings);
        else
            a->numbers = sei_alloc(vm->ctx, n, sizeof *a->numbers);
        if (!a->strings && !a->numbers)
            return SEI_E_NOMEM;
        a->size = n;
    }
    return SEI_OK;
}

static sei_status take_memory(sei_basic_vm *vm)
{
    const sei_basic_program *p   = vm->program;
    sei_ctx                 *ctx = vm->ctx;

    /* a value of DATA is worked out on top of the statement that reads it */
    vm->numbers = sei_alloc(ctx, 2 * p->stack_numbers + 2, sizeof *vm->numbers);
    vm->texts   = sei_alloc(ctx, 2 * p->stack_texts + 2, sizeof *vm->texts);
    vm->values  = sei_alloc(ctx, p->n_variables, sizeof *vm->values);
    vm->strings = sei_alloc(ctx, p->n_variables, sizeof *vm->strings);
    vm->arrays  = sei_alloc(ctx, p->n_variables, sizeof *vm->arrays);
    vm->loops   = sei_alloc(ctx, SEI_BASIC_LOOPS_MAX, sizeof *vm->loops);
    if (!vm->numbers || !vm->texts || !vm->values || !vm->strings || !vm->arrays || !vm->loops)
        return SEI_E_NOMEM;
    if (p->stack_texts) {
        vm->scratch = sei_alloc(ctx, BASIC_SCRATCH, 1);
        if (!vm->scratch)
            return SEI_E_NOMEM;
    }
    return reserve_arrays(vm);
}

sei_status sei_basic_vm_create(sei_ctx *ctx, const sei_basic_program *program,
                               sei_basic_vm **ret_vm)
{
    sei_basic_vm *vm = sei_alloc(ctx, 1, sizeof *vm);

    if (!vm)
        return SEI_E_NOMEM;
    vm->ctx           = ctx;
    vm->program       = program;
    vm->budget_of_run = DEFAULT_JUMPS;
    sei_buf_init(&vm->item_text, ctx, SEI_BASIC_OUTPUT_MAX);
    sei_buf_init(&vm->printed, ctx, SEI_BASIC_OUTPUT_MAX);
    const sei_status st = take_memory(vm);
    if (st == SEI_OK) {
        *ret_vm = vm;
        vm      = NULL;
    }
    sei_basic_vm_free(vm);
    return st;
}

static void free_strings(sei_basic_vm *vm, basic_string *strings, size_t n)
{
    for (size_t i = 0; strings && i < n; i++)
        sei_release(vm->ctx, strings[i].text);
    sei_release(vm->ctx, strings);
}

void sei_basic_vm_free(sei_basic_vm *vm)
{
    if (!vm)
        return;
    for (size_t i = 0; vm->arrays && i < vm->program->n_variables; i++) {
        sei_release(vm->ctx, vm->arrays[i].numbers);
        free_strings(vm, vm->arrays[i].strings, vm->arrays[i].size);
    }
    free_strings(vm, vm->strings, vm->program->n_variables);
    sei_release(vm->ctx, vm->arrays);
    sei_release(vm->ctx, vm->numbers);
    sei_release(vm->ctx, vm->texts);
    sei_release(vm->ctx, vm->values);
    sei_release(vm->ctx, vm->loops);
    sei_release(vm->ctx, vm->scratch);
    sei_release(vm->ctx, vm->items);
    sei_buf_done(&vm->item_text);
    sei_buf_done(&vm->printed);
    sei_release(vm->ctx, vm);
}

void sei_basic_vm_set_budget(sei_basic_vm *vm, uint64_t jumps)
{
    vm->budget_of_run = jumps < INT64_MAX ? jumps : INT64_MAX;
}

void sei_basic_vm_set_high_precision(sei_basic_vm *vm, bool high_precision)
{
    vm->high_precision = high_precision;
}

static void empty(sei_basic_vm *vm)
{
    const sei_basic_program *p = vm->program;

    for (size_t i = 0; i < p->n_variables; i++) {
        vm->values[i] = 0.0;
        if (p->variables[i].is_text)
            vm->strings[i].len = 0;
        if (p->variables[i].is_array)
            basic_array_erase(vm, (int32_t)i);
    }
    vm->top        = vm->numbers;
    vm->n_texts    = 0;
    vm->n_scratch  = 0;
    vm->n_loops    = 0;
    vm->next_data  = 0;
    vm->n_items    = 0;
    vm->has_saved  = false;
    vm->saved      = 0.0;
    vm->tab        = true;
    vm->skip_text  = false;
    vm->no_newline = false;
    vm->budget     = (int64_t)vm->budget_of_run;
    vm->ip         = p->code;
    sei_buf_clear(&vm->item_text);
    sei_buf_clear(&vm->printed);
}

sei_status sei_basic_run(sei_basic_vm *vm, const sei_basic_host *host)
{
    const sei_where where = {vm->program->file, 0, 0};

    if (vm->is_running)
        return sei_fail(vm->ctx, SEI_E_UNSUPPORTED, &where, "a BASIC program calls itself");
    empty(vm);
    vm->host            = host;
    vm->is_running      = true;
    const sei_status st = basic_run_program(vm);
    vm->is_running      = false;
    vm->host            = NULL;
    return st;
}

bool sei_basic_saved(const sei_basic_vm *vm, double *ret_value)
{
    if (vm->has_saved)
        *ret_value = vm->saved;
    return vm->has_saved;
}

size_t sei_basic_n_items(const sei_basic_vm *vm)
{
    return vm->n_items;
}

sei_basic_item sei_basic_item_at(const sei_basic_vm *vm, size_t i)
{
    const basic_punched *p    = &vm->items[i];
    sei_basic_item       item = {p->number, NULL, p->len, p->tab, p->kind};

    if (p->is_text)
        item.text = vm->item_text.text + p->at;
    return item;
}

bool sei_basic_no_newline(const sei_basic_vm *vm)
{
    return vm->no_newline;
}

const char *sei_basic_printed(const sei_basic_vm *vm, size_t *ret_len)
{
    if (ret_len)
        *ret_len = vm->printed.len;
    return vm->printed.text;
}
