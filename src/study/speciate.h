/* speciate.h - a table of waters in, a table of chosen results out */
#ifndef SEI_STUDY_SPECIATE_H
#define SEI_STUDY_SPECIATE_H

#include "seiryu/chem.h"
#include "seiryu/water.h"

enum { SEI_SPECIATION_WORDS_MAX = 500 };

typedef struct sei_speciation sei_speciation;

/*
 * One row of waters is one water; its columns are told in study/water_row.h, words of laboratory sheets in headers
 * (NULL: none). Defaults of empty cells: 25 degC, pH 7, pe 4, 1 kg/L. Measured quantities (zn_mg_l) come without
 * assumptions of carbon; their valences: sei_water_row_settle.
 *
 * select is a list of words (sei_word_parse, and "name"), phases one of NAME[=SI[:MOL]] or NULL; both are
 * separated by commas outside of parentheses. What the database lacks gives empty cells and one
 * warning, a water that does not converge an empty row and a warning that names it and the balance.
 */
SEI_CHECKED sei_status sei_speciation_run(sei_ctx *ctx, const sei_db *db, const sei_table *waters,
                                          const sei_headers *headers, const char *select,
                                          const char *phases, sei_speciation **ret_speciation);
void                   sei_speciation_free(sei_speciation *speciation);

size_t      sei_speciation_n_rows(const sei_speciation *speciation);
size_t      sei_speciation_n_failed(const sei_speciation *speciation); /* rows */
size_t      sei_speciation_n_words(const sei_speciation *speciation);
const char *sei_speciation_word(const sei_speciation *speciation, size_t word);
/* Text of a word that is no number ("name"); NULL for all others. */
const char *sei_speciation_text(const sei_speciation *speciation, size_t row, size_t word);
bool        sei_speciation_value(const sei_speciation *speciation, size_t row, size_t word,
                                 double *ret_value); /* false: an empty cell */

#endif
