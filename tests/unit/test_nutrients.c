/* test_nutrients.c - nitrogen and phosphorus of organic media, against balances worked by hand */
#include "seiryu/kin.h"
#include "site_run.h"

/* A sealed bed of bran at 15 degC with the water of a limestone site: pH near 7, no oxygen. Crowding, inhibition
 * and the pH window are opened wide, so that hydrolysis is first order. */
#define SITE                                                                                \
    "site: {name: nutrients}\nclimate: {air_temperature_c: 15}\n"                           \
    "influent: {flow_l_min: 1, temp_c: 15, ph: 7, ca_mg_l: 80, so4_mg_l: 800, do_mg_l: 0, " \
    "tic_mg_l: 40, fe_mg_l: 0.1, fe2_share: 1, na_mg_l: 100, charge_balance: na}\n"
#define BED(more)                                                                                 \
    "train:\n"                                                                                    \
    "  - {type: sulfate_reducing_bed, name: bed, area_m2: 1, u_top_w_m2_k: 0, u_wall_w_m2_k: 0, " \
    "u_ground_w_m2_k: 0, " more "layers: [{name: mix, depth_m: 1, cells: 1, porosity: 0.5, "      \
    "bran_kg: 30, sulfate_capacity_mol_m3_d: 2}]}\n"
#define FIRST_ORDER \
    "rates: {hydrolysis-bran: {k_1_d: 0.002, k_x_mol_kgw: 10000, k_acetate_mmol_kgw: 1000}"
#define RUN "run: {start: 2024-04-01, duration_d: 40}\n"

static double discharge(const run *r, const char *quantity)
{
    const size_t column = sei_result_column(r->result, quantity, SEI_FRACTION_TOTAL);

    ck_assert_msg(column != SIZE_MAX, "no column %s", quantity);
    return sei_result_value(r->result, r->result->n_times - 1, r->result->n_watches - 1, column);
}

/* Moles of a solid in the bed at an output time. */
static double held(const run *r, size_t time, const char *name)
{
    for (size_t s = 0; s < r->result->n_solids; s++)
        if (strcmp(r->result->solid_name[s], name) == 0)
            return r->result->solid_mol[time * r->result->n_solids + s];
    ck_abort_msg("no solid %s", name);
    return 0.0;
}

static const sei_book *book(const run *r, const char *element)
{
    for (size_t i = 0; i < r->result->n_books; i++)
        if (strcmp(r->result->books[i].element, element) == 0)
            return &r->result->books[i];
    ck_abort_msg("no book of %s", element);
    return NULL;
}

/*
 * 30 kg of bran bring 675 g of nitrogen and 600 g of phosphorus; at 0.002 1/d, after 40 days, exp(-0.08) of that is left
 * (less crowding, X = 1099 mol in 500 kg of water against 10000 mol/kgw: 0.02 %). The discharge of 1.44 m3/d carries
 * what leaves the bran: 675 x 0.002 x exp(-0.08) / 1.44 = 0.865 mg/L of nitrogen, all of it ammonium.
 */
START_TEST(bran_gives_its_nitrogen_and_phosphorus_to_the_water)
{
    run          r    = go(SITE BED(FIRST_ORDER "}, ") "model: {nutrients: true}\n" RUN);
    const size_t last = r.result->n_times - 1;

    T_CLOSE(held(&r, 0, "bran_n"), 675.0 / 14.007, 1e-3);
    T_CLOSE(held(&r, 0, "bran_p"), 600.0 / 30.974, 1e-3);
    T_CLOSE(held(&r, last, "bran_n") / held(&r, 0, "bran_n"), exp(-0.08), 1e-3);
    /* C:N:P of what is left is that of the start */
    T_CLOSE(held(&r, last, "bran_n") / held(&r, last, "bran"),
            held(&r, 0, "bran_n") / held(&r, 0, "bran"), 1e-6);
    T_CLOSE(held(&r, last, "bran_p") / held(&r, last, "bran"),
            held(&r, 0, "bran_p") / held(&r, 0, "bran"), 1e-6);
    T_CLOSE(discharge(&r, "tn"), 1e-3 * 675.0 * 0.002 * exp(-0.08) / 1.44, 5e-3);
    T_CLOSE(discharge(&r, "tp"), 1e-3 * 600.0 * 0.002 * exp(-0.08) / 1.44, 5e-3);
    T_CLOSE(discharge(&r, "nh4_n"), discharge(&r, "tn"), 1e-6);
    T_CLOSE(discharge(&r, "n_inorganic"), 0.4 * discharge(&r, "nh4_n"), 1e-6);
    ck_assert_double_lt(book(&r, "N")->imbalance, 1e-9);
    ck_assert_double_lt(book(&r, "P")->imbalance, 1e-9);
    end(&r);
}
END_TEST

/* Nitrogen may leave faster than carbon when its law is told so; the other law still follows. */
START_TEST(a_law_follows_hydrolysis_unless_told_otherwise)
{
    run          r    = go(SITE BED(FIRST_ORDER
                                    ", release-bran-n: {k_1_d: 0.01}}, ") "model: {nutrients: true}\n" RUN);
    const size_t last = r.result->n_times - 1;

    T_CLOSE(held(&r, last, "bran_n") / held(&r, 0, "bran_n"), exp(-0.4), 1e-3);
    T_CLOSE(held(&r, last, "bran_p") / held(&r, 0, "bran_p"), exp(-0.08), 1e-3);
    end(&r);
}
END_TEST

/* Bran that is added brings its nutrients; books count them as added. */
START_TEST(added_bran_brings_its_nutrients)
{
    run r = go(SITE BED(
        "events: [{what: add, medium: bran, mass_kg: 10, after_d: 5}], ") "model: {nutrients: "
                                                                          "true}\nrun: {start: "
                                                                          "2024-04-01, duration_d: "
                                                                          "6}\n");

    T_CLOSE(book(&r, "N")->added_mol, 225.0 / 14.007, 1e-3);
    T_CLOSE(book(&r, "P")->added_mol, 200.0 / 30.974, 1e-3);
    ck_assert_double_lt(book(&r, "N")->imbalance, 1e-9);
    end(&r);
}
END_TEST

/* Growing bacteria hold a fifth of a mole of nitrogen and a sixtieth of phosphorus for one of carbon. */
START_TEST(growing_bacteria_take_up_their_share)
{
    run          r    = go(SITE BED("start_population: 0.01, ") "model: {nutrients: true}\n" RUN);
    const size_t last = r.result->n_times - 1;

    ck_assert_double_gt(held(&r, last, "srb"), 5.0 * held(&r, 0, "srb"));
    T_CLOSE(held(&r, last, "srb_n"), 0.2 * held(&r, last, "srb"), 0.05);
    T_CLOSE(held(&r, last, "srb_p"), 0.0167 * held(&r, last, "srb"), 0.05);
    ck_assert_double_lt(book(&r, "N")->imbalance, 1e-9);
    end(&r);
}
END_TEST

/* A site that does not ask has none of it. */
START_TEST(nothing_is_reckoned_unless_wanted)
{
    run r = go(SITE BED("") "run: {start: 2024-04-01, duration_d: 1}\n");

    ck_assert_uint_eq(sei_result_column(r.result, "tn", SEI_FRACTION_TOTAL), SIZE_MAX);
    for (size_t s = 0; s < r.result->n_solids; s++)
        ck_assert_str_ne(r.result->solid_name[s], "bran_n");
    end(&r);
}
END_TEST

/* Behind the bed a bed of stone open to the air: 2 mol of oxygen for one of ammonium, and no nitrogen lost. */
START_TEST(ammonium_is_nitrified_where_there_is_oxygen)
{
    run r = go(SITE BED("") "  - {type: polishing_bed, name: stone, volume_m3: 4, cells: 2, "
                            "kla_o2_1_h: 20}\n"
                            "model: {nutrients: true}\n" RUN);

    ck_assert_double_lt(discharge(&r, "nh4_n"), 0.3 * discharge(&r, "tn"));
    T_CLOSE(discharge(&r, "nh4_n") + discharge(&r, "no3_n"), discharge(&r, "tn"), 1e-3);
    ck_assert_double_lt(book(&r, "N")->imbalance, 1e-9);
    end(&r);
}
END_TEST

/* At the half-saturation of every term, 15 degC and a pH far from both bounds, a rate is q over 2 to the terms. */
START_TEST(nitrogen_laws_have_their_half_rates)
{
    static const struct {
        const char *law;
        double      in[4], expected_mol_m3_d;
    } cases[] = {
        {"nitrification", {35.7e-6, 31.25e-6, 1.78e-8}, 1.0 / 4.0},
        {"denitrification", {35.7e-6, 62.5e-6, 6.25e-6, 5.6e-8}, 2.0 / 8.0 / 8.0},
    };
    const sei_rate_env env = {288.15, 0.01, NULL};

    for (size_t i = 0; i < T_COUNT(cases); i++) {
        const sei_rate_law *law = sei_rate_find(cases[i].law);
        double              p[SEI_RATE_PARAMS_MAX], rate, slope[SEI_RATE_INPUTS_MAX];
        ck_assert_ptr_nonnull(law);
        sei_rate_defaults(law, p);
        law->eval(&env, p, cases[i].in, &rate, slope);
        T_CLOSE(rate * 86400.0 * 1000.0, cases[i].expected_mol_m3_d, 0.04);
    }
}
END_TEST

/*
 * A bed that gets ethanol and bran without phosphorus, in waters with 0, 0.01 and 10 mg/L of it: half of the sulfate reduced
 * where phosphate is at its half-saturation, none without. Nitrogen the other way round.
 */
START_TEST(sulfate_reducers_need_nitrogen_and_phosphorus)
{
    static const struct {
        const char *law;
        size_t      n_input, p_input;
    } laws[] = {{"sulfate-reduction", 6, 7}, {"srb-growth", 6, 7}, {"ethanol-sulfate", 6, 7}};
    static const double shares[][3] = {
        {1e30, 1e30, 1.0}, {0.714e-6, 1e30, 0.5},      {1e30, 0.323e-6, 0.5},      {0.0, 1e30, 0.0},
        {1e30, 0.0, 0.0},  {0.714e-6, 0.323e-6, 0.25}, {1.0, 3.23e-6, 10.0 / 11.0}};
    const sei_rate_env env = {288.15, 0.01, NULL};

    for (size_t i = 0; i < T_COUNT(laws); i++) {
        const sei_rate_law *law = sei_rate_find(laws[i].law);
        double p[SEI_RATE_PARAMS_MAX], full = 0.0, rate = 0.0, slope[SEI_RATE_INPUTS_MAX];
        double in[SEI_RATE_INPUTS_MAX] = {1e-3, 3e-3, 0.0, 0.0, 1e-7, 1e-6};
        ck_assert_str_eq(law->inputs[laws[i].n_input].name, "N(-3)");
        ck_assert_str_eq(law->inputs[laws[i].p_input].name, "P");
        sei_rate_defaults(law, p);
        for (size_t j = 0; j < law->n_params; j++) {
            if (strcmp(law->params[j].key, "is_growing") == 0)
                p[j] = 1.0;
            if (strcmp(law->params[j].key, "full_population_mmol_kgw") == 0)
                p[j] = 1.0;
            if (strcmp(law->params[j].key, "decay_1_d") == 0)
                p[j] = 0.0;
        }
        in[laws[i].n_input] = in[laws[i].p_input] = SEI_AMPLE;
        law->eval(&env, p, in, &full, slope);
        for (size_t k = 0; k < T_COUNT(shares); k++) {
            in[laws[i].n_input] = shares[k][0];
            in[laws[i].p_input] = shares[k][1];
            law->eval(&env, p, in, &rate, slope);
            T_CLOSE(1.0 + rate / full, 1.0 + shares[k][2], 1e-5);
        }
    }
}
END_TEST

#define ETHANOL_SITE(more)                                                                         \
    "site: {name: ethanol}\nclimate: {air_temperature_c: 15}\n"                                    \
    "influent: {flow_l_min: 1, temp_c: 15, ph: 7, ca_mg_l: 80, so4_mg_l: 800, do_mg_l: 0, "        \
    "tic_mg_l: 40, fe_mg_l: 0.1, fe2_share: 1, na_mg_l: 100, charge_balance: na" more "}\n"        \
    "train:\n"                                                                                     \
    "  - {type: sulfate_reducing_bed, name: bed, area_m2: 1, ethanol_mg_l: 100, u_top_w_m2_k: 0, " \
    "u_wall_w_m2_k: 0, u_ground_w_m2_k: 0, layers: [{name: mix, depth_m: 1, cells: 1, porosity: "  \
    "0.5, "                                                                                        \
    "bran_kg: 0, sulfate_capacity_mol_m3_d: 2}]}\n"

/* The same by the site: a bed on ethanol alone reduces what it does without nutrients reckoned where the water has plenty,
 * nothing where it has none, and is told so by its sulfate; and only when nutrients are asked for. */
START_TEST(a_bed_on_ethanol_stands_still_without_nutrients)
{
    run free = go(ETHANOL_SITE("") RUN);
    run plenty =
        go(ETHANOL_SITE(", nh4_n_mg_l: 5, po4_p_mg_l: 1") "model: {nutrients: true}\n" RUN);
    run none   = go(ETHANOL_SITE("") "model: {nutrients: true}\n" RUN);
    run unseen = go(ETHANOL_SITE(", nh4_n_mg_l: 0.001, po4_p_mg_l: 0.001") RUN);

    const double used = 0.8 - discharge(&free, "so4");
    ck_assert_double_gt(used, 0.05);
    T_CLOSE(0.8 - discharge(&plenty, "so4"), used, 0.02);
    T_CLOSE(discharge(&none, "so4"), 0.8, 1e-6);
    T_CLOSE(0.8 - discharge(&unseen, "so4"), used, 1e-4);
    ck_assert_double_lt(book(&plenty, "P")->imbalance, 1e-9);
    end(&free);
    end(&plenty);
    end(&none);
    end(&unseen);
}
END_TEST

/* Behind an iron bed's flocs phosphate is held: of 1 mg/L in raw water with 20 mg/L of iron at pH 7 little is left. */
START_TEST(flocs_take_phosphate)
{
    run r = go("site: {name: flocs}\nclimate: {air_temperature_c: 25}\n"
               "influent: {flow_l_min: 10, temp_c: 25, ph: 7, ca_mg_l: 80, so4_mg_l: 300, do_mg_l: "
               "8, tic_mg_l: 20, "
               "fe_mg_l: 20, fe2_share: 0, po4_p_mg_l: 0.3, na_mg_l: 50, charge_balance: na}\n"
               "train:\n  - {type: tank, name: mix, volume_m3: 10, kla_o2_1_h: 1}\n"
               "  - {type: settling_pond, name: pond, volume_m3: 100, depth_m: 1.5, cells: 4}\n"
               "run: {start: 2024-04-01, duration_d: 30}\n");

    ck_assert_double_lt(discharge(&r, "tp"), 0.1e-3);
    ck_assert_double_lt(book(&r, "P")->imbalance, 1e-9);
    end(&r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("nutrients");
    TCase *tc    = tcase_create("nutrients");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, bran_gives_its_nitrogen_and_phosphorus_to_the_water);
    tcase_add_test(tc, a_law_follows_hydrolysis_unless_told_otherwise);
    tcase_add_test(tc, added_bran_brings_its_nutrients);
    tcase_add_test(tc, growing_bacteria_take_up_their_share);
    tcase_add_test(tc, nothing_is_reckoned_unless_wanted);
    tcase_add_test(tc, ammonium_is_nitrified_where_there_is_oxygen);
    tcase_add_test(tc, nitrogen_laws_have_their_half_rates);
    tcase_add_test(tc, sulfate_reducers_need_nitrogen_and_phosphorus);
    tcase_add_test(tc, a_bed_on_ethanol_stands_still_without_nutrients);
    tcase_add_test(tc, flocs_take_phosphate);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
