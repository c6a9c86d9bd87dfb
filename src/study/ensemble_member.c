/* ensemble_member.c - one member of an ensemble: its run, and the file that keeps it */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/pack.h"
#include "study/ensemble.h"

enum { KIND = 0x4d534e45 /* ENSM */, VERSION = 1, NUMBERS = 5 };
enum { TAG_KEY = 1, TAG_NUMBERS, TAG_DRAWS, TAG_VALUE, TAG_ERROR };
enum { DRAWS_MAX = 100000, VALUES_MAX = 1 << 26 };

void sei_member_done(sei_ctx *ctx, sei_member *m)
{
    sei_release(ctx, m->error);
    sei_release(ctx, m->draws);
    sei_release(ctx, m->value);
    *m = (sei_member){0};
}

/* ---- the run ---------------------------------------------------------------------------------- */

static sei_status keep_discharge(sei_ctx *ctx, const sei_result *r, sei_member *m)
{
    const size_t w = sei_result_watch(r, "discharge");

    m->n_times   = r->n_times;
    m->n_columns = r->n_columns;
    m->value     = sei_alloc(ctx, r->n_times * r->n_columns, sizeof *m->value);
    if (!m->value)
        return SEI_E_NOMEM;
    for (size_t t = 0; t < r->n_times; t++)
        memcpy(m->value + t * r->n_columns, r->value + (t * r->n_watches + w) * r->n_columns,
               r->n_columns * sizeof *m->value);
    return SEI_OK;
}

/* Failures that tell of the machine or of the user, not of the drawn numbers. */
static bool is_ours(sei_status st)
{
    return st != SEI_E_NOMEM && st != SEI_E_IO && st != SEI_E_CANCELLED && st != SEI_E_INTERNAL;
}

sei_status sei_member_run(sei_ctx *ctx, sei_site *site, const sei_run_hooks *hooks, sei_member *ret)
{
    sei_result *result = NULL;
    sei_member  m      = {0};

    m.status = sei_study_run(ctx, site, hooks, &result);
    if (m.status != SEI_OK && !is_ours(m.status)) {
        sei_result_free(result);
        return m.status;
    }
    sei_status st = SEI_OK;
    m.error       = sei_strdup(ctx, m.status == SEI_OK ? "" : sei_ctx_error(ctx));
    if (!m.error)
        st = SEI_E_NOMEM;
    if (st == SEI_OK && m.status == SEI_OK)
        st = keep_discharge(ctx, result, &m);
    sei_result_free(result);
    if (st != SEI_OK) {
        sei_member_done(ctx, &m);
        return st;
    }
    *ret = m;
    return SEI_OK;
}

/* ---- the file --------------------------------------------------------------------------------- */

char *sei_member_path(sei_ctx *ctx, const char *folder, size_t number)
{
    char name[64];

    snprintf(name, sizeof name, "members/%06zu.bin", number);
    return sei_path_join(ctx, folder, name);
}

sei_status sei_member_write(sei_ctx *ctx, const sei_member *m, const char *key, size_t number,
                            const char *path)
{
    const int64_t numbers[NUMBERS] = {(int64_t)number, (int64_t)m->status, (int64_t)m->n_draws,
                                      (int64_t)m->n_times, (int64_t)m->n_columns};
    sei_pack      p;

    sei_pack_begin(&p, ctx, KIND, VERSION);
    sei_pack_text(&p, TAG_KEY, key);
    sei_pack_integers(&p, TAG_NUMBERS, NUMBERS, numbers);
    sei_pack_doubles(&p, TAG_DRAWS, m->n_draws, m->draws);
    sei_pack_doubles(&p, TAG_VALUE, m->value ? m->n_times * m->n_columns : 0, m->value);
    sei_pack_text(&p, TAG_ERROR, m->error);
    return sei_pack_save(&p, path);
}

static sei_status check_key(const sei_unpack *u, const char *key)
{
    char      *found = NULL;
    sei_status st    = sei_unpack_text(u, TAG_KEY, &found);

    if (st == SEI_OK && strcmp(found, key) != 0) {
        const sei_where where = {u->name, 0, 0};
        st                    = sei_fail(u->ctx, SEI_E_KEY, &where, "a member of another ensemble");
    }
    sei_release(u->ctx, found);
    return st;
}

static bool is_status(int64_t value)
{
    return value <= 0 && value > -1000;
}

static sei_status take_numbers(const sei_unpack *u, size_t number, sei_member *m)
{
    const sei_where where = {u->name, 0, 0};
    int64_t         n[NUMBERS];

    const sei_status st = sei_unpack_integers(u, TAG_NUMBERS, NUMBERS, n);
    if (st != SEI_OK)
        return st;
    if (n[0] != (int64_t)number || !is_status(n[1]) || n[2] < 0 || n[2] > DRAWS_MAX || n[3] < 0 ||
        n[4] < 0 || n[3] > VALUES_MAX || n[4] > VALUES_MAX || n[3] * n[4] > VALUES_MAX)
        return sei_fail(u->ctx, SEI_E_PARSE, &where, "its numbers cannot be those of member %zu",
                        number);
    m->status    = (sei_status)n[1];
    m->n_draws   = (size_t)n[2];
    m->n_times   = (size_t)n[3];
    m->n_columns = (size_t)n[4];
    return SEI_OK;
}

static sei_status take_arrays(sei_ctx *ctx, const sei_unpack *u, sei_member *m)
{
    const size_t n  = m->status == SEI_OK ? m->n_times * m->n_columns : 0;
    sei_status   st = sei_unpack_text(u, TAG_ERROR, &m->error);

    if (st != SEI_OK)
        return st;
    if (sei_unpack_count(u, TAG_DRAWS) != m->n_draws || sei_unpack_count(u, TAG_VALUE) != n) {
        const sei_where where = {u->name, 0, 0};
        return sei_fail(ctx, SEI_E_PARSE, &where, "its arrays have other lengths than it says");
    }
    m->draws = sei_alloc(ctx, m->n_draws + 1, sizeof *m->draws);
    m->value = sei_alloc(ctx, n + 1, sizeof *m->value);
    if (!m->draws || !m->value)
        return SEI_E_NOMEM;
    st = sei_unpack_doubles(u, TAG_DRAWS, m->n_draws, m->draws);
    return st == SEI_OK ? sei_unpack_doubles(u, TAG_VALUE, n, m->value) : st;
}

sei_status sei_member_parse(sei_ctx *ctx, const char *name, const void *bytes, size_t len,
                            const char *key, size_t number, sei_member *ret)
{
    sei_unpack u;
    sei_member m  = {0};
    sei_status st = sei_unpack_open(ctx, name, bytes, len, KIND, VERSION, &u);

    if (st == SEI_OK)
        st = check_key(&u, key);
    if (st == SEI_OK)
        st = take_numbers(&u, number, &m);
    if (st == SEI_OK)
        st = take_arrays(ctx, &u, &m);
    if (st != SEI_OK) {
        sei_member_done(ctx, &m);
        return st;
    }
    *ret = m;
    return SEI_OK;
}

sei_status sei_member_read(sei_ctx *ctx, const char *path, const char *key, size_t number,
                           sei_member *ret)
{
    char      *bytes = NULL;
    size_t     len   = 0;
    sei_status st    = sei_file_read(ctx, path, SEI_PACK_BYTES_MAX, &bytes, &len);

    if (st == SEI_OK)
        st = sei_member_parse(ctx, path, bytes, len, key, number, ret);
    sei_release(ctx, bytes);
    return st;
}
