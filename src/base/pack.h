/*
 * pack.h - a file of named arrays that knows whether it is whole
 *
 *     8 bytes   "SEIPACK1"
 *     u32       kind: what the file is; u32 version of its content
 *     records   u32 tag, u32 type, u64 count, then the values
 *     32 bytes  BLAKE2b of all before
 *
 * Integers and doubles (IEEE 754) are little-endian whatever the machine, so that a file written
 * on one is read on another. A reader takes any bytes: a wrong length, tag, type or count is an
 * error with the file's name, and a file whose checksum fails is never looked into.
 */
#ifndef SEI_BASE_PACK_H
#define SEI_BASE_PACK_H

#include <stdbool.h>

#include "base/buf.h"

/* ---- writing ---- */

/* As sei_buf: the first failure is kept in buf.status. */
typedef struct {
    sei_buf buf;
} sei_pack;

enum { SEI_PACK_BYTES_MAX = 1 << 30 };

void sei_pack_begin(sei_pack *pack, sei_ctx *ctx, uint32_t kind, uint32_t version);
void sei_pack_doubles(sei_pack *pack, uint32_t tag, size_t n, const double values[]);
void sei_pack_integers(sei_pack *pack, uint32_t tag, size_t n, const int64_t values[]);
void sei_pack_text(sei_pack *pack, uint32_t tag, const char *text);
/* Closes it and replaces path by it, whole or not at all; the pack is freed whatever the outcome. */
SEI_CHECKED sei_status sei_pack_save(sei_pack *pack, const char *path);
/* Closes it with its checksum; the bytes are buf.text[0 .. buf.len). */
SEI_CHECKED sei_status sei_pack_close(sei_pack *pack);
void                   sei_pack_done(sei_pack *pack);

/* ---- reading ---- */

typedef struct {
    sei_ctx             *ctx;
    const char          *name; /* for messages; borrowed */
    const unsigned char *bytes;
    size_t               len; /* without the checksum */
    uint32_t             version;
} sei_unpack;

/* bytes are borrowed and must outlive the reader. E_PARSE: no such file or damaged; E_UNSUPPORTED:
 * another version. */
SEI_CHECKED sei_status sei_unpack_open(sei_ctx *ctx, const char *name, const void *bytes,
                                       size_t len, uint32_t kind, uint32_t version,
                                       sei_unpack *ret);
/* Number of values of a record; SIZE_MAX when there is none with this tag. */
size_t sei_unpack_count(const sei_unpack *unpack, uint32_t tag);
/* Exactly n values; E_PARSE names the tag otherwise. */
SEI_CHECKED sei_status sei_unpack_doubles(const sei_unpack *unpack, uint32_t tag, size_t n,
                                          double ret_values[]);
SEI_CHECKED sei_status sei_unpack_integers(const sei_unpack *unpack, uint32_t tag, size_t n,
                                           int64_t ret_values[]);
/* Terminated, in memory of the context: free with sei_release. */
SEI_CHECKED sei_status sei_unpack_text(const sei_unpack *unpack, uint32_t tag, char **ret_text);

#endif
