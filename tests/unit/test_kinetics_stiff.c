/*
 * test_kinetics_stiff.c - the stiff standard set of hairer1996 and mazzia2008 as rates in BASIC
 *
 * With SEI_WITH_CVODE every problem is solved by SUNDIALS' CVODE as well (-cvode true).
 */
#include <math.h>
#include <stdio.h>

#include "base/file.h"
#include "base/text.h"
#include "phreeqc/run.h"
#include "t.h"

enum { TEXT_BYTES = 8000, MEMBERS_MAX = 8 };

typedef struct {
    const char *name, *tol, *end_s;
    size_t      n;
    const char *y[MEMBERS_MAX]; /* names */
    double      start[MEMBERS_MAX];
    const char *slope[MEMBERS_MAX]; /* dy/dt in BASIC */
    double      end[MEMBERS_MAX];   /* published */
    double      relative;
} problem;

#define Y1 "KIN(\"Ya\")"
#define Y2 "KIN(\"Yb\")"
#define Y3 "KIN(\"Yc\")"
#define Y4 "KIN(\"Yd\")"
#define Y5 "KIN(\"Ye\")"
#define Y6 "KIN(\"Yf\")"
#define Y7 "KIN(\"Yg\")"
#define Y8 "KIN(\"Yh\")"

static const problem problems[] = {
    /* Chemical kinetics of three species (robertson1966); end at 40 s from hairer1996. */
    {"Robertson",
     "1e-12",
     "40",
     3,
     {"Ya", "Yb", "Yc"},
     {1.0, 0.0, 0.0},
     {"-0.04*" Y1 "+1e4*" Y2 "*" Y3, "0.04*" Y1 "-1e4*" Y2 "*" Y3 "-3e7*" Y2 "*" Y2,
      "3e7*" Y2 "*" Y2},
     {0.7158270687193941, 0.9185534764557338e-5, 0.2841637457458299},
     1e-6},
    /* High irradiance responses of photomorphogenesis, problem HIRES of mazzia2008. */
    {"HIRES",
     "1e-11",
     "321.8122",
     8,
     {"Ya", "Yb", "Yc", "Yd", "Ye", "Yf", "Yg", "Yh"},
     {1.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0057},
     {"-1.71*" Y1 "+0.43*" Y2 "+8.32*" Y3 "+0.0007", "1.71*" Y1 "-8.75*" Y2,
      "-10.03*" Y3 "+0.43*" Y4 "+0.035*" Y5, "8.32*" Y2 "+1.71*" Y3 "-1.12*" Y4,
      "-1.745*" Y5 "+0.43*" Y6 "+0.43*" Y7,
      "-280*" Y6 "*" Y8 "+0.69*" Y4 "+1.71*" Y5 "-0.43*" Y6 "+0.69*" Y7,
      "280*" Y6 "*" Y8 "-1.81*" Y7, "-280*" Y6 "*" Y8 "+1.81*" Y7},
     {0.7371312573325668e-3, 0.1442485726316185e-3, 0.5888729740967575e-4, 0.1175651343283149e-2,
      0.2386356198831331e-2, 0.6238968252742796e-2, 0.2849998395185769e-2, 0.2850001604814231e-2},
     1e-5},
    /* The Oregonator, problem OREGO of mazzia2008. */
    {"OREGO",
     "1e-7",
     "360",
     3,
     {"Ya", "Yb", "Yc"},
     {1.0, 2.0, 3.0},
     {"77.27*(" Y2 "+" Y1 "*(1-8.375e-6*" Y1 "-" Y2 "))", "(" Y3 "-(1+" Y1 ")*" Y2 ")/77.27",
      "0.161*(" Y1 "-" Y3 ")"},
     {0.1000814870318523e1, 0.1228178521549917e4, 0.1320554942846706e3},
     1e-4},
};

static void write_text(const problem *p, bool by_cvode, char text[TEXT_BYTES])
{
    size_t at = (size_t)snprintf(text, TEXT_BYTES, "RATES\n");

    for (size_t i = 0; i < p->n; i++) /* a rate takes away */
        at += (size_t)snprintf(&text[at], TEXT_BYTES - at,
                               "%s\n-start\n10 SAVE -(%s) * TIME\n-end\n", p->y[i], p->slope[i]);
    at += (size_t)snprintf(&text[at], TEXT_BYTES - at, "SOLUTION 1\nKINETICS 1\n");
    for (size_t i = 0; i < p->n; i++)
        at += (size_t)snprintf(&text[at], TEXT_BYTES - at,
                               "%s\n -formula Na 0\n -m0 1\n -m %.17g\n -tol %s\n", p->y[i],
                               p->start[i], p->tol);
    at += (size_t)snprintf(&text[at], TEXT_BYTES - at, " -steps %s\n%s", p->end_s,
                           by_cvode ? " -cvode true\n -cvode_steps 100000\n" : "");
    at += (size_t)snprintf(&text[at], TEXT_BYTES - at,
                           "SELECTED_OUTPUT\n -reset false\n -high_precision\n -kinetic_reactants");
    for (size_t i = 0; i < p->n; i++)
        at += (size_t)snprintf(&text[at], TEXT_BYTES - at, " %s", p->y[i]);
    at += (size_t)snprintf(&text[at], TEXT_BYTES - at, "\nEND\n");
    ck_assert_uint_lt(at, TEXT_BYTES);
}

static void solve(const problem *p, bool by_cvode)
{
    sei_ctx       *ctx    = sei_ctx_create(NULL);
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;
    char           text[TEXT_BYTES], *path = NULL;

    write_text(p, by_cvode, text);
    T_OK(ctx, sei_data_path(ctx, "thermo/minewater.dat", &path));
    T_OK(ctx, sei_pq_parse(ctx, "stiff.pqi", text, strlen(text), &input));
    T_OK(ctx, sei_pq_run(ctx, input, path, &result));
    const sei_pq_table *t   = result->tables[0];
    const sei_pq_cell  *row = &t->cells[(t->n_rows - 1) * t->n_columns];
    for (size_t i = 0; i < p->n; i++) {
        const double got = row[2 * i].number; /* the moles, then what they changed by */
        ck_assert_msg(fabs(got - p->end[i]) <= p->relative * p->end[i],
                      "%s%s: y%zu = %.10g, published %.10g", p->name, by_cvode ? " by CVODE" : "",
                      i + 1, got, p->end[i]);
    }
    sei_pq_result_free(ctx, result);
    sei_pq_free(input);
    sei_release(ctx, path);
    sei_ctx_free(ctx);
}

START_TEST(stiff_problems_end_where_they_should)
{
    solve(&problems[_i], false);
}
END_TEST

#ifdef SEI_WITH_CVODE
START_TEST(cvode_agrees)
{
    solve(&problems[_i], true);
}
END_TEST

/* ------------------------------------------------------------------ reference problems, both ways */

static bool holds(sei_slice line, const char *word)
{
    const char *at = strstr(line.at, word);

    return at && at < line.at + line.len;
}

/* The text with every tolerance at 1e-10 and options behind every line that starts KINETICS. */
static char *changed(sei_ctx *ctx, const char *path, const char *options)
{
    char     *text = NULL;
    size_t    len  = 0;
    sei_slice rest, line;
    sei_buf   out;

    T_OK(ctx, sei_file_read(ctx, path, 1 << 20, &text, &len));
    sei_buf_init(&out, ctx, 1 << 20);
    rest = (sei_slice){text, len};
    while (sei_next_line(&rest, &line)) {
        if (!holds(line, "-tol"))
            sei_buf_put(&out, line.at, line.len);
        sei_buf_puts(&out, holds(line, " -m0") ? "\n -tol 1e-10\n" : "\n");
        if (line.len >= 8 && strncmp(line.at, "KINETICS", 8) == 0)
            sei_buf_puts(&out, options);
    }
    T_OK(ctx, out.status);
    sei_release(ctx, text);
    text = sei_strdup(ctx, out.text);
    sei_buf_done(&out);
    return text;
}

static sei_pq_result *run_changed(sei_ctx *ctx, const char *path, const char *options)
{
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;
    char          *text   = changed(ctx, path, options);

    T_OK(ctx, sei_pq_parse(ctx, path, text, strlen(text), &input));
    T_OK(ctx, sei_pq_run(ctx, input, SEI_SHARED_DIR "/thermo/wateq4f.dat", &result));
    sei_pq_free(input);
    sei_release(ctx, text);
    return result;
}

static const char *const references[] = {"kinetic-01", "kinetic-02", "kinetic-03",
                                         "pwp-01",     "pwp-02",     "pwp-03"};

/* Totals and amounts; what comes from a pe without a couple is left out. */
START_TEST(reference_problems_by_cvode)
{
    sei_ctx *ctx = sei_ctx_create(NULL);
    char     path[500];

    if (t_has_shared("reference_problems_by_cvode")) {
        snprintf(path, sizeof path, "%s/reference/phreeqc/%s.pqi", SEI_SHARED_DIR, references[_i]);
        sei_pq_result *own    = run_changed(ctx, path, ""),
                      *other  = run_changed(ctx, path, " -cvode true\n -cvode_steps 100000\n");
        const sei_pq_table *a = own->tables[0], *b = other->tables[0];
        ck_assert_uint_eq(a->n_rows, b->n_rows);
        for (size_t i = 0; i < a->n_rows * a->n_columns; i++) {
            const char  *name = a->columns[i % a->n_columns].heading;
            const double x = a->cells[i].number, y = b->cells[i].number;
            if (strcmp(name, "pe") == 0 || strncmp(name, "si_", 3) == 0 ||
                strcmp(name, "pct_err") == 0)
                continue;
            ck_assert_msg(fabs(x - y) <= 1e-3 * fmax(fabs(x), 1e-7),
                          "%s: %s = %.10g, by CVODE %.10g", references[_i], name, x, y);
        }
        sei_pq_result_free(ctx, own);
        sei_pq_result_free(ctx, other);
    }
    sei_ctx_free(ctx);
}
END_TEST
#endif

int main(void)
{
    Suite *suite = suite_create("kinetics_stiff");
    TCase *tcase = tcase_create("stiff");

    tcase_set_timeout(tcase, 120);
    tcase_add_loop_test(tcase, stiff_problems_end_where_they_should, 0, T_COUNT(problems));
#ifdef SEI_WITH_CVODE
    tcase_add_loop_test(tcase, cvode_agrees, 0, T_COUNT(problems));
    tcase_add_loop_test(tcase, reference_problems_by_cvode, 0, T_COUNT(references));
#endif
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
