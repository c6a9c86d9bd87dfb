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

/* J between points a 64th apart in ln x: those that were asked for are kept. All zeros: none yet. */
enum { SEI_J_PER_UNIT = 64, SEI_J_LN_LOW = -16, SEI_J_LN_HIGH = 8 };
enum { SEI_J_POINTS = (SEI_J_LN_HIGH - SEI_J_LN_LOW) * SEI_J_PER_UNIT + 1 };
typedef struct {
    sei_j_value at[SEI_J_POINTS]; /* j 0: not known */
} sei_j_table;

void        sei_electrostatic_set_up(sei_electrostatic *ret_nodes);
sei_j_value sei_electrostatic_j(const sei_electrostatic *nodes, double x);
/* The same at e^ln_x to eleven digits of J and ten of x dJ/dx, by a table. */
sei_j_value sei_electrostatic_look_up(const sei_electrostatic *nodes, sei_j_table *table,
                                      double ln_x);

#endif
