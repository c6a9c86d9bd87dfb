/* test_random.c - counter-based random numbers, the normal distribution, priors, correlated draws */
#include "num/dense.h"
#include "num/philox.h"
#include "seiryu/kin.h"
#include "study/prior.h"
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
    tcase_add_test(tc, a_factor_times_its_transpose_is_the_matrix);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
