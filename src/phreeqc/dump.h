/* dump.h - what the files of DUMP share: lines of a dump */
#ifndef SEI_PHREEQC_DUMP_H
#define SEI_PHREEQC_DUMP_H

#include "base/buf.h"
#include "phreeqc/run_impl.h"

/* "  -name   value" with all digits that the value has; level is the depth. */
void pq_put_number(sei_buf *out, int level, const char *name, double value);
void pq_put_word(sei_buf *out, int level, const char *name, const char *word);
/* "EXCHANGE_RAW 3 description" */
void pq_put_head(sei_buf *out, sei_pq_entity entity, int number, const char *description);
/* Elements of amounts below an option; without sites. */
void pq_put_elements(const pq_runner *r, sei_buf *out, int level, const sei_amounts *amounts);

SEI_CHECKED sei_status pq_put_solution(pq_runner *r, int number, const pq_solution *solution,
                                       sei_buf *out);
void pq_put_exchange(const pq_runner *r, int number, const pq_exchange *exchange, sei_buf *out);
void pq_put_surface(const pq_runner *r, int number, const pq_surface *surface, sei_buf *out);
/* What of a column stands in a dump that its calculation goes on from. */
SEI_CHECKED sei_status pq_put_entity(pq_runner *r, sei_pq_entity entity, int number,
                                     const void *item, sei_buf *out);

#endif
