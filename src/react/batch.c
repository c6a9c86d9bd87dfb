/* batch.c - many waters with minerals and sites, each on its own, shared out to threads */
#include "seiryu/batch.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/constants.h"
#include "base/team.h"
#include "chem/speciator.h"
#include "react/react.h"

enum { PIECE = 16, ERROR_MAX = 300, WORDS_MAX = 1000 };

#define LN10      2.302585092994045684
#define PH_MIN    (-3.0)
#define PH_MAX    17.0
#define PE_MAX    30.0
#define TOTAL_MAX 100.0 /* mol/kgw, and mol of anything else */
#define NOTHING   1e-20 /* mol/kgw that stand for a total of 0 */
#define LN_NEW \
    (-27.6) /* ln activity that a master which is not in the water as given starts from */

/* Of one thread. */
typedef struct {
    sei_ctx         *ctx;
    sei_equil       *eq; /* of the water as given */
    sei_react_work  *work;
    sei_react_system system;
    sei_react_state  state;
    sei_mineral      minerals[SEI_REACT_PHASES_MAX];
    double          *ln_activity; /* of the species of the whole network, as given */
    bool             has_begun;   /* in this call */
    size_t           n_failed, first;
    char             error[ERROR_MAX];
} worker;

struct sei_react_batch {
    sei_ctx     *ctx;
    sei_net     *net; /* of the water as given */
    sei_sorb    *sorb;
    sei_react   *react;
    sei_amounts *of_species; /* [net->n_species] one mole of each */
    size_t      *master;     /* [components of the whole] in net; SIZE_MAX: not as given */
    size_t      *as_given;   /* [species of the whole] in net; SIZE_MAX: none */
    size_t       n_phases, phase[SEI_REACT_PHASES_MAX], n_sites, site[SEI_REACT_SITES_MAX];
    double       target_si[SEI_REACT_PHASES_MAX];
    size_t       n_words, n_workers;
    sei_word    *words;
    sei_team    *team;
    worker      *workers;
    char         error[ERROR_MAX + 40];
    /* of the call that runs */
    const sei_react_batch_waters *waters;
    sei_batch_results            *results;
};

/* --- building -------------------------------------------------------------------------------------- */

typedef struct {
    size_t n;
    char   name[SEI_COMPONENTS_MAX][64];
} elements;

static bool add_element(elements *e, const char *name)
{
    if (strcmp(name, "H") == 0 || strcmp(name, "O") == 0 || strcmp(name, "E") == 0)
        return true;
    for (size_t i = 0; i < e->n; i++)
        if (strcmp(e->name[i], name) == 0)
            return true;
    if (e->n + 1 == SEI_COMPONENTS_MAX)
        return false;
    snprintf(e->name[e->n++], sizeof e->name[0], "%s", name);
    return true;
}

/* Elements whole: those of the water and of the phases. */
static sei_status collect(sei_react_batch *b, const sei_react_batch_spec *spec, elements *e)
{
    bool fits = true;

    for (size_t i = 0; i < spec->n_components; i++) {
        const size_t m = sei_db_find_master(spec->db, spec->components[i]);
        if (m == SIZE_MAX)
            return sei_fail(b->ctx, SEI_E_NOT_FOUND, NULL, "component \"%s\" is not in database %s",
                            spec->components[i], sei_db_name(spec->db));
        fits = fits && add_element(e, spec->db->elements[spec->db->masters[m].element].name);
    }
    for (size_t k = 0; k < spec->n_phases; k++) {
        const size_t p = sei_db_find_phase(spec->db, spec->phases[k]);
        if (p == SIZE_MAX)
            return sei_fail(b->ctx, SEI_E_NOT_FOUND, NULL, "phase \"%s\" is not in database %s",
                            spec->phases[k], sei_db_name(spec->db));
        const sei_composition *c = &spec->db->phases[p].composition;
        for (size_t t = 0; t < c->n; t++)
            fits = fits && add_element(e, spec->db->elements[c->terms[t].element].name);
    }
    return fits ? SEI_OK
                : sei_fail(b->ctx, SEI_E_TOO_LARGE, NULL, "more than %d elements",
                           SEI_COMPONENTS_MAX - 1);
}

static sei_status compile(sei_react_batch *b, const sei_react_batch_spec *spec)
{
    elements           e = {0};
    const char        *names[SEI_COMPONENTS_MAX];
    const sei_net_spec given = {
        .n_components = spec->n_components, .components = spec->components, .with_electron = true};
    sei_status st = collect(b, spec, &e);

    for (size_t i = 0; i < e.n; i++)
        names[i] = e.name[i];
    if (st == SEI_OK)
        st = sei_net_create(b->ctx, spec->db, &given, &b->net);
    if (st == SEI_OK && spec->sorption)
        st = sei_sorb_create(b->ctx, &b->sorb);
    if (st == SEI_OK && spec->sorption)
        b->sorb->db = spec->db;
    if (st == SEI_OK && spec->sorption)
        st = sei_sorb_read(b->ctx, b->sorb, "sorption", 1, spec->sorption, spec->sorption_len);
    const sei_react_spec whole = {.db         = spec->db,
                                  .sorb       = b->sorb,
                                  .n_elements = e.n,
                                  .elements   = names,
                                  .n_sites    = spec->n_sites,
                                  .sites      = spec->sites};
    return st == SEI_OK ? sei_react_create(b->ctx, &whole, &b->react) : st;
}

static sei_status find_names(sei_react_batch *b, const sei_react_batch_spec *spec)
{
    const sei_net *whole = sei_react_net(b->react);
    sei_status     st    = SEI_OK;

    b->n_phases = spec->n_phases;
    b->n_sites  = spec->n_sites;
    b->n_words  = spec->n_words;
    for (size_t k = 0; k < spec->n_phases; k++) {
        b->phase[k]     = sei_net_phase_index(whole, spec->phases[k]);
        b->target_si[k] = spec->target_si[k];
        if (b->phase[k] == SIZE_MAX)
            return sei_fail(b->ctx, SEI_E_NOT_FOUND, NULL, "phase \"%s\" cannot form",
                            spec->phases[k]);
    }
    for (size_t k = 0; k < spec->n_sites; k++)
        b->site[k] = sei_react_site(b->react, spec->sites[k]);
    b->words = sei_alloc(b->ctx, spec->n_words + 1, sizeof *b->words);
    if (!b->words)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < spec->n_words && st == SEI_OK; k++)
        st = sei_word_parse(b->ctx, spec->db, spec->words[k], strlen(spec->words[k]), &b->words[k]);
    return st;
}

/* What the water as given is in the whole system. */
static sei_status match(sei_react_batch *b)
{
    const sei_net *whole = sei_react_net(b->react), *net = b->net;

    b->of_species = sei_alloc(b->ctx, net->n_species, sizeof *b->of_species);
    b->master     = sei_alloc(b->ctx, whole->n_comp, sizeof *b->master);
    b->as_given   = sei_alloc(b->ctx, whole->n_species, sizeof *b->as_given);
    if (!b->of_species || !b->master || !b->as_given)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < net->n_species; i++)
        if (!sei_react_add_species(b->react, net->db_index[i], 1.0, &b->of_species[i]))
            return sei_fail(b->ctx, SEI_E_INTERNAL, NULL, "species %s cannot be counted",
                            net->name[i]);
    for (size_t j = 0; j < whole->n_comp; j++)
        b->master[j] = sei_net_species_of_db(net, whole->db_index[whole->comp_species[j]]);
    for (size_t i = 0; i < whole->n_species; i++)
        b->as_given[i] = sei_net_species_of_db(net, whole->db_index[i]);
    return SEI_OK;
}

static sei_status create_worker(sei_react_batch *b, worker *k)
{
    k->ctx         = sei_ctx_create(NULL);
    k->ln_activity = sei_alloc(b->ctx, sei_react_net(b->react)->n_species, sizeof *k->ln_activity);
    if (!k->ctx || !k->ln_activity)
        return SEI_E_NOMEM;
    const sei_status st = sei_equil_create(b->ctx, b->net, &k->eq);
    return st == SEI_OK ? sei_react_work_create(b->ctx, b->react, &k->work) : st;
}

static sei_status build(sei_react_batch *b, const sei_react_batch_spec *spec)
{
    if (spec->n_words > WORDS_MAX || spec->n_phases > SEI_REACT_PHASES_MAX ||
        spec->n_sites > SEI_REACT_SITES_MAX)
        return sei_fail(b->ctx, SEI_E_TOO_LARGE, NULL, "more than %d words, %d phases or %d sites",
                        (int)WORDS_MAX, (int)SEI_REACT_PHASES_MAX, (int)SEI_REACT_SITES_MAX);
    sei_status st = compile(b, spec);
    if (st == SEI_OK)
        st = find_names(b, spec);
    if (st == SEI_OK)
        st = match(b);
    if (st == SEI_OK)
        st = sei_team_create(b->ctx, spec->threads, &b->team);
    if (st != SEI_OK)
        return st;
    b->n_workers = sei_team_threads(b->team);
    b->workers   = sei_alloc(b->ctx, b->n_workers, sizeof *b->workers);
    if (!b->workers)
        return SEI_E_NOMEM;
    for (size_t k = 0; k < b->n_workers && st == SEI_OK; k++)
        st = create_worker(b, &b->workers[k]);
    return st;
}

sei_status sei_react_batch_create(sei_ctx *ctx, const sei_react_batch_spec *spec,
                                  sei_react_batch **ret_batch)
{
    sei_react_batch *b = sei_alloc(ctx, 1, sizeof *b);

    if (!b)
        return SEI_E_NOMEM;
    b->ctx              = ctx;
    const sei_status st = build(b, spec);
    if (st != SEI_OK) {
        sei_react_batch_free(b);
        return st;
    }
    *ret_batch = b;
    return SEI_OK;
}

void sei_react_batch_free(sei_react_batch *b)
{
    if (!b)
        return;
    sei_team_free(b->team);
    for (size_t k = 0; b->workers && k < b->n_workers; k++) {
        sei_react_work_free(b->workers[k].work);
        sei_equil_free(b->workers[k].eq);
        sei_release(b->ctx, b->workers[k].ln_activity);
        sei_ctx_free(b->workers[k].ctx);
    }
    sei_release(b->ctx, b->workers);
    sei_release(b->ctx, b->words);
    sei_release(b->ctx, b->of_species);
    sei_release(b->ctx, b->master);
    sei_release(b->ctx, b->as_given);
    sei_react_free(b->react);
    sei_sorb_free(b->sorb);
    sei_net_free(b->net);
    sei_release(b->ctx, b);
}

size_t sei_react_batch_threads(const sei_react_batch *b)
{
    return b->n_workers;
}

const char *sei_react_batch_error(const sei_react_batch *b)
{
    return b->error;
}

/* --- one water ------------------------------------------------------------------------------------- */

static sei_status in_range(sei_ctx *ctx, const char *what, double value, double low, double high)
{
    if (value >= low && value <= high)
        return SEI_OK;
    return sei_fail(ctx, SEI_E_RANGE, NULL, "%s %g is outside %g..%g", what, value, low, high);
}

static sei_status check(const sei_react_batch *b, sei_ctx *ctx, size_t i)
{
    const sei_react_batch_waters *w = b->waters;
    sei_status st = in_range(ctx, "temperature (degC)", w->water.temp_c[i], 0.0, 100.0);

    if (st == SEI_OK)
        st = in_range(ctx, "pH", w->water.ph[i], PH_MIN, PH_MAX);
    if (st == SEI_OK)
        st = in_range(ctx, "pe", w->water.pe[i], -PE_MAX, PE_MAX);
    for (size_t j = 0; j + 1 < b->net->n_comp && st == SEI_OK; j++)
        st = in_range(ctx, b->net->comp_name[j], w->water.total_mol_kgw[j][i], 0.0, TOTAL_MAX);
    for (size_t k = 0; k < b->n_phases && st == SEI_OK; k++)
        st = in_range(ctx, "mol of a phase", w->phase_mol[k][i], 0.0, INFINITY);
    for (size_t k = 0; k < b->n_sites && st == SEI_OK; k++)
        st = in_range(ctx, "mol of sites", w->site_mol[k][i], 0.0, TOTAL_MAX);
    if (st == SEI_OK && w->area_m2)
        st = in_range(ctx, "area (m2)", w->area_m2[i], 0.0, 1e12);
    return st;
}

static sei_status speciate(const sei_react_batch *b, worker *k, size_t i)
{
    const sei_batch_waters *w = &b->waters->water;
    double                  total[SEI_COMPONENTS_MAX];
    const sei_water         water = {.temp_k        = w->temp_c[i] + SEI_ZERO_CELSIUS,
                                     .fix_ph        = true,
                                     .ph            = w->ph[i],
                                     .pe            = w->pe[i],
                                     .total         = total,
                                     .balance       = SIZE_MAX,
                                     .alk_component = SIZE_MAX};

    for (size_t j = 0; j + 1 < b->net->n_comp; j++)
        total[j] = fmax(w->total_mol_kgw[j][i], NOTHING);
    total[b->net->n_comp - 1] = 0.0;
    return sei_equil_solve(k->ctx, k->eq, &water, NULL);
}

/* The water as a system, and the start of its equilibria. */
static void set_water(const sei_react_batch *b, worker *k, size_t i)
{
    const sei_net   *whole = sei_react_net(b->react);
    const sei_equil *eq    = k->eq;
    sei_react_state *s     = &k->state;

    memset(&k->system, 0, sizeof k->system);
    memset(s, 0, sizeof *s);
    k->system.temp_k = eq->temp_k;
    sei_react_add_water_kg(1.0, &k->system.total);
    for (size_t q = 0; q < b->net->n_species; q++)
        sei_react_add_amounts(b->react, &b->of_species[q], eq->m[q], &k->system.total);
    for (size_t j = 0; j < whole->n_comp; j++)
        s->x[j] =
            b->master[j] == SIZE_MAX ? LN_NEW : log(eq->m[b->master[j]]) + eq->lng[b->master[j]];
    s->x[whole->n_comp - 1] = eq->x[b->net->n_comp - 1];
    s->ln_ae                = -LN10 * b->waters->water.pe[i];
    s->ln_aw                = eq->ln_aw;
    s->mu                   = eq->mu;
    s->water_kg             = 1.0;
}

/* Sites come to equilibrium with the water, which stays as it is; what they hold is added to it. */
static sei_status equilibrate_sites(const sei_react_batch *b, worker *k, size_t i)
{
    const sei_net                *whole = sei_react_net(b->react);
    const sei_react_batch_waters *w     = b->waters;
    sei_react_system             *s     = &k->system;

    for (size_t q = 0; q < b->n_sites; q++) {
        if (!(w->site_mol[q][i] > 0.0))
            continue;
        s->sites[s->n_sites++]    = (sei_site_amount){.site = b->site[q], .mol = w->site_mol[q][i]};
        s->total.site[b->site[q]] = w->site_mol[q][i];
    }
    if (s->n_sites == 0)
        return SEI_OK;
    s->n_surfaces = 1;
    s->surfaces[0] =
        (sei_surface){.area_m2 = w->area_m2 ? w->area_m2[i] : 0.0, .no_edl = !w->area_m2};
    for (size_t q = 0; q < whole->n_species; q++) {
        const size_t at   = b->as_given[q];
        k->ln_activity[q] = at == SIZE_MAX || !(k->eq->m[at] > 0.0)
                                ? -(double)INFINITY
                                : log(k->eq->m[at]) + k->eq->lng[at];
    }
    const sei_amounts water = s->total;
    s->water_is_fixed       = true;
    s->fixed_ln_activity    = k->ln_activity;
    const sei_status st     = sei_react_solve(k->ctx, k->work, s, &k->state);
    s->water_is_fixed       = false;
    s->fixed_ln_activity    = NULL;
    s->total                = water;
    for (size_t q = 0; q < s->n_sites; q++)
        s->total.site[s->sites[q].site] = 0.0; /* they come back with what they hold */
    sei_react_add_amounts(b->react, &k->state.sorbed, 1.0, &s->total);
    k->state.is_warm = false;
    return st;
}

static void set_minerals(const sei_react_batch *b, worker *k, size_t i)
{
    k->system.minerals   = k->minerals;
    k->system.n_minerals = b->n_phases;
    for (size_t q = 0; q < b->n_phases; q++)
        k->minerals[q] = (sei_mineral){
            .phase = b->phase[q], .target_si = b->target_si[q], .mol = b->waters->phase_mol[q][i]};
}

static sei_status solve(const sei_react_batch *b, worker *k, size_t i)
{
    sei_status st = check(b, k->ctx, i);

    sei_react_forget(k->work);
    if (st == SEI_OK)
        st = speciate(b, k, i);
    if (st != SEI_OK)
        return st;
    set_water(b, k, i);
    st = equilibrate_sites(b, k, i);
    if (st != SEI_OK)
        return st;
    set_minerals(b, k, i);
    return sei_react_solve(k->ctx, k->work, &k->system, &k->state);
}

/* Every thread starts from the first water of the call, so that an answer does not hang on what a thread did before. */
static void solve_first(const sei_react_batch *b, worker *k)
{
    sei_react_release(k->work);
    if (b->waters->water.n > 1 && b->n_phases > 0 && solve(b, k, 0) == SEI_OK)
        sei_react_hold(k->work);
}

static double left_of(const sei_react_batch *b, const worker *k, size_t db_phase)
{
    const sei_net *whole = sei_react_net(b->react);

    for (size_t q = 0; q < b->n_phases; q++)
        if (whole->phases[b->phase[q]].index == db_phase)
            return k->state.mineral_mol[q];
    return (double)NAN;
}

static void write_values(const sei_react_batch *b, const worker *k, size_t i)
{
    for (size_t q = 0; q < b->n_words; q++) {
        const sei_word *word  = &b->words[q];
        double          value = (double)NAN;
        if (word->kind == SEI_WORD_N && word->is_known)
            value = left_of(b, k, word->index);
        else if (!sei_equil_value(sei_react_equil(k->work), word, &value))
            value = (double)NAN;
        b->results->value[q][i] = value;
    }
}

static void solve_piece(void *arg, size_t number, size_t piece)
{
    sei_react_batch *b   = arg;
    worker          *k   = &b->workers[number];
    const size_t     n   = b->waters->water.n;
    const size_t     end = n < (piece + 1) * PIECE ? n : (piece + 1) * PIECE;

    if (!k->has_begun)
        solve_first(b, k);
    k->has_begun = true;
    for (size_t i = piece * PIECE; i < end; i++) {
        b->results->status[i] = solve(b, k, i);
        if (b->results->status[i] == SEI_OK) {
            write_values(b, k, i);
            continue;
        }
        k->n_failed++;
        if (i >= k->first)
            continue;
        k->first = i;
        snprintf(k->error, sizeof k->error, "%s", sei_ctx_error(k->ctx));
    }
}

sei_status sei_react_batch_solve(sei_react_batch *b, const sei_react_batch_waters *waters,
                                 sei_batch_results *ret_results)
{
    size_t first = SIZE_MAX;

    b->waters             = waters;
    b->results            = ret_results;
    b->error[0]           = '\0';
    ret_results->n_failed = 0;
    ret_results->n_scalar = waters->water.n;
    for (size_t k = 0; k < b->n_workers; k++) {
        b->workers[k].has_begun = false;
        b->workers[k].n_failed  = 0;
        b->workers[k].first     = SIZE_MAX;
    }
    sei_team_run(b->team, (waters->water.n + PIECE - 1) / PIECE, solve_piece, b);
    for (size_t k = 0; k < b->n_workers; k++) {
        const worker *w = &b->workers[k];
        ret_results->n_failed += w->n_failed;
        if (w->first >= first)
            continue;
        first = w->first;
        snprintf(b->error, sizeof b->error, "water %zu: %s", first, w->error);
    }
    return SEI_OK;
}
