/*
 * test_phreeqc_dump.c - what PHREEQC dumped is read, what is dumped here PHREEQC reads: both go on to PHREEQC's numbers
 *
 * tests/refs/phreeqc-dump/make.py tells how its files were made.
 */
#include "base/file.h"
#include "base/number.h"
#include "phreeqc/run.h"
#include "phreeqc_table.h"

#define DATABASE SEI_SHARED_DIR "/thermo/wateq4f.dat"
#define FOLDER   SEI_TEST_DIR "/refs/phreeqc-dump/"

enum { NAME_BYTES = 100, COLUMNS = 100 };

/* PHREEQC's gas constant is 2.8e-5 larger than CODATA's: so are the volume and the pressure of its gases of so many moles. */
static double allowed(const char *name, double want)
{
    const bool is_of_gas = strcmp(name, "volume") == 0 || strcmp(name, "pressure") == 0;

    return (is_of_gas ? 3e-5 : 1e-6) * fmax(fabs(want), 1e-9);
}

static void compare(const char *file, const sei_pq_table *t, const char *text, size_t len)
{
    sei_slice rest = {text, len}, line, heading[COLUMNS];
    size_t    n = 0, row = 0;

    ck_assert(sei_next_line(&rest, &line));
    while (line.len && n < COLUMNS)
        heading[n++] = next_cell(&line);
    for (; sei_next_line(&rest, &line); row++) {
        ck_assert_msg(row < t->n_rows, "%s: PHREEQC has more than %zu rows", file, t->n_rows);
        for (size_t c = 0; c < n; c++) {
            const sei_slice cell = next_cell(&line);
            char            name[NAME_BYTES];
            double          want;
            snprintf(name, sizeof name, "%.*s", (int)heading[c].len, heading[c].at);
            ck_assert(sei_parse_double(cell.at, cell.len, &want));
            const double got = value(t, row, name);
            ck_assert_msg(fabs(got - want) <= allowed(name, want),
                          "%s row %zu: %s = %.12g, PHREEQC %.12g", file, row + 1, name, got, want);
        }
    }
    ck_assert_uint_eq(row, t->n_rows);
}

static sei_pq_result *run_file(sei_ctx *ctx, const char *name)
{
    char           path[1000];
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;

    snprintf(path, sizeof path, FOLDER "%s.pqi", name);
    T_OK(ctx, sei_pq_read(ctx, path, &input));
    T_OK(ctx, sei_pq_run(ctx, input, DATABASE, &result));
    sei_pq_free(input);
    return result;
}

static const char *const sources[] = {"from-phreeqc", "from-seiryu"};

START_TEST(a_dumped_state_goes_on_as_in_phreeqc)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    char     path[1000], *text = NULL;
    size_t   len = 0;

    if (t_has_shared("a_dumped_state_goes_on_as_in_phreeqc")) {
        sei_pq_result *result = run_file(ctx, sources[_i]);
        snprintf(path, sizeof path, FOLDER "%s.tsv", sources[_i]);
        T_OK(ctx, sei_file_read(ctx, path, 1 << 20, &text, &len));
        ck_assert_uint_eq(result->n_tables, 1);
        compare(sources[_i], result->tables[0], text, len);
        sei_pq_result_free(ctx, result);
    }
    sei_release(ctx, text);
    sei_ctx_free(ctx);
}
END_TEST

/* Word by word, numbers to 1e-6 (traces and the charge of a neutral water to 1e-13): that is the text that PHREEQC has read. */
static void compare_text(sei_slice got, sei_slice want)
{
    sei_slice a, b;

    for (size_t i = 0;; i++) {
        const bool is_there = sei_next_word(&got, &a);
        ck_assert(is_there == sei_next_word(&want, &b));
        double x, y;
        if (!is_there)
            return;
        if (sei_parse_double(a.at, a.len, &x) && sei_parse_double(b.at, b.len, &y))
            ck_assert_msg(fabs(x - y) <= 1e-6 * fabs(y) + 1e-13, "word %zu: %.17g, not %.17g", i, x,
                          y);
        else
            ck_assert_msg(a.len == b.len && memcmp(a.at, b.at, a.len) == 0,
                          "word %zu: \"%.*s\", not \"%.*s\"", i, (int)a.len, a.at, (int)b.len,
                          b.at);
    }
}

START_TEST(what_is_dumped_is_what_phreeqc_has_read)
{
    sei_ctx *ctx  = sei_ctx_create(NULL);
    char    *text = NULL;
    size_t   len  = 0;

    if (t_has_shared("what_is_dumped_is_what_phreeqc_has_read")) {
        sei_pq_result *result = run_file(ctx, "state");
        T_OK(ctx, sei_file_read(ctx, FOLDER "by-seiryu.dmp", 1 << 20, &text, &len));
        ck_assert_uint_eq(result->n_dumps, 1);
        ck_assert_str_eq(result->dumps[0].file, "state.dmp");
        compare_text((sei_slice){result->dumps[0].text, result->dumps[0].len},
                     (sei_slice){text, len});
        sei_pq_result_free(ctx, result);
    }
    sei_release(ctx, text);
    sei_ctx_free(ctx);
}
END_TEST

/* ------------------------------------------------------------------ files */

static sei_status run_text(sei_ctx *ctx, const char *text, sei_pq_result **ret_result)
{
    sei_pq_input *input = NULL;
    sei_status    st    = sei_pq_parse(ctx, "d.pqi", text, strlen(text), &input);

    if (st == SEI_OK)
        st = sei_pq_run(ctx, input, DATABASE, ret_result);
    sei_pq_free(input);
    return st;
}

static size_t count(const char *text, const char *word)
{
    size_t n = 0;

    for (; (text = strstr(text, word)) != NULL; text++)
        n++;
    return n;
}

START_TEST(dumps_follow_or_replace_each_other_in_their_files)
{
    sei_ctx       *ctx    = sei_ctx_create(NULL);
    sei_pq_result *result = NULL;

    if (t_has_shared("dumps_follow_or_replace_each_other_in_their_files")) {
        T_OK(ctx,
             run_text(ctx,
                      "SOLUTION 1-5\nEND\n"
                      "EQUILIBRIUM_PHASES 3\n Calcite 0 1\nDUMP\n -file a\n -solution 1-2 4\nEND\n"
                      "DUMP\n -append true\n -file a\n -cells 3\nDELETE\n -cells 3\nEND\n"
                      "DUMP\n -all\nEND\nDUMP\n -solution 2\nEND\n",
                      &result));
        ck_assert_uint_eq(result->n_dumps, 2);
        ck_assert_str_eq(result->dumps[0].file, "a");
        ck_assert_uint_eq(count(result->dumps[0].text, "SOLUTION_RAW"), 4);
        ck_assert_uint_eq(count(result->dumps[0].text, "SOLUTION_RAW 5"), 0);
        ck_assert_uint_eq(count(result->dumps[0].text, "EQUILIBRIUM_PHASES_RAW 3"), 1);
        ck_assert_str_eq(result->dumps[1].file, "dump.out");
        ck_assert_uint_eq(count(result->dumps[1].text, "SOLUTION_RAW"), 1);
        sei_pq_result_free(ctx, result);
    }
    sei_ctx_free(ctx);
}
END_TEST

/* A column that is dumped after some shifts and goes on from there is one that was never stopped. */
#define COLUMN \
    "EQUILIBRIUM_PHASES 1-4\n Calcite 0 1e-4\nEXCHANGE 1-4\n X 0.01\n -equilibrate 1\nEND\n"
#define WATERS                                                                                 \
    "SOLUTION 0\n pH 4\n Ca 0.1\n Cl 0.5 charge\n Na 0.2\nSOLUTION 1-4\n pH 7\n Ca 1\n Na 5\n" \
    " C 2\n Cl 5 charge\nEND\n"
#define PUNCHED "SELECTED_OUTPUT\n -reset false\n -high_precision\n -pH\n -totals Ca Na\n"
#define MOVE    "TRANSPORT\n -cells 4\n -lengths 1\n -dispersivities 0.2\n -time_step 1000\n"

START_TEST(a_column_goes_on_from_its_dump)
{
    enum { TEXT_BYTES = 200000, CELLS = 4 };
    sei_ctx       *ctx   = sei_ctx_create(NULL);
    sei_pq_result *whole = NULL, *half = NULL, *rest = NULL;
    char          *text = malloc(TEXT_BYTES);

    if (t_has_shared("a_column_goes_on_from_its_dump")) {
        T_OK(ctx, run_text(ctx, WATERS COLUMN PUNCHED MOVE " -shifts 6\n", &whole));
        T_OK(ctx,
             run_text(ctx, WATERS COLUMN MOVE " -shifts 5\n -dump column.dmp\n -dump_frequency 4\n",
                      &half));
        ck_assert_uint_eq(half->n_dumps, 1);
        ck_assert_str_eq(half->dumps[0].file, "column.dmp");
        snprintf(text, TEXT_BYTES, "%sEND\n" PUNCHED MOVE " -shifts 2\n", half->dumps[0].text);
        T_OK(ctx, run_text(ctx, text, &rest));
        const sei_pq_table *a = whole->tables[whole->n_tables - 1],
                           *b = rest->tables[rest->n_tables - 1];
        for (size_t row = 1; row <= 2 * CELLS; row++)
            for (size_t c = 0; c < a->n_columns; c++) {
                const double x = a->cells[(a->n_rows - row) * a->n_columns + c].number,
                             y = b->cells[(b->n_rows - row) * b->n_columns + c].number;
                ck_assert_msg(fabs(x - y) <= 1e-6 * fabs(x),
                              "row %zu of the last: %.10g, not %.10g", row, y, x);
            }
    }
    sei_pq_result_free(ctx, whole);
    sei_pq_result_free(ctx, half);
    sei_pq_result_free(ctx, rest);
    free(text);
    sei_ctx_free(ctx);
}
END_TEST

/* ------------------------------------------------------------------ what is not right */

#define WATER "SOLUTION 1\nSURFACE 1\n Hfo_w 1e-3 600 1\n Hfo_s 1e-4\nEND\n"

static const struct {
    const char *text, *message;
} bad[] = {
    {"SOLUTION_RAW 1\n -total_h 1\n -total_o 0\n",
     "d.pqi:1: SOLUTION_RAW: there is no water in 0 mol of O"},
    {"SOLUTION_RAW 1\n -totals\n  Na -1\n", "d.pqi:3: SOLUTION_RAW: Na: -1 mol is negative"},
    {"SOLUTION_RAW 1\n -totals\n  Qq 1\n", "d.pqi:3: SOLUTION_RAW: \"Qq\" is not in database "},
    {"SOLUTION_RAW 1\n -total_h 111\n -total_o 55.5\n -temp 900\n",
     "d.pqi:1: SOLUTION_RAW: temperature of 900 is outside -50..400"},
    {"SOLUTION_RAW 1\n -foo 1\n", "d.pqi:2: SOLUTION_RAW: unknown option -foo"},
    {"EXCHANGE_RAW 1\n -totals\n  X 1\n -phase_name Calcite\n",
     "d.pqi:4: EXCHANGE_RAW: -phase_name stands before the first -component"},
    {"EXCHANGE_RAW 1\n -component X\n  -phase_name Calcite\n  -phase_proportion -1\n",
     "d.pqi:2: EXCHANGE_RAW: X: a proportion of -1 to Calcite is negative"},
    {"GAS_PHASE_RAW 1\n -new_def 1\n -solution_equilibria 1\n",
     "d.pqi:3: GAS_PHASE_RAW: -solution_equilibria with -new_def is not supported: equilibrate "
     "with the keyword without its ending"},
    {"GAS_PHASE_RAW 1\n -component CO2(g)\n -moles -1\n",
     "d.pqi:3: GAS_PHASE_RAW: CO2(g): -1 is too little"},
    {"SURFACE_RAW 1\n -type 5\n", "d.pqi:2: SURFACE_RAW: -type 5 is not supported yet"},
    {"SURFACE_RAW 1\n -component Hfo_w\n", "d.pqi:2: SURFACE_RAW: Hfo_w has no -charge_name"},
    {WATER "SURFACE_MODIFY 1\n -component Hfo_w\n -totals\n  Zn 1e-5\n",
     "d.pqi:9: SURFACE_MODIFY: -totals of some kinds of sites alone are not supported: give those "
     "of Hfo_s too"},
    {"SOLID_SOLUTIONS_RAW 1\n -solid_solution a\n -input_case 12\n",
     "d.pqi:3: SOLID_SOLUTIONS_RAW: -input_case 12 is none of -1 to 9"},
    {"SOLID_SOLUTIONS_RAW 1\n -solid_solution a\n  -component Calcite\n -a0 1\n",
     "d.pqi:2: SOLID_SOLUTIONS_RAW: a: parameters of a binary with 1 end members"},
    {"KINETICS_RAW 1\n", "d.pqi:1: KINETICS_RAW: no time is given"},
    {"REACTION_RAW 1\n -reactant_list\n  NaCl 1\n -steps\n  1\n -units foo\n",
     "d.pqi:6: REACTION_RAW: \"foo\" is none of mol, mmol, umol"},
    {"REACTION_RAW 1\n -reactant_list\n  NaCl 1\n -steps\n  1 2\n -equal_increments 1\n"
     " -count_steps 4\n",
     "d.pqi:1: REACTION_RAW: with -equal_increments there must be 1 amount, not 2"},
    {"REACTION_TEMPERATURE_RAW 1\n -temps\n  20 1000\n",
     "d.pqi:1: REACTION_TEMPERATURE_RAW: 1000 is outside -50..400"},
    {"REACTION_PRESSURE_RAW 1\n -pressures\n  1 2\n -equal_increments 1\n -count 0\n",
     "d.pqi:5: REACTION_PRESSURE_RAW: 0 steps are not 1 to 100000"},
    {"MIX_RAW 1\n a 1\n", "d.pqi:2: MIX_RAW: \"a\" is no number of a solution"},
    {"MIX_RAW 1\n", "d.pqi:1: MIX_RAW: no solution with its fraction is given"},
    {"SOLUTION_MIX 1\n 7 1\n", "d.pqi:1: MIX: solution 7 is not defined"},
    {"EXCHANGE_MIX 1\n 7 1\n", "d.pqi:1: EXCHANGE_MIX: exchange 7 is not defined"},
    {"EXCHANGE 1\n X 1\nEXCHANGE_MIX 1\n 1 -1\n",
     "d.pqi:3: EXCHANGE_MIX: a share of -1 is negative"},
    {"EXCHANGE 1\n X Calcite equi 1\nEXCHANGE 2\n X 1\nEXCHANGE_MIX 1\n 1 1\n 2 1\n",
     "d.pqi:5: EXCHANGE_MIX: X of parts that are tied to different things"},
    {"SURFACE 1\n Hfo_w 1 1 1\nSURFACE 2\n Hfo_w 1 1 1\n -no_edl\nSURFACE_MIX 1\n 1 1\n 2 1\n",
     "d.pqi:6: SURFACE_MIX: surfaces with another double layer, or with none"},
    {"GAS_PHASE 1\n CO2(g) 1\nGAS_PHASE 2\n -fixed_volume\n CO2(g) 1\nGAS_PHASE_MIX 1\n 1 1\n 2 "
     "1\n",
     "d.pqi:6: GAS_PHASE_MIX: gas phases of fixed pressure and of fixed volume"},
    {"EQUILIBRIUM_PHASES 1\n Calcite 0 CaO\nEQUILIBRIUM_PHASES 2\n Calcite\n"
     "EQUILIBRIUM_PHASES_MIX 1\n 1 1\n 2 1\n",
     "d.pqi:5: EQUILIBRIUM_PHASES_MIX: Calcite with two alternative formulas"},
    {"DUMP\n -file\n", "d.pqi:2: DUMP: the name of a file is missing"},
};

START_TEST(what_is_wrong_in_a_dump_is_told)
{
    sei_ctx       *ctx    = sei_ctx_create(NULL);
    sei_pq_result *result = NULL;

    if (t_has_shared("what_is_wrong_in_a_dump_is_told")) {
        ck_assert_int_ne(run_text(ctx, bad[_i].text, &result), SEI_OK);
        ck_assert_msg(strstr(sei_ctx_error(ctx), bad[_i].message) == sei_ctx_error(ctx), "%s",
                      sei_ctx_error(ctx));
        sei_pq_result_free(ctx, result);
    }
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_dump");
    TCase *tcase = tcase_create("dump");

    tcase_set_timeout(tcase, 60);
    tcase_add_loop_test(tcase, a_dumped_state_goes_on_as_in_phreeqc, 0, (int)T_COUNT(sources));
    tcase_add_test(tcase, what_is_dumped_is_what_phreeqc_has_read);
    tcase_add_test(tcase, dumps_follow_or_replace_each_other_in_their_files);
    tcase_add_test(tcase, a_column_goes_on_from_its_dump);
    tcase_add_loop_test(tcase, what_is_wrong_in_a_dump_is_told, 0, (int)T_COUNT(bad));
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
