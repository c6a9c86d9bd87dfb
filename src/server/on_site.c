/* on_site.c - sites, stations, channels */
#include <string.h>

#include "seiryu/units.h"
#include "seiryu/water.h"
#include "server/handlers.h"
#include "server/radio.h"
#include "server/site_glance.h"

/* ---- what is common: add, and change by laying the body over what is there ----------------------------- */

enum { FIELDS_MAX = 16 };

typedef struct {
    const char      *kind;
    size_t           n;
    const sei_field *fields;
    const char      *columns, *select; /* the fields' columns, WHERE id = $1 */
    sei_status (*check)(sei_request *req, const json_t *object); /* NULL: nothing more */
} entity;

static sei_status check_and_bind(sei_request *req, const entity *e, json_t *object,
                                 sei_bind b[FIELDS_MAX], json_t **ret_texts)
{
    sei_status st = sei_fields_bind(req, e->n, e->fields, object, b, ret_texts);

    if (st == SEI_OK && e->check && (st = e->check(req, object)) != SEI_OK) {
        json_decref(*ret_texts);
        *ret_texts = NULL;
    }
    return st;
}

/* The stored object with the body's values; *ret_object owned by the caller. */
static sei_status merged(sei_request *req, const entity *e, json_t **ret_object)
{
    json_t    *object = NULL;
    sei_status st = sei_row(req, e->columns, e->select, SEI_BINDS(sei_bind_int(req->id)), &object);

    if (st != SEI_OK)
        return st;
    json_object_update(object, req->json);
    *ret_object = object;
    return SEI_OK;
}

static sei_status answer_with(sei_request *req, const entity *e, int64_t id, int code)
{
    const sei_status st =
        sei_row(req, e->columns, e->select, SEI_BINDS(sei_bind_int(id)), &req->answer);

    if (st == SEI_OK) {
        json_object_set_new(req->answer, "id", json_integer(id));
        req->code = code;
    }
    return st;
}

/* ---- sites ---------------------------------------------------------------------------------------------- */

static const sei_field site_fields[] = {
    {"key", SEI_FIELD_KEY, true, false, 1, 40, NULL},
    {"name", SEI_FIELD_TEXT, true, false, 1, 200, NULL},
    {"name_ja", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"latitude", SEI_FIELD_REAL, false, true, -90, 90, NULL},
    {"longitude", SEI_FIELD_REAL, false, true, -180, 180, NULL},
    {"note", SEI_FIELD_TEXT, false, false, 0, 4000, NULL},
};
static const entity site_entity = {
    "site",
    6,
    site_fields,
    "key:t name:t name_ja:t latitude:r longitude:r note:t",
    "SELECT key, name, name_ja, latitude, longitude, note FROM site WHERE id = $1",
    NULL};

sei_status sei_on_sites(sei_request *req)
{
    json_t    *sites = NULL;
    sei_status st =
        sei_rows(req, "id:i key:t name:t name_ja:t latitude:r longitude:r note:t n_stations:i",
                 "SELECT s.id, s.key, s.name, s.name_ja, s.latitude, s.longitude, s.note, (SELECT "
                 "count(*) FROM station t"
                 " WHERE t.site_id = s.id) FROM site s ORDER BY s.key",
                 0, NULL, &sites);

    if (st != SEI_OK)
        return st;
    for (size_t i = json_array_size(sites); i-- > 0 && st == SEI_OK;) {
        json_t       *site = json_array_get(sites, i);
        const int64_t id   = json_integer_value(json_object_get(site, "id"));
        if (sei_actor_may(&req->actor, id, SEI_ROLE_VIEWER))
            st = sei_site_glance(req, id, site);
        else
            json_array_remove(sites, i);
    }
    req->answer = json_pack("{s:o}", "sites", sites);
    return st;
}

sei_status sei_on_add_site(sei_request *req)
{
    sei_bind   b[FIELDS_MAX];
    json_t    *texts = NULL;
    int64_t    id    = 0;
    sei_status st    = check_and_bind(req, &site_entity, req->json, b, &texts);

    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_get_int(
            sei_store_db(req->store),
            "INSERT INTO site(key, name, name_ja, latitude, longitude, note, made_us)"
            " VALUES($1, $2, $3, $4, $5, $6, $7) RETURNING id",
            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], b[5], sei_bind_int(req->now_us)), NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "site", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    if (st == SEI_OK)
        sei_server_changed(req->server);
    return st == SEI_OK ? answer_with(req, &site_entity, id, 201) : st;
}

sei_status sei_on_change_site(sei_request *req)
{
    sei_bind   b[FIELDS_MAX];
    json_t    *texts = NULL, *object = NULL;
    sei_status st = merged(req, &site_entity, &object);

    if (st == SEI_OK)
        st = check_and_bind(req, &site_entity, object, b, &texts);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) { /* the key stays: topics are made of it */
        st = sei_db_run(sei_store_db(req->store),
                        "UPDATE site SET name = $1, name_ja = $2, latitude = $3, longitude = $4, "
                        "note = $5 WHERE id = $6",
                        SEI_BINDS(b[1], b[2], b[3], b[4], b[5], sei_bind_int(req->id)), NULL);
        if (st == SEI_OK)
            st = sei_note_id(req, "change", "site", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    json_decref(object);
    return st == SEI_OK ? answer_with(req, &site_entity, req->id, 200) : st;
}

/* ---- channels ------------------------------------------------------------------------------------------- */

static const sei_field channel_fields[] = {
    {"key", SEI_FIELD_KEY, true, false, 1, 40, NULL},
    {"name", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"name_ja", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"quantity", SEI_FIELD_TEXT, false, false, 0, 40, NULL},
    {"unit", SEI_FIELD_TEXT, true, false, 0, 15, NULL},
    {"decimals", SEI_FIELD_INT, false, false, 0, 9, NULL},
    {"low", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
    {"high", SEI_FIELD_REAL, false, true, -1e30, 1e30, NULL},
};

static sei_status check_channel(sei_request *req, const json_t *object)
{
    const char *quantity = json_string_value(json_object_get(object, "quantity"));
    const char *unit     = json_string_value(json_object_get(object, "unit"));

    if (quantity && quantity[0] && !sei_quantity_find(quantity))
        return sei_fail(req->ctx, SEI_E_KEY, NULL,
                        "quantity \"%.40s\" is not in the list of quantities", quantity);
    if (unit && unit[0] && !sei_unit_find(unit))
        return sei_fail(req->ctx, SEI_E_UNIT, NULL,
                        "unit \"%.20s\" is not in the list of units (seiryu units --measures)",
                        unit);
    return SEI_OK;
}

static const entity channel_entity = {
    "channel",
    8,
    channel_fields,
    "key:t name:t name_ja:t quantity:t unit:t decimals:i low:r high:r",
    "SELECT key, name, name_ja, quantity, unit, decimals, low, high FROM channel WHERE id = $1",
    check_channel};

sei_status sei_on_add_channel(sei_request *req)
{
    sei_bind   b[FIELDS_MAX];
    json_t    *texts = NULL;
    int64_t    id    = 0;
    sei_status st    = check_and_bind(req, &channel_entity, req->json, b, &texts);

    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_get_int(sei_store_db(req->store),
                            "INSERT INTO channel(key, name, name_ja, quantity, unit, decimals, "
                            "low, high, station_id, made_us)"
                            " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) RETURNING id",
                            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7],
                                      sei_bind_int(req->id), sei_bind_int(req->now_us)),
                            NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "channel", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    if (st == SEI_OK)
        sei_server_changed(req->server);
    return st == SEI_OK ? answer_with(req, &channel_entity, id, 201) : st;
}

/* Key, quantity and unit stay: the raw values are in them. */
sei_status sei_on_change_channel(sei_request *req)
{
    sei_bind   b[FIELDS_MAX];
    json_t    *texts = NULL, *object = NULL;
    sei_status st = SEI_OK;

    if (json_object_get(req->json, "unit") || json_object_get(req->json, "key") ||
        json_object_get(req->json, "quantity"))
        return sei_fail(req->ctx, SEI_E_ARG, NULL,
                        "key, quantity and unit of a channel stay as they are: make a new channel");
    st = merged(req, &channel_entity, &object);
    if (st == SEI_OK)
        st = check_and_bind(req, &channel_entity, object, b, &texts);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_run(sei_store_db(req->store),
                        "UPDATE channel SET name = $1, name_ja = $2, decimals = $3, low = $4, high "
                        "= $5 WHERE id = $6",
                        SEI_BINDS(b[1], b[2], b[5], b[6], b[7], sei_bind_int(req->id)), NULL);
        if (st == SEI_OK)
            st = sei_note_id(req, "change", "channel", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    json_decref(object);
    return st == SEI_OK ? answer_with(req, &channel_entity, req->id, 200) : st;
}

static sei_status add_channels_of(sei_request *req, json_t *station)
{
    json_t    *channels = NULL, *channel;
    size_t     i;
    sei_status st = sei_rows(
        req, "id:i station:i key:t name:t name_ja:t quantity:t unit:t decimals:i low:r high:r",
        "SELECT id, station_id, key, name, name_ja, quantity, unit, decimals, low, high FROM "
        "channel WHERE"
        " station_id = $1 ORDER BY id",
        SEI_BINDS(sei_bind_int(json_integer_value(json_object_get(station, "id")))), &channels);

    if (st != SEI_OK)
        return st;
    json_array_foreach(channels, i, channel)
    {
        const sei_unit *unit = sei_unit_find(json_string_value(json_object_get(channel, "unit")));
        json_object_set_new(channel, "symbol", json_string(unit ? unit->symbol : ""));
    }
    json_object_set_new(station, "channels", channels);
    return SEI_OK;
}

/* ---- stations ------------------------------------------------------------------------------------------- */

static const char *const transports[] = {"mqtt", "chirpstack", "tts", "http", NULL};

static const sei_field station_fields[] = {
    {"key", SEI_FIELD_KEY, true, false, 1, 40, NULL},
    {"name", SEI_FIELD_TEXT, true, false, 1, 200, NULL},
    {"name_ja", SEI_FIELD_TEXT, false, false, 0, 200, NULL},
    {"latitude", SEI_FIELD_REAL, false, true, -90, 90, NULL},
    {"longitude", SEI_FIELD_REAL, false, true, -180, 180, NULL},
    {"transport", SEI_FIELD_TEXT, true, false, 1, 20, transports},
    {"address", SEI_FIELD_TEXT, false, false, 0, 63, NULL},
    {"interval_s", SEI_FIELD_INT, false, false, 0, 31622400, NULL},
    {"active", SEI_FIELD_BOOL, true, false, 0, 1, NULL},
    {"profiles", SEI_FIELD_JSON, true, false, 0, 30000, NULL},
};

static sei_status check_station(sei_request *req, const json_t *object)
{
    char         *text     = json_dumps(json_object_get(object, "profiles"), JSON_COMPACT);
    sei_profiles *profiles = sei_alloc(req->ctx, 1, sizeof *profiles);
    sei_status    st =
        text && profiles ? sei_profiles_read(req->ctx, text, strlen(text), profiles) : SEI_E_NOMEM;

    free(text);
    sei_release(req->ctx, profiles);
    return st;
}

#define STATION_COLUMNS                                                                          \
    "key:t name:t name_ja:t latitude:r longitude:r transport:t address:t interval_s:i active:b " \
    "profiles:j"
#define STATION_NAMES \
    "key, name, name_ja, latitude, longitude, transport, address, interval_s, active, profiles"
static const entity station_entity = {"station",
                                      10,
                                      station_fields,
                                      STATION_COLUMNS,
                                      "SELECT " STATION_NAMES " FROM station WHERE id = $1",
                                      check_station};

sei_status sei_on_add_station(sei_request *req)
{
    sei_bind   b[FIELDS_MAX];
    json_t    *texts = NULL;
    int64_t    id    = 0;
    sei_status st;

    if (!json_object_get(req->json, "active"))
        json_object_set_new(req->json, "active", json_true());
    if (!json_object_get(req->json, "profiles"))
        json_object_set_new(req->json, "profiles", json_array());
    if (!json_object_get(req->json, "transport"))
        json_object_set_new(req->json, "transport", json_string("mqtt"));
    st = check_and_bind(req, &station_entity, req->json, b, &texts);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_get_int(
            sei_store_db(req->store),
            "INSERT INTO station(" STATION_NAMES ", site_id, made_us)"
            " VALUES($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) RETURNING id",
            SEI_BINDS(b[0], b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9],
                      sei_bind_int(req->id), sei_bind_int(req->now_us)),
            NULL, &id);
        if (st == SEI_OK)
            st = sei_note_id(req, "add", "station", id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    if (st == SEI_OK)
        sei_server_changed(req->server);
    return st == SEI_OK ? answer_with(req, &station_entity, id, 201) : st;
}

sei_status sei_on_change_station(sei_request *req)
{
    sei_bind   b[FIELDS_MAX];
    json_t    *texts = NULL, *object = NULL;
    sei_status st = json_object_get(req->json, "key")
                        ? sei_fail(req->ctx, SEI_E_ARG, NULL,
                                   "the key of a station stays: its topics are made of it")
                        : merged(req, &station_entity, &object);

    if (st == SEI_OK)
        st = check_and_bind(req, &station_entity, object, b, &texts);
    if (st == SEI_OK)
        st = sei_store_begin(req->store);
    if (st == SEI_OK) {
        st = sei_db_run(
            sei_store_db(req->store),
            "UPDATE station SET name = $1, name_ja = $2, latitude = $3, longitude = $4, transport "
            "= $5, address = $6,"
            " interval_s = $7, active = $8, profiles = $9 WHERE id = $10",
            SEI_BINDS(b[1], b[2], b[3], b[4], b[5], b[6], b[7], b[8], b[9], sei_bind_int(req->id)),
            NULL);
        if (st == SEI_OK)
            st = sei_note_id(req, "change", "station", req->id, req->json);
        st = sei_store_end(req->store, st);
    }
    json_decref(texts);
    json_decref(object);
    if (st == SEI_OK)
        sei_server_changed(req->server);
    return st == SEI_OK ? answer_with(req, &station_entity, req->id, 200) : st;
}

/* When the last frame came, and how well it was heard where its network server says so. */
static sei_status add_last_frame(sei_request *req, int64_t id, json_t *health)
{
    sei_stmt  *stmt  = NULL;
    sei_radio  radio = {0};
    bool       row   = false;
    sei_status st =
        sei_db_start(sei_store_db(req->store),
                     "SELECT received_us, format, payload FROM frame WHERE station_id = $1"
                     " ORDER BY id DESC LIMIT 1",
                     SEI_BINDS(sei_bind_int(id)), &stmt);

    if (st == SEI_OK)
        st = sei_db_step(stmt, &row);
    if (st == SEI_OK && row) {
        size_t      len     = 0;
        const char *payload = sei_db_blob(stmt, 2, &len);
        json_object_set_new(health, "last_received_us", json_integer(sei_db_int(stmt, 0)));
        if (sei_radio_read(sei_db_text(stmt, 1), payload, len, &radio))
            json_object_set_new(health, "radio",
                                json_pack("{s:f, s:o, s:I}", "rssi_dbm", radio.rssi_dbm, "snr_db",
                                          radio.has_snr ? json_real(radio.snr_db) : json_null(),
                                          "gateways", (json_int_t)radio.n_gateways));
    }
    sei_db_finish(stmt);
    return st;
}

static sei_status add_health(sei_request *req, int64_t id, json_t *station)
{
    sei_hole   holes[100];
    size_t     n        = 0;
    int64_t    received = 0, missing = 0, last = 0;
    bool       has_last = false;
    json_t    *list     = json_array();
    sei_status st       = sei_store_holes(req->store, id, 100, holes, &n);

    if (st == SEI_OK)
        st = sei_store_count_records(req->store, id, &received, &missing);
    if (st == SEI_OK)
        st = sei_db_get_int(sei_store_db(req->store),
                            "SELECT max(t) FROM (SELECT (SELECT max(p.time_us) FROM point p WHERE "
                            "p.channel_id = c.id) AS t FROM"
                            " channel c WHERE c.station_id = $1) AS newest",
                            SEI_BINDS(sei_bind_int(id)), &has_last, &last);
    for (size_t i = 0; i < n; i++)
        json_array_append_new(
            list, json_pack("{s:I, s:I, s:I}", "epoch", (json_int_t)holes[i].epoch, "first",
                            (json_int_t)holes[i].first, "last", (json_int_t)holes[i].last));
    json_t *health =
        json_pack("{s:o, s:n, s:I, s:I, s:o, s:n}", "last_record_us",
                  has_last ? json_integer(last) : json_null(), "last_received_us", "received",
                  (json_int_t)received, "missing", (json_int_t)missing, "holes", list, "radio");
    json_object_set_new(station, "health", health);
    if (st == SEI_OK)
        st = add_last_frame(req, id, health);
    return st;
}

sei_status sei_on_station(sei_request *req)
{
    sei_status st = sei_row(req, "id:i site:i " STATION_COLUMNS,
                            "SELECT id, site_id, " STATION_NAMES " FROM station WHERE id = $1",
                            SEI_BINDS(sei_bind_int(req->id)), &req->answer);

    if (st == SEI_OK)
        st = add_channels_of(req, req->answer);
    return st == SEI_OK ? add_health(req, req->id, req->answer) : st;
}

sei_status sei_on_site(sei_request *req)
{
    json_t    *stations = NULL, *station;
    size_t     i;
    sei_status st = answer_with(req, &site_entity, req->id, 200);

    if (st == SEI_OK)
        st = sei_site_times(req, req->id, req->answer);
    if (st == SEI_OK)
        st = sei_rows(req, "id:i site:i " STATION_COLUMNS,
                      "SELECT id, site_id, " STATION_NAMES
                      " FROM station WHERE site_id = $1 ORDER BY key",
                      SEI_BINDS(sei_bind_int(req->id)), &stations);
    if (st != SEI_OK)
        return st;
    json_array_foreach(stations, i, station)
    {
        if (st == SEI_OK)
            st = add_channels_of(req, station);
        if (st == SEI_OK)
            st = add_health(req, json_integer_value(json_object_get(station, "id")), station);
    }
    json_object_set_new(req->answer, "n_stations",
                        json_integer((json_int_t)json_array_size(stations)));
    json_object_set_new(req->answer, "stations", stations);
    return st;
}
