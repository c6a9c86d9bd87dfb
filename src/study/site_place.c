/* site_place.c - section site: name, position, zone, who is liable */
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "study/site.h"

typedef struct {
    const char *name, *name_ja, *place, *place_ja, *utc_offset;
    double      latitude_deg, longitude_deg, elevation_m;
    int         liable_party;
} place_rows;

static const sei_schema_word liable_words[] = {
    {"present", SEI_LIABLE_PRESENT},    {"absent", SEI_LIABLE_ABSENT},
    {"義務者存在", SEI_LIABLE_PRESENT}, {"義務者不存在", SEI_LIABLE_ABSENT},
    {"unknown", SEI_LIABLE_UNKNOWN},    {NULL, 0},
};

#define ROW_STRUCT place_rows
static const sei_key_row rows[] = {
    SEI_PLAIN_ROW("name", TEXT, true, name, "name of the site", "地点名(英語)"),
    SEI_PLAIN_ROW("name_ja", TEXT, false, name_ja, "name in Japanese", "地点名"),
    SEI_PLAIN_ROW("place", TEXT, false, place, "where it lies", "所在地(英語)"),
    SEI_PLAIN_ROW("place_ja", TEXT, false, place_ja, "where it lies, in Japanese", "所在地"),
    SEI_NUMBER_ROW("latitude_deg", "deg", SEI_NO_VALUE, -90, 90, false, latitude_deg,
                   "latitude, north > 0", "緯度(北緯を正)"),
    SEI_NUMBER_ROW("longitude_deg", "deg", SEI_NO_VALUE, -180, 180, false, longitude_deg,
                   "longitude, east > 0", "経度(東経を正)"),
    SEI_NUMBER_ROW("elevation_m", "m", SEI_NO_VALUE, -500, 6000, false, elevation_m,
                   "height above sea level", "標高"),
    SEI_PLAIN_ROW("utc_offset", TEXT, false, utc_offset,
                  "local time minus UTC, \"+09:00\" when not given", "協定世界時との時差"),
    SEI_WORD_ROW("liable_party", liable_words, SEI_LIABLE_UNKNOWN, liable_party,
                 "is there a party that the law makes treat the water?", "義務者の有無"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_site = {"site", rows, SEI_COUNT(rows)};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "+09:00", "-03:30" or "Z". */
static bool parse_offset(const char *text, int64_t *ret_us)
{
    if (strcmp(text, "Z") == 0) {
        *ret_us = 0;
        return true;
    }
    if (strlen(text) != 6 || (text[0] != '+' && text[0] != '-') || text[3] != ':' ||
        !is_digit(text[1]) || !is_digit(text[2]) || !is_digit(text[4]) || !is_digit(text[5]))
        return false;
    const int hours   = (text[1] - '0') * 10 + text[2] - '0';
    const int minutes = (text[4] - '0') * 10 + text[5] - '0';
    if (hours > 14 || minutes > 59)
        return false;
    *ret_us = (text[0] == '-' ? -1 : 1) * ((int64_t)hours * 60 + minutes) * 60 * SEI_US_PER_S;
    return true;
}

static void read_offset(sei_site_reader *r, const sei_yaml *node, const char *text)
{
    const sei_yaml *child = sei_yaml_get(node, "utc_offset");
    int64_t         offset_us;

    if (text[0] == '\0')
        return;
    if (parse_offset(text, &offset_us))
        r->s.utc_offset_us = offset_us;
    else
        sei_schema_problem(&r->s, SEI_E_TYPE, child->line,
                           "site.utc_offset = \"%.40s\" is not an offset; write \"+09:00\"", text);
}

void sei_site_read_place(sei_site_reader *r, const sei_yaml *node)
{
    place_rows         in   = {0};
    const sei_key_part part = {rows, SEI_COUNT(rows), &in};
    sei_site          *site = r->site;

    if (!sei_schema_map(&r->s, "site", node, 1, &part, NULL, NULL))
        return;
    read_offset(r, node, in.utc_offset);
    if (isnan(in.latitude_deg) != isnan(in.longitude_deg))
        sei_schema_problem(&r->s, SEI_E_MISSING, node->key_line,
                           "site: latitude_deg and longitude_deg go together");
    site->name          = in.name;
    site->name_ja       = in.name_ja;
    site->place         = in.place;
    site->place_ja      = in.place_ja;
    site->has_position  = !isnan(in.latitude_deg) && !isnan(in.longitude_deg);
    site->latitude_deg  = site->has_position ? in.latitude_deg : 0;
    site->longitude_deg = site->has_position ? in.longitude_deg : 0;
    site->has_elevation = !isnan(in.elevation_m);
    site->elevation_m   = site->has_elevation ? in.elevation_m : 0;
    site->utc_offset_us = r->s.utc_offset_us;
    site->liable_party  = (sei_liable_party)in.liable_party;
}
