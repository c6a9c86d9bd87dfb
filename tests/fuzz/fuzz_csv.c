/*
 * fuzz_csv.c - hostile bytes through the CSV reader and all that stands on it
 *
 * The first byte chooses the reader, the rest is the file. What was read is written and read again:
 * both tables must be equal.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "seiryu/water.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
    if (!condition)
        abort();
}

/* Header words are loaded once: they do not depend on the input. */
static const sei_headers *headers(void)
{
    static sei_headers *loaded;

    if (!loaded) {
        sei_ctx *ctx = sei_ctx_create(NULL);
        require(sei_headers_load(ctx, NULL, &loaded) == SEI_OK);
    }
    return loaded;
}

static void put_row(sei_table_writer *w, const sei_table *t, size_t row)
{
    for (size_t i = 0; i < sei_table_n_columns(t); i++)
        sei_table_put_text(w, row == SEI_TABLE_HEADER ? sei_table_header(t, i)
                                                      : sei_table_cell(t, row, i));
    sei_table_end_row(w);
}

static void round_trip(sei_ctx *ctx, const sei_table *t)
{
    sei_table_writer *w     = NULL;
    sei_table        *again = NULL;
    size_t            len   = 0;

    require(sei_table_writer_create(ctx, NULL, &w) == SEI_OK);
    put_row(w, t, SEI_TABLE_HEADER);
    for (size_t row = 0; row < sei_table_n_rows(t); row++)
        put_row(w, t, row);
    const char *text = sei_table_writer_text(w, &len);
    require(sei_table_writer_status(w) == SEI_OK);
    require(sei_table_parse(ctx, "again.csv", text, len, &again) == SEI_OK);
    require(sei_table_n_rows(again) == sei_table_n_rows(t));
    require(sei_table_n_columns(again) == sei_table_n_columns(t));
    for (size_t row = 0; row < sei_table_n_rows(t); row++)
        for (size_t i = 0; i < sei_table_n_columns(t); i++)
            require(strcmp(sei_table_cell(again, row, i), sei_table_cell(t, row, i)) == 0);
    sei_table_free(again);
    sei_table_writer_free(w);
}

static void use_series(sei_ctx *ctx, const sei_table *t)
{
    sei_read_options options = SEI_READ_DEFAULTS;
    sei_series_set  *set     = NULL;

    options.headers      = headers();
    options.skip_unknown = true;
    if (sei_series_from_table(ctx, t, &options, &set) != SEI_OK)
        return;
    for (size_t i = 0; i < set->n; i++) {
        const sei_aggregate_options month = {.period        = SEI_PERIOD_MONTH,
                                             .offset_us     = SEI_JST_OFFSET_US,
                                             .flow          = set->series[0],
                                             .percentile    = 0.9,
                                             .time_weighted = true};
        sei_series_bin             *bins  = NULL;
        size_t                      n     = 0;
        require(sei_series_aggregate(ctx, set->series[i], &month, &bins, &n) == SEI_OK);
        sei_release(ctx, bins);
    }
    sei_series_set_free(set);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const unsigned reader = size ? data[0] : 0;
    const char    *bytes  = (const char *)data + (size ? 1 : 0);
    const size_t   len    = size ? size - 1 : 0;
    sei_ctx       *ctx    = sei_ctx_create(NULL);
    sei_table     *table  = NULL;
    sei_limits    *limits = NULL;

    require(ctx != NULL);
    if (sei_table_parse(ctx, reader & 1 ? "fuzz.tsv" : "fuzz.csv", bytes, len, &table) == SEI_OK) {
        round_trip(ctx, table);
        if (reader & 2 && sei_limits_load(ctx, NULL, &limits) == SEI_OK &&
            sei_limits_add(ctx, limits, table) == SEI_OK)
            require(sei_limits_count(limits) > 0);
        else
            use_series(ctx, table);
    }
    sei_limits_free(limits);
    sei_table_free(table);
    sei_ctx_free(ctx);
    return 0;
}
