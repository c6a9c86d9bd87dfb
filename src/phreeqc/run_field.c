/*
 * run_field.c - TRANSPORT -multi_d between ends with potentials, or with a current that is given
 *
 * The current I is the same through all interfaces: with D = sum b z grad c f and K = sum b z^2 c of an interface the potential
 * falls there by (R T / F) (D + I / F) / K (appelo2017). The ends' potentials give I, or I the potentials, from that of the
 * first end on. At the ends electrodes take charge over: water gives hydrogen and oxygen there, or what it holds.
 */
#include <math.h>

#include "base/constants.h"
#include "phreeqc/multi.h"

/* (R T / F) / K of an interface; V s/eq */
static double resistance(const pq_multi *m, int i)
{
    const double temp_k = 0.5 * (m->temp_k[i] + m->temp_k[i + 1]);

    return SEI_PHREEQC_GAS_CONSTANT * temp_k / SEI_PHREEQC_FARADAY / m->conducts[i];
}

/* F / R T of potentials as they stand over the way between two cells, which is half of a cell at an end. */
static double pull_m(const column *c, int i)
{
    const pq_multi *m      = c->multi;
    const double    temp_k = 0.5 * (m->temp_k[i] + m->temp_k[i + 1]),
                 fall_v    = pq_water_of(c, i + 1)->potential_v - pq_water_of(c, i)->potential_v,
                 length_m  = (i == 0 ? 0.0 : pq_cell_length(m->t, i)) +
                            (i == c->cells ? 0.0 : pq_cell_length(m->t, i + 1));

    return SEI_PHREEQC_FARADAY / (SEI_PHREEQC_GAS_CONSTANT * temp_k) * fall_v / (0.5 * length_m);
}

/* false: a cell lets nothing through. */
static bool find_charges(const column *c)
{
    pq_multi *m = c->multi;

    for (int i = 0; i <= c->cells; i++) {
        m->pull_m[i]          = m->def->current_a == 0.0 ? pull_m(c, i) : 0.0;
        const pq_interface at = pq_column_interface(c, i);
        if (pq_is_shut(m, i, i + 1) || !pq_find_interface(m, c->r->net, &at))
            return false;
        pq_sum_charges(m, c->r->net, &m->driven[i], &m->conducts[i]);
        if (!(m->conducts[i] > 0.0))
            return false;
    }
    return true;
}

/* That a fall of the potential between the ends drives; eq/s, from the first to the last. */
static double driven_by(const column *c, double fall_v)
{
    const pq_multi *m   = c->multi;
    double          ohm = 0.0;

    for (int i = 0; i <= c->cells; i++) {
        fall_v -= resistance(m, i) * m->driven[i];
        ohm += resistance(m, i);
    }
    return fall_v / ohm;
}

/* A given current goes where that of the ends' first potentials would go, or against that if it is below 0: as in PHREEQC. */
static double find_current(const column *c)
{
    const pq_multi *m = c->multi;

    if (m->def->current_a != 0.0)
        return copysign(m->def->current_a / SEI_PHREEQC_FARADAY,
                        m->def->current_a * driven_by(c, m->fall_v));
    return driven_by(c, pq_water_of(c, 0)->potential_v - pq_water_of(c, c->cells + 1)->potential_v);
}

void pq_find_field(const column *c)
{
    pq_multi *m = c->multi;

    m->current_a = 0.0;
    if (!find_charges(c)) {
        m->is_open = true;
        return;
    }
    const double current_eq_s = find_current(c);
    const int    last         = m->def->current_a != 0.0 ? c->cells : c->cells - 1;
    for (int i = 0; i <= last; i++)
        pq_water_of(c, i + 1)->potential_v =
            pq_water_of(c, i)->potential_v - resistance(m, i) * (m->driven[i] + current_eq_s);
    m->current_a = current_eq_s * SEI_PHREEQC_FARADAY;
}

/* ------------------------------------------------------------------ is there one */

#define SOME_POTENTIAL_V \
    1e-8 /* of the first end, where none is given with a current; as in PHREEQC */

bool pq_has_field(const column *c, const sei_pq_transport *t)
{
    return t->multi.current_a != 0.0 || pq_water_of(c, 0)->potential_v != 0.0 ||
           pq_water_of(c, c->cells + 1)->potential_v != 0.0;
}

static sei_status refuse(const column *c, sei_status status, const char *what)
{
    return sei_fail(c->r->ctx, status, &c->block->where,
                    "TRANSPORT: potentials of the ends and -fix_current %s", what);
}

sei_status pq_prepare_field(const column *c, sei_pq_transport *t)
{
    pq_solution *first = pq_water_of(c, 0), *last = pq_water_of(c, c->cells + 1);

    if (!pq_has_field(c, t))
        return SEI_OK;
    if (!t->multi.is_on)
        return refuse(c, SEI_E_MISSING, "need -multi_d true");
    if (t->direction != 0)
        return refuse(c, SEI_E_UNSUPPORTED,
                      "go with diffusion alone: -flow_direction diffusion_only");
    if (t->multi.is_implicit || t->multi.has_interlayer)
        return refuse(c, SEI_E_UNSUPPORTED,
                      "are not supported with -implicit or -interlayer_d: leave these out");
    if (t->first != SEI_PQ_CONSTANT || t->last != SEI_PQ_CONSTANT)
        sei_warn(c->r->ctx, &c->block->where,
                 "TRANSPORT: a current passes the ends: both are taken as ends of constant "
                 "concentration");
    t->first = t->last = SEI_PQ_CONSTANT;
    if (first->potential_v == 0.0 && last->potential_v == 0.0)
        first->potential_v = SOME_POTENTIAL_V;
    return SEI_OK;
}
