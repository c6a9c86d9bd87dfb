/* test_ensemble.c - draws, members on any number of threads and ranks, bands, chances, failures */
#define _DEFAULT_SOURCE     /* MAP_ANONYMOUS */
#define _XOPEN_SOURCE   700 /* nftw */
#include <ftw.h>
#include <pthread.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "study/ensemble.h"
#include "study/ensemble_hand.h"
#include "t.h"

/* A stirred tank that does nothing to zinc: what leaves after many retention times is what enters. */
static const char site_head[] =
    "site: {name: Tank}\n"
    "influent: {flow_l_min: 60, temp_c: 10, ph: 4, zn_mg_l: 2, cd_mg_l: 0.05, so4_mg_l: 50}\n"
    "climate: {air_temperature_c: 10}\n"
    "train:\n  - {type: tank, name: tank, volume_m3: 3}\n"
    "limits: {discharge_m3_d: 86}\n"
    "run: {start: 2024-04-01, duration_d: 2, output_interval_h: 12}\n"
    "model: {solids: [Calcite, Ferrihydrite]}\n";

static const char tied[] =
    "uncertainty:\n"
    "  vary: listed\n"
    "  parameters:\n"
    "    influent.zn_mg_l: {distribution: log_normal, p10: 1, p90: 4}\n"
    "    influent.cd_mg_l: {distribution: uniform, lower: 0.01, upper: 0.09}\n"
    "    influent.temp_c: {distribution: normal, p10: 8, p90: 12}\n"
    "  rank_correlation:\n"
    "    - {of: influent.zn_mg_l, with: influent.cd_mg_l, rho: 0.8}\n"
    "    - {of: influent.temp_c, with: influent.cd_mg_l, rho: -0.3}\n";

typedef struct {
    sei_ctx  *ctx;
    sei_site *site;
    char      folder[64];
} study;

static void begin(study *s, const char *more)
{
    char text[4000];

    snprintf(text, sizeof text, "%s%s", site_head, more);
    s->ctx = sei_ctx_create(NULL);
    T_OK(s->ctx,
         sei_site_parse(s->ctx, "tank.yaml", ".", text, strlen(text), NULL, NULL, &s->site));
    snprintf(s->folder, sizeof s->folder, "/tmp/seiryu-ensemble-XXXXXX");
    ck_assert_ptr_nonnull(mkdtemp(s->folder));
}

static int remove_one(const char *path, const struct stat *info, int kind, struct FTW *where)
{
    (void)info;
    (void)kind;
    (void)where;
    return remove(path);
}

static void end(study *s)
{
    sei_site_free(s->site);
    sei_ctx_free(s->ctx);
    nftw(s->folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

static sei_ensemble_options options_of(const study *s, size_t n, size_t threads)
{
    return (sei_ensemble_options){.n = n, .seed = 11, .n_threads = threads, .folder = s->folder};
}

/* ---- draws ------------------------------------------------------------------------------------ */

enum { DRAWS = 4000 };

typedef struct {
    double value;
    size_t at;
} place;

static int by_value(const void *a, const void *b)
{
    const place *x = a, *y = b;

    return x->value < y->value ? -1 : x->value > y->value;
}

static void ranks(const double v[DRAWS], double ret[DRAWS])
{
    place p[DRAWS];

    for (size_t i = 0; i < DRAWS; i++)
        p[i] = (place){v[i], i};
    qsort(p, DRAWS, sizeof p[0], by_value);
    for (size_t i = 0; i < DRAWS; i++)
        ret[p[i].at] = (double)i;
}

static double spearman(const double a[DRAWS], const double b[DRAWS])
{
    double       x[DRAWS], y[DRAWS], sum = 0.0;
    const double n = DRAWS;

    ranks(a, x);
    ranks(b, y);
    for (size_t i = 0; i < DRAWS; i++)
        sum += (x[i] - y[i]) * (x[i] - y[i]);
    return 1.0 - 6.0 * sum / (n * (n * n - 1.0));
}

START_TEST(draws_have_the_rank_correlation_and_the_margins_that_the_file_gives)
{
    study         s;
    sei_draws    *d = NULL;
    static double v[3][DRAWS];
    double        one[3];

    begin(&s, tied);
    T_OK(s.ctx, sei_draws_create(s.ctx, s.site, 3, &d));
    ck_assert_uint_eq(d->n, 3);
    size_t at[3] = {0};
    for (size_t i = 0; i < 3; i++) {
        const char *path                                = d->knobs->knobs[d->knob[i]].path;
        at[strcmp(path, "influent.zn_mg_l") == 0   ? 0
           : strcmp(path, "influent.cd_mg_l") == 0 ? 1
                                                   : 2] = i;
    }
    for (size_t k = 0; k < DRAWS; k++) {
        sei_draws_member(d, 3, k, one);
        for (size_t i = 0; i < 3; i++)
            v[i][k] = sei_knob_shown(&d->knobs->knobs[d->knob[at[i]]], one[at[i]]);
    }
    /* standard error of Spearman's rho about (1 - rho^2)/sqrt(n) = 0.006 and 0.014 */
    T_NEAR(spearman(v[0], v[1]), 0.8, 0.025);
    T_NEAR(spearman(v[2], v[1]), -0.3, 0.06);
    T_NEAR(spearman(v[2], v[0]), 0.0, 0.06);
    for (size_t i = 0; i < 3; i++)
        sei_sort_doubles(DRAWS, v[i]);
    T_CLOSE(sei_sorted_quantile(DRAWS, v[0], 0.1), 1.0, 0.05);
    T_CLOSE(sei_sorted_quantile(DRAWS, v[0], 0.9), 4.0, 0.05);
    T_NEAR(sei_sorted_quantile(DRAWS, v[1], 0.5), 0.05, 0.003);
    ck_assert(v[1][0] >= 0.01 && v[1][DRAWS - 1] <= 0.09);
    T_NEAR(sei_sorted_quantile(DRAWS, v[2], 0.9), 12.0, 0.2);
    sei_draws_free(d);
    end(&s);
}
END_TEST

/* ---- members ---------------------------------------------------------------------------------- */

static void read_bytes(const study *s, size_t number, char **ret, size_t *ret_len)
{
    char *path = sei_member_path(s->ctx, s->folder, number);

    T_OK(s->ctx, sei_file_read(s->ctx, path, 1 << 24, ret, ret_len));
    sei_release(s->ctx, path);
}

static void same_members(const study *a, const study *b, size_t n)
{
    for (size_t k = 0; k < n; k++) {
        char  *x = NULL, *y = NULL;
        size_t n_x = 0, n_y = 0;
        read_bytes(a, k, &x, &n_x);
        read_bytes(b, k, &y, &n_y);
        ck_assert_uint_eq(n_x, n_y);
        ck_assert_msg(memcmp(x, y, n_x) == 0, "member %zu differs", k);
        sei_release(a->ctx, x);
        sei_release(b->ctx, y);
    }
}

static void all_succeed(const pid_t child[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        int state = 1;
        ck_assert_int_eq(waitpid(child[i], &state, 0), child[i]);
        ck_assert_int_eq(state, 0);
    }
}

/* ---- which member comes next ---------------------------------------------------------------------- */

enum { TAKEN = 300, TAKERS = 3 };

typedef struct {
    sei_hand    *hand;
    atomic_uint *count; /* [TAKEN] shared by the processes */
} taking;

static void *take_all(void *arg)
{
    const taking *t      = arg;
    sei_ctx      *ctx    = sei_ctx_create(NULL);
    size_t        number = 0;
    bool          good   = ctx != NULL;

    while (good && number < TAKEN) {
        good = sei_hand_take(ctx, t->hand, &number) == SEI_OK;
        if (good && number < TAKEN)
            atomic_fetch_add(&t->count[number], 1);
    }
    sei_ctx_free(ctx);
    return good ? arg : NULL;
}

/* Two threads of a process; its exit code. */
static int take_with_threads(sei_ctx *ctx, const char *folder, atomic_uint *count)
{
    taking    t = {NULL, count};
    pthread_t thread[2];
    void     *end  = NULL;
    bool      good = sei_hand_open(ctx, folder, &t.hand) == SEI_OK;

    for (size_t i = 0; i < 2 && good; i++)
        good = pthread_create(&thread[i], NULL, take_all, &t) == 0;
    for (size_t i = 0; i < 2 && good; i++)
        good = pthread_join(thread[i], &end) == 0 && end;
    sei_hand_close(ctx, t.hand);
    return good ? 0 : 1;
}

START_TEST(each_number_is_handed_out_once_whoever_asks)
{
    study     s;
    sei_hand *hand = NULL;
    pid_t     child[TAKERS];
    size_t    number = 0;

    begin(&s, tied);
    atomic_uint *count = mmap(NULL, TAKEN * sizeof *count, PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    ck_assert_ptr_ne(count, MAP_FAILED);
    T_OK(s.ctx, sei_ensemble_begin(s.ctx, s.folder));
    for (size_t i = 0; i < TAKERS; i++) {
        child[i] = fork();
        ck_assert_int_ge(child[i], 0);
        if (child[i] == 0)
            _exit(take_with_threads(s.ctx, s.folder, count));
    }
    all_succeed(child, TAKERS);
    for (size_t i = 0; i < TAKEN; i++)
        ck_assert_uint_eq(atomic_load(&count[i]), 1);
    T_OK(s.ctx, sei_ensemble_stop(s.ctx, s.folder));
    T_OK(s.ctx, sei_hand_open(s.ctx, s.folder, &hand));
    T_OK(s.ctx, sei_hand_take(s.ctx, hand, &number));
    ck_assert_uint_ge(number, SEI_ENSEMBLE_MAX);
    sei_hand_close(s.ctx, hand);
    T_OK(s.ctx, sei_ensemble_end(s.ctx, s.folder));
    ck_assert_int_ne(access(s.folder, F_OK), 0); /* nothing is in it */
    T_OK(s.ctx, sei_ensemble_begin(s.ctx, s.folder));
    T_OK(s.ctx, sei_hand_open(s.ctx, s.folder, &hand));
    T_OK(s.ctx, sei_hand_take(s.ctx, hand, &number));
    ck_assert_uint_eq(number, 0);
    sei_hand_close(s.ctx, hand);
    munmap(count, TAKEN * sizeof *count);
    end(&s);
}
END_TEST

START_TEST(one_thread_three_threads_and_three_ranks_give_the_same_bytes)
{
    enum { N = 6 };
    study one, three, ranked;

    begin(&one, tied);
    begin(&three, tied);
    begin(&ranked, tied);
    sei_ensemble_options o = options_of(&one, N, 1);
    T_OK(one.ctx, sei_ensemble_run(one.ctx, one.site, &o, NULL));
    o = options_of(&three, N, 3);
    T_OK(three.ctx, sei_ensemble_run(three.ctx, three.site, &o, NULL));
    pid_t child[3];
    T_OK(ranked.ctx, sei_ensemble_begin(ranked.ctx, ranked.folder));
    for (size_t rank = 0; rank < 3; rank++) {
        child[rank] = fork();
        ck_assert_int_ge(child[rank], 0);
        if (child[rank] == 0) {
            o         = options_of(&ranked, N, 2);
            o.rank    = rank;
            o.n_ranks = 3;
            _exit(sei_ensemble_run(ranked.ctx, ranked.site, &o, NULL) == SEI_OK ? 0 : 1);
        }
    }
    all_succeed(child, 3);
    T_OK(ranked.ctx, sei_ensemble_end(ranked.ctx, ranked.folder));
    same_members(&one, &three, N);
    same_members(&one, &ranked, N);
    end(&one);
    end(&three);
    end(&ranked);
}
END_TEST

static void count_calls(void *user, double fraction)
{
    (void)fraction;
    ++*(size_t *)user;
}

START_TEST(members_that_are_there_are_kept_and_damaged_ones_computed_again)
{
    enum { N = 4 };
    study  s, again;
    size_t calls = 0;

    begin(&s, tied);
    begin(&again, tied);
    sei_ensemble_options o = options_of(&s, N, 1);
    T_OK(s.ctx, sei_ensemble_run(s.ctx, s.site, &o, NULL));
    o = options_of(&again, N, 1);
    T_OK(again.ctx, sei_ensemble_run(again.ctx, again.site, &o, NULL));
    char *gone = sei_member_path(again.ctx, again.folder, 1);
    char *cut  = sei_member_path(again.ctx, again.folder, 2);
    ck_assert_int_eq(unlink(gone), 0);
    T_OK(again.ctx, sei_file_write(again.ctx, cut, "SEIPACK1", 8));
    const sei_run_hooks hooks = {.progress = count_calls, .user = &calls};
    T_OK(again.ctx, sei_ensemble_run(again.ctx, again.site, &o, &hooks));
    ck_assert_uint_eq(calls, 2);
    same_members(&s, &again, N);
    sei_release(again.ctx, gone);
    sei_release(again.ctx, cut);
    end(&s);
    end(&again);
}
END_TEST

/* ---- bands and chances ------------------------------------------------------------------------ */

static sei_ensemble *collect(study *s, size_t n, sei_result **ret_nominal)
{
    sei_ensemble              *e = NULL;
    const sei_ensemble_options o = options_of(s, n, 2);

    T_OK(s->ctx, sei_study_run(s->ctx, s->site, NULL, ret_nominal));
    T_OK(s->ctx, sei_ensemble_run(s->ctx, s->site, &o, NULL));
    T_OK(s->ctx, sei_ensemble_collect(s->ctx, *ret_nominal, &o, &e));
    return e;
}

static const sei_chance *whole_run(const sei_ensemble *e, const char *quantity)
{
    for (size_t i = 0; i < e->n_chances; i++) {
        const sei_chance *c = &e->chances[i];
        if (c->window.kind == SEI_WINDOW_RUN && c->column != SIZE_MAX &&
            strcmp(e->nominal->columns[c->column].quantity->key, quantity) == 0)
            return c;
    }
    return NULL;
}

/* Zinc passes unchanged, so its band is that of the drawn influent, and the chance of keeping to
 * 2 mg/L is the share of draws at or below it (the law's limit; the tank starts full). */
START_TEST(the_band_of_a_tracer_is_that_of_its_influent)
{
    enum { N = 24 };
    study       s;
    sei_result *nominal = NULL;
    double      drawn[N];
    size_t      met = 0, zn = 0;

    begin(&s, tied);
    sei_ensemble *e = collect(&s, N, &nominal);
    ck_assert_uint_eq(e->n_ok, N);
    while (strcmp(e->draws->knobs->knobs[e->draws->knob[zn]].path, "influent.zn_mg_l") != 0)
        zn++;
    for (size_t k = 0; k < N; k++) {
        drawn[k] = 2.0 * e->draw[k * e->draws->n + zn];
        met += drawn[k] <= 2.0;
    }
    sei_sort_doubles(N, drawn);
    size_t kept = 0;
    while (strcmp(nominal->columns[e->kept[kept]].quantity->key, "zn") != 0)
        kept++;
    const size_t last = kept * nominal->n_times + nominal->n_times - 1;
    T_CLOSE(e->low[last] * 1e3, sei_sorted_quantile(N, drawn, 0.1), 2e-3);
    T_CLOSE(e->mid[last] * 1e3, sei_sorted_quantile(N, drawn, 0.5), 2e-3);
    T_CLOSE(e->high[last] * 1e3, sei_sorted_quantile(N, drawn, 0.9), 2e-3);
    const sei_chance *c = whole_run(e, "zn");
    ck_assert_ptr_nonnull(c);
    ck_assert_uint_eq(c->n, N);
    ck_assert_uint_eq(c->n_met, met);
    T_OK(s.ctx, sei_ensemble_save(s.ctx, e, s.folder));
    sei_ensemble_free(e);
    sei_result_free(nominal);
    end(&s);
}
END_TEST

START_TEST(failed_members_are_counted_and_named)
{
    study       s;
    sei_result *nominal = NULL;

    begin(&s, "uncertainty:\n  vary: listed\n  parameters:\n"
              "    train.tank.cells: {distribution: uniform, lower: 1, upper: 3}\n");
    sei_ensemble *e = collect(&s, 3, &nominal);
    ck_assert_uint_eq(sei_ensemble_n_failed(e), 3);
    ck_assert_uint_eq(e->failed[2].number, 2);
    ck_assert_int_eq(e->failed[0].status, SEI_E_RANGE);
    T_CONTAINS(e->failed[0].error, "must be a whole number");
    T_OK(s.ctx, sei_ensemble_save(s.ctx, e, s.folder));
    sei_ensemble_free(e);
    sei_result_free(nominal);
    end(&s);
}
END_TEST

START_TEST(paths_and_correlations_that_mean_nothing_are_told_with_their_line)
{
    static const struct {
        const char *more, *message;
    } bad[] = {
        {"uncertainty:\n  parameters:\n    influent.zn_mg_k: fixed\n",
         "tank.yaml:11: uncertainty: nothing in this site is called \"influent.zn_mg_k\"; did you "
         "mean \"influent.zn_mg_l\"?"},
        {"uncertainty:\n  rank_correlation:\n    - {of: influent.zn_mg_l, with: train.tank.cells, "
         "rho: 0.5}\n",
         "tank.yaml:11: uncertainty.rank_correlation: \"train.tank.cells\" does not vary"},
        {"uncertainty:\n  rank_correlation:\n"
         "    - {of: influent.zn_mg_l, with: influent.cd_mg_l, rho: 0.9}\n"
         "    - {of: influent.zn_mg_l, with: influent.ph, rho: 0.9}\n"
         "    - {of: influent.cd_mg_l, with: influent.ph, rho: -0.9}\n",
         "the matrix is not positive definite"},
    };

    for (size_t i = 0; i < T_COUNT(bad); i++) {
        study      s;
        sei_draws *d = NULL;
        begin(&s, bad[i].more);
        ck_assert(sei_draws_create(s.ctx, s.site, 1, &d) != SEI_OK);
        T_CONTAINS(sei_ctx_error(s.ctx), bad[i].message);
        end(&s);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("ensemble");
    TCase *tc    = tcase_create("ensemble");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, draws_have_the_rank_correlation_and_the_margins_that_the_file_gives);
    tcase_add_test(tc, each_number_is_handed_out_once_whoever_asks);
    tcase_add_test(tc, one_thread_three_threads_and_three_ranks_give_the_same_bytes);
    tcase_add_test(tc, members_that_are_there_are_kept_and_damaged_ones_computed_again);
    tcase_add_test(tc, the_band_of_a_tracer_is_that_of_its_influent);
    tcase_add_test(tc, failed_members_are_counted_and_named);
    tcase_add_test(tc, paths_and_correlations_that_mean_nothing_are_told_with_their_line);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
