/*
 * report.h - figures, tables and documents without a format, and the files made of them
 *
 * Fill from top to bottom, then write.  Filling never fails by itself: the first failure (memory,
 * a value that cannot be drawn) is kept in the object, later calls do nothing and the writer
 * returns it.  Every filling function takes NULL for its object and then does nothing, so that
 * only the writing needs a check.  All text and all arrays are copied.  Text is UTF-8; bytes that
 * are not, and control characters, are replaced.  The same input gives the same bytes.
 */
#ifndef SEIRYU_REPORT_H
#define SEIRYU_REPORT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"
#include "seiryu/water.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The same words in Japanese and English. One of them may be NULL: the other stands for both. */
typedef struct {
    const char *ja, *en;
} sei_label;

/* BOTH: Japanese first, English beside or below it. */
typedef enum { SEI_LANG_BOTH, SEI_LANG_JA, SEI_LANG_EN } sei_lang;

/* Where a function takes decimals: so many significant digits instead, 1..15. */
#define SEI_SIGNIFICANT(digits) (-(digits))

/* ---- figures --------------------------------------------------------------------------------- */

typedef struct sei_figure sei_figure;

typedef enum {
    SEI_FIGURE_TIME,   /* x: seconds since 1970-01-01 UTC (time_us / 1e6); stacked panels */
    SEI_FIGURE_XY,     /* x: a number (distance, retention time, year); panels as above */
    SEI_FIGURE_BARS,   /* x: named categories; stacked bars */
    SEI_FIGURE_TRAIN,  /* boxes and arrows */
    SEI_FIGURE_HEAT,   /* x: as SEI_FIGURE_TIME; y: a number; colour: a number */
    SEI_FIGURE_TORNADO /* x: a signed number; bars to both sides of zero, the largest on top */
} sei_figure_kind;

enum { SEI_PANELS_MAX = 4, SEI_POINTS_MAX = 1000000, SEI_SERIES_MAX = 40, SEI_BOXES_MAX = 60 };

typedef enum { SEI_SCALE_LINEAR, SEI_SCALE_LOG } sei_scale;

/* lower and upper are shown at least when lower < upper; else the data alone decide. A linear
 * axis starts at 0 when the data are near it, unless without_zero is set (pH, temperature). */
typedef struct {
    sei_label   title;
    const char *unit; /* "mg/L"; NULL or "" for none */
    sei_scale   scale;
    double      lower, upper;
    bool        without_zero;
    bool        reversed; /* grows downwards (y) or leftwards (x) */
} sei_axis;

/* Colours by place in a palette that colour-blind readers can tell apart. AUTO takes the next. */
typedef enum {
    SEI_COLOUR_AUTO,
    SEI_COLOUR_BLUE,
    SEI_COLOUR_VERMILION,
    SEI_COLOUR_GREEN,
    SEI_COLOUR_PURPLE,
    SEI_COLOUR_SKY,
    SEI_COLOUR_ORANGE,
    SEI_COLOUR_GREY,
    SEI_COLOUR_BROWN
} sei_colour;

typedef enum {
    SEI_LOOK_LINE,
    SEI_LOOK_DASHED,
    SEI_LOOK_STEPS,  /* each y holds until the next x */
    SEI_LOOK_POINTS, /* measured samples */
    SEI_LOOK_LINE_AND_POINTS,
    SEI_LOOK_OPEN_POINTS /* a second set of points beside the first: rings */
} sei_look;

typedef enum {
    SEI_POINT_GOOD,
    SEI_POINT_BELOW,   /* below the limit of quantification, which is y: hollow triangle down */
    SEI_POINT_SUSPECT, /* drawn hollow */
    SEI_POINT_MISSING  /* y is not read; lines have a gap here */
} sei_point_flag;

typedef struct {
    sei_label             label;
    sei_look              look;
    sei_colour            colour;
    size_t                n;
    const double         *x, *y; /* [n]; x must not fall */
    const sei_point_flag *flag;  /* [n], or NULL when all are good */
} sei_line;

/* Median with its band: P10..P90 as a rule, which label should say. */
typedef struct {
    sei_label     label;
    sei_colour    colour;
    size_t        n;
    const double *x, *low, *mid, *high; /* [n]; mid may be NULL */
} sei_band;

/* A limit from one x to another; -HUGE_VAL and HUGE_VAL (math.h) reach the ends of the axis. */
typedef struct {
    double from, to, value;
} sei_limit_step;

typedef enum {
    SEI_SPAN_SEASON, /* winter: cool shade */
    SEI_SPAN_EVENT,  /* outage, bran added: warm shade */
    SEI_SPAN_UNIT    /* a treatment unit along a profile: alternating shade and boundary */
} sei_span_kind;

/* name: the stem of its files, 1..64 of a-z 0-9 _ -. */
SEI_API sei_figure *sei_figure_create(sei_ctx *ctx, sei_figure_kind kind, const char *name,
                                      sei_label title);
SEI_API void        sei_figure_free(sei_figure *figure);
SEI_API const char *sei_figure_name(const sei_figure *figure);
/* What a reader who cannot see the figure should know; the title when not set. */
SEI_API void sei_figure_set_alt(sei_figure *figure, sei_label alt);
/* Local time minus UTC of a time axis; 9 h (Japan) when not set. */
SEI_API void sei_figure_set_utc_offset(sei_figure *figure, double seconds);
SEI_API void sei_figure_set_x(sei_figure *figure, const sei_axis *axis);
/* Adds a panel below the others and returns its number, 0 for the first. */
SEI_API size_t sei_figure_add_panel(sei_figure *figure, const sei_axis *y_axis);
SEI_API void   sei_figure_add_line(sei_figure *figure, size_t panel, const sei_line *line);
/* Values of a series in the unit of its column. Below a known LOQ: at the LOQ; below an unknown one,
 * bad and missing values: none. */
SEI_API void sei_figure_add_series(sei_figure *figure, size_t panel, sei_label label, sei_look look,
                                   sei_colour colour, const sei_series *series);
SEI_API void sei_figure_add_band(sei_figure *figure, size_t panel, const sei_band *band);
/* The figure writes value and unit behind the label. */
SEI_API void sei_figure_add_limit(sei_figure *figure, size_t panel, sei_label label, double value);
SEI_API void sei_figure_add_limit_steps(sei_figure *figure, size_t panel, sei_label label, size_t n,
                                        const sei_limit_step step[]);
/* Shaded span and vertical mark across all panels, named above the first one. */
SEI_API void sei_figure_add_span(sei_figure *figure, sei_span_kind kind, sei_label label,
                                 double from, double to);
SEI_API void sei_figure_add_event(sei_figure *figure, sei_label label, double x);

/* SEI_FIGURE_BARS: the categories first, then one value >= 0 a category for each part. */
SEI_API void sei_figure_add_category(sei_figure *figure, sei_label label);
SEI_API void sei_figure_add_bar(sei_figure *figure, size_t panel, sei_label label,
                                sei_colour colour, size_t n, const double value[]);

/* SEI_FIGURE_TORNADO, which has no panels: its axis is that of sei_figure_set_x, linear. Bars sort
 * themselves by falling size. label names the bar, note stands small below it and may be empty. */
SEI_API void sei_figure_add_signed_bar(sei_figure *figure, sei_label label, sei_label note,
                                       double value);

/* SEI_FIGURE_TRAIN. Boxes and arrows are numbered from 0 in the order of adding; notes are short
 * lines such as "HRT 30 h" or "Zn 18 mg/L". Water flows along the
 * arrows; an arrow that closes a loop is drawn as a return. */
typedef enum { SEI_BOX_SOURCE, SEI_BOX_UNIT, SEI_BOX_JUNCTION, SEI_BOX_SINK } sei_box_kind;
SEI_API size_t sei_figure_add_box(sei_figure *figure, sei_box_kind kind, sei_label label);
SEI_API void   sei_figure_add_box_note(sei_figure *figure, size_t box, sei_label note);
SEI_API size_t sei_figure_add_arrow(sei_figure *figure, size_t from, size_t to);
SEI_API void   sei_figure_add_arrow_note(sei_figure *figure, size_t arrow, sei_label note);
/* Draws the arrow as a band as wide as its load (>= 0) is of the figure's largest. */
SEI_API void sei_figure_set_arrow_load(sei_figure *figure, size_t arrow, double load);

/* SEI_FIGURE_HEAT: value[iy * n_x + ix] in the cell x_edge[ix..ix+1], y_edge[iy..iy+1];
 * missing[same index] true leaves the cell empty, missing may be NULL. */
SEI_API void sei_figure_set_heat(sei_figure *figure, const sei_axis *value_axis, size_t n_x,
                                 const double x_edge[], size_t n_y, const double y_edge[],
                                 const double value[], const bool missing[]);

/* One drawing path for all. The text is terminated and belongs to ctx: free with sei_release.
 * CSV is what the figure shows: series,x,y,flag,panel,unit,kind. */
SEI_API SEI_CHECKED sei_status sei_figure_svg(sei_ctx *ctx, const sei_figure *figure, sei_lang lang,
                                              char **ret_text, size_t *ret_len);
SEI_API SEI_CHECKED sei_status sei_figure_png(sei_ctx *ctx, const sei_figure *figure, sei_lang lang,
                                              char **ret_bytes, size_t *ret_len);
SEI_API SEI_CHECKED sei_status sei_figure_csv(sei_ctx *ctx, const sei_figure *figure, sei_lang lang,
                                              char **ret_text, size_t *ret_len);
/* NAME.svg, NAME.png and NAME.csv in folder, which is made when it is not there. */
SEI_API SEI_CHECKED sei_status sei_figure_save(sei_ctx *ctx, const sei_figure *figure,
                                               sei_lang lang, const char *folder);

/* The same for several, which share threads (sei_ctx_threads) and fonts. Of several failures the first
 * figure's is told. */
SEI_API SEI_CHECKED sei_status sei_figures_save(sei_ctx *ctx, size_t n,
                                                const sei_figure *const figures[], sei_lang lang,
                                                const char *folder);

/* ---- tables ---------------------------------------------------------------------------------- */

typedef struct sei_rtable sei_rtable;

typedef enum {
    SEI_VERDICT_NONE, /* 判定なし: no limit, or not enough data */
    SEI_VERDICT_PASS, /* 適合 */
    SEI_VERDICT_FAIL  /* 不適合 */
} sei_verdict;

typedef enum {
    SEI_RTABLE_TERMINAL,
    SEI_RTABLE_CSV,
    SEI_RTABLE_JSON,
    SEI_RTABLE_HTML
} sei_rtable_form;

enum { SEI_COLUMNS_MAX = 60, SEI_ROWS_MAX = 100000 };

/* name: as for figures. */
SEI_API sei_rtable *sei_rtable_create(sei_ctx *ctx, const char *name, sei_label title);
SEI_API void        sei_rtable_free(sei_rtable *table);
SEI_API const char *sei_rtable_name(const sei_rtable *table);
/* Columns first, from left to right. key names the column in CSV and JSON ("fe_mg_l"). */
SEI_API void sei_rtable_add_column(sei_rtable *table, const char *key, sei_label label,
                                   const char *unit);
/* Begins a row; then one call a cell from left to right. Cells not filled stay empty. */
SEI_API void sei_rtable_add_row(sei_rtable *table);
SEI_API void sei_rtable_add_empty(sei_rtable *table);
SEI_API void sei_rtable_add_text(sei_rtable *table, sei_label text);
/* CSV and JSON get the full value, people see it rounded: decimals 0..15 or SEI_SIGNIFICANT(3). */
SEI_API void sei_rtable_add_number(sei_rtable *table, double value, int decimals);
/* "<0.005": below a limit of quantification. */
SEI_API void sei_rtable_add_below(sei_rtable *table, double limit, int decimals);
SEI_API void sei_rtable_add_verdict(sei_rtable *table, sei_verdict verdict);
/* A line below the table. */
SEI_API void sei_rtable_add_note(sei_rtable *table, sei_label note);

SEI_API const char *sei_verdict_text(sei_verdict verdict, sei_lang lang); /* JA or EN: one word */

/* colour counts for the terminal only. Free *ret_text with sei_release. */
SEI_API SEI_CHECKED sei_status sei_rtable_write(sei_ctx *ctx, const sei_rtable *table,
                                                sei_rtable_form form, sei_lang lang, bool colour,
                                                char **ret_text, size_t *ret_len);
/* Is fd a terminal, NO_COLOR unset or empty and TERM not "dumb"? */
SEI_API bool sei_terminal_has_colour(int fd);

/* ---- documents ------------------------------------------------------------------------------- */

typedef struct sei_doc sei_doc;

SEI_API sei_doc *sei_doc_create(sei_ctx *ctx, sei_label title);
SEI_API void     sei_doc_free(sei_doc *doc); /* with all its tables and figures */
SEI_API void     sei_doc_set_subtitle(sei_doc *doc, sei_label subtitle);
/* A line of the head: site, period, program version, hash of the input. */
SEI_API void sei_doc_add_property(sei_doc *doc, sei_label name, sei_label value);
/* level 1..3; what follows belongs to it. */
SEI_API void sei_doc_add_section(sei_doc *doc, int level, sei_label heading);
SEI_API void sei_doc_add_paragraph(sei_doc *doc, sei_label text);
SEI_API void sei_doc_add_item(sei_doc *doc, sei_label text); /* of a list with bullets */
/* Assumptions that follow one another become one table: what, value, why, source. */
SEI_API void sei_doc_add_assumption(sei_doc *doc, sei_label what, const char *value,
                                    sei_label reason, const char *source);
SEI_API void sei_doc_add_warning(sei_doc *doc, sei_label text);
/* The document owns table or figure from here, whatever the outcome. */
SEI_API void sei_doc_add_table(sei_doc *doc, sei_rtable *table);
SEI_API void sei_doc_add_figure(sei_doc *doc, sei_figure *figure, sei_label caption);

/* A format of documents; rows of src/report/writer_list.h. */
typedef struct {
    const char *key;        /* "html"; also the file name's ending */
    const char *media_type; /* "text/html" */
    sei_label   title;
    sei_status (*write)(sei_ctx *ctx, const sei_doc *doc, sei_lang lang, char **ret_text,
                        size_t *ret_len);
} sei_writer;

SEI_API size_t            sei_writer_count(void);
SEI_API const sei_writer *sei_writer_at(size_t i);          /* NULL past the end */
SEI_API const sei_writer *sei_writer_find(const char *key); /* NULL when not known */
/* The document in a format; free *ret_text with sei_release. E_NOT_FOUND names the known ones. */
SEI_API SEI_CHECKED sei_status sei_doc_write(sei_ctx *ctx, const sei_doc *doc, const char *key,
                                             sei_lang lang, char **ret_text, size_t *ret_len);
SEI_API SEI_CHECKED sei_status sei_doc_save(sei_ctx *ctx, const sei_doc *doc, const char *key,
                                            sei_lang lang, const char *path);

#ifdef __cplusplus
}
#endif
#endif
