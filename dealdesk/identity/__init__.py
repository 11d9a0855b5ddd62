"""Identity: users, teams, roles, permissions, sign-in and sessions."""
