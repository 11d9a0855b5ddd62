"""SLA terms as data: projected from the values that the text prints, linted, exported."""
