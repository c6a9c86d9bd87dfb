/*
 * db.h - one face of two databases: SQLite and PostgreSQL
 *
 * A table of operations (sei_db_ops) is all that a database has to give. Statements are written once,
 * with $1, $2 … in that order, in the part of SQL that both understand; what differs (types, triggers)
 * stands in the migrations. Statements are prepared once a connection and found again by the address
 * of their text, so they must be string literals. One connection serves one thread at a time.
 */
#ifndef SEI_STORE_DB_H
#define SEI_STORE_DB_H

#include <stdbool.h>

#include "seiryu/ctx.h"

typedef enum {
    SEI_BIND_NULL,
    SEI_BIND_INT,
    SEI_BIND_REAL,
    SEI_BIND_TEXT,
    SEI_BIND_BLOB,
    SEI_BIND_INTS
} sei_bind_kind;

/* A value given to a statement; text and bytes are borrowed until the statement is finished. */
typedef struct {
    sei_bind_kind kind;
    int64_t       integer;
    double        real;
    const void   *bytes; /* NULL text is NULL */
    size_t        len;   /* INTS: how many */
} sei_bind;

sei_bind sei_bind_int(int64_t value);
sei_bind sei_bind_real(double value);
sei_bind sei_bind_text(const char *text);
sei_bind sei_bind_blob(const void *bytes, size_t len);
/* An array of whole numbers, where the database takes them (takes_arrays). */
sei_bind sei_bind_ints(const int64_t values[], size_t n);
sei_bind sei_bind_null(void);
/* NULL when !is_given. */
sei_bind sei_bind_int_or_null(bool is_given, int64_t value);
sei_bind sei_bind_real_or_null(bool is_given, double value);

typedef struct sei_db   sei_db;
typedef struct sei_stmt sei_stmt; /* a statement that runs; one row at a time */

typedef enum { SEI_DB_READ_WRITE, SEI_DB_CREATE } sei_db_mode;

/* Where rows are appended: columns of whole numbers (of 8 bytes), reals, texts, bytes. */
typedef struct {
    const char *table;  /* a statement that reads it contains its name */
    const char *insert; /* "INSERT INTO t(a, b) VALUES($1, $2)" */
    const char *copy;   /* "COPY t(a, b) FROM STDIN BINARY" */
} sei_append;

/* A statement for sets of whole numbers. one: names them in the order $1, $2 … (SQLite counts them so). many: takes arrays of them, $1 of all first ones …; where it has an answer, that begins
 * with the number of the set, counted from 1, and then holds the columns of one. */
typedef struct {
    const char *one, *many;
} sei_db_sets;

/* Sees one row of the answer to one set of values; asks the database for nothing else meanwhile. */
typedef sei_status (*sei_db_row)(void *user, size_t set, sei_stmt *row);

typedef struct {
    const char *name, *begin, *begin_read; /* the words that start a transaction */
    const char *lock; /* NULL, or what keeps other writers away until it ends */
    const char *size; /* a query for the bytes on disk; NULL: those of the file */
    bool takes_url; /* opened with the whole of "name://…", else with what stands behind "name:" */
    sei_status (*open)(sei_ctx *ctx, const char *where, sei_db_mode mode, sei_db **ret_db);
    void (*close)(sei_db *db);
    sei_status (*script)(sei_db *db, const char *sql); /* several statements, no values */
    sei_status (*commit)(sei_db *db);
    sei_status (*start)(sei_db *db, const char *sql, size_t n, const sei_bind values[],
                        sei_stmt **ret_stmt);
    /* *ret_row false at the end. */
    sei_status (*step)(sei_stmt *stmt, bool *ret_row);
    void (*finish)(sei_stmt *stmt); /* NULL is harmless */
    bool (*is_null)(sei_stmt *stmt, int column);
    int64_t (*get_int)(sei_stmt *stmt, int column);
    double (*get_real)(sei_stmt *stmt, int column);
    /* Terminated; valid until the next step. NULL value: "" and length 0. */
    const char *(*get_text)(sei_stmt *stmt, int column, size_t *ret_len);
    const void *(*get_blob)(sei_stmt *stmt, int column, size_t *ret_len);
    int64_t (*changes)(sei_db *db); /* rows that the last finished statement changed */
    /* NULL: there is nothing to gain. Errors may be told by a later call of the same transaction. */
    sei_status (*run_later)(sei_db *db, const char *sql, size_t n, const sei_bind values[]);
    sei_status (*append)(sei_db *db, const sei_append *into, size_t n, const sei_bind values[]);
    sei_status (*each)(sei_db *db, const char *sql, size_t n_sets, size_t n,
                       const sei_bind values[], sei_db_row visit, void *user);
    bool takes_arrays; /* sei_bind_ints */
} sei_db_ops;

extern const sei_db_ops sei_db_sqlite, sei_db_postgres;

/* What both implementations begin with. */
struct sei_db {
    const sei_db_ops *ops;
    sei_ctx          *ctx;
    int               depth; /* of begin without commit */
    bool              must_roll_back;
};

/* "sqlite:PATH", a path, or "postgresql://…" as libpq reads it; E_UNSUPPORTED names what is known. */
SEI_CHECKED sei_status sei_db_open(sei_ctx *ctx, const char *url, sei_db_mode mode,
                                   sei_db **ret_db);
/* The file of a SQLite store; NULL for a PostgreSQL one. */
const char *sei_db_file(const char *url);
/* Calls with the settings of a PostgreSQL URL under the names that libpq's programs read from their environment ("PGHOST"):
 * so no password stands among their arguments. */
SEI_CHECKED sei_status sei_db_environment(sei_ctx *ctx, const char *url,
                                          sei_status (*visit)(void *user, const char *name,
                                                              const char *value),
                                          void *user);
void                   sei_db_close(sei_db *db); /* NULL is harmless */
SEI_CHECKED sei_status sei_db_script(sei_db *db, const char *sql);

/* A transaction that takes the right to write before its first statement: at once, or with it. They nest: only the
 * outermost commits, and a rollback inside lets the outermost commit fail. */
SEI_CHECKED sei_status sei_db_begin(sei_db *db);
/* A transaction that sees one state throughout and does not write; inside of another it is part of that. */
SEI_CHECKED sei_status sei_db_begin_read(sei_db *db);
SEI_CHECKED sei_status sei_db_commit(sei_db *db);
void                   sei_db_rollback(sei_db *db);
/* Commits when status is OK, else rolls back; the status of it all. */
SEI_CHECKED sei_status sei_db_end(sei_db *db, sei_status status);

SEI_CHECKED sei_status sei_db_start(sei_db *db, const char *sql, size_t n, const sei_bind values[],
                                    sei_stmt **ret_stmt);
SEI_CHECKED sei_status sei_db_step(sei_stmt *stmt, bool *ret_row);
void                   sei_db_finish(sei_stmt *stmt);
bool                   sei_db_is_null(sei_stmt *stmt, int column);
int64_t                sei_db_int(sei_stmt *stmt, int column);
double                 sei_db_real(sei_stmt *stmt, int column);
const char            *sei_db_text(sei_stmt *stmt, int column);
const void            *sei_db_blob(sei_stmt *stmt, int column, size_t *ret_len);

/* Runs to the end. *ret_changes may be NULL. */
SEI_CHECKED sei_status sei_db_run(sei_db *db, const char *sql, size_t n, const sei_bind values[],
                                  int64_t *ret_changes);
/* Within a transaction, without a look at what it did: where answers take their time, the statement does not wait
 * for its own, and its error may be told by a later call, at the latest by the commit. */
SEI_CHECKED sei_status sei_db_run_later(sei_db *db, const char *sql, size_t n,
                                        const sei_bind values[]);
/* The same for a row of which the caller knows that it is not there yet. */
SEI_CHECKED sei_status sei_db_append(sei_db *db, const sei_append *into, size_t n,
                                     const sei_bind values[]);
/* The same statement for each of n_sets sets of n values, which stand one behind the other; visit sees the rows of the
 * first set, then of the second … Within a transaction, where answers take their time, all are asked for before the
 * first is waited for. */
SEI_CHECKED sei_status sei_db_each(sei_db *db, const char *sql, size_t n_sets, size_t n,
                                   const sei_bind values[], sei_db_row visit, void *user);
/* The same for whole numbers, where it is to be quick: one statement for all of them where the database takes arrays.
 * The columns of a row begin with first_column. */
typedef sei_status (*sei_db_set_row)(void *user, size_t set, sei_stmt *row, int first_column);
SEI_CHECKED sei_status sei_db_each_set(sei_db *db, const sei_db_sets *sql, size_t n_sets, size_t n,
                                       const int64_t values[], sei_db_set_row visit, void *user);
/* Without an answer, within a transaction; errors may be told by a later call. */
SEI_CHECKED sei_status sei_db_run_sets(sei_db *db, const sei_db_sets *sql, size_t n_sets, size_t n,
                                       const int64_t values[]);
/* First column of the first row as an integer; *ret_found false (value untouched) without a row or
 * when it is NULL. Serves "INSERT … RETURNING id" too. */
SEI_CHECKED sei_status sei_db_get_int(sei_db *db, const char *sql, size_t n,
                                      const sei_bind values[], bool *ret_found, int64_t *ret_value);

/* SEI_BINDS(a, b) stands for the two arguments "n, values". */
#define SEI_BINDS(...)                                                             \
    sizeof((const sei_bind[]){__VA_ARGS__}) / sizeof(sei_bind), (const sei_bind[]) \
    {                                                                              \
        __VA_ARGS__                                                                \
    }

struct sei_stmt {
    sei_db *db;
};

#endif
