/* fill.h - what figures, tables and documents share while they are filled */
#ifndef SEI_REPORT_FILL_H
#define SEI_REPORT_FILL_H

#include <stdbool.h>

#include "base/arena.h"
#include "seiryu/report.h"

enum { SEI_FILL_ERROR = 300, SEI_NAME_MAX = 64, SEI_LABEL_MAX = 1 << 16 };

/* Memory and the first failure of an object under construction. */
typedef struct {
    sei_ctx   *ctx;
    sei_arena  arena;
    sei_status status;
    char       error[SEI_FILL_ERROR];
} sei_fill;

void sei_fill_init(sei_fill *fill, sei_ctx *ctx);
void sei_fill_done(sei_fill *fill);
/* Keeps the first failure; later ones are dropped. */
void sei_fill_fail(sei_fill *fill, sei_status status, const char *fmt, ...) SEI_PRINTF(3, 4);
/* The kept failure, recorded in ctx; SEI_OK when there is none. */
SEI_CHECKED sei_status sei_fill_status(const sei_fill *fill, sei_ctx *ctx);

/* Copy in which bytes that are no UTF-8 and characters that steer a terminal or the writing
 * direction are replaced by U+FFFD, tabs and line ends by a blank. "" on failure, for NULL too. */
const char *sei_fill_text(sei_fill *fill, const char *text);
/* Both languages set: the missing one is the other one. */
sei_label sei_fill_label(sei_fill *fill, sei_label label);
void     *sei_fill_copy(sei_fill *fill, const void *array, size_t n, size_t size);
/* Checks 1..64 of a-z 0-9 _ - and copies. */
void sei_fill_name(sei_fill *fill, const char *name, char ret_name[SEI_NAME_MAX + 1]);

/* A growing list of n items with room for one more, moved perhaps; NULL after a failure, and then
 * the old list stays. what: for the message. */
void *sei_fill_room(sei_fill *fill, void *list, size_t *capacity, size_t n, size_t size, size_t max,
                    const char *what);

#endif
