/*
 * ensemble_hand.c - which member comes next, for processes that share the folder of an ensemble
 *
 * Members differ in what they cost, ranks in when they begin: shares fixed beforehand leave one of them idle in the end.
 * The number that comes next stands in a file of the folder that the ranks share anyhow, under a lock of the file system.
 */
#include "study/ensemble_hand.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"

struct sei_hand {
    int             file;
    char           *path;
    pthread_mutex_t own; /* locks of files hold between processes only */
};

static const char file_name[] = "next-member";

static sei_status fail(sei_ctx *ctx, const char *path, int code)
{
    char why[128];

    if (strerror_r(code, why, sizeof why) != 0)
        why[0] = '\0';
    return sei_fail(ctx, SEI_E_IO, NULL, "%s: %s", path, why);
}

sei_status sei_hand_open(sei_ctx *ctx, const char *folder, sei_hand **ret)
{
    sei_hand *h = sei_alloc(ctx, 1, sizeof *h);

    if (!h)
        return SEI_E_NOMEM;
    h->path = sei_path_join(ctx, folder, file_name);
    h->file = h->path ? open(h->path, O_RDWR | O_CREAT | O_CLOEXEC, S_IRUSR | S_IWUSR) : -1;
    if (h->file < 0) {
        const sei_status st = h->path ? fail(ctx, h->path, errno) : SEI_E_NOMEM;
        sei_release(ctx, h->path);
        sei_release(ctx, h);
        return st;
    }
    (void)pthread_mutex_init(&h->own, NULL);
    *ret = h;
    return SEI_OK;
}

void sei_hand_close(sei_ctx *ctx, sei_hand *hand)
{
    if (!hand)
        return;
    (void)close(hand->file);
    (void)pthread_mutex_destroy(&hand->own);
    sei_release(ctx, hand->path);
    sei_release(ctx, hand);
}

static bool lock(const sei_hand *h, short kind)
{
    struct flock whole = {.l_type = kind, .l_whence = SEEK_SET};
    int          code;

    do
        code = fcntl(h->file, F_SETLKW, &whole);
    while (code < 0 && errno == EINTR);
    return code == 0;
}

/* An empty file: the first number. */
static bool read_next(const sei_hand *h, uint64_t *ret)
{
    const ssize_t n = pread(h->file, ret, sizeof *ret, 0);

    if (n == 0)
        *ret = 0;
    return n == 0 || n == (ssize_t)sizeof *ret;
}

static bool write_next(const sei_hand *h, uint64_t next)
{
    return pwrite(h->file, &next, sizeof next, 0) == (ssize_t)sizeof next;
}

/* Hands out the number that comes next, not below `least`, and leaves what follows it by `step`. */
static sei_status advance(sei_ctx *ctx, sei_hand *h, uint64_t least, uint64_t step, uint64_t *ret)
{
    uint64_t next = 0;

    (void)pthread_mutex_lock(&h->own);
    bool good = lock(h, F_WRLCK);
    if (good) {
        good = read_next(h, &next);
        next = next < least ? least : next;
        good = good && write_next(h, next + step);
        good = lock(h, F_UNLCK) && good;
    }
    const int why = errno;
    (void)pthread_mutex_unlock(&h->own);
    if (!good)
        return fail(ctx, h->path, why);
    *ret = next;
    return SEI_OK;
}

sei_status sei_hand_take(sei_ctx *ctx, sei_hand *hand, size_t *ret_number)
{
    uint64_t         next = 0;
    const sei_status st   = advance(ctx, hand, 0, 1, &next);

    if (st == SEI_OK)
        *ret_number = (size_t)next;
    return st;
}

sei_status sei_hand_skip_to(sei_ctx *ctx, sei_hand *hand, size_t first)
{
    uint64_t next;

    return advance(ctx, hand, first, 0, &next);
}

sei_status sei_hand_forget(sei_ctx *ctx, const char *folder)
{
    char      *path = sei_path_join(ctx, folder, file_name);
    sei_status st   = path ? SEI_OK : SEI_E_NOMEM;

    if (path && unlink(path) != 0 && errno != ENOENT)
        st = fail(ctx, path, errno);
    sei_release(ctx, path);
    return st;
}
