/* run_lists.c - functions of BASIC that fill lists with what a cell holds: layers, solid solutions, formulas of kinetic reactants */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

static int larger_first(const void *a, const void *b)
{
    const pq_named *x = a, *y = b;

    if (x->number != y->number)
        return x->number < y->number ? 1 : -1;
    return strcmp(x->name, y->name);
}

int pq_by_name(const void *a, const void *b)
{
    return strcmp(((const pq_named *)a)->name, ((const pq_named *)b)->name);
}

sei_status pq_give_named(const sei_basic_call *call, size_t n, const pq_named rows[])
{
    sei_status st = sei_basic_give_number(call, 1, 0, (double)n);

    for (size_t a = 2; a < 4 && st == SEI_OK; a++)
        st = sei_basic_give_list(call, a, n);
    for (size_t i = 0; i < n && st == SEI_OK; i++) {
        st = sei_basic_give_text(call, 2, i + 1, rows[i].name, strlen(rows[i].name));
        if (st == SEI_OK)
            st = sei_basic_give_number(call, 3, i + 1, rows[i].number);
    }
    return st;
}

/* ------------------------------------------------------------------ layers */

static size_t find_charge(const pq_surface *f, const char *name)
{
    for (size_t i = 0; f && i < f->def->n_charges; i++)
        if (strcmp(f->def->charges[i].name, name) == 0)
            return i;
    return SIZE_MAX;
}

static size_t take_layer(const pq_runner *r, const pq_view *v, size_t i, pq_named rows[],
                         double *ret_sum)
{
    const sei_net    *net     = v->eq->net;
    const sei_surface surface = pq_surface_of(v->cell->surface, i);
    sei_react_layer   layer;
    size_t            n = 0;

    sei_react_layer_at(v->eq, &surface, pq_layer_potential(v->cell->surface, i), &layer);
    rows[n++] = (pq_named){r->db->species[r->db->water].name, surface.layer_kg / SEI_WATER_KG_MOL};
    for (size_t k = 0; k < net->n_species; k++)
        rows[n++] = (pq_named){
            r->db->species[net->db_index[k]].name,
            sei_react_layer_mol(&layer, v->eq->m[k] * sei_react_layer_erm(net, &surface, k),
                                net->charge[k])};
    *ret_sum = 0.0;
    for (size_t k = 0; k < n; k++)
        *ret_sum += rows[k].number;
    qsort(rows, n, sizeof *rows, larger_first);
    return n;
}

static double thickness_m(const pq_surface *f, size_t i)
{
    const sei_surface s = pq_surface_of(f, i);

    return f->def->debye_lengths > 0.0 ? s.layer_kg / (1000.0 * s.area_m2) : f->def->thickness_m;
}

/* EDL_SPECIES(surface, count, names$, moles, area in m2, thickness in m): the sum. */
static sei_status layer_species(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                                const char *name, double *ret)
{
    const pq_surface *f     = v->cell ? v->cell->surface : NULL;
    const size_t      i     = find_charge(f, name);
    const bool        there = i != SIZE_MAX && pq_surface_of(f, i).layer_kg > 0.0;
    pq_named         *rows  = sei_alloc(r->ctx, v->eq->net->n_species + 1, sizeof *rows);
    size_t            n     = 0;

    *ret = 0.0;
    if (!rows)
        return SEI_E_NOMEM;
    if (there)
        n = take_layer(r, v, i, rows, ret);
    sei_status st = pq_give_named(call, n, rows);
    if (st == SEI_OK)
        st = sei_basic_give_number(call, 4, 0, there ? pq_surface_of(f, i).area_m2 : 0.0);
    if (st == SEI_OK)
        st = sei_basic_give_number(call, 5, 0, there ? thickness_m(f, i) : 0.0);
    sei_release(r->ctx, rows);
    return st;
}

/* ------------------------------------------------------------------ solid solutions and sites */

/* LIST_S_S(solid solution, count, members$, moles): the sum. */
static sei_status solid_members(const pq_view *v, const sei_basic_call *call, const char *name,
                                double *ret)
{
    const pq_solids *s = v->cell ? v->cell->solids : NULL;
    pq_named         rows[SEI_REACT_MIXTURE_PARTS];
    size_t           n = 0;

    *ret = 0.0;
    for (size_t i = 0; s && i < s->def->n; i++) {
        const sei_pq_solid_solution *one = &s->def->solutions[i];
        if (!sei_equal_nocase(one->name, name))
            continue;
        for (n = 0; n < one->n; n++) {
            rows[n] = (pq_named){one->members[n].name, s->mol[i][n]};
            *ret += rows[n].number;
        }
        qsort(rows, n, sizeof *rows, larger_first);
        break;
    }
    return pq_give_named(call, n, rows);
}

/* EQUIV_FRAC(species of a site, sites that one takes, site$): the share of the sites that it has. */
static sei_status site_share(const pq_runner *r, const pq_view *v, const sei_basic_call *call,
                             const char *name, double *ret)
{
    const char *site  = "";
    double      takes = 0.0, all = 0.0, own = 0.0;
    size_t      of = SIZE_MAX;

    for (size_t k = 0; v->sorbed_mol && k < sei_react_n_sorbed(r->react); k++)
        if (strcmp(sei_react_sorbed(r->react, k)->name, name) == 0)
            of = k;
    for (size_t k = 0; of != SIZE_MAX && k < sei_react_n_sorbed(r->react); k++) {
        const sei_sorb_species *s = sei_react_sorbed(r->react, k);
        if (s->site == sei_react_sorbed(r->react, of)->site)
            all += s->site_coef * v->sorbed_mol[k];
    }
    if (all > 0.0) {
        const sei_sorb_species *s = sei_react_sorbed(r->react, of);
        site                      = r->sorb->sites[s->site].name;
        takes                     = s->site_coef;
        own                       = takes * v->sorbed_mol[of];
    }
    *ret          = all > 0.0 ? own / all : 0.0;
    sei_status st = sei_basic_give_number(call, 1, 0, takes);
    return st == SEI_OK ? sei_basic_give_text(call, 2, 0, site, strlen(site)) : st;
}

sei_status pq_fill_lists(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                         const char *name, double *ret)
{
    switch (call->function) {
    case SEI_BASIC_EDL_SPECIES: return layer_species(r, v, call, name, ret);
    case SEI_BASIC_LIST_S_S: return solid_members(v, call, name, ret);
    default: return site_share(r, v, call, name, ret);
    }
}

/* ------------------------------------------------------------------ kinetic reactants */

/* KINETICS_FORMULA$(reactant, count, elements$, numbers): its name when it is there. */
sei_status pq_kinetics_formula(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                               const char *name, const char **ret_text)
{
    const pq_kinetics *k    = v->kinetics ? v->kinetics : v->cell ? v->cell->kinetics : NULL;
    pq_named          *rows = sei_alloc(r->ctx, r->db->n_elements, sizeof *rows);
    size_t             n = 0, i = 0;

    if (!rows)
        return SEI_E_NOMEM;
    while (k && i < k->def->n && !sei_equal_nocase(k->def->reactants[i].name, name))
        i++;
    const bool there = k && i < k->def->n;
    *ret_text        = there ? k->def->reactants[i].name : "";
    for (size_t e = 0; there && e < r->db->n_elements; e++) {
        const char  *element = r->db->elements[e].name;
        const double count   = sei_react_element(r->react, &k->formula[i], element);
        if (fabs(count) > 1e-12)
            rows[n++] = (pq_named){element, count};
    }
    qsort(rows, n, sizeof *rows, pq_by_name);
    const sei_status st = call->n < 4 ? SEI_OK : pq_give_named(call, n, rows);
    sei_release(r->ctx, rows);
    return st;
}
