/*
 * element_list.h - the one home of atomic weights
 *
 * X(symbol, g/mol): standard atomic weights, IUPAC 2021, abridged values (prohaska2022).
 * Elements with an interval (H, Li, B, C, N, O, Mg, Si, S, Cl, Br, Pb) carry the abridged single value.
 */
#ifndef SEI_BASE_ELEMENT_LIST_H
#define SEI_BASE_ELEMENT_LIST_H

#define SEI_ELEMENT_LIST(X) \
    X("Ag", 107.87)         \
    X("Al", 26.982)         \
    X("As", 74.922)         \
    X("Au", 196.97)         \
    X("B", 10.81)           \
    X("Ba", 137.33)         \
    X("Be", 9.0122)         \
    X("Bi", 208.98)         \
    X("Br", 79.904)         \
    X("C", 12.011)          \
    X("Ca", 40.078)         \
    X("Cd", 112.41)         \
    X("Ce", 140.12)         \
    X("Cl", 35.45)          \
    X("Co", 58.933)         \
    X("Cr", 51.996)         \
    X("Cs", 132.91)         \
    X("Cu", 63.546)         \
    X("F", 18.998)          \
    X("Fe", 55.845)         \
    X("Ga", 69.723)         \
    X("Ge", 72.630)         \
    X("H", 1.008)           \
    X("Hg", 200.59)         \
    X("I", 126.90)          \
    X("In", 114.82)         \
    X("K", 39.098)          \
    X("La", 138.91)         \
    X("Li", 6.94)           \
    X("Mg", 24.305)         \
    X("Mn", 54.938)         \
    X("Mo", 95.95)          \
    X("N", 14.007)          \
    X("Na", 22.990)         \
    X("Ni", 58.693)         \
    X("O", 15.999)          \
    X("P", 30.974)          \
    X("Pb", 207.2)          \
    X("Rb", 85.468)         \
    X("S", 32.06)           \
    X("Sb", 121.76)         \
    X("Se", 78.971)         \
    X("Si", 28.085)         \
    X("Sn", 118.71)         \
    X("Sr", 87.62)          \
    X("Te", 127.60)         \
    X("Ti", 47.867)         \
    X("Tl", 204.38)         \
    X("U", 238.03)          \
    X("V", 50.942)          \
    X("W", 183.84)          \
    X("Zn", 65.38)

#endif
