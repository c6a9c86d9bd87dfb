/* limits.h - limits as they are kept */
#ifndef SEI_WATER_LIMITS_H
#define SEI_WATER_LIMITS_H

#include "base/arena.h"
#include "seiryu/water.h"

typedef enum { SEI_WATER_ANY, SEI_WATER_LAND, SEI_WATER_SEA } sei_receiving_water;

typedef struct {
    sei_limit           limit;
    double              min_discharge_m3_d; /* applies_if, read */
    sei_receiving_water water;
    bool                designated;
} sei_limit_row;

struct sei_limits {
    sei_ctx       *ctx;
    sei_arena      arena;
    sei_limit_row *rows;
    size_t         n;
};

/* Does the site take a table of limits, or has it only its own rules? */
bool sei_limits_has_law(const sei_limits_site *site);

#endif
