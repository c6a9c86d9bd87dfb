/* picture.c - one drawing path for SVG and PNG */
#include <cairo-svg.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "report/frame.h"
#include "report/out.h"
#include "report/picture.h"
#include "report/png.h"

enum { IDS_MAX = 20000 };
#define PNG_SCALE 2.0

static cairo_status_t append(void *user, const unsigned char *bytes, unsigned int len)
{
    sei_buf *buf = user;

    sei_buf_put(buf, (const char *)bytes, len);
    return buf->status == SEI_OK ? CAIRO_STATUS_SUCCESS : CAIRO_STATUS_NO_MEMORY;
}

/* A figure in one form of its text; size: found once, for all files of it. */
typedef struct {
    const sei_figure *figure;
    sei_lang          lang;
    bool              without_title;
    PangoFontMap     *fonts;
    sei_size          size;
} picture_order;

static sei_size draw_on(cairo_surface_t *surface, const picture_order *order, double scale,
                        sei_size size)
{
    const sei_figure *figure = order->figure;
    cairo_t          *cr     = cairo_create(surface);
    sei_pen           pen;

    cairo_scale(cr, scale, scale);
    sei_pen_init(&pen, cr, order->fonts, order->lang);
    pen.without_title = order->without_title;
    if (size.w > 0)
        sei_pen_fill(&pen, (sei_rect){0, 0, size.w, size.h}, SEI_WHITE, 1);
    if (figure->kind == SEI_FIGURE_TRAIN)
        size = sei_draw_train(&pen, figure);
    else if (figure->kind == SEI_FIGURE_HEAT)
        size = sei_draw_heat(&pen, figure);
    else if (figure->kind == SEI_FIGURE_TORNADO)
        size = sei_draw_tornado(&pen, figure);
    else
        size = sei_draw_chart(&pen, figure);
    sei_pen_done(&pen);
    cairo_destroy(cr);
    return (sei_size){ceil(size.w), ceil(size.h)};
}

/* Draws where nothing is kept: the height follows from the texts. */
static sei_size measure(const picture_order *order)
{
    cairo_surface_t *nowhere = cairo_recording_surface_create(CAIRO_CONTENT_COLOR_ALPHA, NULL);
    const sei_size   size    = draw_on(nowhere, order, 1, (sei_size){0, 0});

    cairo_surface_destroy(nowhere);
    return size;
}

static sei_status cairo_failure(sei_ctx *ctx, const sei_figure *figure, cairo_status_t status)
{
    if (status == CAIRO_STATUS_NO_MEMORY)
        return sei_fail(ctx, SEI_E_NOMEM, NULL, "figure %s: out of memory", figure->name);
    return sei_fail(ctx, SEI_E_INTERNAL, NULL, "figure %s: %s", figure->name,
                    cairo_status_to_string(status));
}

/* What a figure of its kind cannot be drawn without and this one has not; NULL: nothing. */
static const char *missing_part(const sei_figure *figure)
{
    switch (figure->kind) {
    case SEI_FIGURE_TRAIN: return figure->n_boxes ? NULL : "box";
    case SEI_FIGURE_TORNADO: return figure->n_signed_bars ? NULL : "bar";
    case SEI_FIGURE_BARS:
        return !figure->n_panels ? "panel" : figure->n_categories ? NULL : "category";
    case SEI_FIGURE_HEAT: return !figure->n_panels ? "panel" : figure->heat.n_x ? NULL : "heat map";
    case SEI_FIGURE_TIME:
    case SEI_FIGURE_XY: break;
    }
    return figure->n_panels ? NULL : "panel";
}

static sei_status is_drawable(sei_ctx *ctx, const sei_figure *figure)
{
    if (!figure) {
        (void)sei_fail(ctx, SEI_E_NOMEM, NULL, "there is no figure to write");
        return SEI_E_NOMEM;
    }
    const sei_status st = sei_fill_status(&figure->fill, ctx);
    if (st != SEI_OK)
        return st;
    const char *missing = missing_part(figure);
    if (missing)
        return sei_fail(ctx, SEI_E_MISSING, NULL, "figure %s has no %s", figure->name, missing);
    return SEI_OK;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Length of the id at text: it ends at a quote or a parenthesis. */
static size_t id_length(const char *text)
{
    return strcspn(text, "\"')<> ");
}

typedef struct {
    size_t      n;
    const char *at[IDS_MAX];
    size_t      len[IDS_MAX];
} id_list;

static size_t id_number(id_list *ids, const char *at, size_t len)
{
    for (size_t i = 0; i < ids->n; i++)
        if (ids->len[i] == len && memcmp(ids->at[i], at, len) == 0)
            return i;
    if (ids->n < IDS_MAX) {
        ids->at[ids->n]  = at;
        ids->len[ids->n] = len;
        ids->n++;
    }
    return ids->n - 1;
}

/* What stands before an id at svg: how many bytes, 0 when no id follows. */
static size_t id_lead(const char *svg)
{
    static const char *const leads[] = {" id=\"", "href=\"#", "url(#"};

    for (size_t i = 0; i < sizeof leads / sizeof leads[0]; i++) {
        const size_t len = strlen(leads[i]);
        if (*svg == *leads[i] && strncmp(svg, leads[i], len) == 0)
            return len;
    }
    return 0;
}

/* Cairo writes six decimals; a thousandth of a pixel halves the file. */
static void put_rounded(sei_buf *out, const char *svg, size_t len)
{
    enum { KEPT = 3 };
    size_t done = 0;

    for (size_t i = 1; i < len; i++) {
        if (svg[i] != '.' || !is_digit(svg[i - 1]))
            continue;
        size_t end = i + 1;
        while (end < len && is_digit(svg[end]))
            end++;
        size_t keep = end > i + 1 + KEPT ? i + 1 + KEPT : end;
        while (keep > i + 1 && svg[keep - 1] == '0')
            keep--;
        if (keep == i + 1)
            keep = i; /* 12.000 is 12 */
        sei_buf_put(out, svg + done, keep - done);
        done = end;
        i    = end - 1;
    }
    sei_buf_put(out, svg + done, len - done);
}

/* Cairo counts its ids through the life of the process and repeats them in every picture. Here
 * they are counted per figure and carry its name: equal bytes for equal input, and several
 * pictures can stand in one page. */
static void rename_ids(sei_buf *out, const char *svg, const char *name, id_list *ids)
{
    const char *done = svg;

    while (*svg) {
        const size_t lead = id_lead(svg);
        if (!lead) {
            svg++;
            continue;
        }
        svg += lead;
        put_rounded(out, done, (size_t)(svg - done));
        const size_t len = id_length(svg);
        sei_buf_printf(out, "%s-%zu", name, id_number(ids, svg, len));
        svg += len;
        done = svg;
    }
    put_rounded(out, done, (size_t)(svg - done));
}

/* Title and description for those who cannot see it, inside the <svg> element. */
static void describe(sei_buf *out, const picture_order *order)
{
    const char *name = order->figure->name;

    sei_buf_printf(out, "\n<title id=\"%s-title\">", name);
    sei_html_escape_label(out, order->figure->title, order->lang);
    sei_buf_printf(out, "</title>\n<desc id=\"%s-desc\">", name);
    sei_html_escape_label(out, order->figure->alt, order->lang);
    sei_buf_puts(out, "</desc>");
}

static void finish_svg(sei_buf *out, const char *svg, const picture_order *order)
{
    static const char opening[] = "<svg ";
    const char       *name      = order->figure->name;
    const char       *open      = strstr(svg, opening);
    const char       *end       = open ? strchr(open, '>') : NULL;
    id_list          *ids       = sei_alloc(out->ctx, 1, sizeof *ids);

    if (!ids) {
        out->status = SEI_E_NOMEM;
    } else if (!end) {
        out->status = sei_fail(out->ctx, SEI_E_INTERNAL, NULL, "figure %s: no SVG was made", name);
    } else {
        open += sizeof opening - 1;
        sei_buf_printf(out, "<svg role=\"img\" lang=\"%s\" aria-labelledby=\"%s-title %s-desc\" ",
                       order->lang == SEI_LANG_EN ? "en" : "ja", name, name);
        sei_buf_put(out, open, (size_t)(end + 1 - open));
        describe(out, order);
        rename_ids(out, end + 1, name, ids);
    }
    sei_release(out->ctx, ids);
}

static void put_svg(sei_buf *out, const picture_order *order)
{
    const sei_size size = order->size;
    sei_buf        raw;

    sei_buf_init(&raw, out->ctx, SEI_REPORT_BYTES_MAX);
    cairo_surface_t *surface = cairo_svg_surface_create_for_stream(append, &raw, size.w, size.h);
    cairo_svg_surface_set_document_unit(surface, CAIRO_SVG_UNIT_PX);
    draw_on(surface, order, 1, size);
    cairo_surface_finish(surface);
    if (raw.status != SEI_OK)
        out->status = raw.status;
    else if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        out->status = cairo_failure(out->ctx, order->figure, cairo_surface_status(surface));
    else
        finish_svg(out, raw.text, order);
    cairo_surface_destroy(surface);
    sei_buf_done(&raw);
}

static picture_order begin(const sei_figure *figure, sei_lang lang, bool without_title,
                           PangoFontMap *fonts)
{
    picture_order order = {figure, lang, without_title, fonts, {0, 0}};

    order.size = measure(&order);
    return order;
}

static void put_svg_file(sei_buf *out, const picture_order *order)
{
    sei_buf_puts(out, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    put_svg(out, order);
}

static void put_png(sei_buf *out, const picture_order *order)
{
    cairo_surface_t *surface = cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, (int)(order->size.w * PNG_SCALE), (int)(order->size.h * PNG_SCALE));

    draw_on(surface, order, PNG_SCALE, order->size);
    cairo_surface_flush(surface);
    if (cairo_surface_status(surface) != CAIRO_STATUS_SUCCESS)
        out->status = cairo_failure(out->ctx, order->figure, cairo_surface_status(surface));
    else
        sei_png_put(out, cairo_image_surface_get_data(surface),
                    (size_t)cairo_image_surface_get_width(surface),
                    (size_t)cairo_image_surface_get_height(surface),
                    (size_t)cairo_image_surface_get_stride(surface));
    cairo_surface_destroy(surface);
}

typedef void (*putter)(sei_buf *out, const picture_order *order);

static sei_status give_file(sei_ctx *ctx, const sei_figure *figure, sei_lang lang, putter put,
                            char **ret_text, size_t *ret_len)
{
    const sei_status st = is_drawable(ctx, figure);
    sei_buf          out;

    if (st != SEI_OK)
        return st;
    /* A map of fonts of its own: the shared one of pango is never freed */
    PangoFontMap       *fonts = pango_cairo_font_map_new();
    const picture_order order = begin(figure, lang, false, fonts);
    sei_buf_init(&out, ctx, SEI_REPORT_BYTES_MAX);
    put(&out, &order);
    g_object_unref(fonts);
    return sei_give(&out, ret_text, ret_len);
}

sei_status sei_figure_svg(sei_ctx *ctx, const sei_figure *figure, sei_lang lang, char **ret_text,
                          size_t *ret_len)
{
    return give_file(ctx, figure, lang, put_svg_file, ret_text, ret_len);
}

sei_status sei_figure_png(sei_ctx *ctx, const sei_figure *figure, sei_lang lang, char **ret_bytes,
                          size_t *ret_len)
{
    return give_file(ctx, figure, lang, put_png, ret_bytes, ret_len);
}

void sei_picture_put_inline(sei_buf *out, const sei_figure *figure, sei_lang lang,
                            PangoFontMap *fonts)
{
    if (out->status != SEI_OK)
        return;
    out->status = is_drawable(out->ctx, figure);
    if (out->status != SEI_OK)
        return;
    const picture_order order = begin(figure, lang, true, fonts);
    put_svg(out, &order);
}

static sei_status write_file(sei_ctx *ctx, const sei_figure *figure, const char *folder,
                             const char *ending, const char *text, size_t len)
{
    char name[SEI_NAME_MAX + 8];

    snprintf(name, sizeof name, "%s.%s", figure->name, ending);
    char            *path = sei_path_join(ctx, folder, name);
    const sei_status st   = path ? sei_file_write(ctx, path, text, len) : SEI_E_NOMEM;
    sei_release(ctx, path);
    return st;
}

static sei_status save_as(sei_ctx *ctx, const picture_order *order, const char *folder,
                          const char *ending, putter put)
{
    sei_buf out;

    sei_buf_init(&out, ctx, SEI_REPORT_BYTES_MAX);
    put(&out, order);
    const sei_status st = out.status == SEI_OK
                              ? write_file(ctx, order->figure, folder, ending, out.text, out.len)
                              : out.status;
    sei_buf_done(&out);
    return st;
}

static sei_status save_numbers(sei_ctx *ctx, const sei_figure *figure, sei_lang lang,
                               const char *folder)
{
    char      *text = NULL;
    size_t     len  = 0;
    sei_status st   = sei_figure_csv(ctx, figure, lang, &text, &len);

    if (st == SEI_OK)
        st = write_file(ctx, figure, folder, "csv", text, len);
    sei_release(ctx, text);
    return st;
}

sei_status sei_picture_save(sei_ctx *ctx, const sei_figure *figure, sei_lang lang,
                            PangoFontMap *fonts, const char *folder)
{
    sei_status st = is_drawable(ctx, figure);

    if (st != SEI_OK)
        return st;
    const picture_order order = begin(figure, lang, false, fonts);
    st                        = save_as(ctx, &order, folder, "svg", put_svg_file);
    if (st == SEI_OK)
        st = save_as(ctx, &order, folder, "png", put_png);
    return st == SEI_OK ? save_numbers(ctx, figure, lang, folder) : st;
}

sei_status sei_figure_save(sei_ctx *ctx, const sei_figure *figure, sei_lang lang,
                           const char *folder)
{
    return sei_figures_save(ctx, 1, &figure, lang, folder);
}
