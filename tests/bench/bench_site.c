/* bench_site.c - a whole site through time */
#include "bench.h"
#include "seiryu/result.h"

static size_t pilot_year(sei_ctx *ctx, double times[], size_t max)
{
    sei_site *site = NULL;
    size_t    n    = 0;
    bool good = sei_site_read(ctx, SEI_PROJECT_DIR "/examples/jogmec-pilot/site.yaml", NULL, NULL,
                              &site) == SEI_OK;

    while (good && n < 3 && n < max) {
        sei_result  *result = NULL;
        const double from   = bench_now_s();
        good                = sei_study_run(ctx, site, NULL, &result) == SEI_OK;
        times[n++]          = bench_now_s() - from;
        sei_result_free(result);
    }
    sei_site_free(site);
    return good ? n : 0;
}

const bench bench_site[] = {
    {"pilot-year", "examples/jogmec-pilot without reading or writing files", "s", 10.0, pilot_year,
     NULL},
};
const size_t n_bench_site = sizeof bench_site / sizeof bench_site[0];
