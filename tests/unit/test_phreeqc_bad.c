/* test_phreeqc_bad.c - malformed PHREEQC inputs, each with its exact message; short memory */
#include "base/file.h"
#include "phreeqc/input.h"
#include "phreeqc_table.h"

#define FOLDER SEI_TEST_DIR "/bad/phreeqc/"

enum { PATH_BYTES = 1000, MESSAGE_BYTES = 2000 };

static void check_row(sei_ctx *ctx, sei_slice row)
{
    const sei_slice file = next_cell(&row), status = next_cell(&row);
    sei_pq_input   *input = NULL;
    char            path[PATH_BYTES], want[MESSAGE_BYTES];

    snprintf(path, sizeof path, FOLDER "%.*s", (int)file.len, file.at);
    snprintf(want, sizeof want, "%s%.*s", path, (int)row.len, row.at);
    sei_ctx_clear(ctx);
    const sei_status st = sei_pq_read(ctx, path, &input);
    ck_assert_msg(st != SEI_OK, "%s is accepted", path);
    ck_assert_ptr_null(input);
    ck_assert_str_eq(sei_ctx_error(ctx), want);
    ck_assert_msg(sei_slice_is(status, sei_status_name(st)), "%s: status %s", path,
                  sei_status_name(st));
}

START_TEST(malformed_inputs_say_what_is_wrong)
{
    sei_ctx  *ctx  = sei_ctx_create(NULL);
    char     *text = NULL;
    size_t    len = 0, n = 0;
    sei_slice rest, line;

    T_OK(ctx, sei_file_read(ctx, FOLDER "expected.tsv", 1 << 20, &text, &len));
    rest = (sei_slice){text, len};
    ck_assert(sei_next_line(&rest, &line)); /* heading */
    for (; sei_next_line(&rest, &line); n++)
        check_row(ctx, line);
    ck_assert_uint_ge(n, 60);
    sei_release(ctx, text);
    sei_ctx_free(ctx);
}
END_TEST

/* An allocator that fails from its n-th call on. */
typedef struct {
    size_t left;
} short_memory;

static void *resize_short(void *user, void *p, size_t size)
{
    short_memory *memory = user;

    if (size == 0) {
        free(p);
        return NULL;
    }
    if (memory->left == 0)
        return NULL;
    memory->left--;
    return realloc(p, size);
}

static const char all_kinds[] =
    "SOLUTION 1-3 water\n temp 10\n units mg/L\n Ca 40 as CaCO3\n Cl 10 charge\n"
    "SOLUTION_SPREAD\n -units mg/L\nNumber\tpH\tCa\n\t\tmg/L\n5\t7\t3\n6\t8\t4\n"
    "EQUILIBRIUM_PHASES 1\n Calcite 0 CaCO3 1 d\n"
    "EXCHANGE 1\n -equilibrate 1\n X 0.1\n"
    "SURFACE 1\n Hfo_w 0.1 600 1\n Hfo_s 0.01\n"
    "GAS_PHASE 1\n CO2(g) 0.01\n"
    "SOLID_SOLUTIONS 1\n CaSr\n -comp Calcite 1\n -comp Strontianite 0\n -gugg_kj 1\n"
    "REACTION 1\n NaCl 1 KCl 2\n 1 2 3 4 5 mmol\n"
    "REACTION_TEMPERATURE 1\n 10 20 in 3 steps\n"
    "MIX 1\n 1 0.5\n 2 0.5\n"
    "RATES\nCalcite\n -start\n 10 SAVE 1; 20 END\n -end\n"
    "KINETICS 1\nCalcite\n -parms 1 2 3 4 5\n -formula CaCO3 1\n -steps 1 2 day\n"
    "SELECTED_OUTPUT 1\n -totals Ca Mg\n Na K Cl\n -si Calcite\n -file x.sel\n"
    "USER_PUNCH 1\n -headings a b\n -start\n 10 PUNCH 1\n -end\n"
    "PHASES\nFix_H+\n H+ = H+\n log_k 0\n"
    "USE solution 1\nSAVE solution 2-4\nCOPY cell 1 2-3\nDELETE\n -solution 1 2-3\n"
    "TRANSPORT\n -cells 3\n -lengths 1 2 3\n -punch_cells 1-2\n"
    "ADVECTION\n -cells 3\nTITLE some\nwords\nKNOBS\n -iterations 3\nPRINT\n -reset false\nEND\n";

START_TEST(every_failing_allocation_is_reported)
{
    size_t n = 0;

    for (;; n++) {
        short_memory  memory    = {SIZE_MAX};
        sei_allocator allocator = {resize_short, &memory};
        sei_ctx      *ctx       = sei_ctx_create(&allocator);
        sei_pq_input *input     = NULL;

        ck_assert_ptr_nonnull(ctx);
        memory.left         = n;
        const sei_status st = sei_pq_parse(ctx, "all.pqi", all_kinds, sizeof all_kinds - 1, &input);
        sei_pq_free(input);
        sei_ctx_free(ctx);
        if (st == SEI_OK)
            break;
        ck_assert_int_eq(st, SEI_E_NOMEM);
    }
    ck_assert_uint_gt(n, 3);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_bad");
    TCase *tcase = tcase_create("bad");

    tcase_add_test(tcase, malformed_inputs_say_what_is_wrong);
    tcase_add_test(tcase, every_failing_allocation_is_reported);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
