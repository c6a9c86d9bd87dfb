/* test_react_move.c - moving along the slopes of an equilibrium is solving it beside */
#include "react_case.h"

static sei_ctx *ctx;

/* Largest difference of ln activities and amounts between a move and a new solution, by that of the move itself. */
static double misfit(rc_problem *p, const rc_case *c, double factor)
{
    const sei_net  *net   = sei_react_net(p->react);
    sei_react_state base  = p->state, there, moved;
    double          worst = 0.0, way = 1e-12;

    T_NEED_OK(ctx, rc_step(p, c, 2, 1.0, &base));
    there = base;
    sei_react_add_amounts(p->react, &p->change, factor, &p->system.total);
    rc_mixtures(p, c, 1.0);
    T_NEED_OK(ctx, sei_react_solve(ctx, p->work, &p->system, &there));
    sei_react_add_amounts(p->react, &p->change, -factor, &p->system.total);
    rc_mixtures(p, c, 1.0);
    T_NEED_OK(ctx, sei_react_solve(ctx, p->work, &p->system, &base));
    ck_assert(sei_react_move(p->work, &p->system, &p->change, factor, &moved));
    for (size_t j = 0; j < net->n_comp; j++) {
        if (base.x[j] < -60.0)
            continue;
        worst = fmax(worst, fabs(moved.x[j] - there.x[j]));
        way   = fmax(way, fabs(there.x[j] - base.x[j]));
    }
    for (size_t i = 0; i < p->system.n_minerals; i++)
        worst = fmax(worst, fabs(moved.mineral_mol[i] - there.mineral_mol[i]));
    sei_react_move_back(p->work, &p->system);
    ck_assert_double_eq_tol(sei_react_equil(p->work)->x[net->n_comp - 1], base.x[net->n_comp - 1],
                            1e-14);
    return worst / way;
}

START_TEST(move_is_the_derivative)
{
    static const char *const names[] = {
        "exchange-plain",     "hfo-no-edl", "gas-fixed-pressure",  "exhausted",
        "organic-to-sulfide", "bed-whole",  "alternative-formula", "solid-carbonate"};
    const char *path = SEI_SHARED_DIR "/thermo/wateq4f.dat";
    sei_db     *db;
    sei_sorb   *sorb;
    rc_case    *cases;
    char       *text;
    size_t      len, seen = 0;

    if (!t_has_shared("moves beside equilibria"))
        return;
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, path, &db));
    T_OK(ctx, sei_file_read(ctx, path, SEI_DB_BYTES_MAX, &text, &len));
    T_OK(ctx, sei_sorb_create(ctx, &sorb));
    T_OK(ctx, sei_sorb_read(ctx, sorb, path, 1, text, len));
    const size_t n = rc_read(SEI_TEST_DIR "/refs/react/cases.txt", &cases);
    for (size_t i = 0; i < n; i++)
        for (size_t k = 0; k < T_COUNT(names); k++) {
            rc_problem p;
            if (strcmp(cases[i].name, names[k]) != 0)
                continue;
            rc_open(&p, ctx, db, sorb, &cases[i], 1.0);
            const double off = misfit(&p, &cases[i], 1e-5 * cases[i].step_mol);
            ck_assert_msg(off < 2e-3, "case %s: the move is off by %g of its length", names[k],
                          off);
            seen++;
            rc_close(&p);
        }
    ck_assert_uint_eq(seen, T_COUNT(names));
    free(cases);
    sei_release(ctx, text);
    sei_sorb_free(sorb);
    sei_db_free(db);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("react_move");
    TCase *tcase = tcase_create("move");

    tcase_add_test(tcase, move_is_the_derivative);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
