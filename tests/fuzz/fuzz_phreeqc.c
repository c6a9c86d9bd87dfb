/* fuzz_phreeqc.c - any bytes as a PHREEQC input: the reader of every keyword survives and frees what it made */
#include <stddef.h>
#include <stdint.h>

#include "phreeqc/input.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void touch(sei_ctx *ctx, const sei_pq_input *input)
{
    for (size_t i = 0; i < input->n; i++) {
        for (size_t k = 0; k < input->simulations[i].n; k++) {
            char  *text;
            size_t len, line;
            if (input->simulations[i].blocks[k].kind == SEI_PQ_BLOCK_DATABASE &&
                sei_pq_database_text(ctx, &input->simulations[i].blocks[k], &text, &len, &line) ==
                    SEI_OK)
                sei_release(ctx, text);
        }
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx      *ctx   = sei_ctx_create(NULL);
    sei_pq_input *input = NULL;

    if (!ctx)
        return 0;
    if (sei_pq_parse(ctx, "fuzz.pqi", (const char *)data, size, &input) == SEI_OK)
        touch(ctx, input);
    sei_pq_free(input);
    sei_ctx_free(ctx);
    return 0;
}
