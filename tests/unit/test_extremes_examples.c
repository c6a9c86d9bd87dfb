/*
 * test_extremes_examples.c - every bundled example at every edge: a finite answer whose books close, within a bounded
 * number of steps, or a refusal that names the cause
 *
 *     test_extremes_examples [EVERY]        every EVERYth pair of example and edge (23)
 *     test_extremes_examples table          what each pair ends in, as a table in Markdown
 */
#include "base/buf.h"
#include "base/file.h"
#include "seiryu/result.h"
#include "study/site.h"
#include "t.h"

enum { STEPS_MAX = 20000, TEXT_MAX = 4000 };

typedef struct {
    const char *name;
    const char *spent, *tiny,
        *huge; /* `set` of media that are used up, and of units a thousandth and a hundred- or thousandfold */
} example;

#define SRB(what, bran, v)                                                               \
    "train." what ".layers.bran." bran ": 0, train." what ".layers.bran.husk_fraction: " \
    "0, train." what ".layers." v
static const example examples[] = {
    {"iron-bed-monitoring", "train.iron_bed.biofilm_capacity_mol_m3_d: 0",
     "train.iron_bed.volume_m3: 0.00078", "train.iron_bed.volume_m3: 780"},
    {"jogmec-bench-35l", SRB("srb", "bran_kg", "inoculum.husk_fraction: 0"),
     "train.srb.volume_l: 0.035, train.srb.layers.bran.bran_kg: 0.0041",
     "train.srb.volume_l: 35000, train.srb.layers.bran.bran_kg: 4100"},
    {"jogmec-pilot",
     SRB("srb_a", "bran_fraction", "husk.husk_fraction: 0") ", " SRB("srb_b", "bran_fraction",
                                                                     "husk.husk_fraction: 0"),
     "train.iron_bed.volume_m3: 0.00078, train.srb_a.volume_m3: 0.00468, train.srb_b.volume_m3: "
     "0.00468",
     "train.iron_bed.volume_m3: 780, train.srb_a.volume_m3: 4680, train.srb_b.volume_m3: 4680"},
    {"lime-hds", "train.neutralisation.set_ph: 3.3",
     "train.neutralisation.volume_m3: 0.025, train.oxidation.volume_m3: 0.025, "
     "train.thickener.area_m2: 0.06",
     "train.neutralisation.volume_m3: 25000, train.oxidation.volume_m3: 25000, "
     "train.thickener.area_m2: 60000"},
    {"vertical-flow-pond", "train.vfp.compost_carbon_g_kg: 10",
     "train.vfp.area_m2: 0.98, train.pond.volume_m3: 0.82",
     "train.vfp.area_m2: 98000, train.pond.volume_m3: 82000"},
    {"wetland-honko", "train.subsurface.limestone_share: 0",
     "train.surface.area_m2: 1.927, train.subsurface.area_m2: 0.76",
     "train.surface.area_m2: 192700, train.subsurface.area_m2: 76000"},
};

typedef struct {
    const char *name, *drop; /* quantities that the influent then does not give */
    const char *set, *disturbances;
    const char *refusal;    /* what a refusal says, NULL: none may be */
    bool        is_certain; /* every example refuses */
} edge;

#define AIR(c) "climate: {air_temperature_c: " c "}"
#define STILL  "{kind: other, after_d: 3, duration_h: 504, flow_factor: 0}"
#define FLOOD  "{kind: storm, after_d: 3, flow_factor: 20}"
#define IRON   "fe_mg_l fe2_share"
#define SERIES "influent.file: %s, influent.max_gap_d: "
static const char spent[] = "spent", tiny[] = "tiny", huge[] = "huge";
#define ANSWER NULL, false
static const edge edges[] = {
    {"no flow for three weeks", "", "", STILL, ANSWER},
    {"flow that fades and comes back", "", "",
     "{kind: other, after_d: 3, rise_h: 48, duration_h: 504, fall_h: 48, flow_factor: 0}", ANSWER},
    {"no flow at all", "", "influent.%f: 0", "", "the flow must be more than 0", true},
    {"a ten-thousandth of the flow", "", "", "{kind: change, after_d: 0, flow_factor: 1e-4}",
     ANSWER},
    {"flood of twenty times the flow", "", "", FLOOD, ANSWER},
    {"water at 0 °C, air at -30", "", "influent.temp_c: 0, " AIR("-30"), "", ANSWER},
    {"water and air at 40 °C", "", "influent.temp_c: 40, " AIR("40"), "", ANSWER},
    {"pH 1.5", "", "influent.ph: 1.5", "", ANSWER},
    {"pH 1.5 at once", "", "", "{kind: change, after_d: 3, set: {ph: 1.5}}", ANSWER},
    {"pH 10", "", "influent.ph: 10", "", ANSWER},
    {"pH 11", "", "influent.ph: 11", "", "choose another ion (na for alkaline water)", false},
    {"pH 11, balanced by sodium", "", "influent.ph: 11, influent.charge_balance: na", "", ANSWER},
    {"no iron: 0 mg/L", "", "influent.fe_mg_l: 0", "", ANSWER},
    {"no iron: not given", IRON, "", "", ANSWER},
    {"3 g/L of iron at pH 2", "", "influent.fe_mg_l: 3000, influent.so4_mg_l: 8000, influent.ph: 2",
     "", ANSWER},
    {"months without an analysis", "fe_mg_l", SERIES "5", "", "Fe has no value at 2024-04-", true},
    {"months without an analysis, bridged", "fe_mg_l", SERIES "60", "", ANSWER},
    {"media used up", "", spent, "", ANSWER},
    {"units of a thousandth of the size", "", tiny, "", ANSWER},
    {"units of a hundred or thousand times the size", "", huge, "", ANSWER},
    {"flood of acid at 0 °C", "", "influent.ph: 1.5, influent.temp_c: 0, " AIR("-30"), FLOOD,
     ANSWER},
    {"no iron, no flow, 40 °C", IRON, "influent.temp_c: 40, " AIR("40"), STILL, ANSWER},
    {"flood through tiny units", "", tiny, FLOOD, ANSWER},
    {"no flow, media used up", "", spent, STILL, ANSWER},
    {"no power for two weeks", "",
     "train.%u.events: [{what: power_loss, after_d: 3, duration_h: 336}]", "",
     "exchanges no gas with the air", false},
    {"first unit out of service, then next to shut, flood", "",
     "train.%u.events: [{what: bypass, after_d: 3, duration_h: 72}, {what: throttle, after_d: 8, "
     "flow_max_l_min: 0.001}]",
     FLOOD, ANSWER},
    {"deposits take room, cleaned daily, flood", "",
     "model: {deposits_take_room: true}, train.%u.events: [{what: clean, after_d: 1, every_d: 1}]",
     FLOOD, ANSWER},
};

/* ---- the changed site ------------------------------------------------------------------------- */

/* Takes "key: value" out of a site's text: a line of its own, or a part of a line. */
static void drop_key(char *text, const char *key)
{
    char *at = strstr(text, key);

    T_NEED(at != NULL, "no %s in the site file", key);
    char *begin = at;
    while (begin > text && begin[-1] == ' ')
        begin--;
    const bool  is_line = begin == text || begin[-1] == '\n';
    char *const to      = is_line ? strchr(at, '\n') + 1 : strstr(at, ", ") + 2;
    memmove(is_line ? begin : at, to, strlen(to) + 1);
}

static void drop_keys(char *text, const char *keys)
{
    char        list[100];
    const char *key = list;

    snprintf(list, sizeof list, "%s", keys);
    for (char *space = strchr(list, ' '); space; space = strchr(key, ' ')) {
        *space = '\0';
        drop_key(text, key);
        key = space + 1;
    }
    if (*key)
        drop_key(text, key);
}

/* What stands in a template for something of the site: %s the file of a series, %f the key of the flow, %u the name of
 * the first unit. */
static void put_filled(sei_buf *text, const char *from, const char *file, const char *site)
{
    const char *flow = strstr(site, "flow_"), *unit = strstr(site, "\ntrain:");

    T_NEED(flow && unit && (unit = strstr(unit, " name: ")), "a site file without flow or unit");
    unit += strlen(" name: ");
    for (; *from; from++) {
        if (from[0] != '%') {
            sei_buf_printf(text, "%c", *from);
            continue;
        }
        from++;
        if (*from == 's')
            sei_buf_puts(text, file);
        else if (*from == 'f')
            sei_buf_printf(text, "%.*s", (int)strcspn(flow, ":"), flow);
        else
            sei_buf_printf(text, "%.*s", (int)strcspn(unit, ",\n"), unit);
    }
}

static const char *set_of(const example *x, const edge *e)
{
    return e->set == spent  ? x->spent
           : e->set == tiny ? x->tiny
           : e->set == huge ? x->huge
                            : e->set;
}

static sei_status read_changed(sei_ctx *ctx, const example *x, const edge *e, const char *series,
                               sei_site **ret)
{
    char    folder[300], path[320], *text = NULL;
    size_t  len;
    sei_buf changes;

    snprintf(folder, sizeof folder, "%s/examples/%s", SEI_PROJECT_DIR, x->name);
    snprintf(path, sizeof path, "%s/site.yaml", folder);
    T_NEED_OK(ctx, sei_file_read(ctx, path, 1 << 20, &text, &len));
    drop_keys(text, e->drop);
    sei_buf_init(&changes, ctx, TEXT_MAX);
    sei_buf_puts(&changes, "site: site.yaml\nscenarios:\n  - name: edge\n    set: {run.duration_d: "
                           "30, run.relative_tolerance: 0.01");
    sei_buf_puts(&changes, set_of(x, e)[0] ? ", " : "");
    put_filled(&changes, set_of(x, e), series, text);
    sei_buf_printf(&changes, "}\n    disturbances: [%s]\n", e->disturbances);
    const sei_overlay overlay = {"edge.yaml", changes.text, changes.len, 0};
    const sei_status  st =
        sei_site_parse_changed(ctx, path, folder, text, strlen(text), &overlay, NULL, NULL, ret);
    sei_buf_done(&changes);
    sei_release(ctx, text);
    return st;
}

/* ---- what a run ends in ----------------------------------------------------------------------- */

typedef struct {
    sei_status status;
    char       error[500];
    size_t     steps, not_finite, negative;
    double     imbalance, ph_low, ph_high;
} outcome;

static void look_at(const sei_result *r, outcome *o)
{
    const size_t ph = sei_result_column(r, "ph", SEI_FRACTION_TOTAL);

    o->steps  = r->stats.steps + r->stats.rejected_steps;
    o->ph_low = 99.0;
    for (size_t i = 0; i < r->n_times * r->n_watches * r->n_columns; i++)
        o->not_finite += isfinite(r->value[i]) ? 0 : 1;
    for (size_t i = 0; i < r->n_profiles * r->n_cells * r->n_columns; i++)
        o->not_finite += isfinite(r->profile_value[i]) ? 0 : 1;
    for (size_t i = 0; i < r->n_times * r->n_units * r->n_solids; i++) {
        o->not_finite += isfinite(r->solid_mol[i]) ? 0 : 1;
        o->negative += r->solid_mol[i] < 0.0;
    }
    for (size_t i = 0; i < r->n_books; i++)
        o->imbalance = isfinite(r->books[i].imbalance)
                           ? fmax(o->imbalance, fabs(r->books[i].imbalance))
                           : (double)INFINITY;
    for (size_t t = 0; t < r->n_times; t++) {
        const double v = sei_result_value(r, t, r->n_watches - 1, ph);
        o->ph_low      = fmin(o->ph_low, v);
        o->ph_high     = fmax(o->ph_high, v);
    }
}

static outcome run(const example *x, const edge *e, const char *series)
{
    sei_ctx    *ctx    = sei_ctx_create(NULL);
    sei_site   *site   = NULL;
    sei_result *result = NULL;
    outcome     o      = {0};

    o.status = read_changed(ctx, x, e, series, &site);
    if (o.status == SEI_OK)
        o.status = sei_study_run(ctx, site, NULL, &result);
    if (o.status == SEI_OK)
        look_at(result, &o);
    else
        snprintf(o.error, sizeof o.error, "%s", sei_ctx_error(ctx));
    sei_result_free(result);
    sei_site_free(site);
    sei_ctx_free(ctx);
    return o;
}

/* An analysis in spring and one in autumn; between them forms without a number. */
static void make_series(char *ret_path)
{
    static const char text[] = "time,fe_mg_l\n2024-04-01,30\n2024-04-06,\n2024-04-20,\n"
                               "2024-05-15,20\n2024-06-15,25\n";

    strcpy(ret_path, "/tmp/sei_edges.XXXXXX");
    const int file = mkstemp(ret_path);
    T_NEED(file >= 0 && write(file, text, sizeof text - 1) == (ssize_t)sizeof text - 1,
           "%s cannot be written", ret_path);
    close(file);
}

/* ---- tests ------------------------------------------------------------------------------------ */

static char   series[40];
static size_t every = 23;

START_TEST(each_edge_ends_in_an_answer_or_in_a_cause)
{
    const example *x = &examples[(size_t)_i / T_COUNT(edges)];
    const edge    *e = &edges[(size_t)_i % T_COUNT(edges)];

    if ((size_t)_i % every != 0)
        return;
    const outcome o = run(x, e, series);
    ck_assert_msg(!e->is_certain || o.status != SEI_OK, "%s, %s: not refused", x->name, e->name);
    if (e->refusal && o.status != SEI_OK) {
        T_CONTAINS(o.error, e->refusal);
        return;
    }
    ck_assert_msg(o.status == SEI_OK, "%s, %s: %s", x->name, e->name, o.error);
    ck_assert_msg(o.not_finite == 0 && o.negative == 0,
                  "%s, %s: %zu numbers not finite, %zu solids negative", x->name, e->name,
                  o.not_finite, o.negative);
    ck_assert_msg(o.imbalance < 1e-8, "%s, %s: imbalance %g", x->name, e->name, o.imbalance);
    ck_assert_msg(o.steps < STEPS_MAX, "%s, %s: %zu steps", x->name, e->name, o.steps);
    ck_assert_msg(o.ph_low > 1.0 && o.ph_high < 13.0, "%s, %s: pH %g to %g", x->name, e->name,
                  o.ph_low, o.ph_high);
}
END_TEST

static bool refuses_so(const edge *e, const outcome *o)
{
    return e->refusal && strstr(o->error, e->refusal);
}

static int print_table(void)
{
    size_t steps     = 0;
    double imbalance = 0.0;

    printf("| edge |");
    for (size_t x = 0; x < T_COUNT(examples); x++)
        printf(" %s |", examples[x].name);
    printf("\n|---|");
    for (size_t x = 0; x < T_COUNT(examples); x++)
        printf("---|");
    for (size_t e = 0; e < T_COUNT(edges); e++) {
        printf("\n| %s |", edges[e].name);
        for (size_t x = 0; x < T_COUNT(examples); x++) {
            const outcome o = run(&examples[x], &edges[e], series);
            if (o.status != SEI_OK)
                printf(" %s |", refuses_so(&edges[e], &o) ? "refused" : o.error);
            else
                printf(" %.1f-%.1f%s |", o.ph_low, o.ph_high,
                       o.not_finite || o.negative ? " NOT FINITE" : "");
            steps     = o.steps > steps ? o.steps : steps;
            imbalance = fmax(imbalance, o.imbalance);
            fflush(stdout);
        }
    }
    printf("\n\nmost steps and tries: %zu, largest imbalance: %.1e\n", steps, imbalance);
    return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
    make_series(series);
    if (argc > 1 && strcmp(argv[1], "table") == 0) {
        const int code = print_table();
        unlink(series);
        return code;
    }
    if (argc > 1)
        every = (size_t)fmax(1.0, strtod(argv[1], NULL));
    Suite *suite = suite_create("extremes of the examples");
    TCase *tc    = tcase_create("edges");
    tcase_set_timeout(tc, 300);
    tcase_add_loop_test(tc, each_edge_ends_in_an_answer_or_in_a_cause, 0,
                        (int)(T_COUNT(examples) * T_COUNT(edges)));
    suite_add_tcase(suite, tc);
    const int code = t_run(suite);
    unlink(series);
    return code;
}
