/* run_flow.c - loops, subroutines, computed jumps, READ */
#include "basic/vm.h"

static double pop(sei_basic_vm *vm)
{
    return *--vm->top;
}

static sei_status jump(sei_basic_vm *vm, int32_t to)
{
    const sei_status st = basic_vm_spend(vm, 1);

    if (st == SEI_OK)
        vm->ip = vm->program->code + to;
    return st;
}

static sei_status find_line(sei_basic_vm *vm, double number, const basic_line **ret_line)
{
    const int32_t line = basic_find_line(vm->program, basic_round(number));

    if (line < 0)
        return basic_vm_fail(vm, SEI_E_NOT_FOUND, "there is no BASIC line %.0f",
                             basic_round(number));
    *ret_line = &vm->program->lines[line];
    return SEI_OK;
}

static sei_status go_to_line(sei_basic_vm *vm)
{
    const basic_line *line;
    sei_status        st = find_line(vm, pop(vm), &line);

    return st == SEI_OK ? jump(vm, line->start) : st;
}

/* ---- the stack of loops ---- */

/* A FOR that was left by GOTO stays on the stack; when the stack is full, the program has come to the
 * same FOR again and its old entry with all above may go. */
static bool drop_left_loops(sei_basic_vm *vm, const basic_loop *loop)
{
    for (size_t i = vm->n_loops; i > 0; i--) {
        const basic_loop *old = &vm->loops[i - 1];
        if (old->kind == LOOP_GOSUB)
            return false;
        if (old->kind == loop->kind && old->home == loop->home) {
            vm->n_loops = i - 1;
            return true;
        }
    }
    return false;
}

static sei_status push_loop(sei_basic_vm *vm, basic_loop loop)
{
    if (vm->n_loops == SEI_BASIC_LOOPS_MAX &&
        (loop.kind == LOOP_GOSUB || !drop_left_loops(vm, &loop)))
        return basic_vm_fail(vm, SEI_E_TOO_LARGE,
                             "more than %d FOR, WHILE and GOSUB are open at once",
                             SEI_BASIC_LOOPS_MAX);
    vm->loops[vm->n_loops++] = loop;
    return SEI_OK;
}

/* The innermost loop of that kind, those inside it are dropped. A subroutine hides the loops of its
 * caller; RETURN drops the loops of the subroutine. */
static basic_loop *find_loop(sei_basic_vm *vm, basic_loop_kind kind, int32_t variable)
{
    while (vm->n_loops) {
        basic_loop *loop = &vm->loops[vm->n_loops - 1];
        if (loop->kind == kind && (variable < 0 || loop->variable == variable))
            return loop;
        if (loop->kind == LOOP_GOSUB)
            return NULL;
        vm->n_loops--;
    }
    return NULL;
}

static sei_status run_gosub(sei_basic_vm *vm, int32_t to)
{
    const basic_loop loop = {.kind = LOOP_GOSUB, .home = vm->return_to};
    sei_status       st   = push_loop(vm, loop);

    return st == SEI_OK ? jump(vm, to) : st;
}

static sei_status run_gosub_line(sei_basic_vm *vm)
{
    const basic_line *line;
    sei_status        st = find_line(vm, pop(vm), &line);

    return st == SEI_OK ? run_gosub(vm, line->start) : st;
}

static sei_status run_return(sei_basic_vm *vm)
{
    const basic_loop *loop = find_loop(vm, LOOP_GOSUB, -1);

    if (!loop)
        return basic_vm_fail(vm, SEI_E_PARSE, "RETURN without GOSUB");
    vm->n_loops--;
    return jump(vm, loop->home);
}

/* The jumps follow the word, one each. */
static sei_status run_on(sei_basic_vm *vm)
{
    const basic_word *w      = vm->ip;
    const double      number = basic_round(pop(vm));

    if (!(number >= 1.0 && number <= (double)w->arg)) {
        vm->ip = w + 1 + w->arg;
        return SEI_OK;
    }
    vm->ip = w + (size_t)number;
    if (w->n == 0 || vm->ip->op != OP_JUMP)
        return SEI_OK;
    return run_gosub(vm, vm->ip->arg);
}

static sei_status run_for(sei_basic_vm *vm)
{
    const basic_word *w    = vm->ip;
    const double      step = pop(vm), last = pop(vm);
    const double      value = vm->values[w->arg];
    const basic_loop loop = {LOOP_FOR, w->arg, (int32_t)(w + 2 - vm->program->code), 0, last, step};

    if ((step >= 0.0 && value > last) || (step <= 0.0 && value < last)) {
        if (w[1].arg < 0)
            return basic_vm_fail(vm, SEI_E_PARSE, "FOR without NEXT");
        vm->ip = vm->program->code + w[1].arg;
        return SEI_OK;
    }
    vm->ip = w + 2;
    return push_loop(vm, loop);
}

static sei_status run_next(sei_basic_vm *vm)
{
    const basic_loop *loop = find_loop(vm, LOOP_FOR, vm->ip->arg);

    if (!loop)
        return basic_vm_fail(vm, SEI_E_PARSE, "NEXT without FOR");
    const double value = vm->values[loop->variable] += loop->step;
    if ((loop->step < 0.0 || value <= loop->last) && (loop->step > 0.0 || value >= loop->last))
        return jump(vm, loop->home);
    vm->n_loops--;
    vm->ip++;
    return SEI_OK;
}

static sei_status run_while(sei_basic_vm *vm)
{
    const basic_loop loop = {.kind = LOOP_WHILE, .home = vm->ip->arg, .variable = -1};

    vm->ip++;
    return push_loop(vm, loop);
}

/* The condition at the head; the loop is the innermost one. */
static sei_status run_while_test(sei_basic_vm *vm)
{
    const basic_loop *loop = &vm->loops[vm->n_loops - 1];
    const int32_t     end  = loop->end ? loop->end : vm->ip->arg;

    if (pop(vm) != 0.0) {
        vm->ip++;
        return SEI_OK;
    }
    if (end < 0)
        return basic_vm_fail(vm, SEI_E_PARSE, "WHILE without WEND");
    vm->n_loops--;
    vm->ip = vm->program->code + end;
    return SEI_OK;
}

static sei_status run_wend(sei_basic_vm *vm)
{
    const basic_word *w = vm->ip;

    if (w->op == OP_WEND_FIND) {
        if (!find_loop(vm, LOOP_WHILE, -1))
            return basic_vm_fail(vm, SEI_E_PARSE, "WEND without WHILE");
        vm->ip++;
        return SEI_OK;
    }
    basic_loop *loop = &vm->loops[vm->n_loops - 1];
    if (w->op == OP_WEND_TEST) { /* true ends the loop; the next word is OP_WEND_LOOP */
        const bool ends = pop(vm) != 0.0;
        vm->n_loops -= ends;
        vm->ip += ends ? 2 : 1;
        return SEI_OK;
    }
    loop->end = (int32_t)(w + 1 - vm->program->code);
    return jump(vm, loop->home);
}

/* ---- READ ---- */

static sei_status run_read(sei_basic_vm *vm)
{
    const sei_basic_program *p = vm->program;

    if (vm->next_data >= p->n_data)
        return basic_vm_fail(vm, SEI_E_MISSING, "READ finds no more DATA");
    const basic_data *d = &p->data[vm->next_data];
    if (d->is_text != (vm->ip->n != 0))
        return basic_vm_fail(vm, SEI_E_TYPE, "READ needs a %s, DATA in BASIC line %u holds a %s",
                             vm->ip->n ? "text" : "number", d->line,
                             d->is_text ? "text" : "number");
    vm->next_data++;
    vm->after_read = vm->ip + 1;
    vm->ip         = p->code + d->start;
    return SEI_OK;
}

static sei_status run_restore(sei_basic_vm *vm)
{
    const sei_basic_program *p = vm->program;
    const basic_line        *line;
    const sei_status         st = find_line(vm, pop(vm), &line);

    if (st != SEI_OK)
        return st;
    vm->next_data = 0;
    while (vm->next_data < p->n_data && p->data[vm->next_data].line < line->number)
        vm->next_data++;
    vm->ip++;
    return SEI_OK;
}

sei_status basic_run_flow(sei_basic_vm *vm)
{
    switch (vm->ip->op) {
    case OP_GOTO: return go_to_line(vm);
    case OP_GOSUB: return run_gosub(vm, vm->ip->arg);
    case OP_GOSUB_LINE: return run_gosub_line(vm);
    case OP_RETURN: return run_return(vm);
    case OP_ON: return run_on(vm);
    case OP_FOR: return run_for(vm);
    case OP_NEXT: return run_next(vm);
    case OP_WHILE: return run_while(vm);
    case OP_WHILE_TEST: return run_while_test(vm);
    case OP_WEND_FIND:
    case OP_WEND_TEST:
    case OP_WEND_LOOP: return run_wend(vm);
    case OP_READ: return run_read(vm);
    case OP_RESTORE: return run_restore(vm);
    case OP_DATA_END: vm->ip = vm->after_read; return SEI_OK;
    case OP_RETURN_TO: vm->return_to = (vm->ip++)->arg; return SEI_OK;
    case OP_RESTORE_ALL:
        vm->next_data = 0;
        vm->ip++;
        return SEI_OK;
    case OP_NO_LINE:
        return basic_vm_fail(vm, SEI_E_NOT_FOUND, "there is no BASIC line %d", (int)vm->ip->arg);
    case OP_FAIL:
        return basic_vm_fail(vm, vm->program->failures[vm->ip->arg].status, "%s",
                             vm->program->failures[vm->ip->arg].text);
    case OP_STOP: return basic_vm_fail(vm, SEI_E_CANCELLED, "STOP ends the program");
    default: return basic_vm_fail(vm, SEI_E_INTERNAL, "operation %u", (unsigned)vm->ip->op);
    }
}
