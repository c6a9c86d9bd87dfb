/* test_msg.c - frames of stations against published vectors, and what is refused */
#include "msg/msg.h"
#include "t.h"

static const char profile_json[] =
    "[{\"number\": 3, \"fields\": [{\"channel\": \"ph\", \"bits\": 11, \"decimals\": 2},"
    " {\"channel\": \"temp\", \"bits\": 10, \"decimals\": 1, \"offset\": -200},"
    " {\"channel\": \"ec\", \"bits\": 12, \"decimals\": 0, \"step\": 5}]}]";

static sei_profiles profiles_of(sei_ctx *ctx, const char *json)
{
    sei_profiles p = {0};

    T_OK(ctx, sei_profiles_read(ctx, json, strlen(json), &p));
    return p;
}

/* Worked by hand from docs/protocol.md: pH 7.12 = 712, 8.5 degC = 285 (from -20.0), 1230 = 246 fives, in 11 + 10 + 12 bits:
 * 01011001000 0100011101 000011110110 and 7 zeros; 2026-01-01 00:00 UTC is 189,388,800 s after 2020-01-01. The
 * checksum is that of Python's binascii.crc_hqx(bytes, 0xFFFF). */
static const uint8_t one_record[] = {0x23, 0x01, 0x00, 0x01, 0x02, 0x0B, 0x49, 0xD8,
                                     0x00, 0x59, 0x08, 0xE8, 0x7B, 0x00, 0x66, 0xB9};

START_TEST(checksum_is_the_catalogued_one)
{
    ck_assert_uint_eq(sei_crc16((const uint8_t *)"123456789", 9),
                      0x29B1); /* CRC-16/CCITT-FALSE, check value */
}
END_TEST

START_TEST(own_record_is_read_as_specified)
{
    sei_ctx           *ctx = sei_ctx_create(NULL);
    const sei_profiles p   = profiles_of(ctx, profile_json);
    sei_msg            msg;
    uint8_t            again[SEI_RECORD_BYTES_MAX];
    const double       values[] = {7.12, 8.5, 1230.0};

    sei_msg_init(&msg, ctx);
    T_OK(ctx, sei_msg_read_record(&p, one_record, sizeof one_record, &msg));
    ck_assert_uint_eq(msg.n_records, 1);
    ck_assert(msg.records[0].is_numbered && msg.records[0].epoch == 1 &&
              msg.records[0].seq == 0x000102);
    ck_assert_uint_eq(msg.n_values, 3);
    ck_assert_str_eq(msg.values[0].channel, "ph");
    for (int i = 0; i < 3; i++) {
        ck_assert(msg.values[i].value == values[i] && msg.values[i].kind == SEI_MSG_VALUE);
        ck_assert_int_eq(msg.values[i].time_us, INT64_C(1767225600) * SEI_US_PER_S);
    }
    ck_assert_uint_eq(
        sei_msg_write_record(&p.profiles[0], 1, 0x102, INT64_C(1767225600), values, again),
        sizeof one_record);
    ck_assert(memcmp(again, one_record, sizeof one_record) == 0);
    sei_msg_done(&msg);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(ten_channels_fit_24_bytes_and_more_records_follow)
{
    sei_ctx     *ctx = sei_ctx_create(NULL);
    sei_profiles p   = {.n = 1};
    double       values[10];
    uint8_t      frame[SEI_RECORD_BYTES_MAX];
    sei_msg      msg;

    p.profiles[0] = (sei_profile){.number = 1, .n = 10};
    for (int i = 0; i < 10; i++) {
        p.profiles[0].fields[i] = (sei_profile_field){.bits = 10, .decimals = 2, .step = 1};
        snprintf(p.profiles[0].fields[i].channel, SEI_MSG_NAME_MAX, "c%d", i);
        values[i] = i == 4 ? (double)NAN : i == 5 ? 99.0 : i / 10.0;
    }
    size_t len = sei_msg_write_record(&p.profiles[0], 255, 7, INT64_C(1767225600), values, frame);
    ck_assert_uint_eq(len, 24);
    for (uint32_t seq = 8; seq < 1000; seq++) {
        const size_t longer =
            sei_msg_append_record(&p.profiles[0], frame, len, sizeof frame, seq - 1,
                                  INT64_C(1767225600) + 600 * (seq - 8), seq,
                                  INT64_C(1767225600) + 600 * (seq - 7), values);
        if (!longer)
            break;
        len = longer;
    }
    ck_assert(len <= sizeof frame && len + 17 > sizeof frame);
    sei_msg_init(&msg, ctx);
    T_OK(ctx, sei_msg_read_record(&p, frame, len, &msg));
    ck_assert_uint_eq(msg.n_records, (len - 24) / 17 + 1);
    ck_assert_int_eq(msg.records[msg.n_records - 1].seq, 7 + (int64_t)(len - 24) / 17);
    ck_assert_int_eq(msg.values[10].time_us, (INT64_C(1767225600) + 600) * SEI_US_PER_S);
    ck_assert(msg.values[4].kind == SEI_MSG_MISSING && msg.values[5].kind == SEI_MSG_OVER_RANGE);
    sei_msg_done(&msg);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(damaged_records_are_refused)
{
    sei_ctx           *ctx = sei_ctx_create(NULL);
    const sei_profiles p = profiles_of(ctx, profile_json), none = {0};
    sei_msg            msg;
    uint8_t            bytes[sizeof one_record];

    sei_msg_init(&msg, ctx);
    for (size_t bit = 0; bit < 8 * sizeof bytes; bit++) { /* every single bit */
        memcpy(bytes, one_record, sizeof bytes);
        bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
        T_STATUS(ctx, sei_msg_read_record(&p, bytes, sizeof bytes, &msg), SEI_E_PARSE);
    }
    for (size_t len = 0; len < sizeof one_record; len++)
        T_STATUS(ctx, sei_msg_read_record(&p, one_record, len, &msg), SEI_E_PARSE);
    T_STATUS(ctx, sei_msg_read_record(&none, one_record, sizeof one_record, &msg), SEI_E_MISSING);
    sei_msg_done(&msg);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(requests_come_back_as_they_were)
{
    sei_ctx      *ctx    = sei_ctx_create(NULL);
    const sei_ask asks[] = {{0, 1}, {300, 256}, {0xFFFFFF, 1}};
    uint8_t       bytes[SEI_DOWN_BYTES_MAX];
    sei_down      down;
    size_t        len = sei_msg_write_ask(7, 3, asks, bytes);

    ck_assert_uint_eq(len, 16);
    T_OK(ctx, sei_msg_read_down(ctx, bytes, len, &down));
    ck_assert(down.kind == SEI_DOWN_ASK && down.epoch == 7 && down.n == 3);
    ck_assert(memcmp(down.asks, asks, sizeof asks) == 0);
    bytes[3] ^= 4;
    T_STATUS(ctx, sei_msg_read_down(ctx, bytes, len, &down), SEI_E_PARSE);
    len = sei_msg_write_kept(2, 70000, bytes);
    ck_assert_uint_eq(len, 7);
    T_OK(ctx, sei_msg_read_down(ctx, bytes, len, &down));
    ck_assert(down.kind == SEI_DOWN_KEPT && down.epoch == 2 && down.kept == 70000);
    /* docs/protocol.md's frame, with a CRC worked out by another program */
    static const uint8_t rate[] = {0x23, 0x00, 0x00, 0x3C, 0x00, 0x3C, 0xB2, 0xE3};
    len                         = sei_msg_write_rate(60, 60, bytes);
    ck_assert(len == sizeof rate && memcmp(bytes, rate, len) == 0);
    T_OK(ctx, sei_msg_read_down(ctx, bytes, len, &down));
    ck_assert(down.kind == SEI_DOWN_RATE && down.interval_s == 60 && down.minutes == 60);
    ck_assert_uint_eq(sei_msg_write_rate(0x10000, 1, bytes), 0);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- SenML: RFC 8428 sections 5.1.3 and 6 hold the same pack */

static const char senml_json[] =
    "[{\"bn\":\"urn:dev:ow:10e2073a0108006:\",\"bt\":1.276020076001e+09,\"bu\":\"A\",\"bver\":5,"
    "\"n\":\"voltage\",\"u\":\"V\",\"v\":120.1},"
    "{\"n\":\"current\",\"t\":-5,\"v\":1.2},{\"n\":\"current\",\"t\":-4,\"v\":1.3},{\"n\":"
    "\"current\",\"t\":-3,\"v\":1.4},"
    "{\"n\":\"current\",\"t\":-2,\"v\":1.5},{\"n\":\"current\",\"t\":-1,\"v\":1.6},{\"n\":"
    "\"current\",\"v\":1.7}]";

static const uint8_t senml_cbor[] = {
    0x87, 0xa7, 0x21, 0x78, 0x1b, 0x75, 0x72, 0x6e, 0x3a, 0x64, 0x65, 0x76, 0x3a, 0x6f, 0x77,
    0x3a, 0x31, 0x30, 0x65, 0x32, 0x30, 0x37, 0x33, 0x61, 0x30, 0x31, 0x30, 0x38, 0x30, 0x30,
    0x36, 0x3a, 0x22, 0xfb, 0x41, 0xd3, 0x03, 0xa1, 0x5b, 0x00, 0x10, 0x62, 0x23, 0x61, 0x41,
    0x20, 0x05, 0x00, 0x67, 0x76, 0x6f, 0x6c, 0x74, 0x61, 0x67, 0x65, 0x01, 0x61, 0x56, 0x02,
    0xfb, 0x40, 0x5e, 0x06, 0x66, 0x66, 0x66, 0x66, 0x66, 0xa3, 0x00, 0x67, 0x63, 0x75, 0x72,
    0x72, 0x65, 0x6e, 0x74, 0x06, 0x24, 0x02, 0xfb, 0x3f, 0xf3, 0x33, 0x33, 0x33, 0x33, 0x33,
    0x33, 0xa3, 0x00, 0x67, 0x63, 0x75, 0x72, 0x72, 0x65, 0x6e, 0x74, 0x06, 0x23, 0x02, 0xfb,
    0x3f, 0xf4, 0xcc, 0xcc, 0xcc, 0xcc, 0xcc, 0xcd, 0xa3, 0x00, 0x67, 0x63, 0x75, 0x72, 0x72,
    0x65, 0x6e, 0x74, 0x06, 0x22, 0x02, 0xfb, 0x3f, 0xf6, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
    0xa3, 0x00, 0x67, 0x63, 0x75, 0x72, 0x72, 0x65, 0x6e, 0x74, 0x06, 0x21, 0x02, 0xf9, 0x3e,
    0x00, 0xa3, 0x00, 0x67, 0x63, 0x75, 0x72, 0x72, 0x65, 0x6e, 0x74, 0x06, 0x20, 0x02, 0xfb,
    0x3f, 0xf9, 0x99, 0x99, 0x99, 0x99, 0x99, 0x9a, 0xa3, 0x00, 0x67, 0x63, 0x75, 0x72, 0x72,
    0x65, 0x6e, 0x74, 0x06, 0x00, 0x02, 0xfb, 0x3f, 0xfb, 0x33, 0x33, 0x33, 0x33, 0x33, 0x33,
};

static void check_senml(const sei_msg *msg)
{
    static const double current[] = {1.2, 1.3, 1.4, 1.5, 1.6, 1.7};
    const int64_t       base_us   = INT64_C(1276020076001000);

    ck_assert_uint_eq(msg->n_values, 7);
    ck_assert_str_eq(msg->values[0].channel, "voltage");
    ck_assert_str_eq(msg->values[0].unit, "V");
    ck_assert(msg->values[0].value == 120.1);
    for (int i = 0; i < 6; i++) {
        ck_assert_str_eq(msg->values[1 + i].channel, "current");
        ck_assert_str_eq(msg->values[1 + i].unit, "A");
        ck_assert(msg->values[1 + i].value == current[i]);
        ck_assert(llabs(msg->values[1 + i].time_us - (base_us + (i - 5) * SEI_US_PER_S)) <=
                  1); /* bt is a double */
    }
}

START_TEST(senml_of_the_rfc_reads_the_same_in_both_forms)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    sei_msg  msg;

    sei_msg_init(&msg, ctx);
    T_OK(ctx, sei_msg_read_senml_json(senml_json, strlen(senml_json), 0, &msg));
    check_senml(&msg);
    sei_msg_clear(&msg);
    T_OK(ctx, sei_msg_read_senml_cbor(senml_cbor, sizeof senml_cbor, 0, &msg));
    check_senml(&msg);
    for (size_t len = 0; len < sizeof senml_cbor; len++) {
        sei_msg_clear(&msg);
        T_STATUS(ctx, sei_msg_read_senml_cbor(senml_cbor, len, 0, &msg), SEI_E_PARSE);
    }
    sei_msg_done(&msg);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(senml_rules_hold)
{
    static const struct {
        const char *json;
        sei_status  status;
    } packs[] = {
        {"{}", SEI_E_TYPE},
        {"[{\"n\":\"a b\",\"v\":1}]", SEI_E_RANGE}, /* a blank in a name */
        {"[{\"n\":\"a\",\"v\":\"1\"}]", SEI_E_TYPE},
        {"[{\"n\":\"a\",\"v\":1,\"new_\":1}]",
         SEI_E_UNSUPPORTED}, /* must be understood: section 4.4 */
        {"[{\"n\":\"a\",\"v\":1,\"new\":1}]", SEI_OK},
        {"[{\"bver\":11,\"n\":\"a\",\"v\":1}]", SEI_E_UNSUPPORTED},
        {"[{\"n\":\"a\",\"vs\":\"text\"}]", SEI_OK},
        {"[{\"n\":\"a\",\"v\":1,\"t\":1e300}]", SEI_E_RANGE},
        {"[", SEI_E_PARSE},
    };
    sei_ctx *ctx = sei_ctx_create(NULL);
    sei_msg  msg;

    sei_msg_init(&msg, ctx);
    for (size_t i = 0; i < T_COUNT(packs); i++) {
        sei_msg_clear(&msg);
        T_STATUS(ctx, sei_msg_read_senml_json(packs[i].json, strlen(packs[i].json), 0, &msg),
                 packs[i].status);
    }
    sei_msg_clear(&msg);
    T_OK(ctx, sei_msg_read_senml_json("[{\"n\":\"x:ph\",\"v\":7,\"t\":-10}]", 28,
                                      INT64_C(5000000000), &msg)); /* relative time */
    ck_assert_int_eq(msg.values[0].time_us, INT64_C(4990000000));
    ck_assert_str_eq(msg.values[0].channel, "ph");
    sei_msg_done(&msg);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- network servers, in the shape of their documentation; defaults are left out as proto3 JSON does */

START_TEST(uplinks_are_unwrapped)
{
    static const char chirpstack[] =
        "{\"deduplicationId\":\"3ac7e3c4-4401-4b8d-9386-a5c902f9202d\",\"time\":\"2026-01-01T09:00:"
        "00.123456+09:00\","
        "\"deviceInfo\":{\"applicationId\":\"17c82e96\",\"devEui\":\"0101010101010101\"},"
        "\"devAddr\":\"00189440\",\"dr\":1,"
        "\"fPort\":1,\"data\":\"IwEAAQILSdgAWQjoewBmuQ==\",\"rxInfo\":[{\"gatewayId\":"
        "\"0016c001f153a14c\",\"rssi\":-48,\"snr\":9}]}";
    static const char tts[] =
        "{\"end_device_ids\":{\"device_id\":\"dev1\",\"application_ids\":{\"application_id\":"
        "\"app1\"},\"dev_eui\":\"0004A30B001C0530\"},"
        "\"received_at\":\"2026-01-01T00:00:00Z\",\"uplink_message\":{\"f_port\":2,\"frm_payload\":"
        "\"AQ==\",\"received_at\":\"2026-01-01T00:00:01Z\","
        "\"decoded_payload\":{\"temperature\":1.5,\"battery\":{\"v\":3.6},\"name\":\"x\",\"ok\":"
        "true}}}";
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_msg    msg;
    sei_uplink up;

    sei_msg_init(&msg, ctx);
    T_OK(ctx, sei_msg_read_chirpstack(chirpstack, strlen(chirpstack), &up, &msg));
    ck_assert_str_eq(up.address, "0101010101010101");
    ck_assert(up.has_time && up.time_us == INT64_C(1767225600123456) && up.port == 1 &&
              up.len == sizeof one_record);
    ck_assert(memcmp(up.payload, one_record, up.len) == 0 && msg.n_values == 0);
    T_OK(ctx, sei_msg_read_tts(tts, strlen(tts), &up, &msg));
    ck_assert_str_eq(up.address, "app1/dev1");
    ck_assert(up.time_us == INT64_C(1767225601000000) && up.port == 2 && msg.n_values == 3 &&
              msg.n_skipped == 1);
    ck_assert_str_eq(msg.values[1].channel, "battery_v");
    ck_assert(msg.values[1].value == 3.6 && msg.values[2].value == 1.0);
    T_STATUS(ctx, sei_msg_read_chirpstack("{}", 2, &up, &msg), SEI_E_MISSING);
    sei_msg_done(&msg);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(logger_files_are_read)
{
    static const char toa5[] =
        "\"TOA5\",\"mine\",\"CR850\",\"1234\",\"CR850.Std.07\",\"CPU:a.CR8\",\"4711\","
        "\"Table1\"\r\n"
        "\"TIMESTAMP\",\"RECORD\",\"pH_Avg\",\"Temp(1)\"\r\n\"TS\",\"RN\",\"\",\"Deg "
        "C\"\r\n\"\",\"\",\"Avg\",\"Smp\"\r\n"
        "\"2026-01-01 09:00:00\",0,6.51,\"NAN\"\r\n\"2026-01-01 09:10:00\",1,6.52,12.5\r\n";
    static const char csv[] = "time,zn\n2026-01-01T00:00:00Z,<0.005\n2026-01-01T01:00:00Z,\n";
    sei_ctx          *ctx   = sei_ctx_create(NULL);
    sei_msg           msg;

    sei_msg_init(&msg, ctx);
    T_OK(ctx, sei_msg_read_csv(toa5, strlen(toa5), SEI_JST_OFFSET, &msg));
    ck_assert_uint_eq(msg.n_records, 2);
    ck_assert_uint_eq(msg.n_values, 4);
    ck_assert_str_eq(msg.values[0].channel, "ph_avg");
    ck_assert_str_eq(msg.values[1].channel, "temp_1");
    ck_assert_str_eq(msg.values[1].unit, "Deg C");
    ck_assert(msg.values[1].kind == SEI_MSG_MISSING && msg.values[3].value == 12.5);
    ck_assert_int_eq(msg.values[0].time_us, INT64_C(1767225600) * SEI_US_PER_S);
    sei_msg_clear(&msg);
    T_OK(ctx, sei_msg_read_csv(csv, strlen(csv), 0, &msg));
    ck_assert(msg.values[0].kind == SEI_MSG_BELOW_LOQ && msg.values[0].value == 0.005 &&
              msg.values[1].kind == SEI_MSG_MISSING);
    T_STATUS(ctx, sei_msg_read_csv("a,b\n1,2\n", 8, 0, &msg), SEI_E_MISSING);
    sei_msg_done(&msg);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("msg");
    TCase *tc    = tcase_create("msg");

    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, checksum_is_the_catalogued_one);
    tcase_add_test(tc, own_record_is_read_as_specified);
    tcase_add_test(tc, ten_channels_fit_24_bytes_and_more_records_follow);
    tcase_add_test(tc, damaged_records_are_refused);
    tcase_add_test(tc, requests_come_back_as_they_were);
    tcase_add_test(tc, senml_of_the_rfc_reads_the_same_in_both_forms);
    tcase_add_test(tc, senml_rules_hold);
    tcase_add_test(tc, uplinks_are_unwrapped);
    tcase_add_test(tc, logger_files_are_read);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
