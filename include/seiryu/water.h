/*
 * water.h - tables, quantities, samples, time series, dated limits and compliance
 *
 * The layer on which model and monitoring meet. Inside, every value is SI (kg/m3, m3/s, K, V ...)
 * and every time is int64_t microseconds since 1970-01-01 UTC; units and time zones live at the
 * edges. A missing value is a flag, never a number. Objects are read-only after they are built and
 * may then be shared between threads; each call needs a context of its own thread.
 */
#ifndef SEIRYU_WATER_H
#define SEIRYU_WATER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"
#include "seiryu/units.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ------------------------------------------------------------------ tables: reading CSV */

/* A table of text cells under one header row. Strings live as long as the table. */
typedef struct sei_table sei_table;

enum {
    SEI_TABLE_BYTES_MAX   = 256 * 1024 * 1024,
    SEI_TABLE_ROWS_MAX    = 4000000,
    SEI_TABLE_COLUMNS_MAX = 1000,
    SEI_TABLE_CELL_MAX    = 32767 /* bytes of UTF-8 */
};

/* Reads RFC 4180 text: UTF-8 (with or without BOM), UTF-16 with BOM, else cp932; CRLF, LF or CR;
 * "#" lines before the header are comments. Comma, or tab when the name ends in ".tsv". Rows whose
 * cells are all empty are skipped. path "-" is standard input. name stands for the file in errors
 * ("waters.csv:7: ..."); bytes is borrowed for the call only. Free with sei_table_free. */
SEI_API SEI_CHECKED sei_status sei_table_read(sei_ctx *ctx, const char *path,
                                              sei_table **ret_table);
SEI_API SEI_CHECKED sei_status sei_table_parse(sei_ctx *ctx, const char *name, const char *bytes,
                                               size_t len, sei_table **ret_table);
SEI_API void                   sei_table_free(sei_table *table); /* NULL is harmless */

/* Shape and content. Rows and columns count from 0; the header is no row. Out of range gives "". */
SEI_API const char *sei_table_file(const sei_table *table);
SEI_API size_t      sei_table_n_rows(const sei_table *table);
SEI_API size_t      sei_table_n_columns(const sei_table *table);
SEI_API const char *sei_table_header(const sei_table *table, size_t column);
SEI_API const char *sei_table_cell(const sei_table *table, size_t row, size_t column);
SEI_API const char *sei_table_encoding(const sei_table *table); /* "UTF-8", "UTF-16LE", "CP932" */
SEI_API size_t      sei_table_n_comments(const sei_table *table);
SEI_API const char *sei_table_comment(const sei_table *table, size_t i); /* without the "#" */

/* Where a row begins in the file (its physical line); row SEI_TABLE_HEADER is the header. */
#define SEI_TABLE_HEADER ((size_t)-1)
SEI_API sei_where sei_table_where(const sei_table *table, size_t row);

/* Column of a header, exactly as written there. _find tells whether there is one; _require fails
 * with E_MISSING and names the nearest header. */
SEI_API bool sei_table_find(const sei_table *table, const char *header, size_t *ret_column);
SEI_API SEI_CHECKED sei_status sei_table_require(sei_ctx *ctx, const sei_table *table,
                                                 const char *header, size_t *ret_column);

/* Records "file:line: column 'zn_mg_l', value 'abc': ..." and returns status. */
SEI_API sei_status sei_table_fail(sei_ctx *ctx, const sei_table *table, sei_status status,
                                  size_t row, size_t column, const char *fmt, ...) SEI_PRINTF(6, 7);

/* A cell as a plain number (no unit) or a time. E_MISSING for an empty cell, E_TYPE for any other
 * text that is no number or no date. offset_us is local time minus UTC (SEI_JST_OFFSET_US). */
#define SEI_JST_OFFSET_US (INT64_C(9) * 3600 * 1000000)
SEI_API SEI_CHECKED sei_status sei_table_number(sei_ctx *ctx, const sei_table *table, size_t row,
                                                size_t column, double *ret_value);
SEI_API SEI_CHECKED sei_status sei_table_time(sei_ctx *ctx, const sei_table *table, size_t row,
                                              size_t column, int64_t offset_us,
                                              int64_t *ret_time_us);

/* ------------------------------------------------------------------ tables: writing CSV */

/* Collects CSV text in memory. The first failure is kept; later calls do nothing, so that a writer
 * checks once, at sei_table_writer_save or sei_table_writer_status. */
typedef struct sei_table_writer sei_table_writer;

typedef struct {
    bool crlf; /* lines end with CR LF (spreadsheets) instead of LF */
    bool bom;  /* starts with the UTF-8 byte order mark (Excel in Japan needs it) */
} sei_table_format;

/* format may be NULL: LF, no BOM. */
SEI_API SEI_CHECKED sei_status sei_table_writer_create(sei_ctx *ctx, const sei_table_format *format,
                                                       sei_table_writer **ret_writer);
SEI_API void                   sei_table_writer_free(sei_table_writer *writer);

/* Next cell of the row. Text is quoted where RFC 4180 asks for it; text that a spreadsheet would
 * run as a formula (it starts with = + - @, tab or CR and is no number) gets a leading apostrophe,
 * which the reader takes off again. _number: digits 1..17 significant, 0 = shortest that reads back
 * to the same double; NaN gives an empty cell, an infinite value is E_RANGE. _time is ISO 8601. */
SEI_API void sei_table_put_text(sei_table_writer *writer, const char *text);
SEI_API void sei_table_put_number(sei_table_writer *writer, double value, int digits);
SEI_API void sei_table_put_fixed(sei_table_writer *writer, double value, int decimals);
SEI_API void sei_table_put_int(sei_table_writer *writer, int64_t value);
SEI_API void sei_table_put_time(sei_table_writer *writer, int64_t time_us, int64_t offset_us);
SEI_API void sei_table_put_empty(sei_table_writer *writer);
/* A "#" line before the header; line breaks in text become blanks. */
SEI_API void sei_table_put_comment(sei_table_writer *writer, const char *text);
/* Every row must have as many cells as the first one (E_INTERNAL otherwise). */
SEI_API void sei_table_end_row(sei_table_writer *writer);

/* Outcome so far; the text (valid until the next put); the file, written whole or not at all. */
SEI_API sei_status  sei_table_writer_status(const sei_table_writer *writer);
SEI_API const char *sei_table_writer_text(const sei_table_writer *writer, size_t *ret_len);
SEI_API SEI_CHECKED sei_status sei_table_writer_save(sei_table_writer *writer, const char *path);

/* ------------------------------------------------------------------ quantities */

/* What water is measured for. One const row each in src/water/quantity_list.h. */
typedef struct {
    const char   *key;       /* as names begin: "zn", "so4", "alkalinity" */
    const char   *symbol;    /* as it is printed: "Zn", "SO4" */
    const char   *name_en;   /* "zinc" */
    const char   *name_ja;   /* "亜鉛" */
    sei_dimension dimension; /* of the value kept inside */
    const char   *unit;      /* key of the unit it is shown in: "mg_l"; "" for pH */
    const char
          *formula;   /* what one mole means: "Zn", "SO4", "CaCO3"; NULL when moles make no sense */
    int    charge_eq; /* moles are counted as equivalents: formula mass / charge_eq (else 1) */
    double min, max;  /* plausible values, in unit; outside a value is flagged SUSPECT */
    int    decimals;  /* shown after the point, in unit */
    bool   signed_value; /* negative values are possible (ORP, net acidity, degC) */
    bool   fractions;    /* total, dissolved and suspended are told apart */
} sei_quantity;

SEI_API size_t              sei_quantity_count(void);
SEI_API const sei_quantity *sei_quantity_at(size_t i);                       /* NULL past the end */
SEI_API const sei_quantity *sei_quantity_find(const char *key);              /* or an alias; NULL */
SEI_API const sei_unit     *sei_quantity_unit(const sei_quantity *quantity); /* NULL for pH */
/* kg/mol (kg per equivalent where charge_eq says so); 0 when moles make no sense. */
SEI_API double sei_quantity_molar_mass(const sei_quantity *quantity);
/* kg/mol of a formula such as "CaCO3" or "Fe8O8(OH)6SO4"; 0 when it is no formula of known
 * elements. Standard atomic weights of IUPAC 2021 (prohaska2022). */
SEI_API double sei_molar_mass(const char *formula);

typedef enum { SEI_FRACTION_TOTAL, SEI_FRACTION_DISSOLVED, SEI_FRACTION_SUSPENDED } sei_fraction;
SEI_API const char *sei_fraction_key(sei_fraction fraction); /* "total", "dissolved", ... */
SEI_API bool        sei_fraction_find(const char *key, sei_fraction *ret_fraction);

/* A column of measured values: zn_mg_l, zn_dissolved_ug_l, temp_c, ph, alkalinity_mg_l_caco3. */
typedef struct {
    const sei_quantity *quantity;
    sei_fraction        fraction;
    const sei_unit     *unit; /* NULL when the quantity has none (pH) */
} sei_quantity_column;

/* Splits and checks such a name. E_KEY unknown quantity (names the nearest), E_UNIT unit missing or
 * of the wrong dimension (names those allowed). where may be NULL. */
SEI_API SEI_CHECKED sei_status sei_quantity_parse_column(sei_ctx *ctx, const sei_where *where,
                                                         const char          *name,
                                                         sei_quantity_column *ret_column);
enum { SEI_QUANTITY_NAME_MAX = 64 };
/* The name again, "zn_dissolved_mg_l". */
SEI_API void sei_quantity_format_column(char                       out[SEI_QUANTITY_NAME_MAX],
                                        const sei_quantity_column *column);

/* Number in unit (mass or molar) to the SI value kept inside, and back. False when the unit does
 * not suit the quantity. unit NULL means "no unit". */
SEI_API bool sei_quantity_to_si(const sei_quantity *quantity, const sei_unit *unit, double value,
                                double *ret_si);
SEI_API bool sei_quantity_from_si(const sei_quantity *quantity, const sei_unit *unit, double si,
                                  double *ret_value);
/* kg/m3 to mol/m3 (equivalents for alkalinity and acidity), and back. False without a formula. */
SEI_API bool sei_quantity_to_molar(const sei_quantity *quantity, double kg_m3, double *ret_mol_m3);
SEI_API bool sei_quantity_from_molar(const sei_quantity *quantity, double mol_m3,
                                     double *ret_kg_m3);

/* ------------------------------------------------------------------ values */

typedef enum {
    SEI_QC_GOOD,
    SEI_QC_SUSPECT,
    SEI_QC_BAD,
    SEI_QC_ESTIMATED,
    SEI_QC_BELOW_LOQ,
    SEI_QC_MISSING
} sei_qc;
SEI_API const char *sei_qc_name(sei_qc qc); /* "GOOD", ... */
SEI_API bool        sei_qc_find(const char *name, sei_qc *ret_qc);

/* BELOW_LOQ: value_si = loq_si, the limit of quantification; both 0 when the laboratory gave no
 * number ("ND"). MISSING: value_si is 0 and means nothing. */
typedef struct {
    double value_si;
    double loq_si; /* 0 = not known */
    sei_qc qc;
} sei_value;

/* Reads a cell: "0.12", "１．２", "1,200"; "<0.005", "＜0.005", "0.005未満" (below LOQ); "ND",
 * "不検出", "定量下限未満" (below an unknown LOQ); ">50" (ESTIMATED); "", "-", "欠測", "NA"
 * (missing). Anything else is E_TYPE, a negative value of an unsigned quantity E_RANGE; outside the
 * plausible range the value is kept, flagged SUSPECT and a warning recorded. */
SEI_API SEI_CHECKED sei_status sei_quantity_parse_value(sei_ctx *ctx, const sei_where *where,
                                                        const sei_quantity_column *column,
                                                        const char *text, sei_value *ret_value);
SEI_API SEI_CHECKED sei_status sei_table_value(sei_ctx *ctx, const sei_table *table, size_t row,
                                               size_t column, const sei_quantity_column *meaning,
                                               sei_value *ret_value);

/* How a value below LOQ enters a mean. */
typedef enum { SEI_LOQ_ZERO, SEI_LOQ_HALF, SEI_LOQ_FULL } sei_loq_rule;
SEI_API const char *sei_loq_rule_name(sei_loq_rule rule); /* "0", "LOQ/2", "LOQ" */
SEI_API double      sei_value_number(const sei_value *value, sei_loq_rule rule);

/* ------------------------------------------------------------------ headers in other words */

/* Header words and units of laboratory sheets (data/headers/ja.csv), and method codes. */
typedef struct sei_headers sei_headers;

/* The shipped Japanese list, plus the user's own file when user_path is not NULL (it wins). */
SEI_API SEI_CHECKED sei_status sei_headers_load(sei_ctx *ctx, const char *user_path,
                                                sei_headers **ret_headers);
SEI_API void                   sei_headers_free(sei_headers *headers);

typedef enum {
    SEI_COLUMN_VALUE, /* measured values */
    SEI_COLUMN_LOQ,   /* limit of quantification of the column of the same quantity: zn_loq_mg_l */
    SEI_COLUMN_QC,    /* flags of the column of the same quantity: zn_qc */
    SEI_COLUMN_TIME,  /* date and time, or date alone */
    SEI_COLUMN_CLOCK, /* time of day beside a date column */
    SEI_COLUMN_TEXT   /* site, point, note, ...: kept as text, never computed with */
} sei_column_kind;

typedef struct {
    sei_column_kind     kind;
    sei_quantity_column measured; /* VALUE, LOQ, QC (QC without unit) */
    const char         *text_key; /* TEXT: "point", "note", ...; "" for an unnamed one */
} sei_column;

/* Meaning of a header: a canonical name (zn_mg_l, time, date, point) or, with headers, a mapped one
 * (亜鉛(mg/L), 溶解性鉄[mg/L], 水温（℃）, 採水日). */
SEI_API SEI_CHECKED sei_status sei_headers_resolve(sei_ctx *ctx, const sei_headers *headers,
                                                   const sei_where *where, const char *header,
                                                   sei_column *ret_column);

/* A method code as laboratories write it ("JIS K 0102 53.3", "K0102-3"). */
typedef struct {
    const sei_quantity *quantity; /* NULL when the code names only a part of the standard */
    const char         *part;     /* "K 0102-3": where the method stands since the split */
    bool                verified; /* false: common knowledge, not confirmed in a source */
} sei_method;
SEI_API bool sei_headers_method(const sei_headers *headers, const char *code,
                                sei_method *ret_method);

/* ------------------------------------------------------------------ samples and series */

/* One analysis: a row of measured values. */
typedef struct {
    int64_t          time_us;
    bool             has_time;
    const char      *point;  /* "" when the table has no such column */
    size_t           line;   /* in the file */
    const sei_value *values; /* one a column of the set */
} sei_sample;

/* All analyses of a table, in its order; rows share the columns. */
typedef struct sei_samples sei_samples;

typedef struct {
    const sei_headers *headers;      /* NULL: canonical names only */
    int64_t            offset_us;    /* of local times without a zone; see SEI_READ_DEFAULTS */
    bool               needs_time;   /* E_MISSING without a time column */
    const char        *point;        /* keep only rows of this point; NULL keeps all */
    bool               skip_unknown; /* unknown headers are warnings instead of errors */
} sei_read_options;
#define SEI_READ_DEFAULTS                          \
    {                                              \
        NULL, SEI_JST_OFFSET_US, true, NULL, false \
    }

/* options may be NULL (the defaults). */
SEI_API SEI_CHECKED sei_status     sei_samples_from_table(sei_ctx *ctx, const sei_table *table,
                                                          const sei_read_options *options,
                                                          sei_samples           **ret_samples);
SEI_API void                       sei_samples_free(sei_samples *samples);
SEI_API size_t                     sei_samples_count(const sei_samples *samples);
SEI_API size_t                     sei_samples_n_columns(const sei_samples *samples);
SEI_API const sei_quantity_column *sei_samples_column(const sei_samples *samples, size_t column);
SEI_API sei_sample                 sei_samples_at(const sei_samples *samples, size_t i);
SEI_API bool sei_samples_find(const sei_samples *samples, const char *quantity_key,
                              sei_fraction fraction, size_t *ret_column);

/* Values of one quantity in time, strictly increasing. The arrays have n items and belong to the
 * series. */
typedef struct {
    sei_quantity_column column;  /* what it is, and the unit to show it in */
    size_t              n, size; /* size: items that fit before the next growth */
    int64_t            *time_us;
    double             *value_si;
    double             *loq_si; /* 0 = not known */
    uint8_t            *qc;     /* sei_qc */
    sei_ctx            *ctx;    /* whose memory it is */
} sei_series;

SEI_API SEI_CHECKED sei_status sei_series_create(sei_ctx *ctx, const sei_quantity_column *column,
                                                 sei_series **ret_series);
SEI_API void                   sei_series_free(sei_series *series);
/* time_us must lie after the last one (E_RANGE; E_DUPLICATE when equal). */
SEI_API SEI_CHECKED sei_status sei_series_append(sei_series *series, int64_t time_us,
                                                 sei_value value);
SEI_API sei_value              sei_series_value(const sei_series *series, size_t i);

/* Series of one file. */
typedef struct {
    size_t       n;
    sei_series **series;
    sei_ctx     *ctx;
} sei_series_set;

/* One series a column of values. Times out of order or given twice are errors that name both lines.
 * Rows of several points need options.point. */
SEI_API SEI_CHECKED sei_status sei_series_from_table(sei_ctx *ctx, const sei_table *table,
                                                     const sei_read_options *options,
                                                     sei_series_set        **ret_set);
SEI_API SEI_CHECKED sei_status sei_series_read(sei_ctx *ctx, const char *path,
                                               const sei_read_options *options,
                                               sei_series_set        **ret_set);
SEI_API void                   sei_series_set_free(sei_series_set *set);
SEI_API const sei_series *sei_series_set_find(const sei_series_set *set, const char *quantity_key,
                                              sei_fraction fraction);

/* ------------------------------------------------------------------ value at a time, means */

typedef enum { SEI_CURVE_LINEAR, SEI_CURVE_STEP } sei_curve_kind;

typedef struct {
    sei_curve_kind kind;
    int64_t        max_gap_us; /* between two samples; 0 = any. Beyond it the value is MISSING */
    sei_loq_rule   loq_rule;
    bool           hold_ends; /* before the first and after the last sample their value holds */
    bool           without_suspect; /* SUSPECT values are left out as BAD ones are */
} sei_curve_options;

/* The usable points of a series, ready for look-up. Keeps no reference to the series. */
typedef struct sei_series_curve sei_series_curve;

typedef struct {
    size_t i; /* start with {0}; one cursor a user of the curve */
} sei_series_cursor;

/* E_MISSING when the series has no usable value. options may be NULL: linear, any gap, LOQ/2. */
SEI_API SEI_CHECKED sei_status sei_series_curve_create(sei_ctx *ctx, const sei_series *series,
                                                       const sei_curve_options *options,
                                                       sei_series_curve       **ret_curve);
SEI_API void                   sei_series_curve_free(sei_series_curve *curve);
/* Allocates nothing; O(1) for times near the last one, O(log n) for a jump. At a sample's time its
 * own flag, between samples ESTIMATED (linear) or the sample's flag (step). */
SEI_API sei_value sei_series_curve_at(const sei_series_curve *curve, sei_series_cursor *cursor,
                                      int64_t time_us);
/* Exact mean of the curve over [start, end) and the share of that time it covers (0..1): gaps do
 * not count. Coverage 0 leaves the mean alone. */
SEI_API double sei_series_curve_mean(const sei_series_curve *curve, int64_t start_us,
                                     int64_t end_us, double *ret_mean_si);

typedef enum {
    SEI_PERIOD_ALL,
    SEI_PERIOD_HOUR,
    SEI_PERIOD_DAY,
    SEI_PERIOD_MONTH,
    SEI_PERIOD_YEAR,
    SEI_PERIOD_FISCAL_YEAR /* Japanese: 1 April to 31 March */
} sei_period;
SEI_API const char *sei_period_name(sei_period period); /* "all", "hour", ... "fiscal_year" */
/* First instant of the period that holds time_us, and of the next one. */
SEI_API void sei_period_bounds(sei_period period, int64_t time_us, int64_t offset_us,
                               int64_t *ret_start_us, int64_t *ret_end_us);

typedef struct {
    sei_period        period;
    int64_t           offset_us; /* zone in which days and years begin */
    sei_loq_rule      loq_rule;
    double            percentile; /* 0..1, linear between ranks (type 7); 0.5 = median */
    bool              without_suspect;
    const sei_series *flow; /* for flow-weighted means; NULL = none */
    int64_t flow_gap_us;    /* farthest sample pair between which flow is interpolated; 0 any */
    bool    time_weighted;  /* also the exact mean over time, by straight lines */
    int64_t max_gap_us;     /* of that mean; 0 = any */
} sei_aggregate_options;

/* One period that holds at least one row. Counted rows are GOOD, ESTIMATED, BELOW_LOQ and (unless
 * left out) SUSPECT; mean, min, max and percentile are theirs, by loq_rule, in SI. */
typedef struct {
    int64_t start_us, end_us;
    size_t  n;                          /* counted */
    size_t  n_below_loq;                /* of these, below LOQ */
    size_t  n_unknown_loq;              /* of these, below a LOQ that is not known: counted as 0 */
    size_t  n_suspect;                  /* of these, SUSPECT */
    size_t  n_left_out;                 /* MISSING, BAD and left-out SUSPECT rows */
    double  mean, min, max, percentile; /* only when n > 0 */
    size_t  n_flow;                     /* counted rows with a flow */
    double  flow_mean; /* sum(c q) / sum(q); only when n_flow > 0 and the flow is not 0 */
    bool    has_flow_mean;
    double  time_mean;     /* only when time_coverage > 0 */
    double  time_coverage; /* share of the period */
} sei_series_bin;

/* Bins in time order; free with sei_release. */
SEI_API SEI_CHECKED sei_status sei_series_aggregate(sei_ctx *ctx, const sei_series *series,
                                                    const sei_aggregate_options *options,
                                                    sei_series_bin **ret_bins, size_t *ret_n);

/* ------------------------------------------------------------------ limits */

typedef enum {
    SEI_LIMIT_EACH_SAMPLE,
    SEI_LIMIT_DAILY_MEAN,
    SEI_LIMIT_ANNUAL_MEAN,
    SEI_LIMIT_NOT_DETECTED
} sei_limit_statistic;
SEI_API const char *sei_limit_statistic_name(sei_limit_statistic statistic);

typedef enum { SEI_LIMIT_SOURCED, SEI_LIMIT_UNVERIFIED, SEI_LIMIT_SITE } sei_limit_status;
SEI_API const char *sei_limit_status_name(sei_limit_status status);

/* A row of a file in data/limits/, or what a site's rules make of it. */
typedef struct {
    const char         *table; /* "effluent"; "" for a value of the site alone */
    const char         *item;  /* 亜鉛含有量 */
    const sei_quantity *quantity;
    sei_fraction        fraction;
    bool                has_min, has_max;
    double              min_si, max_si;
    const sei_unit     *unit; /* to show it in; NULL for pH */
    sei_limit_statistic statistic;
    int64_t          from_us, to_us; /* valid from <= t < to, Japanese days; INT64_MIN/MAX open */
    const char      *industry;       /* "" = every one; "metal_mining", ... */
    const char      *applies_if;     /* as in the file: "discharge_m3_d>=50" */
    const char      *source;         /* key of docs/references.bib; the reason for a site's value */
    sei_limit_status status;         /* UNVERIFIED must be shown wherever the limit is shown */
    const char      *note;
    bool             is_target; /* 管理目標値: an aim, not the law */
} sei_limit;

typedef struct sei_limits sei_limits;

/* All shipped tables, plus the user's own file when user_path is not NULL. */
SEI_API SEI_CHECKED sei_status sei_limits_load(sei_ctx *ctx, const char *user_path,
                                               sei_limits **ret_limits);
/* Rows of one file added to what is there. */
SEI_API SEI_CHECKED sei_status sei_limits_add(sei_ctx *ctx, sei_limits *limits,
                                              const sei_table *table);
SEI_API void                   sei_limits_free(sei_limits *limits);
SEI_API size_t                 sei_limits_count(const sei_limits *limits);
SEI_API const sei_limit       *sei_limits_row(const sei_limits *limits, size_t i);
SEI_API bool                   sei_limits_has_table(const sei_limits *limits, const char *table);

/* What a site changes. OVERRIDE (上乗せ, agreement): applies beside the law, the stricter side
 * wins. EXEMPT: the law's value does not apply. TARGET (管理目標値): stands in place of the law. */
typedef enum { SEI_RULE_OVERRIDE, SEI_RULE_EXEMPT, SEI_RULE_TARGET } sei_rule_kind;

typedef struct {
    const sei_quantity *quantity; /* NULL: every quantity (EXEMPT only) */
    sei_fraction        fraction;
    sei_rule_kind       kind;
    bool                has_min, has_max;
    double              min_si, max_si;
    sei_limit_statistic statistic;
    int64_t             from_us, to_us; /* from <= t < to; INT64_MIN/MAX = open */
    const char         *reason;         /* shown with the result */
} sei_limit_rule;

typedef struct {
    const char           *table; /* "effluent", "environment", "farm_water", a user's, or "none" */
    const char           *industry;         /* "metal_mining", "sulfur_mining" or NULL */
    double                discharge_m3_d;   /* mean daily; negative = not known (taken as >= 50) */
    bool                  to_sea;           /* discharges into the sea, not a river */
    bool                  designated_water; /* nitrogen and phosphorus are limited there */
    size_t                n_rules;
    const sei_limit_rule *rules; /* borrowed */
} sei_limits_site;

enum { SEI_LIMITS_AT_MAX = 8 };
/* The limits of a quantity at a time, at most one a statistic; returns how many, 0 for none. A row of
 * the site's industry goes before the general one. A limit with neither min nor max says that none
 * applies, and why (exempt by law or by the site). */
SEI_API size_t sei_limits_at(const sei_limits *limits, const sei_limits_site *site,
                             const sei_quantity *quantity, sei_fraction fraction, int64_t time_us,
                             sei_limit ret_limits[SEI_LIMITS_AT_MAX]);

/* ------------------------------------------------------------------ compliance */

/* A series against one limit over one period. A period in which the limit changes is cut at the
 * change, so that every result has one limit (is_part says so). */
typedef struct {
    const sei_quantity *quantity;
    sei_fraction        fraction;
    sei_limit           limit;
    sei_period          period; /* YEAR or FISCAL_YEAR */
    int                 year;   /* in which the period begins */
    bool                is_part;
    int64_t             start_us, end_us;
    sei_loq_rule        loq_rule;
    int64_t             offset_us;
    size_t              n;           /* values judged: samples, or daily means */
    size_t              n_below_loq; /* of these */
    size_t              n_undecided; /* below a LOQ that lies above the limit: not judged */
    size_t              n_suspect;
    size_t              n_missing; /* MISSING or BAD rows */
    size_t              n_exceed;
    double              rate;     /* (n - n_exceed) / n; only when n > 0 */
    bool                has_mean; /* mean, worst, margin and ratio mean something */
    double              mean;     /* of all values by loq_rule, those undecided included, SI */
    bool                mean_ok;  /* the mean keeps the limit */
    double              worst;    /* value nearest to or farthest beyond the limit, by loq_rule */
    int64_t             worst_us;
    double              margin; /* limit - mean, SI; two-sided: the smaller side */
    double              ratio;  /* mean / limit (upper side); 0 without an upper side */
} sei_compliance;

typedef struct {
    sei_period   period; /* YEAR or FISCAL_YEAR */
    sei_loq_rule loq_rule;
    bool         without_suspect;
    int64_t      offset_us;
} sei_compliance_options;
#define SEI_COMPLIANCE_DEFAULTS                                        \
    {                                                                  \
        SEI_PERIOD_FISCAL_YEAR, SEI_LOQ_HALF, false, SEI_JST_OFFSET_US \
    }

/* Results in time order, none for stretches without a limit or without rows; free with
 * sei_release. Strings of the limits live as long as limits and site. options may be NULL. */
SEI_API SEI_CHECKED sei_status sei_compliance_judge(sei_ctx *ctx, const sei_series *series,
                                                    const sei_limits             *limits,
                                                    const sei_limits_site        *site,
                                                    const sei_compliance_options *options,
                                                    sei_compliance **ret_results, size_t *ret_n);
/* Header row (once) and one row a result. */
SEI_API void sei_compliance_put_header(sei_table_writer *writer);
SEI_API void sei_compliance_put(sei_table_writer *writer, size_t n, const sei_compliance results[]);

#ifdef __cplusplus
}
#endif
#endif
