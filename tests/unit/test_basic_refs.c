/* test_basic_refs.c - BASIC programs give what PHREEQC gives (tests/refs/basic) */
#include "basic_case.h"

static sei_ctx         *ctx;
static sei_basic_store *store;
static case_table       answers; /* what PHREEQC answered to TOT("Ca") and the like */

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
    T_OK(ctx, sei_basic_store_create(ctx, &store));
    answers = case_read(ctx, "calls.tsv");
}

static void teardown(void)
{
    case_done(ctx, &answers);
    sei_basic_store_free(store);
    sei_ctx_free(ctx);
}

static const char *answer(const char *key)
{
    for (size_t i = 0; i < answers.n; i++)
        if (strcmp(answers.rows[i][0], key) == 0)
            return answers.rows[i][1];
    return NULL;
}

/* tot|Ca */
static void key_of(const sei_basic_call *call, char *out, size_t size)
{
    char text[100];

    snprintf(out, size, "%s", sei_basic_function_info(call->function)->name);
    if (call->n && call->args[0].text)
        snprintf(out + strlen(out), size - strlen(out), "|%s",
                 sei_basic_copy_text(&call->args[0], text, sizeof text));
}

/* "0.004||Ca+2|aq|0.0034|...": the number and the text that the function returns, then the rows. */
static sei_status fill(const sei_basic_call *call, const char *row, sei_basic_value *ret)
{
    const char *kinds = strchr(sei_basic_function_info(call->function)->arguments, 'N') + 1;
    const char *p     = row;
    size_t      n = 0, columns = strcspn(kinds, "|");

    ret->number = strtod(p, NULL);
    p           = strchr(p, '|') + 1;
    ret->text   = p;
    ret->len    = strcspn(p, "|");
    p += ret->len;
    for (const char *c = p; *c; c++)
        n += *c == '|';
    n /= columns;
    T_OK(ctx, sei_basic_give_number(call, 1, 0, (double)n));
    for (size_t j = 0; j < columns; j++)
        T_OK(ctx, sei_basic_give_list(call, 2 + j, n));
    for (size_t i = 1; i <= n; i++) {
        for (size_t j = 0; j < columns; j++) {
            const size_t len = strcspn(++p, "|");
            if (kinds[j] == 'S')
                T_OK(ctx, sei_basic_give_text(call, 2 + j, i, p, len));
            else
                T_OK(ctx, sei_basic_give_number(call, 2 + j, i, strtod(p, NULL)));
            p += len;
        }
    }
    return SEI_OK;
}

static sei_status ask(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    char        key[128];
    const char *row;

    (void)user;
    if (sei_basic_is_memory(call->function))
        return sei_basic_store_call(store, call, ret);
    key_of(call, key, sizeof key);
    if (call->n > 1)
        snprintf(key + strlen(key), sizeof key - strlen(key), "|list");
    row = answer(key);
    if (!row)
        return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "no reference for %s", key);
    if (call->n > 1)
        return fill(call, row, ret);
    ret->number = strtod(row, NULL);
    ret->text   = row;
    ret->len    = strlen(row);
    return SEI_OK;
}

/* Values "4,T,0.25": texts stand in the output. */
static void compare_values(const sei_basic_vm *vm, const char *name, const char *values)
{
    const char *p = values;

    for (size_t i = 0; i < sei_basic_n_items(vm); i++, p += strcspn(p, ",")) {
        const sei_basic_item item = sei_basic_item_at(vm, i);
        p += *p == ',';
        ck_assert_msg(*p != '\0', "%s punches more than %zu values", name, i);
        ck_assert_msg((item.text != NULL) == (*p == 'T'), "%s: value %zu is of the wrong kind",
                      name, i + 1);
        if (!item.text) {
            const double expected = strtod(p, NULL);
            ck_assert_msg(case_close(item.number, expected), "%s: value %zu is %.17g, not %.17g",
                          name, i + 1, item.number, expected);
        }
    }
    ck_assert_msg(*p == '\0', "%s punches too few values", name);
}

/* The text of the run as PHREEQC shows it. */
static void compare_output(const sei_basic_program *program, const sei_basic_vm *vm,
                           const char *name, bool high, const char *expected)
{
    sei_buf out;

    sei_buf_init(&out, ctx, 1 << 16);
    for (size_t i = 0; i < sei_basic_n_items(vm); i++) {
        const sei_basic_item item = sei_basic_item_at(vm, i);
        sei_basic_put_item(&out, &item, high);
    }
    if (sei_basic_has_print(program))
        sei_buf_puts(&out, sei_basic_printed(vm, NULL));
    ck_assert_msg(strcmp(out.text, expected) == 0, "%s gives\n%s\nnot\n%s", name, out.text,
                  expected);
    sei_buf_done(&out);
}

static void run_row(char *const row[])
{
    const char          *name = row[0], *text = row[2];
    const bool           high = row[1][0] == '1', fails = strcmp(row[3], "error") == 0;
    const sei_basic_host host    = {ask, NULL, NULL};
    sei_basic_program   *program = NULL;
    sei_basic_vm        *vm      = NULL;

    sei_basic_store_clear(store);
    sei_status st = sei_basic_compile_late(ctx, "case.pqi", 1, text, strlen(text), &program);
    if (st == SEI_OK) {
        T_OK(ctx, sei_basic_vm_create(ctx, program, &vm));
        /* PHREEQC's USER_PRINT knows no high precision */
        sei_basic_vm_set_high_precision(vm, high && !sei_basic_has_print(program));
        st = sei_basic_run(vm, &host);
    }
    ck_assert_msg((st != SEI_OK) == fails, "%s: %s", name,
                  fails ? "PHREEQC refuses it" : sei_ctx_error(ctx));
    if (fails)
        T_CONTAINS(sei_ctx_error(ctx), "case.pqi:");
    else
        compare_values(vm, name, sei_basic_has_print(program) ? "" : row[4]);
    if (vm)
        compare_output(program, vm, name, high, row[5]);
    sei_basic_vm_free(vm);
    sei_basic_free(program);
}

START_TEST(the_language_is_phreeqcs)
{
    case_table t = case_read(ctx, "language.tsv");

    ck_assert_uint_ge(t.n, 100);
    for (size_t i = 0; i < t.n; i++)
        run_row(t.rows[i]);
    case_done(ctx, &t);
}
END_TEST

START_TEST(answers_about_the_water_are_used_as_by_phreeqc)
{
    case_table t = case_read(ctx, "water.tsv");

    for (size_t i = 0; i < t.n; i++)
        run_row(t.rows[i]);
    case_done(ctx, &t);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("basic against PHREEQC");
    TCase *tc    = tcase_create("programs");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, the_language_is_phreeqcs);
    tcase_add_test(tc, answers_about_the_water_are_used_as_by_phreeqc);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
