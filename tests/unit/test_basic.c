/* test_basic.c - BASIC programs: messages, limits, memory, the host's side */
#include "base/buf.h"
#include "basic/basic.h"
#include "t.h"
#include "water_memory.h"

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

/* Every function gives the number of its arguments, "?" when it gives a text. */
static sei_status count_arguments(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    (void)user;
    *ret = (sei_basic_value){(double)call->n, "?", 1, -1};
    return SEI_OK;
}

static const sei_basic_host counting = {count_arguments, NULL, NULL};

static sei_status compile(const char *text, sei_basic_program **ret_program)
{
    return sei_basic_compile(ctx, "a.pqi", 11, text, strlen(text), ret_program);
}

/* A program that must compile, and its machine. */
static sei_basic_program *made(const char *text, sei_basic_vm **ret_vm)
{
    sei_basic_program *program = NULL;

    T_OK(ctx, compile(text, &program));
    T_OK(ctx, sei_basic_vm_create(ctx, program, ret_vm));
    return program;
}

static void unmake(sei_basic_program *program, sei_basic_vm *vm)
{
    sei_basic_vm_free(vm);
    sei_basic_free(program);
}

/* ---- messages ---- */

static const struct {
    const char *text;
    sei_status  status;
    const char *message;
} refused[] = {
    {"10 a = 1\nPUNCH a", SEI_E_PARSE,
     "a.pqi:12: a line of BASIC begins with its number (1..2000000000): PUNCH a"},
    {"0 a = 1", SEI_E_PARSE,
     "a.pqi:11: a line of BASIC begins with its number (1..2000000000):  a = 1"},
    {"99999999999 a = 1", SEI_E_PARSE,
     "a.pqi:11: a line of BASIC begins with its number (1..2000000000): 9 a = 1"},
    {"10 a = 1; b = 2", SEI_E_PARSE,
     "a.pqi:11: a line of BASIC begins with its number (1..2000000000): b = 2"},
    {"10 a$ = \"abc", SEI_E_PARSE, "a.pqi:11: BASIC line 10: the text after \" does not end"},
    {"10 x = 1e999", SEI_E_PARSE,
     "a.pqi:11: BASIC line 10: \"1e999\" is not a number that can be stored"},
    {"10 x = .", SEI_E_PARSE, "a.pqi:11: BASIC line 10: \".\" is not a number that can be stored"},
    {"10 x =", SEI_E_PARSE, "a.pqi:11: BASIC line 10: the line ends where a value is needed"},
    {"10 x 3", SEI_E_PARSE, "a.pqi:11: BASIC line 10: = is missing before \"3\""},
    {"10 x = 3 4", SEI_E_PARSE, "a.pqi:11: BASIC line 10: nothing should follow here: \"4\""},
    {"10 x = (3", SEI_E_PARSE, "a.pqi:11: BASIC line 10: ) is missing at the end of the line"},
    {"10 x = 3 * * 4", SEI_E_PARSE, "a.pqi:11: BASIC line 10: a value is needed at \"*\""},
    {"\n\n10 x = 1 : y = \\\n @", SEI_E_PARSE,
     "a.pqi:13: BASIC line 10: a value is needed at \"@\""},
    {"10 IF x PUNCH 1", SEI_E_PARSE, "a.pqi:11: BASIC line 10: THEN is missing before \"PUNCH\""},
    {"10 FOR i = 1 STEP 2", SEI_E_PARSE, "a.pqi:11: BASIC line 10: TO is missing before \"STEP\""},
    {"10 FOR a(1) = 1 TO 2", SEI_E_UNSUPPORTED,
     "a.pqi:11: BASIC line 10: FOR needs a number variable without subscripts"},
    {"10 FOR a$ = 1 TO 2", SEI_E_UNSUPPORTED,
     "a.pqi:11: BASIC line 10: FOR needs a number variable without subscripts"},
    {"10 NEXT a(1)", SEI_E_UNSUPPORTED,
     "a.pqi:11: BASIC line 10: NEXT needs a number variable without subscripts"},
    {"10 ON x GOTO a", SEI_E_PARSE, "a.pqi:11: BASIC line 10: ON needs a list of line numbers"},
    {"10 ON x GOTO 10 + 1", SEI_E_PARSE,
     "a.pqi:11: BASIC line 10: ON needs a list of line numbers"},
    {"10 ON x 10", SEI_E_PARSE, "a.pqi:11: BASIC line 10: GOTO or GOSUB is missing before \"10\""},
    {"10 DIM 5", SEI_E_PARSE,
     "a.pqi:11: BASIC line 10: the name of an array is missing before \"5\""},
    {"10 DIM a", SEI_E_PARSE, "a.pqi:11: BASIC line 10: ( is missing at the end of the line"},
    {"10 DIM a(1,2,3,4,5)", SEI_E_TOO_LARGE,
     "a.pqi:11: BASIC line 10: an array has at most 4 subscripts"},
    {"10 THEN 5", SEI_E_PARSE, "a.pqi:11: BASIC line 10: no statement begins with \"THEN\""},
    {"10 READ 5", SEI_E_PARSE,
     "a.pqi:11: BASIC line 10: the name of a variable is needed at \"5\""},
    {"10 INPUT x", SEI_E_UNSUPPORTED,
     "a.pqi:11: BASIC line 10: INPUT belongs to an interactive session and has no place in a "
     "program"},
    {"10 TOT(\"Ca\")", SEI_E_PARSE, "a.pqi:11: BASIC line 10: tot is a function, not a statement"},
    {"10 x = PUT(1, 2)", SEI_E_TYPE, "a.pqi:11: BASIC line 10: a statement like PUT has no value"},
    {"10 x = TOT(5)", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: argument 1 of tot is to be a text in quotation marks or a text "
     "variable"},
    {"10 x = SURF(\"Zn\", 5)", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: argument 2 of surf is to be a text in quotation marks or a text "
     "variable"},
    {"10 x = SQRT(\"4\")", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: argument 1 of sqrt is to be a number"},
    {"10 x = SURF(\"Zn\", \"Hfo\", \"x\")", SEI_E_PARSE,
     "a.pqi:11: BASIC line 10: surf takes at most 2 arguments"},
    {"10 x = SYS(\"Fe\", n)", SEI_E_PARSE,
     "a.pqi:11: BASIC line 10: sys needs more than 2 arguments"},
    {"10 x = SYS(\"Fe\", n, a$, b, c)", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: the function needs the name of a text variable at \"b\""},
    {"10 x = GET 5", SEI_E_PARSE, "a.pqi:11: BASIC line 10: ( is missing before \"5\""},
    {"10 x = \"a\"", SEI_E_TYPE, "a.pqi:11: BASIC line 10: a number is needed here, not a text"},
    {"10 x$ = 1", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: a text in quotation marks or a text variable is needed here"},
    {"10 PUNCH \"a\" + 1", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: + joins two numbers or two texts, not one of each"},
    {"10 PUNCH \"a\" - \"b\"", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: - needs a number on both sides, not a text"},
    {"10 PUNCH 2 ^ \"b\"", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: ^ needs a number on both sides, not a text"},
    {"10 PUNCH 2 MOD \"b\"", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: MOD needs a number on both sides, not a text"},
    {"10 PUNCH \"a\" AND 1", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: AND needs a number on both sides, not a text"},
    {"10 PUNCH 1 OR \"a\"", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: OR needs a number on both sides, not a text"},
    {"10 PUNCH \"a\" < 1", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: a number cannot be compared with a text"},
    {"10 PUNCH -\"a\"", SEI_E_TYPE,
     "a.pqi:11: BASIC line 10: a sign or NOT needs a number, not a text"},
};

START_TEST(what_is_refused_says_where_and_why)
{
    sei_basic_program *program = NULL;

    T_STATUS(ctx, compile(refused[_i].text, &program), refused[_i].status);
    ck_assert_str_eq(sei_ctx_error(ctx), refused[_i].message);
    ck_assert_ptr_null(program);
}
END_TEST

static const struct {
    const char *text;
    sei_status  status;
    const char *message;
} failing[] = {
    {"10 x = 1\n20 GOTO x + 1", SEI_E_NOT_FOUND,
     "a.pqi:12: BASIC line 20: there is no BASIC line 2"},
    {"10 GOSUB 5", SEI_E_NOT_FOUND, "a.pqi:11: BASIC line 10: there is no BASIC line 5"},
    {"10 RESTORE 7", SEI_E_NOT_FOUND, "a.pqi:11: BASIC line 10: there is no BASIC line 7"},
    {"10 GOTO SQRT(-1)", SEI_E_NOT_FOUND, NULL},
    {"10 NEXT i", SEI_E_PARSE, "a.pqi:11: BASIC line 10: NEXT without FOR"},
    {"10 FOR i = 1 TO 2\n20 GOSUB 30\n30 NEXT i", SEI_E_PARSE,
     "a.pqi:13: BASIC line 30: NEXT without FOR"},
    {"10 FOR i = 2 TO 1", SEI_E_PARSE, "a.pqi:11: BASIC line 10: FOR without NEXT"},
    {"10 WEND", SEI_E_PARSE, "a.pqi:11: BASIC line 10: WEND without WHILE"},
    {"10 WHILE 0", SEI_E_PARSE, "a.pqi:11: BASIC line 10: WHILE without WEND"},
    {"10 RETURN", SEI_E_PARSE, "a.pqi:11: BASIC line 10: RETURN without GOSUB"},
    {"10 READ a", SEI_E_MISSING, "a.pqi:11: BASIC line 10: READ finds no more DATA"},
    {"10 DATA 5\n20 READ a$", SEI_E_TYPE,
     "a.pqi:12: BASIC line 20: READ needs a text, DATA in BASIC line 10 holds a number"},
    {"10 x = a(11)", SEI_E_RANGE, "a.pqi:11: BASIC line 10: subscript 11 of a is outside 0..10"},
    {"10 DIM a(2)\n20 a(1,1) = 1", SEI_E_RANGE,
     "a.pqi:12: BASIC line 20: a has 1 subscripts, not 2"},
    {"10 DIM a(2)\n20 PUNCH a", SEI_E_RANGE,
     "a.pqi:12: BASIC line 20: a is an array and needs a subscript"},
    {"10 DIM a$(2)\n20 PUNCH a$", SEI_E_RANGE,
     "a.pqi:12: BASIC line 20: a$ is an array and needs a subscript"},
    {"10 DIM a(2)\n20 DIM a(2)", SEI_E_DUPLICATE,
     "a.pqi:12: BASIC line 20: a has its size already"},
    {"10 DIM a(-1)", SEI_E_RANGE, "a.pqi:11: BASIC line 10: size -1 of a is outside 0..1048575"},
    {"10 DIM a(1024, 1024)", SEI_E_TOO_LARGE,
     "a.pqi:11: BASIC line 10: the arrays hold more than 1048576 values"},
    {"10 x = (-8) ^ 0.5", SEI_E_RANGE,
     "a.pqi:11: BASIC line 10: -8 cannot be raised to the power 0.5, which is not whole"},
    {"10 STOP", SEI_E_CANCELLED, "a.pqi:11: BASIC line 10: STOP ends the program"},
    {"10 PUNCH VAL(\"2+\")", SEI_E_PARSE, "a.pqi:11: BASIC line 10: VAL finds no number in \"2+\""},
    {"10 PUNCH STR_F$(1, 2000, 3)", SEI_E_RANGE,
     "a.pqi:11: BASIC line 10: width 2000 and decimals 3 are to lie within +-1024"},
    {"10 PUNCH PAD(\"a\", 100000)", SEI_E_TOO_LARGE,
     "a.pqi:11: BASIC line 10: PAD to 100000 characters, at most 32768"},
    {"10 a$ = PAD(\"a\", 30000)\n20 a$ = a$ + a$", SEI_E_TOO_LARGE,
     "a.pqi:12: BASIC line 20: a text would have 60000 bytes, at most 32768"},
    {"10 a$ = PAD(\"a\", 30000)\n20 PUNCH a$ + \"x\" < a$ + \"y\" + \"z\"", SEI_E_TOO_LARGE,
     "a.pqi:12: BASIC line 20: the texts of one statement have more than 131072 bytes"},
    {"10 GOSUB 10", SEI_E_TOO_LARGE,
     "a.pqi:11: BASIC line 10: more than 256 FOR, WHILE and GOSUB are open at once"},
};

START_TEST(what_fails_in_a_run_says_where_and_why)
{
    sei_basic_vm      *vm      = NULL;
    sei_basic_program *program = made(failing[_i].text, &vm);

    T_STATUS(ctx, sei_basic_run(vm, &counting), failing[_i].status);
    if (failing[_i].message)
        ck_assert_str_eq(sei_ctx_error(ctx), failing[_i].message);
    T_STATUS(ctx, sei_basic_run(vm, &counting), failing[_i].status); /* the machine is whole */
    unmake(program, vm);
}
END_TEST

START_TEST(warnings_name_their_line)
{
    static const char *const texts[] = {
        "a.pqi:13: BASIC line 30: only the first 20 characters of name_of_21_characters count",
        "a.pqi:11: BASIC line 10 is replaced by a later line 10",
        "a.pqi:12: BASIC line 10: there is no BASIC line 99 to go to",
        "a.pqi:14: BASIC line 50: division by zero, the quotient is taken as 0"};
    sei_basic_vm      *vm      = NULL;
    sei_basic_program *program = made("10 x = 1\n10 IF 0 THEN 99\n30 name_of_21_characters = 1\n"
                                      "50 x = 1 / 0\n",
                                      &vm);

    for (int i = 0; i < 3; i++)
        T_OK(ctx, sei_basic_run(vm, NULL));
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), T_COUNT(texts));
    for (size_t i = 0; i < T_COUNT(texts); i++)
        ck_assert_str_eq(sei_ctx_warning(ctx, i), texts[i]);
    unmake(program, vm);
}
END_TEST

START_TEST(what_a_graph_gets_is_kept_with_its_axis)
{
    static const double              number[] = {1.0, 2.0, 3.0, 4.0, 1.0, 5.0, 7.0};
    static const sei_basic_item_kind kind[]   = {
          SEI_BASIC_PLOT_X, SEI_BASIC_PLOT_Y, SEI_BASIC_PLOT_Y, SEI_BASIC_PLOT_SECOND_Y,
          SEI_BASIC_PLOT_X, SEI_BASIC_PLOT_Y, SEI_BASIC_PUNCHED};
    sei_basic_vm      *vm      = NULL;
    sei_basic_program *program = made("10 x = 1\n20 GRAPH_X x\n30 GRAPH_Y 2, x + 2 color = Red\n"
                                      "40 GRAPH_SY 4\n50 PLOT_XY x, 5 symbol = None, line_w = 2\n"
                                      "60 PUNCH 7\n",
                                      &vm);

    T_OK(ctx, sei_basic_run(vm, NULL));
    ck_assert_uint_eq(sei_basic_n_items(vm), T_COUNT(number));
    for (size_t i = 0; i < T_COUNT(number); i++) {
        T_NEAR(sei_basic_item_at(vm, i).number, number[i], 0.0);
        ck_assert_int_eq(sei_basic_item_at(vm, i).kind, kind[i]);
    }
    unmake(program, vm);
}
END_TEST

START_TEST(a_late_error_waits_for_its_statement)
{
    const char        *text = "10 IF x > 0 THEN go to 5 ELSE PUNCH 1\n20 x = x + 1\n30 GOTO 10\n";
    sei_basic_program *program = NULL;
    sei_basic_vm      *vm      = NULL;

    T_STATUS(ctx, compile(text, &program), SEI_E_PARSE);
    T_OK(ctx, sei_basic_compile_late(ctx, "a.pqi", 1, text, strlen(text), &program));
    ck_assert_str_eq(sei_ctx_warning(ctx, 0), "a.pqi:1: BASIC line 10: = is missing before \"to\"");
    T_OK(ctx, sei_basic_vm_create(ctx, program, &vm));
    T_STATUS(ctx, sei_basic_run(vm, NULL), SEI_E_PARSE);
    ck_assert_str_eq(sei_ctx_error(ctx), "a.pqi:1: BASIC line 10: = is missing before \"to\"");
    ck_assert_uint_eq(sei_basic_n_items(vm), 1); /* the first turn went well */
    unmake(program, vm);
}
END_TEST

/* ---- limits ---- */

static const char *const endless[] = {
    "10 GOTO 10",
    "10 WHILE 1\n20 WEND",
    "10 WHILE\n20 WEND",
    "10 FOR i = 1 TO 2 STEP 0 : i = 1 : NEXT i\n20 FOR i = 1 TO 1e300 : i = 0 : NEXT i",
    "10 GOSUB 20 : GOTO 10\n20 RETURN",
    "10 x = 10\n20 GOTO x",
    "10 ON 1 GOTO 10",
    "10 FOR i = 1 TO 5\n20 GOTO 10",
    "10 WHILE 1\n20 GOTO 10",
    "10 DIM a(100000)\n20 ERASE a\n30 GOTO 10",
    "10 a$ = PAD(\"x\", 30000)\n20 a$ = TRIM(a$) + PAD(\"x\", 20000)\n30 GOTO 10",
};

START_TEST(a_program_without_end_is_stopped)
{
    sei_basic_vm      *vm      = NULL;
    sei_basic_program *program = made(endless[_i], &vm);

    sei_basic_vm_set_budget(vm, 10000);
    T_STATUS(ctx, sei_basic_run(vm, NULL), SEI_E_NOT_CONVERGED);
    T_CONTAINS(sei_ctx_error(ctx),
               "no end after 10000 jumps: the program seems to run in a circle");
    unmake(program, vm);
}
END_TEST

static void repeat(sei_buf *buf, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        sei_buf_puts(buf, text);
}

START_TEST(depth_and_size_have_a_maximum)
{
    static const struct {
        const char *head, *again, *tail;
        size_t      n;
        sei_status  status;
    } cases[] = {
        {"10 x = ", "(", "1", 100000, SEI_E_TOO_LARGE},
        {"10 x = ", "(", "1", 5000, SEI_E_TOO_LARGE},
        {"10 x = 1", "^1", "", 5000, SEI_E_TOO_LARGE},
        {"10 x = ", "-", "1", 5000, SEI_E_TOO_LARGE},
        {"10 x = ", "NOT ", "1", 3000, SEI_E_TOO_LARGE},
        {"10 x = ", "SQRT ", "1", 3000, SEI_E_TOO_LARGE},
        {"10 x = 1", "+1", "", 8000, SEI_OK},
        {"10 x = ", "(1+", "1", 3000, SEI_E_TOO_LARGE},
        {"10 ", "IF 1 THEN ", "x = 1", 1500, SEI_OK},
        {"10 ", "FOR i = 1 TO 0:", "x = 1", 1000, SEI_OK},
        {"10 ", "x", "=1", 20000, SEI_E_TOO_LARGE},
        {"", "10 x = 1\n", "", 40000, SEI_E_TOO_LARGE},
        {"", "10 x = 1\n", "", 20000, SEI_OK},
    };
    for (size_t i = 0; i < T_COUNT(cases); i++) {
        sei_basic_program *program = NULL;
        sei_buf            buf;
        sei_buf_init(&buf, ctx, 1 << 20);
        sei_buf_puts(&buf, cases[i].head);
        repeat(&buf, cases[i].again, cases[i].n);
        sei_buf_puts(&buf, cases[i].tail);
        const sei_status st = sei_basic_compile(ctx, "a.pqi", 1, buf.text, buf.len, &program);
        ck_assert_msg(st == cases[i].status, "case %zu gives %s", i, sei_status_name(st));
        sei_basic_free(program);
        sei_buf_done(&buf);
    }
}
END_TEST

START_TEST(loops_left_by_goto_do_not_fill_the_stack)
{
    sei_basic_vm      *vm      = NULL;
    sei_basic_program *program = made("10 k = k + 1\n20 FOR i = 1 TO 3\n30 IF k < 5000 THEN 10\n"
                                      "40 NEXT i\n50 SAVE k + i",
                                      &vm);
    double             saved   = 0.0;

    T_OK(ctx, sei_basic_run(vm, NULL));
    ck_assert(sei_basic_saved(vm, &saved));
    ck_assert_double_eq(saved, 5004.0);
    unmake(program, vm);
}
END_TEST

/* ---- memory ---- */

START_TEST(a_program_of_numbers_asks_for_no_memory)
{
    memory              m     = {-1, 0};
    const sei_allocator count = {counting_resize, &m};
    sei_ctx            *own   = sei_ctx_create(&count);
    sei_basic_program  *p     = NULL;
    sei_basic_vm       *vm    = NULL;
    const char         *text  = "10 DIM a(20), b(3,3)\n20 FOR i = 0 TO 20 : a(i) = i ^ 2 : NEXT i\n"
                                "30 b(1,2) = a(20) : c(5) = b(1,2)\n40 READ x, y : GOSUB 100\n"
                                "50 WHILE x > 0 : x = x - 1 : WEND\n60 SAVE c(5) + TOT(\"Ca\") + y\n70 END\n"
                                "80 DATA 3, 4\n100 RETURN";

    T_OK(own, sei_basic_compile(own, "a", 1, text, strlen(text), &p));
    T_OK(own, sei_basic_vm_create(own, p, &vm));
    const long calls = m.left;
    for (int i = 0; i < 3; i++) {
        double saved = 0.0;
        T_OK(own, sei_basic_run(vm, &counting));
        ck_assert(sei_basic_saved(vm, &saved));
        T_CLOSE(saved, 405.0, 1e-14);
    }
    ck_assert_int_eq(m.left, calls);
    sei_basic_vm_free(vm);
    sei_basic_free(p);
    sei_ctx_free(own);
    ck_assert_int_eq(m.live, 0);
}
END_TEST

static sei_status use_all(sei_ctx *own)
{
    const char *text =
        "10 DIM a$(3), n(4) : a$(1) = \"abc\" + STR$(2)\n20 b$ = MID$(a$(1), 2) : q(3) = 1\n"
        "30 PUNCH b$, 5, EOL_NOTAB$ : PRINT b$, 7\n40 READ c$ : PUT(3, 1) : PUT$(c$, 2)\n"
        "50 t = SYS(\"Fe\", n, e$, f$, k) : GOSUB 70\n60 END\n70 RETURN\n80 DATA \"x\"\n"
        "90 that is = wrong\n100 x = 1 / 0";
    sei_basic_program *p  = NULL;
    sei_basic_vm      *vm = NULL;
    sei_status         st = sei_basic_compile_late(own, "a", 1, text, strlen(text), &p);

    if (st == SEI_OK)
        st = sei_basic_vm_create(own, p, &vm);
    if (st == SEI_OK)
        st = sei_basic_run(vm, &counting);
    sei_basic_vm_free(vm);
    sei_basic_free(p);
    return st;
}

START_TEST(every_allocation_may_fail_once)
{
    for (long n = 0;; n++) {
        memory              m      = {n, 0};
        const sei_allocator failed = {counting_resize, &m};
        sei_ctx            *own    = sei_ctx_create(&failed);
        if (own) {
            const sei_status st = use_all(own);
            ck_assert_msg(st == SEI_OK || st == SEI_E_NOMEM, "call %ld: %s", n, sei_ctx_error(own));
            const bool done = st == SEI_OK && m.left > 0;
            sei_ctx_free(own);
            ck_assert_int_eq(m.live, 0);
            if (done)
                break;
        }
        ck_assert_int_lt(n, 1000);
    }
}
END_TEST

static sei_status put_three(sei_ctx *own)
{
    sei_basic_store         *store = NULL;
    sei_status               st    = sei_basic_store_create(own, &store);
    const sei_basic_function put[] = {SEI_BASIC_PUT, SEI_BASIC_PUT_TEXT};

    for (int i = 0; i < 200 && st == SEI_OK; i++) {
        sei_basic_value       ret;
        const sei_basic_value args[] = {{i, "text", 4, -1}, {i % 150, NULL, 0, -1}};
        const sei_basic_call  call   = {put[i & 1], 0, 2, args, 10, NULL};
        st                           = sei_basic_store_call(store, &call, &ret);
    }
    sei_basic_store_free(store);
    return st;
}

START_TEST(the_store_survives_short_memory)
{
    for (long n = 0;; n++) {
        memory              m      = {n, 0};
        const sei_allocator failed = {counting_resize, &m};
        sei_ctx            *own    = sei_ctx_create(&failed);
        const sei_status    st     = own ? put_three(own) : SEI_E_NOMEM;
        ck_assert(st == SEI_OK || st == SEI_E_NOMEM);
        sei_ctx_free(own);
        ck_assert_int_eq(m.live, 0);
        if (st == SEI_OK)
            break;
    }
}
END_TEST

START_TEST(the_store_tells_numbers_texts_and_lists_apart)
{
    sei_basic_store *store = NULL;
    sei_basic_value  ret   = {0};

    T_OK(ctx, sei_basic_store_create(ctx, &store));
    for (int i = -500; i < 500; i++) {
        const sei_basic_value args[] = {{2.0 * i, NULL, 0, -1}, {i, NULL, 0, -1}, {7, NULL, 0, -1}};
        T_OK(ctx, sei_basic_store_call(store, &(sei_basic_call){SEI_BASIC_PUT, 0, 3, args, 1, NULL},
                                       &ret));
    }
    for (int i = -500; i < 500; i++) {
        const sei_basic_value args[] = {{i, NULL, 0, -1}, {7, NULL, 0, -1}};
        sei_basic_call        get    = {SEI_BASIC_GET, 0, 2, args, 1, NULL};
        T_OK(ctx, sei_basic_store_call(store, &get, &ret));
        ck_assert_double_eq(ret.number, 2.0 * i);
        get.n = 1;
        T_OK(ctx, sei_basic_store_call(store, &get, &ret));
        ck_assert_double_eq(ret.number, 0.0);
        get = (sei_basic_call){SEI_BASIC_GET_TEXT, 0, 2, args, 1, NULL};
        T_OK(ctx, sei_basic_store_call(store, &get, &ret));
        ck_assert_uint_eq(ret.len, 7);
    }
    T_STATUS(ctx, sei_basic_store_call(store, &(sei_basic_call){.function = SEI_BASIC_TOT}, &ret),
             SEI_E_ARG);
    sei_basic_store_free(store);
}
END_TEST

/* ---- the host ---- */

START_TEST(a_program_tells_what_it_will_ask)
{
    sei_basic_vm      *vm = NULL;
    sei_basic_program *program =
        made("10 a = TOT(\"Ca\") + TOT(\"Ca\") * LA(\"H+\")\n20 b$ = \"C\" : c = TOT(b$)\n"
             "30 d = SURF(\"Zn\", \"Hfo\") + SURF(\"Zn\", b$) + M0 + PARM(1) + PARM(2)\n",
             &vm);
    static const struct {
        sei_basic_function function;
        const char        *names[2];
        size_t             n_texts, line;
    } expected[] = {
        {SEI_BASIC_TOT, {"Ca", NULL}, 1, 10},  {SEI_BASIC_LA, {"H+", NULL}, 1, 10},
        {SEI_BASIC_TOT, {NULL, NULL}, 1, 20},  {SEI_BASIC_SURF, {"Zn", "Hfo"}, 2, 30},
        {SEI_BASIC_SURF, {"Zn", NULL}, 2, 30}, {SEI_BASIC_M0, {NULL, NULL}, 0, 30},
        {SEI_BASIC_PARM, {NULL, NULL}, 0, 30},
    };

    ck_assert_uint_eq(sei_basic_n_uses(program), T_COUNT(expected));
    for (size_t i = 0; i < T_COUNT(expected); i++) {
        const sei_basic_use *use = sei_basic_use_at(program, i);
        ck_assert_int_eq(use->function, expected[i].function);
        ck_assert_uint_eq(use->n_texts, expected[i].n_texts);
        ck_assert_uint_eq(use->line, expected[i].line);
        for (size_t j = 0; j < 2; j++) {
            ck_assert_int_eq(use->names[j] < 0, expected[i].names[j] == NULL);
            if (use->names[j] >= 0)
                ck_assert_str_eq(sei_basic_name(program, (size_t)use->names[j]),
                                 expected[i].names[j]);
        }
    }
    ck_assert_ptr_null(sei_basic_use_at(program, T_COUNT(expected)));
    ck_assert(!sei_basic_has_save(program) && !sei_basic_has_punch(program) &&
              !sei_basic_has_print(program));
    unmake(program, vm);
}
END_TEST

/* Notes the last call. */
typedef struct {
    sei_basic_call  call;
    sei_basic_value args[SEI_BASIC_ARGS_MAX];
    char            texts[200];
} note;

static sei_status take_note(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    note *n = user;
    char  text[60];

    n->call = *call;
    for (size_t i = 0; i < call->n; i++) {
        n->args[i] = call->args[i];
        if (call->args[i].text)
            snprintf(n->texts + strlen(n->texts), sizeof n->texts - strlen(n->texts), "%s;",
                     sei_basic_copy_text(&call->args[i], text, sizeof text));
    }
    ret->number = 1.0;
    return SEI_OK;
}

START_TEST(arguments_arrive_in_order_and_rounded)
{
    note                 n    = {0};
    const sei_basic_host host = {take_note, &n, NULL};
    sei_basic_vm        *vm   = NULL;
    sei_basic_program   *p =
        made("10 a$ = \"H\"\n20 CHANGE_SURF(a$ + \"fo\", 0.3, \"Sfo\", 1 + 1, 4.6)\n", &vm);

    T_OK(ctx, sei_basic_run(vm, &host));
    ck_assert_int_eq(n.call.function, SEI_BASIC_CHANGE_SURF);
    ck_assert_uint_eq(n.call.n, 5);
    ck_assert_uint_eq(n.call.line, 20);
    ck_assert_str_eq(n.texts, "Hfo;Sfo;");
    ck_assert_int_eq(n.args[0].name, -1); /* worked out */
    ck_assert_str_eq(sei_basic_name(p, (size_t)n.args[2].name), "Sfo");
    ck_assert_double_eq(n.args[1].number, 0.3);
    ck_assert_double_eq(n.args[3].number, 2.0);
    ck_assert_double_eq(n.args[4].number, 5.0);
    unmake(p, vm);
}
END_TEST

static sei_status give_wrong(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    const int *way = user;

    (void)ret;
    switch (*way) {
    case 0: return sei_basic_give_number(call, 0, 0, 1.0);
    case 1: return sei_basic_give_number(call, 9, 0, 1.0);
    case 2: return sei_basic_give_list(call, 1, 5);
    case 3: return sei_basic_give_list(call, 2, SEI_BASIC_CELLS_MAX);
    case 4: return sei_basic_give_text(call, 2, 1, "x", 1);
    case 5: return sei_basic_give_text(call, 1, 0, "x", 1);
    default: return sei_fail(ctx, SEI_E_NOT_FOUND, NULL, "Fe is not in the database");
    }
}

START_TEST(a_failing_host_gets_a_place)
{
    static const char *const texts[] = {"argument 1 is not a variable to fill",
                                        "argument 10 is not a variable to fill",
                                        "argument 2 is not a variable to fill",
                                        "a list of 1048576, at most 1048575",
                                        "element 1 of argument 3 was not made",
                                        "argument 2 is not a variable to fill",
                                        "a.pqi:11: BASIC line 10: sys: Fe is not in the database"};
    int                      way     = _i;
    const sei_basic_host     host    = {give_wrong, &way, NULL};
    sei_basic_vm            *vm      = NULL;
    sei_basic_program       *p       = made("10 t = SYS(\"Fe\", n, a$, b$, c)", &vm);

    ck_assert(sei_basic_run(vm, &host) != SEI_OK);
    T_CONTAINS(sei_ctx_error(ctx), "a.pqi:11: BASIC line 10: sys: ");
    T_CONTAINS(sei_ctx_error(ctx), texts[_i]);
    unmake(p, vm);
}
END_TEST

START_TEST(without_a_host_its_functions_are_unknown)
{
    sei_basic_vm      *vm = NULL;
    sei_basic_program *p  = made("10 x = TOT(\"Fe\")", &vm);

    T_STATUS(ctx, sei_basic_run(vm, NULL), SEI_E_UNSUPPORTED);
    ck_assert_str_eq(sei_ctx_error(ctx), "a.pqi:11: BASIC line 10: tot is not known here");
    unmake(p, vm);
}
END_TEST

/* All but the first character of its argument, from where the argument stands. */
static sei_status give_rest(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    (void)user;
    ret->text = call->args[0].text + 1;
    ret->len  = call->args[0].len - 1;
    return SEI_OK;
}

START_TEST(a_host_may_answer_with_a_piece_of_the_question)
{
    const sei_basic_host host = {give_rest, NULL, NULL};
    sei_basic_vm        *vm   = NULL;
    sei_basic_program   *p =
        made("10 a$ = \"abcdef\"\n20 b$ = ISO_UNIT(a$ + \"ghijklmnop\") + ISO_UNIT(a$)\n"
             "30 PUNCH b$",
             &vm);

    T_OK(ctx, sei_basic_run(vm, &host));
    const sei_basic_item item = sei_basic_item_at(vm, 0);
    ck_assert_uint_eq(item.len, 20);
    ck_assert(memcmp(item.text, "bcdefghijklmnopbcdef", 20) == 0);
    unmake(p, vm);
}
END_TEST

/* CALC_VALUE runs the machine in user. */
static sei_status run_other(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    sei_basic_vm        *vm   = user;
    const sei_basic_host host = {run_other, vm, NULL};

    (void)call;
    const sei_status st = sei_basic_run(vm, &host);
    if (st == SEI_OK && !sei_basic_saved(vm, &ret->number))
        return sei_fail(ctx, SEI_E_MISSING, NULL, "nothing was saved");
    return st;
}

START_TEST(programs_may_call_each_other_but_not_themselves)
{
    sei_basic_vm        *inner = NULL, *outer = NULL;
    sei_basic_program   *p       = made("10 SAVE 6 * 7", &inner);
    sei_basic_program   *q       = made("10 SAVE CALC_VALUE(\"p\") + 1", &outer);
    const sei_basic_host calls_p = {run_other, inner, NULL}, calls_q = {run_other, outer, NULL};
    double               saved = 0.0;

    T_OK(ctx, sei_basic_run(outer, &calls_p));
    ck_assert(sei_basic_saved(outer, &saved));
    ck_assert_double_eq(saved, 43.0);
    T_STATUS(ctx, sei_basic_run(outer, &calls_q), SEI_E_UNSUPPORTED);
    T_CONTAINS(sei_ctx_error(ctx), "a BASIC program calls itself");
    T_OK(ctx, sei_basic_run(outer, &calls_p));
    unmake(p, inner);
    unmake(q, outer);
}
END_TEST

/* ---- results ---- */

START_TEST(each_run_begins_anew)
{
    sei_basic_vm      *vm = NULL;
    sei_basic_program *p  = made(
         "10 x = x + 1 : a(2) = a(2) + 1 : b$ = b$ + \"q\" : c$(1) = c$(1) + \"z\"\n"
          "20 READ d : PUNCH x, a(2), b$, c$(1), d : PRINT x\n30 DATA 5, 6\n40 IF d = 5 THEN SAVE 3",
         &vm);
    double saved = 0.0;

    for (int i = 0; i < 3; i++) {
        size_t len = 0;
        T_OK(ctx, sei_basic_run(vm, NULL));
        ck_assert_uint_eq(sei_basic_n_items(vm), 5);
        ck_assert_double_eq(sei_basic_item_at(vm, 0).number, 1.0);
        ck_assert_double_eq(sei_basic_item_at(vm, 1).number, 1.0);
        ck_assert_uint_eq(sei_basic_item_at(vm, 2).len, 1);
        ck_assert_uint_eq(sei_basic_item_at(vm, 3).len, 1);
        ck_assert_double_eq(sei_basic_item_at(vm, 4).number, 5.0);
        ck_assert_str_eq(sei_basic_printed(vm, &len), "           1 \n");
        ck_assert_uint_eq(len, 14);
        ck_assert(sei_basic_saved(vm, &saved));
    }
    unmake(p, vm);
}
END_TEST

START_TEST(nothing_saved_is_told_apart_from_zero)
{
    sei_basic_vm      *vm    = NULL;
    sei_basic_program *p     = made("10 IF 0 THEN SAVE 0", &vm);
    double             saved = 5.0;

    T_OK(ctx, sei_basic_run(vm, NULL));
    ck_assert(sei_basic_has_save(p));
    ck_assert(!sei_basic_saved(vm, &saved));
    ck_assert_double_eq(saved, 5.0);
    unmake(p, vm);
}
END_TEST

START_TEST(an_empty_program_does_nothing)
{
    static const char *const texts[] = {
        "", "\n\n# only a comment\n", "10", "10 REM", "10 :::", ";;"};

    for (size_t i = 0; i < T_COUNT(texts); i++) {
        sei_basic_vm      *vm = NULL;
        sei_basic_program *p  = made(texts[i], &vm);
        T_OK(ctx, sei_basic_run(vm, NULL));
        ck_assert_uint_eq(sei_basic_n_items(vm), 0);
        unmake(p, vm);
    }
}
END_TEST

START_TEST(rows_of_the_function_list_are_well_formed)
{
    for (int i = 0; i < SEI_BASIC_N_FUNCTIONS; i++) {
        const sei_basic_function_row *row = sei_basic_function_info((sei_basic_function)i);
        ck_assert_msg(strspn(row->arguments, "nisNTAS|*") == strlen(row->arguments), "%s",
                      row->name);
        ck_assert_msg(strspn(row->name, "abcdefghijklmnopqrstuvwxyz0123456789_$") ==
                              strlen(row->name) &&
                          strlen(row->name) <= 20,
                      "%s", row->name);
        const bool dollar = row->name[strlen(row->name) - 1] == '$';
        ck_assert_msg(!dollar || row->result != SEI_BASIC_NUMBER, "%s", row->name);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("basic");
    TCase *tc    = tcase_create("basic");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 120);
    tcase_add_loop_test(tc, what_is_refused_says_where_and_why, 0, (int)T_COUNT(refused));
    tcase_add_loop_test(tc, what_fails_in_a_run_says_where_and_why, 0, (int)T_COUNT(failing));
    tcase_add_test(tc, warnings_name_their_line);
    tcase_add_test(tc, a_late_error_waits_for_its_statement);
    tcase_add_test(tc, what_a_graph_gets_is_kept_with_its_axis);
    tcase_add_loop_test(tc, a_program_without_end_is_stopped, 0, (int)T_COUNT(endless));
    tcase_add_test(tc, depth_and_size_have_a_maximum);
    tcase_add_test(tc, loops_left_by_goto_do_not_fill_the_stack);
    tcase_add_test(tc, a_program_of_numbers_asks_for_no_memory);
    tcase_add_test(tc, every_allocation_may_fail_once);
    tcase_add_test(tc, the_store_survives_short_memory);
    tcase_add_test(tc, the_store_tells_numbers_texts_and_lists_apart);
    tcase_add_test(tc, a_program_tells_what_it_will_ask);
    tcase_add_test(tc, arguments_arrive_in_order_and_rounded);
    tcase_add_loop_test(tc, a_failing_host_gets_a_place, 0, 7);
    tcase_add_test(tc, without_a_host_its_functions_are_unknown);
    tcase_add_test(tc, a_host_may_answer_with_a_piece_of_the_question);
    tcase_add_test(tc, programs_may_call_each_other_but_not_themselves);
    tcase_add_test(tc, each_run_begins_anew);
    tcase_add_test(tc, nothing_saved_is_told_apart_from_zero);
    tcase_add_test(tc, an_empty_program_does_nothing);
    tcase_add_test(tc, rows_of_the_function_list_are_well_formed);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
