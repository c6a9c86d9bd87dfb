/* test_phreeqc_alike.c - neighbours that hold the same are run once, and only those */
#include <math.h>

#include "phreeqc_database.h"

enum { TEXT_BYTES = 4000, CELLS = 12, SHIFTS = 3, LAST_ROWS = CELLS };

/* A uniform column; each test changes one thing in cells 5 to 8, or says more in the rate. */
static const char column[] =
    "SELECTED_OUTPUT\n -reset false\n -high_precision\n -distance\n -pH\n -totals Ca C(4) Na\n"
    " -kinetic_reactants Calcite Salt\n -equilibrium_phases Fe(OH)3(a)\n"
    "RATES\n Salt\n -start\n 10 rate = 1e-9 * M\n%s 30 SAVE rate * TIME\n -end\n"
    "SOLUTION 0\n temp 15\n pH 4.5\n pe 12\n units mmol/kgw\n Na 1\n Ca 0.5\n S(6) 2 charge\n"
    "SOLUTION 1-12\n temp 15\n pH 7\n pe 10\n units mmol/kgw\n Na 5\n Ca 1\n C(4) 1\n Cl 5 charge\n"
    "EQUILIBRIUM_PHASES 1-12\n Fe(OH)3(a) 0 0.001\n O2(g) -0.7\n"
    "KINETICS 1-12\n Calcite\n -m0 0.01\n -parms 5 0.67\n Salt\n -formula NaCl 1\n -m0 1\n%sEND\n"
    "TRANSPORT\n -cells 12\n -shifts 3\n -time_step 1800\n -lengths 0.1\n -dispersivities 0.02\n"
    " -punch_frequency 3\n -punch_cells 1-12\n";

static sei_pq_result *run(const char *rate, const char *more)
{
    char           text[TEXT_BYTES];
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;

    snprintf(text, sizeof text, column, rate, more);
    T_OK(ctx, sei_pq_parse(ctx, "column.pqi", text, strlen(text), &input));
    input->threads = 1;
    T_OK(ctx, sei_pq_run_with(ctx, input, database, &result));
    sei_pq_free(input);
    return result;
}

/* Of a cell after the last shift. */
static double value(const sei_pq_result *result, size_t cell, size_t column_at)
{
    const sei_pq_table *t = result->tables[0];

    return t->cells[(t->n_rows - LAST_ROWS + cell - 1) * t->n_columns + column_at].number;
}

/* The rate asks for its cell, so that every cell is run, but makes nothing of the answer. */
START_TEST(one_answer_for_all_is_that_of_each)
{
    if (!t_has_shared("columns"))
        return;
    open_database();
    sei_pq_result *alike = run("", ""), *each = run(" 20 rate = rate + 0 * CELL_NO\n", "");
    for (size_t cell = 1; cell <= CELLS; cell++)
        for (size_t k = 0; k < alike->tables[0]->n_columns; k++)
            T_NEAR(value(alike, cell, k), value(each, cell, k),
                   1e-9 * fabs(value(each, cell, k)) + 1e-14);
    /* ahead of what has flowed in a cell is as its neighbour to the last bit */
    for (size_t k = 1; k < alike->tables[0]->n_columns; k++)
        ck_assert(value(alike, 10, k) == value(alike, 9, k));
    sei_pq_result_free(ctx, alike);
    sei_pq_result_free(ctx, each);
    close_database();
}
END_TEST

typedef struct {
    const char *rate, *more;
    size_t      column_at; /* where cells 6 and 10 differ */
} difference;

enum { PH = 1, CA, C4, NA };

static const difference differences[] = {
    {" 20 rate = rate * CELL_NO\n", "", NA},
    {" 20 rate = rate * (1 + DIST)\n", "", NA},
    {"", "REACTION 5-8\n NaCl 1\n 1e-4\n", NA},
    {"", "REACTION_TEMPERATURE 5-8\n 25\n", PH},
    {"", "EXCHANGE 5-8\n X 0.01\n -equilibrate 1\n", CA},
    {"", "SURFACE 5-8\n Hfo_wOH 0.01 600 90\n Hfo_sOH 1e-4\n", CA},
    {"", "EQUILIBRIUM_PHASES 5-8\n Gypsum 0 0.01\n", CA},
    {"", "GAS_PHASE 5-8\n -fixed_volume\n -volume 1\n CO2(g) 0.01\n", C4},
    {"", "SOLID_SOLUTIONS 5-8\n CaMn\n -comp Calcite 1e-4\n -comp Rhodochrosite 1e-5\n", CA},
    {"", "KINETICS 5-8\n Calcite\n -m0 0.01\n -parms 5 0.67\n Salt\n -formula NaCl 1\n -m0 2\n",
     NA},
    {"",
     "SOLUTION 5-8\n temp 15\n pH 7\n pe 10\n units mmol/kgw\n Na 5\n Ca 1\n C(4) 1.1\n Cl 5 "
     "charge\n",
     C4},
};

/* Cell 6 is beside cells that are like it and not like cell 10; each thing that a cell can hold makes it so. */
START_TEST(what_makes_a_cell_another_is_seen)
{
    const difference *d = &differences[_i];

    if (!t_has_shared("columns"))
        return;
    open_database();
    sei_pq_result *result = run(d->rate, d->more);
    const double inside = value(result, 6, d->column_at), outside = value(result, 10, d->column_at);
    ck_assert_msg(fabs(inside - outside) > 1e-7 * fabs(outside), "%g and %g", inside, outside);
    sei_pq_result_free(ctx, result);
    close_database();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_alike");
    TCase *tcase = tcase_create("cells");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, one_answer_for_all_is_that_of_each);
    tcase_add_loop_test(tcase, what_makes_a_cell_another_is_seen, 0, T_COUNT(differences));
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
