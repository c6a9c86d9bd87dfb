/* selected.h - tables of selected output, and how they are written */
#ifndef SEI_PHREEQC_SELECTED_H
#define SEI_PHREEQC_SELECTED_H

#include "base/buf.h"
#include "phreeqc/input.h"

/* How PHREEQC prints a column in its file. */
typedef enum {
    SEI_PQ_COLUMN_INTEGER,    /* %12d, %20d */
    SEI_PQ_COLUMN_GENERAL,    /* %12g; %20.12e with high precision */
    SEI_PQ_COLUMN_PLACE,      /* %12g, %20g: distance and time */
    SEI_PQ_COLUMN_SCIENTIFIC, /* %12.4e; %20.12e */
    SEI_PQ_COLUMN_FIXED_3,    /* %12.3f; %20.12e: temperature */
    SEI_PQ_COLUMN_FIXED_4,    /* %12.4f; %20.12e: saturation index */
    SEI_PQ_COLUMN_TEXT        /* %12s, %20s */
} sei_pq_column_kind;

typedef struct {
    const char        *heading;   /* in PHREEQC's file: "Ca" */
    const char        *long_name; /* with its unit: "Ca(mol/kgw)" */
    sei_pq_column_kind kind;
    bool               has_no_heading; /* in PHREEQC's file: punched beyond the headings */
} sei_pq_column;

/* A number, or a text (punched by BASIC). is_missing: -99 as an integer in PHREEQC's file. */
typedef struct {
    double      number;
    const char *text; /* NULL for a number */
    bool        is_missing,
        is_left_out; /* left out: a program punched fewer items than there are headings */
} sei_pq_cell;

/* One definition of SELECTED_OUTPUT with its rows. Texts belong to the arena. */
typedef struct {
    sei_ctx       *ctx;
    sei_arena      arena;
    int            number;
    const char    *file;
    bool           high_precision, no_new_line;
    bool           is_graph;   /* curves of USER_GRAPH, for a file of their own */
    bool           is_inverse; /* models of INVERSE_MODELING, whose columns are 15 wide */
    bool           is_unasked; /* no SELECTED_OUTPUT asks for it: it has no file */
    size_t         n_columns, cap_columns, n_rows, cap_rows;
    sei_pq_column *columns;
    sei_pq_cell   *cells; /* [n_rows * n_columns] */
} sei_pq_table;

SEI_CHECKED sei_status sei_pq_table_create(sei_ctx *ctx, sei_pq_table **ret_table);
void                   sei_pq_table_free(sei_pq_table *table);
/* Before the first row. Names are copied; long_name NULL = heading. */
SEI_CHECKED sei_status sei_pq_table_add_column(sei_pq_table *table, const char *heading,
                                               const char *long_name, sei_pq_column_kind kind);
/* n more columns without a heading in PHREEQC's file ("no_heading_3" for others, from first on); rows that are there leave
 * them out. */
SEI_CHECKED sei_status sei_pq_table_widen(sei_pq_table *table, size_t n, size_t first);
/* A row of n_columns cells to fill, zeroed; valid until the next call. */
SEI_CHECKED sei_status sei_pq_table_add_row(sei_pq_table *table, sei_pq_cell **ret_cells);

/* As PHREEQC's selected-output file; as CSV with the long names; as JSON {"columns": [...], "rows": [[...]]}. */
void sei_pq_table_put_phreeqc(const sei_pq_table *table, sei_buf *out);
void sei_pq_table_put_csv(const sei_pq_table *table, sei_buf *out);
void sei_pq_table_put_json(const sei_pq_table *table, sei_buf *out);

#endif
