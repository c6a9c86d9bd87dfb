/*
 * ingest.c - frames from the broker into the store, and what a clock asks for
 *
 * libmosquitto answers a QoS 1 message before it hands it over. With mosquitto_threaded_set() the answer is
 * only put into its queue, and leaves with mosquitto_loop_write(): so messages are read until there are no more
 * or enough, committed, and only then is the queue written. When the commit fails the connection is thrown away
 * with the queue; the broker, which holds a persistent session for us, sends the messages again.
 */
#include <errno.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/file.h"
#include "base/text.h"
#include "server/ask.h"
#include "server/batch.h"
#include "server/operate.h"
#include "server/quality.h"
#include "server/retain.h"
#include "server/server_impl.h"
#include "server/storm.h"
#include "server/sweep.h"

enum {
    BATCH_FRAMES   = 500,  /* after so many a batch is committed: no more are under way */
    BATCH_ROOM     = 4096, /* one read of a TLS record may bring many more */
    BATCH_BYTES    = 8 << 20,
    WINDOW_MS      = 20,   /* while frames keep coming a batch waits so long for more of them */
    IN_VAIN_MS     = 1000, /* after a wait in vain none waits for so long */
    RECEIVE_MAX    = 500,  /* messages that the broker may have under way */
    KEEP_ALIVE_S   = 30,
    RETRY_MIN_MS   = 200,
    RETRY_MAX_MS   = 5000,
    TICK_MS        = 500,
    STORE_RETRY_MS = 2000, /* a database that is not there */
    QC_PIECES      = 4,
    NEWS_PIECE     = 100,
    UNSENT_MAX     = 1000 /* published and not yet with the broker */
};

typedef struct {
    sei_server       *server;
    sei_desk         *desk;
    struct mosquitto *mosq;
    bool              is_connected, must_drop;
    int64_t           retry_at_us, retry_ms, tick_at_us, sweep_at_us, daily_at_us;
    int               swept_generation;
    size_t            unsent, waiting_n; /* waiting_n: frames of the batch when it began to wait */
    sei_batch         batch;
    sei_batch         kept; /* acknowledged, and not decoded yet */
    int64_t           batch_begun_ms, committed_ms, in_vain_ms; /* of a clock that does not jump */
    sei_asker        *asker;
    sei_sweeper       sweeper;
    sei_qc_turn       turn;
} ingest;

/* ---- broker -------------------------------------------------------------------------------------------- */

static const char *const subscriptions[] = {
    "seiryu/v1/+/+/rec",
    "seiryu/v1/+/+/senml",
    "seiryu/v1/+/+/senmlc",
    "seiryu/v1/+/+/ack",
    "application/+/device/+/event/up",
    "v3/+/devices/+/up",
};

static void on_connect(struct mosquitto *mosq, void *user, int code, int flags,
                       const mosquitto_property *properties)
{
    ingest *in = user;

    (void)flags;
    (void)properties;
    if (code != 0) {
        sei_server_say(in->server, "event=broker-refused reason=\"%s\"",
                       mosquitto_reason_string(code));
        in->must_drop = true;
        return;
    }
    for (size_t i = 0; i < sizeof subscriptions / sizeof subscriptions[0]; i++)
        mosquitto_subscribe(mosq, NULL, subscriptions[i], 1);
    in->is_connected = true;
    in->retry_ms     = RETRY_MIN_MS;
    atomic_store(&in->server->counts.broker_connected, 1);
    sei_server_say(in->server, "event=broker-connected host=%s port=%lld",
                   in->server->config.mqtt.host, (long long)in->server->config.mqtt.port);
    sei_asker_reset(in->asker);
}

static void on_message(struct mosquitto *mosq, void *user, const struct mosquitto_message *message,
                       const mosquitto_property *properties)
{
    ingest         *in    = user;
    const sei_frame frame = {.received_us = sei_server_now(),
                             .source      = message->topic,
                             .format      = sei_topic_format(message->topic),
                             .payload     = message->payload,
                             .len         = (size_t)message->payloadlen};

    (void)mosq;
    (void)properties;
    if (!frame.format || in->must_drop)
        return;
    if (message->payloadlen >
        SEI_MSG_BYTES_MAX) { /* kept out for good: it would come again for ever */
        sei_server_say(in->server, "event=frame-too-large topic=\"%s\" bytes=%d", message->topic,
                       message->payloadlen);
        return;
    }
    if (in->batch.n == 0)
        in->batch_begun_ms = sei_server_steady_ms();
    if (in->batch.n >= BATCH_ROOM || sei_batch_add(&in->batch, &frame) != SEI_OK)
        in->must_drop = true; /* not kept: it must come again */
}

static void on_publish(struct mosquitto *mosq, void *user, int message, int code,
                       const mosquitto_property *properties)
{
    ingest *in = user;

    (void)mosq;
    (void)message;
    (void)code;
    (void)properties;
    in->unsent -= in->unsent > 0;
}

static void drop_connection(ingest *in)
{
    if (in->mosq)
        mosquitto_destroy(in->mosq);
    if (in->is_connected)
        sei_server_say(in->server, "event=broker-lost");
    in->mosq         = NULL;
    in->is_connected = in->must_drop = false;
    in->unsent                       = 0;
    atomic_store(&in->server->counts.broker_connected, 0);
    in->retry_at_us = sei_server_now() + in->retry_ms * 1000;
    in->retry_ms    = in->retry_ms * 2 > RETRY_MAX_MS ? RETRY_MAX_MS : in->retry_ms * 2;
}

static bool set_login(ingest *in)
{
    const char *path = in->server->config.mqtt.password_file;
    char       *text = NULL;
    size_t      len  = 0;

    if (!in->server->config.mqtt.user)
        return true;
    if (path && sei_file_read(in->desk->ctx, path, 1000, &text, &len) != SEI_OK) {
        sei_server_say(in->server, "event=broker-password detail=\"%s\"",
                       sei_ctx_error(in->desk->ctx));
        return false;
    }
    while (len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        text[--len] = '\0';
    const int code = mosquitto_username_pw_set(in->mosq, in->server->config.mqtt.user, text);
    if (text)
        sodium_memzero(text, len);
    sei_release(in->desk->ctx, text);
    return code == MOSQ_ERR_SUCCESS;
}

static void connect_broker(ingest *in)
{
    const sei_server_config *c          = &in->server->config;
    mosquitto_property      *properties = NULL;

    in->mosq  = mosquitto_new(c->mqtt.client_id, false, in);
    bool good = in->mosq != NULL;
    if (good) {
        mosquitto_threaded_set(in->mosq, true); /* answers wait for mosquitto_loop_write */
        good = mosquitto_int_option(in->mosq, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5) ==
                   MOSQ_ERR_SUCCESS &&
               mosquitto_int_option(in->mosq, MOSQ_OPT_RECEIVE_MAXIMUM, RECEIVE_MAX) ==
                   MOSQ_ERR_SUCCESS;
        mosquitto_connect_v5_callback_set(in->mosq, on_connect);
        mosquitto_message_v5_callback_set(in->mosq, on_message);
        mosquitto_publish_v5_callback_set(in->mosq, on_publish);
    }
    if (good && c->mqtt.ca)
        good = mosquitto_tls_set(in->mosq, c->mqtt.ca, NULL, c->mqtt.certificate, c->mqtt.key,
                                 NULL) == MOSQ_ERR_SUCCESS &&
               mosquitto_tls_opts_set(in->mosq, 1, "tlsv1.2", NULL) == MOSQ_ERR_SUCCESS;
    /* the session outlives us: what comes meanwhile waits at the broker */
    good = good && set_login(in) &&
           mosquitto_property_add_int32(&properties, MQTT_PROP_SESSION_EXPIRY_INTERVAL,
                                        UINT32_MAX) == MOSQ_ERR_SUCCESS &&
           mosquitto_connect_bind_v5(in->mosq, c->mqtt.host, (int)c->mqtt.port, KEEP_ALIVE_S, NULL,
                                     properties) == MOSQ_ERR_SUCCESS;
    mosquitto_property_free_all(&properties);
    if (!good)
        drop_connection(in);
}

/* ---- batches ------------------------------------------------------------------------------------------- */

/* What became of a frame is counted, told when it is not good, and the station is asked for what it lacks. */
static void take_decoded(void *user, const sei_frame *frame, const sei_decoded *decoded)
{
    ingest *in = user;

    sei_server_count(in->server, decoded);
    sei_asker_note(in->asker, decoded->station_id, frame->source,
                   decoded->points.n_known > 0 && decoded->points.n_added == 0);
    if (decoded->state != SEI_FRAME_DONE)
        sei_server_say(in->server, "event=frame id=%lld state=%d detail=\"%s\"",
                       (long long)frame->id, (int)decoded->state, decoded->detail);
}

static void say_store(ingest *in, const char *event, sei_status status)
{
    sei_server_say(in->server, "event=%s status=%s detail=\"%s\"", event, sei_status_name(status),
                   sei_ctx_error(in->desk->ctx));
}

/* n of those that were kept are decoded. A frame whose decoding did not come to its end is still new, and is taken up by
 * the next sweep. */
static void end_kept(ingest *in, sei_status status, size_t n)
{
    for (size_t i = 0; i < n; i++)
        take_decoded(in, &in->kept.frames[i], &in->kept.decoded[i]);
    if (status != SEI_OK) {
        say_store(in, "frames-not-decoded", status);
        atomic_store(&in->server->counts.store_ok, false);
        in->sweep_at_us = 0;
    }
    sei_batch_clear(&in->kept);
}

static void decode_kept(ingest *in)
{
    size_t n = 0;

    if (in->kept.n == 0)
        return;
    const sei_status st = sei_batch_decode(in->server, in->desk, &in->kept, &n);
    end_kept(in, st, n);
}

/* One commit keeps the frames of this batch and what was in those of the one before. When that fails, it may be because of
 * what is in them: then each for itself. */
static sei_status keep_batch(ingest *in)
{
    if (in->kept.n > 0 &&
        sei_batch_keep_and_decode(in->server, in->desk, &in->batch, &in->kept) == SEI_OK) {
        atomic_store(&in->server->counts.store_ok, true);
        end_kept(in, SEI_OK, in->kept.n);
        return SEI_OK;
    }
    const sei_status st = sei_batch_keep(in->desk, &in->batch);
    atomic_store(&in->server->counts.store_ok, st == SEI_OK);
    if (st != SEI_OK)
        say_store(in, "frames-not-kept", st);
    decode_kept(in);
    return st;
}

/* All answers together: each has a call of its own for the socket, which holds them back until they fill a packet, or are all. */
static void answer_broker(ingest *in)
{
    const int fd = mosquitto_socket(in->mosq), on = 1, off = 0;

    setsockopt(fd, IPPROTO_TCP, TCP_CORK, &on, sizeof on);
    mosquitto_loop_write(in->mosq, 1);
    setsockopt(fd, IPPROTO_TCP, TCP_CORK, &off, sizeof off);
}

/* Raw frames first, then their answers to the broker; what is in them with the next batch, or when none is there. */
static void commit_batch(ingest *in)
{
    if (in->batch.n == 0) {
        decode_kept(in);
        return;
    }
    if (keep_batch(in) != SEI_OK) {
        in->must_drop = true;
    } else {
        if (in->mosq && !in->must_drop)
            answer_broker(in);
        const sei_batch empty = in->kept;
        in->kept              = in->batch;
        in->batch             = empty;
    }
    sei_batch_clear(&in->batch);
    in->committed_ms = sei_server_steady_ms();
}

static void sweep(ingest *in)
{
    const int        generation = atomic_load(&in->server->generation);
    const sei_status st =
        sei_sweep(&in->sweeper, in->server, in->desk, generation != in->swept_generation);

    if (st == SEI_OK)
        in->swept_generation = generation;
    else
        say_store(in, "sweep", st);
    in->sweep_at_us = sei_server_now() + 60 * SEI_US_PER_S;
}

/* ---- the clock ----------------------------------------------------------------------------------------- */

static void daily(ingest *in, int64_t now_us)
{
    const int64_t days = in->server->config.keep_frames_days;
    int64_t       n    = 0;

    in->daily_at_us = now_us + SEI_US_PER_DAY;
    sei_status st   = sei_store_seal_all(in->desk->store, SEI_HOT_MAX);
    if (st == SEI_OK && days > 0)
        st = sei_store_purge_frames(in->desk->store, now_us - days * SEI_US_PER_DAY, "seiryud",
                                    "keep_frames_days of the settings", now_us, &n);
    if (st == SEI_OK)
        st = sei_retain_run(&in->server->config, in->desk->store, now_us);
    if (st != SEI_OK)
        say_store(in, "daily", st);
}

/* New points, no more at a time than the broker takes. */
static void tell_news(ingest *in)
{
    sei_news_item items[NEWS_PIECE];
    char          topic[SEI_NEWS_TOPIC_BYTES], payload[SEI_NEWS_BYTES];
    size_t        n = NEWS_PIECE;

    while (in->server->news && in->is_connected && !in->must_drop && in->unsent < UNSENT_MAX &&
           n == NEWS_PIECE) {
        n = sei_news_take(in->server->news, NEWS_PIECE, items);
        for (size_t i = 0; i < n; i++) {
            const size_t len = sei_news_message(&items[i], topic, payload);
            const bool   sent =
                len > 0 && mosquitto_publish_v5(in->mosq, NULL, topic, (int)len, payload, 1, false,
                                                NULL) == MOSQ_ERR_SUCCESS;
            in->unsent += sent;
            atomic_fetch_add(sent ? &in->server->counts.observed : &in->server->counts.not_observed,
                             1);
        }
    }
}

/* The broker, too, drops what is void. */
static void publish(void *user, const char *topic, const void *payload, size_t len,
                    uint32_t expiry_s)
{
    ingest             *in         = user;
    mosquitto_property *properties = NULL;

    if (!in->mosq || !in->is_connected)
        return;
    if (expiry_s > 0 && mosquitto_property_add_int32(&properties, MQTT_PROP_MESSAGE_EXPIRY_INTERVAL,
                                                     expiry_s) != MOSQ_ERR_SUCCESS)
        return;
    in->unsent += mosquitto_publish_v5(in->mosq, NULL, topic, (int)len, payload, 1, false,
                                       properties) == MOSQ_ERR_SUCCESS;
    mosquitto_property_free_all(&properties);
    atomic_fetch_add(&in->server->counts.asks, 1);
}

/* Quality control takes what is due in pieces, so that frames never wait for long. */
static sei_status control(ingest *in, int64_t now_us)
{
    bool       more = true;
    sei_status st   = SEI_OK;

    for (int i = 0; i < QC_PIECES && more && st == SEI_OK; i++)
        st = sei_quality_step(in->desk->ctx, in->desk->store, now_us, &in->turn, &more);
    if (st == SEI_OK && more)
        in->tick_at_us = 0;
    return st;
}

static void watch(ingest *in, int64_t now_us)
{
    bool       told = false, changed = false;
    sei_status st = sei_watch_tick(sei_desk_watch(in->server, in->desk), now_us, &told);

    if (told)
        sei_server_tell(in->server);
    if (st != SEI_OK)
        say_store(in, "alarms", st);
    st = sei_storm_run(in->desk->store, now_us, &changed);
    if (st == SEI_OK)
        st = sei_operate_tick(in->desk->store, now_us);
    if (st == SEI_OK && in->is_connected)
        st = sei_down_run(in->desk->store, now_us, publish, in);
    if (st != SEI_OK)
        say_store(in, "downlinks", st);
    st = control(in, now_us);
    if (st != SEI_OK)
        say_store(in, "quality-control", st);
}

/* Wall clocks jump: what is due is due at the latest one interval from now. */
static void hold(int64_t *at_us, int64_t now_us, int64_t interval_us)
{
    if (*at_us > now_us + interval_us)
        *at_us = now_us + interval_us;
}

static void tick(ingest *in)
{
    const int64_t now = sei_server_now();

    hold(&in->tick_at_us, now, TICK_MS * 1000);
    hold(&in->retry_at_us, now, (int64_t)RETRY_MAX_MS * 1000);
    hold(&in->sweep_at_us, now, 60 * SEI_US_PER_S);
    hold(&in->daily_at_us, now, SEI_US_PER_DAY);
    if (!in->mosq && in->server->config.mqtt.host && now >= in->retry_at_us)
        connect_broker(in);
    if (now < in->tick_at_us)
        return;
    in->tick_at_us = now + TICK_MS * 1000;
    decode_kept(in); /* before a sweep finds it */
    if (in->mosq && mosquitto_loop_misc(in->mosq) != MOSQ_ERR_SUCCESS)
        in->must_drop = true;
    if (now >= in->sweep_at_us || atomic_load(&in->server->generation) != in->swept_generation)
        sweep(in);
    if (now >= in->daily_at_us)
        daily(in, now);
    watch(in, now);
    if (in->is_connected) {
        const sei_status st = sei_asker_run(in->asker, in->desk->store, now, publish, in);
        if (st != SEI_OK)
            say_store(in, "ask", st);
    }
}

/* How long a batch waits for more: not at all when nothing was committed a window ago, since then it is alone; nor when a
 * wait was in vain not long ago. A broker whose window has shrunk sends the next frame only after the answer to
 * this one. */
static int linger_ms(const ingest *in)
{
    const int64_t now = sei_server_steady_ms(), left = in->batch_begun_ms + WINDOW_MS - now;

    return in->batch.n == 0 || now - in->committed_ms > WINDOW_MS ||
                   now - in->in_vain_ms < IN_VAIN_MS || left < 0
               ? 0
               : (int)left;
}

/* Bytes that TLS has read and deciphered: the socket does not tell of them. */
static bool has_deciphered(const ingest *in)
{
    const SSL *ssl = mosquitto_ssl_get(in->mosq);

    return ssl && SSL_pending(ssl) > 0;
}

static bool has_more(const ingest *in, int fd)
{
    struct pollfd p = {.fd = fd, .events = POLLIN};

    return has_deciphered(in) || poll(&p, 1, 0) > 0;
}

/* Is there something to read, now or within the batch's window? */
static bool wait_for_more(ingest *in, int fd)
{
    struct pollfd p       = {.fd = fd, .events = POLLIN};
    const int     wait_ms = linger_ms(in);

    if (has_more(in, fd))
        return true;
    if (wait_ms == 0)
        return false;
    if (in->waiting_n == 0)
        in->waiting_n = in->batch.n;
    if (poll(&p, 1, wait_ms) > 0)
        return true;
    if (in->batch.n == in->waiting_n)
        in->in_vain_ms = sei_server_steady_ms();
    return false;
}

/* Reads while there is something to read and room to keep it. */
static void read_broker(ingest *in, int fd)
{
    in->waiting_n = 0;
    do {
        const int code = mosquitto_loop_read(in->mosq, 1);
        if (code != MOSQ_ERR_SUCCESS) {
            in->must_drop = true;
            break;
        }
    } while (in->batch.n < BATCH_FRAMES && in->batch.bytes < BATCH_BYTES && !in->must_drop &&
             wait_for_more(in, fd));
    commit_batch(in);
}

/* What the broker's socket is ready for. */
static void serve_broker(ingest *in, int socket, short ready)
{
    if (!in->must_drop && ready & (POLLIN | POLLHUP | POLLERR))
        read_broker(in, socket);
    if (in->must_drop || !has_more(in, socket))
        decode_kept(in);
    if (!in->must_drop && mosquitto_want_write(in->mosq) &&
        mosquitto_loop_write(in->mosq, 1) != MOSQ_ERR_SUCCESS)
        in->must_drop = true;
    if (in->must_drop)
        drop_connection(in);
}

static void wait_and_serve(ingest *in, struct pollfd fds[3])
{
    const int socket = in->mosq ? mosquitto_socket(in->mosq) : -1;

    fds[2] = (struct pollfd){.fd = socket, .events = POLLIN};
    if (in->mosq && mosquitto_want_write(in->mosq))
        fds[2].events |= POLLOUT;
    if (in->mosq && socket < 0)
        in->must_drop = true;
    if (poll(fds, 3, in->must_drop ? 0 : TICK_MS) < 0)
        return;
    if (fds[1].revents) {
        uint64_t      count;
        const ssize_t ignored = read(fds[1].fd, &count, sizeof count);
        (void)ignored;
        in->tick_at_us = 0;
    }
    if (in->mosq)
        serve_broker(in, socket, fds[2].revents);
    tell_news(in);
}

/* *ret_desk stays NULL when the server is stopped before. */
static sei_status wait_for_store(sei_server *server, struct pollfd *stop, sei_desk **ret_desk)
{
    sei_status st = sei_desk_take(server, ret_desk);

    while (sei_server_waits(server, st))
        st = poll(stop, 1, STORE_RETRY_MS) > 0 ? SEI_OK : sei_desk_take(server, ret_desk);
    return st;
}

sei_status sei_ingest_run(sei_server *server, int stop_fd)
{
    ingest       *in     = NULL;
    sei_desk     *desk   = NULL;
    struct pollfd fds[3] = {
        {.fd = stop_fd, .events = POLLIN}, {.fd = server->wake_fd, .events = POLLIN}, {0}};
    sei_status st = wait_for_store(server, &fds[0], &desk);

    if (st != SEI_OK)
        return sei_fail(server->ctx, st, NULL, "cannot open the store");
    if (!desk)
        return SEI_OK;
    in = sei_alloc(desk->ctx, 1, sizeof *in);
    if (in)
        st = sei_asker_create(desk->ctx, server->config.ask_after_s, &in->asker);
    if (!in || st != SEI_OK) {
        sei_release(desk->ctx, in);
        sei_desk_give(server, desk);
        return SEI_E_NOMEM;
    }
    mosquitto_lib_init();
    in->server = server;
    in->desk   = desk;
    sei_batch_init(&in->batch, desk->ctx);
    sei_batch_init(&in->kept, desk->ctx);
    sei_sweeper_init(&in->sweeper, take_decoded, in);
    in->retry_ms         = RETRY_MIN_MS;
    in->swept_generation = -1;
    in->daily_at_us      = sei_server_now() + SEI_US_PER_HOUR;
    while (!(fds[0].revents & POLLIN)) {
        tick(in);
        wait_and_serve(in, fds);
    }
    commit_batch(in);
    decode_kept(in);
    if (in->mosq && in->is_connected)
        mosquitto_disconnect(in->mosq);
    if (in->mosq)
        mosquitto_loop_write(in->mosq, 1);
    drop_connection(in);
    mosquitto_lib_cleanup();
    sei_asker_free(in->asker);
    sei_batch_done(&in->batch);
    sei_batch_done(&in->kept);
    sei_release(desk->ctx, in);
    sei_desk_give(server, desk);
    return SEI_OK;
}
