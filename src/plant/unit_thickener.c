/*
 * unit_thickener.c - clarifier and thickener, with sludge recycle for the high-density process
 *
 * One stirred volume. At design flow Q it keeps the share `capture` of the solids that come in, by a
 * first-order settling with k V / Q = capture / (1 - capture); more flow is kept less well.
 *
 * What settles is the sludge M. Pumps take the share 1 / sludge_age of it away and recycle_ratio times as
 * much back to the unit named in sludge_to (transport/sludge.c), so that at steady state M is the solids
 * made in sludge_age, and a grain passes the neutralisation recycle_ratio + 1 times. Each pass lays fresh
 * precipitate on old grains and drives water out: the dry share of the sludge is taken as
 *     w = fresh + (dense - fresh) (1 - exp(-recycle_ratio / passes)).
 */
#include "plant/assembly.h"
#include "plant/basin.h"

enum {
    SEI_SHAPE_PARAMS,
    P_CAPTURE,
    P_RECYCLE,
    P_AGE,
    P_FRESH,
    P_DENSE,
    P_PASSES,
    P_KLA,
    SEI_HEAT_PARAMS,
    N_PARAMS
};

static const sei_param params[N_PARAMS] = {
    SEI_SHAPE_ROWS,
    [P_CAPTURE] = SEI_ROW("capture", "", 0.998, 0.0, 0.9999, LOGIT, ASSUMED, "",
                          "share of the incoming solids that settles at design flow",
                          "設計流量時の流入固形物の沈降捕捉率"),
    [P_RECYCLE] = SEI_ROW("recycle_ratio", "", 0.0, 0.0, 100.0, LINEAR, ASSUMED, "",
                          "solids sent back over solids wasted; 0: no recycle. High-density "
                          "plants run at about 20",
                          "返送固形物量/排泥固形物量。0 は返送なし(高密度汚泥法では約 20)"),
    [P_AGE]     = SEI_ROW("sludge_age_d", "d", 5.0, 0.05, 365.0, LOG, ASSUMED, "",
                          "sludge that is held over sludge that is wasted in a day",
                          "汚泥保持量/1 日の排泥量(汚泥日齢)"),
    [P_FRESH]   = SEI_ROW("fresh_solids_pct", "%", 3.0, 0.1, 30.0, LINEAR, ASSUMED, "",
                          "dry mass in the sludge without recycle", "返送しないときの汚泥固形分"),
    [P_DENSE] =
        SEI_ROW("dense_solids_pct", "%", 25.0, 0.1, 60.0, LINEAR, ASSUMED, "",
                "dry mass in the sludge after many passes", "十分に返送したときの汚泥固形分"),
    [P_PASSES] = SEI_ROW("passes", "", 8.0, 0.5, 100.0, LOG, ASSUMED, "",
                         "recycle ratio at which 63 % of that gain is reached",
                         "その差の 63 % に達する返送比"),
    [P_KLA]    = SEI_ROW("kla_o2_1_h", "1/h", 0.05, 0.0, 100.0, LINEAR, ASSUMED, "",
                         "transfer coefficient of oxygen through the surface, per volume",
                         "水面からの酸素の総括物質移動容量係数"),
    SEI_HEAT_ROWS(15.0, 0.0, 0.5),
};

static double solids_fraction(const double p[])
{
    return p[P_FRESH] + (p[P_DENSE] - p[P_FRESH]) * (1.0 - exp(-p[P_RECYCLE] / p[P_PASSES]));
}

static sei_status check_density(sei_ctx *ctx, const sei_unit_spec *spec)
{
    const double *p = spec->params;

    if (p[P_DENSE] >= p[P_FRESH])
        return SEI_OK;
    return sei_fail(ctx, SEI_E_RANGE, sei_unit_where(spec),
                    "unit \"%s\": dense_solids_pct = %g is below fresh_solids_pct = %g", spec->name,
                    100.0 * p[P_DENSE], 100.0 * p[P_FRESH]);
}

static sei_status build(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const double *p     = spec->params;
    sei_basin     basin = {.n = 1};
    size_t        cell  = 0;

    sei_status st = check_density(ctx, spec);
    if (st == SEI_OK)
        st = sei_bed_shape_of(ctx, spec, p, &basin.shape);
    if (st == SEI_OK) /* no reactive solids: what settles lies apart from the water above it */
        st = sei_limed_zone(ctx, builder, spec->name, SEI_LIMED_GROWTH_1_S, 0.0, &basin.zone);
    if (st == SEI_OK)
        st = sei_set_gas_exchange(ctx, builder, basin.zone, p[P_KLA]);
    if (st != SEI_OK)
        return st;
    const double settle = p[P_CAPTURE] / (1.0 - p[P_CAPTURE]) * sei_builder_flow_m3_s(builder) /
                          basin.shape.volume_m3;
    st = sei_basin_cells(ctx, builder, &basin, settle, &p[P_U_TOP], &cell);
    if (st == SEI_OK)
        st = sei_builder_sludge(ctx, builder, cell, 1.0 / p[P_AGE], p[P_RECYCLE] / p[P_AGE],
                                solids_fraction(p));
    return st;
}

const sei_unit_type sei_unit_type_thickener = {
    .key        = "thickener",
    .title      = "Clarifier and thickener with sludge recycle",
    .title_ja   = "シックナー(沈殿濃縮槽・汚泥返送)",
    .source     = "",
    .params     = params,
    .n_params   = N_PARAMS,
    .own_laws   = sei_limed_laws,
    .has_sludge = true,
    .build      = build,
    .hrt_low_h  = 0.2,
    .hrt_high_h = 500,
};
