"""A pupil's file as a package for the archive: an E-ARK SIP (CSIP and SIP 2.1.0, which is FGS Paketstruktur 2.0)."""
