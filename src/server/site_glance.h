/* site_glance.h - what is told of a site in a list of sites */
#ifndef SEI_SERVER_SITE_GLANCE_H
#define SEI_SERVER_SITE_GLANCE_H

#include <jansson.h>

#include "server/request.h"

/* Sets last_record_us (null: none) and n_late: stations with channels whose newest record is older than three of their
 * intervals, at least 15 minutes; than a day where no interval is stated. */
SEI_CHECKED sei_status sei_site_times(sei_request *req, int64_t site_id, json_t *site);

/* These, and values: the newest of up to four channels, of water and with limits first. */
SEI_CHECKED sei_status sei_site_glance(sei_request *req, int64_t site_id, json_t *site);

#endif
