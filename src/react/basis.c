/* basis.c - the balances in force: pivots of minerals and leading species (see react_impl.h) */
#include <math.h>
#include <string.h>

#include "num/dense.h"
#include "react/react_impl.h"

#define NOTHING   1e-9  /* beside coefficients of the order of 1 */
#define FAR_OFF   2.0   /* ln units, of a balance */
#define AT_TARGET 1e-13 /* ln units: a mineral that is this close is where it should be */

/* ---- leading species ---- */

/* How far x_j may rise until species i alone makes up the total, ln units; the leader is the first to do so. */
static double room(const sei_react_work *w, size_t i, size_t j, double ln_total)
{
    const sei_net *net = w->react->net;
    double         own = 1.0;

    for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++)
        if (net->nu.col[k] == j)
            own = net->nu.val[k];
    return (ln_total - log(fmax(w->eq->m[i] * own, 1e-300))) / own;
}

static size_t first_by_room(const sei_react_work *w, size_t j, double total)
{
    const double ln_total = log(fmax(total, 1e-300));
    size_t       best     = SIZE_MAX;
    double       least    = INFINITY;

    for (uint32_t k = w->single_ptr[j]; k < w->single_ptr[j + 1]; k++) {
        const double r = room(w, w->single[k], j, ln_total);
        if (r < least) {
            least = r;
            best  = w->single[k];
        }
    }
    return best;
}

static size_t most_abundant(const sei_react_work *w, size_t j, size_t present)
{
    size_t best = present;
    double most = present == SIZE_MAX
                      ? -1.0
                      : 2.0 * w->eq->m[present]; /* a new one must have twice as much */

    for (uint32_t k = w->single_ptr[j]; k < w->single_ptr[j + 1]; k++)
        if (w->eq->m[w->single[k]] > most) {
            best = w->single[k];
            most = w->eq->m[best];
        }
    return best;
}

/* Of element j in the moles of term i when that holds no other element; 0: it does, or has none. */
static double alone(const sei_react_terms *t, size_t i, size_t j, size_t nc)
{
    return sei_react_count_alone(t, i, j, nc) * t->mol[i];
}

/*
 * What protons and electrons are counted beside: the leading species, or the sorbed one that holds twice as much in another
 * valence. Arsenic that is all on sites would else say the same in its own balance and in that of electrons, and
 * what is left for pe would drown.
 */
static size_t counting(const sei_react_work *w, const sei_react_job *job, size_t j, size_t present)
{
    const sei_react_terms *t    = &w->terms;
    const size_t           nc   = w->react->net->n_comp;
    size_t                 best = w->basis.leader[j];

    if (t->n_sorbed == 0)
        return best;
    double most = alone(t, best, j, nc) * (present == best ? 2.0 : 1.0);
    if (!w->counts_sorbed && (present == SIZE_MAX || !(job->residual <= FAR_OFF)))
        return best; /* on the way one balance after the other leads, beside the leaders in the water */
    if (!w->counts_sorbed && job->residual > SEI_REACT_ROUGH)
        return present >= t->n_aqueous ? present : best;
    for (uint32_t k = w->sorbed_alone_ptr[j]; k < w->sorbed_alone_ptr[j + 1]; k++) {
        const size_t i   = t->n_aqueous + w->sorbed_alone[k];
        const double mol = t->mol[i] > 0.0 ? alone(t, i, j, nc) * (present == i ? 2.0 : 1.0) : 0.0;
        if (mol > most) {
            most = mol;
            best = i;
        }
    }
    return best;
}

static bool lead(sei_react_work *w, const sei_react_job *job)
{
    sei_react_basis_state *basis   = &w->basis;
    const double           per_kg  = exp(-w->ln_kg);
    bool                   changed = false;

    for (size_t j = 0; j + 1 < w->react->net->n_comp; j++) {
        const size_t old   = basis->is_set ? basis->leader[j] : SIZE_MAX;
        const double total = job->rhs_total[j] * per_kg;
        if (job->is_fixed[j] && old != SIZE_MAX)
            continue;
        basis->leader[j] = w->eq->total[j] > 3.0 * total && total > 1e-17
                               ? first_by_room(w, j, total)
                               : most_abundant(w, j, old);
        changed          = changed || basis->leader[j] != old;

        const size_t before = basis->is_set ? basis->counting[j] : SIZE_MAX;
        basis->counting[j]  = counting(w, job, j, before);
        changed             = changed || basis->counting[j] != before;
    }
    return changed;
}

static void leader_slopes(sei_react_work *w)
{
    const sei_net *net = w->react->net;

    for (size_t j = 0; j + 1 < net->n_comp; j++) {
        const size_t i   = w->basis.leader[j];
        double       own = 1.0, h = 0.0;
        for (uint32_t k = net->nu.ptr[i]; k < net->nu.ptr[i + 1]; k++) {
            if (net->nu.col[k] == j)
                own = net->nu.val[k];
            else
                h = net->nu.val[k];
        }
        w->basis.lead_h[j] = h / own;
        w->basis.lead_e[j] = net->nu_e[i] / own;
    }
}

/* ---- pivots ---- */

double sei_react_mineral_count(const sei_react_work *w, const sei_mineral *m, size_t b)
{
    const size_t         nc = w->react->net->n_comp;
    const sei_net_phase *p  = &w->react->net->phases[m->phase];

    if (m->has_formula)
        return sei_react_basis(&m->formula, nc, b);
    return b < nc ? p->nu[b] : p->nu_e;
}

static double reaction(const sei_react_work *w, const sei_mineral *m, size_t k)
{
    const sei_net_phase *p = &w->react->net->phases[m->phase];

    return k < w->react->net->n_comp ? p->nu[k] : p->nu_e;
}

static bool is_possible(const sei_react_work *w, const sei_react_job *job, size_t b,
                        const double count[], const double nu[])
{
    return !job->is_fixed[b] && w->basis.mineral[b] == SIZE_MAX && fabs(count[b]) > NOTHING &&
           fabs(nu[b]) > NOTHING;
}

/* Of an element that is a trace of a mineral (arsenic of pyrite) the activity would hang on a high power of the others. */
#define TRACE_OF_MINERAL 0.02

static double largest(const double nu[], size_t n)
{
    double most = 0.0;

    for (size_t b = 0; b < n; b++)
        most = fmax(most, fabs(nu[b]));
    return most;
}

/* The scarcest element of the mineral in the water, but none that is a trace of it; electrons or protons only when it has none. */
static size_t choose_pivot(const sei_react_work *w, const sei_react_job *job, const double count[],
                           const double nu[])
{
    const size_t nc    = w->react->net->n_comp;
    const double trace = TRACE_OF_MINERAL * largest(nu, nc - 1);
    size_t       best  = SIZE_MAX;
    double       least = INFINITY;

    for (size_t b = 0; b + 1 < nc; b++) {
        if (!is_possible(w, job, b, count, nu) || fabs(nu[b]) < trace)
            continue;
        const double size = w->eq->total[b] / fabs(count[b]);
        if (size < least) {
            least = size;
            best  = b;
        }
    }
    const size_t last[] = {nc, nc - 1};
    for (size_t k = 0; k < 2 && best == SIZE_MAX; k++)
        if (is_possible(w, job, last[k], count, nu))
            best = last[k];
    return best;
}

static void subtract(size_t n, double row[], double factor, const double other[])
{
    for (size_t k = 0; factor != 0.0 && k < n; k++)
        row[k] -= factor * other[k];
}

/* One step of Gauss and Jordan for the balances and for the activities. */
static bool enter(sei_react_work *w, const sei_react_job *job, size_t i)
{
    sei_react_basis_state *basis                     = &w->basis;
    const sei_mineral     *m                         = &job->s->minerals[i];
    const size_t           n                         = w->react->net->n_comp + 1;
    double                 count[SEI_REACT_ROWS_MAX] = {0.0}, nu[SEI_REACT_ROWS_MAX];

    for (size_t k = 0; k < n; k++) { /* a mineral holds few elements */
        const double held = sei_react_mineral_count(w, m, k);
        for (size_t b = 0; held != 0.0 && b < n; b++)
            count[b] += basis->combination[b * n + k] * held;
        nu[k] = reaction(w, m, k);
    }
    for (size_t p = 0; p < n; p++)
        if (basis->mineral[p] != SIZE_MAX)
            subtract(n, nu, nu[p], basis->follow + p * n);
    const size_t wanted = job->wanted_pivot[i];
    const bool   given  = wanted && is_possible(w, job, wanted - 1, count, nu);
    const size_t p      = given ? wanted - 1 : choose_pivot(w, job, count, nu);
    if (p == SIZE_MAX)
        return false;
    double *follow = basis->follow + p * n;
    for (size_t k = 0; k < n; k++)
        follow[k] = nu[k] / nu[p];
    for (size_t b = 0; b < n; b++) {
        if (b == p)
            continue;
        subtract(n, basis->combination + b * n, count[b] / count[p], basis->combination + p * n);
        if (basis->mineral[b] != SIZE_MAX)
            subtract(n, basis->follow + b * n, basis->follow[b * n + p], follow);
    }
    basis->mineral[p] = i;
    basis->pivot[i]   = p;
    basis->count[i]   = count[p];
    return true;
}

/* ---- the balances themselves ---- */

static double counted(const sei_react_work *w, const double row[], size_t species)
{
    const sei_react_terms *t   = &w->terms;
    const size_t           nc  = w->react->net->n_comp;
    double                 sum = row[nc - 1] * t->h0[species] + row[nc] * t->e0[species];

    for (uint32_t k = t->c0_ptr[species]; k < t->c0_ptr[species + 1]; k++)
        sum += row[t->c0_at[k]] * t->c0[k];
    return sum;
}

static void count_beside_leaders(sei_react_work *w, const sei_react_job *job)
{
    sei_react_basis_state *basis = &w->basis;
    const size_t           nc = w->react->net->n_comp, n = nc + 1;

    for (size_t b = nc - 1; b < n; b++) {
        double *row = basis->combination + b * n;
        for (size_t j = 0; basis->mineral[b] == SIZE_MAX && j + 1 < nc; j++) {
            if (basis->mineral[j] != SIZE_MAX || job->is_fixed[j] || job->is_plain[b - (nc - 1)][j])
                continue;
            const double *other = basis->combination + j * n;
            const double  own   = counted(w, other, basis->counting[j]);
            if (fabs(own) > NOTHING)
                subtract(n, row, counted(w, row, basis->counting[j]) / own, other);
        }
    }
}

/* What the plain balances want, with what minerals that are not there have given, and the size of its numbers. */
static void plain_totals(const sei_react_work *w, const sei_react_job *job, double plain[],
                         double large[])
{
    const size_t n = w->react->net->n_comp + 1;

    for (size_t k = 0; k < n; k++) {
        plain[k] = job->rhs_total[k];
        large[k] = fabs(plain[k]);
    }
    for (size_t i = 0; i < job->s->n_minerals; i++) {
        if (w->is_active[i] || w->mineral_transfer[i] == 0.0)
            continue;
        for (size_t k = 0; k < n; k++) {
            const double part =
                sei_react_mineral_count(w, &job->s->minerals[i], k) * w->mineral_transfer[i];
            plain[k] += part;
            large[k] += fabs(part);
        }
    }
}

/* Most of a combination is nothing. */
static void list_parts(sei_react_basis_state *basis, size_t n)
{
    for (size_t b = 0; b < n; b++) {
        basis->n_parts_of[b] = 0;
        for (size_t k = 0; k < n; k++)
            if (basis->combination[b * n + k] != 0.0)
                basis->part_of[b][basis->n_parts_of[b]++] = (uint8_t)k;
    }
}

static void combine_totals(sei_react_work *w, const sei_react_job *job)
{
    const size_t n = w->react->net->n_comp + 1;
    double       plain[SEI_REACT_ROWS_MAX], large[SEI_REACT_ROWS_MAX];

    plain_totals(w, job, plain, large);
    for (size_t b = 0; b < n; b++) {
        const double *row = w->basis.combination + b * n;
        double        sum = 0.0, size = 0.0;
        for (size_t q = 0; q < w->basis.n_parts_of[b]; q++) {
            const size_t k = w->basis.part_of[b][q];
            sum += row[k] * plain[k];
            size += fabs(row[k]) * large[k];
        }
        w->basis.total[b] = sum;
        w->basis.size[b]  = size;
    }
}

/* A pivot that has become plentiful beside another element of its mineral would drown it in its own digits. */
static bool pivots_are_good(const sei_react_work *w, const sei_react_job *job)
{
    const size_t nc = w->react->net->n_comp;

    for (size_t i = 0; i < job->s->n_minerals; i++) {
        const size_t p = w->basis.pivot[i];
        if (!w->is_active[i] || p + 1 >= nc)
            continue;
        const sei_mineral *m     = &job->s->minerals[i];
        const double      *nu    = w->react->net->phases[m->phase].nu;
        const double       trace = TRACE_OF_MINERAL * largest(nu, nc - 1);
        for (size_t b = 0; b + 1 < nc; b++)
            if (w->basis.mineral[b] == SIZE_MAX && !job->is_fixed[b] &&
                w->eq->total[b] < 0.1 * w->eq->total[p] &&
                sei_react_mineral_count(w, m, b) != 0.0 && fabs(nu[b]) > trace)
                return false;
    }
    return true;
}

/* Made for a system of the same build: other amounts alone change the totals only. */
static bool fits(const sei_react_work *w, const sei_react_job *job)
{
    const sei_react_basis_state *basis = &w->basis;
    size_t                       part  = 0;

    if (!basis->is_set || basis->has_formula || basis->n_minerals != job->s->n_minerals ||
        memcmp(basis->is_fixed, job->is_fixed, w->nb * sizeof *basis->is_fixed) != 0)
        return false;
    for (size_t i = 0; i < job->s->n_minerals; i++)
        if (basis->phase[i] != job->s->minerals[i].phase || job->s->minerals[i].has_formula)
            return false;
    for (size_t x = 0; x < job->s->n_mixtures; x++)
        for (size_t k = 0; k < job->s->mixtures[x].n; k++, part++)
            if (part >= basis->n_parts || basis->part[part] != job->s->mixtures[x].phase[k])
                return false;
    return part == basis->n_parts;
}

static void remember(sei_react_work *w, const sei_react_job *job)
{
    sei_react_basis_state *basis = &w->basis;

    basis->n_minerals  = job->s->n_minerals;
    basis->n_parts     = 0;
    basis->has_formula = false;
    memcpy(basis->is_fixed, job->is_fixed, sizeof basis->is_fixed);
    memcpy(basis->active, w->is_active, sizeof basis->active);
    for (size_t i = 0; i < job->s->n_minerals; i++) {
        basis->phase[i]    = job->s->minerals[i].phase;
        basis->has_formula = basis->has_formula || job->s->minerals[i].has_formula;
    }
    for (size_t x = 0; x < job->s->n_mixtures; x++)
        for (size_t k = 0; k < job->s->mixtures[x].n; k++)
            basis->part[basis->n_parts++] = job->s->mixtures[x].phase[k];
}

bool sei_react_basis_follow_on(sei_react_work *w, const sei_react_job *job)
{
    sei_react_basis_state *basis = &w->basis;

    if (!fits(w, job) ||
        memcmp(basis->active, w->is_active, job->s->n_minerals * sizeof *basis->active) != 0)
        return false;
    combine_totals(w, job);
    basis->has_totals = true;
    return true;
}

bool sei_react_basis_renew(sei_react_work *w, const sei_react_job *job)
{
    sei_react_basis_state *basis = &w->basis;

    basis->version = ++w->versions;
    basis->is_set  = sei_react_basis_follow_on(w, job);
    if (basis->is_set)
        sei_react_list_terms(w, job->s);
    return basis->is_set;
}

bool sei_react_basis_serves(sei_react_work *w, const sei_react_job *job)
{
    w->basis.is_set = w->basis.is_set && !lead(w, job) && pivots_are_good(w, job);
    return w->basis.is_set;
}

bool sei_react_basis_set(sei_react_work *w, const sei_react_job *job)
{
    sei_react_basis_state *basis = &w->basis;
    const size_t           n     = w->react->net->n_comp + 1;
    bool                   same;

    basis->is_set = basis->has_totals ? basis->is_set : fits(w, job);
    same          = !lead(w, job) && basis->is_set &&
           memcmp(basis->active, w->is_active, job->s->n_minerals * sizeof *basis->active) == 0 &&
           pivots_are_good(w, job);
    if (same) {
        if (!basis->has_totals)
            combine_totals(w, job);
        basis->has_totals = true;
        return true;
    }
    remember(w, job);
    basis->version = ++w->versions;
    memset(basis->combination, 0, n * n * sizeof *basis->combination);
    for (size_t b = 0; b < n; b++) {
        basis->combination[b * n + b] = 1.0;
        basis->mineral[b]             = SIZE_MAX;
    }
    for (int wanted = 1; wanted >= 0; wanted--) /* those that want a certain pivot choose first */
        for (size_t i = 0; i < job->s->n_minerals; i++)
            if (w->is_active[i] && (job->wanted_pivot[i] != 0) == wanted && !enter(w, job, i)) {
                basis->is_set = false;
                return false;
            }
    leader_slopes(w);
    count_beside_leaders(w, job);
    list_parts(basis, n);
    combine_totals(w, job);
    sei_react_list_terms(w, job->s);
    basis->is_set = basis->has_totals = true;
    return true;
}

/* ---- activities of pivots ---- */

/* Moves of all but pivots are given; those of pivots follow. */
void sei_react_follow_move(const sei_react_work *w, double move[])
{
    const size_t n = w->react->net->n_comp + 1;

    for (size_t p = 0; p < n; p++) {
        double sum = 0.0;
        if (w->basis.mineral[p] == SIZE_MAX)
            continue;
        for (size_t k = 0; k < n; k++)
            if (w->basis.mineral[k] == SIZE_MAX)
                sum -= w->basis.follow[p * n + k] * move[k];
        move[p] = sum;
    }
}

/* Brings pivots to where their minerals are at their targets. */
bool sei_react_follow(sei_react_work *w, const sei_react_job *job)
{
    double       off_most = 0.0;
    const size_t nc       = w->react->net->n_comp;
    double       off[SEI_REACT_PHASES_MAX], a[SEI_REACT_PHASES_MAX * SEI_REACT_PHASES_MAX];
    size_t       index[SEI_REACT_PHASES_MAX], m = 0;

    for (size_t i = 0; i < job->s->n_minerals; i++)
        if (w->is_active[i])
            index[m++] = i;
    for (size_t r = 0; r < m; r++) {
        off[r]   = job->target[index[r]] - sei_equil_ln_sr(w->eq, job->s->minerals[index[r]].phase);
        off_most = fmax(off_most, fabs(off[r]));
        for (size_t c = 0; c < m; c++)
            a[r * m + c] = reaction(w, &job->s->minerals[index[r]], w->basis.pivot[index[c]]);
    }
    size_t swap[SEI_REACT_PHASES_MAX];
    if (!(off_most > AT_TARGET) || !sei_lu_factor(m, a, swap))
        return false;
    sei_lu_solve(m, a, swap, off);
    for (size_t c = 0; c < m; c++) {
        const size_t p = w->basis.pivot[index[c]];
        if (p < nc)
            w->eq->x[p] += off[c];
        else
            w->eq->ln_ae += off[c];
    }
    return true;
}
