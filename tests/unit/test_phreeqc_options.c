/*
 * test_phreeqc_options.c - every keyword and every option of PHREEQC 3: taken, or refused by name, with file and line
 *
 * The lists are those that PHREEQC 3.8.6 takes (tried one by one with it) and its manual has.
 */
#include "phreeqc/run.h"
#include "t.h"

#define DATABASE SEI_SHARED_DIR "/thermo/wateq4f.dat"

enum { TEXT_BYTES = 2000, MESSAGE_BYTES = 2000 };

/* clang-format off */

/* Input with "@" where the option stands, and the options that run. */
static const struct {
    const char *text, *options; /* between "|" */
} taken[] = {
    {"SOLUTION 1\n @\n",
     "-temp 10|-temperature 10|-dens 1.01|-density 1.01|-units mg/L|-unit mg/L|-ph 6|-pe 3|"
     "-water 1|-press 2|-pressure 2|-potential 0.1|-isotope 13C -7 1|-isotope 34S(6) 12"},
    {"SOLUTION 1\n Na 1\n Cl 1\nSOLUTION 2\n Na 2\n Cl 2\nINVERSE_MODELING 1\n -uncertainty 0.1\n -balances\n"
     "  K 0.1\n -phases\n  Halite\n @\n",
     "-solutions 1 2|-sol 1 2|-uncertainty 0.1|-uncertainties 0.1 0.2|-balances Ca 0.1|-balance Ca 0.1|-bal pH 0.1|"
     "-phase_data Gypsum|-phases Gypsum dis force|-phase Gypsum pre|-range|-ranges 100|-minimal|-minimum|"
     "-tolerance 1e-10|-u_water 0.1|-uncertainty_water 0.1|-force true|-force_solution true|"
     "-force_solutions true false|-mineral_water false|-multiple_precision true|-mp_tolerance 1e-12|"
     "-censor_mp 1e-20"},
    {"SOLUTION_SPREAD\n @\nNumber\tpH\n1\t7\n",
     "-temp 10|-temperature 10|-density 1.01|-units mg/L|-ph 6|-pe 3|-water 1|-pressure 2|"
     "-isotope 13C -7 1|-isotope_uncertainty 13C 1|-uncertainty 13C 1|-uncertainties 13C 1"},
    {"SOLUTION 1\nEQUILIBRIUM_PHASES\n Calcite 0 1\n @\n",
     "-force_equality"},
    {"SOLUTION 1\n Na 1\nEXCHANGE\n X 1\n @\n",
     "-equilibrate 1|-equil 1|-equilibrium 1|-pitzer_exchange_gammas true|"
     "-exchange_gammas true|-gammas true"},
    {"SOLUTION 1\nSURFACE\n Hfo_w 1e-3 600 1\n @\n", "-donnan debye_lengths 3"},
    {"SOLUTION 1\nSURFACE\n Hfo_w 1e-3 600 1\n -equil 1\n @\n",
     "-equilibrate 1|-equil 1|-no_edl|-no_electrostatic|-only_counter_ions true|-donnan|-donnan 1e-8|-donnan debye_lengths 3 limit_ddl 0.5 viscosity 1|"
     "-diff|-diffuse_layer 1e-8|"
     "-sites density|-sites_units density|-site_units density|-equilibrium 1|-cd_music|-capacitances 1 5|-cap 1|"
     "-constant_capacitance 1|-ccm 1.2|-ccm"},
    {"SOLUTION 1\nSOLUTION_MODIFY 1\n @\n",
     "-totals Ca 0.01|-total_h 111|-total_o 56|-cb 0|-temp 20|-pressure 2|-ph 3|-pe 4|-mu 1|-ah2o 1|"
     "-mass_water 1|-total_alkalinity 0|-density 1|-soln_vol 1|-activities|-gammas|-new_def 0"},
    {"SOLUTION 1\nEQUILIBRIUM_PHASES 1\n Calcite 0 1\nEQUILIBRIUM_PHASES_MODIFY 1\n -component Calcite\n @\n",
     "-moles 1|-si 1|-si_org 1|-add_formula CaO|-force_equality 0|-dissolve_only 1|-precipitate_only 0|"
     "-delta 0|-initial_moles 1|-totals|-new_def 0"},
    {"SOLUTION 1\nRATES\nFoo\n10 SAVE 0\nKINETICS 1\nFoo\n -formula NaCl\n -steps 1\nKINETICS_MODIFY 1\n"
     " -component Foo\n @\n",
     "-m 1|-m0 1|-tol 1e-8|-d_params 1 2|-steps 2|-moles 1|-initial_moles 1|-step_divide 1|-rk 3"},
    {"SOLUTION_RAW 1\n -total_h 111.0124\n -total_o 55.5062\n @\n",
     "-totals Ca 0.01|-cb 0|-temp 20|-pressure 2|-potential 0|-density 1|-viscosity 1|-viscos_0 1|-pH 7|-pe 4|-mu 1e-7|"
     "-ah2o 1|-mass_water 1|-soln_vol 1|-total_alkalinity 0|-activities Ca -3|-gammas|-species_map 1 1|"
     "-log_gamma_map 1 1|-Isotope|-isotopes"},
    {"EQUILIBRIUM_PHASES_RAW 1\n -component Calcite\n @\n",
     "-moles 1|-si 1|-si_org 1|-add_formula CaO|-force_equality 0|-dissolve_only 1|-precipitate_only 0|"
     "-delta 0|-initial_moles 1|-totals|-new_def 0|-eltList|-assemblage_totals"},
    {"EXCHANGE_RAW 1\n -component X\n @\n",
     "-totals X 1|-charge_balance 0|-la 0|-phase_name Calcite|-rate_name Foo|-phase_proportion 0|-formula_z 0|"
     "-new_def 0|-solution_equilibria 0|-n_solution -999|-exchange_gammas 1|-pitzer_exchange_gammas 1"},
    {"SURFACE_RAW 1\n -component Hfo_w\n -charge_name Hfo\n @\n",
     "-totals Hfo_w 1|-type 2|-type 3|-dl_type 2|-only_counter_ions 0|-correct_D 0|-thickness 1e-8|-debye_lengths 0|"
     "-DDL_viscosity 1|-DDL_limit 0.8|-formula_z 0|-moles 0|-la 0|-charge_balance 0|-phase_name Calcite|-rate_name Foo|"
     "-phase_proportion 0|-Dw 0|-master_element Hfo_w|-charge_component Hfo|-new_def 0|-tidied 1|-sites_units 0|"
     "-solution_equilibria 0|-n_solution -999|-transport 0"},
    {"SURFACE_RAW 1\n -component Hfo_w\n -charge_name Hfo\n -charge_component Hfo\n @\n",
     "-specific_area 600|-grams 1|-charge_balance 0|-mass_water 0|-f_free 0|-ddl_viscosity 0|-la_psi 0|-capacitance0 1|"
     "-capacitance1 5|-diffuse_layer_totals Na 1|-diffuse_layer_species|-sigma0 0|-sigma1 0|-sigma2 0|-sigmaddl 0|"
     "-g_map -2 0.1 0.2 0"},
    {"GAS_PHASE_RAW 1\n -component CO2(g)\n @\n",
     "-type 1|-total_p 1|-volume 2|-moles 1|-p_read 0.1|-p_read nan|-initial_moles 0|-p 0.1|-phi 1|-f 0.1|-new_def 0|"
     "-new_def 1|-solution_equilibria 0|-n_solution -999|-temperature 298.15|-total_moles 1|-v_m 0|-pr_in 0|-totals"},
    {"SOLID_SOLUTIONS_RAW 1\n -solid_solution CaSr\n -component Aragonite\n -component Strontianite\n @\n",
     "-moles 1|-initial_moles 0|-init_moles 0|-delta 0|-fraction_x 1|-log10_lambda 0|-log10_fraction_x 0|-dn 1|-dnc 1|"
     "-dnb 1|-tk 298.15|-input_case 0|-p 1 0 0 0|-ag0 1|-ag1 0|-a0 1|-a1 0.1|-xb1 0|-xb2 0|-miscibility 0|-spinodal 0|"
     "-ss_in 0|-total_moles 0|-totals|-new_def 0|-new_def 1|-SSassemblage_totals"},
    {"RATES\nFoo\n10 SAVE 0\nKINETICS_RAW 1\n -steps\n  1\n -component Foo\n @\n",
     "-tol 1e-8|-m 1|-m0 1|-namecoef NaCl 1|-d_params 1 2|-moles 0|-initial_moles 0|-step_divide 1|-rk 3|"
     "-bad_step_max 500|-use_cvode 0|-cvode_steps 100|-cvode_order 5|-equal_increments 0|-count 0|-totals"},
    {"REACTION_RAW 1\n -steps\n  1\n @\n",
     "-reactant_list NaCl 1|-count_steps 0|-equal_increments 0|-units Mol|-units mMol|-element_list"},
    {"REACTION_TEMPERATURE_RAW 1\n -temps\n 20\n @\n", "-count_temps 0|-equal_increments 0"},
    {"REACTION_PRESSURE_RAW 1\n -pressures\n 2\n @\n", "-count 0|-equal_increments 0"},
    {"SOLUTION 1\nEND\nDUMP\n @\n",
     "-file a|-append true|-all|-solution 1|-solutions 1-2|-equilibrium_phases|-exchange|-surface|-gas_phase|"
     "-solid_solutions|-ss_assemblage|-pp_assemblage|-kinetics|-mix|-reaction|-temperature|-pressure|-reaction_temperature|"
     "-reaction_pressure|-cells 1"},
    {"SOLUTION 1\nGAS_PHASE\n @\n CO2(g) 0.1\n",
     "-pressure 1|-volume 1|-temp 20|-temperature 20|-fixed_pressure|-fixed_volume"},
    {"SOLUTION 1\nSOLID_SOLUTIONS\n CaSr\n -comp1 Aragonite 0\n -comp2 Strontianite 0\n @\n",
     "-gugg_nondim 1 0|-gugg_nondimensional 1 0|-gugg_kj 1 0|"
     "-activity_coefficients 2.5 1 0.1 -1|-distribution_coefficients 6 8 0.1 0.4|"
     "-miscibility_gap 0.05 0.9|-spinodal_gap 0.2 0.7|-critical_point 0.45 400|"
     "-alyotropic_point 0.3 -8.5|-temp 20|-tempk 293|-tempc 20|-thompson 1 1|-margules 1 0.1"},
    {"SOLUTION 1\nRATES\nFoo\n10 SAVE 0\nKINETICS\nFoo\n -formula NaCl\n @\n",
     "-tol 1e-8|-m 1|-m0 1|-parms 1|-parameters 1|-formula NaCl 1|-steps 1|-step_divide 1|"
     "-runge-kutta 3|-runge_kutta 3|-rk 3|-bad_step_max 100|-cvode true|-cvode_steps 100|"
     "-cvode_order 5|-time_steps 1"},
    {"SOLUTION 1\nRATES\nFoo\n @\n10 SAVE 0\n",
     "-start|-end"},
    {"SOLUTION 1\nEND\nRUN_CELLS\n -cells 1\n @\n",
     "-start_time 1|-time_step 1|-time_steps 1|-step 1|-steps 1|-cells 1|-cell 1"},
    {"SOLUTION 1\nEND\nDELETE\n @\n",
     "-solution 1|-solutions 1|-equilibrium_phases 1|-equilibrium_phase 1|-equilibria 1|"
     "-exchange 1|-surface 1|-gas_phase 1|-solid_solutions 1|-solid_solution 1|-kinetics 1|"
     "-mix 1|-reaction 1|-reactions 1|-reaction_temperature 1|-temperature 1|"
     "-reaction_pressure 1|-pressure 1|-cells 1|-cell 1|-all|-pp_assemblage 1"},
    {"SOLUTION 1\nSELECTED_OUTPUT 1\n @\n",
     "-file x.sel|-totals Ca|-molalities Ca+2|-activities Ca+2|-pure_phases Calcite|"
     "-si Calcite|-saturation_indices Calcite|-gases CO2(g)|-equilibrium_phases Calcite|"
     "-equilibria Calcite|-equilibrium Calcite|-pure Calcite|-inverse true|"
     "-kinetic_reactants Foo|-kinetics Foo|-solid_solutions Calcite|-inverse_modeling true|"
     "-reset false|-simulation true|-sim true|-state true|-solution true|-soln true|"
     "-distance true|-dist true|-time true|-step true|-reaction true|-rxn true|"
     "-temperature true|-temp true|-ph true|-pe true|-alkalinity true|-alk true|"
     "-ionic_strength true|-mu true|-water true|-high_precision true|-user_punch true|"
     "-charge_balance true|-percent_error true|-selected_out true|-selected_output true|"
     "-isotopes R(13C)|-calculate_values|-equilibrium_phase Calcite|-active true|-new_line true|-new_line false"},
    {"SOLUTION 1\nUSER_PUNCH\n @\n10 PUNCH 1\n",
     "-start|-end|-heading a|-headings a"},
    {"SOLUTION 1\nUSER_GRAPH\n @\n10 GRAPH_X 1\n",
     "-start|-end|-headings a|-initial_solutions true|-active true|-chart_title \"a\"|"
     "-axis_titles \"a\" \"b\"|-axis_scale x_axis 0 1|-plot_concentration_vs x|"
     "-connect_simulations true|-detach|-plot_tsv_file a.tsv|-plot_csv_file a.csv|"
     "-batch f.png|-grid_offset 1 1|-shifts_as_points|-clear"},
    {"SOLUTION 1\nPRINT\n @ true\n",
     "-reset|-gas_phase|-pure_phase|-surface|-exchange|-totals|-eh|-species|"
     "-saturation_indices|-si|-reaction|-mix|-use|-selected_output|-equilibrium_phases|"
     "-equilibria|-equilibrium|-pure|-other|-status|-inverse|-kinetics|-dump|-user_print|"
     "-headings|-inverse_modeling|-initial_isotopes|-isotope_ratios|-isotope_alphas|"
     "-censor_species|-alkalinity|-echo_input|-solid_solutions|-high_precision|-warnings"},
    {"SOLUTION 1\nKNOBS\n @ 1\n",
     "-iterations|-tolerance|-step_size|-pe_step_size|-scale_pure_phases|-diagonal_scale|"
     "-debug_model|-debug_prep|-debug_set|-debug_inverse|-logfile|-log_file|"
     "-debug_diffuse_layer|-delay_mass_water|-convergence_tolerance|-numerical_derivatives|"
     "-tries|-try|-numerical_fixed_volume|-force_numerical_fixed_volume|-equi_delay|"
     "-minimum_total|-min_total|-debug_mass_action|-debug_mass_balance"},
    {"SOLUTION 0-1\nEND\nADVECTION\n -cells 1\n @\n",
     "-cells 1|-shifts 1|-print 1|-selected_output 1|-punch 1|-print_cells 1|"
     "-selected_cells 1|-time_step 1|-timest 1|-output 1|-output_frequency 1|"
     "-selected_output_frequency 1|-punch_frequency 1|-punch_cells 1|-print_frequency 1|"
     "-initial_time 1|-warning true|-warnings true"},
    {"SOLUTION 0-2\nEND\nTRANSPORT\n -cells 1\n @\n",
     "-cells 1|-shifts 1|-print 1|-selected_output 1|-bcond 1 1|-timest 1|-diffc 0|-tempr 2|"
     "-length 1|-disp 0|-punch 1|-stagnant 0|-bc 1 1|-boundary_conditions 1 1|-time_step 1|"
     "-temp_retardation_factor 2|-diffusion_coefficient 0|-dispersivity 0|-direction forward|"
     "-temperature_retardation_factor 2|-print_cells 1|-selected_cells 1|"
     "-flow_direction forward|-flow forward|-lengths 1|-dispersivities 0|-output 1|"
     "-output_frequency 1|-selected_output_frequency 1|-punch_cells 1|-punch_frequency 1|"
     "-print_frequency 1|-correct_disp true|-initial_time 1|-warnings true|"
     "-thermal_diffusion 2 1e-9|-dump x.dmp|-dump_frequency 1|-dump_restart 1|-multi_d true 1e-9 0.3 0 1|"
     "-multi_d false|-interlayer_d false|-porosities 0.3|-porosity 0.3|-implicit false"},
    {"SOLUTION 0-2\nEND\nTRANSPORT\n -cells 1\n -multi_d true\n -time_step 1\n @\n",
     "-multi_d true 1e-9 0.3 0 1 false|-multi_d true 1e-9 0.3 0 1 true|-implicit true|-implicit true 2|-implicit true 2 -20|"
     "-porosities 0.3 0.2|-fix_current 0|-fix_current"},
    {"SOLUTION 0-2\n Na 1\n Cl 1\nEND\nTRANSPORT\n -cells 1\n -multi_d true\n -flow diffusion_only\n -time_step 1\n @\n",
     "-fix_current 1e-6|-fix_current -1e-6"},
    {"SOLUTION 0-3\nMIX 1\n 3 0.1\nEND\nTRANSPORT\n -cells 1\n -stagnant 1\n -multi_d true\n -time_step 1\n @\n",
     "-implicit true"},
    {"SOLUTION 0-2\nEND\nEXCHANGE 1\n X 0.1\n -equilibrate 1\nEND\nTRANSPORT\n -cells 1\n"
     " -multi_d true\n -time_step 1\n @\n",
     "-interlayer_d true|-interlayer_d true 0.1 0 100"},
    {"SOLUTION 1\nSURFACE 1\n Hfo_w 1e-3 600 1\n -equil 1\n @\n",
     "-donnan 1e-8 viscosity 1.1|-donnan 1e-8 viscosity calc|-donnan 1e-8 correct false"},
    {"SOLUTION 1\nSOLUTION_SPECIES\nCa+2 + Cl- = CaCl+\n log_k 0\n @\n",
     "-log_k 1|-logk 1|-delta_h 1|-deltah 1|-analytical_expression 1|-a_e 1|-ae 1|-gamma 5 0|"
     "-add_constant 1|-no_check|-check|-mole_balance CaCl|-mass_balance CaCl|-mb CaCl|-dw 1e-9|-erm_ddl 1|"
     "-millero 1|-vm 1|-viscosity 0.1|-activity_water"},
    {"SOLUTION 1\nPHASES\nFoo\n CaCO3 = Ca+2 + CO3-2\n log_k 0\n @\n",
     "-log_k 1|-delta_h 1|-analytical_expression 1|-add_constant 1|-no_check|-check|-vm 1|-t_c 300|-p_c 70|"
     "-omega 0.2"},
    {"NAMED_EXPRESSIONS\nfoo\n log_k 0.1\nSOLUTION 1\nEXCHANGE_SPECIES\nCa+2 + 2X- = CaX2\n log_k 0\n @\n",
     "-add_logk foo 1|-add_log_k foo|-log_k 1|-logk 1|-delta_h 1|-deltah 1|-analytical_expression 1|-a_e 1|-ae 1|-gamma 5 0|"
     "-davies|-llnl_gamma 5|-offset 1|-add_constant 1|-no_check|-check|-mole_balance CaX2|-mass_balance CaX2|-mb CaX2|"
     "-vm 1"},
    {"NAMED_EXPRESSIONS\nfoo\n log_k 0.1\nSOLUTION 1\nSURFACE_SPECIES\nHfo_wOH + H+ = Hfo_wOH2+\n log_k 7\n @\n",
     "-add_logk foo 1|-add_log_k foo|-log_k 1|-logk 1|-delta_h 1|-deltah 1|-analytical_expression 1|-a_e 1|-ae 1|-no_check|"
     "-check|-offset 1|-add_constant 1|-mole_balance Hfo_wOH2|-mass_balance Hfo_wOH2|-mb Hfo_wOH2|-vm 1|-cd_music 1 0 0 0 0|-music 1 0 0"},
    {"SOLUTION 1\nNAMED_EXPRESSIONS\nfoo\n @\n",
     "-log_k 1|-delta_h 1|-analytical_expression 1|-ln_alpha1000 1|-add_logk foo 0"},
    {"SOLUTION 1\nISOTOPES\nC\n @\n", "-isotope Zn permil 0.1|-isotope Zn pct 0.1|-isotope Zn pmc 0.1"},
    {"SOLUTION 1\nISOTOPES\nH\n @\n", "-isotope Zn TU 1e-18|-isotope Zn pCi/L 1e-18"},
};

/* Options that are refused, each with what is said behind the name of the file. */
static const struct {
    const char *text, *option, *message;
} refused[] = {
    {"SOLUTION 1\nSOLUTION 2\nINVERSE_MODELING\n @\n", "-lon_netpath a",
     ":4: INVERSE_MODELING: -lon_netpath asks for files of the program NETPATH, which are not written: leave the line "
     "out; the models are in the report and in selected output"},
    {"SOLUTION 1\nSOLUTION 2\nINVERSE_MODELING\n @\n", "-pat_netpath a",
     ":4: INVERSE_MODELING: -pat_netpath asks for files of the program NETPATH, which are not written: leave the line "
     "out; the models are in the report and in selected output"},
    {"SOLUTION 1\nSURFACE\n Hfo_w 1e-3 600 1\n -equil 1\n @\n", "-donnan_factors 1",
     ":5: SURFACE: option -donnan_factors is not supported yet"},
    {"SOLUTION 0-2\nEND\nTRANSPORT\n -cells 1\n -multi_d true\n -interlayer_d true\n @\n",
     "-implicit true", ":3: TRANSPORT: -interlayer_d is not part of -implicit"},
    {"SOLUTION 1\nSURFACE 1\n Hfo_w 1e-3 600 1\n -equil 1\n @\n", "-donnan 1e-8 correct true",
     ":5: SURFACE: -donnan with its co-ions corrected (correct true) is not supported yet"},
    {"SOLUTION 0-6\nMIX 1\n 2 0.1\nEND\nTRANSPORT\n -cells 2\n -stagnant 1\n -multi_d true\n @\n",
     "-implicit true",
     ":5: TRANSPORT: -implicit with one stagnant layer: MIX 1 takes in 2, but cell 1 mixes with 4 alone: leave it or "
     "-implicit out"},
    {"SOLUTION 0-2\nEND\nTRANSPORT\n -cells 1\n -flow diffusion_only\n -time_step 1\n -multi_d true\n -implicit true\n @\n",
     "-fix_current 1e-6",
     ":3: TRANSPORT: potentials of the ends and -fix_current are not supported with -implicit or -interlayer_d: leave these "
     "out"},
    {"SOLUTION 0-2\nEND\nTRANSPORT\n -cells 1\n -time_step 1\n -multi_d true\n @\n", "-fix_current 1e-6",
     ":3: TRANSPORT: potentials of the ends and -fix_current go with diffusion alone: -flow_direction diffusion_only"},
};

/* clang-format on */

static sei_ctx         *ctx;
static sei_pq_database *database;

static void open_database(void)
{
    ctx = sei_ctx_create(NULL);
    if (t_has_shared("options of PHREEQC"))
        T_OK(ctx, sei_pq_database_read(ctx, DATABASE, &database));
}

static void close_database(void)
{
    sei_pq_database_free(database);
    sei_ctx_free(ctx);
    database = NULL;
}

static sei_status run_input(const char *text)
{
    sei_pq_input  *input  = NULL;
    sei_pq_result *result = NULL;

    sei_ctx_clear(ctx);
    sei_status st = sei_pq_parse(ctx, "o.pqi", text, strlen(text), &input);
    if (st == SEI_OK)
        st = sei_pq_run_with(ctx, input, database, &result);
    sei_pq_result_free(ctx, result);
    sei_pq_free(input);
    return st;
}

/* The option in the place of "@". */
static sei_status run_option(const char *text, const char *option, size_t len)
{
    char        input[TEXT_BYTES];
    const char *at = strchr(text, '@');

    ck_assert_ptr_nonnull(at);
    snprintf(input, sizeof input, "%.*s%.*s%s", (int)(at - text), text, (int)len, option, at + 1);
    return run_input(input);
}

START_TEST(options_that_are_there_run)
{
    for (const char *at = taken[_i].options; database && *at;) {
        const size_t     len = strcspn(at, "|");
        const sei_status st  = run_option(taken[_i].text, at, len);
        ck_assert_msg(st == SEI_OK, "%s %.*s: %s", taken[_i].text, (int)len, at,
                      sei_ctx_error(ctx));
        at += len + (at[len] == '|');
    }
}
END_TEST

START_TEST(options_that_are_not_there_say_so)
{
    char want[MESSAGE_BYTES];

    if (!database)
        return;
    const sei_status st =
        run_option(refused[_i].text, refused[_i].option, strlen(refused[_i].option));
    snprintf(want, sizeof want, "o.pqi%s", refused[_i].message);
    ck_assert_str_eq(sei_ctx_error(ctx), want);
    ck_assert_int_eq(st, SEI_E_UNSUPPORTED);
}
END_TEST

/* Unknown ones, in every block that has options. */
START_TEST(options_of_nobody_are_errors)
{
    static const char unknown[] = "-no_such_option 1";

    if (!database)
        return;
    const sei_status st = run_option(taken[_i].text, unknown, sizeof unknown - 1);
    ck_assert_msg(st == SEI_E_KEY, "%s: %s", taken[_i].text, sei_ctx_error(ctx));
    T_CONTAINS(sei_ctx_error(ctx), "no_such_option");
    ck_assert_msg(strncmp(sei_ctx_error(ctx), "o.pqi:", 6) == 0, "%s", sei_ctx_error(ctx));
}
END_TEST

int main(void)
{
    Suite *suite = suite_create("phreeqc_options");
    TCase *tcase = tcase_create("options");

    tcase_set_timeout(tcase, 60);
    tcase_add_unchecked_fixture(tcase, open_database, close_database);
    tcase_add_loop_test(tcase, options_that_are_there_run, 0, (int)T_COUNT(taken));
    tcase_add_loop_test(tcase, options_of_nobody_are_errors, 0, (int)T_COUNT(taken));
    tcase_add_loop_test(tcase, options_that_are_not_there_say_so, 0, (int)T_COUNT(refused));
    suite_add_tcase(suite, tcase);
    return t_run(suite);
}
