/*
 * fuzz_run.c - any bytes as a PHREEQC input that is run: whatever is asked, the runner gives numbers or an error
 *
 * Runs on a small database (run.dat). Inputs that ask for long work are passed over, for a fuzzer finds those
 * and nothing else: many steps, cells or shifts, and programs that may loop.
 */
#include <math.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "phreeqc/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    STEPS_MAX     = 6,
    CELLS_MAX     = 4,
    ITEMS_MAX     = 12,
    BLOCKS_MAX    = 30,
    RANGE_MAX     = 30,
    TEXT_MAX      = 3000,
    REACTANTS_MAX = 3
};

#define MIXES_MAX 50.0 /* of a shift, by diffusion of every species by itself */

static bool is_long_steps(const sei_pq_steps *s)
{
    return (s->is_equal ? s->n_equal : s->n) > STEPS_MAX;
}

static bool is_long_program(const sei_pq_text *text)
{
    static const char *const loops[] = {"GOTO", "GOSUB", "WHILE", "FOR", "ON", "DIM", "PAD", "STR"};

    for (size_t i = 0; i < text->n; i++)
        for (size_t k = 0; k < sizeof loops / sizeof *loops; k++)
            for (const char *at = text->lines[i].text; *at; at++)
                if (strncasecmp(at, loops[k], strlen(loops[k])) == 0)
                    return true;
    return false;
}

/* The number of dispersion steps grows with the coefficients, and with shorter cells. */
static bool is_long_diffusion(const sei_pq_transport *t)
{
    double least_m = 1.0;

    for (size_t i = 0; i < t->n_lengths; i++)
        least_m = fmin(least_m, fabs(t->lengths_m[i]));
    return fmax(t->multi.default_m2_s, 1e-9) * fabs(t->time_step_s) > MIXES_MAX * least_m * least_m;
}

static bool is_long_column(const sei_pq_block *b)
{
    if (b->kind == SEI_PQ_BLOCK_ADVECTION)
        return b->as.advection->cells > CELLS_MAX || b->as.advection->shifts > CELLS_MAX;
    const sei_pq_transport *t = b->as.transport;
    if (t->cells > CELLS_MAX || t->shifts > CELLS_MAX || t->substeps > CELLS_MAX ||
        t->stagnant_layers > CELLS_MAX)
        return true;
    return t->multi.is_on ? is_long_diffusion(t) : t->diffusion_m2_s * t->time_step_s > 1e-2;
}

static bool is_long_kinetics(const sei_pq_kinetics *k)
{
    return is_long_steps(&k->steps) || k->n > REACTANTS_MAX;
}

static bool is_long_rates(const sei_pq_rates *rates)
{
    for (size_t i = 0; i < rates->n; i++)
        if (is_long_program(&rates->rates[i].basic))
            return true;
    return false;
}

/* Steps, times and rates of a dump. */
static bool is_long_dump(const sei_pq_modify *m)
{
    for (size_t i = 0; i < m->n; i++)
        if (m->items[i].n > STEPS_MAX ||
            (m->items[i].change == SEI_PQ_SET_COUNT && m->items[i].value > STEPS_MAX))
            return true;
    return m->n > 10 * ITEMS_MAX;
}

static bool is_long_block(const sei_pq_block *b)
{
    if (b->last - b->first > RANGE_MAX)
        return true;
    switch (b->kind) {
    case SEI_PQ_BLOCK_REACTION: return is_long_steps(&b->as.reaction->steps);
    case SEI_PQ_BLOCK_REACTION_TEMPERATURE: return is_long_steps(&b->as.ramp->steps);
    case SEI_PQ_BLOCK_KINETICS: return is_long_kinetics(b->as.kinetics);
    case SEI_PQ_BLOCK_RATES: return is_long_rates(b->as.rates);
    case SEI_PQ_BLOCK_MODIFY: return is_long_dump(b->as.modify);
    case SEI_PQ_BLOCK_TRANSPORT:
    case SEI_PQ_BLOCK_ADVECTION: return is_long_column(b);
    case SEI_PQ_BLOCK_USER_PRINT:
    case SEI_PQ_BLOCK_USER_GRAPH:
    case SEI_PQ_BLOCK_USER_PUNCH: return is_long_program(&b->as.program->basic);
    case SEI_PQ_BLOCK_COPY: return b->as.copy->last - b->as.copy->first > RANGE_MAX;
    case SEI_PQ_BLOCK_SAVE: return b->as.target->last - b->as.target->first > RANGE_MAX;
    case SEI_PQ_BLOCK_SOLUTION: return b->as.solution->n > ITEMS_MAX;
    case SEI_PQ_BLOCK_EQUILIBRIUM_PHASES: return b->as.equilibrium->n > ITEMS_MAX;
    default: return false;
    }
}

static bool is_long(const sei_pq_input *input)
{
    size_t blocks = 0;

    for (size_t i = 0; i < input->n; i++) {
        blocks += input->simulations[i].n;
        for (size_t k = 0; k < input->simulations[i].n; k++)
            if (is_long_block(&input->simulations[i].blocks[k]))
                return true;
    }
    return blocks > BLOCKS_MAX;
}

/* Rows are whole: every cell is a text, is missing or holds a number that can be written. */
static void check(sei_ctx *ctx, const sei_pq_result *result)
{
    sei_buf out;

    for (size_t i = 0; i < result->n_tables; i++) {
        sei_buf_init(&out, ctx, 1 << 24);
        sei_pq_table_put_phreeqc(result->tables[i], &out);
        sei_pq_table_put_csv(result->tables[i], &out);
        sei_pq_table_put_json(result->tables[i], &out);
        sei_buf_done(&out);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    sei_ctx       *ctx    = size <= TEXT_MAX ? sei_ctx_create(NULL) : NULL;
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;

    if (!ctx)
        return 0;
    if (sei_pq_parse(ctx, "fuzz.pqi", (const char *)data, size, &input) == SEI_OK &&
        !is_long(input)) {
        const sei_status st = sei_pq_run(ctx, input, SEI_FUZZ_FOLDER "/run.dat", &result);
        if (st != SEI_OK && sei_ctx_error(ctx)[0] == '\0')
            abort();
    }
    if (result)
        check(ctx, result);
    sei_pq_result_free(ctx, result);
    sei_pq_free(input);
    sei_ctx_free(ctx);
    return 0;
}
