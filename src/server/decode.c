/* decode.c - which station sent it, which decoder reads it, which channel each value belongs to */
#include "server/decode.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "seiryu/units.h"

enum {
    CHANNELS_MAX  = 200,
    STATIONS_MAX  = 4096,
    RECORD_PORT   = 1,
    ANSWER_PORT   = 5,
    GATHERED_MAX  = 1 << 16, /* readings that wait to be stored together */
    READINGS_KEPT = 1 << 17  /* room for as many is kept for the next frames */
};

typedef struct {
    int64_t         id;
    char            key[SEI_MSG_NAME_MAX];
    const sei_unit *unit; /* NULL: none, or one that is not in the list */
    char            unit_key[SEI_MSG_UNIT_MAX];
} channel;

typedef struct {
    int64_t id;
    char    transport[16], address[2 * SEI_MSG_NAME_MAX]; /* address: how the frame names it */
    sei_profiles *profiles;
    size_t        n;
    channel      *channels;
} station;

/* A record that waits; its readings are those from first on. */
typedef struct {
    size_t  frame, first;
    int64_t arrived_us;
} source;

struct sei_decoder {
    sei_ctx     *ctx;
    sei_store   *store;
    size_t       n;
    station     *stations; /* those looked up since the last forget, by address and transport */
    sei_msg      msg;
    sei_reading *readings;
    uint8_t     *is_new; /* as many as readings */
    size_t       n_readings, readings_size;
    sei_record  *records; /* with the two below: those that wait to be stored */
    sei_record_outcome *outcomes;
    source             *sources;
    size_t              n_records, records_size;
    sei_decoder_ears    ears;
};

/* ---- stations ------------------------------------------------------------------------------------------ */

sei_status sei_decoder_create(sei_ctx *ctx, sei_store *store, sei_decoder **ret_decoder)
{
    sei_decoder *d = sei_alloc(ctx, 1, sizeof *d);

    if (!d)
        return SEI_E_NOMEM;
    d->ctx   = ctx;
    d->store = store;
    sei_msg_init(&d->msg, ctx);
    *ret_decoder = d;
    return SEI_OK;
}

void sei_decoder_listen(sei_decoder *d, const sei_decoder_ears *ears)
{
    d->ears = *ears;
}

void sei_decoder_forget(sei_decoder *d)
{
    for (size_t i = 0; i < d->n; i++) {
        sei_release(d->ctx, d->stations[i].profiles);
        sei_release(d->ctx, d->stations[i].channels);
    }
    sei_release(d->ctx, d->stations);
    d->stations = NULL;
    d->n        = 0;
}

static void forget_readings(sei_decoder *d)
{
    sei_release(d->ctx, d->readings);
    sei_release(d->ctx, d->is_new);
    d->readings      = NULL;
    d->is_new        = NULL;
    d->readings_size = 0;
}

void sei_decoder_free(sei_decoder *d)
{
    if (!d)
        return;
    sei_decoder_forget(d);
    sei_msg_done(&d->msg);
    forget_readings(d);
    sei_release(d->ctx, d->records);
    sei_release(d->ctx, d->outcomes);
    sei_release(d->ctx, d->sources);
    sei_release(d->ctx, d);
}

static sei_status load_channels(sei_decoder *d, station *s)
{
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    sei_status st =
        sei_db_start(sei_store_db(d->store),
                     "SELECT id, key, unit FROM channel WHERE station_id = $1 ORDER BY id LIMIT $2",
                     SEI_BINDS(sei_bind_int(s->id), sei_bind_int(CHANNELS_MAX)), &stmt);

    s->channels = sei_alloc(d->ctx, CHANNELS_MAX, sizeof *s->channels);
    if (!s->channels)
        st = st == SEI_OK ? SEI_E_NOMEM : st;
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        channel *c = &s->channels[s->n++];
        c->id      = sei_db_int(stmt, 0);
        snprintf(c->key, sizeof c->key, "%s", sei_db_text(stmt, 1));
        snprintf(c->unit_key, sizeof c->unit_key, "%s", sei_db_text(stmt, 2));
        c->unit = sei_unit_find(c->unit_key);
    }
    sei_db_finish(stmt);
    return st;
}

static sei_status load_profiles(sei_decoder *d, station *s, const char *json)
{
    s->profiles = sei_alloc(d->ctx, 1, sizeof *s->profiles);
    if (!s->profiles)
        return SEI_E_NOMEM;
    return sei_profiles_read(d->ctx, json, strlen(json), s->profiles);
}

static int compare(const station *s, const char *transport, const char *address)
{
    const int by_address = strcmp(s->address, address);

    return by_address != 0 ? by_address : strcmp(s->transport, transport);
}

/* Index of the first station that is not before. */
static size_t place_of(const sei_decoder *d, const char *transport, const char *address)
{
    size_t low = 0, high = d->n;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (compare(&d->stations[middle], transport, address) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static sei_status add_station(sei_decoder *d, sei_stmt *stmt, const char *transport,
                              const char *address, const station **ret_station)
{
    station s = {.id = sei_db_int(stmt, 0)};

    if (d->n >= STATIONS_MAX)
        sei_decoder_forget(d);
    station *stations = sei_resize(d->ctx, d->stations, d->n + 1, sizeof *stations);
    if (!stations)
        return SEI_E_NOMEM;
    d->stations = stations;
    snprintf(s.transport, sizeof s.transport, "%s", transport);
    snprintf(s.address, sizeof s.address, "%s", address);
    sei_status st = load_profiles(d, &s, sei_db_text(stmt, 1));
    if (st == SEI_OK)
        st = load_channels(d, &s);
    if (st != SEI_OK) {
        sei_release(d->ctx, s.profiles);
        sei_release(d->ctx, s.channels);
        return st;
    }
    const size_t at = place_of(d, s.transport, s.address);
    memmove(&stations[at + 1], &stations[at], (d->n++ - at) * sizeof *stations);
    stations[at] = s;
    *ret_station = &stations[at];
    return SEI_OK;
}

/* transport "mqtt": address is "site/station"; "id": the station's id; else station.address. site: room for the first of
 * these, and valid as long as the statement. */
static sei_status look_up_station(sei_db *db, const char *transport, const char *address,
                                  char site[2 * SEI_MSG_NAME_MAX], sei_stmt **ret_stmt)
{
    const size_t n  = strcspn(address, "/");
    int64_t      id = 0;

    if (strcmp(transport, "mqtt") == 0) {
        snprintf(site, 2 * SEI_MSG_NAME_MAX, "%.*s", (int)n, address);
        return sei_db_start(
            db,
            "SELECT t.id, t.profiles FROM station t JOIN site s ON s.id ="
            " t.site_id WHERE s.key = $1 AND t.key = $2 AND t.active = 1",
            SEI_BINDS(sei_bind_text(site), sei_bind_text(address + n + (address[n] == '/'))),
            ret_stmt);
    }
    if (strcmp(transport, "id") == 0 && sei_parse_int(address, strlen(address), &id))
        return sei_db_start(db, "SELECT id, profiles FROM station WHERE id = $1",
                            SEI_BINDS(sei_bind_int(id)), ret_stmt);
    return sei_db_start(
        db, "SELECT id, profiles FROM station WHERE transport = $1 AND address = $2 AND active = 1",
        SEI_BINDS(sei_bind_text(transport), sei_bind_text(address)), ret_stmt);
}

static sei_status find_station(sei_decoder *d, const char *transport, const char *address,
                               const station **ret_station)
{
    const size_t at   = place_of(d, transport, address);
    sei_stmt    *stmt = NULL;
    bool         row  = false;
    char         site[2 * SEI_MSG_NAME_MAX];

    *ret_station = NULL;
    if (at < d->n && compare(&d->stations[at], transport, address) == 0) {
        *ret_station = &d->stations[at];
        return SEI_OK;
    }
    sei_status st = look_up_station(sei_store_db(d->store), transport, address, site, &stmt);
    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row)
        st = add_station(d, stmt, transport, address, ret_station);
    sei_db_finish(stmt);
    return st;
}

/* ---- values -------------------------------------------------------------------------------------------- */

/* SenML and loggers name units in ways of their own (RFC 8428 table 12, RFC 8798). */
static const char *const unit_words[][2] = {
    {"Cel", "c"},       {"Deg C", "c"},     {"DegC", "c"},    {"S/m", "s_m"}, {"mS/m", "ms_m"},
    {"mS/cm", "ms_cm"}, {"uS/cm", "us_cm"}, {"V", "v"},       {"mV", "mv"},   {"m", "m"},
    {"mm", "mm"},       {"cm", "cm"},       {"m3/s", "m3_s"}, {"l/s", "l_s"}, {"L/min", "l_min"},
    {"l/min", "l_min"}, {"mg/L", "mg_l"},   {"mg/l", "mg_l"},
};

static const sei_unit *unit_of(const char *word)
{
    for (size_t i = 0; i < sizeof unit_words / sizeof unit_words[0]; i++)
        if (strcmp(word, unit_words[i][0]) == 0)
            return sei_unit_find(unit_words[i][1]);
    return sei_unit_find(word);
}

/* The value in the channel's unit; false when the units do not go together. */
static bool to_channel_unit(const channel *c, const sei_msg_value *v, double *ret_value)
{
    *ret_value = v->value;
    if (!v->unit[0] || strcmp(v->unit, c->unit_key) == 0 ||
        (strcmp(v->unit, "pH") == 0 && !c->unit_key[0]))
        return true;
    const sei_unit *from = unit_of(v->unit);
    if (!from || !c->unit || from->dimension != c->unit->dimension)
        return false;
    if (from != c->unit)
        *ret_value = sei_from_si(c->unit, sei_to_si(from, v->value));
    return true;
}

/* hint: where it may stand, since frames tend to name channels in the order in which they were made. */
static const channel *find_channel(const station *s, const char *key, size_t hint)
{
    if (hint < s->n && strcmp(s->channels[hint].key, key) == 0)
        return &s->channels[hint];
    for (size_t i = 0; i < s->n; i++)
        if (strcmp(s->channels[i].key, key) == 0)
            return &s->channels[i];
    return NULL;
}

/* Readings of one record; values that cannot be kept are named in the detail. */
static size_t take_values(sei_decoder *d, const station *s, const sei_msg_record *record,
                          sei_decoded *decoded)
{
    size_t n = 0;

    for (size_t i = 0; i < record->n; i++) {
        const sei_msg_value *v = &d->msg.values[record->first + i];
        const channel       *c = find_channel(s, v->channel, i);
        double               value;
        if (c && to_channel_unit(c, v, &value)) {
            d->readings[d->n_readings + n++] =
                (sei_reading){c->id, v->time_us, value, (sei_point_kind)v->kind};
        } else if (!decoded->detail[0]) {
            snprintf(decoded->detail, sizeof decoded->detail,
                     c ? "channel %s: unit %s does not fit" : "no channel %s", v->channel, v->unit);
            decoded->state = SEI_FRAME_STRANGER;
        }
    }
    return n;
}

/* For the readings of the message, and one record more. */
static sei_status make_room(sei_decoder *d)
{
    const size_t wanted = d->n_readings + d->msg.n_values;

    if (wanted > d->readings_size) {
        const size_t size     = wanted > 2 * d->readings_size ? wanted : 2 * d->readings_size;
        sei_reading *readings = sei_resize(d->ctx, d->readings, size, sizeof *readings);
        if (!readings)
            return SEI_E_NOMEM;
        d->readings     = readings;
        uint8_t *is_new = sei_resize(d->ctx, d->is_new, size, 1);
        if (!is_new)
            return SEI_E_NOMEM;
        d->is_new        = is_new;
        d->readings_size = size;
    }
    return SEI_OK;
}

static sei_status make_room_for_record(sei_decoder *d)
{
    if (d->n_records < d->records_size)
        return SEI_OK;
    const size_t size    = d->records_size ? 2 * d->records_size : 256;
    sei_record  *records = sei_resize(d->ctx, d->records, size, sizeof *records);
    if (records)
        d->records = records;
    sei_record_outcome *outcomes = sei_resize(d->ctx, d->outcomes, size, sizeof *outcomes);
    if (outcomes)
        d->outcomes = outcomes;
    source *sources = sei_resize(d->ctx, d->sources, size, sizeof *sources);
    if (sources)
        d->sources = sources;
    if (!records || !outcomes || !sources)
        return SEI_E_NOMEM;
    d->records_size = size;
    return SEI_OK;
}

/* ---- records ------------------------------------------------------------------------------------------- */

static sei_status hear_record(const sei_decoder *d, size_t i, sei_decoded *decoded)
{
    const sei_record_outcome *o = &d->outcomes[i];

    decoded->points.n_added += o->n_added;
    decoded->points.n_known += o->n_known;
    decoded->points.n_conflict += o->n_conflict;
    return d->ears.points ? d->ears.points(d->ears.user, d->sources[i].arrived_us, &d->records[i])
                          : SEI_OK;
}

/* Stores what waits; decoded: of all frames. */
static sei_status store_gathered(sei_decoder *d, sei_decoded decoded[])
{
    if (d->n_records == 0)
        return SEI_OK;
    for (size_t i = 0; i < d->n_records; i++) {
        d->records[i].readings = d->readings + d->sources[i].first;
        d->records[i].is_new   = d->is_new + d->sources[i].first;
    }
    memset(d->outcomes, 0, d->n_records * sizeof *d->outcomes);
    sei_status st = sei_store_add_records(d->store, d->n_records, d->records, d->outcomes);
    for (size_t i = 0; i < d->n_records && st == SEI_OK; i++)
        st = hear_record(d, i, &decoded[d->sources[i].frame]);
    d->n_records = d->n_readings = 0;
    return st;
}

/* One record of frame number i. What waits is stored when it is much: memory does not grow with a frame. */
static sei_status gather_record(sei_decoder *d, const station *s, const sei_msg_record *r,
                                int64_t arrived_us, size_t i, sei_decoded decoded[])
{
    sei_status st = d->n_readings + r->n > GATHERED_MAX ? store_gathered(d, decoded) : SEI_OK;

    if (st == SEI_OK)
        st = make_room_for_record(d);
    if (st != SEI_OK)
        return st;
    const size_t n             = take_values(d, s, r, &decoded[i]);
    d->records[d->n_records]   = (sei_record){.station_id  = s->id,
                                              .epoch       = r->epoch,
                                              .seq         = r->seq,
                                              .is_numbered = r->is_numbered,
                                              .n           = n};
    d->sources[d->n_records++] = (source){i, d->n_readings, arrived_us};
    d->n_readings += n;
    return SEI_OK;
}

static sei_status gather_records(sei_decoder *d, const station *s, int64_t arrived_us, size_t i,
                                 sei_decoded decoded[])
{
    sei_status st = make_room(d);

    for (size_t k = 0; k < d->msg.n_records && st == SEI_OK; k++)
        st = gather_record(d, s, &d->msg.records[k], arrived_us, i, decoded);
    return st;
}

/* ---- frames -------------------------------------------------------------------------------------------- */

static const struct {
    const char *prefix, *suffix, *format;
} topics[] = {
    {"seiryu/v1/", "/rec", "seiryu"},
    {"seiryu/v1/", "/senml", "senml-json"},
    {"seiryu/v1/", "/senmlc", "senml-cbor"},
    {"seiryu/v1/", "/ack", "answer"},
    {"application/", "/event/up", "chirpstack"},
    {"v3/", "/up", "tts"},
};

const char *sei_topic_format(const char *topic)
{
    const size_t len = strlen(topic);

    for (size_t i = 0; i < sizeof topics / sizeof topics[0]; i++) {
        const size_t suffix = strlen(topics[i].suffix);
        if (strncmp(topic, topics[i].prefix, strlen(topics[i].prefix)) == 0 && len > suffix &&
            strcmp(topic + len - suffix, topics[i].suffix) == 0)
            return topics[i].format;
    }
    return NULL;
}

/* "seiryu/v1/SITE/STATION/rec" -> "SITE/STATION" */
static bool address_of_topic(const char *topic, char out[2 * SEI_MSG_NAME_MAX])
{
    static const char prefix[] = "seiryu/v1/";
    const char       *last     = strrchr(topic, '/');

    if (strncmp(topic, prefix, strlen(prefix)) != 0 || last < topic + strlen(prefix))
        return false;
    const int n = snprintf(out, 2 * SEI_MSG_NAME_MAX, "%.*s",
                           (int)(last - topic - (long)strlen(prefix)), topic + strlen(prefix));
    return n > 0 && n < 2 * SEI_MSG_NAME_MAX;
}

/* Unwraps uplinks of network servers; what is left in *ret_up is for the station's own decoder. */
static sei_status unwrap(sei_decoder *d, const sei_frame *f, sei_uplink *ret_up)
{
    const sei_status st = strcmp(f->format, "chirpstack") == 0
                              ? sei_msg_read_chirpstack(f->payload, f->len, ret_up, &d->msg)
                              : sei_msg_read_tts(f->payload, f->len, ret_up, &d->msg);

    if (st == SEI_OK && !ret_up->has_time)
        for (size_t i = 0; i < d->msg.n_values; i++)
            d->msg.values[i].time_us = f->received_us;
    return st;
}

static sei_status read_payload(sei_decoder *d, const sei_frame *f, const sei_uplink *up,
                               const station *s)
{
    if (strcmp(f->format, "seiryu") == 0)
        return sei_msg_read_record(s->profiles, f->payload, f->len, &d->msg);
    if (strcmp(f->format, "senml-json") == 0)
        return sei_msg_read_senml_json(f->payload, f->len, f->received_us, &d->msg);
    if (strcmp(f->format, "senml-cbor") == 0)
        return sei_msg_read_senml_cbor(f->payload, f->len, f->received_us, &d->msg);
    if (strcmp(f->format, "csv") == 0)
        return sei_msg_read_csv(f->payload, f->len, SEI_JST_OFFSET, &d->msg);
    if (up->port ==
        RECORD_PORT) { /* our own frame: the object of a codec says the same in other words */
        sei_msg_clear(&d->msg);
        return sei_msg_read_record(s->profiles, up->payload, up->len, &d->msg);
    }
    if (d->msg.n_records == 0)
        return sei_fail(d->ctx, SEI_E_UNSUPPORTED, NULL, "port %u without a decoded object",
                        up->port);
    return SEI_OK;
}

static sei_status refuse(const sei_decoder *d, sei_decoded *decoded, sei_status status)
{
    if (status == SEI_E_NOMEM || status == SEI_E_IO)
        return status; /* not the frame's fault */
    decoded->state = SEI_FRAME_REFUSED;
    snprintf(decoded->detail, sizeof decoded->detail, "%s", sei_ctx_error(d->ctx));
    return SEI_OK;
}

static sei_status locate(sei_decoder *d, const sei_frame *f, const sei_uplink *up,
                         const station **ret_station)
{
    char address[2 * SEI_MSG_NAME_MAX];

    if (f->station_id > 0) {
        snprintf(address, sizeof address, "%lld", (long long)f->station_id);
        return find_station(d, "id", address, ret_station);
    }
    if (up->address[0])
        return find_station(d, f->format, up->address, ret_station);
    *ret_station = NULL;
    return address_of_topic(f->source, address) ? find_station(d, "mqtt", address, ret_station)
                                                : SEI_OK;
}

static sei_status hear_answer(sei_decoder *d, const sei_frame *f, const uint8_t *bytes, size_t len,
                              sei_decoded *decoded)
{
    bool       is_good = false;
    sei_status st      = SEI_OK;

    if (d->ears.answer)
        st =
            d->ears.answer(d->ears.user, decoded->station_id, f->received_us, bytes, len, &is_good);
    if (st == SEI_OK && !is_good) {
        decoded->state = SEI_FRAME_REFUSED;
        snprintf(decoded->detail, sizeof decoded->detail,
                 "no answer to a command that this station signed");
    }
    return st;
}

/* Frame number i; its records wait to be stored. */
static sei_status decode(sei_decoder *d, const sei_frame *f, size_t i, sei_decoded all[])
{
    sei_decoded   *decoded = &all[i];
    sei_uplink     up      = {0};
    const station *s       = NULL;
    sei_status     st      = SEI_OK;
    const bool     wrapped = strcmp(f->format, "chirpstack") == 0 || strcmp(f->format, "tts") == 0;

    sei_msg_clear(&d->msg);
    if (wrapped && (st = unwrap(d, f, &up)) != SEI_OK)
        return refuse(d, decoded, st);
    st = locate(d, f, &up, &s);
    if (st != SEI_OK)
        return refuse(d, decoded, st);
    if (!s) {
        decoded->state = SEI_FRAME_STRANGER;
        snprintf(decoded->detail, sizeof decoded->detail, "no active station %.200s",
                 wrapped ? up.address : f->source);
        return SEI_OK;
    }
    decoded->station_id = s->id;
    if (strcmp(f->format, "answer") == 0)
        return hear_answer(d, f, f->payload, f->len, decoded);
    if (wrapped && up.port == ANSWER_PORT)
        return hear_answer(d, f, up.payload, up.len, decoded);
    st = read_payload(d, f, &up, s);
    if (st != SEI_OK)
        return refuse(d, decoded, st);
    return gather_records(d, s, f->received_us, i, all);
}

static void tell_conflict(sei_decoded *decoded)
{
    if (decoded->points.n_conflict == 0)
        return;
    decoded->state = SEI_FRAME_CONFLICT;
    snprintf(decoded->detail, sizeof decoded->detail, "%zu points are there with other values",
             decoded->points.n_conflict);
}

/* Most are done, and closed together. */
static sei_status close_frames(const sei_decoder *d, size_t n, const sei_frame frames[],
                               sei_decoded decoded[])
{
    int64_t   *ids = sei_alloc(d->ctx, n + 1, 2 * sizeof *ids), *stations = ids ? ids + n : NULL;
    size_t     n_done = 0;
    sei_status st     = ids ? SEI_OK : SEI_E_NOMEM;

    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        tell_conflict(&decoded[i]);
        if (decoded[i].state == SEI_FRAME_DONE && decoded[i].station_id > 0 &&
            !decoded[i].detail[0]) {
            ids[n_done]        = frames[i].id;
            stations[n_done++] = decoded[i].station_id;
        } else {
            st = sei_store_close_frame(d->store, frames[i].id, decoded[i].state,
                                       decoded[i].station_id, decoded[i].detail);
        }
    }
    if (st == SEI_OK)
        st = sei_store_close_frames(d->store, n_done, ids, stations);
    sei_release(d->ctx, ids);
    return st;
}

sei_status sei_decode_frames(sei_decoder *d, size_t n, const sei_frame frames[],
                             sei_decoded ret_decoded[])
{
    sei_status st = SEI_OK;

    d->n_records = d->n_readings = 0;
    for (size_t i = 0; i < n; i++)
        ret_decoded[i] = (sei_decoded){.state = SEI_FRAME_DONE};
    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = decode(d, &frames[i], i, ret_decoded);
    if (st == SEI_OK)
        st = store_gathered(d, ret_decoded);
    if (st == SEI_OK)
        st = close_frames(d, n, frames, ret_decoded);
    if (d->readings_size > READINGS_KEPT)
        forget_readings(d);
    return st;
}
