/* result_fig_rtd.c - residence-time curve of the train */
#include "study/result_fig.h"
#include "study/result_rtd.h"
#include "study/run.h"

/* Volume of all units over the flow that leaves: bed or pores. */
static double hrt_h(const sei_result *r, bool of_pores, double flow_m3_s)
{
    double volume = 0.0;

    for (size_t u = 0; u < r->n_units; u++)
        volume += of_pores ? r->units[u].hydraulics.pore_m3 : r->units[u].bed_m3;
    return sei_from_si(sei_unit_find("h"), volume / flow_m3_s);
}

static const double all_but = 0.9995; /* the axis ends where the rest would be a flat line */

static void draw(sei_figs *figs, const sei_rtd *rtd, double flow_m3_s)
{
    const sei_unit *hour = sei_unit_find("h");
    double     *x = sei_fig_array(figs, SEI_RTD_POINTS), *e = sei_fig_array(figs, SEI_RTD_POINTS);
    sei_figure *f = sei_fig_begin(
        figs, SEI_FIGURE_XY, "residence-time",
        SEI_L("滞留時間分布(トレーサー応答)", "Residence times, as a tracer shows them"));

    sei_figure_set_x(
        f, &(sei_axis){.title = SEI_L("投入後の時間", "time after the raw water"), .unit = "h"});
    sei_figure_add_panel(
        f, &(sei_axis){.title = SEI_L("分布密度 E(t)", "density E(t)"), .unit = "1/h"});
    sei_figure_add_panel(f,
                         &(sei_axis){.title = SEI_L("累積 F(t)", "cumulative F(t)"), .unit = ""});
    const double nominal = hrt_h(figs->r, false, flow_m3_s); /* is in the picture */
    size_t       n       = 0;
    for (; x && e && n < SEI_RTD_POINTS &&
           (n == 0 || rtd->share[n - 1] < all_but || x[n - 1] < 1.05 * nominal);
         n++) {
        const size_t k = n;
        x[k]           = sei_from_si(hour, rtd->t_s[k]);
        e[k]           = rtd->density_1_s[k] * sei_to_si(hour, 1.0);
    }
    if (x && e) {
        sei_fig_line(figs, f, 0, SEI_L("放流水", "discharge"), SEI_LOOK_LINE, SEI_COLOUR_BLUE, n, x,
                     e);
        sei_fig_line(figs, f, 1, SEI_L("放流水", "discharge"), SEI_LOOK_LINE, SEI_COLOUR_BLUE, n, x,
                     rtd->share);
    }
    sei_figure_add_event(f, SEI_L("間隙HRT(堆積物控除)", "pore HRT less deposits"),
                         hrt_h(figs->r, true, flow_m3_s));
    sei_figure_add_event(f, SEI_L("公称HRT", "nominal HRT"), nominal);
    sei_release(figs->d->ctx, x);
    sei_release(figs->d->ctx, e);
    sei_fig_end(
        figs, f,
        SEI_L("平均流量で、反応しないトレーサーを原水に入れたときの放流水の応答。公称HRTは空塔"
              "容積、間隙HRTは計算終了時に堆積物を除いた間隙水量による。",
              "A tracer that does not react, at mean flow. Nominal HRT by the volume of the "
              "empty beds, pore HRT by the water that deposits leave in them at the end."));
}

void sei_figs_residence(sei_figs *figs)
{
    const sei_result *r = figs->r;
    sei_rtd          *rtd;

    if (!r->memory || !r->memory->plant || figs->d->raw == SIZE_MAX || figs->d->flow == SIZE_MAX)
        return;
    const double flow = sei_digest_stat(figs->d, figs->d->raw, figs->d->flow)->mean;
    rtd               = sei_alloc(figs->d->ctx, 1, sizeof *rtd);
    if (!rtd) {
        figs->status = SEI_E_NOMEM;
        return;
    }
    if (flow > 0.0 && sei_rtd_compute(figs->d->ctx, r->memory->plant,
                                      sei_run_hydraulics_deposits(r->memory->hydraulics),
                                      flow * SEI_WATER_KG_M3, rtd) == SEI_OK)
        draw(figs, rtd, flow);
    sei_release(figs->d->ctx, rtd);
}
