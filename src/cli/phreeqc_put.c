/* phreeqc_put.c - what a run of a PHREEQC input made: files, standard output, text for people */
#include "cli/phreeqc_put.h"

#include <stdio.h>
#include <string.h>

#include "base/file.h"

/* A table of many thousand rows and columns; more is no longer looked at as one file. */
enum { OUTPUT_BYTES_MAX = 1 << 30, NAME_BYTES = 40 };

static void put_table(const char *format, const sei_pq_table *table, sei_buf *out)
{
    if (strcmp(format, "csv") == 0)
        sei_pq_table_put_csv(table, out);
    else if (strcmp(format, "json") == 0)
        sei_pq_table_put_json(table, out);
    else
        sei_pq_table_put_phreeqc(table, out);
}

static sei_status to_standard_output(sei_cli *cli, const sei_pq_result *result)
{
    sei_buf buf;

    sei_buf_init(&buf, cli->ctx, OUTPUT_BYTES_MAX);
    for (size_t i = 0; i < result->n_tables; i++)
        if (!result->tables[i]->is_graph)
            put_table(sei_cli_value(cli, "format"), result->tables[i], &buf);
    sei_status st = buf.status;
    if (st == SEI_OK &&
        (fwrite(buf.text, 1, buf.len, cli->out) != buf.len || fflush(cli->out) != 0))
        st = sei_fail(cli->ctx, SEI_E_IO, NULL, "standard output cannot be written");
    sei_buf_done(&buf);
    return st;
}

static const char *file_of(const sei_pq_table *table, char name[NAME_BYTES])
{
    snprintf(name, NAME_BYTES, table->is_graph ? "user_graph_%d.csv" : "selected_output_%d.sel",
             table->number);
    return table->file ? table->file : name;
}

/* Later definitions that go to the same file follow in it. */
static sei_status to_file(sei_cli *cli, const sei_pq_result *result, size_t at, const char *folder)
{
    char        name[NAME_BYTES], other[NAME_BYTES];
    const char *file   = file_of(result->tables[at], name);
    char       *path   = NULL;
    size_t      n_rows = 0;
    sei_buf     buf;

    for (size_t i = 0; i < at; i++)
        if (strcmp(file_of(result->tables[i], other), file) == 0)
            return SEI_OK;
    sei_buf_init(&buf, cli->ctx, OUTPUT_BYTES_MAX);
    for (size_t i = at; i < result->n_tables; i++) {
        if (result->tables[i]->is_unasked || strcmp(file_of(result->tables[i], other), file) != 0)
            continue;
        put_table(result->tables[i]->is_graph ? "csv" : "phreeqc", result->tables[i], &buf);
        n_rows += result->tables[i]->n_rows;
    }
    sei_status st = buf.status;
    path          = sei_path_join(cli->ctx, folder ? folder : ".", file);
    if (!path)
        st = SEI_E_NOMEM;
    if (st == SEI_OK)
        st = sei_file_write(cli->ctx, path, buf.text, buf.len);
    if (st == SEI_OK)
        fprintf(cli->out, "%s: %zu %s\n", path, n_rows,
                sei_cli_say(cli, n_rows == 1 ? "row" : "rows", "行"));
    sei_release(cli->ctx, path);
    sei_buf_done(&buf);
    return st;
}

/* What a reader wants of INVERSE_MODELING; tables have the numbers. */
static sei_status put_models(sei_cli *cli, const sei_pq_result *result)
{
    sei_buf buf;

    sei_buf_init(&buf, cli->ctx, OUTPUT_BYTES_MAX);
    for (size_t i = 0; i < result->n_inverses; i++)
        sei_inverse_put_text(result->inverses[i], cli->lang == SEI_LANG_JA, &buf);
    if (buf.status == SEI_OK)
        fwrite(buf.text, 1, buf.len, sei_cli_has(cli, "format") ? cli->err : cli->out);
    const sei_status st = buf.status;
    sei_buf_done(&buf);
    return st;
}

/* Files of DUMP, wherever the tables go. */
static sei_status put_dumps(sei_cli *cli, const sei_pq_result *result, const char *folder)
{
    sei_status st = folder && result->n_dumps ? sei_folder_make(cli->ctx, folder) : SEI_OK;

    for (size_t i = 0; i < result->n_dumps && st == SEI_OK; i++) {
        const sei_pq_dumped *d    = &result->dumps[i];
        char                *path = sei_path_join(cli->ctx, folder ? folder : ".", d->file);
        st = path ? sei_file_write(cli->ctx, path, d->text, d->len) : SEI_E_NOMEM;
        if (st == SEI_OK && !sei_cli_has(cli, "format"))
            fprintf(cli->out, "%s: DUMP\n", path);
        sei_release(cli->ctx, path);
    }
    return st;
}

sei_status sei_cli_put_phreeqc(sei_cli *cli, const sei_pq_result *result, const char *folder)
{
    sei_status st = SEI_OK;

    /* What USER_PRINT says stays apart from a table that goes to standard output. */
    if (result->printed_len)
        fwrite(result->printed, 1, result->printed_len,
               sei_cli_has(cli, "format") ? cli->err : cli->out);
    if (result->n_inverses > 0) {
        st = put_models(cli, result);
        if (st != SEI_OK)
            return st;
    }
    st = put_dumps(cli, result, folder);
    if (st != SEI_OK)
        return st;
    if (result->n_tables == 0 && !result->printed_len && !result->n_dumps)
        sei_warn(cli->ctx, NULL, "the input has no SELECTED_OUTPUT: nothing is written");
    if (sei_cli_has(cli, "format"))
        return to_standard_output(cli, result);
    if (result->n_tables > 0 && folder)
        st = sei_folder_make(cli->ctx, folder);
    for (size_t i = 0; i < result->n_tables && st == SEI_OK; i++)
        if (!result->tables[i]->is_unasked)
            st = to_file(cli, result, i, folder);
    return st;
}
