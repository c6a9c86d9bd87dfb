/* json_scan.h - small helpers around jansson that the JSON decoders share */
#ifndef SEI_MSG_JSON_SCAN_H
#define SEI_MSG_JSON_SCAN_H

#include <jansson.h>

#include "msg/msg.h"

/* One JSON value of at most SEI_MSG_BYTES_MAX bytes; E_PARSE with line and column. */
SEI_CHECKED sei_status sei_json_load(sei_ctx *ctx, const char *json, size_t len, json_t **ret_root);
/* Value at "a.b.c"; NULL when there is none. */
const json_t *sei_json_at(const json_t *root, const char *path);
const char   *sei_json_text_at(const json_t *root, const char *path); /* "" when there is none */
/* Base64 of the standard alphabet into at most size bytes; E_PARSE. */
SEI_CHECKED sei_status sei_json_bytes(sei_ctx *ctx, const char *base64, uint8_t *out, size_t size,
                                      size_t *ret_len);
/* Numbers and truth values of an object, one record without a number; inner objects as "a_b". */
SEI_CHECKED sei_status sei_json_flatten(const json_t *object, int64_t time_us, sei_msg *msg);

#endif
