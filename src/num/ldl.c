/* ldl.c - symmetric positive definite systems whose pattern of zeros is known beforehand */
#include "num/ldl.h"

#include <string.h>

#include "num/clones.h"
#include "num/v4.h"

/* Pivots below this share of their diagonal element are rounding noise. */
#define PIVOT_NOISE 1e-14

/* --- plan ---------------------------------------------------------------------------------------- */

typedef struct {
    size_t n;
    bool   edge[SEI_LDL_MAX][SEI_LDL_MAX];
    bool   gone[SEI_LDL_MAX];
} graph;

static size_t degree(const graph *g, size_t i)
{
    size_t d = 0;

    for (size_t j = 0; j < g->n; j++)
        d += !g->gone[j] && j != i && g->edge[i][j];
    return d;
}

/* The variable with fewest neighbours; the last variable only when no other is left. */
static size_t next_variable(const graph *g)
{
    size_t best = g->n - 1, fewest = SIZE_MAX;

    for (size_t i = 0; i + 1 < g->n; i++) {
        if (g->gone[i])
            continue;
        const size_t d = degree(g, i);
        if (d < fewest) {
            fewest = d;
            best   = i;
        }
    }
    return best;
}

/* Eliminating i joins its neighbours. */
static void eliminate(graph *g, size_t i)
{
    g->gone[i] = true;
    for (size_t a = 0; a < g->n; a++) {
        if (g->gone[a] || !g->edge[i][a])
            continue;
        for (size_t b = 0; b < g->n; b++)
            if (!g->gone[b] && g->edge[i][b])
                g->edge[a][b] = true;
    }
}

static bool order_variables(sei_arena *arena, graph *g, sei_ldl_plan *p)
{
    p->order    = sei_arena_alloc(arena, p->n, sizeof *p->order);
    p->position = sei_arena_alloc(arena, p->n, sizeof *p->position);
    if (!p->order || !p->position)
        return false;
    for (size_t k = 0; k < p->n; k++) {
        const size_t i = next_variable(g);
        p->order[k]    = (uint8_t)i;
        p->position[i] = (uint8_t)k;
        eliminate(g, i);
    }
    return true;
}

/* Entries of L column by column, rows ascending. edge holds the fill by now. */
static bool list_entries(sei_arena *arena, const graph *g, sei_ldl_plan *p)
{
    size_t n_entries = 0, n_updates = 0, at = 0, up = 0;

    for (size_t k = 0; k < p->n; k++) {
        size_t column = 0;
        for (size_t r = k + 1; r < p->n; r++)
            column += g->edge[p->order[k]][p->order[r]];
        n_entries += column;
        n_updates += column * (column + 1) / 2;
    }
    p->ptr    = sei_arena_alloc(arena, p->n + 1, sizeof *p->ptr);
    p->row    = sei_arena_alloc(arena, n_entries + 1, sizeof *p->row);
    p->update = sei_arena_alloc(arena, p->n + 1, sizeof *p->update);
    p->dest   = sei_arena_alloc(arena, n_updates + 1, sizeof *p->dest);
    if (!p->ptr || !p->row || !p->update || !p->dest)
        return false;
    for (size_t k = 0; k < p->n; k++) {
        for (size_t r = k + 1; r < p->n; r++)
            if (g->edge[p->order[k]][p->order[r]])
                p->row[at++] = (uint8_t)r;
        p->ptr[k + 1] = (uint16_t)at;
    }
    p->n_slots = p->n + n_entries;
    for (size_t k = 0; k < p->n; k++) {
        for (size_t a = p->ptr[k]; a < p->ptr[k + 1]; a++)
            for (size_t b = p->ptr[k]; b <= a; b++)
                p->dest[up++] = (uint16_t)sei_ldl_slot(p, p->order[p->row[a]], p->order[p->row[b]]);
        p->update[k + 1] = (uint32_t)up;
    }
    return true;
}

bool sei_ldl_plan_make(sei_arena *arena, size_t n, const bool pattern[], sei_ldl_plan *ret_plan)
{
    sei_ldl_plan p = {.n = n};
    graph        g = {.n = n};

    if (n == 0 || n > SEI_LDL_MAX)
        return false;
    for (size_t i = 0; i < n; i++)
        for (size_t j = 0; j < n; j++)
            g.edge[i][j] = i != j && (pattern[i * n + j] || pattern[j * n + i]);
    if (!order_variables(arena, &g, &p) || !list_entries(arena, &g, &p))
        return false;
    *ret_plan = p;
    return true;
}

size_t sei_ldl_slot(const sei_ldl_plan *p, size_t i, size_t j)
{
    size_t column = p->position[i], row = p->position[j];

    if (row == column)
        return row;
    if (row < column) {
        const size_t t = row;
        row            = column;
        column         = t;
    }
    for (size_t e = p->ptr[column]; e < p->ptr[column + 1]; e++)
        if (p->row[e] == row)
            return p->n + e;
    return SIZE_MAX;
}

/* --- numbers ------------------------------------------------------------------------------------- */

size_t sei_ldl_factor(const sei_ldl_plan *p, size_t n_used, double v[])
{
    double  diagonal[SEI_LDL_MAX], column[SEI_LDL_MAX];
    double *l      = v + p->n;
    size_t  spoilt = 0;

    memcpy(diagonal, v, n_used * sizeof *diagonal);
    for (size_t k = 0; k < n_used; k++) {
        if (!(v[k] > PIVOT_NOISE * diagonal[k])) {
            v[k] = diagonal[k] > 0.0 ? diagonal[k] : 1.0;
            spoilt++;
        }
        const size_t first = p->ptr[k];
        size_t       last  = p->ptr[k + 1];
        const double inv   = 1.0 / v[k];
        v[k]               = inv; /* the factor keeps 1/d */
        if (last > first && p->row[last - 1] >= n_used)
            last--; /* only the last variable can be left out */
        const uint16_t *dest = p->dest + p->update[k];
        for (size_t a = first; a < last; a++) {
            const double la   = l[a] * inv;
            column[a - first] = l[a];
            l[a]              = la;
            for (size_t b = first; b <= a; b++)
                v[*dest++] -= la * column[b - first];
        }
    }
    return spoilt;
}

SEI_CLONES
void sei_ldl_solve4(const sei_ldl_plan *p, size_t n_used, const double v[], double b[])
{
    sei_v4         y[SEI_LDL_MAX];
    const double  *l   = v + p->n;
    const uint8_t *row = p->row;

    for (size_t k = 0; k < p->n; k++)
        SEI_V4_LOAD(y[k], &b[SEI_V4 * (size_t)p->order[k]]);
    for (size_t k = 0; k < n_used; k++) {
        const sei_v4 yk = y[k];
        for (size_t e = p->ptr[k]; e < p->ptr[k + 1]; e++)
            y[row[e]] -= l[e] * yk;
    }
    for (size_t k = n_used; k-- > 0;) {
        sei_v4 yk   = y[k] * v[k];
        size_t last = p->ptr[k + 1];
        if (last > p->ptr[k] && row[last - 1] >= n_used)
            last--;
        for (size_t e = p->ptr[k]; e < last; e++)
            yk -= l[e] * y[row[e]];
        y[k] = yk;
        SEI_V4_STORE(&b[SEI_V4 * (size_t)p->order[k]], yk);
    }
}
