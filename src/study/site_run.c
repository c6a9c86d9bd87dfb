/* site_run.c - sections run, model and observations */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/file.h"
#include "study/site.h"

enum { NAMES_MAX = 200, OBSERVATIONS_MAX = 200 };

typedef struct {
    int     mode, initial;
    int64_t start_us, end_us;
    double  duration_s, output_interval_s, rel_tol, abs_tol_molal, dt_max_s, deposits_s;
} run_rows;

static const sei_schema_word mode_words[] = {
    {"transient", SEI_RUN_TRANSIENT}, {"steady", SEI_RUN_STEADY}, {NULL, 0}};
static const sei_schema_word initial_words[] = {
    {"raw", SEI_INITIAL_RAW}, {"steady", SEI_INITIAL_STEADY}, {NULL, 0}};

#define ROW_STRUCT run_rows
static const sei_key_row run_row_list[] = {
    SEI_WORD_ROW("mode", mode_words, SEI_RUN_TRANSIENT, mode,
                 "transient: through time; steady: the state that constant conditions lead to",
                 "計算方法(非定常/定常)"),
    SEI_WORD_ROW("initial", initial_words, SEI_INITIAL_RAW, initial,
                 "what the units hold at the start: raw water, or the steady state", "初期状態"),
    SEI_NUMBER_ROW(
        "deposits_after_d", "d", 0, 0, 36600, false, deposits_s,
        "of a steady state: the beds hold what these days through time leave in them; 0: "
        "beds as filled",
        "定常計算:開始からこの日数の非定常計算で溜まった沈殿物を保持する(0=充填時のまま)"),
    SEI_PLAIN_ROW("start", DATE, true, start_us, "first day, 2024-04-01", "開始日"),
    SEI_PLAIN_ROW("end", DATE, false, end_us, "end (midnight that begins this day)", "終了日"),
    SEI_NUMBER_ROW("duration_d", "d", SEI_NO_VALUE, 0.01, 36600, false, duration_s,
                   "length, in place of end", "計算期間"),
    SEI_NUMBER_ROW("output_interval_h", "h", 24, 0.01, 8784, false, output_interval_s,
                   "time between two rows of the results", "出力間隔"),
    SEI_NUMBER_ROW("relative_tolerance", "", 0, 0, 0.1, false, rel_tol,
                   "error allowed in a time step; 0: the solver's own", "相対許容誤差"),
    SEI_NUMBER_ROW("absolute_tolerance_umol_kgw", "µmol/kgw", 0, 0, 1000, false, abs_tol_molal,
                   "the same, absolute; 0: the solver's own", "絶対許容誤差"),
    SEI_NUMBER_ROW("max_step_h", "h", 0, 0, 8784, false, dt_max_s,
                   "longest time step; 0: the solver's own", "最大時間刻み"),
};
#undef ROW_STRUCT

typedef struct {
    const char     *database;
    const sei_yaml *components, *solids, *rates, *log_k;
    bool            nutrients, deposits_take_room;
} model_rows;

#define ROW_STRUCT model_rows
static const sei_key_row model_row_list[] = {
    SEI_PLAIN_ROW("database", TEXT, false, database,
                  "minewater (the default), or the path of a database in PHREEQC's format",
                  "熱力学データベース"),
    SEI_PLAIN_ROW("components", NODE, false, components,
                  "list of components as the database names them; from the influent when not given",
                  "成分"),
    SEI_PLAIN_ROW("solids", NODE, false, solids,
                  "list of solids; from the units and the rate laws when not given", "固相"),
    SEI_PLAIN_ROW("rates", NODE, false, rates, "changed parameters of rate laws, in every unit",
                  "反応速度パラメータの変更(全装置)"),
    SEI_PLAIN_ROW("log_k", NODE, false, log_k,
                  "changes of the database's log K: {Schwertmannite: 0.3} adds 0.3",
                  "熱力学定数 log K の変更(加算値)"),
    SEI_BOOL_ROW("deposits_take_room", 0, deposits_take_room,
                 "deposits in beds take room from the water that moves and reacts there",
                 "沈殿物による間隙の減少を反応・輸送計算にも反映する"),
    SEI_BOOL_ROW("nutrients", 0, nutrients,
                 "nitrogen and phosphorus that bran, husk and compost release are reckoned; costs "
                 "three components",
                 "米ぬか・籾殻・コンポストから溶出する窒素・りんを計算する"),
};
#undef ROW_STRUCT

typedef struct {
    const char *unit, *file, *point;
} observation_rows;

#define ROW_STRUCT observation_rows
static const sei_key_row observation_row_list[] = {
    SEI_PLAIN_ROW("unit", NAME, true, unit, "behind which unit; raw for the influent", "採水箇所"),
    SEI_PLAIN_ROW("file", PATH, true, file, "CSV file with a time column", "実測値のCSV"),
    SEI_PLAIN_ROW("point", TEXT, false, point, "rows of this sampling point only", "採水地点"),
};
#undef ROW_STRUCT

const sei_key_section sei_section_run   = {"run", run_row_list, SEI_COUNT(run_row_list)};
const sei_key_section sei_section_model = {"model", model_row_list, SEI_COUNT(model_row_list)};
const sei_key_section sei_section_observation = {"observations[]", observation_row_list,
                                                 SEI_COUNT(observation_row_list)};

/* ---- run -------------------------------------------------------------------------------------- */

static void read_end(sei_site_reader *r, const sei_yaml *node, const run_rows *in,
                     sei_run_options *out)
{
    const bool has_end = in->end_us != SEI_NO_DATE, has_duration = !isnan(in->duration_s);

    if (has_end && has_duration)
        sei_schema_problem(&r->s, SEI_E_DUPLICATE, sei_yaml_get(node, "end")->key_line,
                           "run: give either end or a duration, not both");
    else if (has_end && in->start_us != SEI_NO_DATE && in->end_us <= in->start_us)
        sei_schema_problem(&r->s, SEI_E_RANGE, sei_yaml_get(node, "end")->line,
                           "run.end = \"%s\" does not lie after run.start",
                           sei_yaml_get(node, "end")->text);
    else if (!has_end && !has_duration && in->mode == SEI_RUN_TRANSIENT)
        sei_schema_problem(&r->s, SEI_E_MISSING, node->key_line,
                           "run lacks its end; give end or duration_d");
    const double known_s = has_duration ? in->duration_s
                           : has_end    ? (double)(in->end_us - in->start_us) / 1e6
                                        : (double)INFINITY;
    if (in->deposits_s > fmax(0.0, known_s))
        sei_schema_problem(&r->s, SEI_E_RANGE, sei_yaml_get(node, "deposits_after_d")->line,
                           "run.deposits_after_d lies behind the end of the run");
    out->end_us = has_end ? in->end_us
                  : has_duration
                      ? in->start_us + (int64_t)(in->duration_s * 1e6)
                      : in->start_us + (int64_t)fmax((double)SEI_US_PER_DAY, in->deposits_s * 1e6);
}

void sei_site_read_run(sei_site_reader *r, const sei_yaml *node)
{
    run_rows           in   = {0};
    const sei_key_part part = {run_row_list, SEI_COUNT(run_row_list), &in};
    sei_run_options   *out  = &r->site->run;

    if (!sei_schema_map(&r->s, "run", node, 1, &part, NULL, NULL))
        return;
    *out = (sei_run_options){
        .mode              = (sei_run_mode)in.mode,
        .initial           = (sei_initial_state)in.initial,
        .start_us          = in.start_us,
        .output_interval_s = in.output_interval_s,
        .rel_tol           = in.rel_tol,
        .abs_tol_molal     = in.abs_tol_molal,
        .dt_max_s          = in.dt_max_s,
        .deposits_s        = in.deposits_s,
    };
    if (in.start_us != SEI_NO_DATE) /* else its absence has been told */
        read_end(r, node, &in, out);
}

/* ---- model ------------------------------------------------------------------------------------ */

static void read_names(sei_site_reader *r, const char *path, const sei_yaml *node, size_t *ret_n,
                       const char *const **ret_names)
{
    size_t n = 0;

    if (!node || !sei_schema_is_list(&r->s, path, node))
        return;
    if (node->n > NAMES_MAX) {
        sei_schema_problem(&r->s, SEI_E_TOO_LARGE, node->line, "%s has %zu names, more than %d",
                           path, node->n, (int)NAMES_MAX);
        return;
    }
    const char **names = sei_site_alloc(r, node->n + 1, sizeof *names);
    for (const sei_yaml *item = node->first; names && item && sei_schema_goes_on(&r->s);
         item                 = item->next) {
        const char *item_path = sei_schema_item_path(&r->s, path, n + 1);
        if (!sei_schema_text(&r->s, item_path, item, &names[n]))
            continue;
        for (size_t k = 0; k < n; k++)
            if (strcmp(names[k], names[n]) == 0)
                sei_schema_problem(&r->s, SEI_E_DUPLICATE, item->line, "%s names \"%s\" twice",
                                   path, names[n]);
        n++;
    }
    *ret_n     = n;
    *ret_names = names;
}

/* Names are looked up when the database is read, at the start of a run. */
static void read_log_k(sei_site_reader *r, const sei_yaml *node, sei_model_choice *out)
{
    static const sei_key_row row  = {.key   = "log_k",
                                     .kind  = SEI_KEY_NUMBER,
                                     .unit  = "",
                                     .lower = -10,
                                     .upper = 10,
                                     .help  = "added to log K"};
    sei_log_k_change        *list = node ? sei_site_alloc(r, node->n + 1, sizeof *list) : NULL;
    char                     shown[SEI_VALUE_TEXT_MAX];

    if (!list)
        return;
    if (node->kind != SEI_YAML_MAP) {
        sei_schema_show(shown, node);
        sei_schema_problem(&r->s, SEI_E_TYPE, node->line,
                           "model.log_k is %s, not a map of species or phases and numbers", shown);
        return;
    }
    for (const sei_yaml *c = node->first; c && sei_schema_goes_on(&r->s); c = c->next) {
        const char       *path = sei_schema_key_path(&r->s, "model.log_k", c->key);
        sei_log_k_change *to   = &list[out->n_log_k];
        if (!sei_schema_number(&r->s, path, c, &row, NULL, &to->delta))
            continue;
        to->name  = c->key;
        to->where = sei_schema_where(&r->s, c->key_line);
        out->n_log_k++;
    }
    out->log_k = list;
}

/* "minewater" is a file of the shipped data; whatever has a slash or a dot is a path. */
static void find_database(sei_site_reader *r, const sei_yaml *child, const char *name)
{
    char  file[300];
    char *path = NULL;

    if (strchr(name, '/') || strchr(name, '.')) {
        r->site->model.database = sei_schema_resolve(&r->s, name);
        return;
    }
    snprintf(file, sizeof file, "thermo/%.200s.dat", name);
    const sei_status st = sei_data_path(r->s.ctx, file, &path);
    if (st != SEI_OK) {
        if (child)
            sei_schema_problem(
                &r->s, st, child->line,
                "model.database = \"%.100s\" is not shipped; write minewater, or the "
                "path of a file (./my.dat)",
                name);
        else
            sei_schema_take_error(&r->s, st);
        return;
    }
    r->site->model.database = sei_arena_strdup(r->s.arena, path);
    if (!r->site->model.database)
        r->s.fatal = SEI_E_NOMEM;
    sei_release(r->s.ctx, path);
}

void sei_site_read_model(sei_site_reader *r, const sei_yaml *node)
{
    static const sei_yaml nothing = {.kind = SEI_YAML_MAP};
    model_rows            in      = {0};
    const sei_key_part    part    = {model_row_list, SEI_COUNT(model_row_list), &in};
    sei_model_choice     *out     = &r->site->model;

    if (!sei_schema_map(&r->s, "model", node ? node : &nothing, 1, &part, NULL, NULL))
        return;
    find_database(r, sei_yaml_get(node, "database"), in.database[0] ? in.database : "minewater");
    read_names(r, "model.components", in.components, &out->n_components, &out->components);
    read_names(r, "model.solids", in.solids, &out->n_solids, &out->solids);
    sei_site_read_rates(r, "model.rates", in.rates, &out->n_rates, &out->rates);
    read_log_k(r, in.log_k, out);
    out->nutrients          = in.nutrients;
    out->deposits_take_room = in.deposits_take_room;
}

/* ---- observations ----------------------------------------------------------------------------- */

static void read_observation(sei_site_reader *r, const char *path, const sei_yaml *node,
                             sei_observation *out)
{
    observation_rows   in   = {0};
    const sei_key_part part = {observation_row_list, SEI_COUNT(observation_row_list), &in};

    if (!sei_schema_map(&r->s, path, node, 1, &part, NULL, NULL) || !in.unit[0] || !in.file)
        return;
    if (strcmp(in.unit, "raw") != 0 && r->site->n_units &&
        sei_site_find_unit(r->site, in.unit) == r->site->n_units)
        sei_schema_problem(&r->s, SEI_E_NOT_FOUND, sei_yaml_get(node, "unit")->line,
                           "%s.unit: no unit of train is named \"%s\"", path, in.unit);
    out->unit   = in.unit;
    out->file   = in.file;
    out->where  = sei_schema_where(&r->s, node->line);
    out->series = sei_site_read_series(r, sei_schema_key_path(&r->s, path, "file"),
                                       sei_yaml_get(node, "file"), in.file, in.point);
}

void sei_site_read_observations(sei_site_reader *r, const sei_yaml *node)
{
    size_t i = 0;

    if (!sei_schema_is_list(&r->s, "observations", node))
        return;
    if (node->n > OBSERVATIONS_MAX) {
        sei_schema_problem(&r->s, SEI_E_TOO_LARGE, node->line,
                           "observations has %zu entries, more than %d", node->n,
                           (int)OBSERVATIONS_MAX);
        return;
    }
    sei_observation *list = sei_site_alloc(r, node->n, sizeof *list);
    for (const sei_yaml *item = node->first; list && item && sei_schema_goes_on(&r->s);
         item                 = item->next, i++)
        read_observation(r, sei_schema_item_path(&r->s, "observations", i + 1), item, &list[i]);
    r->site->n_observations = node->n;
    r->site->observations   = list;
}
