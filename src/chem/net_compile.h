/* net_compile.h - species of a database written in the components of a network */
#ifndef SEI_CHEM_NET_COMPILE_H
#define SEI_CHEM_NET_COMPILE_H

#include "chem/net.h"

/* A species in terms of the basis: components, electron, water. */
typedef struct {
    double   nu[SEI_COMPONENTS_MAX];
    double   nu_e, nu_w;
    sei_logk logk;
} sei_expression;

typedef struct {
    sei_ctx          *ctx;
    const sei_db     *db;
    bool              with_electron;
    size_t            n_comp;
    size_t            basis[SEI_COMPONENTS_MAX];   /* database species of each component's master */
    const sei_master *masters[SEI_COMPONENTS_MAX]; /* of each component but H */
    /* Rows of a component that lists valences, that of its basis species among them; one row of the others. */
    size_t          n_parts[SEI_COMPONENTS_MAX];
    size_t          parts[SEI_COMPONENTS_MAX][SEI_COMPONENT_PARTS_MAX];
    uint8_t        *is_blocked; /* [n_species] master of a valence that is not in */
    uint8_t        *state;      /* [n_species] */
    sei_expression *expr;       /* [n_species] memo */
} sei_compiler;

SEI_CHECKED sei_status sei_compiler_init(sei_ctx *ctx, const sei_db *db, const sei_net_spec *spec,
                                         sei_compiler *ret_compiler);
void                   sei_compiler_done(sei_compiler *compiler);

/* expr[species] when the components can form it, else NULL. */
const sei_expression *sei_compiler_express(sei_compiler *compiler, size_t species);

/* Adds factor times the sum of a reaction's species; false when one cannot be formed. */
bool sei_compiler_add(sei_compiler *compiler, const sei_reaction *reaction, double factor,
                      sei_expression *sum);

#endif
