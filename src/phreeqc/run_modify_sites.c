/*
 * run_modify_sites.c - _RAW and _MODIFY of EXCHANGE and SURFACE
 *
 * A dump tells what each kind of sites holds. Here all of them are one sum, so that a change of what one of several holds has
 * to come with what the others hold.
 */
#include <math.h>
#include <string.h>

#include "phreeqc/modify.h"

/* ------------------------------------------------------------------ amounts */

static bool has_totals(const pq_change *c, const char *component)
{
    return pq_last_change(c, SEI_PQ_SET_TOTAL, component) != NULL;
}

/* All kinds of sites are told of, or none. */
static sei_status check_components(const pq_change *c, size_t n, const sei_pq_sites sites[])
{
    const sei_pq_assignment *any = pq_last_change(c, SEI_PQ_SET_TOTAL, NULL);

    for (size_t i = 0; any && i < n; i++)
        if (!has_totals(c, sites[i].formula))
            return pq_fail_change(c, SEI_E_UNSUPPORTED, &any->where,
                                  "-totals of some kinds of sites alone are not supported: give "
                                  "those of %s too",
                                  sites[i].formula);
    return SEI_OK;
}

/* Sum of one kind of assignment over everything, by the element that is named or of all; whether there is any. */
static bool sum_of(const pq_change *c, sei_pq_change change, const char *element, double *ret_sum)
{
    bool any = false;

    *ret_sum = 0.0;
    for (size_t i = 0; i < c->m->n; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        if (a->change != change ||
            (element && strcmp(pq_element_of_total(c->r, a->name), element) != 0))
            continue;
        any = true;
        *ret_sum += a->value;
    }
    return any;
}

/* Elements of amounts as the totals of a kind sum up; others stay, and the charge. */
static sei_status set_totals(const pq_change *c, sei_pq_change change, sei_amounts *amounts)
{
    sei_status st = SEI_OK;
    double     sum;

    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        if (a->change == change && !pq_element_of_total(c->r, a->name))
            st = pq_fail_change(c, SEI_E_NOT_FOUND, &a->where, "\"%s\" is not in database %s",
                                a->name, sei_db_name(c->r->db));
    }
    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        if (a->change != change)
            continue;
        const char *element = pq_element_of_total(c->r, a->name);
        (void)sum_of(c, change, element, &sum); /* again for each of them: the same */
        st = pq_set_element(c, &a->where, element, sum, amounts);
    }
    return st;
}

static void set_charge(const pq_runner *r, double charge, sei_amounts *amounts)
{
    amounts->electron += pq_charge_of(r, amounts) - charge;
}

/* ------------------------------------------------------------------ kinds of sites */

/* Of a list that has room for one more. */
static sei_status find_sites(const pq_change *c, const sei_pq_assignment *a, size_t *n,
                             sei_pq_sites *sites, sei_pq_sites **ret_sites)
{
    size_t i = 0;

    while (i < *n && !sei_equal_nocase(sites[i].formula, a->component))
        i++;
    if (i == SEI_REACT_SITES_MAX)
        return pq_fail_change(c, SEI_E_TOO_LARGE, &a->where, "more than %d kinds of sites",
                              (int)SEI_REACT_SITES_MAX);
    if (i == *n)
        sites[(*n)++] =
            (sei_pq_sites){.where = a->where, .formula = a->component, .kind = SEI_PQ_SITES_MOL};
    *ret_sites = &sites[i];
    return SEI_OK;
}

static void tie(const sei_pq_assignment *a, sei_pq_sites_kind kind, sei_pq_sites *s)
{
    s->kind    = kind;
    s->related = a->name;
}

static void change_sites(const sei_pq_assignment *a, sei_pq_sites *s)
{
    switch (a->change) {
    case SEI_PQ_SET_PHASE: tie(a, SEI_PQ_SITES_MINERAL, s); break;
    case SEI_PQ_SET_RATE: tie(a, SEI_PQ_SITES_KINETIC, s); break;
    case SEI_PQ_SET_PROPORTION: s->value = a->value; break;
    default: break;
    }
}

/* A list with room for all that may come. */
static sei_pq_sites *copy_sites(pq_runner *r, size_t n, const sei_pq_sites *sites)
{
    sei_pq_sites *copy = sei_arena_alloc(&r->arena, SEI_REACT_SITES_MAX + n, sizeof *copy);

    if (copy && n)
        memcpy(copy, sites, n * sizeof *copy);
    return copy;
}

/* Moles of what a kind of sites is tied to, by what it holds; NAN: not told. */
static double tied_mol(const pq_change *c, const sei_pq_sites *s)
{
    sei_amounts one = {0};
    double      mol = (double)NAN;

    if (s->kind == SEI_PQ_SITES_MOL || !(s->value > 0.0) ||
        !sei_react_add_formula(c->r->react, s->formula, s->value, &one))
        return mol;
    for (size_t i = 0; i < c->m->n; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        if (a->change != SEI_PQ_SET_TOTAL || !a->component ||
            !sei_equal_nocase(a->component, s->formula))
            continue;
        const size_t site = sei_react_site(c->r->react, a->name);
        if (site != SIZE_MAX && one.site[site] > 0.0)
            mol = a->value / one.site[site];
    }
    return mol;
}

static sei_status check_ties(const pq_change *c, size_t n, const sei_pq_sites sites[])
{
    for (size_t i = 0; i < n; i++)
        if (sites[i].kind != SEI_PQ_SITES_MOL && !(sites[i].value >= 0.0))
            return pq_fail_change(c, SEI_E_RANGE, &sites[i].where,
                                  "%s: a proportion of %g to %s is negative", sites[i].formula,
                                  sites[i].value, sites[i].related);
    return SEI_OK;
}

/* ------------------------------------------------------------------ EXCHANGE */

static sei_status change_exchangers(const pq_change *c, sei_pq_exchange *def)
{
    sei_pq_sites *s  = NULL;
    sei_status    st = SEI_OK;

    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        if (a->change == SEI_PQ_SET_GAMMAS)
            def->own_gammas = a->value == 0.0;
        if (a->component)
            st = find_sites(c, a, &def->n, def->sites, &s);
        if (a->component && st == SEI_OK)
            change_sites(a, s);
    }
    return st == SEI_OK ? check_ties(c, def->n, def->sites) : st;
}

/* What all sites together hold, and its charge. */
static sei_status set_held(const pq_change *c, size_t n, const sei_pq_sites *sites,
                           sei_amounts *held)
{
    double     charge;
    sei_status st = check_components(c, n, sites);

    if (st == SEI_OK)
        st = set_totals(c, SEI_PQ_SET_TOTAL, held);
    if (st == SEI_OK && sum_of(c, SEI_PQ_SET_CHARGE, NULL, &charge))
        set_charge(c->r, charge, held);
    return st;
}

sei_status pq_change_exchange(const pq_change *c, pq_exchange *e)
{
    sei_pq_exchange *def = pq_copy_of(c->r, e->def, e->def ? 1 : 0, sizeof *def);
    sei_status       st  = def ? pq_refuse_equilibration(c) : SEI_E_NOMEM;

    if (st != SEI_OK)
        return st;
    def->sites           = copy_sites(c->r, def->n, def->sites);
    def->is_equilibrated = false;
    st                   = def->sites ? change_exchangers(c, def) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = set_held(c, def->n, def->sites, &e->held);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < def->n; i++) {
        const double mol = tied_mol(c, &def->sites[i]);
        if (i < SEI_REACT_SITES_MAX && !isnan(mol))
            e->tied_mol[i] = mol;
    }
    e->def = def;
    return SEI_OK;
}

/* ------------------------------------------------------------------ SURFACE */

/* The surface of a name, in a list that has room for one more; SIZE_MAX: no room. */
static size_t find_charge(sei_pq_surface *def, const char *name)
{
    size_t i = 0;

    while (i < def->n_charges && !sei_equal_nocase(def->charges[i].name, name))
        i++;
    if (i == SEI_REACT_SITES_MAX)
        return SIZE_MAX;
    if (i == def->n_charges)
        def->charges[def->n_charges++] =
            (sei_pq_charge){.name = name, .capacitance_f_m2 = {1.0, 5.0}};
    return i;
}

static sei_status change_type(const pq_change *c, const sei_pq_assignment *a, sei_pq_surface *def)
{
    const bool is_layer = a->change == SEI_PQ_SET_LAYER;

    if (is_layer && a->value >= 0.0 && a->value <= 2.0)
        def->layer = a->value == 0.0   ? SEI_PQ_LAYER_NONE
                     : a->value == 1.0 ? SEI_PQ_LAYER_DIFFUSE
                                       : SEI_PQ_LAYER_DONNAN;
    else if (!is_layer && a->value >= 1.0 && a->value <= 4.0)
        def->edl = a->value == 1.0   ? SEI_PQ_NO_EDL
                   : a->value == 2.0 ? SEI_PQ_DDL
                   : a->value == 4.0 ? SEI_PQ_CCM
                                     : SEI_PQ_CD_MUSIC;
    else
        return pq_fail_change(c, SEI_E_UNSUPPORTED, &a->where, "-%s %g is not supported yet",
                              is_layer ? "dl_type" : "type", a->value);
    return SEI_OK;
}

static sei_status change_whole(const pq_change *c, const sei_pq_assignment *a, sei_pq_surface *def)
{
    switch (a->change) {
    case SEI_PQ_SET_TYPE:
    case SEI_PQ_SET_LAYER: return change_type(c, a, def);
    case SEI_PQ_SET_COUNTER_IONS: def->only_counter_ions = a->value != 0.0; break;
    case SEI_PQ_SET_THICKNESS: def->thickness_m = a->value; break;
    case SEI_PQ_SET_DEBYE: def->debye_lengths = a->value; break;
    case SEI_PQ_SET_LIMIT: def->limit_ddl = a->value; break;
    default: break;
    }
    return SEI_OK;
}

/* Of one surface with a charge. */
static sei_status change_charge(const pq_change *c, const sei_pq_assignment *a, sei_pq_surface *def,
                                pq_surface *f)
{
    const size_t i = find_charge(def, a->group);

    if (i == SIZE_MAX || i >= pq_surfaces_max(def))
        return pq_fail_change(c, SEI_E_TOO_LARGE, &a->where, "more than %d surfaces",
                              (int)pq_surfaces_max(def));
    switch (a->change) {
    case SEI_PQ_SET_AREA: def->charges[i].area = a->value; break;
    case SEI_PQ_SET_GRAMS: def->charges[i].mass_g = f->related_mol[i] = a->value; break;
    case SEI_PQ_SET_LAYER_WATER: f->layer_kg[i] = a->value; break;
    case SEI_PQ_SET_CAPACITANCE0: def->charges[i].capacitance_f_m2[0] = a->value; break;
    case SEI_PQ_SET_CAPACITANCE1: def->charges[i].capacitance_f_m2[1] = a->value; break;
    case SEI_PQ_SET_POTENTIAL: /* of plane 0; a start */
        f->potential[i * pq_planes_of(def)] =
            (def->edl == SEI_PQ_CD_MUSIC ? -1.0 : 2.0) * PQ_LN10 * a->value;
        break;
    default: break;
    }
    if ((a->change == SEI_PQ_SET_AREA || a->change == SEI_PQ_SET_GRAMS ||
         a->change == SEI_PQ_SET_LAYER_WATER) &&
        !(a->value >= 0.0))
        return pq_fail_change(c, SEI_E_RANGE, &a->where, "%s: %g is negative", a->group, a->value);
    return SEI_OK;
}

static sei_status change_surface_sites(const pq_change *c, const sei_pq_assignment *a,
                                       sei_pq_surface *def)
{
    sei_pq_sites *s  = NULL;
    sei_status    st = find_sites(c, a, &def->n, def->sites, &s);

    if (st != SEI_OK)
        return st;
    change_sites(a, s);
    if (a->change != SEI_PQ_SET_SURFACE)
        return SEI_OK;
    s->charge = find_charge(def, a->name);
    return s->charge != SIZE_MAX
               ? SEI_OK
               : pq_fail_change(c, SEI_E_TOO_LARGE, &a->where, "more than %d surfaces",
                                (int)SEI_REACT_SITES_MAX);
}

static sei_status change_definition(const pq_change *c, sei_pq_surface *def, pq_surface *f)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < c->m->n && st == SEI_OK; i++) {
        const sei_pq_assignment *a = &c->m->items[i];
        st                         = a->group       ? change_charge(c, a, def, f)
                                     : a->component ? change_surface_sites(c, a, def)
                                                    : change_whole(c, a, def);
    }
    for (size_t i = 0; i < def->n && st == SEI_OK; i++) {
        if (def->sites[i].charge >= def->n_charges)
            return pq_fail_change(c, SEI_E_MISSING, &def->sites[i].where, "%s has no -charge_name",
                                  def->sites[i].formula);
        if (def->sites[i].kind != SEI_PQ_SITES_MOL)
            def->charges[def->sites[i].charge].is_related = true;
    }
    return st;
}

static sei_status check_layer(const pq_change *c, const sei_pq_surface *def)
{
    if (!(def->thickness_m >= 0.0) || !(def->debye_lengths >= 0.0))
        return pq_fail_change(c, SEI_E_RANGE, &c->block->where,
                              "a layer of %g m or %g Debye lengths is negative", def->thickness_m,
                              def->debye_lengths);
    if (!(def->limit_ddl > 0.0 && def->limit_ddl < 1.0))
        return pq_fail_change(c, SEI_E_RANGE, &c->block->where,
                              "the limit %g is not between 0 and 1", def->limit_ddl);
    for (size_t i = 0; i < def->n_charges; i++)
        if (!(def->charges[i].capacitance_f_m2[0] > 0.0 &&
              def->charges[i].capacitance_f_m2[1] > 0.0))
            return pq_fail_change(c, SEI_E_RANGE, &c->block->where,
                                  "%s: capacitances of %g and %g F/m2 are not above 0",
                                  def->charges[i].name, def->charges[i].capacitance_f_m2[0],
                                  def->charges[i].capacitance_f_m2[1]);
    if (def->n_charges > pq_surfaces_max(def))
        return pq_fail_change(c, SEI_E_TOO_LARGE, &c->block->where, "more than %d surfaces",
                              (int)pq_surfaces_max(def));
    if (def->edl == SEI_PQ_CCM && def->layer != SEI_PQ_LAYER_NONE)
        return pq_fail_change(c, SEI_E_RANGE, &c->block->where,
                              "a surface of constant capacitance (-type 4) has no diffuse layer");
    if (def->edl == SEI_PQ_CD_MUSIC && def->only_counter_ions)
        return pq_fail_change(c, SEI_E_UNSUPPORTED, &c->block->where,
                              "-only_counter_ions with -type 3 is not supported");
    if (def->layer == SEI_PQ_LAYER_DIFFUSE && def->only_counter_ions)
        return pq_fail_change(c, SEI_E_UNSUPPORTED, &c->block->where,
                              "-only_counter_ions with -dl_type 1 is not supported");
    return SEI_OK;
}

/* What the sites and the layers hold. The charge of a surface is that of its sites and of its layer together. */
static sei_status change_amounts(const pq_change *c, const sei_pq_surface *def, pq_surface *f)
{
    double     whole;
    sei_status st = set_held(c, def->n, def->sites, &f->held);

    if (st == SEI_OK)
        st = set_totals(c, SEI_PQ_SET_LAYER_TOTAL, &f->layer);
    if (st != SEI_OK)
        return st;
    if (def->layer != SEI_PQ_LAYER_NONE && sum_of(c, SEI_PQ_SET_SURFACE_CHARGE, NULL, &whole))
        set_charge(c->r, whole - pq_charge_of(c->r, &f->held), &f->layer);
    for (size_t i = 0; i < def->n; i++)
        if (!isnan(tied_mol(c, &def->sites[i])))
            f->related_mol[def->sites[i].charge] = tied_mol(c, &def->sites[i]);
    return SEI_OK;
}

sei_status pq_change_surface(const pq_change *c, pq_surface *f)
{
    const sei_pq_surface blank = {.edl = SEI_PQ_DDL, .thickness_m = 1e-8, .limit_ddl = 0.8};
    sei_pq_surface      *def   = pq_copy_of(c->r, f->def ? f->def : &blank, 1, sizeof *def);
    sei_status           st    = def ? pq_refuse_equilibration(c) : SEI_E_NOMEM;

    if (st != SEI_OK)
        return st;
    sei_pq_charge *charges =
        sei_arena_alloc(&c->r->arena, SEI_REACT_SITES_MAX + def->n_charges, sizeof *charges);
    def->sites = copy_sites(c->r, def->n, def->sites);
    if (!charges || !def->sites)
        return SEI_E_NOMEM;
    if (def->n_charges)
        memcpy(charges, def->charges, def->n_charges * sizeof *charges);
    def->charges         = charges;
    def->is_equilibrated = false;
    def->is_density      = false; /* sites are in mol by now */
    st                   = change_definition(c, def, f);
    if (st == SEI_OK)
        st = check_ties(c, def->n, def->sites);
    if (st == SEI_OK)
        st = check_layer(c, def);
    if (st == SEI_OK)
        st = change_amounts(c, def, f);
    if (st == SEI_OK)
        f->def = def;
    return st;
}
