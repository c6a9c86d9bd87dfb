/* rtable.h - what a report table holds between filling and writing */
#ifndef SEI_REPORT_RTABLE_H
#define SEI_REPORT_RTABLE_H

#include "base/buf.h"
#include "report/fill.h"
#include "report/ticks.h"

typedef enum {
    SEI_CELL_EMPTY,
    SEI_CELL_TEXT,
    SEI_CELL_NUMBER,
    SEI_CELL_BELOW,
    SEI_CELL_VERDICT
} sei_cell_kind;

typedef struct {
    sei_cell_kind kind;
    int           decimals; /* NUMBER, BELOW */
    sei_verdict   verdict;
    double        value;
    sei_label     text;
} sei_cell;

typedef struct {
    const char *key, *unit;
    sei_label   label;
} sei_rcolumn;

struct sei_rtable {
    sei_fill    fill;
    char        name[SEI_NAME_MAX + 1];
    sei_label   title;
    sei_rcolumn column[SEI_COLUMNS_MAX];
    size_t      n_columns;
    sei_cell   *cell; /* cell[row * n_columns + column] for all full rows */
    size_t      n_cells, cells_size;
    size_t      n_rows;
    sei_label  *note;
    size_t      n_notes, notes_size;
};

/* The cell; an empty one where the last row is not filled. */
sei_cell sei_rtable_cell(const sei_rtable *table, size_t row, size_t column);
/* Are the column's first filled cell and so its cells numbers? */
bool sei_rtable_is_number(const sei_rtable *table, size_t column);
bool sei_rtable_has_units(const sei_rtable *table);
/* "<0.005", "1,200": a number or limit as people read it; plain keeps to ASCII. */
void        sei_cell_number_text(const sei_cell *cell, bool plain, char out[SEI_TICK_TEXT + 2]);
const char *sei_verdict_key(sei_verdict verdict); /* "pass", "fail", "none" */

/* Failure while filling, or no column: recorded in ctx. */
SEI_CHECKED sei_status sei_rtable_check(sei_ctx *ctx, const sei_rtable *table);

/* <table> with caption, or without one when number is 0; number stands before the title. */
void sei_rtable_put_html(sei_buf *out, const sei_rtable *table, sei_lang lang, size_t number);
void sei_rtable_put_terminal(sei_buf *out, const sei_rtable *table, sei_lang lang, bool colour);
SEI_CHECKED sei_status sei_rtable_csv(sei_ctx *ctx, const sei_rtable *table, sei_lang lang,
                                      char **ret_text, size_t *ret_len);
SEI_CHECKED sei_status sei_rtable_json(sei_ctx *ctx, const sei_rtable *table, char **ret_text,
                                       size_t *ret_len);

#endif
