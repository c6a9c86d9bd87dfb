/* inverse_text.c - inverse models for a reader, in Japanese or English */
#include <math.h>
#include <stdio.h>

#include "base/text.h"
#include "phreeqc/inverse.h"

enum { NAME_COLUMNS = 22, WAY_COLUMNS = 14 };

typedef struct {
    const sei_inverse_problem *p;
    bool                       ja;
    sei_buf                   *out;
} writer;

static const char *say(const writer *w, const char *en, const char *ja)
{
    return w->ja ? ja : en;
}

/* Left-aligned by what a terminal takes, two blanks behind. */
static void put_padded(const writer *w, const char *text, size_t columns)
{
    sei_buf_puts(w->out, text);
    for (size_t k = sei_text_columns(text); k < columns + 2; k++)
        sei_buf_putc(w->out, ' ');
}

static void put_heading(const writer *w, const char *en, const char *ja)
{
    sei_buf_printf(w->out, "\n%s\n", say(w, en, ja));
}

static void put_range(const writer *w, const sei_inverse_model *m, size_t part, double value)
{
    sei_buf_printf(w->out, "%11.3e", value);
    if (w->p->with_ranges)
        sei_buf_printf(w->out, "  %11.3e %s %11.3e", m->low[part], say(w, "to", "～"),
                       m->high[part]);
}

/* ------------------------------------------------------------------ parts of a model */

static void put_waters(const writer *w, const sei_inverse_model *m)
{
    char name[60];

    put_heading(w, "Waters (kg for 1 kg of the last one)", "混合する水(最後の水 1 kg あたり kg)");
    for (size_t k = 0; k < w->p->n_waters; k++) {
        const sei_inverse_water *x = &w->p->waters[k];
        snprintf(name, sizeof name, "%s %d", say(w, "solution", "溶液"), x->number);
        sei_buf_puts(w->out, "  ");
        put_padded(w, name, NAME_COLUMNS);
        put_range(w, m, k, m->water[k]);
        sei_buf_printf(w->out, "  %s\n", x->description);
    }
}

static void put_indices(const writer *w, const sei_inverse_phase *x)
{
    for (size_t k = 0; k < w->p->n_waters; k++) {
        sei_buf_puts(w->out, k ? ", " : "");
        if (isfinite(x->si[k]))
            sei_buf_printf(w->out, "%6.2f", x->si[k]);
        else
            sei_buf_puts(w->out, "     -");
    }
}

static void put_phases(const writer *w, const sei_inverse_model *m)
{
    put_heading(w, "Phases (mol; SI in each solution)",
                "相の移動量(mol、末尾は各溶液の飽和指数 SI)");
    for (size_t f = 0; f < w->p->n_phases; f++) {
        const sei_inverse_phase *x    = &w->p->phases[f];
        const size_t             part = w->p->n_waters + f;
        if (m->phase[f] == 0.0 && m->low[part] == 0.0 && m->high[part] == 0.0)
            continue;
        sei_buf_puts(w->out, "  ");
        put_padded(w, x->name, NAME_COLUMNS);
        put_range(w, m, part, m->phase[f]);
        sei_buf_puts(w->out, "  ");
        put_padded(w,
                   m->phase[f] > 0.0   ? say(w, "dissolves", "溶解")
                   : m->phase[f] < 0.0 ? say(w, "precipitates", "沈殿")
                                       : "",
                   WAY_COLUMNS);
        put_indices(w, x);
        sei_buf_printf(w->out, "  %s\n", x->formula);
    }
}

static void put_redox(const writer *w, const sei_inverse_model *m)
{
    bool any = false;

    for (size_t k = 0; k < w->p->n_redox; k++) {
        if (fabs(m->redox[k]) <= w->p->tolerance_mol)
            continue;
        if (!any)
            put_heading(w, "Redox (mol that leave the valence)", "酸化還元(その価数から出る mol)");
        any = true;
        sei_buf_puts(w->out, "  ");
        put_padded(w, w->p->redox[k].name, NAME_COLUMNS);
        sei_buf_printf(w->out, "%11.3e\n", m->redox[k]);
    }
}

/* ------------------------------------------------------------------ what moved */

static void put_move(const writer *w, bool *any, size_t water, const char *name, double given,
                     double move, double limit)
{
    char label[80];

    if (move == 0.0)
        return;
    if (!*any)
        put_heading(w, "Analyses that move (given, move, part of the uncertainty)",
                    "調整された分析値(入力値、調整量、不確かさに対する割合)");
    *any = true;
    if (water != SIZE_MAX)
        snprintf(label, sizeof label, "%s %d %.40s", say(w, "solution", "溶液"),
                 w->p->waters[water].number, name);
    else
        snprintf(label, sizeof label, "%.60s", name);
    sei_buf_puts(w->out, "  ");
    put_padded(w, label, NAME_COLUMNS + 8);
    sei_buf_printf(w->out, "%11.4g  %+11.3e  %4.0f %%\n", given, move,
                   limit > 0.0 ? 100.0 * fabs(move) / limit : 0.0);
}

static void put_ratio_moves(const writer *w, const sei_inverse_model *m, bool *any)
{
    char name[100];

    for (size_t i = 0; i < w->p->n_isotopes; i++) {
        const sei_inverse_isotope *iso = &w->p->isotopes[i];
        for (size_t k = 0; k < iso->n * w->p->n_waters; k++)
            if (isfinite(iso->ratio[k]))
                put_move(w, any, k % w->p->n_waters, iso->label[k / w->p->n_waters], iso->ratio[k],
                         m->ratio_move[i][k], iso->limit[k]);
        for (size_t f = 0; f < w->p->n_phases; f++) {
            const sei_inverse_phase *x = &w->p->phases[f];
            if (!isfinite(x->ratio[i]))
                continue;
            snprintf(name, sizeof name, "%.40s %.20s", x->name, iso->name);
            put_move(w, any, SIZE_MAX, name, x->ratio[i],
                     m->phase_ratio_move[f * w->p->n_isotopes + i], x->limit[i]);
        }
    }
}

static void put_moves(const writer *w, const sei_inverse_model *m)
{
    bool any = false;

    for (size_t k = 0; k < w->p->n_waters; k++) {
        const sei_inverse_water *x = &w->p->waters[k];
        put_move(w, &any, k, "pH", x->ph, m->ph_move[k], x->ph_limit);
        for (size_t b = 0; b < w->p->n_balances; b++) {
            const sei_inverse_balance *y = &w->p->balances[b];
            put_move(w, &any, k, y->name, y->total[k], m->move[b * w->p->n_waters + k],
                     y->limit[k]);
        }
    }
    put_ratio_moves(w, m, &any);
}

static void put_sums(const writer *w, const sei_inverse_model *m)
{
    sei_buf_printf(w->out, "\n  %s %.4g\n  %s %.4g\n  %s %.3g %%\n",
                   say(w, "sum of residuals (moves over uncertainties, weighted):",
                       "残差の合計(調整量÷不確かさ、混合比で重み付け):"),
                   m->sum_residuals,
                   say(w, "sum of moves over uncertainties:", "調整量÷不確かさの合計:"),
                   m->sum_moves, say(w, "largest move of a concentration:", "濃度の最大調整率:"),
                   100.0 * m->largest_fraction);
}

/* ------------------------------------------------------------------ the whole */

void sei_inverse_put_text(const sei_inverse_result *result, bool japanese, sei_buf *out)
{
    const writer w = {&result->problem, japanese, out};

    sei_buf_printf(out, "INVERSE_MODELING %d: %s %zu%s %zu%s", w.p->number,
                   say(&w, "models", "モデル"), result->n_models,
                   say(&w, ", minimal", " 件、うち最小"), result->n_minimal, say(&w, "", " 件"));
    sei_buf_printf(out, "%s%s\n", w.p->description[0] ? "  " : "", w.p->description);
    if (result->obstacle)
        sei_buf_printf(out, "  %s %s\n", say(&w, "no model is possible:", "成立するモデルがない:"),
                       result->obstacle);
    for (size_t i = 0; i < result->n_models; i++) {
        const sei_inverse_model *m = &result->models[i];
        sei_buf_printf(out, "\n---- %s %zu", say(&w, "model", "モデル"), i + 1);
        if (m->is_minimal)
            sei_buf_printf(out, " %s",
                           say(&w, "(minimal: none of its parts can be spared)",
                               "(最小モデル: どの構成要素も省けない)"));
        sei_buf_puts(out, " ----\n");
        put_waters(&w, m);
        put_phases(&w, m);
        put_redox(&w, m);
        put_moves(&w, m);
        put_sums(&w, m);
    }
    sei_buf_putc(out, '\n');
}
