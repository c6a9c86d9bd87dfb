/*
 * seiryu_mpi.c - the command line on several processes: mpirun -n 4 seiryu-mpi simulate ...
 *
 * Ranks share the result folder. They split the members of an ensemble; everything else is done by
 * the first one. Members are the same whatever the number of ranks.
 */
#include <mpi.h>

#include "cli/cli.h"

static int agree(void *user, int code)
{
    int worst = code;

    (void)user;
    MPI_Allreduce(&code, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD);
    return worst;
}

int main(int argc, char **argv)
{
    int rank = 0, size = 1, level;

    if (MPI_Init_thread(&argc, &argv, MPI_THREAD_FUNNELED, &level) != MPI_SUCCESS)
        return SEI_EXIT_SYSTEM;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    const sei_cli_ranks ranks = {(size_t)rank, (size_t)size, agree, NULL};
    FILE               *none  = rank > 0 ? fopen("/dev/null", "w") : NULL;
    const int           code = sei_cli_main_ranks(argc, argv, none ? none : stdout, stderr, &ranks);
    if (none)
        fclose(none);
    MPI_Finalize();
    return code;
}
