/* net.c - compiles the part of a database that a set of components can form */
#include "chem/net.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "chem/net_compile.h"
#include "num/v4.h"

#define LN10 2.302585092994045684

enum { DEPTH_MAX = 40, STEPS_MAX = 1000 };

/* --- which species -------------------------------------------------------------------------------- */

typedef struct {
    uint32_t species, entries;
    uint64_t holds; /* components, by bits */
} candidate;

static uint64_t components_of(const sei_expression *e, size_t n_comp)
{
    uint64_t bits = 0;

    _Static_assert(SEI_COMPONENTS_MAX <= 64, "one bit a component");
    for (size_t j = 0; j < n_comp && j < SEI_COMPONENTS_MAX; j++)
        bits |= (uint64_t)(e->nu[j] != 0.0) << j;
    return bits;
}

static uint32_t count_of(uint64_t bits)
{
    return (uint32_t)__builtin_popcountll(bits);
}

/* Most components first; among equals in the order of the database. */
static int by_entries(const void *a, const void *b)
{
    const candidate *p = a, *q = b;

    if (p->entries != q->entries)
        return p->entries > q->entries ? -1 : 1;
    return p->species < q->species ? -1 : p->species > q->species;
}

/* Block by block those that bring the fewest components that the block has not: its loops go over all that it has. */
static void gather_blocks(candidate list[], size_t n)
{
    uint64_t has = 0;

    for (size_t i = 0; i < n; i++) {
        size_t   best  = i;
        uint32_t least = UINT32_MAX;
        if (i % SEI_BLOCK == 0)
            has = 0;
        for (size_t k = i; k < n && least > 0; k++) {
            const uint32_t more = i % SEI_BLOCK == 0 ? 0 : count_of(list[k].holds & ~has);
            if (more < least) {
                least = more;
                best  = k;
            }
        }
        const candidate next = list[best];
        memmove(&list[i + 1], &list[i], (best - i) * sizeof *list);
        list[i] = next;
        has |= next.holds;
    }
}

static size_t list_candidates(sei_compiler *c, candidate list[])
{
    size_t n = 0;

    for (size_t k = 0; k < c->db->n_species; k++) {
        if (k == c->db->water || k == c->db->e_minus)
            continue;
        const sei_expression *e = sei_compiler_express(c, k);
        if (!e)
            continue;
        const uint64_t holds = components_of(e, c->n_comp);
        list[n++]            = (candidate){(uint32_t)k, count_of(holds), holds};
    }
    qsort(list, n, sizeof *list, by_entries);
    gather_blocks(list, n);
    return n;
}

/* --- rows of species ------------------------------------------------------------------------------ */

static sei_status csr_alloc(sei_net *net, sei_csr *csr, size_t entries)
{
    csr->ptr = sei_arena_alloc(&net->arena, net->n_species + 1, sizeof *csr->ptr);
    csr->col = sei_arena_alloc(&net->arena, entries + 1, sizeof *csr->col);
    csr->val = sei_arena_alloc(&net->arena, entries + 1, sizeof *csr->val);
    return csr->ptr && csr->col && csr->val ? SEI_OK : SEI_E_NOMEM;
}

/* Component that counts `master`: itself, valences that it is listed with, or the whole element that it belongs to. */
static size_t balance_component(const sei_net *net, const sei_master *master)
{
    size_t parts[SEI_COMPONENT_PARTS_MAX];

    for (size_t j = 0; j + 1 < net->n_comp; j++) {
        const size_t n = sei_db_component_parts(net->db, net->comp_name[j], parts);
        for (size_t p = 0; p < n; p++)
            if (&net->db->masters[parts[p]] == master)
                return j;
    }
    return sei_net_component(net, net->db->elements[master->element].name);
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
            beta[j] += s->balance_coefs[b] / sei_db_atoms(net->db, s->balance_masters[b]);
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

static sei_status alloc_species_arrays(sei_net *net)
{
    const size_t n = SEI_BLOCK_PADDED(net->n_species);

    net->name     = sei_arena_alloc(&net->arena, n, sizeof *net->name);
    net->db_index = sei_arena_alloc(&net->arena, n, sizeof *net->db_index);
    net->of_db    = sei_arena_alloc(&net->arena, net->db->n_species, sizeof *net->of_db);
    net->nu_e     = sei_arena_alloc(&net->arena, n, sizeof *net->nu_e);
    net->nu_w     = sei_arena_alloc(&net->arena, n, sizeof *net->nu_w);
    net->charge   = sei_arena_alloc(&net->arena, n, sizeof *net->charge);
    net->alk      = sei_arena_alloc(&net->arena, n, sizeof *net->alk);
    net->lnk_coef = sei_arena_alloc(&net->arena, n * SEI_LOGK_TERMS, sizeof *net->lnk_coef);
    net->odd      = sei_arena_alloc(&net->arena, n, sizeof *net->odd);
    net->waters   = sei_arena_alloc(&net->arena, n, sizeof *net->waters);
    return net->name && net->db_index && net->of_db && net->nu_e && net->nu_w && net->charge &&
                   net->alk && net->lnk_coef && net->odd && net->waters
               ? SEI_OK
               : SEI_E_NOMEM;
}

static void put_species(sei_net *net, size_t i, size_t species, const sei_expression *e)
{
    const sei_species *s = &net->db->species[species];

    net->name[i]        = s->name;
    net->db_index[i]    = (uint32_t)species;
    net->of_db[species] = (uint32_t)i + 1;
    net->nu_e[i]        = e->nu_e;
    net->nu_w[i]        = e->nu_w;
    net->charge[i]      = s->composition.charge;
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        net->lnk_coef[t * net->n_species + i] = LN10 * e->logk.c[t];
    if (!s->is_water)
        return;
    net->nu_w[i] -= 1.0;
    net->lnk_coef[i] -= SEI_LN_ISOTOPE_WATER;
    net->waters[net->n_waters++] = (uint32_t)i;
}

static sei_status build_species(sei_compiler *c, sei_net *net, const candidate list[])
{
    size_t entries = 0, at_nu = 0, at_beta = 0;

    if (net->n_species > UINT16_MAX)
        return sei_fail(c->ctx, SEI_E_TOO_LARGE, NULL, "more than %d species in one network",
                        UINT16_MAX);
    for (size_t i = 0; i < net->n_species; i++)
        entries += list[i].entries + c->db->species[list[i].species].n_balance + 1;
    if (alloc_species_arrays(net) != SEI_OK || csr_alloc(net, &net->nu, entries) != SEI_OK ||
        csr_alloc(net, &net->beta, entries) != SEI_OK)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < net->n_species; i++) {
        const sei_expression *e = &c->expr[list[i].species];
        double                beta[SEI_COMPONENTS_MAX];
        put_species(net, i, list[i].species, e);
        balance_row(net, &c->db->species[list[i].species], e->nu, beta);
        if (memcmp(beta, e->nu, net->n_comp * sizeof *beta) != 0)
            net->odd[net->n_odd++] = (uint32_t)i;
        at_nu                = put_row(&net->nu, at_nu, e->nu, net->n_comp);
        at_beta              = put_row(&net->beta, at_beta, beta, net->n_comp);
        net->nu.ptr[i + 1]   = (uint32_t)at_nu;
        net->beta.ptr[i + 1] = (uint32_t)at_beta;
        for (size_t j = 0; j < net->n_comp; j++)
            if (c->basis[j] == net->db_index[i])
                net->comp_species[j] = (uint32_t)i;
    }
    net->symmetric = net->n_odd == 0;
    return SEI_OK;
}

/* --- what counts as which element and valence ------------------------------------------------------ */

/* Master row of each species of the database, the row of a valence before that of the element. */
static uint32_t *master_rows(sei_ctx *ctx, const sei_db *db)
{
    uint32_t *row = sei_alloc(ctx, db->n_species, sizeof *row);

    for (size_t k = 0; row && k < db->n_species; k++)
        row[k] = UINT32_MAX;
    for (size_t m = 0; row && m < db->n_masters; m++) {
        const sei_master *master = &db->masters[m];
        if (strcmp(master->name, "Alkalinity") == 0)
            continue;
        if (row[master->species] == UINT32_MAX || master->is_valence)
            row[master->species] = (uint32_t)m;
    }
    return row;
}

typedef struct {
    const sei_db *db;
    uint32_t     *row;   /* [n_species] master row of a species */
    double       *count; /* [n_masters] */
    size_t        steps;
} counter;

/* Adds factor times species written in master species, as the database's reactions lead there. */
static void count_masters(counter *c, size_t species, double factor, int depth)
{
    const sei_species *s = &c->db->species[species];

    if (c->row[species] != UINT32_MAX) {
        c->count[c->row[species]] += factor;
        return;
    }
    /* Reactions that double at every level must not take for ever. */
    if (depth > DEPTH_MAX || ++c->steps > STEPS_MAX || !s->is_defined)
        return;
    for (size_t i = 0; i < s->formation.n_terms; i++)
        count_masters(c, s->formation.terms[i].species, factor * s->formation.terms[i].coef,
                      depth + 1);
}

static double alkalinity_of(const sei_db *db, const double count[])
{
    double alk = 0.0;

    for (size_t m = 0; m < db->n_masters; m++)
        alk += count[m] * db->masters[m].alk;
    return alk;
}

/* -mole_balance replaces what the reaction says, but for hydrogen, oxygen and electrons. */
static void apply_balance(const sei_db *db, const sei_species *s, double count[])
{
    if (s->n_balance == 0)
        return;
    for (size_t m = 0; m < db->n_masters; m++)
        if (db->masters[m].species != db->h_plus)
            count[m] = 0.0;
    for (size_t b = 0; b < s->n_balance; b++)
        count[s->balance_masters[b]] +=
            s->balance_coefs[b] / sei_db_atoms(db, s->balance_masters[b]);
}

typedef struct {
    size_t    n, cap;
    uint32_t *master;
    double   *count;
} count_buffer;

static sei_status put_counts(sei_ctx *ctx, count_buffer *buf, const double count[],
                             size_t n_masters)
{
    if (buf->n + n_masters > buf->cap) {
        const size_t more   = 2 * buf->cap + n_masters;
        uint32_t    *master = sei_resize(ctx, buf->master, more, sizeof *master);
        if (!master)
            return SEI_E_NOMEM;
        buf->master   = master;
        double *value = sei_resize(ctx, buf->count, more, sizeof *value);
        if (!value)
            return SEI_E_NOMEM;
        buf->count = value;
        buf->cap   = more;
    }
    for (size_t m = 0; m < n_masters; m++) {
        if (fabs(count[m]) < 1e-12)
            continue;
        buf->master[buf->n]  = (uint32_t)m;
        buf->count[buf->n++] = count[m];
    }
    return SEI_OK;
}

static sei_status list_by_element(sei_net *net, size_t n)
{
    sei_counts  *c          = &net->counts;
    const size_t n_elements = net->db->n_elements;

    c->of_element = sei_arena_alloc(&net->arena, n_elements + 2, sizeof *c->of_element);
    c->place      = sei_arena_alloc(&net->arena, n + 1, sizeof *c->place);
    c->species    = sei_arena_alloc(&net->arena, n + 1, sizeof *c->species);
    if (!c->of_element || !c->place || !c->species)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < n; k++)
        c->of_element[c->element[k] + 2]++;
    for (size_t e = 2; e <= n_elements + 1; e++)
        c->of_element[e] += c->of_element[e - 1];
    for (size_t i = 0; i < net->n_species; i++)
        for (uint32_t k = c->ptr[i]; k < c->ptr[i + 1];
             k++) { /* the end of one is the start of the next */
            const uint32_t to = c->of_element[c->element[k] + 1]++;
            c->place[to]      = k;
            c->species[to]    = (uint32_t)i;
        }
    return SEI_OK;
}

static sei_status keep_counts(sei_net *net, const count_buffer *buf)
{
    net->counts.master  = sei_arena_alloc(&net->arena, buf->n + 1, sizeof *net->counts.master);
    net->counts.element = sei_arena_alloc(&net->arena, buf->n + 1, sizeof *net->counts.element);
    net->counts.count   = sei_arena_alloc(&net->arena, buf->n + 1, sizeof *net->counts.count);
    if (!net->counts.master || !net->counts.element || !net->counts.count)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < buf->n; k++)
        net->counts.element[k] = (uint32_t)net->db->masters[buf->master[k]].element;
    if (buf->n) {
        memcpy(net->counts.master, buf->master, buf->n * sizeof *buf->master);
        memcpy(net->counts.count, buf->count, buf->n * sizeof *buf->count);
    }
    return list_by_element(net, buf->n);
}

static sei_status fill_counts(sei_ctx *ctx, sei_net *net, counter *c, count_buffer *buf)
{
    const sei_db *db = net->db;

    net->counts.ptr = sei_arena_alloc(&net->arena, net->n_species + 1, sizeof *net->counts.ptr);
    if (!net->counts.ptr || !c->row || !c->count)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < net->n_species; i++) {
        memset(c->count, 0, db->n_masters * sizeof *c->count);
        c->steps = 0;
        count_masters(c, net->db_index[i], 1.0, 0);
        if (c->steps > STEPS_MAX)
            return sei_fail(
                ctx, SEI_E_TOO_LARGE, NULL,
                "reaction of %s leads through more than %d others to the master species",
                net->name[i], STEPS_MAX);
        net->alk[i] = alkalinity_of(db, c->count);
        apply_balance(db, &db->species[net->db_index[i]], c->count);
        const sei_status st = put_counts(ctx, buf, c->count, db->n_masters);
        if (st != SEI_OK)
            return st;
        net->counts.ptr[i + 1] = (uint32_t)buf->n;
    }
    return keep_counts(net, buf);
}

static sei_status build_counts(sei_ctx *ctx, sei_net *net)
{
    counter      c   = {.db = net->db};
    count_buffer buf = {0};

    c.row               = master_rows(ctx, net->db);
    c.count             = sei_alloc(ctx, net->db->n_masters + 1, sizeof *c.count);
    const sei_status st = fill_counts(ctx, net, &c, &buf);
    sei_release(ctx, buf.master);
    sei_release(ctx, buf.count);
    sei_release(ctx, c.count);
    sei_release(ctx, c.row);
    return st;
}

/* --- phases ---------------------------------------------------------------------------------------- */

static bool express_phase(sei_compiler *c, const sei_phase *p, sei_net_phase *ret)
{
    sei_expression sum = {0};

    if (!sei_compiler_add(c, &p->dissolution, 1.0, &sum))
        return false;
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++) /* SI = sum nu log a - log K */
        sum.logk.c[t] -= 2.0 * p->dissolution.logk.c[t];
    *ret = (sei_net_phase){
        .name = p->name, .nu_e = sum.nu_e, .nu_w = sum.nu_w, .logk = sum.logk, .g_mol = p->g_mol};
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

static sei_status build_phases(sei_compiler *c, const sei_net_spec *spec, sei_net *net)
{
    net->phases = sei_arena_alloc(&net->arena, spec->phases ? spec->n_phases : c->db->n_phases,
                                  sizeof *net->phases);
    if (!net->phases)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < c->db->n_phases; k++) {
        sei_net_phase p;
        if (!is_wanted(spec, c->db, k) || !express_phase(c, &c->db->phases[k], &p))
            continue;
        p.index                      = k;
        net->phases[net->n_phases++] = p;
    }
    return SEI_OK;
}

/* --- the whole ------------------------------------------------------------------------------------- */

/* As the database spells it; a list of valences as it was given. */
static const char *name_component(sei_compiler *c, const sei_net_spec *spec, sei_net *net, size_t j)
{
    if (j + 1 == c->n_comp)
        return "H";
    return c->n_parts[j] > 1 ? sei_arena_strdup(&net->arena, spec->components[j])
                             : c->masters[j]->name;
}

static sei_status build_components(sei_compiler *c, const sei_net_spec *spec, sei_net *net)
{
    const size_t n = c->n_comp, h = n - 1;

    net->n_comp       = n;
    net->comp_name    = sei_arena_alloc(&net->arena, n, sizeof *net->comp_name);
    net->comp_g_mol   = sei_arena_alloc(&net->arena, n, sizeof *net->comp_g_mol);
    net->comp_charge  = sei_arena_alloc(&net->arena, n, sizeof *net->comp_charge);
    net->comp_species = sei_arena_alloc(&net->arena, n, sizeof *net->comp_species);
    if (!net->comp_name || !net->comp_g_mol || !net->comp_charge || !net->comp_species)
        return SEI_E_NOMEM;
    for (size_t j = 0; j < n; j++) {
        net->comp_name[j] = name_component(c, spec, net, j);
        if (!net->comp_name[j])
            return SEI_E_NOMEM;
        net->comp_g_mol[j]   = j == h ? c->db->species[c->db->h_plus].g_mol
                                      : c->db->elements[c->masters[j]->element].g_mol;
        net->comp_charge[j]  = c->db->species[c->basis[j]].composition.charge;
        net->comp_species[j] = UINT32_MAX;
    }
    return SEI_OK;
}

static sei_status compile(sei_ctx *ctx, sei_compiler *c, const sei_net_spec *spec, sei_net *net)
{
    candidate *list = sei_alloc(ctx, c->db->n_species, sizeof *list);
    sei_status st   = list ? build_components(c, spec, net) : SEI_E_NOMEM;

    if (st == SEI_OK) {
        net->n_species = list_candidates(c, list);
        if (net->n_species > SEI_NET_SPECIES_MAX)
            st = sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                          "%zu species of these components in database %s; at most %d are possible",
                          net->n_species, c->db->name, (int)SEI_NET_SPECIES_MAX);
    }
    if (st == SEI_OK) {
        st = build_species(c, net, list);
    }
    if (st == SEI_OK)
        st = build_counts(ctx, net);
    if (st == SEI_OK)
        st = build_phases(c, spec, net);
    if (st == SEI_OK)
        st = sei_specific_model_create(net, &net->specific);
    if (st == SEI_OK)
        st = sei_net_lay_out(net);
    sei_release(ctx, list);
    return st;
}

sei_status sei_net_create(sei_ctx *ctx, const sei_db *db, const sei_net_spec *spec,
                          sei_net **ret_net)
{
    sei_compiler c;
    sei_net     *net = NULL;
    sei_status   st  = sei_compiler_init(ctx, db, spec, &c);

    if (st != SEI_OK)
        return st;
    net = sei_alloc(ctx, 1, sizeof *net);
    if (net) {
        sei_arena_init(&net->arena, ctx);
        net->db            = db;
        net->with_electron = spec->with_electron;
        st                 = compile(ctx, &c, spec, net);
    } else {
        st = SEI_E_NOMEM;
    }
    sei_compiler_done(&c);
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

/* --- look-up --------------------------------------------------------------------------------------- */

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

size_t sei_net_species_of_db(const sei_net *net, size_t db_species)
{
    return db_species < net->db->n_species && net->of_db[db_species] > 0
               ? net->of_db[db_species] - 1
               : SIZE_MAX;
}

size_t sei_net_species(const sei_net *net, const char *name)
{
    const size_t k = sei_db_find_species(net->db, name);

    return k == SIZE_MAX ? SIZE_MAX : sei_net_species_of_db(net, k);
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
    const size_t i = sei_net_species_of_db(net, db_species);

    if (db_species != net->db->water && i == SIZE_MAX)
        return false;
    memset(nu, 0, net->n_comp * sizeof *nu);
    *ret_nu_e = 0.0;
    *ret_nu_w = 0.0;
    memset(ret_logk, 0, sizeof *ret_logk);
    if (db_species == net->db->water) {
        *ret_nu_w = 1.0;
        return true;
    }
    for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
        nu[net->nu.col[k]] = net->nu.val[k];
    *ret_nu_e = net->nu_e[i];
    *ret_nu_w = net->nu_w[i];
    for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
        ret_logk->c[t] = net->lnk_coef[t * net->n_species + i] / LN10;
    if (net->db->species[db_species].is_water) {
        *ret_nu_w += 1.0;
        ret_logk->c[0] += SEI_LN_ISOTOPE_WATER / LN10;
    }
    return true;
}
