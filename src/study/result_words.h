/* result_words.h - names and numbers of a result as people read them, in both languages */
#ifndef SEI_STUDY_RESULT_WORDS_H
#define SEI_STUDY_RESULT_WORDS_H

#include "study/result_digest.h"

/* A short text in both languages with its own memory. */
enum { SEI_WORDS_MAX = 320 };
typedef struct {
    char ja[SEI_WORDS_MAX], en[SEI_WORDS_MAX];
} sei_words;

#define SEI_L(ja_, en_)     ((sei_label){(ja_), (en_)})
#define SEI_LABEL_OF(words) ((sei_label){(words).ja, (words).en})

/* Both texts from formats with the same arguments. */
sei_words sei_words_of(const char *ja, const char *en);
void      sei_words_add(sei_words *words, const char *ja, const char *en);

/* "Zn 全量" / "Zn total": for tables and legends. */
sei_words sei_column_words(const sei_quantity_column *column);
/* "亜鉛(溶解性)" / "dissolved zinc": for titles. */
sei_words sei_column_title(const sei_quantity_column *column);
/* "mg/L"; "" for pH. */
const char *sei_column_unit(const sei_quantity_column *column);
/* A difference of two values, which has no offset. */
double sei_column_difference(const sei_quantity_column *column, double si);
/* How sei_rtable_add_number shows values of the quantity. */
int sei_column_decimals(const sei_quantity_column *column);

/* A cell with a value of a column; what is below a millionth of the unit as "<1e-6". */
void sei_put_value(sei_rtable *table, const sei_quantity_column *column, bool has, double si);
/* A cell of plain text that is the same in both languages; the number, or an empty cell. */
void sei_put_plain(sei_rtable *table, const char *text);
void sei_put_number(sei_rtable *table, bool has, double value, int decimals);

/* "≤ 2", "5.8–8.6" in the limit's unit, with the signs that the notes explain: * not verified,
 * † target of the site, ‡ differs within the run. */
sei_words sei_limit_words(const sei_limit *limit, bool changes);
/* "各試料" / "each sample" */
sei_label sei_statistic_label(sei_limit_statistic statistic);

sei_label sei_watch_label(const sei_watch *watch);
sei_label sei_unit_label(const sei_unit_spec *unit);
sei_label sei_evidence_label(sei_evidence evidence);
/* "石灰石(方解石)" / "limestone (calcite)"; the name itself when it has no words. */
sei_words sei_solid_words(const char *solid);
/* Media that a bed is built of, as against solids that the water leaves: bran, husk, limestone. */
bool sei_solid_is_medium(const char *solid);
/* Name of a site in both languages. */
sei_label sei_site_label(const sei_site *site);

/* "2024-04-01 to 2024-06-29", of a steady state the day; "" without any instant. */
sei_words sei_period_words(const sei_result *result);
/* "4–30"; "" when neither end is stated. */
sei_words sei_range_words(double low, double high);
/* "schwertmannite: pH 2.9–5.6 in iron_bed, valid for 2.5–5" */
sei_words sei_breach_words(const sei_result *result, const sei_breach *breach);
/* All breaches of the law of this one, each quantity by its worst value: "husk-zn: pH 2.93 (stated for 3–9) in srb_a,
 * also in srb_b" */
sei_words sei_law_outside_words(const sei_digest *digest, size_t first);

/* Value of a parameter as its row writes it. */
double sei_param_shown(const sei_param *param, double si);

#endif
