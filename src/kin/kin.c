/* kin.c - the catalogue of rate laws */
#include "seiryu/kin.h"

#include <math.h>
#include <string.h>

#include "kin/term.h"

#define SEI_RATE(name) extern const sei_rate_law sei_rate_law_##name;
#include "kin/rate_list.h"
#undef SEI_RATE

#define SEI_RATE(name) &sei_rate_law_##name,
static const sei_rate_law *const laws[] = {
#include "kin/rate_list.h"
};
#undef SEI_RATE

size_t sei_rate_count(void)
{
    return SEI_KIN_COUNT(laws);
}

const sei_rate_law *sei_rate_at(size_t i)
{
    return i < SEI_KIN_COUNT(laws) ? laws[i] : NULL;
}

const sei_rate_law *sei_rate_find(const char *key)
{
    for (size_t i = 0; i < SEI_KIN_COUNT(laws); i++) {
        if (strcmp(laws[i]->key, key) == 0)
            return laws[i];
    }
    return NULL;
}

size_t sei_rate_follower_param(const sei_rate_law *law, const sei_rate_law *leader, size_t param)
{
    return law->follows && strcmp(law->follows, leader->key) == 0
               ? sei_param_index(law->params, law->n_params, leader->params[param].key)
               : law->n_params;
}

void sei_rate_defaults(const sei_rate_law *law, double ret_p[])
{
    for (size_t i = 0; i < law->n_params; i++)
        ret_p[i] = sei_param_si(&law->params[i], law->params[i].def);
}

double sei_arrhenius(double ea_j_mol, double temp_k, double ref_k)
{
    return exp(-ea_j_mol / SEI_GAS_CONSTANT * (1.0 / temp_k - 1.0 / ref_k));
}
