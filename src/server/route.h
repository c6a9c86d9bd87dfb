/* route.h - which route a request takes, and whether it may */
#ifndef SEI_SERVER_ROUTE_H
#define SEI_SERVER_ROUTE_H

#include "server/request.h"

/* Does path fit the pattern, whose {word} stands for a whole number? */
bool sei_path_fits(const char *pattern, const char *path, int64_t *ret_id);
/* NULL: no such route. *ret_other_method tells that the path exists with another method. */
const sei_route *sei_route_find(const char *method, const char *path, int64_t *ret_id,
                                bool *ret_other_method);

/* Who asks, and may they? SEI_OK or a refusal with its code in req. */
SEI_CHECKED sei_status sei_route_admit(sei_request *req);

/* ---- limits of rate (rate.c): a bucket a key, refilled steadily */
typedef struct sei_rates sei_rates;
SEI_CHECKED sei_status   sei_rates_create(sei_ctx *ctx, double per_s, double burst,
                                          sei_rates **ret_rates);
void                     sei_rates_free(sei_rates *rates);
/* Takes one; false when the bucket is empty. Safe from several threads. */
bool sei_rates_take(sei_rates *rates, const char *key, int64_t now_us);

#endif
