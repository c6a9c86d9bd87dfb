/* json.h - labels and tables as JSON values; NULL when memory is short */
#ifndef SEI_REPORT_JSON_H
#define SEI_REPORT_JSON_H

#include <jansson.h>

#include "report/rtable.h"

/* {"ja": ..., "en": ...}, or the text alone when both say the same. */
json_t *sei_json_label(sei_label label);
json_t *sei_json_table(const sei_rtable *table);
/* Ends root. Numbers with 15 significant digits, keys in the order they were set. */
SEI_CHECKED sei_status sei_json_give(sei_ctx *ctx, json_t *root, char **ret_text, size_t *ret_len);

#endif
