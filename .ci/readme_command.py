"""Print the shell block that follows a marker comment in README.md, so that what is tested is what is printed."""

import re
import sys
from pathlib import Path

readme = Path(__file__).parent.parent.joinpath("README.md").read_text(encoding="utf-8")
found = re.search(rf"<!-- {re.escape(sys.argv[1])} -->\s*```(?:bash|sh)\n(.*?)```", readme, re.DOTALL)
if found is None:
    sys.exit(f"README.md has no command marked <!-- {sys.argv[1]} -->")
sys.stdout.write(found[1])
