/* record.c - the own record: a frame of numbered records and the small frames that the server sends back */
#include <math.h>
#include <string.h>

#include "msg/msg.h"

enum { VERSION = 1, CRC = 2, NEXT_HEAD = 4 /* number advance, time advance */ };

/* ---- bits -------------------------------------------------------------------------------------------- */

static uint64_t get_bits(const uint8_t *bytes, size_t *at, unsigned n)
{
    uint64_t v = 0;

    for (unsigned i = 0; i < n; i++, (*at)++)
        v = v << 1 | ((unsigned)bytes[*at / 8] >> (7 - *at % 8) & 1u);
    return v;
}

static void put_bits(uint8_t *bytes, size_t *at, unsigned n, uint64_t v)
{
    for (unsigned i = n; i-- > 0; (*at)++)
        bytes[*at / 8] = (uint8_t)(bytes[*at / 8] | (v >> i & 1u) << (7 - *at % 8));
}

static uint32_t get_number(const uint8_t *bytes, unsigned n)
{
    uint32_t v = 0;

    for (unsigned i = 0; i < n; i++)
        v = v << 8 | bytes[i];
    return v;
}

static void put_number(uint8_t *bytes, unsigned n, uint32_t v)
{
    for (unsigned i = n; i-- > 0; v >>= 8)
        bytes[i] = (uint8_t)v;
}

static size_t put_crc(uint8_t *bytes, size_t len)
{
    put_number(bytes + len, CRC, sei_crc16(bytes, len));
    return len + CRC;
}

/* ---- fields ------------------------------------------------------------------------------------------ */

static const double tens[] = {1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6};

size_t sei_profile_bytes(const sei_profile *profile)
{
    size_t bits = 0;

    for (size_t i = 0; i < profile->n; i++)
        bits += profile->fields[i].bits;
    return (bits + 7) / 8;
}

const sei_profile *sei_profiles_find(const sei_profiles *profiles, unsigned number)
{
    for (size_t i = 0; i < profiles->n; i++)
        if (profiles->profiles[i].number == number)
            return &profiles->profiles[i];
    return NULL;
}

static sei_status read_fields(const sei_profile *profile, const uint8_t *bytes, int64_t time_us,
                              sei_msg *msg)
{
    size_t     at = 0;
    sei_status st = SEI_OK;

    for (size_t i = 0; i < profile->n && st == SEI_OK; i++) {
        const sei_profile_field *f    = &profile->fields[i];
        const uint64_t           code = get_bits(bytes, &at, f->bits);
        const uint64_t           none = (UINT64_C(1) << f->bits) - 1;
        const sei_msg_kind       kind = code == none       ? SEI_MSG_MISSING
                                        : code == none - 1 ? SEI_MSG_OVER_RANGE
                                                           : SEI_MSG_VALUE;
        const double value = (double)(f->offset + (int64_t)code * f->step) / tens[f->decimals];
        st = sei_msg_add(msg, f->channel, strlen(f->channel), NULL, time_us, value, kind);
    }
    return st;
}

static void write_fields(const sei_profile *profile, const double values[], uint8_t *out)
{
    size_t at = 0;

    memset(out, 0, sei_profile_bytes(profile));
    for (size_t i = 0; i < profile->n; i++) {
        const sei_profile_field *f    = &profile->fields[i];
        const uint64_t           none = (UINT64_C(1) << f->bits) - 1;
        uint64_t                 code = none;
        if (isfinite(values[i])) {
            const double c =
                nearbyint((values[i] * tens[f->decimals] - (double)f->offset) / (double)f->step);
            code = c >= 0.0 && c < (double)(none - 1) ? (uint64_t)c : none - 1;
        }
        put_bits(out, &at, f->bits, code);
    }
}

/* ---- frames ------------------------------------------------------------------------------------------ */

sei_status sei_msg_read_record(const sei_profiles *profiles, const uint8_t *bytes, size_t len,
                               sei_msg *msg)
{
    if (len < SEI_RECORD_HEAD + CRC || len > SEI_RECORD_BYTES_MAX)
        return sei_fail(msg->ctx, SEI_E_PARSE, NULL, "record of %zu bytes; %d to %d are allowed",
                        len, SEI_RECORD_HEAD + CRC, SEI_RECORD_BYTES_MAX);
    if (get_number(bytes + len - CRC, CRC) != sei_crc16(bytes, len - CRC))
        return sei_fail(msg->ctx, SEI_E_PARSE, NULL, "record of %zu bytes: wrong checksum", len);
    if (bytes[0] >> 5 != VERSION)
        return sei_fail(msg->ctx, SEI_E_UNSUPPORTED, NULL, "record of version %d", bytes[0] >> 5);
    const sei_profile *profile = sei_profiles_find(profiles, bytes[0] & 31);
    if (!profile)
        return sei_fail(msg->ctx, SEI_E_MISSING, NULL, "the station has no profile %d",
                        bytes[0] & 31);
    if (bytes[1] == 0)
        return sei_fail(msg->ctx, SEI_E_RANGE, NULL, "record of epoch 0");
    const size_t width = sei_profile_bytes(profile), end = len - CRC;
    uint32_t     seq    = get_number(bytes + 2, 3);
    int64_t      time_s = SEI_RECORD_EPOCH_S + get_number(bytes + 5, 4);
    size_t       at     = SEI_RECORD_HEAD;

    if (width == 0 || end < at + width || (end - at - width) % (NEXT_HEAD + width) != 0)
        return sei_fail(msg->ctx, SEI_E_PARSE, NULL, "record of %zu bytes does not fit profile %u",
                        len, profile->number);
    for (;;) {
        sei_status st = sei_msg_begin(msg, true, bytes[1], seq);
        if (st == SEI_OK)
            st = read_fields(profile, bytes + at, time_s * SEI_US_PER_S, msg);
        at += width;
        if (st != SEI_OK || at == end)
            return st;
        seq += 1u + bytes[at];
        time_s += get_number(bytes + at + 1, 3);
        at += NEXT_HEAD;
        if (seq > SEI_RECORD_SEQ_MAX)
            return sei_fail(msg->ctx, SEI_E_RANGE, NULL, "record number %u", seq);
    }
}

size_t sei_msg_write_record(const sei_profile *profile, unsigned epoch, uint32_t seq,
                            int64_t time_s, const double values[], uint8_t *out)
{
    const int64_t since = time_s - SEI_RECORD_EPOCH_S;
    const size_t  width = sei_profile_bytes(profile);

    if (epoch < 1 || epoch > 255 || seq > SEI_RECORD_SEQ_MAX || since < 0 || since > UINT32_MAX ||
        SEI_RECORD_HEAD + width + CRC > SEI_RECORD_BYTES_MAX)
        return 0;
    out[0] = (uint8_t)(VERSION << 5 | (profile->number & 31));
    out[1] = (uint8_t)epoch;
    put_number(out + 2, 3, seq);
    put_number(out + 5, 4, (uint32_t)since);
    write_fields(profile, values, out + SEI_RECORD_HEAD);
    return put_crc(out, SEI_RECORD_HEAD + width);
}

size_t sei_msg_append_record(const sei_profile *profile, uint8_t *frame, size_t len, size_t max,
                             uint32_t last_seq, int64_t last_time_s, uint32_t seq, int64_t time_s,
                             const double values[])
{
    const size_t width = sei_profile_bytes(profile);

    if (seq <= last_seq || seq - last_seq > 256 || time_s < last_time_s ||
        time_s - last_time_s > 0xFFFFFF || len < CRC || len + NEXT_HEAD + width > max ||
        max > SEI_RECORD_BYTES_MAX)
        return 0;
    uint8_t *at = frame + len - CRC;
    at[0]       = (uint8_t)(seq - last_seq - 1);
    put_number(at + 1, 3, (uint32_t)(time_s - last_time_s));
    write_fields(profile, values, at + NEXT_HEAD);
    return put_crc(frame, len - CRC + NEXT_HEAD + width);
}

/* ---- to the station ---------------------------------------------------------------------------------- */

size_t sei_msg_write_ask(unsigned epoch, size_t n, const sei_ask asks[],
                         uint8_t out[SEI_DOWN_BYTES_MAX])
{
    if (n == 0 || n > SEI_ASKS_MAX || epoch < 1 || epoch > 255)
        return 0;
    out[0] = VERSION << 5 | SEI_DOWN_ASK;
    out[1] = (uint8_t)epoch;
    for (size_t i = 0; i < n; i++) {
        put_number(out + 2 + 4 * i, 3, asks[i].first);
        out[2 + 4 * i + 3] = (uint8_t)(asks[i].count - 1);
    }
    return put_crc(out, 2 + 4 * n);
}

size_t sei_msg_write_kept(unsigned epoch, uint32_t seq, uint8_t out[SEI_DOWN_BYTES_MAX])
{
    out[0] = VERSION << 5 | SEI_DOWN_KEPT;
    out[1] = (uint8_t)epoch;
    put_number(out + 2, 3, seq);
    return put_crc(out, 5);
}

size_t sei_msg_write_rate(unsigned interval_s, unsigned minutes, uint8_t out[SEI_DOWN_BYTES_MAX])
{
    if (interval_s > 0xFFFF || minutes > 0xFFFF)
        return 0;
    out[0] = VERSION << 5 | SEI_DOWN_RATE;
    out[1] = 0;
    put_number(out + 2, 2, interval_s);
    put_number(out + 4, 2, minutes);
    return put_crc(out, 6);
}

sei_status sei_msg_read_down(sei_ctx *ctx, const uint8_t *bytes, size_t len, sei_down *ret_down)
{
    sei_down down = {0};

    if (len < 2 + 3 + CRC || len > SEI_DOWN_BYTES_MAX ||
        get_number(bytes + len - CRC, CRC) != sei_crc16(bytes, len - CRC) ||
        bytes[0] >> 5 != VERSION)
        return sei_fail(ctx, SEI_E_PARSE, NULL, "request of %zu bytes is damaged", len);
    down.epoch = bytes[1];
    if ((bytes[0] & 31) == SEI_DOWN_KEPT && len == 2 + 3 + CRC) {
        down.kind = SEI_DOWN_KEPT;
        down.kept = get_number(bytes + 2, 3);
    } else if ((bytes[0] & 31) == SEI_DOWN_RATE && len == 2 + 4 + CRC) {
        down.kind       = SEI_DOWN_RATE;
        down.interval_s = get_number(bytes + 2, 2);
        down.minutes    = get_number(bytes + 4, 2);
    } else if ((bytes[0] & 31) == SEI_DOWN_ASK && (len - 2 - CRC) % 4 == 0) {
        down.kind = SEI_DOWN_ASK;
        down.n    = (len - 2 - CRC) / 4;
        for (size_t i = 0; i < down.n; i++)
            down.asks[i] = (sei_ask){get_number(bytes + 2 + 4 * i, 3), 1u + bytes[5 + 4 * i]};
    } else {
        return sei_fail(ctx, SEI_E_PARSE, NULL, "request of kind %d with %zu bytes", bytes[0] & 31,
                        len);
    }
    *ret_down = down;
    return SEI_OK;
}
