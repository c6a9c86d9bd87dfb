/* test_water_limits.c - limits of the law by date, rules of a site, compliance */
#include "base/clock.h"
#include "base/file.h"
#include "seiryu/water.h"
#include "t.h"
#include "water_memory.h"

static int64_t jst(int year, int month, int day)
{
    const sei_civil c = {.year = year, .month = month, .day = day};

    return sei_time_from_civil(&c, SEI_JST_OFFSET);
}

static sei_limits *load(sei_ctx *ctx)
{
    sei_limits *limits = NULL;

    T_OK(ctx, sei_limits_load(ctx, NULL, &limits));
    return limits;
}

static const sei_limits_site river_mine = {
    .table = "effluent", .industry = "metal_mining", .discharge_m3_d = 144};
static const sei_limits_site river_plant = {.table = "effluent", .discharge_m3_d = 144};

/* Upper limit in mg/L on a day; negative when there is none. */
static double max_on(const sei_limits *limits, const sei_limits_site *site, const char *key,
                     sei_fraction fraction, int64_t time)
{
    sei_limit    found[SEI_LIMITS_AT_MAX];
    const size_t n = sei_limits_at(limits, site, sei_quantity_find(key), fraction, time, found);

    for (size_t i = 0; i < n; i++)
        if (found[i].statistic == SEI_LIMIT_EACH_SAMPLE && found[i].has_max)
            return found[i].max_si * 1e3;
    return -1;
}

/* Uniform effluent standard: values of the Ministry's table (env.go.jp/water/impure/haisui.html) and
 * the dates of the amending ordinances for Zn (2006-12-11), Cd (2014-12-01) and Cr(VI)
 * (2024-04-01), with the values that metal mines kept until 2021. */
START_TEST(effluent_standard_by_date)
{
    static const struct {
        const char  *key;
        sei_fraction fraction;
        bool         mine;
        int          y, m, d;
        double       max;
    } ref[] = {
        {"zn", SEI_FRACTION_TOTAL, false, 2006, 12, 10, 5},
        {"zn", SEI_FRACTION_TOTAL, false, 2006, 12, 11, 2},
        {"zn", SEI_FRACTION_TOTAL, true, 2006, 12, 10, 5},
        {"zn", SEI_FRACTION_TOTAL, true, 2006, 12, 11, 5},
        {"zn", SEI_FRACTION_TOTAL, true, 2016, 12, 10, 5},
        {"zn", SEI_FRACTION_TOTAL, true, 2016, 12, 11, 5},
        {"zn", SEI_FRACTION_TOTAL, true, 2021, 12, 10, 5},
        {"zn", SEI_FRACTION_TOTAL, true, 2021, 12, 11, 2},
        {"cd", SEI_FRACTION_TOTAL, false, 2014, 11, 30, 0.1},
        {"cd", SEI_FRACTION_TOTAL, false, 2014, 12, 1, 0.03},
        {"cd", SEI_FRACTION_TOTAL, true, 2014, 11, 30, 0.1},
        {"cd", SEI_FRACTION_TOTAL, true, 2014, 12, 1, 0.08},
        {"cd", SEI_FRACTION_TOTAL, true, 2016, 12, 1, 0.08},
        {"cd", SEI_FRACTION_TOTAL, true, 2021, 11, 30, 0.08},
        {"cd", SEI_FRACTION_TOTAL, true, 2021, 12, 1, 0.03},
        {"cr6", SEI_FRACTION_TOTAL, true, 2024, 3, 31, 0.5},
        {"cr6", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 0.2},
        {"pb", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 0.1},
        {"as", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 0.1},
        {"hg", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 0.005},
        {"cn", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 1},
        {"se", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 0.1},
        {"b", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 10},
        {"f", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 8},
        {"cu", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 3},
        {"fe", SEI_FRACTION_DISSOLVED, true, 2024, 4, 1, 10},
        {"mn", SEI_FRACTION_DISSOLVED, true, 2024, 4, 1, 10},
        {"fe", SEI_FRACTION_TOTAL, true, 2024, 4, 1, -1}, /* only the dissolved is limited */
        {"cr", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 2},
        {"ss", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 200},
        {"bod", SEI_FRACTION_TOTAL, true, 2024, 4, 1, 160},
        {"cod", SEI_FRACTION_TOTAL, true, 2024, 4, 1, -1}, /* sea and lakes */
        {"tn", SEI_FRACTION_TOTAL, true, 2024, 4, 1, -1},  /* designated waters */
        {"tce", SEI_FRACTION_TOTAL, true, 2015, 10, 20, 0.3},
        {"tce", SEI_FRACTION_TOTAL, true, 2015, 10, 21, 0.1},
        {"so4", SEI_FRACTION_TOTAL, true, 2024, 4, 1, -1},
    };
    sei_ctx    *ctx    = sei_ctx_create(NULL);
    sei_limits *limits = load(ctx);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const double max = max_on(limits, ref[i].mine ? &river_mine : &river_plant, ref[i].key,
                                  ref[i].fraction, jst(ref[i].y, ref[i].m, ref[i].d));
        ck_assert_msg(fabs(max - ref[i].max) < 1e-12, "%s on %d-%d-%d: %g", ref[i].key, ref[i].y,
                      ref[i].m, ref[i].d, max);
    }
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(limits_depend_on_the_discharge_and_the_water)
{
    sei_ctx        *ctx    = sei_ctx_create(NULL);
    sei_limits     *limits = load(ctx);
    const int64_t   now    = jst(2024, 6, 1);
    sei_limits_site small = river_mine, sea = river_mine, unknown = river_mine, bay = river_mine;
    sei_limit       found[SEI_LIMITS_AT_MAX];

    small.discharge_m3_d   = 49.9;
    unknown.discharge_m3_d = -1;
    sea.to_sea             = true;
    bay.designated_water   = true;
    ck_assert(max_on(limits, &small, "zn", SEI_FRACTION_TOTAL, now) < 0);
    T_CLOSE(max_on(limits, &small, "cd", SEI_FRACTION_TOTAL, now), 0.03, 1e-12); /* health item */
    T_CLOSE(max_on(limits, &unknown, "zn", SEI_FRACTION_TOTAL, now), 2, 1e-12);
    T_CLOSE(max_on(limits, &sea, "b", SEI_FRACTION_TOTAL, now), 230, 1e-12);
    T_CLOSE(max_on(limits, &sea, "cod", SEI_FRACTION_TOTAL, now), 160, 1e-12);
    T_CLOSE(max_on(limits, &bay, "tn", SEI_FRACTION_TOTAL, now), 120, 1e-12);

    ck_assert_uint_eq(
        sei_limits_at(limits, &river_mine, sei_quantity_find("ph"), SEI_FRACTION_TOTAL, now, found),
        1);
    ck_assert(found[0].min_si == 5.8 && found[0].max_si == 8.6 && !found[0].unit);
    sei_limits_at(limits, &sea, sei_quantity_find("ph"), SEI_FRACTION_TOTAL, now, found);
    ck_assert(found[0].min_si == 5.0 && found[0].max_si == 9.0);
    ck_assert_uint_eq(
        sei_limits_at(limits, &river_mine, sei_quantity_find("ss"), SEI_FRACTION_TOTAL, now, found),
        2); /* 200 each sample, 150 daily mean */
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(every_row_carries_source_or_the_mark_unverified)
{
    sei_ctx    *ctx        = sei_ctx_create(NULL);
    sei_limits *limits     = load(ctx);
    size_t      unverified = 0, len = 0;
    char       *bib = NULL, key[128];

    T_OK(ctx, sei_file_read(ctx, SEI_PROJECT_DIR "/docs/references.bib", 1 << 24, &bib, &len));

    ck_assert_uint_ge(sei_limits_count(limits), 60);
    for (size_t i = 0; i < sei_limits_count(limits); i++) {
        const sei_limit *l = sei_limits_row(limits, i);
        ck_assert(l->status == SEI_LIMIT_UNVERIFIED || l->source[0]);
        ck_assert(l->from_us < l->to_us);
        snprintf(key, sizeof key, "{%s,", l->source);
        ck_assert_msg(!l->source[0] || strstr(bib, key), "%s is not in references.bib", l->source);
        unverified += l->status == SEI_LIMIT_UNVERIFIED;
    }
    ck_assert_uint_ge(unverified, 1);
    ck_assert(sei_limits_has_table(limits, "environment"));
    ck_assert(sei_limits_has_table(limits, "farm_water"));
    ck_assert(!sei_limits_has_table(limits, "efluent"));
    sei_release(ctx, bib);
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

/* Rows of one table, quantity, fraction, statistic, industry and water must not overlap in time. */
START_TEST(shipped_rows_do_not_contradict_each_other)
{
    sei_ctx    *ctx    = sei_ctx_create(NULL);
    sei_limits *limits = load(ctx);

    for (size_t i = 0; i < sei_limits_count(limits); i++) {
        for (size_t j = 0; j < i; j++) {
            const sei_limit *a = sei_limits_row(limits, i), *b = sei_limits_row(limits, j);
            const bool alike = strcmp(a->table, b->table) == 0 && a->quantity == b->quantity &&
                               a->fraction == b->fraction && a->statistic == b->statistic &&
                               strcmp(a->industry, b->industry) == 0 &&
                               strcmp(a->applies_if, b->applies_if) == 0;
            ck_assert_msg(!alike || a->from_us >= b->to_us || b->from_us >= a->to_us,
                          "two rows of %s %s overlap", a->table, a->quantity->key);
        }
    }
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- rules of a site ---- */

static sei_limit_rule rule(const char *key, sei_rule_kind kind, double max_mg_l, const char *reason)
{
    return (sei_limit_rule){.quantity = sei_quantity_find(key),
                            .kind     = kind,
                            .has_max  = max_mg_l > 0,
                            .max_si   = max_mg_l * 1e-3,
                            .from_us  = INT64_MIN,
                            .to_us    = INT64_MAX,
                            .reason   = reason};
}

START_TEST(site_rules_tighten_exempt_and_replace)
{
    sei_ctx             *ctx     = sei_ctx_create(NULL);
    sei_limits          *limits  = load(ctx);
    const int64_t        now     = jst(2024, 6, 1);
    const sei_limit_rule rules[] = {
        rule("zn", SEI_RULE_OVERRIDE, 1, "県条例（上乗せ）"),
        rule("cu", SEI_RULE_OVERRIDE, 5, "looser than the law"),
        rule("so4", SEI_RULE_OVERRIDE, 500, "協定値"),
        rule("cd", SEI_RULE_TARGET, 0.05, "管理目標値"),
        rule("pb", SEI_RULE_EXEMPT, 0, "不適用"),
        rule("as", SEI_RULE_EXEMPT, 0, "不適用"),
        rule("as", SEI_RULE_TARGET, 0.2, "管理目標値"),
    };
    sei_limits_site site = river_mine;
    sei_limit       found[SEI_LIMITS_AT_MAX];

    site.rules   = rules;
    site.n_rules = T_COUNT(rules);
    T_CLOSE(max_on(limits, &site, "zn", SEI_FRACTION_TOTAL, now), 1, 1e-12);
    T_CLOSE(max_on(limits, &site, "cu", SEI_FRACTION_TOTAL, now), 3, 1e-12);
    T_CLOSE(max_on(limits, &site, "so4", SEI_FRACTION_TOTAL, now), 500, 1e-12);
    T_CLOSE(max_on(limits, &site, "cd", SEI_FRACTION_TOTAL, now), 0.05, 1e-12);
    T_CLOSE(max_on(limits, &site, "as", SEI_FRACTION_TOTAL, now), 0.2, 1e-12);

    sei_limits_at(limits, &site, sei_quantity_find("zn"), SEI_FRACTION_TOTAL, now, found);
    ck_assert_str_eq(found[0].source, "県条例（上乗せ）");
    ck_assert_int_eq(found[0].status, SEI_LIMIT_SITE);
    ck_assert(!found[0].is_target);
    sei_limits_at(limits, &site, sei_quantity_find("cu"), SEI_FRACTION_TOTAL, now, found);
    ck_assert_int_eq(found[0].status, SEI_LIMIT_SOURCED);
    sei_limits_at(limits, &site, sei_quantity_find("cd"), SEI_FRACTION_TOTAL, now, found);
    ck_assert(found[0].is_target);
    ck_assert_uint_eq(
        sei_limits_at(limits, &site, sei_quantity_find("pb"), SEI_FRACTION_TOTAL, now, found), 1);
    ck_assert(!found[0].has_max && !found[0].has_min);
    ck_assert_str_eq(found[0].source, "不適用");
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(site_rules_hold_from_day_to_day)
{
    sei_ctx        *ctx    = sei_ctx_create(NULL);
    sei_limits     *limits = load(ctx);
    sei_limit_rule  own    = rule("zn", SEI_RULE_OVERRIDE, 1, "協定値");
    sei_limits_site site   = river_mine;

    own.from_us  = jst(2020, 4, 1);
    own.to_us    = jst(2023, 4, 1);
    site.rules   = &own;
    site.n_rules = 1;
    T_CLOSE(max_on(limits, &site, "zn", SEI_FRACTION_TOTAL, jst(2020, 3, 31)), 5, 1e-12);
    T_CLOSE(max_on(limits, &site, "zn", SEI_FRACTION_TOTAL, jst(2020, 4, 1)), 1, 1e-12);
    T_CLOSE(max_on(limits, &site, "zn", SEI_FRACTION_TOTAL, jst(2023, 4, 1)), 2, 1e-12);
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(a_site_may_have_rules_without_a_law)
{
    sei_ctx             *ctx    = sei_ctx_create(NULL);
    const sei_limit_rule own    = rule("zn", SEI_RULE_TARGET, 4, "管理目標値");
    sei_limits_site      site   = {.table = "none", .n_rules = 1, .rules = &own};
    sei_limits          *limits = load(ctx);
    sei_limit            found[SEI_LIMITS_AT_MAX];

    T_CLOSE(max_on(limits, &site, "zn", SEI_FRACTION_TOTAL, jst(2024, 6, 1)), 4, 1e-12);
    site.table = NULL;
    ck_assert_uint_eq(sei_limits_at(limits, &site, sei_quantity_find("cu"), SEI_FRACTION_TOTAL,
                                    jst(2024, 6, 1), found),
                      0);
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(sulfur_mines_are_exempt_from_ph_and_dissolved_iron_and_it_shows)
{
    sei_ctx        *ctx    = sei_ctx_create(NULL);
    sei_limits     *limits = load(ctx);
    sei_limits_site site   = river_mine;
    sei_limit       found[SEI_LIMITS_AT_MAX];

    site.industry = "sulfur_mining";
    ck_assert_uint_eq(sei_limits_at(limits, &site, sei_quantity_find("ph"), SEI_FRACTION_TOTAL,
                                    jst(2024, 6, 1), found),
                      1);
    ck_assert(!found[0].has_min && !found[0].has_max);
    ck_assert_int_eq(found[0].status, SEI_LIMIT_UNVERIFIED);
    ck_assert(max_on(limits, &site, "fe", SEI_FRACTION_DISSOLVED, jst(2024, 6, 1)) < 0);
    T_CLOSE(max_on(limits, &site, "zn", SEI_FRACTION_TOTAL, jst(2024, 6, 1)), 2, 1e-12);
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

/* ---- compliance ---- */

static sei_series *series_of(sei_ctx *ctx, const char *text)
{
    sei_table      *t   = NULL;
    sei_series_set *set = NULL;

    T_OK(ctx, sei_table_parse(ctx, "s.csv", text, strlen(text), &t));
    T_OK(ctx, sei_series_from_table(ctx, t, NULL, &set));
    sei_table_free(t);
    sei_series *s  = set->series[0];
    set->series[0] = NULL;
    sei_series_set_free(set);
    return s;
}

static size_t judge(sei_ctx *ctx, const char *text, const sei_limits_site *site,
                    const sei_compliance_options *options, sei_compliance **ret)
{
    sei_limits *limits = load(ctx);
    sei_series *s      = series_of(ctx, text);
    size_t      n      = 0;

    T_OK(ctx, sei_compliance_judge(ctx, s, limits, site, options, ret, &n));
    sei_series_free(s);
    /* numbers only from here on: the strings went with the limits */
    sei_limits_free(limits);
    return n;
}

/* Fiscal 2021 of a metal mine: 5 mg/L until 10 December 2021, 2 mg/L from the next day. */
START_TEST(a_year_with_a_change_is_cut_at_the_change)
{
    static const char text[] = "time,zn_mg_l\n2021-05-01,3\n2021-08-01,6\n2021-12-10,4\n"
                               "2021-12-11,4\n2022-02-01,1\n2022-04-01,1\n2022-06-01,1.5\n";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_compliance   *c      = NULL;

    ck_assert_uint_eq(judge(ctx, text, &river_mine, NULL, &c), 3);
    ck_assert(c[0].is_part && c[1].is_part && !c[2].is_part);
    ck_assert_int_eq(c[0].year, 2021);
    ck_assert_int_eq(c[1].year, 2021);
    ck_assert_int_eq(c[2].year, 2022);
    ck_assert_int_eq(c[0].end_us, jst(2021, 12, 11));
    ck_assert_int_eq(c[1].start_us, jst(2021, 12, 11));
    ck_assert_int_eq(c[1].end_us, jst(2022, 4, 1));

    T_CLOSE(c[0].limit.max_si, 5e-3, 1e-12);
    ck_assert_uint_eq(c[0].n, 3);
    ck_assert_uint_eq(c[0].n_exceed, 1);
    T_CLOSE(c[0].rate, 2.0 / 3, 1e-12);
    T_CLOSE(c[0].mean, 13e-3 / 3, 1e-12);
    ck_assert(c[0].mean_ok);
    T_CLOSE(c[0].margin, 2e-3 / 3, 1e-12);
    T_CLOSE(c[0].ratio, 13.0 / 15, 1e-12);
    T_CLOSE(c[0].worst, 6e-3, 1e-12);
    ck_assert_int_eq(c[0].worst_us, jst(2021, 8, 1));

    T_CLOSE(c[1].limit.max_si, 2e-3, 1e-12);
    ck_assert_uint_eq(c[1].n_exceed, 1);
    T_CLOSE(c[1].mean, 2.5e-3, 1e-12);
    ck_assert(!c[1].mean_ok);
    T_CLOSE(c[1].margin, -0.5e-3, 1e-12);
    ck_assert(c[2].mean_ok && c[2].n_exceed == 0 && c[2].rate == 1);
    sei_release(ctx, c);

    /* a plant that is no mine has 2 mg/L all the time: one result a year */
    ck_assert_uint_eq(judge(ctx, text, &river_plant, NULL, &c), 2);
    ck_assert(!c[0].is_part);
    ck_assert_uint_eq(c[0].n_exceed, 4);
    sei_release(ctx, c);

    const sei_compliance_options calendar = {SEI_PERIOD_YEAR, SEI_LOQ_HALF, false,
                                             SEI_JST_OFFSET_US};
    ck_assert_uint_eq(judge(ctx, text, &river_mine, &calendar, &c), 3);
    ck_assert_uint_eq(c[1].n, 1);
    ck_assert_uint_eq(c[2].n, 3);
    ck_assert_int_eq(c[2].year, 2022);
    sei_release(ctx, c);
    sei_ctx_free(ctx);
}
END_TEST

/* Limit 0.03 mg/L: <0.01 keeps it whatever it is, <0.05 cannot be judged, ND is taken as kept. */
START_TEST(values_below_quantification_are_judged_by_what_is_known)
{
    static const char text[] = "time,cd_mg_l\n2024-05-01,<0.01\n2024-06-01,<0.05\n2024-07-01,ND\n"
                               "2024-08-01,0.04\n2024-09-01,\n2024-10-01,0.02\n";
    static const struct {
        sei_loq_rule rule;
        double       mean;
    } ref[]      = {{SEI_LOQ_ZERO, 0.06 / 5}, {SEI_LOQ_HALF, 0.09 / 5}, {SEI_LOQ_FULL, 0.12 / 5}};
    sei_ctx *ctx = sei_ctx_create(NULL);

    for (size_t i = 0; i < T_COUNT(ref); i++) {
        const sei_compliance_options options = {SEI_PERIOD_FISCAL_YEAR, ref[i].rule, false,
                                                SEI_JST_OFFSET_US};
        sei_compliance              *c       = NULL;
        ck_assert_uint_eq(judge(ctx, text, &river_mine, &options, &c), 1);
        ck_assert_uint_eq(c->n, 4);
        ck_assert_uint_eq(c->n_below_loq, 2);
        ck_assert_uint_eq(c->n_undecided, 1);
        ck_assert_uint_eq(c->n_missing, 1);
        ck_assert_uint_eq(c->n_exceed, 1);
        T_CLOSE(c->rate, 0.75, 1e-12);
        T_CLOSE(c->mean, ref[i].mean * 1e-3, 1e-12);
        sei_release(ctx, c);
    }
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(two_sided_limits_have_the_smaller_margin)
{
    static const char text[] = "time,ph\n2024-05-01,5.7\n2024-06-01,6.0\n2024-07-01,8.7\n"
                               "2024-08-01,6.2\n";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_compliance   *c      = NULL;

    ck_assert_uint_eq(judge(ctx, text, &river_mine, NULL, &c), 1);
    ck_assert_uint_eq(c->n_exceed, 2);
    T_CLOSE(c->mean, 6.65, 1e-12);
    T_CLOSE(c->margin, 0.85, 1e-12); /* to 5.8; 1.95 to 8.6 */
    T_CLOSE(c->worst, 5.7, 1e-12);   /* 0.1 beyond, as 8.7; the first counts */
    sei_release(ctx, c);
    sei_ctx_free(ctx);
}
END_TEST

/* SS: 200 for each sample, 150 for the mean of a day. */
START_TEST(daily_means_are_judged_by_day)
{
    static const char text[] = "time,ss_mg_l\n2024-05-01 09:00,100\n2024-05-01 15:00,190\n"
                               "2024-05-02 09:00,180\n2024-05-02 15:00,140\n2024-05-03 09:00,210\n";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_compliance   *c      = NULL;

    ck_assert_uint_eq(judge(ctx, text, &river_mine, NULL, &c), 2);
    ck_assert_int_eq(c[0].limit.statistic, SEI_LIMIT_EACH_SAMPLE);
    ck_assert_uint_eq(c[0].n, 5);
    ck_assert_uint_eq(c[0].n_exceed, 1);
    ck_assert_int_eq(c[1].limit.statistic, SEI_LIMIT_DAILY_MEAN);
    ck_assert_uint_eq(c[1].n, 3);
    ck_assert_uint_eq(c[1].n_exceed, 2); /* 145, 160, 210 */
    T_CLOSE(c[1].worst, 0.210, 1e-12);
    sei_release(ctx, c);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(what_must_not_be_detected_exceeds_by_any_number)
{
    static const char text[] = "time,cn_mg_l\n2024-05-01,ND\n2024-06-01,<0.1\n2024-07-01,0.1\n";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_compliance   *c      = NULL;
    sei_limits_site   river  = {.table = "environment", .discharge_m3_d = -1};

    ck_assert_uint_eq(judge(ctx, text, &river, NULL, &c), 1);
    ck_assert_uint_eq(c->n, 3);
    ck_assert_uint_eq(c->n_exceed, 1);
    ck_assert(!c->mean_ok);
    sei_release(ctx, c);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(results_become_a_table)
{
    static const char text[] = "time,zn_mg_l\n2024-05-01,0.33\n2024-06-01,<0.01\n";
    sei_ctx          *ctx    = sei_ctx_create(NULL);
    sei_limits       *limits = load(ctx);
    sei_series       *s      = series_of(ctx, text);
    sei_compliance   *c      = NULL;
    sei_table_writer *w      = NULL;
    size_t            n = 0, len = 0;

    T_OK(ctx, sei_compliance_judge(ctx, s, limits, &river_mine, NULL, &c, &n));
    T_OK(ctx, sei_table_writer_create(ctx, NULL, &w));
    sei_compliance_put_header(w);
    sei_compliance_put(w, n, c);
    T_OK(ctx, sei_table_writer_status(w));
    ck_assert_str_eq(
        sei_table_writer_text(w, &len),
        "quantity,name_ja,fraction,unit,limit_table,statistic,limit_min,limit_max,period,year,"
        "is_part,start,end,n,n_exceed,rate,mean,mean_ok,margin,ratio,worst,worst_time,n_below_loq,"
        "loq_rule,n_undecided,n_suspect,n_missing,is_target,limit_status,source,note\n"
        "zn,亜鉛,total,mg/L,effluent,each_sample,,2,fiscal_year,2024,no,"
        "2024-04-01T00:00:00+09:00,2025-04-01T00:00:00+09:00,2,0,1,0.1675,yes,1.8325,0.08375,0.33,"
        "2024-05-01T00:00:00+09:00,1,LOQ/2,0,0,0,no,sourced,env_zn_2006,\n");
    sei_table_writer_free(w);
    sei_release(ctx, c);
    sei_series_free(s);
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

START_TEST(wrong_questions_are_refused)
{
    sei_ctx                     *ctx    = sei_ctx_create(NULL);
    sei_limits                  *limits = load(ctx);
    sei_series                  *s      = series_of(ctx, "time,zn_mg_l\n2024-05-01,0.33\n");
    const sei_limits_site        typo   = {.table = "efluent"};
    const sei_compliance_options day    = {.period = SEI_PERIOD_DAY};
    sei_compliance              *c      = NULL;
    size_t                       n      = 7;

    T_STATUS(ctx, sei_compliance_judge(ctx, s, limits, &typo, NULL, &c, &n), SEI_E_NOT_FOUND);
    ck_assert_str_eq(sei_ctx_error(ctx), "there is no limit table 'efluent'");
    T_STATUS(ctx, sei_compliance_judge(ctx, s, limits, &river_mine, &day, &c, &n), SEI_E_ARG);
    ck_assert_str_eq(sei_ctx_error(ctx), "compliance is judged by year or fiscal_year, not by day");
    ck_assert(c == NULL && n == 7);
    sei_series_free(s);
    sei_limits_free(limits);
    sei_ctx_free(ctx);
}
END_TEST

static sei_status judge_with_short_memory(long n, memory *m)
{
    static const char text[] = "time,zn_mg_l\n2020-05-01,3\n2021-05-01,3\n2022-05-01,0.33\n";
    m->left                  = n;
    const sei_allocator a    = {counting_resize, m};
    sei_ctx            *ctx  = sei_ctx_create(&a);
    if (!ctx)
        return SEI_E_NOMEM;
    sei_limits       *limits  = NULL;
    sei_table        *t       = NULL;
    sei_series_set   *set     = NULL;
    sei_compliance   *c       = NULL;
    sei_table_writer *w       = NULL;
    size_t            n_found = 0;
    sei_status        st      = sei_limits_load(ctx, NULL, &limits);

    if (st == SEI_OK)
        st = sei_table_parse(ctx, "s.csv", text, sizeof text - 1, &t);
    if (st == SEI_OK)
        st = sei_series_from_table(ctx, t, NULL, &set);
    if (st == SEI_OK)
        st = sei_compliance_judge(ctx, set->series[0], limits, &river_mine, NULL, &c, &n_found);
    if (st == SEI_OK)
        st = sei_table_writer_create(ctx, NULL, &w);
    if (st == SEI_OK) {
        ck_assert_uint_eq(n_found, 3);
        sei_compliance_put_header(w);
        sei_compliance_put(w, n_found, c);
        st = sei_table_writer_status(w);
    }
    sei_table_writer_free(w);
    sei_release(ctx, c);
    sei_series_set_free(set);
    sei_table_free(t);
    sei_limits_free(limits);
    sei_ctx_free(ctx);
    return st;
}

START_TEST(every_failing_allocation_is_a_status_and_leaks_nothing)
{
    bool failed = true;
    long n      = 0;

    for (; failed && n < 5000; n++) {
        memory           m  = {0, 0};
        const sei_status st = judge_with_short_memory(n, &m);
        failed              = m.left < 0;
        ck_assert_msg(m.live == 0, "%ld blocks are left when allocation %ld fails", m.live, n);
        /* a data file whose path could not be built counts as not found */
        ck_assert_msg(st == SEI_OK || (failed && (st == SEI_E_NOMEM || st == SEI_E_NOT_FOUND)),
                      "allocation %ld: %s", n, sei_status_name(st));
    }
    ck_assert(!failed);
    ck_assert_int_gt(n, 60);
}
END_TEST

int main(void)
{
    Suite *suite      = suite_create("water: limits");
    TCase *limits     = tcase_create("limits");
    TCase *compliance = tcase_create("compliance");

    tcase_add_test(limits, effluent_standard_by_date);
    tcase_add_test(limits, limits_depend_on_the_discharge_and_the_water);
    tcase_add_test(limits, every_row_carries_source_or_the_mark_unverified);
    tcase_add_test(limits, shipped_rows_do_not_contradict_each_other);
    tcase_add_test(limits, site_rules_tighten_exempt_and_replace);
    tcase_add_test(limits, site_rules_hold_from_day_to_day);
    tcase_add_test(limits, a_site_may_have_rules_without_a_law);
    tcase_add_test(limits, sulfur_mines_are_exempt_from_ph_and_dissolved_iron_and_it_shows);
    tcase_add_test(compliance, a_year_with_a_change_is_cut_at_the_change);
    tcase_add_test(compliance, values_below_quantification_are_judged_by_what_is_known);
    tcase_add_test(compliance, two_sided_limits_have_the_smaller_margin);
    tcase_add_test(compliance, daily_means_are_judged_by_day);
    tcase_add_test(compliance, what_must_not_be_detected_exceeds_by_any_number);
    tcase_add_test(compliance, results_become_a_table);
    tcase_add_test(compliance, wrong_questions_are_refused);
    tcase_add_test(compliance, every_failing_allocation_is_a_status_and_leaks_nothing);
    suite_add_tcase(suite, limits);
    suite_add_tcase(suite, compliance);
    return t_run(suite);
}
