/*
 * test_batch_react.c - waters that react, many at once: the numbers of PHREEQC inputs run one at a time, the same bits on
 * any number of threads, a status for each water that cannot be
 */
#include <stdio.h>
#include <stdlib.h>

#include "base/file.h"
#include "chem_random.h"
#include "phreeqc/run.h"
#include "seiryu/batch.h"
#include "t.h"

enum { WATERS = 60, COMPONENTS = 9, PHASES = 4, SITES = 3, WORDS = 6, TEXT_BYTES = 1 << 17 };

static const char *const components[COMPONENTS] = {"Fe(2)", "Fe(3)", "Zn", "Al",  "Ca",
                                                   "Mg",    "Na",    "Cl", "S(6)"};
static const char *const phases[PHASES]         = {"Fe(OH)3(a)", "Calcite", "O2(g)", "CO2(g)"};
static const double      target_si[PHASES]      = {0.0, 0.0, -0.68, -2.5};
static const char *const sites[SITES]           = {"X", "Hfo_w", "Hfo_s"};
static const char *const words[WORDS]           = {"pH", "tot(Zn)",       "la(Ca+2)",
                                                   "mu", "n(Fe(OH)3(a))", "SI(Gypsum)"};

typedef struct {
    double temp_c[WATERS], ph[WATERS], pe[WATERS], total[COMPONENTS][WATERS], mol[PHASES][WATERS],
        site[SITES][WATERS], area_m2[WATERS], value[WORDS][WATERS];
    sei_status status[WATERS];
} columns;

static sei_ctx *ctx;
static sei_db  *db;
static char    *text;
static size_t   text_len;
static columns *cols;

static void set_up(void)
{
    const char *path = SEI_SHARED_DIR "/thermo/wateq4f.dat";
    rnd         r    = {20261126};

    ctx  = sei_ctx_create(NULL);
    cols = calloc(1, sizeof *cols);
    ck_assert_ptr_nonnull(cols);
    T_OK(ctx, sei_db_read(ctx, path, &db));
    T_OK(ctx, sei_file_read(ctx, path, SEI_DB_BYTES_MAX, &text, &text_len));
    for (size_t i = 0; i < WATERS; i++) {
        cols->temp_c[i] = rnd_range(&r, 5.0, 25.0);
        cols->ph[i]     = rnd_range(&r, 2.8, 6.0);
        cols->pe[i]     = 10.0;
        for (size_t j = 0; j < COMPONENTS; j++)
            cols->total[j][i] = pow(10.0, rnd_range(&r, -5.0, -2.3));
        cols->mol[0][i]  = i % 2 ? 1e-3 : 0.0;
        cols->mol[1][i]  = i % 3 ? 1e-2 : 1e-5; /* plenty, or used up */
        cols->mol[2][i]  = 10.0;
        cols->mol[3][i]  = 10.0;
        cols->site[0][i] = i % 4 ? 1e-3 : 0.0;
        cols->site[1][i] = 2e-4;
        cols->site[2][i] = 5e-6;
        cols->area_m2[i] = 53.4;
    }
}

static void tear_down(void)
{
    free(cols);
    sei_release(ctx, text);
    sei_db_free(db);
    sei_ctx_free(ctx);
}

static size_t solve(size_t threads, columns *c, char error[300])
{
    const double          *totals[COMPONENTS], *mol[PHASES], *site[SITES];
    double                *values[WORDS];
    sei_react_batch       *batch = NULL;
    sei_batch_results      r     = {.status = c->status, .value = values};
    sei_react_batch_waters w     = {.water     = {WATERS, c->temp_c, c->ph, c->pe, totals},
                                    .phase_mol = mol,
                                    .site_mol  = site,
                                    .area_m2   = c->area_m2};

    for (size_t j = 0; j < COMPONENTS; j++)
        totals[j] = c->total[j];
    for (size_t k = 0; k < PHASES; k++)
        mol[k] = c->mol[k];
    for (size_t k = 0; k < SITES; k++)
        site[k] = c->site[k];
    for (size_t k = 0; k < WORDS; k++)
        values[k] = c->value[k];
    T_OK(ctx, sei_react_batch_create(ctx,
                                     &(sei_react_batch_spec){.db           = db,
                                                             .sorption     = text,
                                                             .sorption_len = text_len,
                                                             .n_components = COMPONENTS,
                                                             .components   = components,
                                                             .n_phases     = PHASES,
                                                             .phases       = phases,
                                                             .target_si    = target_si,
                                                             .n_sites      = SITES,
                                                             .sites        = sites,
                                                             .n_words      = WORDS,
                                                             .words        = words,
                                                             .threads      = threads},
                                     &batch));
    ck_assert_uint_eq(sei_react_batch_threads(batch), threads);
    T_OK(ctx, sei_react_batch_solve(batch, &w, &r));
    snprintf(error, 300, "%s", sei_react_batch_error(batch));
    sei_react_batch_free(batch);
    return r.n_failed;
}

/* ---- beside the front end ---- */

static size_t write_water(char *out, size_t room, const columns *c, size_t i)
{
    size_t at = (size_t)snprintf(out, room,
                                 "SOLUTION 1\n temp %.17g\n pH %.17g\n pe %.17g\n units mol/kgw\n",
                                 c->temp_c[i], c->ph[i], c->pe[i]);

    for (size_t j = 0; j < COMPONENTS; j++)
        at += (size_t)snprintf(out + at, room - at, " %s %.17g\n", components[j], c->total[j][i]);
    if (c->site[0][i] > 0.0)
        at += (size_t)snprintf(out + at, room - at, "EXCHANGE 1\n X %.17g\n -equilibrate 1\n",
                               c->site[0][i]);
    at += (size_t)snprintf(out + at, room - at,
                           "SURFACE 1\n Hfo_wOH %.17g 600 0.089\n Hfo_sOH %.17g\n -equilibrate 1\n"
                           "EQUILIBRIUM_PHASES 1\n",
                           c->site[1][i], c->site[2][i]);
    for (size_t k = 0; k < PHASES; k++)
        at += (size_t)snprintf(out + at, room - at, " %s %.17g %.17g\n", phases[k], target_si[k],
                               c->mol[k][i]);
    at += (size_t)snprintf(out + at, room - at, "END\nDELETE\n -all\nEND\n");
    ck_assert_uint_lt(at, room);
    return at;
}

/* pH, Zn, la(Ca+2), mu, Fe(OH)3(a), SI of gypsum after the reaction of each water: rows of state react. */
static sei_pq_result *run_front_end(const columns *c)
{
    char            *input_text = malloc(TEXT_BYTES);
    sei_pq_input    *input      = NULL;
    sei_pq_database *database   = NULL;
    sei_pq_result   *result     = NULL;
    ck_assert_ptr_nonnull(input_text);
    size_t at = (size_t)snprintf(
        input_text, TEXT_BYTES,
        "SELECTED_OUTPUT\n -reset false\n -state\n -pH\n -totals Zn\n -activities Ca+2\n"
        " -ionic_strength\n -equilibrium_phases Fe(OH)3(a)\n -saturation_indices Gypsum\n");

    for (size_t i = 0; i < WATERS; i++)
        at += write_water(input_text + at, TEXT_BYTES - at, c, i);
    T_OK(ctx, sei_pq_parse(ctx, "waters", input_text, at, &input));
    T_OK(ctx, sei_pq_database_read(ctx, SEI_SHARED_DIR "/thermo/wateq4f.dat", &database));
    T_OK(ctx, sei_pq_run_with(ctx, input, database, &result));
    sei_pq_database_free(database);
    sei_pq_free(input);
    free(input_text);
    return result;
}

static size_t column_of(const sei_pq_table *t, const char *start)
{
    for (size_t k = 0; k < t->n_columns; k++)
        if (strncmp(t->columns[k].heading, start, strlen(start)) == 0)
            return k;
    ck_abort_msg("no column %s", start);
    return 0;
}

START_TEST(the_same_numbers_as_one_at_a_time)
{
    static const char *const heading[WORDS] = {"pH", "Zn",         "la_Ca+2",
                                               "mu", "Fe(OH)3(a)", "si_Gypsum"};
    char                     error[300];

    if (!t_has_shared("batches that react"))
        return;
    set_up();
    ck_assert_msg(solve(1, cols, error) == 0, "%s", error);
    sei_pq_result      *result = run_front_end(cols);
    const sei_pq_table *t      = result->tables[0];
    size_t              i      = 0;
    for (size_t row = 0; row < t->n_rows; row++) {
        const sei_pq_cell *cells = &t->cells[row * t->n_columns];
        if (!cells[0].text || strcmp(cells[0].text, "react") != 0)
            continue;
        for (size_t k = 0; k < WORDS; k++) {
            const double wanted = cells[column_of(t, heading[k])].number, got = cols->value[k][i];
            ck_assert_msg(fabs(got - wanted) <= 1e-10 * fmax(1e-3, fabs(wanted)),
                          "water %zu, %s: %.17g, one at a time %.17g", i, words[k], got, wanted);
        }
        i++;
    }
    ck_assert_uint_eq(i, WATERS);
    sei_pq_result_free(ctx, result);
    tear_down();
}
END_TEST

START_TEST(threads_and_neighbours_change_no_bit)
{
    char error[300];

    if (!t_has_shared("batches that react"))
        return;
    set_up();
    columns *other = malloc(sizeof *other);
    ck_assert_ptr_nonnull(other);
    *other            = *cols;
    other->ph[7]      = 99.0;
    other->mol[1][30] = -1.0;
    ck_assert_uint_eq(solve(1, cols, error), 0);
    ck_assert_uint_eq(solve(3, other, error), 2);
    ck_assert_str_eq(error, "water 7: pH 99 is outside -3..17");
    for (size_t i = 0; i < WATERS; i++) {
        const bool bad = i == 7 || i == 30;
        ck_assert_int_eq(other->status[i], bad ? SEI_E_RANGE : SEI_OK);
        for (size_t k = 0; k < WORDS && !bad; k++)
            ck_assert_mem_eq(&other->value[k][i], &cols->value[k][i], sizeof(double));
    }
    free(other);
    tear_down();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("batch_react");
    TCase *tcase = tcase_create("waters");

    tcase_set_timeout(tcase, 120);
    tcase_add_test(tcase, the_same_numbers_as_one_at_a_time);
    tcase_add_test(tcase, threads_and_neighbours_change_no_bit);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
