/* cmd_scenarios.c - seiryu scenarios: one site, changed in several ways, compared */
#include <string.h>

#include "base/number.h"
#include "base/team.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "study/scenario_run.h"

static const sei_cli_option options[] = {
    {"output", 'o', "DIR", NULL, "folder of the results; it is made (required)",
     "結果フォルダ(なければ作成、必須)"},
    {"threads", 0, "N", NULL, "threads (as many as there are processors)",
     "スレッド数(既定はプロセッサ数)"},
    {"quiet", 'q', NULL, NULL, "no progress line and no table", "進捗と表を表示しない"},
};

static const sei_cli_example examples[] = {
    {"seiryu scenarios scenarios.yaml -o compare", "run all of them and compare",
     "全シナリオを計算して比較する"},
    {"seiryu scenarios scenarios.yaml -o compare --threads 1", "one after the other",
     "順番に計算する"},
};

static int put_outcome(sei_cli *cli, const sei_scenario_runs *runs, const char *folder)
{
    const bool quiet = sei_cli_has(cli, "quiet");
    sei_status st    = SEI_OK;

    for (size_t g = 0; g < sei_scenario_n_groups(runs) && !quiet && st == SEI_OK; g++) {
        sei_rtable *table = sei_table_scenario_limits(runs, g);
        char       *text  = NULL;
        size_t      len   = 0;
        st = table ? sei_rtable_write(cli->ctx, table, SEI_RTABLE_TERMINAL, cli->table_lang,
                                      cli->out_colour, &text, &len)
                   : SEI_E_NOMEM;
        if (st == SEI_OK)
            fprintf(cli->out, "%s%s", g ? "\n" : "", text);
        sei_release(cli->ctx, text);
        sei_rtable_free(table);
    }
    if (!quiet && st == SEI_OK)
        fprintf(cli->out, "%s%s/report.html\n", sei_cli_say(cli, "report: ", "報告書: "), folder);
    for (size_t i = 0; i < runs->n; i++)
        if (runs->outcomes[i].status != SEI_OK)
            fprintf(cli->err, "seiryu scenarios: %s: %s\n", runs->outcomes[i].site->scenario,
                    runs->outcomes[i].error);
    if (st != SEI_OK)
        return sei_cli_fail(cli, st);
    return runs->n_failed > 0 ? SEI_EXIT_NUMERIC : SEI_EXIT_OK;
}

static int compute(sei_cli *cli, const sei_scenarios *set, size_t n_threads, const char *folder)
{
    sei_progress        progress;
    sei_scenario_runs  *runs  = NULL;
    const sei_run_hooks hooks = {sei_progress_set, &progress, sei_stop_catch()};

    sei_progress_begin_members(&progress, cli, sei_cli_has(cli, "quiet"), set->n);
    sei_status st = sei_scenarios_run(cli->ctx, set, n_threads, &hooks, &runs);
    if (st == SEI_OK) {
        sei_progress_say(&progress,
                         sei_cli_say(cli, "writing the results ...", "結果を書き込み中…"));
        st = sei_scenarios_save(cli->ctx, runs, folder);
    }
    sei_progress_end(&progress);
    const int code = st == SEI_OK ? put_outcome(cli, runs, folder) : sei_cli_fail(cli, st);
    sei_scenario_runs_free(runs);
    return code;
}

static int run(sei_cli *cli)
{
    const char    *folder = sei_cli_value(cli, "output"), *threads = sei_cli_value(cli, "threads");
    sei_scenarios *set = NULL;
    int64_t        n   = 0;

    if (!folder || !folder[0])
        return sei_cli_usage(cli, "-o DIR is missing: the folder of the results");
    if (threads &&
        (!sei_parse_int(threads, strlen(threads), &n) || n < 1 || n > SEI_TEAM_THREADS_MAX))
        return sei_cli_usage(cli, "--threads \"%s\" is no whole number from 1 to %d", threads,
                             (int)SEI_TEAM_THREADS_MAX);
    const sei_status st =
        sei_scenarios_read(cli->ctx, cli->args[0], sei_cli_put_problem, cli, &set);
    if (st != SEI_OK)
        return sei_status_exit_code(st);
    sei_ctx_set_threads(cli->ctx, (size_t)n);
    const int code = compute(cli, set, (size_t)n, folder);
    sei_scenarios_free(set);
    return code;
}

const sei_cli_command sei_cmd_scenarios = {
    .name       = "scenarios",
    .summary    = "run one site in several variants and compare them",
    .summary_ja = "条件を変えた複数のシナリオを計算し、比較する",
    .arguments  = "SCENARIOS.yaml",
    .min_args   = 1,
    .max_args   = 1,
    .text = "Reads a scenario file: a site file and changes to it. Every scenario gets a result "
            "folder of its name below the folder; report.html, comparison.csv and figures/ put "
            "them side by side. A scenario that cannot be computed is named; the others are "
            "written all the same, and the exit code is 4.",
    .text_ja =
        "シナリオファイル(サイトファイルとその変更点)を読み、シナリオごとの結果フォルダと、比較の"
        "report.html・comparison.csv・figures/ を書き出す。計算できなかったシナリオは名前を示し、"
        "他は書き出す(終了コード4)。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
