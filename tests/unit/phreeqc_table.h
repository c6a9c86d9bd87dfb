/* phreeqc_table.h - cells of a line with tabs, numbers of selected output */
#ifndef SEI_TESTS_PHREEQC_TABLE_H
#define SEI_TESTS_PHREEQC_TABLE_H

#include "base/text.h"
#include "phreeqc/selected.h"
#include "t.h"

/* The cell that the line begins with; the line goes on behind its tab. */
static inline sei_slice next_cell(sei_slice *line)
{
    const char *tab  = memchr(line->at, '\t', line->len);
    sei_slice   cell = {line->at, tab ? (size_t)(tab - line->at) : line->len};

    line->at += tab ? cell.len + 1 : cell.len;
    line->len -= tab ? cell.len + 1 : cell.len;
    return cell;
}

/* By the heading with its unit, "Ca(mol/kgw)". */
static inline double value(const sei_pq_table *t, size_t row, const char *name)
{
    for (size_t c = 0; c < t->n_columns; c++)
        if (strcmp(t->columns[c].long_name, name) == 0)
            return t->cells[row * t->n_columns + c].number;
    ck_abort_msg("there is no column \"%s\"", name);
    return 0.0;
}

#endif
