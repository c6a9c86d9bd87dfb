/* result_supply.c - reagents and sludge of a run: tables, and their part of summary.json */
#include <math.h>

#include "study/result_parts.h"
#include "study/result_tables.h"
#include "study/result_words.h"

/* ---- tables ---- */

sei_rtable *sei_table_reagents(const sei_digest *d)
{
    const sei_result *r = d->result;

    if (r->n_doses == 0)
        return NULL;
    sei_rtable *t =
        sei_rtable_create(d->ctx, "reagents", SEI_L("薬剤使用量", "Reagents that were used"));
    sei_rtable_add_column(t, "unit", SEI_L("装置", "unit"), "");
    sei_rtable_add_column(t, "reagent", SEI_L("薬剤", "reagent"), "");
    sei_rtable_add_column(t, "set_ph", SEI_L("設定pH", "set pH"), "");
    sei_rtable_add_column(t, "dose", SEI_L("平均添加量", "mean dose"), "mg/L");
    sei_rtable_add_column(t, "use", SEI_L("使用量", "use"), "kg/d");
    sei_rtable_add_column(t, "limited", SEI_L("上限到達時間割合", "time at the most"), "%");
    for (size_t i = 0; i < r->n_doses; i++) {
        const sei_result_dose *dose = &r->doses[i];
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, sei_unit_label(&r->site->units[dose->unit]));
        sei_rtable_add_text(t, (sei_label){dose->reagent->name_ja, dose->reagent->name_en});
        if (isnan(dose->set_ph))
            sei_rtable_add_empty(t);
        else
            sei_rtable_add_number(t, dose->set_ph, 2);
        sei_rtable_add_number(t, 1e3 * dose->mean_kg_m3, SEI_SIGNIFICANT(4));
        sei_rtable_add_number(t, dose->mean_kg_s * sei_day_s(), SEI_SIGNIFICANT(4));
        sei_rtable_add_number(t, 100.0 * dose->limited_share, 1);
    }
    sei_rtable_add_note(t, SEI_L("量は製品(純度を含む)としての値。",
                                 "Amounts are of the product as bought, impurities included."));
    return t;
}

sei_rtable *sei_table_sludge(const sei_digest *d)
{
    const sei_result *r = d->result;

    if (r->n_sludges == 0)
        return NULL;
    sei_rtable *t = sei_rtable_create(d->ctx, "sludge", SEI_L("汚泥", "Sludge"));
    sei_rtable_add_column(t, "unit", SEI_L("装置", "unit"), "");
    sei_rtable_add_column(t, "to", SEI_L("行き先", "to"), "");
    sei_rtable_add_column(t, "dry", SEI_L("乾燥固形物", "dry solids"), "kg/d");
    sei_rtable_add_column(t, "solids", SEI_L("固形分", "solids"), "%");
    sei_rtable_add_column(t, "volume", SEI_L("汚泥量", "volume"), "m³/d");
    for (size_t i = 0; i < r->n_sludges; i++) {
        const sei_result_sludge *s = &r->sludges[i];
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, sei_unit_label(&r->site->units[s->unit]));
        sei_rtable_add_text(t, s->to == SIZE_MAX ? SEI_L("排泥", "wasted")
                                                 : sei_unit_label(&r->site->units[s->to]));
        sei_rtable_add_number(t, s->mean_kg_s * sei_day_s(), SEI_SIGNIFICANT(4));
        sei_rtable_add_number(t, 100.0 * s->solids_fraction, 1);
        sei_rtable_add_number(t, s->mean_m3_s * sei_day_s(), SEI_SIGNIFICANT(3));
    }
    return t;
}

/* ---- summary.json ---- */

static void put_doses(const sei_result *r, sei_json *json)
{
    json_t *list = sei_json_array(json, json->root, "reagents");

    for (size_t i = 0; i < r->n_doses; i++) {
        const sei_result_dose *d = &r->doses[i];
        json_t                *o = sei_json_object(json, list, NULL);
        sei_json_text(json, o, "unit", r->site->units[d->unit].name);
        sei_json_text(json, o, "reagent", d->reagent->key);
        sei_json_number(json, o, "purity", d->purity);
        sei_json_number(json, o, "dissolution", d->dissolution);
        sei_json_number(json, o, "set_ph", d->set_ph);
        sei_json_number(json, o, "product_kg", d->product_kg);
        sei_json_number(json, o, "mean_kg_d", d->mean_kg_s * sei_day_s());
        sei_json_number(json, o, "mean_dose_mg_l", 1e3 * d->mean_kg_m3);
        sei_json_number(json, o, "limited_percent", 100.0 * d->limited_share);
    }
}

static void put_sludges(const sei_result *r, sei_json *json)
{
    json_t *list = sei_json_array(json, json->root, "sludge");

    for (size_t i = 0; i < r->n_sludges; i++) {
        const sei_result_sludge *s = &r->sludges[i];
        json_t                  *o = sei_json_object(json, list, NULL);
        sei_json_text(json, o, "unit", r->site->units[s->unit].name);
        sei_json_text(json, o, "to", s->to == SIZE_MAX ? NULL : r->site->units[s->to].name);
        sei_json_number(json, o, "dry_kg", s->dry_kg);
        sei_json_number(json, o, "mean_dry_kg_d", s->mean_kg_s * sei_day_s());
        sei_json_number(json, o, "solids_percent", 100.0 * s->solids_fraction);
        sei_json_number(json, o, "density_kg_m3", s->sludge_kg_m3);
        sei_json_number(json, o, "mean_m3_d", s->mean_m3_s * sei_day_s());
    }
}

void sei_put_supply(const sei_result *r, sei_json *json)
{
    put_doses(r, json);
    put_sludges(r, json);
}

/* ---- reagents.csv ---- */

static const char reagents_file[] = "reagents.csv";

static void put_dose(sei_table_writer *w, const sei_result *r, size_t time, size_t dose)
{
    const sei_result_dose *d     = &r->doses[dose];
    const double           kg_s  = r->dose_kg_s[time * r->n_doses + dose];
    const size_t           watch = sei_result_watch(r, r->site->units[d->unit].name),
                 flow            = sei_result_column(r, "flow", SEI_FRACTION_TOTAL);
    const double m3_s            = sei_result_value(r, time, watch, flow);

    sei_table_put_time(w, r->time_us[time], r->site->utc_offset_us);
    sei_table_put_text(w, r->site->units[d->unit].name);
    sei_table_put_text(w, d->reagent->key);
    sei_table_put_number(w, kg_s * sei_day_s(), SEI_CSV_DIGITS);
    if (m3_s > 0.0)
        sei_table_put_number(w, 1e3 * kg_s / m3_s, SEI_CSV_DIGITS);
    else
        sei_table_put_empty(w);
    sei_table_end_row(w);
}

sei_status sei_save_reagents(const sei_digest *d, const char *folder)
{
    static const char *const headers[] = {"time", "unit", "reagent", "product_kg_d", "dose_mg_l"};
    const sei_result        *r         = d->result;
    sei_table_writer        *w         = NULL;

    if (r->n_doses == 0)
        return sei_remove_csv(d->ctx, folder, reagents_file);
    const sei_status st = sei_table_writer_create(d->ctx, NULL, &w);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        sei_table_put_text(w, headers[i]);
    sei_table_end_row(w);
    for (size_t i = 0; i < r->n_doses; i++)
        for (size_t t = 0; t < r->n_times; t++)
            put_dose(w, r, t, i);
    return sei_save_csv(d->ctx, w, folder, reagents_file);
}
