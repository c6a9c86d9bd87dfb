/*
 * fuzz_state.c - any bytes as the state of a run and as a member of an ensemble
 *
 * The checksum would stop all but whole files: bytes that lack it are also read with the right one.
 */
#include <sodium.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "study/checkpoint.h"
#include "study/ensemble.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SUM = 32 };

static void read_both(sei_ctx *ctx, const uint8_t *bytes, size_t len)
{
    sei_checkpoint c = {0};
    sei_member     m = {0};

    sei_ctx_clear(ctx);
    if (sei_checkpoint_parse(ctx, "fuzz.bin", bytes, len, &c) == SEI_OK) {
        if (!c.program || !c.inputs || !c.train || strlen(c.model) + 1 != sizeof c.model)
            abort();
        sei_checkpoint_done(ctx, &c);
    } else if (sei_ctx_error(ctx)[0] == '\0') {
        abort();
    }
    sei_ctx_clear(ctx);
    if (sei_member_parse(ctx, "fuzz.bin", bytes, len, "key", 7, &m) == SEI_OK)
        sei_member_done(ctx, &m);
    else if (sei_ctx_error(ctx)[0] == '\0')
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx *ctx  = sei_ctx_create(NULL);
    uint8_t *copy = malloc(size + SUM);

    if (ctx && copy) {
        read_both(ctx, data, size);
        if (size)
            memcpy(copy, data, size);
        crypto_generichash(copy + size, SUM, copy, size, NULL, 0);
        read_both(ctx, copy, size + SUM);
    }
    free(copy);
    sei_ctx_free(ctx);
    return 0;
}
