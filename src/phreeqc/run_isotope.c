/*
 * run_isotope.c - isotopes as elements of their own: what an initial solution holds of them, and their ratios in their units
 *
 * An initial solution is calculated as if all of an element were its major isotope; then the atoms that others are go over to
 * them, as in PHREEQC 3.8.6.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_water.h"

enum { NAME_BYTES = 100 };

sei_status pq_add_isotopes(pq_runner *r, const sei_pq_isotopes *isotopes)
{
    const sei_pq_isotopes **grown =
        sei_resize(r->ctx, r->isotopes, r->n_isotopes + 1, sizeof *grown);

    if (!grown)
        return SEI_E_NOMEM;
    r->isotopes                  = grown;
    r->isotopes[r->n_isotopes++] = isotopes;
    return SEI_OK;
}

const sei_pq_isotope_standard *pq_isotope(const pq_runner *r, const char *name)
{
    for (size_t b = r->n_isotopes; b > 0; b--)
        for (size_t i = r->isotopes[b - 1]->n_standards; i > 0; i--)
            if (strcmp(r->isotopes[b - 1]->standards[i - 1].name, name) == 0)
                return &r->isotopes[b - 1]->standards[i - 1];
    return NULL;
}

/* ------------------------------------------------------------------ initial solutions */

/* What the isotope is one of, in its valence: "C(4)" of [13C](4), whichever ISOTOPES lists it under. */
static void major_of(const sei_pq_isotope_standard *s, char ret[NAME_BYTES])
{
    const char *valence = strrchr(s->name, '(');

    snprintf(ret, NAME_BYTES, "%.*s%s", (int)strcspn(s->element, "("), s->element,
             valence ? valence : "");
}

/* Does ISOTOPES list any under it? */
static bool is_listed(const pq_runner *r, const char *major)
{
    for (size_t b = 0; b < r->n_isotopes; b++)
        for (size_t i = 0; i < r->isotopes[b]->n_standards; i++)
            if (strcmp(r->isotopes[b]->standards[i].element, major) == 0)
                return true;
    return false;
}

static bool is_given(const sei_pq_solution *def, const char *major)
{
    for (size_t i = 0; i < def->n; i++)
        if (strcmp(def->analytes[i].component, major) == 0)
            return true;
    return strcmp(major, "H") == 0 || strcmp(major, "O") == 0;
}

/* All isotopes of one element or valence. */
typedef struct {
    pq_water      *in;
    const pq_view *view;
    const char    *major;
    double         whole_mol; /* of the element as it was calculated */
    double         ratios;    /* of the isotopes that are told by a ratio to the major one */
    double         moles;     /* of those that are told by themselves */
} group;

static double ratio_of(const sei_pq_isotope_standard *s, double value)
{
    return s->standard * (1.0 + 1e-3 * value);
}

/* Moles that are told without the others. */
static double moles_of(const group *g, const sei_pq_isotope_standard *s, double value)
{
    if (s->unit == SEI_PQ_PERCENT)
        return 1e-2 * value * s->standard * g->whole_mol;
    return value * s->standard * g->view->water_kg / SEI_WATER_KG_MOL; /* per mole of water */
}

static const sei_pq_isotope_standard *member(const group *g, const sei_pq_analyte *a)
{
    const sei_pq_isotope_standard *s = pq_isotope(g->in->r, a->component);
    char                           major[NAME_BYTES];

    if (!s)
        return NULL;
    major_of(s, major);
    return strcmp(major, g->major) == 0 ? s : NULL;
}

static sei_status put_atoms(const group *g, const sei_pq_analyte *a, double mol, sei_amounts *total)
{
    char name[NAME_BYTES];

    snprintf(name, sizeof name, "%.*s", (int)strcspn(a->component, "("), a->component);
    if (sei_react_add_formula(g->in->r->react, name, mol, total))
        return SEI_OK;
    return sei_fail(g->in->r->ctx, SEI_E_INTERNAL, &a->where, "isotope %s cannot be counted", name);
}

/* Sums over what the group's isotopes are given as: ratios to the major one, or moles. */
static void sum_given(group *g)
{
    const sei_pq_solution *def = g->in->def;

    for (size_t i = 0; i < def->n; i++) {
        const sei_pq_isotope_standard *s = member(g, &def->analytes[i]);
        if (s && s->unit == SEI_PQ_PERMIL)
            g->ratios += ratio_of(s, def->analytes[i].value);
        else if (s)
            g->moles += moles_of(g, s, def->analytes[i].value);
    }
}

/* What of each isotope there is goes to it from the major one. Of hydrogen and oxygen that are not those of water the totals of
 * the water's stay what they are, as in PHREEQC. */
static sei_status spread_group(group *g, sei_amounts *total)
{
    const sei_pq_solution *def = g->in->def;
    char                   element[NAME_BYTES];
    double                 taken = 0.0;
    sei_status             st    = SEI_OK;

    snprintf(element, sizeof element, "%.*s", (int)strcspn(g->major, "("), g->major);
    const bool is_water = strcmp(element, "H") == 0 || strcmp(element, "O") == 0;
    sum_given(g);
    const double major = (g->whole_mol - g->moles) / (1.0 + g->ratios);
    for (size_t i = 0; i < def->n && st == SEI_OK; i++) {
        const sei_pq_analyte          *a = &def->analytes[i];
        const sei_pq_isotope_standard *s = member(g, a);
        if (!s)
            continue;
        const double mol =
            s->unit == SEI_PQ_PERMIL ? major * ratio_of(s, a->value) : moles_of(g, s, a->value);
        if (!(mol >= 0.0) || !(major >= 0.0))
            return sei_fail(g->in->r->ctx, SEI_E_RANGE, &a->where,
                            "SOLUTION: %g %s of %s is not possible", a->value, s->unit_text,
                            a->component);
        st = put_atoms(g, a, mol, total);
        taken += mol;
    }
    if (st == SEI_OK && !(is_water && strchr(g->major, '(')) &&
        !sei_react_add_formula(g->in->r->react, element, -taken, total))
        st = sei_fail(g->in->r->ctx, SEI_E_INTERNAL, &g->in->block->where,
                      "element %s cannot be counted", element);
    return st;
}

static double whole_mol(const group *g, const sei_amounts *total)
{
    if (strcmp(g->major, "H") == 0 || strcmp(g->major, "O") == 0)
        return sei_react_element(g->in->r->react, total, g->major);
    return pq_total(g->in->r, g->view, g->major) * g->view->water_kg;
}

sei_status pq_spread_isotopes(pq_water *in, const pq_view *view, sei_amounts *total)
{
    const sei_pq_solution *def   = in->def;
    const sei_amounts      whole = *total;
    sei_status             st    = SEI_OK;

    for (size_t i = 0; i < def->n && st == SEI_OK; i++) {
        const sei_pq_isotope_standard *s = pq_isotope(in->r, def->analytes[i].component);
        char                           major[NAME_BYTES];
        bool                           is_done = false;
        if (!s)
            continue;
        major_of(s, major);
        group g = {.in = in, .view = view, .major = major};
        for (size_t k = 0; k < i && !is_done; k++)
            is_done = member(&g, &def->analytes[k]) != NULL;
        if (is_done)
            continue;
        if (!is_given(def, major) || !is_listed(in->r, major)) {
            sei_warn(in->r->ctx, &def->analytes[i].where,
                     "SOLUTION: %s has no effect: %s is not %s", def->analytes[i].component, major,
                     is_given(def, major) ? "in ISOTOPES" : "given");
            continue;
        }
        g.whole_mol = whole_mol(&g, &whole);
        st          = spread_group(&g, total);
    }
    return st;
}

/* ------------------------------------------------------------------ ratios */

static const sei_pq_isotope_ratio *find_ratio(const pq_runner *r, const char *name)
{
    for (size_t b = r->n_isotopes; b > 0; b--)
        for (size_t i = r->isotopes[b - 1]->n_ratios; i > 0; i--)
            if (strcmp(r->isotopes[b - 1]->ratios[i - 1].name, name) == 0)
                return &r->isotopes[b - 1]->ratios[i - 1];
    return NULL;
}

/* Of its isotope's unit; PQ_NO_RATIO: there is none. */
static sei_status value_of(pq_runner *r, const sei_pq_isotope_ratio *ratio, double *ret)
{
    const sei_pq_isotope_standard *s     = pq_isotope(r, ratio->isotope);
    double                         value = PQ_NO_RATIO;
    const sei_status               st    = pq_calculate(r, ratio->name, &value);

    *ret = PQ_NO_RATIO;
    if (st != SEI_OK || !s || value == PQ_NO_RATIO)
        return st;
    value /= s->standard;
    *ret = s->unit == SEI_PQ_PERMIL    ? 1000.0 * (value - 1.0)
           : s->unit == SEI_PQ_PERCENT ? 100.0 * value
                                       : value;
    return SEI_OK;
}

sei_status pq_isotope_column(pq_runner *r, const pq_view *v, const char *name, double *ret)
{
    const sei_pq_isotope_ratio *ratio = find_ratio(r, name);

    *ret = PQ_NO_RATIO;
    if (!ratio)
        return SEI_OK;
    if (v->state != PQ_INITIAL_SOLUTION)
        return value_of(r, ratio, ret);
    *ret = 0.0; /* as it was given, for every ratio of the isotope */
    for (size_t i = 0; v->given && i < v->given->n; i++)
        if (strcmp(v->given->analytes[i].component, ratio->isotope) == 0)
            *ret = v->given->analytes[i].value;
    return SEI_OK;
}

/* "R(13C)_CO2(aq)", and "[13C]" or "13C" for "R(13C)". */
static const sei_pq_isotope_ratio *ratio_of_name(const pq_runner *r, const char *name)
{
    const sei_pq_isotope_ratio *ratio            = find_ratio(r, name);
    char                        bare[NAME_BYTES] = "R(";
    size_t                      n                = 2;

    for (; *name && n + 2 < sizeof bare; name++)
        if (*name != '[' && *name != ']')
            bare[n++] = *name;
    bare[n] = ')';
    return ratio ? ratio : find_ratio(r, bare);
}

sei_status pq_iso(pq_runner *r, const char *name, double *ret, const char **ret_unit)
{
    const sei_pq_isotope_ratio *ratio = ratio_of_name(r, name);
    double                      value = PQ_NO_RATIO;
    const sei_status            st    = ratio ? value_of(r, ratio, &value) : SEI_OK;

    *ret      = value == PQ_NO_RATIO ? -1000.0 : value;
    *ret_unit = value == PQ_NO_RATIO ? "unknown" : pq_isotope(r, ratio->isotope)->unit_text;
    return st;
}
