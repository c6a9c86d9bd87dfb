/* result_parts.h - the files of a result folder, one function each */
#ifndef SEI_STUDY_RESULT_PARTS_H
#define SEI_STUDY_RESULT_PARTS_H

#include "study/result_digest.h"
#include "study/result_json.h"

/* Each writes one file into the folder, which is there. */
SEI_CHECKED sei_status sei_save_summary(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_series(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_compliance(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_solids(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_reagents(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_tanks(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_profiles(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_unit_balance(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_element_balance(const sei_digest *digest, const char *folder);
SEI_CHECKED sei_status sei_save_report(const sei_digest *digest, const char *folder);

/* "reagents" and "sludge" of summary.json. */
void sei_put_supply(const sei_result *result, sei_json *json);

/* "tanks" of summary.json. */
void sei_put_tanks(const sei_result *result, sei_json *json);

/* "steady" of summary.json: of a steady run only. */
void sei_put_rest(const sei_result *result, sei_json *json);

/* Names (without folder and ending) of the figures of a run. */
enum { SEI_RESULT_FIGURES_MAX = 60, SEI_FIGURE_NAME_MAX = 64 };
typedef struct {
    size_t n;
    char   name[SEI_RESULT_FIGURES_MAX][SEI_FIGURE_NAME_MAX + 1];
} sei_figure_names;

/* Writes figures/NAME.svg, .png, .csv and tells which. */
SEI_CHECKED sei_status sei_save_figures(const sei_digest *digest, const char *folder,
                                        sei_figure_names *ret_names);
SEI_CHECKED sei_status sei_save_provenance(const sei_digest *digest, const char *folder,
                                           const sei_figure_names *figures);
/* Figures that the folder's provenance.json names: those of the run before. None when there is no
 * such file or it cannot be read. */
void sei_read_old_figures(sei_ctx *ctx, const char *folder, sei_figure_names *ret_names);

/* A finished CSV writer to folder/name, and frees it. */
SEI_CHECKED sei_status sei_save_csv(sei_ctx *ctx, sei_table_writer *writer, const char *folder,
                                    const char *name);
/* The folder/name of an earlier run, where this one has nothing to write there; SEI_E_IO where it stays. */
SEI_CHECKED sei_status sei_remove_csv(sei_ctx *ctx, const char *folder, const char *name);
/* A table as CSV to folder/name, and frees it; NULL: no memory. */
SEI_CHECKED sei_status sei_save_table(sei_ctx *ctx, sei_rtable *table, const char *folder,
                                      const char *name);

/* Collects figures (sei_keep_figure is a sei_fig_take; user is the saver) to be drawn beside each other. Begins as {ctx}. */
typedef struct {
    sei_ctx     *ctx;
    size_t       n, size;
    sei_figure **figures;
} sei_figure_saver;
sei_status sei_keep_figure(void *user, sei_figure *figure, sei_label caption);
/* When st is SEI_OK, writes the figures into folder/figures. Frees them in any case. Gives st or its own failure. */
SEI_CHECKED sei_status sei_save_kept_figures(sei_figure_saver *saver, sei_status st,
                                             const char *folder);

/* Significant digits of numbers in CSV: more than any solver tolerance, fewer than the noise that
 * unit conversion leaves behind. */
enum { SEI_CSV_DIGITS = 12 };

#endif
