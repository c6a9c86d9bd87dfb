/* sweep.h - frames that are in the store and were not decoded: the program ended before, or their station was not known */
#ifndef SEI_SERVER_SWEEP_H
#define SEI_SERVER_SWEEP_H

#include "server/server_impl.h"

typedef void (*sei_sweep_took)(void *user, const sei_frame *frame, const sei_decoded *decoded);

typedef struct {
    sei_sweep_took took;
    void          *user;
    int64_t        counted[2]; /* up to these numbers this run of the program has counted its try */
} sei_sweeper;

void sei_sweeper_init(sei_sweeper *sweeper, sei_sweep_took took, void *user);

/* Takes up frames that nobody has decoded; with_strangers: those of stations that were not known, too. A frame's try is on
 * the disk before it is decoded, once a run of the program: what the program does not survive is tried again by itself, so
 * that no other frame is suspected, and given up after some times. An error of the store is none of the frame. */
SEI_CHECKED sei_status sei_sweep(sei_sweeper *sweeper, sei_server *server, sei_desk *desk,
                                 bool with_strangers);

#endif
