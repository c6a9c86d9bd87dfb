/* point.h - one measured value as it came, and many of them */
#ifndef SEI_STORE_POINT_H
#define SEI_STORE_POINT_H

#include "base/clock.h"
#include "seiryu/ctx.h"

/* What a value says. BELOW_LOQ: value is the limit of quantification; MISSING: value is 0 and means
 * nothing. The numbers are kept on disk. */
typedef enum {
    SEI_POINT_VALUE      = 0,
    SEI_POINT_BELOW_LOQ  = 1,
    SEI_POINT_MISSING    = 2,
    SEI_POINT_OVER_RANGE = 3
} sei_point_kind;

/* "value", "below_loq", "missing", "over_range" */
const char *sei_point_kind_word(int64_t kind);

/* epoch and seq number the record it came in; 0 and 0 when its sender does not number. A point of a
 * channel is known by time_us, epoch and seq. */
typedef struct {
    int64_t time_us, epoch, seq;
    double  value;
    int64_t kind; /* sei_point_kind */
} sei_point;

typedef struct {
    sei_ctx   *ctx;
    sei_point *at;
    size_t     n, size;
} sei_points;

void                   sei_points_init(sei_points *points, sei_ctx *ctx);
void                   sei_points_done(sei_points *points);
SEI_CHECKED sei_status sei_points_reserve(sei_points *points, size_t more);
SEI_CHECKED sei_status sei_points_add(sei_points *points, const sei_point *point);
/* By time, epoch, seq; those already in order cost one pass. */
void sei_points_sort(sei_points *points);

#endif
