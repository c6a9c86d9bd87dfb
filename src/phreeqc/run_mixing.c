/*
 * run_mixing.c - dispersion and diffusion of a column: shares of a neighbour's water, and of its heat
 *
 * Mixing factors and the number of mixes are PHREEQC's (parkhurst2013, TRANSPORT), so that numerical dispersion is the
 * same.
 */
#include <math.h>

#include "phreeqc/column.h"

static double list_value(size_t n, const double *values, int cell, double fallback)
{
    if (n == 0)
        return fallback;
    return values[(size_t)cell <= n ? (size_t)cell - 1 : n - 1];
}

double pq_cell_length(const sei_pq_transport *t, int cell)
{
    return list_value(t->n_lengths, t->lengths_m, cell, 1.0);
}

double pq_cell_dispersivity(const sei_pq_transport *t, int cell)
{
    return list_value(t->n_dispersivities, t->dispersivities_m, cell, 0.0);
}

/* Share of its neighbour that a cell takes in during one time step, by dispersion and diffusion. */
double pq_exchange_share(const sei_pq_transport *t, int cell, int neighbour)
{
    const double l = pq_cell_length(t, cell), a = pq_cell_dispersivity(t, cell),
                 an   = pq_cell_dispersivity(t, neighbour);
    double resistance = 0.0, share = 0.0;

    if (a > 0.0)
        resistance += l / a;
    if (an > 0.0)
        resistance += pq_cell_length(t, neighbour) / an;
    if (t->direction != 0 && resistance > 0.0)
        share = 2.0 / resistance;
    return share +
           2.0 * t->diffusion_m2_s * t->time_step_s / (l * l + l * pq_cell_length(t, neighbour));
}

/* The same with an end of constant concentration at the face of the cell. */
static double exchange_of_end(const sei_pq_transport *t, int cell)
{
    const double l = pq_cell_length(t, cell);

    return 2.0 * t->diffusion_m2_s * t->time_step_s / (l * l) +
           (t->direction != 0 ? pq_cell_dispersivity(t, cell) / l : 0.0);
}

/* A column between ends of flux loses dispersion at them: -correct_disp gives it back. */
double pq_dispersion_correction(const column *c, const sei_pq_transport *t)
{
    if (!t->correct_dispersion || t->direction == 0)
        return 1.0;
    return 1.0 + ((t->first == SEI_PQ_FLUX) + (t->last == SEI_PQ_FLUX)) / (double)c->cells;
}

enum { MIXES_MAX = 100000 };

/* Cells hold the same water whatever their length: between unequal ones what leaves is not what comes. */
static void tell_unequal(const column *c, const sei_pq_transport *t)
{
    for (int i = 2; i <= c->cells && t->diffusion_m2_s > 0.0; i++) {
        if (pq_cell_length(t, i) == pq_cell_length(t, i - 1))
            continue;
        sei_warn(c->r->ctx, &c->block->where,
                 "TRANSPORT: diffusion between cells of unequal length (%d and %d) does not "
                 "conserve mass",
                 i - 1, i);
        return;
    }
}

sei_status pq_refuse_mixes(const column *c, double mixes)
{
    return sei_fail(
        c->r->ctx, SEI_E_RANGE, &c->block->where,
        "TRANSPORT: %.3g mixes a shift, more than %d: the time step is too long for dispersion and "
        "diffusion over cells this short",
        mixes, (int)MIXES_MAX);
}

/* Shares in one time step; returns the largest sum of both sides. */
static double find_shares(const column *c, const sei_pq_transport *t)
{
    const double correction = pq_dispersion_correction(c, t);
    double       most       = 0.0;

    for (int i = 1; i <= c->cells; i++) {
        c->lower[i] = i > 1 ? pq_exchange_share(t, i, i - 1) * correction : 0.0;
        c->upper[i] = i < c->cells ? pq_exchange_share(t, i, i + 1) * correction : 0.0;
        if (i == 1 && t->first == SEI_PQ_CONSTANT)
            c->lower[i] = exchange_of_end(t, i);
        if (i == c->cells && t->last == SEI_PQ_CONSTANT)
            c->upper[i] = exchange_of_end(t, i);
        most = fmax(most, c->lower[i] + c->upper[i]);
    }
    return most;
}

sei_status pq_find_mixing(column *c, const sei_pq_transport *t)
{
    const bool   has_constant = t->first == SEI_PQ_CONSTANT || t->last == SEI_PQ_CONSTANT;
    const double most         = find_shares(c, t);

    if (1.5 * most > MIXES_MAX)
        return pq_refuse_mixes(c, 1.5 * most);
    c->mixes = most > 0.0 ? 1 + (int)floor(1.5 * most) : 0;
    if (c->mixes == 1 && t->direction != 0 && has_constant)
        c->mixes = 2;
    tell_unequal(c, t);
    for (int i = 1; i <= c->cells && c->mixes > 0; i++) {
        c->lower[i] /= c->mixes;
        c->upper[i] /= c->mixes;
    }
    return SEI_OK;
}

void pq_add_share(const column *c, int from, double share, pq_solution *to)
{
    const pq_solution *part = pq_water_of(c, from);

    if (share == 0.0)
        return;
    sei_react_add_amounts(c->r->react, &part->total, share, &to->total);
    to->temp_c += share * part->state.water_kg * part->temp_c;
    to->pressure_atm += share * part->state.water_kg * part->pressure_atm;
    to->state.water_kg += share * part->state.water_kg;
}

/* All cells mix at once. */
void pq_mix_waters(const column *c)
{
    for (int i = 1; i <= c->cells; i++) {
        pq_solution *to    = &c->mixed[i];
        to->total          = (sei_amounts){0};
        to->temp_c         = 0.0;
        to->pressure_atm   = 0.0;
        to->state.water_kg = 0.0;
        to->description    = pq_water_of(c, i)->description;
        pq_add_share(c, i - 1, c->lower[i], to);
        pq_add_share(c, i + 1, c->upper[i], to);
        pq_add_share(c, i, 1.0 - c->lower[i] - c->upper[i], to);
        to->temp_c /= to->state.water_kg;
        to->pressure_atm /= to->state.water_kg;
    }
    for (int i = 1; i <= c->cells; i++)
        pq_take_water(pq_water_of(c, i), &c->mixed[i]);
}

/* ------------------------------------------------------------------ heat */

static bool has_one_temperature(const column *c)
{
    const double first_c = pq_water_of(c, 0)->temp_c;

    for (int i = 1; i < (int)pq_column_size(c); i++)
        if (pq_water_of(c, i) && pq_water_of(c, i)->temp_c != first_c)
            return false;
    return true;
}

/* A stagnant cell and its neighbour exchange heat as they exchange water, by the ratio of the two diffusivities. */
static void find_stagnant_heat(column *c, const sei_pq_transport *t)
{
    const double steps = c->mixes > 1 ? c->mixes : 1;
    const double share = t->porosity_mobile / (t->porosity_mobile + t->porosity_immobile);
    double       left  = 0.0;

    if (c->layers != 1 || !(t->exchange_factor > 0.0))
        return;
    if (t->diffusion_m2_s > 0.0)
        left = exp(-t->exchange_factor * (t->thermal_diffusion_m2_s / t->diffusion_m2_s - 1.0) /
                   c->retardation * t->time_step_s / steps / (share * t->porosity_immobile));
    c->heat_stagnant = share * (1.0 - left);
    c->heat_mobile   = c->heat_stagnant * t->porosity_immobile / t->porosity_mobile;
}

/* What diffuses of heat beyond what waters carry that mix: of species that go by themselves they carry none. */
static double heat_diffusion(const column *c, const sei_pq_transport *t)
{
    if (!c->multi)
        return t->thermal_diffusion_m2_s - t->diffusion_m2_s;
    return t->thermal_diffusion_m2_s > 0.0 ? t->thermal_diffusion_m2_s : t->diffusion_m2_s;
}

/* Shares of temperature of one mix, of which whole is D dt; returns the largest. */
static double find_heat_shares(column *c, const sei_pq_transport *t, double whole)
{
    double most = 0.0;

    for (int i = 1; i <= c->cells; i++) {
        const double l      = pq_cell_length(t, i),
                     before = 0.5 * (l + pq_cell_length(t, i - 1 + (i == 1))),
                     after  = 0.5 * (l + pq_cell_length(t, i + (i < c->cells)));
        const bool is_start = i == 1, is_end = i == c->cells;
        c->heat_lower[i] = is_start ? 0.0 : whole / (before * before);
        c->heat_upper[i] = is_end ? 0.0 : whole / (after * after);
        if (is_start && t->first == SEI_PQ_CONSTANT)
            c->heat_lower[i] = 2.0 * whole / (l * l);
        if (is_end && t->last == SEI_PQ_CONSTANT)
            c->heat_upper[i] = 2.0 * whole / (l * l);
        most = fmax(most, fmax(c->heat_lower[i], c->heat_upper[i]));
    }
    return most;
}

/* Shares of temperature in each mix; what the water itself carries is not in them. */
sei_status pq_find_heat_mixing(column *c, const sei_pq_transport *t)
{
    const double diffusion = heat_diffusion(c, t);

    c->heat_mixes = 0;
    if (!(diffusion > 0.0) || has_one_temperature(c))
        return SEI_OK;
    if (c->mixes == 0 && c->direction == 0)
        c->mixes = 1;
    const int    mixes = c->mixes > 0 ? c->mixes : 1;
    const double most  = find_heat_shares(
         c, t, diffusion * t->time_step_s * pq_dispersion_correction(c, t) / c->retardation / mixes);
    if (3.0 * most > MIXES_MAX)
        return pq_refuse_mixes(c, 3.0 * most);
    /* of species by themselves PHREEQC has as many in each mix as the whole shift needs */
    const double parts = 3.0 * most * (c->multi ? mixes : 1);
    c->heat_mixes      = most > 0.0 ? 1 + (int)floor(fmin(parts, MIXES_MAX)) : 0;
    find_stagnant_heat(c, t);
    return SEI_OK;
}

/* Temperatures of the cells alone; water that has just flowed in first shares its heat with the solids. */
void pq_mix_heat(const column *c)
{
    for (int i = 1; i <= c->cells; i++) {
        pq_solution *w = pq_water_of(c, i);
        w->temp_c      = c->temp_c[i] + (w->temp_c - c->temp_c[i]) / c->retardation;
    }
    for (int k = 0; k < c->heat_mixes; k++) {
        double before = pq_water_of(c, 0)->temp_c;
        for (int i = 1; i <= c->cells; i++) {
            pq_solution *w   = pq_water_of(c, i);
            const double old = w->temp_c, after = pq_water_of(c, i + 1)->temp_c;
            const double lower = c->heat_lower[i] * pq_multi_heat_factor(c, i),
                         upper = c->heat_upper[i] * pq_multi_heat_factor(c, i + 1);
            w->temp_c += (lower * (before - old) + upper * (after - old)) / c->heat_mixes;
            before = old;
        }
    }
    for (int i = 1; i <= c->cells; i++)
        c->temp_c[i] = pq_water_of(c, i)->temp_c;
}
