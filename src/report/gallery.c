/*
 * gallery.c - several figures drawn on several threads
 *
 * Pango lets threads draw beside each other as long as they share none of its objects: each has a map of fonts of its own, which
 * serves all figures that it draws.
 */
#include "base/file.h"
#include "base/team.h"
#include "report/out.h"
#include "report/picture.h"

/* What one thread draws at. Its texts belong to its context. */
typedef struct {
    sei_ctx      *ctx;
    PangoFontMap *fonts;
    sei_status    status; /* of its first failure; then it draws no more */
    size_t        failed; /* figure */
} easel;

struct sei_gallery {
    sei_ctx                 *ctx;
    size_t                   n, n_easels;
    const sei_figure *const *figures;
    sei_lang                 lang;
    const char              *folder; /* NULL: for a page */
    easel                   *easels;
    sei_buf                 *inlines; /* [n], for a page */
};

static sei_status draw(const sei_gallery *g, easel *e, size_t i)
{
    if (g->folder)
        return sei_picture_save(e->ctx, g->figures[i], g->lang, e->fonts, g->folder);
    sei_buf *out = &g->inlines[i];
    sei_buf_init(out, e->ctx, SEI_REPORT_BYTES_MAX);
    sei_picture_put_inline(out, g->figures[i], g->lang, e->fonts);
    return out->status;
}

static void work(void *arg, size_t worker, size_t piece)
{
    const sei_gallery *g = arg;
    easel             *e = &g->easels[worker];

    if (e->status != SEI_OK)
        return;
    if (!e->ctx)
        e->ctx = sei_ctx_create(NULL);
    if (e->ctx && !e->fonts)
        e->fonts = pango_cairo_font_map_new(); /* the shared one of pango is never freed */
    e->status = e->ctx ? draw(g, e, piece) : SEI_E_NOMEM;
    e->failed = piece;
}

static sei_status first_failure(const sei_gallery *g)
{
    const easel *first = NULL;

    for (size_t i = 0; i < g->n_easels; i++) {
        const easel *e = &g->easels[i];
        if (e->status != SEI_OK && (!first || e->failed < first->failed))
            first = e;
    }
    if (!first)
        return SEI_OK;
    return sei_fail(g->ctx, first->status, NULL, "%s",
                    first->ctx ? sei_ctx_error(first->ctx) : "out of memory while drawing");
}

static sei_status draw_all(sei_gallery *g)
{
    sei_team    *team = NULL;
    const size_t most = sei_ctx_threads(g->ctx) ? sei_ctx_threads(g->ctx) : sei_team_processors();

    g->n_easels = g->n < most ? g->n : most;
    if (g->n_easels == 0)
        return SEI_OK;
    g->easels  = sei_alloc(g->ctx, g->n_easels, sizeof *g->easels);
    g->inlines = sei_alloc(g->ctx, g->n, sizeof *g->inlines);
    if (!g->easels || !g->inlines)
        return SEI_E_NOMEM;
    const sei_status st = sei_team_create(g->ctx, g->n_easels, &team);
    if (st == SEI_OK)
        sei_team_run(team, g->n, work, g);
    sei_team_free(team);
    return st == SEI_OK ? first_failure(g) : st;
}

static void done(sei_gallery *g)
{
    for (size_t i = 0; g->inlines && i < g->n; i++)
        if (g->inlines[i].ctx)
            sei_buf_done(&g->inlines[i]);
    for (size_t i = 0; g->easels && i < g->n_easels; i++) {
        if (g->easels[i].fonts)
            g_object_unref(g->easels[i].fonts);
        sei_ctx_free(g->easels[i].ctx);
    }
    sei_release(g->ctx, g->inlines);
    sei_release(g->ctx, g->easels);
}

sei_status sei_figures_save(sei_ctx *ctx, size_t n, const sei_figure *const figures[],
                            sei_lang lang, const char *folder)
{
    sei_gallery g  = {.ctx = ctx, .n = n, .figures = figures, .lang = lang, .folder = folder};
    sei_status  st = sei_folder_make(ctx, folder);

    if (st == SEI_OK)
        st = draw_all(&g);
    done(&g);
    return st;
}

sei_status sei_gallery_create(sei_ctx *ctx, size_t n, const sei_figure *const figures[],
                              sei_lang lang, sei_gallery **ret)
{
    sei_gallery *g = sei_alloc(ctx, 1, sizeof *g);

    if (!g)
        return SEI_E_NOMEM;
    *g                  = (sei_gallery){.ctx = ctx, .n = n, .figures = figures, .lang = lang};
    const sei_status st = draw_all(g);
    if (st == SEI_OK)
        *ret = g;
    else
        sei_gallery_free(g);
    return st;
}

void sei_gallery_free(sei_gallery *g)
{
    if (!g)
        return;
    done(g);
    sei_release(g->ctx, g);
}

void sei_gallery_put(const sei_gallery *g, size_t i, sei_buf *out)
{
    sei_buf_put(out, g->inlines[i].text, g->inlines[i].len);
}
