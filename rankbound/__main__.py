"""``python -m rankbound``."""

import os

if __name__ == "__main__":
    try:
        from rankbound.cli import main

        main(name="python -m rankbound")
    except KeyboardInterrupt:  # while the command line was still being imported
        os._exit(130)
