/* ensemble.h - what the files of an ensemble share */
#ifndef SEI_STUDY_ENSEMBLE_H
#define SEI_STUDY_ENSEMBLE_H

#include "base/file.h"
#include "seiryu/ensemble.h"
#include "seiryu/report.h"
#include "study/knob.h"
#include "study/result_digest.h"
#include "study/result_words.h"

/* ---- which numbers vary, and how a member draws them (ensemble_draw.c) ---- */

typedef struct {
    sei_ctx   *ctx;
    sei_knobs *knobs;
    size_t     n;      /* varied */
    size_t    *knob;   /* [n] index in knobs */
    uint64_t  *stream; /* [n] of the generator: a hash of the path */
    size_t     n_tied; /* numbers with a rank correlation */
    size_t    *tied;   /* [n_tied] index in 0..n */
    double    *factor; /* [n_tied * n_tied] lower triangle of their normal correlations */
    char       key[SEI_SHA256_HEX]; /* of everything that a member depends on besides its number */
} sei_draws;

SEI_CHECKED sei_status sei_draws_create(sei_ctx *ctx, const sei_site *site, uint64_t seed,
                                        sei_draws **ret);
void                   sei_draws_free(sei_draws *draws);
/* Values of member k, [draws->n]. */
void sei_draws_member(const sei_draws *draws, uint64_t seed, size_t member, double ret_values[]);

/* ---- one member (ensemble_member.c) ---- */

/* What is kept of a run: the discharge through time. */
typedef struct {
    sei_status status;
    char      *error; /* "" when status is SEI_OK; in memory of the context */
    size_t     n_draws, n_times, n_columns;
    double    *draws; /* [n_draws] */
    double    *value; /* [n_times * n_columns] SI; NULL when it failed */
} sei_member;

/* Runs a member on a site of one's own, whose numbers are set. The result's failure is the member's;
 * any other status is the caller's. */
SEI_CHECKED sei_status sei_member_run(sei_ctx *ctx, sei_site *site, const sei_run_hooks *hooks,
                                      sei_member *ret);
SEI_CHECKED sei_status sei_member_write(sei_ctx *ctx, const sei_member *member, const char *key,
                                        size_t number, const char *path);
/* E_NOT_FOUND: no file; E_PARSE, E_UNSUPPORTED: not one of ours; E_KEY: of another ensemble. */
SEI_CHECKED sei_status sei_member_read(sei_ctx *ctx, const char *path, const char *key,
                                       size_t number, sei_member *ret);
/* The same from bytes in memory. */
SEI_CHECKED sei_status sei_member_parse(sei_ctx *ctx, const char *name, const void *bytes,
                                        size_t len, const char *key, size_t number,
                                        sei_member *ret);
void                   sei_member_done(sei_ctx *ctx, sei_member *member);
/* folder/members/000123.bin; free with sei_release. NULL without memory. */
char *sei_member_path(sei_ctx *ctx, const char *folder, size_t number);

/* ---- all of them (ensemble_collect.c) ---- */

typedef struct {
    size_t     number;
    sei_status status;
    char      *error;
} sei_failed_member;

/* Chance of meeting one limit (column, statistic) or all limits (column SIZE_MAX) in a window. */
typedef enum {
    SEI_WINDOW_RUN,
    SEI_WINDOW_YEAR,       /* fiscal year */
    SEI_WINDOW_SEASON,     /* one season of one year */
    SEI_WINDOW_ALL_SEASONS /* the same season of all years */
} sei_window_kind;

typedef struct {
    sei_window_kind kind;
    int             year, season; /* season 0..3: spring (March) .. winter (December) */
} sei_window;

typedef struct {
    size_t              column;
    sei_limit_statistic statistic;
    sei_limit           limit; /* in force at the window's end */
    sei_window          window;
    size_t              n, n_met; /* members that could be judged */
} sei_chance;

struct sei_ensemble {
    sei_ctx             *ctx;
    const sei_result    *nominal;
    sei_digest          *digest; /* of the nominal run */
    sei_ensemble_options options;
    sei_draws           *draws;
    sei_arena            arena;
    size_t               n_ok, n_failed;
    size_t              *ok; /* [n_ok] member numbers */
    sei_failed_member   *failed;
    double              *draw;   /* [n * draws->n] of every member */
    size_t               n_kept; /* columns of the result that are looked at */
    size_t              *kept;
    double              *value;            /* [(ok * n_kept + kept) * n_times + time] SI */
    bool                *flows;            /* [ok * n_times + time] the discharge flows */
    double              *low, *mid, *high; /* [kept * n_times + time] P10, P50, P90; NAN: none */
    size_t               n_chances;
    sei_chance          *chances;
};

SEI_CHECKED sei_status sei_ensemble_find_chances(sei_ensemble *e); /* ensemble_chance.c */
/* Type 7 of Hyndman and Fan (1996, hyndman1996): straight lines between order statistics. */
double sei_sorted_quantile(size_t n, const double sorted[], double p);
void   sei_sort_doubles(size_t n, double values[]);
/* Interval of a share n_met/n at 95 % (Wilson 1927, wilson1927). */
void      sei_share_interval(size_t n, size_t n_met, double *ret_low, double *ret_high);
sei_words sei_window_words(const sei_window *window);
/* Mean and highest value of a completed member in the judged part of the run; false without any. */
bool sei_member_mean(const sei_ensemble *e, size_t ok, size_t kept, double *ret_mean,
                     double *ret_max);

/* ---- what is made of them ---- */

/* ensemble_tables.c */
sei_rtable *sei_table_chances(const sei_ensemble *e);       /* one row a limit and window */
sei_rtable *sei_table_chance_matrix(const sei_ensemble *e); /* one row a limit */
sei_rtable *sei_table_draws(const sei_ensemble *e);
sei_rtable *sei_table_failed(const sei_ensemble *e);
/* One row a quantity: its value in the nominal run and the band of its mean and worst value. */
sei_rtable *sei_table_bands(const sei_ensemble *e);
/* Hands finished figures to a taker (ensemble_fig.c). */
SEI_CHECKED sei_status sei_ensemble_figures(const sei_ensemble *e,
                                            sei_status (*take)(void *user, sei_figure *figure,
                                                               sei_label caption),
                                            void *user);
SEI_CHECKED sei_status sei_ensemble_report(const sei_ensemble *e, const char *folder);

#endif
