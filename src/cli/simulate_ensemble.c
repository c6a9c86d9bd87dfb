/* simulate_ensemble.c - seiryu simulate --ensemble */
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "base/team.h"
#include "cli/progress.h"
#include "cli/simulate.h"
#include "study/ensemble.h"

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

static int take_state(const sei_cli *cli, const sei_site *site, sei_simulate_more *more)
{
    const char *days = sei_cli_value(cli, "checkpoint-days");
    double      value;

    more->restart    = sei_cli_value(cli, "restart");
    more->save_state = sei_cli_value(cli, "save-state");
    if (days) {
        if (!sei_parse_double(days, strlen(days), &value) || !(value > 0.0))
            return sei_cli_usage(cli, "--checkpoint-days \"%s\" is no number above 0", days);
        more->checkpoint_s = sei_to_si(sei_unit_find("d"), value);
    }
    if (site->run.mode == SEI_RUN_STEADY && (days || more->restart || more->save_state))
        return sei_cli_usage(cli, "a steady state has no course to keep or to go on from");
    return SEI_EXIT_OK;
}

int sei_simulate_take_more(const sei_cli *cli, const sei_site *site, sei_simulate_more *ret_more)
{
    sei_simulate_more more = {.ensemble.seed = 1};
    int64_t           value;
    int               code = SEI_EXIT_OK;

    if (take_count(cli, "threads", 1, SEI_TEAM_THREADS_MAX, &value, &code))
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
    more.sensitivities = sei_cli_has(cli, "sensitivities");
    if (code == SEI_EXIT_OK)
        code = take_state(cli, site, &more);
    more.ensemble.n_threads = more.n_threads;
    *ret_more               = more;
    return code;
}

/* ---- output ----------------------------------------------------------------------------------- */

/* Ranks that compute members together: all of them wait for the slowest. */
static int agree(const sei_cli *cli, int code)
{
    return cli->ranks ? cli->ranks->agree(cli->ranks->user, code) : code;
}

static int put_outcome(sei_cli *cli, const sei_ensemble *e, const char *folder)
{
    int code = SEI_EXIT_OK;

    if (!sei_cli_has(cli, "quiet")) {
        code = sei_cli_print_table(cli, sei_table_chance_matrix(e));
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

static int compute(sei_cli *cli, const sei_site *site, const sei_ensemble_options *options,
                   const volatile sig_atomic_t *stop)
{
    sei_progress        progress;
    const sei_run_hooks hooks = {sei_progress_set, &progress, stop};

    sei_progress_begin_members(&progress, cli, sei_cli_has(cli, "quiet") || options->rank > 0,
                               options->n);
    const sei_status st = sei_ensemble_run(cli->ctx, site, options, &hooks);
    sei_progress_end(&progress);
    const int code = st == SEI_OK ? SEI_EXIT_OK : sei_cli_fail(cli, st);
    if (st == SEI_E_CANCELLED && options->rank == 0)
        fprintf(cli->err, "seiryu simulate: %s\n",
                sei_cli_say(cli,
                            "finished members are kept; the same command goes on with the rest",
                            "計算済みの分は保存済み。同じコマンドで続きから再開できる"));
    return code;
}

static int conclude(sei_cli *cli, const sei_result *nominal, const sei_ensemble_options *options)
{
    sei_ensemble *e  = NULL;
    sei_status    st = sei_ensemble_collect(cli->ctx, nominal, options, &e);

    if (st == SEI_OK)
        st = sei_ensemble_save(cli->ctx, e, options->folder);
    const int code = st == SEI_OK ? put_outcome(cli, e, options->folder) : sei_cli_fail(cli, st);
    sei_ensemble_free(e);
    return code;
}

sei_status sei_simulate_begin_ensemble(const sei_cli *cli, const char *folder)
{
    char            *path = sei_path_join(cli->ctx, folder, "ensemble");
    const sei_status st   = path ? sei_ensemble_begin(cli->ctx, path) : SEI_E_NOMEM;

    sei_release(cli->ctx, path);
    return st;
}

/* A member of a run that failed is of no use: the others begin no more of them. */
static void call_off(sei_cli *cli, const sei_ensemble_options *options)
{
    const sei_status st =
        options->n_ranks > 1 ? sei_ensemble_stop(cli->ctx, options->folder) : SEI_OK;

    if (st != SEI_OK)
        (void)sei_cli_fail(cli, st);
}

int sei_simulate_ensemble(sei_cli *cli, const sei_site *site, const sei_result *nominal,
                          const char *folder, const sei_ensemble_options *options,
                          const volatile sig_atomic_t *stop, int code)
{
    char                *path = sei_path_join(cli->ctx, folder, "ensemble");
    sei_ensemble_options own  = *options;

    own.folder  = path;
    own.rank    = cli->ranks ? cli->ranks->rank : 0;
    own.n_ranks = cli->ranks ? cli->ranks->n_ranks : 1;
    if (own.n_ranks > 1 && own.n_threads == 0)
        own.n_threads = 1; /* a rank a processor, unless told otherwise */
    if (!path)
        code = sei_cli_fail(cli, SEI_E_NOMEM);
    else if (code != SEI_EXIT_OK)
        call_off(cli, &own);
    else
        code = compute(cli, site, &own, stop);
    code = agree(cli, code);
    if (path && own.rank == 0 && cli->ranks &&
        sei_ensemble_end(cli->ctx, path) != SEI_OK) /* a file too many harms nobody */
        sei_ctx_clear(cli->ctx);
    if (code == SEI_EXIT_OK && nominal)
        code = conclude(cli, nominal, &own);
    sei_release(cli->ctx, path);
    return code;
}
