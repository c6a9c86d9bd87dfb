/* test_down.c - frames to stations as each network wants them, and their queue */
#include <jansson.h>

#include "server/down.h"
#include "store_case.h"

typedef struct {
    size_t   n;
    char     topic[400], payload[700];
    size_t   len;
    uint32_t expiry_s;
} mailbox;

static void take(void *user, const char *topic, const void *payload, size_t len, uint32_t expiry_s)
{
    mailbox *m = user;

    m->n++;
    snprintf(m->topic, sizeof m->topic, "%s", topic);
    ck_assert_uint_lt(len, sizeof m->payload);
    memcpy(m->payload, payload, len);
    m->payload[len] = '\0';
    m->len          = len;
    m->expiry_s     = expiry_s;
}

/* Forms after the documents of ChirpStack v4 and The Things Stack v3; "foobar" is a vector of RFC 4648. */
START_TEST(each_network_gets_its_own_form)
{
    static const struct {
        const char *uplink, *topic, *field, *port_field;
    } ways[] = {
        {"seiryu/v1/mine/s1/rec", "seiryu/v1/mine/s1/cmd", NULL, NULL},
        {"application/a1/device/0102030405060708/event/up",
         "application/a1/device/0102030405060708/command/down", "data", "fPort"},
        {"v3/app@tenant/devices/d1/up", "v3/app@tenant/devices/d1/down/push", "frm_payload",
         "f_port"},
    };
    const uint8_t *frame = (const uint8_t *)"foobar";

    for (size_t i = 0; i < T_COUNT(ways); i++) {
        mailbox       m    = {0};
        sei_down_path path = {0};
        ck_assert(sei_down_path_of(ways[i].uplink, &path));
        sei_down_send(&path, SEI_PORT_TOKEN, frame, 6, 90, take, &m);
        ck_assert_uint_eq(m.n, 1);
        ck_assert_str_eq(m.topic, ways[i].topic);
        ck_assert_uint_eq(m.expiry_s, 90);
        if (!ways[i].field) {
            ck_assert(m.len == 6 && memcmp(m.payload, frame, 6) == 0);
            continue;
        }
        json_t *json = json_loads(m.payload, 0, NULL), *item = json;
        if (json_object_get(json, "downlinks"))
            item = json_array_get(json_object_get(json, "downlinks"), 0);
        ck_assert_str_eq(json_string_value(json_object_get(item, ways[i].field)), "Zm9vYmFy");
        ck_assert_int_eq(json_integer_value(json_object_get(item, ways[i].port_field)),
                         SEI_PORT_TOKEN);
        if (item == json)
            ck_assert_str_eq(json_string_value(json_object_get(item, "devEui")),
                             "0102030405060708");
        json_decref(json);
    }
    const char *const none[] = {"", "rec", "application/a/device/b/event/join", "v3/a/devices/b",
                                "seiryu/v1/mine/s1/senml"};
    for (size_t i = 0; i < T_COUNT(none); i++)
        ck_assert_msg(!sei_down_path_of(none[i], &(sei_down_path){0}), "%s", none[i]);
}
END_TEST

/* A token goes out at once, again while nothing settles it, and never when it is void or answered. */
START_TEST(a_frame_is_repeated_until_it_is_settled_or_void)
{
    const int64_t s = INT64_C(1000000), t = 1700000000 * s;
    int64_t       id = 0, other = 0;
    mailbox       m = {0};
    store_case    c;

    store_case_open(&c);
    store_case_seed(&c);
    T_OK(c.ctx,
         sei_down_add(c.store, 1, SEI_PORT_TOKEN, (const uint8_t *)"abc", 3, t, t + 60 * s, &id));
    T_OK(c.ctx, sei_down_run(c.store, t, take, &m));
    ck_assert_uint_eq(m.n, 1);
    ck_assert_str_eq(m.topic, "seiryu/v1/mine/outlet/cmd");
    ck_assert_uint_le(m.expiry_s, 61);
    T_OK(c.ctx, sei_down_run(c.store, t + s, take, &m));
    ck_assert_uint_eq(m.n, 1);
    T_OK(c.ctx, sei_down_run(c.store, t + 10 * s, take, &m));
    ck_assert_uint_eq(m.n, 2);
    T_OK(c.ctx, sei_down_settle(c.store, id, t + 11 * s));
    T_OK(c.ctx, sei_down_run(c.store, t + 30 * s, take, &m));
    ck_assert_uint_eq(m.n, 2);
    T_OK(c.ctx, sei_down_add(c.store, 1, SEI_PORT_TOKEN, (const uint8_t *)"abc", 3, t, t + 60 * s,
                             &other));
    T_OK(c.ctx,
         sei_down_run(c.store, t + 60 * s, take, &m)); /* nobody was there until it was void */
    ck_assert_uint_eq(m.n, 2);
    store_case_close(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("down");
    TCase *tc    = tcase_create("down");

    tcase_add_test(tc, each_network_gets_its_own_form);
    tcase_add_test(tc, a_frame_is_repeated_until_it_is_settled_or_void);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
