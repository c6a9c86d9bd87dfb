/* react_random.h - random systems of water, minerals, gases, solid solutions, exchangers and surfaces */
#ifndef SEI_TESTS_REACT_RANDOM_H
#define SEI_TESTS_REACT_RANDOM_H

#include "react_check.h"

enum { RR_MINERALS = 10, RR_MIXTURES = 2 };

typedef struct {
    sei_react_system system;
    sei_react_state  state;
    sei_mineral      minerals[RR_MINERALS];
    sei_mixture      mixtures[RR_MIXTURES], before[RR_MIXTURES];
} rr_problem;

static inline double rr_log(rnd *r, double low, double high)
{
    return pow(10.0, rnd_range(r, low, high));
}

static inline double rr_sign(rnd *r)
{
    return rnd_unit(r) < 0.5 ? -1.0 : 1.0;
}

/* Elements whole ("Fe"), some of the list of chem_random.h. */
static inline size_t rr_elements(rnd *r, const sei_db *db, char names[][16], const char *list[])
{
    const double share = rnd_range(r, 0.2, 0.8);
    size_t       n     = 0;

    for (size_t e = 0; e < T_COUNT(rnd_elements); e++) {
        const char *way = rnd_elements[e].way[0][0];
        if (rnd_unit(r) > share || strcmp(way, "Acetate") == 0)
            continue;
        snprintf(names[n], 16, "%s", way);
        names[n][strcspn(names[n], "(")] = '\0';
        if (!sei_db_has_component(db, names[n]))
            continue;
        list[n] = names[n];
        n++;
    }
    if (n == 0) {
        snprintf(names[0], 16, "Na");
        list[n++] = names[0];
    }
    return n;
}

/* With twelve elements or so, whatever they can form; some rarely, some with little of it. */
static inline void rr_minerals(rnd *r, const sei_net *net, rr_problem *p)
{
    const size_t wanted = (size_t)rnd_range(r, 0.0, RR_MINERALS - 0.01);

    for (size_t k = 0; k < wanted && net->n_phases > 0; k++) {
        const size_t phase = (size_t)(rnd_unit(r) * (double)net->n_phases);
        const bool   gas   = net->db->phases[net->phases[phase].index].is_gas;
        bool         again = false;
        for (size_t i = 0; i < p->system.n_minerals; i++)
            again = again || p->minerals[i].phase == phase;
        if (again || strcmp(net->phases[phase].name, "H2O(g)") == 0)
            continue;
        sei_mineral *m      = &p->minerals[p->system.n_minerals++];
        *m                  = (sei_mineral){.phase = phase};
        m->target_si        = gas                 ? rnd_range(r, -4.0, -0.3)
                              : rnd_unit(r) < 0.7 ? 0.0
                                                  : rnd_range(r, -1.0, 1.0);
        m->mol              = rnd_unit(r) < 0.5 ? 0.0 : rr_log(r, -7.0, -1.5);
        const double how    = rnd_unit(r);
        m->dissolve_only    = how < 0.05;
        m->precipitate_only = how > 0.95;
    }
}

static inline void rr_mixtures(rnd *r, const sei_net *net, rr_problem *p)
{
    const double what = rnd_unit(r);

    if (what > 0.3)
        return;
    sei_mixture *m = &p->mixtures[p->system.n_mixtures++];
    *m             = (sei_mixture){.kind         = what < 0.1   ? SEI_MIXTURE_GAS_PRESSURE
                                                   : what < 0.2 ? SEI_MIXTURE_GAS_VOLUME
                                                                : SEI_MIXTURE_SOLID,
                                   .pressure_atm = 1.0,
                                   .volume_l     = rr_log(r, -2.0, 1.0)};
    for (size_t i = 0; i < net->n_phases && m->n < 4; i++) {
        const bool  gas   = net->db->phases[net->phases[i].index].is_gas;
        const char *name  = net->phases[i].name;
        const bool  solid = strcmp(name, "Calcite") == 0 || strcmp(name, "Rhodochrosite") == 0 ||
                           strcmp(name, "Smithsonite") == 0 || strcmp(name, "Siderite") == 0 ||
                           strcmp(name, "Otavite") == 0;
        if ((m->kind == SEI_MIXTURE_SOLID ? !solid : !gas) || strcmp(name, "H2O(g)") == 0)
            continue;
        m->phase[m->n] = i;
        m->mol[m->n++] = rnd_unit(r) < 0.4 ? 0.0 : rr_log(r, -7.0, -2.0);
    }
    if (m->n == 0)
        p->system.n_mixtures--;
    rnd more = {
        r->state ^
        UINT64_C(0x5DEECE66D)}; /* numbers of its own: the systems without stay what they were */
    (void)rnd_next(&more);
    if (m->kind == SEI_MIXTURE_SOLID && m->n == 2 && rnd_unit(&more) < 0.7) {
        m->a0 = rnd_range(&more, -1.5, 4.0); /* from mixing gladly to wide gaps */
        m->a1 = rnd_range(&more, -1.5, 1.5);
    }
}

static inline void rr_sites(rnd *r, const sei_react *react, rr_problem *p)
{
    sei_react_system *s = &p->system;

    for (size_t k = 0; k < 3; k++) {
        static const char *const names[] = {"X", "Hfo_w", "Hfo_s"};
        const size_t             site    = sei_react_site(react, names[k]);
        if (site == SIZE_MAX || rnd_unit(r) < 0.4)
            continue;
        s->sites[s->n_sites++] =
            (sei_site_amount){.site = site, .mol = rr_log(r, -6.0, -1.5), .surface = 0};
        s->total.site[site] = s->sites[s->n_sites - 1].mol;
        s->n_surfaces       = 1;
    }
    s->surfaces[0] = (sei_surface){.area_m2 = rr_log(r, 0.0, 4.0), .no_edl = rnd_unit(r) < 0.2};
}

/* One system; the start is that of a neutral water, as for a user's first run. */
static inline void rr_problem_make(rnd *r, const sei_react *react, rr_problem *p)
{
    const sei_net *net = sei_react_net(react);
    const size_t   nc  = net->n_comp;
    const double   kg  = rnd_unit(r) < 0.8 ? 1.0 : rr_log(r, -3.0, 3.0);

    memset(p, 0, sizeof *p);
    sei_react_system *s = &p->system;
    s->temp_k           = 273.15 + rnd_range(r, 0.0, 40.0);
    s->minerals         = p->minerals;
    s->mixtures         = p->mixtures;
    sei_react_add_water_kg(1.0, &s->total);
    for (size_t j = 0; j + 1 < nc; j++)
        s->total.comp[j] = rnd_unit(r) < 0.1 ? 0.0 : rr_log(r, -9.0, -1.0);
    s->total.comp[nc - 1] = rr_sign(r) * rr_log(r, -9.0, -1.3);
    s->total.electron     = rr_sign(r) * (rnd_unit(r) < 0.15 ? 0.0 : rr_log(r, -9.0, -1.5));
    rr_minerals(r, net, p);
    rr_mixtures(r, net, p);
    rr_sites(r, react, p);
    sei_amounts one = s->total;
    memset(&s->total, 0, sizeof s->total);
    sei_react_add_amounts(react, &one, kg, &s->total);
    for (size_t i = 0; i < s->n_minerals; i++)
        p->minerals[i].mol *= kg;
    for (size_t x = 0; x < s->n_mixtures; x++) {
        p->mixtures[x].volume_l *= kg;
        for (size_t k = 0; k < p->mixtures[x].n; k++)
            p->mixtures[x].mol[k] *= kg;
    }
    for (size_t k = 0; k < s->n_sites; k++)
        s->sites[k].mol *= kg;
    s->surfaces[0].area_m2 *= kg;
    memcpy(p->before, p->mixtures, sizeof p->before);
    for (size_t j = 0; j < nc; j++)
        p->state.x[j] = log(1e-6);
    p->state.x[nc - 1] = -7.0 * log(10.0);
    p->state.ln_ae     = -4.0 * log(10.0);
    p->state.mu        = 1e-2;
    p->state.water_kg  = kg;
}

/* A system of the same build with other amounts and the same start. */
static inline void rr_problem_like(rnd *r, const sei_react *react, const rr_problem *p,
                                   rr_problem *ret_like)
{
    const size_t      nc = sei_react_net(react)->n_comp;
    sei_react_system *s  = &ret_like->system;

    *ret_like   = *p;
    s->minerals = ret_like->minerals;
    s->mixtures = ret_like->mixtures;
    for (size_t j = 0; j < nc; j++)
        s->total.comp[j] *= rr_log(r, -1.0, 1.0);
    s->total.electron *= rr_log(r, -1.0, 1.0);
    for (size_t i = 0; i < s->n_minerals; i++)
        ret_like->minerals[i].mol *= rr_log(r, -1.0, 1.0);
    s->temp_k += rnd_range(r, 0.0, 5.0);
}

#endif
