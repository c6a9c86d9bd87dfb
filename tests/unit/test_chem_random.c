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

/* --- one number hidden ------------------------------------------------------------------------------- */

typedef enum { BY_CHARGE_PH, BY_CHARGE_ELEMENT, BY_ALK_CARBON, BY_ALK_PH, HIDDEN_KINDS } hidden;

static const char *const hidden_name[] = {"pH by the charge", "a total by the charge",
                                          "carbonate by the alkalinity", "pH by the alkalinity"};

typedef struct {
    size_t n, failed, same;
    double worst; /* of charge or alkalinity, relative to the sum of its terms */
} hidden_tally;

/* A water of moderate totals, and pe within what water stands. */
static sei_water moderate_water(rnd *r, size_t n_comp, double total[])
{
    sei_water w = rnd_water(r, n_comp, total);

    for (size_t j = 0; j + 1 < n_comp; j++)
        total[j] = exp(rnd_range(r, log(1e-8), log(0.05)));
    w.pe = rnd_range(r, -4.0, fmin(14.0, 20.0 - w.ph));
    return w;
}

/* The same water with one number left to its charge or alkalinity. */
static sei_water hidden_water(rnd *r, const sei_equil *eq, const sei_water *w, size_t which,
                              hidden kind, double given[])
{
    const size_t h = eq->net->n_comp - 1;
    sei_water    q = *w;

    memcpy(given, w->total, (h + 1) * sizeof *given);
    q.total         = given;
    q.charge_eq_kgw = eq->charge;
    q.alk_eq_kgw    = eq->alk;
    if (kind == BY_CHARGE_PH || kind == BY_CHARGE_ELEMENT)
        q.balance = which;
    else
        q.alk_component = which;
    if (which == h) {
        q.fix_ph = false;
        q.ph     = 7.0;
    } else {
        given[which] *= rnd_range(r, 0.5, 2.0);
    }
    return q;
}

static void check_hidden(sei_equil *eq, const sei_water *w, const sei_water *q, size_t which,
                         hidden_tally *t)
{
    const size_t h     = eq->net->n_comp - 1;
    const double found = which == h ? -eq->x[h] / log(10.0) : eq->total[which];
    const double asked = which == h ? w->ph : w->total[which];

    t->same += fabs(found - asked) <= 1e-3 * fabs(asked);
    sei_equil_charge(eq);
    sei_equil_alkalinity(eq);
    t->worst = fmax(t->worst, q->balance != SIZE_MAX
                                  ? fabs(eq->charge - q->charge_eq_kgw) / eq->charge_scale
                                  : fabs(eq->alk - q->alk_eq_kgw) / eq->alk_scale);
    for (size_t j = 0; j < h; j++)
        if (j != which)
            t->worst = fmax(t->worst, fabs(eq->total[j] / w->total[j] - 1.0));
}

/* What components add up to, against their species one by one. */
static void check_totals(sei_equil *eq)
{
    const sei_net *net                     = eq->net;
    double         sum[SEI_COMPONENTS_MAX] = {0.0}, size[SEI_COMPONENTS_MAX] = {0.0};

    sei_equil_totals(eq);
    for (size_t i = 0; i < net->n_species; i++)
        for (uint32_t k = net->beta.ptr[i]; k < net->beta.ptr[i + 1]; k++) {
            sum[net->beta.col[k]] += net->beta.val[k] * eq->m[i];
            size[net->beta.col[k]] += fabs(net->beta.val[k] * eq->m[i]);
        }
    for (size_t j = 0; j < net->n_comp; j++)
        ck_assert_msg(fabs(eq->total[j] - sum[j]) <= 1e-14 * size[j],
                      "%s: %.17g, species add up to %.17g", net->comp_name[j], eq->total[j],
                      sum[j]);
}

static void hide(rnd *r, sei_equil *eq, size_t carbon, hidden kind, hidden_tally *t)
{
    const size_t    h = eq->net->n_comp - 1;
    double          total[SEI_COMPONENTS_MAX], given[SEI_COMPONENTS_MAX];
    const sei_water w     = moderate_water(r, eq->net->n_comp, total);
    size_t          which = h;

    if (sei_equil_solve(ctx, eq, &w, NULL) != SEI_OK)
        return;
    check_totals(eq);
    if (kind == BY_CHARGE_ELEMENT)
        which = (size_t)(rnd_unit(r) * (double)h);
    if (kind == BY_ALK_CARBON)
        which = carbon;
    if (kind == BY_ALK_CARBON && eq->alk <= 0.0)
        return; /* carbonate cannot make it negative */
    const sei_water q = hidden_water(r, eq, &w, which, kind, given);
    t->n++;
    if (sei_equil_solve(ctx, eq, &q, NULL) == SEI_OK)
        check_hidden(eq, &w, &q, which, t);
    else
        t->failed++;
}

START_TEST(hidden_numbers_are_found_again)
{
    rnd          r = {(uint64_t)_i + 99};
    hidden_tally t = {0};

    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, SEI_PROJECT_DIR "/data/thermo/minewater.dat", &db));
    for (size_t k = 0; k < 40; k++) {
        const char  *names[RND_COMPONENTS];
        const size_t n    = rnd_components(&r, db, names);
        sei_net_spec spec = {.n_components = n, .components = names, .with_electron = true};
        sei_net     *net  = NULL;
        sei_equil   *eq   = NULL;
        T_OK(ctx, sei_net_create(ctx, db, &spec, &net));
        T_OK(ctx, sei_equil_create(ctx, net, &eq));
        const size_t carbon = sei_net_component(net, "C(4)");
        for (size_t i = 0; i < 100 && (carbon != SIZE_MAX || _i < BY_ALK_CARBON); i++)
            hide(&r, eq, carbon, (hidden)_i, &t);
        sei_equil_free(eq);
        sei_net_free(net);
    }
    sei_db_free(db);
    sei_ctx_free(ctx);
    printf("%s: %zu waters, %zu failed, %zu with the same answer; worst balance %.1e\n",
           hidden_name[_i], t.n, t.failed, t.same, t.worst);
    ck_assert_uint_ge(t.n, 500);
    ck_assert_msg((double)t.failed <= 1e-3 * (double)t.n, "%zu of %zu failed", t.failed, t.n);
    ck_assert_double_le(t.worst, 1e-10);
    ck_assert_double_ge((double)t.same,
                        0.97 * (double)t.n); /* a balance may have more than one root */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_random");
    TCase *tcase = tcase_create("random");

    tcase_set_timeout(tcase, 300.0);
    tcase_add_test(tcase, random_waters_converge_on_wateq4f);
    tcase_add_test(tcase, random_waters_converge_on_minewater);
    tcase_add_loop_test(tcase, hidden_numbers_are_found_again, 0, HIDDEN_KINDS);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
