/* test_hydraulics.c - head over beds by hand, and beds that clog, overflow and are cleaned */
#include "base/buf.h"
#include "plant/plant.h"
#include "plant_run.h"
#include "site_run.h"

/*
 * 1 m2 by 1 m of grains of 5 mm, porosity 0.4, 1 L/s. By hand:
 * 150 * 1.31e-6 * 0.6^2 * 1e-3/(9.80665 * 0.4^3 * 25e-6) = 4.5084e-3 m and
 * 1.75 * 0.6 * 1e-6/(9.80665 * 0.4^3 * 5e-3) = 3.3459e-4 m.
 */
START_TEST(head_equals_ergun_by_hand)
{
    plant_case *c = case_full();

    const size_t u = case_unit(c, "limestone_bed", "bed");
    case_set(c, u, "volume_m3", 1.0);
    case_set(c, u, "depth_m", 1.0);
    case_set(c, u, "porosity", 0.4);
    case_set(c, u, "flow_grain_mm", 5.0);
    case_set(c, u, "head_max_m", 0.02);
    case_set(c, u, "capture_1_h", 0.0); /* deposits lie evenly in a cell */
    case_build(c);
    double                    none[64] = {0.0};
    const sei_unit_hydraulics h        = sei_plant_hydraulics(c->plant, 0, none, 1e-3);
    T_CLOSE(h.head_m, 4.5084e-3 + 3.3459e-4, 1e-4);
    T_CLOSE(h.porosity, 0.4, 1e-12);
    /* 4.5084 Q + 334.59 Q^2 = 0.02 by hand: Q = (-4.5084 + sqrt(4.5084^2 + 4 * 334.59 * 0.02))/669.18 */
    T_CLOSE(h.flow_max_m3_s, (-4.5084 + sqrt(4.5084 * 4.5084 + 4 * 334.59 * 0.02)) / 669.18, 1e-4);

    /* a tenth of the bed full of deposits, evenly: porosity 0.3 */
    double full[64];
    for (size_t i = 0; i < 64; i++)
        full[i] = 0.1 / 8.0;
    const sei_unit_hydraulics k = sei_plant_hydraulics(c->plant, 0, full, 1e-3);
    T_CLOSE(k.porosity, 0.3, 1e-12);
    T_CLOSE(h.pore_m3, 0.4, 1e-12);
    T_CLOSE(k.pore_m3, 0.3, 1e-12);
    T_CLOSE(h.permeability, 1.0, 1e-12);
    T_CLOSE(k.permeability, (0.027 / 0.49) / (0.064 / 0.36), 1e-9); /* e^3/(1 - e)^2 */
    T_CLOSE(k.head_m,
            150 * 1.31e-6 * 0.49 * 1e-3 / (9.80665 * 0.027 * 25e-6) +
                1.75 * 0.7 * 1e-6 / (9.80665 * 0.027 * 5e-3),
            1e-6);

    /* as much comes as fills 0.1 m3 of clean bed in 1e6 s, and finds room in the share of the pores that is left: e = 0.4 exp(-g t/0.4).
     * The bed passes 1 L/s until its head is 0.02 m */
    double growth[64], work[64];
    for (size_t i = 0; i < 64; i++)
        growth[i] = 0.1 / 8.0 / 1e6;
    const double t = sei_plant_time_to_clog_s(c->plant, 0, none, growth, 1e-3, work);
    for (size_t i = 0; i < 64; i++)
        work[i] = 0.05 * (1.0 - exp(-growth[i] * t / 0.05));
    T_CLOSE(sei_plant_hydraulics(c->plant, 0, work, 1e-3).head_m, 0.02, 1e-4);
    case_close(c);
}
END_TEST

/* The same bed as a subsurface wetland and as a bed for manganese: 1 m of way through 1 m2 of grains of 5 mm. */
START_TEST(wetland_and_manganese_bed_have_heads_as_ergun_by_hand)
{
    static const char *const types[]  = {"subsurface_wetland", "mn_limestone_bed"};
    plant_case              *c        = case_full();
    double                   none[64] = {0.0};

    const size_t u = case_unit(c, types[_i], "bed");
    case_set(c, u, "volume_m3", 1.0);
    case_set(c, u, "depth_m", 1.0);
    case_set(c, u, "porosity", 0.4);
    case_set(c, u, "grain_mm", 5.0);
    case_set(c, u, "head_max_m", 0.02);
    case_build(c);
    const sei_unit_hydraulics h = sei_plant_hydraulics(c->plant, 0, none, 1e-3);
    T_CLOSE(h.head_m, 4.5084e-3 + 3.3459e-4, 1e-4);
    T_CLOSE(h.flow_max_m3_s, (-4.5084 + sqrt(4.5084 * 4.5084 + 4 * 334.59 * 0.02)) / 669.18, 1e-4);
    case_close(c);
}
END_TEST

/* Share of the water that goes around a bed that aluminium fills, and its books. */
static double goes_around(const char *type, const char *events)
{
    static const char text[] = "site: {name: test}\n"
                               "influent:\n"
                               "  flow_l_min: 0.6\n  temp_c: 11\n  ph: 4\n  al_mg_l: 20\n  "
                               "mn_mg_l: 5\n  do_mg_l: 8\n  so4_mg_l: 300\n"
                               "  ca_mg_l: 60\n  tic_mg_l: 20\n  charge_balance: so4\n"
                               "climate: {air_temperature_c: 11}\n"
                               "run: {start: 2024-01-01, duration_d: 40}\n"
                               "train:\n"
                               "  - {type: %s, name: bed, volume_m3: 0.3, depth_m: 0.5, grain_mm: "
                               "5, head_max_m: 0.05, "
                               "capture_1_h: 5, al_deposit_kg_m3: 20%s}\n";
    char              site[1000];

    snprintf(site, sizeof site, text, type, events);
    run          r     = go(site);
    const double share = r.result->units[0].hydraulics.overflow_share;
    for (size_t i = 0; i < r.result->n_books; i++)
        ck_assert_double_lt(r.result->books[i].imbalance, 1e-8);
    end(&r);
    return share;
}

START_TEST(wetland_and_manganese_bed_clog_and_are_cleaned)
{
    static const char *const types[] = {"subsurface_wetland", "mn_limestone_bed"};

    ck_assert_double_gt(goes_around(types[_i], ""), 0.05);
    ck_assert_double_eq(goes_around(types[_i], ", events: [{what: clean, after_d: 5, every_d: 5}]"),
                        0.0);
}
END_TEST

static const char head_text[] =
    "site: {name: test}\n"
    "influent:\n"
    "  flow_l_min: 5.2\n  temp_c: 15\n  ph: 3.5\n  fe_mg_l: 38\n  fe2_share: 0.95\n"
    "  do_mg_l: 1\n  so4_mg_l: 300\n  ca_mg_l: 40\n  tic_mg_l: 6\n  charge_balance: so4\n"
    "climate: {air_temperature_c: 10}\n"
    "run: {start: 2024-01-01, duration_d: 60, relative_tolerance: 0.01}\n"
    "model: {deposits_take_room: true}\n"
    "train:\n"
    "  - {type: iron_oxidation_bed, name: iron, volume_m3: 0.78, depth_m: 1, cells: 2, "
    "flow_grain_mm: 0.5,\n     head_max_m: 0.01, deposit_kg_m3: 60";

static sei_result_unit clogged(const char *events, double *ret_worst)
{
    sei_ctx    *ctx    = sei_ctx_create(NULL);
    sei_site   *site   = NULL;
    sei_result *result = NULL;
    sei_buf     text;

    sei_buf_init(&text, ctx, 100000);
    sei_buf_puts(&text, head_text);
    sei_buf_puts(&text, events);
    T_OK(ctx, sei_site_parse(ctx, "test.yaml", ".", text.text, text.len, NULL, NULL, &site));
    T_OK(ctx, sei_study_run(ctx, site, NULL, &result));
    const sei_result_unit unit = result->units[0];
    *ret_worst                 = 0.0;
    for (size_t i = 0; i < result->n_books; i++)
        *ret_worst = fmax(*ret_worst, result->books[i].imbalance);
    sei_buf_done(&text);
    sei_result_free(result);
    sei_site_free(site);
    sei_ctx_free(ctx);
    return unit;
}

/* Deposits close the pores until water goes around the bed; cleaning every ten days keeps them open. */
START_TEST(a_bed_clogs_overflows_and_is_cleaned)
{
    double                worst;
    const sei_result_unit left = clogged("}\n", &worst);
    ck_assert_double_lt(worst, 1e-8);
    ck_assert_double_lt(left.hydraulics.porosity, 0.6);
    ck_assert_double_gt(left.hydraulics.overflow_share, 0.01);
    ck_assert_double_lt(left.hydraulics.flow_max_m3_s, left.mean_flow_m3_s);
    ck_assert_double_lt(left.hydraulics.clogs_in_s, 2.0);
    /* the retention time that holds now: what deposits leave of the pores, by the flow; a few lie in the inlet and in
     * the chamber behind the bed */
    T_CLOSE(left.hydraulics.pore_m3, left.pore_m3 - left.hydraulics.deposit_m3, 0.02);
    T_CLOSE(left.hydraulics.hrt_pore_s, left.hydraulics.pore_m3 / left.mean_flow_m3_s, 1e-12);
    ck_assert_double_lt(left.hydraulics.hrt_pore_s, 0.95 * left.hrt_pore_s);

    const sei_result_unit kept =
        clogged(", events: [{what: clean, after_d: 10, every_d: 10}]}\n", &worst);
    ck_assert_double_lt(worst, 1e-8);
    ck_assert_double_eq(kept.hydraulics.overflow_share, 0.0);
    ck_assert_double_gt(kept.hydraulics.porosity, left.hydraulics.porosity);
    ck_assert_double_gt(kept.hydraulics.clogs_in_s, 86400.0);
}
END_TEST

enum { STORES = 64, LAWS = 96 };

/* Rates of all laws in all beds of a plant whose pores are filled with water to a share: mol/s in each cell, and for each
 * kg of its water. */
static size_t rates_at(plant_run *r, double water_share, double ret_cell[][LAWS],
                       double ret_kg[][LAWS])
{
    plant_case      *c    = r->c;
    sei_train_spec   spec = *sei_plant_train_spec(c->plant);
    const size_t     n    = spec.n_stores;
    const sei_store *old  = spec.stores;
    sei_store        stores[STORES];
    sei_cell_view    view;

    ck_assert_uint_le(n, STORES);
    ck_assert_uint_le(sei_model_n_laws(c->model), LAWS);
    for (size_t i = 0; i < n; i++) {
        stores[i] = old[i];
        stores[i].start_kg *= water_share;
    }
    spec.stores = stores;
    sei_train_free(r->train);
    r->train = NULL;
    T_OK(c->ctx, sei_train_create(c->ctx, &spec, &r->train));
    sei_plant_load(c->plant, r->train);
    T_OK(c->ctx, sei_train_fill(c->ctx, r->train, run_boundary, r));
    for (size_t i = 0; i < n; i++) {
        T_OK(c->ctx, sei_train_view(c->ctx, r->train, stores[i].cell, &view));
        for (size_t l = 0; l < sei_model_n_laws(c->model); l++) {
            ret_kg[i][l]   = view.law_rate[l];
            ret_cell[i][l] = view.law_rate[l] * sei_train_water_kg(r->train, stores[i].cell);
        }
    }
    return n;
}

static void same_rates(const plant_run *r, const char *law, size_t n, double a[][LAWS],
                       double b[][LAWS])
{
    const size_t l   = sei_model_find_law(r->c->model, law);
    double       sum = 0.0;

    ck_assert_msg(l < sei_model_n_laws(r->c->model), "no %s", law);
    for (size_t i = 0; i < n; i++) {
        ck_assert_msg(fabs(a[i][l] - b[i][l]) <= 1e-12 * fabs(a[i][l]),
                      "%s in bed cell %zu: %g, %g", law, i, a[i][l], b[i][l]);
        sum += fabs(a[i][l]);
    }
    ck_assert_msg(sum > 0.0, "%s rests everywhere", law);
}

/* Half of the pores full of deposits: stone dissolves, bran is eaten, bacteria work and oxygen comes in as before; what goes
 * on in the water itself goes on in half as much. */
START_TEST(what_belongs_to_the_bed_does_not_shrink_with_its_pores)
{
    static const char *const of_bed[]   = {"calcite-pwp", "o2-exchange", "fe2-microbial",
                                           "hydrolysis-bran", "hydrolysis-husk"};
    static const char *const of_water[] = {"fe2-abiotic", "schwertmannite"};
    static double            cell[2][STORES][LAWS], kg[2][STORES][LAWS];
    plant_case              *c = case_full();

    const size_t iron = case_unit(c, "iron_oxidation_bed", "iron"),
                 srb  = case_unit(c, "sulfate_reducing_bed", "srb"),
                 last = case_unit(c, "polishing_bed", "last");
    case_set(c, iron, "volume_m3", 10.0);
    case_set(c, srb, "area_m2", 100.0);
    case_set(c, last, "volume_m3", 10.0);
    const size_t layer = case_layer(c, srb, "mix");
    case_layer_set(c, srb, layer, "depth_m", 1.0);
    case_layer_set(c, srb, layer, "bran_fraction", 0.2);
    case_layer_set(c, srb, layer, "husk_fraction", 0.3);
    case_layer_set(c, srb, layer, "limestone_fraction", 0.5);
    c->spec.deposits_take_room          = true;
    plant_run *r                        = run_open_at(c, 288.15);
    r->total[run_component(r, "Fe(2)")] = 5e-4;
    r->total[run_component(r, "Fe(3)")] = 1e-4;
    r->total[run_component(r, "O(0)")]  = 1e-4;
    r->total[run_component(r, "C")]     = 1e-3;
    r->total[run_component(r, "Ca")]    = 1e-3;
    r->total[run_component(r, "S(6)")]  = 3e-3;
    run_set_ph(r, 3.5, "S(6)");

    const size_t n = rates_at(r, 1.0, cell[0], kg[0]);
    ck_assert_uint_eq(rates_at(r, 0.5, cell[1], kg[1]), n);
    for (size_t i = 0; i < T_COUNT(of_bed); i++)
        same_rates(r, of_bed[i], n, cell[0], cell[1]);
    for (size_t i = 0; i < T_COUNT(of_water); i++)
        same_rates(r, of_water[i], n, kg[0], kg[1]);
    run_close_all(r);
}
END_TEST

/*
 * Twenty days of iron fill part of the pores; then the water's magnesium is doubled. What has not come through yet, summed up
 * over the time behind the step, is the mean residence time: water in the unit over the flow. (Deposits go on growing
 * while the step passes, by a thirtieth of what they did in twenty days; hrt_pore_h is that of the end.)
 */
START_TEST(a_tracer_passes_a_clogged_bed_in_the_time_that_is_left)
{
    static const char text[] =
        "site: {name: test}\n"
        "influent:\n"
        "  flow_l_min: 5.2\n  temp_c: 15\n  ph: 3.5\n  fe_mg_l: 38\n  fe2_share: 0.95\n"
        "  do_mg_l: 1\n  so4_mg_l: 300\n  ca_mg_l: 40\n  mg_mg_l: 5\n  tic_mg_l: 6\n"
        "  charge_balance: so4\n"
        "climate: {air_temperature_c: 15}\nmodel: {deposits_take_room: true}\n"
        "disturbances: [{kind: change, after_d: 20, set: {mg_mg_l: 10}}]\n"
        "run: {start: 2024-01-01, duration_d: 20.6, output_interval_h: 0.1}\n"
        "train:\n"
        "  - {type: iron_oxidation_bed, name: iron, volume_m3: 0.78, depth_m: 1, cells: 4, "
        "deposit_kg_m3: 30}\n";
    run          r         = go(text);
    const size_t column    = sei_result_column(r.result, "mg", SEI_FRACTION_TOTAL);
    const double step_s    = 360.0;
    const double flow_m3_s = 5.2e-3 / 60.0;
    double       late_s    = 0.0;

    const double old  = sei_result_value(r.result, 4800, 1, column);
    const double full = sei_result_value(r.result, r.result->n_times - 1, 1, column);
    for (size_t t = 4801; t < r.result->n_times; t++)
        late_s += step_s * (full - sei_result_value(r.result, t, 1, column)) / (full - old);
    late_s += 0.5 * step_s; /* of the first interval, all of it late at its beginning */
    const sei_result_hydraulics *h = &r.result->units[0].hydraulics;
    ck_assert_double_lt(h->pore_m3, 0.85 * r.result->units[0].pore_m3);
    T_CLOSE(full, 0.010, 2e-3);
    /* the inlet chamber holds two minutes' flow beside the bed */
    T_CLOSE(late_s, (h->pore_m3 + h->deposit_m3 * 0.6 / 20.6) / flow_m3_s + 120.0, 0.005);
    end(&r);
}
END_TEST

/* Room in a drain after five days of 20 mg/L of aluminium, m3. */
static double filled_by_aluminium(const char *density)
{
    static const char text[] =
        "site: {name: test}\n"
        "influent:\n"
        "  flow_l_min: 0.6\n  temp_c: 11\n  ph: 4\n  al_mg_l: 20\n  do_mg_l: 0.1\n  so4_mg_l: 300\n"
        "  ca_mg_l: 60\n  tic_mg_l: 60\n  charge_balance: so4\n"
        "climate: {air_temperature_c: 11}\n"
        "run: {start: 2024-01-01, duration_d: 5}\n"
        "train:\n"
        "  - {type: anoxic_limestone_drain, name: drain, volume_m3: 1.1, head_max_m: 0.5, "
        "deposit_kg_m3: 200%s}\n";
    char site[1000];

    snprintf(site, sizeof site, text, density);
    run          r    = go(site);
    const double room = r.result->units[0].hydraulics.deposit_m3;
    ck_assert_double_lt(r.result->units[0].hydraulics.porosity, 0.49);
    ck_assert_double_gt(r.result->units[0].hydraulics.clogs_in_s, 86400.0);
    end(&r);
    return room;
}

/*
 * 20 mg/L in 0.6 L/min are 0.6405 mol a day, 3.202 mol in five days; the raw water that the pores are filled with at first, 0.539 m3,
 * brings 0.400 mol. As Al4(OH)10SO4 (374.06 g/mol) 3.602 mol are 0.3368 kg, 6.737 L of flocs of 50 kg/m3, less the little that leaves.
 * With the density of other deposits a quarter, and a few millionths more, as they leave more room to be caught in.
 */
START_TEST(aluminium_fills_a_drain_by_hand)
{
    const double flocs = filled_by_aluminium("");

    T_CLOSE(flocs, 6.737e-3, 0.005);
    T_CLOSE(filled_by_aluminium(", al_deposit_kg_m3: 0"), flocs / 4.0, 1e-5);
}
END_TEST

/* --- deposits within their capture length, in closed form --------------------------------------------- */

/* 1 m2 by 2 m of grains of 5 mm, porosity 0.4, 1 L/s, which catches along the way with a length of 0.1 m: 20 of them. */
enum { CAPTURES = 20 };

static plant_case *sheared_bed(double cells, double head_max_m, double shear_pa)
{
    plant_case  *c = case_full();
    const size_t u = case_unit(c, "limestone_bed", "bed");

    case_set(c, u, "volume_m3", 2.0);
    case_set(c, u, "depth_m", 2.0);
    case_set(c, u, "porosity", 0.4);
    case_set(c, u, "flow_grain_mm", 5.0);
    case_set(c, u, "head_max_m", head_max_m);
    case_set(c, u, "capture_1_h", 0.0);
    case_set(c, u, "filter_length_m", 2.0 / CAPTURES);
    case_set(c, u, "cells", cells);
    case_set(c, u, "deposit_shear_pa", shear_pa);
    case_build(c);
    return c;
}

static plant_case *filter_bed(double cells, double head_max_m)
{
    return sheared_bed(cells, head_max_m, 0.0);
}

/*
 * Water of constant load: -dC/dx = C e/e0, de/dT = -(e/e0) C. So e/e0 = e^x/(a + e^x) with a = e^T - 1. Ergun's head over the
 * bed by Simpson's rule, which knows nothing of cells. Of the porosity the part `open` stays, and all of this holds of the rest.
 */
static double head_above(double a, double open)
{
    const int    n   = 200000;
    const double v   = 1e-3;
    double       sum = 0.0;

    for (int i = 0; i <= n; i++) {
        const double x    = (double)CAPTURES * i / n;
        const double e    = open + (0.4 - open) / (1.0 + a * exp(-x));
        const double slow = 150.0 * 1.31e-6 * (1 - e) * (1 - e) * v / (9.80665 * e * e * e * 25e-6);
        const double fast = 1.75 * (1 - e) * v * v / (9.80665 * e * e * e * 5e-3);
        sum += (i == 0 || i == n ? 1.0 : i % 2 ? 4.0 : 2.0) * (slow + fast);
    }
    return sum * 2.0 / n / 3.0;
}

static double filter_head(double a)
{
    return head_above(a, 0.0);
}

static const double filter_cells[] = {1, 3, 6, 12, 24, 48};

/* The head of that profile is the same in however many cells its deposits are told: each holds 1 - ln((a + e^x2)/(a + e^x1))/(x2 - x1)
 * of its pores. */
START_TEST(head_over_a_front_of_deposits_hangs_not_on_the_cells)
{
    const double cells = filter_cells[_i], dx = CAPTURES / cells, a[] = {0.5, 20.0, 400.0};
    plant_case  *c = filter_bed(cells, 0.0);

    for (size_t k = 0; k < 3; k++) {
        double deposit[64] = {0.0};
        for (size_t i = 0; i < (size_t)cells; i++) {
            const double x    = dx * (double)i,
                         left = log((a[k] + exp(x + dx)) / (a[k] + exp(x))) / dx;
            deposit[i]        = (1.0 - left) * 0.8 / cells;
        }
        T_CLOSE(sei_plant_hydraulics(c->plant, 0, deposit, 1e-3).head_m, filter_head(a[k]), 1e-8);
    }
    case_close(c);
}
END_TEST

/*
 * Nor does the day on which such a bed overflows. Its load, L m3/s of deposit, would fill a clean bed as e^-x tells; T = L t over the pores
 * in one capture length, 0.04 m3, and the head of T is looked for by halving.
 */
START_TEST(the_day_of_overflow_hangs_not_on_the_cells)
{
    const double cells = filter_cells[_i], dx = CAPTURES / cells, load = 1e-8, head_max = 0.5;
    plant_case  *c        = filter_bed(cells, head_max);
    double       none[64] = {0.0}, growth[64] = {0.0}, work[64], low = 0.0, high = 20.0;

    for (size_t i = 0; i < (size_t)cells; i++)
        growth[i] = load * (exp(-dx * (double)i) - exp(-dx * (double)(i + 1)));
    while (high - low > 1e-9) {
        const double t = 0.5 * (low + high);
        if (filter_head(expm1(t)) < head_max)
            low = t;
        else
            high = t;
    }
    T_CLOSE(sei_plant_time_to_clog_s(c->plant, 0, none, growth, 1e-3, work), low * 0.04 / load,
            0.01);
    case_close(c);
}
END_TEST

/*
 * Shear of 0.2 Pa at 1 mm/s over grains of 5 mm: by hand e^2 = q (1 - e) with q = 25 * 1.31e-3 * 1e-3/(0.2 * 5e-3) = 0.03275, e = 0.165334. There
 * Darcy's gradient times the hydraulic radius is that shear: 150 * 1.31e-3 (1 - e)^2 1e-3/(e^3 25e-6) * e 5e-3/(6 (1 - e)) = 0.2 Pa.
 */
static const double open_pores = 0.165333945;

START_TEST(shear_by_hand_is_that_of_darcy_in_the_hydraulic_radius)
{
    const double e = open_pores;

    T_CLOSE(150 * 1.31e-3 * (1 - e) * (1 - e) * 1e-3 / (e * e * e * 25e-6) * e * 5e-3 /
                (6 * (1 - e)),
            0.2, 1e-8);
}
END_TEST

/* Each cell holds the same part as before of what can close; a bed that is full to the last has the head of its open pores. */
START_TEST(head_over_a_sheared_front_hangs_not_on_the_cells)
{
    const double cells = filter_cells[_i], dx = CAPTURES / cells, a[] = {0.5, 20.0, 4e4, 1e14};
    plant_case  *c = sheared_bed(cells, 0.0, 0.2);

    for (size_t k = 0; k < 4; k++) {
        double deposit[64] = {0.0};
        for (size_t i = 0; i < (size_t)cells; i++) {
            const double x    = dx * (double)i,
                         left = log1p(exp(x) * expm1(dx) / (a[k] + exp(x))) / dx;
            deposit[i]        = (1.0 - left) * (0.8 - 2.0 * open_pores) / cells;
        }
        T_CLOSE(sei_plant_hydraulics(c->plant, 0, deposit, 1e-3).head_m,
                head_above(a[k], open_pores), 1e-7);
    }
    case_close(c);
}
END_TEST

/* The pores of a capture length that can close are 0.04 m3 less what stays open. With 0.15 m the front must come far into the bed; with 1 m the
 * bed never overflows: full of all that stays it has less. */
START_TEST(a_sheared_bed_overflows_late_or_never)
{
    const double cells = filter_cells[_i], dx = CAPTURES / cells, load = 1e-8, head_max = 0.15;
    plant_case  *c        = sheared_bed(cells, head_max, 0.2);
    double       none[64] = {0.0}, growth[64] = {0.0}, work[64], low = 0.0, high = 30.0;

    for (size_t i = 0; i < (size_t)cells; i++)
        growth[i] = load * (exp(-dx * (double)i) - exp(-dx * (double)(i + 1)));
    while (high - low > 1e-9) {
        const double t = 0.5 * (low + high);
        if (head_above(expm1(t), open_pores) < head_max)
            low = t;
        else
            high = t;
    }
    ck_assert_double_gt(low, 5.0);
    ck_assert_double_lt(low, 20.0);
    T_CLOSE(sei_plant_time_to_clog_s(c->plant, 0, none, growth, 1e-3, work),
            low * (0.04 - 0.1 * open_pores) / load, 0.01);
    case_close(c);

    c = sheared_bed(cells, 1.0, 0.2);
    ck_assert_double_lt(head_above(1e30, open_pores), 1.0);
    ck_assert(isinf(sei_plant_time_to_clog_s(c->plant, 0, none, growth, 1e-3, work)));
    case_close(c);
}
END_TEST

/* A drain for 20 mg/L of aluminium (docs/validation/limestone.md) after so many days, and the share of the water that went around it. */
static sei_result_hydraulics drain(int cells, int days, double shear_pa)
{
    static const char text[] =
        "site: {name: test}\n"
        "influent:\n"
        "  flow_l_s: 1\n  temp_c: 11\n  ph: 4\n  fe_mg_l: 60\n  fe2_share: 1\n  al_mg_l: 20\n"
        "  do_mg_l: 0.1\n  ca_mg_l: 100\n  so4_mg_l: 700\n  tic_mg_l: 60\n  charge_balance: so4\n"
        "climate: {air_temperature_c: 10}\n"
        "run: {start: 2024-01-01, duration_d: %d}\n"
        "train:\n"
        "  - {type: anoxic_limestone_drain, name: drain, volume_m3: 110.2, head_max_m: 0.5, "
        "cells: %d, deposit_shear_pa: %g}\n";
    char site[1000];

    snprintf(site, sizeof site, text, days, cells, shear_pa);
    run                         r = go(site);
    const sei_result_hydraulics h = r.result->units[0].hydraulics;
    for (size_t i = 0; i < r.result->n_books; i++)
        ck_assert_double_lt(r.result->books[i].imbalance, 1e-8);
    end(&r);
    return h;
}

static double drain_overflow(int cells, int days)
{
    return drain(cells, days, 0.0).overflow_share;
}

/* Aluminium gathers within a fiftieth of the drain, whatever part of it a cell is: from 1 to 48 cells the drain overflows between the 40th
 * and the 48th day (by the mean of each cell and an even capture: between the 7th and the 386th). */
START_TEST(a_drain_with_aluminium_overflows_at_the_same_time_in_any_number_of_cells)
{
    const int cells = (int)filter_cells[_i];

    ck_assert_double_eq(drain_overflow(cells, 40), 0.0);
    ck_assert_double_gt(drain_overflow(cells, 48), 0.0);
}
END_TEST

/* With 0.5 Pa it overflows between the 84th and the 95th day in 1 to 12 cells. */
START_TEST(a_sheared_drain_overflows_at_the_same_time_in_any_number_of_cells)
{
    const int cells = (int)filter_cells[_i];

    ck_assert_double_eq(drain(cells, 84, 0.5).overflow_share, 0.0);
    ck_assert_double_gt(drain(cells, 95, 0.5).overflow_share, 0.0);
}
END_TEST

/*
 * With 0.1 Pa never: it fills to the pores that shear keeps open and passes flocs. A bed of 110.2 m3 and 1 m of depth is 10.498 m long and as wide:
 * v = 1e-3/10.498 m/s, q = 25 * 1.31e-3 v/(0.1 * 0.06), e^2 = q (1 - e); head by Ergun's equation there.
 */
START_TEST(a_drain_whose_flocs_shear_keeps_moving_never_overflows)
{
    const double length = sqrt(110.2), v = 1e-3 / length, d = 0.06, g = 9.80665;
    const double q = 25.0 * 1.31e-3 * v / (0.1 * d), e = 0.5 * (sqrt(q * q + 4.0 * q) - q);
    const double slope = 150.0 * 1.31e-6 * (1 - e) * (1 - e) * v / (g * e * e * e * d * d) +
                         1.75 * (1 - e) * v * v / (g * e * e * e * d);
    const sei_result_hydraulics h = drain(3, 600, 0.1);

    ck_assert_double_eq(h.overflow_share, 0.0);
    ck_assert(isinf(h.clogs_in_s));
    T_CLOSE(h.porosity, e, 1e-3);
    T_CLOSE(h.head_m, slope * length, 2e-3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("hydraulics");
    TCase *tc    = tcase_create("hydraulics");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, head_equals_ergun_by_hand);
    tcase_add_test(tc, a_bed_clogs_overflows_and_is_cleaned);
    tcase_add_test(tc, what_belongs_to_the_bed_does_not_shrink_with_its_pores);
    tcase_add_test(tc, a_tracer_passes_a_clogged_bed_in_the_time_that_is_left);
    tcase_add_test(tc, aluminium_fills_a_drain_by_hand);
    tcase_add_loop_test(tc, wetland_and_manganese_bed_have_heads_as_ergun_by_hand, 0, 2);
    tcase_add_loop_test(tc, wetland_and_manganese_bed_clog_and_are_cleaned, 0, 2);
    tcase_add_loop_test(tc, head_over_a_front_of_deposits_hangs_not_on_the_cells, 0, 6);
    tcase_add_loop_test(tc, the_day_of_overflow_hangs_not_on_the_cells, 0, 6);
    tcase_add_test(tc, shear_by_hand_is_that_of_darcy_in_the_hydraulic_radius);
    tcase_add_loop_test(tc, head_over_a_sheared_front_hangs_not_on_the_cells, 0, 6);
    tcase_add_loop_test(tc, a_sheared_bed_overflows_late_or_never, 0, 6);
    tcase_add_loop_test(
        tc, a_drain_with_aluminium_overflows_at_the_same_time_in_any_number_of_cells, 0, 6);
    tcase_add_loop_test(tc, a_sheared_drain_overflows_at_the_same_time_in_any_number_of_cells, 0,
                        4);
    tcase_add_test(tc, a_drain_whose_flocs_shear_keeps_moving_never_overflows);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
