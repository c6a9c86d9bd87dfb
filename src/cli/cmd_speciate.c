/* cmd_speciate.c - seiryu speciate: waters in, species and saturation indices out */
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "cli/cli.h"
#include "study/speciate.h"

enum { DIGITS = 12 };

static const sei_cli_option options[] = {
    {"database", 'd', "FILE", NULL,
     "thermodynamic database in PHREEQC's format (the shipped minewater.dat)",
     "PHREEQC形式の熱力学データベース(既定は同梱の minewater.dat)"},
    {"select", 's', "LIST", NULL, "what to write, separated by commas (pH,pe,mu,charge)",
     "出力する項目をコンマ区切りで指定(既定 pH,pe,mu,charge)"},
    {"equilibrate", 'e', "LIST", NULL,
     "first bring the waters to equilibrium with phases, NAME[=SI[:MOL]]; SI 0 and as much as is "
     "needed when not "
     "given",
     "鉱物・気体と平衡させてから出力する。NAME[=SI[:MOL]](既定は SI 0、量は無制限)"},
    {"output", 'o', "FILE", NULL, "write there instead of to standard output",
     "標準出力の代わりに書き込むファイル"},
    {"format", 'f', "FORMAT", sei_cli_formats, "csv, json or table (csv when not given)",
     "出力形式: csv(既定)、json、table"},
};

static const sei_cli_example examples[] = {
    {"seiryu speciate --select 'name,pH,SI(Calcite),tot(Fe)' waters.csv",
     "with the shipped database", "同梱データベースで計算する"},
    {"seiryu speciate -d wateq4f.dat -s 'pH,m(Fe+2),la(Fe+3),SI(Fe(OH)3(a))' waters.csv -o "
     "species.csv",
     "with a database of PHREEQC, into a file", "PHREEQCのデータベースで計算し、ファイルに書く"},
    {"seiryu speciate -e 'Calcite,CO2(g)=-3.4' -s 'pH,alk,n(Calcite)' waters.csv",
     "after contact with limestone and air", "石灰石・大気と平衡した後の水質"},
    {"seiryu speciate -f table -s 'name,pH,SI(Gypsum)' 水質分析表.csv",
     "a laboratory's sheet, to look at", "分析表をそのまま読み、表として表示する"},
};

/* ---- output ----------------------------------------------------------------------------------- */

static sei_status put_text(sei_cli *cli, const char *text, size_t len)
{
    const char *path = sei_cli_value(cli, "output");

    if (path)
        return sei_file_write(cli->ctx, path, text, len);
    if (fwrite(text, 1, len, cli->out) != len || fflush(cli->out) != 0)
        return sei_fail(cli->ctx, SEI_E_IO, NULL, "standard output cannot be written");
    return SEI_OK;
}

static sei_status put_csv(sei_cli *cli, const sei_speciation *s)
{
    sei_table_writer *writer = NULL;
    size_t            len    = 0;
    double            value;

    sei_status st = sei_table_writer_create(cli->ctx, NULL, &writer);
    if (st != SEI_OK)
        return st;
    for (size_t k = 0; k < sei_speciation_n_words(s); k++)
        sei_table_put_text(writer, sei_speciation_word(s, k));
    sei_table_end_row(writer);
    for (size_t row = 0; row < sei_speciation_n_rows(s); row++) {
        for (size_t k = 0; k < sei_speciation_n_words(s); k++) {
            if (sei_speciation_text(s, row, k))
                sei_table_put_text(writer, sei_speciation_text(s, row, k));
            else if (sei_speciation_value(s, row, k, &value))
                sei_table_put_number(writer, value, DIGITS);
            else
                sei_table_put_empty(writer);
        }
        sei_table_end_row(writer);
    }
    st = sei_table_writer_status(writer);
    if (st == SEI_OK) {
        const char *text = sei_table_writer_text(writer, &len);
        st               = put_text(cli, text, len);
    }
    sei_table_writer_free(writer);
    return st;
}

static json_t *json_row(const sei_speciation *s, size_t row)
{
    json_t *object = json_object();
    double  value;

    for (size_t k = 0; object && k < sei_speciation_n_words(s); k++) {
        const char *text = sei_speciation_text(s, row, k);
        json_t     *item = text                                      ? json_string(text)
                           : sei_speciation_value(s, row, k, &value) ? json_real(value)
                                                                     : json_null();
        if (json_object_set_new(object, sei_speciation_word(s, k), item) != 0) {
            json_decref(object);
            return NULL;
        }
    }
    return object;
}

static sei_status put_json(sei_cli *cli, const sei_speciation *s)
{
    json_t    *root = json_array();
    char      *text = NULL;
    sei_status st   = SEI_OK;

    for (size_t row = 0; row < sei_speciation_n_rows(s) && st == SEI_OK; row++)
        if (json_array_append_new(root, json_row(s, row)) != 0)
            st = sei_fail(cli->ctx, SEI_E_NOMEM, NULL, "out of memory for the JSON of row %zu",
                          row + 1);
    if (st == SEI_OK)
        text = json_dumps(root, JSON_INDENT(1) | JSON_REAL_PRECISION(DIGITS));
    if (text)
        st = put_text(cli, text, strlen(text));
    else if (st == SEI_OK)
        st = sei_fail(cli->ctx, SEI_E_NOMEM, NULL, "out of memory for the JSON text");
    if (st == SEI_OK && !sei_cli_value(cli, "output"))
        fputc('\n', cli->out);
    free(text);
    json_decref(root);
    return st;
}

static sei_status put_terminal(sei_cli *cli, const sei_speciation *s)
{
    char  *text = NULL;
    size_t len  = 0;
    double value;

    if (sei_speciation_n_words(s) > SEI_COLUMNS_MAX || sei_speciation_n_rows(s) > SEI_ROWS_MAX)
        return sei_fail(cli->ctx, SEI_E_TOO_LARGE, NULL,
                        "a table has at most %d columns and %d rows; use csv", SEI_COLUMNS_MAX,
                        SEI_ROWS_MAX);
    sei_rtable *table =
        sei_rtable_create(cli->ctx, "species", (sei_label){"化学種計算の結果", "Speciation"});
    for (size_t k = 0; k < sei_speciation_n_words(s); k++) {
        const char *word = sei_speciation_word(s, k);
        char        key[32]; /* only CSV and JSON would show it */
        snprintf(key, sizeof key, "word_%zu", k);
        sei_rtable_add_column(table, key, (sei_label){word, word}, "");
    }
    for (size_t row = 0; row < sei_speciation_n_rows(s); row++) {
        sei_rtable_add_row(table);
        for (size_t k = 0; k < sei_speciation_n_words(s); k++) {
            const char *name = sei_speciation_text(s, row, k);
            if (name)
                sei_rtable_add_text(table, (sei_label){name, name});
            else if (sei_speciation_value(s, row, k, &value))
                sei_rtable_add_number(table, value, SEI_SIGNIFICANT(5));
            else
                sei_rtable_add_empty(table);
        }
    }
    sei_status st = sei_rtable_write(cli->ctx, table, SEI_RTABLE_TERMINAL, cli->table_lang,
                                     cli->out_colour, &text, &len);
    sei_rtable_free(table);
    if (st == SEI_OK)
        st = put_text(cli, text, len);
    sei_release(cli->ctx, text);
    return st;
}

/* ---- the command ------------------------------------------------------------------------------ */

static sei_status read_database(sei_cli *cli, sei_db **ret_db)
{
    char       *shipped = NULL;
    const char *path    = sei_cli_value(cli, "database");
    sei_status  st      = SEI_OK;

    if (!path) {
        st   = sei_data_path(cli->ctx, "thermo/minewater.dat", &shipped);
        path = shipped;
    }
    if (st == SEI_OK)
        st = sei_db_read(cli->ctx, path, ret_db);
    sei_release(cli->ctx, shipped);
    return st;
}

static sei_status put(sei_cli *cli, const sei_speciation *s)
{
    const char *format = sei_cli_value(cli, "format");

    if (format && strcmp(format, "json") == 0)
        return put_json(cli, s);
    if (format && strcmp(format, "table") == 0)
        return put_terminal(cli, s);
    return put_csv(cli, s);
}

static int run(sei_cli *cli)
{
    const char     *select = sei_cli_value(cli, "select");
    sei_db         *db     = NULL;
    sei_table      *waters = NULL;
    sei_headers    *words  = NULL;
    sei_speciation *s      = NULL;

    sei_status st = read_database(cli, &db);
    if (st == SEI_OK)
        st = sei_table_read(cli->ctx, cli->args[0], &waters);
    if (st == SEI_OK)
        st = sei_headers_load(cli->ctx, NULL, &words);
    if (st == SEI_OK)
        st = sei_speciation_run(cli->ctx, db, waters, words, select ? select : "pH,pe,mu,charge",
                                sei_cli_value(cli, "equilibrate"), &s);
    sei_cli_print_warnings(cli);
    if (st == SEI_OK)
        st = put(cli, s);
    int code = st == SEI_OK ? SEI_EXIT_OK : sei_cli_fail(cli, st);
    if (st == SEI_OK && sei_speciation_n_failed(s)) {
        fprintf(cli->err, "seiryu speciate: %s%zu\n",
                sei_cli_say(cli, "waters that did not converge: ", "収束しなかった水: "),
                sei_speciation_n_failed(s));
        code = SEI_EXIT_NUMERIC;
    }
    sei_speciation_free(s);
    sei_headers_free(words);
    sei_table_free(waters);
    sei_db_free(db);
    return code;
}

const sei_cli_command sei_cmd_speciate = {
    .name       = "speciate",
    .summary    = "species, activities and saturation indices of analysed waters",
    .summary_ja = "水質分析値から化学種・活量・飽和指数を計算する",
    .arguments  = "WATERS.csv",
    .min_args   = 1,
    .max_args   = 1,
    .text       = "Each row of WATERS.csv is a water. Columns: name, temp (degC), pH, pe, density "
                  "(kg/L), charge (what balances "
                  "the charge: pH or a component), and what was measured, in either of two ways: as in "
                  "other tables (zn_mg_l, "
                  "fe_dissolved_mg_l, so4_mg_l, eh_mv; words of Japanese laboratory sheets too), or by "
                  "components of the "
                  "database, as Fe(2), S(6) or Alkalinity, in mg/L unless the header says otherwise "
                  "(Zn_ug_l, Fe(2)_mmol_l, "
                  "S(6)_mol_kgw). An empty cell leaves the component out; of total and dissolved the "
                  "dissolved counts. Without "
                  "pe and Eh a measured element is its usual valence (Fe(II), Mn(II), Cu(II), As(V), "
                  "sulfate), a component "
                  "given whole is spread at pe 4.\n"
                  "LIST words: pH, pe, mu, charge, alk, aw, temp, name, m(SPECIES), la(SPECIES), "
                  "tot(ELEMENT), SI(PHASE), "
                  "n(PHASE). What the database does not know stays empty; so does a water that does not "
                  "converge.",
    .text_ja =
        "WATERS.csv の1行が1つの水。列は "
        "name、temp(℃)、pH、pe、density(kg/L)、charge(電荷を合わせる項目: pH または成分)、"
        "および測定値。測定値は、ほかの表と同じ書き方(zn_mg_l、fe_dissolved_mg_l、so4_mg_l、eh_"
        "mv、または分析表の日本語の見出し "
        "亜鉛(mg/L) など)と、データベースの成分(Fe(2)、S(6)、Alkalinity "
        "など)のどちらでもよい。成分の単位は列名に書かなければ mg/L"
        "(Zn_ug_l、Fe(2)_mmol_l、S(6)_mol_kgw "
        "のように指定)。空欄の成分は含まれないものとする。全量と溶解性の両方があれば溶解性を使う。"
        "pe も Eh "
        "もなければ、測定された元素は通常の価数(Fe(II)、Mn(II)、Cu(II)、As(V)、硫酸イオン)"
        "とし、元素全体で与えた成分は pe 4 で"
        "各価数に分ける。\n"
        "LIST の項目: "
        "pH、pe、mu、charge、alk、aw、temp、name、m(化学種)、la(化学種)、tot(元素)、SI(鉱物)、"
        "n(鉱物)。データベースにない項目と収束しなかった水は空欄になる。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
