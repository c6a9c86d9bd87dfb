/* openapi_text.h - api/openapi.yaml, made part of the program by the build */
#ifndef SEI_SERVER_OPENAPI_TEXT_H
#define SEI_SERVER_OPENAPI_TEXT_H

#include <stddef.h>

extern const unsigned char sei_openapi_text[];
extern const size_t        sei_openapi_size;

#endif
