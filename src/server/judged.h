/*
 * judged.h - what the layers say of each point: flags, grades, approvals, its value after the corrections
 *
 * As of a moment: layers made until then and not undone until then, so that an export of the past can be made again.
 */
#ifndef SEI_SERVER_JUDGED_H
#define SEI_SERVER_JUDGED_H

#include "store/store.h"

enum { SEI_LAYER_CODE_MAX = 48 };

typedef struct {
    uint8_t     flag; /* QARTOD's number, the worst that covers it; 0: none */
    const char *flag_by, *grade,
        *approval;       /* codes, "" without; they live as long as the judge says */
    sei_point corrected; /* kind and value; the raw ones without corrections */
} sei_judgement;

typedef struct sei_judge sei_judge;

SEI_CHECKED sei_status sei_judge_create(sei_store *store, int64_t as_of_us, bool is_corrected,
                                        sei_judge **ret_judge);
void                   sei_judge_free(sei_judge *judge); /* NULL is harmless */

/* One judgement for each point of a channel, which are in event-time order. They are the judge's, and last until it is
 * asked again. */
SEI_CHECKED sei_status sei_judge_points(sei_judge *judge, int64_t channel_id,
                                        const sei_points     *points,
                                        const sei_judgement **ret_judgements);

#endif
