/*
 * new_template.c - skeleton of a treatment unit; not part of the library, but built by the tests
 *
 * To add a unit:
 *   1. copy this file to unit_<name>.c, replace "new_template" by <name>, and say here what the unit
 *      is, with its equations and the keys of their sources in docs/references.bib;
 *   2. write one row for every number a user may set, and turn them into zones and cells in build;
 *   3. add SEI_UNIT(<name>) to unit_list.h in its alphabetical place and the file to CMakeLists.txt;
 *   4. add docs/units/<name>.md (a line in its index.md) and a block in tests/unit/test_plant_units.c.
 */
#include "plant/bed.h"
#include "plant/laws.h"

/* Indices of the rows. The first three (volume, area, depth) and the five of heat exchange are shared
 * by most units; leave them out when they do not apply. */
enum { SEI_SHAPE_PARAMS, P_CELLS, P_POROSITY, P_CAPACITY, SEI_HEAT_PARAMS, N_PARAMS };

/* key with its unit, unit as printed, default, lower, upper, transform, evidence, source, help. A
 * default of NAN makes the user give it. PUBLISHED needs a source that was read. */
static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CELLS]    = SEI_ROW("cells", "", 4, 1, 100, LINEAR, ASSUMED, "", "stirred volumes in series",
                           "直列完全混合槽の数"),
    [P_POROSITY] = SEI_ROW("porosity", "", 0.4, 0.05, 0.95, LINEAR, ASSUMED, "",
                           "share of pores in the bed", "空隙率"),
    [P_CAPACITY] =
        SEI_ROW("biofilm_capacity_mol_m3_d", "mol/m³/d", 1.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                "most Fe(II) oxidised per volume of empty bed", "空塔容積あたりの最大鉄酸化速度"),
    /* heat transfer of the top, share of the top covered, share of the walls buried */
    SEI_HEAT_ROWS(10.0, 0.0, 1.0),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params; /* SI, checked against the rows above */
    sei_bed_shape shape = {0};
    size_t        n = 0, zone = 0;

    /* Geometry: two of volume, area and depth; messages name what does not agree. */
    sei_status st = sei_bed_shape_of(ctx, spec, p, &shape);
    if (st == SEI_OK)
        st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_CELLS, &n);
    /* A zone holds the parameters of all rate laws; change here what the unit decides. */
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, spec->name, &zone);
    if (st == SEI_OK)
        st = sei_set_capacity(ctx, builder, zone, SEI_LAW_FE2_MICROBIAL, p[P_CAPACITY],
                              p[P_POROSITY]);
    if (st != SEI_OK)
        return st;

    /* Cells in the direction of flow; the first gets the unit's feeds, the last is its outlet. */
    const double      bed_m3 = shape.volume_m3 / (double)n;
    const sei_heat_ua ua     = sei_heat_nth(&shape, &p[P_U_TOP], n);
    sei_builder_footprint(builder, shape.area_m2);
    for (size_t i = 0; st == SEI_OK && i < n; i++) {
        const sei_builder_cell cell = {.zone          = zone,
                                       .layer         = SEI_NO_LAYER,
                                       .bed_m3        = bed_m3,
                                       .water_m3      = bed_m3 * p[P_POROSITY],
                                       .length_m      = shape.depth_m / (double)n,
                                       .ua_air_w_k    = ua.air_w_k,
                                       .top           = ua.top,
                                       .ua_ground_w_k = ua.ground_w_k,
                                       .media_j_k     = bed_m3 * (1.0 - p[P_POROSITY]) *
                                                    SEI_STONE_KG_M3 * SEI_STONE_J_KG_K};
        st                          = sei_builder_cell_add(ctx, builder, &cell, NULL);
    }
    return st;
}

extern const sei_unit_type sei_unit_type_new_template; /* unit_list.h declares the real ones */
const sei_unit_type        sei_unit_type_new_template = {
           .key      = "new_template",
           .title    = "Template",
           .title_ja = "ひな形",
           .source   = "",
           .params   = params,
           .n_params = N_PARAMS,
           .build    = build,
};
