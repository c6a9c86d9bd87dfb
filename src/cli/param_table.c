/* param_table.c - parameter rows as a table, for the commands that list a catalogue */
#include "cli/param_table.h"

#include <math.h>
#include <string.h>

#include "base/number.h"
#include "study/knob_prior.h"
#include "study/result_words.h"

const char *sei_evidence_word(sei_evidence evidence)
{
    switch (evidence) {
    case SEI_PUBLISHED: return "published";
    case SEI_INFERRED: return "inferred";
    case SEI_ASSUMED: return "assumed";
    }
    return "";
}

static sei_label evidence_label(sei_evidence evidence)
{
    switch (evidence) {
    case SEI_PUBLISHED: return (sei_label){"文献値", "published"};
    case SEI_INFERRED: return (sei_label){"推定値", "inferred"};
    case SEI_ASSUMED: return (sei_label){"仮定値", "assumed"};
    }
    return (sei_label){"", ""};
}

void sei_param_table_columns(sei_rtable *table, sei_label owner)
{
    sei_rtable_add_column(table, "owner", owner, "");
    sei_rtable_add_column(table, "key", (sei_label){"キー", "key"}, "");
    sei_rtable_add_column(table, "unit", (sei_label){"単位", "unit"}, "");
    sei_rtable_add_column(table, "default", (sei_label){"既定値", "default"}, "");
    sei_rtable_add_column(table, "lower", (sei_label){"下限", "lower"}, "");
    sei_rtable_add_column(table, "upper", (sei_label){"上限", "upper"}, "");
    sei_rtable_add_column(table, "prior", (sei_label){"事前分布", "prior"}, "");
    sei_rtable_add_column(table, "p10", (sei_label){"P10", "P10"}, "");
    sei_rtable_add_column(table, "p90", (sei_label){"P90", "P90"}, "");
    sei_rtable_add_column(table, "evidence", (sei_label){"根拠", "evidence"}, "");
    sei_rtable_add_column(table, "source", (sei_label){"出典", "source"}, "");
    sei_rtable_add_column(table, "help", (sei_label){"説明", "meaning"}, "");
}

/* As many decimals as the number was written with, so that 8 is not shown as 8.00000. */
static int decimals(double value)
{
    const double size = fabs(value);

    for (int digits = 1; digits < 6; digits++) {
        char   text[SEI_NUMBER_MAX];
        double again = 0;
        sei_format_double(text, value, digits);
        if (!sei_parse_double(text, strlen(text), &again) || fabs(again - value) > 1e-9 * size)
            continue;
        if (size >= 1e6 || (size > 0 && size < 1e-3))
            return SEI_SIGNIFICANT(digits);
        const int before_point = size >= 1 ? (int)floor(log10(size)) + 1 : 0;
        const int zeros        = size < 1 ? -(int)floor(log10(size)) - 1 : 0;
        return digits > before_point ? digits - before_point + zeros : 0;
    }
    return SEI_SIGNIFICANT(6);
}

static void add_number(sei_rtable *table, double value)
{
    if (isfinite(value))
        sei_rtable_add_number(table, value, value == 0 ? 0 : decimals(value));
    else
        sei_rtable_add_empty(table);
}

/* What an ensemble draws the number from when the site file leaves it at its default. */
static void add_prior(sei_rtable *table, const sei_param *row, bool of_unit)
{
    sei_evidence    evidence;
    const sei_prior p =
        isnan(row->def) ? (sei_prior){.kind = SEI_PRIOR_FIXED}
                        : sei_knob_row_prior(row, sei_param_si(row, row->def), NULL,
                                             of_unit ? SEI_KNOB_UNIT : SEI_KNOB_RATE, &evidence);
    const bool  varies = p.kind != SEI_PRIOR_FIXED;
    const char *word   = varies ? sei_prior_word(p.kind) : "-";

    sei_rtable_add_text(table, (sei_label){word, word});
    for (int i = 0; i < 2; i++) {
        if (varies)
            sei_rtable_add_number(table,
                                  sei_param_shown(row, sei_prior_quantile(&p, i ? 0.9 : 0.1)),
                                  SEI_SIGNIFICANT(3));
        else
            sei_rtable_add_empty(table);
    }
}

void sei_param_table_rows(sei_rtable *table, const char *owner, size_t n, const sei_param params[],
                          bool of_unit)
{
    for (size_t i = 0; i < n; i++) {
        const sei_param *p = &params[i];
        sei_rtable_add_row(table);
        sei_rtable_add_text(table, (sei_label){owner, owner});
        sei_rtable_add_text(table, (sei_label){p->key, p->key});
        sei_rtable_add_text(table, (sei_label){p->unit, p->unit});
        if (isnan(p->def))
            sei_rtable_add_text(table, (sei_label){"必須", "required"});
        else
            add_number(table, p->def);
        add_number(table, p->lower);
        add_number(table, p->upper);
        add_prior(table, p, of_unit);
        sei_rtable_add_text(table, evidence_label(p->evidence));
        sei_rtable_add_text(table, (sei_label){p->source, p->source});
        sei_rtable_add_text(table, (sei_label){p->help_ja, p->help});
    }
}
