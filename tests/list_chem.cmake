sei_test(test_chem_reference LABELS ref)
