/* phreeqc_inputs.c - runs the PHREEQC inputs of a command line, several at once */
#include "cli/phreeqc_inputs.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/team.h"
#include "base/text.h"
#include "cli/phreeqc_put.h"
#include "cli/progress.h"
#include "cli/stop.h"

/* An input, and what its run had to say: told when all before it have been. */
typedef struct {
    sei_pq_input *input;   /* NULL: not read, or done with */
    sei_cli       cli;     /* of its own: context, out and err */
    char         *folder;  /* NULL: the present one */
    char         *text[2]; /* out, err; of open_memstream */
    size_t        text_len[2];
    int           code;
    bool          is_done;
} job;

/* A database that some job has read; it lives in that job's context. */
typedef struct {
    char            *path;
    sei_pq_database *db;
} reading;

typedef struct {
    sei_cli *cli;
    size_t   n, n_told, n_readings;
    job     *jobs;
    reading *readings; /* [n] */
    size_t  *order;    /* [n], of running */
    size_t   column_threads;
    sei_progress
           progress; /* of a single input by its simulations, of several by those that are done */
    size_t n_done;
    pthread_mutex_t              mutex;
    const volatile sig_atomic_t *stop;
} batch;

/* ---- databases -------------------------------------------------------------------------------- */

/* Path of the database: free with sei_release. A DATABASE line counts from the folder of the input. */
static sei_status find_path(sei_cli *cli, const sei_pq_input *input, char **ret_path)
{
    const char *given = sei_cli_value(cli, "database");
    char       *folder;

    if (!given && !input->database)
        return sei_data_path(cli->ctx, "thermo/minewater.dat", ret_path);
    if (given) {
        *ret_path = sei_strdup(cli->ctx, given);
        return *ret_path ? SEI_OK : SEI_E_NOMEM;
    }
    folder    = sei_path_folder(cli->ctx, input->database_where.file);
    *ret_path = folder ? sei_path_join(cli->ctx, folder, input->database) : NULL;
    sei_release(cli->ctx, folder);
    return *ret_path ? SEI_OK : SEI_E_NOMEM;
}

static sei_status read_database(sei_cli *cli, batch *b, char *path, sei_pq_database **ret_db)
{
    const sei_status st = sei_pq_database_read(cli->ctx, path, ret_db);

    if (st != SEI_OK) {
        sei_release(cli->ctx, path);
        return st;
    }
    b->readings[b->n_readings++] = (reading){path, *ret_db};
    return SEI_OK;
}

/* Each is read once; who needs the same one meanwhile waits. */
static sei_status get_database(sei_cli *cli, batch *b, const sei_pq_input *input,
                               sei_pq_database **ret_db)
{
    char      *path = NULL;
    sei_status st   = find_path(cli, input, &path);

    if (st != SEI_OK)
        return st;
    pthread_mutex_lock(&b->mutex);
    for (size_t i = 0; i < b->n_readings && path; i++)
        if (strcmp(b->readings[i].path, path) == 0) {
            *ret_db = b->readings[i].db;
            sei_release(cli->ctx, path);
            path = NULL;
        }
    if (path)
        st = read_database(cli, b, path, ret_db);
    pthread_mutex_unlock(&b->mutex);
    return st;
}

/* ---- one input -------------------------------------------------------------------------------- */

/* What was finished before a failure is written too: the exit code tells that it is not all. */
static int run_input(sei_cli *cli, batch *b, const sei_pq_input *input, const char *folder)
{
    sei_pq_database *database = NULL;
    sei_pq_result   *result   = NULL;
    sei_status       st       = get_database(cli, b, input, &database);
    int              code     = SEI_EXIT_OK;

    if (st == SEI_OK)
        st = sei_pq_run_with(cli->ctx, input, database, &result);
    if (b->n == 1)
        sei_progress_end(&b->progress);
    if (st != SEI_OK)
        code = sei_cli_fail(cli, st);
    if (result && (st == SEI_OK || result->n_tables > 0 || result->printed_len > 0 ||
                   result->n_inverses > 0 || result->n_dumps > 0))
        st = sei_cli_put_phreeqc(cli, result, folder);
    if (st != SEI_OK && code == SEI_EXIT_OK)
        code = sei_cli_fail(cli, st);
    sei_cli_print_warnings(cli);
    sei_pq_result_free(cli->ctx, result);
    return code;
}

/* Of a single input. */
static void reached(void *user, size_t simulation, double share)
{
    sei_progress *p = user;

    sei_progress_set(p, ((double)simulation - 1.0 + share) / (double)p->members);
}

/* What can be read is kept in the job, until it has run. */
static void read_file(job *j, const char *path)
{
    const sei_status st = sei_pq_read(j->cli.ctx, path, &j->input);

    j->code = st == SEI_OK ? SEI_EXIT_OK : sei_cli_fail(&j->cli, st);
    if (st == SEI_OK && sei_cli_has(&j->cli, "scheme") &&
        strcmp(sei_cli_value(&j->cli, "scheme"), "implicit") == 0)
        j->input->scheme = SEI_PQ_IMPLICIT;
}

static void run_file(job *j, batch *b)
{
    const sei_pq_hooks hooks = {b->n == 1 ? reached : NULL, &b->progress, b->stop};

    if (!j->input)
        return;
    j->input->threads = b->column_threads;
    j->input->hooks   = &hooks;
    j->code           = run_input(&j->cli, b, j->input, j->folder);
    sei_pq_free(j->input);
    j->input = NULL;
}

/* ---- several ---------------------------------------------------------------------------------- */

/* Called with the mutex held. */
static void tell_finished(batch *b)
{
    sei_progress_end(&b->progress);
    while (b->n_told < b->n && b->jobs[b->n_told].is_done) {
        const job *j = &b->jobs[b->n_told++];
        fwrite(j->text[0], 1, j->text_len[0], b->cli->out);
        fflush(b->cli->out);
        fwrite(j->text[1], 1, j->text_len[1], b->cli->err);
    }
}

static void read_job(void *arg, size_t worker, size_t piece)
{
    batch *b = arg;
    job   *j = &b->jobs[piece];

    (void)worker;
    j->cli.out = open_memstream(&j->text[0], &j->text_len[0]);
    j->cli.err = open_memstream(&j->text[1], &j->text_len[1]);
    if (j->cli.out && j->cli.err)
        read_file(j, b->cli->args[piece]);
}

static void run_job(void *arg, size_t worker, size_t piece)
{
    batch *b = arg;
    job   *j = &b->jobs[b->order[piece]];

    (void)worker;
    if (*b->stop && j->code == SEI_EXIT_OK)
        j->code = SEI_EXIT_STOPPED; /* not begun */
    else
        run_file(j, b);
    if (j->cli.out)
        fclose(j->cli.out);
    if (j->cli.err)
        fclose(j->cli.err);
    pthread_mutex_lock(&b->mutex);
    j->is_done = true;
    tell_finished(b);
    sei_progress_set(&b->progress, (double)++b->n_done / (double)b->n);
    pthread_mutex_unlock(&b->mutex);
}

/* "cases/lime.pqi" to "lime". */
static sei_slice stem_of(const char *path)
{
    const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
    const char *dot = strrchr(name, '.');

    return (sei_slice){name, dot && dot > name ? (size_t)(dot - name) : strlen(name)};
}

static int folder_of(batch *b, size_t at)
{
    const sei_cli  *cli    = b->cli;
    const char     *output = sei_cli_value(cli, "output");
    const sei_slice stem   = stem_of(cli->args[at]);

    if (b->n == 1) {
        b->jobs[at].folder = output && output[0] ? sei_strdup(cli->ctx, output) : NULL;
        return SEI_EXIT_OK;
    }
    for (size_t i = 0; i < at; i++) {
        const sei_slice other = stem_of(cli->args[i]);
        if (other.len == stem.len && memcmp(other.at, stem.at, stem.len) == 0)
            return sei_cli_usage(cli,
                                 "%s and %s would write into the same folder %.*s; run them apart",
                                 cli->args[i], cli->args[at], (int)stem.len, stem.at);
    }
    char *name = sei_strndup(cli->ctx, stem.at, stem.len);
    b->jobs[at].folder =
        name ? sei_path_join(cli->ctx, output && output[0] ? output : ".", name) : NULL;
    sei_release(cli->ctx, name);
    return b->jobs[at].folder ? SEI_EXIT_OK : sei_cli_fail(cli, SEI_E_NOMEM);
}

static int prepare(batch *b)
{
    int code = SEI_EXIT_OK;

    for (size_t i = 0; i < b->n && code == SEI_EXIT_OK; i++) {
        b->jobs[i].cli     = *b->cli;
        b->jobs[i].cli.ctx = sei_ctx_create(NULL);
        b->jobs[i].code    = SEI_EXIT_SYSTEM; /* until it has run */
        code = b->jobs[i].cli.ctx ? folder_of(b, i) : sei_cli_fail(b->cli, SEI_E_NOMEM);
    }
    return code;
}

/* What looks longest is begun first, so that no thread is left with it at the end. */
static sei_status find_order(batch *b)
{
    sei_pq_input   **inputs = sei_alloc(b->cli->ctx, b->n, sizeof(sei_pq_input *));
    const sei_status st     = inputs ? SEI_OK : SEI_E_NOMEM;

    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < b->n; i++)
        inputs[i] = b->jobs[i].input;
    const sei_status sorted = sei_pq_longest_first(b->cli->ctx, b->n, inputs, b->order);
    sei_release(b->cli->ctx, inputs);
    return sorted;
}

static int run_one(batch *b, size_t threads)
{
    job *j = &b->jobs[0];

    b->column_threads = threads;
    read_file(j, b->cli->args[0]);
    if (j->input)
        sei_progress_begin_simulations(&b->progress, b->cli, j->input->n);
    run_file(j, b);
    return j->code;
}

static int run_all(batch *b, size_t threads)
{
    sei_team  *team = NULL;
    sei_status st   = sei_team_create(b->cli->ctx, threads, &team);
    int        code = SEI_EXIT_OK;

    if (st != SEI_OK)
        return sei_cli_fail(b->cli, st);
    b->column_threads = 1;
    sei_progress_begin_members(&b->progress, b->cli, false, b->n);
    sei_team_run(team, b->n, read_job, b);
    st = find_order(b);
    if (st == SEI_OK)
        sei_team_run(team, b->n, run_job, b);
    sei_progress_end(&b->progress);
    sei_team_free(team);
    for (size_t i = 0; i < b->n; i++)
        code = b->jobs[i].code > code ? b->jobs[i].code : code;
    return st == SEI_OK ? code : sei_cli_fail(b->cli, st);
}

static void clean_up(batch *b)
{
    for (size_t i = 0; i < b->n_readings; i++)
        sei_pq_database_free(b->readings[i].db);
    for (size_t i = 0; i < b->n_readings; i++)
        sei_release(b->cli->ctx, b->readings[i].path);
    for (size_t i = 0; i < b->n; i++) {
        sei_pq_free(b->jobs[i].input);
        sei_ctx_free(b->jobs[i].cli.ctx);
        sei_release(b->cli->ctx, b->jobs[i].folder);
        free(b->jobs[i].text[0]);
        free(b->jobs[i].text[1]);
    }
    sei_release(b->cli->ctx, b->jobs);
    sei_release(b->cli->ctx, b->readings);
    sei_release(b->cli->ctx, b->order);
    pthread_mutex_destroy(&b->mutex);
}

int sei_cli_run_phreeqc(sei_cli *cli, size_t threads)
{
    const size_t n = (size_t)cli->n_args;
    batch        b = {.cli = cli, .n = n, .stop = sei_stop_catch()};

    b.jobs     = sei_alloc(cli->ctx, n, sizeof *b.jobs);
    b.readings = b.jobs ? sei_alloc(cli->ctx, n, sizeof *b.readings) : NULL;
    b.order    = b.readings ? sei_alloc(cli->ctx, n, sizeof *b.order) : NULL;
    if (!b.order) {
        sei_release(cli->ctx, b.jobs);
        sei_release(cli->ctx, b.readings);
        return sei_cli_fail(cli, SEI_E_NOMEM);
    }
    pthread_mutex_init(&b.mutex, NULL);
    int code = prepare(&b);
    if (code == SEI_EXIT_OK)
        code = n == 1 ? run_one(&b, threads) : run_all(&b, threads);
    clean_up(&b);
    return code;
}
