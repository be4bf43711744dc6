"""What a change opens, closes and loosens: two configurations compared by what their proofs say, not by their text."""
