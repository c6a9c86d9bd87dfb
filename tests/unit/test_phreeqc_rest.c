/* test_phreeqc_rest.c - water that flows into a cell whose minerals it is at equilibrium with is left as it is, and only such water */
#include <math.h>

#include "phreeqc/run.h"
#include "t.h"

enum { TEXT_BYTES = 3000, CELLS = 8 };

static sei_ctx         *ctx;
static sei_pq_database *database;

/* Cells whose row is written are always worked out: all of them in all shifts, or only after the last one. Sour water uses up
 * the calcite of one cell after the other; behind it and before it nothing happens. */
static const char column[] =
    "SELECTED_OUTPUT\n -reset false\n -high_precision\n -solution\n -pH\n -pe\n"
    " -totals Ca C(4) Fe Al Zn\n -si Calcite Al(OH)3(a)\n"
    " -equilibrium_phases Calcite Fe(OH)3(a) Al(OH)3(a)\n"
    "SOLUTION 0\n temp 12\n pH 4.2\n pe 8\n units mmol/kgw\n Al 1\n Fe 0.5\n Zn 0.2\n Ca 3\n"
    " S(6) 6 charge\n"
    "SOLUTION 1-8\n temp 12\n pH 7\n pe 6\n units mmol/kgw\n Ca 2\n C(4) 2\n Zn 0.01\n"
    " S(6) 1 charge\n"
    "EQUILIBRIUM_PHASES 1-8\n Calcite 0 0.004\n Fe(OH)3(a) 0 0\n Al(OH)3(a) 0 0\n%sEND\n"
    "ADVECTION\n -cells 8\n -shifts 12\n -punch_cells 1-8\n -punch_frequency %d\n";

static sei_pq_result *run(const char *more, int frequency)
{
    char           text[TEXT_BYTES];
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;

    snprintf(text, sizeof text, column, more, frequency);
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

    return t->cells[(t->n_rows - CELLS + cell - 1) * t->n_columns + column_at].number;
}

/* What water may find in a cell that it does not stay as it is in. */
static const char *const others[] = {
    "",
    "EQUILIBRIUM_PHASES 3\n Calcite 0.3 0.004\n Fe(OH)3(a) 0 0\n Al(OH)3(a) 0 0\n",
    "EQUILIBRIUM_PHASES 5\n Calcite 0 0.004\n Gypsum 0 0.02\n",
    "EQUILIBRIUM_PHASES 5\n Calcite 0 0\n",
    "EQUILIBRIUM_PHASES 4\n Fe(OH)3(a) 0 0\n Al(OH)3(a) 0 0\n Calcite 0 0.004 dissolve_only\n",
    "EQUILIBRIUM_PHASES 4\n Calcite 0 CaMg(CO3)2 0.004\n Fe(OH)3(a) 0 0\n Al(OH)3(a) 0 0\n",
    "REACTION 6\n HCl 1\n 1e-4\n",
    "REACTION_TEMPERATURE 4\n 30\n",
    "REACTION_PRESSURE 4\n 50\n",
    "MIX 5\n 4 0.4\n 5 0.6\n",
    "EXCHANGE 3\n X 0.01\n -equilibrate 1\n",
    "GAS_PHASE 6\n -fixed_pressure\n CO2(g) 0.01\n N2(g) 0.8\n",
};

START_TEST(water_at_rest_is_as_when_it_is_worked_out)
{
    if (!t_has_shared("columns"))
        return;
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_pq_database_read(ctx, SEI_SHARED_DIR "/thermo/wateq4f.dat", &database));
    sei_pq_result *rests = run(others[_i], 12), *each = run(others[_i], 1);
    for (size_t cell = 1; cell <= CELLS; cell++)
        for (size_t k = 0; k < rests->tables[0]->n_columns; k++)
            T_NEAR(value(rests, cell, k), value(each, cell, k),
                   1e-8 * fabs(value(each, cell, k)) + 1e-13);
    sei_pq_result_free(ctx, rests);
    sei_pq_result_free(ctx, each);
    sei_pq_database_free(database);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_rest");
    TCase *tcase = tcase_create("cells");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, water_at_rest_is_as_when_it_is_worked_out, 0, T_COUNT(others));
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
