/* news.c - new points on their way to the broker */
#include "server/news.h"

#include <pthread.h>
#include <stdio.h>

#include "server/sta.h"

struct sei_news {
    sei_ctx        *ctx;
    pthread_mutex_t lock;
    size_t          first, n;
    sei_news_item   items[SEI_NEWS_MAX];
};

sei_status sei_news_create(sei_ctx *ctx, sei_news **ret_news)
{
    sei_news *news = sei_alloc(ctx, 1, sizeof *news);

    if (!news)
        return SEI_E_NOMEM;
    news->ctx = ctx;
    pthread_mutex_init(&news->lock, NULL);
    *ret_news = news;
    return SEI_OK;
}

void sei_news_free(sei_news *news)
{
    if (!news)
        return;
    pthread_mutex_destroy(&news->lock);
    sei_release(news->ctx, news);
}

size_t sei_news_add(sei_news *news, size_t n, const sei_news_item items[])
{
    size_t i = 0;

    pthread_mutex_lock(&news->lock);
    for (; i < n && news->n < SEI_NEWS_MAX; i++)
        news->items[(news->first + news->n++) % SEI_NEWS_MAX] = items[i];
    pthread_mutex_unlock(&news->lock);
    return n - i;
}

size_t sei_news_take(sei_news *news, size_t max, sei_news_item ret_items[])
{
    size_t i = 0;

    pthread_mutex_lock(&news->lock);
    for (; i < max && news->n > 0; i++, news->n--) {
        ret_items[i] = news->items[news->first];
        news->first  = (news->first + 1) % SEI_NEWS_MAX;
    }
    pthread_mutex_unlock(&news->lock);
    return i;
}

size_t sei_news_message(const sei_news_item *item, char ret_topic[SEI_NEWS_TOPIC_BYTES],
                        char ret_payload[SEI_NEWS_BYTES])
{
    json_t *observation = sta_point_json(item->channel_id, &item->point);
    size_t  len         = 0;

    snprintf(ret_topic, SEI_NEWS_TOPIC_BYTES, "v1.1/Datastreams(%lld)/Observations",
             (long long)item->channel_id);
    if (observation)
        len = json_dumpb(observation, ret_payload, SEI_NEWS_BYTES, JSON_COMPACT);
    json_decref(observation);
    return len <= SEI_NEWS_BYTES ? len : 0;
}

/* ---- points of a transaction ---------------------------------------------------------------------------- */

static bool make_room(sei_news_draft *draft)
{
    if (draft->n < draft->size)
        return true;
    if (draft->size >= SEI_NEWS_MAX)
        return false;
    const size_t   size  = draft->size ? 2 * draft->size : 64;
    sei_news_item *items = sei_resize(draft->ctx, draft->items, size, sizeof *items);
    if (!items)
        return false;
    draft->items = items;
    draft->size  = size;
    return true;
}

void sei_news_note(sei_news_draft *draft, const sei_record *record)
{
    for (size_t i = 0; i < record->n; i++) {
        const sei_reading *r = &record->readings[i];
        if (!record->is_new[i])
            continue;
        if (!make_room(draft)) {
            draft->n_lost++;
            continue;
        }
        draft->items[draft->n++] =
            (sei_news_item){r->channel_id,
                            {.time_us = r->time_us,
                             .epoch   = record->is_numbered ? record->epoch : 0,
                             .seq     = record->is_numbered ? record->seq : 0,
                             .value   = r->value,
                             .kind    = r->kind}};
    }
}

void sei_news_draft_done(sei_news_draft *draft)
{
    sei_release(draft->ctx, draft->items);
    draft->items = NULL;
    draft->n = draft->size = 0;
}
