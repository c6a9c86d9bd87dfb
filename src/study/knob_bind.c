/* knob_bind.c - where the value of a knob stands in a site */
#include <string.h>

#include "study/knob.h"
#include "study/site.h"

/* A site of one's own may be changed; its arrays are read-only for everyone else. */
#define MUTABLE(type, pointer) ((type *)(uintptr_t)(pointer))

typedef struct {
    const sei_knobs   *knobs;
    sei_site          *site;
    sei_rate_override *rates;
    sei_log_k_change  *log_k;
} binder;

/* Entry of a law's parameter in section model; made when the file has none. The last one counts. */
static double *rate_place(binder *b, const sei_knob *k)
{
    sei_model_choice *m = &b->site->model;

    for (size_t i = m->n_rates; i-- > 0;)
        if (b->rates[i].law == k->law && b->rates[i].param == k->index)
            return &b->rates[i].value;
    b->rates[m->n_rates] = (sei_rate_override){k->law, k->index, k->value};
    return &b->rates[m->n_rates++].value;
}

static double *log_k_place(binder *b, const sei_knob *k)
{
    sei_model_choice *m    = &b->site->model;
    const char       *name = k->path + strlen("log_k.");

    for (size_t i = 0; i < m->n_log_k; i++)
        if (strcmp(b->log_k[i].name, name) == 0)
            return &b->log_k[i].delta;
    b->log_k[m->n_log_k] = (sei_log_k_change){.name = name, .delta = k->value};
    return &b->log_k[m->n_log_k++].delta;
}

static double *place(binder *b, const sei_knob *k)
{
    sei_site *site = b->site;

    switch (k->kind) {
    case SEI_KNOB_RATE: return rate_place(b, k);
    case SEI_KNOB_UNIT: return &site->units[k->unit].params[k->index];
    case SEI_KNOB_LAYER: return &site->units[k->unit].layers[k->layer].params[k->index];
    case SEI_KNOB_UNIT_RATE:
        return MUTABLE(double, &site->units[k->unit].overrides[k->index].value);
    case SEI_KNOB_INFLUENT: {
        sei_influent_row *row = MUTABLE(sei_influent_row, &site->influent.rows[k->index]);
        return k->value > 0.0 ? &row->factor : &row->shift; /* 1 is a factor, 0 a shift */
    }
    case SEI_KNOB_FE2_SHARE: return &site->influent.fe2_share;
    case SEI_KNOB_AIR: return &site->climate.air.shift_k;
    case SEI_KNOB_LOG_K: return log_k_place(b, k);
    }
    return NULL;
}

sei_status sei_knobs_bind(const sei_knobs *knobs, sei_site *site, double **ret_places[])
{
    sei_arena        *arena  = &site->memory->arena;
    sei_model_choice *m      = &site->model;
    binder            b      = {.knobs = knobs, .site = site};
    double          **places = sei_arena_alloc(arena, knobs->n + 1, sizeof *places);

    b.rates = sei_arena_alloc(arena, m->n_rates + knobs->n + 1, sizeof *b.rates);
    b.log_k = sei_arena_alloc(arena, m->n_log_k + knobs->n + 1, sizeof *b.log_k);
    if (!places || !b.rates || !b.log_k)
        return SEI_E_NOMEM;
    if (m->n_rates)
        memcpy(b.rates, m->rates, m->n_rates * sizeof *b.rates);
    if (m->n_log_k)
        memcpy(b.log_k, m->log_k, m->n_log_k * sizeof *b.log_k);
    m->rates = b.rates;
    m->log_k = b.log_k;
    for (size_t i = 0; i < knobs->n; i++)
        places[i] = place(&b, &knobs->knobs[i]);
    *ret_places = places;
    return SEI_OK;
}
