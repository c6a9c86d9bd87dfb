/* snow.h - snow on the ground along a run: what falls in the cold, and the melt by degree-days */
#ifndef SEI_STUDY_SNOW_H
#define SEI_STUDY_SNOW_H

#include "seiryu/study.h"

typedef struct sei_snow sei_snow;

/* NULL in *ret when the site has no snow. air_shift_k: what disturbances add to the air at a time; may be NULL. */
SEI_CHECKED sei_status sei_snow_create(sei_ctx *ctx, const sei_site *site,
                                       double (*air_shift_k)(const sei_site *site, int64_t time_us),
                                       sei_snow **ret);
void                   sei_snow_free(sei_snow *snow);
/* Depth at a time of the run. */
double sei_snow_depth_m(const sei_snow *snow, int64_t time_us);

/* Snow as water after dt_s with constant weather: all that falls below 1 degC stays, melt above 0 degC. */
double sei_snow_after_m(double water_m, double air_k, double precipitation_m_s,
                        double degree_day_m_k_s, double dt_s);
/* Share of the sun that does not come through. */
double sei_snow_shade(double depth_m);

#endif
