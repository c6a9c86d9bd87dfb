/* batch.h - frames that go through the store together: one commit for many, and none spoils the others */
#ifndef SEI_SERVER_BATCH_H
#define SEI_SERVER_BATCH_H

#include "server/server_impl.h"

typedef struct {
    sei_ctx     *ctx;
    size_t       n, size, bytes;
    sei_frame   *frames;  /* with copies of source, format and payload */
    sei_decoded *decoded; /* what became of each */
} sei_batch;

void sei_batch_init(sei_batch *batch, sei_ctx *ctx);
void sei_batch_done(sei_batch *batch);
/* Empties it; its arrays stay. */
void                   sei_batch_clear(sei_batch *batch);
SEI_CHECKED sei_status sei_batch_add(sei_batch *batch, const sei_frame *frame);

/* Writes the raw frames, which get their ids, in one transaction. */
SEI_CHECKED sei_status sei_batch_keep(sei_desk *desk, sei_batch *batch);
/* The same, and in the same transaction what sei_batch_decode does with frames that are in the store already: one commit for
 * both. After an error neither of them happened. */
SEI_CHECKED sei_status sei_batch_keep_and_decode(sei_server *server, sei_desk *desk,
                                                 sei_batch *batch, sei_batch *kept);
/* Decodes frames that are in the store, in one transaction. When something of them cannot be stored though the store works,
 * each has a transaction of its own, and what cannot be stored is refused with the reason. After an error (of the
 * store) the first *ret_n of them are done, the others as they were. */
SEI_CHECKED sei_status sei_batch_decode(sei_server *server, sei_desk *desk, sei_batch *batch,
                                        size_t *ret_n);

#endif
