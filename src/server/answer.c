/* answer.c - small things that handlers need */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "server/request.h"
#include "store/audit.h"

void sei_answer_bytes(sei_request *req, char *bytes, size_t n, const char *content_type)
{
    free(req->bytes);
    req->bytes        = bytes;
    req->n_bytes      = n;
    req->content_type = content_type;
}

const char *sei_query(const sei_request *req, const char *name)
{
    return MHD_lookup_connection_value(req->connection, MHD_GET_ARGUMENT_KIND, name);
}

sei_status sei_query_time(sei_request *req, const char *name, bool is_needed, int64_t def,
                          int64_t *ret_us)
{
    const char *text = sei_query(req, name);
    char        fixed[80];
    int64_t     us = 0;

    if (!text || !text[0]) {
        *ret_us = def;
        return is_needed ? sei_fail(req->ctx, SEI_E_MISSING, NULL, "%s is missing", name) : SEI_OK;
    }
    snprintf(fixed, sizeof fixed, "%s", text);
    for (char *c = fixed; *c; c++)
        if (*c == ' ' && strchr(fixed, 'T')) /* "+09:00" in a query that nobody encoded */
            *c = '+';
    if (!sei_parse_int(fixed, strlen(fixed), &us) &&
        !sei_parse_time(fixed, strlen(fixed), SEI_JST_OFFSET, &us))
        return sei_fail(req->ctx, SEI_E_PARSE, NULL, "%s \"%.60s\" is no time", name, text);
    if (us < -(INT64_C(1) << 60) || us > INT64_C(1) << 60)
        return sei_fail(req->ctx, SEI_E_RANGE, NULL, "%s \"%.60s\" is too far away", name, text);
    *ret_us = us;
    return SEI_OK;
}

sei_status sei_query_int(sei_request *req, const char *name, int64_t def, int64_t min, int64_t max,
                         int64_t *ret_value)
{
    const char *text  = sei_query(req, name);
    int64_t     value = def;

    if (text && text[0] &&
        (!sei_parse_int(text, strlen(text), &value) || value < min || value > max))
        return sei_fail(req->ctx, SEI_E_RANGE, NULL,
                        "%s \"%.60s\" is no whole number of %lld..%lld", name, text, (long long)min,
                        (long long)max);
    *ret_value = value;
    return SEI_OK;
}

sei_status sei_refuse(sei_request *req, int code, const char *why)
{
    req->code = code;
    return sei_fail(req->ctx, SEI_E_ARG, NULL, "%s", why);
}

sei_status sei_note(sei_request *req, const char *action, const char *object, const char *detail)
{
    return sei_audit_add(req->store, req->now_us, req->actor.person_id ? req->actor.name : "nobody",
                         action, object, detail);
}

sei_status sei_note_id(sei_request *req, const char *action, const char *kind, int64_t id,
                       const json_t *detail)
{
    char object[80];

    snprintf(object, sizeof object, "%.40s %lld", kind, (long long)id);
    char            *text = detail ? json_dumps(detail, JSON_COMPACT | JSON_SORT_KEYS) : NULL;
    const sei_status st   = sei_note(req, action, object, text);
    free(text);
    return st;
}
