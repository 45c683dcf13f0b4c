"""`python -m starter.cli`: the command line where the project is not installed, as in its image."""

from starter.cli import main

if __name__ == "__main__":
    main()
