/* test_kin_balance.c - every reaction keeps its elements and its charge; a new law's recipe works */
#include <ctype.h>

#include "kin_checks.h"

enum { ELEMENTS_MAX = 16 };

typedef struct {
    char   name[ELEMENTS_MAX][4];
    double amount[ELEMENTS_MAX];
    size_t n;
    double charge;
} composition;

static void add_element(composition *c, const char *name, double amount)
{
    size_t i = 0;

    while (i < c->n && strcmp(c->name[i], name) != 0)
        i++;
    if (i == c->n) {
        ck_assert_uint_lt(c->n, ELEMENTS_MAX);
        snprintf(c->name[c->n++], sizeof c->name[0], "%s", name);
    }
    c->amount[i] += amount;
}

/* Number at *text, 1 when there is none. */
static double number(const char **text)
{
    char        *end;
    const double x = isdigit((unsigned char)**text) ? strtod(*text, &end) : 1.0;

    if (isdigit((unsigned char)**text))
        *text = end;
    return x;
}

/* Up to the closing bracket or the end of the formula; what follows the bracket multiplies. */
static void add_formula(composition *c, const char **text, double times)
{
    while (**text && **text != ')' && **text != '+' && **text != '-') {
        if (**text == '(') {
            const char *close = strchr(*text, ')');
            ck_assert_ptr_nonnull(close);
            const char  *after = close + 1;
            const double inner = number(&after);
            (*text)++;
            add_formula(c, text, times * inner);
            *text = after;
        } else {
            char name[4] = {*(*text)++};
            ck_assert(isupper((unsigned char)name[0]));
            if (islower((unsigned char)**text))
                name[1] = *(*text)++;
            add_element(c, name, times * number(text));
        }
    }
}

/* Formulas of names that are not formulas themselves, as data/thermo/minewater.dat has them. */
static const struct {
    const char *name, *formula;
} names[] = {
    {"Acetate-", "C2H3O2-"}, /* kept apart from dissolved carbon there */
    {"Al(OH)3(a)", "Al(OH)3"},
    {"As_hfo", "H3AsO4"},
    {"P_hfo", "H3PO4"},
    {"Basaluminite", "Al4(OH)10SO4"},
    {"Birnessite", "MnO2"},
    {"Brucite", "Mg(OH)2"},
    {"CO2(g)", "CO2"},
    {"Calcite", "CaCO3"},
    {"Cd_hfo", "CdO"},
    {"Cd_husk", "CdO"},
    {"Cd_mnox", "CdO"},
    {"Covellite", "CuS"},
    {"Cu_hfo", "CuO"},
    {"Cu_husk", "CuO"},
    {"Cerussite", "PbCO3"},
    {"Cu_mnox", "CuO"},
    {"Ferrihydrite", "Fe(OH)3"},
    {"Galena", "PbS"},
    {"Goethite", "FeO(OH)"},
    {"Greenockite", "CdS"},
    {"Gypsum", "CaSO4(H2O)2"},
    {"H2S(g)", "H2S"},
    {"Mackinawite", "FeS"},
    {"Malachite", "Cu2(OH)2CO3"},
    {"O2(g)", "O2"},
    {"Pb_hfo", "PbO"},
    {"Pb_husk", "PbO"},
    {"Pb_mnox", "PbO"},
    {"Pyrochroite", "Mn(OH)2"},
    {"Schwertmannite", "Fe8O8(OH)6SO4"},
    {"Siderite", "FeCO3"},
    {"Smithsonite", "ZnCO3"},
    {"Zn(OH)2(a)", "Zn(OH)2"},
    {"ZnS(a)", "ZnS"},
    {"Zn_hfo", "ZnO"},
    {"Zn_husk", "ZnO"},
    {"Zn_mnox", "ZnO"},
    {"Ca_compost", "CaO"},
    {"Cd_compost", "CdO"},
    {"Cu_compost", "CuO"},
    {"Pb_compost", "PbO"},
    {"Zn_compost", "ZnO"},
    {"bran", "CH2O"},
    {"husk", "CH2O"},
    {"srb", "CH2O"},
    {"compost", "CH2O"},
    {"feb", "CH2O"},
    {"Ethanol", "C2H6O"},
    {"Peroxide", "H2O2"},
    {"bran_n", "NH3"},
    {"bran_p", "H3PO4"},
    {"compost_n", "NH3"},
    {"compost_p", "H3PO4"},
    {"husk_n", "NH3"},
    {"husk_p", "H3PO4"},
    {"srb_n", "NH3"},
    {"srb_p", "H3PO4"},
    {"N2(g)", "N2"},
};

static void add_substance(composition *c, const char *name, double times)
{
    const char *text = name;

    for (size_t i = 0; i < T_COUNT(names); i++)
        if (strcmp(names[i].name, name) == 0)
            text = names[i].formula;
    add_formula(c, &text, times);
    if (*text == '+' || *text == '-') {
        const double sign = *text++ == '+' ? 1.0 : -1.0;
        c->charge += sign * times * number(&text);
    }
    ck_assert_msg(*text == '\0', "%s is not understood from \"%s\"", name, text);
}

/* Left side minus right side. */
static composition difference(const char *reaction)
{
    composition c    = {.n = 0};
    double      side = 1.0, times = 1.0;
    char        word[256];

    ck_assert_uint_lt(strlen(reaction), sizeof word);
    snprintf(word, sizeof word, "%s", reaction);
    for (char *w = strtok(word, " "); w; w = strtok(NULL, " ")) {
        if (strcmp(w, "=") == 0) {
            side = -1.0;
        } else if (isdigit((unsigned char)*w)) {
            times = strtod(w, NULL);
        } else if (strcmp(w, "+") != 0) {
            add_substance(&c, w, side * times);
            times = 1.0;
        }
    }
    ck_assert_msg(side < 0.0, "\"%s\" has no =", reaction);
    return c;
}

START_TEST(every_reaction_balances)
{
    for (size_t l = 0; l < sei_rate_count(); l++) {
        const sei_rate_law *law = sei_rate_at(l);
        const composition   c   = difference(law->reaction);

        for (size_t i = 0; i < c.n; i++)
            ck_assert_msg(fabs(c.amount[i]) < 1e-12, "%s: %s off by %g", law->key, c.name[i],
                          c.amount[i]);
        ck_assert_msg(fabs(c.charge) < 1e-12, "%s: charge off by %g", law->key, c.charge);
    }
}
END_TEST

START_TEST(a_lost_proton_is_found)
{
    const composition c = difference("Fe+2 + 0.25 O2 = Fe+3 + 0.5 H2O");
    double            h = 0.0;

    for (size_t i = 0; i < c.n; i++)
        if (strcmp(c.name[i], "H") == 0)
            h = c.amount[i];
    T_NEAR(h, -1.0, 1e-12);
    T_NEAR(c.charge, -1.0, 1e-12);
}
END_TEST

/* The skeleton that a newcomer copies compiles and passes what every law must pass. */
#define SEI_RATE(name) extern const sei_rate_law sei_rate_law_##name;
SEI_RATE(new_template)
#undef SEI_RATE
#include "kin/new_template.c"

START_TEST(the_skeleton_of_a_law_is_a_law)
{
    const sei_rate_law *law  = &sei_rate_law_new_template;
    const sei_rate_env  env  = {288.15, 0.01, NULL};
    uint64_t            seed = 1;
    double              law_p[SEI_RATE_PARAMS_MAX], in[SEI_RATE_INPUTS_MAX];

    kin_active_params(law, law_p);
    ck_assert(kin_is_finite_at_corners(law, law_p));
    for (int trial = 0; trial < 500; trial++) {
        kin_random_state(law, &seed, in);
        ck_assert_double_lt(kin_slope_error(law, &env, law_p, in), 1e-6);
    }
    const composition c = difference(law->reaction);
    for (size_t i = 0; i < c.n; i++)
        ck_assert_double_lt(fabs(c.amount[i]), 1e-12);
    ck_assert_ptr_null(sei_rate_find(law->key)); /* a skeleton, not an entry */
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("kin_balance");
    TCase *tcase = tcase_create("reactions");

    tcase_add_test(tcase, every_reaction_balances);
    tcase_add_test(tcase, a_lost_proton_is_found);
    tcase_add_test(tcase, the_skeleton_of_a_law_is_a_law);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
