"""The seeded estate: what a person would plant to see whether an auditor finds it and blames nobody else."""
