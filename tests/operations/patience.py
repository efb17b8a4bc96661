"""How long tests wait for what must come in the end."""

PATIENT = 60.0
