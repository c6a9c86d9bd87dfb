/* test_report_samples.h - figures, a table and a document with everything in them */
#ifndef SEI_TESTS_REPORT_SAMPLES_H
#define SEI_TESTS_REPORT_SAMPLES_H

#include "seiryu/report.h"

#define L(japanese, english) ((sei_label){japanese, english})

enum { SAMPLE_FIGURES = 10 };

/* Figure number i of SAMPLE_FIGURES; the caller frees it. */
sei_figure *sample_figure(sei_ctx *ctx, size_t i);
sei_rtable *sample_table(sei_ctx *ctx);
sei_doc    *sample_doc(sei_ctx *ctx);

/* Seconds since 1970 of a day in Japan. */
double sample_day(int year, int month, int day);

#endif
