/* db_sqlite.c - SQLite: WAL with synchronous=FULL, so that a commit survives a power cut */
#include <sqlite3.h>
#include <string.h>

#include "store/db.h"

/* BUSY_MS: a writer waits for another; batches take milliseconds, a backup step some more. */
enum { CACHE_SIZE = 512, BUSY_MS = 20000 };

typedef struct {
    sei_stmt      base;
    const char   *sql; /* the literal's address is the key */
    sqlite3_stmt *handle;
    bool          is_busy, is_extra;
} statement;

typedef struct {
    sei_db    base;
    sqlite3  *handle;
    statement cache[CACHE_SIZE];
} database;

static sei_status fail(database *db, int code, const char *doing)
{
    const char *text = db->handle ? sqlite3_errmsg(db->handle) : sqlite3_errstr(code);

    switch (code & 0xFF) {
    case SQLITE_FULL:
        return sei_fail(db->base.ctx, SEI_E_IO, NULL, "disk full: %s (%.200s)", text, doing);
    case SQLITE_NOMEM: return sei_fail(db->base.ctx, SEI_E_NOMEM, NULL, "out of memory");
    case SQLITE_CONSTRAINT:
        return sei_fail(db->base.ctx,
                        sqlite3_extended_errcode(db->handle) == SQLITE_CONSTRAINT_UNIQUE ||
                                sqlite3_extended_errcode(db->handle) == SQLITE_CONSTRAINT_PRIMARYKEY
                            ? SEI_E_DUPLICATE
                            : SEI_E_RANGE,
                        NULL, "%s", text);
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
        return sei_fail(db->base.ctx, SEI_E_IO, NULL, "the store is damaged: %s", text);
    default: return sei_fail(db->base.ctx, SEI_E_IO, NULL, "store: %s (%.200s)", text, doing);
    }
}

static sei_status script(sei_db *base, const char *sql)
{
    database *db   = (database *)base;
    const int code = sqlite3_exec(db->handle, sql, NULL, NULL, NULL);

    return code == SQLITE_OK ? SEI_OK : fail(db, code, sql);
}

static sei_status commit(sei_db *base)
{
    return script(base, "COMMIT");
}

static void close_db(sei_db *base)
{
    database *db = (database *)base;

    for (size_t i = 0; i < CACHE_SIZE; i++)
        sqlite3_finalize(db->cache[i].handle);
    sqlite3_close_v2(db->handle);
    sei_release(base->ctx, db);
}

static sei_status open_db(sei_ctx *ctx, const char *path, sei_db_mode mode, sei_db **ret_db)
{
    database *db = sei_alloc(ctx, 1, sizeof *db);

    if (!db)
        return SEI_E_NOMEM;
    db->base.ops    = &sei_db_sqlite;
    db->base.ctx    = ctx;
    const int flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX |
                      (mode == SEI_DB_CREATE ? SQLITE_OPEN_CREATE : 0);
    const int  code = sqlite3_open_v2(path, &db->handle, flags, NULL);
    sei_status st;
    if (code != SQLITE_OK) {
        st = sei_fail(ctx, code == SQLITE_CANTOPEN ? SEI_E_NOT_FOUND : SEI_E_IO, NULL,
                      "cannot open the store %.500s: %s", path, sqlite3_errstr(code));
    } else {
        sqlite3_extended_result_codes(db->handle, 1);
        sqlite3_busy_timeout(db->handle, BUSY_MS);
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
        sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
        st = script(&db->base, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                               "PRAGMA foreign_keys=ON; PRAGMA temp_store=MEMORY;"
                               "PRAGMA cache_size=-16000; PRAGMA journal_size_limit=67108864");
    }
    if (st != SEI_OK) {
        close_db(&db->base);
        return st;
    }
    *ret_db = &db->base;
    return SEI_OK;
}

static size_t slot_of(const char *sql)
{
    return (size_t)(((uintptr_t)sql >> 3) * 0x9E3779B1u) % CACHE_SIZE;
}

/* A free cached statement; NULL when it runs already (a query inside its own loop) or the places are taken. */
static statement *find_cached(database *db, const char *sql)
{
    for (size_t i = 0; i < 8; i++) {
        statement *s = &db->cache[(slot_of(sql) + i) % CACHE_SIZE];
        if (s->sql == sql)
            return s->is_busy ? NULL : s;
        if (!s->sql)
            return s;
    }
    return NULL;
}

static sei_status compile(database *db, const char *sql, unsigned flags, statement *s)
{
    const int code = sqlite3_prepare_v3(db->handle, sql, -1, flags, &s->handle, NULL);

    if (code != SQLITE_OK)
        return fail(db, code, sql);
    s->sql     = sql;
    s->base.db = &db->base;
    return SEI_OK;
}

/* The cached statement, prepared on first use, or one of its own. */
static sei_status prepare(database *db, const char *sql, statement **ret_s)
{
    statement *s  = find_cached(db, sql);
    sei_status st = SEI_OK;

    if (!s) {
        s = sei_alloc(db->base.ctx, 1, sizeof *s);
        if (!s)
            return SEI_E_NOMEM;
        s->is_extra = true;
        st          = compile(db, sql, 0, s);
        if (st != SEI_OK)
            sei_release(db->base.ctx, s);
    } else if (!s->handle) {
        st = compile(db, sql, SQLITE_PREPARE_PERSISTENT, s);
    }
    if (st != SEI_OK)
        return st;
    s->is_busy = true;
    *ret_s     = s;
    return SEI_OK;
}

static void finish(sei_stmt *stmt)
{
    statement *s = (statement *)stmt;

    if (s->is_extra) {
        sqlite3_finalize(s->handle);
        sei_release(s->base.db->ctx, s);
        return;
    }
    sqlite3_reset(s->handle);
    sqlite3_clear_bindings(s->handle);
    s->is_busy = false;
}

static int bind_one(sqlite3_stmt *handle, int at, const sei_bind *v)
{
    switch (v->kind) {
    case SEI_BIND_INT: return sqlite3_bind_int64(handle, at, v->integer);
    case SEI_BIND_REAL: return sqlite3_bind_double(handle, at, v->real);
    case SEI_BIND_TEXT:
        return sqlite3_bind_text64(handle, at, v->bytes, v->len, SQLITE_STATIC, SQLITE_UTF8);
    case SEI_BIND_BLOB: return sqlite3_bind_blob64(handle, at, v->bytes, v->len, SQLITE_STATIC);
    case SEI_BIND_INTS: return SQLITE_MISMATCH;
    case SEI_BIND_NULL: break;
    }
    return sqlite3_bind_null(handle, at);
}

static sei_status start(sei_db *base, const char *sql, size_t n, const sei_bind values[],
                        sei_stmt **ret_stmt)
{
    database  *db = (database *)base;
    statement *s  = NULL;
    sei_status st = prepare(db, sql, &s);

    if (st != SEI_OK)
        return st;
    int code = sqlite3_bind_parameter_count(s->handle) == (int)n ? SQLITE_OK : SQLITE_RANGE;
    for (size_t i = 0; i < n && code == SQLITE_OK; i++)
        code = bind_one(s->handle, (int)i + 1, &values[i]);
    if (code != SQLITE_OK) {
        st = sei_fail(base->ctx, SEI_E_INTERNAL, NULL, "store: %zu values for: %.200s", n, sql);
        finish(&s->base);
        return st;
    }
    *ret_stmt = &s->base;
    return SEI_OK;
}

static sei_status step(sei_stmt *stmt, bool *ret_row)
{
    statement *s    = (statement *)stmt;
    const int  code = sqlite3_step(s->handle);

    if (code == SQLITE_ROW || code == SQLITE_DONE) {
        *ret_row = code == SQLITE_ROW;
        return SEI_OK;
    }
    return fail((database *)s->base.db, code, s->sql);
}

static bool is_null(sei_stmt *stmt, int column)
{
    return sqlite3_column_type(((statement *)stmt)->handle, column) == SQLITE_NULL;
}

static int64_t get_int(sei_stmt *stmt, int column)
{
    return sqlite3_column_int64(((statement *)stmt)->handle, column);
}

static double get_real(sei_stmt *stmt, int column)
{
    return sqlite3_column_double(((statement *)stmt)->handle, column);
}

static const char *get_text(sei_stmt *stmt, int column, size_t *ret_len)
{
    statement           *s    = (statement *)stmt;
    const unsigned char *text = sqlite3_column_text(s->handle, column);

    *ret_len = text ? (size_t)sqlite3_column_bytes(s->handle, column) : 0;
    return text ? (const char *)text : "";
}

static const void *get_blob(sei_stmt *stmt, int column, size_t *ret_len)
{
    statement  *s     = (statement *)stmt;
    const void *bytes = sqlite3_column_blob(s->handle, column);

    *ret_len = bytes ? (size_t)sqlite3_column_bytes(s->handle, column) : 0;
    return bytes ? bytes : "";
}

static int64_t changes(sei_db *base)
{
    return sqlite3_changes64(((database *)base)->handle);
}

const sei_db_ops sei_db_sqlite = {
    .name  = "sqlite",
    .begin = "BEGIN IMMEDIATE", /* a reader that becomes a writer half-way could be refused there */
    .begin_read = "BEGIN",
    .open       = open_db,
    .close      = close_db,
    .script     = script,
    .commit     = commit,
    .start      = start,
    .step       = step,
    .finish     = finish,
    .is_null    = is_null,
    .get_int    = get_int,
    .get_real   = get_real,
    .get_text   = get_text,
    .get_blob   = get_blob,
    .changes    = changes,
};
