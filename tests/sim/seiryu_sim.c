/*
 * seiryu_sim.c - plays stations to a broker: numbered records, a journal that survives kill -9, a bad radio
 *
 * usage: seiryu-sim HOST PORT SITE N_STATIONS FIRST_US INTERVAL_S N_RECORDS EVERY_MS LOSS DUPLICATE FOLDER
 *                   [CA CERTIFICATES [JUMP_AT JUMP_S]]
 *
 * Station k is "sK" and holds ten channels c1..c10 of profile 1 (sim_value below says every value that will ever be
 * sent, so whoever checks needs no list). The journal is a file with the count of records made: a record is
 * what its number says. LOSS and DUPLICATE are shares 0..1 of frames that are never sent, or sent twice. With CA
 * and CERTIFICATES (a folder with sK.crt and sK.key) it speaks TLS. A station with a file FOLDER/sK.command can be operated
 * (sim_command.h). A request for another sampling rate is written to FOLDER/sK.rate as "INTERVAL_S MINUTES" and, from then
 * on, followed: records are made faster by as much. Ends by SIGTERM. The clocks of the stations are set back by JUMP_S before
 * record JUMP_AT.
 */
#include <fcntl.h>
#include <mosquitto.h>
#include <mqtt_protocol.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/number.h"
#include "msg/msg.h"
#include "sim_command.h"

enum { STATIONS_MAX = 1000, EPOCH = 1, QUEUE = 512, JOURNAL_BYTES = 20, TICK_MS = 100 };

typedef struct {
    const char *host, *site, *folder, *ca, *certificates;
    int         port, n_stations, every_ms;
    int64_t     first_us, interval_s, n_records, jump_at, jump_s;
    double      loss, duplicate;
} options;

typedef struct {
    const options    *o;
    int               k;
    struct mosquitto *mosq;
    int64_t           made, kept;
    bool              connected;
    sei_ask           queue[QUEUE];
    size_t            n_queue;
    uint64_t          random;
    int               journal; /* file */
    int               fd;      /* that the event file knows; -1: none */
    uint32_t          events;  /* that it waits for there */
    uint32_t          ready;   /* those that came */
    sim_command      *command; /* NULL: cannot be operated */
    int64_t           faster;  /* records at once */
} station;

static volatile sig_atomic_t stopping;

static void on_signal(int number)
{
    (void)number;
    stopping = 1;
}

static sei_profile profile(void)
{
    sei_profile p = {.number = 1, .n = 10};

    for (int i = 0; i < 10; i++) {
        snprintf(p.fields[i].channel, sizeof p.fields[i].channel, "c%d", i + 1);
        p.fields[i].bits     = 10;
        p.fields[i].decimals = 2;
        p.fields[i].step     = 1;
    }
    return p;
}

static double sim_value(int k, int channel, int64_t seq)
{
    return (double)((seq * 37 + channel * 101 + k * 13) % 1000) / 100.0;
}

static double chance(station *s)
{
    s->random ^= s->random << 13;
    s->random ^= s->random >> 7;
    s->random ^= s->random << 17;
    return (double)(s->random >> 11) / 9007199254740992.0;
}

static void values_of(const station *s, int64_t seq, double values[10])
{
    for (int i = 0; i < 10; i++)
        values[i] = sim_value(s->k, i + 1, seq);
}

static int64_t time_of(const station *s, int64_t seq)
{
    return s->o->first_us / SEI_US_PER_S + seq * s->o->interval_s -
           (seq >= s->o->jump_at ? s->o->jump_s : 0);
}

static void publish(station *s, const uint8_t *frame, size_t len)
{
    char topic[200];

    snprintf(topic, sizeof topic, "seiryu/v1/%.80s/s%d/rec", s->o->site, s->k);
    if (chance(s) < s->o->loss)
        return;
    mosquitto_publish(s->mosq, NULL, topic, (int)len, frame, 1, false);
    if (chance(s) < s->o->duplicate)
        mosquitto_publish(s->mosq, NULL, topic, (int)len, frame, 1, false);
}

/* As many records of [first, first + count) as fit each frame. */
static void send_records(station *s, int64_t first, int64_t count)
{
    const sei_profile p = profile();
    uint8_t           frame[SEI_RECORD_BYTES_MAX];
    double            values[10];
    size_t            len = 0;

    for (int64_t seq = first; seq < first + count && seq < s->made; seq++) {
        values_of(s, seq, values);
        const size_t longer =
            len ? sei_msg_append_record(&p, frame, len, sizeof frame, (uint32_t)(seq - 1),
                                        time_of(s, seq - 1), (uint32_t)seq, time_of(s, seq), values)
                : 0;
        if (len && !longer)
            publish(s, frame, len);
        len = longer
                  ? longer
                  : sei_msg_write_record(&p, EPOCH, (uint32_t)seq, time_of(s, seq), values, frame);
    }
    if (len)
        publish(s, frame, len);
}

/* ---- broker */

static void on_connect(struct mosquitto *mosq, void *user, int code, int flags,
                       const mosquitto_property *properties)
{
    station *s = user;
    char     topic[200];

    (void)flags;
    (void)properties;
    s->connected = code == 0;
    snprintf(topic, sizeof topic, "seiryu/v1/%.80s/s%d/down", s->o->site, s->k);
    if (s->connected)
        mosquitto_subscribe(mosq, NULL, topic, 1);
    snprintf(topic, sizeof topic, "seiryu/v1/%.80s/s%d/cmd", s->o->site, s->k);
    if (s->connected && s->command)
        mosquitto_subscribe(mosq, NULL, topic, 1);
}

static void send_answer(void *user, const uint8_t *frame, size_t len)
{
    station *s = user;
    char     topic[200];

    snprintf(topic, sizeof topic, "seiryu/v1/%.80s/s%d/ack", s->o->site, s->k);
    mosquitto_publish(s->mosq, NULL, topic, (int)len, frame, 1, false);
}

static void set_rate(station *s, const sei_down *down)
{
    char path[500];

    snprintf(path, sizeof path, "%.400s/s%d.rate", s->o->folder, s->k);
    FILE *f = fopen(path, "w");
    if (f) {
        fprintf(f, "%u %u\n", down->interval_s, down->minutes);
        fclose(f);
    }
    s->faster = down->interval_s > 0 ? s->o->interval_s / down->interval_s : 1;
}

static void on_disconnect(struct mosquitto *mosq, void *user, int code,
                          const mosquitto_property *properties)
{
    (void)mosq;
    (void)code;
    (void)properties;
    ((station *)user)->connected = false;
}

static void on_message(struct mosquitto *mosq, void *user, const struct mosquitto_message *message,
                       const mosquitto_property *properties)
{
    station *s = user;
    sei_down down;

    (void)mosq;
    (void)properties;
    if (s->command && strcmp(message->topic + strlen(message->topic) - 4, "/cmd") == 0) {
        sim_command_frame(s->command, message->payload, (size_t)message->payloadlen);
        return;
    }
    if (sei_msg_read_down(NULL, message->payload, (size_t)message->payloadlen, &down) != SEI_OK)
        return;
    if (down.kind == SEI_DOWN_RATE)
        set_rate(s, &down);
    if (down.epoch != EPOCH)
        return;
    if (down.kind == SEI_DOWN_KEPT)
        s->kept = (int64_t)down.kept + 1;
    for (size_t i = 0; i < down.n && s->n_queue < QUEUE; i++)
        s->queue[s->n_queue++] = down.asks[i];
}

static bool connect_station(station *s)
{
    char id[100], crt[500], key[500];

    snprintf(id, sizeof id, "%.60s-s%d", s->o->site, s->k);
    s->mosq = mosquitto_new(id, true, s);
    if (!s->mosq)
        return false;
    mosquitto_int_option(s->mosq, MOSQ_OPT_PROTOCOL_VERSION, MQTT_PROTOCOL_V5);
    mosquitto_connect_v5_callback_set(s->mosq, on_connect);
    mosquitto_disconnect_v5_callback_set(s->mosq, on_disconnect);
    mosquitto_message_v5_callback_set(s->mosq, on_message);
    if (s->o->ca) {
        snprintf(crt, sizeof crt, "%.400s/s%d.crt", s->o->certificates, s->k);
        snprintf(key, sizeof key, "%.400s/s%d.key", s->o->certificates, s->k);
        if (mosquitto_tls_set(s->mosq, s->o->ca, NULL, crt, key, NULL) != MOSQ_ERR_SUCCESS)
            return false;
    }
    mosquitto_connect(s->mosq, s->o->host, s->o->port, 10); /* refused now: the loop tries again */
    return true;
}

/* ---- journal */

static bool open_journal(station *s)
{
    char path[500], text[JOURNAL_BYTES + 1] = "";

    snprintf(path, sizeof path, "%.400s/s%d.journal", s->o->folder, s->k);
    s->journal = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0644);
    if (s->journal < 0)
        return false;
    const ssize_t n     = pread(s->journal, text, JOURNAL_BYTES, 0);
    const size_t  zeros = n == JOURNAL_BYTES ? strspn(text, "0") : 0;
    if (n == JOURNAL_BYTES && !sei_parse_int(text + zeros, JOURNAL_BYTES - zeros, &s->made))
        s->made = 0;
    return true;
}

/* Before the record is sent: a number that was used is never used again. One write of fixed length. */
static void make_record(station *s)
{
    char text[JOURNAL_BYTES + 1];

    s->made++;
    snprintf(text, sizeof text, "%0*lld", JOURNAL_BYTES, (long long)s->made);
    if (pwrite(s->journal, text, JOURNAL_BYTES, 0) != JOURNAL_BYTES) {
        fprintf(stderr, "seiryu-sim: station %d cannot write its journal\n", s->k);
        _exit(1); /* rather than use a number twice */
    }
}

static int64_t now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* What the socket is ready for; mosquitto_loop() would wait by select(), which ends at some 340 stations. */
static bool serve(station *s, uint32_t ready, bool is_tick)
{
    if (mosquitto_socket(s->mosq) < 0)
        return false;
    if (ready & (EPOLLIN | EPOLLHUP | EPOLLERR) &&
        mosquitto_loop_read(s->mosq, 1) != MOSQ_ERR_SUCCESS)
        return false;
    if (mosquitto_want_write(s->mosq) && mosquitto_loop_write(s->mosq, 1) != MOSQ_ERR_SUCCESS)
        return false;
    return !is_tick || mosquitto_loop_misc(s->mosq) == MOSQ_ERR_SUCCESS;
}

/* The event file waits for what the station waits for. A file that was closed is forgotten there by itself. */
static void watch(station *s, int events_fd)
{
    struct epoll_event e  = {.events = mosquitto_want_write(s->mosq) ? EPOLLIN | EPOLLOUT : EPOLLIN,
                             .data   = {.ptr = s}};
    const int          fd = mosquitto_socket(s->mosq);

    if (fd >= 0 && fd != s->fd)
        epoll_ctl(events_fd, EPOLL_CTL_ADD, fd, &e);
    else if (fd >= 0 && e.events != s->events)
        epoll_ctl(events_fd, EPOLL_CTL_MOD, fd, &e);
    s->fd     = fd;
    s->events = e.events;
}

static void stay_connected(station *s, uint32_t ready, bool is_tick)
{
    if ((ready || is_tick || s->fd < 0) && !serve(s, ready, is_tick)) {
        s->connected = false;
        s->fd        = -1; /* another file may get the number */
        mosquitto_reconnect(s->mosq);
    }
}

/* The next request of the server for records that it lacks. */
static void answer_one(station *s)
{
    if (!s->connected || s->n_queue == 0)
        return;
    const sei_ask ask = s->queue[0];

    memmove(s->queue, s->queue + 1, --s->n_queue * sizeof *s->queue);
    send_records(s, ask.first, ask.count);
}

/* What the server has not seen at all is not in its list of holes: the newest goes again now and then. */
static void send_newest_again(station *s)
{
    const bool all_made = s->made == s->o->n_records;

    if (s->connected && all_made && s->made > s->kept && chance(s) < 0.02)
        send_records(s, s->made - 1, 1);
}

static void step(station *s, bool is_due, uint32_t ready, bool is_tick)
{
    stay_connected(s, ready, is_tick);
    for (int64_t i = 0; i < s->faster && is_due && s->made < s->o->n_records; i++) {
        make_record(s);
        if (s->connected)
            send_records(s, s->made - 1, 1);
    }
    if (s->command)
        sim_command_step(s->command, now_ms());
    answer_one(s);
    if (is_due)
        send_newest_again(s);
}

/* Looks for a millisecond what the broker has for the stations, and takes a step of each. */
static void step_all(int n, station all[], int events_fd, bool is_due, bool is_tick)
{
    enum { AT_ONCE = 256 };
    struct epoll_event ready[AT_ONCE];
    const int          n_ready = epoll_wait(events_fd, ready, AT_ONCE, 1);

    for (int i = 0; i < n_ready; i++)
        ((station *)ready[i].data.ptr)->ready = ready[i].events;
    for (int i = 0; i < n; i++) {
        station       *s   = &all[i];
        const uint32_t now = s->ready;
        s->ready           = 0;
        step(s, is_due, now, is_tick);
        watch(s, events_fd);
    }
}

/* So that the first record of many stations is not a hole that is asked for much later; without a broker they begin, too. */
static void wait_for_all(int n, station all[], int events_fd)
{
    enum { PATIENCE_MS = 1000 };
    int n_connected = 0;

    for (const int64_t ends = now_ms() + PATIENCE_MS;
         n_connected < n && now_ms() < ends && !stopping;) {
        step_all(n, all, events_fd, false, false);
        n_connected = 0;
        for (int i = 0; i < n; i++)
            n_connected += all[i].connected;
    }
}

static bool read_options(int argc, char **argv, options *o)
{
    int64_t n[6];
    char   *numbers[6] = {argv[2], argv[4], argv[5], argv[6], argv[7], argv[8]};

    for (int i = 0; i < 6; i++)
        if (!sei_parse_int(numbers[i], strlen(numbers[i]), &n[i]))
            return false;
    *o = (options){.host         = argv[1],
                   .port         = (int)n[0],
                   .site         = argv[3],
                   .n_stations   = (int)n[1],
                   .first_us     = n[2],
                   .interval_s   = n[3],
                   .n_records    = n[4],
                   .every_ms     = (int)n[5],
                   .folder       = argv[11],
                   .ca           = argc > 13 ? argv[12] : NULL,
                   .certificates = argc > 13 ? argv[13] : NULL,
                   .jump_at      = INT64_MAX};
    if (argc > 15 && (!sei_parse_int(argv[14], strlen(argv[14]), &o->jump_at) ||
                      !sei_parse_int(argv[15], strlen(argv[15]), &o->jump_s)))
        return false;
    return sei_parse_double(argv[9], strlen(argv[9]), &o->loss) &&
           sei_parse_double(argv[10], strlen(argv[10]), &o->duplicate) && o->n_stations >= 1 &&
           o->n_stations <= STATIONS_MAX && o->every_ms >= 1;
}

int main(int argc, char **argv)
{
    options o;

    if (argc < 12 || !read_options(argc, argv, &o)) {
        fprintf(stderr, "usage: see the head of tests/sim/seiryu_sim.c\n");
        return 2;
    }
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    signal(SIGPIPE, SIG_IGN);
    mosquitto_lib_init();
    const int events_fd = epoll_create1(EPOLL_CLOEXEC);
    station  *all       = calloc((size_t)o.n_stations, sizeof *all);
    if (events_fd < 0 || !all) {
        fprintf(stderr, "seiryu-sim: no memory or no event file\n");
        return 1;
    }
    for (int i = 0; i < o.n_stations; i++) {
        all[i] = (station){.o      = &o,
                           .k      = i + 1,
                           .fd     = -1,
                           .faster = 1,
                           .random = 88172645463325252u + (uint64_t)i * 977u + (uint64_t)getpid()};
        char name[20];
        snprintf(name, sizeof name, "s%d", i + 1);
        all[i].command = sim_command_open(o.folder, name, send_answer, &all[i]);
        if (!open_journal(&all[i]) || !connect_station(&all[i])) {
            fprintf(stderr, "seiryu-sim: station %d cannot start\n", i + 1);
            return 1;
        }
    }
    wait_for_all(o.n_stations, all, events_fd);
    for (int64_t due = now_ms(), tick = due; !stopping;) {
        const int64_t now    = now_ms();
        const bool    is_due = now >= due, is_tick = now >= tick;
        due += is_due ? o.every_ms : 0;
        tick = is_tick ? now + TICK_MS : tick;
        step_all(o.n_stations, all, events_fd, is_due, is_tick);
    }
    for (int i = 0; i < o.n_stations; i++) {
        mosquitto_destroy(all[i].mosq);
        sim_command_close(all[i].command);
        close(all[i].journal);
    }
    close(events_fd);
    free(all);
    mosquitto_lib_cleanup();
    return 0;
}
