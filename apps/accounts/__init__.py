"""Users: accounts, sign-in and tokens."""
