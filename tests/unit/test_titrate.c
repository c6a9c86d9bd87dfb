/* test_titrate.c - titration against PHREEQC and against sums by hand */
#include "chem_csv.h"

#include "seiryu/titrate.h"
#include "study/titrate_water.h"

static sei_ctx *ctx;
static sei_db  *db;

static void open_database(const char *path)
{
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, path, &db));
}

static void close_database(void)
{
    sei_db_free(db);
    sei_ctx_free(ctx);
}

/* ---- PHREEQC inputs of the reference folder --------------------------------------------------------------- */

enum { LINES_MAX = 64, WORD = 32, ANALYTES = 24, MINERALS = 8 };

typedef struct {
    sei_analysis analysis;
    sei_analyte  analytes[ANALYTES];
    char         component[ANALYTES][WORD], balance[WORD];
    size_t       n_minerals;
    char         mineral[MINERALS][WORD];
    bool         co2, o2;
    double       log_pco2, log_po2;
    char         reagent[WORD];
    double       mol;
    int          steps;
} problem;

typedef enum { IN_OTHER, IN_SOLUTION, IN_PHASES, IN_REACTION } block;

static block block_of(const char *word, block now)
{
    if (strcmp(word, "SOLUTION") == 0)
        return IN_SOLUTION;
    if (strcmp(word, "EQUILIBRIUM_PHASES") == 0)
        return IN_PHASES;
    if (strcmp(word, "REACTION") == 0)
        return IN_REACTION;
    return word[0] >= 'A' && word[0] <= 'Z' && strlen(word) > 3 && strchr(word, '_') ? IN_OTHER
                                                                                     : now;
}

static void read_solution_line(problem *p, char w[4][WORD], int n)
{
    const double value = atof(w[1]);

    if (strcmp(w[0], "temp") == 0)
        p->analysis.temp_c = value;
    else if (strcmp(w[0], "pH") == 0)
        p->analysis.ph = value;
    else if (strcmp(w[0], "pe") == 0)
        p->analysis.pe = value;
    else if (strcmp(w[0], "units") != 0) {
        const size_t i = p->analysis.n++;
        snprintf(p->component[i], WORD, "%s", w[0]);
        p->analytes[i] = (sei_analyte){p->component[i], value, NULL};
        if (n > 2 && strcmp(w[2], "charge") == 0)
            snprintf(p->balance, WORD, "%s", w[0]);
    }
}

static void read_phase_line(problem *p, char w[4][WORD])
{
    if (strcmp(w[0], "CO2(g)") == 0) {
        p->co2      = true;
        p->log_pco2 = atof(w[1]);
    } else if (strcmp(w[0], "O2(g)") == 0) {
        p->o2      = true;
        p->log_po2 = atof(w[1]);
    } else {
        snprintf(p->mineral[p->n_minerals++], WORD, "%s", w[0]);
    }
}

static void read_problem(const char *path, problem *p)
{
    char  line[256], w[4][WORD];
    block in   = IN_OTHER;
    FILE *file = fopen(path, "r");

    ck_assert_msg(file != NULL, "%s", path);
    memset(p, 0, sizeof *p);
    p->analysis = sei_analysis_default();
    while (fgets(line, sizeof line, file)) {
        memset(w, 0, sizeof w);
        const int n = sscanf(line, "%31s %31s %31s %31s", w[0], w[1], w[2], w[3]);
        if (n < 1)
            continue;
        const block next = block_of(w[0], in);
        if (next != in || strcmp(w[0], "END") == 0) {
            in = next;
            continue;
        }
        if (in == IN_SOLUTION)
            read_solution_line(p, w, n);
        if (in == IN_PHASES)
            read_phase_line(p, w);
        if (in == IN_REACTION && n == 2)
            snprintf(p->reagent, WORD, "%s", w[0]);
        if (in == IN_REACTION && n == 4) {
            p->mol   = 1e-3 * atof(w[0]);
            p->steps = atoi(w[3]);
        }
    }
    fclose(file);
    p->analysis.analytes = p->analytes;
    p->analysis.balance  = p->balance;
}

/* ---- PHREEQC's selected output ---------------------------------------------------------------------------- */

typedef struct {
    int    n_columns, n_rows;
    char   header[64][WORD];
    double value[32][64];
} table;

static void read_table(const char *path, table *t)
{
    char  line[8192];
    FILE *file = fopen(path, "r");

    ck_assert_msg(file != NULL, "%s", path);
    memset(t, 0, sizeof *t);
    while (fgets(line, sizeof line, file)) {
        int column = 0;
        for (char *cell = strtok(line, "\t\n"); cell; cell = strtok(NULL, "\t\n"), column++) {
            if (t->n_columns == 0 || t->n_rows < 0)
                snprintf(t->header[column], WORD, "%s", cell);
            else
                t->value[t->n_rows][column] = atof(cell);
        }
        if (t->n_columns == 0)
            t->n_columns = column;
        else
            t->n_rows++;
    }
    fclose(file);
}

static double at(const table *t, int row, const char *header)
{
    for (int c = 0; c < t->n_columns; c++)
        if (strcmp(t->header[c], header) == 0)
            return t->value[row][c];
    ck_abort_msg("no column %s", header);
    return NAN;
}

/* The agreement that the reference folder asks for: pH 0.001, totals 1e-4 above 1e-9 mol/kgw. */
static void compare_row(const table *t, int row, const sei_titrator *titrator,
                        const sei_titration_point *p)
{
    static const char *const elements[] = {"Fe", "Zn", "Cd", "Cu", "Pb", "Al", "Mn", "Ca", "Mg"};

    T_NEAR(p->ph, at(t, row, "pH"), 0.001);
    for (size_t i = 0; i < T_COUNT(elements); i++) {
        char header[WORD];
        snprintf(header, sizeof header, "%s(mol/kgw)", elements[i]);
        const double expected = at(t, row, header);
        const double got      = p->dissolved_mol[sei_titrator_find_element(titrator, elements[i])];
        ck_assert_msg(fabs(got - expected) <= 1e-4 * fmax(expected, 1e-9),
                      "row %d %s: %.9g, expected %.9g", row, elements[i], got, expected);
    }
    for (size_t k = 0; k < sei_titrator_n_minerals(titrator); k++) {
        const double expected = at(t, row, sei_titrator_mineral(titrator, k));
        ck_assert_msg(fabs(p->solid_mol[k] - expected) <= 1e-4 * fmax(expected, 1e-9),
                      "row %d %s: %.9g, expected %.9g", row, sei_titrator_mineral(titrator, k),
                      p->solid_mol[k], expected);
    }
}

static void run_problem(const char *name)
{
    static problem p;
    static table   t;
    char           path[512];
    const char    *minerals[MINERALS];
    sei_titrator  *titrator = NULL;

    snprintf(path, sizeof path, "%s/reference/phreeqc/%s.pqi", SEI_SHARED_DIR, name);
    read_problem(path, &p);
    snprintf(path, sizeof path, "%s/reference/phreeqc/%s.tsv", SEI_SHARED_DIR, name);
    read_table(path, &t);
    ck_assert_int_eq(t.n_rows, p.steps + 1);
    for (size_t i = 0; i < p.n_minerals; i++)
        minerals[i] = p.mineral[i];
    const sei_titration_setup setup = {.db         = db,
                                       .analysis   = &p.analysis,
                                       .reagent    = sei_reagent_find(p.reagent),
                                       .open_co2   = p.co2,
                                       .open_o2    = p.o2,
                                       .log_pco2   = p.log_pco2,
                                       .log_po2    = p.log_po2,
                                       .is_coupled = true,
                                       .n_minerals = p.n_minerals,
                                       .minerals   = minerals};
    ck_assert(setup.reagent != NULL);
    T_OK(ctx, sei_titrator_create(ctx, &setup, &titrator));
    for (int step = 1; step <= p.steps; step++) {
        sei_titration_point point;
        T_OK(ctx, sei_titrator_at(titrator, p.mol * step / p.steps, &point));
        compare_row(&t, step, titrator, &point);
    }
    sei_titrator_free(titrator);
}

START_TEST(reference_titrations_agree_with_phreeqc)
{
    static const char *const names[] = {"titr-01",    "titr-02",    "titr-03",
                                        "caustic-01", "caustic-02", "caustic-03"};

    if (!t_has_shared("reference_titrations_agree_with_phreeqc"))
        return;
    open_database(SEI_SHARED_DIR "/thermo/wateq4f.dat");
    run_problem(names[_i]);
    close_database();
}
END_TEST

/* ---- PHREEQC with the project's database ------------------------------------------------------------------ */

#define MINEWATER SEI_PROJECT_DIR "/data/thermo/minewater.dat"

static size_t column_of(const csv *t, const char *header)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->header[c], header) == 0)
            return c;
    return SIZE_MAX;
}

static double cell(const csv *t, size_t row, const char *header)
{
    const size_t c = column_of(t, header);

    ck_assert_msg(c != SIZE_MAX, "no column %s", header);
    return t->value[row][c];
}

/* What the water has at all, between the conditions in front and "mmol". */
static size_t read_case(const csv *t, size_t row, sei_analyte analytes[ANALYTES])
{
    size_t n = 0;

    for (size_t c = column_of(t, "pe") + 1; c < column_of(t, "mmol"); c++)
        if (isfinite(t->value[row][c]))
            analytes[n++] = (sei_analyte){t->header[c], t->value[row][c], NULL};
    return n;
}

static void compare_step(const csv *t, size_t row, const sei_titrator *titrator,
                         const sei_titration_point *p)
{
    static const char *const elements[] = {"Fe", "Al", "Mn", "Zn", "Cu", "Cd",
                                           "Pb", "As", "Ca", "Mg", "S",  "C"};

    T_NEAR(p->ph, cell(t, row, "pH"), 0.001);
    for (size_t i = 0; i < T_COUNT(elements); i++) {
        const size_t e        = sei_titrator_find_element(titrator, elements[i]);
        const double expected = cell(t, row, elements[i]),
                     got      = e == SIZE_MAX ? 0.0 : p->dissolved_mol[e];
        ck_assert_msg(fabs(got - expected) <= 1e-4 * fmax(expected, 1e-9),
                      "%s step %g %s: %.9g, expected %.9g", t->first[row], cell(t, row, "step"),
                      elements[i], got, expected);
    }
    for (size_t k = 0; k < sei_titrator_n_minerals(titrator); k++) {
        const char  *name     = sei_titrator_mineral(titrator, k);
        const double expected = cell(t, row, name);
        ck_assert_msg(fabs(p->solid_mol[k] - expected) <= fmax(1e-4 * expected, 1e-9),
                      "%s step %g %s: %.9g, expected %.9g", t->first[row], cell(t, row, "step"),
                      name, p->solid_mol[k], expected);
    }
}

enum { MINEWATER_CASES = 11 };

START_TEST(titrations_with_minewater_agree_with_phreeqc)
{
    char          reagent[WORD];
    sei_titrator *titrator = NULL;
    sei_analyte   analytes[ANALYTES];
    const size_t  row = (size_t)_i;

    open_database(MINEWATER);
    csv *cases = csv_read(SEI_TEST_DIR "/refs/titrate/cases.csv"),
        *t     = csv_read(SEI_TEST_DIR "/refs/titrate/phreeqc.csv");
    ck_assert_uint_eq(cases->n_rows, MINEWATER_CASES);
    const char  *how = cases->last[row];
    sei_analysis a   = sei_analysis_default();
    snprintf(reagent, sizeof reagent, "%.*s", (int)strcspn(how, " "), how);
    a.temp_c                        = cell(cases, row, "temp");
    a.ph                            = cell(cases, row, "pH");
    a.pe                            = cell(cases, row, "pe");
    a.analytes                      = analytes;
    a.n                             = read_case(cases, row, analytes);
    const sei_titration_setup setup = {.db           = db,
                                       .analysis     = &a,
                                       .reagent      = sei_reagent_find(reagent),
                                       .open_co2     = strstr(how, " co2") != NULL,
                                       .open_o2      = strstr(how, " o2") != NULL,
                                       .log_pco2     = -3.38,
                                       .log_po2      = -0.68,
                                       .is_coupled   = strstr(how, " coupled") != NULL,
                                       .surface_file = strstr(how, " hfo") ? MINEWATER : NULL};
    T_OK(ctx, sei_titrator_create(ctx, &setup, &titrator));
    int compared = 0;
    for (size_t r = 0; r < t->n_rows; r++) {
        if (strcmp(t->first[r], cases->first[row]) != 0)
            continue;
        sei_titration_point p;
        T_OK(ctx, sei_titrator_at(titrator,
                                  1e-3 * cell(cases, row, "mmol") * cell(t, r, "step") /
                                      cell(cases, row, "steps"),
                                  &p));
        compare_step(t, r, titrator, &p);
        compared++;
    }
    ck_assert_int_eq(compared, (int)cell(cases, row, "steps"));
    sei_titrator_free(titrator);
    free(cases);
    free(t);
    close_database();
}
END_TEST

/* ---- sums by hand ------------------------------------------------------------------------------------------- */

static const char *const no_minerals[] = {"none"};

/* 10 mmol/kgw of H2SO4 hold 20 meq/kgw of acid; at pH 7 all of it is taken up but for HSO4- and OH-, together
 * below 1e-7. Carbonates lose their CO2 to an atmosphere that has next to none. */
START_TEST(sulfuric_acid_needs_its_equivalents_of_each_base)
{
    sei_titrator  *titrator = NULL;
    sei_titration *curve    = NULL;

    open_database(MINEWATER);
    sei_analysis       a            = sei_analysis_default();
    const sei_analyte  sulfate      = {"S(6)", 0.010, sei_unit_find("mol_kgw")};
    const sei_reagent *reagent      = sei_reagent_at((size_t)_i);
    a.ph                            = 2.0;
    a.n                             = 1;
    a.analytes                      = &sulfate;
    a.balance                       = "pH";
    const sei_titration_setup setup = {.db         = db,
                                       .analysis   = &a,
                                       .reagent    = reagent,
                                       .open_co2   = true,
                                       .log_pco2   = -7.0,
                                       .n_minerals = 1,
                                       .minerals   = no_minerals};
    T_OK(ctx, sei_titrator_create(ctx, &setup, &titrator));
    const sei_titration_range range = {.to_ph = 7.0, .steps = 5};
    T_OK(ctx, sei_titration_run(titrator, &range, &curve));
    ck_assert(curve->has_target);
    T_CLOSE(curve->target.dose_mol, 0.020 / reagent->eq_mol, 2e-5);
    T_NEAR(curve->target.ph, 7.0, 1e-3);
    sei_titration_free(curve);
    sei_titrator_free(titrator);
    close_database();
}
END_TEST

/* Fe 55.845, Fe(OH)3 106.867 g/mol: 100 mg of Fe(III) make 191.36 mg. */
START_TEST(a_hundred_mg_of_ferric_iron_make_191_mg_of_sludge)
{
    sei_titrator  *titrator = NULL;
    sei_titration *curve    = NULL;

    open_database(MINEWATER);
    sei_analysis      a             = sei_analysis_default();
    const sei_analyte analytes[]    = {{"Fe(3)", 0.1 / 55.845, sei_unit_find("mol_kgw")},
                                       {"S(6)", 0.004, sei_unit_find("mol_kgw")}};
    a.ph                            = 2.5;
    a.n                             = 2;
    a.analytes                      = analytes;
    a.balance                       = "S(6)";
    const sei_titration_setup setup = {
        .db = db, .analysis = &a, .reagent = sei_reagent_find("NaOH")};
    T_OK(ctx, sei_titrator_create(ctx, &setup, &titrator));
    const sei_titration_range range = {.to_ph = 7.0, .steps = 1};
    T_OK(ctx, sei_titration_run(titrator, &range, &curve));
    const sei_titration_point p = curve->target;
    sei_titration_free(curve);
    const sei_dosing dosing = {1.0, 1.0, 0.20};
    const sei_sludge s      = sei_titration_sludge(titrator, &dosing, &p);
    T_CLOSE(s.dry_kg_m3, 0.19136, 1e-4);
    /* 4.25 / (4.25 - 0.2 x 3.25) = 1.1806 kg/L; 0.19136 / (0.2 x 1.1806) = 0.8105 L of sludge */
    T_CLOSE(s.sludge_kg_l, 1.1806, 1e-4);
    T_CLOSE(s.volume_l_m3, 0.8105, 1e-3);
    /* A product of 96 % of which 80 % dissolves: 4 % is inert only in lime, a fifth of the reagent stays */
    const sei_dosing poor = {0.96, 0.80, 0.20};
    const sei_sludge more = sei_titration_sludge(titrator, &poor, &p);
    T_CLOSE(more.undissolved_kg_m3, 0.25 * p.dose_mol * 39.997, 1e-4);
    T_NEAR(more.inert_kg_m3, 0.0, 0.0);
    sei_titrator_free(titrator);
    close_database();
}
END_TEST

/* ---- laws that hold for every water ------------------------------------------------------------------------- */

static double random_01(uint64_t *seed)
{
    *seed = *seed * 6364136223846793005u + 1442695040888963407u;
    return (double)(*seed >> 11) / 9007199254740992.0;
}

static double solids_of(const sei_titrator *t, const sei_titration_point *p,
                        const char *const names[], size_t n)
{
    double sum = 0.0;

    for (size_t k = 0; k < sei_titrator_n_minerals(t); k++)
        for (size_t i = 0; i < n; i++)
            if (strcmp(sei_titrator_mineral(t, k), names[i]) == 0)
                sum += p->solid_mol[k];
    return sum;
}

static void element_is_conserved(const sei_titrator *t, const sei_titration_point *p,
                                 const char *element, double added, const char *const solids[],
                                 size_t n)
{
    const size_t e     = sei_titrator_find_element(t, element);
    const double whole = sei_titrator_raw(t)->dissolved_mol[e] + added;
    const double found = p->dissolved_mol[e] * p->water_kg + solids_of(t, p, solids, n);

    ck_assert_msg(fabs(found - whole) <= 1e-9 * whole + 1e-15, "%s: %.12g of %.12g at pH %g",
                  element, found, whole, p->ph);
}

static void check_conservation(const sei_titrator *t, const sei_titration_point *p, double calcium)
{
    static const char *const        iron[] = {"Ferrihydrite", "Fe(OH)2", "Siderite(d)"},
                             *const lime[] = {"Gypsum", "Calcite", "Portlandite"};
    static const char *const zinc[] = {"Zn(OH)2(a)", "ZnCO3:H2O"}, *const aluminium[] = {
                                                                       "Al(OH)3(a)"};

    element_is_conserved(t, p, "Fe", 0.0, iron, 3);
    element_is_conserved(t, p, "Ca", calcium, lime, 3);
    element_is_conserved(t, p, "Zn", 0.0, zinc, 2);
    element_is_conserved(t, p, "Al", 0.0, aluminium, 1);
}

START_TEST(random_titrations_keep_their_elements_and_raise_the_ph)
{
    uint64_t seed = 20240401u + (uint64_t)_i;

    open_database(MINEWATER);
    for (int k = 0; k < 12; k++) {
        const double fe = pow(10.0, 3.0 * random_01(&seed)), al = pow(10.0, 2.0 * random_01(&seed));
        const double zn = pow(10.0, 2.0 * random_01(&seed)), share = 0.01 + 0.98 * random_01(&seed);
        const sei_analyte analytes[]      = {{"Fe(2)", fe * share, NULL},
                                             {"Fe(3)", fe * (1.0 - share), NULL},
                                             {"Al", al, NULL},
                                             {"Zn", zn, NULL},
                                             {"Mn", 0.2 * zn, NULL},
                                             {"Ca", 10.0 + 200.0 * random_01(&seed), NULL},
                                             {"Mg", 20.0, NULL},
                                             {"C(4)", 2.0 + 50.0 * random_01(&seed), NULL},
                                             {"S(6)", 500.0, NULL}};
        sei_titrator     *titrator        = NULL;
        sei_analysis      a               = sei_analysis_default();
        a.temp_c                          = 5.0 + 20.0 * random_01(&seed);
        a.ph                              = 2.2 + 1.5 * random_01(&seed);
        a.n                               = T_COUNT(analytes);
        a.analytes                        = analytes;
        a.balance                         = "S(6)";
        const sei_reagent        *reagent = sei_reagent_at((size_t)(6.0 * random_01(&seed)));
        const sei_titration_setup setup   = {.db       = db,
                                             .analysis = &a,
                                             .reagent  = reagent,
                                             .open_co2 = random_01(&seed) < 0.3,
                                             .open_o2  = random_01(&seed) < 0.5,
                                             .log_pco2 = -3.38,
                                             .log_po2  = -0.68};
        T_OK(ctx, sei_titrator_create(ctx, &setup, &titrator));
        const double end = 1.3 * sei_titrator_stoichiometric_mol(titrator),
                     ca  = reagent->key[0] == 'C' ? 1.0 : 0.0;
        double last      = -1.0;
        for (int step = 0; step <= 8; step++) {
            sei_titration_point p;
            T_OK(ctx, sei_titrator_at(titrator, end * step / 8.0, &p));
            check_conservation(titrator, &p, ca * p.dose_mol);
            /* where the reagent no longer dissolves, it still takes up a little water */
            ck_assert_msg(p.ph >= last - 1e-3, "pH falls from %g to %g", last, p.ph);
            last = p.ph;
        }
        sei_titrator_free(titrator);
    }
    close_database();
}
END_TEST

static sei_titrator *zinc_water(bool open_o2, const char *const minerals[], size_t n_minerals)
{
    static const sei_analyte analytes[] = {
        {"Fe(2)", 36, NULL}, {"Fe(3)", 2, NULL}, {"Zn", 18, NULL},   {"Cu", 8, NULL},
        {"Ca", 40, NULL},    {"C(4)", 5, NULL},  {"S(6)", 300, NULL}};
    sei_titrator *titrator = NULL;
    sei_analysis  a        = sei_analysis_default();

    a.ph                            = 3.5;
    a.n                             = T_COUNT(analytes);
    a.analytes                      = analytes;
    const sei_titration_setup setup = {.db         = db,
                                       .analysis   = &a,
                                       .reagent    = sei_reagent_find("Ca(OH)2"),
                                       .open_o2    = open_o2,
                                       .log_po2    = -0.68,
                                       .n_minerals = n_minerals,
                                       .minerals   = minerals};
    T_OK(ctx, sei_titrator_create(ctx, &setup, &titrator));
    return titrator;
}

/* 36 mg/L of Fe(II) and 2 of Fe(III) */
START_TEST(iron_is_oxidised_only_where_oxygen_comes_in)
{
    static const char *const ferric[] = {"Ferrihydrite"};
    sei_titration_point      closed, open;

    open_database(MINEWATER);
    sei_titrator *without = zinc_water(false, NULL, 0), *with = zinc_water(true, NULL, 0);
    T_OK(ctx, sei_titrator_at(without, 8e-4, &closed));
    T_OK(ctx, sei_titrator_at(with, 8e-4, &open));
    T_CLOSE(solids_of(without, &closed, ferric, 1), 2e-3 / 55.845, 0.002);
    T_CLOSE(solids_of(with, &open, ferric, 1), 38e-3 / 55.845, 0.02);
    ck_assert(open.ph < closed.ph - 0.5); /* hydrolysis of the ferric iron gives acid */
    sei_titrator_free(without);
    sei_titrator_free(with);
    close_database();
}
END_TEST

START_TEST(a_limit_is_met_exactly_at_its_dose)
{
    sei_titration      *curve = NULL;
    sei_titration_point from, to, before;
    bool                found;

    open_database(MINEWATER);
    sei_titrator             *t     = zinc_water(true, NULL, 0);
    const sei_titration_limit limit = {sei_titrator_find_element(t, "Zn"), 2e-3 / 65.38};
    const sei_titration_range range = {.to_ph = 9.5, .steps = 10};
    T_OK(ctx, sei_titration_run(t, &range, &curve));
    T_OK(ctx, sei_titration_keep(t, curve, 1, &limit, &found, &from, &to));
    ck_assert(found);
    ck_assert(from.dissolved_mol[limit.element] <= limit.mol_kgw);
    T_CLOSE(from.dissolved_mol[limit.element], limit.mol_kgw, 1e-4);
    T_OK(ctx, sei_titrator_at(t, 0.999 * from.dose_mol, &before));
    ck_assert(before.dissolved_mol[limit.element] > limit.mol_kgw);
    ck_assert(to.dose_mol > from.dose_mol);
    const sei_titration_limit never = {limit.element, 1e-12};
    T_OK(ctx, sei_titration_keep(t, curve, 1, &never, &found, &from, &to));
    ck_assert(!found);
    sei_titration_free(curve);
    sei_titrator_free(t);
    close_database();
}
END_TEST

START_TEST(a_ph_that_limestone_cannot_reach_is_not_reached)
{
    sei_titration *curve    = NULL;
    sei_titrator  *titrator = NULL;

    open_database(MINEWATER);
    sei_analysis      a             = sei_analysis_default();
    const sei_analyte analytes[]    = {{"Fe(3)", 20, NULL}, {"Ca", 40, NULL}, {"S(6)", 300, NULL}};
    a.ph                            = 3.0;
    a.n                             = 3;
    a.analytes                      = analytes;
    const sei_titration_setup setup = {.db       = db,
                                       .analysis = &a,
                                       .reagent  = sei_reagent_find("CaCO3"),
                                       .open_co2 = true,
                                       .log_pco2 = -3.38};
    T_OK(ctx, sei_titrator_create(ctx, &setup, &titrator));
    const sei_titration_range range = {.to_ph = 10.0, .steps = 10};
    T_OK(ctx, sei_titration_run(titrator, &range, &curve));
    ck_assert(!curve->has_target);
    const double end = curve->points[curve->n - 1].ph; /* calcite and air: between 7.5 and 8.5 */
    ck_assert_msg(end > 7.5 && end < 8.5, "pH %g", end);
    sei_titration_free(curve);
    sei_titrator_free(titrator);
    close_database();
}
END_TEST

/* ---- what is refused ----------------------------------------------------------------------------------------- */

static void expect_refusal(const char *const minerals[], size_t n, sei_status status,
                           const char *message)
{
    sei_titrator     *titrator   = NULL;
    sei_analysis      a          = sei_analysis_default();
    const sei_analyte analytes[] = {{"Mn", 3, NULL}, {"S(6)", 30, NULL}};

    a.ph                            = 4.0;
    a.n                             = 2;
    a.analytes                      = analytes;
    const sei_titration_setup setup = {.db         = db,
                                       .analysis   = &a,
                                       .reagent    = sei_reagent_find("NaOH"),
                                       .n_minerals = n,
                                       .minerals   = minerals};
    T_STATUS(ctx, sei_titrator_create(ctx, &setup, &titrator), status);
    T_CONTAINS(sei_ctx_error(ctx), message);
    ck_assert(titrator == NULL);
}

START_TEST(minerals_that_cannot_be_are_refused_by_name)
{
    static const char *const unknown[] = {"default", "Kryptonite"}, *const gas[] = {"CO2(g)"};
    static const char *const oxide[] = {"Birnessite"}, *const absent[] = {"default", "-Goethite"};

    open_database(MINEWATER);
    expect_refusal(unknown, 2, SEI_E_NOT_FOUND, "has no mineral \"Kryptonite\"");
    expect_refusal(gas, 1, SEI_E_KEY, "CO2(g) is a gas, no mineral");
    expect_refusal(
        oxide, 1, SEI_E_KEY,
        "Birnessite takes or gives electrons: it can form only with --open o2 or --redox coupled");
    expect_refusal(absent, 2, SEI_E_NOT_FOUND,
                   "\"-Goethite\": there is no Goethite among the minerals to take out");
    close_database();
}
END_TEST

/* ---- waters -------------------------------------------------------------------------------------------------- */

static sei_status read_water(const char *text, const char *row, sei_water_row *w)
{
    const sei_titrate_reading reading = {.fe2_share = 0.9};
    sei_table                *waters  = NULL;

    T_OK(ctx, sei_table_parse(ctx, "waters.csv", text, strlen(text), &waters));
    const sei_status st = sei_titrate_water_row(ctx, db, waters, row, &reading, w);
    sei_table_free(waters);
    return st;
}

static double analyte(const sei_water_row *w, const char *component)
{
    for (size_t i = 0; i < w->analysis.n; i++)
        if (strcmp(w->analytes[i].component, component) == 0)
            return w->analytes[i].value;
    return 0.0;
}

START_TEST(waters_are_read_by_components_and_by_quantities)
{
    static sei_water_row w;

    open_database(MINEWATER);
    T_OK(ctx,
         read_water("name,temp,pH,Fe(2),Zn_ug_l,S(6)\nA,15,3.5,36,18000,300\nB,10,4,1,<5,100\n",
                    "B", &w));
    ck_assert_str_eq(w.name, "B");
    T_NEAR(w.analysis.ph, 4.0, 0.0);
    T_NEAR(analyte(&w, "Fe(2)"), 1.0, 0.0);
    T_NEAR(analyte(&w, "Zn"), 0.0, 0.0);
    ck_assert(analyte(&w, "C(4)") > 0.0); /* of the air */
    T_OK(ctx, read_water("point,temp_c,ph,fe_mg_l,zn_mg_l,zn_dissolved_mg_l,alkalinity_mg_l,so4_mg_"
                         "l\nP,15,6.5,55.845,20,6.538,50.04,96.06\n",
                         "1", &w));
    ck_assert_str_eq(w.name, "P");
    T_CLOSE(analyte(&w, "Zn"), 0.1, 1e-4); /* mmol/L, the dissolved one */
    T_CLOSE(analyte(&w, "Fe(2)"), 0.9, 1e-4);
    T_CLOSE(analyte(&w, "Fe(3)"), 0.1, 1e-4);
    T_CLOSE(analyte(&w, "Alkalinity"), 1.0, 1e-3); /* meq/L */
    T_CLOSE(analyte(&w, "S(6)"), 1.0, 1e-3);
    close_database();
}
END_TEST

START_TEST(whole_elements_are_their_usual_valence_without_a_redox_potential)
{
    static sei_water_row w;

    open_database(MINEWATER);
    T_OK(ctx, read_water("pH,Fe,Cu,C(4)\n3.5,20,8,2\n", NULL, &w));
    T_NEAR(analyte(&w, "Cu(2)"), 8.0, 0.0);
    T_CLOSE(analyte(&w, "Fe(2)"), 18.0, 1e-12);
    T_CLOSE(analyte(&w, "Fe(3)"), 2.0, 1e-12);
    T_OK(ctx, read_water("pH,pe,Fe,Cu,C(4)\n3.5,12,20,8,2\n", NULL, &w));
    T_NEAR(analyte(&w, "Cu"), 8.0, 0.0);
    T_NEAR(analyte(&w, "Fe"), 20.0, 0.0);
    close_database();
}
END_TEST

START_TEST(a_water_that_is_not_there_is_named)
{
    static sei_water_row w;
    static const char    two[] = "name,pH,Zn\nA,3,1\nB,4,2\n";

    open_database(MINEWATER);
    T_STATUS(ctx, read_water(two, NULL, &w), SEI_E_MISSING);
    T_CONTAINS(sei_ctx_error(ctx),
               "waters.csv has 2 waters; choose one with --row NAME or --row NUMBER");
    T_STATUS(ctx, read_water(two, "C", &w), SEI_E_NOT_FOUND);
    T_CONTAINS(sei_ctx_error(ctx), "waters.csv has no water \"C\"; it has 2 rows");
    T_STATUS(ctx, read_water("name,Zn\nA,1\n", NULL, &w), SEI_E_MISSING);
    T_CONTAINS(sei_ctx_error(ctx), "the water \"A\" has no pH");
    T_STATUS(ctx, read_water("name,pH,Zn,zn_mg_l\nA,3,1,1\n", NULL, &w), SEI_E_DUPLICATE);
    T_CONTAINS(sei_ctx_error(ctx), "Zn is given twice");
    close_database();
}
END_TEST

int main(void)
{
    Suite *s  = suite_create("titrate");
    TCase *tc = tcase_create("titrate");

    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, reference_titrations_agree_with_phreeqc, 0, 6);
    tcase_add_loop_test(tc, titrations_with_minewater_agree_with_phreeqc, 0, MINEWATER_CASES);
    tcase_add_loop_test(tc, sulfuric_acid_needs_its_equivalents_of_each_base, 0, 6);
    tcase_add_test(tc, a_hundred_mg_of_ferric_iron_make_191_mg_of_sludge);
    tcase_add_loop_test(tc, random_titrations_keep_their_elements_and_raise_the_ph, 0, 4);
    tcase_add_test(tc, iron_is_oxidised_only_where_oxygen_comes_in);
    tcase_add_test(tc, a_limit_is_met_exactly_at_its_dose);
    tcase_add_test(tc, a_ph_that_limestone_cannot_reach_is_not_reached);
    tcase_add_test(tc, minerals_that_cannot_be_are_refused_by_name);
    tcase_add_test(tc, waters_are_read_by_components_and_by_quantities);
    tcase_add_test(tc, whole_elements_are_their_usual_valence_without_a_redox_potential);
    tcase_add_test(tc, a_water_that_is_not_there_is_named);
    suite_add_tcase(s, tc);
    return t_run(s);
}
