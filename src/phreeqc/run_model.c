/* run_model.c - elements and sites of the whole file, and the network of what is in force */
#include <math.h>
#include <string.h>

#include "base/file.h"
#include "chem/formula.h"
#include "phreeqc/run_impl.h"

/* ------------------------------------------------------------------ database */

static sei_status parse(sei_ctx *ctx, const sei_db_source *source, sei_db **ret_db,
                        sei_sorb **ret_sorb)
{
    sei_status st = sei_db_parse_sources(ctx, 1, source, ret_db);

    if (st == SEI_OK)
        st = sei_sorb_create(ctx, ret_sorb);
    if (st == SEI_OK)
        (*ret_sorb)->db = *ret_db;
    return st == SEI_OK ? sei_sorb_read(ctx, *ret_sorb, source->name, source->first_line,
                                        source->text, source->len)
                        : st;
}

/* Appends one item of size bytes to what *items points at. */
static sei_status keep(sei_ctx *ctx, void **items, size_t *n, const void *item, size_t size)
{
    char *grown = sei_resize(ctx, *items, *n + 1, size);

    if (!grown)
        return SEI_E_NOMEM;
    *items = grown;
    memcpy(grown + *n * size, item, size);
    (*n)++;
    return SEI_OK;
}

static sei_status keep_block(sei_pq_database *d, const sei_pq_block *b)
{
    void      *items;
    sei_status st;

    if (b->kind == SEI_PQ_BLOCK_RATES) {
        items    = d->rates;
        st       = keep(d->ctx, &items, &d->n_rates, b->as.rates, sizeof *d->rates);
        d->rates = items;
    } else if (b->kind == SEI_PQ_BLOCK_CALCULATE) {
        items     = d->values;
        st        = keep(d->ctx, &items, &d->n_values, b->as.rates, sizeof *d->values);
        d->values = items;
    } else if (b->kind == SEI_PQ_BLOCK_ISOTOPES) {
        items       = d->isotopes;
        st          = keep(d->ctx, &items, &d->n_isotopes, b->as.isotopes, sizeof *d->isotopes);
        d->isotopes = items;
    } else {
        items = d->parameters;
        st    = keep(d->ctx, &items, &d->n_parameters, b->as.parameters, sizeof *d->parameters);
        d->parameters = items;
    }
    return st;
}

/* What of a database is neither species nor phase nor site: programs, and tables for them. */
static sei_status read_programs(sei_pq_database *d)
{
    sei_arena    *arena  = &d->rates_input.arena;
    sei_pq_block  block  = {.as = {NULL}};
    sei_pq_reader reader = {.ctx = d->ctx, .input = &d->rates_input, .block = &block};
    sei_status    st     = sei_pq_lex(d->ctx, arena, d->path, NULL, d->text, d->len, &reader.lines);

    while (st == SEI_OK && reader.next < reader.lines.n) {
        const sei_pq_line *line = &reader.lines.lines[reader.next++];
        sei_slice          word;

        reader.rest = sei_slice_of(line->text);
        if (!sei_next_word(&reader.rest, &word))
            continue;
        const sei_pq_keyword *keyword = sei_pq_keyword_find(word);
        if (!keyword ||
            (keyword->kind != SEI_PQ_BLOCK_RATES && keyword->kind != SEI_PQ_BLOCK_CALCULATE &&
             keyword->kind != SEI_PQ_BLOCK_PARAMETERS && keyword->kind != SEI_PQ_BLOCK_ISOTOPES))
            continue;
        block = (sei_pq_block){
            .kind = keyword->kind, .keyword = keyword->canonical, .where = line->where};
        st = keyword->read(&reader);
        if (st == SEI_OK)
            st = keep_block(d, &block);
    }
    return st;
}

sei_status sei_pq_database_read(sei_ctx *ctx, const char *path, sei_pq_database **ret_database)
{
    sei_pq_database *d = sei_alloc(ctx, 1, sizeof *d);

    if (!d)
        return SEI_E_NOMEM;
    d->ctx = ctx;
    sei_arena_init(&d->rates_input.arena, ctx);
    d->path = sei_strdup(ctx, path);
    sei_status st =
        d->path ? sei_file_read(ctx, path, SEI_DB_BYTES_MAX, &d->text, &d->len) : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = parse(ctx, &(sei_db_source){d->path, 1, d->text, d->len}, &d->db, &d->sorb);
    if (st == SEI_OK)
        st = read_programs(d);
    if (st == SEI_OK)
        st = pq_compiled_create(ctx, &d->compiled);
    if (st == SEI_OK)
        st = pq_epochs_create(ctx, &d->epochs);
    if (st != SEI_OK) {
        sei_pq_database_free(d);
        return st;
    }
    *ret_database = d;
    return SEI_OK;
}

void sei_pq_database_free(sei_pq_database *d)
{
    if (!d)
        return;
    pq_epochs_free(d->epochs);
    pq_compiled_free(d->compiled);
    sei_release(d->ctx, d->isotopes);
    sei_release(d->ctx, d->parameters);
    sei_release(d->ctx, d->values);
    sei_release(d->ctx, d->rates);
    sei_arena_done(&d->rates_input.arena);
    sei_sorb_free(d->sorb);
    sei_db_free(d->db);
    sei_release(d->ctx, d->text);
    sei_release(d->ctx, d->path);
    sei_release(d->ctx, d);
}

/* ------------------------------------------------------------------ elements and sites of the file */

typedef struct {
    pq_runner *r;
} collector;

static sei_status use_element(collector *c, const sei_where *where, const char *symbol)
{
    const size_t element = sei_db_find_element(c->r->db, symbol);

    if (element == SIZE_MAX)
        return sei_fail(c->r->ctx, SEI_E_NOT_FOUND, where, "element \"%s\" is not in database %s",
                        symbol, sei_db_name(c->r->db));
    c->r->element_used[element] = true;
    return SEI_OK;
}

static sei_status use_site(collector *c, const sei_where *where, size_t site)
{
    const char *name = c->r->sorb->sites[site].name;

    for (size_t i = 0; i < c->r->n_sites; i++)
        if (strcmp(c->r->sites[i], name) == 0)
            return SEI_OK;
    if (c->r->n_sites == SEI_REACT_SITES_MAX)
        return sei_fail(c->r->ctx, SEI_E_TOO_LARGE, where,
                        "more than %d kinds of sites in one file", (int)SEI_REACT_SITES_MAX);
    c->r->sites[c->r->n_sites++] = name;
    return SEI_OK;
}

static sei_status use_formula(collector *c, const sei_where *where, const char *formula)
{
    sei_formula f;
    sei_status  st = SEI_OK;

    if (!sei_formula_parse(formula, strlen(formula), &f))
        return sei_fail(c->r->ctx, SEI_E_NOT_FOUND, where,
                        "\"%s\" is neither a phase of %s nor a formula", formula,
                        sei_db_name(c->r->db));
    for (size_t i = 0; i < f.n && st == SEI_OK; i++) {
        const size_t site = sei_sorb_find_site(c->r->sorb, f.parts[i].symbol);
        if (strcmp(f.parts[i].symbol, "e") == 0)
            continue;
        st = site != SIZE_MAX ? use_site(c, where, site) : use_element(c, where, f.parts[i].symbol);
    }
    return st;
}

static void use_phase(collector *c, size_t phase)
{
    const sei_composition *composition = &c->r->db->phases[phase].composition;

    for (size_t i = 0; i < composition->n; i++)
        c->r->element_used[composition->terms[i].element] = true;
}

/* Phase or formula. */
static sei_status use_named(collector *c, const sei_where *where, const char *name)
{
    const size_t phase = sei_db_find_phase(c->r->db, name);

    if (phase == SIZE_MAX)
        return use_formula(c, where, name);
    use_phase(c, phase);
    return SEI_OK;
}

static sei_status need_phase(collector *c, const sei_where *where, const char *name)
{
    const size_t phase = sei_db_find_phase(c->r->db, name);

    if (phase == SIZE_MAX)
        return sei_fail(c->r->ctx, SEI_E_NOT_FOUND, where, "phase \"%s\" is not in database %s",
                        name, sei_db_name(c->r->db));
    use_phase(c, phase);
    return SEI_OK;
}

static sei_status collect_solution(collector *c, const sei_pq_solution *s)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < s->n && st == SEI_OK; i++) {
        const sei_pq_analyte *a = &s->analytes[i];
        const size_t          m = sei_db_component_master(c->r->db, a->component);
        if (m == SIZE_MAX && strchr(a->component, ' '))
            return sei_fail(c->r->ctx, SEI_E_NOT_FOUND, &a->where,
                            "SOLUTION: \"%s\" are not valences of one element in database %s",
                            a->component, sei_db_name(c->r->db));
        if (m == SIZE_MAX) { /* as PHREEQC: the rest is calculated without it */
            sei_warn(c->r->ctx, &a->where, "SOLUTION: \"%s\" is not in database %s: taken as 0",
                     a->component, sei_db_name(c->r->db));
            continue;
        }
        if (strcmp(a->component, "Alkalinity") == 0)
            st = use_element(c, &a->where, "C");
        else
            c->r->element_used[c->r->db->masters[m].element] = true;
    }
    return st;
}

static sei_status collect_equilibrium(collector *c, const sei_pq_equilibrium *e)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < e->n && st == SEI_OK; i++) {
        st = need_phase(c, &e->minerals[i].where, e->minerals[i].name);
        if (st == SEI_OK && e->minerals[i].formula)
            st = use_named(c, &e->minerals[i].where, e->minerals[i].formula);
    }
    return st;
}

static sei_status collect_sites(collector *c, size_t n, const sei_pq_sites *sites)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = use_formula(c, &sites[i].where, sites[i].formula);
    return st;
}

static sei_status collect_terms(collector *c, size_t n, const sei_pq_named *terms)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < n && st == SEI_OK; i++)
        st = use_named(c, &terms[i].where, terms[i].name);
    return st;
}

/* A total of an element, by its valence too; those of sites come with the kinds that hold them. */
static void use_total(collector *c, const char *name)
{
    const size_t row = sei_db_find_master(c->r->db, name);

    if (row != SIZE_MAX)
        c->r->element_used[c->r->db->masters[row].element] = true;
}

static sei_status collect_component(collector *c, sei_pq_entity entity, const sei_pq_assignment *a)
{
    switch (entity) {
    case SEI_PQ_EQUILIBRIUM_PHASES:
    case SEI_PQ_GAS_PHASE:
    case SEI_PQ_SOLID_SOLUTIONS: return need_phase(c, &a->where, a->name);
    case SEI_PQ_EXCHANGE:
    case SEI_PQ_SURFACE: return use_formula(c, &a->where, a->name);
    default: return SEI_OK;
    }
}

static sei_status collect_changes(collector *c, const sei_pq_modify *m)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < m->n && st == SEI_OK; i++) {
        const sei_pq_assignment *a = &m->items[i];
        switch (a->change) {
        case SEI_PQ_SET_COMPONENT: st = collect_component(c, m->entity, a); break;
        case SEI_PQ_SET_FORMULA:
        case SEI_PQ_SET_PART: st = use_named(c, &a->where, a->name); break;
        case SEI_PQ_SET_TOTAL:
        case SEI_PQ_SET_LAYER_TOTAL: use_total(c, a->name); break;
        default: break;
        }
    }
    return st;
}

static sei_status collect_block(collector *c, const sei_pq_block *b)
{
    sei_status st = SEI_OK;

    switch (b->kind) {
    case SEI_PQ_BLOCK_SOLUTION: return collect_solution(c, b->as.solution);
    case SEI_PQ_BLOCK_EQUILIBRIUM_PHASES: return collect_equilibrium(c, b->as.equilibrium);
    case SEI_PQ_BLOCK_MODIFY: return collect_changes(c, b->as.modify);
    case SEI_PQ_BLOCK_EXCHANGE: return collect_sites(c, b->as.exchange->n, b->as.exchange->sites);
    case SEI_PQ_BLOCK_SURFACE: return collect_sites(c, b->as.surface->n, b->as.surface->sites);
    case SEI_PQ_BLOCK_REACTION:
        return collect_terms(c, b->as.reaction->n, b->as.reaction->reactants);
    case SEI_PQ_BLOCK_GAS_PHASE:
        for (size_t i = 0; i < b->as.gas_phase->n && st == SEI_OK; i++)
            st = need_phase(c, &b->as.gas_phase->gases[i].where, b->as.gas_phase->gases[i].name);
        return st;
    case SEI_PQ_BLOCK_SOLID_SOLUTIONS:
        for (size_t i = 0; i < b->as.solid_solutions->n && st == SEI_OK; i++)
            for (size_t k = 0; k < b->as.solid_solutions->solutions[i].n && st == SEI_OK; k++)
                st = need_phase(c, &b->as.solid_solutions->solutions[i].members[k].where,
                                b->as.solid_solutions->solutions[i].members[k].name);
        return st;
    case SEI_PQ_BLOCK_KINETICS:
        for (size_t i = 0; i < b->as.kinetics->n && st == SEI_OK; i++)
            st = collect_terms(c, b->as.kinetics->reactants[i].n_formula,
                               b->as.kinetics->reactants[i].formula);
        return st;
    default: return SEI_OK;
    }
}

/* ------------------------------------------------------------------ network */

static sei_status compile_network(pq_runner *r)
{
    const char    *elements[SEI_COMPONENTS_MAX];
    sei_react_spec spec = {.db       = r->db,
                           .sorb     = r->sorb,
                           .elements = elements,
                           .n_sites  = r->n_sites,
                           .sites    = r->sites};

    for (size_t i = 0; i < r->db->n_elements; i++) {
        const char *name = r->db->elements[i].name;
        if (!r->element_used[i] || strcmp(name, "H") == 0 || strcmp(name, "O") == 0 ||
            strcmp(name, "E") == 0)
            continue;
        if (spec.n_elements + 1 == SEI_COMPONENTS_MAX)
            return sei_fail(r->ctx, SEI_E_TOO_LARGE, NULL, "more than %d elements in one file",
                            SEI_COMPONENTS_MAX - 2);
        elements[spec.n_elements++] = name;
    }
    sei_status st = pq_compiled_react(r->compiled, r->ctx, &spec, &r->react);
    if (st == SEI_OK)
        st = pq_compiled_work(r->compiled, r->ctx, r->react, &r->work);
    if (st != SEI_OK)
        return st;
    r->net = sei_react_net(r->react);
    r->sorbed_of =
        sei_arena_alloc(&r->arena, sei_react_n_sorbed(r->react) + 1, sizeof *r->sorbed_of);
    if (!r->sorbed_of)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < sei_react_n_sorbed(r->react); k++) {
        const sei_sorb_species *s = sei_react_sorbed(r->react, k);
        if (!sei_react_add_formula(r->react, s->mole_balance ? s->mole_balance : s->name, 1.0,
                                   &r->sorbed_of[k]))
            return sei_fail(r->ctx, SEI_E_INTERNAL, NULL, "sorbed species %s cannot be counted",
                            s->name);
    }
    return SEI_OK;
}

/* Something looks at solutions as they were given. */
static bool is_equilibrated(const sei_pq_block *b)
{
    return (b->kind == SEI_PQ_BLOCK_EXCHANGE && b->as.exchange->is_equilibrated) ||
           (b->kind == SEI_PQ_BLOCK_SURFACE && b->as.surface->is_equilibrated) ||
           (b->kind == SEI_PQ_BLOCK_GAS_PHASE && b->as.gas_phase->is_equilibrated) ||
           b->kind == SEI_PQ_BLOCK_INVERSE;
}

sei_status pq_model_create(pq_runner *r, const sei_pq_database *database)
{
    collector  c  = {.r = r};
    sei_status st = pq_additions_create(r, database);

    if (st != SEI_OK)
        return st;
    r->element_used = sei_arena_alloc(&r->arena, r->db->n_elements, sizeof *r->element_used);
    if (!r->element_used)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < r->input->n && st == SEI_OK; i++)
        for (size_t k = 0; k < r->input->simulations[i].n && st == SEI_OK; k++) {
            const sei_pq_block *b = &r->input->simulations[i].blocks[k];
            r->keeps_initial      = r->keeps_initial || is_equilibrated(b);
            st                    = collect_block(&c, b);
        }
    return st == SEI_OK ? compile_network(r) : st;
}

/* ------------------------------------------------------------------ definitions that change */

static void forget_spare(pq_runner *r)
{
    if (!r->spare)
        return;
    pq_compiled_give_back(r->compiled, r->spare->net, NULL);
    sei_equil_free(r->spare);
    r->spare = NULL;
}

/* Initial solutions that exchangers, surfaces and gases may yet be equilibrated with. */
static void forget_kept(pq_runner *r)
{
    for (size_t i = 0; i < r->n_kept; i++) {
        sei_equil_free(r->kept[i].eq);
        pq_compiled_give_back(r->kept[i].compiled, r->kept[i].net, NULL);
    }
    sei_release(r->ctx, r->kept);
    r->kept   = NULL;
    r->n_kept = 0;
}

static void forget_system(pq_runner *r)
{
    pq_compiled_rest(r->compiled, r->react, r->work);
    pq_compiled_give_back(r->compiled, NULL, r->react);
    r->work  = NULL;
    r->react = NULL;
    r->net   = NULL;
}

/* Amounts are counted by master species: what is in store keeps its meaning as long as these are the same. */
static sei_status check_basis(pq_runner *r, const char *const masters[], size_t simulation)
{
    for (size_t j = 0; j < r->net->n_comp; j++)
        if (strcmp(masters[j], r->db->species[r->net->db_index[r->net->comp_species[j]]].name) != 0)
            return sei_fail(
                r->ctx, SEI_E_UNSUPPORTED, &r->input->simulations[simulation].where,
                "simulation %zu gives %s another master species: define that in the first "
                "simulation",
                simulation + 1, r->net->comp_name[j]);
    return SEI_OK;
}

/* Places in the network that entities and rates keep. */
static void renew_places(pq_runner *r)
{
    const pq_store *equilibria = &r->store[SEI_PQ_EQUILIBRIUM_PHASES],
                   *gases      = &r->store[SEI_PQ_GAS_PHASE],
                   *solids     = &r->store[SEI_PQ_SOLID_SOLUTIONS],
                   *waters     = &r->store[SEI_PQ_SOLUTION];

    for (size_t i = 0; i < equilibria->n; i++) {
        pq_equilibrium *e = equilibria->entries[i].item;
        for (size_t k = 0; k < e->n; k++)
            e->minerals[k].phase = pq_network_phase(r, e->minerals[k].def->name);
    }
    for (size_t i = 0; i < gases->n; i++) {
        pq_gas *g = gases->entries[i].item;
        for (size_t k = 0; k < g->def->n; k++)
            g->phase[k] = pq_network_phase(r, g->def->gases[k].name);
    }
    for (size_t i = 0; i < solids->n; i++) {
        pq_solids *s = solids->entries[i].item;
        for (size_t k = 0; k < s->def->n; k++)
            for (size_t m = 0; m < s->def->solutions[k].n; m++)
                s->phase[k][m] = pq_network_phase(r, s->def->solutions[k].members[m].name);
    }
    for (size_t i = 0; i < waters->n; i++) {
        sei_react_state *state = &((pq_solution *)waters->entries[i].item)->state;
        state->species_molal   = NULL;
        state->sorbed_mol      = NULL;
        state->is_warm         = false;
    }
}

static sei_status renew_lookups(pq_runner *r)
{
    sei_status st = SEI_OK;

    for (size_t i = 0; i < r->n_rates && st == SEI_OK; i++)
        if (r->rates[i].lookups)
            st = pq_create_lookups(r, &r->rates[i]);
    return st;
}

static void forget_compiled(pq_runner *r)
{
    forget_spare(r);
    forget_system(r);
}

sei_status pq_model_enter(pq_runner *r, size_t simulation)
{
    const char *masters[SEI_COMPONENTS_MAX];

    if (!pq_additions_change(r, simulation))
        return SEI_OK;
    for (size_t j = 0; j < r->net->n_comp; j++)
        masters[j] = r->db->species[r->net->db_index[r->net->comp_species[j]]].name;
    forget_compiled(r);
    sei_status st = pq_additions_enter(r, simulation);
    if (st == SEI_OK)
        st = compile_network(r);
    if (st == SEI_OK)
        st = check_basis(r, masters, simulation);
    if (st == SEI_OK)
        st = renew_lookups(r);
    if (st == SEI_OK)
        renew_places(r);
    return st;
}

void pq_model_free(pq_runner *r)
{
    forget_kept(r);
    forget_compiled(r);
    pq_additions_free(r);
}

/* Of a formula with a charge PHREEQC takes the atoms, neutral as they are. */
sei_status pq_add_named(pq_runner *r, const sei_where *where, const char *name, double mol,
                        sei_amounts *amounts)
{
    const size_t phase   = sei_db_find_phase(r->db, name);
    const char  *formula = phase == SIZE_MAX ? name : r->db->phases[phase].formula;

    if (sei_react_add_formula(r->react, formula, mol, amounts)) {
        double charge;
        (void)sei_charge_split(formula, strlen(formula), &charge);
        amounts->electron += mol * charge;
        return SEI_OK;
    }
    return sei_fail(r->ctx, SEI_E_NOT_FOUND, where,
                    "\"%s\" is neither a phase of %s nor a formula of its elements", name,
                    sei_db_name(r->db));
}

size_t pq_network_phase(const pq_runner *r, const char *name)
{
    return sei_net_phase_index(r->net, name);
}
