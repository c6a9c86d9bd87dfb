/* titrate_study.h - a titration with its limits, sludge and comparison: what is printed, drawn and saved */
#ifndef SEI_STUDY_TITRATE_STUDY_H
#define SEI_STUDY_TITRATE_STUDY_H

#include "seiryu/report.h"
#include "seiryu/titrate.h"
#include "study/titrate_water.h"

enum { SEI_TITRATE_METALS_MAX = 16 };

typedef struct {
    const char          *version;
    const sei_db        *db;
    const sei_water_row *water;
    sei_titration_setup  setup; /* analysis and database of water */
    sei_titration_range  range;
    sei_dosing           dosing;
    const sei_limits    *limits;
    sei_limits_site      limits_site;
    int64_t              limits_time_us;
    int64_t              utc_offset_us;
} sei_titrate_options;

/* A metal that the water has. */
typedef struct {
    const sei_quantity *quantity;
    size_t              element;
    double              g_mol, raw_mg_l;
    bool                has_limit, is_kept; /* is_kept: a dose of the curve keeps the limit */
    sei_limit           limit;
    double              limit_mg_l;
    sei_titration_point from, to;
} sei_titrate_metal;

typedef struct {
    const sei_titrate_options *options;
    sei_titrator              *titrator;
    sei_titration             *curve;
    size_t                     n_metals;
    sei_titrate_metal          metals[SEI_TITRATE_METALS_MAX];
    size_t                     n_limits; /* metals that have one */
    bool                       all_kept;
    sei_titration_point        from, to;  /* doses that keep all of them */
    bool                       most_kept; /* not all, but all that any dose keeps, at once */
    sei_titration_point        most_from;
    bool                       has_ph_limit;
    sei_limit                  ph_limit;
    sei_ctx                   *ctx;
} sei_titrate_study;

/* options must outlive the study. */
SEI_CHECKED sei_status sei_titrate_study_create(sei_ctx *ctx, const sei_titrate_options *options,
                                                sei_titrate_study **ret_study);
void                   sei_titrate_study_free(sei_titrate_study *study);

/* ---- views of a study ---- */

double sei_titrate_mg_l(const sei_titrate_metal *metal, const sei_titration_point *point);
double sei_titrate_sorbed_mg_l(const sei_titrate_metal *metal, const sei_titration_point *point);
double sei_titrate_solid_mg_l(const sei_titrate_study *study, size_t mineral,
                              const sei_titration_point *point);
/* The most of a mineral along the curve, mg/L. */
double     sei_titrate_most_mg_l(const sei_titrate_study *study, size_t mineral);
sei_sludge sei_titrate_sludge(const sei_titrate_study *study, const sei_titration_point *point);
double     sei_titrate_reagent_mg_l(const sei_titrate_study *study,
                                    double                   dose_mol); /* pure, that reacts */
double     sei_titrate_caco3_mg_l(const sei_titrate_study *study,
                                  double                   dose_mol); /* its equivalents as CaCO3 */
/* Is the pH of a point inside the limit of pH? true without one. */
bool sei_titrate_ph_kept(const sei_titrate_study *study, const sei_titration_point *point);

/* Tables (titrate_tables.c); the caller frees them. */
sei_rtable *sei_titrate_key_table(const sei_titrate_study *study);
sei_rtable *sei_titrate_water_table(const sei_titrate_study *study, bool all_points);
sei_rtable *sei_titrate_solid_table(const sei_titrate_study *study);

/* titration.csv, summary.json, figures/ (titrate_save.c, titrate_fig.c). */
SEI_CHECKED sei_status sei_titrate_save(sei_ctx *ctx, const sei_titrate_study *study,
                                        const char *folder);
SEI_CHECKED sei_status sei_titrate_figures(sei_ctx *ctx, const sei_titrate_study *study,
                                           const char *folder);

#endif
