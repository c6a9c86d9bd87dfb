/* sta_model.c - stations, channels and quantities as SensorThings entities (sta11 section 8) */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "seiryu/water.h"
#include "server/sta.h"

enum { CHANNELS_MAX = 200000 };

const sta_set_row sta_sets[STA_N_SETS] = {
    [STA_THINGS]               = {"Things",
                                  "Thing",
                                  {{"Locations", STA_LOCATIONS, true},
                                   {"HistoricalLocations", STA_HISTORICAL_LOCATIONS, true},
                                   {"Datastreams", STA_DATASTREAMS, true}}},
    [STA_LOCATIONS]            = {"Locations",
                                  "Location",
                                  {{"Things", STA_THINGS, true},
                                   {"HistoricalLocations", STA_HISTORICAL_LOCATIONS, true}}},
    [STA_HISTORICAL_LOCATIONS] = {"HistoricalLocations",
                                  "HistoricalLocation",
                                  {{"Thing", STA_THINGS, false},
                                   {"Locations", STA_LOCATIONS, true}}},
    [STA_DATASTREAMS]          = {"Datastreams",
                                  "Datastream",
                                  {{"Thing", STA_THINGS, false},
                                   {"Sensor", STA_SENSORS, false},
                                   {"ObservedProperty", STA_OBSERVED_PROPERTIES, false},
                                   {"Observations", STA_OBSERVATIONS, true}}},
    [STA_SENSORS]              = {"Sensors", "Sensor", {{"Datastreams", STA_DATASTREAMS, true}}},
    [STA_OBSERVED_PROPERTIES]  = {"ObservedProperties",
                                  "ObservedProperty",
                                  {{"Datastreams", STA_DATASTREAMS, true}}},
    [STA_OBSERVATIONS]         = {"Observations",
                                  "Observation",
                                  {{"Datastream", STA_DATASTREAMS, false},
                                   {"FeatureOfInterest", STA_FEATURES, false}}},
    [STA_FEATURES]             = {"FeaturesOfInterest",
                                  "FeatureOfInterest",
                                  {{"Observations", STA_OBSERVATIONS, true}}},
};

/* ---- loading -------------------------------------------------------------------------------------------- */

static const char *keep(sta_world *w, sei_stmt *stmt, int column)
{
    const char *text = sei_arena_strdup(&w->arena, sei_db_text(stmt, column));

    return text ? text : "";
}

static size_t property_place(sta_world *w, const char *key)
{
    size_t i = 0;

    while (i < w->n_properties && strcmp(w->properties[i], key) != 0)
        i++;
    if (i == w->n_properties)
        w->properties[w->n_properties++] = key;
    return i;
}

static sei_status load_stations(sta_world *w)
{
    sei_request *req  = w->req;
    sei_stmt    *stmt = NULL;
    bool         row  = false;
    int64_t      n    = 0;
    sei_status   st =
        sei_db_get_int(sei_store_db(req->store), "SELECT count(*) FROM station", 0, NULL, NULL, &n);

    if (st != SEI_OK)
        return st;
    w->stations = sei_arena_alloc(&w->arena, (size_t)n + 1, sizeof *w->stations);
    if (!w->stations)
        return SEI_E_NOMEM;
    st = sei_db_start(
        sei_store_db(req->store),
        "SELECT t.id, s.id, s.key, s.name, t.key, t.name, t.name_ja, coalesce(t.latitude, "
        "s.latitude), coalesce(t.longitude, s.longitude), t.active, t.made_us FROM station t JOIN"
        " site s ON s.id = t.site_id ORDER BY t.id",
        0, NULL, &stmt);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        if ((int64_t)w->n_stations >= n ||
            !sei_actor_may(&req->actor, sei_db_int(stmt, 1), SEI_ROLE_VIEWER))
            continue;
        sta_station *t = &w->stations[w->n_stations++];
        *t             = (sta_station){.id        = sei_db_int(stmt, 0),
                                       .made_us   = sei_db_int(stmt, 10),
                                       .site      = keep(w, stmt, 2),
                                       .site_name = keep(w, stmt, 3),
                                       .key       = keep(w, stmt, 4),
                                       .name      = keep(w, stmt, 5),
                                       .name_ja   = keep(w, stmt, 6),
                                       .is_placed = !sei_db_is_null(stmt, 7) && !sei_db_is_null(stmt, 8),
                                       .active    = sei_db_int(stmt, 9) != 0,
                                       .latitude  = sei_db_real(stmt, 7),
                                       .longitude = sei_db_real(stmt, 8)};
    }
    sei_db_finish(stmt);
    return st;
}

static size_t station_place(const sta_world *w, int64_t id)
{
    size_t low = 0, high = w->n_stations;

    while (low < high) {
        const size_t middle = (low + high) / 2;
        if (w->stations[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < w->n_stations && w->stations[low].id == id ? low : SIZE_MAX;
}

static sei_status load_channels(sta_world *w)
{
    sei_db    *db   = sei_store_db(w->req->store);
    sei_stmt  *stmt = NULL;
    bool       row  = false;
    int64_t    n    = 0;
    sei_status st   = sei_db_get_int(db, "SELECT count(*) FROM channel", 0, NULL, NULL, &n);

    if (st == SEI_OK && n > CHANNELS_MAX)
        st = sei_fail(w->req->ctx, SEI_E_TOO_LARGE, NULL, "more than %d channels", CHANNELS_MAX);
    if (st != SEI_OK)
        return st;
    w->channels   = sei_arena_alloc(&w->arena, (size_t)n + 1, sizeof *w->channels);
    w->properties = sei_arena_alloc(&w->arena, (size_t)n + 1, sizeof *w->properties);
    if (!w->channels || !w->properties)
        return SEI_E_NOMEM;
    st = sei_db_start(
        db, "SELECT id, station_id, key, name, name_ja, quantity, unit FROM channel ORDER BY id", 0,
        NULL, &stmt);
    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row) {
        const size_t station = station_place(w, sei_db_int(stmt, 1));
        if (station == SIZE_MAX || (int64_t)w->n_channels >= n)
            continue;
        const char  *quantity = sei_db_text(stmt, 5);
        sta_channel *c        = &w->channels[w->n_channels++];
        *c                    = (sta_channel){.id      = sei_db_int(stmt, 0),
                                              .station = station,
                                              .key     = keep(w, stmt, 2),
                                              .name    = keep(w, stmt, 3),
                                              .name_ja = keep(w, stmt, 4),
                                              .unit    = keep(w, stmt, 6)};
        c->property           = property_place(w, quantity[0] ? keep(w, stmt, 5) : "unspecified");
    }
    sei_db_finish(stmt);
    return st;
}

sei_status sta_world_load(sei_request *req, sta_world *w)
{
    *w = (sta_world){.req = req};
    sei_arena_init(&w->arena, req->ctx);
    sei_arena_init(&w->scratch, req->ctx);
    const sei_status st = load_stations(w);
    return st == SEI_OK ? load_channels(w) : st;
}

void sta_world_free(sta_world *w)
{
    sei_arena_done(&w->scratch);
    sei_arena_done(&w->arena);
}

/* ---- who belongs to whom -------------------------------------------------------------------------------- */

static bool is_of_station(sta_set set)
{
    return set == STA_THINGS || set == STA_LOCATIONS || set == STA_HISTORICAL_LOCATIONS ||
           set == STA_FEATURES;
}

static size_t station_of(const sta_world *w, const sta_entity *e)
{
    return is_of_station(e->set) ? e->at : w->channels[e->at].station;
}

size_t sta_count(const sta_world *w, sta_set set)
{
    if (is_of_station(set))
        return w->n_stations;
    return set == STA_OBSERVED_PROPERTIES ? w->n_properties : w->n_channels;
}

const sta_nav *sta_nav_find(sta_set set, const char *name, size_t len)
{
    const sta_nav *navs = sta_sets[set].navs;

    for (size_t i = 0; i < STA_NAVS_MAX && navs[i].name; i++)
        if (strlen(navs[i].name) == len && strncmp(navs[i].name, name, len) == 0)
            return &navs[i];
    return NULL;
}

bool sta_is_related(const sta_world *w, const sta_entity *from, const sta_nav *nav,
                    const sta_entity *to)
{
    (void)nav; /* two sets are bound in one way only */
    if (from->set == STA_OBSERVED_PROPERTIES)
        return w->channels[to->at].property == from->at;
    if (to->set == STA_OBSERVED_PROPERTIES)
        return w->channels[from->at].property == to->at;
    if (is_of_station(from->set) || is_of_station(to->set))
        return station_of(w, from) == station_of(w, to);
    return from->at == to->at;
}

bool sta_follow(const sta_world *w, const sta_entity *from, const sta_nav *nav, sta_entity *ret_to)
{
    if (nav->is_many)
        return false;
    *ret_to = (sta_entity){.set = nav->set, .at = from->at};
    if (nav->set == STA_OBSERVED_PROPERTIES)
        ret_to->at = w->channels[from->at].property;
    else if (is_of_station(nav->set))
        ret_to->at = station_of(w, from);
    return true;
}

/* ---- ids ------------------------------------------------------------------------------------------------ */

static void put_point_id(int64_t channel_id, const sei_point *p, char out[120])
{
    snprintf(out, 120, "'%lld-%lld-%lld-%lld'", (long long)channel_id, (long long)p->time_us,
             (long long)p->epoch, (long long)p->seq);
}

void sta_id_text(const sta_world *w, const sta_entity *e, char out[120])
{
    if (e->set == STA_OBSERVED_PROPERTIES)
        snprintf(out, 120, "'%.100s'", w->properties[e->at]);
    else if (e->set == STA_OBSERVATIONS)
        put_point_id(w->channels[e->at].id, &e->point, out);
    else
        snprintf(
            out, 120, "%lld",
            (long long)(is_of_station(e->set) ? w->stations[e->at].id : w->channels[e->at].id));
}

static size_t channel_place(const sta_world *w, int64_t id)
{
    for (size_t i = 0; i < w->n_channels; i++)
        if (w->channels[i].id == id)
            return i;
    return SIZE_MAX;
}

/* Four whole numbers with '-' between, in quotes: channel, time, epoch, seq. */
static bool parse_observation_id(const char *id, size_t len, int64_t part[4])
{
    size_t n = 0;

    if (len < 2 || id[0] != '\'' || id[len - 1] != '\'')
        return false;
    const char *at = id + 1, *end = id + len - 1;
    while (at < end && n < 4) {
        const char  *from = at + (*at == '-'); /* a time before 1970 */
        const char  *dash = memchr(from, '-', (size_t)(end - from));
        const size_t size = (size_t)((dash ? dash : end) - at);
        if (size > 20 || !sei_parse_int(at, size, &part[n++]))
            return false;
        at = dash ? dash + 1 : end;
    }
    return n == 4 && at == end && part[1] != INT64_MAX;
}

static sei_status find_observation(sta_world *w, const char *id, size_t len, sta_entity *e)
{
    int64_t    part[4];
    sei_points points;
    bool       found = false;

    if (!parse_observation_id(id, len, part))
        return SEI_E_NOT_FOUND;
    e->at = channel_place(w, part[0]);
    if (e->at == SIZE_MAX)
        return SEI_E_NOT_FOUND;
    sei_points_init(&points, w->req->ctx);
    const sei_status st =
        sei_store_read(w->req->store, part[0], part[1], part[1] + 1, STA_TOP_MAX, &points);
    for (size_t i = 0; st == SEI_OK && i < points.n && !found; i++) {
        found    = points.at[i].epoch == part[2] && points.at[i].seq == part[3];
        e->point = points.at[i];
    }
    sei_points_done(&points);
    return st == SEI_OK && !found ? SEI_E_NOT_FOUND : st;
}

static size_t property_by_id(const sta_world *w, const char *id, size_t len)
{
    size_t i = 0;

    if (len < 2 || id[0] != '\'' || id[len - 1] != '\'')
        return SIZE_MAX;
    while (i < w->n_properties &&
           (strlen(w->properties[i]) != len - 2 || strncmp(w->properties[i], id + 1, len - 2) != 0))
        i++;
    return i < w->n_properties ? i : SIZE_MAX;
}

static size_t place_by_id(const sta_world *w, sta_set set, const char *id, size_t len)
{
    int64_t whole = 0;

    if (set == STA_OBSERVED_PROPERTIES)
        return property_by_id(w, id, len);
    if (len > 15 || !sei_parse_int(id, len, &whole))
        return SIZE_MAX;
    return is_of_station(set) ? station_place(w, whole) : channel_place(w, whole);
}

sei_status sta_find(sta_world *w, sta_set set, const char *id, size_t len, sta_entity *ret_entity)
{
    sta_entity e  = {.set = set};
    sei_status st = SEI_OK;

    if (set == STA_OBSERVATIONS) {
        st = find_observation(w, id, len, &e);
    } else {
        e.at = place_by_id(w, set, id, len);
        st   = e.at != SIZE_MAX ? SEI_OK : SEI_E_NOT_FOUND;
    }
    if (st == SEI_OK)
        *ret_entity = e;
    return st == SEI_E_NOT_FOUND ? sei_fail(w->req->ctx, st, NULL, "there is no %s(%.*s)",
                                            sta_sets[set].name, (int)(len < 80 ? len : 80), id)
                                 : st;
}

/* ---- properties ----------------------------------------------------------------------------------------- */

typedef json_t *(*getter)(sta_world *w, const sta_entity *e);

static const sta_station *the_station(const sta_world *w, const sta_entity *e)
{
    return &w->stations[station_of(w, e)];
}

static json_t *get_id(sta_world *w, const sta_entity *e)
{
    char text[120];

    sta_id_text(w, e, text);
    if (text[0] != '\'')
        return json_integer(is_of_station(e->set) ? w->stations[e->at].id : w->channels[e->at].id);
    text[strlen(text) - 1] = '\0';
    return json_string(text + 1);
}

static json_t *get_self(sta_world *w, const sta_entity *e)
{
    char id[120];

    sta_id_text(w, e, id);
    return json_sprintf("%s/%s(%s)", w->base, sta_sets[e->set].name, id);
}

static json_t *station_name(sta_world *w, const sta_entity *e)
{
    return json_string(the_station(w, e)->name);
}

static json_t *station_text(sta_world *w, const sta_entity *e)
{
    const sta_station *t = the_station(w, e);

    return json_sprintf("%s of %s", t->key, t->site_name);
}

static json_t *station_properties(sta_world *w, const sta_entity *e)
{
    const sta_station *t = the_station(w, e);

    return json_pack("{s:s, s:s, s:s, s:b}", "site", t->site, "station", t->key, "name_ja",
                     t->name_ja, "active", t->active);
}

static json_t *geo_type(sta_world *w, const sta_entity *e)
{
    (void)w;
    (void)e;
    return json_string("application/geo+json");
}

static json_t *geo_point(sta_world *w, const sta_entity *e)
{
    const sta_station *t = the_station(w, e);

    if (!t->is_placed)
        return json_pack("{s:s, s:n, s:{}}", "type", "Feature", "geometry", "properties");
    return json_pack("{s:s, s:[f, f]}", "type", "Point", "coordinates", t->longitude, t->latitude);
}

static json_t *time_json(int64_t us)
{
    char text[SEI_TIME_MAX];

    sei_format_time(text, us, 0);
    return json_string(text);
}

static json_t *history_time(sta_world *w, const sta_entity *e)
{
    return time_json(the_station(w, e)->made_us);
}

static json_t *channel_name(sta_world *w, const sta_entity *e)
{
    const sta_channel *c = &w->channels[e->at];

    return json_string(c->name[0] ? c->name : c->key);
}

static json_t *channel_text(sta_world *w, const sta_entity *e)
{
    const sta_channel *c = &w->channels[e->at];

    return json_sprintf("%s of %s, %s", c->key, the_station(w, e)->key,
                        the_station(w, e)->site_name);
}

static json_t *channel_properties(sta_world *w, const sta_entity *e)
{
    const sta_channel *c = &w->channels[e->at];

    return json_pack("{s:s, s:s, s:s}", "channel", c->key, "unit", c->unit, "name_ja", c->name_ja);
}

static json_t *observation_type(sta_world *w, const sta_entity *e)
{
    (void)w;
    (void)e;
    return json_string("http://www.opengis.net/def/observationType/OGC-OM/2.0/OM_Measurement");
}

static json_t *channel_unit(sta_world *w, const sta_entity *e)
{
    const char     *key  = w->channels[e->at].unit;
    const sei_unit *unit = key[0] ? sei_unit_find(key) : NULL;

    if (!unit)
        return json_pack("{s:n, s:n, s:n}", "name", "symbol", "definition");
    return json_pack("{s:s, s:s, s:s}", "name", unit->symbol, "symbol", unit->symbol, "definition",
                     "http://unitsofmeasure.org/ucum.html");
}

/* "first/last", nothing without points */
static json_t *channel_span(sta_world *w, const sta_entity *e)
{
    int64_t first = 0, last = 0;
    bool    found = false;
    char    a[SEI_TIME_MAX], b[SEI_TIME_MAX];

    if (sei_store_span(w->req->store, w->channels[e->at].id, &found, &first, &last) != SEI_OK ||
        !found)
        return json_null();
    sei_format_time(a, first, 0);
    sei_format_time(b, last, 0);
    return json_sprintf("%s/%s", a, b);
}

static json_t *sensor_type(sta_world *w, const sta_entity *e)
{
    (void)w;
    (void)e;
    return json_string("text/plain");
}

static const sei_quantity *quantity_of(const sta_world *w, const sta_entity *e)
{
    return sei_quantity_find(w->properties[e->at]);
}

static json_t *property_name(sta_world *w, const sta_entity *e)
{
    const sei_quantity *q = quantity_of(w, e);

    return json_string(q ? q->name_en : w->properties[e->at]);
}

static json_t *property_text(sta_world *w, const sta_entity *e)
{
    const sei_quantity *q = quantity_of(w, e);

    return json_string(q ? q->name_ja : "");
}

static json_t *property_definition(sta_world *w, const sta_entity *e)
{
    return json_sprintf("urn:seiryu:quantity:%s", w->properties[e->at]);
}

static json_t *point_time(sta_world *w, const sta_entity *e)
{
    (void)w;
    return time_json(e->point.time_us);
}

static json_t *result_of(const sei_point *p)
{
    return p->kind == SEI_POINT_MISSING ? json_null() : json_real(p->value);
}

static json_t *point_result(sta_world *w, const sta_entity *e)
{
    (void)w;
    return result_of(&e->point);
}

/* What a number alone does not say: below the limit of quantification, and which record it came in. */
static json_t *parameters_of(const sei_point *p)
{
    return json_pack("{s:s, s:I, s:I}", "kind", sei_point_kind_word(p->kind), "epoch",
                     (json_int_t)p->epoch, "seq", (json_int_t)p->seq);
}

static json_t *point_parameters(sta_world *w, const sta_entity *e)
{
    (void)w;
    return parameters_of(&e->point);
}

json_t *sta_point_json(int64_t channel_id, const sei_point *p)
{
    char id[120];

    put_point_id(channel_id, p, id);
    id[strlen(id) - 1] = '\0';
    return json_pack("{s:s, s:o, s:o, s:o, s:o}", "@iot.id", id + 1, "phenomenonTime",
                     time_json(p->time_us), "resultTime", time_json(p->time_us), "result",
                     result_of(p), "parameters", parameters_of(p));
}

enum { PROPERTIES_MAX = 12 };
typedef struct {
    const char *names[PROPERTIES_MAX];
    getter      get[PROPERTIES_MAX];
} property_row;

static const property_row rows[STA_N_SETS] = {
    [STA_THINGS]    = {{"@iot.id", "@iot.selfLink", "name", "description", "properties"},
                       {get_id, get_self, station_name, station_text, station_properties}},
    [STA_LOCATIONS] = {{"@iot.id", "@iot.selfLink", "name", "description", "encodingType",
                        "location"},
                       {get_id, get_self, station_name, station_text, geo_type, geo_point}},
    [STA_HISTORICAL_LOCATIONS] = {{"@iot.id", "@iot.selfLink", "time"},
                                  {get_id, get_self, history_time}},
    [STA_DATASTREAMS] = {{"@iot.id", "@iot.selfLink", "name", "description", "observationType",
                          "unitOfMeasurement", "phenomenonTime", "resultTime", "properties"},
                         {get_id, get_self, channel_name, channel_text, observation_type,
                          channel_unit, channel_span, channel_span, channel_properties}},
    [STA_SENSORS]     = {{"@iot.id", "@iot.selfLink", "name", "description", "encodingType",
                          "metadata"},
                         {get_id, get_self, channel_name, channel_text, sensor_type, channel_text}},
    [STA_OBSERVED_PROPERTIES] = {{"@iot.id", "@iot.selfLink", "name", "description", "definition"},
                                 {get_id, get_self, property_name, property_text,
                                  property_definition}},
    [STA_OBSERVATIONS] = {{"@iot.id", "@iot.selfLink", "phenomenonTime", "resultTime", "result",
                           "parameters"},
                          {get_id, get_self, point_time, point_time, point_result,
                           point_parameters}},
    [STA_FEATURES]     = {{"@iot.id", "@iot.selfLink", "name", "description", "encodingType",
                           "feature"},
                          {get_id, get_self, station_name, station_text, geo_type, geo_point}},
};

const char *const *sta_property_names(sta_set set)
{
    return rows[set].names;
}

json_t *sta_property(sta_world *w, const sta_entity *e, const char *name, size_t len)
{
    const property_row *row = &rows[e->set];

    if (len == 2 && strncmp(name, "id", 2) == 0)
        return get_id(w, e);
    for (size_t i = 0; row->names[i]; i++)
        if (strlen(row->names[i]) == len && strncmp(row->names[i], name, len) == 0)
            return row->get[i](w, e);
    return NULL;
}
