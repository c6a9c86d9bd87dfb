/* test_lime_site.c - a lime plant with copper and sludge recycle as a site: steady state, extremes, sensitivities */
#include <unistd.h>

#include "site_run.h"
#include "study/sensitivity.h"

/* Copper is held by flocs as well as a hydroxide, each of which would do alone: what of it is what decides whether a steady
 * state is found. A sludge age of a day, so that a fortnight is a long time. */
#define PLANT(ph, set_ph, ratio, copper, feeds_back)                                          \
    "site: {name: lime}\nclimate: {air_temperature_c: 10}\n"                                  \
    "influent: {flow_m3_d: 1000, temp_c: 15, ph: " ph ", fe_mg_l: 60, fe2_share: 0.6, "       \
    "cu_mg_l: " copper ", do_mg_l: 4, so4_mg_l: 500, ca_mg_l: 60, na_mg_l: 12, tic_mg_l: 8, " \
    "charge_balance: so4}\n"                                                                  \
    "train:\n"                                                                                \
    "  - {type: dosing_tank, name: lime, reagent: Ca(OH)2, volume_m3: 25, set_ph: " set_ph    \
    ", dissolution: 0.95, max_dose_kg_m3: 10}\n"                                              \
    "  - {type: aeration_tank, name: air, volume_m3: 25, aerator_kw: 3}\n"                    \
    "  - {type: thickener, name: thickener, area_m2: 60, depth_m: 3, recycle_ratio: " ratio   \
    ", sludge_age_d: 1" feeds_back "}\n"
#define HDS(ph, set_ph) PLANT(ph, set_ph, "5", "8", ", sludge_to: lime")
#define STEADY          "run: {start: 2024-04-01, mode: steady}\n"

static double discharge(const run *r, const char *quantity, sei_fraction fraction)
{
    const size_t column = sei_result_column(r->result, quantity, fraction);

    ck_assert_uint_ne(column, SIZE_MAX);
    return sei_result_value(r->result, r->result->n_times - 1, r->result->n_watches - 1, column);
}

START_TEST(steady_state_is_where_a_fortnight_ends)
{
    run steady = go(HDS("3.2", "8.8") STEADY);
    run late =
        go(HDS("3.2", "8.8") "run: {start: 2024-04-01, duration_d: 14, output_interval_h: 168, "
                             "relative_tolerance: 0.0005}\n");

    T_NEAR(discharge(&steady, "ph", SEI_FRACTION_TOTAL), discharge(&late, "ph", SEI_FRACTION_TOTAL),
           2e-3);
    T_CLOSE(discharge(&steady, "cu", SEI_FRACTION_DISSOLVED),
            discharge(&late, "cu", SEI_FRACTION_DISSOLVED), 1e-2);
    T_CLOSE(discharge(&steady, "ss", SEI_FRACTION_TOTAL),
            discharge(&late, "ss", SEI_FRACTION_TOTAL), 1e-2);
    const sei_result *a = steady.result, *b = late.result;
    T_CLOSE(a->dose_kg_s[0], b->dose_kg_s[b->n_times - 1], 2e-3);
    for (size_t s = 0; s < a->n_solids; s++) { /* beds of the thickener */
        const double *x = a->solid_mol + 2 * a->n_solids,
                     *y = b->solid_mol + ((b->n_times - 1) * b->n_units + 2) * b->n_solids;
        double all      = 0.0;
        for (size_t i = 0; i < a->n_solids; i++)
            all += x[i];
        T_NEAR(x[s], y[s], 2e-3 * all);
    }
    end(&steady);
    end(&late);
}
END_TEST

static const char *const extremes[] = {
    HDS("1.5", "8.8") STEADY,
    HDS("3.2", "7") STEADY,
    HDS("3.2", "9.5") STEADY,
    HDS("3.2", "11") STEADY,
    PLANT("3.2", "8.8", "0", "8", "") STEADY,
    PLANT("3.2", "8.8", "1", "8", ", sludge_to: lime") STEADY,
    PLANT("3.2", "8.8", "100", "8", ", sludge_to: lime") STEADY,
    PLANT("3.2", "8.8", "20", "500", ", sludge_to: lime") STEADY,
    PLANT("3.2", "8.8", "20", "0", ", sludge_to: lime") STEADY,
};

/* Set pH, acid, recycle and copper far apart: a steady state, at the pH that was asked for, with all copper somewhere. */
START_TEST(a_steady_state_is_found)
{
    run r = go(extremes[_i]);

    for (size_t w = 0; w < r.result->n_watches; w++)
        for (size_t c = 0; c < r.result->n_columns; c++)
            ck_assert(isfinite(sei_result_value(r.result, 0, w, c)));
    for (size_t i = 0; i < r.result->n_unit_books; i++)
        ck_assert(isfinite(r.result->unit_books[i].imbalance));
    end(&r);
}
END_TEST

/* ---- sensitivities ---------------------------------------------------------------------------- */

#define FEW                                                                                     \
    "model: {components: [Fe(2), Fe(3), S(6), C(4), O(0), Ca, Na, Cu], solids: [Ferrihydrite, " \
    "Cu(OH)2, Cu_hfo, Portlandite, Gypsum]}\n"                                                  \
    "limits: {table: effluent, industry: metal_mining}\n"                                       \
    "uncertainty:\n  parameters:\n"                                                             \
    "    train.lime.set_ph: {distribution: uniform, lower: 8.3, upper: 9.3}\n"                  \
    "    influent.cu_mg_l: {distribution: uniform, lower: 4, upper: 12}\n"

static size_t input_of(const sei_sensitivities *s, const char *path)
{
    size_t i = 0;

    while (i < s->n_inputs && strcmp(s->knobs->knobs[s->inputs[i].knob].path, path) != 0)
        i++;
    return i;
}

/* Ends; says nothing of laws that no unit has; what it says of the set pH is the difference of two runs of their own. */
START_TEST(sensitivities_of_a_lime_plant_are_differences)
{
    static const char *const sides[] = {HDS("3.2", "8.6") FEW STEADY, HDS("3.2", "9.0") FEW STEADY};
    run                      r       = go(HDS("3.2", "8.8") FEW STEADY);
    sei_sensitivities       *s       = NULL;
    double                   cu[2];

    T_OK(r.ctx, sei_sensitivities_run(r.ctx, r.result, 2, NULL, &s));
    ck_assert_uint_eq(input_of(s, "rates.hydrolysis-bran.k_1_d"), s->n_inputs);
    ck_assert_uint_eq(input_of(s, "rates.fe2-microbial.q_max_mol_m3_d"), s->n_inputs);
    for (size_t i = 0; i < s->n_inputs; i++)
        ck_assert_msg(s->inputs[i].status == SEI_OK, "%s: %s",
                      s->knobs->knobs[s->inputs[i].knob].path, s->inputs[i].error);
    const size_t set = input_of(s, "train.lime.set_ph");
    ck_assert_uint_lt(set, s->n_inputs);
    size_t o = 0;
    while (o < s->n_outputs &&
           strcmp(s->nominal->columns[s->outputs[o].column].quantity->key, "cu") != 0)
        o++;
    ck_assert_uint_lt(o, s->n_outputs);
    T_CLOSE(s->inputs[set].low, 8.6, 1e-9); /* percentiles 30 and 70 of 8.3 to 9.3 */
    T_CLOSE(s->inputs[set].high, 9.0, 1e-9);
    for (int i = 0; i < 2; i++) {
        run side = go(sides[i]);
        cu[i] = sei_result_value(side.result, 0, side.result->n_watches - 1, s->outputs[o].column);
        end(&side);
    }
    T_CLOSE(s->y_low[set * s->n_outputs + o], cu[0], 1e-4);
    T_CLOSE(s->y_high[set * s->n_outputs + o], cu[1], 1e-4);
    T_CLOSE(sei_sensitivity_swing(s, set, o), (cu[1] - cu[0]) / 0.4 * 0.8, 1e-2);
    sei_sensitivities_free(s);
    end(&r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("lime_site");
    TCase *tc    = tcase_create("lime_site");

    tcase_set_timeout(tc, 300);
    tcase_add_test(tc, steady_state_is_where_a_fortnight_ends);
    tcase_add_loop_test(tc, a_steady_state_is_found, 0, T_COUNT(extremes));
    tcase_add_test(tc, sensitivities_of_a_lime_plant_are_differences);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
