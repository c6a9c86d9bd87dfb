/*
 * test_kinetics_along.c - one reactant, led along what has reacted: laws with known solutions, and the same systems in steps of time
 *
 * test_kinetics_along SYSTEMS compares as many random systems.
 */
#include "base/file.h"
#include "num/crossing.h"
#include "phreeqc/run.h"
#include "react/kinetics.h"
#include "react_random.h"

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
enum { SYSTEMS = 30 };
#else
enum { SYSTEMS = 120 };
#endif
enum { TEXT_BYTES = 2000, PLACES = 5 };

/* Tolerances: errors grow with a reactant that grows on itself, in steps too. */
#define OFF_MAX 50.0

/* ------------------------------------------------------------------ curves */

/* x' = -x (1 + x): 1 / x grows as e^t. Five places of it are exact, the curve being a parabola. */
START_TEST(a_parabola_is_crossed_in_its_time)
{
    const double   place[PLACES] = {1.0, 1.0, 0.6, 0.35, 0.2}, slope[PLACES] = {0.0, -3.0};
    double         rate[PLACES];
    sei_rate_curve curve;

    for (int i = 0; i < PLACES; i++)
        rate[i] = -place[i] * (1.0 + place[i]);
    sei_rate_curve_fit(&curve, PLACES, place, rate, slope, 1.0, 0.2);
    sei_crossing whole = {.x = 1.0}, part = whole, rest = whole;
    sei_rate_curve_cross(&curve, 0.2, 100.0, &whole); /* x / (1 + x) goes with e^-t */
    ck_assert_double_eq_tol(whole.time_s, log(0.5 / (0.2 / 1.2)), 1e-10);
    ck_assert_double_eq(whole.x, 0.2);
    sei_rate_curve_cross(&curve, 0.2, 0.7, &part);
    const double share = 0.5 * exp(-0.7);
    ck_assert_double_eq(part.time_s, 0.7);
    ck_assert_double_eq_tol(part.x, share / (1.0 - share), 1e-10);
    sei_rate_curve_cross(&curve, -0.5, 30.0, &rest); /* nearer and nearer to 0, never beyond */
    ck_assert_double_eq_tol(rest.x, 0.5 * exp(-30.0), 1e-12);
}
END_TEST

/* x' = exp(-x), so that x = ln(1 + t): what the last terms tell is more than the error, and not much more. */
START_TEST(the_error_is_known)
{
    for (size_t n = 3; n <= PLACES; n++) {
        double         place[PLACES], rate[PLACES], slope[PLACES] = {0};
        sei_rate_curve curve;
        sei_crossing   at = {0};
        for (size_t i = 0; i < n; i++) {
            place[i] = (double)i / (double)(n - 1);
            rate[i]  = exp(-place[i]);
        }
        sei_rate_curve_fit(&curve, n, place, rate, slope, 0.0, 1.0);
        sei_rate_curve_cross(&curve, 1.0, 1.5, &at);
        const double off = fabs(at.x - log(2.5));
        ck_assert_msg(off <= at.error && at.error < 0.1 * pow(0.2, (double)(n - 3)),
                      "%zu places: off by %g, said to be %g", n, off, at.error);
    }
}
END_TEST

/* ------------------------------------------------------------------ laws */

typedef struct {
    const char *rate; /* BASIC, mol/s; a rate takes away */
    double      start, end_s, end;
} law;

static const law laws[] = {
    {"1e-3*M", 1e-3, 2000.0, 1e-3 * 0.1353352832366127},          /* e^-2 */
    {"1e-3*M", 1e-3, 1e6, 0.0},                                   /* all of it */
    {"2*M*M", 1e-3, 1000.0, 1e-3 / 3.0},                          /* 1/m = 1/m0 + 2 t */
    {"3e-5*M^(2/3)", 1e-3, 5000.0, 1.25e-4},                      /* m^(1/3) = 0.1 - 1e-5 t */
    {"3e-5*M^(2/3)", 1e-3, 20000.0, 0.0},                         /* to its end at 10,000 s */
    {"1e-7", 1e-3, 3600.0, 6.4e-4},                               /* the same at all times */
    {"1e-7", 1e-3, 1e5, 0.0},                                     /* runs out at 10,000 s */
    {"-1e-7", 1e-3, 3600.0, 1.36e-3},                             /* forms */
    {"1e-3*(M-4e-4)", 1e-3, 1e3, 4e-4 + 6e-4 * 0.36787944117144}, /* to rest at 4e-4 */
    {"1e-3*(M-4e-4)", 1e-4, 1e3, 4e-4 - 3e-4 * 0.36787944117144}, /* from below */
    {"1e-3*(M-4e-4)", 1e-3, 1e6, 4e-4},
    {"-M*(1e-3-M)", 1e-5, 5e3, 1e-3 / (1.0 + 99.0 * 0.00673794699908547)}, /* logistic */
    {"M*(1e-3-M)", 9e-4, 1e3, 1e-3 / (1.0 + 0.1 / 0.9 * 2.718281828459045)},
    {"1e-7+(M<5e-4)*1e-7", 1e-3, 7500.0, 0.0}, /* a jump: 5000 s and 2500 s */
    {"1e-7+(M<5e-4)*1e-7", 1e-3, 6000.0, 3e-4},
    {"1e-7*(1+(M<5e-4)*1e4*(5e-4-M))", 1e-3, 6000.0,
     4e-4 - 1e-4 * 0.71828182845904524},               /* a bend */
    {"2e-7*(M>5e-4)-1e-7*(M<=5e-4)", 1e-3, 1e4, 5e-4}, /* to and fro: stays where it turns */
};

/* Mol that are left by a run of what the BASIC says. */
static double left_of(const law *l, const char *tol)
{
    sei_ctx       *ctx    = sei_ctx_create(NULL);
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;
    char           text[TEXT_BYTES], *path = NULL;

    snprintf(text, sizeof text,
             "RATES\nA\n-start\n10 SAVE (%s) * TIME\n-end\nSOLUTION 1\nKINETICS 1\nA\n"
             " -formula Na 0\n -m0 1\n -m %.17g\n -tol %s\n -steps %.17g\n"
             "SELECTED_OUTPUT\n -reset false\n -high_precision\n -kinetic_reactants A\nEND\n",
             l->rate, l->start, tol, l->end_s);
    T_OK(ctx, sei_data_path(ctx, "thermo/minewater.dat", &path));
    T_OK(ctx, sei_pq_parse(ctx, "law.pqi", text, strlen(text), &input));
    T_OK(ctx, sei_pq_run(ctx, input, path, &result));
    const sei_pq_table *t    = result->tables[0];
    const double        left = t->cells[(t->n_rows - 1) * t->n_columns].number;
    sei_pq_result_free(ctx, result);
    sei_pq_free(input);
    sei_release(ctx, path);
    sei_ctx_free(ctx);
    return left;
}

START_TEST(laws_have_their_solutions)
{
    const law *l = &laws[_i];

    ck_assert_double_eq_tol(left_of(l, "1e-8"), l->end, 1e-8);
    ck_assert_double_eq_tol(left_of(l, "1e-11"), l->end, 3e-11);
}
END_TEST

/* ------------------------------------------------------------------ random systems, both ways */

static const double dt_s = 5e4, tol_mol = 1e-9;

typedef struct {
    const sei_react_work *work;
    size_t                phase, asked;
} saturation;

/* Towards saturation, faster while there is much. */
static sei_status rates(void *user, sei_ctx *ctx, double time_s, const sei_react_state *state,
                        const double m[], double ret_rate[])
{
    saturation *s = user;

    (void)ctx;
    (void)time_s;
    (void)state;
    s->asked++;
    ret_rate[0] = 1e-4 * m[0] * tanh(-sei_equil_ln_sr(sei_react_equil(s->work), s->phase));
    return SEI_OK;
}

/* One mineral of the database in a random system at equilibrium; mol left. NAN: not to be had. */
static double react_through(sei_react_work *work, const rr_problem *from, size_t phase,
                            const sei_amounts *formula, double m, bool in_steps, size_t *ret_asked)
{
    rr_problem   p = *from;
    saturation   s = {work, phase, 0};
    sei_kinetics k = {
        .n = 1, .formula = {*formula}, .m = {m}, .tol = {tol_mol}, .is_timed = in_steps};

    p.system.minerals = p.minerals;
    p.system.mixtures = p.mixtures;
    sei_react_forget(work);
    if (sei_react_solve(NULL, work, &p.system, &p.state) != SEI_OK ||
        sei_react_advance(NULL, work, &p.system, &p.state, &k, dt_s, rates, &s, NULL) != SEI_OK)
        return NAN;
    *ret_asked += s.asked;
    return k.m[0];
}

typedef struct {
    size_t n, n_failed, n_off, asked[2];
    double worst; /* tolerances */
} tally;

static void compare_ways(rnd *r, const sei_react *react, sei_react_work *work, tally *t)
{
    const sei_net *net = sei_react_net(react);
    const size_t   phase =
        (size_t)(rnd_unit(r) * (double)net->n_phases) % (net->n_phases ? net->n_phases : 1);
    const double m       = rr_log(r, -5.0, -2.0);
    sei_amounts  formula = {0};
    rr_problem   p;

    rr_problem_make(r, react, &p);
    if (!sei_react_add_formula(react, net->db->phases[net->phases[phase].index].formula, 1.0,
                               &formula))
        return;
    const double steps = react_through(work, &p, phase, &formula, m, true, &t->asked[0]);
    const double along = react_through(work, &p, phase, &formula, m, false, &t->asked[1]);
    t->n++;
    if (isnan(steps) || isnan(along)) {
        t->n_failed += isnan(along) && !isnan(steps);
        return;
    }
    const double off = fabs(along - steps) / tol_mol;
    t->worst         = fmax(t->worst, off);
    if (off > OFF_MAX) {
        t->n_off++;
        printf("system %zu: %s, %.9g mol in steps, %.9g along; %.9g at first\n", t->n,
               net->db->phases[net->phases[phase].index].name, steps, along, m);
    }
}

static tally compare_systems(size_t n)
{
    static const char *const elements[] = {"Fe", "Ca", "C", "S", "Zn", "Al", "Na", "Cl"};
    static const char        path[]     = SEI_PROJECT_DIR "/data/thermo/minewater.dat";
    sei_ctx                 *ctx        = sei_ctx_create(NULL);
    rnd                      r          = {20261128};
    sei_db                  *db         = NULL;
    sei_react               *react      = NULL;
    sei_react_work          *work       = NULL;
    tally                    t          = {0};

    T_NEED_OK(ctx, sei_db_read(ctx, path, &db));
    T_NEED_OK(
        ctx,
        sei_react_create(
            ctx, &(sei_react_spec){.db = db, .n_elements = T_COUNT(elements), .elements = elements},
            &react));
    T_NEED_OK(ctx, sei_react_work_create(ctx, react, &work));
    while (t.n < n)
        compare_ways(&r, react, work, &t);
    sei_react_work_free(work);
    sei_react_free(react);
    sei_db_free(db);
    sei_ctx_free(ctx);
    return t;
}

START_TEST(random_systems_go_the_same_way_in_steps_of_time)
{
    const tally t = compare_systems(SYSTEMS);

    ck_assert_uint_eq(t.n_off, 0);
    ck_assert_uint_eq(t.n_failed, 0);
    ck_assert_uint_lt(2 * t.asked[1], t.asked[0]); /* or it would be no better */
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 1) {
        const tally t = compare_systems((size_t)strtoull(argv[1], NULL, 10));
        printf(
            "%zu systems: %zu off, %zu failed; worst %.3g tolerances; rates asked for %zu times in "
            "steps, %zu along\n",
            t.n, t.n_off, t.n_failed, t.worst, t.asked[0], t.asked[1]);
        return t.n_off + t.n_failed > 0;
    }
    Suite *suite = suite_create("kinetics_along");
    TCase *tcase = tcase_create("along");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, a_parabola_is_crossed_in_its_time);
    tcase_add_test(tcase, the_error_is_known);
    tcase_add_loop_test(tcase, laws_have_their_solutions, 0, T_COUNT(laws));
    tcase_add_test(tcase, random_systems_go_the_same_way_in_steps_of_time);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
