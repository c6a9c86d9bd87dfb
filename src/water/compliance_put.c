/* compliance_put.c - results of a comparison with limits as rows of a table */
#include "seiryu/water.h"

/* Digits that laboratory values never exceed, and that hide the rounding of unit conversion. */
enum { DIGITS = 10 };

void sei_compliance_put_header(sei_table_writer *writer)
{
    static const char *const headers[] = {
        "quantity",    "name_ja",   "fraction",  "unit",       "limit_table",  "statistic",
        "limit_min",   "limit_max", "period",    "year",       "is_part",      "start",
        "end",         "n",         "n_exceed",  "rate",       "mean",         "mean_ok",
        "margin",      "ratio",     "worst",     "worst_time", "n_below_loq",  "loq_rule",
        "n_undecided", "n_suspect", "n_missing", "is_target",  "limit_status", "source",
        "note",
    };

    for (size_t i = 0; i < sizeof headers / sizeof headers[0]; i++)
        sei_table_put_text(writer, headers[i]);
    sei_table_end_row(writer);
}

static void put_value(sei_table_writer *w, const sei_compliance *c, bool has, double si)
{
    double value = 0;

    if (has && sei_quantity_from_si(c->quantity, c->limit.unit, si, &value))
        sei_table_put_number(w, value, DIGITS);
    else
        sei_table_put_empty(w);
}

/* A difference has no offset; the units of limits have none either, so that zero shows it. */
static void put_difference(sei_table_writer *w, const sei_compliance *c, bool has, double si)
{
    double value = 0, zero = 0;

    if (has && sei_quantity_from_si(c->quantity, c->limit.unit, si, &value) &&
        sei_quantity_from_si(c->quantity, c->limit.unit, 0, &zero))
        sei_table_put_number(w, value - zero, DIGITS);
    else
        sei_table_put_empty(w);
}

static void put_bool(sei_table_writer *w, bool value)
{
    sei_table_put_text(w, value ? "yes" : "no");
}

static void put_count(sei_table_writer *w, size_t n)
{
    sei_table_put_int(w, (int64_t)n);
}

static void put_limit(sei_table_writer *w, const sei_compliance *c)
{
    const sei_limit *l = &c->limit;

    sei_table_put_text(w, l->unit ? l->unit->symbol : "");
    sei_table_put_text(w, l->table);
    sei_table_put_text(w, sei_limit_statistic_name(l->statistic));
    put_value(w, c, l->has_min, l->min_si);
    put_value(w, c, l->has_max, l->max_si);
}

static void put_period(sei_table_writer *w, const sei_compliance *c)
{
    sei_table_put_text(w, sei_period_name(c->period));
    sei_table_put_int(w, c->year);
    put_bool(w, c->is_part);
    sei_table_put_time(w, c->start_us, c->offset_us);
    sei_table_put_time(w, c->end_us, c->offset_us);
}

static void put_verdict(sei_table_writer *w, const sei_compliance *c)
{
    const sei_limit *l       = &c->limit;
    const bool       bounded = l->has_min || l->has_max;
    const bool       limited = bounded || l->statistic == SEI_LIMIT_NOT_DETECTED;

    put_count(w, c->n);
    put_count(w, c->n_exceed);
    if (limited && c->n > 0)
        sei_table_put_number(w, c->rate, DIGITS);
    else
        sei_table_put_empty(w);
    put_value(w, c, c->has_mean, c->mean);
    sei_table_put_text(w, !c->has_mean || !limited ? "" : c->mean_ok ? "yes" : "no");
    put_difference(w, c, c->has_mean && bounded, c->margin);
    if (c->has_mean && l->has_max)
        sei_table_put_number(w, c->ratio, DIGITS);
    else
        sei_table_put_empty(w);
    put_value(w, c, c->has_mean, c->worst);
    if (c->has_mean)
        sei_table_put_time(w, c->worst_us, c->offset_us);
    else
        sei_table_put_empty(w);
}

static void put_row(sei_table_writer *w, const sei_compliance *c)
{
    sei_table_put_text(w, c->quantity->key);
    sei_table_put_text(w, c->quantity->name_ja);
    sei_table_put_text(w, sei_fraction_key(c->fraction));
    put_limit(w, c);
    put_period(w, c);
    put_verdict(w, c);
    put_count(w, c->n_below_loq);
    sei_table_put_text(w, sei_loq_rule_name(c->loq_rule));
    put_count(w, c->n_undecided);
    put_count(w, c->n_suspect);
    put_count(w, c->n_missing);
    put_bool(w, c->limit.is_target);
    sei_table_put_text(w, sei_limit_status_name(c->limit.status));
    sei_table_put_text(w, c->limit.source);
    sei_table_put_text(w, c->limit.note);
    sei_table_end_row(w);
}

void sei_compliance_put(sei_table_writer *writer, size_t n, const sei_compliance results[])
{
    for (size_t i = 0; i < n; i++)
        put_row(writer, &results[i]);
}
