/*
 * news.h - new points on their way to the broker, for those who subscribe to Datastreams
 *
 * A ring between the threads that store points and the one that speaks with the broker. It holds points that are
 * committed, and no more than SEI_NEWS_MAX: what it cannot hold is counted and not told. The store is the record; what is
 * told by MQTT is not promised to arrive.
 */
#ifndef SEI_SERVER_NEWS_H
#define SEI_SERVER_NEWS_H

#include <stddef.h>
#include <stdint.h>

#include "seiryu/ctx.h"
#include "store/point.h"
#include "store/store.h"

enum { SEI_NEWS_MAX = 10000, SEI_NEWS_BYTES = 400, SEI_NEWS_TOPIC_BYTES = 80 };

typedef struct {
    int64_t   channel_id;
    sei_point point;
} sei_news_item;

typedef struct sei_news sei_news;

SEI_CHECKED sei_status sei_news_create(sei_ctx *ctx, sei_news **ret_news);
void                   sei_news_free(sei_news *news); /* NULL is harmless */

/* Appends n items; returns how many of them found no room. */
size_t sei_news_add(sei_news *news, size_t n, const sei_news_item items[]);
/* Takes the oldest, at most max of them; returns how many. */
size_t sei_news_take(sei_news *news, size_t max, sei_news_item ret_items[]);

/* Topic and payload of SensorThings 1.1 (OGC 18-088 §14.2, sta11): "v1.1/Datastreams(7)/Observations" and the Observation
 * as GET gives it, without links: they hang on the address that a client uses. Returns the payload's length; 0: no memory. */
size_t sei_news_message(const sei_news_item *item, char ret_topic[SEI_NEWS_TOPIC_BYTES],
                        char ret_payload[SEI_NEWS_BYTES]);

/* ---- points of a transaction that has not ended yet ---- */

typedef struct {
    sei_ctx       *ctx;
    size_t         n, size, n_lost;
    sei_news_item *items;
} sei_news_draft;

/* Those points of the record that were not there before; without memory they count as lost. */
void sei_news_note(sei_news_draft *draft, const sei_record *record);
void sei_news_draft_done(sei_news_draft *draft);

#endif
