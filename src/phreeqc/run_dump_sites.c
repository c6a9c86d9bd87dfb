/*
 * run_dump_sites.c - EXCHANGE_RAW and SURFACE_RAW
 *
 * What the sites hold is one sum here: it stands with the first kind of sites, which for all that follows is the same.
 */
#include <math.h>
#include <string.h>

#include "chem/formula.h"
#include "phreeqc/dump.h"

/* The site of a formula and how many of it that has; SIZE_MAX: none. */
static size_t site_of(const pq_runner *r, const char *formula, double *ret_count)
{
    sei_amounts one = {0};

    if (!sei_react_add_formula(r->react, formula, 1.0, &one))
        return SIZE_MAX;
    for (size_t s = 0; s < sei_react_n_sites(r->react); s++)
        if (one.site[s] > 0.0) {
            *ret_count = one.site[s];
            return s;
        }
    return SIZE_MAX;
}

static const char *name_of_site(const pq_runner *r, size_t site)
{
    return r->sorb->sites[sei_react_site_def(r->react, site)].name;
}

/* Moles of sites of each line of a definition: those that are tied by what they are tied to, the first of the others has the
 * rest, and what shares its site with that none. */
static void part_sites(const pq_runner *r, size_t n, const sei_pq_sites sites[],
                       const double tied_mol[], const sei_amounts *held, double ret_mol[])
{
    double left[SEI_REACT_SITES_MAX], count = 1.0;

    memcpy(left, held->site, sizeof left);
    for (size_t i = 0; i < n; i++) {
        const size_t s = site_of(r, sites[i].formula, &count);
        ret_mol[i]     = 0.0;
        if (s == SIZE_MAX || sites[i].kind == SEI_PQ_SITES_MOL)
            continue;
        ret_mol[i] = fmin(left[s], sites[i].value * tied_mol[i] * count);
        left[s] -= ret_mol[i];
    }
    for (size_t i = 0; i < n; i++) {
        const size_t s = site_of(r, sites[i].formula, &count);
        if (s == SIZE_MAX || sites[i].kind != SEI_PQ_SITES_MOL)
            continue;
        ret_mol[i] = left[s];
        left[s]    = 0.0;
    }
}

static void put_tie(const sei_pq_sites *s, int level, sei_buf *out)
{
    if (s->kind != SEI_PQ_SITES_MOL)
        pq_put_word(out, level, s->kind == SEI_PQ_SITES_MINERAL ? "-phase_name" : "-rate_name",
                    s->related);
    pq_put_number(out, level, "-phase_proportion", s->kind != SEI_PQ_SITES_MOL ? s->value : 0.0);
}

static void put_site_total(const pq_runner *r, const sei_pq_sites *s, double mol, int level,
                           sei_buf *out)
{
    double       count = 1.0;
    const size_t site  = site_of(r, s->formula, &count);

    if (site != SIZE_MAX)
        pq_put_number(out, level, name_of_site(r, site), mol);
}

void pq_put_exchange(const pq_runner *r, int number, const pq_exchange *e, sei_buf *out)
{
    double mol[SEI_REACT_SITES_MAX] = {0};
    bool   is_first                 = true;
    size_t n                        = e->def->n;

    if (n > SEI_REACT_SITES_MAX) /* what is not tied is one sum */
        n = 1;
    part_sites(r, n, e->def->sites, e->tied_mol, &e->held, mol);
    pq_put_head(out, SEI_PQ_EXCHANGE, number, "");
    pq_put_word(out, 1, "-exchange_gammas", e->def->own_gammas ? "0" : "1");
    for (size_t i = 0; i < n; i++) {
        const sei_pq_sites *s = &e->def->sites[i];
        if (!(mol[i] > 0.0) && s->kind == SEI_PQ_SITES_MOL)
            continue;
        pq_put_word(out, 1, "-component", s->formula);
        pq_put_word(out, 2, "-totals", "");
        if (is_first)
            pq_put_elements(r, out, 3, &e->held);
        put_site_total(r, s, mol[i], 3, out);
        pq_put_number(out, 2, "-charge_balance", is_first ? pq_charge_of(r, &e->held) : 0.0);
        pq_put_word(out, 2, "-la", "0");
        put_tie(s, 2, out);
        pq_put_word(out, 2, "-formula_z", "0");
        is_first = false;
    }
    pq_put_word(out, 1, "-new_def", "0");
    pq_put_word(out, 1, "-solution_equilibria", "0");
    pq_put_word(out, 1, "-n_solution", "-999");
    pq_put_word(out, 1, "-totals", "");
}

/* ------------------------------------------------------------------ surfaces */

static void put_surface_sites(const pq_runner *r, const pq_surface *f, size_t i, double mol,
                              bool is_first, sei_buf *out)
{
    const sei_pq_sites *s     = &f->def->sites[i];
    double              count = 1.0;
    const size_t        site  = site_of(r, s->formula, &count);

    pq_put_word(out, 1, "-component", s->formula);
    double z = 0.0;
    (void)sei_charge_split(s->formula, strlen(s->formula), &z);
    pq_put_number(out, 2, "-formula_z", z);
    pq_put_word(out, 2, "-moles", "0");
    pq_put_number(out, 2, "-la", mol > 0.0 ? log10(0.1 * mol) : 0.0);
    pq_put_number(out, 2, "-charge_balance", is_first ? pq_charge_of(r, &f->held) : 0.0);
    put_tie(s, 2, out);
    pq_put_word(out, 2, "-Dw", "0");
    pq_put_word(out, 2, "-charge_name", f->def->charges[s->charge].name);
    if (site != SIZE_MAX)
        pq_put_word(out, 2, "-master_element", name_of_site(r, site));
    pq_put_word(out, 2, "-totals", "");
    if (is_first)
        pq_put_elements(r, out, 3, &f->held);
    put_site_total(r, s, mol, 3, out);
}

static void put_charge(const pq_runner *r, const pq_surface *f, size_t i, sei_buf *out)
{
    static const char *const words[]   = {"-sigma0", "-sigma1", "-sigma2", "-sigmaddl"};
    const sei_pq_charge     *c         = &f->def->charges[i];
    const bool               has_layer = f->def->layer != SEI_PQ_LAYER_NONE;
    double                   charge    = 0.0;

    if (i == 0)
        charge = pq_charge_of(r, &f->held) + (has_layer ? pq_charge_of(r, &f->layer) : 0.0);
    pq_put_word(out, 1, "-charge_component", c->name);
    pq_put_number(out, 2, "-specific_area", c->area);
    pq_put_number(out, 2, "-grams", c->is_related ? f->related_mol[i] : c->mass_g);
    pq_put_number(out, 2, "-charge_balance", charge);
    pq_put_number(out, 2, "-mass_water", pq_surface_of(f, i).layer_kg);
    pq_put_word(out, 2, "-f_free", "0");
    pq_put_word(out, 2, "-ddl_viscosity", "0");
    const bool   has_planes = pq_planes_of(f->def) > 1;
    const double potential  = f->potential[i * pq_planes_of(f->def)];
    pq_put_number(out, 2, "-la_psi", potential / ((has_planes ? -1.0 : 2.0) * PQ_LN10));
    pq_put_number(out, 2, "-capacitance0", c->capacitance_f_m2[0]);
    pq_put_number(out, 2, "-capacitance1", c->capacitance_f_m2[1]);
    pq_put_word(out, 2, "-diffuse_layer_totals", "");
    if (i == 0 && has_layer)
        pq_put_elements(r, out, 3, &f->layer);
    for (size_t w = 0; w < sizeof words / sizeof *words; w++)
        pq_put_word(out, 2, words[w], "0");
}

static void put_whole(const sei_pq_surface *def, sei_buf *out)
{
    pq_put_word(out, 1, "-type",
                def->edl == SEI_PQ_NO_EDL ? "1"
                : def->edl == SEI_PQ_DDL  ? "2"
                : def->edl == SEI_PQ_CCM  ? "4"
                                          : "3");
    pq_put_word(out, 1, "-dl_type",
                def->layer == SEI_PQ_LAYER_NONE      ? "0"
                : def->layer == SEI_PQ_LAYER_DIFFUSE ? "1"
                                                     : "2");
    pq_put_word(out, 1, "-only_counter_ions", def->only_counter_ions ? "1" : "0");
    pq_put_number(out, 1, "-thickness", def->thickness_m);
    pq_put_number(out, 1, "-debye_lengths", def->debye_lengths);
    pq_put_word(out, 1, "-DDL_viscosity", "1");
    pq_put_number(out, 1, "-DDL_limit", def->limit_ddl);
}

void pq_put_surface(const pq_runner *r, int number, const pq_surface *f, sei_buf *out)
{
    const sei_pq_surface *def                      = f->def;
    double                mol[SEI_REACT_SITES_MAX] = {0}, tied[SEI_REACT_SITES_MAX] = {0};
    const size_t          n = def->n < SEI_REACT_SITES_MAX ? def->n : SEI_REACT_SITES_MAX;

    for (size_t i = 0; i < n; i++)
        tied[i] = f->related_mol[def->sites[i].charge];
    part_sites(r, n, def->sites, tied, &f->held, mol);
    pq_put_head(out, SEI_PQ_SURFACE, number, "");
    put_whole(def, out);
    for (size_t i = 0; i < n; i++)
        put_surface_sites(r, f, i, mol[i], i == 0, out);
    for (size_t i = 0; i < def->n_charges && def->edl != SEI_PQ_NO_EDL; i++)
        put_charge(r, f, i, out);
    pq_put_word(out, 1, "-new_def", "0");
    pq_put_word(out, 1, "-tidied", "1");
    pq_put_word(out, 1, "-sites_units", "0");
    pq_put_word(out, 1, "-solution_equilibria", "0");
    pq_put_word(out, 1, "-n_solution", "-999");
    pq_put_word(out, 1, "-transport", "0");
    pq_put_word(out, 1, "-totals", "");
}
