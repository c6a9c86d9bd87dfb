/* run.c - the main loop: numbers and plain jumps; the rest is called */
#include <math.h>
#include <stdarg.h>
#include <stdio.h>

#include "basic/vm.h"

enum { MESSAGE_MAX = 512 };

static sei_where where_of(const sei_basic_vm *vm, const basic_line **ret_line)
{
    const sei_basic_program *p = vm->program;

    *ret_line = basic_line_of(p, (size_t)(vm->ip - p->code));
    return (sei_where){p->file, (*ret_line)->file_line, 0};
}

sei_status basic_vm_fail(sei_basic_vm *vm, sei_status status, const char *fmt, ...)
{
    const basic_line *line;
    const sei_where   where = where_of(vm, &line);
    char              text[MESSAGE_MAX];
    va_list           args;

    va_start(args, fmt);
    vsnprintf(text, sizeof text, fmt, args);
    va_end(args);
    return sei_fail(vm->ctx, status, &where, "BASIC line %u: %s", line->number, text);
}

sei_status basic_vm_spend(sei_basic_vm *vm, int64_t jumps)
{
    vm->budget -= jumps;
    if (vm->budget >= 0)
        return SEI_OK;
    return basic_vm_fail(vm, SEI_E_NOT_CONVERGED,
                         "no end after %llu jumps: the program seems to run in a circle",
                         (unsigned long long)vm->budget_of_run);
}

/* PHREEQC takes 0 for the quotient and says so; here once for each place in a program. */
static double divide_by_zero(sei_basic_vm *vm)
{
    const size_t      at = (size_t)(vm->ip - vm->program->code);
    const basic_line *line;
    const sei_where   where = where_of(vm, &line);

    for (size_t i = 0; i < vm->n_warned; i++)
        if (vm->warned[i] == at)
            return 0.0;
    if (vm->n_warned < BASIC_WARNED) {
        vm->warned[vm->n_warned++] = at;
        sei_warn(vm->ctx, &where, "BASIC line %u: division by zero, the quotient is taken as 0",
                 line->number);
    }
    return 0.0;
}

static double bits(const basic_word *w, double a, double b)
{
    const uint64_t x = (uint64_t)basic_to_integer(a), y = (uint64_t)basic_to_integer(b);

    switch ((basic_bits)w->n) {
    case BITS_AND: return (double)(int64_t)(x & y);
    case BITS_OR: return (double)(int64_t)(x | y);
    case BITS_XOR: return (double)(int64_t)(x ^ y);
    case BITS_NOT: break;
    }
    return (double)~basic_to_integer(basic_round(b));
}

static sei_status power(sei_basic_vm *vm, double base, double *exponent_and_value)
{
    if (basic_power(base, *exponent_and_value, exponent_and_value))
        return SEI_OK;
    return basic_vm_fail(vm, SEI_E_RANGE, "%g cannot be raised to the power %g, which is not whole",
                         base, *exponent_and_value);
}

/* Operations outside the main loop. */
static sei_status other(sei_basic_vm *vm)
{
    const uint16_t op = vm->ip->op;

    if (op == OP_HOST || op == OP_ASK)
        return basic_run_host(vm);
    if (op >= OP_PUNCH)
        return basic_run_output(vm);
    if (op >= OP_PUSH_TEXT)
        return basic_run_text(vm);
    if (op >= OP_GOTO)
        return basic_run_flow(vm);
    return basic_run_variable(vm);
}

/* The host's short way to a number; sp: behind the arguments, then behind the number. */
static inline bool look(const sei_basic_vm *vm, const basic_call *call, double **sp)
{
    double *first = *sp - call->n_numbers, number;

    if (!vm->host || !vm->host->look || !vm->host->look(vm->host->user, call->use, first, &number))
        return false;
    *first = number;
    *sp    = first + 1;
    return true;
}

/* sp points behind the top of the numbers. */
sei_status basic_run_program(sei_basic_vm *vm)
{
    const basic_word *code      = vm->program->code;
    const double     *constants = vm->program->constants;
    double           *values    = vm->values;
    const basic_word *ip        = vm->ip;
    double           *sp        = vm->numbers;
    sei_status        st        = SEI_OK;

    for (;;) {
        switch (ip->op) {
        case OP_PUSH: *sp++ = constants[ip->arg]; break;
        case OP_LOAD: *sp++ = values[ip->arg]; break;
        case OP_STORE: values[ip->arg] = *--sp; break;
        case OP_ADD: sp--, sp[-1] += *sp; break;
        case OP_SUB: sp--, sp[-1] -= *sp; break;
        case OP_MUL: sp--, sp[-1] *= *sp; break;
        case OP_DIV:
            sp--;
            if (*sp != 0.0) {
                sp[-1] /= *sp;
                break;
            }
            vm->ip = ip;
            sp[-1] = divide_by_zero(vm);
            break;
        case OP_POWER_OF: sp--, sp[-1] = exp(*sp * constants[ip->arg]); break;
        case OP_POWER:
            vm->ip = ip;
            sp--;
            st = power(vm, sp[-1], sp);
            if (st != SEI_OK)
                return st;
            sp[-1] = *sp;
            break;
        case OP_NEGATE: sp[-1] = -sp[-1]; break;
        case OP_EQ: sp--, sp[-1] = sp[-1] == *sp; break;
        /* as PHREEQC: not true when one side is not a number */
        case OP_NE: sp--, sp[-1] = (sp[-1] < *sp) | (sp[-1] > *sp); break;
        case OP_LT: sp--, sp[-1] = sp[-1] < *sp; break;
        case OP_GT: sp--, sp[-1] = sp[-1] > *sp; break;
        case OP_LE: sp--, sp[-1] = sp[-1] <= *sp; break;
        case OP_GE: sp--, sp[-1] = sp[-1] >= *sp; break;
        case OP_MATH: sp[-1] = basic_math((sei_basic_function)ip->arg, sp[-1]); break;
        case OP_BITS:
            sp -= ip->n != BITS_NOT;
            sp[-1] = bits(ip, sp[-1], ip->n == BITS_NOT ? sp[-1] : *sp);
            break;
        case OP_MOD: sp--, sp[-1] = basic_mod(sp[-1], *sp); break;
        case OP_JUMP:
            vm->ip = ip;
            if (ip->arg <= ip - code && (st = basic_vm_spend(vm, 1)) != SEI_OK)
                return st;
            ip = code + ip->arg;
            continue;
        case OP_JUMP_ZERO:
            if (*--sp == 0.0) {
                ip = code + ip->arg;
                continue;
            }
            break;
        case OP_SAVE:
            vm->saved     = *--sp;
            vm->has_saved = true;
            break;
        case OP_END: return SEI_OK;
        case OP_ASK:
            if (look(vm, &vm->program->calls[ip->arg], &sp))
                break;
            /* fall through */
        default:
            vm->ip  = ip;
            vm->top = sp;
            st      = other(vm);
            if (st != SEI_OK)
                return st;
            ip = vm->ip;
            sp = vm->top;
            continue;
        }
        ip++;
    }
}
