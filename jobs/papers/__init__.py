"""Papers that clients get: set by typst from a template beside this file, with values that are never read as markup."""
