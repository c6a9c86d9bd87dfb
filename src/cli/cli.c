/* cli.c - from the argument list to a subcommand's run function */
#include "cli/cli.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "seiryu/version.h"

const char *const sei_cli_formats[] = {"table", "csv", "json", NULL};

/* ---- what is printed -------------------------------------------------------------------------- */

const char *sei_cli_say(const sei_cli *cli, const char *en, const char *ja)
{
    return cli->lang == SEI_LANG_JA && ja && ja[0] ? ja : en;
}

static void print_head(const sei_cli *cli)
{
    if (cli->command)
        fprintf(cli->err, "seiryu %s: ", cli->command->name);
    else
        fprintf(cli->err, "seiryu: ");
}

int sei_cli_fail(const sei_cli *cli, sei_status status)
{
    const char *text = sei_ctx_error(cli->ctx);

    print_head(cli);
    fprintf(cli->err, "%s\n", text[0] ? text : sei_status_text(status));
    return sei_status_exit_code(status);
}

int sei_cli_usage(const sei_cli *cli, const char *fmt, ...)
{
    va_list args;

    print_head(cli);
    va_start(args, fmt);
    vfprintf(cli->err, fmt, args);
    va_end(args);
    fprintf(cli->err, "\n");
    return SEI_EXIT_USAGE;
}

void sei_cli_put_problem(void *user, sei_status status, const sei_where *where, const char *text)
{
    const sei_cli *cli = user;

    (void)status;
    (void)where;
    fprintf(cli->err, "%s\n", text);
}

void sei_cli_print_warnings(const sei_cli *cli)
{
    for (size_t i = 0; i < sei_ctx_n_warnings(cli->ctx); i++) {
        print_head(cli);
        fprintf(cli->err, "%s%s\n", sei_cli_say(cli, "warning: ", "警告: "),
                sei_ctx_warning(cli->ctx, i));
    }
    if (sei_ctx_n_warnings_dropped(cli->ctx)) {
        print_head(cli);
        fprintf(cli->err, "%s%zu\n", sei_cli_say(cli, "warnings not shown: ", "ほかの警告: "),
                sei_ctx_n_warnings_dropped(cli->ctx));
    }
}

int sei_cli_print_table(sei_cli *cli, sei_rtable *table)
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

int sei_cli_put_table(sei_cli *cli, sei_rtable *table)
{
    const char           *format = sei_cli_value(cli, "format");
    const bool            csv    = format && strcmp(format, "csv") == 0;
    const bool            json   = format && strcmp(format, "json") == 0;
    const sei_rtable_form form   = csv    ? SEI_RTABLE_CSV
                                   : json ? SEI_RTABLE_JSON
                                          : SEI_RTABLE_TERMINAL;
    char                 *text   = NULL;
    size_t                len    = 0;

    const sei_status st =
        sei_rtable_write(cli->ctx, table, form, cli->lang, cli->out_colour, &text, &len);
    sei_rtable_free(table);
    if (st != SEI_OK)
        return sei_cli_fail(cli, st);
    /* The mark that spreadsheets want in a file is in the way of every program behind a pipe. */
    const size_t mark = len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0 ? 3 : 0;
    fwrite(text + mark, 1, len - mark, cli->out);
    sei_release(cli->ctx, text);
    return SEI_EXIT_OK;
}

/* ---- options ---------------------------------------------------------------------------------- */

static size_t option_row(const sei_cli *cli, const char *name, size_t len)
{
    size_t i = 0;

    while (i < cli->command->n_options &&
           !sei_slice_is((sei_slice){name, len}, cli->command->options[i].name))
        i++;
    return i;
}

const char *sei_cli_value(const sei_cli *cli, const char *name)
{
    const size_t i = option_row(cli, name, strlen(name));

    return i < cli->command->n_options ? cli->option[i] : NULL;
}

bool sei_cli_has(const sei_cli *cli, const char *name)
{
    return sei_cli_value(cli, name) != NULL;
}

static const char *nearest_option(const sei_cli *cli, const char *name)
{
    const char *names[SEI_CLI_OPTIONS_MAX + 2] = {"help", "lang"};
    size_t      n                              = 2;

    for (size_t i = 0; i < cli->command->n_options; i++)
        names[n++] = cli->command->options[i].name;
    return sei_nearest(name, names, n);
}

static int unknown_option(const sei_cli *cli, const char *text)
{
    char        name[64];
    const char *end = strchr(text, '=');
    const char *at  = text + (text[1] == '-' ? 2 : 1);

    snprintf(name, sizeof name, "%.*s", end && end > at ? (int)(end - at) : (int)strlen(at), at);
    const char *near = text[1] == '-' ? nearest_option(cli, name) : NULL;
    if (near)
        return sei_cli_usage(cli, "unknown option \"%s\"; did you mean \"--%s\"?", text, near);
    return sei_cli_usage(cli, "unknown option \"%s\"; see seiryu %s --help", text,
                         cli->command->name);
}

static bool is_word(const char *const *words, const char *text)
{
    for (; words && *words; words++)
        if (strcmp(*words, text) == 0)
            return true;
    return !words;
}

static int wrong_word(const sei_cli *cli, const sei_cli_option *option, const char *text)
{
    char   all[200] = "";
    size_t used = 0, n = 0;

    for (; option->words[n] && used < sizeof all; n++)
        used += (size_t)snprintf(all + used, sizeof all - used, "%s%s", n ? ", " : "",
                                 option->words[n]);
    const char *near = sei_nearest(text, option->words, n);
    if (near)
        return sei_cli_usage(cli, "--%s \"%s\" is unknown; did you mean \"%s\"?", option->name,
                             text, near);
    return sei_cli_usage(cli, "--%s \"%s\" is none of %s", option->name, text, all);
}

typedef struct {
    int    argc, at;
    char **argv;
} cursor;

static int set_option(sei_cli *cli, size_t row, const char *value, cursor *c)
{
    const sei_cli_option *option = &cli->command->options[row];

    if (cli->option[row])
        return sei_cli_usage(cli, "--%s is given twice", option->name);
    if (!option->value && value)
        return sei_cli_usage(cli, "--%s takes no value", option->name);
    if (option->value && !value) {
        if (c->at + 1 >= c->argc)
            return sei_cli_usage(cli, "--%s needs a value: --%s %s", option->name, option->name,
                                 option->value);
        value = c->argv[++c->at];
    }
    if (option->value && !is_word(option->words, value))
        return wrong_word(cli, option, value);
    cli->option[row] = value ? value : "";
    return SEI_EXIT_OK;
}

static int set_lang(sei_cli *cli, const char *value)
{
    if (value && strcmp(value, "both") == 0) {
        cli->table_lang = SEI_LANG_BOTH;
        return SEI_EXIT_OK;
    }
    if (value && strcmp(value, "ja") == 0)
        cli->lang = SEI_LANG_JA;
    else if (value && strcmp(value, "en") == 0)
        cli->lang = SEI_LANG_EN;
    else
        return sei_cli_usage(cli, "--lang needs ja, en or both");
    cli->table_lang = cli->lang;
    return SEI_EXIT_OK;
}

/* Row of an option's name or letter; n_options when there is none. */
static size_t find_option(const sei_cli *cli, const char *name, size_t len, bool is_long)
{
    const sei_cli_command *command = cli->command;
    size_t                 row     = is_long ? option_row(cli, name, len) : command->n_options;

    for (size_t i = 0; !is_long && len == 1 && i < command->n_options; i++)
        if (command->options[i].letter == name[0])
            row = i;
    return row;
}

/* One argument that begins with a dash. *ret_help: the user asks for help. */
static int take_option(sei_cli *cli, cursor *c, bool *ret_help)
{
    const char  *text    = c->argv[c->at];
    const bool   is_long = text[1] == '-';
    const char  *name    = text + (is_long ? 2 : 1);
    const char  *equal   = is_long ? strchr(name, '=') : NULL;
    const size_t len     = equal ? (size_t)(equal - name) : strlen(name);
    const char  *value   = equal ? equal + 1 : NULL;

    if (strcmp(text, "--help") == 0 || strcmp(text, "-h") == 0) {
        *ret_help = true;
        return SEI_EXIT_OK;
    }
    if (is_long && sei_slice_is((sei_slice){name, len}, "lang")) {
        if (!value && c->at + 1 < c->argc)
            value = c->argv[++c->at];
        return set_lang(cli, value);
    }
    const size_t row = find_option(cli, name, len, is_long);
    if (row == cli->command->n_options)
        return unknown_option(cli, text);
    return set_option(cli, row, value, c);
}

static int parse(sei_cli *cli, cursor *c, bool *ret_help)
{
    bool only_args = false;
    int  code      = SEI_EXIT_OK;

    for (; c->at < c->argc && code == SEI_EXIT_OK && !*ret_help; c->at++) {
        const char *text = c->argv[c->at];
        if (!only_args && strcmp(text, "--") == 0)
            only_args = true;
        else if (!only_args && text[0] == '-' && text[1])
            code = take_option(cli, c, ret_help);
        else
            cli->args[cli->n_args++] = text;
    }
    return code;
}

static int check_count(const sei_cli *cli)
{
    const sei_cli_command *command = cli->command;

    if (cli->n_args < command->min_args)
        return sei_cli_usage(cli, "%s is missing; usage: seiryu %s [OPTION ...] %s",
                             command->min_args == 1 ? command->arguments : "an argument",
                             command->name, command->arguments);
    if (command->max_args >= 0 && cli->n_args > command->max_args)
        return sei_cli_usage(cli,
                             "\"%s\" is one argument too many; usage: seiryu %s [OPTION ...]%s%s",
                             cli->args[command->max_args], command->name,
                             command->arguments[0] ? " " : "", command->arguments);
    return SEI_EXIT_OK;
}

/* ---- the program ------------------------------------------------------------------------------ */

static int run_command(sei_cli *cli, cursor *c)
{
    bool help = false;

    cli->args = sei_alloc(cli->ctx, (size_t)c->argc + 1, sizeof *cli->args);
    if (!cli->args)
        return sei_cli_fail(cli, SEI_E_NOMEM);
    int code = parse(cli, c, &help);
    if (code == SEI_EXIT_OK && help)
        sei_cli_help_command(cli, cli->command);
    else if (code == SEI_EXIT_OK)
        code = check_count(cli);
    if (code == SEI_EXIT_OK && !help)
        code = cli->command->run(cli);
    sei_release(cli->ctx, cli->args);
    return code;
}

static int unknown_command(const sei_cli *cli, const char *name)
{
    const char *names[64] = {"help"};
    size_t      n         = 1;

    if (name[0] == '-')
        return sei_cli_usage(cli, "unknown option \"%s\"; see seiryu --help", name);
    for (; n <= sei_cli_count() && n < SEI_COUNT(names); n++)
        names[n] = sei_cli_at(n - 1)->name;
    const char *near = sei_nearest(name, names, n);
    if (near)
        return sei_cli_usage(cli, "unknown command \"%s\"; did you mean \"%s\"?", name, near);
    return sei_cli_usage(cli, "unknown command \"%s\"; seiryu --help lists them", name);
}

static int help_about(sei_cli *cli, const cursor *c)
{
    if (c->at >= c->argc) {
        sei_cli_help(cli);
        return SEI_EXIT_OK;
    }
    const sei_cli_command *command = sei_cli_find(c->argv[c->at]);
    if (!command)
        return unknown_command(cli, c->argv[c->at]);
    sei_cli_help_command(cli, command);
    return SEI_EXIT_OK;
}

static int dispatch(sei_cli *cli, cursor *c)
{
    while (c->at < c->argc && strncmp(c->argv[c->at], "--lang", 6) == 0) {
        const char *text  = c->argv[c->at++];
        const char *value = text[6] == '=' ? text + 7 : c->at < c->argc ? c->argv[c->at++] : NULL;
        const int   code  = set_lang(cli, value);
        if (code != SEI_EXIT_OK)
            return code;
    }
    if (c->at >= c->argc) {
        cli->out = cli->err;
        sei_cli_help(cli);
        return SEI_EXIT_USAGE;
    }
    const char *name = c->argv[c->at++];
    if (strcmp(name, "--help") == 0 || strcmp(name, "-h") == 0 || strcmp(name, "help") == 0)
        return help_about(cli, c);
    if (strcmp(name, "--version") == 0 || strcmp(name, "-V") == 0) {
        fprintf(cli->out, "seiryu %s\n", SEI_VERSION);
        return SEI_EXIT_OK;
    }
    cli->command = sei_cli_find(name);
    return cli->command ? run_command(cli, c) : unknown_command(cli, name);
}

/* The language of messages: LC_ALL, LC_MESSAGES, LANG, in the order of POSIX. */
static sei_lang language(void)
{
    static const char *const names[] = {"LC_ALL", "LC_MESSAGES", "LANG"};

    for (size_t i = 0; i < SEI_COUNT(names); i++) {
        const char *value = getenv(names[i]); /* NOLINT(concurrency-mt-unsafe): only read */
        if (value && value[0])
            return strncmp(value, "ja", 2) == 0 ? SEI_LANG_JA : SEI_LANG_EN;
    }
    return SEI_LANG_EN;
}

int sei_cli_main(int argc, char **argv, FILE *out, FILE *err)
{
    return sei_cli_main_ranks(argc, argv, out, err, NULL);
}

int sei_cli_main_ranks(int argc, char **argv, FILE *out, FILE *err, const sei_cli_ranks *ranks)
{
    sei_cli cli = {
        .ranks = ranks, .out = out, .err = err, .lang = language(), .table_lang = SEI_LANG_BOTH};
    cursor c = {argc, 1, argv};

    if (argc > SEI_CLI_ARGS_MAX)
        return sei_cli_usage(&cli, "more than %d arguments", (int)SEI_CLI_ARGS_MAX);
    cli.ctx = sei_ctx_create(NULL);
    if (!cli.ctx)
        return sei_cli_fail(&cli, SEI_E_NOMEM);
    cli.out_colour = sei_terminal_has_colour(fileno(out));
    int code       = dispatch(&cli, &c);
    if (fflush(out) != 0 || ferror(out)) {
        fprintf(err, "seiryu: cannot write to standard output\n");
        code = code == SEI_EXIT_OK ? SEI_EXIT_SYSTEM : code;
    }
    sei_ctx_free(cli.ctx);
    return code;
}
