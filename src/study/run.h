/* run.h - parts of a run that its files share; not for others */
#ifndef SEI_STUDY_RUN_H
#define SEI_STUDY_RUN_H

#include "base/arena.h"
#include "plant/plant.h"
#include "seiryu/result.h"
#include "transport/train.h"

/* ---- what the model consists of (run_model.c) ---- */

typedef struct {
    sei_db    *db;
    sei_model *model;
    double    *law_params; /* SI, defaults with the site's changes */
} sei_run_model;

SEI_CHECKED sei_status sei_run_model_create(sei_ctx *ctx, const sei_site *site, sei_run_model *ret);
void                   sei_run_model_done(sei_ctx *ctx, sei_run_model *model);

/* Component that a quantity of the influent stands for ("zn" -> "Zn"), NULL for none. fe and the
 * carbon quantities have rules of their own and give NULL. */
const char *sei_run_component_of(const char *quantity_key);

/* ---- the influent and the weather as boundary (run_influent.c) ---- */

typedef struct sei_run_inflow sei_run_inflow;

SEI_CHECKED sei_status sei_run_inflow_create(sei_ctx *ctx, const sei_site *site,
                                             const sei_run_model *model, sei_run_inflow **ret);
void                   sei_run_inflow_free(sei_run_inflow *inflow);
/* As sei_boundary_fn; user is the inflow. */
sei_status sei_run_boundary(void *user, sei_ctx *ctx, double t_s, sei_boundary *boundary);
/* Mean flow over the run, m3/s. */
double sei_run_inflow_mean_m3_s(const sei_run_inflow *inflow);
/* Temperature of the ground where it is the mean of the air over the run, K; 0 where it is not. */
double sei_run_inflow_ground_k(const sei_run_inflow *inflow);
/* First time after t_s at which the influent changes its course, INFINITY for none. */
double sei_run_inflow_next_break(const sei_run_inflow *inflow, double t_s);

/* ---- events (run_events.c) ---- */

typedef struct sei_run_events sei_run_events;

SEI_CHECKED sei_status sei_run_events_create(sei_ctx *ctx, const sei_site *site,
                                             const sei_plant *plant, sei_run_events **ret);
void                   sei_run_events_free(sei_run_events *events);
/* Time of the next event, s from the start; INFINITY for none. */
double sei_run_events_next(const sei_run_events *events);
/* Instants that have been done, and the first n taken as done: a state that is read back holds what they
 * did. E_RANGE when there are fewer. */
size_t                 sei_run_events_done(const sei_run_events *events);
SEI_CHECKED sei_status sei_run_events_skip(sei_run_events *events, size_t n);
/* Does everything that is due at t_s to the train. */
SEI_CHECKED sei_status sei_run_events_apply(sei_run_events *events, sei_train *train, double t_s);

/* ---- head and overflow (run_hydraulics.c) ---- */

typedef struct sei_run_hydraulics sei_run_hydraulics;

SEI_CHECKED sei_status sei_run_hydraulics_create(sei_ctx *ctx, const sei_plant *plant,
                                                 sei_run_hydraulics **ret);
void                   sei_run_hydraulics_free(sei_run_hydraulics *hydraulics);
/* After a step, at t_s: what the deposits leave of each unit's capacity. */
SEI_CHECKED sei_status sei_run_hydraulics_follow(sei_run_hydraulics *hydraulics, sei_train *train,
                                                 double t_s);
/* Room that deposits take in each cell of the plant now. */
const double *sei_run_hydraulics_deposits(const sei_run_hydraulics *hydraulics);
/* Its memory as one array of 3 n_cells + n_units numbers, there and back. */
void sei_run_hydraulics_get(const sei_run_hydraulics *hydraulics, double ret_counts[]);
void sei_run_hydraulics_set(sei_run_hydraulics *hydraulics, const double counts[]);
/* A unit at the end; work_m3: one number a cell. overflow_share stays 0. */
void sei_run_hydraulics_unit(const sei_run_hydraulics *hydraulics, size_t unit, double flow_m3_s,
                             double work_m3[], sei_result_hydraulics *ret);

/* ---- steady states (run_rest.c) ---- */

struct sei_result_memory;

/* The steady state with the beds as they are, from the end of a run through time, and how far that was from it. */
SEI_CHECKED sei_status sei_recorder_settle(struct sei_result_memory *recorder, sei_train *train,
                                           sei_run_inflow *inflow);
/* What the beds of the steady state gain. */
SEI_CHECKED sei_status sei_recorder_put_gains(struct sei_result_memory *recorder,
                                              const sei_train          *train);

/* ---- recording (run_record.c) ---- */

typedef struct sei_result_memory {
    sei_result    result;
    sei_ctx      *ctx;
    sei_arena     arena;
    sei_run_model model;
    sei_plant    *plant;
    sei_train    *rest;     /* of a steady run, for those that begin near it; NULL: through time */
    double        ground_k; /* as sei_run_inflow_ground_k */
    size_t        times_max, profiles_max;
    sei_watch    *watches;
    sei_quantity_column *columns;
    size_t              *column_row; /* of each column in the table of run_record.c */
    double          *weight; /* [n_columns * (n_components + n_solids)] what each column counts */
    double          *dose_kg_s; /* [times_max * n_doses] */
    size_t          *tank_unit; /* [n_tanks] */
    double          *tank;      /* as in sei_result */
    int64_t         *time_us, *profile_time_us;
    double          *value, *solid_mol, *profile_value, *profile_solid, *solid_mol_s;
    sei_result_unit *units;
    sei_result_cell *cells;
    double          *mix_total, *mix_susp;     /* of the discharge */
    double          *solid_bed_m3;             /* empty-bed volume of each cell */
    double          *work_m3;                  /* likewise, scratch */
    double          *brought_kg, *overflow_kg; /* of each unit over the run */
    sei_run_hydraulics *hydraulics;
} sei_recorder;

/* As sei_study_run; the search for a steady state begins where that of `near`, a steady run of nearly the same site, ended.
 * near may be NULL and is only read. */
SEI_CHECKED sei_status sei_study_run_near(sei_ctx *ctx, const sei_site *site,
                                          const sei_result *near, const sei_run_hooks *hooks,
                                          sei_result **ret_result);

SEI_CHECKED sei_status sei_recorder_create(sei_ctx *ctx, const sei_site *site, sei_recorder **ret);
/* After model and plant are set: tables, columns, arrays. */
SEI_CHECKED sei_status sei_recorder_prepare(sei_recorder *r, size_t times_max, size_t profiles_max);
SEI_CHECKED sei_status sei_recorder_take(sei_recorder *r, sei_train *train, sei_run_inflow *inflow,
                                         double t_s);
SEI_CHECKED sei_status sei_recorder_profile(sei_recorder *r, sei_train *train, double t_s);
/* What the feeders give now, into the row of the present output time (run_supply.c). */
void sei_recorder_put_doses(sei_recorder *r, const sei_train *train);
/* Units with a level, and water in them now (run_tank.c). */
SEI_CHECKED sei_status sei_recorder_prepare_tanks(sei_recorder *r, size_t times_max);
void                   sei_recorder_put_tanks(sei_recorder *r, const sei_train *train);
/* Reagents and sludge (run_supply.c). */
SEI_CHECKED sei_status sei_recorder_finish_supply(sei_recorder *r, const sei_train *train);
/* What the run counts along the way, as one array: for restart files. */
size_t sei_recorder_n_counts(const sei_recorder *r);
void   sei_recorder_get_counts(const sei_recorder *r, double ret_counts[]);
void   sei_recorder_set_counts(sei_recorder *r, const double counts[]);
/* Counts what a step brought to the units and what of it overflowed. */
void sei_recorder_count(sei_recorder *r, const sei_train *train, double dt_s);
/* Warnings where the result goes beyond what practice sizes by (run_screening.c). */
void sei_recorder_screen(sei_recorder *r);
/* Means, books, warnings. */
SEI_CHECKED sei_status sei_recorder_finish(sei_recorder *r, const sei_train *train);

#endif
