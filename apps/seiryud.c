/* seiryud.c - the monitoring server's program */
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "seiryu/version.h"
#include "server/maintain.h"
#include "server/server.h"

static const char usage[] =
    "usage: seiryud run CONFIG            serve until SIGTERM\n"
    "       seiryud check CONFIG          read the settings and check the store\n"
    "       seiryud init-admin CONFIG     print the one-time token of the first administrator\n"
    "       seiryud reset CONFIG USER     print a one-time token for a new password of USER\n"
    "       seiryud verify-audit CONFIG   check the chain of the audit log\n"
    "       seiryud backup CONFIG FILE    copy the store while it is in use\n"
    "       seiryud restore CONFIG FILE   put such a copy in the place of the store\n"
    "       seiryud --version\n"
    "Example:\n"
    "  seiryud run /etc/seiryu/seiryud.yaml\n"
    "Exit codes: 0 done, 1 fault of the program, 2 wrong arguments, 3 wrong settings or a damaged "
    "store,\n"
    "5 the system failed (file, disk, memory).\n";

static void log_line(void *user, const char *line)
{
    fprintf(user, "%s\n", line); /* one write: stderr is not buffered by lines of several threads */
}

static int fail(sei_ctx *ctx, sei_status status)
{
    fprintf(stderr, "seiryud: %s\n", sei_ctx_error(ctx));
    return sei_status_exit_code(status);
}

static int run(sei_ctx *ctx, const sei_server_config *config)
{
    sei_server *server = NULL;
    sigset_t    stop;

    sigemptyset(&stop);
    sigaddset(&stop, SIGTERM);
    sigaddset(&stop, SIGINT);
    signal(SIGPIPE, SIG_IGN);
    sigprocmask(SIG_BLOCK, &stop, NULL); /* before threads start: all inherit it */
    const int  fd = signalfd(-1, &stop, SFD_CLOEXEC);
    sei_status st = sei_server_create(ctx, config, log_line, stderr, &server);
    if (st == SEI_OK) {
        fprintf(stderr, "event=listening address=%s port=%d\n", config->http.address,
                sei_server_port(server));
        st = sei_server_run(server, fd);
        fprintf(stderr, "event=stopping\n");
    }
    sei_server_free(server);
    close(fd);
    return st == SEI_OK ? 0 : fail(ctx, st);
}

static int token(sei_ctx *ctx, const sei_server_config *config, const char *user)
{
    char             text[SEI_TOKEN_TEXT_MAX];
    const sei_status st = sei_server_admin_token(ctx, config, user, text);

    if (st != SEI_OK)
        return fail(ctx, st);
    printf("%s\n", text);
    fprintf(stderr, "Valid once, for 24 hours: open the dashboard, choose \"First sign-in\" and "
                    "give it there.\n"
                    "一度だけ、24時間有効。ダッシュボードの「初回ログイン」で入力する。\n");
    return 0;
}

static int maintain(sei_ctx *ctx, const sei_server_config *config, const char *verb,
                    const char *file)
{
    char       text[1000] = "";
    sei_status st =
        strcmp(verb, "check") == 0     ? sei_maintain_check(ctx, config, text, sizeof text)
        : strcmp(verb, "backup") == 0  ? sei_maintain_backup(ctx, config, file, text, sizeof text)
        : strcmp(verb, "restore") == 0 ? sei_maintain_restore(ctx, config, file, text, sizeof text)
                                       : sei_maintain_verify_audit(ctx, config, text, sizeof text);

    if (text[0])
        printf("%s\n", text);
    return st == SEI_OK ? 0 : fail(ctx, st);
}

static int serve(sei_ctx *ctx, int argc, char **argv)
{
    static const struct {
        const char *verb;
        int         args;
    } verbs[] = {{"run", 1},          {"check", 1},  {"init-admin", 1}, {"reset", 2},
                 {"verify-audit", 1}, {"backup", 2}, {"restore", 2}};
    sei_server_config config;
    sei_arena         arena;
    size_t            i = 0;
    int               code;

    while (i < sizeof verbs / sizeof verbs[0] && strcmp(argv[1], verbs[i].verb) != 0)
        i++;
    if (i == sizeof verbs / sizeof verbs[0] || argc != 2 + verbs[i].args) {
        fputs(usage, stderr);
        return 2;
    }
    sei_arena_init(&arena, ctx);
    const sei_status st = sei_server_read_config(ctx, argv[2], &arena, &config);
    if (st != SEI_OK)
        code = fail(ctx, st);
    else if (strcmp(argv[1], "run") == 0)
        code = run(ctx, &config);
    else if (strcmp(argv[1], "init-admin") == 0 || strcmp(argv[1], "reset") == 0)
        code = token(ctx, &config, argc > 3 ? argv[3] : NULL);
    else
        code = maintain(ctx, &config, argv[1], argc > 3 ? argv[3] : NULL);
    sei_arena_done(&arena);
    return code;
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "--version") == 0) {
        printf("seiryud %s\n", SEI_VERSION);
        return 0;
    }
    if (argc == 2 && (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0)) {
        fputs(usage, stdout);
        return 0;
    }
    if (argc < 3) {
        fputs(usage, stderr);
        return 2;
    }
    sei_ctx *ctx = sei_ctx_create(NULL);
    if (!ctx)
        return 5;
    const int code = serve(ctx, argc, argv);
    sei_ctx_free(ctx);
    return code;
}
