/* constants.h - the one home of physical constants; SI */
#ifndef SEI_BASE_CONSTANTS_H
#define SEI_BASE_CONSTANTS_H

#define SEI_GAS_CONSTANT 8.31446261815324 /* J/mol/K, exact since 2019 */
#define SEI_ZERO_CELSIUS 273.15           /* K, exact */

#endif
