/* speciator_setup.c - from an analysis, or from a solution, to components, totals and conditions */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/speciator.h"

#define LN10 2.302585092994045684

/* What a total that only the charge sets starts from, and what stands for a component
 * that only a phase brings; mol/kgw. */
static const double unset_total = 1e-6, trace_total = 1e-20;

static bool is_alkalinity(const char *component)
{
    return strcmp(component, "Alkalinity") == 0;
}

static bool is_carbon(const char *component)
{
    return strcmp(component, "C") == 0 || strcmp(component, "C(4)") == 0 ||
           strcmp(component, "C(+4)") == 0;
}

static void add_component(sei_setup *p, const char *component, double total)
{
    p->component[p->n] = component;
    p->total[p->n++]   = total;
}

static size_t find_component(const sei_setup *p, const char *component)
{
    char wanted[64], given[64];

    if (!sei_component_canonical(component, strlen(component), wanted, sizeof wanted))
        return SIZE_MAX;
    for (size_t j = 0; j < p->n; j++)
        if (sei_component_canonical(p->component[j], strlen(p->component[j]), given,
                                    sizeof given) &&
            strcmp(wanted, given) == 0)
            return j;
    return SIZE_MAX;
}

static void collect(const sei_analysis *a, const double molal[], sei_setup *p)
{
    for (size_t i = 0; i < a->n; i++) {
        if (is_alkalinity(a->analytes[i].component)) {
            p->has_alk = true;
            p->alk     = molal[i];
            continue;
        }
        p->has_carbon = p->has_carbon || is_carbon(a->analytes[i].component);
        add_component(p, a->analytes[i].component, molal[i]);
    }
}

/* Alkalinity stands for C(4), or for the pH when C(4) is given too. */
static sei_status apply_alkalinity(sei_ctx *ctx, const sei_analysis *a, const sei_db *db,
                                   sei_setup *p)
{
    if (!p->has_alk)
        return SEI_OK;
    if (a->balance && (p->has_carbon ? strcmp(a->balance, "pH") == 0 : is_carbon(a->balance)))
        return sei_fail(ctx, SEI_E_ARG, NULL,
                        "the charge cannot be balanced on %s: alkalinity sets it already",
                        a->balance);
    p->water.alk_eq_kgw = p->alk;
    if (p->has_carbon) {
        p->water.alk_component = p->n; /* H */
        p->water.fix_ph        = false;
        return SEI_OK;
    }
    p->water.alk_component = p->n;
    add_component(p, sei_db_has_component(db, "C(4)") ? "C(4)" : "C", p->alk);
    return SEI_OK;
}

static sei_status apply_balance(sei_ctx *ctx, const sei_analysis *a, const sei_db *db, sei_setup *p)
{
    if (!a->balance)
        return SEI_OK;
    if (strcmp(a->balance, "pH") == 0) {
        p->water.fix_ph  = false;
        p->water.balance = p->n;
        return SEI_OK;
    }
    if (!sei_db_has_component(db, a->balance))
        return sei_fail(
            ctx, SEI_E_NOT_FOUND, NULL,
            "the charge cannot be balanced on \"%s\": it is neither pH nor a component of %s",
            a->balance, sei_db_name(db));
    p->water.balance = find_component(p, a->balance);
    if (p->water.balance != SIZE_MAX)
        return SEI_OK;
    p->water.balance = p->n;
    add_component(p, a->balance, unset_total);
    if (p->water.alk_component == p->n - 1 && !p->water.fix_ph)
        p->water.alk_component = p->n; /* H has moved on */
    return SEI_OK;
}

/* --- components that only phases hold --------------------------------------------------------------- */

static const sei_master *master_of(const sei_db *db, size_t species)
{
    const sei_master *found = NULL;

    for (size_t m = 0; m < db->n_masters; m++)
        if (db->masters[m].species == species && !is_alkalinity(db->masters[m].name) &&
            (!found || db->masters[m].is_valence))
            found = &db->masters[m];
    return found;
}

/* Does a component stand for this master, itself or with its whole element? */
static bool is_covered(const sei_db *db, const sei_setup *p, const sei_master *master)
{
    for (size_t j = 0; j < p->n; j++) {
        const size_t      m     = sei_db_find_master(db, p->component[j]);
        const sei_master *given = m == SIZE_MAX ? NULL : &db->masters[m];
        if (given && (given->species == master->species ||
                      (given->element == master->element && !given->is_valence)))
            return true;
    }
    return false;
}

static sei_status cover_species(sei_ctx *ctx, const sei_db *db, size_t species, sei_setup *p,
                                int depth)
{
    const sei_species *s      = &db->species[species];
    const sei_master  *master = master_of(db, species);
    sei_status         st     = SEI_OK;

    if (species == db->water || species == db->h_plus || species == db->e_minus || depth > 20)
        return SEI_OK;
    if (!master) {
        for (size_t i = 0; i < s->formation.n_terms && st == SEI_OK; i++)
            st = cover_species(ctx, db, s->formation.terms[i].species, p, depth + 1);
        return st;
    }
    if (is_covered(db, p, master))
        return SEI_OK;
    if (p->n + 1 >= SEI_ANALYTES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d components", SEI_ANALYTES_MAX);
    add_component(p, master->name, trace_total);
    return SEI_OK;
}

static sei_status cover_phase(sei_ctx *ctx, const sei_db *db, const char *phase, sei_setup *p)
{
    const size_t index = sei_db_find_phase(db, phase);

    if (index == SIZE_MAX)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "database %s has no phase \"%s\"",
                        sei_db_name(db), phase);
    const sei_reaction *r = &db->phases[index].dissolution;
    for (size_t i = 0; i < r->n_terms; i++) {
        const sei_status st = cover_species(ctx, db, r->terms[i].species, p, 0);
        if (st != SEI_OK)
            return st;
    }
    return SEI_OK;
}

/* --- the two problems -------------------------------------------------------------------------------- */

sei_status sei_setup_analysis(sei_ctx *ctx, const sei_db *db, const sei_analysis *a, sei_setup *p)
{
    double     molal[SEI_ANALYTES_MAX];
    sei_status st = sei_analysis_molalities(ctx, db, a, molal);

    if (st != SEI_OK)
        return st;
    memset(p, 0, sizeof *p);
    p->water         = (sei_water){.temp_k        = a->temp_c + SEI_ZERO_CELSIUS,
                                   .fix_ph        = true,
                                   .ph            = a->ph,
                                   .pe            = a->pe,
                                   .balance       = SIZE_MAX,
                                   .alk_component = SIZE_MAX};
    p->with_electron = true;
    collect(a, molal, p);
    st = apply_alkalinity(ctx, a, db, p);
    if (st == SEI_OK)
        st = apply_balance(ctx, a, db, p);
    p->water.total = p->total;
    return st;
}

/* Is this row what a species of its element is counted as? Not the row of a whole element that has rows for its
 * valences, nor what is water, H+ or e-. */
static bool is_countable(const sei_db *db, const sei_master *row)
{
    return row->species != db->water && row->species != db->h_plus && row->species != db->e_minus &&
           !is_alkalinity(row->name) && master_of(db, row->species) == row;
}

/* O2 and H2 that only the pe has brought in are left out. */
static bool is_given(const sei_equil *eq, const sei_master *row)
{
    for (size_t j = 0; j + 1 < eq->net->n_comp; j++) {
        const size_t m = sei_db_find_master(eq->net->db, eq->net->comp_name[j]);
        if (m != SIZE_MAX && eq->net->db->masters[m].element == row->element)
            return true;
    }
    return false;
}

sei_status sei_setup_apart(sei_ctx *ctx, const sei_equil *eq, size_t n_phases,
                           const sei_equilibrium *phases, sei_setup *p)
{
    const sei_db *db = eq->net->db;
    sei_status    st = SEI_OK;

    memset(p, 0, sizeof *p);
    p->water       = (sei_water){.temp_k        = eq->temp_k,
                                 .fix_ph        = true,
                                 .ph            = -eq->x[eq->net->n_comp - 1] / LN10,
                                 .pe            = -eq->ln_ae / LN10,
                                 .balance       = SIZE_MAX,
                                 .alk_component = SIZE_MAX};
    p->water.total = p->total;
    for (size_t m = 0; m < db->n_masters; m++) {
        const double total = sei_total_of_master(eq, m);
        if (!is_countable(db, &db->masters[m]) || !is_given(eq, &db->masters[m]) ||
            !(total > trace_total))
            continue;
        if (p->n + 1 >= SEI_ANALYTES_MAX)
            return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d components",
                            SEI_ANALYTES_MAX);
        add_component(p, db->masters[m].name, total);
    }
    for (size_t k = 0; k < n_phases && st == SEI_OK; k++)
        st = cover_phase(ctx, db, phases[k].phase, p);
    return st;
}
