/* retain.h - how long raw points stay, channel by channel */
#ifndef SEI_SERVER_RETAIN_H
#define SEI_SERVER_RETAIN_H

#include "server/server.h"
#include "store/store.h"

/* Does "SITE/STATION/CHANNEL" fit a pattern of the settings, in which each part may be "*"? */
bool sei_retain_fits(const char *pattern, const char *name);
/* Days of the last pattern that fits; 0: for ever, also when none fits. */
int64_t sei_retain_days(const sei_server_config *config, const char *name);
/* Takes out what is older; one entry of the audit log a channel that lost points. */
SEI_CHECKED sei_status sei_retain_run(const sei_server_config *config, sei_store *store,
                                      int64_t now_us);

#endif
