/* param_table.h - parameter rows as a table, for the commands that list a catalogue */
#ifndef SEI_CLI_PARAM_TABLE_H
#define SEI_CLI_PARAM_TABLE_H

#include "seiryu/param.h"
#include "seiryu/report.h"

/* Columns first; then the rows of as many parameter lists as there are. owner: "bed", "bed layer". */
void sei_param_table_columns(sei_rtable *table, sei_label owner);
void sei_param_table_rows(sei_rtable *table, const char *owner, size_t n, const sei_param params[],
                          bool of_unit);              /* of a unit or a layer, not of a rate law */
const char *sei_evidence_word(sei_evidence evidence); /* "published", "inferred", "assumed" */

#endif
