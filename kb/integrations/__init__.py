"""kb inside other frameworks; each module needs an optional extra."""
