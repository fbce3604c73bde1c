"""Working days, deadlines and today."""
