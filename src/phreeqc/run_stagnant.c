/*
 * run_stagnant.c - stagnant cells beside a column: exchange with the cell that flows, by one factor or by MIX
 *
 * With a factor a the two concentrations near each other as dC_im/dt = a / th_im (C_m - C_im), solved exactly over a
 * part of the shift (parkhurst2013, "Transport in dual porosity media"); with MIX the shares are the user's.
 */
#include <math.h>

#include "phreeqc/column.h"

/* ------------------------------------------------------------------ who mixes with whom */

static sei_status pair(column *c, int cell, int other, double share, double water_ratio)
{
    sei_pq_mix  *mix   = sei_arena_alloc(&c->r->arena, 1, sizeof *mix);
    sei_pq_part *parts = sei_arena_alloc(&c->r->arena, 2, sizeof *parts);

    if (!mix || !parts)
        return SEI_E_NOMEM;
    parts[0]          = (sei_pq_part){cell, 1.0 - share};
    parts[1]          = (sei_pq_part){other, share * water_ratio};
    *mix              = (sei_pq_mix){2, parts};
    c->stagnant[cell] = mix;
    return SEI_OK;
}

static sei_status set_by_factor(column *c, const sei_pq_transport *t, double part_s)
{
    const double mobile = t->porosity_mobile, still = t->porosity_immobile,
                 part     = mobile / (mobile + still),
                 left     = exp(-t->exchange_factor * part_s / (part * still)),
                 to_still = part * (1.0 - left), to_mobile = to_still * still / mobile;
    sei_status st = SEI_OK;

    for (int i = 1; i <= c->cells && st == SEI_OK; i++) {
        const int          k     = pq_stagnant_cell(c, 1, i);
        const pq_solution *moves = pq_water_of(c, i), *stays = pq_water_of(c, k);
        if (!stays)
            continue;
        const double ratio = moves->state.water_kg / stays->state.water_kg;
        st                 = pair(c, i, k, to_mobile, ratio);
        if (st == SEI_OK)
            st = pair(c, k, i, to_still, 1.0 / ratio);
    }
    return st;
}

static sei_status check_parts(const column *c, int cell, const sei_pq_mix *mix)
{
    for (size_t i = 0; i < mix->n; i++)
        if (!pq_water_of(c, mix->parts[i].solution))
            return sei_fail(c->r->ctx, SEI_E_NOT_FOUND, &c->block->where,
                            "TRANSPORT: MIX %d takes in solution %d, which is not defined", cell,
                            mix->parts[i].solution);
    return SEI_OK;
}

/* An end keeps its water: a MIX with its number is of another use unless stagnant cells are in it. */
static sei_status check_end(column *c, int end)
{
    const sei_pq_mix *mix = c->stagnant[end];

    c->stagnant[end] = NULL;
    for (size_t i = 0; i < mix->n; i++)
        if (mix->parts[i].solution > c->cells + 1 &&
            (size_t)mix->parts[i].solution < pq_column_size(c))
            return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                            "TRANSPORT: MIX %d would mix an end of the column with stagnant cell "
                            "%d, which is not "
                            "supported: DELETE -mix %d when it is left from before",
                            end, mix->parts[i].solution, end);
    return SEI_OK;
}

static sei_status set_by_mix(column *c)
{
    sei_status st = SEI_OK;

    for (int i = 0; i < (int)pq_column_size(c) && st == SEI_OK; i++) {
        const sei_pq_mix *const *mix = pq_find(c->r, SEI_PQ_MIX, i);
        c->stagnant[i]               = mix && pq_water_of(c, i) ? *mix : NULL;
        if (!c->stagnant[i])
            continue;
        st = i == 0 || i == c->cells + 1 ? check_end(c, i) : check_parts(c, i, c->stagnant[i]);
    }
    return st;
}

/* -implicit has a stagnant cell in the equations of the cell beside it alone. */
static sei_status check_implicit(const column *c)
{
    for (int i = 1; i < (int)pq_column_size(c); i++) {
        const int beside = i <= c->cells ? pq_stagnant_cell(c, 1, i) : i - 1 - c->cells;
        for (size_t k = 0; c->stagnant[i] && k < c->stagnant[i]->n; k++) {
            const int other = c->stagnant[i]->parts[k].solution;
            if (other != i && other != beside)
                return sei_fail(c->r->ctx, SEI_E_UNSUPPORTED, &c->block->where,
                                "TRANSPORT: -implicit with one stagnant layer: MIX %d takes in "
                                "%d, but cell %d mixes with %d alone: leave it or -implicit out",
                                i, other, i, beside);
        }
    }
    return SEI_OK;
}

sei_status pq_find_stagnant(column *c, const sei_pq_transport *t, double part_s)
{
    if (c->layers == 0)
        return SEI_OK;
    if (c->layers > 1 || !(t->exchange_factor > 0.0)) {
        const sei_status st = set_by_mix(c);
        return st == SEI_OK && t->multi.is_implicit && c->layers == 1 ? check_implicit(c) : st;
    }
    if (!(t->porosity_mobile > 0.0) || !(t->porosity_immobile > 0.0))
        return sei_fail(
            c->r->ctx, SEI_E_RANGE, &c->block->where,
            "TRANSPORT: -stagnant: porosities of %g (mobile) and %g (immobile) must be above 0",
            t->porosity_mobile, t->porosity_immobile);
    return set_by_factor(c, t, part_s);
}

/* ------------------------------------------------------------------ one step */

/* Heat that goes with the exchange beyond what its water carries. */
static sei_status exchange_heat(const column *c, int cell, int still, const pq_span *span)
{
    pq_solution *moves = pq_water_of(c, cell), *stays = pq_water_of(c, still);
    const double gap = stays->temp_c - moves->temp_c;
    sei_status   st;

    if (c->heat_mixes == 0)
        return SEI_OK;
    moves->temp_c += c->heat_mobile * gap;
    stays->temp_c -= c->heat_stagnant * gap;
    c->temp_c[cell]  = moves->temp_c;
    c->temp_c[still] = stays->temp_c;
    st               = pq_run_column_cell(c, cell, span);
    return st == SEI_OK ? pq_run_column_cell(c, still, span) : st;
}

static sei_status find_mixed(const column *c, int cell)
{
    const sei_pq_mix *mix = c->stagnant[cell];

    if (!mix || c->multi) { /* species have gone each by itself */
        c->mixed[cell] = *pq_water_of(c, cell);
        return SEI_OK;
    }
    return pq_mix_solutions(c->r, &c->block->where, mix->n, mix->parts, &c->mixed[cell]);
}

/* What is not mixed is only written. */
static sei_status write_still(const column *c, int cell, const pq_span *span)
{
    sei_status st = SEI_OK;

    if (!span->is_last || !pq_is_punched(c, cell, span->shift))
        return SEI_OK;
    st = pq_run_column_cell(c, cell, &(pq_span){.shift = span->shift, .time_s = span->end_s});
    return st == SEI_OK ? pq_punch_column_cell(c, cell, span->shift, span->end_s) : st;
}

/* The cell that flows has had its time already: it mixes only, where a stagnant cell is beside it. */
static sei_status mix_mobile(const column *c, int cell, const pq_span *span)
{
    const pq_span still = {.shift = span->shift, .time_s = span->time_s};

    pq_take_water(pq_water_of(c, cell), &c->mixed[cell]);
    const sei_status st = pq_run_column_cell(c, cell, &still);
    return st == SEI_OK && span->is_last ? pq_punch_column_cell(c, cell, span->shift, span->end_s)
                                         : st;
}

/* All of a stack mix at once, then react. */
static sei_status mix_stack(const column *c, int cell, const pq_span *span)
{
    const bool is_mixed = pq_water_of(c, pq_stagnant_cell(c, 1, cell)) != NULL;
    sei_status st       = find_mixed(c, cell);

    for (int n = 1; n <= c->layers && st == SEI_OK; n++)
        if (pq_water_of(c, pq_stagnant_cell(c, n, cell)))
            st = find_mixed(c, pq_stagnant_cell(c, n, cell));
    if (st == SEI_OK)
        st = is_mixed ? mix_mobile(c, cell, span) : write_still(c, cell, span);
    for (int n = 1; n <= c->layers && st == SEI_OK; n++) {
        const int k = pq_stagnant_cell(c, n, cell);
        if (!pq_water_of(c, k))
            continue;
        pq_take_water(pq_water_of(c, k), &c->mixed[k]);
        st = pq_run_column_cell(c, k, span);
    }
    return st;
}

sei_status pq_mix_stagnant(const column *c, const pq_span *span, bool with_start, bool with_end)
{
    const pq_span none = {.shift = span->shift, .time_s = span->time_s};

    sei_react_forget(c->r->work);
    sei_status st = with_start ? write_still(c, 0, span) : SEI_OK;

    for (int i = 1; i <= c->cells && st == SEI_OK; i++) {
        const int first = pq_stagnant_cell(c, 1, i);
        if (pq_water_of(c, first))
            st = exchange_heat(c, i, first, &none);
        if (st == SEI_OK && c->multi)
            pq_multi_diffuse_stack(c, i);
        if (st == SEI_OK)
            st = mix_stack(c, i, span);
    }
    if (st == SEI_OK && with_end)
        st = write_still(c, c->cells + 1, span);
    for (int k = c->cells + 2; k < (int)pq_column_size(c) && st == SEI_OK; k++)
        if (pq_water_of(c, k))
            st = write_still(c, k, span);
    return st;
}
