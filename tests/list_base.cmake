sei_test(test_base LABELS unit)
