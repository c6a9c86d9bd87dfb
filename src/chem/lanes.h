/*
 * lanes.h - eight waters on one network at once
 *
 * Every number of the solver becomes a vector of eight, one lane a water; loops run over species and lists as they do
 * for a single water (equil.h), without gathering. Lanes never mix: what a lane yields does not depend on its
 * neighbours. For waters with given pH and pe and totals of all components, on networks whose mole balances
 * follow the reactions; what a lane cannot solve is left to sei_equil_solve.
 */
#ifndef SEI_CHEM_LANES_H
#define SEI_CHEM_LANES_H

#include "chem/equil.h"
#include "num/v4.h"

/* The lists of a network as the lanes want them; read-only. */
typedef struct {
    const sei_net *net;
    sei_arena      arena;
    /* Species of one component and one class: their sum serves all that differs by class only. */
    size_t    n_pairs;
    uint16_t *pair_class;
    uint32_t *pair_ptr; /* [n_pairs + 1] */
    uint32_t *comp_ptr; /* [n_comp + 1] pairs of a component */
    uint16_t *species;
    double   *weight;
    uint16_t *gamma_of;  /* [classes.n] first class with the same activity coefficient */
    uint32_t *class_ptr; /* [classes.n + 1] species by class */
    uint16_t *by_class;
} sei_lanes_plan;

SEI_CHECKED sei_status sei_lanes_plan_create(sei_ctx *ctx, const sei_net *net,
                                             sei_lanes_plan **ret_plan);
void                   sei_lanes_plan_free(sei_lanes_plan *plan);
bool                   sei_lanes_can(const sei_net *net);

/* Right-hand sides: the balances, ionic strength, log activity of water. */
enum { SEI_LANES_RHS = 3 };

/* Workspace of one thread; arrays of vectors, one element a species, component, class or slot. */
typedef struct {
    const sei_lanes_plan *plan;
    sei_ctx              *ctx;
    void                 *block;
    sei_v8               *basis; /* [SEI_LOGK_TERMS] of the constants */
    sei_v8               *lnk, *m;
    sei_v8               *x, *wanted, *total, *by_gamma, *by_mu, *by_water; /* [n_comp] */
    sei_v8               *az2, *den, *bi, *sat, *lng, *dlng, *shift;        /* [classes.n] */
    sei_v8               *packed, *diagonal; /* [ldl.n_slots], [n_comp] */
    sei_v8               *rhs, *y;           /* [SEI_LANES_RHS * n_comp] */
    sei_v8               *scalar;            /* [SEI_LANE_SCALARS] */
    double                temp_k[SEI_V8];    /* of the constants; 0: not set */
    bool                  is_cold;           /* constants are to be made */
} sei_lanes;

/* Places in scalar. */
enum {
    SEI_LANE_LN_AE,
    SEI_LANE_LN_AW,
    SEI_LANE_MU,
    SEI_LANE_AW, /* by Raoult's law at the present molalities */
    SEI_LANE_SUM_M,
    SEI_LANE_MU_CALC,
    SEI_LANE_SUM_M_MU,
    SEI_LANE_MU_MU,
    SEI_LANE_SUM_M_WATER,
    SEI_LANE_MU_WATER,
    SEI_LANE_DONE, /* mask */
    SEI_LANE_LOST,
    SEI_LANE_SCALARS
};

SEI_CHECKED sei_status sei_lanes_create(sei_ctx *ctx, const sei_lanes_plan *plan,
                                        sei_lanes **ret_lanes);
void                   sei_lanes_free(sei_lanes *lanes);

/* Conditions of one lane; total[n_comp - 1] in mol/kgw, above 0. */
void sei_lanes_set(sei_lanes *lanes, size_t lane, double temp_k, double ph, double pe);
/* Constants at the lanes' temperatures, where no solution is wanted. */
void sei_lanes_prepare(sei_lanes *lanes);
/* Solves all lanes from nothing. True for every lane in ret_ok that holds a solution. */
void sei_lanes_solve(sei_lanes *lanes, bool ret_ok[SEI_V8]);
/* A solution found elsewhere, so that all lanes can be read alike. */
void sei_lanes_take(sei_lanes *lanes, size_t lane, const sei_equil *eq);

static inline double sei_lane(const sei_v8 *v, size_t lane)
{
    return (*v)[lane];
}

/* --- inside: lanes_kernel.c ------------------------------------------------------------------------ */

void sei_lanes_constants(sei_lanes *lanes);
void sei_lanes_activity(sei_lanes *lanes);
void sei_lanes_species(sei_lanes *lanes);
void sei_lanes_sums(sei_lanes *lanes);
void sei_lanes_start(sei_lanes *lanes);
void sei_lanes_sweep(sei_lanes *lanes);
void sei_lanes_misfits(sei_lanes *lanes);   /* right-hand sides; who is done, who is lost */
void sei_lanes_direction(sei_lanes *lanes); /* in place of the right-hand sides */
void sei_lanes_step(sei_lanes *lanes);

#endif
