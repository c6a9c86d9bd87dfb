/* pg_value.h - values on their way to PostgreSQL: arguments of statements, rows of COPY */
#ifndef SEI_STORE_PG_VALUE_H
#define SEI_STORE_PG_VALUE_H

#include "base/buf.h"
#include "store/db.h"

enum { SEI_PG_VALUES_MAX = 32, SEI_PG_NUMBER_BYTES = 32 };

/* Types of PostgreSQL by their numbers in its catalogue (pg_type.dat), which never change. */
enum {
    SEI_PG_BOOL   = 16,
    SEI_PG_BYTES  = 17,
    SEI_PG_INT8   = 20,
    SEI_PG_INT2   = 21,
    SEI_PG_INT4   = 23,
    SEI_PG_TEXT   = 25,
    SEI_PG_FLOAT8 = 701,
    SEI_PG_INT8S  = 1016 /* array of INT8 */
};

enum { SEI_PG_TEXT_FORMAT = 0, SEI_PG_BYTE_FORMAT = 1 };

/* As PQsendQueryPrepared takes them. Numbers go as text, which every type of column takes; a double with 17
 * digits comes back bit by bit. Arrays go as bytes. */
typedef struct {
    const char *at[SEI_PG_VALUES_MAX];
    int         len[SEI_PG_VALUES_MAX], format[SEI_PG_VALUES_MAX];
    unsigned    type[SEI_PG_VALUES_MAX];
    char        numbers[SEI_PG_VALUES_MAX][SEI_PG_NUMBER_BYTES];
    char       *made; /* arrays, and texts that had to be mended; to be released */
    size_t      n_made;
} sei_pg_arguments;

/* Starts from {0}; doing: named when it fails. */
SEI_CHECKED sei_status sei_pg_bind(sei_ctx *ctx, const char *doing, size_t n,
                                   const sei_bind values[], sei_pg_arguments *a);
/* One row in COPY's binary form. */
SEI_CHECKED sei_status sei_pg_put_row(sei_buf *copy, size_t n, const sei_bind values[]);

#endif
