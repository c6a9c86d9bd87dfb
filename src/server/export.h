/* export.h - formats of exported points: one const row each */
#ifndef SEI_SERVER_EXPORT_H
#define SEI_SERVER_EXPORT_H

#include "server/judged.h"

typedef struct {
    char station[64], key[64], unit[16];
} sei_export_label;

typedef struct sei_export sei_export;

typedef struct {
    const char *name, *file_name, *content_type;
    sei_status (*open)(sei_ctx *ctx, const char *path, bool is_corrected, sei_export **ret_out);
    sei_status (*put)(sei_export *out, const sei_export_label *label, const sei_points *points,
                      const sei_judgement judgements[]);
    sei_status (*close)(sei_export *out); /* frees it, whatever it returns */
} sei_export_format;

extern const sei_export_format sei_export_csv, sei_export_xlsx;

/* The columns; the last two with corrected values only. */
enum { SEI_EXPORT_COLUMNS = 12, SEI_EXPORT_RAW_COLUMNS = 10 };
extern const char *const sei_export_columns[SEI_EXPORT_COLUMNS];

#endif
