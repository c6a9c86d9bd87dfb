/* ask.c - holes asked back with growing pauses, so that a station that lost records is not drained by us */
#include "server/ask.h"

#include <string.h>

#include "msg/msg.h"

enum {
    STATIONS_MAX      = 100000,
    PAUSE_MIN_S       = 2,
    PAUSE_MAX_S       = 60 * 60,
    KEPT_PAUSE_S      = 2,
    REQUESTS_MAX      = 25,      /* at once, to a station with a wide way */
    KEPT_PAUSE_LORA_S = 60 * 60, /* a downlink of LoRaWAN costs the gateway its hearing */
    HOLES_MAX         = 200
};

typedef struct {
    int64_t       id;
    sei_down_path path;
    bool          is_due; /* records came since the last look */
    int64_t       missing_since_us, next_us, pause_s, n_missing;
    int64_t       kept_epoch, kept_seq, kept_next_us;
} station;

struct sei_asker {
    sei_ctx *ctx;
    int64_t  after_us;
    size_t   n, size;
    station *stations; /* by id */
};

sei_status sei_asker_create(sei_ctx *ctx, int64_t after_s, sei_asker **ret_asker)
{
    sei_asker *a = sei_alloc(ctx, 1, sizeof *a);

    if (!a)
        return SEI_E_NOMEM;
    a->ctx      = ctx;
    a->after_us = after_s * SEI_US_PER_S;
    *ret_asker  = a;
    return SEI_OK;
}

void sei_asker_free(sei_asker *a)
{
    if (!a)
        return;
    sei_release(a->ctx, a->stations);
    sei_release(a->ctx, a);
}

void sei_asker_reset(sei_asker *a)
{
    for (size_t i = 0; i < a->n; i++) {
        a->stations[i].is_due   = true;
        a->stations[i].next_us  = 0;
        a->stations[i].pause_s  = PAUSE_MIN_S;
        a->stations[i].kept_seq = -1;
    }
}

/* Index of the first station whose id is not below. */
static size_t place_of(const sei_asker *a, int64_t id)
{
    size_t low = 0, high = a->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (a->stations[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void sei_asker_note(sei_asker *a, int64_t station_id, const char *topic)
{
    const size_t  i = place_of(a, station_id);
    sei_down_path path;

    if (station_id <= 0 || !sei_down_path_of(topic, &path))
        return;
    if (i == a->n || a->stations[i].id != station_id) {
        if (a->n >= STATIONS_MAX)
            return;
        if (a->n == a->size) {
            const size_t size     = a->size ? a->size * 2 : 64;
            station     *stations = sei_resize(a->ctx, a->stations, size, sizeof *stations);
            if (!stations)
                return; /* asked when there is memory again */
            a->stations = stations;
            a->size     = size;
        }
        memmove(&a->stations[i + 1], &a->stations[i], (a->n - i) * sizeof *a->stations);
        a->stations[i] = (station){.id = station_id, .pause_s = PAUSE_MIN_S, .kept_seq = -1};
        a->n++;
    }
    a->stations[i].path   = path;
    a->stations[i].is_due = true;
}

static void send_some(const station *s, int64_t epoch, size_t n, const sei_ask asks[],
                      sei_down_publish send, void *user)
{
    uint8_t      bytes[SEI_DOWN_BYTES_MAX];
    const size_t len = sei_msg_write_ask((unsigned)epoch, n, asks, bytes);

    if (len > 0)
        sei_down_send(&s->path, SEI_PORT_REQUEST, bytes, len, 0, send, user);
}

/* Holes of the first one's epoch: what fits one request by LoRaWAN, where a downlink is dear, else all of them. */
static void send_ask(const station *s, size_t n, const sei_hole holes[], sei_down_publish send,
                     void *user)
{
    sei_ask asks[SEI_ASKS_MAX];
    size_t  n_asks = 0, n_sent = 0;

    for (size_t i = 0; i < n && holes[i].epoch == holes[0].epoch; i++)
        for (int64_t first = holes[i].first; first <= holes[i].last; first += 256) {
            const int64_t left = holes[i].last - first + 1;
            if (n_asks == SEI_ASKS_MAX) {
                send_some(s, holes[0].epoch, n_asks, asks, send, user);
                n_asks = 0;
                if (s->path.way != SEI_WAY_OWN || ++n_sent >= REQUESTS_MAX)
                    return;
            }
            asks[n_asks++] = (sei_ask){(uint32_t)first, (uint32_t)(left < 256 ? left : 256)};
        }
    send_some(s, holes[0].epoch, n_asks, asks, send, user);
}

static sei_status ask(sei_asker *a, station *s, sei_store *store, int64_t now_us,
                      sei_down_publish send, void *user)
{
    sei_hole   holes[HOLES_MAX];
    size_t     n         = 0;
    int64_t    n_missing = 0;
    sei_status st        = sei_store_holes(store, s->id, HOLES_MAX, holes, &n);

    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < n; i++)
        n_missing += holes[i].last - holes[i].first + 1;
    if (n == 0) {
        s->missing_since_us = 0;
        s->pause_s          = PAUSE_MIN_S;
    } else if (s->missing_since_us == 0 || s->missing_since_us > now_us) {
        s->missing_since_us = now_us;
    } else if (n_missing < s->n_missing) {
        s->pause_s = PAUSE_MIN_S; /* it answers */
        if (s->next_us > now_us + PAUSE_MIN_S * SEI_US_PER_S)
            s->next_us = now_us + PAUSE_MIN_S * SEI_US_PER_S;
    }
    s->n_missing = n_missing;
    if (s->next_us > now_us + s->pause_s * SEI_US_PER_S) /* the clock was set back */
        s->next_us = now_us + s->pause_s * SEI_US_PER_S;
    if (n == 0 || now_us - s->missing_since_us < a->after_us || now_us < s->next_us)
        return SEI_OK;
    send_ask(s, n, holes, send, user);
    s->next_us = now_us + s->pause_s * SEI_US_PER_S;
    s->pause_s = s->pause_s * 2 > PAUSE_MAX_S ? PAUSE_MAX_S : s->pause_s * 2;
    return SEI_OK;
}

static sei_status tell_kept(station *s, sei_store *store, int64_t now_us, sei_down_publish send,
                            void *user)
{
    int64_t    epoch = 0, seq = 0;
    bool       found = false;
    uint8_t    bytes[SEI_DOWN_BYTES_MAX];
    sei_status st = sei_store_watermark(store, s->id, &found, &epoch, &seq);

    if (st != SEI_OK || !found || seq < 0 || (epoch == s->kept_epoch && seq <= s->kept_seq))
        return st;
    const size_t len = sei_msg_write_kept((unsigned)epoch, (uint32_t)seq, bytes);
    sei_down_send(&s->path, SEI_PORT_REQUEST, bytes, len, 0, send, user);
    s->kept_epoch = epoch;
    s->kept_seq   = seq;
    s->kept_next_us =
        now_us + (s->path.way == SEI_WAY_OWN ? KEPT_PAUSE_S : KEPT_PAUSE_LORA_S) * SEI_US_PER_S;
    return SEI_OK;
}

sei_status sei_asker_run(sei_asker *a, sei_store *store, int64_t now_us, sei_down_publish send,
                         void *user)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < a->n && st == SEI_OK; i++) {
        station *s = &a->stations[i];
        if (!s->is_due && s->missing_since_us == 0)
            continue;
        if (!s->is_due && now_us < s->next_us &&
            s->next_us <= now_us + (int64_t)PAUSE_MAX_S * SEI_US_PER_S)
            continue;
        st = ask(a, s, store, now_us, send, user);
        if (st == SEI_OK && (now_us >= s->kept_next_us ||
                             s->kept_next_us > now_us + (int64_t)PAUSE_MAX_S * SEI_US_PER_S)) {
            st        = tell_kept(s, store, now_us, send, user);
            s->is_due = false;
        }
    }
    return st;
}
