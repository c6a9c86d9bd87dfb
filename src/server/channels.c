/* channels.c - reads ?channels= and checks each */
#include "server/channels.h"

#include <string.h>

#include "base/number.h"

static sei_status check_channel(sei_request *req, int64_t site_id, int64_t id)
{
    int64_t          site  = 0;
    bool             found = false;
    const sei_status st    = sei_db_get_int(
           sei_store_db(req->store),
           "SELECT s.site_id FROM channel c JOIN station s ON s.id = c.station_id WHERE c.id = $1",
           SEI_BINDS(sei_bind_int(id)), &found, &site);

    if (st != SEI_OK)
        return st;
    if (!found || (site_id > 0 && site != site_id) ||
        !sei_actor_may(&req->actor, site, SEI_ROLE_VIEWER))
        return sei_fail(req->ctx, SEI_E_NOT_FOUND, NULL, "no channel %lld", (long long)id);
    return SEI_OK;
}

static sei_status all_of_site(sei_request *req, int64_t site_id, size_t max, int64_t ids[],
                              size_t *ret_n)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    size_t     n    = 0;
    sei_status st   = sei_db_start(sei_store_db(req->store),
                                   "SELECT c.id FROM channel c JOIN station s ON s.id = c.station_id "
                                     "WHERE s.site_id = $1 ORDER BY"
                                     " c.station_id, c.id",
                                   SEI_BINDS(sei_bind_int(site_id)), &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        if (n >= max) {
            st = sei_fail(req->ctx, SEI_E_TOO_LARGE, NULL,
                          "more than %zu channels: name those you want", max);
            break;
        }
        ids[n++] = sei_db_int(stmt, 0);
    }
    sei_db_finish(stmt);
    *ret_n = n;
    return st;
}

sei_status sei_channels_of_query(sei_request *req, int64_t site_id, size_t max, int64_t ids[],
                                 size_t *ret_n)
{
    const char *text = sei_query(req, "channels");
    size_t      n    = 0;

    if (!text || !text[0])
        return site_id > 0 ? all_of_site(req, site_id, max, ids, ret_n)
                           : sei_fail(req->ctx, SEI_E_MISSING, NULL,
                                      "channels is missing, as in channels=3,4,9");
    for (const char *at = text; at;) {
        const char  *comma = strchr(at, ',');
        const size_t len   = comma ? (size_t)(comma - at) : strlen(at);
        if (n >= max)
            return sei_fail(req->ctx, SEI_E_TOO_LARGE, NULL, "more than %zu channels", max);
        if (!sei_parse_int(at, len, &ids[n]) || ids[n] < 1)
            return sei_fail(req->ctx, SEI_E_PARSE, NULL, "channels: \"%.20s\" is no channel", at);
        const sei_status st = check_channel(req, site_id, ids[n++]);
        if (st != SEI_OK)
            return st;
        at = comma ? comma + 1 : NULL;
    }
    *ret_n = n;
    return SEI_OK;
}
