/* ground.h - seasonal temperature of the ground at a depth, from that of the air */
#ifndef SEI_STUDY_GROUND_H
#define SEI_STUDY_GROUND_H

#include "seiryu/study.h"

/* Mean of the air and its wave of a year: mean + cosine cos(w t) + sine sin(w t), t from the epoch. */
typedef struct {
    double mean_k, cosine_k, sine_k;
} sei_ground_wave;

/*
 * Of a year from start_us on, sampled daily; of a series that is shorter, of what there is. With less than 300 days of it no
 * wave can be told: has_wave is false and mean_k is the mean of what there is. False: no value at all.
 */
bool sei_ground_wave_of(const sei_climate_row *air, int64_t start_us, int64_t utc_offset_us,
                        sei_ground_wave *ret_wave, bool *ret_has_wave);

/* At a depth: the wave damped by exp(-depth/damping) and late by depth/damping radians (carslaw1959). */
double sei_ground_wave_at(const sei_ground_wave *wave, double depth_m, double damping_m,
                          int64_t time_us);

#endif
