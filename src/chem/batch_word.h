/* batch_word.h - words compiled for a network, answered for eight waters at once */
#ifndef SEI_CHEM_BATCH_WORD_H
#define SEI_CHEM_BATCH_WORD_H

#include "chem/lanes.h"
#include "seiryu/chem.h"

typedef struct {
    sei_word_kind kind;
    bool          is_water, is_electron; /* of la() */
    size_t        index;                 /* species or phase of the network */
    double        constant;              /* of a sum: constant + sum of weight * m */
    size_t        n;
    uint16_t     *species;
    double       *weight;
} sei_batch_word;

/* E_NOT_FOUND when the network's waters cannot answer. Lists are of the arena. */
SEI_CHECKED sei_status sei_batch_word_compile(sei_ctx *ctx, sei_arena *arena, const sei_net *net,
                                              const char *text, sei_batch_word *ret_word);
void sei_batch_word_values(const sei_batch_word *word, const sei_lanes *lanes, double ret[SEI_V8]);

#endif
