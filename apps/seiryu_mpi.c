/*
 * seiryu_mpi.c - the command line on several processes: mpirun -n 4 seiryu-mpi simulate ...
 *
 * Ranks share the result folder. They take the members of an ensemble one by one; everything else
 * is done by the first one. Members are the same whatever the number of ranks.
 */
#include <mpi.h>
#include <time.h>

#include "cli/cli.h"

/* Waits asleep: Open MPI's own waiting takes a whole processor, which threads of another rank may need. */
static int agree(void *user, int code)
{
    const struct timespec nap = {0, 2000000}; /* 2 ms */

    MPI_Request all;
    int         worst = code, is_done = 0;

    (void)user;
    MPI_Iallreduce(&code, &worst, 1, MPI_INT, MPI_MAX, MPI_COMM_WORLD, &all);
    MPI_Test(&all, &is_done, MPI_STATUS_IGNORE);
    while (!is_done) {
        nanosleep(&nap, NULL);
        MPI_Test(&all, &is_done, MPI_STATUS_IGNORE);
    }
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
    (void)agree(NULL, code); /* the first one writes the report still */
    MPI_Finalize();
    return code;
}
