/* test_phreeqc_crew.c - a column on any number of threads gives the same bits */
#include "phreeqc_database.h"

enum { TEXT_BYTES = 4000 };

/* 45 cells (not a whole number of blocks) with minerals, an exchanger and kinetics; every third shift is written. */
static const char column[] =
    "SELECTED_OUTPUT\n -reset false\n -high_precision\n -distance\n -step\n -pH\n -pe\n"
    " -totals Ca Na Fe\n -kinetic_reactants Calcite\n -equilibrium_phases Fe(OH)3(a)\n"
    "SOLUTION 0\n temp 12\n pH 3.5\n pe 13\n units mmol/kgw\n Na 1\n Ca 0.5\n Fe(3) 0.2\n S(6) 2 "
    "charge\n"
    "SOLUTION 1-45\n temp 15\n pH 7\n pe 10\n units mmol/kgw\n Na 5\n Ca 1\n C(4) 1\n Cl 5 charge\n"
    "EXCHANGE 1-45\n X 0.002\n -equilibrate 1\n"
    "EQUILIBRIUM_PHASES 1-45\n Fe(OH)3(a) 0 0\n O2(g) -0.7\n"
    "KINETICS 1-45\n Calcite\n -m0 0.01\n -parms 5 0.67\n%sEND\n"
    "TRANSPORT\n -cells 45\n -shifts 6\n -time_step 1800\n -lengths 0.1\n -dispersivities 0.02\n"
    " -punch_frequency 3\n";

/* Few cells without sites: threads run them in shifts that are written too. Rows ask for all that a water can tell. */
static const char written[] =
    "SELECTED_OUTPUT\n -reset false\n -high_precision\n -distance\n -time\n -step\n -temperature\n"
    " -alkalinity\n -ionic_strength\n -water\n -charge_balance\n -percent_error\n -pH\n -pe\n"
    " -totals Ca Na Fe Fe(2) C(4) O(0)\n -molalities Fe+3 CaHCO3+\n -activities H+ Fe+2\n"
    " -saturation_indices Calcite Fe(OH)3(a) Gypsum\n -kinetic_reactants Calcite\n"
    " -equilibrium_phases Fe(OH)3(a) O2(g)\n"
    "USER_PUNCH\n -headings a b c d e f g h\n -start\n 10 PUNCH SYS(\"Ca\"), SC, RHO, "
    "KIN(\"Calcite\")\n"
    " 20 PUNCH EQUI(\"Fe(OH)3(a)\"), TOTAL_TIME, CELL_NO, GAMMA(\"Ca+2\")\n -end\n"
    "SOLUTION 0\n temp 12\n pH 3.5\n pe 13\n units mmol/kgw\n Na 1\n Ca 0.5\n Fe(3) 0.2\n S(6) 2 "
    "charge\n"
    "SOLUTION 1-11\n temp 15\n pH 7\n pe 10\n units mmol/kgw\n Na 5\n Ca 1\n C(4) 1\n Cl 5 charge\n"
    "EQUILIBRIUM_PHASES 1-11\n Fe(OH)3(a) 0 0\n O2(g) -0.7\n"
    "KINETICS 1-11\n Calcite\n -m0 0.01\n -parms 5 0.67\n%sEND\n"
    "TRANSPORT\n -cells 11\n -shifts 60\n -time_step 1800\n -lengths 0.1\n -dispersivities 0.02\n"
    " -punch_cells 2-5 11\n";

/* Every species by itself; the front is dispersed too. */
static const char diffusing[] =
    "SELECTED_OUTPUT\n -reset false\n -high_precision\n -distance\n -pH\n -totals Ca Na K Cl\n"
    "SOLUTION 0\n temp 12\n units mmol/kgw\n Na 10\n Cl 10 charge\n"
    "SOLUTION 1-45\n temp 15\n pH 7\n units mmol/kgw\n K 1\n Ca 1\n C(4) 1\n Cl 3 charge\n"
    "EXCHANGE 20-45\n X 0.002\n -equilibrate 20\n%sEND\n"
    "TRANSPORT\n -cells 45\n -shifts 9\n -time_step 7200\n -lengths 0.01\n -dispersivities 0.002\n"
    " -boundary_conditions constant flux\n -multi_d true 1e-9 0.3 0 1\n -punch_frequency 3\n";

static sei_status run(const char *input_text, const char *more, size_t threads,
                      sei_pq_result **ret_result)
{
    char          text[TEXT_BYTES];
    sei_pq_input *input = NULL;

    snprintf(text, sizeof text, input_text, more);
    T_OK(ctx, sei_pq_parse(ctx, "column.pqi", text, strlen(text), &input));
    input->threads      = threads;
    const sei_status st = sei_pq_run_with(ctx, input, database, ret_result);
    sei_pq_free(input);
    return st;
}

static void same_for_all_threads(const char *input_text, size_t n_rows)
{
    sei_pq_result *one, *many;

    if (!t_has_shared("columns on threads"))
        return;
    open_database();
    T_OK(ctx, run(input_text, "", 1, &one));
    ck_assert_uint_ge(one->tables[0]->n_rows, n_rows);
    for (size_t threads = 2; threads <= 7; threads += threads < 5 ? 1 : 2) {
        T_OK(ctx, run(input_text, "", threads, &many));
        const sei_pq_table *a = one->tables[0], *b = many->tables[0];
        ck_assert_uint_eq(a->n_rows, b->n_rows);
        ck_assert_uint_eq(a->n_columns, b->n_columns);
        for (size_t i = 0; i < a->n_rows * a->n_columns; i++)
            ck_assert_mem_eq(&a->cells[i].number, &b->cells[i].number, sizeof(double));
        sei_pq_result_free(ctx, many);
    }
    sei_pq_result_free(ctx, one);
    close_database();
}

START_TEST(threads_give_the_same_bits)
{
    same_for_all_threads(column, 90);
}
END_TEST

START_TEST(species_diffuse_the_same_on_threads)
{
    same_for_all_threads(diffusing, 90);
}
END_TEST

START_TEST(rows_of_threads_are_those_of_one)
{
    same_for_all_threads(written, 300);
}
END_TEST

/* From cell 31 on a rate comes to a statement that fails: the message is that of the first cell, whoever met it. */
START_TEST(a_failure_is_told_as_by_one_thread)
{
    static const char rate[] = "END\nKINETICS 31-45\n Bad\n -formula NaCl 1\n -m0 1\nRATES\n Bad\n "
                               "-start\n 10 RETURN\n 20 SAVE 0\n -end\n";
    char              alone[600];
    sei_pq_result    *result = NULL;

    if (!t_has_shared("columns on threads"))
        return;
    open_database();
    const sei_status st = run(column, rate, 1, &result);
    ck_assert_int_ne(st, SEI_OK);
    snprintf(alone, sizeof alone, "%s", sei_ctx_error(ctx));
    sei_pq_result_free(ctx, result);
    result = NULL;
    ck_assert_int_eq(run(column, rate, 3, &result), st);
    ck_assert_str_eq(sei_ctx_error(ctx), alone);
    sei_pq_result_free(ctx, result);
    close_database();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_crew");
    TCase *tcase = tcase_create("threads");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, threads_give_the_same_bits);
    tcase_add_test(tcase, species_diffuse_the_same_on_threads);
    tcase_add_test(tcase, rows_of_threads_are_those_of_one);
    tcase_add_test(tcase, a_failure_is_told_as_by_one_thread);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
