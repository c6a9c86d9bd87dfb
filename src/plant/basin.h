/* basin.h - open basins and stone beds: cells that several units make alike */
#ifndef SEI_PLANT_BASIN_H
#define SEI_PLANT_BASIN_H

#include "base/constants.h"
#include "plant/bed.h"

/* As sei_builder_capacity; nothing happens when the model does not have the law: water without manganese
 * has no use for its oxidation. */
SEI_CHECKED sei_status sei_capacity_if(sei_ctx *ctx, sei_plant_builder *builder, size_t zone,
                                       const char *law, double value);

/* A basin that a unit has begun. */
typedef struct {
    sei_bed_shape shape;
    size_t        n; /* cells */
    size_t        zone;
} sei_basin;

/* Shape and number of cells (parameter cells_at). */
SEI_CHECKED sei_status sei_basin_size(sei_ctx *ctx, const sei_unit_spec *spec, size_t cells_at,
                                      sei_basin *ret);

/* The same and a zone of the unit's name, whose gas exchange is still to be set. */
SEI_CHECKED sei_status sei_basin_begin(sei_ctx *ctx, const sei_unit_spec *spec, size_t cells_at,
                                       sei_plant_builder *builder, sei_basin *ret);

/* The same with the gas exchange. */
SEI_CHECKED sei_status sei_basin_open(sei_ctx *ctx, const sei_unit_spec *spec, size_t cells_at,
                                      double kla_o2_1_s, sei_plant_builder *builder,
                                      sei_basin *ret);

/* Its cells: equal stirred volumes of free water side by side; heat is SEI_HEAT_ROWS' first value.
 * ret_first may be NULL. */
SEI_CHECKED sei_status sei_basin_cells(sei_ctx *ctx, sei_plant_builder *builder,
                                       const sei_basin *basin, double settle_1_s,
                                       const double heat[], size_t *ret_first);

/* First-order settling: velocity over depth where a velocity is given, else the constant. */
double sei_settling_1_s(double constant_1_s, double velocity_m_s, double depth_m);

/*
 * A zone in which lime acts: hydroxides and calcite may form, growth_1_s is how fast hydroxides do, all
 * precipitates start out in suspension, and of those already there the share `reactive` is a surface on
 * which ferrous iron is oxidised.
 */
SEI_CHECKED sei_status sei_limed_zone(sei_ctx *ctx, sei_plant_builder *builder, const char *name,
                                      double growth_1_s, double reactive, size_t *ret_zone);

/* Usual growth of hydroxides, 100 1/h. */
#define SEI_LIMED_GROWTH_1_S (2400.0 / SEI_DAY_S)

/* Laws that only zones of sei_limed_zone turn on: own_laws of the units that have such a zone. */
extern const char *const sei_limed_laws[];
/* Sorption on ferric flocs: own_laws of units in which they form or are carried; among those of lime too. They act in every
 * unit of such a train. */
extern const char *const sei_floc_laws[];

/* Stone of one size in a bed. */
typedef struct {
    double porosity, purity; /* purity: calcite in all of the stone; 0: gravel */
    double grain_m;
    double active;     /* share of calcite's surface that takes part */
    bool   has_stall;  /* the unit says where the stone stalls; else the law's own number holds */
    double stall_log;  /* log units below saturation */
    double mn_m2_m3;   /* surface with manganese oxides per m3 of bed */
    double kla_o2_1_s; /* per pore water */
    double capture_1_s;
    double flow_grain_m; /* that resists the flow; 0: none does */
    double filter_m;     /* filter_length_m; 0: none */
} sei_stone;

/* Zone and n equal cells of a bed of stone along length_m. */
SEI_CHECKED sei_status sei_stone_bed(sei_ctx *ctx, sei_plant_builder *builder,
                                     const sei_bed_shape *shape, const sei_stone *stone, size_t n,
                                     double length_m, const double heat[]);

/* Geometric surface of the stone per m3 of bed. */
double sei_stone_m2_m3(const sei_stone *stone);

#endif
