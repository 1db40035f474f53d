"""Word lists: data, written for Muster, keyed by `text.fold_word` (no case, no accents)."""
