/* cmd_phreeqc.c - seiryu phreeqc: a PHREEQC input file as it is, its selected output written */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "base/team.h"
#include "cli/phreeqc_inputs.h"

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
    {"threads", 0, "N", NULL,
     "threads for several inputs, or for the cells of a large column (one a processor)",
     "複数の入力、または大きなカラムのセルを並列計算するスレッド数(既定はプロセッサ数)"},
};

static const sei_cli_example examples[] = {
    {"seiryu phreeqc model.pqi --database wateq4f.dat",
     "writes the file that SELECTED_OUTPUT names", "SELECTED_OUTPUT で指定したファイルに書き出す"},
    {"seiryu phreeqc model.pqi -d phreeqc.dat -f csv > model.csv", "a table for a spreadsheet",
     "表計算ソフト用のCSVとして出力する"},
    {"seiryu phreeqc -f json model.pqi", "with the shipped database, for a program",
     "同梱データベースで計算し、JSONで出力する"},
    {"seiryu phreeqc cases/*.pqi -d wateq4f.dat -o results",
     "many inputs at once, each into a folder of its own",
     "多数の入力を並行して計算し、それぞれのフォルダに書き出す"},
    {"seiryu phreeqc column.pqi -f csv --scheme implicit",
     "a column without operator split, to compare with",
     "演算子分割なしでカラムを解き、比較に用いる"},
};

/* ---- the command ------------------------------------------------------------------------------ */

static int run(sei_cli *cli)
{
    const char *threads = sei_cli_value(cli, "threads");
    int64_t     n       = 0;

    if (threads &&
        (!sei_parse_int(threads, strlen(threads), &n) || n < 1 || n > SEI_TEAM_THREADS_MAX))
        return sei_cli_usage(cli, "--threads \"%s\" is no whole number from 1 to %d", threads,
                             (int)SEI_TEAM_THREADS_MAX);
    if (cli->n_args > 1 && sei_cli_has(cli, "format"))
        return sei_cli_usage(cli, "--format is for one input; several write files, each into a "
                                  "folder of its name");
    return sei_cli_run_phreeqc(cli, (size_t)n);
}

const sei_cli_command sei_cmd_phreeqc = {
    .name       = "phreeqc",
    .summary    = "run a PHREEQC input file",
    .summary_ja = "PHREEQCの入力ファイルをそのまま計算する",
    .arguments  = "FILE.pqi [FILE.pqi ...]",
    .min_args   = 1,
    .max_args   = -1,
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
            "Several inputs are run at once, one on each thread, with the database read once; each "
            "writes into a folder of its own name (a.pqi into a/) within --output, and the exit "
            "code is "
            "the worst of them.\n"
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
        "入力を複数指定すると、データベースを1回だけ読み、スレッドごとに1つずつ並行して計算する。"
        "結果は --output の下の、入力ファイルと同じ名前のフォルダ(a.pqi なら a/)に書き、"
        "終了コードはそれらの最も重いものとする。\n"
        "途中のシミュレーションで失敗した場合は、それまでに得られた行を書き出し、終了コードで不完全"
        "であることを示す。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
