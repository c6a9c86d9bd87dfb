/* config.c - the server's settings: one row a key */
#include <stddef.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "base/yaml.h"
#include "server/server.h"

typedef enum { TEXT, PATH, NUMBER, TRUTH } value_kind;

typedef struct {
    const char *section, *key;
    value_kind  kind;
    size_t      at;
    int64_t     min, max;
} setting;

#define AT(field) offsetof(sei_server_config, field)
static const setting settings[] = {
    {"", "store", TEXT, AT(store), 0, 0},
    {"", "secret", PATH, AT(secret), 0, 0},
    {"", "keep_frames_days", NUMBER, AT(keep_frames_days), 0, 36500},
    {"", "ask_after_s", NUMBER, AT(ask_after_s), 0, 604800},
    {"http", "address", TEXT, AT(http.address), 0, 0},
    {"http", "port", NUMBER, AT(http.port), 0, 65535},
    {"http", "certificate", PATH, AT(http.certificate), 0, 0},
    {"http", "key", PATH, AT(http.key), 0, 0},
    {"http", "behind_tls", TRUTH, AT(http.behind_tls), 0, 0},
    {"http", "proxied", TRUTH, AT(http.proxied), 0, 0},
    {"http", "web", PATH, AT(http.web), 0, 0},
    {"http", "threads", NUMBER, AT(http.threads), 1, 64},
    {"http", "arrival_s", NUMBER, AT(http.arrival_s), 1, 600},
    {"mqtt", "host", TEXT, AT(mqtt.host), 0, 0},
    {"mqtt", "port", NUMBER, AT(mqtt.port), 1, 65535},
    {"mqtt", "client_id", TEXT, AT(mqtt.client_id), 0, 0},
    {"mqtt", "user", TEXT, AT(mqtt.user), 0, 0},
    {"mqtt", "password_file", PATH, AT(mqtt.password_file), 0, 0},
    {"mqtt", "ca", PATH, AT(mqtt.ca), 0, 0},
    {"mqtt", "certificate", PATH, AT(mqtt.certificate), 0, 0},
    {"mqtt", "key", PATH, AT(mqtt.key), 0, 0},
    {"mqtt", "observations", TRUTH, AT(mqtt.observations), 0, 0},
    {"smtp", "host", TEXT, AT(smtp.host), 0, 0},
    {"smtp", "port", NUMBER, AT(smtp.port), 1, 65535},
    {"smtp", "tls", TEXT, AT(smtp.tls), 0, 0},
    {"smtp", "user", TEXT, AT(smtp.user), 0, 0},
    {"smtp", "password_file", PATH, AT(smtp.password_file), 0, 0},
    {"smtp", "from", TEXT, AT(smtp.from), 0, 0},
    {"smtp", "ca", PATH, AT(smtp.ca), 0, 0},
    {"webhook", "hosts", TEXT, AT(webhook.hosts), 0, 0},
    {"webhook", "ca", PATH, AT(webhook.ca), 0, 0},
    {"webhook", "allow_private", TRUTH, AT(webhook.allow_private), 0, 0},
};
enum { N_SETTINGS = sizeof settings / sizeof settings[0] };

typedef struct {
    sei_ctx           *ctx;
    sei_arena         *arena;
    const char        *path;
    sei_server_config *config;
} reading;

sei_server_config sei_server_defaults(void)
{
    sei_server_config c = {0};

    c.http.address     = "127.0.0.1";
    c.http.port        = 8686;
    c.http.threads     = 4;
    c.http.arrival_s   = 30;
    c.mqtt.port        = 1883;
    c.mqtt.client_id   = "seiryud";
    c.smtp.port        = 587;
    c.smtp.tls         = "starttls";
    c.keep_frames_days = 90;
    c.ask_after_s      = 10;
    return c;
}

static sei_status fail(const reading *r, sei_status status, const sei_yaml *node, const char *what)
{
    const sei_where where = {r->path, node->key_line ? node->key_line : node->line,
                             node->key_line ? node->key_column : node->column};

    return sei_fail(r->ctx, status, &where, "%s: %s", node->key ? node->key : "", what);
}

static sei_status set_text(const reading *r, const setting *s, const sei_yaml *node)
{
    const char *text = sei_arena_strdup(r->arena, node->text);

    if (text && s->kind == PATH && node->text[0] != '/') {
        char *folder = sei_path_folder(r->ctx, r->path);
        char *joined = folder ? sei_path_join(r->ctx, folder, node->text) : NULL;
        text         = joined ? sei_arena_strdup(r->arena, joined) : NULL;
        sei_release(r->ctx, folder);
        sei_release(r->ctx, joined);
    }
    if (!text)
        return SEI_E_NOMEM;
    memcpy((char *)r->config + s->at, &text, sizeof text);
    return SEI_OK;
}

static sei_status set_value(const reading *r, const setting *s, const sei_yaml *node)
{
    int64_t number = 0;
    bool    truth;

    if (node->kind != SEI_YAML_SCALAR || sei_yaml_is_empty(node))
        return fail(r, SEI_E_TYPE, node, "a single value is expected");
    switch (s->kind) {
    case NUMBER:
        if (!sei_parse_int(node->text, node->len, &number) || number < s->min || number > s->max)
            return sei_fail(r->ctx, SEI_E_RANGE, &(sei_where){r->path, node->line, node->column},
                            "%s: \"%s\" is no whole number of %lld..%lld", s->key, node->text,
                            (long long)s->min, (long long)s->max);
        memcpy((char *)r->config + s->at, &number, sizeof number);
        return SEI_OK;
    case TRUTH:
        truth = strcmp(node->text, "true") == 0;
        if (!truth && strcmp(node->text, "false") != 0)
            return fail(r, SEI_E_TYPE, node, "true or false is expected");
        memcpy((char *)r->config + s->at, &truth, sizeof truth);
        return SEI_OK;
    case TEXT:
    case PATH: break;
    }
    return set_text(r, s, node);
}

static sei_status add_keep_points(const reading *r, const sei_yaml *node)
{
    sei_server_config *c     = r->config;
    int64_t            days  = 0;
    size_t             parts = 1;

    for (const char *k = node->key; *k; k++)
        parts += *k == '/';
    if (parts != 3)
        return fail(r, SEI_E_KEY, node, "SITE/STATION/CHANNEL is expected, each part may be *");
    if (node->kind != SEI_YAML_SCALAR || !sei_parse_int(node->text, node->len, &days) || days < 0 ||
        days > 36500)
        return fail(r, SEI_E_RANGE, node,
                    "a whole number of days of 0 (for ever) to 36500 is expected");
    if (c->n_keep_points >= SEI_KEEP_POINTS_MAX)
        return fail(r, SEI_E_TOO_LARGE, node, "there are too many lines of this kind");
    c->keep_points[c->n_keep_points].pattern = sei_arena_strdup(r->arena, node->key);
    c->keep_points[c->n_keep_points].days    = days;
    return c->keep_points[c->n_keep_points++].pattern ? SEI_OK : SEI_E_NOMEM;
}

static sei_status read_keep_points(const reading *r, const sei_yaml *map)
{
    sei_status st = SEI_OK;

    if (map->kind != SEI_YAML_MAP)
        return fail(r, SEI_E_TYPE, map, "lines like \"mine/outlet/ph\": 3650 are expected");
    for (const sei_yaml *node = map->first; node && st == SEI_OK; node = node->next)
        st = add_keep_points(r, node);
    return st;
}

static const setting *find_setting(const char *section, const char *key)
{
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (strcmp(settings[i].section, section) == 0 && strcmp(settings[i].key, key) == 0)
            return &settings[i];
    return NULL;
}

static sei_status refuse_key(const reading *r, const char *section, const sei_yaml *node)
{
    const char *keys[N_SETTINGS];
    size_t      n = 0;

    for (size_t i = 0; i < N_SETTINGS; i++)
        if (strcmp(settings[i].section, section) == 0)
            keys[n++] = settings[i].key;
    const char *near = sei_nearest(node->key, keys, n);
    return sei_fail(r->ctx, SEI_E_KEY, &(sei_where){r->path, node->key_line, node->key_column},
                    "unknown key \"%s\"%s%s%s", node->key, near ? "; did you mean \"" : "",
                    near ? near : "", near ? "\"?" : "");
}

static bool is_section(const char *key)
{
    for (size_t i = 0; i < N_SETTINGS; i++)
        if (settings[i].section[0] && strcmp(settings[i].section, key) == 0)
            return true;
    return false;
}

static sei_status read_section(const reading *r, const char *section, const sei_yaml *map)
{
    sei_status st = SEI_OK;

    if (map->kind != SEI_YAML_MAP)
        return fail(r, SEI_E_TYPE, map, "keys with values are expected");
    for (const sei_yaml *node = map->first; node && st == SEI_OK; node = node->next) {
        const setting *s        = find_setting(section, node->key);
        const bool     is_outer = !section[0];
        if (s)
            st = set_value(r, s, node);
        else if (is_outer && strcmp(node->key, "keep_points_days") == 0)
            st = read_keep_points(r, node);
        else if (is_outer && is_section(node->key))
            st = read_section(r, node->key, node);
        else
            st = refuse_key(r, section, node);
    }
    return st;
}

static sei_status check_smtp(sei_ctx *ctx, const sei_where *where, const sei_server_config *c)
{
    if (strcmp(c->smtp.tls, "starttls") != 0 && strcmp(c->smtp.tls, "tls") != 0)
        return sei_fail(ctx, SEI_E_RANGE, where, "smtp: tls is starttls or tls");
    if (c->smtp.host && (!c->smtp.from || strchr(c->smtp.from, '>') || !strchr(c->smtp.from, '@')))
        return sei_fail(ctx, SEI_E_MISSING, where,
                        "smtp: from is missing, as in from: seiryu@example.jp");
    return SEI_OK;
}

static sei_status check(sei_ctx *ctx, const char *path, const sei_server_config *c)
{
    const sei_where where = {path, 0, 0};

    if (!c->store)
        return sei_fail(ctx, SEI_E_MISSING, &where,
                        "store is missing, as in: store: sqlite:/var/lib/seiryu/store.db");
    if (!c->secret)
        return sei_fail(ctx, SEI_E_MISSING, &where,
                        "secret is missing: the file that keeps the key of secrets");
    if (!c->http.certificate != !c->http.key)
        return sei_fail(ctx, SEI_E_MISSING, &where, "http: certificate and key belong together");
    if (!c->mqtt.certificate != !c->mqtt.key || (c->mqtt.certificate && !c->mqtt.ca))
        return sei_fail(ctx, SEI_E_MISSING, &where,
                        "mqtt: ca, certificate and key belong together");
    return check_smtp(ctx, &where, c);
}

sei_status sei_server_read_config(sei_ctx *ctx, const char *path, sei_arena *arena,
                                  sei_server_config *ret_config)
{
    sei_server_config config = sei_server_defaults();
    const sei_yaml   *root   = NULL;
    const reading     r      = {ctx, arena, path, &config};
    sei_status        st     = sei_yaml_read(ctx, path, arena, &root);

    if (st == SEI_OK)
        st = read_section(&r, "", root);
    if (st == SEI_OK)
        st = check(ctx, path, &config);
    if (st == SEI_OK)
        *ret_config = config;
    return st;
}
