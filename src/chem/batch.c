/* batch.c - many waters at once: eight in the lanes of vectors, pieces of them on threads */
#include "seiryu/batch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/constants.h"
#include "base/team.h"
#include "chem/batch_word.h"

enum { PIECE = 64, ERROR_MAX = 300, WORDS_MAX = 1000 };

#define PH_MIN    (-3.0)
#define PH_MAX    17.0
#define PE_MAX    30.0
#define TOTAL_MAX 100.0 /* mol/kgw */
#define NOTHING   1e-20 /* mol/kgw that stand for a total of 0 */

/* Of one thread. */
typedef struct {
    sei_ctx   *ctx;
    sei_lanes *lanes;
    sei_equil *eq;
    size_t     n_failed, n_scalar, first; /* index of the first failure; SIZE_MAX: none */
    char       error[ERROR_MAX];
} worker;

struct sei_batch {
    sei_ctx        *ctx;
    sei_arena       arena;
    sei_net        *net;
    sei_lanes_plan *plan;
    sei_team       *team;
    size_t          n_words, n_workers;
    bool            balance, has_lanes;
    sei_batch_word *words;
    worker         *workers;
    char            error[ERROR_MAX + 40];
    /* of the call that runs */
    const sei_batch_waters *waters;
    sei_batch_results      *results;
};

/* --- building -------------------------------------------------------------------------------------- */

static sei_status create_worker(sei_batch *b, worker *k)
{
    k->ctx = sei_ctx_create(NULL);
    if (!k->ctx)
        return sei_fail(b->ctx, SEI_E_NOMEM, NULL, "no memory for a thread");
    sei_status st = sei_lanes_create(b->ctx, b->plan, &k->lanes);
    return st == SEI_OK ? sei_equil_create(b->ctx, b->net, &k->eq) : st;
}

static sei_status create_words(sei_batch *b, const sei_batch_spec *spec)
{
    sei_status st = SEI_OK;

    if (spec->n_words > WORDS_MAX)
        return sei_fail(b->ctx, SEI_E_TOO_LARGE, NULL, "more than %d words", (int)WORDS_MAX);
    b->n_words = spec->n_words;
    b->words   = sei_arena_alloc(&b->arena, spec->n_words + 1, sizeof *b->words);
    if (!b->words)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < spec->n_words && st == SEI_OK; k++)
        st = sei_batch_word_compile(b->ctx, &b->arena, b->net, spec->words[k], &b->words[k]);
    return st;
}

static sei_status build(sei_batch *b, const sei_batch_spec *spec)
{
    const sei_net_spec net = {
        .n_components = spec->n_components, .components = spec->components, .with_electron = true};
    sei_status st = sei_net_create(b->ctx, spec->db, &net, &b->net);

    if (st == SEI_OK)
        st = sei_lanes_plan_create(b->ctx, b->net, &b->plan);
    if (st == SEI_OK)
        st = create_words(b, spec);
    if (st == SEI_OK)
        st = sei_team_create(b->ctx, spec->threads, &b->team);
    if (st != SEI_OK)
        return st;
    b->balance   = spec->balance;
    b->has_lanes = !spec->balance && sei_lanes_can(b->net);
    b->n_workers = sei_team_threads(b->team);
    b->workers   = sei_alloc(b->ctx, b->n_workers, sizeof *b->workers);
    if (!b->workers)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < b->n_workers && st == SEI_OK; k++)
        st = create_worker(b, &b->workers[k]);
    return st;
}

sei_status sei_batch_create(sei_ctx *ctx, const sei_batch_spec *spec, sei_batch **ret_batch)
{
    sei_batch *b = sei_alloc(ctx, 1, sizeof *b);

    if (!b)
        return SEI_E_NOMEM;
    b->ctx = ctx;
    sei_arena_init(&b->arena, ctx);
    const sei_status st = build(b, spec);
    if (st != SEI_OK) {
        sei_batch_free(b);
        return st;
    }
    *ret_batch = b;
    return SEI_OK;
}

void sei_batch_free(sei_batch *b)
{
    if (!b)
        return;
    sei_team_free(b->team);
    for (size_t k = 0; b->workers && k < b->n_workers; k++) {
        sei_lanes_free(b->workers[k].lanes);
        sei_equil_free(b->workers[k].eq);
        sei_ctx_free(b->workers[k].ctx);
    }
    sei_release(b->ctx, b->workers);
    sei_lanes_plan_free(b->plan);
    sei_net_free(b->net);
    sei_arena_done(&b->arena);
    sei_release(b->ctx, b);
}

size_t sei_batch_threads(const sei_batch *b)
{
    return b->n_workers;
}

const char *sei_batch_error(const sei_batch *b)
{
    return b->error;
}

/* --- one water ------------------------------------------------------------------------------------- */

static double total_of(const sei_batch *b, size_t j, size_t i)
{
    const double t = b->waters->total_mol_kgw[j][i];

    return t == 0.0 ? NOTHING : t;
}

static sei_status check(const sei_batch *b, sei_ctx *ctx, size_t i)
{
    const sei_batch_waters *w = b->waters;

    if (!(w->temp_c[i] >= 0.0 && w->temp_c[i] <= 100.0))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "temperature %g degC is outside 0..100",
                        w->temp_c[i]);
    if (!(w->ph[i] >= PH_MIN && w->ph[i] <= PH_MAX))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "pH %g is outside %g..%g", w->ph[i], PH_MIN,
                        PH_MAX);
    if (!(fabs(w->pe[i]) <= PE_MAX))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "pe %g is outside %g..%g", w->pe[i], -PE_MAX,
                        PE_MAX);
    for (size_t j = 0; j + 1 < b->net->n_comp; j++) {
        const double t = w->total_mol_kgw[j][i];
        if (!(t >= 0.0 && t <= TOTAL_MAX))
            return sei_fail(ctx, SEI_E_RANGE, NULL, "total of %s is %g mol/kgw, outside 0..%g",
                            b->net->comp_name[j], t, TOTAL_MAX);
    }
    return SEI_OK;
}

/* One at a time, from nothing, as sei_speciator_solve does. */
static sei_status solve_scalar(const sei_batch *b, worker *k, size_t lane, size_t i)
{
    const size_t h = b->net->n_comp - 1;
    double       total[SEI_COMPONENTS_MAX];
    sei_water    water = {.temp_k        = b->waters->temp_c[i] + SEI_ZERO_CELSIUS,
                          .fix_ph        = !b->balance,
                          .ph            = b->waters->ph[i],
                          .pe            = b->waters->pe[i],
                          .total         = total,
                          .balance       = b->balance ? h : SIZE_MAX,
                          .alk_component = SIZE_MAX};

    for (size_t j = 0; j < h; j++)
        total[j] = total_of(b, j, i);
    total[h] = 0.0;
    k->n_scalar++;
    const sei_status st = sei_equil_solve(k->ctx, k->eq, &water, NULL);
    if (st == SEI_OK)
        sei_lanes_take(k->lanes, lane, k->eq);
    return st;
}

static void fail_water(worker *k, size_t i)
{
    k->n_failed++;
    if (i >= k->first)
        return;
    k->first = i;
    snprintf(k->error, sizeof k->error, "%s", sei_ctx_error(k->ctx));
}

/* --- eight waters ---------------------------------------------------------------------------------- */

/* What fills a lane without a water: pure but for traces. */
static void fill_lane(const sei_batch *b, worker *k, size_t lane)
{
    const double temp_k = k->lanes->temp_k[lane] > 0.0 ? k->lanes->temp_k[lane] : 298.15;

    sei_lanes_set(k->lanes, lane, temp_k, 7.0, 4.0);
    for (size_t j = 0; j + 1 < b->net->n_comp; j++)
        k->lanes->wanted[j][lane] = 1e-9;
}

static void set_lane(const sei_batch *b, worker *k, size_t lane, size_t i)
{
    const sei_batch_waters *w = b->waters;

    sei_lanes_set(k->lanes, lane, w->temp_c[i] + SEI_ZERO_CELSIUS, w->ph[i], w->pe[i]);
    for (size_t j = 0; j + 1 < b->net->n_comp; j++)
        k->lanes->wanted[j][lane] = total_of(b, j, i);
}

static void write_values(const sei_batch *b, const worker *k, size_t first, size_t n,
                         const sei_status status[])
{
    double v[SEI_V8];

    for (size_t q = 0; q < b->n_words; q++) {
        sei_batch_word_values(&b->words[q], k->lanes, v);
        for (size_t l = 0; l < n; l++)
            if (status[l] == SEI_OK)
                b->results->value[q][first + l] = v[l];
    }
}

static void solve_group(sei_batch *b, worker *k, size_t first, size_t n)
{
    sei_status *status     = b->results->status + first;
    bool        ok[SEI_V8] = {false};

    for (size_t l = 0; l < SEI_V8; l++) {
        if (l < n)
            status[l] = check(b, k->ctx, first + l);
        if (l < n && status[l] == SEI_OK) {
            set_lane(b, k, l, first + l);
            continue;
        }
        if (l < n)
            fail_water(k, first + l);
        fill_lane(b, k, l);
    }
    if (b->has_lanes)
        sei_lanes_solve(k->lanes, ok);
    else
        sei_lanes_prepare(k->lanes);
    for (size_t l = 0; l < n; l++) {
        if (status[l] != SEI_OK || ok[l])
            continue;
        status[l] = solve_scalar(b, k, l, first + l);
        if (status[l] != SEI_OK)
            fail_water(k, first + l);
    }
    write_values(b, k, first, n, status);
}

static void solve_piece(void *arg, size_t number, size_t piece)
{
    sei_batch   *b   = arg;
    const size_t end = b->waters->n < (piece + 1) * PIECE ? b->waters->n : (piece + 1) * PIECE;

    for (size_t i = piece * PIECE; i < end; i += SEI_V8)
        solve_group(b, &b->workers[number], i, end - i < SEI_V8 ? end - i : SEI_V8);
}

sei_status sei_batch_solve(sei_batch *b, const sei_batch_waters *waters,
                           sei_batch_results *ret_results)
{
    size_t first = SIZE_MAX;

    b->waters             = waters;
    b->results            = ret_results;
    b->error[0]           = '\0';
    ret_results->n_failed = ret_results->n_scalar = 0;
    for (size_t k = 0; k < b->n_workers; k++) {
        b->workers[k].n_failed = b->workers[k].n_scalar = 0;
        b->workers[k].first                             = SIZE_MAX;
    }
    sei_team_run(b->team, (waters->n + PIECE - 1) / PIECE, solve_piece, b);
    for (size_t k = 0; k < b->n_workers; k++) {
        const worker *w = &b->workers[k];
        ret_results->n_failed += w->n_failed;
        ret_results->n_scalar += w->n_scalar;
        if (w->first >= first)
            continue;
        first = w->first;
        snprintf(b->error, sizeof b->error, "water %zu: %s", first, w->error);
    }
    return SEI_OK;
}
