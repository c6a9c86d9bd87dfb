/* png.h - pixels as a PNG file */
#ifndef SEI_REPORT_PNG_H
#define SEI_REPORT_PNG_H

#include <stdint.h>

#include "base/buf.h"

/*
 * Appends an image of 8 bits a colour. pixel: rows from the top, each stride bytes after the one before; a pixel is
 * 0x..RRGGBB in the byte order of the machine, as cairo's RGB24 has it. A failure becomes the status of out.
 */
void sei_png_put(sei_buf *out, const unsigned char *pixel, size_t width, size_t height,
                 size_t stride);

#endif
