/* stopped_run.h - a run that is stopped on the way, and what must be the same to the bit */
#ifndef SEI_TESTS_STOPPED_RUN_H
#define SEI_TESTS_STOPPED_RUN_H

#include <signal.h>

#include "seiryu/result.h"
#include "t.h"

typedef struct {
    volatile sig_atomic_t stop;
    double                at; /* of the simulated time */
} stopper;

/* As progress of a run's hooks, with the stopper's stop. */
static inline void stop_at(void *user, double fraction)
{
    stopper *s = user;

    s->stop = s->stop || fraction >= s->at;
}

static inline void check_same(const sei_result *a, const sei_result *b)
{
    ck_assert_uint_eq(a->n_times, b->n_times);
    ck_assert_uint_eq(a->n_profiles, b->n_profiles);
    ck_assert_mem_eq(a->time_us, b->time_us, a->n_times * sizeof *a->time_us);
    ck_assert_mem_eq(a->value, b->value,
                     a->n_times * a->n_watches * a->n_columns * sizeof *a->value);
    ck_assert_mem_eq(a->solid_mol, b->solid_mol,
                     a->n_times * a->n_units * a->n_solids * sizeof *a->solid_mol);
    ck_assert_mem_eq(a->profile_value, b->profile_value,
                     a->n_profiles * a->n_cells * a->n_columns * sizeof *a->profile_value);
    ck_assert_uint_eq(a->n_books, b->n_books);
    for (size_t i = 0; i < a->n_books; i++)
        ck_assert_mem_eq(&a->books[i].in_mol, &b->books[i].in_mol, 5 * sizeof(double));
    ck_assert_uint_eq(a->n_unit_books, b->n_unit_books);
    for (size_t i = 0; i < a->n_unit_books; i++)
        ck_assert_mem_eq(&a->unit_books[i].in_mol, &b->unit_books[i].in_mol, 9 * sizeof(double));
    ck_assert_uint_eq(a->stats.steps, b->stats.steps);
    ck_assert_uint_eq(a->stats.newton_iterations, b->stats.newton_iterations);
    ck_assert_uint_eq(a->n_warnings, b->n_warnings);
    for (size_t i = 0; i < a->n_warnings; i++)
        ck_assert_str_eq(a->warnings[i], b->warnings[i]);
}

#endif
