/*
 * watch.h - alarms of the store, moved by records, the clock and people
 *
 * States and events are written in the transaction of what moved them: after a crash the alarms go on where the
 * stored points are. A watch keeps the rules it has read until sei_watch_forget, the states only within one
 * transaction.
 */
#ifndef SEI_SERVER_WATCH_H
#define SEI_SERVER_WATCH_H

#include "seiryu/alarm.h"
#include "store/store.h"

typedef struct sei_watch sei_watch;

SEI_CHECKED sei_status sei_watch_create(sei_ctx *ctx, sei_store *store, sei_watch **ret_watch);
void                   sei_watch_free(sei_watch *watch);
/* Rules or settings changed: they are read anew, after the transaction that is under way. */
void sei_watch_forget(sei_watch *watch);

/* Points that are new in the store, within the transaction that brings them. */
SEI_CHECKED sei_status sei_watch_points(sei_watch *watch, int64_t arrived_us, size_t n,
                                        const sei_reading readings[], const uint8_t is_new[]);
/* Writes what moved, as the last thing of the transaction; *ret_told: somebody is to be told. */
SEI_CHECKED sei_status sei_watch_flush(sei_watch *watch, int64_t now_us, bool *ret_told);
/* The transaction was rolled back. */
void sei_watch_drop(sei_watch *watch);

/* What fell due; transactions of its own. */
SEI_CHECKED sei_status sei_watch_tick(sei_watch *watch, int64_t now_us, bool *ret_told);
/* A person's action, with the transaction around it. until_us: of a shelving. */
SEI_CHECKED sei_status sei_watch_operate(sei_watch *watch, int64_t alarm_id,
                                         sei_alarm_action action, int64_t now_us, int64_t until_us,
                                         const char *actor, const char *note, bool *ret_told);
/* A forecast of the model made at made_us: its highest and lowest value, NAN for none. */
SEI_CHECKED sei_status sei_watch_forecast(sei_watch *watch, int64_t channel_id, int64_t made_us,
                                          int64_t now_us, double highest, double lowest,
                                          bool *ret_told);

#endif
