/* test_extremes.c - waters and weathers at the edge end in an answer or a clear refusal, never in NaN */
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "seiryu/result.h"
#include "t.h"

/* Iron bed that may overflow, layered bed that starts up, limestone that armours; parts to be replaced. */
#define TRAIN(bran)                                                                              \
    "train:\n"                                                                                   \
    "  - {type: iron_oxidation_bed, name: iron, volume_m3: 0.78, depth_m: 1, cells: 2, "         \
    "head_max_m: 0.3, filter_length_m: 1}\n"                                                     \
    "  - {type: sulfate_reducing_bed, name: srb, volume_m3: 9.36, start_population: 0.01, "      \
    "head_max_m: 0.5, layers: [\n"                                                               \
    "      {name: bran, depth_m: 0.3, cells: 1, bran_fraction: " bran "},\n"                     \
    "      {name: mid, depth_m: 1.2, cells: 2, husk_fraction: 0.6, limestone_fraction: 0.4}],\n" \
    "     rates: {calcite-pwp: {armour_mol_m2: 1}}}\n"
/* Units of acid water with much iron: a bed that starts up, compost that may be spent. */
#define PONDS(compost)                                                                             \
    "train:\n"                                                                                     \
    "  - {type: equalisation_tank, name: eq, volume_m3: 2}\n"                                      \
    "  - {type: iron_bacteria_tank, name: tank, volume_m3: 1, start_population: 0.01}\n"           \
    "  - {type: vertical_flow_pond, name: vfp, area_m2: 8, compost_cells: 1, limestone_cells: 2, " \
    "head_max_m: 0.5, compost_carbon_g_kg: " compost "}\n"                                         \
    "  - {type: polishing_bed, name: polish, volume_m3: 3, cells: 2, filter_length_m: 1}\n"
/* A bed fed with ethanol alone: no bran, no husk. */
#define ETHANOL                                                                    \
    "train:\n"                                                                     \
    "  - {type: sulfate_reducing_bed, name: srb, volume_m3: 3, ethanol_mg_l: 60, " \
    "start_population: 0.01, head_max_m: 0.5, kla_o2_1_h: 0.05, layers: [\n"       \
    "      {name: stone, depth_m: 1, cells: 2, limestone_fraction: 0.4}]}\n"
/* A plant with reagents: peroxide, air, lime, sludge. */
#define ACTIVE                                                                                  \
    "train:\n"                                                                                  \
    "  - {type: splitter, name: inlet}\n"                                                       \
    "  - {type: oxidant_tank, name: peroxide, volume_m3: 0.1, peroxide_mg_l: 12}\n"             \
    "  - {type: aeration_tank, name: air, volume_m3: 0.2}\n"                                    \
    "  - {type: dosing_tank, name: lime, reagent: \"Ca(OH)2\", volume_m3: 0.2, set_ph: 8.5}\n"  \
    "  - {type: thickener, name: thickener, volume_m3: 1, recycle_ratio: 10, sludge_age_d: 1, " \
    "sludge_to: lime}\n"                                                                        \
    "  - {type: mixer, name: outlet}\n"
/* The units of stone, air and open water that the other trains lack. */
#define STONES                                                                  \
    "train:\n"                                                                  \
    "  - {type: cascade, name: cascade}\n"                                      \
    "  - {type: open_limestone_channel, name: channel, length_m: 20}\n"         \
    "  - {type: limestone_bed, name: bed, volume_m3: 2, cells: 1}\n"            \
    "  - {type: anoxic_limestone_drain, name: drain, volume_m3: 2, cells: 1}\n" \
    "  - {type: oxidation_pond, name: pond, volume_m3: 10, cells: 1}\n"         \
    "  - {type: settling_pond, name: settling, volume_m3: 10, cells: 1}\n"      \
    "  - {type: aerobic_wetland, name: wetland, volume_m3: 5, cells: 1}\n"      \
    "  - {type: subsurface_wetland, name: reeds, volume_m3: 5, cells: 1}\n"     \
    "  - {type: mn_contact_tank, name: strings, volume_m3: 2, cells: 1}\n"      \
    "  - {type: mn_limestone_bed, name: manganese, volume_m3: 2, cells: 1}\n"   \
    "  - {type: tank, name: tank, volume_m3: 1}\n"
#define MANGANESE_WATER(flow, temp, ph)                                                            \
    "influent: {flow_l_min: " flow ", temp_c: " temp ", ph: " ph ", fe_mg_l: 38, fe2_share: 0.9, " \
    "zn_mg_l: 18, mn_mg_l: 20, al_mg_l: 3, do_mg_l: 5, so4_mg_l: 900, ca_mg_l: 40, tic_mg_l: 6, "  \
    "charge_balance: so4}\n"
#define SHORT_RUN "run: {start: 2024-01-01, duration_d: 3, relative_tolerance: 0.01}\n"
#define WATER(flow, temp, ph)                                                                      \
    "influent: {flow_l_min: " flow ", temp_c: " temp ", ph: " ph ", fe_mg_l: 38, fe2_share: 0.9, " \
    "zn_mg_l: 18, cu_mg_l: 8, as_mg_l: 0.5, pb_mg_l: 0.3, al_mg_l: 3, do_mg_l: 5, so4_mg_l: 900, " \
    "ca_mg_l: 40, tic_mg_l: 6, charge_balance: so4}\n"
#define RUN    "run: {start: 2024-01-01, duration_d: 20, relative_tolerance: 0.01}\n"
#define AIR(c) "climate: {air_temperature_c: " c "}\n"

typedef struct {
    sei_status status;
    char       error[600];
    double     ph, zn, flow;
} outcome;

static outcome run(const char *const parts[])
{
    sei_ctx    *ctx    = sei_ctx_create(NULL);
    sei_site   *site   = NULL;
    sei_result *result = NULL;
    outcome     out    = {0};
    sei_buf     text;

    sei_buf_init(&text, ctx, 100000);
    sei_buf_puts(&text, "site: {name: edge}\n");
    for (size_t i = 0; parts[i]; i++)
        sei_buf_puts(&text, parts[i]);
    out.status = sei_site_parse(ctx, "edge.yaml", ".", text.text, text.len, NULL, NULL, &site);
    if (out.status == SEI_OK)
        out.status = sei_study_run(ctx, site, NULL, &result);
    if (out.status == SEI_OK) {
        for (size_t i = 0; i < result->n_times * result->n_watches * result->n_columns; i++)
            ck_assert_msg(isfinite(result->value[i]), "value %zu is not finite", i);
        for (size_t i = 0; i < result->n_times * result->n_units * result->n_solids; i++)
            ck_assert(isfinite(result->solid_mol[i]) && result->solid_mol[i] >= 0.0);
        for (size_t i = 0; i < result->n_books; i++)
            ck_assert_msg(result->books[i].imbalance < 1e-8, "%s: %g", result->books[i].element,
                          result->books[i].imbalance);
        const size_t last = result->n_times - 1, exit = result->n_watches - 1;
        out.ph   = sei_result_value(result, last, exit,
                                    sei_result_column(result, "ph", SEI_FRACTION_TOTAL));
        out.zn   = sei_result_value(result, last, exit,
                                    sei_result_column(result, "zn", SEI_FRACTION_TOTAL));
        out.flow = sei_result_value(result, last, exit,
                                    sei_result_column(result, "flow", SEI_FRACTION_TOTAL));
    } else
        snprintf(out.error, sizeof out.error, "%s", sei_ctx_error(ctx));
    sei_buf_done(&text);
    sei_result_free(result);
    sei_site_free(site);
    sei_ctx_free(ctx);
    return out;
}

START_TEST(a_flood_goes_around_and_through)
{
    const char *const parts[] = {WATER("104", "15", "3.5"), AIR("10"), TRAIN("0.7"), RUN, NULL};
    const outcome     o       = run(parts);

    ck_assert_msg(o.status == SEI_OK, "%s", o.error);
    T_CLOSE(o.flow, 0.104 / 60.0, 1e-9);
    ck_assert_double_gt(o.zn, 5e-3); /* twenty times the flow is more than the bed can treat */
}
END_TEST

START_TEST(frost_leaves_cold_water)
{
    const char *const parts[] = {WATER("5.2", "0", "3.5"), AIR("-25"), TRAIN("0.7"), RUN, NULL};
    const outcome     o       = run(parts);

    ck_assert_msg(o.status == SEI_OK, "%s", o.error);
}
END_TEST

START_TEST(strong_acid_is_answered)
{
    const char *const parts[] = {WATER("5.2", "15", "1.5"), AIR("10"), TRAIN("0.7"), RUN, NULL};
    const outcome     o       = run(parts);

    ck_assert_msg(o.status == SEI_OK, "%s", o.error);
    ck_assert_double_gt(o.ph, 1.4);
}
END_TEST

START_TEST(a_bed_without_bran_treats_less)
{
    const char *const with[] = {WATER("5.2", "15", "3.5"), AIR("10"), TRAIN("0.7"), RUN, NULL};
    const char *const none[] = {WATER("5.2", "15", "3.5"), AIR("10"), TRAIN("0"), RUN, NULL};
    const outcome     a = run(with), b = run(none);

    ck_assert_msg(a.status == SEI_OK && b.status == SEI_OK, "%s %s", a.error, b.error);
    ck_assert_double_ge(b.zn, 0.9 * a.zn);
}
END_TEST

START_TEST(water_that_does_not_flow_is_refused)
{
    const char *const parts[] = {WATER("0", "15", "3.5"), AIR("10"), TRAIN("0.7"), RUN, NULL};
    const outcome     o       = run(parts);

    ck_assert_int_ne(o.status, SEI_OK);
    T_CONTAINS(o.error, "influent: the flow must be more than 0");
}
END_TEST

/* Each of the edges, and a flow that is none, for the ponds. */
START_TEST(ponds_and_tanks_answer_at_every_edge)
{
    static const struct {
        const char *water, *air, *train;
    } edges[] = {
        {WATER("104", "15", "3.5"), AIR("10"), PONDS("250")}, /* flood */
        {WATER("5.2", "0", "3.5"), AIR("-25"), PONDS("250")}, /* frost */
        {WATER("5.2", "15", "1.5"), AIR("10"), PONDS("250")}, /* strong acid */
        {WATER("5.2", "15", "3.5"), AIR("10"), PONDS("10")},  /* next to no food */
    };

    for (size_t i = 0; i < T_COUNT(edges); i++) {
        const char *const parts[] = {edges[i].water, edges[i].air, edges[i].train, RUN, NULL};
        const outcome     o       = run(parts);
        ck_assert_msg(o.status == SEI_OK, "%zu: %s", i, o.error);
        ck_assert_double_gt(o.ph, i == 2 ? 1.4 : 3.0);
    }
    const char *const still[] = {WATER("0", "15", "3.5"), AIR("10"), PONDS("250"), RUN, NULL};
    ck_assert_int_ne(run(still).status, SEI_OK);
}
END_TEST

/* The edges for a plant; ph_min: what leaves at each. */
static void check_edges(const char *train, const char *const waters[4], const double ph_min[4])
{
    static const char *const airs[4] = {AIR("10"), AIR("-25"), AIR("10"), AIR("10")};

    for (size_t i = 0; i < 4; i++) {
        const char *const parts[] = {waters[i], airs[i], train, SHORT_RUN, NULL};
        const outcome     o       = run(parts);
        if (i == 3) {
            ck_assert_int_ne(o.status, SEI_OK);
            T_CONTAINS(o.error, "influent: the flow must be more than 0");
            continue;
        }
        ck_assert_msg(o.status == SEI_OK, "edge %zu: %s", i, o.error);
        ck_assert_double_gt(o.ph, ph_min[i]);
    }
}

static const char *const plain[4]     = {WATER("104", "15", "3.5"), WATER("5.2", "0", "3.5"),
                                         WATER("5.2", "15", "1.5"), WATER("0", "15", "3.5")};
static const char *const manganese[4] = {
    MANGANESE_WATER("104", "15", "3.5"), MANGANESE_WATER("5.2", "0", "3.5"),
    MANGANESE_WATER("5.2", "15", "1.5"), MANGANESE_WATER("0", "15", "3.5")};

START_TEST(a_bed_on_ethanol_answers_at_every_edge)
{
    check_edges(ETHANOL, plain, (const double[]){3.4, 3.4, 1.4, 0.0});
}
END_TEST

START_TEST(a_plant_with_reagents_answers_at_every_edge)
{
    check_edges(ACTIVE, plain, (const double[]){6.0, 6.0, 1.4, 0.0});
}
END_TEST

START_TEST(stone_and_open_water_answer_at_every_edge)
{
    check_edges(STONES, manganese, (const double[]){3.4, 3.4, 1.4, 0.0});
}
END_TEST

/* An accuracy that nothing can have: the run comes to an end, and says when and why. */
START_TEST(a_run_that_would_not_end_is_refused)
{
    const char *const parts[] = {
        WATER("5.2", "15", "3.5"), AIR("10"),
        "train:\n  - {type: tank, name: tank, volume_m3: 1}\n",
        "run: {start: 2024-01-01, duration_d: 3, relative_tolerance: 1e-14, "
        "absolute_tolerance_umol_kgw: 1e-12}\n",
        NULL};
    const outcome o = run(parts);

    ck_assert_int_eq(o.status, SEI_E_STEP);
    T_CONTAINS(o.error, "edge.yaml: 2024-01-01T0");
    T_CONTAINS(o.error, "the time steps stay too short: 20001 of them since 0 s");
}
END_TEST

/* Three months without an analysis: bridged as the file allows, else refused with the day and the remedy. */
START_TEST(months_without_an_analysis_are_bridged_or_named)
{
    static const char series[] = "time,ph,fe_mg_l,zn_mg_l\n"
                                 "2024-01-01,3.5,30,18\n2024-02-01,3.6,35,\n2024-03-01,,,\n"
                                 "2024-04-01,,,\n2024-05-01,,,\n2024-06-01,3.4,38,<0.005\n";
    static const char water[] =
        "flow_l_min: 5, temp_c: 12, do_mg_l: 5, so4_mg_l: 900, ca_mg_l: 40, "
        "tic_mg_l: 6, fe2_share: 0.9, charge_balance: so4}\n";
    static const char time[] =
        "run: {start: 2024-01-01, duration_d: 160, relative_tolerance: 0.01}\n";
    char folder[] = "/tmp/sei_extremes.XXXXXX", path[60], influent[2][400];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    snprintf(path, sizeof path, "%s/water.csv", folder);
    FILE *file = fopen(path, "w");
    ck_assert_ptr_nonnull(file);
    ck_assert_int_ge(fputs(series, file), 0);
    ck_assert_int_eq(fclose(file), 0);
    for (int i = 0; i < 2; i++)
        snprintf(influent[i], sizeof influent[i], "influent: {file: %s, max_gap_d: %s, %s", path,
                 i ? "45" : "0", water);
    const char *const bridged[] = {influent[0], AIR("10"), TRAIN("0.7"), time, NULL};
    const char *const refused[] = {influent[1], AIR("10"), TRAIN("0.7"), time, NULL};
    const outcome     a = run(bridged), b = run(refused);
    const char *const ethanol[] = {influent[0], AIR("10"), ETHANOL, time, NULL};
    const outcome     c         = run(ethanol);
    ck_assert_msg(c.status == SEI_OK, "%s", c.error);

    ck_assert_int_eq(unlink(path), 0);
    ck_assert_int_eq(rmdir(folder), 0);
    ck_assert_msg(a.status == SEI_OK, "%s", a.error);
    ck_assert_double_gt(a.ph, 3.0);
    ck_assert_int_eq(b.status, SEI_E_MISSING);
    T_CONTAINS(b.error, "has no value at 2024-0");
    T_CONTAINS(b.error, "give a constant for the gap, or a longer max_gap_d");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("extremes");
    TCase *tc    = tcase_create("extremes");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, a_flood_goes_around_and_through);
    tcase_add_test(tc, frost_leaves_cold_water);
    tcase_add_test(tc, strong_acid_is_answered);
    tcase_add_test(tc, a_bed_without_bran_treats_less);
    tcase_add_test(tc, water_that_does_not_flow_is_refused);
    tcase_add_test(tc, ponds_and_tanks_answer_at_every_edge);
    tcase_add_test(tc, a_bed_on_ethanol_answers_at_every_edge);
    tcase_add_test(tc, a_plant_with_reagents_answers_at_every_edge);
    tcase_add_test(tc, stone_and_open_water_answer_at_every_edge);
    tcase_add_test(tc, a_run_that_would_not_end_is_refused);
    tcase_add_test(tc, months_without_an_analysis_are_bridged_or_named);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
