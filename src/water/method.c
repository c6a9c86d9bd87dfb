/* method.c - method codes of laboratories (JIS K 0102, old clauses and new parts) */
#include <stdio.h>
#include <string.h>

#include "water/fold.h"
#include "water/headers.h"

bool sei_headers_method(const sei_headers *headers, const char *code, sei_method *ret_method)
{
    char        folded[SEI_FOLD_MAX], clause[16];
    const char *at = sei_fold(folded, code) ? strstr(folded, "0102") : NULL;
    size_t      n  = 0;

    if (!at)
        return false;
    at += strlen("0102");
    if (*at == '-' && at[1] >= '1' && at[1] <= '5') { /* a part of the standard since the split */
        snprintf(clause, sizeof clause, "-%c", at[1]);
    } else {
        while (*at && !(*at >= '0' && *at <= '9') && *at != '(')
            at++;
        if (*at == '(') { /* "(2016)": the year of the edition */
            at = strchr(at, ')');
            while (at && *at && !(*at >= '0' && *at <= '9'))
                at++;
        }
        while (at && at[n] >= '0' && at[n] <= '9' && n < sizeof clause - 1) {
            clause[n] = at[n];
            n++;
        }
        clause[n] = '\0';
    }
    for (size_t i = 0; clause[0] && i < headers->n_methods; i++) {
        const sei_clause *row = &headers->methods[i];
        if (strcmp(row->clause, clause) == 0) {
            *ret_method = (sei_method){row->quantity, row->part, row->verified};
            return true;
        }
    }
    return false;
}
