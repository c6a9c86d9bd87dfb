/* seiryu.c - the command line program */
#include "base/heap.h"
#include "cli/cli.h"

int main(int argc, char **argv)
{
    sei_heap_keep();
    return sei_cli_main(argc, argv, stdout, stderr);
}
