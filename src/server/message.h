/* message.h - one event of an alarm in words, as mail (RFC 5322) and as JSON */
#ifndef SEI_SERVER_MESSAGE_H
#define SEI_SERVER_MESSAGE_H

#include "base/buf.h"
#include "store/store.h"

typedef struct {
    int64_t id, target_id, tries, event_id, time_us, priority;
    char    kind[16], address[500], lang[4];
    char    site[201], station[201], channel[201], alarm[201]; /* in the target's language */
    char    site_key[64], station_key[64], channel_key[64], unit[24];
    char    alarm_kind[40], event[16], action[24], stand[32];
    bool    has_value;
    double  value;
} sei_message;

/* Of an entry of the outbox. */
SEI_CHECKED sei_status sei_message_read(sei_store *store, int64_t outbox_id,
                                        sei_message *ret_message);
/* Whole, with lines that end in CR LF; the status of text tells of failures. */
void sei_message_mail(const sei_message *message, const char *from, sei_buf *text);
void sei_message_json(const sei_message *message, sei_buf *text);

#endif
