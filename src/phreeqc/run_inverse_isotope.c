/* run_inverse_isotope.c - balances of isotopes for INVERSE_MODELING */
#include <math.h>
#include <string.h>

#include "phreeqc/run_inverse.h"

enum { LABEL_BYTES = 60 };

/* "S" of "S(6)" and of "S". */
static bool is_of_element(const char *component, const char *element)
{
    const size_t n = strcspn(component, "(");

    return strlen(element) == n && strncmp(component, element, n) == 0;
}

static sei_status new_isotope(pq_inverse *v, const sei_pq_inverse_isotope *def, size_t element)
{
    const char          *name = v->r->db->elements[element].name;
    const size_t         n    = v->p->n_balances;
    sei_inverse_isotope *iso  = &v->p->isotopes[v->p->n_isotopes];
    sei_buf              text;
    sei_status           st = SEI_OK;

    if (strcmp(name, "H") == 0 || strcmp(name, "O") == 0)
        return sei_fail(v->r->ctx, SEI_E_UNSUPPORTED, &def->where,
                        "INVERSE_MODELING: isotopes of %s are not supported yet", name);
    iso->balance = sei_arena_alloc(v->arena, n, sizeof *iso->balance);
    iso->label   = sei_arena_alloc(v->arena, n, sizeof *iso->label);
    iso->ratio   = sei_arena_alloc(v->arena, n * v->p->n_waters, sizeof *iso->ratio);
    iso->limit   = sei_arena_alloc(v->arena, n * v->p->n_waters, sizeof *iso->limit);
    if (!iso->balance || !iso->label || !iso->ratio || !iso->limit)
        return SEI_E_NOMEM;
    sei_buf_init(&text, v->r->ctx, LABEL_BYTES);
    sei_buf_printf(&text, "%.0f%s", def->mass, name);
    if (text.status == SEI_OK)
        iso->name = sei_arena_strdup(v->arena, text.text);
    for (size_t b = 0; b < n && iso->name; b++) {
        if (v->rows[b].element != element)
            continue;
        text.len = 0;
        sei_buf_printf(&text, "%.0f%s", def->mass, v->rows[b].name);
        iso->label[iso->n] = text.status == SEI_OK ? sei_arena_strdup(v->arena, text.text) : NULL;
        iso->balance[iso->n++] = b;
        if (!iso->label[iso->n - 1])
            st = SEI_E_NOMEM;
    }
    st = text.status != SEI_OK ? text.status : iso->name ? st : SEI_E_NOMEM;
    sei_buf_done(&text);
    v->p->n_isotopes += st == SEI_OK;
    return st;
}

/* ------------------------------------------------------------------ waters */

static const sei_pq_isotope *given(const sei_pq_solution *s, double mass, const char *component,
                                   const char *element)
{
    const sei_pq_isotope *best = NULL;

    for (size_t i = 0; i < s->n_isotopes; i++) {
        const sei_pq_isotope *x = &s->isotopes[i];
        if (x->mass != mass)
            continue;
        if (strcmp(x->component, component) == 0)
            return x;
        if (strcmp(x->component, element) == 0)
            best = x;
    }
    return best;
}

/* Uncertainty of the block for the valence, else for its element; NULL: it has none. */
static const sei_pq_limits *limits_of(const pq_inverse *v, double mass, const char *component,
                                      const char *element)
{
    const sei_pq_limits *best = NULL;

    for (size_t i = 0; i < v->def->n_isotopes; i++) {
        const sei_pq_inverse_isotope *x = &v->def->isotopes[i];
        if (x->mass != mass || x->limits.n == 0)
            continue;
        if (strcmp(x->component, component) == 0)
            return &x->limits;
        if (strcmp(x->component, element) == 0)
            best = &x->limits;
    }
    return best;
}

static sei_status take_ratio(pq_inverse *v, sei_inverse_isotope *iso, double mass, size_t valence,
                             size_t w, const pq_solution *water)
{
    const size_t          k       = valence * v->p->n_waters + w;
    const pq_inverse_row *row     = &v->rows[iso->balance[valence]];
    const char           *element = v->r->db->elements[row->element].name;
    const double          total   = v->p->balances[iso->balance[valence]].total[w];
    const sei_pq_isotope *x = water->initial ? given(water->given, mass, row->name, element) : NULL;
    const sei_pq_limits  *limits = limits_of(v, mass, row->name, element);

    iso->ratio[k] = (double)NAN;
    if (!x && total <= v->def->tolerance)
        return SEI_OK;
    if (!x)
        return sei_fail(
            v->r->ctx, water->initial ? SEI_E_MISSING : SEI_E_UNSUPPORTED, &v->block->where,
            water->initial ? "INVERSE_MODELING: solution %d has %s but no -isotope %s"
                           : "INVERSE_MODELING: solution %d has reacted: isotopes of its %s are "
                             "not known (-isotope %s holds for a SOLUTION as it is given)",
            v->p->waters[w].number, row->name, iso->label[valence]);
    if (!limits && !x->has_limit)
        return sei_fail(v->r->ctx, SEI_E_MISSING, &x->where,
                        "SOLUTION: an uncertainty of %s is needed for INVERSE_MODELING", x->label);
    iso->ratio[k] = x->ratio;
    iso->limit[k] = limits ? limits->values[w < limits->n ? w : limits->n - 1] : x->limit;
    return SEI_OK;
}

/* ------------------------------------------------------------------ phases */

static double atoms_of(const pq_inverse *v, const sei_inverse_phase *to, size_t i)
{
    const sei_inverse_isotope *iso = &v->p->isotopes[i];
    double                     sum = 0.0;

    for (size_t k = 0; k < iso->n; k++)
        sum += to->coef[iso->balance[k]];
    return sum;
}

static sei_status take_phase(pq_inverse *v, size_t f, size_t i, double mass, const char *element)
{
    const sei_pq_inverse_phase *def = &v->def->phases[f];
    sei_inverse_phase          *to  = &v->p->phases[f];

    to->atoms[i] = atoms_of(v, to, i);
    for (size_t k = 0; k < def->n_isotopes; k++) {
        const sei_pq_isotope *x = &def->isotopes[k];
        if (x->mass != mass || strcmp(x->component, element) != 0)
            continue;
        to->ratio[i] = x->ratio;
        to->limit[i] = x->limit;
    }
    if (isfinite(to->ratio[i]) && to->way == SEI_INVERSE_EITHER)
        return sei_fail(v->r->ctx, SEI_E_MISSING, &def->where,
                        "INVERSE_MODELING: %s has isotopes: tell whether it may dissolve or "
                        "precipitate",
                        to->name);
    if (!isfinite(to->ratio[i]) && fabs(to->atoms[i]) > 0.0)
        return sei_fail(v->r->ctx, SEI_E_MISSING, &def->where,
                        "INVERSE_MODELING: %s holds %s: its ratio of %s is needed", to->name,
                        element, v->p->isotopes[i].name);
    return SEI_OK;
}

static size_t element_of(const pq_inverse *v, const char *component)
{
    for (size_t e = 0; e < v->r->db->n_elements; e++)
        if (is_of_element(component, v->r->db->elements[e].name))
            return e;
    return SIZE_MAX;
}

static bool is_first(const pq_inverse *v, size_t k, size_t element)
{
    for (size_t i = 0; i < k; i++)
        if (v->def->isotopes[i].mass == v->def->isotopes[k].mass &&
            element_of(v, v->def->isotopes[i].component) == element)
            return false;
    return true;
}

sei_status pq_inverse_add_isotopes(pq_inverse *v, const pq_solution *const waters[])
{
    sei_status st = SEI_OK;

    for (size_t k = 0; k < v->def->n_isotopes && st == SEI_OK; k++) {
        const sei_pq_inverse_isotope *def     = &v->def->isotopes[k];
        const size_t                  element = element_of(v, def->component);
        if (element == SIZE_MAX)
            return sei_fail(v->r->ctx, SEI_E_NOT_FOUND, &def->where,
                            "INVERSE_MODELING: the element of %s is not in database %s", def->label,
                            sei_db_name(v->r->db));
        if (!is_first(v, k, element))
            continue;
        st             = new_isotope(v, def, element);
        const size_t i = v->p->n_isotopes - 1;
        for (size_t x = 0; st == SEI_OK && x < v->p->isotopes[i].n; x++)
            for (size_t w = 0; w < v->p->n_waters && st == SEI_OK; w++)
                st = take_ratio(v, &v->p->isotopes[i], def->mass, x, w, waters[w]);
        for (size_t f = 0; f < v->p->n_phases && st == SEI_OK; f++)
            st = take_phase(v, f, i, def->mass, v->r->db->elements[element].name);
    }
    return st;
}
