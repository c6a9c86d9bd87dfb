/* site_glance.c - what a list of sites tells of each at a glance: its newest record, stations that are late, a few last values */
#include "server/site_glance.h"

#include "seiryu/units.h"

enum {
    VALUES_MAX  = 4,
    INTERVALS   = 3,   /* a record that is later than so many intervals is late … */
    AT_LEAST_S  = 900, /* … but not before that */
    IRREGULAR_S = (int)(SEI_US_PER_DAY / SEI_US_PER_S) /* late without a stated interval */
};

/* Each channel's own newest point is a look at the end of an index. */
sei_status sei_site_times(sei_request *req, int64_t site_id, json_t *site)
{
    sei_stmt  *stmt   = NULL;
    bool       row    = false;
    int64_t    newest = INT64_MIN, n_late = 0;
    sei_status st = sei_db_start(
        sei_store_db(req->store),
        "SELECT t.interval_s, t.active, (SELECT max(p.at) FROM (SELECT (SELECT max(p.time_us) FROM "
        "point p WHERE p.channel_id = c.id) AS at FROM channel c WHERE c.station_id = t.id) AS p)"
        " FROM station t WHERE t.site_id = $1 AND EXISTS (SELECT 1 FROM channel c WHERE"
        " c.station_id = t.id)",
        SEI_BINDS(sei_bind_int(site_id)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        const int64_t interval_s = sei_db_int(stmt, 0);
        const int64_t last       = sei_db_is_null(stmt, 2) ? INT64_MIN : sei_db_int(stmt, 2);
        int64_t       limit_s    = interval_s > 0 ? INTERVALS * interval_s : IRREGULAR_S;
        if (limit_s < AT_LEAST_S)
            limit_s = AT_LEAST_S;
        if (last > newest)
            newest = last;
        n_late += sei_db_int(stmt, 1) != 0 &&
                  (last == INT64_MIN || (req->now_us - last) / SEI_US_PER_S > limit_s);
    }
    sei_db_finish(stmt);
    json_object_set_new(site, "last_record_us",
                        newest != INT64_MIN ? json_integer(newest) : json_null());
    json_object_set_new(site, "n_late", json_integer(n_late));
    return st;
}

/* Water before the station's own state, what has limits before what has none. */
static sei_status add_values(sei_request *req, int64_t site_id, json_t *site)
{
    json_t    *channels = NULL, *values = json_array(), *channel;
    size_t     i;
    sei_status st = sei_rows(
        req,
        "channel:i station:t station_ja:t key:t name:t name_ja:t unit:t decimals:i low:r high:r",
        "SELECT c.id, t.name, t.name_ja, c.key, c.name, c.name_ja, c.unit, c.decimals, c.low, "
        "c.high FROM"
        " channel c JOIN station t ON t.id = c.station_id WHERE t.site_id = $1 AND t.active = 1"
        " ORDER BY CASE WHEN c.quantity = '' THEN 1 ELSE 0 END, CASE WHEN c.low IS NULL AND c.high"
        " IS NULL THEN 1 ELSE 0 END, c.id",
        SEI_BINDS(sei_bind_int(site_id)), &channels);

    json_array_foreach(channels, i, channel)
    {
        sei_point last  = {0};
        bool      found = false;
        if (st != SEI_OK || json_array_size(values) == VALUES_MAX)
            break;
        st = sei_store_latest(req->store, json_integer_value(json_object_get(channel, "channel")),
                              &found, &last);
        if (st != SEI_OK || !found || last.kind == SEI_POINT_MISSING)
            continue;
        const sei_unit *unit = sei_unit_find(json_string_value(json_object_get(channel, "unit")));
        json_object_set_new(channel, "symbol", json_string(unit ? unit->symbol : ""));
        json_object_set_new(channel, "time_us", json_integer(last.time_us));
        json_object_set_new(channel, "value", json_real(last.value));
        json_object_set_new(channel, "kind", json_string(sei_point_kind_word(last.kind)));
        json_array_append(values, channel);
    }
    json_decref(channels);
    json_object_set_new(site, "values", values);
    return st;
}

sei_status sei_site_glance(sei_request *req, int64_t site_id, json_t *site)
{
    const sei_status st = sei_site_times(req, site_id, site);

    return st == SEI_OK ? add_values(req, site_id, site) : st;
}
