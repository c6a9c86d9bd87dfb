/* read_sorption.c - EXCHANGE and SURFACE */
#include <string.h>

#include "phreeqc/reader.h"

/* What PHREEQC gives a surface without an area (m2/g). */
#define AREA_DEFAULT 600.0

static sei_status read_sites_kind(sei_pq_reader *r, sei_slice word, sei_pq_sites *ret)
{
    if (word.at[0] == 'k' || word.at[0] == 'K')
        ret->kind = SEI_PQ_SITES_KINETIC;
    else if (word.at[0] != 'e' && word.at[0] != 'E')
        return sei_pq_fail(r, SEI_E_PARSE, ret->where,
                           "%s: \"%.*s\" is neither equilibrium_phase nor kinetic", ret->formula,
                           SEI_PQ_SHOWN(word));
    return SEI_OK;
}

/* "X 0.1", "X Calcite equilibrium_phase 0.1", "X Calcite kinetic 0.1" */
static sei_status read_sites(sei_pq_reader *r, sei_where where, sei_slice *rest, sei_pq_sites *ret)
{
    sei_slice word, related, after;

    *ret = (sei_pq_sites){.where = where};
    if (!sei_next_word(rest, &word))
        return SEI_OK;
    if (!(word.at[0] >= 'A' && word.at[0] <= 'Z') && word.at[0] != '[')
        return sei_pq_fail(r, SEI_E_PARSE, where, "\"%.*s\" does not start with a capital letter",
                           SEI_PQ_SHOWN(word));
    ret->formula = sei_pq_keep(r, word);
    if (!ret->formula)
        return SEI_E_NOMEM;
    after = *rest;
    if (!sei_next_word(&after, &related) || !sei_pq_is_name(related))
        return sei_pq_number(r, where, rest, ret->formula, &ret->value);

    ret->related = sei_pq_keep(r, related);
    ret->kind    = SEI_PQ_SITES_MINERAL;
    *rest        = after;
    if (!ret->related)
        return SEI_E_NOMEM;
    if (sei_next_word(&after, &word) && sei_pq_is_name(word)) {
        const sei_status st = read_sites_kind(r, word, ret);
        if (st != SEI_OK)
            return st;
        *rest = after;
    }
    return sei_pq_number(r, where, rest, "sites per mole", &ret->value);
}

static sei_status check_sites(sei_pq_reader *r, const sei_pq_sites *sites)
{
    if (sites->value < 0.0)
        return sei_pq_fail(r, SEI_E_RANGE, sites->where, "%s: the amount %g is negative",
                           sites->formula, sites->value);
    return SEI_OK;
}

static sei_status add_exchanger(sei_pq_reader *r, sei_where where, sei_slice rest,
                                sei_pq_exchange *e)
{
    sei_pq_sites sites;
    sei_status   st = read_sites(r, where, &rest, &sites);

    if (st == SEI_OK)
        st = check_sites(r, &sites);
    if (st == SEI_OK && sei_trim(rest).len)
        st = sei_pq_nothing(r, where, rest);
    if (st == SEI_OK)
        st = SEI_PQ_GROW(r, e->sites, e->n);
    if (st == SEI_OK)
        e->sites[e->n++] = sites;
    return st;
}

sei_status sei_pq_read_exchange(sei_pq_reader *r)
{
    static const char *const options[] = {"equilibrate",     "equil",  "pitzer_exchange_gammas",
                                          "exchange_gammas", "gammas", "equilibrium"};
    const sei_pq_line       *line;
    sei_status               st = SEI_OK;
    bool                     gammas;
    sei_pq_exchange         *e = sei_pq_new(r, sizeof *e);

    if (!e)
        return SEI_E_NOMEM;
    r->block->as.exchange = e;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, options, sizeof options / sizeof *options, &option, &rest);
        if (st != SEI_OK)
            break;
        if (option == SEI_PQ_DATA) {
            st = add_exchanger(r, line->where, rest, e);
        } else if (option >= 2 && option <= 4) {
            st            = sei_pq_flag(r, line->where, rest, &gammas);
            e->own_gammas = st == SEI_OK && !gammas;
        } else {
            e->is_equilibrated = true;
            st                 = sei_pq_solution_number(r, line->where, rest, &e->solution);
        }
    }
    return st;
}

/* ------------------------------------------------------------------ surfaces */

static const char *const surface_options[] = {
    "equilibrate",          "equil",         "diff",
    "diffuse_layer",        "no_edl",        "no_electrostatic",
    "only_counter_ions",    "donnan",        "cd_music",
    "capacitances",         "sites",         "sites_units",
    "constant_capacitance", "ccm",           "equilibrium",
    "site_units",           "donnan_factors"};
enum {
    F_EQUILIBRATE,
    F_EQUIL,
    F_DIFF,
    F_DIFFUSE_LAYER,
    F_NO_EDL,
    F_NO_ELECTROSTATIC,
    F_ONLY_COUNTER_IONS,
    F_DONNAN,
    F_CD_MUSIC,
    F_CAPACITANCES,
    F_SITES,
    F_SITES_UNITS,
    F_CONSTANT_CAPACITANCE,
    F_CCM,
    F_EQUILIBRIUM,
    F_SITE_UNITS,
    F_DONNAN_FACTORS
};

/* A number, or "calc": by what the layer holds. */
static sei_status viscosity_of(sei_pq_reader *r, sei_where where, sei_slice *rest,
                               sei_pq_surface *f)
{
    sei_slice after = *rest, word;

    if (sei_next_word(&after, &word) && (word.at[0] | 0x20) == 'c') {
        f->layer_viscosity = 0.0;
        *rest              = after;
        return SEI_OK;
    }
    sei_status st = sei_pq_number(r, where, rest, "viscosity of -donnan", &f->layer_viscosity);
    if (st == SEI_OK && !(f->layer_viscosity > 0.0))
        st = sei_pq_fail(r, SEI_E_RANGE, where, "viscosity of -donnan: %g is not above 0",
                         f->layer_viscosity);
    return st;
}

/* Co-ions of a layer corrected for the fall of its potential: not done. */
static sei_status correction_of(sei_pq_reader *r, sei_where where, sei_slice *rest)
{
    sei_slice  word    = {"", 0};
    bool       correct = false;
    sei_status st;

    sei_next_word(rest, &word);
    st = sei_pq_flag(r, where, word, &correct);
    if (st == SEI_OK && correct)
        st = sei_pq_fail(r, SEI_E_UNSUPPORTED, where,
                         "-donnan with its co-ions corrected (correct true) is not supported yet");
    return st;
}

static sei_status donnan_word(sei_pq_reader *r, sei_where where, sei_slice word, sei_slice *rest,
                              sei_pq_surface *f)
{
    switch (word.at[0] | 0x20) {
    case 'c': return correction_of(r, where, rest);
    case 'd': return sei_pq_number(r, where, rest, "-donnan", &f->debye_lengths);
    case 'l': return sei_pq_number(r, where, rest, "-donnan", &f->limit_ddl);
    case 'v': return viscosity_of(r, where, rest, f);
    default:
        return sei_pq_fail(r, SEI_E_PARSE, where,
                           "-donnan: \"%.*s\" is none of debye_lengths, viscosity, limit, correct",
                           SEI_PQ_SHOWN(word));
    }
}

static sei_status read_donnan(sei_pq_reader *r, sei_where where, sei_slice rest, sei_pq_surface *f)
{
    sei_slice  word;
    double     value;
    sei_status st = SEI_OK;

    f->layer       = SEI_PQ_LAYER_DONNAN;
    f->layer_where = where;
    while (st == SEI_OK && sei_next_word(&rest, &word)) {
        if (sei_pq_is_number(word, &value))
            f->thickness_m = value;
        else
            st = donnan_word(r, where, word, &rest, f);
    }
    return st;
}

static sei_status read_site_units(sei_pq_reader *r, sei_where where, sei_slice rest,
                                  sei_pq_surface *f)
{
    sei_slice word = {"", 0};

    sei_next_word(&rest, &word);
    const char c = word.len ? word.at[0] : '\0';
    if (c != 'a' && c != 'A' && c != 'd' && c != 'D')
        return sei_pq_fail(r, SEI_E_PARSE, where, "-sites_units is neither absolute nor density");
    f->is_density = c == 'd' || c == 'D';
    return SEI_OK;
}

/* F/m2, of the surface whose sites stand above. */
static sei_status read_capacitances(sei_pq_reader *r, sei_where where, sei_slice rest,
                                    sei_pq_surface *f)
{
    if (f->n_charges == 0)
        return sei_pq_fail(r, SEI_E_PARSE, where, "-capacitances stand before the first sites");
    sei_pq_charge *c  = &f->charges[f->n_charges - 1];
    sei_status     st = sei_pq_number(r, where, &rest, "capacitance", &c->capacitance_f_m2[0]);
    if (st == SEI_OK)
        st = sei_pq_number_or(r, where, &rest, "second capacitance", &c->capacitance_f_m2[1]);
    if (st == SEI_OK && !(c->capacitance_f_m2[0] > 0.0 && c->capacitance_f_m2[1] > 0.0))
        st = sei_pq_fail(r, SEI_E_RANGE, where, "capacitances of %g and %g F/m2 are not above 0",
                         c->capacitance_f_m2[0], c->capacitance_f_m2[1]);
    return st;
}

/* One for all potentials, of the surface whose sites stand above. */
static sei_status read_capacitance(sei_pq_reader *r, sei_where where, sei_slice rest,
                                   sei_pq_surface *f)
{
    f->edl       = SEI_PQ_CCM;
    f->edl_where = where;
    if (f->n_charges == 0)
        return sei_pq_fail(r, SEI_E_PARSE, where, "-ccm stands before the first sites");
    double          *own = &f->charges[f->n_charges - 1].capacitance_f_m2[0];
    const sei_status st  = sei_pq_number_or(r, where, &rest, "capacitance", own);
    if (st == SEI_OK && !(*own > 0.0))
        return sei_pq_fail(r, SEI_E_RANGE, where, "the capacitance of %g F/m2 is not above 0",
                           *own);
    return st;
}

static sei_status apply_surface_option(sei_pq_reader *r, sei_where where, int option,
                                       sei_slice rest, sei_pq_surface *f)
{
    switch (option) {
    case F_EQUILIBRATE:
    case F_EQUIL:
    case F_EQUILIBRIUM:
        f->is_equilibrated = true;
        return sei_pq_solution_number(r, where, rest, &f->solution);
    case F_DIFF:
    case F_DIFFUSE_LAYER:
        f->layer       = SEI_PQ_LAYER_DIFFUSE;
        f->layer_where = where;
        return sei_pq_number_or(r, where, &rest, "thickness", &f->thickness_m);
    case F_NO_EDL:
    case F_NO_ELECTROSTATIC:
        f->edl       = SEI_PQ_NO_EDL;
        f->edl_where = where;
        return SEI_OK;
    case F_CD_MUSIC:
        f->edl       = SEI_PQ_CD_MUSIC;
        f->edl_where = where;
        return SEI_OK;
    case F_CONSTANT_CAPACITANCE:
    case F_CCM: return read_capacitance(r, where, rest, f);
    case F_CAPACITANCES: return read_capacitances(r, where, rest, f);
    case F_ONLY_COUNTER_IONS: return sei_pq_flag(r, where, rest, &f->only_counter_ions);
    case F_DONNAN: return read_donnan(r, where, rest, f);
    case F_SITES:
    case F_SITES_UNITS:
    case F_SITE_UNITS: return read_site_units(r, where, rest, f);
    default:
        return sei_pq_fail(r, SEI_E_UNSUPPORTED, where, "option -%s is not supported yet",
                           surface_options[option]);
    }
}

/* The name of a surface in the formula of a site: "Hfo" of "Hfo_wOH", "Surf" of "SurfOH". */
static size_t surface_name(const char *formula)
{
    size_t n = 0;

    if (formula[0] == '[') {
        const char *end = strchr(formula, ']');
        return end ? (size_t)(end - formula) + 1 : strlen(formula);
    }
    if (formula[0] >= 'A' && formula[0] <= 'Z')
        for (n = 1; formula[n] >= 'a' && formula[n] <= 'z'; n++)
            ;
    return n ? n : strlen(formula);
}

/* The surface that a site belongs to. */
static sei_status charge_of(sei_pq_reader *r, sei_pq_surface *f, sei_pq_sites *sites)
{
    const size_t len = surface_name(sites->formula);
    sei_status   st  = SEI_OK;

    for (size_t i = 0; i < f->n_charges; i++) {
        if (strlen(f->charges[i].name) == len &&
            memcmp(f->charges[i].name, sites->formula, len) == 0) {
            sites->charge = i;
            return SEI_OK;
        }
    }
    st = SEI_PQ_GROW(r, f->charges, f->n_charges);
    if (st != SEI_OK)
        return st;
    const bool     related = sites->kind != SEI_PQ_SITES_MOL;
    sei_pq_charge *charge  = &f->charges[f->n_charges];
    *charge       = (sei_pq_charge){.name             = sei_pq_keep(r, (sei_slice){sites->formula, len}),
                                    .area             = related ? 0.0 : AREA_DEFAULT,
                                    .mass_g           = related ? 1.0 : 0.0,
                                    .is_related       = related,
                                    .capacitance_f_m2 = {1.0, 5.0}}; /* as in PHREEQC */
    sites->charge = f->n_charges++;
    return charge->name ? SEI_OK : SEI_E_NOMEM;
}

static sei_status add_surface_sites(sei_pq_reader *r, sei_where where, sei_slice rest,
                                    sei_pq_surface *f)
{
    sei_pq_sites sites;
    sei_slice    after, word;
    sei_status   st = read_sites(r, where, &rest, &sites);

    if (st == SEI_OK)
        st = check_sites(r, &sites);
    if (st == SEI_OK)
        st = charge_of(r, f, &sites);
    if (st != SEI_OK)
        return st;
    sei_pq_charge *charge = &f->charges[sites.charge];
    st                    = sei_pq_number_or(r, where, &rest, "surface area", &charge->area);
    if (st == SEI_OK && !charge->is_related)
        st = sei_pq_number_or(r, where, &rest, "mass of the surface", &charge->mass_g);
    after = rest;
    if (st == SEI_OK && sei_next_word(&after, &word) && sei_slice_is_nocase(word, "dw"))
        return sei_pq_fail(r, SEI_E_UNSUPPORTED, where,
                           "%s: diffusion of surfaces (Dw) is not supported yet", sites.formula);
    if (st == SEI_OK)
        st = sei_pq_nothing(r, where, rest);
    if (st == SEI_OK)
        st = SEI_PQ_GROW(r, f->sites, f->n);
    if (st == SEI_OK)
        f->sites[f->n++] = sites;
    return st;
}

static sei_status check_areas(sei_pq_reader *r, const sei_pq_surface *f)
{
    if (f->edl == SEI_PQ_NO_EDL)
        return SEI_OK;
    for (size_t i = 0; i < f->n_charges; i++)
        if (!(f->charges[i].area * f->charges[i].mass_g > 0.0))
            return sei_pq_fail(
                r, SEI_E_MISSING, r->block->where,
                "%s has no surface area: give m2/g and g after its sites, or -no_edl",
                f->charges[i].name);
    return SEI_OK;
}

sei_status sei_pq_read_surface(sei_pq_reader *r)
{
    const sei_pq_line *line;
    sei_status         st = SEI_OK;
    sei_pq_surface    *f  = sei_pq_new(r, sizeof *f);

    if (!f)
        return SEI_E_NOMEM;
    f->layer_viscosity   = 1.0;
    f->thickness_m       = 1e-8;
    f->limit_ddl         = 0.8;
    r->block->as.surface = f;
    while (st == SEI_OK && sei_pq_next_line(r, &line)) {
        int       option;
        sei_slice rest;
        st = sei_pq_option(r, line, surface_options,
                           sizeof surface_options / sizeof *surface_options, &option, &rest);
        if (st == SEI_OK && option == SEI_PQ_DATA)
            st = add_surface_sites(r, line->where, rest, f);
        else if (st == SEI_OK)
            st = apply_surface_option(r, line->where, option, rest, f);
    }
    return st == SEI_OK ? check_areas(r, f) : st;
}
