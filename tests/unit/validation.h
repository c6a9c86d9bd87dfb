/*
 * validation.h - numbers that the pages of docs/validation quote, computed afresh
 *
 * A table of a page quotes a number in the cell behind its measure, four words in backticks:
 *
 *     | RUN PLACE QUANTITY STATISTIC in backticks | number |
 *
 * or names PLACE QUANTITY STATISTIC in the head of the number's column and RUN in the row, in the
 * column whose head is "run".
 *
 * RUN        folder of examples/, or a file of docs/validation/cases/ without .yaml; [key=value,...]
 *            after it changes numbers of the file, "jogmec-pilot[temp_c=10]"; "@GROUP" at the end sets
 *            what the group of docs/validation/data/ was calibrated to
 * PLACE      raw, a unit of the train, discharge
 * QUANTITY   zn, zn_dissolved, ph, temp ... in the unit that results use; "solid:NAME", kg in the
 *            unit's bed; "acid", mol H+ that the unit makes for each mol of Fe it keeps; "dose", mg of
 *            product a litre; "sludge_kg_d" and "sludge_pct", dry solids wasted and their share; "clogged_d",
 *            days from the start until water overflows, deposits growing as in the run
 * STATISTIC  mean, min, max, winter (mean of Dec-Feb), summer (Jun-Aug), end, each without the first
 *            30 days; "max:3" in the third year; removed (mean of inlet minus outlet, mol per m3 of
 *            empty bed and day); kg_y (the same as kg a year of the whole unit); areal (the same as g
 *            per m2 of the unit and day); percent (of the inlet's concentration);
 *            rise (outlet minus inlet)
 */
#ifndef SEI_TESTS_VALIDATION_H
#define SEI_TESTS_VALIDATION_H

#include "seiryu/result.h"

#include "study/knob.h"

enum { V_WORD_MAX = 120, V_RUNS_MAX = 320 };

typedef struct {
    char run[V_WORD_MAX], place[V_WORD_MAX], quantity[V_WORD_MAX], statistic[V_WORD_MAX];
} v_measure;

typedef struct {
    char        name[V_WORD_MAX]; /* with its changes */
    sei_ctx    *ctx;
    sei_site   *site;
    sei_result *result;
} v_run;

/* Runs of one test, each computed once. */
typedef struct v_data v_data;
typedef struct {
    size_t  n;
    v_data *data; /* read when the first run asks for it */
    v_run   runs[V_RUNS_MAX];
} v_book;

/* Called for every number that a table quotes; the number's text begins at `number`. */
typedef void (*v_quote_fn)(void *user, const v_measure *measure, const char *number);

enum { V_COLUMNS_MAX = 16 };

/* What the rows of a table so far said. All zero outside a table. */
typedef struct {
    bool      has_run;
    size_t    run_column;
    bool      is_measured[V_COLUMNS_MAX];
    v_measure head[V_COLUMNS_MAX];
} v_table;

/* Reads one line of a page; a line that is no row of a table ends the table. */
void v_read_line(v_table *table, const char *line, v_quote_fn on_quote, void *user);

/* True when the run is a folder of examples/. */
bool v_is_example(const v_measure *measure);
/* Fails the test when the run, the place or the quantity is not known. */
const v_run *v_get(v_book *book, const char *run);
double       v_value(v_book *book, const v_measure *measure);
/* The same measure of a run that is not in a book. */
double v_value_of(const v_run *run, const v_measure *measure);
/* Reads the site file with its changes, lets set() turn its numbers (NULL: none), and runs it. False when the model has no
 * answer. Free with v_run_done. */
typedef void (*v_set_fn)(void *user, const sei_knobs *knobs, double *const places[]);
bool v_compute(v_run *run, const char *name_and_edits, v_set_fn set, void *user);
/* Reads the site file with its changes and runs nothing. */
void v_open(v_run *run, const char *name_and_edits);
void v_run_done(v_run *run);
/* Shows the numbers of a site file without running it. */
void          v_look(const char *name_and_edits, v_set_fn look, void *user);
const v_data *v_book_data(v_book *book);
/* How far a page's number may be from the computed one. */
double v_tolerance(const v_measure *measure, double value);
void   v_done(v_book *book);

#endif
