/*
 * run_multi.c - TRANSPORT -multi_d: cells of a column exchange every species by its own diffusion coefficient
 *
 * A cell of length L with the water W (with that of its diffuse layers) conducts W / (L^2 / 2) por^n (parkhurst2013,
 * TRANSPORT); between stagnant cells MIX tells it for a species with the default coefficient and porosity.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/multi.h"

enum { CLASSES = SEI_REACT_LAYER_CLASSES, MIXES_MAX = 100000 };

#define POROSITY_MIN 1e-10 /* as in PHREEQC */
#define TOLD_MOL     1e-12 /* less is added without a word */

/* ------------------------------------------------------------------ what a cell holds */

/* Viscosity of pure water over that of the layers: of what they hold, or as it is given. */
static double layer_thinness(const column *c, int cell, const sei_pq_surface *def,
                             const pq_viscosity *viscosity)
{
    const pq_multi  *m  = c->multi;
    const sei_equil *eq = sei_react_equil(c->r->work);
    const double    *kg = m->in_layers + (size_t)cell * CLASSES;

    if (def->layer_viscosity > 0.0)
        return viscosity->water_mpa_s / (def->layer_viscosity * viscosity->mpa_s);
    for (size_t k = 0; k < m->n; k++)
        m->scratch[(size_t)cell * m->n + k] = eq->m[k] * kg[pq_charge_class(eq->net->charge[k])] /
                                              m->layer_kg[cell] *
                                              m->in_layer[(size_t)cell * m->n + k];
    return viscosity->water_mpa_s / pq_layer_mpa_s(c->r, eq, m->scratch + (size_t)cell * m->n);
}

static void sum_layers(const column *c, int cell, const pq_surface *surface)
{
    pq_multi       *m  = c->multi;
    double         *kg = m->in_layers + (size_t)cell * CLASSES;
    sei_react_layer layer;

    for (size_t i = 0; i < surface->def->n_charges; i++) {
        const sei_surface f = pq_surface_of(surface, i);
        if (!(f.layer_kg > 0.0))
            continue;
        sei_react_layer_at(sei_react_equil(c->r->work), &f, pq_layer_potential(surface, i), &layer);
        m->layer_kg[cell] += f.layer_kg;
        for (size_t k = 0; k < CLASSES; k++)
            kg[k] += layer.kg[k];
    }
}

static void look_at_layers(const column *c, int cell, const pq_viscosity *viscosity)
{
    pq_multi         *m        = c->multi;
    const pq_surface *surface  = pq_find(c->r, SEI_PQ_SURFACE, cell);
    double           *in_layer = m->in_layer + (size_t)cell * m->n;

    m->layer_kg[cell] = 0.0;
    memset(m->in_layers + (size_t)cell * CLASSES, 0, CLASSES * sizeof *m->in_layers);
    for (size_t k = 0; k < m->n; k++)
        in_layer[k] = 1.0;
    if (!surface || surface->def->n_charges == 0)
        return;
    sum_layers(c, cell, surface);
    const sei_surface first = pq_surface_of(surface, 0);
    for (size_t k = 0; k < m->n; k++)
        in_layer[k] = sei_react_layer_erm(c->r->net, &first, k);
    if (!viscosity->is_known || !(m->layer_kg[cell] > 0.0))
        return;
    const double thinness = layer_thinness(c, cell, surface->def, viscosity);
    for (size_t k = 0; k < m->n; k++) {
        const double by = pq_dw_of(c->r, c->r->net->db_index[k])[6];
        if (by != 0.0)
            in_layer[k] *= pow(thinness, by);
    }
}

void pq_multi_look(const column *c, int cell)
{
    pq_multi        *m     = c->multi;
    const sei_equil *eq    = sei_react_equil(c->r->work);
    const size_t     at    = (size_t)cell * m->n;
    const double     least = exp(PQ_LN10 * m->def->log_molality_min);

    for (size_t k = 0; k < m->n; k++) {
        const bool is_there =
            eq->m[k] > fmax(least, PQ_LEAST_MOLAL) && eq->net->db_index[k] != c->r->db->water;
        m->molal[at + k]    = is_there ? eq->m[k] : 0.0;
        m->ln_gamma[at + k] = eq->class_lng[eq->net->classes.of_species[k]];
    }
    m->kg[cell]     = pq_water_of(c, cell)->state.water_kg;
    m->temp_k[cell] = eq->temp_k;
    const pq_viscosity viscosity =
        pq_tracers_m2_s(c->r, eq, m->def, m->d_m2_s + at, m->interlayer.water_d);
    m->mpa_s[cell] = viscosity.water_mpa_s;
    look_at_layers(c, cell, &viscosity);
    if (m->def->has_interlayer)
        pq_interlayer_look(c, cell);
}

void pq_multi_copy(const column *c, int from, int to)
{
    pq_multi    *m = c->multi;
    const size_t a = (size_t)from, b = (size_t)to, bytes = m->n * sizeof(double);

    memcpy(m->molal + b * m->n, m->molal + a * m->n, bytes);
    memcpy(m->ln_gamma + b * m->n, m->ln_gamma + a * m->n, bytes);
    memcpy(m->d_m2_s + b * m->n, m->d_m2_s + a * m->n, bytes);
    memcpy(m->in_layer + b * m->n, m->in_layer + a * m->n, bytes);
    memcpy(m->in_layers + b * CLASSES, m->in_layers + a * CLASSES, CLASSES * sizeof(double));
    m->kg[b]       = m->kg[a];
    m->layer_kg[b] = m->layer_kg[a];
    m->temp_k[b]   = m->temp_k[a];
    m->mpa_s[b]    = m->mpa_s[a];
    if (m->def->has_interlayer)
        pq_interlayer_copy(c, from, to);
}

/* ------------------------------------------------------------------ making one */

static double porosity_of(const pq_runner *r, const sei_pq_multi *def, int cell)
{
    const size_t at = (size_t)cell, n = def->n_porosities;

    if (at <= r->n_porosities && isfinite(r->porosity[at - 1]))
        return fmax(POROSITY_MIN, r->porosity[at - 1]);
    return fmax(POROSITY_MIN, n == 0 ? def->porosity : def->porosities[at <= n ? at - 1 : n - 1]);
}

typedef struct {
    double **array;
    size_t   length; /* 0: not wanted in this run */
} need;

enum { NEEDS = 24 };

/* Every array of a column's species, once for making and for freeing them. */
static void list_needs(pq_multi *m, need needs[NEEDS])
{
    const size_t implicit = m->def->is_implicit ? m->size : 0, field = m->has_field ? m->size : 0;
    const need   all[NEEDS] = {
          {&m->molal, m->size * m->n},
          {&m->ln_gamma, m->size * m->n},
          {&m->d_m2_s, m->size * m->n},
          {&m->in_layer, m->size * m->n},
          {&m->scratch, m->size * m->n},
          {&m->kg, m->size},
          {&m->layer_kg, m->size},
          {&m->temp_k, m->size},
          {&m->mpa_s, m->size},
          {&m->porosity, m->size},
          {&m->in_layers, m->size * CLASSES},
          {&m->implicit.value, implicit},
          {&m->implicit.capacity, implicit},
          {&m->implicit.mix, implicit},
          {&m->implicit.upper, implicit},
          {&m->implicit.field, implicit},
          {&m->implicit.flux, implicit * m->n},
          {&m->implicit.drift, implicit * m->n},
          {&m->driven, field},
          {&m->conducts, field},
          {&m->pull_m, field},
          {&m->b, m->n},
          {&m->gradient, m->n},
          {&m->zc, m->n},
    };
    memcpy(needs, all, sizeof all);
}

static bool allocate(sei_ctx *ctx, pq_multi *m)
{
    need needs[NEEDS];
    bool ok = true;

    list_needs(m, needs);
    for (size_t i = 0; i < NEEDS && ok; i++) {
        if (needs[i].length == 0)
            continue;
        *needs[i].array = sei_alloc(ctx, needs[i].length, sizeof(double));
        ok              = *needs[i].array != NULL;
    }
    return ok;
}

sei_status pq_multi_create(column *c, const sei_pq_transport *t)
{
    pq_multi *m = sei_alloc(c->r->ctx, 1, sizeof *m);

    c->multi = m;
    if (!m)
        return SEI_E_NOMEM;
    *m        = (pq_multi){.t         = t,
                           .def       = &t->multi,
                           .n         = c->r->net->n_species,
                           .size      = pq_column_size(c),
                           .has_field = pq_has_field(c, t)};
    m->fall_v = pq_water_of(c, 0)->potential_v - pq_water_of(c, c->cells + 1)->potential_v;
    if (!allocate(c->r->ctx, m))
        return SEI_E_NOMEM;
    for (int i = 0; i < (int)m->size; i++)
        m->porosity[i] = porosity_of(c->r, m->def, i == 0 ? 1 : i == c->cells + 1 ? c->cells : i);
    c->r->multi = m;
    return m->def->has_interlayer ? pq_interlayer_create(c) : SEI_OK;
}

/* The ends have what the cells beside them have. */
void pq_multi_set_porosity(pq_multi *m, int cell, double porosity)
{
    const double value = fmax(POROSITY_MIN, porosity);

    m->porosity[cell] = value;
    if (cell == 1)
        m->porosity[0] = value;
    if (cell == m->t->cells)
        m->porosity[cell + 1] = value;
}

void pq_multi_free(column *c)
{
    pq_multi *m = c->multi;
    need      needs[NEEDS];

    if (!m)
        return;
    pq_interlayer_free(c);
    c->multi    = NULL;
    c->r->multi = NULL;
    list_needs(m, needs);
    for (size_t i = 0; i < NEEDS; i++)
        sei_release(c->r->ctx, *needs[i].array);
    sei_release(c->r->ctx, m);
}

/* ------------------------------------------------------------------ how many parts a shift has */

/* The fastest species of the column, in its pores. */
static double fastest_m2_s(const column *c)
{
    const pq_multi *m    = c->multi;
    double          most = 0.0;

    for (int i = 0; i <= c->cells + 1; i++) {
        const size_t at = (size_t)i * m->n;
        if (m->porosity[i] < m->def->porosity_limit)
            continue;
        const double pores = pow(m->porosity[i], m->def->exponent);
        for (size_t k = 0; k < m->n; k++)
            if (m->molal[at + k] > 0.0)
                most = fmax(most, m->d_m2_s[at + k] * pores);
    }
    return most;
}

/* dt D / dx2 of the shift, the largest; twice of that at an end of constant concentration. */
static double largest_share(const column *c, const sei_pq_transport *t)
{
    const double d_dt = fastest_m2_s(c) * t->time_step_s;
    double       most = 0.0;

    for (int i = 1; i < c->cells; i++) {
        const double l = 0.5 * (pq_cell_length(t, i) + pq_cell_length(t, i + 1));
        most           = fmax(most, d_dt / (l * l));
    }
    const double first = pq_cell_length(t, 1), last = pq_cell_length(t, c->cells);
    if (t->first == SEI_PQ_CONSTANT)
        most = fmax(most, 2.0 * d_dt / (first * first));
    if (t->last == SEI_PQ_CONSTANT)
        most = fmax(most, 2.0 * d_dt / (last * last));
    return most;
}

/* Dispersion alone; diffusion goes species by species. */
static double disperse(column *c, const sei_pq_transport *t)
{
    sei_pq_transport still      = *t;
    const double     correction = pq_dispersion_correction(c, t);
    double           most       = 0.0;

    still.diffusion_m2_s = 0.0;
    for (int i = 1; i <= c->cells; i++) {
        c->lower[i]      = i > 1 ? pq_exchange_share(&still, i, i - 1) * correction : 0.0;
        c->upper[i]      = i < c->cells ? pq_exchange_share(&still, i, i + 1) * correction : 0.0;
        const double own = 2.0 * pq_cell_dispersivity(t, i) / pq_cell_length(t, i) * correction;
        if (i == 1 && t->first == SEI_PQ_CONSTANT && t->direction != 0)
            c->lower[i] = own;
        if (i == c->cells && t->last == SEI_PQ_CONSTANT && t->direction != 0)
            c->upper[i] = own;
        most = fmax(most, c->lower[i] + c->upper[i]);
    }
    return most;
}

/* Parts of a shift, of which most is the largest share of the whole. */
static double parts_of(const sei_pq_transport *t, double most)
{
    const bool has_constant = t->first == SEI_PQ_CONSTANT || t->last == SEI_PQ_CONSTANT;

    if (!t->multi.is_implicit)
        return (has_constant ? 2.25 : 1.5) * most;
    return most > t->multi.mix_max ? most / t->multi.mix_max : 0.0;
}

static int count_mixes(const column *c, const sei_pq_transport *t, double most, double parts)
{
    const bool has_constant = t->first == SEI_PQ_CONSTANT || t->last == SEI_PQ_CONSTANT;
    int        mixes        = most > 0.0 ? 1 + (int)floor(parts) : 0;

    if (mixes == 1 && t->direction != 0 && has_constant)
        mixes = 2;
    if (mixes == 0 && t->substeps > 1.0 && c->layers > 0)
        mixes = 1;
    return (int)ceil(mixes * t->substeps);
}

sei_status pq_find_multi_mixing(column *c, const sei_pq_transport *t)
{
    if (t->multi.has_interlayer)
        pq_interlayer_begin(c);
    const double most = fmax(disperse(c, t), largest_share(c, t)), parts = parts_of(t, most);

    if (c->layers > 0 && !(t->multi.default_m2_s > 0.0))
        return sei_fail(
            c->r->ctx, SEI_E_RANGE, &c->block->where,
            "TRANSPORT: -multi_d: MIX between stagnant cells is that of a species with the "
            "default coefficient, which must be above 0");
    if ((1.0 + parts) * t->substeps > MIXES_MAX)
        return pq_refuse_mixes(c, (1.0 + parts) * t->substeps);
    c->mixes = count_mixes(c, t, most, parts);
    for (int i = 1; i <= c->cells && c->mixes > 0; i++) {
        c->lower[i] /= c->mixes;
        c->upper[i] /= c->mixes;
    }
    return SEI_OK;
}

/* ------------------------------------------------------------------ one part of a shift */

static bool is_end(const column *c, int cell)
{
    return cell == 0 || cell == c->cells + 1;
}

/* At an electrode electrons go on with the charge: the water stays as neutral as it was. */
static void add_to_electrode(const column *c, int cell, const sei_amounts *flux, double factor)
{
    sei_amounts *total  = &pq_water_of(c, cell)->total;
    const double charge = pq_charge_of(c->r, total);

    sei_react_add_amounts(c->r->react, flux, factor, total);
    total->electron += pq_charge_of(c->r, total) - charge;
}

static void add_to_cell(const column *c, int cell, const sei_amounts *flux, double factor)
{
    if (!is_end(c, cell))
        sei_react_add_amounts(c->r->react, flux, factor, &pq_water_of(c, cell)->total);
    else if (c->multi->has_field)
        add_to_electrode(c, cell, flux, factor);
}

static void move_amounts(const column *c, const pq_interface *at, double current_eq_s,
                         double factor)
{
    pq_multi   *m    = c->multi;
    sei_amounts flux = {0};

    if (!pq_find_interface(m, c->r->net, at))
        return;
    pq_add_flux(m, c->r, current_eq_s, factor, &flux);
    add_to_cell(c, at->from, &flux, -1.0);
    add_to_cell(c, at->to, &flux, 1.0);
}

/* What a cell holds in all, its sites included, cannot be less than nothing. */
static void mend(const column *c, int cell)
{
    pq_multi     *m   = c->multi;
    const pq_cell all = pq_cell_of(c, cell);
    sei_amounts   sum = all.solution->total;

    if (all.exchange)
        sei_react_add_amounts(c->r->react, &all.exchange->held, 1.0, &sum);
    if (all.surface)
        pq_add_surface(c->r, all.surface, &sum);
    for (size_t k = 0; k + 1 < c->r->net->n_comp; k++) {
        if (!(sum.comp[k] < 0.0))
            continue;
        all.solution->total.comp[k] -= sum.comp[k];
        m->added[k] -= sum.comp[k];
    }
}

static void mend_electrode(const column *c, int cell)
{
    sei_amounts *total  = &pq_water_of(c, cell)->total;
    const double charge = pq_charge_of(c->r, total);

    mend(c, cell);
    total->electron += pq_charge_of(c->r, total) - charge;
}

static double pores(const pq_multi *m, int cell)
{
    return pow(m->porosity[cell], m->def->exponent);
}

static double area(const column *c, int cell)
{
    const pq_multi *m = c->multi;
    const double    l = pq_cell_length(m->t, cell);

    return (m->kg[cell] + m->layer_kg[cell]) / (0.5 * l * l) * pores(m, cell);
}

bool pq_is_shut(const pq_multi *m, int from, int to)
{
    return m->porosity[from] < m->def->porosity_limit || m->porosity[to] < m->def->porosity_limit;
}

pq_interface pq_column_interface(const column *c, int i)
{
    return (pq_interface){.from   = i,
                          .to     = i + 1,
                          .a_from = i == 0 ? 0.0 : area(c, i),
                          .a_to   = i == c->cells ? 0.0 : area(c, i + 1),
                          .pull_m = c->multi->has_field ? c->multi->pull_m[i] : 0.0,
                          .place  = i == 0          ? PQ_FIRST_END
                                    : i == c->cells ? PQ_LAST_END
                                                    : PQ_INNER};
}

static void diffuse_explicit(const column *c, double dt_s)
{
    const pq_multi *m     = c->multi;
    const int       first = m->t->first == SEI_PQ_CONSTANT ? 0 : 1,
              last        = m->t->last == SEI_PQ_CONSTANT ? c->cells : c->cells - 1;

    if (m->has_field)
        pq_find_field(c);
    for (int i = first; i <= last; i++) {
        const pq_interface at = pq_column_interface(c, i);
        if (!pq_is_shut(m, i, i + 1))
            move_amounts(c, &at, m->current_a / SEI_PHREEQC_FARADAY, dt_s);
        if (m->def->has_interlayer)
            pq_interlayer_diffuse(c, i, i + 1, true, dt_s);
    }
}

void pq_multi_diffuse(const column *c, double dt_s)
{
    if (c->multi->def->is_implicit)
        pq_multi_diffuse_implicit(c, dt_s);
    else
        diffuse_explicit(c, dt_s);
    for (int i = 1; i <= c->cells; i++)
        mend(c, i);
    if (c->multi->has_field) {
        mend_electrode(c, 0);
        mend_electrode(c, c->cells + 1);
    }
}

/* What MIX tells is the share of a water whose species all have the default coefficient, in default pores. */
static double stagnant_factor(const column *c, double share)
{
    const sei_pq_multi *def = c->multi->def;

    return share / (c->mixes > 0 ? c->mixes : 1) / def->default_m2_s / def->porosity /
           pow(def->porosity, def->exponent);
}

static pq_interface stagnant_interface(const column *c, int cell, int other)
{
    const pq_multi *m = c->multi;

    return (pq_interface){.from      = cell,
                          .to        = other,
                          .a_from    = m->porosity[cell] * pores(m, cell),
                          .a_to      = m->porosity[other] * pores(m, other),
                          .may_halve = c->cells == 1 && (cell == 3 || other == (int)m->size - 1)};
}

static void mix_with(const column *c, int cell, int other, double share)
{
    const double       factor = stagnant_factor(c, share);
    const pq_interface at     = stagnant_interface(c, cell, other);

    if (!pq_is_shut(c->multi, cell, other))
        move_amounts(c, &at, 0.0, 2.0 * factor);
    if (c->multi->def->has_interlayer)
        pq_interlayer_diffuse(c, cell, other, false, factor);
}

double pq_multi_stagnant_conductance(const column *c, int cell, int still, size_t species,
                                     double charge)
{
    const sei_pq_mix  *mix   = c->stagnant[cell];
    const pq_interface at    = stagnant_interface(c, cell, still);
    double             share = 0.0;

    for (size_t k = 0; mix && k < mix->n; k++)
        if (mix->parts[k].solution == still)
            share += mix->parts[k].fraction;
    return share == 0.0 || pq_is_shut(c->multi, cell, still)
               ? 0.0
               : 2.0 * stagnant_factor(c, share) * pq_conductance(c->multi, &at, species, charge);
}

static void mix_with_higher(const column *c, int cell)
{
    const sei_pq_mix *mix  = c->stagnant[cell];
    const int         last = (int)c->multi->size - 1;

    for (size_t k = 0; mix && k < mix->n; k++) {
        const int other = mix->parts[k].solution;
        if (other > cell && other <= last && pq_water_of(c, other))
            mix_with(c, cell, other, mix->parts[k].fraction);
    }
}

void pq_multi_diffuse_stack(const column *c, int cell)
{
    const bool is_done = c->multi->def->is_implicit && c->layers == 1; /* with the column */

    for (int n = 0; n <= c->layers && !is_done; n++)
        mix_with_higher(c, n == 0 ? cell : pq_stagnant_cell(c, n, cell));
    mend(c, cell);
    for (int n = 1; n <= c->layers; n++)
        if (pq_water_of(c, pq_stagnant_cell(c, n, cell)))
            mend(c, pq_stagnant_cell(c, n, cell));
}

double pq_multi_heat_factor(const column *c, int cell)
{
    return c->multi && c->multi->mpa_s[cell] > 0.0 ? PQ_WATER_25_MPA_S / c->multi->mpa_s[cell]
                                                   : 1.0;
}

/* Of a run that is over: what had to be added. */
void pq_multi_tell(const column *c)
{
    if (c->multi && c->multi->is_open)
        sei_warn(c->r->ctx, &c->block->where,
                 "TRANSPORT: there was no current where a cell lets nothing through: its porosity "
                 "is below the limit of -multi_d, or it holds no ions");
    for (size_t k = 0; c->multi && k + 1 < c->r->net->n_comp; k++)
        if (c->multi->added[k] > TOLD_MOL)
            sei_warn(c->r->ctx, &c->block->where,
                     "TRANSPORT: more %s was to diffuse than there was: %.4g mol have been added "
                     "(a shorter time step, or more substeps, needs less)",
                     c->r->net->comp_name[k], c->multi->added[k]);
}
