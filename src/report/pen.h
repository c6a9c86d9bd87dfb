/* pen.h - measured text, colours and small shapes for figures, on cairo and pango */
#ifndef SEI_REPORT_PEN_H
#define SEI_REPORT_PEN_H

#include <pango/pangocairo.h>

#include "report/figure.h"

/* Lengths are CSS pixels (1/96 inch). Colours are 0xRRGGBB. */
enum {
    SEI_INK    = 0x1C2430,
    SEI_MUTED  = 0x5B6673,
    SEI_AXIS   = 0x8A94A0,
    SEI_GRID   = 0xE4E8EC,
    SEI_WHITE  = 0xFFFFFF,
    SEI_LIMIT  = 0xB3122B,
    SEI_WINTER = 0xE3EDF7,
    SEI_EVENT  = 0xFBEBCF,
    SEI_ZONE   = 0xF3F4F6
};

typedef struct {
    double w, h;
} sei_size;

typedef struct {
    double x, y, w, h;
} sei_rect;

typedef struct {
    cairo_t      *cr;
    PangoContext *pango;
    sei_lang      lang;
    bool          without_title; /* in a document the caption has it */
} sei_pen;

/* fonts: what has been loaded of them serves every pen that takes them; one thread at a time. */
void sei_pen_init(sei_pen *pen, cairo_t *cr, PangoFontMap *fonts, sei_lang lang);
void sei_pen_done(sei_pen *pen);

/* What is written and how. Zero size is the ordinary one, zero colour is SEI_INK. */
typedef struct {
    sei_label      label;
    const char    *text;   /* instead of label: the same in all languages */
    const char    *suffix; /* follows the label in either language: " 2 mg/L"; may be NULL */
    double         size;   /* height of the letters */
    uint32_t       colour;
    double         width;   /* wraps, 0 = one line */
    int            lines;   /* then an ellipsis; 0 = as many as it takes */
    bool           stacked; /* English below the Japanese instead of behind it */
    bool           halo;    /* white seam, for text above lines */
    PangoAlignment align;
} sei_script;

#define SEI_TEXT_SIZE  12.0
#define SEI_SMALL_SIZE 10.5
#define SEI_TITLE_SIZE 16.0

sei_size sei_pen_measure(sei_pen *pen, const sei_script *script);
/* Writes so that (x, y) lies at the fraction (fx, fy) of the text's box: 0, 0 is its upper left
 * corner; returns the box. */
sei_rect sei_pen_write(sei_pen *pen, const sei_script *script, double x, double y, double fx,
                       double fy);

void     sei_pen_colour(sei_pen *pen, uint32_t colour, double alpha);
uint32_t sei_colour_rgb(sei_colour colour);
void     sei_pen_line(sei_pen *pen, double x0, double y0, double x1, double y1);
void     sei_pen_fill(sei_pen *pen, sei_rect rect, uint32_t colour, double alpha);
/* Rounded outline and filling. */
void sei_pen_box(sei_pen *pen, sei_rect rect, double radius, uint32_t fill, uint32_t line);
void sei_pen_arrow_head(sei_pen *pen, double x, double y, double angle);
/* Marker number shape (any) in colour; hollow for suspect samples. */
void sei_pen_marker(sei_pen *pen, double x, double y, int shape, uint32_t colour,
                    sei_point_flag flag);

#endif
