/* channels.h - the channels that a query names */
#ifndef SEI_SERVER_CHANNELS_H
#define SEI_SERVER_CHANNELS_H

#include "server/request.h"

/* ?channels=3,4,9, each of a site that the actor may see and, when site_id > 0, of that one. Without the query:
 * all channels of the site (site_id > 0), else E_MISSING. */
SEI_CHECKED sei_status sei_channels_of_query(sei_request *req, int64_t site_id, size_t max,
                                             int64_t ids[], size_t *ret_n);

#endif
