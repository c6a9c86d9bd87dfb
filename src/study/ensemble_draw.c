/* ensemble_draw.c - which numbers of a site vary, and the values that a member draws */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "num/dense.h"
#include "num/philox.h"
#include "seiryu/version.h"
#include "study/ensemble.h"

/* FNV-1a of 64 bits (Fowler, Noll, Vo; draft-eastlake-fnv): a path's stream of random numbers does not
 * change when other paths come or go. */
static uint64_t hash_path(const char *text)
{
    uint64_t h = UINT64_C(0xcbf29ce484222325);

    for (const unsigned char *p = (const unsigned char *)text; *p; p++)
        h = (h ^ *p) * UINT64_C(0x100000001b3);
    return h;
}

static sei_status choose(sei_draws *d)
{
    const sei_knobs *k = d->knobs;

    d->knob   = sei_alloc(d->ctx, k->n + 1, sizeof *d->knob);
    d->stream = sei_alloc(d->ctx, k->n + 1, sizeof *d->stream);
    if (!d->knob || !d->stream)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < k->n; i++)
        if (k->knobs[i].prior.kind != SEI_PRIOR_FIXED) {
            d->knob[d->n]     = i;
            d->stream[d->n++] = hash_path(k->knobs[i].path);
        }
    return SEI_OK;
}

/* ---- correlation ------------------------------------------------------------------------------ */

/* Place of a path among the varied numbers; n when it does not vary. */
static size_t varied(const sei_draws *d, const char *path)
{
    const size_t knob = sei_knobs_find(d->knobs, path);
    size_t       i    = 0;

    while (i < d->n && d->knob[i] != knob)
        i++;
    return i;
}

/* Place in the tied numbers, which is made when it is new. */
static size_t tie(sei_draws *d, size_t number)
{
    for (size_t i = 0; i < d->n_tied; i++)
        if (d->tied[i] == number)
            return i;
    d->tied[d->n_tied] = number;
    return d->n_tied++;
}

/* Normal correlation that gives a rank correlation rho (Pearson 1907; pearson1907). */
static double normal_rho(double rho)
{
    const double pi = 3.14159265358979323846;

    return 2.0 * sin(pi * rho / 6.0);
}

static sei_status fill_correlation(sei_draws *d, const sei_uncertainty *u, size_t max)
{
    for (size_t i = 0; i < u->n_correlations; i++) {
        const sei_rank_correlation *c = &u->correlations[i];
        const size_t                a = varied(d, c->of), b = varied(d, c->with);
        if (a == d->n || b == d->n)
            return sei_fail(d->ctx, SEI_E_RANGE, &c->where,
                            "uncertainty.rank_correlation: \"%.200s\" does not vary",
                            a == d->n ? c->of : c->with);
        if (a == b)
            return sei_fail(d->ctx, SEI_E_DUPLICATE, &c->where,
                            "uncertainty.rank_correlation: \"%.200s\" with itself", c->of);
        const size_t i_a = tie(d, a), i_b = tie(d, b);
        d->factor[i_a * max + i_b] = d->factor[i_b * max + i_a] = normal_rho(c->rho);
    }
    for (size_t i = 0; i < d->n_tied; i++) { /* from rows of max to rows of n_tied */
        for (size_t j = 0; j < d->n_tied; j++)
            d->factor[i * d->n_tied + j] = i == j ? 1.0 : d->factor[i * max + j];
    }
    return SEI_OK;
}

static sei_status correlate(sei_draws *d, const sei_site *site)
{
    const sei_uncertainty *u   = &site->uncertainty;
    const size_t           max = 2 * u->n_correlations;

    if (u->n_correlations == 0)
        return SEI_OK;
    d->tied   = sei_alloc(d->ctx, max, sizeof *d->tied);
    d->factor = sei_alloc(d->ctx, max * max, sizeof *d->factor);
    if (!d->tied || !d->factor)
        return SEI_E_NOMEM;
    const sei_status st = fill_correlation(d, u, max);
    if (st != SEI_OK)
        return st;
    if (!sei_cholesky(d->n_tied, d->factor))
        return sei_fail(d->ctx, SEI_E_RANGE, &u->correlations[0].where,
                        "uncertainty.rank_correlation: no numbers can have these correlations "
                        "together (the matrix is not positive definite); lower some of them");
    return SEI_OK;
}

/* ---- key -------------------------------------------------------------------------------------- */

static void key_numbers(sei_buf *b, size_t n, const double v[])
{
    for (size_t i = 0; i < n; i++) {
        sei_buf_putc(b, ' ');
        sei_buf_number(b, v[i], 17);
    }
    sei_buf_putc(b, '\n');
}

static void key_priors(sei_buf *b, const sei_draws *d)
{
    for (size_t i = 0; i < d->n; i++) {
        const sei_prior *p   = &d->knobs->knobs[d->knob[i]].prior;
        const double     v[] = {p->a, p->m, p->b, p->lower, p->upper};
        sei_buf_printf(b, "%s %s", d->knobs->knobs[d->knob[i]].path, sei_prior_word(p->kind));
        key_numbers(b, sizeof v / sizeof v[0], v);
    }
    for (size_t i = 0; i < d->n_tied; i++) {
        sei_buf_printf(b, "tied %zu", d->tied[i]);
        key_numbers(b, d->n_tied, d->factor + i * d->n_tied);
    }
}

static sei_status make_key(sei_draws *d, const sei_site *site, uint64_t seed)
{
    const sei_run_options *r = &site->run;
    const double steps[]     = {r->output_interval_s, r->rel_tol, r->abs_tol_molal, r->dt_max_s};
    char        *text        = NULL, hex[SEI_SHA256_HEX];
    size_t       len         = 0;
    sei_buf      b;

    sei_status st = sei_file_read(d->ctx, site->model.database, 32 << 20, &text, &len);
    if (st != SEI_OK)
        return st;
    sei_sha256_hex(text, len, hex);
    sei_release(d->ctx, text);
    sei_buf_init(&b, d->ctx, 4 << 20);
    sei_buf_printf(&b, "seiryu %s\nseed %llu\ndatabase %s\n", SEI_VERSION, (unsigned long long)seed,
                   hex);
    for (size_t i = 0; i < site->n_files; i++)
        sei_buf_printf(&b, "file %s\n", site->files[i].sha256);
    sei_buf_printf(&b, "run %d %d %lld %lld", (int)r->mode, (int)r->initial, (long long)r->start_us,
                   (long long)r->end_us);
    key_numbers(&b, sizeof steps / sizeof steps[0], steps);
    key_priors(&b, d);
    if (b.status == SEI_OK)
        sei_sha256_hex(b.text, b.len, d->key);
    st = b.status;
    sei_buf_done(&b);
    return st;
}

/* ---- public ----------------------------------------------------------------------------------- */

sei_status sei_draws_create(sei_ctx *ctx, const sei_site *site, uint64_t seed, sei_draws **ret)
{
    sei_draws *d = sei_alloc(ctx, 1, sizeof *d);

    if (!d)
        return SEI_E_NOMEM;
    d->ctx        = ctx;
    sei_status st = sei_knobs_create(ctx, site, &d->knobs);
    if (st == SEI_OK)
        st = choose(d);
    if (st == SEI_OK)
        st = correlate(d, site);
    if (st == SEI_OK)
        st = make_key(d, site, seed);
    if (st != SEI_OK) {
        sei_draws_free(d);
        return st;
    }
    *ret = d;
    return SEI_OK;
}

void sei_draws_free(sei_draws *d)
{
    if (!d)
        return;
    sei_knobs_free(d->knobs);
    sei_release(d->ctx, d->knob);
    sei_release(d->ctx, d->stream);
    sei_release(d->ctx, d->tied);
    sei_release(d->ctx, d->factor);
    sei_release(d->ctx, d);
}

void sei_draws_member(const sei_draws *d, uint64_t seed, size_t member, double ret_values[])
{
    for (size_t i = 0; i < d->n; i++)
        ret_values[i] = sei_prior_quantile(&d->knobs->knobs[d->knob[i]].prior,
                                           sei_philox_uniform(seed, member, d->stream[i]));
    /* Tied numbers: the same normal deviates, mixed by the correlation's factor (Gaussian copula). */
    for (size_t i = 0; i < d->n_tied; i++) {
        double z = 0.0;
        for (size_t j = 0; j <= i; j++)
            z += d->factor[i * d->n_tied + j] *
                 sei_normal_quantile(sei_philox_uniform(seed, member, d->stream[d->tied[j]]));
        const double p         = fmin(fmax(sei_normal_cdf(z), 0x1p-60), 1.0 - 0x1p-53);
        ret_values[d->tied[i]] = sei_prior_quantile(&d->knobs->knobs[d->knob[d->tied[i]]].prior, p);
    }
}
