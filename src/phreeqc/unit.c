/* unit.c - unit words of concentrations and amounts */
#include <string.h>

#include "phreeqc/reader.h"

/* "ug/kgs": prefix, amount, "/", per what. Words may be written out. */
typedef struct {
    const char   *word;
    double        factor;
    sei_pq_amount amount;
} amount_row;

typedef struct {
    const char *word;
    sei_pq_per  per;
} per_row;

static const amount_row amounts[] = {
    {"mol", 1.0, SEI_PQ_MOL}, {"mole", 1.0, SEI_PQ_MOL},  {"moles", 1.0, SEI_PQ_MOL},
    {"eq", 1.0, SEI_PQ_EQ},   {"equiv", 1.0, SEI_PQ_EQ},  {"equivalents", 1.0, SEI_PQ_EQ},
    {"g", 1.0, SEI_PQ_GRAM},  {"gram", 1.0, SEI_PQ_GRAM}, {"grams", 1.0, SEI_PQ_GRAM},
};

static const per_row pers[] = {
    {"l", SEI_PQ_PER_LITRE}, {"liter", SEI_PQ_PER_LITRE}, {"litre", SEI_PQ_PER_LITRE},
    {"kgs", SEI_PQ_PER_KGS}, {"kgw", SEI_PQ_PER_KGW},     {"kg", SEI_PQ_PER_KGS},
};

static bool amount_of(sei_slice word, sei_pq_unit *ret)
{
    static const struct {
        const char *word;
        double      factor;
    } prefixes[] = {
        {"milli", 1e-3}, {"micro", 1e-6}, {"m", 1e-3}, {"u", 1e-6}, {"", 1.0},
    };

    for (size_t p = 0; p < sizeof prefixes / sizeof *prefixes; p++) {
        const size_t len = strlen(prefixes[p].word);
        if (word.len < len || !sei_slice_is_nocase((sei_slice){word.at, len}, prefixes[p].word))
            continue;
        for (size_t i = 0; i < sizeof amounts / sizeof *amounts; i++) {
            if (!sei_slice_is_nocase((sei_slice){word.at + len, word.len - len}, amounts[i].word))
                continue;
            ret->factor = prefixes[p].factor * amounts[i].factor;
            ret->amount = amounts[i].amount;
            return true;
        }
    }
    return false;
}

/* Parts of mass in the mass of the solution. */
static bool part_of(sei_slice word, sei_pq_unit *ret)
{
    static const struct {
        const char *word;
        double      factor;
    } parts[] = {
        {"ppt", 1.0},
        {"ppm", 1e-3},
        {"ppb", 1e-6},
    };

    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!sei_slice_is_nocase(word, parts[i].word))
            continue;
        *ret = (sei_pq_unit){parts[i].factor, SEI_PQ_GRAM, SEI_PQ_PER_KGS};
        return true;
    }
    return false;
}

bool sei_pq_unit_of(sei_slice word, sei_pq_unit *ret_unit)
{
    const char *slash = memchr(word.at, '/', word.len);
    sei_pq_unit unit;

    if (!slash)
        return part_of(word, ret_unit);
    const size_t head = (size_t)(slash - word.at);
    if (!amount_of((sei_slice){word.at, head}, &unit))
        return false;
    for (size_t i = 0; i < sizeof pers / sizeof *pers; i++) {
        if (!sei_slice_is_nocase((sei_slice){slash + 1, word.len - head - 1}, pers[i].word))
            continue;
        unit.per  = pers[i].per;
        *ret_unit = unit;
        return true;
    }
    return false;
}

bool sei_pq_mol_unit(sei_slice word, double *ret_factor)
{
    sei_pq_unit unit;

    if (!amount_of(word, &unit) || unit.amount != SEI_PQ_MOL)
        return false;
    *ret_factor = unit.factor;
    return true;
}
