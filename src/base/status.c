/* status.c - names, texts and exit codes of the status list */
#include "seiryu/status.h"

#include <stddef.h>

typedef struct {
    sei_status  status;
    const char *name, *text;
    int         exit_code, http;
} status_row;

#define ROW(name, value, category, exit_code, http, text) \
    {SEI_##name, #name, text, exit_code, http},
static const status_row rows[] = {SEI_STATUS_LIST(ROW)};
#undef ROW

static const status_row *find(sei_status status)
{
    const status_row *internal = &rows[0];

    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].status == status)
            return &rows[i];
        if (rows[i].status == SEI_E_INTERNAL)
            internal = &rows[i];
    }
    return internal;
}

const char *sei_status_name(sei_status status)
{
    return find(status)->name;
}

const char *sei_status_text(sei_status status)
{
    return find(status)->text;
}

int sei_status_exit_code(sei_status status)
{
    return find(status)->exit_code;
}

int sei_status_http(sei_status status)
{
    return find(status)->http;
}
