/* phases.h - equilibrium of a water with solids and gases */
#ifndef SEI_CHEM_PHASES_H
#define SEI_CHEM_PHASES_H

#include "chem/equil.h"

enum { SEI_PHASES_MAX = 24 };

typedef struct {
    size_t phase; /* in the network */
    double si;    /* wanted saturation index; for a gas log10 of its pressure in atm */
    double mol;   /* held at the start, per kg of water; INFINITY: as much as is needed */
} sei_phase_target;

typedef struct {
    double mol
        [SEI_PHASES_MAX]; /* held at the end, per kg of water at the start; of an endless phase what it
                                 * took up (negative: gave) */
    double water_kg;      /* of 1 kg at the start */
    int    iterations;
} sei_phase_result;

/*
 * Brings the water that eq holds (x, mu, a_w and total of a solution; every total above 0) to equilibrium with
 * the phases: no phase above its target, and those below it used up. Conserved are the components
 * and the proton condition; the activity of the electron is held. On success eq holds the new
 * solution, per kg of the water that is then left. On failure the error names the balance.
 */
SEI_CHECKED sei_status sei_phases_solve(sei_ctx *ctx, sei_equil *eq, size_t n,
                                        const sei_phase_target targets[],
                                        sei_phase_result      *ret_result);

#endif
