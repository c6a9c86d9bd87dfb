/*
 * run_sum.c - BASIC functions that look at many things at once: sums over names that match a pattern, formulas by
 * element
 *
 * A pattern is a name in which "*" stands for any text and "{A,B}" for any of its parts ("" too), as SUM_SPECIES of
 * PHREEQC has it. Where all parts are elements they count as one element: "{H,D}2O" is H2O, HDO and D2O.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "chem/formula.h"
#include "phreeqc/run_impl.h"

/* ------------------------------------------------------------------ patterns */

/* Each "*" multiplies the ways that are tried: 16 are more than any name needs. */
enum { STARS_MAX = 16, DEPTH_MAX = 40, NAME_BYTES = 200 };

static bool matches(const char *pattern, const char *name, int depth);

/* The parts of "{A,B}" one after the other, each followed by the rest. */
static bool matches_choice(const char *pattern, const char *name, int depth)
{
    const char *end = strchr(pattern, '}'), *part = pattern + 1;

    if (!end)
        return false;
    while (part <= end) {
        const size_t len = strcspn(part, ",}");
        if (strncmp(part, name, len) == 0 && matches(end + 1, name + len, depth + 1))
            return true;
        part += len + 1;
    }
    return false;
}

static bool matches(const char *pattern, const char *name, int depth)
{
    if (depth > DEPTH_MAX)
        return false;
    for (; *pattern && *pattern != '{' && *pattern != '*'; pattern++, name++)
        if (*pattern != *name)
            return false;
    if (*pattern == '{')
        return matches_choice(pattern, name, depth);
    if (*pattern == '\0')
        return *name == '\0';
    while (*pattern == '*')
        pattern++;
    for (;; name++) {
        if (matches(pattern, name, depth + 1))
            return true;
        if (*name == '\0')
            return false;
    }
}

/* An element at the beginning of text: its length; 0: there is none. */
static size_t element_length(const char *text)
{
    size_t n = 1;

    if (text[0] == '[') {
        n = strcspn(text, "]");
        return text[n] ? n + 1 : 0;
    }
    if (text[0] < 'A' || text[0] > 'Z')
        return 0;
    while ((text[n] >= 'a' && text[n] <= 'z') || text[n] == '_')
        n++;
    return n;
}

/* Are there braces, and nothing but elements in them? */
static bool has_element_sets(const char *pattern)
{
    const char *at  = strchr(pattern, '{');
    bool        any = false;

    for (; at; at = strchr(at, '{')) {
        do {
            const size_t n = element_length(++at);
            if (n == 0)
                return false;
            at += n;
        } while (*at == ',');
        if (*at != '}')
            return false;
        any = true;
    }
    return any;
}

/* The set of the pattern that the element is in: its first element, with its length; NULL: it is in none. */
static const char *stand_in(const char *pattern, const char *element, size_t len, size_t *ret_len)
{
    for (const char *at = strchr(pattern, '{'); at; at = strchr(at, '{')) {
        const char *first = at + 1;
        do {
            const size_t n = element_length(++at);
            if (n == len && strncmp(at, element, n) == 0) {
                *ret_len = element_length(first);
                return first;
            }
            at += n;
        } while (*at == ',');
    }
    return NULL;
}

/* A name that is written anew, element by element. */
typedef struct {
    char        text[NAME_BYTES];
    size_t      n, number_at; /* where the number of the last element stands */
    const char *last;         /* that element; NULL: something else came after it */
    size_t      last_len;
    double      count;
} unified;

/* Side by side with its like an element adds to the number of that. */
static bool put_element(unified *u, const char *element, size_t len, double count)
{
    if (u->last && u->last_len == len && strncmp(u->last, element, len) == 0) {
        u->n = u->number_at;
        u->count += count;
    } else {
        if (u->n + len + SEI_NUMBER_MAX >= sizeof u->text)
            return false;
        memcpy(u->text + u->n, element, len);
        u->n += len;
        u->count = count;
    }
    u->last       = element;
    u->last_len   = len;
    u->number_at  = u->n;
    u->text[u->n] = '\0';
    if (u->count != 1.0)
        sei_format_double(u->text + u->n, u->count, 0);
    u->n += strlen(u->text + u->n);
    return true;
}

/* A name with the elements of each set as the first of it, what then stands side by side counted together ("HDO": "H2O"). */
static bool unify(const char *pattern, const char *name, unified *u)
{
    memset(u, 0, sizeof *u);
    while (*name) {
        const size_t own_len = element_length(name);
        if (own_len == 0) {
            if (u->n + 2 > sizeof u->text)
                return false;
            u->text[u->n++] = *name++;
            u->text[u->n]   = '\0';
            u->last         = NULL;
            continue;
        }
        size_t       len    = own_len;
        const char  *first  = stand_in(pattern, name, own_len, &len);
        const size_t digits = strspn(name + own_len, "0123456789.");
        double       count  = 1.0;
        if ((digits > 0 && !sei_parse_double(name + own_len, digits, &count)) ||
            !put_element(u, first ? first : name, len, count))
            return false;
        name += own_len + digits;
    }
    return true;
}

/* The pattern with the first of each set in its place. */
static bool first_of_sets(const char *pattern, char *ret, size_t size)
{
    size_t n = 0;

    for (; *pattern; pattern++) {
        const size_t len = *pattern == '{' ? element_length(pattern + 1) : 1;
        if (n + len + 1 > size)
            return false;
        memcpy(ret + n, *pattern == '{' ? pattern + 1 : pattern, len);
        n += len;
        if (*pattern == '{')
            pattern = strchr(pattern, '}');
    }
    ret[n] = '\0';
    return true;
}

/* A pattern as it is compared with many names. */
typedef struct {
    const char *text;
    bool        has_sets;
    char        plain[NAME_BYTES]; /* with the first of each set */
} wanted;

static wanted wanted_of(const char *pattern)
{
    wanted w = {.text = pattern};

    w.has_sets = has_element_sets(pattern) && first_of_sets(pattern, w.plain, sizeof w.plain);
    return w;
}

static bool is_wanted(const wanted *w, const char *name)
{
    unified u;

    return w->has_sets ? unify(w->text, name, &u) && matches(w->plain, u.text, 0)
                       : matches(w->text, name, 0);
}

static sei_status check_pattern(pq_runner *r, const char *pattern)
{
    size_t stars = 0;

    for (const char *c = pattern; *c; c++)
        stars += *c == '*' || *c == '{';
    if (stars <= STARS_MAX)
        return SEI_OK;
    return sei_fail(r->ctx, SEI_E_TOO_LARGE, NULL, "more than %d of * and { in a pattern",
                    STARS_MAX);
}

/* ------------------------------------------------------------------ sums */

/* Atoms of an element in what one mole is; 1 when no element is asked for. */
static double atoms_of(const pq_runner *r, const sei_amounts *one, const char *element)
{
    return element[0] ? sei_react_element(r->react, one, element) : 1.0;
}

static double phase_atoms(const pq_runner *r, const char *name, const char *element)
{
    const size_t p = sei_db_find_phase(r->db, name);

    if (!element[0])
        return 1.0;
    for (size_t i = 0; p != SIZE_MAX && i < r->db->phases[p].composition.n; i++) {
        const sei_fterm *t = &r->db->phases[p].composition.terms[i];
        if (strcmp(r->db->elements[t->element].name, element) == 0)
            return t->count;
    }
    return 0.0;
}

static double sum_species(const pq_runner *r, const pq_view *v, const char *pattern,
                          const char *element)
{
    const sei_net *net   = v->eq->net;
    const wanted   w     = wanted_of(pattern);
    sei_amounts    water = {.water = 1.0};
    double         sum   = 0.0;

    if (is_wanted(&w, r->db->species[r->db->water].name))
        sum = atoms_of(r, &water, element) * v->water_kg / v->eq->water_kg_mol;
    for (size_t i = 0; i < net->n_species; i++) {
        sei_amounts one = {0};
        if (is_wanted(&w, net->name[i]) &&
            sei_react_add_species(r->react, net->db_index[i], 1.0, &one))
            sum += atoms_of(r, &one, element) * v->eq->m[i] * v->water_kg;
    }
    for (size_t k = 0; v->sorbed_mol && k < sei_react_n_sorbed(r->react); k++)
        if (is_wanted(&w, sei_react_sorbed(r->react, k)->name))
            sum += atoms_of(r, &r->sorbed_of[k], element) * v->sorbed_mol[k];
    return sum;
}

/* Gases are asked for by their formulas. */
static double sum_gases(const pq_runner *r, const pq_view *v, const char *pattern,
                        const char *element)
{
    const pq_gas *g   = v->cell && v->state != PQ_INITIAL_GAS ? v->cell->gas : NULL;
    const wanted  w   = wanted_of(pattern);
    double        sum = 0.0;

    for (size_t i = 0; g && i < g->def->n; i++) {
        const char  *name = g->def->gases[i].name;
        const size_t p    = sei_db_find_phase(r->db, name);
        if (p != SIZE_MAX && is_wanted(&w, r->db->phases[p].formula))
            sum += g->mol[i] * phase_atoms(r, name, element);
    }
    return sum;
}

static double sum_solid(const pq_runner *r, const pq_view *v, const char *name, const char *element)
{
    const pq_solids *s   = v->cell ? v->cell->solids : NULL;
    double           sum = 0.0;

    for (size_t i = 0; s && i < s->def->n; i++)
        for (size_t k = 0;
             k < s->def->solutions[i].n && sei_equal_nocase(s->def->solutions[i].name, name); k++)
            sum += s->mol[i][k] * phase_atoms(r, s->def->solutions[i].members[k].name, element);
    return sum;
}

sei_status pq_sum(pq_runner *r, const pq_view *v, const sei_basic_call *call, const char *pattern,
                  const char *element, double *ret)
{
    const sei_status st = check_pattern(r, pattern);

    if (st != SEI_OK)
        return st;
    *ret = call->function == SEI_BASIC_SUM_SPECIES ? sum_species(r, v, pattern, element)
           : call->function == SEI_BASIC_SUM_GAS   ? sum_gases(r, v, pattern, element)
                                                   : sum_solid(r, v, pattern, element);
    return SEI_OK;
}

/* ------------------------------------------------------------------ formulas by element */

enum { ATOMS_MAX = SEI_DB_FORMULA_TERMS + 1 };

static size_t atoms_in(const sei_db *db, const sei_composition *c, bool with_charge,
                       pq_named atoms[ATOMS_MAX])
{
    size_t n = 0;

    for (size_t i = 0; i < c->n; i++)
        atoms[n++] = (pq_named){db->elements[c->terms[i].element].name, c->terms[i].count};
    qsort(atoms, n, sizeof *atoms, pq_by_name);
    if (with_charge)
        atoms[n++] = (pq_named){"charge", c->charge};
    return n;
}

/* PHASE_FORMULA$(phase, count, elements$, numbers), SPECIES_FORMULA$(species, ...): the formula; the kind of species. */
sei_status pq_formula(pq_runner *r, const sei_basic_call *call, const char *name,
                      const char **ret_text)
{
    const bool   is_phase = call->function == SEI_BASIC_PHASE_FORMULA;
    const size_t i = is_phase ? sei_db_find_phase(r->db, name) : sei_db_find_species(r->db, name);
    pq_named     atoms[ATOMS_MAX];

    *ret_text = i == SIZE_MAX ? (is_phase ? "" : "none")
                : is_phase    ? r->db->phases[i].formula
                              : "aq";
    if (call->n < 4)
        return SEI_OK;
    if (i == SIZE_MAX)
        return pq_give_named(call, 0, atoms);
    const sei_composition *c =
        is_phase ? &r->db->phases[i].composition : &r->db->species[i].composition;
    return pq_give_named(call, atoms_in(r->db, c, !is_phase, atoms), atoms);
}
