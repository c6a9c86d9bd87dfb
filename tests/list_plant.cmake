sei_test(test_plant LABELS unit)
sei_test(test_plant_units LABELS unit)
sei_test(test_plant_train LABELS unit)
