/* result_hrt.h - units whose residence time their pages do not speak of */
#ifndef SEI_STUDY_RESULT_HRT_H
#define SEI_STUDY_RESULT_HRT_H

#include "study/result_words.h"

/* Does the unit's nominal residence time at its mean flow lie outside what its type is described for? */
bool sei_hrt_is_outside(const sei_result *result, size_t unit);
/* "unit iron_bed: its nominal residence time of 4.2e-05 h lies outside the 0.25-240 h ..." */
sei_words sei_hrt_words(const sei_result *result, size_t unit);

#endif
