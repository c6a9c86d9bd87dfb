/* test_basic_rates.c - the rates of PHREEQC's databases: all are read, six save what PHREEQC saves */
#include "basic_case.h"

static const char *const databases[] = {"phreeqc.dat", "wateq4f.dat", "minteq.v4.dat"};

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

static char *read_database(const char *name)
{
    char   path[512];
    char  *text;
    size_t len;

    snprintf(path, sizeof path, "%s/thermo/%s", SEI_SHARED_DIR, name);
    T_OK(ctx, sei_file_read(ctx, path, 1 << 23, &text, &len));
    return text;
}

/* A program between -start and -end of RATES or CALCULATE_VALUES. */
typedef struct {
    char      name[64];
    sei_slice text;
    size_t    line;
} block;

static bool begins(sei_slice line, const char *word)
{
    const size_t n = strlen(word);

    return line.len >= n && sei_slice_is_nocase((sei_slice){line.at, n}, word);
}

/* The next program of the rest of a database; *line counts its lines. */
static bool next_block(sei_slice *rest, size_t *line, block *ret_block)
{
    sei_slice l, last = {"", 0};
    bool      inside = false;

    while (sei_next_line(rest, &l)) {
        ++*line;
        const sei_slice trimmed = sei_trim(l);
        if (begins(trimmed, "-start")) {
            const size_t n =
                last.len < sizeof ret_block->name - 1 ? last.len : sizeof ret_block->name - 1;
            memcpy(ret_block->name, last.at, n);
            ret_block->name[n]                                = '\0';
            ret_block->name[strcspn(ret_block->name, " \t#")] = '\0';
            ret_block->text.at                                = rest->at;
            ret_block->line                                   = *line + 1;
            inside                                            = true;
        } else if (inside && begins(trimmed, "-end")) {
            ret_block->text.len = (size_t)(l.at - ret_block->text.at);
            return true;
        }
        if (trimmed.len && trimmed.at[0] != '#')
            last = trimmed;
    }
    return false;
}

START_TEST(every_program_of_the_databases_is_read)
{
    size_t n = 0;

    if (!t_has_shared("every_program_of_the_databases_is_read"))
        return;
    for (size_t i = 0; i < T_COUNT(databases); i++) {
        char     *text = read_database(databases[i]);
        sei_slice rest = sei_slice_of(text);
        size_t    line = 0;
        block     b;
        while (next_block(&rest, &line, &b)) {
            sei_basic_program *program = NULL;
            T_OK(ctx,
                 sei_basic_compile(ctx, databases[i], b.line, b.text.at, b.text.len, &program));
            ck_assert_msg(sei_basic_has_save(program), "%s saves nothing", b.name);
            sei_basic_free(program);
            n++;
        }
        sei_release(ctx, text);
    }
    ck_assert_uint_ge(n, 12);
}
END_TEST

/* "act|Al+3=9.7e-09 m=2.18": the answer to one question. */
typedef struct {
    const char *asked;
} answers;

static sei_status ask(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    const answers *a = user;
    char           key[100], text[60];

    snprintf(key, sizeof key, " %s", sei_basic_function_info(call->function)->name);
    if (call->n && call->args[0].text)
        snprintf(key + strlen(key), sizeof key - strlen(key), "|%s",
                 sei_basic_copy_text(&call->args[0], text, sizeof text));
    else if (call->n)
        snprintf(key + strlen(key), sizeof key - strlen(key), "|%.0f", call->args[0].number);
    snprintf(key + strlen(key), sizeof key - strlen(key), "=");
    const char *found = strstr(a->asked, key);
    if (!found)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no answer to %s", key + 1);
    ret->number = strtod(found + strlen(key), NULL);
    return SEI_OK;
}

static void run_rate(const block *b, char *const row[])
{
    char                 asked[2000];
    answers              a       = {asked};
    const sei_basic_host host    = {ask, &a, NULL};
    sei_basic_program   *program = NULL;
    sei_basic_vm        *vm      = NULL;
    double               saved   = 0.0;

    snprintf(asked, sizeof asked, " %s", row[3]);
    T_OK(ctx, sei_basic_compile(ctx, row[0], b->line, b->text.at, b->text.len, &program));
    T_OK(ctx, sei_basic_vm_create(ctx, program, &vm));
    T_OK(ctx, sei_basic_run(vm, &host));
    ck_assert(sei_basic_saved(vm, &saved));
    ck_assert_msg(case_close(saved, strtod(row[2], NULL)), "%s of %s saves %.17g, not %s", row[1],
                  row[0], saved, row[2]);
    sei_basic_vm_free(vm);
    sei_basic_free(program);
}

START_TEST(rates_save_what_phreeqc_saves)
{
    if (!t_has_shared("rates_save_what_phreeqc_saves"))
        return;
    case_table t = case_read(ctx, "rates.tsv");
    ck_assert_uint_eq(t.n, 12);
    for (size_t i = 0; i < t.n; i++) {
        char     *text  = read_database(t.rows[i][0]);
        sei_slice rest  = sei_slice_of(text);
        size_t    line  = 0;
        bool      found = false;
        block     b;
        while (!found && next_block(&rest, &line, &b))
            found = strcmp(b.name, t.rows[i][1]) == 0;
        ck_assert_msg(found, "%s has no rate %s", t.rows[i][0], t.rows[i][1]);
        run_rate(&b, t.rows[i]);
        sei_release(ctx, text);
    }
    case_done(ctx, &t);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("basic rates");
    TCase *tc    = tcase_create("databases");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, every_program_of_the_databases_is_read);
    tcase_add_test(tc, rates_save_what_phreeqc_saves);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
