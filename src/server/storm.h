/* storm.h - stations sample faster while an alarm asks for it; the request ends by itself when it is not renewed */
#ifndef SEI_SERVER_STORM_H
#define SEI_SERVER_STORM_H

#include "store/store.h"

/* Begins, renews and ends; *ret_changed: some station's mode changed. */
SEI_CHECKED sei_status sei_storm_run(sei_store *store, int64_t now_us, bool *ret_changed);

#endif
