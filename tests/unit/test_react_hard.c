/*
 * test_react_hard.c - systems on which solvers of equilibria are known to fail (carrayrou2002), beside PHREEQC
 *
 * Chromate reduced by ferrous iron (too little, nearly enough, just more than enough, much too much of it: pe falls by
 * ten units between the second and the third), phosphoric acid in salt water through its three ends of titration, and
 * pyrite with oxygen until the one or the other is used up. Numbers are those of PHREEQC 3.8.6 (package phreeqc 1.1.1 of
 * PyPI) with the same databases.
 */
#include "base/file.h"
#include "phreeqc/run.h"
#include "t.h"

enum { TEXT_BYTES = 1500 };

static sei_ctx *ctx;

static sei_pq_result *run(const char *database, const char *text)
{
    char           path[600];
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;

    snprintf(path, sizeof path, "%s/thermo/%s", SEI_SHARED_DIR, database);
    T_OK(ctx, sei_pq_parse(ctx, "hard.pqi", text, strlen(text), &input));
    T_OK(ctx, sei_pq_run(ctx, input, path, &result));
    sei_pq_free(input);
    return result;
}

/* Numbers of a row from the end; what both take for nothing (below 1e-20 mol of 1e-3) is not compared. */
static void compare(const sei_pq_result *result, size_t row, size_t n, const double wanted[])
{
    const sei_pq_table *t     = result->tables[0];
    const sei_pq_cell  *cells = &t->cells[row * t->n_columns];

    ck_assert_uint_lt(row, t->n_rows);
    for (size_t k = 0; k < n; k++) {
        const double got = cells[k].number, want = wanted[k];
        if (k > 0 && fabs(got) < 1e-20 && fabs(want) < 1e-20)
            continue;
        const double allowed = k == 0 ? 1e-7 : 1e-6 * fabs(want) + 1e-21;
        ck_assert_msg(fabs(got - want) <= allowed, "row %zu, %s: %.10g, PHREEQC has %.10g", row,
                      t->columns[k].heading, got, want);
    }
}

/* mmol/kgw of Fe(II) beside 1 of Cr(VI), pH; then pH, Fe(II), Fe(III), Cr(VI), Cr(III) at equilibrium */
static const struct {
    double fe, ph, wanted[5];
} chromate[] = {
    {1, 2, {2.1628628, 1.13237153e-09, 0.000999965773, 0.000257412688, 0.000742554218}},
    {1, 4, {4.41524838, 1.9762847e-08, 0.000999997353, 0.000666684665, 0.000333332451}},
    {1, 7, {6.75416504, 1.52672348e-08, 0.00100000892, 0.000666687881, 0.000333336307}},
    {2.9, 2, {2.26212992, 9.6383038e-09, 0.00289987496, 2.72310064e-05, 0.000972729198}},
    {2.9, 4, {4.7361261, 2.41950306e-07, 0.00289990692, 3.34156946e-05, 0.000966635639}},
    {2.9, 7, {6.45737112, 1.99683136e-07, 0.00289999305, 3.34021097e-05, 0.000966664351}},
    {3.1, 2, {2.27057462, 9.99959485e-05, 0.00299987846, 2.94256789e-17, 0.000999959485}},
    {3.1, 4, {4.74971626, 0.000100005316, 0.00300015943, 5.54400775e-13, 0.00100005314}},
    {3.1, 7, {6.44836689, 0.000100006861, 0.00300020581, 3.17321288e-13, 0.0010000686}},
    {10, 2, {2.26868295, 0.00699968799, 0.00299986628, 3.77161414e-23, 0.000999955427}},
    {10, 4, {4.89594889, 0.00700037137, 0.00300015916, 3.14154139e-18, 0.00100005305}},
    {10, 7, {6.5877564, 0.00700048296, 0.00300020698, 2.44887459e-18, 0.00100006899}},
};

/* A gram of water and a ton of it have the same concentrations as a kilogram. */
START_TEST(chromate_by_ferrous_iron)
{
    static const double water_kg[] = {1.0, 1e-3, 1e3};
    char                text[TEXT_BYTES];

    if (!t_has_shared("hard systems"))
        return;
    ctx = sei_ctx_create(NULL);
    for (size_t i = 0; i < T_COUNT(chromate); i++)
        for (size_t k = 0; k < T_COUNT(water_kg); k++) {
            snprintf(text, sizeof text,
                     "SELECTED_OUTPUT\n -reset false\n -pH\n -totals Fe(2) Fe(3) Cr(6) Cr(3)\n"
                     "SOLUTION 1\n pH %g\n pe 8\n units mmol/kgw\n -water %g\n Fe(2) %g\n Cr(6) 1\n"
                     " Na 1\n Cl 10 charge\nREACTION 1\n NaCl 1\n 0 moles\nEND\n",
                     chromate[i].ph, water_kg[k], chromate[i].fe);
            sei_pq_result *result = run("minteq.v4.dat", text);
            compare(result, 1, 5, chromate[i].wanted);
            sei_pq_result_free(ctx, result);
        }
    sei_ctx_free(ctx);
}
END_TEST

/* pH, P, Na after 0.04 ... 0.305 mol of NaOH to 0.1 mol of acid */
static const double phosphoric[][3] = {
    {2.0098281, 0.0999279879, 0.539611135},  {3.91684673, 0.0998219592, 0.597933535},
    {4.67163537, 0.0998183689, 0.599908397}, {6.56479803, 0.0997304884, 0.648248175},
    {8.48310556, 0.0996427714, 0.696502972}, {9.36591628, 0.0996392538, 0.698471169},
    {11.2157393, 0.0995565994, 0.746674495}, {11.9440695, 0.0994912666, 0.79493522},
    {12.0310852, 0.0994866157, 0.800867256},
};

START_TEST(phosphoric_acid_in_salt_water)
{
    if (!t_has_shared("hard systems"))
        return;
    ctx = sei_ctx_create(NULL);
    sei_pq_result *result =
        run("phreeqc.dat", "SELECTED_OUTPUT\n -reset false\n -pH\n -totals P Na\n"
                           "SOLUTION 1\n pH 1.5 charge\n units mol/kgw\n P 0.1\n Na 0.5\n Cl "
                           "0.5\nREACTION 1\n NaOH 1\n"
                           " 0.04 0.099 0.101 0.15 0.199 0.201 0.25 0.299 0.305 mol\nEND\n");

    for (size_t i = 0; i < T_COUNT(phosphoric); i++)
        compare(result, i + 1, 3, phosphoric[i]);
    sei_pq_result_free(ctx, result);
    sei_ctx_free(ctx);
}
END_TEST

/* pH, Fe(II), Fe(III), S(VI), S(-II), pyrite and goethite (mol) after 0 ... 0.05 mol of O2 to 0.01 mol of pyrite */
static const struct {
    double o2_mol, wanted[5], pyrite, goethite;
} pyrite[] = {
    {0,
     {7.00588325, 5.20778879e-09, 4.00117699e-17, 1.32643777e-09, 9.0891399e-09},
     0.00999999479,
     0},
    {1e-6,
     {6.24477128, 2.86252412e-07, 8.34863838e-16, 5.71566162e-07, 9.3866271e-10},
     0.00999971375,
     0},
    {1e-4,
     {4.2611039, 2.85722867e-05, 4.26027042e-15, 5.71430974e-05, 1.47588971e-09},
     0.00997142773,
     0},
    {1e-3,
     {3.28420538, 0.000285716981, 2.72006486e-14, 0.000571431818, 2.14359818e-09},
     0.00971428449,
     0},
    {0.01,
     {2.38505323, 0.00285729185, 3.37716047e-12, 0.00571458034, 3.37470745e-09},
     0.00714285521,
     0},
    {0.03,
     {1.99770995, 0.00857275474, 4.59875409e-11, 0.0171455054, 4.21411349e-09},
     0.00142856902,
     0},
    {0.0374, {1.62420167, 0.000400174577, 9.29938525e-05, 0.0200087289, 0}, 0, 0.00950704672},
    {0.0376, {1.6144029, 5.22292566e-12, 9.90027127e-05, 0.0200089409, 0}, 0, 0.00990104152},
    {0.05, {1.61440424, 1.56250365e-12, 9.90433967e-05, 0.0200089409, 0}, 0, 0.00990100086},
};

START_TEST(pyrite_and_oxygen_until_one_is_used_up)
{
    if (!t_has_shared("hard systems"))
        return;
    ctx                   = sei_ctx_create(NULL);
    sei_pq_result *result = run(
        "wateq4f.dat", "SELECTED_OUTPUT\n -reset false\n -pH\n -totals Fe(2) Fe(3) S(6) S(-2)\n"
                       " -equilibrium_phases Pyrite Goethite\nSOLUTION 1\n pH 7\n pe 4\n units "
                       "mmol/kgw\n Na 1\n Cl 1\n"
                       "EQUILIBRIUM_PHASES 1\n Pyrite 0 0.01\n Goethite 0 0\nREACTION 1\n O2 1\n"
                       " 0 1e-6 1e-4 1e-3 0.01 0.03 0.0374 0.0376 0.05\nEND\n");

    for (size_t i = 0; i < T_COUNT(pyrite); i++) {
        const sei_pq_cell *cells =
            &result->tables[0]->cells[(i + 1) * result->tables[0]->n_columns];
        compare(result, i + 1, 5, pyrite[i].wanted);
        ck_assert_double_eq_tol(cells[5].number, pyrite[i].pyrite, 1e-10);
        ck_assert_double_eq_tol(cells[7].number, pyrite[i].goethite, 1e-10);
    }
    sei_pq_result_free(ctx, result);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("react_hard");
    TCase *tcase = tcase_create("systems");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, chromate_by_ferrous_iron);
    tcase_add_test(tcase, phosphoric_acid_in_salt_water);
    tcase_add_test(tcase, pyrite_and_oxygen_until_one_is_used_up);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
