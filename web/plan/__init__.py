"""The pages of a pupil's plans: overview, questions, assessments, goals, conversation, archive."""
