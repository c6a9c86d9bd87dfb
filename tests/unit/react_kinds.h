/* react_kinds.h - random systems of special kinds: diffuse layers that hold something, planes, brines */
#ifndef SEI_TESTS_REACT_KINDS_H
#define SEI_TESTS_REACT_KINDS_H

#include "react_random.h"

typedef enum { RR_PLAIN, RR_LAYERS, RR_BRINES, RR_PLANES, RR_KINDS } rr_kind;

/* ---- layers ---- */

/* A layer as thick as its input says, or by Debye's length at some ionic strength; at most 0.8 of all water is in it. */
static inline void rr_layer(rnd *r, double water_kg, sei_surface *f)
{
    const double debye_m = 3.05e-10 / sqrt(rr_log(r, -3.5, 0.5)); /* Debye's length at 25 degC */
    const double thick_m =
        rnd_unit(r) < 0.5 ? rr_log(r, -9.3, -6.5) : rnd_range(r, 1.0, 5.0) * debye_m;

    f->layer_is_integral = rnd_unit(r) < 0.35;
    f->only_counter_ions = !f->layer_is_integral && rnd_unit(r) < 0.3;
    f->layer_kg          = fmin(1000.0 * thick_m * f->area_m2, 4.0 * water_kg);
}

/* One surface of two kinds of sites or two surfaces; beside them an exchanger. */
static inline void rr_layered_surfaces(rnd *r, const sei_react *react, double water_kg,
                                       rr_problem *p)
{
    sei_react_system *s    = &p->system;
    const bool        both = rnd_unit(r) < 0.3; /* each a surface */

    s->n_sites = s->n_surfaces = 0;
    memset(s->total.site, 0, sizeof s->total.site);
    for (size_t k = 0; k < 3; k++) {
        static const char *const names[] = {"Hfo_w", "Hfo_s", "X"};
        const size_t             site    = sei_react_site(react, names[k]);
        if (site == SIZE_MAX || (k > 0 && rnd_unit(r) < 0.5))
            continue;
        s->sites[s->n_sites++] = (sei_site_amount){.site    = site,
                                                   .mol     = water_kg * rr_log(r, -5.0, -0.7),
                                                   .surface = k == 1 && both ? 1 : 0};
        s->total.site[site]    = s->sites[s->n_sites - 1].mol;
    }
    s->n_surfaces = both && s->n_sites > 1 && s->sites[1].surface == 1 ? 2 : 1;
    for (size_t i = 0; i < s->n_surfaces; i++) {
        s->surfaces[i] = (sei_surface){.area_m2 = water_kg * rr_log(r, 0.5, 4.5)};
        rr_layer(r, water_kg, &s->surfaces[i]);
        sei_react_add_water_kg(s->surfaces[i].layer_kg, &s->total);
    }
}

/* ---- planes ---- */

/* Behind the planes a layer that holds something, and the other surface of one capacitance: some of each. */
static inline void rr_behind_planes(rnd *r, double water_kg, sei_react_system *s)
{
    sei_surface *last = &s->surfaces[CP_PLANES - 1];

    if (rnd_unit(r) < 0.4) {
        rr_layer(r, water_kg, last);
        last->only_counter_ions = false;
        sei_react_add_water_kg(last->layer_kg, &s->total);
    }
    if (s->n_surfaces > CP_PLANES && rnd_unit(r) < 0.5)
        s->surfaces[CP_PLANES].capacitance_f_m2 = rr_log(r, -0.5, 0.7);
}

/* Goethite with one kind of groups or both; beside it a surface with a diffuse layer, and an exchanger. */
static inline void rr_planes(rnd *r, const sei_react *react, double water_kg, rr_problem *p)
{
    static const struct {
        const char *site;
        size_t      surface;
        double      share;
    } rows[] = {{"Goe_uni", 0, 1.0}, {"Goe_tri", 0, 0.6}, {"Hfo_w", CP_PLANES, 0.3}, {"X", 0, 0.3}};
    sei_react_system *s       = &p->system;
    const double      area_m2 = water_kg * rr_log(r, 0.5, 4.5);

    s->n_sites = 0;
    memset(s->total.site, 0, sizeof s->total.site);
    s->n_surfaces = CP_PLANES;
    for (size_t k = 0; k < CP_PLANES; k++)
        s->surfaces[k] = (sei_surface){.area_m2          = area_m2,
                                       .has_planes       = true,
                                       .plane            = (uint8_t)k,
                                       .capacitance_f_m2 = rr_log(r, -0.5, 0.7)};
    for (size_t k = 0; k < T_COUNT(rows); k++) {
        const size_t site = sei_react_site(react, rows[k].site);
        if (site == SIZE_MAX || rnd_unit(r) > rows[k].share)
            continue;
        s->sites[s->n_sites++] = (sei_site_amount){
            .site = site, .mol = water_kg * rr_log(r, -6.0, -1.0), .surface = rows[k].surface};
        s->total.site[site] = s->sites[s->n_sites - 1].mol;
        if (rows[k].surface == CP_PLANES)
            s->surfaces[s->n_surfaces++] = (sei_surface){.area_m2 = water_kg * rr_log(r, 0.0, 4.0)};
    }
    rr_behind_planes(r, water_kg, s);
}

/* ---- brines ---- */

/* A database may know no redox at all. */
static inline bool rr_has_electrons(const sei_net *net)
{
    for (size_t i = 0; i < net->n_species; i++)
        if (net->nu_e[i] != 0.0)
            return true;
    return false;
}

static inline double rr_strength(const sei_net *net, const sei_amounts *t)
{
    double mu = 0.0;

    for (size_t j = 0; j < net->n_comp; j++)
        mu += 0.5 * fabs(t->comp[j]) * net->comp_charge[j] * net->comp_charge[j];
    return mu;
}

/* Neutral, or nearly so as analyses are, by what there is of Cl- or Na+; of an ionic strength, in so much water. */
static inline void rr_make_neutral(rnd *r, const sei_net *net, double strength, double kg,
                                   sei_amounts *t)
{
    const double before = rr_strength(net, t);
    const double wrong  = rnd_unit(r) < 0.7 ? 0.0 : 0.02 * before * rnd_range(r, -1.0, 1.0);
    double       charge = -t->electron;

    for (size_t j = 0; j < net->n_comp; j++)
        charge += t->comp[j] * net->comp_charge[j];
    t->comp[sei_net_component(net, charge > wrong ? "Cl" : "Na")] += fabs(charge - wrong);
    if (!(rr_strength(net, t) > 0.0)) /* no ion at all had been drawn */
        t->comp[sei_net_component(net, "Cl")] = t->comp[sei_net_component(net, "Na")] = 1.0;
    const double by = kg * strength / rr_strength(net, t);
    for (size_t j = 0; j < net->n_comp; j++)
        t->comp[j] *= by;
    t->electron *= by;
}

/* Totals of an ionic strength from 0.01 to 10. */
static inline void rr_brine_totals(rnd *r, const sei_net *net, double kg, rr_problem *p)
{
    const size_t nc = net->n_comp;
    sei_amounts *t  = &p->system.total;

    for (size_t j = 0; j + 1 < nc; j++)
        t->comp[j] = rnd_unit(r) < 0.1 ? 0.0 : rr_log(r, -5.0, 0.0);
    t->comp[nc - 1] = rnd_unit(r) < 0.3 ? 0.0 : rr_sign(r) * rr_log(r, -8.0, -0.3);
    t->electron     = 0.0;
    if (rr_has_electrons(net) && rnd_unit(r) < 0.7)
        t->electron = rr_sign(r) * rr_log(r, -9.0, -3.0) * rr_strength(net, t);
    rr_make_neutral(r, net, rr_log(r, -2.0, 1.0), kg, t);
}

/* Salts come by the mole. */
static inline void rr_salts(rnd *r, double kg, rr_problem *p)
{
    for (size_t i = 0; i < p->system.n_minerals; i++)
        if (p->minerals[i].mol > 0.0)
            p->minerals[i].mol = kg * rr_log(r, -5.0, 0.7);
}

/* ---- */

static inline void rr_problem_of_kind(rnd *r, const sei_react *react, rr_kind kind, rr_problem *p)
{
    rr_problem_make(r, react, p);
    const double kg = p->state.water_kg;
    if (kind == RR_LAYERS)
        rr_layered_surfaces(r, react, kg, p);
    if (kind == RR_PLANES)
        rr_planes(r, react, kg, p);
    if (kind == RR_BRINES) {
        rr_brine_totals(r, sei_react_net(react), kg, p);
        rr_salts(r, kg, p);
        if (p->system.n_sites > 0 && rnd_unit(r) < 0.2)
            rr_layered_surfaces(r, react, kg, p);
    }
}

/* Another one of the same build. */
static inline void rr_problem_like_kind(rnd *r, const sei_react *react, rr_kind kind,
                                        const rr_problem *p, rr_problem *ret_like)
{
    const sei_net *net = sei_react_net(react);

    rr_problem_like(r, react, p, ret_like);
    if (kind != RR_BRINES)
        return;
    const double kg = p->state.water_kg;
    for (size_t j = 0; j < net->n_comp; j++)
        ret_like->system.total.comp[j] /= kg;
    ret_like->system.total.electron /= kg;
    const double strength = rr_strength(net, &ret_like->system.total);
    rr_make_neutral(r, net, fmin(strength, 10.0), kg, &ret_like->system.total);
}

#endif
