/* run_cell.c - one cell: what it holds as a system, its equilibrium or its way through time, and back */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

/* What PHREEQC takes for nothing (mol). */
static const double nothing = 1e-25;

/* Kept from cell to cell, filled anew for each. */
typedef struct pq_job {
    sei_react_system system;
    sei_react_state  state;
    sei_mineral      minerals[SEI_REACT_PHASES_MAX];
    sei_mixture      mixtures[SEI_REACT_MIXTURES_MAX];
    sei_kinetics     kinetics;
    double           volume_mu; /* of the last round; 0: that of the start */
    double gas_share, gas_off;  /* of the way that a real gas goes, and how much it was off */
} job;

/* ------------------------------------------------------------------ sites */

static size_t charge_of_site(const sei_pq_surface *def, const char *site)
{
    for (size_t i = 0; i < def->n_charges; i++) {
        const size_t len = strlen(def->charges[i].name);
        if (strncmp(site, def->charges[i].name, len) == 0 &&
            (site[len] == '_' || site[len] == '\0'))
            return i;
    }
    return 0;
}

size_t pq_planes_of(const sei_pq_surface *def)
{
    return def->edl == SEI_PQ_CD_MUSIC ? SEI_REACT_PLANES : 1;
}

double pq_layer_potential(const pq_surface *surface, size_t i)
{
    const size_t planes = pq_planes_of(surface->def);

    return surface->potential[i * planes + planes - 1];
}

size_t pq_surfaces_max(const sei_pq_surface *def)
{
    return SEI_REACT_SITES_MAX / pq_planes_of(def);
}

sei_surface pq_surface_of(const pq_surface *surface, size_t i)
{
    const sei_pq_surface *def  = surface->def;
    const sei_pq_charge  *c    = &def->charges[i];
    const double          mass = c->is_related ? surface->related_mol[i] : c->mass_g;
    sei_surface           f    = {.area_m2           = c->area * mass,
                                  .no_edl            = def->edl == SEI_PQ_NO_EDL,
                                  .only_counter_ions = def->only_counter_ions};

    if (def->layer != SEI_PQ_LAYER_NONE && !f.no_edl)
        f.layer_kg = def->debye_lengths > 0.0 ? surface->layer_kg[i]
                                              : f.area_m2 * def->thickness_m * PQ_LAYER_KG_M3;
    f.layer_is_integral = def->layer == SEI_PQ_LAYER_DIFFUSE && def->edl != SEI_PQ_CD_MUSIC;
    if (def->edl == SEI_PQ_CCM)
        f.capacitance_f_m2 = c->capacitance_f_m2[0];
    return f;
}

void pq_set_sites(const pq_runner *r, const pq_exchange *exchange, const pq_surface *surface,
                  sei_react_system *system, sei_react_state *state)
{
    system->n_sites             = 0;
    system->own_exchange_gammas = exchange && exchange->def->own_gammas;
    for (size_t s = 0; s < sei_react_n_sites(r->react); s++) {
        const sei_sorb_site *def = &r->sorb->sites[sei_react_site_def(r->react, s)];
        const double         mol =
            (exchange ? exchange->held.site[s] : 0.0) + (surface ? surface->held.site[s] : 0.0);
        if (!(mol > 0.0))
            continue;
        const size_t charge = def->is_surface && surface ? charge_of_site(surface->def, def->name) *
                                                               pq_planes_of(surface->def)
                                                         : 0;
        system->sites[system->n_sites++] = (sei_site_amount){s, mol, charge};
    }
    const size_t planes = surface ? pq_planes_of(surface->def) : 1;
    system->n_surfaces  = surface ? surface->def->n_charges * planes : 0;
    for (size_t i = 0; i < system->n_surfaces; i++) {
        sei_surface *f      = &system->surfaces[i];
        *f                  = pq_surface_of(surface, i / planes);
        state->potential[i] = surface->potential[i];
        f->has_planes       = planes > 1;
        f->plane            = (uint8_t)(i % planes);
        if (planes > 1 && i % planes != planes - 1)
            f->layer_kg = 0.0; /* behind the last one */
        if (planes > 1)
            f->capacitance_f_m2 =
                f->plane == 2 ? 0.0 : surface->def->charges[i / planes].capacitance_f_m2[f->plane];
    }
}

/* ------------------------------------------------------------------ minerals */

static bool holds(const sei_net_phase *phase, const bool there[], size_t n_elements)
{
    for (size_t j = 0; j < n_elements; j++)
        if (phase->nu[j] != 0.0 && !there[j])
            return false;
    return true;
}

static void mark_elements(const sei_net_phase *phase, bool there[], size_t n_elements)
{
    for (size_t j = 0; j < n_elements; j++)
        there[j] = there[j] || phase->nu[j] != 0.0;
}

/* A mineral brings its own elements, or those of what is added in its place. */
static void mark_brought(const pq_runner *r, const pq_mineral *m, bool there[], size_t n_elements)
{
    sei_amounts brought = {0};

    if (!m->def->formula) {
        mark_elements(&r->net->phases[m->phase], there, n_elements);
        return;
    }
    const size_t p = sei_db_find_phase(r->db, m->def->formula);
    (void)sei_react_add_formula(
        r->react, p == SIZE_MAX ? m->def->formula : r->db->phases[p].formula, 1.0, &brought);
    for (size_t k = 0; k < n_elements; k++)
        there[k] = there[k] || brought.comp[k] != 0.0;
}

/* Elements that are dissolved, held or brought in. */
static void find_elements(const pq_runner *r, const pq_cell *cell, const job *j, bool there[])
{
    const size_t          n = r->net->n_comp - 1;
    const pq_equilibrium *e = cell->equilibrium;

    for (size_t k = 0; k < n; k++)
        there[k] = j->system.total.comp[k] > nothing;
    for (size_t x = 0; x < j->system.n_mixtures; x++)
        for (size_t k = 0; k < j->mixtures[x].n; k++)
            if (j->mixtures[x].mol[k] > 0.0)
                mark_elements(&r->net->phases[j->mixtures[x].phase[k]], there, n);
    for (size_t i = 0; e && i < e->n; i++)
        if (e->minerals[i].phase != SIZE_MAX && e->minerals[i].mol > 0.0)
            mark_brought(r, &e->minerals[i], there, n);
    for (size_t i = 0; cell->kinetics && i < cell->kinetics->def->n; i++)
        for (size_t k = 0; k < n; k++)
            there[k] = there[k] || cell->kinetics->formula[i].comp[k] != 0.0;
}

/* A gas is given by its partial pressure; its fugacity is what water is at equilibrium with. */
static double target_of(const pq_runner *r, const pq_mineral *m, double temp_k)
{
    const size_t p = r->net->phases[m->phase].index;

    return r->db->phases[p].is_gas ? pq_fugacity(r, p, m->def->si, temp_k) : m->def->si;
}

/* A mineral of which there is nothing, and an element of which is nowhere, cannot form: PHREEQC leaves it out. */
static void set_minerals(pq_runner *r, const pq_cell *cell, job *j)
{
    const size_t n_minerals = cell->equilibrium ? cell->equilibrium->n : 0;
    bool         there[SEI_COMPONENTS_MAX];

    find_elements(r, cell, j, there);
    for (size_t i = 0; i < n_minerals; i++) {
        const pq_mineral *m = &cell->equilibrium->minerals[i];
        r->mineral_at[i]    = SIZE_MAX;
        if (m->phase == SIZE_MAX || !holds(&r->net->phases[m->phase], there, r->net->n_comp - 1))
            continue;
        sei_mineral *out = &j->minerals[j->system.n_minerals];
        *out             = (sei_mineral){.phase            = m->phase,
                                         .target_si        = target_of(r, m, j->system.temp_k),
                                         .mol              = m->mol,
                                         .dissolve_only    = m->def->dissolve_only,
                                         .precipitate_only = m->def->precipitate_only,
                                         .has_formula      = m->def->formula != NULL};
        r->mineral_at[i] = j->system.n_minerals++;
    }
}

static sei_status set_formulas(pq_runner *r, const pq_cell *cell, job *j)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; cell->equilibrium && i < cell->equilibrium->n && st == SEI_OK; i++) {
        const sei_pq_mineral *def = cell->equilibrium->minerals[i].def;
        if (def->formula && r->mineral_at[i] != SIZE_MAX)
            st = pq_add_named(r, &def->where, def->formula, 1.0,
                              &j->minerals[r->mineral_at[i]].formula);
    }
    return st;
}

/* ------------------------------------------------------------------ gases and solid solutions */

static void set_mixtures(const pq_cell *cell, job *j)
{
    size_t n = 0;

    if (cell->gas) {
        sei_mixture *mix = &j->mixtures[n++];
        *mix = (sei_mixture){.kind = cell->gas->def->is_fixed_volume ? SEI_MIXTURE_GAS_VOLUME
                                                                     : SEI_MIXTURE_GAS_PRESSURE,
                             .pressure_atm = cell->gas->pressure_atm,
                             .volume_l     = cell->gas->volume_l / cell->gas->z,
                             .n            = cell->gas->def->n};
        memcpy(mix->ln_phi, cell->gas->ln_phi, sizeof mix->ln_phi);
        memcpy(mix->phase, cell->gas->phase, sizeof mix->phase);
        memcpy(mix->mol, cell->gas->mol, sizeof mix->mol);
    }
    for (size_t i = 0; cell->solids && i < cell->solids->def->n && n < SEI_REACT_MIXTURES_MAX;
         i++) {
        sei_mixture *mix = &j->mixtures[n++];
        *mix = (sei_mixture){.kind = SEI_MIXTURE_SOLID, .n = cell->solids->def->solutions[i].n};
        /* Energies of mixing stay what they are: as parts of R T they change with the temperature, as in PHREEQC. */
        const double warmer = cell->solids->def->solutions[i].temp_k / j->system.temp_k;
        mix->a0             = cell->solids->a0[i] * warmer;
        mix->a1             = cell->solids->a1[i] * warmer;
        memcpy(mix->phase, cell->solids->phase[i], sizeof mix->phase);
        memcpy(mix->mol, cell->solids->mol[i], sizeof mix->mol);
    }
    j->system.n_mixtures = n;
}

static void take_mixtures(const job *j, double temp_k, pq_cell *cell)
{
    size_t n = 0;

    if (cell->gas) {
        memcpy(cell->gas->mol, j->mixtures[n++].mol, sizeof cell->gas->mol);
        pq_close_gas(cell->gas, temp_k);
    }
    for (size_t i = 0; cell->solids && i < cell->solids->def->n && n < j->system.n_mixtures;
         i++, n++)
        memcpy(cell->solids->mol[i], j->mixtures[n].mol, sizeof cell->solids->mol[i]);
}

/* ------------------------------------------------------------------ the whole */

void pq_add_surface(const pq_runner *r, const pq_surface *surface, sei_amounts *total)
{
    sei_react_add_amounts(r->react, &surface->held, 1.0, total);
    if (surface->def->layer != SEI_PQ_LAYER_NONE)
        sei_react_add_amounts(r->react, &surface->layer, 1.0, total);
}

void pq_take_layers(const sei_react_state *state, pq_surface *surface)
{
    memcpy(surface->potential, state->potential, sizeof surface->potential);
    surface->layer = state->layer;
}

static void set_totals(const pq_runner *r, const pq_cell *cell, const sei_amounts *reaction, job *j)
{
    j->system.total = cell->solution->total;
    if (reaction)
        sei_react_add_amounts(r->react, reaction, 1.0, &j->system.total);
    if (cell->exchange)
        sei_react_add_amounts(r->react, &cell->exchange->held, 1.0, &j->system.total);
    if (cell->surface)
        pq_add_surface(r, cell->surface, &j->system.total);
}

/* What a gas phase may reach: the density of water is extrapolated beyond what inputs may ask for. */
static const double extrapolated_max_atm = 1500.0;

/* Constants are those at the pressure of the gas phase, of REACTION_PRESSURE, of the water. */
static double pressure_of(const pq_runner *r, const pq_cell *cell)
{
    const double atm = cell->gas                        ? cell->gas->pressure_atm
                       : r->reaction_pressure_atm > 0.0 ? r->reaction_pressure_atm
                                                        : cell->solution->pressure_atm;

    return atm > 0.0 ? fmin(atm, extrapolated_max_atm) : 1.0;
}

/* Of a cell in a column at the end of a shift, as of the equilibria that kinetics ends steps with, ln units. */
static const double near_enough = 1e-11;
/* The same where waters mix and react once more in the shift: what balances are off by stays in the water. */
static const double near_enough_on_the_way = 1e-9;

static double enough_for(const pq_runner *r)
{
    return !r->ret_anchor ? 0.0 : r->is_on_the_way ? near_enough_on_the_way : near_enough;
}

static sei_status assemble(pq_runner *r, const pq_cell *cell, const sei_amounts *reaction,
                           double temp_c, job *j)
{
    memset(&j->system, 0, sizeof j->system);
    j->state                = cell->solution->state;
    j->system.temp_k        = temp_c + SEI_ZERO_CELSIUS;
    j->system.pressure_atm  = pressure_of(r, cell);
    j->system.volume_mu     = j->volume_mu > 0.0 ? j->volume_mu : j->state.mu;
    j->system.anchor        = r->anchor;
    j->system.inflow_anchor = r->inflow_anchor;
    j->system.ret_anchor    = r->ret_anchor;
    j->system.enough        = enough_for(r);
    j->system.minerals      = j->minerals;
    j->system.mixtures      = j->mixtures;
    set_totals(r, cell, reaction, j);
    pq_set_sites(r, cell->exchange, cell->surface, &j->system, &j->state);
    set_mixtures(cell, j);
    set_minerals(r, cell, j);
    return set_formulas(r, cell, j);
}

/* What the sites hold is parted between exchanger and surface by their species. */
static void take_sorbed(const pq_runner *r, const job *j, pq_cell *cell)
{
    sei_amounts exchanged = {0};

    if (cell->exchange && cell->surface) {
        for (size_t k = 0; k < sei_react_n_sorbed(r->react); k++)
            if (!r->sorb->sites[sei_react_sorbed(r->react, k)->site].is_surface)
                sei_react_add_amounts(r->react, &r->sorbed_of[k], j->state.sorbed_mol[k],
                                      &exchanged);
        cell->exchange->held = exchanged;
        cell->surface->held  = j->state.sorbed;
        sei_react_add_amounts(r->react, &exchanged, -1.0, &cell->surface->held);
    } else if (cell->exchange) {
        cell->exchange->held = j->state.sorbed;
    } else if (cell->surface) {
        cell->surface->held = j->state.sorbed;
    }
    if (cell->surface)
        pq_take_layers(&j->state, cell->surface);
}

static void take(const pq_runner *r, const job *j, double temp_c, pq_cell *cell)
{
    cell->solution->state        = j->state;
    cell->solution->total        = j->state.water;
    cell->solution->temp_c       = temp_c;
    cell->solution->initial      = NULL;
    cell->solution->pressure_atm = j->system.pressure_atm;
    memset(cell->solution->total.site, 0, sizeof cell->solution->total.site);
    for (size_t i = 0; cell->equilibrium && i < cell->equilibrium->n; i++)
        if (r->mineral_at[i] != SIZE_MAX)
            cell->equilibrium->minerals[i].mol = j->state.mineral_mol[r->mineral_at[i]];
    take_sorbed(r, j, cell);
    take_mixtures(j, j->system.temp_k, cell);
    if (cell->kinetics) {
        memcpy(cell->kinetics->m, j->kinetics.m, cell->kinetics->def->n * sizeof *j->kinetics.m);
        cell->kinetics->step_s      = j->kinetics.step_s;
        cell->kinetics->low_order_s = j->kinetics.low_order_s;
    }
}

/* -tol bounds the error of a whole step of the input; it is made of many, whose errors add up. */
static const double tolerance_share = 0.1;

/* Rates are asked for this view from now on; returns the one before. */
static const pq_view *see_rates(pq_runner *r, pq_cell *cell, double dt_s, double temp_c)
{
    const pq_view *before = r->now;

    r->view = (pq_view){.state       = r->view.state,
                        .number      = r->view.number,
                        .distance    = r->view.distance,
                        .step        = r->view.step,
                        .temp_c      = temp_c,
                        .cell        = cell,
                        .kinetics    = cell->kinetics,
                        .kin_time_s  = dt_s,
                        .sim_start_s = r->view.sim_start_s,
                        /* the time of a column has that of the ones before in it */
                        .total_time_s = r->view.state == PQ_REACTION ? r->total_time_s : 0.0,
                        .time_s       = r->view.time_s,
                        .description  = cell->solution->description,
                        .reaction_mol = r->view.reaction_mol,
                        .has_reaction = r->view.has_reaction};
    r->now  = &r->view;
    return before;
}

static sei_status integrate(pq_runner *r, const pq_kinetics *k, double dt_s, job *j)
{
#ifdef SEI_WITH_CVODE
    if (k->def->use_cvode)
        return sei_react_advance_cvode(r->ctx, r->react, r->work, &j->system, &j->state,
                                       &j->kinetics, dt_s, pq_rates_of, r);
#endif
    if (j->kinetics.step_s == 0.0 && k->def->step_divide > 1.0)
        j->kinetics.step_s = dt_s / k->def->step_divide;
    return sei_react_advance(r->ctx, r->work, &j->system, &j->state, &j->kinetics, dt_s,
                             pq_rates_of, r, NULL);
}

static sei_status advance(pq_runner *r, pq_cell *cell, double dt_s, double temp_c, job *j)
{
    const pq_kinetics *k = cell->kinetics;

    j->kinetics.n           = k->def->n;
    j->kinetics.step_s      = k->step_s;
    j->kinetics.low_order_s = k->low_order_s;
    j->kinetics.is_timed    = false;
    j->kinetics.cvode_order = k->def->cvode_order;
    j->kinetics.cvode_steps = k->def->cvode_steps;
    for (size_t i = 0; i < k->def->n; i++) {
        j->kinetics.formula[i] = k->formula[i];
        j->kinetics.m[i]       = k->m[i];
        j->kinetics.tol[i]     = tolerance_share * k->def->reactants[i].tol;
        j->kinetics.is_timed   = j->kinetics.is_timed || r->rates[k->rate[i]].is_timed;
    }
    if (!(dt_s > 0.0))
        return sei_react_solve(r->ctx, r->work, &j->system, &j->state);
    const pq_view   *before = see_rates(r, cell, dt_s, temp_c);
    const sei_status st     = integrate(r, k, dt_s, j);
    r->now                  = before;
    return st;
}

/* The last mineral of the system is led from an index of saturation to its target, in parts. */
static sei_status lead(pq_runner *r, const pq_cell *cell, job *j, double start, int parts)
{
    sei_mineral *last   = &j->minerals[j->system.n_minerals - 1];
    const double target = last->target_si;
    sei_status   st     = SEI_OK;

    for (int k = 1; k <= parts && st == SEI_OK; k++) {
        last->target_si = start + (target - start) * k / parts;
        set_mixtures(cell, j);
        st = sei_react_solve(r->ctx, r->work, &j->system, &j->state);
    }
    last->target_si = target;
    return st;
}

/* The last mineral enters a solution, straight or by way of a neighbouring target. */
static sei_status enter(pq_runner *r, const pq_cell *cell, job *j)
{
    static const int      parts[]   = {1, 3, 10, 37};
    static const double   offsets[] = {0.1, -0.1, 0.3, -0.3, 1.0, -1.0, 2.0};
    const size_t          last      = j->system.n_minerals - 1;
    const double          start  = sei_equil_si(sei_react_equil(r->work), j->minerals[last].phase);
    const double          target = j->minerals[last].target_si;
    const sei_react_state before = j->state;
    sei_status            st     = SEI_E_NOT_CONVERGED;

    for (size_t i = 0; i < sizeof parts / sizeof *parts + sizeof offsets / sizeof *offsets &&
                       st == SEI_E_NOT_CONVERGED;
         i++) {
        const bool straight           = i < sizeof parts / sizeof *parts;
        j->state                      = before;
        j->state.mineral_active[last] = false;
        j->state.mineral_mol[last]    = j->minerals[last].mol;
        if (straight) {
            st = lead(r, cell, j, start, parts[i]);
            continue;
        }
        const double near_target    = target + offsets[i - sizeof parts / sizeof *parts];
        j->minerals[last].target_si = near_target;
        st                          = lead(r, cell, j, near_target, 1);
        j->minerals[last].target_si = target;
        if (st == SEI_OK)
            st = lead(r, cell, j, near_target, 10);
    }
    return st;
}

/* A start for what was not found at once: the minerals come in one after the other, each from the equilibrium
 * with those before it. */
static sei_status climb(pq_runner *r, const pq_cell *cell, job *j)
{
    const size_t n  = j->system.n_minerals;
    sei_status   st = SEI_OK;

    j->state             = cell->solution->state;
    j->state.is_warm     = false;
    j->system.n_minerals = 0;
    st                   = sei_react_solve(r->ctx, r->work, &j->system, &j->state);
    for (size_t k = 1; k <= n && st == SEI_OK; k++) {
        j->system.n_minerals = k;
        st                   = enter(r, cell, j);
    }
    j->system.n_minerals = n;
    set_mixtures(cell, j);
    return st;
}

static sei_status find_state(pq_runner *r, pq_cell *cell, double dt_s, double temp_c, job *j)
{
    return cell->kinetics ? advance(r, cell, dt_s, temp_c, j)
                          : sei_react_solve(r->ctx, r->work, &j->system, &j->state);
}

static sei_status run_ideal(pq_runner *r, pq_cell *cell, const sei_amounts *reaction, double temp_c,
                            double dt_s, job *j)
{
    sei_status st = assemble(r, cell, reaction, temp_c, j);

    if (st == SEI_OK)
        st = find_state(r, cell, dt_s, temp_c, j);
    if (st == SEI_E_NOT_CONVERGED && j->system.n_minerals > 1) {
        set_totals(r, cell, reaction, j);
        st = climb(r, cell, j);
        if (st == SEI_OK)
            st = find_state(r, cell, dt_s, temp_c, j);
    }
    return st;
}

/* Are the constants of another pressure, or of other volumes, than those of the present state? */
static bool renew_pressure(const pq_runner *r, pq_cell *cell, job *j)
{
    const double mu = sei_react_equil(r->work)->mu;

    if (cell->gas && cell->gas->def->is_fixed_volume) {
        pq_gas now = *cell->gas;
        memcpy(now.mol, j->mixtures[0].mol, sizeof now.mol);
        pq_close_gas(&now, j->system.temp_k);
        cell->gas->pressure_atm = now.pressure_atm;
    }
    const double atm = pressure_of(r, cell);
    j->volume_mu     = mu;
    if (atm == 1.0 && j->system.pressure_atm == 1.0 && !sei_react_equil(r->work)->is_pressed)
        return false;
    return fabs(atm - j->system.pressure_atm) > 1e-9 * atm ||
           fabs(mu - j->system.volume_mu) > 1e-7 * mu;
}

/* Is the gas another than the one that the present state was found with? Steps that grow are made shorter. */
static sei_status renew_gas(const pq_runner *r, pq_cell *cell, job *j, bool *ret_is_other)
{
    if (!cell->gas)
        return SEI_OK;
    const double off = pq_renew_gas(r, cell->gas, j->mixtures[0].mol, sei_react_equil(r->work),
                                    j->system.temp_k, j->gas_share);

    if (!isfinite(off))
        return sei_fail(r->ctx, SEI_E_NOT_CONVERGED, NULL,
                        "GAS_PHASE: more gas than its volume of %g L can hold",
                        cell->gas->volume_l);
    if (off > 0.8 * j->gas_off)
        j->gas_share = fmax(0.5 * j->gas_share, 0.02);
    j->gas_off    = off;
    *ret_is_other = off > 1e-9;
    return SEI_OK;
}

/* Until the fugacity coefficients of a real gas are those of its composition, and constants those of the pressure. */
static sei_status run_once(pq_runner *r, pq_cell *cell, const sei_amounts *reaction, double temp_c,
                           double dt_s, job *j)
{
    enum { ROUNDS_MAX = 200 };
    j->volume_mu  = 0.0;
    j->gas_share  = 1.0;
    j->gas_off    = (double)INFINITY;
    sei_status st = run_ideal(r, cell, reaction, temp_c, dt_s, j);

    for (int k = 0; k < ROUNDS_MAX && st == SEI_OK; k++) {
        bool is_other = false;
        st            = renew_gas(r, cell, j, &is_other);
        if (cell->surface &&
            pq_renew_layers(sei_react_equil(r->work), j->state.water_kg, false, cell->surface))
            is_other = true;
        if (st != SEI_OK || (!renew_pressure(r, cell, j) && !is_other))
            return st;
        st = run_ideal(r, cell, reaction, temp_c, dt_s, j);
    }
    return st == SEI_OK
               ? sei_fail(
                     r->ctx, SEI_E_NOT_CONVERGED, NULL,
                     "the pressure, or the water of diffuse layers, was not found in %d rounds",
                     ROUNDS_MAX)
               : st;
}

/* ------------------------------------------------------------------ tied sites */

typedef struct {
    pq_runner         *r;
    pq_cell           *cell;
    const sei_amounts *reaction;
    double             temp_c;
    job               *j;
    bool               has_start;
} tied;

/* Every solution after the first one starts from the one before. */
static sei_status solve_tied(void *user)
{
    tied                 *t      = user;
    const sei_react_state before = t->cell->solution->state;

    if (t->has_start) {
        t->cell->solution->state         = t->j->state;
        t->cell->solution->state.is_warm = false;
    }
    const sei_status st      = run_once(t->r, t->cell, t->reaction, t->temp_c, 0.0, t->j);
    t->cell->solution->state = before;
    t->has_start             = st == SEI_OK;
    return st;
}

/* Through time with the sites as they are, then to equilibrium with those that there are at the end. */
static sei_status run_tied(pq_runner *r, pq_cell *cell, const sei_amounts *reaction, double temp_c,
                           double dt_s, job *j)
{
    pq_cell    still = *cell;
    tied       t     = {.r = r, .cell = &still, .reaction = reaction, .temp_c = temp_c, .j = j};
    sei_status st    = pq_tie_sites(r, cell);

    if (st == SEI_OK && cell->kinetics && dt_s > 0.0) {
        st = run_once(r, cell, reaction, temp_c, dt_s, j);
        if (st == SEI_OK)
            take(r, j, temp_c, cell);
        t.reaction = NULL;
    }
    if (st != SEI_OK)
        return st;
    st             = pq_tie_sites(r, cell);
    still.kinetics = NULL;
    if (st == SEI_OK)
        st = pq_solve_tied(r, &still, &j->state, solve_tied, &t);
    if (st == SEI_OK)
        take(r, j, temp_c, &still); /* all but the kinetics, which are as they were */
    return st;
}

static void tell_pressure(pq_runner *r, const pq_cell *cell)
{
    if (r->told_pressure || !cell->gas || !(cell->gas->pressure_atm > SEI_PQ_PRESSURE_MAX_ATM))
        return;
    r->told_pressure = true;
    sei_warn(r->ctx, NULL,
             "simulation %d: a gas phase reaches %.4g atm: the density of water is known up to %g "
             "atm, beyond it is extrapolated (to %g atm)",
             r->simulation, cell->gas->pressure_atm, SEI_PQ_PRESSURE_MAX_ATM, extrapolated_max_atm);
}

static job *job_of(pq_runner *r)
{
    if (!r->job)
        r->job = sei_arena_alloc(&r->arena, 1, sizeof *r->job);
    return r->job;
}

sei_status pq_try_cell(pq_runner *r, pq_cell *cell, const sei_amounts *change, double dt_s,
                       const sei_react_system **ret_system, const sei_react_state **ret_state)
{
    const double temp_c = cell->solution->temp_c;
    job         *j      = job_of(r);

    if (!j)
        return SEI_E_NOMEM;
    j->volume_mu  = 0.0;
    sei_status st = assemble(r, cell, change, temp_c, j);
    if (st == SEI_OK)
        st = sei_react_solve(r->ctx, r->work, &j->system, &j->state);
    if (st != SEI_OK)
        return st;
    if (cell->kinetics)
        (void)see_rates(r, cell, dt_s, temp_c);
    *ret_system = &j->system;
    *ret_state  = &j->state;
    return SEI_OK;
}

/* -force_equality: too little of a phase is no solution. */
static sei_status check_forced(const pq_runner *r, const pq_cell *cell, const job *j)
{
    for (size_t i = 0; cell->equilibrium && i < cell->equilibrium->n; i++) {
        const pq_mineral *m = &cell->equilibrium->minerals[i];
        if (!m->def->force_equality || r->mineral_at[i] == SIZE_MAX)
            continue;
        const double si     = sei_equil_si(sei_react_equil(r->work), m->phase);
        const double target = target_of(r, m, j->system.temp_k);
        if (fabs(si - target) > 1e-6)
            return sei_fail(r->ctx, SEI_E_NOT_CONVERGED, &m->def->where,
                            "EQUILIBRIUM_PHASES: %s ends at an index of %g, not at %g as "
                            "-force_equality asks",
                            m->def->name, si, target);
    }
    return SEI_OK;
}

/* Water and minerals alone, as the water was when it was solved. */
static bool may_stay(const pq_runner *r, const pq_cell *cell, double temp_c)
{
    const pq_solution *water = cell->solution;
    bool               may   = r->may_rest && water->state.is_warm && water->temp_c == temp_c &&
               pressure_of(r, cell) == 1.0 && !cell->exchange && !cell->surface && !cell->gas &&
               !cell->solids && !cell->kinetics && !sei_react_equil(r->work)->specific;

    for (size_t i = 0; may && cell->equilibrium && i < cell->equilibrium->n; i++)
        may = !cell->equilibrium->minerals[i].def->force_equality;
    return may;
}

/* A water that has come as it is and finds here what it is at equilibrium with stays as it is. */
static sei_status stay(pq_runner *r, pq_cell *cell, double temp_c, job *j, bool *ret_stays)
{
    *ret_stays = false;
    if (!may_stay(r, cell, temp_c))
        return SEI_OK;
    j->volume_mu        = 0.0;
    const sei_status st = assemble(r, cell, NULL, temp_c, j);
    *ret_stays          = st == SEI_OK && sei_react_rests(r->react, &j->system, &j->state);
    if (*ret_stays)
        take(r, j, temp_c, cell);
    return st;
}

sei_status pq_run_cell(pq_runner *r, pq_cell *cell, const sei_amounts *reaction, double temp_c,
                       double dt_s)
{
    job       *j     = job_of(r);
    sei_status st    = j ? SEI_OK : SEI_E_NOMEM;
    bool       stays = false;

    if (st == SEI_OK)
        st = stay(r, cell, temp_c, j, &stays);
    if (st != SEI_OK || stays)
        return st;
    if (pq_is_tied(cell)) {
        st = run_tied(r, cell, reaction, temp_c, dt_s, j);
    } else {
        st = run_once(r, cell, reaction, temp_c, dt_s, j);
        if (st == SEI_OK)
            take(r, j, temp_c, cell);
    }
    if (st == SEI_OK)
        st = check_forced(r, cell, j);
    if (st == SEI_OK)
        tell_pressure(r, cell);
    return st;
}

sei_status pq_show_cell(pq_runner *r, const pq_cell *cell)
{
    job *j = job_of(r);

    if (!j)
        return SEI_E_NOMEM;
    j->volume_mu        = 0.0;
    const sei_status st = assemble(r, cell, NULL, cell->solution->temp_c, j);
    if (st == SEI_OK)
        sei_react_show(r->work, &j->system, &cell->solution->state);
    return st;
}

void pq_mark_start(pq_cell *cell)
{
    for (size_t i = 0; cell->equilibrium && i < cell->equilibrium->n; i++)
        cell->equilibrium->minerals[i].start_mol = cell->equilibrium->minerals[i].mol;
    if (cell->kinetics)
        memcpy(cell->kinetics->start_m, cell->kinetics->m, sizeof cell->kinetics->m);
}

void pq_look_at_cell(pq_runner *r, const pq_cell *cell, pq_view *view)
{
    view->temp_c      = cell->solution->temp_c;
    view->eq          = sei_react_equil(r->work);
    view->water_kg    = cell->solution->state.water_kg;
    view->sorbed_mol  = cell->exchange || cell->surface ? cell->solution->state.sorbed_mol : NULL;
    view->cell        = cell;
    view->react_state = &cell->solution->state;
    view->kinetics    = cell->kinetics;
    view->m           = cell->kinetics ? cell->kinetics->m : NULL;
    view->description = cell->solution->description;
}
