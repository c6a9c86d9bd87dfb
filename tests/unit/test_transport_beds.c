/* test_transport_beds.c - stores and chains of solids in a bed against their balances in closed form */
#include "transport_rig.h"

/* A bed of one cell of 1000 kg of water, all that its water carries caught but for 1/(1 + filter), with laws of the zone's params. */
typedef struct {
    rig        r;
    sei_model *model;
    sei_train *train;
} bed;

static const double bed_kg = 1000.0;

static void open_bed(bed *b, size_t n_solids, const char *const solids[], size_t n_laws,
                     const sei_rate_law *const laws[], double params[], double filter)
{
    static const char *const comps[] = {"Na", "Cl", "Si"};
    const sei_zone           zone    = {"bed", params};
    const sei_cell           cell    = {.water_kg = bed_kg, .heat_j_k = 4.186e6, .filter = filter};
    const sei_link           link    = {SEI_FROM_INFLOW, 0, 1.0};

    set_up(&b->r, 1, 0.0, 0.0);
    const sei_model_spec spec = {b->r.db, 3, comps, n_solids, solids, n_laws, laws, false};
    T_OK(b->r.ctx, sei_model_create(b->r.ctx, &spec, &b->model));
    const sei_train_spec of = {.model     = b->model,
                               .n_zones   = 1,
                               .n_cells   = 1,
                               .n_links   = 1,
                               .n_inflows = 1,
                               .zones     = &zone,
                               .cells     = &cell,
                               .links     = &link};
    T_OK(b->r.ctx, sei_train_create(b->r.ctx, &of, &b->train));
}

/* mol/kgw/s of solid 0 that come with the inflow, from now on. */
static void let_settle(bed *b, double mol_kgw_s)
{
    b->r.susp[0] = mol_kgw_s * bed_kg / b->r.flow;
}

static void close_bed(bed *b)
{
    sei_train_free(b->train);
    sei_model_free(b->model);
    tear_down(&b->r);
}

/* A store that takes silica until it holds p[1]. */
static void fill_eval(const sei_rate_env *env, const double p[], const double in[],
                      double *ret_rate, double ret_slope[])
{
    (void)env;
    *ret_rate    = p[0] * (p[1] - in[0]);
    ret_slope[0] = -p[0];
}

static const sei_param fill_params[] = {
    {"k_1_s", "1/s", 1e-5, 0, 1, SEI_LOG, SEI_ASSUMED, "", "", ""},
    {"full_mol_kgw", "", 1e-3, 0, 1, SEI_LINEAR, SEI_ASSUMED, "", "", ""}};
static const sei_rate_input fill_inputs[] = {{SEI_IN_SOLID, "SiO2(a)"}};
static const sei_rate_law   fill          = {.key        = "fill",
                                             .title      = "",
                                             .title_ja   = "",
                                             .source     = "",
                                             .reaction   = "H4SiO4 = SiO2(a) + 2 H2O",
                                             .params     = fill_params,
                                             .n_params   = 2,
                                             .inputs     = fill_inputs,
                                             .n_inputs   = 1,
                                             .is_storage = true,
                                             .eval       = fill_eval};

/*
 * Flocs settle into a bed with what they have sorbed, c mol/kgw/s. The store there, dX/dt = k (F - X) + c, comes to F + c/k, and gives
 * to the water what settles: at steps of a day too, whether k is one a day or (by implicit Euler) a hundred.
 */
START_TEST(a_store_that_flocs_settle_into_is_as_full_as_its_balance_says)
{
    const double                     full = 1e-3, settles = 5e-5 / 86400.0;
    static const char *const         solids[] = {"SiO2(a)"};
    static const sei_rate_law *const laws[]   = {&fill};
    const double                     k_1_d[]  = {1.0, 100.0};
    double                           params[] = {k_1_d[_i] / 86400.0, full};
    sei_step_control                 day;
    bed                              b;

    open_bed(&b, 1, solids, 1, laws, params, 1e6);
    rig *r = &b.r;
    let_settle(&b, settles);
    T_OK(r->ctx, sei_train_fill(r->ctx, b.train, boundary, r));
    sei_train_add_solid(b.train, 0, 0, full * bed_kg);
    sei_step_control_default(&day);
    day.dt_start_s = day.dt_max_s = 86400.0;
    T_OK(r->ctx, sei_train_advance(r->ctx, b.train, &day, boundary, r, 40.0 * 86400.0, NULL, NULL));
    ck_assert_uint_lt(sei_train_get_stats(b.train).steps, 60);
    T_CLOSE(sei_train_solid(b.train, 0)[0] / bed_kg - full, settles / params[0], 1e-3);
    T_CLOSE(sei_train_total(b.train, 0)[2], r->total[2] + r->susp[0], 1e-5);
    /* the water over it as it is: the store neither gains nor loses */
    T_OK(r->ctx, sei_train_steady_held(r->ctx, b.train, boundary, r, 0.0));
    T_CLOSE(sei_train_total(b.train, 0)[2], r->total[2] + r->susp[0], 1e-5);
    T_NEAR(sei_train_solid_mol_s(b.train, 0, 0), 0.0, 1e-3 * settles * bed_kg);
    close_bed(&b);
}
END_TEST

/* A solid that turns into another one in the bed. */
static void turn_eval(const sei_rate_env *env, const double p[], const double in[],
                      double *ret_rate, double ret_slope[])
{
    (void)env;
    *ret_rate    = p[0] * in[0];
    ret_slope[0] = p[0];
}

static const sei_param turn_params[] = {
    {"k_1_s", "1/s", 1e-5, 0, 1, SEI_LOG, SEI_ASSUMED, "", "", ""}};
static const sei_rate_input turn_inputs[] = {{SEI_IN_SOLID, "SiO2(a)"}};
static const sei_rate_law   turn          = {.key      = "turn",
                                             .title    = "",
                                             .title_ja = "",
                                             .source   = "",
                                             .reaction = "SiO2(a) = Quartz",
                                             .params   = turn_params,
                                             .n_params = 1,
                                             .inputs   = turn_inputs,
                                             .n_inputs = 1,
                                             .eval     = turn_eval};

/*
 * What settles into a bed ages there: dX/dt = c - k X, dY/dt = k X from nothing, so that Y = c t - X and X = c/k (1 - e^(-k t)).
 * At steps of a day, too, with k of 0.03 and of 0.3 a day.
 */
START_TEST(what_settles_ages_as_its_balance_says)
{
    const double                     settles = 5e-5 / 86400.0, days = 60.0;
    static const char *const         solids[] = {"SiO2(a)", "Quartz"};
    static const sei_rate_law *const laws[]   = {&turn};
    const double                     k_1_d    = _i == 0 ? 0.03 : 0.3;
    double                           params[] = {k_1_d / 86400.0};
    sei_step_control                 day;
    bed                              b;

    open_bed(&b, 2, solids, 1, laws, params, 1e6);
    let_settle(&b, settles);
    T_OK(b.r.ctx, sei_train_fill(b.r.ctx, b.train, boundary, &b.r));
    sei_step_control_default(&day);
    day.dt_start_s = day.dt_max_s = 86400.0;
    T_OK(b.r.ctx,
         sei_train_advance(b.r.ctx, b.train, &day, boundary, &b.r, days * 86400.0, NULL, NULL));
    ck_assert_uint_lt(sei_train_get_stats(b.train).steps, 90);
    const double c = settles * 86400.0, x = c / k_1_d * (1.0 - exp(-k_1_d * days));
    T_CLOSE(sei_train_solid(b.train, 0)[0] / bed_kg, x, 1e-3);
    T_CLOSE(sei_train_solid(b.train, 0)[1] / bed_kg, c * days - x, 1e-3);
    close_bed(&b);
}
END_TEST

/* --- chains of solids in a bed ------------------------------------------------------------------------- */

static const sei_rate_law leave = {.key      = "leave",
                                   .title    = "",
                                   .title_ja = "",
                                   .source   = "",
                                   .reaction = "SiO2(a) + 2 H2O = H4SiO4",
                                   .params   = turn_params,
                                   .n_params = 1,
                                   .inputs   = turn_inputs,
                                   .n_inputs = 1,
                                   .eval     = turn_eval};

/*
 * Flocs that settle at c mol/kgw/s and turn into another solid at k X, in steps h; a second law takes them back into the water at
 * k2 X. Into ret the two solids per kg of water after `steps`.
 */
static void age_chain(double k, double k2, double settles, double h, size_t steps, double ret[2])
{
    static const char *const         solids[] = {"SiO2(a)", "Quartz"};
    static const sei_rate_law *const laws[]   = {&turn, &leave};
    double                           params[] = {k, k2};
    const sei_step_control           control  = {.fixed_dt_s = h};
    bed                              b;

    open_bed(&b, 2, solids, k2 > 0.0 ? 2 : 1, laws, params, 1e9);
    T_OK(b.r.ctx, sei_train_fill(b.r.ctx, b.train, boundary, &b.r));
    let_settle(&b, settles); /* none lies in the water at first */
    T_OK(b.r.ctx, sei_train_advance(b.r.ctx, b.train, &control, boundary, &b.r, h * (double)steps,
                                    NULL, NULL));
    for (size_t i = 0; i < 2; i++)
        ret[i] = sei_train_solid(b.train, 0)[i] / bed_kg;
    close_bed(&b);
}

/* dX/dt = c - k X, dY/dt = k X comes to X = c/k and Y = c (t - 1/k), at steps of a tenth of 1/k, of 1/k and of five. */
START_TEST(what_ages_in_a_bed_is_what_its_balance_says_whatever_the_step)
{
    const double k = 1e-5, settles = 5e-10, kh[] = {0.1, 1.0, 5.0};
    const size_t steps = 400;
    double       held[2];

    age_chain(k, 0.0, settles, kh[_i] / k, steps, held);
    const double t_s = kh[_i] / k * (double)steps;
    T_CLOSE(held[0], settles / k, 1e-6);
    T_CLOSE(held[0] + held[1], settles * t_s, 1e-6);
    T_CLOSE(held[1], settles * (t_s - 1.0 / k), 1e-6);
}
END_TEST

/* The same of a solid that two laws use up: X = c/(k + k2), each at its share. */
START_TEST(two_laws_share_a_bed_solid_as_its_balance_says)
{
    const double k = 1e-5, k2 = 0.5e-5, settles = 5e-10, kh[] = {0.1, 1.0};
    double       held[2], more[2];

    age_chain(k, k2, settles, kh[_i] / k, 400, held);
    age_chain(k, k2, settles, kh[_i] / k, 500, more);
    T_CLOSE(held[0], settles / (k + k2), 1e-6);
    T_CLOSE(more[1] - held[1], settles * k / (k + k2) * 100.0 * kh[_i] / k, 1e-6);
}
END_TEST

/* On the way there, X = c/k (1 - exp(-k t)) and Y = c t - X with an error of second order in the step. */
START_TEST(a_chain_of_solids_is_of_second_order_in_the_step)
{
    const double k = 1e-5, settles = 5e-10, t_s = 2.0 / k;
    const double exact = settles * t_s - settles / k * (1.0 - exp(-2.0));
    double       held[2], off[3];

    for (size_t i = 0; i < 3; i++) {
        const size_t steps = (size_t)40 << i;
        age_chain(k, 0.0, settles, t_s / (double)steps, steps, held);
        off[i] = fabs(held[1] - exact);
    }
    T_CLOSE(held[1], exact, 1e-3);
    ck_assert_double_gt(off[0], 3.0 * off[1]);
    ck_assert_double_gt(off[1], 3.0 * off[2]);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transport: beds");
    TCase *tc    = tcase_create("beds");

    tcase_add_loop_test(tc, what_settles_ages_as_its_balance_says, 0, 2);
    tcase_add_loop_test(tc, a_store_that_flocs_settle_into_is_as_full_as_its_balance_says, 0, 2);
    tcase_add_loop_test(tc, what_ages_in_a_bed_is_what_its_balance_says_whatever_the_step, 0, 3);
    tcase_add_loop_test(tc, two_laws_share_a_bed_solid_as_its_balance_says, 0, 2);
    tcase_add_test(tc, a_chain_of_solids_is_of_second_order_in_the_step);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
