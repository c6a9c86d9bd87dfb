/* run_initial.c - exchangers, surfaces and gases brought to equilibrium with a solution that stays as it is */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

static sei_status solution_of(pq_runner *r, const sei_pq_block *b, int number,
                              pq_solution *ret_solution)
{
    const pq_solution *found = pq_find(r, SEI_PQ_SOLUTION, number);

    if (!found)
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, &b->where,
                        "%s %d: solution %d to equilibrate with is not defined", b->keyword,
                        b->first, number);
    *ret_solution               = *found;
    ret_solution->state.is_warm = false;
    return SEI_OK;
}

/* Its number is that of the solution, as in PHREEQC. */
static sei_status punch(pq_runner *r, int solution, pq_state state, pq_cell *cell)
{
    pq_view view = {.state    = state,
                    .number   = solution,
                    .distance = (double)NAN,
                    .time_s   = (double)NAN,
                    .step     = -99};

    pq_look_at_cell(r, cell, &view);
    if (cell->solution->initial)
        view.eq = cell->solution->initial;
    return pq_punch(r, &view);
}

/* ln activities of a water whose valences are as they were given: what it has not got (ammonium beside nitrate) sorbs not at
 * all, whatever its pe makes of it. */
static double *activities_as_given(const pq_runner *r, const sei_equil *eq)
{
    double *ln = sei_alloc(r->ctx, r->net->n_species, sizeof *ln);

    for (size_t i = 0; ln && i < r->net->n_species; i++) {
        const size_t k = sei_net_species_of_db(eq->net, r->net->db_index[i]);
        ln[i]          = k == SIZE_MAX || !(eq->m[k] > PQ_LEAST_MOLAL) ? -(double)INFINITY
                                                                       : log(eq->m[k]) + eq->lng[k];
    }
    return ln;
}

static bool is_like_last(const pq_site_start *last, const sei_react_system *s)
{
    if (s->n_sites == 0 || s->n_sites != last->n_sites || s->n_surfaces != last->n_surfaces)
        return false;
    for (size_t i = 0; i < s->n_sites; i++)
        if (s->sites[i].site != last->site[i])
            return false;
    return true;
}

/* Where they came to rest the last time, which mostly was in a water much like this one. */
static void start_sites(const pq_runner *r, const sei_react_system *s, sei_react_state *state)
{
    const pq_site_start *last = &r->site_start;

    if (!is_like_last(last, s))
        return;
    for (size_t i = 0; i < s->n_sites; i++)
        if (state->x_site[s->sites[i].site] == 0.0)
            state->x_site[s->sites[i].site] = last->x_site[i];
    for (size_t i = 0; i < s->n_surfaces; i++)
        if (state->potential[i] == 0.0 && !s->surfaces[i].no_edl)
            state->potential[i] = last->potential[i];
}

static void keep_sites(pq_runner *r, const sei_react_system *s, const sei_react_state *state)
{
    pq_site_start *last = &r->site_start;

    last->n_sites    = s->n_sites;
    last->n_surfaces = s->n_surfaces;
    for (size_t i = 0; i < s->n_sites; i++) {
        last->site[i]   = s->sites[i].site;
        last->x_site[i] = state->x_site[s->sites[i].site];
    }
    memcpy(last->potential, state->potential, sizeof last->potential);
}

/* Sites in a water that is held. */
static sei_status solve_sites(pq_runner *r, pq_solution *solution, const pq_exchange *exchange,
                              const pq_surface *surface, sei_react_state *state)
{
    sei_react_system *system = sei_alloc(r->ctx, 1, sizeof *system);
    double           *given  = solution->initial ? activities_as_given(r, solution->initial) : NULL;
    sei_status        st     = system && (given || !solution->initial) ? SEI_OK : SEI_E_NOMEM;

    if (st != SEI_OK) {
        sei_release(r->ctx, system);
        sei_release(r->ctx, given);
        return st;
    }
    system->fixed_ln_activity = given;
    system->temp_k            = solution->temp_c + SEI_ZERO_CELSIUS;
    system->pressure_atm      = solution->pressure_atm;
    system->volume_mu         = solution->state.mu;
    system->total             = solution->total;
    system->water_is_fixed    = true;
    if (exchange)
        sei_react_add_amounts(r->react, &exchange->held, 1.0, &system->total);
    if (surface)
        pq_add_surface(r, surface, &system->total);
    *state = solution->state;
    pq_set_sites(r, exchange, surface, system, state);
    start_sites(r, system, state);
    st = sei_react_solve(r->ctx, r->work, system, state);
    if (st == SEI_OK)
        keep_sites(r, system, state);
    sei_release(r->ctx, system);
    sei_release(r->ctx, given);
    return st;
}

sei_status pq_exchange_beside(pq_runner *r, pq_solution *solution, pq_exchange *exchange)
{
    sei_react_state  state;
    const sei_status st = solve_sites(r, solution, exchange, NULL, &state);

    if (st == SEI_OK)
        exchange->held = state.sorbed;
    return st;
}

sei_status pq_initial_exchange(pq_runner *r, const sei_pq_block *b)
{
    pq_exchange    *first = pq_find(r, SEI_PQ_EXCHANGE, b->first);
    pq_solution     solution;
    pq_exchange     exchange;
    sei_react_state state;

    if (!first || !b->as.exchange->is_equilibrated)
        return SEI_OK;
    exchange           = *first;
    const pq_cell with = {.solution    = &solution,
                          .exchange    = &exchange,
                          .equilibrium = pq_find(r, SEI_PQ_EQUILIBRIUM_PHASES, b->first),
                          .kinetics    = pq_find(r, SEI_PQ_KINETICS, b->first)};
    sei_status    st   = solution_of(r, b, b->as.exchange->solution, &solution);
    if (st == SEI_OK && pq_is_tied(&with))
        st = pq_tie_sites(r, &with);
    if (st == SEI_OK)
        st = solve_sites(r, &solution, &exchange, NULL, &state);
    if (st != SEI_OK)
        return st;
    exchange.held             = state.sorbed;
    solution.state.sorbed_mol = state.sorbed_mol;
    for (int n = b->first; n <= b->last && st == SEI_OK; n++)
        st = pq_put(r, SEI_PQ_EXCHANGE, n, &exchange);
    pq_cell cell = {.solution = &solution, .exchange = &exchange};
    return st == SEI_OK ? punch(r, b->as.exchange->solution, PQ_INITIAL_EXCHANGE, &cell) : st;
}

sei_status pq_initial_surface(pq_runner *r, const sei_pq_block *b)
{
    pq_surface     *first = pq_find(r, SEI_PQ_SURFACE, b->first);
    pq_solution     solution;
    pq_surface      surface;
    sei_react_state state;

    if (!first || !b->as.surface->is_equilibrated)
        return SEI_OK;
    surface            = *first;
    const pq_cell with = {.solution    = &solution,
                          .surface     = &surface,
                          .equilibrium = pq_find(r, SEI_PQ_EQUILIBRIUM_PHASES, b->first),
                          .kinetics    = pq_find(r, SEI_PQ_KINETICS, b->first)};
    sei_status    st   = solution_of(r, b, b->as.surface->solution, &solution);
    if (st == SEI_OK && pq_is_tied(&with))
        st = pq_tie_sites(r, &with);
    if (st == SEI_OK)
        st = solve_sites(r, &solution, NULL, &surface, &state);
    if (st == SEI_OK && pq_renew_layers(sei_react_equil(r->work), state.water_kg, true, &surface))
        st = solve_sites(r, &solution, NULL, &surface, &state);
    if (st != SEI_OK)
        return st;
    surface.held              = state.sorbed;
    solution.state.sorbed_mol = state.sorbed_mol;
    pq_take_layers(&state, &surface);
    for (int n = b->first; n <= b->last && st == SEI_OK; n++)
        st = pq_put(r, SEI_PQ_SURFACE, n, &surface);
    pq_cell cell = {.solution = &solution, .surface = &surface};
    return st == SEI_OK ? punch(r, b->as.surface->solution, PQ_INITIAL_SURFACE, &cell) : st;
}

/* Partial pressures of a water; a gas phase of fixed pressure keeps its volume and takes their sum. */
sei_status pq_initial_gas(pq_runner *r, const sei_pq_block *b)
{
    pq_gas         *first = pq_find(r, SEI_PQ_GAS_PHASE, b->first);
    pq_solution     solution;
    pq_gas          gas;
    sei_react_state state;

    if (!first || !b->as.gas_phase->is_equilibrated)
        return SEI_OK;
    gas           = *first;
    sei_status st = solution_of(r, b, b->as.gas_phase->solution, &solution);
    if (st == SEI_OK)
        st = solve_sites(r, &solution, NULL, NULL, &state);
    if (st != SEI_OK)
        return st;
    gas.pressure_atm = pq_fill_gas_by_water(r, &gas, sei_react_equil(r->work), solution.temp_c);
    if (!gas.def->is_fixed_volume)
        gas.pressure_atm = gas.def->pressure_atm;
    for (int n = b->first; n <= b->last && st == SEI_OK; n++)
        st = pq_put(r, SEI_PQ_GAS_PHASE, n, &gas);
    pq_cell cell = {.solution = &solution, .gas = &gas};
    return st == SEI_OK ? punch(r, b->as.gas_phase->solution, PQ_INITIAL_GAS, &cell) : st;
}

sei_status pq_look_at_solution(pq_runner *r, const pq_solution *solution, pq_view *ret_view)
{
    pq_solution     copy = *solution;
    sei_react_state state;
    sei_status      st = SEI_OK;

    copy.state.is_warm = false;
    if (!solution->initial)
        st = solve_sites(r, &copy, NULL, NULL, &state);
    if (st != SEI_OK)
        return st;
    *ret_view = (pq_view){.state    = PQ_INITIAL_SOLUTION,
                          .distance = (double)NAN,
                          .time_s   = (double)NAN,
                          .given_pe = (double)NAN,
                          .temp_c   = solution->temp_c,
                          .eq = solution->initial ? solution->initial : sei_react_equil(r->work),
                          .water_kg    = solution->state.water_kg,
                          .description = solution->description};
    return SEI_OK;
}
