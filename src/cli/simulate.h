/* simulate.h - what seiryu simulate does besides one run, one file each */
#ifndef SEI_CLI_SIMULATE_H
#define SEI_CLI_SIMULATE_H

#include <signal.h>

#include "cli/cli.h"
#include "seiryu/ensemble.h"

typedef struct {
    size_t               n_threads; /* 0: not given */
    sei_ensemble_options ensemble;  /* n = 0: none */
    bool                 sensitivities;
    const char          *restart, *save_state; /* NULL: not given */
    double               checkpoint_s;         /* 0: not given */
} sei_simulate_more;

/* Options --ensemble, --seed, --threads, --restart, --save-state, --checkpoint-days; the exit code. */
int sei_simulate_take_more(const sei_cli *cli, const sei_site *site, sei_simulate_more *ret_more);

/* Before ranks begin: by the first of them. */
sei_status sei_simulate_begin_ensemble(const sei_cli *cli, const char *folder);

/* Computes the ensemble around a finished run into folder/ensemble, prints its table and paths.
 * nominal NULL: a rank that computes members only. code: exit code so far; where it is none of success, the other ranks
 * are told and nothing is computed. */
int sei_simulate_ensemble(sei_cli *cli, const sei_site *site, const sei_result *nominal,
                          const char *folder, const sei_ensemble_options *options,
                          const volatile sig_atomic_t *stop, int code);

/* Sensitivities around a finished run into folder/sensitivities. */
int sei_simulate_sensitivities(sei_cli *cli, const sei_result *nominal, const char *folder,
                               size_t n_threads, const volatile sig_atomic_t *stop);

#endif
