/* ctx.c - allocator, last error and warnings of a context */
#include "seiryu/ctx.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/fault.h"
#include "base/text.h"

enum { ERROR_TEXT_MAX = 1024, WHERE_FILE_MAX = 512 };

struct sei_ctx {
    sei_allocator allocator;
    sei_status    status;
    sei_where     where;
    char          where_file[WHERE_FILE_MAX];
    char          error[ERROR_TEXT_MAX];
    sei_fault     fault;
    char        **warnings;
    size_t        n_warnings, n_dropped;
    size_t        threads;
};

static void *libc_resize(void *user, void *p, size_t size)
{
    (void)user;
    if (size == 0) {
        free(p);
        return NULL;
    }
    return realloc(p, size);
}

sei_ctx *sei_ctx_create(const sei_allocator *allocator)
{
    const sei_allocator libc = {libc_resize, NULL};
    const sei_allocator use  = allocator ? *allocator : libc;
    sei_ctx            *ctx  = use.resize(use.user, NULL, sizeof *ctx);

    if (!ctx)
        return NULL;
    memset(ctx, 0, sizeof *ctx);
    ctx->allocator = use;
    return ctx;
}

sei_ctx *sei_ctx_create_beside(const sei_ctx *ctx)
{
    return sei_ctx_create(&ctx->allocator);
}

void sei_ctx_free(sei_ctx *ctx)
{
    if (!ctx)
        return;
    sei_ctx_clear(ctx);
    const sei_allocator use = ctx->allocator;
    use.resize(use.user, ctx, 0);
}

void sei_ctx_set_threads(sei_ctx *ctx, size_t threads)
{
    ctx->threads = threads;
}

size_t sei_ctx_threads(const sei_ctx *ctx)
{
    return ctx ? ctx->threads : 0;
}

const char *sei_ctx_error(const sei_ctx *ctx)
{
    return ctx ? ctx->error : "";
}

const sei_fault *sei_ctx_fault(const sei_ctx *ctx)
{
    static const sei_fault none = {0};

    return ctx ? &ctx->fault : &none;
}

sei_status sei_ctx_status(const sei_ctx *ctx)
{
    return ctx ? ctx->status : SEI_OK;
}

sei_where sei_ctx_error_where(const sei_ctx *ctx)
{
    const sei_where none = {NULL, 0, 0};

    return ctx ? ctx->where : none;
}

void sei_ctx_clear(sei_ctx *ctx)
{
    if (!ctx)
        return;
    for (size_t i = 0; i < ctx->n_warnings; i++)
        sei_release(ctx, ctx->warnings[i]);
    sei_release(ctx, ctx->warnings);
    ctx->warnings     = NULL;
    ctx->n_warnings   = 0;
    ctx->n_dropped    = 0;
    ctx->status       = SEI_OK;
    ctx->error[0]     = '\0';
    ctx->fault.format = NULL;
    ctx->fault.n      = 0;
    memset(&ctx->where, 0, sizeof ctx->where);
}

size_t sei_ctx_n_warnings(const sei_ctx *ctx)
{
    return ctx ? ctx->n_warnings : 0;
}

const char *sei_ctx_warning(const sei_ctx *ctx, size_t i)
{
    return ctx && i < ctx->n_warnings ? ctx->warnings[i] : "";
}

size_t sei_ctx_n_warnings_dropped(const sei_ctx *ctx)
{
    return ctx ? ctx->n_dropped : 0;
}

/* "file:line:column: " as far as it is known; returns the length written. */
static size_t put_where(char *out, size_t size, const sei_where *where)
{
    int n = 0;

    out[0] = '\0';
    if (!where || !where->file)
        return 0;
    if (where->line && where->column)
        n = snprintf(out, size, "%s:%zu:%zu: ", where->file, where->line, where->column);
    else if (where->line)
        n = snprintf(out, size, "%s:%zu: ", where->file, where->line);
    else
        n = snprintf(out, size, "%s: ", where->file);
    return n < 0 ? 0 : (size_t)n < size ? (size_t)n : size - 1;
}

SEI_PRINTF(4, 0)
static void compose(char *out, size_t size, const sei_where *where, const char *fmt, va_list args)
{
    const size_t head = put_where(out, size, where);
    const int    n    = vsnprintf(out + head, size - head, fmt, args);

    if (n >= 0 && (size_t)n >= size - head)
        sei_utf8_trim(out);
}

sei_status sei_fail(sei_ctx *ctx, sei_status status, const sei_where *where, const char *fmt, ...)
{
    char    text[ERROR_TEXT_MAX];
    va_list args;

    if (!ctx)
        return status;
    va_start(args, fmt);
    compose(text, sizeof text, where, fmt, args); /* fmt's arguments may be the old message */
    va_end(args);
    va_start(args, fmt);
    sei_fault_take(&ctx->fault, fmt, args);
    va_end(args);
    memcpy(ctx->error, text, strlen(text) + 1);
    ctx->status = status;
    ctx->where  = where ? *where : (sei_where){NULL, 0, 0};
    if (ctx->where.file) {
        snprintf(ctx->where_file, sizeof ctx->where_file, "%s", where->file);
        ctx->where.file = ctx->where_file;
    }
    return status;
}

static int is_known_warning(const sei_ctx *ctx, const char *text)
{
    for (size_t i = 0; i < ctx->n_warnings; i++)
        if (strcmp(ctx->warnings[i], text) == 0)
            return 1;
    return 0;
}

static int keep_warning(sei_ctx *ctx, const char *text)
{
    const sei_allocator *a    = &ctx->allocator;
    const size_t         size = strlen(text) + 1;
    char **grown = a->resize(a->user, ctx->warnings, (ctx->n_warnings + 1) * sizeof *grown);

    if (!grown)
        return 0;
    ctx->warnings = grown;
    char *copy    = a->resize(a->user, NULL, size);
    if (!copy)
        return 0;
    memcpy(copy, text, size);
    ctx->warnings[ctx->n_warnings++] = copy;
    return 1;
}

void sei_warn(sei_ctx *ctx, const sei_where *where, const char *fmt, ...)
{
    char    text[ERROR_TEXT_MAX];
    va_list args;

    if (!ctx)
        return;
    va_start(args, fmt);
    compose(text, sizeof text, where, fmt, args);
    va_end(args);
    if (is_known_warning(ctx, text))
        return;
    if (ctx->n_warnings >= SEI_WARNINGS_MAX || !keep_warning(ctx, text))
        ctx->n_dropped++;
}

void *sei_resize(sei_ctx *ctx, void *p, size_t n, size_t size)
{
    const sei_allocator  libc = {libc_resize, NULL};
    const sei_allocator *a    = ctx ? &ctx->allocator : &libc;

    if (n == 0 || size == 0)
        n = size = 1;
    if (n > SIZE_MAX / 2 / size) {
        (void)sei_fail(ctx, SEI_E_NOMEM, NULL, "out of memory: %zu items of %zu bytes", n, size);
        return NULL;
    }
    void *grown = a->resize(a->user, p, n * size);
    if (!grown)
        (void)sei_fail(ctx, SEI_E_NOMEM, NULL, "out of memory: %zu bytes", n * size);
    return grown;
}

void *sei_alloc(sei_ctx *ctx, size_t n, size_t size)
{
    void *p = sei_resize(ctx, NULL, n, size);

    if (p)
        memset(p, 0, n > 0 && size > 0 ? n * size : 1);
    return p;
}

void sei_release(sei_ctx *ctx, void *p)
{
    const sei_allocator  libc = {libc_resize, NULL};
    const sei_allocator *a    = ctx ? &ctx->allocator : &libc;

    if (p)
        a->resize(a->user, p, 0);
}

char *sei_strndup(sei_ctx *ctx, const char *text, size_t len)
{
    char *copy = sei_alloc(ctx, len + 1, 1);

    if (copy && len)
        memcpy(copy, text, len);
    return copy;
}

char *sei_strdup(sei_ctx *ctx, const char *text)
{
    return sei_strndup(ctx, text, strlen(text));
}
