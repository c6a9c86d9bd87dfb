/* specific_model.c - the parameters of a database that concern a network, by species and charges */
#include <math.h>
#include <string.h>

#include "chem/net.h"
#include "chem/specific.h"

#define LN10 2.302585092994045684

typedef struct {
    sei_ctx            *ctx;
    sei_net            *net;
    const sei_db       *db;
    sei_specific_model *m;
    uint32_t           *at; /* [db->n_species] species of the network + 1; 0: not in it */
    uint32_t *last_of;      /* [n_species] a pair of that species + 1; the next one is in next */
    uint32_t *next;
} compiler;

/* Beyond the network's species there may be chloride, for MacInnes' convention. */
static double charge_of(const compiler *c, size_t i)
{
    return i < c->net->n_species ? c->net->charge[i] : -1.0;
}

/* --- pairs and triples -------------------------------------------------------------------------------- */

static bool find_species(const compiler *c, const sei_interaction *p, size_t ret[])
{
    for (size_t k = 0; k < SEI_INTERACTION_SPECIES && p->species[k]; k++) {
        const size_t s = sei_db_lookup(c->db, SEI_DB_SPECIES, p->species[k]);
        if (s == SIZE_MAX || c->at[s] == 0)
            return false;
        ret[k] = c->at[s] - 1;
    }
    return true;
}

/* The pair of two species; made when it is new. Parameters of different kinds stand in one. */
static sei_specific_pair *pair_of(compiler *c, size_t a, size_t b, double factor)
{
    for (uint32_t k = c->last_of[a]; k > 0; k = c->next[k - 1])
        if (c->m->pairs[k - 1].b == b && c->m->pairs[k - 1].factor == factor)
            return &c->m->pairs[k - 1];
    sei_specific_pair *p = &c->m->pairs[c->m->n_pairs];
    *p = (sei_specific_pair){.a = (uint16_t)a, .b = (uint16_t)b, .factor = factor};
    c->next[c->m->n_pairs] = c->last_of[a];
    c->last_of[a]          = (uint32_t)++c->m->n_pairs;
    return p;
}

static sei_status alpha_of(const compiler *c, double alpha, uint8_t *ret_index)
{
    sei_specific_model *m = c->m;
    size_t              k = 1;

    *ret_index = 0;
    if (alpha == 0.0)
        return SEI_OK;
    while (k < m->n_alphas && m->alpha[k] != alpha)
        k++;
    if (k == SEI_SPECIFIC_ALPHAS)
        return sei_fail(c->ctx, SEI_E_TOO_LARGE, NULL, "more than %d different -alphas in %s",
                        (int)SEI_SPECIFIC_ALPHAS - 1, sei_db_name(c->db));
    if (k == m->n_alphas)
        m->alpha[m->n_alphas++] = alpha;
    *ret_index = (uint8_t)k;
    return SEI_OK;
}

/* Pitzer 1991, p. 85: 1.4 and 12 for two divalent ions, 2.0 for others; 50 beside 2.0 where both have more than one
 * charge (Plummer et al. 1988, p. 6). */
static sei_status usual_alphas(const compiler *c, sei_specific_pair *p)
{
    const double z = fabs(charge_of(c, p->a)), y = fabs(charge_of(c, p->b));
    const bool   both = z == 2.0 && y == 2.0, one = z == 1.0 || y == 1.0;

    const sei_status st = alpha_of(c, both ? 1.4 : 2.0, &p->alpha[0]);
    return st == SEI_OK ? alpha_of(c, both || one ? 12.0 : 50.0, &p->alpha[1]) : st;
}

/* The alphas that a parameter needs where the salt has none of its own. */
static sei_status take_alphas(const compiler *c, const sei_interaction *p, sei_specific_pair *pair)
{
    const bool is_first = pair->alpha[0] == 0 && pair->alpha[1] == 0;

    switch (p->kind) {
    case SEI_INTERACTION_ALPHAS: {
        const sei_status st = alpha_of(c, p->c[0], &pair->alpha[0]);
        return st == SEI_OK ? alpha_of(c, p->c[1], &pair->alpha[1]) : st;
    }
    case SEI_INTERACTION_B1:
    case SEI_INTERACTION_B2: return is_first ? usual_alphas(c, pair) : SEI_OK;
    case SEI_INTERACTION_EPSILON1: /* the only function of SIT is the ionic strength */
        return alpha_of(c, 1.0, &pair->alpha[0]);
    default: return SEI_OK;
    }
}

static sei_status add_pair(compiler *c, const sei_interaction *p)
{
    static const uint8_t place[] = {[SEI_INTERACTION_B1]       = 1,
                                    [SEI_INTERACTION_B2]       = 2,
                                    [SEI_INTERACTION_C0]       = 3,
                                    [SEI_INTERACTION_EPSILON1] = 1};
    size_t               s[SEI_INTERACTION_SPECIES];

    if (!find_species(c, p, s))
        return SEI_OK;
    /* A species with itself is counted once: g has lambda m^2, but 2 lambda m m' of two. */
    const double       one    = s[0] == s[1] ? 1.0 : 2.0;
    const bool         is_sit = c->m->kind == SEI_MODEL_SIT;
    sei_specific_pair *pair   = pair_of(c, s[0], s[1], is_sit ? 0.5 * LN10 * one : one);
    const sei_status   st     = take_alphas(c, p, pair);
    if (st != SEI_OK || p->kind == SEI_INTERACTION_ALPHAS)
        return st;
    const double share = p->kind == SEI_INTERACTION_C0 /* C = C-phi / 2 sqrt|z z'| */
                             ? 0.5 / sqrt(fabs(charge_of(c, s[0]) * charge_of(c, s[1])))
                             : 1.0;
    for (size_t t = 0; t < SEI_INTERACTION_TERMS; t++)
        pair->c[place[p->kind]][t] += share * p->c[t];
    return SEI_OK;
}

static void add_triple(const compiler *c, const sei_interaction *p)
{
    size_t s[SEI_INTERACTION_SPECIES];

    if (!find_species(c, p, s))
        return;
    /* mu_ijk counts every order of three species: 1, 3 or 6 (Pitzer 1991, p. 87) */
    const int            same   = (s[0] == s[1]) + (s[1] == s[2]) + (s[0] == s[2]);
    const double         orders = same == 3 ? 1.0 : same == 1 ? 3.0 : 6.0;
    sei_specific_triple *t      = &c->m->triples[c->m->n_triples++];
    *t = (sei_specific_triple){.a = (uint16_t)s[0], .b = (uint16_t)s[1], .c = (uint16_t)s[2]};
    t->factor = p->kind == SEI_INTERACTION_MU ? orders : 1.0;
    memcpy(t->coef, p->c, sizeof t->coef);
}

static sei_status add_parameters(compiler *c)
{
    sei_status st = SEI_OK;

    /* -alphas first: a salt that has its own takes no others. */
    for (size_t k = 0; k < c->db->n_interactions && st == SEI_OK; k++)
        if (c->db->interactions[k].kind == SEI_INTERACTION_ALPHAS)
            st = add_pair(c, &c->db->interactions[k]);
    for (size_t k = 0; k < c->db->n_interactions && st == SEI_OK; k++) {
        const sei_interaction *p = &c->db->interactions[k];
        if (p->kind >= SEI_INTERACTION_ZETA)
            add_triple(c, p);
        else if (p->kind != SEI_INTERACTION_ALPHAS)
            st = add_pair(c, p);
    }
    return st;
}

/* KCl for MacInnes' convention, whether there is potassium or not. Without its parameters ions are as the equations give them,
 * as in PHREEQC. */
static bool take_kcl(sei_specific_model *m, const sei_db *db)
{
    bool is_known = false;

    for (size_t k = 0; k < db->n_interactions; k++) {
        const sei_interaction *p  = &db->interactions[k];
        const size_t           at = p->kind == SEI_INTERACTION_B0   ? 0
                                    : p->kind == SEI_INTERACTION_B1 ? 1
                                    : p->kind == SEI_INTERACTION_C0 ? 2
                                                                    : 3;
        if (at == 3 || strcmp(p->species[0], "Cl-") != 0 || strcmp(p->species[1], "K+") != 0)
            continue;
        memcpy(m->kcl[at], p->c, sizeof m->kcl[at]);
        is_known = true;
    }
    return is_known;
}

/* --- charges ------------------------------------------------------------------------------------------- */

static sei_status list_charges(const compiler *c)
{
    sei_specific_model *m = c->m;

    for (size_t i = 0; i < m->n_all; i++) {
        const double z = charge_of(c, i);
        size_t       k = 0;
        while (k < m->n_charges && m->charge[k] != z)
            k++;
        if (k == SEI_SPECIFIC_CHARGES)
            return sei_fail(c->ctx, SEI_E_TOO_LARGE, NULL, "ions of more than %d different charges",
                            (int)SEI_SPECIFIC_CHARGES);
        if (k == m->n_charges)
            m->charge[m->n_charges++] = z;
        m->charge_of[i] = (uint8_t)k;
    }
    return SEI_OK;
}

static uint16_t product_of(sei_specific_model *m, double product)
{
    size_t k = 0;

    while (k < m->n_products && m->product[k] != product)
        k++;
    if (k == m->n_products)
        m->product[m->n_products++] = product;
    return (uint16_t)k;
}

static void list_unlike(sei_specific_model *m)
{
    for (size_t p = 0; p < m->n_charges; p++)
        for (size_t q = 0; q < p; q++) {
            const double y = m->charge[p], z = m->charge[q];
            if (!(y * z > 0.0))
                continue;
            m->unlike[m->n_unlike++] = (sei_specific_unlike){
                .charge  = {(uint16_t)p, (uint16_t)q},
                .product = {product_of(m, y * z), product_of(m, y * y), product_of(m, z * z)}};
        }
}

/* --- by species ---------------------------------------------------------------------------------------- */

/* ptr holds how many each species has, and then where those of each begin; a link goes to where the next one of its species
 * belongs. */
static void begin_links(size_t n, uint32_t ptr[])
{
    uint32_t sum = 0;

    for (size_t k = 0; k <= n; k++) {
        const uint32_t count = ptr[k];
        ptr[k]               = sum;
        sum += count;
    }
}

static void end_links(size_t n, uint32_t ptr[]) /* filling has moved each to the next one's */
{
    for (size_t k = n; k > 0; k--)
        ptr[k] = ptr[k - 1];
    ptr[0] = 0;
}

static void link_pairs(sei_specific_model *m)
{
    for (size_t k = 0; k < m->n_pairs; k++) {
        m->pair_ptr[m->pairs[k].a]++;
        m->pair_ptr[m->pairs[k].b]++;
    }
    begin_links(m->n_all, m->pair_ptr);
    for (uint32_t k = 0; k < m->n_pairs; k++) {
        const sei_specific_pair *p       = &m->pairs[k];
        m->pairs_of[m->pair_ptr[p->a]++] = (sei_specific_link){.index = k, .other = {p->b, 0}};
        m->pairs_of[m->pair_ptr[p->b]++] = (sei_specific_link){.index = k, .other = {p->a, 0}};
    }
    end_links(m->n_all, m->pair_ptr);
}

static void link_triples(sei_specific_model *m)
{
    for (size_t k = 0; k < m->n_triples; k++) {
        m->triple_ptr[m->triples[k].a]++;
        m->triple_ptr[m->triples[k].b]++;
        m->triple_ptr[m->triples[k].c]++;
    }
    begin_links(m->n_all, m->triple_ptr);
    for (uint32_t k = 0; k < m->n_triples; k++) {
        const sei_specific_triple *t    = &m->triples[k];
        const uint16_t             at[] = {t->a, t->b, t->c};
        for (size_t x = 0; x < 3; x++)
            m->triples_of[m->triple_ptr[at[x]]++] =
                (sei_specific_link){.index = k, .other = {at[(x + 1) % 3], at[(x + 2) % 3]}};
    }
    end_links(m->n_all, m->triple_ptr);
}

/* --- the whole ----------------------------------------------------------------------------------------- */

static sei_status compile(compiler *c)
{
    sei_specific_model *m  = c->m;
    const size_t        n  = c->net->n_species;
    const size_t        cl = sei_db_lookup(c->db, SEI_DB_SPECIES, "Cl-");
    sei_status          st;

    for (size_t i = 0; i < n; i++)
        c->at[c->net->db_index[i]] = (uint32_t)i + 1;
    m->kind = c->db->model;
    if (c->db->has_a_phi && c->db->model == SEI_MODEL_PITZER)
        m->a_phi = c->db->a_phi;
    m->has_macinnes =
        c->db->model == SEI_MODEL_PITZER && !c->db->has_no_macinnes && take_kcl(m, c->db);
    m->n_species = m->n_all = n;
    m->n_alphas             = 1;
    m->chloride             = SIZE_MAX;
    if (m->has_macinnes && cl != SIZE_MAX) {
        if (c->at[cl] == 0)
            c->at[cl] = (uint32_t)++m->n_all; /* of which there is nothing */
        m->chloride = c->at[cl] - 1;
    }
    st = list_charges(c);
    if (st == SEI_OK)
        st = add_parameters(c);
    if (st == SEI_OK && m->kind == SEI_MODEL_PITZER && !c->db->has_no_etheta)
        list_unlike(m);
    sei_electrostatic_set_up(&m->nodes);
    for (size_t i = 0; i < m->n_all; i++)
        m->z[i] = charge_of(c, i);
    link_pairs(m);
    link_triples(m);
    return st;
}

static bool allocate(compiler *c)
{
    enum { UNLIKE = SEI_SPECIFIC_CHARGES * SEI_SPECIFIC_CHARGES / 2 };
    sei_arena   *arena = &c->net->arena;
    const size_t n     = c->db->n_interactions + 1;

    c->m = sei_arena_alloc(arena, 1, sizeof *c->m);
    if (!c->m)
        return false;
    c->m->pairs      = sei_arena_alloc(arena, n, sizeof *c->m->pairs);
    c->m->triples    = sei_arena_alloc(arena, n, sizeof *c->m->triples);
    const size_t all = c->net->n_species + 2;
    c->m->charge_of  = sei_arena_alloc(arena, all, sizeof *c->m->charge_of);
    c->m->z          = sei_arena_alloc(arena, all, sizeof *c->m->z);
    c->m->pair_ptr   = sei_arena_alloc(arena, all, sizeof *c->m->pair_ptr);
    c->m->triple_ptr = sei_arena_alloc(arena, all, sizeof *c->m->triple_ptr);
    c->m->pairs_of   = sei_arena_alloc(arena, 2 * n, sizeof *c->m->pairs_of);
    c->m->triples_of = sei_arena_alloc(arena, 3 * n, sizeof *c->m->triples_of);
    c->m->product    = sei_arena_alloc(arena, 3 * UNLIKE, sizeof *c->m->product);
    c->m->unlike     = sei_arena_alloc(arena, UNLIKE, sizeof *c->m->unlike);
    c->at            = sei_alloc(c->ctx, c->db->n_species, sizeof *c->at);
    c->last_of       = sei_alloc(c->ctx, c->net->n_species + 2, sizeof *c->last_of);
    c->next          = sei_alloc(c->ctx, n, sizeof *c->next);
    return c->m->pairs && c->m->triples && c->m->charge_of && c->m->z && c->m->pair_ptr &&
           c->m->triple_ptr && c->m->pairs_of && c->m->triples_of && c->m->product &&
           c->m->unlike && c->at && c->last_of && c->next;
}

sei_status sei_specific_model_create(sei_net *net, sei_specific_model **ret_model)
{
    compiler c = {.ctx = net->arena.ctx, .net = net, .db = net->db};

    *ret_model = NULL;
    if (c.db->model == SEI_MODEL_IONIC_STRENGTH)
        return SEI_OK;
    const sei_status st = allocate(&c) ? compile(&c) : SEI_E_NOMEM;
    sei_release(c.ctx, c.at);
    sei_release(c.ctx, c.last_of);
    sei_release(c.ctx, c.next);
    if (st == SEI_OK)
        *ret_model = c.m;
    return st;
}
