/*
 * http.c - HTTP by libmicrohttpd: limits, headers, one request from its first byte to its answer
 *
 * Limits: connections in all and from one address, bytes of a body, seconds of silence, seconds that a request may take
 * to arrive in all (so that a sender of one byte a second does not hold a place), requests per second.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "server/fault.h"
#include "server/file_answer.h"
#include "server/route.h"

enum {
    CONNECTIONS_MAX        = 512,
    CONNECTIONS_AN_ADDRESS = 64,
    SILENCE_S              = 20,
    MEMORY_A_CONNECTION    = 32 << 10, /* holds all headers: longer ones are refused */
    REQUESTS_A_SECOND      = 50,
    REQUESTS_BURST         = 400
};

/* One open connection; since: of the request that is arriving, 0 between requests. */
typedef struct place {
    struct place *before, *after;
    int           fd;
    int64_t       since_us;
} place;

struct sei_http {
    sei_server        *server;
    struct MHD_Daemon *daemon;
    int                port;
    char              *certificate, *key;
    sei_rates         *rates;
    pthread_mutex_t    lock; /* of places */
    place             *places;
    pthread_t          warden;
    bool               has_warden;
    atomic_bool        is_stopping;
};

/* ---- slow senders --------------------------------------------------------------------------------------- */

static void on_connection(void *user, struct MHD_Connection *connection, void **place_of,
                          enum MHD_ConnectionNotificationCode code)
{
    struct sei_http *http = user;
    place           *p    = *place_of;

    pthread_mutex_lock(&http->lock);
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        const union MHD_ConnectionInfo *info =
            MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD);
        p = calloc(1, sizeof *p);
        if (p && info) {
            p->fd       = info->connect_fd;
            p->since_us = sei_server_now();
            p->after    = http->places;
            if (p->after)
                p->after->before = p;
            http->places = p;
        }
        *place_of = p;
    } else if (p) {
        if (p->before)
            p->before->after = p->after;
        else if (http->places == p)
            http->places = p->after;
        if (p->after)
            p->after->before = p->before;
        free(p);
        *place_of = NULL;
    }
    pthread_mutex_unlock(&http->lock);
}

static void set_since(struct sei_http *http, struct MHD_Connection *connection, int64_t since_us)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    place *p = info ? info->socket_context : NULL;

    pthread_mutex_lock(&http->lock);
    if (p)
        p->since_us = since_us;
    pthread_mutex_unlock(&http->lock);
}

/* Closes the sockets of requests that take too long to arrive; libmicrohttpd then forgets them. */
static void *watch(void *user)
{
    struct sei_http *http = user;

    while (!atomic_load(&http->is_stopping)) {
        const int64_t now = sei_server_now();
        pthread_mutex_lock(&http->lock);
        for (place *p = http->places; p; p = p->after)
            if (p->since_us > 0 &&
                now - p->since_us > http->server->config.http.arrival_s * SEI_US_PER_S)
                shutdown(p->fd, SHUT_RDWR);
        pthread_mutex_unlock(&http->lock);
        for (int i = 0; i < 10 && !atomic_load(&http->is_stopping); i++)
            nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
    }
    return NULL;
}

/* ---- answers -------------------------------------------------------------------------------------------- */

static void put_headers(const sei_request *req, struct MHD_Response *response)
{
    static const char *const all[][2] = {
        {"Content-Security-Policy",
         "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none';"
         " frame-ancestors 'none'; form-action 'self'"},
        {"X-Content-Type-Options", "nosniff"},
        {"X-Frame-Options", "DENY"},
        {"Referrer-Policy", "no-referrer"},
        {"Cross-Origin-Opener-Policy", "same-origin"},
        {"Cross-Origin-Resource-Policy", "same-origin"},
        {"Permissions-Policy", "camera=(), microphone=(), geolocation=()"},
    };
    const sei_server_config *c = &req->server->config;

    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++)
        MHD_add_response_header(response, all[i][0], all[i][1]);
    MHD_add_response_header(response, "Cache-Control",
                            req->cache ? "public, max-age=31536000, immutable" : "no-store");
    if (c->http.certificate || c->http.behind_tls)
        MHD_add_response_header(response, "Strict-Transport-Security",
                                "max-age=31536000; includeSubDomains");
    if (req->cookie[0])
        MHD_add_response_header(response, "Set-Cookie", req->cookie);
    if (req->retry_after_s > 0) {
        char text[20];
        snprintf(text, sizeof text, "%d", req->retry_after_s);
        MHD_add_response_header(response, "Retry-After", text);
    }
    if (req->file_name) {
        char text[200];
        snprintf(text, sizeof text, "attachment; filename=\"%.100s\"", req->file_name);
        MHD_add_response_header(response, "Content-Disposition", text);
    }
}

static enum MHD_Result send_answer(sei_request *req)
{
    struct MHD_Response *response;
    const char          *type = req->content_type;

    if (!req->bytes && req->answer) {
        req->bytes   = json_dumps(req->answer, JSON_COMPACT | JSON_REAL_PRECISION(17));
        req->n_bytes = req->bytes ? strlen(req->bytes) : 0;
        type         = "application/json";
    }
    if (req->stream) {
        response    = sei_live_response(req->stream);
        req->stream = NULL; /* the response closes it */
    } else if (req->has_file) {
        response      = MHD_create_response_from_fd64(req->n_bytes, req->file);
        req->has_file = !response; /* the response closes it */
        if (response)
            MHD_add_response_header(response, "Content-Type", type);
    } else if (req->bytes && req->code != 204) {
        response = MHD_create_response_from_buffer(req->n_bytes, req->bytes, MHD_RESPMEM_MUST_FREE);
        req->bytes = response ? NULL : req->bytes;
        if (response)
            MHD_add_response_header(response, "Content-Type", type);
    } else {
        response = MHD_create_response_from_buffer(0, req->cookie, MHD_RESPMEM_PERSISTENT);
        if (req->code == 200)
            req->code = 204;
    }
    if (!response)
        return MHD_NO;
    put_headers(req, response);
    const enum MHD_Result result =
        MHD_queue_response(req->connection, (unsigned)req->code, response);
    MHD_destroy_response(response);
    return result;
}

static void drop_file(sei_request *req)
{
    if (req->has_file)
        close(req->file);
    req->has_file = false;
}

static void set_error(sei_request *req, const char *status, const char *message)
{
    json_decref(req->answer);
    req->answer = json_pack("{s:{s:s, s:s}}", "error", "status", status, "message", message);
    sei_fault_name(json_object_get(req->answer, "error"), message, NULL);
    free(req->bytes);
    req->bytes     = NULL;
    req->file_name = NULL;
    drop_file(req);
    atomic_fetch_add(&req->server->counts.requests_refused, 1);
}

/* A failed call as an answer. What is wrong inside is for the log, not for the sender. */
static void answer_failure(sei_request *req, sei_status status)
{
    if (req->code >= 400) {
        set_error(req, req->code == 404 ? "E_NOT_FOUND" : "E_REFUSED", sei_ctx_error(req->ctx));
        sei_fault_name(json_object_get(req->answer, "error"), NULL, sei_ctx_fault(req->ctx));
        return;
    }
    req->code = sei_status_http(status);
    if (req->code >= 500) {
        sei_server_say(req->server,
                       "event=request-failed method=%s path=\"%s\" status=%s detail=\"%s\"",
                       req->method, req->path, sei_status_name(status), sei_ctx_error(req->ctx));
        set_error(req, sei_status_name(status), sei_status_text(status));
    } else {
        set_error(req, sei_status_name(status), sei_ctx_error(req->ctx));
        sei_fault_name(json_object_get(req->answer, "error"), NULL, sei_ctx_fault(req->ctx));
    }
}

/* ---- requests ------------------------------------------------------------------------------------------- */

static void find_client(sei_request *req)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(req->connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    const char *forwarded =
        req->server->config.http.proxied
            ? MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "X-Forwarded-For")
            : NULL;

    if (forwarded) { /* the last hop is the one that our proxy saw itself */
        const char *last = strrchr(forwarded, ',');
        last             = last ? last + 1 : forwarded;
        snprintf(req->client, sizeof req->client, "%.60s", last + strspn(last, " "));
    } else if (info && info->client_addr->sa_family == AF_INET) {
        inet_ntop(AF_INET, &((const struct sockaddr_in *)(const void *)info->client_addr)->sin_addr,
                  req->client, sizeof req->client);
    } else if (info && info->client_addr->sa_family == AF_INET6) {
        inet_ntop(AF_INET6,
                  &((const struct sockaddr_in6 *)(const void *)info->client_addr)->sin6_addr,
                  req->client, sizeof req->client);
    }
}

static sei_request *new_request(struct sei_http *http, struct MHD_Connection *connection,
                                const char *method, const char *path)
{
    sei_request *req = calloc(1, sizeof *req);

    if (!req)
        return NULL;
    *req = (sei_request){.server     = http->server,
                         .connection = connection,
                         .method     = method,
                         .path       = path,
                         .now_us     = sei_server_now(),
                         .begun_us   = sei_server_now(),
                         .code       = 200};
    find_client(req);
    return req;
}

static void free_request(sei_request *req)
{
    if (!req)
        return;
    json_decref(req->json);
    json_decref(req->answer);
    free(req->bytes);
    drop_file(req);
    sei_live_close(req->stream);
    if (req->body)
        sodium_memzero(req->body, req->body_len); /* passwords come this way */
    free(req->body);
    if (req->desk)
        sei_desk_give(req->server, req->desk);
    free(req);
}

static void on_completed(void *user, struct MHD_Connection *connection, void **state,
                         enum MHD_RequestTerminationCode why)
{
    (void)why;
    set_since(user, connection, sei_server_now()); /* the next request may begin to arrive */
    free_request(*state);
    *state = NULL;
}

/* The state is given back here, the desk already when the answer is ready. */
static sei_status take_desk(sei_request *req)
{
    const sei_status st = sei_desk_take(req->server, &req->desk);

    if (st == SEI_OK) {
        req->ctx   = req->desk->ctx;
        req->store = req->desk->store;
    }
    return st;
}

static sei_status parse_body(sei_request *req)
{
    json_error_t error;
    const char  *type =
        MHD_lookup_connection_value(req->connection, MHD_HEADER_KIND, "Content-Type");

    if (req->route->body_max != SEI_BODY_JSON)
        return SEI_OK;
    if (!type || strncmp(type, "application/json", 16) != 0)
        return sei_refuse(req, 415, "Content-Type: application/json is expected");
    req->json =
        json_loadb(req->body ? req->body : "", req->body_len, JSON_REJECT_DUPLICATES, &error);
    if (!json_is_object(req->json))
        return sei_fail(req->ctx, SEI_E_PARSE, NULL, "the body is no JSON object: %s",
                        req->json ? "" : error.text);
    return SEI_OK;
}

static sei_status serve(sei_request *req)
{
    bool       other = false;
    sei_status st;

    if (strcmp(req->method, "HEAD") == 0)
        req->method = "GET";
    req->route = sei_route_find(req->method, req->path, &req->id, &other);
    if (!req->route && !other && strcmp(req->method, "GET") == 0 &&
        strncmp(req->path, "/api/", 5) != 0 && strncmp(req->path, "/sta/", 5) != 0)
        return sei_answer_file(req);
    if (!req->route)
        return sei_refuse(req, other ? 405 : 404, other ? "method not allowed" : "not found");
    st = sei_route_admit(req);
    if (st == SEI_E_IO) { /* who asks is looked up in the store */
        sei_server_say(req->server, "event=store detail=\"%s\"", sei_ctx_error(req->ctx));
        req->retry_after_s = 5;
        return sei_refuse(req, 503, "the store does not answer");
    }
    if (st == SEI_OK)
        st = parse_body(req);
    return st == SEI_OK ? req->route->handle(req) : st;
}

static enum MHD_Result finish(struct sei_http *http, sei_request *req)
{
    set_since(http, req->connection, 0);
    atomic_fetch_add(&http->server->counts.requests, 1);
    sei_status st = take_desk(req);
    if (st != SEI_OK) {
        req->code = 503;
        set_error(req, sei_status_name(st), "the store cannot be opened");
        return send_answer(req);
    }
    if (!sei_rates_take(http->rates, req->client, req->now_us)) {
        req->retry_after_s = 1;
        st                 = sei_refuse(req, 429, "too many requests");
    } else {
        st = serve(req);
    }
    if (st != SEI_OK)
        answer_failure(req, st);
    const enum MHD_Result result = send_answer(req);
    sei_desk_give(http->server, req->desk);
    req->desk = NULL;
    return result;
}

/* What the route allows; unknown routes get no body at all. */
static size_t body_limit(const char *method, const char *path)
{
    int64_t          id;
    bool             other;
    const sei_route *route = sei_route_find(method, path, &id, &other);

    return route ? route->body_max : 0;
}

static enum MHD_Result refuse_early(sei_request *req, int code, const char *message)
{
    req->code = code;
    set_error(req, code == 413 ? "E_TOO_LARGE" : "E_REFUSED", message);
    return send_answer(req);
}

static enum MHD_Result add_body(sei_request *req, const char *data, size_t *len)
{
    if (req->answer) { /* refused: the rest is read and forgotten */
        *len = 0;
        return MHD_YES;
    }
    if (req->body_len + *len > body_limit(req->method, req->path))
        return MHD_NO; /* longer than announced, or not announced: nothing can be answered half-way */
    if (req->body_len + *len > req->body_size) {
        const size_t size = (req->body_len + *len) * 2;
        char        *body = realloc(req->body, size);
        if (!body)
            return MHD_NO;
        req->body      = body;
        req->body_size = size;
    }
    memcpy(req->body + req->body_len, data, *len);
    req->body_len += *len;
    *len = 0;
    return MHD_YES;
}

static enum MHD_Result on_request(void *user, struct MHD_Connection *connection, const char *path,
                                  const char *method, const char *version, const char *data,
                                  size_t *len, void **state)
{
    struct sei_http *http = user;
    sei_request     *req  = *state;

    (void)version;
    if (!req) {
        *state = req = new_request(http, connection, method, path);
        if (!req)
            return MHD_NO;
        set_since(http, connection, req->now_us);
        const char *announced =
            MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Content-Length");
        const size_t limit = body_limit(method, path);
        if (announced && strtoull(announced, NULL, 10) > limit)
            return refuse_early(req, 413, "the body is longer than this route takes");
        return MHD_YES;
    }
    if (*len > 0)
        return add_body(req, data, len);
    return req->answer ? MHD_YES : finish(http, req);
}

/* ---- life ----------------------------------------------------------------------------------------------- */

static sei_status read_tls(struct sei_http *http)
{
    const sei_server_config *c   = &http->server->config;
    size_t                   len = 0;
    sei_status               st  = SEI_OK;

    if (c->http.certificate)
        st = sei_file_read(http->server->ctx, c->http.certificate, 1 << 20, &http->certificate,
                           &len);
    if (st == SEI_OK && c->http.key)
        st = sei_file_read(http->server->ctx, c->http.key, 1 << 20, &http->key, &len);
    return st;
}

static sei_status start_daemon(struct sei_http *http)
{
    const sei_server_config *c = &http->server->config;
    struct sockaddr_in    v4   = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->http.port)};
    const bool            tls  = c->http.certificate != NULL;
    struct MHD_OptionItem tls_options[] = {
        {MHD_OPTION_HTTPS_MEM_CERT, 0, http->certificate},
        {MHD_OPTION_HTTPS_MEM_KEY, 0, http->key},
        {MHD_OPTION_HTTPS_PRIORITIES, 0,
         (void *)(uintptr_t) "NORMAL:-VERS-ALL:+VERS-TLS1.3:+VERS-TLS1.2"},
        {MHD_OPTION_END, 0, NULL},
    };

    if (inet_pton(AF_INET, c->http.address, &v4.sin_addr) != 1)
        return sei_fail(http->server->ctx, SEI_E_RANGE, NULL,
                        "http: address \"%.60s\" is no IPv4 address", c->http.address);
    http->daemon = MHD_start_daemon(
        MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | (tls ? MHD_USE_TLS : 0), 0, NULL,
        NULL, on_request, http, MHD_OPTION_SOCK_ADDR, (struct sockaddr *)&v4,
        MHD_OPTION_THREAD_POOL_SIZE, (unsigned)c->http.threads, MHD_OPTION_CONNECTION_LIMIT,
        (unsigned)CONNECTIONS_MAX, MHD_OPTION_PER_IP_CONNECTION_LIMIT,
        (unsigned)(c->http.proxied ? 0 : CONNECTIONS_AN_ADDRESS), MHD_OPTION_CONNECTION_TIMEOUT,
        (unsigned)SILENCE_S, MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY_A_CONNECTION,
        MHD_OPTION_NOTIFY_COMPLETED, on_completed, http, MHD_OPTION_NOTIFY_CONNECTION,
        on_connection, http, MHD_OPTION_STRICT_FOR_CLIENT, 1, MHD_OPTION_ARRAY,
        tls ? tls_options : &tls_options[3], MHD_OPTION_END);
    if (!http->daemon)
        return sei_fail(http->server->ctx, SEI_E_IO, NULL, "cannot listen on %s port %lld%s",
                        c->http.address, (long long)c->http.port,
                        tls ? ", or the certificate and its key do not fit" : "");
    const union MHD_DaemonInfo *info = MHD_get_daemon_info(http->daemon, MHD_DAEMON_INFO_BIND_PORT);
    http->port                       = info ? info->port : (int)c->http.port;
    return SEI_OK;
}

sei_status sei_http_start(sei_server *server, struct sei_http **ret_http)
{
    struct sei_http *http = sei_alloc(server->ctx, 1, sizeof *http);

    if (!http)
        return SEI_E_NOMEM;
    http->server = server;
    pthread_mutex_init(&http->lock, NULL);
    sei_status st = sei_rates_create(server->ctx, REQUESTS_A_SECOND, REQUESTS_BURST, &http->rates);
    if (st == SEI_OK)
        st = read_tls(http);
    if (st == SEI_OK)
        st = start_daemon(http);
    if (st == SEI_OK)
        http->has_warden = pthread_create(&http->warden, NULL, watch, http) == 0;
    if (st == SEI_OK && !http->has_warden)
        st = sei_fail(server->ctx, SEI_E_IO, NULL, "cannot start a thread");
    if (st != SEI_OK) {
        sei_http_stop(http);
        return st;
    }
    *ret_http = http;
    return SEI_OK;
}

void sei_http_stop(struct sei_http *http)
{
    if (!http)
        return;
    atomic_store(&http->is_stopping, true);
    if (http->daemon)
        MHD_stop_daemon(http->daemon);
    if (http->has_warden)
        pthread_join(http->warden, NULL);
    if (http->key)
        sodium_memzero(http->key, strlen(http->key));
    sei_release(http->server->ctx, http->certificate);
    sei_release(http->server->ctx, http->key);
    sei_rates_free(http->rates);
    pthread_mutex_destroy(&http->lock);
    sei_release(http->server->ctx, http);
}

int sei_http_port(const struct sei_http *http)
{
    return http->port;
}
