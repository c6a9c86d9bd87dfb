/* ask.h - asks stations for records that did not come, and tells them what is kept */
#ifndef SEI_SERVER_ASK_H
#define SEI_SERVER_ASK_H

#include "server/down.h"

typedef struct sei_asker sei_asker;

/* A number must be missing for after_s before it is asked for: frames overtake each other. */
SEI_CHECKED sei_status sei_asker_create(sei_ctx *ctx, int64_t after_s, sei_asker **ret_asker);
void                   sei_asker_free(sei_asker *asker);
/* A frame of a station came by this topic; the answer goes the way it came. is_repeat: all of it was there already. */
void sei_asker_note(sei_asker *asker, int64_t station_id, const char *topic, bool is_repeat);
/* The way to stations is new: nothing that was sent before counts. */
void sei_asker_reset(sei_asker *asker);

/* What is due now. */
SEI_CHECKED sei_status sei_asker_run(sei_asker *asker, sei_store *store, int64_t now_us,
                                     sei_down_publish send, void *user);

#endif
