/*
 * test_react_layer.c - what a diffuse layer holds, against what can be worked out by hand for salts of one charge
 *
 * Gouy and Chapman: beside a plane at F psi / RT = y in a salt of two ions of charge 1 (c in mol/m3), integrating c (exp(-z y') - 1) over the layer
 * gives 2 c l (exp(-z y / 2) - 1), with Debye's length l. Donnan: in a layer of c V mol of either ion beside a surface of
 * charge Q, sinh p = Q / (2 c V).
 */
#include "react/react.h"
#include "t.h"

static const double faraday_c_mol = 96493.5, r_j_mol_k = 8.31470, epsilon_0 = 8.854e-12;

enum { CATION = SEI_REACT_LAYER_CHARGE_MAX + 1, ANION = SEI_REACT_LAYER_CHARGE_MAX - 1 };

static sei_ctx        *ctx;
static sei_db         *db;
static sei_react      *react;
static sei_react_work *work;
static double          salt_molal, debye_m;

/* 20 mmol of sodium chloride in a kilogram of water, at equilibrium. */
static void set_up(void)
{
    static const char *const elements[] = {"Na", "Cl"};
    sei_react_system         system     = {.temp_k = 288.15};
    sei_react_state          state      = {.ln_ae = -9.0, .mu = 0.02, .water_kg = 1.0};

    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, SEI_PROJECT_DIR "/data/thermo/minewater.dat", &db));
    const sei_react_spec spec = {.db = db, .n_elements = 2, .elements = elements};
    T_OK(ctx, sei_react_create(ctx, &spec, &react));
    T_OK(ctx, sei_react_work_create(ctx, react, &work));
    sei_react_add_water_kg(1.0, &system.total);
    ck_assert(sei_react_add_formula(react, "NaCl", 0.02, &system.total));
    for (size_t k = 0; k < sei_react_net(react)->n_comp; k++)
        state.x[k] = log(k + 1 < sei_react_net(react)->n_comp ? 0.02 : 1e-7);
    T_OK(ctx, sei_react_solve(ctx, work, &system, &state));
    const sei_equil *eq = sei_react_equil(work);
    salt_molal          = 0.0;
    for (size_t i = 0; i < eq->net->n_species; i++)
        salt_molal += eq->net->charge[i] > 0.0 ? eq->m[i] : 0.0;
    debye_m = sqrt(sei_water_permittivity(288.15) * epsilon_0 * r_j_mol_k * 288.15 /
                   (2.0 * faraday_c_mol * faraday_c_mol * 1000.0 * salt_molal));
}

static void tear_down(void)
{
    sei_react_work_free(work);
    sei_react_free(react);
    sei_db_free(db);
    sei_ctx_free(ctx);
}

static const double potentials[] = {-9.0, -3.0, -0.4, -1e-6, 1e-6, 0.4, 3.0, 9.0};

START_TEST(a_falling_potential_keeps_gouys_and_chapmans_excess)
{
    const double      y = potentials[_i];
    const sei_surface f = {.area_m2 = 500.0, .layer_kg = 2e-3, .layer_is_integral = true};
    sei_react_layer   layer;

    sei_react_layer_at(sei_react_equil(work), &f, y, &layer);
    const double unit_kg = 2.0 * 1000.0 * debye_m * f.area_m2;
    T_CLOSE(layer.kg[CATION] - f.layer_kg, unit_kg * expm1(-0.5 * y), 1e-6);
    T_CLOSE(layer.kg[ANION] - f.layer_kg, unit_kg * expm1(0.5 * y), 1e-6);
    T_CLOSE(layer.charge, 2.0 * unit_kg * salt_molal * sinh(0.5 * y), 1e-6);
    T_CLOSE(layer.kg[CATION] * salt_molal - layer.kg[ANION] * salt_molal, -layer.charge, 1e-6);
}
END_TEST

START_TEST(one_potential_is_donnans)
{
    const double      y = potentials[_i];
    const sei_surface f = {.area_m2 = 500.0, .layer_kg = 2e-3};
    sei_react_layer   layer;

    sei_react_layer_at(sei_react_equil(work), &f, y, &layer);
    const double p = asinh(layer.charge / (2.0 * salt_molal * f.layer_kg));
    T_CLOSE(layer.charge, 4.0 * 1000.0 * debye_m * f.area_m2 * salt_molal * sinh(0.5 * y), 1e-6);
    T_CLOSE(layer.kg[CATION], f.layer_kg * exp(-p), 1e-9);
    T_CLOSE(layer.kg[ANION], f.layer_kg * exp(p), 1e-9);
}
END_TEST

START_TEST(counter_ions_alone_make_up_for_the_charge)
{
    const double      y = potentials[_i];
    const sei_surface f = {.area_m2 = 500.0, .layer_kg = 2e-3, .only_counter_ions = true};
    sei_react_layer   layer;

    sei_react_layer_at(sei_react_equil(work), &f, y, &layer);
    const int counter = y > 0.0 ? ANION : CATION;
    ck_assert_double_eq(layer.kg[counter == ANION ? CATION : ANION], 0.0);
    T_CLOSE(layer.kg[counter] * salt_molal, fabs(layer.charge), 1e-9);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("react_layer");
    TCase *tc    = tcase_create("layers");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, a_falling_potential_keeps_gouys_and_chapmans_excess, 0,
                        (int)T_COUNT(potentials));
    tcase_add_loop_test(tc, one_potential_is_donnans, 0, (int)T_COUNT(potentials));
    tcase_add_loop_test(tc, counter_ions_alone_make_up_for_the_charge, 0, (int)T_COUNT(potentials));
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
