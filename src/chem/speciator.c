/* speciator.c - analyses in, solutions out; networks are compiled once for each set of components */
#include "chem/speciator.h"

#include <math.h>
#include <string.h>

sei_status sei_speciator_create(sei_ctx *ctx, const sei_db *db, sei_speciator **ret_speciator)
{
    sei_speciator *s = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    s->ctx         = ctx;
    s->db          = db;
    *ret_speciator = s;
    return SEI_OK;
}

static void drop(sei_speciator_entry *e)
{
    sei_equil_free(e->eq);
    sei_net_free(e->net);
    memset(e, 0, sizeof *e);
}

void sei_speciator_free(sei_speciator *s)
{
    if (!s)
        return;
    for (size_t i = 0; i < SEI_SPECIATOR_CACHE; i++)
        drop(&s->entries[i]);
    sei_release(s->ctx, s);
}

/* --- networks ---------------------------------------------------------------------------------------- */

static bool make_key(const sei_setup *p, char *out, size_t size)
{
    size_t at = 0;

    out[at++] = p->with_electron ? 'e' : '-';
    for (size_t j = 0; j < p->n; j++) {
        const size_t len = strlen(p->component[j]);
        if (at + len + 2 > size)
            return false;
        memcpy(out + at, p->component[j], len);
        at += len;
        out[at++] = '\n';
    }
    out[at] = '\0';
    return true;
}

static sei_speciator_entry *oldest(sei_speciator *s)
{
    sei_speciator_entry *e = &s->entries[0];

    for (size_t i = 1; i < SEI_SPECIATOR_CACHE; i++)
        if (s->entries[i].used < e->used)
            e = &s->entries[i];
    return e;
}

static sei_status find_network(sei_speciator *s, const sei_setup *p,
                               sei_speciator_entry **ret_entry)
{
    char key[sizeof s->entries[0].key];

    if (!make_key(p, key, sizeof key))
        return sei_fail(s->ctx, SEI_E_TOO_LARGE, NULL, "names of the components are too long");
    s->clock++;
    for (size_t i = 0; i < SEI_SPECIATOR_CACHE; i++) {
        if (!s->entries[i].eq || strcmp(s->entries[i].key, key) != 0)
            continue;
        s->entries[i].used = s->clock;
        *ret_entry         = &s->entries[i];
        return SEI_OK;
    }
    const sei_net_spec spec = {
        .n_components = p->n, .components = p->component, .with_electron = p->with_electron};
    sei_speciator_entry *e = oldest(s);
    drop(e);
    sei_status st = sei_net_create(s->ctx, s->db, &spec, &e->net);
    if (st == SEI_OK)
        st = sei_equil_create(s->ctx, e->net, &e->eq);
    if (st != SEI_OK) {
        drop(e);
        return st;
    }
    memcpy(e->key, key, sizeof key);
    e->used    = s->clock;
    *ret_entry = e;
    return SEI_OK;
}

/* --- solving ---------------------------------------------------------------------------------------- */

static sei_status check_phase(sei_ctx *ctx, const sei_equil *eq, const sei_equilibrium *phases,
                              size_t k)
{
    const sei_equilibrium *phase = &phases[k];

    for (size_t i = 0; i < k; i++)
        if (sei_db_find_phase(eq->net->db, phases[i].phase) ==
            sei_db_find_phase(eq->net->db, phase->phase))
            return sei_fail(ctx, SEI_E_DUPLICATE, NULL, "phase %s is given twice", phase->phase);
    if (!isfinite(phase->si) || !(phase->mol_kgw >= 0.0))
        return sei_fail(
            ctx, SEI_E_RANGE, NULL,
            "phase %s: saturation index %g and amount %g must be numbers, the amount not below 0",
            phase->phase, phase->si, phase->mol_kgw);
    if (sei_net_phase_index(eq->net, phase->phase) == SIZE_MAX)
        return sei_fail(
            ctx, SEI_E_UNSUPPORTED, NULL,
            "phase %s needs electrons from outside: its elements must be there in the valences "
            "that its reaction names",
            phase->phase);
    return SEI_OK;
}

/* The solution of s->now with its valences kept apart, then with the phases. */
static sei_status equilibrate(sei_speciator *s, const sei_equil *start, size_t n,
                              const sei_equilibrium *phases, sei_speciator_entry **ret_entry)
{
    sei_setup        p;
    sei_phase_target targets[SEI_PHASES_MAX];
    sei_phase_result result;

    sei_status st = sei_setup_apart(s->ctx, start, n, phases, &p);
    if (st == SEI_OK)
        st = find_network(s, &p, ret_entry);
    if (st != SEI_OK)
        return st;
    sei_equil *eq = (*ret_entry)->eq;
    for (size_t k = 0; k < n && st == SEI_OK; k++) {
        st          = check_phase(s->ctx, eq, phases, k);
        s->phase[k] = sei_db_find_phase(s->db, phases[k].phase);
        targets[k]  = (sei_phase_target){.phase = sei_net_phase_index(eq->net, phases[k].phase),
                                         .si    = phases[k].si,
                                         .mol   = phases[k].mol_kgw};
    }
    if (st == SEI_OK)
        st = sei_equil_solve(s->ctx, eq, &p.water, NULL);
    if (st == SEI_OK)
        st = sei_phases_solve(s->ctx, eq, n, targets, &result);
    if (st == SEI_OK)
        memcpy(s->phase_mol, result.mol, sizeof s->phase_mol);
    return st;
}

sei_status sei_speciator_solve(sei_speciator *s, const sei_analysis *a, size_t n_phases,
                               const sei_equilibrium *phases)
{
    sei_setup            p;
    sei_speciator_entry *e = NULL;

    s->now      = NULL;
    s->n_phases = 0;
    if (n_phases > SEI_PHASES_MAX)
        return sei_fail(s->ctx, SEI_E_TOO_LARGE, NULL, "%zu phases; at most %d are possible",
                        n_phases, SEI_PHASES_MAX);
    sei_status st = sei_setup_analysis(s->ctx, s->db, a, &p);
    if (st == SEI_OK)
        st = find_network(s, &p, &e);
    if (st == SEI_OK)
        st = sei_equil_solve(s->ctx, e->eq, &p.water, NULL);
    if (st == SEI_OK && n_phases)
        st = equilibrate(s, e->eq, n_phases, phases, &e);
    if (st != SEI_OK)
        return st;
    s->now      = e;
    s->pe       = a->pe;
    s->temp_c   = a->temp_c;
    s->n_phases = n_phases;
    return SEI_OK;
}
