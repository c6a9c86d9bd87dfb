/* run_text.c - operations on texts
 *
 * Texts on the stack are constants of the program or stand in the scratch, which is emptied when a
 * text is pushed on an empty stack: nothing else can point into it then.
 */
#include <stdio.h>
#include <string.h>

#include "basic/vm.h"

enum { FORMAT_MAX = 1024 };

static double pop_number(sei_basic_vm *vm)
{
    return *--vm->top;
}

static void push_number(sei_basic_vm *vm, double value)
{
    *vm->top++ = value;
}

static basic_text pop_text(sei_basic_vm *vm)
{
    return vm->texts[--vm->n_texts];
}

/* A piece of scratch for a text of len bytes; NULL with the failure in *ret_status. */
static char *take_scratch(sei_basic_vm *vm, size_t len, sei_status *ret_status)
{
    char *text = vm->scratch + vm->n_scratch;

    if (len > SEI_BASIC_STRING_MAX) {
        *ret_status = basic_vm_fail(vm, SEI_E_TOO_LARGE, "a text would have %zu bytes, at most %d",
                                    len, SEI_BASIC_STRING_MAX);
        return NULL;
    }
    if (len > BASIC_SCRATCH - vm->n_scratch) {
        *ret_status =
            basic_vm_fail(vm, SEI_E_TOO_LARGE, "the texts of one statement have more than %d bytes",
                          BASIC_SCRATCH);
        return NULL;
    }
    *ret_status = basic_vm_spend(vm, (int64_t)len / 256);
    vm->n_scratch += len;
    return *ret_status == SEI_OK ? text : NULL;
}

/* at may itself stand in the scratch that is given free here. */
sei_status basic_text_push(sei_basic_vm *vm, const char *at, size_t len)
{
    sei_status st;

    if (vm->n_texts == 0)
        vm->n_scratch = 0;
    char *text = take_scratch(vm, len, &st);
    if (!text)
        return st;
    if (len)
        memmove(text, at, len);
    vm->texts[vm->n_texts++] = (basic_text){text, (uint32_t)len, -1};
    return SEI_OK;
}

/* A part of a text that has just been popped stays where it is. */
static void push_part(sei_basic_vm *vm, basic_text part)
{
    part.name                = -1;
    vm->texts[vm->n_texts++] = part;
}

sei_status basic_string_set(sei_basic_vm *vm, basic_string *string, const char *at, size_t len)
{
    if (len > string->size) {
        const size_t size = len < 32 ? 32 : len + len / 2;
        if (vm->text_bytes + size - string->size > BASIC_TEXTS_MAX)
            return basic_vm_fail(vm, SEI_E_TOO_LARGE, "the texts hold more than %d bytes",
                                 BASIC_TEXTS_MAX);
        char *text = sei_resize(vm->ctx, string->text, size, 1);
        if (!text)
            return SEI_E_NOMEM;
        vm->text_bytes += size - string->size;
        string->text = text;
        string->size = (uint32_t)size;
    }
    if (len)
        memcpy(string->text, at, len);
    string->len = (uint32_t)len;
    return SEI_OK;
}

/* ---- variables ---- */

/* The string that the word names: a plain variable or a cell. */
static sei_status find_string(sei_basic_vm *vm, basic_string **ret_string)
{
    const basic_word *w     = vm->ip;
    const bool        cells = w->op == OP_LOAD_TEXT_CELL || w->op == OP_STORE_TEXT_CELL;
    size_t            cell;

    if (!cells) {
        *ret_string = &vm->strings[w->arg];
        if (vm->arrays[w->arg].n_dims)
            return basic_vm_fail(vm, SEI_E_RANGE, "%s is an array and needs a subscript",
                                 vm->program->variables[w->arg].name);
        return SEI_OK;
    }
    const sei_status st = basic_cell(vm, w->arg, w->n, &cell);
    if (st == SEI_OK)
        *ret_string = &vm->arrays[w->arg].strings[cell];
    return st;
}

static sei_status load(sei_basic_vm *vm)
{
    basic_string    *string;
    const sei_status st = find_string(vm, &string);

    return st == SEI_OK ? basic_text_push(vm, string->text, string->len) : st;
}

static sei_status store(sei_basic_vm *vm)
{
    const basic_text text = pop_text(vm);
    basic_string    *string;
    const sei_status st = find_string(vm, &string);

    return st == SEI_OK ? basic_string_set(vm, string, text.at, text.len) : st;
}

/* ---- operators ---- */

static sei_status join(sei_basic_vm *vm)
{
    const basic_text b = pop_text(vm), a = pop_text(vm);
    sei_status       st;
    char            *text = take_scratch(vm, (size_t)a.len + b.len, &st);

    if (!text)
        return st;
    memcpy(text, a.at, a.len);
    memcpy(text + a.len, b.at, b.len);
    push_part(vm, (basic_text){text, a.len + b.len, -1});
    return SEI_OK;
}

/* By bytes, as strcmp. */
static void compare(sei_basic_vm *vm)
{
    const basic_text b = pop_text(vm), a = pop_text(vm);
    const uint32_t   n     = a.len < b.len ? a.len : b.len;
    int              order = n ? memcmp(a.at, b.at, n) : 0;
    bool             is    = false;

    if (order == 0)
        order = (a.len > b.len) - (a.len < b.len);
    switch (vm->ip->n) {
    case OP_EQ: is = order == 0; break;
    case OP_NE: is = order != 0; break;
    case OP_LT: is = order < 0; break;
    case OP_GT: is = order > 0; break;
    case OP_LE: is = order <= 0; break;
    case OP_GE: is = order >= 0; break;
    default: break;
    }
    push_number(vm, is);
}

/* ---- functions ---- */

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static void trim(sei_basic_vm *vm, bool left, bool right)
{
    basic_text t = pop_text(vm);

    while (left && t.len && is_blank(t.at[0])) {
        t.at++;
        t.len--;
    }
    while (right && t.len && is_blank(t.at[t.len - 1]))
        t.len--;
    push_part(vm, t);
}

/* MID$(text, from) or MID$(text, from, length). */
static void middle(sei_basic_vm *vm)
{
    const double length = vm->ip->n == 3 ? basic_round(pop_number(vm)) : SEI_BASIC_STRING_MAX;
    double       from   = basic_round(pop_number(vm));
    basic_text   t      = pop_text(vm);

    if (!(from >= 1.0))
        from = 1.0;
    const uint32_t skip = from - 1.0 < t.len ? (uint32_t)from - 1 : t.len;
    t.at += skip;
    t.len -= skip;
    if (length >= 0.0 && length < t.len)
        t.len = (uint32_t)length;
    push_part(vm, t);
}

static sei_status pad(sei_basic_vm *vm)
{
    const double     width = basic_round(pop_number(vm));
    const basic_text t     = pop_text(vm);
    sei_status       st;

    if (!(width > t.len)) {
        push_part(vm, t);
        return SEI_OK;
    }
    if (width > SEI_BASIC_STRING_MAX)
        return basic_vm_fail(vm, SEI_E_TOO_LARGE, "PAD to %.0f characters, at most %d", width,
                             SEI_BASIC_STRING_MAX);
    char *text = take_scratch(vm, (size_t)width, &st);
    if (!text)
        return st;
    memcpy(text, t.at, t.len);
    memset(text + t.len, ' ', (size_t)width - t.len);
    push_part(vm, (basic_text){text, (uint32_t)width, -1});
    return SEI_OK;
}

static void find_in(sei_basic_vm *vm)
{
    const basic_text what = pop_text(vm), in = pop_text(vm);
    uint32_t         at = 0;

    while (at + what.len <= in.len && memcmp(in.at + at, what.at, what.len) != 0)
        at++;
    push_number(vm, at + what.len <= in.len ? at + 1.0 : 0.0);
}

/* As C's %*.*e and %*.*f; text longer than 255 bytes and than the width is cut, as PHREEQC does. */
static sei_status format(sei_basic_vm *vm, bool exponential)
{
    const double decimals = pop_number(vm), width = pop_number(vm), value = pop_number(vm);
    char         text[FORMAT_MAX + 1];

    if (!(width > -FORMAT_MAX && width < FORMAT_MAX && decimals > -FORMAT_MAX &&
          decimals < FORMAT_MAX))
        return basic_vm_fail(vm, SEI_E_RANGE, "width %g and decimals %g are to lie within +-%d",
                             width, decimals, FORMAT_MAX);
    const int    w = (int)width, d = (int)decimals;
    const size_t size = w < 256 ? 256 : (size_t)w;
    if (exponential)
        snprintf(text, size, "%*.*e", w, d, value);
    else
        snprintf(text, size, "%*.*f", w, d, value);
    for (char *c = text; *c; c++) /* whatever the locale of the host */
        if (*c == ',')
            *c = '.';
    return basic_text_push(vm, text, strlen(text));
}

static sei_status number_to_text(sei_basic_vm *vm)
{
    char         text[SEI_BASIC_NUMBER_MAX];
    const size_t len = sei_basic_format(text, pop_number(vm), vm->high_precision);

    return basic_text_push(vm, text, len);
}

static sei_status character(sei_basic_vm *vm)
{
    const char c =
        (char)(unsigned char)((uint64_t)basic_to_integer(basic_round(pop_number(vm))) & 255);

    return basic_text_push(vm, &c, c != '\0');
}

/* A byte above 127 counts as negative, as where PHREEQC was born. */
static void code_of(sei_basic_vm *vm)
{
    const basic_text t    = pop_text(vm);
    const int        byte = t.len ? (unsigned char)t.at[0] : 0;

    push_number(vm, byte > 127 ? byte - 256 : byte);
}

static sei_status value_of(sei_basic_vm *vm)
{
    const basic_text t     = pop_text(vm);
    double           value = 0.0;

    if (!basic_val(t.at, t.len, &value))
        return basic_vm_fail(vm, SEI_E_PARSE, "VAL finds no number in \"%.*s\"",
                             (int)(t.len < 60 ? t.len : 60), t.at);
    push_number(vm, value);
    return SEI_OK;
}

static sei_status function(sei_basic_vm *vm)
{
    switch ((sei_basic_function)vm->ip->arg) {
    case SEI_BASIC_ASC: code_of(vm); return SEI_OK;
    case SEI_BASIC_CHR_TEXT: return character(vm);
    case SEI_BASIC_EOL_NOTAB_TEXT: vm->tab = false; return basic_text_push(vm, "\n", 1);
    case SEI_BASIC_EOL_TEXT: return basic_text_push(vm, "\n", 1);
    case SEI_BASIC_INSTR: find_in(vm); return SEI_OK;
    case SEI_BASIC_LEN: push_number(vm, pop_text(vm).len); return SEI_OK;
    case SEI_BASIC_LTRIM: trim(vm, true, false); return SEI_OK;
    case SEI_BASIC_MID_TEXT: middle(vm); return SEI_OK;
    case SEI_BASIC_NO_NEWLINE_TEXT:
        vm->no_newline = true;
        vm->skip_text  = true;
        return basic_text_push(vm, "", 0);
    case SEI_BASIC_PAD: return pad(vm);
    case SEI_BASIC_RTRIM: trim(vm, false, true); return SEI_OK;
    case SEI_BASIC_STR_E_TEXT: return format(vm, true);
    case SEI_BASIC_STR_F_TEXT: return format(vm, false);
    case SEI_BASIC_STR_TEXT: return number_to_text(vm);
    case SEI_BASIC_TRIM: trim(vm, true, true); return SEI_OK;
    case SEI_BASIC_VAL: return value_of(vm);
    default: return basic_vm_fail(vm, SEI_E_INTERNAL, "function %d", (int)vm->ip->arg);
    }
}

sei_status basic_run_text(sei_basic_vm *vm)
{
    sei_status st = SEI_OK;

    switch (vm->ip->op) {
    case OP_PUSH_TEXT:
        if (vm->n_texts == 0)
            vm->n_scratch = 0;
        vm->texts[vm->n_texts++] = vm->program->texts[vm->ip->arg];
        break;
    case OP_LOAD_TEXT:
    case OP_LOAD_TEXT_CELL: st = load(vm); break;
    case OP_STORE_TEXT:
    case OP_STORE_TEXT_CELL: st = store(vm); break;
    case OP_JOIN: st = join(vm); break;
    case OP_COMPARE: compare(vm); break;
    case OP_TEXT: st = function(vm); break;
    default: return basic_vm_fail(vm, SEI_E_INTERNAL, "operation %u", (unsigned)vm->ip->op);
    }
    vm->ip++;
    return st;
}
