/* notify.c - the thread that empties the outbox */
#include "server/notify.h"

#include <curl/curl.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/file.h"
#include "server/message.h"

enum {
    AT_ONCE      = 20,
    LOOK_EVERY_S = 1,
    CONNECT_S    = 10,
    SEND_S       = 30,
    PAUSE_S      = 2,
    PAUSE_MAX_S  = 60 * 60
};

struct sei_notifier {
    sei_server     *server;
    sei_desk       *desk;
    pthread_t       thread;
    pthread_mutex_t lock;
    pthread_cond_t  wake;
    bool            has_thread, is_woken;
    atomic_bool     is_stopping;
};

/* ---- one transfer --------------------------------------------------------------------------------------- */

typedef struct {
    const char *text;
    size_t      len, at;
} reading;

static size_t give_text(char *to, size_t size, size_t n, void *user)
{
    reading     *r    = user;
    const size_t left = r->len - r->at, room = size * n, take = left < room ? left : room;

    memcpy(to, r->text + r->at, take);
    r->at += take;
    return take;
}

/* What a server answers is of no interest; more than a little is not read. */
/* NOLINTBEGIN(readability-non-const-parameter): the type is libcurl's */
static size_t drop_answer(char *from, size_t size, size_t n, void *user)
{
    size_t *seen = user;

    (void)from;
    *seen += size * n;
    return *seen > 65536 ? 0 : size * n;
}
/* NOLINTEND(readability-non-const-parameter) */

static int check_stop(void *user, curl_off_t a, curl_off_t b, curl_off_t c, curl_off_t d)
{
    const struct sei_notifier *n = user;

    (void)a;
    (void)b;
    (void)c;
    (void)d;
    return atomic_load(&n->is_stopping);
}

/* The address that is really called, after all names were looked up. */
static curl_socket_t open_public(void *user, curlsocktype purpose, struct curl_sockaddr *address)
{
    (void)user;
    (void)purpose;
    if (sei_address_is_private(&address->addr))
        return CURL_SOCKET_BAD;
    return socket(address->family, address->socktype | SOCK_CLOEXEC, address->protocol);
}

static CURL *new_transfer(struct sei_notifier *n, char error[CURL_ERROR_SIZE], size_t *seen)
{
    CURL *curl = curl_easy_init();

    if (!curl)
        return NULL;
    curl_easy_setopt(curl, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(curl, CURLOPT_PROXY, ""); /* the environment does not lead elsewhere */
    curl_easy_setopt(curl, CURLOPT_CONNECTTIMEOUT, (long)CONNECT_S);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, (long)SEND_S);
    curl_easy_setopt(curl, CURLOPT_ERRORBUFFER, error);
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, drop_answer);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, seen);
    curl_easy_setopt(curl, CURLOPT_NOPROGRESS, 0L);
    curl_easy_setopt(curl, CURLOPT_XFERINFOFUNCTION, check_stop);
    curl_easy_setopt(curl, CURLOPT_XFERINFODATA, n);
    curl_easy_setopt(curl, CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2);
    curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 0L);
    return curl;
}

static sei_status set_password(struct sei_notifier *n, CURL *curl)
{
    const sei_server_config *c    = &n->server->config;
    char                    *text = NULL;
    size_t                   len  = 0;

    if (!c->smtp.user)
        return SEI_OK;
    curl_easy_setopt(curl, CURLOPT_USERNAME, c->smtp.user);
    if (!c->smtp.password_file)
        return SEI_OK;
    const sei_status st = sei_file_read(n->desk->ctx, c->smtp.password_file, 1000, &text, &len);
    while (st == SEI_OK && len > 0 && (text[len - 1] == '\n' || text[len - 1] == '\r'))
        text[--len] = '\0';
    if (st == SEI_OK) {
        curl_easy_setopt(curl, CURLOPT_PASSWORD, text);
        sodium_memzero(text, len);
    }
    sei_release(n->desk->ctx, text);
    return st;
}

static CURLcode send_mail(struct sei_notifier *n, CURL *curl, const sei_message *m, reading *r)
{
    const sei_server_config *c  = &n->server->config;
    struct curl_slist       *to = curl_slist_append(NULL, m->address);
    char                     url[400], from[300];
    const bool               implicit = strcmp(c->smtp.tls, "tls") == 0;

    snprintf(url, sizeof url, "%s://%.200s:%lld", implicit ? "smtps" : "smtp", c->smtp.host,
             (long long)c->smtp.port);
    snprintf(from, sizeof from, "<%.200s>", c->smtp.from);
    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR, "smtp,smtps");
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_easy_setopt(curl, CURLOPT_USE_SSL, (long)CURLUSESSL_ALL);
    if (c->smtp.ca)
        curl_easy_setopt(curl, CURLOPT_CAINFO, c->smtp.ca);
    curl_easy_setopt(curl, CURLOPT_MAIL_FROM, from);
    curl_easy_setopt(curl, CURLOPT_MAIL_RCPT, to);
    curl_easy_setopt(curl, CURLOPT_UPLOAD, 1L);
    curl_easy_setopt(curl, CURLOPT_READFUNCTION, give_text);
    curl_easy_setopt(curl, CURLOPT_READDATA, r);
    const CURLcode code =
        to && set_password(n, curl) == SEI_OK ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
    curl_slist_free_all(to);
    return code;
}

static CURLcode send_hook(struct sei_notifier *n, CURL *curl, const sei_message *m,
                          const reading *r)
{
    const sei_server_config *c    = &n->server->config;
    struct curl_slist       *head = curl_slist_append(NULL, "Content-Type: application/json");

    curl_easy_setopt(curl, CURLOPT_PROTOCOLS_STR,
                     c->webhook.allow_private ? "https,http" : "https");
    curl_easy_setopt(curl, CURLOPT_URL, m->address);
    if (c->webhook.ca)
        curl_easy_setopt(curl, CURLOPT_CAINFO, c->webhook.ca);
    if (!c->webhook.allow_private)
        curl_easy_setopt(curl, CURLOPT_OPENSOCKETFUNCTION, open_public);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDSIZE, (long)r->len);
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, r->text);
    curl_easy_setopt(curl, CURLOPT_HTTPHEADER, head);
    const CURLcode code = head ? curl_easy_perform(curl) : CURLE_OUT_OF_MEMORY;
    curl_slist_free_all(head);
    return code;
}

/* False with the reason in error. */
static bool transfer(struct sei_notifier *n, const sei_message *m, char error[CURL_ERROR_SIZE])
{
    sei_buf    text;
    size_t     seen   = 0;
    long       answer = 0;
    const bool mail   = strcmp(m->kind, "mail") == 0;
    CURL      *curl   = new_transfer(n, error, &seen);

    sei_buf_init(&text, n->desk->ctx, 1 << 16);
    if (mail)
        sei_message_mail(m, n->server->config.smtp.from, &text);
    else
        sei_message_json(m, &text);
    CURLcode code = CURLE_OUT_OF_MEMORY;
    if (curl && text.status == SEI_OK) {
        reading r = {text.text, text.len, 0};
        code      = mail ? send_mail(n, curl, m, &r) : send_hook(n, curl, m, &r);
        curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &answer);
    }
    if (code != CURLE_OK && !error[0])
        snprintf(error, CURL_ERROR_SIZE, "%s", curl_easy_strerror(code));
    if (code == CURLE_OK && !mail && (answer < 200 || answer > 299)) {
        snprintf(error, CURL_ERROR_SIZE, "the receiver answered %ld", answer);
        code = CURLE_HTTP_RETURNED_ERROR;
    }
    curl_easy_cleanup(curl);
    sei_buf_done(&text);
    return code == CURLE_OK;
}

/* ---- the outbox ----------------------------------------------------------------------------------------- */

static sei_status check(struct sei_notifier *n, const sei_message *m)
{
    return strcmp(m->kind, "mail") == 0
               ? sei_notify_check_mail(n->desk->ctx, &n->server->config, m->address)
               : sei_notify_check_url(n->desk->ctx, &n->server->config, m->address);
}

static sei_status settle(struct sei_notifier *n, const sei_message *m, bool sent, const char *error)
{
    const int64_t now   = sei_server_now();
    int64_t       pause = PAUSE_S;

    for (int64_t i = 0; i < m->tries && pause < PAUSE_MAX_S; i++)
        pause *= 2;
    if (pause > PAUSE_MAX_S)
        pause = PAUSE_MAX_S;
    if (!sent)
        sei_server_say(n->server, "event=not-told kind=%s target=%lld tries=%lld detail=\"%s\"",
                       m->kind, (long long)m->target_id, (long long)m->tries + 1, error);
    atomic_fetch_add(sent ? &n->server->counts.told : &n->server->counts.not_told, 1);
    return sei_db_run(sei_store_db(n->desk->store),
                      "UPDATE outbox SET tries = tries + 1, next_us = $1, done_us = $2, error = $3"
                      " WHERE id = $4",
                      SEI_BINDS(sei_bind_int(now + pause * SEI_US_PER_S),
                                sei_bind_int_or_null(sent, now), sei_bind_text(error),
                                sei_bind_int(m->id)),
                      NULL);
}

static sei_status send_one(struct sei_notifier *n, int64_t id)
{
    char        error[CURL_ERROR_SIZE] = "";
    sei_message m;
    sei_status  st = sei_message_read(n->desk->store, id, &m);

    if (st != SEI_OK)
        return st;
    bool sent = check(n, &m) == SEI_OK;
    if (sent)
        sent = transfer(n, &m, error);
    else
        snprintf(error, sizeof error, "%s", sei_ctx_error(n->desk->ctx));
    if (atomic_load(&n->is_stopping) && !sent)
        return SEI_OK; /* tried again after the start */
    return settle(n, &m, sent, error);
}

/* What could not be told for a day is of no use any more; it stays in the outbox with its error. */
static sei_status list_due(struct sei_notifier *n, int64_t ids[AT_ONCE], size_t *ret_n)
{
    const int64_t now  = sei_server_now();
    sei_stmt     *stmt = NULL;
    bool          row  = false;
    size_t        k    = 0;
    sei_status    st   = sei_db_start(
             sei_store_db(n->desk->store),
             "SELECT id FROM outbox WHERE done_us IS NULL AND next_us <= $1 AND made_us > $2 ORDER BY"
                  " next_us LIMIT $3",
             SEI_BINDS(sei_bind_int(now), sei_bind_int(now - SEI_US_PER_DAY), sei_bind_int(AT_ONCE)),
             &stmt);

    while (st == SEI_OK && (st = sei_db_step(stmt, &row)) == SEI_OK && row)
        ids[k++] = sei_db_int(stmt, 0);
    sei_db_finish(stmt);
    *ret_n = k;
    return st;
}

static void wait_for_work(struct sei_notifier *n)
{
    struct timespec until;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_EVERY_S;
    pthread_mutex_lock(&n->lock);
    while (!n->is_woken && !atomic_load(&n->is_stopping))
        if (pthread_cond_timedwait(&n->wake, &n->lock, &until) == ETIMEDOUT)
            break;
    n->is_woken = false;
    pthread_mutex_unlock(&n->lock);
}

static void *run(void *user)
{
    struct sei_notifier *n = user;

    while (!atomic_load(&n->is_stopping)) {
        int64_t    ids[AT_ONCE];
        size_t     count = 0;
        sei_status st    = SEI_E_IO; /* until the store is there */
        if (n->desk || atomic_load(&n->server->store_seen))
            st = n->desk ? SEI_OK : sei_desk_take(n->server, &n->desk);
        if (st == SEI_OK)
            st = list_due(n, ids, &count);
        for (size_t i = 0; i < count && st == SEI_OK && !atomic_load(&n->is_stopping); i++)
            st = send_one(n, ids[i]);
        if (st != SEI_OK && n->desk)
            sei_server_say(n->server, "event=outbox status=%s detail=\"%s\"", sei_status_name(st),
                           sei_ctx_error(n->desk->ctx));
        if (st != SEI_OK || count < AT_ONCE)
            wait_for_work(n);
    }
    return NULL;
}

/* ---- life ----------------------------------------------------------------------------------------------- */

void sei_notifier_wake(struct sei_notifier *n)
{
    if (!n)
        return;
    pthread_mutex_lock(&n->lock);
    n->is_woken = true;
    pthread_cond_signal(&n->wake);
    pthread_mutex_unlock(&n->lock);
}

sei_status sei_notifier_start(sei_server *server, struct sei_notifier **ret_notifier)
{
    struct sei_notifier *n = sei_alloc(server->ctx, 1, sizeof *n);

    if (!n)
        return SEI_E_NOMEM;
    n->server = server;
    pthread_mutex_init(&n->lock, NULL);
    pthread_cond_init(&n->wake, NULL);
    sei_status st = curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK
                        ? SEI_OK
                        : sei_fail(server->ctx, SEI_E_IO, NULL, "libcurl does not start");
    if (st == SEI_OK) {
        n->has_thread = pthread_create(&n->thread, NULL, run, n) == 0;
        if (!n->has_thread)
            st = sei_fail(server->ctx, SEI_E_IO, NULL, "cannot start a thread");
    }
    if (st != SEI_OK) {
        sei_notifier_stop(n);
        return st;
    }
    *ret_notifier = n;
    return SEI_OK;
}

void sei_notifier_stop(struct sei_notifier *n)
{
    if (!n)
        return;
    atomic_store(&n->is_stopping, true);
    sei_notifier_wake(n);
    if (n->has_thread)
        pthread_join(n->thread, NULL);
    if (n->desk)
        sei_desk_give(n->server, n->desk);
    curl_global_cleanup();
    pthread_cond_destroy(&n->wake);
    pthread_mutex_destroy(&n->lock);
    sei_release(n->server->ctx, n);
}
