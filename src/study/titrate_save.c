/* titrate_save.c - the files of a titration */
#include <string.h>

#include "base/constants.h"
#include "base/file.h"
#include "seiryu/version.h"
#include "study/result_json.h"
#include "study/titrate_study.h"

/* ---- summary.json ------------------------------------------------------------------------------- */

static void put_point(const sei_titrate_study *s, sei_json *j, json_t *parent, const char *key,
                      const sei_titration_point *p)
{
    const sei_titrate_options *o      = s->options;
    const sei_sludge           sludge = sei_titrate_sludge(s, p);
    json_t                    *at     = sei_json_object(j, parent, key);

    sei_json_number(j, at, "ph", p->ph);
    sei_json_number(j, at, "dose_mmol_l", 1e3 * p->dose_mol);
    sei_json_number(j, at, "dose_mg_l", sei_titrate_reagent_mg_l(s, p->dose_mol));
    sei_json_number(j, at, "dose_mg_l_caco3", sei_titrate_caco3_mg_l(s, p->dose_mol));
    sei_json_number(j, at, "product_kg_m3",
                    sei_dosing_product_kg_m3(s->titrator, &o->dosing, p->dose_mol));
    json_t *dissolved = sei_json_object(j, at, "dissolved_mg_l");
    for (size_t i = 0; i < s->n_metals; i++)
        sei_json_number(j, dissolved, s->metals[i].quantity->key,
                        sei_titrate_mg_l(&s->metals[i], p));
    if (sei_titrator_sorbs(s->titrator)) {
        json_t *sorbed = sei_json_object(j, at, "sorbed_mg_l");
        for (size_t i = 0; i < s->n_metals; i++)
            sei_json_number(j, sorbed, s->metals[i].quantity->key,
                            sei_titrate_sorbed_mg_l(&s->metals[i], p));
    }
    json_t *solids = sei_json_object(j, at, "solids_mg_l");
    for (size_t k = 0; k < sei_titrator_n_minerals(s->titrator); k++)
        if (p->solid_mol[k] > 0.0)
            sei_json_number(j, solids, sei_titrator_mineral(s->titrator, k),
                            sei_titrate_solid_mg_l(s, k, p));
    json_t *out = sei_json_object(j, at, "sludge");
    sei_json_number(j, out, "minerals_kg_m3", sludge.mineral_kg_m3);
    sei_json_number(j, out, "undissolved_reagent_kg_m3", sludge.undissolved_kg_m3);
    sei_json_number(j, out, "inert_kg_m3", sludge.inert_kg_m3);
    sei_json_number(j, out, "dry_kg_m3", sludge.dry_kg_m3);
    sei_json_number(j, out, "volume_l_m3", sludge.volume_l_m3);
    sei_json_number(j, out, "density_kg_l", sludge.sludge_kg_l);
    if (!o->water->has_flow)
        return;
    const double m3_d = o->water->flow_m3_s * SEI_DAY_S;
    sei_json_number(j, at, "product_kg_d",
                    m3_d * sei_dosing_product_kg_m3(s->titrator, &o->dosing, p->dose_mol));
    sei_json_number(j, at, "sludge_dry_kg_d", m3_d * sludge.dry_kg_m3);
    sei_json_number(j, at, "sludge_volume_m3_d", 1e-3 * m3_d * sludge.volume_l_m3);
}

static void put_water(const sei_titrate_study *s, sei_json *j)
{
    const sei_water_row *w  = s->options->water;
    json_t              *at = sei_json_object(j, j->root, "water");

    sei_json_text(j, at, "name", w->name);
    sei_json_number(j, at, "temp_c", w->analysis.temp_c);
    sei_json_number(j, at, "ph", sei_titrator_raw(s->titrator)->ph);
    sei_json_number(j, at, "charge_error_percent", 100.0 * sei_titrator_charge_error(s->titrator));
    sei_json_number(j, at, "net_acidity_mg_l_caco3", sei_titrator_net_acidity_mg_l(s->titrator));
    if (w->has_flow)
        sei_json_number(j, at, "flow_m3_d", SEI_DAY_S * w->flow_m3_s);
    json_t *metals = sei_json_object(j, at, "mg_l");
    for (size_t i = 0; i < s->n_metals; i++)
        sei_json_number(j, metals, s->metals[i].quantity->key, s->metals[i].raw_mg_l);
}

static void put_model(const sei_titrate_study *s, sei_json *j)
{
    const sei_titrate_options *o  = s->options;
    json_t                    *at = sei_json_object(j, j->root, "model");

    sei_json_text(j, at, "program", "seiryu " SEI_VERSION);
    sei_json_text(j, at, "database", sei_db_name(o->db));
    sei_json_text(j, at, "database_sha256", sei_db_sha256(o->db));
    sei_json_text(j, at, "reagent", o->setup.reagent->key);
    sei_json_number(j, at, "purity", o->dosing.purity);
    sei_json_number(j, at, "dissolution", o->dosing.dissolution);
    sei_json_number(j, at, "sludge_solids_fraction", o->dosing.solids_fraction);
    sei_json_bool(j, at, "valences_at_redox_equilibrium", o->setup.open_o2 || o->setup.is_coupled);
    if (o->setup.open_co2)
        sei_json_number(j, at, "log10_pco2_atm", o->setup.log_pco2);
    else
        sei_json_null(j, at, "log10_pco2_atm");
    if (o->setup.open_o2)
        sei_json_number(j, at, "log10_po2_atm", o->setup.log_po2);
    else
        sei_json_null(j, at, "log10_po2_atm");
    if (sei_titrator_sorbs(s->titrator))
        sei_json_text(j, at, "sorption",
                      "ferric hydroxide, two-layer model of Dzombak & Morel 1990");
    else
        sei_json_null(j, at, "sorption");
    json_t *minerals = sei_json_array(j, at, "minerals_allowed");
    for (size_t k = 0; k < sei_titrator_n_minerals(s->titrator); k++)
        sei_json_text(j, minerals, NULL, sei_titrator_mineral(s->titrator, k));
}

static void put_limits(const sei_titrate_study *s, sei_json *j)
{
    json_t *list = sei_json_array(j, j->root, "limits");

    for (size_t i = 0; i < s->n_metals; i++) {
        const sei_titrate_metal *m = &s->metals[i];
        if (!m->has_limit)
            continue;
        json_t *at = sei_json_object(j, list, NULL);
        sei_json_text(j, at, "quantity", m->quantity->key);
        sei_json_text(j, at, "table", m->limit.table);
        sei_json_text(j, at, "source", m->limit.source);
        sei_json_text(j, at, "status", sei_limit_status_name(m->limit.status));
        sei_json_number(j, at, "limit_mg_l", m->limit_mg_l);
        sei_json_bool(j, at, "is_reached", m->is_kept);
        if (m->is_kept) {
            sei_json_number(j, at, "dose_mg_l", sei_titrate_reagent_mg_l(s, m->from.dose_mol));
            sei_json_number(j, at, "ph", m->from.ph);
            sei_json_number(j, at, "kept_up_to_dose_mg_l",
                            sei_titrate_reagent_mg_l(s, m->to.dose_mol));
            sei_json_number(j, at, "kept_up_to_ph", m->to.ph);
        }
    }
}

static void put_all_limits(const sei_titrate_study *s, sei_json *j)
{
    if (!s->all_kept) {
        sei_json_null(j, j->root, "all_limits");
        if (s->most_kept)
            put_point(s, j, j->root, "all_limits_that_can_be_kept", &s->most_from);
        return;
    }
    put_point(s, j, j->root, "all_limits", &s->from);
    json_t *at = json_object_get(j->root, "all_limits");
    sei_json_number(j, at, "kept_up_to_dose_mg_l", sei_titrate_reagent_mg_l(s, s->to.dose_mol));
    sei_json_number(j, at, "kept_up_to_ph", s->to.ph);
    sei_json_bool(j, at, "ph_may_be_discharged", sei_titrate_ph_kept(s, &s->from));
}

static void put_check(const sei_titrate_study *s, sei_json *j)
{
    json_t      *at   = sei_json_object(j, j->root, "stoichiometric");
    const double dose = sei_titrator_stoichiometric_mol(s->titrator);

    sei_json_number(j, at, "dose_mg_l", sei_titrate_reagent_mg_l(s, dose));
    sei_json_number(j, at, "dose_mmol_l", 1e3 * dose);
    if (s->curve->has_target && dose > 0.0)
        sei_json_number(j, at, "target_over_stoichiometric", s->curve->target.dose_mol / dose);
}

static sei_status save_summary(sei_ctx *ctx, const sei_titrate_study *s, const char *folder)
{
    sei_json j;

    sei_json_init(&j);
    put_water(s, &j);
    put_model(s, &j);
    if (s->options->range.to_ph == s->options->range.to_ph) { /* not NAN */
        sei_json_number(&j, j.root, "target_ph", s->options->range.to_ph);
        if (s->curve->has_target)
            put_point(s, &j, j.root, "target", &s->curve->target);
        else
            sei_json_null(&j, j.root, "target");
    }
    put_all_limits(s, &j);
    put_limits(s, &j);
    put_check(s, &j);
    json_t *warnings = sei_json_array(&j, j.root, "warnings");
    for (size_t i = 0; i < sei_ctx_n_warnings(ctx); i++)
        sei_json_text(&j, warnings, NULL, sei_ctx_warning(ctx, i));
    return sei_json_save(ctx, &j, folder, "summary.json");
}

/* ---- titration.csv ------------------------------------------------------------------------------ */

static sei_status save_curve(sei_ctx *ctx, const sei_titrate_study *s, const char *folder)
{
    sei_rtable *table = sei_titrate_water_table(s, true);
    char       *path = sei_path_join(ctx, folder, "titration.csv"), *text = NULL;
    size_t      len = 0;

    sei_status st = table && path ? SEI_OK : SEI_E_NOMEM;
    if (st == SEI_OK)
        st = sei_rtable_write(ctx, table, SEI_RTABLE_CSV, SEI_LANG_EN, false, &text, &len);
    if (st == SEI_OK)
        st = sei_file_write(ctx, path, text, len);
    sei_release(ctx, text);
    sei_release(ctx, path);
    sei_rtable_free(table);
    return st;
}

sei_status sei_titrate_save(sei_ctx *ctx, const sei_titrate_study *s, const char *folder)
{
    sei_status st = sei_folder_make(ctx, folder);

    if (st == SEI_OK)
        st = save_curve(ctx, s, folder);
    if (st == SEI_OK)
        st = sei_titrate_figures(ctx, s, folder);
    return st == SEI_OK ? save_summary(ctx, s, folder) : st;
}
