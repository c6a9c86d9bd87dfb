/* seiryu.c - the command line program */
#include "cli/cli.h"

int main(int argc, char **argv)
{
    return sei_cli_main(argc, argv, stdout, stderr);
}
