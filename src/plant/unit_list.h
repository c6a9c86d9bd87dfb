/* unit_list.h - the treatment units, SEI_UNIT(name), sorted; sei_unit_type_<name> is the row */
SEI_UNIT(cascade)
SEI_UNIT(iron_oxidation_bed)
SEI_UNIT(limestone_bed)
SEI_UNIT(mixer)
SEI_UNIT(settling_pond)
SEI_UNIT(splitter)
SEI_UNIT(sulfate_reducing_bed)
SEI_UNIT(tank)
