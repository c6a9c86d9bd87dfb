/* test_plant_active.c - dosing, sludge and the further units: hand-worked answers, balances, what is refused */
#include "plant_run.h"

/* ---- waters ---- */

/* Acid water with zinc and aluminium; no reaction but what a test asks for. */
static plant_case *acid_case(size_t n_solids, const char *const solids[], size_t n_laws,
                             const sei_rate_law *const laws[])
{
    static const char *const components[] = {"Al",   "C(4)", "Ca", "Cl", "Mg",  "Na",
                                             "S(6)", "Zn",   "Si", "Mn", "O(0)"};
    plant_case              *c            = case_open();

    case_model(c, T_COUNT(components), components, n_solids, solids, n_laws, laws);
    return c;
}

static void acid_water(plant_run *r, double ph)
{
    static const struct {
        const char *name;
        double      molal;
    } water[] = {{"Al", 5e-4},   {"C(4)", 5e-4}, {"Ca", 2.5e-3},  {"Cl", 1e-3},
                 {"Mg", 1.2e-3}, {"Na", 1e-3},   {"S(6)", 6e-3},  {"Zn", 3e-4},
                 {"Si", 1e-4},   {"Mn", 1e-4},   {"O(0)", 2.5e-4}};

    for (size_t i = 0; i < T_COUNT(water); i++)
        r->total[run_component(r, water[i].name)] = water[i].molal;
    run_set_ph(r, ph, "S(6)");
}

static size_t lime_tank(plant_case *c, const char *reagent, double set_ph)
{
    const size_t u = case_unit(c, "dosing_tank", "lime");

    case_set(c, u, "volume_m3", 1.8); /* half an hour at 1 L/s */
    case_set(c, u, "set_ph", set_ph);
    c->units[u].reagent = reagent;
    return u;
}

/* ---- pH control ---- */

/* The raw water turns more acid by a step: the tank stays at its pH, the dose follows, books close. */
START_TEST(set_ph_is_held_through_a_change)
{
    plant_case      *c = acid_case(0, NULL, 0, NULL);
    sei_step_control control;

    lime_tank(c, "NaOH", 8.0);
    plant_run *r = run_open_at(c, 288.15);
    acid_water(r, 3.5);
    run_fill(r);
    run_steady(r);
    sei_train_open_books(r->train);
    const double before = sei_train_dose_mol_s(r->train, 0);
    T_NEAR(run_view(r, 0).ph, 8.0, 1e-5);
    acid_water(r, 2.5);
    sei_step_control_default(&control);
    for (int k = 1; k <= 20; k++) {
        run_to(r, &control, 600.0 * k);
        T_NEAR(run_view(r, 0).ph, 8.0, 2e-3);
    }
    /* what pH 2.5 holds more of free acid than pH 3.5 takes as much caustic, bisulfate aside */
    const double more = (sei_train_dose_mol_s(r->train, 0) - before) / r->flow_kg_s[0];
    const double acid = r->total[run_component(r, "H")] - 0.0;
    ck_assert_double_gt(more, pow(10.0, -2.5) - pow(10.0, -3.5));
    ck_assert_double_lt(more, acid);
    const sei_ledger *l = sei_train_ledger(r->train);
    ck_assert(l->limited_s[0] == 0.0);
    run_check_books(r, 1e-12);
    /* what was fed came in as sodium */
    const double na_in = r->total[run_component(r, "Na")] * 12000.0;
    T_CLOSE(l->in_total[run_component(r, "Na")] - na_in, l->dosed[0], 1e-9);
    run_close_all(r);
}
END_TEST

/* A tank that starts as raw water is brought to its pH as fast as the feeder can, then held. */
START_TEST(start_from_raw_water_ends_at_the_set_ph)
{
    plant_case      *c = acid_case(0, NULL, 0, NULL);
    sei_step_control control;

    const size_t u = lime_tank(c, "Ca(OH)2", 9.0);
    case_set(c, u, "dissolution", 1.0);
    case_set(c, u, "max_dose_mg_l", 1000.0);
    plant_run *r = run_open_at(c, 288.15);
    acid_water(r, 3.0);
    run_fill(r);
    sei_step_control_default(&control);
    double last = run_view(r, 0).ph;
    for (int k = 1; k <= 30; k++) {
        run_to(r, &control, 300.0 * k);
        const double ph = run_view(r, 0).ph;
        ck_assert_double_gt(ph, last - 1e-3);
        ck_assert_double_lt(ph, 9.0 + 0.05);
        last = ph;
    }
    T_NEAR(last, 9.0, 2e-3);
    ck_assert_double_gt(sei_train_ledger(r->train)->limited_s[0], 60.0);
    run_check_books(r, 1e-12);
    run_close_all(r);
}
END_TEST

/* The most that may be given is 100 mg of 99 % caustic a litre: 2.475 mmol. Not enough, and all of it. */
START_TEST(feeder_gives_no_more_than_its_most)
{
    plant_case *c = acid_case(0, NULL, 0, NULL);

    const size_t u = lime_tank(c, "NaOH", 9.0);
    case_set(c, u, "max_dose_mg_l", 100.0);
    plant_run *r = run_open_at(c, 288.15);
    acid_water(r, 2.5);
    run_fill(r);
    run_steady(r);
    T_CLOSE(sei_train_dose_mol_s(r->train, 0), 100e-3 * 0.99 / 39.997, 1e-4);
    ck_assert_double_lt(run_view(r, 0).ph, 8.0);
    run_close_all(r);
}
END_TEST

/* Without control the dose is what was asked for, whatever the pH; half of it stays portlandite. */
START_TEST(fixed_dose_and_undissolved_lime)
{
    static const char *const solids[] = {"Portlandite"};
    plant_case              *c        = acid_case(1, solids, 0, NULL);

    const size_t u = lime_tank(c, "Ca(OH)2", 0.0);
    case_set(c, u, "max_dose_mg_l", 148.186);
    case_set(c, u, "purity", 1.0);
    case_set(c, u, "dissolution", 0.5);
    plant_run *r = run_open_at(c, 288.15);
    acid_water(r, 3.0);
    run_fill(r);
    run_steady(r);
    T_CLOSE(sei_train_dose_mol_s(r->train, 0), 2e-3, 1e-4); /* 148.186 / 74.093 mmol/s at 1 L/s */
    T_CLOSE(sei_train_suspended(r->train, 0)[0], 1e-3, 1e-4);
    T_CLOSE(run_total(r, 0, "Ca") - r->total[run_component(r, "Ca")], 1e-3, 1e-4);
    run_close_all(r);
}
END_TEST

/* Water that is above the set pH gets nothing. */
START_TEST(alkaline_water_gets_no_reagent)
{
    plant_case *c = acid_case(0, NULL, 0, NULL);

    lime_tank(c, "NaOH", 7.0);
    plant_run *r = run_open_at(c, 288.15);
    acid_water(r, 7.5);
    run_fill(r);
    run_steady(r);
    ck_assert(sei_train_dose_mol_s(r->train, 0) == 0.0);
    T_NEAR(run_view(r, 0).ph, 7.5, 1e-3);
    run_close_all(r);
}
END_TEST

START_TEST(water_that_stands_still_gets_no_reagent)
{
    plant_case      *c = acid_case(0, NULL, 0, NULL);
    sei_step_control control;

    lime_tank(c, "NaOH", 8.0);
    plant_run *r = run_open_at(c, 288.15);
    acid_water(r, 3.5);
    run_fill(r);
    r->flow_kg_s[0] = 0.0;
    sei_step_control_default(&control);
    run_to(r, &control, 86400.0);
    T_NEAR(run_view(r, 0).ph, 3.5, 1e-3);
    ck_assert(sei_train_ledger(r->train)->dosed[0] == 0.0);
    run_close_all(r);
}
END_TEST

/* ---- sludge ---- */

typedef struct {
    double reactor, overflow, waste_mol_s, bed_mol;
} sludge_answer;

/*
 * Inert solids s in a tank, then a thickener that keeps the share f of what comes in and recycles R times
 * what it wastes. With P wasted, the tank holds s + R P / Q, (1 - f) of it overflows, and
 * Q s = (1 - f) (Q s + R P) + P.
 */
static sludge_answer sludge_by_hand(double flow, double s, double f, double ratio, double age_s)
{
    const double p       = flow * s * f / (1.0 + (1.0 - f) * ratio);
    const double reactor = s + ratio * p / flow;

    return (sludge_answer){reactor, (1.0 - f) * reactor, p, p * age_s};
}

static plant_run *sludge_plant(double ratio, double capture, double age_d)
{
    static const char *const solids[] = {"SiO2(a)"};
    plant_case              *c        = acid_case(1, solids, 0, NULL);

    case_set(c, case_unit(c, "aeration_tank", "tank"), "volume_m3", 1.8);
    const size_t t = case_unit(c, "thickener", "thickener");
    case_set(c, t, "volume_m3", 10.8);
    case_set(c, t, "recycle_ratio", ratio);
    case_set(c, t, "capture", capture);
    case_set(c, t, "sludge_age_d", age_d);
    c->units[t].sludge_to = "tank";
    plant_run *r          = run_open_at(c, 288.15);
    acid_water(r, 6.0);
    r->suspended[0] = 2e-3;
    run_fill(r);
    return r;
}

/* After forty ages the sludge is what was worked out by hand, and nothing was lost on the way. */
START_TEST(sludge_recycle_reaches_the_hand_worked_state)
{
    static const double ratios[] = {0.0, 1.0, 20.0};
    const double        age_d = 0.5, capture = 0.98;
    plant_run          *r = sludge_plant(ratios[_i], capture, age_d);
    sei_step_control    control;
    const sludge_answer want = sludge_by_hand(1.0, 2e-3, capture, ratios[_i], age_d * 86400.0);

    sei_step_control_default(&control);
    run_to(r, &control, 40.0 * age_d * 86400.0);
    T_CLOSE(sei_train_suspended(r->train, 0)[0], want.reactor, 1e-6);
    T_CLOSE(sei_train_suspended(r->train, 1)[0], want.overflow, 1e-6);
    T_CLOSE(sei_train_solid(r->train, 1)[0], want.bed_mol, 1e-6);
    run_check_books(r, 1e-12);
    const sei_ledger *l = sei_train_ledger(r->train);
    ck_assert_double_gt(l->away[0], 0.0);
    T_CLOSE(l->pumped[0], l->away[0], 1e-12);
    if (ratios[_i] > 0.0)
        T_CLOSE(l->pumped[1], ratios[_i] * l->away[0], 1e-12);
    run_close_all(r);
}
END_TEST

/* The lag of the recycle: with a quarter of the step the filling of the bed changes by little, and the
 * error falls with the step. */
START_TEST(recycle_is_first_order_in_the_step)
{
    double           bed[3], tank[3];
    sei_step_control control;

    sei_step_control_default(&control);
    for (int k = 0; k < 3; k++) {
        plant_run *r       = sludge_plant(10.0, 0.98, 2.0);
        control.fixed_dt_s = 3600.0 / pow(4.0, k);
        run_to(r, &control, 2.0 * 86400.0);
        bed[k]  = sei_train_solid(r->train, 1)[0];
        tank[k] = sei_train_suspended(r->train, 0)[0];
        run_check_books(r, 1e-12);
        run_close_all(r);
    }
    T_NEAR((bed[1] - bed[0]) / (bed[2] - bed[1]), 4.0, 1.0);
    T_CLOSE(bed[0], bed[2], 1e-2);
    T_CLOSE(tank[0], tank[2], 3e-2);
}
END_TEST

/* Directly what forty ages lead to, whatever the bed held before. */
START_TEST(steady_state_finds_the_sludge)
{
    static const double ratios[] = {0.0, 1.0, 20.0, 60.0};
    const double        age_d    = 2.0;
    plant_run          *r        = sludge_plant(ratios[_i], 0.98, age_d);
    const sludge_answer want     = sludge_by_hand(1.0, 2e-3, 0.98, ratios[_i], age_d * 86400.0);

    sei_train_solid(r->train, 1)[0] = 7.0;
    run_steady(r);
    T_CLOSE(sei_train_suspended(r->train, 0)[0], want.reactor, 1e-8);
    T_CLOSE(sei_train_suspended(r->train, 1)[0], want.overflow, 1e-8);
    T_CLOSE(sei_train_solid(r->train, 1)[0], want.bed_mol, 1e-8);
    T_CLOSE(sei_train_pumped_mol_s(r->train, 0, 0), want.waste_mol_s, 1e-8);
    run_close_all(r);
}
END_TEST

/* Lime, precipitates and their recycle. */
static plant_run *lime_plant(void)
{
    static const char *const  solids[] = {"Al(OH)3(a)", "Zn(OH)2(a)", "Portlandite", "Gypsum"};
    const sei_rate_law *const laws[]   = {
          sei_rate_find("al-hydroxide"), sei_rate_find("hydroxide-zn"), sei_rate_find("gypsum"),
          sei_rate_find("o2-exchange"), sei_rate_find("co2-exchange")};
    plant_case *c = acid_case(T_COUNT(solids), solids, T_COUNT(laws), laws);

    lime_tank(c, "Ca(OH)2", 7.0);
    const size_t t = case_unit(c, "thickener", "thickener");
    case_set(c, t, "volume_m3", 10.8);
    case_set(c, t, "recycle_ratio", 20.0);
    case_set(c, t, "sludge_age_d", 1.0);
    c->units[t].sludge_to = "lime";
    plant_run *r          = run_open_at(c, 288.15);
    acid_water(r, 3.0);
    run_fill(r);
    return r;
}

/* Every element that comes in is somewhere. */
START_TEST(high_density_plant_keeps_its_books)
{
    plant_run       *r = lime_plant();
    sei_step_control control;

    sei_step_control_default(&control);
    run_to(r, &control, 10.0 * 86400.0);
    T_NEAR(run_view(r, 0).ph, 7.0, 5e-3);
    run_check_books(r, 1e-11);
    /* aluminium: in with the water, out with the sludge after ten ages */
    const sei_ledger *l    = sei_train_ledger(r->train);
    const double      in   = l->in_total[run_component(r, "Al")];
    const double      left = l->out_total[run_component(r, "Al")] + l->out_suspended[0];
    ck_assert_double_gt(l->away[0], 0.8 * (in - left));
    ck_assert_double_lt(run_total(r, 1, "Al"), 0.1 * r->total[run_component(r, "Al")]);
    run_close_all(r);
}
END_TEST

START_TEST(steady_plant_is_what_a_long_run_ends_at)
{
    plant_run       *r = lime_plant(), *s = lime_plant();
    sei_step_control control;

    sei_step_control_default(&control);
    control.rel_tol = 1e-4;
    run_to(r, &control, 40.0 * 86400.0);
    run_steady(s);
    T_NEAR(run_view(r, 1).ph, run_view(s, 1).ph, 1e-3);
    T_CLOSE(sei_train_dose_mol_s(r->train, 0), sei_train_dose_mol_s(s->train, 0), 1e-3);
    for (size_t i = 0; i < 3; i++) /* gypsum does not form */
        T_NEAR(sei_train_solid(r->train, 1)[i], sei_train_solid(s->train, 1)[i],
               1e-3 * sei_train_solid(s->train, 1)[0]);
    run_close_all(r);
    run_close_all(s);
}
END_TEST

/* A pond behind the plant holds iron floc, which fills with zinc: at the end it lets pass what it gets, however long
 * that takes, and the steady state says so at once. */
START_TEST(a_store_behind_a_pumped_plant_fills_and_rests)
{
    const char *const         solids[] = {"Zn(OH)2(a)", "Portlandite", "Ferrihydrite", "Zn_hfo"};
    const sei_rate_law *const laws[]   = {sei_rate_find("hydroxide-zn"), sei_rate_find("hfo-zn"),
                                          sei_rate_find("co2-exchange")};
    plant_run                *run[2];
    sei_step_control          control;

    for (int i = 0; i < 2; i++) {
        plant_case *c = acid_case(T_COUNT(solids), solids, T_COUNT(laws), laws);
        lime_tank(c, "Ca(OH)2", 7.0);
        const size_t t = case_unit(c, "thickener", "thickener");
        case_set(c, t, "volume_m3", 10.8);
        case_set(c, t, "recycle_ratio", 20.0);
        case_set(c, t, "sludge_age_d", 1.0);
        c->units[t].sludge_to = "lime";
        case_set(c, case_unit(c, "tank", "pond"), "volume_m3", 10.0);
        run[i] = run_open_at(c, 288.15);
        acid_water(run[i], 3.0);
        run_fill(run[i]);
        sei_train_solid(run[i]->train, 2)[run_solid(run[i], "Ferrihydrite")] = 5.0; /* mol */
        sei_train_open_books(run[i]->train);
    }
    sei_step_control_default(&control);
    control.rel_tol = 1e-4;
    run_to(run[0], &control, 1.0 * 86400.0);
    const double early = run_total(run[0], 2, "Zn") / run_total(run[0], 1, "Zn");
    run_to(run[0], &control, 40.0 * 86400.0);
    run_steady(run[1]);
    ck_assert_double_lt(early, 0.999);
    T_CLOSE(run_total(run[0], 2, "Zn"), run_total(run[0], 1, "Zn"), 1e-3);
    T_CLOSE(run_total(run[1], 2, "Zn"), run_total(run[1], 1, "Zn"), 1e-6);
    for (size_t cell = 0; cell < 3; cell++)
        T_CLOSE(run_total(run[1], cell, "Zn"), run_total(run[0], cell, "Zn"), 1e-3);
    run_check_books(run[0], 1e-11);
    run_close_all(run[0]);
    run_close_all(run[1]);
}
END_TEST

/* Feeder and pumps stop, the water goes on; books close. */
START_TEST(without_power_nothing_is_dosed)
{
    plant_run       *r = lime_plant();
    sei_step_control control;

    sei_step_control_default(&control);
    run_to(r, &control, 2.0 * 86400.0);
    const double dosed = sei_train_ledger(r->train)->dosed[0],
                 away  = sei_train_ledger(r->train)->away[0];
    for (size_t u = 0; u < 2; u++) {
        ck_assert(sei_plant_has_supply(r->c->plant, u));
        sei_plant_scale_supply(r->c->plant, r->train, u, 0.0);
    }
    run_to(r, &control, 3.0 * 86400.0);
    ck_assert(sei_train_ledger(r->train)->dosed[0] == dosed);
    ck_assert(sei_train_ledger(r->train)->away[0] == away);
    T_NEAR(run_view(r, 0).ph, 3.0, 0.05);
    for (size_t u = 0; u < 2; u++)
        sei_plant_scale_supply(r->c->plant, r->train, u, 1.0);
    run_to(r, &control, 4.0 * 86400.0);
    T_NEAR(run_view(r, 0).ph, 7.0, 5e-3);
    run_check_books(r, 1e-11);
    run_close_all(r);
}
END_TEST

/* ---- geometry of the further units ---- */

/* 10 kW x 1.2 kg/kWh = 12 kg O2 an hour into 100 m3 that hold 0.909 kg: 13.2 1/h. */
START_TEST(aerator_power_becomes_a_transfer_coefficient)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "aeration_tank", "air");

    case_set(c, u, "volume_m3", 100.0);
    case_set(c, u, "aerator_kw", 10.0);
    T_OK(c->ctx, case_build(c));
    T_CLOSE(case_law_param(c, 0, "o2-exchange", "kla_1_h") * 3600.0, 13.201, 1e-4);
    case_close(c);
}
END_TEST

/*
 * AMDTreat's rule for retention: Q t (1 - n) 2650 / n tonnes. 75 gpm (4.7318 L/s) for 16 h at n = 0.49 takes
 * 751.7 t, and the drain then keeps water for 16 h in its pores.
 */
START_TEST(drain_of_given_mass_has_its_retention_time)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "anoxic_limestone_drain", "drain");

    c->inflow_m3_s[0] = 75.0 * 3.785411784e-3 / 60.0;
    case_set(c, u, "stone_t", 751.73);
    T_OK(c->ctx, case_build(c));
    const sei_plant_unit *unit = sei_plant_unit_at(c->plant, 0);
    T_CLOSE(sei_unit_hrt_pore_s(&unit->size, unit->flow_m3_s), 16.0 * 3600.0, 1e-4);
    double mol = 0.0;
    for (size_t i = 0; i < unit->n_cells; i++)
        mol += sei_plant_solid_mol(
            c->plant)[i * sei_model_n_solids(c->model) + sei_model_find_solid(c->model, "Calcite")];
    T_CLOSE(mol * 0.100087, 0.90 * 751.73e3, 1e-4);
    case_close(c);
}
END_TEST

/* 100 m with 10 % fall 10 m: the deficit ratio of a weir, 1 + 0.361 x 0.88 x 1.92 x 10 = 7.1, is what one
 * stirred cell of the whole channel would have. */
START_TEST(channel_takes_up_oxygen_by_its_fall)
{
    plant_case *c = case_full();

    case_unit(c, "open_limestone_channel", "channel");
    T_OK(c->ctx, case_build(c));
    const sei_plant_unit *unit = sei_plant_unit_at(c->plant, 0);
    const double          time = sei_unit_hrt_pore_s(&unit->size, unit->flow_m3_s);
    T_CLOSE(time, 100.0 * 1.0 * 0.2 * 0.43 / 1e-3, 1e-9);
    T_CLOSE(1.0 + case_law_param(c, 0, "o2-exchange", "kla_1_h") * time, 7.0995, 1e-3);
    T_CLOSE(case_law_param(c, 0, "calcite-pwp", "active_fraction"), 0.3, 1e-12);
    case_close(c);
}
END_TEST

/* 3.5 g/m2/d over 0.3 m: 3.5 / 55.845 / 0.3 = 0.2089 mol/m3/d; manganese on 10 m2 a m2: 33.3 m2/m3. */
START_TEST(wetland_capacities_are_per_area)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "aerobic_wetland", "reeds");

    case_set(c, u, "area_m2", 1000.0);
    case_set(c, u, "depth_m", 0.3);
    case_set(c, u, "fe_capacity_g_m2_d", 3.5);
    T_OK(c->ctx, case_build(c));
    T_CLOSE(case_law_param(c, 0, "fe2-microbial", "q_max_mol_m3_d") * 86400.0, 0.20891, 1e-4);
    T_CLOSE(case_law_param(c, 0, "mn2-oxidation", "bed_area"), 33.3333, 1e-5);
    T_CLOSE(case_law_param(c, 0, "o2-exchange", "kla_1_h") * 86400.0, 0.5 / 0.3, 1e-9);
    ck_assert(case_law_param(c, 0, "schwertmannite", "suspended_fraction") == 1.0);
    case_close(c);
}
END_TEST

/* Outside of units that lime treats its laws neither make nor dissolve anything: a bed of limestone in water far
 * from saturation either way is calcite-pwp's business alone. */
START_TEST(laws_of_lime_rest_elsewhere)
{
    static const char *const laws[] = {"calcite-precipitation", "hydroxide-cd", "hydroxide-cu",
                                       "hydroxide-mg",          "hydroxide-mn", "hydroxide-pb",
                                       "hydroxide-zn"};
    const sei_rate_env       env    = {288.15, 0.01, NULL};

    for (size_t i = 0; i < T_COUNT(laws); i++) {
        const sei_rate_law *law = sei_rate_find(laws[i]);
        double              p[SEI_RATE_PARAMS_MAX], slope[SEI_RATE_INPUTS_MAX], rate = NAN;
        sei_rate_defaults(law, p);
        p[sei_param_index(law->params, law->n_params, law->media_param)] = 0.0;
        for (int side = -1; side <= 1; side += 2) {
            const double in[] = {1e-3, 10.0 * side, 50.0};
            law->eval(&env, p, in, &rate, slope);
            ck_assert(rate == 0.0);
            for (size_t k = 0; k < law->n_inputs; k++)
                ck_assert(slope[k] == 0.0);
        }
    }
}
END_TEST

/* ---- manganese by hand ---- */

/*
 * First order in n stirred tanks: (1 + k t / n)^-n with k = 4.39e-4 m/h x 100 m2/m3, 36 h, three tanks: 0.2799. Alkaline
 * water with plenty of oxygen, so that the law's factors for both are within 1 %.
 */
START_TEST(contact_tank_takes_manganese_by_first_order)
{
    static const char *const  solids[]  = {"Birnessite"};
    const sei_rate_law *const laws[]    = {sei_rate_find("mn2-oxidation"),
                                           sei_rate_find("o2-exchange")};
    plant_case               *c         = acid_case(1, solids, 2, laws);
    const size_t              u         = case_unit(c, "mn_contact_tank", "strings");
    const sei_rate_override   changes[] = {
          {laws[0], sei_param_index(laws[0]->params, laws[0]->n_params, "k_o2_mmol_kgw"), 1e-6},
          {laws[0], sei_param_index(laws[0]->params, laws[0]->n_params, "ph_low"), 4.5},
          {laws[0], sei_param_index(laws[0]->params, laws[0]->n_params, "k_water"), 0.0}};

    case_set(c, u, "volume_m3", 1e-3 * 36.0 * 3600.0);
    case_set(c, u, "kla_o2_1_h", 20.0);
    c->units[u].n_overrides = T_COUNT(changes);
    c->units[u].overrides   = changes;
    plant_run *r            = run_open_at(c, 288.15);
    acid_water(r, 7.5);
    run_fill(r);
    run_steady(r);
    const double k = 4.39e-4 * 100.0, left = pow(1.0 + k * 36.0 / 3.0, -3.0);
    T_CLOSE(run_total(r, 2, "Mn") / 1e-4, left, 1e-2);
    run_close_all(r);
}
END_TEST

/* Settling at 0.021 1/h in four tanks of 12 h: (1 + 0.021 x 12)^-4. */
START_TEST(oxidation_pond_settles_by_first_order)
{
    static const char *const solids[] = {"SiO2(a)"};
    plant_case              *c        = acid_case(1, solids, 0, NULL);

    case_set(c, case_unit(c, "oxidation_pond", "pond"), "volume_m3", 1e-3 * 48.0 * 3600.0);
    plant_run *r = run_open_at(c, 288.15);
    acid_water(r, 7.0);
    r->suspended[0] = 2e-3;
    run_fill(r);
    run_steady(r);
    T_CLOSE(sei_train_suspended(r->train, 3)[0], 2e-3 * pow(1.0 + 0.021 * 12.0, -4.0), 1e-6);
    run_close_all(r);
}
END_TEST

/* ---- refused ---- */

static void refuse(plant_case *c, sei_status status, const char *message)
{
    T_STATUS(c->ctx, case_build(c), status);
    ck_assert_str_eq(sei_ctx_error(c->ctx), message);
    case_close(c);
}

START_TEST(unknown_reagent_is_refused)
{
    plant_case *c = case_full();

    lime_tank(c, "Ca(OH2)", 8.0);
    refuse(c, SEI_E_NOT_FOUND,
           "unit \"lime\": reagent \"Ca(OH2)\" is not known; did you mean \"Ca(OH)2\"?; known are "
           "Ca(OH)2, CaO, CaCO3, NaOH, Na2CO3, MgO");
}
END_TEST

START_TEST(model_without_the_reagents_component_is_refused)
{
    static const char *const components[] = {"Ca", "C(4)", "Cl"};
    plant_case              *c            = case_open();

    case_model(c, T_COUNT(components), components, 0, NULL, 0, NULL);
    lime_tank(c, "NaOH", 8.0);
    refuse(c, SEI_E_NOT_FOUND,
           "unit \"lime\" gets NaOH, which brings Na+: the model has no such component");
}
END_TEST

START_TEST(sludge_needs_a_unit_upstream)
{
    plant_case *c = acid_case(0, NULL, 0, NULL);

    case_set(c, case_unit(c, "thickener", "thickener"), "volume_m3", 10.0);
    case_set(c, 0, "recycle_ratio", 5.0);
    refuse(c, SEI_E_MISSING,
           "unit \"thickener\" recycles sludge: name the unit that gets it in sludge_to, or set "
           "recycle_ratio to 0");

    c = acid_case(0, NULL, 0, NULL);
    case_set(c, case_unit(c, "thickener", "thickener"), "volume_m3", 10.0);
    case_set(c, 0, "recycle_ratio", 5.0);
    case_set(c, case_unit(c, "tank", "later"), "volume_m3", 10.0);
    c->units[0].sludge_to = "later";
    refuse(c, SEI_E_ARG, "unit \"thickener\": sludge_to: \"later\" does not lie upstream of it");

    c = acid_case(0, NULL, 0, NULL);
    case_set(c, case_unit(c, "thickener", "thickener"), "volume_m3", 10.0);
    case_set(c, 0, "recycle_ratio", 5.0);
    c->units[0].sludge_to = "nowhere";
    refuse(c, SEI_E_NOT_FOUND, "unit \"thickener\": sludge_to: no unit is named \"nowhere\"");
}
END_TEST

START_TEST(dense_sludge_is_denser_than_fresh)
{
    plant_case  *c = acid_case(0, NULL, 0, NULL);
    const size_t u = case_unit(c, "thickener", "thickener");

    case_set(c, u, "volume_m3", 10.0);
    case_set(c, u, "dense_solids_pct", 2.0);
    refuse(c, SEI_E_RANGE,
           "unit \"thickener\": dense_solids_pct = 2 is below fresh_solids_pct = 3");
}
END_TEST

START_TEST(drain_is_sized_once)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "anoxic_limestone_drain", "drain");

    case_set(c, u, "volume_m3", 10.0);
    case_set(c, u, "stone_t", 10.0);
    refuse(c, SEI_E_ARG, "unit \"drain\": give volume_m3 or stone_t, not both");
}
END_TEST

/* ---- flocs ---- */

/*
 * 1 mmol/kgw of iron as flocs and 0.1 of zinc at pH 8.5: PHREEQC 3 with minewater.dat and its surface leaves 9.476 umol/kgw
 * dissolved (25 degC; 6 mmol/kgw of sulfate, 2.5 of calcium, sodium to the pH). Without flocs all of it is. In ten hours at
 * 10 1/h a hundredth of the way is left.
 */
START_TEST(zinc_goes_with_the_flocs_as_phreeqc_says)
{
    static const char *const components[] = {"Ca", "Cl", "Na", "S(6)", "Zn"};
    static const char *const solids[]     = {"Ferrihydrite", "Zn_hfo"};
    const sei_rate_law      *law          = sei_rate_find("hfo-zn-floc");
    plant_case              *c            = case_open();

    case_model(c, T_COUNT(components), components, T_COUNT(solids), solids, 1, &law);
    const size_t u = lime_tank(c, "NaOH", 8.5);
    case_set(c, u, "volume_m3", 36.0);
    plant_run *r                               = run_open_at(c, 298.15);
    r->total[run_component(r, "Ca")]           = 2.5e-3;
    r->total[run_component(r, "S(6)")]         = 6e-3;
    r->total[run_component(r, "Na")]           = 7.5e-3;
    r->total[run_component(r, "Zn")]           = 1e-4;
    r->suspended[run_solid(r, "Ferrihydrite")] = 1e-3;
    run_set_ph(r, 6.0, "Cl");
    run_fill(r);
    run_steady(r);
    T_NEAR(run_view(r, 0).ph, 8.5, 1e-5);
    T_CLOSE(run_total(r, 0, "Zn"), 9.476e-6,
            0.12); /* a hundredth of 0.09 mmol is a tenth of what is left */
    T_CLOSE(run_total(r, 0, "Zn") + sei_train_suspended(r->train, 0)[run_solid(r, "Zn_hfo")], 1e-4,
            1e-6);
    run_close_all(r);
}
END_TEST

/*
 * The same flocs, full of zinc as at pH 8.5, meet acid water: at pH 6.5 PHREEQC leaves 81.79 of the 100 umol/kgw dissolved.
 * They give it back while they travel, to the same end at rest and in time, and none is lost.
 */
START_TEST(flocs_give_their_zinc_back_as_phreeqc_says)
{
    static const char *const components[] = {"Ca", "Cl", "Na", "S(6)", "Zn"};
    static const char *const solids[]     = {"Ferrihydrite", "Zn_hfo"};
    const sei_rate_law      *law          = sei_rate_find("hfo-zn-floc");
    plant_case              *c            = case_open();
    const double             none = 9.5e-6, there = 81.79e-6;
    sei_step_control         control;

    case_model(c, T_COUNT(components), components, T_COUNT(solids), solids, 1, &law);
    const size_t u = lime_tank(c, "NaOH", 6.5);
    case_set(c, u, "volume_m3", 36.0);
    plant_run   *r                             = run_open_at(c, 298.15);
    const size_t held                          = run_solid(r, "Zn_hfo");
    r->total[run_component(r, "Ca")]           = 2.5e-3;
    r->total[run_component(r, "S(6)")]         = 6e-3;
    r->total[run_component(r, "Na")]           = 7.5e-3;
    r->total[run_component(r, "Zn")]           = none;
    r->suspended[run_solid(r, "Ferrihydrite")] = 1e-3;
    r->suspended[held]                         = 1e-4 - none;
    run_set_ph(r, 3.3, "Cl");
    run_fill(r);
    sei_step_control_default(&control);
    run_to(r, &control, 10.0 * 86400.0);
    for (int steady = 0; steady < 2; steady++) {
        T_NEAR(run_view(r, 0).ph, 6.5, 1e-5);
        /* in ten hours at 10 1/h a hundred and first part of what comes in too much is left */
        T_CLOSE(run_total(r, 0, "Zn"), there - (there - none) / 101.0, 5e-3);
        T_CLOSE(run_total(r, 0, "Zn") + sei_train_suspended(r->train, 0)[held], 1e-4, 1e-6);
        if (!steady)
            run_check_books(r, 1e-11);
        run_steady(r);
    }
    run_close_all(r);
}
END_TEST

/*
 * Traces of arsenic run through a bed whose iron holds a hundred million times as much: what a day turns over is the
 * difference of two large numbers and is known to their rounding only. Steps of a day have to do, none refused for digits
 * that nobody has; the books close.
 */
START_TEST(traces_over_a_large_store_take_steps_of_a_day)
{
    static const char *const components[] = {"As", "Ca", "Cl", "Na", "S(6)"};
    static const char *const solids[]     = {"As_hfo", "Ferrihydrite"};
    const sei_rate_law      *law          = sei_rate_find("hfo-as");
    plant_case              *c            = case_open();
    sei_step_control         control;
    const double             days = 200.0, as_molal = 1e-10;

    case_model(c, T_COUNT(components), components, T_COUNT(solids), solids, 1, &law);
    case_set(c, case_unit(c, "tank", "bed"), "volume_m3", 1.0);
    plant_run   *r                     = run_open_at(c, 288.15);
    const size_t held                  = run_solid(r, "As_hfo");
    r->total[run_component(r, "As")]   = as_molal;
    r->total[run_component(r, "Ca")]   = 2.5e-3;
    r->total[run_component(r, "S(6)")] = 2.5e-3;
    run_set_ph(r, 7.0, "Cl");
    run_fill(r);
    sei_train_solid(r->train, 0)[run_solid(r, "Ferrihydrite")] = 5e4; /* mol, in a tonne of water */
    sei_train_solid(r->train, 0)[held]                         = 10.0;
    sei_train_open_books(r->train);
    sei_step_control_default(&control);
    run_to(r, &control, days * 86400.0);
    const sei_train_stats stats = sei_train_get_stats(r->train);
    ck_assert_uint_lt(stats.steps, 240);
    ck_assert_uint_lt(stats.rejected, 10);
    ck_assert_uint_lt(stats.newton_iterations, 6 * stats.cell_solves);
    ck_assert_double_gt(sei_train_solid(r->train, 0)[held], 10.0);
    ck_assert_double_lt(sei_train_imbalance(r->train, "As"), 1e-11);
    run_check_books(r, 1e-11);
    run_close_all(r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plant_active");
    TCase *dose = tcase_create("dose"), *sludge = tcase_create("sludge"),
          *size = tcase_create("size"), *bad = tcase_create("refused");

    tcase_add_test(dose, set_ph_is_held_through_a_change);
    tcase_add_test(dose, start_from_raw_water_ends_at_the_set_ph);
    tcase_add_test(dose, feeder_gives_no_more_than_its_most);
    tcase_add_test(dose, fixed_dose_and_undissolved_lime);
    tcase_add_test(dose, alkaline_water_gets_no_reagent);
    tcase_add_test(dose, water_that_stands_still_gets_no_reagent);
    suite_add_tcase(suite, dose);

    tcase_add_loop_test(sludge, sludge_recycle_reaches_the_hand_worked_state, 0, 3);
    tcase_add_test(sludge, recycle_is_first_order_in_the_step);
    tcase_add_loop_test(sludge, steady_state_finds_the_sludge, 0, 4);
    tcase_add_test(sludge, steady_plant_is_what_a_long_run_ends_at);
    tcase_add_test(sludge, a_store_behind_a_pumped_plant_fills_and_rests);
    tcase_add_test(dose, without_power_nothing_is_dosed);
    tcase_add_test(sludge, high_density_plant_keeps_its_books);
    tcase_set_timeout(sludge, 60);
    suite_add_tcase(suite, sludge);

    tcase_add_test(size, aerator_power_becomes_a_transfer_coefficient);
    tcase_add_test(size, drain_of_given_mass_has_its_retention_time);
    tcase_add_test(size, channel_takes_up_oxygen_by_its_fall);
    tcase_add_test(size, wetland_capacities_are_per_area);
    tcase_add_test(size, laws_of_lime_rest_elsewhere);
    tcase_add_test(size, zinc_goes_with_the_flocs_as_phreeqc_says);
    tcase_add_test(size, flocs_give_their_zinc_back_as_phreeqc_says);
    tcase_add_test(size, traces_over_a_large_store_take_steps_of_a_day);
    tcase_add_test(size, contact_tank_takes_manganese_by_first_order);
    tcase_add_test(size, oxidation_pond_settles_by_first_order);
    suite_add_tcase(suite, size);

    tcase_add_test(bad, unknown_reagent_is_refused);
    tcase_add_test(bad, model_without_the_reagents_component_is_refused);
    tcase_add_test(bad, sludge_needs_a_unit_upstream);
    tcase_add_test(bad, dense_sludge_is_denser_than_fresh);
    tcase_add_test(bad, drain_is_sized_once);
    suite_add_tcase(suite, bad);
    return t_run(suite);
}
