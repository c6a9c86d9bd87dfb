/* interlock.c - interlocks, and whether a station's configuration can work */
#include "command/interlock.h"

static bool holds(int32_t x, sei_relation relation, int32_t limit)
{
    return relation == SEI_BELOW ? x < limit : x > limit;
}

bool sei_interlock_blocks(const sei_station_config *config, const sei_station_world *world,
                          size_t point, int32_t value)
{
    for (size_t i = 0; i < config->n_interlocks; i++) {
        const sei_interlock *row = &config->interlocks[i];
        if (row->point != point || !holds(value, row->values, row->for_value))
            continue;
        if (row->input >= world->n_inputs || row->input >= SEI_COMMAND_INPUTS_MAX ||
            !world->inputs[row->input].valid ||
            holds(world->inputs[row->input].value, row->when, row->limit))
            return true;
    }
    return false;
}

static sei_status check_point(sei_ctx *ctx, const sei_station_config *config, size_t i)
{
    const sei_station_point *row = &config->points[i];

    if (row->min > row->max)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "point %u: min = %ld lies above max = %ld",
                        row->point, (long)row->min, (long)row->max);
    if (row->tolerance < 0)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "point %u: tolerance = %ld is negative", row->point,
                        (long)row->tolerance);
    if (row->select_s == 0 || row->travel_s == 0)
        return sei_fail(ctx, SEI_E_MISSING, NULL,
                        "point %u: select_s and travel_s have to be given", row->point);
    if (row->two_persons && config->n_keys < 2)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "point %u asks for two persons, there is one key",
                        row->point);
    for (size_t k = 0; k < i; k++)
        if (config->points[k].point == row->point)
            return sei_fail(ctx, SEI_E_DUPLICATE, NULL, "point %u is given twice", row->point);
    return SEI_OK;
}

sei_status sei_station_check(sei_ctx *ctx, const sei_station_config *config)
{
    if (config->n_points > SEI_COMMAND_POINTS_MAX || config->n_keys > SEI_COMMAND_KEYS_MAX ||
        config->n_interlocks > SEI_COMMAND_INTERLOCKS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "%zu points, %zu keys, %zu interlocks: at most %d, %d, %d",
                        config->n_points, config->n_keys, config->n_interlocks,
                        SEI_COMMAND_POINTS_MAX, SEI_COMMAND_KEYS_MAX, SEI_COMMAND_INTERLOCKS_MAX);
    if (!config->verify || !config->sign)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "a station without signatures");
    if (config->validity_max_s == 0)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "validity_max_s has to be given");
    for (size_t i = 0; i < config->n_points; i++) {
        const sei_status st = check_point(ctx, config, i);
        if (st != SEI_OK)
            return st;
    }
    for (size_t i = 0; i < config->n_interlocks; i++)
        if (config->interlocks[i].point >= config->n_points ||
            config->interlocks[i].input >= SEI_COMMAND_INPUTS_MAX)
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "interlock %zu: point %u or input %u is not there", i,
                            config->interlocks[i].point, config->interlocks[i].input);
    return SEI_OK;
}
