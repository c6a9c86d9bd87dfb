/*
 * step.c - time integration
 *
 * Two-stage, second-order, L-stable SDIRK with gamma = 1 - 1/sqrt(2) (Alexander 1977, SIAM J. Numer. Anal.
 * 14, 1006). Its last stage is the new state, and as a Runge-Kutta method it keeps every linear
 * invariant: what enters, leaves and is held adds up to rounding. Where a long step would make a
 * concentration negative in the second stage, the step is made with implicit Euler, which keeps
 * concentrations positive whatever the step.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "transport/train_impl.h"

#define GAMMA 0.29289321881345247560 /* 1 - 1/sqrt 2 */

typedef struct {
    size_t stages;
    double c[SEI_STAGES], a[SEI_STAGES][SEI_STAGES], b[SEI_STAGES];
} method;

static const method sdirk2 = {
    2, {GAMMA, 1.0}, {{GAMMA, 0.0}, {1.0 - GAMMA, GAMMA}}, {1.0 - GAMMA, GAMMA}};
static const method euler = {1, {1.0, 0.0}, {{1.0, 0.0}, {0.0, 0.0}}, {1.0, 0.0}};

/* Largest change of a log activity, or relative of the ionic strength, that is foretold. */
static const double guess_max = 0.2;

/* Steps and tries after which a day of simulated time has become endless: a mean of four seconds.
 * The bundled examples need up to some hundred, whatever is done to them (test_extremes_examples). */
enum { TRIES_A_DAY_MAX = 20000 };

/* Share of a step's own tolerance that its equations are solved to. */
static const double stage_share = 5e-4;

/* Suspended solids may fall this far below zero, mol/kgw, where they are washed out: the second stage goes beyond what
 * the first one left. It keeps the books exact and is the least error that a step is held to (abs_tol_molal); refusing
 * steps for less would be for what nobody could see. */
static const double suspended_slack = 2e-9;

/* Water thrown together far out of equilibrium, such as copper at pH 11, settles within a millisecond. */
void sei_step_control_default(sei_step_control *control)
{
    *control = (sei_step_control){.rel_tol       = 2e-3,
                                  .abs_tol_molal = 2e-9,
                                  .dt_min_s      = 1e-6,
                                  .dt_max_s      = SEI_DAY_S,
                                  .dt_start_s    = 60.0};
}

/* --- boundary and flow ---------------------------------------------------------------------------------- */

static sei_status check_boundary(sei_ctx *ctx, const sei_train *t, double t_s)
{
    for (size_t i = 0; i < t->n_inflows; i++) {
        if (!(t->b_flow[i] >= 0.0) || !isfinite(t->b_flow[i]))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "inflow %zu at %g s: flow %g kg/s", i, t_s,
                            t->b_flow[i]);
        if (!(t->b_temp[i] > 200.0 && t->b_temp[i] < 400.0))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "inflow %zu at %g s: temperature %g K", i, t_s,
                            t->b_temp[i]);
    }
    for (size_t k = 0; k < t->n_inflows * t->n_comp; k++)
        if (!isfinite(t->b_total[k]))
            return sei_fail(ctx, SEI_E_RANGE, NULL,
                            "inflow at %g s: total of component %zu is not a number", t_s,
                            k % t->n_comp);
    return SEI_OK;
}

sei_status sei_boundary_at(sei_ctx *ctx, sei_train *t, sei_boundary_fn fn, void *user, double t_s)
{
    sei_boundary b  = {0};
    sei_status   st = fn(user, ctx, t_s, &b);

    if (st != SEI_OK)
        return st;
    memcpy(t->b_flow, b.flow_kg_s, t->n_inflows * sizeof *t->b_flow);
    memcpy(t->b_temp, b.temp_k, t->n_inflows * sizeof *t->b_temp);
    memcpy(t->b_total, b.total_molal, t->n_inflows * t->n_comp * sizeof *t->b_total);
    if (b.suspended_molal)
        memcpy(t->b_susp, b.suspended_molal, t->n_inflows * t->n_solids * sizeof *t->b_susp);
    else
        memset(t->b_susp, 0, t->n_inflows * t->n_solids * sizeof *t->b_susp);
    for (size_t k = 0; k < t->n_inflows * t->n_comp; k++)
        if (k % t->n_comp + 1 < t->n_comp && t->b_total[k] < SEI_TRACE_MOLAL)
            t->b_total[k] = SEI_TRACE_MOLAL;
    t->boundary = (sei_boundary){t->b_flow,  t->b_temp,  t->b_total,    t->b_susp,   b.air_k,
                                 b.ground_k, b.sun_w_m2, b.snow_m2_k_w, b.snow_shade};
    return check_boundary(ctx, t, t_s);
}

double sei_link_flow(const sei_train *t, const sei_link *l)
{
    return l->fraction * (l->from >= 0 ? t->out[l->from] : t->b_flow[SEI_FROM_INFLOW - l->from]);
}

void sei_flows(sei_train *t)
{
    for (size_t c = 0; c < t->n_cells; c++) {
        const size_t of   = t->overflow_of[c];
        const double most = fmin(t->flow_max[c], t->capacity[c]);
        double       flow = 0.0;
        for (size_t i = t->link_ptr[c]; i < t->link_ptr[c + 1]; i++)
            flow += sei_link_flow(t, &t->links[i]);
        t->brought[c] = flow;
        t->pass[c]    = 1.0;
        if (t->overflows[c])
            t->pass[c] = fmin(t->take[c], flow > most ? most / flow : 1.0);
        t->flow[c] = t->pass[c] * flow;
        if (of != SIZE_MAX)
            t->flow[c] += (1.0 - t->pass[of]) * t->brought[of];
        t->out[c] = sei_store_out(t, c);
    }
}

double sei_capture_1_s(const sei_train *t, size_t cell)
{
    const sei_cell *c       = &t->cells[cell];
    const double    by_time = fmin(1.0, t->catches[cell] * sei_store_bed_share(t, cell));

    return by_time * c->capture_1_s + t->catches[cell] * c->filter * t->flow[cell] / c->water_kg;
}

/* Adds what the links of cell `from_links` bring, times share / flow, to cin, pin and *temp. */
static void add_links(sei_train *t, size_t from_links, double factor, const double total[],
                      const double susp[], const double temp_k[], double *temp)
{
    const size_t n = t->n_comp, s = t->n_solids;

    for (size_t i = t->link_ptr[from_links]; i < t->link_ptr[from_links + 1]; i++) {
        const sei_link *l     = &t->links[i];
        const bool      inner = l->from >= 0;
        const size_t    from  = inner ? (size_t)l->from : (size_t)(SEI_FROM_INFLOW - l->from);
        const double    share = sei_link_flow(t, l) * factor;
        const double   *c     = inner ? total + from * n : t->b_total + from * n;
        const double   *p     = inner ? susp + from * s : t->b_susp + from * s;
        for (size_t j = 0; j < n; j++)
            t->cin[j] += share * c[j];
        for (size_t k = 0; k < s; k++)
            t->pin[k] += share * p[k];
        *temp += share * (inner ? temp_k[from] : t->b_temp[from]);
    }
}

/* Flow-weighted mean of what enters a cell into cin, pin and *ret_temp_k. */
void sei_cell_inflow(sei_train *t, size_t cell, const double total[], const double susp[],
                     const double temp_k[], double *ret_temp_k)
{
    const double flow = t->flow[cell];
    const size_t of   = t->overflow_of[cell];
    double       temp = 0.0;

    memset(t->cin, 0, t->n_comp * sizeof *t->cin);
    memset(t->pin, 0, t->n_solids * sizeof *t->pin);
    if (flow > 0.0)
        add_links(t, cell, t->pass[cell] / flow, total, susp, temp_k, &temp);
    if (flow > 0.0 && of != SIZE_MAX && t->pass[of] < 1.0)
        add_links(t, of, (1.0 - t->pass[of]) / flow, total, susp, temp_k, &temp);
    *ret_temp_k = flow > 0.0 ? temp : t->state.temp_k[cell];
}

/* --- one stage of one cell -------------------------------------------------------------------------------- */

typedef struct {
    sei_train    *t;
    sei_ctx      *ctx;
    const method *m;
    double        h;
    size_t        stage;
    double       *total, *susp, *temp;  /* of this stage, all cells */
    double       *ft, *fp, *fs, *ftemp; /* derivatives of this stage */
} stage;

/* What flow brings to a cell of something that it holds, per kg of its water. */
static double net_brought(const sei_train *t, size_t cell, double in, double held)
{
    const double w = t->cells[cell].water_kg;

    return t->store_of[cell] == SIZE_MAX ? t->flow[cell] / w * (in - held)
                                         : t->flow[cell] / w * in - t->out[cell] / w * held;
}

/* Amounts of a store's cell are scaled to its reference water; every other cell is left alone. */
static void scale(double v[], size_t n, double factor)
{
    for (size_t i = 0; i < n && (factor > 1.0 || factor < 1.0); i++)
        v[i] *= factor;
}

static void set_base(const stage *s, size_t cell)
{
    sei_train   *t = s->t;
    const size_t n = t->n_comp, k = t->n_solids;

    memcpy(t->base, t->state.total + cell * n, n * sizeof *t->base);
    memcpy(t->base_susp, t->state.suspended + cell * k, k * sizeof *t->base_susp);
    memcpy(t->base_solid, t->state.solid + cell * k, k * sizeof *t->base_solid);
    t->solid_tau_s = t->water_tau_s = s->h * s->m->a[s->stage][s->stage];
    scale(t->base, n, sei_store_scale_before(t, cell));
    scale(t->base_susp, k, sei_store_scale_before(t, cell));
    for (size_t l = 0; l < s->stage; l++) {
        const double  ha = s->h * s->m->a[s->stage][l];
        const double *ft = t->f_total + l * t->n_cells * n + cell * n;
        const double *fp = t->f_susp + l * t->n_cells * k + cell * k;
        const double *fs = t->f_solid + l * t->n_cells * k + cell * k;
        for (size_t j = 0; j < n; j++)
            t->base[j] += ha * ft[j];
        for (size_t j = 0; j < k; j++) {
            t->base_susp[j] += ha * fp[j];
            t->base_solid[j] += ha * fs[j];
        }
    }
    scale(t->base, n, 1.0 / sei_store_scale(t, cell));
    scale(t->base_susp, k, 1.0 / sei_store_scale(t, cell));
    const double *rate =
        s->stage == 0 ? t->last_solid : t->f_solid + (s->stage - 1) * t->n_cells * k;
    for (size_t j = 0; j < k; j++)
        t->ahead_solid[j] = t->base_solid[j] + t->solid_tau_s * rate[cell * k + j];
    t->gaining      = rate + cell * k;
    const size_t nl = t->model->n_laws;
    t->own_rate =
        (s->stage == 0 ? t->last_rate : t->f_rate + (s->stage - 1) * t->n_cells * nl) + cell * nl;
}

/*
 * What a cell exchanges with the air, W/K, and what it gains from the sun. Snow of resistance R lies in series with the part
 * s of the open top's conductance K (area A): K (1 - s) + s K/(1 + R K/A).
 */
void sei_cell_sky(const sei_train *t, size_t cell, double *ret_air_w_k, double *ret_sun_w)
{
    const sei_cell     *c    = &t->cells[cell];
    const sei_open_top *top  = &c->top;
    const sei_boundary *b    = &t->boundary;
    double              kept = 0.0;

    if (b->snow_m2_k_w > 0.0 && top->m2 > 0.0) {
        const double r = b->snow_m2_k_w * top->w_k / top->m2;
        kept           = top->snow * top->w_k * r / (1.0 + r);
    }
    *ret_air_w_k = c->ua_air_w_k - kept;
    *ret_sun_w   = b->sun_w_m2 * top->sun_m2 * (1.0 - top->snow * b->snow_shade);
}

/* Heat: C dT/dt = Q c (Tin - T) + UA_air (Tair - T) + UA_ground (Tground - T) + sun, implicit in T. */
static void stage_temperature(const stage *s, size_t cell, double inflow_k)
{
    sei_train      *t     = s->t;
    const sei_cell *c     = &t->cells[cell];
    const double    tau   = s->h * s->m->a[s->stage][s->stage];
    const double    qc    = t->flow[cell] * SEI_WATER_J_KG_K;
    const size_t    store = t->store_of[cell];
    const double    heat_j_k =
        c->heat_j_k +
        (store == SIZE_MAX ? 0.0 : SEI_WATER_J_KG_K * (c->water_kg - t->store_ref[store]));
    double air_w_k, sun_w, base = t->state.temp_k[cell];

    sei_cell_sky(t, cell, &air_w_k, &sun_w);
    const double sum  = (qc + air_w_k + c->ua_ground_w_k) / heat_j_k;
    const double gain = (qc * inflow_k + air_w_k * t->boundary.air_k +
                         c->ua_ground_w_k * t->boundary.ground_k + sun_w) /
                        heat_j_k;

    for (size_t l = 0; l < s->stage; l++)
        base += s->h * s->m->a[s->stage][l] * t->f_temp[l * t->n_cells + cell];
    double temp = (base + tau * gain) / (1.0 + tau * sum);
    if (temp <
        SEI_ZERO_CELSIUS) /* water under ice stays at its freezing point; the ice itself is not modelled */
        temp = SEI_ZERO_CELSIUS;
    s->temp[cell]  = temp;
    s->ftemp[cell] = (temp - base) / tau;
}

/* Of precipitates that deposits leave no room for, more stay in the water. */
double sei_carried_share(const sei_train *t, size_t cell, const sei_compiled_law *law, double made)
{
    if (law->suspended_param == SIZE_MAX || !(made > 0.0 || law->of_load))
        return 0.0;
    const double *params = t->zones[t->cells[cell].zone].law_params;
    const double  share  = params[law->param_offset + law->suspended_param];

    return made > 0.0 ? share + (1.0 - share) * (1.0 - t->holds[cell]) : share;
}

void sei_solid_production(const sei_train *t, size_t cell, double ret_bed[], double ret_susp[])
{
    memset(ret_bed, 0, t->n_solids * sizeof *ret_bed);
    memset(ret_susp, 0, t->n_solids * sizeof *ret_susp);
    for (size_t l = 0; l < t->model->n_laws; l++) {
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t k = 0; k < law->n_solid_terms && t->rates.rate[l] != 0.0; k++) {
            const size_t s       = law->solid_index[k];
            const double made    = law->solid[s] * t->rates.rate[l];
            const double carried = sei_carried_share(t, cell, law, made);
            ret_susp[s] += carried * made;
            ret_bed[s] += (1.0 - carried) * made;
        }
    }
}

static bool stage_solids(const stage *s, size_t cell)
{
    sei_train      *t   = s->t;
    const sei_cell *c   = &t->cells[cell];
    const size_t    k   = t->n_solids;
    const double    tau = s->h * s->m->a[s->stage][s->stage];
    const double    q = t->flow[cell] / c->water_kg, out = t->out[cell] / c->water_kg;
    const double    caught = sei_capture_1_s(t, cell), share = sei_store_scale(t, cell);

    sei_solid_production(t, cell, t->made_bed, t->made_susp);
    for (size_t i = 0; i < k; i++) {
        const double made =
            t->made_susp[i] + sei_dose_solid(t, cell, s->stage, i) + sei_pumped_in(t, cell, i);
        const double gain    = t->base_susp[i] + tau * (q * t->pin[i] + made);
        const double settles = gain > 0.0 ? caught : 0.0; /* no bed pays for what overshot */
        const double p       = gain / (1.0 + tau * (out + settles));
        if (p < -suspended_slack)
            return false;
        s->susp[cell * k + i] = p;
        s->fp[cell * k + i]   = net_brought(t, cell, t->pin[i], p) - settles * p + made;
        scale(&s->fp[cell * k + i], 1, share);
        s->fs[cell * k + i] =
            c->water_kg * (t->made_bed[i] + settles * p) - sei_pumped_out(t, cell, i);
    }
    if (t->model->n_laws)
        memcpy(t->f_rate + (s->stage * t->n_cells + cell) * t->model->n_laws, t->rates.rate,
               t->model->n_laws * sizeof *t->f_rate);
    return true;
}

static void stage_derivative(const stage *s, size_t cell)
{
    sei_train   *t = s->t;
    const size_t n = t->n_comp;
    double      *f = s->ft + cell * n;

    for (size_t j = 0; j < n; j++)
        f[j] = net_brought(t, cell, t->cin[j], t->eq->total[j]);
    for (size_t l = 0; l < t->model->n_laws; l++) {
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t i = 0; i < law->n_comp_terms; i++)
            f[law->comp_index[i]] += law->comp[law->comp_index[i]] * t->rates.rate[l];
    }
    sei_dose_derivative(t, cell, s->stage, f);
    scale(f, n, sei_store_scale(t, cell));
    memcpy(s->total + cell * n, t->eq->total, n * sizeof *f);
}

/* Where the solution of a stage is looked for first: the first one goes on as the last step ended, the second as
 * the first one went. Only nearby: an extrapolation that goes far says little. */
static void guess(const stage *s, size_t cell)
{
    const sei_train *t      = s->t;
    const size_t     n      = t->n_comp;
    const bool       second = s->stage > 0;
    const double     ahead  = s->h * (s->m->c[s->stage] - (second ? s->m->c[0] : 0.0));
    const double     per_s  = 1.0 / (s->h * s->m->c[0]);
    const double    *was = t->state.x + cell * n, *is = t->trial.x + cell * n;

    for (size_t j = 0; j < n; j++) {
        const double rate = second ? (is[j] - was[j]) * per_s : t->x_rate[cell * n + j];
        t->eq->x[j]       = is[j] + (fabs(rate * ahead) <= guess_max ? rate * ahead : 0.0);
    }
    const double mu   = t->trial.mu[cell];
    const double rate = second ? (mu - t->state.mu[cell]) * per_s : t->mu_rate[cell];
    t->eq->mu         = fabs(rate * ahead) <= guess_max * mu ? mu + rate * ahead : mu;
    t->eq->ln_aw      = t->trial.ln_aw[cell];
}

/* How the unknowns went in the step's last part. */
static void keep_course(sei_train *t, const method *m, double h)
{
    const size_t  nc  = t->n_cells * t->n_comp;
    const bool    two = m->stages > 1;
    const double *x = two ? t->stage_x : t->state.x, *mu = two ? t->stage_mu : t->state.mu;
    const double  per_s = 1.0 / (h * (two ? m->c[1] - m->c[0] : 1.0));

    for (size_t i = 0; i < nc; i++)
        t->x_rate[i] = (t->trial.x[i] - x[i]) * per_s;
    for (size_t c = 0; c < t->n_cells; c++)
        t->mu_rate[c] = (t->trial.mu[c] - mu[c]) * per_s;
}

static sei_status stage_cell(const stage *s, size_t cell)
{
    sei_train   *t = s->t;
    const size_t n = t->n_comp;
    double       inflow_k;

    sei_cell_inflow(t, cell, s->total, s->susp, s->temp, &inflow_k);
    stage_temperature(s, cell, inflow_k);
    set_base(s, cell);
    guess(s, cell);
    sei_equil_set_temp(t->eq, s->temp[cell]);
    const sei_status st =
        sei_cell_solve_dosed(s->ctx, t, cell, s->h * s->m->a[s->stage][s->stage], s->h, s->stage);
    if (st != SEI_OK)
        return st;
    memcpy(t->trial.x + cell * n, t->eq->x, n * sizeof *t->eq->x);
    t->trial.mu[cell]    = t->eq->mu;
    t->trial.ln_aw[cell] = t->eq->ln_aw;
    stage_derivative(s, cell);
    if (s->stage > 0)
        sei_cell_error(t, cell, s->h * GAMMA);
    if (!stage_solids(s, cell)) {
        t->failed_cell = cell;
        return sei_fail(s->ctx, SEI_E_NOT_CONVERGED, NULL,
                        "cell %zu: the step would make suspended solids negative", cell);
    }
    return SEI_OK;
}

/* --- fluxes of a stage, for the ledger ----------------------------------------------------------------------- */

static void add_air(const sei_train *t, size_t cell, double flux[])
{
    double *air = flux + 2 * t->n_comp, *of_group = sei_group_air(t, cell, flux);

    for (size_t l = 0; l < t->model->n_laws; l++) {
        const sei_compiled_law *law = &t->model->laws[l];
        for (size_t i = 0; law->with_air && i < law->n_comp_terms; i++) {
            const size_t j     = law->comp_index[i];
            const double mol_s = t->cells[cell].water_kg * law->comp[j] * t->rates.rate[l];
            air[j] += mol_s;
            if (of_group)
                of_group[j] += mol_s;
        }
    }
}

static double *stage_flux(const sei_train *t, size_t stage_index)
{
    return t->flux + stage_index * sei_flux_size(t);
}

static void add_boundary_flux(const stage *s)
{
    const sei_train *t = s->t;
    const size_t     n = t->n_comp, k = t->n_solids;
    double *in = stage_flux(t, s->stage), *out = in + n, *in_p = in + 3 * n, *out_p = in_p + k;

    for (size_t c = 0; c < t->n_cells; c++) {
        for (size_t i = t->link_ptr[c]; i < t->link_ptr[c + 1]; i++) {
            const sei_link *l = &t->links[i];
            if (l->from >= 0)
                continue;
            const size_t b = (size_t)(SEI_FROM_INFLOW - l->from);
            const double q = sei_link_flow(t, l);
            for (size_t j = 0; j < n; j++)
                in[j] += q * t->b_total[b * n + j];
            for (size_t j = 0; j < k; j++)
                in_p[j] += q * t->b_susp[b * k + j];
        }
        const double q = t->out_share[c] * t->out[c];
        for (size_t j = 0; j < n && q > 0.0; j++)
            out[j] += q * s->total[c * n + j];
        for (size_t j = 0; j < k && q > 0.0; j++)
            out_p[j] += q * s->susp[c * k + j];
    }
}

/* --- one step -------------------------------------------------------------------------------------------------- */

static sei_status run_stage(sei_ctx *ctx, sei_train *t, const method *m, size_t index, double t_s,
                            double h, sei_boundary_fn boundary, void *user)
{
    const size_t nc = t->n_cells * t->n_comp, nk = t->n_cells * t->n_solids;
    const stage  s    = {.t     = t,
                         .ctx   = ctx,
                         .m     = m,
                         .h     = h,
                         .stage = index,
                         .total = t->stage_total + index * nc,
                         .susp  = t->stage_susp + index * nk,
                         .temp  = t->stage_temp + index * t->n_cells,
                         .ft    = t->f_total + index * nc,
                         .fp    = t->f_susp + index * nk,
                         .fs    = t->f_solid + index * nk,
                         .ftemp = t->f_temp + index * t->n_cells};
    sei_status   st   = sei_boundary_at(ctx, t, boundary, user, t_s + m->c[index] * h);
    double      *flux = stage_flux(t, index);

    if (st != SEI_OK)
        return st;
    memset(flux, 0, sei_flux_size(t) * sizeof *flux);
    sei_stores_stage(t, index, h, m->a[index]);
    sei_flows(t);
    t->failed_cell = SIZE_MAX;
    if (sei_stores_overdrawn(t))
        return sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL, "the step would empty a store");
    for (size_t c = 0; c < t->n_cells; c++) {
        st = stage_cell(&s, c);
        if (st != SEI_OK)
            return st;
        add_air(t, c, flux);
    }
    if (index == 0) {
        memcpy(t->stage_x, t->trial.x, nc * sizeof *t->stage_x);
        memcpy(t->stage_mu, t->trial.mu, t->n_cells * sizeof *t->stage_mu);
    }
    add_boundary_flux(&s);
    sei_dose_flux(t, index, flux);
    sei_pump_flux(t, flux);
    sei_group_flux(t, s.total, s.susp, index, flux);
    return SEI_OK;
}

static void scale_cell(sei_train *t, size_t cell, double factor)
{
    scale(t->trial.total + cell * t->n_comp, t->n_comp, factor);
    scale(t->trial.suspended + cell * t->n_solids, t->n_solids, factor);
}

/* trial = state + h sum b F */
static bool combine(sei_train *t, const method *m, double h)
{
    const size_t nc = t->n_cells * t->n_comp, nk = t->n_cells * t->n_solids;

    memcpy(t->trial.total, t->state.total, nc * sizeof(double));
    memcpy(t->trial.suspended, t->state.suspended, nk * sizeof(double));
    memcpy(t->trial.solid, t->state.solid, nk * sizeof(double));
    memcpy(t->trial.temp_k, t->stage_temp + (m->stages - 1) * t->n_cells,
           t->n_cells * sizeof(double));
    for (size_t i = 0; i < t->n_stores; i++)
        scale_cell(t, t->stores[i].cell, sei_store_scale_before(t, t->stores[i].cell));
    for (size_t l = 0; l < m->stages; l++) {
        const double hb = h * m->b[l];
        for (size_t i = 0; i < nc; i++)
            t->trial.total[i] += hb * t->f_total[l * nc + i];
        for (size_t i = 0; i < nk; i++) {
            t->trial.suspended[i] += hb * t->f_susp[l * nk + i];
            t->trial.solid[i] += hb * t->f_solid[l * nk + i];
        }
    }
    for (size_t i = 0; i < t->n_stores; i++)
        scale_cell(t, t->stores[i].cell, 1.0 / sei_store_scale(t, t->stores[i].cell));
    for (size_t i = 0; i < nk; i++) {
        if (t->trial.solid[i] < 0.0 || t->trial.suspended[i] < -suspended_slack)
            return false;
    }
    return true;
}

static sei_status try_step(sei_ctx *ctx, sei_train *t, const method *m, double t_s, double h,
                           sei_boundary_fn boundary, void *user)
{
    sei_status st = SEI_OK;

    memcpy(t->trial.x, t->state.x, t->n_cells * t->n_comp * sizeof(double));
    memcpy(t->trial.mu, t->state.mu, t->n_cells * sizeof(double));
    memcpy(t->trial.ln_aw, t->state.ln_aw, t->n_cells * sizeof(double));
    memset(t->factors.tau_s, 0, t->n_cells * sizeof(double)); /* a step hangs on its state alone */
    for (size_t i = 0; i < m->stages && st == SEI_OK; i++)
        st = run_stage(ctx, t, m, i, t_s, h, boundary, user);
    if (st == SEI_OK && !combine(t, m, h)) {
        t->is_wary = true;
        st         = sei_fail(ctx, SEI_E_NOT_CONVERGED, NULL, "a bed solid would become negative");
    }
    return st;
}

static void accept(sei_train *t, const method *m, double h)
{
    const size_t    n   = sei_flux_size(t);
    const sei_state old = t->state;

    keep_course(t, m, h);
    for (size_t l = 0; l < m->stages; l++) {
        const double *flux = stage_flux(t, l);
        for (size_t i = 0; i < n; i++)
            t->ledger_mem[i] += h * m->b[l] * flux[i];
    }
    if (t->n_solids)
        memcpy(t->last_solid, t->f_solid + (m->stages - 1) * t->n_cells * t->n_solids,
               t->n_cells * t->n_solids * sizeof *t->last_solid);
    if (t->model->n_laws)
        memcpy(t->last_rate, t->f_rate + (m->stages - 1) * t->n_cells * t->model->n_laws,
               t->n_cells * t->model->n_laws * sizeof *t->last_rate);
    sei_stores_accept(t);
    t->state = t->trial;
    t->trial = old;
    t->stats.steps++;
}

/* Tries SDIRK, then, where a longer step has failed before, Euler with the same step. Sets *ret_error. */
static sei_status attempt(sei_ctx *ctx, sei_train *t, double t_s, double h,
                          const sei_step_control *c, sei_boundary_fn boundary, void *user,
                          bool with_euler, const method **ret_method, double *ret_error)
{
    sei_status st = try_step(NULL, t, &sdirk2, t_s, h, boundary, user);

    *ret_method = &sdirk2;
    if (st != SEI_OK && with_euler) { /* the message is kept when no shorter step can follow */
        *ret_method = &euler;
        st          = try_step(h <= c->dt_min_s ? ctx : NULL, t, &euler, t_s, h, boundary, user);
    }
    if (st == SEI_OK)
        *ret_error = sei_step_error(t, (*ret_method)->stages, h * (*ret_method)->a[0][0], c);
    return st;
}

static double next_step(double h, double error, double order)
{
    const double factor = error > 0.0 ? 0.85 * pow(error, -1.0 / order) : 4.0;

    return h * (factor < 0.2 ? 0.2 : factor > 3.0 ? 3.0 : factor);
}

/* Length of the next step after one that was made. A step cut short at an output does not slow the next: what is left
 * of its error does not fall with its length where stiff reactions make it, and says little about longer ones. */
static double after_success(const sei_step_control *c, double h, double used, double error,
                            const method *m)
{
    const double next = next_step(used, error, m->stages == 2 ? 2.0 : 1.0);

    return used == h || next < used ? fmin(next, c->dt_max_s) : h;
}

static double after_failure(const sei_step_control *c, sei_status st, double used, double error)
{
    return fmax(c->dt_min_s, st == SEI_OK ? next_step(used, error, 2.0) : 0.25 * used);
}

static sei_status one_step(sei_ctx *ctx, sei_train *t, const sei_step_control *c,
                           sei_boundary_fn boundary, void *user, double t_s, double left,
                           double *io_h, double *ret_h)
{
    const bool fixed  = c->fixed_dt_s > 0.0;
    double     h      = fixed ? c->fixed_dt_s : fmin(*io_h, t->pump_dt_max_s);
    bool       failed = false;

    t->is_wary = false;
    for (;;) {
        const method *m        = NULL;
        double        error    = 0.0;
        const double  used     = h < left * (1.0 - 1e-12) ? h : left;
        const bool    shortest = used <= c->dt_min_s;
        sei_status    st =
            attempt(ctx, t, t_s, used, c, boundary, user, failed || fixed || shortest, &m, &error);
        if (st == SEI_OK && (fixed || shortest || error <= 1.0)) {
            accept(t, m, used);
            *ret_h = used;
            *io_h  = fixed ? *io_h : after_success(c, h, used, error, m);
            return SEI_OK;
        }
        t->stats.rejected++;
        failed = st != SEI_OK;
        if (st != SEI_OK && shortest)
            return sei_fail(ctx, SEI_E_STEP, NULL, "after %.6g s the time step fell below %g s: %s",
                            t_s, c->dt_min_s, sei_ctx_error(ctx));
        h = after_failure(c, st, used, error);
    }
}

/* Steps that stay short are an end too: without it a run would go on for ever. */
static sei_status check_pace(sei_ctx *ctx, const sei_train *t, size_t tries_before, double from_s)
{
    const size_t tries = t->stats.steps + t->stats.rejected - tries_before;
    const double days  = fmax(1.0, (t->time_s - from_s) / SEI_DAY_S);

    if ((double)tries <= TRIES_A_DAY_MAX * days)
        return SEI_OK;
    return sei_fail(ctx, SEI_E_STEP, NULL,
                    "after %.6g s the time steps stay too short: %zu of them since %.6g s",
                    t->time_s, tries, from_s);
}

sei_status sei_train_advance(sei_ctx *ctx, sei_train *t, const sei_step_control *control,
                             sei_boundary_fn boundary, void *user, double t_end_s,
                             sei_step_fn on_step, void *step_user)
{
    double       h      = t->dt_next_s > 0.0 ? t->dt_next_s : control->dt_start_s;
    const double from_s = t->time_s;
    const size_t tries  = t->stats.steps + t->stats.rejected;

    t->stage_tolerance = control->fixed_dt_s > 0.0 ? 0.0 : stage_share * control->rel_tol;
    while (t->time_s < t_end_s) {
        double     used = 0.0;
        sei_status st =
            one_step(ctx, t, control, boundary, user, t->time_s, t_end_s - t->time_s, &h, &used);
        if (st != SEI_OK)
            return st;
        const double left = t_end_s - t->time_s;
        t->time_s         = used >= left ? t_end_s : t->time_s + used;
        t->dt_next_s      = h;
        if (!(control->fixed_dt_s > 0.0))
            st = check_pace(ctx, t, tries, from_s);
        if (st == SEI_OK && on_step)
            st = on_step(step_user, ctx, t->time_s, used, t);
        if (st != SEI_OK)
            return st;
    }
    return SEI_OK;
}
