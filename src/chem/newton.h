/* newton.h - the equations of one water and Newton's method on them; inside of chem */
#ifndef SEI_CHEM_NEWTON_H
#define SEI_CHEM_NEWTON_H

#include "chem/equil.h"

typedef enum {
    SEI_EQ_FIXED,
    SEI_EQ_MASS,
    SEI_EQ_PROTON,
    SEI_EQ_CHARGE,
    SEI_EQ_ALKALINITY
} sei_balance_kind;

typedef struct {
    const sei_water *w;
    sei_balance_kind kind[SEI_COMPONENTS_MAX];
    size_t           n;                         /* unknowns */
    size_t           index[SEI_COMPONENTS_MAX]; /* unknown -> component */
    bool             is_plain; /* mass balances, perhaps protons: the Jacobian is symmetric */
} sei_balances;

typedef struct {
    double residual; /* largest relative one */
    size_t worst;    /* component, n_comp for the ionic strength */
} sei_misfit;

#define SEI_EQUIL_TOLERANCE 1e-12 /* relative residual of every balance */

void sei_balances_set_up(const sei_equil *eq, const sei_water *water, sei_balances *ret_balances);
/* "Fe(2)", "charge", "alkalinity", "ionic strength" */
const char *sei_balances_name(const sei_equil *eq, const sei_balances *balances, size_t worst);

typedef struct {
    bool   couple_mu; /* the ionic strength is one more unknown; else it is held */
    int    max;       /* iterations */
    double damping;   /* share of the step that is taken */
    double good;      /* a residual that will do; 0: SEI_EQUIL_TOLERANCE */
} sei_newton_rule;

/* True when converged; eq then holds the solution, else the last try. *iterations counts on. */
bool sei_newton(sei_equil *eq, const sei_balances *balances, const sei_newton_rule *rule,
                int *iterations, sei_misfit *ret_misfit);

/* Parts of an iteration, for other strategies. Species and sums at x, mu, a_w; minus the balances into
 * eq->rhs (element SEI_V4 * component) and the largest misfit; the direction that removes them, in
 * their place, with extra times the diagonal added to a plain Jacobian. */
void       sei_newton_evaluate(sei_equil *eq, const sei_balances *balances);
sei_misfit sei_newton_misfits(sei_equil *eq, const sei_balances *balances);
bool       sei_newton_direction(sei_equil *eq, const sei_balances *balances, double extra);

/* From the last solution a first-order step to a neighbouring water, without evaluating anything, where eq
 * still holds that solution and its factor; ph_step is what is added to ln a of H+ when that is held. */
void sei_newton_predict(sei_equil *eq, const sei_balances *balances, double ph_step);

/* Finds a solution of mass and proton balances without a good start; slow. */
bool sei_rescue(sei_equil *eq, const sei_balances *balances, int *iterations,
                sei_misfit *ret_misfit);

/* All that is tried for a water, one after the other: eq then holds the solution, or the last try that
 * *ret_misfit describes. */
bool sei_equil_try(sei_equil *eq, const sei_water *water, sei_balances *ret_balances,
                   sei_equil_report *report, sei_misfit *ret_misfit);
/* The charge, or else the alkalinity, as a root of its one unknown (pH or a total), every other balance being
 * solved at each try: the root nearest to what the water gives. */
bool sei_equil_scan(sei_equil *eq, const sei_water *water, sei_equil_report *report,
                    sei_misfit *ret_misfit);

/* First guess of x, mu and a_w from the totals; sweeps of all species that improve it. */
void sei_start(sei_equil *eq, const sei_water *water);
void sei_start_sweep(sei_equil *eq, const sei_balances *balances, int sweeps, int *iterations);

#endif
