/* test_report_figure.c - figures: same bytes, valid XML, pixels where they belong, CSV, refusals */
#include <cairo.h>
#include <unistd.h>

#include "base/file.h"
#include "t.h"
#include "test_report_samples.h"

static sei_ctx *ctx;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
}

static void teardown(void)
{
    sei_ctx_free(ctx);
}

static char *svg_of(const sei_figure *f, sei_lang lang, size_t *len)
{
    char *text = NULL;

    T_OK(ctx, sei_figure_svg(ctx, f, lang, &text, len));
    return text;
}

START_TEST(same_input_gives_the_same_bytes)
{
    for (size_t i = 0; i < SAMPLE_FIGURES; i++) {
        sei_figure *a = sample_figure(ctx, i), *b = sample_figure(ctx, i);
        size_t      n_a = 0, n_b = 0;
        char       *svg_a = svg_of(a, SEI_LANG_BOTH, &n_a), *svg_b = svg_of(b, SEI_LANG_BOTH, &n_b);
        char       *png_a = NULL, *png_b = NULL;

        ck_assert_uint_eq(n_a, n_b);
        ck_assert(memcmp(svg_a, svg_b, n_a) == 0);
        T_OK(ctx, sei_figure_png(ctx, a, SEI_LANG_JA, &png_a, &n_a));
        T_OK(ctx, sei_figure_png(ctx, b, SEI_LANG_JA, &png_b, &n_b));
        ck_assert_uint_eq(n_a, n_b);
        ck_assert(memcmp(png_a, png_b, n_a) == 0);
        sei_release(ctx, svg_a);
        sei_release(ctx, svg_b);
        sei_release(ctx, png_a);
        sei_release(ctx, png_b);
        sei_figure_free(a);
        sei_figure_free(b);
    }
}
END_TEST

/* Letters are outlines, ids carry the figure's name, nothing is fetched. */
START_TEST(svg_stands_alone)
{
    for (size_t i = 0; i < SAMPLE_FIGURES; i++) {
        sei_figure *f   = sample_figure(ctx, i);
        size_t      len = 0;
        char       *svg = svg_of(f, SEI_LANG_EN, &len), id[100];

        ck_assert_uint_eq(strlen(svg), len);
        ck_assert_ptr_null(strstr(svg, "<text"));
        ck_assert_ptr_null(strstr(svg, "<script"));
        ck_assert_ptr_null(strstr(svg, "<image"));
        ck_assert_ptr_null(strstr(svg, "href=\"http"));
        ck_assert_ptr_nonnull(strstr(svg, "<title"));
        snprintf(id, sizeof id, "id=\"%s-0\"", sei_figure_name(f));
        T_CONTAINS(svg, id);
        for (const char *p = svg; (p = strstr(p, " id=\"")) != NULL; p++)
            ck_assert(strncmp(p + 5, sei_figure_name(f), strlen(sei_figure_name(f))) == 0);
        sei_release(ctx, svg);
        sei_figure_free(f);
    }
}
END_TEST

static char *file_of(const char *folder, const char *name, const char *ending, size_t *len)
{
    char path[300], *text = NULL;

    snprintf(path, sizeof path, "%s/%s.%s", folder, name, ending);
    T_OK(ctx, sei_file_read(ctx, path, 1 << 24, &text, len));
    return text;
}

static void compare_files(const char *one, const char *other, const char *name)
{
    static const char *const endings[] = {"svg", "png", "csv"};

    for (size_t i = 0; i < 3; i++) {
        size_t n_a = 0, n_b = 0;
        char *a = file_of(one, name, endings[i], &n_a), *b = file_of(other, name, endings[i], &n_b);
        ck_assert_uint_eq(n_a, n_b);
        ck_assert_msg(memcmp(a, b, n_a) == 0, "%s.%s", name, endings[i]);
        sei_release(ctx, a);
        sei_release(ctx, b);
    }
}

/* Fonts that are kept from figure to figure and threads leave no trace. */
START_TEST(several_figures_on_threads_are_as_each_alone)
{
    char        alone[] = "/tmp/seiryu-figure-XXXXXX", together[] = "/tmp/seiryu-figure-XXXXXX";
    char        command[300];
    sei_figure *figures[SAMPLE_FIGURES];

    ck_assert_ptr_nonnull(mkdtemp(alone));
    ck_assert_ptr_nonnull(mkdtemp(together));
    for (size_t i = 0; i < SAMPLE_FIGURES; i++) {
        figures[i] = sample_figure(ctx, i);
        T_OK(ctx, sei_figure_save(ctx, figures[i], SEI_LANG_BOTH, alone));
    }
    for (size_t threads = 1; threads <= 4; threads += 3) {
        sei_ctx_set_threads(ctx, threads);
        T_OK(ctx, sei_figures_save(ctx, SAMPLE_FIGURES, (const sei_figure *const *)figures,
                                   SEI_LANG_BOTH, together));
        for (size_t i = 0; i < SAMPLE_FIGURES; i++)
            compare_files(alone, together, sei_figure_name(figures[i]));
    }
    for (size_t i = 0; i < SAMPLE_FIGURES; i++)
        sei_figure_free(figures[i]);
    snprintf(command, sizeof command, "rm -r %s %s", alone, together);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

/* Whichever thread comes to it first. */
START_TEST(of_several_failures_the_first_figure_s_is_told)
{
    char        folder[] = "/tmp/seiryu-figure-XXXXXX", command[300];
    sei_figure *figures[SAMPLE_FIGURES];

    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (size_t i = 0; i < SAMPLE_FIGURES; i++)
        figures[i] = i == 3   ? sei_figure_create(ctx, SEI_FIGURE_TRAIN, "third", L("t", NULL))
                     : i == 4 ? sei_figure_create(ctx, SEI_FIGURE_XY, "fourth", L("t", NULL))
                              : sample_figure(ctx, i);
    sei_ctx_set_threads(ctx, 3);
    for (int again = 0; again < 5; again++) {
        T_STATUS(ctx,
                 sei_figures_save(ctx, SAMPLE_FIGURES, (const sei_figure *const *)figures,
                                  SEI_LANG_JA, folder),
                 SEI_E_MISSING);
        ck_assert_str_eq(sei_ctx_error(ctx), "figure third has no box");
    }
    T_OK(ctx, sei_figures_save(ctx, 0, NULL, SEI_LANG_JA, folder));
    for (size_t i = 0; i < SAMPLE_FIGURES; i++)
        sei_figure_free(figures[i]);
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

START_TEST(svg_is_well_formed_xml)
{
    char folder[] = "/tmp/seiryu-figure-XXXXXX", command[300];

    if (system("command -v python3 >/dev/null 2>&1") != 0) {
        printf("skipped: no python3 to parse XML with\n");
        return;
    }
    ck_assert_ptr_nonnull(mkdtemp(folder));
    for (size_t i = 0; i < SAMPLE_FIGURES; i++) {
        sei_figure *f = sample_figure(ctx, i);
        T_OK(ctx, sei_figure_save(ctx, f, SEI_LANG_BOTH, folder));
        snprintf(command, sizeof command,
                 "python3 -c 'import sys,xml.etree.ElementTree as e; "
                 "assert e.parse(sys.argv[1]).getroot().tag.endswith(\"}svg\")' %s/%s.svg",
                 folder, sei_figure_name(f));
        ck_assert_msg(system(command) == 0, "%s.svg is not well-formed", sei_figure_name(f));
        sei_figure_free(f);
    }
    snprintf(command, sizeof command, "rm -r %s", folder);
    ck_assert_int_eq(system(command), 0);
}
END_TEST

typedef struct {
    const char *at;
    size_t      left;
} source;

static cairo_status_t read_from(void *user, unsigned char *bytes, unsigned int n)
{
    source *s = user;

    if (n > s->left)
        return CAIRO_STATUS_READ_ERROR;
    memcpy(bytes, s->at, n);
    s->at += n;
    s->left -= n;
    return CAIRO_STATUS_SUCCESS;
}

static cairo_surface_t *picture_of(const sei_figure *f, sei_lang lang)
{
    char  *png = NULL;
    size_t len = 0;

    T_OK(ctx, sei_figure_png(ctx, f, lang, &png, &len));
    ck_assert(len > 8 && memcmp(png, "\x89PNG\r\n\x1a\n", 8) == 0);
    source           s       = {png, len};
    cairo_surface_t *surface = cairo_image_surface_create_from_png_stream(read_from, &s);
    ck_assert_int_eq(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    sei_release(ctx, png);
    return surface;
}

START_TEST(png_has_twice_the_pixels_of_the_svg)
{
    sei_figure      *f   = sample_figure(ctx, 4);
    size_t           len = 0;
    char            *svg = svg_of(f, SEI_LANG_BOTH, &len), size[80];
    cairo_surface_t *p   = picture_of(f, SEI_LANG_BOTH);
    const int        w = cairo_image_surface_get_width(p), h = cairo_image_surface_get_height(p);

    ck_assert_int_eq(w, 2 * 760);
    snprintf(size, sizeof size, "width=\"%dpx\" height=\"%dpx\"", w / 2, h / 2);
    if (!strstr(svg, size)) /* newer cairo leaves the unit out: pixels all the same */
        snprintf(size, sizeof size, "width=\"%d\" height=\"%d\"", w / 2, h / 2);
    T_CONTAINS(svg, size);
    cairo_surface_destroy(p);
    sei_release(ctx, svg);
    sei_figure_free(f);
}
END_TEST

static int is_colour(cairo_surface_t *p, int x, int y, unsigned rgb)
{
    const unsigned char *row =
        cairo_image_surface_get_data(p) + (size_t)y * (size_t)cairo_image_surface_get_stride(p);
    unsigned pixel = 0;

    memcpy(&pixel, row + (size_t)x * 4, sizeof pixel);
    return (pixel & 0xFFFFFF) == rgb;
}

/* Columns in [from, to) that hold a pixel of the colour. */
static int columns_with(cairo_surface_t *p, int from, int to, unsigned rgb)
{
    const int height = cairo_image_surface_get_height(p);
    int       n      = 0;

    for (int x = from; x < to; x++) {
        int hit = 0;
        for (int y = 0; y < height && !hit; y++)
            hit = is_colour(p, x, y, rgb);
        n += hit;
    }
    return n;
}

/* A level line over x = 0..100 with no value from 40 to 60, on its own axis without a name: the
 * middle tenth of the plot must stay white, the tenths beside the gap must be full. */
static int blue_in_tenth(sei_point_flag middle, int tenth)
{
    double         x[101], y[101];
    sei_point_flag flag[101];
    sei_figure    *f = sei_figure_create(ctx, SEI_FIGURE_XY, "gap", L("g", NULL));

    for (int i = 0; i <= 100; i++) {
        x[i]    = i;
        y[i]    = 5;
        flag[i] = i >= 40 && i <= 60 ? middle : SEI_POINT_GOOD;
    }
    sei_figure_add_panel(f, &(sei_axis){.title = L("y", NULL), .lower = 0, .upper = 10});
    sei_figure_add_line(f, 0,
                        &(sei_line){.label  = L("s", NULL),
                                    .n      = 101,
                                    .x      = x,
                                    .y      = y,
                                    .flag   = flag,
                                    .colour = SEI_COLOUR_BLUE});
    cairo_surface_t *p    = picture_of(f, SEI_LANG_JA);
    const int        w    = cairo_image_surface_get_width(p);
    int              left = 0, right = 0;
    for (int at = 0; at < w;
         at++) /* the plot reaches from the first to the last blue of the line */
        if (columns_with(p, at, at + 1, 0x0072B2)) {
            left  = left ? left : at;
            right = at;
        }
    /* the sample beside the name is 6 + 18 pixels wide at scale 2, behind the right edge */
    right -= 2 * 24;
    const int step = (right - left) / 10;
    const int n    = columns_with(p, left + tenth * step, left + (tenth + 1) * step, 0x0072B2);
    cairo_surface_destroy(p);
    sei_figure_free(f);
    return n * 10 / step; /* tenths that are filled */
}

START_TEST(gaps_are_not_joined)
{
    ck_assert_int_eq(blue_in_tenth(SEI_POINT_MISSING, 5), 0);
    ck_assert_int_eq(blue_in_tenth(SEI_POINT_GOOD, 5), 10);
    ck_assert_int_eq(blue_in_tenth(SEI_POINT_MISSING, 2), 10);
}
END_TEST

START_TEST(a_million_points_make_a_small_file)
{
    enum { N = 1000000 };
    double     *x = sei_alloc(ctx, N, sizeof *x), *y = sei_alloc(ctx, N, sizeof *y);
    sei_figure *f   = sei_figure_create(ctx, SEI_FIGURE_XY, "many", L("n", NULL));
    size_t      len = 0;

    for (size_t i = 0; i < N; i++) {
        x[i] = (double)i;
        y[i] = (double)(i * 7919 % 1000);
    }
    sei_figure_add_panel(f, &(sei_axis){.title = L("y", NULL)});
    sei_figure_add_line(f, 0, &(sei_line){.label = L("s", NULL), .n = N, .x = x, .y = y});
    char *svg = svg_of(f, SEI_LANG_JA, &len);
    ck_assert_uint_lt(len, 600000);
    sei_release(ctx, svg);
    sei_figure_free(f);
    sei_release(ctx, x);
    sei_release(ctx, y);
}
END_TEST

static char *svg_of_points(sei_look look)
{
    const double x[] = {1, 2, 3}, y[] = {3, 2, 1};
    sei_figure  *f   = sei_figure_create(ctx, SEI_FIGURE_XY, "points", L("点", "points"));
    char        *svg = NULL;
    size_t       len = 0;

    sei_figure_add_panel(f, &(sei_axis){.title = L("値", "value")});
    sei_figure_add_line(f, 0,
                        &(sei_line){.label  = L("点", "points"),
                                    .n      = 3,
                                    .x      = x,
                                    .y      = y,
                                    .colour = SEI_COLOUR_BLUE,
                                    .look   = look});
    T_OK(ctx, sei_figure_svg(ctx, f, SEI_LANG_EN, &svg, &len));
    sei_figure_free(f);
    return svg;
}

/* Rings are points that are drawn in another way, and no suspect values. */
START_TEST(open_points_are_rings)
{
    char *filled = svg_of_points(SEI_LOOK_POINTS), *open = svg_of_points(SEI_LOOK_OPEN_POINTS);

    ck_assert_str_ne(filled, open);
    ck_assert_ptr_null(strstr(open, "suspect"));
    sei_release(ctx, filled);
    sei_release(ctx, open);
}
END_TEST

/* The most runs of a bar's own colour along a row of the picture: 1 where it is filled evenly. */
static int runs_of_bar(sei_colour colour, unsigned rgb)
{
    sei_figure *f    = sei_figure_create(ctx, SEI_FIGURE_BARS, "bars", L("b", NULL));
    int         most = 0;

    sei_figure_add_panel(f, &(sei_axis){.title = L("y", NULL)});
    sei_figure_add_category(f, L("Zn", NULL));
    sei_figure_add_bar(f, 0, L("discharged", NULL), colour, 1, (const double[]){5});
    cairo_surface_t *p = picture_of(f, SEI_LANG_JA);
    /* the left half: the sample beside the name stands at the right */
    const int w = cairo_image_surface_get_width(p) / 2, h = cairo_image_surface_get_height(p);
    for (int y = 0; y < h; y++) {
        int runs = 0;
        for (int x = 1; x < w; x++)
            runs += is_colour(p, x, y, rgb) && !is_colour(p, x - 1, y, rgb);
        most = runs > most ? runs : most;
    }
    cairo_surface_destroy(p);
    sei_figure_free(f);
    return most;
}

/* Vermilion, of what is discharged, and green are one grey in print: one of them has stripes. */
START_TEST(vermilion_bars_are_hatched)
{
    ck_assert_int_ge(runs_of_bar(SEI_COLOUR_VERMILION, 0xD55E00), 5);
    ck_assert_int_eq(runs_of_bar(SEI_COLOUR_GREEN, 0x009E73), 1);
    ck_assert_int_eq(runs_of_bar(SEI_COLOUR_BLUE, 0x0072B2), 1);
}
END_TEST

/* Where the pixels of a colour lie in the rows from..to; w and -1 when there are none. */
typedef struct {
    int left, right, top, bottom;
} extent;

static extent extent_of(cairo_surface_t *p, int from, int to, unsigned rgb)
{
    const int w = cairo_image_surface_get_width(p);
    extent    e = {w, -1, to, -1};

    for (int y = from; y < to; y++)
        for (int x = 0; x < w; x++) {
            if (!is_colour(p, x, y, rgb))
                continue;
            e.left   = x < e.left ? x : e.left;
            e.right  = x > e.right ? x : e.right;
            e.top    = y < e.top ? y : e.top;
            e.bottom = y > e.bottom ? y : e.bottom;
        }
    return e;
}

static sei_figure *tornado(sei_lang lang, cairo_surface_t **ret)
{
    sei_figure *f = sei_figure_create(ctx, SEI_FIGURE_TORNADO, "tornado", L("感度", "response"));

    sei_figure_set_x(f, &(sei_axis){.title = L("Zn の変化", "change of Zn"), .unit = "%"});
    sei_figure_add_signed_bar(f, L("空隙率", "porosity"), L("bed.porosity = 0.4", NULL), 1.0);
    sei_figure_add_signed_bar(f, L("方解石の log K", "log K of calcite"), L("[+0.1]", NULL), -4.0);
    sei_figure_add_signed_bar(f, L("流量", "flow"), L(NULL, NULL), 2.0);
    *ret = picture_of(f, lang);
    return f;
}

/* Dark pixels of letters in the rectangle. */
static int ink_in(cairo_surface_t *p, int left, int right, int top, int bottom)
{
    int n = 0;

    for (int y = top; y <= bottom; y++)
        for (int x = left; x < right; x++)
            n += is_colour(p, x, y, 0x1C2430); /* SEI_INK */
    return n;
}

/* -4, +2, +1 from top to bottom: sides of one zero, lengths as 4 : 2 : 1, the value beyond each end
 * and the name at the left; the line at zero lies on the bars' inner edges, and outer edges are smoothed. */
static void check_tornado(sei_lang lang)
{
    cairo_surface_t *p      = NULL;
    sei_figure      *f      = tornado(lang, &p);
    const int        h      = cairo_image_surface_get_height(p);
    const extent     falls  = extent_of(p, 0, h, 0xD55E00);
    const extent     rises  = extent_of(p, 0, h, 0x0072B2);
    const int        second = rises.top + 2;
    const extent     two = extent_of(p, second, second + 1, 0x0072B2); /* a row of pixels of it */
    const extent     one = extent_of(p, rises.bottom - 2, rises.bottom - 1, 0x0072B2);
    const double     a   = falls.right - falls.left + 1;

    ck_assert_int_lt(falls.bottom, rises.top); /* the largest stands on top */
    ck_assert_int_lt(second, rises.bottom - 2);
    ck_assert_int_le(abs(falls.right - two.left), 5);
    ck_assert_int_le(abs(falls.right - one.left), 5);
    T_NEAR((two.right - two.left + 1) / a, 0.5, 4 / a);
    T_NEAR((one.right - one.left + 1) / a, 0.25, 4 / a);
    ck_assert_double_gt(a, 200);
    ck_assert_int_gt(ink_in(p, falls.left - 40, falls.left, falls.top, falls.bottom), 5);
    ck_assert_int_gt(ink_in(p, two.right + 2, two.right + 50, second - 2, second + 25), 5);
    ck_assert_int_gt(ink_in(p, one.right + 2, one.right + 50, rises.bottom - 25, rises.bottom), 5);
    ck_assert_int_gt(ink_in(p, 28, 300, falls.top - 8, falls.bottom), 20);
    cairo_surface_destroy(p);
    sei_figure_free(f);
}

START_TEST(a_tornado_has_its_largest_bar_on_top_and_its_bars_to_both_sides_of_zero)
{
    check_tornado(SEI_LANG_JA);
    check_tornado(SEI_LANG_EN);
    check_tornado(SEI_LANG_BOTH);
}
END_TEST

START_TEST(csv_of_a_tornado_ranks_its_bars)
{
    cairo_surface_t *p   = NULL;
    sei_figure      *f   = tornado(SEI_LANG_EN, &p);
    char            *csv = NULL;
    size_t           len = 0;

    T_OK(ctx, sei_figure_csv(ctx, f, SEI_LANG_EN, &csv, &len));
    ck_assert_str_eq(csv, "\xEF\xBB\xBFrank,name,note,value,unit\n"
                          "1,log K of calcite,[+0.1],-4,%\n"
                          "2,flow,,2,%\n"
                          "3,porosity,bed.porosity = 0.4,1,%\n");
    sei_release(ctx, csv);
    cairo_surface_destroy(p);
    sei_figure_free(f);
}
END_TEST

START_TEST(csv_holds_what_is_drawn)
{
    const double x[] = {sample_day(2024, 3, 1), sample_day(2024, 3, 2), sample_day(2024, 3, 3)};
    const double y[] = {0.1, 0.005, 0};
    const sei_point_flag flag[] = {SEI_POINT_GOOD, SEI_POINT_BELOW, SEI_POINT_MISSING};
    sei_figure          *f      = sei_figure_create(ctx, SEI_FIGURE_TIME, "zn", L("亜鉛", "Zn"));
    char                *csv    = NULL;
    size_t               len    = 0;

    sei_figure_add_panel(f, &(sei_axis){.title = L("亜鉛", "Zn"), .unit = "mg/L"});
    sei_figure_add_line(f, 0,
                        &(sei_line){.label = L("実測, 表層", "measured"),
                                    .n     = 3,
                                    .x     = x,
                                    .y     = y,
                                    .flag  = flag,
                                    .look  = SEI_LOOK_POINTS});
    sei_figure_add_limit(f, 0, L("基準", "limit"), 2);
    sei_figure_add_event(f, L("停止", "stop"), x[1]);
    T_OK(ctx, sei_figure_csv(ctx, f, SEI_LANG_JA, &csv, &len));
    ck_assert_str_eq(csv, "\xEF\xBB\xBFseries,x,y,flag,panel,unit,kind\n"
                          "\"実測, 表層\",2024-03-01T00:00:00+09:00,0.1,,1,mg/L,points\n"
                          "\"実測, 表層\",2024-03-02T00:00:00+09:00,0.005,below,1,mg/L,points\n"
                          "\"実測, 表層\",2024-03-03T00:00:00+09:00,,missing,1,mg/L,points\n"
                          "基準,,2,from,1,mg/L,limit\n"
                          "基準,,2,to,1,mg/L,limit\n"
                          "停止,2024-03-02T00:00:00+09:00,,at,,,event\n");
    sei_release(ctx, csv);
    sei_figure_free(f);
}
END_TEST

START_TEST(measured_series_keep_their_flags_and_unit)
{
    sei_quantity_column column = {.fraction = SEI_FRACTION_TOTAL};
    sei_series         *series = NULL;
    sei_figure         *f      = sei_figure_create(ctx, SEI_FIGURE_TIME, "zn", L("亜鉛", "Zn"));
    char               *csv    = NULL;
    size_t              len    = 0;
    /* 2024-01-01T00:00Z, then days; 0.12 mg/L is 0.00012 kg/m3 */
    const int64_t   day = INT64_C(86400) * 1000000, start = INT64_C(1704067200) * 1000000;
    const sei_value v[] = {{0.00012, 0, SEI_QC_GOOD},
                           {0.000005, 0.000005, SEI_QC_BELOW_LOQ},
                           {0, 0, SEI_QC_BELOW_LOQ},
                           {0.5, 0, SEI_QC_BAD},
                           {0.002, 0, SEI_QC_SUSPECT}};

    T_OK(ctx, sei_quantity_parse_column(ctx, NULL, "zn_mg_l", &column));
    T_OK(ctx, sei_series_create(ctx, &column, &series));
    for (size_t i = 0; i < T_COUNT(v); i++)
        T_OK(ctx, sei_series_append(series, start + (int64_t)i * day, v[i]));
    sei_figure_set_utc_offset(f, 0);
    sei_figure_add_panel(f, &(sei_axis){.title = L("亜鉛", "Zn"), .unit = "mg/L"});
    sei_figure_add_series(f, 0, L("実測", "measured"), SEI_LOOK_POINTS, SEI_COLOUR_AUTO, series);
    T_OK(ctx, sei_figure_csv(ctx, f, SEI_LANG_EN, &csv, &len));
    ck_assert_str_eq(csv, "\xEF\xBB\xBFseries,x,y,flag,panel,unit,kind\n"
                          "measured,2024-01-01T00:00:00Z,0.12,,1,mg/L,points\n"
                          "measured,2024-01-02T00:00:00Z,0.005,below,1,mg/L,points\n"
                          "measured,2024-01-03T00:00:00Z,,missing,1,mg/L,points\n"
                          "measured,2024-01-04T00:00:00Z,,missing,1,mg/L,points\n"
                          "measured,2024-01-05T00:00:00Z,2,suspect,1,mg/L,points\n");
    sei_release(ctx, csv);
    sei_series_free(series);
    sei_figure_free(f);
}
END_TEST

START_TEST(names_cannot_break_out)
{
    sei_figure *f   = sample_figure(ctx, SAMPLE_FIGURES - 1);
    size_t      len = 0;
    char       *svg = svg_of(f, SEI_LANG_JA, &len), *csv = NULL;

    T_CONTAINS(svg, "&lt;/title&gt;&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;鉱山&quot; "
                    "\xEF\xBF\xBD[31m\xEF\xBF\xBD</title>");
    ck_assert_ptr_null(strchr(svg, 0x1b));
    T_OK(ctx, sei_figure_csv(ctx, f, SEI_LANG_JA, &csv, &len));
    T_CONTAINS(csv, "'=cmd|' /C calc'!A0,"); /* no formula for a spreadsheet */
    sei_release(ctx, svg);
    sei_release(ctx, csv);
    sei_figure_free(f);
}
END_TEST

static void refused(sei_figure *f, sei_status status, const char *message)
{
    char  *text = NULL;
    size_t len  = 0;

    T_STATUS(ctx, sei_figure_svg(ctx, f, SEI_LANG_JA, &text, &len), status);
    ck_assert_str_eq(sei_ctx_error(ctx), message);
    ck_assert_ptr_null(text);
    T_STATUS(ctx, sei_figure_csv(ctx, f, SEI_LANG_JA, &text, &len),
             f && status == SEI_E_MISSING ? SEI_OK : status);
    sei_release(ctx, text);
    sei_figure_free(f);
}

static sei_figure *xy(void)
{
    sei_figure *f = sei_figure_create(ctx, SEI_FIGURE_XY, "f", L("t", NULL));

    sei_figure_add_panel(f, &(sei_axis){.title = L("y", NULL)});
    return f;
}

START_TEST(what_cannot_be_drawn_is_refused_by_name)
{
    const double bad[] = {1, (double)NAN}, good[] = {1, 2}, fall[] = {2, 1};
    sei_figure  *f = xy();

    sei_figure_add_line(f, 0, &(sei_line){.label = L("a", NULL), .n = 2, .x = good, .y = bad});
    sei_figure_add_line(f, 9, &(sei_line){.label = L("b", NULL), .n = 2, .x = good, .y = good});
    refused(f, SEI_E_RANGE,
            "figure f: y[1] is not finite; flag it SEI_POINT_MISSING or leave it out");

    f = xy();
    sei_figure_add_line(f, 0, &(sei_line){.label = L("a", NULL), .n = 2, .x = fall, .y = good});
    refused(f, SEI_E_RANGE, "figure f: x[1] = 1 lies before x[0]");

    f = xy();
    sei_figure_add_line(f, 3, &(sei_line){.label = L("a", NULL), .n = 2, .x = good, .y = good});
    refused(f, SEI_E_ARG, "figure f: panel 3 does not exist");

    f = xy();
    sei_figure_add_bar(f, 0, L("a", NULL), SEI_COLOUR_AUTO, 2, good);
    refused(f, SEI_E_ARG, "figure f: its kind takes no bar");

    f = xy();
    sei_figure_add_span(f, SEI_SPAN_UNIT, L("a", NULL), 2, 1);
    refused(f, SEI_E_RANGE, "figure f: a span ends before it begins");

    refused(sei_figure_create(ctx, SEI_FIGURE_XY, "../x", L("t", NULL)), SEI_E_ARG,
            "name \"../x\" is not 1 to 64 characters of a-z 0-9 _ -");
    refused(sei_figure_create(ctx, SEI_FIGURE_TRAIN, "t", L("t", NULL)), SEI_E_MISSING,
            "figure t has no box");
    refused(NULL, SEI_E_NOMEM, "there is no figure to write");
}
END_TEST

START_TEST(more_refusals)
{
    const double high[] = {1, 2}, low[] = {0, 3}, minus[] = {1, -2}, far = 1e12;
    sei_figure  *f = xy();

    sei_figure_add_band(
        f, 0, &(sei_band){.label = L("a", NULL), .n = 2, .x = high, .low = low, .high = high});
    refused(f, SEI_E_RANGE, "figure f: low[1] = 3 is above high 2");

    f = sei_figure_create(ctx, SEI_FIGURE_BARS, "f", L("t", NULL));
    sei_figure_add_category(f, L("a", NULL));
    sei_figure_add_category(f, L("b", NULL));
    sei_figure_add_panel(f, &(sei_axis){.unit = "kg"});
    sei_figure_add_bar(f, 0, L("a", NULL), SEI_COLOUR_AUTO, 2, minus);
    refused(f, SEI_E_RANGE, "figure f: bar[1] = -2 is below 0");

    f = sei_figure_create(ctx, SEI_FIGURE_TIME, "f", L("t", NULL));
    sei_figure_add_panel(f, &(sei_axis){.unit = "kg"});
    sei_figure_add_line(f, 0, &(sei_line){.label = L("a", NULL), .n = 1, .x = &far, .y = &far});
    refused(f, SEI_E_RANGE, "figure f: a time lies more than 1e+11 s from 1970-01-01");

    f = sei_figure_create(ctx, SEI_FIGURE_XY, "f", L("t", NULL));
    sei_figure_add_panel(f, &(sei_axis){.scale = SEI_SCALE_LOG, .lower = 0, .upper = 1});
    refused(f, SEI_E_RANGE, "figure f: a logarithmic axis cannot begin at 0");

    f = sei_figure_create(ctx, SEI_FIGURE_TRAIN, "f", L("t", NULL));
    sei_figure_add_box(f, SEI_BOX_UNIT, L("a", NULL));
    sei_figure_add_arrow(f, 0, 1);
    refused(f, SEI_E_ARG, "figure f: box 1 does not exist");

    f = sei_figure_create(ctx, SEI_FIGURE_TRAIN, "f", L("t", NULL));
    sei_figure_add_box(f, SEI_BOX_UNIT, L("a", NULL));
    sei_figure_add_box(f, SEI_BOX_UNIT, L("b", NULL));
    sei_figure_set_arrow_load(f, sei_figure_add_arrow(f, 0, 1), -1.0);
    refused(f, SEI_E_ARG, "figure f: arrow 0: load -1");
}
END_TEST

/* Sludge goes back to the start: the loop is drawn, not followed forever. */
START_TEST(a_train_with_a_loop_is_drawn)
{
    sei_figure *f   = sei_figure_create(ctx, SEI_FIGURE_TRAIN, "loop", L("t", NULL));
    size_t      len = 0;

    for (int i = 0; i < 12; i++)
        sei_figure_add_box(f, SEI_BOX_UNIT, L("槽", "tank"));
    for (size_t i = 0; i + 1 < 12; i++)
        sei_figure_add_arrow(f, i, i + 1);
    sei_figure_set_arrow_load(f, 3, 12.0);
    sei_figure_set_arrow_load(f, 4, 3.0);
    sei_figure_set_arrow_load(f, sei_figure_add_arrow(f, 11, 0), 1.0);
    sei_figure_add_arrow(f, 5, 4);
    char *svg = svg_of(f, SEI_LANG_BOTH, &len);
    ck_assert_uint_gt(len, 1000);
    sei_release(ctx, svg);
    sei_figure_free(f);
}
END_TEST

/* Zeros on a logarithmic axis, one value, only missing values, extremes: a picture all the same. */
START_TEST(odd_data_still_give_a_picture)
{
    static const double x[]    = {0, 1, 2};
    static const double y[][3] = {
        {0, 0, 0}, {1e-300, 1, 1e300}, {-1e308, 0, 1e308}, {5, 5, 5}, {1e-320, 1e-320, 1e-320}};
    static const sei_point_flag none[] = {SEI_POINT_MISSING, SEI_POINT_MISSING, SEI_POINT_MISSING};

    for (size_t i = 0; i < T_COUNT(y); i++)
        for (int log_scale = 0; log_scale < 2; log_scale++)
            for (int missing = 0; missing < 2; missing++) {
                sei_figure *f   = sei_figure_create(ctx, SEI_FIGURE_XY, "odd", L("t", NULL));
                size_t      len = 0;
                sei_figure_add_panel(
                    f, &(sei_axis){.scale = log_scale ? SEI_SCALE_LOG : SEI_SCALE_LINEAR});
                sei_figure_add_line(f, 0,
                                    &(sei_line){.label = L("a", NULL),
                                                .n     = 3,
                                                .x     = x,
                                                .y     = y[i],
                                                .flag  = missing ? none : NULL});
                char *svg = svg_of(f, SEI_LANG_JA, &len);
                ck_assert_ptr_null(strstr(svg, "nan"));
                ck_assert_ptr_null(strstr(svg, "inf"));
                sei_release(ctx, svg);
                sei_figure_free(f);
            }
}
END_TEST

/* One side only, zeros only, extremes: a picture; no bar, a panel, no number, a bar elsewhere: refused. */
START_TEST(odd_tornados)
{
    static const double values[][2] = {{0, 0}, {1e-300, 1e300}, {-1e308, 1e308}, {-3, -2}, {2, 3}};

    for (size_t i = 0; i < T_COUNT(values); i++) {
        sei_figure *f   = sei_figure_create(ctx, SEI_FIGURE_TORNADO, "odd", L("t", NULL));
        size_t      len = 0;
        for (int k = 0; k < 2; k++)
            sei_figure_add_signed_bar(f, L("a", NULL), L(NULL, NULL), values[i][k]);
        char *svg = svg_of(f, SEI_LANG_JA, &len);
        ck_assert_ptr_null(strstr(svg, "nan"));
        ck_assert_ptr_null(strstr(svg, "inf"));
        sei_release(ctx, svg);
        sei_figure_free(f);
    }
    refused(sei_figure_create(ctx, SEI_FIGURE_TORNADO, "f", L("t", NULL)), SEI_E_MISSING,
            "figure f has no bar");
    sei_figure *f = sei_figure_create(ctx, SEI_FIGURE_TORNADO, "f", L("t", NULL));
    sei_figure_add_panel(f, &(sei_axis){.title = L("y", NULL)});
    refused(f, SEI_E_ARG, "figure f: its kind takes no panel");
    f = sei_figure_create(ctx, SEI_FIGURE_TORNADO, "f", L("t", NULL));
    sei_figure_add_signed_bar(f, L("a", NULL), L("", NULL), (double)NAN);
    refused(f, SEI_E_RANGE, "figure f: signed bar 0 is not finite");
    f = xy();
    sei_figure_add_signed_bar(f, L("a", NULL), L("", NULL), 1.0);
    refused(f, SEI_E_ARG, "figure f: its kind takes no signed bar");
    f = sei_figure_create(ctx, SEI_FIGURE_TORNADO, "f", L("t", NULL));
    sei_figure_set_x(f, &(sei_axis){.scale = SEI_SCALE_LOG});
    refused(f, SEI_E_ARG, "figure f: an axis of signed bars cannot be logarithmic");
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("report figures");
    TCase *tc    = tcase_create("figures");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, same_input_gives_the_same_bytes);
    tcase_add_test(tc, svg_stands_alone);
    tcase_add_test(tc, svg_is_well_formed_xml);
    tcase_add_test(tc, several_figures_on_threads_are_as_each_alone);
    tcase_add_test(tc, of_several_failures_the_first_figure_s_is_told);
    tcase_add_test(tc, png_has_twice_the_pixels_of_the_svg);
    tcase_add_test(tc, gaps_are_not_joined);
    tcase_add_test(tc, a_million_points_make_a_small_file);
    tcase_add_test(tc, csv_holds_what_is_drawn);
    tcase_add_test(tc, open_points_are_rings);
    tcase_add_test(tc, vermilion_bars_are_hatched);
    tcase_add_test(tc, a_tornado_has_its_largest_bar_on_top_and_its_bars_to_both_sides_of_zero);
    tcase_add_test(tc, csv_of_a_tornado_ranks_its_bars);
    tcase_add_test(tc, odd_tornados);
    tcase_add_test(tc, measured_series_keep_their_flags_and_unit);
    tcase_add_test(tc, names_cannot_break_out);
    tcase_add_test(tc, what_cannot_be_drawn_is_refused_by_name);
    tcase_add_test(tc, more_refusals);
    tcase_add_test(tc, a_train_with_a_loop_is_drawn);
    tcase_add_test(tc, odd_data_still_give_a_picture);
    suite_add_tcase(suite, tc);
    return t_run(suite);
}
