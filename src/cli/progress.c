/* progress.c - a line on a terminal that tells how far a run is and how long it will take */
#include "cli/progress.h"

#include <math.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/text.h"

#define ERASE "\r\x1b[K" /* start of line, clear to its end */

enum { BAR_MIN = 6, BAR_MAX = 40, COLUMNS_MAX = 200, COLUMNS_DEFAULT = 80 };

static const double redraw_s = 0.1; /* often enough to look alive, seldom enough not to flicker */

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Columns of the terminal; asked at each drawing, so that a new width counts at once. */
static size_t width_of(FILE *out)
{
    struct winsize size = {0};

    if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col == 0)
        return COLUMNS_DEFAULT;
    return size.ws_col > COLUMNS_MAX ? COLUMNS_MAX : size.ws_col;
}

static void duration(char *out, size_t size, double seconds)
{
    const long minute = 60, hour = 60 * minute;
    const long s = seconds < 1e7 ? (long)lround(seconds) : (long)1e7;

    if (s >= hour)
        snprintf(out, size, "%ld:%02ld:%02ld", s / hour, s / minute % minute, s % minute);
    else
        snprintf(out, size, "%ld:%02ld", s / minute, s % minute);
}

static void put_bar(char bar[BAR_MAX + 4], size_t n, double fraction)
{
    const size_t done = (size_t)floor(fraction * (double)n);

    memset(bar, '.', n + 3);
    memset(bar + 2, '#', done);
    bar[0]     = ' ';
    bar[1]     = '[';
    bar[n + 2] = ']';
    bar[n + 3] = '\0';
}

/* "2024-05-01 [#####.....]  43 %  0:05 left", as much of it as the columns hold. */
void sei_progress_line(char out[SEI_PROGRESS_MAX], size_t columns, double fraction,
                       double elapsed_s, const char *date, sei_lang lang)
{
    const double f        = fraction < 0 ? 0 : fraction > 1 ? 1 : fraction;
    char         left[64] = "", time[32], percent[16], bar[BAR_MAX + 4] = "";

    if (f > 0.005 && elapsed_s > 0.5) { /* before that the guess is worth nothing */
        duration(time, sizeof time, elapsed_s * (1 - f) / f);
        snprintf(left, sizeof left, lang == SEI_LANG_JA ? "  残り %s" : "  %s left", time);
    }
    snprintf(percent, sizeof percent, " %3.0f %%", floor(100 * f));
    size_t used = sei_text_columns(date) + strlen(percent) + sei_text_columns(left);
    if (columns >= used + BAR_MIN + 4) {
        size_t n = columns - used - 4; /* brackets, blank, and the last column stays free */
        n        = n > BAR_MAX ? BAR_MAX : n;
        put_bar(bar, n, f);
    }
    if (used + 1 > columns) /* too narrow: the share alone */
        snprintf(out, SEI_PROGRESS_MAX, "%s", columns > strlen(percent) ? percent + 1 : "");
    else
        snprintf(out, SEI_PROGRESS_MAX, "%s%s%s%s", date, bar, percent, left);
}

void sei_progress_begin(sei_progress *p, const sei_cli *cli, bool quiet, int64_t from_us,
                        int64_t to_us, int64_t offset_us)
{
    *p = (sei_progress){.out   = cli->err,
                        .lang  = cli->lang,
                        .is_on = !quiet && isatty(fileno(cli->err)) &&
                                 sei_terminal_has_colour(fileno(cli->err)),
                        .start_s   = now_s(),
                        .last_s    = -1,
                        .from_us   = from_us,
                        .to_us     = to_us,
                        .offset_us = offset_us};
}

void sei_progress_begin_members(sei_progress *p, const sei_cli *cli, bool quiet, size_t n)
{
    sei_progress_begin(p, cli, quiet, 0, 0, 0);
    p->members = n;
}

void sei_progress_begin_simulations(sei_progress *p, const sei_cli *cli, size_t n)
{
    sei_progress_begin(p, cli, false, 0, 0, 0);
    p->members         = n;
    p->are_simulations = true;
}

void sei_progress_begin_named(sei_progress *p, const sei_cli *cli, bool quiet, const char *name)
{
    sei_progress_begin(p, cli, quiet, 0, 0, 0);
    p->name = name;
}

/* What has been reached: a day of the run, or a number of members. */
static void reached(const sei_progress *p, double fraction, char out[SEI_TIME_MAX])
{
    if (p->name)
        snprintf(out, SEI_TIME_MAX, "%s", p->name);
    else if (p->are_simulations)
        snprintf(out, SEI_TIME_MAX,
                 p->lang == SEI_LANG_JA ? "シミュレーション %.0f / %zu" : "simulation %.0f of %zu",
                 fmin(1.0 + floor(fraction * (double)p->members), (double)p->members), p->members);
    else if (p->members > 0)
        snprintf(out, SEI_TIME_MAX,
                 p->lang == SEI_LANG_JA ? "%.0f / %zu 個" : "%.0f of %zu members",
                 floor(fraction * (double)p->members + 0.5), p->members);
    else
        sei_format_date(out, p->from_us + (int64_t)(fraction * (double)(p->to_us - p->from_us)),
                        p->offset_us);
}

static void show(sei_progress *p, const char *line)
{
    char all[SEI_PROGRESS_MAX + 16];

    snprintf(all, sizeof all, ERASE "%s", line); /* one write: no half line is ever seen */
    fputs(all, p->out);
    fflush(p->out);
    p->is_shown = true;
}

void sei_progress_set(void *user, double fraction)
{
    sei_progress *p = user;
    char          line[SEI_PROGRESS_MAX], date[SEI_TIME_MAX];

    if (!p->is_on)
        return;
    const double now = now_s();
    if (p->last_s >= 0 && now - p->last_s < redraw_s)
        return;
    p->last_s = now;
    reached(p, fraction, date);
    sei_progress_line(line, width_of(p->out), fraction, now - p->start_s, date, p->lang);
    show(p, line);
}

void sei_progress_say(sei_progress *p, const char *text)
{
    if (p->is_on && sei_text_columns(text) < width_of(p->out))
        show(p, text);
}

void sei_progress_end(sei_progress *p)
{
    if (!p->is_shown)
        return;
    fputs(ERASE, p->out);
    fflush(p->out);
    p->is_shown = false;
}
