/* test_chem_reference.c - speciation against PHREEQC's own numbers, water by water */
#include "chem_csv.h"
#include "seiryu/chem.h"

static sei_ctx       *ctx;
static sei_db        *db;
static sei_speciator *speciator;

static void open_database(const char *path)
{
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, path, &db));
    T_OK(ctx, sei_speciator_create(ctx, db, &speciator));
}

static void close_database(void)
{
    sei_speciator_free(speciator);
    sei_db_free(db);
    sei_ctx_free(ctx);
}

/* Row of a table of waters: temp, pH, pe and totals in mg/L; empty and 0 are left out. */
static void solve_row(const csv *waters, size_t row)
{
    sei_analyte  analytes[SEI_ANALYTES_MAX];
    sei_analysis a = sei_analysis_default();

    for (size_t c = 1; c < waters->n_columns; c++) {
        const double v = waters->value[row][c];
        if (strcmp(waters->header[c], "temp") == 0)
            a.temp_c = v;
        else if (strcmp(waters->header[c], "pH") == 0)
            a.ph = v;
        else if (strcmp(waters->header[c], "pe") == 0)
            a.pe = v;
        else if (v > 0.0)
            analytes[a.n++] = (sei_analyte){waters->header[c], v, NULL};
    }
    a.analytes = analytes;
    T_OK(ctx, sei_speciator_solve(speciator, &a, 0, NULL));
}

/* Tolerances as the reference folders ask for them. */
static double misfit(const sei_word *word, double value, double expected)
{
    switch (word->kind) {
    case SEI_WORD_PH: return fabs(value - expected) / 0.001;
    case SEI_WORD_M: return expected > 0.0 ? fabs(log10(value / expected)) / 0.002 : value / 1e-20;
    case SEI_WORD_LA: return fabs(value - expected) / 0.002;
    case SEI_WORD_SI: return fabs(value - expected) / 0.005;
    case SEI_WORD_CHARGE: return fabs(value - expected) / (1e-4 * fabs(expected) + 1e-9);
    default: return fabs(value - expected) / (1e-4 * fabs(expected) + 1e-9);
    }
}

/* "m_Fe+2(mol/kgw)" and "si_Gypsum" of PHREEQC's selected output as our words. */
static void word_of_header(const char *header, char word[CSV_WORD_MAX + 8])
{
    const char *unit = strstr(header, "(mol/kgw)");

    if (strncmp(header, "m_", 2) == 0)
        snprintf(word, CSV_WORD_MAX + 8, "m(%.*s)", (int)(unit - header - 2), header + 2);
    else if (strncmp(header, "si_", 3) == 0)
        snprintf(word, CSV_WORD_MAX + 8, "SI(%s)", header + 3);
    else if (strcmp(header, "charge(eq)") == 0)
        snprintf(word, CSV_WORD_MAX + 8, "charge");
    else
        snprintf(word, CSV_WORD_MAX + 8, "%s", header);
}

static size_t compare(const csv *waters, const csv *expected)
{
    size_t   n_compared = 0, at = 0;
    double   worst      = 0.0;
    char     where[200] = "";
    sei_word words[CSV_COLUMNS_MAX];
    char     text[CSV_COLUMNS_MAX][CSV_WORD_MAX + 8];

    ck_assert_uint_eq(waters->n_rows, expected->n_rows);
    for (size_t c = 0; c < expected->n_columns; c++) {
        word_of_header(expected->header[c], text[c]);
        if (strcmp(text[c], "name") == 0)
            at = 1;
        else
            T_OK(ctx, sei_word_parse(ctx, db, text[c], strlen(text[c]), &words[c]));
    }
    for (size_t row = 0; row < waters->n_rows; row++) {
        solve_row(waters, row);
        for (size_t c = at; c < expected->n_columns; c++) {
            const double e = expected->value[row][c];
            double       v;
            /* PHREEQC writes -999.999 and 0 for what the database or the water lacks */
            if (isnan(e) || e == -999.999 || !words[c].is_known ||
                (words[c].kind == SEI_WORD_M && e < 1e-20))
                continue;
            ck_assert_msg(sei_speciator_value(speciator, &words[c], &v), "%s: %s has no value",
                          waters->first[row], text[c]);
            const double m = misfit(&words[c], v, e);
            n_compared++;
            if (!(m <= worst)) {
                worst = m;
                snprintf(where, sizeof where, "%s %s: %.12g, PHREEQC %.12g", waters->first[row],
                         text[c], v, e);
            }
        }
    }
    ck_assert_msg(worst <= 1.0, "%s (%.3g times the tolerance)", where, worst);
    printf("%zu numbers agree; worst %.2g of the tolerance, %s\n", n_compared, worst, where);
    return n_compared;
}

static const char *const reference_db[] = {"phreeqc", "wateq4f", "minteq.v4"};

START_TEST(reference_waters_agree_with_phreeqc)
{
    char path[600];

    if (!t_has_shared("reference_waters_agree_with_phreeqc"))
        return;
    snprintf(path, sizeof path, "%s/thermo/%s.dat", SEI_SHARED_DIR, reference_db[_i]);
    open_database(path);
    csv *waters = csv_read(SEI_SHARED_DIR "/reference/speciation/waters.csv");
    snprintf(path, sizeof path, "%s/reference/speciation/%s.csv", SEI_SHARED_DIR, reference_db[_i]);
    csv *expected = csv_read(path);
    ck_assert_uint_eq(waters->n_rows, 120);
    ck_assert_uint_ge(compare(waters, expected), 120 * 25);
    free(waters);
    free(expected);
    close_database();
}
END_TEST

START_TEST(mine_waters_agree_with_phreeqc)
{
    open_database(SEI_PROJECT_DIR "/data/thermo/minewater.dat");
    csv *waters   = csv_read(SEI_TEST_DIR "/refs/minewater/waters-subset.csv");
    csv *expected = csv_read(SEI_TEST_DIR "/refs/minewater/phreeqc.csv");
    ck_assert_uint_eq(waters->n_rows, 30);
    ck_assert_uint_ge(compare(waters, expected), 1500);
    free(waters);
    free(expected);
    close_database();
}
END_TEST

START_TEST(llnl_activities_agree_with_phreeqc)
{
    open_database(SEI_TEST_DIR "/refs/llnl/small.dat");
    csv *waters   = csv_read(SEI_TEST_DIR "/refs/llnl/waters.csv");
    csv *expected = csv_read(SEI_TEST_DIR "/refs/llnl/phreeqc.csv");
    ck_assert_uint_eq(waters->n_rows, 7);
    ck_assert_uint_ge(compare(waters, expected), 130);
    free(waters);
    free(expected);
    close_database();
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_reference");
    TCase *tcase = tcase_create("phreeqc");

    tcase_set_timeout(tcase, 120.0);
    tcase_add_loop_test(tcase, reference_waters_agree_with_phreeqc, 0, T_COUNT(reference_db));
    tcase_add_test(tcase, mine_waters_agree_with_phreeqc);
    tcase_add_test(tcase, llnl_activities_agree_with_phreeqc);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
