/* db.c - what both databases share: choice of the driver, nested transactions, short forms */
#include "store/db.h"

#include <string.h>

sei_bind sei_bind_int(int64_t value)
{
    return (sei_bind){.kind = SEI_BIND_INT, .integer = value};
}

sei_bind sei_bind_real(double value)
{
    return (sei_bind){.kind = SEI_BIND_REAL, .real = value};
}

sei_bind sei_bind_text(const char *text)
{
    if (!text)
        return sei_bind_null();
    return (sei_bind){.kind = SEI_BIND_TEXT, .bytes = text, .len = strlen(text)};
}

sei_bind sei_bind_blob(const void *bytes, size_t len)
{
    return (sei_bind){.kind = SEI_BIND_BLOB, .bytes = bytes ? bytes : "", .len = len};
}

sei_bind sei_bind_ints(const int64_t values[], size_t n)
{
    return (sei_bind){.kind = SEI_BIND_INTS, .bytes = values, .len = n};
}

sei_bind sei_bind_null(void)
{
    return (sei_bind){.kind = SEI_BIND_NULL};
}

sei_bind sei_bind_int_or_null(bool is_given, int64_t value)
{
    return is_given ? sei_bind_int(value) : sei_bind_null();
}

sei_bind sei_bind_real_or_null(bool is_given, double value)
{
    return is_given ? sei_bind_real(value) : sei_bind_null();
}

static const sei_db_ops *const drivers[] = {&sei_db_sqlite, &sei_db_postgres};

sei_status sei_db_open(sei_ctx *ctx, const char *url, sei_db_mode mode, sei_db **ret_db)
{
    const char *colon = strchr(url, ':');

    for (size_t i = 0; colon && i < sizeof drivers / sizeof drivers[0]; i++)
        if (strlen(drivers[i]->name) == (size_t)(colon - url) &&
            strncmp(url, drivers[i]->name, (size_t)(colon - url)) == 0)
            return drivers[i]->open(ctx, drivers[i]->takes_url ? url : colon + 1, mode, ret_db);
    if (colon && memchr(url, '/', (size_t)(colon - url)) == NULL) /* behind it may be a password */
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                        "store \"%.*s:\": use sqlite:PATH or postgresql://HOST/DATABASE",
                        (int)(colon - url < 60 ? colon - url : 60), url);
    return sei_db_sqlite.open(ctx, url, mode, ret_db);
}

const char *sei_db_file(const char *url)
{
    if (strncmp(url, "sqlite:", strlen("sqlite:")) == 0)
        return url + strlen("sqlite:");
    return strncmp(url, "postgresql:", strlen("postgresql:")) == 0 ? NULL : url;
}

void sei_db_close(sei_db *db)
{
    if (!db)
        return;
    if (db->depth > 0) {
        db->depth = 1;
        sei_db_rollback(db);
    }
    db->ops->close(db);
}

sei_status sei_db_script(sei_db *db, const char *sql)
{
    return db->ops->script(db, sql);
}

/* The error that led here stays in the context: a rollback that fails (SQLite has rolled back by itself when the disk is
 * full) has nothing to add. */
static void roll_back(sei_db *db)
{
    sei_ctx *const ctx  = db->ctx;
    db->ctx             = NULL;
    const sei_status st = db->ops->script(db, "ROLLBACK");
    (void)st;
    db->ctx = ctx;
}

/* Where answers take their time, that of the start is read with the first one that is needed. */
static sei_status run_words(sei_db *db, const char *words)
{
    return db->ops->run_later ? db->ops->run_later(db, words, 0, NULL) : db->ops->script(db, words);
}

static sei_status begin(sei_db *db, const char *words, const char *lock)
{
    if (db->depth == 0) {
        sei_status st = run_words(db, words);
        if (st == SEI_OK && lock)
            st = run_words(db, lock);
        if (st != SEI_OK) {
            roll_back(db);
            return st;
        }
        db->must_roll_back = false;
    }
    db->depth++;
    return SEI_OK;
}

sei_status sei_db_begin(sei_db *db)
{
    return begin(db, db->ops->begin, db->ops->lock);
}

sei_status sei_db_begin_read(sei_db *db)
{
    return begin(db, db->ops->begin_read, NULL);
}

sei_status sei_db_commit(sei_db *db)
{
    if (db->depth == 0)
        return sei_fail(db->ctx, SEI_E_INTERNAL, NULL, "commit without begin");
    if (--db->depth > 0)
        return SEI_OK;
    if (db->must_roll_back) {
        roll_back(db);
        return sei_fail(db->ctx, SEI_E_INTERNAL, NULL, "a part of the transaction was rolled back");
    }
    const sei_status st = db->ops->commit(db);
    if (st != SEI_OK) /* a failed commit may leave SQLite inside the transaction */
        roll_back(db);
    return st;
}

void sei_db_rollback(sei_db *db)
{
    if (db->depth == 0)
        return;
    db->must_roll_back = true;
    if (--db->depth == 0)
        roll_back(db);
}

sei_status sei_db_end(sei_db *db, sei_status status)
{
    if (status == SEI_OK)
        return sei_db_commit(db);
    sei_db_rollback(db);
    return status;
}

sei_status sei_db_start(sei_db *db, const char *sql, size_t n, const sei_bind values[],
                        sei_stmt **ret_stmt)
{
    return db->ops->start(db, sql, n, values, ret_stmt);
}

sei_status sei_db_step(sei_stmt *stmt, bool *ret_row)
{
    return stmt->db->ops->step(stmt, ret_row);
}

void sei_db_finish(sei_stmt *stmt)
{
    if (stmt)
        stmt->db->ops->finish(stmt);
}

bool sei_db_is_null(sei_stmt *stmt, int column)
{
    return stmt->db->ops->is_null(stmt, column);
}

int64_t sei_db_int(sei_stmt *stmt, int column)
{
    return stmt->db->ops->get_int(stmt, column);
}

double sei_db_real(sei_stmt *stmt, int column)
{
    return stmt->db->ops->get_real(stmt, column);
}

const char *sei_db_text(sei_stmt *stmt, int column)
{
    size_t len;

    /* cppcheck-suppress returnDanglingLifetime ; the text is the statement's own, only its length is ours */
    return stmt->db->ops->get_text(stmt, column, &len);
}

const void *sei_db_blob(sei_stmt *stmt, int column, size_t *ret_len)
{
    return stmt->db->ops->get_blob(stmt, column, ret_len);
}

sei_status sei_db_run(sei_db *db, const char *sql, size_t n, const sei_bind values[],
                      int64_t *ret_changes)
{
    sei_stmt  *stmt = NULL;
    bool       row  = true;
    sei_status st   = sei_db_start(db, sql, n, values, &stmt);

    while (st == SEI_OK && row)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && ret_changes)
        *ret_changes = db->ops->changes(db);
    sei_db_finish(stmt);
    return st;
}

sei_status sei_db_run_later(sei_db *db, const char *sql, size_t n, const sei_bind values[])
{
    return db->ops->run_later && db->depth > 0 ? db->ops->run_later(db, sql, n, values)
                                               : sei_db_run(db, sql, n, values, NULL);
}

sei_status sei_db_append(sei_db *db, const sei_append *into, size_t n, const sei_bind values[])
{
    return db->ops->append && db->depth > 0 ? db->ops->append(db, into, n, values)
                                            : sei_db_run(db, into->insert, n, values, NULL);
}

static sei_status visit_rows(sei_stmt *stmt, size_t set, sei_db_row visit, void *user)
{
    bool       row = true;
    sei_status st  = SEI_OK;

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = visit(user, set, stmt);
    return st;
}

sei_status sei_db_each(sei_db *db, const char *sql, size_t n_sets, size_t n,
                       const sei_bind values[], sei_db_row visit, void *user)
{
    sei_status st = SEI_OK;

    if (db->ops->each && db->depth > 0 && n_sets > 1)
        return db->ops->each(db, sql, n_sets, n, values, visit, user);
    for (size_t i = 0; i < n_sets && st == SEI_OK; i++) {
        sei_stmt *stmt = NULL;
        st             = sei_db_start(db, sql, n, values + i * n, &stmt);
        if (st == SEI_OK)
            st = visit_rows(stmt, i, visit, user);
        sei_db_finish(stmt);
    }
    return st;
}

/* ---- sets of whole numbers ------------------------------------------------------------------------------ */

enum { SETS_AT_ONCE = 4096, SET_VALUES = 8 };

static sei_status visit_sets(sei_stmt *stmt, size_t first, sei_db_set_row visit, void *user)
{
    bool       row = true;
    sei_status st  = SEI_OK;

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = visit(user, first + (size_t)sei_db_int(stmt, 0) - 1, stmt, 1);
    return st;
}

/* visit NULL: no answer is waited for. */
static sei_status run_arrays(sei_db *db, const char *sql, size_t first, size_t n_sets, size_t n,
                             const int64_t values[], sei_db_set_row visit, void *user)
{
    int64_t   *columns = sei_alloc(db->ctx, n_sets * n, sizeof *columns);
    sei_bind   binds[SET_VALUES];
    sei_stmt  *stmt = NULL;
    sei_status st   = !columns ? SEI_E_NOMEM : n <= SET_VALUES ? SEI_OK : SEI_E_INTERNAL;

    for (size_t k = 0; k < n && st == SEI_OK; k++) {
        int64_t *column = columns + k * n_sets;
        for (size_t i = 0; i < n_sets; i++)
            column[i] = values[(first + i) * n + k];
        binds[k] = sei_bind_ints(column, n_sets);
    }
    if (st == SEI_OK && !visit)
        st = sei_db_run_later(db, sql, n, binds);
    if (st == SEI_OK && visit)
        st = sei_db_start(db, sql, n, binds, &stmt);
    if (st == SEI_OK && visit)
        st = visit_sets(stmt, first, visit, user);
    sei_db_finish(stmt);
    sei_release(db->ctx, columns);
    return st;
}

static sei_status run_one(sei_db *db, const char *sql, size_t set, size_t n, const int64_t values[],
                          sei_db_set_row visit, void *user)
{
    sei_bind   binds[SET_VALUES];
    sei_stmt  *stmt = NULL;
    bool       row  = true;
    sei_status st   = n <= SET_VALUES ? SEI_OK : SEI_E_INTERNAL;

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        binds[i] = sei_bind_int(values[set * n + i]);
    if (st == SEI_OK)
        st = sei_db_start(db, sql, n, binds, &stmt);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        st = visit ? visit(user, set, stmt, 0) : SEI_OK;
    sei_db_finish(stmt);
    return st;
}

static sei_status run_sets(sei_db *db, const sei_db_sets *sql, size_t n_sets, size_t n,
                           const int64_t values[], sei_db_set_row visit, void *user)
{
    const size_t step = db->ops->takes_arrays ? SETS_AT_ONCE : 1;
    sei_status   st   = SEI_OK;

    for (size_t i = 0; i < n_sets && st == SEI_OK; i += step)
        st = step == 1 ? run_one(db, sql->one, i, n, values, visit, user)
                       : run_arrays(db, sql->many, i, n_sets - i < step ? n_sets - i : step, n,
                                    values, visit, user);
    return st;
}

sei_status sei_db_each_set(sei_db *db, const sei_db_sets *sql, size_t n_sets, size_t n,
                           const int64_t values[], sei_db_set_row visit, void *user)
{
    return run_sets(db, sql, n_sets, n, values, visit, user);
}

sei_status sei_db_run_sets(sei_db *db, const sei_db_sets *sql, size_t n_sets, size_t n,
                           const int64_t values[])
{
    return run_sets(db, sql, n_sets, n, values, NULL, NULL);
}

sei_status sei_db_get_int(sei_db *db, const char *sql, size_t n, const sei_bind values[],
                          bool *ret_found, int64_t *ret_value)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(db, sql, n, values, &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK) {
        row = row && !sei_db_is_null(stmt, 0);
        if (row)
            *ret_value = sei_db_int(stmt, 0);
        if (ret_found)
            *ret_found = row;
    }
    /* SQLite finishes an INSERT … RETURNING only when it is stepped to its end */
    for (bool more = row; st == SEI_OK && more;)
        st = sei_db_step(stmt, &more);
    sei_db_finish(stmt);
    return st;
}
