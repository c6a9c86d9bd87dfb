/* bench_inputs.c - PHREEQC inputs from text to the text of their selected output, for timing */
#include "bench_inputs.h"

#include <stdatomic.h>

static bool run_input(sei_ctx *ctx, sei_pq_input *input, const sei_pq_database *database,
                      size_t threads)
{
    sei_pq_result *result = NULL;
    sei_buf        out;

    sei_buf_init(&out, ctx, (size_t)1 << 28);
    input->threads = threads;
    bool good      = (database ? sei_pq_run_with(ctx, input, database, &result)
                               : sei_pq_run(ctx, input, BENCH_DATABASE, &result)) == SEI_OK;
    for (size_t i = 0; good && i < result->n_tables; i++)
        sei_pq_table_put_phreeqc(result->tables[i], &out);
    good = good && out.status == SEI_OK;
    sei_buf_done(&out);
    sei_pq_result_free(ctx, result);
    return good;
}

bool bench_run_file(sei_ctx *ctx, const char *text, size_t len, const sei_pq_database *database,
                    size_t threads)
{
    sei_pq_input *input = NULL;
    const bool    good  = sei_pq_parse(ctx, "bench", text, len, &input) == SEI_OK &&
                      run_input(ctx, input, database, threads);

    sei_pq_free(input);
    return good;
}

/* Inputs side by side, one on each thread, as the command line runs several: read first, then what looks longest. */
typedef struct {
    const sei_pq_database *database;
    char                 **text;
    const size_t          *len;
    sei_ctx               *ctx[BENCH_SIDES];
    sei_pq_input          *input[BENCH_INPUTS_MAX];
    size_t                 order[BENCH_INPUTS_MAX];
    atomic_bool            fails;
} side_by_side;

static void read_beside(void *arg, size_t worker, size_t piece)
{
    side_by_side *s = arg;

    if (sei_pq_parse(s->ctx[worker], "bench", s->text[piece], s->len[piece], &s->input[piece]) !=
        SEI_OK)
        atomic_store(&s->fails, true);
}

static void run_beside(void *arg, size_t worker, size_t piece)
{
    side_by_side *s = arg;

    if (!run_input(s->ctx[worker], s->input[s->order[piece]], s->database, 1))
        atomic_store(&s->fails, true);
}

bool bench_run_side_by_side(sei_team *team, const sei_pq_database *database, char *text[],
                            const size_t len[], size_t n)
{
    side_by_side s    = {.database = database, .text = text, .len = len};
    bool         good = true;

    for (size_t k = 0; k < BENCH_SIDES; k++)
        good = (s.ctx[k] = sei_ctx_create(NULL)) && good;
    if (good)
        sei_team_run(team, n, read_beside, &s);
    good = good && !atomic_load(&s.fails) &&
           sei_pq_longest_first(s.ctx[0], n, s.input, s.order) == SEI_OK;
    if (good)
        sei_team_run(team, n, run_beside, &s);
    for (size_t i = 0; i < n; i++)
        sei_pq_free(s.input[i]);
    for (size_t k = 0; k < BENCH_SIDES; k++)
        sei_ctx_free(s.ctx[k]);
    return good && !atomic_load(&s.fails);
}
