/* result_validity.c - rate laws that worked outside the range that their source states
 *
 * A law that makes or takes a solid worked in the cells where that solid changed. Laws of bacteria
 * without a solid worked in the units that are built for them. Where other laws worked cannot be
 * told from a result; they are not checked. */
#include <math.h>
#include <string.h>

#include "base/number.h"
#include "plant/laws.h"
#include "study/result_words.h"

typedef struct {
    double low, high;
    bool   has;
} span;

static void widen(span *s, double value)
{
    if (!isfinite(value))
        return;
    s->low  = s->has ? fmin(s->low, value) : value;
    s->high = s->has ? fmax(s->high, value) : value;
    s->has  = true;
}

/* Does the reaction name the solid as a whole word? */
static bool names_solid(const char *reaction, const char *solid)
{
    const size_t len = strlen(solid);

    for (const char *at = strstr(reaction, solid); at; at = strstr(at + 1, solid)) {
        const bool begins = at == reaction || at[-1] == ' ';
        if (begins && (at[len] == ' ' || at[len] == '\0'))
            return true;
    }
    return false;
}

/* The cell's content of a solid differs between the first and the last profile. */
static bool solid_changes(const sei_result *r, size_t cell, size_t solid)
{
    const double  trace_mol_m3 = 1e-3;
    const size_t  stride       = r->n_cells * r->n_solids;
    const double *first        = r->profile_solid_mol_m3 + cell * r->n_solids + solid;

    return fabs(first[(r->n_profiles - 1) * stride] - first[0]) > trace_mol_m3;
}

static bool is_built_for(const sei_unit_spec *unit, const sei_rate_law *law)
{
    static const struct {
        const char *law, *unit_type;
    } pairs[] = {
        {SEI_LAW_FE2_MICROBIAL, "iron_oxidation_bed"},
        {SEI_LAW_SULFATE_REDUCTION, "sulfate_reducing_bed"},
    };

    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++)
        if (strcmp(pairs[i].law, law->key) == 0)
            return strcmp(pairs[i].unit_type, unit->type->key) == 0;
    return false;
}

static bool works_in(const sei_result *r, const sei_rate_law *law, size_t cell)
{
    for (size_t s = 0; s < r->n_solids; s++)
        if (names_solid(law->reaction, r->solid_name[s]))
            return solid_changes(r, cell, s);
    return is_built_for(&r->site->units[r->cells[cell].unit], law);
}

/* What a law met in a unit. The first profile shows how the units were filled. */
static span met(const sei_result *r, const sei_rate_law *law, size_t unit, size_t column)
{
    span s = {.has = false};

    for (size_t c = 0; c < r->n_cells; c++) {
        if (r->cells[c].unit != unit || !works_in(r, law, c))
            continue;
        for (size_t p = r->n_profiles > 1 ? 1 : 0; p < r->n_profiles; p++)
            widen(&s,
                  sei_column_shown(&r->columns[column],
                                   r->profile_value[(p * r->n_cells + c) * r->n_columns + column]));
    }
    return s;
}

static bool is_outside(const span *s, sei_validity valid, double slack)
{
    return s->has && ((isfinite(valid.low) && s->low < valid.low - slack) ||
                      (isfinite(valid.high) && s->high > valid.high + slack));
}

static void check(sei_digest *d, const sei_rate_law *law, size_t unit, size_t column,
                  sei_validity valid, double slack)
{
    if (column == SIZE_MAX || (!isfinite(valid.low) && !isfinite(valid.high)))
        return;
    const span s = met(d->result, law, unit, column);
    if (is_outside(&s, valid, slack))
        d->breaches[d->n_breaches++] = (sei_breach){law, unit, column, valid, s.low, s.high};
}

void sei_digest_find_breaches(sei_digest *d)
{
    const sei_result *r    = d->result;
    const size_t      ph   = sei_result_column(r, "ph", SEI_FRACTION_TOTAL);
    const size_t      temp = sei_result_column(r, "temp", SEI_FRACTION_TOTAL);
    const double ph_slack = 0.05, temp_slack_c = 0.5; /* of figures given to a unit or a half */

    for (size_t i = 0; i < r->n_laws && r->n_profiles > 0; i++)
        for (size_t u = 0; u < r->n_units; u++) {
            check(d, r->laws[i], u, ph, r->laws[i]->ph, ph_slack);
            check(d, r->laws[i], u, temp, r->laws[i]->temp_c, temp_slack_c);
        }
}

/* ---- one line a law --------------------------------------------------------------------------- */

size_t sei_digest_breaches_of(const sei_digest *d, size_t first)
{
    size_t n = 0;

    while (first + n < d->n_breaches && d->breaches[first + n].law == d->breaches[first].law)
        n++;
    return n;
}

size_t sei_digest_n_laws_outside(const sei_digest *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_breaches; i += sei_digest_breaches_of(d, i))
        n++;
    return n;
}

bool sei_digest_breach_is_first(const sei_digest *d, size_t i)
{
    const sei_breach *b = d->breaches;

    for (size_t k = 0; k < i; k++)
        if (b[k].law == b[i].law && b[k].column == b[i].column)
            return false;
    return true;
}

size_t sei_digest_n_breach_rows(const sei_digest *d)
{
    size_t n = 0;

    for (size_t i = 0; i < d->n_breaches; i++)
        n += sei_digest_breach_is_first(d, i);
    return n;
}

/* What was met farthest outside. */
static double worst_of(const sei_breach *b, double *ret_excess)
{
    const double below = isfinite(b->valid.low) ? b->valid.low - b->low : -(double)INFINITY;
    const double above = isfinite(b->valid.high) ? b->high - b->valid.high : -(double)INFINITY;

    *ret_excess = fmax(below, above);
    return below > above ? b->low : b->high;
}

/* The breach of a quantity that lies farthest outside. */
static const sei_breach *farthest(const sei_breach b[], size_t n, size_t column, double *ret_worst)
{
    const sei_breach *at     = NULL;
    double            excess = -(double)INFINITY, e;

    for (size_t i = 0; i < n; i++) {
        const double met = worst_of(&b[i], &e);
        if (b[i].column == column && e > excess) {
            excess     = e;
            *ret_worst = met;
            at         = &b[i];
        }
    }
    return at;
}

/* Units where the quantity lay outside, beside the one that is told with its worst value. */
static void add_other_units(sei_words *w, const sei_result *r, const sei_breach b[], size_t n,
                            const sei_breach *told)
{
    const size_t most = 5; /* a line is to be read */
    size_t       seen = 0;
    char         more[SEI_NUMBER_MAX];

    for (size_t i = 0; i < n; i++) {
        if (b[i].column != told->column || &b[i] == told || seen++ >= most)
            continue;
        const sei_label other = sei_unit_label(&r->site->units[b[i].unit]);
        sei_words_add(w, seen == 1 ? "、ほかに " : "、", seen == 1 ? ", also in " : ", ");
        sei_words_add(w, other.ja, other.en);
    }
    if (seen > most) {
        sei_format_double(more, (double)(seen - most), 3);
        sei_words_add(w, "、ほか ", " and ");
        sei_words_add(w, more, more);
        sei_words_add(w, " 単位", " more");
    }
}

/* "pH 2.93 (stated for 3–8) in srb_a, also in srb_b" */
static void add_quantity(sei_words *w, const sei_result *r, const sei_breach b[], size_t n,
                         size_t column)
{
    const sei_quantity_column *q     = &r->columns[column];
    const sei_words            name  = sei_column_words(q);
    const char                *unit  = sei_column_unit(q);
    double                     worst = (double)NAN;
    const sei_breach          *at    = farthest(b, n, column, &worst);
    const sei_label            place = sei_unit_label(&r->site->units[at->unit]);
    const sei_words            valid = sei_range_words(at->valid.low, at->valid.high);
    char                       number[SEI_NUMBER_MAX];

    sei_format_double(number, worst, 3);
    sei_words_add(w, name.ja, name.en);
    sei_words_add(w, " ", " ");
    sei_words_add(w, number, number);
    sei_words_add(w, unit[0] ? " " : "", unit[0] ? " " : "");
    sei_words_add(w, unit, unit);
    sei_words_add(w, "(適用範囲 ", " (stated for ");
    sei_words_add(w, valid.ja, valid.en);
    sei_words_add(w, ")", ") in ");
    sei_words_add(w, place.ja, place.en);
    add_other_units(w, r, b, n, at);
}

sei_words sei_law_outside_words(const sei_digest *d, size_t first)
{
    const size_t      n = sei_digest_breaches_of(d, first);
    const sei_breach *b = &d->breaches[first];
    sei_words         w = sei_words_of(b->law->key, b->law->key);

    sei_words_add(&w, ":", ": ");
    for (size_t i = 0; i < n; i++) {
        if (!sei_digest_breach_is_first(d, first + i))
            continue;
        if (i > 0)
            sei_words_add(&w, ";", "; ");
        add_quantity(&w, d->result, b, n, b[i].column);
    }
    return w;
}
