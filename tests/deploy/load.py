"""`make load`: how many requests a second nginx answers with the shipped configuration, TLS and passwords included.

A few seconds, from this machine to itself.
"""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from pathlib import Path

from generator.project import PROJECT
from generator.site.deploy import deploy
from tests.deploy.host import on_debian

SECONDS, WANTED = 5, 5000
PATHS = (
    "/",
    "/dialog/",
    "/tradition/empfang/",
    "/en/exklusiv/sommerevent/",
    "/assets/playbook.css",
    "/assets/search.js",
    "/search/index.json",
    "/print/empfang-checklist.pdf",
)
SCRIPT = """
local paths, at = {%s}, 0
request = function()
  at = at %% #paths + 1
  return wrk.format("GET", paths[at])
end
"""


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        deploy(PROJECT / "site", Path(name) / "deploy")
        script = Path(name) / "paths.lua"
        script.write_text(SCRIPT % ", ".join(f'"{path}"' for path in PATHS))
        with on_debian(Path(name) / "deploy", workers=2) as host:
            for path in PATHS:
                assert host.ask(path, host.signed_in).status == 200, path
            headers = [f"-H{name}: {value}" for name, value in {**host.signed_in, "Accept-Encoding": "gzip"}.items()]
            command = ["wrk", "-t2", "-c32", f"-d{SECONDS}s", "--latency", "-s", str(script), *headers, host.base]
            said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    print(said)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    if not rate or float(rate[1]) < WANTED or "errors" in said or "Non-2xx" in said:
        sys.exit(f"Fewer than {WANTED} requests a second, or errors.")


if __name__ == "__main__":
    main()
