/*
 * test_validation.c - scores and fits of docs/validation
 *
 *     test_validation                 the definitions of docs/validation/data, and the sums by hand
 *     test_validation fits            that the stored values are where the fits end
 *     test_validation fit GROUP       fits, and writes the entries of `parameters:`
 *     test_validation figure FOLDER   the pictures of predicted against measured
 */
#include "t.h"
#include "unit/validation_fit.h"
#include "unit/validation_score.h"

static const v_figure about   = {.bound = V_ABOUT, .low = 10.0, .high = 10.0};
static const v_figure at_most = {.bound = V_BELOW, .low = -HUGE_VAL, .high = 2.0};
static const v_figure between = {.bound = V_BETWEEN, .low = 0.5, .high = 1.5};
static const v_figure gain    = {.bound = V_ABOUT, .low = -2.0, .high = -2.0};
static const v_figure degrees = {.bound         = V_ABOUT,
                                 .low           = 5.0,
                                 .high          = 5.0,
                                 .is_difference = true,
                                 .measure       = {.quantity = "temp"}};

START_TEST(ratios_by_hand)
{
    T_CLOSE(v_score_ratio(&about, 15.0), 1.5, 1e-12);
    T_CLOSE(v_score_ratio(&at_most, 1.9), 1.0, 1e-12); /* kept */
    T_CLOSE(v_score_ratio(&at_most, 5.0), 2.5, 1e-12);
    T_CLOSE(v_score_ratio(&between, 0.1), 0.2, 1e-12);
    T_CLOSE(v_score_ratio(&between, 3.0), 2.0, 1e-12);
    T_CLOSE(v_score_ratio(&gain, -6.0), 3.0, 1e-12);
    T_CLOSE(v_score_ratio(&degrees, 9.0), 4.0, 1e-12);
    T_CLOSE(v_score_ratio(&about, 0.0), 1e-3, 1e-12);
    ck_assert(v_score_is_hit(&about, 8.1) && !v_score_is_hit(&about, 7.9));
    ck_assert(v_score_is_hit(&at_most, 2.0) && !v_score_is_hit(&at_most, 2.01));
    ck_assert(v_score_is_hit(&degrees, 5.9) && !v_score_is_hit(&degrees, 6.1));
}
END_TEST

/* Ratios 2 and 1/2 and 4: mean of the logarithm ln 4 / 3, deviations ln 2 x (1/3, -5/3, 4/3). */
START_TEST(bias_and_spread_by_hand)
{
    v_score s = {.n = 0};

    v_score_add(&s, &about, 20.0);
    v_score_add(&s, &about, 5.0);
    v_score_add(&s, &about, 40.0);
    T_CLOSE(v_score_bias(&s, false), pow(4.0, 1.0 / 3.0), 1e-12);
    T_CLOSE(v_score_spread(&s, false), exp(log(2.0) * sqrt((1.0 + 25.0 + 16.0) / 9.0 / 2.0)),
            1e-12);
    ck_assert_uint_eq(s.n_bounds, 0);
}
END_TEST

/* A value on its bound has the chance 1/2: sqrt(2 ln 2). A mean off by one standard error: 1. */
START_TEST(residuals_by_hand)
{
    const v_group g = {.error = 0.1, .error_absolute = 2.0};

    T_CLOSE(v_fit_residual(&g, &about, 10.0 * exp(0.1)), 1.0, 1e-12);
    T_CLOSE(v_fit_residual(&g, &at_most, 2.0), sqrt(2.0 * log(2.0)), 1e-9);
    ck_assert(fabs(v_fit_residual(&g, &at_most, 0.1)) < 1e-6);
    T_CLOSE(v_fit_residual(&g, &gain, -2.0 * exp(0.2)), 2.0, 1e-12);
    T_CLOSE(v_fit_residual(&g, &degrees, 9.0), 2.0, 1e-12);
    ck_assert(v_fit_residual(&g, &between, 0.9) < 1e-3);
}
END_TEST

/* Whoever adds a case sees here what its file lacks. */
START_TEST(definitions_are_whole)
{
    v_data *data = v_data_read();

    ck_assert_uint_ge(data->n, 12);
    for (size_t i = 0; i < data->n; i++) {
        const v_group *g    = &data->groups[i];
        size_t         held = 0, fitted = 0;
        for (size_t k = 0; k < g->n_figures; k++) {
            held += g->figures[k].role == V_HELD_OUT;
            fitted += g->figures[k].role == V_FIT;
        }
        if (g->none) {
            ck_assert_msg(held + fitted == 0, "%s: nothing is fitted, yet figures have roles",
                          g->name);
            continue;
        }
        ck_assert_msg(held > 0 && fitted > 0, "%s: a fit needs figures held out", g->name);
        for (size_t p = 0; p < g->n_parameters; p++)
            ck_assert_msg(g->parameters[p].low < g->parameters[p].value &&
                              g->parameters[p].value < g->parameters[p].high,
                          "%s: no fitted value of %s: run test_validation fit %s", g->name,
                          g->parameters[p].key, g->name);
    }
    v_data_free(data);
}
END_TEST

/* ---- commands ---- */

static const char *argument;

START_TEST(stored_values_are_fits)
{
    v_data *data = v_data_read();

    for (size_t i = 0; i < data->n; i++)
        if (!data->groups[i].none) {
            const double distance = v_fit_distance(&data->groups[i]);
            ck_assert_msg(distance < 0.25,
                          "%s: the fit ends %.2f deviations from the stored values",
                          data->groups[i].name, distance);
        }
    v_data_free(data);
}
END_TEST

START_TEST(fit_group)
{
    v_data *data = v_data_read();

    v_fit_print(v_data_find(data, argument));
    v_data_free(data);
}
END_TEST

START_TEST(draw)
{
    static v_book book;

    v_figure_save(&book, argument);
    v_done(&book);
}
END_TEST

int main(int argc, char **argv)
{
    Suite      *suite   = suite_create("validation");
    TCase      *tc      = tcase_create("validation");
    const char *command = argc > 1 ? argv[1] : "";

    argument = argc > 2 ? argv[2] : "";
    tcase_set_timeout(tc, 0);
    suite_add_tcase(suite, tc);
    if (strcmp(command, "fits") == 0)
        tcase_add_test(tc, stored_values_are_fits);
    else if (strcmp(command, "fit") == 0)
        tcase_add_test(tc, fit_group);
    else if (strcmp(command, "figure") == 0)
        tcase_add_test(tc, draw);
    else {
        tcase_add_test(tc, ratios_by_hand);
        tcase_add_test(tc, bias_and_spread_by_hand);
        tcase_add_test(tc, residuals_by_hand);
        tcase_add_test(tc, definitions_are_whole);
    }
    return t_run(suite);
}
