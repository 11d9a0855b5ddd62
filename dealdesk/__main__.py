"""`python -m dealdesk`."""

from dealdesk.cli.main import main

main()
