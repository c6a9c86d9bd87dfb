/* calibrate_use.c - which measured values the fit saw, and which lie far off */
#include <math.h>
#include <stdio.h>

#include "base/clock.h"
#include "study/calibrate.h"

#define FAR_Z 3.0 /* standard errors; of values that err as stated one in 370 lies so far */

/* ---- what became of the values ---------------------------------------------------------------- */

sei_words sei_use_left_out(const sei_use *use)
{
    static const sei_label name[SEI_N_FATES] = {
        [SEI_FATE_MISSING]       = {"欠測", "missing"},
        [SEI_FATE_BAD]           = {"不良の標識", "flagged bad"},
        [SEI_FATE_UNKNOWN_LIMIT] = {"下限値不明のND", "below an unknown limit"},
        [SEI_FATE_OUTSIDE]       = {"計算期間外", "outside of the run"},
        [SEI_FATE_NOT_COMPUTED]  = {"計算対象外の項目", "not computed by the model there"},
        [SEI_FATE_INPUT]         = {"原水(計算の入力)", "raw water, which is given"},
    };
    sei_words out   = sei_words_of("", "");
    bool      first = true;

    for (size_t f = SEI_FATE_TAKEN + 1; f < SEI_N_FATES; f++) {
        char count[32];
        if (use->fate[f] == 0)
            continue;
        snprintf(count, sizeof count, " %zu", use->fate[f]);
        if (!first)
            sei_words_add(&out, "、", ", ");
        sei_words_add(&out, name[f].ja, name[f].en);
        sei_words_add(&out, count, count);
        first = false;
    }
    return out;
}

/* Of one series: how many are fitted, and how many of all are below a limit. */
static void count(const sei_data *data, size_t series, size_t *ret_fitted, size_t *ret_below)
{
    *ret_fitted = *ret_below = 0;
    for (size_t i = 0; i < data->n; i++) {
        if (data->datum[i].series != series)
            continue;
        *ret_fitted += !data->datum[i].is_held_out;
        *ret_below += data->datum[i].is_below;
    }
}

sei_rtable *sei_table_used(const sei_calibration *c)
{
    sei_rtable *t =
        sei_rtable_create(c->ctx, "used", SEI_L("実測値の扱い", "What became of the values"));

    sei_rtable_add_column(t, "unit_name", SEI_L("地点", "behind"), "");
    sei_rtable_add_column(t, "quantity", SEI_L("項目", "quantity"), "");
    sei_rtable_add_column(t, "values", SEI_L("実測", "values"), "");
    sei_rtable_add_column(t, "fitted", SEI_L("同定", "fitted"), "");
    sei_rtable_add_column(t, "held_out", SEI_L("検証", "held out"), "");
    sei_rtable_add_column(t, "below", SEI_L("うち定量下限未満", "of them below LOQ"), "");
    sei_rtable_add_column(t, "left_out", SEI_L("使わなかった値", "left out"), "");
    for (size_t i = 0; i < c->data.n_uses; i++) {
        const sei_use  *u    = &c->data.uses[i];
        const sei_words name = sei_column_words(&u->values->column), left = sei_use_left_out(u);
        size_t          fitted, below;
        count(&c->data, u->series, &fitted, &below);
        sei_rtable_add_row(t);
        sei_put_plain(t, u->observation->unit);
        sei_rtable_add_text(t, SEI_LABEL_OF(name));
        sei_rtable_add_number(t, (double)u->values->n, 0);
        sei_rtable_add_number(t, (double)fitted, 0);
        sei_rtable_add_number(t, (double)(u->fate[SEI_FATE_TAKEN] - fitted), 0);
        sei_rtable_add_number(t, (double)below, 0);
        sei_rtable_add_text(t, SEI_LABEL_OF(left));
    }
    return t;
}

/* ---- values far off --------------------------------------------------------------------------- */

static double residual(const sei_calibration *c, size_t i)
{
    const sei_datum *d = &c->data.datum[i];

    return sei_data_residual(&c->data.series[d->series], d, c->after[i]);
}

static void put_far(sei_rtable *t, const sei_calibration *c, size_t i)
{
    const sei_measured *m = &c->data.series[c->data.datum[i].series];

    sei_put_datum(t, c, i);
    sei_rtable_add_number(t, sei_column_shown(m->column, c->after[i]), SEI_SIGNIFICANT(4));
    sei_rtable_add_number(t, residual(c, i), 1);
}

sei_rtable *sei_table_far(const sei_calibration *c)
{
    sei_rtable *t = NULL;

    for (size_t i = 0; i < c->data.n; i++) {
        if (fabs(residual(c, i)) <= FAR_Z)
            continue;
        if (!t) {
            t = sei_rtable_create(c->ctx, "far",
                                  SEI_L("計算から大きく外れた実測値", "Values far from the run"));
            sei_add_datum_columns(t);
            sei_rtable_add_column(t, "after", SEI_L("同定後", "after"), "");
            sei_rtable_add_column(t, "standard_errors", SEI_L("標準誤差の倍数", "standard errors"),
                                  "");
        }
        put_far(t, c, i);
    }
    if (t)
        sei_rtable_add_note(
            t, SEI_L("単位や桁の誤り、採水時の異常がないか原票を確かめ、誤りなら列 *_qc に BAD "
                     "と記すこと。一時期に集まるなら、その間の条件がサイトファイルにない。",
                     "look at the original sheets for wrong units, digits or days; flag a fault as "
                     "BAD in a column *_qc. Where they cluster in time, something of that time is "
                     "not in the site file."));
    return t;
}
