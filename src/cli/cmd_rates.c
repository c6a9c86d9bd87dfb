/* cmd_rates.c - seiryu rates: the rate laws and their parameters */
#include <math.h>

#include "base/text.h"
#include "cli/cli.h"
#include "cli/param_table.h"
#include "seiryu/kin.h"

static const sei_cli_option options[] = {
    SEI_CLI_FORMAT_OPTION,
};

static const sei_cli_example examples[] = {
    {"seiryu rates", "all laws, their reactions and sources", "反応速度式の一覧(反応式・出典)"},
    {"seiryu rates sulfate-reduction", "the parameters of one law", "一つの速度式のパラメータ"},
    {"seiryu rates --format json", "the list for a program", "一覧をJSONで出力"},
};

static void add_bound(sei_rtable *table, double value)
{
    if (isfinite(value))
        sei_rtable_add_number(table, value, SEI_SIGNIFICANT(4));
    else
        sei_rtable_add_empty(table);
}

static int put_laws(sei_cli *cli)
{
    sei_rtable *table =
        sei_rtable_create(cli->ctx, "rates", (sei_label){"反応速度式", "Rate laws"});

    sei_rtable_add_column(table, "law", (sei_label){"速度式", "law"}, "");
    sei_rtable_add_column(table, "title", (sei_label){"名称", "title"}, "");
    sei_rtable_add_column(table, "reaction", (sei_label){"反応式", "reaction"}, "");
    sei_rtable_add_column(table, "ph_low", (sei_label){"pH下限", "pH from"}, "");
    sei_rtable_add_column(table, "ph_high", (sei_label){"pH上限", "pH to"}, "");
    sei_rtable_add_column(table, "temp_low_c", (sei_label){"温度下限", "T from"}, "°C");
    sei_rtable_add_column(table, "temp_high_c", (sei_label){"温度上限", "T to"}, "°C");
    sei_rtable_add_column(table, "source", (sei_label){"出典", "source"}, "");
    for (size_t i = 0; i < sei_rate_count(); i++) {
        const sei_rate_law *law = sei_rate_at(i);
        sei_rtable_add_row(table);
        sei_rtable_add_text(table, (sei_label){law->key, law->key});
        sei_rtable_add_text(table, (sei_label){law->title_ja, law->title});
        sei_rtable_add_text(table, (sei_label){law->reaction, law->reaction});
        add_bound(table, law->ph.low);
        add_bound(table, law->ph.high);
        add_bound(table, law->temp_c.low);
        add_bound(table, law->temp_c.high);
        sei_rtable_add_text(table, (sei_label){law->source, law->source});
    }
    return sei_cli_put_table(cli, table);
}

static int unknown_law(const sei_cli *cli, const char *name)
{
    const char  *keys[256];
    const size_t n = sei_rate_count() < SEI_COUNT(keys) ? sei_rate_count() : SEI_COUNT(keys);

    for (size_t i = 0; i < n; i++)
        keys[i] = sei_rate_at(i)->key;
    const char *near = sei_nearest(name, keys, n);
    if (near)
        return sei_cli_usage(cli, "unknown law \"%s\"; did you mean \"%s\"?", name, near);
    return sei_cli_usage(cli, "unknown law \"%s\"; seiryu rates lists them", name);
}

static int put_params(sei_cli *cli)
{
    for (int i = 0; i < cli->n_args; i++)
        if (!sei_rate_find(cli->args[i]))
            return unknown_law(cli, cli->args[i]);
    sei_rtable *table = sei_rtable_create(
        cli->ctx, "rate_params", (sei_label){"速度式のパラメータ", "Parameters of rate laws"});
    sei_param_table_columns(table, (sei_label){"速度式", "law"});
    for (int i = 0; i < cli->n_args; i++) {
        const sei_rate_law *law = sei_rate_find(cli->args[i]);
        sei_param_table_rows(table, law->key, law->n_params, law->params, false);
    }
    return sei_cli_put_table(cli, table);
}

static int run(sei_cli *cli)
{
    return cli->n_args ? put_params(cli) : put_laws(cli);
}

const sei_cli_command sei_cmd_rates = {
    .name       = "rates",
    .summary    = "list the rate laws and their parameters",
    .summary_ja = "反応速度式とパラメータの一覧",
    .arguments  = "[LAW ...]",
    .max_args   = 100,
    .text      = "Without a LAW: every law with its reaction, the range in which it was published, "
                 "and its source. With one: its parameters, which train[].rates and model.rates of "
                 "a site file may change.",
    .text_ja   = "LAW を省くと全速度式の反応式・適用範囲・出典、指定するとそのパラメータを表示する。"
                 "パラメータはサイトファイルの train[].rates と model.rates で変更できる。",
    .options   = options,
    .n_options = SEI_COUNT(options),
    .examples  = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
