/* test_notify.c - where messages may go, and how they look */
#include <arpa/inet.h>
#include <netinet/in.h>

#include "server/message.h"
#include "server/notify.h"
#include "t.h"

static bool is_private(const char *text)
{
    struct sockaddr_in  v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};

    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return sei_address_is_private((const struct sockaddr *)(const void *)&v4);
    ck_assert_int_eq(inet_pton(AF_INET6, text, &v6.sin6_addr), 1);
    return sei_address_is_private((const struct sockaddr *)(const void *)&v6);
}

/* The special-purpose registries of RFC 6890 and its updates, at both ends of each block. */
START_TEST(addresses_that_are_not_public_are_known)
{
    static const char *const inside[]  = {"0.0.0.0",
                                          "10.0.0.0",
                                          "10.255.255.255",
                                          "100.64.0.1",
                                          "100.127.255.255",
                                          "127.0.0.1",
                                          "169.254.169.254",
                                          "172.16.0.0",
                                          "172.31.255.255",
                                          "192.168.255.255",
                                          "198.19.0.1",
                                          "224.0.0.1",
                                          "255.255.255.255",
                                          "::",
                                          "::1",
                                          "fe80::1",
                                          "fc00::1",
                                          "fdff::1",
                                          "ff02::1",
                                          "::ffff:127.0.0.1",
                                          "::ffff:10.1.2.3",
                                          "64:ff9b::a00:1",
                                          "2002:7f00:1::1",
                                          "192.0.0.1"};
    static const char *const outside[] = {
        "1.1.1.1",         "9.255.255.255",   "11.0.0.0",       "100.63.255.255", "100.128.0.0",
        "126.255.255.255", "128.0.0.0",       "172.15.255.255", "172.32.0.0",     "192.167.255.255",
        "223.255.255.255", "2606:4700::1111", "::ffff:8.8.8.8"};

    for (size_t i = 0; i < T_COUNT(inside); i++)
        ck_assert_msg(is_private(inside[i]), "%s", inside[i]);
    for (size_t i = 0; i < T_COUNT(outside); i++)
        ck_assert_msg(!is_private(outside[i]), "%s", outside[i]);
    ck_assert(sei_address_is_private(&(struct sockaddr){.sa_family = AF_UNIX}));
}
END_TEST

/* Lines of at most 78 bytes, only ASCII, whatever the names hold (RFC 5322, RFC 2047). */
START_TEST(a_mail_is_plain_ascii_in_short_lines)
{
    sei_ctx    *ctx = sei_ctx_create(NULL);
    sei_message m   = {
          .id = 1, .event_id = 2, .priority = 1, .time_us = 0, .has_value = true, .value = 4.25};
    sei_buf text;

    snprintf(m.kind, sizeof m.kind, "mail");
    snprintf(m.lang, sizeof m.lang, "ja");
    snprintf(m.address, sizeof m.address, "kanri@example.jp");
    snprintf(m.alarm_kind, sizeof m.alarm_kind, "low");
    snprintf(m.event, sizeof m.event, "moved");
    snprintf(m.action, sizeof m.action, "activate");
    for (int i = 0; i < 20; i++)
        strcat(m.alarm, "警報\n");
    snprintf(m.site, sizeof m.site, "鉱山\r\nBcc: x@example.com");
    sei_buf_init(&text, ctx, 1 << 16);
    sei_message_mail(&m, "seiryu@example.jp", &text);
    ck_assert_int_eq(text.status, SEI_OK);
    const char *line = text.text;
    bool        head = true;
    while (*line) {
        const char *end = strstr(line, "\r\n");
        ck_assert_msg(end && end - line <= 78, "a long line: %.90s", line);
        head = head && end > line;
        ck_assert_msg(!head || strncmp(line, "Bcc", 3) != 0, "a name made a header");
        for (const char *c = line; c < end; c++)
            ck_assert(*c >= ' ' && *c < 127);
        line = end + 2;
    }
    ck_assert(strstr(text.text, "Date: Thu, 1 Jan 1970 09:00:00 +0900\r\n") != NULL);
    sei_buf_done(&text);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("notify");
    TCase *tc    = tcase_create("notify");

    tcase_add_test(tc, addresses_that_are_not_public_are_known);
    tcase_add_test(tc, a_mail_is_plain_ascii_in_short_lines);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
