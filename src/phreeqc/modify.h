/* modify.h - what the files of _RAW and _MODIFY share: the assignments of a block made to something in store, or to something
 * blank that is put in store then */
#ifndef SEI_PHREEQC_MODIFY_H
#define SEI_PHREEQC_MODIFY_H

#include "phreeqc/run_impl.h"

/* keyword is for messages. What definitions hold is copied before it is changed, for others may share it. */
typedef struct {
    pq_runner           *r;
    const sei_pq_modify *m;
    const sei_pq_block  *block;
    const char          *keyword;
} pq_change;

void      *pq_copy_of(pq_runner *r, const void *from, size_t n, size_t size); /* in the arena */
sei_status pq_fail_change(const pq_change *c, sei_status status, const sei_where *where,
                          const char *fmt, ...) SEI_PRINTF(4, 5);
/* The last assignment of a kind (to a component; NULL: to any); NULL: none. */
const sei_pq_assignment *pq_last_change(const pq_change *c, sei_pq_change change,
                                        const char *component);
/* Of a definition that is to be equilibrated with a solution at first: only the usual keyword does that. */
SEI_CHECKED sei_status pq_refuse_equilibration(const pq_change *c);
/* An element of amounts brought to mol, as neutral atoms: their charge, and the other elements, stay. */
SEI_CHECKED sei_status pq_set_element(const pq_change *c, const sei_where *where,
                                      const char *element, double mol, sei_amounts *amounts);
/* The element that a total counts ("Fe" of "Fe(2)"), or the site; NULL: none of the database. */
const char *pq_element_of_total(const pq_runner *r, const char *name);

SEI_CHECKED sei_status pq_change_solution(const pq_change *c, pq_solution *solution);
SEI_CHECKED sei_status pq_change_equilibrium(const pq_change *c, pq_equilibrium *equilibrium);
SEI_CHECKED sei_status pq_change_kinetics(const pq_change *c, pq_kinetics *kinetics);
SEI_CHECKED sei_status pq_change_exchange(const pq_change *c, pq_exchange *exchange);
SEI_CHECKED sei_status pq_change_surface(const pq_change *c, pq_surface *surface);
SEI_CHECKED sei_status pq_change_gas(const pq_change *c, pq_gas *gas);
SEI_CHECKED sei_status pq_change_solids(const pq_change *c, pq_solids *solids);
SEI_CHECKED sei_status pq_change_reaction(const pq_change *c, const sei_pq_reaction **reaction);
SEI_CHECKED sei_status pq_change_ramp(const pq_change *c, const sei_pq_ramp **ramp);
SEI_CHECKED sei_status pq_change_mix(const pq_change *c, const sei_pq_mix **mix);
/* -steps with -count and -equal_increments. */
SEI_CHECKED sei_status pq_change_steps(const pq_change *c, double factor, sei_pq_steps *steps);
/* There are some; n_equal numbers when they are parts of a whole. */
SEI_CHECKED sei_status pq_need_steps(const pq_change *c, const sei_pq_steps *steps, size_t n_equal,
                                     const char *what);

#endif
