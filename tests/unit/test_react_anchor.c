/*
 * test_react_anchor.c - waters that take turns in one workspace, each from what its last solution left
 *
 * As the cells of a column do: random systems of water and minerals are solved again and again, each time with other totals and
 * sometimes at another temperature. Every answer is checked from the database's own rows.
 */
#include "react_random.h"

#if defined(__SANITIZE_ADDRESS__) || !defined(__OPTIMIZE__)
enum { NETWORKS = 10 };
#else
enum { NETWORKS = 60 };
#endif
enum { CELLS = 4, TURNS = 12 };

static const double near_enough = 1e-11; /* ln units, as cells of columns ask for */

typedef struct {
    size_t answers, failed, iterations;
    double worst;
} tally;

/* Water and minerals alone. */
static void make_cell(rnd *r, const sei_react *react, rr_problem *p)
{
    rr_problem_make(r, react, p);
    p->system.n_mixtures = p->system.n_sites = p->system.n_surfaces = 0;
    p->system.minerals                                              = p->minerals;
}

/* What the cell holds after its last step; a part of its water is another one. */
static void next_step(rnd *r, const sei_react *react, rr_problem *p)
{
    const size_t nc = sei_react_net(react)->n_comp;

    p->system.total = p->state.water;
    memset(p->system.total.site, 0, sizeof p->system.total.site);
    for (size_t i = 0; i < p->system.n_minerals; i++)
        p->minerals[i].mol = p->state.mineral_mol[i];
    for (size_t j = 0; j + 1 < nc; j++)
        p->system.total.comp[j] *= rnd_range(r, 0.8, 1.25);
    p->system.total.comp[nc - 1] *= rnd_range(r, 0.9, 1.1);
    p->system.total.electron *= rnd_range(r, 0.9, 1.1);
    if (rnd_unit(r) < 0.3)
        p->system.temp_k += rnd_range(r, -0.5, 0.5);
}

static void solve(sei_ctx *ctx, const sei_react *react, sei_react_work *work, rr_problem *p,
                  tally *t)
{
    if (sei_react_solve(ctx, work, &p->system, &p->state) != SEI_OK) {
        t->failed++;
        p->state.is_warm = false;
        return;
    }
    const rk_verdict v = rk_check(react, work, &p->system, &p->state, p->before);
    t->answers++;
    t->iterations += (size_t)p->state.iterations;
    t->worst = fmax(t->worst, v.worst);
    T_NEED(v.worst <= 1.0, "%s %s off by %g (%g times what is allowed)", v.what, v.name, v.value,
           v.worst);
}

static void take_turns(sei_ctx *ctx, const sei_react *react, uint64_t seed, bool with_anchors,
                       tally *t)
{
    rnd               r       = {seed};
    sei_react_work   *work    = NULL;
    sei_react_anchor *anchors = NULL;
    rr_problem       *cells   = calloc(CELLS, sizeof *cells);

    T_NEED_OK(ctx, sei_react_work_create(ctx, react, &work));
    T_NEED_OK(ctx, sei_react_anchors_create(ctx, react, CELLS, &anchors));
    for (size_t i = 0; i < CELLS; i++) {
        make_cell(&r, react, &cells[i]);
        cells[i].system.ret_anchor = with_anchors ? sei_react_anchor_at(anchors, i) : NULL;
        cells[i].system.anchor     = cells[i].system.ret_anchor;
        cells[i].system.enough     = near_enough;
    }
    for (int turn = 0; turn < TURNS; turn++)
        for (size_t i = 0; i < CELLS; i++) {
            if (turn > 0)
                next_step(&r, react, &cells[i]);
            if (turn == 0 || cells[i].state.is_warm)
                solve(ctx, react, work, &cells[i], t);
        }
    sei_react_anchors_free(ctx, anchors);
    sei_react_work_free(work);
    free(cells);
}

START_TEST(answers_from_anchors_are_equilibria)
{
    static const char path[] = SEI_PROJECT_DIR "/data/thermo/minewater.dat";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_db           *db     = NULL;
    sei_sorb         *sorb   = NULL;
    tally             with = {0}, without = {0};

    T_NEED_OK(ctx, sei_db_read(ctx, path, &db));
    T_NEED_OK(ctx, sei_sorb_create(ctx, &sorb));
    for (uint64_t k = 1; k <= NETWORKS; k++) {
        rnd                  r = {k * UINT64_C(0x9E3779B97F4A7C15) | 1};
        char                 names[RND_COMPONENTS][16];
        const char          *list[RND_COMPONENTS];
        const size_t         n     = rr_elements(&r, db, names, list);
        const sei_react_spec spec  = {.db = db, .sorb = sorb, .n_elements = n, .elements = list};
        sei_react           *react = NULL;
        T_NEED_OK(ctx, sei_react_create(ctx, &spec, &react));
        take_turns(ctx, react, r.state, true, &with);
        take_turns(ctx, react, r.state, false, &without);
        sei_react_free(react);
    }
    ck_assert_uint_eq(with.failed, without.failed);
    ck_assert_uint_gt(with.answers, CELLS * TURNS * NETWORKS / 2);
    sei_sorb_free(sorb);
    sei_db_free(db);
    sei_ctx_free(ctx);
}
END_TEST

/* Two waters with calcite take turns; nothing flows in. */
START_TEST(what_does_not_change_costs_a_look)
{
    static const char  path[]     = SEI_PROJECT_DIR "/data/thermo/minewater.dat";
    static const char *elements[] = {"Ca", "C", "Na", "Cl"};
    sei_ctx           *ctx        = sei_ctx_create(NULL);
    sei_db            *db         = NULL;
    sei_sorb          *sorb       = NULL;
    sei_react         *react      = NULL;
    sei_react_work    *work       = NULL;
    sei_react_anchor  *anchors    = NULL;
    rr_problem         cells[2];

    T_NEED_OK(ctx, sei_db_read(ctx, path, &db));
    T_NEED_OK(ctx, sei_sorb_create(ctx, &sorb));
    const sei_react_spec spec = {
        .db = db, .sorb = sorb, .n_elements = T_COUNT(elements), .elements = elements};
    T_NEED_OK(ctx, sei_react_create(ctx, &spec, &react));
    T_NEED_OK(ctx, sei_react_work_create(ctx, react, &work));
    T_NEED_OK(ctx, sei_react_anchors_create(ctx, react, 2, &anchors));
    const size_t calcite = sei_net_phase_index(sei_react_net(react), "Calcite");
    for (size_t i = 0; i < 2; i++) {
        rnd r = {7 + i};
        make_cell(&r, react, &cells[i]);
        memset(&cells[i].system.total, 0, sizeof cells[i].system.total);
        sei_react_add_water_kg(1.0, &cells[i].system.total);
        for (size_t j = 0; j + 1 < sei_react_net(react)->n_comp; j++)
            cells[i].system.total.comp[j] = 1e-3 * (1.0 + (double)i);
        cells[i].system.n_minerals = 1;
        cells[i].minerals[0]       = (sei_mineral){.phase = calcite, .mol = 0.01};
        cells[i].system.ret_anchor = sei_react_anchor_at(anchors, i);
        cells[i].system.anchor     = cells[i].system.ret_anchor;
        cells[i].system.enough     = near_enough;
        cells[i].state.water_kg    = 1.0;
    }
    for (int turn = 0; turn < 6; turn++)
        for (size_t i = 0; i < 2; i++) {
            tally t = {0};
            solve(ctx, react, work, &cells[i], &t);
            ck_assert_uint_eq(t.answers, 1);
            ck_assert_msg(turn == 0 || t.iterations <= 2, "turn %d: %zu iterations", turn,
                          t.iterations);
            cells[i].system.total    = cells[i].state.water;
            cells[i].minerals[0].mol = cells[i].state.mineral_mol[0];
        }
    sei_react_anchors_free(ctx, anchors);
    sei_react_work_free(work);
    sei_react_free(react);
    sei_sorb_free(sorb);
    sei_db_free(db);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("react_anchor");
    TCase *tcase = tcase_create("cells");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, answers_from_anchors_are_equilibria);
    tcase_add_test(tcase, what_does_not_change_costs_a_look);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
