"""Objects as code: a Pulumi program that declares them, documents in YAML and JSON, and the file that imports them."""
