/*
 * builder.h - what a unit's build function may do
 *
 * A build function turns one sei_unit_spec into zones (rate-law parameters) and cells (stirred
 * volumes in series). The first cell receives the unit's feeds, every further cell all of the
 * one before it, and the last one is the unit's outlet; feeds, splits and bypasses between units
 * are the plant's business (plant.h). Parameters are checked against their rows before build is
 * called: inside 0 < lower..upper and finite.
 *
 * Every function returns SEI_OK or a status whose message names the unit; a build function passes
 * it on.
 */
#ifndef SEI_PLANT_BUILDER_H
#define SEI_PLANT_BUILDER_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/chem.h"
#include "seiryu/plant.h"
#include "transport/train.h"

typedef struct sei_plant_builder sei_plant_builder;

#define SEI_NO_LAYER ((size_t)-1)

/* Mass of pore water by volume, as the train counts it. */
#define SEI_WATER_KG_M3 1000.0

/* One stirred volume. */
typedef struct {
    size_t       zone;
    size_t       layer;         /* index in spec->layers, SEI_NO_LAYER when the cell is in none */
    double       bed_m3;        /* empty-bed volume, counted in the nominal retention time */
    double       water_m3;      /* pore water or free water, > 0 */
    double       length_m;      /* along the flow; 0 for a mixing point */
    double       capture_1_s;   /* suspended solids caught or settled, first order */
    double       ua_air_w_k;    /* heat exchange with the air */
    double       ua_ground_w_k; /* heat exchange with the ground */
    double       media_j_k;     /* heat capacity of the media; the water's own is added */
    double       filter;        /* filter coefficient times length, see sei_cell */
    double       flow_grain_m;  /* grain size that resists the flow; 0: none */
    sei_open_top top;           /* its w_k is part of ua_air_w_k */
} sei_builder_cell;

/*
 * A zone with the plant's rate parameters; name is copied. Laws that live on media or a biofilm
 * (sei_rate_law.media_param) are off in it until sei_builder_enable or sei_builder_capacity turns
 * them on.
 */
SEI_CHECKED sei_status sei_builder_zone(sei_ctx *ctx, sei_plant_builder *builder, const char *name,
                                        size_t *ret_zone);

/*
 * Sets a parameter of a rate law in a zone, value in SI. The user's overrides of the unit are
 * applied after build and win. When the model does not have the law: SEI_OK for a value of 0 (a
 * process that is switched off needs no law), else E_NOT_FOUND.
 */
SEI_CHECKED sei_status sei_builder_set(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                       const char *law, const char *param, double value);
/* The same, and nothing happens when the model does not have the law. */
SEI_CHECKED sei_status sei_builder_set_if(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                          const char *law, const char *param, double value);

/* Turns a law that lives on media on, at the plant's value of its capacity. Nothing happens when
 * the model does not have the law. */
SEI_CHECKED sei_status sei_builder_enable(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                          const char *law);
/* Sets the capacity (media_param) of such a law per volume of pore water, as sei_builder_set. */
SEI_CHECKED sei_status sei_builder_capacity(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                            const char *law, double value);

/* Appends a cell; it is fed by the unit's previous cell. ret_cell may be NULL. */
SEI_CHECKED sei_status sei_builder_cell_add(sei_ctx *ctx, sei_plant_builder *builder,
                                            const sei_builder_cell *cell, size_t *ret_cell);

/*
 * Puts mol of a solid ("Calcite", "bran") into the bed of a cell, in addition to what is there.
 * E_NOT_FOUND when mol > 0 and the model does not have the solid.
 */
SEI_CHECKED sei_status sei_builder_solid(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                                         const char *solid, double mol);

/* mol of a solid in 1 kg of the medium that carries it, for later additions to the bed
 * (sei_plant_add_medium): limestone of 90 % purity has 0.9 / M(CaCO3). */
SEI_CHECKED sei_status sei_builder_medium(sei_ctx *ctx, sei_plant_builder *builder,
                                          const char *solid, double mol_kg);

/* Reagent of the unit (spec->reagent) into one cell. */
typedef struct {
    double set_ph;      /* NAN: max_kg_m3 always */
    double max_kg_m3;   /* of product for a m3 of inflow */
    double purity;      /* reagent in the product; 0: as usual */
    double dissolution; /* share of the reagent that dissolves; 0: as usual */
} sei_builder_dose;
SEI_CHECKED sei_status sei_builder_dose_add(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                                            const sei_builder_dose *dose);

/*
 * Pumps at the bed of a cell: waste_1_s of it leaves the plant as sludge, recycle_1_s goes to the first
 * cell of spec->sludge_to, which must lie upstream. solids_fraction: dry mass in the sludge.
 */
SEI_CHECKED sei_status sei_builder_sludge(sei_ctx *ctx, sei_plant_builder *builder, size_t cell,
                                          double waste_1_s, double recycle_1_s,
                                          double solids_fraction);

/* Solids that laws make in a zone start out in suspension: all of them where no bed catches them. */
SEI_CHECKED sei_status sei_builder_suspend(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                           double fraction);

/* A cell whose water rises and falls between empty_m3 and full_m3 with a draw at most; see sei_store. */
void sei_builder_store(sei_plant_builder *builder, size_t cell, double draw_m3_s, double empty_m3,
                       double full_m3, double start_m3);

/* From the four values of SEI_FLOW_ROWS: head at which the unit overflows (0: never), dry mass in a volume of
 * deposits (0: they take no room), of deposits that hold aluminium (0: as the others), and the shear that keeps pores open (0: none). */
void sei_builder_head(sei_plant_builder *builder, const double flow[]);
/* Land that the unit covers. */
void sei_builder_footprint(sei_plant_builder *builder, double area_m2);
/* All of the unit's outflow must be claimed by other units, or the plant is refused. */
void sei_builder_claim_all(sei_plant_builder *builder);

/* Design flow that reaches the unit, m3/s: the plant's design inflows times the shares. */
double        sei_builder_flow_m3_s(const sei_plant_builder *builder);
const sei_db *sei_builder_db(const sei_plant_builder *builder);
/* true when the model has the law. */
bool sei_builder_has_law(const sei_plant_builder *builder, const char *law);

#endif
