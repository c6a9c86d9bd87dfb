/* storm.c - storm mode of stations */
#include "server/storm.h"

#include "msg/msg.h"
#include "seiryu/alarm.h"
#include "server/down.h"

enum { AT_ONCE = 200, VALID_MIN = 60 };
/* A station that hears nothing more goes back to its own interval after VALID_MIN: an assumption that bounds what a
 * lost "end" costs its battery. */
#define RENEW_US (VALID_MIN * 30 * SEI_US_PER_S)

typedef struct {
    int64_t         station_id, interval_s, hold_s, told_us;
    sei_storm_state state;
    bool            is_wanted, is_battery_low;
} storm;

static sei_status list_all(sei_store *store, int64_t after_id, storm list[AT_ONCE], size_t *ret_n)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    size_t     n    = 0;
    sei_status st   = sei_db_start(
          sei_store_db(store),
          "SELECT m.station_id, m.interval_s, m.hold_s, m.told_us, m.is_on, m.has_seen, m.seen_us,"
            " (SELECT count(*) FROM alarm a JOIN channel c ON c.id = a.channel_id WHERE c.station_id ="
            " m.station_id AND a.active = 1 AND a.breached = 1 AND a.storm = 1), (SELECT count(*) FROM"
            " alarm a JOIN channel c ON c.id = a.channel_id WHERE c.station_id = m.station_id AND"
            " a.active = 1 AND a.breached = 1 AND a.kind = 'battery') FROM storm m WHERE m.station_id "
            "> $1"
            " ORDER BY m.station_id LIMIT $2",
          SEI_BINDS(sei_bind_int(after_id), sei_bind_int(AT_ONCE)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        list[n++] = (storm){
            .station_id = sei_db_int(stmt, 0),
            .interval_s = sei_db_int(stmt, 1),
            .hold_s     = sei_db_int(stmt, 2),
            .told_us    = sei_db_int(stmt, 3),
            .state      = {sei_db_int(stmt, 4) != 0, sei_db_int(stmt, 5) != 0, sei_db_int(stmt, 6)},
            .is_wanted  = sei_db_int(stmt, 7) > 0,
            .is_battery_low = sei_db_int(stmt, 8) > 0};
    sei_db_finish(stmt);
    *ret_n = n;
    return st;
}

static sei_status tell(sei_store *store, const storm *s, int64_t now_us)
{
    uint8_t      bytes[SEI_DOWN_BYTES_MAX];
    int64_t      id  = 0;
    const size_t len = sei_msg_write_rate(s->state.on ? (unsigned)s->interval_s : 0,
                                          s->state.on ? VALID_MIN : 0, bytes);

    return sei_down_add(store, s->station_id, SEI_PORT_REQUEST, bytes, len, now_us,
                        now_us + RENEW_US, &id);
}

static sei_status keep(sei_store *store, const storm *s)
{
    return sei_db_run(sei_store_db(store),
                      "UPDATE storm SET is_on = $1, has_seen = $2, seen_us = $3, told_us = $4 WHERE"
                      " station_id = $5",
                      SEI_BINDS(sei_bind_int(s->state.on), sei_bind_int(s->state.has_seen),
                                sei_bind_int(s->state.seen_us), sei_bind_int(s->told_us),
                                sei_bind_int(s->station_id)),
                      NULL);
}

/* What was told before is settled: the newest word counts. */
static sei_status settle_old(sei_store *store, const storm *s, int64_t now_us)
{
    return sei_db_run(sei_store_db(store),
                      "UPDATE downlink SET done_us = $1 WHERE station_id = $2 AND port = $3 AND"
                      " done_us IS NULL",
                      SEI_BINDS(sei_bind_int(now_us), sei_bind_int(s->station_id),
                                sei_bind_int(SEI_PORT_REQUEST)),
                      NULL);
}

static sei_status run_one(sei_store *store, storm *s, int64_t now_us, bool *changed)
{
    const sei_storm_rule   rule   = {s->hold_s * SEI_US_PER_S};
    const sei_storm_state  before = s->state;
    const sei_storm_change change =
        sei_storm_update(&rule, &s->state, s->is_wanted, s->is_battery_low, now_us);
    const bool must_tell =
        change != SEI_STORM_SAME || (s->state.on && now_us - s->told_us >= RENEW_US);
    const bool must_keep = must_tell || before.has_seen != s->state.has_seen ||
                           s->state.seen_us - before.seen_us > 30 * SEI_US_PER_S;

    if (!must_keep)
        return SEI_OK;
    sei_status st = sei_store_begin(store);
    if (st != SEI_OK)
        return st;
    if (must_tell) {
        st = settle_old(store, s, now_us);
        if (st == SEI_OK)
            st = tell(store, s, now_us);
        s->told_us = now_us;
    }
    if (st == SEI_OK)
        st = keep(store, s);
    st       = sei_store_end(store, st);
    *changed = *changed || (st == SEI_OK && change != SEI_STORM_SAME);
    return st;
}

sei_status sei_storm_run(sei_store *store, int64_t now_us, bool *ret_changed)
{
    storm      list[AT_ONCE];
    size_t     n     = 0;
    int64_t    after = 0;
    sei_status st;

    *ret_changed = false;
    do {
        st = list_all(store, after, list, &n);
        for (size_t i = 0; i < n && st == SEI_OK; i++)
            st = run_one(store, &list[i], now_us, ret_changed);
        after = n > 0 ? list[n - 1].station_id : after;
    } while (st == SEI_OK && n == AT_ONCE);
    return st;
}
