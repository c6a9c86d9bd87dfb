/* method.c - method codes of laboratories (JIS K 0102, old clauses and new parts) */
#include <stdio.h>
#include <string.h>

#include "water/fold.h"
#include "water/headers.h"

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Number of the clause behind "0102": "53" of " 53.3", of "(2016) 53.3" and of ":53"; "" for none. */
static void old_clause(const char *at, char *out, size_t size)
{
    const char *year = strchr(at, '(');
    size_t      n    = 0;

    if (year && strchr(year, ')'))
        at = strchr(year, ')');
    while (*at && !is_digit(*at))
        at++;
    for (; n < size - 1 && is_digit(at[n]); n++)
        out[n] = at[n];
    out[n] = '\0';
}

bool sei_headers_method(const sei_headers *headers, const char *code, sei_method *ret_method)
{
    char        folded[SEI_FOLD_MAX], clause[16];
    const char *at = sei_fold(folded, code) ? strstr(folded, "0102") : NULL;

    if (!at)
        return false;
    at += strlen("0102");
    if (*at == '-' && is_digit(at[1])) /* a part of the standard since the split */
        snprintf(clause, sizeof clause, "-%c", at[1]);
    else
        old_clause(at, clause, sizeof clause);
    for (size_t i = 0; clause[0] && i < headers->n_methods; i++) {
        const sei_clause *row = &headers->methods[i];
        if (strcmp(row->clause, clause) == 0) {
            *ret_method = (sei_method){row->quantity, row->part, row->verified};
            return true;
        }
    }
    return false;
}
