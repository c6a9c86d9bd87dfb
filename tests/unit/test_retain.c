/* test_retain.c - how long points stay is said in the settings, and done only then */
#include "base/file.h"
#include "server/retain.h"
#include "store/audit.h"
#include "store_case.h"

START_TEST(patterns_fit_part_by_part)
{
    static const struct {
        const char *pattern, *name;
        bool        fits;
    } rows[] = {
        {"*/*/*", "mine/outlet/ph", true},
        {"mine/*/ph", "mine/outlet/ph", true},
        {"mine/outlet/ph", "mine/outlet/ph", true},
        {"mine/outlet/p", "mine/outlet/ph", false},
        {"mine/outlet/ph2", "mine/outlet/ph", false},
        {"*/*", "mine/outlet/ph", false},
        {"*/*/*/*", "mine/outlet/ph", false},
        {"m*/outlet/ph", "mine/outlet/ph", false},
        {"", "mine/outlet/ph", false},
    };

    for (size_t i = 0; i < T_COUNT(rows); i++)
        ck_assert_msg(sei_retain_fits(rows[i].pattern, rows[i].name) == rows[i].fits, "%s",
                      rows[i].pattern);
}
END_TEST

static sei_status read_config(store_case *c, sei_arena *arena, const char *more,
                              sei_server_config *config)
{
    char path[100], text[500];

    snprintf(path, sizeof path, "%s/settings.yaml", c->folder);
    snprintf(text, sizeof text, "store: x.db\nsecret: key\n%s", more);
    T_OK(c->ctx, sei_file_write(c->ctx, path, text, strlen(text)));
    const sei_status st = sei_server_read_config(c->ctx, path, arena, config);
    unlink(path);
    return st;
}

START_TEST(settings_say_how_long_and_the_last_line_counts)
{
    store_case        c;
    sei_arena         arena;
    sei_server_config config;

    store_case_open(&c);
    sei_arena_init(&arena, c.ctx);
    T_OK(c.ctx, read_config(&c, &arena, "", &config));
    ck_assert_int_eq(sei_retain_days(&config, "mine/outlet/c1"), 0);
    T_OK(c.ctx, read_config(&c, &arena,
                            "keep_points_days:\n  \"*/*/*\": 3650\n  \"mine/*/c1\": 10\n"
                            "  mine/inlet/c1: 0\n",
                            &config));
    ck_assert_int_eq(sei_retain_days(&config, "mine/outlet/c1"), 10);
    ck_assert_int_eq(sei_retain_days(&config, "mine/inlet/c1"), 0);
    ck_assert_int_eq(sei_retain_days(&config, "other/inlet/c1"), 3650);
    T_STATUS(c.ctx, read_config(&c, &arena, "keep_points_days: {mine: 3}\n", &config), SEI_E_KEY);
    T_STATUS(c.ctx, read_config(&c, &arena, "keep_points_days: {a/b/c: -1}\n", &config),
             SEI_E_RANGE);
    T_STATUS(c.ctx, read_config(&c, &arena, "keep_points_days: 30\n", &config), SEI_E_TYPE);
    sei_arena_done(&arena);
    store_case_close(&c);
}
END_TEST

static int64_t count(store_case *c, const char *sql)
{
    int64_t n = -1;

    T_OK(c->ctx, sei_db_get_int(sei_store_db(c->store), sql, 0, NULL, NULL, &n));
    return n;
}

START_TEST(only_channels_with_a_limit_lose_points_and_it_is_written_down)
{
    enum { N = 2000 };
    store_case         c;
    sei_record_outcome outcome = {0};
    sei_server_config  config  = sei_server_defaults();
    int64_t            n = 0, bad = -1;
    uint8_t            last[SEI_AUDIT_HASH];

    store_case_open(&c);
    store_case_seed(&c);
    T_OK(c.ctx, sei_store_begin(c.store));
    for (int64_t i = 0; i < N; i++) {
        sei_reading readings[2] = {{1, i * SEI_US_PER_HOUR, 1.5, SEI_POINT_VALUE},
                                   {2, i * SEI_US_PER_HOUR, 2.5, SEI_POINT_VALUE}};
        T_OK(c.ctx, sei_store_add_record(c.store,
                                         &(sei_record){.station_id  = 1,
                                                       .epoch       = 1,
                                                       .seq         = i,
                                                       .is_numbered = true,
                                                       .n           = 2,
                                                       .readings    = readings},
                                         &outcome));
    }
    T_OK(c.ctx, sei_store_end(c.store, SEI_OK));
    const int64_t segments = count(&c, "SELECT count(*) FROM segment");
    T_OK(c.ctx, sei_retain_run(&config, c.store, 10000 * SEI_US_PER_DAY));
    ck_assert_int_eq(count(&c, "SELECT count(*) FROM segment"), segments);
    config.keep_points[0].pattern = "mine/outlet/c1";
    config.keep_points[0].days    = 30;
    config.n_keep_points          = 1;
    T_OK(c.ctx, sei_retain_run(&config, c.store, 10000 * SEI_US_PER_DAY));
    ck_assert_int_eq(count(&c, "SELECT count(*) FROM segment WHERE channel_id = 1"), 0);
    ck_assert_int_eq(count(&c, "SELECT count(*) FROM point WHERE channel_id = 1"), 0);
    ck_assert_int_gt(count(&c, "SELECT count(*) FROM segment WHERE channel_id = 2"), 0);
    ck_assert_int_gt(count(&c, "SELECT count(*) FROM rollup WHERE channel_id = 1"), 80);
    ck_assert_int_eq(count(&c, "SELECT count(*) FROM audit WHERE action = 'purge-points' AND"
                               " object = 'channel:1' AND detail LIKE '{\"points\":2000,%'"),
                     1);
    T_OK(c.ctx, sei_retain_run(&config, c.store, 10000 * SEI_US_PER_DAY)); /* nothing to do */
    ck_assert_int_eq(count(&c, "SELECT count(*) FROM audit"), 1);
    T_OK(c.ctx, sei_audit_verify(c.store, &n, &bad, last));
    ck_assert(n == 1 && bad == 0);
    store_case_close(&c);
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("retain");
    TCase *tc    = tcase_create("retain");

    tcase_add_test(tc, patterns_fit_part_by_part);
    tcase_add_test(tc, settings_say_how_long_and_the_last_line_counts);
    tcase_add_test(tc, only_channels_with_a_limit_lose_points_and_it_is_written_down);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
