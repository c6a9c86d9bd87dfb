/*
 * test_examples.c - the bundled examples keep their books, and the pages of docs/validation quote what
 * the program computes
 *
 *     test_examples                 the examples, and the pages' numbers of the examples
 *     test_examples cases [N]       the pages' numbers of all other runs, or of every Nth of them
 *     test_examples print PAGE.md   the page with fresh numbers and tables, to standard output
 */
#include "base/file.h"
#include "base/text.h"
#include "t.h"
#include "unit/validation_score.h"

enum { PAGE_BYTES_MAX = 1 << 20 };

static const char *const examples[] = {"jogmec-pilot", "jogmec-bench-35l", "lime-hds",
                                       "vertical-flow-pond", "wetland-honko"};

/* A page and how many of its numbers must be found at least, so that a change of its form shows. */
static const struct {
    const char *name;
    size_t      of_examples, of_cases;
} pages[] = {
    {"index.md", 0, 14},
    {"jogmec-pilot.md", 3, 170},
    {"jogmec-bench-35l.md", 13, 30},
    {"full-scale.md", 0, 38},
    {"active.md", 0, 30},
    {"limestone.md", 0, 55},
    {"manganese.md", 0, 45},
    {"rice-bran-hrt.md", 0, 45},
    {"wetlands.md", 11, 50},
    {"bioreactors.md", 0, 7},
    {"jogmec-2014.md", 0, 70},
    {"summary.md", 0, 0}, /* tables of the program alone */
};

/* ---- the examples ---- */

/* Computed once, before Check forks for each test. */
static v_book example_book;

static void run_examples(void)
{
    for (size_t i = 0; i < T_COUNT(examples); i++)
        v_get(&example_book, examples[i]);
}

static void forget_examples(void)
{
    v_done(&example_book);
}

/* In + air - out = gained, for every element, over the year. */
START_TEST(every_element_balances)
{
    const sei_result *r = v_get(&example_book, examples[_i])->result;

    ck_assert(r->is_complete);
    ck_assert_uint_ge(r->n_books, 12);
    for (size_t i = 0; i < r->n_books; i++)
        ck_assert_msg(fabs(r->books[i].imbalance) <= 1e-8, "%s: %.3g", r->books[i].element,
                      r->books[i].imbalance);
}
END_TEST

static void check_water(const sei_result *r, size_t t, size_t w)
{
    for (size_t c = 0; c < r->n_columns; c++) {
        const char  *key = r->columns[c].quantity->key;
        const double x   = sei_result_value(r, t, w, c);
        ck_assert_msg(isfinite(x), "%s is not finite", key);
        if (strcmp(key, "ph") == 0)
            ck_assert_msg(x > 2.0 && x < 9.0, "%s: pH %g", r->watches[w].key, x);
        else if (strcmp(key, "alkalinity") != 0)
            ck_assert_msg(x >= 0.0, "%s: %s = %g", r->watches[w].key, key, x);
        if (r->columns[c].fraction != SEI_FRACTION_DISSOLVED)
            continue;
        const size_t total = sei_result_column(r, key, SEI_FRACTION_TOTAL);
        if (total != SIZE_MAX)
            ck_assert_msg(x <= sei_result_value(r, t, w, total) * (1.0 + 1e-12),
                          "%s: more %s dissolved than in total", r->watches[w].key, key);
    }
}

/* Nothing is negative, dissolved is part of total, and neither water nor magnesium is lost. */
START_TEST(water_stays_water)
{
    const sei_result *r    = v_get(&example_book, examples[_i])->result;
    const size_t      mg   = sei_result_column(r, "mg", SEI_FRACTION_TOTAL);
    const size_t      flow = sei_result_column(r, "flow", SEI_FRACTION_TOTAL);
    const size_t      out  = r->n_watches - 1;

    for (size_t t = 1; t < r->n_times; t++) {
        for (size_t w = 0; w < r->n_watches; w++)
            check_water(r, t, w);
        T_CLOSE(sei_result_value(r, t, out, flow), sei_result_value(r, t, 0, flow), 1e-9);
        T_CLOSE(sei_result_value(r, t, out, mg), sei_result_value(r, t, 0, mg), 1e-6);
    }
}
END_TEST

/* Whatever the examples say about the water has a source or is marked as assumed, with the reason. */
START_TEST(every_figure_of_the_influent_has_a_note)
{
    const sei_site *site = v_get(&example_book, examples[_i])->site;

    for (size_t i = 0; i < site->influent.n_rows; i++) {
        const sei_influent_row *row   = &site->influent.rows[i];
        bool                    found = false;
        for (size_t k = 0; k < site->n_notes; k++)
            found =
                found || (site->notes[k].where.line == row->where.line && site->notes[k].reason[0]);
        ck_assert_msg(found, "%s:%zu: %s has neither a source nor a reason", site->path,
                      row->where.line, row->column.quantity->key);
    }
}
END_TEST

/* ---- the pages ---- */

static const char block_begin[] = "<!-- program: ", block_end[] = "<!-- program: end -->";

/* "WHAT NAME" of a line that begins a block of the program; false for any other line. */
static bool is_block(const char *line, char what[V_WORD_MAX])
{
    const char *from = line + strlen(block_begin);

    if (strncmp(line, block_begin, strlen(block_begin)) != 0)
        return false;
    const char *to = strstr(from, " -->");
    snprintf(what, V_WORD_MAX, "%.*s", to ? (int)(to - from) : 0, from);
    return strcmp(what, "end") != 0;
}

static char *read_page(sei_ctx *ctx, const char *path)
{
    char  *text = NULL;
    size_t len  = 0;

    T_OK(ctx, sei_file_read(ctx, path, PAGE_BYTES_MAX, &text, &len));
    return text;
}

typedef struct {
    v_book     *book;
    const char *page;
    bool        of_examples;
    size_t      every; /* of the runs, in the order of the pages */
    size_t      n_seen, n;
    char        seen[V_RUNS_MAX][V_WORD_MAX];
} check;

/* Runs are numbered as they are met; every Nth is computed. */
static bool is_chosen(check *c, const char *run)
{
    size_t i = 0;

    while (i < c->n_seen && strcmp(c->seen[i], run) != 0)
        i++;
    if (i == c->n_seen) {
        ck_assert_uint_lt(c->n_seen, V_RUNS_MAX);
        snprintf(c->seen[c->n_seen++], V_WORD_MAX, "%s", run);
    }
    return i % c->every == 0;
}

static void check_quote(void *user, const v_measure *m, const char *number)
{
    check *c = user;

    if (v_is_example(m) != c->of_examples)
        return;
    c->n++;
    if (!is_chosen(c, m->run))
        return;
    const double quoted = strtod(number, NULL), value = v_value(c->book, m);
    ck_assert_msg(fabs(quoted - value) <= v_tolerance(m, value),
                  "%s: `%s %s %s %s` is quoted as %g, computed %.5g", c->page, m->run, m->place,
                  m->quantity, m->statistic, quoted, value);
}

static void check_page(check *c, const char *page, size_t at_least)
{
    char     path[1024];
    char    *save  = NULL;
    sei_ctx *ctx   = sei_ctx_create(NULL);
    v_table  table = {.has_run = false};

    c->page = page;
    c->n    = 0;
    snprintf(path, sizeof path, "%s/docs/validation/%s", SEI_PROJECT_DIR, page);
    char *text = read_page(ctx, path);
    for (char *line = strtok_r(text, "\n", &save); line; line = strtok_r(NULL, "\n", &save))
        v_read_line(&table, line, check_quote, c);
    sei_release(ctx, text);
    sei_ctx_free(ctx);
    ck_assert_uint_ge(c->n, at_least);
}

START_TEST(pages_quote_the_examples)
{
    static check c = {.book = &example_book, .of_examples = true, .every = 1};

    for (size_t i = 0; i < T_COUNT(pages); i++)
        check_page(&c, pages[i].name, pages[i].of_examples);
}
END_TEST

/* Numbers of two texts within the tolerance of quotes and one unit of the last place; all else the same. */
static bool same_text(const char *a, const char *b)
{
    while (*a && *b) {
        char        *end_a, *end_b;
        const bool   digit = *a >= '0' && *a <= '9' && *b >= '0' && *b <= '9';
        const double x = digit ? strtod(a, &end_a) : 0.0, y = digit ? strtod(b, &end_b) : 0.0;
        const char  *point;

        if (!digit) {
            if (*a++ != *b++)
                return false;
            continue;
        }
        point              = memchr(a, '.', (size_t)(end_a - a));
        const double place = point ? pow(10.0, (double)(1 - (end_a - point))) : 1.0;
        if (fabs(x - y) > 0.02 * fabs(x) + 1.01 * place)
            return false;
        a = end_a;
        b = end_b;
    }
    return *a == *b;
}

/* The tables that the program makes are those it would make now; returns how many there are. */
static size_t check_blocks(v_book *book, const char *page)
{
    char     path[1024], what[V_WORD_MAX];
    sei_ctx *ctx = sei_ctx_create(NULL);
    size_t   n   = 0;

    snprintf(path, sizeof path, "%s/docs/validation/%s", SEI_PROJECT_DIR, page);
    char *text = read_page(ctx, path);
    for (char *at = strstr(text, block_begin); at; at = strstr(at + 1, block_begin)) {
        if (!is_block(at, what))
            continue;
        char *from = strchr(at, '\n') + 1, *to = strstr(from, block_end);
        ck_assert_msg(to != NULL, "%s: %s does not end", page, what);
        sei_buf out;
        sei_buf_init(&out, ctx, PAGE_BYTES_MAX);
        v_score_put(&out, book, what);
        T_OK(ctx, out.status);
        *to = '\0';
        ck_assert_msg(same_text(from, out.text), "%s: \"%s\" is now\n%s", page, what, out.text);
        *to = block_end[0];
        sei_buf_done(&out);
        n++;
    }
    sei_release(ctx, text);
    sei_ctx_free(ctx);
    return n;
}

static size_t every_nth = 1;

START_TEST(pages_quote_the_cases)
{
    static v_book book;
    static check  c = {.book = &book, .of_examples = false};

    c.every = every_nth;
    for (size_t i = 0; i < T_COUNT(pages); i++)
        check_page(&c, pages[i].name, pages[i].of_cases);
    size_t blocks = 0;
    for (size_t i = 0; i < T_COUNT(pages) && every_nth == 1; i++)
        blocks += check_blocks(&book, pages[i].name);
    ck_assert_uint_ge(blocks, every_nth == 1 ? 25 : 0);
    v_done(&book);
}
END_TEST

/* ---- fresh numbers ---- */

typedef struct {
    v_book     *book;
    const char *printed; /* up to here */
} printer;

static void print_quote(void *user, const v_measure *m, const char *number)
{
    printer     *p      = user;
    const double value  = v_value(p->book, m);
    const double digits = 2.0 - floor(log10(fabs(value) + 1e-9)); /* three in all */

    printf("%.*s%.*f", (int)(number - p->printed), p->printed, (int)fmin(4.0, fmax(0.0, digits)),
           value);
    p->printed = number + strcspn(number, " |");
}

/* Not a test: Check's assertions, which computing needs, work inside tests only. */
static const char *page_to_print;

/* A line with fresh numbers; a block of the program whole. Returns where the next line begins. */
static const char *print_line(sei_ctx *ctx, v_book *book, v_table *table, char *line)
{
    char         what[V_WORD_MAX];
    const size_t len  = strcspn(line, "\n");
    char        *next = line + len + (line[len] != '\0');

    line[len] = '\0';
    printer p = {book, line};
    v_read_line(table, line, print_quote, &p);
    puts(p.printed);
    if (!is_block(line, what))
        return next;
    sei_buf out;
    sei_buf_init(&out, ctx, PAGE_BYTES_MAX);
    v_score_put(&out, book, what);
    T_OK(ctx, out.status);
    fputs(out.text, stdout);
    sei_buf_done(&out);
    const char *end = strstr(next, block_end);
    ck_assert_msg(end != NULL, "%s: %s does not end", page_to_print, what);
    return end;
}

START_TEST(print_page)
{
    static v_book book;
    sei_ctx      *ctx   = sei_ctx_create(NULL);
    char         *text  = read_page(ctx, page_to_print);
    v_table       table = {.has_run = false};

    for (const char *line = text; *line;)
        line = print_line(ctx, &book, &table, text + (line - text));
    fflush(stdout);
    sei_release(ctx, text);
    sei_ctx_free(ctx);
    v_done(&book);
}
END_TEST

static void add_examples(TCase *tc)
{
    tcase_add_unchecked_fixture(tc, run_examples, forget_examples);
    tcase_add_loop_test(tc, every_element_balances, 0, (int)T_COUNT(examples));
    tcase_add_loop_test(tc, water_stays_water, 0, (int)T_COUNT(examples));
    tcase_add_loop_test(tc, every_figure_of_the_influent_has_a_note, 0, (int)T_COUNT(examples));
    tcase_add_test(tc, pages_quote_the_examples);
}

int main(int argc, char **argv)
{
    Suite *suite = suite_create("examples");
    TCase *tc    = tcase_create("examples");

    tcase_set_timeout(tc, 0);
    suite_add_tcase(suite, tc);
    if (argc == 3 && strcmp(argv[1], "print") == 0) {
        page_to_print = argv[2];
        tcase_add_test(tc, print_page);
        SRunner *runner = srunner_create(suite);
        srunner_run_all(runner, CK_SILENT);
        const int failed = srunner_ntests_failed(runner);
        if (failed)
            srunner_print(runner, CK_NORMAL);
        srunner_free(runner);
        return failed ? EXIT_FAILURE : EXIT_SUCCESS;
    }
    if (argc > 1 && strcmp(argv[1], "cases") == 0) {
        every_nth = argc > 2 && atoi(argv[2]) > 0 ? (size_t)atoi(argv[2]) : 1;
        tcase_add_test(tc, pages_quote_the_cases);
    } else
        add_examples(tc);
    return t_run(suite);
}
