/* cmd_units.c - seiryu units: the treatment units, their parameters, and the units of measurement */
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/param_table.h"
#include "seiryu/plant.h"

static const sei_cli_option options[] = {
    {"measures", 'm', NULL, NULL, "list the units of measurement that a key may end with",
     "キーの末尾に書ける計量単位の一覧"},
    SEI_CLI_FORMAT_OPTION,
};

static const sei_cli_example examples[] = {
    {"seiryu units", "the types of treatment unit", "処理装置の種類"},
    {"seiryu units sulfate_reducing_bed", "the parameters of one type and of its layers",
     "硫酸還元槽とその充填層のパラメータ"},
    {"seiryu units --measures --format csv", "units of measurement as CSV", "計量単位をCSVで出力"},
};

static int put_types(sei_cli *cli)
{
    sei_rtable *table =
        sei_rtable_create(cli->ctx, "units", (sei_label){"処理装置", "Treatment units"});

    sei_rtable_add_column(table, "type", (sei_label){"種類", "type"}, "");
    sei_rtable_add_column(table, "title", (sei_label){"名称", "title"}, "");
    sei_rtable_add_column(table, "params", (sei_label){"パラメータ数", "parameters"}, "");
    sei_rtable_add_column(table, "layer_params", (sei_label){"層のパラメータ数", "of a layer"}, "");
    sei_rtable_add_column(table, "source", (sei_label){"出典", "source"}, "");
    for (size_t i = 0; i < sei_unit_type_count(); i++) {
        const sei_unit_type *type = sei_unit_type_at(i);
        sei_rtable_add_row(table);
        sei_rtable_add_text(table, (sei_label){type->key, type->key});
        sei_rtable_add_text(table, (sei_label){type->title_ja, type->title});
        sei_rtable_add_number(table, (double)type->n_params, 0);
        if (type->n_layer_params)
            sei_rtable_add_number(table, (double)type->n_layer_params, 0);
        else
            sei_rtable_add_empty(table);
        sei_rtable_add_text(table, (sei_label){type->source, type->source});
    }
    return sei_cli_put_table(cli, table);
}

static int unknown_type(const sei_cli *cli, const char *name)
{
    const char  *keys[256];
    const size_t n =
        sei_unit_type_count() < SEI_COUNT(keys) ? sei_unit_type_count() : SEI_COUNT(keys);
    for (size_t i = 0; i < n; i++)
        keys[i] = sei_unit_type_at(i)->key;
    const char *near = sei_nearest(name, keys, n);
    if (near)
        return sei_cli_usage(cli, "unknown type \"%s\"; did you mean \"%s\"?", name, near);
    return sei_cli_usage(cli, "unknown type \"%s\"; seiryu units lists them", name);
}

/* Keys that are words, not numbers. */
static void put_word(sei_rtable *table, const sei_unit_type *type, const char *key,
                     bool is_required, const char *help, const char *help_ja)
{
    sei_rtable_add_row(table);
    sei_rtable_add_text(table, (sei_label){type->key, type->key});
    sei_rtable_add_text(table, (sei_label){key, key});
    sei_rtable_add_empty(table);
    if (is_required)
        sei_rtable_add_text(table, (sei_label){"必須", "required"});
    else
        sei_rtable_add_empty(table);
    for (size_t i = 0; i < 7; i++) /* bounds, prior, evidence, source */
        sei_rtable_add_empty(table);
    sei_rtable_add_text(table, (sei_label){help_ja, help});
}

static void put_words(sei_rtable *table, const sei_unit_type *type)
{
    if (type->needs_reagent)
        put_word(table, type, "reagent", true, "Ca(OH)2, CaO, CaCO3, NaOH, Na2CO3 or MgO",
                 "薬剤: Ca(OH)2、CaO、CaCO3、NaOH、Na2CO3、MgO");
    if (type->has_sludge)
        put_word(table, type, "sludge_to", false, "unit upstream that gets the recycled sludge",
                 "返送汚泥を受ける上流側の装置");
}

static int put_params(sei_cli *cli)
{
    for (int i = 0; i < cli->n_args; i++)
        if (!sei_unit_type_find(cli->args[i]))
            return unknown_type(cli, cli->args[i]);
    sei_rtable *table = sei_rtable_create(cli->ctx, "unit_params",
                                          (sei_label){"装置のパラメータ", "Parameters of units"});
    sei_param_table_columns(table, (sei_label){"装置", "unit"});
    for (int i = 0; i < cli->n_args; i++) {
        const sei_unit_type *type = sei_unit_type_find(cli->args[i]);
        char                 layer[100];
        snprintf(layer, sizeof layer, "%.80s layers[]", type->key);
        put_words(table, type);
        sei_param_table_rows(table, type->key, type->n_params, type->params, true);
        sei_param_table_rows(table, layer, type->n_layer_params, type->layer_params, true);
    }
    return sei_cli_put_table(cli, table);
}

static int put_measures(sei_cli *cli)
{
    sei_rtable *table =
        sei_rtable_create(cli->ctx, "measures", (sei_label){"計量単位", "Units of measurement"});

    sei_rtable_add_column(table, "suffix", (sei_label){"キーの末尾", "suffix"}, "");
    sei_rtable_add_column(table, "symbol", (sei_label){"記号", "symbol"}, "");
    sei_rtable_add_column(table, "factor", (sei_label){"係数", "factor"}, "");
    sei_rtable_add_column(table, "offset", (sei_label){"加算値", "offset"}, "");
    sei_rtable_add_column(table, "si", (sei_label){"SI単位", "SI"}, "");
    for (size_t i = 0; i < sei_unit_count(); i++) {
        const sei_unit *unit = sei_unit_at(i);
        const char     *si   = sei_dimension_si(unit->dimension);
        char            suffix[64];
        snprintf(suffix, sizeof suffix, "_%.60s", unit->key);
        sei_rtable_add_row(table);
        sei_rtable_add_text(table, (sei_label){suffix, suffix});
        sei_rtable_add_text(table, (sei_label){unit->symbol, unit->symbol});
        sei_rtable_add_number(table, unit->factor, SEI_SIGNIFICANT(9));
        sei_rtable_add_number(table, unit->offset, SEI_SIGNIFICANT(9));
        sei_rtable_add_text(table, (sei_label){si, si});
    }
    return sei_cli_put_table(cli, table);
}

static int run(sei_cli *cli)
{
    if (!sei_cli_has(cli, "measures"))
        return cli->n_args ? put_params(cli) : put_types(cli);
    if (cli->n_args)
        return sei_cli_usage(cli, "--measures takes no type");
    return put_measures(cli);
}

const sei_cli_command sei_cmd_units = {
    .name       = "units",
    .summary    = "list the types of treatment unit and their parameters",
    .summary_ja = "処理装置の種類とパラメータの一覧",
    .arguments  = "[TYPE ...]",
    .max_args   = 100,
    .text       = "Without a TYPE: the types that train[].type of a site file may name. With one: "
                  "the keys that such a unit and its layers take, with range and default.",
    .text_ja =
        "TYPE を省くとサイトファイルの train[].type に書ける種類、指定するとその装置と充填層の"
        "キー・範囲・既定値を表示する。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
