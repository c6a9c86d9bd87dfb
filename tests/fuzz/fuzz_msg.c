/*
 * fuzz_msg.c - hostile bytes through every decoder of frames
 *
 * The first byte chooses the decoder. What an own record says is written again: both frames must be equal.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "msg/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

static void check(const sei_msg *msg)
{
    size_t n = 0;

    for (size_t i = 0; i < msg->n_records; i++) {
        require(msg->records[i].first == n);
        n += msg->records[i].n;
    }
    require(n == msg->n_values);
    for (size_t i = 0; i < n; i++)
        require(msg->values[i].channel[0] && strlen(msg->values[i].channel) < SEI_MSG_NAME_MAX);
}

/* The checksum is put right, else nothing behind it would ever be reached. */
static void read_own(sei_ctx *ctx, const uint8_t *bytes, size_t len, sei_msg *msg)
{
    sei_profiles p = {.n = 1};
    uint8_t      frame[SEI_RECORD_BYTES_MAX];

    p.profiles[0] = (sei_profile){.number = 1, .n = 3};
    for (int i = 0; i < 3; i++) {
        p.profiles[0].fields[i] = (sei_profile_field){
            .bits = (unsigned)(2 + 15 * i), .decimals = 2, .step = 1 + i, .offset = -i};
        p.profiles[0].fields[i].channel[0] = (char)(0x61 + i);
    }
    if (len < 2 || len > sizeof frame)
        return;
    memcpy(frame, bytes, len);
    const uint16_t crc = sei_crc16(frame, len - 2);
    frame[len - 2]     = (uint8_t)(crc >> 8);
    frame[len - 1]     = (uint8_t)crc;
    if (sei_msg_read_record(&p, frame, len, msg) == SEI_OK)
        check(msg);
    sei_down down;
    if (sei_msg_read_down(ctx, frame, len, &down) == SEI_OK)
        require(down.n <= SEI_ASKS_MAX);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const uint8_t *bytes = data + (size ? 1 : 0);
    const size_t   len   = size ? size - 1 : 0;
    sei_ctx       *ctx   = sei_ctx_create(NULL);
    sei_msg        msg;
    sei_uplink     up;
    sei_profiles  *p      = calloc(1, sizeof *p);
    sei_status     status = SEI_E_ARG;

    require(ctx && p);
    sei_msg_init(&msg, ctx);
    switch (size ? data[0] % 7 : 0) {
    case 0: read_own(ctx, bytes, len, &msg); break;
    case 1: status = sei_msg_read_senml_json((const char *)bytes, len, 0, &msg); break;
    case 2: status = sei_msg_read_senml_cbor(bytes, len, 0, &msg); break;
    case 3: status = sei_msg_read_chirpstack((const char *)bytes, len, &up, &msg); break;
    case 4: status = sei_msg_read_tts((const char *)bytes, len, &up, &msg); break;
    case 5: status = sei_msg_read_csv((const char *)bytes, len, 0, &msg); break;
    default: status = sei_profiles_read(ctx, (const char *)bytes, len, p); break;
    }
    if (status == SEI_OK)
        check(&msg);
    sei_msg_done(&msg);
    free(p);
    sei_ctx_free(ctx);
    return 0;
}
