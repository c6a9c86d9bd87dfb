/* run_couples.c - initial solutions: the pe of a redox couple, of the solution or of one element */
#include <math.h>
#include <string.h>

#include "chem/pressure.h"
#include "phreeqc/run_water.h"

enum { ROUNDS_MAX = 60 };

typedef struct {
    double constant; /* log K and everything but the element and the electron */
    double element, electron, la;
    bool   is_there;
} half;

static half half_of(const pq_water *in, const char *name, size_t len)
{
    char           component[100];
    double         nu[SEI_COMPONENTS_MAX], nu_e, nu_w;
    sei_logk       logk;
    half           h     = {0};
    const sei_net *whole = in->r->net;

    memcpy(component, name, len);
    component[len] = '\0';
    const size_t m = sei_db_find_master(in->r->db, component);
    if (m == SIZE_MAX ||
        !sei_net_express(whole, in->r->db->masters[m].species, nu, &nu_e, &nu_w, &logk))
        return h;
    const sei_master *row = &in->r->db->masters[m];
    const size_t      own = sei_net_component(whole, in->r->db->elements[row->element].name);
    const size_t      at  = sei_net_species_of_db(in->net, row->species);
    h.constant            = sei_logk_at(&logk, in->eq->temp_k) + nu_w * in->eq->ln_aw / PQ_LN10 -
                 sei_equil_volume_shift(in->eq, row->species, 1.0) / PQ_LN10 +
                 sei_equil_volume_shift(in->eq, in->r->db->water, nu_w) / PQ_LN10;
    for (size_t j = 0; j < whole->n_comp; j++) {
        const size_t k = sei_net_species_of_db(in->net, whole->db_index[whole->comp_species[j]]);
        h.constant +=
            sei_equil_volume_shift(in->eq, whole->db_index[whole->comp_species[j]], nu[j]) /
            PQ_LN10;
        if (j == own)
            h.element = nu[j];
        else if (nu[j] != 0.0 && k != SIZE_MAX)
            h.constant += nu[j] * (log(in->eq->m[k]) + in->eq->lng[k]) / PQ_LN10;
    }
    h.electron = nu_e;
    h.is_there = row->species == in->r->db->water || at != SIZE_MAX;
    h.la       = row->species == in->r->db->water ? in->eq->ln_aw / PQ_LN10
                 : at != SIZE_MAX                 ? (log(in->eq->m[at]) + in->eq->lng[at]) / PQ_LN10
                                                  : 0.0;
    return h;
}

/* pe that both valences of the couple agree on. */
static sei_status pe_of_couple(const pq_water *in, const char *couple, double *ret_pe)
{
    const char  *slash = strchr(couple, '/');
    const size_t len   = slash ? (size_t)(slash - couple) : 0;

    if (!slash) { /* "pe" */
        *ret_pe = in->def->pe;
        return SEI_OK;
    }
    if (len > 90 || strlen(slash) > 90)
        return sei_fail(in->r->ctx, SEI_E_TOO_LARGE, &in->block->where,
                        "SOLUTION: the name of a couple is too long");
    half a = half_of(in, couple, len), b = half_of(in, slash + 1, strlen(slash + 1));
    if (!a.is_there || !b.is_there)
        return sei_fail(in->r->ctx, SEI_E_MISSING, &in->block->where,
                        "SOLUTION %d: the solution does not hold both valences of the couple %s",
                        in->block->first, couple);
    if (a.element == 0.0)
        a.element = 1.0; /* oxygen and hydrogen count in water */
    if (b.element == 0.0)
        b.element = 1.0;
    const double electrons = a.electron / a.element - b.electron / b.element;
    *ret_pe = ((a.constant - a.la) / a.element - (b.constant - b.la) / b.element) / electrons;
    return SEI_OK;
}

/* ------------------------------------------------------------------ elements with a pe of their own */

/* Electrons that a species takes up by the valences of one element, counted from its component. */
static double electrons_of(const pq_water *w, size_t species, size_t element)
{
    const sei_counts *c   = &w->net->counts;
    const sei_db     *db  = w->r->db;
    double            sum = 0.0, nu[SEI_COMPONENTS_MAX], nu_e, nu_w;
    sei_logk          logk;

    for (uint32_t k = c->ptr[species]; k < c->ptr[species + 1]; k++) {
        const sei_master *row = &db->masters[c->master[k]];
        if (row->element == element &&
            sei_net_express(w->net, row->species, nu, &nu_e, &nu_w, &logk))
            sum += c->count[k] * nu_e;
    }
    return sum;
}

/*
 * An element with a couple of its own keeps other ratios of its valences than the pe of the solution gives: for its species
 * the electron has that couple's activity, which is a shift of their constants.
 */
void pq_shift_constants(pq_water *w)
{
    sei_equil *eq = w->eq;

    eq->temp_k = 0.0; /* constants anew */
    sei_equil_set_temp(eq, w->setup.water.temp_k);
    eq->is_solved = false;
    for (size_t a = 0; a < w->analysis.n; a++) {
        if (!w->couples[a])
            continue;
        const size_t m = sei_db_component_master(w->r->db, w->analytes[a].component);
        const double d = PQ_LN10 * (w->analysis.pe - w->own_pe[a]);
        for (size_t i = 0; i < w->net->n_species; i++)
            eq->lnk[i] += d * electrons_of(w, i, w->r->db->masters[m].element);
    }
}

/* ------------------------------------------------------------------ all of them */

/* Sets the pe of every couple from the present activities; the largest change is told. */
static sei_status renew(pq_water *w, double *ret_change)
{
    double     pe = w->analysis.pe, change = 0.0;
    sei_status st = SEI_OK;

    if (strcmp(w->def->couple, "pe") != 0) {
        st             = pe_of_couple(w, w->def->couple, &pe);
        change         = fabs(pe - w->analysis.pe);
        w->analysis.pe = pe;
    }
    for (size_t a = 0; a < w->analysis.n && st == SEI_OK; a++) {
        if (!w->couples[a])
            continue;
        st           = pe_of_couple(w, w->couples[a], &pe);
        change       = fmax(change, fabs(pe - w->own_pe[a]));
        w->own_pe[a] = pe;
    }
    *ret_change = change;
    return st;
}

sei_status pq_follow_couples(pq_water *w)
{
    double change = 0.0;

    for (int round = 0; round < ROUNDS_MAX; round++) {
        sei_status st = renew(w, &change);
        if (st != SEI_OK || change < 1e-10)
            return st;
        st = pq_speciate(w);
        if (st == SEI_OK && w->n_adjustments)
            st = pq_adjust(w);
        if (st != SEI_OK)
            return st;
    }
    return sei_fail(w->r->ctx, SEI_E_NOT_CONVERGED, &w->block->where,
                    "SOLUTION %d: the pe of its redox couples was not found", w->block->first);
}
