/*
 * copy_postgres.c - backup and restore of a PostgreSQL store by the database's own programs
 *
 * pg_dump copies the tables as they are at one moment while the server goes on; pg_restore, told to write to nowhere, reads
 * a copy from end to end. For a restore the tables are set aside in the schema seiryu_restoring; pg_restore brings in the
 * copy in one transaction; it is checked, and only then what was set aside gets its lasting name. Cut short anywhere, the
 * next restore puts it back first, and no server starts meanwhile. Programs are started without a shell.
 */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "server/copy.h"
#include "server/maintain.h"
#include "store/store.h"

enum { ENV_MAX = 256, SAID_MAX = 600, NAME_BYTES = 1000 };

static const char aside[] = "seiryu_restoring";

/* ---- programs ------------------------------------------------------------------------------------------- */

typedef struct {
    sei_ctx *ctx;
    size_t   n, n_own;
    char    *vars[ENV_MAX]; /* the last n_own are ours, then NULL */
} surroundings;

static sei_status add_variable(void *user, const char *name, const char *value)
{
    surroundings *s    = user;
    const size_t  size = strlen(name) + strlen(value) + 2;
    char         *one  = s->n + 1 < ENV_MAX ? sei_alloc(s->ctx, size, 1) : NULL;

    if (!one)
        return SEI_E_NOMEM;
    snprintf(one, size, "%s=%s", name, value);
    s->vars[s->n++] = one;
    s->n_own++;
    return SEI_OK;
}

static void forget_surroundings(surroundings *s)
{
    for (; s->n_own > 0; s->n_own--)
        sei_release(s->ctx, s->vars[--s->n]);
}

/* Our own without what libpq would read, then what the address of the store says. */
static sei_status make_surroundings(sei_ctx *ctx, const char *url, surroundings *s)
{
    extern char **environ;

    *s = (surroundings){.ctx = ctx};
    for (char **v = environ; *v && s->n < ENV_MAX / 2; v++)
        if (strncmp(*v, "PGOPTIONS=", 10) != 0 && strncmp(*v, "PGSERVICE=", 10) != 0)
            s->vars[s->n++] = *v;
    const sei_status st = sei_db_environment(ctx, url, add_variable, s);
    if (st != SEI_OK)
        forget_surroundings(s);
    return st;
}

/* The last of what a program said, without line ends. */
static void listen_to(int fd, char said[SAID_MAX])
{
    size_t  n = 0;
    ssize_t got;
    char    piece[256];

    while ((got = read(fd, piece, sizeof piece)) > 0 || (got < 0 && errno == EINTR)) {
        for (ssize_t i = 0; i < got; i++) {
            if (n == SAID_MAX - 1)
                memmove(said, said + 1, --n);
            said[n++] = (unsigned char)piece[i] < ' ' ? ' ' : piece[i];
        }
    }
    said[n] = '\0';
}

static sei_status spawn(sei_ctx *ctx, char *const argv[], surroundings *s, int error_fd,
                        pid_t *ret_pid)
{
    posix_spawn_file_actions_t actions;

    if (posix_spawn_file_actions_init(&actions) != 0)
        return SEI_E_NOMEM;
    int code = posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
    if (code == 0)
        code = posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
    if (code == 0)
        code = posix_spawn_file_actions_adddup2(&actions, error_fd, 2);
    if (code == 0)
        code = posix_spawnp(ret_pid, argv[0], &actions, NULL, argv, s->vars);
    posix_spawn_file_actions_destroy(&actions);
    if (code == ENOENT)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                        "no program %s here: install PostgreSQL's client programs (Debian: "
                        "postgresql-client), no older than the database",
                        argv[0]);
    return code == 0 ? SEI_OK
                     : sei_fail(ctx, SEI_E_IO, NULL, "cannot start %s: error %d", argv[0], code);
}

/* Runs to the end; what the program says of its failure is in the context. */
static sei_status run(sei_ctx *ctx, const char *url, char *const argv[])
{
    surroundings s;
    char         said[SAID_MAX] = "";
    int          fds[2], code = -1;
    pid_t        pid = 0;
    sei_status   st  = make_surroundings(ctx, url, &s);

    if (st != SEI_OK)
        return st;
    if (pipe(fds) != 0) {
        forget_surroundings(&s);
        return sei_fail(ctx, SEI_E_IO, NULL, "no pipe to %s", argv[0]);
    }
    fcntl(fds[0], F_SETFD, FD_CLOEXEC);
    fcntl(fds[1], F_SETFD, FD_CLOEXEC);
    st = spawn(ctx, argv, &s, fds[1], &pid);
    close(fds[1]);
    if (st == SEI_OK) {
        listen_to(fds[0], said);
        while (waitpid(pid, &code, 0) < 0 && errno == EINTR) { /* again */
        }
        if (!WIFEXITED(code) || WEXITSTATUS(code) != 0)
            st = sei_fail(ctx, SEI_E_IO, NULL, "%s: %s", argv[0],
                          said[0] ? said : "ended without a word");
    }
    close(fds[0]);
    forget_surroundings(&s);
    return st;
}

/* posix_spawn does not write to its arguments, though it does not say so. */
#define WORD(text) ((char *)(uintptr_t)(text))

/* Everything in the copy is read and unpacked. */
static sei_status read_copy(sei_ctx *ctx, const char *url, const char *file)
{
    char *const argv[] = {WORD("pg_restore"), WORD("--file=/dev/null"), WORD("--"), WORD(file),
                          NULL};

    return run(ctx, url, argv);
}

/* ---- backup --------------------------------------------------------------------------------------------- */

static sei_status settle_file(sei_ctx *ctx, const char *made, const char *file)
{
    const int  fd   = open(made, O_RDONLY | O_CLOEXEC);
    const bool good = fd >= 0 && fsync(fd) == 0;

    if (fd >= 0)
        close(fd);
    return good && rename(made, file) == 0
               ? SEI_OK
               : sei_fail(ctx, SEI_E_IO, NULL, "cannot write %.300s: is the disk full?", file);
}

sei_status sei_postgres_backup(sei_ctx *ctx, const sei_server_config *config, const char *file,
                               char *ret_text, size_t size)
{
    char made[NAME_BYTES], target[NAME_BYTES + 10];

    if (snprintf(made, sizeof made, "%s.part", file) >= (int)sizeof made)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "the name of the copy is too long");
    snprintf(target, sizeof target, "--file=%s", made);
    char *const argv[] = {WORD("pg_dump"),
                          WORD("--format=custom"),
                          WORD("--schema=public"),
                          WORD("--no-owner"),
                          WORD("--no-privileges"),
                          WORD("--no-password"),
                          WORD("--no-comments"),
                          target,
                          WORD("--dbname=postgresql://"),
                          NULL};
    sei_status  st     = sei_copy_look(ctx, config->store, "the database");

    if (st == SEI_OK)
        st = run(ctx, config->store, argv);
    if (st == SEI_OK)
        st = read_copy(ctx, config->store, made);
    if (st == SEI_OK)
        st = settle_file(ctx, made, file);
    if (st == SEI_OK)
        snprintf(ret_text, size, "backup: %.300s", file);
    else
        unlink(made);
    return st;
}

/* ---- restore -------------------------------------------------------------------------------------------- */

static sei_status ask(sei_ctx *ctx, const char *url, const char *sql, int64_t *ret_n)
{
    sei_db    *db = NULL;
    sei_status st = sei_db_open(ctx, url, SEI_DB_READ_WRITE, &db);

    if (st == SEI_OK)
        st = sei_db_get_int(db, sql, 0, NULL, NULL, ret_n);
    sei_db_close(db);
    return st;
}

static sei_status tell(sei_ctx *ctx, const char *url, const char *sql)
{
    sei_db    *db = NULL;
    sei_status st = sei_db_open(ctx, url, SEI_DB_READ_WRITE, &db);

    if (st == SEI_OK)
        st = sei_db_script(db, sql);
    sei_db_close(db);
    return st;
}

static sei_status is_cut_short(sei_ctx *ctx, const char *url, bool *ret_it_is)
{
    int64_t          n = 0;
    const sei_status st =
        ask(ctx, url, "SELECT count(*) FROM pg_namespace WHERE nspname = 'seiryu_restoring'", &n);

    *ret_it_is = n > 0;
    return st;
}

sei_status sei_postgres_look(sei_ctx *ctx, const char *url)
{
    bool             cut = false;
    const sei_status st  = is_cut_short(ctx, url, &cut);

    return st == SEI_OK && cut
               ? sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                          "a restore was cut short, and the store from before is in the schema %s: "
                          "restore again",
                          aside)
               : st;
}

static sei_status is_free(sei_ctx *ctx, const char *url)
{
    int64_t          n  = 0;
    const sei_status st = ask(ctx, url,
                              "SELECT count(*) FROM pg_stat_activity WHERE datname ="
                              " current_database() AND pid <> pg_backend_pid() AND"
                              " application_name = 'seiryud'",
                              &n);

    return st == SEI_OK && n > 0
               ? sei_fail(ctx, SEI_E_IO, NULL, "a server runs on this store: stop it first")
               : st;
}

static sei_status put_back(sei_ctx *ctx, const char *url)
{
    return tell(ctx, url,
                "BEGIN; DROP SCHEMA IF EXISTS public CASCADE;"
                "ALTER SCHEMA seiryu_restoring RENAME TO public; COMMIT");
}

static sei_status set_aside(sei_ctx *ctx, const char *url)
{
    bool       cut = false;
    sei_status st  = is_cut_short(ctx, url, &cut);

    if (st == SEI_OK && cut)
        st = put_back(ctx, url);
    return st == SEI_OK ? tell(ctx, url,
                               "BEGIN; ALTER SCHEMA public RENAME TO seiryu_restoring;"
                               "CREATE SCHEMA public; COMMIT")
                        : st;
}

static sei_status bring_in(sei_ctx *ctx, const sei_server_config *config, const char *from,
                           char *found, size_t size)
{
    char *const argv[] = {WORD("pg_restore"),
                          WORD("--single-transaction"),
                          WORD("--exit-on-error"),
                          WORD("--schema=public"),
                          WORD("--no-owner"),
                          WORD("--no-privileges"),
                          WORD("--no-password"),
                          WORD("--dbname=postgresql://"),
                          WORD("--"),
                          WORD(from),
                          NULL};
    sei_status  st     = run(ctx, config->store, argv);

    if (st == SEI_OK)
        st = sei_copy_look(ctx, config->store, from);
    if (st == SEI_OK)
        st = sei_maintain_check(ctx, config, found, size);
    return st == SEI_OK ? sei_copy_note(ctx, config->store, from) : st;
}

/* What was there before gets the name under which it stays. */
static sei_status keep_aside(sei_ctx *ctx, const char *url, const char *now)
{
    char sql[200];

    snprintf(sql, sizeof sql, "ALTER SCHEMA seiryu_restoring RENAME TO \"before_%.40s\"", now);
    return tell(ctx, url, sql);
}

sei_status sei_postgres_restore(sei_ctx *ctx, const sei_server_config *config, const char *from,
                                char *ret_text, size_t size)
{
    char       found[500] = "", now[SEI_COPY_TIME];
    sei_status st         = access(from, R_OK) == 0
                                ? is_free(ctx, config->store)
                                : sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "cannot read %.300s", from);

    sei_copy_time(now);
    if (st == SEI_OK)
        st = read_copy(ctx, config->store, from);
    if (st == SEI_OK)
        st = set_aside(ctx, config->store);
    if (st != SEI_OK)
        return st;
    st = bring_in(ctx, config, from, found, sizeof found);
    if (st == SEI_OK)
        st = keep_aside(ctx, config->store, now);
    if (st != SEI_OK) {
        char why[SAID_MAX];
        snprintf(why, sizeof why, "%.*s", SAID_MAX - 1, sei_ctx_error(ctx));
        const sei_status back = put_back(ctx, config->store);
        return back == SEI_OK ? sei_fail(ctx, st, NULL, "%s", why) : back;
    }
    snprintf(ret_text, size, "%s\nrestored; what was there before: schema before_%s", found, now);
    return SEI_OK;
}
