/* test_random.c - counter-based random numbers, the normal distribution, priors, correlated draws */
#include "num/dense.h"
#include "num/philox.h"
#include "seiryu/kin.h"
#include "study/knob_prior.h"
#include "t.h"

/* Known answers that come with the generator (Random123 1.09, kat_vectors, philox4x32 10). */
START_TEST(philox_gives_the_published_words)
{
    static const struct {
        uint32_t counter[4], key[2], word[4];
    } ref[] = {
        {{0, 0, 0, 0}, {0, 0}, {0x6627e8d5u, 0xe169c58du, 0xbc57ac4cu, 0x9b00dbd8u}},
        {{0xffffffffu, 0xffffffffu, 0xffffffffu, 0xffffffffu},
         {0xffffffffu, 0xffffffffu},
         {0x408f276du, 0x41c83b0eu, 0xa20bc7c6u, 0x6d5451fdu}},
        {{0x243f6a88u, 0x85a308d3u, 0x13198a2eu, 0x03707344u},
         {0xa4093822u, 0x299f31d0u},
         {0xd16cfe09u, 0x94fdccebu, 0x5001e420u, 0x24126ea1u}},
    };
    uint32_t word[4];

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        sei_philox4x32(ref[i].counter, ref[i].key, word);
        ck_assert_mem_eq(word, ref[i].word, sizeof word);
    }
}
END_TEST

START_TEST(uniforms_are_spread_evenly_and_apart_by_member_seed_and_stream)
{
    enum { N = 20000, BINS = 20 };
    size_t count[BINS] = {0};
    double sum = 0.0, product = 0.0, chi = 0.0;

    for (size_t k = 0; k < N; k++) {
        const double u = sei_philox_uniform(1, k, 42), v = sei_philox_uniform(1, k, 43);
        ck_assert(u > 0.0 && u < 1.0);
        count[(size_t)(u * BINS)]++;
        sum += u;
        product += (u - 0.5) * (v - 0.5);
    }
    for (size_t i = 0; i < BINS; i++) {
        const double d = (double)count[i] - (double)N / BINS;
        chi += d * d / ((double)N / BINS);
    }
    ck_assert_msg(chi < 43.8, "chi square %g of 19 degrees of freedom (0.1 %% point 43.8)", chi);
    T_NEAR(sum / N, 0.5, 4.0 / sqrt(12.0 * N));
    T_NEAR(12.0 * product / N, 0.0, 4.0 / sqrt((double)N));
    ck_assert(sei_philox_uniform(1, 5, 42) != sei_philox_uniform(2, 5, 42));
    ck_assert(sei_philox_uniform(1, 5, 42) != sei_philox_uniform(1, 6, 42));
}
END_TEST

/* Abramowitz and Stegun, table 26.1 and 26.5 in more digits: quantiles printed in many textbooks. */
START_TEST(normal_quantiles_are_those_of_the_tables)
{
    static const struct {
        double p, z;
    } ref[] = {
        {0.5, 0.0},
        {0.75, 0.67448975019608171},
        {0.9, 1.2815515655446004},
        {0.975, 1.9599639845400545},
        {0.995, 2.5758293035489004},
        {0.001, -3.0902323061678132},
        {1e-10, -6.3613409024040557},
        {1e-20, -9.2623400897984084},
    };

    for (size_t i = 0; i < T_COUNT(ref); i++)
        T_NEAR(sei_normal_quantile(ref[i].p), ref[i].z, 2e-15 * fmax(1.0, fabs(ref[i].z)) * 4);
    T_CLOSE(sei_normal_cdf(1.9599639845400545), 0.975, 1e-15);
    T_CLOSE(sei_normal_cdf(-6.3613409024040557), 1e-10, 1e-12);
}
END_TEST

START_TEST(priors_have_the_quantiles_of_their_distributions)
{
    const double    inf         = (double)INFINITY;
    const sei_prior uniform     = {SEI_PRIOR_UNIFORM, 2.0, 0.0, 6.0, 0.0, 0.0};
    const sei_prior log_uniform = {SEI_PRIOR_LOG_UNIFORM, 1.0, 0.0, 100.0, 0.0, 0.0};
    const sei_prior normal      = {SEI_PRIOR_NORMAL, 10.0, 0.0, 2.0, -inf, inf};
    const sei_prior cut         = {SEI_PRIOR_NORMAL, 0.0, 0.0, 1.0, 0.0, inf};
    const sei_prior triangular  = {SEI_PRIOR_TRIANGULAR, 0.0, 2.0, 8.0, 0.0, 8.0};
    const sei_prior log_normal  = sei_prior_log_normal(3.0, 2.0);

    T_CLOSE(sei_prior_quantile(&uniform, 0.25), 3.0, 1e-15);
    T_CLOSE(sei_prior_quantile(&log_uniform, 0.5), 10.0, 1e-15);
    T_CLOSE(sei_prior_quantile(&normal, 0.975), 10.0 + 2.0 * 1.9599639845400545, 1e-14);
    T_CLOSE(sei_prior_quantile(&log_normal, 0.9), 6.0, 1e-14);
    T_CLOSE(sei_prior_quantile(&log_normal, 0.1), 1.5, 1e-14);
    /* half-normal: P50 is the normal's P75 */
    T_CLOSE(sei_prior_quantile(&cut, 0.5), 0.67448975019608171, 1e-14);
    /* distribution function (x-a)^2/((b-a)(m-a)) up to the mode, 1/4 there */
    T_CLOSE(sei_prior_quantile(&triangular, 0.25), 2.0, 1e-15);
    T_CLOSE(sei_prior_quantile(&triangular, 0.0625), 1.0, 1e-15);
    T_CLOSE(sei_prior_quantile(&triangular, 1.0 - 0.0625), 8.0 - sqrt(0.0625 * 48.0), 1e-15);
}
END_TEST

START_TEST(a_catalogue_prior_has_the_value_as_its_median_and_keeps_to_the_range)
{
    const sei_param rows[] = {
        {"k_1_d", "1/d", 0.1, 1e-6, 1e3, SEI_LOG, SEI_ASSUMED, "", "", ""},
        {"q_max", "", 26.0, 0.0, 1000.0, SEI_LINEAR, SEI_INFERRED, "", "", ""},
        {"porosity", "", 0.5, 0.05, 0.95, SEI_LINEAR, SEI_ASSUMED, "", "", ""},
        {"ea", "", 58.8, 20.0, 110.0, SEI_LINEAR, SEI_PUBLISHED, "", "", ""},
        {"suspended_fraction", "", 0.1, 0.0, 1.0, SEI_LINEAR, SEI_ASSUMED, "", "", ""},
        {"ph_low", "", 1.5, 1.0, 6.0, SEI_LINEAR, SEI_ASSUMED, "", "", ""},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++) {
        const double    value = sei_param_si(&rows[i], rows[i].def);
        const sei_prior p     = sei_prior_of_param(&rows[i], value, rows[i].evidence);
        const char     *why   = "";
        ck_assert_msg(sei_prior_is_valid(&p, &why), "%s: %s", rows[i].key, why);
        T_CLOSE(sei_prior_quantile(&p, 0.5), value, 1e-3);
        ck_assert(sei_prior_quantile(&p, 1e-9) >= sei_param_si(&rows[i], rows[i].lower));
        ck_assert(sei_prior_quantile(&p, 1.0 - 1e-9) <= sei_param_si(&rows[i], rows[i].upper));
    }
    ck_assert_int_eq(sei_prior_of_param(&rows[0], 0.0, SEI_ASSUMED).kind, SEI_PRIOR_FIXED);
}
END_TEST

/* Shares by hand: the odds of P90 are the factor times those of the median, the odds of P10 as much less; what is left over has
 * the mirrored distribution. */
START_TEST(a_share_has_a_logit_normal_prior_between_its_ends)
{
    static const struct {
        double       median, lower, upper;
        sei_evidence evidence;
        double       p10, p90;
    } ref[] = {
        {0.1, 0.0, 1.0, SEI_ASSUMED, 1.0 / 19.0, 2.0 / 11.0},  /* odds 1/9: 1/18, 2/9 */
        {0.9, 0.0, 1.0, SEI_ASSUMED, 9.0 / 11.0, 18.0 / 19.0}, /* odds 9: 9/2, 18 */
        {0.5, 0.0, 1.0, SEI_INFERRED, 0.4, 0.6},               /* odds 1: 2/3, 3/2 */
        {0.3, 0.1, 0.6, SEI_ASSUMED, 0.1 + 0.5 * 0.25,
         0.1 + 0.5 * 4.0 / 7.0}, /* odds 2/3: 1/3, 4/3 */
    };

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const sei_param row  = {"x_fraction", "",         ref[i].median,   ref[i].lower,
                                ref[i].upper, SEI_LINEAR, ref[i].evidence, "",
                                "",           ""};
        const sei_prior p    = sei_prior_of_param(&row, row.def, row.evidence);
        const sei_param rest = {"x_fraction",
                                "",
                                ref[i].lower + ref[i].upper - ref[i].median,
                                ref[i].lower,
                                ref[i].upper,
                                SEI_LINEAR,
                                ref[i].evidence,
                                "",
                                "",
                                ""};
        const sei_prior q    = sei_prior_of_param(&rest, rest.def, rest.evidence);
        ck_assert_int_eq(p.kind, SEI_PRIOR_LOGIT_NORMAL);
        T_CLOSE(sei_prior_quantile(&p, 0.5), ref[i].median, 1e-14);
        T_CLOSE(sei_prior_quantile(&p, 0.1), ref[i].p10, 1e-13);
        T_CLOSE(sei_prior_quantile(&p, 0.9), ref[i].p90, 1e-13);
        T_CLOSE(sei_prior_quantile(&p, 0.03) + sei_prior_quantile(&q, 0.97),
                ref[i].lower + ref[i].upper, 1e-12);
        ck_assert(sei_prior_quantile(&p, 1e-12) > ref[i].lower);
        ck_assert(sei_prior_quantile(&p, 1.0 - 1e-12) < ref[i].upper);
        T_NEAR(sei_prior_z(&p, ref[i].p90), 1.2815515655446004, 1e-9);
    }
    const sei_prior wide = sei_prior_share_of(0.5, 1e200, 0.0, 1.0);
    T_CLOSE(sei_prior_quantile(&wide, 0.999), 1.0, 1e-15);
    T_NEAR(sei_prior_quantile(&wide, 0.001), 0.0, 1e-15);
}
END_TEST

/* As a site file lists one, P10 and P90 come back, and the median by hand: odds 1/4 and 9 have the mean 3/2. */
START_TEST(a_listed_logit_normal_has_the_shares_of_the_file)
{
    const sei_knob       k   = {.scale = 1.0, .lower = 0.0, .upper = 1.0};
    sei_uncertain_number u   = {.kind  = SEI_PRIOR_LOGIT_NORMAL,
                                .p10   = 0.2,
                                .p90   = 0.9,
                                .lower = (double)NAN,
                                .upper = (double)NAN};
    const char          *why = NULL;
    sei_prior            p   = sei_knob_listed_prior(&k, &u);

    ck_assert(sei_prior_is_valid(&p, &why));
    T_CLOSE(sei_prior_quantile(&p, 0.1), 0.2, 1e-13);
    T_CLOSE(sei_prior_quantile(&p, 0.9), 0.9, 1e-13);
    T_CLOSE(sei_prior_quantile(&p, 0.5), 0.6, 1e-13);
    u.upper = 0.95; /* odds from 0 to 0.95: 4/15 and 18 */
    p       = sei_knob_listed_prior(&k, &u);
    T_CLOSE(sei_prior_quantile(&p, 0.9), 0.9, 1e-13);
    T_CLOSE(sei_prior_quantile(&p, 0.5), 0.95 * sqrt(4.8) / (1.0 + sqrt(4.8)), 1e-13);
    u.upper = 0.85;
    p       = sei_knob_listed_prior(&k, &u);
    ck_assert(!sei_prior_is_valid(&p, &why));
}
END_TEST

START_TEST(a_share_at_an_end_is_fixed_and_one_beyond_is_refused)
{
    const sei_param row  = {"suspended_fraction", "",          1.0, 0.0, 1.0,
                            SEI_LINEAR,           SEI_ASSUMED, "",  "",  ""};
    const sei_prior open = sei_prior_share_of(0.5, 2.0, 0.0, (double)INFINITY);
    const sei_prior out  = sei_prior_share_of(1.5, 2.0, 0.0, 1.0);
    const char     *why  = NULL;

    ck_assert_int_eq(sei_prior_of_param(&row, 1.0, SEI_ASSUMED).kind, SEI_PRIOR_FIXED);
    ck_assert_int_eq(sei_prior_of_param(&row, 0.0, SEI_ASSUMED).kind, SEI_PRIOR_FIXED);
    ck_assert(!sei_prior_is_valid(&open, &why));
    ck_assert_str_eq(why, "lower and upper are missing");
    ck_assert(!sei_prior_is_valid(&out, &why));
    ck_assert_str_eq(why, "p10 and p90 must lie between lower and upper");
}
END_TEST

/* No share of the catalogue varies by a factor that could carry it past the whole; nor is any ratio of elements called a share. */
START_TEST(shares_of_the_catalogue_have_logit_normal_priors)
{
    size_t found = 0;

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        for (size_t i = 0; i < law->n_params; i++) {
            const sei_param *row = &law->params[i];
            const sei_prior p = sei_prior_of_param(row, sei_param_si(row, row->def), row->evidence);
            if (strcmp(row->key, "suspended_fraction") == 0 && row->def > 0.0 && row->def < 1.0) {
                ck_assert_msg(p.kind == SEI_PRIOR_LOGIT_NORMAL, "%s: %s", law->key, row->key);
                found++;
            }
            if (strcmp(row->key, "per_carbon") == 0)
                ck_assert_msg(p.kind != SEI_PRIOR_LOGIT_NORMAL, "%s: %s", law->key, row->key);
        }
    }
    ck_assert_uint_ge(found, 10);
}
END_TEST

/* Low in a wide range, where other numbers are given a factor. */
START_TEST(logarithms_are_never_given_a_factor)
{
    static const char *const keys[] = {"ph", "ph_low", "set_ph", "stall_log", "log10_k_ads"};

    for (size_t i = 0; i < T_COUNT(keys); i++) {
        const sei_param row = {keys[i], "", 1.5, 1.0, 6.0, SEI_LINEAR, SEI_ASSUMED, "", "", ""};
        const sei_prior p   = sei_prior_of_param(&row, 1.5, row.evidence);
        ck_assert_int_eq(p.kind, SEI_PRIOR_TRIANGULAR);
        T_CLOSE(sei_prior_quantile(&p, 0.5), 1.5, 1e-15);
        /* triangular from 1 to 2: below the mode the share is 2 (v - 1)^2 */
        T_CLOSE(sei_prior_quantile(&p, 0.1), 1.0 + sqrt(0.05), 1e-15);
    }
    const sei_param other = {"exponent", "", 1.5, 1.0, 6.0, SEI_LINEAR, SEI_ASSUMED, "", "", ""};
    ck_assert_int_eq(sei_prior_of_param(&other, 1.5, SEI_ASSUMED).kind, SEI_PRIOR_LOG_NORMAL);
}
END_TEST

/* A pH is a logarithm already: a factor on it would reach from 2.5 to 3.9 for one of 1.5. */
START_TEST(no_ph_of_the_catalogue_is_given_a_log_normal_prior)
{
    size_t found = 0;

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        for (size_t i = 0; i < law->n_params; i++) {
            const sei_param *row = &law->params[i];
            if (strncmp(row->key, "ph_", 3) != 0)
                continue;
            const sei_prior p = sei_prior_of_param(row, row->def, row->evidence);
            ck_assert_msg(p.kind != SEI_PRIOR_LOG_NORMAL, "%s: %s", law->key, row->key);
            found++;
        }
    }
    ck_assert_uint_ge(found, 10);
}
END_TEST

START_TEST(a_factor_times_its_transpose_is_the_matrix)
{
    const double a[9] = {4.0, 12.0, -16.0, 12.0, 37.0, -43.0, -16.0, -43.0, 98.0};
    double       l[9], bad[4] = {1.0, 2.0, 2.0, 1.0};

    memcpy(l, a, sizeof l);
    ck_assert(sei_cholesky(3, l));
    const double expected[9] = {2.0, 0.0, 0.0, 6.0, 1.0, 0.0, -8.0, 5.0, 3.0};
    for (size_t i = 0; i < 9; i++)
        T_NEAR(l[i], expected[i], 1e-13);
    ck_assert(!sei_cholesky(2, bad));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("random");
    TCase *tc    = tcase_create("random");

    tcase_add_test(tc, philox_gives_the_published_words);
    tcase_add_test(tc, uniforms_are_spread_evenly_and_apart_by_member_seed_and_stream);
    tcase_add_test(tc, normal_quantiles_are_those_of_the_tables);
    tcase_add_test(tc, priors_have_the_quantiles_of_their_distributions);
    tcase_add_test(tc, a_catalogue_prior_has_the_value_as_its_median_and_keeps_to_the_range);
    tcase_add_test(tc, no_ph_of_the_catalogue_is_given_a_log_normal_prior);
    tcase_add_test(tc, a_share_has_a_logit_normal_prior_between_its_ends);
    tcase_add_test(tc, a_listed_logit_normal_has_the_shares_of_the_file);
    tcase_add_test(tc, logarithms_are_never_given_a_factor);
    tcase_add_test(tc, a_share_at_an_end_is_fixed_and_one_beyond_is_refused);
    tcase_add_test(tc, shares_of_the_catalogue_have_logit_normal_priors);
    tcase_add_test(tc, a_factor_times_its_transpose_is_the_matrix);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
