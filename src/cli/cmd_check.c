/* cmd_check.c - seiryu check: every problem of a site file, or a short summary of it */
#include <string.h>

#include "base/clock.h"
#include "base/number.h"
#include "cli/cli.h"
#include "plant/plant.h"
#include "seiryu/study.h"
#include "study/knob.h"
#include "study/run.h"

static const sei_cli_option options[] = {
    {"quiet", 'q', NULL, NULL, "no warnings, and no summary when the file is sound",
     "警告と要約を表示しない"},
    {"format", 'f', "FORMAT", sei_cli_formats,
     "list the problems as table, csv or json on standard output",
     "問題の一覧を table、csv、json で出力"},
};

static const sei_cli_example examples[] = {
    {"seiryu check site.yaml", "all problems, one a line; or a summary",
     "すべての問題を1行ずつ表示(なければ要約)"},
    {"seiryu check --quiet */site.yaml", "many files; exit code 3 when one has a problem",
     "複数ファイルの検査(問題があれば終了コード3)"},
    {"seiryu check --format json site.yaml", "for an editor", "エディタ連携用にJSONで出力"},
};

typedef struct {
    sei_cli    *cli;
    sei_rtable *table; /* NULL: lines on standard error */
    size_t      n;
} listing;

static void put_problem(void *user, sei_status status, const sei_where *where, const char *text)
{
    listing    *list = user;
    const char *name = sei_status_name(status);

    list->n++;
    if (!list->table) {
        fprintf(list->cli->err, "%s\n", text);
        return;
    }
    sei_rtable_add_row(list->table);
    sei_rtable_add_text(list->table, (sei_label){where->file, where->file});
    sei_rtable_add_number(list->table, (double)where->line, 0);
    sei_rtable_add_text(list->table, (sei_label){name, name});
    sei_rtable_add_text(list->table, (sei_label){text, text});
}

static sei_rtable *create_table(sei_cli *cli)
{
    sei_rtable *table = sei_rtable_create(
        cli->ctx, "problems", (sei_label){"サイトファイルの問題", "Problems of the site file"});

    sei_rtable_add_column(table, "file", (sei_label){"ファイル", "file"}, "");
    sei_rtable_add_column(table, "line", (sei_label){"行", "line"}, "");
    sei_rtable_add_column(table, "status", (sei_label){"種別", "kind"}, "");
    sei_rtable_add_column(table, "message", (sei_label){"内容", "message"}, "");
    return table;
}

/* ---- summary ---------------------------------------------------------------------------------- */

static void put_influent(const sei_cli *cli, const sei_influent *influent)
{
    size_t series = 0;

    for (size_t i = 0; i < influent->n_rows; i++)
        series += influent->rows[i].series != NULL;
    fprintf(cli->out, "  %-12s %s%zu%s%zu", "influent", sei_cli_say(cli, "quantities: ", "項目数 "),
            influent->n_rows, sei_cli_say(cli, "; as series: ", "、うち時系列 "), series);
    if (influent->file)
        fprintf(cli->out, "%s%s%s", sei_cli_say(cli, " from ", "("), influent->file,
                sei_cli_say(cli, "", ")"));
    fprintf(cli->out, "\n");
}

static void put_train(const sei_cli *cli, const sei_site *site)
{
    fprintf(cli->out, "  %-12s ", "train");
    for (size_t u = 0; u < site->n_units; u++) {
        const sei_unit_spec *unit = &site->units[u];
        fprintf(cli->out, "%s%s (%s", u ? ", " : "", unit->name, unit->type->key);
        for (size_t i = 0; i < unit->n_feeds; i++)
            fprintf(cli->out, "%s%s", i ? " + " : sei_cli_say(cli, " from ", " ← "),
                    unit->feeds[i].from);
        fprintf(cli->out, ")");
    }
    fprintf(cli->out, "\n");
}

static void put_run(const sei_cli *cli, const sei_site *site)
{
    char start[SEI_TIME_MAX], end[SEI_TIME_MAX];

    sei_format_date(start, site->run.start_us, site->utc_offset_us);
    sei_format_date(end, site->run.end_us, site->utc_offset_us);
    fprintf(cli->out, "  %-12s %s%s%s%s\n", "run",
            site->run.mode == SEI_RUN_STEADY ? sei_cli_say(cli, "steady, ", "定常、")
                                             : sei_cli_say(cli, "transient, ", "非定常、"),
            start, sei_cli_say(cli, " to ", " 〜 "), end);
}

static void put_notes(const sei_cli *cli, const sei_site *site)
{
    size_t assumed = 0;

    for (size_t i = 0; i < site->n_notes; i++)
        assumed += site->notes[i].kind == SEI_NOTE_ASSUMED;
    fprintf(cli->out, "  %s%zu%s%zu\n",
            sei_cli_say(cli, "marked       assumed: ", "仮定・出典   仮定 "), assumed,
            sei_cli_say(cli, "; with a source: ", "、出典あり "), site->n_notes - assumed);
}

static void put_summary(const sei_cli *cli, const sei_site *site)
{
    fprintf(cli->out, "%s: %s\n", site->path, sei_cli_say(cli, "sound", "問題なし"));
    fprintf(cli->out, "  %-12s %s\n", "site", sei_cli_say(cli, site->name, site->name_ja));
    fprintf(cli->out, "  %-12s %s%s%zu\n", "limits", site->limits.table,
            sei_cli_say(cli, "; rules of the site: ", "、独自の規定 "), site->limits.n_rules);
    put_influent(cli, &site->influent);
    put_train(cli, site);
    put_run(cli, site);
    fprintf(cli->out, "  %-12s %s\n", "database", site->model.database);
    if (site->n_observations)
        fprintf(cli->out, "  %s%zu\n", sei_cli_say(cli, "observed     ", "実測値       "),
                site->n_observations);
    put_notes(cli, site);
}

/* ---- the command ------------------------------------------------------------------------------ */

static sei_status try_plant(sei_ctx *ctx, const sei_site *site, const sei_run_model *model,
                            const sei_run_inflow *inflow)
{
    const double         flow  = sei_run_inflow_mean_m3_s(inflow);
    sei_plant           *plant = NULL;
    const sei_plant_spec spec  = {.db          = model->db,
                                  .model       = model->model,
                                  .n_inflows   = 1,
                                  .inflow_m3_s = &flow,
                                  .law_params  = model->law_params,
                                  .n_units     = site->n_units,
                                  .units       = site->units};

    if (!(flow > 0))
        return sei_fail(ctx, SEI_E_RANGE, NULL,
                        "the influent has no flow in the period of the run");
    sei_run_events *events = NULL;
    sei_status      st     = sei_plant_create(ctx, &spec, &plant);
    if (st == SEI_OK && site->run.mode != SEI_RUN_STEADY)
        st = sei_run_events_create(ctx, site, plant, &events);
    sei_run_events_free(events);
    sei_plant_free(plant);
    return st;
}

/* Builds model and plant as a run would, and throws them away: a database that lacks a phase, layers
 * that overfill a bed, units that feed each other in a circle, bran for a tank show only when the parts meet. */
static sei_status try_site(sei_ctx *ctx, const sei_site *site)
{
    sei_run_model   model  = {0};
    sei_run_inflow *inflow = NULL;
    sei_knobs      *knobs  = NULL;

    sei_status st = sei_knobs_create(ctx, site, &knobs); /* paths of section uncertainty */
    sei_knobs_free(knobs);
    if (st == SEI_OK)
        st = sei_run_model_create(ctx, site, &model);
    if (st == SEI_OK)
        st = sei_run_inflow_create(ctx, site, &model, &inflow);
    if (st == SEI_OK)
        st = try_plant(ctx, site, &model, inflow);
    sei_run_inflow_free(inflow);
    sei_run_model_done(ctx, &model);
    return st;
}

static sei_status try_build(sei_cli *cli, const sei_site *site, listing *list)
{
    const sei_status st = try_site(cli->ctx, site);

    if (st != SEI_OK) {
        sei_where where = sei_ctx_error_where(cli->ctx);
        char      text[1200];
        snprintf(text, sizeof text, "%s%s%s", where.file ? "" : site->path, where.file ? "" : ": ",
                 sei_ctx_error(cli->ctx));
        if (!where.file)
            where.file = site->path;
        put_problem(list, st, &where, text);
    }
    return st;
}

static int check(sei_cli *cli, const char *path, listing *list)
{
    sei_site  *site = NULL;
    sei_status st   = sei_site_read(cli->ctx, path, put_problem, list, &site);

    if (st == SEI_OK)
        st = try_build(cli, site, list);
    if (!sei_cli_has(cli, "quiet"))
        sei_cli_print_warnings(cli);
    if (st == SEI_OK && !sei_cli_has(cli, "quiet") && !list->table)
        put_summary(cli, site);
    sei_site_free(site);
    sei_ctx_clear(cli->ctx);
    const int code = sei_status_exit_code(st);
    return code == SEI_EXIT_USAGE ? SEI_EXIT_INPUT : code; /* the arguments here were sound */
}

static int run(sei_cli *cli)
{
    listing list = {.cli = cli};
    int     code = SEI_EXIT_OK;

    if (sei_cli_has(cli, "format"))
        list.table = create_table(cli);
    for (int i = 0; i < cli->n_args; i++) {
        const int one = check(cli, cli->args[i], &list);
        if (code == SEI_EXIT_OK)
            code = one;
    }
    if (list.table) {
        const int put = sei_cli_put_table(cli, list.table);
        return put == SEI_EXIT_OK ? code : put;
    }
    if (list.n)
        fprintf(cli->err, "%s%zu\n", sei_cli_say(cli, "problems: ", "問題: "), list.n);
    return code;
}

const sei_cli_command sei_cmd_check = {
    .name       = "check",
    .summary    = "check a site file and the files it names",
    .summary_ja = "サイトファイルとその参照ファイルを検査する",
    .arguments  = "SITE.yaml ...",
    .min_args   = 1,
    .max_args   = -1,
    .text = "Reads the file as a run would and tells every problem with file, line, key, value "
            "and allowed range. Nothing is computed and nothing is written.",
    .text_ja =
        "計算時と同じ手順でファイルを読み、すべての問題をファイル名・行・キー・値・許容範囲とともに"
        "表示する。計算も書き込みもしない。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
