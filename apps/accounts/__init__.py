"""Who uses Vanish: accounts, sign-in and tokens."""
