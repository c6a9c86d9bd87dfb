/*
 * unit_mixer.c - a chamber in which streams join
 *
 * One small stirred volume fed by every stream that the feeds name. Its size only sets how fast the
 * mixture follows a change; it counts neither as bed nor in retention times.
 */
#include "plant/bed.h"

enum { P_VOLUME, N_PARAMS };

static const sei_param params[N_PARAMS] = {
    [P_VOLUME] = SEI_ROW("volume_m3", "m³", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                         "water in the chamber; 0: one minute of the design flow",
                         "槽内水量。0 のときは設計流量の 1 分間分"),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double volume = spec->params[P_VOLUME];
    size_t       zone   = 0;

    const sei_status st = sei_builder_zone(ctx, builder, spec->name, &zone);
    if (st != SEI_OK)
        return st;
    const sei_builder_cell cell = {
        .zone     = zone,
        .layer    = SEI_NO_LAYER,
        .water_m3 = volume > 0.0 ? volume : sei_chamber_m3(builder),
    };
    return sei_builder_cell_add(ctx, builder, &cell, NULL);
}

const sei_unit_type sei_unit_type_mixer = {
    .key      = "mixer",
    .title    = "Mixing chamber",
    .title_ja = "混合槽",
    .source   = "",
    .params   = params,
    .n_params = N_PARAMS,
    .build    = build,
};
