/* test_site.c - what a site file becomes: SI values, series, feeds, rules, marked values */
#include "base/clock.h"
#include "base/file.h"
#include "seiryu/study.h"
#include "study/schema.h"
#include "t.h"

static sei_ctx  *ctx;
static sei_site *site;

static void setup(void)
{
    ck_assert_int_eq(chdir(SEI_PROJECT_DIR), 0);
    setenv("SEIRYU_DATA", SEI_PROJECT_DIR "/data", 1);
    ctx  = sei_ctx_create(NULL);
    site = NULL;
}

static void setup_full(void)
{
    setup();
    T_OK(ctx, sei_site_read(ctx, "tests/data/site/full.yaml", NULL, NULL, &site));
}

static void teardown(void)
{
    sei_site_free(site);
    sei_ctx_free(ctx);
}

static sei_status parse(const char *text)
{
    return sei_site_parse(ctx, "site.yaml", "tests/data/site", text, strlen(text), NULL, NULL,
                          &site);
}

static int64_t at(const char *text)
{
    int64_t time_us = 0;

    ck_assert(sei_parse_time(text, strlen(text), SEI_JST_OFFSET, &time_us));
    return time_us;
}

START_TEST(place_and_period_are_resolved)
{
    ck_assert_str_eq(site->name, "Mine A");
    ck_assert_str_eq(site->name_ja, "A鉱山");
    ck_assert_str_eq(site->place_ja, "");
    ck_assert(site->has_position && site->has_elevation);
    T_NEAR(site->longitude_deg, 140.5, 0);
    ck_assert_int_eq(site->liable_party, SEI_LIABLE_ABSENT);
    ck_assert_int_eq(site->utc_offset_us, INT64_C(32400) * 1000000);
    ck_assert_int_eq(site->run.start_us, at("2023-03-31T21:00Z"));
    ck_assert_int_eq(site->run.end_us, at("2024-03-31T15:00Z"));
    ck_assert_int_eq(site->run.initial, SEI_INITIAL_STEADY);
    T_CLOSE(site->run.output_interval_s, 21600.0, 1e-15);
    T_CLOSE(site->run.abs_tol_molal, 1e-8, 1e-12);
    T_CLOSE(site->run.dt_max_s, 172800.0, 1e-15);
}
END_TEST

START_TEST(numbers_are_si_whatever_unit_their_key_carries)
{
    const sei_unit_spec *iron = &site->units[0];
    const sei_unit_spec *bed  = &site->units[1];
    const size_t volume = sei_param_index(iron->type->params, iron->type->n_params, "volume_m3");
    const size_t depth  = sei_param_index(iron->type->params, iron->type->n_params, "depth_m");
    const size_t layer =
        sei_param_index(bed->type->layer_params, bed->type->n_layer_params, "depth_m");

    T_CLOSE(iron->params[volume], 0.78, 1e-12);
    T_CLOSE(iron->params[depth], 1.0, 1e-12);
    T_CLOSE(bed->layers[0].params[layer], 0.1, 1e-12);
    T_CLOSE(bed->layers[1].params[layer], 0.6, 1e-12);
    ck_assert_str_eq(bed->layers[1].name_ja, "もみ殻層");
    ck_assert_uint_eq(iron->where.line, 39);
    T_CLOSE(site->limits.discharge_m3_d, 144.0, 1e-12);
    T_CLOSE(sei_influent_find(&site->influent, "flow", SEI_FRACTION_TOTAL)->constant.value_si,
            5.2e-3 / 60, 1e-12);
    T_CLOSE(sei_influent_find(&site->influent, "temp", SEI_FRACTION_TOTAL)->constant.value_si,
            288.15, 1e-12);
    /* 3 mmol/L of SO4, 96.06 g/mol */
    T_CLOSE(sei_influent_find(&site->influent, "so4", SEI_FRACTION_TOTAL)->constant.value_si,
            3 * 0.09606, 1e-4);
    T_CLOSE(site->influent.fe2_share, 0.95, 1e-12);
    ck_assert_str_eq(site->influent.balance->key, "so4");
}
END_TEST

/* A parameter resolved here, by the catalogue and by its own row is one and the same number. */
START_TEST(catalogues_and_site_files_agree_on_si)
{
    double values[SEI_RATE_PARAMS_MAX], unit_values[64];

    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        sei_rate_defaults(law, values);
        for (size_t i = 0; i < law->n_params; i++)
            ck_assert_msg(isnan(values[i]) ||
                              values[i] == sei_param_si(&law->params[i], law->params[i].def),
                          "%s.%s", law->key, law->params[i].key);
    }
    for (size_t u = 0; u < sei_unit_type_count(); u++) {
        const sei_unit_type *type = sei_unit_type_at(u);
        ck_assert_uint_le(type->n_params, T_COUNT(unit_values));
        sei_unit_defaults(type->params, type->n_params, unit_values);
        for (size_t i = 0; i < type->n_params; i++)
            ck_assert_msg(isnan(unit_values[i]) ||
                              unit_values[i] == sei_param_si(&type->params[i], type->params[i].def),
                          "%s.%s", type->key, type->params[i].key);
    }
}
END_TEST

START_TEST(feeds_have_their_shares)
{
    ck_assert_uint_eq(site->n_units, 4);
    ck_assert_uint_eq(site->units[0].n_feeds, 0);
    ck_assert_uint_eq(site->units[2].n_feeds, 1);
    ck_assert_str_eq(site->units[2].feeds[0].from, "iron-bed");
    T_NEAR(site->units[2].feeds[0].fraction, 0.5, 1e-15);
    ck_assert_uint_eq(site->units[3].n_feeds, 2);
    ck_assert_str_eq(site->units[3].feeds[1].from, "srb-b");
    T_NEAR(site->units[3].feeds[1].fraction, 1.0, 0);
    ck_assert_uint_eq(sei_site_find_unit(site, "srb-b"), 2);
    ck_assert_uint_eq(sei_site_find_unit(site, "srb"), 4);
}
END_TEST

START_TEST(a_changed_rate_names_law_parameter_and_si_value)
{
    const sei_unit_spec *iron = &site->units[0];

    ck_assert_uint_eq(iron->n_overrides, 1);
    ck_assert_str_eq(iron->overrides[0].law->key, "fe2-abiotic");
    ck_assert_str_eq(iron->overrides[0].law->params[iron->overrides[0].param].key, "k_floor_1_s");
    T_CLOSE(iron->overrides[0].value, 1e-9, 1e-12);
    ck_assert_uint_eq(site->units[1].n_overrides, 0);
}
END_TEST

START_TEST(rules_of_the_site_are_dated_and_in_si)
{
    const sei_limits_site *limits = &site->limits;

    ck_assert_str_eq(limits->table, "effluent");
    ck_assert_str_eq(limits->industry, "metal_mining");
    ck_assert_uint_eq(limits->n_rules, 5);
    const sei_limit_rule *cd = &limits->rules[0], *ph = &limits->rules[1];
    ck_assert_str_eq(cd->quantity->key, "cd");
    ck_assert_int_eq(cd->kind, SEI_RULE_OVERRIDE);
    ck_assert(cd->has_max && !cd->has_min);
    T_CLOSE(cd->max_si, 1e-5, 1e-12);
    ck_assert_int_eq(cd->from_us, at("2025-04-01"));
    ck_assert_int_eq(cd->to_us, at("2030-04-01"));
    ck_assert_str_eq(cd->reason, "agreement with the town");
    ck_assert(ph->has_min && ph->has_max);
    T_NEAR(ph->min_si, 6.0, 0);
    ck_assert_int_eq(ph->from_us, INT64_MIN);
    ck_assert_int_eq(ph->to_us, INT64_MAX);
    const sei_limit_rule *exempt = &limits->rules[2], *aim = &limits->rules[4];
    ck_assert_int_eq(exempt->kind, SEI_RULE_EXEMPT);
    ck_assert_int_eq(exempt->fraction, SEI_FRACTION_DISSOLVED);
    ck_assert_int_eq(aim->kind, SEI_RULE_TARGET);
    T_CLOSE(aim->max_si, 1e-3, 1e-12);
}
END_TEST

START_TEST(the_limit_that_holds_at_a_date_follows_from_the_rules)
{
    sei_limit found[SEI_LIMITS_AT_MAX];

    const sei_quantity *zn = sei_quantity_find("zn");
    ck_assert_uint_ge(sei_limits_at(site->limit_tables, &site->limits, zn, SEI_FRACTION_TOTAL,
                                    at("2024-06-01"), found),
                      1);
    T_CLOSE(found[0].max_si, 1e-3, 1e-12); /* the second aim, not the law's 2 mg/L */
    ck_assert(found[0].is_target);
}
END_TEST

START_TEST(series_win_and_constants_fill_their_gaps)
{
    const sei_influent_row *zn   = sei_influent_find(&site->influent, "zn", SEI_FRACTION_TOTAL);
    const sei_influent_row *ph   = sei_influent_find(&site->influent, "ph", SEI_FRACTION_TOTAL);
    sei_series_cursor       here = {0};

    ck_assert_ptr_nonnull(zn->series);
    ck_assert(zn->has_constant);
    T_CLOSE(sei_influent_at(zn, &here, at("2023-04-02")).value_si, 0.015, 1e-12);
    T_CLOSE(sei_influent_at(zn, &here, at("2023-04-03")).value_si, 0.020, 1e-12);
    /* 3 April to 1 May is longer than max_gap_d: 10 */
    T_CLOSE(sei_influent_at(zn, &here, at("2023-04-20")).value_si, 0.018, 1e-12);
    T_CLOSE(sei_influent_at(zn, &here, at("2023-06-01")).value_si, 0.030, 1e-12); /* held */
    ck_assert_ptr_null(ph->series);
    T_CLOSE(sei_influent_at(ph, &here, at("2023-06-01")).value_si, 3.5, 1e-15);
    ck_assert_ptr_null(sei_influent_find(&site->influent, "zn", SEI_FRACTION_DISSOLVED));
    const sei_value cd = sei_influent_find(&site->influent, "cd", SEI_FRACTION_TOTAL)->constant;
    ck_assert_int_eq(cd.qc, SEI_QC_BELOW_LOQ);
    T_CLOSE(cd.loq_si, 1e-5, 1e-12);
}
END_TEST

START_TEST(observations_are_read_with_japanese_headers)
{
    ck_assert_uint_eq(site->n_observations, 1);
    ck_assert_str_eq(site->observations[0].unit, "outlet");
    const sei_series *zn =
        sei_series_set_find(site->observations[0].series, "zn", SEI_FRACTION_TOTAL);
    ck_assert_ptr_nonnull(zn);
    ck_assert_uint_eq(zn->n, 2);
    T_CLOSE(zn->value_si[0], 5e-5, 1e-12);
    ck_assert_int_eq(zn->qc[1], SEI_QC_BELOW_LOQ);
}
END_TEST

START_TEST(monthly_means_are_joined_by_straight_lines)
{
    const sei_climate_row *air  = &site->climate.air;
    sei_series_cursor      here = {0};
    double                 k    = 0;

    ck_assert_int_eq(air->kind, SEI_CLIMATE_MONTHLY);
    /* middle of April (30 days): 16 April 00:00; of December: 16 December 12:00 */
    ck_assert(sei_climate_at(air, &here, at("2023-04-16"), SEI_JST_OFFSET, &k));
    T_NEAR(k, 273.15 + 9, 1e-9);
    ck_assert(sei_climate_at(air, &here, at("2023-12-16T12:00"), SEI_JST_OFFSET, &k));
    T_NEAR(k, 273.15 + 2, 1e-9);
    /* the turn of a month lies half way between the two means: (2 + -1) / 2 */
    ck_assert(sei_climate_at(air, &here, at("2024-01-01"), SEI_JST_OFFSET, &k));
    T_NEAR(k, 273.15 + 0.5, 1e-9);
    ck_assert(sei_climate_at(&site->climate.ground, &here, at("2024-01-01"), SEI_JST_OFFSET, &k));
    T_NEAR(k, 273.15 + 11, 1e-9);
}
END_TEST

START_TEST(marked_values_keep_path_value_unit_and_reason)
{
    static const struct {
        const char   *path, *value, *unit, *reason;
        sei_note_kind kind;
    } want[] = {
        {"influent.temp_c", "15", "°C", "facts of the mine", SEI_NOTE_SOURCE},
        {"influent.fe2_share_pct", "95", "%", "mine water with little oxygen", SEI_NOTE_ASSUMED},
        {"climate.air_temperature_c", "-1, 0, 3, 9, 15, 19, 23, 25, 20, 14, 8, 2", "°C",
         "read off a map", SEI_NOTE_ASSUMED},
        {"train[1].depth_cm", "100", "cm", "not published", SEI_NOTE_ASSUMED},
        {"train[2].layers[2].porosity", "0.6", "", "as built", SEI_NOTE_ASSUMED},
    };

    ck_assert_uint_eq(site->n_notes, T_COUNT(want));
    for (size_t i = 0; i < T_COUNT(want); i++) {
        const sei_site_note *note = &site->notes[i];
        ck_assert_str_eq(note->path, want[i].path);
        ck_assert_str_eq(note->value, want[i].value);
        ck_assert_str_eq(note->unit, want[i].unit);
        ck_assert_str_eq(note->reason, want[i].reason);
        ck_assert_int_eq(note->kind, want[i].kind);
    }
    ck_assert_uint_eq(site->notes[3].where.line, 43);
}
END_TEST

START_TEST(files_that_were_read_are_listed_with_their_hash)
{
    ck_assert_uint_eq(site->n_files, 3);
    ck_assert_str_eq(site->files[0].path, "tests/data/site/full.yaml");
    ck_assert_str_eq(site->files[1].path, "tests/data/site/influent.csv");
    ck_assert_str_eq(site->files[2].path, "tests/data/site/outlet.csv");
    ck_assert_uint_eq(strlen(site->files[0].sha256), 64);
    ck_assert_str_ne(site->files[1].sha256, site->files[2].sha256);
}
END_TEST

/* ---- small files ------------------------------------------------------------------------------ */

#define SMALL                                                         \
    "site: {name: A}\ninfluent: {flow_l_min: 5, temp_c: 15, ph: 3}\n" \
    "climate: {air_temperature_c: 10}\ntrain: [{type: tank, name: a, volume_m3: 1}]\n"

START_TEST(a_steady_run_needs_no_end)
{
    T_OK(ctx, parse(SMALL "run: {start: 2024-04-01, mode: steady}\n"));
    ck_assert_int_gt(site->run.end_us, site->run.start_us);
    ck_assert_str_eq(site->limits.table, "effluent");
    T_NEAR(site->limits.discharge_m3_d, -1, 0);
    ck_assert_int_eq(site->climate.ground.kind, SEI_CLIMATE_NONE);
    T_CONTAINS(site->model.database, "thermo/minewater.dat");
}
END_TEST

START_TEST(components_and_solids_are_kept_in_order)
{
    T_OK(ctx, parse(SMALL "run: {start: 2024-04-01, mode: steady}\n"
                          "model: {database: ./my.dat, components: [Fe(2), Zn], solids: [bran],\n"
                          "  rates: {fe2-abiotic: {ea_kj_mol: 20}}}\n"));
    ck_assert_str_eq(site->model.database, "tests/data/site/./my.dat");
    ck_assert_uint_eq(site->model.n_components, 2);
    ck_assert_str_eq(site->model.components[1], "Zn");
    ck_assert_uint_eq(site->model.n_solids, 1);
    ck_assert_str_eq(site->model.solids[0], "bran");
    ck_assert_uint_eq(site->model.n_rates, 1);
    T_CLOSE(site->model.rates[0].value, 20000.0, 1e-12);
}
END_TEST

START_TEST(dates_are_taken_in_the_zone_of_the_site)
{
    T_OK(ctx, parse("run: {start: 2024-04-01, mode: steady}\n"
                    "influent: {flow_l_min: 5, temp_c: 15, ph: 3}\n"
                    "climate: {air_temperature_c: 10}\n"
                    "train: [{type: tank, name: a, volume_m3: 1}]\n"
                    "site: {name: A, utc_offset: \"-03:30\"}\n"));
    ck_assert_int_eq(site->run.start_us, at("2024-04-01T03:30Z"));
}
END_TEST

static void count(void *user, sei_status status, const sei_where *where, const char *text)
{
    size_t *n = user;

    (void)status;
    (void)where;
    (void)text;
    (*n)++;
}

START_TEST(at_most_a_hundred_problems_are_told)
{
    char   text[8000] = SMALL "run: {start: 2024-04-01, mode: steady}\nlimits:\n  targets:\n";
    size_t used = strlen(text), n = 0;

    for (int i = 0; i < 150; i++)
        used += (size_t)snprintf(text + used, sizeof text - used, "    qq%d_mg_l: {max: 2}\n", i);
    T_STATUS(ctx, sei_site_parse(ctx, "site.yaml", ".", text, used, count, &n, &site), SEI_E_KEY);
    ck_assert_uint_eq(n, SEI_PROBLEMS_MAX);
}
END_TEST

START_TEST(the_starter_file_is_sound)
{
    T_OK(ctx, sei_site_read(ctx, "data/templates/site.yaml", NULL, NULL, &site));
    ck_assert_uint_eq(site->n_units, 2);
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 0);
}
END_TEST

/* ---- memory ----------------------------------------------------------------------------------- */

typedef struct {
    size_t left; /* allocations that still succeed */
    bool   failed;
} shortage;

static void *short_resize(void *user, void *p, size_t size)
{
    shortage *s = user;

    if (size == 0) {
        free(p);
        return NULL;
    }
    if (s->left == 0) {
        s->failed = true;
        return NULL;
    }
    s->left--;
    return realloc(p, size);
}

START_TEST(every_failing_allocation_is_a_status)
{
    bool is_done = false;

    for (size_t n = 1; !is_done && n < 3000; n += n < 400 ? 1 : 13) {
        shortage            s     = {n, false};
        const sei_allocator a     = {short_resize, &s};
        sei_ctx            *scant = sei_ctx_create(&a);
        sei_site           *got   = NULL;

        ck_assert_ptr_nonnull(scant);
        const sei_status st = sei_site_read(scant, "tests/data/site/full.yaml", NULL, NULL, &got);
        ck_assert_msg(st == SEI_OK || (s.failed && st == SEI_E_NOMEM), "after %zu: %s %s", n,
                      sei_status_name(st), sei_ctx_error(scant));
        ck_assert((st == SEI_OK) == (got != NULL));
        is_done = st == SEI_OK && !s.failed;
        sei_site_free(got);
        sei_ctx_free(scant);
    }
    ck_assert(is_done);
}
END_TEST

/* ---- the manual ------------------------------------------------------------------------------- */

START_TEST(the_manual_names_every_key)
{
    char  *page = NULL;
    size_t len  = 0;

    T_OK(ctx, sei_file_read(ctx, "docs/files-site.md", 1 << 20, &page, &len));
    for (size_t i = 0; sei_site_section_at(i); i++) {
        const sei_key_section *section = sei_site_section_at(i);
        char                   mark[100];
        snprintf(mark, sizeof mark, section->path[0] ? "\n## `%s`\n" : "\n## The file\n",
                 section->path);
        const char *part = strstr(page, mark);
        ck_assert_msg(part != NULL, "docs/files-site.md lacks %s", mark);
        const char *end = strstr(part + 4, "\n## ");
        for (size_t k = 0; k < section->n; k++) {
            snprintf(mark, sizeof mark, "\n| `%s` |", section->rows[k].key);
            const char *row = strstr(part, mark);
            ck_assert_msg(row && (!end || row < end), "docs/files-site.md lacks %s.%s",
                          section->path, section->rows[k].key);
        }
    }
    sei_release(ctx, page);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("site");
    TCase *full = tcase_create("full"), *small = tcase_create("small");

    tcase_add_checked_fixture(full, setup_full, teardown);
    tcase_add_test(full, place_and_period_are_resolved);
    tcase_add_test(full, numbers_are_si_whatever_unit_their_key_carries);
    tcase_add_test(full, feeds_have_their_shares);
    tcase_add_test(full, a_changed_rate_names_law_parameter_and_si_value);
    tcase_add_test(full, rules_of_the_site_are_dated_and_in_si);
    tcase_add_test(full, the_limit_that_holds_at_a_date_follows_from_the_rules);
    tcase_add_test(full, series_win_and_constants_fill_their_gaps);
    tcase_add_test(full, observations_are_read_with_japanese_headers);
    tcase_add_test(full, monthly_means_are_joined_by_straight_lines);
    tcase_add_test(full, marked_values_keep_path_value_unit_and_reason);
    tcase_add_test(full, files_that_were_read_are_listed_with_their_hash);
    suite_add_tcase(suite, full);
    tcase_add_checked_fixture(small, setup, teardown);
    tcase_set_timeout(small, 120);
    tcase_add_test(small, catalogues_and_site_files_agree_on_si);
    tcase_add_test(small, a_steady_run_needs_no_end);
    tcase_add_test(small, components_and_solids_are_kept_in_order);
    tcase_add_test(small, dates_are_taken_in_the_zone_of_the_site);
    tcase_add_test(small, at_most_a_hundred_problems_are_told);
    tcase_add_test(small, the_starter_file_is_sound);
    tcase_add_test(small, every_failing_allocation_is_a_status);
    tcase_add_test(small, the_manual_names_every_key);
    suite_add_tcase(suite, small);
    return t_run(suite);
}
