/* restore.c - a copy of the store takes the place of the store; one server at a time has a store file */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "server/copy.h"
#include "server/maintain.h"
#include "server/store_lock.h"
#include "store/audit.h"
#include "store/schema.h"

enum { NAME_MAX_BYTES = 1000, COUNTERS_AHEAD = 1 << 20 };

/* ---- the lock ------------------------------------------------------------------------------------------- */

/* A file beside the store: closing a second descriptor of the store itself would end SQLite's own locks. */
sei_status sei_store_lock(sei_ctx *ctx, const char *url, int *ret_fd)
{
    const char *file = sei_db_file(url);
    char        name[NAME_MAX_BYTES + 10];

    *ret_fd = -1;
    if (!file)
        return sei_postgres_look(ctx, url);
    snprintf(name, sizeof name, "%.*s.lock", NAME_MAX_BYTES, file);
    const int fd = open(name, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd < 0)
        return sei_fail(ctx, SEI_E_IO, NULL, "cannot make %.300s", name);
    if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return sei_fail(ctx, SEI_E_IO, NULL, "a server runs on the store %.300s: stop it first",
                        file);
    }
    *ret_fd = fd;
    return SEI_OK;
}

void sei_store_unlock(int fd)
{
    if (fd >= 0)
        close(fd);
}

/* ---- files ---------------------------------------------------------------------------------------------- */

static sei_status copy_bytes(sei_ctx *ctx, int from, int to, const char *name)
{
    static const size_t size  = 1 << 16;
    char               *bytes = sei_alloc(ctx, size, 1);
    sei_status          st    = bytes ? SEI_OK : SEI_E_NOMEM;

    while (st == SEI_OK) {
        const ssize_t n = read(from, bytes, size);
        if (n == 0)
            break;
        for (ssize_t done = 0; n > 0 && done < n && st == SEI_OK;) {
            const ssize_t w = write(to, bytes + done, (size_t)(n - done));
            if (w <= 0)
                st = sei_fail(ctx, SEI_E_IO, NULL, "cannot write %.300s: is the disk full?", name);
            else
                done += w;
        }
        if (n < 0)
            st = sei_fail(ctx, SEI_E_IO, NULL, "cannot read the copy");
    }
    if (st == SEI_OK && fsync(to) != 0)
        st = sei_fail(ctx, SEI_E_IO, NULL, "cannot write %.300s: is the disk full?", name);
    sei_release(ctx, bytes);
    return st;
}

static sei_status copy_file(sei_ctx *ctx, const char *from_name, const char *to_name)
{
    const int from = open(from_name, O_RDONLY | O_CLOEXEC);

    if (from < 0)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "cannot read %.300s", from_name);
    const int to = open(to_name, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (to < 0) {
        close(from);
        return sei_fail(ctx, errno == EEXIST ? SEI_E_DUPLICATE : SEI_E_IO, NULL,
                        errno == EEXIST
                            ? "%.300s is left over from a restore that did not end: remove it"
                            : "cannot make %.300s",
                        to_name);
    }
    const sei_status st = copy_bytes(ctx, from, to, to_name);
    close(from);
    close(to);
    return st;
}

static const char *const companions[] = {"", "-wal", "-shm"};

/* The store with what SQLite keeps beside it, under another name. */
static sei_status set_aside(sei_ctx *ctx, const char *file, const char *aside)
{
    for (int i = 2; i >= 0; i--) { /* the store itself last: until then nothing is done */
        char from[NAME_MAX_BYTES + 60], to[NAME_MAX_BYTES + 60];
        snprintf(from, sizeof from, "%.*s%s", NAME_MAX_BYTES, file, companions[i]);
        snprintf(to, sizeof to, "%.*s%s", NAME_MAX_BYTES, aside, companions[i]);
        if (rename(from, to) != 0 && errno != ENOENT)
            return sei_fail(ctx, SEI_E_IO, NULL, "cannot rename %.300s", from);
    }
    return SEI_OK;
}

static void remove_store(const char *file)
{
    for (int i = 0; i < 3; i++) {
        char name[NAME_MAX_BYTES + 60];
        snprintf(name, sizeof name, "%.*s%s", NAME_MAX_BYTES, file, companions[i]);
        unlink(name);
    }
}

static sei_status put_in_place(sei_ctx *ctx, const char *new_file, const char *file)
{
    char *folder = sei_path_folder(ctx, file);

    if (!folder)
        return SEI_E_NOMEM;
    sei_status st = rename(new_file, file) == 0
                        ? SEI_OK
                        : sei_fail(ctx, SEI_E_IO, NULL, "cannot rename %.300s", new_file);
    const int  fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (st == SEI_OK && (fd < 0 || fsync(fd) != 0))
        st = sei_fail(ctx, SEI_E_IO, NULL, "cannot write the folder %.300s", folder);
    if (fd >= 0)
        close(fd);
    sei_release(ctx, folder);
    return st;
}

/* ---- restore -------------------------------------------------------------------------------------------- */

/* An empty or foreign database would be made into a store by opening it. */
sei_status sei_copy_look(sei_ctx *ctx, const char *url, const char *from)
{
    sei_db    *db      = NULL;
    int64_t    version = 0;
    sei_status st      = sei_db_open(ctx, url, SEI_DB_READ_WRITE, &db);

    if (st == SEI_OK)
        st = sei_schema_version(db, &version);
    sei_db_close(db);
    return st == SEI_OK && version > 0
               ? SEI_OK
               : sei_fail(ctx, SEI_E_PARSE, NULL, "%.300s is no copy of a store", from);
}

/* The copy says in its own audit log what it is now. Tokens that were made after it was taken used up counters that
 * it does not know of: stations would not obey those again. */
sei_status sei_copy_note(sei_ctx *ctx, const char *new_url, const char *from)
{
    sei_store      *store = NULL;
    struct timespec now;
    sei_status      st = sei_store_open(ctx, new_url, SEI_STORE_OPEN, &store);

    clock_gettime(CLOCK_REALTIME, &now);
    if (st == SEI_OK)
        st = sei_audit_add(store, (int64_t)now.tv_sec * SEI_US_PER_S, "seiryud", "restore", "store",
                           from);
    if (st == SEI_OK)
        st = sei_db_run(sei_store_db(store), "UPDATE issuer_key SET counter = counter + $1",
                        SEI_BINDS(sei_bind_int(COUNTERS_AHEAD)), NULL);
    sei_store_close(store);
    return st;
}

void sei_copy_time(char out[SEI_COPY_TIME])
{
    const sei_civil t = sei_time_to_civil((sei_time)time(NULL) * SEI_US_PER_S, 0);

    snprintf(out, SEI_COPY_TIME, "%04d%02d%02dT%02d%02d%02dZ", t.year, t.month, t.day, t.hour,
             t.minute, t.second);
}

static sei_status restore(sei_ctx *ctx, const sei_server_config *config, const char *file,
                          const char *from, char *ret_text, size_t size)
{
    char made[NAME_MAX_BYTES + 20], aside[NAME_MAX_BYTES + 100], url[NAME_MAX_BYTES + 40];
    char found[500]        = "";
    sei_server_config copy = *config;
    char              now[SEI_COPY_TIME];

    sei_copy_time(now);
    snprintf(made, sizeof made, "%.*s.restoring", NAME_MAX_BYTES, file);
    snprintf(url, sizeof url, "sqlite:%s", made);
    snprintf(aside, sizeof aside, "%.*s.before-%s", NAME_MAX_BYTES, file, now);
    copy.store    = url;
    sei_status st = copy_file(ctx, from, made);
    if (st == SEI_E_DUPLICATE)
        return st;
    if (st == SEI_OK)
        st = sei_copy_look(ctx, url, from);
    if (st == SEI_OK)
        st = sei_maintain_check(ctx, &copy, found, sizeof found);
    if (st == SEI_OK)
        st = sei_copy_note(ctx, url, from);
    if (st == SEI_OK)
        st = set_aside(ctx, file, aside);
    if (st == SEI_OK)
        st = put_in_place(ctx, made, file);
    if (st != SEI_OK)
        remove_store(made);
    else
        snprintf(ret_text, size, "%s\nrestored; what was there before: %.300s", found, aside);
    return st;
}

sei_status sei_maintain_restore(sei_ctx *ctx, const sei_server_config *config, const char *from,
                                char *ret_text, size_t size)
{
    const char *file = sei_db_file(config->store);
    int         lock = -1;

    if (!file)
        return sei_postgres_restore(ctx, config, from, ret_text, size);
    if (strlen(file) >= NAME_MAX_BYTES)
        return sei_fail(ctx, SEI_E_RANGE, NULL, "the store's name is too long");
    sei_status st = sei_store_lock(ctx, config->store, &lock);
    if (st == SEI_OK)
        st = restore(ctx, config, file, from, ret_text, size);
    sei_store_unlock(lock);
    return st;
}
