/* bench_inputs.h - PHREEQC inputs from text to the text of their selected output, for timing */
#ifndef SEI_TESTS_BENCH_INPUTS_H
#define SEI_TESTS_BENCH_INPUTS_H

#include "base/team.h"
#include "phreeqc/run.h"

#define BENCH_DATABASE SEI_SHARED_DIR "/thermo/wateq4f.dat"

enum { BENCH_SIDES = 2, BENCH_INPUTS_MAX = 34 };

/* database NULL: it is read too. False on any failure. */
bool bench_run_file(sei_ctx *ctx, const char *text, size_t len, const sei_pq_database *database,
                    size_t threads);

/* n (at most BENCH_INPUTS_MAX) on the BENCH_SIDES threads of a team. */
bool bench_run_side_by_side(sei_team *team, const sei_pq_database *database, char *text[],
                            const size_t len[], size_t n);

#endif
