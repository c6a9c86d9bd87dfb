/*
 * live.h - what changed, told to browsers that wait for it (Server-Sent Events, WHATWG HTML §9.2)
 *
 * An event names sites and kinds of things that changed there; the page asks for what it shows. Nothing queues up: of a
 * reader is kept up to which change it was told, so one who reads slowly gets one event about much, and memory is bounded
 * by the number of readers. Rights are looked up anew every few seconds; a session that ended ends its stream.
 */
#ifndef SEI_SERVER_LIVE_H
#define SEI_SERVER_LIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"

struct MHD_Response;
struct sei_request;
struct sei_server;

typedef struct sei_live        sei_live;
typedef struct sei_live_stream sei_live_stream;

enum { SEI_LIVE_STREAMS_MAX = 256, SEI_LIVE_STREAMS_A_PERSON = 16, SEI_LIVE_STATIONS = 256 };

SEI_CHECKED sei_status sei_live_start(struct sei_server *server, sei_live **ret_live);
/* Ends all streams; before the HTTP daemon stops. */
void sei_live_end_streams(sei_live *live);
void sei_live_free(sei_live *live); /* NULL is harmless */
/* How many streams are open. */
int sei_live_count(const sei_live *live);

/* A stream for who asks; 429 or 503 when there are too many. */
SEI_CHECKED sei_status sei_live_open(struct sei_request *req, sei_live_stream **ret_stream);
/* The answer that owns the stream from here on; NULL without memory, and then the stream is gone, too. */
struct MHD_Response *sei_live_response(sei_live_stream *stream);
void                 sei_live_close(sei_live_stream *stream); /* NULL is harmless */

/* ---- stations whose points a transaction brought ---- */

typedef struct {
    size_t  n;
    bool    is_more; /* than there is room for: all are meant */
    int64_t ids[SEI_LIVE_STATIONS];
} sei_live_draft;

void sei_live_note(sei_live_draft *draft, int64_t station_id);
/* After the transaction: what was kept is told, the draft is empty again. live NULL: nobody is told. */
void sei_live_hand(sei_live *live, sei_live_draft *draft, bool is_kept);

/* Rights changed, or a session ended: they are looked up anew at the next step. */
void sei_live_rights_changed(sei_live *live);

#endif
