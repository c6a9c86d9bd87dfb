/* sta_geo.h - geometry in $filter: literals and the functions of them */
#ifndef SEI_SERVER_STA_GEO_H
#define SEI_SERVER_STA_GEO_H

#include "server/sta.h"

/* Well-known text: POINT (30 10), LINESTRING (…), POLYGON ((…), (…)). E_PARSE says where, E_UNSUPPORTED of other kinds. */
SEI_CHECKED sei_status sta_shape_read(sei_ctx *ctx, sei_arena *arena, const char *text, size_t len,
                                      const sta_shape **ret_shape);
/* NULL: no memory */
const sta_shape *sta_shape_point(sei_arena *arena, double longitude, double latitude);

#define STA_GEO_FUNCTION(name)                                                           \
    sei_status sta_##name(sei_ctx *ctx, sei_arena *arena, size_t n, const sta_value v[], \
                          sta_value *ret_value);
STA_GEO_FUNCTION(st_equals)
STA_GEO_FUNCTION(st_disjoint)
STA_GEO_FUNCTION(st_intersects)
STA_GEO_FUNCTION(st_touches)
STA_GEO_FUNCTION(st_within)
STA_GEO_FUNCTION(st_contains)
STA_GEO_FUNCTION(st_overlaps)
STA_GEO_FUNCTION(st_crosses)
STA_GEO_FUNCTION(st_relate)
STA_GEO_FUNCTION(geo_distance)
STA_GEO_FUNCTION(geo_length)
#undef STA_GEO_FUNCTION

#endif
