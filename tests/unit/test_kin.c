/* test_kin.c - what holds for every rate law of the catalogue */
#include "kin_checks.h"
#include "seiryu/units.h"

static char *read_text(const char *path)
{
    FILE *f = fopen(path, "rb");
    if (!f)
        return NULL;
    char *text = calloc(1, 1 << 20);
    if (text) {
        const size_t n = fread(text, 1, (1 << 20) - 1, f);
        text[n]        = '\0';
    }
    fclose(f);
    return text;
}

START_TEST(slopes_are_the_derivatives_of_the_rate)
{
    uint64_t seed = 7;

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        double              p[SEI_RATE_PARAMS_MAX], in[SEI_RATE_INPUTS_MAX];

        kin_active_params(law, p);
        for (int trial = 0; trial < 2000; trial++) {
            const sei_rate_env env = {273.15 + 40.0 * kin_random(&seed), 0.01, NULL};
            kin_random_state(law, &seed, in);
            const double error = kin_slope_error(law, &env, p, in);
            ck_assert_msg(error < 1e-6, "%s: slope off by %g in trial %d", law->key, error, trial);
        }
    }
}
END_TEST

/* The random states seldom fall next to saturation, where the terms bend most. */
START_TEST(slopes_hold_next_to_saturation)
{
    uint64_t seed = 11;

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        double              p[SEI_RATE_PARAMS_MAX], in[SEI_RATE_INPUTS_MAX];
        const sei_rate_env  env = {288.15, 0.01, NULL};

        kin_active_params(law, p);
        for (int trial = 0; trial < 500; trial++) {
            kin_random_state(law, &seed, in);
            for (size_t i = 0; i < law->n_inputs; i++)
                if (law->inputs[i].kind == SEI_IN_LNSR)
                    in[i] = (trial % 2 ? 1.0 : -1.0) * pow(10.0, -2.0 + 3.0 * kin_random(&seed));
            const double error = kin_slope_error(law, &env, p, in);
            ck_assert_msg(error < 1e-5, "%s: slope off by %g in trial %d", law->key, error, trial);
        }
    }
}
END_TEST

START_TEST(rates_are_finite_for_every_input)
{
    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        double              p[SEI_RATE_PARAMS_MAX];

        kin_active_params(law, p);
        ck_assert_msg(kin_is_finite_at_corners(law, p), "%s is not finite", law->key);
    }
}
END_TEST

/* The solver leaves such a law out of the cells where it is off. */
START_TEST(a_law_that_is_off_does_nothing)
{
    const sei_rate_env env = {283.15, 0.02, NULL};
    size_t             n   = 0;

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        double   p[SEI_RATE_PARAMS_MAX], in[SEI_RATE_INPUTS_MAX], slope[SEI_RATE_INPUTS_MAX], rate;
        uint64_t seed = 2026;
        bool     runs = false;
        if (!law->off_param)
            continue;
        const size_t off = sei_param_index(law->params, law->n_params, law->off_param);
        n++;
        for (int trial = 0; trial < 100; trial++) {
            kin_active_params(law, p);
            kin_random_state(law, &seed, in);
            law->eval(&env, p, in, &rate, slope);
            runs   = runs || rate != 0.0;
            p[off] = 0.0;
            law->eval(&env, p, in, &rate, slope);
            ck_assert_msg(rate == 0.0, "%s: rate %g while off", law->key, rate);
            for (size_t i = 0; i < law->n_inputs; i++)
                ck_assert_msg(slope[i] == 0.0, "%s: slope %zu is %g while off", law->key, i,
                              slope[i]);
        }
        ck_assert_msg(runs, "%s never runs", law->key);
    }
    ck_assert_uint_gt(n, 10);
}
END_TEST

/* 1 when the law has the solid named by its saturation ratio as a bed input. */
static int is_affinity_law(const sei_rate_law *law, size_t *ret_ratio)
{
    for (size_t i = 0; i < law->n_inputs; i++)
        for (size_t j = 0; j < law->n_inputs; j++)
            if (law->inputs[i].kind == SEI_IN_LNSR && law->inputs[j].kind == SEI_IN_SOLID &&
                strcmp(law->inputs[i].name, law->inputs[j].name) == 0) {
                *ret_ratio = i;
                return 1;
            }
    return 0;
}

/* For a solid: zero at saturation, growth never below it, dissolution never above it. */
START_TEST(solids_neither_grow_nor_dissolve_at_saturation)
{
    size_t   found = 0, ratio = 0;
    uint64_t seed = 3;

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        double p[SEI_RATE_PARAMS_MAX], in[SEI_RATE_INPUTS_MAX], rate, slope[SEI_RATE_INPUTS_MAX];
        const sei_rate_env env = {288.15, 0.01, NULL};

        if (!is_affinity_law(law, &ratio))
            continue;
        found++;
        const double grows =
            strncmp(law->reaction, law->inputs[ratio].name, strlen(law->inputs[ratio].name)) == 0
                ? -1.0
                : 1.0; /* the solid stands on the left or on the right */
        kin_active_params(law, p);
        for (int trial = 0; trial < 500; trial++) {
            kin_random_state(law, &seed, in);
            const double far = in[ratio];
            in[ratio]        = 0.0;
            law->eval(&env, p, in, &rate, slope);
            ck_assert_msg(rate == 0.0, "%s: rate %g at saturation", law->key, rate);
            in[ratio] = far;
            law->eval(&env, p, in, &rate, slope);
            ck_assert_msg(rate * grows * far >= 0.0, "%s: rate %g at ln ratio %g", law->key, rate,
                          far);
            ck_assert(slope[ratio] * grows >= 0.0);
        }
    }
    ck_assert_uint_ge(found, 7);
}
END_TEST

/* What is not in the bed does not dissolve. */
START_TEST(absent_solids_do_not_dissolve)
{
    size_t   ratio = 0;
    uint64_t seed  = 5;

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        double p[SEI_RATE_PARAMS_MAX], in[SEI_RATE_INPUTS_MAX], rate, slope[SEI_RATE_INPUTS_MAX];
        const sei_rate_env env = {288.15, 0.01, NULL};

        if (!is_affinity_law(law, &ratio))
            continue;
        kin_active_params(law, p);
        for (int trial = 0; trial < 200; trial++) {
            kin_random_state(law, &seed, in);
            in[ratio] = -fabs(in[ratio]);
            for (size_t i = 0; i < law->n_inputs; i++)
                if (law->inputs[i].kind == SEI_IN_SOLID)
                    in[i] = 0.0;
            law->eval(&env, p, in, &rate, slope);
            ck_assert_msg(rate == 0.0, "%s: %g without solid, undersaturated", law->key, rate);
        }
    }
}
END_TEST

static void check_param(const sei_rate_law *law, const sei_param *row)
{
    ck_assert_msg(row->lower < row->upper, "%s.%s: bounds", law->key, row->key);
    ck_assert_msg(row->def >= row->lower && row->def <= row->upper, "%s.%s: default %g", law->key,
                  row->key, row->def);
    ck_assert_msg(row->transform != SEI_LOG || row->lower > 0.0, "%s.%s: log of 0", law->key,
                  row->key);
    ck_assert_msg(row->help && *row->help && row->help_ja && *row->help_ja, "%s.%s: help", law->key,
                  row->key);
    ck_assert_msg(row->evidence == SEI_ASSUMED || *row->source, "%s.%s: published where?", law->key,
                  row->key);

    size_t          stem;
    const sei_unit *by_key = sei_name_unit(row->key, &stem);
    ck_assert_msg(!by_key || by_key == sei_param_unit(row) || by_key->factor == 1.0,
                  "%s.%s: the key ends with %s but the unit is %s", law->key, row->key,
                  by_key ? by_key->key : "", row->unit);
}

START_TEST(every_row_is_complete)
{
    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);

        ck_assert(law->key && law->title && law->title_ja && law->source && law->reaction);
        ck_assert_uint_le(law->n_inputs, SEI_RATE_INPUTS_MAX);
        ck_assert_uint_le(law->n_params, SEI_RATE_PARAMS_MAX);
        ck_assert_ptr_eq(sei_rate_find(law->key), law);
        for (size_t i = 0; i < law->n_params; i++) {
            check_param(law, &law->params[i]);
            ck_assert_msg(sei_param_index(law->params, law->n_params, law->params[i].key) == i,
                          "%s.%s twice", law->key, law->params[i].key);
        }
        const char *const named[] = {law->suspended_param, law->media_param, law->off_param};
        for (size_t i = 0; i < T_COUNT(named); i++)
            ck_assert_msg(!named[i] ||
                              sei_param_index(law->params, law->n_params, named[i]) < law->n_params,
                          "%s names no row %s", law->key, named[i]);
        if (l > 0)
            ck_assert_msg(strcmp(sei_rate_at(l - 1)->key, law->key) < 0, "%s is not in order",
                          law->key);
    }
    ck_assert_ptr_null(sei_rate_at(sei_rate_count()));
    ck_assert_ptr_null(sei_rate_find("fe2-alchemical"));
}
END_TEST

static void check_source(const char *bib, const char *where, const char *key)
{
    char entry[128];

    if (!*key)
        return;
    snprintf(entry, sizeof entry, "{%s,", key);
    ck_assert_msg(strstr(bib, entry) != NULL, "%s: source %s is not in docs/references.bib", where,
                  key);
}

START_TEST(every_source_is_in_the_bibliography)
{
    char *bib = read_text(SEI_PROJECT_DIR "/docs/references.bib");

    ck_assert_ptr_nonnull(bib);
    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        check_source(bib, law->key, law->source);
        for (size_t i = 0; i < law->n_params; i++)
            check_source(bib, law->params[i].key, law->params[i].source);
    }
    free(bib);
}
END_TEST

/* Each law has its page, and the page names every parameter with its default. */
START_TEST(every_law_has_a_page_that_lists_its_parameters)
{
    char *index = read_text(SEI_PROJECT_DIR "/docs/rates/index.md");

    ck_assert_ptr_nonnull(index);
    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        char                path[512], link[128], row[128];

        snprintf(path, sizeof path, "%s/docs/rates/%s.md", SEI_PROJECT_DIR, law->key);
        char *page = read_text(path);
        ck_assert_msg(page != NULL, "%s is missing", path);
        snprintf(link, sizeof link, "(%s.md)", law->key);
        ck_assert_msg(strstr(index, link) != NULL, "index.md does not link %s", law->key);
        ck_assert_msg(strstr(page, law->reaction) != NULL, "%s: reaction", path);
        for (size_t i = 0; i < law->n_params; i++) {
            snprintf(row, sizeof row, "| `%s` | %.4g |", law->params[i].key, law->params[i].def);
            ck_assert_msg(strstr(page, row) != NULL, "%s has no row beginning %s", path, row);
        }
        free(page);
    }
    free(index);
}
END_TEST

START_TEST(defaults_come_in_si)
{
    const sei_rate_law *law = sei_rate_find("fe2-microbial");
    double              p[SEI_RATE_PARAMS_MAX];

    sei_rate_defaults(law, p);
    const size_t q = sei_param_index(law->params, law->n_params, "q_max_mol_m3_d");
    const size_t k = sei_param_index(law->params, law->n_params, "k_fe2_mmol_kgw");
    const size_t e = sei_param_index(law->params, law->n_params, "ea_kj_mol");
    T_CLOSE(p[q], law->params[q].def / 86400.0, 1e-12);
    T_CLOSE(p[k], law->params[k].def * 1e-3, 1e-12);
    T_CLOSE(p[e], law->params[e].def * 1e3, 1e-12);
}
END_TEST

/* A Q10 of 2 between 10 and 20 degC is ln 2 R T1 T2 / 10 K = 47.84 kJ/mol. */
START_TEST(arrhenius_factor_of_a_doubling)
{
    T_CLOSE(sei_arrhenius(47.836e3, 293.15, 283.15), 2.0, 1e-4);
    T_CLOSE(sei_arrhenius(47.836e3, 283.15, 293.15), 0.5, 1e-4);
    T_CLOSE(sei_arrhenius(1e5, 288.15, 288.15), 1.0, 1e-15);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kin");
    TCase *rows  = tcase_create("rows");
    TCase *math  = tcase_create("math");

    tcase_add_test(rows, every_row_is_complete);
    tcase_add_test(rows, every_source_is_in_the_bibliography);
    tcase_add_test(rows, every_law_has_a_page_that_lists_its_parameters);
    tcase_add_test(rows, defaults_come_in_si);
    tcase_add_test(math, arrhenius_factor_of_a_doubling);
    tcase_add_test(math, slopes_are_the_derivatives_of_the_rate);
    tcase_add_test(math, slopes_hold_next_to_saturation);
    tcase_add_test(math, rates_are_finite_for_every_input);
    tcase_add_test(math, a_law_that_is_off_does_nothing);
    tcase_add_test(math, solids_neither_grow_nor_dissolve_at_saturation);
    tcase_add_test(math, absent_solids_do_not_dissolve);
    suite_add_tcase(suite, rows);
    suite_add_tcase(suite, math);
    return t_run(suite);
}
