/*
 * msg.h - frames from stations, whatever their form, as records of named values
 *
 * Decoders take hostile bytes: they allocate at most in proportion to what they were given, which is at
 * most SEI_MSG_BYTES_MAX, and say in the context what is wrong and where.
 */
#ifndef SEI_MSG_MSG_H
#define SEI_MSG_MSG_H

#include <stdbool.h>

#include "base/clock.h"
#include "seiryu/ctx.h"

enum {
    SEI_MSG_BYTES_MAX  = 1 << 20,
    SEI_MSG_VALUES_MAX = 200000,
    SEI_MSG_NAME_MAX   = 64, /* with the 0 */
    SEI_MSG_UNIT_MAX   = 16
};

typedef enum { SEI_MSG_VALUE, SEI_MSG_BELOW_LOQ, SEI_MSG_MISSING, SEI_MSG_OVER_RANGE } sei_msg_kind;

typedef struct {
    char         channel[SEI_MSG_NAME_MAX];
    char         unit[SEI_MSG_UNIT_MAX]; /* as the sender wrote it; "" when it did not */
    int64_t      time_us;
    double       value;
    sei_msg_kind kind;
} sei_msg_value;

/* values[first .. first + n) of the message. Numbered records carry epoch >= 1. */
typedef struct {
    bool    is_numbered;
    int64_t epoch, seq;
    size_t  first, n;
} sei_msg_record;

typedef struct {
    sei_ctx        *ctx;
    size_t          n_records, n_values, records_size, values_size;
    size_t          n_skipped; /* values of a form that is not kept (texts) */
    sei_msg_record *records;
    sei_msg_value  *values;
} sei_msg;

void sei_msg_init(sei_msg *msg, sei_ctx *ctx);
void sei_msg_done(sei_msg *msg);
void sei_msg_clear(sei_msg *msg); /* keeps the memory */
/* A record begins; values added after it are its own. */
SEI_CHECKED sei_status sei_msg_begin(sei_msg *msg, bool is_numbered, int64_t epoch, int64_t seq);
/* channel is cut off at SEI_MSG_NAME_MAX - 1: E_RANGE when it is longer or empty. */
SEI_CHECKED sei_status sei_msg_add(sei_msg *msg, const char *channel, size_t len, const char *unit,
                                   int64_t time_us, double value, sei_msg_kind kind);

/* ---- the own record (docs/protocol.md) --------------------------------------------------------------- */

enum {
    SEI_PROFILE_FIELDS_MAX = 32,
    SEI_PROFILES_MAX       = 32,
    SEI_RECORD_HEAD        = 9, /* version and profile, epoch, number, time */
    SEI_RECORD_BYTES_MAX   = 242,
    SEI_RECORD_SEQ_MAX     = 0xFFFFFF
};
/* Times of the own record count seconds from 2020-01-01 00:00 UTC. */
#define SEI_RECORD_EPOCH_S INT64_C(1577836800)

/* value = (offset + code * step) / 10^decimals, exact in decimals. The code with all bits set says that
 * there is no value, the one below it that the value does not fit. */
typedef struct {
    char     channel[SEI_MSG_NAME_MAX];
    unsigned bits;     /* 2..32 */
    unsigned decimals; /* 0..6 */
    int64_t  step, offset;
} sei_profile_field;

typedef struct {
    unsigned          number; /* 0..31 */
    size_t            n;
    sei_profile_field fields[SEI_PROFILE_FIELDS_MAX];
} sei_profile;

typedef struct {
    size_t      n;
    sei_profile profiles[SEI_PROFILES_MAX];
} sei_profiles;

/* JSON: [{"number": 1, "fields": [{"channel": "ph", "bits": 11, "decimals": 2, "step": 1, "offset": 0}]}] */
SEI_CHECKED sei_status sei_profiles_read(sei_ctx *ctx, const char *json, size_t len,
                                         sei_profiles *ret_profiles);
/* Bytes of one record's fields. */
size_t             sei_profile_bytes(const sei_profile *profile);
const sei_profile *sei_profiles_find(const sei_profiles *profiles, unsigned number);

uint16_t sei_crc16(const uint8_t *bytes, size_t len); /* CRC-16/CCITT-FALSE */

/* One record or several of one profile. */
SEI_CHECKED sei_status sei_msg_read_record(const sei_profiles *profiles, const uint8_t *bytes,
                                           size_t len, sei_msg *msg);
/* values in the order of the profile's fields; NAN: no value. Returns the length, 0 when number or time
 * do not fit. out holds SEI_RECORD_BYTES_MAX. */
size_t sei_msg_write_record(const sei_profile *profile, unsigned epoch, uint32_t seq,
                            int64_t time_s, const double values[], uint8_t *out);
/* Adds a later record to the frame of len bytes; the new length, 0 when it does not fit max bytes or
 * lies too far from the last one. */
size_t sei_msg_append_record(const sei_profile *profile, uint8_t *frame, size_t len, size_t max,
                             uint32_t last_seq, int64_t last_time_s, uint32_t seq, int64_t time_s,
                             const double values[]);

/* ---- what the server sends to a station --------------------------------------------------------------- */

typedef struct {
    uint32_t first, count; /* count 1..256 */
} sei_ask;

enum { SEI_ASKS_MAX = 8, SEI_DOWN_BYTES_MAX = 2 + 4 * SEI_ASKS_MAX + 2 };

/* "Send these records again": 4 + 4 n bytes. */
size_t sei_msg_write_ask(unsigned epoch, size_t n, const sei_ask asks[],
                         uint8_t out[SEI_DOWN_BYTES_MAX]);
/* "All up to seq is on our disk": 7 bytes. */
size_t sei_msg_write_kept(unsigned epoch, uint32_t seq, uint8_t out[SEI_DOWN_BYTES_MAX]);

/* "Measure every interval_s seconds for so many minutes, then as before": 8 bytes. 0 and 0: as before, now. */
size_t sei_msg_write_rate(unsigned interval_s, unsigned minutes, uint8_t out[SEI_DOWN_BYTES_MAX]);

typedef enum { SEI_DOWN_ASK = 1, SEI_DOWN_KEPT = 2, SEI_DOWN_RATE = 3 } sei_down_kind;

typedef struct {
    sei_down_kind kind;
    unsigned      epoch;
    size_t        n; /* of asks */
    sei_ask       asks[SEI_ASKS_MAX];
    uint32_t      kept;
    uint32_t      interval_s, minutes; /* of a rate */
} sei_down;

SEI_CHECKED sei_status sei_msg_read_down(sei_ctx *ctx, const uint8_t *bytes, size_t len,
                                         sei_down *ret_down);

/* ---- network servers: what wraps a payload -------------------------------------------------------------- */

typedef struct {
    char     address[SEI_MSG_NAME_MAX]; /* DevEUI in lower case; application/device */
    bool     has_time;
    int64_t  time_us;
    unsigned port;
    uint8_t  payload[SEI_RECORD_BYTES_MAX]; /* of LoRaWAN: never more */
    size_t   len;
} sei_uplink;

/* The decoded object of the network server, if any, goes to msg as one record without a number. */
SEI_CHECKED sei_status sei_msg_read_chirpstack(const char *json, size_t len, sei_uplink *ret_uplink,
                                               sei_msg *msg);
SEI_CHECKED sei_status sei_msg_read_tts(const char *json, size_t len, sei_uplink *ret_uplink,
                                        sei_msg *msg);

/* ---- SenML (RFC 8428), files ---------------------------------------------------------------------------- */

/* now_us stands for "now" of relative times. Names are cut to what follows the last ':' or '/'. */
SEI_CHECKED sei_status sei_msg_read_senml_json(const char *json, size_t len, int64_t now_us,
                                               sei_msg *msg);
SEI_CHECKED sei_status sei_msg_read_senml_cbor(const uint8_t *bytes, size_t len, int64_t now_us,
                                               sei_msg *msg);
/* Campbell TOA5, whose times are local at offset_us; columns are channels. Other CSV: a column "time", each
 * other column a channel. "NAN" and empty cells are missing, "<x" is below the limit x. */
SEI_CHECKED sei_status sei_msg_read_csv(const char *text, size_t len, int64_t offset_us,
                                        sei_msg *msg);

#endif
