/* result_tables.h - tables of a result for the terminal and the report; each NULL without memory */
#ifndef SEI_STUDY_RESULT_TABLES_H
#define SEI_STUDY_RESULT_TABLES_H

#include "study/result_digest.h"

/* Raw water, discharge, limit, verdict: one row a quantity (and statistic of its limit). */
sei_rtable *sei_table_water(const sei_digest *digest);
/* Loads of raw water and discharge, and removal. */
sei_rtable *sei_table_loads(const sei_digest *digest);
/* One row a quantity, limit and year. */
sei_rtable *sei_table_compliance(const sei_digest *digest);
/* Size, flow and retention time of the units. */
sei_rtable *sei_table_units(const sei_digest *digest);
/* Solids and media of the units at start and end. */
sei_rtable *sei_table_solids(const sei_digest *digest);
/* Reagents and sludge; NULL when the train has none. */
sei_rtable *sei_table_reagents(const sei_digest *digest);
sei_rtable *sei_table_sludge(const sei_digest *digest);
/* What the beds of a steady state gain and lose; NULL where nothing does or the run is through time. */
sei_rtable *sei_table_rest(const sei_digest *digest);
bool        sei_result_drifts(const sei_result *result);
sei_rtable *sei_table_books(const sei_digest *digest);
/* What each unit gets, hands on and keeps of each metal. */
sei_rtable *sei_table_unit_balance(const sei_digest *digest);
sei_rtable *sei_table_element_balance(const sei_digest *digest);
/* What the site file gives for the influent. */
sei_rtable *sei_table_influent(const sei_digest *digest);
/* What is done to the units, and what befalls raw water and weather; is there any in the run? */
bool        sei_has_events(const sei_digest *digest);
sei_rtable *sei_table_events(const sei_digest *digest);
/* Parameters of one unit and its layers. */
sei_rtable *sei_table_unit_params(const sei_digest *digest, size_t unit);
/* Are two units of one type with the same parameters? */
bool        sei_units_are_same(const sei_unit_spec *a, const sei_unit_spec *b);
sei_rtable *sei_table_laws(const sei_digest *digest);
sei_rtable *sei_table_law_params(const sei_digest *digest);
/* Laws that worked outside their ranges, a row each law and quantity. */
sei_rtable *sei_table_breaches(const sei_digest *digest);

#endif
