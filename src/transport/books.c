/*
 * books.c - books of groups of cells (the units of a plant) beside those of the train
 *
 * What crosses the bounds of a group in a stage is summed with the weights of the step, as the ledger of the train is,
 * so that a group's books close to rounding. Links within a group need no sum.
 */
#include <math.h>
#include <string.h>

#include "transport/train_impl.h"

sei_status sei_books_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec)
{
    const size_t g = t->n_groups;

    if (g == 0)
        return SEI_OK;
    t->group_of    = sei_alloc(ctx, t->n_cells, sizeof *t->group_of);
    t->added_of    = sei_alloc(ctx, g * t->n_solids + 1, sizeof *t->added_of);
    t->removed_of  = sei_alloc(ctx, g * t->n_solids + 1, sizeof *t->removed_of);
    t->water_start = sei_alloc(ctx, g * (t->n_comp + t->n_solids), sizeof *t->water_start);
    t->bed_start   = sei_alloc(ctx, g * t->n_solids + 1, sizeof *t->bed_start);
    if (!t->group_of || !t->added_of || !t->removed_of || !t->water_start || !t->bed_start)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < t->n_cells; c++) {
        if (spec->group_of[c] >= g)
            return sei_fail(ctx, SEI_E_ARG, NULL, "cell %zu: group %zu of %zu", c,
                            spec->group_of[c], g);
        t->group_of[c] = spec->group_of[c];
    }
    return SEI_OK;
}

void sei_books_free(sei_train *t)
{
    sei_release(t->ctx, t->group_of);
    sei_release(t->ctx, t->added_of);
    sei_release(t->ctx, t->removed_of);
    sei_release(t->ctx, t->water_start);
    sei_release(t->ctx, t->bed_start);
}

/* What each group holds: components and carried solids of its pores, solids of its beds. */
static void held(const sei_train *t, double water[], double bed[])
{
    const size_t n = t->n_comp, k = t->n_solids;

    memset(water, 0, t->n_groups * (n + k) * sizeof *water);
    if (k)
        memset(bed, 0, t->n_groups * k * sizeof *bed);
    for (size_t c = 0; c < t->n_cells; c++) {
        const size_t g = t->group_of[c];
        const double w = t->cells[c].water_kg;
        for (size_t j = 0; j < n; j++)
            water[g * (n + k) + j] += w * t->state.total[c * n + j];
        for (size_t s = 0; s < k; s++) {
            water[g * (n + k) + n + s] += w * t->state.suspended[c * k + s];
            bed[g * k + s] += t->state.solid[c * k + s];
        }
    }
}

void sei_books_open(sei_train *t)
{
    const size_t solids = t->n_groups * t->n_solids;

    if (t->n_groups == 0)
        return;
    if (solids) {
        memset(t->added_of, 0, solids * sizeof *t->added_of);
        memset(t->removed_of, 0, solids * sizeof *t->removed_of);
    }
    held(t, t->water_start, t->bed_start);
}

void sei_books_add(sei_train *t, size_t cell, size_t solid, double mol)
{
    if (t->n_groups == 0)
        return;
    const size_t i = t->group_of[cell] * t->n_solids + solid;
    if (mol > 0.0)
        t->added_of[i] += mol;
    else
        t->removed_of[i] -= mol;
}

/* ---- fluxes ---- */

typedef struct {
    double *in, *out, *air, *in_p, *out_p, *sludge;
} group_flux;

static group_flux flux_of(const sei_train *t, size_t group, double flux[])
{
    double *at = flux + sei_group_flux_at(t, group), *of_solids = at + 3 * t->n_comp;

    return (group_flux){at,        at + t->n_comp,          at + 2 * t->n_comp,
                        of_solids, of_solids + t->n_solids, of_solids + 2 * t->n_solids};
}

double *sei_group_air(const sei_train *t, size_t cell, double flux[])
{
    return t->n_groups ? flux_of(t, t->group_of[cell], flux).air : NULL;
}

static void add_water(const sei_train *t, double kg_s, const double total[], const double susp[],
                      double comp[], double solid[])
{
    for (size_t j = 0; j < t->n_comp; j++)
        comp[j] += kg_s * total[j];
    for (size_t s = 0; s < t->n_solids; s++)
        solid[s] += kg_s * susp[s];
}

/* The share that enters cell `to` of what the links of cell `links_of` bring: into its group, out of another. */
static void add_links(const sei_train *t, size_t links_of, size_t to, double share,
                      const double total[], const double susp[], double flux[])
{
    const size_t     n = t->n_comp, k = t->n_solids, group = t->group_of[to];
    const group_flux here = flux_of(t, group, flux);

    for (size_t i = t->link_ptr[links_of]; i < t->link_ptr[links_of + 1] && share > 0.0; i++) {
        const sei_link *l    = &t->links[i];
        const double    kg_s = share * sei_link_flow(t, l);
        if (l->from < 0) {
            const size_t b = (size_t)(SEI_FROM_INFLOW - l->from);
            add_water(t, kg_s, t->b_total + b * n, t->b_susp + b * k, here.in, here.in_p);
            continue;
        }
        const size_t from = (size_t)l->from;
        if (t->group_of[from] == group)
            continue;
        const group_flux there = flux_of(t, t->group_of[from], flux);
        add_water(t, kg_s, total + from * n, susp + from * k, here.in, here.in_p);
        add_water(t, kg_s, total + from * n, susp + from * k, there.out, there.out_p);
    }
}

static void add_doses(const sei_train *t, size_t stage, double flux[])
{
    for (size_t d = 0; d < t->n_doses; d++) {
        const sei_dose  *dose = &t->doses[d];
        const group_flux f    = flux_of(t, t->group_of[dose->cell], flux);
        const double mol_s    = t->dose_1_s[stage * t->n_doses + d] * t->cells[dose->cell].water_kg;
        add_water(t, mol_s, dose->comp, dose->solid, f.in, f.in_p);
    }
}

static void add_pumps(const sei_train *t, double flux[])
{
    for (size_t p = 0; p < t->n_pumps; p++) {
        const sei_sludge_pump *pump = &t->pumps[p];
        const size_t           from = t->group_of[pump->from];
        const bool             away = pump->to == SEI_SLUDGE_AWAY;
        const group_flux       f    = flux_of(t, from, flux);
        for (size_t s = 0; s < t->n_solids && (away || t->group_of[pump->to] != from); s++) {
            const double mol_s = sei_train_pumped_mol_s(t, p, s);
            f.sludge[s] += mol_s;
            if (!away)
                flux_of(t, t->group_of[pump->to], flux).in_p[s] += mol_s;
        }
    }
}

void sei_group_flux(const sei_train *t, const double total[], const double susp[], size_t stage,
                    double flux[])
{
    if (t->n_groups == 0)
        return;
    for (size_t c = 0; c < t->n_cells; c++) {
        const size_t of = t->overflow_of[c];
        add_links(t, c, c, t->pass[c], total, susp, flux);
        if (of != SIZE_MAX)
            add_links(t, of, c, 1.0 - t->pass[of], total, susp, flux);
        if (t->out_share[c] > 0.0) {
            const group_flux f = flux_of(t, t->group_of[c], flux);
            add_water(t, t->out_share[c] * t->out[c], total + c * t->n_comp, susp + c * t->n_solids,
                      f.out, f.out_p);
        }
    }
    add_doses(t, stage, flux);
    add_pumps(t, flux);
}

/* ---- reading ---- */

static void add_components(const sei_train *t, size_t group, const char *element,
                           const double water[], sei_group_book *book, double *size)
{
    const group_flux f  = flux_of(t, group, t->ledger_mem);
    const size_t     at = group * (t->n_comp + t->n_solids);

    for (size_t j = 0; j + 1 < t->n_comp; j++) {
        const double e = sei_model_component_element(t->model, j, element);
        book->in_mol += e * f.in[j];
        book->out_mol += e * f.out[j];
        book->air_mol += e * f.air[j];
        book->water_mol += e * (water[at + j] - t->water_start[at + j]);
        *size += e * (water[at + j] + t->water_start[at + j] + fabs(f.air[j]) + f.in[j]);
    }
}

static void add_solids(const sei_train *t, size_t group, const char *element, const double water[],
                       const double bed[], sei_group_book *book, double *size)
{
    const group_flux f  = flux_of(t, group, t->ledger_mem);
    const size_t     at = group * (t->n_comp + t->n_solids) + t->n_comp, b = group * t->n_solids;

    for (size_t s = 0; s < t->n_solids; s++) {
        const double e = sei_model_solid_element(t->model, s, element);
        book->in_mol += e * f.in_p[s];
        book->out_mol += e * f.out_p[s];
        book->sludge_mol += e * f.sludge[s];
        book->added_mol += e * t->added_of[b + s];
        book->removed_mol += e * t->removed_of[b + s];
        book->water_mol += e * (water[at + s] - t->water_start[at + s]);
        book->bed_mol += e * (bed[b + s] - t->bed_start[b + s]);
        *size += e * (bed[b + s] + t->bed_start[b + s] + f.in_p[s] + t->added_of[b + s]);
    }
}

sei_status sei_train_group_book(sei_ctx *ctx, const sei_train *t, size_t group, const char *element,
                                sei_group_book *ret_book)
{
    const size_t   solids = t->n_groups * t->n_solids;
    sei_group_book book   = {0};
    double         size   = 0.0;

    if (group >= t->n_groups)
        return sei_fail(ctx, SEI_E_ARG, NULL, "group %zu of %zu", group, t->n_groups);
    double *water = sei_alloc(ctx, t->n_groups * t->n_comp + 2 * solids, sizeof *water);
    if (!water)
        return SEI_E_NOMEM;
    double *bed = water + t->n_groups * t->n_comp + solids;
    held(t, water, bed);
    add_components(t, group, element, water, &book, &size);
    add_solids(t, group, element, water, bed, &book, &size);
    sei_release(ctx, water);
    const double off = book.in_mol + book.air_mol + book.added_mol - book.out_mol -
                       book.removed_mol - book.sludge_mol - book.water_mol - book.bed_mol;
    book.imbalance = size > 0.0 ? fabs(off) / size : 0.0;
    *ret_book      = book;
    return SEI_OK;
}
