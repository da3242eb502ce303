"""The demo school's identity provider: real OpenID Connect for made-up people, on this machine only."""
