"""Why nobody was let in where an address was typed, in words for who typed it: each names what to look at."""

from __future__ import annotations

import ssl

import aiohttp

from exercise.language import N_

_NOT_YET_VALID, _EXPIRED = 9, 10
"""What OpenSSL finds wrong with a certificate that is not of this day."""

OTHER_VERSION = N_("This hub speaks another version; install the same program on both sides.")

_WHICH = "ask whether the address begins with ws:// or wss://"


def why_not(url: str, error: Exception) -> str:
    """One line on what went wrong at an address before anything there was known to be a hub."""
    if isinstance(error, aiohttp.InvalidURL):
        return f"{url}: this is no address; one looks like ws://192.168.1.20:8765"
    if isinstance(error, aiohttp.ClientConnectorCertificateError | aiohttp.ServerFingerprintMismatch):
        found = getattr(error, "certificate_error", None)
        if getattr(found, "verify_code", 0) in (_NOT_YET_VALID, _EXPIRED):
            return (
                f"{url}: the certificate there is not good today; look whether the clock of this machine is right, and "
                "ask the facilitator"
            )
        return (
            f"{url}: the certificate there is not the one expected; ask the facilitator for its fingerprint and give "
            "it with --fingerprint"
        )
    if isinstance(error, aiohttp.ClientConnectorSSLError | ssl.SSLError):
        return f"{url}: no secure connection comes about; {_WHICH}"
    if isinstance(error, TimeoutError):
        return f"{url}: nobody answers there in time; look at the address and the network"
    if isinstance(error, aiohttp.WSServerHandshakeError):
        return f"{url}: what answers there is no hub of this program ({error.status})"
    if isinstance(error, aiohttp.ServerDisconnectedError | ConnectionResetError):
        # So does a door with TLS, of who speaks without.
        return f"{url}: what answers there hangs up at once; {_WHICH}"
    if isinstance(error, ValueError):
        return f"{url}: {OTHER_VERSION}"
    return f"{url}: nobody answers there; look at the address, and whether the exercise is being hosted"
