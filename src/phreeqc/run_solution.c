/* run_solution.c - initial solutions: units to mol/kgw, speciation, what phases and couples adjust */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chem/pressure.h"
#include "phreeqc/run_water.h"

enum { LINES_MAX = 100 };

/* ------------------------------------------------------------------ units */

static sei_status gram_formula_weight(const pq_water *in, const sei_pq_analyte *a,
                                      double *ret_g_mol)
{
    const bool is_alk = strcmp(a->component, "Alkalinity") == 0;
    double     g_mol  = a->g_mol;

    if (g_mol == 0.0 && a->as) {
        g_mol = sei_db_formula_g_mol(in->r->db, a->as);
        if (is_alk && strcmp(a->as, "CaCO3") == 0)
            g_mol *= 0.5; /* per equivalent */
    } else if (g_mol == 0.0) {
        g_mol = sei_db_component_g_mol(in->r->db, a->component);
    }
    if (!(g_mol > 0.0))
        return sei_fail(in->r->ctx, SEI_E_MISSING, &a->where,
                        "SOLUTION: the gram formula weight of %s is not known",
                        a->as ? a->as : a->component);
    *ret_g_mol = g_mol;
    return SEI_OK;
}

/* An element that the database lacks is taken as 0, as pq_model_create has warned; isotopes come when the rest is known. */
static bool is_known(const pq_water *in, const sei_pq_analyte *a)
{
    return !pq_isotope(in->r, a->component) &&
           sei_db_component_master(in->r->db, a->component) != SIZE_MAX;
}

/* g of H+ and OH- in a litre or a kilogram of solution, by the pH alone; a litre has its density's times as many. */
static double ions_of_water_g(const pq_water *in)
{
    const double ph     = in->def->ph;
    const double factor = in->def->unit.per == SEI_PQ_PER_LITRE ? in->density_kg_l : 1.0;

    return factor * (sei_db_formula_g_mol(in->r->db, "H") * pow(10.0, -ph) +
                     sei_db_formula_g_mol(in->r->db, "OH") * pow(10.0, ph - 14.0));
}

/* What only an alkalinity, or an isotope told beside a standard, may be. */
static bool may_be_negative(const pq_water *in, const sei_pq_analyte *a)
{
    return strcmp(a->component, "Alkalinity") == 0 || pq_isotope(in->r, a->component);
}

/* mol (eq) per kg of water as PHREEQC 3.8.6 converts: what a litre or a kilogram of solution holds beside its solutes, H+ and
 * OH- is water. */
static sei_status to_molal(pq_water *in, double molal[])
{
    const sei_pq_solution *s         = in->def;
    double                 solutes_g = ions_of_water_g(in), g_mol = 0.0;

    for (size_t i = 0; i < s->n; i++) {
        const sei_pq_analyte *a       = &s->analytes[i];
        const bool            is_gram = a->unit.amount == SEI_PQ_GRAM;
        if (a->value < 0.0 && !may_be_negative(in, a))
            return sei_fail(in->r->ctx, SEI_E_RANGE, &a->where,
                            "SOLUTION: %s: the concentration %g is negative", a->component,
                            a->value);
        molal[i] = is_known(in, a) ? a->value * a->unit.factor : 0.0;
        if (molal[i] == 0.0 || (!is_gram && a->unit.per == SEI_PQ_PER_KGW))
            continue;
        const sei_status st = gram_formula_weight(in, a, &g_mol);
        if (st != SEI_OK)
            return st;
        if (is_gram)
            molal[i] /= g_mol;
        if (a->unit.per != SEI_PQ_PER_KGW)
            solutes_g += molal[i] * g_mol;
    }
    const double whole = s->unit.per == SEI_PQ_PER_LITRE ? in->density_kg_l : 1.0;
    const double water = s->unit.per == SEI_PQ_PER_KGW ? 1.0 : whole - 1e-3 * solutes_g;
    if (!(water > 0.0))
        return sei_fail(in->r->ctx, SEI_E_RANGE, &in->block->where,
                        "SOLUTION %d: the solutes weigh %g g: no water is left", in->block->first,
                        solutes_g);
    for (size_t i = 0; i < s->n; i++)
        molal[i] /= water;
    return SEI_OK;
}

/* ------------------------------------------------------------------ the analysis */

static sei_status add_adjustment(pq_water *in, const pq_adjustment *a)
{
    if (in->n_adjustments == PQ_ADJUSTMENTS_MAX)
        return sei_fail(in->r->ctx, SEI_E_TOO_LARGE, &a->where,
                        "SOLUTION: more than %d adjustments to phases", PQ_ADJUSTMENTS_MAX);
    if (a->phase && sei_db_find_phase(in->r->db, a->phase) == SIZE_MAX)
        return sei_fail(in->r->ctx, SEI_E_NOT_FOUND, &a->where,
                        "SOLUTION: phase \"%s\" is not in database %s", a->phase,
                        sei_db_name(in->r->db));
    in->adjustments[in->n_adjustments++] = *a;
    return SEI_OK;
}

static sei_status add_analyte(pq_water *in, const sei_pq_analyte *a, double molal)
{
    const size_t k = in->analysis.n;

    if (a->fix == SEI_PQ_CHARGE)
        in->analysis.balance = a->component;
    if (molal == 0.0 && a->fix == SEI_PQ_GIVEN)
        return SEI_OK;
    if (k == SEI_ANALYTES_MAX)
        return sei_fail(in->r->ctx, SEI_E_TOO_LARGE, &a->where, "SOLUTION: more than %d elements",
                        SEI_ANALYTES_MAX);
    const size_t m     = sei_db_component_master(in->r->db, a->component);
    const double atoms = strcmp(a->component, "Alkalinity") == 0 ? 1.0 : sei_db_atoms(in->r->db, m);
    in->analytes[k] =
        (sei_analyte){a->component, fmax(molal / atoms, 1e-15), sei_unit_find("mol_kgw")};
    if (strcmp(a->couple, in->def->couple) != 0 && m != SIZE_MAX &&
        (!in->r->db->masters[m].is_valence || strchr(a->component, ' '))) {
        in->couples[k]  = a->couple;
        in->own_pe[k]   = in->def->pe;
        in->has_couples = true;
    }
    in->analysis.n++;
    if (a->fix != SEI_PQ_PHASE)
        return SEI_OK;
    return add_adjustment(in, &(pq_adjustment){.what    = PQ_ADJUST_TOTAL,
                                               .analyte = k,
                                               .name    = a->component,
                                               .phase   = a->phase,
                                               .si      = a->si,
                                               .where   = a->where});
}

static sei_status set_up(pq_water *in)
{
    const sei_pq_solution *s = in->def;
    double                 molal[LINES_MAX];
    sei_status             st = SEI_OK;

    if (s->n > LINES_MAX)
        return sei_fail(in->r->ctx, SEI_E_TOO_LARGE, &in->block->where,
                        "SOLUTION: more than %d elements", LINES_MAX);
    in->analysis          = sei_analysis_default();
    in->analysis.temp_c   = s->temp_c;
    in->analysis.ph       = s->ph;
    in->analysis.pe       = s->pe;
    in->analysis.analytes = in->analytes;
    if (s->ph_fix == SEI_PQ_CHARGE)
        in->analysis.balance = "pH";
    st = to_molal(in, molal);
    if (st == SEI_OK && s->ph_fix == SEI_PQ_PHASE)
        st = add_adjustment(in, &(pq_adjustment){.what  = PQ_ADJUST_PH,
                                                 .name  = "pH",
                                                 .phase = s->ph_phase,
                                                 .si    = s->ph_si,
                                                 .where = s->ph_where});
    if (st == SEI_OK && s->pe_fix != SEI_PQ_GIVEN)
        st = add_adjustment(in, &(pq_adjustment){.what  = PQ_ADJUST_PE,
                                                 .name  = "pe",
                                                 .phase = s->pe_phase,
                                                 .si    = s->pe_si,
                                                 .where = s->pe_where});
    for (size_t i = 0; i < s->n && st == SEI_OK; i++)
        if (is_known(in, &s->analytes[i]))
            st = add_analyte(in, &s->analytes[i], molal[i]);
    return st;
}

/* ------------------------------------------------------------------ speciation */

/* Many solutions of a file hold the same components: they follow each other in one workspace. */
static sei_status take_network(pq_water *in)
{
    pq_runner         *r    = in->r;
    const sei_net_spec spec = {.n_components  = in->setup.n,
                               .components    = in->setup.component,
                               .with_electron = in->setup.with_electron};
    sei_status         st   = pq_compiled_net(r->compiled, r->ctx, r->db, &spec, &in->net);

    if (st == SEI_OK && r->spare && r->spare->net == in->net) {
        pq_compiled_give_back(r->compiled, in->net, NULL); /* it has it already */
        in->eq   = r->spare;
        r->spare = NULL;
        return SEI_OK;
    }
    return st == SEI_OK ? sei_equil_create(r->ctx, in->net, &in->eq) : st;
}

/* Constants that couples have shifted are those of one water. */
static void give_back(pq_water *in)
{
    pq_runner *r   = in->r;
    sei_equil *old = in->eq;

    if (in->eq && !in->has_couples) {
        old      = r->spare;
        r->spare = in->eq;
    }
    if (old)
        pq_compiled_give_back(r->compiled, old->net, NULL);
    else if (!in->eq)
        pq_compiled_give_back(r->compiled, in->net, NULL);
    sei_equil_free(old);
}

/* Volumes hang on the ionic strength: again until it is that of the constants. */
static sei_status solve_at_pressure(pq_water *in)
{
    enum { ROUNDS_MAX = 20 };
    const double atm = in->def->pressure_atm, temp_k = in->setup.water.temp_k;
    double       mu = in->eq->mu;
    sei_status   st = SEI_OK;

    for (int k = 0; k < ROUNDS_MAX && st == SEI_OK; k++) {
        (void)sei_equil_set_pressure(in->eq, temp_k, atm, mu);
        if (in->has_couples)
            pq_shift_constants(in);
        st = sei_equil_solve(in->r->ctx, in->eq, &in->setup.water, NULL);
        if (!in->eq->is_pressed || fabs(in->eq->mu - mu) <= 1e-9 * mu)
            break;
        mu = in->eq->mu;
    }
    return st;
}

sei_status pq_speciate(pq_water *in)
{
    sei_status st = sei_setup_analysis(in->r->ctx, in->r->db, &in->analysis, &in->setup);

    if (st == SEI_OK && !in->net)
        st = take_network(in);
    return st == SEI_OK ? solve_at_pressure(in) : st;
}

/* ------------------------------------------------------------------ result */

static sei_status count(const pq_water *in, pq_solution *ret)
{
    const double     kg    = in->def->water_kg;
    const sei_equil *eq    = in->eq;
    const sei_net   *whole = in->r->net;

    memset(ret, 0, sizeof *ret);
    sei_react_add_water_kg(kg, &ret->total);
    for (size_t i = 0; i < in->net->n_species; i++)
        if (!sei_react_add_species(in->r->react, in->net->db_index[i], kg * eq->m[i], &ret->total))
            return sei_fail(in->r->ctx, SEI_E_INTERNAL, &in->block->where,
                            "species %s cannot be counted", in->net->name[i]);
    for (size_t j = 0; j < whole->n_comp; j++) {
        const size_t k  = sei_net_species_of_db(in->net, whole->db_index[whole->comp_species[j]]);
        ret->state.x[j] = k == SIZE_MAX ? log(1e-9) : log(eq->m[k]) + eq->lng[k];
    }
    ret->state.x[whole->n_comp - 1] = eq->x[in->net->n_comp - 1];
    ret->state.ln_ae                = -in->analysis.pe * PQ_LN10;
    ret->state.ln_aw                = eq->ln_aw;
    ret->state.mu                   = eq->mu;
    ret->state.water_kg             = kg;
    ret->temp_c                     = in->def->temp_c;
    ret->pressure_atm               = in->def->pressure_atm;
    ret->description                = in->block->description;
    return SEI_OK;
}

/* The speciation outlives this file's work when sites or gases are to be equilibrated with it. */
static sei_status keep(pq_water *in, pq_solution *solution)
{
    pq_runner *r = in->r;

    if (!r->keeps_initial)
        return SEI_OK;
    void *grown = sei_resize(r->ctx, r->kept, r->n_kept + 1, sizeof *r->kept);
    if (!grown)
        return SEI_E_NOMEM;
    r->kept                     = grown;
    r->kept[r->n_kept].compiled = r->compiled;
    r->kept[r->n_kept].net      = in->net;
    r->kept[r->n_kept++].eq     = in->eq;
    solution->initial           = in->eq;
    solution->given             = in->def;
    in->net                     = NULL; /* the runner owns them from here */
    in->eq                      = NULL;
    return SEI_OK;
}

static sei_status finish(pq_water *in)
{
    pq_solution      solution;
    const sei_equil *eq   = in->eq;
    const pq_view    view = {.state    = PQ_INITIAL_SOLUTION,
                             .number   = in->block->first,
                             .distance = (double)NAN,
                             .time_s   = (double)NAN,
                             .step     = -99,
                             .given_pe =
                              strcmp(in->def->couple, "pe") != 0 ? in->def->pe : (double)NAN,
                             .has_couples = in->has_couples,
                             .temp_c      = in->def->temp_c,
                             .eq          = eq,
                             .water_kg    = in->def->water_kg,
                             .description = in->block->description,
                             .given       = in->def};
    sei_status       st   = count(in, &solution);

    if (st == SEI_OK && in->r->n_isotopes)
        st = pq_spread_isotopes(in, &view, &solution.total);
    solution.potential_v = in->def->potential_v;
    if (st == SEI_OK)
        st = keep(in, &solution);
    for (int n = in->block->first; n <= in->block->last && st == SEI_OK; n++)
        st = pq_put(in->r, SEI_PQ_SOLUTION, n, &solution);
    return st == SEI_OK ? pq_punch(in->r, &view) : st;
}

/* Totals that a phase decides are starts only: as they stand the charge may not be to be balanced. */
static bool lessen_starts(pq_water *in)
{
    bool changed = false;

    for (size_t i = 0; i < in->n_adjustments; i++) {
        if (in->adjustments[i].what != PQ_ADJUST_TOTAL)
            continue;
        in->analytes[in->adjustments[i].analyte].value *= 1e-2;
        changed = true;
    }
    return changed;
}

static sei_status equilibrate(pq_water *in)
{
    enum { STARTS_MAX = 5 };

    sei_status st = SEI_OK;

    in->n_adjustments = 0;
    in->analysis.n    = 0;
    st                = set_up(in);
    if (st == SEI_OK)
        st = pq_speciate(in);
    for (int k = 0; k < STARTS_MAX && st == SEI_E_NOT_CONVERGED && lessen_starts(in); k++)
        st = pq_speciate(in);
    if (st == SEI_OK && in->n_adjustments)
        st = pq_adjust(in);
    if (st == SEI_OK && (in->has_couples || strcmp(in->def->couple, "pe") != 0))
        st = pq_follow_couples(in);
    return st;
}

/* What is given per litre hangs on the density, which hangs on what is dissolved. */
static sei_status find_water(pq_water *in)
{
    enum { ROUNDS_MAX = 50 };

    in->density_kg_l = in->def->density_kg_l;
    for (int k = 0; k < ROUNDS_MAX; k++) {
        const sei_status st = equilibrate(in);
        if (st != SEI_OK || !in->def->density_is_calculated)
            return st;
        const double before = in->density_kg_l;
        in->density_kg_l    = pq_density(in->eq);
        if (fabs(in->density_kg_l - before) < 1e-9)
            return SEI_OK;
    }
    return sei_fail(in->r->ctx, SEI_E_NOT_CONVERGED, &in->block->where,
                    "SOLUTION %d: its density was not found", in->block->first);
}

/* A failure without a place of its own gets that of its solution. */
static sei_status place_error(const pq_water *in, sei_status st)
{
    char text[500];

    if (st == SEI_OK || st == SEI_E_NOMEM || sei_ctx_error_where(in->r->ctx).file)
        return st;
    snprintf(text, sizeof text, "%s", sei_ctx_error(in->r->ctx));
    return sei_fail(in->r->ctx, st, &in->block->where, "SOLUTION %d: %s", in->block->first, text);
}

sei_status pq_initial_solution(pq_runner *r, const sei_pq_block *block)
{
    pq_water  *in = sei_alloc(r->ctx, 1, sizeof *in);
    sei_status st = SEI_OK;

    if (!in)
        return SEI_E_NOMEM;
    in->r     = r;
    in->block = block;
    in->def   = block->as.solution;
    st        = find_water(in);
    if (st == SEI_OK)
        st = finish(in);
    st = place_error(in, st);
    give_back(in);
    sei_release(r->ctx, in);
    return st;
}

sei_status pq_alkalinity_of(pq_runner *r, const sei_pq_block *place, const sei_pq_solution *def,
                            double *ret_alk)
{
    pq_water  *in = sei_alloc(r->ctx, 1, sizeof *in);
    sei_status st = SEI_OK;

    if (!in)
        return SEI_E_NOMEM;
    in->r     = r;
    in->block = place;
    in->def   = def;
    st        = find_water(in);
    if (st == SEI_OK)
        *ret_alk = in->eq->alk;
    give_back(in);
    sei_release(r->ctx, in);
    return st;
}
