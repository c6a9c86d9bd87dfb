/* sweep.c - frames that are in the store and were not decoded */
#include "server/sweep.h"

#include "server/batch.h"

enum { TRIES_MAX = 3, SWEEP_FRAMES = 1000, SWEEP_BYTES = 8 << 20 };

/* The third kind is tried in vain as often as stations change. */
typedef enum { UNTRIED, SUSPECT, STRANGER } group;

typedef struct {
    group     kind;
    sei_batch batch;
    int64_t   last_id; /* that was looked at */
    size_t    n_seen;
} piece;

void sei_sweeper_init(sei_sweeper *sweeper, sei_sweep_took took, void *user)
{
    *sweeper = (sei_sweeper){.took = took, .user = user};
}

static sei_status load_one(void *user, const sei_frame *frame)
{
    piece *p = user;

    if (p->batch.bytes > SWEEP_BYTES)
        return SEI_OK; /* of the next piece */
    p->last_id = frame->id;
    p->n_seen++;
    return p->kind == STRANGER || (p->kind == UNTRIED) == (frame->tries == 0)
               ? sei_batch_add(&p->batch, frame)
               : SEI_OK;
}

/* Notes tries of frames [first, first + n) that this run of the program has not noted yet. */
static sei_status note_tries(sei_sweeper *s, sei_desk *desk, const piece *p, size_t first, size_t n)
{
    int64_t   *counted = &s->counted[p->kind];
    sei_status st      = sei_store_begin(desk->store);

    if (st != SEI_OK)
        return st;
    for (size_t i = first; i < first + n && st == SEI_OK; i++)
        if (p->batch.frames[i].id > *counted)
            st = sei_store_try_frame(desk->store, p->batch.frames[i].id);
    st = sei_store_end(desk->store, st);
    if (st == SEI_OK && n > 0 && p->batch.frames[first + n - 1].id > *counted)
        *counted = p->batch.frames[first + n - 1].id;
    return st;
}

static sei_status decode(const sei_sweeper *s, sei_server *server, sei_desk *desk, sei_batch *batch)
{
    size_t           n  = 0;
    const sei_status st = sei_batch_decode(server, desk, batch, &n);

    for (size_t i = 0; i < n; i++)
        s->took(s->user, &batch->frames[i], &batch->decoded[i]);
    return st;
}

static sei_status give_up(sei_desk *desk, const sei_frame *frame)
{
    const sei_status st = sei_store_begin(desk->store);

    return st == SEI_OK
               ? sei_store_end(desk->store,
                               sei_store_close_frame(desk->store, frame->id, SEI_FRAME_REFUSED,
                                                     frame->station_id,
                                                     "the decoder did not come back from it"))
               : st;
}

/* Each by itself. */
static sei_status try_suspects(sei_sweeper *s, sei_server *server, sei_desk *desk, const piece *p)
{
    sei_batch  one;
    sei_status st = SEI_OK;

    sei_batch_init(&one, desk->ctx);
    for (size_t i = 0; i < p->batch.n && st == SEI_OK; i++) {
        const sei_frame *frame = &p->batch.frames[i];
        if (frame->tries > TRIES_MAX && frame->id > s->counted[SUSPECT]) {
            st = give_up(desk, frame);
            continue;
        }
        sei_batch_clear(&one);
        st = sei_batch_add(&one, frame);
        if (st == SEI_OK)
            st = note_tries(s, desk, p, i, 1);
        if (st == SEI_OK)
            st = decode(s, server, desk, &one);
    }
    sei_batch_done(&one);
    return st;
}

static sei_status take_piece(sei_sweeper *s, sei_server *server, sei_desk *desk, piece *p)
{
    if (p->kind == SUSPECT)
        return try_suspects(s, server, desk, p);
    const sei_status st = p->kind == UNTRIED ? note_tries(s, desk, p, 0, p->batch.n) : SEI_OK;
    return st == SEI_OK ? decode(s, server, desk, &p->batch) : st;
}

static sei_status sweep_kind(sei_sweeper *s, sei_server *server, sei_desk *desk, group kind)
{
    const sei_frame_state state = kind == STRANGER ? SEI_FRAME_STRANGER : SEI_FRAME_NEW;
    piece                 p     = {.kind = kind};
    sei_status            st    = SEI_OK;

    sei_batch_init(&p.batch, desk->ctx);
    do {
        sei_batch_clear(&p.batch);
        p.n_seen = 0;
        st       = sei_store_frames(desk->store, state, p.last_id, SWEEP_FRAMES, load_one, &p);
        if (st == SEI_OK && p.batch.n > 0)
            st = take_piece(s, server, desk, &p);
    } while (st == SEI_OK && p.n_seen > 0);
    sei_batch_done(&p.batch);
    return st;
}

sei_status sei_sweep(sei_sweeper *s, sei_server *server, sei_desk *desk, bool with_strangers)
{
    sei_status st = sweep_kind(s, server, desk, UNTRIED);

    if (st == SEI_OK)
        st = sweep_kind(s, server, desk, SUSPECT);
    return st == SEI_OK && with_strangers ? sweep_kind(s, server, desk, STRANGER) : st;
}
