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
        *equal    = '\0';
        phases[n] = (sei_equilibrium){part, strtod(equal + 1, NULL),
                                      colon ? strtod(colon + 1, NULL) : HUGE_VAL};
        part      = next;
    }
    return n;
}

static double value_of(const char *text)
{
    sei_word word;
    double   v = nan("");

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
            ck_assert_msg(fabs(off) <= 1e-4 * fabs(e) + 1e-9, "%s %s: %.9g, PHREEQC %.9g", water,
                          word, value_of(word) - held, e);
            continue;
        }
        const double v         = value_of(header);
        const double tolerance = strcmp(header, "pH") == 0 ? 0.001 : 1e-4 * fabs(e) + 1e-9;
        const bool   ok        = header[0] == 'm' && header[1] == '('
                                     ? e < 1e-20 || fabs(log10(v / e)) <= 0.002
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

/* --- by first principles ----------------------------------------------------------------------------- */

enum { NETWORKS = 60, WATERS = 30, PHASES = 5 };

static const char *const pool[] = {"Fe(2)", "Fe(3)", "S(6)", "S(-2)", "C(4)", "Zn",
                                   "Cd",    "Pb",    "Al",   "Ca",    "Mg",   "Mn(2)",
                                   "Na",    "K",     "Cl",   "Si",    "F"};

typedef struct {
    size_t n, failed;
    double balance, condition;
} tally;

/* Up to PHASES different ones; gases may be endless. */
static size_t draw_phases(rnd *r, const sei_net *net, sei_phase_target targets[])
{
    size_t n = 1 + (size_t)(rnd_unit(r) * PHASES);

    if (n > net->n_phases)
        n = net->n_phases;
    for (size_t k = 0; k < n; k++) {
        bool again = true;
        while (again) {
            targets[k].phase = (size_t)(rnd_unit(r) * (double)net->n_phases);
            again            = false;
            for (size_t i = 0; i < k; i++)
                again = again || targets[i].phase == targets[k].phase;
        }
        const bool gas = strstr(net->phases[targets[k].phase].name, "(g)") != NULL;
        targets[k].si  = gas                 ? rnd_range(r, -4.0, -1.0)
                         : rnd_unit(r) < 0.7 ? 0.0
                                             : rnd_range(r, -1.0, 2.0);
        targets[k].mol = rnd_unit(r) < 0.5 ? 0.0 : exp(rnd_range(r, log(1e-6), log(0.1)));
        if (gas && rnd_unit(r) < 0.2)
            targets[k].mol = HUGE_VAL;
    }
    return n;
}

/* Nothing lost, nothing above its target, nothing held that is below it. */
static void check_equilibrium(const sei_equil *eq, const double before[], size_t n,
                              const sei_phase_target targets[], const sei_phase_result *result,
                              tally *t)
{
    for (size_t j = 0; j < eq->net->n_comp; j++) {
        double in = before[j], out = result->water_kg * eq->total[j];
        double scale = fabs(in) + fabs(out);
        for (size_t k = 0; k < n; k++) {
            const double nu   = eq->net->phases[targets[k].phase].nu[j];
            const double held = isinf(targets[k].mol) ? 0.0 : targets[k].mol;
            in += nu * held;
            out += nu * result->mol[k];
            scale += fabs(nu) * (held + fabs(result->mol[k]));
        }
        t->balance = fmax(t->balance, fabs(in - out) / scale);
    }
    for (size_t k = 0; k < n; k++) {
        const double over = sei_equil_si(eq, targets[k].phase) - targets[k].si;
        const bool   held = isinf(targets[k].mol) || result->mol[k] > 0.0;
        ck_assert(isinf(targets[k].mol) || result->mol[k] >= 0.0);
        t->condition = fmax(t->condition, held ? fabs(over) : over);
    }
}

static void run_network(rnd *r, tally *t)
{
    const char  *names[T_COUNT(pool)];
    const double share = rnd_range(r, 0.4, 0.95);
    size_t       n     = 0;
    sei_net     *net   = NULL;
    sei_equil   *eq    = NULL;

    for (size_t i = 0; i < T_COUNT(pool); i++)
        if (rnd_unit(r) < share || i == 9)
            names[n++] = pool[i];
    const sei_net_spec spec = {.n_components = n, .components = names};
    T_OK(ctx, sei_net_create(ctx, db, &spec, &net));
    T_OK(ctx, sei_equil_create(ctx, net, &eq));
    for (size_t i = 0; i < WATERS && net->n_phases; i++) {
        double           total[SEI_COMPONENTS_MAX], before[SEI_COMPONENTS_MAX];
        sei_phase_target targets[PHASES + 1];
        sei_phase_result result;
        const sei_water  w = rnd_water(r, net->n_comp, total);
        for (size_t j = 0; j + 1 < net->n_comp; j++)
            total[j] = exp(rnd_range(r, log(1e-6), log(0.1)));
        T_OK(ctx, sei_equil_solve(ctx, eq, &w, NULL));
        memcpy(before, eq->total, net->n_comp * sizeof *before);
        const size_t n_phases = draw_phases(r, net, targets);
        t->n++;
        if (sei_phases_solve(ctx, eq, n_phases, targets, &result) == SEI_OK)
            check_equilibrium(eq, before, n_phases, targets, &result, t);
        else
            t->failed++;
    }
    sei_equil_free(eq);
    sei_net_free(net);
}

START_TEST(random_phases_keep_balance_and_conditions)
{
    rnd   r = {777};
    tally t = {0};

    for (size_t k = 0; k < NETWORKS; k++)
        run_network(&r, &t);
    printf("%zu of %zu failed; worst balance %.1e, worst condition %.1e in SI\n", t.failed, t.n,
           t.balance, t.condition);
    ck_assert_uint_eq(t.n, NETWORKS * WATERS);
    ck_assert_msg((double)t.failed <= 0.005 * (double)t.n, "%zu of %zu failed", t.failed, t.n);
    ck_assert_double_le(t.balance, 1e-10);
    ck_assert_double_le(t.condition, 1e-9);
}
END_TEST

/* --- what is refused --------------------------------------------------------------------------------- */

static void expect_failure(sei_status status, size_t n, const sei_equilibrium phases[],
                           const char *message)
{
    const sei_analyte analytes[] = {{"Ca", 100.0, NULL}, {"Fe(2)", 1.0, NULL}, {"Si", 20.0, NULL}};
    sei_analysis      a          = sei_analysis_default();
    sei_word          word;
    double            v;

    a.n        = T_COUNT(analytes);
    a.analytes = analytes;
    T_STATUS(ctx, sei_speciator_solve(speciator, &a, n, phases), status);
    ck_assert_str_eq(sei_ctx_error(ctx), message);
    T_OK(ctx, sei_word_parse(ctx, db, "pH", 2, &word));
    ck_assert(!sei_speciator_value(speciator, &word, &v)); /* no solution is left to read */
}

START_TEST(impossible_phases_are_refused)
{
    expect_failure(SEI_E_NOT_FOUND, 1, (sei_equilibrium[]){{"Unobtainium", 0.0, 0.0}},
                   "database " SEI_PROJECT_DIR
                   "/data/thermo/minewater.dat has no phase \"Unobtainium\"");
    expect_failure(
        SEI_E_RANGE, 1, (sei_equilibrium[]){{"Calcite", 0.0, -1.0}},
        "phase Calcite: saturation index 0 and amount -1 must be numbers, the amount not below 0");
    expect_failure(SEI_E_NOT_CONVERGED, 2,
                   (sei_equilibrium[]){{"Chalcedony", 0.0, HUGE_VAL}, {"Quartz", 0.0, 0.0}},
                   "phase Chalcedony cannot be held at its target together with the others");
    expect_failure(SEI_E_DUPLICATE, 2,
                   (sei_equilibrium[]){{"Calcite", 0.0, 1.0}, {"calcite", 0.5, 0.0}},
                   "phase calcite is given twice");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_phases");
    TCase *tcase = tcase_create("phases");

    tcase_set_timeout(tcase, 120.0);
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, phases_agree_with_phreeqc);
    tcase_add_test(tcase, random_phases_keep_balance_and_conditions);
    tcase_add_test(tcase, impossible_phases_are_refused);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
