/*
 * run_multi_implicit.c - TRANSPORT -multi_d with -implicit: every species diffuses by the concentrations at the end of the step
 *
 * Species by species the concentrations of all cells follow from backward Euler; then each interface gets the field
 * that lets no charge through, with the new concentrations (appelo2017). Only what there is goes: a flux that would take more
 * of an element than a cell has is cut to that. Stagnant cells of one layer are in the same equations, each beside its cell.
 */
#include <math.h>

#include "phreeqc/multi.h"

#define LEAST_MOL 1e-13

/* ------------------------------------------------------------------ one species in all cells */

/* (capacity + mix below + mix above) c - mix c_below - mix c_above = capacity c_before; ends keep what they have. value: before
 * and after; mix[i]: between i and i + 1. upper: scratch. */
static void solve(int cells, const double capacity[], const double mix[], double value[],
                  double upper[])
{
    upper[0] = 0.0;
    for (int i = 1; i <= cells; i++) {
        const double below = mix[i - 1], above = mix[i],
                     pivot = capacity[i] + below + above - below * upper[i - 1];
        upper[i]           = above / pivot;
        value[i]           = (capacity[i] * value[i] + below * value[i - 1]) / pivot;
    }
    for (int i = cells; i >= 1; i--)
        value[i] += upper[i] * value[i + 1];
}

/* The stagnant cell that goes with a cell in its equations; 0: none. */
static int beside(const column *c, int cell)
{
    const int k = pq_stagnant_cell(c, 1, cell);

    return c->layers == 1 && cell >= 1 && cell <= c->cells && pq_water_of(c, k) ? k : 0;
}

/* Where the cell at the end of the row of interfaces has a water that does not change, the other one tells. */
static double between(int i, int last, const double value[])
{
    return i == 0 ? value[1] : i == last ? value[i] : 0.5 * (value[i] + value[i + 1]);
}

/*
 * With a stagnant cell of capacity C and concentration s beside it, which takes on (C s + mix c) / (C + mix), a cell is one of
 * more capacity, by C mix / (C + mix), and has the mean of both concentrations.
 */
static void join_stagnant(const column *c, size_t species, int cell, int still)
{
    pq_multi    *m = c->multi;
    pq_implicit *w = &m->implicit;
    const double z = c->r->net->charge[species];

    w->value[still]    = m->molal[(size_t)still * m->n + species];
    w->capacity[still] = pq_multi_capacity(m, still, species, z);
    w->mix[still]      = pq_multi_stagnant_conductance(c, cell, still, species, z);
    const double more  = w->capacity[still] * w->mix[still] / (w->capacity[still] + w->mix[still]);
    w->value[cell] =
        (w->capacity[cell] * w->value[cell] + more * w->value[still]) / (w->capacity[cell] + more);
    w->capacity[cell] += more;
}

/* Before a closed last end the field acts on what the stagnant cell has, as in PHREEQC. */
static void part_stagnant(const column *c, size_t species, int cell, int still, bool is_last)
{
    const pq_multi    *m  = c->multi;
    const pq_implicit *w  = &m->implicit;
    const size_t       at = (size_t)still * m->n + species;

    w->value[still] = (w->capacity[still] * w->value[still] + w->mix[still] * w->value[cell]) /
                      (w->capacity[still] + w->mix[still]);
    w->flux[at]  = w->mix[still] * (w->value[cell] - w->value[still]);
    w->drift[at] = w->mix[still] * c->r->net->charge[species] *
                   (is_last ? w->value[still] : 0.5 * (w->value[cell] + w->value[still]));
}

static void diffuse_species(const column *c, size_t k, double dt_s, int first, int last)
{
    pq_multi    *m = c->multi;
    pq_implicit *w = &m->implicit;
    const double z = c->r->net->charge[k];

    for (int i = 0; i <= c->cells + 1; i++) {
        w->value[i]    = m->molal[(size_t)i * m->n + k];
        w->capacity[i] = pq_multi_capacity(m, i, k, z);
        if (beside(c, i))
            join_stagnant(c, k, i, beside(c, i));
    }
    for (int i = 0; i <= c->cells; i++) {
        const pq_interface at = pq_column_interface(c, i);
        w->mix[i]             = i < first || i > last || pq_is_shut(m, i, i + 1)
                                    ? 0.0
                                    : dt_s * pq_conductance(m, &at, k, z);
    }
    solve(c->cells, w->capacity, w->mix, w->value, w->upper);
    for (int i = first; i <= last; i++) {
        const size_t at = (size_t)i * m->n + k;
        w->flux[at]     = w->mix[i] * (w->value[i] - w->value[i + 1]);
        w->drift[at]    = w->mix[i] * z * between(i, last, w->value);
    }
    for (int i = 1; i <= c->cells; i++)
        if (beside(c, i))
            part_stagnant(c, k, i, beside(c, i), i == last && c->multi->t->last == SEI_PQ_CLOSED);
}

/* ------------------------------------------------------------------ from species to waters */

static void add_interface(const column *c, int i, sei_amounts *ret)
{
    pq_multi          *m      = c->multi;
    const pq_implicit *w      = &m->implicit;
    const size_t       at     = (size_t)i * m->n;
    double             driven = 0.0, conducts = 0.0;

    for (size_t k = 0; k < m->n; k++) {
        driven += c->r->net->charge[k] * w->flux[at + k];
        conducts += c->r->net->charge[k] * w->drift[at + k];
    }
    const double field = conducts > 0.0 ? driven / conducts : 0.0;
    w->field[i]        = field;
    for (size_t k = 0; k < m->n; k++)
        if (w->flux[at + k] != 0.0 || w->drift[at + k] != 0.0)
            (void)sei_react_add_species(c->r->react, c->r->net->db_index[k],
                                        w->flux[at + k] - field * w->drift[at + k], ret);
}

/* Of an element, in the water and its layers. */
static double there(const column *c, int cell, size_t comp)
{
    const pq_surface *surface = pq_find(c->r, SEI_PQ_SURFACE, cell);

    return pq_water_of(c, cell)->total.comp[comp] + (surface ? surface->layer.comp[comp] : 0.0);
}

/* Does what passes leave the water as it is? */
static bool is_end(const column *c, int cell)
{
    return cell == 0 || cell == c->cells + 1;
}

static void limit(const column *c, int from, int to, sei_amounts *flux)
{
    const double least =
        fmax(LEAST_MOL, exp(PQ_LN10 * c->multi->def->log_molality_min) * c->multi->kg[from]);

    for (size_t k = 0; k + 1 < c->r->net->n_comp; k++) {
        double *q = &flux->comp[k];
        if (!is_end(c, from) && *q > 0.0 && there(c, from, k) - *q < least)
            *q = fmax(0.0, there(c, from, k) - least);
        if (!is_end(c, to) && *q < 0.0 && there(c, to, k) + *q < least)
            *q = fmin(0.0, least - there(c, to, k));
    }
}

/* Through the interface of that number. */
static void move(const column *c, int i, int from, int to)
{
    sei_amounts flux = {0};

    add_interface(c, i, &flux);
    limit(c, from, to, &flux);
    if (!is_end(c, from))
        sei_react_add_amounts(c->r->react, &flux, -1.0, &pq_water_of(c, from)->total);
    if (!is_end(c, to))
        sei_react_add_amounts(c->r->react, &flux, 1.0, &pq_water_of(c, to)->total);
}

double pq_multi_passed_mol(const pq_multi *m, const sei_net *net, int i, const char *species,
                           bool by_field_too)
{
    const size_t k = sei_net_species(net, species), at = (size_t)i * m->n + k;

    if (!m->implicit.flux || k == SIZE_MAX || i < 0 || i >= (int)m->size || m->molal[at] == 0.0)
        return 0.0; /* as in PHREEQC, where it is not in the cell too */
    return m->implicit.flux[at] -
           (by_field_too ? m->implicit.field[i] * m->implicit.drift[at] : 0.0);
}

/* ------------------------------------------------------------------ heat */

/* By the viscosity of water where heat passes. */
static double heat_mix(const column *c, int i)
{
    const double here = pq_multi_heat_factor(c, i), there_too = pq_multi_heat_factor(c, i + 1);

    if (i == 0)
        return c->heat_lower[1] * there_too;
    return c->heat_upper[i] * (i == c->cells ? here : 2.0 / (1.0 / here + 1.0 / there_too));
}

static void diffuse_heat(const column *c)
{
    pq_implicit *w = &c->multi->implicit;

    for (int i = 0; i <= c->cells + 1; i++) {
        w->value[i]    = pq_water_of(c, i)->temp_c;
        w->capacity[i] = 1.0;
    }
    for (int i = 0; i <= c->cells; i++)
        w->mix[i] = heat_mix(c, i);
    solve(c->cells, w->capacity, w->mix, w->value, w->upper);
    for (int i = 1; i <= c->cells; i++)
        pq_water_of(c, i)->temp_c = c->temp_c[i] = w->value[i];
}

void pq_multi_diffuse_implicit(const column *c, double dt_s)
{
    const pq_multi *m     = c->multi;
    const int       first = m->t->first == SEI_PQ_CLOSED ? 1 : 0,
              last        = m->t->last == SEI_PQ_CLOSED ? c->cells - 1 : c->cells;

    for (size_t k = 0; k < m->n; k++)
        diffuse_species(c, k, dt_s, first, last);
    for (int i = first; i <= last; i++)
        move(c, i, i, i + 1);
    for (int i = 1; i <= c->cells; i++)
        if (beside(c, i))
            move(c, beside(c, i), i, beside(c, i));
    if (c->heat_mixes > 0)
        diffuse_heat(c);
}
