/* chem_csv.h - plain comma-separated numbers of the reference folders, for tests only */
#ifndef SEI_TESTS_CHEM_CSV_H
#define SEI_TESTS_CHEM_CSV_H

#include "t.h"

enum { CSV_COLUMNS_MAX = 128, CSV_ROWS_MAX = 256, CSV_WORD_MAX = 48, CSV_TEXT_MAX = 240 };

typedef struct {
    size_t n_columns, n_rows;
    char   header[CSV_COLUMNS_MAX][CSV_WORD_MAX];
    char   first[CSV_ROWS_MAX][CSV_WORD_MAX];    /* text of column 0 */
    char   last[CSV_ROWS_MAX][CSV_TEXT_MAX];     /* text of the last column */
    double value[CSV_ROWS_MAX][CSV_COLUMNS_MAX]; /* NAN for an empty cell or text */
} csv;

/* Commas inside parentheses do not occur in these files, but for nothing else is asked. */
static inline size_t csv_split(char *line, char *cell[CSV_COLUMNS_MAX])
{
    size_t n = 0;

    line[strcspn(line, "\r\n")] = '\0';
    for (char *at = line; at && n < CSV_COLUMNS_MAX;) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma++ = '\0';
        cell[n++] = at;
        at        = comma;
    }
    return n;
}

static inline csv *csv_read(const char *path)
{
    char  line[8192], *cell[CSV_COLUMNS_MAX];
    FILE *file = fopen(path, "r");
    csv  *t    = calloc(1, sizeof *t);

    if (!file || !t)
        abort();
    if (!fgets(line, sizeof line, file))
        abort();
    t->n_columns = csv_split(line, cell);
    for (size_t c = 0; c < t->n_columns; c++)
        snprintf(t->header[c], CSV_WORD_MAX, "%s", cell[c]);
    while (fgets(line, sizeof line, file) && t->n_rows < CSV_ROWS_MAX) {
        const size_t n = csv_split(line, cell);
        if (n < t->n_columns)
            continue;
        snprintf(t->first[t->n_rows], CSV_WORD_MAX, "%s", cell[0]);
        snprintf(t->last[t->n_rows], CSV_TEXT_MAX, "%s", cell[n - 1]);
        for (size_t c = 0; c < n; c++) {
            char *end;
            t->value[t->n_rows][c] = strtod(cell[c], &end);
            if (end == cell[c] || *end)
                t->value[t->n_rows][c] = nan("");
        }
        t->n_rows++;
    }
    fclose(file);
    return t;
}

#endif
