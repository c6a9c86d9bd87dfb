/* run_dump_water.c - SOLUTION_RAW: a water with the totals of its valences */
#include <math.h>
#include <string.h>

#include "phreeqc/dump.h"

/* Rows of an element: its valences, or the element itself when it has none. */
static bool is_counted(const sei_db *db, size_t row)
{
    const sei_master *m    = &db->masters[row];
    const char       *name = db->elements[m->element].name;

    if (strcmp(m->name, "Alkalinity") == 0 || strcmp(name, "E") == 0)
        return false;
    if (strcmp(name, "H") == 0 || strcmp(name, "O") == 0) /* told by -total_h and -total_o */
        return strcmp(m->name, "H(0)") == 0 || strcmp(m->name, "O(0)") == 0;
    if (m->is_valence)
        return true;
    for (size_t i = 0; i < db->n_masters; i++)
        if (db->masters[i].element == m->element && db->masters[i].is_valence)
            return false;
    return true;
}

/* Atoms of an element in all its valences, mol/kgw. */
static double all_valences(const pq_runner *r, const pq_view *v, size_t element)
{
    double sum = 0.0;

    for (size_t i = 0; i < r->db->n_masters; i++)
        if (r->db->masters[i].element == element && is_counted(r->db, i))
            sum += pq_total(r, v, r->db->masters[i].name);
    return sum;
}

/* The element's amount is that of the water; valences part it as they are in the equilibrium. */
static void put_totals(const pq_runner *r, const pq_view *v, const pq_solution *s, sei_buf *out)
{
    pq_put_word(out, 1, "-totals", "");
    for (size_t i = 0; i < r->db->n_masters; i++) {
        const sei_master *m = &r->db->masters[i];
        if (!is_counted(r->db, i))
            continue;
        const char  *element  = r->db->elements[m->element].name;
        const bool   in_water = strcmp(element, "H") == 0 || strcmp(element, "O") == 0;
        const double own      = pq_total(r, v, m->name),
                     all      = in_water ? 0.0 : all_valences(r, v, m->element);
        const double mol      = in_water ? own * v->water_kg
                                : all > 0.0 ? own / all * sei_react_element(r->react, &s->total, element)
                                            : 0.0;
        if (mol > 0.0)
            pq_put_number(out, 2, m->name, mol);
    }
}

static void put_activities(const pq_runner *r, const pq_view *v, sei_buf *out)
{
    pq_put_word(out, 1, "-activities", "");
    pq_put_number(out, 2, "E", -pq_pe(v));
    for (size_t i = 0; i < r->db->n_masters; i++) {
        const double log_a =
            is_counted(r->db, i)
                ? pq_log_activity(r, v, r->db->species[r->db->masters[i].species].name)
                : PQ_MISSING;
        if (log_a > PQ_MISSING + 1.0)
            pq_put_number(out, 2, r->db->masters[i].name, log_a);
    }
}

sei_status pq_put_solution(pq_runner *r, int number, const pq_solution *s, sei_buf *out)
{
    pq_view          v;
    const sei_status st = pq_look_at_solution(r, s, &v);

    if (st != SEI_OK)
        return st;
    pq_put_head(out, SEI_PQ_SOLUTION, number, s->description);
    pq_put_number(out, 1, "-temp", s->temp_c);
    pq_put_number(out, 1, "-pressure", s->pressure_atm);
    pq_put_number(out, 1, "-potential", s->potential_v);
    pq_put_number(out, 1, "-total_h", sei_react_element(r->react, &s->total, "H"));
    pq_put_number(out, 1, "-total_o", sei_react_element(r->react, &s->total, "O"));
    pq_put_number(out, 1, "-cb", pq_charge_of(r, &s->total));
    pq_put_number(out, 1, "-density", pq_density(v.eq));
    put_totals(r, &v, s, out);
    pq_put_number(out, 1, "-pH", pq_ph(r, &v));
    pq_put_number(out, 1, "-pe", pq_pe(&v));
    pq_put_number(out, 1, "-mu", v.eq->mu);
    pq_put_number(out, 1, "-ah2o", exp(v.eq->ln_aw));
    pq_put_number(out, 1, "-mass_water", v.water_kg);
    pq_put_number(out, 1, "-soln_vol", pq_volume(&v));
    pq_put_number(out, 1, "-total_alkalinity", pq_alkalinity(&v) * v.water_kg);
    put_activities(r, &v, out);
    pq_put_word(out, 1, "-gammas", "");
    return out->status;
}
