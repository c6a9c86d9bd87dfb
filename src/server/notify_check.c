/* notify_check.c - where messages may go */
#include <arpa/inet.h>
#include <curl/curl.h>
#include <netinet/in.h>
#include <string.h>
#include <strings.h>

#include "server/notify.h"

/* ---- addresses (RFC 6890) ------------------------------------------------------------------------------- */

static bool is_private_v4(uint32_t a)
{
    static const struct {
        uint32_t net;
        int      bits;
    } nets[] = {{0x00000000, 8},  {0x0a000000, 8},  {0x64400000, 10}, {0x7f000000, 8},
                {0xa9fe0000, 16}, {0xac100000, 12}, {0xc0000000, 24}, {0xc0000200, 24},
                {0xc0a80000, 16}, {0xc6120000, 15}, {0xc6336400, 24}, {0xcb007100, 24},
                {0xe0000000, 3}};

    for (size_t i = 0; i < sizeof nets / sizeof nets[0]; i++)
        if ((a ^ nets[i].net) >> (32 - nets[i].bits) == 0)
            return true;
    return false;
}

static bool is_private_v6(const uint8_t a[16])
{
    static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
    static const uint8_t nat64[12]  = {0, 0x64, 0xff, 0x9b};
    static const uint8_t zeros[12]  = {0};
    const uint32_t       v4 =
        (uint32_t)a[12] << 24 | (uint32_t)a[13] << 16 | (uint32_t)a[14] << 8 | a[15];

    if (memcmp(a, mapped, 12) == 0 || memcmp(a, nat64, 12) == 0)
        return is_private_v4(v4);
    return memcmp(a, zeros, 12) == 0 || (a[0] & 0xfe) == 0xfc || a[0] == 0xff ||
           (a[0] == 0xfe && (a[1] & 0xc0) >= 0x80) || (a[0] == 0x20 && a[1] == 0x02);
}

bool sei_address_is_private(const struct sockaddr *address)
{
    if (address->sa_family == AF_INET) {
        struct sockaddr_in v4;
        memcpy(&v4, address, sizeof v4);
        return is_private_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (address->sa_family == AF_INET6) {
        struct sockaddr_in6 v6;
        memcpy(&v6, address, sizeof v6);
        return is_private_v6(v6.sin6_addr.s6_addr);
    }
    return true;
}

/* ---- targets -------------------------------------------------------------------------------------------- */

/* One plain address: what could end a line of SMTP or of the header is in none. */
sei_status sei_notify_check_mail(sei_ctx *ctx, const sei_server_config *config, const char *address)
{
    static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"
                                  ".!#$%&'*+/=?^_`{|}~-";
    const char       *at        = strchr(address, '@');
    const size_t      local     = at ? (size_t)(at - address) : 0;

    if (!config->smtp.host)
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                        "mail is off: set smtp: host in the server's settings");
    if (!at || local == 0 || local > 64 || strspn(address, allowed) != local || !at[1] ||
        strlen(at + 1) > 190 || at[strlen(at) - 1] == '.' ||
        strspn(at + 1, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") !=
            strlen(at + 1))
        return sei_fail(ctx, SEI_E_PARSE, NULL, "\"%.100s\" is no mail address", address);
    return SEI_OK;
}

/* "host" or "host:port" among the words of the list. */
static bool is_listed(const char *hosts, const char *host, const char *port)
{
    char         with_port[300];
    const size_t plain = strlen(host);

    snprintf(with_port, sizeof with_port, "%.200s:%.10s", host, port);
    for (const char *at = hosts; *at;) {
        at += strspn(at, ", ");
        const size_t len = strcspn(at, ", ");
        if ((len == plain && strncasecmp(at, host, len) == 0) ||
            (len == strlen(with_port) && len > 0 && strncasecmp(at, with_port, len) == 0))
            return len > 0;
        at += len;
    }
    return false;
}

static sei_status check_parts(sei_ctx *ctx, const sei_server_config *config, CURLU *parts,
                              const char *url)
{
    char *scheme = NULL, *host = NULL, *port = NULL, *user = NULL;

    const bool parsed = curl_url_set(parts, CURLUPART_URL, url, 0) == CURLUE_OK &&
                        curl_url_get(parts, CURLUPART_SCHEME, &scheme, 0) == CURLUE_OK &&
                        curl_url_get(parts, CURLUPART_HOST, &host, 0) == CURLUE_OK &&
                        curl_url_get(parts, CURLUPART_PORT, &port, CURLU_DEFAULT_PORT) == CURLUE_OK;
    const bool has_user = curl_url_get(parts, CURLUPART_USER, &user, 0) == CURLUE_OK;
    sei_status st       = SEI_OK;
    if (!parsed || has_user)
        st = sei_fail(ctx, SEI_E_PARSE, NULL, "\"%.200s\" is no address of a webhook", url);
    else if (strcmp(scheme, "https") != 0 &&
             !(config->webhook.allow_private && strcmp(scheme, "http") == 0))
        st = sei_fail(ctx, SEI_E_UNSUPPORTED, NULL, "webhooks go by https, not by %.20s", scheme);
    else if (!is_listed(config->webhook.hosts, host, port))
        st = sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                      "host %.100s is not in the list of the server's settings (webhook: hosts)",
                      host);
    curl_free(scheme);
    curl_free(host);
    curl_free(port);
    curl_free(user);
    return st;
}

sei_status sei_notify_check_url(sei_ctx *ctx, const sei_server_config *config, const char *url)
{
    if (!config->webhook.hosts)
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                        "webhooks are off: set webhook: hosts in the server's settings");
    CURLU *parts = curl_url();
    if (!parts)
        return SEI_E_NOMEM;
    const sei_status st = check_parts(ctx, config, parts, url);
    curl_url_cleanup(parts);
    return st;
}
