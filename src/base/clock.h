/* clock.h - time as UTC microseconds, and dates in text */
#ifndef SEI_BASE_CLOCK_H
#define SEI_BASE_CLOCK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Microseconds since 1970-01-01 00:00 UTC, without leap seconds. */
typedef int64_t sei_time;

#define SEI_US_PER_S    INT64_C(1000000)
#define SEI_US_PER_HOUR (INT64_C(3600) * SEI_US_PER_S)
#define SEI_US_PER_DAY  (INT64_C(86400) * SEI_US_PER_S)
#define SEI_JST_OFFSET  (INT64_C(9) * 3600 * SEI_US_PER_S) /* Japan has no summer time */

typedef struct {
    int year, month, day; /* month and day count from 1 */
    int hour, minute, second, microsecond;
} sei_civil;

/* Proleptic Gregorian calendar; offset_us is local time minus UTC. */
sei_time  sei_time_from_civil(const sei_civil *civil, int64_t offset_us);
sei_civil sei_time_to_civil(sei_time time, int64_t offset_us);
int       sei_days_in_month(int year, int month);

/* "2024-03-01", "2024/3/1", "2024-03-01 12:30", "2024-03-01T12:30:15.5Z", "…+09:00" and
 * "2024年3月1日"; without a zone the time is taken at offset_us. False when it is no valid date. */
bool sei_parse_time(const char *text, size_t len, int64_t offset_us, sei_time *ret_time);

enum { SEI_TIME_MAX = 64 };
/* "2024-03-01T12:30:15+09:00" (microseconds only when there are some); offset 0 is written "Z". */
void sei_format_time(char out[SEI_TIME_MAX], sei_time time, int64_t offset_us);
void sei_format_date(char out[SEI_TIME_MAX], sei_time time, int64_t offset_us); /* 2024-03-01 */

#endif
