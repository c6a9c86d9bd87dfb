/* file.h - reading whole files with a maximum, writing them so that a crash leaves old or new */
#ifndef SEI_BASE_FILE_H
#define SEI_BASE_FILE_H

#include "seiryu/ctx.h"

/* Whole file, terminated by a 0 byte that is not counted in *ret_len. "-" reads standard input.
 * E_TOO_LARGE beyond max bytes. Free with sei_release. */
SEI_CHECKED sei_status sei_file_read(sei_ctx *ctx, const char *path, size_t max, char **ret_text,
                                     size_t *ret_len);

/* Writes to a temporary file beside path, flushes it to the disk and renames it: after a crash or a
 * full disk, path holds the old content or the new one, never a part. A link stays and its file is
 * replaced; a device or a pipe is written to as it is. */
SEI_CHECKED sei_status sei_file_write(sei_ctx *ctx, const char *path, const char *text, size_t len);

/* Makes the folder and its parents; success when it is there already. */
SEI_CHECKED sei_status sei_folder_make(sei_ctx *ctx, const char *path);

/* folder/name, in memory of ctx (free with sei_release). An absolute name is returned as it is. */
char *sei_path_join(sei_ctx *ctx, const char *folder, const char *name);
/* Folder part of path ("." when it has none), in memory of ctx. */
char *sei_path_folder(sei_ctx *ctx, const char *path);

/* Path of a file of the shipped data: SEIRYU_DATA, then ../share/seiryu beside the program, then
 * the source tree's data folder. E_NOT_FOUND names all places tried. Free with sei_release. */
SEI_CHECKED sei_status sei_data_path(sei_ctx *ctx, const char *name, char **ret_path);

enum { SEI_SHA256_HEX = 65 };
void sei_sha256_hex(const void *bytes, size_t len, char ret_hex[SEI_SHA256_HEX]);

#endif
