/* test_rtd.c - residence times against tanks in series and against the bypass of a splitter */
#include "study/result_rtd.h"
#include "study/run.h"
#include "t.h"

typedef struct {
    sei_ctx    *ctx;
    sei_site   *site;
    sei_result *result;
    sei_rtd     rtd;
} study;

static void begin(study *s, const char *train)
{
    char text[2000];

    memset(s, 0, sizeof *s);
    snprintf(text, sizeof text,
             "site: {name: Tank}\n"
             "influent: {flow_l_min: 60, temp_c: 10, ph: 7, so4_mg_l: 50}\n"
             "climate: {air_temperature_c: 10}\n"
             "run: {start: 2024-04-01, mode: steady}\ntrain:\n%s",
             train);
    s->ctx = sei_ctx_create(NULL);
    T_OK(s->ctx, sei_site_parse(s->ctx, "t.yaml", ".", text, strlen(text), NULL, NULL, &s->site));
    T_OK(s->ctx, sei_study_run(s->ctx, s->site, NULL, &s->result));
    T_OK(s->ctx, sei_rtd_compute(s->ctx, s->result->memory->plant, NULL, 1.0, &s->rtd));
}

static void end(study *s)
{
    sei_result_free(s->result);
    sei_site_free(s->site);
    sei_ctx_free(s->ctx);
}

/* N tanks in series (Levenspiel 1999): F = 1 - exp(-Nx) sum (Nx)^k / k!, x = t / mean. */
static double tanks(int n, double x)
{
    double term = 1.0, sum = 1.0;

    for (int k = 1; k < n; k++) {
        term *= n * x / k;
        sum += term;
    }
    return 1.0 - exp(-n * x) * sum;
}

START_TEST(equal_cells_have_the_curve_of_tanks_in_series)
{
    static const int cells[] = {1, 3, 12};
    char             train[200];

    for (size_t i = 0; i < T_COUNT(cells); i++) {
        study s;
        snprintf(train, sizeof train, "  - {type: tank, name: tank, volume_m3: 3.6, cells: %d}\n",
                 cells[i]);
        begin(&s, train);
        for (size_t k = 0; k < SEI_RTD_POINTS; k++)
            T_NEAR(s.rtd.share[k], tanks(cells[i], s.rtd.t_s[k] / 3600.0), 2e-5);
        T_CLOSE(s.rtd.mean_s, 3600.0, 8e-3); /* e^-5 of one tank lies beyond the end */
        end(&s);
    }
}
END_TEST

/* Half goes through a small tank, half through a large one; what leaves is their mixture. */
START_TEST(parallel_lines_mix_at_the_discharge)
{
    study s;

    begin(&s, "  - {type: tank, name: a, volume_m3: 0.9, from: {raw: 0.5}}\n"
              "  - {type: tank, name: b, volume_m3: 2.7, from: {raw: 0.5}}\n");
    for (size_t k = 0; k < SEI_RTD_POINTS; k++) {
        const double t = s.rtd.t_s[k];
        T_NEAR(s.rtd.share[k], 1.0 - 0.5 * exp(-t / 1800.0) - 0.5 * exp(-t / 5400.0), 2e-5);
    }
    end(&s);
}
END_TEST

/* 3.6 m3 of which deposits leave the half: at 1 kg/s the mean is half of an hour, and the curve keeps its form. */
START_TEST(deposits_shorten_the_residence_time)
{
    study  s;
    double deposit[3] = {0.6, 0.6, 0.6};

    begin(&s, "  - {type: tank, name: tank, volume_m3: 3.6, cells: 3}\n");
    T_OK(s.ctx, sei_rtd_compute(s.ctx, s.result->memory->plant, deposit, 1.0, &s.rtd));
    T_CLOSE(s.rtd.mean_s, 1800.0, 1e-3);
    for (size_t k = 0; k < SEI_RTD_POINTS; k++)
        T_NEAR(s.rtd.share[k], tanks(3, s.rtd.t_s[k] / 1800.0), 2e-5);
    end(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("rtd");
    TCase *tc    = tcase_create("rtd");

    tcase_add_test(tc, equal_cells_have_the_curve_of_tanks_in_series);
    tcase_add_test(tc, parallel_lines_mix_at_the_discharge);
    tcase_add_test(tc, deposits_shorten_the_residence_time);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
