/* test_site_bad.c - malformed site files, each with the lines that check must print */
#include <dirent.h>

#include "base/file.h"
#include "base/text.h"
#include "seiryu/study.h"
#include "t.h"

/* A file opens with its expected lines, in order: "#! 7: train[1] ..." stands for
 * "site.yaml:7: train[1] ...", "#! - the file is empty" has no line, "#! tests/..." is whole. */
#define FOLDER "tests/bad/site"
enum { FILES_MAX = 300, LINES_MAX = 20, LINE_MAX_BYTES = 1200 };

typedef struct {
    size_t n;
    char   line[LINES_MAX][LINE_MAX_BYTES];
} lines;

static char   names[FILES_MAX][256];
static size_t n_names;

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

static void list_files(void)
{
    DIR *folder = opendir(SEI_PROJECT_DIR "/" FOLDER);

    for (struct dirent *entry; folder && n_names < FILES_MAX && (entry = readdir(folder));)
        if (strstr(entry->d_name, ".yaml"))
            snprintf(names[n_names++], sizeof names[0], "%s", entry->d_name);
    if (folder)
        closedir(folder);
    qsort(names, n_names, sizeof names[0], by_name);
}

static void expect(const char *text, size_t len, lines *want)
{
    sei_slice rest = {text, len}, line;

    want->n = 0;
    while (sei_next_line(&rest, &line) && line.len > 3 && memcmp(line.at, "#! ", 3) == 0) {
        const char  *at   = line.at + 3;
        const size_t n    = line.len - 3;
        const char  *head = memcmp(at, "tests/", 6) == 0 ? "" : "site.yaml:";
        const size_t skip = at[0] == '-' ? 1 : 0;
        ck_assert_uint_lt(want->n, LINES_MAX);
        snprintf(want->line[want->n++], LINE_MAX_BYTES, "%s%.*s", head, (int)(n - skip), at + skip);
    }
}

static void take(void *user, sei_status status, const sei_where *where, const char *text)
{
    lines *got = user;

    (void)where;
    ck_assert_int_ne(status, SEI_OK);
    if (got->n < LINES_MAX)
        snprintf(got->line[got->n++], LINE_MAX_BYTES, "%s", text);
}

START_TEST(a_malformed_file_gives_exactly_its_lines)
{
    static lines want, got;
    sei_ctx     *ctx  = sei_ctx_create(NULL);
    sei_site    *site = NULL;
    char        *text = NULL, path[600];
    size_t       len  = 0;

    ck_assert_int_eq(chdir(SEI_PROJECT_DIR), 0);
    setenv("SEIRYU_DATA", SEI_PROJECT_DIR "/data", 1);
    snprintf(path, sizeof path, FOLDER "/%s", names[_i]);
    T_OK(ctx, sei_file_read(ctx, path, 1 << 20, &text, &len));
    expect(text, len, &want);
    ck_assert_msg(want.n > 0, "%s expects nothing", names[_i]);
    got.n               = 0;
    const sei_status st = sei_site_parse(ctx, "site.yaml", FOLDER, text, len, take, &got, &site);
    ck_assert_msg(st != SEI_OK, "%s was read", names[_i]);
    ck_assert_ptr_null(site);
    for (size_t i = 0; i < want.n && i < got.n; i++)
        ck_assert_msg(strcmp(got.line[i], want.line[i]) == 0, "%s:\n  got  %s\n  want %s",
                      names[_i], got.line[i], want.line[i]);
    ck_assert_msg(got.n == want.n, "%s: %zu lines, expected %zu; last: %s", names[_i], got.n,
                  want.n, got.n ? got.line[got.n - 1] : "");
    ck_assert_str_eq(sei_ctx_error(ctx), want.line[0]); /* the first one is the context's */
    sei_release(ctx, text);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(there_are_enough_of_them)
{
    ck_assert_uint_ge(n_names, 30);
    ck_assert_uint_lt(n_names, FILES_MAX);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("site_bad");
    TCase *tc    = tcase_create("site_bad");

    list_files();
    tcase_add_loop_test(tc, a_malformed_file_gives_exactly_its_lines, 0, (int)n_names);
    tcase_add_test(tc, there_are_enough_of_them);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
