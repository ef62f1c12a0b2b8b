"""What a resource may say, and how it is said on the wire: fields, parts, kinds, documents."""
