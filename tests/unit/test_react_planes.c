/*
 * test_react_planes.c - surfaces with three planes: their limit without condensers, their equations, and their slopes
 *
 * Condensers of any capacity have no potential across them: then a surface with planes is one with a diffuse layer alone, whose
 * law for a salt of one charge is that of Gouy and Chapman, and whose potential is the one of plane 2.
 */
#include "react/react.h"
#include "t.h"

/* Sites with half a charge, as those of goethite (hiemstra1996); constants of rahnemaie2006. */
static const char species[] =
    "SURFACE_MASTER_SPECIES\n"
    " Goe_o Goe_oOH-0.5\n Flat_o Flat_oOH-0.5\n"
    "SURFACE_SPECIES\n"
    " Goe_oOH-0.5 = Goe_oOH-0.5\n -cd_music 0 0 0 0 0\n"
    " Goe_oOH-0.5 + H+ = Goe_oOH2+0.5\n log_k 9\n -cd_music 1 0 0\n"
    " Goe_oOH-0.5 + Na+ = Goe_oOHNa+0.5\n log_k -0.38\n -cd_music 0 0.59 0.41\n"
    " Goe_oOH2+0.5 + Cl- = Goe_oOH2Cl-0.5\n log_k -0.53\n -cd_music 0 0 0 0.25 -1\n"
    " Flat_oOH-0.5 = Flat_oOH-0.5\n"
    " Flat_oOH-0.5 + H+ = Flat_oOH2+0.5\n log_k 9\n"
    " Flat_oOH-0.5 + Na+ = Flat_oOHNa+0.5\n log_k -0.38\n"
    " Flat_oOH2+0.5 + Cl- = Flat_oOH2Cl-0.5\n log_k -0.53\n";

static const double site_mol = 2e-3, area_m2 = 500.0, salt_mol = 0.05;

static sei_ctx        *ctx;
static sei_db         *db;
static sei_sorb       *sorb;
static sei_react      *react;
static sei_react_work *work;

static void set_up(void)
{
    static const char *const elements[] = {"Na", "Cl"}, *const sites[] = {"Goe_o", "Flat_o"};

    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_db_read(ctx, SEI_PROJECT_DIR "/data/thermo/minewater.dat", &db));
    T_OK(ctx, sei_sorb_create(ctx, &sorb));
    T_OK(ctx, sei_sorb_read(ctx, sorb, "goethite", 1, species, strlen(species)));
    const sei_react_spec spec = {.db         = db,
                                 .sorb       = sorb,
                                 .n_elements = 2,
                                 .elements   = elements,
                                 .n_sites    = 2,
                                 .sites      = sites};
    T_OK(ctx, sei_react_create(ctx, &spec, &react));
    T_OK(ctx, sei_react_work_create(ctx, react, &work));
}

static void tear_down(void)
{
    sei_react_work_free(work);
    sei_react_free(react);
    sei_sorb_free(sorb);
    sei_db_free(db);
    sei_ctx_free(ctx);
}

/* Sites of a surface, flat or with planes, in salt water with acid or base. */
static void fill(sei_react_system *s, sei_react_state *state, size_t site, const char *formula,
                 double acid_mol, double capacitance)
{
    const bool has_planes = capacitance > 0.0;

    *s     = (sei_react_system){.temp_k = 298.15, .n_sites = 1};
    *state = (sei_react_state){.ln_ae = -9.0, .mu = salt_mol, .water_kg = 1.0};
    for (size_t k = 0; k < sei_react_net(react)->n_comp; k++)
        state->x[k] = log(k + 1 < sei_react_net(react)->n_comp ? salt_mol : 1e-7);
    sei_react_add_water_kg(1.0, &s->total);
    ck_assert(sei_react_add_formula(react, "NaCl", salt_mol, &s->total));
    ck_assert(
        sei_react_add_formula(react, acid_mol > 0.0 ? "HCl" : "NaOH", fabs(acid_mol), &s->total));
    ck_assert(sei_react_add_formula(react, formula, site_mol, &s->total));
    s->sites[0]   = (sei_site_amount){site, site_mol, 0};
    s->n_surfaces = has_planes ? SEI_REACT_PLANES : 1;
    for (size_t p = 0; p < s->n_surfaces; p++)
        s->surfaces[p] = (sei_surface){.area_m2          = area_m2,
                                       .has_planes       = has_planes,
                                       .plane            = (uint8_t)p,
                                       .capacitance_f_m2 = capacitance};
}

static const double acids_mol[] = {-1e-3, -1e-5, 3e-4, 1e-3};

START_TEST(without_condensers_planes_are_a_diffuse_layer)
{
    sei_react_system s;
    sei_react_state  planes, flat;
    const size_t     h = sei_react_net(react)->n_comp - 1;

    fill(&s, &planes, 1, "Flat_oOHH0.5", acids_mol[_i], 1e8);
    T_OK(ctx, sei_react_solve(ctx, work, &s, &planes));
    fill(&s, &flat, 1, "Flat_oOHH0.5", acids_mol[_i], 0.0);
    T_OK(ctx, sei_react_solve(ctx, work, &s, &flat));
    /* The water has a charge of its own, which a single ion makes up for: 2 % of the salt's. */
    for (size_t p = 0; p < SEI_REACT_PLANES; p++)
        ck_assert_double_eq_tol(planes.potential[p], flat.potential[0], 0.03);
    ck_assert_double_eq_tol(planes.x[h], flat.x[h], 0.03);
    ck_assert_double_eq_tol(planes.potential[0], planes.potential[2], 1e-6);
}
END_TEST

/* Charges of the planes from the amounts of the species, C/m2. */
static void charges(const sei_react_state *state, double ret[SEI_REACT_PLANES])
{
    static const struct {
        const char *name;
        double      z[SEI_REACT_PLANES];
    } rows[]    = {{"Goe_oOH-0.5", {-0.5, 0.0, 0.0}},
                   {"Goe_oOH2+0.5", {0.5, 0.0, 0.0}},
                   {"Goe_oOHNa+0.5", {-0.5, 0.59, 0.41}},
                   {"Goe_oOH2Cl-0.5", {0.25, -0.75, 0.0}}};
    size_t seen = 0;

    memset(ret, 0, SEI_REACT_PLANES * sizeof *ret);
    for (size_t k = 0; k < sei_react_n_sorbed(react); k++)
        for (size_t i = 0; i < T_COUNT(rows); i++) {
            if (strcmp(sei_react_sorbed(react, k)->name, rows[i].name) != 0)
                continue;
            seen++;
            for (size_t p = 0; p < SEI_REACT_PLANES; p++)
                ret[p] += rows[i].z[p] * state->sorbed_mol[k] * 96493.5 / area_m2;
        }
    ck_assert_uint_eq(seen, T_COUNT(rows));
}

/* Their own equations, with what the amounts of species say; the law of the diffuse plane with the sum over all ions. */
START_TEST(charges_are_those_of_the_condensers_and_of_the_diffuse_layer)
{
    const double     farad_m2 = 0.9, volt = 8.31470 * 298.15 / 96493.5;
    sei_react_system s;
    sei_react_state  state;
    double           sigma[SEI_REACT_PLANES], sum = 0.0, charge = 0.0;

    fill(&s, &state, 0, "Goe_oOHH0.5", acids_mol[_i], farad_m2);
    T_OK(ctx, sei_react_solve(ctx, work, &s, &state));
    charges(&state, sigma);
    const double *y = state.potential;
    T_NEAR(sigma[0], farad_m2 * volt * (y[0] - y[1]), 1e-9);
    T_NEAR(sigma[0] + sigma[1], farad_m2 * volt * (y[1] - y[2]), 1e-9);
    const sei_equil *eq = sei_react_equil(work);
    for (size_t i = 0; i < eq->net->n_species; i++) {
        sum += eq->m[i] * expm1(-eq->net->charge[i] * y[2]);
        charge += eq->m[i] * eq->net->charge[i];
    }
    sum += fabs(charge) * expm1(charge > 0.0 ? y[2] : -y[2]);
    const double law = copysign(
        sqrt(2000.0 * sei_water_permittivity(298.15) * 8.854e-12 * 8.31470 * 298.15 * sum), y[2]);
    T_NEAR(sigma[0] + sigma[1] + sigma[2], law, 1e-6 * fabs(law) + 1e-9);
}
END_TEST

/* To first order along the exact slopes, and second order beside it. */
START_TEST(the_slopes_are_exact)
{
    sei_react_system s;
    sei_react_state  base, moved, there;
    sei_amounts      change = {0};
    const size_t     h      = sei_react_net(react)->n_comp - 1;
    double           off[2];

    ck_assert(sei_react_add_formula(react, "NaOH", 1.0, &change));
    for (int k = 0; k < 2; k++) {
        const double step_mol = k == 0 ? 2e-6 : 1e-6;
        fill(&s, &base, 0, "Goe_oOHH0.5", acids_mol[_i], 0.9);
        T_OK(ctx, sei_react_solve(ctx, work, &s, &base));
        there = base;
        sei_react_add_amounts(react, &change, step_mol, &s.total);
        T_OK(ctx, sei_react_solve(ctx, work, &s, &there));
        sei_react_add_amounts(react, &change, -step_mol, &s.total);
        T_OK(ctx, sei_react_solve(ctx, work, &s, &base));
        ck_assert(sei_react_move(work, &s, &change, step_mol, &moved));
        off[k] = fabs(moved.x[h] - there.x[h]);
        for (size_t p = 0; p < SEI_REACT_PLANES; p++)
            off[k] = fmax(off[k], fabs(moved.potential[p] - there.potential[p]));
        ck_assert_double_le(off[k], 0.02 * fabs(there.x[h] - base.x[h]));
        sei_react_move_back(work, &s);
    }
    ck_assert_double_le(off[1], 0.3 * off[0] + 1e-10);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("react_planes");
    TCase *tc    = tcase_create("planes");

    tcase_add_checked_fixture(tc, set_up, tear_down);
    tcase_add_loop_test(tc, without_condensers_planes_are_a_diffuse_layer, 0,
                        (int)T_COUNT(acids_mol));
    tcase_add_loop_test(tc, charges_are_those_of_the_condensers_and_of_the_diffuse_layer, 0,
                        (int)T_COUNT(acids_mol));
    tcase_add_loop_test(tc, the_slopes_are_exact, 0, (int)T_COUNT(acids_mol));
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
