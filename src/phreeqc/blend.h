/* blend.h - what the files of SOLUTION_MIX, EXCHANGE_MIX and the like share: shares of things of one kind added up */
#ifndef SEI_PHREEQC_BLEND_H
#define SEI_PHREEQC_BLEND_H

#include "phreeqc/modify.h"

typedef struct {
    pq_runner          *r;
    const sei_pq_block *block;
} pq_blending;

sei_status pq_fail_blend(const pq_blending *b, sei_status status, const char *fmt, ...)
    SEI_PRINTF(3, 4);
/* Adds a share of one to what is there; to is blank before the first. */
SEI_CHECKED sei_status pq_add_exchange(const pq_blending *b, const pq_exchange *from, double share,
                                       pq_exchange *to);
SEI_CHECKED sei_status pq_add_surfaces(const pq_blending *b, const pq_surface *from, double share,
                                       pq_surface *to);

#endif
