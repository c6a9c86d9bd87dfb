sei_test(test_plant LABELS unit)
sei_test(test_plant_units LABELS unit
    SOURCES unit/test_plant_units.c ${PROJECT_SOURCE_DIR}/src/plant/new_template.c)
sei_test(test_plant_train LABELS unit)
sei_test(test_plant_reference LABELS ref)
sei_test(test_plant_tanks LABELS ref)
sei_test(test_plant_active LABELS case)
sei_test(test_plant_passive LABELS case)
