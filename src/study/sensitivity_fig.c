/* sensitivity_fig.c - what a small step of each number does to an output, as bars around zero */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "study/sensitivity.h"

enum { SHOWN_MAX = 12, STEP_TEXT = 48 };

/* ---- steps ------------------------------------------------------------------------------------ */

static const double percent_step = 0.01, log_step = 0.1;

typedef struct {
    double size; /* in terms of the knob's value */
    char   words[STEP_TEXT];
} step;

static bool ends_with(const char *text, const char *end)
{
    const size_t n = strlen(text), m = strlen(end);

    return n >= m && strcmp(text + n - m, end) == 0;
}

/* A pH or a decade of a saturation index: one percent of it depends on where its zero lies. */
static bool is_logarithm(const sei_knob *k)
{
    const sei_param *row     = k->row;
    const bool       is_a_ph = strncmp(row->key, "ph_", 3) == 0 || strcmp(row->key, "ph") == 0 ||
                         ends_with(row->key, "_ph");

    return row->transform == SEI_LINEAR && !k->shown_unit[0] &&
           (is_a_ph || ends_with(row->key, "_log"));
}

static step row_step(const sei_knob *k)
{
    const sei_unit *unit = sei_param_unit(k->row);

    if (is_logarithm(k))
        return (step){log_step, "+0.1"};
    if (unit && unit->dimension == SEI_DIM_TEMPERATURE)
        return (step){1.0, "+1 °C"};
    return (step){percent_step * k->value, "+1 %"};
}

static step influent_step(const sei_sensitivities *s, const sei_knob *k)
{
    const sei_quantity *q = s->nominal->site->influent.rows[k->index].column.quantity;
    step                d = {percent_step * k->value, "+1 %"};

    if (strcmp(q->key, "ph") == 0)
        return (step){log_step, "+0.1"};
    if (fabs(k->value) > 0.0) /* a factor; a shift is 0 */
        return d;
    d.size = 1.0 / k->scale;
    snprintf(d.words, sizeof d.words, "+1 %.30s", k->shown_unit);
    return d;
}

static step step_of(const sei_sensitivities *s, const sei_knob *k)
{
    switch (k->kind) {
    case SEI_KNOB_LOG_K: return (step){log_step, "+0.1"};
    case SEI_KNOB_AIR: return (step){1.0, "+1 °C"};
    case SEI_KNOB_INFLUENT: return influent_step(s, k);
    case SEI_KNOB_RATE:
    case SEI_KNOB_UNIT:
    case SEI_KNOB_LAYER:
    case SEI_KNOB_UNIT_RATE: return row_step(k);
    case SEI_KNOB_FE2_SHARE: break;
    }
    return (step){percent_step * k->value, "+1 %"};
}

static const sei_knob *knob_of(const sei_sensitivities *s, size_t input)
{
    return &s->knobs->knobs[s->inputs[input].knob];
}

static bool is_ph(const sei_sensitivities *s, size_t output)
{
    return strcmp(s->nominal->columns[s->outputs[output].column].quantity->key, "ph") == 0;
}

double sei_sensitivity_response(const sei_sensitivities *s, size_t input, size_t output)
{
    const double change =
        sei_sensitivity_slope(s, input, output) * step_of(s, knob_of(s, input)).size;
    const double y = fabs(s->outputs[output].nominal);

    if (is_ph(s, output))
        return change;
    return y > 0.0 ? 100.0 * change / y : SEI_NO_NUMBER;
}

/* ---- words ------------------------------------------------------------------------------------ */

sei_words sei_sensitivity_output_words(const sei_sensitivities *s, size_t o)
{
    const sei_sensitivity_output *out = &s->outputs[o];
    sei_words                     w   = sei_column_words(&s->nominal->columns[out->column]);

    if (out->is_worst_month && out->is_lowest)
        sei_words_add(&w, " 最低月平均", ", lowest month");
    else if (out->is_worst_month)
        sei_words_add(&w, " 最高月平均", ", highest month");
    else
        sei_words_add(&w, " 平均", ", mean");
    return w;
}

sei_words sei_sensitivity_input_words(const sei_sensitivities *s, size_t input)
{
    const sei_knob *k = knob_of(s, input);

    if (k->kind == SEI_KNOB_LOG_K) {
        const sei_words solid = sei_solid_words(k->path + strlen("log_k."));
        sei_words       w     = sei_words_of(solid.ja, "log K of ");
        sei_words_add(&w, " の log K", solid.en);
        return w;
    }
    if (k->kind == SEI_KNOB_INFLUENT) {
        sei_words w = sei_words_of("原水 ", "raw water: ");
        sei_words_add(&w, k->help_ja, k->help);
        return w;
    }
    return sei_words_of(k->help_ja, k->help);
}

/* log K and the air have none, a series has many: what is turned is the change itself. */
bool sei_sensitivity_has_value(const sei_sensitivities *s, size_t input)
{
    const sei_knob *k = knob_of(s, input);

    if (k->kind != SEI_KNOB_INFLUENT)
        return k->row || k->kind == SEI_KNOB_FE2_SHARE;
    return s->nominal->site->influent.rows[k->index].has_constant &&
           !s->nominal->site->influent.rows[k->index].series;
}

/* "train.bed.porosity = 0.4"; its step where that is not one percent. */
static sei_words note_of(const sei_sensitivities *s, size_t input)
{
    const sei_knob *k = knob_of(s, input);
    const step      d = step_of(s, k);
    sei_words       w = sei_words_of(k->path, k->path);
    char            number[SEI_NUMBER_MAX];

    if (sei_sensitivity_has_value(s, input)) {
        sei_format_double(number, sei_knob_shown(k, k->value), 4);
        sei_words_add(&w, " = ", " = ");
        sei_words_add(&w, number, number);
        sei_words_add(&w, k->shown_unit[0] ? " " : "", k->shown_unit[0] ? " " : "");
        sei_words_add(&w, k->shown_unit, k->shown_unit);
    }
    if (strcmp(d.words, "+1 %") != 0) {
        sei_words_add(&w, " [", " [");
        sei_words_add(&w, d.words, d.words);
        sei_words_add(&w, "]", "]");
    }
    return w;
}

/* What follows the first sentence of a caption. */
#define REST_JA                                                                                                 \
    "pH・log K・飽和指数は +0.1、温度は +1 °C(名前の下の[ ]内)とする。"                   \
    "青の塗りつぶしは増加、朱の斜線は減少。表と同じ中心差分の傾きから求め、" \
    "大きい順に12件まで描く。表は不確かさの幅による順位なので順序が異なる。"  \
    "計算の誤差と区別できないものは描かない。"
#define REST_EN                                                                                  \
    "A pH, log K or saturation index grows by 0.1 instead, a temperature by 1 °C (in brackets " \
    "below the name). Full blue: it rises; hatched vermilion: it falls. From the slopes of the " \
    "table's central differences; at most the twelve largest. The table ranks by what the "      \
    "uncertainty of each number is worth, so its order differs. What cannot be told from the "   \
    "error of the computation is not drawn."

static sei_label caption(bool of_ph)
{
    if (of_ph)
        return SEI_L("数値を1つだけ1 %増やしたときの放流水 pH の変化。" REST_JA,
                     "Change of the discharge's pH when one number grows by 1 %. " REST_EN);
    return SEI_L("数値を1つだけ1 %増やしたときの放流水の変化(%)、すなわち弾力性。" REST_JA,
                 "Change of the discharge in percent when one number grows by 1 %: the "
                 "elasticity. " REST_EN);
}

/* ---- figure ----------------------------------------------------------------------------------- */

static bool is_in(size_t n, const size_t list[], size_t input)
{
    for (size_t i = 0; i < n; i++)
        if (list[i] == input)
            return true;
    return false;
}

/* The inputs with the largest responses, by falling size; returns how many there are. */
static size_t choose(const sei_sensitivities *s, size_t o, size_t largest, size_t ret[SHOWN_MAX])
{
    size_t n = 0;

    while (n < SHOWN_MAX) {
        double size = 0.0;
        ret[n]      = s->n_inputs;
        for (size_t i = 0; i < s->n_inputs; i++) {
            const double r = fabs(sei_sensitivity_response(s, i, o));
            if (!(r > size) || is_in(n, ret, i) || sei_sensitivity_is_noise(s, i, largest, o))
                continue;
            ret[n] = i;
            size   = r;
        }
        if (ret[n] == s->n_inputs)
            break;
        n++;
    }
    return n;
}

static sei_figure *begin(const sei_sensitivities *s, size_t o)
{
    const sei_words of    = sei_sensitivity_output_words(s, o);
    sei_words       title = of, axis = of;
    char            name[40];

    sei_words_add(&title, " の感度", ": sensitivities");
    sei_words_add(&axis, " の変化", ", change");
    snprintf(name, sizeof name, "response-%zu", o + 1);
    sei_figure *f = sei_figure_create(s->ctx, SEI_FIGURE_TORNADO, name, SEI_LABEL_OF(title));
    sei_figure_set_x(f, &(sei_axis){.title = SEI_LABEL_OF(axis), .unit = is_ph(s, o) ? "" : "%"});
    return f;
}

static void add_bar(sei_figure *f, const sei_sensitivities *s, size_t input, size_t o)
{
    const sei_words name = sei_sensitivity_input_words(s, input), note = note_of(s, input);

    sei_figure_add_signed_bar(f, SEI_LABEL_OF(name), SEI_LABEL_OF(note),
                              sei_sensitivity_response(s, input, o));
}

/* For who does not see the bars: the largest of them. */
static void describe(sei_figure *f, const sei_sensitivities *s, size_t input, size_t o)
{
    sei_words  w = sei_sensitivity_output_words(s, o);
    const step d = step_of(s, knob_of(s, input));
    char       text[SEI_NUMBER_MAX];

    sei_format_double(text, sei_sensitivity_response(s, input, o), 2);
    sei_words_add(&w, " の感度。最大: ", ": sensitivities. Largest: ");
    sei_words_add(&w, knob_of(s, input)->path, knob_of(s, input)->path);
    sei_words_add(&w, " ", " ");
    sei_words_add(&w, d.words, d.words);
    sei_words_add(&w, " で ", " gives ");
    sei_words_add(&w, text, text);
    if (!is_ph(s, o))
        sei_words_add(&w, " %", " %");
    sei_figure_set_alt(f, SEI_LABEL_OF(w));
}

void sei_sensitivity_draw(sei_doc *doc, const sei_sensitivities *s, size_t o, const size_t order[])
{
    size_t       shown[SHOWN_MAX];
    const size_t n = s->n_inputs > 0 ? choose(s, o, order[0], shown) : 0;

    if (n == 0)
        return;
    sei_figure *f = begin(s, o);
    describe(f, s, shown[0], o);
    for (size_t i = 0; i < n; i++)
        add_bar(f, s, shown[i], o);
    sei_doc_add_figure(doc, f, caption(is_ph(s, o)));
}
