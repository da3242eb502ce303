"""What comes in and goes out as files: rosters, syllabuses, templates."""
