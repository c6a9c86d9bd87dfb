/*
 * run_gas.c - gas phases: what they hold at first, and what makes them differ from ideal ones
 *
 * A gas phase is real when critical data of all its gases are in the database (PHREEQC asks the same of the gases that
 * are there). Its fugacity coefficients are those of the composition that the water gives it: p = W / phi for a
 * saturation ratio W, found again after every equilibrium until they agree. The engine sees an ideal gas of these
 * partial pressures in the volume V / Z.
 */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/gas.h"
#include "phreeqc/run_impl.h"

#define R_L_ATM (SEI_GAS_CONSTANT / 101.325) /* L atm/mol/K (CODATA 2018) */

enum { ROUNDS_MAX = 60 };

static const sei_phase *db_phase(const pq_runner *r, size_t phase)
{
    return &r->db->phases[r->net->phases[phase].index];
}

static bool is_real(const pq_runner *r, const pq_gas *g)
{
    for (size_t i = 0; i < g->def->n; i++)
        if (!sei_gas_is_real(db_phase(r, g->phase[i])))
            return false;
    return g->def->n > 0;
}

/* Coefficients at partial pressures p; the pressure is their sum unless it is fixed. The largest change is returned. */
static double renew(const pq_runner *r, pq_gas *g, const double p[], double pressure_atm,
                    double temp_k)
{
    size_t phase[SEI_REACT_MIXTURE_PARTS];
    double x[SEI_REACT_MIXTURE_PARTS], ln_phi[SEI_REACT_MIXTURE_PARTS], sum = 0.0, change = 0.0;

    for (size_t i = 0; i < g->def->n; i++)
        sum += p[i];
    if (!(sum > 0.0) || !isfinite(sum))
        return 0.0;
    for (size_t i = 0; i < g->def->n; i++) {
        phase[i] = r->net->phases[g->phase[i]].index;
        x[i]     = p[i] / sum;
    }
    if (!sei_gas_fugacity(r->db, g->def->n, phase, x, pressure_atm > 0.0 ? pressure_atm : sum,
                          temp_k, ln_phi, &g->z))
        return 0.0;
    for (size_t i = 0; i < g->def->n; i++) {
        change       = fmax(change, fabs(ln_phi[i] - g->ln_phi[i]));
        g->ln_phi[i] = ln_phi[i];
    }
    return change;
}

/* p V = n Z R T with the pressures of the definition. */
void pq_fill_gas(const pq_runner *r, pq_gas *g)
{
    const double temp_k = g->def->temp_c + SEI_ZERO_CELSIUS;
    double       p[SEI_REACT_MIXTURE_PARTS];

    for (size_t i = 0; i < g->def->n; i++)
        p[i] = g->def->gases[i].pressure_atm;
    g->z = 1.0;
    if (is_real(r, g))
        (void)renew(r, g, p, 0.0, temp_k);
    for (size_t i = 0; i < g->def->n; i++)
        g->mol[i] = p[i] * g->volume_l / (g->z * R_L_ATM * temp_k);
}

double pq_fill_gas_by_water(const pq_runner *r, pq_gas *g, const sei_equil *eq, double temp_c)
{
    const double temp_k = temp_c + SEI_ZERO_CELSIUS;
    double       p[SEI_REACT_MIXTURE_PARTS], sum = 0.0;

    g->z = 1.0;
    memset(g->ln_phi, 0, sizeof g->ln_phi);
    for (int round = 0; round < ROUNDS_MAX; round++) {
        for (size_t i = 0; i < g->def->n; i++)
            p[i] = exp(sei_equil_ln_sr(eq, g->phase[i]) - g->ln_phi[i]);
        if (!is_real(r, g) || renew(r, g, p, 0.0, temp_k) < 1e-10)
            break;
    }
    for (size_t i = 0; i < g->def->n; i++) {
        g->mol[i] = p[i] * g->volume_l / (g->z * R_L_ATM * temp_k);
        sum += p[i];
    }
    return sum;
}

/* What n moles at the volume make of the coefficients; they go share of the way there. The largest change that was left. */
static double renew_at_volume(const pq_runner *r, pq_gas *g, const double mol[], double temp_k,
                              double share)
{
    size_t phase[SEI_REACT_MIXTURE_PARTS];
    double x[SEI_REACT_MIXTURE_PARTS], ln_phi[SEI_REACT_MIXTURE_PARTS], z, sum = 0.0;

    for (size_t i = 0; i < g->def->n; i++)
        sum += mol[i];
    if (!(sum > 0.0))
        return 0.0;
    for (size_t i = 0; i < g->def->n; i++) {
        phase[i] = r->net->phases[g->phase[i]].index;
        x[i]     = mol[i] / sum;
    }
    if (!sei_gas_at_volume(r->db, g->def->n, phase, x, g->volume_l / sum, temp_k, ln_phi, &z))
        return (double)NAN;
    double change = fabs(log(z / g->z));
    g->z *= pow(z / g->z, share);
    for (size_t i = 0; i < g->def->n; i++) {
        change = fmax(change, fabs(ln_phi[i] - g->ln_phi[i]));
        g->ln_phi[i] += share * (ln_phi[i] - g->ln_phi[i]);
    }
    return change;
}

void pq_resume_gas(const pq_runner *r, pq_gas *g)
{
    const double temp_k = g->def->temp_c + SEI_ZERO_CELSIUS;
    double       p[SEI_REACT_MIXTURE_PARTS], sum = 0.0;

    g->z = 1.0;
    memset(g->ln_phi, 0, sizeof g->ln_phi);
    for (size_t i = 0; i < g->def->n; i++)
        sum += g->mol[i];
    for (size_t i = 0; i < g->def->n; i++)
        p[i] = sum > 0.0 ? g->pressure_atm * g->mol[i] / sum : 0.0;
    if (is_real(r, g) && g->def->is_fixed_volume)
        (void)renew_at_volume(r, g, g->mol, temp_k, 1.0);
    else if (is_real(r, g))
        (void)renew(r, g, p, g->pressure_atm, temp_k);
}

double pq_renew_gas(const pq_runner *r, pq_gas *g, const double mol[], const sei_equil *eq,
                    double temp_k, double share)
{
    double p[SEI_REACT_MIXTURE_PARTS];

    if (!is_real(r, g))
        return 0.0;
    if (g->def->is_fixed_volume)
        return renew_at_volume(r, g, mol, temp_k, share);
    for (size_t i = 0; i < g->def->n; i++)
        p[i] = exp(fmin(300.0, sei_equil_ln_sr(eq, g->phase[i])) - g->ln_phi[i]);
    return renew(r, g, p, g->pressure_atm, temp_k);
}

static double gas_mol(const pq_gas *g)
{
    double sum = 0.0;

    for (size_t i = 0; g && i < g->def->n; i++)
        sum += g->mol[i];
    return sum;
}

void pq_close_gas(pq_gas *g, double temp_k)
{
    const double sum = gas_mol(g);

    if (g->def->is_fixed_volume)
        g->pressure_atm = sum * g->z * R_L_ATM * temp_k / g->volume_l;
    else
        g->volume_l = sum * g->z * R_L_ATM * temp_k / g->pressure_atm;
}

/* log10 of the fugacity that a gas alone has at a pressure of 10^si atm. */
double pq_fugacity(const pq_runner *r, size_t db_phase_index, double si, double temp_k)
{
    const double one = 1.0;
    double       ln_phi, z;

    if (!sei_gas_is_real(&r->db->phases[db_phase_index]) ||
        !sei_gas_fugacity(r->db, 1, &db_phase_index, &one, pow(10.0, si), temp_k, &ln_phi, &z))
        return si;
    return si + ln_phi / PQ_LN10;
}

/* As a mineral: at the pressure of its index. */
static double of_mineral(const pq_runner *r, const pq_view *v, const pq_mineral *m, bool pressure)
{
    const double si = m->def->si, temp_k = v->temp_c + SEI_ZERO_CELSIUS;

    return pow(10.0,
               pressure ? si : pq_fugacity(r, r->net->phases[m->phase].index, si, temp_k) - si);
}

/* PR_P and PR_PHI of a gas, in the gas phase or as a mineral: atm; 0 and 1 for one that is in neither. */
double pq_gas_of(const pq_runner *r, const pq_view *v, const char *name, bool pressure)
{
    const pq_gas         *g = v->cell ? v->cell->gas : NULL;
    const pq_equilibrium *e = v->cell ? v->cell->equilibrium : NULL;
    const double          n = gas_mol(g);

    for (size_t i = 0; n > 0.0 && i < g->def->n; i++)
        if (sei_equal_nocase(g->def->gases[i].name, name))
            return pressure ? g->pressure_atm * g->mol[i] / n : exp(g->ln_phi[i]);
    for (size_t i = 0; e && i < e->n; i++)
        if (e->minerals[i].phase != SIZE_MAX && sei_equal_nocase(e->minerals[i].def->name, name))
            return of_mineral(r, v, &e->minerals[i], pressure);
    return pressure ? 0.0 : 1.0;
}

/* L/mol of the gas phase. */
double pq_gas_volume(const pq_view *v)
{
    const pq_gas *g = v->cell ? v->cell->gas : NULL;
    const double  n = gas_mol(g);

    return n > 0.0 ? g->volume_l / n : 0.0;
}
