/* ask.c - holes asked back with growing pauses, so that a station that lost records is not drained by us */
#include "server/ask.h"

#include <string.h>

#include "msg/msg.h"

enum {
    STATIONS_MAX      = 100000,
    PAUSE_MIN_S       = 2,
    PAUSE_MAX_S       = 60 * 60,
    KEPT_PAUSE_S      = 2,
    REQUESTS_MAX      = 25,     /* at once, to a station with a wide way */
    KEPT_PAUSE_LORA_S = 60 * 60 /* a downlink of LoRaWAN costs the gateway its hearing */
};

typedef struct {
    int64_t       id;
    sei_down_path path;
    bool          is_due; /* records came since the last look */
    int64_t       missing_since_us, next_us, pause_s;
    sei_hole      asked;   /* from the oldest number of the last request to its newest */
    int64_t       n_asked; /* how many of them were missing then */
    int64_t       kept_epoch, kept_seq, kept_next_us;
} station;

struct sei_asker {
    sei_ctx *ctx;
    int64_t  after_us;
    size_t   n, size;
    station *stations; /* by id */
    int64_t *due;      /* ids of those that are looked at; room for as many as stations */
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
    sei_release(a->ctx, a->due);
    sei_release(a->ctx, a);
}

void sei_asker_reset(sei_asker *a)
{
    for (size_t i = 0; i < a->n; i++) {
        a->stations[i].is_due   = true;
        a->stations[i].next_us  = 0;
        a->stations[i].pause_s  = PAUSE_MIN_S;
        a->stations[i].kept_seq = -1;
        a->stations[i].n_asked  = 0;
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

void sei_asker_note(sei_asker *a, int64_t station_id, const char *topic, bool is_repeat)
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
            a->stations  = stations;
            int64_t *due = sei_resize(a->ctx, a->due, size, sizeof *due);
            if (!due)
                return;
            a->due  = due;
            a->size = size;
        }
        memmove(&a->stations[i + 1], &a->stations[i], (a->n - i) * sizeof *a->stations);
        a->stations[i] = (station){.id = station_id, .pause_s = PAUSE_MIN_S, .kept_seq = -1};
        a->n++;
    }
    a->stations[i].path   = path;
    a->stations[i].is_due = true;
    if (is_repeat) /* it did not hear that it was kept */
        a->stations[i].kept_seq = -1;
}

static void send_some(const station *s, int64_t epoch, size_t n, const sei_ask asks[],
                      sei_down_publish send, void *user)
{
    uint8_t      bytes[SEI_DOWN_BYTES_MAX];
    const size_t len = sei_msg_write_ask((unsigned)epoch, n, asks, bytes);

    if (len > 0)
        sei_down_send(&s->path, SEI_PORT_REQUEST, bytes, len, 0, send, user);
}

/* What fits one request by LoRaWAN, where a downlink is dear, else all holes. */
static void send_ask(station *s, const sei_gaps *gaps, sei_down_publish send, void *user)
{
    const int64_t epoch = gaps->epoch;
    sei_ask       asks[SEI_ASKS_MAX];
    size_t        n_asks = 0, n_sent = 0;

    s->asked   = gaps->holes[0];
    s->n_asked = 0;
    for (size_t i = 0; i < gaps->n; i++)
        for (int64_t first = gaps->holes[i].first; first <= gaps->holes[i].last; first += 256) {
            const int64_t left = gaps->holes[i].last - first + 1, count = left < 256 ? left : 256;
            if (n_asks == SEI_ASKS_MAX) {
                send_some(s, epoch, n_asks, asks, send, user);
                n_asks = 0;
                if (s->path.way != SEI_WAY_OWN || ++n_sent >= REQUESTS_MAX)
                    return;
            }
            asks[n_asks++] = (sei_ask){(uint32_t)first, (uint32_t)count};
            s->asked.last  = first + count - 1;
            s->n_asked += count;
        }
    send_some(s, epoch, n_asks, asks, send, user);
}

/* Did some of what was asked for come? Of all that is missing nothing can be said: there may be more holes than are
 * looked at, and new ones come while old ones are filled. */
static bool has_answered(const station *s, const sei_gaps *gaps)
{
    int64_t left = 0;

    for (size_t i = 0; i < gaps->n && gaps->epoch == s->asked.epoch; i++) {
        const sei_hole *hole  = &gaps->holes[i];
        const int64_t   first = hole->first > s->asked.first ? hole->first : s->asked.first,
                      last    = hole->last < s->asked.last ? hole->last : s->asked.last;
        left += first <= last ? last - first + 1 : 0;
    }
    return left < s->n_asked;
}

static void ask(const sei_asker *a, station *s, const sei_gaps *gaps, int64_t now_us,
                sei_down_publish send, void *user)
{
    if (gaps->n == 0) {
        s->missing_since_us = s->n_asked = 0;
        s->pause_s                       = PAUSE_MIN_S;
        return;
    }
    if (s->missing_since_us == 0 || s->missing_since_us > now_us) {
        s->missing_since_us = now_us;
    } else if (has_answered(s, gaps)) {
        s->pause_s = PAUSE_MIN_S;
        s->n_asked = 0;
    }
    if (s->next_us >
        now_us + s->pause_s * SEI_US_PER_S) /* it answered, or the clock was set back */
        s->next_us = now_us + s->pause_s * SEI_US_PER_S;
    if (now_us - s->missing_since_us < a->after_us || now_us < s->next_us)
        return;
    send_ask(s, gaps, send, user);
    s->next_us = now_us + s->pause_s * SEI_US_PER_S;
    s->pause_s = s->pause_s * 2 > PAUSE_MAX_S ? PAUSE_MAX_S : s->pause_s * 2;
}

static void tell_kept(station *s, const sei_gaps *gaps, int64_t now_us, sei_down_publish send,
                      void *user)
{
    uint8_t bytes[SEI_DOWN_BYTES_MAX];

    if (gaps->kept < 0 || (gaps->epoch == s->kept_epoch && gaps->kept <= s->kept_seq))
        return;
    const size_t len = sei_msg_write_kept((unsigned)gaps->epoch, (uint32_t)gaps->kept, bytes);
    sei_down_send(&s->path, SEI_PORT_REQUEST, bytes, len, 0, send, user);
    s->kept_epoch = gaps->epoch;
    s->kept_seq   = gaps->kept;
    s->kept_next_us =
        now_us + (s->path.way == SEI_WAY_OWN ? KEPT_PAUSE_S : KEPT_PAUSE_LORA_S) * SEI_US_PER_S;
}

/* Records came, or what was asked for did not; a time too far ahead is of a clock that was set back. */
static bool is_due(const station *s, int64_t now_us)
{
    return s->is_due ||
           (s->missing_since_us != 0 &&
            (now_us >= s->next_us || s->next_us > now_us + (int64_t)PAUSE_MAX_S * SEI_US_PER_S));
}

typedef struct {
    sei_asker       *asker;
    int64_t          now_us;
    sei_down_publish send;
    void            *user;
} look;

static void look_at(void *user, size_t i, const sei_gaps *gaps)
{
    const look *l = user;
    station    *s = &l->asker->stations[place_of(l->asker, l->asker->due[i])];

    ask(l->asker, s, gaps, l->now_us, l->send, l->user);
    if (l->now_us >= s->kept_next_us ||
        s->kept_next_us > l->now_us + (int64_t)PAUSE_MAX_S * SEI_US_PER_S) {
        tell_kept(s, gaps, l->now_us, l->send, l->user);
        s->is_due = false;
    }
}

sei_status sei_asker_run(sei_asker *a, sei_store *store, int64_t now_us, sei_down_publish send,
                         void *user)
{
    look   l = {a, now_us, send, user};
    size_t n = 0;

    for (size_t i = 0; i < a->n; i++)
        if (is_due(&a->stations[i], now_us))
            a->due[n++] = a->stations[i].id;
    return n > 0 ? sei_store_gaps(store, n, a->due, look_at, &l) : SEI_OK;
}
