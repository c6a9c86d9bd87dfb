/* keyword.c - the keywords of PHREEQC with all their spellings */
#include <string.h>

#include "phreeqc/reader.h"

#define NUMBERED(word, canonical, kind, read)                              \
    {                                                                      \
        word, sizeof(word) - 1, canonical, SEI_PQ_BLOCK_##kind, true, read \
    }
#define PLAIN(word, canonical, kind, read)                                  \
    {                                                                       \
        word, sizeof(word) - 1, canonical, SEI_PQ_BLOCK_##kind, false, read \
    }
static const sei_pq_keyword keywords[] = {
    PLAIN("end", "END", TITLE, NULL),
    PLAIN("eof", "END", TITLE, NULL),
    PLAIN("database", "DATABASE", TITLE, NULL),
    NUMBERED("solution", "SOLUTION", SOLUTION, sei_pq_read_solution),
    PLAIN("solution_spread", "SOLUTION_SPREAD", SOLUTION, sei_pq_read_spread),
    PLAIN("solution_s", "SOLUTION_SPREAD", SOLUTION, sei_pq_read_spread),
    PLAIN("spread_solution", "SOLUTION_SPREAD", SOLUTION, sei_pq_read_spread),
    NUMBERED("equilibrium_phases", "EQUILIBRIUM_PHASES", EQUILIBRIUM_PHASES,
             sei_pq_read_equilibrium),
    NUMBERED("equilibrium_phase", "EQUILIBRIUM_PHASES", EQUILIBRIUM_PHASES,
             sei_pq_read_equilibrium),
    NUMBERED("equilibria", "EQUILIBRIUM_PHASES", EQUILIBRIUM_PHASES, sei_pq_read_equilibrium),
    NUMBERED("equilibrium", "EQUILIBRIUM_PHASES", EQUILIBRIUM_PHASES, sei_pq_read_equilibrium),
    NUMBERED("pure_phases", "EQUILIBRIUM_PHASES", EQUILIBRIUM_PHASES, sei_pq_read_equilibrium),
    NUMBERED("pure", "EQUILIBRIUM_PHASES", EQUILIBRIUM_PHASES, sei_pq_read_equilibrium),
    NUMBERED("exchange", "EXCHANGE", EXCHANGE, sei_pq_read_exchange),
    NUMBERED("surface", "SURFACE", SURFACE, sei_pq_read_surface),
    NUMBERED("gas_phase", "GAS_PHASE", GAS_PHASE, sei_pq_read_gas_phase),
    NUMBERED("solid_solutions", "SOLID_SOLUTIONS", SOLID_SOLUTIONS, sei_pq_read_solid_solutions),
    NUMBERED("solid_solution", "SOLID_SOLUTIONS", SOLID_SOLUTIONS, sei_pq_read_solid_solutions),
    NUMBERED("reaction", "REACTION", REACTION, sei_pq_read_reaction),
    NUMBERED("reaction_temperature", "REACTION_TEMPERATURE", REACTION_TEMPERATURE,
             sei_pq_read_ramp),
    NUMBERED("mix", "MIX", MIX, sei_pq_read_mix),
    NUMBERED("kinetics", "KINETICS", KINETICS, sei_pq_read_kinetics),
    PLAIN("rates", "RATES", RATES, sei_pq_read_rates),
    PLAIN("incremental_reactions", "INCREMENTAL_REACTIONS", INCREMENTAL, sei_pq_read_incremental),
    PLAIN("incremental", "INCREMENTAL_REACTIONS", INCREMENTAL, sei_pq_read_incremental),
    PLAIN("use", "USE", USE, sei_pq_read_use),
    PLAIN("save", "SAVE", SAVE, sei_pq_read_save),
    PLAIN("copy", "COPY", COPY, sei_pq_read_copy),
    PLAIN("delete", "DELETE", DELETE, sei_pq_read_delete),
    NUMBERED("selected_output", "SELECTED_OUTPUT", SELECTED_OUTPUT, sei_pq_read_selected),
    NUMBERED("select_output", "SELECTED_OUTPUT", SELECTED_OUTPUT, sei_pq_read_selected),
    NUMBERED("selected_out", "SELECTED_OUTPUT", SELECTED_OUTPUT, sei_pq_read_selected),
    NUMBERED("select_out", "SELECTED_OUTPUT", SELECTED_OUTPUT, sei_pq_read_selected),
    NUMBERED("user_punch", "USER_PUNCH", USER_PUNCH, sei_pq_read_program),
    PLAIN("user_print", "USER_PRINT", USER_PRINT, sei_pq_read_program),
    NUMBERED("user_graph", "USER_GRAPH", USER_GRAPH, sei_pq_read_program),
    PLAIN("print", "PRINT", PRINT, sei_pq_read_print),
    PLAIN("title", "TITLE", TITLE, sei_pq_read_title),
    PLAIN("comment", "TITLE", TITLE, sei_pq_read_title),
    PLAIN("knobs", "KNOBS", TITLE, sei_pq_read_knobs),
    PLAIN("debug", "KNOBS", TITLE, sei_pq_read_knobs),
    NUMBERED("transport", "TRANSPORT", TRANSPORT, sei_pq_read_transport),
    NUMBERED("advection", "ADVECTION", ADVECTION, sei_pq_read_advection),
    PLAIN("solution_master_species", "SOLUTION_MASTER_SPECIES", DATABASE, sei_pq_read_database),
    PLAIN("solution_species", "SOLUTION_SPECIES", DATABASE, sei_pq_read_database),
    PLAIN("phases", "PHASES", DATABASE, sei_pq_read_database),
    PLAIN("exchange_master_species", "EXCHANGE_MASTER_SPECIES", DATABASE, sei_pq_read_database),
    PLAIN("exchange_species", "EXCHANGE_SPECIES", DATABASE, sei_pq_read_database),
    PLAIN("surface_master_species", "SURFACE_MASTER_SPECIES", DATABASE, sei_pq_read_database),
    PLAIN("surface_species", "SURFACE_SPECIES", DATABASE, sei_pq_read_database),
    NUMBERED("inverse_modeling", "INVERSE_MODELING", INVERSE, sei_pq_read_inverse),
    NUMBERED("reaction_pressure", "REACTION_PRESSURE", REACTION_PRESSURE, sei_pq_read_ramp),
    NUMBERED("reaction_pressures", "REACTION_PRESSURE", REACTION_PRESSURE, sei_pq_read_ramp),
    PLAIN("llnl_aqueous_model_parameters", "LLNL_AQUEOUS_MODEL_PARAMETERS", DATABASE,
          sei_pq_read_database),
    PLAIN("llnl_aqueous_model", "LLNL_AQUEOUS_MODEL_PARAMETERS", DATABASE, sei_pq_read_database),
    PLAIN("named_analytical_expression", "NAMED_EXPRESSIONS", DATABASE, sei_pq_read_database),
    PLAIN("named_analytical_expressions", "NAMED_EXPRESSIONS", DATABASE, sei_pq_read_database),
    PLAIN("named_expressions", "NAMED_EXPRESSIONS", DATABASE, sei_pq_read_database),
    PLAIN("named_log_k", "NAMED_EXPRESSIONS", DATABASE, sei_pq_read_database),
    PLAIN("isotopes", "ISOTOPES", ISOTOPES, sei_pq_read_isotopes),
    PLAIN("isotope_ratios", "ISOTOPE_RATIOS", ISOTOPES, sei_pq_read_isotopes),
    PLAIN("isotope_alphas", "ISOTOPE_ALPHAS", ISOTOPES, sei_pq_read_isotopes),
    PLAIN("calculate_values", "CALCULATE_VALUES", CALCULATE, sei_pq_read_rates),
    PLAIN("pitzer", "PITZER", DATABASE, sei_pq_read_database),
    PLAIN("sit", "SIT", DATABASE, sei_pq_read_database),
    PLAIN("mean_gammas", "MEAN_GAMMAS", PARAMETERS, sei_pq_read_parameters),
    PLAIN("gas_binary_parameters", "GAS_BINARY_PARAMETERS", DATABASE, sei_pq_read_database),
    PLAIN("rate_parameters_pk", "RATE_PARAMETERS_PK", PARAMETERS, sei_pq_read_parameters),
    PLAIN("rate_parameters_svd", "RATE_PARAMETERS_SVD", PARAMETERS, sei_pq_read_parameters),
    PLAIN("rate_parameters_hermanska", "RATE_PARAMETERS_HERMANSKA", PARAMETERS,
          sei_pq_read_parameters),
    PLAIN("dump", "DUMP", DUMP, sei_pq_read_dump),
    PLAIN("run_cells", "RUN_CELLS", RUN_CELLS, sei_pq_read_run_cells),
    NUMBERED("solution_mix", "SOLUTION_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("exchange_mix", "EXCHANGE_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("gas_phase_mix", "GAS_PHASE_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("kinetics_mix", "KINETICS_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("equilibrium_phases_mix", "EQUILIBRIUM_PHASES_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("solid_solutions_mix", "SOLID_SOLUTIONS_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("surface_mix", "SURFACE_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("equilibrium_phase_mix", "EQUILIBRIUM_PHASES_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("solid_solution_mix", "SOLID_SOLUTIONS_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("solid_solution_raw", "SOLID_SOLUTIONS_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("equilibrium_phase_raw", "EQUILIBRIUM_PHASES_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("equilibrium_phase_modify", "EQUILIBRIUM_PHASES_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("mix_solution", "SOLUTION_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_exchange", "EXCHANGE_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_gas_phase", "GAS_PHASE_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_kinetics", "KINETICS_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_equilibrium_phases", "EQUILIBRIUM_PHASES_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_equilibrium_phase", "EQUILIBRIUM_PHASES_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_solid_solutions", "SOLID_SOLUTIONS_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_solid_solution", "SOLID_SOLUTIONS_MIX", BLEND, sei_pq_read_mix),
    NUMBERED("mix_surface", "SURFACE_MIX", BLEND, sei_pq_read_mix),
    PLAIN("mean_gamma", "MEAN_GAMMAS", PARAMETERS, sei_pq_read_parameters),
    NUMBERED("solution_raw", "SOLUTION_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("exchange_raw", "EXCHANGE_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("surface_raw", "SURFACE_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("equilibrium_phases_raw", "EQUILIBRIUM_PHASES_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("kinetics_raw", "KINETICS_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("solid_solutions_raw", "SOLID_SOLUTIONS_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("gas_phase_raw", "GAS_PHASE_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("reaction_raw", "REACTION_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("mix_raw", "MIX_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("reaction_temperature_raw", "REACTION_TEMPERATURE_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("reaction_pressure_raw", "REACTION_PRESSURE_RAW", MODIFY, sei_pq_read_modify),
    NUMBERED("solution_modify", "SOLUTION_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("equilibrium_phases_modify", "EQUILIBRIUM_PHASES_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("exchange_modify", "EXCHANGE_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("surface_modify", "SURFACE_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("solid_solutions_modify", "SOLID_SOLUTIONS_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("solid_solution_modify", "SOLID_SOLUTIONS_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("gas_phase_modify", "GAS_PHASE_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("kinetics_modify", "KINETICS_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("reaction_modify", "REACTION_MODIFY", MODIFY, sei_pq_read_modify),
    NUMBERED("reaction_temperature_modify", "REACTION_TEMPERATURE_MODIFY", MODIFY,
             sei_pq_read_modify),
    NUMBERED("reaction_pressure_modify", "REACTION_PRESSURE_MODIFY", MODIFY, sei_pq_read_modify),
};

const sei_pq_keyword *sei_pq_keyword_find(sei_slice word)
{
    /* Most lines start with something else: names and numbers differ in their length or first letter. */
    for (size_t i = 0; i < sizeof keywords / sizeof *keywords; i++)
        if (keywords[i].len == word.len && ((word.at[0] ^ keywords[i].word[0]) & 0x1f) == 0 &&
            sei_slice_is_nocase(word, keywords[i].word))
            return &keywords[i];
    return NULL;
}

const char *sei_pq_entity_name(sei_pq_entity entity)
{
#define ENTITY_TEXT(name, text) text,
    static const char *const names[] = {SEI_PQ_ENTITY_LIST(ENTITY_TEXT)};
#undef ENTITY_TEXT

    return (size_t)entity < sizeof names / sizeof *names ? names[entity] : "";
}

sei_pq_entity sei_pq_entity_with(const char *keyword, const char *ending)
{
    const size_t len = strlen(keyword) - strlen(ending);

    for (int e = 0; e < SEI_PQ_CELL; e++)
        if (sei_slice_is_nocase((sei_slice){keyword, len}, sei_pq_entity_name((sei_pq_entity)e)))
            return (sei_pq_entity)e;
    return SEI_PQ_SOLUTION;
}

bool sei_pq_entity_of_keyword(const sei_pq_keyword *keyword, sei_pq_entity *ret_entity)
{
    for (int i = 0; i < SEI_PQ_ENTITY_COUNT; i++) {
        if (!sei_equal_nocase(keyword->canonical, sei_pq_entity_name((sei_pq_entity)i)))
            continue;
        *ret_entity = (sei_pq_entity)i;
        return true;
    }
    return false;
}
