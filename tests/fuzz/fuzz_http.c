/*
 * fuzz_http.c - hostile requests to a server that runs here, over a socket
 *
 * An input that begins with a zero byte is sent as it is. Any other is a request line, headers and a body; it gets the headers of an
 * administrator's session, so that it reaches the handlers, and another client address each time, so that no limit of
 * requests stops it. Whatever comes, the answer is no 5xx, and the server lives.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "server/access.h"
#include "server/server.h"
#include "store/store.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

typedef struct {
    sei_ctx    *ctx;
    sei_server *server;
    char        folder[64], session[SEI_TOKEN_TEXT_MAX];
    unsigned    n;
} world;

static void require(int condition, const char *what)
{
    if (!condition) {
        fprintf(stderr, "fuzz_http: %s\n", what);
        abort();
    }
}

static world w;

static void end_world(void)
{
    static const char *const files[] = {"store.db", "store.db-wal", "store.db-shm", "store.db.lock",
                                        "key"};
    char                     name[100];

    sei_server_free(w.server);
    sei_ctx_free(w.ctx);
    for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
        snprintf(name, sizeof name, "%s/%s", w.folder, files[i]);
        unlink(name);
    }
    rmdir(w.folder);
}

static void begin_world(void)
{
    static const char words[] =
        "INSERT INTO person VALUES(1, 'chief', '', 'en', 1, NULL, NULL, 0, 0, 0, NULL);"
        "INSERT INTO access VALUES(1, 0, 4);"
        "INSERT INTO site VALUES(1, 'mine', 'Mine', '', 39.0, 141.0, '', 0);"
        "INSERT INTO station VALUES(1, 1, 's', 'S', '', NULL, NULL, 'mqtt', '', 600, 1, '[]', 0);"
        "INSERT INTO channel VALUES(1, 1, 'ph', '', '', 'ph', '', 2, NULL, NULL, 0);"
        "INSERT INTO point VALUES(1, 0, 0, 0, 7.1, 0);";
    static char       store[100], key[100];
    sei_server_config config = sei_server_defaults();
    sei_store        *opened = NULL;
    struct timeval    now;

    w.ctx = sei_ctx_create(NULL);
    snprintf(w.folder, sizeof w.folder, "/tmp/seiryu-fuzz-XXXXXX");
    require(w.ctx && mkdtemp(w.folder), "no folder");
    snprintf(store, sizeof store, "sqlite:%s/store.db", w.folder);
    snprintf(key, sizeof key, "%s/key", w.folder);
    config.store        = store;
    config.secret       = key;
    config.http.port    = 0;
    config.http.proxied = true;
    require(sei_server_create(w.ctx, &config, NULL, NULL, &w.server) == SEI_OK,
            sei_ctx_error(w.ctx));
    require(sei_store_open(w.ctx, store, SEI_STORE_OPEN, &opened) == SEI_OK, "no store");
    gettimeofday(&now, NULL);
    const sei_status st = sei_db_script(sei_store_db(opened), words);
    require(st == SEI_OK &&
                sei_access_open_session(opened, 1, (int64_t)now.tv_sec * SEI_US_PER_S, w.session) ==
                    SEI_OK &&
                sei_db_script(sei_store_db(opened), "UPDATE session SET csrf = 'c'") == SEI_OK,
            "no session");
    sei_store_close(opened);
    atexit(end_world);
}

static int connect_server(void)
{
    const struct sockaddr_in to   = {.sin_family = AF_INET,
                                     .sin_port   = htons((uint16_t)sei_server_port(w.server)),
                                     .sin_addr   = {htonl(INADDR_LOOPBACK)}};
    const struct timeval     wait = {.tv_usec = 200000}; /* a connection may be kept open */
    const int                fd   = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof wait);
    require(fd >= 0 && connect(fd, (const struct sockaddr *)(const void *)&to, sizeof to) == 0,
            "the server does not listen any more");
    return fd;
}

static void send_all(int fd, const void *bytes, size_t len)
{
    const char *at = bytes;

    while (len > 0) { /* a server that has heard enough closes: that is an answer too */
        const ssize_t n = send(fd, at, len, MSG_NOSIGNAL);
        if (n <= 0)
            return;
        at += n;
        len -= (size_t)n;
    }
}

static void send_request(int fd, const uint8_t *data, size_t size)
{
    const uint8_t *line_end = memchr(data, '\n', size);
    const size_t   line     = line_end ? (size_t)(line_end - data) + 1 : size;
    char           more[400];
    const int      n = snprintf(more, sizeof more,
                                "%sHost: x\r\nConnection: close\r\nX-Forwarded-For: 10.%u.%u.%u\r\n"
                                     "Cookie: seiryu_session=%s\r\nX-CSRF-Token: c\r\n",
                           line_end ? "" : " HTTP/1.1\r\n", w.n >> 16 & 255, w.n >> 8 & 255,
                                w.n & 255, w.session);

    send_all(fd, data, line);
    send_all(fd, more, (size_t)n);
    send_all(fd, data + line, size - line);
    send_all(fd, "\r\n\r\n", line_end ? 0 : 2);
}

static void check_answer(int fd)
{
    char    answer[4096], rest[4096];
    size_t  n = 0;
    ssize_t got;

    while (n + 1 < sizeof answer && (got = recv(fd, answer + n, sizeof answer - 1 - n, 0)) > 0)
        n += (size_t)got;
    while (recv(fd, rest, sizeof rest, 0) > 0)
        ;
    answer[n] = '\0';
    require(n == 0 || strncmp(answer, "HTTP/1.", 7) == 0, "an answer that is no HTTP");
    /* 501 is how SensorThings, and libmicrohttpd for unknown codings, say that something is not there; 505 of a version */
    require(n < 12 || answer[9] != '5' || strncmp(answer + 9, "501", 3) == 0 ||
                strncmp(answer + 9, "505", 3) == 0,
            answer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    if (!w.ctx)
        begin_world();
    const int fd = connect_server();
    w.n++;
    if (size > 0 && data[0] == 0)
        send_all(fd, data + 1, size - 1);
    else
        send_request(fd, data, size);
    shutdown(fd, SHUT_WR);
    check_answer(fd);
    close(fd);
    return 0;
}
