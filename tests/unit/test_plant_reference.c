/* test_plant_reference.c - units beside PHREEQC on the same database (tests/refs/plant) */
#include "plant_run.h"
#include "plant_table.h"

#define FOLDER SEI_PROJECT_DIR "/tests/refs/plant/"

enum { COMPONENTS = 11, FIRST = 3 };

static double wanted(const table *t, const char *name, double time_s, const char *quantity)
{
    for (size_t i = 1; i < t->n; i++)
        if (strcmp(t->lines[i].cell[0], name) == 0 && strcmp(t->lines[i].cell[2], quantity) == 0 &&
            fabs(strtod(t->lines[i].cell[1], NULL) - time_s) < 0.5)
            return strtod(t->lines[i].cell[3], NULL);
    ck_abort_msg("%s: no %s at %g s", name, quantity, time_s);
    return (double)NAN;
}

/* ---- a case ---- */

typedef struct {
    const table      *cases, *reference;
    const table_line *row;
    const char       *name, *kind;
    char              how[TABLE_TEXT];
    size_t            n_words;
    char             *word[TABLE_COLUMNS]; /* behind the kind */
    plant_run        *r;
} ref_case;

static void open_case(ref_case *rc, size_t i)
{
    char *save = NULL;

    rc->cases     = table_read(FOLDER "cases.csv");
    rc->reference = table_read(FOLDER "phreeqc.csv");
    ck_assert_uint_lt(i, rc->cases->n);
    rc->row  = &rc->cases->lines[i];
    rc->name = rc->row->cell[0];
    snprintf(rc->how, sizeof rc->how, "%s", rc->row->cell[FIRST + COMPONENTS]);
    rc->kind = strtok_r(rc->how, " ", &save);
    for (char *w = strtok_r(NULL, " ", &save); w; w = strtok_r(NULL, " ", &save))
        rc->word[rc->n_words++] = w;
}

static void close_case(ref_case *rc)
{
    run_close_all(rc->r);
    free((void *)(uintptr_t)rc->cases);
    free((void *)(uintptr_t)rc->reference);
}

/* Components that the water has, and the ones that the case brings. */
static plant_case *model_of(const ref_case *rc, size_t n_solids, const char *const solids[],
                            size_t n_laws, const sei_rate_law *const laws[])
{
    const char *names[COMPONENTS];
    size_t      n = 0;
    plant_case *c = case_open();

    for (size_t k = 0; k < COMPONENTS; k++)
        if (rc->row->cell[FIRST + k][0])
            names[n++] = rc->cases->lines[0].cell[FIRST + k];
    case_model(c, n, names, n_solids, solids, n_laws, laws);
    return c;
}

static void start(ref_case *rc, plant_case *c)
{
    const double temp_k = 273.15 + strtod(rc->row->cell[1], NULL);

    rc->r = run_open_at(c, temp_k);
    for (size_t k = 0; k < COMPONENTS; k++)
        if (rc->row->cell[FIRST + k][0])
            rc->r->total[run_component(rc->r, rc->cases->lines[0].cell[FIRST + k])] =
                strtod(rc->row->cell[FIRST + k], NULL);
    run_set_ph(rc->r, strtod(rc->row->cell[2], NULL), NULL);
    run_fill(rc->r);
}

static void check_water(const ref_case *rc, double time_s, size_t cell, double ph_tolerance,
                        double tolerance)
{
    const sei_cell_view v = run_view(rc->r, cell);

    T_NEAR(v.ph, wanted(rc->reference, rc->name, time_s, "ph"), ph_tolerance);
    T_CLOSE(v.alkalinity_eq_kgw, wanted(rc->reference, rc->name, time_s, "alkalinity"), tolerance);
    for (size_t k = 0; k < COMPONENTS; k++) {
        const char *name = rc->cases->lines[0].cell[FIRST + k];
        if (!rc->row->cell[FIRST + k][0])
            continue;
        const double want = wanted(rc->reference, rc->name, time_s, name);
        const double is   = run_total(rc->r, cell, name);
        ck_assert_msg(fabs(is - want) <= tolerance * want + 1e-9, "%s at %g s: %s %.8g, not %.8g",
                      rc->name, time_s, name, is, want);
    }
}

/* ---- doses ---- */

/* Laws fast enough that the tank stands at their equilibrium. */
static const struct {
    const char *solid, *law;
} fast[] = {{"Al(OH)3(a)", "al-hydroxide"},
            {"Ferrihydrite", "ferrihydrite"},
            {"Gypsum", "gypsum"},
            {"Zn(OH)2(a)", "hydroxide-zn"}};

static void dose(ref_case *rc)
{
    const char         *solids[T_COUNT(fast)];
    const sei_rate_law *laws[T_COUNT(fast)];
    sei_rate_override   changes[T_COUNT(fast)];
    const size_t        n = rc->n_words - 2;

    for (size_t i = 0; i < n; i++) {
        solids[i] = fast[i].solid;
        ck_assert_str_eq(solids[i], rc->word[2 + i]);
        laws[i]    = sei_rate_find(fast[i].law);
        changes[i] = (sei_rate_override){
            laws[i], sei_param_index(laws[i]->params, laws[i]->n_params, "k_1_h"), 1e4 / 3600.0};
    }
    plant_case  *c = model_of(rc, n, solids, n, laws);
    const size_t u = case_unit(c, "dosing_tank", "tank");
    case_set(c, u, "volume_m3", 1e5); /* days: what forms has time */
    case_set(c, u, "set_ph", strtod(rc->word[1], NULL));
    case_set(c, u, "dissolution", 1.0);
    case_set(c, u, "kla_o2_1_h", 0.0);
    c->units[u].reagent     = rc->word[0];
    c->units[u].n_overrides = n;
    c->units[u].overrides   = changes;
    start(rc, c);
    run_steady(rc->r);
    T_CLOSE(sei_train_dose_mol_s(rc->r->train, 0) / rc->r->flow_kg_s[0],
            wanted(rc->reference, rc->name, 0.0, "dose"), 3e-4);
    check_water(rc, 0.0, 0, 1e-5, n ? 2e-3 : 3e-4);
    for (size_t i = 0; i < n; i++)
        T_NEAR(sei_train_suspended(rc->r->train, 0)[run_solid(rc->r, solids[i])],
               wanted(rc->reference, rc->name, 0.0, solids[i]), 2e-6);
}

/* ---- limestone ---- */

/* A drain for ever: the alkalinity of a closed system, to calcite's saturation or to where its stone stalls. */
static void calcite(ref_case *rc)
{
    static const char *const  solids[] = {"Calcite"};
    const sei_rate_law *const laws[]   = {sei_rate_find("calcite-pwp")};
    plant_case               *c        = model_of(rc, 1, solids, 1, laws);
    const size_t              u        = case_unit(c, "anoxic_limestone_drain", "drain");

    case_set(c, u, "volume_m3", 5e4);
    case_set(c, u, "stall_log", rc->n_words > 0 ? -strtod(rc->word[0], NULL) : 0.0);
    start(rc, c);
    run_steady(rc->r);
    check_water(rc, 0.0, sei_plant_unit_at(c->plant, 0)->outlet_cell, 1e-3, 3e-4);
}

/* ---- in time, without flow: a batch ---- */

static void follow(ref_case *rc, plant_case *c)
{
    char             times[TABLE_TEXT];
    char            *save = NULL;
    double           t    = 0.0;
    sei_step_control control;

    start(rc, c);
    rc->r->flow_kg_s[0] = 0.0;
    sei_step_control_default(&control);
    control.rel_tol       = 1e-5;
    control.abs_tol_molal = 1e-11;
    snprintf(times, sizeof times, "%s", rc->row->cell[FIRST + COMPONENTS + 1]);
    for (char *w = strtok_r(times, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        t += strtod(w, NULL);
        run_to(rc->r, &control, t);
        check_water(rc, t, 0, 2e-3, 3e-4);
    }
    ck_assert_double_gt(t, 0.0);
}

/* One cell with the wanted surface for each kg of water: 0.57 x 2650 kg of stone, 6 / (2650 grain). */
static void dissolve(ref_case *rc)
{
    static const char *const  solids[] = {"Calcite"};
    const sei_rate_law *const laws[]   = {sei_rate_find("calcite-pwp")};
    plant_case               *c        = model_of(rc, 1, solids, 1, laws);
    const size_t              u        = case_unit(c, "anoxic_limestone_drain", "drain");
    const double              m2_kgw = strtod(rc->word[0], NULL), porosity = 0.49, grain_m = 0.06;
    const double              clean = 6.0 / grain_m * (1.0 - porosity) / porosity / 1000.0;

    case_set(c, u, "volume_m3", 10.0);
    case_set(c, u, "cells", 1.0);
    case_set(c, u, "active_fraction", m2_kgw / clean);
    case_set(c, u, "stall_log", 0.0);
    follow(rc, c);
}

static void strip(ref_case *rc)
{
    const sei_rate_law *const laws[] = {sei_rate_find("co2-exchange"),
                                        sei_rate_find("o2-exchange")};
    plant_case               *c      = model_of(rc, 0, NULL, 2, laws);
    const size_t              u      = case_unit(c, "aeration_tank", "air");

    case_set(c, u, "volume_m3", 1.0);
    case_set(c, u, "kla_o2_1_h", strtod(rc->word[0], NULL));
    follow(rc, c);
}

static void manganese(ref_case *rc)
{
    static const char *const  solids[] = {"Birnessite"};
    const sei_rate_law *const laws[]   = {sei_rate_find("mn2-oxidation")};
    plant_case               *c        = model_of(rc, 1, solids, 1, laws);
    const size_t              u        = case_unit(c, "mn_contact_tank", "tank");

    case_set(c, u, "volume_m3", 1.0);
    case_set(c, u, "media_ratio", 0.0);
    case_set(c, u, "kla_o2_1_h", 0.0);
    follow(rc, c);
}

static const struct {
    const char *kind;
    void (*run)(ref_case *rc);
} kinds[] = {{"dose", dose},
             {"calcite", calcite},
             {"dissolve", dissolve},
             {"strip", strip},
             {"manganese", manganese}};

enum { N_CASES = 13 };

START_TEST(unit_does_what_phreeqc_does)
{
    ref_case rc  = {0};
    bool     ran = false;

    open_case(&rc, (size_t)_i + 1);
    ck_assert_uint_eq(rc.cases->n, N_CASES + 1);
    for (size_t k = 0; k < T_COUNT(kinds); k++)
        if (strcmp(kinds[k].kind, rc.kind) == 0) {
            kinds[k].run(&rc);
            ran = true;
        }
    ck_assert_msg(ran, "%s: what is %s?", rc.name, rc.kind);
    close_case(&rc);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plant_reference");
    TCase *tc    = tcase_create("phreeqc");

    tcase_add_loop_test(tc, unit_does_what_phreeqc_does, 0, N_CASES);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
