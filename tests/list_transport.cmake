sei_test(test_transport LABELS unit)
