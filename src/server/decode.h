/* decode.h - a raw frame becomes records of a known station */
#ifndef SEI_SERVER_DECODE_H
#define SEI_SERVER_DECODE_H

#include "msg/msg.h"
#include "store/store.h"

typedef struct sei_decoder sei_decoder;

SEI_CHECKED sei_status sei_decoder_create(sei_ctx *ctx, sei_store *store,
                                          sei_decoder **ret_decoder);
void                   sei_decoder_free(sei_decoder *decoder);
/* What is known of stations is read anew: call after stations or channels changed. */
void sei_decoder_forget(sei_decoder *decoder);

/* Who hears of what is in frames, within the transaction that stores it. answer: a station answered a command; not
 * good: nothing of it is believed, the frame is refused. */
typedef struct {
    void *user;
    sei_status (*points)(void *user, int64_t arrived_us, const sei_record *record);
    sei_status (*answer)(void *user, int64_t station_id, int64_t arrived_us, const uint8_t *bytes,
                         size_t len, bool *ret_is_good);
} sei_decoder_ears;
void sei_decoder_listen(sei_decoder *decoder, const sei_decoder_ears *ears);

typedef struct {
    sei_frame_state    state;
    int64_t            station_id; /* 0: not known */
    sei_record_outcome points;
    char               detail[300];
} sei_decoded;

/* Stores the records of frames that are in the store, all of them together, and marks each with what became of it. Wants a
 * transaction around it. An error is one of the store, or of a record that it does not take; whatever is wrong with a frame
 * by itself is in ret_decoded[i]. */
SEI_CHECKED sei_status sei_decode_frames(sei_decoder *decoder, size_t n, const sei_frame frames[],
                                         sei_decoded ret_decoded[]);

/* Format and station of a topic: "seiryu/v1/SITE/STATION/rec" …; NULL when the topic is none of ours. */
const char *sei_topic_format(const char *topic);

#endif
