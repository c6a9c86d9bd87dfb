sei_test(test_msg LABELS unit)
