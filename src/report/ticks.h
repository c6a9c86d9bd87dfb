/* ticks.h - where an axis is marked, and with what text */
#ifndef SEI_REPORT_TICKS_H
#define SEI_REPORT_TICKS_H

#include "seiryu/report.h"

enum { SEI_TICKS_MAX = 100, SEI_TICK_TEXT = 40 };

typedef struct {
    double at;
    bool   is_minor;              /* a thinner grid line without text */
    char   text[SEI_TICK_TEXT];   /* "4月", "0.05" */
    char   parent[SEI_TICK_TEXT]; /* second line where it changes: "2024年"; "" elsewhere */
} sei_tick;

typedef struct {
    double   lower, upper; /* ends of the axis */
    size_t   n;
    sei_tick tick[SEI_TICKS_MAX];
} sei_ticks;

/* The nice number (1, 2 or 5 times a power of ten) next to x > 0 (round), or the smallest that is
 * not below x. Heckbert, "Nice numbers for graph labels", Graphics Gems, 1990. */
double sei_nice(double x, bool round);

/* About target ticks from lower to upper; loose widens the ends to the next tick. */
void sei_ticks_linear(sei_ticks *ticks, double lower, double upper, size_t target, bool loose);
/* Whole decades; also 2 and 5 within each when there are few. 0 < lower < upper. */
void sei_ticks_log(sei_ticks *ticks, double lower, double upper, size_t target, bool loose);
/* Round local times, at most max of them. Japanese "4月" over "2024年", else ISO 8601. */
void sei_ticks_time(sei_ticks *ticks, double lower_s, double upper_s, double utc_offset_s,
                    size_t max, sei_lang lang);

/* A limit or another given number: all its digits, no more. */
void sei_number_plain(char out[SEI_TICK_TEXT], double value);
/* A number as people read it: "12,000", "0.05", "2×10⁻⁵"; decimals 0..15 or significant digits. */
void sei_number_text(char out[SEI_TICK_TEXT], double value, int decimals);

#endif
