sei_test(test_yaml LABELS unit)
