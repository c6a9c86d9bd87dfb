/* test_chem_table.c - tables of waters: units, charge, alkalinity, what is missing, what is refused */
#include "chem_csv.h"
#include "study/speciate.h"

static sei_ctx *ctx;
static sei_db  *db;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, SEI_PROJECT_DIR "/data/thermo/minewater.dat", &db));
}

static void teardown(void)
{
    sei_db_free(db);
    sei_ctx_free(ctx);
}

static sei_status run_text(const char *text, const char *select, const char *phases,
                           sei_speciation **ret)
{
    sei_table *table = NULL;

    T_OK(ctx, sei_table_parse(ctx, "waters.csv", text, strlen(text), &table));
    const sei_status st = sei_speciation_run(ctx, db, table, NULL, select, phases, ret);
    sei_table_free(table);
    return st;
}

static double value_at(const sei_speciation *s, size_t row, size_t word)
{
    double v = nan("");

    ck_assert_msg(sei_speciation_value(s, row, word, &v), "row %zu, %s is empty", row,
                  sei_speciation_word(s, word));
    return v;
}

/* --- PHREEQC ---------------------------------------------------------------------------------------- */

static double tolerance_of(const char *word, double expected)
{
    if (strcmp(word, "pH") == 0)
        return 0.001;
    if (strncmp(word, "SI(", 3) == 0)
        return 0.005;
    if (strncmp(word, "m(", 2) == 0)
        return 0.0046 * expected; /* 0.002 in log10 */
    return 1e-4 * fabs(expected) + 1e-9;
}

START_TEST(charge_and_alkalinity_agree_with_phreeqc)
{
    csv            *expected     = csv_read(SEI_TEST_DIR "/refs/balance/phreeqc.csv");
    sei_table      *table        = NULL;
    sei_speciation *s            = NULL;
    char            select[2000] = "name";
    size_t          compared     = 0;

    for (size_t c = 1; c < expected->n_columns; c++) {
        strcat(select, ",");
        strcat(select, expected->header[c]);
    }
    T_OK(ctx, sei_table_read(ctx, SEI_TEST_DIR "/refs/balance/waters.csv", &table));
    T_OK(ctx, sei_speciation_run(ctx, db, table, NULL, select, NULL, &s));
    ck_assert_uint_eq(sei_speciation_n_rows(s), 19);
    ck_assert_uint_eq(expected->n_rows, 19);
    ck_assert_uint_eq(sei_speciation_n_failed(s), 0);
    for (size_t row = 0; row < expected->n_rows; row++) {
        ck_assert_str_eq(sei_speciation_text(s, row, 0), expected->first[row]);
        for (size_t c = 1; c < expected->n_columns; c++) {
            const double e = expected->value[row][c];
            if (e < -99.0 || fabs(e) < 1e-20) /* PHREEQC writes -99.99 for what is not there */
                continue;
            const double v = value_at(s, row, c);
            ck_assert_msg(fabs(v - e) <= tolerance_of(expected->header[c], e),
                          "%s %s: %.12g, PHREEQC %.12g", expected->first[row], expected->header[c],
                          v, e);
            compared++;
        }
    }
    ck_assert_uint_ge(compared, 19 * 17);
    sei_speciation_free(s);
    sei_table_free(table);
    free(expected);
}
END_TEST

/* --- units ------------------------------------------------------------------------------------------ */

START_TEST(a_header_may_carry_the_unit)
{
    static const char text[] = "pH,Zn,Zn_ug_l,Zn_g_l,Zn_mmol_l,Zn_mol_kgw,Zn_mmol_kgw,Zn_mg_kg\n"
                               "6,6.537,,,,,,\n6,,6537,,,,,\n6,,,0.006537,,,,\n6,,,,0.1,,,\n"
                               "6,,,,,1e-4,,\n6,,,,,,0.1,\n6,,,,,,,6.537\n";
    sei_speciation   *s      = NULL;
    sei_table        *table  = NULL;
    size_t            column;

    T_OK(ctx, sei_table_parse(ctx, "waters.csv", text, strlen(text), &table));
    ck_assert(sei_table_find(table, "Zn_mg_kg", &column));
    T_OK(ctx, sei_speciation_run(ctx, db, table, NULL, "tot(Zn)", NULL, &s));
    const double g_mol = sei_db_component_g_mol(db, "Zn");
    for (size_t row = 0; row < 7; row++) {
        const bool   by_mass  = row < 3 || row == 6;
        const double mol      = by_mass ? 6.537e-3 / g_mol : 1e-4;
        const double g        = 1e-6 + (by_mass ? 6.537e-3 : mol * g_mol); /* solutes, with H+ */
        const bool   of_water = row == 4 || row == 5;
        T_CLOSE(value_at(s, row, 0), of_water ? mol : mol / (1.0 - 1e-3 * g), 1e-11);
    }
    sei_speciation_free(s);
    sei_table_free(table);
}
END_TEST

START_TEST(defaults_fill_empty_cells)
{
    sei_speciation *s = NULL;

    T_OK(ctx, run_text("temp,pH,pe,Na,Cl\n,,,10,15.4\n25,7,4,10,15.4\n",
                       "pH,pe,temp,mu,la(e-),la(H2O)", NULL, &s));
    for (size_t k = 0; k < 6; k++)
        T_NEAR(value_at(s, 0, k), value_at(s, 1, k), 1e-15);
    T_NEAR(value_at(s, 0, 0), 7.0, 1e-12);
    T_NEAR(value_at(s, 0, 1), 4.0, 1e-12);
    T_NEAR(value_at(s, 0, 2), 25.0, 1e-12);
    T_NEAR(value_at(s, 0, 4), -4.0, 1e-12);
    sei_speciation_free(s);
}
END_TEST

/* --- measured quantities ----------------------------------------------------------------------------- */

/* The same water four times: by components in moles, by quantities, as a laboratory's sheet, by the element at an Eh. */
START_TEST(measured_quantities_are_the_same_water_as_their_components)
{
    static const char *const sheets[] = {
        "pH,temp,Fe(2)_mmol_l,Mn(2)_mmol_l,S(6)_mmol_l,Ni_mmol_l,Alkalinity_mmol_l\n6.5,12,1,0.1,3,"
        "0.01,1\n",
        "ph,temp_c,fe_mg_l,mn_mg_l,so4_mg_l,ni_ug_l,alkalinity_mg_l\n6.5,12,55.845,5.4938,288.18,"
        "586.93,50.043\n",
        "採水日,pH,水温(℃),鉄(mg/L),溶解性鉄(mg/L),マンガン(mg/L),硫酸イオン(mg/L),ニッケル(mg/"
        "L),アルカリ度(mg/L)\n"
        "2024-05-01,6.5,12,80,55.845,5.4938,288.18,0.58693,50.043\n",
        "ph,temp_c,fe_mg_l,fe_dissolved_mg_l,mn_mg_l,so4_mg_l,ni_ug_l,alkalinity_mg_l\n"
        "6.5,12,55.845,,5.4938,288.18,586.93,50.043\n",
    };
    static const char words[] =
        "pH,temp,tot(Fe(2)),tot(Fe(3)),tot(Mn),tot(Ni),SI(Gypsum),SI(Siderite),m(SO4-2),alk";
    sei_speciation *s[T_COUNT(sheets)] = {0};
    sei_headers    *headers            = NULL;

    T_OK(ctx, sei_headers_load(ctx, NULL, &headers));
    for (size_t i = 0; i < T_COUNT(sheets); i++) {
        sei_table *table = NULL;
        T_OK(ctx, sei_table_parse(ctx, "waters.csv", sheets[i], strlen(sheets[i]), &table));
        T_OK(ctx, sei_speciation_run(ctx, db, table, headers, words, NULL, &s[i]));
        sei_table_free(table);
    }
    for (size_t i = 1; i < T_COUNT(sheets); i++)
        for (size_t k = 0; k < sei_speciation_n_words(s[0]); k++) {
            double     expected, got;
            const bool has = sei_speciation_value(s[0], 0, k, &expected);
            ck_assert_msg(sei_speciation_value(s[i], 0, k, &got) == has, "sheet %zu, word %zu", i,
                          k);
            if (has) /* grams of solutes in a litre differ by the forms that masses are reported in */
                ck_assert_msg(fabs(got - expected) <= 1e-4 * fabs(expected),
                              "sheet %zu, %s: %.9g, %.9g", i, sei_speciation_word(s[0], k), got,
                              expected);
        }
    T_CLOSE(value_at(s[0], 0, 2), 1e-3, 1e-3);
    for (size_t i = 0; i < T_COUNT(sheets); i++)
        sei_speciation_free(s[i]);
    sei_headers_free(headers);
}
END_TEST

/* Ferrous and ferric iron as much as the Eh says: E0 of Fe+3/Fe+2 is 0.77 V, 13.02 in pe at 25 degC (wateq4f). */
START_TEST(an_eh_divides_measured_iron)
{
    sei_speciation *s = NULL;

    T_OK(ctx, run_text("ph,temp_c,eh_mv,fe_mg_l,cl_mg_l\n1.5,25,770.2,5.5845,1500\n",
                       "pe,la(Fe+2),la(Fe+3),tot(Fe)", NULL, &s));
    T_NEAR(value_at(s, 0, 0), 13.02, 0.005);
    T_NEAR(value_at(s, 0, 1) - value_at(s, 0, 2), 0.0, 0.01);
    T_CLOSE(value_at(s, 0, 3), 1e-4, 2e-3);
    sei_speciation_free(s);
}
END_TEST

/* --- what is missing --------------------------------------------------------------------------------- */

START_TEST(what_is_missing_leaves_cells_empty)
{
    sei_speciation *s = NULL;
    double          v;

    T_OK(ctx,
         run_text("name,pH,Ca,Zn,Unobtainium,site\nA,7,40,0,3,x\nB,7,40,<0.01,3,x\nC,7,40,1,3,x\n",
                  "name,SI(Smithsonite), m(Zn+2) ,SI(Nothing),la(Zn+2),tot(Xx),SI(Zn(OH)2(e))",
                  NULL, &s));
    ck_assert_uint_eq(sei_speciation_n_words(s), 7);
    ck_assert_str_eq(sei_speciation_word(s, 2), "m(Zn+2)");
    ck_assert_str_eq(sei_speciation_text(s, 1, 0), "B");
    for (size_t row = 0; row < 3; row++) {
        ck_assert(!sei_speciation_value(s, row, 1, &v)); /* no carbonate */
        ck_assert(!sei_speciation_value(s, row, 3, &v));
        ck_assert(!sei_speciation_value(s, row, 5, &v));
        ck_assert(sei_speciation_value(s, row, 4, &v) == (row == 2));
        ck_assert(sei_speciation_value(s, row, 6, &v) == (row == 2));
    }
    T_NEAR(value_at(s, 0, 2), 0.0, 0.0);
    T_NEAR(value_at(s, 1, 2), 0.0, 0.0);
    ck_assert_double_gt(value_at(s, 2, 2), 1e-6);
    static const char *const warnings[] = {
        "database " SEI_PROJECT_DIR
        "/data/thermo/minewater.dat does not know SI(Nothing): the column stays empty",
        "database " SEI_PROJECT_DIR
        "/data/thermo/minewater.dat does not know tot(Xx): the column stays empty",
        "waters.csv:1: column 'Unobtainium': unknown quantity 'unobtainium'; name it as in "
        "docs/files-csv.md or map it in a "
        "header file; it is no component of " SEI_PROJECT_DIR
        "/data/thermo/minewater.dat either: the column is passed over",
        "waters.csv:3: Zn <0.01 is below the limit of quantification: left out",
    };
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), T_COUNT(warnings));
    for (size_t i = 0; i < T_COUNT(warnings); i++)
        ck_assert_str_eq(sei_ctx_warning(ctx, i), warnings[i]);
    sei_speciation_free(s);
}
END_TEST

/* Passed over, such a column would leave its metal out of the water. */
START_TEST(quantity_without_its_unit_is_refused)
{
    static const char *const headers[] = {"zn", "zn_m3", "cu_ppm", "pb_dissolved"};
    sei_speciation          *s         = NULL;

    for (size_t i = 0; i < T_COUNT(headers); i++) {
        char text[64];
        snprintf(text, sizeof text, "pH,%s\n7,1\n", headers[i]);
        T_STATUS(ctx, run_text(text, "pH", NULL, &s), SEI_E_UNIT);
        ck_assert_ptr_nonnull(strstr(sei_ctx_error(ctx), headers[i]));
    }
}
END_TEST

/* Rows two by two are the same water, as sheets write it and plainly. */
START_TEST(cells_are_read_as_japanese_sheets_write_them)
{
    static const char text[] = "name,pH,temp,charge,Na,Cl,S(6),Zn,zn_mg_l,zn_dissolved_mg_l\n"
                               "A,６．５,１２,Na,23,1，035,欠測,ND,３,-\n"
                               "A,6.5,12,Na,23,1035,,,3,\n"
                               "B,－,欠測,,＜0.1,35,９．６,0.01未満,5,0.5\n"
                               "B,,,,,35,9.6,,,0.5\n";
    sei_speciation   *s      = NULL;

    T_OK(ctx, run_text(text, "pH,tot(Na),tot(Cl),tot(S(6)),tot(Zn),mu,la(Zn+2)", NULL, &s));
    ck_assert_uint_eq(sei_speciation_n_failed(s), 0);
    for (size_t row = 0; row < 4; row += 2)
        for (size_t c = 0; c < 7; c++) {
            double one = 0.0, other = 0.0;
            ck_assert_int_eq(sei_speciation_value(s, row, c, &one),
                             sei_speciation_value(s, row + 1, c, &other));
            T_CLOSE(one, other, 1e-13); /* their order is another */
        }
    T_NEAR(value_at(s, 0, 0), 6.5, 1e-12);
    T_CLOSE(value_at(s, 0, 4), 3e-3 / sei_db_component_g_mol(db, "Zn"), 2e-3);
    T_CLOSE(value_at(s, 2, 4), 5e-4 / sei_db_component_g_mol(db, "Zn"), 2e-3);
    sei_speciation_free(s);
}
END_TEST

/* Chloride cannot make up for a lack of negative charge... that is there already: no solution. */
START_TEST(a_water_that_fails_leaves_its_row_empty)
{
    sei_speciation *s = NULL;
    double          v;

    T_OK(
        ctx,
        run_text("name,pH,charge,Na,Cl,S(6)\ngood,7,Cl,23,35,\nbad,7,Cl,1,35,960\nlast,7,,23,35,\n",
                 "pH,tot(Cl)", NULL, &s));
    ck_assert_uint_eq(sei_speciation_n_failed(s), 1);
    T_NEAR(value_at(s, 0, 0), 7.0, 1e-9);
    ck_assert(!sei_speciation_value(s, 1, 0, &v));
    ck_assert(!sei_speciation_value(s, 1, 1, &v));
    T_NEAR(value_at(s, 2, 0), 7.0, 1e-9);
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 1);
    T_CONTAINS(sei_ctx_warning(ctx, 0), "waters.csv:3: bad: speciation did not converge in ");
    T_CONTAINS(sei_ctx_warning(ctx, 0), "the balance of charge is off");
    sei_speciation_free(s);
}
END_TEST

START_TEST(phases_may_be_given_in_a_list)
{
    sei_speciation *s = NULL;

    T_OK(ctx, run_text("pH,pe,Ca,Na,Cl\n6.5,12,20,10,50\n",
                       "pH,SI(Calcite),SI(CO2(g)),n(Calcite),n(CO2(g))",
                       "Calcite=0.2, CO2(g)=-2.5:1", &s));
    T_NEAR(value_at(s, 0, 1), 0.2, 1e-9);
    T_NEAR(value_at(s, 0, 2), -2.5, 1e-9);
    ck_assert_double_lt(value_at(s, 0, 3), 0.0); /* dissolved */
    ck_assert_double_lt(value_at(s, 0, 4), 1.0); /* taken up */
    sei_speciation_free(s);
}
END_TEST

/* --- what is refused ---------------------------------------------------------------------------------- */

static const struct {
    const char *text, *select, *phases, *message;
    sei_status  status;
} refused[] = {
    {"pH,Ca\n7,abc\n", "pH", NULL, NULL, SEI_E_TYPE},
    {"pH,Ca\n17,40\n", "pH", NULL, "waters.csv:2: column 'pH', value '17': outside -2..16",
     SEI_E_RANGE},
    {"temp,Ca\n-3,40\n", "pH", NULL, "waters.csv:2: column 'temp', value '-3': outside 0..100",
     SEI_E_RANGE},
    {"pe,Ca\n40,40\n", "pH", NULL, "waters.csv:2: column 'pe', value '40': outside -20..25",
     SEI_E_RANGE},
    {"pH,Ca\n7,-4\n", "pH", NULL,
     "waters.csv:2: column 'Ca', value '-4': a concentration is not below 0", SEI_E_RANGE},
    {"pH,Ca_m3_s\n7,4\n", "pH", NULL,
     "waters.csv:1: Ca is given in m³/s; a concentration is needed: mg_l, ug_l, g_l, mg_kg, "
     "mmol_l, mol_l, "
     "mmol_kgw or mol_kgw",
     SEI_E_UNIT},
    {"pH,Ca\n7,4\n", "pH,what(Ca)", NULL,
     "\"what(Ca)\" asks for nothing known: pH, pe, mu, charge, alk, aw, temp, m(SPECIES), "
     "la(SPECIES), "
     "tot(ELEMENT), SI(PHASE), n(PHASE)",
     SEI_E_KEY},
    {"pH,Ca\n7,4\n", "pH,,mu", NULL, "an empty word in \"pH,,mu\"", SEI_E_ARG},
    {"pH,Ca\n7,4\n", "pH", "Calcite=x",
     "\"Calcite=x\" is no phase with saturation index and amount, as Calcite, Calcite=0.3 or "
     "Calcite=0:0.01 "
     "(mol/kgw)",
     SEI_E_PARSE},
    {"pH,charge,Ca\n7,Gold,4\n", "pH", NULL,
     "waters.csv:2: the charge cannot be balanced on \"Gold\": it is neither pH nor a component "
     "of " SEI_PROJECT_DIR "/data/thermo/minewater.dat",
     SEI_E_NOT_FOUND},
    {"pH,charge,Alkalinity,Ca\n7,C(4),20,4\n", "pH", NULL,
     "waters.csv:2: the charge cannot be balanced on C(4): alkalinity sets it already", SEI_E_ARG},
    {"pH,Fe,Fe(3)\n7,4,1\n", "pH", NULL,
     "waters.csv:2: \"Fe\" and \"Fe(3)\" are the same substance: give an element either whole or "
     "by its valences",
     SEI_E_DUPLICATE},
    {"pH,Zn,Zn_ug_l\n7,4,1\n", "pH", NULL, "waters.csv:2: Zn is given twice", SEI_E_DUPLICATE},
    {"pH,Zn,zn_mg_l\n7,4,1\n", "pH", NULL, "waters.csv:2: Zn is given twice", SEI_E_DUPLICATE},
    {"pH,H\n7,4\n", "pH", NULL,
     "waters.csv:2: \"H\" cannot be a component: it follows from the others", SEI_E_ARG},
    {"pH,Na,Cl\n7,500000,600000\n", "pH", NULL, NULL, SEI_E_RANGE},
};

START_TEST(wrong_tables_are_refused)
{
    sei_speciation *s = NULL;

    T_STATUS(ctx, run_text(refused[_i].text, refused[_i].select, refused[_i].phases, &s),
             refused[_i].status);
    ck_assert_ptr_null(s);
    if (refused[_i].message)
        ck_assert_str_eq(sei_ctx_error(ctx), refused[_i].message);
    else
        T_CONTAINS(sei_ctx_error(ctx), "waters.csv:2: ");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_table");
    TCase *tcase = tcase_create("table");

    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, charge_and_alkalinity_agree_with_phreeqc);
    tcase_add_test(tcase, a_header_may_carry_the_unit);
    tcase_add_test(tcase, defaults_fill_empty_cells);
    tcase_add_test(tcase, measured_quantities_are_the_same_water_as_their_components);
    tcase_add_test(tcase, an_eh_divides_measured_iron);
    tcase_add_test(tcase, what_is_missing_leaves_cells_empty);
    tcase_add_test(tcase, quantity_without_its_unit_is_refused);
    tcase_add_test(tcase, cells_are_read_as_japanese_sheets_write_them);
    tcase_add_test(tcase, a_water_that_fails_leaves_its_row_empty);
    tcase_add_test(tcase, phases_may_be_given_in_a_list);
    tcase_add_loop_test(tcase, wrong_tables_are_refused, 0, T_COUNT(refused));
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
