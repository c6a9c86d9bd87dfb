/* batch.c - frames that go through the store together */
#include "server/batch.h"

#include <stdio.h>
#include <string.h>

void sei_batch_init(sei_batch *batch, sei_ctx *ctx)
{
    *batch = (sei_batch){.ctx = ctx};
}

void sei_batch_clear(sei_batch *batch)
{
    for (size_t i = 0; i < batch->n; i++)
        sei_release(batch->ctx, (void *)(uintptr_t)batch->frames[i].payload);
    batch->n = batch->bytes = 0;
}

void sei_batch_done(sei_batch *batch)
{
    sei_batch_clear(batch);
    sei_release(batch->ctx, batch->frames);
    sei_release(batch->ctx, batch->decoded);
    sei_batch_init(batch, batch->ctx);
}

static sei_status make_room(sei_batch *b)
{
    if (b->n < b->size)
        return SEI_OK;
    const size_t size    = b->size ? 2 * b->size : 64;
    sei_frame   *frames  = sei_resize(b->ctx, b->frames, size, sizeof *frames);
    sei_decoded *decoded = sei_resize(b->ctx, b->decoded, size, sizeof *decoded);
    if (frames)
        b->frames = frames;
    if (decoded)
        b->decoded = decoded;
    if (!frames || !decoded)
        return SEI_E_NOMEM;
    b->size = size;
    return SEI_OK;
}

/* Payload, source and format behind each other in one piece of memory. */
sei_status sei_batch_add(sei_batch *b, const sei_frame *frame)
{
    const size_t     source = strlen(frame->source) + 1, format = strlen(frame->format) + 1;
    const sei_status st = make_room(b);
    char *copy          = st == SEI_OK ? sei_alloc(b->ctx, frame->len + source + format, 1) : NULL;

    if (!copy)
        return SEI_E_NOMEM;
    if (frame->len > 0)
        memcpy(copy, frame->payload, frame->len);
    memcpy(copy + frame->len, frame->source, source);
    memcpy(copy + frame->len + source, frame->format, format);
    sei_frame *f = &b->frames[b->n++];
    *f           = *frame;
    f->payload   = copy;
    f->source    = copy + frame->len;
    f->format    = copy + frame->len + source;
    f->detail    = NULL;
    b->bytes += frame->len;
    return SEI_OK;
}

/* Within a transaction; ids: room for as many, which the frames get when it is committed. */
static sei_status add(sei_desk *desk, sei_batch *b, int64_t **ret_ids)
{
    *ret_ids = sei_alloc(b->ctx, b->n + 1, sizeof **ret_ids);
    return *ret_ids ? sei_store_add_frames(desk->store, b->n, b->frames, *ret_ids) : SEI_E_NOMEM;
}

static void take_ids(sei_batch *b, sei_status status, int64_t *ids)
{
    for (size_t i = 0; i < b->n && status == SEI_OK; i++)
        b->frames[i].id = ids[i];
    sei_release(b->ctx, ids);
}

sei_status sei_batch_keep(sei_desk *desk, sei_batch *b)
{
    int64_t   *ids = NULL;
    sei_status st  = sei_store_begin(desk->store);

    if (st == SEI_OK)
        st = sei_store_end(desk->store, add(desk, b, &ids));
    take_ids(b, st, ids);
    return st;
}

static sei_status decode(sei_server *server, sei_desk *desk, sei_batch *b, size_t first, size_t n)
{
    const sei_status st = sei_store_begin(desk->store);

    return st == SEI_OK ? sei_desk_end(server, desk,
                                       sei_decode_frames(sei_desk_decoder(server, desk), n,
                                                         b->frames + first, b->decoded + first))
                        : st;
}

sei_status sei_batch_keep_and_decode(sei_server *server, sei_desk *desk, sei_batch *b,
                                     sei_batch *kept)
{
    int64_t   *ids = NULL;
    sei_status st  = sei_store_begin(desk->store);

    if (st != SEI_OK)
        return st;
    st = sei_decode_frames(sei_desk_decoder(server, desk), kept->n, kept->frames, kept->decoded);
    if (st == SEI_OK)
        st = add(desk, b, &ids);
    st = sei_desk_end(server, desk, st);
    take_ids(b, st, ids);
    return st;
}

/* The store works, but does not take what is in the frame. */
static sei_status refuse(sei_desk *desk, const sei_frame *frame, sei_decoded *decoded)
{
    sei_status st = SEI_OK;

    *decoded = (sei_decoded){.state = SEI_FRAME_REFUSED, .station_id = decoded->station_id};
    snprintf(decoded->detail, sizeof decoded->detail, "%s", sei_ctx_error(desk->ctx));
    st = sei_store_begin(desk->store);
    return st == SEI_OK
               ? sei_store_end(desk->store,
                               sei_store_close_frame(desk->store, frame->id, decoded->state,
                                                     decoded->station_id, decoded->detail))
               : st;
}

/* Whose fault is it? */
static bool is_of_store(sei_status status)
{
    return status == SEI_E_IO || status == SEI_E_NOMEM;
}

sei_status sei_batch_decode(sei_server *server, sei_desk *desk, sei_batch *b, size_t *ret_n)
{
    sei_status st = decode(server, desk, b, 0, b->n);

    *ret_n = st == SEI_OK ? b->n : 0;
    if (st == SEI_OK || is_of_store(st))
        return st;
    st = SEI_OK;
    for (size_t i = 0; i < b->n && st == SEI_OK; i++) {
        st = decode(server, desk, b, i, 1);
        if (st != SEI_OK && !is_of_store(st))
            st = refuse(desk, &b->frames[i], &b->decoded[i]);
        *ret_n += st == SEI_OK;
    }
    return st;
}
