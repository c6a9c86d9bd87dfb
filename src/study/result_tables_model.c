/* result_tables_model.c - tables of what went in: influent, parameters of units and rate laws */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "study/result_tables.h"
#include "study/result_words.h"

enum { DIGITS = 6 }; /* hides the rounding of unit conversion */

static void put_text_number(sei_rtable *t, double value)
{
    char text[SEI_NUMBER_MAX];

    sei_format_double(text, value, DIGITS);
    sei_put_plain(t, text);
}

/* ---- influent --------------------------------------------------------------------------------- */

static void put_influent_value(sei_rtable *t, const sei_influent_row *row)
{
    const sei_value *v = &row->constant;
    char             number[SEI_NUMBER_MAX], text[SEI_NUMBER_MAX + 4];

    if (!row->has_constant) {
        sei_rtable_add_empty(t);
        return;
    }
    sei_format_double(number, sei_column_shown(&row->column, v->value_si), DIGITS);
    snprintf(text, sizeof text, "%s%s", v->qc == SEI_QC_BELOW_LOQ ? "<" : "", number);
    sei_put_plain(t, text);
}

static void put_series_cell(sei_rtable *t, const sei_digest *d, const sei_influent_row *row)
{
    char count[32];

    if (!row->series) {
        sei_rtable_add_empty(t);
        return;
    }
    const char *file = d->result->site->influent.file;
    sei_words   w    = sei_words_of(file ? file : "", file ? file : "");
    snprintf(count, sizeof count, "%zu", row->series->n);
    sei_words_add(&w, " (", " (");
    sei_words_add(&w, count, count);
    sei_words_add(&w, "点)", " values)");
    sei_rtable_add_text(t, SEI_LABEL_OF(w));
}

sei_rtable *sei_table_influent(const sei_digest *d)
{
    const sei_influent *in = &d->result->site->influent;
    sei_rtable         *t =
        sei_rtable_create(d->ctx, "influent", SEI_L("原水の設定値", "The raw water as given"));

    sei_rtable_add_column(t, "item", SEI_L("項目", "item"), "");
    sei_rtable_add_column(t, "value", SEI_L("一定値", "constant"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "series", SEI_L("時系列", "series"), "");
    for (size_t i = 0; i < in->n_rows; i++) {
        const sei_words name = sei_column_words(&in->rows[i].column);
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, SEI_LABEL_OF(name));
        put_influent_value(t, &in->rows[i]);
        sei_put_plain(t, sei_column_unit(&in->rows[i].column));
        put_series_cell(t, d, &in->rows[i]);
    }
    if (in->has_fe2_share) {
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, SEI_L("全鉄に占めるFe(II)の割合", "share of Fe(II) in total iron"));
        put_text_number(t, in->fe2_share);
    }
    if (in->balance) {
        sei_words w = sei_words_of("電荷の過不足は", "What the charges lack is taken up by ");
        sei_words_add(&w, in->balance->symbol, in->balance->symbol);
        sei_words_add(&w, "で調整した。", ".");
        sei_rtable_add_note(t, SEI_LABEL_OF(w));
    }
    return t;
}

/* ---- parameters of units ---------------------------------------------------------------------- */

static bool is_same(size_t n, const double a[], const double b[])
{
    for (size_t i = 0; i < n; i++)
        if (!(fabs(a[i] - b[i]) <= 1e-12 * fabs(b[i])) && !(isnan(a[i]) && isnan(b[i])))
            return false;
    return true;
}

bool sei_units_are_same(const sei_unit_spec *a, const sei_unit_spec *b)
{
    if (a->type != b->type || a->n_layers != b->n_layers ||
        !is_same(a->type->n_params, a->params, b->params))
        return false;
    for (size_t k = 0; k < a->n_layers; k++)
        if (!is_same(a->type->n_layer_params, a->layers[k].params, b->layers[k].params))
            return false;
    return true;
}

static bool is_default(const sei_param *param, double si)
{
    if (isnan(param->def))
        return false;
    const double def = sei_param_si(param, param->def);
    return fabs(si - def) <= 1e-9 * fabs(def);
}

static void put_origin(sei_rtable *t, const sei_param *param, bool given)
{
    sei_words w;

    if (given) {
        sei_rtable_add_text(t, SEI_L("サイトファイル", "site file"));
        return;
    }
    const sei_label evidence = sei_evidence_label(param->evidence);
    w                        = sei_words_of("既定値・", "default, ");
    sei_words_add(&w, evidence.ja, evidence.en);
    if (param->source && param->source[0]) {
        sei_words_add(&w, " [", " [");
        sei_words_add(&w, param->source, param->source);
        sei_words_add(&w, "]", "]");
    }
    sei_rtable_add_text(t, SEI_LABEL_OF(w));
}

static void param_row(sei_rtable *t, const char *layer, const sei_param *param, double si)
{
    sei_rtable_add_row(t);
    sei_put_plain(t, param->key);
    sei_put_plain(t, layer);
    sei_rtable_add_text(t, (sei_label){param->help_ja, param->help});
    put_text_number(t, sei_param_shown(param, si));
    sei_put_plain(t, param->unit);
    put_origin(t, param, !is_default(param, si));
}

sei_rtable *sei_table_unit_params(const sei_digest *d, size_t unit)
{
    const sei_unit_spec *spec = &d->result->site->units[unit];
    const sei_unit_type *type = spec->type;
    char                 name[40];
    const sei_label      label = sei_unit_label(spec);
    sei_words            title = sei_words_of(label.ja, label.en);

    snprintf(name, sizeof name, "unit-%zu", unit + 1);
    sei_words_add(&title, ":", ": ");
    sei_words_add(&title, type->title_ja, type->title);
    sei_rtable *t = sei_rtable_create(d->ctx, name, SEI_LABEL_OF(title));
    sei_rtable_add_column(t, "parameter", SEI_L("キー", "key"), "");
    sei_rtable_add_column(t, "layer", SEI_L("層", "layer"), "");
    sei_rtable_add_column(t, "meaning", SEI_L("意味", "meaning"), "");
    sei_rtable_add_column(t, "value", SEI_L("値", "value"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "origin", SEI_L("根拠", "origin"), "");
    for (size_t i = 0; i < type->n_params; i++)
        if (isfinite(spec->params[i]))
            param_row(t, "", &type->params[i], spec->params[i]);
    for (size_t k = 0; k < spec->n_layers; k++)
        for (size_t i = 0; i < type->n_layer_params; i++) {
            const double si = spec->layers[k].params[i];
            if (isfinite(si) && fabs(si) > 0) /* media that a layer lacks say nothing */
                param_row(t, spec->layers[k].name, &type->layer_params[i], si);
        }
    return t;
}

/* ---- rate laws -------------------------------------------------------------------------------- */

static void put_range(sei_rtable *t, sei_validity v)
{
    sei_put_plain(t, sei_range_words(v.low, v.high).en);
}

sei_rtable *sei_table_laws(const sei_digest *d)
{
    const sei_result *r = d->result;
    sei_rtable       *t =
        sei_rtable_create(d->ctx, "laws", SEI_L("反応速度則", "Rate laws of the model"));

    sei_rtable_add_column(t, "law", SEI_L("キー", "key"), "");
    sei_rtable_add_column(t, "title", SEI_L("速度則", "law"), "");
    sei_rtable_add_column(t, "reaction", SEI_L("反応", "reaction"), "");
    sei_rtable_add_column(t, "ph", SEI_L("適用pH", "valid pH"), "");
    sei_rtable_add_column(t, "temp", SEI_L("適用温度", "valid at"), "°C");
    sei_rtable_add_column(t, "source", SEI_L("文献", "source"), "");
    for (size_t i = 0; i < r->n_laws; i++) {
        const sei_rate_law *law = r->laws[i];
        sei_rtable_add_row(t);
        sei_put_plain(t, law->key);
        sei_rtable_add_text(t, (sei_label){law->title_ja, law->title});
        sei_put_plain(t, law->reaction);
        put_range(t, law->ph);
        put_range(t, law->temp_c);
        sei_put_plain(t, law->source);
    }
    sei_rtable_add_note(t, SEI_L("適用範囲の空欄は文献に記載のないもの。文献のキーは "
                                 "docs/references.bib による。",
                                 "A range left open is not stated in the source. Keys of sources "
                                 "are those of docs/references.bib."));
    return t;
}

/* ---- laws outside their ranges ------------------------------------------------------------------ */

/* What the law met in all units where it breached, and their names. */
static void breach_row(sei_rtable *t, const sei_digest *d, size_t first)
{
    const sei_result          *r      = d->result;
    const sei_breach          *b      = &d->breaches[first];
    const sei_quantity_column *column = &r->columns[b->column];
    const char                *unit   = sei_column_unit(column);
    sei_words                  name = sei_column_words(column), places = sei_words_of("", "");
    double                     low = b->low, high = b->high;

    for (size_t k = first; k < d->n_breaches; k++) {
        const sei_breach *other = &d->breaches[k];
        if (other->law != b->law || other->column != b->column)
            continue;
        const sei_label place = sei_unit_label(&r->site->units[other->unit]);
        sei_words_add(&places, k == first ? "" : "、", k == first ? "" : ", ");
        sei_words_add(&places, place.ja, place.en);
        low  = fmin(low, other->low);
        high = fmax(high, other->high);
    }
    if (unit[0]) {
        sei_words_add(&name, " (", " (");
        sei_words_add(&name, unit, unit);
        sei_words_add(&name, ")", ")");
    }
    sei_rtable_add_row(t);
    sei_put_plain(t, b->law->key);
    sei_rtable_add_text(t, (sei_label){b->law->title_ja, b->law->title});
    sei_rtable_add_text(t, SEI_LABEL_OF(name));
    put_range(t, b->valid);
    sei_put_plain(t, sei_range_words(low, high).en);
    sei_rtable_add_text(t, SEI_LABEL_OF(places));
}

sei_rtable *sei_table_breaches(const sei_digest *d)
{
    sei_rtable *t = sei_rtable_create(
        d->ctx, "outside", SEI_L("適用範囲の外で使われた速度則", "Rate laws outside their ranges"));

    sei_rtable_add_column(t, "law", SEI_L("キー", "key"), "");
    sei_rtable_add_column(t, "title", SEI_L("速度則", "law"), "");
    sei_rtable_add_column(t, "quantity", SEI_L("量", "quantity"), "");
    sei_rtable_add_column(t, "stated", SEI_L("適用範囲", "stated for"), "");
    sei_rtable_add_column(t, "met", SEI_L("使われた範囲", "met"), "");
    sei_rtable_add_column(t, "units", SEI_L("処理単位", "units"), "");
    for (size_t i = 0; i < d->n_breaches; i++)
        if (sei_digest_breach_is_first(d, i))
            breach_row(t, d, i);
    sei_rtable_add_note(
        t,
        SEI_L("範囲の外では文献の式を外挿している。結論への影響は感度解析"
              "(--sensitivities)で確かめられる。単位ごとの値は summary.json の warnings にある。",
              "Outside its range a law is extrapolated; --sensitivities tells which of them "
              "matter. summary.json has the values of each unit under warnings."));
    return t;
}

/* "3 (全体), 5 (srb_a)": the changes of a parameter by the site file. */
static void put_changes(sei_rtable *t, const sei_site *site, const sei_rate_law *law, size_t param)
{
    sei_words w = sei_words_of("", "");
    char      number[SEI_NUMBER_MAX];

    for (size_t i = 0; i < site->model.n_rates; i++) {
        const sei_rate_override *o = &site->model.rates[i];
        if (o->law != law || o->param != param)
            continue;
        sei_format_double(number, sei_param_shown(&law->params[param], o->value), DIGITS);
        sei_words_add(&w, number, number);
        sei_words_add(&w, "(全単位)", " (all units)");
    }
    for (size_t u = 0; u < site->n_units; u++)
        for (size_t i = 0; i < site->units[u].n_overrides; i++) {
            const sei_rate_override *o = &site->units[u].overrides[i];
            if (o->law != law || o->param != param)
                continue;
            sei_format_double(number, sei_param_shown(&law->params[param], o->value), DIGITS);
            sei_words_add(&w, w.ja[0] ? "、" : "", w.en[0] ? ", " : "");
            sei_words_add(&w, number, number);
            sei_words_add(&w, " (", " (");
            sei_words_add(&w, sei_unit_label(&site->units[u]).ja,
                          sei_unit_label(&site->units[u]).en);
            sei_words_add(&w, ")", ")");
        }
    if (w.en[0])
        sei_rtable_add_text(t, SEI_LABEL_OF(w));
    else
        sei_rtable_add_empty(t);
}

sei_rtable *sei_table_law_params(const sei_digest *d)
{
    const sei_result *r = d->result;
    sei_rtable       *t = sei_rtable_create(d->ctx, "law-parameters",
                                            SEI_L("速度則のパラメータ", "Parameters of the rate laws"));

    sei_rtable_add_column(t, "law", SEI_L("速度則", "law"), "");
    sei_rtable_add_column(t, "parameter", SEI_L("パラメータ", "parameter"), "");
    sei_rtable_add_column(t, "value", SEI_L("既定値", "default"), "");
    sei_rtable_add_column(t, "unit", SEI_L("単位", "unit"), "");
    sei_rtable_add_column(t, "changed", SEI_L("変更", "changed to"), "");
    sei_rtable_add_column(t, "evidence", SEI_L("根拠", "evidence"), "");
    sei_rtable_add_column(t, "source", SEI_L("文献", "source"), "");
    for (size_t i = 0; i < r->n_laws; i++)
        for (size_t k = 0; k < r->laws[i]->n_params; k++) {
            const sei_param *p = &r->laws[i]->params[k];
            sei_rtable_add_row(t);
            sei_put_plain(t, r->laws[i]->key);
            sei_put_plain(t, p->key);
            put_text_number(t, p->def);
            sei_put_plain(t, p->unit);
            put_changes(t, r->site, r->laws[i], k);
            sei_rtable_add_text(t, sei_evidence_label(p->evidence));
            sei_put_plain(t, p->source);
        }
    sei_rtable_add_note(
        t, SEI_L("容量・比表面積・ガス移動係数など、槽の形や充填材で決まるものは、各処理単位の"
                 "パラメータから計算した値がこの既定値に代わる。",
                 "Capacities, surface areas and transfer coefficients that the shape and the media "
                 "of a unit determine are computed from the unit's parameters and take the place "
                 "of these defaults."));
    return t;
}
