/* result_rtd.h - residence times of a train: what a tracer would show */
#ifndef SEI_STUDY_RESULT_RTD_H
#define SEI_STUDY_RESULT_RTD_H

#include "plant/plant.h"

enum { SEI_RTD_POINTS = 400 };

/* Share of a step in the raw water that the discharge shows after t_s, and its slope, at mean flow. */
typedef struct {
    double t_s[SEI_RTD_POINTS], share[SEI_RTD_POINTS], density_1_s[SEI_RTD_POINTS];
    double mean_s; /* mean residence time: the area above `share` */
} sei_rtd;

/* Tracer through the cells of a plant at a constant inflow of flow_kg_s, with the room that deposits take in each cell
 * (NULL: none). E_RANGE without a flow or a discharge. */
SEI_CHECKED sei_status sei_rtd_compute(sei_ctx *ctx, const sei_plant *plant,
                                       const double deposit_m3[], double flow_kg_s, sei_rtd *ret);

#endif
