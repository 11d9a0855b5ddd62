"""Where support events come from: one small module for each system."""
