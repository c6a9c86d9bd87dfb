/* speciator.h - inside of the speciator: what its files share */
#ifndef SEI_CHEM_SPECIATOR_H
#define SEI_CHEM_SPECIATOR_H

#include "chem/analysis.h"
#include "chem/phases.h"

/* What one analysis asks of the solver. */
typedef struct {
    size_t      n; /* components without H */
    const char *component[SEI_COMPONENTS_MAX];
    double      total[SEI_COMPONENTS_MAX];
    bool        with_electron;
    bool        has_alk, has_carbon;
    double      alk;
    sei_water   water;
} sei_setup;

/* From an analysis; total points into *ret_setup. */
SEI_CHECKED sei_status sei_setup_analysis(sei_ctx *ctx, const sei_db *db,
                                          const sei_analysis *analysis, sei_setup *ret_setup);
/* From a solution: every valence that it holds as a component of its own, those of the phases too, so that
 * no electrons are exchanged; at its pH. */
SEI_CHECKED sei_status sei_setup_apart(sei_ctx *ctx, const sei_equil *eq, size_t n_phases,
                                       const sei_equilibrium *phases, sei_setup *ret_setup);

enum { SEI_SPECIATOR_CACHE = 16 }; /* networks kept; the oldest goes */

typedef struct {
    char       key[SEI_ANALYTES_MAX * 24]; /* names of the components, each ended by a newline */
    sei_net   *net;
    sei_equil *eq;
    uint64_t   used;
} sei_speciator_entry;

struct sei_speciator {
    sei_ctx             *ctx;
    const sei_db        *db;
    sei_speciator_entry  entries[SEI_SPECIATOR_CACHE];
    uint64_t             clock;
    sei_speciator_entry *now; /* that holds the last solution; NULL when there is none */
    double               pe, temp_c;
    size_t               n_phases;              /* of the last equilibrium */
    size_t               phase[SEI_PHASES_MAX]; /* in the database */
    double               phase_mol[SEI_PHASES_MAX];
};

/* Value of a word at a solution with a redox state; false when there is none, and for n(PHASE). */
bool sei_equil_value(const sei_equil *eq, const sei_word *word, double *ret_value);
/* mol/kgw of everything that counts as this row of SOLUTION_MASTER_SPECIES. */
double sei_total_of_master(const sei_equil *eq, size_t master);

#endif
