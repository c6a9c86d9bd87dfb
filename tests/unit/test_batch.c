/* test_batch.c - many waters at once are the same waters one at a time */
#include "base/file.h"
#include "chem_random.h"
#include "seiryu/batch.h"
#include "t.h"

enum { MAX = 1000, WORDS = 14 };

static const char *const components[] = {"Fe(2)", "Fe(3)", "Zn", "Cu", "Al",   "Mn",   "Ca",
                                         "Mg",    "Na",    "K",  "Cl", "S(6)", "C(4)", "Si"};
enum { COMPONENTS = T_COUNT(components) };
static const char *const words[WORDS] = {"pH",      "pe",         "mu",      "charge",     "alk",
                                         "aw",      "temp",       "m(Fe+2)", "la(Zn+2)",   "tot(S)",
                                         "tot(Fe)", "SI(Gypsum)", "la(H2O)", "SI(Calcite)"};

typedef struct {
    double     temp_c[MAX], ph[MAX], pe[MAX], total[COMPONENTS][MAX], value[WORDS][MAX];
    sei_status status[MAX];
} columns;

static sei_ctx *ctx;
static sei_db  *db;
static columns *cols;

static void set_up(void)
{
    char *path = NULL;
    rnd   r    = {20240611};

    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_data_path(ctx, "thermo/minewater.dat", &path));
    T_OK(ctx, sei_db_read(ctx, path, &db));
    sei_release(ctx, path);
    cols = calloc(1, sizeof *cols);
    ck_assert_ptr_nonnull(cols);
    for (size_t i = 0; i < MAX; i++) { /* from rain to brine */
        const double size = pow(10.0, rnd_range(&r, -5.0, -0.7));
        cols->temp_c[i]   = i % 3 ? rnd_range(&r, 0.0, 60.0) : 15.0;
        cols->ph[i]       = rnd_range(&r, 1.0, 12.0);
        cols->pe[i]       = rnd_range(&r, -4.0, 14.0);
        for (size_t j = 0; j < COMPONENTS; j++)
            cols->total[j][i] = size * pow(10.0, rnd_range(&r, -3.0, 0.0));
    }
}

static void tear_down(void)
{
    free(cols);
    sei_db_free(db);
    sei_ctx_free(ctx);
}

/* Values of waters first .. first + n - 1, as columns that start at 0. */
static sei_batch_results solve(const sei_batch_spec *spec, columns *c, size_t first, size_t n,
                               char *error, size_t error_size)
{
    const double     *totals[COMPONENTS];
    double           *values[WORDS];
    sei_batch        *batch = NULL;
    sei_batch_results r     = {.status = c->status, .value = values};

    for (size_t j = 0; j < COMPONENTS; j++)
        totals[j] = c->total[j] + first;
    for (size_t k = 0; k < WORDS; k++)
        values[k] = c->value[k];
    T_OK(ctx, sei_batch_create(ctx, spec, &batch));
    const sei_batch_waters w = {n, c->temp_c + first, c->ph + first, c->pe + first, totals};
    T_OK(ctx, sei_batch_solve(batch, &w, &r));
    if (error)
        snprintf(error, error_size, "%s", sei_batch_error(batch));
    sei_batch_free(batch);
    return r;
}

static sei_batch_spec spec_of(size_t threads, bool balance)
{
    return (sei_batch_spec){.db           = db,
                            .n_components = COMPONENTS,
                            .components   = components,
                            .n_words      = WORDS,
                            .words        = words,
                            .balance      = balance,
                            .threads      = threads};
}

/* The water's analysis through the speciator, which knows nothing of lanes. */
static void check_against_speciator(const columns *c, size_t n, bool balance)
{
    sei_speciator *speciator = NULL;

    T_OK(ctx, sei_speciator_create(ctx, db, &speciator));
    for (size_t i = 0; i < n; i++) {
        const sei_unit *mol = sei_unit_find("mol_kgw");
        sei_analyte     analytes[COMPONENTS];
        sei_analysis    a = sei_analysis_default();
        ck_assert_ptr_nonnull(mol);
        for (size_t j = 0; j < COMPONENTS; j++)
            analytes[j] = (sei_analyte){components[j], c->total[j][i], mol};
        a.temp_c   = c->temp_c[i];
        a.ph       = c->ph[i];
        a.pe       = c->pe[i];
        a.n        = COMPONENTS;
        a.analytes = analytes;
        a.balance  = balance ? "pH" : NULL;
        T_OK(ctx, sei_speciator_solve(speciator, &a, 0, NULL));
        for (size_t k = 0; k < WORDS; k++) {
            sei_word word;
            double   value, scale = 1.0;
            T_OK(ctx, sei_word_parse(ctx, db, words[k], strlen(words[k]), &word));
            ck_assert(sei_speciator_value(speciator, &word, &value));
            if (k == 3 || k == 4) { /* sums of both signs: by the salt that is there */
                const sei_word mu = {.kind = SEI_WORD_MU, .is_known = true};
                ck_assert(sei_speciator_value(speciator, &mu, &scale));
            } else
                scale = fmax(fabs(value), 1e-30);
            ck_assert_msg(fabs(c->value[k][i] - value) <= 1e-10 * scale,
                          "water %zu, %s: %.15g, one at a time %.15g", i, words[k], c->value[k][i],
                          value);
        }
    }
    sei_speciator_free(speciator);
}

START_TEST(lanes_give_what_single_waters_give)
{
    const sei_batch_spec    spec = spec_of(1, false);
    const sei_batch_results r    = solve(&spec, cols, 0, MAX, NULL, 0);

    ck_assert_uint_eq(r.n_failed, 0);
    ck_assert_uint_le(r.n_scalar, MAX / 10); /* nearly all of them by lanes */
    for (size_t i = 0; i < MAX; i++)
        ck_assert_int_eq(cols->status[i], SEI_OK);
    check_against_speciator(cols, MAX, false);
}
END_TEST

START_TEST(charge_can_make_the_ph)
{
    const sei_batch_spec spec = spec_of(2, true);

    for (size_t i = 0; i < 50; i++) /* little enough of charge to be balanced by protons */
        cols->total[8][i] = cols->total[10][i];
    const sei_batch_results r = solve(&spec, cols, 0, 50, NULL, 0);
    ck_assert_uint_eq(r.n_scalar, 50);
    if (r.n_failed == 0)
        check_against_speciator(cols, 50, true);
    for (size_t i = 0; i < 50; i++)
        if (cols->status[i] == SEI_OK)
            T_NEAR(cols->value[3][i], 0.0, 1e-9 * cols->value[2][i] + 1e-14);
}
END_TEST

START_TEST(threads_order_and_neighbours_do_not_matter)
{
    static const size_t  threads[] = {2, 3, 7};
    const sei_batch_spec one       = spec_of(1, false);
    columns             *again     = malloc(sizeof *again);

    ck_assert_ptr_nonnull(again);
    (void)solve(&one, cols, 0, MAX, NULL, 0);
    for (size_t t = 0; t < T_COUNT(threads); t++) {
        const sei_batch_spec spec = spec_of(threads[t], false);
        memcpy(again, cols, sizeof *again);
        memset(again->value, 0, sizeof again->value);
        (void)solve(&spec, again, 0, MAX, NULL, 0);
        ck_assert_mem_eq(again->value, cols->value, sizeof cols->value);
    }
    /* other neighbours, other lanes, groups that are not full */
    static const size_t counts[] = {1, 7, 8, 9, 65};
    for (size_t t = 0; t < T_COUNT(counts); t++) {
        memcpy(again, cols, sizeof *again);
        (void)solve(&one, again, 3, counts[t], NULL, 0);
        for (size_t k = 0; k < WORDS; k++)
            ck_assert_mem_eq(again->value[k], cols->value[k] + 3, counts[t] * sizeof(double));
    }
    const sei_batch_results none = solve(&one, again, 0, 0, NULL, 0);
    ck_assert_uint_eq(none.n_failed, 0);
    free(again);
}
END_TEST

START_TEST(failures_leave_neighbours_alone)
{
    const sei_batch_spec spec = spec_of(2, false);
    columns             *bad  = malloc(sizeof *bad);
    char                 error[400];

    ck_assert_ptr_nonnull(bad);
    (void)solve(&spec, cols, 0, 100, NULL, 0);
    memcpy(bad, cols, sizeof *bad);
    memset(bad->value, 0, sizeof bad->value);
    bad->temp_c[17]           = NAN;
    bad->ph[18]               = 99.0;
    bad->total[0][40]         = -1e-3;
    bad->total[3][90]         = INFINITY;
    const sei_batch_results r = solve(&spec, bad, 0, 100, error, sizeof error);
    ck_assert_uint_eq(r.n_failed, 4);
    T_CONTAINS(error, "water 17: temperature");
    for (size_t i = 0; i < 100; i++) {
        const bool is_bad = i == 17 || i == 18 || i == 40 || i == 90;
        ck_assert_int_eq(bad->status[i], is_bad ? SEI_E_RANGE : SEI_OK);
        for (size_t k = 0; k < WORDS; k++)
            ck_assert(bad->value[k][i] == (is_bad ? 0.0 : cols->value[k][i]));
    }
    free(bad);
}
END_TEST

/* A total of 0 is no iron at all, and does not move the rest. */
START_TEST(nothing_of_a_component)
{
    const sei_batch_spec spec = spec_of(1, false);

    for (size_t i = 0; i < 20; i++)
        cols->total[0][i] = 0.0;
    const sei_batch_results r = solve(&spec, cols, 0, 20, NULL, 0);
    ck_assert_uint_eq(r.n_failed, 0);
    for (size_t i = 0; i < 20; i++)
        ck_assert(cols->value[7][i] >= 0.0 && cols->value[7][i] <= 1e-20);
}
END_TEST

START_TEST(words_and_limits_are_checked)
{
    static const char *const unknown[] = {"SI(Nonsuch)"}, *const phase[] = {"n(Calcite)"};
    sei_batch_spec spec  = spec_of(1, false);
    sei_batch     *batch = NULL;

    spec.n_words = 1;
    spec.words   = unknown;
    T_STATUS(ctx, sei_batch_create(ctx, &spec, &batch), SEI_E_NOT_FOUND);
    T_CONTAINS(sei_ctx_error(ctx), "SI(Nonsuch)");
    spec.words = phase;
    T_STATUS(ctx, sei_batch_create(ctx, &spec, &batch), SEI_E_UNSUPPORTED);
    spec = spec_of(100000, false);
    T_STATUS(ctx, sei_batch_create(ctx, &spec, &batch), SEI_E_RANGE);
    ck_assert_ptr_null(batch);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("batch");
    TCase *tcase = tcase_create("waters");

    tcase_set_timeout(tcase, 120);
    tcase_add_checked_fixture(tcase, set_up, tear_down);
    tcase_add_test(tcase, lanes_give_what_single_waters_give);
    tcase_add_test(tcase, charge_can_make_the_ph);
    tcase_add_test(tcase, threads_order_and_neighbours_do_not_matter);
    tcase_add_test(tcase, failures_leave_neighbours_alone);
    tcase_add_test(tcase, nothing_of_a_component);
    tcase_add_test(tcase, words_and_limits_are_checked);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
