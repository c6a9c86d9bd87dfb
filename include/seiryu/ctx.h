/*
 * ctx.h - the context: allocator, last error, warnings
 *
 * One context per thread of work, passed first.  A context is not safe to share between
 * threads at the same time.
 */
#ifndef SEIRYU_CTX_H
#define SEIRYU_CTX_H

#include <stddef.h>
#include <stdint.h>

#include "seiryu/status.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sei_ctx sei_ctx;

/* A place in an input file. line and column count from 1; 0 means not known. */
typedef struct {
    const char *file;
    size_t      line;
    size_t      column;
} sei_where;

/* Allocator of a context: as realloc, and resize(user, p, 0) frees p and returns NULL. */
typedef struct {
    void *(*resize)(void *user, void *p, size_t size);
    void *user;
} sei_allocator;

/* allocator may be NULL (the C library's). Returns NULL when memory is short. */
SEI_API sei_ctx *sei_ctx_create(const sei_allocator *allocator);
/* One more with the allocator of another, for what several threads share. */
SEI_API sei_ctx *sei_ctx_create_beside(const sei_ctx *ctx);
SEI_API void     sei_ctx_free(sei_ctx *ctx); /* NULL is a harmless no-op */

/* Threads that drawing and writing may use beside each other; 0, as it begins: one for each processor. What
 * is written does not depend on it. Calls that take a number of threads go by theirs. */
SEI_API void   sei_ctx_set_threads(sei_ctx *ctx, size_t threads);
SEI_API size_t sei_ctx_threads(const sei_ctx *ctx);

/* Last error as one line, "site.yaml:41: pH 15.2 is outside 0..14"; "" when there is none.
 * Valid until the next failing call with this context. */
SEI_API const char *sei_ctx_error(const sei_ctx *ctx);
SEI_API sei_status  sei_ctx_status(const sei_ctx *ctx);
SEI_API sei_where   sei_ctx_error_where(const sei_ctx *ctx);
SEI_API void        sei_ctx_clear(sei_ctx *ctx); /* forgets error and warnings */

/* Warnings in the order they came; the same text is kept once, at most
 * SEI_WARNINGS_MAX are kept and the rest counted. */
enum { SEI_WARNINGS_MAX = 1000 };
SEI_API size_t      sei_ctx_n_warnings(const sei_ctx *ctx);
SEI_API const char *sei_ctx_warning(const sei_ctx *ctx, size_t i);
SEI_API size_t      sei_ctx_n_warnings_dropped(const sei_ctx *ctx);

/* Record an error and return its status: return sei_fail(ctx, SEI_E_RANGE, &where, ...).
 * where may be NULL. ctx may be NULL: then only the status is returned. */
SEI_API sei_status sei_fail(sei_ctx *ctx, sei_status status, const sei_where *where,
                            const char *fmt, ...) SEI_PRINTF(4, 5);
SEI_API void sei_warn(sei_ctx *ctx, const sei_where *where, const char *fmt, ...) SEI_PRINTF(3, 4);

/* Zeroed array of n items of size bytes; NULL with E_NOMEM recorded when memory is short or
 * n * size overflows. sei_resize keeps the old block on failure. */
SEI_API void *sei_alloc(sei_ctx *ctx, size_t n, size_t size);
SEI_API void *sei_resize(sei_ctx *ctx, void *p, size_t n, size_t size);
SEI_API void  sei_release(sei_ctx *ctx, void *p);
SEI_API char *sei_strdup(sei_ctx *ctx, const char *text);
SEI_API char *sei_strndup(sei_ctx *ctx, const char *text, size_t len);

#ifdef __cplusplus
}
#endif
#endif
