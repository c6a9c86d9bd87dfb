/* maintain.c - check, backup, verify the audit log */
#include "server/maintain.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "server/copy.h"
#include "store/audit.h"
#include "store/block.h"

static sei_status open_store(sei_ctx *ctx, const sei_server_config *config, sei_store **ret_store)
{
    return sodium_init() < 0 ? sei_fail(ctx, SEI_E_IO, NULL, "no random source")
                             : sei_store_open(ctx, config->store, SEI_STORE_OPEN, ret_store);
}

static sei_status verify(sei_ctx *ctx, sei_store *store, char *ret_text, size_t size)
{
    int64_t    n = 0, bad = 0;
    uint8_t    last[SEI_AUDIT_HASH];
    char       hex[2 * SEI_AUDIT_HASH + 1];
    sei_status st = sei_audit_verify(store, &n, &bad, last);

    if (st != SEI_OK)
        return st;
    sodium_bin2hex(hex, sizeof hex, last, sizeof last);
    snprintf(ret_text, size, "audit log: %lld entries, last hash %s", (long long)n, hex);
    return bad == 0 ? SEI_OK
                    : sei_fail(ctx, SEI_E_PARSE, NULL, "the audit log was changed at entry %lld",
                               (long long)bad);
}

sei_status sei_maintain_verify_audit(sei_ctx *ctx, const sei_server_config *config, char *ret_text,
                                     size_t size)
{
    sei_store *store = NULL;
    sei_status st    = open_store(ctx, config, &store);

    if (st == SEI_OK)
        st = verify(ctx, store, ret_text, size);
    sei_store_close(store);
    return st;
}

static sei_status check_pages(sei_ctx *ctx, sei_store *store)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(sei_store_db(store), "PRAGMA integrity_check", 0, NULL, &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row && strcmp(sei_db_text(stmt, 0), "ok") != 0)
        st = sei_fail(ctx, SEI_E_PARSE, NULL, "the store is damaged: %.300s", sei_db_text(stmt, 0));
    sei_db_finish(stmt);
    return st;
}

static sei_status check_segment(sei_ctx *ctx, sei_stmt *stmt, sei_points *points)
{
    size_t      len   = 0;
    const void *bytes = sei_db_blob(stmt, 4, &len);

    points->n     = 0;
    sei_status st = sei_block_unpack(ctx, bytes, len, points);
    if (st == SEI_OK && ((int64_t)points->n != sei_db_int(stmt, 3) ||
                         points->at[0].time_us != sei_db_int(stmt, 1) ||
                         points->at[points->n - 1].time_us != sei_db_int(stmt, 2)))
        st = sei_fail(ctx, SEI_E_PARSE, NULL, "segment %lld does not hold what its row says",
                      (long long)sei_db_int(stmt, 0));
    return st;
}

/* Every segment unpacks, holds as many points as its row says, and lies where the row says. Read in portions: a
 * result of PostgreSQL stands in memory as a whole. */
static sei_status check_segments(sei_ctx *ctx, sei_store *store, int64_t *ret_segments,
                                 int64_t *ret_points)
{
    enum { PORTION = 1000 };
    sei_points points;
    int64_t    last = INT64_MIN, n = PORTION;
    sei_status st = SEI_OK;

    sei_points_init(&points, ctx);
    while (st == SEI_OK && n == PORTION) {
        sei_stmt *stmt = NULL;
        bool      row  = false;
        n              = 0;
        st             = sei_db_start(sei_store_db(store),
                                      "SELECT id, start_us, end_us, n, data FROM segment WHERE id > $1"
                                                  " ORDER BY id LIMIT $2",
                                      SEI_BINDS(sei_bind_int(last), sei_bind_int(PORTION)), &stmt);
        while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
            last = sei_db_int(stmt, 0);
            n++;
            st = check_segment(ctx, stmt, &points);
            *ret_points += (int64_t)points.n;
        }
        sei_db_finish(stmt);
        *ret_segments += n;
    }
    sei_points_done(&points);
    return st;
}

sei_status sei_maintain_check(sei_ctx *ctx, const sei_server_config *config, char *ret_text,
                              size_t size)
{
    sei_store *store    = NULL;
    int64_t    segments = 0, points = 0;
    char       audit[200] = "";
    sei_status st         = open_store(ctx, config, &store);

    if (st == SEI_OK && strcmp(sei_store_db(store)->ops->name, "sqlite") == 0)
        st = check_pages(ctx, store);
    if (st == SEI_OK)
        st = check_segments(ctx, store, &segments, &points);
    if (st == SEI_OK)
        st = verify(ctx, store, audit, sizeof audit);
    if (st == SEI_OK)
        snprintf(ret_text, size, "store: sound; %lld segments with %lld points\n%s",
                 (long long)segments, (long long)points, audit);
    sei_store_close(store);
    return st;
}

sei_status sei_maintain_backup(sei_ctx *ctx, const sei_server_config *config, const char *file,
                               char *ret_text, size_t size)
{
    sei_store *store = NULL;

    if (access(file, F_OK) == 0)
        return sei_fail(ctx, SEI_E_DUPLICATE, NULL, "%.300s is there already", file);
    if (!sei_db_file(config->store))
        return sei_postgres_backup(ctx, config, file, ret_text, size);
    sei_status st = open_store(ctx, config, &store);
    if (st == SEI_OK) /* reads one snapshot; writers go on */
        st =
            sei_db_run(sei_store_db(store), "VACUUM INTO $1", SEI_BINDS(sei_bind_text(file)), NULL);
    if (st == SEI_OK)
        snprintf(ret_text, size, "backup: %.300s", file);
    sei_store_close(store);
    return st;
}
