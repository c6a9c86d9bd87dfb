/*
 * test_chem_random.c - random waters far beyond any mine converge, and the solutions hold by first
 * principles
 */
#include "chem_random.h"

static sei_ctx *ctx;
static sei_db  *db;

enum { NETWORKS = 100, WATERS = 200 };

typedef struct {
    size_t n, failed, checked;
    double action, balance, strength; /* worst of each */
    int    iterations_max;
} tally;

static void check_solution(const sei_equil *eq, const sei_water *w, tally *t)
{
    t->action   = fmax(t->action, rnd_mass_action(eq));
    t->balance  = fmax(t->balance, rnd_mass_balance(eq, w->total));
    t->strength = fmax(t->strength, rnd_ionic_strength(eq));
    t->checked++;
}

static void run_network(rnd *r, tally *t)
{
    const char  *names[RND_COMPONENTS];
    const size_t n    = rnd_components(r, db, names);
    sei_net_spec spec = {.n_components = n, .components = names, .with_electron = true};
    sei_net     *net  = NULL;
    sei_equil   *eq   = NULL;

    T_OK(ctx, sei_net_create(ctx, db, &spec, &net));
    T_OK(ctx, sei_equil_create(ctx, net, &eq));
    for (size_t i = 0; i < WATERS; i++) {
        double           total[SEI_COMPONENTS_MAX];
        sei_equil_report report;
        const sei_water  w  = rnd_water(r, net->n_comp, total);
        const sei_status st = sei_equil_solve(ctx, eq, &w, &report);
        t->n++;
        if (report.iterations > t->iterations_max)
            t->iterations_max = report.iterations;
        if (st != SEI_OK) { /* a failure says what is left over */
            ck_assert_int_eq(st, SEI_E_NOT_CONVERGED);
            T_CONTAINS(sei_ctx_error(ctx), "speciation did not converge in ");
            T_CONTAINS(sei_ctx_error(ctx), report.worst);
            t->failed++;
            continue;
        }
        ck_assert(report.residual <= 1e-12);
        if (i % 5 == 0 || report.attempts > 1)
            check_solution(eq, &w, t);
    }
    sei_equil_free(eq);
    sei_net_free(net);
}

static void run_database(const char *path, uint64_t seed)
{
    rnd   r = {seed};
    tally t = {0};

    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, path, &db));
    for (size_t k = 0; k < NETWORKS; k++)
        run_network(&r, &t);
    sei_db_free(db);
    sei_ctx_free(ctx);
    printf("seed %llu: %zu of %zu failed, %zu checked, worst mass action %.1e, balance %.1e, ionic "
           "strength %.1e; at most %d iterations\n",
           (unsigned long long)seed, t.failed, t.n, t.checked, t.action, t.balance, t.strength,
           t.iterations_max);
    ck_assert_uint_eq(t.n, (size_t)NETWORKS * WATERS);
    ck_assert_msg((double)t.failed <= 1e-4 * (double)t.n, "%zu of %zu failed", t.failed, t.n);
    ck_assert_double_le(t.action, 1e-10);
    ck_assert_double_le(t.balance, 1e-10);
    ck_assert_double_le(t.strength, 1e-10);
}

START_TEST(random_waters_converge_on_wateq4f)
{
    if (t_has_shared("random_waters_converge_on_wateq4f"))
        run_database(SEI_SHARED_DIR "/thermo/wateq4f.dat", 20240501);
}
END_TEST

START_TEST(random_waters_converge_on_minewater)
{
    run_database(SEI_PROJECT_DIR "/data/thermo/minewater.dat", 20240502);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_random");
    TCase *tcase = tcase_create("random");

    tcase_set_timeout(tcase, 300.0);
    tcase_add_test(tcase, random_waters_converge_on_wateq4f);
    tcase_add_test(tcase, random_waters_converge_on_minewater);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
