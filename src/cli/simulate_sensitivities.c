/* simulate_sensitivities.c - seiryu simulate --sensitivities */
#include "base/file.h"
#include "cli/progress.h"
#include "cli/simulate.h"
#include "study/sensitivity.h"

int sei_simulate_sensitivities(sei_cli *cli, const sei_result *nominal, const char *folder,
                               size_t n_threads, const volatile sig_atomic_t *stop)
{
    char               *path = sei_path_join(cli->ctx, folder, "sensitivities");
    sei_sensitivities  *s    = NULL;
    sei_progress        progress;
    const sei_run_hooks hooks = {sei_progress_set, &progress, stop};

    if (!path)
        return sei_cli_fail(cli, SEI_E_NOMEM);
    sei_progress_begin_named(&progress, cli, sei_cli_has(cli, "quiet"),
                             sei_cli_say(cli, "sensitivities", "感度解析"));
    sei_status st = sei_sensitivities_run(cli->ctx, nominal, n_threads, &hooks, &s);
    if (st == SEI_OK)
        st = sei_sensitivities_save(cli->ctx, s, path);
    sei_progress_end(&progress);
    if (st == SEI_OK && !sei_cli_has(cli, "quiet"))
        fprintf(cli->out, "%s%s/report.html\n", sei_cli_say(cli, "sensitivities: ", "感度解析: "),
                path);
    const int code = st == SEI_OK ? SEI_EXIT_OK : sei_cli_fail(cli, st);
    sei_sensitivities_free(s);
    sei_release(cli->ctx, path);
    return code;
}
