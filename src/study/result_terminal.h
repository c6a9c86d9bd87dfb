/* result_terminal.h - the table of a run for the terminal in a language of choice */
#ifndef SEI_STUDY_RESULT_TERMINAL_H
#define SEI_STUDY_RESULT_TERMINAL_H

#include "seiryu/report.h"
#include "seiryu/result.h"

/* As sei_result_terminal, which gives both languages. */
SEI_CHECKED sei_status sei_result_terminal_in(sei_ctx *ctx, const sei_result *result, sei_lang lang,
                                              bool colour, char **ret_text);

#endif
