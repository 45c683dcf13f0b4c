"""`python -m starter.cli`: the command line without installing the project, as in its image."""

from starter.cli import main

if __name__ == "__main__":
    main()
