/* phreeqc_inputs.h - runs the PHREEQC inputs of a command line, several at once */
#ifndef SEI_CLI_PHREEQC_INPUTS_H
#define SEI_CLI_PHREEQC_INPUTS_H

#include "cli/cli.h"

/*
 * Runs cli->args on threads (0: one a processor) and tells of each in their order. One input writes into --output, several
 * into folders of their names in it; two of one name are wrong arguments. Returns the worst exit code.
 */
int sei_cli_run_phreeqc(sei_cli *cli, size_t threads);

#endif
