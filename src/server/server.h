/*
 * server.h - the monitoring server: frames in by MQTT and HTTP, data out by HTTP
 *
 * One thread brings frames in and looks after time (ingest), some serve HTTP; each has a connection of its
 * own to the store. A frame is acknowledged to the broker, or answered to a sender, after it is on the disk.
 */
#ifndef SEI_SERVER_SERVER_H
#define SEI_SERVER_SERVER_H

#include <stdbool.h>

#include "base/arena.h"
#include "seiryu/ctx.h"

enum { SEI_KEEP_POINTS_MAX = 200 };

typedef struct {
    const char *store;  /* "sqlite:/var/lib/seiryu/store.db" */
    const char *secret; /* file of the key that encrypts secrets in the store */
    struct {
        const char *address;           /* "127.0.0.1" */
        int64_t     port;              /* 0: a free one */
        const char *certificate, *key; /* PEM files; NULL: no TLS */
        bool        behind_tls;        /* a proxy in front speaks TLS: cookies are Secure */
        bool        proxied;           /* X-Forwarded-For of the last hop is the client */
        const char *web;               /* folder of the dashboard; NULL: none */
        int64_t     threads;
        int64_t     arrival_s; /* a request must have arrived in this time, but for long bodies */
    } http;
    struct {
        const char *host; /* NULL: no broker */
        int64_t     port;
        const char *client_id, *user, *password_file, *ca, *certificate, *key;
        bool        observations; /* new points are published, as SensorThings has it */
    } mqtt;
    struct {                 /* raw points of channels that fit stay so long; 0: for ever */
        const char *pattern; /* "SITE/STATION/CHANNEL", each part may be "*" */
        int64_t     days;
    } keep_points[SEI_KEEP_POINTS_MAX];
    size_t n_keep_points;
    struct {
        const char *host; /* NULL: no mail */
        int64_t     port;
        const char *tls; /* "starttls" or "tls"; never without */
        const char *user, *password_file, *from, *ca;
    } smtp;
    struct {
        const char
            *hosts; /* those that may be called: "a.example, b.example:8443"; NULL: no webhooks */
        const char *ca;
        bool        allow_private; /* addresses of this machine and of private networks, and http */
    } webhook;
    int64_t keep_frames_days; /* decoded raw frames; 0: for ever */
    int64_t ask_after_s;      /* a number is missing for so long before it is asked back */
} sei_server_config;

/* Defaults, for a host program that sets fields itself. */
sei_server_config sei_server_defaults(void);
/* YAML file; texts live in arena. Relative paths stand beside the file. */
SEI_CHECKED sei_status sei_server_read_config(sei_ctx *ctx, const char *path, sei_arena *arena,
                                              sei_server_config *ret_config);

/* One line of "key=value" words, without a line end. Called from every thread of the server. */
typedef void (*sei_server_log)(void *user, const char *line);

typedef struct sei_server sei_server;

/* Opens the store and listens; nothing is served before sei_server_run. */
SEI_CHECKED sei_status sei_server_create(sei_ctx *ctx, const sei_server_config *config,
                                         sei_server_log log, void *user, sei_server **ret_server);
int                    sei_server_port(const sei_server *server);
/* Runs until stop_fd can be read. Stopping leaves nothing half done. */
SEI_CHECKED sei_status sei_server_run(sei_server *server, int stop_fd);
void                   sei_server_free(sei_server *server); /* NULL is harmless */

/* Makes the first one-time token (or a new one for an existing user name); shown once. */
enum { SEI_TOKEN_TEXT_MAX = 64 };
SEI_CHECKED sei_status sei_server_admin_token(sei_ctx *ctx, const sei_server_config *config,
                                              const char *user_name,
                                              char        ret_token[SEI_TOKEN_TEXT_MAX]);

#endif
