sei_test(test_chem_reference LABELS ref)
sei_test(test_chem_random LABELS ref)
sei_test(test_chem_phases LABELS ref)
