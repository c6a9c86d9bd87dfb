/* store.c - opening and closing; frames */
#include "store/store.h"

#include <time.h>

#include "store/schema.h"
#include "store/store_impl.h"

static int64_t wall_clock_us(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SEI_US_PER_S + now.tv_nsec / 1000;
}

sei_status sei_store_open(sei_ctx *ctx, const char *url, sei_store_mode mode, sei_store **ret_store)
{
    sei_store *store = sei_alloc(ctx, 1, sizeof *store);

    if (!store)
        return SEI_E_NOMEM;
    store->ctx    = ctx;
    sei_status st = sei_db_open(
        ctx, url, mode == SEI_STORE_CREATE ? SEI_DB_CREATE : SEI_DB_READ_WRITE, &store->db);
    if (st == SEI_OK)
        st = sei_schema_apply(store->db, wall_clock_us());
    if (st != SEI_OK) {
        sei_store_close(store);
        return st;
    }
    *ret_store = store;
    return SEI_OK;
}

void sei_store_close(sei_store *store)
{
    if (!store)
        return;
    sei_release(store->ctx, store->hot);
    sei_db_close(store->db);
    sei_release(store->ctx, store);
}

sei_db *sei_store_db(sei_store *store)
{
    return store->db;
}

sei_ctx *sei_store_ctx(sei_store *store)
{
    return store->ctx;
}

sei_status sei_store_begin(sei_store *store)
{
    return sei_db_begin(store->db);
}

sei_status sei_store_end(sei_store *store, sei_status status)
{
    return sei_db_end(store->db, status);
}

/* ---- frames ----------------------------------------------------------------------------------------- */

static sei_status take_id(void *user, size_t set, sei_stmt *row)
{
    ((int64_t *)user)[set] = sei_db_int(row, 0);
    return SEI_OK;
}

static const sei_append into_frame = {
    "frame",
    "INSERT INTO frame(id, received_us, source, format, station_id, payload, state, tries, detail)"
    " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9)",
    "COPY frame(id, received_us, source, format, station_id, payload, state, tries, detail)"
    " FROM STDIN BINARY"};

static sei_status append_frame(sei_store *store, const sei_frame *f, int64_t id)
{
    return sei_db_append(store->db, &into_frame,
                         SEI_BINDS(sei_bind_int(id), sei_bind_int(f->received_us),
                                   sei_bind_text(f->source), sei_bind_text(f->format),
                                   sei_bind_int_or_null(f->station_id > 0, f->station_id),
                                   sei_bind_blob(f->payload, f->len), sei_bind_int(SEI_FRAME_NEW),
                                   sei_bind_int(0), sei_bind_text("")));
}

/* Ids first, then the rows, which need no answer any more. */
static sei_status append_frames(sei_store *store, size_t n, const sei_frame frames[],
                                int64_t ret_ids[])
{
    sei_stmt  *stmt = NULL;
    bool       row  = true;
    size_t     k    = 0;
    sei_status st   = sei_db_start(store->db,
                                   "SELECT nextval(f.ids) FROM (SELECT"
                                     " CAST(pg_get_serial_sequence('frame', 'id') AS regclass) AS"
                                     " ids OFFSET 0) AS f, generate_series(1, $1)",
                                   SEI_BINDS(sei_bind_int((int64_t)n)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row && k < n)
        ret_ids[k++] = sei_db_int(stmt, 0);
    sei_db_finish(stmt);
    if (st == SEI_OK && k < n)
        st = sei_fail(store->ctx, SEI_E_INTERNAL, NULL, "%zu ids for %zu frames", k, n);
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = append_frame(store, &frames[i], ret_ids[i]);
    return st;
}

/* Rows that are appended wait in memory together: only small ones do. */
static bool are_small(size_t n, const sei_frame frames[])
{
    enum { SMALL = 1 << 16 };

    for (size_t i = 0; i < n; i++)
        if (frames[i].len > SMALL)
            return false;
    return true;
}

sei_status sei_store_add_frames(sei_store *store, size_t n, const sei_frame frames[],
                                int64_t ret_ids[])
{
    enum { VALUES = 5, PIECE = 100 };
    sei_bind   values[VALUES * PIECE];
    sei_status st = SEI_OK;

    if (n > 1 && store->db->ops->append && are_small(n, frames))
        return append_frames(store, n, frames, ret_ids);
    for (size_t first = 0; first < n && st == SEI_OK; first += PIECE) {
        const size_t m = n - first < PIECE ? n - first : PIECE;
        for (size_t i = 0; i < m; i++) {
            const sei_frame *f = &frames[first + i];
            sei_bind        *v = &values[i * VALUES];
            v[0]               = sei_bind_int(f->received_us);
            v[1]               = sei_bind_text(f->source);
            v[2]               = sei_bind_text(f->format);
            v[3]               = sei_bind_int_or_null(f->station_id > 0, f->station_id);
            v[4]               = sei_bind_blob(f->payload, f->len);
        }
        st = sei_db_each(store->db,
                         "INSERT INTO frame(received_us, source, format, station_id, payload, "
                         "state, tries, detail) VALUES($1, $2, $3, $4, $5, 0, 0, '') RETURNING id",
                         m, VALUES, values, take_id, ret_ids + first);
    }
    return st;
}

sei_status sei_store_add_frame(sei_store *store, const sei_frame *frame, int64_t *ret_id)
{
    return sei_store_add_frames(store, 1, frame, ret_id);
}

sei_status sei_store_close_frame(sei_store *store, int64_t id, sei_frame_state state,
                                 int64_t station_id, const char *detail)
{
    return sei_db_run_later(
        store->db, "UPDATE frame SET state = $1, station_id = $2, detail = $3 WHERE id = $4",
        SEI_BINDS(sei_bind_int((int64_t)state), sei_bind_int_or_null(station_id > 0, station_id),
                  sei_bind_text(detail ? detail : ""), sei_bind_int(id)));
}

/* Frames of ids that follow one another. */
static sei_status close_run(sei_store *store, size_t n, const int64_t ids[],
                            const int64_t station_ids[])
{
    return sei_db_run_later(
        store->db,
        "UPDATE frame SET state = 1, station_id = ($1)[id - $2 + 1], detail = '' WHERE id BETWEEN"
        " $3 AND $4",
        SEI_BINDS(sei_bind_ints(station_ids, n), sei_bind_int(ids[0]), sei_bind_int(ids[0]),
                  sei_bind_int(ids[n - 1])));
}

sei_status sei_store_close_frames(sei_store *store, size_t n, const int64_t ids[],
                                  const int64_t station_ids[])
{
    const bool runs = store->db->ops->takes_arrays;
    sei_status st   = SEI_OK;

    for (size_t i = 0, k; i < n && st == SEI_OK; i = k) {
        for (k = i + 1; runs && k < n && ids[k] == ids[k - 1] + 1;)
            k++;
        st = k - i > 1 ? close_run(store, k - i, ids + i, station_ids + i)
                       : sei_store_close_frame(store, ids[i], SEI_FRAME_DONE, station_ids[i], NULL);
    }
    return st;
}

sei_status sei_store_try_frame(sei_store *store, int64_t id)
{
    return sei_db_run(store->db, "UPDATE frame SET tries = tries + 1 WHERE id = $1",
                      SEI_BINDS(sei_bind_int(id)), NULL);
}

static sei_status visit_frames(sei_stmt *stmt, sei_frame_visit visit, void *user)
{
    bool       row = false;
    sei_status st;

    while ((st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        sei_frame frame = {.id          = sei_db_int(stmt, 0),
                           .received_us = sei_db_int(stmt, 1),
                           .source      = sei_db_text(stmt, 2),
                           .format      = sei_db_text(stmt, 3),
                           .station_id  = sei_db_int(stmt, 4),
                           .state       = sei_db_int(stmt, 6),
                           .tries       = sei_db_int(stmt, 7),
                           .detail      = sei_db_text(stmt, 8)};
        frame.payload   = sei_db_blob(stmt, 5, &frame.len);
        st              = visit(user, &frame);
        if (st != SEI_OK)
            break;
    }
    return st;
}

sei_status sei_store_frames(sei_store *store, sei_frame_state state, int64_t after_id, size_t limit,
                            sei_frame_visit visit, void *user)
{
    sei_stmt  *stmt = NULL;
    sei_status st =
        sei_db_start(store->db,
                     "SELECT id, received_us, source, format, coalesce(station_id, 0), payload, "
                     "state, tries, detail"
                     " FROM frame WHERE state = $1 AND state <> 1 AND id > $2 ORDER BY id LIMIT $3",
                     SEI_BINDS(sei_bind_int((int64_t)state), sei_bind_int(after_id),
                               sei_bind_int((int64_t)limit)),
                     &stmt);

    if (st == SEI_OK)
        st = visit_frames(stmt, visit, user);
    sei_db_finish(stmt);
    return st;
}

sei_status sei_store_station_frames(sei_store *store, int64_t station_id, size_t limit,
                                    sei_frame_visit visit, void *user)
{
    sei_stmt  *stmt = NULL;
    sei_status st =
        sei_db_start(store->db,
                     "SELECT id, received_us, source, format, coalesce(station_id, 0), payload, "
                     "state, tries, detail"
                     " FROM frame WHERE station_id = $1 ORDER BY id DESC LIMIT $2",
                     SEI_BINDS(sei_bind_int(station_id), sei_bind_int((int64_t)limit)), &stmt);

    if (st == SEI_OK)
        st = visit_frames(stmt, visit, user);
    sei_db_finish(stmt);
    return st;
}
