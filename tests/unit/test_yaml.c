/* test_yaml.c - the YAML tree: places, what is refused and with which words */
#include <time.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/yaml.h"
#include "t.h"

static sei_ctx  *ctx;
static sei_arena arena;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
    sei_arena_init(&arena, ctx);
}

static void teardown(void)
{
    sei_arena_done(&arena);
    sei_ctx_free(ctx);
}

static sei_status parse(const char *text, const sei_yaml **ret_root)
{
    return sei_yaml_parse(ctx, "a.yaml", text, strlen(text), &arena, ret_root);
}

START_TEST(every_value_knows_its_place)
{
    const sei_yaml *root = NULL;

    T_OK(ctx,
         parse("# head\nsite:\n  name: \"Mine: A\"\n  名前: 旧A鉱山\ntrain:\n- {a: 1, b: [2, 3]}\n",
               &root));
    const sei_yaml *site = sei_yaml_get(root, "site"), *train = sei_yaml_get(root, "train");
    ck_assert_uint_eq(root->n, 2);
    ck_assert_uint_eq(site->key_line, 2);
    ck_assert_uint_eq(site->line, 3);
    const sei_yaml *name = sei_yaml_get(site, "name");
    ck_assert_str_eq(name->text, "Mine: A");
    ck_assert(name->quoted);
    ck_assert_uint_eq(name->line, 3);
    ck_assert_uint_eq(name->column, 9);
    ck_assert_uint_eq(name->key_column, 3);
    ck_assert_str_eq(sei_yaml_get(site, "名前")->text, "旧A鉱山");
    const sei_yaml *b = sei_yaml_get(train->first, "b");
    ck_assert_int_eq(train->kind, SEI_YAML_LIST);
    ck_assert_uint_eq(b->n, 2);
    ck_assert_str_eq(b->first->next->text, "3");
    ck_assert_uint_eq(b->first->next->column, 17);
    ck_assert_ptr_eq(b->parent->parent, train);
    ck_assert_ptr_null(sei_yaml_get(site, "nam"));
    ck_assert_ptr_null(sei_yaml_get(name, "name"));
}
END_TEST

START_TEST(byte_order_mark_crlf_and_empty_values_are_read)
{
    const sei_yaml *root = NULL;

    T_OK(ctx, parse("\xEF\xBB\xBF"
                    "a: 1\r\nb:\r\nc: ~\r\nd: ''\r\ne: null\r\n",
                    &root));
    ck_assert_str_eq(sei_yaml_get(root, "a")->text, "1");
    ck_assert(sei_yaml_is_empty(sei_yaml_get(root, "b")));
    ck_assert(sei_yaml_is_empty(sei_yaml_get(root, "c")));
    ck_assert(!sei_yaml_is_empty(sei_yaml_get(root, "d")));
    ck_assert(sei_yaml_is_empty(sei_yaml_get(root, "e")));
}
END_TEST

static const struct {
    const char *text, *message;
    sei_status  status;
} refused[] = {
    {"", "a.yaml: the file is empty", SEI_E_MISSING},
    {"# only a remark\n", "a.yaml: the file is empty", SEI_E_MISSING},
    {"a: &x 1\nb: *x\n",
     "a.yaml:1:4: anchor &x: anchors and aliases are not read; write the value out",
     SEI_E_UNSUPPORTED},
    {"b: *x\n", "a.yaml:1:4: alias *x: anchors and aliases are not read; write the value out",
     SEI_E_UNSUPPORTED},
    {"a: {<<: {b: 1}}\n", "a.yaml:1:5: merge key <<: merging is not read; write the keys out",
     SEI_E_UNSUPPORTED},
    {"a: !!float 1\n",
     "a.yaml:1:4: tag tag:yaml.org,2002:float: tags are not read; write the plain value",
     SEI_E_UNSUPPORTED},
    {"a: 1\nb: 2\na: 3\n", "a.yaml:3:1: key \"a\" is given twice, first in line 1",
     SEI_E_DUPLICATE},
    {"a: 1\n---\nb: 2\n", "a.yaml:2:1: a second document begins here; one file holds one document",
     SEI_E_UNSUPPORTED},
    {"a:\n\tb: 1\n", "a.yaml:2:1: the line is indented with a tab; YAML wants spaces", SEI_E_PARSE},
    {"a: 私の鉱山、鉄酸化槽\nb:\n\tc: 1\n",
     "a.yaml:3:1: the line is indented with a tab; YAML wants spaces", SEI_E_PARSE},
    {"a: \x83\x41\n", "a.yaml:1:4: byte 0x83 is not UTF-8; save the file as UTF-8 and try again",
     SEI_E_ENCODING},
    {"\xFF\xFE"
     "a",
     "a.yaml:1:1: the file is UTF-16; save it as UTF-8 and try again", SEI_E_ENCODING},
    {"a: 1\nb: \x01\n", "a.yaml:2:4: control character 0x01 is not allowed in a text file",
     SEI_E_ENCODING},
    {"a: \"x\\0y\"\n", "a.yaml:1:4: a text may not hold control characters", SEI_E_ENCODING},
    {"\"\\e[2J\": 1\n", "a.yaml:1:1: a text may not hold control characters", SEI_E_ENCODING},
    {"? [1, 2]\n: 3\n", "a.yaml:1:3: a key must be a text, not a list or a map", SEI_E_TYPE},
    {"a: 1\n\"\": 2\n", "a.yaml:2:1: a key is missing before the colon", SEI_E_PARSE},
    {"a: b: c\n",
     "a.yaml:1:5: not valid YAML: mapping values are not allowed in this context; indent the line "
     "as its neighbours, and put a text that holds \": \" in quotes",
     SEI_E_PARSE},
    {"a: [1, 2\nb: 3\n",
     "a.yaml:2:2: not valid YAML: did not find expected ',' or ']'; close the list with ]",
     SEI_E_PARSE},
    {"a: \"x\nb: 3\n",
     "a.yaml:3:1: not valid YAML: found unexpected end of stream; close the quotes", SEI_E_PARSE},
    {"a: 1\n b: 2\n",
     "a.yaml:2:3: not valid YAML: mapping values are not allowed in this context; indent the line "
     "as its neighbours, and put a text that holds \": \" in quotes",
     SEI_E_PARSE},
    {"a: @x\n",
     "a.yaml:1:4: not valid YAML: found character that cannot start any token; put a text that "
     "begins with this character in quotes",
     SEI_E_PARSE},
};

START_TEST(what_is_refused_says_where_and_why)
{
    const sei_yaml *root = NULL;

    T_STATUS(ctx, parse(refused[_i].text, &root), refused[_i].status);
    ck_assert_str_eq(sei_ctx_error(ctx), refused[_i].message);
    ck_assert_ptr_null(root);
}
END_TEST

static void put_times(sei_buf *buf, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sei_buf_puts(buf, text);
}

START_TEST(depth_nodes_keys_and_bytes_have_a_maximum)
{
    const sei_yaml *root = NULL;
    sei_buf         buf;

    sei_buf_init(&buf, ctx, 8u << 20);
    put_times(&buf, "[", 100);
    T_STATUS(ctx, parse(buf.text, &root), SEI_E_TOO_LARGE);
    ck_assert_str_eq(sei_ctx_error(ctx), "a.yaml:1:25: lists and maps are nested deeper than 24");
    sei_buf_clear(&buf);
    put_times(&buf, "- 1\n", SEI_YAML_NODES_MAX);
    T_STATUS(ctx, parse(buf.text, &root), SEI_E_TOO_LARGE);
    ck_assert_str_eq(sei_ctx_error(ctx), "a.yaml:100000:3: more than 100000 values in one file");
    sei_buf_clear(&buf);
    for (int i = 0; i <= SEI_YAML_KEYS_MAX; i++)
        sei_buf_printf(&buf, "k%d: 1\n", i);
    T_STATUS(ctx, parse(buf.text, &root), SEI_E_TOO_LARGE);
    ck_assert_str_eq(sei_ctx_error(ctx), "a.yaml:501:1: more than 500 keys in one map");
    sei_buf_clear(&buf);
    put_times(&buf, "#", SEI_YAML_BYTES_MAX + 1);
    T_STATUS(ctx, parse(buf.text, &root), SEI_E_TOO_LARGE);
    ck_assert_str_eq(sei_ctx_error(ctx), "a.yaml: the file has 4194305 bytes, more than 4194304");
    sei_buf_done(&buf);
    ck_assert_ptr_null(root);
}
END_TEST

/* Four megabytes of what makes careless parsers slow must be refused or read within seconds. */
START_TEST(long_runs_of_one_mark_cost_no_more_than_their_size)
{
    static const char *const marks[] = {"[",  "{",   "- ", "? ",  "a: {", "\"",   "'",
                                        "a,", "[a,", "\\", "&a ", "!a ",  "|\n ", "#",
                                        "\n", "-\n", "*",  "a ",  "%"};
    for (size_t i = 0; i < T_COUNT(marks); i++) {
        const sei_yaml *root = NULL;
        sei_arena       own;
        sei_buf         buf;
        const clock_t   start = clock();

        sei_arena_init(&own, ctx);
        sei_buf_init(&buf, ctx, SEI_YAML_BYTES_MAX);
        put_times(&buf, marks[i], SEI_YAML_BYTES_MAX / strlen(marks[i]));
        (void)(sei_yaml_parse(ctx, "a.yaml", buf.text, buf.len, &own, &root) == SEI_OK);
        const double seconds = (double)(clock() - start) / CLOCKS_PER_SEC;
        ck_assert_msg(seconds < 20, "\"%s\" took %.1f s", marks[i], seconds);
        sei_buf_done(&buf);
        sei_arena_done(&own);
    }
}
END_TEST

START_TEST(a_file_that_is_not_there_is_named)
{
    const sei_yaml *root = NULL;

    T_STATUS(ctx, sei_yaml_read(ctx, "/nowhere/site.yaml", &arena, &root), SEI_E_NOT_FOUND);
    T_CONTAINS(sei_ctx_error(ctx), "/nowhere/site.yaml");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("yaml");
    TCase *tc    = tcase_create("yaml");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, every_value_knows_its_place);
    tcase_add_test(tc, byte_order_mark_crlf_and_empty_values_are_read);
    tcase_add_loop_test(tc, what_is_refused_says_where_and_why, 0, (int)T_COUNT(refused));
    tcase_add_test(tc, depth_nodes_keys_and_bytes_have_a_maximum);
    tcase_add_test(tc, long_runs_of_one_mark_cost_no_more_than_their_size);
    tcase_add_test(tc, a_file_that_is_not_there_is_named);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
