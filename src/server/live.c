/* live.c - streams, what changed since when, and the thread that brings both together */
#include "server/live.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

#include "server/request.h"

enum {
    HEARTBEAT_S = 15, /* shorter than the 60 s after which proxies give up */
    CHECK_S     = 5,  /* rights are so old at most */
    STEP_MS     = 250,
    EVENT_MAX   = 4096,
    SITES_NAMED = 50, /* with 20 digits and all topics each it fits in EVENT_MAX; of more: "all" */
    SEND_BUFFER = 16 << 10,
    CREDENTIAL  = 200,
    RETRY_MS    = 3000
};

enum { POINTS, ALARMS, COMMANDS, RECORDS, N_TOPICS };
static const char *const topics[N_TOPICS] = {"points", "alarms", "commands", "records"};

/* Tables that only grow: what lies above the number seen last is new, whoever wrote it. $1: above, $2: up to. */
static const struct {
    int         topic;
    const char *last, *sites;
} sources[] = {
    {ALARMS, "SELECT coalesce(max(id), 0) FROM alarm_event",
     "SELECT DISTINCT s.site_id FROM alarm_event e JOIN alarm a ON a.id = e.alarm_id JOIN channel c"
     " ON c.id = a.channel_id JOIN station s ON s.id = c.station_id WHERE e.id > $1 AND e.id <= "
     "$2"},
    {COMMANDS, "SELECT coalesce(max(id), 0) FROM command_event",
     "SELECT DISTINCT s.site_id FROM command_event e JOIN command c ON c.id = e.command_id JOIN"
     " command_point p ON p.id = c.point_id JOIN station s ON s.id = p.station_id WHERE e.id > $1"
     " AND e.id <= $2"},
    {RECORDS, "SELECT coalesce(max(id), 0) FROM layer",
     "SELECT DISTINCT s.site_id FROM layer l JOIN channel c ON c.id = l.channel_id JOIN station s "
     "ON"
     " s.id = c.station_id WHERE l.id > $1 AND l.id <= $2"},
    {RECORDS, "SELECT coalesce(max(id), 0) FROM lab_result",
     "SELECT DISTINCT site_id FROM lab_result WHERE id > $1 AND id <= $2"},
    {RECORDS, "SELECT coalesce(max(id), 0) FROM log_entry",
     "SELECT DISTINCT site_id FROM log_entry WHERE id > $1 AND id <= $2"},
};
enum { N_SOURCES = sizeof sources / sizeof sources[0] };

typedef struct {
    int64_t  id;
    uint64_t changed[N_TOPICS]; /* number of the change */
} site;

struct sei_live_stream {
    sei_live               *live;
    struct sei_live_stream *before, *after;
    struct MHD_Connection  *connection;
    int64_t                 id;
    bool                    is_suspended, is_over;
    bool                    by_token;
    char                    credential[CREDENTIAL];
    sei_actor               actor; /* as of checked_us */
    int64_t                 checked_us, told_us;
    uint64_t                seen; /* number of the last change that was told */
    char                    text[EVENT_MAX];
    size_t                  len, sent;
};

struct sei_live {
    struct sei_server *server;
    pthread_mutex_t    lock; /* of all below */
    pthread_cond_t     wake;
    pthread_t          thread;
    bool               has_thread;
    bool               is_stopping;
    atomic_int         n_streams;
    sei_live_stream   *streams;
    int64_t            last_id; /* of a stream */
    uint64_t           change;
    size_t             n_sites, size_sites;
    site              *sites;
    uint64_t           all[N_TOPICS];   /* change of everything */
    int64_t            last[N_SOURCES]; /* row that was seen */
    sei_live_draft     stations;        /* with new points */
};

/* ---- what changed --------------------------------------------------------------------------------------- */

static site *find_site(sei_live *live, int64_t id)
{
    for (size_t i = 0; i < live->n_sites; i++)
        if (live->sites[i].id == id)
            return &live->sites[i];
    if (live->n_sites == live->size_sites) {
        const size_t size = live->size_sites ? 2 * live->size_sites : 16;
        site        *more = realloc(live->sites, size * sizeof *more);
        if (!more)
            return NULL;
        live->sites      = more;
        live->size_sites = size;
    }
    site *s = &live->sites[live->n_sites++];
    *s      = (site){.id = id};
    return s;
}

static void mark(sei_live *live, int64_t site_id, int topic)
{
    site *s = find_site(live, site_id);

    live->change++;
    if (s)
        s->changed[topic] = live->change;
    else
        live->all[topic] = live->change;
}

void sei_live_note(sei_live_draft *draft, int64_t station_id)
{
    for (size_t i = draft->n; i > 0; i--) /* the newest first: records of a station come together */
        if (draft->ids[i - 1] == station_id)
            return;
    if (draft->n < SEI_LIVE_STATIONS)
        draft->ids[draft->n++] = station_id;
    else
        draft->is_more = true;
}

void sei_live_hand(sei_live *live, sei_live_draft *draft, bool is_kept)
{
    if (live && is_kept && atomic_load(&live->n_streams) > 0) {
        pthread_mutex_lock(&live->lock);
        for (size_t i = 0; i < draft->n; i++)
            sei_live_note(&live->stations, draft->ids[i]);
        live->stations.is_more |= draft->is_more;
        pthread_mutex_unlock(&live->lock);
    }
    draft->n       = 0;
    draft->is_more = false;
}

static sei_status mark_rows(sei_live *live, sei_db *db, const char *sql, int topic, size_t n,
                            const sei_bind values[])
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st   = sei_db_start(db, sql, n, values, &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        pthread_mutex_lock(&live->lock);
        mark(live, sei_db_int(stmt, 0), topic);
        pthread_mutex_unlock(&live->lock);
    }
    sei_db_finish(stmt);
    return st;
}

/* The row of a source that was seen last, which goes up only. */
static int64_t seen_of(sei_live *live, size_t source, int64_t row)
{
    pthread_mutex_lock(&live->lock);
    if (row > live->last[source])
        live->last[source] = row;
    const int64_t last = live->last[source];
    pthread_mutex_unlock(&live->lock);
    return last;
}

static sei_status look_at_tables(sei_live *live, sei_db *db)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < N_SOURCES && st == SEI_OK; i++) {
        const int64_t seen = seen_of(live, i, 0);
        int64_t       last = 0;
        st                 = sei_db_get_int(db, sources[i].last, 0, NULL, NULL, &last);
        if (st != SEI_OK || last <= seen)
            continue;
        st = mark_rows(live, db, sources[i].sites, sources[i].topic,
                       SEI_BINDS(sei_bind_int(seen), sei_bind_int(last)));
        if (st == SEI_OK)
            seen_of(live, i, last);
    }
    return st;
}

static sei_status look_at_stations(sei_live *live, sei_db *db)
{
    sei_status     st = SEI_OK;
    sei_live_draft now;

    pthread_mutex_lock(&live->lock);
    now                    = live->stations;
    live->stations.n       = 0;
    live->stations.is_more = false;
    if (now.is_more)
        live->all[POINTS] = ++live->change;
    pthread_mutex_unlock(&live->lock);
    for (size_t i = 0; i < now.n && !now.is_more && st == SEI_OK; i++)
        st = mark_rows(live, db, "SELECT site_id FROM station WHERE id = $1", POINTS,
                       SEI_BINDS(sei_bind_int(now.ids[i])));
    return st;
}

/* ---- rights --------------------------------------------------------------------------------------------- */

static sei_status check_one(sei_live *live, sei_store *store, int64_t now_us, bool *ret_none)
{
    char             credential[CREDENTIAL];
    int64_t          id       = 0;
    bool             by_token = false;
    sei_actor        actor    = {0};
    sei_live_stream *s;

    pthread_mutex_lock(&live->lock);
    for (s = live->streams; s && (s->is_over || now_us - s->checked_us < CHECK_S * SEI_US_PER_S);)
        s = s->after;
    *ret_none = s == NULL;
    if (s) {
        id            = s->id;
        by_token      = s->by_token;
        s->checked_us = now_us;
        memcpy(credential, s->credential, sizeof credential);
    }
    pthread_mutex_unlock(&live->lock);
    if (!s)
        return SEI_OK;
    const sei_status st = by_token ? sei_access_by_token(store, credential, now_us, &actor)
                                   : sei_access_by_session(store, credential, now_us, &actor);
    sodium_memzero(credential, sizeof credential);
    pthread_mutex_lock(&live->lock);
    for (s = live->streams; s && s->id != id;)
        s = s->after;
    if (s && st == SEI_OK) {
        s->actor   = actor;
        s->is_over = actor.person_id == 0 || !sei_actor_may_somewhere(&actor, SEI_ROLE_VIEWER);
    }
    pthread_mutex_unlock(&live->lock);
    return st;
}

void sei_live_rights_changed(sei_live *live)
{
    pthread_mutex_lock(&live->lock);
    for (sei_live_stream *s = live->streams; s; s = s->after)
        s->checked_us = 0;
    pthread_mutex_unlock(&live->lock);
}

static sei_status check_rights(sei_live *live, sei_store *store)
{
    bool       none = false;
    sei_status st   = SEI_OK;

    while (st == SEI_OK && !none)
        st = check_one(live, store, sei_server_now(), &none);
    return st;
}

/* ---- events --------------------------------------------------------------------------------------------- */

static bool is_new(const sei_live_stream *s, const uint64_t changed[N_TOPICS])
{
    for (int k = 0; k < N_TOPICS; k++)
        if (changed[k] > s->seen)
            return true;
    return false;
}

static bool may_see(const sei_live_stream *s, const site *of)
{
    return sei_actor_may(&s->actor, of->id, SEI_ROLE_VIEWER);
}

/* ["points","alarms"]: what changed since the stream was told. */
static json_t *topics_of(const sei_live_stream *s, const uint64_t changed[N_TOPICS])
{
    json_t *list = json_array();

    for (int k = 0; k < N_TOPICS; k++)
        if (changed[k] > s->seen)
            json_array_append_new(list, json_string(topics[k]));
    return list;
}

/* {"sites":{"3":["points"]}}, or {"all":[…]} when it was too much to tell apart: then it means the sites that one may see. */
static json_t *changes(const sei_live_stream *s)
{
    const sei_live *live  = s->live;
    json_t         *sites = json_object();
    uint64_t        all[N_TOPICS];
    size_t          n = 0;
    char            key[24];

    memcpy(all, live->all, sizeof all);
    for (size_t i = 0; i < live->n_sites; i++) {
        const site *of = &live->sites[i];
        if (!is_new(s, of->changed) || !may_see(s, of))
            continue;
        for (int k = 0; k < N_TOPICS; k++)
            all[k] = of->changed[k] > all[k] ? of->changed[k] : all[k];
        snprintf(key, sizeof key, "%lld", (long long)of->id);
        if (n++ < SITES_NAMED)
            json_object_set_new(sites, key, topics_of(s, of->changed));
    }
    if (n <= SITES_NAMED && !is_new(s, live->all))
        return n > 0 ? json_pack("{s:o}", "sites", sites) : (json_decref(sites), NULL);
    json_decref(sites);
    return json_pack("{s:o}", "all", topics_of(s, all));
}

static void put(sei_live_stream *s, const char *event, json_t *data)
{
    char  *text = data ? json_dumps(data, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    size_t room = sizeof s->text - s->len;
    int    n = text ? snprintf(s->text + s->len, room, "event: %s\ndata: %s\n\n", event, text) : -1;

    if (n > 0 && (size_t)n < room)
        s->len += (size_t)n;
    free(text);
    json_decref(data);
}

/* Is there something to say? Changes and the heartbeat; a stream that is over says so by its end. */
static bool is_due(const sei_live_stream *s, int64_t now_us)
{
    if (s->is_over || s->live->is_stopping || s->sent < s->len)
        return true;
    if (now_us - s->told_us >= HEARTBEAT_S * SEI_US_PER_S)
        return true;
    return s->live->change > s->seen && now_us - s->told_us >= STEP_MS * 1000;
}

static void compose(sei_live_stream *s, int64_t now_us)
{
    s->len = s->sent = 0;
    if (!is_due(s, now_us))
        return;
    json_t *data = s->live->change > s->seen ? changes(s) : NULL;
    s->seen      = s->live->change; /* also of what one may not see: it is not looked at again */
    if (data)
        put(s, "change", data);
    else if (now_us - s->told_us >= HEARTBEAT_S * SEI_US_PER_S)
        put(s, "beat", json_object());
    if (s->len > 0)
        s->told_us = now_us;
}

/* libmicrohttpd asks when the socket takes more; with nothing to say the connection sleeps until the thread wakes it. */
static ssize_t on_room(void *user, uint64_t at, char *out, size_t max)
{
    sei_live_stream *s    = user;
    sei_live        *live = s->live;
    ssize_t          n    = 0;

    (void)at;
    pthread_mutex_lock(&live->lock);
    if (s->sent == s->len)
        compose(s, sei_server_now());
    if (s->is_over || live->is_stopping) {
        n = MHD_CONTENT_READER_END_OF_STREAM;
    } else if (s->sent == s->len) {
        MHD_suspend_connection(s->connection);
        s->is_suspended = true;
    } else {
        const size_t left = s->len - s->sent, take = left < max ? left : max;
        memcpy(out, s->text + s->sent, take);
        s->sent += take;
        n = (ssize_t)take;
    }
    pthread_mutex_unlock(&live->lock);
    return n;
}

/* ---- streams -------------------------------------------------------------------------------------------- */

static int streams_of(const sei_live *live, int64_t person_id)
{
    int n = 0;

    for (const sei_live_stream *s = live->streams; s; s = s->after)
        n += s->actor.person_id == person_id && !s->is_over;
    return n;
}

static void fill(sei_live_stream *s, const sei_request *req)
{
    static const char bearer[] = "Bearer ";
    const char       *head =
        MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "Authorization");

    s->live       = req->server->live;
    s->connection = req->connection;
    s->actor      = req->actor;
    s->by_token   = req->actor.by_token;
    s->checked_us = s->told_us = req->now_us;
    snprintf(s->credential, sizeof s->credential, "%s",
             s->by_token && head ? head + strlen(bearer) : req->session);
    s->len = (size_t)snprintf(s->text, sizeof s->text,
                              "retry: %d\nevent: hello\ndata: {\"heartbeat_s\":%d}\n\n", RETRY_MS,
                              HEARTBEAT_S);
}

static void link_in(sei_live *live, sei_live_stream *s)
{
    s->id    = ++live->last_id;
    s->seen  = live->change;
    s->after = live->streams;
    if (s->after)
        s->after->before = s;
    live->streams = s;
    atomic_fetch_add(&live->n_streams, 1);
    pthread_cond_signal(&live->wake);
}

/* The first reader: from here on it is watched what is new, before the page asks for what is there. */
static sei_status begin_watching(sei_live *live, sei_db *db)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < N_SOURCES && st == SEI_OK; i++)
        st = sei_db_get_int(db, sources[i].last, 0, NULL, NULL, &live->last[i]);
    live->stations.n       = 0; /* of earlier readers */
    live->stations.is_more = false;
    return st;
}

sei_status sei_live_open(sei_request *req, sei_live_stream **ret_stream)
{
    sei_live        *live = req->server->live;
    sei_live_stream *s    = calloc(1, sizeof *s);
    sei_status       st   = s ? SEI_OK : SEI_E_NOMEM;

    if (!s)
        return st;
    fill(s, req);
    pthread_mutex_lock(&live->lock);
    if (streams_of(live, req->actor.person_id) >= SEI_LIVE_STREAMS_A_PERSON) {
        req->retry_after_s = 60;
        st                 = sei_refuse(req, 429, "too many live streams of one user");
    } else if (atomic_load(&live->n_streams) >= SEI_LIVE_STREAMS_MAX || live->is_stopping) {
        req->retry_after_s = 60;
        st = sei_refuse(req, 503, "too many live streams: ask now and then instead");
    } else {
        if (atomic_load(&live->n_streams) == 0)
            st = begin_watching(live, sei_store_db(req->store));
        if (st == SEI_OK)
            link_in(live, s);
    }
    pthread_mutex_unlock(&live->lock);
    if (st != SEI_OK)
        free(s);
    else
        *ret_stream = s;
    return st;
}

void sei_live_close(sei_live_stream *s)
{
    if (!s)
        return;
    sei_live *live = s->live;
    pthread_mutex_lock(&live->lock);
    if (s->before)
        s->before->after = s->after;
    else
        live->streams = s->after;
    if (s->after)
        s->after->before = s->before;
    atomic_fetch_sub(&live->n_streams, 1);
    pthread_mutex_unlock(&live->lock);
    sodium_memzero(s->credential, sizeof s->credential);
    free(s);
}

static void on_end(void *user)
{
    sei_live_close(user);
}

struct MHD_Response *sei_live_response(sei_live_stream *s)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(s->connection, MHD_CONNECTION_INFO_CONNECTION_FD);
    const int            bytes = SEND_BUFFER; /* the kernel keeps little of one who does not read */
    struct MHD_Response *response =
        MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, EVENT_MAX, on_room, s, on_end);

    if (!response) {
        sei_live_close(s);
        return NULL;
    }
    if (info)
        setsockopt(info->connect_fd, SOL_SOCKET, SO_SNDBUF, &bytes, sizeof bytes);
    MHD_add_response_header(response, "Content-Type", "text/event-stream; charset=utf-8");
    MHD_add_response_header(response, "X-Accel-Buffering",
                            "no"); /* nginx passes events on at once */
    return response;
}

int sei_live_count(const sei_live *live)
{
    return atomic_load(&live->n_streams);
}

/* ---- the thread ----------------------------------------------------------------------------------------- */

static void resume_due(sei_live *live)
{
    const int64_t now_us = sei_server_now();

    for (sei_live_stream *s = live->streams; s; s = s->after)
        if (s->is_suspended && is_due(s, now_us)) {
            s->is_suspended = false;
            MHD_resume_connection(s->connection);
        }
}

static sei_status look(sei_live *live)
{
    sei_desk  *desk = NULL;
    sei_status st   = sei_desk_take(live->server, &desk);

    if (st != SEI_OK)
        return st;
    st = look_at_stations(live, sei_store_db(desk->store));
    if (st == SEI_OK)
        st = look_at_tables(live, sei_store_db(desk->store));
    if (st == SEI_OK)
        st = check_rights(live, desk->store);
    sei_desk_give(live->server, desk);
    return st;
}

/* Waits for the first stream, and then a step at a time. */
static bool wait_for_step(sei_live *live)
{
    struct timespec until;

    pthread_mutex_lock(&live->lock);
    while (!live->is_stopping && !live->streams)
        pthread_cond_wait(&live->wake, &live->lock);
    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_nsec += STEP_MS * 1000000L;
    until.tv_sec += until.tv_nsec / 1000000000L;
    until.tv_nsec %= 1000000000L;
    if (!live->is_stopping)
        pthread_cond_timedwait(&live->wake, &live->lock, &until);
    const bool goes_on = !live->is_stopping;
    pthread_mutex_unlock(&live->lock);
    return goes_on;
}

static void *run(void *user)
{
    sei_live *live = user;

    while (wait_for_step(live)) {
        const sei_status st = look(live);
        if (st !=
            SEI_OK) /* the store's own troubles are told by those who write to it; readers keep their streams */
            nanosleep(&(struct timespec){.tv_nsec = STEP_MS * 1000000L}, NULL);
        pthread_mutex_lock(&live->lock);
        resume_due(live);
        pthread_mutex_unlock(&live->lock);
    }
    return NULL;
}

sei_status sei_live_start(struct sei_server *server, sei_live **ret_live)
{
    sei_live *live = sei_alloc(server->ctx, 1, sizeof *live);

    if (!live)
        return SEI_E_NOMEM;
    live->server = server;
    pthread_mutex_init(&live->lock, NULL);
    pthread_cond_init(&live->wake, NULL);
    live->has_thread = pthread_create(&live->thread, NULL, run, live) == 0;
    if (!live->has_thread) {
        sei_live_free(live);
        return sei_fail(server->ctx, SEI_E_IO, NULL, "cannot start a thread");
    }
    *ret_live = live;
    return SEI_OK;
}

void sei_live_end_streams(sei_live *live)
{
    if (!live)
        return;
    pthread_mutex_lock(&live->lock);
    live->is_stopping = true;
    pthread_cond_signal(&live->wake);
    pthread_mutex_unlock(&live->lock);
    if (live->has_thread)
        pthread_join(live->thread, NULL);
    live->has_thread = false;
    pthread_mutex_lock(&live->lock);
    resume_due(live);
    pthread_mutex_unlock(&live->lock);
}

void sei_live_free(sei_live *live)
{
    if (!live)
        return;
    sei_live_end_streams(live);
    pthread_cond_destroy(&live->wake);
    pthread_mutex_destroy(&live->lock);
    free(live->sites);
    sei_release(live->server->ctx, live);
}
