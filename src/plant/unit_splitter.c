/*
 * unit_splitter.c - a chamber from which several units take their shares
 *
 * The shares stand in the feeds of the units that take them. Unless all_claimed is 0 the plant is
 * refused when part of the water goes nowhere.
 */
#include "plant/bed.h"

enum { P_VOLUME, P_ALL_CLAIMED, N_PARAMS };

static const sei_param params[N_PARAMS] = {
    [P_VOLUME]      = SEI_ROW("volume_m3", "m³", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                              "water in the chamber; 0: one minute of the design flow",
                              "槽内水量。0 のときは設計流量の 1 分間分"),
    [P_ALL_CLAIMED] = SEI_ROW("all_claimed", "", 1, 0, 1, LINEAR, ASSUMED, "",
                              "1: the shares that units take must sum to 1; 0: the rest is "
                              "discharged",
                              "1=配分の合計が 1 でなければエラー、0=残りは放流"),
};

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double volume = spec->params[P_VOLUME];
    size_t       zone = 0, all = 0;

    sei_status st = sei_count_param(ctx, spec, SEI_NO_LAYER, P_ALL_CLAIMED, &all);
    if (st == SEI_OK)
        st = sei_builder_zone(ctx, builder, spec->name, &zone);
    if (st != SEI_OK)
        return st;
    if (all == 1)
        sei_builder_claim_all(builder);
    const sei_builder_cell cell = {
        .zone     = zone,
        .layer    = SEI_NO_LAYER,
        .water_m3 = volume > 0.0 ? volume : sei_chamber_m3(builder),
    };
    return sei_builder_cell_add(ctx, builder, &cell, NULL);
}

const sei_unit_type sei_unit_type_splitter = {
    .key      = "splitter",
    .title    = "Splitter",
    .title_ja = "分水槽",
    .source   = "",
    .params   = params,
    .n_params = N_PARAMS,
    .build    = build,
};
