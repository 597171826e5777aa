"""What an appendix says, section by section, as blocks of a document."""
