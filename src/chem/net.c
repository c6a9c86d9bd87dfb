/* net.c - compiles the part of a database that a set of components can form */
#include "chem/net.h"

#include <math.h>
#include <string.h>

#define LN10 2.302585092994045684

enum { DEPTH_MAX = 40 };

/* A species in terms of the basis: components, electron, water. */
typedef struct {
    double   nu[SEI_COMPONENTS_MAX];
    double   nu_e, nu_w;
    sei_logk logk;
} expression;

typedef enum { UNSEEN, BUSY, IN, OUT } mark;

typedef struct {
    sei_ctx      *ctx;
    const sei_db *db;
    bool          with_electron;
    size_t        n_comp;
    size_t        basis[SEI_COMPONENTS_MAX]; /* database species of each component's master */
    uint8_t      *is_blocked;                /* [n_species] master of a valence that is not in */
    mark         *state;
    expression   *expr; /* [n_species] memo */
} compiler;

static void add_scaled(expression *to, const expression *from, double f, size_t n)
{
    for (size_t j = 0; j < n; j++)
        to->nu[j] += f * from->nu[j];
    to->nu_e += f * from->nu_e;
    to->nu_w += f * from->nu_w;
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        to->logk.c[t] += f * from->logk.c[t];
}

static bool express(compiler *c, size_t species, int depth);

/* Is species one of the basis? Then its expression is itself. */
static bool basis_expression(compiler *c, size_t species)
{
    expression *e = &c->expr[species];

    if (species == c->db->water)
        e->nu_w = 1.0;
    else if (species == c->db->e_minus && c->with_electron)
        e->nu_e = 1.0;
    else {
        size_t j = 0;
        while (j < c->n_comp && c->basis[j] != species)
            j++;
        if (j == c->n_comp)
            return false;
        e->nu[j] = 1.0;
    }
    return true;
}

static bool express_by_reaction(compiler *c, size_t species, int depth)
{
    const sei_species *s   = &c->db->species[species];
    expression         sum = {.logk = s->formation.logk};

    for (size_t i = 0; i < s->formation.n_terms; i++) {
        const sei_rterm *t = &s->formation.terms[i];
        if (!express(c, t->species, depth + 1))
            return false;
        add_scaled(&sum, &c->expr[t->species], t->coef, c->n_comp);
    }
    c->expr[species] = sum;
    return true;
}

/* Fills expr[species]; false when the components cannot form it. */
static bool express(compiler *c, size_t species, int depth)
{
    if (c->state[species] == IN)
        return true;
    if (c->state[species] != UNSEEN || depth > DEPTH_MAX)
        return false;
    c->state[species]    = BUSY;
    const sei_species *s = &c->db->species[species];
    bool               in = basis_expression(c, species);
    if (!in && species != c->db->e_minus && !c->is_blocked[species] && s->is_defined && !s->is_identity)
        in = express_by_reaction(c, species, depth);
    c->state[species] = in ? IN : OUT;
    return in;
}

/* --- components --------------------------------------------------------------------------------- */

static sei_status choose_basis(compiler *c, const sei_net_spec *spec, const sei_master *masters[])
{
    if (spec->n_components + 1 > SEI_COMPONENTS_MAX)
        return sei_fail(c->ctx, SEI_E_TOO_LARGE, NULL, "more than %d components", SEI_COMPONENTS_MAX - 1);
    for (size_t j = 0; j < spec->n_components; j++) {
        const size_t m = sei_db_find_master(c->db, spec->components[j]);
        if (m == SIZE_MAX)
            return sei_fail(c->ctx, SEI_E_NOT_FOUND, NULL, "database %s has no component \"%s\"",
                            c->db->name, spec->components[j]);
        masters[j]  = &c->db->masters[m];
        c->basis[j] = masters[j]->species;
        for (size_t k = 0; k < j; k++)
            if (c->basis[k] == c->basis[j])
                return sei_fail(c->ctx, SEI_E_DUPLICATE, NULL,
                                "components \"%s\" and \"%s\" have the same master species",
                                spec->components[k], spec->components[j]);
    }
    c->n_comp                    = spec->n_components + 1;
    c->basis[spec->n_components] = c->db->h_plus;
    return SEI_OK;
}

/* A valence named as component keeps the other valences of its element out; without an electron no
 * valence comes in by itself. */
static void block_valences(compiler *c, const sei_net_spec *spec, const sei_master *const masters[])
{
    const sei_db *db = c->db;

    for (size_t m = 0; m < db->n_masters; m++) {
        const sei_master *row = &db->masters[m];
        bool              by_valence = false, named = false;
        for (size_t j = 0; j < spec->n_components; j++) {
            named      = named || masters[j]->species == row->species;
            by_valence = by_valence || (masters[j]->is_valence && masters[j]->element == row->element);
        }
        if (!named && by_valence)
            c->is_blocked[row->species] = 1;
    }
}

/* --- building ------------------------------------------------------------------------------------- */

static bool is_aqueous(const sei_db *db, size_t species)
{
    return species != db->water && species != db->e_minus;
}

static size_t csr_entries(const expression *e, size_t n_comp)
{
    size_t n = 0;

    for (size_t j = 0; j < n_comp; j++)
        n += e->nu[j] != 0.0;
    return n;
}

static sei_status csr_alloc(sei_net *net, sei_csr *csr, size_t entries)
{
    csr->ptr = sei_arena_alloc(&net->arena, net->n_species + 1, sizeof *csr->ptr);
    csr->col = sei_arena_alloc(&net->arena, entries, sizeof *csr->col);
    csr->val = sei_arena_alloc(&net->arena, entries, sizeof *csr->val);
    return csr->ptr && csr->col && csr->val ? SEI_OK : SEI_E_NOMEM;
}

/* Component that counts `master`: itself, or the whole element that it belongs to. */
static size_t balance_component(const sei_net *net, const sei_master *master)
{
    size_t j = sei_net_component(net, master->name);

    return j != SIZE_MAX ? j : sei_net_component(net, net->db->elements[master->element].name);
}

/* Mole-balance coefficients: those of the reaction unless the database states others. */
static void balance_row(const sei_net *net, const sei_species *s, const double nu[], double beta[])
{
    memcpy(beta, nu, net->n_comp * sizeof *beta);
    if (s->n_balance == 0)
        return;
    for (size_t j = 0; j + 1 < net->n_comp; j++)
        beta[j] = 0.0;
    for (size_t b = 0; b < s->n_balance; b++) {
        const size_t j = balance_component(net, &net->db->masters[s->balance_masters[b]]);
        if (j != SIZE_MAX && j + 1 < net->n_comp)
            beta[j] += s->balance_coefs[b];
    }
}

static size_t put_row(sei_csr *csr, size_t at, const double row[], size_t n)
{
    for (size_t j = 0; j < n; j++) {
        if (row[j] == 0.0)
            continue;
        csr->col[at]   = (uint8_t)j;
        csr->val[at++] = row[j];
    }
    return at;
}

/* Alkalinity of a species: of its reaction written in master species of the database. */
static double species_alk(const sei_net *net, const double nu[])
{
    double alk = 0.0;

    for (size_t j = 0; j < net->n_comp; j++)
        alk += nu[j] * net->comp_alk[j];
    return alk;
}

static sei_status alloc_species_arrays(sei_net *net)
{
    const size_t n = net->n_species;

    net->name       = sei_arena_alloc(&net->arena, n, sizeof *net->name);
    net->db_index   = sei_arena_alloc(&net->arena, n, sizeof *net->db_index);
    net->nu_e       = sei_arena_alloc(&net->arena, n, sizeof *net->nu_e);
    net->nu_w       = sei_arena_alloc(&net->arena, n, sizeof *net->nu_w);
    net->charge     = sei_arena_alloc(&net->arena, n, sizeof *net->charge);
    net->alk        = sei_arena_alloc(&net->arena, n, sizeof *net->alk);
    net->lnk_coef   = sei_arena_alloc(&net->arena, n * SEI_LOGK_TERMS, sizeof *net->lnk_coef);
    net->gamma_kind = sei_arena_alloc(&net->arena, n, sizeof *net->gamma_kind);
    net->dha        = sei_arena_alloc(&net->arena, n, sizeof *net->dha);
    net->dhb        = sei_arena_alloc(&net->arena, n, sizeof *net->dhb);
    return net->name && net->db_index && net->nu_e && net->nu_w && net->charge && net->alk &&
                   net->lnk_coef && net->gamma_kind && net->dha && net->dhb
               ? SEI_OK
               : SEI_E_NOMEM;
}

static void put_species(sei_net *net, size_t i, size_t species, const expression *e)
{
    const sei_species *s = &net->db->species[species];

    net->name[i]       = s->name;
    net->db_index[i]   = (uint32_t)species;
    net->nu_e[i]       = e->nu_e;
    net->nu_w[i]       = e->nu_w;
    net->charge[i]     = s->composition.charge;
    net->alk[i]        = species_alk(net, e->nu);
    net->gamma_kind[i] = (uint8_t)s->gamma;
    net->dha[i]        = s->dha;
    net->dhb[i]        = s->dhb;
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        net->lnk_coef[t * net->n_species + i] = LN10 * e->logk.c[t];
}

/* Network index of each component's master species. */
static void find_masters(const compiler *c, sei_net *net)
{
    for (size_t i = 0; i < net->n_species; i++)
        for (size_t j = 0; j < net->n_comp; j++)
            if (c->basis[j] == net->db_index[i])
                net->comp_species[j] = (uint32_t)i;
}

static sei_status build_species(compiler *c, sei_net *net)
{
    size_t entries = 0, at_nu = 0, at_beta = 0, i = 0;

    for (size_t k = 0; k < c->db->n_species; k++) {
        if (!is_aqueous(c->db, k) || !express(c, k, 0))
            continue;
        net->n_species++;
        entries += csr_entries(&c->expr[k], c->n_comp) + c->db->species[k].n_balance + 1;
    }
    if (alloc_species_arrays(net) != SEI_OK || csr_alloc(net, &net->nu, entries) != SEI_OK ||
        csr_alloc(net, &net->beta, entries) != SEI_OK)
        return SEI_E_NOMEM;
    net->symmetric = true;
    for (size_t k = 0; k < c->db->n_species; k++) {
        double beta[SEI_COMPONENTS_MAX];
        if (!is_aqueous(c->db, k) || c->state[k] != IN)
            continue;
        put_species(net, i, k, &c->expr[k]);
        balance_row(net, &c->db->species[k], c->expr[k].nu, beta);
        net->symmetric = net->symmetric && memcmp(beta, c->expr[k].nu, net->n_comp * sizeof *beta) == 0;
        at_nu          = put_row(&net->nu, at_nu, c->expr[k].nu, net->n_comp);
        at_beta        = put_row(&net->beta, at_beta, beta, net->n_comp);
        i++;
        net->nu.ptr[i]   = (uint32_t)at_nu;
        net->beta.ptr[i] = (uint32_t)at_beta;
    }
    find_masters(c, net);
    return SEI_OK;
}

/* dT_b/dx_a = sum_i beta_ib nu_ia m_i: one list of (destination, product) per species. */
static sei_status build_pairs(sei_net *net)
{
    size_t n = 0;

    for (size_t i = 0; i < net->n_species; i++)
        n += (size_t)(net->nu.ptr[i + 1] - net->nu.ptr[i]) * (net->beta.ptr[i + 1] - net->beta.ptr[i]);
    net->pair_ptr  = sei_arena_alloc(&net->arena, net->n_species + 1, sizeof *net->pair_ptr);
    net->pair_dest = sei_arena_alloc(&net->arena, n, sizeof *net->pair_dest);
    net->pair_val  = sei_arena_alloc(&net->arena, n, sizeof *net->pair_val);
    if (!net->pair_ptr || !net->pair_dest || !net->pair_val)
        return SEI_E_NOMEM;
    size_t at = 0;
    for (size_t i = 0; i < net->n_species; i++) {
        for (uint32_t b = net->beta.ptr[i]; b < net->beta.ptr[i + 1]; b++)
            for (uint32_t a = net->nu.ptr[i]; a < net->nu.ptr[i + 1]; a++) {
                net->pair_dest[at]  = (uint16_t)(net->beta.col[b] * net->n_comp + net->nu.col[a]);
                net->pair_val[at++] = net->beta.val[b] * net->nu.val[a];
            }
        net->pair_ptr[i + 1] = (uint32_t)at;
    }
    return SEI_OK;
}

static bool express_phase(compiler *c, const sei_phase *p, sei_net_phase *ret)
{
    expression sum = {.logk = p->dissolution.logk};

    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        sum.logk.c[t] = -sum.logk.c[t]; /* SI = sum nu log a - log K */
    for (size_t i = 0; i < p->dissolution.n_terms; i++) {
        const sei_rterm *t = &p->dissolution.terms[i];
        if (!express(c, t->species, 0))
            return false;
        add_scaled(&sum, &c->expr[t->species], t->coef, c->n_comp);
    }
    *ret = (sei_net_phase){.name = p->name, .nu_e = sum.nu_e, .nu_w = sum.nu_w, .logk = sum.logk, .g_mol = p->g_mol};
    memcpy(ret->nu, sum.nu, sizeof ret->nu);
    return true;
}

static bool is_wanted(const sei_net_spec *spec, const sei_db *db, size_t phase)
{
    if (!spec->phases)
        return true;
    for (size_t i = 0; i < spec->n_phases; i++)
        if (sei_db_find_phase(db, spec->phases[i]) == phase)
            return true;
    return false;
}

static sei_status build_phases(compiler *c, const sei_net_spec *spec, sei_net *net)
{
    net->phases = sei_arena_alloc(&net->arena, spec->phases ? spec->n_phases : c->db->n_phases,
                                  sizeof *net->phases);
    if (!net->phases)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < c->db->n_phases; k++) {
        sei_net_phase p;
        if (!is_wanted(spec, c->db, k) || !express_phase(c, &c->db->phases[k], &p))
            continue;
        p.index                       = k;
        net->phases[net->n_phases++] = p;
    }
    return SEI_OK;
}

static sei_status build_components(compiler *c, const sei_net_spec *spec,
                                   const sei_master *const masters[], sei_net *net)
{
    const size_t n = c->n_comp;

    net->n_comp       = n;
    net->comp_name    = sei_arena_alloc(&net->arena, n, sizeof *net->comp_name);
    net->comp_g_mol   = sei_arena_alloc(&net->arena, n, sizeof *net->comp_g_mol);
    net->comp_alk     = sei_arena_alloc(&net->arena, n, sizeof *net->comp_alk);
    net->comp_charge  = sei_arena_alloc(&net->arena, n, sizeof *net->comp_charge);
    net->comp_species = sei_arena_alloc(&net->arena, n, sizeof *net->comp_species);
    if (!net->comp_name || !net->comp_g_mol || !net->comp_alk || !net->comp_charge || !net->comp_species)
        return SEI_E_NOMEM;
    for (size_t j = 0; j < n; j++) {
        const bool is_h      = j + 1 == n;
        net->comp_name[j]    = is_h ? "H" : masters[j]->name;
        net->comp_g_mol[j]   = is_h ? 1.008 : c->db->elements[masters[j]->element].g_mol;
        net->comp_alk[j]     = is_h ? -1.0 : masters[j]->alk;
        net->comp_charge[j]  = c->db->species[c->basis[j]].composition.charge;
        net->comp_species[j] = UINT32_MAX;
    }
    (void)spec;
    return SEI_OK;
}

static sei_status compile(compiler *c, const sei_net_spec *spec, sei_net *net)
{
    const sei_master *masters[SEI_COMPONENTS_MAX];
    const size_t      n = c->db->n_species;

    sei_status st = choose_basis(c, spec, masters);
    if (st != SEI_OK)
        return st;
    c->is_blocked = sei_alloc(c->ctx, n, sizeof *c->is_blocked);
    c->state      = sei_alloc(c->ctx, n, sizeof *c->state);
    c->expr       = sei_alloc(c->ctx, n, sizeof *c->expr);
    if (!c->is_blocked || !c->state || !c->expr)
        return SEI_E_NOMEM;
    block_valences(c, spec, masters);
    st = build_components(c, spec, masters, net);
    if (st == SEI_OK)
        st = build_species(c, net);
    if (st == SEI_OK)
        st = build_pairs(net);
    if (st == SEI_OK)
        st = build_phases(c, spec, net);
    return st;
}

static void compiler_done(compiler *c)
{
    sei_release(c->ctx, c->is_blocked);
    sei_release(c->ctx, c->state);
    sei_release(c->ctx, c->expr);
}

sei_status sei_net_create(sei_ctx *ctx, const sei_db *db, const sei_net_spec *spec, sei_net **ret_net)
{
    compiler c   = {.ctx = ctx, .db = db, .with_electron = spec->with_electron};
    sei_net *net = sei_alloc(ctx, 1, sizeof *net);

    if (!net)
        return SEI_E_NOMEM;
    sei_arena_init(&net->arena, ctx);
    net->db             = db;
    net->with_electron  = spec->with_electron;
    const sei_status st = compile(&c, spec, net);
    compiler_done(&c);
    if (st != SEI_OK) {
        sei_net_free(net);
        return st;
    }
    *ret_net = net;
    return SEI_OK;
}

void sei_net_free(sei_net *net)
{
    if (!net)
        return;
    sei_ctx *ctx = net->arena.ctx;
    sei_arena_done(&net->arena);
    sei_release(ctx, net);
}

size_t sei_net_component(const sei_net *net, const char *name)
{
    char canonical[64];

    if (!sei_component_canonical(name, strlen(name), canonical, sizeof canonical))
        return SIZE_MAX;
    for (size_t j = 0; j < net->n_comp; j++)
        if (strcmp(net->comp_name[j], canonical) == 0)
            return j;
    return SIZE_MAX;
}

size_t sei_net_species(const sei_net *net, const char *name)
{
    const size_t k = sei_db_find_species(net->db, name);

    if (k == SIZE_MAX)
        return SIZE_MAX;
    for (size_t i = 0; i < net->n_species; i++)
        if (net->db_index[i] == k)
            return i;
    return SIZE_MAX;
}

size_t sei_net_phase_index(const sei_net *net, const char *name)
{
    const size_t k = sei_db_find_phase(net->db, name);

    for (size_t i = 0; k != SIZE_MAX && i < net->n_phases; i++)
        if (net->phases[i].index == k)
            return i;
    return SIZE_MAX;
}

bool sei_net_express(const sei_net *net, size_t db_species, double nu[], double *ret_nu_e,
                     double *ret_nu_w, sei_logk *ret_logk)
{
    memset(nu, 0, net->n_comp * sizeof *nu);
    *ret_nu_e = 0.0;
    *ret_nu_w = 0.0;
    memset(ret_logk, 0, sizeof *ret_logk);
    if (db_species == net->db->water) {
        *ret_nu_w = 1.0;
        return true;
    }
    for (size_t i = 0; i < net->n_species; i++) {
        if (net->db_index[i] != db_species)
            continue;
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
            nu[net->nu.col[k]] = net->nu.val[k];
        *ret_nu_e = net->nu_e[i];
        *ret_nu_w = net->nu_w[i];
        for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
            ret_logk->c[t] = net->lnk_coef[t * net->n_species + i] / LN10;
        return true;
    }
    return false;
}
