"""`python -m webhand`, where the command is not on the path."""

from webhand.cli.app import main

if __name__ == "__main__":
    main()
