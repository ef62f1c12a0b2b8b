"""Makes the reference, `sdk-docs/reference/`: a page for every resource, and one of all of them.

    python -m tools.reference

What the pages say is read from the kinds: their fields, the facts of these, and what their rules answer.
"""
