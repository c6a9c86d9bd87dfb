/* test_plant_passive.c - vertical flow pond, polishing bed, equalisation, iron bacteria: hand-worked answers */
#include "plant_run.h"

static plant_case *case_with(size_t n_solids, const char *const solids[], size_t n_keys,
                             const char *const keys[])
{
    static const char *const components[] = {"C(4)", "Ca",      "Cl",      "Na",
                                             "S(6)", "S(-2)",   "Fe(2)",   "Fe(3)",
                                             "O(0)", "Acetate", "Ethanol", "Peroxide"};
    const sei_rate_law      *laws[16];
    plant_case              *c = case_open();

    ck_assert_uint_le(n_keys, T_COUNT(laws));
    for (size_t i = 0; i < n_keys; i++) {
        laws[i] = sei_rate_find(keys[i]);
        ck_assert_msg(laws[i] != NULL, "no law %s", keys[i]);
    }
    case_model(c, T_COUNT(components), components, n_solids, solids, n_keys, laws);
    return c;
}

static void water(plant_run *r, double ph, double fe2, double o2, double acetate)
{
    r->total[run_component(r, "C(4)")]    = 1e-3;
    r->total[run_component(r, "Ca")]      = 1e-3;
    r->total[run_component(r, "Cl")]      = 1e-3;
    r->total[run_component(r, "Na")]      = 1e-3;
    r->total[run_component(r, "S(6)")]    = 5e-3;
    r->total[run_component(r, "Fe(2)")]   = fe2;
    r->total[run_component(r, "O(0)")]    = o2;
    r->total[run_component(r, "Acetate")] = acetate;
    run_set_ph(r, ph, fe2 > 0.0 ? "S(6)" : "Na");
}

static double oxygen(const plant_run *r, size_t cell)
{
    return run_total(r, cell, "O(0)"); /* a mole is one of O2 */
}

/* ---- vertical flow pond ---- */

/* 75 gal/min and 16 h in the pores: 633.8 m3 of bed with 957 t of stone (the rule of AMDTreat, 0.43 pores, 2650 kg/m3). */
START_TEST(pond_of_the_sizing_rule_holds_the_tonnes)
{
    static const char *const solids[] = {"Calcite", "compost"};
    plant_case              *c        = case_with(2, solids, 0, NULL);
    const double             flow     = 75.0 * 3.785412e-3 / 60.0;
    const double             bed_m3   = flow * 16.0 * 3600.0 / 0.43;
    double                   mol[2] = {0}, pore = 0.0;

    c->inflow_m3_s[0] = flow;
    const size_t u    = case_unit(c, "vertical_flow_pond", "vfp");
    case_set(c, u, "area_m2", bed_m3 / 0.9);
    case_set(c, u, "fines_fraction", 0.0);
    case_set(c, u, "sulfate_capacity_mol_m3_d", 0.0);
    T_OK(c->ctx, case_build(c));
    ck_assert_uint_eq(sei_plant_n_cells(c->plant), 7);
    for (size_t cell = 0; cell < 7; cell++) {
        mol[0] += sei_plant_solid_mol(c->plant)[2 * cell];
        mol[1] += sei_plant_solid_mol(c->plant)[2 * cell + 1];
        pore += cell > 2 ? sei_plant_cell_at(c->plant, cell)->pore_m3 : 0.0;
    }
    T_CLOSE(bed_m3, 633.8, 1e-3);
    T_CLOSE(mol[0] * 0.100087 / 0.9, 957e3, 1e-3);
    T_CLOSE(pore / flow, 16.0 * 3600.0, 1e-9);
    /* a third as much compost bed as stone: 300 kg/m3 with a quarter of carbon */
    T_CLOSE(mol[1], bed_m3 / 3.0 * 300.0 * 0.25 / 0.012011, 1e-4);
    case_close(c);
}
END_TEST

/* With compost that does nothing the pond is a closed limestone bed of the same stone. */
START_TEST(pond_without_life_is_a_limestone_bed)
{
    static const char *const solids[] = {"Calcite", "compost"};
    static const char *const laws[]   = {"calcite-pwp"};
    double                   ph[2], ca[2];

    for (size_t k = 0; k < 2; k++) {
        plant_case  *c = case_with(2, solids, 1, laws);
        const size_t u = case_unit(c, k ? "limestone_bed" : "vertical_flow_pond", "bed");
        if (k) {
            case_set(c, u, "area_m2", 100.0);
            case_set(c, u, "depth_m", 0.9);
            case_set(c, u, "cells", 4.0);
        } else {
            case_set(c, u, "area_m2", 100.0);
            case_set(c, u, "fines_fraction", 0.0);
            case_set(c, u, "sulfate_capacity_mol_m3_d", 0.0);
            case_set(c, u, "stall_log", 0.0); /* a bed that is open to the air has no stall */
        }
        case_set(c, u, "grain_mm", 60.0);
        plant_run *r = run_open_at(c, 288.15);
        water(r, 3.5, 0.0, 0.0, 0.0);
        run_fill(r);
        run_steady(r);
        const size_t last = sei_plant_n_cells(c->plant) - 1;
        ph[k]             = run_view(r, last).ph;
        ca[k]             = run_total(r, last, "Ca");
        run_close_all(r);
    }
    T_NEAR(ph[0], ph[1], 1e-6);
    T_CLOSE(ca[0], ca[1], 1e-6);
    ck_assert_double_gt(ph[0], 5.0);
}
END_TEST

/* Acetate that hydrolysis makes in the layer at 15 degC, from the law's page: 1/2 k X Kx/(Kx + X) for each kg of water.
 * pH and product inhibition take less than 2 % of it here. */
static double hydrolysed_mol_s(const plant_run *r)
{
    const size_t n = sei_model_n_solids(r->c->model), s = run_solid(r, "compost");
    double       sum = 0.0;

    for (size_t cell = 1; cell <= 2; cell++) {
        const double kg = sei_plant_train_spec(r->c->plant)->cells[cell].water_kg;
        const double x  = sei_plant_solid_mol(r->c->plant)[cell * n + s] / kg;
        sum += 0.5 * 1.2e-4 / 86400.0 * x * 100.0 / (100.0 + x) * kg;
    }
    return sum;
}

/* Each mole of acetate that the compost gives took two of O2 or one of sulfate, or is left. */
START_TEST(compost_pays_for_oxygen_and_sulfate)
{
    static const char *const solids[] = {"Calcite", "compost"};
    static const char *const laws[]   = {"calcite-pwp", "hydrolysis-compost", "aerobic-respiration",
                                         "sulfate-reduction"};
    plant_case              *c        = case_with(2, solids, 4, laws);
    const size_t             u        = case_unit(c, "vertical_flow_pond", "vfp");

    c->inflow_m3_s[0] = 1e-5; /* two weeks in the pores: what life makes is seen */
    case_set(c, u, "area_m2", 20.0);
    plant_run *r = run_open_at(c, 288.15);
    water(r, 6.5, 0.0, 1e-4, 0.0);
    run_fill(r);
    run_steady(r);
    const size_t last = sei_plant_n_cells(c->plant) - 1;
    const double o2 = 1e-4 - oxygen(r, last), so4 = 5e-3 - run_total(r, last, "S(6)");
    const double acetate = run_total(r, last, "Acetate");
    ck_assert_double_lt(oxygen(r, 2), 1e-5); /* the stone is spared oxygen */
    T_CLOSE(so4, run_total(r, last, "S(-2)"), 1e-9);
    ck_assert_double_gt(so4, 1e-5);
    T_CLOSE((0.5 * o2 + so4 + acetate) * r->flow_kg_s[0], hydrolysed_mol_s(r), 0.02);
    run_close_all(r);
}
END_TEST

/*
 * Exchange sites come with the compost, 6 g of calcium (40.078 g/mol) a kg: at the start (20 m2, 0.3 m, four fifths of it compost of
 * 300 kg/m3) and with what is added. Cleaning leaves what they hold; a bed that is renewed is as at the start.
 */
START_TEST(exchange_sites_come_and_go_with_the_compost)
{
    static const char *const solids[] = {"Calcite", "compost", "Ca_compost", "Zn_compost"};
    static const char *const laws[]   = {"compost-zn"};
    plant_case              *c        = case_with(4, solids, 1, laws);
    const size_t             u        = case_unit(c, "vertical_flow_pond", "vfp");
    const double             per_kg   = 6e-3 / 40.078e-3;

    case_set(c, u, "area_m2", 20.0);
    case_set(c, u, "sulfate_capacity_mol_m3_d", 0.0);
    plant_run *r = run_open_at(c, 288.15);
    sei_plant_load(c->plant, r->train);
    const size_t n = sei_plant_n_cells(c->plant), ca = run_solid(r, "Ca_compost"),
                 zn = run_solid(r, "Zn_compost");
    double held[3]  = {0};
    for (int k = 0; k < 3; k++) {
        for (size_t cell = 0; cell < n; cell++)
            held[k] += sei_train_solid(r->train, cell)[ca];
        if (k == 0) {
            T_OK(c->ctx, sei_plant_add_medium(c->ctx, c->plant, r->train, 0, SEI_NO_LAYER,
                                              "compost", 100.0, NULL));
            sei_train_add_solid(r->train, 1, zn, 2.0);
        } else if (k == 1) {
            T_OK(c->ctx, sei_plant_clean(c->ctx, c->plant, r->train, 0, SEI_NO_LAYER, 1.0));
            T_CLOSE(sei_train_solid(r->train, 1)[zn], 2.0, 1e-12);
            T_OK(c->ctx, sei_plant_renew(c->ctx, c->plant, r->train, 0, SEI_NO_LAYER));
            T_NEAR(sei_train_solid(r->train, 1)[zn], 0.0, 1e-12);
        }
    }
    T_CLOSE(held[0], 20.0 * 0.3 * 0.8 * 300.0 * per_kg, 1e-4);
    T_CLOSE(held[1] - held[0], 100.0 * per_kg, 1e-4);
    T_CLOSE(held[2], held[0], 1e-12);
    run_close_all(r);
}
END_TEST

/* ---- equalisation tank ---- */

typedef struct {
    plant_run *run;
    size_t     component;
    double     mean, swing, omega;
} wave;

static sei_status swinging(void *user, sei_ctx *ctx, double t_s, sei_boundary *b)
{
    const wave *w = user;

    w->run->total[w->component] = w->mean + w->swing * sin(w->omega * t_s);
    return run_boundary(w->run, ctx, t_s, b);
}

/* tau = 1 h, period 6 h: 1/sqrt(1 + (2 pi/6)^2) = 0.6907 of the swing is left. */
START_TEST(a_swing_is_damped_as_by_a_first_order_lag)
{
    plant_case  *c   = case_with(0, NULL, 0, NULL);
    const size_t u   = case_unit(c, "equalisation_tank", "eq");
    double       low = 1.0, high = 0.0;

    case_set(c, u, "volume_m3", 3.6); /* 1 h at 1 L/s */
    plant_run *r = run_open_at(c, 288.15);
    water(r, 6.0, 0.0, 1e-4, 0.0);
    wave             w = {r, run_component(r, "Ca"), 1e-3, 5e-4, 2.0 * acos(-1.0) / 21600.0};
    sei_step_control control;
    sei_step_control_default(&control);
    control.fixed_dt_s = 120.0;
    run_fill(r);
    for (int k = 1; k <= 36 * 3; k++) { /* every 10 min; the last of three periods counts */
        T_OK(c->ctx,
             sei_train_advance(c->ctx, r->train, &control, swinging, &w, 600.0 * k, NULL, NULL));
        if (k > 72) {
            low  = fmin(low, run_total(r, 0, "Ca"));
            high = fmax(high, run_total(r, 0, "Ca"));
        }
    }
    T_CLOSE((high - low) / (2.0 * w.swing), 1.0 / sqrt(1.0 + pow(2.0 * acos(-1.0) / 6.0, 2.0)),
            5e-3);
    run_close_all(r);
}
END_TEST

/* ---- polishing bed ---- */

/* n cells let (1 + k tau/n + L/(lambda n))^-n of the suspended solids pass. */
START_TEST(fine_solids_are_caught_by_time_and_way)
{
    static const char *const solids[] = {"Calcite"};
    plant_case              *c        = case_with(1, solids, 0, NULL);
    const size_t             u        = case_unit(c, "polishing_bed", "polish");

    case_set(c, u, "volume_m3", 10.0);
    case_set(c, u, "depth_m", 1.0);
    case_set(c, u, "cells", 5.0);
    case_set(c, u, "filter_length_m", 0.5);
    case_set(c, u, "respiration_capacity_mol_m3_d", 0.0);
    plant_run *r = run_open_at(c, 288.15);
    water(r, 7.0, 0.0, 1e-4, 0.0);
    r->suspended[0] = 1e-4;
    run_fill(r);
    run_steady(r);
    const double tau_h = 10.0 * 0.43 / 1e-3 / 3600.0;
    T_CLOSE(sei_train_suspended(r->train, 4)[0],
            1e-4 * pow(1.0 + 0.2 * tau_h / 5.0 + 1.0 / (0.5 * 5.0), -5.0), 1e-9);
    run_close_all(r);
}
END_TEST

/* A closed bed of much life: 0.25 mmol/kg of oxygen takes 0.125 of acetate, which is 8 mg/L of BOD. */
START_TEST(oxygen_bounds_the_substrate_that_goes)
{
    static const char *const solids[] = {"Calcite"};
    static const char *const laws[]   = {"aerobic-respiration"};
    plant_case              *c        = case_with(1, solids, 1, laws);
    const size_t             u        = case_unit(c, "polishing_bed", "polish");

    case_set(c, u, "volume_m3", 50.0);
    case_set(c, u, "kla_o2_1_h", 0.0);
    case_set(c, u, "respiration_capacity_mol_m3_d", 200.0);
    plant_run *r = run_open_at(c, 288.15);
    water(r, 7.0, 0.0, 2.5e-4, 1e-3);
    run_fill(r);
    run_steady(r);
    const size_t last = sei_plant_n_cells(c->plant) - 1;
    ck_assert_double_lt(oxygen(r, last), 1e-7);
    T_CLOSE(1e-3 - run_total(r, last, "Acetate"), 1.25e-4, 1e-3);
    run_close_all(r);
}
END_TEST

/* ---- iron bacteria ---- */

/* Iron oxidised in the tank is its capacity times the terms of its water, and takes a quarter of O2 each. */
START_TEST(tank_oxidises_what_its_water_allows)
{
    static const char *const laws[] = {"fe2-microbial", "o2-exchange"};
    plant_case              *c      = case_with(0, NULL, 2, laws);
    const size_t             u      = case_unit(c, "iron_bacteria_tank", "tank");

    case_set(c, u, "volume_m3", 3.6);
    case_set(c, u, "cells", 1.0);
    plant_run *r = run_open_at(c, 288.15);
    water(r, 2.5, 5e-3, 2.5e-4, 0.0);
    run_fill(r);
    run_steady(r);
    const double fe2 = run_total(r, 0, "Fe(2)"), fe3 = run_total(r, 0, "Fe(3)");
    const double h = pow(10.0, -run_view(r, 0).ph), o2 = oxygen(r, 0);
    const double w = h / (h + 1e-5) * pow(10.0, -1.5) / (pow(10.0, -1.5) + h);
    const double q = 74.0 / 86400.0 * 3.6 * fe2 / (0.555e-3 * (1.0 + fe3 / 2.49e-3) + fe2) * o2 /
                     (1e-5 + o2) * w;
    T_CLOSE(5e-3 - fe2, fe3, 1e-6);
    T_CLOSE(fe3 * r->flow_kg_s[0], q, 1e-3);
    ck_assert_double_gt(fe3, 1e-3);
    run_close_all(r);
}
END_TEST

/* From 1 % the share grows as the logistic curve: with terms of the water M it is
 * 1/(1 + 99 exp(-mu M t)). M is held by strong water and much air. */
START_TEST(population_grows_by_the_logistic_curve)
{
    static const char *const solids[] = {"feb"};
    static const char *const laws[]   = {"fe2-microbial", "fe2-growth", "o2-exchange"};
    plant_case              *c        = case_with(1, solids, 3, laws);
    const size_t             u        = case_unit(c, "iron_bacteria_tank", "tank");
    sei_step_control         control;

    case_set(c, u, "volume_m3", 3.6);
    case_set(c, u, "cells", 1.0);
    case_set(c, u, "start_population", 0.01);
    case_set(c, u, "bacteria_capacity_mol_m3_d",
             1e-6); /* they eat too little to change the water */
    plant_run *r = run_open_at(c, 288.15);
    water(r, 2.5, 20e-3, 2.8e-4, 0.0);
    run_fill(r);
    sei_step_control_default(&control);
    control.dt_max_s = 1800.0; /* bed solids lag by a part of a step */
    run_to(r, &control, 10.0 * 86400.0);
    const double fe2 = run_total(r, 0, "Fe(2)"), o2 = oxygen(r, 0);
    const double h = pow(10.0, -run_view(r, 0).ph);
    const double m = fe2 / (0.983e-3 + fe2) * o2 / (1e-5 + o2) * h / (h + 1e-5) * pow(10.0, -1.5) /
                     (pow(10.0, -1.5) + h);
    const double share = sei_train_solid(r->train, 0)[0] / (5e-4 * 3600.0);
    T_CLOSE(share, 1.0 / (1.0 + 99.0 * exp(-0.5 * m * 10.0)), 0.01);
    run_close_all(r);
}
END_TEST

/* ---- what is fed ---- */

/* 46.07 mg/L of ethanol are 1 mmol: with sulfate in plenty it reduces 1.5 mmol in the end, two carbons of bicarbonate
 * each; the bed at rest loses none of it. */
START_TEST(ethanol_reduces_half_as_much_again_of_sulfate)
{
    static const char *const solids[] = {"srb"};
    static const char *const laws[] = {"ethanol-sulfate", "ethanol-oxidation", "sulfate-reduction",
                                       "aerobic-respiration"};
    plant_case              *c      = case_with(1, solids, 4, laws);
    const size_t             u      = case_unit(c, "sulfate_reducing_bed", "bed");

    case_set(c, u, "volume_m3", 3000.0); /* a month: all is used */
    case_set(c, u, "ethanol_mg_l", 46.069);
    case_layer_set(c, u, case_layer(c, u, "husk"), "depth_m", 1.0);
    plant_run *r = run_open_at(c, 288.15);
    water(r, 7.0, 0.0, 1e-6, 0.0);
    run_fill(r);
    run_steady(r);
    const size_t last = sei_plant_n_cells(c->plant) - 1;
    ck_assert_double_lt(run_total(r, last, "Ethanol"), 1e-5);
    const double so4 = 5e-3 - run_total(r, last, "S(6)");
    T_CLOSE(so4 + run_total(r, last, "Acetate") + 1.5 * run_total(r, last, "Ethanol"), 1.5e-3,
            2e-3);
    T_CLOSE(run_total(r, last, "C(4)") - 1e-3,
            2e-3 - 2.0 * run_total(r, last, "Acetate") - 2.0 * run_total(r, last, "Ethanol"), 2e-3);
    ck_assert_double_gt(so4, 1.3e-3);
    ck_assert_str_eq(sei_plant_dose_at(c->plant, 0)->reagent->key, "C2H5OH");
    run_close_all(r);
}
END_TEST

/* 17.0 mg/L of H2O2 are half a mmol: they oxidise 1 mmol of iron. Twice as much leaves the rest, of which k tau/(1 + k tau)
 * has gone. */
START_TEST(peroxide_oxidises_two_irons)
{
    static const char *const laws[] = {"peroxide-iron", "peroxide-decay"};

    for (int twice = 0; twice < 2; twice++) {
        plant_case  *c = case_with(0, NULL, 2, laws);
        const size_t u = case_unit(c, "oxidant_tank", "tank");
        case_set(c, u, "volume_m3", 1.8);
        case_set(c, u, "peroxide_mg_l", 17.0073 * (1 + twice));
        case_set(c, u, "kla_o2_1_h", 0.0);
        plant_run *r = run_open_at(c, 298.15);
        water(r, 3.0, 2e-3 - 1e-3 * twice, 1e-6, 0.0);
        run_fill(r);
        run_steady(r);
        T_CLOSE(run_total(r, 0, "Fe(3)"), 1e-3, 2e-2);
        if (twice) {
            const double left = 5e-4 / (1.0 + 0.5 / 48.0); /* half an hour at 0.5 1/d */
            T_CLOSE(run_total(r, 0, "Peroxide"), left, 2e-2);
        }
        run_close_all(r);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plant_passive");
    TCase *tc    = tcase_create("plant_passive");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, pond_of_the_sizing_rule_holds_the_tonnes);
    tcase_add_test(tc, pond_without_life_is_a_limestone_bed);
    tcase_add_test(tc, compost_pays_for_oxygen_and_sulfate);
    tcase_add_test(tc, exchange_sites_come_and_go_with_the_compost);
    tcase_add_test(tc, a_swing_is_damped_as_by_a_first_order_lag);
    tcase_add_test(tc, fine_solids_are_caught_by_time_and_way);
    tcase_add_test(tc, oxygen_bounds_the_substrate_that_goes);
    tcase_add_test(tc, tank_oxidises_what_its_water_allows);
    tcase_add_test(tc, population_grows_by_the_logistic_curve);
    tcase_add_test(tc, ethanol_reduces_half_as_much_again_of_sulfate);
    tcase_add_test(tc, peroxide_oxidises_two_irons);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
