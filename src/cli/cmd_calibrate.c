/* cmd_calibrate.c - seiryu calibrate: 現況再現解析, parameters that bring a run near the measured water */
#include <string.h>

#include "base/number.h"
#include "base/team.h"
#include "base/text.h"
#include "cli/cli.h"
#include "cli/progress.h"
#include "cli/stop.h"
#include "study/calibrate.h"

enum { PATHS_MAX = 200 };

static const sei_cli_option options[] = {
    {"output", 'o', "DIR", NULL, "folder of the results; it is made (required unless --list)",
     "結果フォルダ(なければ作成、--list 以外では必須)"},
    {"parameters", 'p', "PATH,...", NULL,
     "numbers to fit, whole paths or their last words (those that section uncertainty of the site "
     "file lists)",
     "同定する数値のパス(末尾の語だけでも可)をコンマ区切りで(既定はサイトファイルの uncertainty "
     "に挙げたもの)"},
    {"list", 0, NULL, NULL, "list every number that can be fitted, with its prior range, and end",
     "同定できる数値と事前範囲の一覧を表示して終了"},
    {"held-out", 0, "SHARE", NULL,
     "share of the measured time, at its end, that the fit does not see, 0..0.9 (0.3)",
     "検証用に同定から外す、観測期間の終わりの割合 0~0.9(既定0.3)"},
    {"error", 0, "LN", NULL,
     "standard error of concentrations and flows, of their natural logarithm (0.3)",
     "濃度・流量の標準誤差(自然対数、既定0.3)"},
    {"error-ph", 0, "PH", NULL, "standard error of pH (0.2)", "pHの標準誤差(既定0.2)"},
    {"error-temp", 0, "K", NULL, "standard error of temperatures (1)", "水温の標準誤差(既定1 K)"},
    {"robust", 0, "Z", NULL,
     "a value further off than Z standard errors counts linearly, not squared; 0: squared (3)",
     "標準誤差のZ倍より外れた値を2乗でなく1次で数える。0で常に2乗(既定3)"},
    {"iterations", 0, "N", NULL, "most iterations (20)", "反復回数の上限(既定20)"},
    {"threads", 0, "N", NULL, "threads (as many as there are processors)",
     "スレッド数(既定はプロセッサ数)"},
    {"quiet", 'q', NULL, NULL, "no progress line and no tables", "進捗と表を表示しない"},
};

static const sei_cli_example examples[] = {
    {"seiryu calibrate site.yaml --list", "what could be fitted", "同定できる数値の一覧"},
    {"seiryu calibrate site.yaml --list -p capacity,capture", "of that, what has these words",
     "一覧のうち、語を含むもの"},
    {"seiryu calibrate site.yaml -o fit -p "
     "train.iron_bed.biofilm_capacity_mol_m3_d,rates.sulfate-reduction.ea_kj_mol",
     "fit two rates on the site's observations; the last 30 % of the time verify them",
     "二つの反応速度を同定し、最後の3割の期間で検証"},
    {"seiryu calibrate site.yaml -o fit --held-out 0 --error 0.2",
     "fit all of it, values known to about 20 %", "全期間で同定(値の誤差を約2割とする)"},
};

/* ---- options ---------------------------------------------------------------------------------- */

static int take_number(const sei_cli *cli, const char *name, double low, double high, double *value)
{
    const char *text = sei_cli_value(cli, name);

    if (!text)
        return SEI_EXIT_OK;
    if (!sei_parse_double(text, strlen(text), value))
        return sei_cli_usage(cli, "--%s \"%s\" is no number", name, text);
    if (!(*value >= low && *value <= high))
        return sei_cli_usage(cli, "--%s %s is outside %g..%g", name, text, low, high);
    return SEI_EXIT_OK;
}

static int take_options(const sei_cli *cli, sei_calibration_options *o)
{
    double iterations = o->max_iterations, threads = 0.0;
    int    code;

    if ((code = take_number(cli, "held-out", 0.0, 0.9, &o->held_out)) != SEI_EXIT_OK ||
        (code = take_number(cli, "error", 1e-3, 10.0, &o->error_ln)) != SEI_EXIT_OK ||
        (code = take_number(cli, "error-ph", 1e-3, 10.0, &o->error_ph)) != SEI_EXIT_OK ||
        (code = take_number(cli, "error-temp", 1e-3, 100.0, &o->error_temp_k)) != SEI_EXIT_OK ||
        (code = take_number(cli, "robust", 0.0, 1e6, &o->robust_z)) != SEI_EXIT_OK ||
        (code = take_number(cli, "iterations", 1.0, 1000.0, &iterations)) != SEI_EXIT_OK ||
        (code = take_number(cli, "threads", 1.0, SEI_TEAM_THREADS_MAX, &threads)) != SEI_EXIT_OK)
        return code;
    o->max_iterations = (int)iterations;
    o->n_threads      = (size_t)threads;
    sei_ctx_set_threads(cli->ctx, o->n_threads);
    return SEI_EXIT_OK;
}

/* The paths of --parameters, cut apart in a copy that the caller frees. */
static int take_paths(const sei_cli *cli, char **ret_copy, const char *paths[PATHS_MAX],
                      size_t *ret_n)
{
    const char *text = sei_cli_value(cli, "parameters");

    *ret_n = 0;
    if (!text)
        return SEI_EXIT_OK;
    char *at = *ret_copy = sei_strdup(cli->ctx, text);
    if (!at)
        return sei_cli_fail(cli, SEI_E_NOMEM);
    while (at) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma = '\0';
        if (*ret_n == PATHS_MAX)
            return sei_cli_usage(cli, "--parameters names more than %d numbers", (int)PATHS_MAX);
        at += strspn(at, " ");
        if (*at == '\0')
            return sei_cli_usage(cli, "--parameters \"%s\" has an empty path", text);
        paths[(*ret_n)++] = at;
        at                = comma ? comma + 1 : NULL;
    }
    return SEI_EXIT_OK;
}

/* ---- output ----------------------------------------------------------------------------------- */

/* --list with --parameters shows the paths that contain one of the words. */
static bool is_asked(const char *path, size_t n, const char *const words[])
{
    for (size_t i = 0; i < n; i++)
        if (strstr(path, words[i]))
            return true;
    return n == 0;
}

static sei_rtable *list_table(sei_cli *cli, const sei_knobs *knobs, size_t n_words,
                              const char *const words[])
{
    sei_rtable *t = sei_rtable_create(cli->ctx, "numbers",
                                      (sei_label){"同定できる数値", "Numbers that can be fitted"});

    sei_rtable_add_column(t, "path", (sei_label){"パス", "path"}, "");
    sei_rtable_add_column(t, "value", (sei_label){"値", "value"}, "");
    sei_rtable_add_column(t, "p10", (sei_label){"P10", "P10"}, "");
    sei_rtable_add_column(t, "p90", (sei_label){"P90", "P90"}, "");
    sei_rtable_add_column(t, "unit", (sei_label){"単位", "unit"}, "");
    sei_rtable_add_column(t, "meaning", (sei_label){"意味", "meaning"}, "");
    for (size_t i = 0; i < 2 * knobs->n; i++) { /* of the site first, then of the catalogue */
        const sei_knob *k       = &knobs->knobs[i % knobs->n];
        const bool      is_rate = k->kind == SEI_KNOB_RATE;
        if (k->prior.kind == SEI_PRIOR_FIXED || is_rate != (i >= knobs->n) ||
            !is_asked(k->path, n_words, words))
            continue;
        sei_rtable_add_row(t);
        sei_rtable_add_text(t, (sei_label){k->path, k->path});
        sei_rtable_add_number(t, sei_knob_shown(k, k->value), SEI_SIGNIFICANT(4));
        sei_rtable_add_number(t, sei_knob_shown(k, sei_prior_quantile(&k->prior, 0.1)),
                              SEI_SIGNIFICANT(3));
        sei_rtable_add_number(t, sei_knob_shown(k, sei_prior_quantile(&k->prior, 0.9)),
                              SEI_SIGNIFICANT(3));
        sei_rtable_add_text(t, (sei_label){k->shown_unit, k->shown_unit});
        sei_rtable_add_text(t, (sei_label){k->help_ja, k->help});
    }
    return t;
}

static int list(sei_cli *cli, const sei_site *site, size_t n_words, const char *const words[])
{
    sei_knobs       *knobs = NULL;
    const sei_status st    = sei_knobs_create(cli->ctx, site, &knobs);
    const int code = st == SEI_OK ? sei_cli_print_table(cli, list_table(cli, knobs, n_words, words))
                                  : sei_cli_fail(cli, st);

    sei_knobs_free(knobs);
    return code;
}

static int put_outcome(sei_cli *cli, const sei_calibration *c, const char *folder)
{
    int code = SEI_EXIT_OK;

    if (!sei_cli_has(cli, "quiet")) {
        sei_rtable *far = sei_table_far(c);
        code            = sei_cli_print_table(cli, sei_table_used(c));
        if (code == SEI_EXIT_OK)
            code = sei_cli_print_table(cli, sei_table_fitted(c));
        if (far && code == SEI_EXIT_OK)
            code = sei_cli_print_table(cli, far);
        else
            sei_rtable_free(far);
        if (code == SEI_EXIT_OK)
            code = sei_cli_print_table(cli, sei_table_scores(c));
        fprintf(cli->out, "%s%s/report.html\n", sei_cli_say(cli, "report: ", "報告書: "), folder);
    }
    if (c->lm.end == SEI_LM_ITERATIONS) {
        fprintf(cli->err, "seiryu calibrate: %s\n",
                sei_cli_say(cli, "not converged within the allowed iterations; raise --iterations",
                            "反復回数の上限内で収束しなかった。--iterations を増やすこと"));
        return code == SEI_EXIT_OK ? SEI_EXIT_NUMERIC : code;
    }
    return code;
}

/* ---- the command ------------------------------------------------------------------------------ */

static int calibrate(sei_cli *cli, const sei_site *site, const char *folder,
                     const sei_calibration_options *o)
{
    sei_calibration *c = NULL;
    sei_progress     progress;

    sei_progress_begin_members(&progress, cli, sei_cli_has(cli, "quiet"),
                               (size_t)o->max_iterations);
    const sei_run_hooks hooks = {sei_progress_set, &progress, sei_stop_catch()};
    sei_status          st    = sei_calibrate(cli->ctx, site, o, &hooks, &c);
    if (st == SEI_OK) {
        sei_progress_say(&progress,
                         sei_cli_say(cli, "writing the results ...", "結果を書き込み中…"));
        st = sei_calibration_save(cli->ctx, c, folder);
    }
    sei_progress_end(&progress);
    const int code = st == SEI_OK ? put_outcome(cli, c, folder) : sei_cli_fail(cli, st);
    sei_calibration_free(c);
    return code;
}

static int run(sei_cli *cli)
{
    const char             *folder = sei_cli_value(cli, "output");
    const char             *paths[PATHS_MAX];
    sei_calibration_options o    = sei_calibration_defaults();
    sei_site               *site = NULL;
    char                   *copy = NULL;

    if (!sei_cli_has(cli, "list") && (!folder || !folder[0]))
        return sei_cli_usage(cli, "-o DIR is missing: the folder of the results");
    int code = take_options(cli, &o);
    if (code == SEI_EXIT_OK)
        code = take_paths(cli, &copy, paths, &o.n_paths);
    o.paths = paths;
    if (code == SEI_EXIT_OK) {
        const sei_status st =
            sei_site_read(cli->ctx, cli->args[0], sei_cli_put_problem, cli, &site);
        code = sei_status_exit_code(st);
    }
    if (code == SEI_EXIT_OK)
        code = sei_cli_has(cli, "list") ? list(cli, site, o.n_paths, o.paths)
                                        : calibrate(cli, site, folder, &o);
    sei_site_free(site);
    sei_release(cli->ctx, copy);
    return code;
}

const sei_cli_command sei_cmd_calibrate = {
    .name    = "calibrate",
    .summary = "fit parameters to measured water and verify them on what was held out",
    .summary_ja = "実測水質でパラメータを同定し、残した期間で検証する(現況再現解析)",
    .arguments = "SITE.yaml",
    .min_args  = 1,
    .max_args  = 1,
    .text = "Compares the run with the values that section observations of the site file names, "
            "moves the chosen numbers within "
            "their priors until the sum of squares falls no further, and writes parameters.csv, "
            "scores.csv, observations.csv, "
            "figures/, report.html and the result folders before/ and after/. The last part of the "
            "measured time is held out of "
            "the fit. The exit code is 4 when the allowed iterations did not do.",
    .text_ja =
        "サイトファイルの observations "
        "にある実測値と計算値を比べ、選んだ数値を事前分布の範囲で動かして残差平方和を最小にする。"
        "parameters.csv、scores.csv、observations.csv、figures/、report.html "
        "と、同定前後の結果フォルダ before/、after/ を書き出す。"
        "観測期間の終わりの部分は同定に使わず検証に用いる。反復回数内に収束しなければ終了コード4。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
