/* plant_table.h - small CSV files of reference numbers, read whole */
#ifndef SEI_TESTS_PLANT_TABLE_H
#define SEI_TESTS_PLANT_TABLE_H

#include "t.h"

enum { TABLE_COLUMNS = 24, TABLE_ROWS = 512, TABLE_TEXT = 300 };

typedef struct {
    size_t n_cells;
    char   cell[TABLE_COLUMNS][TABLE_TEXT];
} table_line;

typedef struct {
    size_t     n;
    table_line lines[TABLE_ROWS];
} table;

/* No quotes, no commas within a cell. */
static inline table *table_read(const char *path)
{
    char   text[1000];
    table *t    = calloc(1, sizeof *t);
    FILE  *file = fopen(path, "r");

    ck_assert_msg(file && t, "%s cannot be read", path);
    while (fgets(text, sizeof text, file) && t->n < TABLE_ROWS) {
        table_line *l             = &t->lines[t->n++];
        text[strcspn(text, "\n")] = '\0';
        for (char *at = text; at;) {
            char *comma = strchr(at, ',');
            if (comma)
                *comma++ = '\0';
            ck_assert_msg(l->n_cells < TABLE_COLUMNS && strlen(at) < TABLE_TEXT,
                          "%s: line %zu is too long", path, t->n);
            strcpy(l->cell[l->n_cells++], at);
            at = comma;
        }
    }
    fclose(file);
    return t;
}

#endif
