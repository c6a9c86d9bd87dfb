/* status.h - what a library call returns */
#ifndef SEIRYU_STATUS_H
#define SEIRYU_STATUS_H

#include "seiryu/status_list.h"

#ifdef __cplusplus
extern "C" {
#endif

#if defined(__GNUC__)
#define SEI_CHECKED            __attribute__((warn_unused_result))
#define SEI_PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#else
#define SEI_CHECKED
#define SEI_PRINTF(fmt, first)
#endif
#define SEI_API

#define SEI_STATUS_ENUM(name, value, category, exit_code, http, text) SEI_##name = (value),
typedef enum { SEI_STATUS_LIST(SEI_STATUS_ENUM) } sei_status;
#undef SEI_STATUS_ENUM

/* Name ("E_RANGE"), short English text, exit code of the command line and HTTP status of a
 * status; a value outside the list is reported as E_INTERNAL. */
SEI_API const char *sei_status_name(sei_status status);
SEI_API const char *sei_status_text(sei_status status);
SEI_API int         sei_status_exit_code(sei_status status);
SEI_API int         sei_status_http(sei_status status);

#ifdef __cplusplus
}
#endif
#endif
