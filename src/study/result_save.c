/* result_save.c - the result folder: which files, in which order */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "study/result_fig.h"
#include "study/result_parts.h"

static const char figures_folder[] = "figures";

sei_status sei_save_table(sei_ctx *ctx, sei_rtable *table, const char *folder, const char *name)
{
    char      *text = NULL, *path = sei_path_join(ctx, folder, name);
    size_t     len = 0;
    sei_status st  = path && table ? SEI_OK : SEI_E_NOMEM;

    if (st == SEI_OK)
        st = sei_rtable_write(ctx, table, SEI_RTABLE_CSV, SEI_LANG_EN, false, &text, &len);
    if (st == SEI_OK)
        st = sei_file_write(ctx, path, text, len);
    sei_release(ctx, text);
    sei_release(ctx, path);
    sei_rtable_free(table);
    return st;
}

sei_status sei_keep_figure(void *user, sei_figure *figure, sei_label caption)
{
    sei_figure_saver *s = user;

    (void)caption; /* stands in the report only */
    if (s->n == s->size) {
        const size_t size  = s->size ? 2 * s->size : 16;
        sei_figure **moved = sei_resize(s->ctx, s->figures, size, sizeof *moved);
        if (!moved) {
            sei_figure_free(figure);
            return SEI_E_NOMEM;
        }
        s->figures = moved;
        s->size    = size;
    }
    s->figures[s->n++] = figure;
    return SEI_OK;
}

sei_status sei_save_kept_figures(sei_figure_saver *s, sei_status st, const char *folder)
{
    char *path = st == SEI_OK ? sei_path_join(s->ctx, folder, figures_folder) : NULL;

    if (st == SEI_OK)
        st = path ? sei_figures_save(s->ctx, s->n, (const sei_figure *const *)s->figures,
                                     SEI_LANG_BOTH, path)
                  : SEI_E_NOMEM;
    for (size_t i = 0; i < s->n; i++)
        sei_figure_free(s->figures[i]);
    sei_release(s->ctx, s->figures);
    sei_release(s->ctx, path);
    *s = (sei_figure_saver){.ctx = s->ctx};
    return st;
}

sei_status sei_save_figures(const sei_digest *d, const char *folder, sei_figure_names *ret_names)
{
    sei_figure_saver saver = {.ctx = d->ctx};
    sei_status       st    = sei_figs_make(d, SEI_FIG_ALL, sei_keep_figure, &saver);

    ret_names->n = 0;
    if (st == SEI_OK && saver.n > SEI_RESULT_FIGURES_MAX)
        st = sei_fail(d->ctx, SEI_E_TOO_LARGE, NULL, "more than %d figures",
                      (int)SEI_RESULT_FIGURES_MAX);
    for (size_t i = 0; i < saver.n && st == SEI_OK; i++)
        snprintf(ret_names->name[ret_names->n++], SEI_FIGURE_NAME_MAX + 1, "%s",
                 sei_figure_name(saver.figures[i]));
    return sei_save_kept_figures(&saver, st, folder);
}

/* ---- figures that this run has not ------------------------------------------------------------ */

static bool has_name(const sei_figure_names *names, const char *name)
{
    for (size_t i = 0; i < names->n; i++)
        if (strcmp(names->name[i], name) == 0)
            return true;
    return false;
}

/* A figure of the run before beside the new ones would be taken for one of them. What cannot be
 * removed stays: provenance.json no longer names it. */
static void remove_figure(sei_ctx *ctx, const char *folder, const char *name)
{
    static const char *const endings[] = {"svg", "png", "csv"};
    char                     file[SEI_FIGURE_NAME_MAX + 24];

    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        snprintf(file, sizeof file, "%s/%s.%s", figures_folder, name, endings[i]);
        char *path = sei_path_join(ctx, folder, file);
        if (path)
            unlink(path);
        sei_release(ctx, path);
    }
}

static void remove_old(sei_ctx *ctx, const char *folder, const sei_figure_names *before,
                       const sei_figure_names *now)
{
    for (size_t i = 0; i < before->n; i++)
        if (!has_name(now, before->name[i]))
            remove_figure(ctx, folder, before->name[i]);
}

/* ---- all -------------------------------------------------------------------------------------- */

typedef sei_status (*save_fn)(const sei_digest *digest, const char *folder);

/* The summary comes last of the data: who finds it may read the rest. */
static const save_fn files[] = {
    sei_save_series,   sei_save_solids,     sei_save_reagents,     sei_save_tanks,
    sei_save_profiles, sei_save_compliance, sei_save_unit_balance, sei_save_element_balance,
    sei_save_report,   sei_save_summary,
};

sei_status sei_result_save(sei_ctx *ctx, const sei_result *result, const char *folder)
{
    sei_digest       *d      = NULL;
    sei_figure_names *before = sei_alloc(ctx, 2, sizeof *before);
    sei_status        st     = before ? sei_folder_make(ctx, folder) : SEI_E_NOMEM;

    if (st != SEI_OK)
        goto done;
    st = sei_digest_create(ctx, result, &d);
    if (st != SEI_OK)
        goto done;
    sei_read_old_figures(ctx, folder, &before[0]);
    st = sei_save_figures(d, folder, &before[1]);
    for (size_t i = 0; i < sizeof files / sizeof files[0] && st == SEI_OK; i++)
        st = files[i](d, folder);
    if (st == SEI_OK)
        st = sei_save_provenance(d, folder, &before[1]);
    if (st == SEI_OK)
        remove_old(ctx, folder, &before[0], &before[1]);
done:
    sei_digest_free(d);
    sei_release(ctx, before);
    return st;
}
