/* react_case.h - problems of refs/react/cases.txt, made ready for the solver */
#ifndef SEI_TESTS_REACT_CASE_H
#define SEI_TESTS_REACT_CASE_H

#include "base/file.h"
#include "base/number.h"
#include "chem/equil.h"
#include "react/react.h"
#include "t.h"

#define RC_LN10    2.302585092994045684
#define RC_R_L_ATM 0.0820597 /* of PHREEQC: turns its initial pressures into mol */

enum { RC_MAX = 24, RC_NAME = 40 };

typedef struct {
    char   name[RC_NAME], how[RC_NAME], formula[RC_NAME];
    double a, b;
} rc_item;

typedef struct {
    rc_item item[RC_MAX];
    size_t  n;
} rc_list;

typedef struct {
    char    name[RC_NAME], database[RC_NAME], charge[RC_NAME], gas_kind[RC_NAME], solid[RC_NAME];
    double  temp_c, ph, pe, gas_a, gas_b, area_m2, step_mol, guggenheim[2];
    bool    no_edl, redox;
    size_t  n_steps;
    rc_list totals, minerals, parts, components, exchange, sites, reaction;
} rc_case;

typedef struct {
    sei_ctx         *ctx;
    const sei_db    *db;
    const sei_sorb  *sorb;
    sei_net         *net0; /* of the water as given */
    sei_react       *react;
    sei_react_work  *work;
    sei_react_state  state;  /* of the water as given, with its sites */
    sei_amounts      total;  /* without the reaction */
    sei_amounts      change; /* by one mole of the reaction */
    double          *ln_a;   /* of the species of the water as given */
    sei_mineral      minerals[RC_MAX];
    sei_mixture      mixtures[2];
    sei_react_system system;
} rc_problem;

static inline rc_item *rc_push(rc_list *list)
{
    T_NEED(list->n < RC_MAX, "too many items");
    return &list->item[list->n++];
}

static inline void rc_line(rc_case *c, char *w[6], size_t n)
{
    static const struct {
        const char *key;
        size_t      offset;
    } lists[] = {
        {"total", offsetof(rc_case, totals)},      {"mineral", offsetof(rc_case, minerals)},
        {"part", offsetof(rc_case, parts)},        {"component", offsetof(rc_case, components)},
        {"exchange", offsetof(rc_case, exchange)}, {"site", offsetof(rc_case, sites)},
        {"reaction", offsetof(rc_case, reaction)}};

    for (size_t i = 0; i < T_COUNT(lists); i++) {
        if (strcmp(w[0], lists[i].key) != 0)
            continue;
        rc_item *item = rc_push((rc_list *)(void *)((char *)c + lists[i].offset));
        snprintf(item->name, sizeof item->name, "%s", w[1]);
        item->a = n > 2 ? atof(w[2]) : 1.0;
        item->b = n > 3 ? atof(w[3]) : 0.0;
        if (n > 4)
            snprintf(item->how, sizeof item->how, "%s", w[4]);
        if (n > 5)
            snprintf(item->formula, sizeof item->formula, "%s", w[5]);
        return;
    }
    if (strcmp(w[0], "database") == 0)
        snprintf(c->database, sizeof c->database, "%s", w[1]);
    else if (strcmp(w[0], "charge") == 0)
        snprintf(c->charge, sizeof c->charge, "%s", w[1]);
    else if (strcmp(w[0], "guggenheim") == 0) {
        c->guggenheim[0] = atof(w[1]);
        c->guggenheim[1] = atof(w[2]);
    } else if (strcmp(w[0], "solid") == 0)
        snprintf(c->solid, sizeof c->solid, "%s", w[1]);
    else if (strcmp(w[0], "temp") == 0)
        c->temp_c = atof(w[1]);
    else if (strcmp(w[0], "ph") == 0)
        c->ph = atof(w[1]);
    else if (strcmp(w[0], "pe") == 0)
        c->pe = atof(w[1]);
    else if (strcmp(w[0], "steps") == 0) {
        c->step_mol = atof(w[1]);
        c->n_steps  = (size_t)atoi(w[2]);
    } else if (strcmp(w[0], "gas") == 0) {
        snprintf(c->gas_kind, sizeof c->gas_kind, "%s", w[1]);
        c->gas_a = atof(w[2]);
        c->gas_b = n > 3 ? atof(w[3]) : 0.0;
    } else if (strcmp(w[0], "surface") == 0) {
        c->area_m2 = atof(w[2]);
        c->no_edl  = n > 3 && strcmp(w[3], "no_edl") == 0;
    } else if (strcmp(w[0], "redox") == 0)
        c->redox = true;
    else
        T_NEED(false, "case %s: what is \"%s\"?", c->name, w[0]);
}

/* Reads all cases; the caller frees. */
static inline size_t rc_read(const char *path, rc_case **ret)
{
    char     line[256];
    rc_case *cases = calloc(64, sizeof *cases);
    size_t   n     = 0;
    FILE    *f     = fopen(path, "r");

    T_NEED(f != NULL, "cannot open %s", path);
    while (fgets(line, sizeof line, f)) {
        char  *w[6] = {0}, *save = NULL;
        size_t k                   = 0;
        line[strcspn(line, "#\n")] = '\0';
        for (char *p = strtok_r(line, " ", &save); p && k < 6; p = strtok_r(NULL, " ", &save))
            w[k++] = p;
        if (k == 0)
            continue;
        if (strcmp(w[0], "case") == 0) {
            T_NEED(n < 64, "too many items");
            snprintf(cases[n].name, RC_NAME, "%s", w[1]);
            cases[n++].temp_c = 25.0;
        } else
            rc_line(&cases[n - 1], w, k);
    }
    fclose(f);
    *ret = cases;
    return n;
}

/* The water as given: amounts of its species, and a start. */
static inline void rc_water(rc_problem *p, const rc_case *c, double kg)
{
    const char *names[RC_MAX];
    double      total[SEI_COMPONENTS_MAX];
    sei_equil  *eq;
    for (size_t i = 0; i < c->totals.n; i++)
        names[i] = c->totals.item[i].name;
    const sei_net_spec spec = {
        .n_components = c->totals.n, .components = names, .with_electron = true};
    T_NEED_OK(p->ctx, sei_net_create(p->ctx, p->db, &spec, &p->net0));
    T_NEED_OK(p->ctx, sei_equil_create(p->ctx, p->net0, &eq));
    for (size_t i = 0; i < c->totals.n; i++)
        total[sei_net_component(p->net0, names[i])] = c->totals.item[i].a;
    const sei_water water = {.temp_k = 273.15 + c->temp_c,
                             .fix_ph = true,
                             .ph     = c->ph,
                             .pe     = c->pe,
                             .total  = total,
                             .balance =
                                 c->charge[0] ? sei_net_component(p->net0, c->charge) : SIZE_MAX,
                             .alk_component = SIZE_MAX};
    T_NEED_OK(p->ctx, sei_equil_solve(p->ctx, eq, &water, NULL));
    sei_react_add_water_kg(kg, &p->total);
    for (size_t i = 0; i < p->net0->n_species; i++)
        T_NEED(sei_react_add_species(p->react, p->net0->db_index[i], kg * eq->m[i], &p->total),
               "case %s: a formula is not known", c->name);
    const sei_net *net = sei_react_net(p->react);
    for (size_t j = 0; j < net->n_comp; j++) {
        const size_t k = sei_net_species(p->net0, net->name[net->comp_species[j]]);
        p->state.x[j]  = k == SIZE_MAX ? log(1e-12) : log(eq->m[k]) + eq->lng[k];
    }
    p->ln_a = malloc(net->n_species * sizeof *p->ln_a);
    for (size_t i = 0; i < net->n_species; i++) {
        const size_t k = sei_net_species(p->net0, net->name[i]);
        p->ln_a[i]     = k == SIZE_MAX ? -(double)INFINITY : log(eq->m[k]) + eq->lng[k];
    }
    p->state.x[net->n_comp - 1] = -RC_LN10 * c->ph;
    p->state.ln_ae              = -RC_LN10 * c->pe;
    p->state.mu                 = eq->mu;
    p->state.ln_aw              = eq->ln_aw;
    p->state.water_kg           = kg;
    sei_equil_free(eq);
}

static inline void rc_compile(rc_problem *p, const rc_case *c)
{
    char        element[RC_MAX][RC_NAME];
    const char *elements[RC_MAX], *sites[RC_MAX];
    size_t      n = 0, ns = 0;

    for (size_t i = 0; i < c->totals.n; i++) {
        snprintf(element[n], RC_NAME, "%s", c->totals.item[i].name);
        element[n][strcspn(element[n], "(")] = '\0';
        size_t k                             = 0;
        while (k < n && strcmp(element[k], element[n]) != 0)
            k++;
        n += k == n;
    }
    for (size_t i = 0; i < n; i++)
        elements[i] = element[i];
    for (size_t i = 0; i < c->exchange.n; i++)
        sites[ns++] = c->exchange.item[i].name;
    for (size_t i = 0; i < c->sites.n; i++)
        sites[ns++] = c->sites.item[i].name;
    const sei_react_spec spec = {.db         = p->db,
                                 .sorb       = p->sorb,
                                 .n_elements = n,
                                 .elements   = elements,
                                 .n_sites    = ns,
                                 .sites      = sites};
    T_NEED_OK(p->ctx, sei_react_create(p->ctx, &spec, &p->react));
    T_NEED_OK(p->ctx, sei_react_work_create(p->ctx, p->react, &p->work));
}

/* Sites come to equilibrium with the water as it is, which stays as it is. */
static inline void rc_sites(rc_problem *p, const rc_case *c, double size)
{
    sei_react_system *s = &p->system;

    for (size_t i = 0; i < c->exchange.n + c->sites.n; i++) {
        const rc_item *item =
            i < c->exchange.n ? &c->exchange.item[i] : &c->sites.item[i - c->exchange.n];
        s->sites[s->n_sites++] = (sei_site_amount){
            .site = sei_react_site(p->react, item->name), .mol = size * item->a, .surface = 0};
        T_NEED(s->sites[i].site != SIZE_MAX, "case %s: a name is not known", c->name);
    }
    s->n_surfaces = c->sites.n > 0;
    if (s->n_surfaces)
        s->surfaces[0] = (sei_surface){.area_m2 = size * c->area_m2, .no_edl = c->no_edl};
    if (!s->n_sites)
        return;
    s->water_is_fixed    = true;
    s->fixed_ln_activity = p->ln_a;
    s->total             = p->total;
    for (size_t i = 0; i < s->n_sites; i++)
        s->total.site[s->sites[i].site] = s->sites[i].mol;
    T_NEED_OK(p->ctx, sei_react_solve(p->ctx, p->work, s, &p->state));
    s->water_is_fixed = false;
    sei_react_add_amounts(p->react, &p->state.sorbed, 1.0, &p->total);
    p->state.is_warm = false;
}

static inline void rc_minerals(rc_problem *p, const rc_case *c, double size)
{
    const sei_net *net = sei_react_net(p->react);

    for (size_t i = 0; i < c->minerals.n; i++) {
        const rc_item *item = &c->minerals.item[i];
        sei_mineral   *m    = &p->minerals[i];
        *m                  = (sei_mineral){.phase            = sei_net_phase_index(net, item->name),
                                            .target_si        = item->a,
                                            .mol              = size * item->b,
                                            .dissolve_only    = strcmp(item->how, "dissolve_only") == 0,
                                            .precipitate_only = strcmp(item->how, "precipitate_only") == 0};
        if (m->phase == SIZE_MAX) { /* an element of it is not there: it cannot form */
            p->system.n_minerals = SIZE_MAX;
            T_NEED(false, "case %s: no phase %s", c->name, item->name);
        }
        m->has_formula = strcmp(item->how, "formula") == 0;
        if (m->has_formula)
            T_NEED(sei_react_add_formula(p->react, item->formula, 1.0, &m->formula),
                   "case %s: a formula is not known", c->name);
    }
    p->system.n_minerals = c->minerals.n;
    p->system.minerals   = p->minerals;
}

static inline void rc_mixtures(rc_problem *p, const rc_case *c, double size)
{
    const sei_net *net = sei_react_net(p->react);
    const double   rt  = RC_R_L_ATM * (273.15 + c->temp_c);

    p->system.mixtures   = p->mixtures;
    p->system.n_mixtures = 0;
    if (c->gas_kind[0]) {
        const bool   fixed  = strcmp(c->gas_kind, "pressure") == 0;
        const double litres = size * (fixed ? c->gas_b : c->gas_a);
        sei_mixture *m      = &p->mixtures[p->system.n_mixtures++];
        *m = (sei_mixture){.kind = fixed ? SEI_MIXTURE_GAS_PRESSURE : SEI_MIXTURE_GAS_VOLUME,
                           .pressure_atm = c->gas_a,
                           .volume_l     = litres};
        for (size_t i = 0; i < c->parts.n; i++) {
            m->phase[m->n] = sei_net_phase_index(net, c->parts.item[i].name);
            T_NEED(m->phase[m->n] != SIZE_MAX, "case %s: a name is not known", c->name);
            m->mol[m->n++] = c->parts.item[i].a * litres / rt;
        }
    }
    if (c->solid[0]) {
        sei_mixture *m = &p->mixtures[p->system.n_mixtures++];
        *m             = (sei_mixture){
                        .kind = SEI_MIXTURE_SOLID, .a0 = c->guggenheim[0], .a1 = c->guggenheim[1]};
        for (size_t i = 0; i < c->components.n; i++) {
            m->phase[m->n] = sei_net_phase_index(net, c->components.item[i].name);
            T_NEED(m->phase[m->n] != SIZE_MAX, "case %s: a name is not known", c->name);
            m->mol[m->n++] = size * c->components.item[i].a;
        }
    }
}

/* size: kilograms of water, with everything else in proportion. */
static inline void rc_open(rc_problem *p, sei_ctx *ctx, const sei_db *db, const sei_sorb *sorb,
                           const rc_case *c, double size)
{
    memset(p, 0, sizeof *p);
    p->ctx  = ctx;
    p->db   = db;
    p->sorb = sorb;
    rc_compile(p, c);
    rc_water(p, c, size);
    p->system.temp_k = 273.15 + c->temp_c;
    rc_sites(p, c, size);
    rc_minerals(p, c, size);
    for (size_t i = 0; i < c->reaction.n; i++)
        T_NEED(sei_react_add_formula(p->react, c->reaction.item[i].name, c->reaction.item[i].a,
                                     &p->change),
               "case %s: formula %s", c->name, c->reaction.item[i].name);
}

static inline void rc_close(rc_problem *p)
{
    free(p->ln_a);
    sei_react_work_free(p->work);
    sei_react_free(p->react);
    sei_net_free(p->net0);
}

/* Step 1 .. n_steps from the same beginning. */
static inline sei_status rc_step(rc_problem *p, const rc_case *c, size_t step, double size,
                                 sei_react_state *state)
{
    rc_mixtures(p, c, size);
    p->system.total = p->total;
    sei_react_add_amounts(p->react, &p->change,
                          size * c->step_mol * (double)step / (double)c->n_steps, &p->system.total);
    return sei_react_solve(p->ctx, p->work, &p->system, state);
}

#endif
