/* result_hrt.c - units whose residence time their pages do not speak of, said as warnings in both languages */
#include "study/result_hrt.h"

#include "base/number.h"
#include "seiryu/units.h"

static double hrt_h(const sei_result *r, size_t unit)
{
    return sei_from_si(sei_unit_find("h"), r->units[unit].hrt_nominal_s);
}

bool sei_hrt_is_outside(const sei_result *r, size_t unit)
{
    const sei_unit_type *type = r->site->units[unit].type;
    const double         h    = hrt_h(r, unit);

    /* a unit without water in the whole run has none */
    return type->hrt_high_h > 0.0 && r->units[unit].mean_flow_m3_s > 0.0 &&
           (h < type->hrt_low_h || h > type->hrt_high_h);
}

sei_words sei_hrt_words(const sei_result *r, size_t unit)
{
    const sei_unit_type *type  = r->site->units[unit].type;
    const sei_label      place = sei_unit_label(&r->site->units[unit]);
    const sei_words      valid = sei_range_words(type->hrt_low_h, type->hrt_high_h);
    char                 is[SEI_NUMBER_MAX];
    sei_words            w = sei_words_of("装置「", "Unit \"");

    sei_format_double(is, hrt_h(r, unit), 3);
    sei_words_add(&w, place.ja, place.en);
    sei_words_add(&w, "」の公称滞留時間 ", "\": its nominal residence time, ");
    sei_words_add(&w, is, is);
    sei_words_add(&w, " h は適用範囲 ", " h, lies outside the ");
    sei_words_add(&w, valid.ja, valid.en);
    sei_words_add(&w, " h の外にある:流量と寸法を確認すること",
                  " h that its page holds for: check flow and size");
    return w;
}
