/*
 * specific.c - the excess free energy of specific.h: its gradient, and the slope of that along the composition
 *
 * D stands for I d/dI. When all molalities grow alike, d ln gamma_k / d ln s is the sum of what follows from I (D), from
 * pairs (once) and from triples (twice).
 */
#include "chem/specific.h"

#include <math.h>
#include <string.h>

#include "chem/net.h"
#include "num/clones.h"

#define LN10         2.302585092994045684
#define PITZER_B     1.2 /* (kg/mol)^1/2, Pitzer 1991, p. 84 */
#define SIT_B        1.5 /* Grenthe et al. 1997, eq. IX.18 */
#define T_REF_K      298.15
#define WATER_KG_MOL (1.0 / 55.50837) /* Plummer et al. 1988, p. 4 */
#define MU_MIN       1e-30

#define KCL_ALPHA 2.0

/* --- workspace ------------------------------------------------------------------------------------------ */

typedef struct {
    double **vector;
    size_t   n;
} request;

enum { REQUESTS = 20 + 2 * SEI_SPECIFIC_HISTORY + SEI_SPECIFIC_ALPHAS };

static void list_requests(sei_specific *s, request list[])
{
    const size_t  n = s->model->n_species, all = n + 1;
    const request first[] = {{&s->pair, 4 * s->model->n_pairs + 1},
                             {&s->triple, s->model->n_triples + 1},
                             {&s->lng, n + 1},
                             {&s->slope, n + 1},
                             {&s->ray, n + 1},
                             {&s->scaled, n + 1},
                             {&s->offset, all},
                             {&s->kept, 2 * all + 1},
                             {&s->at, all},
                             {&s->off, all},
                             {&s->weight, all},
                             {&s->felt_d, all},
                             {&s->felt.c, all},
                             {&s->felt.three, all},
                             {&s->ln_product, s->model->n_products + 1},
                             {&s->unlike_p, s->model->n_unlike + 1},
                             {&s->unlike_d, s->model->n_unlike + 1},
                             {&s->matrix, SEI_SPECIFIC_MAJORS * SEI_SPECIFIC_MAJORS},
                             {&s->last_at, all},
                             {&s->last_off, all}};
    size_t        k       = sizeof first / sizeof first[0];

    memcpy(list, first, sizeof first);
    for (size_t h = 0; h < SEI_SPECIFIC_HISTORY; h++) {
        list[k++] = (request){&s->d_at[h], all};
        list[k++] = (request){&s->d_off[h], all};
    }
    for (size_t v = 0; v < SEI_SPECIFIC_ALPHAS; v++)
        list[k++] = (request){&s->felt.by_alpha[v], v < s->model->n_alphas ? all : 1};
}

sei_status sei_specific_create(sei_ctx *ctx, const sei_net *net, sei_specific **ret_specific)
{
    request list[REQUESTS];

    *ret_specific = NULL;
    if (!net->specific)
        return SEI_OK;
    sei_specific *s = sei_alloc(ctx, 1, sizeof *s);
    if (!s)
        return SEI_E_NOMEM;
    s->model      = net->specific;
    s->ctx        = ctx;
    s->is_general = true;
    s->j          = sei_alloc(ctx, s->model->n_products + 1, sizeof *s->j);
    s->place      = sei_alloc(ctx, s->model->n_all + 1, sizeof *s->place);
    s->j_table    = sei_alloc(ctx, 1, sizeof *s->j_table);
    bool ok       = s->j && s->place && s->j_table;
    list_requests(s, list);
    for (size_t k = 0; k < REQUESTS; k++) {
        *list[k].vector = sei_alloc(ctx, list[k].n, sizeof **list[k].vector);
        ok              = ok && *list[k].vector;
    }
    if (!ok) {
        sei_specific_free(s);
        return SEI_E_NOMEM;
    }
    for (size_t k = 0; k < s->model->n_products; k++)
        s->ln_product[k] = log(2.0 * s->model->product[k]);
    *ret_specific = s;
    return SEI_OK;
}

void sei_specific_free(sei_specific *s)
{
    request list[REQUESTS];

    if (!s)
        return;
    list_requests(s, list);
    for (size_t k = 0; k < REQUESTS; k++)
        sei_release(s->ctx, *list[k].vector);
    sei_release(s->ctx, s->j);
    sei_release(s->ctx, s->j_table);
    sei_release(s->ctx, s->place);
    sei_release(s->ctx, s);
}

static double at_temp(const double c[], const double basis[])
{
    double sum = 0.0;

    for (size_t k = 0; k < SEI_INTERACTION_TERMS; k++)
        sum += c[k] * basis[k];
    return sum;
}

void sei_specific_set_temp(sei_specific *s, double t, double a_ln)
{
    const double r                            = T_REF_K;
    const double basis[SEI_INTERACTION_TERMS] = {
        1.0, 1.0 / t - 1.0 / r, log(t / r), t - r, t * t - r * r, 1.0 / (t * t) - 1.0 / (r * r)};

    s->a_ln = s->model->a_phi ? 3.0 * at_temp(s->model->a_phi, basis) : a_ln;
    if (s->temp_k == t)
        return;
    s->felt_is_ray = false;
    for (size_t p = 0; p < 3; p++)
        s->kcl[p] = at_temp(s->model->kcl[p], basis);
    for (size_t p = 0; p < s->model->n_pairs; p++)
        for (size_t v = 0; v < 4; v++) {
            const double sum   = at_temp(s->model->pairs[p].c[v], basis);
            s->pair[4 * p + v] = v < 3 ? sum * s->model->pairs[p].factor : sum;
        }
    for (size_t q = 0; q < s->model->n_triples; q++)
        s->triple[q] = s->model->triples[q].factor * at_temp(s->model->triples[q].coef, basis);
    s->temp_k = t;
}

double sei_specific_a_phi(const sei_specific *s)
{
    return s->a_ln / 3.0;
}

/* --- functions of the ionic strength ----------------------------------------------------------------------- */

/* Pitzer: f = -4 A I / b ln(1 + b sqrt I), A = A-phi. SIT: ln gamma = -z^2 A sqrt(I) / (1 + b sqrt I) and what it integrates to. */
static sei_specific_law limiting_law(const sei_specific *s, double mu)
{
    const double root = sqrt(mu);

    if (s->model->kind == SEI_MODEL_SIT) {
        const double b = SIT_B, u = 1.0 + b * root, a = s->a_ln;
        return (sei_specific_law){.f = -4.0 * a / (b * b * b) *
                                       (0.5 * u * u - 2.0 * u + log(u) + 1.5),
                                  .slope   = -2.0 * a * root / u,
                                  .d_slope = -a * root / (u * u)};
    }
    const double b = PITZER_B, u = 1.0 + b * root, a = s->a_ln / 3.0;
    return (sei_specific_law){.f       = -4.0 * a * mu / b * log(u),
                              .slope   = -2.0 * a * (root / u + 2.0 / b * log(u)),
                              .d_slope = -2.0 * a * (0.5 * root / (u * u) + root / u)};
}

/* Pitzer: g(x) = 2 (1 - (1 + x) e^-x) / x^2 with x = alpha sqrt(I), D g and D D g. SIT: I. */
static void salt_functions(sei_specific *s, double mu)
{
    if (s->model->kind == SEI_MODEL_SIT) {
        s->g[1] = s->dg[1] = s->d2g[1] = mu;
        return;
    }
    for (size_t k = 1; k < s->model->n_alphas; k++) {
        const double x = s->model->alpha[k] * sqrt(mu), e = exp(-x);
        if (x < 1e-3) { /* series: 1 - 2x/3 + x^2/4 - x^3/15 */
            s->g[k]   = 1.0 - x * (2.0 / 3.0 - x * (0.25 - x / 15.0));
            s->dg[k]  = -x * (1.0 / 3.0 - x * (0.25 - x / 10.0));
            s->d2g[k] = -x * (1.0 / 6.0 - x * (0.25 - 3.0 * x / 20.0));
            continue;
        }
        const double g = 2.0 * (1.0 - (1.0 + x) * e) / (x * x), by_x = 2.0 * (e - g);
        s->g[k]   = g;
        s->dg[k]  = 0.5 * by_x;
        s->d2g[k] = 0.25 * (-2.0 * x * e - 2.0 * by_x);
    }
}

/* --- a composition ---------------------------------------------------------------------------------------- */

static void feel_pairs(sei_specific *s, const double m[])
{
    sei_specific_felt *f = &s->felt;

    for (size_t k = 0; k < s->model->n_pairs; k++) {
        const sei_specific_pair *p  = &s->model->pairs[k];
        const double            *v  = &s->pair[4 * k];
        const double             ma = m[p->a], mb = m[p->b], mm = ma * mb;
        const size_t             of[] = {0, p->alpha[0], p->alpha[1]};
        for (size_t q = 0; q < 3; q++) {
            if (v[q] == 0.0)
                continue;
            f->by_alpha[of[q]][p->a] += mb * v[q];
            f->by_alpha[of[q]][p->b] += ma * v[q];
            f->pairs[of[q]] += mm * v[q];
        }
        f->c[p->a] += mb * v[3];
        f->c[p->b] += ma * v[3];
        f->pairs_c += mm * v[3];
    }
}

static void feel_triples(sei_specific *s, const double m[])
{
    sei_specific_felt *f = &s->felt;

    for (size_t k = 0; k < s->model->n_triples; k++) {
        const sei_specific_triple *t = &s->model->triples[k];
        const double               v = s->triple[k], a = m[t->a], b = m[t->b], c = m[t->c];
        f->three[t->a] += v * b * c;
        f->three[t->b] += v * a * c;
        f->three[t->c] += v * a * b;
        f->triples += v * a * b * c;
    }
}

static void feel(sei_specific *s, const double m[])
{
    const sei_specific_model *model = s->model;
    sei_specific_felt        *f     = &s->felt;

    for (size_t v = 0; v < model->n_alphas; v++) {
        memset(f->by_alpha[v], 0, model->n_all * sizeof *f->c);
        f->pairs[v] = 0.0;
    }
    memset(f->c, 0, model->n_all * sizeof *f->c);
    memset(f->three, 0, model->n_all * sizeof *f->c);
    memset(f->in_charge, 0, sizeof f->in_charge);
    f->pairs_c = f->triples = f->sum = f->mu = f->big_z = 0.0;
    for (size_t i = 0; i < model->n_species; i++)
        f->in_charge[model->charge_of[i]] += m[i];
    for (size_t c = 0; c < model->n_charges; c++) {
        f->sum += f->in_charge[c];
        f->mu += 0.5 * model->charge[c] * model->charge[c] * f->in_charge[c];
        f->big_z += fabs(model->charge[c]) * f->in_charge[c];
    }
    feel_pairs(s, m);
    feel_triples(s, m);
}

/* --- ln gamma ---------------------------------------------------------------------------------------------- */

/* One vector by its factor to each of two. */
SEI_CLONES static void add_twice(size_t n, const double from[restrict], double a,
                                 double x[restrict], double b, double y[restrict])
{
    for (size_t i = 0; i < n; i++) {
        x[i] += a * from[i];
        y[i] += b * from[i];
    }
}

/*
 * What pairs and triples do at `by` times the composition that is felt. SIT takes epsilon + epsilon1 I for epsilon in the sum of
 * ln gamma and nothing else, which is no gradient: g has no part in I then, and the osmotic coefficient is that of Gibbs-Duhem
 * along the ray, 4/3 of what ln gamma would give.
 */
static void add_felt(sei_specific *s, double by, sei_specific_sums *q)
{
    const sei_specific_felt *f      = &s->felt;
    const size_t             n      = s->model->n_all;
    const bool               is_sit = s->model->kind == SEI_MODEL_SIT;
    const double share = is_sit ? 1.0 / 3.0 : 1.0, has_part = is_sit ? 0.0 : 1.0, two = by * by;

    s->g[0]    = 1.0;
    q->c       = two * f->pairs_c;
    q->osmotic = 2.0 * two * by * f->triples;
    for (size_t i = 0; i < n; i++) {
        const double more = s->big_z * by * f->c[i] + two * f->three[i];
        s->lng[i]         = more;
        s->slope[i]       = 2.0 * more;
    }
    for (size_t v = 0; v < s->model->n_alphas; v++) {
        add_twice(n, f->by_alpha[v], by * s->g[v], s->lng, by * (s->g[v] + s->dg[v]), s->slope);
        q->d += has_part * two * f->pairs[v] * s->dg[v];
        q->d2 += has_part * two * f->pairs[v] * (s->dg[v] + s->d2g[v]);
        q->osmotic += two * f->pairs[v] * (s->g[v] + share * s->dg[v]);
    }
}

/*
 * E-theta = z z' / 4I (J(x_zz') - J(x_zz) / 2 - J(x_z'z') / 2), x_zz' = 6 z z' A-phi sqrt(I) (pitzer1975); all ions of a
 * charge feel the same. D of it follows from that of J by I, half of x d/dx.
 */
static void add_unlike(sei_specific *s, double mu, sei_specific_sums *q)
{
    const sei_specific_model *model = s->model;

    const double ln_x = model->n_products > 0 ? log(s->a_ln) + 0.5 * log(mu) : 0.0;
    for (size_t k = 0; k < model->n_products; k++)
        s->j[k] = sei_electrostatic_look_up(&model->nodes, s->j_table, ln_x + s->ln_product[k]);
    for (size_t k = 0; k < model->n_unlike; k++) {
        const sei_specific_unlike *u = &model->unlike[k];
        const sei_j_value         *j = &s->j[u->product[0]], *y = &s->j[u->product[1]],
                          *z = &s->j[u->product[2]];
        const double factor  = 0.5 * model->product[u->product[0]] / mu; /* of 2 E-theta */
        const double w       = j->j - 0.5 * (y->j + z->j);
        const double dw      = 0.5 * (j->dj - 0.5 * (y->dj + z->dj));
        const double d2w     = 0.25 * (j->d2j - 0.5 * (y->d2j + z->d2j));
        const double p = factor * w, d = factor * (dw - w), d2 = factor * (w - 2.0 * dw + d2w);
        const double ma = s->in_charge[u->charge[0]], mb = s->in_charge[u->charge[1]];
        s->by_charge[u->charge[0]] += mb * p;
        s->by_charge[u->charge[1]] += ma * p;
        s->slope_by_charge[u->charge[0]] += mb * (p + d);
        s->slope_by_charge[u->charge[1]] += ma * (p + d);
        s->unlike_p[k] = p;
        s->unlike_d[k] = d;
        q->d += ma * mb * d;
        q->d2 += ma * mb * (d + d2);
        q->osmotic += ma * mb * (p + d);
    }
}

/* --- MacInnes' convention ------------------------------------------------------------------------------------ */

/* Ions are scaled so that Cl- has the mean activity coefficient of KCl at that ionic strength (MacInnes 1919; Plummer et al.
 * 1988, p. 9). */
static void scale(sei_specific *s, const sei_specific_law *law, double mu)
{
    const sei_specific_model *model = s->model;

    if (!model->has_macinnes || model->chloride == SIZE_MAX)
        return;
    const double x = KCL_ALPHA * sqrt(mu), e = exp(-x), g = 2.0 * (1.0 - (1.0 + x) * e) / (x * x);
    const double b = s->kcl[0] + s->kcl[1] * g, db = s->kcl[1] * (e - g); /* D B, and of that */
    const double d2b = s->kcl[1] * (-0.5 * x * e - (e - g));
    const double kcl = 0.5 * law->slope + mu * (2.0 * b + db) + 1.5 * mu * mu * s->kcl[2];
    const double by  = kcl - s->lng[model->chloride];
    const double kcl_slope =
        0.5 * law->d_slope + mu * (2.0 * b + 3.0 * db + d2b) + 3.0 * mu * mu * s->kcl[2];
    const double slope = kcl_slope - s->slope[model->chloride];
    s->kcl_slope       = kcl_slope / mu;
    for (size_t i = 0; i < model->n_species; i++) {
        s->lng[i] -= model->z[i] * by;
        s->slope[i] -= model->z[i] * slope;
    }
}

/* --- the whole ------------------------------------------------------------------------------------------------ */

static void add_charges(sei_specific *s, const sei_specific_law *law, const sei_specific_sums *q,
                        double mu)
{
    const sei_specific_model *model = s->model;

    for (size_t c = 0; c < model->n_charges; c++) {
        const double z = model->charge[c], half = 0.5 * z * z;
        s->by_charge[c] += half * (law->slope + q->d / mu) + fabs(z) * q->c;
        s->slope_by_charge[c] += half * (law->d_slope + q->d2 / mu) + 2.0 * fabs(z) * q->c;
    }
    for (size_t i = 0; i < model->n_all; i++) {
        s->lng[i] += s->by_charge[model->charge_of[i]];
        s->slope[i] += s->slope_by_charge[model->charge_of[i]];
    }
}

void sei_specific_evaluate_along(sei_specific *s, double by)
{
    const sei_specific_model *model = s->model;
    const double              mu    = fmax(by * s->felt.mu, MU_MIN);
    sei_specific_sums        *q     = &s->sum;
    double                    rise  = 0.0;

    *q = (sei_specific_sums){0};
    memset(s->by_charge, 0, sizeof s->by_charge);
    memset(s->slope_by_charge, 0, sizeof s->slope_by_charge);
    for (size_t c = 0; c < model->n_charges; c++)
        s->in_charge[c] = by * s->felt.in_charge[c];
    salt_functions(s, mu);
    s->mu    = mu;
    s->big_z = by * s->felt.big_z;
    s->scale = by;
    s->law   = limiting_law(s, mu);
    add_felt(s, by, q);
    add_unlike(s, mu, q);
    add_charges(s, &s->law, q, mu);
    /* sum of m d ln gamma: of pairs each counts for both of its species, of triples for three */
    for (size_t v = 0; v < model->n_alphas; v++)
        rise += 2.0 * by * by * s->felt.pairs[v] * (s->g[v] + s->dg[v]);
    rise += 4.0 * s->big_z * q->c + 6.0 * by * by * by * s->felt.triples;
    for (size_t c = 0; c < model->n_charges; c++)
        rise += s->in_charge[c] * s->slope_by_charge[c];
    /* of water with the conventional scale left out: it changes nothing in a water that is neutral */
    s->ln_aw    = -WATER_KG_MOL * (by * s->felt.sum + mu * s->law.slope - s->law.f + q->osmotic +
                                2.0 * s->big_z * q->c);
    s->aw_slope = -WATER_KG_MOL * (by * s->felt.sum + rise);
    scale(s, &s->law, mu);
}

void sei_specific_evaluate(sei_specific *s, const double m[])
{
    s->felt_is_ray = false;
    feel(s, m);
    sei_specific_evaluate_along(s, 1.0);
}
