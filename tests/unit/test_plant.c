/* test_plant.c - the flowsheet: shares, order, outlets, and what is refused */
#include "plant_case.h"

static const sei_plant_outlet *outlet_named(const sei_plant *plant, const char *name)
{
    for (size_t i = 0; i < sei_plant_n_outlets(plant); i++)
        if (strcmp(sei_plant_outlet_at(plant, i)->name, name) == 0)
            return sei_plant_outlet_at(plant, i);
    return NULL;
}

/* Every cell gives away at most all it gets, and what no cell takes leaves by an outlet. */
static void check_flow_is_conserved(const plant_case *c)
{
    const sei_train_spec *train    = sei_plant_train_spec(c->plant);
    double                flow[64] = {0.0}, out = 0.0, in = 0.0;

    ck_assert_uint_le(train->n_cells, T_COUNT(flow));
    for (size_t i = 0; i < train->n_links; i++) {
        const sei_link *link = &train->links[i];
        const double    from =
            link->from >= 0 ? flow[link->from] : c->inflow_m3_s[SEI_FROM_INFLOW - link->from];
        ck_assert_int_gt((int)link->to, link->from);
        flow[link->to] += link->fraction * from;
    }
    for (size_t b = 0; b < c->spec.n_inflows; b++)
        in += c->inflow_m3_s[b];
    for (size_t i = 0; i < sei_plant_n_outlets(c->plant); i++) {
        const sei_plant_outlet *o = sei_plant_outlet_at(c->plant, i);
        const double            from =
            o->from >= 0 ? flow[o->from] : c->inflow_m3_s[SEI_FROM_INFLOW - o->from];
        T_CLOSE(o->flow_m3_s, o->fraction * from, 1e-12);
        out += o->flow_m3_s;
    }
    T_CLOSE(out, in, 1e-12);
}

START_TEST(units_follow_each_other_when_no_feed_is_named)
{
    plant_case *c = case_full();

    case_set(c, case_unit(c, "tank", "one"), "volume_m3", 1.0);
    case_set(c, case_unit(c, "tank", "two"), "volume_m3", 2.0);
    T_OK(c->ctx, case_build(c));

    const sei_train_spec *train = sei_plant_train_spec(c->plant);
    ck_assert_uint_eq(train->n_cells, 2);
    ck_assert_uint_eq(train->n_links, 2);
    ck_assert_int_eq(train->links[0].from, SEI_FROM_INFLOW);
    ck_assert_int_eq(train->links[1].from, 0);
    ck_assert_uint_eq(train->links[1].to, 1);
    T_CLOSE(train->cells[1].water_kg, 2000.0, 1e-12);
    ck_assert_uint_eq(sei_plant_n_outlets(c->plant), 1);
    ck_assert_str_eq(sei_plant_outlet_at(c->plant, 0)->name, "two");
    ck_assert_int_eq(sei_plant_outlet_at(c->plant, 0)->from, 1);
    check_flow_is_conserved(c);
    case_close(c);
}
END_TEST

/* raw -> 0.9 iron bed -> split 0.5/0.3 into two tanks, 0.2 discharged; tanks + bypassed raw mix */
START_TEST(splits_and_mixing_conserve_flow)
{
    plant_case *c = case_full();

    const size_t iron = case_unit(c, "iron_oxidation_bed", "iron bed");
    case_set(c, iron, "volume_m3", 0.78);
    case_feed(c, iron, "raw", 0.9);
    const size_t a = case_unit(c, "tank", "bed a"), b = case_unit(c, "tank", "bed b");
    case_set(c, a, "volume_m3", 1.0);
    case_set(c, b, "volume_m3", 1.0);
    case_feed(c, a, "iron bed", 0.5);
    case_feed(c, b, "iron bed", 0.3);
    const size_t mix = case_unit(c, "mixer", "joint");
    case_feed(c, mix, "bed a", 1.0);
    case_feed(c, mix, "bed b", 1.0);
    case_feed(c, mix, "raw", 0.04);
    T_OK(c->ctx, case_build(c));

    check_flow_is_conserved(c);
    T_CLOSE(sei_plant_unit_find(c->plant, "joint")->flow_m3_s, (0.9 * 0.8 + 0.04) * 1e-3, 1e-12);
    ck_assert_uint_eq(sei_plant_n_outlets(c->plant), 3);
    T_CLOSE(outlet_named(c->plant, "iron bed")->fraction, 0.2, 1e-9);
    T_CLOSE(outlet_named(c->plant, "joint")->fraction, 1.0, 1e-12);
    ck_assert_int_eq(outlet_named(c->plant, "joint")->kind, SEI_OUTLET_DISCHARGE);
    ck_assert_int_eq(outlet_named(c->plant, "raw")->kind, SEI_OUTLET_BYPASS);
    T_CLOSE(outlet_named(c->plant, "raw")->flow_m3_s, 0.06e-3, 1e-9);
    case_close(c);
}
END_TEST

START_TEST(thirds_of_one_source_are_all_of_it)
{
    plant_case *c = case_full();

    case_unit(c, "splitter", "box");
    for (size_t i = 0; i < 3; i++) {
        static const char *const names[] = {"a", "b", "c"};
        const size_t             u       = case_unit(c, "tank", names[i]);
        case_set(c, u, "volume_m3", 1.0);
        case_feed(c, u, "box", 1.0 / 3.0);
    }
    T_OK(c->ctx, case_build(c));
    ck_assert_uint_eq(sei_plant_n_outlets(c->plant), 3);
    check_flow_is_conserved(c);
    case_close(c);
}
END_TEST

START_TEST(units_may_stand_in_any_order)
{
    plant_case *c = case_full();

    const size_t last = case_unit(c, "tank", "last"), first = case_unit(c, "tank", "first");
    case_set(c, last, "volume_m3", 1.0);
    case_set(c, first, "volume_m3", 1.0);
    case_feed(c, last, "first", 1.0);
    case_feed(c, first, "raw", 1.0);
    T_OK(c->ctx, case_build(c));

    ck_assert_uint_eq(sei_plant_unit_find(c->plant, "first")->first_cell, 0);
    ck_assert_uint_eq(sei_plant_unit_find(c->plant, "last")->first_cell, 1);
    ck_assert_str_eq(sei_plant_unit_at(c->plant, 0)->spec->name, "last");
    check_flow_is_conserved(c);
    case_close(c);
}
END_TEST

START_TEST(two_inflows_can_join)
{
    static const char *const names[] = {"adit", "heap"};
    plant_case              *c       = case_full();

    const size_t mix = case_unit(c, "mixer", "joint");
    case_feed(c, mix, "adit", 1.0);
    case_feed(c, mix, "heap", 1.0);
    c->inflow_m3_s[1]    = 3e-3;
    c->spec.n_inflows    = 2;
    c->spec.inflow_names = names;
    T_OK(c->ctx, case_build(c));
    T_CLOSE(sei_plant_unit_at(c->plant, 0)->flow_m3_s, 4e-3, 1e-12);
    check_flow_is_conserved(c);
    case_close(c);
}
END_TEST

/* ---- what is refused, word by word ---- */

static void refuse(plant_case *c, sei_status status, const char *message)
{
    sei_plant *kept = c->plant;

    T_STATUS(c->ctx, case_build(c), status);
    ck_assert_str_eq(sei_ctx_error(c->ctx), message);
    ck_assert_ptr_eq(c->plant, kept);
    case_close(c);
}

static plant_case *two_tanks(void)
{
    plant_case *c = case_full();

    case_set(c, case_unit(c, "tank", "first"), "volume_m3", 1.0);
    case_set(c, case_unit(c, "tank", "second"), "volume_m3", 1.0);
    return c;
}

START_TEST(shares_above_one_are_refused)
{
    plant_case *c = two_tanks();

    case_feed(c, 0, "raw", 0.7);
    case_feed(c, 1, "raw", 0.5);
    c->units[1].where = (sei_where){"site.yaml", 41, 0};
    refuse(c, SEI_E_RANGE,
           "site.yaml:41: unit \"second\" takes the share 0.5 of \"raw\", of which only 0.3 is "
           "left: the shares of one source must not exceed 1");
}
END_TEST

START_TEST(share_of_nothing_is_refused)
{
    plant_case *c = two_tanks();

    case_feed(c, 1, "first", 0.0);
    refuse(c, SEI_E_RANGE,
           "unit \"second\" takes the share 0 of \"first\": a share is above 0 and at most 1");
}
END_TEST

START_TEST(circle_is_named)
{
    plant_case *c = two_tanks();

    case_set(c, case_unit(c, "tank", "third"), "volume_m3", 1.0);
    case_feed(c, 0, "third", 0.5);
    case_feed(c, 0, "raw", 1.0);
    refuse(c, SEI_E_ARG,
           "units \"second\", \"third\", \"first\" feed each other in a circle: water flows "
           "downstream only; change the \"from\" of one of them");
}
END_TEST

START_TEST(unit_cannot_feed_itself)
{
    plant_case *c = two_tanks();

    case_feed(c, 0, "first", 1.0);
    refuse(c, SEI_E_ARG, "unit \"first\" feeds itself: name another unit");
}
END_TEST

START_TEST(near_name_is_offered)
{
    plant_case *c = two_tanks();

    case_feed(c, 1, "frst", 1.0);
    refuse(c, SEI_E_NOT_FOUND,
           "unit \"second\" takes water from \"frst\", which is not here: did you mean "
           "\"first\"?");
}
END_TEST

START_TEST(far_name_is_answered_with_the_inflow)
{
    plant_case *c = two_tanks();

    case_feed(c, 1, "lagoon", 1.0);
    refuse(c, SEI_E_NOT_FOUND,
           "unit \"second\" takes water from \"lagoon\", which is not here: name another unit or "
           "\"raw\"");
}
END_TEST

START_TEST(feed_without_a_source_is_refused)
{
    plant_case *c = two_tanks();

    case_feed(c, 1, NULL, 1.0);
    refuse(c, SEI_E_MISSING, "unit \"second\": a feed does not say where its water comes from");
}
END_TEST

START_TEST(names_are_unique)
{
    plant_case *c = two_tanks();

    c->units[1].name = "first";
    refuse(c, SEI_E_DUPLICATE, "two units have the name \"first\": rename one");
}
END_TEST

START_TEST(unit_needs_a_name)
{
    plant_case *c = two_tanks();

    c->units[1].name = "";
    refuse(c, SEI_E_MISSING, "unit 2 has no name");
}
END_TEST

START_TEST(inflow_name_is_taken)
{
    plant_case *c = two_tanks();

    c->units[1].name = "raw";
    refuse(c, SEI_E_DUPLICATE, "unit \"raw\" has the name of an inflow: give it another one");
}
END_TEST

START_TEST(plant_needs_a_unit)
{
    refuse(case_full(), SEI_E_MISSING, "the plant has no unit: list at least one");
}
END_TEST

START_TEST(design_flow_is_positive)
{
    plant_case *c = two_tanks();

    c->inflow_m3_s[0] = 0.0;
    refuse(c, SEI_E_RANGE, "design flow of inflow 1 is 0 m3/s: it must be above 0");
}
END_TEST

START_TEST(splitter_keeps_no_water)
{
    plant_case *c = case_full();

    case_unit(c, "splitter", "box");
    case_set(c, case_unit(c, "tank", "a"), "volume_m3", 1.0);
    case_feed(c, 1, "box", 0.75);
    refuse(c, SEI_E_ARG,
           "unit \"box\": the share 0.25 of its water goes nowhere; let other units take it, or "
           "set all_claimed to 0");
}
END_TEST

START_TEST(parameter_outside_its_row_is_refused)
{
    plant_case *c = two_tanks();

    case_set(c, 1, "settling_1_h", 200.0);
    refuse(c, SEI_E_RANGE, "unit \"second\": settling_1_h = 200 is outside 0..100");
}
END_TEST

START_TEST(whole_numbers_are_whole)
{
    plant_case *c = two_tanks();

    case_set(c, 0, "cells", 2.5);
    refuse(c, SEI_E_RANGE, "unit \"first\": cells = 2.5 must be a whole number");
}
END_TEST

START_TEST(layers_are_for_beds)
{
    plant_case *c = two_tanks();

    c->layers[0][0]      = (sei_layer_spec){.name = "bran"};
    c->units[0].n_layers = 1;
    refuse(c, SEI_E_KEY, "unit \"first\": a tank has no layers; remove them");
}
END_TEST

START_TEST(cells_have_a_maximum)
{
    plant_case *c = case_full();

    for (size_t i = 0; i < CASE_UNITS; i++) {
        static const char *const names[CASE_UNITS] = {"a", "b", "c", "d", "e", "f",
                                                      "g", "h", "i", "j", "k", "l"};
        const size_t             u                 = case_unit(c, "tank", names[i]);
        case_set(c, u, "volume_m3", 1.0);
        case_set(c, u, "cells", 500.0);
    }
    T_OK(c->ctx, case_build(c)); /* 6000 */
    ck_assert_uint_eq(sei_plant_n_cells(c->plant), 6000);
    case_close(c);
}
END_TEST

/* ---- what a build function may do wrong ---- */

enum { NOTHING, DRY_CELL, TOO_MANY, WRONG_PARAM, WRONG_SOLID };

static sei_status build_badly(sei_ctx *ctx, const sei_unit_spec *spec, sei_plant_builder *builder)
{
    const int        fault = (int)spec->params[0];
    sei_builder_cell cell  = {.layer = SEI_NO_LAYER, .bed_m3 = 1.0, .water_m3 = 1.0};
    sei_status       st    = sei_builder_zone(ctx, builder, "zone", &cell.zone);

    if (st == SEI_OK && fault == WRONG_PARAM)
        st = sei_builder_set(ctx, builder, cell.zone, "calcite-pwp", "color", 1.0);
    if (fault == DRY_CELL)
        cell.water_m3 = 0.0;
    for (int i = 0; st == SEI_OK && fault != NOTHING && i < (fault == TOO_MANY ? 9000 : 1); i++)
        st = sei_builder_cell_add(ctx, builder, &cell, NULL);
    if (st == SEI_OK && fault == WRONG_SOLID)
        st = sei_builder_solid(ctx, builder, 0, "Calcite", -1.0);
    return st;
}

static const sei_param bad_rows[] = {
    {"fault", "", 0.0, 0.0, 9.0, SEI_LINEAR, SEI_ASSUMED, "", "what goes wrong", "誤りの種類"}};
static const sei_unit_type bad_type = {.key      = "bad",
                                       .title    = "Bad",
                                       .title_ja = "不良",
                                       .source   = "",
                                       .params   = bad_rows,
                                       .n_params = 1,
                                       .build    = build_badly};

START_TEST(faults_of_a_unit_type_are_caught)
{
    static const struct {
        int         fault;
        sei_status  status;
        const char *message;
    } faults[] = {
        {NOTHING, SEI_E_INTERNAL, "unit \"new\": the type bad made no cells"},
        {DRY_CELL, SEI_E_RANGE,
         "unit \"new\": a cell with 0 m3 of water in 1 m3 of bed cannot be; check volume, depth, "
         "porosity and cells"},
        {TOO_MANY, SEI_E_TOO_LARGE,
         "unit \"new\": the plant has more than 8192 cells; use fewer cells a unit"},
        {WRONG_PARAM, SEI_E_NOT_FOUND,
         "unit \"new\": the rate law calcite-pwp has no parameter color"},
        {WRONG_SOLID, SEI_E_RANGE, "unit \"new\": -1 mol of Calcite in a cell"},
    };

    for (size_t i = 0; i < T_COUNT(faults); i++) {
        plant_case *c = case_full();
        case_set(c, case_unit_of(c, &bad_type, "new"), "fault", faults[i].fault);
        refuse(c, faults[i].status, faults[i].message);
    }
}
END_TEST

START_TEST(too_many_units_or_inflows_are_refused)
{
    plant_case *c = two_tanks();

    c->n_units = 257;
    refuse(c, SEI_E_TOO_LARGE, "the plant has 257 units, more than 256");
    c                 = two_tanks();
    c->spec.n_inflows = 17;
    refuse(c, SEI_E_ARG, "the plant has 17 inflows; 1..16 are possible");
    c                 = two_tanks();
    c->spec.n_inflows = 2;
    refuse(c, SEI_E_MISSING, "several inflows need names");
}
END_TEST

START_TEST(override_of_an_absent_law_is_refused)
{
    static const char *const components[] = {"Na", "Cl"};
    plant_case              *c            = case_open();
    const sei_rate_law      *law          = sei_rate_find("calcite-pwp");
    const sei_rate_override  change       = {law, 0, 1.0};

    case_model(c, T_COUNT(components), components, 0, NULL, 0, NULL);
    case_set(c, case_unit(c, "tank", "one"), "volume_m3", 1.0);
    c->units[0].n_overrides = 1;
    c->units[0].overrides   = &change;
    refuse(c, SEI_E_NOT_FOUND,
           "unit \"one\" changes calcite-pwp.area_m2_mol, but the model does not have this law");
}
END_TEST

/* Each allocation fails once: a status, no leak, no half-built plant. */
typedef struct {
    size_t left;
} budget;

static void *spend(void *user, void *p, size_t size)
{
    budget *b = user;

    if (size == 0) {
        free(p);
        return NULL;
    }
    if (b->left == 0)
        return NULL;
    b->left--;
    return realloc(p, size);
}

START_TEST(short_memory_is_a_status)
{
    plant_case *c      = two_tanks();
    size_t      failed = 0;

    case_set(c, 1, "cells", 40.0);
    T_OK(c->ctx, case_build(c));
    for (size_t n = 1; n < 1000; n++) {
        budget              b     = {n};
        const sei_allocator a     = {spend, &b};
        sei_ctx            *ctx   = sei_ctx_create(&a);
        sei_plant          *plant = NULL;
        if (!ctx)
            continue;
        const sei_status st = sei_plant_create(ctx, &c->spec, &plant);
        sei_plant_free(plant);
        b.left = 1000;
        sei_ctx_free(ctx);
        if (st == SEI_OK)
            break;
        ck_assert_int_eq(st, SEI_E_NOMEM);
        failed++;
    }
    ck_assert_uint_gt(failed, 5);
    case_close(c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("plant");
    TCase *flow  = tcase_create("flow");
    TCase *bad   = tcase_create("refused");

    tcase_add_test(flow, units_follow_each_other_when_no_feed_is_named);
    tcase_add_test(flow, splits_and_mixing_conserve_flow);
    tcase_add_test(flow, thirds_of_one_source_are_all_of_it);
    tcase_add_test(flow, units_may_stand_in_any_order);
    tcase_add_test(flow, two_inflows_can_join);
    tcase_add_test(flow, cells_have_a_maximum);
    tcase_add_test(flow, short_memory_is_a_status);
    suite_add_tcase(suite, flow);

    tcase_add_test(bad, shares_above_one_are_refused);
    tcase_add_test(bad, share_of_nothing_is_refused);
    tcase_add_test(bad, circle_is_named);
    tcase_add_test(bad, unit_cannot_feed_itself);
    tcase_add_test(bad, near_name_is_offered);
    tcase_add_test(bad, far_name_is_answered_with_the_inflow);
    tcase_add_test(bad, feed_without_a_source_is_refused);
    tcase_add_test(bad, names_are_unique);
    tcase_add_test(bad, unit_needs_a_name);
    tcase_add_test(bad, inflow_name_is_taken);
    tcase_add_test(bad, plant_needs_a_unit);
    tcase_add_test(bad, design_flow_is_positive);
    tcase_add_test(bad, splitter_keeps_no_water);
    tcase_add_test(bad, parameter_outside_its_row_is_refused);
    tcase_add_test(bad, whole_numbers_are_whole);
    tcase_add_test(bad, layers_are_for_beds);
    tcase_add_test(bad, faults_of_a_unit_type_are_caught);
    tcase_add_test(bad, too_many_units_or_inflows_are_refused);
    tcase_add_test(bad, override_of_an_absent_law_is_refused);
    suite_add_tcase(suite, bad);
    return t_run(suite);
}
