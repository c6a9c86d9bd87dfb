/*
 * check_specific.h - Pitzer's equations and SIT written out as the papers have them, from a database's parameters
 *
 * Sum by sum after Pitzer (1991, eqs. 62 to 70) and Grenthe et al. (1997, chapter IX), with B and B' in closed form and
 * J(x) and its slope by quadrature of Pitzer's integral (1975). Nothing of src/chem/specific*.c is used.
 */
#ifndef SEI_TESTS_CHECK_SPECIFIC_H
#define SEI_TESTS_CHECK_SPECIFIC_H

#include "chem_random.h"

enum { CS_SPECIES_MAX = 512, CS_CHARGE_MAX = 10 };

typedef struct {
    const sei_equil *eq;
    double           temp_k, a_phi, mu, big_z, f, osmotic; /* half of sum m (phi - 1) */
    double           lng[CS_SPECIES_MAX];
} cs_sums;

/* ---- J of unsymmetrical mixing ---- */

/* J(x) = x/4 - 1 + 1/x integral of (1 - e^-q) y^2, q = x e^-y / y, and dJ/dx: Gauss and Legendre's five points on panels
 * that grow from the origin, where the integrand bends. */
static inline void cs_j(double x, double *ret_j, double *ret_slope)
{
    static const double at[5] = {-0.9061798459386640, -0.5384693101056831, 0.0, 0.5384693101056831,
                                 0.9061798459386640};
    static const double weight[5] = {0.2369268850561891, 0.4786286704993665, 0.5688888888888889,
                                     0.4786286704993665, 0.2369268850561891};
    double              low = 0.0, high = 1e-3, whole = 0.0, slope = 0.0;

    while (low < 50.0) {
        const double half = 0.5 * (high - low);
        for (int k = 0; k < 5; k++) {
            const double y = low + half * (1.0 + at[k]), q = x / y * exp(-y);
            whole += half * weight[k] * -expm1(-q) * y * y;
            slope += half * weight[k] * exp(-y) / y * exp(-q) * y * y;
        }
        low  = high;
        high = low + fmin(0.25, 0.2 * low);
    }
    *ret_j     = 0.25 * x - 1.0 + whole / x;
    *ret_slope = 0.25 - whole / (x * x) + slope / x;
}

/* E-theta of two charges of one sign and its slope by the ionic strength. */
static inline void cs_e_theta(const cs_sums *s, double z, double y, double *ret, double *ret_slope)
{
    const double product[3] = {z * y, z * z, y * y}, share[3] = {1.0, -0.5, -0.5};
    double       sum = 0.0, change = 0.0;

    for (int k = 0; k < 3; k++) {
        const double x = 6.0 * product[k] * s->a_phi * sqrt(s->mu);
        double       j, by_x;
        cs_j(x, &j, &by_x);
        sum += share[k] * j;
        change += share[k] * by_x * x / (2.0 * s->mu);
    }
    *ret       = z * y / (4.0 * s->mu) * sum;
    *ret_slope = -*ret / s->mu + z * y / (4.0 * s->mu) * change;
}

/* ---- parameters ---- */

static inline double cs_at(const sei_interaction *p, double t)
{
    const double r = 298.15;

    return p->c[0] + p->c[1] * (1.0 / t - 1.0 / r) + p->c[2] * log(t / r) + p->c[3] * (t - r) +
           p->c[4] * (t * t - r * r) + p->c[5] * (1.0 / (t * t) - 1.0 / (r * r));
}

/* Place in the network; SIZE_MAX: not in it. */
static inline size_t cs_find(const sei_equil *eq, const char *name)
{
    for (size_t i = 0; i < eq->net->n_species; i++)
        if (strcmp(eq->net->db->species[eq->net->db_index[i]].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static inline bool cs_is_pair_of(const sei_interaction *p, const sei_interaction *q)
{
    return strcmp(p->species[0], q->species[0]) == 0 && strcmp(p->species[1], q->species[1]) == 0;
}

/* alpha 1 or 2 of a salt: its own, or 2 and 12, 1.4 and 12 for two divalent ions, 2 and 50 where both are of more than one. */
static inline double cs_alpha(const sei_db *db, const sei_interaction *p, double z, double y)
{
    const size_t which = p->kind == SEI_INTERACTION_B1 ? 0 : 1;
    const bool   both  = fabs(z) == 2.0 && fabs(y) == 2.0;

    for (size_t k = 0; k < db->n_interactions; k++)
        if (db->interactions[k].kind == SEI_INTERACTION_ALPHAS &&
            cs_is_pair_of(&db->interactions[k], p))
            return db->interactions[k].c[which];
    if (which == 0)
        return both ? 1.4 : 2.0;
    return both || fabs(z) == 1.0 || fabs(y) == 1.0 ? 12.0 : 50.0;
}

/* ---- sums ---- */

/* beta(n) g(alpha sqrt I) between two ions; beta 0 with g = 1. */
static inline void cs_add_salt(cs_sums *s, size_t i, size_t j, double beta, double alpha)
{
    const double mi = s->eq->m[i], mj = s->eq->m[j], x = alpha * sqrt(s->mu), e = exp(-x);
    /* 1 - (1 + x) e^-x and 1 - (1 + x + x^2/2) e^-x, over x^2 / 2, without cancelling */
    const double g  = x < 1e-2 ? 1.0 - 2.0 * x / 3.0 + x * x / 4.0 - x * x * x / 15.0
                               : 2.0 * (1.0 - (1.0 + x) * e) / (x * x);
    const double dg = x < 1e-2 ? -x / 3.0 + x * x / 4.0 - x * x * x / 10.0
                               : -2.0 * (1.0 - (1.0 + x + 0.5 * x * x) * e) / (x * x);

    s->lng[i] += 2.0 * mj * beta * g;
    s->lng[j] += 2.0 * mi * beta * g;
    s->f += mi * mj * beta * dg / s->mu;
    s->osmotic += mi * mj * beta * (alpha > 0.0 ? e : 1.0);
}

static inline void cs_add_c(cs_sums *s, size_t i, size_t j, double c_phi)
{
    const double *z = s->eq->net->charge, *m = s->eq->m;
    const double  c = c_phi / (2.0 * sqrt(fabs(z[i] * z[j])));

    s->lng[i] += s->big_z * m[j] * c;
    s->lng[j] += s->big_z * m[i] * c;
    for (size_t k = 0; k < s->eq->net->n_species; k++)
        s->lng[k] += fabs(z[k]) * m[i] * m[j] * c;
    s->osmotic += s->big_z * m[i] * m[j] * c;
}

/* theta of ions, lambda of neutral species. */
static inline void cs_add_pair(cs_sums *s, size_t i, size_t j, double value)
{
    const double *m = s->eq->m;

    s->lng[i] += 2.0 * m[j] * value;
    s->lng[j] += i == j ? 0.0 : 2.0 * m[i] * value;
    s->osmotic += (i == j ? 0.5 : 1.0) * m[i] * m[j] * value;
}

static inline void cs_add_three(cs_sums *s, const size_t at[3], double value)
{
    const double *m = s->eq->m;

    for (int k = 0; k < 3; k++)
        s->lng[at[k]] += value * m[at[(k + 1) % 3]] * m[at[(k + 2) % 3]];
    s->osmotic += value * m[at[0]] * m[at[1]] * m[at[2]];
}

/* The number of ways to put three species in order. */
static inline double cs_orders(const size_t at[3])
{
    if (at[0] == at[1] && at[1] == at[2])
        return 1.0;
    return at[0] == at[1] || at[1] == at[2] || at[0] == at[2] ? 3.0 : 6.0;
}

static inline void cs_add(cs_sums *s, const sei_interaction *p)
{
    const double *z = s->eq->net->charge, value = cs_at(p, s->temp_k);
    size_t        at[3] = {0, 0, 0};

    for (size_t k = 0; k < 3 && p->species[k]; k++) {
        at[k] = cs_find(s->eq, p->species[k]);
        if (at[k] == SIZE_MAX)
            return;
    }
    switch (p->kind) {
    case SEI_INTERACTION_B0: cs_add_salt(s, at[0], at[1], value, 0.0); break;
    case SEI_INTERACTION_B1:
    case SEI_INTERACTION_B2:
        cs_add_salt(s, at[0], at[1], value, cs_alpha(s->eq->net->db, p, z[at[0]], z[at[1]]));
        break;
    case SEI_INTERACTION_C0: cs_add_c(s, at[0], at[1], value); break;
    case SEI_INTERACTION_THETA:
    case SEI_INTERACTION_LAMBDA: cs_add_pair(s, at[0], at[1], value); break;
    case SEI_INTERACTION_ZETA:
    case SEI_INTERACTION_PSI:
    case SEI_INTERACTION_ETA: cs_add_three(s, at, value); break;
    case SEI_INTERACTION_MU: cs_add_three(s, at, value * cs_orders(at)); break;
    default: break;
    }
}

/* Ions of one sign and unlike charges, all of a charge together. */
static inline void cs_add_unlike(cs_sums *s)
{
    double by_charge[2 * CS_CHARGE_MAX + 1] = {0.0};

    for (size_t i = 0; i < s->eq->net->n_species; i++)
        by_charge[CS_CHARGE_MAX + (int)s->eq->net->charge[i]] += s->eq->m[i];
    for (int y = -CS_CHARGE_MAX; y <= CS_CHARGE_MAX; y++)
        for (int z = y + 1; z <= CS_CHARGE_MAX; z++) {
            const double my = by_charge[CS_CHARGE_MAX + y], mz = by_charge[CS_CHARGE_MAX + z];
            double       theta, slope;
            if (y * z <= 0 || (my == 0.0 && mz == 0.0))
                continue;
            cs_e_theta(s, z, y, &theta, &slope);
            for (size_t i = 0; i < s->eq->net->n_species; i++)
                s->lng[i] += 2.0 * theta *
                             ((int)s->eq->net->charge[i] == y   ? mz
                              : (int)s->eq->net->charge[i] == z ? my
                                                                : 0.0);
            s->f += my * mz * slope;
            s->osmotic += my * mz * (theta + s->mu * slope);
        }
}

/* MacInnes (1919): Cl- has the mean coefficient of KCl in its own solution of that ionic strength, where the database has KCl. */
static inline bool cs_kcl(const cs_sums *s, double *ret)
{
    const sei_db *db   = s->eq->net->db;
    const double  root = sqrt(s->mu), x = 2.0 * root;
    double        b0 = 0.0, b1 = 0.0, c_phi = 0.0;
    bool          is_given = false;

    for (size_t k = 0; k < db->n_interactions; k++) {
        const sei_interaction *p = &db->interactions[k];
        if (strcmp(p->species[0], "Cl-") != 0 || strcmp(p->species[1], "K+") != 0 ||
            (p->kind != SEI_INTERACTION_B0 && p->kind != SEI_INTERACTION_B1 &&
             p->kind != SEI_INTERACTION_C0))
            continue;
        is_given                                    = true;
        *(p->kind == SEI_INTERACTION_B0   ? &b0
          : p->kind == SEI_INTERACTION_B1 ? &b1
                                          : &c_phi) = cs_at(p, s->temp_k);
    }
    const double law = -s->a_phi * (root / (1.0 + 1.2 * root) + 2.0 / 1.2 * log1p(1.2 * root));
    *ret             = law +
           s->mu * (2.0 * b0 + 2.0 * b1 / (x * x) * (1.0 - (1.0 + x - 0.5 * x * x) * exp(-x))) +
           1.5 * s->mu * s->mu * c_phi;
    return is_given;
}

/* ---- the models ---- */

static inline double cs_pitzer(cs_sums *s, size_t chloride)
{
    const sei_db *db   = s->eq->net->db;
    const double  root = sqrt(s->mu), b = 1.2;
    const double *z = s->eq->net->charge;

    s->f       = -s->a_phi * (root / (1.0 + b * root) + 2.0 / b * log1p(b * root));
    s->osmotic = -s->a_phi * s->mu * root / (1.0 + b * root);
    for (size_t k = 0; k < db->n_interactions; k++)
        cs_add(s, &db->interactions[k]);
    if (!db->has_no_etheta)
        cs_add_unlike(s);
    for (size_t i = 0; i < s->eq->net->n_species; i++)
        s->lng[i] += z[i] * z[i] * s->f;
    double kcl;
    if (!db->has_no_macinnes && chloride != SIZE_MAX && cs_kcl(s, &kcl)) {
        const double by = kcl - s->lng[chloride];
        for (size_t i = 0; i < s->eq->net->n_species; i++)
            s->lng[i] -= z[i] * by;
    }
    return 2.0 * s->osmotic;
}

static inline double cs_sit(cs_sums *s)
{
    const sei_db *db = s->eq->net->db;
    const double *z = s->eq->net->charge, *m = s->eq->m;
    const double  ln10 = log(10.0), a = 3.0 * s->a_phi, u = 1.0 + 1.5 * sqrt(s->mu);
    double        osmotic = -2.0 * a / (1.5 * 1.5 * 1.5) * (u - 2.0 * log(u) - 1.0 / u);

    for (size_t i = 0; i < s->eq->net->n_species; i++)
        s->lng[i] = -z[i] * z[i] * a * sqrt(s->mu) / u;
    for (size_t k = 0; k < db->n_interactions; k++) {
        const sei_interaction *p = &db->interactions[k];
        const size_t           i = cs_find(s->eq, p->species[0]), j = cs_find(s->eq, p->species[1]);
        if (i == SIZE_MAX || j == SIZE_MAX || p->kind != SEI_INTERACTION_EPSILON)
            continue;
        const double value = ln10 * cs_at(p, s->temp_k);
        s->lng[i] += value * m[j];
        s->lng[j] += i == j ? 0.0 : value * m[i];
        osmotic += (i == j ? 0.5 : 1.0) * value * m[i] * m[j];
    }
    return osmotic;
}

/*
 * ln gamma of every species of the network at the composition eq->m, and ln of water's activity. A network without chloride
 * has MacInnes' scale by what Cl- would have: such systems are not made (false).
 */
static inline bool cs_activities(const sei_equil *eq, double ret_lng[], double *ret_ln_aw)
{
    static cs_sums s;
    double         sum      = 0.0;
    const size_t   chloride = cs_find(eq, "Cl-");

    memset(&s, 0, sizeof s);
    s.eq     = eq;
    s.temp_k = eq->temp_k;
    s.a_phi  = sei_debye_hueckel_at(eq->temp_k).a * log(10.0) / 3.0;
    if (eq->net->n_species > CS_SPECIES_MAX)
        return false;
    for (size_t i = 0; i < eq->net->n_species; i++) {
        s.mu += 0.5 * eq->net->charge[i] * eq->net->charge[i] * eq->m[i];
        s.big_z += fabs(eq->net->charge[i]) * eq->m[i];
        sum += eq->m[i];
    }
    const bool is_sit = eq->net->db->model == SEI_MODEL_SIT;
    if (!is_sit && !eq->net->db->has_no_macinnes && chloride == SIZE_MAX)
        return false;
    const double osmotic = is_sit ? cs_sit(&s) : cs_pitzer(&s, chloride);
    memcpy(ret_lng, s.lng, eq->net->n_species * sizeof *ret_lng);
    *ret_ln_aw = -(sum + osmotic) / 55.50837;
    return true;
}

#endif
