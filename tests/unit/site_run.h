/* site_run.h - a site read from text, and its run */
#ifndef SEI_TESTS_SITE_RUN_H
#define SEI_TESTS_SITE_RUN_H

#include "seiryu/result.h"
#include "t.h"

typedef struct {
    sei_ctx    *ctx;
    sei_site   *site;
    sei_result *result;
} run;

static inline run parse(const char *text)
{
    run r = {.ctx = sei_ctx_create(NULL)};

    T_OK(r.ctx, sei_site_parse(r.ctx, "site.yaml", ".", text, strlen(text), NULL, NULL, &r.site));
    return r;
}

static inline run go(const char *text)
{
    run r = parse(text);

    T_OK(r.ctx, sei_study_run(r.ctx, r.site, NULL, &r.result));
    return r;
}

static inline void end(run *r)
{
    sei_result_free(r->result);
    sei_site_free(r->site);
    sei_ctx_free(r->ctx);
}

#endif
