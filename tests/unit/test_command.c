/*
 * test_command.c - commands: signatures of RFC 8032, frames made by others, every reason of refusal, images, life of a
 * command; the protocol as a whole is in test_command_model.c
 */
#include "seiryu/command.h"
#include "seiryu/water.h"
#include "t.h"

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

static size_t from_hex(const char *hex, uint8_t bytes[], size_t max)
{
    size_t   n = 0;
    unsigned x;

    for (; sscanf(hex, "%2x", &x) == 1 && n < max; hex += 2)
        bytes[n++] = (uint8_t)x;
    return n;
}

/* ------------------------------------------------------------------ signatures */

static const char *const seed_1 =
    "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
static const char *const seed_2 =
    "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb";

/* RFC 8032, section 7.1, TEST 1 to 3 */
START_TEST(signatures_of_rfc_8032)
{
    static const struct {
        const char *seed, *public_key, *message, *signature;
    } rows[] = {
        {"9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
         "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", "",
         "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701"
         "cf9b46bd25"
         "bf5f0595bbe24655141438e7a100b"},
        {"4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
         "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c", "72",
         "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d"
         "0f11d8c387b"
         "2eaeb4302aeeb00d291612bb0c00"},
        {"c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
         "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025", "af82",
         "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f7609"
         "84dc6594a7c"
         "15e9716ed28dc027beceea1ec40a"},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        uint8_t      seed[32], expected[64], message[4], public_key[32], secret[64], signature[64];
        const size_t len = from_hex(rows[i].message, message, sizeof message);
        from_hex(rows[i].seed, seed, sizeof seed);
        T_OK(ctx, sei_ed25519_keys(ctx, seed, public_key, secret));
        from_hex(rows[i].public_key, expected, 32);
        ck_assert_mem_eq(public_key, expected, 32);
        ck_assert(sei_ed25519_sign(secret, message, len, signature));
        ck_assert_uint_eq(from_hex(rows[i].signature, expected, 64), 64);
        ck_assert_mem_eq(signature, expected, 64);
        ck_assert(sei_ed25519_verify(signature, message, len, public_key));
        for (size_t bit = 0; bit < 512; bit += 37) {
            signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
            ck_assert(!sei_ed25519_verify(signature, message, len, public_key));
            signature[bit / 8] ^= (uint8_t)(1u << bit % 8);
        }
    }
}
END_TEST

/* ------------------------------------------------------------------ frames */

/* Numbers of a row; absent[i] where there is none. */
static size_t read_fields(const char *text, long long number[12], bool absent[12])
{
    size_t n = 0;

    while (*text && n < 12) {
        absent[n] = text[0] == '-' && (text[1] == ' ' || text[1] == '\0');
        number[n] = absent[n] ? 0 : strtoll(text, NULL, 10);
        text += strcspn(text, " ");
        text += *text == ' ';
        n++;
    }
    return n;
}

static void check_token(const long long x[12], const bool absent[12], const uint8_t *frame,
                        size_t len, const uint8_t public_key[32], uint8_t secret[64])
{
    const sei_token t = {(sei_token_kind)x[0], (uint32_t)x[1], (uint16_t)x[2], (uint8_t)x[3],
                         (uint32_t)x[4],       (int32_t)x[5],  !absent[6],     (int32_t)x[6],
                         (uint32_t)x[7],       (uint32_t)x[8]};
    sei_token       got;
    uint8_t         ours[SEI_TOKEN_SIZE];

    ck_assert_uint_eq(len, SEI_TOKEN_SIZE);
    ck_assert(sei_token_write(&t, sei_ed25519_sign, secret, ours));
    ck_assert_mem_eq(ours, frame, len);
    ck_assert(sei_token_read(frame, len, &got));
    ck_assert(got.kind == t.kind && got.station == t.station && got.point == t.point &&
              got.key == t.key && got.counter == t.counter && got.value == t.value &&
              got.has_expected == t.has_expected && got.expected == t.expected &&
              got.not_after_s == t.not_after_s && got.nonce == t.nonce);
    for (size_t i = 0; i < len; i++) { /* every byte is signed */
        ours[i] ^= 0x20;
        ck_assert(!sei_token_is_signed(ours, len, sei_ed25519_verify, public_key));
        ours[i] ^= 0x20;
    }
    ck_assert(sei_token_is_signed(frame, len, sei_ed25519_verify, public_key));
    ck_assert(!sei_token_is_signed(frame, len - 1, sei_ed25519_verify, public_key));
    ck_assert(!sei_token_read(frame, len - 1, &got));
}

static void check_answer(const long long x[12], const bool absent[12], const uint8_t *frame,
                         size_t len, const uint8_t public_key[32], uint8_t secret[64])
{
    const sei_answer a = {.kind         = (sei_answer_kind)x[0],
                          .station      = (uint32_t)x[1],
                          .point        = (uint16_t)x[2],
                          .key          = (uint8_t)x[3],
                          .counter      = (uint32_t)x[4],
                          .proven       = !absent[5],
                          .position     = (int32_t)x[5],
                          .done_key     = (uint8_t)x[6],
                          .done_counter = (uint32_t)x[7],
                          .cause        = (uint8_t)x[8],
                          .nonce        = (uint32_t)x[9],
                          .time_s       = (uint32_t)x[10],
                          .life         = (uint32_t)x[11]};
    sei_answer       got;
    uint8_t          ours[SEI_ANSWER_SIZE];

    ck_assert_uint_eq(len, SEI_ANSWER_SIZE);
    ck_assert(sei_answer_write(&a, sei_ed25519_sign, secret, ours));
    ck_assert_mem_eq(ours, frame, len);
    ck_assert(sei_answer_read(frame, len, &got));
    ck_assert(got.kind == a.kind && got.proven == a.proven && got.position == a.position &&
              got.done_key == a.done_key && got.done_counter == a.done_counter &&
              got.cause == a.cause && got.nonce == a.nonce && got.time_s == a.time_s &&
              got.life == a.life && got.counter == a.counter);
    ck_assert(sei_answer_is_signed(frame, len, sei_ed25519_verify, public_key));
    ours[20] ^= 1;
    ck_assert(!sei_answer_is_signed(ours, len, sei_ed25519_verify, public_key));
}

START_TEST(frames_made_by_others)
{
    sei_table *t = NULL;
    uint8_t    seed[32], person[32], person_secret[64], station[32], station_secret[64];

    from_hex(seed_1, seed, 32);
    T_OK(ctx, sei_ed25519_keys(ctx, seed, person, person_secret));
    from_hex(seed_2, seed, 32);
    T_OK(ctx, sei_ed25519_keys(ctx, seed, station, station_secret));
    T_OK(ctx, sei_table_read(ctx, SEI_TEST_DIR "/refs/command/vectors.tsv", &t));
    ck_assert_uint_eq(sei_table_n_rows(t), 10);
    for (size_t row = 0; row < sei_table_n_rows(t); row++) {
        long long    x[12];
        bool         absent[12];
        uint8_t      frame[128];
        const size_t n   = read_fields(sei_table_cell(t, row, 1), x, absent);
        const size_t len = from_hex(sei_table_cell(t, row, 2), frame, sizeof frame);
        if (n == 9)
            check_token(x, absent, frame, len, person, person_secret);
        else
            check_answer(x, absent, frame, len, station, station_secret);
        /* a frame with the dwell limit off fits SF10 (DR2, 115 bytes) */
        ck_assert_uint_le(len, 115);
    }
    sei_table_free(t);
}
END_TEST

/* ------------------------------------------------------------------ the station */

static sei_station_config config;
static sei_station        station;
static sei_station_world  around;
static uint8_t            secret[3][64], station_public[32]; /* two persons, the station */
static uint32_t           next_counter[2];

static void make_station(void)
{
    uint8_t seed[32] = {0}, unused[32];

    sei_ctx_clear(ctx);
    config           = (sei_station_config){.station        = 7,
                                            .n_points       = 2,
                                            .n_keys         = 2,
                                            .n_interlocks   = 1,
                                            .validity_max_s = 3600,
                                            .verify         = sei_ed25519_verify,
                                            .sign           = sei_ed25519_sign,
                                            .sign_user      = secret[2]};
    config.points[0] = (sei_station_point){
        .point = 3, .min = 0, .max = 100, .tolerance = 1, .select_s = 60, .travel_s = 30};
    config.points[1]     = (sei_station_point){.point          = 4,
                                               .min            = 0,
                                               .max            = 1,
                                               .select_s       = 60,
                                               .travel_s       = 30,
                                               .pause_s        = 600,
                                               .two_persons    = true,
                                               .needs_expected = true};
    config.interlocks[0] = (sei_interlock){0, 1, SEI_ABOVE, 900, SEI_ABOVE, 50};
    for (uint8_t k = 0; k < 3; k++) {
        seed[0] = (uint8_t)(k + 1);
        T_OK(ctx, sei_ed25519_keys(ctx, seed, k < 2 ? config.keys[k].public_key : station_public,
                                   secret[k]));
    }
    memcpy(unused, station_public, 32);
    config.keys[0].select = config.keys[0].operate = 3;
    config.keys[1].select = 2, config.keys[1].operate = 3; /* may select the second point only */
    T_OK(ctx, sei_station_check(ctx, &config));
    station = sei_station_start(0xCAFE);
    around  = (sei_station_world){
         .has_time = true, .now_s = 1000, .healthy = true, .random = 0x1234, .n_inputs = 2};
    around.inputs[1] = (sei_station_input){true, 100};
    next_counter[0] = next_counter[1] = 1;
}

static sei_token token_of(sei_token_kind kind, uint16_t point, uint8_t key, int32_t value)
{
    return (sei_token){kind,  7,     point, key,  next_counter[key]++,
                       value, false, 0,     2000, kind == SEI_TOKEN_SELECT ? 0 : 0x1234};
}

static sei_station_out give(const sei_token *t)
{
    uint8_t         frame[SEI_TOKEN_SIZE];
    sei_station_out out;

    ck_assert(sei_token_write(t, sei_ed25519_sign, secret[t->key < 2 ? t->key : 0], frame));
    sei_station_receive(&config, &station, &around, frame, sizeof frame, &out);
    return out;
}

static sei_answer answer_of(const sei_station_out *out)
{
    sei_answer a;

    ck_assert_uint_eq(out->answer_len, SEI_ANSWER_SIZE);
    ck_assert(
        sei_answer_is_signed(out->answer, out->answer_len, sei_ed25519_verify, station_public));
    ck_assert(sei_answer_read(out->answer, out->answer_len, &a));
    return a;
}

/* Refused with this cause: said in a signed answer, stored, nothing driven. */
static void assert_refused(const sei_token *t, sei_cause cause)
{
    const sei_station_out out = give(t);
    const sei_answer      a   = answer_of(&out);

    ck_assert_msg(a.kind == SEI_ANSWER_REFUSED && a.cause == cause && out.cause == cause,
                  "%s, expected %s", sei_cause_name(a.cause), sei_cause_name((uint8_t)cause));
    ck_assert(out.store && !out.drive);
}

static sei_station_out read_at(size_t point, int32_t position)
{
    sei_station_out out;

    sei_station_readback(&config, &station, &around, point, position, &out);
    return out;
}

static void assert_answer(const sei_answer *a, sei_answer_kind kind, bool proven, int32_t position,
                          uint32_t done_counter)
{
    ck_assert_int_eq(a->kind, kind);
    ck_assert_int_eq(a->proven, proven);
    ck_assert_int_eq(a->position, position);
    ck_assert_uint_eq(a->done_counter, done_counter);
    ck_assert_uint_eq(a->cause, SEI_CAUSE_NONE);
    ck_assert_uint_eq(a->life, 0xCAFE);
    ck_assert_uint_eq(a->time_s, around.now_s);
}

START_TEST(an_operation_from_selection_to_proof)
{
    make_station();
    read_at(0, 10);
    sei_token       t   = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    sei_station_out out = give(&t);
    sei_answer      a   = answer_of(&out);
    assert_answer(&a, SEI_ANSWER_SELECTED, true, 10, 0);
    ck_assert_uint_eq(a.nonce, 0x1234);
    ck_assert_uint_eq(a.done_key, SEI_COMMAND_NO_KEY);
    ck_assert(out.store && !out.drive);

    t   = token_of(SEI_TOKEN_OPERATE, 3, 0, 40);
    out = give(&t);
    a   = answer_of(&out);
    assert_answer(&a, SEI_ANSWER_ACCEPTED, false, 0, 2);
    ck_assert(out.store && out.drive);
    ck_assert_uint_eq(out.point, 0);
    ck_assert_int_eq(out.value, 40);

    /* the same frame again: the same answer, nothing else */
    const sei_station_out again = give(&t);
    ck_assert(!again.drive && !again.store);
    ck_assert_mem_eq(again.answer, out.answer, SEI_ANSWER_SIZE);

    around.now_s += 10;
    out = read_at(0, 25); /* on its way */
    ck_assert_uint_eq(out.answer_len, 0);
    ck_assert(!station.points[0].proven);
    out = read_at(0, 39); /* within the tolerance */
    a   = answer_of(&out);
    assert_answer(&a, SEI_ANSWER_RESULT, true, 39, 2);
    sei_station_status(&config, &station, &around, 0, &out);
    a = answer_of(&out);
    assert_answer(&a, SEI_ANSWER_STATUS, true, 39, 2);
}
END_TEST

START_TEST(an_operation_that_does_not_arrive)
{
    make_station();
    sei_token       t   = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    sei_station_out out = give(&t);
    t                   = token_of(SEI_TOKEN_OPERATE, 3, 0, 40);
    out                 = give(&t);
    around.now_s += 29;
    ck_assert(!sei_station_tick(&config, &station, &around, &out));
    ck_assert_uint_eq(out.answer_len, 0);
    around.now_s += 1;
    ck_assert(!sei_station_tick(&config, &station, &around, &out));
    const sei_answer a = answer_of(&out);
    ck_assert(a.kind == SEI_ANSWER_RESULT && a.cause == SEI_CAUSE_TIME_LIMIT_OVER && !a.proven);
    read_at(0, 12);
    ck_assert(station.points[0].proven && station.points[0].position == 12);
}
END_TEST

START_TEST(reasons_that_the_station_gives)
{
    make_station();
    sei_token t = token_of(SEI_TOKEN_SELECT, 3, 1, 40);
    assert_refused(&t, SEI_CAUSE_NO_ACCESS);
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 101);
    assert_refused(&t, SEI_CAUSE_INCONSISTENT);
    t             = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    t.not_after_s = 1000;
    assert_refused(&t, SEI_CAUSE_TIME_LIMIT_OVER);
    t             = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    t.not_after_s = 1000 + 3601;
    assert_refused(&t, SEI_CAUSE_INCONSISTENT);
    around.healthy = false;
    t              = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    assert_refused(&t, SEI_CAUSE_HEALTH);
    around.healthy = true, around.has_time = false;
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    assert_refused(&t, SEI_CAUSE_HEALTH);
    around.has_time = true, around.local = true;
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    assert_refused(&t, SEI_CAUSE_SWITCHING_HIERARCHY);
    around.local = false;
    t            = token_of(SEI_TOKEN_OPERATE, 3, 0, 40);
    assert_refused(&t, SEI_CAUSE_NOT_SELECTED);
    t = token_of(SEI_TOKEN_SELECT, 4, 0, 1);
    assert_refused(&t, SEI_CAUSE_INCONSISTENT); /* no expected position */
    t              = token_of(SEI_TOKEN_SELECT, 4, 0, 1);
    t.has_expected = true;
    assert_refused(&t, SEI_CAUSE_INVALID_POSITION); /* nothing is proven */
    around.inputs[1].value = 901;
    t                      = token_of(SEI_TOKEN_SELECT, 3, 0, 51);
    assert_refused(&t, SEI_CAUSE_INTERLOCKING);
    around.inputs[1] = (sei_station_input){false, 0}; /* not measured: blocks as well */
    t                = token_of(SEI_TOKEN_SELECT, 3, 0, 51);
    assert_refused(&t, SEI_CAUSE_INTERLOCKING);
}
END_TEST

START_TEST(reasons_that_a_selection_gives)
{
    make_station();
    read_at(0, 50);
    sei_token t = token_of(SEI_TOKEN_SELECT, 3, 0, 50);
    assert_refused(&t, SEI_CAUSE_POSITION_REACHED);
    around.inputs[1] = (sei_station_input){false, 0};
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 20); /* values up to 50 are not interlocked */
    ck_assert_int_eq(give(&t).cause, SEI_CAUSE_NONE);
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 20);
    assert_refused(&t, SEI_CAUSE_ALREADY_SELECTED);
    config.keys[1].select = 3;
    t                     = token_of(SEI_TOKEN_SELECT, 3, 1, 20);
    assert_refused(&t, SEI_CAUSE_LOCKED_BY_OTHER);
    t = token_of(SEI_TOKEN_OPERATE, 3, 1, 20);
    assert_refused(&t, SEI_CAUSE_LOCKED_BY_OTHER);
    t = token_of(SEI_TOKEN_OPERATE, 3, 0, 21);
    assert_refused(&t, SEI_CAUSE_INCONSISTENT);
    t       = token_of(SEI_TOKEN_OPERATE, 3, 0, 20);
    t.nonce = 1;
    assert_refused(&t, SEI_CAUSE_INCONSISTENT);
    t = token_of(SEI_TOKEN_OPERATE, 3, 0, 20);
    ck_assert(give(&t).drive);
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 30);
    assert_refused(&t, SEI_CAUSE_IN_EXECUTION);
    t = token_of(SEI_TOKEN_CANCEL, 3, 0, 20);
    assert_refused(&t, SEI_CAUSE_IN_EXECUTION);

    t                         = token_of(SEI_TOKEN_SELECT, 9, 0, 1);
    const sei_station_out out = give(&t);
    ck_assert(out.cause == SEI_CAUSE_NOT_SUPPORTED && out.answer_len == 0 && !out.drive);
}
END_TEST

START_TEST(a_selection_ends_by_time_and_by_cancel)
{
    make_station();
    sei_token t = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    ck_assert_int_eq(give(&t).cause, SEI_CAUSE_NONE);
    around.now_s += 60; /* no tick in between */
    t = token_of(SEI_TOKEN_OPERATE, 3, 0, 40);
    assert_refused(&t, SEI_CAUSE_NOT_SELECTED);
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    ck_assert_int_eq(give(&t).cause, SEI_CAUSE_NONE);
    t = token_of(SEI_TOKEN_CANCEL, 3, 0, 40);
    assert_refused(&t, SEI_CAUSE_CANCELLED);
    t = token_of(SEI_TOKEN_OPERATE, 3, 0, 40);
    assert_refused(&t, SEI_CAUSE_NOT_SELECTED);
    /* the clock is set back: what had expired stays so */
    t = token_of(SEI_TOKEN_SELECT, 3, 0, 40), t.not_after_s = 1050;
    around.now_s = 500;
    assert_refused(&t, SEI_CAUSE_TIME_LIMIT_OVER);
}
END_TEST

START_TEST(two_persons_and_a_pause)
{
    make_station();
    read_at(1, 0);
    sei_token t    = token_of(SEI_TOKEN_SELECT, 4, 0, 1);
    t.has_expected = true;
    ck_assert_int_eq(give(&t).cause, SEI_CAUSE_NONE);
    t              = token_of(SEI_TOKEN_OPERATE, 4, 0, 1);
    t.has_expected = true;
    assert_refused(&t, SEI_CAUSE_NO_ACCESS);
    t              = token_of(SEI_TOKEN_OPERATE, 4, 1, 1);
    t.has_expected = true;
    ck_assert(give(&t).drive);
    read_at(1, 1);
    around.now_s += 599;
    t              = token_of(SEI_TOKEN_SELECT, 4, 0, 0);
    t.has_expected = true, t.expected = 1;
    assert_refused(&t, SEI_CAUSE_PROCESS);
    around.now_s += 1;
    t              = token_of(SEI_TOKEN_SELECT, 4, 0, 0);
    t.has_expected = true, t.expected = 1, t.not_after_s = 3000;
    ck_assert_int_eq(give(&t).cause, SEI_CAUSE_NONE);
}
END_TEST

START_TEST(frames_that_get_no_answer)
{
    uint8_t         frame[SEI_TOKEN_SIZE];
    sei_station_out out;

    make_station();
    sei_token t = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    ck_assert(sei_token_write(&t, sei_ed25519_sign, secret[1], frame)); /* signed by another */
    sei_station_receive(&config, &station, &around, frame, sizeof frame, &out);
    ck_assert(out.answer_len == 0 && !out.store && out.cause == SEI_CAUSE_NO_ACCESS);
    t.station = 8;
    ck_assert(sei_token_write(&t, sei_ed25519_sign, secret[0], frame));
    sei_station_receive(&config, &station, &around, frame, sizeof frame, &out);
    ck_assert(out.answer_len == 0 && !out.store && out.cause == SEI_CAUSE_UNKNOWN);
    t.station = 7, t.key = 3;
    ck_assert(sei_token_write(&t, sei_ed25519_sign, secret[0], frame));
    sei_station_receive(&config, &station, &around, frame, sizeof frame, &out);
    ck_assert(out.answer_len == 0 && out.cause == SEI_CAUSE_NO_ACCESS);
    sei_station_receive(&config, &station, &around, frame, 0, &out);
    ck_assert(out.answer_len == 0 && out.cause == SEI_CAUSE_UNKNOWN);
    t.key = 0, t.counter = 5;
    ck_assert_int_eq(give(&t).cause, SEI_CAUSE_NONE);
    t.counter = 4; /* an old one */
    out       = give(&t);
    ck_assert(out.answer_len == 0 && !out.store && out.cause == SEI_CAUSE_INCONSISTENT);
    read_at(9, 5);
    sei_station_status(&config, &station, &around, 9, &out);
    ck_assert_uint_eq(out.answer_len, 0);
}
END_TEST

START_TEST(image_through_a_restart)
{
    uint8_t     image[SEI_STATION_IMAGE];
    sei_station again;

    make_station();
    read_at(0, 10);
    sei_token t = token_of(SEI_TOKEN_SELECT, 3, 0, 40);
    ck_assert_int_eq(give(&t).cause, SEI_CAUSE_NONE);
    t = token_of(SEI_TOKEN_OPERATE, 3, 0, 40);
    ck_assert(give(&t).drive);
    sei_station_image(&station, image);
    ck_assert(sei_station_restore(image, sizeof image, &again));
    ck_assert(again.life == 0xCAFE && again.counter[0] == 2 && again.points[0].done_counter == 2 &&
              again.points[0].done_key == 0 && again.points[1].done_key == SEI_COMMAND_NO_KEY);
    ck_assert(again.points[0].phase == SEI_POINT_IDLE && !again.points[0].proven);
    for (size_t bit = 0; bit < 8 * sizeof image; bit++) {
        image[bit / 8] ^= (uint8_t)(1u << bit % 8);
        ck_assert(!sei_station_restore(image, sizeof image, &again));
        image[bit / 8] ^= (uint8_t)(1u << bit % 8);
    }
    ck_assert(!sei_station_restore(image, sizeof image - 1, &again));
    /* CRC-32 of an image of zeros by zlib */
    const sei_station blank = {0};
    sei_station_image(&blank, image);
    ck_assert_mem_eq(image + SEI_STATION_IMAGE - 4, ((uint8_t[]){0xF9, 0x35, 0xFC, 0x7C}), 4);
}
END_TEST

START_TEST(stations_that_cannot_work_are_refused)
{
    make_station();
    config.points[0].min = 101;
    T_STATUS(ctx, sei_station_check(ctx, &config), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "point 3: min = 101 lies above max = 100");
    make_station();
    config.points[1].point = 3;
    T_STATUS(ctx, sei_station_check(ctx, &config), SEI_E_DUPLICATE);
    make_station();
    config.n_keys = 1;
    T_STATUS(ctx, sei_station_check(ctx, &config), SEI_E_RANGE);
    T_CONTAINS(sei_ctx_error(ctx), "point 4 asks for two persons");
    make_station();
    config.interlocks[0].input = 16;
    T_STATUS(ctx, sei_station_check(ctx, &config), SEI_E_RANGE);
    make_station();
    config.points[0].travel_s = 0;
    T_STATUS(ctx, sei_station_check(ctx, &config), SEI_E_MISSING);
    config.n_points = 9;
    T_STATUS(ctx, sei_station_check(ctx, &config), SEI_E_TOO_LARGE);
}
END_TEST

/* ------------------------------------------------------------------ the issuer */

START_TEST(a_command_on_the_issuers_side)
{
    sei_command c = {.station = 7, .point = 3, .value = 40, .tolerance = 1, .not_after_s = 2000};
    uint8_t     frame[SEI_TOKEN_SIZE], again[SEI_TOKEN_SIZE];
    sei_station_out out;

    make_station();
    read_at(0, 10);
    ck_assert(!sei_command_operate(&c, 0, 9, sei_ed25519_sign, secret[0], frame));
    ck_assert(sei_command_select(&c, 0, 1, sei_ed25519_sign, secret[0], frame));
    ck_assert(sei_command_select(&c, 0, 99, sei_ed25519_sign, secret[0], again));
    ck_assert_mem_eq(frame, again, sizeof frame);
    sei_station_receive(&config, &station, &around, frame, sizeof frame, &out);
    ck_assert(!sei_command_answer(&c, out.answer, out.answer_len, sei_ed25519_verify,
                                  config.keys[0].public_key));
    ck_assert(
        sei_command_answer(&c, out.answer, out.answer_len, sei_ed25519_verify, station_public));
    ck_assert_str_eq(sei_command_stand_name(c.stand), "selected");
    ck_assert(c.has_position && c.position == 10);
    ck_assert(sei_command_operate(&c, 0, 2, sei_ed25519_sign, secret[0], frame));
    sei_command_tick(&c, 2059, 60);
    ck_assert_int_eq(c.stand, SEI_COMMAND_OPERATING);
    sei_command_tick(&c, 2060, 60);
    ck_assert_str_eq(sei_command_stand_name(c.stand), "unknown");
    sei_station_receive(&config, &station, &around, frame, sizeof frame, &out);
    ck_assert(
        sei_command_answer(&c, out.answer, out.answer_len, sei_ed25519_verify, station_public));
    ck_assert_int_eq(c.stand, SEI_COMMAND_EXECUTING);
    out = read_at(0, 41);
    ck_assert(
        sei_command_answer(&c, out.answer, out.answer_len, sei_ed25519_verify, station_public));
    ck_assert_int_eq(c.stand, SEI_COMMAND_DONE);
    ck_assert_int_eq(c.position, 41);
    ck_assert_str_eq(sei_command_stand_name_ja(c.stand), "完了");

    sei_command other = {.station = 7, .point = 3, .value = 60, .not_after_s = 2000};
    ck_assert(sei_command_select(&other, 0, 3, sei_ed25519_sign, secret[0], frame));
    sei_command_tick(&other, 2061, 60);
    ck_assert_int_eq(other.stand, SEI_COMMAND_NOT_DONE);
    ck_assert_str_eq(sei_cause_name(other.cause), "Time-limit-over");
    ck_assert_str_eq(sei_cause_name_ja(SEI_CAUSE_INTERLOCKING), "インターロックにより禁止");
    ck_assert_str_eq(sei_cause_name(28), "?");
}
END_TEST

int main(void)
{
    const TTest *const tests[] = {
        signatures_of_rfc_8032,
        frames_made_by_others,
        an_operation_from_selection_to_proof,
        an_operation_that_does_not_arrive,
        reasons_that_the_station_gives,
        reasons_that_a_selection_gives,
        a_selection_ends_by_time_and_by_cancel,
        two_persons_and_a_pause,
        frames_that_get_no_answer,
        image_through_a_restart,
        stations_that_cannot_work_are_refused,
        a_command_on_the_issuers_side,
    };
    Suite *suite = suite_create("command");
    TCase *tcase = tcase_create("command");

    tcase_add_checked_fixture(tcase, setup, teardown);
    for (size_t i = 0; i < T_COUNT(tests); i++)
        tcase_add_test(tcase, tests[i]);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
