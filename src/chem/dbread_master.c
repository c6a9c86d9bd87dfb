/* dbread_master.c - SOLUTION_MASTER_SPECIES, and what is put together when all is read */
#include <stdio.h>
#include <string.h>

#include "base/number.h"
#include "chem/dbread.h"

enum { COLUMNS = 5 };

/* "Fe(3)" is the element Fe. */
static bool split_valence(const char *name, char symbol[SEI_DBREAD_NAME_MAX])
{
    snprintf(symbol, SEI_DBREAD_NAME_MAX, "%s", name);
    char *valence = strchr(symbol, '(');
    if (valence)
        *valence = '\0';
    return valence != NULL;
}

static sei_status keep_master(sei_db_reader *r, const sei_master *m)
{
    sei_db    *db   = r->db;
    size_t     slot = sei_db_lookup(db, SEI_DB_MASTER, m->name);
    sei_status st   = SEI_OK;

    if (slot == SIZE_MAX) {
        slot = db->n_masters;
        st = sei_dbread_grow(r, (void **)&db->masters, slot, &db->cap_masters, sizeof *db->masters);
        if (st != SEI_OK)
            return st;
        db->masters[slot] = *m;
        st                = sei_db_enter(r->ctx, db, SEI_DB_MASTER, slot);
        if (st != SEI_OK)
            return st;
        db->n_masters++;
    }
    db->masters[slot] = *m;
    if (!m->is_valence)
        db->elements[m->element].primary = slot;
    return SEI_OK;
}

sei_status sei_dbread_master(sei_db_reader *r, sei_slice line)
{
    sei_slice  word[COLUMNS], rest = line;
    size_t     n = 0;
    char       name[SEI_DBREAD_NAME_MAX], symbol[SEI_DBREAD_NAME_MAX];
    sei_master m = {0};

    while (n < COLUMNS && sei_next_word(&rest, &word[n]))
        n++;
    if (n < 3)
        return sei_dbread_fail(
            r, SEI_E_PARSE, "a master species needs: element, species, alkalinity, formula or mass",
            line);
    if (!sei_component_canonical(word[0].at, word[0].len, name, sizeof name))
        return sei_dbread_fail(r, SEI_E_TOO_LARGE, "name of an element is too long", word[0]);
    m.is_valence  = split_valence(name, symbol);
    sei_status st = sei_dbread_element(r, symbol, &m.element);
    if (st == SEI_OK)
        st = sei_dbread_species(r, word[1], &m.species);
    if (st != SEI_OK)
        return st;
    if (!sei_parse_double(word[2].at, word[2].len, &m.alk))
        return sei_dbread_fail(r, SEI_E_PARSE, "alkalinity of a master species must be a number",
                               word[2]);
    if (n > 4 && !m.is_valence)
        (void)sei_parse_double(word[4].at, word[4].len, &r->db->elements[m.element].g_mol);
    m.name         = sei_arena_strdup(&r->db->arena, name);
    m.mass_formula = n > 3 ? sei_arena_strndup(&r->db->arena, word[3].at, word[3].len) : "";
    if (!m.name || !m.mass_formula)
        return SEI_E_NOMEM;
    return keep_master(r, &m);
}

/* Masses of elements may follow the row that needs them, so formulas are weighed at the end. */
static void weigh_masters(sei_db *db)
{
    for (size_t i = 0; i < db->n_masters; i++) {
        sei_master *m = &db->masters[i];
        if (!sei_parse_double(m->mass_formula, strlen(m->mass_formula), &m->g_mol))
            m->g_mol = sei_db_formula_g_mol(db, m->mass_formula);
    }
}

static double weigh(const sei_db *db, const sei_composition *c)
{
    double g_mol = 0.0;

    for (size_t k = 0; k < c->n; k++)
        g_mol += c->terms[k].count * db->elements[c->terms[k].element].g_mol;
    return g_mol;
}

static void warn_undefined(const sei_db_reader *r)
{
    const sei_db *db = r->db;

    for (size_t i = 0; i < db->n_masters; i++) {
        const sei_species *s = &db->species[db->masters[i].species];
        if (!s->is_defined && db->masters[i].species != db->e_minus)
            sei_warn(r->ctx, &r->where,
                     "master species %s of %s has no reaction in SOLUTION_SPECIES", s->name,
                     db->masters[i].name);
    }
}

static sei_status check_llnl(const sei_db_reader *r)
{
    const sei_db *db = r->db;

    for (size_t i = 0; i < db->n_species && db->llnl.n == 0; i++) {
        const sei_where where = {r->where.file, db->species[i].line, 0};
        if (db->species[i].gamma == SEI_GAMMA_LLNL || db->species[i].gamma == SEI_GAMMA_LLNL_CO2)
            return sei_fail(r->ctx, SEI_E_MISSING, &where,
                            "-llnl_gamma of %s needs a block LLNL_AQUEOUS_MODEL_PARAMETERS",
                            db->species[i].name);
    }
    for (size_t i = 1; i < db->llnl.n; i++)
        if (!(db->llnl.temp_c[i] > db->llnl.temp_c[i - 1]))
            return sei_fail(
                r->ctx, SEI_E_RANGE, &r->where,
                "temperatures of LLNL_AQUEOUS_MODEL_PARAMETERS must ascend: %g follows %g",
                db->llnl.temp_c[i], db->llnl.temp_c[i - 1]);
    return SEI_OK;
}

static bool is_defined(const sei_db *db, size_t species)
{
    return species != SIZE_MAX && db->species[species].is_defined;
}

sei_status sei_dbread_finish(sei_db_reader *r)
{
    sei_db *db = r->db;

    r->where.line         = 0;
    const size_t hydrogen = sei_db_lookup(db, SEI_DB_MASTER, "H");
    db->h_plus            = hydrogen == SIZE_MAX ? sei_db_lookup(db, SEI_DB_SPECIES, "H+")
                                                 : db->masters[hydrogen].species;
    db->e_minus           = sei_db_lookup(db, SEI_DB_SPECIES, "e-");
    db->water             = sei_db_lookup(db, SEI_DB_SPECIES, "H2O");
    if (!is_defined(db, db->h_plus) || !is_defined(db, db->water) || !is_defined(db, db->e_minus))
        return sei_fail(r->ctx, SEI_E_MISSING, &r->where,
                        "SOLUTION_SPECIES must define H+, e- and H2O");
    db->species[db->water].gamma   = SEI_GAMMA_ONE;
    db->species[db->e_minus].gamma = SEI_GAMMA_ONE;
    sei_status st                  = check_llnl(r);
    if (st == SEI_OK)
        st = sei_dbread_join_phases(r);
    if (st != SEI_OK)
        return st;
    warn_undefined(r);
    sei_dbread_sort_interactions(db);
    weigh_masters(db);
    for (size_t i = 0; i < db->n_species; i++)
        db->species[i].g_mol = weigh(db, &db->species[i].composition);
    for (size_t i = 0; i < db->n_phases; i++)
        db->phases[i].g_mol = weigh(db, &db->phases[i].composition);
    return SEI_OK;
}
