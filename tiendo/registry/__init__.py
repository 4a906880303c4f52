"""What the plans promise: targets, tasks, indicators, agencies and the measures that compute them."""
