/* date.c - dates as sheets write them, rewritten to what the clock of base reads */
#include "water/date.h"

#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "water/fold.h"

/* First year of the era, less one: 令和6年 is 2018 + 6. */
static const struct {
    const char *mark;
    int         before;
} eras[] = {
    {"令和", 2018}, {"平成", 1988}, {"昭和", 1925}, {"R", 2018}, {"H", 1988}, {"S", 1925},
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Rewrites an era year at the start of text as a western one; text without era stays. */
static bool western_year(char out[SEI_FOLD_MAX], const char *text)
{
    for (size_t i = 0; i < sizeof eras / sizeof eras[0]; i++) {
        const size_t n    = strlen(eras[i].mark);
        int          year = 0;
        size_t       at   = n;

        if (strncmp(text, eras[i].mark, n) != 0)
            continue;
        if (strncmp(text + at, "元", strlen("元")) == 0) {
            year = 1;
            at += strlen("元");
        } else {
            while (at < n + 2 && is_digit(text[at]))
                year = year * 10 + (text[at++] - '0');
        }
        if (year < 1 || is_digit(text[at]))
            return false;
        return snprintf(out, SEI_FOLD_MAX, "%d%s", eras[i].before + year, text + at) < SEI_FOLD_MAX;
    }
    return snprintf(out, SEI_FOLD_MAX, "%s", text) < SEI_FOLD_MAX;
}

/* Takes "(金)" and the like out, with a blank before it. */
static void drop_weekday(char *text)
{
    char *open  = strchr(text, '(');
    char *close = open ? strchr(open, ')') : NULL;

    if (!close)
        return;
    if (open > text && open[-1] == ' ')
        open--;
    memmove(open, close + 1, strlen(close + 1) + 1);
}

/* "9時30分" to "9:30"; "日" gets a blank after it. Works in place: nothing grows by more than the
 * three bytes that the character gives free. */
static void plain_clock(char *text)
{
    static const struct {
        const char *from, *before_digit, *else_to;
    } words[] = {{"時", ":", ":00"}, {"分", ":", ""}, {"秒", "", ""}, {"日", "日 ", "日"}};
    char   out[SEI_FOLD_MAX + 8];
    size_t n = 0;

    for (size_t i = 0; text[i] && n < SEI_FOLD_MAX - 4;) {
        const char *to = NULL;
        size_t      k;
        for (k = 0; k < 4 && !to; k++)
            if (strncmp(text + i, words[k].from, 3) == 0)
                to = is_digit(text[i + 3]) ? words[k].before_digit : words[k].else_to;
        if (!to) {
            out[n++] = text[i++];
            continue;
        }
        memcpy(out + n, to, strlen(to));
        n += strlen(to);
        i += 3;
    }
    out[n] = '\0';
    snprintf(text, SEI_FOLD_MAX, "%.*s", SEI_FOLD_MAX - 1, out);
}

bool sei_date_parse(const char *date, const char *clock, int64_t offset_us, int64_t *ret_time_us)
{
    char folded[SEI_FOLD_MAX], text[SEI_FOLD_MAX], time[SEI_FOLD_MAX], whole[2 * SEI_FOLD_MAX];

    if (!sei_fold(folded, date) || !sei_fold(time, clock) || !western_year(text, folded))
        return false;
    drop_weekday(text);
    plain_clock(text);
    plain_clock(time);
    const int n = snprintf(whole, sizeof whole, "%s%s%s", text, time[0] ? " " : "", time);
    return n > 0 && sei_parse_time(whole, (size_t)n, offset_us, ret_time_us);
}
