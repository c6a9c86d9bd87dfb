/* cmd_titrate.c - seiryu titrate: dose, residual metals and sludge of a neutralisation */
#include <math.h>
#include <string.h>
#include <time.h>

#include "base/clock.h"
#include "base/file.h"
#include "base/number.h"
#include "base/text.h"
#include "cli/cli.h"
#include "study/titrate_study.h"

static const char *const redox_words[]    = {"fixed", "coupled", NULL};
static const char *const sorption_words[] = {"hfo", "none", NULL};
static const char *const reagent_words[]  = {"Ca(OH)2", "CaO", "CaCO3", "NaOH",
                                             "Na2CO3",  "MgO", NULL};

static const sei_cli_option options[] = {
    {"row", 'r', "NAME", NULL,
     "the water: its name, or its number from 1 (needed when there are several)",
     "対象の水質の名前、または1からの番号(複数行のとき必須)"},
    {"site", 0, "FILE", NULL, "titrate the influent of this site file instead of a table's water",
     "表の代わりにサイトファイルの原水を用いる"},
    {"reagent", 'a', "REAGENT", reagent_words,
     "Ca(OH)2 (when not given), CaO, CaCO3, NaOH, Na2CO3 or MgO",
     "中和剤: Ca(OH)2(既定)、CaO、CaCO3、NaOH、Na2CO3、MgO"},
    {"to-ph", 0, "PH", NULL, "pH to reach (9; 7 for CaCO3)", "目標pH(既定9、CaCO3では7)"},
    {"max-dose-mg-l", 0, "DOSE", NULL,
     "end of the curve, mg/L of pure reagent (what the pH needs, and a fifth more)",
     "曲線の終点、純分mg/L(既定は目標pHに要する量の1.2倍)"},
    {"steps", 0, "N", NULL,
     "even steps of dose (20); the curve gets more points where the pH jumps",
     "添加量の等間隔の段数(既定20)。pHが急変する区間は自動で細分"},
    {"open", 0, "GASES", NULL, "co2, o2 or co2,o2: keep equilibrium with these gases of the air",
     "平衡を保つ大気成分: co2、o2、co2,o2"},
    {"closed", 0, NULL, NULL, "neither (as when --open is not given)",
     "大気と遮断(--open なしと同じ)"},
    {"pco2", 0, "LOG", NULL, "log10 of the CO2 pressure in atm (-3.38)",
     "CO2分圧の常用対数、atm(既定-3.38)"},
    {"po2", 0, "LOG", NULL, "log10 of the O2 pressure in atm (-0.68)",
     "O2分圧の常用対数、atm(既定-0.68)"},
    {"redox", 0, "HOW", redox_words,
     "fixed: valences stay as analysed; coupled: all reach equilibrium (always so with --open o2)",
     "価数の扱い: fixed=分析値のまま、coupled=平衡(--open o2 では常に平衡)"},
    {"minerals", 'm', "LIST", NULL,
     "solids that may form, separated by commas: default, NAME, -NAME, none",
     "析出を許す鉱物をコンマ区切りで: default、名前、-名前(除外)、none"},
    {"sorption", 0, "HOW", sorption_words,
     "hfo: what forms of ferric hydroxide sorbs metals (when the database has Hfo); none",
     "吸着: hfo=生成した水酸化鉄に吸着(データベースに Hfo があるとき既定)、none"},
    {"purity", 0, "SHARE", NULL, "reagent in the product, 0..1 (by reagent)",
     "薬剤の純度 0~1(既定は薬剤ごと)"},
    {"dissolution", 0, "SHARE", NULL, "share of the reagent that dissolves, 0..1 (by reagent)",
     "薬剤の溶解効率 0~1(既定は薬剤ごと)"},
    {"solids", 0, "SHARE", NULL, "dry solids in the settled sludge, 0..1 (0.03)",
     "沈降汚泥の固形分 0~1(既定0.03)"},
    {"fe2-share", 0, "SHARE", NULL,
     "share of total iron that is Fe(II), 0..1, when valences are not given (1)",
     "全鉄のみの分析で二価鉄とする割合 0~1(既定1)"},
    {"balance", 0, "WHAT", NULL,
     "what makes the charge balance: pH, none or a component such as S(6)",
     "電荷を合わせる成分: pH、none、または S(6) など"},
    {"limits", 0, "TABLE", NULL,
     "limits to compare with: effluent, environment, farm_water or none (effluent)",
     "比べる基準: effluent(既定)、environment、farm_water、none"},
    {"date", 0, "DATE", NULL, "day of the limits and of a site's influent",
     "基準とサイト原水の日付"},
    {"database", 'd', "FILE", NULL,
     "thermodynamic database in PHREEQC's format (the shipped minewater.dat)",
     "PHREEQC形式の熱力学データベース(既定は同梱の minewater.dat)"},
    {"output", 'o', "DIR", NULL, "folder for titration.csv, summary.json and figures/",
     "titration.csv、summary.json、figures/ を書き出すフォルダ"},
    {"quiet", 'q', NULL, NULL, "no tables", "表を表示しない"},
    SEI_CLI_FORMAT_OPTION,
};

static const sei_cli_example examples[] = {
    {"seiryu titrate waters.csv --row Adit-1 -o lime",
     "hydrated lime to pH 9, nothing exchanged with the air", "消石灰でpH 9まで(大気と遮断)"},
    {"seiryu titrate waters.csv --row 2 --reagent NaOH --open co2,o2 --to-ph 10 -o caustic",
     "caustic soda in an aerated tank", "曝気槽での苛性ソーダ"},
    {"seiryu titrate --site site.yaml --reagent CaCO3 --to-ph 6.5 -o limestone",
     "limestone in the raw water of a site", "サイトの原水に石灰石"},
    {"seiryu titrate waters.csv --row 1 -m default,-Calcite,Basaluminite -f csv",
     "other solids; the curve as CSV on standard output", "析出物を変え、曲線をCSVで標準出力に"},
};

/* ---- options ---------------------------------------------------------------------------------- */

/* A number of an option, or preset when it is not given. */
static int take_number(const sei_cli *cli, const char *name, double low, double high, double preset,
                       double *ret_value)
{
    const char *text = sei_cli_value(cli, name);

    *ret_value = preset;
    if (!text)
        return SEI_EXIT_OK;
    if (!sei_parse_double(text, strlen(text), ret_value))
        return sei_cli_usage(cli, "--%s \"%s\" is no number", name, text);
    if (!(*ret_value >= low && *ret_value <= high))
        return sei_cli_usage(cli, "--%s %s is outside %g..%g", name, text, low, high);
    return SEI_EXIT_OK;
}

static int take_open(const sei_cli *cli, sei_titration_setup *setup)
{
    const char *open = sei_cli_value(cli, "open");

    if (!open)
        return SEI_EXIT_OK;
    if (sei_cli_has(cli, "closed"))
        return sei_cli_usage(cli, "--open and --closed exclude each other");
    sei_slice rest = sei_slice_of(open);
    while (rest.len > 0) {
        const char     *comma = memchr(rest.at, ',', rest.len);
        const size_t    len   = comma ? (size_t)(comma - rest.at) : rest.len;
        const sei_slice gas   = sei_trim((sei_slice){rest.at, len});
        if (sei_slice_is_nocase(gas, "co2"))
            setup->open_co2 = true;
        else if (sei_slice_is_nocase(gas, "o2"))
            setup->open_o2 = true;
        else
            return sei_cli_usage(cli, "--open \"%s\" is none of co2, o2, co2,o2", open);
        rest = comma ? (sei_slice){comma + 1, rest.len - len - 1} : (sei_slice){NULL, 0};
    }
    return SEI_EXIT_OK;
}

static int take_chemistry(const sei_cli *cli, sei_titration_setup *setup)
{
    const char *reagent = sei_cli_value(cli, "reagent"), *redox = sei_cli_value(cli, "redox");
    int         code;

    setup->reagent    = sei_reagent_find(reagent ? reagent : "Ca(OH)2");
    setup->is_coupled = redox && strcmp(redox, "coupled") == 0;
    if ((code = take_open(cli, setup)) != SEI_EXIT_OK ||
        (code = take_number(cli, "pco2", -10.0, 1.0, -3.38, &setup->log_pco2)) != SEI_EXIT_OK ||
        (code = take_number(cli, "po2", -60.0, 1.0, -0.68, &setup->log_po2)) != SEI_EXIT_OK)
        return code;
    if (setup->open_o2 && redox && !setup->is_coupled)
        return sei_cli_usage(
            cli, "--open o2 brings all valences to equilibrium: it excludes --redox fixed");
    return SEI_EXIT_OK;
}

static int take_range(const sei_cli *cli, const sei_reagent *reagent, sei_titration_range *range)
{
    const bool   is_limestone = strcmp(reagent->key, "CaCO3") == 0;
    const bool   dose_only    = sei_cli_value(cli, "max-dose-mg-l") && !sei_cli_value(cli, "to-ph");
    const double preset       = dose_only ? (double)NAN : is_limestone ? 7.0 : 9.0;
    double       mg_l, steps;
    int          code;

    if ((code = take_number(cli, "to-ph", 2.0, 13.0, preset, &range->to_ph)) != SEI_EXIT_OK ||
        (code = take_number(cli, "max-dose-mg-l", 0.01, 1e6, 0.0, &mg_l)) != SEI_EXIT_OK ||
        (code = take_number(cli, "steps", 1, 1000, 20, &steps)) != SEI_EXIT_OK)
        return code;
    range->max_dose_mol = 1e-3 * mg_l / sei_reagent_g_mol(reagent);
    range->steps        = (size_t)steps;
    return SEI_EXIT_OK;
}

static int take_dosing(const sei_cli *cli, const sei_reagent *reagent, sei_dosing *dosing)
{
    int code;

    if ((code = take_number(cli, "purity", 0.01, 1.0, reagent->purity, &dosing->purity)) !=
            SEI_EXIT_OK ||
        (code = take_number(cli, "dissolution", 0.01, 1.0, reagent->dissolution,
                            &dosing->dissolution)) != SEI_EXIT_OK)
        return code;
    return take_number(cli, "solids", 0.001, 0.9, 0.03, &dosing->solids_fraction);
}

/* ---- the minerals' list ----------------------------------------------------------------------- */

enum { LIST_MAX = 60, LIST_BYTES = 1024 };

typedef struct {
    char        text[LIST_BYTES];
    const char *names[LIST_MAX];
    size_t      n;
} mineral_words;

static int take_minerals(const sei_cli *cli, mineral_words *words)
{
    const char *list = sei_cli_value(cli, "minerals");

    words->n = 0;
    if (!list)
        return SEI_EXIT_OK;
    if (strlen(list) >= sizeof words->text)
        return sei_cli_usage(cli, "--minerals: the list is longer than %d bytes",
                             (int)LIST_BYTES - 1);
    memcpy(words->text, list, strlen(list) + 1);
    for (char *at = words->text; at;) {
        char *comma = strchr(at, ',');
        if (comma)
            *comma++ = '\0';
        const sei_slice name = sei_trim(sei_slice_of(at));
        if (name.len == 0)
            return sei_cli_usage(cli, "--minerals \"%s\" holds an empty name", list);
        if (words->n == LIST_MAX)
            return sei_cli_usage(cli, "--minerals: more than %d names", (int)LIST_MAX);
        at[(size_t)(name.at - at) + name.len] = '\0';
        words->names[words->n++]              = name.at;
        at                                    = comma;
    }
    return SEI_EXIT_OK;
}

/* ---- where the water comes from --------------------------------------------------------------- */

/* What is read before a titration and freed after it. */
typedef struct {
    sei_db        *db;
    char          *db_path;
    sei_site      *site;
    sei_table     *table;
    sei_headers   *headers;
    sei_limits    *limits; /* own; those of a site belong to it */
    sei_water_row *water;
    mineral_words  minerals;
} material;

static sei_status read_database(sei_cli *cli, material *m)
{
    const char *path = sei_cli_value(cli, "database");
    sei_status  st   = SEI_OK;

    if (!path && m->site)
        path = m->site->model.database;
    if (path)
        st = (m->db_path = sei_strdup(cli->ctx, path)) ? SEI_OK : SEI_E_NOMEM;
    else
        st = sei_data_path(cli->ctx, "thermo/minewater.dat", &m->db_path);
    return st == SEI_OK ? sei_db_read(cli->ctx, m->db_path, &m->db) : st;
}

static int take_date(const sei_cli *cli, int64_t offset_us, bool *ret_has, int64_t *ret_time_us)
{
    const char *date = sei_cli_value(cli, "date");

    *ret_has = date != NULL;
    if (date && !sei_parse_time(date, strlen(date), offset_us, ret_time_us))
        return sei_cli_usage(cli, "--date \"%s\" is no date; write 2024-03-31", date);
    return SEI_EXIT_OK;
}

/* Reads the water and sets the day that limits and influent are taken of. */
static int read_water(sei_cli *cli, material *m, sei_titrate_options *o)
{
    sei_titrate_reading reading = {.headers = m->headers, .balance = sei_cli_value(cli, "balance")};
    bool                has_date;

    o->utc_offset_us = m->site ? m->site->utc_offset_us : SEI_JST_OFFSET_US;
    int code         = take_date(cli, o->utc_offset_us, &has_date, &o->limits_time_us);
    if (code == SEI_EXIT_OK)
        code = take_number(cli, "fe2-share", 0.0, 1.0, (double)NAN, &reading.fe2_share);
    if (code != SEI_EXIT_OK)
        return code;
    if (!has_date && m->site)
        o->limits_time_us = m->site->run.start_us;
    sei_status st;
    if (m->site)
        st =
            sei_titrate_water_site(cli->ctx, m->db, m->site, o->limits_time_us, &reading, m->water);
    else
        st = sei_titrate_water_row(cli->ctx, m->db, m->table, sei_cli_value(cli, "row"), &reading,
                                   m->water);
    if (st != SEI_OK)
        return sei_cli_fail(cli, st);
    if (!has_date && !m->site)
        o->limits_time_us =
            m->water->has_time ? m->water->time_us : (int64_t)time(NULL) * SEI_US_PER_S;
    return SEI_EXIT_OK;
}

static int choose_limits(sei_cli *cli, material *m, sei_titrate_options *o)
{
    const char *table = sei_cli_value(cli, "limits");

    if (m->site && !table) {
        o->limits      = m->site->limit_tables;
        o->limits_site = m->site->limits;
        return SEI_EXIT_OK;
    }
    const sei_status st = sei_limits_load(cli->ctx, NULL, &m->limits);
    if (st != SEI_OK)
        return sei_cli_fail(cli, st);
    o->limits      = m->limits;
    o->limits_site = (sei_limits_site){.table = table ? table : "effluent", .discharge_m3_d = -1.0};
    if (table && strcmp(table, "none") != 0 && !sei_limits_has_table(m->limits, table))
        return sei_cli_usage(
            cli, "--limits \"%s\" is none of effluent, environment, farm_water, none", table);
    return SEI_EXIT_OK;
}

static int read_sources(sei_cli *cli, material *m)
{
    const char *site = sei_cli_value(cli, "site");

    if (site && cli->n_args > 0)
        return sei_cli_usage(cli, "--site and a table of waters exclude each other");
    if (!site && cli->n_args == 0)
        return sei_cli_usage(cli, "a table of waters is missing; or give --site SITE.yaml");
    sei_status st = SEI_OK;
    if (site) {
        st = sei_site_read(cli->ctx, site, sei_cli_put_problem, cli, &m->site);
        if (st != SEI_OK)
            return sei_status_exit_code(st);
    }
    st = read_database(cli, m);
    if (st == SEI_OK && !site)
        st = sei_headers_load(cli->ctx, NULL, &m->headers);
    if (st == SEI_OK && !site)
        st = sei_table_read(cli->ctx, cli->args[0], &m->table);
    if (st == SEI_OK && !(m->water = sei_alloc(cli->ctx, 1, sizeof *m->water)))
        st = SEI_E_NOMEM;
    return st == SEI_OK ? SEI_EXIT_OK : sei_cli_fail(cli, st);
}

/* ---- output ----------------------------------------------------------------------------------- */

static int put_tables(sei_cli *cli, const sei_titrate_study *study)
{
    const char *format = sei_cli_value(cli, "format");

    if (format && strcmp(format, "table") != 0)
        return sei_cli_put_table(cli, sei_titrate_water_table(study, true));
    int code = sei_cli_put_table(cli, sei_titrate_water_table(study, false));
    fputc('\n', cli->out);
    if (code == SEI_EXIT_OK)
        code = sei_cli_put_table(cli, sei_titrate_solid_table(study));
    fputc('\n', cli->out);
    return code == SEI_EXIT_OK ? sei_cli_put_table(cli, sei_titrate_key_table(study)) : code;
}

static int titrate(sei_cli *cli, const sei_titrate_options *o)
{
    const char        *folder = sei_cli_value(cli, "output");
    sei_titrate_study *study  = NULL;

    sei_status st = sei_titrate_study_create(cli->ctx, o, &study);
    if (st == SEI_OK && folder)
        st = sei_titrate_save(cli->ctx, study, folder);
    if (st != SEI_OK) {
        sei_titrate_study_free(study);
        return sei_cli_fail(cli, st);
    }
    int code = sei_cli_has(cli, "quiet") ? SEI_EXIT_OK : put_tables(cli, study);
    if (code == SEI_EXIT_OK && folder && !sei_cli_has(cli, "quiet") &&
        !sei_cli_value(cli, "format"))
        fprintf(cli->out, "\n%s%s\n", sei_cli_say(cli, "results: ", "結果フォルダ: "), folder);
    sei_titrate_study_free(study);
    return code;
}

static int prepare_and_titrate(sei_cli *cli, material *m)
{
    sei_titrate_options o = {.water = NULL};

    int code = take_chemistry(cli, &o.setup);
    if (code == SEI_EXIT_OK)
        code = take_range(cli, o.setup.reagent, &o.range);
    if (code == SEI_EXIT_OK)
        code = take_dosing(cli, o.setup.reagent, &o.dosing);
    if (code == SEI_EXIT_OK)
        code = take_minerals(cli, &m->minerals);
    if (code == SEI_EXIT_OK)
        code = read_sources(cli, m);
    if (code == SEI_EXIT_OK)
        code = read_water(cli, m, &o);
    if (code == SEI_EXIT_OK)
        code = choose_limits(cli, m, &o);
    if (code != SEI_EXIT_OK)
        return code;
    o.db                  = m->db;
    o.water               = m->water;
    o.setup.db            = m->db;
    o.setup.analysis      = &m->water->analysis;
    const char *sorption  = sei_cli_value(cli, "sorption");
    o.setup.surface_file  = sorption && strcmp(sorption, "none") == 0 ? NULL : m->db_path;
    o.setup.needs_surface = sorption != NULL;
    o.setup.n_minerals    = m->minerals.n;
    o.setup.minerals      = m->minerals.names;
    return titrate(cli, &o);
}

static int run(sei_cli *cli)
{
    material  m    = {.db = NULL};
    const int code = prepare_and_titrate(cli, &m);

    if (code == SEI_EXIT_OK)
        sei_cli_print_warnings(cli);
    sei_release(cli->ctx, m.water);
    sei_limits_free(m.limits);
    sei_table_free(m.table);
    sei_headers_free(m.headers);
    sei_db_free(m.db);
    sei_release(cli->ctx, m.db_path);
    sei_site_free(m.site);
    return code;
}

const sei_cli_command sei_cmd_titrate = {
    .name       = "titrate",
    .summary    = "neutralise a water: dose, residual metals and sludge",
    .summary_ja = "中和滴定: 薬剤添加量・残留金属・汚泥量",
    .arguments  = "[WATERS.csv]",
    .max_args   = 1,
    .text    = "Brings a water to equilibrium with growing doses of a reagent and with the solids "
               "that form at once, and "
               "tells pH, dissolved metals, precipitates and sludge, the dose for a pH and the lowest "
               "dose at which every "
               "metal keeps its limit. The table has one water a row, with columns as for seiryu "
               "speciate (Fe(2), Zn_ug_l) or as in "
               "the other CSV files (zn_mg_l, 亜鉛(mg/L)).\n"
               "With -o it writes titration.csv, summary.json and figures/ into the folder.",
    .text_ja = "水質に中和剤を段階的に加え、すぐに析出する固相との平衡を計算して、pH・溶存金属・析"
               "出物・汚泥量、目標pHに要する添加量、"
               "全金属が基準以下となる最小の添加量を示す。表は1行1試料で、列名は seiryu speciate "
               "と同じ成分名(Fe(2)、Zn_ug_l)でも、"
               "他のCSVと同じ項目名(zn_mg_l、亜鉛(mg/L))でもよい。\n"
               "-o を付けると titration.csv、summary.json、figures/ をフォルダに書き出す。",
    .options = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
