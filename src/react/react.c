/* react.c - compiling a system, and amounts over its basis */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "chem/formula.h"
#include "react/react_impl.h"

static bool express_sorbed(const sei_react *r, const sei_sorb_species *def,
                           sei_react_sorbed_row *row)
{
    memset(row, 0, sizeof *row);
    row->def  = def;
    row->logk = def->logk;
    for (size_t i = 0; i < def->n_terms; i++) {
        double       nu[SEI_COMPONENTS_MAX], nu_e, nu_w;
        sei_logk     logk;
        const size_t s = sei_db_find_species(r->db, def->term[i]);
        if (s == SIZE_MAX || !sei_net_express(r->net, s, nu, &nu_e, &nu_w, &logk))
            return false;
        row->term[i] = s == r->db->water     ? (size_t)SEI_REACT_TERM_WATER
                       : s == r->db->e_minus ? (size_t)SEI_REACT_TERM_ELECTRON
                                             : sei_net_species_of_db(r->net, s);
        for (size_t j = 0; j < r->net->n_comp; j++)
            row->comp[j] += def->coef[i] * nu[j];
        row->nu_e += def->coef[i] * nu_e;
        row->nu_w += def->coef[i] * nu_w;
        for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
            row->logk.c[t] += def->coef[i] * logk.c[t];
    }
    return true;
}

static sei_status compile_sorption(sei_ctx *ctx, sei_react *r, const sei_react_spec *spec)
{
    if (spec->n_sites > SEI_REACT_SITES_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL, "more than %d kinds of sites",
                        (int)SEI_REACT_SITES_MAX);
    for (size_t i = 0; i < spec->n_sites; i++) {
        r->site_def[i] = sei_sorb_find_site(spec->sorb, spec->sites[i]);
        if (r->site_def[i] == SIZE_MAX)
            return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                            "database has no exchange or surface site \"%s\"", spec->sites[i]);
    }
    r->n_sites = spec->n_sites;
    r->sorbed  = sei_alloc(ctx, spec->sorb ? spec->sorb->n_species : 0, sizeof *r->sorbed);
    if (!r->sorbed)
        return SEI_E_NOMEM;
    for (size_t k = 0; spec->sorb && k < spec->sorb->n_species; k++) {
        const sei_sorb_species *def  = &spec->sorb->species[k];
        size_t                  site = 0;
        while (site < r->n_sites && r->site_def[site] != def->site)
            site++;
        /* A free exchange site is no species: its activity only sets those of the others. */
        const bool free_exchanger = def->is_identity && !spec->sorb->sites[def->site].is_surface;
        if (site == r->n_sites || free_exchanger ||
            !express_sorbed(r, def, &r->sorbed[r->n_sorbed]))
            continue;
        r->sorbed[r->n_sorbed++].site = site;
    }
    if (r->net->n_species + r->n_sorbed + SEI_REACT_PARTS_MAX > UINT16_MAX)
        return sei_fail(ctx, SEI_E_TOO_LARGE, NULL,
                        "%zu species and %zu sorbed ones; at most %d are possible in one system",
                        r->net->n_species, r->n_sorbed, UINT16_MAX - (int)SEI_REACT_PARTS_MAX);
    return SEI_OK;
}

static void count_masters(sei_react *r)
{
    const sei_db *db = r->db;

    for (size_t j = 0; j < r->net->n_comp; j++) {
        const sei_composition *c =
            &db->species[r->net->db_index[r->net->comp_species[j]]].composition;
        r->master_z[j] = c->charge;
        for (size_t i = 0; i < c->n; i++) {
            const char *name = db->elements[c->terms[i].element].name;
            if (strcmp(name, "O") == 0)
                r->master_o[j] = c->terms[i].count;
            else if (strcmp(name, "H") == 0)
                r->master_h[j] = c->terms[i].count;
            else if (strcmp(name, r->net->comp_name[j]) == 0)
                r->master_n[j] = c->terms[i].count;
        }
    }
}

/* What sorbed species count: their reaction, or the formula of a -mole_balance. */
static sei_status count_sorbed(sei_ctx *ctx, sei_react *r)
{
    for (size_t k = 0; k < r->n_sorbed; k++) {
        sei_react_sorbed_row *row = &r->sorbed[k];
        sei_amounts           one = {0};
        memcpy(row->count, row->comp, sizeof row->count);
        row->count_e = row->nu_e;
        row->count_w = row->nu_w;
        if (!row->def->mole_balance)
            continue;
        if (!sei_react_add_formula(r, row->def->mole_balance, 1.0, &one))
            return sei_fail(ctx, SEI_E_NOT_FOUND, NULL,
                            "%s: -mole_balance %s holds something that the system has not",
                            row->def->name, row->def->mole_balance);
        memcpy(row->count, one.comp, sizeof row->count);
        row->count_e = one.electron;
        row->count_w = one.water;
    }
    return SEI_OK;
}

void sei_react_free(sei_react *react)
{
    if (!react)
        return;
    sei_net_free(react->net);
    sei_release(react->ctx, react->sorbed);
    sei_release(react->ctx, react->count_h);
    sei_release(react->ctx, react->count_e);
    sei_release(react->ctx, react->count_w);
    sei_release(react->ctx, react->count);
    sei_release(react->ctx, react->of_db);
    sei_release(react->ctx, react);
}

const sei_net *sei_react_net(const sei_react *react)
{
    return react->net;
}

size_t sei_react_n_sites(const sei_react *react)
{
    return react->n_sites;
}

size_t sei_react_n_sorbed(const sei_react *react)
{
    return react->n_sorbed;
}

const sei_sorb_species *sei_react_sorbed(const sei_react *react, size_t i)
{
    return react->sorbed[i].def;
}

const sei_sorb *sei_react_sorb(const sei_react *react)
{
    return react->sorb;
}

size_t sei_react_site_def(const sei_react *react, size_t site)
{
    return react->site_def[site];
}

size_t sei_react_site(const sei_react *react, const char *name)
{
    for (size_t i = 0; i < react->n_sites; i++)
        if (strcmp(react->sorb->sites[react->site_def[i]].name, name) == 0)
            return i;
    return SIZE_MAX;
}

/* ---- amounts ---- */

/* Site master's part that is not the site itself: Hfo_wOH brings O and H with the site. */
static void add_site(const sei_react *r, size_t site, double mol, sei_amounts *a, double *o,
                     double *h)
{
    sei_formula f;
    const char *master = r->sorb->sites[r->site_def[site]].master;

    a->site[site] += mol;
    if (!sei_formula_parse(master, strlen(master), &f))
        return;
    for (size_t i = 0; i < f.n; i++) {
        if (strcmp(f.parts[i].symbol, "O") == 0)
            *o -= mol * f.parts[i].count;
        if (strcmp(f.parts[i].symbol, "H") == 0)
            *h -= mol * f.parts[i].count;
    }
}

/* n_j of the elements; then water from oxygen, protons from hydrogen, electrons from charge. */
static bool add_parts(const sei_react *r, const sei_formula *f, double mol, sei_amounts *a)
{
    double      o = 0.0, h = 0.0, z = mol * f->charge;
    sei_amounts sum = *a;

    for (size_t i = 0; i < f->n; i++) {
        const char  *symbol = f->parts[i].symbol;
        const double count  = mol * f->parts[i].count;
        if (strcmp(symbol, "O") == 0) {
            o += count;
            continue;
        }
        if (strcmp(symbol, "H") == 0) {
            h += count;
            continue;
        }
        if (strcmp(symbol, "e") == 0)
            continue;
        const size_t site = sei_react_site(r, symbol);
        if (site != SIZE_MAX) {
            z -= count * r->sorb->sites[r->site_def[site]].charge;
            add_site(r, site, count, &sum, &o, &h);
            continue;
        }
        const size_t j = sei_net_component(r->net, symbol);
        if (j == SIZE_MAX || !(r->master_n[j] > 0.0))
            return false;
        const double n = count / r->master_n[j];
        sum.comp[j] += n;
        o -= n * r->master_o[j];
        h -= n * r->master_h[j];
        z -= n * r->master_z[j];
    }
    const double protons = h - 2.0 * o;
    sum.water += o - protons * r->master_o[r->net->n_comp - 1]; /* H3O+ brings one itself */
    sum.comp[r->net->n_comp - 1] += protons;
    sum.electron += protons - z;
    *a = sum;
    return true;
}

bool sei_react_add_formula(const sei_react *react, const char *formula, double mol,
                           sei_amounts *amounts)
{
    sei_formula f;

    return sei_formula_parse(formula, strlen(formula), &f) && add_parts(react, &f, mol, amounts);
}

/* A species of the database as a formula of elements. */
static bool species_formula(const sei_react *r, size_t db_species, sei_formula *ret)
{
    const sei_composition *c = &r->db->species[db_species].composition;

    memset(ret, 0, sizeof *ret);
    if (c->n > SEI_FORMULA_PARTS)
        return false;
    ret->charge = c->charge;
    ret->n      = c->n;
    for (size_t i = 0; i < c->n; i++) {
        snprintf(ret->parts[i].symbol, sizeof ret->parts[i].symbol, "%s",
                 r->db->elements[c->terms[i].element].name);
        ret->parts[i].count = c->terms[i].count;
    }
    return true;
}

static bool find_amounts(const sei_react *react, size_t db_species, double mol,
                         sei_amounts *amounts)
{
    const sei_net *net = react->net;
    double         nu[SEI_COMPONENTS_MAX], nu_e, nu_w;
    sei_formula    f;
    sei_logk       logk;

    if (!react->db->species[db_species].is_unbalanced && species_formula(react, db_species, &f) &&
        add_parts(react, &f, mol, amounts))
        return true;
    /* A system of valences ("Fe(2)", "S(6)") has no element of that name: the reaction tells the valence. */
    if (!sei_net_express(net, db_species, nu, &nu_e, &nu_w, &logk))
        return false;
    for (size_t j = 0; j < net->n_comp; j++)
        amounts->comp[j] += nu[j] * mol;
    amounts->electron += nu_e * mol;
    amounts->water += nu_w * mol;
    return true;
}

bool sei_react_add_species(const sei_react *react, size_t db_species, double mol,
                           sei_amounts *amounts)
{
    const size_t n = react->net->n_comp, at = react->of_db[db_species];

    if (at == 0)
        return find_amounts(react, db_species, mol, amounts);
    for (size_t j = 0; j < n; j++)
        amounts->comp[j] += react->count[(at - 1) * n + j] * mol;
    amounts->electron += react->count_e[at - 1] * mol;
    amounts->water += react->count_w[at - 1] * mol;
    return true;
}

void sei_react_add_phase(const sei_react *react, size_t phase, double mol, sei_amounts *amounts)
{
    const sei_net_phase *p = &react->net->phases[phase];

    for (size_t j = 0; j < react->net->n_comp; j++)
        amounts->comp[j] += mol * p->nu[j];
    amounts->electron += mol * p->nu_e;
    amounts->water += mol * p->nu_w;
}

static sei_status count_species(sei_ctx *ctx, sei_react *r)
{
    const size_t n = r->net->n_species, nc = r->net->n_comp;

    r->count_h = sei_alloc(ctx, n, sizeof *r->count_h);
    r->count_e = sei_alloc(ctx, n, sizeof *r->count_e);
    r->count_w = sei_alloc(ctx, n, sizeof *r->count_w);
    r->count   = sei_alloc(ctx, n * nc, sizeof *r->count);
    r->of_db   = sei_alloc(ctx, r->db->n_species, sizeof *r->of_db);
    if (!r->count_h || !r->count_e || !r->count_w || !r->count || !r->of_db)
        return SEI_E_NOMEM;
    for (size_t i = 0; i < n; i++) {
        sei_amounts a = {0};
        if (!find_amounts(r, r->net->db_index[i], 1.0, &a))
            return sei_fail(ctx, SEI_E_INTERNAL, NULL, "species %s cannot be counted",
                            r->net->name[i]);
        r->count_h[i] = a.comp[nc - 1];
        r->count_e[i] = a.electron;
        r->count_w[i] = a.water;
        memcpy(r->count + i * nc, a.comp, nc * sizeof *r->count);
    }
    for (size_t i = 0; i < n; i++) /* none before all are counted */
        r->of_db[r->net->db_index[i]] = i + 1;
    return SEI_OK;
}

static bool holds_electrons(const sei_react *r)
{
    for (size_t i = 0; i < r->net->n_species; i++)
        if (r->count_e[i] != 0.0 || r->net->nu_e[i] != 0.0)
            return true;
    for (size_t k = 0; k < r->n_sorbed; k++)
        if (r->sorbed[k].count_e != 0.0 || r->sorbed[k].nu_e != 0.0)
            return true;
    for (size_t p = 0; p < r->net->n_phases; p++)
        if (r->net->phases[p].nu_e != 0.0)
            return true;
    return false;
}

sei_status sei_react_create(sei_ctx *ctx, const sei_react_spec *spec, sei_react **ret_react)
{
    const sei_net_spec net = {
        .n_components = spec->n_elements, .components = spec->elements, .with_electron = true};
    sei_react *r = sei_alloc(ctx, 1, sizeof *r);

    if (!r)
        return SEI_E_NOMEM;
    r->ctx        = ctx;
    r->db         = spec->db;
    r->sorb       = spec->sorb;
    sei_status st = sei_net_create(ctx, spec->db, &net, &r->net);
    if (st == SEI_OK) {
        count_masters(r);
        st = compile_sorption(ctx, r, spec);
    }
    if (st == SEI_OK)
        st = count_sorbed(ctx, r);
    if (st != SEI_OK) {
        sei_react_free(r);
        return st;
    }
    st = count_species(ctx, r);
    if (st != SEI_OK) {
        sei_react_free(r);
        return st;
    }
    r->has_electrons = holds_electrons(r);
    *ret_react       = r;
    return SEI_OK;
}

void sei_react_add_amounts(const sei_react *react, const sei_amounts *from, double factor,
                           sei_amounts *amounts)
{
    for (size_t j = 0; j < react->net->n_comp; j++)
        amounts->comp[j] += factor * from->comp[j];
    for (size_t s = 0; s < react->n_sites; s++)
        amounts->site[s] += factor * from->site[s];
    amounts->electron += factor * from->electron;
    amounts->water += factor * from->water;
}

double sei_react_water_kg_mol(const sei_react *react, const sei_amounts *a)
{
    const sei_net *net = react->net;

    for (size_t k = 0; k < net->n_waters; k++)
        for (size_t j = 0; j + 1 < net->n_comp; j++)
            if (net->comp_species[j] == net->waters[k] && a->comp[j] > 0.0)
                return SEI_ISOTOPE_WATER_KG_MOL;
    return SEI_WATER_KG_MOL;
}

void sei_react_add_water_kg(double kg, sei_amounts *amounts)
{
    amounts->water += kg / SEI_WATER_KG_MOL;
}

double sei_react_element(const sei_react *react, const sei_amounts *a, const char *element)
{
    const sei_net *net = react->net;
    const size_t   h   = net->n_comp - 1;
    double         sum = 0.0;

    if (strcmp(element, "O") != 0 && strcmp(element, "H") != 0) {
        const size_t j = sei_net_component(net, element);
        return j == SIZE_MAX ? 0.0 : a->comp[j] * react->master_n[j];
    }
    const bool oxygen = element[0] == 'O';
    for (size_t j = 0; j < h; j++)
        sum += a->comp[j] * (oxygen ? react->master_o[j] : react->master_h[j]);
    for (size_t s = 0; s < react->n_sites; s++) {
        sei_amounts none = {0};
        double      o = 0.0, protons = 0.0;
        if (a->site[s] != 0.0) /* add_site takes away what the master brings */
            add_site(react, s, a->site[s], &none, &o, &protons);
        sum -= oxygen ? o : protons;
    }
    return oxygen ? sum + a->water + a->comp[h] * react->master_o[h]
                  : sum + a->comp[h] * react->master_h[h] + 2.0 * a->water;
}
