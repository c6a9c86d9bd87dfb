/* test_transport.c - the train of cells against analytical solutions, and its books */
#include "transport_rig.h"

/* Step response of n stirred tanks in series (Levenspiel 1999, Chemical Reaction Engineering, eq. 14.11):
 * F = 1 - exp(-n t/tau) sum_{k<n} (n t/tau)^k / k! */
static double tanks_step(size_t n, double t_over_tau)
{
    const double x    = (double)n * t_over_tau;
    double       term = 1.0, sum = 1.0;

    for (size_t k = 1; k < n; k++) {
        term *= x / (double)k;
        sum += term;
    }
    return 1.0 - exp(-x) * sum;
}

static double tracer_error(size_t n, double dt_s)
{
    rig              r;
    sei_step_control c;
    double           worst = 0.0;

    set_up(&r, n, 0.0, 0.0);
    sei_step_control_default(&c);
    c.fixed_dt_s = dt_s;
    for (int k = 1; k <= 8; k++) {
        T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, 250.0 * k, NULL, NULL));
        const double f = (sei_train_total(r.train, n - 1)[0] - 1e-3) / 1e-3;
        worst          = fmax(worst, fabs(f - tanks_step(n, 0.25 * k)));
    }
    tear_down(&r);
    return worst;
}

START_TEST(tracer_equals_tanks_in_series)
{
    ck_assert_double_lt(tracer_error(1, 1.0), 2e-6);
    ck_assert_double_lt(tracer_error(5, 1.0), 2e-5);
    ck_assert_double_lt(tracer_error(20, 1.0), 2e-4);
}
END_TEST

START_TEST(step_halving_is_of_second_order)
{
    const double coarse = tracer_error(5, 12.5), fine = tracer_error(5, 6.25),
                 finer = tracer_error(5, 3.125);

    T_NEAR(log2(coarse / fine), 2.0, 0.15);
    T_NEAR(log2(fine / finer), 2.0, 0.1);
}
END_TEST

/* What can never be met ends in a refusal, not in a run without end; steps of a given length are the caller's. */
START_TEST(steps_that_stay_short_are_an_end)
{
    rig              r;
    sei_step_control c;

    set_up(&r, 1, 1e-4, 0.0);
    sei_step_control_default(&c);
    c.rel_tol = c.abs_tol_molal = 1e-30;
    T_STATUS(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, 86400.0, NULL, NULL),
             SEI_E_STEP);
    T_CONTAINS(sei_ctx_error(r.ctx), "the time steps stay too short: 20001 of them since 0 s");
    c.fixed_dt_s       = 0.01;
    const size_t steps = sei_train_get_stats(r.train).steps;
    const double from  = sei_train_time_s(r.train);
    T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, from + 210.0, NULL, NULL));
    ck_assert_uint_gt(sei_train_get_stats(r.train).steps, steps + 20500);
    tear_down(&r);
}
END_TEST

/* Steps of their own length follow the front within what they are held to; when it has gone through, tanks that are
 * flushed a hundred times in a step ask for no short ones. */
START_TEST(free_steps_follow_a_front_and_grow_behind_it)
{
    rig              r;
    sei_step_control c;

    set_up(&r, 10, 0.0, 0.0);
    sei_step_control_default(&c);
    for (int k = 1; k <= 12; k++) {
        T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, 250.0 * k, NULL, NULL));
        const double f = (sei_train_total(r.train, 9)[0] - 1e-3) / 1e-3;
        T_NEAR(f, tanks_step(10, 0.25 * k), 2.0 * c.rel_tol);
    }
    const size_t before = sei_train_get_stats(r.train).steps;
    T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, 2e5, NULL, NULL));
    ck_assert_uint_lt(sei_train_get_stats(r.train).steps, before + 40);
    tear_down(&r);
}
END_TEST

/* What a fast reaction uses up ends in traces that no step is refused for; they stand in the books all the same. */
START_TEST(traces_of_what_is_used_up_cost_no_steps)
{
    rig              r;
    sei_step_control c;
    size_t           first = 0;

    set_up(&r, 8, 10.0, 0.0);
    sei_step_control_default(&c);
    for (int k = 1; k <= 20; k++) {
        r.flow = k % 2 ? 0.02 : 1.0; /* and again */
        T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, 1e5 * k, NULL, NULL));
        for (size_t cell = 0; cell < 8; cell++)
            ck_assert_double_gt(sei_train_total(r.train, cell)[2], -1.1e-11);
        first = k == 1 ? sei_train_get_stats(r.train).rejected : first;
    }
    ck_assert_uint_le(sei_train_get_stats(r.train).rejected, first + 10);
    ck_assert_double_lt(sei_train_imbalance(r.train, "Si"), 1e-12);
    tear_down(&r);
}
END_TEST

/* A plug-flow bed is the limit of many cells; its spread falls as 1/n (variance tau^2/n). */
START_TEST(cell_doubling_halves_the_spread)
{
    double width[2];

    for (int i = 0; i < 2; i++) {
        const size_t     n = i ? 40 : 20;
        rig              r;
        sei_step_control c;
        double           moment = 0.0, mean = 0.0, last = 0.0;
        set_up(&r, n, 0.0, 0.0);
        sei_step_control_default(&c);
        c.fixed_dt_s = 2.5;
        for (double t = 2.5; t <= 3000.0; t += 2.5) {
            T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, t, NULL, NULL));
            const double f = (sei_train_total(r.train, n - 1)[0] - 1e-3) / 1e-3;
            mean += (t - 1.25) * (f - last);
            moment += (t - 1.25) * (t - 1.25) * (f - last);
            last = f;
        }
        width[i] = moment - mean * mean;
        T_CLOSE(mean, 1000.0, 2e-3);
        T_CLOSE(width[i], 1e6 / (double)n, 1e-2);
        tear_down(&r);
    }
    T_CLOSE(width[0] / width[1], 2.0, 1e-2);
}
END_TEST

/* Steady first-order decay in n tanks: C/C0 = (1 + k tau / n)^-n (Levenspiel 1999, eq. 6.6b). */
START_TEST(first_order_decay_equals_its_solution)
{
    static const size_t cells[] = {1, 4, 10};
    const double        k       = 2e-3;

    for (size_t i = 0; i < T_COUNT(cells); i++) {
        const size_t n = cells[i];
        rig          r;
        set_up(&r, n, k, 0.0);
        T_OK(r.ctx, sei_train_steady(r.ctx, r.train, boundary, &r, 0.0));
        const double expected = 1e-4 * pow(1.0 + k * 1000.0 / (double)n, -(double)n);
        T_CLOSE(sei_train_total(r.train, n - 1)[2], expected, 1e-9);
        tear_down(&r);
    }
}
END_TEST

START_TEST(steady_state_equals_the_long_transient)
{
    rig              a, b;
    sei_step_control c;

    set_up(&a, 6, 1e-3, 5e-4);
    set_up(&b, 6, 1e-3, 5e-4);
    sei_step_control_default(&c);
    T_OK(a.ctx, sei_train_steady(a.ctx, a.train, boundary, &a, 0.0));
    T_OK(b.ctx, sei_train_advance(b.ctx, b.train, &c, boundary, &b, 2e5, NULL, NULL));
    for (size_t cell = 0; cell < 6; cell++) {
        for (size_t j = 0; j < 3; j++)
            T_CLOSE(sei_train_total(a.train, cell)[j], sei_train_total(b.train, cell)[j], 1e-7);
        T_CLOSE(sei_train_suspended(a.train, cell)[0], sei_train_suspended(b.train, cell)[0], 1e-6);
    }
    tear_down(&a);
    tear_down(&b);
}
END_TEST

/* What was caught, carried and dissolved is what came in: to rounding, whatever the steps. */
enum { CYCLE_TANKS = 3, PHASES = 8 };
static const double cycle_s = 4000.0, cycle_k_1_s = 5e-4, swing = 0.5;

/* The rig's water, its silica swinging with the period by half. */
static sei_status swinging(void *user, sei_ctx *ctx, double t_s, sei_boundary *b)
{
    rig             *r  = user;
    const sei_status st = boundary(r, ctx, t_s, b);

    r->total[2] = 1e-4 * (1.0 + swing * sin(2.0 * acos(-1.0) * t_s / cycle_s));
    return st;
}

/* Last tank's silica in the cycle that is left when the beginning is forgotten: each of n tanks of residence time tau with
 * decay k divides what swings with angular frequency w by 1 + k tau + i w tau. */
static double cycle_molal(double t_s)
{
    const double tau = 1000.0 / CYCLE_TANKS, w = 2.0 * acos(-1.0) / cycle_s;
    const double decays = 1.0 + cycle_k_1_s * tau, size = hypot(decays, w * tau),
                 lag = atan2(w * tau, decays);

    return 1e-4 * (pow(decays, -CYCLE_TANKS) +
                   swing * pow(size, -CYCLE_TANKS) * sin(w * t_s - CYCLE_TANKS * lag));
}

/* Two ways into the cycle, from raw water and from the steady state of the first instant. */
START_TEST(repeated_forcing_ends_in_its_steady_cycle)
{
    for (int from_steady = 0; from_steady < 2; from_steady++) {
        rig              r;
        sei_step_control c;
        double           last[PHASES] = {0.0};

        set_up(&r, CYCLE_TANKS, cycle_k_1_s, 0.0);
        sei_step_control_default(&c);
        c.fixed_dt_s = 10.0;
        if (from_steady)
            T_OK(r.ctx, sei_train_steady(r.ctx, r.train, swinging, &r, 0.0));
        for (int k = 1; k <= 4 * PHASES; k++) {
            const double t = cycle_s * k / PHASES;
            T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, swinging, &r, t, NULL, NULL));
            const double now = sei_train_total(r.train, CYCLE_TANKS - 1)[2];
            if (k > 3 * PHASES) {
                ck_assert_double_eq_tol(now, last[k % PHASES], 1e-9 * now);
                ck_assert_double_eq_tol(now, cycle_molal(t), 1e-4 * now);
            }
            last[k % PHASES] = now;
        }
        tear_down(&r);
    }
}
END_TEST

START_TEST(books_balance_to_rounding)
{
    rig              r;
    sei_step_control c;

    set_up(&r, 5, 1e-3, 1e-3);
    sei_step_control_default(&c);
    T_OK(r.ctx, sei_train_advance(r.ctx, r.train, &c, boundary, &r, 1e6, NULL, NULL));
    ck_assert_double_lt(sei_train_imbalance(r.train, "Si"), 1e-12);
    ck_assert_double_lt(sei_train_imbalance(r.train, "Na"), 1e-12);
    ck_assert_double_lt(sei_train_imbalance(r.train, "Cl"), 1e-12);
    ck_assert_double_gt(sei_train_solid(r.train, 0)[0], 0.0);
    ck_assert_double_gt(sei_train_ledger(r.train)->out_suspended[0], 0.0);
    tear_down(&r);
}
END_TEST

/* One tank with UA and a constant inflow: T(t) = Tinf + (T0 - Tinf) exp(-t/theta). */
START_TEST(tank_cools_as_newton_says)
{
    rig              r;
    sei_step_control c;
    sei_cell         cell = {.water_kg = 1000.0, .ua_air_w_k = 500.0, .heat_j_k = 4186.0 * 1000.0};
    const sei_link   link = {SEI_FROM_INFLOW, 0, 1.0};

    set_up(&r, 1, 0.0, 0.0);
    double               none[1] = {0.0};
    const sei_zone       zone    = {"tank", none};
    const sei_train_spec spec    = {.model     = r.model,
                                    .n_zones   = 1,
                                    .n_cells   = 1,
                                    .n_links   = 1,
                                    .n_inflows = 1,
                                    .zones     = &zone,
                                    .cells     = &cell,
                                    .links     = &link};
    sei_train           *train   = NULL;
    T_OK(r.ctx, sei_train_create(r.ctx, &spec, &train));
    T_OK(r.ctx, sei_train_fill(r.ctx, train, boundary, &r));
    sei_step_control_default(&c);
    c.fixed_dt_s    = 5.0;
    const double qc = 4186.0, theta = 4186.0 * 1000.0 / (qc + 500.0);
    const double t_inf = (qc * 288.15 + 500.0 * 283.15) / (qc + 500.0);
    for (int k = 1; k <= 4; k++) {
        const double t = 500.0 * k;
        T_OK(r.ctx, sei_train_advance(r.ctx, train, &c, boundary, &r, t, NULL, NULL));
        T_NEAR(*sei_train_temp_k(train, 0), t_inf + (288.15 - t_inf) * exp(-t / theta), 1e-5);
    }
    sei_train_free(train);
    tear_down(&r);
}
END_TEST

START_TEST(a_cell_that_gives_more_than_it_has_is_refused)
{
    rig            r;
    const sei_cell cells[3] = {{.water_kg = 1.0, .heat_j_k = 1.0},
                               {.water_kg = 1.0, .heat_j_k = 1.0},
                               {.water_kg = 1.0, .heat_j_k = 1.0}};
    const sei_link links[3] = {{SEI_FROM_INFLOW, 0, 1.0}, {0, 1, 0.7}, {0, 2, 0.7}};

    set_up(&r, 1, 0.0, 0.0);
    double               none[1] = {0.0};
    const sei_zone       zone    = {"z", none};
    const sei_train_spec spec    = {.model     = r.model,
                                    .n_zones   = 1,
                                    .n_cells   = 3,
                                    .n_links   = 3,
                                    .n_inflows = 1,
                                    .zones     = &zone,
                                    .cells     = cells,
                                    .links     = links};
    sei_train           *train   = NULL;
    T_STATUS(r.ctx, sei_train_create(r.ctx, &spec, &train), SEI_E_RANGE);
    ck_assert_str_eq(sei_ctx_error(r.ctx), "cell 0 gives away 1.4 times its outflow");
    tear_down(&r);
}
END_TEST

START_TEST(an_unbalanced_reaction_is_refused)
{
    rig          r;
    sei_rate_law wrong = decay;

    set_up(&r, 1, 0.0, 0.0);
    wrong.reaction                     = "H4SiO4 = SiO2(a) + H2O";
    static const char *const  comps[]  = {"Na", "Si"};
    static const char *const  solids[] = {"SiO2(a)"};
    const sei_rate_law *const laws[]   = {&wrong};
    const sei_model_spec      spec     = {r.db, 2, comps, 1, solids, 1, laws, false};
    sei_model                *model    = NULL;
    T_STATUS(r.ctx, sei_model_create(r.ctx, &spec, &model), SEI_E_UNBALANCED);
    T_CONTAINS(sei_ctx_error(r.ctx),
               "rate law decay: \"H4SiO4 = SiO2(a) + H2O\" does not balance in H");
    tear_down(&r);
}
END_TEST

/* A tank that silica decays in (k tau = 1) and a chamber behind it; what the tank does not take meets its
 * effluent there. */
static sei_train *overflow_train(rig *r, double filter)
{
    static double  params[2] = {1e-3, 0.25}, chamber[2] = {0.0, 0.0};
    const sei_zone zones[2] = {{"tank", params}, {"chamber", chamber}};
    const sei_cell cells[2] = {
        {.zone = 0, .water_kg = 1000.0, .heat_j_k = 4.186e6, .filter = filter},
        {.zone = 1, .water_kg = 10.0, .heat_j_k = 4.186e4}};
    const sei_link       links[2] = {{SEI_FROM_INFLOW, 0, 1.0}, {0, 1, 1.0}};
    const sei_overflow   overflow = {0, 1};
    const sei_train_spec spec     = {.model       = r->model,
                                     .n_zones     = 2,
                                     .n_cells     = 2,
                                     .n_links     = 2,
                                     .n_inflows   = 1,
                                     .zones       = zones,
                                     .cells       = cells,
                                     .links       = links,
                                     .n_overflows = 1,
                                     .overflows   = &overflow};
    sei_train           *train    = NULL;

    T_OK(r->ctx, sei_train_create(r->ctx, &spec, &train));
    T_OK(r->ctx, sei_train_fill(r->ctx, train, boundary, r));
    return train;
}

/* A bed of 1000 kg of water with room for more or less of it as time goes: flow 1 kg/s. */
static sei_train *bed_train(rig *r)
{
    static double        params[2] = {0.0, 0.25};
    const sei_zone       zone      = {"bed", params};
    const sei_cell       cell      = {.water_kg = 1000.0, .heat_j_k = 4.186e6};
    const sei_link       link      = {SEI_FROM_INFLOW, 0, 1.0};
    const sei_store      store     = {.cell = 0, .start_kg = 1000.0, .is_bed = true};
    const sei_train_spec spec      = {.model     = r->model,
                                      .n_zones   = 1,
                                      .n_cells   = 1,
                                      .n_links   = 1,
                                      .n_inflows = 1,
                                      .zones     = &zone,
                                      .cells     = &cell,
                                      .links     = &link,
                                      .n_stores  = 1,
                                      .stores    = &store};
    sei_train           *train     = NULL;

    T_OK(r->ctx, sei_train_create(r->ctx, &spec, &train));
    T_OK(r->ctx, sei_train_fill(r->ctx, train, boundary, r));
    return train;
}

/* Deposits take g < 0 kg/s of the room; what is given back at g > 0 lies an hour ahead, the time that the water takes. */
typedef struct {
    sei_train *train;
    double     g;
} pores;

static sei_status keep_changing(void *user, sei_ctx *ctx, double t_s, double dt_s,
                                const sei_train *train)
{
    const pores *p = user;

    (void)ctx, (void)dt_s;
    sei_train_set_room(p->train, 0,
                       p->g < 0.0 ? 1000.0 + p->g * t_s
                                  : sei_train_water_kg(train, 0) + 3600.0 * p->g);
    return SEI_OK;
}

/*
 * The bed loses 0.2 kg/s of its mobile water for 2000 s, whose solutes stay behind: W dC/dt = Q C_in - (Q - g) C, so that
 * C comes to 1.25 C_in as (W/W0)^(Q/g - 1), here 0.6^4. Then it is given back out of the inflow: W dC/dt = Q (C_in - C), at
 * 0.3 kg/s (600/900)^(1/0.3), and never faster than half of what flows in.
 */
START_TEST(deposits_take_room_from_the_water_of_a_bed)
{
    rig              r;
    sei_step_control control;

    set_up(&r, 1, 1e-4, 0.0);
    r.pulse = false;
    pores p = {bed_train(&r), -0.2};
    sei_step_control_default(&control);
    control.fixed_dt_s = 2.0; /* the first step knows of no change yet */
    r.pulse            = true;
    T_OK(r.ctx, keep_changing(&p, r.ctx, 0.0, 0.0, p.train));
    T_OK(r.ctx,
         sei_train_advance(r.ctx, p.train, &control, boundary, &r, 2000.0, keep_changing, &p));
    T_CLOSE(sei_train_water_kg(p.train, 0), 600.0, 1e-3);
    T_CLOSE(sei_train_total(p.train, 0)[1], 2.5e-3 - 1.5e-3 * pow(0.6, 4.0), 1e-3);
    /* 2000 kg came with 2 mmol/kg: what did not go is there */
    T_CLOSE(sei_train_ledger(p.train)->out_total[1],
            5.0 - sei_train_water_kg(p.train, 0) * sei_train_total(p.train, 0)[1], 1e-12);
    ck_assert_double_lt(sei_train_imbalance(p.train, "Cl"), 1e-13);
    ck_assert_double_lt(sei_train_imbalance(p.train, "Si"), 1e-13);

    const double before = sei_train_total(p.train, 0)[1] - 2e-3,
                 water  = sei_train_water_kg(p.train, 0);
    p.g                 = 0.3;
    T_OK(r.ctx, keep_changing(&p, r.ctx, 0.0, 0.0, p.train));
    T_OK(r.ctx,
         sei_train_advance(r.ctx, p.train, &control, boundary, &r, 3000.0, keep_changing, &p));
    T_CLOSE(sei_train_water_kg(p.train, 0), water + 300.0, 1e-9);
    T_CLOSE((sei_train_total(p.train, 0)[1] - 2e-3) / before, pow(1.5, -1.0 / 0.3), 2e-3);
    p.g = 10.0;
    T_OK(r.ctx, keep_changing(&p, r.ctx, 0.0, 0.0, p.train));
    T_OK(r.ctx,
         sei_train_advance(r.ctx, p.train, &control, boundary, &r, 3100.0, keep_changing, &p));
    T_CLOSE(sei_train_water_kg(p.train, 0), water + 350.0, 1e-9);
    ck_assert_double_lt(sei_train_imbalance(p.train, "Si"), 1e-13);
    sei_train_free(p.train);
    tear_down(&r);
}
END_TEST

/* 40 % of 1 kg/s through 1000 kg: k tau = 2.5, so 1/3.5 of the silica is left, and the chamber mixes it
 * with the 60 % that went around; by share and by largest flow alike. */
START_TEST(what_a_cell_does_not_take_goes_around_it)
{
    const double     left = 1.0 / 3.5, mixed = 0.4 * left + 0.6;
    sei_step_control c;
    rig              r;

    sei_step_control_default(&c);
    set_up(&r, 1, 1e-3, 0.0);
    for (int way = 0; way < 2; way++) {
        sei_train *train = overflow_train(&r, 0.0);
        if (way == 0)
            T_OK(r.ctx, sei_train_set_take(r.ctx, train, 0, 0.4));
        else
            T_OK(r.ctx, sei_train_set_flow_max(r.ctx, train, 0, 0.4));
        T_OK(r.ctx, sei_train_advance(r.ctx, train, &c, boundary, &r, 40000.0, NULL, NULL));
        T_CLOSE(sei_train_total(train, 0)[2], left * 1e-4, 1e-5);
        T_CLOSE(sei_train_total(train, 1)[2], mixed * 1e-4, 1e-5);
        T_CLOSE(sei_train_brought_kg_s(train, 0), 1.0, 1e-12);
        T_CLOSE(sei_train_overflow_share(train, 0), 0.6, 1e-12);
        ck_assert_double_lt(sei_train_imbalance(train, "Si"), 1e-9);
        T_OK(r.ctx,
             sei_train_fill(r.ctx, train, boundary, &r)); /* and at once, from the first water */
        T_OK(r.ctx, sei_train_steady(r.ctx, train, boundary, &r, 0.0));
        T_CLOSE(sei_train_total(train, 0)[2], left * 1e-4, 1e-8);
        T_CLOSE(sei_train_total(train, 1)[2], mixed * 1e-4, 1e-8);
        T_CLOSE(sei_train_overflow_share(train, 0), 0.6, 1e-12);
        sei_train_free(train);
    }
    tear_down(&r);
}
END_TEST

/* Filter coefficient times length in one stirred cell: what is suspended falls to 1/(1 + it), at any
 * flow (Iwasaki 1937: dC/dz = -lambda C, here for one well-mixed slice). A quarter of the silica that
 * decays is suspended: k tau = 1 and 2 at 1 and 0.5 kg/s. */
START_TEST(a_filter_catches_the_same_share_at_any_flow)
{
    const double     filter = 3.0;
    sei_step_control c;
    rig              r;

    sei_step_control_default(&c);
    set_up(&r, 1, 1e-3, 0.0);
    for (int k = 1; k <= 2; k++) {
        sei_train *train = overflow_train(&r, filter);
        r.flow           = 1.0 / k;
        T_OK(r.ctx, sei_train_advance(r.ctx, train, &c, boundary, &r, 80000.0, NULL, NULL));
        const double lost = 1e-4 * k / (1.0 + k);
        T_CLOSE(sei_train_suspended(train, 0)[0], 0.25 * lost / (1.0 + filter), 1e-5);
        ck_assert_double_lt(sei_train_imbalance(train, "Si"), 1e-9);
        sei_train_free(train);
    }
    tear_down(&r);
}
END_TEST

/* Solids that are put in or taken out stand in the books; more than there is cannot be taken. */
START_TEST(solids_put_in_by_hand_are_booked)
{
    sei_element_book book;
    rig              r;

    set_up(&r, 1, 1e-3, 0.0);
    sei_train *train = overflow_train(&r, 0.0);
    sei_train_add_solid(train, 0, 0, 2.0);
    sei_train_add_solid(train, 0, 0, -5.0);
    sei_train_add_solid(train, 0, 0, 0.5);
    T_OK(r.ctx, sei_train_book(r.ctx, train, "Si", &book));
    T_CLOSE(book.added_mol, 0.5, 1e-12);
    T_CLOSE(book.change_mol, 0.5, 1e-12);
    ck_assert_double_lt(book.imbalance, 1e-14);
    T_STATUS(r.ctx, sei_train_set_take(r.ctx, train, 1, 0.5), SEI_E_ARG);
    T_STATUS(r.ctx, sei_train_set_take(r.ctx, train, 0, 1.5), SEI_E_RANGE);
    sei_train_free(train);
    tear_down(&r);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("transport");
    TCase *tc    = tcase_create("train");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, tracer_equals_tanks_in_series);
    tcase_add_test(tc, step_halving_is_of_second_order);
    tcase_add_test(tc, free_steps_follow_a_front_and_grow_behind_it);
    tcase_add_test(tc, traces_of_what_is_used_up_cost_no_steps);
    tcase_add_test(tc, cell_doubling_halves_the_spread);
    tcase_add_test(tc, first_order_decay_equals_its_solution);
    tcase_add_test(tc, steady_state_equals_the_long_transient);
    tcase_add_test(tc, repeated_forcing_ends_in_its_steady_cycle);
    tcase_add_test(tc, books_balance_to_rounding);
    tcase_add_test(tc, tank_cools_as_newton_says);
    tcase_add_test(tc, a_cell_that_gives_more_than_it_has_is_refused);
    tcase_add_test(tc, an_unbalanced_reaction_is_refused);
    tcase_add_test(tc, deposits_take_room_from_the_water_of_a_bed);
    tcase_add_test(tc, steps_that_stay_short_are_an_end);
    tcase_add_test(tc, what_a_cell_does_not_take_goes_around_it);
    tcase_add_test(tc, a_filter_catches_the_same_share_at_any_flow);
    tcase_add_test(tc, solids_put_in_by_hand_are_booked);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
