/* cmd_init.c - seiryu init: a commented site file to start from */
#include <unistd.h>

#include "base/file.h"
#include "cli/cli.h"

enum { TEMPLATE_MAX = 1 << 20 };

static const sei_cli_option options[] = {
    {"force", 0, NULL, NULL, "replace a site.yaml that is there", "既存の site.yaml を上書きする"},
};

static const sei_cli_example examples[] = {
    {"seiryu init my-mine", "writes my-mine/site.yaml", "my-mine/site.yaml を作る"},
    {"seiryu check my-mine/site.yaml", "then check it after every change", "編集のたびに検査する"},
};

static sei_status write_template(sei_cli *cli, const char *path)
{
    char *template = NULL, *text = NULL;
    size_t len = 0;

    sei_status st = sei_data_path(cli->ctx, "templates/site.yaml", &template);
    if (st == SEI_OK)
        st = sei_file_read(cli->ctx, template, TEMPLATE_MAX, &text, &len);
    if (st == SEI_OK)
        st = sei_folder_make(cli->ctx, cli->args[0]);
    if (st == SEI_OK)
        st = sei_file_write(cli->ctx, path, text, len);
    sei_release(cli->ctx, text);
    sei_release(cli->ctx, template);
    return st;
}

static int run(sei_cli *cli)
{
    char *path = sei_path_join(cli->ctx, cli->args[0], "site.yaml");
    int   code;

    if (!path)
        return sei_cli_fail(cli, SEI_E_NOMEM);
    if (access(path, F_OK) == 0 && !sei_cli_has(cli, "force")) {
        code = sei_cli_usage(cli, "%s is there already; --force replaces it", path);
    } else {
        const sei_status st = write_template(cli, path);
        code                = st == SEI_OK ? SEI_EXIT_OK : sei_cli_fail(cli, st);
        if (st == SEI_OK)
            fprintf(cli->out, "%s\n", path);
    }
    sei_release(cli->ctx, path);
    return code;
}

const sei_cli_command sei_cmd_init = {
    .name       = "init",
    .summary    = "write a commented site file to start from",
    .summary_ja = "説明付きのサイトファイルのひな形を作る",
    .arguments  = "DIR",
    .min_args   = 1,
    .max_args   = 1,
    .text = "Makes the folder DIR when it is not there and writes DIR/site.yaml: a small train "
            "that passes seiryu check, with a remark on every section.",
    .text_ja =
        "フォルダ DIR(なければ作成)に site.yaml を書き出す。そのまま seiryu check に通る小さな"
        "処理系列に、各節の説明を付けたもの。",
    .options    = options,
    .n_options  = SEI_COUNT(options),
    .examples   = examples,
    .n_examples = SEI_COUNT(examples),
    .run        = run,
};
