/* compile.c - from words to bytecode: lines, jumps, tables */
#include "basic/compile.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { CALLS_MAX = 1 << 14 };

void basic_error(basic_compiler *c, sei_status status, const char *fmt, ...)
{
    va_list args;

    if (c->status != SEI_OK)
        return;
    va_start(args, fmt);
    vsnprintf(c->message, sizeof c->message, fmt, args);
    va_end(args);
    c->status = status;
}

bool basic_is_end(const basic_compiler *c)
{
    return c->status != SEI_OK || c->t->kind == TOKEN_END || c->t->kind == TOKEN_COLON ||
           c->t->kind == TOKEN_ELSE;
}

bool basic_take(basic_compiler *c, basic_token_kind kind)
{
    if (c->status != SEI_OK || c->t->kind != kind)
        return false;
    c->t++;
    return true;
}

bool basic_expect(basic_compiler *c, basic_token_kind kind, const char *what)
{
    if (basic_take(c, kind))
        return true;
    if (c->t->kind == TOKEN_END)
        basic_error(c, SEI_E_PARSE, "%s is missing at the end of the line", what);
    else
        basic_error(c, SEI_E_PARSE, "%s is missing before \"%.*s\"", what, (int)c->t->len,
                    c->t->at);
    return false;
}

/* ---- code ---- */

size_t basic_here(const basic_compiler *c)
{
    return c->program->n_code;
}

size_t basic_emit(basic_compiler *c, basic_operation op, size_t n, int32_t arg)
{
    sei_basic_program *p = c->program;

    if (c->status != SEI_OK)
        return 0;
    basic_word *code = basic_grow(c->ctx, p->code, p->n_code, &c->size_code, sizeof *code);
    if (!code) {
        c->status = SEI_E_NOMEM;
        return 0;
    }
    p->code            = code;
    p->code[p->n_code] = (basic_word){(uint16_t)op, (uint16_t)n, arg};
    return p->n_code++;
}

void basic_stack(basic_compiler *c, int numbers, int texts)
{
    sei_basic_program *p = c->program;

    if (c->status != SEI_OK)
        return;
    c->numbers = (size_t)((ptrdiff_t)c->numbers + numbers);
    c->texts   = (size_t)((ptrdiff_t)c->texts + texts);
    if (c->numbers > p->stack_numbers)
        p->stack_numbers = c->numbers;
    if (c->texts > p->stack_texts)
        p->stack_texts = c->texts;
    if (c->numbers > BASIC_STACK_MAX || c->texts > BASIC_STACK_MAX)
        basic_error(c, SEI_E_TOO_LARGE, "the expression has more than %d operands at once",
                    BASIC_STACK_MAX);
}

void basic_fix_to_token(basic_compiler *c, size_t word, size_t token)
{
    basic_fixup *fixups =
        basic_grow(c->ctx, c->fixups, c->n_fixups, &c->size_fixups, sizeof *fixups);

    if (!fixups) {
        c->status = SEI_E_NOMEM;
        return;
    }
    c->fixups                = fixups;
    c->fixups[c->n_fixups++] = (basic_fixup){word, token};
}

int32_t basic_constant(basic_compiler *c, double value)
{
    sei_basic_program *p = c->program;
    double            *constants =
        basic_grow(c->ctx, p->constants, p->n_constants, &c->size_constants, sizeof *constants);

    if (!constants) {
        c->status = SEI_E_NOMEM;
        return 0;
    }
    p->constants                 = constants;
    p->constants[p->n_constants] = value;
    return (int32_t)p->n_constants++;
}

bool basic_add_data(basic_compiler *c, bool is_text)
{
    sei_basic_program *p    = c->program;
    basic_data        *data = basic_grow(c->ctx, p->data, p->n_data, &c->size_data, sizeof *data);

    if (!data) {
        c->status = SEI_E_NOMEM;
        return false;
    }
    p->data              = data;
    p->data[p->n_data++] = (basic_data){0, c->line->number, is_text};
    return true;
}

basic_call *basic_add_call(basic_compiler *c)
{
    sei_basic_program *p     = c->program;
    basic_call        *calls = NULL;

    if (p->n_calls >= CALLS_MAX)
        basic_error(c, SEI_E_TOO_LARGE, "the program calls functions in more than %d places",
                    CALLS_MAX);
    if (c->status != SEI_OK)
        return NULL;
    calls = basic_grow(c->ctx, p->calls, p->n_calls, &c->size_calls, sizeof *calls);
    if (!calls) {
        c->status = SEI_E_NOMEM;
        return NULL;
    }
    p->calls             = calls;
    p->calls[p->n_calls] = (basic_call){0};
    return &p->calls[p->n_calls++];
}

int32_t basic_add_use(basic_compiler *c, const sei_basic_use *use)
{
    sei_basic_program *p = c->program;

    for (size_t i = 0; i < p->n_uses; i++) {
        const sei_basic_use *u = &p->uses[i];
        if (u->function == use->function && u->n_texts == use->n_texts &&
            u->names[0] == use->names[0] && u->names[1] == use->names[1])
            return (int32_t)i;
    }
    sei_basic_use *uses = basic_grow(c->ctx, p->uses, p->n_uses, &c->size_uses, sizeof *uses);
    if (!uses) {
        c->status = SEI_E_NOMEM;
        return 0;
    }
    p->uses            = uses;
    p->uses[p->n_uses] = *use;
    return (int32_t)p->n_uses++;
}

void basic_reserve(basic_compiler *c, int32_t variable, double cells)
{
    basic_variable *v = &c->program->variables[variable];

    v->is_array = true;
    if (cells <= SEI_BASIC_CELLS_MAX && cells > v->reserve)
        v->reserve = (uint32_t)cells;
}

/* ---- the lines ---- */

/* A variable with subscripts, in DIM or ERASE, or filled by a function may be an array at any time
 * of the run; it must be known before the first use is compiled. */
static void find_arrays(basic_compiler *c)
{
    const sei_basic_program *p = c->program;

    for (size_t l = 0; l < p->n_lines; l++) {
        const basic_token *t     = c->words->tokens + p->lines[l].first_token;
        bool               fills = false;
        for (; t->kind != TOKEN_END; t++) {
            if (t->kind == TOKEN_FUNCTION)
                fills =
                    strpbrk(sei_basic_function_info((sei_basic_function)t->index)->arguments, "AS");
            else if (t->kind == TOKEN_COLON)
                fills = false;
            else if (t->kind == TOKEN_VARIABLE && (fills || t[1].kind == TOKEN_OPEN))
                p->variables[t->index].is_array = true;
        }
    }
}

static bool is_mark(uint16_t kind)
{
    return kind == TOKEN_FOR || kind == TOKEN_NEXT || kind == TOKEN_WHILE || kind == TOKEN_WEND ||
           kind == TOKEN_IF || kind == TOKEN_ELSE;
}

static sei_status find_marks(basic_compiler *c)
{
    const sei_basic_program *p = c->program;
    size_t                   n = 0;

    for (size_t i = 0; i < c->words->n_tokens; i++)
        n += is_mark(c->words->tokens[i].kind);
    c->marks   = sei_alloc(c->ctx, n, sizeof *c->marks);
    c->mark_of = sei_alloc(c->ctx, c->words->n_tokens, sizeof *c->mark_of);
    if (!c->marks || !c->mark_of)
        return SEI_E_NOMEM;
    for (size_t l = 0; l < p->n_lines; l++) {
        const size_t first = p->lines[l].first_token;
        for (size_t i = first; i < first + p->lines[l].n_tokens; i++) {
            c->mark_of[i] = (uint32_t)c->n_marks;
            if (is_mark(c->words->tokens[i].kind))
                c->marks[c->n_marks++] = (uint32_t)i;
        }
    }
    return SEI_OK;
}

/* What a statement has written, to be taken back when it turns out wrong. */
typedef struct {
    size_t n_code, n_fixups, n_data;
} basic_before;

/* The statement is left out; in its place stands what will be said when the program comes to it. */
static void put_failure(basic_compiler *c, basic_before before)
{
    sei_basic_program *p     = c->program;
    const sei_where    where = {p->file, c->line->file_line, 0};
    basic_failure     *failures =
        basic_grow(c->ctx, p->failures, p->n_failures, &c->size_failures, sizeof *failures);
    const char *text = sei_arena_strdup(&p->arena, c->message);

    if (failures)
        p->failures = failures;
    if (!failures || !text) {
        c->status = SEI_E_NOMEM;
        return;
    }
    sei_warn(c->ctx, &where, "BASIC line %u: %s", c->line->number, c->message);
    p->failures[p->n_failures] = (basic_failure){c->status, text};
    p->n_code                  = before.n_code;
    p->n_data                  = before.n_data;
    c->n_fixups                = before.n_fixups;
    c->numbers = c->texts = c->nesting = 0;
    c->status                          = SEI_OK;
    while (!basic_is_end(c))
        c->t++;
    basic_emit(c, OP_FAIL, 0, (int32_t)p->n_failures++);
}

static void compile_statement(basic_compiler *c)
{
    const basic_before before = {c->program->n_code, c->n_fixups, c->program->n_data};

    basic_statement(c);
    if (c->status == SEI_OK || c->status == SEI_E_NOMEM)
        return;
    if (c->late)
        put_failure(c, before);
    else
        (void)basic_fail(c->ctx, c->program, c->status, c->line, "%s", c->message);
}

static void compile_line(basic_compiler *c, basic_line *line)
{
    const basic_token *first = c->words->tokens + line->first_token;

    c->line     = line;
    c->t        = first;
    line->start = (int32_t)basic_here(c);
    while (c->status == SEI_OK && c->t->kind != TOKEN_END) {
        c->starts[c->t - c->words->tokens] = (int32_t)basic_here(c);
        if (!basic_take(c, TOKEN_COLON))
            compile_statement(c);
    }
    c->starts[c->t - c->words->tokens] = (int32_t)basic_here(c); /* the next line */
}

static void resolve(basic_compiler *c)
{
    sei_basic_program *p = c->program;

    for (size_t i = 0; i < c->n_fixups; i++)
        p->code[c->fixups[i].word].arg = c->starts[c->fixups[i].token];
}

static sei_status compile_lines(basic_compiler *c)
{
    sei_basic_program *p = c->program;

    c->starts = sei_alloc(c->ctx, c->words->n_tokens, sizeof *c->starts);
    if (!c->starts || find_marks(c) != SEI_OK)
        return SEI_E_NOMEM;
    find_arrays(c);
    for (size_t l = 0; l < p->n_lines && c->status == SEI_OK; l++)
        compile_line(c, &p->lines[l]);
    basic_emit(c, OP_END, 0, 0);
    if (c->status == SEI_OK)
        resolve(c);
    return c->status;
}

/* ---- the program ---- */

static sei_status compile(sei_ctx *ctx, const char *file, size_t first_line, const char *text,
                          size_t len, bool late, sei_basic_program **ret_program)
{
    const sei_where    where = {file, first_line, 0};
    basic_words        words = {.ctx = ctx, .variables.ctx = ctx, .texts.ctx = ctx};
    basic_compiler     c     = {.ctx = ctx, .words = &words, .late = late};
    sei_basic_program *p     = NULL;
    sei_status         st;

    if (len > SEI_BASIC_TEXT_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, &where, "the BASIC program has %zu bytes, at most %d",
                        len, SEI_BASIC_TEXT_MAX);
    p = sei_alloc(ctx, 1, sizeof *p);
    if (!p)
        return SEI_E_NOMEM;
    p->ctx = ctx;
    sei_arena_init(&p->arena, ctx);
    p->file       = sei_arena_strdup(&p->arena, file ? file : "BASIC");
    words.program = p;
    c.program     = p;
    st            = p->file ? basic_split(&words, text, len, first_line) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = compile_lines(&c);
    if (st == SEI_OK) {
        *ret_program = p;
        p            = NULL;
    }
    sei_release(ctx, c.starts);
    sei_release(ctx, c.fixups);
    sei_release(ctx, c.marks);
    sei_release(ctx, c.mark_of);
    basic_words_done(&words);
    sei_basic_free(p);
    return st;
}

sei_status sei_basic_compile(sei_ctx *ctx, const char *file, size_t first_line, const char *text,
                             size_t len, sei_basic_program **ret_program)
{
    return compile(ctx, file, first_line, text, len, false, ret_program);
}

sei_status sei_basic_compile_late(sei_ctx *ctx, const char *file, size_t first_line,
                                  const char *text, size_t len, sei_basic_program **ret_program)
{
    return compile(ctx, file, first_line, text, len, true, ret_program);
}

void sei_basic_free(sei_basic_program *program)
{
    if (!program)
        return;
    sei_ctx *ctx = program->ctx;
    sei_release(ctx, program->code);
    sei_release(ctx, program->constants);
    sei_release(ctx, program->texts);
    sei_release(ctx, program->variables);
    sei_release(ctx, program->lines);
    sei_release(ctx, program->data);
    sei_release(ctx, program->calls);
    sei_release(ctx, program->uses);
    sei_release(ctx, program->failures);
    sei_arena_done(&program->arena);
    sei_release(ctx, program);
}

int32_t basic_find_line(const sei_basic_program *program, double number)
{
    size_t low = 0, high = program->n_lines;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if ((double)program->lines[middle].number < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < program->n_lines && (double)program->lines[low].number == number ? (int32_t)low
                                                                                  : -1;
}

const basic_line *basic_line_of(const sei_basic_program *program, size_t at)
{
    static const basic_line none = {0};
    size_t                  low = 0, high = program->n_lines;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        if ((size_t)program->lines[middle].start <= at)
            low = middle + 1;
        else
            high = middle;
    }
    return low ? &program->lines[low - 1] : &none;
}

size_t sei_basic_n_names(const sei_basic_program *program)
{
    return program->n_texts;
}

const char *sei_basic_name(const sei_basic_program *program, size_t i)
{
    return i < program->n_texts ? program->texts[i].at : "";
}

size_t sei_basic_n_uses(const sei_basic_program *program)
{
    return program->n_uses;
}

const sei_basic_use *sei_basic_use_at(const sei_basic_program *program, size_t i)
{
    return i < program->n_uses ? &program->uses[i] : NULL;
}

bool sei_basic_has_save(const sei_basic_program *program)
{
    return program->has_save;
}

bool sei_basic_has_punch(const sei_basic_program *program)
{
    return program->has_punch;
}

bool sei_basic_has_print(const sei_basic_program *program)
{
    return program->has_print;
}
