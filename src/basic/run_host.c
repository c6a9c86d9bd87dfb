/* run_host.c - questions to the host, and the variables that it fills */
#include <string.h>

#include "basic/vm.h"

/* The arguments from the stacks, in the order of the call. */
static void collect(sei_basic_vm *vm, const basic_call *call, sei_basic_value values[])
{
    vm->top -= call->n_numbers;
    vm->n_texts -= call->n_texts;
    const double     *number = vm->top;
    const basic_text *text   = vm->texts + vm->n_texts;

    for (size_t i = 0; i < call->n; i++) {
        values[i] = (sei_basic_value){0.0, NULL, 0, -1};
        switch (call->kinds[i]) {
        case 'n': values[i].number = *number++; break;
        case 'i': values[i].number = basic_round(*number++); break;
        case 's':
            values[i] = (sei_basic_value){0.0, text->at, text->len, text->name};
            text++;
            break;
        default: break;
        }
    }
}

static sei_status ask(sei_basic_vm *vm, const basic_call *call, sei_basic_value *ret)
{
    const sei_basic_program      *p   = vm->program;
    const sei_basic_function_row *row = sei_basic_function_info(call->function);
    sei_basic_value               values[SEI_BASIC_ARGS_MAX];
    const sei_basic_call          question = {call->function,          call->use, call->n, values,
                                              p->uses[call->use].line, vm};

    if (!vm->host || !vm->host->call)
        return basic_vm_fail(vm, SEI_E_UNSUPPORTED, "%s is not known here", row->name);
    collect(vm, call, values);
    const sei_status st = vm->host->call(vm->host->user, &question, ret);
    if (st != SEI_OK)
        return basic_vm_fail(vm, st, "%s: %s", row->name, sei_ctx_error(vm->ctx));
    return SEI_OK;
}

sei_status basic_run_host(sei_basic_vm *vm)
{
    const basic_call *call = &vm->program->calls[vm->ip->arg];
    sei_basic_value   ret  = {0.0, NULL, 0, -1};

    if (vm->ip->op == OP_ASK && call->n_texts)
        vm->texts[vm->n_texts++] = vm->program->texts[vm->program->uses[call->use].names[0]];
    sei_status st = ask(vm, call, &ret);

    if (st != SEI_OK)
        return st;
    switch (sei_basic_function_info(call->function)->result) {
    case SEI_BASIC_NUMBER: *vm->top++ = ret.number; break;
    case SEI_BASIC_TEXT: st = basic_text_push(vm, ret.text, ret.text ? ret.len : 0); break;
    case SEI_BASIC_NONE: break;
    }
    vm->ip++;
    return st;
}

const char *sei_basic_copy_text(const sei_basic_value *value, char *out, size_t size)
{
    const size_t n = value->len < size ? value->len : size - 1;

    if (n && value->text)
        memcpy(out, value->text, n);
    out[value->text ? n : 0] = '\0';
    return out;
}

/* The call under way; its argument arg is to be one of the given kinds. */
static sei_status filled(const sei_basic_call *call, size_t arg, const char *kinds,
                         int32_t *ret_variable)
{
    const basic_call *made = &call->vm->program->calls[call->vm->ip->arg];

    if (arg >= made->n || !strchr(kinds, made->kinds[arg]))
        return sei_fail(call->vm->ctx, SEI_E_ARG, NULL, "argument %zu is not a variable to fill",
                        arg + 1);
    *ret_variable = made->variables[arg];
    return SEI_OK;
}

sei_status sei_basic_give_list(const sei_basic_call *call, size_t arg, size_t n)
{
    int32_t    variable = -1;
    sei_status st       = filled(call, arg, "AS", &variable);

    if (st != SEI_OK)
        return st;
    if (n >= SEI_BASIC_CELLS_MAX)
        return basic_vm_fail(call->vm, SEI_E_TOO_LARGE, "a list of %zu, at most %d", n,
                             SEI_BASIC_CELLS_MAX - 1);
    const uint32_t size = (uint32_t)n + 1;
    basic_array_erase(call->vm, variable);
    return basic_array_make(call->vm, variable, 1, &size);
}

static sei_status outside(const sei_basic_call *call, size_t arg, size_t index)
{
    return sei_fail(call->vm->ctx, SEI_E_RANGE, NULL, "element %zu of argument %zu was not made",
                    index, arg + 1);
}

sei_status sei_basic_give_number(const sei_basic_call *call, size_t arg, size_t index, double value)
{
    sei_basic_vm *vm       = call->vm;
    int32_t       variable = -1;
    sei_status    st       = filled(call, arg, "NA", &variable);

    if (st != SEI_OK)
        return st;
    basic_array *a = &vm->arrays[variable];
    if (vm->program->calls[vm->ip->arg].kinds[arg] == 'N') {
        basic_array_erase(vm, variable);
        vm->values[variable] = value;
    } else if (index < a->n_cells) {
        a->numbers[index] = value;
    } else {
        return outside(call, arg, index);
    }
    return SEI_OK;
}

sei_status sei_basic_give_text(const sei_basic_call *call, size_t arg, size_t index,
                               const char *text, size_t len)
{
    sei_basic_vm *vm       = call->vm;
    int32_t       variable = -1;
    sei_status    st       = filled(call, arg, "TS", &variable);

    if (st != SEI_OK)
        return st;
    if (len > SEI_BASIC_STRING_MAX)
        return sei_fail(vm->ctx, SEI_E_TOO_LARGE, NULL, "a text of %zu bytes, at most %d", len,
                        SEI_BASIC_STRING_MAX);
    basic_array *a = &vm->arrays[variable];
    if (vm->program->calls[vm->ip->arg].kinds[arg] == 'T') {
        basic_array_erase(vm, variable);
        return basic_string_set(vm, &vm->strings[variable], text, len);
    }
    if (index >= a->n_cells)
        return outside(call, arg, index);
    return basic_string_set(vm, &a->strings[index], text, len);
}
