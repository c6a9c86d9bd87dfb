/* fault.h - names for what is refused, for programs and for sentences in other languages */
#ifndef SEI_SERVER_FAULT_H
#define SEI_SERVER_FAULT_H

#include <jansson.h>

#include "base/fault.h"

/* Puts "code" and "params" into an error when its message is of fault_list.h. Either the message itself, without values,
 * or what it was made of. */
void sei_fault_name(json_t *error, const char *message, const sei_fault *fault);

#endif
