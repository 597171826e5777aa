"""``python -m rankbound``."""

from rankbound.cli import main

if __name__ == "__main__":
    main(name="python -m rankbound")
