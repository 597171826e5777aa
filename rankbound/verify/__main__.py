"""``python -m rankbound.verify``: the main command without its group."""

from rankbound.cli import main
from rankbound.cli.verify import verify

if __name__ == "__main__":
    main(command=verify, name="python -m rankbound.verify")
