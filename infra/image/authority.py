"""`python authority.py FILE MIRROR` fetches the certificate authorities of RDS's servers.

https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/UsingWithRDS.SSL.html
"""

import ssl
import sys
from pathlib import Path
from urllib.request import urlopen

ADDRESS = "https://truststore.pki.rds.amazonaws.com/global/global-bundle.pem"
MAX_BYTES = 2**20


def main(file: Path, mirror: Path) -> None:
    """Copy them from the mirror, else download them. Exit where no certificate is in them."""
    if mirror.is_file():
        bundle = mirror.read_bytes()
    else:
        with urlopen(ADDRESS, timeout=60) as response:
            bundle = response.read(MAX_BYTES)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(bundle)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(file)
    except ssl.SSLError as error:
        sys.exit(f"The file has no valid certificates: {error}")
    authorities = len(context.get_ca_certs())
    if not authorities:
        sys.exit("The file has no certificate of an authority")
    print(f"{authorities} certificates of authorities are in {file}")


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
