/* result_fig.h - the figures of a result: families that hand finished figures to a taker */
#ifndef SEI_STUDY_RESULT_FIG_H
#define SEI_STUDY_RESULT_FIG_H

#include "study/result_digest.h"
#include "study/result_words.h"

/* Parts of the report that figures belong to. */
typedef enum {
    SEI_FIG_TRAIN    = 1 << 0,
    SEI_FIG_WATER    = 1 << 1, /* influent against discharge through time */
    SEI_FIG_PROFILES = 1 << 2,
    SEI_FIG_BEDS     = 1 << 3, /* solids, media, sulfate reduction */
    SEI_FIG_LOADS    = 1 << 4,
    SEI_FIG_ALL      = (1 << 5) - 1
} sei_fig_group;

/* Takes over a figure (never NULL); caption may be empty. */
typedef sei_status (*sei_fig_take)(void *user, sei_figure *figure, sei_label caption);

typedef struct {
    const sei_digest *d;
    const sei_result *r;
    double           *time_s; /* [n_times] seconds since 1970 */
    sei_fig_take      take;
    void             *user;
    sei_status        status; /* first failure; later figures are not made */
} sei_figs;

/* Makes the figures of the groups in a fixed order. */
SEI_CHECKED sei_status sei_figs_make(const sei_digest *digest, unsigned groups, sei_fig_take take,
                                     void *user);

/* ---- families ---- */
void sei_figs_train(sei_figs *figs);
void sei_figs_residence(sei_figs *figs);   /* residence-time curve */
void sei_figs_metals(sei_figs *figs);      /* one a metal, and pH */
void sei_figs_temperature(sei_figs *figs); /* and flow */
void sei_figs_tanks(sei_figs *figs);       /* level and flows of tanks that are drawn from */
void sei_figs_profiles(sei_figs *figs);
void sei_figs_beds(sei_figs *figs);
void sei_figs_sulfate(sei_figs *figs);
void sei_figs_maps(sei_figs *figs);    /* metals and solids over the way through a bed and time */
void sei_figs_sankeys(sei_figs *figs); /* the train with arrows as wide as the load of a metal */
void sei_figs_loads(sei_figs *figs);

/* ---- helpers ---- */

/* A new figure; NULL after a failure, which figs keeps. */
sei_figure *sei_fig_begin(sei_figs *figs, sei_figure_kind kind, const char *name, sei_label title);
/* Hands the figure on. */
void sei_fig_end(sei_figs *figs, sei_figure *figure, sei_label caption);
/* n doubles until the family has ended; NULL after a failure. */
double *sei_fig_array(sei_figs *figs, size_t n);
/* The wash-out of the first water is drawn of the raw water only: it would rule the scale. */
bool sei_fig_is_shown(const sei_figs *figs, size_t time, size_t watch);
/* A quantity at a watch through time. */
void sei_fig_column(sei_figs *figs, sei_figure *figure, size_t panel, size_t watch, size_t column,
                    sei_label label, sei_look look, sei_colour colour);
/* A line of n values of our own; values that are not finite are gaps. */
void sei_fig_line(sei_figs *figs, sei_figure *figure, size_t panel, sei_label label, sei_look look,
                  sei_colour colour, size_t n, const double x[], const double y[]);
/* Measured values behind a unit ("raw": the influent); nothing when there are none. */
void sei_fig_observed(sei_figs *figs, sei_figure *figure, size_t panel, const char *unit,
                      const sei_quantity_column *column, sei_label label, sei_colour colour);
/* Dated limit lines of a column. */
void sei_fig_limits(sei_figs *figs, sei_figure *figure, size_t panel, size_t column);
/* December to February shaded, where the site has a winter. */
void sei_fig_winters(sei_figs *figs, sei_figure *figure);
/* The same, and the wash-out of the first water. */
void sei_fig_seasons(sei_figs *figs, sei_figure *figure);
/* Is there more than one instant, so that a time axis makes sense? */
bool sei_fig_has_time(const sei_figs *figs);
/* Mean of the raw water over the limit of a column's total; 0 without a limit. */
double sei_fig_times_limit(const sei_figs *figs, size_t column);
/* The axis of a column; concentrations begin at 0 and leave room above largest_si (0: none). */
sei_axis sei_fig_axis(const sei_words *title, const sei_quantity_column *column, double largest_si);

#endif
