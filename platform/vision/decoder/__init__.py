"""Decoder of files from users and programs: the only code that opens them, in a child process.

`vision.images.decode` starts `python -m vision.decoder.server`, which forks a child process for
each picture; where processes can't be forked, `python -m vision.decoder LIMITS` for each picture.
It sends the file to the child's standard input and reads the canvas from its standard output. To
start fast, nothing heavy is imported here.
"""
