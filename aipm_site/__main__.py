"""`python -m aipm_site` is `aipm`."""

from aipm_site.cli import main

if __name__ == "__main__":
    main(prog_name="aipm")
