/* test_plant_tanks.c - whole units at rest beside PHREEQC with the same laws in BASIC (tests/refs/tanks) */
#include "plant_run.h"
#include "plant_table.h"

#define FOLDER SEI_PROJECT_DIR "/tests/refs/tanks/"

enum { COMPONENTS = 17, FIRST = 6, LAWS = 32 };

typedef struct {
    const table      *cases, *reference;
    const table_line *row;
    plant_run        *r;
} tanks;

/* Laws of the units here, the components without which each is left out, and the solid that it speaks of. */
static const struct {
    const char *law, *component, *other, *solid;
} laws_of[] = {
    {"co2-exchange", "C(4)", NULL, NULL},
    {"o2-exchange", "O(0)", NULL, NULL},
    {"calcite-pwp", "C(4)", NULL, "Calcite"},
    {"mn2-oxidation", "Mn", NULL, "Birnessite"},
    {"fe2-abiotic", "Fe(2)", NULL, NULL},
    {"fe2-microbial", "Fe(2)", NULL, NULL},
    {"ferrihydrite", "Fe(2)", NULL, "Ferrihydrite"},
    {"schwertmannite", "Fe(2)", NULL, "Schwertmannite"},
    {"smithsonite", "Zn", NULL, "Smithsonite"},
    {"aerobic-respiration", "Acetate", NULL, NULL},
    {"hydrolysis-bran", "S(-2)", NULL, "bran"},
    {"hydrolysis-husk", "S(-2)", NULL, "husk"},
    {"hydrolysis-compost", "S(-2)", NULL, "compost"},
    {"sulfate-reduction", "S(-2)", NULL, NULL},
    {"fe3-reduction-dissolved", "S(-2)", NULL, NULL},
    {"sulfide-oxidation", "S(-2)", NULL, NULL},
    {"h2s-exchange", "S(-2)", NULL, NULL},
    {"sulfide-zn", "S(-2)", "Zn", "ZnS(a)"},
    {"sulfide-cd", "S(-2)", "Cd", "Greenockite"},
    {"sulfide-fe", "S(-2)", "Fe(2)", "Mackinawite"},
    {"ethanol-sulfate", "Ethanol", NULL, NULL},
    {"ethanol-oxidation", "Ethanol", NULL, NULL},
    {"peroxide-iron", "Peroxide", NULL, NULL},
    {"peroxide-decay", "Peroxide", NULL, NULL},
};

static const char *name_at(const tanks *t, size_t k)
{
    return t->cases->lines[0].cell[FIRST + k];
}

/* A water with ferrous iron has ferric iron too, none at first. */
static bool has(const tanks *t, const char *component)
{
    const char *of = strcmp(component, "Fe(3)") == 0 ? "Fe(2)" : component;

    for (size_t k = 0; k < COMPONENTS; k++)
        if (strcmp(name_at(t, k), of) == 0)
            return t->row->cell[FIRST + k][0] != '\0';
    ck_abort_msg("no column %s", component);
    return false;
}

/* NaN where PHREEQC was not asked for it. */
static double reference(const tanks *t, const char *quantity)
{
    for (size_t i = 1; i < t->reference->n; i++)
        if (strcmp(t->reference->lines[i].cell[0], t->row->cell[0]) == 0 &&
            strcmp(t->reference->lines[i].cell[1], quantity) == 0)
            return strtod(t->reference->lines[i].cell[2], NULL);
    return (double)NAN;
}

static void make_model(const tanks *t, plant_case *c)
{
    const char         *names[COMPONENTS], *solids[LAWS];
    const sei_rate_law *laws[LAWS];
    size_t              n = 0, n_solids = 0, n_laws = 0;

    for (size_t k = 0; k < COMPONENTS; k++)
        if (has(t, name_at(t, k)))
            names[n++] = name_at(t, k);
    for (size_t i = 0; i < T_COUNT(laws_of); i++) {
        if (!has(t, laws_of[i].component) || (laws_of[i].other && !has(t, laws_of[i].other)))
            continue;
        laws[n_laws] = sei_rate_find(laws_of[i].law);
        ck_assert_ptr_nonnull(laws[n_laws++]);
        if (laws_of[i].solid)
            solids[n_solids++] = laws_of[i].solid;
    }
    case_model(c, n, names, n_solids, solids, n_laws, laws);
}

/* "2.cells" speaks of the second layer, "layers" of how many there are. */
static void set_number(plant_case *c, size_t u, const char *key, double value)
{
    static const char *const names[CASE_LAYERS] = {"first", "second", "third", "fourth"};

    if (strcmp(key, "layers") == 0)
        for (size_t k = 0; k < (size_t)value; k++)
            case_layer(c, u, names[k]);
    else if (key[1] == '.')
        case_layer_set(c, u, (size_t)(key[0] - '1'), key + 2, value);
    else
        case_set(c, u, key, value);
}

/* The unit with the numbers of the case, all else by default. */
static void make_unit(const tanks *t, plant_case *c)
{
    char         words[TABLE_TEXT], *save = NULL;
    const size_t u = case_unit(c, t->row->cell[1], "unit");

    c->inflow_m3_s[0] = strtod(t->row->cell[3], NULL) * 1e-3;
    snprintf(words, sizeof words, "%s", t->row->cell[2]);
    for (char *w = strtok_r(words, " ", &save); w; w = strtok_r(NULL, " ", &save)) {
        char *value = strchr(w, '=');
        ck_assert_ptr_nonnull(value);
        *value++ = '\0';
        set_number(c, u, w, strtod(value, NULL));
    }
}

static void open_tanks(tanks *t, size_t i)
{
    plant_case *c = case_open();

    t->cases     = table_read(FOLDER "cases.csv");
    t->reference = table_read(FOLDER "phreeqc.csv");
    ck_assert_uint_lt(i, t->cases->n);
    t->row = &t->cases->lines[i];
    make_model(t, c);
    make_unit(t, c);
    t->r = run_open_at(c, 273.15 + strtod(t->row->cell[4], NULL));
    for (size_t k = 0; k < COMPONENTS; k++)
        if (t->row->cell[FIRST + k][0])
            t->r->total[run_component(t->r, name_at(t, k))] = strtod(t->row->cell[FIRST + k], NULL);
    run_set_ph(t->r, strtod(t->row->cell[5], NULL), NULL);
    run_fill(t->r);
}

static void close_tanks(tanks *t)
{
    run_close_all(t->r);
    free((void *)(uintptr_t)t->cases);
    free((void *)(uintptr_t)t->reference);
}

/* Both solve the same equations of stirred tanks to rounding; PHREEQC's kilogram of water grows by what the reactions make of
 * it, 3e-5 at most here. */
static void check_close(const tanks *t, const char *what, double is)
{
    const double want = reference(t, what);

    ck_assert_msg(fabs(is - want) <= 1e-4 * fabs(want) + 1e-10, "%s: %s %.8g, not %.8g",
                  t->row->cell[0], what, is, want);
}

enum { N_CASES = 25 };

START_TEST(unit_at_rest_is_what_phreeqc_has)
{
    tanks t = {0};

    open_tanks(&t, (size_t)_i + 1);
    ck_assert_uint_eq(t.cases->n, N_CASES + 1);
    run_steady(t.r);
    const size_t        cell = sei_plant_unit_at(t.r->c->plant, 0)->outlet_cell;
    const sei_cell_view v    = run_view(t.r, cell);
    ck_assert_msg(fabs(v.ph - reference(&t, "ph")) < 2e-4, "%s: pH %.6f, not %.6f", t.row->cell[0],
                  v.ph, reference(&t, "ph"));
    check_close(&t, "alkalinity", v.alkalinity_eq_kgw);
    for (size_t k = 0; k < COMPONENTS; k++)
        if (has(&t, name_at(&t, k)))
            check_close(&t, name_at(&t, k), run_total(t.r, cell, name_at(&t, k)));
    for (size_t i = 0; i < T_COUNT(laws_of); i++) /* what it carries of solids */
        if (laws_of[i].solid && isfinite(reference(&t, laws_of[i].solid)))
            check_close(&t, laws_of[i].solid,
                        sei_train_suspended(t.r->train, cell)[run_solid(t.r, laws_of[i].solid)]);
    close_tanks(&t);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plant_tanks");
    TCase *tc    = tcase_create("phreeqc");

    tcase_add_loop_test(tc, unit_at_rest_is_what_phreeqc_has, 0, N_CASES);
    tcase_set_timeout(tc, 60);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
