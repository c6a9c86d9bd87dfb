/* cmd_simulate.c - seiryu simulate: a site through time, and the result folder */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/file.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/simulate.h"
#include "cli/stop.h"
#include "seiryu/result.h"
#include "study/result_hrt.h"
#include "study/result_terminal.h"

static const sei_cli_option options[] = {
    {"output", 'o', "DIR", NULL, "folder of the results; it is made (required)",
     "結果フォルダ(なければ作成、必須)"},
    {"steady", 0, NULL, NULL, "the steady state of the first instant instead of a run through time",
     "時間変化ではなく、開始時点の定常状態を求める"},
    {"until", 0, "DATE", NULL, "end there instead of at run.end (2024-03-31)",
     "run.end の代わりにこの日時まで計算する(例 2024-03-31)"},
    {"checkpoint-days", 0, "N", NULL,
     "keep the state in DIR/state.bin every N simulated days, at a stop and at the end",
     "計算中の状態を N 日(計算上の日数)ごと・中断時・終了時に DIR/state.bin に保存"},
    {"save-state", 0, "FILE", NULL, "keep the state there at a stop and at the end",
     "中断時・終了時の状態をこのファイルに保存"},
    {"restart", 0, "FILE", NULL, "go on from a state that was kept", "保存した状態から計算を再開"},
    {"ensemble", 0, "N", NULL,
     "N more runs with drawn inputs: bands and the probability of meeting each limit",
     "入力をN通り抽出して計算し、予測幅と基準を満たす確率を求める"},
    {"seed", 0, "S", NULL, "seed of the ensemble's draws (1 when not given)",
     "アンサンブルの乱数の種(既定 1)"},
    {"sensitivities", 0, NULL, NULL,
     "what each number does to each judged quantity: two more runs a number",
     "各数値が評価項目に与える影響を求める(数値ごとに2回の計算を追加)"},
    {"threads", 0, "N", NULL, "threads (as many as there are processors)",
     "スレッド数(既定はプロセッサ数)"},
    {"quiet", 'q', NULL, NULL, "no progress line and no table", "進捗と表を表示しない"},
};

static const sei_cli_example examples[] = {
    {"seiryu simulate site.yaml -o result", "the run that the file describes",
     "サイトファイルの条件で計算する"},
    {"seiryu simulate site.yaml -o steady --steady", "size a train quickly",
     "定常状態で処理規模を手早く検討する"},
    {"seiryu simulate site.yaml -o trial --until 2024-05-31", "the first weeks only",
     "最初の数週間だけを計算する"},
    {"seiryu simulate site.yaml -o steady --steady --sensitivities",
     "which numbers matter, in seconds", "どの数値が効くかを短時間で調べる(定常状態)"},
    {"seiryu simulate site.yaml -o result --ensemble 200 --seed 7",
     "how sure is it? 200 members; running it again goes on where it was stopped",
     "200通りの不確かさ計算(中断後に再実行すると続きから計算)"},
    {"seiryu simulate -q site.yaml -o result && ./publish.sh",
     "in a script: only problems are told", "スクリプト用(問題だけを表示)"},
};

/* ---- options ---------------------------------------------------------------------------------- */

static int take_options(const sei_cli *cli, sei_site *site)
{
    const char *until = sei_cli_value(cli, "until");
    int64_t     end;

    if (sei_cli_has(cli, "steady"))
        site->run.mode = SEI_RUN_STEADY;
    if (!until)
        return SEI_EXIT_OK;
    if (sei_cli_has(cli, "steady"))
        return sei_cli_usage(cli, "--until and --steady exclude each other");
    if (!sei_parse_time(until, strlen(until), site->utc_offset_us, &end))
        return sei_cli_usage(cli, "--until \"%s\" is no date; write 2024-03-31", until);
    if (end <= site->run.start_us) {
        char start[SEI_TIME_MAX];
        sei_format_date(start, site->run.start_us, site->utc_offset_us);
        return sei_cli_usage(cli, "--until %s does not lie after run.start %s", until, start);
    }
    site->run.end_us = end;
    return SEI_EXIT_OK;
}

/* A folder that cannot be written is told before the run, not after it. */
static sei_status check_folder(sei_ctx *ctx, const char *folder)
{
    sei_status st = sei_folder_make(ctx, folder);

    if (st != SEI_OK || access(folder, W_OK | X_OK) == 0)
        return st;
    const sei_where where = {folder, 0, 0};
    return sei_fail(ctx, SEI_E_IO, &where, "the folder cannot be written to");
}

/* ---- output ----------------------------------------------------------------------------------- */

static int put_table(sei_cli *cli, const sei_result *result)
{
    char            *text = NULL;
    const sei_status st =
        sei_result_terminal_in(cli->ctx, result, cli->table_lang, cli->out_colour, &text);

    if (st != SEI_OK)
        return sei_cli_fail(cli, st);
    fputs(text, cli->out);
    sei_release(cli->ctx, text);
    return SEI_EXIT_OK;
}

/* Told with --quiet too: as a rule it is a unit of measurement that was mistaken. */
static void put_hrt(const sei_cli *cli, const sei_result *result)
{
    for (size_t u = 0; u < result->n_units; u++)
        if (sei_hrt_is_outside(result, u)) {
            const sei_words w = sei_hrt_words(result, u);
            fprintf(cli->err, "seiryu simulate: %s%s\n", sei_cli_say(cli, "warning: ", "警告: "),
                    sei_cli_say(cli, w.en, w.ja));
        }
}

/* The path of the report is the last line, so that a script or a reader finds it. */
static int put_outcome(sei_cli *cli, const sei_result *result, const char *folder)
{
    int code = SEI_EXIT_OK;

    put_hrt(cli, result);
    if (!sei_cli_has(cli, "quiet")) {
        code = put_table(cli, result);
        fprintf(cli->out, "%s%s\n", sei_cli_say(cli, "results: ", "結果フォルダ: "), folder);
        fprintf(cli->out, "%s%s%sreport.html\n", sei_cli_say(cli, "report: ", "報告書: "), folder,
                folder[strlen(folder) - 1] == '/' ? "" : "/");
    }
    if (result->is_complete)
        return code;
    char end[SEI_TIME_MAX];
    sei_format_time(end, result->time_us[result->n_times - 1], result->site->utc_offset_us);
    fprintf(cli->err, "seiryu simulate: %s%s%s\n",
            sei_cli_say(cli, "stopped on request; the results end at ", "要求により中断。結果は "),
            end, sei_cli_say(cli, "", " まで"));
    return SEI_EXIT_STOPPED;
}

/* ---- the command ------------------------------------------------------------------------------ */

static sei_status compute(sei_cli *cli, const sei_site *site, const char *folder,
                          const sei_simulate_more *more, const volatile sig_atomic_t *stop,
                          sei_result **ret_result)
{
    const bool   by_days = more->checkpoint_s > 0.0 && !more->save_state;
    char        *state   = by_days ? sei_path_join(cli->ctx, folder, "state.bin") : NULL;
    sei_progress progress;

    if (by_days && !state)
        return SEI_E_NOMEM;
    const sei_run_state kept  = {more->restart, by_days ? state : more->save_state,
                                 more->checkpoint_s};
    const sei_run_hooks hooks = {sei_progress_set, &progress, stop};
    sei_progress_begin(&progress, cli, sei_cli_has(cli, "quiet"), site->run.start_us,
                       site->run.end_us, site->utc_offset_us);
    sei_status st = sei_study_run_from(cli->ctx, site, &kept, &hooks, ret_result);
    if (st == SEI_OK || (st == SEI_E_CANCELLED && *ret_result)) {
        sei_progress_say(&progress,
                         sei_cli_say(cli, "writing the results ...", "結果を書き込み中…"));
        st = sei_result_save(cli->ctx, *ret_result, folder);
    }
    sei_progress_end(&progress);
    sei_release(cli->ctx, state);
    return st;
}

/* Nobody begins before all of them can. */
static int begin(sei_cli *cli, const char *folder, const sei_simulate_more *more)
{
    sei_status st = check_folder(cli->ctx, folder);

    if (st == SEI_OK && cli->ranks && cli->ranks->rank == 0 && more->ensemble.n > 0)
        st = sei_simulate_begin_ensemble(cli, folder);
    const int code = st == SEI_OK ? SEI_EXIT_OK : sei_cli_fail(cli, st);
    return cli->ranks ? cli->ranks->agree(cli->ranks->user, code) : code;
}

/* The first rank makes the run; the others begin with the members of an ensemble meanwhile. */
static int simulate(sei_cli *cli, const sei_site *site, const char *folder,
                    const sei_simulate_more *more)
{
    const bool                   helps  = cli->ranks && cli->ranks->rank > 0;
    const volatile sig_atomic_t *stop   = sei_stop_catch();
    sei_result                  *result = NULL;
    int                          code   = begin(cli, folder, more);

    if (code != SEI_EXIT_OK)
        return code;
    if (!helps) {
        const sei_status st = compute(cli, site, folder, more, stop, &result);
        code = st == SEI_OK ? put_outcome(cli, result, folder) : sei_cli_fail(cli, st);
    }
    if (code == SEI_EXIT_OK && result && more->sensitivities)
        code = sei_simulate_sensitivities(cli, result, folder, more->n_threads, stop);
    if (more->ensemble.n > 0)
        code = sei_simulate_ensemble(cli, site, result, folder, &more->ensemble, stop, code);
    else if (cli->ranks)
        code = cli->ranks->agree(cli->ranks->user, code);
    sei_result_free(result);
    return code;
}

static int run(sei_cli *cli)
{
    const char *folder = sei_cli_value(cli, "output");
    sei_site   *site   = NULL;

    if (!folder || !folder[0])
        return sei_cli_usage(cli, "-o DIR is missing: the folder of the results");
    const sei_status st = sei_site_read(cli->ctx, cli->args[0], sei_cli_put_problem, cli, &site);
    if (st != SEI_OK)
        return sei_status_exit_code(st);
    int               code = take_options(cli, site);
    sei_simulate_more more = {0};
    if (code == SEI_EXIT_OK)
        code = sei_simulate_take_more(cli, site, &more);
    sei_ctx_set_threads(cli->ctx, more.n_threads);
    if (code == SEI_EXIT_OK)
        code = simulate(cli, site, folder, &more);
    sei_site_free(site);
    return code;
}

const sei_cli_command sei_cmd_simulate = {
    .name       = "simulate",
    .summary    = "predict the water of a site through time and write the results",
    .summary_ja = "サイトの水質を時間を追って予測し、結果を書き出す",
    .arguments  = "SITE.yaml",
    .min_args   = 1,
    .max_args   = 1,
    .text =
        "Runs the model that the site file describes and writes summary.json, series.csv, "
        "compliance.csv, solids.csv, profiles.csv, unit_balance.csv, element_balance.csv, "
        "figures/, report.html and provenance.json into the folder (reagents.csv and tanks.csv "
        "too, where the train doses or draws), replacing those of an earlier run. Then it prints "
        "raw water, "
        "discharge, limit and verdict, and the path of the report as the last line.\n"
        "Ctrl-C ends the run after the step at hand: what was computed so far is written, "
        "marked as partial, and the exit code is 130. A second Ctrl-C ends at once.",
    .text_ja =
        "サイトファイルのモデルを計算し、summary.json、series.csv、compliance.csv、solids.csv、"
        "profiles.csv、unit_balance.csv、element_balance.csv、figures/、report.html、"
        "provenance.json(薬注・汲上げがあれば reagents.csv、tanks.csv "
        "も)を結果フォルダに書き出す(以前の結果は"
        "置き換える)"
        "。その後、原水・放流水・基準・判定の表を表示し、最後の行に報告書のパスを示す。\n"
        "Ctrl-C で現在の刻みを終えて中断し、そこまでの結果を「途中まで」と明示して書き出す"
        "(終了コード130)。もう一度 Ctrl-C を押すと直ちに終了する。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
