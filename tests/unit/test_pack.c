/* test_pack.c - files that know whether they are whole */
#include "base/file.h"
#include "base/pack.h"
#include "t.h"

enum { KIND = 77, VERSION = 3 };

static const double  doubles[]  = {0.0, -0.0, 1.5, 5e-324, 1.7976931348623157e308};
static const int64_t integers[] = {0, -1, INT64_MIN, INT64_MAX};

static void fill(sei_pack *p, sei_ctx *ctx)
{
    sei_pack_begin(p, ctx, KIND, VERSION);
    sei_pack_doubles(p, 1, T_COUNT(doubles), doubles);
    sei_pack_integers(p, 2, T_COUNT(integers), integers);
    sei_pack_text(p, 3, "原水 raw");
    sei_pack_doubles(p, 4, 0, NULL);
    T_OK(ctx, sei_pack_close(p));
}

START_TEST(what_was_put_comes_back_to_the_bit)
{
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_pack   p;
    sei_unpack u;
    double     d[T_COUNT(doubles)];
    int64_t    n[T_COUNT(integers)];
    char      *text = NULL;

    fill(&p, ctx);
    T_OK(ctx, sei_unpack_open(ctx, "x.bin", p.buf.text, p.buf.len, KIND, VERSION, &u));
    T_OK(ctx, sei_unpack_doubles(&u, 1, T_COUNT(doubles), d));
    T_OK(ctx, sei_unpack_integers(&u, 2, T_COUNT(integers), n));
    T_OK(ctx, sei_unpack_text(&u, 3, &text));
    ck_assert_mem_eq(d, doubles, sizeof d);
    ck_assert_mem_eq(n, integers, sizeof n);
    ck_assert_str_eq(text, "原水 raw");
    ck_assert_uint_eq(sei_unpack_count(&u, 4), 0);
    ck_assert_uint_eq(sei_unpack_count(&u, 5), SIZE_MAX);
    /* 1.5 is 0x3ff8000000000000: little-endian behind the head of 16 and the record's 16 bytes */
    ck_assert_mem_eq(p.buf.text + 16 + 16 + 16, "\0\0\0\0\0\0\xf8\x3f", 8);
    sei_release(ctx, text);
    sei_pack_done(&p);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(every_changed_byte_and_every_cut_is_noticed)
{
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_pack   p;
    sei_unpack u;

    fill(&p, ctx);
    for (size_t i = 0; i < p.buf.len; i++) {
        p.buf.text[i] = (char)(p.buf.text[i] ^ 0x10);
        ck_assert(sei_unpack_open(ctx, "x.bin", p.buf.text, p.buf.len, KIND, VERSION, &u) !=
                  SEI_OK);
        p.buf.text[i] = (char)(p.buf.text[i] ^ 0x10);
        ck_assert(sei_unpack_open(ctx, "x.bin", p.buf.text, i, KIND, VERSION, &u) != SEI_OK);
    }
    T_CONTAINS(sei_ctx_error(ctx), "x.bin: the file is damaged: its checksum is wrong");
    sei_pack_done(&p);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(another_kind_version_or_length_is_refused_by_name)
{
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_pack   p;
    sei_unpack u;
    double     d[9];

    fill(&p, ctx);
    T_STATUS(ctx, sei_unpack_open(ctx, "x.bin", p.buf.text, p.buf.len, KIND + 1, VERSION, &u),
             SEI_E_PARSE);
    T_STATUS(ctx, sei_unpack_open(ctx, "x.bin", p.buf.text, p.buf.len, KIND, VERSION + 1, &u),
             SEI_E_UNSUPPORTED);
    T_CONTAINS(sei_ctx_error(ctx), "the file has version 3, this program reads version 4");
    T_OK(ctx, sei_unpack_open(ctx, "x.bin", p.buf.text, p.buf.len, KIND, VERSION, &u));
    T_STATUS(ctx, sei_unpack_doubles(&u, 1, 9, d), SEI_E_PARSE);
    T_CONTAINS(sei_ctx_error(ctx), "record 1 has 5 values, not 9");
    T_STATUS(ctx, sei_unpack_doubles(&u, 2, 4, d), SEI_E_PARSE);
    T_CONTAINS(sei_ctx_error(ctx), "record 2 is missing");
    sei_pack_done(&p);
    sei_ctx_free(ctx);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("pack");
    TCase *tc    = tcase_create("pack");

    tcase_add_test(tc, what_was_put_comes_back_to_the_bit);
    tcase_add_test(tc, every_changed_byte_and_every_cut_is_noticed);
    tcase_add_test(tc, another_kind_version_or_length_is_refused_by_name);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
