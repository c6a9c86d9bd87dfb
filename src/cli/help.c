/* help.c - the list of subcommands and what --help prints */
#include <string.h>

#include "base/text.h"
#include "cli/cli.h"
#include "seiryu/version.h"

#define SEI_CMD(name) extern const sei_cli_command sei_cmd_##name;
#include "cli/cmd_list.h"
#undef SEI_CMD

#define SEI_CMD(name) &sei_cmd_##name,
static const sei_cli_command *const commands[] = {
#include "cli/cmd_list.h"
};
#undef SEI_CMD

enum { COLUMNS = 80 };

size_t sei_cli_count(void)
{
    return SEI_COUNT(commands);
}

const sei_cli_command *sei_cli_at(size_t i)
{
    return i < SEI_COUNT(commands) ? commands[i] : NULL;
}

const sei_cli_command *sei_cli_find(const char *name)
{
    for (size_t i = 0; i < SEI_COUNT(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

/* ---- lines ------------------------------------------------------------------------------------ */

static void put_blanks(FILE *out, int n)
{
    for (; n > 0; n--)
        putc(' ', out);
}

/* Bytes up to the next place where a line may break: after a blank, or after a wide character. */
static size_t next_piece(const char *text, int *ret_columns)
{
    size_t n       = 0;
    int    columns = 0;

    while (text[n] && text[n] != '\n') {
        uint32_t     code;
        const size_t step   = sei_utf8_next(text + n, &code);
        char         one[5] = {0};
        memcpy(one, text + n, step);
        const int width = (int)sei_text_columns(one);
        n += step;
        columns += width;
        if (code == ' ' || width == 2)
            break;
    }
    *ret_columns = columns;
    return n;
}

/* A line must not begin with these. */
static bool is_closing(const char *text)
{
    static const char *const marks[] = {"。", "、", ")", "」", "』", ",", ".", "ー"};

    for (size_t i = 0; i < SEI_COUNT(marks); i++)
        if (strncmp(text, marks[i], strlen(marks[i])) == 0)
            return true;
    return false;
}

static void wrap_from(FILE *out, int indent, int column, const char *text)
{
    int blanks = 0; /* held back until a word follows on the same line */

    while (*text) {
        int          width;
        const size_t n = next_piece(text, &width);
        if (n == 0) { /* end of a paragraph line */
            putc('\n', out);
            text++;
            if (*text)
                put_blanks(out, indent);
            column = indent;
            blanks = 0;
            continue;
        }
        const int last = text[n - 1] == ' ' ? 1 : 0;
        if (column + blanks + width - last > COLUMNS && column > indent && !is_closing(text)) {
            putc('\n', out);
            put_blanks(out, indent);
            column = indent;
            blanks = 0;
        }
        put_blanks(out, blanks);
        fwrite(text, 1, n - (size_t)last, out);
        column += blanks + width - last;
        blanks = last;
        text += n;
    }
    putc('\n', out);
}

void sei_cli_wrap(FILE *out, int indent, const char *text)
{
    put_blanks(out, indent);
    wrap_from(out, indent, indent, text);
}

/* "  name      text", the text wrapped in its own column. */
static void put_row(FILE *out, int width, const char *name, const char *text)
{
    const int columns = (int)sei_text_columns(name);

    fprintf(out, "  %s", name);
    if (columns + 2 > width) {
        putc('\n', out);
        put_blanks(out, width + 2);
    } else {
        put_blanks(out, width - columns);
    }
    wrap_from(out, width + 2, width + 2, text);
}

/* ---- the program ------------------------------------------------------------------------------ */

static const char *const exit_rows[][3] = {
    {"0", "done", "正常終了"},
    {"1", "a fault of the program itself", "プログラム内部の異常"},
    {"2", "wrong arguments", "引数の誤り"},
    {"3", "wrong input (a file, a value)", "入力(ファイル・値)の誤り"},
    {"4", "the calculation did not converge", "計算が収束しない"},
    {"5", "the system failed (file, disk, memory)", "システムの異常(ファイル・ディスク・メモリ)"},
    {"130", "stopped on request (Ctrl-C)", "利用者による中断(Ctrl-C)"},
};

static void put_exit_codes(const sei_cli *cli)
{
    fprintf(cli->out, "\n%s\n", sei_cli_say(cli, "Exit codes:", "終了コード:"));
    for (size_t i = 0; i < SEI_COUNT(exit_rows); i++)
        put_row(cli->out, 6, exit_rows[i][0], sei_cli_say(cli, exit_rows[i][1], exit_rows[i][2]));
}

void sei_cli_help(const sei_cli *cli)
{
    fprintf(cli->out, "%s %s\n\n%s\n\n%s\n",
            sei_cli_say(cli, "Seiryu - passive treatment of mine drainage, version",
                        "Seiryu(清流) 坑廃水パッシブトリートメントの予測・設計 版"),
            SEI_VERSION,
            sei_cli_say(cli, "usage: seiryu [--lang ja|en] COMMAND [OPTION ...] [ARGUMENT ...]",
                        "使い方: seiryu [--lang ja|en] コマンド [オプション ...] [引数 ...]"),
            sei_cli_say(cli, "Commands:", "コマンド:"));
    for (size_t i = 0; i < sei_cli_count(); i++)
        put_row(cli->out, 12, commands[i]->name,
                sei_cli_say(cli, commands[i]->summary, commands[i]->summary_ja));
    fprintf(cli->out, "\n%s\n",
            sei_cli_say(
                cli, "seiryu help COMMAND tells about one of them, seiryu --version the version.",
                "各コマンドの説明は seiryu help コマンド、版の表示は seiryu --version。"));
    put_exit_codes(cli);
}

/* ---- one command ------------------------------------------------------------------------------ */

static void put_option(const sei_cli *cli, const sei_cli_option *option)
{
    char name[80];

    if (option->letter)
        snprintf(name, sizeof name, "-%c, --%s%s%s", option->letter, option->name,
                 option->value ? " " : "", option->value ? option->value : "");
    else
        snprintf(name, sizeof name, "    --%s%s%s", option->name, option->value ? " " : "",
                 option->value ? option->value : "");
    put_row(cli->out, 26, name, sei_cli_say(cli, option->help, option->help_ja));
}

void sei_cli_help_command(const sei_cli *cli, const sei_cli_command *command)
{
    static const sei_cli_option common[] = {
        {"lang", 0, "LANG", NULL, "ja, en, or both in tables; the locale's when not given",
         "表示言語 ja、en、both(表のみ両方)"},
        {"help", 'h', NULL, NULL, "this text", "この説明"},
    };
    FILE *out = cli->out;

    fprintf(out, "%s: seiryu %s [%s]%s%s\n\n", sei_cli_say(cli, "usage", "使い方"), command->name,
            sei_cli_say(cli, "OPTION ...", "オプション ..."), command->arguments[0] ? " " : "",
            command->arguments);
    sei_cli_wrap(out, 0, sei_cli_say(cli, command->summary, command->summary_ja));
    if (command->text) {
        fprintf(out, "\n");
        sei_cli_wrap(out, 0, sei_cli_say(cli, command->text, command->text_ja));
    }
    fprintf(out, "\n%s\n", sei_cli_say(cli, "Options:", "オプション:"));
    for (size_t i = 0; i < command->n_options; i++)
        put_option(cli, &command->options[i]);
    for (size_t i = 0; i < SEI_COUNT(common); i++)
        put_option(cli, &common[i]);
    fprintf(out, "\n%s\n", sei_cli_say(cli, "Examples:", "例:"));
    for (size_t i = 0; i < command->n_examples; i++) {
        fprintf(out, "  %s\n", command->examples[i].line);
        sei_cli_wrap(out, 6,
                     sei_cli_say(cli, command->examples[i].what, command->examples[i].what_ja));
    }
    put_exit_codes(cli);
}
