/* train_impl.h - what the files of src/transport share; not for others */
#ifndef SEI_TRANSPORT_TRAIN_IMPL_H
#define SEI_TRANSPORT_TRAIN_IMPL_H

#include "chem/equil.h"
#include "kin/hfo.h"
#include "transport/train.h"

enum { SEI_STAGES = 2 };

/* Smallest total that a component may have, mol/kgw: the solver works with logarithms. Boundaries and
 * initial states are raised to it; it is a millionth of what any method can measure. */
#define SEI_TRACE_MOLAL 1e-16

/* Something of the water that laws read, each listed once: many read the same. */
typedef struct {
    sei_rate_input_kind kind;
    size_t              index; /* component, species or phase */
    size_t  n_terms, *term;    /* components that the activity or ratio is made of; none: a total */
    double *nu;                /* [n_components] powers of them */
} sei_probe;

/* One input of a law, found in the network. */
typedef struct {
    sei_rate_input_kind kind;
    size_t              index;  /* component, species, phase or solid */
    size_t              probe;  /* in the model; SIZE_MAX: a solid */
    double              absent; /* what it reads where the model does not have it */
} sei_input;

/* A law compiled: what one mole of its reaction makes of each component and each solid. */
typedef struct {
    const sei_rate_law *law;
    size_t              param_offset, suspended_param; /* SIZE_MAX: all stays in the bed */
    size_t              off_param;                     /* SIZE_MAX: it is never off */
    sei_input           inputs[SEI_RATE_INPUTS_MAX];
    double             *comp;  /* [n_components] */
    double             *solid; /* [n_solids] */
    bool                with_air;
    bool                of_load;   /* reads what it makes itself in the water's load */
    bool                of_bed;    /* of the volume of the bed and not of the water in it */
    bool                of_itself; /* reads a solid that it makes or uses up */
    size_t              n_comp_terms, n_solid_terms; /* the same without the zeros */
    size_t             *comp_index, *solid_index;
    size_t n_water_inputs, n_solid_inputs; /* those with a probe, and those that are solids */
    size_t water_input[SEI_RATE_INPUTS_MAX], solid_input[SEI_RATE_INPUTS_MAX];
} sei_compiled_law;

struct sei_model {
    sei_arena         arena;
    sei_net          *net;
    bool              has_nutrients;
    size_t            n_comp, n_solids, n_laws, n_params, n_probes;
    const char      **solid_name;
    size_t           *solid_phase; /* index in the database, SIZE_MAX for an organic pool */
    sei_compiled_law *laws;
    sei_probe        *probes;
    size_t  n_pulls, *pulls;   /* component * n_probes + probe that a law joins, ascending */
    size_t *law_ptr, *laws_of; /* [n_comp + 1] laws that make or take a component, ascending */
};

/* Rates of one cell at the unknowns of eq, and their slopes. */
typedef struct {
    double *rate;     /* [n_laws] mol/kgw/s */
    double *kept;     /* [n_laws] work: rates before they take over what balances miss */
    double *rounding; /* [n_laws] what rounding of the law's own solids leaves undecided of it */
    double *slope;    /* [n_laws * SEI_RATE_INPUTS_MAX] by the law's inputs */
    double *in;       /* [n_laws * SEI_RATE_INPUTS_MAX] what they read */
    double *in_whole; /* the same with the bed's solids as they were when the step began */
    size_t  n_active, *active; /* laws that are not off in the cell at hand, ascending */
    bool   *is_idle;           /* [n_laws] the water is left alone, whatever it is like near by */
    double  bed_share;         /* water of the clean bed over that in the cell at hand */
    double *value;             /* [n_probes] */
    double *ln_k;              /* [n_probes] of a phase, at ln_k_temp_k */
    double *move;              /* [n_probes] by the last step */
    double  ln_k_temp_k;
    double *pull; /* [n_comp * n_probes] slopes of the balances by the probes */
    sei_hfo_memory hfo;
} sei_rates;

/* Cell-major state. */
typedef struct {
    double *total, *suspended, *solid, *temp_k; /* as in train.h */
    double *x, *mu, *ln_aw;                     /* unknowns of the last solution */
} sei_state;

/* The factorised slopes of each cell's balances, for use again near by within a time step. */
typedef struct {
    double *lu;       /* [n_cells * n_comp^2] */
    size_t *pivot;    /* [n_cells * n_comp] */
    double *scale;    /* [n_cells * n_comp] of the balances, by which their slopes stand in lu */
    double *by_mu;    /* [n_cells * n_comp] d x / d I */
    double *mu_row;   /* [n_cells * n_comp] of the ionic strength by x */
    double *mu_slope; /* [n_cells] of the balance of ionic strength by I, x following */
    double *tau_s;    /* [n_cells] what it was made for; 0: there is none */
} sei_factors;

struct sei_train {
    sei_ctx         *ctx;
    const sei_model *model;
    size_t           n_zones, n_cells, n_links, n_inflows, n_comp, n_solids;
    sei_zone        *zones;
    double          *zone_params;
    sei_cell        *cells;
    sei_link        *links;       /* sorted by destination */
    size_t          *link_ptr;    /* [n_cells + 1] */
    double          *out_share;   /* [n_cells] share of the outflow that leaves the train */
    size_t          *overflow_of; /* [n_cells] cell whose overflow this one gets, SIZE_MAX: none */
    bool            *overflows;   /* [n_cells] has an overflow */
    double          *take, *flow_max, *capacity; /* [n_cells] share and kg/s */
    double          *catches,
        *holds; /* [n_cells] shares of what the clean cell does: sei_train_set_passage */
    double    *brought, *pass; /* [n_cells] kg/s, share of it that enters; of the last stage */
    double    *added;          /* [n_solids] */
    sei_state  state, trial;
    sei_equil *eq;
    sei_rates  rates;
    /* how the unknowns went in the last step, 1/s, and where they were in the step's first stage */
    double *x_rate, *mu_rate;   /* [n_cells * n_comp], [n_cells] */
    double *stage_x, *stage_mu; /* likewise */
    /* per stage and cell */
    double *stage_total, *stage_susp, *stage_temp; /* [SEI_STAGES][n_cells * …] */
    double *f_total, *f_susp, *f_solid, *f_temp;   /* time derivatives, same layout */
    double *flow;                                  /* [n_cells] kg/s at the stage */
    double *cin, *pin;                             /* inflow of the cell at hand */
    double *base, *base_susp;
    double *base_solid;  /* bed solids of the cell at hand before the stage's own rates, mol */
    double *ahead_solid; /* the same at the end of the stage as the last rates foretell it */
    double *last_solid;  /* [n_cells * n_solids] mol/s at the end of the last step */
    /* mol/kgw/s of each law, [n_cells * n_laws], at the stages and at the end of the last step; of the cell at hand what the last
     * rates foretell that beds gain, mol/s, and what each law itself has of that (NULL: nothing is) */
    double       *f_rate, *last_rate;
    const double *gaining, *own_rate;
    bool
            is_wary; /* what the last rates brought to a bed has not come: a solid ran short in this step's last attempt */
    double *made_bed, *made_susp; /* [n_solids] mol/kgw/s in the cell at hand */
    double  solid_tau_s;          /* the stage's share of the step; 0: solids stay as they are */
    double
        water_tau_s; /* the same for what the water carries, and in a steady state the step towards it */
    size_t      failed_cell;     /* where the last failure was; SIZE_MAX: nowhere */
    double      stage_tolerance; /* largest relative residual of a stage; 0: as small as can be */
    bool        at_rest;         /* steady state: stores are neither filled nor emptied */
    bool        is_held;         /* steady state with the beds as they are given */
    double     *rhs;
    double     *moved; /* [n_components] mol/kgw, by the last step of a solution */
    double     *error; /* [n_cells * n_comp] mol/kgw, of the step at hand */
    sei_factors factors;
    /* boundary buffers */
    double         *b_flow, *b_temp, *b_total, *b_susp;
    sei_boundary    boundary;
    sei_ledger      ledger;
    double         *ledger_mem;
    double         *held_start; /* [n_components + n_solids] mol at sei_train_fill */
    double         *flux;       /* work: sei_flux_size numbers for each stage */
    sei_train_stats stats;
    double          time_s, dt_next_s;
    /* dose.c and sludge.c */
    size_t           n_doses, n_pumps;
    sei_dose        *doses;
    double          *dose_vectors; /* comp and solid of each */
    size_t          *dose_of;      /* [n_cells] SIZE_MAX: none */
    double          *dose_1_s;     /* [SEI_STAGES][n_doses] mol/kgw/s; the last stage's stays */
    bool            *dose_limited; /* [n_doses] */
    double          *dose_power;   /* [n_doses] 0..1 of max_molal that can be given */
    sei_sludge_pump *pumps;
    double          *pump_power; /* [n_pumps] 0..1 of its rate */
    double *
        pump_memory; /* [2][n_pumps * n_solids] beds and gains of the last round of a steady state */
    double pump_dt_max_s;
    /* store.c */
    size_t     n_stores;
    sei_store *stores;
    size_t    *store_of;              /* [n_cells] SIZE_MAX: none */
    double    *room_kg;               /* [n_stores] water that a bed's pores have room for */
    double    *room_rate, *room_at_s; /* how it went in the last step, kg/s, and when it was told */
    double     room_step_s;           /* the step, s */
    double    *out;         /* [n_cells] kg/s that leave at the stage; flow is what comes in */
    double    *store_kg;    /* [n_stores] at the beginning of the step */
    double    *store_ref;   /* [n_stores] to which derivatives of a store's cell are scaled */
    double    *f_store;     /* [SEI_STAGES][n_stores] kg/s */
    double    *store_base;  /* [n_stores] of the stage */
    double     store_tau_s; /* of the stage; 0: as it is, < 0: where it comes to rest */
    size_t     store_stage;
    /* books.c; fluxes of the groups stand behind those of the train */
    size_t  n_groups;
    size_t *group_of;              /* [n_cells] */
    double *added_of, *removed_of; /* [n_groups * n_solids] */
    double *water_start,
        *bed_start; /* [n_groups * n_comp + n_groups * n_solids], [n_groups * n_solids] */
};

/* Numbers of one group's fluxes: in, out, air of components; in, out, sludge of solids. */
static inline size_t sei_group_flux_size(const sei_train *t)
{
    return 3 * t->n_comp + 3 * t->n_solids;
}

/* Where the fluxes of a group begin among all. */
static inline size_t sei_group_flux_at(const sei_train *t, size_t group)
{
    return 3 * t->n_comp + 3 * t->n_solids + t->n_pumps * t->n_solids + 2 * t->n_doses +
           group * sei_group_flux_size(t);
}

/* Numbers of the ledger, in the order of its arrays. */
static inline size_t sei_flux_size(const sei_train *t)
{
    return sei_group_flux_at(t, t->n_groups);
}

/* src/transport/rates.c */
/* Once: what laws read of ions that the model does not have. */
void sei_rates_fill_absent(sei_train *train);
/* Before the first evaluation in a solution: reads the solids, which stay while the water is looked for, and forgets what
 * belongs to another solution. */
void sei_rates_begin(sei_train *train, size_t cell);
void sei_rates_eval(sei_train *train, size_t cell, double dt_s);
/* Slope of a law's rate by the ln activity of one component, at the last rates and Jacobian. */
double sei_rate_slope(const sei_train *train, size_t law, size_t comp);
/* Rates after a small step dx of the unknowns, dtotal of the totals and dmu of the ionic strength, along their
 * slopes. */
void sei_rates_follow(sei_train *train, const double dx[], const double dtotal[], double dmu);
/* Slopes of the balances by the laws, into lin (row-major) and with the other sign into rhs_mu: a law adds to row j its
 * slopes times -tau_s times its stoichiometry times gain[j] where it makes component j, loss[j] where it takes
 * it. */
void sei_rates_add_slopes(sei_train *train, double tau_s, const double gain[], const double loss[],
                          double lin[], double rhs_mu[]);

/* src/transport/cell.c: solves one implicit stage of one cell; train->base, cin and flow are set.
 * tau_s = h * gamma. On success eq holds the solution. */
SEI_CHECKED sei_status sei_cell_solve(sei_ctx *ctx, sei_train *train, size_t cell, double tau_s,
                                      double dt_s);

/* Takes the place of a change of the balances, mol/kgw, by what the totals of a cell just solved answer it with. The
 * change stays where the solution needed no slopes. */
void sei_cell_answer(sei_train *train, size_t cell, double io_change[]);

/* src/transport/error.c */
/* After the last stage of a cell, the cells before it done: its error into train->error. */
void sei_cell_error(sei_train *train, size_t cell, double h_gamma);
/* Local error of a step in units of the tolerance; of implicit Euler (one stage) half of the change is taken. Mean square
 * over components, worst cell. */
double sei_step_error(const sei_train *train, size_t stages, double h_gamma,
                      const sei_step_control *control);

/* src/transport/step.c */
void sei_cell_inflow(sei_train *train, size_t cell, const double total[], const double susp[],
                     const double temp_k[], double *ret_temp_k);
/* Conductance of a cell to the air under what snow there is, and what the sun gives it. */
void sei_cell_sky(const sei_train *train, size_t cell, double *ret_air_w_k, double *ret_sun_w);
/* Suspended solids caught in a cell, 1/s, at its flow. */
double     sei_capture_1_s(const sei_train *train, size_t cell);
sei_status sei_boundary_at(sei_ctx *ctx, sei_train *train, sei_boundary_fn fn, void *user,
                           double t_s);
void       sei_flows(sei_train *train);
void       sei_cell_load(sei_train *train, size_t cell);
/* Moles of each solid made per kg of water and second at the last rates: into the bed, and carried. */
void sei_solid_production(const sei_train *t, size_t cell, double ret_bed[], double ret_susp[]);

/* Of what a law makes of a solid, mol/kgw/s, the share that the water carries at first. */
double sei_carried_share(const sei_train *t, size_t cell, const sei_compiled_law *law, double made);

/* kg/s of a link at the present flows. */
double sei_link_flow(const sei_train *t, const sei_link *l);

/* src/transport/store.c */
SEI_CHECKED sei_status sei_stores_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec);
void                   sei_stores_free(sei_train *t);
/* Fills them as at the start of a run. */
void sei_stores_fill(sei_train *t);
/* Before a stage: base and tau; a holds the method's row of it. */
void sei_stores_stage(sei_train *t, size_t stage, double h, const double a[]);
/* What leaves cell c when t->flow[c] comes in. */
double sei_store_out(sei_train *t, size_t c);
/* Would the stage take more than what nobody can draw? The step is too long. */
bool sei_stores_overdrawn(const sei_train *t);
/* Share of what comes in that goes over the weir now. */
double sei_store_overflow_share(const sei_train *t, size_t cell);
void   sei_stores_accept(sei_train *t);
/* Water of a cell in this stage over that to which its derivatives are scaled; 1 without a store. */
double sei_store_scale(const sei_train *t, size_t cell);
/* The same of the beginning of the step. */
double sei_store_scale_before(const sei_train *t, size_t cell);
/* Water of the clean bed over what is in the cell; 1 but for beds with deposits. */
double sei_store_bed_share(const sei_train *t, size_t cell);
/* Local error of the water in stores, in units of the tolerance. */
double sei_stores_error(const sei_train *t, double h_gamma, size_t stages, double rel_tol);

/* src/transport/books.c */
SEI_CHECKED sei_status sei_books_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec);
void                   sei_books_free(sei_train *t);
void                   sei_books_open(sei_train *t);
/* Of solids that are put into a bed by hand, or taken out (mol < 0). */
void sei_books_add(sei_train *t, size_t cell, size_t solid, double mol);
/* Adds what crosses the bounds of groups in a stage; total and susp of its cells. */
void sei_group_flux(const sei_train *t, const double total[], const double susp[], size_t stage,
                    double flux[]);
/* Where a cell's exchange with the air is added for its group; NULL without groups. */
double *sei_group_air(const sei_train *t, size_t cell, double flux[]);

/* src/transport/dose.c */
SEI_CHECKED sei_status sei_doses_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec);
void                   sei_doses_free(sei_train *t);
/* sei_cell_solve with the reagent that the cell gets; stage says where the dose is kept. */
SEI_CHECKED sei_status sei_cell_solve_dosed(sei_ctx *ctx, sei_train *t, size_t cell, double tau_s,
                                            double dt_s, size_t stage);
/* Adds what the reagent brings to the derivatives of a cell's totals, mol/kgw/s. */
/* [n_components] What a mol of the reagent brings that held the pH of a cell in the last stage; NULL: none did. */
const double *sei_dose_that_holds_ph(const sei_train *t, size_t cell);
void          sei_dose_derivative(const sei_train *t, size_t cell, size_t stage, double f[]);
double        sei_dose_solid(const sei_train *t, size_t cell, size_t stage, size_t solid);
void          sei_dose_flux(const sei_train *t, size_t stage, double flux[]);

/* src/transport/sludge.c */
SEI_CHECKED sei_status sei_pumps_create(sei_ctx *ctx, sei_train *t, const sei_train_spec *spec);
void                   sei_pumps_free(sei_train *t);
/* Solid that pumps bring into a cell's suspension, mol/kgw/s, and take from its bed, mol/s. */
double sei_pumped_in(const sei_train *t, size_t cell, size_t solid);
double sei_pumped_out(const sei_train *t, size_t cell, size_t solid);
/* Share of a cell's bed that pumps take in a second. */
double sei_pumped_share_1_s(const sei_train *t, size_t cell);
void   sei_pump_flux(const sei_train *t, double flux[]);
/* Brings beds that pumps empty nearer to where what settles is what they take; true when they are there.
 * Round 0 begins. */
bool sei_pumps_settle(sei_train *t, int round);

/* Specific heat of water near 15 degC (CRC Handbook of Chemistry and Physics), J/kg/K. */
#define SEI_WATER_J_KG_K 4186.0

#endif
