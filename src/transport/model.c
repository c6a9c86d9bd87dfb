/* model.c - rate laws compiled against a network: stoichiometry, inputs, balance */
#include <math.h>
#include <string.h>

#include "chem/equation.h"
#include "chem/formula.h"
#include "transport/train_impl.h"

/* Pools that are no mineral of the database, and components that stand for a molecule, with their
 * elements: reactions are checked with them and the ledgers count them. */
typedef struct {
    const char *name, *formula;
} molecule;

static const molecule pools[] = {
    {"bran", "CH2O"},
    {"compost", "CH2O"},
    {"husk", "CH2O"},
    {"feb", "CH2O"},
    {"srb", "CH2O"},
    {"As_hfo", "H3AsO4"},
    {"Cd_hfo", "CdO"},
    {"Cu_hfo", "CuO"},
    {"P_hfo", "H3PO4"},
    {"Pb_hfo", "PbO"},
    {"Zn_hfo", "ZnO"},
    {"Cd_husk", "CdO"},
    {"Cu_husk", "CuO"},
    {"Pb_husk", "PbO"},
    {"Zn_husk", "ZnO"},
    {"Cd_mnox", "CdO"},
    {"Cu_mnox", "CuO"},
    {"Pb_mnox", "PbO"},
    {"Zn_mnox", "ZnO"},
    /* exchange sites of compost, by what they hold */
    {"Ca_compost", "CaO"},
    {"Cd_compost", "CdO"},
    {"Cu_compost", "CuO"},
    {"Pb_compost", "PbO"},
    {"Zn_compost", "ZnO"},
    /* nutrients of organic matter and bacteria, beside their CH2O */
    {"bran_n", "NH3"},
    {"bran_p", "H3PO4"},
    {"compost_n", "NH3"},
    {"compost_p", "H3PO4"},
    {"husk_n", "NH3"},
    {"husk_p", "H3PO4"},
    {"srb_n", "NH3"},
    {"srb_p", "H3PO4"},
};
static const molecule pseudo[] = {
    {"Acetate", "C2H3O2"},
    {"Ethanol", "C2H6O"},
    {"Peroxide", "H2O2"},
};

const char *sei_model_pool_formula(const char *name)
{
    for (size_t i = 0; i < sizeof pools / sizeof pools[0]; i++)
        if (strcmp(pools[i].name, name) == 0)
            return pools[i].formula;
    return NULL;
}

static const char *pseudo_formula(const char *name)
{
    for (size_t i = 0; i < sizeof pseudo / sizeof pseudo[0]; i++)
        if (strcmp(pseudo[i].name, name) == 0)
            return pseudo[i].formula;
    return NULL;
}

static double formula_count(const char *formula, const char *element)
{
    sei_formula f;

    if (!sei_formula_parse(formula, strlen(formula), &f))
        return 0.0;
    for (size_t i = 0; i < f.n; i++)
        if (strcmp(f.parts[i].symbol, element) == 0)
            return f.parts[i].count;
    return 0.0;
}

/* Atoms of element in a composition of the database, with pseudo-elements opened up. */
static double composition_count(const sei_db *db, const sei_composition *c, const char *element)
{
    double n = 0.0;

    for (size_t i = 0; i < c->n; i++) {
        const char *symbol  = db->elements[c->terms[i].element].name;
        const char *formula = pseudo_formula(symbol);
        if (formula)
            n += c->terms[i].count * formula_count(formula, element);
        else if (strcmp(symbol, element) == 0)
            n += c->terms[i].count;
    }
    return n;
}

double sei_model_solid_element(const sei_model *model, size_t solid, const char *element)
{
    if (model->solid_phase[solid] == SIZE_MAX)
        return formula_count(sei_model_pool_formula(model->solid_name[solid]), element);
    return composition_count(
        model->net->db, &model->net->db->phases[model->solid_phase[solid]].composition, element);
}

double sei_model_solid_kg_mol(const sei_model *model, size_t solid)
{
    const sei_db *db = model->net->db;

    if (model->solid_phase[solid] == SIZE_MAX)
        return 1e-3 * sei_db_formula_g_mol(db, sei_model_pool_formula(model->solid_name[solid]));
    return 1e-3 * db->phases[model->solid_phase[solid]].g_mol;
}

double sei_model_component_element(const sei_model *model, size_t component, const char *element)
{
    const sei_net *net = model->net;
    const sei_db  *db  = net->db;

    return composition_count(
        db, &db->species[net->db_index[net->comp_species[component]]].composition, element);
}

/* --- reactions ------------------------------------------------------------------------------------ */

typedef enum { TOKEN_SPECIES, TOKEN_SOLID, TOKEN_GAS, TOKEN_UNKNOWN } token_kind;

typedef struct {
    token_kind kind;
    size_t     index; /* species or phase of the database, solid of the model */
} token;

static token find_token(const sei_model *model, const char *name)
{
    const sei_db *db    = model->net->db;
    const size_t  solid = sei_model_find_solid(model, name);

    if (solid < model->n_solids)
        return (token){TOKEN_SOLID, solid};
    const size_t species = sei_db_find_species(db, name);
    if (species != SIZE_MAX)
        return (token){TOKEN_SPECIES, species};
    const size_t phase = sei_db_find_phase(db, name);
    if (phase != SIZE_MAX && db->phases[phase].is_gas)
        return (token){TOKEN_GAS, phase};
    return (token){TOKEN_UNKNOWN, SIZE_MAX};
}

static double token_count(const sei_model *model, token t, const char *element)
{
    const sei_db *db = model->net->db;

    switch (t.kind) {
    case TOKEN_SOLID: return sei_model_solid_element(model, t.index, element);
    case TOKEN_GAS: return composition_count(db, &db->phases[t.index].composition, element);
    default: return composition_count(db, &db->species[t.index].composition, element);
    }
}

typedef struct {
    sei_ctx            *ctx;
    sei_model          *model;
    const sei_rate_law *law;
    sei_equation        eq;
    token               tokens[SEI_EQUATION_TERMS];
    double              coef[SEI_EQUATION_TERMS]; /* right positive */
} reaction;

static sei_status check_elements(const reaction *r)
{
    const sei_db *db     = r->model->net->db;
    double        charge = 0.0;

    for (size_t e = 0; e < db->n_elements; e++) {
        double sum = 0.0;
        for (size_t i = 0; i < r->eq.n; i++)
            sum += r->coef[i] * token_count(r->model, r->tokens[i], db->elements[e].name);
        if (fabs(sum) > 1e-6)
            return sei_fail(r->ctx, SEI_E_UNBALANCED, NULL,
                            "rate law %s: \"%s\" does not balance in %s: %g left over", r->law->key,
                            r->law->reaction, db->elements[e].name, sum);
    }
    for (size_t i = 0; i < r->eq.n; i++)
        if (r->tokens[i].kind == TOKEN_SPECIES)
            charge += r->coef[i] * db->species[r->tokens[i].index].composition.charge;
    if (fabs(charge) > 1e-6)
        return sei_fail(r->ctx, SEI_E_UNBALANCED, NULL,
                        "rate law %s: \"%s\" does not balance in charge: %g left over", r->law->key,
                        r->law->reaction, charge);
    return SEI_OK;
}

/* false in *ret_fits: the model lacks a component or solid that the law needs. */
static sei_status resolve(reaction *r, bool *ret_fits)
{
    sei_slice bad;
    char      name[64];

    *ret_fits = true;
    if (!sei_equation_parse(sei_slice_of(r->law->reaction), &r->eq, &bad))
        return sei_fail(r->ctx, SEI_E_PARSE, NULL, "rate law %s: \"%.*s\" is no reaction",
                        r->law->key, (int)bad.len, bad.at);
    for (size_t i = 0; i < r->eq.n; i++) {
        const sei_eterm *t = &r->eq.terms[i];
        if (t->name.len >= sizeof name)
            return sei_fail(r->ctx, SEI_E_TOO_LARGE, NULL, "rate law %s: name too long",
                            r->law->key);
        memcpy(name, t->name.at, t->name.len);
        name[t->name.len] = '\0';
        r->coef[i]        = t->right ? t->coef : -t->coef;
        r->tokens[i]      = find_token(r->model, name);
        if (r->tokens[i].kind == TOKEN_UNKNOWN)
            *ret_fits = false;
    }
    return SEI_OK;
}

/* Adds what the reaction makes of components and solids; false when a species cannot be written in the
 * model's components. */
static bool add_stoichiometry(const reaction *r, sei_compiled_law *out)
{
    const sei_net *net = r->model->net;
    double         nu[SEI_COMPONENTS_MAX], nu_e, nu_w;
    sei_logk       logk;

    for (size_t i = 0; i < r->eq.n; i++) {
        const token t = r->tokens[i];
        if (t.kind == TOKEN_SOLID)
            out->solid[t.index] += r->coef[i];
        if (t.kind == TOKEN_GAS)
            out->with_air = true;
        if (t.kind != TOKEN_SPECIES)
            continue;
        if (!sei_net_express(net, t.index, nu, &nu_e, &nu_w, &logk))
            return false;
        for (size_t j = 0; j < net->n_comp; j++)
            out->comp[j] += r->coef[i] * nu[j];
    }
    return true;
}

static bool find_input(const sei_model *model, const sei_rate_input *in, sei_input *ret)
{
    const sei_net *net = model->net;

    ret->kind   = in->kind;
    ret->probe  = SIZE_MAX;
    ret->absent = 0.0;
    switch (in->kind) {
    case SEI_IN_TOTAL: ret->index = sei_net_component(net, in->name); break;
    case SEI_IN_TOTAL_IF:
        ret->kind   = SEI_IN_TOTAL;
        ret->index  = model->has_nutrients ? sei_net_component(net, in->name) : SIZE_MAX;
        ret->absent = SEI_AMPLE;
        return true;
    case SEI_IN_MOLALITY:
    case SEI_IN_ACTIVITY: ret->index = sei_net_species(net, in->name); break;
    case SEI_IN_ACTIVITY_IF:
        ret->kind  = SEI_IN_ACTIVITY;
        ret->index = sei_net_species(net, in->name);
        return true;
    case SEI_IN_LNSR: ret->index = sei_net_phase_index(net, in->name); break;
    case SEI_IN_SOLID:
    case SEI_IN_SUSPENDED: {
        const size_t s = sei_model_find_solid(model, in->name);
        ret->index     = s < model->n_solids ? s : SIZE_MAX;
        return true; /* a solid that the model does not have is never there: it reads as 0 */
    }
    }
    return ret->index != SIZE_MAX;
}

static sei_status list_terms(sei_arena *arena, const double v[], size_t n, size_t **ret_index,
                             size_t *ret_n)
{
    size_t *index = sei_arena_alloc(arena, n, sizeof *index), count = 0;

    if (!index)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n; i++)
        if (v[i] != 0.0)
            index[count++] = i;
    *ret_index = index;
    *ret_n     = count;
    return SEI_OK;
}

static sei_status check_law(sei_ctx *ctx, const sei_rate_law *law)
{
    if (law->n_inputs > SEI_RATE_INPUTS_MAX || law->n_params > SEI_RATE_PARAMS_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "rate law %s has more than %d inputs or %d parameters", law->key,
                        SEI_RATE_INPUTS_MAX, SEI_RATE_PARAMS_MAX);
    return SEI_OK;
}

/* Does the law read a solid, in the bed or in suspension, that it makes or uses up? */
static bool reads_own(const sei_compiled_law *law, sei_rate_input_kind kind)
{
    for (size_t i = 0; i < law->law->n_inputs; i++)
        if (law->inputs[i].kind == kind && law->inputs[i].index != SIZE_MAX &&
            law->solid[law->inputs[i].index] != 0.0)
            return true;
    return false;
}

/* Parameter of a law by name; SIZE_MAX for no name. */
static sei_status find_param(sei_ctx *ctx, const sei_rate_law *law, const char *name,
                             size_t *ret_param)
{
    *ret_param = name ? sei_param_index(law->params, law->n_params, name) : SIZE_MAX;
    return *ret_param != law->n_params
               ? SEI_OK
               : sei_fail(ctx, SEI_E_INTERNAL, NULL, "rate law %s has no parameter %s", law->key,
                          name);
}

/* Components and solids that a law makes or takes, as lists. */
static sei_status list_products(sei_model *model, sei_compiled_law *law)
{
    const sei_status st =
        list_terms(&model->arena, law->comp, model->n_comp, &law->comp_index, &law->n_comp_terms);

    return st == SEI_OK ? list_terms(&model->arena, law->solid, model->n_solids, &law->solid_index,
                                     &law->n_solid_terms)
                        : st;
}

static void say_whose(sei_compiled_law *law)
{
    law->of_bed    = law->law->of_bed || law->law->media_param || law->with_air;
    law->of_load   = reads_own(law, SEI_IN_SUSPENDED);
    law->of_itself = law->of_load || reads_own(law, SEI_IN_SOLID);
}

static sei_status compile_law(sei_ctx *ctx, sei_model *model, const sei_rate_law *law,
                              sei_compiled_law *out, bool *ret_fits)
{
    reaction   r  = {.ctx = ctx, .model = model, .law = law};
    sei_status st = check_law(ctx, law);

    *out       = (sei_compiled_law){.law = law, .param_offset = model->n_params};
    out->comp  = sei_arena_alloc(&model->arena, model->n_comp, sizeof *out->comp);
    out->solid = sei_arena_alloc(&model->arena, model->n_solids, sizeof *out->solid);
    if (st == SEI_OK && (!out->comp || !out->solid))
        st = SEI_E_NOMEM;
    if (st == SEI_OK)
        st = resolve(&r, ret_fits);
    if (st != SEI_OK || !*ret_fits)
        return st;
    for (size_t i = 0; i < law->n_inputs && *ret_fits; i++)
        *ret_fits = find_input(model, &law->inputs[i], &out->inputs[i]);
    *ret_fits = *ret_fits && add_stoichiometry(&r, out);
    if (!*ret_fits)
        return SEI_OK;
    st = find_param(ctx, law, law->suspended_param, &out->suspended_param);
    if (st == SEI_OK)
        st = find_param(ctx, law, law->off_param, &out->off_param);
    if (st != SEI_OK)
        return st;
    say_whose(out);
    st = check_elements(&r);
    return st == SEI_OK ? list_products(model, out) : st;
}

/* --- model ----------------------------------------------------------------------------------------- */

static sei_status take_solids(sei_ctx *ctx, const sei_model_spec *spec, sei_model *model)
{
    model->solid_name  = sei_arena_alloc(&model->arena, spec->n_solids, sizeof *model->solid_name);
    model->solid_phase = sei_arena_alloc(&model->arena, spec->n_solids, sizeof *model->solid_phase);
    if (!model->solid_name || !model->solid_phase)
        return SEI_E_NOMEM;
    for (size_t s = 0; s < spec->n_solids; s++) {
        const char  *name  = spec->solids[s];
        const size_t phase = sei_db_find_phase(spec->db, name);
        if (phase == SIZE_MAX && !sei_model_pool_formula(name))
            return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                            "solid \"%s\" is neither a phase of %s nor bran or husk", name,
                            sei_db_name(spec->db));
        model->solid_phase[s] = sei_model_pool_formula(name) ? SIZE_MAX : phase;
        model->solid_name[s]  = sei_arena_strdup(&model->arena, name);
        if (!model->solid_name[s])
            return SEI_E_NOMEM;
        model->n_solids = s + 1;
    }
    return SEI_OK;
}

/* --- what laws read of the water ------------------------------------------------------------------------- */

static sei_status add_probe(sei_model *model, const sei_input *in)
{
    sei_probe     *p   = &model->probes[model->n_probes];
    const sei_net *net = model->net;

    *p = (sei_probe){.kind = in->kind, .index = in->index};
    if (in->kind != SEI_IN_TOTAL) {
        p->nu = sei_arena_alloc(&model->arena, model->n_comp, sizeof *p->nu);
        if (!p->nu)
            return SEI_E_NOMEM;
        if (in->kind == SEI_IN_LNSR)
            memcpy(p->nu, net->phases[in->index].nu, model->n_comp * sizeof *p->nu);
        else
            for (uint32_t k = net->nu.ptr[in->index]; k < net->nu.ptr[in->index + 1]; k++)
                p->nu[net->nu.col[k]] += net->nu.val[k];
        const sei_status st =
            list_terms(&model->arena, p->nu, model->n_comp, &p->term, &p->n_terms);
        if (st != SEI_OK)
            return st;
    }
    model->n_probes++;
    return SEI_OK;
}

static sei_status find_probe(sei_model *model, sei_input *in)
{
    if (in->kind == SEI_IN_SOLID || in->kind == SEI_IN_SUSPENDED || in->index == SIZE_MAX)
        return SEI_OK; /* no water's, or an ion that the model does not have */
    for (size_t i = 0; i < model->n_probes; i++) {
        if (model->probes[i].kind == in->kind && model->probes[i].index == in->index) {
            in->probe = i;
            return SEI_OK;
        }
    }
    in->probe = model->n_probes;
    return add_probe(model, in);
}

/* The inputs of each law by where they come from; an ion that the model does not have is 0 always. */
static void sort_inputs(sei_compiled_law *law)
{
    for (size_t i = 0; i < law->law->n_inputs; i++) {
        if (law->inputs[i].probe != SIZE_MAX)
            law->water_input[law->n_water_inputs++] = i;
        else if (law->inputs[i].index != SIZE_MAX)
            law->solid_input[law->n_solid_inputs++] = i;
    }
}

static sei_status take_probes(sei_model *model)
{
    sei_status st = SEI_OK;
    size_t     n  = 0;

    for (size_t l = 0; l < model->n_laws; l++)
        n += model->laws[l].law->n_inputs;
    model->probes = sei_arena_alloc(&model->arena, n + 1, sizeof *model->probes);
    if (!model->probes)
        return SEI_E_NOMEM;
    for (size_t l = 0; l < model->n_laws; l++)
        for (size_t i = 0; i < model->laws[l].law->n_inputs && st == SEI_OK; i++)
            st = find_probe(model, &model->laws[l].inputs[i]);
    for (size_t l = 0; l < model->n_laws; l++)
        sort_inputs(&model->laws[l]);
    return st;
}

/* Few laws touch a component. */
static sei_status list_laws_of_components(sei_model *model)
{
    size_t n = 0;

    for (size_t l = 0; l < model->n_laws; l++)
        n += model->laws[l].n_comp_terms;
    model->law_ptr = sei_arena_alloc(&model->arena, model->n_comp + 1, sizeof *model->law_ptr);
    model->laws_of = sei_arena_alloc(&model->arena, n + 1, sizeof *model->laws_of);
    if (!model->law_ptr || !model->laws_of)
        return SEI_E_NOMEM;
    n = 0;
    for (size_t j = 0; j < model->n_comp; j++) {
        for (size_t l = 0; l < model->n_laws; l++)
            if (model->laws[l].comp[j] != 0.0)
                model->laws_of[n++] = l;
        model->law_ptr[j + 1] = n;
    }
    return SEI_OK;
}

/* Which components go with which of the probes: a small part of all pairs. */
static sei_status take_pulls(sei_model *model)
{
    const size_t n      = model->n_comp * model->n_probes;
    bool        *joined = sei_arena_alloc(&model->arena, n + 1, sizeof *joined);

    model->pulls = sei_arena_alloc(&model->arena, n + 1, sizeof *model->pulls);
    if (!joined || !model->pulls)
        return SEI_E_NOMEM;
    for (size_t l = 0; l < model->n_laws; l++) {
        const sei_compiled_law *law = &model->laws[l];
        for (size_t a = 0; a < law->n_comp_terms; a++)
            for (size_t i = 0; i < law->n_water_inputs; i++)
                joined[law->comp_index[a] * model->n_probes +
                       law->inputs[law->water_input[i]].probe] = true;
    }
    for (size_t i = 0; i < n; i++)
        if (joined[i])
            model->pulls[model->n_pulls++] = i;
    return SEI_OK;
}

static sei_status take_laws(sei_ctx *ctx, const sei_model_spec *spec, sei_model *model)
{
    model->laws = sei_arena_alloc(&model->arena, spec->n_laws, sizeof *model->laws);
    if (!model->laws)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < spec->n_laws; i++) {
        bool             fits;
        const sei_status st =
            compile_law(ctx, model, spec->laws[i], &model->laws[model->n_laws], &fits);
        if (st != SEI_OK)
            return st;
        if (!fits)
            continue;
        model->n_params += spec->laws[i]->n_params;
        model->n_laws++;
    }
    return SEI_OK;
}

/* The implicit steps of a train have the slopes of ln gamma by the ionic strength of each cell; those of specific interactions
 * are slopes by every species, which their matrix has no place for. */
static sei_status create_net(sei_ctx *ctx, const sei_model_spec *spec, const sei_net_spec *net,
                             sei_net **ret_net)
{
    if (spec->db->model != SEI_MODEL_IONIC_STRENGTH)
        return sei_fail(ctx, SEI_E_UNSUPPORTED, NULL,
                        "database %s: the implicit steps of a treatment train need activities that "
                        "follow from the ionic strength alone, and those of PITZER and SIT do not; "
                        "give a database without them (minewater.dat, wateq4f.dat: good to about "
                        "1 mol/kgw), or run the brine by seiryu phreeqc, speciate or titrate",
                        sei_db_name(spec->db));
    return sei_net_create(ctx, spec->db, net, ret_net);
}

sei_status sei_model_create(sei_ctx *ctx, const sei_model_spec *spec, sei_model **ret_model)
{
    const sei_net_spec net   = {.n_components = spec->n_components, .components = spec->components};
    sei_model         *model = sei_alloc(ctx, 1, sizeof *model);

    if (!model)
        return SEI_E_NOMEM;
    sei_arena_init(&model->arena, ctx);
    model->has_nutrients = spec->has_nutrients;
    sei_status st        = create_net(ctx, spec, &net, &model->net);
    if (st == SEI_OK) {
        model->n_comp = model->net->n_comp;
        st            = take_solids(ctx, spec, model);
    }
    if (st == SEI_OK)
        st = take_laws(ctx, spec, model);
    if (st == SEI_OK)
        st = take_probes(model);
    if (st == SEI_OK)
        st = take_pulls(model);
    if (st == SEI_OK)
        st = list_laws_of_components(model);
    if (st != SEI_OK) {
        sei_model_free(model);
        return st;
    }
    *ret_model = model;
    return SEI_OK;
}

void sei_model_free(sei_model *model)
{
    if (!model)
        return;
    sei_ctx *ctx = model->arena.ctx;
    sei_net_free(model->net);
    sei_arena_done(&model->arena);
    sei_release(ctx, model);
}

const sei_net *sei_model_net(const sei_model *model)
{
    return model->net;
}

size_t sei_model_n_components(const sei_model *model)
{
    return model->n_comp;
}

size_t sei_model_n_solids(const sei_model *model)
{
    return model->n_solids;
}

size_t sei_model_n_laws(const sei_model *model)
{
    return model->n_laws;
}

const sei_rate_law *sei_model_law(const sei_model *model, size_t law)
{
    return model->laws[law].law;
}

size_t sei_model_n_params(const sei_model *model)
{
    return model->n_params;
}

size_t sei_model_param_offset(const sei_model *model, size_t law)
{
    return model->laws[law].param_offset;
}

const char *sei_model_solid_name(const sei_model *model, size_t solid)
{
    return model->solid_name[solid];
}

size_t sei_model_find_solid(const sei_model *model, const char *name)
{
    for (size_t s = 0; s < model->n_solids; s++)
        if (strcmp(model->solid_name[s], name) == 0)
            return s;
    return model->n_solids;
}

size_t sei_model_find_law(const sei_model *model, const char *key)
{
    for (size_t i = 0; i < model->n_laws; i++)
        if (strcmp(model->laws[i].law->key, key) == 0)
            return i;
    return model->n_laws;
}
