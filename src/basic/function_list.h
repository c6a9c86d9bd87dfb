/*
 * function_list.h - the functions of the BASIC dialect, one row each
 *
 * X(ID, name, arguments, result, home).  result: NUMBER, TEXT, or NONE for a statement that looks
 * like a function.  home: OWN is computed by the virtual machine, HOST is asked of the host.
 *
 * arguments, one letter each:
 *   n number    i number rounded to an integer    s text
 *   N T  a plain variable that receives a number, a text
 *   A S  a variable that becomes an array of numbers, of texts
 *   |    the list may end here     *    the last kind repeats
 * "" takes no parentheses; a single letter takes one operand, with or without parentheses;
 * every other list needs parentheses.
 *
 * Names and arguments: PHREEQC 3 manual, tables 7 and 8 of "The Basic Interpreter", and what
 * PHREEQC 3.8.6 accepts.
 */
#define SEI_BASIC_FUNCTIONS(X)                                    \
    X(ABS, "abs", "n", NUMBER, OWN)                               \
    X(ARCTAN, "arctan", "n", NUMBER, OWN)                         \
    X(ASC, "asc", "s", NUMBER, OWN)                               \
    X(CEIL, "ceil", "n", NUMBER, OWN)                             \
    X(CHR_TEXT, "chr$", "i", TEXT, OWN)                           \
    X(COS, "cos", "n", NUMBER, OWN)                               \
    X(EOL_TEXT, "eol$", "", TEXT, OWN)                            \
    X(EOL_NOTAB_TEXT, "eol_notab$", "", TEXT, OWN)                \
    X(EXP, "exp", "n", NUMBER, OWN)                               \
    X(FLOOR, "floor", "n", NUMBER, OWN)                           \
    X(INSTR, "instr", "ss", NUMBER, OWN)                          \
    X(LEN, "len", "s", NUMBER, OWN)                               \
    X(LOG, "log", "n", NUMBER, OWN)                               \
    X(LOG10, "log10", "n", NUMBER, OWN)                           \
    X(LTRIM, "ltrim", "s", TEXT, OWN)                             \
    X(MID_TEXT, "mid$", "si|i", TEXT, OWN)                        \
    X(NO_NEWLINE_TEXT, "no_newline$", "", TEXT, OWN)              \
    X(PAD, "pad", "si", TEXT, OWN)                                \
    X(RTRIM, "rtrim", "s", TEXT, OWN)                             \
    X(SGN, "sgn", "n", NUMBER, OWN)                               \
    X(SIN, "sin", "n", NUMBER, OWN)                               \
    X(SQR, "sqr", "n", NUMBER, OWN)                               \
    X(SQRT, "sqrt", "n", NUMBER, OWN)                             \
    X(STR_TEXT, "str$", "n", TEXT, OWN)                           \
    X(STR_E_TEXT, "str_e$", "nnn", TEXT, OWN)                     \
    X(STR_F_TEXT, "str_f$", "nnn", TEXT, OWN)                     \
    X(TAN, "tan", "n", NUMBER, OWN)                               \
    X(TRIM, "trim", "s", TEXT, OWN)                               \
    X(VAL, "val", "s", NUMBER, OWN)                               \
    X(ACT, "act", "s", NUMBER, HOST)                              \
    X(ADD_HEADING, "add_heading", "s", NUMBER, HOST)              \
    X(ALK, "alk", "", NUMBER, HOST)                               \
    X(APHI, "aphi", "", NUMBER, HOST)                             \
    X(CALC_VALUE, "calc_value", "s", NUMBER, HOST)                \
    X(CALLBACK, "callback", "nns", NUMBER, HOST)                  \
    X(CELL_NO, "cell_no", "", NUMBER, HOST)                       \
    X(CELL_PORE_VOLUME, "cell_pore_volume", "", NUMBER, HOST)     \
    X(CELL_POROSITY, "cell_porosity", "", NUMBER, HOST)           \
    X(CELL_SATURATION, "cell_saturation", "", NUMBER, HOST)       \
    X(CELL_VOLUME, "cell_volume", "", NUMBER, HOST)               \
    X(CHANGE_POR, "change_por", "ni", NONE, HOST)                 \
    X(CHANGE_SURF, "change_surf", "snsni", NONE, HOST)            \
    X(CHARGE_BALANCE, "charge_balance", "", NUMBER, HOST)         \
    X(CURRENT_A, "current_a", "", NUMBER, HOST)                   \
    X(DEBYE_LENGTH, "debye_length", "", NUMBER, HOST)             \
    X(DELTA_H_PHASE, "delta_h_phase", "s", NUMBER, HOST)          \
    X(DELTA_H_SPECIES, "delta_h_species", "s", NUMBER, HOST)      \
    X(DESCRIPTION, "description", "", TEXT, HOST)                 \
    X(DH_A, "dh_a", "", NUMBER, HOST)                             \
    X(DH_A0, "dh_a0", "s", NUMBER, HOST)                          \
    X(DH_AV, "dh_av", "", NUMBER, HOST)                           \
    X(DH_B, "dh_b", "", NUMBER, HOST)                             \
    X(DH_BDOT, "dh_bdot", "s", NUMBER, HOST)                      \
    X(DIFF_C, "diff_c", "s", NUMBER, HOST)                        \
    X(DIST, "dist", "", NUMBER, HOST)                             \
    X(EDL, "edl", "s|s", NUMBER, HOST)                            \
    X(EDL_SPECIES, "edl_species", "sNSANN", NUMBER, HOST)         \
    X(EPS_R, "eps_r", "", NUMBER, HOST)                           \
    X(EQUI, "equi", "s", NUMBER, HOST)                            \
    X(EQUI_DELTA, "equi_delta", "s", NUMBER, HOST)                \
    X(EQUIV_FRAC, "equiv_frac", "sNT", NUMBER, HOST)              \
    X(EXISTS, "exists", "|i*", NUMBER, HOST)                      \
    X(F_VISC, "f_visc", "s", NUMBER, HOST)                        \
    X(GAMMA, "gamma", "s", NUMBER, HOST)                          \
    X(GAS, "gas", "s", NUMBER, HOST)                              \
    X(GAS_P, "gas_p", "", NUMBER, HOST)                           \
    X(GAS_VM, "gas_vm", "", NUMBER, HOST)                         \
    X(GET, "get", "|i*", NUMBER, HOST)                            \
    X(GET_TEXT, "get$", "|i*", TEXT, HOST)                        \
    X(GET_POR, "get_por", "i", NUMBER, HOST)                      \
    X(GFW, "gfw", "s", NUMBER, HOST)                              \
    X(ISO, "iso", "s", NUMBER, HOST)                              \
    X(ISO_UNIT, "iso_unit", "s", TEXT, HOST)                      \
    X(ITERATIONS, "iterations", "", NUMBER, HOST)                 \
    X(KAPPA, "kappa", "", NUMBER, HOST)                           \
    X(KIN, "kin", "s", NUMBER, HOST)                              \
    X(KIN_DELTA, "kin_delta", "s", NUMBER, HOST)                  \
    X(KIN_TIME, "kin_time", "", NUMBER, HOST)                     \
    X(KINETICS_FORMULA, "kinetics_formula$", "s|NSA", TEXT, HOST) \
    X(LA, "la", "s", NUMBER, HOST)                                \
    X(LG, "lg", "s", NUMBER, HOST)                                \
    X(LIST_S_S, "list_s_s", "sNSA", NUMBER, HOST)                 \
    X(LK_NAMED, "lk_named", "s", NUMBER, HOST)                    \
    X(LK_PHASE, "lk_phase", "s", NUMBER, HOST)                    \
    X(LK_SPECIES, "lk_species", "s", NUMBER, HOST)                \
    X(LM, "lm", "s", NUMBER, HOST)                                \
    X(M, "m", "", NUMBER, HOST)                                   \
    X(M0, "m0", "", NUMBER, HOST)                                 \
    X(MCD_JCONC, "mcd_jconc", "s", NUMBER, HOST)                  \
    X(MCD_JTOT, "mcd_jtot", "s", NUMBER, HOST)                    \
    X(MEANG, "meang", "s", NUMBER, HOST)                          \
    X(MISC1, "misc1", "s", NUMBER, HOST)                          \
    X(MISC2, "misc2", "s", NUMBER, HOST)                          \
    X(MOL, "mol", "s", NUMBER, HOST)                              \
    X(MU, "mu", "", NUMBER, HOST)                                 \
    X(OSMOTIC, "osmotic", "", NUMBER, HOST)                       \
    X(PARM, "parm", "i", NUMBER, HOST)                            \
    X(PERCENT_ERROR, "percent_error", "", NUMBER, HOST)           \
    X(PHASE_EQUATION, "phase_equation$", "sNSA", TEXT, HOST)      \
    X(PHASE_FORMULA, "phase_formula$", "s|NSA", TEXT, HOST)       \
    X(PHASE_VM, "phase_vm", "s", NUMBER, HOST)                    \
    X(POT_V, "pot_v", "", NUMBER, HOST)                           \
    X(PR_P, "pr_p", "s", NUMBER, HOST)                            \
    X(PR_PHI, "pr_phi", "s", NUMBER, HOST)                        \
    X(PRESSURE, "pressure", "", NUMBER, HOST)                     \
    X(PUT, "put", "n|i*", NONE, HOST)                             \
    X(PUT_TEXT, "put$", "s|i*", NONE, HOST)                       \
    X(QBRN, "qbrn", "", NUMBER, HOST)                             \
    X(RATE_HERMANSKA, "rate_hermanska", "s", NUMBER, HOST)        \
    X(RATE_PK, "rate_pk", "s", NUMBER, HOST)                      \
    X(RATE_SVD, "rate_svd", "s", NUMBER, HOST)                    \
    X(RHO, "rho", "", NUMBER, HOST)                               \
    X(RHO_0, "rho_0", "", NUMBER, HOST)                           \
    X(RXN, "rxn", "", NUMBER, HOST)                               \
    X(S_S, "s_s", "s", NUMBER, HOST)                              \
    X(SA_DECLERCQ, "sa_declercq", "nnnnnn", NUMBER, HOST)         \
    X(SC, "sc", "", NUMBER, HOST)                                 \
    X(SETDIFF_C, "setdiff_c", "sn|n", NUMBER, HOST)               \
    X(SI, "si", "s", NUMBER, HOST)                                \
    X(SIM_NO, "sim_no", "", NUMBER, HOST)                         \
    X(SIM_TIME, "sim_time", "", NUMBER, HOST)                     \
    X(SOLN_VOL, "soln_vol", "", NUMBER, HOST)                     \
    X(SPECIES_EQUATION, "species_equation$", "sNSA", TEXT, HOST)  \
    X(SPECIES_FORMULA, "species_formula$", "sNSA", TEXT, HOST)    \
    X(SR, "sr", "s", NUMBER, HOST)                                \
    X(STEP_NO, "step_no", "", NUMBER, HOST)                       \
    X(SUM_GAS, "sum_gas", "s|s", NUMBER, HOST)                    \
    X(SUM_S_S, "sum_s_s", "s|s", NUMBER, HOST)                    \
    X(SUM_SPECIES, "sum_species", "s|s", NUMBER, HOST)            \
    X(SURF, "surf", "s|s", NUMBER, HOST)                          \
    X(SYS, "sys", "s|NSSA|i", NUMBER, HOST)                       \
    X(T_SC, "t_sc", "s", NUMBER, HOST)                            \
    X(TC, "tc", "", NUMBER, HOST)                                 \
    X(TIME, "time", "", NUMBER, HOST)                             \
    X(TITLE, "title", "", TEXT, HOST)                             \
    X(TK, "tk", "", NUMBER, HOST)                                 \
    X(TOT, "tot", "s", NUMBER, HOST)                              \
    X(TOTAL_TIME, "total_time", "", NUMBER, HOST)                 \
    X(TOTMOLE, "totmole", "s", NUMBER, HOST)                      \
    X(VISCOS, "viscos", "", NUMBER, HOST)                         \
    X(VISCOS_0, "viscos_0", "", NUMBER, HOST)                     \
    X(VM, "vm", "s", NUMBER, HOST)

/* Y(second name, ID) */
#define SEI_BASIC_ALIASES(Y)                \
    Y("eq_frac", EQUIV_FRAC)                \
    Y("kinetics_formula", KINETICS_FORMULA) \
    Y("pad$", PAD)                          \
    Y("phase_equation", PHASE_EQUATION)     \
    Y("phase_formula", PHASE_FORMULA)       \
    Y("porevolume", CELL_PORE_VOLUME)       \
    Y("species_equation", SPECIES_EQUATION) \
    Y("species_formula", SPECIES_FORMULA)   \
    Y("totmol", TOTMOLE)                    \
    Y("totmoles", TOTMOLE)
