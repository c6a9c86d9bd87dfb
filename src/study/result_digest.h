/*
 * result_digest.h - what every file of a result folder needs: means, loads and judgements
 *
 * Means over time are exact for straight lines between the instants of the result. Loads are means
 * of concentration times flow. Values that are not finite count as missing, and those of a discharge
 * that does not flow: nothing is discharged then.
 *
 * A run that starts with raw water in every unit first pushes that water out. This wash-out is no
 * result of the treatment: means and judgements begin after it, series and figures show it.
 */
#ifndef SEI_STUDY_RESULT_DIGEST_H
#define SEI_STUDY_RESULT_DIGEST_H

#include <math.h>

#include "seiryu/report.h"
#include "seiryu/result.h"

/* SI to the column's unit. */
double sei_column_shown(const sei_quantity_column *column, double si);

/* A number that is not there, inside the writers; files and figures show a gap. */
#define SEI_NO_NUMBER ((double)NAN)

typedef struct {
    bool    has;            /* any value */
    double  mean, min, max; /* SI */
    int64_t min_us, max_us;
    bool    has_load;
    double  load_kg_s;
} sei_stat;

/* Discharge against one limit over the whole run; where the limit changes, the stretch that decides
 * gives limit, worst and margin, and the counts are those of all stretches. */
typedef struct {
    size_t      column;
    sei_limit   limit;
    bool        changes; /* the limit has more than one value in the run */
    size_t      n, n_exceed;
    double      worst; /* the annual mean farthest up where the limit is one */
    int64_t     worst_us;
    bool        has_margin;
    double      margin; /* to the limit, negative beyond it; SI */
    sei_verdict verdict;
} sei_judgement;

typedef struct {
    size_t          column;
    sei_compliance *results;
    size_t          n;
} sei_column_judged;

/* A rate law that worked in a unit outside the range its source states, in the column's unit. */
typedef struct {
    const sei_rate_law *law;
    size_t              unit, column;
    sei_validity        valid;
    double              low, high; /* met */
} sei_breach;

typedef struct {
    sei_ctx           *ctx;
    const sei_result  *result;
    size_t             raw, discharge, flow; /* watches, column; SIZE_MAX when there is none */
    size_t             first;                /* instant from which means and judgements count */
    double             wash_out_s;           /* 0 when first is 0 */
    sei_stat          *stats;                /* [watch * n_columns + column] */
    sei_column_judged *fiscal, *calendar;    /* [n_columns] */
    sei_judgement     *judgements;           /* in the order of the columns */
    size_t             n_judgements;
    sei_verdict        verdict; /* of all */
    size_t             n_breaches;
    sei_breach        *breaches;
} sei_digest;

SEI_CHECKED sei_status sei_digest_create(sei_ctx *ctx, const sei_result *result,
                                         sei_digest **ret_digest);
void                   sei_digest_free(sei_digest *digest);

void sei_digest_find_breaches(sei_digest *digest); /* part of creating it */
/* Breaches of one law stand side by side: how many from this one on, and how many laws there are. */
size_t sei_digest_breaches_of(const sei_digest *digest, size_t first);
size_t sei_digest_n_laws_outside(const sei_digest *digest);
/* Is it the first of its law and quantity? How many are: rows of a table that has one for each. */
bool   sei_digest_breach_is_first(const sei_digest *digest, size_t breach);
size_t sei_digest_n_breach_rows(const sei_digest *digest);

const sei_stat *sei_digest_stat(const sei_digest *digest, size_t watch, size_t column);
/* The judgement that is worst for a column; NULL without a limit. */
const sei_judgement *sei_digest_judgement(const sei_digest *digest, size_t column);
/* Share of the raw water's load that the discharge lacks; false when it means nothing. */
bool sei_digest_removal(const sei_digest *digest, size_t column, double *ret_removal);
/* A value of the result, in SI; false when it is missing. */
bool sei_digest_value(const sei_digest *digest, size_t time, size_t watch, size_t column,
                      double *ret_si);
/* kg/m3 (0.01 µg/L): less is the trace that every water is given, and no picture's business. */
#define SEI_SEEN_KG_M3 1e-8

/* A quantity of the influent, or one with a limit: what the tables show. */
bool sei_digest_is_shown(const sei_digest *digest, size_t column);

/* The total of a metal (or another element) that is judged or that mine water is treated for. */
bool sei_digest_is_metal(const sei_digest *digest, size_t column);
/* mol of a solid in a unit's bed. */
double sei_solid_at(const sei_result *result, size_t time, size_t unit, size_t solid);
/* The book that balances worst; n_books when there is none. */
size_t sei_worst_book(const sei_result *result);
/* Seconds of a day, for loads in kg/d. */
double sei_day_s(void);

#endif
