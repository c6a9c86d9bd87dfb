/* server_impl.h - what the parts of the server share */
#ifndef SEI_SERVER_SERVER_IMPL_H
#define SEI_SERVER_SERVER_IMPL_H

#include <pthread.h>
#include <sodium.h>
#include <stdatomic.h>

#include "server/decode.h"
#include "server/live.h"
#include "server/news.h"
#include "server/server.h"
#include "server/watch.h"
#include "store/store.h"

/* What one thread works with for a while. */
typedef struct sei_desk {
    sei_ctx         *ctx;
    sei_store       *store;
    sei_decoder     *decoder;
    sei_watch       *watch;
    bool             tells; /* new points go to the broker, too */
    sei_news_draft   news;
    sei_live_draft   live;              /* stations with new points */
    int              generation, rules; /* of the stations, and of the rules, that they know */
    struct sei_desk *next;
} sei_desk;

/* Counted since the start; read by /metrics and /status. */
typedef struct {
    atomic_llong frames, frames_refused, frames_stranger, frames_conflict;
    atomic_llong points_added, points_known, asks, requests, requests_refused;
    atomic_llong told, not_told; /* messages of alarms */
    atomic_llong observed,
        not_observed; /* points published by MQTT, and those there was no room for */
    atomic_int broker_connected, store_ok;
} sei_counts;

struct sei_http;
struct sei_posts;
struct sei_notifier;
struct sei_rates;

struct sei_server {
    sei_ctx             *ctx;
    sei_server_config    config;
    sei_server_log       log;
    void                *log_user;
    pthread_mutex_t      lock;   /* of free desks */
    pthread_mutex_t      seeing; /* of the first look at the store */
    atomic_bool          store_seen;
    sei_desk            *free_desks;
    atomic_int           generation; /* counts changes of stations and channels */
    atomic_int           rules;      /* and of alarms and tests of quality control */
    sei_counts           counts;
    int64_t              started_us;
    int                  store_lock;
    int                  wake_fd; /* written after such a change, or when frames came by HTTP */
    struct sei_rates    *logins;  /* tries of passwords, by address and by name */
    uint8_t              secret[crypto_secretbox_KEYBYTES];
    struct sei_http     *http;
    struct sei_notifier *notifier;
    struct sei_posts    *posts; /* frames by HTTP that wait for a commit */
    sei_news            *news;  /* NULL: nobody is told */
    sei_live            *live;
};

int64_t sei_server_now(void);
int64_t sei_server_steady_ms(void); /* of a clock that nobody sets */
void    sei_server_say(sei_server *server, const char *fmt, ...) SEI_PRINTF(2, 3);

/* Is this the failure of a database that is not there yet, and comes? A file that cannot be opened is none. */
bool sei_server_waits(const sei_server *server, sei_status status);

/* A desk of one's own until it is given back. */
SEI_CHECKED sei_status sei_desk_take(sei_server *server, sei_desk **ret_desk);
void                   sei_desk_give(sei_server *server, sei_desk *desk);
void                   sei_desk_free(sei_desk *desk);
/* The decoder and the alarms, with stations and rules as they are now. */
sei_decoder *sei_desk_decoder(sei_server *server, sei_desk *desk);
sei_watch   *sei_desk_watch(sei_server *server, sei_desk *desk);
/* Ends a transaction in which frames were decoded: with the alarms that they moved. */
SEI_CHECKED sei_status sei_desk_end(sei_server *server, sei_desk *desk, sei_status status);

/* Stations or channels changed: decoders look again, frames of strangers are tried again. */
void sei_server_changed(sei_server *server);
/* Alarms or tests of quality control changed. */
void sei_server_rules_changed(sei_server *server);
/* There is something to be sent to stations. */
void sei_server_wake(const sei_server *server);
/* Somebody is to be told of an alarm. */
void sei_server_tell(sei_server *server);
/* Adds what became of a frame to the counts. */
void sei_server_count(sei_server *server, const sei_decoded *decoded);

/* ---- ingest.c */
SEI_CHECKED sei_status sei_ingest_run(sei_server *server, int stop_fd);

/* ---- http.c */
SEI_CHECKED sei_status sei_http_start(sei_server *server, struct sei_http **ret_http);
void                   sei_http_stop(struct sei_http *http); /* NULL is harmless */
int                    sei_http_port(const struct sei_http *http);

#endif
