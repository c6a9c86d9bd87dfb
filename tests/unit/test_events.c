/* test_events.c - what is done to units while a site runs: amounts, times and books */
#include "base/buf.h"
#include "seiryu/result.h"
#include "study/result_tables.h"
#include "t.h"

static const char head_text[] =
    "site: {name: test}\n"
    "influent:\n"
    "  flow_l_min: 5.2\n  temp_c: 15\n  ph: 3.5\n  fe_mg_l: 38\n  fe2_share: 0.95\n  zn_mg_l: 18\n"
    "  do_mg_l: 1\n  so4_mg_l: 300\n  ca_mg_l: 40\n  tic_mg_l: 6\n  charge_balance: so4\n"
    "climate: {air_temperature_c: 10}\n"
    "run: {start: 2024-01-01, duration_d: 12, output_interval_h: 2, relative_tolerance: 0.01}\n"
    "train:\n";

#define BED                                                                    \
    "  - {type: sulfate_reducing_bed, name: srb, volume_m3: 9.36, layers: [\n" \
    "      {name: bran, depth_m: 0.3, cells: 1, bran_fraction: 0.7},\n"        \
    "      {name: mid, depth_m: 1.2, cells: 2, husk_fraction: 0.6, limestone_fraction: 0.4}]"

typedef struct {
    sei_ctx    *ctx;
    sei_site   *site;
    sei_result *result;
} study;

static void read_site(study *s, const char *train)
{
    sei_buf text;

    memset(s, 0, sizeof *s);
    s->ctx = sei_ctx_create(NULL);
    sei_buf_init(&text, s->ctx, 100000);
    sei_buf_puts(&text, head_text);
    sei_buf_puts(&text, train);
    T_OK(s->ctx,
         sei_site_parse(s->ctx, "test.yaml", ".", text.text, text.len, NULL, NULL, &s->site));
    sei_buf_done(&text);
}

static void run(study *s, const char *train)
{
    read_site(s, train);
    T_OK(s->ctx, sei_study_run(s->ctx, s->site, NULL, &s->result));
    for (size_t i = 0; i < s->result->n_books; i++)
        ck_assert_msg(s->result->books[i].imbalance < 1e-8, "%s: %.3g", s->result->books[i].element,
                      s->result->books[i].imbalance);
}

static void done(study *s)
{
    sei_result_free(s->result);
    sei_site_free(s->site);
    sei_ctx_free(s->ctx);
}

static double added(const study *s, const char *element)
{
    for (size_t i = 0; i < s->result->n_books; i++)
        if (strcmp(s->result->books[i].element, element) == 0)
            return s->result->books[i].added_mol;
    ck_abort_msg("no book of %s", element);
    return 0.0;
}

static double solid(const study *s, size_t time, const char *name)
{
    const sei_result *r = s->result;

    for (size_t k = 0; k < r->n_solids; k++)
        if (strcmp(r->solid_name[k], name) == 0)
            return r->solid_mol[time * r->n_units * r->n_solids + k];
    ck_abort_msg("no solid %s", name);
    return 0.0;
}

static double at(const study *s, size_t time, const char *watch, const char *quantity)
{
    return sei_result_value(s->result, time, sei_result_watch(s->result, watch),
                            sei_result_column(s->result, quantity, SEI_FRACTION_TOTAL));
}

/* 20 kg of bran of 44 % carbon on days 2, 6 and 10, by hand: 3 * 20 * 0.44 / 0.012011 mol, and 9 kg of
 * limestone of 90 % CaCO3. */
START_TEST(what_is_added_is_booked)
{
    study s;

    run(&s, BED
        ", events: [\n"
        "      {what: add, date: 2024-01-03, every_d: 4, medium: bran, mass_kg: 20, layer: bran},\n"
        "      {what: add, after_d: 5, medium: limestone, mass_kg: 9}]}\n");
    const double limestone = 9 * 0.9 / 0.1000869;
    T_CLOSE(added(&s, "Ca"), limestone, 1e-4);
    T_CLOSE(added(&s, "C"), limestone + 3 * 20 * 0.44 / 0.012011, 1e-4);
    ck_assert_double_gt(solid(&s, 25, "bran"), solid(&s, 23, "bran") + 600);
    ck_assert_double_lt(solid(&s, 23, "bran"), solid(&s, 22, "bran"));
    done(&s);
}
END_TEST

/* The report's table says what the file says: days, amounts, and where. */
START_TEST(events_are_listed_as_the_file_gives_them)
{
    study       s;
    sei_digest *digest = NULL;
    char       *csv    = NULL;
    size_t      len;

    run(&s, BED
        ", events: [\n"
        "      {what: add, date: 2024-01-03, every_d: 4, medium: bran, mass_kg: 20, layer: bran},\n"
        "      {what: clean, after_d: 8, share: 0.75, duration_h: 6},\n"
        "      {what: throttle, after_d: 2, flow_max_l_min: 3}]}\n");
    T_OK(s.ctx, sei_digest_create(s.ctx, s.result, &digest));
    ck_assert(sei_has_events(digest));
    sei_rtable *table = sei_table_events(digest);
    T_OK(s.ctx, sei_rtable_write(s.ctx, table, SEI_RTABLE_CSV, SEI_LANG_EN, false, &csv, &len));
    T_CONTAINS(csv, "media added,2024-01-03,4,,");
    T_CONTAINS(csv, "20 kg");
    T_CONTAINS(csv, "cleaning,2024-01-09,,0.25,");
    T_CONTAINS(csv, "75 %");
    T_CONTAINS(csv, "throttling,2024-01-03,,to the end,at most 3 L/min");
    sei_release(s.ctx, csv);
    sei_rtable_free(table);
    sei_digest_free(digest);
    done(&s);
}
END_TEST

/* 75 % of the iron that has gathered is taken out; calcite and bran stay. */
START_TEST(cleaning_takes_the_deposits_and_leaves_the_media)
{
    study s;

    run(&s, "  - {type: iron_oxidation_bed, name: iron, volume_m3: 0.78, depth_m: 1, cells: 2,\n"
            "     events: [{what: clean, after_d: 8, share: 0.75}]}\n");
    const double before = solid(&s, 96, "Schwertmannite"), after = solid(&s, 97, "Schwertmannite");
    const double day = solid(&s, 95, "Schwertmannite") - solid(&s, 83, "Schwertmannite");
    /* the instant itself is shown after the event */
    T_CLOSE(before, 0.25 * (solid(&s, 95, "Schwertmannite") + day / 12), 0.02);
    ck_assert_double_gt(after, before);
    ck_assert_double_lt(added(&s, "Fe"), 0.0);
    done(&s);

    run(&s, BED ", events: [{what: clean, after_d: 8}]}\n");
    ck_assert_double_eq(solid(&s, 96, "ZnS(a)"), 0.0);
    T_CLOSE(solid(&s, 96, "bran"), solid(&s, 95, "bran"), 1e-3);
    T_CLOSE(solid(&s, 96, "Calcite"), solid(&s, 95, "Calcite"), 1e-3);
    done(&s);
}
END_TEST

START_TEST(renewal_fills_the_bed_as_at_the_start)
{
    study s;

    run(&s, BED ", events: [{what: renew, after_d: 8, duration_h: 12}]}\n");
    T_CLOSE(solid(&s, 96, "bran"), solid(&s, 0, "bran"), 1e-12);
    T_CLOSE(solid(&s, 96, "Calcite"), solid(&s, 0, "Calcite"), 1e-12);
    ck_assert_double_eq(solid(&s, 96, "ZnS(a)"), 0.0);
    /* six hours later the unit still is out of service: raw water leaves */
    T_CLOSE(at(&s, 99, "discharge", "zn"), at(&s, 99, "raw", "zn"), 1e-3);
    ck_assert_double_lt(at(&s, 110, "discharge", "zn"), 0.5 * at(&s, 110, "raw", "zn"));
    done(&s);
}
END_TEST

/* With all of it led around, the raw water leaves; 0.1 % for what the chamber's own precipitates give. */
START_TEST(bypass_begins_and_ends_at_its_time)
{
    study s;

    run(&s, BED ", events: [{what: bypass, date: 2024-01-05T00:00, duration_h: 24}]}\n");
    ck_assert_double_lt(at(&s, 47, "discharge", "zn"), 0.5 * at(&s, 47, "raw", "zn"));
    T_CLOSE(at(&s, 50, "discharge", "zn"), at(&s, 50, "raw", "zn"), 1e-3);
    T_CLOSE(at(&s, 60, "discharge", "zn"), at(&s, 60, "raw", "zn"), 1e-3);
    ck_assert_double_lt(at(&s, 62, "discharge", "zn"), 0.5 * at(&s, 62, "raw", "zn"));
    for (size_t t = 0; t < s.result->n_times; t++)
        T_CLOSE(at(&s, t, "discharge", "flow"), 5.2e-3 / 60.0, 1e-9);
    done(&s);
}
END_TEST

/* 5.2 L/min is 7.488 m3/d: with 3.744 let in, half of the water goes around. */
START_TEST(throttling_leads_the_rest_around)
{
    study s;

    run(&s, "  - {type: tank, name: a, volume_m3: 0.5, kla_o2_1_h: 0}\n"
            "  - {type: limestone_bed, name: bed, volume_m3: 2, events: [\n"
            "      {what: throttle, after_d: 4, flow_max_m3_d: 3.744}]}\n");
    const double bed_ca = at(&s, 47, "bed", "ca"), raw_ca = at(&s, 47, "raw", "ca");
    ck_assert_double_gt(bed_ca, 1.5 * raw_ca);
    ck_assert_double_lt(at(&s, 140, "bed", "ca"), 0.8 * bed_ca);
    ck_assert_double_gt(at(&s, 140, "bed", "ca"), raw_ca);
    T_CLOSE(at(&s, 140, "discharge", "flow"), 5.2e-3 / 60.0, 1e-9);
    done(&s);
}
END_TEST

/* The aerated tank loses its oxygen with the power, and gets it back. */
START_TEST(loss_of_power_stops_the_air)
{
    study s;

    run(&s, "  - {type: tank, name: air, volume_m3: 1, kla_o2_1_h: 8, events: [\n"
            "      {what: power_loss, after_d: 4, duration_h: 48}]}\n");
    const double before = at(&s, 47, "air", "do"), without = at(&s, 71, "air", "do"),
                 after = at(&s, 100, "air", "do");
    ck_assert_double_gt(before, 7e-3); /* kg/m3 */
    ck_assert_double_lt(without, 1.1e-3);
    T_CLOSE(after, before, 0.02);
    done(&s);
}
END_TEST

START_TEST(an_event_that_changes_nothing_is_refused)
{
    study s;

    read_site(&s, BED ", events: [{what: power_loss, after_d: 4}]}\n");
    T_STATUS(s.ctx, sei_study_run(s.ctx, s.site, NULL, &s.result), SEI_E_ARG);
    T_CONTAINS(sei_ctx_error(s.ctx), "unit \"srb\" exchanges no gas with the air");
    done(&s);
    read_site(&s, "  - {type: tank, name: a, volume_m3: 1, events: [\n"
                  "      {what: add, after_d: 4, medium: husk, mass_kg: 1}]}\n");
    T_STATUS(s.ctx, sei_study_run(s.ctx, s.site, NULL, &s.result), SEI_E_NOT_FOUND);
    T_CONTAINS(sei_ctx_error(s.ctx), "unit \"a\" is no bed for husk");
    done(&s);
    run(&s,
        "  - {type: tank, name: a, volume_m3: 1, events: [{what: bypass, date: 2025-04-01}]}\n");
    bool told = false;
    for (size_t i = 0; i < s.result->n_warnings; i++)
        told = told || strstr(s.result->warnings[i], "lies outside the run") != NULL;
    ck_assert(told);
    done(&s);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("events");
    TCase *tc    = tcase_create("events");

    tcase_set_timeout(tc, 120);
    tcase_add_test(tc, what_is_added_is_booked);
    tcase_add_test(tc, events_are_listed_as_the_file_gives_them);
    tcase_add_test(tc, cleaning_takes_the_deposits_and_leaves_the_media);
    tcase_add_test(tc, renewal_fills_the_bed_as_at_the_start);
    tcase_add_test(tc, bypass_begins_and_ends_at_its_time);
    tcase_add_test(tc, throttling_leads_the_rest_around);
    tcase_add_test(tc, loss_of_power_stops_the_air);
    tcase_add_test(tc, an_event_that_changes_nothing_is_refused);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
