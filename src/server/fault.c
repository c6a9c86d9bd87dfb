/* fault.c - messages by the names of fault_list.h */
#include "server/fault.h"

#include <stdbool.h>
#include <string.h>

static const struct {
    const char *code, *format;
} faults[] = {
#define SEI_FAULT(code, format) {#code, format},
#include "server/fault_list.h"
#undef SEI_FAULT
};

static const char *code_of(const char *format)
{
    for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
        if (strcmp(faults[i].format, format) == 0)
            return faults[i].code;
    return NULL;
}

void sei_fault_name(json_t *error, const char *message, const sei_fault *fault)
{
    const bool  is_whole = fault && fault->format && strcmp(fault->format, "%s") == 0;
    const char *format   = message                ? message
                           : !fault               ? NULL
                           : is_whole && fault->n ? fault->params[0]
                                                  : fault->format;
    const char *code     = format ? code_of(format) : NULL;

    if (!code)
        return;
    json_object_set_new(error, "code", json_string(code));
    json_t *params = json_array();
    for (size_t i = 0; fault && !is_whole && i < fault->n; i++)
        json_array_append_new(params, json_string(fault->params[i]));
    json_object_set_new(error, "params", params);
}
