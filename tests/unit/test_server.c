/* test_server.c - routes as the API's description has them; credentials against published vectors */
#include "base/yaml.h"
#include "server/file_answer.h"
#include "server/radio.h"
#include "server/route.h"
#include "server/seal_secret.h"
#include "store/audit.h"
#include "store_case.h"

static const char *role_word(const sei_route *r)
{
    return r->scope == SEI_OPEN        ? "none"
           : r->scope == SEI_SIGNED_IN ? "signed-in"
                                       : sei_role_name(r->role);
}

static size_t index_of(const char *path, const char *method)
{
    for (size_t i = 0; i < sei_route_count(); i++)
        if (strcmp(sei_route_at(i)->path, path) == 0 &&
            strcmp(sei_route_at(i)->method, method) == 0)
            return i;
    return sei_route_count();
}

START_TEST(description_and_routes_say_the_same)
{
    sei_ctx        *ctx  = sei_ctx_create(NULL);
    const sei_yaml *root = NULL;
    size_t          n    = 0;
    sei_arena       arena;

    sei_arena_init(&arena, ctx);
    T_OK(ctx, sei_yaml_read(ctx, SEI_PROJECT_DIR "/api/openapi.yaml", &arena, &root));
    for (const sei_yaml *path = sei_yaml_get(root, "paths")->first; path; path = path->next)
        for (const sei_yaml *method = path->first; method; method = method->next) {
            char upper[10] = "";
            for (size_t i = 0; method->key[i] && i < 9; i++)
                upper[i] = (char)(method->key[i] - 32);
            const size_t     at    = index_of(path->key, upper);
            const sei_route *route = sei_route_at(at);
            ck_assert_msg(route != NULL, "%s %s is described, but no route", upper, path->key);
            const sei_yaml *role = sei_yaml_get(method, "x-role");
            ck_assert_msg(role && strcmp(role->text, role_word(route)) == 0,
                          "%s %s: x-role is not %s", upper, path->key, role_word(route));
            ck_assert_msg(!strchr(path->key, '{') || sei_yaml_get(method, "parameters"),
                          "%s: parameters", path->key);
            n++;
        }
    ck_assert_uint_eq(n, sei_route_count());
    sei_arena_done(&arena);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(paths_fit_only_as_they_are_written)
{
    int64_t id = 0;

    ck_assert(sei_path_fits("/a/{x}/b", "/a/12/b", &id) && id == 12);
    const char *const others[] = {
        "/a/12",   "/a/12/b/", "/a/012/b", "/a/-1/b", "/a/1x/b", "/a//b", "/a/1234567890123456/b",
        "/A/12/b", ""};
    for (size_t i = 0; i < T_COUNT(others); i++)
        ck_assert_msg(!sei_path_fits("/a/{x}/b", others[i], &id), "%s", others[i]);
    const char *const foul[] = {"/../x", "/a/../b", "/.x",  "//x",           "x",
                                "/a\\b", "/%2e",    "/a b", "/x\xE3\x81\x82"};
    for (size_t i = 0; i < T_COUNT(foul); i++)
        ck_assert_msg(!sei_file_path_is_plain(foul[i]), "%s", foul[i]);
    ck_assert(sei_file_path_is_plain("/assets/index-3f.js"));
}
END_TEST

/* RFC 6238 appendix B, SHA-1 */
START_TEST(codes_are_those_of_the_rfc)
{
    static const struct {
        int64_t  time_s;
        uint32_t code;
    } ref[]               = {{59, 94287082},         {1111111109, 7081804},  {1111111111, 14050471},
                             {1234567890, 89005924}, {2000000000, 69279037}, {20000000000, 65353130}};
    const uint8_t *secret = (const uint8_t *)"12345678901234567890";

    for (size_t i = 0; i < T_COUNT(ref); i++)
        ck_assert_uint_eq(sei_totp_code(secret, 20, ref[i].time_s / 30, 8), ref[i].code);
    ck_assert_int_eq(sei_totp_step(secret, "081804", INT64_C(1111111109) * SEI_US_PER_S, -1),
                     1111111109 / 30);
    ck_assert_int_eq(
        sei_totp_step(secret, "081804", INT64_C(1111111109) * SEI_US_PER_S, 1111111109 / 30),
        -1); /* once only */
    ck_assert_int_eq(sei_totp_step(secret, "081804", INT64_C(1111111209) * SEI_US_PER_S, -1),
                     -1); /* too late */
    ck_assert_int_eq(sei_totp_step(secret, "81804", INT64_C(1111111109) * SEI_US_PER_S, -1), -1);
    char text[40];
    sei_base32((const uint8_t *)"foobar", 6, text, sizeof text); /* RFC 4648 section 10 */
    ck_assert_str_eq(text, "MZXW6YTBOI");
}
END_TEST

START_TEST(passwords_and_secrets_open_only_with_their_own)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    char     hash[SEI_PASSWORD_HASH_MAX];
    uint8_t  key[crypto_secretbox_KEYBYTES], sealed[20 + SEI_SECRET_MORE], out[20];

    T_STATUS(ctx, sei_password_hash(ctx, "eleven byte", hash), SEI_E_RANGE);
    T_OK(ctx, sei_password_hash(ctx, "twelve bytes", hash));
    ck_assert(strncmp(hash, "$argon2id$", 10) == 0);
    ck_assert(sei_password_is(hash, "twelve bytes") && !sei_password_is(hash, "Twelve bytes") &&
              !sei_password_is(NULL, ""));
    crypto_secretbox_keygen(key);
    sei_secret_seal(key, (const uint8_t *)"12345678901234567890", 20, sealed);
    ck_assert(sei_secret_open(key, sealed, sizeof sealed, out, 20) &&
              memcmp(out, "12345678901234567890", 20) == 0);
    key[3] ^= 1;
    ck_assert(!sei_secret_open(key, sealed, sizeof sealed, out, 20));
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(roles_reach_as_far_as_their_site)
{
    const sei_actor actor = {
        .person_id = 1, .n_grants = 2, .grants = {{3, SEI_ROLE_ENGINEER}, {4, SEI_ROLE_AUDITOR}}};

    ck_assert(sei_actor_may(&actor, 3, SEI_ROLE_OPERATOR) &&
              sei_actor_may(&actor, 3, SEI_ROLE_ENGINEER));
    ck_assert(!sei_actor_may(&actor, 3, SEI_ROLE_ADMINISTRATOR) &&
              !sei_actor_may(&actor, 3, SEI_ROLE_AUDITOR));
    ck_assert(sei_actor_may(&actor, 4, SEI_ROLE_VIEWER) &&
              sei_actor_may(&actor, 4, SEI_ROLE_AUDITOR) &&
              !sei_actor_may(&actor, 4, SEI_ROLE_OPERATOR));
    ck_assert(!sei_actor_may(&actor, 5, SEI_ROLE_VIEWER) &&
              !sei_actor_may(&actor, 0, SEI_ROLE_VIEWER));
    ck_assert(sei_actor_may_somewhere(&actor, SEI_ROLE_ENGINEER) &&
              !sei_actor_may_somewhere(&actor, SEI_ROLE_ADMINISTRATOR));
}
END_TEST

static bool lives(store_case *c, const char *text, int64_t now_us)
{
    sei_actor actor;

    T_OK(c->ctx, sei_access_by_session(c->store, text, now_us, &actor));
    ck_assert(actor.person_id == 0 || actor.person_id == 1);
    return actor.person_id == 1;
}

/* docs/server.md: 12 h, or 2 h of silence; nothing of it is up to the browser. */
START_TEST(sessions_end_by_themselves)
{
    const int64_t t0 = 1000 * SEI_US_PER_HOUR, minute = 60 * SEI_US_PER_S;
    char          silent[SEI_TOKEN_TEXT_MAX], busy[SEI_TOKEN_TEXT_MAX];
    store_case    c;

    store_case_open(&c);
    T_OK(c.ctx, sei_db_script(sei_store_db(c.store),
                              "INSERT INTO person(id, name, full_name, lang, active, totp_on,"
                              " totp_step, made_us) VALUES(1, 'x', '', 'ja', 1, 0, 0, 0)"));
    T_OK(c.ctx, sei_access_open_session(c.store, 1, t0, silent));
    T_OK(c.ctx, sei_access_open_session(c.store, 1, t0, busy));
    ck_assert(lives(&c, silent, t0 + 119 * minute));
    ck_assert(lives(&c, silent, t0 + 238 * minute)); /* it was seen in between */
    ck_assert(!lives(&c, silent, t0 + 238 * minute + 121 * minute));
    for (int h = 1; h < 12; h++)
        ck_assert(lives(&c, busy, t0 + h * SEI_US_PER_HOUR));
    ck_assert(lives(&c, busy, t0 + 719 * minute));
    ck_assert(!lives(&c, busy, t0 + 721 * minute));
    ck_assert(!lives(&c, "", t0) && !lives(&c, "A", t0));
    T_OK(c.ctx, sei_access_open_session(c.store, 1, t0, busy));
    T_OK(c.ctx, sei_db_script(sei_store_db(c.store), "UPDATE person SET active = 0 WHERE id = 1"));
    ck_assert(!lives(&c, busy, t0 + minute)); /* of a user who was switched off */
    store_case_close(&c);
}
END_TEST

/* The number of the first entry that does not fit; 0: the chain holds. */
static int64_t first_bad(store_case *c)
{
    int64_t n = 0, bad = -1;
    uint8_t last[SEI_AUDIT_HASH];

    T_OK(c->ctx, sei_audit_verify(c->store, &n, &bad, last));
    return bad;
}

/* Whoever has the file can write into it, past the triggers; the verifier tells where. */
START_TEST(a_changed_audit_log_is_found)
{
    static const struct {
        const char *change, *back;
        int64_t     bad;
    } tries[] = {
        {"UPDATE audit SET detail = 'y' WHERE id = 2",
         "UPDATE audit SET detail = 'x2' WHERE id = 2", 2},
        {"UPDATE audit SET actor = 'b' WHERE id = 4", "UPDATE audit SET actor = 'a' WHERE id = 4",
         4},
        {"UPDATE audit SET time_us = 31 WHERE id = 3", "UPDATE audit SET time_us = 3 WHERE id = 3",
         3},
        {"UPDATE audit SET id = 9 WHERE id = 5", "UPDATE audit SET id = 5 WHERE id = 9", 9},
        {"DELETE FROM audit WHERE id = 1", "SELECT 1", 2},
    };
    store_case c;
    char       detail[10];

    store_case_open(&c);
    for (int i = 1; i <= 5; i++) {
        snprintf(detail, sizeof detail, "x%d", i);
        T_OK(c.ctx, sei_audit_add(c.store, i, "a", "do", "thing", detail));
    }
    ck_assert_int_eq(first_bad(&c), 0);
    ck_assert(sei_db_script(sei_store_db(c.store), tries[0].change) != SEI_OK);
    T_OK(c.ctx,
         sei_db_script(sei_store_db(c.store), "DROP TRIGGER audit_keep; DROP TRIGGER audit_stay"));
    for (size_t i = 0; i < T_COUNT(tries); i++) {
        T_OK(c.ctx, sei_db_script(sei_store_db(c.store), tries[i].change));
        ck_assert_int_eq(first_bad(&c), tries[i].bad);
        T_OK(c.ctx, sei_db_script(sei_store_db(c.store), tries[i].back));
        ck_assert(i + 1 == T_COUNT(tries) || first_bad(&c) == 0);
    }
    store_case_close(&c);
}
END_TEST

START_TEST(buckets_fill_again_slowly)
{
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_rates *r   = NULL;
    int64_t    t   = INT64_C(1000000000);

    T_OK(ctx, sei_rates_create(ctx, 1.0, 3.0, &r));
    for (int i = 0; i < 3; i++)
        ck_assert(sei_rates_take(r, "a", t));
    ck_assert(!sei_rates_take(r, "a", t) && sei_rates_take(r, "b", t));
    ck_assert(!sei_rates_take(r, "a", t + SEI_US_PER_S / 2) &&
              sei_rates_take(r, "a", t + 2 * SEI_US_PER_S));
    sei_rates_free(r);
    sei_ctx_free(ctx);
}
END_TEST

/* Shapes as the two network servers document their uplink events; numbers omitted by proto3 are 0. */
START_TEST(the_gateway_that_hears_best_tells_the_signal)
{
    static const struct {
        const char *format, *json;
        double      rssi_dbm, snr_db;
        size_t      n; /* of gateways; 0: nothing is said */
    } cases[] = {
        {"chirpstack", "{\"rxInfo\":[{\"gatewayId\":\"0016c001f153a14c\",\"rssi\":-48,\"snr\":9}]}",
         -48, 9, 1},
        {"chirpstack",
         "{\"rxInfo\":[{\"rssi\":-118,\"snr\":-7.5},{\"rssi\":-97,\"snr\":5},{\"rssi\":-101}]}",
         -97, 5, 3},
        {"chirpstack", "{\"rxInfo\":[{\"rssi\":-90}]}", -90, 0, 1},
        {"tts",
         "{\"uplink_message\":{\"rx_metadata\":[{\"rssi\":-35,\"snr\":9.25},{\"rssi\":-120}]}}",
         -35, 9.25, 2},
        {"chirpstack", "{\"rxInfo\":[]}", 0, 0, 0},
        {"chirpstack", "{\"rxInfo\":{\"rssi\":\"x\"}}", 0, 0, 0},
        {"tts", "{\"uplink_message\":[1]}", 0, 0, 0},
        {"tts", "not json", 0, 0, 0},
        {"senml-json", "{\"rxInfo\":[{\"rssi\":-48}]}", 0, 0, 0},
    };

    for (size_t i = 0; i < T_COUNT(cases); i++) {
        sei_radio  radio = {.rssi_dbm = 1};
        const bool found =
            sei_radio_read(cases[i].format, cases[i].json, strlen(cases[i].json), &radio);
        ck_assert_msg(found == (cases[i].n > 0), "%s", cases[i].json);
        ck_assert(found ? radio.rssi_dbm == cases[i].rssi_dbm && radio.has_snr &&
                              radio.snr_db == cases[i].snr_db && radio.n_gateways == cases[i].n
                        : radio.rssi_dbm == 1);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("server");
    TCase *tc    = tcase_create("server");

    if (sodium_init() < 0)
        return 1;
    tcase_set_timeout(tc, 60);
    tcase_add_test(tc, description_and_routes_say_the_same);
    tcase_add_test(tc, paths_fit_only_as_they_are_written);
    tcase_add_test(tc, codes_are_those_of_the_rfc);
    tcase_add_test(tc, passwords_and_secrets_open_only_with_their_own);
    tcase_add_test(tc, roles_reach_as_far_as_their_site);
    tcase_add_test(tc, sessions_end_by_themselves);
    tcase_add_test(tc, a_changed_audit_log_is_found);
    tcase_add_test(tc, buckets_fill_again_slowly);
    tcase_add_test(tc, the_gateway_that_hears_best_tells_the_signal);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
