/* speciator_value.c - what a solution answers to a word */
#include <math.h>
#include <string.h>

#include "base/constants.h"
#include "chem/speciator.h"

#define LN10 2.302585092994045684

/* Elements O and H: by composition, water included. */
static double total_by_composition(const sei_equil *eq, size_t element)
{
    const sei_db *db  = eq->net->db;
    double        sum = 0.0;

    for (size_t i = 0; i <= eq->net->n_species; i++) {
        const bool         is_water = i == eq->net->n_species;
        const sei_species *sp       = &db->species[is_water ? db->water : eq->net->db_index[i]];
        const double       m        = is_water ? 1e3 / sp->g_mol : eq->m[i];
        for (size_t k = 0; k < sp->composition.n; k++)
            if (sp->composition.terms[k].element == element)
                sum += sp->composition.terms[k].count * m;
    }
    return sum;
}

double sei_total_of_master(const sei_equil *eq, size_t master)
{
    const sei_counts *c       = &eq->net->counts;
    const size_t      element = eq->net->db->masters[master].element;
    double            sum     = 0.0;

    for (uint32_t at = c->of_element[element]; at < c->of_element[element + 1]; at++)
        if (c->master[c->place[at]] == master)
            sum += c->count[c->place[at]] * eq->m[c->species[at]];
    return sum;
}

static double total_of(const sei_equil *eq, const sei_word *word)
{
    const sei_db     *db  = eq->net->db;
    const sei_counts *c   = &eq->net->counts;
    double            sum = 0.0;

    if (!word->whole)
        return sei_total_of_master(eq, word->index);
    if (word->index == db->species[db->h_plus].composition.terms[0].element ||
        strcmp(db->elements[word->index].name, "O") == 0)
        return total_by_composition(eq, word->index);
    for (uint32_t at = c->of_element[word->index]; at < c->of_element[word->index + 1]; at++)
        sum += c->count[c->place[at]] * eq->m[c->species[at]];
    return sum;
}

static bool log_activity(const sei_equil *eq, size_t db_species, double *ret_value)
{
    const size_t i = sei_net_species_of_db(eq->net, db_species);

    if (db_species == eq->net->db->water)
        *ret_value = eq->ln_aw / LN10;
    else if (db_species == eq->net->db->e_minus)
        *ret_value = eq->ln_ae / LN10;
    else if (i != SIZE_MAX)
        *ret_value = (log(eq->m[i]) + eq->lng[i]) / LN10;
    else
        return false;
    return true;
}

static bool saturation_index(const sei_equil *eq, size_t db_phase, double *ret_value)
{
    for (size_t p = 0; p < eq->net->n_phases; p++) {
        if (eq->net->phases[p].index != db_phase)
            continue;
        *ret_value = sei_equil_si(eq, p);
        return true;
    }
    return false;
}

static double molality(const sei_equil *eq, size_t db_species)
{
    const size_t i = sei_net_species_of_db(eq->net, db_species);

    if (db_species == eq->net->db->water)
        return 1e3 / eq->net->db->species[db_species].g_mol;
    return i == SIZE_MAX ? 0.0 : eq->m[i];
}

static bool named_value(const sei_equil *eq, const sei_word *word, double *ret_value)
{
    switch (word->kind) {
    case SEI_WORD_M: *ret_value = molality(eq, word->index); return true;
    case SEI_WORD_LA: return log_activity(eq, word->index, ret_value);
    case SEI_WORD_TOT: *ret_value = total_of(eq, word); return true;
    case SEI_WORD_SI: return saturation_index(eq, word->index, ret_value);
    default: return false;
    }
}

bool sei_equil_value(const sei_equil *eq, const sei_word *word, double *ret_value)
{
    if (!word->is_known)
        return false;
    switch (word->kind) {
    case SEI_WORD_PH: *ret_value = -eq->x[eq->net->n_comp - 1] / LN10; return true;
    case SEI_WORD_PE: *ret_value = -eq->ln_ae / LN10; return true;
    case SEI_WORD_MU: *ret_value = eq->mu; return true;
    case SEI_WORD_CHARGE: *ret_value = eq->charge; return true;
    case SEI_WORD_ALK: *ret_value = eq->alk; return true;
    case SEI_WORD_AW: *ret_value = exp(eq->ln_aw); return true;
    case SEI_WORD_TEMP: *ret_value = eq->temp_k - SEI_ZERO_CELSIUS; return true;
    default: return named_value(eq, word, ret_value);
    }
}

static bool phase_amount(const sei_speciator *s, size_t db_phase, double *ret_value)
{
    for (size_t k = 0; k < s->n_phases; k++) {
        if (s->phase[k] != db_phase)
            continue;
        *ret_value = s->phase_mol[k];
        return true;
    }
    return false;
}

bool sei_speciator_value(const sei_speciator *s, const sei_word *word, double *ret_value)
{
    if (!s->now || !word->is_known)
        return false;
    switch (word->kind) { /* as they were given: pe of a water without valences too */
    case SEI_WORD_PE: *ret_value = s->pe; return true;
    case SEI_WORD_TEMP: *ret_value = s->temp_c; return true;
    case SEI_WORD_N: return phase_amount(s, word->index, ret_value);
    default: return sei_equil_value(s->now->eq, word, ret_value);
    }
}
