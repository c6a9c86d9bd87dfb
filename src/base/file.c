/* file.c - reading whole files, replacing files safely, finding the shipped data */
#define _XOPEN_SOURCE 700 /* realpath */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 1 << 16 };

static sei_status io_error(sei_ctx *ctx, const char *path, const char *doing)
{
    const int       code  = errno;
    const sei_where where = {path, 0, 0};
    char            why[128];

    if (code == EISDIR)
        return sei_fail(ctx, SEI_E_NOT_FOUND, &where,
                        "this is a folder: give the name of a file in it");
    if (strerror_r(code, why, sizeof why) != 0)
        snprintf(why, sizeof why, "error %d", code);
    return sei_fail(ctx, code == ENOENT ? SEI_E_NOT_FOUND : SEI_E_IO, &where, "cannot %s: %s",
                    doing, why);
}

/* Reads fd to its end into *ret_text, at most max bytes. */
static sei_status read_all(sei_ctx *ctx, const char *path, int fd, size_t max, char **ret_text,
                           size_t *ret_len)
{
    const sei_where where = {path, 0, 0};
    char           *text  = NULL;
    size_t          len = 0, size = 0;

    for (;;) {
        if (size - len < CHUNK + 1) {
            size        = size ? 2 * size : 2 * CHUNK;
            char *grown = sei_resize(ctx, text, size, 1);
            if (!grown) {
                sei_release(ctx, text);
                return SEI_E_NOMEM;
            }
            text = grown;
        }
        const ssize_t n = read(fd, text + len, CHUNK);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0) {
            sei_release(ctx, text);
            return io_error(ctx, path, "read");
        }
        if (n == 0)
            break;
        len += (size_t)n;
        if (len > max) {
            sei_release(ctx, text);
            return sei_fail(ctx, SEI_E_TOO_LARGE, &where, "file is larger than %zu bytes", max);
        }
    }
    text[len] = '\0';
    *ret_text = text;
    *ret_len  = len;
    return SEI_OK;
}

sei_status sei_file_read(sei_ctx *ctx, const char *path, size_t max, char **ret_text,
                         size_t *ret_len)
{
    if (strcmp(path, "-") == 0)
        return read_all(ctx, "standard input", STDIN_FILENO, max, ret_text, ret_len);
    const int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return io_error(ctx, path, "open");
    const sei_status st = read_all(ctx, path, fd, max, ret_text, ret_len);
    close(fd);
    return st;
}

static int write_all(int fd, const char *text, size_t len)
{
    while (len > 0) {
        const ssize_t n = write(fd, text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n < 0)
            return -1;
        text += n;
        len -= (size_t)n;
    }
    return 0;
}

/* A rename is on the disk only when its folder is. */
static sei_status sync_folder(sei_ctx *ctx, const char *path)
{
    char *folder = sei_path_folder(ctx, path);

    if (!folder)
        return SEI_E_NOMEM;
    const int  fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    sei_status st = SEI_OK;
    if (fd < 0 || (fsync(fd) != 0 && errno != EINVAL))
        st = io_error(ctx, path, "write");
    if (fd >= 0)
        close(fd);
    sei_release(ctx, folder);
    return st;
}

/* A device or a pipe is written to where it stands: a rename would put a file in its place. */
static sei_status write_in_place(sei_ctx *ctx, const char *path, const char *text, size_t len)
{
    const int  fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
    sei_status st = SEI_OK;

    if (fd < 0)
        return io_error(ctx, path, "write");
    if (write_all(fd, text, len) != 0)
        st = io_error(ctx, path, "write");
    if (close(fd) != 0 && st == SEI_OK)
        st = io_error(ctx, path, "write");
    return st;
}

static sei_status replace(sei_ctx *ctx, const char *path, const char *text, size_t len)
{
    const size_t size = strlen(path) + 16;
    char        *temp = sei_alloc(ctx, size, 1);
    sei_status   st   = SEI_OK;

    if (!temp)
        return SEI_E_NOMEM;
    snprintf(temp, size, "%s.part-XXXXXX", path);
    const int fd = mkstemp(temp);
    if (fd < 0) {
        st = io_error(ctx, path, "write");
        goto done;
    }
    int bad = fchmod(fd, 0644) != 0 || write_all(fd, text, len) != 0 || fsync(fd) != 0;
    if (bad)
        st = io_error(ctx, path, "write");
    if (close(fd) != 0 && st == SEI_OK)
        st = io_error(ctx, path, "write");
    if (st == SEI_OK && rename(temp, path) != 0)
        st = io_error(ctx, path, "write");
    if (st == SEI_OK)
        st = sync_folder(ctx, path);
    if (st != SEI_OK)
        unlink(temp);
done:
    sei_release(ctx, temp);
    return st;
}

sei_status sei_file_write(sei_ctx *ctx, const char *path, const char *text, size_t len)
{
    struct stat info;

    if (stat(path, &info) != 0 || S_ISDIR(info.st_mode))
        return replace(ctx, path, text, len);
    if (!S_ISREG(info.st_mode))
        return write_in_place(ctx, path, text, len);
    char            *real = realpath(path, NULL); /* a link stays, its file is replaced */
    const sei_status st   = replace(ctx, real ? real : path, text, len);
    free(real);
    return st;
}

sei_status sei_folder_make(sei_ctx *ctx, const char *path)
{
    char      *copy = sei_strdup(ctx, path);
    sei_status st   = SEI_OK;

    if (!copy)
        return SEI_E_NOMEM;
    for (char *c = copy + 1; copy[0] && st == SEI_OK; c++) {
        const char old = *c;
        if (old != '/' && old != '\0')
            continue;
        *c = '\0';
        if (mkdir(copy, 0777) != 0 && errno != EEXIST)
            st = io_error(ctx, copy, "make folder");
        *c = old;
        if (old == '\0')
            break;
    }
    struct stat info;
    if (st == SEI_OK && (stat(path, &info) != 0 || !S_ISDIR(info.st_mode))) {
        errno = ENOTDIR;
        st    = io_error(ctx, path, "make folder");
    }
    sei_release(ctx, copy);
    return st;
}

char *sei_path_join(sei_ctx *ctx, const char *folder, const char *name)
{
    const size_t size = strlen(folder) + strlen(name) + 2;
    char        *path;

    if (name[0] == '/' || folder[0] == '\0')
        return sei_strdup(ctx, name);
    path = sei_alloc(ctx, size, 1);
    if (path)
        snprintf(path, size, "%s%s%s", folder, folder[strlen(folder) - 1] == '/' ? "" : "/", name);
    return path;
}

char *sei_path_folder(sei_ctx *ctx, const char *path)
{
    const char *slash = strrchr(path, '/');

    if (!slash)
        return sei_strdup(ctx, ".");
    return sei_strndup(ctx, path, slash == path ? 1 : (size_t)(slash - path));
}

/* folder/name in *io_path when that file can be read and none was found before. */
static sei_status look_in(sei_ctx *ctx, const char *folder, const char *name, char **io_path)
{
    if (*io_path || !folder || !folder[0])
        return SEI_OK;
    char *path = sei_path_join(ctx, folder, name);
    if (!path)
        return SEI_E_NOMEM;
    if (access(path, R_OK) == 0)
        *io_path = path;
    else
        sei_release(ctx, path);
    return SEI_OK;
}

/* ../share/seiryu beside the running program; "" when the system does not tell. */
static void share_folder(char *out, size_t size)
{
    char          exe[4096];
    const ssize_t n = readlink("/proc/self/exe", exe, sizeof exe - 1);

    out[0] = '\0';
    if (n <= 0)
        return;
    exe[n]      = '\0';
    char *slash = strrchr(exe, '/');
    if (!slash)
        return;
    *slash = '\0';
    if (strlen(exe) + sizeof "/../share/seiryu" <= size)
        snprintf(out, size, "%.4000s/../share/seiryu", exe);
}

sei_status sei_data_path(sei_ctx *ctx, const char *name, char **ret_path)
{
    char        share[4096];
    const char *env   = getenv("SEIRYU_DATA");
    char       *found = NULL;

    share_folder(share, sizeof share);
    sei_status st = look_in(ctx, env, name, &found);
    if (st == SEI_OK)
        st = look_in(ctx, share, name, &found);
    if (st == SEI_OK)
        st = look_in(ctx, SEI_SOURCE_DATA, name, &found);
    if (st != SEI_OK)
        return st;
    if (!found)
        return sei_fail(
            ctx, SEI_E_NOT_FOUND, NULL,
            "data file %s not found in %s%s%s or %s; set SEIRYU_DATA to the data folder", name,
            env ? env : "", env ? ", " : "", share, SEI_SOURCE_DATA);
    *ret_path = found;
    return SEI_OK;
}

void sei_sha256_hex(const void *bytes, size_t len, char ret_hex[SEI_SHA256_HEX])
{
    unsigned char hash[crypto_hash_sha256_BYTES];

    crypto_hash_sha256(hash, bytes, len);
    sodium_bin2hex(ret_hex, SEI_SHA256_HEX, hash, sizeof hash);
}
