/* lanes.c - eight waters at once: lists, workspaces, and the course of a solution */
#include "chem/lanes.h"

#include <math.h>
#include <string.h>

#define LN10 2.302585092994045684

enum { ITERATIONS_MAX = 30 };

bool sei_lanes_can(const sei_net *net)
{
    return net->symmetric && net->n_comp > 1 && !net->specific;
}

/* --- lists ----------------------------------------------------------------------------------------- */

static bool allocate_plan(sei_lanes_plan *p)
{
    const size_t entries = p->net->by_comp.ptr[p->net->n_comp];

    p->pair_class = sei_arena_alloc(&p->arena, entries + 1, sizeof *p->pair_class);
    p->pair_ptr   = sei_arena_alloc(&p->arena, entries + 2, sizeof *p->pair_ptr);
    p->comp_ptr   = sei_arena_alloc(&p->arena, p->net->n_comp + 1, sizeof *p->comp_ptr);
    p->species    = sei_arena_alloc(&p->arena, entries + 1, sizeof *p->species);
    p->weight     = sei_arena_alloc(&p->arena, entries + 1, sizeof *p->weight);
    p->gamma_of   = sei_arena_alloc(&p->arena, p->net->classes.n + 1, sizeof *p->gamma_of);
    p->class_ptr  = sei_arena_alloc(&p->arena, p->net->classes.n + 1, sizeof *p->class_ptr);
    p->by_class   = sei_arena_alloc(&p->arena, p->net->n_species + 1, sizeof *p->by_class);
    return p->pair_class && p->pair_ptr && p->comp_ptr && p->species && p->weight && p->gamma_of &&
           p->class_ptr && p->by_class;
}

/* The species of one component class by class. */
static void list_pairs(sei_lanes_plan *p, size_t j)
{
    const sei_net   *net = p->net;
    const sei_lists *l   = &net->by_comp;
    uint32_t         at  = p->pair_ptr[p->n_pairs];

    for (size_t c = 0; c < net->classes.n; c++) {
        const uint32_t first = at;
        for (size_t k = l->ptr[j]; k < l->ptr[j + 1]; k++)
            if ((size_t)net->classes.of_species[l->species[k]] == c) {
                p->species[at]  = l->species[k];
                p->weight[at++] = l->weight[k];
            }
        if (at == first)
            continue;
        p->pair_class[p->n_pairs] = (uint16_t)c;
        p->pair_ptr[++p->n_pairs] = at;
    }
    p->comp_ptr[j + 1] = (uint32_t)p->n_pairs;
}

static void list_classes(sei_lanes_plan *p)
{
    const sei_classes *g  = &p->net->classes;
    uint32_t           at = 0;

    for (size_t c = 0; c < g->n; c++) {
        size_t same = 0;
        while (same < c && (g->kind[same] != g->kind[c] || g->charge[same] != g->charge[c] ||
                            g->dha[same] != g->dha[c] || g->dhb[same] != g->dhb[c]))
            same++;
        p->gamma_of[c] = (uint16_t)same;
        for (size_t i = 0; i < p->net->n_species; i++)
            if ((size_t)g->of_species[i] == c)
                p->by_class[at++] = (uint16_t)i;
        p->class_ptr[c + 1] = at;
    }
}

sei_status sei_lanes_plan_create(sei_ctx *ctx, const sei_net *net, sei_lanes_plan **ret_plan)
{
    sei_lanes_plan *p = sei_alloc(ctx, 1, sizeof *p);

    if (!p)
        return SEI_E_NOMEM;
    p->net = net;
    sei_arena_init(&p->arena, ctx);
    if (!allocate_plan(p)) {
        sei_lanes_plan_free(p);
        return SEI_E_NOMEM;
    }
    for (size_t j = 0; j < net->n_comp; j++)
        list_pairs(p, j);
    list_classes(p);
    *ret_plan = p;
    return SEI_OK;
}

void sei_lanes_plan_free(sei_lanes_plan *p)
{
    if (!p)
        return;
    sei_ctx *ctx = p->arena.ctx;
    sei_arena_done(&p->arena);
    sei_release(ctx, p);
}

/* --- workspaces ------------------------------------------------------------------------------------ */

typedef struct {
    sei_v8 **vector;
    size_t   n;
} request;

enum { REQUESTS_MAX = 32 };

static size_t list_requests(sei_lanes *w, request list[])
{
    const sei_net *net = w->plan->net;
    const size_t   s = net->n_species, c = net->n_comp, g = net->classes.n;
    const request  all[] = {
         {&w->basis, SEI_LOGK_TERMS},
         {&w->lnk, s},
         {&w->m, s},
         {&w->x, c},
         {&w->wanted, c},
         {&w->total, c},
         {&w->by_gamma, c},
         {&w->by_mu, c},
         {&w->by_water, c},
         {&w->az2, g},
         {&w->den, g},
         {&w->bi, g},
         {&w->sat, g},
         {&w->lng, g},
         {&w->dlng, g},
         {&w->shift, g},
         {&w->packed, net->ldl.n_slots},
         {&w->diagonal, c},
         {&w->rhs, SEI_LANES_RHS * c},
         {&w->y, SEI_LANES_RHS * c},
         {&w->scalar, SEI_LANE_SCALARS},
    };

    memcpy(list, all, sizeof all);
    return sizeof all / sizeof all[0];
}

sei_status sei_lanes_create(sei_ctx *ctx, const sei_lanes_plan *plan, sei_lanes **ret_lanes)
{
    request    list[REQUESTS_MAX];
    size_t     total = 1;
    sei_lanes *w     = sei_alloc(ctx, 1, sizeof *w);

    if (!w)
        return SEI_E_NOMEM;
    w->ctx         = ctx;
    w->plan        = plan;
    const size_t n = list_requests(w, list);
    for (size_t i = 0; i < n; i++)
        total += list[i].n;
    w->block = sei_alloc(ctx, total, sizeof(sei_v8));
    if (!w->block) {
        sei_release(ctx, w);
        return SEI_E_NOMEM;
    }
    char *at = w->block;
    at += (sizeof(sei_v8) - (uintptr_t)at % sizeof(sei_v8)) % sizeof(sei_v8);
    for (size_t i = 0; i < n; i++) {
        *list[i].vector = (sei_v8 *)(void *)at;
        at += list[i].n * sizeof(sei_v8);
    }
    *ret_lanes = w;
    return SEI_OK;
}

void sei_lanes_free(sei_lanes *w)
{
    if (!w)
        return;
    sei_release(w->ctx, w->block);
    sei_release(w->ctx, w);
}

static void set_temp(sei_lanes *w, size_t lane, double t)
{
    const sei_debye_hueckel dh                    = sei_debye_hueckel_at(t);
    const double            inv                   = 1.0 / t;
    const double            basis[SEI_LOGK_TERMS] = {1.0, t, inv, log10(t), inv * inv, t * t};

    for (size_t k = 0; k < SEI_LOGK_TERMS; k++)
        w->basis[k][lane] = basis[k];
    for (size_t c = 0; c < w->plan->net->classes.n; c++) {
        const sei_gamma g = sei_gamma_of_class(w->plan->net, &dh, t, c);
        w->az2[c][lane]   = g.az2;
        w->den[c][lane]   = g.den;
        w->bi[c][lane]    = g.bi;
        w->sat[c][lane]   = g.sat;
    }
    w->temp_k[lane] = t;
}

void sei_lanes_set(sei_lanes *w, size_t lane, double temp_k, double ph, double pe)
{
    const sei_net *net = w->plan->net;

    if (w->temp_k[lane] != temp_k) {
        set_temp(w, lane, temp_k);
        w->is_cold = true;
    }
    w->x[net->n_comp - 1][lane]     = -LN10 * ph;
    w->scalar[SEI_LANE_LN_AE][lane] = net->with_electron ? -LN10 * pe : 0.0;
}

/* --- solution -------------------------------------------------------------------------------------- */

static bool all_set(const sei_lanes *w)
{
    const sei_v8_bits stays =
        (sei_v8_bits)w->scalar[SEI_LANE_DONE] | (sei_v8_bits)w->scalar[SEI_LANE_LOST];

    for (size_t l = 0; l < SEI_V8; l++)
        if (!stays[l])
            return false;
    return true;
}

/* Ionic strength as if all were there as masters, no water activity. */
static void start(sei_lanes *w)
{
    const sei_net *net = w->plan->net;

    for (size_t l = 0; l < SEI_V8; l++) {
        double mu = 0.0;
        for (size_t j = 0; j + 1 < net->n_comp; j++)
            mu += 0.5 * net->comp_charge[j] * net->comp_charge[j] * w->wanted[j][l];
        w->scalar[SEI_LANE_MU][l] = fmin(1.0, fmax(1e-7, 0.7 * mu));
    }
    w->scalar[SEI_LANE_LN_AW] = (sei_v8){0};
    w->scalar[SEI_LANE_DONE]  = (sei_v8){0};
    w->scalar[SEI_LANE_LOST]  = (sei_v8){0};
    sei_lanes_activity(w);
    sei_lanes_start(w);
    sei_lanes_species(w);
    sei_lanes_sums(w);
    sei_lanes_sweep(w);
}

void sei_lanes_prepare(sei_lanes *w)
{
    if (w->is_cold)
        sei_lanes_constants(w);
    w->is_cold = false;
}

void sei_lanes_solve(sei_lanes *w, bool ret_ok[SEI_V8])
{
    sei_lanes_prepare(w);
    start(w);
    for (int k = 0; k < ITERATIONS_MAX; k++) {
        sei_lanes_activity(w);
        sei_lanes_species(w);
        sei_lanes_sums(w);
        sei_lanes_misfits(w);
        if (all_set(w))
            break;
        sei_lanes_direction(w);
        sei_lanes_step(w);
    }
    const sei_v8_bits done = (sei_v8_bits)w->scalar[SEI_LANE_DONE];
    for (size_t l = 0; l < SEI_V8; l++)
        ret_ok[l] = done[l] != 0;
}

void sei_lanes_take(sei_lanes *w, size_t lane, const sei_equil *eq)
{
    const sei_net *net = w->plan->net;

    for (size_t j = 0; j < net->n_comp; j++)
        w->x[j][lane] = eq->x[j];
    for (size_t i = 0; i < net->n_species; i++)
        w->m[i][lane] = eq->m[i];
    for (size_t c = 0; c < net->classes.n; c++)
        w->lng[c][lane] = eq->class_lng[c];
    w->scalar[SEI_LANE_MU][lane]    = eq->mu;
    w->scalar[SEI_LANE_LN_AW][lane] = eq->ln_aw;
}
