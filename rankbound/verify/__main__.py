"""``python -m rankbound.verify``: the main command without its group."""

import os

if __name__ == "__main__":
    try:
        from rankbound.cli import main
        from rankbound.cli.verify import verify

        main(command=verify, name="python -m rankbound.verify")
    except KeyboardInterrupt:  # while the command line was still being imported
        os._exit(130)
