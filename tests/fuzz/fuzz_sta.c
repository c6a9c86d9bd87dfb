/* fuzz_sta.c - hostile query options of SensorThings: "$name=value", parsed and evaluated on values of every kind */
#include <stdint.h>
#include <string.h>

#include "server/sta_geo.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static sei_status look_up(void *user, const char *path, sta_value *ret_value)
{
    const size_t len = strlen(path);

    *ret_value = (sta_value){.kind    = (sta_kind)(len % 6),
                             .number  = (double)(len % 3),
                             .time_us = (int64_t)len * 1000000,
                             .text    = path,
                             .shape   = sta_shape_point(user, (double)len, 3)};
    return ret_value->shape ? SEI_OK : SEI_E_NOMEM;
}

static void evaluate(sei_ctx *ctx, sei_arena *arena, const sta_options *o, int depth)
{
    sta_value  value;
    sei_status st = SEI_OK;

    if (o->filter)
        st = sta_eval(ctx, arena, o->filter, look_up, arena, &value);
    for (size_t i = 0; i < o->n_orders; i++)
        if (sta_eval(ctx, arena, o->orders[i].by, look_up, arena, &value) == SEI_OK)
            (void)sta_compare(&value, &value);
    for (const sta_expand *x = o->expand; x && depth < 2 * STA_DEPTH_MAX; x = x->next)
        evaluate(ctx, arena, &x->options, depth + 1);
    (void)st;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx    *ctx     = sei_ctx_create(NULL);
    sta_options options = sta_defaults();
    sei_arena   arena;

    sei_arena_init(&arena, ctx);
    char *name = sei_arena_strndup(&arena, (const char *)data, size);
    char *text = name ? strchr(name, '=') : NULL;
    if (text) {
        *text++ = '\0';
        if (sta_parse_option(ctx, &arena, name, text, &options) == SEI_OK)
            evaluate(ctx, &arena, &options, 0);
    }
    sei_arena_done(&arena);
    sei_ctx_free(ctx);
    return 0;
}
