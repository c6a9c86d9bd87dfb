/* schema.h - the tables of the store as numbered steps, each applied once and never changed again */
#ifndef SEI_STORE_SCHEMA_H
#define SEI_STORE_SCHEMA_H

#include "store/db.h"

/* Steps that are missing; each in a transaction of its own. E_UNSUPPORTED when the store was made by a
 * newer program. */
SEI_CHECKED sei_status sei_schema_apply(sei_db *db, int64_t now_us);
/* Steps applied, and steps that this program knows. */
SEI_CHECKED sei_status sei_schema_version(sei_db *db, int64_t *ret_version);
int64_t                sei_schema_newest(void);

#endif
