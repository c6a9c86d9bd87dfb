/*
 * run_conductivity.c - SC, VISCOS and what ions add to them, by the diffusion coefficients and viscosities of the database
 *
 * Specific conductance: each ion's own at no dilution (-dw), slowed down by its neighbours. Databases up to PHREEQC 3.7 (and
 * species with an exponent of their own) do so by an exponential of the ionic strength (appelo2017), those of 3.8 by the
 * equations of Debye, Hückel, Onsager and Falkenhagen for mixtures (robinson1959, ch. 6 and 7): relaxation b1, electrophoresis
 * b2. Viscosity: Jones and Dole's equation, its first term by Falkenhagen and Dole's (falkenhagen1932), the others fitted
 * (phreeqc.dat of parkhurst2013's successors). What is fitted is as PHREEQC 3.8.6 has it.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/pressure.h"
#include "chem/viscosity.h"
#include "phreeqc/run_impl.h"

#define FARADAY   96493.5 /* C/mol, as PHREEQC has it; so with the others */
#define GAS_J     8.3147  /* J/mol/K */
#define AVOGADRO  6.02252e23
#define BOLTZMANN 1.38066e-23
#define CHARGE    1.60218e-19
#define VACUUM    8.8542e-12 /* F/m */
#define PI        3.14159265358979

#define T_REF_K           298.15
#define LEAST_MOLAL       1e-30
#define LEAST_FOR_VISCOUS 1e-9
#define VISCOUS_T_MAX_C   200.0

typedef struct {
    const pq_runner     *r;
    const sei_equil     *eq;
    const sei_db        *db;
    const double        *molal; /* mol/kgw by species */
    double               mu;
    sei_water_properties water;
    double               water_mpa_s, mpa_s; /* of pure water, of the solution */
    bool                 is_viscous;         /* the database knows viscosities */
    /* sums over cations and anions, mol/kgw */
    double m[2], eq_mol[2], eq_dw[2], eq_by_dw[2];
} ions;

static size_t species_of(const ions *s, size_t i)
{
    return s->eq->net->db_index[i];
}

const double *pq_dw_of(const pq_runner *r, size_t db_species)
{
    const sei_species *s = &r->db->species[db_species];

    for (size_t i = 0; r->own_dw && i < r->own_dw->n; i++)
        if (r->own_dw->of[i].species == db_species && r->own_dw->of[i].line == s->line)
            return r->own_dw->of[i].dw;
    return s->dw;
}

static const double *dw_of(const ions *s, size_t db_species)
{
    return pq_dw_of(s->r, db_species);
}

/* Tracer diffusion in pure water at this temperature, m2/s; 0: the database has none. */
static double tracer(const ions *s, size_t db_species)
{
    const double *dw = dw_of(s, db_species);
    const double  t  = s->eq->temp_k;

    return dw[0] * exp(dw[1] / t - dw[1] / T_REF_K) * PQ_WATER_25_MPA_S / s->water_mpa_s;
}

static void sum_ions(ions *s)
{
    for (size_t i = 0; i < s->eq->net->n_species; i++) {
        const double z = s->eq->net->charge[i], m = s->molal[i];
        const double dw = tracer(s, species_of(s, i));
        const int    k  = z < 0.0;
        s->is_viscous   = s->is_viscous || s->db->species[species_of(s, i)].has_viscosity;
        if (z == 0.0 || !(m > LEAST_MOLAL) || dw == 0.0)
            continue;
        s->m[k] += m;
        s->eq_mol[k] += m * fabs(z);
        s->eq_dw[k] += m * fabs(z) * dw;
        s->eq_by_dw[k] += m * fabs(z) / dw;
    }
}

static bool has_both(const ions *s)
{
    return s->m[0] > 0.0 && s->m[1] > 0.0;
}

/* ------------------------------------------------------------------ viscosity */

/* Falkenhagen and Dole's term, mPa s. */
static double electrostatic(const ions *s)
{
    if (!has_both(s))
        return 0.0;
    const double z1 = s->eq_mol[0] / s->m[0], z2 = s->eq_mol[1] / s->m[1];
    const double d1 = s->eq_mol[0] / s->eq_by_dw[0], d2 = s->eq_mol[1] / s->eq_by_dw[1];
    const double t   = (d1 - d2) / (sqrt(d1 * z1 + d2 * z2) + sqrt((d1 + d2) * (z1 + z2)));
    const double psi = (d1 * z2 + d2 * z1) / 4.0 - z1 * z2 * t * t;
    const double a   = 4.3787e-14 * pow(s->eq->temp_k, 1.5) /
                     (sqrt(s->water.permittivity * (z1 + z2) / fmax(z1, z2)) * (d1 * d2)) * psi;

    return a * sqrt((s->eq_mol[0] + s->eq_mol[1]) / 2.0);
}

/* B and D terms of one species, b[]: b0 b1 b2 d1 d2 d3 anion's factor, then b0 and d1 at 25 degC. */
static double jones_dole(const double b[], double temp_c, double m, double mu, double z,
                         double *d_sum)
{
    double b0 = b[0], d1 = b[3];

    if (b[7] != 0.0 || b[8] != 0.0) {
        b0 = b[7] - b[1] * exp(-b[2] * 25.0);
        d1 = b[8] / exp(-b[4] * 25.0);
    }
    const double own   = z == 0.0 ? mu / m : (z * z + fabs(z)) / 2.0;
    const double extra = b[5] >= 1.0 ? mu / 3.0 / b[5] : b[5] > 0.4 ? -0.8 / b[5] : -1.0;
    const double d     = d1 * exp(-b[4] * temp_c) * m *
                     (pow(mu, b[5]) * (1.0 + extra) + pow(m * own, b[5])) / (2.0 + extra);
    if (!(d < -1e-5))
        *d_sum += d;
    return (b0 + b[1] * exp(-b[2] * temp_c)) * m;
}

/* 2 - V / V(Cl-) of the anions. */
static double anion_factor(const ions *s)
{
    const size_t chloride = sei_db_find_species(s->db, "Cl-");
    double       volume = 0.0, m = 0.0;

    if (chloride == SIZE_MAX)
        return 1.0;
    for (size_t i = 0; i < s->eq->net->n_species; i++) {
        const size_t k      = species_of(s, i);
        const double factor = k == chloride ? 1.0 : s->db->species[k].viscosity[6];
        if (s->eq->net->charge[i] > 0.0 || factor == 0.0 || !(s->molal[i] > LEAST_FOR_VISCOUS))
            continue;
        volume += sei_species_volume_cm3(s->db, k, &s->water, s->mu) * factor * s->molal[i];
        m += s->molal[i];
    }
    const double own = sei_species_volume_cm3(s->db, chloride, &s->water, s->mu);
    return m > 0.0 && own != 0.0 ? 2.0 - volume / m / own : 1.0;
}

/* B and D terms of all species; *ret_own: those of one. */
static double sum_terms(const ions *s, size_t species, double *ret_own)
{
    const double temp_c = fmin(s->eq->temp_k - SEI_ZERO_CELSIUS, VISCOUS_T_MAX_C);
    double       b_sum = 0.0, d_sum = 0.0;

    *ret_own = 0.0;
    for (size_t i = 0; i < s->eq->net->n_species; i++) {
        const double *p = s->db->species[species_of(s, i)].viscosity;
        double        d = 0.0;
        if (!(s->molal[i] > LEAST_FOR_VISCOUS && (p[0] != 0.0 || p[1] != 0.0 || p[3] != 0.0)))
            continue;
        const double b = jones_dole(p, temp_c, s->molal[i], s->mu, s->eq->net->charge[i], &d);
        b_sum += b;
        d_sum += d;
        if (species_of(s, i) == species)
            *ret_own = b + d;
    }
    return b_sum + fmax(d_sum, 0.0);
}

static double solution_mpa_s(const ions *s)
{
    double own;

    if (!s->is_viscous)
        return s->water_mpa_s;
    return s->water_mpa_s + electrostatic(s) +
           s->water_mpa_s * anion_factor(s) * sum_terms(s, SIZE_MAX, &own);
}

/* A water of these molalities and ionic strength, at the temperature of eq. */
static void look_at_water(const pq_runner *r, const sei_equil *eq, const double m[], double mu,
                          ions *s)
{
    *s = (ions){
        .r = r, .eq = eq, .db = eq->net->db, .molal = m, .mu = mu, .water = pq_pure_water(eq)};
    s->water_mpa_s = 1e3 * sei_water_viscosity_pa_s(eq->temp_k, s->water.density_kg_l);
    sum_ions(s);
    s->mpa_s = solution_mpa_s(s);
}

static void look_at_ions(const pq_runner *r, const pq_view *v, ions *s)
{
    look_at_water(r, v->eq, v->eq->m, v->eq->mu, s);
}

double pq_viscosity_mpa_s(const pq_runner *r, const pq_view *v, bool of_water)
{
    ions s;

    look_at_ions(r, v, &s);
    return of_water ? s.water_mpa_s : s.mpa_s;
}

double pq_viscous_share(const pq_runner *r, const pq_view *v, const char *name)
{
    ions   s;
    double own;

    look_at_ions(r, v, &s);
    const size_t k   = sei_db_find_species(s.db, name);
    const double sum = sum_terms(&s, k, &own);
    return k != SIZE_MAX && sum != 0.0 ? own / sum : 0.0;
}

/* ------------------------------------------------------------------ conductance */

/* uS/cm of a mol/kgw of an ion with this tracer diffusion and one charge. */
static double uncorrected(double dw)
{
    return dw * 1e7 * FARADAY * FARADAY / (GAS_J * 298.15);
}

/* appelo2017: exponential of the ionic strength: the share that is left of what an ion conducts alone. */
static double left_by_strength(const ions *s, size_t species)
{
    const double *p = dw_of(s, species);
    const double  z = fabs(s->db->species[species].composition.charge), mu = s->mu, root = sqrt(mu);
    const double  a = p[2] != 0.0 ? p[2] : 1.6, a2 = p[3] != 0.0 ? p[3] : 4.73;
    const bool    slow = s->is_viscous && p[4] != 0.0;
    const double  v    = slow ? pow(s->water_mpa_s / s->mpa_s, p[4]) : 1.0;
    const double  a3   = p[5] != 0.0 ? pow(mu, p[5]) : slow ? 1.0 : pow(mu, 0.75);
    const double  ka   = s->eq->dh.b * a2 * root / (1.0 + a3);

    return v * exp(-a * s->eq->dh.a * z * root / (1.0 + ka));
}

/* Factors of a solution: relaxation and electrophoresis, both by sqrt(mu). */
typedef struct {
    double b1, b2, mean_z[2];
} falkenhagen;

static falkenhagen factors(const ions *s)
{
    falkenhagen  f  = {.mean_z = {s->eq_mol[0] / s->m[0], s->eq_mol[1] / s->m[1]}};
    const double z1 = f.mean_z[0], z2 = f.mean_z[1];
    const double d1 = s->eq_dw[0] / s->m[0], d2 = s->eq_dw[1] / s->m[1], t = d1 / (d1 + d2);
    const double q = 1.0 / ((t / z1 + (1.0 - t) / z2) * (z1 + z2));
    const double e = CHARGE * CHARGE / (6.0 * PI);

    f.b1 = e / (2.0 * VACUUM * s->water.permittivity * BOLTZMANN * s->eq->temp_k) * q /
           (1.0 + sqrt(q)) * s->eq->dh.b * 1e10 * z1 * z2;
    f.b2 = e * AVOGADRO / s->water_mpa_s * s->eq->dh.b * 1e17; /* S cm2/eq */
    return f;
}

/* How much wider than its size an ion stands apart from others. */
static double widening(const ions *s, size_t k, double a2)
{
    if (a2 == 0.0)
        return 1.0;
    if (k == s->db->h_plus)
        return pow(1.0 + s->mu, a2);
    sei_water_properties at_1_atm = s->water; /* PHREEQC leaves Born's function at the pressure */
    at_1_atm.pressure_atm         = 1.0;
    const double more             = 1.0 + sei_species_volume_cm3(s->db, k, &s->water, s->mu) -
                        sei_species_volume_cm3(s->db, k, &at_1_atm, 0.0);
    return fmax(1.0, more > 0.0 ? pow(more, a2) : more);
}

/* The share that is left of what an ion with this tracer diffusion conducts alone. */
static double left_by_falkenhagen(const ions *s, const falkenhagen *f, size_t species, double dw)
{
    const double *p = dw_of(s, species);
    const double z = s->db->species[species].composition.charge, size = fabs(z), root = sqrt(s->mu);
    double       a = p[2] != 0.0 ? p[2] : 3.5, a2 = p[3];
    const double a3 = p[5] != 0.0 ? p[5] : 10.0;

    if (z < -0.5) { /* cations of two charges tell on anions */
        a -= 0.126 * size * (f->mean_z[0] - 1.0);
        a2 += 0.126 * size * (f->mean_z[0] - 1.0);
    }
    const double own  = 1e-3 * uncorrected(dw) * size; /* S cm2/eq */
    const double ka   = a3 >= 5.0 ? s->eq->dh.b * a * widening(s, species, a2) * root
                                  : s->eq->dh.b * a * pow(s->mu, a2);
    double       left = (1.0 - f->b2 * size * root / (1.0 + ka) / own) *
                  (1.0 - f->b1 * root / ((1.0 + ka) * (1.0 + ka)));
    if (p[4] != 0.0)
        left *= pow(s->water_mpa_s / s->mpa_s, p[4]);
    return left;
}

/* Does the database have its newer parameters, as PHREEQC tells them apart? */
static bool is_newer(const ions *s)
{
    return dw_of(s, s->db->h_plus)[5] > 24.0 && has_both(s);
}

static bool is_by_strength(const ions *s, size_t species, bool newer)
{
    const double a3 = dw_of(s, species)[5];

    return !newer || (a3 != 0.0 && a3 > -5.01 && a3 < 4.99);
}

/* uS/cm of an ion, by Falkenhagen's factors: per volume of the solution, ions of one and two charges beside each other. */
static double by_falkenhagen(const ions *s, const falkenhagen *f, size_t i, double dw)
{
    const double size     = fabs(s->eq->net->charge[i]);
    const int    sign     = s->eq->net->charge[i] < 0.0;
    const double l        = pq_volume_l_kg(s->eq);
    const double own      = 1e-3 * uncorrected(dw) * size;
    const double strength = 3.0 * s->m[sign] * (f->mean_z[sign] - 1.0) + s->m[sign];
    const double both     = s->eq_mol[0] + s->eq_mol[1];

    return own * left_by_falkenhagen(s, f, species_of(s, i), dw) * s->eq->m[i] * size * size /
           (strength * both / (2.0 * s->eq_mol[sign])) * 0.5e3 * both / (l * l);
}

/* uS/cm of all ions, and of one species. */
static double conductance(const ions *s, size_t species, double *ret_own)
{
    const bool        newer = is_newer(s);
    const falkenhagen f     = newer ? factors(s) : (falkenhagen){0};
    double            sum   = 0.0;

    *ret_own = 0.0;
    for (size_t i = 0; i < s->eq->net->n_species; i++) {
        const size_t k  = species_of(s, i);
        const double dw = tracer(s, k), z = s->eq->net->charge[i];
        if (z == 0.0 || dw == 0.0 || !(s->eq->m[i] > LEAST_MOLAL))
            continue;
        const double one = is_by_strength(s, k, newer)
                               ? uncorrected(dw) * s->eq->m[i] * z * z * left_by_strength(s, k)
                               : by_falkenhagen(s, &f, i, dw);
        sum += one;
        if (k == species)
            *ret_own = one;
    }
    return sum;
}

/* What a solution leaves of the coefficients of its ions; by Falkenhagen's factors per volume, as PHREEQC 3.8.6 has it. */
typedef struct {
    bool        is_newer;
    falkenhagen f;
    double      per_volume;
} damping;

static damping find_damping(const ions *s)
{
    damping r = {.is_newer = is_newer(s)};

    if (r.is_newer) {
        const double l = pq_volume_l_kg(s->eq);
        r.f            = factors(s);
        r.per_volume   = 1.0 / (l * l);
    }
    return r;
}

static double left_of(const ions *s, const damping *r, size_t species)
{
    const double dw = tracer(s, species);

    if (s->db->species[species].composition.charge == 0.0)
        return 1.0;
    return dw == 0.0 || is_by_strength(s, species, r->is_newer)
               ? left_by_strength(s, species)
               : left_by_falkenhagen(s, &r->f, species, dw) * r->per_volume;
}

double pq_conductance_us_cm(const pq_runner *r, const pq_view *v)
{
    ions   s;
    double own;

    look_at_ions(r, v, &s);
    return conductance(&s, SIZE_MAX, &own);
}

double pq_transport_number(const pq_runner *r, const pq_view *v, const char *name)
{
    ions   s;
    double own;

    look_at_ions(r, v, &s);
    const size_t k   = sei_db_find_species(s.db, name);
    const double sum = conductance(&s, k, &own);
    return sum > 0.0 && k != SIZE_MAX ? own / sum : 0.0;
}

/* In the solution: what the database says of how its viscosity slows the species down. */
static double in_solution(const ions *s, size_t db_species)
{
    const double by_viscosity = dw_of(s, db_species)[6];

    return tracer(s, db_species) * (s->is_viscous && by_viscosity != 0.0
                                        ? pow(s->water_mpa_s / s->mpa_s, by_viscosity)
                                        : 1.0);
}

/* Without its viscosity. */
static double in_water(const ions *s, size_t db_species, double default_m2_s)
{
    return dw_of(s, db_species)[0] != 0.0 ? tracer(s, db_species)
                                          : default_m2_s * PQ_WATER_25_MPA_S / s->water_mpa_s;
}

pq_viscosity pq_tracers_m2_s(const pq_runner *r, const sei_equil *eq, const sei_pq_multi *def,
                             double ret_m2_s[], double ret_water_m2_s[])
{
    const double default_m2_s = def->default_m2_s;
    ions         s;

    look_at_water(r, eq, eq->m, eq->mu, &s);
    const damping left = def->by_conductance ? find_damping(&s) : (damping){0};
    for (size_t i = 0; i < eq->net->n_species; i++) {
        const size_t k = species_of(&s, i);
        ret_m2_s[i] = dw_of(&s, k)[0] != 0.0 ? in_solution(&s, k) : in_water(&s, k, default_m2_s);
        if (def->by_conductance)
            ret_m2_s[i] *= left_of(&s, &left, k);
        if (ret_water_m2_s)
            ret_water_m2_s[i] = in_water(&s, k, default_m2_s);
    }
    return (pq_viscosity){s.is_viscous, s.water_mpa_s, s.mpa_s};
}

/* Charges of the wall count in the ionic strength as ions of one charge do. */
double pq_layer_mpa_s(const pq_runner *r, const sei_equil *eq, const double molal[])
{
    double strength = 0.0, charge = 0.0;
    ions   s;

    for (size_t i = 0; i < eq->net->n_species; i++) {
        charge += molal[i] * eq->net->charge[i];
        strength += 0.5 * molal[i] * eq->net->charge[i] * eq->net->charge[i];
    }
    look_at_water(r, eq, molal, strength + 0.5 * fabs(charge), &s);
    return s.mpa_s;
}

double pq_diffusion_m2_s(const pq_runner *r, const pq_view *v, const char *name)
{
    ions s;

    look_at_ions(r, v, &s);
    const size_t k = sei_db_find_species(s.db, name);
    if (k == SIZE_MAX)
        return 0.0;
    if (!r->last_transport || !r->last_transport->multi.by_conductance)
        return in_solution(&s, k);
    const damping left = find_damping(&s);
    return in_solution(&s, k) * left_of(&s, &left, k);
}

sei_status pq_keep_diffusion(pq_runner *r)
{
    if (!r->own_dw)
        r->own_dw = sei_alloc(r->ctx, 1, sizeof *r->own_dw);
    return r->own_dw ? SEI_OK : SEI_E_NOMEM;
}

/* Room for one more, or that of the species. */
static pq_species_dw *own_dw(pq_own_dw *list, size_t species)
{
    for (size_t i = 0; i < list->n; i++)
        if (list->of[i].species == species)
            return &list->of[i];
    return list->n < PQ_OWN_DW_MAX ? &list->of[list->n++] : NULL;
}

sei_status pq_set_diffusion(pq_runner *r, const pq_view *v, const char *name, double m2_s,
                            double by_viscosity, double *ret)
{
    const size_t     k  = sei_db_find_species(r->db, name);
    const sei_status st = pq_keep_diffusion(r);

    *ret = 0.0;
    if (st != SEI_OK || k == SIZE_MAX)
        return st;
    if (!(m2_s >= 0.0))
        return sei_fail(r->ctx, SEI_E_RANGE, NULL, "SETDIFF_C: a coefficient of %g is below 0",
                        m2_s);
    double former[SEI_DW_TERMS];
    memcpy(former, pq_dw_of(r, k), sizeof former);
    pq_species_dw *own = own_dw(r->own_dw, k);
    if (!own)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, NULL, "SETDIFF_C: more than %d species",
                        (int)PQ_OWN_DW_MAX);
    *own = (pq_species_dw){.species = k, .line = r->db->species[k].line};
    memcpy(own->dw, former, sizeof former);
    own->dw[0]                = m2_s;
    own->dw[SEI_DW_TERMS - 1] = by_viscosity;
    *ret                      = pq_diffusion_m2_s(r, v, name);
    return SEI_OK;
}
