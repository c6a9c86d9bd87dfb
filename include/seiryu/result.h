/*
 * result.h - running a site and what comes out
 *
 * sei_study_run turns a site into a model, runs it and records water at the points where it is
 * watched, profiles along the beds, and what the beds hold. A result is read-only.
 */
#ifndef SEIRYU_RESULT_H
#define SEIRYU_RESULT_H

#include <signal.h>

#include "seiryu/chem.h"
#include "seiryu/study.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef enum {
    SEI_WATCH_RAW,      /* the influent */
    SEI_WATCH_UNIT,     /* outlet of a unit */
    SEI_WATCH_DISCHARGE /* all water that leaves the site, bypass included */
} sei_watch_kind;

/* A place where water is watched. Units without water of their own (mixer, splitter) count too. */
typedef struct {
    sei_watch_kind kind;
    const char    *key;            /* "raw", the unit's name, "discharge" */
    const char    *name, *name_ja; /* for people */
    size_t         unit;           /* index in site->units; SIZE_MAX for raw and discharge */
} sei_watch;

/* What a bed lets pass at the end of the run, at the mean flow that was brought to it. Times are
 * INFINITY when they lie beyond a century or nothing limits them. */
typedef struct {
    double head_m, head_max_m; /* head_max_m 0: none */
    double porosity;           /* of the tightest cell */
    double deposit_m3;
    double pore_m3,
        hrt_pore_s;      /* that deposits leave; as sei_result_unit has them of the clean bed */
    double permeability; /* over that of the clean bed */
    double flow_max_m3_s;
    double clogs_in_s; /* until water overflows at the mean flow, deposits growing as they did */
    double overflow_share; /* of all water brought to the unit in the run */
} sei_result_hydraulics;

/* Size of a unit at the mean flow of the run. */
typedef struct {
    double bed_m3, pore_m3, area_m2;
    double mean_flow_m3_s;
    double hrt_nominal_s, hrt_pore_s; /* of the clean bed; 0 when it holds no water */
    sei_result_hydraulics hydraulics;
} sei_result_unit;

typedef struct {
    size_t unit, layer; /* layer: SIZE_MAX when the unit has none */
    double distance_m;  /* from the unit's inlet to the cell's downstream end */
    double
        hrt_nominal_s; /* nominal retention time from the head of the train to there, mean flow */
} sei_result_cell;

/* One element's books over the run, mol. in + air + added - out = change of what the train holds. */
typedef struct {
    const char *element;
    double      in_mol, out_mol, air_mol, change_mol;
    double      imbalance; /* relative, see sei_train_imbalance */
    double      added_mol; /* put into beds by events, less what was taken out */
} sei_book;

/* The same of one unit: in + air + added - out - removed - sludge = water + bed. */
typedef struct {
    const char *element;
    size_t      unit;
    double      in_mol, out_mol;        /* with water, reagents and sludge brought to the unit */
    double      air_mol;                /* taken from the air; below 0: lost to it */
    double      added_mol, removed_mol; /* by events: media; cleaning and renewal */
    double      sludge_mol;             /* pumped out of its beds */
    double      water_mol, bed_mol;     /* gained by the water in it, and by its beds */
    double      imbalance;              /* relative */
} sei_unit_book;

/* A reagent that a unit got. */
typedef struct {
    size_t             unit;
    const sei_reagent *reagent;
    double             purity, dissolution;
    double             set_ph;     /* NAN: a fixed dose */
    double             product_kg; /* over the run, as bought */
    double             mean_kg_s;  /* mean of it */
    double             mean_kg_m3; /* for a m3 of the unit's water */
    double limited_share;          /* of the time at the most that the feeder gives, below set_ph */
} sei_result_dose;

/* Sludge that a pump moved over the run. */
typedef struct {
    size_t unit;
    size_t to; /* unit that got it; SIZE_MAX: wasted */
    double dry_kg, mean_kg_s;
    double solids_fraction, sludge_kg_m3; /* dry mass in it, and its density */
    double mean_m3_s;
} sei_result_sludge;

/* What is known of a tank with a level at an output time. */
typedef enum {
    SEI_TANK_WATER_M3,  /* in it */
    SEI_TANK_IN_M3_S,   /* that is brought to it */
    SEI_TANK_WEIR_M3_S, /* that goes over its weir */
    SEI_TANK_NUMBERS
} sei_tank_number;

/* Of a steady state with deposits: how far the run through time was from it when it ended. */
typedef struct {
    double      off;       /* largest difference of a component, as a share of what the cell has */
    size_t      unit;      /* where it is */
    const char *component; /* NULL: there was no run through time */
} sei_rest;

typedef struct {
    size_t steps, rejected_steps, cell_solves, newton_iterations;
    double wall_s; /* for the terminal only: never in a file that must be reproducible */
} sei_run_stats;

/*
 * Arrays: value[(time * n_watches + watch) * n_columns + column]; quantities in SI as the water
 * layer keeps them (kg/m3, K, m3/s; pH as it is). Metals have a TOTAL and a DISSOLVED column.
 * solid_mol[(time * n_units + unit) * n_solids + solid]: in the bed of the unit.
 * profile_value[(profile * n_cells + cell) * n_columns + column],
 * profile_solid_mol_m3[(profile * n_cells + cell) * n_solids + solid], per empty-bed volume.
 */
typedef struct {
    const sei_site  *site;        /* borrowed: the site must outlive the result */
    bool             is_complete; /* false: stopped on request, times end early */
    size_t           n_watches, n_columns, n_times, n_units, n_solids, n_cells, n_profiles;
    const sei_watch *watches;
    const sei_quantity_column *columns;
    const int64_t             *time_us;
    const double              *value;
    const char *const         *solid_name;
    const double              *solid_kg_mol; /* molar masses */
    const double              *solid_mol;
    const sei_result_unit     *units;
    const sei_result_cell     *cells;
    const int64_t             *profile_time_us;
    const double              *profile_value;
    const double              *profile_solid_mol_m3;
    const double *solid_mol_s; /* [n_units * n_solids] what beds gain; of a steady state only */
    sei_rest      rest;
    size_t        n_doses, n_sludges;
    const sei_result_dose   *doses;
    const double            *dose_kg_s; /* [n_times * n_doses] product that goes in at each time */
    const sei_result_sludge *sludges;
    size_t                   n_tanks;   /* that are drawn from, so that their level moves */
    const size_t            *tank_unit; /* [n_tanks] */
    const double            *tank;      /* [(time * n_tanks + tank) * SEI_TANK_NUMBERS + number] */
    size_t                   n_books;
    const sei_book          *books;
    size_t                   n_unit_books; /* of every element and unit, unit by unit */
    const sei_unit_book     *unit_books;
    size_t                   n_laws;
    const sei_rate_law *const *laws; /* that the model used */
    size_t                     n_components;
    const char *const         *components;
    const char                *database_path, *database_sha256;
    size_t                     n_warnings;
    const char *const         *warnings;
    sei_run_stats              stats;
    struct sei_result_memory  *memory;
} sei_result;

/* progress (may be NULL) gets 0..1 of the simulated time, at most once a time step. *stop != 0 ends
 * the run at the next step; stop may be NULL. */
typedef struct {
    void (*progress)(void *user, double fraction);
    void                        *user;
    const volatile sig_atomic_t *stop;
} sei_run_hooks;

/*
 * Runs the site as its file says. hooks may be NULL.
 *
 * Returns  SEI_OK, or SEI_E_CANCELLED when hooks->stop ended it: then too *ret_result is a valid
 *          result up to that time. Any other status leaves *ret_result alone.
 * Memory   free with sei_result_free before the site
 * Threads  one run a context
 */
SEI_API SEI_CHECKED sei_status sei_study_run(sei_ctx *ctx, const sei_site *site,
                                             const sei_run_hooks *hooks, sei_result **ret_result);

/* The state of a run as a file: everything that the rest of the run and its results depend on. A run
 * that goes on from one gives to the bit what it would have given without the stop. */
typedef struct {
    const char *restart; /* state to go on from; NULL: from the start */
    const char *file;    /* where the state is kept at the end or at a stop; NULL: nowhere */
    double      every_s; /* > 0: kept as well at the first output after so much simulated time */
} sei_run_state;
/*
 * As sei_study_run. state may be NULL.
 *
 * Returns  also E_KEY: the state is of another site file, database, version, period or output interval;
 *          E_PARSE: it is damaged or no state; E_RANGE: it lies beyond the run's end
 */
SEI_API SEI_CHECKED sei_status sei_study_run_from(sei_ctx *ctx, const sei_site *site,
                                                  const sei_run_state *state,
                                                  const sei_run_hooks *hooks,
                                                  sei_result         **ret_result);
SEI_API void                   sei_result_free(sei_result *result); /* NULL is harmless */

/* Index of a column or watch; SIZE_MAX when there is none. */
SEI_API size_t sei_result_column(const sei_result *result, const char *quantity_key,
                                 sei_fraction fraction);
SEI_API size_t sei_result_watch(const sei_result *result, const char *key);
SEI_API double sei_result_value(const sei_result *result, size_t time, size_t watch, size_t column);

/* The result folder of one run: summary.json, series.csv, compliance.csv, solids.csv, profiles.csv,
 * figures/, report.html, provenance.json. The folder is made; files of an earlier run in it are
 * replaced one by one, each whole or not at all. */
SEI_API SEI_CHECKED sei_status sei_result_save(sei_ctx *ctx, const sei_result *result,
                                               const char *folder);
/* The table for the terminal: raw, discharge, limit, verdict, one row a quantity with a limit or in
 * the influent. Free *ret_text with sei_release. */
SEI_API SEI_CHECKED sei_status sei_result_terminal(sei_ctx *ctx, const sei_result *result,
                                                   bool colour, char **ret_text);

#ifdef __cplusplus
}
#endif
#endif
