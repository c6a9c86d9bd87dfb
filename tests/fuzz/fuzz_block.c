/* fuzz_block.c - hostile bytes through the reader of packed points; what it reads must pack to the same points */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <sodium.h>

#include "store/block.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx   *ctx = sei_ctx_create(NULL);
    sei_points points, again;
    uint8_t   *copy = malloc(size + 4), *bytes = NULL, hash[16];
    size_t     len = 0;

    require(ctx && copy);
    if (size)
        memcpy(copy, data, size);
    crypto_generichash(hash, sizeof hash, copy, size, NULL,
                       0); /* put right, else nothing behind it is reached */
    memcpy(copy + size, hash, 4);
    sei_points_init(&points, ctx);
    sei_points_init(&again, ctx);
    if (sei_block_unpack(ctx, copy, size + 4, &points) == SEI_OK) {
        require(sei_block_pack(ctx, points.n, points.at, &bytes, &len) == SEI_OK);
        require(sei_block_unpack(ctx, bytes, len, &again) == SEI_OK && again.n == points.n);
        require(memcmp(again.at, points.at, points.n * sizeof *points.at) == 0);
    }
    sei_release(ctx, bytes);
    sei_points_done(&points);
    sei_points_done(&again);
    free(copy);
    sei_ctx_free(ctx);
    return 0;
}
