/* scenario_run.h - scenarios that were run, side by side */
#ifndef SEI_STUDY_SCENARIO_RUN_H
#define SEI_STUDY_SCENARIO_RUN_H

#include "seiryu/report.h"
#include "study/result_digest.h"
#include "study/result_words.h"

/* One scenario and what came of it; ctx is its own, so that threads do not meet. */
typedef struct {
    sei_ctx        *ctx;
    const sei_site *site;
    sei_status      status;
    sei_result     *result; /* NULL when it failed */
    sei_digest     *digest;
    const char     *error; /* "" when status is SEI_OK */
} sei_scenario_outcome;

typedef struct {
    sei_ctx              *ctx;
    const sei_scenarios  *set;
    size_t                n, n_failed;
    sei_scenario_outcome *outcomes;
} sei_scenario_runs;

/* Runs all on threads; a scenario that fails is an outcome, not a failure of the call. */
SEI_CHECKED sei_status sei_scenarios_run(sei_ctx *ctx, const sei_scenarios *set, size_t n_threads,
                                         const sei_run_hooks *hooks, sei_scenario_runs **ret);
void                   sei_scenario_runs_free(sei_scenario_runs *runs);
/* A result folder each below folder, and report.html, comparison.csv and figures/ in it. */
SEI_CHECKED sei_status sei_scenarios_save(sei_ctx *ctx, const sei_scenario_runs *runs,
                                          const char *folder);

/* So many stand side by side in a table or a figure: the first one, which others are compared with, and five more. */
enum { SEI_SCENARIO_GROUP = 6 };
size_t sei_scenario_n_groups(const sei_scenario_runs *runs);
bool   sei_scenario_is_in(size_t scenario, size_t group);

/* Scenarios by rows: whether each keeps the limits, and which it does not keep, by how much and how often. */
sei_rtable *sei_table_scenario_overview(const sei_scenario_runs *runs);
/* Limits by rows, scenarios of a group by columns: the value that decides, and the verdict. */
sei_rtable *sei_table_scenario_limits(const sei_scenario_runs *runs, size_t group);
/* Mean discharge and removal by rows. */
sei_rtable *sei_table_scenario_means(const sei_scenario_runs *runs, size_t group);
/* The same for programs: one row a scenario and quantity. */
sei_rtable            *sei_table_scenario_list(const sei_scenario_runs *runs);
SEI_CHECKED sei_status sei_scenario_figures(const sei_scenario_runs *runs,
                                            sei_status (*take)(void *user, sei_figure *figure,
                                                               sei_label caption),
                                            void *user);
sei_label              sei_scenario_label(const sei_site *site);

#endif
