/*
 * chem.h - thermodynamic data and aqueous equilibrium
 *
 * A database is read once, a network is compiled from it for the components at hand, and waters
 * are speciated on that network. Networks are read-only and may be shared by threads; each thread
 * has its own workspace.
 */
#ifndef SEIRYU_CHEM_H
#define SEIRYU_CHEM_H

#include <stdbool.h>
#include <stddef.h>

#include "seiryu/ctx.h"

#ifdef __cplusplus
extern "C" {
#endif

typedef struct sei_db  sei_db;
typedef struct sei_net sei_net;

/* Reads a database in PHREEQC's format. Errors name file, line and the offending text. */
SEI_API SEI_CHECKED sei_status sei_db_read(sei_ctx *ctx, const char *path, sei_db **ret_db);
SEI_API SEI_CHECKED sei_status sei_db_parse(sei_ctx *ctx, const char *name, const char *text,
                                            size_t len, sei_db **ret_db);
SEI_API void        sei_db_free(sei_db *db);
SEI_API const char *sei_db_name(const sei_db *db);
SEI_API const char *sei_db_sha256(const sei_db *db); /* of the file's bytes, hexadecimal */
SEI_API size_t      sei_db_n_species(const sei_db *db);
SEI_API size_t      sei_db_n_phases(const sei_db *db);
SEI_API bool        sei_db_has_phase(const sei_db *db, const char *phase);
SEI_API bool        sei_db_has_component(const sei_db *db, const char *component);
/* Molar mass in g/mol that mg/L of a component ("S(6)", "Alkalinity") is read with, as the
 * database's SOLUTION_MASTER_SPECIES says; 0 when the component is not in the database. */
SEI_API double      sei_db_component_g_mol(const sei_db *db, const char *component);
/* Molar mass of a formula ("Fe(OH)3") in g/mol by the database's elements; 0 when it cannot. */
SEI_API double      sei_db_formula_g_mol(const sei_db *db, const char *formula);

#ifdef __cplusplus
}
#endif
#endif
