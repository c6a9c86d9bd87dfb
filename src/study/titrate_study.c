/* titrate_study.c - a titration, and what it means for the limits */
#include "study/titrate_study.h"

#include <string.h>

/* Metals and what else is limited in mine water, in the order of the tables. */
static const struct {
    const char *quantity, *element;
} elements[] = {
    {"fe", "Fe"}, {"al", "Al"}, {"mn", "Mn"}, {"zn", "Zn"}, {"cu", "Cu"},
    {"cd", "Cd"}, {"pb", "Pb"}, {"as", "As"}, {"ni", "Ni"}, {"co", "Co"},
    {"se", "Se"}, {"f", "F"},   {"b", "B"},
};

static const double trace_mol = 1e-12; /* less is what the solver was given to start with */

static const sei_limit *strictest(const sei_limit rows[], size_t n)
{
    const sei_limit *best = NULL;

    for (size_t i = 0; i < n; i++)
        if (rows[i].has_max && (!best || rows[i].max_si < best->max_si))
            best = &rows[i];
    return best;
}

/* Of total and soluble iron the one that is limited: what is dissolved is compared with either. */
static void find_limit(const sei_titrate_options *o, sei_titrate_metal *m)
{
    static const sei_fraction fractions[] = {SEI_FRACTION_TOTAL, SEI_FRACTION_DISSOLVED};
    sei_limit                 rows[SEI_LIMITS_AT_MAX];
    double                    mg_l;

    for (size_t f = 0; f < 2; f++) {
        const size_t     n   = sei_limits_at(o->limits, &o->limits_site, m->quantity, fractions[f],
                                             o->limits_time_us, rows);
        const sei_limit *row = strictest(rows, n);
        if (!row || !sei_quantity_from_si(m->quantity, sei_unit_find("mg_l"), row->max_si, &mg_l))
            continue;
        if (m->has_limit && m->limit_mg_l <= mg_l)
            continue;
        m->has_limit  = true;
        m->limit      = *row;
        m->limit_mg_l = mg_l;
    }
}

static void find_ph_limit(sei_titrate_study *s)
{
    const sei_titrate_options *o  = s->options;
    const sei_quantity        *ph = sei_quantity_find("ph");
    sei_limit                  rows[SEI_LIMITS_AT_MAX];
    const size_t               n =
        sei_limits_at(o->limits, &o->limits_site, ph, SEI_FRACTION_TOTAL, o->limits_time_us, rows);

    for (size_t i = 0; i < n && !s->has_ph_limit; i++)
        if (rows[i].has_min || rows[i].has_max) {
            s->has_ph_limit = true;
            s->ph_limit     = rows[i];
        }
}

static void find_metals(sei_titrate_study *s)
{
    for (size_t i = 0; i < sizeof elements / sizeof elements[0]; i++) {
        const size_t element = sei_titrator_find_element(s->titrator, elements[i].element);
        if (element == SIZE_MAX ||
            !(sei_titrator_raw(s->titrator)->dissolved_mol[element] > trace_mol))
            continue;
        sei_titrate_metal *m = &s->metals[s->n_metals++];
        m->quantity          = sei_quantity_find(elements[i].quantity);
        m->element           = element;
        m->g_mol             = 1e3 * sei_molar_mass(elements[i].element);
        m->raw_mg_l          = sei_titrate_mg_l(m, sei_titrator_raw(s->titrator));
        find_limit(s->options, m);
    }
}

static sei_titration_limit limit_of(const sei_titrate_metal *m)
{
    return (sei_titration_limit){m->element, 1e-3 * m->limit_mg_l / m->g_mol};
}

/* The lowest dose at which those are kept that can be kept at all. */
static sei_status judge_most(sei_titrate_study *s)
{
    sei_titration_limit limits[SEI_TITRATE_METALS_MAX];
    sei_titration_point to;
    size_t              n = 0;

    for (size_t i = 0; i < s->n_metals; i++)
        if (s->metals[i].has_limit && s->metals[i].is_kept)
            limits[n++] = limit_of(&s->metals[i]);
    if (n == 0 || n == s->n_limits)
        return SEI_OK;
    return sei_titration_keep(s->titrator, s->curve, n, limits, &s->most_kept, &s->most_from, &to);
}

static sei_status judge(sei_titrate_study *s)
{
    sei_titration_limit limits[SEI_TITRATE_METALS_MAX];
    sei_status          st = SEI_OK;

    for (size_t i = 0; i < s->n_metals && st == SEI_OK; i++) {
        sei_titrate_metal *m = &s->metals[i];
        if (!m->has_limit)
            continue;
        const sei_titration_limit limit = limit_of(m);
        limits[s->n_limits++]           = limit;
        st = sei_titration_keep(s->titrator, s->curve, 1, &limit, &m->is_kept, &m->from, &m->to);
    }
    if (st == SEI_OK && s->n_limits > 0)
        st = sei_titration_keep(s->titrator, s->curve, s->n_limits, limits, &s->all_kept, &s->from,
                                &s->to);
    return st == SEI_OK && !s->all_kept ? judge_most(s) : st;
}

void sei_titrate_study_free(sei_titrate_study *s)
{
    if (!s)
        return;
    sei_titration_free(s->curve);
    sei_titrator_free(s->titrator);
    sei_release(s->ctx, s);
}

sei_status sei_titrate_study_create(sei_ctx *ctx, const sei_titrate_options *options,
                                    sei_titrate_study **ret_study)
{
    sei_titrate_study *s = sei_alloc(ctx, 1, sizeof *s);

    if (!s)
        return SEI_E_NOMEM;
    s->ctx        = ctx;
    s->options    = options;
    sei_status st = sei_titrator_create(ctx, &options->setup, &s->titrator);
    if (st == SEI_OK)
        st = sei_titration_run(s->titrator, &options->range, &s->curve);
    if (st == SEI_OK) {
        find_metals(s);
        find_ph_limit(s);
        st = judge(s);
    }
    if (st != SEI_OK) {
        sei_titrate_study_free(s);
        return st;
    }
    *ret_study = s;
    return SEI_OK;
}

/* ---- views -------------------------------------------------------------------------------------- */

double sei_titrate_mg_l(const sei_titrate_metal *m, const sei_titration_point *p)
{
    return p->dissolved_mol[m->element] * m->g_mol * 1e3;
}

double sei_titrate_sorbed_mg_l(const sei_titrate_metal *m, const sei_titration_point *p)
{
    return p->sorbed_mol[m->element] * m->g_mol * 1e3;
}

double sei_titrate_solid_mg_l(const sei_titrate_study *s, size_t mineral,
                              const sei_titration_point *p)
{
    return p->solid_mol[mineral] * sei_titrator_mineral_g_mol(s->titrator, mineral) * 1e3;
}

double sei_titrate_most_mg_l(const sei_titrate_study *s, size_t mineral)
{
    double most = 0.0;

    for (size_t i = 0; i < s->curve->n; i++) {
        const double mg_l = sei_titrate_solid_mg_l(s, mineral, &s->curve->points[i]);
        most              = mg_l > most ? mg_l : most;
    }
    return most;
}

sei_sludge sei_titrate_sludge(const sei_titrate_study *s, const sei_titration_point *p)
{
    return sei_titration_sludge(s->titrator, &s->options->dosing, p);
}

double sei_titrate_reagent_mg_l(const sei_titrate_study *s, double dose_mol)
{
    return dose_mol * sei_reagent_g_mol(s->options->setup.reagent) * 1e3;
}

double sei_titrate_caco3_mg_l(const sei_titrate_study *s, double dose_mol)
{
    return dose_mol * s->options->setup.reagent->eq_mol * 0.5e6 * sei_molar_mass("CaCO3");
}

bool sei_titrate_ph_kept(const sei_titrate_study *s, const sei_titration_point *p)
{
    return !s->has_ph_limit || ((!s->ph_limit.has_min || p->ph >= s->ph_limit.min_si) &&
                                (!s->ph_limit.has_max || p->ph <= s->ph_limit.max_si));
}
