/* test_water_quantity.c - registry, molar masses, names with units, values, Japanese headers */
#include "base/file.h"
#include "seiryu/water.h"
#include "t.h"

/* Sums of the abridged standard atomic weights of IUPAC 2021 (doi 10.1515/pac-2019-0603), worked by
 * hand: CaCO3 40.078 + 12.011 + 3 * 15.999 and so on, g/mol. */
START_TEST(molar_masses_are_sums_of_iupac_weights)
{
    static const struct {
        const char *formula;
        double      g_mol;
    } ref[] = {
        {"Zn", 65.38},       {"Cd", 112.41},   {"Pb", 207.2},
        {"CaCO3", 100.086},  {"SO4", 96.056},  {"H2S", 34.076},
        {"HCO3", 61.016},    {"SiO2", 60.083}, {"Fe8O8(OH)6SO4", 772.850},
        {"Ca(OH)2", 74.092}, {"CN", 26.018},   {"Al2(SO4)3", 342.132},
        {"Co", 58.933},      {"CO", 28.010},
    };

    for (size_t i = 0; i < T_COUNT(ref); i++)
        T_CLOSE(sei_molar_mass(ref[i].formula), ref[i].g_mol * 1e-3, 1e-9);
    ck_assert(sei_molar_mass("Xx") == 0);
    ck_assert(sei_molar_mass("Fe(OH") == 0);
    ck_assert(sei_molar_mass("Fe)2") == 0);
    ck_assert(sei_molar_mass("fe") == 0);
    ck_assert(sei_molar_mass("((((((Fe))))))") == 0); /* deeper than any formula */
}
END_TEST

START_TEST(registry_is_sound)
{
    ck_assert_uint_ge(sei_quantity_count(), 60);
    for (size_t i = 0; i < sei_quantity_count(); i++) {
        const sei_quantity *q = sei_quantity_at(i);
        ck_assert_ptr_eq(sei_quantity_find(q->key), q); /* no key stands twice */
        ck_assert(q->name_ja[0] && q->name_en[0] && q->symbol[0]);
        ck_assert(q->min < q->max);
        if (q->unit[0]) {
            ck_assert_ptr_nonnull(sei_quantity_unit(q));
            ck_assert_int_eq(sei_quantity_unit(q)->dimension, q->dimension);
        }
        if (q->formula)
            ck_assert(sei_quantity_molar_mass(q) > 0);
        if (!q->signed_value)
            ck_assert(q->min >= 0);
    }
    ck_assert_ptr_null(sei_quantity_at(sei_quantity_count()));
    ck_assert_ptr_eq(sei_quantity_find("ec"), sei_quantity_find("sc"));
    ck_assert_ptr_null(sei_quantity_find("zink"));
}
END_TEST

/* 1 mmol/L Zn = 65.38 mg/L; 1 mmol/L SO4 = 96.056 mg/L; alkalinity 1 meq/L = 50.043 mg/L CaCO3. */
START_TEST(mass_and_moles_convert_by_the_species)
{
    const sei_unit *mmol = sei_unit_find("mmol_l"), *mg = sei_unit_find("mg_l");
    static const struct {
        const char *key;
        double      mg_l;
    } ref[] = {{"zn", 65.38}, {"so4", 96.056}, {"alkalinity", 50.043}, {"no3_n", 14.007}};

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const sei_quantity *q  = sei_quantity_find(ref[i].key);
        double              si = 0, back = 0;
        ck_assert(sei_quantity_to_si(q, mmol, 1.0, &si));
        T_CLOSE(si, ref[i].mg_l * 1e-3, 1e-9);
        ck_assert(sei_quantity_from_si(q, mg, si, &back));
        T_CLOSE(back, ref[i].mg_l, 1e-9);
        ck_assert(sei_quantity_from_si(q, mmol, si, &back));
        T_CLOSE(back, 1.0, 1e-12);
    }
    double x = 42;
    ck_assert(!sei_quantity_to_si(sei_quantity_find("ss"), mmol, 1.0, &x));
    ck_assert(!sei_quantity_to_si(sei_quantity_find("ph"), mg, 1.0, &x));
    ck_assert(!sei_quantity_to_si(sei_quantity_find("ph"), sei_unit_find("pct"), 1.0, &x));
    ck_assert(!sei_quantity_to_si(sei_quantity_find("zn"), NULL, 1.0, &x));
    ck_assert(!sei_quantity_to_molar(sei_quantity_find("bod"), 1.0, &x));
    ck_assert(x == 42);
}
END_TEST

START_TEST(column_names_carry_quantity_fraction_and_unit)
{
    static const struct {
        const char  *name, *key;
        sei_fraction fraction;
        const char  *unit, *again;
    } ref[] = {
        {"zn_mg_l", "zn", SEI_FRACTION_TOTAL, "mg_l", "zn_mg_l"},
        {"zn_total_mg_l", "zn", SEI_FRACTION_TOTAL, "mg_l", "zn_mg_l"},
        {"zn_dissolved_ug_l", "zn", SEI_FRACTION_DISSOLVED, "ug_l", "zn_dissolved_ug_l"},
        {"fe2_mmol_l", "fe2", SEI_FRACTION_TOTAL, "mmol_l", "fe2_mmol_l"},
        {"Zn_suspended_mg_L", "zn", SEI_FRACTION_SUSPENDED, "mg_l", "zn_suspended_mg_l"},
        {"flow_m3_min", "flow", SEI_FRACTION_TOTAL, "m3_min", "flow_m3_min"},
        {"flow_l_min", "flow", SEI_FRACTION_TOTAL, "l_min", "flow_l_min"},
        {"temp_c", "temp", SEI_FRACTION_TOTAL, "c", "temp_c"},
        {"pH", "ph", SEI_FRACTION_TOTAL, NULL, "ph"},
        {"ec_us_cm", "sc", SEI_FRACTION_TOTAL, "us_cm", "sc_us_cm"},
        {"sc_us_cm_25c", "sc", SEI_FRACTION_TOTAL, "us_cm", "sc_us_cm"},
        {"alkalinity_mg_l_caco3", "alkalinity", SEI_FRACTION_TOTAL, "mg_l", "alkalinity_mg_l"},
        {"net_acidity_mg_l_caco3", "net_acidity", SEI_FRACTION_TOTAL, "mg_l", "net_acidity_mg_l"},
        {"no3_n_mg_l", "no3_n", SEI_FRACTION_TOTAL, "mg_l", "no3_n_mg_l"},
        {"as_ug_l", "as", SEI_FRACTION_TOTAL, "ug_l", "as_ug_l"},
        {"turbidity_ntu", "turbidity", SEI_FRACTION_TOTAL, "ntu", "turbidity_ntu"},
        {"orp_mv", "orp", SEI_FRACTION_TOTAL, "mv", "orp_mv"},
    };
    sei_ctx *ctx = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        sei_quantity_column c;
        char                again[SEI_QUANTITY_NAME_MAX];
        T_OK(ctx, sei_quantity_parse_column(ctx, NULL, ref[i].name, &c));
        ck_assert_str_eq(c.quantity->key, ref[i].key);
        ck_assert_int_eq(c.fraction, ref[i].fraction);
        ck_assert_str_eq(c.unit ? c.unit->key : "", ref[i].unit ? ref[i].unit : "");
        sei_quantity_format_column(again, &c);
        ck_assert_str_eq(again, ref[i].again);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(bad_column_names_are_explained)
{
    static const struct {
        const char *name;
        sei_status  status;
        const char *message;
    } ref[] = {
        {"turbidty_ntu", SEI_E_KEY,
         "s.csv:3: column 'turbidty_ntu': unknown quantity 'turbidty'; is it 'turbidity'?"},
        {"zinc_mg_l", SEI_E_KEY,
         "s.csv:3: column 'zinc_mg_l': unknown quantity 'zinc'; is it 'zn'?"},
        {"temp_mg_l", SEI_E_UNIT,
         "s.csv:3: column 'temp_mg_l': temp cannot be given in mg/L; allowed units: c, degc, "
         "kelvin"},
        {"ph_dissolved", SEI_E_KEY,
         "s.csv:3: column 'ph_dissolved': unknown ending 'dissolved' of ph; it has no fractions"},
        {"", SEI_E_KEY, "s.csv:3: column '': unknown quantity ''"},
        {"turbidity", SEI_E_UNIT,
         "s.csv:3: column 'turbidity': the unit of turbidity is missing; write for example "
         "'turbidity_ntu' (allowed: ntu)"},
    };
    sei_ctx            *ctx   = sei_ctx_create(NULL);
    const sei_where     where = {"s.csv", 3, 0};
    sei_quantity_column c     = {NULL, SEI_FRACTION_TOTAL, NULL};

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        T_STATUS(ctx, sei_quantity_parse_column(ctx, &where, ref[i].name, &c), ref[i].status);
        T_CONTAINS(sei_ctx_error(ctx), ref[i].message);
        ck_assert_ptr_null(c.quantity);
    }
    sei_ctx_free(ctx);
}
END_TEST

/* ---- values ---- */

static sei_value value_of(sei_ctx *ctx, const char *name, const char *text)
{
    sei_quantity_column c;
    sei_value           v = {42, 42, SEI_QC_BAD};

    T_OK(ctx, sei_quantity_parse_column(ctx, NULL, name, &c));
    T_OK(ctx, sei_quantity_parse_value(ctx, NULL, &c, text, &v));
    return v;
}

START_TEST(values_are_read_as_sheets_write_them)
{
    static const struct {
        const char *text;
        double      mg_l, loq_mg_l;
        sei_qc      qc;
    } ref[] = {
        {"0.12", 0.12, 0, SEI_QC_GOOD},
        {" 1.2E+01 ", 12, 0, SEI_QC_GOOD},
        {"0", 0, 0, SEI_QC_GOOD}, /* a zero that was written is a zero */
        {"０．００５", 0.005, 0, SEI_QC_GOOD},
        {"＋１．５", 1.5, 0, SEI_QC_GOOD},
        {"1,200", 1200, 0, SEI_QC_GOOD},
        {"12,345.5", 12345.5, 0, SEI_QC_GOOD},
        {"<0.005", 0.005, 0.005, SEI_QC_BELOW_LOQ},
        {"< 0.005", 0.005, 0.005, SEI_QC_BELOW_LOQ},
        {"＜０．００５", 0.005, 0.005, SEI_QC_BELOW_LOQ},
        {"≦0.005", 0.005, 0.005, SEI_QC_BELOW_LOQ},
        {"<=0.005", 0.005, 0.005, SEI_QC_BELOW_LOQ},
        {"0.005未満", 0.005, 0.005, SEI_QC_BELOW_LOQ},
        {"０．００５　未満", 0.005, 0.005, SEI_QC_BELOW_LOQ},
        {"ND", 0, 0, SEI_QC_BELOW_LOQ},
        {"n.d.", 0, 0, SEI_QC_BELOW_LOQ},
        {"ＮＤ", 0, 0, SEI_QC_BELOW_LOQ},
        {"不検出", 0, 0, SEI_QC_BELOW_LOQ},
        {"定量下限未満", 0, 0, SEI_QC_BELOW_LOQ},
        {">50", 50, 0, SEI_QC_ESTIMATED},
        {"50以上", 50, 0, SEI_QC_ESTIMATED},
        {"", 0, 0, SEI_QC_MISSING},
        {"-", 0, 0, SEI_QC_MISSING},
        {"－", 0, 0, SEI_QC_MISSING},
        {"　", 0, 0, SEI_QC_MISSING},
        {"欠測", 0, 0, SEI_QC_MISSING},
        {"N/A", 0, 0, SEI_QC_MISSING},
    };
    sei_ctx *ctx = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const sei_value v = value_of(ctx, "zn_mg_l", ref[i].text);
        ck_assert_msg(v.qc == ref[i].qc, "'%s' is %s", ref[i].text, sei_qc_name(v.qc));
        T_NEAR(v.value_si, ref[i].mg_l * 1e-3, 1e-12);
        T_NEAR(v.loq_si, ref[i].loq_mg_l * 1e-3, 1e-15);
    }
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 0);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(values_that_are_none_are_refused)
{
    static const char *const bad[] = {"0,5",   "1,20", "1,2000",    "12,34.5", ",5",    "1.5,000",
                                      "1..2",  "0x10", "nan(1)",    "1e",      "< >",   "<<1",
                                      "1 200", "--1",  "\xFF\xFE",  "<",       "1e400", "1.2 mg/L",
                                      "1-2",   "未満", "１．２．３"};
    sei_ctx                 *ctx   = sei_ctx_create(NULL);
    sei_quantity_column      c;
    sei_value                v = {42, 43, SEI_QC_BAD};

    T_OK(ctx, sei_quantity_parse_column(ctx, NULL, "zn_mg_l", &c));
    for (size_t i = 0; i < T_COUNT(bad); i++) {
        T_STATUS(ctx, sei_quantity_parse_value(ctx, NULL, &c, bad[i], &v), SEI_E_TYPE);
        T_CONTAINS(sei_ctx_error(ctx), "not a number");
    }
    T_STATUS(ctx, sei_quantity_parse_value(ctx, NULL, &c, "-0.1", &v), SEI_E_RANGE);
    ck_assert_str_eq(sei_ctx_error(ctx),
                     "zn_mg_l, value '-0.1': negative; zn must be 0 mg/L or more");
    ck_assert(v.value_si == 42 && v.loq_si == 43 && v.qc == SEI_QC_BAD);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(implausible_values_are_kept_and_flagged)
{
    sei_ctx *ctx = sei_ctx_create(NULL);

    ck_assert_int_eq(value_of(ctx, "ph", "15.2").qc, SEI_QC_SUSPECT);
    ck_assert_str_eq(sei_ctx_warning(ctx, 0),
                     "ph, value '15.2': outside the plausible 0..14 of ph; flagged SUSPECT");
    ck_assert_int_eq(value_of(ctx, "orp_mv", "-350").qc, SEI_QC_GOOD);
    ck_assert_int_eq(value_of(ctx, "temp_c", "-1").qc, SEI_QC_GOOD);
    T_NEAR(value_of(ctx, "temp_c", "15").value_si, 288.15, 1e-9);
    ck_assert_int_eq(value_of(ctx, "temp_kelvin", "15").qc, SEI_QC_SUSPECT);
    ck_assert_int_eq(value_of(ctx, "do_mg_l", "26").qc, SEI_QC_SUSPECT);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(substitution_rules_for_values_below_quantification)
{
    const sei_value below = {0.005, 0.005, SEI_QC_BELOW_LOQ}, good = {0.2, 0.005, SEI_QC_GOOD};

    ck_assert(sei_value_number(&below, SEI_LOQ_ZERO) == 0);
    ck_assert(sei_value_number(&below, SEI_LOQ_HALF) == 0.0025);
    ck_assert(sei_value_number(&below, SEI_LOQ_FULL) == 0.005);
    ck_assert(sei_value_number(&good, SEI_LOQ_ZERO) == 0.2);
}
END_TEST

/* ---- headers ---- */

START_TEST(the_manual_names_every_quantity)
{
    sei_ctx *ctx  = sei_ctx_create(NULL);
    char    *page = NULL, key[64];
    size_t   len  = 0;

    T_OK(ctx, sei_file_read(ctx, SEI_PROJECT_DIR "/docs/files-csv.md", 1 << 20, &page, &len));
    for (size_t i = 0; i < sei_quantity_count(); i++) {
        snprintf(key, sizeof key, "`%s`", sei_quantity_at(i)->key);
        ck_assert_msg(strstr(page, key) != NULL, "docs/files-csv.md does not name %s", key);
    }
    sei_release(ctx, page);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(japanese_headers_are_understood)
{
    static const struct {
        const char     *header;
        sei_column_kind kind;
        const char     *name; /* canonical name, or the key of a text */
    } ref[] = {
        {"水温", SEI_COLUMN_VALUE, "temp_c"},
        {"水温（℃）", SEI_COLUMN_VALUE, "temp_c"},
        {"水温(°C)", SEI_COLUMN_VALUE, "temp_c"},
        {"気温", SEI_COLUMN_VALUE, "air_temp_c"},
        {"ｐＨ", SEI_COLUMN_VALUE, "ph"},
        {"pH(-)", SEI_COLUMN_VALUE, "ph"},
        {"水素イオン濃度", SEI_COLUMN_VALUE, "ph"},
        {"亜鉛(mg/L)", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"亜鉛（㎎/ℓ）", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"亜鉛 [ug/L]", SEI_COLUMN_VALUE, "zn_ug_l"},
        {"亜鉛【μg／Ｌ】", SEI_COLUMN_VALUE, "zn_ug_l"},
        {"亜鉛 mg/L", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"亜鉛\n(mg/L)", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"亜鉛含有量(mg/L)", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"全亜鉛(mg/L)", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"溶解性鉄(mg/L)", SEI_COLUMN_VALUE, "fe_dissolved_mg_l"},
        {"鉄(溶解性)(mg/L)", SEI_COLUMN_VALUE, "fe_dissolved_mg_l"},
        {"溶解性鉄含有量（mg/l）", SEI_COLUMN_VALUE, "fe_dissolved_mg_l"},
        {"懸濁態亜鉛(mg/L)", SEI_COLUMN_VALUE, "zn_suspended_mg_l"},
        {"T-Fe(mg/L)", SEI_COLUMN_VALUE, "fe_mg_l"},
        {"D-Mn(mg/L)", SEI_COLUMN_VALUE, "mn_dissolved_mg_l"},
        {"T-N(mg/L)", SEI_COLUMN_VALUE, "tn_mg_l"},
        {"Zn(mg/L)", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"流量(m3/分)", SEI_COLUMN_VALUE, "flow_m3_min"},
        {"流量（㎥/日）", SEI_COLUMN_VALUE, "flow_m3_d"},
        {"流量(L/min)", SEI_COLUMN_VALUE, "flow_l_min"},
        {"電気伝導率(mS/m)", SEI_COLUMN_VALUE, "sc_ms_m"},
        {"EC(μS/cm)", SEI_COLUMN_VALUE, "sc_us_cm"},
        {"酸化還元電位(mV)", SEI_COLUMN_VALUE, "orp_mv"},
        {"ﾏﾝｶﾞﾝ(mg/L)", SEI_COLUMN_VALUE, "mn_mg_l"},
        {"ヒ素(mg/L)", SEI_COLUMN_VALUE, "as_mg_l"},
        {"採水日", SEI_COLUMN_TIME, ""},
        {"採水年月日", SEI_COLUMN_TIME, ""},
        {"採水時刻", SEI_COLUMN_CLOCK, ""},
        {"採水地点", SEI_COLUMN_TEXT, "point"},
        {"備考", SEI_COLUMN_TEXT, "note"},
        {"zn_mg_l", SEI_COLUMN_VALUE, "zn_mg_l"},
        {"zn_loq_mg_l", SEI_COLUMN_LOQ, "zn_mg_l"},
        {"zn_dissolved_qc", SEI_COLUMN_QC, "zn_dissolved"},
        {"date", SEI_COLUMN_TIME, ""},
    };
    sei_ctx     *ctx = sei_ctx_create(NULL);
    sei_headers *h   = NULL;

    T_OK(ctx, sei_headers_load(ctx, NULL, &h));
    for (size_t i = 0; i < T_COUNT(ref); i++) {
        sei_column c;
        char       name[SEI_QUANTITY_NAME_MAX] = "";
        T_OK(ctx, sei_headers_resolve(ctx, h, NULL, ref[i].header, &c));
        ck_assert_msg(c.kind == ref[i].kind, "%s", ref[i].header);
        if (c.kind == SEI_COLUMN_TEXT)
            snprintf(name, sizeof name, "%s", c.text_key);
        else if (c.kind == SEI_COLUMN_VALUE || c.kind == SEI_COLUMN_LOQ || c.kind == SEI_COLUMN_QC)
            sei_quantity_format_column(name, &c.measured);
        ck_assert_str_eq(name, ref[i].name);
    }
    sei_headers_free(h);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(a_users_header_file_wins)
{
    static const char text[] = "header,kind,key,fraction,unit\n"
                               "Ｚｎ計,quantity,zn,total,mg_l\n"
                               "水温,quantity,air_temp,,c\n"
                               "kg/m³,unit,g_l,,\n";
    char              path[] = "/tmp/seiryu-headers-XXXXXX";
    const int         fd     = mkstemp(path);
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_headers      *h      = NULL;
    sei_column        c;

    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, text, sizeof text - 1), (int)sizeof text - 1);
    close(fd);
    T_OK(ctx, sei_headers_load(ctx, path, &h));
    T_OK(ctx, sei_headers_resolve(ctx, h, NULL, "Zn計", &c));
    ck_assert_str_eq(c.measured.quantity->key, "zn");
    T_OK(ctx, sei_headers_resolve(ctx, h, NULL, "水温", &c));
    ck_assert_str_eq(c.measured.quantity->key, "air_temp");
    T_OK(ctx, sei_headers_resolve(ctx, h, NULL, "亜鉛(kg/m3)", &c));
    ck_assert_str_eq(c.measured.unit->key, "g_l");
    sei_headers_free(h);
    unlink(path);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(method_codes_old_and_new_are_known)
{
    static const struct {
        const char *code, *key, *part;
        bool        verified;
    } ref[] = {
        {"JIS K 0102 53.3", "zn", "K 0102-3", false},
        {"JIS K0102(2016) 57.4", "fe", "K 0102-3", false},
        {"ＪＩＳ Ｋ ０１０２ 12.1", "ph", "K 0102-1", false},
        {"K0102-3", "", "K 0102-3", true},
        {"JIS K 0102-3:2022", "", "K 0102-3", true},
    };
    sei_ctx     *ctx = sei_ctx_create(NULL);
    sei_headers *h   = NULL;
    sei_method   m;

    T_OK(ctx, sei_headers_load(ctx, NULL, &h));
    for (size_t i = 0; i < T_COUNT(ref); i++) {
        ck_assert_msg(sei_headers_method(h, ref[i].code, &m), "%s", ref[i].code);
        ck_assert_str_eq(m.quantity ? m.quantity->key : "", ref[i].key);
        ck_assert_str_eq(m.part, ref[i].part);
        ck_assert(m.verified == ref[i].verified);
    }
    ck_assert(!sei_headers_method(h, "ISO 11885", &m));
    ck_assert(!sei_headers_method(h, "JIS K 0102 (", &m));
    ck_assert(!sei_headers_method(h, "JIS K 0102 999", &m));
    sei_headers_free(h);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("water: quantities");
    TCase *c     = tcase_create("quantities");

    tcase_add_test(c, molar_masses_are_sums_of_iupac_weights);
    tcase_add_test(c, registry_is_sound);
    tcase_add_test(c, mass_and_moles_convert_by_the_species);
    tcase_add_test(c, column_names_carry_quantity_fraction_and_unit);
    tcase_add_test(c, bad_column_names_are_explained);
    tcase_add_test(c, values_are_read_as_sheets_write_them);
    tcase_add_test(c, values_that_are_none_are_refused);
    tcase_add_test(c, implausible_values_are_kept_and_flagged);
    tcase_add_test(c, substitution_rules_for_values_below_quantification);
    tcase_add_test(c, the_manual_names_every_quantity);
    tcase_add_test(c, japanese_headers_are_understood);
    tcase_add_test(c, a_users_header_file_wins);
    tcase_add_test(c, method_codes_old_and_new_are_known);
    suite_add_tcase(suite, c);
    return t_run(suite);
}
