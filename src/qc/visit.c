/* visit.c - fouling and calibration drift found at a visit, and how good the record is (wagner2006) */
#include <math.h>
#include <string.h>

#include "seiryu/correct.h"

sei_status sei_visit_errors(sei_ctx *ctx, const sei_visit *v, sei_visit_error *ret_error)
{
    sei_visit_error e = {.fouling = (v->after - v->before) - (v->beside_after - v->beside_before)};

    if (v->n_standards > 2)
        return sei_fail(ctx, SEI_E_ARG, NULL, "%zu calibration standards, at most 2",
                        v->n_standards);
    for (size_t i = 0; i < v->n_standards; i++)
        e.drift[i] = v->standard[i] - v->reading[i];
    if (!isfinite(e.fouling) || !isfinite(e.drift[0]) || !isfinite(e.drift[1]))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "a reading of the visit is not finite");
    *ret_error = e;
    return SEI_OK;
}

static const char *const rating_name[] = {"excellent", "good", "fair", "poor"};

const char *sei_rating_name(sei_rating rating)
{
    return (unsigned)rating <= SEI_RATING_POOR ? rating_name[rating] : "?";
}

/* quantity, correct (%), excellent (%), good (%), fair (%), unusable (%) */
static const sei_rating_row rows[] = {
    {"temp", 0.2, 0, 0.2, 0, 0.5, 0, 0.8, 0, 2.0, 0, SEI_ASSUMED, "wagner2006"},
    {"sc", 5, 3, 0, 3, 0, 10, 0, 15, 0, 30, SEI_ASSUMED, "wagner2006"},
    {"do", 0.3, 0, 0.3, 5, 0.5, 10, 0.8, 15, 2.0, 20, SEI_ASSUMED, "wagner2006"},
    {"ph", 0.2, 0, 0.2, 0, 0.5, 0, 0.8, 0, 2.0, 0, SEI_ASSUMED, "wagner2006"},
    {"turbidity", 0.5, 5, 0.5, 5, 1.0, 10, 1.5, 15, 3.0, 30, SEI_ASSUMED, "wagner2006"},
};

enum { N_ROWS = sizeof rows / sizeof rows[0] };

size_t sei_rating_count(void)
{
    return N_ROWS;
}

const sei_rating_row *sei_rating_at(size_t i)
{
    return i < N_ROWS ? &rows[i] : NULL;
}

const sei_rating_row *sei_rating_find(const char *quantity)
{
    for (size_t i = 0; i < N_ROWS; i++)
        if (strcmp(rows[i].quantity, quantity) == 0)
            return &rows[i];
    return NULL;
}

/* The wider one of both limits, with a hair for decimal figures: 7.2 - 7.0 is not more than 0.2. */
static bool is_beyond(double error, double absolute, double percent, double value)
{
    return error > fmax(absolute, 0.01 * percent * fabs(value)) * (1.0 + 1e-9);
}

sei_visit_verdict sei_visit_judge(const sei_rating_row *row, const sei_visit_error *e, double value)
{
    const double      total = fabs(e->fouling) + fmax(fabs(e->drift[0]), fabs(e->drift[1]));
    sei_visit_verdict v     = {
            .total            = total,
            .needs_correction = is_beyond(total, row->correct, row->correct_percent, value),
            .is_unusable      = is_beyond(total, row->unusable, row->unusable_percent, value),
            .rating           = SEI_RATING_POOR};

    if (!is_beyond(total, row->excellent, row->excellent_percent, value))
        v.rating = SEI_RATING_EXCELLENT;
    else if (!is_beyond(total, row->good, row->good_percent, value))
        v.rating = SEI_RATING_GOOD;
    else if (!is_beyond(total, row->fair, row->fair_percent, value))
        v.rating = SEI_RATING_FAIR;
    return v;
}

size_t sei_visit_corrections(const sei_visit *v, const sei_visit_error *e, int64_t from_us,
                             int64_t to_us, sei_correction ret_rows[2])
{
    size_t n = 0;

    if (e->fouling < 0.0 || e->fouling > 0.0)
        ret_rows[n++] = (sei_correction){
            .kind = SEI_CORRECT_DRIFT, .from_us = from_us, .to_us = to_us, .b = e->fouling};
    const bool   first_is_low = v->standard[0] < v->standard[1];
    const size_t low = first_is_low ? 0 : 1, high = first_is_low ? 1 : 0;
    if (v->n_standards == 2 && v->standard[low] < v->standard[high])
        ret_rows[n++] = (sei_correction){.kind    = SEI_CORRECT_TWO_POINT,
                                         .from_us = from_us,
                                         .to_us   = to_us,
                                         .a       = e->drift[low],
                                         .b       = e->drift[high],
                                         .low     = v->reading[low],
                                         .high    = v->reading[high]};
    else if (v->n_standards > 0 && (e->drift[0] < 0.0 || e->drift[0] > 0.0))
        ret_rows[n++] = (sei_correction){
            .kind = SEI_CORRECT_DRIFT, .from_us = from_us, .to_us = to_us, .b = e->drift[0]};
    return n;
}
