/*
 * fuzz_basic.c - hostile text through the BASIC compiler and its machine
 *
 * The first byte chooses strict or late errors and the precision. What compiles is run twice with a
 * small budget and a host that answers everything: both runs must agree.
 */
#include <math.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "basic/basic.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { JUMPS = 2000 };

static void require(int condition)
{
    if (!condition)
        abort();
}

/* Variables of a call get lists of three; texts come from the arguments. */
static void fill(const sei_basic_call *call)
{
    for (size_t i = 0; i < call->n; i++) {
        if (sei_basic_give_number(call, i, 0, 3.0) == SEI_OK ||
            sei_basic_give_text(call, i, 0, "hfo", 3) == SEI_OK ||
            sei_basic_give_list(call, i, 3) != SEI_OK)
            continue;
        for (size_t j = 1; j <= 3; j++)
            require(sei_basic_give_number(call, i, j, (double)j) == SEI_OK ||
                    sei_basic_give_text(call, i, j, "aq", 2) == SEI_OK);
    }
}

static sei_status answer(void *user, const sei_basic_call *call, sei_basic_value *ret)
{
    char text[8];

    if (sei_basic_is_memory(call->function))
        return sei_basic_store_call(user, call, ret);
    require(call->n <= SEI_BASIC_ARGS_MAX);
    fill(call);
    ret->number = call->n ? call->args[0].number : 0.5;
    for (size_t i = 0; i < call->n; i++)
        require(strlen(sei_basic_copy_text(&call->args[i], text, sizeof text)) < sizeof text);
    if (call->n && call->args[0].text) {
        ret->text = call->args[0].text;
        ret->len  = call->args[0].len;
    }
    return SEI_OK;
}

static void use(sei_ctx *ctx, const sei_basic_program *program, bool high)
{
    sei_basic_vm    *vm    = NULL;
    sei_basic_store *store = NULL;
    sei_status       st[2];
    size_t           n[2], printed[2];

    require(sei_basic_vm_create(ctx, program, &vm) == SEI_OK);
    sei_basic_vm_set_budget(vm, JUMPS);
    sei_basic_vm_set_high_precision(vm, high);
    for (int i = 0; i < 2; i++) {
        require(sei_basic_store_create(ctx, &store) == SEI_OK);
        const sei_basic_host host = {answer, store, NULL};
        sei_buf              out;
        st[i] = sei_basic_run(vm, &host);
        n[i]  = sei_basic_n_items(vm);
        require(strlen(sei_basic_printed(vm, &printed[i])) <= printed[i]);
        sei_buf_init(&out, ctx, SEI_BASIC_OUTPUT_MAX);
        for (size_t j = 0; j < n[i]; j++) {
            const sei_basic_item item = sei_basic_item_at(vm, j);
            sei_basic_put_item(&out, &item, high);
        }
        sei_buf_done(&out);
        sei_basic_store_free(store);
    }
    require(st[0] == st[1] && n[0] == n[1] && printed[0] == printed[1]);
    sei_basic_vm_free(vm);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned     options = size ? data[0] : 0;
    const char        *text    = (const char *)data + (size ? 1 : 0);
    const size_t       len     = size ? size - 1 : 0;
    sei_ctx           *ctx     = sei_ctx_create(NULL);
    sei_basic_program *program = NULL;

    require(ctx != NULL);
    const sei_status st = options & 1
                              ? sei_basic_compile_late(ctx, "fuzz.pqi", 1, text, len, &program)
                              : sei_basic_compile(ctx, "fuzz.pqi", 1, text, len, &program);
    if (st == SEI_OK)
        use(ctx, program, options & 2);
    else
        require(program == NULL && sei_ctx_error(ctx)[0] != '\0');
    sei_basic_free(program);
    sei_ctx_free(ctx);
    return 0;
}
