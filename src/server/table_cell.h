/* table_cell.h - a text in a CSV file that no spreadsheet takes for a formula */
#ifndef SEI_SERVER_TABLE_CELL_H
#define SEI_SERVER_TABLE_CELL_H

#include "seiryu/water.h"

/* What begins as a formula does gets an apostrophe in front. */
SEI_CHECKED sei_status sei_put_safe_text(sei_ctx *ctx, sei_table_writer *writer, const char *text);

#endif
