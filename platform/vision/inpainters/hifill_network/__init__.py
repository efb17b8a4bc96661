"""HiFill's network: the released graph, faster forms of it, and which of them runs here."""
