/*
 * kinetics.h - kinetic reactants beside an equilibrium system, through time
 *
 * Reactant k holds m_k mol; while it reacts by one mole its formula is added to the system (negative
 * amounts take away). The rest of the system is at equilibrium at every moment.
 */
#ifndef SEI_REACT_KINETICS_H
#define SEI_REACT_KINETICS_H

#include "react/react.h"

enum { SEI_KINETICS_MAX = 32 };

/* Rates in mol/s at the present equilibrium (see sei_react_equil of the workspace) and amounts m: > 0
 * dissolves. time_s counts from the start of the call. */
typedef sei_status (*sei_kinetic_rates)(void *user, sei_ctx *ctx, double time_s,
                                        const sei_react_state *state, const double m[],
                                        double ret_rate[]);

typedef struct {
    size_t      n;
    sei_amounts formula[SEI_KINETICS_MAX];
    double      m[SEI_KINETICS_MAX];   /* in and out */
    double      tol[SEI_KINETICS_MAX]; /* local error, mol */
    bool        is_timed; /* rates hang on the time itself, not only on the water and the amounts */
    int         cvode_order, cvode_steps; /* at most; of sei_react_advance_cvode alone */
    double low_order_s; /* in and out: up to what length a cheaper method was good; 0: not known */
    double step_s;      /* in: length to try first, 0 for all at once; out: that of the next one */
} sei_kinetics;

typedef struct {
    size_t steps, rejected, equilibria;
} sei_kinetic_stats;

/*
 * Advances by dt_s under error control: several reactants with an L-stable Rosenbrock method, a single one along what has
 * reacted. A reactant that runs out stops at 0 and no element of the water goes below it. system->total, minerals and mixtures
 * are brought to the end of the step: total gets what reacted, minerals keep their amounts (state->mineral_mol tells what is
 * left, as after sei_react_solve).
 */
SEI_CHECKED sei_status sei_react_advance(sei_ctx *ctx, sei_react_work *work,
                                         sei_react_system *system, sei_react_state *state,
                                         sei_kinetics *kinetics, double dt_s,
                                         sei_kinetic_rates rates, void *user,
                                         sei_kinetic_stats *stats);

#ifdef SEI_WITH_CVODE
/* The same by SUNDIALS' CVODE, to check the one above by. Returns E_STEP when it gives up. */
SEI_CHECKED sei_status sei_react_advance_cvode(sei_ctx *ctx, const sei_react *react,
                                               sei_react_work *work, sei_react_system *system,
                                               sei_react_state *state, sei_kinetics *kinetics,
                                               double dt_s, sei_kinetic_rates rates, void *user);
#endif

#endif
