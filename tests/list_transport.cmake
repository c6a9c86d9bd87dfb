sei_test(test_transport LABELS unit)
sei_test(test_transport_column LABELS case)
