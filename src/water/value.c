/* value.c - one measured value from text: numbers, values below quantification, missing ones */
#include "water/value.h"

#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/text.h"
#include "water/fold.h"
#include "water/table.h"

static const char *const missing_words[] = {
    "", "-", "--", "---", "ー", "欠測", "欠", "未測定", "測定せず", "NA", "N/A", "NaN", "null",
};
static const char *const below_words[] = {
    "ND",           "N.D.",           "N.D",          "不検出",         "検出せず",
    "定量下限未満", "定量下限値未満", "検出下限未満", "検出下限値未満", "下限未満",
    "BDL",          "<LOQ",           "<DL",          "LOQ未満",
};

/* Marks of a bound and what they make of the number beside them. */
static const struct {
    const char   *mark;
    sei_cell_kind what;
    bool          before;
} marks[] = {
    {"<", SEI_CELL_BELOW, true},     {">", SEI_CELL_ABOVE, true},
    {"未満", SEI_CELL_BELOW, false}, {"以下", SEI_CELL_BELOW, false},
    {"以上", SEI_CELL_ABOVE, false}, {"超", SEI_CELL_ABOVE, false},
};

static const char *const qc_names[] = {"GOOD",      "SUSPECT",   "BAD",
                                       "ESTIMATED", "BELOW_LOQ", "MISSING"};

const char *sei_qc_name(sei_qc qc)
{
    return (size_t)qc < 6 ? qc_names[qc] : "";
}

bool sei_qc_find(const char *name, sei_qc *ret_qc)
{
    for (size_t i = 0; i < 6; i++) {
        if (sei_equal_nocase(qc_names[i], name)) {
            *ret_qc = (sei_qc)i;
            return true;
        }
    }
    return false;
}

const char *sei_loq_rule_name(sei_loq_rule rule)
{
    return rule == SEI_LOQ_ZERO ? "0" : rule == SEI_LOQ_HALF ? "LOQ/2" : "LOQ";
}

double sei_value_number(const sei_value *value, sei_loq_rule rule)
{
    if (value->qc != SEI_QC_BELOW_LOQ)
        return value->value_si;
    return rule == SEI_LOQ_ZERO ? 0.0 : rule == SEI_LOQ_HALF ? 0.5 * value->loq_si : value->loq_si;
}

static bool is_one_of(const char *text, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if (sei_equal_nocase(text, words[i]))
            return true;
    return false;
}

/* Takes a bound's mark off, with the blanks between it and the number. */
static sei_cell_kind take_mark(sei_slice *s)
{
    for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
        const size_t n = strlen(marks[i].mark);
        if (s->len <= n)
            continue;
        const char *at = marks[i].before ? s->at : s->at + s->len - n;
        if (memcmp(at, marks[i].mark, n) != 0)
            continue;
        if (marks[i].before)
            s->at += n;
        s->len -= n;
        *s = sei_trim(*s);
        if (marks[i].before && s->len && s->at[0] == '=') /* "<=" */
            *s = sei_trim((sei_slice){s->at + 1, s->len - 1});
        return marks[i].what;
    }
    return SEI_CELL_NUMBER;
}

static size_t count_digits(sei_slice s, size_t from)
{
    size_t n = 0;

    while (from + n < s.len && s.at[from + n] >= '0' && s.at[from + n] <= '9')
        n++;
    return n;
}

/* "1,200" and "1,200.5": groups of three behind one to three digits; other commas are refused. */
static bool parse_grouped(sei_slice s, double *ret_value)
{
    char   plain[SEI_NUMBER_MAX];
    size_t i = s.len && (s.at[0] == '-' || s.at[0] == '+') ? 1 : 0, n;

    const size_t lead = count_digits(s, i);
    if (lead < 1 || lead > 3 || s.len >= sizeof plain)
        return false;
    i += lead;
    memcpy(plain, s.at, i);
    n = i;
    for (; i < s.len && s.at[i] == ','; i += 4, n += 3) {
        if (count_digits(s, i + 1) != 3)
            return false;
        memcpy(plain + n, s.at + i + 1, 3);
    }
    memcpy(plain + n, s.at + i, s.len - i);
    return sei_parse_double(plain, n + s.len - i, ret_value);
}

static bool parse_number(sei_slice s, double *ret_value)
{
    return sei_parse_double(s.at, s.len, ret_value) || parse_grouped(s, ret_value);
}

static const char *unit_symbol(const sei_quantity_column *column)
{
    return column->unit ? column->unit->symbol : "";
}

/* Plausible range of the quantity in the unit of the column. */
static bool plausible(const sei_quantity_column *column, double si,
                      char message[SEI_VALUE_MESSAGE_MAX])
{
    const sei_quantity *q = column->quantity;
    char                min[SEI_NUMBER_MAX], max[SEI_NUMBER_MAX];
    double              value = 0;

    if (!sei_quantity_from_si(q, sei_quantity_unit(q), si, &value) ||
        (value >= q->min && value <= q->max))
        return true;
    sei_format_double(min, q->min, 0);
    sei_format_double(max, q->max, 0);
    const char *unit = sei_quantity_unit(q) ? sei_quantity_unit(q)->symbol : "";
    snprintf(message, SEI_VALUE_MESSAGE_MAX,
             "outside the plausible %s..%s%s%s of %s; flagged SUSPECT", min, max,
             unit[0] ? " " : "", unit, q->key);
    return false;
}

static sei_status finish(const sei_quantity_column *column, sei_cell_kind what, double number,
                         sei_value *ret_value, char message[SEI_VALUE_MESSAGE_MAX])
{
    const sei_quantity *q  = column->quantity;
    double              si = 0;

    if (number < 0 && !q->signed_value) {
        snprintf(message, SEI_VALUE_MESSAGE_MAX, "negative; %s must be 0 %s or more", q->key,
                 unit_symbol(column));
        return SEI_E_RANGE;
    }
    if (what == SEI_CELL_BELOW && number <= 0 && !q->signed_value) {
        snprintf(message, SEI_VALUE_MESSAGE_MAX, "the limit of quantification must be above 0");
        return SEI_E_RANGE;
    }
    if (!sei_quantity_to_si(q, column->unit, number, &si)) {
        snprintf(message, SEI_VALUE_MESSAGE_MAX, "%s cannot be given in %s", q->key,
                 unit_symbol(column));
        return SEI_E_UNIT;
    }
    const bool good = plausible(column, si, message);
    *ret_value      = (sei_value){si, what == SEI_CELL_BELOW ? si : 0.0, SEI_QC_GOOD};
    ret_value->qc   = what == SEI_CELL_BELOW   ? SEI_QC_BELOW_LOQ
                      : !good                  ? SEI_QC_SUSPECT
                      : what == SEI_CELL_ABOVE ? SEI_QC_ESTIMATED
                                               : SEI_QC_GOOD;
    return SEI_OK;
}

sei_cell_kind sei_cell_read(const char *text, double *ret_number)
{
    char folded[SEI_FOLD_MAX];

    *ret_number = 0.0;
    if (!sei_fold(folded, text))
        return SEI_CELL_OTHER;
    if (is_one_of(folded, missing_words, sizeof missing_words / sizeof missing_words[0]))
        return SEI_CELL_MISSING;
    if (is_one_of(folded, below_words, sizeof below_words / sizeof below_words[0]))
        return SEI_CELL_BELOW_UNKNOWN;
    sei_slice           s    = sei_slice_of(folded);
    const sei_cell_kind what = take_mark(&s);
    return parse_number(s, ret_number) ? what : SEI_CELL_OTHER;
}

sei_status sei_value_parse(const sei_quantity_column *column, const char *text,
                           sei_value *ret_value, char message[SEI_VALUE_MESSAGE_MAX])
{
    double              number = 0;
    const sei_cell_kind kind   = sei_cell_read(text, &number);

    message[0] = '\0';
    switch (kind) {
    case SEI_CELL_MISSING: *ret_value = (sei_value){0, 0, SEI_QC_MISSING}; return SEI_OK;
    case SEI_CELL_BELOW_UNKNOWN: *ret_value = (sei_value){0, 0, SEI_QC_BELOW_LOQ}; return SEI_OK;
    case SEI_CELL_NUMBER:
    case SEI_CELL_BELOW:
    case SEI_CELL_ABOVE: return finish(column, kind, number, ret_value, message);
    case SEI_CELL_OTHER: break;
    }
    snprintf(message, SEI_VALUE_MESSAGE_MAX, "not a number; %s",
             strchr(text, ',') || strstr(text, "，")
                 ? "the decimal mark is a point, and commas stand only before groups of three"
                 : "write 0.12, '<0.005' for below quantification, or leave it empty");
    return SEI_E_TYPE;
}

sei_status sei_quantity_parse_value(sei_ctx *ctx, const sei_where *where,
                                    const sei_quantity_column *column, const char *text,
                                    sei_value *ret_value)
{
    char message[SEI_VALUE_MESSAGE_MAX], name[SEI_QUANTITY_NAME_MAX], shown[SEI_SHOWN_MAX];

    const sei_status st = sei_value_parse(column, text, ret_value, message);
    sei_quantity_format_column(name, column);
    sei_shown(shown, text);
    if (st != SEI_OK)
        return sei_fail(ctx, st, where, "%s, value '%s': %s", name, shown, message);
    if (message[0])
        sei_warn(ctx, where, "%s, value '%s': %s", name, shown, message);
    return SEI_OK;
}
