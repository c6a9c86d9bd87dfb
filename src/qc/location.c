/*
 * location.c - location test: a position on the globe, near the last one and near where the station stands
 *
 * value is the longitude, other the latitude, in degrees east and north.
 */
#include <math.h>

#include "qc/op.h"

enum { MAX_MOVE, HOME_LON, HOME_LAT, MAX_FROM_HOME };

static const sei_param params[] = {
    {"max_move_m", "m", INFINITY, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "farthest way between two records", "前の記録からの移動距離の上限"},
    {"home_lon", "degree", 0, -180, 180, SEI_LINEAR, SEI_ASSUMED, "", "longitude of the station",
     "観測局の経度"},
    {"home_lat", "degree", 0, -90, 90, SEI_LINEAR, SEI_ASSUMED, "", "latitude of the station",
     "観測局の緯度"},
    {"max_from_home_m", "m", INFINITY, 0, INFINITY, SEI_LINEAR, SEI_ASSUMED, "",
     "farthest distance from the station's place", "観測局の位置からの距離の上限"},
};

#define EARTH_RADIUS_M 6371000.0 /* mean radius, as in the GSW library that ioos_qc asks */
#define RADIANS        0.017453292519943295

typedef struct {
    bool   any;
    double lon, lat;
} place;

/* Great circle by the haversine formula, which keeps its figures at short distances. */
static double distance_m(double lon1, double lat1, double lon2, double lat2)
{
    const double a = sin(0.5 * RADIANS * (lat2 - lat1));
    const double b = sin(0.5 * RADIANS * (lon2 - lon1));
    const double h = a * a + cos(RADIANS * lat1) * cos(RADIANS * lat2) * b * b;

    return 2.0 * EARTH_RADIUS_M * atan2(sqrt(h), sqrt(h < 1.0 ? 1.0 - h : 0.0));
}

static uint8_t judge(const double p[], const place *last, double lon, double lat)
{
    if (fabs(lon) > 180.0 || fabs(lat) > 90.0)
        return SEI_FLAG_FAIL;
    if (isfinite(p[MAX_FROM_HOME]) &&
        distance_m(p[HOME_LON], p[HOME_LAT], lon, lat) > p[MAX_FROM_HOME])
        return SEI_FLAG_SUSPECT;
    if (last->any && isfinite(p[MAX_MOVE]) &&
        distance_m(last->lon, last->lat, lon, lat) > p[MAX_MOVE])
        return SEI_FLAG_SUSPECT;
    return SEI_FLAG_GOOD;
}

static sei_status push(sei_ctx *ctx, const sei_qc_spec *spec, void *state,
                       const sei_qc_point *point, uint8_t ret_flags[2], size_t *ret_n)
{
    place     *last    = state;
    const bool has_lon = sei_qc_has(point), has_lat = sei_qc_has_other(point);

    (void)ctx;
    *ret_n = 1;
    if (!has_lon || !has_lat) { /* half a position is an error of the sender, not an absence */
        ret_flags[0] = (uint8_t)(has_lon != has_lat ? SEI_FLAG_FAIL : SEI_FLAG_MISSING);
        return SEI_OK;
    }
    ret_flags[0] = judge(spec->p, last, point->value, point->other);
    if (ret_flags[0] != SEI_FLAG_FAIL)
        *last = (place){true, point->value, point->other};
    return SEI_OK;
}

static const struct sei_qc_op op = {.state_size = sizeof(place), .push = push};

const sei_qc_test sei_qc_test_location = {
    .key      = "location",
    .title    = "Location test",
    .title_ja = "位置の検査",
    .source   = "qartod_ph2019",
    .other    = "latitude (the value is the longitude), degree",
    .other_ja = "緯度（値は経度、度）",
    .params   = params,
    .n_params = sizeof params / sizeof params[0],
    .op       = &op,
};
