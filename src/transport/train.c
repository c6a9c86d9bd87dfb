/* train.c - a train of cells: making, state, ledger, views */
#include <math.h>
#include <string.h>

#include "transport/train_impl.h"

/* --- checks ---------------------------------------------------------------------------------------- */

static sei_status check_cell(sei_ctx *ctx, const sei_train_spec *spec, size_t i)
{
    const sei_cell *c = &spec->cells[i];

    if (c->zone >= spec->n_zones)
        return sei_fail(ctx, SEI_E_ARG, NULL, "cell %zu: zone %zu of %zu", i, c->zone,
                        spec->n_zones);
    if (!(c->water_kg > 0.0) || !isfinite(c->water_kg))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "cell %zu: water %g kg must be above 0", i,
                        c->water_kg);
    if (!(c->heat_j_k > 0.0) || !(c->capture_1_s >= 0.0) || !(c->filter >= 0.0) ||
        !(c->ua_air_w_k >= 0.0) || !(c->ua_ground_w_k >= 0.0))
        return sei_fail(
            ctx, SEI_E_RANGE, NULL,
            "cell %zu: heat capacity must be above 0; capture and heat exchange not negative", i);
    return SEI_OK;
}

static sei_status check_link(sei_ctx *ctx, const sei_train_spec *spec, size_t i)
{
    const sei_link *l = &spec->links[i];

    if (l->to >= spec->n_cells || (l->from >= 0 && (size_t)l->from >= l->to))
        return sei_fail(ctx, SEI_E_ARG, NULL,
                        "link %zu: water must flow to a later cell (from %d to %zu)", i, l->from,
                        l->to);
    if (l->from < 0 && (size_t)(SEI_FROM_INFLOW - l->from) >= spec->n_inflows)
        return sei_fail(ctx, SEI_E_ARG, NULL, "link %zu: inflow %d does not exist", i,
                        SEI_FROM_INFLOW - l->from);
    if (!(l->fraction >= 0.0 && l->fraction <= 1.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "link %zu: fraction %g is outside 0..1", i,
                        l->fraction);
    return SEI_OK;
}

static sei_status check_overflow(sei_ctx *ctx, const sei_train_spec *spec, size_t i)
{
    const sei_overflow *o = &spec->overflows[i];

    if (o->to >= spec->n_cells || o->of >= o->to)
        return sei_fail(ctx, SEI_E_ARG, NULL,
                        "overflow %zu: water must flow to a later cell (from %zu to %zu)", i, o->of,
                        o->to);
    for (size_t k = 0; k < i; k++)
        if (spec->overflows[k].of == o->of || spec->overflows[k].to == o->to)
            return sei_fail(ctx, SEI_E_DUPLICATE, NULL,
                            "overflow %zu: cell %zu or %zu has one already", i, o->of, o->to);
    return SEI_OK;
}

static sei_status check_spec(sei_ctx *ctx, const sei_train_spec *spec)
{
    sei_status st = SEI_OK;

    if (spec->n_cells == 0 || spec->n_inflows == 0)
        return sei_fail(ctx, SEI_E_ARG, NULL, "a train needs at least one cell and one inflow");
    for (size_t i = 0; i < spec->n_cells && st == SEI_OK; i++)
        st = check_cell(ctx, spec, i);
    for (size_t i = 0; i < spec->n_links && st == SEI_OK; i++)
        st = check_link(ctx, spec, i);
    for (size_t i = 0; i < spec->n_overflows && st == SEI_OK; i++)
        st = check_overflow(ctx, spec, i);
    return st;
}

/* --- making ----------------------------------------------------------------------------------------- */

static void copy_links(sei_train *t, const sei_train_spec *spec)
{
    size_t at = 0;

    for (size_t c = 0; c < t->n_cells; c++) {
        t->link_ptr[c] = at;
        for (size_t i = 0; i < spec->n_links; i++)
            if (spec->links[i].to == c)
                t->links[at++] = spec->links[i];
        t->out_share[c] = 1.0;
    }
    t->link_ptr[t->n_cells] = at;
    for (size_t i = 0; i < spec->n_links; i++)
        if (spec->links[i].from >= 0)
            t->out_share[spec->links[i].from] -= spec->links[i].fraction;
}

static sei_status check_shares(sei_ctx *ctx, sei_train *t)
{
    for (size_t c = 0; c < t->n_cells; c++) {
        if (t->out_share[c] < -1e-9)
            return sei_fail(ctx, SEI_E_RANGE, NULL, "cell %zu gives away %g times its outflow", c,
                            1.0 - t->out_share[c]);
        if (t->out_share[c] < 1e-12)
            t->out_share[c] = 0.0;
    }
    return SEI_OK;
}

typedef struct {
    sei_ctx   *ctx;
    sei_status status;
} maker;

static double *numbers(maker *m, size_t n)
{
    double *v = sei_alloc(m->ctx, n, sizeof *v);

    if (!v)
        m->status = SEI_E_NOMEM;
    return v;
}

static void make_overflows(maker *m, sei_train *t, const sei_train_spec *spec)
{
    t->overflow_of = sei_alloc(m->ctx, t->n_cells, sizeof *t->overflow_of);
    t->overflows   = sei_alloc(m->ctx, t->n_cells, sizeof *t->overflows);
    t->take        = numbers(m, t->n_cells);
    t->flow_max    = numbers(m, t->n_cells);
    t->capacity    = numbers(m, t->n_cells);
    t->catches     = numbers(m, t->n_cells);
    t->holds       = numbers(m, t->n_cells);
    t->brought     = numbers(m, t->n_cells);
    t->pass        = numbers(m, t->n_cells);
    t->added       = numbers(m, t->n_solids);
    if (!t->overflow_of || !t->overflows)
        m->status = SEI_E_NOMEM;
    if (m->status != SEI_OK)
        return;
    for (size_t c = 0; c < t->n_cells; c++) {
        t->overflow_of[c] = SIZE_MAX;
        t->take[c] = t->pass[c] = 1.0;
        t->flow_max[c] = t->capacity[c] = INFINITY;
        t->catches[c] = t->holds[c] = 1.0;
    }
    for (size_t i = 0; i < spec->n_overflows; i++) {
        t->overflow_of[spec->overflows[i].to] = spec->overflows[i].of;
        t->overflows[spec->overflows[i].of]   = true;
    }
}

static void make_state(maker *m, sei_state *s, size_t cells, size_t comps, size_t solids)
{
    s->total     = numbers(m, cells * comps);
    s->suspended = numbers(m, cells * solids);
    s->solid     = numbers(m, cells * solids);
    s->temp_k    = numbers(m, cells);
    s->x         = numbers(m, cells * comps);
    s->mu        = numbers(m, cells);
    s->ln_aw     = numbers(m, cells);
}

static void state_done(sei_ctx *ctx, sei_state *s)
{
    double *const v[] = {s->total, s->suspended, s->solid, s->temp_k, s->x, s->mu, s->ln_aw};

    for (size_t i = 0; i < sizeof v / sizeof v[0]; i++)
        sei_release(ctx, v[i]);
}

static void make_stage_memory(maker *m, sei_train *t)
{
    const size_t nc = t->n_cells * t->n_comp, ns = t->n_cells * t->n_solids;

    t->stage_total = numbers(m, SEI_STAGES * nc);
    t->stage_susp  = numbers(m, SEI_STAGES * ns);
    t->stage_temp  = numbers(m, SEI_STAGES * t->n_cells);
    t->f_total     = numbers(m, SEI_STAGES * nc);
    t->f_susp      = numbers(m, SEI_STAGES * ns);
    t->f_solid     = numbers(m, SEI_STAGES * ns);
    t->f_temp      = numbers(m, SEI_STAGES * t->n_cells);
    t->flow        = numbers(m, t->n_cells);
    t->x_rate      = numbers(m, nc);
    t->mu_rate     = numbers(m, t->n_cells);
    t->stage_x     = numbers(m, nc);
    t->stage_mu    = numbers(m, t->n_cells);
}

static void make_cell_memory(maker *m, sei_train *t)
{
    const size_t n = t->n_comp, s = t->n_solids, laws = t->model->n_laws;

    t->cin            = numbers(m, n);
    t->pin            = numbers(m, s);
    t->base           = numbers(m, n);
    t->base_susp      = numbers(m, s);
    t->base_solid     = numbers(m, s);
    t->ahead_solid    = numbers(m, s);
    t->last_solid     = numbers(m, t->n_cells * s);
    t->last_rate      = numbers(m, t->n_cells * laws);
    t->f_rate         = numbers(m, SEI_STAGES * t->n_cells * laws);
    t->rhs            = numbers(m, n);
    t->rates.rate     = numbers(m, laws);
    t->rates.kept     = numbers(m, laws);
    t->rates.rounding = numbers(m, laws);
    t->rates.slope    = numbers(m, laws * SEI_RATE_INPUTS_MAX);
    t->rates.in       = numbers(m, laws * SEI_RATE_INPUTS_MAX);
    t->rates.in_whole = numbers(m, laws * SEI_RATE_INPUTS_MAX);
    t->rates.value    = numbers(m, t->model->n_probes);
    t->rates.ln_k     = numbers(m, t->model->n_probes);
    t->rates.pull     = numbers(m, n * t->model->n_probes);
    t->moved          = numbers(m, n);
    t->rates.move     = numbers(m, t->model->n_probes);
    t->made_bed       = numbers(m, s);
    t->made_susp      = numbers(m, s);
    t->rates.is_idle  = sei_alloc(m->ctx, laws, sizeof *t->rates.is_idle);
    t->flux           = numbers(m, SEI_STAGES * sei_flux_size(t));
    t->held_start     = numbers(m, n + s);
    t->rates.active   = sei_alloc(m->ctx, laws, sizeof *t->rates.active);
    if (!t->rates.is_idle || !t->rates.active)
        m->status = SEI_E_NOMEM;
}

static void make_factor_memory(maker *m, sei_train *t)
{
    const size_t n = t->n_cells * t->n_comp;

    t->factors.lu       = numbers(m, n * t->n_comp);
    t->factors.scale    = numbers(m, n);
    t->error            = numbers(m, n);
    t->factors.by_mu    = numbers(m, n);
    t->factors.mu_row   = numbers(m, n);
    t->factors.mu_slope = numbers(m, t->n_cells);
    t->factors.tau_s    = numbers(m, t->n_cells);
    t->factors.pivot    = sei_alloc(m->ctx, n, sizeof *t->factors.pivot);
    if (!t->factors.pivot)
        m->status = SEI_E_NOMEM;
}

static void make_boundary_memory(maker *m, sei_train *t)
{
    t->b_flow     = numbers(m, t->n_inflows);
    t->b_temp     = numbers(m, t->n_inflows);
    t->b_total    = numbers(m, t->n_inflows * t->n_comp);
    t->b_susp     = numbers(m, t->n_inflows * t->n_solids);
    t->ledger_mem = numbers(m, sei_flux_size(t));
    if (m->status != SEI_OK)
        return;
    double *at = t->ledger_mem + 3 * t->n_comp;
    t->ledger  = (sei_ledger){.in_total      = t->ledger_mem,
                              .out_total     = t->ledger_mem + t->n_comp,
                              .air_total     = t->ledger_mem + 2 * t->n_comp,
                              .in_suspended  = at,
                              .out_suspended = at + t->n_solids,
                              .away          = at + 2 * t->n_solids,
                              .pumped        = at + 3 * t->n_solids,
                              .dosed         = at + (3 + t->n_pumps) * t->n_solids,
                              .limited_s     = at + (3 + t->n_pumps) * t->n_solids + t->n_doses};
}

static sei_status copy_zones(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec)
{
    const size_t n = t->model->n_params;

    t->zones       = sei_alloc(ctx, t->n_zones, sizeof *t->zones);
    t->zone_params = sei_alloc(ctx, t->n_zones * n, sizeof *t->zone_params);
    if (!t->zones || !t->zone_params)
        return SEI_E_NOMEM;
    for (size_t z = 0; z < t->n_zones; z++) {
        if (n)
            memcpy(t->zone_params + z * n, spec->zones[z].law_params, n * sizeof *t->zone_params);
        t->zones[z] = (sei_zone){spec->zones[z].name, t->zone_params + z * n};
    }
    return SEI_OK;
}

static sei_status make(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec)
{
    maker m = {ctx, SEI_OK};

    t->cells     = sei_alloc(ctx, t->n_cells, sizeof *t->cells);
    t->links     = sei_alloc(ctx, t->n_links, sizeof *t->links);
    t->link_ptr  = sei_alloc(ctx, t->n_cells + 1, sizeof *t->link_ptr);
    t->out_share = sei_alloc(ctx, t->n_cells, sizeof *t->out_share);
    if (!t->cells || !t->links || !t->link_ptr || !t->out_share)
        return SEI_E_NOMEM;
    memcpy(t->cells, spec->cells, t->n_cells * sizeof *t->cells);
    copy_links(t, spec);
    make_state(&m, &t->state, t->n_cells, t->n_comp, t->n_solids);
    make_state(&m, &t->trial, t->n_cells, t->n_comp, t->n_solids);
    make_stage_memory(&m, t);
    make_cell_memory(&m, t);
    make_factor_memory(&m, t);
    make_boundary_memory(&m, t);
    make_overflows(&m, t, spec);
    t->ledger.added_solid = t->added;
    sei_status st         = m.status;
    if (st == SEI_OK)
        st = copy_zones(ctx, t, spec);
    if (st == SEI_OK)
        st = check_shares(ctx, t);
    if (st == SEI_OK)
        st = sei_doses_create(ctx, t, spec);
    if (st == SEI_OK)
        st = sei_pumps_create(ctx, t, spec);
    if (st == SEI_OK)
        st = sei_stores_create(ctx, t, spec);
    if (st == SEI_OK)
        st = sei_books_create(ctx, t, spec);
    if (st == SEI_OK)
        st = sei_equil_create(ctx, t->model->net, &t->eq);
    return st;
}

sei_status sei_train_create(sei_ctx *ctx, const sei_train_spec *spec, sei_train **ret_train)
{
    sei_status st = check_spec(ctx, spec);

    if (st != SEI_OK)
        return st;
    sei_train *t = sei_alloc(ctx, 1, sizeof *t);
    if (!t)
        return SEI_E_NOMEM;
    t->ctx       = ctx;
    t->model     = spec->model;
    t->n_zones   = spec->n_zones;
    t->n_cells   = spec->n_cells;
    t->n_links   = spec->n_links;
    t->n_inflows = spec->n_inflows;
    t->n_comp    = spec->model->n_comp;
    t->n_solids  = spec->model->n_solids;
    t->n_doses   = spec->n_doses;
    t->n_pumps   = spec->n_pumps;
    t->n_groups  = spec->n_groups;

    t->failed_cell = SIZE_MAX;
    st             = make(ctx, t, spec);
    if (st != SEI_OK) {
        sei_train_free(t);
        return st;
    }
    sei_rates_fill_absent(t);
    for (size_t c = 0; c < t->n_cells; c++)
        t->state.temp_k[c] = 288.15; /* until it is set or filled */
    *ret_train = t;
    return SEI_OK;
}

void sei_train_free(sei_train *t)
{
    if (!t)
        return;
    void *const blocks[] = {t->moved,
                            t->rates.move,
                            t->x_rate,
                            t->mu_rate,
                            t->stage_x,
                            t->stage_mu,
                            t->cells,
                            t->links,
                            t->link_ptr,
                            t->out_share,
                            t->zones,
                            t->zone_params,
                            t->stage_total,
                            t->stage_susp,
                            t->stage_temp,
                            t->f_total,
                            t->f_susp,
                            t->f_solid,
                            t->f_temp,
                            t->flow,
                            t->cin,
                            t->pin,
                            t->base,
                            t->base_susp,
                            t->rhs,
                            t->factors.lu,
                            t->factors.pivot,
                            t->factors.by_mu,
                            t->factors.mu_row,
                            t->factors.mu_slope,
                            t->factors.tau_s,
                            t->rates.rate,
                            t->rates.rounding,
                            t->rates.slope,
                            t->rates.value,
                            t->rates.ln_k,
                            t->rates.pull,
                            t->made_bed,
                            t->made_susp,
                            t->rates.is_idle,
                            t->flux,
                            t->held_start,
                            t->b_flow,
                            t->b_temp,
                            t->b_total,
                            t->b_susp,
                            t->ledger_mem,
                            t->overflow_of,
                            t->overflows,
                            t->take,
                            t->flow_max,
                            t->brought,
                            t->pass,
                            t->added,
                            t->base_solid,
                            t->ahead_solid,
                            t->last_solid,
                            t->capacity,
                            t->catches,
                            t->holds,
                            t->factors.scale,
                            t->error,
                            t->rates.in,
                            t->rates.in_whole,
                            t->rates.active,
                            t->rates.kept,
                            t->f_rate,
                            t->last_rate};
    sei_ctx    *ctx      = t->ctx;

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        sei_release(ctx, blocks[i]);
    state_done(ctx, &t->state);
    state_done(ctx, &t->trial);
    sei_doses_free(t);
    sei_pumps_free(t);
    sei_books_free(t);
    sei_stores_free(t);
    sei_equil_free(t->eq);
    sei_release(ctx, t);
}

/* --- state ------------------------------------------------------------------------------------------- */

double *sei_train_total(sei_train *train, size_t cell)
{
    return train->state.total + cell * train->n_comp;
}

double *sei_train_suspended(sei_train *train, size_t cell)
{
    return train->state.suspended + cell * train->n_solids;
}

double *sei_train_solid(sei_train *train, size_t cell)
{
    return train->state.solid + cell * train->n_solids;
}

double sei_train_solid_at(const sei_train *train, size_t cell, size_t solid)
{
    return train->state.solid[cell * train->n_solids + solid];
}

double *sei_train_temp_k(sei_train *train, size_t cell)
{
    return train->state.temp_k + cell;
}

static void raise_to_trace(double total[], size_t n)
{
    for (size_t j = 0; j + 1 < n; j++) /* protons may be negative */
        if (total[j] < SEI_TRACE_MOLAL)
            total[j] = SEI_TRACE_MOLAL;
}

/* Equilibrium for totals with the proton condition; leaves it in eq. */
static sei_status speciate(sei_ctx *ctx, sei_train *t, const double total[], double temp_k,
                           bool warm)
{
    const sei_water w = {.temp_k        = temp_k,
                         .total         = total,
                         .balance       = SIZE_MAX,
                         .alk_component = SIZE_MAX,
                         .ph            = 7.0,
                         .warm          = warm};

    return sei_equil_solve(ctx, t->eq, &w, NULL);
}

sei_status sei_train_settle(sei_ctx *ctx, sei_train *t)
{
    for (size_t c = 0; c < t->n_cells; c++) {
        double *total = sei_train_total(t, c);
        raise_to_trace(total, t->n_comp);
        sei_status st = speciate(ctx, t, total, t->state.temp_k[c], c > 0);
        if (st != SEI_OK)
            return st;
        memcpy(t->state.x + c * t->n_comp, t->eq->x, t->n_comp * sizeof *t->eq->x);
        t->state.mu[c]    = t->eq->mu;
        t->state.ln_aw[c] = t->eq->ln_aw;
    }
    return SEI_OK;
}

static void held(const sei_train *t, double ret[])
{
    memset(ret, 0, (t->n_comp + t->n_solids) * sizeof *ret);
    for (size_t c = 0; c < t->n_cells; c++) {
        for (size_t j = 0; j < t->n_comp; j++)
            ret[j] += t->cells[c].water_kg * t->state.total[c * t->n_comp + j];
        for (size_t s = 0; s < t->n_solids; s++)
            ret[t->n_comp + s] += t->cells[c].water_kg * t->state.suspended[c * t->n_solids + s] +
                                  t->state.solid[c * t->n_solids + s];
    }
}

sei_status sei_train_fill(sei_ctx *ctx, sei_train *t, sei_boundary_fn boundary, void *user)
{
    sei_status st = sei_boundary_at(ctx, t, boundary, user, 0.0);

    if (st != SEI_OK)
        return st;
    sei_stores_fill(t);
    sei_flows(t); /* what is seen before the first step flows already */
    for (size_t c = 0; c < t->n_cells; c++) {
        memcpy(sei_train_total(t, c), t->b_total, t->n_comp * sizeof *t->b_total);
        memcpy(sei_train_suspended(t, c), t->b_susp, t->n_solids * sizeof *t->b_susp);
        t->state.temp_k[c] = t->b_temp[0];
    }
    st = sei_train_settle(ctx, t);
    if (st == SEI_OK)
        sei_train_open_books(t);
    return st;
}

void sei_train_open_books(sei_train *t)
{
    memset(t->ledger_mem, 0, sei_flux_size(t) * sizeof *t->ledger_mem);
    if (t->n_solids)
        memset(t->added, 0, t->n_solids * sizeof *t->added);
    held(t, t->held_start);
    sei_books_open(t);
}

double sei_train_time_s(const sei_train *train)
{
    return train->time_s;
}

/* --- ledger ------------------------------------------------------------------------------------------- */

const sei_ledger *sei_train_ledger(const sei_train *train)
{
    return &train->ledger;
}

sei_status sei_train_book(sei_ctx *ctx, const sei_train *t, const char *element,
                          sei_element_book *ret_book)
{
    const sei_ledger *l    = &t->ledger;
    double           *now  = sei_alloc(ctx, t->n_comp + t->n_solids, sizeof *now);
    sei_element_book  book = {0};
    double            size = 0.0;

    if (!now)
        return SEI_E_NOMEM;
    held(t, now);
    for (size_t j = 0; j + 1 < t->n_comp; j++) {
        const double e = sei_model_component_element(t->model, j, element);
        book.in_mol += e * l->in_total[j];
        book.out_mol += e * l->out_total[j];
        book.air_mol += e * l->air_total[j];
        book.change_mol += e * (now[j] - t->held_start[j]);
        size += e * (now[j] + t->held_start[j] + fabs(l->air_total[j]));
    }
    for (size_t s = 0; s < t->n_solids; s++) {
        const double e = sei_model_solid_element(t->model, s, element);
        const size_t k = t->n_comp + s;
        book.in_mol += e * l->in_suspended[s];
        book.out_mol += e * (l->out_suspended[s] + l->away[s]);
        book.added_mol += e * l->added_solid[s];
        book.change_mol += e * (now[k] - t->held_start[k]);
        size += e * (now[k] + t->held_start[k] + fabs(l->added_solid[s]));
    }
    size += book.in_mol;
    const double off = book.in_mol + book.air_mol + book.added_mol - book.out_mol - book.change_mol;
    book.imbalance   = size > 0.0 ? fabs(off) / size : 0.0;
    sei_release(ctx, now);
    *ret_book = book;
    return SEI_OK;
}

double sei_train_imbalance(const sei_train *t, const char *element)
{
    sei_element_book book;

    return sei_train_book(t->ctx, t, element, &book) == SEI_OK ? book.imbalance : (double)INFINITY;
}

size_t sei_train_failed_cell(const sei_train *train)
{
    return train->failed_cell;
}

sei_train_stats sei_train_get_stats(const sei_train *train)
{
    return train->stats;
}

/* --- views ---------------------------------------------------------------------------------------------- */

void sei_cell_load(sei_train *t, size_t cell)
{
    if (t->n_solids)
        memcpy(t->base_solid, t->state.solid + cell * t->n_solids,
               t->n_solids * sizeof *t->base_solid);
    if (t->n_solids)
        memcpy(t->ahead_solid, t->base_solid, t->n_solids * sizeof *t->ahead_solid);
    t->solid_tau_s = 0.0;
    t->gaining = t->own_rate = NULL;
    memcpy(t->eq->x, t->state.x + cell * t->n_comp, t->n_comp * sizeof *t->eq->x);
    t->eq->mu    = t->state.mu[cell];
    t->eq->ln_aw = t->state.ln_aw[cell];
    sei_equil_set_temp(t->eq, t->state.temp_k[cell]);
}

static double ph_of(const sei_equil *eq)
{
    return -eq->x[eq->net->n_comp - 1] / 2.302585092994045684;
}

sei_status sei_train_view(sei_ctx *ctx, const sei_train *train, size_t cell,
                          sei_cell_view *ret_view)
{
    sei_train *t = (sei_train *)(uintptr_t)train; /* the workspace behind it is scratch memory */

    if (cell >= t->n_cells)
        return sei_fail(ctx, SEI_E_ARG, NULL, "cell %zu of %zu", cell, t->n_cells);
    sei_cell_load(t, cell);
    sei_equil_activity(t->eq);
    sei_equil_species(t->eq);
    sei_equil_sums(t->eq, false);
    sei_rates_begin(t, cell);
    sei_rates_eval(t, cell, 1.0);
    *ret_view = (sei_cell_view){.ph                = ph_of(t->eq),
                                .ionic_strength    = t->eq->mu,
                                .temp_k            = t->state.temp_k[cell],
                                .flow_kg_s         = t->out[cell],
                                .alkalinity_eq_kgw = t->eq->alk,
                                .total_molal       = t->state.total + cell * t->n_comp,
                                .suspended_molal   = t->state.suspended + cell * t->n_solids,
                                .solid_mol         = t->state.solid + cell * t->n_solids,
                                .species_molal     = t->eq->m,
                                .law_rate          = t->rates.rate};
    return SEI_OK;
}

sei_status sei_train_view_inflow(sei_ctx *ctx, sei_train *t, size_t inflow,
                                 sei_boundary_fn boundary, void *user, double t_s,
                                 sei_cell_view *ret_view)
{
    sei_status st = sei_boundary_at(ctx, t, boundary, user, t_s);

    if (st == SEI_OK && inflow >= t->n_inflows)
        st = sei_fail(ctx, SEI_E_ARG, NULL, "inflow %zu of %zu", inflow, t->n_inflows);
    if (st != SEI_OK)
        return st;
    return sei_train_view_water(ctx, t, t->b_total + inflow * t->n_comp,
                                t->b_susp + inflow * t->n_solids, t->b_temp[inflow],
                                t->b_flow[inflow], ret_view);
}

sei_status sei_train_view_water(sei_ctx *ctx, sei_train *t, const double total_molal[],
                                const double suspended_molal[], double temp_k, double flow_kg_s,
                                sei_cell_view *ret_view)
{
    memcpy(t->base, total_molal, t->n_comp * sizeof *t->base);
    raise_to_trace(t->base, t->n_comp); /* a step may overshoot */
    const sei_status st = speciate(ctx, t, t->base, temp_k, false);

    if (st != SEI_OK)
        return st;
    *ret_view = (sei_cell_view){.ph                = ph_of(t->eq),
                                .ionic_strength    = t->eq->mu,
                                .temp_k            = temp_k,
                                .flow_kg_s         = flow_kg_s,
                                .alkalinity_eq_kgw = t->eq->alk,
                                .total_molal       = total_molal,
                                .suspended_molal   = suspended_molal,
                                .species_molal     = t->eq->m};
    return SEI_OK;
}
