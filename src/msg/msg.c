/* msg.c - records of named values; the checksum */
#include "msg/msg.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

void sei_msg_init(sei_msg *msg, sei_ctx *ctx)
{
    *msg = (sei_msg){.ctx = ctx};
}

void sei_msg_done(sei_msg *msg)
{
    sei_release(msg->ctx, msg->records);
    sei_release(msg->ctx, msg->values);
    sei_msg_init(msg, msg->ctx);
}

void sei_msg_clear(sei_msg *msg)
{
    msg->n_records = msg->n_values = msg->n_skipped = 0;
}

static sei_status grow(sei_ctx *ctx, void **array, size_t item, size_t n, size_t *size)
{
    if (n < *size)
        return SEI_OK;
    const size_t more  = *size ? *size * 2 : 16;
    void        *wider = sei_resize(ctx, *array, more, item);
    if (!wider)
        return SEI_E_NOMEM;
    *array = wider;
    *size  = more;
    return SEI_OK;
}

sei_status sei_msg_begin(sei_msg *msg, bool is_numbered, int64_t epoch, int64_t seq)
{
    void            *records = msg->records;
    const sei_status st =
        grow(msg->ctx, &records, sizeof *msg->records, msg->n_records, &msg->records_size);

    msg->records = records;
    if (st == SEI_OK)
        msg->records[msg->n_records++] =
            (sei_msg_record){is_numbered, epoch, seq, msg->n_values, 0};
    return st;
}

sei_status sei_msg_add(sei_msg *msg, const char *channel, size_t len, const char *unit,
                       int64_t time_us, double value, sei_msg_kind kind)
{
    if (len == 0 || len >= SEI_MSG_NAME_MAX || memchr(channel, '\0', len))
        return sei_fail(msg->ctx, SEI_E_RANGE, NULL,
                        "channel name of %zu bytes; 1 to %d are allowed", len,
                        SEI_MSG_NAME_MAX - 1);
    if (msg->n_values >= SEI_MSG_VALUES_MAX)
        return sei_fail(msg->ctx, SEI_E_TOO_LARGE, NULL, "more than %d values in one message",
                        SEI_MSG_VALUES_MAX);
    if (!isfinite(value))
        return sei_fail(msg->ctx, SEI_E_RANGE, NULL, "channel %.*s: the value is not finite",
                        (int)len, channel);
    void            *values = msg->values;
    const sei_status st =
        grow(msg->ctx, &values, sizeof *msg->values, msg->n_values, &msg->values_size);
    msg->values = values;
    if (st != SEI_OK)
        return st;
    sei_msg_value *v = &msg->values[msg->n_values++];
    *v               = (sei_msg_value){
                      .time_us = time_us, .kind = kind, .value = kind == SEI_MSG_MISSING ? 0.0 : value};
    memcpy(v->channel, channel, len);
    if (unit)
        snprintf(v->unit, sizeof v->unit, "%s", unit);
    msg->records[msg->n_records - 1].n++;
    return SEI_OK;
}

uint16_t sei_crc16(const uint8_t *bytes, size_t len)
{
    uint16_t crc = 0xFFFF;

    for (size_t i = 0; i < len; i++) {
        crc = (uint16_t)(crc ^ bytes[i] << 8);
        for (int bit = 0; bit < 8; bit++)
            crc = (uint16_t)(crc & 0x8000 ? crc << 1 ^ 0x1021 : crc << 1);
    }
    return crc;
}
