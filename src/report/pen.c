/* pen.c - measured text, colours and small shapes for figures, on cairo and pango */
#include "report/pen.h"

#include <math.h>

#if defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_LEAK_CHECKER 1
#endif
#elif defined(__SANITIZE_ADDRESS__)
#define HAS_LEAK_CHECKER 1
#endif
#ifdef HAS_LEAK_CHECKER
/* fontconfig keeps its tables to the end and links them by offsets, which the checker does not
 * follow. The names are the checker's. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\n";
}
const char *__lsan_default_options(void);
const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}
#endif

static const char font_families[] = "IPAexGothic, Noto Sans CJK JP, sans-serif";

#define DOTS_PER_INCH 96.0
#define PI            3.14159265358979323846

/* Hinting moves letters by the grid of a screen: without it SVG and PNG agree. */
static void unhint(PangoContext *pango)
{
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(pango, options);
    pango_cairo_context_set_resolution(pango, DOTS_PER_INCH);
    pango_context_set_round_glyph_positions(pango, FALSE);
    cairo_font_options_destroy(options);
}

void sei_pen_init(sei_pen *pen, cairo_t *cr, PangoFontMap *fonts, sei_lang lang)
{
    *pen = (sei_pen){.cr = cr, .pango = pango_font_map_create_context(fonts), .lang = lang};
    unhint(pen->pango);
    /* Han letters in their Japanese forms, whatever the locale of the host */
    pango_context_set_language(pen->pango, pango_language_from_string("ja"));
    pango_cairo_update_context(cr, pen->pango);
    cairo_set_line_cap(cr, CAIRO_LINE_CAP_BUTT);
    cairo_set_line_join(cr, CAIRO_LINE_JOIN_ROUND);
}

void sei_pen_done(sei_pen *pen)
{
    if (pen->pango)
        g_object_unref(pen->pango);
    pen->pango = NULL;
}

/* Pango markup of the script in the pen's language; free with g_free. */
static char *markup(const sei_pen *pen, const sei_script *script)
{
    const char *ja     = script->text ? script->text : script->label.ja;
    const char *en     = script->text ? script->text : script->label.en;
    const char *suffix = script->suffix ? script->suffix : "";

    if (pen->lang == SEI_LANG_EN)
        return g_markup_printf_escaped("%s%s", en, suffix);
    if (pen->lang == SEI_LANG_JA || strcmp(ja, en) == 0)
        return g_markup_printf_escaped("%s%s", ja, suffix);
    if (script->stacked)
        return g_markup_printf_escaped("%s%s\n<span size='smaller' foreground='#%06X'>%s</span>",
                                       ja, suffix, (unsigned)SEI_MUTED, en);
    return g_markup_printf_escaped("%s <span size='smaller' foreground='#%06X'>%s</span>%s", ja,
                                   (unsigned)SEI_MUTED, en, suffix);
}

/* No line ends within "150 mg/L": a word joiner (U+2060) behind every slash but those of markup, and a space that does not break
 * between a number and what follows. Free with g_free. */
static char *keep_units_whole(char *text)
{
    GString *whole = g_string_new(NULL);

    for (const char *p = text; *p; p++) {
        if (*p == ' ' && p > text && g_ascii_isdigit(p[-1]) && g_ascii_isalpha(p[1])) {
            g_string_append(whole, "\xC2\xA0");
            continue;
        }
        g_string_append_c(whole, *p);
        if (*p == '/' && p > text && p[-1] != '<')
            g_string_append(whole, "\xE2\x81\xA0");
    }
    g_free(text);
    return g_string_free(whole, FALSE);
}

static PangoLayout *lay_out(sei_pen *pen, const sei_script *script)
{
    PangoLayout          *layout = pango_layout_new(pen->pango);
    PangoFontDescription *font   = pango_font_description_from_string(font_families);
    const double          size   = script->size > 0 ? script->size : SEI_TEXT_SIZE;
    char                 *text   = keep_units_whole(markup(pen, script));

    pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
    pango_layout_set_font_description(layout, font);
    pango_font_description_free(font);
    pango_layout_set_alignment(layout, script->align);
    pango_layout_set_spacing(layout, (int)(0.1 * size * PANGO_SCALE));
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    if (script->width > 0) {
        pango_layout_set_width(layout, (int)(script->width * PANGO_SCALE));
        if (script->lines > 0) {
            pango_layout_set_height(layout, -script->lines);
            pango_layout_set_ellipsize(layout, PANGO_ELLIPSIZE_END);
        }
    }
    pango_layout_set_markup(layout, text, -1);
    g_free(text);
    return layout;
}

/* The box of the letters themselves, in layout coordinates. A layout with a width is as wide as
 * its widest line, wherever the alignment put it. */
static sei_rect box_of(PangoLayout *layout)
{
    PangoRectangle logical;

    pango_layout_get_extents(layout, NULL, &logical);
    return (sei_rect){(double)logical.x / PANGO_SCALE, (double)logical.y / PANGO_SCALE,
                      (double)logical.width / PANGO_SCALE, (double)logical.height / PANGO_SCALE};
}

sei_size sei_pen_measure(sei_pen *pen, const sei_script *script)
{
    PangoLayout   *layout = lay_out(pen, script);
    const sei_rect box    = box_of(layout);

    g_object_unref(layout);
    return (sei_size){box.w, box.h};
}

sei_rect sei_pen_write(sei_pen *pen, const sei_script *script, double x, double y, double fx,
                       double fy)
{
    PangoLayout   *layout = lay_out(pen, script);
    const sei_rect box    = box_of(layout);
    const sei_rect placed = {x - fx * box.w, y - fy * box.h, box.w, box.h};

    cairo_save(pen->cr);
    cairo_move_to(pen->cr, placed.x - box.x, placed.y - box.y);
    if (script->halo) {
        pango_cairo_layout_path(pen->cr, layout);
        sei_pen_colour(pen, SEI_WHITE, 0.9);
        cairo_set_line_width(pen->cr, 3);
        cairo_stroke(pen->cr);
        cairo_move_to(pen->cr, placed.x - box.x, placed.y - box.y);
    }
    sei_pen_colour(pen, script->colour ? script->colour : SEI_INK, 1);
    pango_cairo_show_layout(pen->cr, layout);
    cairo_restore(pen->cr);
    g_object_unref(layout);
    return placed;
}

void sei_pen_colour(sei_pen *pen, uint32_t colour, double alpha)
{
    cairo_set_source_rgba(pen->cr, (double)(colour >> 16 & 0xFF) / 255,
                          (double)(colour >> 8 & 0xFF) / 255, (double)(colour & 0xFF) / 255, alpha);
}

uint32_t sei_colour_rgb(sei_colour colour)
{
    /* Okabe and Ito, "Color universal design", 2008, without yellow (too faint for a line on
     * white); the purple darker, grey and brown added. */
    static const uint32_t palette[] = {0x0072B2, 0x0072B2, 0xD55E00, 0x009E73, 0xA8558A,
                                       0x56B4E9, 0xE69F00, 0x6B7480, 0x7A4A1E};

    return palette[colour >= SEI_COLOUR_BLUE && colour <= SEI_COLOUR_BROWN ? colour : 0];
}

void sei_pen_line(sei_pen *pen, double x0, double y0, double x1, double y1)
{
    cairo_move_to(pen->cr, x0, y0);
    cairo_line_to(pen->cr, x1, y1);
    cairo_stroke(pen->cr);
}

void sei_pen_fill(sei_pen *pen, sei_rect rect, uint32_t colour, double alpha)
{
    sei_pen_colour(pen, colour, alpha);
    cairo_rectangle(pen->cr, rect.x, rect.y, rect.w, rect.h);
    cairo_fill(pen->cr);
}

void sei_pen_box(sei_pen *pen, sei_rect r, double radius, uint32_t fill, uint32_t line)
{
    cairo_t *cr = pen->cr;

    cairo_new_sub_path(cr);
    cairo_arc(cr, r.x + r.w - radius, r.y + radius, radius, -PI / 2, 0);
    cairo_arc(cr, r.x + r.w - radius, r.y + r.h - radius, radius, 0, PI / 2);
    cairo_arc(cr, r.x + radius, r.y + r.h - radius, radius, PI / 2, PI);
    cairo_arc(cr, r.x + radius, r.y + radius, radius, PI, 3 * PI / 2);
    cairo_close_path(cr);
    sei_pen_colour(pen, fill, 1);
    cairo_fill_preserve(cr);
    sei_pen_colour(pen, line, 1);
    cairo_stroke(cr);
}

void sei_pen_arrow_head(sei_pen *pen, double x, double y, double angle)
{
    const double length = 8, half = 0.38;

    cairo_move_to(pen->cr, x, y);
    cairo_line_to(pen->cr, x - length * cos(angle - half), y - length * sin(angle - half));
    cairo_line_to(pen->cr, x - length * cos(angle + half), y - length * sin(angle + half));
    cairo_close_path(pen->cr);
    cairo_fill(pen->cr);
}

static void polygon(cairo_t *cr, double x, double y, double r, int corners, double start)
{
    for (int i = 0; i < corners; i++) {
        const double a = start + 2 * PI * i / corners;
        cairo_line_to(cr, x + r * cos(a), y + r * sin(a));
    }
    cairo_close_path(cr);
}

void sei_pen_marker(sei_pen *pen, double x, double y, int shape, uint32_t colour,
                    sei_point_flag flag)
{
    cairo_t *cr = pen->cr;

    cairo_new_path(cr);
    if (flag == SEI_POINT_BELOW)
        polygon(cr, x, y, 4.4, 3, PI / 2);
    else if (shape % 4 == 1)
        polygon(cr, x, y, 4.2, 4, PI / 4);
    else if (shape % 4 == 2)
        polygon(cr, x, y, 4.4, 4, 0);
    else if (shape % 4 == 3)
        polygon(cr, x, y, 4.6, 3, -PI / 2);
    else
        cairo_arc(cr, x, y, 3.4, 0, 2 * PI);
    if (flag == SEI_POINT_GOOD)
        sei_pen_colour(pen, colour, 1);
    else
        sei_pen_colour(pen, SEI_WHITE, 1);
    cairo_fill_preserve(cr);
    /* a filled marker gets a white seam that keeps it apart from its neighbours and the line */
    sei_pen_colour(pen, flag == SEI_POINT_GOOD ? SEI_WHITE : colour, 1);
    cairo_set_line_width(cr, flag == SEI_POINT_GOOD ? 0.8 : 1.4);
    cairo_stroke(cr);
}
