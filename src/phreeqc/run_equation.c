/* run_equation.c - functions of BASIC that tell a reaction of the database: PHASE_EQUATION$, SPECIES_EQUATION$ */
#include <stdlib.h>
#include <string.h>

#include "phreeqc/run_impl.h"

enum { TERMS_MAX = SEI_DB_REACTION_TERMS + 1 };

/* What a name stands for: terms in rising order, the name itself apart. */
typedef struct {
    bool        is_phase;
    const char *name, *formula; /* "" : not there */
    size_t      n;
    pq_named    terms[TERMS_MAX];
} equation;

static void add(equation *e, const char *name, double coef)
{
    if (e->n < TERMS_MAX && coef != 0.0)
        e->terms[e->n++] = (pq_named){name, coef};
}

static void take_reaction(const sei_db *db, const sei_reaction *reaction, equation *e)
{
    for (size_t i = 0; i < reaction->n_terms; i++)
        add(e, db->species[reaction->terms[i].species].name, reaction->terms[i].coef);
}

static void take_species(const pq_runner *r, const char *name, equation *e)
{
    const size_t s = sei_db_find_species(r->db, name);

    if (s != SIZE_MAX) {
        e->name = r->db->species[s].name;
        take_reaction(r->db, &r->db->species[s].formation, e);
        if (r->db->species[s].is_identity)
            add(e, e->name, 1.0);
        return;
    }
    const size_t k = sei_sorb_find_species(r->sorb, name);
    if (k == SIZE_MAX)
        return;
    const sei_sorb_species *sorbed = &r->sorb->species[k];
    e->name                        = sorbed->name;
    add(e, r->sorb->sites[sorbed->site].master, sorbed->site_coef);
    for (size_t i = 0; i < sorbed->n_terms; i++)
        add(e, sorbed->term[i], sorbed->coef[i]);
}

static void side(sei_buf *text, const equation *e, double sign, const char *first)
{
    const char *before = "";

    if (*first) {
        sei_buf_puts(text, first);
        before = " + ";
    }
    for (size_t i = 0; i < e->n; i++) {
        const double coef = sign * e->terms[i].number;
        if (coef < 0.0)
            continue;
        sei_buf_puts(text, before);
        if (coef != 1.0)
            sei_buf_printf(text, "%g", coef);
        sei_buf_puts(text, e->terms[i].name);
        before = " + ";
    }
    sei_buf_puts(text, " ");
}

/* "Gypsum = Ca+2 + 2H2O + SO4-2 ", "Ca+2 + SO4-2 = CaSO4 ": as PHREEQC writes them. */
static sei_status write_equation(pq_runner *r, const equation *e, const char **ret_text)
{
    sei_buf text;

    sei_buf_init(&text, r->ctx, SEI_PQ_BYTES_MAX);
    if (*e->name) {
        side(&text, e, e->is_phase ? -1.0 : 1.0, e->is_phase ? e->name : "");
        sei_buf_puts(&text, "= ");
        side(&text, e, e->is_phase ? 1.0 : -1.0, e->is_phase ? "" : e->name);
    } else {
        sei_buf_puts(&text, "= ");
    }
    sei_status st = text.status;
    if (st == SEI_OK) {
        *ret_text = sei_arena_strndup(&r->arena, text.text, text.len);
        st        = *ret_text ? SEI_OK : SEI_E_NOMEM;
    }
    sei_buf_done(&text);
    return st;
}

sei_status pq_equation(pq_runner *r, const sei_basic_call *call, const char *name,
                       const char **ret_text)
{
    equation e = {
        .is_phase = call->function == SEI_BASIC_PHASE_EQUATION, .name = "", .formula = ""};
    pq_named rows[TERMS_MAX + 1];
    size_t   n = 0;

    if (e.is_phase) {
        const size_t p = sei_db_find_phase(r->db, name);
        if (p != SIZE_MAX) {
            e.name    = r->db->phases[p].name;
            e.formula = r->db->phases[p].formula;
            take_reaction(r->db, &r->db->phases[p].dissolution, &e);
        }
    } else {
        take_species(r, name, &e);
        e.formula = e.name;
    }
    qsort(e.terms, e.n, sizeof *e.terms, pq_by_name);
    if (*e.name)
        rows[n++] = (pq_named){e.formula, -1.0};
    for (size_t i = 0; i < e.n; i++)
        rows[n++] = e.terms[i];
    const sei_status st = write_equation(r, &e, ret_text);
    return st == SEI_OK ? pq_give_named(call, n, rows) : st;
}
