/* titrate.h - what the files of the titration share; not for others */
#ifndef SEI_STUDY_TITRATE_H
#define SEI_STUDY_TITRATE_H

#include "chem/reagent.h"
#include "chem/speciator.h"
#include "react/react.h"
#include "seiryu/titrate.h"

enum { SEI_TITRATE_NAME = 32 };

struct sei_titrator {
    sei_ctx               *ctx;
    const sei_db          *db;
    const sei_reagent_row *reagent;
    sei_react             *react;
    sei_react_work        *work;
    sei_react_system       system;
    sei_amounts            water, dose; /* at the start; of one mole of reagent */
    sei_react_state        start, last; /* last: is_warm after the first success */
    double                 last_dose;
    size_t                 n_minerals, n_gases; /* minerals first */
    sei_mineral            minerals[SEI_TITRATION_MINERALS_MAX + 2];
    bool                   is_hydroxide[SEI_TITRATION_MINERALS_MAX + 2]; /* of Fe(III): sorbs */
    sei_sorb              *sorb;        /* NULL: nothing is sorbed */
    double                 last_fe_mol; /* hydroxide of the last solution */
    char                   mineral_name[SEI_TITRATION_MINERALS_MAX][SEI_TITRATE_NAME];
    double                 mineral_g_mol[SEI_TITRATION_MINERALS_MAX];
    size_t                 n_elements;
    char                   element[SEI_TITRATION_ELEMENTS_MAX][SEI_TITRATE_NAME];
    size_t element_of[SEI_COMPONENTS_MAX]; /* by component of the system; SIZE_MAX for H */
    sei_titration_point raw;
    double              charge_error, net_acidity_mg_l;
};

/* ---- titrate_reagent.c ---- */

/* Amounts of one mole; E_NOT_FOUND when the database lacks a species. */
SEI_CHECKED sei_status sei_reagent_amounts(sei_ctx *ctx, const sei_db *db, const sei_react *react,
                                           const sei_reagent_row *row, sei_amounts *ret_amounts);

/* ---- titrate_sorption.c ---- */

bool sei_is_ferric_hydroxide(const char *mineral);
/* The surface Hfo of a database file: E_NOT_FOUND or a warning when it has none. */
SEI_CHECKED sei_status sei_titrator_read_surface(sei_titrator *titrator, const char *path,
                                                 bool is_needed);
/* Equilibrium of the titrator's system with the sites of the hydroxide that it forms. */
SEI_CHECKED sei_status sei_titrator_solve_sorbing(sei_titrator *titrator, sei_react_state *state);

/* ---- titrate_minerals.c ---- */

typedef struct {
    size_t n;
    char   name[SEI_TITRATION_MINERALS_MAX][SEI_TITRATE_NAME];
    bool   is_asked[SEI_TITRATION_MINERALS_MAX]; /* named by the user: must be there */
} sei_mineral_list;

/* The user's list with "default" and "-NAME" worked out, as far as the database has the phases. */
SEI_CHECKED sei_status sei_mineral_list_make(sei_ctx *ctx, const sei_db *db, size_t n,
                                             const char *const names[], sei_mineral_list *ret_list);

#endif
