/* test_plant_units.c - rows of the unit types, geometry by hand, media, heat, rates */
#include "base/file.h"
#include "plant_case.h"
#include "seiryu/units.h"

static void check_words(const char *type, const sei_param *row)
{
    size_t          stem;
    const sei_unit *unit = sei_name_unit(row->key, &stem);

    ck_assert_msg(row->help[0] && row->help_ja[0], "%s.%s help", type, row->key);
    ck_assert_msg(row->evidence != SEI_PUBLISHED || row->source[0], "%s.%s: no source", type,
                  row->key);
    ck_assert_msg(strcmp(unit ? unit->symbol : "", row->unit) == 0,
                  "%s.%s: its key says %s, the row %s", type, row->key,
                  unit ? unit->symbol : "no unit", row->unit);
}

static void check_numbers(const char *type, const sei_param *row)
{
    ck_assert_msg(isfinite(row->lower) && isfinite(row->upper) && row->lower < row->upper,
                  "%s.%s bounds", type, row->key);
    ck_assert_msg(isnan(row->def) || (row->def >= row->lower && row->def <= row->upper),
                  "%s.%s default %g", type, row->key, row->def);
    ck_assert_msg(row->transform != SEI_LOG || row->lower > 0.0, "%s.%s: log of 0", type, row->key);
}

static void check_rows(const sei_unit_type *type, const sei_param rows[], size_t n)
{
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(rows[i].key && rows[i].unit && rows[i].source && rows[i].help &&
                          rows[i].help_ja,
                      "%s row %zu", type->key, i);
        check_words(type->key, &rows[i]);
        check_numbers(type->key, &rows[i]);
        ck_assert_msg(sei_param_index(rows, n, rows[i].key) == i, "%s.%s twice", type->key,
                      rows[i].key);
    }
}

START_TEST(every_row_has_unit_bounds_help_and_evidence)
{
    ck_assert_uint_ge(sei_unit_type_count(), 18);
    ck_assert_ptr_null(sei_unit_type_at(sei_unit_type_count()));
    ck_assert_ptr_null(sei_unit_type_find("tanks"));
    for (size_t i = 0; i < sei_unit_type_count(); i++) {
        const sei_unit_type *type = sei_unit_type_at(i);
        ck_assert_ptr_eq(sei_unit_type_find(type->key), type);
        ck_assert(type->title[0] && type->title_ja[0]);
        check_rows(type, type->params, type->n_params);
        check_rows(type, type->layer_params, type->n_layer_params);
        if (i > 0)
            ck_assert_int_lt(strcmp(sei_unit_type_at(i - 1)->key, type->key), 0);
    }
}
END_TEST

/* The page names every parameter with its default, so that it cannot fall behind the code. */
static void check_page(sei_ctx *ctx, const char *text, const sei_unit_type *type,
                       const sei_param rows[], size_t n)
{
    (void)ctx;
    for (size_t i = 0; i < n; i++) {
        char want[160];
        if (isnan(rows[i].def))
            snprintf(want, sizeof want, "| `%s` | (give) |", rows[i].key);
        else
            snprintf(want, sizeof want, "| `%s` | %g |", rows[i].key, rows[i].def);
        ck_assert_msg(strstr(text, want) != NULL, "docs/units/%s.md lacks \"%s\"", type->key, want);
    }
}

START_TEST(every_type_has_a_page_with_all_parameters)
{
    sei_ctx *ctx   = sei_ctx_create(NULL);
    char    *index = NULL;
    size_t   len;

    T_OK(ctx, sei_file_read(ctx, SEI_PROJECT_DIR "/docs/units/index.md", 1 << 20, &index, &len));
    for (size_t i = 0; i < sei_unit_type_count(); i++) {
        const sei_unit_type *type = sei_unit_type_at(i);
        char                 path[400], *text = NULL;

        snprintf(path, sizeof path, SEI_PROJECT_DIR "/docs/units/%s.md", type->key);
        T_OK(ctx, sei_file_read(ctx, path, 1 << 20, &text, &len));
        check_page(ctx, text, type, type->params, type->n_params);
        check_page(ctx, text, type, type->layer_params, type->n_layer_params);
        snprintf(path, sizeof path, "(%s.md)", type->key);
        T_CONTAINS(index, path);
        sei_release(ctx, text);
    }
    sei_release(ctx, index);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(every_type_builds_with_defaults_and_a_size)
{
    for (size_t i = 0; i < sei_unit_type_count(); i++) {
        plant_case          *c    = case_full();
        const sei_unit_type *type = sei_unit_type_at(i);
        const size_t         u    = case_unit(c, type->key, "unit");

        if (sei_param_index(type->params, type->n_params, "volume_m3") < type->n_params)
            case_set(c, u, "volume_m3", 1.0);
        for (size_t k = 0; k < type->n_params; k++)
            if (isnan(type->params[k].def))
                case_set(c, u, type->params[k].key, 1.0);
        if (type->n_layer_params > 0)
            case_layer_set(c, u, case_layer(c, u, "layer"), "depth_m", 0.5);
        if (strcmp(type->key, "splitter") == 0)
            case_set(c, u, "all_claimed", 0.0);
        if (type->needs_reagent)
            c->units[u].reagent = "NaOH";
        T_OK(c->ctx, case_build(c));
        ck_assert_uint_ge(sei_plant_n_cells(c->plant), 1);
        case_close(c);
    }
}
END_TEST

extern const sei_unit_type sei_unit_type_new_template; /* src/plant/new_template.c */

START_TEST(template_for_new_units_works)
{
    plant_case  *c = case_full();
    const size_t u = case_unit_of(c, &sei_unit_type_new_template, "mine");

    check_rows(c->units[u].type, c->units[u].type->params, c->units[u].type->n_params);
    case_set(c, u, "volume_m3", 2.0);
    T_OK(c->ctx, case_build(c));
    ck_assert_uint_eq(sei_plant_n_cells(c->plant), 4);
    T_CLOSE(sei_plant_unit_at(c->plant, 0)->size.pore_m3, 0.8, 1e-12);
    case_close(c);
}
END_TEST

/* ---- geometry ---- */

static void layered_35_l(plant_case *c, size_t u)
{
    case_set(c, u, "volume_m3", 0.035);
    case_layer_set(c, u, case_layer(c, u, "bran"), "depth_m", 0.1);
    case_layer_set(c, u, case_layer(c, u, "husk"), "depth_m", 0.3);
    case_layer_set(c, u, case_layer(c, u, "limestone"), "depth_m", 0.1);
}

/* Sato et al. 2018: 35 L and 11.7 mL/min are quoted as 50 h, so the retention time is nominal. */
START_TEST(bench_bed_of_35_l_has_50_h_nominal)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    c->inflow_m3_s[0] = 11.7e-6 / 60.0;
    layered_35_l(c, u);
    T_OK(c->ctx, case_build(c));
    const sei_plant_unit *unit = sei_plant_unit_at(c->plant, 0);
    T_CLOSE(sei_unit_hrt_nominal_s(&unit->size, unit->flow_m3_s) / 3600.0, 50.0, 0.005);
    T_CLOSE(sei_unit_hrt_pore_s(&unit->size, unit->flow_m3_s) / 3600.0, 25.0, 0.005);
    T_CLOSE(unit->size.area_m2, 0.035 / 0.5, 1e-12);
    T_CLOSE(unit->size.length_m, 0.5, 1e-12);
    case_close(c);
}
END_TEST

/* Pilot: 5.2 L/min and 2.5 h need 0.78 m3; 2.6 L/min and 30 h need 4.68 m3. */
START_TEST(pilot_beds_have_their_nominal_times)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "iron_oxidation_bed", "iron"),
                 b = case_unit(c, "sulfate_reducing_bed", "line 1");

    c->inflow_m3_s[0] = 5.2e-3 / 60.0;
    case_set(c, a, "volume_m3", 0.78);
    case_feed(c, b, "iron", 0.5);
    case_set(c, b, "area_m2", 4.68);
    case_layer_set(c, b, case_layer(c, b, "bran"), "depth_m", 0.25);
    case_layer_set(c, b, case_layer(c, b, "husk"), "depth_m", 0.75);
    T_OK(c->ctx, case_build(c));

    const sei_plant_unit *iron = sei_plant_unit_at(c->plant, 0),
                         *line = sei_plant_unit_at(c->plant, 1);
    T_CLOSE(sei_unit_hrt_nominal_s(&iron->size, iron->flow_m3_s) / 3600.0, 2.5, 1e-9);
    T_CLOSE(sei_unit_hrt_pore_s(&iron->size, iron->flow_m3_s) / 3600.0, 2.5 * 0.66, 1e-9);
    T_CLOSE(line->flow_m3_s, 2.6e-3 / 60.0, 1e-12);
    T_CLOSE(sei_unit_hrt_nominal_s(&line->size, line->flow_m3_s) / 3600.0, 30.0, 1e-9);
    case_close(c);
}
END_TEST

START_TEST(profile_runs_from_inlet_to_outlet)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    layered_35_l(c, u);
    T_OK(c->ctx, case_build(c));
    ck_assert_uint_eq(sei_plant_n_cells(c->plant), 12);
    const sei_plant_cell *first = sei_plant_cell_at(c->plant, 0),
                         *mid   = sei_plant_cell_at(c->plant, 4),
                         *last  = sei_plant_cell_at(c->plant, 11);
    T_CLOSE(first->distance_m, 0.025, 1e-12);
    T_CLOSE(mid->distance_m, 0.1 + 0.075, 1e-12);
    ck_assert_uint_eq(mid->layer, 1);
    T_CLOSE(last->distance_m, 0.5, 1e-12);
    T_CLOSE(last->bed_to_m3, 0.035, 1e-12);
    T_CLOSE(last->pore_to_m3, 0.0175, 1e-12);
    case_close(c);
}
END_TEST

/* The aerated inlet is no part of the bed: it adds a cell, but no retention time. */
START_TEST(inlet_shower_is_no_bed)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "iron_oxidation_bed", "iron");

    case_set(c, u, "area_m2", 2.0);
    case_set(c, u, "depth_m", 0.5);
    T_OK(c->ctx, case_build(c));
    const sei_plant_unit *unit = sei_plant_unit_at(c->plant, 0);
    ck_assert_uint_eq(unit->n_cells, 9);
    T_CLOSE(unit->size.bed_m3, 1.0, 1e-12);
    T_CLOSE(unit->size.pore_m3, 0.66, 1e-12);
    T_CLOSE(sei_plant_train_spec(c->plant)->cells[0].water_kg, 1e-3 * 120.0 * 1000.0, 1e-12);
    case_close(c);
}
END_TEST

/* ---- media ---- */

static double solid_mol(const plant_case *c, const char *name)
{
    const size_t n = sei_model_n_solids(c->model), i = sei_model_find_solid(c->model, name);
    double       sum = 0.0;

    ck_assert_uint_lt(i, n);
    for (size_t cell = 0; cell < sei_plant_n_cells(c->plant); cell++)
        sum += sei_plant_solid_mol(c->plant)[cell * n + i];
    return sum;
}

/* 0.57 x 2650 kg/m3 x 10 m3 x 0.9 = 13.59 t of CaCO3 at 100.087 g/mol. */
START_TEST(limestone_becomes_calcite_by_mass_and_purity)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "limestone_bed", "drain");

    case_set(c, u, "volume_m3", 10.0);
    T_OK(c->ctx, case_build(c));
    T_CLOSE(solid_mol(c, "Calcite"), 0.57 * 2650.0 * 10.0 * 0.9 / 0.100087, 1e-5);
    case_close(c);
}
END_TEST

/* 2 m2 x 0.25 m of bran at 350 kg/m3 is 175 kg with 77 kg of carbon; 10 kg of husk hold 3.7 kg. */
START_TEST(bran_and_husk_become_moles_of_carbon)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bed");

    case_set(c, u, "area_m2", 2.0);
    const size_t k = case_layer(c, u, "bran"), l = case_layer(c, u, "mixed");
    case_layer_set(c, u, k, "depth_m", 0.25);
    case_layer_set(c, u, k, "bran_fraction", 1.0);
    case_layer_set(c, u, l, "depth_m", 0.5);
    case_layer_set(c, u, l, "husk_kg", 10.0);
    case_layer_set(c, u, l, "limestone_fraction", 0.3);
    T_OK(c->ctx, case_build(c));
    T_CLOSE(solid_mol(c, "bran"), 175.0 * 0.44 / 0.012011, 1e-9);
    T_CLOSE(solid_mol(c, "husk"), 3.7 / 0.012011, 1e-9);
    T_CLOSE(solid_mol(c, "Calcite"), 0.3 * 1510.0 * 0.9 / 0.100087, 1e-5);
    case_close(c);
}
END_TEST

/* ---- rates ---- */

/* Capacities are per volume of empty bed in a unit and per volume of pore water in a law. */
START_TEST(capacities_reach_the_laws)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "iron_oxidation_bed", "iron"),
                 b = case_unit(c, "sulfate_reducing_bed", "bed");

    case_set(c, a, "volume_m3", 1.0);
    case_set(c, a, "biofilm_capacity_mol_m3_d", 6.6);
    case_set(c, b, "volume_m3", 1.0);
    case_layer_set(c, b, case_layer(c, b, "one"), "depth_m", 1.0);
    case_layer_set(c, b, 0, "sulfate_capacity_mol_m3_d", 0.4);
    T_OK(c->ctx, case_build(c));
    /* zones: inlet, bed, layer */
    ck_assert_uint_eq(sei_plant_train_spec(c->plant)->n_zones, 3);
    ck_assert(case_law_param(c, 0, "fe2-microbial", "q_max_mol_m3_d") == 0.0);
    T_CLOSE(case_law_param(c, 1, "fe2-microbial", "q_max_mol_m3_d"), 10.0 / 86400.0, 1e-12);
    ck_assert(case_law_param(c, 2, "fe2-microbial", "q_max_mol_m3_d") == 0.0);
    ck_assert(case_law_param(c, 1, "sulfate-reduction", "q_max_mol_m3_d") == 0.0);
    T_CLOSE(case_law_param(c, 2, "sulfate-reduction", "q_max_mol_m3_d"), 0.8 / 86400.0, 1e-12);
    case_close(c);
}
END_TEST

/* A stirred inlet with kLa t = E / (1 - E) makes up the share E of the deficit: 0.6 in 2 min. */
START_TEST(inlet_shower_makes_up_its_share_of_oxygen)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "iron_oxidation_bed", "iron");

    case_set(c, a, "volume_m3", 1.0);
    T_OK(c->ctx, case_build(c));
    const double kla = case_law_param(c, 0, "o2-exchange", "kla_1_h");
    T_CLOSE(kla * 120.0 / (1.0 + kla * 120.0), 0.6, 1e-12);
    T_CLOSE(case_law_param(c, 0, "co2-exchange", "kla_1_h"), kla * sqrt(1.92 / 2.10), 1e-3);
    ck_assert(case_law_param(c, 1, "o2-exchange", "kla_1_h") == 0.0);
    case_close(c);
}
END_TEST

/* Five steps of a ratio r leave r^-5 of the deficit; 2.64 m of fall take 1 to 6 mg/L at 20 degC
 * (metcalf2003 as used by a published design: deficit ratio 2.61). */
START_TEST(cascade_takes_up_oxygen_by_its_fall)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "cascade", "steps");

    case_set(c, a, "steps", 1.0);
    case_set(c, a, "drop_m", 2.64);
    T_OK(c->ctx, case_build(c));
    const sei_plant_unit *unit = sei_plant_unit_at(c->plant, 0);
    const double          time = sei_unit_hrt_pore_s(&unit->size, unit->flow_m3_s);
    T_CLOSE(1.0 + case_law_param(c, 0, "o2-exchange", "kla_1_h") * time,
            (9.09 - 1.0) / (9.09 - 6.0), 0.02);
    case_close(c);
}
END_TEST

/* 1 kg of stone in spheres of 10 mm has 6 / (2650 x 0.01) = 0.2264 m2 and 0.9 / 0.100087 mol. */
START_TEST(limestone_surface_follows_grain_size)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "limestone_bed", "drain");

    case_set(c, a, "volume_m3", 1.0);
    case_set(c, a, "grain_mm", 10.0);
    T_OK(c->ctx, case_build(c));
    T_CLOSE(case_law_param(c, 0, "calcite-pwp", "area_m2_mol"), 0.226415 * 0.100087 / 0.9, 1e-4);
    T_CLOSE(case_law_param(c, 0, "calcite-pwp", "m0_mol_kgw"),
            0.57 * 2650.0 * 0.9 / 0.100087 / 430.0, 1e-4);
    case_close(c);
}
END_TEST

/* Half of the stone covered: 6 x 0.57 / (0.01 m x 0.43) / 2 = 397.7 m2 in a m3 of pore water. */
START_TEST(manganese_is_oxidised_on_the_covered_stone)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "limestone_bed", "bed");

    case_set(c, a, "volume_m3", 1.0);
    case_set(c, a, "grain_mm", 10.0);
    case_set(c, a, "mn_coated", 0.5);
    T_OK(c->ctx, case_build(c));
    T_CLOSE(case_law_param(c, 0, "mn2-oxidation", "bed_area"), 397.674, 1e-5);
    case_close(c);
}
END_TEST

/* Rates that the site changes everywhere reach every zone, those of media only where media are. */
START_TEST(rates_of_the_plant_reach_the_zones)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "tank", "tank"), b = case_unit(c, "sulfate_reducing_bed", "bed");
    double       p[512]                   = {0.0};
    static const char *const changed[][2] = {{"schwertmannite", "ph_high"},
                                             {"aerobic-respiration", "q_max_mol_m3_d"}};

    ck_assert_uint_le(sei_model_n_params(c->model), T_COUNT(p));
    for (size_t i = 0; i < T_COUNT(changed); i++) {
        const size_t        l   = sei_model_find_law(c->model, changed[i][0]);
        const sei_rate_law *row = sei_model_law(c->model, l);
        p[sei_model_param_offset(c->model, l) +
          sei_param_index(row->params, row->n_params, changed[i][1])] = 4.5;
    }
    c->spec.law_params = p;
    case_set(c, u, "volume_m3", 1.0);
    case_set(c, b, "volume_m3", 1.0);
    case_layer_set(c, b, case_layer(c, b, "one"), "depth_m", 1.0);
    T_OK(c->ctx, case_build(c));
    T_CLOSE(case_law_param(c, 0, "schwertmannite", "ph_high"), 4.5, 1e-15);
    T_CLOSE(case_law_param(c, 1, "schwertmannite", "ph_high"), 4.5, 1e-15);
    ck_assert(case_law_param(c, 0, "aerobic-respiration", "q_max_mol_m3_d") == 0.0);
    T_CLOSE(case_law_param(c, 1, "aerobic-respiration", "q_max_mol_m3_d"), 4.5, 1e-15);
    case_close(c);
}
END_TEST

START_TEST(overrides_win_over_the_unit)
{
    plant_case             *c      = case_full();
    const size_t            a      = case_unit(c, "iron_oxidation_bed", "iron");
    const sei_rate_law     *law    = sei_rate_find("fe2-microbial");
    const sei_rate_override change = {
        law, sei_param_index(law->params, law->n_params, "q_max_mol_m3_d"), 3.0 / 86400.0};

    case_set(c, a, "volume_m3", 1.0);
    case_set(c, case_unit(c, "tank", "after"), "volume_m3", 1.0);
    c->units[a].n_overrides = 1;
    c->units[a].overrides   = &change;
    T_OK(c->ctx, case_build(c));
    T_CLOSE(case_law_param(c, 1, "fe2-microbial", "q_max_mol_m3_d"), 3.0 / 86400.0, 1e-12);
    ck_assert(case_law_param(c, 2, "fe2-microbial", "q_max_mol_m3_d") == 0.0);
    case_close(c);
}
END_TEST

START_TEST(settling_comes_from_constant_or_velocity)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "settling_pond", "one"), b = case_unit(c, "settling_pond", "two");

    case_set(c, a, "volume_m3", 100.0);
    case_set(c, b, "area_m2", 50.0);
    case_set(c, b, "depth_m", 2.0);
    case_set(c, b, "settling_velocity_m_h", 0.1);
    T_OK(c->ctx, case_build(c));
    const sei_train_spec *train = sei_plant_train_spec(c->plant);
    ck_assert_uint_eq(train->n_cells, 8);
    T_CLOSE(train->cells[0].capture_1_s, 0.021 / 3600.0, 1e-12);
    T_CLOSE(train->cells[4].capture_1_s, 0.05 / 3600.0, 1e-12);
    case_close(c);
}
END_TEST

/* Among plants by default 0.054 m/h over 0.2 m of water; a constant that is given wins. */
START_TEST(a_wetland_settles_by_its_depth)
{
    plant_case  *c = case_full();
    const size_t a = case_unit(c, "aerobic_wetland", "one"),
                 b = case_unit(c, "aerobic_wetland", "two");

    for (size_t u = a; u <= b; u++) {
        case_set(c, u, "area_m2", 50.0);
        case_set(c, u, "depth_m", 0.2);
    }
    case_set(c, b, "settling_1_h", 0.4);
    T_OK(c->ctx, case_build(c));
    const sei_train_spec *train = sei_plant_train_spec(c->plant);
    T_CLOSE(train->cells[0].capture_1_s, 0.054 / 0.2 / 3600.0, 1e-12);
    T_CLOSE(train->cells[5].capture_1_s, 0.4 / 3600.0, 1e-12);
    case_close(c);
}
END_TEST

/* ---- heat ---- */

/* 4 m2 x 1 m: top 4, walls 8, bottom 4 m2; half of the walls and none of the top in the ground. */
START_TEST(heat_exchange_counts_every_face_once)
{
    plant_case  *c   = case_full();
    const size_t u   = case_unit(c, "iron_oxidation_bed", "bed");
    double       air = 0.0, ground = 0.0, heat = 0.0;

    case_set(c, u, "area_m2", 4.0);
    case_set(c, u, "depth_m", 1.0);
    case_set(c, u, "inlet_aeration", 0.0);
    case_set(c, u, "porosity", 0.5);
    case_set(c, u, "husk_share", 0.0);
    case_set(c, u, "buried", 0.5);
    T_OK(c->ctx, case_build(c));
    const sei_train_spec *train = sei_plant_train_spec(c->plant);
    for (size_t i = 0; i < train->n_cells; i++) {
        air += train->cells[i].ua_air_w_k;
        ground += train->cells[i].ua_ground_w_k;
        heat += train->cells[i].heat_j_k;
    }
    T_CLOSE(air, 10.0 * 4.0 + 3.0 * 4.0, 1e-12);
    T_CLOSE(ground, 0.8 * (4.0 + 4.0), 1e-12);
    T_CLOSE(heat, 2000.0 * 4186.0 + 2.0 * 2650.0 * 850.0, 1e-12);
    /* the top face belongs to the first cell, the bottom to the last */
    T_CLOSE(train->cells[0].ua_air_w_k, 40.0 + 1.5, 1e-12);
    T_CLOSE(train->cells[7].ua_ground_w_k, 0.8 * (4.0 + 0.5), 1e-12);
    case_close(c);
}
END_TEST

/* ---- refused ---- */

static void refuse(plant_case *c, sei_status status, const char *message)
{
    T_STATUS(c->ctx, case_build(c), status);
    ck_assert_str_eq(sei_ctx_error(c->ctx), message);
    case_close(c);
}

START_TEST(size_is_asked_for)
{
    plant_case *c = case_full();

    case_unit(c, "tank", "pond");
    refuse(c, SEI_E_MISSING, "unit \"pond\": give volume_m3, or area_m2 and depth_m");
}
END_TEST

START_TEST(sizes_must_agree)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "settling_pond", "pond");

    case_set(c, u, "volume_m3", 100.0);
    case_set(c, u, "area_m2", 50.0);
    case_set(c, u, "depth_m", 1.5);
    refuse(c, SEI_E_RANGE,
           "unit \"pond\": volume_m3 = 100, but area_m2 x depth_m = 50 x 1.5 = 75: give two of "
           "the three");
}
END_TEST

START_TEST(layer_depths_must_agree_with_the_volume)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    layered_35_l(c, u);
    case_set(c, u, "area_m2", 0.05);
    refuse(c, SEI_E_RANGE,
           "unit \"bench\": volume_m3 = 0.035, but area_m2 = 0.05 times the layers' depth of 0.5 "
           "m is 0.025: give volume or area, or correct the depths");
}
END_TEST

START_TEST(bed_size_is_asked_for)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    layered_35_l(c, u);
    case_set(c, u, "volume_m3", 0.0);
    refuse(c, SEI_E_MISSING, "unit \"bench\": give volume_m3 or area_m2");
}
END_TEST

START_TEST(layers_are_asked_for)
{
    plant_case *c = case_full();

    case_set(c, case_unit(c, "sulfate_reducing_bed", "bench"), "volume_m3", 0.035);
    refuse(c, SEI_E_MISSING, "unit \"bench\": a sulfate_reducing_bed needs at least one layer");
}
END_TEST

START_TEST(layer_depth_is_asked_for)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    case_set(c, u, "volume_m3", 0.035);
    case_layer(c, u, "bran");
    refuse(c, SEI_E_MISSING,
           "unit \"bench\" layer bran: give depth_m (thickness of the layer along the flow)");
}
END_TEST

START_TEST(layer_value_outside_its_row_is_refused)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    layered_35_l(c, u);
    case_layer_set(c, u, 1, "porosity", 1.2);
    refuse(c, SEI_E_RANGE, "unit \"bench\" layer husk: porosity = 1.2 is outside 0.05..0.95");
}
END_TEST

START_TEST(media_must_fit_the_layer)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    layered_35_l(c, u);
    case_layer_set(c, u, 1, "husk_fraction", 0.9);
    case_layer_set(c, u, 1, "limestone_fraction", 0.35);
    refuse(c, SEI_E_RANGE,
           "unit \"bench\" layer husk: the media fill 1.25 times the layer's 0.021 m3; reduce "
           "them or make the layer deeper");
}
END_TEST

START_TEST(media_are_given_once)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "sulfate_reducing_bed", "bench");

    layered_35_l(c, u);
    case_layer_set(c, u, 0, "bran_fraction", 0.9);
    case_layer_set(c, u, 0, "bran_kg", 1.0);
    refuse(c, SEI_E_ARG, "unit \"bench\" layer bran: give bran_fraction or bran_kg, not both");
}
END_TEST

START_TEST(missing_law_and_solid_are_named)
{
    static const char *const components[] = {"Ca", "C", "Cl"};
    plant_case              *c            = case_open();

    case_model(c, T_COUNT(components), components, 0, NULL, 0, NULL);
    case_set(c, case_unit(c, "iron_oxidation_bed", "iron"), "volume_m3", 1.0);
    refuse(c, SEI_E_NOT_FOUND,
           "unit \"iron\" needs the rate law fe2-microbial, which the model does not have");

    c = case_open();
    case_model(c, T_COUNT(components), components, 0, NULL, 0, NULL);
    case_set(c, case_unit(c, "limestone_bed", "drain"), "volume_m3", 1.0);
    refuse(c, SEI_E_NOT_FOUND,
           "unit \"drain\" holds the solid Calcite, which the model does not have");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plant_units");
    TCase *rows = tcase_create("rows"), *size = tcase_create("size"),
          *bad = tcase_create("refused");

    tcase_add_test(rows, every_row_has_unit_bounds_help_and_evidence);
    tcase_add_test(rows, every_type_has_a_page_with_all_parameters);
    tcase_add_test(rows, every_type_builds_with_defaults_and_a_size);
    tcase_add_test(rows, template_for_new_units_works);
    suite_add_tcase(suite, rows);

    tcase_add_test(size, bench_bed_of_35_l_has_50_h_nominal);
    tcase_add_test(size, pilot_beds_have_their_nominal_times);
    tcase_add_test(size, profile_runs_from_inlet_to_outlet);
    tcase_add_test(size, inlet_shower_is_no_bed);
    tcase_add_test(size, limestone_becomes_calcite_by_mass_and_purity);
    tcase_add_test(size, bran_and_husk_become_moles_of_carbon);
    tcase_add_test(size, capacities_reach_the_laws);
    tcase_add_test(size, inlet_shower_makes_up_its_share_of_oxygen);
    tcase_add_test(size, cascade_takes_up_oxygen_by_its_fall);
    tcase_add_test(size, limestone_surface_follows_grain_size);
    tcase_add_test(size, manganese_is_oxidised_on_the_covered_stone);
    tcase_add_test(size, rates_of_the_plant_reach_the_zones);
    tcase_add_test(size, overrides_win_over_the_unit);
    tcase_add_test(size, settling_comes_from_constant_or_velocity);
    tcase_add_test(size, a_wetland_settles_by_its_depth);
    tcase_add_test(size, heat_exchange_counts_every_face_once);
    suite_add_tcase(suite, size);

    tcase_add_test(bad, size_is_asked_for);
    tcase_add_test(bad, sizes_must_agree);
    tcase_add_test(bad, layer_depths_must_agree_with_the_volume);
    tcase_add_test(bad, bed_size_is_asked_for);
    tcase_add_test(bad, layers_are_asked_for);
    tcase_add_test(bad, layer_depth_is_asked_for);
    tcase_add_test(bad, layer_value_outside_its_row_is_refused);
    tcase_add_test(bad, media_must_fit_the_layer);
    tcase_add_test(bad, media_are_given_once);
    tcase_add_test(bad, missing_law_and_solid_are_named);
    suite_add_tcase(suite, bad);
    return t_run(suite);
}
