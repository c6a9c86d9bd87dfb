/*
 * store.c - cells whose water rises and falls
 *
 *     dW/dt = Q_in - Q(W),    Q = draw clip((W - E)/b, 0, 1) + k max(0, W - F)
 *
 * Q is made of straight lines and never falls, so that the implicit stage W = base + tau (Q_in - Q(W)) has one root, found
 * line by line. Masses in the cell go by d(W C)/dt, with derivatives over a constant reference W: the books close to
 * rounding, as elsewhere.
 *
 * Beds that deposits fill: the mobile water W follows the room R that is left, and how it went in the last step,
 *
 *     dW/dt = min(dR/dt + (R - W)/max(h, an hour), Q_in/2),    Q = Q_in - max(0, dW/dt)
 *
 * constant over the step of length h but for Q_in. Deposits are gels that hold more water than anything else: what W loses
 * stays in them, and what was dissolved in it is left to the water that still moves (a thousandth of it where deposits
 * grow by a thousandth of the flow). What cleaning gives back is filled by the inflow.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "transport/train_impl.h"

/* Shares of the range between empty and full: over which the draw fades, and by which a flow of the draw stands above
 * the weir. Numbers that only have to be small. */
static const double fade_share = 0.02, weir_share = 1e-3;

/* Shortest time in which the water of a bed follows its room: a short step behind a long one shall not see the water of
 * the long one leave at a blow; and the most of what flows in that a cleaned bed keeps. Numbers that matter to nobody. */
static const double room_tau_s = SEI_DAY_S / 24.0, refill_share = 0.5;

enum { BENDS = 3 };

static double fade_kg(const sei_store *s)
{
    return fade_share * (s->full_kg - s->empty_kg);
}

static double weir_kg_s(const sei_store *s, double water_kg)
{
    return s->draw_kg_s / (weir_share * (s->full_kg - s->empty_kg)) *
           fmax(0.0, water_kg - s->full_kg);
}

static double outflow_kg_s(const sei_store *s, double water_kg)
{
    const double share = fmin(1.0, fmax(0.0, (water_kg - s->empty_kg) / fade_kg(s)));

    return s->draw_kg_s * share + weir_kg_s(s, water_kg);
}

/* W with W + tau Q(W) = sum, which grows with W. */
static double solve(const sei_store *s, double tau_s, double sum)
{
    const double bend[BENDS] = {s->empty_kg, s->empty_kg + fade_kg(s), s->full_kg};
    const double below = bend[0], above = s->full_kg + (s->full_kg - s->empty_kg);
    double       from = below - 1.0, to = above;

    for (size_t i = 0; i < BENDS; i++) {
        if (bend[i] + tau_s * outflow_kg_s(s, bend[i]) > sum) {
            to = bend[i];
            break;
        }
        from = bend[i];
    }
    const double g_from = from + tau_s * outflow_kg_s(s, from) - sum;
    const double g_to   = to + tau_s * outflow_kg_s(s, to) - sum;
    return from - g_from * (to - from) / (g_to - g_from);
}

/* W at which the outflow is what comes in. */
static double at_rest(const sei_store *s, double flow_kg_s)
{
    if (flow_kg_s <= s->draw_kg_s)
        return s->empty_kg + fade_kg(s) * flow_kg_s / s->draw_kg_s;
    return s->full_kg +
           weir_share * (s->full_kg - s->empty_kg) * (flow_kg_s - s->draw_kg_s) / s->draw_kg_s;
}

static sei_status check(sei_ctx *ctx, const sei_train_spec *spec, size_t i)
{
    const sei_store *s = &spec->stores[i];

    if (s->is_bed)
        return s->cell < spec->n_cells && s->start_kg > 0.0 && isfinite(s->start_kg)
                   ? SEI_OK
                   : sei_fail(ctx, SEI_E_RANGE, NULL, "store %zu: a bed without water", i);
    if (s->cell >= spec->n_cells || !(s->draw_kg_s > 0.0) || !isfinite(s->draw_kg_s) ||
        !(s->empty_kg > 0.0) || !(s->full_kg > s->empty_kg) || !(s->start_kg >= s->empty_kg) ||
        !(s->start_kg <= s->full_kg))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "store %zu: its draw must be above 0, and 0 < empty <= start <= full with "
                        "empty < full",
                        i);
    return SEI_OK;
}

static bool allocate(sei_ctx *ctx, sei_train *t, size_t n)
{
    t->stores     = sei_alloc(ctx, n, sizeof *t->stores);
    t->store_kg   = sei_alloc(ctx, n, sizeof *t->store_kg);
    t->room_kg    = sei_alloc(ctx, n, sizeof *t->room_kg);
    t->room_rate  = sei_alloc(ctx, n, sizeof *t->room_rate);
    t->room_at_s  = sei_alloc(ctx, n, sizeof *t->room_at_s);
    t->store_ref  = sei_alloc(ctx, n, sizeof *t->store_ref);
    t->store_base = sei_alloc(ctx, n, sizeof *t->store_base);
    t->f_store    = sei_alloc(ctx, SEI_STAGES * n, sizeof *t->f_store);
    return t->stores && t->store_kg && t->room_kg && t->room_rate && t->room_at_s && t->store_ref &&
           t->store_base && t->f_store;
}

sei_status sei_stores_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec)
{
    const size_t n  = spec->n_stores;
    sei_status   st = SEI_OK;

    t->out      = sei_alloc(ctx, t->n_cells, sizeof *t->out);
    t->store_of = sei_alloc(ctx, t->n_cells, sizeof *t->store_of);
    if (!t->out || !t->store_of)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < t->n_cells; c++)
        t->store_of[c] = SIZE_MAX;
    if (n == 0)
        return SEI_OK;
    if (!allocate(ctx, t, n))
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        st = check(ctx, spec, i);
        if (st != SEI_OK)
            return st;
        t->stores[i]                      = spec->stores[i];
        t->store_ref[i]                   = t->cells[spec->stores[i].cell].water_kg;
        t->store_of[spec->stores[i].cell] = i;
    }
    t->n_stores = n;
    sei_stores_fill(t);
    return SEI_OK;
}

void sei_stores_free(sei_train *t)
{
    void *const blocks[] = {t->out,       t->store_of,  t->stores,    t->store_kg,   t->room_kg,
                            t->room_rate, t->room_at_s, t->store_ref, t->store_base, t->f_store};

    for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++)
        sei_release(t->ctx, blocks[i]);
}

void sei_stores_fill(sei_train *t)
{
    t->store_tau_s = 0.0;
    for (size_t i = 0; i < t->n_stores; i++) {
        t->store_kg[i] = t->room_kg[i]       = t->stores[i].start_kg;
        t->cells[t->stores[i].cell].water_kg = t->stores[i].start_kg;
    }
}

void sei_stores_stage(sei_train *t, size_t stage, double h, const double a[])
{
    t->store_tau_s = h * a[stage];
    t->store_stage = stage;
    t->room_step_s = h;
    for (size_t i = 0; i < t->n_stores; i++) {
        t->store_base[i] = t->store_kg[i];
        for (size_t l = 0; l < stage; l++)
            t->store_base[i] += h * a[l] * t->f_store[l * t->n_stores + i];
    }
}

static double bed_out(sei_train *t, size_t c, size_t i)
{
    const double in = t->flow[c];

    if (!(t->store_tau_s > 0.0)) /* at rest, or between steps */
        return in;
    const double tau  = fmax(t->room_step_s, room_tau_s);
    const double fall = 0.5 * t->store_kg[i] / t->room_step_s; /* never dry */
    const double to   = t->room_rate[i] + (t->room_kg[i] - t->store_kg[i]) / tau;
    const double rise = fmin(fmax(to, -fall), refill_share * in);
    t->f_store[t->store_stage * t->n_stores + i] = rise;
    t->cells[c].water_kg                         = t->store_base[i] + t->store_tau_s * rise;
    return in - fmax(0.0, rise);
}

double sei_store_out(sei_train *t, size_t c)
{
    const size_t i = t->store_of[c];

    if (i == SIZE_MAX)
        return t->flow[c];
    if (t->stores[i].is_bed)
        return bed_out(t, c, i);
    const sei_store *s     = &t->stores[i];
    double          *water = &t->cells[c].water_kg;
    if (t->store_tau_s < 0.0) {
        *water = t->store_kg[i] = at_rest(s, t->flow[c]);
        return t->flow[c];
    }
    *water                                       = t->store_tau_s > 0.0
                                                       ? solve(s, t->store_tau_s, t->store_base[i] + t->store_tau_s * t->flow[c])
                                                       : t->store_kg[i];
    const double out                             = outflow_kg_s(s, *water);
    t->f_store[t->store_stage * t->n_stores + i] = t->flow[c] - out;
    return out;
}

bool sei_stores_overdrawn(const sei_train *t)
{
    for (size_t i = 0; i < t->n_stores; i++)
        if (!t->stores[i].is_bed &&
            t->cells[t->stores[i].cell].water_kg < 0.5 * t->stores[i].empty_kg)
            return true;
    return false;
}

double sei_store_overflow_share(const sei_train *t, size_t cell)
{
    const double over = weir_kg_s(&t->stores[t->store_of[cell]], t->cells[cell].water_kg);

    return t->flow[cell] > 0.0 ? fmin(1.0, over / t->flow[cell]) : 0.0;
}

void sei_stores_accept(sei_train *t)
{
    for (size_t i = 0; i < t->n_stores; i++)
        t->store_kg[i] = t->cells[t->stores[i].cell].water_kg;
}

double sei_store_scale(const sei_train *t, size_t cell)
{
    const size_t i = t->store_of[cell];

    return i == SIZE_MAX ? 1.0 : t->cells[cell].water_kg / t->store_ref[i];
}

double sei_store_scale_before(const sei_train *t, size_t cell)
{
    const size_t i = t->store_of[cell];

    return i == SIZE_MAX ? 1.0 : t->store_kg[i] / t->store_ref[i];
}

double sei_stores_error(const sei_train *t, double h_gamma, size_t stages, double rel_tol)
{
    double worst = 0.0;

    for (size_t i = 0; i < t->n_stores; i++) {
        const sei_store *s     = &t->stores[i];
        const double     first = t->f_store[i], last = t->f_store[(stages - 1) * t->n_stores + i];
        if (s->is_bed)
            continue;
        const double off = stages > 1 ? h_gamma * (last - first) : 0.5 * h_gamma * last;
        worst            = fmax(worst, fabs(off) / (10.0 * rel_tol * (s->full_kg - s->empty_kg)));
    }
    return worst;
}

double sei_store_bed_share(const sei_train *t, size_t cell)
{
    const size_t i = t->store_of[cell];

    return i != SIZE_MAX && t->stores[i].is_bed ? t->store_ref[i] / t->cells[cell].water_kg : 1.0;
}

void sei_train_set_room(sei_train *train, size_t cell, double water_kg)
{
    const size_t i = train->store_of[cell];

    if (i == SIZE_MAX || !train->stores[i].is_bed)
        return;
    const double change = water_kg - train->room_kg[i], span = train->time_s - train->room_at_s[i];
    if (span > 0.0)
        train->room_rate[i] = fmin(0.0, change / span);
    else if (change > 0.0 || change < 0.0) /* done by hand */
        train->room_rate[i] = 0.0;
    train->room_kg[i]   = water_kg;
    train->room_at_s[i] = train->time_s;
}

double sei_train_water_kg(const sei_train *train, size_t cell)
{
    return train->cells[cell].water_kg;
}
