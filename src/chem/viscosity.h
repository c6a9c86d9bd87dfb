/* viscosity.h - of pure water */
#ifndef SEI_CHEM_VISCOSITY_H
#define SEI_CHEM_VISCOSITY_H

/* Without the enhancement near the critical point; 0..900 degC. Density in kg/L. Pa s. */
double sei_water_viscosity_pa_s(double temp_k, double density_kg_l);

#endif
