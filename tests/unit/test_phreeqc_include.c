/*
 * test_phreeqc_include.c - inputs that include what they have written themselves, and texts that functions of BASIC make
 *
 * Numbers and texts: PHREEQC 3.8.6 (Python package phreeqc 1.1.1) with wateq4f.dat.
 */
#include "phreeqc_table.h"

#include "phreeqc/run.h"

#define DATABASE SEI_SHARED_DIR "/thermo/wateq4f.dat"

static sei_status run(sei_ctx *ctx, const char *text, sei_pq_result **ret_result)
{
    sei_pq_input *input = NULL;
    sei_status    st    = sei_pq_parse(ctx, "i.pqi", text, strlen(text), &input);

    *ret_result = NULL;
    if (st == SEI_OK)
        st = sei_pq_run(ctx, input, DATABASE, ret_result);
    sei_pq_free(input);
    return st;
}

#define WRITES_STEPS                                                                       \
    "SOLUTION 1\n Na 1\n Cl 1\nEND\nSELECTED_OUTPUT\n -reset false\n -file made\n"         \
    "USER_PUNCH\n10 FOR i = 1 TO 3\n20 PUNCH EOL$ + 'USE solution 1' + EOL$ + "            \
    "'REACTION 1' + EOL$ + 'KBr 1' + EOL$ + STR$(i) + ' mmol' + EOL$ + 'END'\n30 NEXT i\n" \
    "USE solution 1\nREACTION\n NaCl 1\n 0\nEND\n"                                         \
    "USER_PUNCH\n10 PUNCH ''\n"

/* Simulations that the input writes by USER_PUNCH run where it includes them; K is what they add. */
START_TEST(simulations_that_were_punched_are_included)
{
    sei_ctx       *ctx = sei_ctx_create(NULL);
    sei_pq_result *result;

    if (t_has_shared("simulations_that_were_punched_are_included")) {
        T_OK(ctx,
             run(ctx, WRITES_STEPS "SELECTED_OUTPUT\n -file out\n -totals K Br Na\nINCLUDE$ made\n",
                 &result));
        const sei_pq_table *t = result->tables[result->n_tables - 1];
        ck_assert_uint_eq(t->n_rows, 3);
        for (size_t i = 0; i < t->n_rows; i++) {
            ck_assert_double_eq_tol(value(t, i, "K(mol/kgw)"), 1e-3 * (double)(i + 1), 1e-9);
            ck_assert_double_eq_tol(value(t, i, "Na(mol/kgw)"), 1e-3, 1e-9);
        }
        sei_pq_result_free(ctx, result);
    }
    sei_ctx_free(ctx);
}
END_TEST

/* The second time another text, by DUMP. */
START_TEST(dumps_are_included)
{
    static const char text[] =
        "SOLUTION 1\n Ca 2\n Cl 4\nEND\nDUMP\n -file held\n -solution 1\nEND\n"
        "INCLUDE$ held\nEND\nUSE solution 1\nREACTION\n NaCl 1\n 1 mmol\nSAVE solution 1\nEND\n"
        "DUMP\n -file held\n -solution 1\nEND\nDELETE\n -all\nEND\n"
        "INCLUDE$ held\nEND\nSELECTED_OUTPUT\n -totals Na Ca Cl\nUSE solution 1\nREACTION\n"
        " KCl 1\n 0\nEND\n";
    sei_ctx       *ctx = sei_ctx_create(NULL);
    sei_pq_result *result;

    if (t_has_shared("dumps_are_included")) {
        T_OK(ctx, run(ctx, text, &result));
        const sei_pq_table *t = result->tables[0];
        ck_assert_uint_eq(t->n_rows, 1);
        ck_assert_double_eq_tol(value(t, 0, "Na(mol/kgw)"), 1e-3, 1e-9);
        ck_assert_double_eq_tol(value(t, 0, "Ca(mol/kgw)"), 2e-3, 1e-9);
        ck_assert_double_eq_tol(value(t, 0, "Cl(mol/kgw)"), 5e-3, 1e-9);
        sei_pq_result_free(ctx, result);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(what_cannot_be_included_says_so)
{
    static const struct {
        const char *text, *message;
        sei_status  status;
    } rows[] = {
        {"SOLUTION 1\nEND\nPRINT\n -selected_output false\nSELECTED_OUTPUT\n -file "
         "made\nUSER_PUNCH\n10 PUNCH 1\nEND\n"
         "INCLUDE$ made\n",
         "i.pqi:10: INCLUDE$ made: the simulations before it wrote nothing to that file",
         SEI_E_NOT_FOUND},
        {"SELECTED_OUTPUT\n -file made\nSOLUTION 1\nINCLUDE$ made\nEND\n",
         "i.pqi:4: INCLUDE$ made: only an input that is a file can include others",
         SEI_E_UNSUPPORTED},
        {WRITES_STEPS "SELECTED_OUTPUT\n -active false\nINCLUDE$ other\n",
         "i.pqi:21: INCLUDE$ other: only an input that is a file can include others",
         SEI_E_UNSUPPORTED},
        {"SELECTED_OUTPUT\n -reset false\n -file made\nUSER_PUNCH\n10 PUNCH EOL$ + '-nonsense "
         "1'\nSOLUTION 1\nEND\n"
         "SOLUTION 2\nINCLUDE$ made\nEND\n",
         "made:3: SOLUTION: unknown option -nonsense", SEI_E_KEY},
    };

    if (!t_has_shared("what_cannot_be_included_says_so"))
        return;
    for (size_t i = 0; i < T_COUNT(rows); i++) {
        sei_ctx         *ctx = sei_ctx_create(NULL);
        sei_pq_result   *result;
        const sei_status st = run(ctx, rows[i].text, &result);
        ck_assert_str_eq(sei_ctx_error(ctx), rows[i].message);
        ck_assert_int_eq(st, rows[i].status);
        sei_pq_result_free(ctx, result);
        sei_ctx_free(ctx);
    }
}
END_TEST

START_TEST(equations_are_written_as_phreeqc_writes_them)
{
    static const char want[] =
        "Gypsum = Ca+2 + 2H2O + SO4-2 |Alunite + 6H+ = 3Al+3 + 6H2O + K+ + 2SO4-2 |"
        "Illite + 11.2H2O = 2.3Al(OH)4- + 1.2H+ + 3.5H4SiO4 + 0.6K+ + 0.25Mg+2 |= |"
        "Ca+2 + SO4-2 = CaSO4 |CO3-2 + 10H+ + 8e- = CH4 + 3H2O |Ca+2 = Ca+2 |e- = e- |"
        "Na+ + X- = NaX |H+ + Hfo_wOH = Hfo_wOH2+ |= ";
    sei_ctx       *ctx = sei_ctx_create(NULL);
    sei_pq_result *result;

    if (t_has_shared("equations_are_written_as_phreeqc_writes_them")) {
        T_OK(ctx,
             run(ctx,
                 "SOLUTION 1\n Ca 1\nSELECTED_OUTPUT\n -reset false\nUSER_PUNCH\n -headings a\n"
                 "10 a$ = PHASE_EQUATION$('Gypsum', n, n$, c) + '|' + PHASE_EQUATION$('Alunite', "
                 "n, n$, c)\n"
                 "20 a$ = a$ + '|' + PHASE_EQUATION$('Illite', n, n$, c) + '|' + "
                 "PHASE_EQUATION$('none', n, n$, c)\n"
                 "30 a$ = a$ + '|' + SPECIES_EQUATION$('CaSO4', n, n$, c) + '|' + "
                 "SPECIES_EQUATION$('CH4', n, n$, c)\n"
                 "40 a$ = a$ + '|' + SPECIES_EQUATION$('Ca+2', n, n$, c) + '|' + "
                 "SPECIES_EQUATION$('e-', n, n$, c)\n"
                 "50 a$ = a$ + '|' + SPECIES_EQUATION$('NaX', n, n$, c) + '|' + "
                 "SPECIES_EQUATION$('Hfo_wOH2+', n, n$, c)\n"
                 "60 PUNCH a$ + '|' + SPECIES_EQUATION$('none', n, n$, c)\n",
                 &result));
        ck_assert_str_eq(result->tables[0]->cells[0].text, want);
        sei_pq_result_free(ctx, result);
    }
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_include");
    TCase *tcase = tcase_create("include");

    tcase_set_timeout(tcase, 60);
    tcase_add_test(tcase, simulations_that_were_punched_are_included);
    tcase_add_test(tcase, dumps_are_included);
    tcase_add_test(tcase, what_cannot_be_included_says_so);
    tcase_add_test(tcase, equations_are_written_as_phreeqc_writes_them);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
