/*
 * result_rtd.c - residence-time distribution of a train
 *
 * A conservative tracer steps from 0 to 1 in the raw water. Every cell is a stirred volume, solved
 * downstream with the two-stage L-stable SDIRK of the train (Alexander 1977, gamma = 1 - 1/sqrt 2), so
 * that small cells do not ring. What the curve shows is the dispersion of the model's cells: N equal
 * ones in series have the curve of N tanks in series.
 */
#include "study/result_rtd.h"

#include <math.h>

enum { STEPS = 8 * SEI_RTD_POINTS };

#define GAMMA 0.29289321881345247560 /* 1 - 1/sqrt 2 */

typedef struct {
    const sei_train_spec *train;
    const sei_plant      *plant;
    const double         *deposit_m3; /* [n_cells], NULL: none */
    double                inflow;
    double               *flow, *rate;      /* [n_cells] kg/s, 1/s */
    double               *c, *stage, *f[2]; /* [n_cells] */
} tracer;

static double source_flow(const tracer *t, int from)
{
    return from >= 0 ? t->flow[from] : t->inflow;
}

/* Water that the deposits leave in a cell. */
static double water_kg(const tracer *t, size_t cell)
{
    const double bed_m3 = sei_plant_cell_at(t->plant, cell)->bed_m3;

    return t->deposit_m3 && bed_m3 > 0.0
               ? SEI_WATER_KG_M3 * bed_m3 * sei_plant_porosity(t->plant, cell, t->deposit_m3[cell])
               : t->train->cells[cell].water_kg;
}

/* Links may stand in any order: what a cell gets is summed when all earlier ones are known. */
static void find_flows(tracer *t)
{
    const sei_train_spec *s = t->train;

    for (size_t c = 0; c < s->n_cells; c++) {
        t->flow[c] = 0.0;
        for (size_t i = 0; i < s->n_links; i++)
            if (s->links[i].to == c)
                t->flow[c] += s->links[i].fraction * source_flow(t, s->links[i].from);
        t->rate[c] = t->flow[c] / water_kg(t, c);
    }
}

static double inflow_of(const tracer *t, size_t cell, const double c[])
{
    const sei_train_spec *s   = t->train;
    double                sum = 0.0;

    for (size_t i = 0; i < s->n_links; i++)
        if (s->links[i].to == cell)
            sum += s->links[i].fraction * source_flow(t, s->links[i].from) *
                   (s->links[i].from >= 0 ? c[s->links[i].from] : 1.0);
    return t->flow[cell] > 0.0 ? sum / t->flow[cell] : 0.0;
}

static void run_stage(tracer *t, double h, int stage)
{
    for (size_t i = 0; i < t->train->n_cells; i++) {
        const double base = t->c[i] + (stage ? h * (1.0 - GAMMA) * t->f[0][i] : 0.0);
        const double k    = h * GAMMA * t->rate[i];
        const double in   = inflow_of(t, i, t->stage);
        t->stage[i]       = (base + k * in) / (1.0 + k);
        t->f[stage][i]    = t->rate[i] * (in - t->stage[i]);
    }
}

static void make_step(tracer *t, double h)
{
    run_stage(t, h, 0);
    run_stage(t, h, 1); /* its end is the step's end */
    for (size_t i = 0; i < t->train->n_cells; i++)
        t->c[i] = t->stage[i];
}

/* Flow-weighted mean of all outlets; *ret_flow: of what leaves. */
static double discharge(const tracer *t, double *ret_flow)
{
    double flow = 0.0, sum = 0.0;

    for (size_t i = 0; i < sei_plant_n_outlets(t->plant); i++) {
        const sei_plant_outlet *o = sei_plant_outlet_at(t->plant, i);
        const double            q = o->fraction * source_flow(t, o->from);
        flow += q;
        sum += q * (o->from >= 0 ? t->c[o->from] : 1.0);
    }
    *ret_flow = flow;
    return flow > 0.0 ? sum / flow : 0.0;
}

static void march(tracer *t, double end_s, sei_rtd *r)
{
    const double h    = end_s / STEPS;
    double       last = 0.0, flow, area = 0.0;

    for (size_t k = 0; k < SEI_RTD_POINTS; k++) {
        for (size_t i = 0; i < STEPS / SEI_RTD_POINTS; i++)
            make_step(t, h);
        const double dt   = h * (STEPS / SEI_RTD_POINTS);
        r->share[k]       = discharge(t, &flow);
        r->t_s[k]         = dt * (double)(k + 1);
        r->density_1_s[k] = (r->share[k] - last) / dt;
        area += dt * (1.0 - 0.5 * (r->share[k] + last));
        last = r->share[k];
    }
    r->mean_s = area;
}

sei_status sei_rtd_compute(sei_ctx *ctx, const sei_plant *plant, const double deposit_m3[],
                           double flow_kg_s, sei_rtd *ret)
{
    const sei_train_spec *s    = sei_plant_train_spec(plant);
    const size_t          n    = s->n_cells;
    double               *room = sei_alloc(ctx, 6 * n + 1, sizeof *room);
    tracer       t = {.train = s, .plant = plant, .deposit_m3 = deposit_m3, .inflow = flow_kg_s};
    double       water = 0.0, out = 0.0;
    const double times = 5.0; /* mean residence times that are shown: e^-5 of one tank is left */

    if (!room)
        return SEI_E_NOMEM;
    t.flow  = room;
    t.rate  = room + n;
    t.c     = room + 2 * n;
    t.stage = room + 3 * n;
    t.f[0]  = room + 4 * n;
    t.f[1]  = room + 5 * n;
    find_flows(&t);
    for (size_t c = 0; c < n; c++)
        water += t.flow[c] > 0.0 ? water_kg(&t, c) : 0.0;
    (void)discharge(&t, &out);
    const bool ok = flow_kg_s > 0.0 && out > 0.0 && water > 0.0;
    if (ok)
        march(&t, times * water / out, ret);
    sei_release(ctx, room);
    return ok ? SEI_OK : sei_fail(ctx, SEI_E_RANGE, NULL, "no water flows through the train");
}
