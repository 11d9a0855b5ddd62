"""What must leave after commit: jobs and mail as rows of the business transaction."""
