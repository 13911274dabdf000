"""Top floor: the engine and what people see of it. No image without asking `compliance.gate`."""
