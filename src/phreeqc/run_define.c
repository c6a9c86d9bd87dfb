/* run_define.c - from the typed blocks of the input to what reacts */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "phreeqc/run_impl.h"

static const double avogadro = 6.02252e23; /* 1/mol, as PHREEQC counts sites */

static sei_status put_range(pq_runner *r, sei_pq_entity entity, const sei_pq_block *b,
                            const void *item)
{
    sei_status st = SEI_OK;

    for (int n = b->first; n <= b->last && st == SEI_OK; n++)
        st = pq_put(r, entity, n, item);
    return st;
}

static sei_status define_equilibrium(pq_runner *r, const sei_pq_block *b)
{
    const sei_pq_equilibrium *def = b->as.equilibrium;
    pq_equilibrium            e   = {.n = def->n};

    if (def->n > SEI_REACT_PHASES_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &b->where,
                        "EQUILIBRIUM_PHASES: more than %d phases", (int)SEI_REACT_PHASES_MAX);
    for (size_t i = 0; i < def->n; i++) {
        e.minerals[i] = (pq_mineral){.def       = &def->minerals[i],
                                     .phase     = pq_network_phase(r, def->minerals[i].name),
                                     .mol       = def->minerals[i].mol,
                                     .start_mol = def->minerals[i].mol};
    }
    return put_range(r, SEI_PQ_EQUILIBRIUM_PHASES, b, &e);
}

static sei_status add_sites(pq_runner *r, const sei_pq_sites *s, double factor, sei_amounts *held)
{
    if (sei_react_add_formula(r->react, s->formula, factor * s->value, held))
        return SEI_OK;
    return sei_fail(r->ctx, SEI_E_NOT_FOUND, &s->where, "\"%s\" is no formula with a site of %s",
                    s->formula, sei_db_name(r->db));
}

static sei_status define_exchange(pq_runner *r, const sei_pq_block *b)
{
    pq_exchange e  = {.def = b->as.exchange};
    sei_status  st = SEI_OK;

    for (size_t i = 0; i < e.def->n && st == SEI_OK; i++) {
        const sei_pq_sites *s = &e.def->sites[i];
        if (s->kind != SEI_PQ_SITES_MOL && e.def->n > SEI_REACT_SITES_MAX)
            return sei_fail(r->ctx, SEI_E_TOO_LARGE, &s->where,
                            "EXCHANGE: more than %d kinds of sites", (int)SEI_REACT_SITES_MAX);
        if (s->kind == SEI_PQ_SITES_MOL) /* those that are tied come with what they are tied to */
            st = add_sites(r, s, 1.0, &e.held);
    }
    return st == SEI_OK ? put_range(r, SEI_PQ_EXCHANGE, b, &e) : st;
}

/* Moles of sites in one unit of a number: a mole, or a site for each nm2 of the surface. */
static double sites_unit(const sei_pq_surface *def, const sei_pq_sites *s)
{
    const sei_pq_charge *c = &def->charges[s->charge];

    return def->is_density ? c->area * c->mass_g * 1e18 / avogadro : 1.0;
}

static sei_status check_layer(pq_runner *r, const sei_pq_surface *def)
{
    if (def->edl == SEI_PQ_CCM && def->layer != SEI_PQ_LAYER_NONE)
        return sei_fail(r->ctx, SEI_E_RANGE, &def->layer_where,
                        "SURFACE: a surface of constant capacitance (-ccm) has no diffuse layer");
    if (def->edl == SEI_PQ_CD_MUSIC && def->debye_lengths > 0.0)
        return sei_fail(r->ctx, SEI_E_RANGE, &def->layer_where,
                        "SURFACE: with -cd_music the thickness of -donnan must be given in m");
    if (def->edl == SEI_PQ_CD_MUSIC && def->only_counter_ions)
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &def->layer_where,
                        "SURFACE: -only_counter_ions with -cd_music is not supported");
    if (!(def->limit_ddl > 0.0 && def->limit_ddl < 1.0))
        return sei_fail(r->ctx, SEI_E_RANGE, &def->layer_where,
                        "SURFACE: -donnan: the limit %g is not between 0 and 1", def->limit_ddl);
    if (def->layer == SEI_PQ_LAYER_DIFFUSE && def->only_counter_ions)
        return sei_fail(r->ctx, SEI_E_UNSUPPORTED, &def->layer_where,
                        "SURFACE: -only_counter_ions with -diffuse_layer is not supported; with "
                        "-donnan it is");
    return SEI_OK;
}

/* Sites that follow a mineral or a reactant come with what they are tied to; a density of sites is none of theirs. */
static sei_status check_tied(pq_runner *r, const sei_pq_surface *def, const sei_pq_sites *s)
{
    if (def->n > SEI_REACT_SITES_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &s->where, "SURFACE: more than %d kinds of sites",
                        (int)SEI_REACT_SITES_MAX);
    return SEI_OK;
}

static sei_status define_surface(pq_runner *r, const sei_pq_block *b)
{
    const sei_pq_surface *def = b->as.surface;
    pq_surface            f   = {.def = def};
    sei_status            st  = check_layer(r, def);

    if (st == SEI_OK && def->n_charges > pq_surfaces_max(def))
        st = sei_fail(r->ctx, SEI_E_TOO_LARGE, &b->where, "SURFACE: more than %d surfaces",
                      (int)pq_surfaces_max(def));
    for (size_t i = 0; i < def->n && st == SEI_OK; i++) {
        const sei_pq_sites *s = &def->sites[i];
        st = s->kind == SEI_PQ_SITES_MOL ? add_sites(r, s, sites_unit(def, s), &f.held)
                                         : check_tied(r, def, s);
    }
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < def->n_charges;
         i++) /* as in PHREEQC: pure water beside the solution's */
        sei_react_add_water_kg(def->charges[i].is_related ? 0.0 : pq_surface_of(&f, i).layer_kg,
                               &f.layer);
    return put_range(r, SEI_PQ_SURFACE, b, &f);
}

static sei_status need_network_phase(pq_runner *r, const sei_where *where, const char *name,
                                     size_t *ret_phase)
{
    *ret_phase = pq_network_phase(r, name);
    if (*ret_phase != SIZE_MAX)
        return SEI_OK;
    return sei_fail(r->ctx, SEI_E_NOT_FOUND, where,
                    "phase \"%s\" cannot form from the elements of this file", name);
}

static sei_status define_gas(pq_runner *r, const sei_pq_block *b)
{
    pq_gas     g  = {.def          = b->as.gas_phase,
                     .pressure_atm = b->as.gas_phase->pressure_atm,
                     .volume_l     = b->as.gas_phase->volume_l};
    sei_status st = SEI_OK;

    if (g.def->n > SEI_REACT_MIXTURE_PARTS)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &b->where, "GAS_PHASE: more than %d gases",
                        (int)SEI_REACT_MIXTURE_PARTS);
    for (size_t i = 0; i < g.def->n && st == SEI_OK; i++) {
        st = need_network_phase(r, &g.def->gases[i].where, g.def->gases[i].name, &g.phase[i]);
    }
    if (st == SEI_OK)
        pq_fill_gas(r, &g);
    return st == SEI_OK ? put_range(r, SEI_PQ_GAS_PHASE, b, &g) : st;
}

static sei_status define_solids(pq_runner *r, const sei_pq_block *b)
{
    const sei_pq_solid_solutions *def = b->as.solid_solutions;
    pq_solids                     s   = {.def = def};
    sei_status                    st  = SEI_OK;

    if (def->n > SEI_REACT_MIXTURES_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &b->where,
                        "SOLID_SOLUTIONS: more than %d solid solutions",
                        (int)SEI_REACT_MIXTURES_MAX);
    for (size_t i = 0; i < def->n && st == SEI_OK; i++) {
        const sei_pq_solid_solution *one = &def->solutions[i];
        if (one->n > SEI_REACT_MIXTURE_PARTS)
            return sei_fail(r->ctx, SEI_E_TOO_LARGE, &one->where,
                            "SOLID_SOLUTIONS: more than %d end members",
                            (int)SEI_REACT_MIXTURE_PARTS);
        for (size_t k = 0; k < one->n && st == SEI_OK; k++) {
            st =
                need_network_phase(r, &one->members[k].where, one->members[k].name, &s.phase[i][k]);
            s.mol[i][k] = one->members[k].value;
        }
        if (st == SEI_OK)
            st = pq_guggenheim(r, one, &s.a0[i], &s.a1[i]);
    }
    return st == SEI_OK ? put_range(r, SEI_PQ_SOLID_SOLUTIONS, b, &s) : st;
}

static sei_status define_kinetics(pq_runner *r, const sei_pq_block *b)
{
    const sei_pq_kinetics *def = b->as.kinetics;
    pq_kinetics            k   = {.def = def};
    sei_status             st  = SEI_OK;

    if (def->n > SEI_KINETICS_MAX)
        return sei_fail(r->ctx, SEI_E_TOO_LARGE, &b->where, "KINETICS: more than %d reactants",
                        (int)SEI_KINETICS_MAX);
    for (size_t i = 0; i < def->n && st == SEI_OK; i++) {
        const sei_pq_reactant *one = &def->reactants[i];
        k.m[i] = k.start_m[i] = one->m;
        for (size_t t = 0; t < one->n_formula && st == SEI_OK; t++)
            st = pq_add_named(r, &one->formula[t].where, one->formula[t].name,
                              one->formula[t].value, &k.formula[i]);
        if (st == SEI_OK)
            st = pq_find_rate(r, &one->where, one->name, &k.rate[i]);
    }
    return st == SEI_OK ? put_range(r, SEI_PQ_KINETICS, b, &k) : st;
}

sei_status pq_define(pq_runner *r, const sei_pq_block *b)
{
    const void *typed = b->as.reaction; /* any pointer of the union */

    switch (b->kind) {
    case SEI_PQ_BLOCK_EQUILIBRIUM_PHASES: return define_equilibrium(r, b);
    case SEI_PQ_BLOCK_EXCHANGE: return define_exchange(r, b);
    case SEI_PQ_BLOCK_SURFACE: return define_surface(r, b);
    case SEI_PQ_BLOCK_GAS_PHASE: return define_gas(r, b);
    case SEI_PQ_BLOCK_SOLID_SOLUTIONS: return define_solids(r, b);
    case SEI_PQ_BLOCK_KINETICS: return define_kinetics(r, b);
    case SEI_PQ_BLOCK_MODIFY: return pq_modify(r, b);
    case SEI_PQ_BLOCK_MIX: return put_range(r, SEI_PQ_MIX, b, &typed);
    case SEI_PQ_BLOCK_REACTION: return put_range(r, SEI_PQ_REACTION, b, &typed);
    case SEI_PQ_BLOCK_REACTION_TEMPERATURE:
        return put_range(r, SEI_PQ_REACTION_TEMPERATURE, b, &typed);
    case SEI_PQ_BLOCK_REACTION_PRESSURE: return put_range(r, SEI_PQ_REACTION_PRESSURE, b, &typed);
    default: return SEI_OK;
    }
}
