/* ensemble_hand.h - which member comes next, for processes that share the folder of an ensemble */
#ifndef SEI_STUDY_ENSEMBLE_HAND_H
#define SEI_STUDY_ENSEMBLE_HAND_H

#include "seiryu/ctx.h"

typedef struct sei_hand sei_hand;

SEI_CHECKED sei_status sei_hand_open(sei_ctx *ctx, const char *folder, sei_hand **ret);
void                   sei_hand_close(sei_ctx *ctx, sei_hand *hand);
/* The number that nobody has had yet, from 0 on. From any thread of any process. */
SEI_CHECKED sei_status sei_hand_take(sei_ctx *ctx, sei_hand *hand, size_t *ret_number);
/* Nobody gets a number below `first` from now on. */
SEI_CHECKED sei_status sei_hand_skip_to(sei_ctx *ctx, sei_hand *hand, size_t first);
/* Forgets what an earlier ensemble handed out. No file is fine. */
SEI_CHECKED sei_status sei_hand_forget(sei_ctx *ctx, const char *folder);

#endif
