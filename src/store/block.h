/*
 * block.h - points of one channel packed without loss
 *
 * Columns one after the other: time, epoch, seq, kind, value. Whole numbers are written as differences
 * of differences in zigzag variable-length form, runs of zero as a count, so that even sampling costs
 * nothing. Values that are decimal numbers (7.12 is 712 hundredths) are kept as whole numbers of
 * that decimal; others as XOR of neighbours after Gorilla (pelkonen2015). A checksum ends the block.
 * Any double comes back bit by bit, whatever it is.
 */
#ifndef SEI_STORE_BLOCK_H
#define SEI_STORE_BLOCK_H

#include "store/point.h"

enum { SEI_BLOCK_POINTS_MAX = 4096 };

/* points[0..n) in order; *ret_bytes is freed with sei_release. */
SEI_CHECKED sei_status sei_block_pack(sei_ctx *ctx, size_t n, const sei_point points[],
                                      uint8_t **ret_bytes, size_t *ret_len);
/* Appends to points. E_PARSE when the bytes are no whole block; points are then as before. */
SEI_CHECKED sei_status sei_block_unpack(sei_ctx *ctx, const uint8_t *bytes, size_t len,
                                        sei_points *points);

#endif
