/* titrate_system.c - a water with a reagent as a closed or open system, and its equilibrium at a dose */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "react/react_impl.h"
#include "study/titrate.h"

#define LN10 2.302585092994045684

/* Activity that a component starts with when the analysed water has none of it. */
static const double trace_activity = 1e-9;
static const double trace_mol      = 1e-12; /* per kg of water; below it a valence is left out */

/* ---- components -------------------------------------------------------------------------------- */

typedef struct {
    size_t n;
    char   name[SEI_COMPONENTS_MAX][SEI_TITRATE_NAME];
} name_list;

/* "Fe" of "Fe(2)". */
static size_t element_length(const char *component)
{
    return strcspn(component, "(");
}

static bool is_oxygen_or_hydrogen(const char *component)
{
    return element_length(component) == 1 && (component[0] == 'O' || component[0] == 'H');
}

static sei_status add_name(sei_ctx *ctx, const char *name, size_t len, name_list *list)
{
    for (size_t i = 0; i < list->n; i++)
        if (strlen(list->name[i]) == len && memcmp(list->name[i], name, len) == 0)
            return SEI_OK;
    if (list->n + 1 >= SEI_TITRATION_ELEMENTS_MAX || len >= SEI_TITRATE_NAME)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d components",
                        (int)SEI_TITRATION_ELEMENTS_MAX - 1);
    snprintf(list->name[list->n++], SEI_TITRATE_NAME, "%.*s", (int)len, name);
    return SEI_OK;
}

/* An element as a whole when valences are coupled, else its one valence where the database tells valences. */
static sei_status add_component(sei_ctx *ctx, const sei_db *db, bool is_coupled,
                                const char *element, const char *valence, name_list *list)
{
    const char *name = !is_coupled && sei_db_has_component(db, valence) ? valence : element;

    return add_name(ctx, name, strlen(name), list);
}

/* What reagent and gas bring along. */
static sei_status add_brought(sei_ctx *ctx, const sei_titration_setup *setup, bool is_coupled,
                              name_list *list)
{
    const sei_reagent_row *row        = sei_reagent_row_of(setup->reagent);
    bool                   has_carbon = setup->open_co2;
    sei_status             st         = SEI_OK;

    for (size_t i = 0; i < SEI_REAGENT_SPECIES && row->parts[i].species && st == SEI_OK; i++) {
        const char *s = row->parts[i].species;
        if (strcmp(s, "CO3-2") == 0)
            has_carbon = true;
        else if (strcmp(s, "OH-") != 0)
            st = add_name(ctx, s, 2, list); /* "Ca+2", "Na+", "Mg+2" */
    }
    if (has_carbon && st == SEI_OK)
        st = add_component(ctx, setup->db, is_coupled, "C", "C(4)", list);
    return st;
}

static sei_status choose_components(sei_ctx *ctx, const sei_titration_setup *setup, bool is_coupled,
                                    const sei_equil *eq, name_list *list)
{
    sei_status st = SEI_OK;
    sei_setup  apart;

    if (is_coupled) {
        for (size_t j = 0; j + 1 < eq->net->n_comp && st == SEI_OK; j++)
            if (!is_oxygen_or_hydrogen(eq->net->comp_name[j]))
                st = add_name(ctx, eq->net->comp_name[j], element_length(eq->net->comp_name[j]),
                              list);
    } else {
        st = sei_setup_apart(ctx, eq, 0, NULL, &apart);
        for (size_t j = 0; st == SEI_OK && j < apart.n; j++)
            if (!is_oxygen_or_hydrogen(apart.component[j]))
                st = add_name(ctx, apart.component[j], strlen(apart.component[j]), list);
    }
    return st == SEI_OK ? add_brought(ctx, setup, is_coupled, list) : st;
}

static sei_status make_react(sei_titrator *t, const sei_titration_setup *setup, bool is_coupled,
                             const sei_equil *eq)
{
    const char *names[SEI_COMPONENTS_MAX];
    name_list   list = {0};

    sei_status st = choose_components(t->ctx, setup, is_coupled, eq, &list);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < list.n; i++)
        names[i] = list.name[i];
    static const char *const sites[] = {"Hfo_s", "Hfo_w"};
    const sei_react_spec     spec    = {.db         = setup->db,
                                        .n_elements = list.n,
                                        .elements   = names,
                                        .sorb       = t->sorb,
                                        .n_sites    = t->sorb ? 2 : 0,
                                        .sites      = sites};
    st                               = sei_react_create(t->ctx, &spec, &t->react);
    if (st == SEI_OK)
        st = sei_react_work_create(t->ctx, t->react, &t->work);
    return st;
}

/* ---- elements ---------------------------------------------------------------------------------- */

static void list_elements(sei_titrator *t)
{
    const sei_net *net = sei_react_net(t->react);

    for (size_t j = 0; j < net->n_comp; j++) {
        char name[SEI_TITRATE_NAME];
        t->element_of[j] = SIZE_MAX;
        if (j + 1 == net->n_comp)
            break;
        snprintf(name, sizeof name, "%.*s", (int)element_length(net->comp_name[j]),
                 net->comp_name[j]);
        size_t i = 0;
        while (i < t->n_elements && strcmp(t->element[i], name) != 0)
            i++;
        if (i == t->n_elements)
            memcpy(t->element[t->n_elements++], name, sizeof name);
        t->element_of[j] = i;
    }
}

/* Elements of amounts, times a factor. */
static void take_elements(const sei_titrator *t, const sei_amounts *a, double factor,
                          double ret_mol[SEI_TITRATION_ELEMENTS_MAX])
{
    const sei_net *net = sei_react_net(t->react);

    memset(ret_mol, 0, SEI_TITRATION_ELEMENTS_MAX * sizeof *ret_mol);
    for (size_t j = 0; j < net->n_comp; j++)
        if (t->element_of[j] != SIZE_MAX)
            ret_mol[t->element_of[j]] += a->comp[j] * factor;
}

/* ---- the analysed water ------------------------------------------------------------------------ */

static sei_status take_water(sei_titrator *t, const sei_equil *eq)
{
    const sei_net *from = eq->net, *net = sei_react_net(t->react);
    double         charges = 0.0;

    sei_react_add_water_kg(1.0, &t->water);
    for (size_t i = 0; i < from->n_species; i++) {
        charges += fabs(from->charge[i]) * eq->m[i];
        /* A valence of which there is next to nothing (Mn(3)) is no component. */
        if (!sei_react_add_species(t->react, from->db_index[i], eq->m[i], &t->water) &&
            eq->m[i] > trace_mol)
            return sei_fail(t->ctx, SEI_E_INTERNAL, NULL, "species %s cannot be counted",
                            from->name[i]);
    }
    t->charge_error = charges > 0.0 ? eq->charge / charges : 0.0;
    for (size_t j = 0; j < net->n_comp; j++) {
        const size_t i = sei_net_species(from, net->name[net->comp_species[j]]);
        t->start.x[j] =
            i == SIZE_MAX || !(eq->m[i] > 0.0) ? log(trace_activity) : log(eq->m[i]) + eq->lng[i];
    }
    t->start.ln_ae    = eq->ln_ae;
    t->start.ln_aw    = eq->ln_aw;
    t->start.mu       = eq->mu;
    t->start.water_kg = 1.0;
    t->raw.ph         = -eq->x[from->n_comp - 1] / LN10;
    t->raw.pe         = -eq->ln_ae / LN10;
    t->raw.mu         = eq->mu;
    t->raw.water_kg   = 1.0;
    take_elements(t, &t->water, 1.0, t->raw.dissolved_mol);
    return SEI_OK;
}

static double total_of(const sei_equil *eq, const char *master)
{
    const size_t m = sei_db_find_master(eq->net->db, master);

    return m == SIZE_MAX ? 0.0 : sei_total_of_master(eq, m);
}

/*
 * Calculated acidity: protons and metals that hydrolyse up to pH 8.3 and above, less the alkalinity of waters above
 * pH 4.5 (Kirby & Cravotta 2005; zinc, copper, cadmium and lead added for metal mines).
 */
static double net_acidity_eq(const sei_equil *eq, double ph)
{
    static const struct {
        const char *master;
        double      charge;
    } metals[]     = {{"Fe(2)", 2}, {"Fe(3)", 3}, {"Al", 3}, {"Mn", 2},
                      {"Zn", 2},    {"Cu", 2},    {"Cd", 2}, {"Pb", 2}};
    double acidity = pow(10.0, -ph);

    for (size_t i = 0; i < sizeof metals / sizeof metals[0]; i++) {
        double mol = total_of(eq, metals[i].master);
        if (mol == 0.0 && !strchr(metals[i].master, '(')) { /* the database tells its valences */
            char valence[SEI_TITRATE_NAME];
            snprintf(valence, sizeof valence, "%s(2)", metals[i].master);
            mol = total_of(eq, valence);
        }
        acidity += metals[i].charge * mol;
    }
    return ph < 4.5 || eq->alk < 0.0 ? acidity : acidity - eq->alk;
}

/* ---- minerals and gases ------------------------------------------------------------------------ */

static sei_status add_minerals(sei_titrator *t, const sei_titration_setup *setup, bool is_coupled)
{
    const sei_net   *net = sei_react_net(t->react);
    sei_mineral_list list;

    sei_status st =
        sei_mineral_list_make(t->ctx, setup->db, setup->n_minerals, setup->minerals, &list);
    for (size_t i = 0; st == SEI_OK && i < list.n; i++) {
        const size_t phase = sei_net_phase_index(net, list.name[i]);
        if (phase == SIZE_MAX) {
            if (list.is_asked[i])
                sei_warn(t->ctx, NULL, "%s holds an element that the water has not: it cannot form",
                         list.name[i]);
            continue;
        }
        if (!is_coupled && net->phases[phase].nu_e != 0.0) {
            if (list.is_asked[i])
                st = sei_fail(t->ctx, SEI_E_KEY, NULL,
                              "%s takes or gives electrons: it can form only with --open o2 or "
                              "--redox coupled",
                              list.name[i]);
            continue;
        }
        const size_t k      = t->n_minerals++;
        t->minerals[k]      = (sei_mineral){.phase = phase};
        t->is_hydroxide[k]  = sei_is_ferric_hydroxide(list.name[i]);
        t->mineral_g_mol[k] = net->phases[phase].g_mol;
        memcpy(t->mineral_name[k], list.name[i], SEI_TITRATE_NAME);
    }
    return st;
}

static sei_status add_gas(sei_titrator *t, const char *gas, double log_p)
{
    const size_t phase = sei_net_phase_index(sei_react_net(t->react), gas);

    if (phase == SIZE_MAX)
        return sei_fail(t->ctx, SEI_E_NOT_FOUND, NULL, "database %s has no gas %s",
                        sei_db_name(t->db), gas);
    t->minerals[t->n_minerals + t->n_gases++] =
        (sei_mineral){.phase = phase, .target_si = log_p, .mol = INFINITY};
    return SEI_OK;
}

/* ---- making ------------------------------------------------------------------------------------- */

void sei_titrator_free(sei_titrator *t)
{
    if (!t)
        return;
    sei_react_work_free(t->work);
    sei_react_free(t->react);
    sei_sorb_free(t->sorb);
    sei_release(t->ctx, t);
}

static sei_status build(sei_titrator *t, const sei_titration_setup *setup, const sei_equil *eq)
{
    const bool is_coupled = setup->is_coupled || setup->open_o2;
    sei_status st         = setup->surface_file
                                ? sei_titrator_read_surface(t, setup->surface_file, setup->needs_surface)
                                : SEI_OK;

    if (st == SEI_OK)
        st = make_react(t, setup, is_coupled, eq);
    if (st != SEI_OK)
        return st;
    list_elements(t);
    st = take_water(t, eq);
    if (st == SEI_OK)
        st = sei_reagent_amounts(t->ctx, t->db, t->react, t->reagent, &t->dose);
    if (st == SEI_OK)
        st = add_minerals(t, setup, is_coupled);
    if (st == SEI_OK && setup->open_co2)
        st = add_gas(t, "CO2(g)", setup->log_pco2);
    if (st == SEI_OK && setup->open_o2)
        st = add_gas(t, "O2(g)", setup->log_po2);
    t->net_acidity_mg_l  = net_acidity_eq(eq, t->raw.ph) * 0.5e6 * sei_molar_mass("CaCO3");
    t->system.temp_k     = eq->temp_k;
    t->system.n_minerals = t->n_minerals + t->n_gases;
    t->system.minerals   = t->minerals;
    return st;
}

sei_status sei_titrator_create(sei_ctx *ctx, const sei_titration_setup *setup,
                               sei_titrator **ret_titrator)
{
    sei_speciator *speciator = NULL;
    sei_titrator  *t         = NULL;

    sei_status st = sei_speciator_create(ctx, setup->db, &speciator);
    if (st == SEI_OK)
        st = sei_speciator_solve(speciator, setup->analysis, 0, NULL);
    if (st != SEI_OK)
        goto done;
    t = sei_alloc(ctx, 1, sizeof *t);
    if (!t) {
        st = SEI_E_NOMEM;
        goto done;
    }
    t->ctx     = ctx;
    t->db      = setup->db;
    t->reagent = sei_reagent_row_of(setup->reagent);
    st         = build(t, setup, speciator->now->eq);
    if (st != SEI_OK)
        goto done;
    *ret_titrator = t;
    t             = NULL;
done:
    sei_titrator_free(t);
    sei_speciator_free(speciator);
    return st;
}

/* ---- asking ------------------------------------------------------------------------------------- */

size_t sei_titrator_n_elements(const sei_titrator *t)
{
    return t->n_elements;
}

const char *sei_titrator_element(const sei_titrator *t, size_t i)
{
    return i < t->n_elements ? t->element[i] : NULL;
}

size_t sei_titrator_find_element(const sei_titrator *t, const char *element)
{
    for (size_t i = 0; i < t->n_elements; i++)
        if (strcmp(t->element[i], element) == 0)
            return i;
    return SIZE_MAX;
}

size_t sei_titrator_n_minerals(const sei_titrator *t)
{
    return t->n_minerals;
}

const char *sei_titrator_mineral(const sei_titrator *t, size_t i)
{
    return i < t->n_minerals ? t->mineral_name[i] : NULL;
}

double sei_titrator_mineral_g_mol(const sei_titrator *t, size_t i)
{
    return i < t->n_minerals ? t->mineral_g_mol[i] : 0.0;
}

bool sei_titrator_sorbs(const sei_titrator *t)
{
    for (size_t i = 0; t->sorb && i < t->n_minerals; i++)
        if (t->is_hydroxide[i])
            return true;
    return false;
}

const sei_titration_point *sei_titrator_raw(const sei_titrator *t)
{
    return &t->raw;
}

double sei_titrator_charge_error(const sei_titrator *t)
{
    return t->charge_error;
}

/* ---- one dose ----------------------------------------------------------------------------------- */

static sei_status solve(sei_titrator *t, double dose_mol, sei_react_state *state)
{
    t->system.total = t->water;
    sei_react_add_amounts(t->react, &t->dose, dose_mol, &t->system.total);
    return sei_titrator_sorbs(t) ? sei_titrator_solve_sorbing(t, state)
                                 : sei_react_solve(t->ctx, t->work, &t->system, state);
}

enum { STRIDES_MAX = 200 };

/* Doses in between lead from a solution to one that cannot be found at once; the strides are as long as they may be. */
static sei_status lead(sei_titrator *t, double from_mol, double to_mol, sei_react_state *state)
{
    double     at = from_mol, stride = 0.25 * (to_mol - from_mol);
    sei_status st = SEI_E_NOT_CONVERGED;

    for (int k = 0; k < STRIDES_MAX && fabs(stride) > 1e-7 * fabs(to_mol - from_mol); k++) {
        const double    next = fabs(stride) >= fabs(to_mol - at) ? to_mol : at + stride;
        sei_react_state try  = *state;
        st                   = solve(t, next, &try);
        if (st == SEI_E_NOT_CONVERGED) {
            stride *= 0.3;
            continue;
        }
        if (st != SEI_OK)
            return st;
        *state = try;
        if (next == to_mol)
            return SEI_OK;
        at = next;
        stride *= 1.6;
    }
    return st == SEI_OK ? SEI_E_NOT_CONVERGED : st;
}

static sei_status find(sei_titrator *t, double dose_mol, sei_react_state *ret_state)
{
    sei_react_state state = t->last.is_warm ? t->last : t->start;
    sei_status      st    = solve(t, dose_mol, &state);

    if (st == SEI_E_NOT_CONVERGED && t->last.is_warm) {
        state = t->last;
        st    = lead(t, t->last_dose, dose_mol, &state);
    }
    if (st == SEI_E_NOT_CONVERGED) {
        state = t->start;
        st    = solve(t, dose_mol, &state);
    }
    if (st == SEI_E_NOT_CONVERGED && dose_mol > 0.0) {
        state = t->start;
        st    = solve(t, 0.0, &state);
        if (st == SEI_OK)
            st = lead(t, 0.0, dose_mol, &state);
    }
    if (st == SEI_OK)
        *ret_state = state;
    return st;
}

sei_status sei_titrator_at(sei_titrator *t, double dose_mol, sei_titration_point *ret_point)
{
    const sei_net  *net = sei_react_net(t->react);
    sei_react_state state;

    if (!(dose_mol >= 0.0) || !isfinite(dose_mol))
        return sei_fail(t->ctx, SEI_E_RANGE, NULL, "dose %g mol/kgw must be 0 or more", dose_mol);
    const sei_status st = find(t, dose_mol, &state);
    if (st != SEI_OK)
        return st;
    t->last      = state;
    t->last_dose = dose_mol;

    sei_titration_point p = {.dose_mol = dose_mol,
                             .ph       = -state.x[net->n_comp - 1] / LN10,
                             .pe       = -state.ln_ae / LN10,
                             .mu       = state.mu,
                             .water_kg = state.water_kg};
    take_elements(t, &state.water, 1.0 / state.water_kg, p.dissolved_mol);
    if (sei_titrator_sorbs(t))
        take_elements(t, &state.sorbed, 1.0, p.sorbed_mol);
    for (size_t i = 0; i < t->n_minerals; i++)
        p.solid_mol[i] = state.mineral_mol[i] > 0.0 ? state.mineral_mol[i] : 0.0;
    *ret_point = p;
    return SEI_OK;
}

double sei_titrator_net_acidity_mg_l(const sei_titrator *t)
{
    return t->net_acidity_mg_l;
}

double sei_titrator_stoichiometric_mol(const sei_titrator *t)
{
    const double eq = t->net_acidity_mg_l / (0.5e6 * sei_molar_mass("CaCO3"));

    return eq > 0.0 ? eq / t->reagent->about.eq_mol : 0.0;
}
