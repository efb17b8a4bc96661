"""Brings the certificates that RDS's servers are signed with: `python authority.py FILE MIRROR`.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
"""

import ssl
import sys
from pathlib import Path
from urllib.request import urlopen

ADDRESS = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
MOST_BYTES = 2**20


def main(file: Path, mirror: Path) -> None:
    """From the mirror, else from AWS over TLS; ends where it holds no authority's certificate."""
    if mirror.is_file():
        bundle = mirror.read_bytes()
    else:
        with urlopen(ADDRESS, timeout=60) as answer:
            bundle = answer.read(MOST_BYTES)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bundle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(file)
    except ssl.SSLError as error:
        sys.exit(f"These are no certificates: {error}")
    authorities = len(context.get_ca_certs())
    if not authorities:
        sys.exit("There is no authority's certificate in it")
    print(f"{authorities} certificates of authorities are in {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
