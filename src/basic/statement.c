/* statement.c - statements */
#include <math.h>
#include <string.h>
#include <strings.h>

#include "basic/compile.h"

static size_t index_of(const basic_compiler *c, const basic_token *t)
{
    return (size_t)(t - c->words->tokens);
}

/* PHREEQC looks no further after a GOTO: what stands there up to the end of the statement is nothing. */
static void skip_to_end(basic_compiler *c)
{
    while (!basic_is_end(c))
        c->t++;
}

/* ---- assignments ---- */

/* A variable that gets a value: its subscripts are on the stack afterwards. */
typedef struct {
    int32_t index;
    size_t  n;
    bool    is_text;
} target;

static target read_target(basic_compiler *c)
{
    target to = {-1, 0, false};

    if (c->t->kind != TOKEN_VARIABLE) {
        basic_error(c, SEI_E_PARSE, "the name of a variable is needed at \"%.*s\"", (int)c->t->len,
                    c->t->at);
        return to;
    }
    to.index   = c->t->index;
    to.is_text = c->program->variables[to.index].is_text;
    c->t++;
    if (c->t->kind == TOKEN_OPEN) {
        to.n = basic_subscripts(c);
        basic_reserve(c, to.index, pow(BASIC_AUTO_DIM, (double)to.n));
    }
    return to;
}

static void store(basic_compiler *c, target to)
{
    if (c->status != SEI_OK)
        return;
    const bool            array = c->program->variables[to.index].is_array;
    const basic_operation op    = to.is_text ? (to.n ? OP_STORE_TEXT_CELL : OP_STORE_TEXT)
                                  : to.n     ? OP_STORE_CELL
                                  : array    ? OP_STORE_ANY
                                             : OP_STORE;

    basic_emit(c, op, to.n, to.index);
    basic_stack(c, -(int)to.n - !to.is_text, -(int)to.is_text);
}

static void let(basic_compiler *c)
{
    const target to = read_target(c);

    if (!basic_expect(c, TOKEN_EQ, "="))
        return;
    if (to.is_text)
        basic_text_expression(c);
    else
        basic_number(c);
    store(c, to);
}

/* ---- jumps ---- */

/* To a line number: known now, or worked out when the program runs. */
static void jump_to_line(basic_compiler *c, bool subroutine)
{
    const basic_token *t     = c->t;
    const sei_where    where = {c->program->file, c->line->file_line, 0};

    if (t->kind != TOKEN_NUMBER || (t[1].kind != TOKEN_END && t[1].kind != TOKEN_COLON &&
                                    t[1].kind != TOKEN_COMMA && t[1].kind != TOKEN_ELSE)) {
        basic_number(c);
        basic_emit(c, subroutine ? OP_GOSUB_LINE : OP_GOTO, 0, 0);
        basic_stack(c, -1, 0);
        return;
    }
    const double  number = basic_round(t->number);
    const int32_t line   = basic_find_line(c->program, number);
    c->t++;
    if (line < 0) {
        sei_warn(c->ctx, &where, "BASIC line %u: there is no BASIC line %.0f to go to",
                 c->line->number, number);
        basic_emit(c, OP_NO_LINE, 0,
                   (int32_t)(number < INT32_MAX && number >= 0 ? number : INT32_MAX));
        return;
    }
    const size_t word = basic_emit(c, subroutine ? OP_GOSUB : OP_JUMP, 0, 0);
    if (c->status == SEI_OK)
        basic_fix_to_token(c, word, c->program->lines[line].first_token);
}

static void go_to(basic_compiler *c)
{
    jump_to_line(c, false);
    skip_to_end(c);
}

/* OP_RETURN_TO names the statement after this one, where RETURN goes. */
static void gosub(basic_compiler *c)
{
    const size_t word = basic_emit(c, OP_RETURN_TO, 0, 0);

    jump_to_line(c, true);
    skip_to_end(c);
    if (c->status == SEI_OK)
        basic_fix_to_token(c, word, index_of(c, c->t));
}

static void on(basic_compiler *c)
{
    int32_t n = 0;

    basic_number(c);
    const bool   subroutine = basic_take(c, TOKEN_GOSUB);
    const size_t back       = subroutine ? basic_emit(c, OP_RETURN_TO, 0, 0) : 0;
    if (!subroutine && !basic_expect(c, TOKEN_GOTO, "GOTO or GOSUB"))
        return;
    const size_t word = basic_emit(c, OP_ON, subroutine, 0);
    basic_stack(c, -1, 0);
    do {
        if (c->t->kind != TOKEN_NUMBER)
            basic_error(c, SEI_E_PARSE, "ON needs a list of line numbers");
        jump_to_line(c, false);
        n++;
    } while (basic_take(c, TOKEN_COMMA));
    if (c->status != SEI_OK)
        return;
    if (basic_here(c) != word + 1 + (size_t)n)
        basic_error(c, SEI_E_PARSE, "ON needs a list of line numbers");
    c->program->code[word].arg = n;
    if (subroutine)
        basic_fix_to_token(c, back, index_of(c, c->t));
}

/* ---- IF ---- */

/*
 * Where a false condition goes: behind the ELSE that belongs to this IF, else to the next line.
 * Colons do not end it, so that all of "IF a THEN b = 1 : c = 2" depends on a.
 */
static size_t after_else(const basic_compiler *c, const basic_token *word)
{
    const size_t end   = c->line->first_token + c->line->n_tokens;
    int          depth = 0;

    for (size_t m = c->mark_of[index_of(c, word)] + 1; m < c->n_marks; m++) {
        const uint16_t kind = c->words->tokens[c->marks[m]].kind;
        if (c->marks[m] < c->line->first_token || c->marks[m] >= end)
            break;
        depth += (kind == TOKEN_IF) - (kind == TOKEN_ELSE);
        if (depth < 0)
            return c->marks[m] + 1;
    }
    return end;
}

/* What follows THEN or ELSE: a line number, or statements as on any line. */
static void branch(basic_compiler *c)
{
    c->starts[index_of(c, c->t)] = (int32_t)basic_here(c);
    if (c->status == SEI_OK && c->t->kind == TOKEN_NUMBER)
        go_to(c);
}

static void if_then(basic_compiler *c, const basic_token *word)
{
    basic_number(c);
    if (!basic_expect(c, TOKEN_THEN, "THEN"))
        return;
    const size_t jump = basic_emit(c, OP_JUMP_ZERO, 0, 0);
    basic_stack(c, -1, 0);
    basic_fix_to_token(c, jump, after_else(c, word));
    branch(c);
}

/* Reached from the left: the branch of THEN ends here and so does the line. */
static void else_branch(basic_compiler *c)
{
    const size_t jump = basic_emit(c, OP_JUMP, 0, 0);

    if (c->status == SEI_OK)
        basic_fix_to_token(c, jump, c->line->first_token + c->line->n_tokens);
    branch(c);
}

/* ---- loops ---- */

/* Where a loop that does not run goes: behind its NEXT or WEND, as PHREEQC seeks it, forward through
 * the text. false when there is none. */
static bool after_loop(const basic_compiler *c, const basic_token *word, int32_t variable,
                       size_t *ret_token)
{
    const basic_token *tokens = c->words->tokens;
    const uint16_t     open = word->kind, close = open == TOKEN_FOR ? TOKEN_NEXT : TOKEN_WEND;
    int                other = 0, same = 0;

    for (size_t m = c->mark_of[index_of(c, word)] + 1; m < c->n_marks; m++) {
        const basic_token *t    = tokens + c->marks[m];
        const int          step = (t->kind == open) - (t->kind == close);
        if (step != 0 && variable >= 0 && t[1].kind == TOKEN_VARIABLE && t[1].index == variable)
            same += step;
        else
            other += step;
        if (same < 0 || other < 0) {
            for (t++; t->kind != TOKEN_END && t->kind != TOKEN_COLON && t->kind != TOKEN_ELSE;)
                t++;
            *ret_token = index_of(c, t);
            return true;
        }
    }
    return false;
}

static void emit_skip(basic_compiler *c, basic_operation op, const basic_token *word,
                      int32_t variable)
{
    const size_t at = basic_emit(c, op, 0, -1);
    size_t       token;

    if (c->status == SEI_OK && after_loop(c, word, variable, &token))
        basic_fix_to_token(c, at, token);
}

static void for_to(basic_compiler *c, const basic_token *word)
{
    const target to = read_target(c);

    if (c->status == SEI_OK && (to.is_text || to.n))
        basic_error(c, SEI_E_UNSUPPORTED, "FOR needs a number variable without subscripts");
    basic_expect(c, TOKEN_EQ, "=");
    basic_number(c);
    store(c, to);
    basic_expect(c, TOKEN_TO, "TO");
    basic_number(c);
    if (basic_take(c, TOKEN_STEP)) {
        basic_number(c);
    } else {
        basic_emit(c, OP_PUSH, 0, basic_constant(c, 1.0));
        basic_stack(c, 1, 0);
    }
    basic_emit(c, OP_FOR, 0, to.index);
    basic_stack(c, -2, 0);
    emit_skip(c, OP_JUMP, word, to.index);
}

static void next(basic_compiler *c)
{
    target to = {-1, 0, false};

    if (!basic_is_end(c))
        to = read_target(c);
    if (to.is_text || to.n)
        basic_error(c, SEI_E_UNSUPPORTED, "NEXT needs a number variable without subscripts");
    basic_emit(c, OP_NEXT, 0, to.index);
}

static void while_loop(basic_compiler *c, const basic_token *word)
{
    basic_emit(c, OP_WHILE, 0, (int32_t)basic_here(c) + 1);
    if (basic_is_end(c))
        return;
    basic_number(c);
    basic_stack(c, -1, 0);
    emit_skip(c, OP_WHILE_TEST, word, -1);
}

static void wend(basic_compiler *c)
{
    basic_emit(c, OP_WEND_FIND, 0, 0);
    if (!basic_is_end(c)) {
        basic_number(c);
        basic_emit(c, OP_WEND_TEST, 0, 0);
        basic_stack(c, -1, 0);
    }
    basic_emit(c, OP_WEND_LOOP, 0, 0);
}

/* ---- data and arrays ---- */

/* Each value is a small piece of code that READ runs. */
static void data(basic_compiler *c)
{
    const size_t jump = basic_emit(c, OP_JUMP, 0, 0);

    while (!basic_is_end(c)) {
        const int32_t start = (int32_t)basic_here(c);
        const bool    text  = basic_expression(c) == SEI_BASIC_TEXT;
        basic_emit(c, OP_DATA_END, 0, 0);
        basic_stack(c, -!text, -text);
        if (c->status == SEI_OK && basic_add_data(c, text))
            c->program->data[c->program->n_data - 1].start = start;
        if (!basic_take(c, TOKEN_COMMA))
            break;
    }
    skip_to_end(c); /* as PHREEQC: only commas lead on */
    if (c->status == SEI_OK)
        c->program->code[jump].arg = (int32_t)basic_here(c);
}

static void read(basic_compiler *c)
{
    do {
        const target to = read_target(c);
        basic_emit(c, OP_READ, to.is_text, 0);
        basic_stack(c, !to.is_text, to.is_text);
        store(c, to);
    } while (basic_take(c, TOKEN_COMMA));
}

static void restore(basic_compiler *c)
{
    if (basic_is_end(c)) {
        basic_emit(c, OP_RESTORE_ALL, 0, 0);
        return;
    }
    basic_number(c);
    basic_emit(c, OP_RESTORE, 0, 0);
    basic_stack(c, -1, 0);
}

/* The size is taken beforehand when it is written as numbers. */
static void reserve_known(basic_compiler *c, int32_t variable, size_t begin, size_t n)
{
    const sei_basic_program *p     = c->program;
    double                   cells = 1.0;

    if (c->status != SEI_OK || p->n_code != begin + n)
        return;
    for (size_t i = begin; i < p->n_code; i++) {
        if (p->code[i].op != OP_PUSH)
            return;
        cells *= basic_round(p->constants[p->code[i].arg]) + 1.0;
    }
    basic_reserve(c, variable, cells);
}

static void dim(basic_compiler *c)
{
    do {
        const basic_token *name = c->t;
        if (!basic_expect(c, TOKEN_VARIABLE, "the name of an array"))
            return;
        const size_t begin = basic_here(c);
        const size_t n     = basic_subscripts(c);
        reserve_known(c, name->index, begin, n);
        basic_emit(c, OP_DIM, n, name->index);
        basic_stack(c, -(int)n, 0);
    } while (basic_take(c, TOKEN_COMMA));
}

static void erase(basic_compiler *c)
{
    do {
        const basic_token *name = c->t;
        if (!basic_expect(c, TOKEN_VARIABLE, "the name of an array"))
            return;
        basic_emit(c, OP_ERASE, 0, name->index);
    } while (basic_take(c, TOKEN_COMMA));
}

/* ---- output ---- */

static void save(basic_compiler *c)
{
    c->program->has_save = true;
    while (!basic_is_end(c)) {
        if (basic_take(c, TOKEN_COMMA))
            continue;
        basic_number(c);
        basic_emit(c, OP_SAVE, 0, 0);
        basic_stack(c, -1, 0);
    }
}

/* Values follow each other with or without commas; a comma at the end of PRINT keeps the line open. */
static void put_out(basic_compiler *c, basic_operation number, basic_operation text)
{
    bool comma = false;

    while (!basic_is_end(c)) {
        comma = basic_take(c, TOKEN_COMMA);
        if (comma)
            continue;
        const bool is_text = basic_expression(c) == SEI_BASIC_TEXT;
        basic_emit(c, is_text ? text : number, 0, 0);
        basic_stack(c, -!is_text, -is_text);
    }
    if (number == OP_PRINT)
        basic_emit(c, OP_PRINT_END, !comma, 0);
}

static void plot_number(basic_compiler *c, sei_basic_item_kind kind)
{
    basic_number(c);
    basic_emit(c, OP_PUNCH, kind, 0);
    basic_stack(c, -1, 0);
}

/* "PLOT_XY x, y, color = Red, symbol = ...": how a curve is drawn is left alone. */
static void plot_xy(basic_compiler *c)
{
    plot_number(c, SEI_BASIC_PLOT_X);
    if (!basic_take(c, TOKEN_COMMA)) {
        basic_error(c, SEI_E_PARSE, "PLOT_XY needs x, y");
        return;
    }
    plot_number(c, SEI_BASIC_PLOT_Y);
    skip_to_end(c);
}

static bool is_word(const basic_token *word, const char *name)
{
    return word->len == strlen(name) && strncasecmp(word->at, name, word->len) == 0;
}

/* The values; from the first "name = value" on it is how they are drawn. */
static void graph(basic_compiler *c, const basic_token *word)
{
    const sei_basic_item_kind kind = is_word(word, "graph_x")   ? SEI_BASIC_PLOT_X
                                     : is_word(word, "graph_y") ? SEI_BASIC_PLOT_Y
                                                                : SEI_BASIC_PLOT_SECOND_Y;

    if (is_word(word, "plot_xy")) {
        plot_xy(c);
        return;
    }
    while (!basic_is_end(c)) {
        if (basic_take(c, TOKEN_COMMA))
            continue;
        if (c->t[0].kind == TOKEN_VARIABLE && c->t[1].kind == TOKEN_EQ) {
            skip_to_end(c);
            return;
        }
        plot_number(c, kind);
    }
}

/* ---- all of them ---- */

static void function_statement(basic_compiler *c, const basic_token *word)
{
    const sei_basic_function_row *row = sei_basic_function_info((sei_basic_function)word->index);

    if (row->result == SEI_BASIC_NONE)
        basic_function_call(c);
    else
        basic_error(c, SEI_E_PARSE, "%s is a function, not a statement", row->name);
}

static void rare_statement(basic_compiler *c, const basic_token *word)
{
    switch (word->kind) {
    case TOKEN_ON: on(c); break;
    case TOKEN_WHILE: while_loop(c, word); break;
    case TOKEN_WEND: wend(c); break;
    case TOKEN_DATA: data(c); break;
    case TOKEN_READ: read(c); break;
    case TOKEN_RESTORE: restore(c); break;
    case TOKEN_DIM: dim(c); break;
    case TOKEN_ERASE: erase(c); break;
    case TOKEN_STOP: basic_emit(c, OP_STOP, 0, 0); break;
    case TOKEN_GRAPH: graph(c, word); break;
    case TOKEN_INTERACTIVE:
        basic_error(c, SEI_E_UNSUPPORTED,
                    "%.*s belongs to an interactive session and has no place in a program",
                    (int)word->len, word->at);
        break;
    default:
        basic_error(c, SEI_E_PARSE, "no statement begins with \"%.*s\"", (int)word->len, word->at);
    }
}

void basic_statement(basic_compiler *c)
{
    const basic_token *word = c->t++;

    switch (word->kind) {
    case TOKEN_REM: return;
    case TOKEN_IF: if_then(c, word); return;
    case TOKEN_ELSE: else_branch(c); return;
    case TOKEN_VARIABLE:
        c->t--;
        let(c);
        break;
    case TOKEN_LET: let(c); break;
    case TOKEN_SAVE: save(c); break;
    case TOKEN_PUNCH:
        c->program->has_punch = true;
        put_out(c, OP_PUNCH, OP_PUNCH_TEXT);
        break;
    case TOKEN_PRINT:
        c->program->has_print = true;
        put_out(c, OP_PRINT, OP_PRINT_TEXT);
        break;
    case TOKEN_GOTO: go_to(c); break;
    case TOKEN_GOSUB: gosub(c); break;
    case TOKEN_RETURN: basic_emit(c, OP_RETURN, 0, 0); break;
    case TOKEN_FOR: for_to(c, word); break;
    case TOKEN_NEXT: next(c); break;
    case TOKEN_END_PROGRAM: basic_emit(c, OP_END, 0, 0); break;
    case TOKEN_FUNCTION:
        c->t--;
        function_statement(c, word);
        break;
    default: rare_statement(c, word);
    }
    if (!basic_is_end(c))
        basic_error(c, SEI_E_PARSE, "nothing should follow here: \"%.*s\"", (int)c->t->len,
                    c->t->at);
}
