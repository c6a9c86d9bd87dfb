sei_test(test_store LABELS unit)
