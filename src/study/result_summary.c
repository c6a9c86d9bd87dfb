/* result_summary.c - summary.json: the run in one page for programs */
#include <math.h>
#include <string.h>

#include "seiryu/version.h"
#include "study/result_hrt.h"
#include "study/result_json.h"
#include "study/result_parts.h"
#include "study/result_words.h"

typedef struct {
    const sei_digest *d;
    const sei_result *r;
    sei_json          json;
} summary;

static const char *verdict_key(sei_verdict verdict)
{
    switch (verdict) {
    case SEI_VERDICT_PASS: return "pass";
    case SEI_VERDICT_FAIL: return "fail";
    case SEI_VERDICT_NONE: break;
    }
    return "none";
}

static void put_time(summary *s, json_t *o, const char *key, int64_t time_us)
{
    sei_json_time(&s->json, o, key, time_us, s->r->site->utc_offset_us);
}

static void put_site(summary *s)
{
    const sei_site *site = s->r->site;
    json_t         *o    = sei_json_object(&s->json, s->json.root, "site");

    sei_json_text(&s->json, o, "name", site->name);
    sei_json_text(&s->json, o, "name_ja", site->name_ja);
    sei_json_text(&s->json, o, "place", site->place);
    sei_json_text(&s->json, o, "place_ja", site->place_ja);
    if (site->has_position) {
        sei_json_number(&s->json, o, "latitude_deg", site->latitude_deg);
        sei_json_number(&s->json, o, "longitude_deg", site->longitude_deg);
    }
    if (site->has_elevation)
        sei_json_number(&s->json, o, "elevation_m", site->elevation_m);
}

static void put_run(summary *s)
{
    const sei_result *r = s->r;
    json_t           *o = sei_json_object(&s->json, s->json.root, "run");

    sei_json_text(&s->json, o, "mode",
                  r->site->run.mode == SEI_RUN_STEADY ? "steady" : "transient");
    sei_json_bool(&s->json, o, "is_complete", r->is_complete);
    if (r->n_times > 0) {
        put_time(s, o, "start", r->time_us[0]);
        put_time(s, o, "end", r->time_us[r->n_times - 1]);
    }
    put_time(s, o, "planned_end", r->site->run.end_us);
    if (r->n_times > 0)
        put_time(s, o, "evaluated_from", r->time_us[s->d->first]);
    sei_json_number(&s->json, o, "wash_out_h", sei_from_si(sei_unit_find("h"), s->d->wash_out_s));
    sei_json_count(&s->json, o, "times", r->n_times);
    sei_json_count(&s->json, o, "steps", r->stats.steps);
    sei_json_count(&s->json, o, "rejected_steps", r->stats.rejected_steps);
    sei_json_count(&s->json, o, "cell_solves", r->stats.cell_solves);
    sei_json_count(&s->json, o, "newton_iterations", r->stats.newton_iterations);
}

/* ---- water ------------------------------------------------------------------------------------ */

static void put_stat(summary *s, json_t *parent, const char *key, size_t watch, size_t column)
{
    const sei_quantity_column *c = &s->r->columns[column];

    if (watch == SIZE_MAX || !sei_digest_stat(s->d, watch, column)->has) {
        sei_json_null(&s->json, parent, key);
        return;
    }
    const sei_stat *stat = sei_digest_stat(s->d, watch, column);
    json_t         *o    = sei_json_object(&s->json, parent, key);
    sei_json_number(&s->json, o, "mean", sei_column_shown(c, stat->mean));
    sei_json_number(&s->json, o, "min", sei_column_shown(c, stat->min));
    put_time(s, o, "min_time", stat->min_us);
    sei_json_number(&s->json, o, "max", sei_column_shown(c, stat->max));
    put_time(s, o, "max_time", stat->max_us);
    if (stat->has_load)
        sei_json_number(&s->json, o, "load_kg_d", stat->load_kg_s * sei_day_s());
}

static void put_column(summary *s, json_t *list, size_t column)
{
    const sei_quantity_column *c = &s->r->columns[column];
    json_t                    *o = sei_json_object(&s->json, list, NULL);
    double                     removal;

    sei_json_text(&s->json, o, "quantity", c->quantity->key);
    sei_json_text(&s->json, o, "fraction",
                  c->quantity->fractions ? sei_fraction_key(c->fraction) : NULL);
    sei_json_text(&s->json, o, "unit", sei_column_unit(c));
    sei_json_text(&s->json, o, "name_en", c->quantity->name_en);
    sei_json_text(&s->json, o, "name_ja", c->quantity->name_ja);
    put_stat(s, o, "raw", s->d->raw, column);
    put_stat(s, o, "discharge", s->d->discharge, column);
    if (sei_digest_removal(s->d, column, &removal))
        sei_json_number(&s->json, o, "removal_percent", 100 * removal);
}

static void put_water(summary *s)
{
    json_t *list = sei_json_array(&s->json, s->json.root, "water");

    for (size_t c = 0; c < s->r->n_columns; c++)
        put_column(s, list, c);
}

/* ---- limits ----------------------------------------------------------------------------------- */

static double limit_shown(const sei_limit *l, bool has, double si)
{
    double value;

    return has && sei_quantity_from_si(l->quantity, l->unit, si, &value) ? value : SEI_NO_NUMBER;
}

static void put_limit(summary *s, json_t *o, const sei_limit *l)
{
    sei_json_text(&s->json, o, "statistic", sei_limit_statistic_name(l->statistic));
    sei_json_number(&s->json, o, "limit_min", limit_shown(l, l->has_min, l->min_si));
    sei_json_number(&s->json, o, "limit_max", limit_shown(l, l->has_max, l->max_si));
    sei_json_text(&s->json, o, "limit_status", sei_limit_status_name(l->status));
    sei_json_bool(&s->json, o, "is_target", l->is_target);
    sei_json_text(&s->json, o, "source", l->source);
}

static void put_judgement(summary *s, json_t *list, const sei_judgement *j)
{
    const sei_quantity_column *c = &s->r->columns[j->column];
    json_t                    *o = sei_json_object(&s->json, list, NULL);

    sei_json_text(&s->json, o, "quantity", c->quantity->key);
    sei_json_text(&s->json, o, "fraction",
                  c->quantity->fractions ? sei_fraction_key(c->fraction) : NULL);
    sei_json_text(&s->json, o, "unit", sei_column_unit(c));
    put_limit(s, o, &j->limit);
    sei_json_bool(&s->json, o, "limit_changes", j->changes);
    sei_json_count(&s->json, o, "n", j->n);
    sei_json_count(&s->json, o, "n_exceed", j->n_exceed);
    sei_json_number(&s->json, o, "compliance_rate",
                    j->n > 0 ? (double)(j->n - j->n_exceed) / (double)j->n : SEI_NO_NUMBER);
    sei_json_number(&s->json, o, "worst", sei_column_shown(c, j->worst));
    put_time(s, o, "worst_time", j->worst_us);
    sei_json_number(&s->json, o, "margin",
                    j->has_margin ? sei_column_difference(c, j->margin) : SEI_NO_NUMBER);
    sei_json_text(&s->json, o, "verdict", verdict_key(j->verdict));
}

static void put_year(summary *s, json_t *list, const sei_compliance *c, size_t column)
{
    const sei_quantity_column *q = &s->r->columns[column];
    json_t                    *o = sei_json_object(&s->json, list, NULL);

    sei_json_text(&s->json, o, "quantity", c->quantity->key);
    sei_json_text(&s->json, o, "fraction",
                  c->quantity->fractions ? sei_fraction_key(c->fraction) : NULL);
    sei_json_text(&s->json, o, "period", sei_period_name(c->period));
    sei_json_count(&s->json, o, "year", (size_t)c->year);
    sei_json_bool(&s->json, o, "is_part", c->is_part);
    put_limit(s, o, &c->limit);
    sei_json_count(&s->json, o, "n", c->n);
    sei_json_count(&s->json, o, "n_exceed", c->n_exceed);
    sei_json_number(&s->json, o, "mean",
                    c->has_mean ? sei_column_shown(q, c->mean) : SEI_NO_NUMBER);
    sei_json_bool(&s->json, o, "mean_ok", c->mean_ok);
    sei_json_number(&s->json, o, "worst",
                    c->has_mean ? sei_column_shown(q, c->worst) : SEI_NO_NUMBER);
}

static void put_compliance(summary *s)
{
    const sei_digest *d = s->d;

    sei_json_text(&s->json, s->json.root, "verdict", verdict_key(d->verdict));
    json_t *list = sei_json_array(&s->json, s->json.root, "limits");
    for (size_t i = 0; i < d->n_judgements; i++)
        put_judgement(s, list, &d->judgements[i]);
    list = sei_json_array(&s->json, s->json.root, "compliance");
    for (size_t c = 0; c < s->r->n_columns; c++) {
        for (size_t i = 0; i < d->fiscal[c].n; i++)
            put_year(s, list, &d->fiscal[c].results[i], c);
        for (size_t i = 0; i < d->calendar[c].n; i++)
            put_year(s, list, &d->calendar[c].results[i], c);
    }
}

/* ---- units and books -------------------------------------------------------------------------- */

/* Days that are not finite are left out: nothing happens within a century. */
static void put_days(summary *s, json_t *o, const char *key, double seconds)
{
    if (isfinite(seconds))
        sei_json_number(&s->json, o, key, sei_from_si(sei_unit_find("d"), seconds));
    else
        sei_json_null(&s->json, o, key);
}

/* Seconds until a medium is used up when it goes on as in the last quarter of the run, or since it was
 * added to in that time. */
static double exhausted_in_s(const sei_result *r, size_t unit, size_t solid)
{
    const size_t last  = r->n_times - 1;
    size_t       first = last;

    while (first > 0 && first > 3 * last / 4 &&
           sei_solid_at(r, first - 1, unit, solid) >= sei_solid_at(r, first, unit, solid))
        first--;
    const double left = sei_solid_at(r, last, unit, solid);
    const double used = sei_solid_at(r, first, unit, solid) - left;
    const double span = (double)(r->time_us[last] - r->time_us[first]) / 1e6;
    return used > 0.0 ? left / used * span : (double)INFINITY;
}

static void put_solids(summary *s, json_t *parent, size_t unit)
{
    json_t *list = sei_json_array(&s->json, parent, "solids");

    for (size_t i = 0; i < s->r->n_solids; i++) {
        const double start = sei_solid_at(s->r, 0, unit, i);
        const double end   = sei_solid_at(s->r, s->r->n_times - 1, unit, i);
        if (!(start > 0) && !(end > 0))
            continue;
        json_t *o = sei_json_object(&s->json, list, NULL);
        sei_json_text(&s->json, o, "solid", s->r->solid_name[i]);
        sei_json_bool(&s->json, o, "is_medium",
                      start > 0 && sei_solid_is_medium(s->r->solid_name[i]));
        sei_json_number(&s->json, o, "start_kg", start * s->r->solid_kg_mol[i]);
        sei_json_number(&s->json, o, "end_kg", end * s->r->solid_kg_mol[i]);
        sei_json_number(&s->json, o, "left_percent", start > 0 ? 100 * end / start : SEI_NO_NUMBER);
        if (start > 0 && sei_solid_is_medium(s->r->solid_name[i]))
            put_days(s, o, "exhausted_in_d", exhausted_in_s(s->r, unit, i));
    }
}

static void put_hydraulics(summary *s, json_t *unit, const sei_result_hydraulics *h)
{
    json_t *o = sei_json_object(&s->json, unit, "hydraulics");

    sei_json_number(&s->json, o, "head_m", h->head_m);
    sei_json_number(&s->json, o, "head_max_m", h->head_max_m > 0 ? h->head_max_m : SEI_NO_NUMBER);
    sei_json_number(&s->json, o, "least_porosity", h->porosity);
    sei_json_number(&s->json, o, "deposit_m3", h->deposit_m3);
    sei_json_number(&s->json, o, "pore_m3", h->pore_m3);
    sei_json_number(&s->json, o, "hrt_pore_h", sei_from_si(sei_unit_find("h"), h->hrt_pore_s));
    sei_json_number(&s->json, o, "permeability_percent", 100 * h->permeability);
    sei_json_number(&s->json, o, "flow_max_m3_d",
                    isfinite(h->flow_max_m3_s)
                        ? sei_from_si(sei_unit_find("m3_d"), h->flow_max_m3_s)
                        : SEI_NO_NUMBER);
    put_days(s, o, "overflows_in_d", h->clogs_in_s);
    sei_json_number(&s->json, o, "overflow_percent", 100 * h->overflow_share);
}

static void put_units(summary *s)
{
    json_t         *list = sei_json_array(&s->json, s->json.root, "units");
    const sei_unit *h = sei_unit_find("h"), *m3_d = sei_unit_find("m3_d");

    for (size_t u = 0; u < s->r->n_units; u++) {
        const sei_result_unit *unit = &s->r->units[u];
        const sei_unit_spec   *spec = &s->r->site->units[u];
        json_t                *o    = sei_json_object(&s->json, list, NULL);
        sei_json_text(&s->json, o, "unit", spec->name);
        sei_json_text(&s->json, o, "unit_ja", spec->name_ja);
        sei_json_text(&s->json, o, "type", spec->type->key);
        sei_json_number(&s->json, o, "bed_m3", unit->bed_m3);
        sei_json_number(&s->json, o, "pore_m3", unit->pore_m3);
        sei_json_number(&s->json, o, "area_m2", unit->area_m2);
        sei_json_number(&s->json, o, "mean_flow_m3_d", sei_from_si(m3_d, unit->mean_flow_m3_s));
        sei_json_number(&s->json, o, "hrt_nominal_h", sei_from_si(h, unit->hrt_nominal_s));
        sei_json_number(&s->json, o, "hrt_pore_h", sei_from_si(h, unit->hrt_pore_s));
        put_hydraulics(s, o, &unit->hydraulics);
        if (s->r->n_times > 0)
            put_solids(s, o, u);
    }
}

static void put_books(summary *s)
{
    json_t      *o     = sei_json_object(&s->json, s->json.root, "mass_balance");
    const size_t worst = sei_worst_book(s->r);

    sei_json_text(&s->json, o, "worst_element",
                  worst < s->r->n_books ? s->r->books[worst].element : NULL);
    sei_json_number(&s->json, o, "worst_imbalance",
                    worst < s->r->n_books ? s->r->books[worst].imbalance : SEI_NO_NUMBER);
    json_t *list = sei_json_array(&s->json, o, "elements");
    for (size_t i = 0; i < s->r->n_books; i++) {
        const sei_book *b    = &s->r->books[i];
        json_t         *book = sei_json_object(&s->json, list, NULL);
        sei_json_text(&s->json, book, "element", b->element);
        sei_json_number(&s->json, book, "in_mol", b->in_mol);
        sei_json_number(&s->json, book, "air_mol", b->air_mol);
        sei_json_number(&s->json, book, "added_mol", b->added_mol);
        sei_json_number(&s->json, book, "out_mol", b->out_mol);
        sei_json_number(&s->json, book, "change_mol", b->change_mol);
        sei_json_number(&s->json, book, "imbalance", b->imbalance);
    }
}

static void put_warnings(summary *s)
{
    json_t *list = sei_json_array(&s->json, s->json.root, "warnings");

    for (size_t i = 0; i < s->r->n_warnings; i++)
        sei_json_text(&s->json, list, NULL, s->r->warnings[i]);
    for (size_t i = 0; i < s->d->n_breaches; i++)
        sei_json_text(&s->json, list, NULL, sei_breach_words(s->r, &s->d->breaches[i]).en);
    for (size_t u = 0; u < s->r->n_units; u++)
        if (sei_hrt_is_outside(s->r, u))
            sei_json_text(&s->json, list, NULL, sei_hrt_words(s->r, u).en);
}

sei_status sei_save_summary(const sei_digest *d, const char *folder)
{
    summary s = {.d = d, .r = d->result};

    sei_json_init(&s.json);
    sei_json_text(&s.json, s.json.root, "format", "seiryu-summary-1");
    sei_json_text(&s.json, s.json.root, "program_version", SEI_VERSION);
    put_site(&s);
    put_run(&s);
    put_compliance(&s);
    put_water(&s);
    put_units(&s);
    sei_put_supply(s.r, &s.json);
    sei_put_tanks(s.r, &s.json);
    sei_put_rest(s.r, &s.json);
    put_books(&s);
    put_warnings(&s);
    return sei_json_save(d->ctx, &s.json, folder, "summary.json");
}
