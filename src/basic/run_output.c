/* run_output.c - PUNCH and PRINT */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "basic/vm.h"

size_t sei_basic_format(char out[SEI_BASIC_NUMBER_MAX], double value, bool high_precision)
{
    const bool whole = ceil(value) == floor(value);
    const int  width = high_precision ? 20 : 12;
    const int  n =
        whole ? snprintf(out, SEI_BASIC_NUMBER_MAX, "%*.0f", width, value)
               : snprintf(out, SEI_BASIC_NUMBER_MAX, "%*.*e", width, high_precision ? 12 : 4, value);

    for (char *c = out; *c; c++) /* whatever the locale of the host */
        if (*c == ',')
            *c = '.';
    return n > 0 ? (size_t)n : 0;
}

void sei_basic_put_item(sei_buf *out, const sei_basic_item *item, bool high_precision)
{
    const size_t width = high_precision ? 20 : 12;
    char         number[SEI_BASIC_NUMBER_MAX];

    if (item->text) {
        for (size_t i = item->len; i < width; i++)
            sei_buf_putc(out, ' ');
        sei_buf_put(out, item->text, item->len);
        if (item->tab)
            sei_buf_putc(out, '\t');
        return;
    }
    snprintf(number, sizeof number, "%*.*e", (int)width, high_precision ? 12 : 4, item->number);
    for (char *c = number; *c; c++)
        if (*c == ',')
            *c = '.';
    sei_buf_puts(out, number);
    sei_buf_putc(out, '\t');
}

static sei_status add_item(sei_basic_vm *vm, basic_punched item)
{
    if (vm->n_items == SEI_BASIC_ITEMS_MAX)
        return basic_vm_fail(vm, SEI_E_TOO_LARGE, "one run punches more than %d values",
                             SEI_BASIC_ITEMS_MAX);
    if (vm->n_items == vm->size_items) {
        const size_t   size  = vm->size_items ? 2 * vm->size_items : 16;
        basic_punched *items = sei_resize(vm->ctx, vm->items, size, sizeof *items);
        if (!items)
            return SEI_E_NOMEM;
        vm->items      = items;
        vm->size_items = size;
    }
    vm->items[vm->n_items++] = item;
    return SEI_OK;
}

static sei_status punch_text(sei_basic_vm *vm)
{
    const basic_text    t    = vm->texts[--vm->n_texts];
    const basic_punched item = {0.0,  vm->item_text.len, t.len,
                                true, vm->tab,           (sei_basic_item_kind)vm->ip->n};
    const bool          skip = vm->skip_text;

    vm->skip_text = false;
    if (skip)
        return SEI_OK;
    vm->tab = true;
    sei_buf_put(&vm->item_text, t.at, t.len);
    if (vm->item_text.status != SEI_OK)
        return vm->item_text.status;
    return add_item(vm, item);
}

static sei_status punch_number(sei_basic_vm *vm)
{
    const basic_punched item = {*--vm->top, 0, 0, false, true, (sei_basic_item_kind)vm->ip->n};
    const bool          skip = vm->skip_text;

    vm->skip_text = false;
    if (skip)
        return SEI_OK;
    vm->tab = true;
    return add_item(vm, item);
}

static sei_status print_number(sei_basic_vm *vm)
{
    char         text[SEI_BASIC_NUMBER_MAX];
    const size_t len = sei_basic_format(text, *--vm->top, vm->high_precision);

    sei_buf_put(&vm->printed, text, len);
    sei_buf_putc(&vm->printed, ' ');
    return vm->printed.status;
}

static sei_status print_text(sei_basic_vm *vm)
{
    const basic_text t = vm->texts[--vm->n_texts];

    if (vm->skip_text)
        return SEI_OK;
    sei_buf_put(&vm->printed, t.at, t.len);
    sei_buf_putc(&vm->printed, ' ');
    return vm->printed.status;
}

static sei_status print_end(sei_basic_vm *vm)
{
    if (vm->ip->n && !vm->no_newline)
        sei_buf_putc(&vm->printed, '\n');
    vm->no_newline = false;
    vm->skip_text  = false;
    return vm->printed.status;
}

sei_status basic_run_output(sei_basic_vm *vm)
{
    sei_status st;

    switch (vm->ip->op) {
    case OP_PUNCH: st = punch_number(vm); break;
    case OP_PUNCH_TEXT: st = punch_text(vm); break;
    case OP_PRINT: st = print_number(vm); break;
    case OP_PRINT_TEXT: st = print_text(vm); break;
    case OP_PRINT_END: st = print_end(vm); break;
    default: return basic_vm_fail(vm, SEI_E_INTERNAL, "operation %u", (unsigned)vm->ip->op);
    }
    vm->ip++;
    return st;
}
