/*
 * test_react_forget.c - a workspace that has forgotten what it solved gives the same bits as a new one
 *
 * Threads that share out systems rest on this: which workspace meets which system, after which others, is chance. Here it is
 * drawn at random, far more adversely than threads would do it, on stacks full of leftovers.
 *
 * test_react_forget SYSTEMS VISITS takes other numbers, without Check's time limit.
 */
#include "react/kinetics.h"

#include "base/file.h"
#include "react_random.h"

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
enum { SYSTEMS = 6, VISITS = 40 };
#else
enum { SYSTEMS = 20, VISITS = 200 };
#endif
enum { NETWORKS = 3, WORKERS = 3, REACTANTS = 2, ASKED_MAX = 400, STACK_BYTES = 48 * 1024 };

static const double dt_s = 900.0;

typedef struct {
    const sei_react *react;
    sei_react_work  *work;
    size_t           n, phase[REACTANTS], asked;
} laws;

/* A system that was at equilibrium, and what has flowed in since. */
typedef struct {
    rr_problem   start;
    sei_kinetics kinetics;
    laws         laws;
} subject;

typedef struct {
    sei_status       status;
    sei_react_state  state;
    sei_react_system system;
    sei_mixture      mixtures[RR_MIXTURES];
    sei_kinetics     kinetics;
} answer;

/* Towards saturation, faster while there is much. */
static sei_status rates(void *user, sei_ctx *ctx, double time_s, const sei_react_state *state,
                        const double m[], double ret_rate[])
{
    laws *l = user;

    (void)ctx;
    (void)time_s;
    (void)state;
    if (l->asked++ >= ASKED_MAX) /* some are stiff, and an end is an answer too */
        return SEI_E_STEP;
    for (size_t k = 0; k < l->n; k++)
        ret_rate[k] = 1e-5 * m[k] * tanh(-sei_equil_ln_sr(sei_react_equil(l->work), l->phase[k]));
    return SEI_OK;
}

/* What a function that runs next finds where its variables will be. */
static __attribute__((noinline)) unsigned char leave_on_stack(unsigned char pattern)
{
    volatile unsigned char left[STACK_BYTES];

    for (size_t i = 0; i < STACK_BYTES; i++)
        left[i] = pattern;
    return left[pattern];
}

static void run(sei_react_work *work, const subject *s, unsigned char pattern, answer *a)
{
    rr_problem p = s->start;
    laws       l = s->laws;

    memset(a, 0, sizeof *a);
    p.system.minerals = p.minerals;
    p.system.mixtures = p.mixtures;
    l.work            = work;
    a->kinetics       = s->kinetics;
    sei_react_forget(work);
    (void)leave_on_stack(pattern);
    a->status =
        sei_react_advance(NULL, work, &p.system, &p.state, &a->kinetics, dt_s, rates, &l, NULL);
    p.state.species_molal = p.state.sorbed_mol = NULL; /* of the workspace */
    a->state                                   = p.state;
    a->system                                  = p.system;
    a->system.minerals                         = NULL;
    a->system.mixtures                         = NULL;
    memcpy(a->mixtures, p.mixtures, sizeof a->mixtures);
}

static bool choose_reactants(rnd *r, const sei_react *react, subject *s)
{
    const sei_net *net = sei_react_net(react);

    const size_t n = rnd_unit(r) < 0.5 ? 1 : REACTANTS; /* one alone is led in another way */

    s->kinetics = (sei_kinetics){.n = n};
    s->laws     = (laws){.react = react, .n = n};
    for (size_t k = 0; k < n; k++) {
        const size_t phase = (size_t)(rnd_unit(r) * (double)net->n_phases);
        if (phase >= net->n_phases ||
            !sei_react_add_formula(react, net->db->phases[net->phases[phase].index].formula, 1.0,
                                   &s->kinetics.formula[k]))
            return false;
        s->laws.phase[k]   = phase;
        s->kinetics.m[k]   = rr_log(r, -5.0, -2.0);
        s->kinetics.tol[k] = 1e-9;
    }
    return true;
}

/* At equilibrium by a workspace that has no other part in this; then a part of something is added. */
static bool make_subject(rnd *r, const sei_react *react, sei_react_work *maker, subject *s)
{
    sei_amounts more = {0};

    rr_problem_make(r, react, &s->start);
    if (!choose_reactants(r, react, s))
        return false;
    for (size_t i = 0; i < s->start.system.n_minerals; i++)
        if (s->start.minerals[i].has_formula)
            return false;
    sei_react_forget(maker);
    if (sei_react_solve(NULL, maker, &s->start.system, &s->start.state) != SEI_OK)
        return false;
    for (size_t j = 0; j < SEI_COMPONENTS_MAX; j++)
        more.comp[j] = 0.05 * rnd_unit(r) * fmax(0.0, s->start.system.total.comp[j]);
    sei_react_add_amounts(react, &more, 1.0, &s->start.system.total);
    return true;
}

static void compare(const answer *got, const answer *reference, size_t visit, size_t system)
{
    T_NEED(memcmp(got, reference, sizeof *got) == 0,
           "visit %zu: system %zu has another answer (ionic strength by %.3g, status %d and %d)",
           visit, system, got->state.mu - reference->state.mu, (int)got->status,
           (int)reference->status);
}

static void visit_network(sei_ctx *ctx, const sei_react *react, rnd *r, size_t n_systems,
                          size_t n_visits)
{
    sei_react_work *maker = NULL, *fresh = NULL, *workers[WORKERS] = {NULL};
    subject        *subjects   = calloc(n_systems, sizeof *subjects);
    answer         *references = calloc(n_systems, sizeof *references), got;
    size_t          n = 0, n_good = 0;

    T_NEED_OK(ctx, sei_react_work_create(ctx, react, &maker));
    for (size_t tries = 0; n < n_systems && tries < 4 * n_systems; tries++)
        n += make_subject(r, react, maker, &subjects[n]);
    T_NEED(n > n_systems / 2, "no systems");
    for (size_t i = 0; i < n; i++) {
        for (int pattern = 0; pattern < 0x100; pattern += 0x5d) {
            T_NEED_OK(ctx, sei_react_work_create(ctx, react, &fresh));
            run(fresh, &subjects[i], (unsigned char)pattern, pattern ? &got : &references[i]);
            sei_react_work_free(fresh);
            if (pattern)
                compare(&got, &references[i], 0, i);
        }
        n_good += references[i].status == SEI_OK;
    }
    T_NEED(n_good > n / 2, "no answers");
    for (size_t k = 0; k < WORKERS; k++)
        T_NEED_OK(ctx, sei_react_work_create(ctx, react, &workers[k]));
    for (size_t visit = 1; visit <= n_visits; visit++) {
        const size_t i = (size_t)(rnd_unit(r) * (double)n) % n,
                     k = (size_t)(rnd_unit(r) * WORKERS) % WORKERS;
        run(workers[k], &subjects[i], (unsigned char)(rnd_unit(r) * 256.0), &got);
        compare(&got, &references[i], visit, i);
    }
    for (size_t k = 0; k < WORKERS; k++)
        sei_react_work_free(workers[k]);
    sei_react_work_free(maker);
    free(references);
    free(subjects);
}

static void visit(size_t n_systems, size_t n_visits)
{
    static const char *const elements[] = {"Fe", "Ca", "C", "S", "Zn", "Na", "Cl"};
    static const char *const sites[]    = {"Hfo_w", "Hfo_s"};
    static const char        path[]     = SEI_PROJECT_DIR "/data/thermo/minewater.dat";
    sei_ctx                 *ctx        = sei_ctx_create(NULL);
    rnd                      r          = {20261127};
    sei_db                  *db         = NULL;
    sei_sorb                *sorb       = NULL;
    char                    *text       = NULL;
    size_t                   len        = 0;

    T_NEED_OK(ctx, sei_db_read(ctx, path, &db));
    T_NEED_OK(ctx, sei_file_read(ctx, path, SEI_DB_BYTES_MAX, &text, &len));
    T_NEED_OK(ctx, sei_sorb_create(ctx, &sorb));
    T_NEED_OK(ctx, sei_sorb_read(ctx, sorb, path, 1, text, len));
    for (size_t k = 0; k < NETWORKS; k++) {
        const sei_react_spec spec  = {.db         = db,
                                      .sorb       = sorb,
                                      .n_elements = T_COUNT(elements) - k % 3,
                                      .elements   = elements,
                                      .n_sites    = k % 2 ? T_COUNT(sites) : 0,
                                      .sites      = sites};
        sei_react           *react = NULL;
        T_NEED_OK(ctx, sei_react_create(ctx, &spec, &react));
        visit_network(ctx, react, &r, n_systems, n_visits);
        sei_react_free(react);
    }
    sei_sorb_free(sorb);
    sei_db_free(db);
    sei_release(ctx, text);
    sei_ctx_free(ctx);
}

START_TEST(what_was_solved_before_leaves_no_trace)
{
    visit(SYSTEMS, VISITS);
}
END_TEST

int main(int argc, char **argv)
{
    if (argc > 2) {
        visit((size_t)strtoull(argv[1], NULL, 10), (size_t)strtoull(argv[2], NULL, 10));
        return EXIT_SUCCESS;
    }
    Suite *suite = suite_create("react_forget");
    TCase *tcase = tcase_create("workspaces");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, what_was_solved_before_leaves_no_trace);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
