"""Where history comes from: one small module for each kind of status page or monitor."""
