/*
 * fault.h - what an error was made of, beside its text: the format that names it and what stood in it
 *
 * A message is told to people in English; a program that tells it in another language looks its format up, as gettext
 * does, and puts the same values into a sentence of its own.
 */
#ifndef SEI_BASE_FAULT_H
#define SEI_BASE_FAULT_H

#include <stdarg.h>

#include "seiryu/ctx.h"

enum { SEI_FAULT_PARAMS_MAX = 8, SEI_FAULT_TEXT_MAX = 600 };

typedef struct {
    const char *format; /* the literal at the call; NULL: no error yet */
    size_t      n;      /* conversions of it, "%%" not counted */
    const char *params[SEI_FAULT_PARAMS_MAX];
    char        text[SEI_FAULT_TEXT_MAX];
} sei_fault;

/* Numbers come in the shortest form that their conversion's precision leaves. What does not fit is cut between
 * characters, and left out from the ninth on. A conversion that is not known here ends the list. */
void sei_fault_take(sei_fault *fault, const char *format, va_list args);

/* Of the last sei_fail with this context. */
const sei_fault *sei_ctx_fault(const sei_ctx *ctx);

#endif
