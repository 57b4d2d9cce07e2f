"""Files that belong to a case or a filing: read by its sides and the offices, and by nobody else."""
