"""The `dealdesk …` commands: thin edges over the same operations that the pages use."""
