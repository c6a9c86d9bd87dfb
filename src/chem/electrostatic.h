/* electrostatic.h - the electrostatic part of what ions of the same sign and different charge do to each other */
#ifndef SEI_CHEM_ELECTROSTATIC_H
#define SEI_CHEM_ELECTROSTATIC_H

#include "num/v4.h"

enum { SEI_ELECTROSTATIC_NODES = 56 };

/* Nodes of the quadrature; made once. */
typedef struct {
    double decay[SEI_ELECTROSTATIC_NODES], weight[SEI_ELECTROSTATIC_NODES];
} sei_electrostatic;

/* J(x) and what x d/dx makes of it, once and twice. */
typedef struct {
    double j, dj, d2j;
} sei_j_value;

void        sei_electrostatic_set_up(sei_electrostatic *ret_nodes);
sei_j_value sei_electrostatic_j(const sei_electrostatic *nodes, double x);

#endif
