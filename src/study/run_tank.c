/* run_tank.c - level of tanks that are drawn from, along a run */
#include "study/run.h"

sei_status sei_recorder_prepare_tanks(sei_recorder *r, size_t times_max)
{
    sei_result *o = &r->result;

    r->tank_unit = sei_arena_alloc(&r->arena, o->n_units + 1, sizeof *r->tank_unit);
    if (!r->tank_unit)
        return SEI_E_NOMEM;
    for (size_t u = 0; u < o->n_units; u++)
        if (sei_plant_unit_at(r->plant, u)->has_level)
            r->tank_unit[o->n_tanks++] = u;
    r->tank =
        sei_arena_alloc(&r->arena, times_max * o->n_tanks * SEI_TANK_NUMBERS + 1, sizeof *r->tank);
    o->tank_unit = r->tank_unit;
    o->tank      = r->tank;
    return r->tank ? SEI_OK : SEI_E_NOMEM;
}

void sei_recorder_put_tanks(sei_recorder *r, const sei_train *train)
{
    const sei_result *o   = &r->result;
    double           *out = r->tank + o->n_times * o->n_tanks * SEI_TANK_NUMBERS;

    for (size_t i = 0; i < o->n_tanks; i++, out += SEI_TANK_NUMBERS) {
        const size_t cell       = sei_plant_unit_at(r->plant, r->tank_unit[i])->first_cell;
        const double in         = sei_train_brought_kg_s(train, cell) / SEI_WATER_KG_M3;
        out[SEI_TANK_WATER_M3]  = sei_train_water_kg(train, cell) / SEI_WATER_KG_M3;
        out[SEI_TANK_IN_M3_S]   = in;
        out[SEI_TANK_WEIR_M3_S] = in * sei_train_overflow_share(train, cell);
    }
}
