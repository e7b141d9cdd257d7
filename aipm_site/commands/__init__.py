"""Commands: what each word of the command line does."""
