/* run_system.c - BASIC functions that look at everything that reacts: SYS with lists, SUM_SPECIES */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

typedef struct {
    const char *name, *type;
    double      mol;
} part;

typedef struct {
    const pq_runner *r;
    const pq_view   *v;
    const char      *element; /* that is counted; NULL: moles of what is of one type */
    const char      *type;
    size_t           site; /* that element names instead; SIZE_MAX: none */
    size_t           n;
    part            *parts; /* NULL: only the sum is wanted */
    double           sum;
} inventory;

/* Species of an element that is nowhere stand in the network with next to nothing. */
static const double nothing_mol = 1e-200;

static void add(inventory *in, const char *name, const char *type, double mol,
                const sei_amounts *one)
{
    const double atoms = in->element ? sei_react_element(in->r->react, one, in->element)
                         : strcmp(type, in->type) == 0 ? 1.0
                                                       : 0.0;

    const bool is_species =
        strcmp(type, "aq") == 0 || strcmp(type, "surf") == 0 || strcmp(type, "ex") == 0;
    if (atoms == 0.0 || (!in->element && is_species && mol < nothing_mol))
        return;
    in->sum += mol * atoms;
    if (in->parts)
        in->parts[in->n] = (part){name, type, mol * atoms};
    in->n++;
}

static void add_phase(inventory *in, const char *name, const char *type, double mol)
{
    const sei_db *db  = in->r->db;
    const size_t  p   = sei_db_find_phase(db, name);
    sei_amounts   one = {0};

    if (p != SIZE_MAX && sei_react_add_formula(in->r->react, db->phases[p].formula, 1.0, &one))
        add(in, name, type, mol, &one);
}

static void add_water(inventory *in)
{
    const sei_net *net = in->v->eq->net;

    for (size_t i = 0; i < net->n_species; i++) {
        sei_amounts one = {0};
        if (sei_react_add_species(in->r->react, net->db_index[i], 1.0, &one))
            add(in, net->name[i], "aq", in->v->eq->m[i] * in->v->water_kg, &one);
    }
}

/* A species as the sites that it takes. */
static void add_taken(inventory *in, size_t k)
{
    const sei_sorb_species *s   = sei_react_sorbed(in->r->react, k);
    const double            mol = s->site_coef * in->v->sorbed_mol[k];

    if (s->site != in->site || mol < nothing_mol)
        return;
    in->sum += mol;
    if (in->parts)
        in->parts[in->n] =
            (part){s->name, in->r->sorb->sites[s->site].is_surface ? "surf" : "ex", mol};
    in->n++;
}

static void add_sites(inventory *in)
{
    for (size_t k = 0; in->v->sorbed_mol && k < sei_react_n_sorbed(in->r->react); k++) {
        const sei_sorb_species *s = sei_react_sorbed(in->r->react, k);
        if (in->v->sorbed_mol[k] > 0.0)
            add(in, s->name, in->r->sorb->sites[s->site].is_surface ? "surf" : "ex",
                in->v->sorbed_mol[k], &in->r->sorbed_of[k]);
    }
}

static void add_rest(inventory *in)
{
    const pq_cell     *c = in->v->cell;
    const pq_kinetics *k = in->v->kinetics;

    for (size_t i = 0; c && c->equilibrium && i < c->equilibrium->n; i++) {
        const char *name = c->equilibrium->minerals[i].def->name;
        add_phase(in, name, "equi", pq_mineral_now(in->r, in->v, name, false));
    }
    for (size_t i = 0; c && c->solids && i < c->solids->def->n; i++)
        for (size_t m = 0; m < c->solids->def->solutions[i].n; m++)
            add_phase(in, c->solids->def->solutions[i].members[m].name, "s_s",
                      c->solids->mol[i][m]);
    for (size_t i = 0; c && c->gas && in->v->state != PQ_INITIAL_GAS && i < c->gas->def->n; i++)
        add_phase(in, c->gas->def->gases[i].name, "gas", c->gas->mol[i]);
    for (size_t i = 0; k && i < k->def->n; i++)
        add(in, k->def->reactants[i].name, "kin", in->v->m[i], &k->formula[i]);
}

static void take(inventory *in)
{
    in->n   = 0;
    in->sum = 0.0;
    for (size_t k = 0;
         in->site != SIZE_MAX && in->v->sorbed_mol && k < sei_react_n_sorbed(in->r->react); k++)
        add_taken(in, k);
    if (in->site != SIZE_MAX)
        return;
    add_water(in);
    add_sites(in);
    add_rest(in);
}

double pq_in_system(const pq_runner *r, const pq_view *v, const char *element)
{
    inventory in = {
        .r = r, .v = v, .element = element, .site = sei_sorb_find_site(r->sorb, element)};

    take(&in);
    if (strcmp(element, "H") == 0 || strcmp(element, "O") == 0) /* the water itself */
        in.sum += v->water_kg / v->eq->water_kg_mol * (element[0] == 'H' ? 2.0 : 1.0);
    return in.sum;
}

static int larger_first(const void *a, const void *b)
{
    const part *x = a, *y = b;

    if (x->mol != y->mol)
        return x->mol < y->mol ? 1 : -1;
    return strcmp(x->name, y->name);
}

/* ------------------------------------------------------------------ elements and phases */

static void add_number(inventory *in, const char *name, const char *type, double number)
{
    if (in->parts)
        in->parts[in->n] = (part){name, type, number};
    in->n++;
}

static bool is_in_water(const char *element)
{
    return strcmp(element, "H") == 0 || strcmp(element, "O") == 0;
}

/* What is dissolved of an element or of one valence, with that of the water itself. */
static double dissolved_mol(const inventory *in, const sei_master *row)
{
    const sei_db *db      = in->r->db;
    const char   *element = db->elements[row->element].name;
    double        mol     = pq_total(in->r, in->v, row->name);

    if (row->is_valence && row->species == db->water) /* all that is not O2 */
        mol = pq_total(in->r, in->v, element) - pq_total(in->r, in->v, "O(0)");
    if (row->is_valence && row->species == db->h_plus)
        mol = pq_total(in->r, in->v, element) - pq_total(in->r, in->v, "H(0)");
    return mol * in->v->water_kg;
}

static void add_all_sites(inventory *in)
{
    const pq_cell *c = in->v->cell;

    for (size_t k = 0; c && k < in->r->sorb->n_sites; k++) {
        const sei_sorb_site *site = &in->r->sorb->sites[k];
        const size_t         at   = sei_react_site(in->r->react, site->name);
        const sei_amounts   *held = site->is_surface ? (c->surface ? &c->surface->held : NULL)
                                    : c->exchange    ? &c->exchange->held
                                                     : NULL;
        if (at != SIZE_MAX && held && held->site[at] > 0.0)
            add_number(in, site->name, site->is_surface ? "surf" : "ex", held->site[at]);
    }
}

/* Elements with their valences, and the sites; the sum is of the elements beside those of water. */
static void take_elements(inventory *in)
{
    const sei_db *db = in->r->db;

    for (size_t m = 0; m < db->n_masters; m++) {
        const sei_master *row     = &db->masters[m];
        const char       *element = db->elements[row->element].name;
        if (strcmp(row->name, "Alkalinity") == 0 || strcmp(row->name, "E") == 0 ||
            !(pq_total(in->r, in->v, element) > 0.0))
            continue;
        const double mol = dissolved_mol(in, row);
        add_number(in, row->name, "dis", mol);
        in->sum += row->is_valence || is_in_water(element) ? 0.0 : mol;
    }
    add_all_sites(in);
}

/* Indices of saturation; the sum is the largest. */
static void take_phases(inventory *in)
{
    const sei_net *net  = in->v->eq->net;
    double         most = PQ_MISSING;

    for (size_t p = 0; p < net->n_phases; p++) {
        const char  *name = net->phases[p].name;
        const double si   = pq_saturation(in->r, in->v, name);
        if (si <= PQ_MISSING)
            continue;
        add_number(in, name, "phase", si);
        most = fmax(most, si);
    }
    in->sum = most;
}

static void take_list(inventory *in, const char *what)
{
    in->n   = 0;
    in->sum = 0.0;
    if (sei_equal_nocase(what, "elements"))
        take_elements(in);
    else if (sei_equal_nocase(what, "phases"))
        take_phases(in);
    else
        take(in);
}

/* SYS(what, count, names$, types$, numbers): the largest first. what is an element, a type (aq, ex, surf, s_s, gas, equi,
 * kin), "elements" or "phases". */
sei_status pq_list_system(pq_runner *r, const pq_view *v, const sei_basic_call *call,
                          const char *what, double *ret)
{
    static const char *const types[] = {"aq", "ex", "surf", "s_s", "gas", "equi", "kin"};
    inventory in = {.r = r, .v = v, .element = what, .site = sei_sorb_find_site(r->sorb, what)};

    for (size_t i = 0; i < sizeof types / sizeof *types; i++)
        if (sei_equal_nocase(what, types[i])) {
            in.element = NULL;
            in.type    = types[i];
        }
    if (in.element && in.site == SIZE_MAX && sei_db_find_element(r->db, what) == SIZE_MAX &&
        !sei_equal_nocase(what, "elements") && !sei_equal_nocase(what, "phases"))
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, NULL,
                        "SYS(\"%s\", ...) is neither an element nor a list that is known", what);
    take_list(&in, what);
    in.parts = sei_alloc(r->ctx, in.n + 1, sizeof *in.parts);
    if (!in.parts)
        return SEI_E_NOMEM;
    take_list(&in, what);
    qsort(in.parts, in.n, sizeof *in.parts, larger_first);
    sei_status st = sei_basic_give_number(call, 1, 0, (double)in.n);
    for (size_t a = 2; a < 5 && st == SEI_OK; a++)
        st = sei_basic_give_list(call, a, in.n);
    for (size_t i = 0; i < in.n && st == SEI_OK; i++) {
        const part *p = &in.parts[i];
        st            = sei_basic_give_text(call, 2, i + 1, p->name, strlen(p->name));
        if (st == SEI_OK)
            st = sei_basic_give_text(call, 3, i + 1, p->type, strlen(p->type));
        if (st == SEI_OK)
            st = sei_basic_give_number(call, 4, i + 1, p->mol);
    }
    sei_release(r->ctx, in.parts);
    *ret = in.sum;
    return st;
}
