"""The linter: rules over the clause library and over any contract text."""
