/* date.h - dates as sheets write them, Japanese eras included */
#ifndef SEI_WATER_DATE_H
#define SEI_WATER_DATE_H

#include <stdbool.h>
#include <stdint.h>

#define SEI_DATE_HELP \
    "not a date; write 2024-03-01, 2024-03-01 09:30, 2024/3/1, 2024年3月1日 or 令和6年3月1日"

/* date, and a time of day ("" = none) that stands in a cell of its own: "9:30", "9時30分". */
bool sei_date_parse(const char *date, const char *clock, int64_t offset_us, int64_t *ret_time_us);

#endif
