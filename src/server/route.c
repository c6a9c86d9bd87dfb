/* route.c - the table of routes; who may pass */
#include "server/route.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "server/handlers.h"

#define SEI_ROUTE(method, path, scope, role, body, handler) \
    {#method, path, scope, SEI_ROLE_##role, body, sei_on_##handler},
static const sei_route routes[] = {
#include "server/route_list.h"
};
#undef SEI_ROUTE

size_t sei_route_count(void)
{
    return sizeof routes / sizeof routes[0];
}

const sei_route *sei_route_at(size_t i)
{
    return i < sei_route_count() ? &routes[i] : NULL;
}

bool sei_path_fits(const char *pattern, const char *path, int64_t *ret_id)
{
    *ret_id = 0;
    while (*pattern && *path) {
        if (strcmp(pattern, "{path}") == 0) /* all the rest, which the handler reads */
            return true;
        if (*pattern == '{') {
            const size_t n = strspn(path, "0123456789");
            if (n == 0 || n > 15 || path[0] == '0' || !sei_parse_int(path, n, ret_id))
                return false;
            path += n;
            pattern = strchr(pattern, '}') + 1;
        } else if (*pattern++ != *path++) {
            return false;
        }
    }
    return *pattern == *path;
}

const sei_route *sei_route_find(const char *method, const char *path, int64_t *ret_id,
                                bool *ret_other_method)
{
    *ret_other_method = false;
    for (size_t i = 0; i < sei_route_count(); i++) {
        if (!sei_path_fits(routes[i].path, path, ret_id))
            continue;
        if (strcmp(routes[i].method, method) == 0)
            return &routes[i];
        *ret_other_method = true;
    }
    return NULL;
}

/* ---- who ------------------------------------------------------------------------------------------------ */

static sei_status identify(sei_request *req)
{
    static const char bearer[] = "Bearer ";
    const char       *head =
        MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "Authorization");
    const char *cookie =
        MHD_lookup_connection_value(req->connection, MHD_COOKIE_KIND, "seiryu_session");

    if (head) /* one way at a time: a token never rides on a cookie's rights */
        return strncmp(head, bearer, strlen(bearer)) == 0 && strlen(head) < 200
                   ? sei_access_by_token(req->store, head + strlen(bearer), req->now_us,
                                         &req->actor)
                   : SEI_OK;
    if (!cookie || strlen(cookie) >= sizeof req->session)
        return SEI_OK;
    snprintf(req->session, sizeof req->session, "%s", cookie);
    return sei_access_by_session(req->store, cookie, req->now_us, &req->actor);
}

/* A page of another site can make a browser send our cookie, but not read the value for this header. */
static bool csrf_holds(const sei_request *req)
{
    const char *given =
        MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "X-CSRF-Token");

    if (req->actor.by_token || strcmp(req->method, "GET") == 0)
        return true;
    return given && strlen(given) == strlen(req->actor.csrf) && req->actor.csrf[0] &&
           sodium_memcmp(given, req->actor.csrf, strlen(given)) == 0;
}

static sei_status site_of(sei_request *req, bool *ret_found, int64_t *ret_site)
{
    sei_db        *db = sei_store_db(req->store);
    const sei_bind id = sei_bind_int(req->id);

    switch (req->route->scope) {
    case SEI_OF_SITE:
        return sei_db_get_int(db, "SELECT id FROM site WHERE id = $1", SEI_BINDS(id), ret_found,
                              ret_site);
    case SEI_OF_STATION:
        return sei_db_get_int(db, "SELECT site_id FROM station WHERE id = $1", SEI_BINDS(id),
                              ret_found, ret_site);
    case SEI_OF_CHANNEL:
        return sei_db_get_int(
            db,
            "SELECT s.site_id FROM channel c JOIN station s ON s.id = c.station_id WHERE c.id = $1",
            SEI_BINDS(id), ret_found, ret_site);
    case SEI_OF_LAYER:
        return sei_db_get_int(
            db,
            "SELECT s.site_id FROM layer l JOIN channel c ON c.id = l.channel_id JOIN station s ON"
            " s.id = c.station_id WHERE l.id = $1",
            SEI_BINDS(id), ret_found, ret_site);
    case SEI_OF_ALARM:
        return sei_db_get_int(
            db,
            "SELECT s.site_id FROM alarm a JOIN channel c ON c.id = a.channel_id JOIN station s ON"
            " s.id = c.station_id WHERE a.id = $1",
            SEI_BINDS(id), ret_found, ret_site);
    case SEI_OF_TARGET:
        return sei_db_get_int(db, "SELECT site_id FROM target WHERE id = $1", SEI_BINDS(id),
                              ret_found, ret_site);
    case SEI_OF_POINT:
        return sei_db_get_int(
            db,
            "SELECT s.site_id FROM command_point p JOIN station s ON s.id = p.station_id WHERE"
            " p.id = $1",
            SEI_BINDS(id), ret_found, ret_site);
    case SEI_OF_COMMAND:
        return sei_db_get_int(
            db,
            "SELECT s.site_id FROM command c JOIN command_point p ON p.id = c.point_id JOIN station"
            " s ON s.id = p.station_id WHERE c.id = $1",
            SEI_BINDS(id), ret_found, ret_site);
    case SEI_OPEN:
    case SEI_SIGNED_IN:
    case SEI_SOMEWHERE:
    case SEI_EVERYWHERE: break;
    }
    *ret_found = true;
    *ret_site  = 0;
    return SEI_OK;
}

/* What one may not see is not there: numbers of other people's sites cannot be tried out. */
static sei_status check_role(sei_request *req)
{
    const sei_route *r     = req->route;
    int64_t          site  = 0;
    bool             found = false;

    if (r->scope == SEI_SIGNED_IN)
        return SEI_OK;
    if (r->scope == SEI_SOMEWHERE)
        return sei_actor_may_somewhere(&req->actor, r->role)
                   ? SEI_OK
                   : sei_refuse(req, 403, "your role does not allow this");
    const sei_status st = site_of(req, &found, &site);
    if (st != SEI_OK)
        return st;
    if (!found || (site > 0 && !sei_actor_may(&req->actor, site, SEI_ROLE_VIEWER)))
        return sei_refuse(req, 404, "not found");
    return sei_actor_may(&req->actor, site, r->role)
               ? SEI_OK
               : sei_refuse(req, 403, "your role does not allow this");
}

sei_status sei_route_admit(sei_request *req)
{
    sei_status st = identify(req);

    if (st != SEI_OK || req->route->scope == SEI_OPEN)
        return st;
    if (req->actor.person_id == 0)
        return sei_refuse(req, 401, "log in first");
    if (!csrf_holds(req))
        return sei_refuse(req, 403, "X-CSRF-Token is missing or wrong");
    return check_role(req);
}
