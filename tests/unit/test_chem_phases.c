/* test_chem_phases.c - equilibrium with solids and gases: PHREEQC's numbers, balances, conditions */
#include "chem/phases.h"
#include "chem_csv.h"
#include "chem_random.h"

static sei_ctx       *ctx;
static sei_db        *db;
static sei_speciator *speciator;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, SEI_PROJECT_DIR "/data/thermo/minewater.dat", &db));
    T_OK(ctx, sei_speciator_create(ctx, db, &speciator));
}

static void teardown(void)
{
    sei_speciator_free(speciator);
    sei_db_free(db);
    sei_ctx_free(ctx);
}

/* --- PHREEQC --------------------------------------------------------------------------------------- */

/* "Calcite=0;CO2(g)=-2:0.1" into phases; the text is cut up. */
static size_t read_phases(char *text, sei_equilibrium phases[])
{
    size_t n = 0;

    for (char *part = text; part; n++) {
        char *next = strchr(part, ';');
        if (next)
            *next++ = '\0';
        char *equal = strchr(part, '='), *colon = strchr(equal, ':');
        *equal      = '\0';
        phases[n]   = (sei_equilibrium){part, strtod(equal + 1, NULL), colon ? strtod(colon + 1, NULL) : INFINITY};
        part        = next;
    }
    return n;
}

static double value_of(const char *text)
{
    sei_word word;
    double   v = NAN;

    T_OK(ctx, sei_word_parse(ctx, db, text, strlen(text), &word));
    ck_assert_msg(sei_speciator_value(speciator, &word, &v), "%s has no value", text);
    return v;
}

static void compare_row(const csv *expected, size_t row, size_t n, const sei_equilibrium phases[])
{
    const char *water = expected->first[row];

    for (size_t c = 1; c < expected->n_columns; c++) {
        const char  *header = expected->header[c];
        const double e      = expected->value[row][c];
        if (strcmp(header, "water_kg") == 0 || isnan(e))
            continue;
        if (strncmp(header, "delta_", 6) == 0) {
            const size_t k = (size_t)strtol(header + 6, NULL, 10) - 1;
            char         word[64];
            ck_assert_uint_lt(k, n);
            snprintf(word, sizeof word, "n(%s)", phases[k].phase);
            const double held = isinf(phases[k].mol_kgw) ? 0.0 : phases[k].mol_kgw;
            const double off  = value_of(word) - held - e;
            ck_assert_msg(fabs(off) <= 1e-4 * fabs(e) + 1e-9, "%s %s: %.9g, PHREEQC %.9g", water, word,
                          value_of(word) - held, e);
            continue;
        }
        const double v = value_of(header);
        const double tolerance = strcmp(header, "pH") == 0 ? 0.001 : 1e-4 * fabs(e) + 1e-9;
        const bool   ok = header[0] == 'm' && header[1] == '(' ? e < 1e-20 || fabs(log10(v / e)) <= 0.002
                                                                : fabs(v - e) <= tolerance;
        ck_assert_msg(ok, "%s %s: %.12g, PHREEQC %.12g", water, header, v, e);
    }
}

START_TEST(phases_agree_with_phreeqc)
{
    csv *waters   = csv_read(SEI_TEST_DIR "/refs/phases/waters.csv");
    csv *expected = csv_read(SEI_TEST_DIR "/refs/phases/phreeqc.csv");

    ck_assert_uint_eq(waters->n_rows, 22);
    ck_assert_uint_eq(expected->n_rows, waters->n_rows);
    for (size_t row = 0; row < waters->n_rows; row++) {
        sei_analyte     analytes[SEI_ANALYTES_MAX];
        sei_equilibrium phases[SEI_PHASES_MAX];
        sei_analysis    a = sei_analysis_default();
        a.temp_c          = waters->value[row][1];
        a.ph              = waters->value[row][2];
        a.pe              = waters->value[row][3];
        a.analytes        = analytes;
        for (size_t c = 4; c + 1 < waters->n_columns; c++)
            if (waters->value[row][c] > 0.0)
                analytes[a.n++] = (sei_analyte){waters->header[c], waters->value[row][c], NULL};
        const size_t n = read_phases(waters->last[row], phases);
        T_OK(ctx, sei_speciator_solve(speciator, &a, n, phases));
        compare_row(expected, row, n, phases);
    }
    free(waters);
    free(expected);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_phases");
    TCase *tcase = tcase_create("phases");

    tcase_set_timeout(tcase, 120.0);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, phases_agree_with_phreeqc);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
