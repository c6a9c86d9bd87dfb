/* validation_score.c - ratios, bias and spread, and the tables that pages have from the program */
#include "unit/validation_score.h"

#include "t.h"
#include "unit/validation_fit.h"

/* ---- one figure ---- */

double v_score_ratio(const v_figure *f, double computed)
{
    const double near = computed < f->low ? f->low : computed > f->high ? f->high : computed;

    if (f->is_difference)
        return computed - near;
    if (!(computed < near) && !(computed > near))
        return 1.0;
    return fmin(1e3, fmax(1e-3, computed / near));
}

bool v_score_is_hit(const v_figure *f, double computed)
{
    const double ratio = v_score_ratio(f, computed);

    if (f->bound != V_ABOUT)
        return f->is_difference ? !(fabs(ratio) > 0.0) : !(ratio < 1.0) && !(ratio > 1.0);
    if (f->is_difference)
        return fabs(ratio) <= (strcmp(f->measure.quantity, "ph") == 0 ? 0.2 : 1.0);
    return ratio >= 0.8 && ratio <= 1.2;
}

void v_score_add(v_score *s, const v_figure *f, double computed)
{
    const double ratio = v_score_ratio(f, computed);
    const double x     = f->is_difference ? ratio : log(ratio);

    s->n++;
    s->n_hits += v_score_is_hit(f, computed);
    s->n_bounds += f->bound != V_ABOUT;
    s->sum += x;
    s->square += x * x;
}

double v_score_bias(const v_score *s, bool is_difference)
{
    const double mean = s->sum / (double)s->n;

    return s->n == 0 ? (double)NAN : is_difference ? mean : exp(mean);
}

double v_score_spread(const v_score *s, bool is_difference)
{
    const double n = (double)s->n, mean = s->sum / n;

    if (s->n < 2)
        return (double)NAN;
    const double deviation = sqrt(fmax(0.0, s->square - n * mean * mean) / (n - 1.0));
    return is_difference ? deviation : exp(deviation);
}

double v_score_blind(v_book *book, const v_figure *f)
{
    return v_value(book, &f->measure);
}

static v_measure calibrated(const v_group *g, const v_figure *f)
{
    v_measure m = f->measure;
    const int n = snprintf(m.run, sizeof m.run, "%s@%s", f->measure.run, g->name);

    ck_assert_int_lt(n, (int)sizeof m.run);
    return m;
}

double v_score_calibrated(v_book *book, const v_group *g, const v_figure *f)
{
    const v_measure m = calibrated(g, f);

    return v_value(book, &m);
}

/* ---- words ---- */

static void put_number(sei_buf *out, double x)
{
    const double digits = 2.0 - floor(log10(fabs(x) + 1e-9)); /* three in all */

    sei_buf_printf(out, "%.*f", (int)fmin(4.0, fmax(0.0, digits)), x);
}

static void put_published(sei_buf *out, const v_figure *f)
{
    switch (f->bound) {
    case V_ABOUT: sei_buf_printf(out, "%g", f->low); break;
    case V_BELOW: sei_buf_printf(out, "< %g", f->high); break;
    case V_ABOVE: sei_buf_printf(out, "> %g", f->low); break;
    case V_BETWEEN: sei_buf_printf(out, "%g to %g", f->low, f->high); break;
    }
    if (f->unit)
        sei_buf_printf(out, " %s", f->unit);
}

static void put_ratio(sei_buf *out, const v_figure *f, double computed)
{
    const double ratio = v_score_ratio(f, computed);

    if (v_score_is_hit(f, computed))
        sei_buf_puts(out, "✓");
    else if (f->is_difference)
        sei_buf_printf(out, "%+.1f", ratio);
    else
        sei_buf_printf(out, ratio < 0.1 ? "%.3f" : ratio < 10.0 ? "%.1f" : "%.0f", ratio);
}

static void put_measure(sei_buf *out, const v_measure *m)
{
    sei_buf_printf(out, "`%s %s %s %s`", m->run, m->place, m->quantity, m->statistic);
}

/* ---- tables ---- */

static void put_figures(sei_buf *out, v_book *book, const v_group *g)
{
    sei_buf_puts(out, "| id | what | published | measure | computed | ratio |\n"
                      "|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < g->n_figures; i++) {
        const v_figure *f = &g->figures[i];
        const double    x = v_score_blind(book, f);
        sei_buf_printf(out, "| %s | %s%s | ", f->id, f->what, f->is_informed ? " †" : "");
        put_published(out, f);
        sei_buf_puts(out, " | ");
        put_measure(out, &f->measure);
        sei_buf_puts(out, " | ");
        put_number(out, x);
        sei_buf_puts(out, " | ");
        put_ratio(out, f, x);
        sei_buf_puts(out, " |\n");
    }
}

static void put_parameters(sei_buf *out, const v_group *g)
{
    sei_buf_puts(out, "| fitted | prior, P10 – P50 – P90 | value | 80 % band | informed | at the "
                      "edge of the prior |\n|---|---|---|---|---|---|\n");
    for (size_t p = 0; p < g->n_parameters; p++) {
        const v_parameter *q = &g->parameters[p];
        double             prior[3];
        v_fit_prior(g, p, prior);
        sei_buf_printf(out, "| `%s` | %.3g – %.3g – %.3g | %.3g | %.3g to %.3g | %.0f %% | %s |\n",
                       q->key, prior[0], prior[1], prior[2], q->value, q->low, q->high,
                       100.0 * q->informed, q->is_at_edge ? "**yes**" : "no");
    }
}

static void put_calibrated(sei_buf *out, v_book *book, const v_group *g)
{
    sei_buf_puts(out, "\n| id | what | used for | published | measure | calibrated | ratio | "
                      "blind |\n|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < g->n_figures; i++) {
        const v_figure *f = &g->figures[i];
        if (f->role == V_BLIND)
            continue;
        const v_measure m = calibrated(g, f);
        const double    x = v_value(book, &m);
        sei_buf_printf(out, "| %s | %s | %s | ", f->id, f->what,
                       f->role == V_FIT ? "fit" : "**held out**");
        put_published(out, f);
        sei_buf_puts(out, " | ");
        put_measure(out, &m);
        sei_buf_puts(out, " | ");
        put_number(out, x);
        sei_buf_puts(out, " | ");
        put_ratio(out, f, x);
        sei_buf_puts(out, " | ");
        put_ratio(out, f, v_score_blind(book, f));
        sei_buf_puts(out, " |\n");
    }
}

static void put_fit(sei_buf *out, v_book *book, const v_group *g)
{
    if (g->none) {
        sei_buf_printf(out, "Not calibrated (%zu figure%s): %s\n", g->n_figures,
                       g->n_figures == 1 ? "" : "s", g->none);
        return;
    }
    put_parameters(out, g);
    put_calibrated(out, book, g);
}

/* ---- scores by kind ---- */

enum { KINDS_MAX = 24 };

typedef struct {
    const char *kind;
    bool        is_difference;
    v_score     blind, calibrated; /* calibrated: held-out figures alone */
} row;

typedef struct {
    size_t n;
    row    rows[KINDS_MAX];
    row ratios, values; /* all kinds but differences; of these, published values without bounds */
} rows;

static row *row_of(rows *all, const v_figure *f)
{
    for (size_t i = 0; i < all->n; i++)
        if (strcmp(all->rows[i].kind, f->kind) == 0) {
            ck_assert_msg(all->rows[i].is_difference == f->is_difference,
                          "%s: kind %s holds ratios and differences", f->id, f->kind);
            return &all->rows[i];
        }
    ck_assert_uint_lt(all->n, KINDS_MAX);
    all->rows[all->n] = (row){.kind = f->kind, .is_difference = f->is_difference};
    return &all->rows[all->n++];
}

static void add_figure(row *r, v_book *book, const v_group *g, const v_figure *f)
{
    v_score_add(&r->blind, f, v_score_blind(book, f));
    if (f->role == V_HELD_OUT)
        v_score_add(&r->calibrated, f, v_score_calibrated(book, g, f));
}

static void add_group(rows *all, v_book *book, const v_group *g)
{
    for (size_t i = 0; i < g->n_figures; i++) {
        const v_figure *f = &g->figures[i];
        if (f->is_informed) /* a default comes from it: neither blind nor held out */
            continue;
        add_figure(row_of(all, f), book, g, f);
        if (!f->is_difference)
            add_figure(&all->ratios, book, g, f);
        if (!f->is_difference && f->bound == V_ABOUT)
            add_figure(&all->values, book, g, f);
    }
}

static void put_score(sei_buf *out, const v_score *s, bool is_difference)
{
    const double bias = v_score_bias(s, is_difference), spread = v_score_spread(s, is_difference);

    if (s->n == 0) {
        sei_buf_puts(out, "– | – | – | –");
        return;
    }
    sei_buf_printf(out, "%zu (%zu) | %zu | ", s->n, s->n_bounds, s->n_hits);
    sei_buf_printf(out, is_difference ? "%+.1f | " : "%.2f | ", bias);
    if (isnan(spread))
        sei_buf_puts(out, "–");
    else
        sei_buf_printf(out, is_difference ? "±%.1f" : "× %.1f", spread);
}

static void put_row(sei_buf *out, const row *r)
{
    sei_buf_printf(out, "| %s | ", r->kind);
    put_score(out, &r->blind, r->is_difference);
    sei_buf_puts(out, " | ");
    put_score(out, &r->calibrated, r->is_difference);
    sei_buf_puts(out, " |\n");
}

static void put_scores(sei_buf *out, v_book *book, const char *page)
{
    rows          all    = {.ratios = {.kind = "**all ratios**"},
                            .values = {.kind = "**of these, values without bounds**"}};
    const v_data *data   = v_book_data(book);
    const bool    is_all = strcmp(page, "all") == 0;

    for (size_t i = 0; i < data->n; i++)
        if (is_all || strcmp(page, data->groups[i].page) == 0)
            add_group(&all, book, &data->groups[i]);
    sei_buf_puts(out,
                 "| kind | blind: figures (bounds) | hits | bias | spread | held out, calibrated: "
                 "figures (bounds) | hits | bias | spread |\n"
                 "|---|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < all.n; i++)
        put_row(out, &all.rows[i]);
    if (is_all) {
        put_row(out, &all.ratios);
        put_row(out, &all.values);
    }
}

/* Every figure of every page in one line. */
static void put_all(sei_buf *out, v_book *book)
{
    const v_data *data = v_book_data(book);

    sei_buf_puts(out,
                 "| case | quantity | published | blind | ratio | calibrated | ratio | page |\n"
                 "|---|---|---|---|---|---|---|---|\n");
    for (size_t g = 0; g < data->n; g++)
        for (size_t i = 0; i < data->groups[g].n_figures; i++) {
            const v_group  *group = &data->groups[g];
            const v_figure *f     = &group->figures[i];
            const double    blind = v_score_blind(book, f);
            sei_buf_printf(out, "| %s | %s%s | ", f->id, f->what, f->is_informed ? " †" : "");
            put_published(out, f);
            sei_buf_puts(out, " | ");
            put_number(out, blind);
            sei_buf_puts(out, " | ");
            put_ratio(out, f, blind);
            if (f->role == V_BLIND)
                sei_buf_puts(out, " | – | –");
            else {
                const double x = v_score_calibrated(book, group, f);
                sei_buf_puts(out, " | ");
                put_number(out, x);
                sei_buf_puts(out, " | ");
                put_ratio(out, f, x);
                sei_buf_puts(out, f->role == V_FIT ? " fit" : "");
            }
            sei_buf_printf(out, " | [%.*s](%s) |\n", (int)(strlen(group->page) - 3), group->page,
                           group->page);
        }
}

void v_score_put(sei_buf *out, v_book *book, const char *what)
{
    char word[40], name[V_WORD_MAX];

    ck_assert_msg(sscanf(what, "%39s %119s", word, name) == 2, "program: %s", what);
    if (strcmp(word, "score") == 0) {
        put_scores(out, book, name);
        return;
    }
    if (strcmp(word, "inputs") == 0) {
        v_inputs_put(out, book, name);
        return;
    }
    if (strcmp(word, "figures") == 0 && strcmp(name, "all") == 0) {
        put_all(out, book);
        return;
    }
    const v_group *g = v_data_find(v_book_data(book), name);
    if (strcmp(word, "figures") == 0)
        put_figures(out, book, g);
    else if (strcmp(word, "fit") == 0)
        put_fit(out, book, g);
    else
        ck_abort_msg("program: %s: not known", what);
}
