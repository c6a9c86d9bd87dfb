/* picture.h - drawing with fonts that are found once, for several figures on several threads */
#ifndef SEI_REPORT_PICTURE_H
#define SEI_REPORT_PICTURE_H

#include <pango/pangocairo.h>

#include "base/buf.h"
#include "report/figure.h"

/* As sei_figure_save into a folder that is there. fonts: those of this thread. */
SEI_CHECKED sei_status sei_picture_save(sei_ctx *ctx, const sei_figure *figure, sei_lang lang,
                                        PangoFontMap *fonts, const char *folder);
/* The <svg> element alone, without the title inside: for a page whose caption has it. A failure is
 * kept in out. */
void sei_picture_put_inline(sei_buf *out, const sei_figure *figure, sei_lang lang,
                            PangoFontMap *fonts);

/* ---- gallery.c ---- */

typedef struct sei_gallery sei_gallery;

/* Draws n figures as sei_picture_put_inline does; of several failures the first figure's is told. */
SEI_CHECKED sei_status sei_gallery_create(sei_ctx *ctx, size_t n, const sei_figure *const figures[],
                                          sei_lang lang, sei_gallery **ret);
void                   sei_gallery_free(sei_gallery *gallery); /* NULL is a harmless no-op */
void                   sei_gallery_put(const sei_gallery *gallery, size_t i, sei_buf *out);

#endif
