/*
 * db_postgres.c - PostgreSQL by libpq
 *
 * Writers wait for each other at the start of a transaction (an advisory lock of the database), as they do with
 * SQLite: what a transaction read before it writes still holds then. Results are fetched whole, so a query may run inside
 * the loop of another. Rows of sei_db_append wait in memory and go by COPY before a statement that names their table,
 * and before a transaction ends. The start of a transaction and statements of sei_db_run_later go in libpq's pipeline,
 * whose answers are read together with that of the next statement that has one, or of the commit. Their errors are told by
 * that next call; the transaction is lost by then.
 */
#include <libpq-fe.h>
#include <stdio.h>
#include <string.h>

#include "store/pg_value.h"

enum {
    CACHE_SIZE   = 512,
    QUEUE_MAX    = 500, /* statements under way: their answers wait in memory */
    COPY_BYTES   = 1 << 20,
    NUMBER_BYTES = 32
};

typedef struct {
    const char *sql; /* the literal's address is the key */
    bool        is_prepared;
    char        name[16];
} statement;

typedef struct {
    sei_db            base;
    PGconn           *conn;
    int64_t           changes;
    statement         cache[CACHE_SIZE];
    unsigned          n_prepared;
    size_t            n_queued;
    const sei_append *into; /* of the rows that wait in copy; NULL: none do */
    sei_buf           copy;
} database;

typedef struct {
    sei_stmt  base;
    PGresult *result;
    int       row; /* -1 before the first */
    char      text[NUMBER_BYTES];
} running;

/* ---- errors --------------------------------------------------------------------------------------------- */

static sei_status status_of(const char *state)
{
    if (strcmp(state, "23505") == 0)
        return SEI_E_DUPLICATE;
    if (strncmp(state, "23", 2) == 0 || strncmp(state, "22", 2) == 0)
        return SEI_E_RANGE; /* a constraint, a guard, a value that its column does not take */
    if (strcmp(state, "53200") == 0)
        return SEI_E_NOMEM;
    return SEI_E_IO;
}

static sei_status fail(database *db, const PGresult *result, const char *doing)
{
    const char      *state = result ? PQresultErrorField(result, PG_DIAG_SQLSTATE) : NULL;
    const char      *text  = result ? PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY) : NULL;
    const sei_status st    = state ? status_of(state) : SEI_E_IO;

    if (!text)
        text = PQerrorMessage(db->conn);
    if (state && strcmp(state, "53100") == 0)
        return sei_fail(db->base.ctx, st, NULL, "disk full: %.300s (%.200s)", text, doing);
    if (st != SEI_E_IO)
        return sei_fail(db->base.ctx, st, NULL, "%.400s", text);
    return sei_fail(db->base.ctx, st, NULL, "store: %.300s (%.200s)", text, doing);
}

static bool is_good(const PGresult *result)
{
    const ExecStatusType s = PQresultStatus(result);

    return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK || s == PGRES_EMPTY_QUERY;
}

/* ---- connection ----------------------------------------------------------------------------------------- */

static void ignore_notice(void *user, const PGresult *result)
{
    (void)user;
    (void)result; /* "relation exists, skipping" is no news, and the library does not print */
}

static sei_status ask(database *db, const char *sql)
{
    PGresult  *result = PQexec(db->conn, sql);
    sei_status st     = is_good(result) ? SEI_OK : fail(db, result, sql);

    PQclear(result);
    return st;
}

/* What is committed is on the disk, whatever the database's own setting; a lock is waited for as long as with SQLite. */
static sei_status set_session(database *db)
{
    return ask(db, "SELECT set_config('synchronous_commit', 'on', false) WHERE"
                   " current_setting('synchronous_commit') = 'off';"
                   "SET lock_timeout = '20s'");
}

/* After the database was restarted the next transaction finds a connection again. */
static sei_status wake(database *db)
{
    if (PQstatus(db->conn) == CONNECTION_OK || db->base.depth > 0)
        return SEI_OK;
    PQreset(db->conn);
    for (size_t i = 0; i < CACHE_SIZE; i++)
        db->cache[i].is_prepared = false;
    if (PQstatus(db->conn) != CONNECTION_OK)
        return fail(db, NULL, "connecting");
    return set_session(db);
}

static void close_db(sei_db *base)
{
    database *db = (database *)base;

    PQfinish(db->conn);
    sei_buf_done(&db->copy);
    sei_release(base->ctx, db);
}

static sei_status open_db(sei_ctx *ctx, const char *url, sei_db_mode mode, sei_db **ret_db)
{
    /* the last word on a key wins: what the URL says goes before our defaults, never before the encoding */
    static const char *const keys[]   = {"connect_timeout", "application_name", "tcp_user_timeout",
                                         "dbname",          "client_encoding",  NULL};
    const char *const        values[] = {"10", "seiryud", "20000", url, "UTF8", NULL};
    database                *db       = sei_alloc(ctx, 1, sizeof *db);

    (void)mode; /* the database itself is made by its administrator */
    if (!db)
        return SEI_E_NOMEM;
    db->base.ops = &sei_db_postgres;
    db->base.ctx = ctx;
    sei_buf_init(&db->copy, ctx, 2 * COPY_BYTES);
    db->conn      = PQconnectdbParams(keys, values, 1);
    sei_status st = db->conn ? SEI_OK : SEI_E_NOMEM;
    if (db->conn && PQstatus(db->conn) != CONNECTION_OK)
        st = fail(db, NULL, "connecting");
    if (st == SEI_OK) {
        PQsetNoticeReceiver(db->conn, ignore_notice, NULL);
        st = set_session(db);
    }
    if (st != SEI_OK) {
        close_db(&db->base);
        return st;
    }
    *ret_db = &db->base;
    return SEI_OK;
}

sei_status sei_db_environment(sei_ctx *ctx, const char *url,
                              sei_status (*visit)(void *user, const char *name, const char *value),
                              void *user)
{
    char             *error = NULL;
    PQconninfoOption *all   = PQconninfoParse(url, &error);
    sei_status        st    = all ? SEI_OK
                                  : sei_fail(ctx, SEI_E_PARSE, NULL, "the store's address: %.300s",
                                   error ? error : "out of memory");

    for (const PQconninfoOption *o = all; st == SEI_OK && o->keyword; o++)
        if (o->envvar && o->val)
            st = visit(user, o->envvar, o->val);
    PQfreemem(error);
    PQconninfoFree(all);
    return st;
}

/* ---- what waits ----------------------------------------------------------------------------------------- */

/* Reads what is left of the answers; the first error is told, those that follow from it are not. ret_last: not NULL, gets
 * the last answer, to be cleared, when all is well. */
static sei_status leave_pipeline(database *db, PGresult **ret_last)
{
    const bool is_sent = PQpipelineSync(db->conn) == 1;
    bool       synced  = false;
    sei_status st      = SEI_OK;
    PGresult  *last    = NULL;

    while (is_sent && !synced && PQstatus(db->conn) == CONNECTION_OK) {
        PGresult *result = PQgetResult(db->conn);
        if (!result)
            continue; /* the end of one statement's answers */
        if (PQresultStatus(result) == PGRES_PIPELINE_SYNC) {
            synced = true;
            PQclear(result);
            continue;
        }
        if (PQresultStatus(result) == PGRES_FATAL_ERROR && st == SEI_OK)
            st = fail(db, result, "pipeline");
        PQclear(last);
        last = result;
    }
    if (st == SEI_OK && !synced)
        st = fail(db, NULL, "pipeline");
    if (PQexitPipelineMode(db->conn) != 1 && st == SEI_OK)
        st = fail(db, NULL, "pipeline");
    if (st == SEI_OK && ret_last)
        *ret_last = last;
    else
        PQclear(last);
    return st;
}

static sei_status drain(database *db)
{
    if (db->n_queued == 0)
        return SEI_OK;
    db->n_queued = 0;
    return leave_pipeline(db, NULL);
}

static sei_status end_copy(database *db, bool sent)
{
    sei_status st     = SEI_OK;
    PGresult  *result = NULL;

    if (PQputCopyEnd(db->conn, sent ? NULL : "not sent") != 1)
        st = fail(db, NULL, "COPY");
    while ((result = PQgetResult(db->conn)) != NULL) {
        if (PQresultStatus(result) != PGRES_COMMAND_OK && st == SEI_OK)
            st = fail(db, result, "COPY");
        PQclear(result);
    }
    return st;
}

static sei_status flush_copy(database *db)
{
    static const char header[19] = "PGCOPY\n\377\r\n"; /* then flags and the length of nothing */
    static const char trailer[2] = "\377\377";
    sei_status        st         = db->copy.status;

    if (!db->into)
        return SEI_OK;
    if (st == SEI_OK)
        st = drain(db);
    if (st == SEI_OK) {
        PGresult *result = PQexec(db->conn, db->into->copy);
        st = PQresultStatus(result) == PGRES_COPY_IN ? SEI_OK : fail(db, result, db->into->copy);
        PQclear(result);
    }
    if (st == SEI_OK)
        st = end_copy(db, PQputCopyData(db->conn, header, sizeof header) == 1 &&
                              PQputCopyData(db->conn, db->copy.text, (int)db->copy.len) == 1 &&
                              PQputCopyData(db->conn, trailer, sizeof trailer) == 1);
    db->into = NULL;
    sei_buf_clear(&db->copy);
    return st;
}

static void forget_copy(database *db)
{
    db->into = NULL;
    sei_buf_clear(&db->copy);
}

static sei_status script(sei_db *base, const char *sql)
{
    database  *db = (database *)base;
    sei_status st = wake(db);

    if (strcmp(sql, "ROLLBACK") == 0) {
        forget_copy(db);
        const sei_status lost = drain(db); /* told already, or of no interest now */
        (void)lost;
    } else if (st == SEI_OK) {
        st = flush_copy(db);
        if (st == SEI_OK)
            st = drain(db);
    }
    return st == SEI_OK ? ask(db, sql) : st;
}

/* ---- statements ----------------------------------------------------------------------------------------- */

static statement *slot_of(database *db, const char *sql)
{
    const size_t first = (size_t)(((uintptr_t)sql >> 3) * 0x9E3779B1u) % CACHE_SIZE;

    for (size_t i = 0; i < 8; i++) {
        statement *s = &db->cache[(first + i) % CACHE_SIZE];
        if (s->sql == sql || !s->sql)
            return s;
    }
    return &db->cache[first];
}

/* A NULL has no type of its own: PostgreSQL takes it from the place where it stands. */
static sei_status prepare(database *db, const char *sql, size_t n, const sei_pg_arguments *b,
                          statement **ret_s)
{
    statement *s  = slot_of(db, sql);
    sei_status st = SEI_OK;

    if (s->sql != sql || !s->is_prepared) {
        st = drain(db);
        if (st != SEI_OK)
            return st;
        if (s->is_prepared) { /* another's place: it is forgotten, and prepared again when it comes */
            char drop[40];
            snprintf(drop, sizeof drop, "DEALLOCATE %s", s->name);
            const sei_status ignored = ask(db, drop);
            (void)ignored;
        }
        snprintf(s->name, sizeof s->name, "s%u", ++db->n_prepared);
        s->sql           = sql;
        PGresult *result = PQprepare(db->conn, s->name, sql, (int)n, b->type);
        if (!is_good(result))
            st = fail(db, result, sql);
        PQclear(result);
        s->is_prepared = st == SEI_OK;
    }
    *ret_s = s;
    return st;
}

static sei_status start_result(database *db, PGresult *result, const char *sql, sei_stmt **ret_stmt)
{
    running *r = NULL;

    if (!is_good(result)) {
        const sei_status st = fail(db, result, sql);
        PQclear(result);
        return st;
    }
    r = sei_alloc(db->base.ctx, 1, sizeof *r);
    if (!r) {
        PQclear(result);
        return SEI_E_NOMEM;
    }
    const char *changes = PQcmdTuples(result);
    db->changes         = 0;
    for (const char *c = changes; *c >= '0' && *c <= '9'; c++)
        db->changes = 10 * db->changes + (*c - '0');
    r->base.db = &db->base;
    r->result  = result;
    r->row     = -1;
    *ret_stmt  = &r->base;
    return SEI_OK;
}

/* Makes the statement ready; what it may read of is in the database by then. */
static sei_status ready(database *db, const char *sql, size_t n, const sei_bind values[],
                        sei_pg_arguments *b, statement **ret_s)
{
    sei_status st = wake(db);

    if (st == SEI_OK && db->into && strstr(sql, db->into->table))
        st = flush_copy(db);
    if (st == SEI_OK)
        st = sei_pg_bind(db->base.ctx, sql, n, values, b);
    return st == SEI_OK ? prepare(db, sql, n, b, ret_s) : st;
}

/* The statement is under way behind those that wait for their answers. */
static sei_status queue(database *db, const char *sql, size_t n, const sei_pg_arguments *b,
                        const statement *s)
{
    if (db->n_queued == 0 && PQenterPipelineMode(db->conn) != 1)
        return fail(db, NULL, sql);
    db->n_queued++;
    return PQsendQueryPrepared(db->conn, s->name, (int)n, b->at, b->len, b->format,
                               SEI_PG_BYTE_FORMAT) == 1
               ? SEI_OK
               : fail(db, NULL, sql);
}

/* What waits goes with it, and one wait is for the answers to all. */
static sei_status run_now(database *db, const char *sql, size_t n, const sei_pg_arguments *b,
                          const statement *s, PGresult **ret_result)
{
    if (db->n_queued == 0) {
        *ret_result =
            PQexecPrepared(db->conn, s->name, (int)n, b->at, b->len, b->format, SEI_PG_BYTE_FORMAT);
        return SEI_OK;
    }
    const sei_status st  = queue(db, sql, n, b, s);
    db->n_queued         = 0;
    const sei_status all = leave_pipeline(db, ret_result);
    return st == SEI_OK ? all : st;
}

static sei_status start(sei_db *base, const char *sql, size_t n, const sei_bind values[],
                        sei_stmt **ret_stmt)
{
    database        *db     = (database *)base;
    statement       *s      = NULL;
    PGresult        *result = NULL;
    sei_pg_arguments b      = {0};
    sei_status       st     = ready(db, sql, n, values, &b, &s);

    if (st == SEI_OK)
        st = run_now(db, sql, n, &b, s, &result);
    if (st == SEI_OK)
        st = start_result(db, result, sql, ret_stmt);
    sei_release(base->ctx, b.made);
    return st;
}

static sei_status run_later(sei_db *base, const char *sql, size_t n, const sei_bind values[])
{
    database        *db = (database *)base;
    statement       *s  = NULL;
    sei_pg_arguments b  = {0};
    sei_status       st = ready(db, sql, n, values, &b, &s);

    if (st == SEI_OK && db->n_queued >= QUEUE_MAX)
        st = drain(db);
    if (st == SEI_OK)
        st = queue(db, sql, n, &b, s);
    sei_release(base->ctx, b.made);
    return st;
}

static sei_status commit(sei_db *base)
{
    static const char words[] = "COMMIT";
    database         *db      = (database *)base;
    statement        *s       = NULL;
    PGresult         *result  = NULL;
    sei_pg_arguments  none    = {0};
    sei_status        st      = flush_copy(db);

    if (st == SEI_OK)
        st = ready(db, words, 0, NULL, &none, &s);
    if (st == SEI_OK)
        st = run_now(db, words, 0, &none, s, &result);
    if (st == SEI_OK && !is_good(result))
        st = fail(db, result, words);
    /* a lost transaction is "committed" by rolling it back, without an error */
    if (st == SEI_OK && strcmp(PQcmdStatus(result), words) != 0)
        st =
            sei_fail(db->base.ctx, SEI_E_INTERNAL, NULL, "the transaction was lost before its end");
    PQclear(result);
    return st;
}

static sei_status send(database *db, const char *sql, size_t n, const sei_bind values[],
                       const statement *s)
{
    sei_pg_arguments b  = {0};
    sei_status       st = sei_pg_bind(db->base.ctx, sql, n, values, &b);

    if (st == SEI_OK && PQsendQueryPrepared(db->conn, s->name, (int)n, b.at, b.len, b.format,
                                            SEI_PG_BYTE_FORMAT) != 1)
        st = fail(db, NULL, sql);
    sei_release(db->base.ctx, b.made);
    return st;
}

/* Answers of n_sets statements in their order. */
static sei_status receive(database *db, const char *sql, size_t first, size_t n_sets,
                          sei_db_row visit, void *user)
{
    running    r  = {.base = {&db->base}};
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n_sets && PQstatus(db->conn) == CONNECTION_OK;) {
        r.result = PQgetResult(db->conn);
        if (!r.result) { /* the end of one statement's answers */
            i++;
            continue;
        }
        if (PQresultStatus(r.result) == PGRES_FATAL_ERROR && st == SEI_OK)
            st = fail(db, r.result, sql);
        for (r.row = 0; st == SEI_OK && r.row < PQntuples(r.result); r.row++)
            st = visit(user, first + i, &r.base);
        PQclear(r.result);
    }
    return st;
}

static sei_status each_some(database *db, const char *sql, size_t first, size_t n_sets, size_t n,
                            const sei_bind values[], const statement *s, sei_db_row visit,
                            void *user)
{
    size_t     n_sent = 0;
    sei_status st     = PQenterPipelineMode(db->conn) == 1 ? SEI_OK : fail(db, NULL, sql);

    if (st != SEI_OK)
        return st;
    while (st == SEI_OK && n_sent < n_sets) {
        st = send(db, sql, n, values + (first + n_sent) * n, s);
        n_sent += st == SEI_OK;
    }
    if (PQsendFlushRequest(db->conn) != 1 || PQflush(db->conn) < 0)
        st = st == SEI_OK ? fail(db, NULL, sql) : st;
    const sei_status answered = st == SEI_OK ? receive(db, sql, first, n_sent, visit, user) : st;
    const sei_status left     = leave_pipeline(db, NULL);
    return st != SEI_OK ? st : answered != SEI_OK ? answered : left;
}

static sei_status each(sei_db *base, const char *sql, size_t n_sets, size_t n,
                       const sei_bind values[], sei_db_row visit, void *user)
{
    database        *db = (database *)base;
    statement       *s  = NULL;
    sei_pg_arguments b  = {0};
    sei_status       st = ready(db, sql, n, values, &b, &s);

    sei_release(base->ctx, b.made);
    if (st == SEI_OK)
        st = drain(db);
    for (size_t i = 0; i < n_sets && st == SEI_OK; i += QUEUE_MAX)
        st = each_some(db, sql, i, n_sets - i < QUEUE_MAX ? n_sets - i : QUEUE_MAX, n, values, s,
                       visit, user);
    return st;
}

static sei_status append(sei_db *base, const sei_append *into, size_t n, const sei_bind values[])
{
    database  *db = (database *)base;
    sei_status st = wake(db);

    if (st == SEI_OK && db->into && (db->into != into || db->copy.len > COPY_BYTES))
        st = flush_copy(db);
    if (st != SEI_OK)
        return st;
    db->into = into;
    return sei_pg_put_row(&db->copy, n, values);
}

/* ---- results -------------------------------------------------------------------------------------------- */

static sei_status step(sei_stmt *stmt, bool *ret_row)
{
    running *r = (running *)stmt;

    r->row++;
    *ret_row = r->row < PQntuples(r->result);
    return SEI_OK;
}

static void finish(sei_stmt *stmt)
{
    running *r = (running *)stmt;

    PQclear(r->result);
    sei_release(stmt->db->ctx, r);
}

static bool is_null(sei_stmt *stmt, int column)
{
    const running *r = (const running *)stmt;

    return PQgetisnull(r->result, r->row, column) != 0;
}

/* Whole numbers and truths in network order. */
static int64_t whole(const running *r, int column)
{
    const uint8_t *at   = (const uint8_t *)PQgetvalue(r->result, r->row, column);
    const int      len  = PQgetlength(r->result, r->row, column);
    uint64_t       bits = len > 0 && at[0] & 0x80 ? UINT64_MAX : 0;

    for (int i = 0; i < len; i++)
        bits = bits << 8 | at[i];
    return (int64_t)bits;
}

static double real_of(const running *r, int column)
{
    const int64_t bits = whole(r, column);
    double        value;

    memcpy(&value, &bits, sizeof value);
    return value;
}

static int64_t get_int(sei_stmt *stmt, int column)
{
    const running *r = (const running *)stmt;

    if (is_null(stmt, column))
        return 0;
    switch (PQftype(r->result, column)) {
    case SEI_PG_FLOAT8: return (int64_t)real_of(r, column);
    case SEI_PG_INT2:
    case SEI_PG_INT4:
    case SEI_PG_INT8:
    case SEI_PG_BOOL: return whole(r, column);
    default: return 0;
    }
}

static double get_real(sei_stmt *stmt, int column)
{
    const running *r = (const running *)stmt;

    if (!is_null(stmt, column) && PQftype(r->result, column) == SEI_PG_FLOAT8)
        return real_of(r, column);
    return (double)get_int(stmt, column);
}

static const char *get_text(sei_stmt *stmt, int column, size_t *ret_len)
{
    running *r = (running *)stmt;

    *ret_len = 0;
    if (is_null(stmt, column))
        return "";
    const Oid type = PQftype(r->result, column);
    if (type == SEI_PG_INT2 || type == SEI_PG_INT4 || type == SEI_PG_INT8 || type == SEI_PG_BOOL)
        snprintf(r->text, sizeof r->text, "%lld", (long long)whole(r, column));
    else if (type == SEI_PG_FLOAT8)
        snprintf(r->text, sizeof r->text, "%.17g", real_of(r, column));
    else {
        *ret_len = (size_t)PQgetlength(r->result, r->row, column);
        return PQgetvalue(r->result, r->row, column); /* libpq ends each value with a zero */
    }
    *ret_len = strlen(r->text);
    return r->text;
}

static const void *get_blob(sei_stmt *stmt, int column, size_t *ret_len)
{
    const running *r = (const running *)stmt;

    *ret_len = (size_t)PQgetlength(r->result, r->row, column);
    return *ret_len > 0 ? PQgetvalue(r->result, r->row, column) : "";
}

static int64_t changes(sei_db *base)
{
    return ((database *)base)->changes;
}

const sei_db_ops sei_db_postgres = {
    .name         = "postgresql",
    .takes_url    = true,
    .begin        = "BEGIN",
    .begin_read   = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    .lock         = "SELECT pg_advisory_xact_lock(1505)",
    .size         = "SELECT pg_database_size(current_database())",
    .open         = open_db,
    .close        = close_db,
    .script       = script,
    .commit       = commit,
    .start        = start,
    .step         = step,
    .finish       = finish,
    .is_null      = is_null,
    .get_int      = get_int,
    .get_real     = get_real,
    .get_text     = get_text,
    .get_blob     = get_blob,
    .changes      = changes,
    .run_later    = run_later,
    .append       = append,
    .each         = each,
    .takes_arrays = true,
};
