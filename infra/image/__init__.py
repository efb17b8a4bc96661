"""What the image's stages run, and the proof that the image works."""
