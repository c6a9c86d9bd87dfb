/* result_words.c - names and numbers of a result as people read them, in both languages */
#include "study/result_words.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "base/clock.h"
#include "base/number.h"

static void copy(char *out, size_t size, const char *text)
{
    snprintf(out, size, "%s", text);
}

sei_words sei_words_of(const char *ja, const char *en)
{
    sei_words w;

    copy(w.ja, sizeof w.ja, ja);
    copy(w.en, sizeof w.en, en);
    return w;
}

static void append(char *out, size_t size, const char *text)
{
    const size_t used = strlen(out);

    copy(out + used, size - used, text);
}

void sei_words_add(sei_words *w, const char *ja, const char *en)
{
    append(w->ja, sizeof w->ja, ja);
    append(w->en, sizeof w->en, en);
}

/* ---- columns ---------------------------------------------------------------------------------- */

static const struct {
    sei_fraction fraction;
    const char  *ja, *en;
} fractions[] = {
    {SEI_FRACTION_TOTAL, "全量", "total"},
    {SEI_FRACTION_DISSOLVED, "溶解性", "dissolved"},
    {SEI_FRACTION_SUSPENDED, "懸濁態", "suspended"},
};

/* Quantities whose symbol says less than their name. */
static bool is_named(const sei_quantity *q)
{
    return !q->formula && strcmp(q->key, "ph") != 0 && strcmp(q->key, "ss") != 0 &&
           strcmp(q->key, "bod") != 0 && strcmp(q->key, "cod") != 0;
}

sei_words sei_column_words(const sei_quantity_column *column)
{
    const sei_quantity *q = column->quantity;
    sei_words w = is_named(q) || strcmp(q->key, "alkalinity") == 0 || strcmp(q->key, "acidity") == 0
                      ? sei_words_of(q->name_ja, q->name_en)
                      : sei_words_of(q->symbol, q->symbol);

    if (q->fractions && !(column->fraction == SEI_FRACTION_TOTAL && !q->formula)) /* BOD is BOD */
        for (size_t i = 0; i < sizeof fractions / sizeof fractions[0]; i++)
            if (fractions[i].fraction == column->fraction) {
                sei_words_add(&w, " ", " ");
                sei_words_add(&w, fractions[i].ja, fractions[i].en);
            }
    return w;
}

sei_words sei_column_title(const sei_quantity_column *column)
{
    const sei_quantity *q = column->quantity;
    sei_words           w = sei_words_of(q->name_ja, "");

    for (size_t i = 0; q->fractions && i < sizeof fractions / sizeof fractions[0]; i++)
        if (fractions[i].fraction == column->fraction) {
            sei_words_add(&w, "(", fractions[i].en);
            sei_words_add(&w, fractions[i].ja, " ");
            sei_words_add(&w, ")", "");
        }
    sei_words_add(&w, "", q->name_en);
    return w;
}

const char *sei_column_unit(const sei_quantity_column *column)
{
    return column->unit ? column->unit->symbol : "";
}

double sei_column_shown(const sei_quantity_column *column, double si)
{
    double value;

    return sei_quantity_from_si(column->quantity, column->unit, si, &value) ? value : SEI_NO_NUMBER;
}

double sei_column_difference(const sei_quantity_column *column, double si)
{
    return sei_column_shown(column, si) - sei_column_shown(column, 0);
}

int sei_column_decimals(const sei_quantity_column *column)
{
    const bool fixed = !column->quantity->unit[0] || column->quantity->signed_value;

    return fixed ? column->quantity->decimals : SEI_SIGNIFICANT(3);
}

/* ---- cells ------------------------------------------------------------------------------------ */

void sei_put_number(sei_rtable *table, bool has, double value, int decimals)
{
    if (has && isfinite(value))
        sei_rtable_add_number(table, value, decimals);
    else
        sei_rtable_add_empty(table);
}

void sei_put_plain(sei_rtable *table, const char *text)
{
    if (text && text[0])
        sei_rtable_add_text(table, SEI_L(text, text));
    else
        sei_rtable_add_empty(table);
}

void sei_put_value(sei_rtable *table, const sei_quantity_column *column, bool has, double si)
{
    const double trace    = 1e-6; /* of the unit: no laboratory measures it in mine water */
    const double value    = has ? sei_column_shown(column, si) : SEI_NO_NUMBER;
    const int    decimals = sei_column_decimals(column);

    if (decimals < 0 && isfinite(value) && fabs(value) > 0 && fabs(value) < trace)
        sei_rtable_add_below(table, trace, 6);
    else
        sei_put_number(table, has, value, decimals);
}

/* ---- limits ----------------------------------------------------------------------------------- */

static void side_text(char out[SEI_NUMBER_MAX], const sei_limit *l, double si)
{
    double value = 0;

    if (!sei_quantity_from_si(l->quantity, l->unit, si, &value))
        value = si;
    sei_format_double(out, value, 6); /* hides the rounding of unit conversion */
}

sei_words sei_limit_words(const sei_limit *l, bool changes)
{
    sei_words w                   = sei_words_of("", "");
    char      min[SEI_NUMBER_MAX] = "", max[SEI_NUMBER_MAX] = "";

    if (l->has_min)
        side_text(min, l, l->min_si);
    if (l->has_max)
        side_text(max, l, l->max_si);
    if (l->statistic == SEI_LIMIT_NOT_DETECTED)
        w = sei_words_of("不検出", "not detected");
    else if (l->has_min && l->has_max)
        sei_words_add(&w, min, min);
    else
        sei_words_add(&w, l->has_min ? "≥ " : "≤ ", l->has_min ? "≥ " : "≤ ");
    if (l->has_min && l->has_max)
        sei_words_add(&w, "–", "–");
    else
        sei_words_add(&w, min, min);
    sei_words_add(&w, max, max);
    if (l->status == SEI_LIMIT_UNVERIFIED)
        sei_words_add(&w, " *", " *");
    if (l->is_target)
        sei_words_add(&w, " †", " †");
    if (changes)
        sei_words_add(&w, " ‡", " ‡");
    return w;
}

sei_label sei_statistic_label(sei_limit_statistic statistic)
{
    switch (statistic) {
    case SEI_LIMIT_EACH_SAMPLE: return SEI_L("各試料", "each sample");
    case SEI_LIMIT_DAILY_MEAN: return SEI_L("日間平均", "daily mean");
    case SEI_LIMIT_ANNUAL_MEAN: return SEI_L("年間平均", "annual mean");
    case SEI_LIMIT_NOT_DETECTED: return SEI_L("検出されないこと", "not detected");
    }
    return SEI_L("", "");
}

/* ---- places, units, solids -------------------------------------------------------------------- */

sei_label sei_watch_label(const sei_watch *watch)
{
    const char *en = watch->name && watch->name[0] ? watch->name : watch->key;

    return (sei_label){watch->name_ja && watch->name_ja[0] ? watch->name_ja : en, en};
}

sei_label sei_unit_label(const sei_unit_spec *unit)
{
    return (sei_label){unit->name_ja && unit->name_ja[0] ? unit->name_ja : unit->name, unit->name};
}

sei_label sei_site_label(const sei_site *site)
{
    return (sei_label){site->name_ja && site->name_ja[0] ? site->name_ja : site->name, site->name};
}

sei_label sei_evidence_label(sei_evidence evidence)
{
    switch (evidence) {
    case SEI_PUBLISHED: return SEI_L("文献値", "PUBLISHED");
    case SEI_INFERRED: return SEI_L("文献値から算定", "INFERRED");
    case SEI_ASSUMED: return SEI_L("仮定", "ASSUMED");
    }
    return SEI_L("", "");
}

static const struct {
    const char *name, *ja, *en;
    bool        is_medium;
} solids[] = {
    {"bran", "米ぬか", "rice bran", true},
    {"husk", "籾殻", "rice husk", true},
    {"compost", "コンポスト", "compost", true},
    {"bran_n", "米ぬかの窒素", "nitrogen of rice bran", true},
    {"bran_p", "米ぬかのりん", "phosphorus of rice bran", true},
    {"husk_n", "籾殻の窒素", "nitrogen of rice husk", true},
    {"husk_p", "籾殻のりん", "phosphorus of rice husk", true},
    {"compost_n", "コンポストの窒素", "nitrogen of compost", true},
    {"compost_p", "コンポストのりん", "phosphorus of compost", true},
    {"srb", "硫酸還元菌", "sulfate reducers", false},
    {"srb_n", "硫酸還元菌の窒素", "nitrogen of sulfate reducers", false},
    {"srb_p", "硫酸還元菌のりん", "phosphorus of sulfate reducers", false},
    {"feb", "鉄酸化細菌", "iron bacteria", false},
    {"As_hfo", "ヒ酸(三価鉄に吸着)", "arsenate on ferric iron", false},
    {"Cd_hfo", "カドミウム(三価鉄に吸着)", "cadmium on ferric iron", false},
    {"Cu_hfo", "銅(三価鉄に吸着)", "copper on ferric iron", false},
    {"P_hfo", "りん酸(三価鉄に吸着)", "phosphate on ferric iron", false},
    {"Pb_hfo", "鉛(三価鉄に吸着)", "lead on ferric iron", false},
    {"Zn_hfo", "亜鉛(三価鉄に吸着)", "zinc on ferric iron", false},
    {"Ca_compost", "カルシウム(コンポストの交換座)", "calcium in exchange sites of compost", false},
    {"Cd_compost", "カドミウム(コンポストの交換座)", "cadmium in exchange sites of compost", false},
    {"Cu_compost", "銅(コンポストの交換座)", "copper in exchange sites of compost", false},
    {"Pb_compost", "鉛(コンポストの交換座)", "lead in exchange sites of compost", false},
    {"Zn_compost", "亜鉛(コンポストの交換座)", "zinc in exchange sites of compost", false},
    {"Cd_husk", "カドミウム(籾殻に吸着)", "cadmium on husk", false},
    {"Cd_mnox", "カドミウム(マンガン酸化物に吸着)", "cadmium on manganese oxide", false},
    {"Cu_husk", "銅(籾殻に吸着)", "copper on husk", false},
    {"Cu_mnox", "銅(マンガン酸化物に吸着)", "copper on manganese oxide", false},
    {"Pb_husk", "鉛(籾殻に吸着)", "lead on husk", false},
    {"Pb_mnox", "鉛(マンガン酸化物に吸着)", "lead on manganese oxide", false},
    {"Zn_husk", "亜鉛(籾殻に吸着)", "zinc on husk", false},
    {"Zn_mnox", "亜鉛(マンガン酸化物に吸着)", "zinc on manganese oxide", false},
    {"Calcite", "石灰石(方解石)", "limestone (calcite)", true},
    {"Schwertmannite", "シュベルトマナイト", "schwertmannite", false},
    {"Ferrihydrite", "フェリハイドライト", "ferrihydrite", false},
    {"Goethite", "ゲーサイト", "goethite", false},
    {"Gypsum", "石こう", "gypsum", false},
    {"ZnS", "硫化亜鉛", "zinc sulfide", false},
    {"Sphalerite", "硫化亜鉛(閃亜鉛鉱)", "sphalerite", false},
    {"Greenockite", "硫化カドミウム", "cadmium sulfide", false},
    {"CdS", "硫化カドミウム", "cadmium sulfide", false},
    {"Covellite", "硫化銅", "copper sulfide", false},
    {"Galena", "硫化鉛", "lead sulfide", false},
    {"Mackinawite", "硫化鉄(マキナワイト)", "mackinawite (FeS)", false},
    {"FeS", "硫化鉄", "iron sulfide", false},
    {"Siderite", "菱鉄鉱", "siderite", false},
    {"Smithsonite", "菱亜鉛鉱", "smithsonite", false},
    {"Cerussite", "白鉛鉱(炭酸鉛)", "cerussite", false},
    {"Malachite", "孔雀石(塩基性炭酸銅)", "malachite", false},
    {"Al(OH)3", "水酸化アルミニウム", "aluminium hydroxide", false},
    {"Gibbsite", "ギブサイト", "gibbsite", false},
    {"Basaluminite", "バサルミナイト", "basaluminite", false},
    {"Birnessite", "二酸化マンガン", "manganese oxide", false},
    {"Cu(OH)2", "水酸化銅", "copper hydroxide", false},
    {"Zn(OH)2", "水酸化亜鉛", "zinc hydroxide", false},
    {"Cd(OH)2", "水酸化カドミウム", "cadmium hydroxide", false},
    {"Pb(OH)2", "水酸化鉛", "lead hydroxide", false},
    {"Pyrochroite", "水酸化マンガン(II)", "manganese hydroxide", false},
    {"Brucite", "水酸化マグネシウム", "magnesium hydroxide", false},
    {"Portlandite", "消石灰(未溶解)", "lime, undissolved", false},
};

/* "ZnS(a)" and "Ferrihydrite(2L)" are known by what stands before the bracket. */
static bool is_called(const char *solid, const char *name)
{
    const size_t len = strlen(name);

    return strncmp(solid, name, len) == 0 && (solid[len] == '\0' || solid[len] == '(');
}

sei_words sei_solid_words(const char *solid)
{
    for (size_t i = 0; i < sizeof solids / sizeof solids[0]; i++)
        if (is_called(solid, solids[i].name))
            return sei_words_of(solids[i].ja, solids[i].en);
    return sei_words_of(solid, solid);
}

bool sei_solid_is_medium(const char *solid)
{
    for (size_t i = 0; i < sizeof solids / sizeof solids[0]; i++)
        if (is_called(solid, solids[i].name))
            return solids[i].is_medium;
    return false;
}

sei_words sei_period_words(const sei_result *r)
{
    const sei_site *site = r->site;
    char            start[SEI_TIME_MAX], end[SEI_TIME_MAX], planned[SEI_TIME_MAX];
    sei_words       w = sei_words_of("", "");

    if (r->n_times == 0)
        return w;
    sei_format_date(start, r->time_us[0], site->utc_offset_us);
    if (site->run.mode == SEI_RUN_STEADY) {
        sei_words_add(&w, start, start);
        sei_words_add(&w, " の定常状態", ", steady state");
        return w;
    }
    /* a run that ends at midnight has the day before as its last one */
    sei_format_date(end, r->time_us[r->n_times - 1] - 1, site->utc_offset_us);
    sei_format_date(planned, site->run.end_us - 1, site->utc_offset_us);
    sei_words_add(&w, start, start);
    sei_words_add(&w, " ～ ", " to ");
    sei_words_add(&w, end, end);
    if (!r->is_complete) {
        sei_words_add(&w, "(予定 ", " (planned to ");
        sei_words_add(&w, planned, planned);
        sei_words_add(&w, " まで、中断)", ", stopped)");
    }
    return w;
}

sei_words sei_range_words(double low, double high)
{
    char      from[SEI_NUMBER_MAX], to[SEI_NUMBER_MAX];
    sei_words w = sei_words_of("", "");

    sei_format_double(from, low, 3); /* "" when it is not a number */
    sei_format_double(to, high, 3);
    if (!from[0] && !to[0])
        return w;
    sei_words_add(&w, from, from);
    if (strcmp(from, to) == 0)
        return w;
    sei_words_add(&w, "–", "–");
    sei_words_add(&w, to, to);
    return w;
}

sei_words sei_breach_words(const sei_result *r, const sei_breach *b)
{
    const sei_words name  = sei_column_words(&r->columns[b->column]);
    const sei_words met   = sei_range_words(b->low, b->high);
    const sei_words valid = sei_range_words(b->valid.low, b->valid.high);
    const char     *unit  = sei_column_unit(&r->columns[b->column]);
    const sei_label place = sei_unit_label(&r->site->units[b->unit]);
    sei_words       w     = sei_words_of("速度則 ", "Rate law ");

    sei_words_add(&w, b->law->key, b->law->key);
    sei_words_add(&w, " が適用範囲外で使われた：", " worked outside its range: ");
    sei_words_add(&w, place.ja, name.en);
    sei_words_add(&w, " の ", " ");
    sei_words_add(&w, name.ja, met.en);
    sei_words_add(&w, " ", unit[0] ? " " : "");
    sei_words_add(&w, met.ja, unit);
    sei_words_add(&w, unit[0] ? " " : "", " in ");
    sei_words_add(&w, unit, place.en);
    sei_words_add(&w, "、適用範囲 ", ", stated for ");
    sei_words_add(&w, valid.ja, valid.en);
    return w;
}

double sei_param_shown(const sei_param *param, double si)
{
    const sei_unit *unit = sei_param_unit(param);

    return unit ? sei_from_si(unit, si) : si;
}
