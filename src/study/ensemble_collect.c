/* ensemble_collect.c - reading the members back: bands through time, who failed */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "study/ensemble.h"

/* 4 GiB of values at once; beyond it a longer output interval tells the same. */
static const double values_max = 4294967296.0 / sizeof(double);

/* ---- order statistics ------------------------------------------------------------------------- */

static int compare(const void *a, const void *b)
{
    const double x = *(const double *)a, y = *(const double *)b;

    return x < y ? -1 : x > y;
}

void sei_sort_doubles(size_t n, double values[])
{
    if (n > 1)
        qsort(values, n, sizeof *values, compare);
}

double sei_sorted_quantile(size_t n, const double sorted[], double p)
{
    const double at = p * (double)(n - 1);
    const size_t k  = (size_t)floor(at);

    return k + 1 < n ? sorted[k] + (at - (double)k) * (sorted[k + 1] - sorted[k]) : sorted[n - 1];
}

/* ---- reading ---------------------------------------------------------------------------------- */

static sei_status choose_columns(sei_ensemble *e)
{
    const sei_result *r = e->nominal;

    e->kept = sei_arena_alloc(&e->arena, r->n_columns, sizeof *e->kept);
    if (!e->kept)
        return SEI_E_NOMEM;
    for (size_t c = 0; c < r->n_columns; c++)
        if (c != e->digest->flow && sei_digest_is_shown(e->digest, c))
            e->kept[e->n_kept++] = c;
    return SEI_OK;
}

static sei_status make_room(sei_ensemble *e)
{
    const size_t n = e->options.n, times = e->nominal->n_times, cells = e->n_kept * times;

    if ((double)n * (double)cells > values_max)
        return sei_fail(e->ctx, SEI_E_TOO_LARGE, NULL,
                        "%zu members of %zu instants are too much to compare at once: raise "
                        "run.output_interval_h",
                        n, times);
    e->ok     = sei_arena_alloc(&e->arena, n, sizeof *e->ok);
    e->failed = sei_arena_alloc(&e->arena, n, sizeof *e->failed);
    e->draw   = sei_arena_alloc(&e->arena, n * e->draws->n, sizeof *e->draw);
    e->value  = sei_alloc(e->ctx, n * cells + 1, sizeof *e->value);
    e->flows  = sei_arena_alloc(&e->arena, n * times, sizeof *e->flows);
    e->low    = sei_arena_alloc(&e->arena, cells + 1, sizeof *e->low);
    e->mid    = sei_arena_alloc(&e->arena, cells + 1, sizeof *e->mid);
    e->high   = sei_arena_alloc(&e->arena, cells + 1, sizeof *e->high);
    return e->ok && e->failed && e->draw && e->value && e->flows && e->low && e->mid && e->high
               ? SEI_OK
               : SEI_E_NOMEM;
}

static void take_values(sei_ensemble *e, const sei_member *m, size_t number)
{
    const size_t times = e->nominal->n_times, at = e->n_ok++;

    e->ok[at] = number;
    for (size_t t = 0; t < times; t++) {
        const double *row        = m->value + t * m->n_columns;
        e->flows[at * times + t] = e->digest->flow == SIZE_MAX || row[e->digest->flow] > 0.0;
        for (size_t k = 0; k < e->n_kept; k++)
            e->value[(at * e->n_kept + k) * times + t] = row[e->kept[k]];
    }
}

static sei_status take_member(sei_ensemble *e, sei_member *m, size_t number)
{
    if (m->n_draws != e->draws->n ||
        (m->status == SEI_OK &&
         (m->n_times != e->nominal->n_times || m->n_columns != e->nominal->n_columns)))
        return sei_fail(e->ctx, SEI_E_INTERNAL, NULL,
                        "member %zu has other instants than the run with the file's numbers",
                        number);
    if (m->n_draws)
        memcpy(e->draw + number * m->n_draws, m->draws, m->n_draws * sizeof *m->draws);
    if (m->status == SEI_OK) {
        take_values(e, m, number);
        return SEI_OK;
    }
    char *error = sei_arena_strdup(&e->arena, m->error);
    if (!error)
        return SEI_E_NOMEM;
    e->failed[e->n_failed++] = (sei_failed_member){number, m->status, error};
    return SEI_OK;
}

static sei_status read_members(sei_ensemble *e)
{
    sei_status st = SEI_OK;

    for (size_t k = 0; k < e->options.n && st == SEI_OK; k++) {
        sei_member m    = {0};
        char      *path = sei_member_path(e->ctx, e->options.folder, k);
        st              = path ? sei_member_read(e->ctx, path, e->draws->key, k, &m) : SEI_E_NOMEM;
        if (st == SEI_E_NOT_FOUND)
            st = sei_fail(e->ctx, SEI_E_MISSING, NULL,
                          "%s is not there: some process has not done its members", path);
        if (st == SEI_OK)
            st = take_member(e, &m, k);
        sei_member_done(e->ctx, &m);
        sei_release(e->ctx, path);
    }
    return st;
}

/* ---- bands ------------------------------------------------------------------------------------ */

static void band_at(sei_ensemble *e, size_t kept, size_t time, double work[])
{
    const size_t times = e->nominal->n_times, cell = kept * times + time;
    size_t       n = 0;

    for (size_t m = 0; m < e->n_ok; m++) {
        const double v = e->value[(m * e->n_kept + kept) * times + time];
        if (isfinite(v) && e->flows[m * times + time])
            work[n++] = v;
    }
    sei_sort_doubles(n, work);
    e->low[cell]  = n ? sei_sorted_quantile(n, work, 0.1) : SEI_NO_NUMBER;
    e->mid[cell]  = n ? sei_sorted_quantile(n, work, 0.5) : SEI_NO_NUMBER;
    e->high[cell] = n ? sei_sorted_quantile(n, work, 0.9) : SEI_NO_NUMBER;
}

static sei_status find_bands(sei_ensemble *e)
{
    double *work = sei_alloc(e->ctx, e->n_ok + 1, sizeof *work);

    if (!work)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < e->n_kept; k++)
        for (size_t t = 0; t < e->nominal->n_times; t++)
            band_at(e, k, t, work);
    sei_release(e->ctx, work);
    return SEI_OK;
}

/* ---- the whole -------------------------------------------------------------------------------- */

sei_status sei_ensemble_collect(sei_ctx *ctx, const sei_result *nominal,
                                const sei_ensemble_options *options, sei_ensemble **ret_ensemble)
{
    sei_ensemble *e = sei_alloc(ctx, 1, sizeof *e);

    if (!e)
        return SEI_E_NOMEM;
    *e = (sei_ensemble){.ctx = ctx, .nominal = nominal, .options = *options};
    sei_arena_init(&e->arena, ctx);
    sei_status st = sei_digest_create(ctx, nominal, &e->digest);
    if (st == SEI_OK)
        st = sei_draws_create(ctx, nominal->site, options->seed, &e->draws);
    if (st == SEI_OK)
        st = choose_columns(e);
    if (st == SEI_OK)
        st = make_room(e);
    if (st == SEI_OK)
        st = read_members(e);
    if (st == SEI_OK)
        st = find_bands(e);
    if (st == SEI_OK)
        st = sei_ensemble_find_chances(e);
    if (st != SEI_OK) {
        sei_ensemble_free(e);
        return st;
    }
    *ret_ensemble = e;
    return SEI_OK;
}

void sei_ensemble_free(sei_ensemble *e)
{
    if (!e)
        return;
    sei_digest_free(e->digest);
    sei_draws_free(e->draws);
    sei_release(e->ctx, e->value);
    sei_arena_done(&e->arena);
    sei_release(e->ctx, e);
}

size_t sei_ensemble_n_failed(const sei_ensemble *e)
{
    return e->n_failed;
}
