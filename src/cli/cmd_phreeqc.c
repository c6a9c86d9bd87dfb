/* cmd_phreeqc.c - seiryu phreeqc: a PHREEQC input file as it is, its selected output written */
#include <stdio.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/team.h"
#include "base/text.h"
#include "cli/cli.h"
#include "phreeqc/run.h"

/* A table of many thousand rows and columns; more is no longer looked at as one file. */
enum { OUTPUT_BYTES_MAX = 1 << 30, NAME_BYTES = 40 };

static const char *const formats[] = {"phreeqc", "csv", "json", NULL};
static const char *const schemes[] = {"split", "implicit", NULL};

static const sei_cli_option options[] = {
    {"database", 'd', "FILE", NULL,
     "thermodynamic database (the DATABASE line of the input, else the shipped minewater.dat)",
     "熱力学データベース(既定は入力の DATABASE 行、なければ同梱の minewater.dat)"},
    {"output", 'o', "DIR", NULL, "folder of the selected-output files (the present one)",
     "selected output ファイルを書き出すフォルダ(既定は現在のフォルダ)"},
    {"format", 'f', "FORMAT", formats,
     "write to standard output instead: phreeqc (its own layout), csv or json",
     "ファイルの代わりに標準出力へ書く: phreeqc(PHREEQCの書式)、csv、json"},
    {"scheme", 0, "SCHEME", schemes,
     "how TRANSPORT is solved: split as PHREEQC does (the default), or implicit: all cells at "
     "once, to verify that",
     "TRANSPORT の解法: "
     "split(既定、PHREEQCと同じ演算子分割)、implicit(全セル同時の陰解法、検証用)"},
    {"threads", 0, "N", NULL, "threads for the cells of large columns (one a processor)",
     "大きなカラムのセルを並列計算するスレッド数(既定はプロセッサ数)"},
};

static const sei_cli_example examples[] = {
    {"seiryu phreeqc model.pqi --database wateq4f.dat",
     "writes the file that SELECTED_OUTPUT names", "SELECTED_OUTPUT で指定したファイルに書き出す"},
    {"seiryu phreeqc model.pqi -d phreeqc.dat -f csv > model.csv", "a table for a spreadsheet",
     "表計算ソフト用のCSVとして出力する"},
    {"seiryu phreeqc -f json model.pqi", "with the shipped database, for a program",
     "同梱データベースで計算し、JSONで出力する"},
    {"seiryu phreeqc column.pqi -f csv --scheme implicit",
     "a column without operator split, to compare with",
     "演算子分割なしでカラムを解き、比較に用いる"},
};

/* ---- output ----------------------------------------------------------------------------------- */

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
static sei_status to_file(sei_cli *cli, const sei_pq_result *result, size_t at)
{
    char        name[NAME_BYTES], other[NAME_BYTES];
    const char *folder = sei_cli_value(cli, "output"), *file = file_of(result->tables[at], name);
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
    path          = sei_path_join(cli->ctx, folder && folder[0] ? folder : ".", file);
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

static sei_status put_result(sei_cli *cli, const sei_pq_result *result)
{
    const char *folder = sei_cli_value(cli, "output");
    sei_status  st     = SEI_OK;

    /* What USER_PRINT says stays apart from a table that goes to standard output. */
    if (result->printed_len)
        fwrite(result->printed, 1, result->printed_len,
               sei_cli_has(cli, "format") ? cli->err : cli->out);
    if (result->n_inverses > 0) {
        st = put_models(cli, result);
        if (st != SEI_OK)
            return st;
    }
    if (result->n_tables == 0 && !result->printed_len)
        sei_warn(cli->ctx, NULL, "the input has no SELECTED_OUTPUT: nothing is written");
    if (sei_cli_has(cli, "format"))
        return to_standard_output(cli, result);
    if (result->n_tables > 0 && folder && folder[0])
        st = sei_folder_make(cli->ctx, folder);
    for (size_t i = 0; i < result->n_tables && st == SEI_OK; i++)
        if (!result->tables[i]->is_unasked)
            st = to_file(cli, result, i);
    return st;
}

/* ---- the command ------------------------------------------------------------------------------ */

/* Path of the database: free with sei_release. A DATABASE line counts from the folder of the input. */
static sei_status find_database(sei_cli *cli, const sei_pq_input *input, char **ret_path)
{
    const char *given = sei_cli_value(cli, "database");
    char       *folder;

    if (!given && !input->database)
        return sei_data_path(cli->ctx, "thermo/minewater.dat", ret_path);
    if (given) {
        *ret_path = sei_strdup(cli->ctx, given);
        return *ret_path ? SEI_OK : SEI_E_NOMEM;
    }
    folder    = sei_path_folder(cli->ctx, input->database_where.file);
    *ret_path = folder ? sei_path_join(cli->ctx, folder, input->database) : NULL;
    sei_release(cli->ctx, folder);
    return *ret_path ? SEI_OK : SEI_E_NOMEM;
}

/* What was finished before a failure is written too: the exit code tells that it is not all. */
static int run_input(sei_cli *cli, const sei_pq_input *input)
{
    char          *database = NULL;
    sei_pq_result *result   = NULL;
    sei_status     st       = find_database(cli, input, &database);
    int            code     = SEI_EXIT_OK;

    if (st == SEI_OK)
        st = sei_pq_run(cli->ctx, input, database, &result);
    if (st != SEI_OK)
        code = sei_cli_fail(cli, st);
    if (result &&
        (st == SEI_OK || result->n_tables > 0 || result->printed_len > 0 || result->n_inverses > 0))
        st = put_result(cli, result);
    if (st != SEI_OK && code == SEI_EXIT_OK)
        code = sei_cli_fail(cli, st);
    sei_cli_print_warnings(cli);
    sei_pq_result_free(cli->ctx, result);
    sei_release(cli->ctx, database);
    return code;
}

static int run(sei_cli *cli)
{
    const char   *threads = sei_cli_value(cli, "threads");
    int64_t       n       = 0;
    sei_pq_input *input   = NULL;

    if (threads &&
        (!sei_parse_int(threads, strlen(threads), &n) || n < 1 || n > SEI_TEAM_THREADS_MAX))
        return sei_cli_usage(cli, "--threads \"%s\" is no whole number from 1 to %d", threads,
                             (int)SEI_TEAM_THREADS_MAX);
    const sei_status st = sei_pq_read(cli->ctx, cli->args[0], &input);

    if (st != SEI_OK)
        return sei_cli_fail(cli, st);
    if (sei_cli_has(cli, "scheme") && strcmp(sei_cli_value(cli, "scheme"), "implicit") == 0)
        input->scheme = SEI_PQ_IMPLICIT;
    input->threads = (size_t)n;
    const int code = run_input(cli, input);
    sei_pq_free(input);
    return code;
}

const sei_cli_command sei_cmd_phreeqc = {
    .name       = "phreeqc",
    .summary    = "run a PHREEQC input file",
    .summary_ja = "PHREEQCの入力ファイルをそのまま計算する",
    .arguments  = "FILE.pqi",
    .min_args   = 1,
    .max_args   = 1,
    .text = "Reads a PHREEQC input file as it is, runs its simulations and writes its selected "
            "output: to the files "
            "that SELECTED_OUTPUT names (selected_output_1.sel when it names none), or to standard "
            "output with "
            "--format. Curves of USER_GRAPH go to user_graph_1.csv, text of USER_PRINT to standard "
            "output (with --format to standard error), and so does the report on INVERSE_MODELING. "
            "Keywords and options that are not supported "
            "yet stop the run with file and "
            "line; "
            "docs/phreeqc.md lists what is covered.\n"
            "When a simulation fails, the rows that were finished before are written and the exit "
            "code tells that "
            "they are not all.",
    .text_ja =
        "PHREEQCの入力ファイルをそのまま読み込み、各シミュレーションを計算して selected output "
        "を書き出す。"
        "出力先は SELECTED_OUTPUT で指定したファイル(指定がなければ selected_output_1.sel)、"
        "--format "
        "を付けた場合は標準出力。未対応のキーワードやオプションがあればファイル名と行番号を示して"
        "停止する。対応範囲は docs/phreeqc.md に示す。\n"
        "途中のシミュレーションで失敗した場合は、それまでに得られた行を書き出し、終了コードで不完全"
        "であることを示す。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
