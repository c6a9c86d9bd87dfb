/*
 * bench_server.c - the monitoring store: durable ingest of own records, bytes a point on disk, charts of a year
 *
 * Two stations, 20 channels, a record every ten minutes for a year, in batches as the server makes them: raw frames in
 * one transaction, what is in them in another, both with synchronous=FULL. Values wander by hundredths with noise. The rows
 * "-pg" do the same on the database of SEI_TEST_STORE, which tests/e2e/with_postgres.py --durable provides.
 */
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "bench.h"
#include "msg/msg.h"
#include "store/store.h"

enum { STATIONS = 2, CHANNELS = 10, RECORDS = 52560, BATCH = 240, STEP_S = 600 };

typedef struct {
    sei_ctx     *ctx;
    sei_store   *store;
    char         folder[64], path[100]; /* of SQLite */
    const char  *url;                   /* of PostgreSQL; NULL: SQLite */
    sei_profiles profiles;
    uint64_t     random;
    double       level[STATIONS][CHANNELS];
} year;

static double noise(year *y)
{
    y->random ^= y->random << 13;
    y->random ^= y->random >> 7;
    y->random ^= y->random << 17;
    return (double)(y->random >> 11) / 4503599627370496.0 - 1.0; /* -1..1 */
}

/* The database is emptied; false with a message where there is none. */
static bool open_postgres(sei_ctx *ctx, year *y)
{
    sei_db    *db = NULL;
    sei_status st = sei_db_open(ctx, y->url, SEI_DB_READ_WRITE, &db);

    if (st == SEI_OK)
        st = sei_db_script(db, "DROP SCHEMA public CASCADE; CREATE SCHEMA public");
    sei_db_close(db);
    return st == SEI_OK && sei_store_open(ctx, y->url, SEI_STORE_CREATE, &y->store) == SEI_OK;
}

static bool open_sqlite(sei_ctx *ctx, year *y)
{
    snprintf(y->folder, sizeof y->folder, "/var/tmp/seiryu-bench-XXXXXX");
    if (!mkdtemp(y->folder))
        return false;
    snprintf(y->path, sizeof y->path, "%s/store.db", y->folder);
    return sei_store_open(ctx, y->path, SEI_STORE_CREATE, &y->store) == SEI_OK;
}

static bool open_year(sei_ctx *ctx, year *y, const char *url)
{
    *y = (year){.ctx = ctx, .random = 88172645463325252u, .url = url};
    if (!(url ? open_postgres(ctx, y) : open_sqlite(ctx, y)) ||
        sei_db_script(sei_store_db(y->store),
                      "INSERT INTO site VALUES(1, 's', 's', '', NULL, NULL, '', 0);"
                      "INSERT INTO station VALUES(1, 1, 'a', 'a', '', NULL, NULL, 'mqtt', '', 600, "
                      "1, '[]', 0);"
                      "INSERT INTO station VALUES(2, 1, 'b', 'b', '', NULL, NULL, 'mqtt', '', 600, "
                      "1, '[]', 0)") != SEI_OK)
        return false;
    y->profiles.n           = 1;
    y->profiles.profiles[0] = (sei_profile){.number = 1, .n = CHANNELS};
    for (unsigned i = 0; i < CHANNELS; i++) {
        y->profiles.profiles[0].fields[i] =
            (sei_profile_field){.bits = 11, .decimals = 2, .step = 1};
        snprintf(y->profiles.profiles[0].fields[i].channel, SEI_MSG_NAME_MAX, "c%u", i);
        for (int s = 0; s < STATIONS; s++)
            y->level[s][i] = 5.0 + i;
    }
    return true;
}

static void close_year(year *y)
{
    static const char *const ends[] = {"", "-wal", "-shm"};
    char                     name[120];

    sei_store_close(y->store);
    for (size_t i = 0; !y->url && i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(name, sizeof name, "%s%s", y->path, ends[i]);
        unlink(name);
    }
    if (!y->url)
        rmdir(y->folder);
}

static size_t make_frame(year *y, int station, uint32_t seq, uint8_t *frame)
{
    double values[CHANNELS];

    for (int i = 0; i < CHANNELS; i++) {
        double *level = &y->level[station][i];
        *level += 0.05 * noise(y);
        *level    = *level < 1.0 ? 1.0 : *level > 19.0 ? 19.0 : *level;
        values[i] = *level + 0.02 * noise(y);
    }
    return sei_msg_write_record(&y->profiles.profiles[0], 1, seq,
                                SEI_RECORD_EPOCH_S + (int64_t)seq * STEP_S, values, frame);
}

/* The readings of record i of a batch. */
static sei_status decode(year *y, int station, const uint8_t *frame, size_t len, sei_msg *msg,
                         sei_reading readings[], sei_record *record)
{
    sei_msg_clear(msg);
    const sei_status st = sei_msg_read_record(&y->profiles, frame, len, msg);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < CHANNELS; i++)
        readings[i] = (sei_reading){station * CHANNELS + (int64_t)i + 1, msg->values[i].time_us,
                                    msg->values[i].value, SEI_POINT_VALUE};
    *record = (sei_record){.station_id  = station + 1,
                           .epoch       = 1,
                           .seq         = msg->records[0].seq,
                           .is_numbered = true,
                           .n           = CHANNELS,
                           .readings    = readings};
    return SEI_OK;
}

static sei_status keep(year *y, uint8_t bytes[][SEI_RECORD_BYTES_MAX], const size_t len[],
                       int64_t ids[])
{
    static sei_frame frames[BATCH];
    sei_status       st = sei_store_begin(y->store);

    for (uint32_t i = 0; i < BATCH; i++)
        frames[i] = (sei_frame){
            .source = "seiryu/v1/s/a/rec", .format = "seiryu", .payload = bytes[i], .len = len[i]};
    return st == SEI_OK
               ? sei_store_end(y->store, sei_store_add_frames(y->store, BATCH, frames, ids))
               : st;
}

/* One batch: BATCH records of one station. frames: raw frames are kept too, as the server does. */
static sei_status add_batch(year *y, int station, uint32_t first, bool frames, sei_msg *msg)
{
    static uint8_t            bytes[BATCH][SEI_RECORD_BYTES_MAX];
    static sei_reading        readings[BATCH][CHANNELS];
    static sei_record         records[BATCH];
    static sei_record_outcome outcomes[BATCH];
    size_t                    len[BATCH];
    int64_t                   ids[BATCH], stations[BATCH];
    sei_status                st = SEI_OK;

    for (uint32_t i = 0; i < BATCH; i++)
        len[i] = make_frame(y, station, first + i, bytes[i]);
    if (frames)
        st = keep(y, bytes, len, ids);
    if (st == SEI_OK)
        st = sei_store_begin(y->store);
    for (uint32_t i = 0; i < BATCH && st == SEI_OK; i++)
        st = decode(y, station, bytes[i], len[i], msg, readings[i], &records[i]);
    if (st == SEI_OK)
        st = sei_store_add_records(y->store, BATCH, records, outcomes);
    for (uint32_t i = 0; i < BATCH; i++)
        stations[i] = station + 1;
    if (st == SEI_OK && frames)
        st = sei_store_close_frames(y->store, BATCH, ids, stations);
    return sei_store_end(y->store, st);
}

/* Microseconds a point of each batch. */
static size_t fill(year *y, uint32_t n_records, bool frames, double times[], size_t max)
{
    sei_msg msg;
    size_t  n  = 0;
    bool    ok = true;

    sei_msg_init(&msg, y->ctx);
    for (uint32_t first = 0; first + BATCH <= n_records && ok; first += BATCH)
        for (int station = 0; station < STATIONS && ok; station++) {
            const double begun = bench_now_s();
            ok                 = add_batch(y, station, first, frames, &msg) == SEI_OK;
            if (n < max)
                times[n++] = (bench_now_s() - begun) * 1e6 / (BATCH * CHANNELS);
        }
    sei_msg_done(&msg);
    return ok ? n : 0;
}

static size_t ingest(sei_ctx *ctx, const char *url, double times[], size_t max)
{
    year         y;
    const size_t n = open_year(ctx, &y, url) ? fill(&y, RECORDS / 4, true, times, max) : 0;

    close_year(&y);
    return n;
}

/* Bytes on disk, when all is written where it stays. */
static bool bytes_of(year *y, double *ret_bytes)
{
    struct stat info;
    int64_t     bytes = 0;

    if (y->url) {
        if (sei_db_script(sei_store_db(y->store), "VACUUM FULL") != SEI_OK ||
            sei_db_get_int(sei_store_db(y->store), "SELECT pg_database_size(current_database())", 0,
                           NULL, NULL, &bytes) != SEI_OK)
            return false;
    } else {
        if (sei_db_script(sei_store_db(y->store), "PRAGMA wal_checkpoint(TRUNCATE)") != SEI_OK ||
            stat(y->path, &info) != 0)
            return false;
        bytes = info.st_size;
    }
    *ret_bytes = (double)bytes;
    return true;
}

static size_t bytes_a_point(sei_ctx *ctx, const char *url, double times[], size_t max)
{
    year   y;
    double ignored[1], empty = 0.0, full = 0.0;
    size_t n = 0;

    if (open_year(ctx, &y, url) && max > 0 && (!url || bytes_of(&y, &empty)) &&
        fill(&y, RECORDS, false, ignored, 1) > 0 && bytes_of(&y, &full))
        times[n++] = (full - empty) / ((double)(RECORDS / BATCH * BATCH) * STATIONS * CHANNELS);
    close_year(&y);
    return n;
}

/* url: time on the clock, since another program does the work; else our own. */
static size_t chart(sei_ctx *ctx, const char *url, double times[], size_t max)
{
    year          y;
    double        ignored[1];
    const int64_t from = SEI_RECORD_EPOCH_S * SEI_US_PER_S, to = from + 365 * SEI_US_PER_DAY;
    size_t        n    = 0;
    bool          good = open_year(ctx, &y, url) && fill(&y, RECORDS, false, ignored, 1) > 0;

    /* A year came within a minute: what autovacuum does once a minute is due. */
    good = good && (!url || sei_db_script(sei_store_db(y.store), "VACUUM ANALYZE point") == SEI_OK);
    for (; good && n < 20 && n < max; n++) {
        const double begun = url ? bench_now_s() : bench_cpu_s();
        good               = sei_db_begin_read(sei_store_db(y.store)) == SEI_OK; /* as the server */
        for (int64_t channel = 1; channel <= STATIONS * CHANNELS && good; channel++) {
            sei_chart c;
            sei_chart_init(&c, ctx);
            good = sei_store_chart(y.store, channel, from, to, 1000, &c) == SEI_OK && c.n > 300;
            sei_chart_done(&c);
        }
        good     = sei_db_end(sei_store_db(y.store), SEI_OK) == SEI_OK && good;
        times[n] = ((url ? bench_now_s() : bench_cpu_s()) - begun) * 1e3;
    }
    close_year(&y);
    return good ? n : 0;
}

#define ON_BOTH(name, what)                                                               \
    static size_t name(sei_ctx *ctx, double times[], size_t max)                          \
    {                                                                                     \
        return what(ctx, NULL, times, max);                                               \
    }                                                                                     \
    static size_t name##_pg(sei_ctx *ctx, double times[], size_t max)                     \
    {                                                                                     \
        const char *url = getenv("SEI_TEST_STORE");                                       \
        if (!url) {                                                                       \
            (void)sei_fail(ctx, SEI_E_NOT_FOUND, NULL,                                    \
                           "no PostgreSQL: run by tests/e2e/with_postgres.py --durable"); \
            return BENCH_SKIPPED;                                                         \
        }                                                                                 \
        return what(ctx, url, times, max);                                                \
    }

ON_BOTH(run_ingest, ingest)
ON_BOTH(run_bytes, bytes_a_point)
ON_BOTH(run_chart, chart)

const bench bench_server[] = {
    {"server-ingest", "durable ingest with raw frames, a point", "us", 50.0, run_ingest, NULL},
    {"server-ingest-pg", "the same with PostgreSQL, by COPY", "us", 20.0, run_ingest_pg, NULL},
    {"server-bytes", "a year of 20 channels on disk, a point", "B", 12.0, run_bytes, NULL},
    {"server-bytes-pg", "the same with PostgreSQL, after VACUUM FULL", "B", 12.0, run_bytes_pg,
     NULL},
    {"server-chart", "chart of a year of 20 channels", "ms", 100.0, run_chart, NULL},
    {"server-chart-pg", "the same with PostgreSQL, after a pass of autovacuum", "ms", 100.0,
     run_chart_pg, NULL},
};
const size_t n_bench_server = sizeof bench_server / sizeof bench_server[0];
