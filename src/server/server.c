/* server.c - the parts put together; desks; the key of secrets */
#include "server/server.h"

#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

#include "server/access.h"
#include "server/notify.h"
#include "server/operate.h"
#include "server/post.h"
#include "server/route.h"
#include "server/store_lock.h"

int64_t sei_server_now(void)
{
    struct timespec now;

    clock_gettime(CLOCK_REALTIME, &now);
    return (int64_t)now.tv_sec * SEI_US_PER_S + now.tv_nsec / 1000;
}

int64_t sei_server_steady_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

void sei_server_say(sei_server *server, const char *fmt, ...)
{
    char    line[1000];
    va_list args;

    va_start(args, fmt);
    vsnprintf(line, sizeof line, fmt, args);
    va_end(args);
    for (char *c = line; *c; c++)
        if ((unsigned char)*c < ' ')
            *c = ' '; /* what comes from outside cannot forge a line */
    if (server->log)
        server->log(server->log_user, line);
}

bool sei_server_waits(const sei_server *server, sei_status status)
{
    return status == SEI_E_IO && !sei_db_file(server->config.store);
}

/* ---- desks --------------------------------------------------------------------------------------------- */

void sei_desk_free(sei_desk *desk)
{
    if (!desk)
        return;
    sei_ctx *ctx = desk->ctx;
    sei_decoder_free(desk->decoder);
    sei_watch_free(desk->watch);
    sei_news_draft_done(&desk->news);
    sei_store_close(desk->store);
    sei_release(ctx, desk);
    sei_ctx_free(ctx);
}

/* ---- what hears of points and answers */

static sei_status hear_points(void *user, int64_t arrived_us, const sei_record *record)
{
    sei_desk *desk = user;

    if (desk->tells)
        sei_news_note(&desk->news, record);
    if (memchr(record->is_new, 1, record->n))
        sei_live_note(&desk->live, record->station_id);
    return sei_watch_points(desk->watch, arrived_us, record->n, record->readings, record->is_new);
}

static sei_status hear_answer(void *user, int64_t station_id, int64_t arrived_us,
                              const uint8_t *bytes, size_t len, bool *ret_is_good)
{
    const sei_desk *desk = user;

    return sei_operate_answer(desk->store, station_id, arrived_us, bytes, len, ret_is_good);
}

/* Locks the store and brings it to this program's schema, once. */
static sei_status see_store(sei_server *server, sei_ctx *ctx)
{
    sei_store *store = NULL;
    sei_status st    = SEI_OK;

    if (atomic_load(&server->store_seen))
        return SEI_OK;
    pthread_mutex_lock(&server->seeing);
    if (!atomic_load(&server->store_seen)) {
        st = sei_store_lock(ctx, server->config.store, &server->store_lock);
        if (st == SEI_OK)
            st = sei_store_open(ctx, server->config.store, SEI_STORE_CREATE, &store);
        sei_store_close(store);
        atomic_store(&server->counts.store_ok, st == SEI_OK);
        atomic_store(&server->store_seen, st == SEI_OK);
    }
    pthread_mutex_unlock(&server->seeing);
    return st;
}

static sei_status make_desk(sei_server *server, sei_desk **ret_desk)
{
    sei_ctx  *ctx  = sei_ctx_create(NULL);
    sei_desk *desk = ctx ? sei_alloc(ctx, 1, sizeof *desk) : NULL;

    if (!desk) {
        sei_ctx_free(ctx);
        return SEI_E_NOMEM;
    }
    desk->ctx      = ctx;
    desk->tells    = server->news != NULL;
    desk->news.ctx = ctx;
    sei_status st  = see_store(server, ctx);
    if (st == SEI_OK)
        st = sei_store_open(ctx, server->config.store, SEI_STORE_OPEN, &desk->store);
    if (st == SEI_OK)
        st = sei_decoder_create(ctx, desk->store, &desk->decoder);
    if (st == SEI_OK)
        st = sei_watch_create(ctx, desk->store, &desk->watch);
    if (st == SEI_OK)
        sei_decoder_listen(desk->decoder, &(sei_decoder_ears){desk, hear_points, hear_answer});
    if (st != SEI_OK) {
        sei_server_say(server, "event=store-open status=%s detail=\"%s\"", sei_status_name(st),
                       sei_ctx_error(ctx));
        sei_desk_free(desk);
        return st;
    }
    *ret_desk = desk;
    return SEI_OK;
}

sei_status sei_desk_take(sei_server *server, sei_desk **ret_desk)
{
    pthread_mutex_lock(&server->lock);
    sei_desk *desk = server->free_desks;
    if (desk)
        server->free_desks = desk->next;
    pthread_mutex_unlock(&server->lock);
    if (!desk)
        return make_desk(server, ret_desk);
    sei_ctx_clear(desk->ctx);
    *ret_desk = desk;
    return SEI_OK;
}

void sei_desk_give(sei_server *server, sei_desk *desk)
{
    pthread_mutex_lock(&server->lock);
    desk->next         = server->free_desks;
    server->free_desks = desk;
    pthread_mutex_unlock(&server->lock);
}

static void refresh(sei_server *server, sei_desk *desk)
{
    const int generation = atomic_load(&server->generation), rules = atomic_load(&server->rules);

    if (desk->generation != generation)
        sei_decoder_forget(desk->decoder);
    if (desk->rules != rules)
        sei_watch_forget(desk->watch);
    desk->generation = generation;
    desk->rules      = rules;
}

sei_decoder *sei_desk_decoder(sei_server *server, sei_desk *desk)
{
    refresh(server, desk);
    return desk->decoder;
}

sei_watch *sei_desk_watch(sei_server *server, sei_desk *desk)
{
    refresh(server, desk);
    return desk->watch;
}

/* What was committed goes to the broker; what was not was never there. */
static void hand_news(sei_server *server, sei_desk *desk, bool is_kept)
{
    if (desk->tells && is_kept) {
        const size_t n_lost =
            desk->news.n_lost + sei_news_add(server->news, desk->news.n, desk->news.items);
        atomic_fetch_add(&server->counts.not_observed, (long long)n_lost);
    }
    desk->news.n = desk->news.n_lost = 0;
}

sei_status sei_desk_end(sei_server *server, sei_desk *desk, sei_status status)
{
    bool told = false;

    if (status == SEI_OK)
        status = sei_watch_flush(desk->watch, sei_server_now(), &told);
    else
        sei_watch_drop(desk->watch);
    status = sei_store_end(desk->store, status);
    hand_news(server, desk, status == SEI_OK);
    sei_live_hand(server->live, &desk->live, status == SEI_OK);
    if (status == SEI_OK && told)
        sei_server_tell(server);
    return status;
}

void sei_server_tell(sei_server *server)
{
    sei_notifier_wake(server->notifier);
}

void sei_server_wake(const sei_server *server)
{
    const uint64_t one     = 1;
    const ssize_t  ignored = write(server->wake_fd, &one, sizeof one); /* full: it is awake */

    (void)ignored;
}

void sei_server_changed(sei_server *server)
{
    atomic_fetch_add(&server->generation, 1);
    sei_server_wake(server);
}

void sei_server_rules_changed(sei_server *server)
{
    atomic_fetch_add(&server->rules, 1);
    sei_server_wake(server);
}

void sei_server_count(sei_server *server, const sei_decoded *decoded)
{
    sei_counts *c = &server->counts;

    atomic_fetch_add(&c->frames, 1);
    atomic_fetch_add(&c->points_added, (long long)decoded->points.n_added);
    atomic_fetch_add(&c->points_known, (long long)decoded->points.n_known);
    if (decoded->state == SEI_FRAME_REFUSED)
        atomic_fetch_add(&c->frames_refused, 1);
    if (decoded->state == SEI_FRAME_STRANGER)
        atomic_fetch_add(&c->frames_stranger, 1);
    if (decoded->state == SEI_FRAME_CONFLICT)
        atomic_fetch_add(&c->frames_conflict, 1);
}

/* ---- the key ------------------------------------------------------------------------------------------- */

/* Made at the first start, readable by the server alone. It is not in backups of the store. */
static sei_status load_secret(sei_ctx *ctx, const char *path,
                              uint8_t key[crypto_secretbox_KEYBYTES])
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);

    if (fd < 0 && errno == ENOENT) {
        fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        crypto_secretbox_keygen(key);
        const bool written =
            fd >= 0 && write(fd, key, crypto_secretbox_KEYBYTES) == crypto_secretbox_KEYBYTES &&
            fsync(fd) == 0 && lseek(fd, 0, SEEK_SET) == 0;
        if (!written) {
            if (fd >= 0)
                close(fd);
            return sei_fail(ctx, SEI_E_IO, NULL, "cannot write the key file %.300s", path);
        }
    }
    if (fd < 0)
        return sei_fail(ctx, SEI_E_IO, NULL, "cannot read the key file %.300s", path);
    uint8_t       more[1];
    const ssize_t n = read(fd, key, crypto_secretbox_KEYBYTES), extra = read(fd, more, 1);
    close(fd);
    if (n != crypto_secretbox_KEYBYTES || extra != 0)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "key file %.300s does not hold %d bytes", path,
                        crypto_secretbox_KEYBYTES);
    return SEI_OK;
}

/* ---- life ---------------------------------------------------------------------------------------------- */

sei_status sei_server_create(sei_ctx *ctx, const sei_server_config *config, sei_server_log log,
                             void *user, sei_server **ret_server)
{
    sei_server *server = sei_alloc(ctx, 1, sizeof *server);

    if (!server)
        return SEI_E_NOMEM;
    server->ctx        = ctx;
    server->config     = *config;
    server->log        = log;
    server->log_user   = user;
    server->started_us = sei_server_now();
    server->store_lock = -1;
    pthread_mutex_init(&server->lock, NULL);
    pthread_mutex_init(&server->seeing, NULL);
    server->wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    sei_status st   = server->wake_fd < 0 || sodium_init() < 0
                          ? sei_fail(ctx, SEI_E_IO, NULL, "no event file or no random source")
                          : load_secret(ctx, config->secret, server->secret);
    if (st == SEI_OK && config->mqtt.host && config->mqtt.observations)
        st = sei_news_create(ctx, &server->news);
    if (st == SEI_OK)
        st = sei_rates_create(ctx, 5.0 / 60.0, 10.0, &server->logins); /* five a minute */
    if (st == SEI_OK)
        st = sei_posts_create(ctx, &server->posts);
    if (st == SEI_OK) {
        st = see_store(server, ctx);
        if (sei_server_waits(server, st)) {
            sei_server_say(server, "event=store-waits detail=\"%s\"", sei_ctx_error(ctx));
            st = SEI_OK;
        }
    }
    if (st == SEI_OK)
        st = sei_notifier_start(server, &server->notifier);
    if (st == SEI_OK)
        st = sei_live_start(server, &server->live);
    if (st == SEI_OK)
        st = sei_http_start(server, &server->http);
    if (st != SEI_OK) {
        sei_server_free(server);
        return st;
    }
    *ret_server = server;
    return SEI_OK;
}

int sei_server_port(const sei_server *server)
{
    return sei_http_port(server->http);
}

sei_status sei_server_run(sei_server *server, int stop_fd)
{
    return sei_ingest_run(server, stop_fd);
}

void sei_server_free(sei_server *server)
{
    if (!server)
        return;
    sei_live_end_streams(server->live);
    sei_http_stop(server->http);
    sei_live_free(server->live);
    sei_notifier_stop(server->notifier);
    sei_news_free(server->news);
    while (server->free_desks) {
        sei_desk *desk     = server->free_desks;
        server->free_desks = desk->next;
        sei_desk_free(desk);
    }
    sei_rates_free(server->logins);
    sei_posts_free(server->posts);
    if (server->wake_fd >= 0)
        close(server->wake_fd);
    sei_store_unlock(server->store_lock);
    pthread_mutex_destroy(&server->lock);
    pthread_mutex_destroy(&server->seeing);
    sodium_memzero(server->secret, sizeof server->secret);
    sei_release(server->ctx, server);
}

sei_status sei_server_admin_token(sei_ctx *ctx, const sei_server_config *config,
                                  const char *user_name, char ret_token[SEI_TOKEN_TEXT_MAX])
{
    sei_store *store = NULL;
    sei_status st    = sodium_init() < 0
                           ? sei_fail(ctx, SEI_E_IO, NULL, "no random source")
                           : sei_store_open(ctx, config->store, SEI_STORE_CREATE, &store);

    if (st == SEI_OK)
        st = sei_access_first_token(store, user_name, sei_server_now(), ret_token);
    sei_store_close(store);
    return st;
}
