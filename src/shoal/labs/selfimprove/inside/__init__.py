"""What runs inside the jails of this lab: an agent at work, and programs under test. Nothing here is trusted."""
