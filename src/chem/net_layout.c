/* net_layout.c - the arrays that the loops of equilibrium run over */
#include <string.h>

#include "chem/net.h"
#include "num/v4.h"

/* --- blocks ---------------------------------------------------------------------------------------- */

/* Adds what species i holds of each component to the entries of its block, from the first one on. */
static void add_to_block(const sei_net *net, size_t i, size_t first)
{
    const sei_blocks *v = &net->blocks;

    for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++) {
        uint32_t *end = &v->ptr[i / SEI_BLOCK + 1];
        size_t    at  = first;
        while (at < *end && v->col[at] != net->nu.col[k])
            at++;
        if (at == *end)
            v->col[(*end)++] = net->nu.col[k];
        v->val[at * SEI_BLOCK + i % SEI_BLOCK] = net->nu.val[k];
    }
}

static sei_status make_blocks(sei_net *net)
{
    sei_blocks  *v = &net->blocks;
    const size_t n = net->n_species, n_blocks = SEI_BLOCK_PADDED(n) / SEI_BLOCK,
                 entries = net->nu.ptr[n];

    v->ptr = sei_arena_alloc(&net->arena, n_blocks + 1, sizeof *v->ptr);
    v->col = sei_arena_alloc(&net->arena, entries, sizeof *v->col);
    v->val = sei_arena_alloc(&net->arena, entries * SEI_BLOCK, sizeof *v->val);
    if (!v->ptr || !v->col || !v->val)
        return SEI_E_NOMEM;
    for (size_t b = 0; b < n_blocks; b++) {
        v->ptr[b + 1] = v->ptr[b];
        for (size_t i = b * SEI_BLOCK; i < (b + 1) * SEI_BLOCK && i < n; i++)
            add_to_block(net, i, v->ptr[b]);
    }
    return SEI_OK;
}

/* --- classes --------------------------------------------------------------------------------------- */

static size_t find_class(const sei_classes *g, const sei_species *s, double nu_w)
{
    for (size_t c = 0; c < g->n; c++)
        if (g->kind[c] == (uint8_t)s->gamma && g->charge[c] == s->composition.charge &&
            g->dha[c] == s->dha && g->dhb[c] == s->dhb && g->nu_w[c] == nu_w)
            return c;
    return g->n;
}

static sei_status make_classes(sei_net *net)
{
    sei_classes *g = &net->classes;
    const size_t n = SEI_BLOCK_PADDED(net->n_species);

    g->kind       = sei_arena_alloc(&net->arena, n, sizeof *g->kind);
    g->charge     = sei_arena_alloc(&net->arena, n, sizeof *g->charge);
    g->dha        = sei_arena_alloc(&net->arena, n, sizeof *g->dha);
    g->dhb        = sei_arena_alloc(&net->arena, n, sizeof *g->dhb);
    g->nu_w       = sei_arena_alloc(&net->arena, n, sizeof *g->nu_w);
    g->of_species = sei_arena_alloc(&net->arena, n, sizeof *g->of_species);
    if (!g->kind || !g->charge || !g->dha || !g->dhb || !g->nu_w || !g->of_species)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < net->n_species; i++) {
        const sei_species *s = &net->db->species[net->db_index[i]];
        const size_t       c = net->specific ? i : find_class(g, s, net->nu_w[i]);
        if (c == g->n) {
            g->kind[c]   = (uint8_t)s->gamma;
            g->charge[c] = s->composition.charge;
            g->dha[c]    = s->dha;
            g->dhb[c]    = s->dhb;
            g->nu_w[c]   = net->nu_w[i];
            g->n++;
        }
        g->of_species[i] = (int32_t)c;
    }
    return SEI_OK;
}

/* --- lists ----------------------------------------------------------------------------------------- */

static sei_status alloc_lists(sei_net *net, sei_lists *lists, size_t items, size_t entries)
{
    lists->ptr     = sei_arena_alloc(&net->arena, items + 1, sizeof *lists->ptr);
    lists->species = sei_arena_alloc(&net->arena, entries + 1, sizeof *lists->species);
    lists->weight  = sei_arena_alloc(&net->arena, entries + 1, sizeof *lists->weight);
    return lists->ptr && lists->species && lists->weight ? SEI_OK : SEI_E_NOMEM;
}

/* Rows turned into columns. */
static sei_status transpose(sei_net *net, const sei_csr *rows, sei_lists *ret)
{
    size_t at = 0;

    if (alloc_lists(net, ret, net->n_comp, rows->ptr[net->n_species]) != SEI_OK)
        return SEI_E_NOMEM;
    for (size_t j = 0; j < net->n_comp; j++) {
        for (size_t i = 0; i < net->n_species; i++)
            for (uint32_t k = rows->ptr[i]; k < rows->ptr[i + 1]; k++)
                if (rows->col[k] == j) {
                    ret->species[at]  = (uint16_t)i;
                    ret->weight[at++] = rows->val[k];
                }
        ret->ptr[j + 1] = (uint32_t)at;
    }
    return SEI_OK;
}

/* Is species i made of component j, once, and of nothing else but H? */
static bool is_own(const sei_net *net, size_t i, size_t j, double *ret_nu_h)
{
    bool has = false;

    *ret_nu_h = 0.0;
    for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++) {
        if (net->nu.col[k] == j && net->nu.val[k] == 1.0)
            has = true;
        else if (net->nu.col[k] + 1u == net->n_comp)
            *ret_nu_h = net->nu.val[k];
        else
            return false;
    }
    return has;
}

static sei_status list_own(sei_net *net)
{
    size_t at = 0;

    if (alloc_lists(net, &net->own, net->n_comp, net->n_species + SEI_V4) != SEI_OK)
        return SEI_E_NOMEM;
    for (size_t j = 0; j + 1 < net->n_comp; j++) {
        for (size_t i = 0; i < net->n_species; i++) {
            double nu_h;
            if (!is_own(net, i, j, &nu_h))
                continue;
            net->own.species[at]  = (uint16_t)i;
            net->own.weight[at++] = nu_h;
        }
        net->own.ptr[j + 1] = (uint32_t)at;
    }
    net->own.ptr[net->n_comp] = (uint32_t)at;
    return SEI_OK;
}

static size_t count_pairs(const sei_net *net)
{
    size_t n = 0;

    for (size_t i = 0; i < net->n_species; i++) {
        const size_t c = net->nu.ptr[i + 1] - net->nu.ptr[i];
        n += c * (c + 1) / 2;
    }
    return n;
}

/* Species that hold both components a and b. */
static size_t put_pair(const sei_net *net, size_t a, size_t b, sei_lists *lists, size_t at)
{
    for (size_t i = 0; i < net->n_species; i++) {
        double of_a = 0.0, of_b = 0.0;
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++) {
            if (net->nu.col[k] == a)
                of_a = net->nu.val[k];
            if (net->nu.col[k] == b)
                of_b = net->nu.val[k];
        }
        if (of_a == 0.0 || of_b == 0.0)
            continue;
        lists->species[at]  = (uint16_t)i;
        lists->weight[at++] = of_a * of_b;
    }
    return at;
}

static void find_pattern(const sei_net *net, bool pattern[])
{
    const size_t n = net->n_comp;

    for (size_t i = 0; i < net->n_species; i++)
        for (uint32_t a = net->nu.ptr[i]; a < net->nu.ptr[i + 1]; a++)
            for (uint32_t b = net->nu.ptr[i]; b < net->nu.ptr[i + 1]; b++)
                pattern[net->nu.col[a] * n + net->nu.col[b]] = true;
}

/* One list for every slot of the plan: those without H first, then those of H. */
static sei_status list_jacobian(sei_net *net)
{
    const size_t n = net->n_comp, h = n - 1;
    size_t       at = 0;

    net->n_jac    = 0;
    net->jac_slot = sei_arena_alloc(&net->arena, net->ldl.n_slots, sizeof *net->jac_slot);
    net->jac_at   = sei_arena_alloc(&net->arena, 2 * net->ldl.n_slots, sizeof *net->jac_at);
    if (!net->jac_slot || !net->jac_at ||
        alloc_lists(net, &net->jac, net->ldl.n_slots, count_pairs(net)) != SEI_OK)
        return SEI_E_NOMEM;
    for (int with_h = 0; with_h < 2; with_h++) {
        for (size_t a = 0; a < n; a++) {
            for (size_t b = 0; b <= a; b++) {
                const size_t slot = sei_ldl_slot(&net->ldl, a, b);
                if (slot == SIZE_MAX || (a == h) != (with_h == 1))
                    continue;
                net->jac_slot[net->n_jac]       = (uint16_t)slot;
                net->jac_at[2 * net->n_jac]     = (uint16_t)(a * n + b);
                net->jac_at[2 * net->n_jac + 1] = (uint16_t)(b * n + a);
                at                              = put_pair(net, a, b, &net->jac, at);
                net->jac.ptr[++net->n_jac]      = (uint32_t)at;
            }
        }
        if (with_h == 0)
            net->n_jac_free = net->n_jac;
    }
    return SEI_OK;
}

static sei_status make_jacobian(sei_net *net)
{
    const size_t n       = net->n_comp;
    bool        *pattern = sei_alloc(net->arena.ctx, n * n, sizeof *pattern);
    sei_status   st      = SEI_E_NOMEM;

    if (pattern) {
        find_pattern(net, pattern);
        if (sei_ldl_plan_make(&net->arena, n, pattern, &net->ldl))
            st = list_jacobian(net);
    }
    sei_release(net->arena.ctx, pattern);
    return st;
}

/* What components hold, in fours: species in the order of the network, so that those of one four follow one another. */
static sei_status list_totals(sei_net *net)
{
    const sei_lists *l = net->symmetric ? &net->by_comp : &net->by_comp_beta;
    sei_fours       *f = &net->totals;
    const size_t     n = l->ptr[net->n_comp];
    uint32_t         k = 0;

    f->ptr = sei_arena_alloc(&net->arena, net->n_comp + 1, sizeof *f->ptr);
    f->at  = sei_arena_alloc(&net->arena, n + 1, sizeof *f->at);
    f->c   = sei_arena_alloc(&net->arena, SEI_V4 * (n + 1), sizeof *f->c);
    if (!f->ptr || !f->at || !f->c)
        return SEI_E_NOMEM;
    for (size_t j = 0; j < net->n_comp; j++) {
        for (uint32_t i = l->ptr[j]; i < l->ptr[j + 1]; i++) {
            const uint16_t at = (uint16_t)(l->species[i] / SEI_V4 * SEI_V4);
            if (k == f->ptr[j] || f->at[k - 1] != at)
                f->at[k++] = at;
            f->c[(size_t)SEI_V4 * (k - 1) + l->species[i] - at] = l->weight[i];
        }
        f->ptr[j + 1] = k;
    }
    return SEI_OK;
}

sei_status sei_net_lay_out(sei_net *net)
{
    sei_status st = make_blocks(net);

    if (st == SEI_OK)
        st = make_classes(net);
    if (st == SEI_OK)
        st = transpose(net, &net->nu, &net->by_comp);
    if (st == SEI_OK && !net->symmetric)
        st = transpose(net, &net->beta, &net->by_comp_beta);
    if (st == SEI_OK)
        st = list_totals(net);
    if (st == SEI_OK)
        st = list_own(net);
    if (st == SEI_OK)
        st = make_jacobian(net);
    return st;
}
