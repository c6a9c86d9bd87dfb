/*
 * run_parameters.c - functions of BASIC over tables of parameters: RATE_PK, RATE_SVD, RATE_HERMANSKA and MEANG
 *
 * Rates are in mol/m2/s, far from equilibrium. Tables and equations: palandri2004, sverdrup2019, hermanska2022 and
 * hermanska2023, in the form that phreeqc_rates.dat describes; ln 10 is 2.303 and the gas constant 8.314e-3 kJ/mol/K there.
 */
#include <math.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

static const double gas_constant_kj = 8.314e-3, ln10_of_tables = 2.303;
static const double reference_k = 25.0 + SEI_ZERO_CELSIUS;
/* log10 k of a mechanism that a mineral does not have. */
static const double no_mechanism = -30.0;

sei_status pq_add_parameters(pq_runner *r, const sei_pq_parameters *parameters)
{
    const sei_pq_parameters **grown =
        sei_resize(r->ctx, r->parameters, r->n_parameters + 1, sizeof *grown);

    if (!grown)
        return SEI_E_NOMEM;
    r->parameters                    = grown;
    r->parameters[r->n_parameters++] = parameters;
    return SEI_OK;
}

/* The last row of that name; NULL: none. */
static const sei_pq_parameter *find(const pq_runner *r, sei_pq_parameter_kind kind,
                                    const char *name)
{
    for (size_t i = r->n_parameters; i > 0; i--) {
        const sei_pq_parameters *list = r->parameters[i - 1];
        for (size_t k = list->kind == kind ? list->n : 0; k > 0; k--)
            if (sei_equal_nocase(list->items[k - 1].name, name))
                return &list->items[k - 1];
    }
    return NULL;
}

typedef struct {
    const pq_runner *r;
    const pq_view   *v;
    double           temp_k;
} water;

static double activity(const water *w, const char *species)
{
    const double la = pq_log_activity(w->r, w->v, species);

    return la <= PQ_MISSING ? 0.0 : pow(10.0, la);
}

static double co2_atm(const water *w)
{
    const double si = pq_saturation(w->r, w->v, "CO2(g)");

    return si <= PQ_MISSING ? 0.0 : pow(10.0, si);
}

/* ------------------------------------------------------------------ Palandri and Kharaka */

/* k of log k at 25 degC and an energy of activation, kJ/mol */
static double at_temperature(const water *w, const double p[])
{
    const double by_t = (1.0 / w->temp_k - 1.0 / reference_k) / (ln10_of_tables * gas_constant_kj);

    return pow(10.0, p[0] - p[1] * by_t);
}

/* Acid, neutral, and base or carbonate mechanism; sulfides: with Fe+3, with O2, base. */
static double palandri(const water *w, const double p[], int table)
{
    const bool    is_sulfide = table == 35;
    const double *neutral = p + (is_sulfide ? 4 : 3), *base = p + (is_sulfide ? 7 : 5);
    double        rate = 0.0;

    if (p[0] > no_mechanism)
        rate += at_temperature(w, p) * pow(activity(w, "H+"), p[2]) *
                (is_sulfide ? pow(activity(w, "Fe+3"), p[3]) : 1.0);
    if (neutral[0] > no_mechanism)
        rate +=
            at_temperature(w, neutral) * (is_sulfide ? pow(activity(w, "O2"), neutral[2]) : 1.0);
    if (base[0] > no_mechanism)
        rate +=
            at_temperature(w, base) * pow(table == 33 ? co2_atm(w) : activity(w, "H+"), base[2]);
    return rate;
}

static sei_status rate_palandri(pq_runner *r, const water *w, const sei_pq_parameter *p,
                                double *ret)
{
    const int    table  = p->n_values > 8 ? (int)p->values[p->n_values - 1] : 0;
    const size_t wanted = table == 0 ? 8 : table == 33 ? 9 : table == 35 ? 11 : 0;

    if (wanted == 0 || p->n_values != wanted)
        return sei_fail(
            r->ctx, SEI_E_RANGE, &p->where,
            "RATE_PARAMETERS_PK: %s has %zu numbers; there are to be 8, or 9 with 33 as the "
            "last, or 11 with 35",
            p->name, p->n_values);
    *ret = palandri(w, p->values, table);
    return SEI_OK;
}

/* ------------------------------------------------------------------ Sverdrup and others */

enum { SVERDRUP_NUMBERS = 31, SVERDRUP_ENERGIES = 5 };
static const double sverdrup_reference_k = 281.0, micro = 1e-6;
/* From kmol/m2/s, which the table is in. */
static const double log_per_kilo = 3.0;

/* What slows a mechanism down: (1 + a/C)^n; C in micromol/L. */
static double brake(double a, double n, double c_micro)
{
    return pow(1.0 + a / (c_micro * micro), n);
}

static double sverdrup_k(double pk, double energy, double by_t)
{
    return pow(10.0, -(pk - log_per_kilo + energy * by_t));
}

static double sverdrup(const water *w, const double p[])
{
    const double by_t = 1.0 / w->temp_k - 1.0 / sverdrup_reference_k;
    const double bases =
        activity(w, "Na+") + activity(w, "K+") + activity(w, "Mg+2") + activity(w, "Ca+2");
    const double  al = activity(w, "Al+3"), si = activity(w, "H4SiO4") + activity(w, "SiO2");
    const double  organic = pq_total(w->r, w->v, "Organicmatter");
    const double *acid = p + SVERDRUP_ENERGIES, *neutral = acid + 6, *co2 = neutral + 7,
                 *acids = co2 + 2, *base = acids + 3;
    double rate;

    rate = sverdrup_k(acid[0], p[0], by_t) * pow(activity(w, "H+"), acid[1]) /
           (brake(al, acid[2], acid[3]) * brake(bases, acid[4], acid[5]));
    rate += sverdrup_k(neutral[0], p[1], by_t) /
            (brake(al, neutral[1], neutral[2]) * brake(bases, neutral[3], neutral[4]) *
             brake(si, neutral[5], neutral[6]));
    rate += sverdrup_k(co2[0], p[2], by_t) * pow(co2_atm(w), co2[1]);
    if (organic > 0.0)
        rate += sverdrup_k(acids[0], p[3], by_t) *
                pow(organic / (1.0 + organic / (acids[2] * micro)), acids[1]);
    rate += sverdrup_k(base[0], p[4], by_t) * pow(activity(w, "OH-"), base[1]) /
            (brake(al, base[2], base[3]) * brake(bases, base[4], base[5]) *
             brake(si, base[6], base[7]));
    return rate;
}

/* ------------------------------------------------------------------ Hermanska and others */

enum { HERMANSKA_NUMBERS = 11 };

/* A exp(-E/RT) of {log k at 25 degC, A, E}; the logarithm tells whether there is the mechanism. */
static double arrhenius(const water *w, const double p[])
{
    return p[1] * exp(-p[2] / (gas_constant_kj * w->temp_k));
}

static double hermanska(const water *w, const double p[])
{
    const double h    = activity(w, "H+");
    double       rate = arrhenius(w, p) * pow(h, p[3]);

    if (p[4] != 0.0)
        rate += arrhenius(w, p + 4);
    if (p[7] != 0.0)
        rate += arrhenius(w, p + 7) * pow(h, p[10]);
    return rate;
}

/* ------------------------------------------------------------------ mean activity coefficients */

/* The root of the product of its ions' coefficients; 0 when one of them is not there, as in PHREEQC. */
static double mean_gamma(const water *w, const sei_pq_parameter *p)
{
    double sum = 0.0, log_mean = 0.0;

    for (size_t i = 0; i < p->n_ions; i++) {
        double lg;
        if (!pq_log_gamma(w->r, w->v, p->ions[i].name, &lg))
            return 0.0;
        log_mean += p->ions[i].value * lg;
        sum += p->ions[i].value;
    }
    return pow(10.0, log_mean / sum);
}

/* ------------------------------------------------------------------ */

static sei_status count_is(pq_runner *r, const sei_pq_parameter *p, const char *keyword, size_t n)
{
    return p->n_values == n
               ? SEI_OK
               : sei_fail(r->ctx, SEI_E_RANGE, &p->where, "%s: %s has %zu numbers instead of %zu",
                          keyword, p->name, p->n_values, n);
}

sei_status pq_by_parameters(pq_runner *r, const pq_view *v, sei_basic_function function,
                            const char *name, double *ret)
{
    const sei_pq_parameter_kind kind = function == SEI_BASIC_RATE_PK    ? SEI_PQ_PALANDRI_KHARAKA
                                       : function == SEI_BASIC_RATE_SVD ? SEI_PQ_SVERDRUP
                                       : function == SEI_BASIC_RATE_HERMANSKA ? SEI_PQ_HERMANSKA
                                                                              : SEI_PQ_MEAN_GAMMAS;
    const sei_pq_parameter     *p    = find(r, kind, name);
    const water                 w    = {r, v, v->temp_c + SEI_ZERO_CELSIUS};
    sei_status                  st   = SEI_OK;

    if (!p || (kind == SEI_PQ_MEAN_GAMMAS && p->n_ions == 0))
        return sei_fail(r->ctx, SEI_E_NOT_FOUND, NULL, "%s: there are no parameters of \"%s\"",
                        sei_basic_function_info(function)->name, name);
    switch (kind) {
    case SEI_PQ_PALANDRI_KHARAKA: return rate_palandri(r, &w, p, ret);
    case SEI_PQ_SVERDRUP:
        st = count_is(r, p, "RATE_PARAMETERS_SVD", SVERDRUP_NUMBERS);
        if (st == SEI_OK)
            *ret = sverdrup(&w, p->values);
        return st;
    case SEI_PQ_HERMANSKA:
        st = count_is(r, p, "RATE_PARAMETERS_HERMANSKA", HERMANSKA_NUMBERS);
        if (st == SEI_OK)
            *ret = hermanska(&w, p->values);
        return st;
    default: *ret = mean_gamma(&w, p); return SEI_OK;
    }
}
