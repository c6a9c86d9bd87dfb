/* kinetics_impl.h - what the files of the kinetic integrator share; not for others */
#ifndef SEI_REACT_KINETICS_IMPL_H
#define SEI_REACT_KINETICS_IMPL_H

#include "react/kinetics.h"
#include "react/react_impl.h"

enum { N = SEI_KINETICS_MAX };

struct sei_scheme;

/* The rate of a single reactant where xi has reacted. set: which minerals and mixtures are there; slope: where it is known. */
typedef struct {
    double          xi, rate, slope;
    bool            has_slope;
    uint64_t        set;
    sei_react_state state;
} sei_course_node;

enum { SEI_COURSE_NODES = 24 };

/* The way of a single reactant: nodes in the order of the way, those from next on lie ahead of what has been gone. */
typedef struct {
    size_t          n, next, order[SEI_COURSE_NODES];
    sei_course_node node[SEI_COURSE_NODES];
    double          used_up, limit; /* xi where an element ends, and that is not gone beyond */
    double          reach;          /* how far the next node may be */
    double          time_s;         /* at node next - 1 */
    size_t          asked, failed;
    bool   is_followed[SEI_COMPONENTS_MAX]; /* activity goes with the amount: no solid has it */
    size_t sloped;                          /* node whose slopes by_xi are; SIZE_MAX: none */
} sei_course;

typedef struct sei_react_integrator {
    sei_ctx                 *ctx;
    sei_react_work          *w;
    sei_react_system        *s;
    sei_kinetics            *k;
    const struct sei_scheme *how;
    sei_react_state          state;      /* of the last evaluation */
    double                   at[N];      /* its xi */
    double                   good_stage; /* residual of an equilibrium inside a step, ln units */
    sei_react_state          start;      /* at the start of the step */
    sei_amounts              base;       /* total without what reacts in this step */
    double                   m[N], rate[N], slopes[N * N], by_time[N];
    sei_react_slope          by_xi[N];
    bool              was_held[SEI_COMPONENTS_MAX]; /* by a mineral, when the slopes were taken */
    sei_kinetic_rates rates;
    void             *user;
    sei_kinetic_stats stats;
    sei_mixture       mixtures[SEI_REACT_MIXTURES_MAX]; /* contents at the start of the call */
    bool              is_in_solids[SEI_COMPONENTS_MAX];
    sei_course        course;
} integrator;

/* Rates at the present equilibrium, of the reactants that are left. */
sei_status sei_kinetic_rates_at(integrator *in, double time_s, const sei_react_state *state,
                                const double xi[], double ret_rate[]);
/* The state moved along the slopes of the last equilibrium to xi; the equilibrium there from that guess. */
void       sei_kinetic_predict(const integrator *in, const double xi[], sei_react_state *guess);
sei_status sei_kinetic_solve(integrator *in, const double xi[], const sei_react_state *guess,
                             bool is_stage);
/* Slopes of all rates at the last equilibrium, whose rates in->rate are. */
sei_status sei_kinetic_slopes(integrator *in, double time_s);
double     sei_kinetic_amount_at(const integrator *in, size_t component, const double xi[]);
sei_status sei_kinetic_accept(integrator *in, double time_s, const double xi[],
                              const sei_react_state *guess, bool is_last);

/* along.c: one reactant whose rate hangs on what has reacted alone, as far as that leads; the rest is for steps in time. */
sei_status sei_kinetic_along(integrator *in, double dt_s, double *ret_time_s);

#endif
