/* run_hydraulics.c - deposits, head and what beds still let pass, along a run */
#include <math.h>
#include <string.h>

#include "study/run.h"

struct sei_run_hydraulics {
    sei_ctx         *ctx;
    const sei_plant *plant;
    double          *deposit_m3, *first_m3, *growth_m3_s; /* [n_cells]; first: at since_s */
    double          *since_s; /* [n_units] last time that deposits were taken out */
};

sei_status sei_run_hydraulics_create(sei_ctx *ctx, const sei_plant *plant, sei_run_hydraulics **ret)
{
    const size_t        n = sei_plant_n_cells(plant);
    sei_run_hydraulics *h = sei_alloc(ctx, 1, sizeof *h);

    if (!h)
        return SEI_E_NOMEM;
    h->ctx         = ctx;
    h->plant       = plant;
    h->deposit_m3  = sei_alloc(ctx, n, sizeof *h->deposit_m3);
    h->first_m3    = sei_alloc(ctx, n, sizeof *h->first_m3);
    h->growth_m3_s = sei_alloc(ctx, n, sizeof *h->growth_m3_s);
    h->since_s     = sei_alloc(ctx, sei_plant_n_units(plant), sizeof *h->since_s);
    if (!h->deposit_m3 || !h->first_m3 || !h->growth_m3_s || !h->since_s) {
        sei_run_hydraulics_free(h);
        return SEI_E_NOMEM;
    }
    *ret = h;
    return SEI_OK;
}

void sei_run_hydraulics_free(sei_run_hydraulics *h)
{
    if (!h)
        return;
    sei_release(h->ctx, h->deposit_m3);
    sei_release(h->ctx, h->first_m3);
    sei_release(h->ctx, h->growth_m3_s);
    sei_release(h->ctx, h->since_s);
    sei_release(h->ctx, h);
}

/* Deposits that fell by more than rounding were taken out: growth is counted from there. */
static void follow_unit(sei_run_hydraulics *h, sei_train *train, size_t u, double t_s)
{
    const sei_plant_unit *unit   = sei_plant_unit_at(h->plant, u);
    const size_t          end    = unit->first_cell + unit->n_cells;
    double                before = 0.0, now = 0.0;

    for (size_t c = unit->first_cell; c < end; c++) {
        const double was = h->deposit_m3[c];
        before += was;
        h->deposit_m3[c] = sei_plant_deposit_m3(h->plant, train, c);
        if (sei_plant_closes(h->plant, u))
            sei_plant_set_passage(h->plant, train, c, was, h->deposit_m3[c]);
        now += h->deposit_m3[c];
    }
    const bool   cleaned = now < 0.99 * before || t_s <= 0.0;
    const double span    = t_s - h->since_s[u];
    for (size_t c = unit->first_cell; c < end; c++) {
        if (cleaned)
            h->first_m3[c] = h->deposit_m3[c];
        h->growth_m3_s[c] =
            !cleaned && span > 0.0 ? (h->deposit_m3[c] - h->first_m3[c]) / span : 0.0;
    }
    if (cleaned)
        h->since_s[u] = t_s;
}

sei_status sei_run_hydraulics_follow(sei_run_hydraulics *h, sei_train *train, double t_s)
{
    sei_status st = SEI_OK;

    for (size_t u = 0; u < sei_plant_n_units(h->plant) && st == SEI_OK; u++) {
        const sei_plant_unit *unit = sei_plant_unit_at(h->plant, u);
        follow_unit(h, train, u, t_s);
        for (size_t c = unit->first_cell; c < unit->first_cell + unit->n_cells; c++)
            sei_plant_set_room(h->plant, train, c, h->deposit_m3[c]);
        if (!(unit->head_max_m > 0.0))
            continue;
        const sei_unit_hydraulics now = sei_plant_hydraulics(h->plant, u, h->deposit_m3, 0.0);
        st                            = sei_train_set_capacity(h->ctx, train, unit->first_cell,
                                                               now.flow_max_m3_s * SEI_WATER_KG_M3);
    }
    return st;
}

void sei_run_hydraulics_unit(const sei_run_hydraulics *h, size_t u, double flow_m3_s,
                             double work_m3[], sei_result_hydraulics *ret)
{
    const sei_plant_unit     *unit = sei_plant_unit_at(h->plant, u);
    const sei_unit_hydraulics now  = sei_plant_hydraulics(h->plant, u, h->deposit_m3, flow_m3_s);

    *ret = (sei_result_hydraulics){.head_m        = now.head_m,
                                   .head_max_m    = unit->head_max_m,
                                   .porosity      = now.porosity,
                                   .deposit_m3    = now.deposit_m3,
                                   .pore_m3       = now.pore_m3,
                                   .permeability  = now.permeability,
                                   .hrt_pore_s    = flow_m3_s > 0.0 ? now.pore_m3 / flow_m3_s : 0.0,
                                   .flow_max_m3_s = now.flow_max_m3_s,
                                   .clogs_in_s    = (double)INFINITY};
    if (unit->head_max_m > 0.0)
        ret->clogs_in_s = sei_plant_time_to_clog_s(h->plant, u, h->deposit_m3, h->growth_m3_s,
                                                   flow_m3_s, work_m3);
}

const double *sei_run_hydraulics_deposits(const sei_run_hydraulics *h)
{
    return h->deposit_m3;
}

/* ---- for restart files ------------------------------------------------------------------------ */

enum { ARRAYS = 4 };

typedef struct {
    double *at[ARRAYS];
    size_t  n[ARRAYS];
} arrays;

static arrays arrays_of(const sei_run_hydraulics *h)
{
    const size_t cells = sei_plant_n_cells(h->plant), units = sei_plant_n_units(h->plant);

    return (arrays){{h->deposit_m3, h->first_m3, h->growth_m3_s, h->since_s},
                    {cells, cells, cells, units}};
}

void sei_run_hydraulics_get(const sei_run_hydraulics *h, double ret_counts[])
{
    const arrays a = arrays_of(h);

    for (size_t k = 0; k < ARRAYS; ret_counts += a.n[k], k++)
        if (a.n[k])
            memcpy(ret_counts, a.at[k], a.n[k] * sizeof *ret_counts);
}

void sei_run_hydraulics_set(sei_run_hydraulics *h, const double counts[])
{
    const arrays a = arrays_of(h);

    for (size_t k = 0; k < ARRAYS; counts += a.n[k], k++)
        if (a.n[k])
            memcpy(a.at[k], counts, a.n[k] * sizeof *counts);
}
