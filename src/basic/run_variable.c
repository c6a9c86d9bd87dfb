/* run_variable.c - arrays, and variables that may be arrays */
#include "basic/vm.h"

#include <string.h>

void basic_array_erase(sei_basic_vm *vm, int32_t variable)
{
    basic_array *a = &vm->arrays[variable];

    vm->n_cells -= a->n_cells;
    a->n_cells = 0;
    a->n_dims  = 0;
}

/* Room for n cells, all 0 or "". */
static sei_status take_cells(sei_basic_vm *vm, int32_t variable, size_t n)
{
    basic_array *a = &vm->arrays[variable];

    if (!vm->program->variables[variable].is_text) {
        double *numbers =
            n > a->size ? sei_resize(vm->ctx, a->numbers, n, sizeof *numbers) : a->numbers;
        if (!numbers)
            return SEI_E_NOMEM;
        a->numbers = numbers;
        memset(numbers, 0, n * sizeof *numbers);
    } else {
        basic_string *strings =
            n > a->size ? sei_resize(vm->ctx, a->strings, n, sizeof *strings) : a->strings;
        if (!strings)
            return SEI_E_NOMEM;
        a->strings = strings;
        for (size_t i = 0; i < n; i++) {
            if (i >= a->size)
                strings[i] = (basic_string){NULL, 0, 0};
            strings[i].len = 0;
        }
    }
    if (n > a->size)
        a->size = n;
    return SEI_OK;
}

sei_status basic_array_make(sei_basic_vm *vm, int32_t variable, size_t n_dims,
                            const uint32_t dims[])
{
    basic_array *a = &vm->arrays[variable];
    double       n = 1.0;

    for (size_t i = 0; i < n_dims; i++)
        n *= (double)dims[i];
    if (n + (double)vm->n_cells > SEI_BASIC_CELLS_MAX)
        return basic_vm_fail(vm, SEI_E_TOO_LARGE, "the arrays hold more than %d values",
                             SEI_BASIC_CELLS_MAX);
    sei_status st = basic_vm_spend(vm, 1 + (int64_t)(n / 64.0));
    if (st == SEI_OK)
        st = take_cells(vm, variable, (size_t)n);
    if (st != SEI_OK)
        return st;
    a->n_dims  = (uint32_t)n_dims;
    a->n_cells = (size_t)n;
    vm->n_cells += a->n_cells;
    memcpy(a->dims, dims, n_dims * sizeof *dims);
    return SEI_OK;
}

/* The n subscripts on the stack as a place in the array; an array without DIM gets 11 in each
 * direction. */
sei_status basic_cell(sei_basic_vm *vm, int32_t variable, size_t n, size_t *ret_cell)
{
    static const uint32_t automatic[BASIC_DIMS_MAX] = {BASIC_AUTO_DIM, BASIC_AUTO_DIM,
                                                       BASIC_AUTO_DIM, BASIC_AUTO_DIM};
    basic_array          *a                         = &vm->arrays[variable];
    const char           *name                      = vm->program->variables[variable].name;
    size_t                cell                      = 0;

    if (a->n_dims == 0) {
        const sei_status st = basic_array_make(vm, variable, n, automatic);
        if (st != SEI_OK)
            return st;
    }
    if (a->n_dims != n)
        return basic_vm_fail(vm, SEI_E_RANGE, "%s has %u subscripts, not %zu", name, a->n_dims, n);
    vm->top -= n;
    for (size_t i = 0; i < n; i++) {
        const double subscript = basic_round(vm->top[i]);
        if (!(subscript >= 0.0 && subscript < (double)a->dims[i]))
            return basic_vm_fail(vm, SEI_E_RANGE, "subscript %.0f of %s is outside 0..%u",
                                 subscript, name, a->dims[i] - 1);
        cell = cell * a->dims[i] + (size_t)subscript;
    }
    *ret_cell = cell;
    return SEI_OK;
}

static sei_status plain(sei_basic_vm *vm)
{
    if (vm->arrays[vm->ip->arg].n_dims == 0)
        return SEI_OK;
    return basic_vm_fail(vm, SEI_E_RANGE, "%s is an array and needs a subscript",
                         vm->program->variables[vm->ip->arg].name);
}

static sei_status run_dim(sei_basic_vm *vm)
{
    const basic_word *w = vm->ip;
    uint32_t          dims[BASIC_DIMS_MAX];

    if (vm->arrays[w->arg].n_dims)
        return basic_vm_fail(vm, SEI_E_DUPLICATE, "%s has its size already",
                             vm->program->variables[w->arg].name);
    vm->top -= w->n;
    for (size_t i = 0; i < w->n; i++) {
        const double last = basic_round(vm->top[i]);
        if (!(last >= 0.0 && last < SEI_BASIC_CELLS_MAX))
            return basic_vm_fail(vm, SEI_E_RANGE, "size %g of %s is outside 0..%d", last,
                                 vm->program->variables[w->arg].name, SEI_BASIC_CELLS_MAX - 1);
        dims[i] = (uint32_t)last + 1;
    }
    return basic_array_make(vm, w->arg, w->n, dims);
}

static void run_erase(sei_basic_vm *vm)
{
    const int32_t variable = vm->ip->arg;

    basic_array_erase(vm, variable);
    vm->values[variable]      = 0.0;
    vm->strings[variable].len = 0;
}

sei_status basic_run_variable(sei_basic_vm *vm)
{
    const basic_word *w  = vm->ip;
    basic_array      *a  = &vm->arrays[w->arg];
    sei_status        st = SEI_OK;
    size_t            cell;
    double            value;

    switch (w->op) {
    case OP_LOAD_ANY:
        st         = plain(vm);
        *vm->top++ = vm->values[w->arg];
        break;
    case OP_STORE_ANY:
        st                 = plain(vm);
        vm->values[w->arg] = *--vm->top;
        break;
    case OP_LOAD_CELL:
        st = basic_cell(vm, w->arg, w->n, &cell);
        if (st == SEI_OK)
            *vm->top++ = a->numbers[cell];
        break;
    case OP_STORE_CELL:
        value = *--vm->top;
        st    = basic_cell(vm, w->arg, w->n, &cell);
        if (st == SEI_OK)
            a->numbers[cell] = value;
        break;
    case OP_DIM: st = run_dim(vm); break;
    case OP_ERASE: run_erase(vm); break;
    default: return basic_vm_fail(vm, SEI_E_INTERNAL, "operation %u", (unsigned)w->op);
    }
    vm->ip++;
    return st;
}
