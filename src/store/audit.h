/*
 * audit.h - who did what: a log in which each entry holds the hash of all before it
 *
 * hash(n) = BLAKE2b-256(hash(n-1), fields of n): nobody changes, removes or inserts an entry without every
 * later hash being wrong. Cutting off the end cannot be seen from inside: keep the last hash elsewhere.
 */
#ifndef SEI_STORE_AUDIT_H
#define SEI_STORE_AUDIT_H

#include "store/store.h"

enum { SEI_AUDIT_HASH = 32 };

/* Within a transaction of the caller's the entry stands or falls with what it tells of. */
SEI_CHECKED sei_status sei_audit_add(sei_store *store, int64_t time_us, const char *actor,
                                     const char *action, const char *object, const char *detail);
/* Checks the whole chain. *ret_bad_id is the first entry that does not fit, 0 when all do; *ret_n how many there
 * are and ret_last the last hash. */
SEI_CHECKED sei_status sei_audit_verify(sei_store *store, int64_t *ret_n, int64_t *ret_bad_id,
                                        uint8_t ret_last[SEI_AUDIT_HASH]);

#endif
