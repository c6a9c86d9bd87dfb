/* test_flocs.c - ferric flocs that form in one unit take metals along through the next ones */
#include "site_run.h"

/* Ferric iron of 20 mg/L is flocs at once; the water stays near pH 7. No unit of these trains is a pond or a lime plant. */
#define SITE                                                                                  \
    "site: {name: flocs}\nclimate: {air_temperature_c: 25}\n"                                 \
    "influent: {flow_m3_d: 10, temp_c: 25, ph: 7.5, ca_mg_l: 40, so4_mg_l: 200, do_mg_l: 8, " \
    "tic_mg_l: 60, fe_mg_l: 20, fe2_share: 0, zn_mg_l: 2, na_mg_l: 50, charge_balance: na}\n" \
    "train:\n"
#define RUN "run: {start: 2024-04-01, duration_d: 30}\n"

static double mg_l(const run *r, size_t watch, const char *quantity, sei_fraction fraction)
{
    const size_t column = sei_result_column(r->result, quantity, fraction);

    ck_assert_uint_ne(column, SIZE_MAX);
    return 1e3 * sei_result_value(r->result, r->result->n_times - 1, watch, column);
}

/* Moles of a solid in a unit's bed at the end. */
static double held(const run *r, size_t unit, const char *name)
{
    const size_t last = r->result->n_times - 1;

    for (size_t s = 0; s < r->result->n_solids; s++)
        if (strcmp(r->result->solid_name[s], name) == 0)
            return r->result
                ->solid_mol[(last * r->result->n_units + unit) * r->result->n_solids + s];
    return 0.0;
}

static void check_books(const run *r)
{
    for (size_t i = 0; i < r->result->n_unit_books; i++)
        ck_assert_msg(r->result->unit_books[i].imbalance < 1e-9, "%s: %g",
                      r->result->unit_books[i].element, r->result->unit_books[i].imbalance);
}

static const char *const makers[] = {
    "  - {type: tank, name: maker, volume_m3: 5, kla_o2_1_h: 0}\n",
    "  - {type: equalisation_tank, name: maker, volume_m3: 5, kla_o2_1_h: 0}\n",
    "  - {type: oxidant_tank, name: maker, volume_m3: 5, peroxide_mg_l: 1}\n",
    "  - {type: iron_bacteria_tank, name: maker, volume_m3: 5}\n",
};

/*
 * What is not dissolved of the zinc behind the first tank is on its flocs: by two-layer theory a tenth of a mmol of iron at pH 7
 * holds some per cent of 30 umol of zinc. A bed of stone behind it catches the flocs and the zinc with them.
 */
START_TEST(flocs_carry_zinc_into_a_bed_that_knows_none)
{
    char text[2000];

    snprintf(text, sizeof text, "%s%s%s%s", SITE, makers[_i],
             "  - {type: polishing_bed, name: stone, volume_m3: 50, cells: 2}\n", RUN);
    run          r       = go(text);
    const double total   = mg_l(&r, 1, "zn", SEI_FRACTION_TOTAL),
                 carried = total - mg_l(&r, 1, "zn", SEI_FRACTION_DISSOLVED),
                 left    = mg_l(&r, 2, "zn", SEI_FRACTION_TOTAL) -
                        mg_l(&r, 2, "zn", SEI_FRACTION_DISSOLVED);

    ck_assert_double_gt(carried, 0.01 * total);
    ck_assert_double_lt(left, 0.2 * carried);
    ck_assert_double_gt(held(&r, 1, "Zn_hfo"), 0.5 * 30.0 * 10e3 * (carried - left) * 1e-3 / 65.38);
    check_books(&r);
    end(&r);
}
END_TEST

/* Acid that joins behind the tank takes the zinc off again: the flocs give back what they carried, dissolved in the end. */
START_TEST(acid_water_takes_the_zinc_off_again)
{
    run r = go(SITE
               "  - {type: tank, name: maker, volume_m3: 5, kla_o2_1_h: 0}\n"
               "  - {type: tank, name: acid, volume_m3: 5, kla_o2_1_h: 0, rates: {hfo-zn-floc: "
               "{k_1_h: 10}}}\n" RUN "disturbances: [{kind: change, after_d: 20, set: {ph: 3}}]\n");

    const double carried =
        mg_l(&r, 2, "zn", SEI_FRACTION_TOTAL) - mg_l(&r, 2, "zn", SEI_FRACTION_DISSOLVED);
    ck_assert_double_lt(carried, 1e-4);
    check_books(&r);
    end(&r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("flocs");
    TCase *tc    = tcase_create("flocs");

    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, flocs_carry_zinc_into_a_bed_that_knows_none, 0, T_COUNT(makers));
    tcase_add_test(tc, acid_water_takes_the_zinc_off_again);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
