/*
 * sorb.h - exchange and surface species of a PHREEQC database
 *
 * Reads EXCHANGE_MASTER_SPECIES, EXCHANGE_SPECIES, SURFACE_MASTER_SPECIES and SURFACE_SPECIES; all other
 * blocks are passed over (chem reads them). Several texts may be read one after another: a later
 * definition replaces an earlier one.
 */
#ifndef SEI_REACT_SORB_H
#define SEI_REACT_SORB_H

#include "chem/db.h"

enum { SEI_SORB_TERMS = 12 };

/* "X" with master X-, "Hfo_w" with master Hfo_wOH. */
typedef struct {
    const char *name;
    const char *master; /* canonical species name */
    bool        is_surface;
    double      charge; /* of the master */
} sei_sorb_site;

/* ln n = ln K + sum of logs of what forms it. */
typedef struct {
    const char *name;
    bool        is_identity; /* the master itself */
    size_t      site;        /* in sites */
    double      site_coef;
    double      charge;
    size_t      n_terms; /* aqueous species, by name */
    const char *term[SEI_SORB_TERMS];
    double      coef[SEI_SORB_TERMS];
    const char
        *mole_balance; /* formula that counts in the balances instead of the reaction; NULL: none */
    double         plane[3]; /* change of charge in each plane of a surface that has planes */
    bool           has_planes;
    sei_logk       logk;
    sei_gamma_kind gamma; /* NEUTRAL: none beside the equivalent fraction; DAVIES; WATEQ */
    double         dha, dhb;
} sei_sorb_species;

typedef struct {
    sei_arena         arena;
    const sei_db     *db; /* whose NAMED_EXPRESSIONS -add_logk names; NULL: there are none */
    size_t            n_sites, n_species, cap_sites, cap_species;
    sei_sorb_site    *sites;
    sei_sorb_species *species;
} sei_sorb;

SEI_CHECKED sei_status sei_sorb_create(sei_ctx *ctx, sei_sorb **ret_sorb);
/* A copy, to read more into; it borrows base's names, so that base must outlive it. */
SEI_CHECKED sei_status sei_sorb_copy(sei_ctx *ctx, const sei_sorb *base, sei_sorb **ret_sorb);
void                   sei_sorb_free(sei_sorb *sorb);
/* first_line: number of the text's first line in the file, for messages. */
SEI_CHECKED sei_status sei_sorb_read(sei_ctx *ctx, sei_sorb *sorb, const char *name,
                                     size_t first_line, const char *text, size_t len);
size_t sei_sorb_find_site(const sei_sorb *sorb, const char *name);    /* SIZE_MAX: none */
size_t sei_sorb_find_species(const sei_sorb *sorb, const char *name); /* SIZE_MAX: none */

#endif
