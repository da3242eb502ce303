"""Who may see or do what with this pupil or school: pure, from relations at this moment to a grant or a refusal."""
