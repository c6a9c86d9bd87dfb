/*
 * result_rest.c - what a steady state rests on: beds that go on gaining or losing have none of their own
 *
 * The water of a steady run stands still; deposits that gather, media that are used up and stores that fill do not. What changes
 * by a hundredth of itself in a month is listed, so that a reader knows for how long the state stands for the plant.
 */
#include <math.h>

#include "base/constants.h"
#include "study/result_parts.h"
#include "study/result_tables.h"
#include "study/result_words.h"

static const double month_s = 30.0 * SEI_DAY_S, share_max = 0.01;
/* Nor does a mg in a m3 of bed and month matter. */
static const double trace_kg_m3 = 1e-6;

typedef struct {
    double held_kg, gain_kg_s;
} store;

static store store_of(const sei_result *r, size_t unit, size_t solid)
{
    const size_t at = unit * r->n_solids + solid;

    return (store){r->solid_mol[(r->n_times - 1) * r->n_units * r->n_solids + at] *
                       r->solid_kg_mol[solid],
                   r->solid_mol_s[at] * r->solid_kg_mol[solid]};
}

static bool drifts(const sei_result *r, size_t unit, size_t solid)
{
    const store  s        = store_of(r, unit, solid);
    const double month_kg = fabs(s.gain_kg_s) * month_s;

    return month_kg > share_max * s.held_kg && month_kg > trace_kg_m3 * r->units[unit].bed_m3;
}

bool sei_result_drifts(const sei_result *r)
{
    for (size_t u = 0; r->solid_mol_s && u < r->n_units; u++)
        for (size_t s = 0; s < r->n_solids; s++)
            if (drifts(r, u, s))
                return true;
    return false;
}

/* Until as much again has come, or until it is gone. */
static double turnover_d(const store *s)
{
    return s->held_kg / fabs(s->gain_kg_s) / SEI_DAY_S;
}

sei_rtable *sei_table_rest(const sei_digest *d)
{
    const sei_result *r = d->result;

    if (!sei_result_drifts(r))
        return NULL;
    sei_rtable *t = sei_rtable_create(
        d->ctx, "rest", SEI_L("定常状態でも変化し続けるもの", "What goes on at the steady state"));
    sei_rtable_add_column(t, "unit", SEI_L("装置", "unit"), "");
    sei_rtable_add_column(t, "solid", SEI_L("固相", "solid"), "");
    sei_rtable_add_column(t, "held", SEI_L("保持量", "held"), "kg");
    sei_rtable_add_column(t, "gain", SEI_L("増減", "gain"), "kg/d");
    sei_rtable_add_column(t, "turnover", SEI_L("倍増・消尽まで", "doubles or is gone in"), "d");
    for (size_t u = 0; u < r->n_units; u++)
        for (size_t s = 0; s < r->n_solids; s++) {
            const store x = store_of(r, u, s);
            if (!drifts(r, u, s))
                continue;
            sei_rtable_add_row(t);
            sei_rtable_add_text(t, sei_unit_label(&r->site->units[u]));
            sei_put_plain(t, r->solid_name[s]);
            sei_rtable_add_number(t, x.held_kg, SEI_SIGNIFICANT(3));
            sei_rtable_add_number(t, x.gain_kg_s * sei_day_s(), SEI_SIGNIFICANT(3));
            sei_rtable_add_number(t, turnover_d(&x), SEI_SIGNIFICANT(3));
        }
    sei_rtable_add_note(
        t, SEI_L("水質は、各槽の固相を表の保持量としたときの定常状態。固相が変われば水質も変わる。"
                 "1か月に 1 % を超えて変わるものを示す。",
                 "The water is at rest with what the beds hold here, and moves as that does. What "
                 "changes by more than 1 % of itself in a month is listed."));
    return t;
}

/* ---- summary.json ---- */

static void put_store(const sei_result *r, sei_json *json, json_t *list, size_t unit, size_t solid)
{
    const store x = store_of(r, unit, solid);
    json_t     *o = sei_json_object(json, list, NULL);

    sei_json_text(json, o, "unit", r->site->units[unit].name);
    sei_json_text(json, o, "solid", r->solid_name[solid]);
    sei_json_number(json, o, "held_kg", x.held_kg);
    sei_json_number(json, o, "gain_kg_d", x.gain_kg_s * sei_day_s());
    sei_json_number(json, o, "doubles_or_gone_in_d", turnover_d(&x));
}

void sei_put_rest(const sei_result *r, sei_json *json)
{
    if (!r->solid_mol_s)
        return;
    json_t *o = sei_json_object(json, json->root, "steady");
    sei_json_number(json, o, "deposits_after_d", r->site->run.deposits_s / SEI_DAY_S);
    sei_json_bool(json, o, "beds_are_at_rest", !sei_result_drifts(r));
    if (r->rest.component) {
        sei_json_number(json, o, "run_differs_percent", 100.0 * r->rest.off);
        sei_json_text(json, o, "run_differs_in", r->rest.component);
        sei_json_text(json, o, "run_differs_at", r->site->units[r->rest.unit].name);
    }
    json_t *list = sei_json_array(json, o, "stores");
    for (size_t u = 0; u < r->n_units; u++)
        for (size_t s = 0; s < r->n_solids; s++)
            if (drifts(r, u, s))
                put_store(r, json, list, u, s);
}
