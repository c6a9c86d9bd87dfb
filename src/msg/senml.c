/* senml.c - base fields resolved, times made absolute (RFC 8428 sections 4.1 to 4.6) */
#include "msg/senml.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

/* Times below 2^28 s count from now (RFC 8428 section 4.5.3). */
#define RELATIVE_BELOW 268435456.0
/* Times that microseconds in 64 bits hold with room to spare; about 100,000 years. */
#define TIME_MAX_S 3e12

void sei_senml_init(sei_senml *senml, int64_t now_us, sei_msg *msg)
{
    *senml = (sei_senml){.now_us = now_us, .msg = msg};
}

sei_status sei_senml_text(sei_ctx *ctx, const char *key, const char *text, size_t len, char *out,
                          size_t size)
{
    if (len >= size || memchr(text, '\0', len))
        return sei_fail(ctx, SEI_E_RANGE, NULL, "SenML: %s of %zu bytes; at most %zu are allowed",
                        key, len, size - 1);
    memcpy(out, text, len);
    out[len] = '\0';
    return SEI_OK;
}

/* RFC 8428 section 4.5.1: letters, digits and - : . / _, beginning with a letter or digit. */
static bool is_name(const char *name)
{
    static const char first[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-:./_";

    return name[0] && strchr(first, name[0]) && strspn(name, all) == strlen(name);
}

static void take_base(sei_senml *s, const sei_senml_item *item)
{
    if (item->has_bn)
        memcpy(s->bn, item->bn, sizeof s->bn);
    if (item->has_bu)
        memcpy(s->bu, item->bu, sizeof s->bu);
    if (item->has_bt)
        s->bt = item->bt;
    if (item->has_bv)
        s->bv = item->bv;
}

static sei_status find_time(const sei_senml *s, const sei_senml_item *item, int64_t *ret_us)
{
    const double t = s->bt + (item->has_t ? item->t : 0.0);

    if (!(fabs(t) < TIME_MAX_S))
        return sei_fail(s->msg->ctx, SEI_E_RANGE, NULL, "SenML: time %g", t);
    const int64_t us = (int64_t)floor(t) * SEI_US_PER_S + (int64_t)nearbyint((t - floor(t)) * 1e6);
    *ret_us          = t < RELATIVE_BELOW ? s->now_us + us : us;
    return SEI_OK;
}

sei_status sei_senml_item_add(sei_senml *s, const sei_senml_item *item)
{
    char       name[2 * SEI_SENML_TEXT_MAX];
    int64_t    time_us = 0;
    sei_status st;

    if (item->has_bver && item->bver > 10.0) /* RFC 8428 is version 10 */
        return sei_fail(s->msg->ctx, SEI_E_UNSUPPORTED, NULL, "SenML of version %g", item->bver);
    take_base(s, item);
    snprintf(name, sizeof name, "%s%s", s->bn, item->n);
    if (!item->has_v && !item->has_vb) {
        s->msg->n_skipped += item->has_other;
        return SEI_OK; /* base values alone, or texts */
    }
    if (!is_name(name))
        return sei_fail(s->msg->ctx, SEI_E_RANGE, NULL, "SenML: name \"%.100s\" is not allowed",
                        name);
    st = find_time(s, item, &time_us);
    if (st != SEI_OK)
        return st;
    const char *last = name;
    for (const char *c = name; *c; c++)
        if (*c == ':' || *c == '/')
            last = c + 1;
    if (s->msg->n_records == 0)
        st = sei_msg_begin(s->msg, false, 0, 0);
    if (st != SEI_OK)
        return st;
    return sei_msg_add(s->msg, last, strlen(last), item->has_u ? item->u : s->bu, time_us,
                       item->has_v ? s->bv + item->v : (double)item->vb, SEI_MSG_VALUE);
}
