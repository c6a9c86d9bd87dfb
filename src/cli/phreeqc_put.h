/* phreeqc_put.h - what a run of a PHREEQC input made: files, standard output, text for people */
#ifndef SEI_CLI_PHREEQC_PUT_H
#define SEI_CLI_PHREEQC_PUT_H

#include "cli/cli.h"
#include "phreeqc/run.h"

/* Selected output, curves and dumps into files of folder (made when it is not there; NULL: the present one), or to standard
 * output with --format; text of USER_PRINT and of INVERSE_MODELING to standard output, or with --format to standard
 * error. */
SEI_CHECKED sei_status sei_cli_put_phreeqc(sei_cli *cli, const sei_pq_result *result,
                                           const char *folder);

#endif
