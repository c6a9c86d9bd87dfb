/* test_specific.c - Pitzer's equations and SIT against integrals, thermodynamic identities and measured coefficients */
#include "chem/equil.h"
#include "chem/net.h"
#include "t.h"

#define LN10 2.302585092994045684

/* ------------------------------------------------------------------ J(x) */

/* The integral as Pitzer 1975 writes it, by Simpson's rule. */
static double j_by_simpson(double x)
{
    enum { N = 200000 };
    const double top = 60.0, h = top / N;
    double       sum = 0.0;

    for (int i = 1; i <= N; i++) {
        const double y = h * i, q = x / y * exp(-y);
        sum += (i == N ? 1.0 : i % 2 ? 4.0 : 2.0) * -expm1(-q) * y * y;
    }
    return 0.25 * x - 1.0 + sum * h / 3.0 / x;
}

START_TEST(electrostatic_integral_is_pitzers)
{
    static const double x[] = {0.02, 0.3, 1.0, 4.0, 12.0, 50.0, 200.0};
    sei_electrostatic   nodes;

    sei_electrostatic_set_up(&nodes);
    for (size_t k = 0; k < T_COUNT(x); k++) {
        const double      h = 1e-4 * x[k];
        const sei_j_value v = sei_electrostatic_j(&nodes, x[k]);
        T_NEAR(v.j, j_by_simpson(x[k]), 2e-9 + 1e-8 * v.j);
        /* x d/dx, once and twice */
        const sei_j_value up   = sei_electrostatic_j(&nodes, x[k] + h),
                          down = sei_electrostatic_j(&nodes, x[k] - h);
        T_NEAR(v.dj, (up.j - down.j) / 2e-4, 1e-6 * v.dj);
        T_NEAR(v.d2j, (up.dj - down.dj) / 2e-4, 1e-6 * v.d2j);
    }
}
END_TEST

/* The table gives what the integral gives, between its points and outside of them. */
START_TEST(table_of_the_integral_is_the_integral)
{
    sei_electrostatic nodes;
    sei_j_table      *table = calloc(1, sizeof *table);

    sei_electrostatic_set_up(&nodes);
    for (double ln_x = -17.0; ln_x < 9.0; ln_x += 0.0371) {
        const sei_j_value want = sei_electrostatic_j(&nodes, exp(ln_x));
        const sei_j_value got  = sei_electrostatic_look_up(&nodes, table, ln_x);
        T_NEAR(got.j, want.j, 1e-12 * want.j + 1e-14);
        T_NEAR(got.dj, want.dj, 1e-10 * want.dj + 1e-13);
        T_NEAR(got.d2j, want.d2j, 1e-5 * want.d2j + 1e-12);
    }
    free(table);
}
END_TEST

/* ------------------------------------------------------------------ networks */

typedef struct {
    sei_ctx   *ctx;
    sei_db    *db;
    sei_net   *net;
    sei_equil *eq;
} setting;

static setting set_up(const char *database, size_t n, const char *const components[])
{
    setting            s    = {.ctx = sei_ctx_create(NULL)};
    const sei_net_spec spec = {.n_components = n, .components = components};

    T_OK(s.ctx, sei_db_read(s.ctx, database, &s.db));
    T_OK(s.ctx, sei_net_create(s.ctx, s.db, &spec, &s.net));
    T_OK(s.ctx, sei_equil_create(s.ctx, s.net, &s.eq));
    return s;
}

static void tear_down(setting *s)
{
    sei_equil_free(s->eq);
    sei_net_free(s->net);
    sei_db_free(s->db);
    sei_ctx_free(s->ctx);
}

static const char *const hmw84 = SEI_TEST_DIR "/refs/pitzer/hmw84.dat";

/* ------------------------------------------------------------------ identities */

static const char *const databases[] = {SEI_TEST_DIR "/refs/pitzer/hmw84.dat",
                                        SEI_TEST_DIR "/refs/sit/nea.dat"};

static void evaluate(setting *s, const double m[], double ret_lng[], double *ret_ln_aw)
{
    sei_specific *p = s->eq->specific;

    memcpy(p->scaled, m, s->net->n_species * sizeof *m);
    sei_specific_evaluate(p, p->scaled);
    memcpy(ret_lng, p->lng, s->net->n_species * sizeof *m);
    *ret_ln_aw = p->ln_aw;
}

enum { SPECIES_MAX = 60 };

/*
 * Gibbs and Duhem: 55.508 d ln a_w + sum m d ln(m gamma) = 0 in every direction; ln gamma is a gradient, so that its slopes are
 * symmetric; the slopes are those of differences. All of it at a composition made at random, neutral or not.
 */
START_TEST(activities_obey_thermodynamics)
{
    static const char *const components[] = {"Na", "Mg", "Ca", "Cl", "S"};
    setting                  s            = set_up(databases[_i], T_COUNT(components), components);
    const size_t             n            = s.net->n_species;
    double m[SPECIES_MAX], up[SPECIES_MAX], down[SPECIES_MAX], slopes[SPECIES_MAX * SPECIES_MAX],
        aw[2];
    size_t species[SPECIES_MAX];

    ck_assert_uint_le(n, SPECIES_MAX);
    sei_equil_set_temp(s.eq, 298.15);
    for (size_t i = 0; i < n; i++) {
        m[i]       = 0.05 + 0.9 * fmod(0.618034 * (double)(i + 1), 1.0);
        species[i] = i;
    }
    evaluate(&s, m, up, &aw[0]);
    sei_specific_slopes(s.eq->specific, m, n, species, slopes);
    double along = 0.0, rise[SPECIES_MAX];
    memcpy(rise, s.eq->specific->slope, n * sizeof *rise);
    for (size_t l = 0; l < n; l++) {
        const double h = 1e-6, old = m[l];
        double       sum = 0.0;
        m[l]             = old + h;
        evaluate(&s, m, up, &aw[0]);
        m[l] = old - h;
        evaluate(&s, m, down, &aw[1]);
        m[l] = old;
        for (size_t k = 0; k < n; k++) {
            const double slope = (up[k] - down[k]) / (2.0 * h);
            T_NEAR(slopes[k * n + l], slope, 1e-7 * (1.0 + fabs(slope)));
            T_NEAR(slopes[k * n + l], slopes[l * n + k], 1e-11);
            sum += m[k] * slope;
        }
        T_NEAR(55.50837 * (aw[0] - aw[1]) / (2.0 * h), -(sum + 1.0), 1e-6);
        along += m[l];
    }
    for (size_t k = 0; k < n; k++) { /* all molalities grow alike */
        double sum = 0.0;
        for (size_t l = 0; l < n; l++)
            sum += slopes[k * n + l] * m[l];
        T_NEAR(rise[k], sum, 1e-10 * (1.0 + fabs(sum)));
        along += m[k] * sum;
    }
    T_NEAR(-55.50837 * s.eq->specific->aw_slope, along, 1e-5);
    tear_down(&s);
}
END_TEST

/* ------------------------------------------------------------------ measured coefficients */

/* Robinson and Stokes 1965 (appendix 8.10): osmotic and mean activity coefficients at 25 degC. */
typedef struct {
    const char *cation, *anion;
    double      n_cation, n_anion, molal, osmotic, gamma;
} measured;

static const measured table[] = {
    {"Na", "Cl", 1, 1, 0.1, 0.9324, 0.778}, {"Na", "Cl", 1, 1, 0.5, 0.9209, 0.681},
    {"Na", "Cl", 1, 1, 1.0, 0.9355, 0.657}, {"Na", "Cl", 1, 1, 2.0, 0.9833, 0.668},
    {"Na", "Cl", 1, 1, 4.0, 1.1158, 0.783}, {"Na", "Cl", 1, 1, 6.0, 1.2706, 0.986},
    {"K", "Cl", 1, 1, 1.0, 0.8974, 0.604},  {"K", "Cl", 1, 1, 4.0, 0.9647, 0.577},
    {"Ca", "Cl", 1, 2, 0.1, 0.854, 0.518},  {"Ca", "Cl", 1, 2, 0.5, 0.917, 0.448},
    {"Ca", "Cl", 1, 2, 1.0, 1.046, 0.500},  {"Ca", "Cl", 1, 2, 2.0, 1.376, 0.792},
    {"Mg", "Cl", 1, 2, 1.0, 1.108, 0.570},  {"Mg", "Cl", 1, 2, 2.0, 1.523, 1.051},
};

static double mean_gamma(const setting *s, const measured *r, double molal)
{
    double sum = 0.0, n = r->n_cation + r->n_anion;

    for (size_t i = 0; i < s->net->n_species; i++) {
        const char *name = s->net->name[i];
        const bool  is_c = strncmp(name, r->cation, strlen(r->cation)) == 0 &&
                          strchr("+", name[strlen(r->cation)]) && s->net->charge[i] > 0.0;
        const bool is_a = strcmp(name, "Cl-") == 0;
        if (is_c)
            sum += r->n_cation * log(s->eq->m[i] / (r->n_cation * molal)) +
                   r->n_cation * s->eq->lng[i];
        if (is_a)
            sum +=
                r->n_anion * log(s->eq->m[i] / (r->n_anion * molal)) + r->n_anion * s->eq->lng[i];
    }
    return exp(sum / n);
}

START_TEST(coefficients_are_the_measured_ones)
{
    const measured *r            = &table[_i];
    const char     *components[] = {r->cation, r->anion};
    setting         s            = set_up(hmw84, 2, components);
    const double    total[]      = {r->n_cation * r->molal, r->n_anion * r->molal, 0.0};
    const sei_water water        = {.temp_k        = 298.15,
                                    .fix_ph        = true,
                                    .ph            = 7.0,
                                    .total         = total,
                                    .balance       = SIZE_MAX,
                                    .alk_component = SIZE_MAX};

    T_OK(s.ctx, sei_equil_solve(s.ctx, s.eq, &water, NULL));
    const double osmotic = -s.eq->ln_aw * 55.50837 / ((r->n_cation + r->n_anion) * r->molal);
    T_CLOSE(osmotic, r->osmotic, 0.01);
    T_CLOSE(mean_gamma(&s, r, r->molal), r->gamma, 0.015);
    tear_down(&s);
}
END_TEST

/* Sulfuric acid (the same): its osmotic coefficient counts three ions; hydrogen sulfate is a species here. */
START_TEST(sulfuric_acid_is_as_measured)
{
    static const double      acid[][2]    = {{0.5, 0.676}, {1.0, 0.721}, {2.0, 0.846}};
    static const char *const components[] = {"S"};
    setting                  s            = set_up(hmw84, 1, components);

    for (size_t k = 0; k < T_COUNT(acid); k++) {
        const double    total[] = {acid[k][0], 2.0 * acid[k][0]};
        const sei_water water   = {.temp_k        = 298.15,
                                   .total         = total,
                                   .ph            = 1.0,
                                   .balance       = SIZE_MAX,
                                   .alk_component = SIZE_MAX};
        T_OK(s.ctx, sei_equil_solve(s.ctx, s.eq, &water, NULL));
        T_CLOSE(-s.eq->ln_aw * 55.50837 / (3.0 * acid[k][0]), acid[k][1], 0.015);
    }
    tear_down(&s);
}
END_TEST

/* ------------------------------------------------------------------ the way back */

/* From the activities of a water its composition: brines, acid, and next to nothing. */
START_TEST(activities_give_their_composition_back)
{
    static const char *const components[] = {"Na", "Mg", "Cl", "S"};
    static const double      waters[][4]  = {{0.1, 0.01, 0.1, 0.01},
                                             {2.0, 1.0, 2.0, 1.0},
                                             {0.01, 5.0, 10.0, 0.005},
                                             {5.0, 0.01, 3.0, 1.0}};
    setting                  s            = set_up(hmw84, T_COUNT(components), components);
    double                   m[SPECIES_MAX];

    for (size_t k = 0; k < T_COUNT(waters); k++)
        for (double ph = 0.0; ph < 12.0; ph += 3.5) {
            double total[T_COUNT(components) + 1] = {0.0};
            memcpy(total, waters[k], sizeof waters[k]);
            const sei_water water = {.temp_k        = 298.15,
                                     .fix_ph        = true,
                                     .ph            = ph,
                                     .total         = total,
                                     .balance       = 2,
                                     .alk_component = SIZE_MAX};
            T_OK(s.ctx, sei_equil_solve(s.ctx, s.eq, &water, NULL));
            memcpy(m, s.eq->m, s.net->n_species * sizeof *m);
            sei_specific_begin(s.eq);
            ck_assert(sei_specific_settle(s.eq, true));
            for (size_t i = 0; i < s.net->n_species; i++)
                T_CLOSE(s.eq->m[i], m[i], 1e-7);
        }
    tear_down(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("specific");
    TCase *all   = tcase_create("all");

    tcase_add_test(all, electrostatic_integral_is_pitzers);
    tcase_add_test(all, table_of_the_integral_is_the_integral);
    tcase_add_loop_test(all, activities_obey_thermodynamics, 0, T_COUNT(databases));
    tcase_add_loop_test(all, coefficients_are_the_measured_ones, 0, T_COUNT(table));
    tcase_add_test(all, sulfuric_acid_is_as_measured);
    tcase_add_test(all, activities_give_their_composition_back);
    suite_add_tcase(suite, all);
    return t_run(suite);
}
