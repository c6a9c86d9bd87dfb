/* run_value.c - molalities, activities, totals and saturation indices by name */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/pressure.h"
#include "chem/speciator.h"
#include "phreeqc/run_impl.h"

static size_t sorbed_index(const pq_runner *r, const char *name)
{
    for (size_t k = 0; k < sei_react_n_sorbed(r->react); k++)
        if (strcmp(sei_react_sorbed(r->react, k)->name, name) == 0)
            return k;
    return SIZE_MAX;
}

double pq_molality(const pq_runner *r, const pq_view *v, const char *name)
{
    const size_t s = sei_db_find_species(r->db, name);

    if (s != SIZE_MAX) {
        const size_t i = sei_net_species_of_db(v->eq->net, s);
        if (i != SIZE_MAX)
            return v->eq->m[i] > PQ_LEAST_MOLAL ? v->eq->m[i] : 0.0;
        if (s == r->db->water)
            return 1.0 / v->eq->water_kg_mol;
    }
    const size_t k = v->sorbed_mol ? sorbed_index(r, name) : SIZE_MAX;
    return k == SIZE_MAX || !(v->sorbed_mol[k] > PQ_LEAST_MOLAL) ? 0.0
                                                                 : v->sorbed_mol[k] / v->water_kg;
}

double pq_log_activity(const pq_runner *r, const pq_view *v, const char *name)
{
    const size_t s = sei_db_find_species(r->db, name);

    if (s == SIZE_MAX)
        return PQ_MISSING;
    if (s == r->db->water)
        return v->eq->ln_aw / PQ_LN10;
    if (s == r->db->e_minus)
        return v->eq->ln_ae / PQ_LN10;
    const size_t i = sei_net_species_of_db(v->eq->net, s);
    if (i == SIZE_MAX || !(v->eq->m[i] > PQ_LEAST_MOLAL))
        return PQ_MISSING;
    return (log(v->eq->m[i]) + v->eq->lng[i]) / PQ_LN10;
}

bool pq_log_gamma(const pq_runner *r, const pq_view *v, const char *name, double *ret)
{
    const size_t s = sei_db_find_species(r->db, name);
    const size_t i = s == SIZE_MAX ? SIZE_MAX : sei_net_species_of_db(v->eq->net, s);

    if (s != SIZE_MAX && s == r->db->water) {
        *ret = 0.0;
        return true;
    }
    if (i == SIZE_MAX || !(v->eq->m[i] > PQ_LEAST_MOLAL))
        return false;
    *ret = v->eq->lng[i] / PQ_LN10;
    return true;
}

/* Below this (mol/kgw) an element is not in the water at all: what stands for it in the network. */
static const double nothing_molal = 1e-100;

/* Of an element, mol/kgw; no further than to `enough`. */
static double dissolved_up_to(const pq_runner *r, const pq_view *v, size_t element, double enough)
{
    const sei_counts *c   = &v->eq->net->counts;
    double            sum = 0.0;

    for (uint32_t at = c->of_element[element]; at < c->of_element[element + 1] && !(sum > enough);
         at++) {
        const uint32_t k = c->place[at];
        sum += c->count[k] * sei_db_atoms(r->db, c->master[k]) * v->eq->m[c->species[at]];
    }
    return sum > nothing_molal ? sum : 0.0;
}

static double dissolved(const pq_runner *r, const pq_view *v, size_t element)
{
    return dissolved_up_to(r, v, element, (double)INFINITY);
}

static bool is_dissolved(const pq_runner *r, const pq_view *v, size_t element)
{
    return dissolved_up_to(r, v, element, nothing_molal) > 0.0;
}

/* Nothing of an element is nothing of its minerals: PHREEQC prints -999.999 for them. The activity of a component whose
 * valences are all others may be as small as it likes. */
static bool is_there(const pq_runner *r, const pq_view *v, const sei_net_phase *p)
{
    for (size_t j = 0; j + 1 < v->eq->net->n_comp; j++) {
        if (p->nu[j] == 0.0 || v->eq->x[j] > -150.0)
            continue;
        const size_t m = sei_db_component_master(r->db, v->eq->net->comp_name[j]);
        if (m == SIZE_MAX || !is_dissolved(r, v, r->db->masters[m].element))
            return false;
    }
    return true;
}

/* Where elements keep a pe of their own, every valence counts as it is. */
static double index_by_species(const pq_runner *r, const pq_view *v, const sei_phase *phase)
{
    double si = -sei_logk_at(&phase->dissolution.logk, v->temp_c + SEI_ZERO_CELSIUS) -
                v->eq->volume_factor * phase->vm_cm3_mol / PQ_LN10;

    for (size_t k = 0; k < phase->dissolution.n_terms; k++) {
        const sei_rterm *t = &phase->dissolution.terms[k];
        si += sei_equil_volume_shift(v->eq, t->species, t->coef) / PQ_LN10;
        const double la = pq_log_activity(r, v, r->db->species[t->species].name);
        if (la <= PQ_MISSING)
            return PQ_MISSING;
        si += t->coef * la;
    }
    return si;
}

double pq_saturation(const pq_runner *r, const pq_view *v, const char *name)
{
    const size_t at = sei_db_find_phase(r->db, name);
    const size_t p  = at == SIZE_MAX ? SIZE_MAX : sei_net_phase_index(v->eq->net, name);

    if (p == SIZE_MAX || !is_there(r, v, &v->eq->net->phases[p]))
        return PQ_MISSING;
    return v->has_couples ? index_by_species(r, v, &r->db->phases[at]) : sei_equil_si(v->eq, p);
}

static double by_composition(const pq_runner *r, const pq_view *v, size_t element)
{
    const sei_net *net = v->eq->net;
    double         sum = 0.0;

    for (size_t i = 0; i < net->n_species; i++) {
        const sei_composition *c = &r->db->species[net->db_index[i]].composition;
        for (size_t k = 0; k < c->n; k++)
            if (c->terms[k].element == element)
                sum += c->terms[k].count * v->eq->m[i];
    }
    return sum;
}

/* Sites of one kind, mol/kgw: TOT("X"). */
static double sites_of(const pq_runner *r, const pq_view *v, const char *name)
{
    const size_t site = v->sorbed_mol ? sei_sorb_find_site(r->sorb, name) : SIZE_MAX;
    double       sum  = 0.0;

    for (size_t k = 0; site != SIZE_MAX && k < sei_react_n_sorbed(r->react); k++)
        if (sei_react_sorbed(r->react, k)->site == site)
            sum += sei_react_sorbed(r->react, k)->site_coef * v->sorbed_mol[k];
    return sum / v->water_kg;
}

/* Of a valence; of those of water itself nothing: only the whole element is counted, as in PHREEQC. */
static double total_of_valence(const pq_runner *r, const pq_view *v, size_t m)
{
    const sei_master *row      = &r->db->masters[m];
    const char       *element  = r->db->elements[row->element].name;
    const bool        in_water = strcmp(element, "O") == 0 || strcmp(element, "H") == 0;

    if (!in_water && !is_dissolved(r, v, row->element))
        return 0.0;
    if (row->species == r->db->water || row->species == r->db->h_plus)
        return 0.0;
    return sei_total_of_master(v->eq, m) * sei_db_atoms(r->db, m);
}

double pq_total(const pq_runner *r, const pq_view *v, const char *name)
{
    char name_[64];

    if (!sei_component_canonical(name, strlen(name), name_, sizeof name_))
        return 0.0;
    const size_t m = sei_db_find_master(r->db, name_);
    if (strcmp(name, "water") == 0)
        return v->water_kg;
    if (m == SIZE_MAX)
        return sites_of(r, v, name);
    const sei_master *row = &r->db->masters[m];
    if (strcmp(row->name, "Alkalinity") == 0)
        return v->eq->alk;
    if (row->is_valence)
        return total_of_valence(r, v, m);
    if (strcmp(row->name, "H") == 0 || strcmp(row->name, "O") == 0) {
        const double water = (1.0 / v->eq->water_kg_mol) * (row->name[0] == 'H' ? 2.0 : 1.0);
        return water + by_composition(r, v, row->element);
    }
    return dissolved(r, v, row->element);
}

double pq_ph(const pq_runner *r, const pq_view *v)
{
    return -pq_log_activity(r, v, r->db->species[r->db->h_plus].name);
}

double pq_alkalinity(const pq_view *v)
{
    return v->eq->alk;
}

double pq_percent_error(const pq_view *v)
{
    double sum = 0.0;

    for (size_t i = 0; i < v->eq->net->n_species; i++)
        sum += fabs(v->eq->net->charge[i]) * v->eq->m[i];
    return sum > 0.0 ? 100.0 * v->eq->charge / sum : 0.0;
}

double pq_pe(const pq_view *v)
{
    return v->state == PQ_INITIAL_SOLUTION && isfinite(v->given_pe) ? v->given_pe
                                                                    : -v->eq->ln_ae / PQ_LN10;
}
