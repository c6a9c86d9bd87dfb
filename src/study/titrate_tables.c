/* titrate_tables.c - the tables of a titration */
#include <stdio.h>
#include <string.h>

#include "base/constants.h"
#include "study/titrate_study.h"

static const double visible_mg_l = 1e-3; /* a solid of which there is less is not shown */

/* ---- what matters ------------------------------------------------------------------------------- */

static void add_key(sei_rtable *t, sei_label what, double value, int decimals, const char *unit)
{
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, what);
    sei_rtable_add_number(t, value, decimals);
    sei_rtable_add_text(t, (sei_label){unit, unit});
}

static void add_missing(sei_rtable *t, sei_label what, sei_label why)
{
    sei_rtable_add_row(t);
    sei_rtable_add_text(t, what);
    sei_rtable_add_empty(t);
    sei_rtable_add_text(t, why);
}

/* Dose, product and sludge of one point. */
static void add_point(const sei_titrate_study *s, sei_rtable *t, const char *ja, const char *en,
                      const sei_titration_point *p)
{
    const sei_sludge           sludge = sei_titrate_sludge(s, p);
    const sei_titrate_options *o      = s->options;
    char                       text[2][240];

    snprintf(text[0], sizeof text[0], "%s: 添加量(純分)", ja);
    snprintf(text[1], sizeof text[1], "%s: dose, pure", en);
    add_key(t, (sei_label){text[0], text[1]}, sei_titrate_reagent_mg_l(s, p->dose_mol),
            SEI_SIGNIFICANT(4), "mg/L");
    add_key(t, (sei_label){"  pH", "  pH"}, p->ph, 2, "");
    add_key(t, (sei_label){"  薬剤(製品)", "  product"},
            sei_dosing_product_kg_m3(s->titrator, &o->dosing, p->dose_mol), SEI_SIGNIFICANT(4),
            "kg/m³");
    add_key(t, (sei_label){"  汚泥(乾物)", "  sludge, dry"}, sludge.dry_kg_m3, SEI_SIGNIFICANT(4),
            "kg/m³");
    add_key(t, (sei_label){"  汚泥(沈降後)", "  sludge, settled"}, sludge.volume_l_m3,
            SEI_SIGNIFICANT(4), "L/m³");
    if (o->water->has_flow) {
        const double m3_d = o->water->flow_m3_s * SEI_DAY_S;
        add_key(t, (sei_label){"  薬剤(製品)", "  product"},
                m3_d * sei_dosing_product_kg_m3(s->titrator, &o->dosing, p->dose_mol),
                SEI_SIGNIFICANT(3), "kg/d");
        add_key(t, (sei_label){"  汚泥(沈降後)", "  sludge, settled"},
                1e-3 * m3_d * sludge.volume_l_m3, SEI_SIGNIFICANT(3), "m³/d");
    }
}

static void add_target(const sei_titrate_study *s, sei_rtable *t)
{
    char en[64], ja[64];

    if (s->options->range.to_ph != s->options->range.to_ph) /* NAN: none asked for */
        return;
    snprintf(ja, sizeof ja, "pH %.4g", s->options->range.to_ph);
    snprintf(en, sizeof en, "pH %.4g", s->options->range.to_ph);
    if (s->curve->has_target)
        add_point(s, t, ja, en, &s->curve->target);
    else
        add_missing(t, (sei_label){ja, en}, (sei_label){"到達しない", "is not reached"});
}

static void add_metals(const sei_titrate_study *s, sei_rtable *t)
{
    for (size_t i = 0; i < s->n_metals; i++) {
        const sei_titrate_metal *m = &s->metals[i];
        char                     ja[96], en[96];
        if (!m->has_limit)
            continue;
        snprintf(ja, sizeof ja, "%s ≦ %.4g mg/L となる添加量", m->quantity->symbol, m->limit_mg_l);
        snprintf(en, sizeof en, "dose that brings %s to %.4g mg/L", m->quantity->symbol,
                 m->limit_mg_l);
        if (!m->is_kept)
            add_missing(t, (sei_label){ja, en}, (sei_label){"到達しない", "is not reached"});
        else if (m->from.dose_mol == 0.0)
            add_missing(t, (sei_label){ja, en}, (sei_label){"添加不要", "none is needed"});
        else
            add_key(t, (sei_label){ja, en}, sei_titrate_reagent_mg_l(s, m->from.dose_mol),
                    SEI_SIGNIFICANT(4), "mg/L");
    }
}

/* "Cd, As": limits that no dose keeps. */
static void list_unkept(const sei_titrate_study *s, char *out, size_t size)
{
    size_t at = 0;

    out[0] = '\0';
    for (size_t i = 0; i < s->n_metals; i++)
        if (s->metals[i].has_limit && !s->metals[i].is_kept && at + 16 < size)
            at += (size_t)snprintf(out + at, size - at, "%s%s", at > 0 ? ", " : "",
                                   s->metals[i].quantity->symbol);
}

static void add_most_limits(const sei_titrate_study *s, sei_rtable *t)
{
    char names[100], ja[140], en[140];

    add_missing(t, (sei_label){"全金属が基準以下", "all metals within limits"},
                (sei_label){"この範囲では不可", "by no dose of the curve"});
    if (!s->most_kept)
        return;
    list_unkept(s, names, sizeof names);
    snprintf(ja, sizeof ja, "%s以外が基準以下", names);
    snprintf(en, sizeof en, "limits kept but for %s", names);
    add_point(s, t, ja, en, &s->most_from);
}

static void add_all_limits(const sei_titrate_study *s, sei_rtable *t)
{
    if (s->n_limits == 0)
        return;
    if (!s->all_kept) {
        add_most_limits(s, t);
        return;
    }
    add_point(s, t, "全金属が基準以下", "all metals within limits", &s->from);
    if (s->to.dose_mol < s->curve->points[s->curve->n - 1].dose_mol) {
        add_key(t, (sei_label){"  上限の添加量", "  up to a dose of"},
                sei_titrate_reagent_mg_l(s, s->to.dose_mol), SEI_SIGNIFICANT(4), "mg/L");
        add_key(t, (sei_label){"  そのpH", "  up to a pH of"}, s->to.ph, 2, "");
    }
}

/* The pH at which the metals are low may be too high for discharge. */
static void note_ph(const sei_titrate_study *s, sei_rtable *t)
{
    const sei_titration_point *p = s->all_kept ? &s->from : s->most_kept ? &s->most_from : NULL;
    char                       ja[240], en[240];

    if (!s->has_ph_limit || !p || sei_titrate_ph_kept(s, p))
        return;
    snprintf(ja, sizeof ja,
             "金属が基準以下となるpH %.2f は排水基準(%.4g~%.4g)を外れる。放流前に逆中和が必要。",
             p->ph, s->ph_limit.min_si, s->ph_limit.max_si);
    snprintf(en, sizeof en,
             "The pH %.2f at which the metals keep their limits lies outside %.4g..%.4g: the water "
             "must be neutralised again before it is discharged.",
             p->ph, s->ph_limit.min_si, s->ph_limit.max_si);
    sei_rtable_add_note(t, (sei_label){ja, en});
}

static void note_limits(const sei_titrate_study *s, sei_rtable *t)
{
    for (size_t i = 0; i < s->n_metals; i++)
        if (s->metals[i].has_limit && s->metals[i].limit.status == SEI_LIMIT_UNVERIFIED) {
            char ja[160], en[160];
            snprintf(ja, sizeof ja, "%s の基準値は原典未確認。", s->metals[i].quantity->symbol);
            snprintf(en, sizeof en, "The limit of %s has not been checked in the law.",
                     s->metals[i].quantity->symbol);
            sei_rtable_add_note(t, (sei_label){ja, en});
        }
}

/* Without it, their own solids say too little of what iron takes along. */
static void note_sorption(const sei_titrate_study *s, sei_rtable *t)
{
    bool is_short = false;

    for (size_t i = 0; i < s->n_metals; i++)
        is_short = is_short || (s->metals[i].has_limit && !s->metals[i].is_kept);
    if (sei_titrator_sorbs(s->titrator))
        sei_rtable_add_note(
            t,
            (sei_label){
                "水酸化鉄への吸着を含む(Dzombak & Morel 1990の二層モデル)。アルミニウム・マンガン"
                "水酸化物への吸着は含まない。",
                "Sorption on ferric hydroxide is counted (two-layer model of Dzombak & Morel "
                "1990); "
                "sorption on hydroxides of aluminium and manganese is not."});
    else if (is_short)
        sei_rtable_add_note(
            t, (sei_label){
                   "鉄・アルミニウム水酸化物への吸着・共沈は考慮していない。実際の残留濃度は計算よ"
                   "り低くなる。",
                   "Sorption on hydroxides of iron and aluminium is not counted: what is left in a "
                   "plant is less than computed."});
}

static void note_model(const sei_titrate_study *s, sei_rtable *t)
{
    const sei_titration_setup *setup = &s->options->setup;
    char                       ja[400], en[400];

    const bool coupled = setup->open_o2 || setup->is_coupled;
    snprintf(ja, sizeof ja,
             "CO2: %s、O2: %s、価数: %s。水1 kgを1 "
             "Lとみなす。溶存濃度と基準を比較(固液分離が完全な場合)。",
             setup->open_co2 ? "大気開放" : "閉鎖", setup->open_o2 ? "大気開放" : "閉鎖",
             coupled ? "酸化還元平衡" : "分析値のまま");
    snprintf(en, sizeof en,
             "CO2: %s, O2: %s, valences: %s. A kilogram of water is taken as a litre. Limits are "
             "compared "
             "with what is dissolved, as if all solids were held back.",
             setup->open_co2 ? "open" : "closed", setup->open_o2 ? "open" : "closed",
             coupled ? "at redox equilibrium" : "as analysed");
    sei_rtable_add_note(t, (sei_label){ja, en});
}

sei_rtable *sei_titrate_key_table(const sei_titrate_study *s)
{
    const sei_reagent *r = s->options->setup.reagent;
    char               ja[240], en[240];

    snprintf(ja, sizeof ja, "%s(%s)による中和: %s", r->name_ja, r->key, s->options->water->name_ja);
    snprintf(en, sizeof en, "Neutralisation with %s (%s): %s", r->name_en, r->key,
             s->options->water->name);
    sei_rtable *t = sei_rtable_create(s->ctx, "titration_key", (sei_label){ja, en});
    sei_rtable_add_column(t, "what", (sei_label){"項目", "what"}, "");
    sei_rtable_add_column(t, "value", (sei_label){"値", "value"}, "");
    sei_rtable_add_column(t, "unit", (sei_label){"単位", "unit"}, "");
    add_key(t, (sei_label){"原水 pH", "raw water, pH"}, sei_titrator_raw(s->titrator)->ph, 2, "");
    add_key(t, (sei_label){"正味酸度", "net acidity"}, sei_titrator_net_acidity_mg_l(s->titrator),
            SEI_SIGNIFICANT(4), "mg/L CaCO3");
    add_key(t, (sei_label){"化学量論による添加量", "dose by stoichiometry"},
            sei_titrate_reagent_mg_l(s, sei_titrator_stoichiometric_mol(s->titrator)),
            SEI_SIGNIFICANT(4), "mg/L");
    add_target(s, t);
    add_all_limits(s, t);
    add_metals(s, t);
    note_ph(s, t);
    note_limits(s, t);
    note_sorption(s, t);
    note_model(s, t);
    return t;
}

/* ---- the curve ---------------------------------------------------------------------------------- */

static void add_dose_columns(sei_rtable *t)
{
    sei_rtable_add_column(t, "dose_mg_l", (sei_label){"添加量", "dose"}, "mg/L");
    sei_rtable_add_column(t, "dose_mmol_l", (sei_label){"添加量", "dose"}, "mmol/L");
    sei_rtable_add_column(t, "dose_mg_l_caco3", (sei_label){"CaCO3換算", "as CaCO3"}, "mg/L");
    sei_rtable_add_column(t, "ph", (sei_label){"pH", "pH"}, "");
}

static void add_dose(const sei_titrate_study *s, sei_rtable *t, const sei_titration_point *p)
{
    sei_rtable_add_row(t);
    sei_rtable_add_number(t, sei_titrate_reagent_mg_l(s, p->dose_mol), 1);
    sei_rtable_add_number(t, 1e3 * p->dose_mol, 3);
    sei_rtable_add_number(t, sei_titrate_caco3_mg_l(s, p->dose_mol), 1);
    sei_rtable_add_number(t, p->ph, 2);
}

static bool is_row(const sei_titrate_study *s, size_t i)
{
    return s->curve->is_step[i] ||
           (s->curve->has_target && s->curve->points[i].dose_mol == s->curve->target.dose_mol);
}

static void add_metal_columns(const sei_titrate_study *s, sei_rtable *t)
{
    for (size_t k = 0; k < s->n_metals; k++) {
        char key[64];
        snprintf(key, sizeof key, "%s_mg_l", s->metals[k].quantity->key);
        sei_rtable_add_column(
            t, key, (sei_label){s->metals[k].quantity->symbol, s->metals[k].quantity->symbol},
            "mg/L");
    }
}

/* Sorbed metals of which there is something to see somewhere. */
static bool is_sorbed(const sei_titrate_study *s, size_t metal)
{
    for (size_t i = 0; i < s->curve->n; i++)
        if (sei_titrate_sorbed_mg_l(&s->metals[metal], &s->curve->points[i]) >= visible_mg_l)
            return true;
    return false;
}

static void add_sorbed_columns(const sei_titrate_study *s, sei_rtable *t)
{
    for (size_t k = 0; k < s->n_metals; k++) {
        char        key[64], ja[64], en[64];
        const char *symbol = s->metals[k].quantity->symbol;
        if (!is_sorbed(s, k))
            continue;
        snprintf(key, sizeof key, "%s_sorbed_mg_l", s->metals[k].quantity->key);
        snprintf(ja, sizeof ja, "%s 吸着", symbol);
        snprintf(en, sizeof en, "%s, sorbed", symbol);
        sei_rtable_add_column(t, key, (sei_label){ja, en}, "mg/L");
    }
}

static void add_sorbed(const sei_titrate_study *s, sei_rtable *t, const sei_titration_point *p)
{
    for (size_t k = 0; k < s->n_metals; k++)
        if (is_sorbed(s, k))
            sei_rtable_add_number(t, sei_titrate_sorbed_mg_l(&s->metals[k], p), SEI_SIGNIFICANT(3));
}

static void add_sludge_columns(sei_rtable *t)
{
    sei_rtable_add_column(t, "sludge_dry_mg_l", (sei_label){"汚泥(乾物)", "sludge, dry"}, "mg/L");
    sei_rtable_add_column(t, "sludge_volume_l_m3", (sei_label){"汚泥(沈降後)", "settled"}, "L/m³");
}

static void add_sludge(const sei_titrate_study *s, sei_rtable *t, const sei_titration_point *p)
{
    const sei_sludge sludge = sei_titrate_sludge(s, p);

    sei_rtable_add_number(t, 1e3 * sludge.dry_kg_m3, 1);
    sei_rtable_add_number(t, sludge.volume_l_m3, 2);
}

/* A mineral's name as a key: letters and digits, the rest "_". */
static void mineral_key(char out[64], const char *name)
{
    size_t n = 0;

    for (const char *c = name; *c && n < 56; c++) {
        const bool word =
            (*c >= 'a' && *c <= 'z') || (*c >= 'A' && *c <= 'Z') || (*c >= '0' && *c <= '9');
        if (word)
            out[n++] = *c >= 'A' && *c <= 'Z' ? (char)(*c - 'A' + 'a') : *c;
        else if (n > 0 && out[n - 1] != '_')
            out[n++] = '_';
    }
    if (n > 0 && out[n - 1] == '_')
        n--;
    memcpy(out + n, "_mg_l", sizeof "_mg_l");
}

static void add_mineral_columns(const sei_titrate_study *s, sei_rtable *t)
{
    for (size_t k = 0; k < sei_titrator_n_minerals(s->titrator); k++) {
        char        key[64];
        const char *name = sei_titrator_mineral(s->titrator, k);
        if (sei_titrate_most_mg_l(s, k) < visible_mg_l)
            continue;
        mineral_key(key, name);
        sei_rtable_add_column(t, key, (sei_label){name, name}, "mg/L");
    }
}

static void add_minerals(const sei_titrate_study *s, sei_rtable *t, const sei_titration_point *p)
{
    for (size_t k = 0; k < sei_titrator_n_minerals(s->titrator); k++)
        if (sei_titrate_most_mg_l(s, k) >= visible_mg_l)
            sei_rtable_add_number(t, sei_titrate_solid_mg_l(s, k, p), 2);
}

sei_rtable *sei_titrate_water_table(const sei_titrate_study *s, bool all_points)
{
    sei_rtable *t =
        sei_rtable_create(s->ctx, "titration", (sei_label){"滴定曲線", "Titration curve"});

    add_dose_columns(t);
    if (all_points) {
        sei_rtable_add_column(t, "product_mg_l", (sei_label){"薬剤(製品)", "product"}, "mg/L");
        sei_rtable_add_column(t, "pe", (sei_label){"pe", "pe"}, "");
    }
    add_metal_columns(s, t);
    if (all_points) {
        add_sorbed_columns(s, t);
        add_mineral_columns(s, t);
    }
    add_sludge_columns(t);
    for (size_t i = 0; i < s->curve->n; i++) {
        const sei_titration_point *p = &s->curve->points[i];
        if (!all_points && !is_row(s, i))
            continue;
        add_dose(s, t, p);
        if (all_points) {
            sei_rtable_add_number(
                t, 1e3 * sei_dosing_product_kg_m3(s->titrator, &s->options->dosing, p->dose_mol),
                1);
            sei_rtable_add_number(t, p->pe, 2);
        }
        for (size_t k = 0; k < s->n_metals; k++)
            sei_rtable_add_number(t, sei_titrate_mg_l(&s->metals[k], p), SEI_SIGNIFICANT(3));
        if (all_points) {
            add_sorbed(s, t, p);
            add_minerals(s, t, p);
        }
        add_sludge(s, t, p);
    }
    return t;
}

sei_rtable *sei_titrate_solid_table(const sei_titrate_study *s)
{
    sei_rtable *t =
        sei_rtable_create(s->ctx, "titration_solids", (sei_label){"析出物", "Solids that form"});

    sei_rtable_add_column(t, "dose_mg_l", (sei_label){"添加量", "dose"}, "mg/L");
    sei_rtable_add_column(t, "ph", (sei_label){"pH", "pH"}, "");
    add_mineral_columns(s, t);
    for (size_t i = 0; i < s->curve->n; i++) {
        const sei_titration_point *p = &s->curve->points[i];
        if (!is_row(s, i))
            continue;
        sei_rtable_add_row(t);
        sei_rtable_add_number(t, sei_titrate_reagent_mg_l(s, p->dose_mol), 1);
        sei_rtable_add_number(t, p->ph, 2);
        add_minerals(s, t, p);
    }
    return t;
}
