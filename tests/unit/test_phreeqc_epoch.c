/* test_phreeqc_epoch.c - inputs that define the same share what is read for them, others do not, by threads and one by one */
#include <math.h>

#include "base/team.h"
#include "phreeqc_database.h"
#include "phreeqc_table.h"

enum { TEXT_BYTES = 2000, INPUTS = 24, SIDES = 2 };

/* By the definition of log K = log a(Ca+2) + 2 log a(Cl-) - SI: an index is less by what log K is more. */
static const char input_text[] =
    "PHASES\n Antarcticite_like\n CaCl2 = Ca+2 + 2 Cl-\n log_k %d\n"
    "SELECTED_OUTPUT\n -reset false\n -high_precision\n -si Antarcticite_like Calcite\n"
    "SOLUTION 1\n temp 15\n pH 7\n units mmol/kgw\n Ca 2\n C(4) 1\n Cl 3 charge\nEND\n";

static sei_status run_text(sei_ctx *own, const char *text, double *ret_defined, double *ret_calcite)
{
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;
    sei_status     st     = sei_pq_parse(own, "model.pqi", text, strlen(text), &input);

    if (st == SEI_OK)
        st = sei_pq_run_with(own, input, database, &result);
    if (st == SEI_OK) {
        ck_assert_uint_eq(result->n_tables, 1);
        *ret_defined = value(result->tables[0], 0, "si_Antarcticite_like");
        *ret_calcite = value(result->tables[0], 0, "si_Calcite");
    }
    sei_pq_result_free(own, result);
    sei_pq_free(input);
    return st;
}

static sei_status run_log_k(sei_ctx *own, int log_k, double *ret_defined, double *ret_calcite)
{
    char text[TEXT_BYTES];

    snprintf(text, sizeof text, input_text, log_k);
    return run_text(own, text, ret_defined, ret_calcite);
}

/* More definitions than are kept at once, twice, and the first of them again. */
START_TEST(each_input_has_its_own_definitions)
{
    double first, calcite, si, other;

    if (!t_has_shared("thermo"))
        return;
    open_database();
    T_OK(ctx, run_log_k(ctx, 0, &first, &calcite));
    ck_assert(first < -5.0 && first > -9.0); /* 10^-2.7 of Ca+2, 10^-2.5 of Cl- */
    for (int k = 0; k <= 2 * INPUTS; k++) {
        T_OK(ctx, run_log_k(ctx, k % INPUTS, &si, &other));
        ck_assert_double_eq_tol(si, first - k % INPUTS, 1e-9);
        ck_assert_double_eq_tol(other, calcite, 1e-12);
    }
    close_database();
}
END_TEST

typedef struct {
    sei_ctx *ctx[SIDES];
    double   si[INPUTS], calcite[INPUTS];
    bool     good[INPUTS];
} side_by_side;

static void run_one(void *arg, size_t worker, size_t piece)
{
    side_by_side *s = arg;

    s->good[piece] =
        run_log_k(s->ctx[worker], (int)(piece % 3), &s->si[piece], &s->calcite[piece]) == SEI_OK;
}

START_TEST(threads_share_them)
{
    side_by_side s    = {0};
    sei_team    *team = NULL;

    if (!t_has_shared("thermo"))
        return;
    open_database();
    T_OK(ctx, sei_team_create(ctx, SIDES, &team));
    for (size_t k = 0; k < SIDES; k++)
        ck_assert_ptr_nonnull(s.ctx[k] = sei_ctx_create(NULL));
    sei_team_run(team, INPUTS, run_one, &s);
    for (size_t i = 0; i < INPUTS; i++) {
        ck_assert(s.good[i]);
        ck_assert_double_eq_tol(s.si[i], s.si[0] - (double)(i % 3), 1e-9);
        ck_assert_double_eq_tol(s.calcite[i], s.calcite[0], 1e-12);
    }
    for (size_t k = 0; k < SIDES; k++)
        sei_ctx_free(s.ctx[k]); /* before what they have shared */
    sei_team_free(team);
    close_database();
}
END_TEST

/* The same wrong definition at another line is told with that line. */
START_TEST(an_error_names_the_line_of_its_own_input)
{
    static const char *const before[]  = {"", "TITLE one\n", "TITLE two\n\n\n"};
    static const char *const message[] = {"model.pqi:4", "model.pqi:5", "model.pqi:7"};
    char                     text[TEXT_BYTES];
    double                   si, calcite;

    if (!t_has_shared("thermo"))
        return;
    open_database();
    for (size_t k = 0; k < 3; k++) {
        snprintf(text, sizeof text,
                 "%sPHASES\n Nothing\n CaCl2 = Ca+2 + 2 Cl-\n log_k abc\n"
                 "SOLUTION 1\nEND\n",
                 before[k]);
        ck_assert_int_ne(run_text(ctx, text, &si, &calcite), SEI_OK);
        ck_assert_msg(strstr(sei_ctx_error(ctx), message[k]), "%s", sei_ctx_error(ctx));
    }
    T_OK(ctx, run_log_k(ctx, 1, &si, &calcite));
    close_database();
}
END_TEST

/* A warning about what an input defines comes with every input that does so. */
START_TEST(a_warning_comes_each_time)
{
    double si, calcite;
    char   text[TEXT_BYTES];

    if (!t_has_shared("thermo"))
        return;
    open_database();
    snprintf(text, sizeof text, "SOLUTION_MASTER_SPECIES\n Zz Zz+ 0 Zz 10\n%s",
             "PHASES\n Antarcticite_like\n CaCl2 = Ca+2 + 2 Cl-\n log_k 0\n"
             "SELECTED_OUTPUT\n -reset false\n -si Antarcticite_like Calcite\n"
             "SOLUTION 1\n pH 7\n Ca 1\n Cl 1\nEND\n");
    for (int k = 0; k < 3; k++) {
        sei_ctx_clear(ctx);
        T_OK(ctx, run_text(ctx, text, &si, &calcite));
        ck_assert_uint_ge(sei_ctx_n_warnings(ctx), 1);
        ck_assert_ptr_nonnull(strstr(sei_ctx_warning(ctx, 0), "Zz"));
    }
    close_database();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_epoch");
    TCase *tcase = tcase_create("definitions");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, each_input_has_its_own_definitions);
    tcase_add_test(tcase, threads_share_them);
    tcase_add_test(tcase, an_error_names_the_line_of_its_own_input);
    tcase_add_test(tcase, a_warning_comes_each_time);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
