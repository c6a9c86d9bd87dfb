/* t.h - what every test program shares: one suite, one context, relative comparisons */
#ifndef SEI_TESTS_T_H
#define SEI_TESTS_T_H

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "seiryu/ctx.h"

#define T_COUNT(a) (sizeof(a) / sizeof((a)[0]))

/* Status with the context's message when it is another one. */
#define T_STATUS(ctx, expression, expected)                                                       \
    do {                                                                                          \
        const sei_status t_status_ = (expression);                                                \
        ck_assert_msg(t_status_ == (expected), "%s gave %s, expected %s: %s", #expression,        \
                      sei_status_name(t_status_), sei_status_name(expected), sei_ctx_error(ctx)); \
    } while (0)
#define T_OK(ctx, expression) T_STATUS(ctx, expression, SEI_OK)

#define T_CLOSE(value, expected, relative)                                                      \
    do {                                                                                        \
        const double t_v_ = (value), t_e_ = (expected);                                         \
        ck_assert_msg(fabs(t_v_ - t_e_) <= (relative)*fabs(t_e_), "%s = %.12g, expected %.12g", \
                      #value, t_v_, t_e_);                                                      \
    } while (0)
#define T_NEAR(value, expected, absolute)                                                          \
    do {                                                                                           \
        const double t_v_ = (value), t_e_ = (expected);                                            \
        ck_assert_msg(fabs(t_v_ - t_e_) <= (absolute), "%s = %.12g, expected %.12g", #value, t_v_, \
                      t_e_);                                                                       \
    } while (0)
#define T_CONTAINS(text, part) \
    ck_assert_msg(strstr((text), (part)) != NULL, "\"%s\" does not contain \"%s\"", (text), (part))

/* True when the folder of outside reference numbers is there; says so when it is not. */
static inline int t_has_shared(const char *test)
{
    if (access(SEI_SHARED_DIR, R_OK) == 0)
        return 1;
    printf("skipped: %s needs the reference folder %s\n", test, SEI_SHARED_DIR);
    return 0;
}

/* Runs one suite; the exit code of main. */
static inline int t_run(Suite *suite)
{
    SRunner *runner = srunner_create(suite);

    srunner_run_all(runner, CK_NORMAL);
    const int failed = srunner_ntests_failed(runner);
    srunner_free(runner);
    return failed ? EXIT_FAILURE : EXIT_SUCCESS;
}

/* Check's own macros work inside its tests only; these also where benchmarks and helpers run. */
#define T_NEED(condition, ...)            \
    do {                                  \
        if (!(condition)) {               \
            fprintf(stderr, __VA_ARGS__); \
            fputc('\n', stderr);          \
            abort();                      \
        }                                 \
    } while (0)
#define T_NEED_OK(ctx, expression) \
    T_NEED((expression) == SEI_OK, "%s: %s", #expression, sei_ctx_error(ctx))

#endif
