/*
 * study.h - the site file: what is treated, where, by what, and under which limits
 *
 * A site file is YAML; docs/files-site.md lists every key. Reading it checks everything that can be
 * checked without a run and resolves all values to SI. A site is read-only and may be shared by
 * threads; it belongs to the context that read it.
 */
#ifndef SEIRYU_STUDY_H
#define SEIRYU_STUDY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"
#include "seiryu/plant.h"
#include "seiryu/water.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ site file: what it holds */

/* A value that the file marks: assumed by its author, or taken from a named source. */
typedef enum { SEI_NOTE_ASSUMED, SEI_NOTE_SOURCE } sei_note_kind;

typedef struct {
    const char   *path;           /* "train[2].layers[1].porosity" (lists count from 1) */
    const char   *value;          /* as written */
    const char   *unit;           /* as printed, "" for none */
    const char   *what, *what_ja; /* what the key means, "" when only the key tells */
    sei_note_kind kind;
    const char   *reason; /* the author's words */
    sei_where     where;
} sei_site_note;

/* 義務者存在鉱山, 義務者不存在鉱山 */
typedef enum { SEI_LIABLE_UNKNOWN, SEI_LIABLE_PRESENT, SEI_LIABLE_ABSENT } sei_liable_party;

/* One quantity of the influent. A series wins over the constant, which fills its gaps. */
typedef struct {
    sei_quantity_column     column;
    bool                    has_constant;
    sei_value               constant;
    const sei_series       *series;        /* NULL: constant only */
    const sei_series_curve *curve;         /* of the series, NULL without one */
    double                  factor, shift; /* what is read, times factor (1), plus shift (0, SI) */
    sei_where               where;
} sei_influent_row;

typedef struct {
    size_t                  n_rows; /* among them "flow" and "ph", without which no site is read */
    const sei_influent_row *rows;
    const char             *file; /* path of the CSV file, NULL without one */
    sei_curve_options       curve;
    bool                    has_fe2_share; /* share of total Fe that is Fe(2), 0..1 */
    double                  fe2_share;
    const sei_quantity     *balance; /* takes up what the charges lack; NULL: none */
} sei_influent;

typedef enum {
    SEI_CLIMATE_NONE,
    SEI_CLIMATE_CONSTANT,
    SEI_CLIMATE_MONTHLY, /* means of January to December, straight lines between mid-months */
    SEI_CLIMATE_SERIES
} sei_climate_kind;

typedef struct {
    sei_climate_kind        kind;
    double                  constant_k, monthly_k[12];
    const sei_series_curve *curve;   /* SERIES */
    bool                    of_day;  /* SERIES: means of the local days */
    double                  shift_k; /* added to every value */
} sei_climate_row;

typedef struct {
    sei_climate_row air, ground; /* ground NONE: from the air */
    double
        ground_depth_m; /* of the wave of a year from the air; 0: the mean of the air over the run */
    double          ground_damping_m;
    const char     *file;
    sei_climate_row sun;           /* NONE: dark; its values are W/m2, not K */
    sei_climate_row precipitation; /* m/s of water; NONE: no snow falls */
    sei_climate_row snow_depth;    /* m as measured, in place of precipitation */
    double          degree_day_m_k_s, snow_kg_m3, snow_w_m_k;
} sei_climate;

typedef enum { SEI_RUN_TRANSIENT, SEI_RUN_STEADY } sei_run_mode;
/* What the units hold at the start: raw water everywhere, or the steady state of the first instant.
 */
typedef enum { SEI_INITIAL_RAW, SEI_INITIAL_STEADY } sei_initial_state;

typedef struct {
    sei_run_mode      mode;
    sei_initial_state initial;
    int64_t           start_us, end_us; /* end after start, whatever the mode */
    double            output_interval_s;
    double            rel_tol, abs_tol_molal; /* of a time step */
    double            dt_max_s;
    double deposits_s; /* of a steady state: run through time before it; 0: beds as filled */
} sei_run_options;

/* A constant of the database that is changed: log K of a species' formation or a phase's dissolution
 * plus delta. */
typedef struct {
    const char *name;
    double      delta;
    sei_where   where;
} sei_log_k_change;

/* n = 0: what the influent, the units and the rate laws ask for. */
typedef struct {
    const char              *database; /* path */
    size_t                   n_components;
    const char *const       *components;
    size_t                   n_solids;
    const char *const       *solids;
    size_t                   n_rates; /* changed parameters of rate laws, in every unit */
    const sei_rate_override *rates;
    size_t                   n_log_k;
    const sei_log_k_change  *log_k;
    bool                     nutrients; /* nitrogen and phosphorus of the media are reckoned */
    bool deposits_take_room;            /* from the water of beds, and not from their head alone */
} sei_model_choice;

/* ---- disturbances ---- */

/* One quantity of the raw water: set to a value, or times a factor. */
typedef struct {
    sei_quantity_column column;
    bool                is_set;
    sei_value           value;  /* set to */
    double              factor; /* else */
} sei_influent_change;

/* Raw water and weather for a while: the change comes in from start to full, holds until fade, and is gone
 * at end; straight lines between. */
typedef struct {
    const char                *kind; /* "storm" */
    int64_t                    start_us, full_us, fade_us, end_us;
    double                     flow_factor, concentration_factor;
    double                     water_shift_k, air_shift_k;
    size_t                     n_changes;
    const sei_influent_change *changes;
    sei_where                  where;
} sei_disturbance;
/* Share of its change that a disturbance has at a time, 0..1. */
SEI_API double sei_disturbance_share(const sei_disturbance *disturbance, int64_t time_us);

/* ---- uncertainty ---- */

typedef enum {
    SEI_PRIOR_FIXED,
    SEI_PRIOR_UNIFORM,     /* a..b */
    SEI_PRIOR_LOG_UNIFORM, /* a..b, both above 0 */
    SEI_PRIOR_NORMAL,      /* mean a, standard deviation b */
    SEI_PRIOR_LOG_NORMAL,  /* median a above 0, standard deviation b of the natural logarithm */
    SEI_PRIOR_TRIANGULAR,  /* a, mode m, b */
    SEI_PRIOR_LOGIT_NORMAL /* median a between the ends lower and upper; standard deviation b of ln((v - lower)/(upper - v)) */
} sei_prior_kind;

/* What the file says about one number, in the unit of its key; not given: NAN. */
typedef struct {
    const char    *path; /* "rates.fe2-microbial.q_max_mol_m3_d", "train.srb_a.bran.porosity" */
    sei_prior_kind kind;
    double         p10, p90, lower, mode, upper;
    const char    *source, *assumed; /* the author's words, "" for none */
    sei_where      where;
} sei_uncertain_number;

typedef struct {
    const char *of, *with; /* paths */
    double      rho;       /* rank correlation (Spearman), -1..1 */
    sei_where   where;
} sei_rank_correlation;

typedef struct {
    bool                        only_listed; /* the catalogue's priors are left out */
    size_t                      n_numbers;
    const sei_uncertain_number *numbers;
    size_t                      n_correlations;
    const sei_rank_correlation *correlations;
} sei_uncertainty;

/* Measured water behind a unit ("raw": the influent). */
typedef struct {
    const char           *unit;
    const char           *file;
    const sei_series_set *series;
    sei_where             where;
} sei_observation;

/* A file that was read, for the record of a run. */
typedef struct {
    const char *path;
    const char *sha256;
} sei_site_file;

struct sei_site_memory;

typedef struct {
    const char       *path, *folder;                     /* of the site file */
    const char       *name, *name_ja, *place, *place_ja; /* name_ja, place...: "" when not given */
    bool              has_position, has_elevation;
    double            latitude_deg, longitude_deg, elevation_m;
    int64_t           utc_offset_us; /* of the file's dates and of its CSV files */
    sei_liable_party  liable_party;
    const sei_limits *limit_tables;
    sei_limits_site   limits;
    sei_influent      influent;
    sei_climate       climate;
    size_t            n_units;
    const sei_unit_spec    *units; /* in the order of the file */
    sei_run_options         run;
    sei_model_choice        model;
    size_t                  n_disturbances;
    const sei_disturbance  *disturbances;
    sei_uncertainty         uncertainty;
    const char             *scenario, *scenario_ja; /* "" for the file as it stands */
    const char             *scenario_changes;       /* what it changes, one change a line */
    size_t                  n_observations;
    const sei_observation  *observations;
    size_t                  n_notes;
    const sei_site_note    *notes;
    size_t                  n_files;
    const sei_site_file    *files; /* the site file first */
    struct sei_site_memory *memory;
} sei_site;

/* ------------------------------------------------------------------ site file: reading */

/* Called for every problem of a file in the order of its lines, at most SEI_PROBLEMS_MAX times.
 * text is the whole line, "site.yaml:41: train[1].depth_m = -2 is outside 0.1..10 m". */
typedef void (*sei_problem_fn)(void *user, sei_status status, const sei_where *where,
                               const char *text);
enum { SEI_PROBLEMS_MAX = 100 };

/*
 * Reads a site file and the CSV files it names. The first problem is the context's error;
 * on_problem (may be NULL) gets them all. Warnings (a value outside its plausible range) stay in
 * ctx. _parse: the same for text in memory; name stands for the file in messages, and paths in it
 * are relative to folder.
 */
SEI_API SEI_CHECKED sei_status sei_site_read(sei_ctx *ctx, const char *path,
                                             sei_problem_fn on_problem, void *user,
                                             sei_site **ret_site);
SEI_API SEI_CHECKED sei_status sei_site_parse(sei_ctx *ctx, const char *name, const char *folder,
                                              const char *text, size_t len,
                                              sei_problem_fn on_problem, void *user,
                                              sei_site **ret_site);
/* ---- scenarios: one site, changed in several ways ---- */

enum { SEI_SCENARIOS_MAX = 50 };
typedef struct {
    size_t                       n;
    sei_site                   **sites; /* each a site of its own, with its scenario's name */
    struct sei_scenarios_memory *memory;
} sei_scenarios;

/*
 * Reads a scenario file (docs/scenarios.md): the path of a site file and a list of changes to it. Each
 * changed site is checked as the site file itself is; problems name the line of whichever file holds
 * the value.
 */
SEI_API SEI_CHECKED sei_status sei_scenarios_read(sei_ctx *ctx, const char *path,
                                                  sei_problem_fn on_problem, void *user,
                                                  sei_scenarios **ret_scenarios);
SEI_API void                   sei_scenarios_free(sei_scenarios *scenarios);

/* The site once more from the same text, in ctx, with the run options that `site` has now; for a
 * thread of its own. E_IO when one of its CSV files has changed meanwhile. */
SEI_API SEI_CHECKED sei_status sei_site_clone(sei_ctx *ctx, const sei_site *site,
                                              sei_site **ret_site);
SEI_API void                   sei_site_free(sei_site *site); /* NULL is harmless */

/* Index of a unit by name; n_units when there is none. */
SEI_API size_t sei_site_find_unit(const sei_site *site, const char *name);
/* Row of a quantity of the influent; NULL when the file does not give it. */
SEI_API const sei_influent_row *sei_influent_find(const sei_influent *influent,
                                                  const char *quantity_key, sei_fraction fraction);
/* Value at a time: the curve's, else the constant, else MISSING. One cursor a user of the row. */
SEI_API sei_value sei_influent_at(const sei_influent_row *row, sei_series_cursor *cursor,
                                  int64_t time_us);
/* Temperature at a time; false when the row is NONE or its series has no value then. */
SEI_API bool sei_climate_at(const sei_climate_row *row, sei_series_cursor *cursor, int64_t time_us,
                            int64_t utc_offset_us, double *ret_temp_k);

#ifdef __cplusplus
}
#endif
#endif
