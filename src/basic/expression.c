/* expression.c - expressions: operators, operands, functions
 *
 * From loose to tight, as in PHREEQC: OR XOR; AND; the comparisons; + -; * / MOD; ^ (from the right);
 * and with the operand itself NOT and the signs, so that -2^2 is 4.
 */
#include <math.h>
#include <string.h>

#include "basic/compile.h"

static sei_basic_kind operand(basic_compiler *c);

/* Both sides of an operator must be numbers. */
static bool are_numbers(basic_compiler *c, sei_basic_kind a, sei_basic_kind b, const char *sign)
{
    if (a == SEI_BASIC_NUMBER && b == SEI_BASIC_NUMBER)
        return true;
    basic_error(c, SEI_E_TYPE, "%s needs a number on both sides, not a text", sign);
    return false;
}

static void binary(basic_compiler *c, basic_operation op, size_t n)
{
    basic_emit(c, op, n, 0);
    basic_stack(c, -1, 0);
}

/* Is the code from begin to here one constant? */
static bool is_constant(const basic_compiler *c, size_t begin, double *ret_value)
{
    const sei_basic_program *p = c->program;

    if (c->status != SEI_OK || p->n_code != begin + 1 || p->code[begin].op != OP_PUSH)
        return false;
    *ret_value = p->constants[p->code[begin].arg];
    return true;
}

static sei_basic_kind power(basic_compiler *c)
{
    const size_t   begin = basic_here(c);
    double         base  = 0.0;
    sei_basic_kind kind  = operand(c);

    if (!basic_take(c, TOKEN_POWER))
        return kind;
    const bool known = is_constant(c, begin, &base) && base > 0.0;
    if (++c->nesting > BASIC_NESTING_MAX)
        basic_error(c, SEI_E_TOO_LARGE, "the expression nests more than %d deep",
                    BASIC_NESTING_MAX);
    const sei_basic_kind right = c->status == SEI_OK ? power(c) : SEI_BASIC_NONE;
    c->nesting--;
    if (are_numbers(c, kind, right, "^")) {
        basic_emit(c, known ? OP_POWER_OF : OP_POWER, 0, known ? basic_constant(c, log(base)) : 0);
        basic_stack(c, -1, 0);
    }
    return SEI_BASIC_NUMBER;
}

static sei_basic_kind product(basic_compiler *c)
{
    sei_basic_kind kind = power(c);

    for (;;) {
        const basic_token *sign = c->t;
        if (!basic_take(c, TOKEN_TIMES) && !basic_take(c, TOKEN_DIVIDE) &&
            !basic_take(c, TOKEN_MOD))
            return kind;
        const sei_basic_kind right = power(c);
        if (!are_numbers(c, kind, right,
                         sign->kind == TOKEN_TIMES ? "*"
                         : sign->kind == TOKEN_MOD ? "MOD"
                                                   : "/"))
            return SEI_BASIC_NONE;
        binary(c,
               sign->kind == TOKEN_TIMES ? OP_MUL
               : sign->kind == TOKEN_MOD ? OP_MOD
                                         : OP_DIV,
               0);
    }
}

static sei_basic_kind sum(basic_compiler *c)
{
    sei_basic_kind kind = product(c);

    for (;;) {
        const bool plus = basic_take(c, TOKEN_PLUS);
        if (!plus && !basic_take(c, TOKEN_MINUS))
            return kind;
        const sei_basic_kind right = product(c);
        if (plus && kind == SEI_BASIC_TEXT && right == SEI_BASIC_TEXT) {
            basic_emit(c, OP_JOIN, 0, 0);
            basic_stack(c, 0, -1);
            continue;
        }
        if (plus && kind != right)
            basic_error(c, SEI_E_TYPE, "+ joins two numbers or two texts, not one of each");
        if (!are_numbers(c, kind, right, plus ? "+" : "-"))
            return SEI_BASIC_NONE;
        binary(c, plus ? OP_ADD : OP_SUB, 0);
    }
}

static sei_basic_kind comparison(basic_compiler *c)
{
    sei_basic_kind kind = sum(c);

    while (c->status == SEI_OK && c->t->kind >= TOKEN_EQ && c->t->kind <= TOKEN_GE) {
        const uint16_t       op    = (uint16_t)(OP_EQ + (c->t++->kind - TOKEN_EQ));
        const sei_basic_kind right = sum(c);
        if (kind != right)
            basic_error(c, SEI_E_TYPE, "a number cannot be compared with a text");
        if (kind == SEI_BASIC_TEXT) {
            basic_emit(c, OP_COMPARE, op, 0);
            basic_stack(c, 1, -2);
        } else {
            binary(c, (basic_operation)op, 0);
        }
        kind = SEI_BASIC_NUMBER;
    }
    return kind;
}

static sei_basic_kind both(basic_compiler *c)
{
    sei_basic_kind kind = comparison(c);

    while (basic_take(c, TOKEN_AND)) {
        if (!are_numbers(c, kind, comparison(c), "AND"))
            return SEI_BASIC_NONE;
        binary(c, OP_BITS, BITS_AND);
    }
    return kind;
}

sei_basic_kind basic_expression(basic_compiler *c)
{
    if (c->status != SEI_OK)
        return SEI_BASIC_NONE;
    if (++c->nesting > BASIC_NESTING_MAX)
        basic_error(c, SEI_E_TOO_LARGE, "the expression nests more than %d deep",
                    BASIC_NESTING_MAX);
    sei_basic_kind kind = both(c);
    for (;;) {
        const bool either = basic_take(c, TOKEN_OR);
        if (!either && !basic_take(c, TOKEN_XOR))
            break;
        if (!are_numbers(c, kind, both(c), either ? "OR" : "XOR"))
            break;
        binary(c, OP_BITS, either ? BITS_OR : BITS_XOR);
    }
    c->nesting--;
    return c->status == SEI_OK ? kind : SEI_BASIC_NONE;
}

void basic_number(basic_compiler *c)
{
    if (basic_expression(c) == SEI_BASIC_TEXT)
        basic_error(c, SEI_E_TYPE, "a number is needed here, not a text");
}

void basic_text_expression(basic_compiler *c)
{
    if (basic_expression(c) == SEI_BASIC_NUMBER)
        basic_error(c, SEI_E_TYPE, "a text in quotation marks or a text variable is needed here");
}

/* ---- operands ---- */

size_t basic_subscripts(basic_compiler *c)
{
    size_t n = 0;

    basic_expect(c, TOKEN_OPEN, "(");
    do {
        basic_number(c);
        n++;
    } while (basic_take(c, TOKEN_COMMA));
    basic_expect(c, TOKEN_CLOSE, ")");
    if (n > BASIC_DIMS_MAX)
        basic_error(c, SEI_E_TOO_LARGE, "an array has at most %d subscripts", BASIC_DIMS_MAX);
    return n;
}

/* Every call site of the array counts: without DIM it has 11 elements in each direction. */
static void reserve_automatic(basic_compiler *c, int32_t variable, size_t n)
{
    basic_reserve(c, variable, pow(BASIC_AUTO_DIM, (double)n));
}

static sei_basic_kind variable(basic_compiler *c)
{
    const int32_t        index = c->t->index;
    const basic_variable v     = c->program->variables[index];

    c->t++;
    if (c->t->kind == TOKEN_OPEN) {
        const size_t n = basic_subscripts(c);
        reserve_automatic(c, index, n);
        basic_emit(c, v.is_text ? OP_LOAD_TEXT_CELL : OP_LOAD_CELL, n, index);
        basic_stack(c, (v.is_text ? 0 : 1) - (int)n, v.is_text ? 1 : 0);
    } else {
        basic_emit(c, v.is_text ? OP_LOAD_TEXT : v.is_array ? OP_LOAD_ANY : OP_LOAD, 0, index);
        basic_stack(c, v.is_text ? 0 : 1, v.is_text ? 1 : 0);
    }
    return v.is_text ? SEI_BASIC_TEXT : SEI_BASIC_NUMBER;
}

/* A sign or NOT before an operand. */
static sei_basic_kind prefixed(basic_compiler *c)
{
    const uint16_t kind  = c->t->kind;
    const size_t   begin = basic_here(c);
    double         value;

    c->t++;
    if (++c->nesting > BASIC_NESTING_MAX)
        basic_error(c, SEI_E_TOO_LARGE, "the expression nests more than %d deep",
                    BASIC_NESTING_MAX);
    if (operand(c) == SEI_BASIC_TEXT)
        basic_error(c, SEI_E_TYPE, "a sign or NOT needs a number, not a text");
    c->nesting--;
    if (kind == TOKEN_MINUS && is_constant(c, begin, &value))
        c->program->code[begin].arg = basic_constant(c, -value);
    else if (kind == TOKEN_MINUS)
        basic_emit(c, OP_NEGATE, 0, 0);
    else if (kind == TOKEN_NOT)
        basic_emit(c, OP_BITS, BITS_NOT, 0);
    return SEI_BASIC_NUMBER;
}

static sei_basic_kind constant(basic_compiler *c)
{
    const basic_token *t = c->t++;

    if (t->kind == TOKEN_NUMBER) {
        basic_emit(c, OP_PUSH, 0, basic_constant(c, t->number));
        basic_stack(c, 1, 0);
        return SEI_BASIC_NUMBER;
    }
    basic_emit(c, OP_PUSH_TEXT, 0, t->index);
    basic_stack(c, 0, 1);
    return SEI_BASIC_TEXT;
}

static sei_basic_kind operand(basic_compiler *c)
{
    sei_basic_kind kind;

    if (c->status != SEI_OK)
        return SEI_BASIC_NONE;
    switch (c->t->kind) {
    case TOKEN_NUMBER:
    case TOKEN_TEXT: return constant(c);
    case TOKEN_VARIABLE: return variable(c);
    case TOKEN_FUNCTION:
        kind = basic_function_call(c);
        if (kind == SEI_BASIC_NONE)
            basic_error(c, SEI_E_TYPE, "a statement like PUT has no value");
        return kind;
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_NOT: return prefixed(c);
    case TOKEN_OPEN:
        c->t++;
        kind = basic_expression(c);
        basic_expect(c, TOKEN_CLOSE, ")");
        return kind;
    case TOKEN_END:
        basic_error(c, SEI_E_PARSE, "the line ends where a value is needed");
        return SEI_BASIC_NONE;
    default:
        basic_error(c, SEI_E_PARSE, "a value is needed at \"%.*s\"", (int)c->t->len, c->t->at);
        return SEI_BASIC_NONE;
    }
}

/* ---- functions ---- */

/* A variable that the host fills. */
static void variable_argument(basic_compiler *c, char kind, int32_t *ret_variable)
{
    const bool text = kind == 'T' || kind == 'S';

    if (c->t->kind != TOKEN_VARIABLE || c->program->variables[c->t->index].is_text != text) {
        basic_error(c, SEI_E_TYPE, "the function needs the name of a %s variable at \"%.*s\"",
                    text ? "text" : "number", (int)c->t->len, c->t->at);
        return;
    }
    *ret_variable = c->t++->index;
}

/* One argument; constants of texts are kept in names[]. */
static void argument(basic_compiler *c, basic_call *call, sei_basic_use *use, char kind, bool bare)
{
    int32_t              variable_index = -1;
    const size_t         begin          = basic_here(c);
    const sei_basic_kind found          = strchr("NTAS", kind) ? SEI_BASIC_NONE
                                          : bare               ? operand(c)
                                                               : basic_expression(c);

    if (strchr("NTAS", kind))
        variable_argument(c, kind, &variable_index);
    if (c->status != SEI_OK)
        return;
    if (kind == 's' ? found == SEI_BASIC_NUMBER : found == SEI_BASIC_TEXT) {
        basic_error(c, SEI_E_TYPE, "argument %u of %s is to be a %s", call->n + 1,
                    sei_basic_function_info(call->function)->name,
                    kind == 's' ? "text in quotation marks or a text variable" : "number");
        return;
    }
    if (kind == 's') {
        const basic_word *w = &c->program->code[begin];
        if (use->n_texts < 2 && basic_here(c) == begin + 1 && w->op == OP_PUSH_TEXT)
            use->names[use->n_texts] = w->arg;
        use->n_texts++;
        call->n_texts++;
    }
    call->n_numbers += kind == 'n' || kind == 'i';
    call->kinds[call->n]       = kind;
    call->variables[call->n++] = variable_index;
}

/* The list in parentheses, or one operand without them. */
static void arguments(basic_compiler *c, basic_call *call, sei_basic_use *use)
{
    const sei_basic_function_row *row = sei_basic_function_info(call->function);
    const char                   *k   = row->arguments;
    bool                          more;

    if (k[0] && !k[1]) {
        argument(c, call, use, k[0], true);
        return;
    }
    if (!k[0] || !basic_expect(c, TOKEN_OPEN, "("))
        return;
    more = c->t->kind != TOKEN_CLOSE;
    while (more && c->status == SEI_OK) {
        k += *k == '|';
        if (!*k || call->n == SEI_BASIC_ARGS_MAX) {
            basic_error(c, SEI_E_PARSE, "%s takes at most %u arguments", row->name, call->n);
            return;
        }
        argument(c, call, use, *k, false);
        k += k[1] == '*' ? 0 : 1;
        more = basic_take(c, TOKEN_COMMA);
    }
    if (*k && *k != '|' && k[1] != '*')
        basic_error(c, SEI_E_PARSE, "%s needs more than %u arguments", row->name, call->n);
    basic_expect(c, TOKEN_CLOSE, ")");
}

static void emit_own(basic_compiler *c, const basic_call *call)
{
    const sei_basic_function_row *row = sei_basic_function_info(call->function);
    const bool math = strcmp(row->arguments, "n") == 0 && row->result == SEI_BASIC_NUMBER;

    basic_emit(c, math ? OP_MATH : OP_TEXT, call->n, (int32_t)call->function);
}

/* A number that needs nothing but numbers and one text that stands there: the text need not go over the stack. */
static bool is_plain(const basic_compiler *c, const basic_call *call, const sei_basic_use *use)
{
    if (c->status != SEI_OK)
        return false;
    if (sei_basic_function_info(call->function)->result != SEI_BASIC_NUMBER)
        return false;
    if (call->n == 1 && call->n_texts == 1) { /* its text is the last that was emitted */
        const basic_word *last = &c->program->code[c->program->n_code - 1];
        return use->names[0] >= 0 && last->op == OP_PUSH_TEXT && last->arg == use->names[0];
    }
    return call->n == call->n_numbers;
}

static void emit_host(basic_compiler *c, const basic_call *call, const sei_basic_use *use)
{
    const bool    plain = is_plain(c, call, use);
    const int32_t index = basic_add_use(c, use);
    basic_call   *kept  = basic_add_call(c);

    if (!kept)
        return;
    *kept     = *call;
    kept->use = (uint32_t)index;
    if (plain && call->n_texts)
        c->program->n_code--;
    basic_emit(c, plain ? OP_ASK : OP_HOST, 0, (int32_t)(kept - c->program->calls));
}

sei_basic_kind basic_function_call(basic_compiler *c)
{
    const sei_basic_function      function = (sei_basic_function)c->t->index;
    const sei_basic_function_row *row      = sei_basic_function_info(function);
    basic_call                    call     = {.function = function};
    sei_basic_use use = {.function = function, .names = {-1, -1}, .line = c->line->number};

    c->t++;
    if (++c->nesting > BASIC_NESTING_MAX)
        basic_error(c, SEI_E_TOO_LARGE, "the expression nests more than %d deep",
                    BASIC_NESTING_MAX);
    arguments(c, &call, &use);
    c->nesting--;
    if (row->is_host)
        emit_host(c, &call, &use);
    else
        emit_own(c, &call);
    basic_stack(c, (row->result == SEI_BASIC_NUMBER) - (int)call.n_numbers,
                (row->result == SEI_BASIC_TEXT) - (int)call.n_texts);
    return c->status == SEI_OK ? row->result : SEI_BASIC_NONE;
}
