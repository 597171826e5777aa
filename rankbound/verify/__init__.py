"""The judge: runs the three witnesses on every claim, compares them, reports."""
