/* simulate_ensemble.c - seiryu simulate --ensemble */
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "cli/progress.h"
#include "cli/simulate.h"
#include "study/ensemble.h"
#include "study/pool.h"

/* ---- options ---------------------------------------------------------------------------------- */

static bool take_count(const sei_cli *cli, const char *name, int64_t low, int64_t high,
                       int64_t *ret_value, int *ret_code)
{
    const char *text = sei_cli_value(cli, name);
    int64_t     value;

    if (!text)
        return false;
    if (sei_parse_int(text, strlen(text), &value) && value >= low && value <= high) {
        *ret_value = value;
        return true;
    }
    *ret_code = sei_cli_usage(cli, "--%s \"%s\" is no whole number from %lld to %lld", name, text,
                              (long long)low, (long long)high);
    return false;
}

int sei_simulate_take_more(const sei_cli *cli, const sei_site *site, sei_simulate_more *ret_more)
{
    sei_simulate_more more = {.ensemble.seed = 1};
    int64_t           value;
    int               code = SEI_EXIT_OK;

    if (take_count(cli, "threads", 1, SEI_THREADS_MAX, &value, &code))
        more.n_threads = (size_t)value;
    if (code == SEI_EXIT_OK && take_count(cli, "ensemble", 1, SEI_ENSEMBLE_MAX, &value, &code))
        more.ensemble.n = (size_t)value;
    if (code == SEI_EXIT_OK && take_count(cli, "seed", 0, INT64_MAX, &value, &code)) {
        more.ensemble.seed = (uint64_t)value;
        if (more.ensemble.n == 0)
            code = sei_cli_usage(cli, "--seed is for --ensemble");
    }
    if (code == SEI_EXIT_OK && more.ensemble.n > 0 && site->run.mode == SEI_RUN_STEADY)
        code = sei_cli_usage(cli, "--ensemble needs a run through time, not a steady state");
    more.ensemble.n_threads = more.n_threads;
    *ret_more               = more;
    return code;
}

/* ---- output ----------------------------------------------------------------------------------- */

static int put_table(sei_cli *cli, sei_rtable *table)
{
    char      *text = NULL;
    size_t     len  = 0;
    sei_status st = table ? sei_rtable_write(cli->ctx, table, SEI_RTABLE_TERMINAL, cli->table_lang,
                                             cli->out_colour, &text, &len)
                          : SEI_E_NOMEM;

    sei_rtable_free(table);
    if (st != SEI_OK)
        return sei_cli_fail(cli, st);
    fputs(text, cli->out);
    sei_release(cli->ctx, text);
    return SEI_EXIT_OK;
}

static int put_outcome(sei_cli *cli, const sei_ensemble *e, const char *folder)
{
    int code = SEI_EXIT_OK;

    if (!sei_cli_has(cli, "quiet")) {
        code = put_table(cli, sei_table_chance_matrix(e));
        fprintf(cli->out, "%s%s/report.html\n",
                sei_cli_say(cli, "uncertainty: ", "不確かさの報告書: "), folder);
    }
    if (e->n_failed > 0)
        fprintf(cli->err, "seiryu simulate: %s%zu%s%zu%s\n", sei_cli_say(cli, "", "アンサンブル "),
                e->n_failed, sei_cli_say(cli, " of ", " / "), e->options.n,
                sei_cli_say(cli, " members failed; the report names them",
                            " 個が計算できなかった(報告書に番号と理由)"));
    return code;
}

/* ---- the whole -------------------------------------------------------------------------------- */

static sei_status compute(sei_cli *cli, const sei_result *nominal,
                          const sei_ensemble_options *options, const volatile sig_atomic_t *stop,
                          sei_ensemble **ret)
{
    sei_progress        progress;
    const sei_run_hooks hooks = {sei_progress_set, &progress, stop};

    sei_progress_begin_members(&progress, cli, sei_cli_has(cli, "quiet"), options->n);
    sei_status st = sei_ensemble_run(cli->ctx, nominal->site, options, &hooks);
    if (st == SEI_OK) {
        sei_progress_say(&progress, sei_cli_say(cli, "reading the members ...", "集計中…"));
        st = sei_ensemble_collect(cli->ctx, nominal, options, ret);
    }
    if (st == SEI_OK)
        st = sei_ensemble_save(cli->ctx, *ret, options->folder);
    sei_progress_end(&progress);
    return st;
}

int sei_simulate_ensemble(sei_cli *cli, const sei_result *nominal, const char *folder,
                          const sei_ensemble_options *options, const volatile sig_atomic_t *stop)
{
    char                *path = sei_path_join(cli->ctx, folder, "ensemble");
    sei_ensemble_options own  = *options;
    sei_ensemble        *e    = NULL;

    if (!path)
        return sei_cli_fail(cli, SEI_E_NOMEM);
    own.folder            = path;
    const sei_status st   = compute(cli, nominal, &own, stop, &e);
    const int        code = st == SEI_OK ? put_outcome(cli, e, path) : sei_cli_fail(cli, st);
    if (st == SEI_E_CANCELLED)
        fprintf(cli->err, "seiryu simulate: %s\n",
                sei_cli_say(cli,
                            "finished members are kept; the same command goes on with the rest",
                            "計算済みの分は保存済み。同じコマンドで続きから再開できる"));
    sei_ensemble_free(e);
    sei_release(cli->ctx, path);
    return code;
}
