/*
 * react_check.h - is it an equilibrium? From the database's own rows, compositions and the amounts found
 *
 * Nothing of the solver is used but the amounts and activities that it hands out.
 */
#ifndef SEI_TESTS_REACT_CHECK_H
#define SEI_TESTS_REACT_CHECK_H

#include "check_layer.h"
#include "check_planes.h"
#include "check_specific.h"

enum { RK_SPECIES_MAX = 4096 };

/* Worst misfit of each kind, each by what is allowed: at most 1 is right. */
typedef struct {
    double      worst;
    const char *what;
    char        name[64];
    double      value;
} rk_verdict;

static inline void rk_note(rk_verdict *v, double misfit, double allowed, const char *what,
                           const char *name)
{
    const double size = isfinite(misfit) ? fabs(misfit) / allowed : (double)INFINITY;

    if (!(size > v->worst))
        return;
    v->worst = size;
    v->what  = what;
    v->value = misfit;
    snprintf(v->name, sizeof v->name, "%s", name);
}

static inline bool rk_is_specific(const sei_equil *eq)
{
    return eq->net->db->model != SEI_MODEL_IONIC_STRENGTH;
}

/* log10 activities of all species of the network, by index of the database; NAN for others. lm: molalities. */
static inline void rk_activities(const sei_equil *eq, double la[], double lm[], rk_verdict *v)
{
    const sei_db           *db = eq->net->db;
    const sei_debye_hueckel dh = sei_debye_hueckel_at(eq->temp_k);
    static double           lng[CS_SPECIES_MAX];
    double                  ln_aw = 0.0;

    if (rk_is_specific(eq) && !cs_activities(eq, lng, &ln_aw))
        rk_note(v, 1.0, 1e-9, "not a system that can be checked", "");
    if (rk_is_specific(eq))
        rk_note(v, eq->ln_aw - fmin(0.0, fmax(ln_aw, log(0.05))), 1e-9, "activity of water", "");
    for (size_t s = 0; s < db->n_species && s < RK_SPECIES_MAX; s++)
        la[s] = lm[s] = NAN;
    for (size_t i = 0; i < eq->net->n_species; i++) {
        const size_t s = eq->net->db_index[i];
        lm[s]          = log10(eq->m[i]);
        la[s]          = lm[s] + (rk_is_specific(eq) ? lng[i] / log(10.0)
                                                     : rnd_log_gamma(&db->species[s], eq->mu, dh));
    }
    lm[db->water]   = eq->ln_aw / log(10.0);
    lm[db->e_minus] = eq->ln_ae / log(10.0);
    la[db->water]   = eq->ln_aw / log(10.0);
    la[db->e_minus] = eq->ln_ae / log(10.0);
}

static inline double rk_reaction(const sei_reaction *r, const double la[], double temp_k)
{
    double sum = sei_logk_at(&r->logk, temp_k);

    for (size_t t = 0; t < r->n_terms; t++)
        sum += r->terms[t].coef * la[r->terms[t].species];
    return sum;
}

static inline void rk_species(const sei_equil *eq, const double la[], rk_verdict *v)
{
    const sei_db *db = eq->net->db;

    for (size_t i = 0; i < eq->net->n_species; i++) {
        const sei_species *s = &db->species[eq->net->db_index[i]];
        /* exp() is held within its range; below it nothing is meant */
        if (!s->is_identity && eq->m[i] > 1e-250)
            rk_note(v, rk_reaction(&s->formation, la, eq->temp_k) - la[eq->net->db_index[i]], 1e-8,
                    "mass action", s->name);
    }
}

/* Saturation index by the database's row. */
static inline double rk_si(const sei_net *net, size_t phase, const double la[], double temp_k)
{
    const sei_phase *p   = &net->db->phases[net->phases[phase].index];
    double           sum = -sei_logk_at(&p->dissolution.logk, temp_k);

    for (size_t t = 0; t < p->dissolution.n_terms; t++)
        sum += p->dissolution.terms[t].coef * la[p->dissolution.terms[t].species];
    return sum;
}

static inline void rk_minerals(const sei_net *net, const sei_react_system *s,
                               const sei_react_state *st, const double la[], double size,
                               rk_verdict *v)
{
    for (size_t i = 0; i < s->n_minerals; i++) {
        const sei_mineral *m    = &s->minerals[i];
        const char        *name = net->phases[m->phase].name;
        double             over = rk_si(net, m->phase, la, s->temp_k) - m->target_si;
        const double       left = st->mineral_mol[i], none = 1e-14 * size + 1e-11 * m->mol;
        if (isnan(over) || over < -1e6)
            over = -1e6;
        rk_note(v, fmin(left, 0.0), 1e-300, "less than nothing of a mineral", name);
        if (over > 0.0 && !(m->dissolve_only && left >= m->mol - none))
            rk_note(v, over, 1e-7, "supersaturated", name);
        if (over < 0.0 && left > none && !(m->precipitate_only && left <= m->mol + none))
            rk_note(v, over, 1e-7, "undersaturated beside the mineral", name);
        if (m->dissolve_only)
            rk_note(v, fmax(left - m->mol, 0.0), none + 1e-300, "has grown", name);
        if (m->precipitate_only)
            rk_note(v, fmax(m->mol - left, 0.0), none + 1e-300, "has dissolved", name);
    }
}

/* Atoms and charge of a formula with sites in it, by the database's tables. */
static inline double rk_count(const sei_db *db, const sei_composition *c, const char *element)
{
    for (size_t k = 0; k < c->n; k++)
        if (strcmp(db->elements[c->terms[k].element].name, element) == 0)
            return c->terms[k].count;
    return 0.0;
}

/* Water with its layers: kilograms that hold the molality of a species of each charge, in the layers alone (their digits would be lost beside
 * those of the water). */
typedef struct {
    double free_kg, layer_kg, in_layers_kg[CL_CLASSES];
    /* Charges of either sign of the groups behind the layers, eq. What a layer holds follows their difference, which is known by no more digits than the
     * unknowns have: an ulp of pH at 7 moves each group by 4e-15. */
    double groups;
} rk_water;

#define RK_GROUPS_NOISE 2e-14

static inline double rk_mol_in_layers(const rk_water *w, const sei_equil *eq, size_t i)
{
    const double z = eq->net->db->species[eq->net->db_index[i]].composition.charge;

    return eq->m[i] * w->in_layers_kg[CL_CHARGE_MAX + (int)z];
}

static inline double rk_mol(const rk_water *w, const sei_equil *eq, size_t i)
{
    return eq->m[i] * w->free_kg + rk_mol_in_layers(w, eq, i);
}

/* Atoms of element in what is found, and the size of the numbers that are added. */
static inline double rk_found(const sei_react *react, const sei_equil *eq,
                              const sei_react_system *s, const sei_react_state *st,
                              const double given[], const rk_water *w, const sei_mixture before[],
                              const char *element, double *size)
{
    const sei_net *net = eq->net;
    double         sum = sei_react_element(react, &st->sorbed, element);

    *size = fabs(sum) + RK_GROUPS_NOISE / 1e-12 * w->groups;
    if (strcmp(element, "O") == 0 || strcmp(element, "H") == 0) {
        const double water =
            (w->free_kg + w->layer_kg) / 0.018016 * (element[0] == 'H' ? 2.0 : 1.0);
        sum += water;
        *size += water;
    }
    for (size_t i = 0; i < net->n_species; i++) {
        const double count =
            rk_count(net->db, &net->db->species[net->db_index[i]].composition, element);
        const double n = count * rk_mol(w, eq, i);
        sum += n;
        /* a layer follows the charge of its surface, which is a small difference between its groups: ten digits of it */
        *size += n + 100.0 * fabs(count * rk_mol_in_layers(w, eq, i));
    }
    for (size_t i = 0; i < s->n_minerals; i++) {
        const sei_phase *p       = &net->db->phases[net->phases[s->minerals[i].phase].index];
        const double     count   = rk_count(net->db, &p->composition, element);
        const bool       is_seen = s->minerals[i].mol != st->mineral_mol[i];
        sum -= count * given[i];
        *size += fabs(count * given[i]) + (is_seen ? fabs(count * s->minerals[i].mol) : 0.0);
    }
    for (size_t x = 0; x < s->n_mixtures; x++)
        for (size_t k = 0; k < s->mixtures[x].n; k++) {
            const sei_phase *p = &net->db->phases[net->phases[s->mixtures[x].phase[k]].index];
            const double     c = rk_count(net->db, &p->composition, element);
            sum += c * (s->mixtures[x].mol[k] - before[x].mol[k]);
            *size += c * (s->mixtures[x].mol[k] + before[x].mol[k]);
        }
    return sum;
}

static inline void rk_elements(const sei_react *react, const sei_equil *eq,
                               const sei_react_system *s, const sei_react_state *st,
                               const double given_by[], const rk_water *w,
                               const sei_mixture before[], rk_verdict *v)
{
    for (size_t e = 0; e < eq->net->db->n_elements; e++) {
        const char *name = eq->net->db->elements[e].name;
        double      size;
        if (strcmp(name, "E") == 0 || strcmp(name, "e") == 0)
            continue;
        const double given = sei_react_element(react, &s->total, name);
        const double found = rk_found(react, eq, s, st, given_by, w, before, name, &size);
        rk_note(v, found - given,
                1e-9 * fabs(given) + 1e-17 +
                    (name[1] == '\0' && strchr("HO", name[0]) ? 3e-14 : 1e-12) * size,
                "balance of an element", name);
    }
}

/* Charge of the water, of what is sorbed, and of what was there: minerals and gases have none. The same for protons
 * and electrons would need the oxidation states of the database; O and H tell them within 1e-14 of 111 mol. */
static inline void rk_charge(const sei_react *react, const sei_equil *eq, const sei_react_system *s,
                             const sei_react_state *st, const rk_water *w, rk_verdict *v)
{
    const sei_net *net = eq->net;
    double         sum = 0.0, size = 0.0, given = 0.0;

    for (size_t i = 0; i < net->n_species; i++) {
        const double n = net->db->species[net->db_index[i]].composition.charge * rk_mol(w, eq, i);
        sum += n;
        size += fabs(n);
    }
    for (size_t k = 0; k < sei_react_n_sorbed(react); k++) {
        const sei_sorb_species *d = sei_react_sorbed(react, k);
        const double            n = d->charge * st->sorbed_mol[k];
        sum += n;
        size += fabs(n);
    }
    for (size_t j = 0; j < net->n_comp; j++)
        given += net->comp_charge[j] * s->total.comp[j];
    given -= s->total.electron;
    for (size_t i = 0; i < s->n_sites;
         i++) /* a free exchange site carries its charge, a surface group none */
        given += s->sites[i].mol *
                 sei_react_sorb(react)->sites[sei_react_site_def(react, s->sites[i].site)].charge;
    for (size_t i = 0; i < s->n_minerals; i++)
        size += fmin(fabs(s->minerals[i].mol), 1e3) * 1e-3;
    rk_note(v, sum - given, 1e-9 * size + 1e-13, "charge", "");
}

static inline bool rk_is_surface(const sei_react *react, const sei_sorb_species *d)
{
    return sei_react_sorb(react)->sites[d->site].is_surface;
}

/* Charge of the groups against the charge law; what a layer holds is neutral with them. */
static inline void rk_surface(const sei_equil *eq, const sei_surface *f, double psi, double charge,
                              double size, rk_verdict *v)
{
    const double eps  = sei_water_permittivity(eq->temp_k);
    const double by   = f->area_m2 / 96493.5;
    const double law  = f->capacitance_f_m2 > 0.0 && !f->has_planes /* of one capacitance */
                            ? by * f->capacitance_f_m2 * 8.3147 * eq->temp_k / 96493.5 * psi
                            : by * sqrt(8.0 * eps * 8.854e-12 * 8.3147 * eq->temp_k * 1e3 * eq->mu) *
                                 sinh(0.5 * psi);
    double       held = 0.0, held_size = 0.0;

    if (f->no_edl)
        return;
    if (!(f->layer_kg > 0.0 && f->layer_is_integral))
        rk_note(v, charge - law, 1e-12 * by + 1e-8 * (size + fabs(law)), "charge of a surface", "");
    if (!(f->layer_kg > 0.0))
        return;
    const cl_layer l = cl_at(eq, f, charge, psi);
    for (size_t i = 0; i < eq->net->n_species; i++) {
        const double z = eq->net->db->species[eq->net->db_index[i]].composition.charge,
                     n = z * eq->m[i] * l.kg[CL_CHARGE_MAX + (int)z];
        held += n;
        held_size += fabs(n);
    }
    rk_note(v, charge + held, 1e-12 * by + 1e-8 * (size + held_size), "charge of a layer", "");
}

static inline double rk_charge_of(const sei_react *react, const sei_react_system *s,
                                  const sei_react_state *st, size_t surface, double *groups)
{
    const sei_surface *f     = &s->surfaces[surface];
    const size_t       first = f->has_planes ? surface - f->plane : surface;
    double             sum   = 0.0;

    for (size_t k = 0; k < sei_react_n_sorbed(react); k++) {
        const sei_sorb_species *d = sei_react_sorbed(react, k);
        for (size_t i = 0; i < s->n_sites; i++)
            if (rk_is_surface(react, d) && sei_react_site_def(react, s->sites[i].site) == d->site &&
                s->sites[i].surface == first) {
                sum += d->charge * st->sorbed_mol[k];
                *groups += fabs(d->charge) * st->sorbed_mol[k];
            }
    }
    return sum;
}

static inline rk_water rk_water_of(const sei_react *react, const sei_equil *eq,
                                   const sei_react_system *s, const sei_react_state *st)
{
    rk_water w = {.free_kg = st->water_kg};

    for (size_t i = 0; i < s->n_surfaces; i++) {
        const sei_surface *f = &s->surfaces[i];
        if (!(f->layer_kg > 0.0))
            continue;
        const cl_layer l = cl_at(eq, f, rk_charge_of(react, s, st, i, &w.groups), st->potential[i]);
        w.layer_kg += f->layer_kg;
        for (int c = 0; c < CL_CLASSES; c++)
            w.in_layers_kg[c] += l.kg[c];
    }
    return w;
}

/* What the state says that the layers hold. */
static inline void rk_layers(const sei_react *react, const sei_equil *eq, const sei_react_state *st,
                             const rk_water *w, rk_verdict *v)
{
    const sei_db *db = eq->net->db;

    for (size_t e = 0; e < db->n_elements && w->layer_kg > 0.0; e++) {
        const char  *name  = db->elements[e].name;
        const double atoms = strcmp(name, "H") == 0 ? 2.0 : strcmp(name, "O") == 0 ? 1.0 : 0.0;
        double       sum = atoms * w->layer_kg / 0.018016, size = sum;
        if (strcmp(name, "E") == 0 || strcmp(name, "e") == 0)
            continue;
        for (size_t i = 0; i < eq->net->n_species; i++) {
            const double n = rk_mol_in_layers(w, eq, i) *
                             rk_count(db, &db->species[eq->net->db_index[i]].composition, name);
            sum += n;
            size += fabs(n) + fabs(1e-3 * eq->m[i] * w->layer_kg);
        }
        rk_note(v, sum - sei_react_element(react, &st->layer, name),
                1e-8 * size + RK_GROUPS_NOISE * w->groups + 1e-17, "content of a layer", name);
    }
}

/* F psi / RT times the charge that the reaction of a species brings into each plane; charges of the species there. */
static inline double rk_in_planes(const sei_react *react, const sei_react_state *st,
                                  const sei_sorb_species *d, size_t surface,
                                  double ret_z[CP_PLANES], rk_verdict *v)
{
    const double master = d->site_coef * sei_react_sorb(react)->sites[d->site].charge;
    double       sum    = 0.0;

    if (!cp_charges_of(d->name, ret_z))
        rk_note(v, 1.0, 1e-9, "no charges are known in the planes", d->name);
    rk_note(v, ret_z[0] + ret_z[1] + ret_z[2] - d->charge, 1e-12, "charge of a species", d->name);
    for (size_t p = 0; p < CP_PLANES; p++)
        sum += (ret_z[p] - (p == 0 ? master : 0.0)) * st->potential[surface + p];
    return sum;
}

/* Condensers and the diffuse layer hold what the planes do. */
static inline void rk_planes(const sei_equil *eq, const sei_surface first[],
                             const double potential[], const double charge[], const double size[],
                             rk_verdict *v)
{
    const double least = 1e-12 * first[0].area_m2 / 96493.5;
    double       against[CP_PLANES], made_of[CP_PLANES], sum = 0.0, sum_size = 0.0;

    cp_opposing(eq, first, potential, against, made_of);
    for (size_t p = 0; p < CP_PLANES; p++) {
        sum += charge[p];
        sum_size += size[p];
        if (first[p].layer_kg >
            0.0) { /* one that holds something stands behind the planes as behind a surface */
            rk_surface(eq, &first[p], potential[p], sum, sum_size, v);
            continue;
        }
        rk_note(v, sum - against[p], least + 1e-8 * (sum_size + made_of[p]), "charge of a plane",
                "");
    }
}

static inline void rk_sites(const sei_react *react, const sei_equil *eq, const sei_react_system *s,
                            const sei_react_state *st, const double la[], const double lm[],
                            rk_verdict *v)
{
    double held[SEI_REACT_SITES_MAX] = {0.0}, charge[SEI_REACT_SITES_MAX] = {0.0},
           size[SEI_REACT_SITES_MAX] = {0.0}, z_planes[CP_PLANES];
    const sei_debye_hueckel dh       = sei_debye_hueckel_at(eq->temp_k);
    const double            root     = sqrt(eq->mu);

    for (size_t k = 0; k < sei_react_n_sorbed(react); k++) {
        const sei_sorb_species *d    = sei_react_sorbed(react, k);
        size_t                  site = 0;
        while (site < s->n_sites && sei_react_site_def(react, s->sites[site].site) != d->site)
            site++;
        if (site == s->n_sites || !(s->sites[site].mol > 0.0)) {
            rk_note(v, st->sorbed_mol[k], 1e-300, "sorbed without a site", d->name);
            continue;
        }
        const sei_site_amount *a   = &s->sites[site];
        double                 sum = sei_logk_at(&d->logk, eq->temp_k) +
                     d->site_coef * st->x_site[a->site] / log(10.0),
               z = d->charge;
        /* with specific interactions ions on exchangers have the coefficients that they have in the water */
        const bool as_ions =
            rk_is_specific(eq) && !s->own_exchange_gammas && !rk_is_surface(react, d);
        for (size_t t = 0; t < d->n_terms; t++)
            sum += d->coef[t] * (as_ions ? lm : la)[sei_db_find_species(eq->net->db, d->term[t])];
        if (d->gamma == SEI_GAMMA_WATEQ && !as_ions)
            sum -= -dh.a * d->site_coef * d->site_coef * root / (1.0 + dh.b * d->dha * root) +
                   d->dhb * eq->mu;
        z -= d->site_coef * sei_react_sorb(react)->sites[d->site].charge;
        const bool in_planes = rk_is_surface(react, d) && s->surfaces[a->surface].has_planes;
        if (in_planes)
            sum -= rk_in_planes(react, st, d, a->surface, z_planes, v) / log(10.0);
        else if (rk_is_surface(react, d) && !s->surfaces[a->surface].no_edl)
            sum -= z * st->potential[a->surface] / log(10.0);
        /* in planes a species of two sites is one share of them, as PHREEQC has it */
        const double shares = in_planes ? 1.0 : d->site_coef;
        if (st->sorbed_mol[k] > 1e-80)
            rk_note(v, log10(st->sorbed_mol[k] * shares / a->mol) - sum, 1e-8,
                    "mass action of a site", d->name);
        held[site] += d->site_coef * st->sorbed_mol[k];
        for (size_t p = 0; in_planes && p < CP_PLANES; p++) {
            charge[a->surface + p] += z_planes[p] * st->sorbed_mol[k];
            size[a->surface + p] += fabs(z_planes[p]) * st->sorbed_mol[k];
        }
        if (rk_is_surface(react, d) && !in_planes) {
            charge[a->surface] += d->charge * st->sorbed_mol[k];
            size[a->surface] += fabs(d->charge) * st->sorbed_mol[k];
        }
    }
    for (size_t i = 0; i < s->n_sites; i++)
        rk_note(v, held[i] - s->sites[i].mol, 1e-9 * s->sites[i].mol, "balance of a site", "");
    for (size_t i = 0; i < s->n_surfaces; i++)
        if (!s->surfaces[i].has_planes)
            rk_surface(eq, &s->surfaces[i], st->potential[i], charge[i], size[i], v);
        else if (s->surfaces[i].plane == 0)
            rk_planes(eq, &s->surfaces[i], st->potential + i, charge + i, size + i, v);
}

/* ---- solids of two parts that are not ideal: Guggenheim's activity coefficients (Glynn and Reardon 1990) ---- */

static inline double rk_ln_lambda(const sei_mixture *m, size_t part, double x1)
{
    const double x2 = 1.0 - x1;

    return part == 0 ? x2 * x2 * (m->a0 - m->a1 * (4.0 * x1 - 1.0))
                     : x1 * x1 * (m->a0 + m->a1 * (4.0 * x2 - 1.0));
}

/* ln(x1 l1 / x2 l2) at x1 / x2 = e^u */
static inline double rk_ln_parts(const sei_mixture *m, double u)
{
    const double x1 = 1.0 / (1.0 + exp(-u));

    return u + rk_ln_lambda(m, 0, x1) - rk_ln_lambda(m, 1, x1);
}

/*
 * Every composition that goes with these saturation ratios is found by walking over all of them. A solid that is there is
 * saturated; of two sides of a gap, between whose compositions the whole lies, both are; none is supersaturated.
 */
static inline void rk_solid(const sei_mixture *m, const double ln_w[2], rk_verdict *v)
{
    const double mol = m->mol[0] + m->mol[1], x = m->mol[0] / mol, wanted = ln_w[0] - ln_w[1];
    double low = -1.0, high = 2.0; /* saturated compositions below and above that of the whole */
    bool   is_one = false;

    for (double u = -130.0; u < 130.0; u += 0.02) {
        double a = u, b = u + 0.02;
        if ((rk_ln_parts(m, a) - wanted) * (rk_ln_parts(m, b) - wanted) > 0.0)
            continue;
        for (int k = 0; k < 60; k++) {
            const double c = 0.5 * (a + b);
            if ((rk_ln_parts(m, a) - wanted) * (rk_ln_parts(m, c) - wanted) > 0.0)
                a = c;
            else
                b = c;
        }
        const double x1 = 1.0 / (1.0 + exp(-a)), x2 = 1.0 / (1.0 + exp(a));
        const double over = x1 * (ln_w[0] - log(x1) - rk_ln_lambda(m, 0, x1)) +
                            x2 * (ln_w[1] - log(x2) - rk_ln_lambda(m, 1, x1));
        rk_note(v, fmax(over, 0.0), 1e-7, "a solid that should have formed", "");
        if (!(mol > 0.0) || over < -1e-7)
            continue;
        is_one = is_one || fabs(x1 - x) < 1e-6;
        low    = x1 <= x ? fmax(low, x1) : low;
        high   = x1 >= x ? fmin(high, x1) : high;
    }
    if (mol > 0.0)
        rk_note(v, is_one || (low > 0.0 && high < 1.0) ? 0.0 : 1.0, 1e-7, "composition of a solid",
                "");
}

static inline void rk_mixtures(const sei_net *net, const sei_react_system *s, const double la[],
                               rk_verdict *v)
{
    for (size_t x = 0; x < s->n_mixtures; x++) {
        const sei_mixture *m   = &s->mixtures[x];
        double             sum = 0.0, mol = 0.0;
        for (size_t k = 0; k < m->n; k++) {
            sum += pow(10.0, rk_si(net, m->phase[k], la, s->temp_k));
            mol += m->mol[k];
        }
        const double unit = m->kind == SEI_MIXTURE_GAS_PRESSURE ? m->pressure_atm : 1.0;
        if (m->kind == SEI_MIXTURE_SOLID && m->n == 2 && (m->a0 != 0.0 || m->a1 != 0.0)) {
            rk_solid(m,
                     (const double[]){log(10.0) * rk_si(net, m->phase[0], la, s->temp_k),
                                      log(10.0) * rk_si(net, m->phase[1], la, s->temp_k)},
                     v);
            continue;
        }
        if (m->kind == SEI_MIXTURE_GAS_VOLUME)
            rk_note(v, mol * 0.0820597 * s->temp_k / m->volume_l / sum - 1.0, 1e-7, "gas law", "");
        else if (mol > 0.0)
            rk_note(v, log(sum / unit), 1e-7, "sum of pressures or fractions", "");
        else
            rk_note(v, fmax(log(sum / unit), 0.0), 1e-7, "a mixture that should have formed", "");
        for (size_t k = 0; k < m->n && mol > 0.0; k++)
            rk_note(v, m->mol[k] / mol - pow(10.0, rk_si(net, m->phase[k], la, s->temp_k)) / sum,
                    1e-7, "part of a mixture", "");
    }
}

/* What minerals have given goes with what is left of them, to the last digit of the whole: a trace of one of which there is much is
 * less than that. */
static inline void rk_given(const sei_net *net, const sei_react_system *s,
                            const sei_react_state *st, const double given[], rk_verdict *v)
{
    for (size_t i = 0; i < s->n_minerals; i++)
        rk_note(v, s->minerals[i].mol - given[i] - st->mineral_mol[i],
                3e-16 * (s->minerals[i].mol + fabs(given[i])) + 1e-300,
                "what is left of a mineral and what it has given",
                net->phases[s->minerals[i].phase].name);
}

/* Of the last solution of work. before: the mixtures as they were given. */
static inline rk_verdict rk_check(const sei_react *react, const sei_react_work *work,
                                  const sei_react_system *s, const sei_react_state *st,
                                  const sei_mixture before[])
{
    const sei_equil *eq = sei_react_equil(work);
    double           given[SEI_REACT_PHASES_MAX];
    static double    la[RK_SPECIES_MAX], lm[RK_SPECIES_MAX];
    rk_verdict       v     = {0};
    double           sum_m = 0.0;
    const rk_water   w     = rk_water_of(react, eq, s, st);

    for (size_t i = 0; i < s->n_minerals; i++)
        given[i] = sei_react_given(work, s, i);
    rk_activities(eq, la, lm, &v);
    rk_species(eq, la, &v);
    rk_note(&v, rnd_ionic_strength(eq), 1e-6, "ionic strength", "");
    for (size_t i = 0; i < eq->net->n_species; i++)
        sum_m += eq->m[i];
    if (sum_m < 50.0 && !rk_is_specific(eq))
        rk_note(&v, eq->ln_aw - log(fmax(1.0 - 0.017 * sum_m, 0.05)), 1e-9, "activity of water",
                "");
    rk_minerals(eq->net, s, st, la, st->water_kg, &v);
    rk_given(eq->net, s, st, given, &v);
    rk_elements(react, eq, s, st, given, &w, before, &v);
    rk_charge(react, eq, s, st, &w, &v);
    rk_layers(react, eq, st, &w, &v);
    rk_sites(react, eq, s, st, la, lm, &v);
    rk_mixtures(eq->net, s, la, &v);
    return v;
}

#endif
