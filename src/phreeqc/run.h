/*
 * run.h - simulations of a PHREEQC input file
 *
 * Definitions of species, phases and sites hold from their simulation on. Every element and site of the file is in one
 * network; what a system lacks stays out of its equations.
 */
#ifndef SEI_PHREEQC_RUN_H
#define SEI_PHREEQC_RUN_H

#include "phreeqc/inverse.h"
#include "phreeqc/selected.h"

/* What DUMP wrote to one file. */
typedef struct {
    char  *file, *text;
    size_t len;
} sei_pq_dumped;

typedef struct {
    size_t               n_tables;
    sei_pq_table       **tables;  /* in the order of their definition; also those of USER_GRAPH */
    char                *printed; /* of USER_PRINT; NULL: nothing */
    size_t               printed_len;
    size_t               n_inverses;
    sei_inverse_result **inverses; /* of INVERSE_MODELING, in their order */
    size_t               n_dumps;
    sei_pq_dumped       *dumps;
    sei_pq_input *
        input; /* with the files that its simulations wrote and then included; NULL: there are none */
} sei_pq_result;

/*
 * A thermodynamic database with its rates, read once for many runs; read-only: threads may share it. The context
 * that it was read with must outlive it.
 */
typedef struct sei_pq_database sei_pq_database;

SEI_CHECKED sei_status sei_pq_database_read(sei_ctx *ctx, const char *path,
                                            sei_pq_database **ret_database);
void                   sei_pq_database_free(sei_pq_database *database);

/*
 * database: path; NULL takes the DATABASE line of the input, E_MISSING without one. An error names the
 * place in the input and the simulation. *ret_result is set also when a simulation failed: with the rows
 * that were finished before.
 */
SEI_CHECKED sei_status sei_pq_run(sei_ctx *ctx, const sei_pq_input *input, const char *database,
                                  sei_pq_result **ret_result);
/* The same with a database at hand. */
SEI_CHECKED sei_status sei_pq_run_with(sei_ctx *ctx, const sei_pq_input *input,
                                       const sei_pq_database *database, sei_pq_result **ret_result);
void                   sei_pq_result_free(sei_ctx *ctx, sei_pq_result *result);

#endif
