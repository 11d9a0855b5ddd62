"""DealDesk: one set of typed values carries a deal from the first quote to the support desk."""
