/* progress.h - a line on a terminal that tells how far a run is and how long it will take */
#ifndef SEI_CLI_PROGRESS_H
#define SEI_CLI_PROGRESS_H

#include "cli/cli.h"

typedef struct {
    FILE       *out;
    sei_lang    lang;
    bool        is_on; /* out is a terminal and the user did not ask for quiet */
    bool        is_shown;
    double      start_s, last_s;           /* monotonic clock */
    int64_t     from_us, to_us, offset_us; /* of the simulated time */
    size_t      members;                   /* > 0: members are counted, not days */
    bool        are_simulations; /* they are simulations of an input, one after the other */
    const char *name;            /* instead of day or number: what is at work; NULL: none */
} sei_progress;

/* Nothing is ever written when out is no terminal or quiet is set. */
void sei_progress_begin(sei_progress *progress, const sei_cli *cli, bool quiet, int64_t from_us,
                        int64_t to_us, int64_t offset_us);
/* The same for n members of an ensemble: "member 120 of 1000" in place of the date. */
void sei_progress_begin_members(sei_progress *progress, const sei_cli *cli, bool quiet, size_t n);
/* For the n simulations of a PHREEQC input: "simulation 3 of 5". */
void sei_progress_begin_simulations(sei_progress *progress, const sei_cli *cli, size_t n);
/* For work that has neither: its name. */
void sei_progress_begin_named(sei_progress *progress, const sei_cli *cli, bool quiet,
                              const char *name);
/* As the hook of sei_study_run; user is the sei_progress. */
void sei_progress_set(void *user, double fraction);
/* A line without a bar: "writing the results". */
void sei_progress_say(sei_progress *progress, const char *text);
/* Leaves the line empty. */
void sei_progress_end(sei_progress *progress);

/* The line for a width of columns, without its end; also for tests. elapsed_s and fraction give
 * the time left, date the simulated day. */
enum { SEI_PROGRESS_MAX = 1024 };
void sei_progress_line(char out[SEI_PROGRESS_MAX], size_t columns, double fraction,
                       double elapsed_s, const char *date, sei_lang lang);

#endif
