"""Links for the customer: bound to a person, to what was sent, and to a time."""
