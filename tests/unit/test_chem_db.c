/* test_chem_db.c - reading databases: every spelling that PHREEQC's files use, and what is refused */
#include <dirent.h>

#include "chem/db.h"
#include "chem/net.h"
#include "t.h"

#define BASE                                                                                     \
    "SOLUTION_MASTER_SPECIES\n"                                                                  \
    "H H+ -1 H 1.008\nE e- 0 0 0\nO H2O 0 O 16\nAlkalinity CO3-2 1 Ca0.5(CO3)0.5 50.05\n"        \
    "C CO3-2 2 HCO3 12.011\nCa Ca+2 0 Ca 40.08\nS SO4-2 0 SO4 32.06\nS(6) SO4-2 0 SO4\n"         \
    "S(-2) HS- 1 S\nFe Fe+2 0 Fe 55.847\nFe(+2) Fe+2 0 Fe\nFe(+3) Fe+3 -2 Fe\n"                  \
    "SOLUTION_SPECIES\nH+ = H+\ne- = e-\nH2O = H2O\nCO3-2 = CO3-2\nCa+2 = Ca+2\nSO4-2 = SO4-2\n" \
    "Fe+2 = Fe+2\nSO4-2 + 9H+ + 8e- = HS- + 4H2O\n log_k 33.65\nFe+2 = Fe+3 + e-\n log_k -13.02\n"

static sei_ctx *ctx;
static sei_db  *db;

static void setup(void)
{
    ctx = sei_ctx_create(NULL);
    db  = NULL;
}

static void teardown(void)
{
    sei_db_free(db);
    sei_ctx_free(ctx);
}

static void parse(const char *text)
{
    T_OK(ctx, sei_db_parse(ctx, "t.dat", text, strlen(text), &db));
}

static const sei_species *species(const char *name)
{
    const size_t k = sei_db_find_species(db, name);

    ck_assert_msg(k != SIZE_MAX, "no species %s", name);
    return &db->species[k];
}

static const sei_phase *phase(const char *name)
{
    const size_t k = sei_db_find_phase(db, name);

    ck_assert_msg(k != SIZE_MAX, "no phase %s", name);
    return &db->phases[k];
}

static double logk_of(const char *name, double temp_c)
{
    return sei_logk_at(&species(name)->formation.logk, temp_c + 273.15);
}

static double coef_of(const char *name, const char *in)
{
    const sei_reaction *r = &species(name)->formation;

    for (size_t i = 0; i < r->n_terms; i++)
        if (r->terms[i].species == sei_db_find_species(db, in))
            return r->terms[i].coef;
    return 0.0;
}

/* --- spellings ---------------------------------------------------------------------------------------- */

START_TEST(charges_and_valences_have_several_spellings)
{
    parse(BASE "Ca++ + SO4-- = CaSO4\n log_k 2.3\nFe+++ + H2O = FeOH+2 + H+1\n log_k -2.19\n");
    ck_assert_uint_eq(sei_db_find_species(db, "Fe++"), sei_db_find_species(db, "Fe+2"));
    ck_assert_uint_eq(sei_db_find_species(db, "FeOH++"), sei_db_find_species(db, "FeOH+2"));
    ck_assert_uint_eq(sei_db_find_master(db, "Fe(+3)"), sei_db_find_master(db, "Fe(3)"));
    ck_assert_str_eq(species("SO4--")->name, "SO4-2");
    T_NEAR(coef_of("CaSO4", "Ca+2"), 1.0, 0.0);
    T_NEAR(coef_of("FeOH+2", "H+"), -1.0, 0.0);
    ck_assert_uint_eq(sei_db_find_species(db, "Ca+3"), SIZE_MAX);
}
END_TEST

START_TEST(coefficients_may_be_glued_apart_or_fractions)
{
    parse(BASE "2H2O = O2 + 4 H+ + 4e-\n log_k -85.99\n2 Ca+2 + .5 CO3-2 + 1.5CO3-2 = 2CaCO3\n "
               "log_k 6.4\n");
    T_NEAR(coef_of("O2", "H2O"), 2.0, 0.0);
    T_NEAR(coef_of("O2", "H+"), -4.0, 0.0);
    T_NEAR(coef_of("O2", "e-"), -4.0, 0.0);
    T_NEAR(coef_of("CaCO3", "Ca+2"), 1.0, 0.0); /* per one CaCO3 */
    T_NEAR(coef_of("CaCO3", "CO3-2"), 1.0, 0.0);
}
END_TEST

START_TEST(lines_may_be_cut_joined_and_commented)
{
    parse("\xEF\xBB\xBF# a comment first\r\n" BASE
          "CO3-2 + H+ \\\n = HCO3- ; log_k 10.33 ; -delta_h -3.56 kcal # why\r\n"
          "\r\n   \t\nCa+2 + CO3-2 = CaCO3; -log_k 3.22\n");
    T_NEAR(logk_of("HCO3-", 25.0), 10.33, 1e-12);
    T_NEAR(logk_of("CaCO3", 25.0), 3.22, 1e-12);
}
END_TEST

START_TEST(options_may_lose_dash_case_and_tail)
{
    static const char *const spellings[] = {"log_k 10.33",    "-log_k 10.33",     "LOG_K 10.33",
                                            "-log 10.33",     "-l 10.33",         "logk 10.33",
                                            "-Log_K = 10.33", "log_k\t10.33 text"};
    char                     text[2000];

    for (size_t i = 0; i < T_COUNT(spellings); i++) {
        snprintf(text, sizeof text, BASE "CO3-2 + H+ = HCO3-\n %s\n", spellings[i]);
        parse(text);
        T_NEAR(logk_of("HCO3-", 25.0), 10.33, 1e-12);
        sei_db_free(db);
        db = NULL;
    }
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 0);
}
END_TEST

/* log K(50) = log K(25) - dH / (R ln 10) (1/323.15 - 1/298.15), by hand for -3.56 kcal: R as PHREEQC has it. */
START_TEST(enthalpies_have_four_units)
{
    static const char *const units[] = {"-14.89504",  "-14.89504 kJ",  "-14895.04 J/mol",
                                        "-3.56 kcal", "-3560 cal/mol", "-14.89504 kJoules"};
    char                     text[2000];

    for (size_t i = 0; i < T_COUNT(units); i++) {
        snprintf(text, sizeof text, BASE "CO3-2 + H+ = HCO3-\n log_k 10.33\n delta_h %s\n",
                 units[i]);
        parse(text);
        T_NEAR(logk_of("HCO3-", 25.0), 10.33, 1e-12);
        T_NEAR(logk_of("HCO3-", 50.0), 10.33 - 0.201869, 1e-5);
        sei_db_free(db);
        db = NULL;
    }
}
END_TEST

START_TEST(an_analytic_expression_overrides_the_constant)
{
    /* calcite of Plummer & Busenberg 1982: -8.480 at 25 degC; a sixth term times T^2 */
    parse(BASE "CO3-2 + H+ = HCO3-\n log_k 99\n -analytic 107.8871 0.03252849 -5151.79 -38.92561 "
               "563713.9\n"
               "Ca+2 + CO3-2 = CaCO3\n -a_e 1 0 0 0 0 1e-5\n log_k 99\n"
               "Ca+2 + SO4-2 = CaSO4\n log_k 2.3\n -analytical_expression 0 0 0 0 0\n");
    T_NEAR(logk_of("HCO3-", 25.0), 10.329, 1e-3);
    T_NEAR(logk_of("CaCO3", 25.0), 1.0 + 1e-5 * 298.15 * 298.15, 1e-12);
    T_NEAR(logk_of("CaSO4", 25.0), 2.3, 1e-12);
}
END_TEST

START_TEST(formulas_hold_groups_waters_and_odd_elements)
{
    parse(BASE
          "SOLUTION_MASTER_SPECIES\nFe_di Fe_di+2 0 Fe_di 55.847\n[Mn+2] [Mn+2]+2 0 54.9 54.9\n"
          "Acetate Acetate- 1 59.01 59.01\n"
          "SOLUTION_SPECIES\nFe_di+2 = Fe_di+2\n[Mn+2]+2 = [Mn+2]+2\nAcetate- = Acetate-\n"
          "Fe_di+2 + H2O = Fe_diOH+ + H+\n log_k -9.5\n[Mn+2]+2 + Acetate- = [Mn+2](Acetate)+\n "
          "log_k 1\n"
          "PHASES\nGypsum\n CaSO4:2H2O = Ca+2 + SO4-2 + 2 H2O\n log_k -4.58\n"
          "Mix\n Ca0.5(CO3)0.5 = .5 Ca+2 + 0.5CO3-2\n log_k -4.2\n");
    T_CLOSE(phase("Gypsum")->g_mol, 40.08 + 32.06 + 4 * 16.0 + 2 * (2 * 1.008 + 16.0), 1e-12);
    T_CLOSE(phase("Mix")->g_mol, 0.5 * 40.08 + 0.5 * (12.011 + 48.0), 1e-12);
    T_NEAR(coef_of("Fe_diOH+", "Fe_di+2"), 1.0, 0.0);
    ck_assert_uint_ne(sei_db_find_element(db, "[Mn+2]"), SIZE_MAX);
    T_NEAR(species("[Mn+2](Acetate)+")->composition.charge, 1.0, 0.0);
}
END_TEST

START_TEST(masses_are_numbers_or_formulas)
{
    parse(BASE);
    T_CLOSE(sei_db_component_g_mol(db, "C"), 1.008 + 12.011 + 48.0,
            1e-12); /* HCO3, O and H come later */
    T_CLOSE(sei_db_component_g_mol(db, "S(6)"), 96.06, 1e-12);
    T_CLOSE(sei_db_component_g_mol(db, "Fe(3)"), 55.847, 1e-12);
    T_CLOSE(sei_db_component_g_mol(db, "Alkalinity"), 50.0455, 1e-12);
    T_CLOSE(sei_db_formula_g_mol(db, "CaSO4:2H2O"), 40.08 + 96.06 + 36.032, 1e-12);
    ck_assert(sei_db_component_g_mol(db, "Zn") == 0.0);
    ck_assert(sei_db_formula_g_mol(db, "ZnS") == 0.0);
}
END_TEST

START_TEST(activity_coefficients_follow_the_options)
{
    parse(BASE
          "CO3-2 + H+ = HCO3-\n -gamma 5.4 0.1\n log_k 10.3\nCO3-2 + 2H+ = CO2 + H2O\n -gamma 0 "
          "0.066\n"
          " log_k 16.7\nCa+2 + SO4-2 = CaSO4\n log_k 2.3\nH2O = OH- + H+\n -gamma 3.5\n log_k -14\n"
          "H2O = H2O\n -gamma 5 5\n");
    ck_assert_int_eq(species("HCO3-")->gamma, SEI_GAMMA_WATEQ);
    T_NEAR(species("HCO3-")->dha, 5.4, 0.0);
    T_NEAR(species("HCO3-")->dhb, 0.1, 0.0);
    ck_assert_int_eq(species("CO2")->gamma, SEI_GAMMA_WATEQ); /* a neutral species with its own b */
    T_NEAR(species("CO2")->dhb, 0.066, 0.0);
    ck_assert_int_eq(species("CaSO4")->gamma, SEI_GAMMA_NEUTRAL);
    T_NEAR(species("OH-")->dhb, 0.0, 0.0);
    ck_assert_int_eq(species("Ca+2")->gamma, SEI_GAMMA_DAVIES);
    ck_assert_int_eq(species("H2O")->gamma, SEI_GAMMA_ONE);
}
END_TEST

START_TEST(unbalanced_reactions_may_be_allowed_and_counted_apart)
{
    static const char *const components[] = {"S(-2)"};
    const sei_net_spec       spec         = {.n_components = 1, .components = components};
    sei_net                 *net          = NULL;

    parse(BASE "HS- = S2-2 + H+\n log_k -14.5\n -no_check\n -mole_balance S(-2)2\nHS- = S4-2 + "
               "H+\n -no_check\n");
    ck_assert_uint_eq(species("S2-2")->n_balance, 1);
    T_OK(ctx, sei_net_create(ctx, db, &spec, &net));
    const size_t s2 = sei_net_species(net, "S2-2"), s4 = sei_net_species(net, "S4-2");
    ck_assert(!net->symmetric);
    T_NEAR(net->nu.val[net->nu.ptr[s2]], 1.0, 0.0);
    T_NEAR(net->beta.val[net->beta.ptr[s2]], 2.0, 0.0);
    T_NEAR(net->beta.val[net->beta.ptr[s4]], 1.0, 0.0); /* by the reaction */
    sei_net_free(net);
}
END_TEST

START_TEST(what_is_not_needed_is_passed_over)
{
    parse(BASE "CO3-2 + H+ = HCO3-\n log_k 10.3\n -Vm 8.6 0 -12.2 0 1.7\n -dw 1.18e-9 -190\n "
               "-viscosity 0 0.6\n"
               " -erm_ddl 1\n -millero 1 2 3\n"
               "PHASES\nCO2(g) 17 etc.\n CO2(g) + H2O = 2H+ + CO3-2\n log_k -18.1\n -T_c 304.2; "
               "-P_c 72.86; -Omega 0.225\n"
               "RATES\nCalcite\n-start\n10 rate = 0 # = is no reaction\n20 save rate\n-end\n"
               "SURFACE_MASTER_SPECIES\nHfo_s Hfo_sOH\nSURFACE_SPECIES\nHfo_sOH = "
               "Hfo_sOH\nEXCHANGE_SPECIES\nX- = X-\n"
               "CALCULATE_VALUES\nanything\nEND\n");
    ck_assert_uint_eq(sei_ctx_n_warnings(ctx), 0);
    ck_assert(phase("CO2(g)")->is_gas);
    ck_assert_uint_eq(sei_db_n_phases(db), 1);
    ck_assert_uint_eq(sei_db_find_species(db, "X-"), SIZE_MAX);
}
END_TEST

START_TEST(phases_are_found_in_any_case_and_redefined_by_the_last)
{
    parse(BASE "PHASES\nCalcite\n CaCO3 = Ca+2 + CO3-2\n log_k -8\nGypsum\n CaSO4 = Ca+2 + SO4-2\n "
               "log_k -4\n"
               "CALCITE\n CaCO3 = Ca+2 + CO3-2\n log_k -8.48\n");
    ck_assert_uint_eq(sei_db_n_phases(db), 2);
    ck_assert(sei_db_has_phase(db, "calcite"));
    T_NEAR(sei_logk_at(&phase("cAlCiTe")->dissolution.logk, 298.15), -8.48, 1e-12);
    ck_assert(!sei_db_has_phase(db, "Calcit"));
}
END_TEST

/* More read into a copy: what is new, what is defined anew by it, constants that the first text named; the first is as
 * it was. */
START_TEST(a_copy_is_read_on)
{
    const char before[] = BASE "NAMED_EXPRESSIONS\nExtra\n log_k 1\nSOLUTION_SPECIES\n"
                               "CO3-2 + H+ = HCO3-\n log_k 9.3\nPHASES\nCalcite\n "
                               "CaCO3 = Ca+2 + CO3-2\n log_k -8\n";
    const char text[] =
        "SOLUTION_MASTER_SPECIES\nZz Zz+2 0 Zz 99\nSOLUTION_SPECIES\nZz+2 = Zz+2\n"
        "Zz+2 + CO3-2 = ZzCO3\n log_k 4\n -add_logk Extra 2\nCO3-2 + H+ = HCO3-\n log_k 9\n"
        "PHASES\nCALCITE\n CaCO3 = Ca+2 + CO3-2\n log_k -8.48\n";
    sei_db *first     = NULL;
    size_t  n_species = 0;

    T_OK(ctx, sei_db_parse(ctx, "t.dat", before, strlen(before), &first));
    T_OK(ctx, sei_db_extend(ctx, first, 1, &(sei_db_source){"more", 1, text, strlen(text)},
                            &n_species, &db));
    ck_assert_uint_eq(n_species, sei_db_n_species(db));
    T_NEAR(logk_of("ZzCO3", 25.0), 6.0, 1e-12);
    T_NEAR(logk_of("HCO3-", 25.0), 9.0, 1e-12);
    T_NEAR(sei_logk_at(&phase("Calcite")->dissolution.logk, 298.15), -8.48, 1e-12);
    T_NEAR(sei_db_component_g_mol(db, "Zz"), 99.0, 1e-12);
    ck_assert_uint_eq(sei_db_n_phases(db), 1);
    ck_assert_uint_eq(sei_db_n_species(db), sei_db_n_species(first) + 2);
    ck_assert(sei_db_has_component(db, "Zz") && !sei_db_has_component(first, "Zz"));
    sei_db_free(db);
    db = first;
    T_NEAR(logk_of("HCO3-", 25.0), 9.3, 1e-12);
    T_NEAR(sei_logk_at(&phase("Calcite")->dissolution.logk, 298.15), -8.0, 1e-12);
}
END_TEST

/* The checksum as sha256sum prints it for the same bytes. */
START_TEST(a_database_knows_its_name_and_checksum)
{
    T_OK(ctx, sei_db_read(ctx, SEI_PROJECT_DIR "/data/thermo/minewater.dat", &db));
    FILE *pipe = popen("sha256sum <" SEI_PROJECT_DIR "/data/thermo/minewater.dat", "r");
    char  sum[65];
    ck_assert(pipe && fgets(sum, sizeof sum, pipe));
    pclose(pipe);
    ck_assert_str_eq(sei_db_sha256(db), sum);
    ck_assert_str_eq(sei_db_name(db), SEI_PROJECT_DIR "/data/thermo/minewater.dat");
    sei_db_free(db);
    parse(BASE);
    ck_assert_str_eq(sei_db_name(db), "t.dat");
    ck_assert(sei_db_has_component(db, "Fe(3)") && !sei_db_has_component(db, "Fe(6)"));
    ck_assert_uint_eq(sei_db_n_species(db), 9);
}
END_TEST

/* --- what is refused ----------------------------------------------------------------------------------- */

static const struct {
    const char *file, *message; /* after the folder */
    sei_status  status;
} bad[] = {
    {"add-constant.dat", ":5: a number is needed: \"one\"", SEI_E_PARSE},
    {"unknown-option.dat", ":6: SOLUTION_SPECIES: unknown option: \"-lokg\"", SEI_E_KEY},
    {"phase-gamma.dat", ":8: PHASES: unknown option: \"-gamma\"", SEI_E_KEY},
    {"input-keyword.dat",
     ":8: this keyword belongs into an input, not into a database: \"SELECTED_OUTPUT\"",
     SEI_E_UNSUPPORTED},
    {"add-logk.dat",
     ":16: -add_logk names an expression that NAMED_EXPRESSIONS above lacks: \"Log_K_O2\"",
     SEI_E_NOT_FOUND},
    {"charge-unbalanced.dat", ":15: reaction of HCO3 does not balance in charge: 1 left over",
     SEI_E_UNBALANCED},
    {"element-unbalanced.dat", ":15: reaction of CO3-2 does not balance in H: -1 left over",
     SEI_E_UNBALANCED},
    {"ion-size.dat", ":17: ion size -5.4 is below 0", SEI_E_RANGE},
    {"llnl-array.dat",
     ":3: unknown array (known: -temperatures, -dh_a, -dh_b, -bdot, -co2_coefs): \"-colour\"",
     SEI_E_KEY},
    {"llnl-order.dat", ": temperatures of LLNL_AQUEOUS_MODEL_PARAMETERS must ascend: 25 follows 60",
     SEI_E_RANGE},
    {"llnl-too-many.dat", ":3: a number that belongs to no array: \"6\"", SEI_E_TOO_LARGE},
    {"llnl-without-block.dat",
     ":15: -llnl_gamma of HCO3- needs a block LLNL_AQUEOUS_MODEL_PARAMETERS", SEI_E_MISSING},
    {"log-k-missing.dat", ":16: 1 number(s) needed, 0 found", SEI_E_MISSING},
    {"log-k-no-number.dat", ":16: a number is needed: \"ten\"", SEI_E_PARSE},
    {"long-line.dat", ":16: line is longer than 4096 bytes", SEI_E_TOO_LARGE},
    {"long-species.dat", NULL, SEI_E_TOO_LARGE},
    {"master-alkalinity.dat", ":2: alkalinity of a master species must be a number: \"none\"",
     SEI_E_PARSE},
    {"master-short.dat",
     ":2: a master species needs: element, species, alkalinity, formula or mass: \"Ca Ca+2\"",
     SEI_E_PARSE},
    {"mole-balance.dat", ":16: -mole_balance names an unknown master species: \"Xy(3)\"",
     SEI_E_NOT_FOUND},
    {"negative-first.dat",
     ":15: the first species on the right must have a positive coefficient: \"H2O = - H+ + OH-\"",
     SEI_E_PARSE},
    {"no-formula.dat", ":15: not a chemical formula: \"Ca(CO3\"", SEI_E_PARSE},
    {"no-water.dat", ": SOLUTION_SPECIES must define H+, e- and H2O", SEI_E_MISSING},
    {"nul-byte.dat", ":16: a NUL byte: not a text file", SEI_E_ENCODING},
    {"option-first.dat", ":8: an option without a reaction above it: \"log_k 3.0\"", SEI_E_PARSE},
    {"phase-coefficient.dat",
     ":17: the formula of a phase must have the coefficient 1: \"2CaCO3 = 2Ca+2 + 2CO3-2\"",
     SEI_E_PARSE},
    {"phase-unbalanced.dat", ":17: reaction of Dolomite does not balance in O: 3 left over",
     SEI_E_UNBALANCED},
    {"phase-without-name.dat",
     ":16: a reaction without the name of its phase above it: \"CaCO3 = Ca+2 + CO3-2\"",
     SEI_E_PARSE},
    {"pitzer-and-sit.dat",
     ":19: PITZER and SIT in one database: activities can follow one of them only",
     SEI_E_UNSUPPORTED},
    {"pitzer-option.dat",
     ":16: unknown option of PITZER (known: -B0, -B1, -B2, -C0, -theta, "
     "-lambda, -zeta, -psi, -eta, -mu, -alphas, -APHI, -MacInnes, -use_etheta, "
     "-redox): \"-epsilon\"",
     SEI_E_KEY},
    {"pitzer-salt.dat", ":17: a cation and an anion are needed: \"Ca+2 Na+ 0.1\"", SEI_E_RANGE},
    {"pitzer-short.dat", ":17: 3 species and a number are needed: \"Ca+2 Na+\"", SEI_E_MISSING},
    {"pitzer-without-option.dat", ":16: a parameter without an option above it: \"Na+ Cl- 0.1\"",
     SEI_E_PARSE},
    {"reaction-without-equal.dat", ":15: neither a reaction nor an option: \"Ca+2 + CO3-2 CaCO3\"",
     SEI_E_PARSE},
    {"species-alone.dat", ":15: neither a reaction nor an option: \"HCO3-\"", SEI_E_PARSE},
    {"text-before-block.dat",
     ":1: text outside a known block of a thermodynamic database: \"Calcite\"", SEI_E_KEY},
    {"two-equal-signs.dat",
     ":15: not a reaction (blanks must stand around \"=\" and \"+\"): \"Ca+2 = CO3-2 = CaCO3\"",
     SEI_E_PARSE},
};

START_TEST(malformed_databases_are_refused)
{
    char path[600], message[900];

    snprintf(path, sizeof path, "%s/bad/db/%s", SEI_TEST_DIR, bad[_i].file);
    T_STATUS(ctx, sei_db_read(ctx, path, &db), bad[_i].status);
    ck_assert_ptr_null(db);
    snprintf(message, sizeof message, "%s%s", path, bad[_i].message ? bad[_i].message : "");
    if (bad[_i].message)
        ck_assert_str_eq(sei_ctx_error(ctx), message);
    else
        T_CONTAINS(sei_ctx_error(ctx),
                   "long-species.dat:15: name of a species is too long: \"CaCaCa");
}
END_TEST

START_TEST(every_malformed_file_is_in_the_list)
{
    DIR   *folder = opendir(SEI_TEST_DIR "/bad/db");
    size_t n      = 0;

    ck_assert_ptr_nonnull(folder);
    for (struct dirent *entry; (entry = readdir(folder)) != NULL;)
        n += strstr(entry->d_name, ".dat") != NULL;
    closedir(folder);
    ck_assert_uint_eq(n, T_COUNT(bad));
}
END_TEST

START_TEST(networks_of_impossible_components_are_refused)
{
    static const struct {
        const char *components[2], *message;
    } refused[] = {
        {{"Zn", "Ca"}, "database t.dat has no component \"Zn\""},
        {{"Fe", "Fe(3)"},
         "\"Fe\" and \"Fe(3)\" are the same substance: give an element either whole or by its "
         "valences"},
        {{"Ca", "Ca"},
         "\"Ca\" and \"Ca\" are the same substance: give an element either whole or by its "
         "valences"},
        {{"Ca", "O"}, "\"O\" cannot be a component: it follows from the others"},
        {{"Alkalinity", "Ca"}, "\"Alkalinity\" cannot be a component: it follows from the others"},
    };
    sei_net *net = NULL;

    parse(BASE);
    for (size_t i = 0; i < T_COUNT(refused); i++) {
        const sei_net_spec spec = {
            .n_components = 2, .components = refused[i].components, .with_electron = true};
        ck_assert_int_ne(sei_net_create(ctx, db, &spec, &net), SEI_OK);
        ck_assert_str_eq(sei_ctx_error(ctx), refused[i].message);
        ck_assert_ptr_null(net);
    }
}
END_TEST

/* Forty reactions, each the sum of the two before it: written out in master species they would be 2^40. */
START_TEST(a_database_cannot_make_compiling_endless)
{
    static const char *const components[] = {"Ca"};
    const sei_net_spec       spec         = {.n_components = 1, .components = components};
    char                     text[8000];
    sei_net                 *net = NULL;

    size_t n = (size_t)snprintf(text, sizeof text, "%s",
                                BASE "Ca+2 = Xa+2\n -no_check\nCa+2 = Xb+2\n -no_check\n");
    for (char c = 'c'; c <= 'z'; c++)
        n += (size_t)snprintf(text + n, sizeof text - n, "X%c+2 + X%c+2 = X%c+2\n -no_check\n",
                              c - 2, c - 1, c);
    parse(text);
    T_STATUS(ctx, sei_net_create(ctx, db, &spec, &net), SEI_E_TOO_LARGE);
    T_CONTAINS(sei_ctx_error(ctx), "leads through more than 1000 others to the master species");
}
END_TEST

/* --- memory -------------------------------------------------------------------------------------------- */

typedef struct {
    size_t calls, fail_at, live;
} counting;

static void *counting_resize(void *user, void *p, size_t size)
{
    counting *c = user;

    if (size == 0) {
        c->live -= p != NULL;
        free(p);
        return NULL;
    }
    if (++c->calls == c->fail_at)
        return NULL;
    void *grown = realloc(p, size);
    c->live += grown && !p;
    return grown;
}

static sei_status read_and_solve(counting *c, const char *text)
{
    static const char *const components[] = {"Ca", "C", "S(6)", "S(-2)", "Fe"};
    const sei_net_spec       spec         = {
                      .n_components = T_COUNT(components), .components = components, .with_electron = true};
    const sei_allocator   allocator = {counting_resize, c};
    sei_ctx              *small     = sei_ctx_create(&allocator);
    sei_db               *one = NULL, *two = NULL;
    sei_net              *net        = NULL;
    sei_speciator        *speciator  = NULL;
    const sei_analyte     analytes[] = {{"Ca", 40.0, NULL}, {"C", 60.0, NULL}};
    const sei_equilibrium calcite    = {"Calcite", 0.0, 1.0};
    sei_analysis          analysis   = sei_analysis_default();

    analysis.n        = T_COUNT(analytes);
    analysis.analytes = analytes;
    if (!small)
        return SEI_E_NOMEM;
    sei_status st = sei_db_parse(small, "t.dat", text, strlen(text), &one);
    if (st == SEI_OK)
        st = sei_db_extend(small, one, 1, &(sei_db_source){"more", 1, "END\n", 4}, NULL, &two);
    if (st == SEI_OK)
        st = sei_net_create(small, two, &spec, &net);
    if (st == SEI_OK)
        st = sei_speciator_create(small, two, &speciator);
    if (st == SEI_OK)
        st = sei_speciator_solve(speciator, &analysis, 1, &calcite);
    sei_speciator_free(speciator);
    sei_net_free(net);
    sei_db_free(two);
    sei_db_free(one);
    sei_ctx_free(small);
    return st;
}

/* --- sizes ------------------------------------------------------------------------------------------------ */

enum { ROW_BYTES = 160 };

/* BASE with n elements [m0], [m1] ... more, of which the last makes a complex with sulfate. */
static char *with_elements(size_t n)
{
    const size_t size = sizeof BASE + (n + 4) * ROW_BYTES;
    char        *text = malloc(size);
    size_t       len  = 0;

    ck_assert_ptr_nonnull(text);
    len += (size_t)snprintf(text, size, "SOLUTION_MASTER_SPECIES\n");
    for (size_t i = 0; i < n; i++)
        len += (size_t)snprintf(text + len, size - len, "[m%zu] [m%zu]+ 0 1 1\n", i, i);
    snprintf(text + len, size - len,
             BASE "[m%zu]+ = [m%zu]+\n[m%zu]+ + SO4-2 = [m%zu]SO4-\n log_k 1\n", n - 1, n - 1,
             n - 1, n - 1);
    return text;
}

/* 66,000 master species: what counts as the last one is not one of the first. */
START_TEST(more_masters_than_16_bits_number_are_told_apart)
{
    enum { N = 66000 };
    const char        *list[] = {"S(6)", "[m65999]"};
    const sei_net_spec spec   = {.n_components = 2, .components = list};
    sei_net           *net    = NULL;
    char              *text   = with_elements(N);

    parse(text);
    T_OK(ctx, sei_net_create(ctx, db, &spec, &net));
    const size_t      i = sei_net_species(net, "[m65999]SO4-");
    const sei_counts *c = &net->counts;
    ck_assert_uint_ne(i, SIZE_MAX);
    size_t found = 0;
    for (uint32_t k = c->ptr[i]; k < c->ptr[i + 1]; k++)
        found += strcmp(db->masters[c->master[k]].name, "[m65999]") == 0 && c->count[k] == 1.0 &&
                 c->element[k] == db->masters[c->master[k]].element;
    ck_assert_uint_eq(found, 1);
    sei_net_free(net);
    free(text);
}
END_TEST

START_TEST(more_items_than_a_database_holds_are_refused)
{
    char *text = with_elements(SEI_DB_ITEMS_MAX + 1);

    T_STATUS(ctx, sei_db_parse(ctx, "t.dat", text, strlen(text), &db), SEI_E_TOO_LARGE);
    T_CONTAINS(sei_ctx_error(ctx), "more than 100000 items of one kind");
    free(text);
}
END_TEST

/* 50,001 complexes of calcium: more than a network numbers. */
START_TEST(more_species_than_a_network_holds_are_refused)
{
    const char        *list[] = {"Ca", "S(6)"};
    const sei_net_spec spec   = {.n_components = 2, .components = list};
    sei_net           *net    = NULL;
    const size_t       size   = sizeof BASE + (size_t)(SEI_NET_SPECIES_MAX + 1) * ROW_BYTES;
    char              *text   = malloc(size);
    size_t             len    = (size_t)snprintf(text, size, BASE);

    for (int i = 2; i < SEI_NET_SPECIES_MAX + 3; i++)
        len +=
            (size_t)snprintf(text + len, size - len, "%dCa+2 = Ca%d+%d\n log_k -9\n", i, i, 2 * i);
    parse(text);
    T_STATUS(ctx, sei_net_create(ctx, db, &spec, &net), SEI_E_TOO_LARGE);
    T_CONTAINS(sei_ctx_error(ctx), "at most 50000 are possible");
    free(text);
}
END_TEST

START_TEST(running_out_of_memory_leaves_nothing_behind)
{
    static const char text[] =
        BASE "NAMED_EXPRESSIONS\nExtra\n log_k 1\nSOLUTION_SPECIES\n"
             "H2O = OH- + H+\n log_k -14\nCO3-2 + H+ = HCO3-\n log_k 9.3\n -add_logk Extra 1\n "
             "HS- = S2-2 + H+\n -no_check\n"
             " -mole_balance S(-2)2\nPHASES\nCalcite\n CaCO3 = Ca+2 + CO3-2\n log_k -8.5\n";
    counting all = {0, 0, 0};

    ck_assert_int_eq(read_and_solve(&all, text), SEI_OK);
    ck_assert_uint_eq(all.live, 0);
    ck_assert_uint_gt(all.calls, 100);
    for (size_t k = 1; k <= all.calls; k++) {
        counting         c  = {0, k, 0};
        const sei_status st = read_and_solve(&c, text);
        ck_assert_msg(st == SEI_E_NOMEM || st == SEI_OK, "call %zu of %zu: %s", k, all.calls,
                      sei_status_name(st));
        ck_assert_msg(c.live == 0, "call %zu of %zu leaves %zu blocks", k, all.calls, c.live);
    }
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("chem_db");
    TCase *tcase = tcase_create("db");

    tcase_set_timeout(tcase, 120); /* large databases under a sanitizer */
    tcase_add_checked_fixture(tcase, setup, teardown);
    tcase_add_test(tcase, charges_and_valences_have_several_spellings);
    tcase_add_test(tcase, coefficients_may_be_glued_apart_or_fractions);
    tcase_add_test(tcase, lines_may_be_cut_joined_and_commented);
    tcase_add_test(tcase, options_may_lose_dash_case_and_tail);
    tcase_add_test(tcase, enthalpies_have_four_units);
    tcase_add_test(tcase, an_analytic_expression_overrides_the_constant);
    tcase_add_test(tcase, formulas_hold_groups_waters_and_odd_elements);
    tcase_add_test(tcase, masses_are_numbers_or_formulas);
    tcase_add_test(tcase, activity_coefficients_follow_the_options);
    tcase_add_test(tcase, unbalanced_reactions_may_be_allowed_and_counted_apart);
    tcase_add_test(tcase, what_is_not_needed_is_passed_over);
    tcase_add_test(tcase, phases_are_found_in_any_case_and_redefined_by_the_last);
    tcase_add_test(tcase, a_copy_is_read_on);
    tcase_add_test(tcase, a_database_knows_its_name_and_checksum);
    tcase_add_loop_test(tcase, malformed_databases_are_refused, 0, T_COUNT(bad));
    tcase_add_test(tcase, every_malformed_file_is_in_the_list);
    tcase_add_test(tcase, networks_of_impossible_components_are_refused);
    tcase_add_test(tcase, a_database_cannot_make_compiling_endless);
    tcase_add_test(tcase, more_masters_than_16_bits_number_are_told_apart);
    tcase_add_test(tcase, more_items_than_a_database_holds_are_refused);
    tcase_add_test(tcase, more_species_than_a_network_holds_are_refused);
    tcase_add_test(tcase, running_out_of_memory_leaves_nothing_behind);
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
