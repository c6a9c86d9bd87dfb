/* retain.c - the settings' keep_points_days, once a day */
#include "server/retain.h"

#include <stdio.h>
#include <string.h>

#include "store/audit.h"

bool sei_retain_fits(const char *pattern, const char *name)
{
    while (*pattern || *name) {
        const size_t p = strcspn(pattern, "/"), n = strcspn(name, "/");
        const bool   any = p == 1 && pattern[0] == '*';
        if ((!any && (p != n || strncmp(pattern, name, n) != 0)) ||
            !pattern[p] != !name[n]) /* as many parts */
            return false;
        pattern += p + (pattern[p] == '/');
        name += n + (name[n] == '/');
    }
    return true;
}

int64_t sei_retain_days(const sei_server_config *config, const char *name)
{
    int64_t days = 0;

    for (size_t i = 0; i < config->n_keep_points; i++)
        if (sei_retain_fits(config->keep_points[i].pattern, name))
            days = config->keep_points[i].days;
    return days;
}

static sei_status retain(sei_store *store, int64_t channel_id, int64_t days, int64_t now_us)
{
    const int64_t before_us = now_us - days * SEI_US_PER_DAY;
    int64_t       n         = 0;
    char          detail[120], object[40];
    sei_status    st = sei_store_begin(store);

    if (st != SEI_OK)
        return st;
    st = sei_store_purge_points(store, channel_id, before_us, "seiryud",
                                "keep_points_days of the settings", now_us, &n);
    if (st == SEI_OK && n > 0) {
        snprintf(object, sizeof object, "channel:%lld", (long long)channel_id);
        snprintf(detail, sizeof detail, "{\"points\":%lld,\"before_us\":%lld,\"days\":%lld}",
                 (long long)n, (long long)before_us, (long long)days);
        st = sei_audit_add(store, now_us, "seiryud", "purge-points", object, detail);
    }
    return sei_store_end(store, st);
}

/* Channels with a limit: seq is the channel, time_us the days. */
static sei_status list_limited(const sei_server_config *config, sei_store *store,
                               sei_points *channels)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st =
        sei_db_start(sei_store_db(store),
                     "SELECT c.id, s.key || '/' || t.key || '/' || c.key FROM channel c JOIN"
                     " station t ON t.id = c.station_id JOIN site s ON s.id = t.site_id"
                     " ORDER BY c.id",
                     0, NULL, &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        const int64_t days = sei_retain_days(config, sei_db_text(stmt, 1));
        if (days > 0)
            st =
                sei_points_add(channels, &(sei_point){.seq = sei_db_int(stmt, 0), .time_us = days});
    }
    sei_db_finish(stmt);
    return st;
}

sei_status sei_retain_run(const sei_server_config *config, sei_store *store, int64_t now_us)
{
    sei_points channels;
    sei_status st = SEI_OK;

    if (config->n_keep_points == 0)
        return SEI_OK;
    sei_points_init(&channels, sei_store_ctx(store));
    st = list_limited(config, store, &channels);
    for (size_t i = 0; i < channels.n && st == SEI_OK; i++)
        st = retain(store, channels.at[i].seq, channels.at[i].time_us, now_us);
    sei_points_done(&channels);
    return st;
}
