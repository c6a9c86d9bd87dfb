/*
 * train.h - cells in series with reactions: description, state, time integration
 *
 * Every cell is a stirred volume of pore water. Water flows along links from earlier cells (or from
 * an inflow) to later ones, so that a whole time step is solved cell by cell downstream, each cell
 * fully implicit: no splitting between transport and reaction, no Courant limit. N equal cells in
 * series have the residence-time curve of N tanks in series.
 *
 * Units: mol, kg, m, s, K. Dissolved components and suspended solids in mol/kgw (1 kg of pore
 * water = 1e-3 m3 here); bed solids in mol per cell.
 */
#ifndef SEI_TRANSPORT_TRAIN_H
#define SEI_TRANSPORT_TRAIN_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/chem.h"
#include "seiryu/ctx.h"
#include "seiryu/kin.h"

/* Cells that share parameters of the rate laws. */
typedef struct {
    const char *name;
    double     *law_params; /* SI; model's laws one after the other, sei_model_param_offset() */
} sei_zone;

/* Open top of a cell: what snow keeps warm and the sun reaches. */
typedef struct {
    double w_k;    /* heat exchange with the air, part of the cell's ua_air_w_k */
    double m2;     /* plan area of it */
    double sun_m2; /* plan area times the share of the sun's radiation that is taken up */
    double snow;   /* share of the area that carries snow when the boundary has any, 0..1 */
} sei_open_top;

typedef struct {
    size_t       zone;
    double       water_kg;      /* pore water in the cell */
    double       capture_1_s;   /* suspended solids caught by the bed or settled, first order */
    double       ua_air_w_k;    /* heat exchange with the air, W/K */
    double       ua_ground_w_k; /* with the ground, W/K */
    double       heat_j_k;      /* heat capacity of water and media, J/K */
    double       filter; /* filter coefficient times length: suspended solids caught as the water
                             passes, whatever its speed */
    sei_open_top top;
} sei_cell;

enum { SEI_FROM_INFLOW = -1 }; /* inflow b is written as SEI_FROM_INFLOW - b */

/* fraction of what leaves `from` goes to cell `to` (to > from). */
typedef struct {
    int    from;
    size_t to;
    double fraction;
} sei_link;

/* What cell `of` does not take of the water that its links bring (sei_train_set_take,
 * sei_train_set_flow_max) goes to cell `to` (> of). A cell has at most one overflow, and receives one. */
typedef struct {
    size_t of, to;
} sei_overflow;

/*
 * A reagent that is added to one cell. A mole of it brings comp[] into solution and solid[], what does
 * not dissolve, into suspension. With set_ph it is what gives the cell that pH, from nothing to max_molal;
 * without (NAN) it is max_molal always.
 */
typedef struct {
    size_t        cell;      /* one reagent a cell */
    const double *comp;      /* [n_components] */
    const double *solid;     /* [n_solids] */
    double        max_molal; /* mol for each kg of water that flows in */
    double        set_ph;
} sei_dose;

/* Bed solids of one cell (the sludge of a thickener) that a pump carries into the suspension of another
 * cell, upstream or down, or away: the share rate_1_s of what the bed held when the time step began. */
typedef struct {
    size_t from;
    size_t to; /* SEI_SLUDGE_AWAY: leaves the train */
    double rate_1_s;
} sei_sludge_pump;
#define SEI_SLUDGE_AWAY ((size_t)-1)

/*
 * A cell whose water rises and falls, W kg. What leaves it follows from what it holds: draw_kg_s, which fades to nothing
 * over the lowest part of the range above empty_kg, and all that would rise above full_kg (within a few hundredths of
 * the range) over a weir, to where the cell's other water goes.
 *
 * With is_bed the cell is a bed whose pores deposits fill: it is full of water always, start_kg at first and then what
 * sei_train_set_room leaves; the other numbers are not read.
 */
typedef struct {
    size_t cell;
    double draw_kg_s, empty_kg, full_kg, start_kg; /* 0 < empty < full */
    bool   is_bed;
} sei_store;

/* What a compiled model consists of; laws and names are borrowed for the model's life. */
typedef struct {
    const sei_db              *db;
    size_t                     n_components;
    const char *const         *components; /* "Fe(2)", "Zn", … without H */
    size_t                     n_solids;
    const char *const         *solids; /* phases of the database, "bran", "husk" */
    size_t                     n_laws;
    const sei_rate_law *const *laws;
    bool has_nutrients; /* bacteria may lack nitrogen and phosphorus (SEI_IN_TOTAL_IF) */
} sei_model_spec;

typedef struct sei_model sei_model; /* network of species + reactions, read-only once made */

SEI_CHECKED sei_status sei_model_create(sei_ctx *ctx, const sei_model_spec *spec,
                                        sei_model **ret_model);
void                   sei_model_free(sei_model *model);
const sei_net         *sei_model_net(const sei_model *model);
size_t                 sei_model_n_components(const sei_model *model); /* with H as the last */
size_t                 sei_model_n_solids(const sei_model *model);
size_t                 sei_model_n_laws(const sei_model *model);
const sei_rate_law    *sei_model_law(const sei_model *model, size_t law);
size_t                 sei_model_n_params(const sei_model *model); /* of all laws */
size_t                 sei_model_param_offset(const sei_model *model, size_t law);
const char            *sei_model_solid_name(const sei_model *model, size_t solid);
size_t sei_model_find_solid(const sei_model *model, const char *name); /* n_solids when absent */
size_t sei_model_find_law(const sei_model *model, const char *key);    /* n_laws when absent */
/* What a pool that is no phase of the database is made of ("bran": CH2O); NULL when it is none. */
const char *sei_model_pool_formula(const char *name);
/* Moles of `element` ("Fe", "C", "S") in one mole of a solid or of a component's master. */
double sei_model_solid_element(const sei_model *model, size_t solid, const char *element);
double sei_model_solid_kg_mol(const sei_model *model, size_t solid); /* molar mass */
double sei_model_component_element(const sei_model *model, size_t component, const char *element);

typedef struct {
    const sei_model       *model;
    size_t                 n_zones, n_cells, n_links, n_inflows;
    const sei_zone        *zones;
    const sei_cell        *cells;
    const sei_link        *links;
    size_t                 n_overflows;
    const sei_overflow    *overflows;
    size_t                 n_doses, n_pumps;
    const sei_dose        *doses;
    const sei_sludge_pump *pumps;
    size_t                 n_stores;
    const sei_store       *stores;
    /* books are kept of groups of cells too, the units: [n_cells], below n_groups. 0: of the train alone */
    size_t        n_groups;
    const size_t *group_of;
} sei_train_spec;

typedef struct sei_train sei_train;

/* Boundary values at one time. Arrays are the caller's. */
typedef struct {
    const double *flow_kg_s;       /* [n_inflows] */
    const double *temp_k;          /* [n_inflows] */
    const double *total_molal;     /* [n_inflows * n_components], H as the last */
    const double *suspended_molal; /* [n_inflows * n_solids] */
    double        air_k, ground_k;
    double        sun_w_m2;    /* on level ground */
    double        snow_m2_k_w; /* resistance of the snow cover to heat */
    double        snow_shade;  /* share of the sun that snow keeps off, 0..1 */
} sei_boundary;

/* Fills the boundary at time t_s (seconds from the start). */
typedef sei_status (*sei_boundary_fn)(void *user, sei_ctx *ctx, double t_s, sei_boundary *boundary);

typedef struct {
    double rel_tol;       /* local error of totals per step, relative */
    double abs_tol_molal; /* and absolute, mol/kgw */
    double dt_min_s, dt_max_s, dt_start_s;
    double fixed_dt_s; /* > 0: no step control (convergence tests) */
} sei_step_control;
void sei_step_control_default(sei_step_control *control);

SEI_CHECKED sei_status sei_train_create(sei_ctx *ctx, const sei_train_spec *spec,
                                        sei_train **ret_train);
void                   sei_train_free(sei_train *train);
/* Puts water, suspension, temperature, doses and pumped sludge where those of a train of the same shape are: where the search
 * for a steady state begins. A train of another shape is left as it is. */
void sei_train_begin_near(sei_train *train, const sei_train *other);

/* State access; pointers stay valid for the train's life. After editing totals or temperature call
 * sei_train_settle. */
double *sei_train_total(sei_train *train, size_t cell);     /* [n_components] mol/kgw */
double *sei_train_suspended(sei_train *train, size_t cell); /* [n_solids] mol/kgw */
double *sei_train_solid(sei_train *train, size_t cell);     /* [n_solids] mol in the cell */
double *sei_train_temp_k(sei_train *train, size_t cell);
double  sei_train_solid_at(const sei_train *train, size_t cell, size_t solid);

/* ---- what happens to a train from outside: between calls of sei_train_advance ---- */

/* Share of the water brought to a cell that it takes (1 at first), and the most that passes it, kg/s
 * (INFINITY at first). What is left overflows; E_ARG for a cell without an overflow. */
SEI_CHECKED sei_status sei_train_set_take(sei_ctx *ctx, sei_train *train, size_t cell,
                                          double share);
SEI_CHECKED sei_status sei_train_set_flow_max(sei_ctx *ctx, sei_train *train, size_t cell,
                                              double flow_max_kg_s);
/* The same for what a bed lets pass; the smaller of the two holds. */
SEI_CHECKED sei_status sei_train_set_capacity(sei_ctx *ctx, sei_train *train, size_t cell,
                                              double flow_max_kg_s);
/*
 * What a cell whose pores deposits fill still does of what it does when clean, 0..1 (1 at first): its capture (where its water follows its
 * room, of that of the water of the clean bed), and the share of precipitates that stays in its bed. The rest stays in suspension.
 */
void sei_train_set_passage(sei_train *train, size_t cell, double catches, double holds);
/* Water in a cell now: it changes in stores alone. */
double sei_train_water_kg(const sei_train *train, size_t cell);
/* Water that the pores of a bed (a store with is_bed; other cells are left alone) have room for from now on. What they lose
 * stays in the deposits, its solutes in the rest; what they gain comes out of the inflow, half of it at most. */
void sei_train_set_room(sei_train *train, size_t cell, double water_kg);
/* Water brought to a cell and share of it that overflows, at the flows of the last step. */
double sei_train_brought_kg_s(const sei_train *train, size_t cell);
double sei_train_overflow_share(const sei_train *train, size_t cell);
/* Parameters of the rate laws of a zone, SI, to be changed. */
double *sei_train_zone_params(sei_train *train, size_t zone);
/* Puts mol of a solid into the bed of a cell, or takes it out (mol < 0; never more than there is),
 * and books it as added. */
void sei_train_add_solid(sei_train *train, size_t cell, size_t solid, double mol);
/* The next step begins as short as the first one did: something has changed at a blow. */
void sei_train_restart_step(sei_train *train);

/* Every cell filled with inflow 0 at t = 0, solids untouched. */
SEI_CHECKED sei_status sei_train_fill(sei_ctx *ctx, sei_train *train, sei_boundary_fn boundary,
                                      void *user);
SEI_CHECKED sei_status sei_train_settle(sei_ctx *ctx, sei_train *train);
/* The ledger starts anew from what the train holds now; sei_train_fill does it too. */
void sei_train_open_books(sei_train *train);

/* All that a train carries from one step to the next, for restart files. _set checks that the numbers
 * can be a train's and leaves it alone when they cannot. */
size_t                 sei_train_state_size(const sei_train *train);
void                   sei_train_get_state(const sei_train *train, double ret_state[]);
SEI_CHECKED sei_status sei_train_set_state(sei_ctx *ctx, sei_train *train, size_t n,
                                           const double state[]);

/* Time that the train has reached, s from the start. */
double sei_train_time_s(const sei_train *train);

/* Advances to t_end_s, or fails (E_STEP) where that takes more than 20 000 steps and tries for a day of it. on_step (may
 * be NULL) is called after every accepted step and may stop the run by returning another status than SEI_OK, which is passed on. */
typedef sei_status (*sei_step_fn)(void *user, sei_ctx *ctx, double t_s, double dt_s,
                                  const sei_train *train);
SEI_CHECKED sei_status sei_train_advance(sei_ctx *ctx, sei_train *train,
                                         const sei_step_control *control, sei_boundary_fn boundary,
                                         void *user, double t_end_s, sei_step_fn on_step,
                                         void *step_user);
/* Steady state of water and suspension for the solids and boundary of time t_s. Beds that pumps empty are
 * brought to their steady state too. */
SEI_CHECKED sei_status sei_train_steady(sei_ctx *ctx, sei_train *train, sei_boundary_fn boundary,
                                        void *user, double t_s);

/* The same with all that lies in the beds held as it is: sorbed metals and pumped sludge too. */
SEI_CHECKED sei_status sei_train_steady_held(sei_ctx *ctx, sei_train *train,
                                             sei_boundary_fn boundary, void *user, double t_s);
/* What the bed of a cell gains of a solid (< 0: loses), mol/s, at the end of the last step or at the steady state. */
double sei_train_solid_mol_s(const sei_train *train, size_t cell, size_t solid);

/* Speciated view of a cell after a step, or of the inflow. */
typedef struct {
    double        ph, ionic_strength, temp_k, flow_kg_s;
    double        alkalinity_eq_kgw;
    const double *total_molal;     /* [n_components] dissolved */
    const double *suspended_molal; /* [n_solids] */
    const double *solid_mol;       /* [n_solids], NULL for an inflow */
    const double *species_molal;   /* [n_species of the net] */
    const double *law_rate;        /* [n_laws] mol/kgw/s, NULL for an inflow */
} sei_cell_view;
SEI_CHECKED sei_status sei_train_view(sei_ctx *ctx, const sei_train *train, size_t cell,
                                      sei_cell_view *ret_view);
SEI_CHECKED sei_status sei_train_view_inflow(sei_ctx *ctx, sei_train *train, size_t inflow,
                                             sei_boundary_fn boundary, void *user, double t_s,
                                             sei_cell_view *ret_view);

/* The same for a water that is given, such as a mixture of outlets; flow is passed through. */
SEI_CHECKED sei_status sei_train_view_water(sei_ctx *ctx, sei_train *train,
                                            const double total_molal[],
                                            const double suspended_molal[], double temp_k,
                                            double flow_kg_s, sei_cell_view *ret_view);

/* Ledger since the books were opened, per component and per solid, mol: in with the inflows and with
 * reagents, out of the last cells, exchanged with the air, and what the cells hold. */
typedef struct {
    double *in_total, *out_total, *air_total; /* [n_components] */
    double *in_suspended, *out_suspended;     /* [n_solids] */
    double *added_solid;                      /* [n_solids] put into beds less what was taken out */
    double *away;                             /* [n_solids] sludge that pumps took away */
    double *pumped;                           /* [n_pumps * n_solids] by each pump */
    double *dosed;                            /* [n_doses] reagent; part of in_… */
    double *limited_s;                        /* [n_doses] time at the most that may be given */
} sei_ledger;
const sei_ledger *sei_train_ledger(const sei_train *train);
/* Relative imbalance of an element over everything since sei_train_fill:
 * |in + added - out - (held now - held then)| / max(in, held). */
double sei_train_imbalance(const sei_train *train, const char *element);
/* Moles of an element: brought in, carried out, taken from the air, and gained by what is held. */
typedef struct {
    double in_mol, out_mol, air_mol, change_mol, imbalance;
    double added_mol; /* put into beds by hand, less what was taken out */
} sei_element_book;
SEI_CHECKED sei_status sei_train_book(sei_ctx *ctx, const sei_train *train, const char *element,
                                      sei_element_book *ret_book);

/*
 * The same of a group of cells (books.c), mol of an element since the books were opened:
 *     in + air + added - out - removed - sludge = water + bed
 * in: with water from outside the group, with reagents, and with sludge that is pumped to it. water and bed: what
 * the pores hold more (dissolved and carried), and the beds (settled, precipitated, sorbed, grown; media used up < 0).
 */
typedef struct {
    double in_mol, out_mol;        /* with water */
    double air_mol;                /* taken from the air */
    double added_mol, removed_mol; /* by hand: media filled in; cleaned or renewed away */
    double sludge_mol;             /* pumped out of the beds, to waste or to another group */
    double water_mol, bed_mol;
    double imbalance; /* relative, as sei_train_imbalance */
} sei_group_book;
SEI_CHECKED sei_status sei_train_group_book(sei_ctx *ctx, const sei_train *train, size_t group,
                                            const char *element, sei_group_book *ret_book);

/* Reagent that goes in now, mol/s: that of the last step. */
double sei_train_dose_mol_s(const sei_train *train, size_t dose);
/* What a pump moves of a solid now, mol/s. */
double sei_train_pumped_mol_s(const sei_train *train, size_t pump, size_t solid);
/* Share of a feeder's most, or of a pump's rate, that holds from now on: 0 without power. */
void sei_train_set_dose_power(sei_train *train, size_t dose, double share);
void sei_train_set_pump_power(sei_train *train, size_t pump, double share);

typedef struct {
    size_t steps, rejected, cell_solves, newton_iterations;
} sei_train_stats;
sei_train_stats sei_train_get_stats(const sei_train *train);
/* Cell that the last failure of an advance or a steady state came from; SIZE_MAX where it is no cell's. */
size_t sei_train_failed_cell(const sei_train *train);

#endif
