/*
 * cli.h - the command line: one row a subcommand, one parser for all of them
 *
 * Adding a subcommand: a file src/cli/cmd_<name>.c that ends in a const sei_cli_command, a line in
 * cmd_list.h, a page in docs/ and a test. Nothing else parses arguments or prints help.
 *
 * Exit codes: 0 done; 1 the program's own fault; 2 wrong arguments; 3 wrong input; 4 the numbers
 * did not converge; 5 the system (files, memory); 130 stopped on request.
 */
#ifndef SEI_CLI_CLI_H
#define SEI_CLI_CLI_H

#include <stdbool.h>
#include <stdio.h>

#include "seiryu/ctx.h"
#include "seiryu/report.h"

#define SEI_COUNT(a) (sizeof(a) / sizeof((a)[0]))

enum {
    SEI_EXIT_OK       = 0,
    SEI_EXIT_INTERNAL = 1,
    SEI_EXIT_USAGE    = 2,
    SEI_EXIT_INPUT    = 3,
    SEI_EXIT_NUMERIC  = 4,
    SEI_EXIT_SYSTEM   = 5,
    SEI_EXIT_STOPPED  = 130
};

/* An option takes a value when value is not NULL ("FILE"). */
typedef struct {
    const char        *name;   /* "format", without the dashes */
    char               letter; /* 'f', 0 for none */
    const char        *value;
    const char *const *words; /* the values allowed, ends with NULL; NULL: any */
    const char        *help, *help_ja;
} sei_cli_option;

typedef struct {
    const char *line; /* as typed, "seiryu check site.yaml" */
    const char *what, *what_ja;
} sei_cli_example;

typedef struct sei_cli sei_cli;

typedef struct {
    const char            *name;
    const char            *summary, *summary_ja; /* one line */
    const char            *arguments;            /* "SITE.yaml", "" for none */
    int                    min_args, max_args;   /* max_args < 0: any number */
    const char            *text, *text_ja;       /* more to say, paragraphs; may be NULL */
    const sei_cli_option  *options;
    size_t                 n_options;
    const sei_cli_example *examples;
    size_t                 n_examples;
    int (*run)(sei_cli *cli); /* the exit code */
} sei_cli_command;

enum { SEI_CLI_ARGS_MAX = 10000, SEI_CLI_OPTIONS_MAX = 32 };

/* Processes that run the same command together and share its folder (seiryu-mpi). agree waits for all
 * and returns the worst of their exit codes. */
typedef struct {
    size_t rank, n_ranks;
    int (*agree)(void *user, int code);
    void *user;
} sei_cli_ranks;

struct sei_cli {
    const sei_cli_ranks   *ranks; /* NULL: alone */
    sei_ctx               *ctx;
    const sei_cli_command *command;
    FILE                  *out, *err;
    sei_lang               lang; /* SEI_LANG_JA or SEI_LANG_EN */
    sei_lang     table_lang;     /* of tables that can show both: BOTH unless --lang is given */
    bool         out_colour;
    const char  *option[SEI_CLI_OPTIONS_MAX]; /* by row; "" for a flag that is set */
    int          n_args;
    const char **args;
};

/* The whole program; the exit code. */
int sei_cli_main(int argc, char **argv, FILE *out, FILE *err);
/* The same as one of several ranks. */
int sei_cli_main_ranks(int argc, char **argv, FILE *out, FILE *err, const sei_cli_ranks *ranks);

/* Value of an option; NULL when not given. A flag: sei_cli_has. */
const char *sei_cli_value(const sei_cli *cli, const char *name);
bool        sei_cli_has(const sei_cli *cli, const char *name);
/* ja when the user wants Japanese and there is some. */
const char *sei_cli_say(const sei_cli *cli, const char *en, const char *ja);

/* Prints "seiryu check: MESSAGE" and returns the exit code of status. */
int sei_cli_fail(const sei_cli *cli, sei_status status); /* the context's error */
int sei_cli_usage(const sei_cli *cli, const char *fmt, ...) SEI_PRINTF(2, 3);
/* Warnings of the context, "seiryu check: warning: ...". */
void sei_cli_print_warnings(const sei_cli *cli);

/* Tells one problem of an input file, a line on standard error; for the readers that find several. user: the sei_cli. */
void sei_cli_put_problem(void *user, sei_status status, const sei_where *where, const char *text);

/* The option row that every listing command has, and what it asks for. */
extern const char *const sei_cli_formats[];
#define SEI_CLI_FORMAT_OPTION                                                                    \
    {                                                                                            \
        "format", 'f', "FORMAT", sei_cli_formats, "table, csv or json (a table when not given)", \
            "出力形式: table(既定)、csv、json"                                           \
    }
/* Writes the table to cli->out in the form that --format asks for, and frees it. */
int sei_cli_put_table(sei_cli *cli, sei_rtable *table);
/* The same for people, in the languages of tables; NULL: no memory. */
int sei_cli_print_table(sei_cli *cli, sei_rtable *table);

/* ---- help (help.c) ---- */
size_t                 sei_cli_count(void);
const sei_cli_command *sei_cli_at(size_t i); /* NULL past the end */
const sei_cli_command *sei_cli_find(const char *name);
void                   sei_cli_help(const sei_cli *cli); /* of the program */
void                   sei_cli_help_command(const sei_cli *cli, const sei_cli_command *command);
/* Wraps at 80 columns, wide characters counted as two; every line begins with indent blanks. */
void sei_cli_wrap(FILE *out, int indent, const char *text);

#endif
