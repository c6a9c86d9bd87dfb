/* inverse_program.h - a problem of mole balances as a linear program */
#ifndef SEI_PHREEQC_INVERSE_PROGRAM_H
#define SEI_PHREEQC_INVERSE_PROGRAM_H

#include <stdint.h>

#include "num/lp.h"
#include "phreeqc/inverse.h"

/*
 * Unknowns: fractions of the waters, moles of the phases, of redox transfers, then for every move two parts, up and
 * down in units of its limit, and the move of the balance of water. A bit of a set is a phase (low bits) or a water.
 */
typedef struct {
    const sei_inverse_problem *p;
    sei_ctx                   *ctx;
    size_t                     rows, cols, first_phase, first_redox, first_move, water_move;
    size_t      *move; /* [n_balances * n_waters] column of its first part; SIZE_MAX: it stands */
    size_t      *ph_move;          /* [n_waters] */
    size_t      *ratio_move;       /* isotopes, valences, waters */
    size_t      *phase_ratio_move; /* [n_phases * n_isotopes] */
    size_t      *first_ratio;      /* [n_isotopes] in ratio_move */
    double      *a, *b, *slack, *cost, *x;
    double      *other_cost, *typical; /* [cols] for ranges; sizes of unknowns */
    bool        *is_at_most;
    const char **row_name;
    sei_lp      *lp;
} sei_inverse_program;

/* only: the balance of charge of one water by itself; SIZE_MAX: everything. Memory is the arena's. */
SEI_CHECKED sei_status sei_inverse_program_create(sei_ctx *ctx, sei_arena *arena,
                                                  const sei_inverse_problem *p, size_t only,
                                                  sei_inverse_program **ret_program);
void                   sei_inverse_program_free(sei_inverse_program *program);

/* What is not in the set stands at 0. */
void sei_inverse_program_take(sei_inverse_program *program, uint64_t set);

/* By which a total may fall, as a part of the limit: not below 0, but for alkalinity. */
double sei_inverse_fall(const sei_inverse_problem *p, size_t balance, size_t water);

#endif
