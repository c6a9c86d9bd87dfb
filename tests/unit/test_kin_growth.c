/* test_kin_growth.c - growth of bacteria, reduction of iron and armour of limestone by hand */
#include "kin_checks.h"

typedef struct {
    const sei_rate_law *law;
    double              p[SEI_RATE_PARAMS_MAX], in[SEI_RATE_INPUTS_MAX], slope[SEI_RATE_INPUTS_MAX];
} law_case;

static law_case law_of(const char *key)
{
    law_case c = {.law = sei_rate_find(key)};

    ck_assert_ptr_nonnull(c.law);
    sei_rate_defaults(c.law, c.p);
    return c;
}

static void give(law_case *c, const char *input, double value)
{
    for (size_t i = 0; i < c->law->n_inputs; i++)
        if (strcmp(c->law->inputs[i].name, input) == 0) {
            c->in[i] = value;
            return;
        }
    ck_abort_msg("%s has no input %s", c->law->key, input);
}

static void set(law_case *c, const char *param, double si)
{
    c->p[sei_param_index(c->law->params, c->law->n_params, param)] = si;
}

static double rate(law_case *c)
{
    const sei_rate_env env = {288.15, 0.01, NULL};
    double             r   = 0.0;

    c->law->eval(&env, c->p, c->in, &r, c->slope);
    return r;
}

/* Water that lacks nothing: all terms within 1e-4 of 1. */
static void plenty(law_case *c)
{
    give(c, "Acetate", 10.0);
    give(c, "S(6)", 10.0);
    give(c, "H+", 1e-7);
    give(c, "N(-3)", SEI_AMPLE);
    give(c, "P", SEI_AMPLE);
}

/* dX/dt = 0.3 X (1 - X/full) from 1 % of a full population: ln(99)/0.3 = 15.32 days to half of it. Integrated
 * in steps of a hundredth of a day by the midpoint rule; the pH window takes 0.9 %. */
START_TEST(reducers_double_as_the_logistic_curve)
{
    law_case     c    = law_of("srb-growth");
    const double full = 5e-4, h = 864.0;
    double       x = 0.01 * full, t = 0.0;

    plenty(&c);
    set(&c, "is_growing", 1.0);
    set(&c, "decay_1_d", 0.0);
    set(&c, "full_population_mmol_kgw", full);
    while (x < 0.5 * full && t < 1e8) {
        give(&c, "srb", x);
        const double half = x + h * rate(&c); /* 2 srb for a reaction, over half a step */
        give(&c, "srb", half);
        x += 2.0 * h * rate(&c);
        t += h;
    }
    T_CLOSE(t / 86400.0, log(99.0) / 0.3, 0.02);
}
END_TEST

/* Without substrate they decline by 2 % a day and give it back. */
START_TEST(starving_reducers_decline)
{
    law_case c = law_of("srb-growth");

    plenty(&c);
    give(&c, "Acetate", 0.0);
    give(&c, "srb", 1e-4);
    set(&c, "is_growing", 1.0);
    set(&c, "full_population_mmol_kgw", 5e-4);
    T_CLOSE(rate(&c), -0.5 * 0.02 / 86400.0 * 1e-4, 1e-9);
}
END_TEST

/* A tenth of the population reduces a tenth. */
START_TEST(reduction_goes_with_the_population)
{
    law_case c = law_of("sulfate-reduction");

    plenty(&c);
    const double whole = rate(&c);
    set(&c, "full_population_mmol_kgw", 5e-4);
    give(&c, "srb", 0.5e-4);
    T_CLOSE(rate(&c), 0.1 * whole, 1e-9);
}
END_TEST

/* Eight irons for an acetate: 3 % of 8 mmol in a day are 0.03 mmol of acetate. */
START_TEST(ferrihydrite_is_reduced_by_its_share)
{
    law_case c = law_of("fe3-reduction-solid");

    give(&c, "Acetate", 0.375e-3);
    give(&c, "Ferrihydrite", 8e-3);
    T_CLOSE(rate(&c), 0.5 * 0.03e-3 / 86400.0, 1e-7);
    give(&c, "O2", 1e-6);
    T_CLOSE(rate(&c), 0.25 * 0.03e-3 / 86400.0, 1e-7);
}
END_TEST

/* 1 mol of calcite has 0.0111 m2; with armour_mol_m2 = 2, 0.0222 mol of metals halve the rate: as ferrihydrite,
 * as an eighth of schwertmannite, as a quarter of basaluminite. */
START_TEST(armour_halves_the_reactive_surface)
{
    static const struct {
        const char *coating;
        double      mol;
    } crusts[] = {{"Ferrihydrite", 0.0222},
                  {"Schwertmannite", 0.0222 / 8},
                  {"Basaluminite", 0.0222 / 4},
                  {"Al(OH)3(a)", 0.0222},
                  {"Goethite", 0.0222}};

    for (size_t i = 0; i < T_COUNT(crusts); i++) {
        law_case c = law_of("calcite-pwp");
        give(&c, "H+", 1e-4);
        c.in[2]           = -10.0; /* ln of the saturation ratio; the solid has the same name */
        c.in[3]           = 1.0;
        const double bare = rate(&c);
        give(&c, crusts[i].coating, crusts[i].mol);
        T_CLOSE(rate(&c), bare, 1e-12);
        set(&c, "armour_mol_m2", 2.0);
        T_CLOSE(rate(&c), 0.5 * bare, 1e-6);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kin_growth");
    TCase *tc    = tcase_create("growth");

    tcase_add_test(tc, reducers_double_as_the_logistic_curve);
    tcase_add_test(tc, starving_reducers_decline);
    tcase_add_test(tc, reduction_goes_with_the_population);
    tcase_add_test(tc, ferrihydrite_is_reduced_by_its_share);
    tcase_add_test(tc, armour_halves_the_reactive_surface);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
