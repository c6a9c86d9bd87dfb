/* dbread_option.c - options of species, phases and named constants, and the LLNL activity parameters */
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "chem/dbread.h"
#include "chem/formula.h"

#define KCAL_KJ 4.184
#define LN10    2.302585092994045684

typedef enum {
    OPT_NONE,
    OPT_LOG_K,
    OPT_DELTA_H,
    OPT_ANALYTIC,
    OPT_GAMMA,
    OPT_NO_CHECK,
    OPT_CHECK,
    OPT_BALANCE,
    OPT_LLNL_GAMMA,
    OPT_LLNL_CO2,
    OPT_ADD_LOGK,
    OPT_ADD_CONSTANT,
    OPT_LN_ALPHA,
    OPT_ACTIVITY_WATER,
    OPT_T_C,
    OPT_P_C,
    OPT_OMEGA,
    OPT_VM,
    OPT_DW,
    OPT_ERM,
    OPT_VISCOSITY,
    OPT_PASSED, /* of what this program does not calculate */
    OPT_UNKNOWN
} option;

/* What an option may stand under. */
enum { OF_SPECIES = 1, OF_PHASE = 2, OF_EXPRESSION = 4, OF_REACTION = 3, OF_ALL = 7 };

typedef struct {
    const char *name;
    option      option;
    unsigned    of;
} option_row;

/* In the order in which an abbreviation finds them. */
static const option_row options[] = {
    {"log_k", OPT_LOG_K, OF_ALL},
    {"logk", OPT_LOG_K, OF_ALL},
    {"delta_h", OPT_DELTA_H, OF_ALL},
    {"deltah", OPT_DELTA_H, OF_ALL},
    {"analytical_expression", OPT_ANALYTIC, OF_ALL},
    {"a_e", OPT_ANALYTIC, OF_ALL},
    {"ae", OPT_ANALYTIC, OF_ALL},
    {"gamma", OPT_GAMMA, OF_SPECIES},
    {"no_check", OPT_NO_CHECK, OF_REACTION},
    {"check", OPT_CHECK, OF_REACTION},
    {"mole_balance", OPT_BALANCE, OF_SPECIES},
    {"mass_balance", OPT_BALANCE, OF_SPECIES},
    {"mb", OPT_BALANCE, OF_SPECIES},
    {"llnl_gamma", OPT_LLNL_GAMMA, OF_SPECIES},
    {"co2_llnl_gamma", OPT_LLNL_CO2, OF_SPECIES},
    {"add_logk", OPT_ADD_LOGK, OF_ALL},
    {"add_log_k", OPT_ADD_LOGK, OF_ALL},
    {"add_constant", OPT_ADD_CONSTANT, OF_REACTION},
    {"ln_alpha1000", OPT_LN_ALPHA, OF_EXPRESSION},
    {"activity_water", OPT_ACTIVITY_WATER, OF_SPECIES},
    {"dw", OPT_DW, OF_SPECIES},
    {"erm_ddl", OPT_ERM, OF_SPECIES},
    {"millero", OPT_PASSED, OF_SPECIES},
    {"vm", OPT_VM, OF_REACTION},
    {"viscosity", OPT_VISCOSITY, OF_SPECIES},
    {"t_c", OPT_T_C, OF_PHASE},
    {"p_c", OPT_P_C, OF_PHASE},
    {"omega", OPT_OMEGA, OF_PHASE},
};

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* "-log_k", "-analytic" (any beginning after a dash) or "log_k" (whole), among those of one kind of item. */
static option option_of(sei_slice word, unsigned of)
{
    const bool      dash = word.at[0] == '-' && word.len > 1 && is_letter(word.at[1]);
    const sei_slice key  = dash ? (sei_slice){word.at + 1, word.len - 1} : word;

    for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
        if ((key.at[0] | 0x20) != options[i].name[0]) /* all begin with a small letter */
            continue;
        const size_t len = strlen(options[i].name);
        if (!(options[i].of & of) || (dash ? key.len > len : key.len != len))
            continue;
        if (sei_slice_is_nocase(key, options[i].name) ||
            (dash && strncasecmp(key.at, options[i].name, key.len) == 0))
            return options[i].option;
    }
    return dash ? OPT_UNKNOWN : OPT_NONE;
}

/* "-delta_h 3.1 kcal": kJ unless the unit has a c (calories); J without a k. */
static sei_status read_delta_h(sei_db_reader *r, sei_slice rest)
{
    sei_slice word, copy = rest;
    double    value = 0.0;

    const sei_status st = sei_dbread_numbers(r, rest, 1, 1, &value, NULL);
    if (st != SEI_OK)
        return st;
    r->item.delta_h = value;
    while (sei_next_word(&copy, &word) && !sei_parse_double(word.at, word.len, &value))
        ;
    if (!sei_next_word(&copy, &word))
        return SEI_OK;
    if (word.at[0] != 'k' && word.at[0] != 'K')
        r->item.delta_h /= 1000.0;
    if (memchr(word.at, 'c', word.len) || memchr(word.at, 'C', word.len))
        r->item.delta_h *= KCAL_KJ;
    return SEI_OK;
}

/* Of a phase one number, in cm3/mol or in the unit that follows; of a species ten at most. */
static sei_status read_vm(const sei_db_reader *r, sei_slice rest)
{
    double     vm[SEI_VM_TERMS] = {[SEI_VM_TERMS - 1] = 1.0};
    size_t     n;
    sei_slice  word;
    sei_status st = sei_dbread_numbers(r, rest, 1, SEI_VM_TERMS, vm, &n);

    if (st != SEI_OK)
        return st;
    if (r->block == SEI_BLOCK_SPECIES) {
        sei_species *s = &r->db->species[r->item.index];
        s->has_vm      = true;
        memcpy(s->vm, vm, sizeof s->vm);
        return SEI_OK;
    }
    double factor = 1.0;
    while (sei_next_word(&rest, &word)) {
        if (strncasecmp(word.at, "dm3", 3) == 0)
            factor = 1e3;
        else if (strncasecmp(word.at, "m3", 2) == 0)
            factor = 1e6;
    }
    r->db->phases[r->item.index].vm_cm3_mol = factor * vm[0];
    return SEI_OK;
}

/* Numbers that stand where they are; those that are left out are 0. */
static sei_status read_terms(const sei_db_reader *r, sei_slice rest, size_t max, double ret[])
{
    double           value[SEI_VM_TERMS] = {0.0};
    const sei_status st                  = sei_dbread_numbers(r, rest, 1, max, value, NULL);

    if (st == SEI_OK)
        memcpy(ret, value, max * sizeof *ret);
    return st;
}

static sei_status read_balance(const sei_db_reader *r, sei_slice rest)
{
    sei_slice    word = {NULL, 0};
    sei_formula  f;
    sei_species *s = &r->db->species[r->item.index];

    if (!sei_next_word(&rest, &word) || !sei_formula_parse_valence(word.at, word.len, &f) ||
        f.n > SEI_DB_FORMULA_TERMS)
        return sei_dbread_fail(r, SEI_E_PARSE, "-mole_balance needs a formula", word);
    s->n_balance = 0;
    for (size_t i = 0; i < f.n; i++) {
        const size_t m = sei_db_find_master(r->db, f.parts[i].symbol);
        if (m == SIZE_MAX)
            return sei_dbread_fail(r, SEI_E_NOT_FOUND,
                                   "-mole_balance names an unknown master species", word);
        s->balance_masters[s->n_balance] = m;
        s->balance_coefs[s->n_balance++] = f.parts[i].count;
    }
    return SEI_OK;
}

static sei_status read_gamma(const sei_db_reader *r, sei_slice rest, sei_gamma_kind kind)
{
    double       ab[2] = {0.0, 0.0};
    const size_t need  = kind == SEI_GAMMA_LLNL_CO2 ? 0 : 1;

    const sei_status st =
        sei_dbread_numbers(r, rest, need, kind == SEI_GAMMA_WATEQ ? 2 : 1, ab, NULL);
    if (st != SEI_OK)
        return st;
    if (!(ab[0] >= 0.0))
        return sei_fail(r->ctx, SEI_E_RANGE, &r->where, "ion size %g is below 0", ab[0]);
    sei_species *s = &r->db->species[r->item.index];
    s->gamma       = kind;
    s->dha         = ab[0];
    s->dhb         = ab[1];
    return SEI_OK;
}

static sei_status read_analytic(sei_db_reader *r, sei_slice rest)
{
    double a[SEI_LOGK_TERMS] = {0};

    const sei_status st = sei_dbread_numbers(r, rest, 1, SEI_LOGK_TERMS, a, NULL);
    if (st != SEI_OK)
        return st;
    memcpy(r->item.analytic, a, sizeof a);
    r->item.has_analytic = false;
    for (size_t i = 0; i < SEI_LOGK_TERMS; i++)
        r->item.has_analytic = r->item.has_analytic || a[i] != 0.0;
    return SEI_OK;
}

/* 1000 ln alpha in the terms of a constant: the constant is log10 alpha. */
static sei_status read_ln_alpha(sei_db_reader *r, sei_slice rest)
{
    const sei_status st = read_analytic(r, rest);

    for (size_t i = 0; st == SEI_OK && i < SEI_LOGK_TERMS; i++)
        r->item.analytic[i] /= 1000.0 * LN10;
    return st;
}

static sei_status add_named(sei_db_reader *r, sei_slice rest)
{
    sei_slice word = {NULL, 0};
    double    coef = 1.0;

    if (!sei_next_word(&rest, &word))
        return sei_dbread_fail(r, SEI_E_MISSING, "-add_logk needs the name of an expression", word);
    size_t           n  = 0;
    const sei_status st = sei_dbread_numbers(r, rest, 0, 1, &coef, &n);
    if (st != SEI_OK)
        return st;
    for (size_t i = 0; i < r->db->n_named; i++) {
        if (!sei_slice_is_nocase(word, r->db->named[i].name))
            continue;
        for (size_t t = 0; t < SEI_LOGK_TERMS; t++)
            r->item.added.c[t] += (n ? coef : 1.0) * r->db->named[i].logk.c[t];
        return SEI_OK;
    }
    return sei_dbread_fail(r, SEI_E_NOT_FOUND,
                           "-add_logk names an expression that NAMED_EXPRESSIONS above lacks",
                           word);
}

static sei_status add_constant(sei_db_reader *r, sei_slice rest)
{
    double           value = 0.0;
    const sei_status st    = sei_dbread_numbers(r, rest, 1, 1, &value, NULL);

    r->item.added.c[0] += value;
    return st;
}

/* Options that only a species has. */
static sei_status read_species_option(const sei_db_reader *r, option opt, sei_slice rest)
{
    switch (opt) {
    case OPT_GAMMA: return read_gamma(r, rest, SEI_GAMMA_WATEQ);
    case OPT_LLNL_GAMMA: return read_gamma(r, rest, SEI_GAMMA_LLNL);
    case OPT_LLNL_CO2: return read_gamma(r, rest, SEI_GAMMA_LLNL_CO2);
    default: return read_balance(r, rest);
    }
}

static sei_status read_critical(const sei_db_reader *r, sei_slice rest, const char *what,
                                double *ret)
{
    const sei_status st = sei_dbread_numbers(r, rest, 1, 1, ret, NULL);

    if (st == SEI_OK && !(*ret >= 0.0))
        return sei_fail(r->ctx, SEI_E_RANGE, &r->where, "PHASES: -%s of %g is negative", what,
                        *ret);
    return st;
}

static const char *keyword_of(const sei_db_reader *r)
{
    return r->block == SEI_BLOCK_SPECIES  ? "SOLUTION_SPECIES"
           : r->block == SEI_BLOCK_PHASES ? "PHASES"
                                          : "NAMED_EXPRESSIONS";
}

static sei_status refuse(const sei_db_reader *r, sei_status status, const char *why, sei_slice word)
{
    return sei_fail(r->ctx, status, &r->where, "%s: %s: \"%.*s\"", keyword_of(r), why,
                    (int)(word.len < 60 ? word.len : 60), word.at);
}

static sei_status read_option(sei_db_reader *r, option opt, sei_slice word, sei_slice rest)
{
    switch (opt) {
    case OPT_LOG_K: return sei_dbread_numbers(r, rest, 1, 1, &r->item.log_k, NULL);
    case OPT_DELTA_H: return read_delta_h(r, rest);
    case OPT_ANALYTIC: return read_analytic(r, rest);
    case OPT_NO_CHECK: r->item.check = false; return SEI_OK;
    case OPT_CHECK: r->item.check = true; return SEI_OK;
    case OPT_ADD_LOGK: return add_named(r, rest);
    case OPT_ADD_CONSTANT: return add_constant(r, rest);
    case OPT_T_C: return read_critical(r, rest, "T_c", &r->db->phases[r->item.index].t_c_k);
    case OPT_P_C: return read_critical(r, rest, "P_c", &r->db->phases[r->item.index].p_c_atm);
    case OPT_OMEGA:
        return sei_dbread_numbers(r, rest, 1, 1, &r->db->phases[r->item.index].omega, NULL);
    case OPT_VM: return read_vm(r, rest);
    case OPT_DW: return read_terms(r, rest, SEI_DW_TERMS, r->db->species[r->item.index].dw);
    case OPT_ERM:
        r->db->species[r->item.index].has_erm = true;
        return sei_dbread_numbers(r, rest, 1, 1, &r->db->species[r->item.index].erm_ddl, NULL);
    case OPT_VISCOSITY:
        r->db->species[r->item.index].has_viscosity = true;
        return read_terms(r, rest, SEI_VISCOSITY_TERMS, r->db->species[r->item.index].viscosity);
    case OPT_LN_ALPHA: return read_ln_alpha(r, rest);
    case OPT_ACTIVITY_WATER:
        r->db->species[r->item.index].is_water = true;
        r->db->species[r->item.index].gamma    = SEI_GAMMA_ONE;
        return SEI_OK;
    case OPT_UNKNOWN: return refuse(r, SEI_E_KEY, "unknown option", word);
    case OPT_NONE:
    case OPT_PASSED: return SEI_OK;
    default: return read_species_option(r, opt, rest);
    }
}

sei_status sei_dbread_option(sei_db_reader *r, sei_slice line, bool *ret_is_option)
{
    sei_slice rest = line, word = {NULL, 0};

    if (!sei_next_word(&rest, &word))
        return SEI_OK;
    const option opt = option_of(word, r->block == SEI_BLOCK_SPECIES  ? OF_SPECIES
                                       : r->block == SEI_BLOCK_PHASES ? OF_PHASE
                                                                      : OF_EXPRESSION);
    *ret_is_option   = opt != OPT_NONE;
    if (opt == OPT_NONE)
        return SEI_OK;
    if (r->item.kind == SEI_ITEM_NONE)
        return sei_dbread_fail(r, SEI_E_PARSE, "an option without a reaction above it", line);
    return read_option(r, opt, word, rest);
}

/* --- LLNL_AQUEOUS_MODEL_PARAMETERS --------------------------------------------------------------------- */

typedef struct {
    const char *name;
    size_t      max;
    double     *at;
} llnl_array;

/* An option names an array, numbers fill it over as many lines as they need. */
static sei_status open_array(sei_db_reader *r, sei_slice word)
{
    sei_llnl        *l        = &r->db->llnl;
    const llnl_array arrays[] = {
        {"-temperatures", SEI_LLNL_TEMPS, l->temp_c},
        {"-temp", SEI_LLNL_TEMPS, l->temp_c},
        {"-dh_a", SEI_LLNL_TEMPS, l->a},
        {"-adh", SEI_LLNL_TEMPS, l->a},
        {"-dh_b", SEI_LLNL_TEMPS, l->b},
        {"-bdh", SEI_LLNL_TEMPS, l->b},
        {"-bdot", SEI_LLNL_TEMPS, l->bdot},
        {"-b_dot", SEI_LLNL_TEMPS, l->bdot},
        {"-co2_coefs", SEI_LLNL_CO2, l->co2},
        {"-c_co2", SEI_LLNL_CO2, l->co2},
    };

    for (size_t i = 0; i < sizeof arrays / sizeof arrays[0]; i++) {
        if (!sei_slice_is_nocase(word, arrays[i].name))
            continue;
        r->llnl_at  = arrays[i].at;
        r->llnl_n   = 0;
        r->llnl_max = arrays[i].max;
        return SEI_OK;
    }
    return sei_dbread_fail(r, SEI_E_KEY,
                           "unknown array (known: -temperatures, -dh_a, -dh_b, -bdot, -co2_coefs)",
                           word);
}

sei_status sei_dbread_llnl(sei_db_reader *r, sei_slice line)
{
    sei_slice word;
    double    value;

    while (sei_next_word(&line, &word)) {
        if (!sei_parse_double(word.at, word.len, &value)) {
            const sei_status st = open_array(r, word);
            if (st != SEI_OK)
                return st;
            continue;
        }
        if (!r->llnl_at || r->llnl_n == r->llnl_max)
            return sei_dbread_fail(r, SEI_E_TOO_LARGE, "a number that belongs to no array", word);
        r->llnl_at[r->llnl_n++] = value;
        if (r->llnl_at == r->db->llnl.temp_c)
            r->db->llnl.n = r->llnl_n;
    }
    return SEI_OK;
}

/* --- GAS_BINARY_PARAMETERS ------------------------------------------------------------------------------ */

/* "H2O(g) CO2(g) 0.19" */
sei_status sei_dbread_gas_pair(sei_db_reader *r, sei_slice line)
{
    sei_db      *db = r->db;
    sei_slice    names[2];
    sei_gas_pair pair  = {{NULL, NULL}, 0.0};
    sei_slice    whole = line;

    if (!sei_next_word(&line, &names[0]) || !sei_next_word(&line, &names[1]))
        return sei_dbread_fail(r, SEI_E_PARSE,
                               "GAS_BINARY_PARAMETERS: two gases and a number are needed", whole);
    sei_status st = sei_dbread_numbers(r, line, 1, 1, &pair.k, NULL);
    if (st == SEI_OK)
        st = sei_dbread_grow(r, (void **)&db->gas_pairs, db->n_gas_pairs, &db->cap_gas_pairs,
                             sizeof *db->gas_pairs);
    for (int i = 0; i < 2 && st == SEI_OK; i++) {
        pair.gas[i] = sei_arena_strndup(&db->arena, names[i].at, names[i].len);
        st          = pair.gas[i] ? SEI_OK : SEI_E_NOMEM;
    }
    if (st == SEI_OK)
        db->gas_pairs[db->n_gas_pairs++] = pair;
    return st;
}
