/* result_flow.h - who feeds whom in a site's train, for figures and loads */
#ifndef SEI_STUDY_RESULT_FLOW_H
#define SEI_STUDY_RESULT_FLOW_H

#include "seiryu/result.h"

#define SEI_FLOW_RAW ((size_t)-1) /* the influent as a source */

typedef struct {
    size_t from; /* unit, or SEI_FLOW_RAW */
    double share;
} sei_flow_feed;

size_t        sei_flow_n_feeds(const sei_site *site, size_t unit);
sei_flow_feed sei_flow_feed_at(const sei_site *site, size_t unit, size_t k);
/* Share of the outflow of a source (a unit or SEI_FLOW_RAW) that no unit takes: it is discharged. */
double sei_flow_rest(const sei_site *site, size_t source);
/* Where the water of a source is watched; SIZE_MAX when it is not. */
size_t sei_flow_watch(const sei_result *result, size_t source);

/* Way of the water from the influent to a unit, up the largest feed at each step. Returns how many
 * units (the given one last); the room must hold all units of the site. */
size_t sei_flow_path(const sei_site *site, size_t unit, size_t path[]);

#endif
