"""The site of a release: pages that need no server, no network and nothing but the folder they lie in."""
