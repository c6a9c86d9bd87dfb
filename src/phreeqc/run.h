/*
 * run.h - simulations of a PHREEQC input file
 *
 * All definitions of species and phases in the input are added to the database before the first
 * simulation. Every element and site of the file is in one network; what a system lacks stays out of its
 * equations.
 */
#ifndef SEI_PHREEQC_RUN_H
#define SEI_PHREEQC_RUN_H

#include "phreeqc/selected.h"

typedef struct {
    size_t         n_tables;
    sei_pq_table **tables; /* in the order of their definition */
} sei_pq_result;

/*
 * database: path; NULL takes the DATABASE line of the input, E_MISSING without one. An error names the
 * place in the input and the simulation. *ret_result is set also when a simulation failed: with the rows
 * that were finished before.
 */
SEI_CHECKED sei_status sei_pq_run(sei_ctx *ctx, const sei_pq_input *input, const char *database,
                                  sei_pq_result **ret_result);
void                   sei_pq_result_free(sei_ctx *ctx, sei_pq_result *result);

#endif
