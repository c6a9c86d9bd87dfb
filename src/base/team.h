/*
 * team.h - threads that share out numbered pieces of work
 *
 * Which thread takes which piece is left to chance: work must not depend on it.
 */
#ifndef SEI_BASE_TEAM_H
#define SEI_BASE_TEAM_H

#include "seiryu/ctx.h"

enum { SEI_TEAM_THREADS_MAX = 256 };

typedef struct sei_team sei_team;

/* Processors of the machine, at least 1. */
size_t sei_team_processors(void);

/* worker: 0 .. threads - 1, for workspaces; piece: 0 .. n_pieces - 1 */
typedef void sei_team_work(void *arg, size_t worker, size_t piece);

/* threads: 0 = one for each processor; with 1 the caller does all itself. */
SEI_CHECKED sei_status sei_team_create(sei_ctx *ctx, size_t threads, sei_team **ret_team);
void                   sei_team_free(sei_team *team); /* NULL is a harmless no-op */
size_t                 sei_team_threads(const sei_team *team);

/* Returns when all pieces are done. One caller at a time. */
void sei_team_run(sei_team *team, size_t n_pieces, sei_team_work *work, void *arg);

#endif
