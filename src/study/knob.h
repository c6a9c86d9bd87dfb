/*
 * knob.h - every number of a site that can be turned: for ensembles, sensitivities, calibration
 *
 * A knob has a path (docs/uncertainty.md): "rates.LAW.PARAMETER", "train.UNIT.PARAMETER",
 * "train.UNIT.LAYER.PARAMETER", "train.UNIT.rates.LAW.PARAMETER", "influent.QUANTITY_UNIT",
 * "influent.fe2_share", "climate.air_temperature_c" (a shift) and "log_k.NAME" (a shift).
 * The list is made from one site and turned on clones of it.
 */
#ifndef SEI_STUDY_KNOB_H
#define SEI_STUDY_KNOB_H

#include "base/arena.h"
#include "study/prior.h"

typedef enum {
    SEI_KNOB_RATE,      /* a parameter of a law, in every unit that has not its own */
    SEI_KNOB_UNIT,      /* a parameter of a unit */
    SEI_KNOB_LAYER,     /* of a layer of it */
    SEI_KNOB_UNIT_RATE, /* a law's parameter that the file changes in one unit */
    SEI_KNOB_INFLUENT,  /* a quantity of the raw water: factor on all its values, pH and T: shift */
    SEI_KNOB_FE2_SHARE,
    SEI_KNOB_AIR,  /* shift of the air's temperature */
    SEI_KNOB_LOG_K /* shift of a constant of the database */
} sei_knob_kind;

typedef struct {
    const char         *path;
    sei_knob_kind       kind;
    size_t              unit, layer, index; /* where; index: of parameter, override or row */
    const sei_rate_law *law;                /* RATE, UNIT_RATE */
    const sei_param    *row;                /* NULL for influent, air and log K */
    const char         *help, *help_ja;
    const char         *shown_unit; /* of paths and tables */
    double              value;      /* as the site has it, in the terms in which it is turned */
    /* shown = value * scale + offset: mg/L of a quantity whose knob is a factor */
    double       scale, offset;
    sei_evidence evidence;
    sei_prior    prior; /* of the value; FIXED: not varied */
    bool         is_listed;
    double       lower, upper; /* that a turned value must keep to; infinite when there is none */
} sei_knob;

typedef struct {
    sei_ctx  *ctx;
    sei_arena arena;
    size_t    n;
    sei_knob *knobs;
} sei_knobs;

/* All knobs of a site with their priors: the catalogue's, then those of section uncertainty.
 * A path there that means nothing is an error with its line and the nearest path. */
SEI_CHECKED sei_status sei_knobs_create(sei_ctx *ctx, const sei_site *site, sei_knobs **ret);
void                   sei_knobs_free(sei_knobs *knobs);
size_t                 sei_knobs_find(const sei_knobs *knobs, const char *path); /* n: none */
/* Makes every parameter of the listed laws and constants changeable in a site of one's own and gives
 * the place of each knob's value in it; [knobs->n], in memory of the site. */
SEI_CHECKED sei_status sei_knobs_bind(const sei_knobs *knobs, sei_site *site,
                                      double **ret_places[]);
/* A value as tables show it: in the row's unit, mg/L, a temperature difference. */
double sei_knob_shown(const sei_knob *knob, double value);

/* A knob for log K of each of n species or phases is added, prior normal with this deviation. */
SEI_CHECKED sei_status sei_knobs_add_log_k(sei_knobs *knobs, size_t n, const char *const names[],
                                           double sd);

#endif
