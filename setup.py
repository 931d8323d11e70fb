"""Puts what the package needs besides Python into the wheel: the repository keeps it at the top, where authors look."""

import shutil
from pathlib import Path

from setuptools import setup
from setuptools.command.build_py import build_py

# `generator.PROJECT` is where they are
PARTS = ("templates", "mkdocs.yml", "content/locales", "deploy", "sbom.cdx.json")


class WithParts(build_py):
    def run(self) -> None:
        super().run()
        if self.editable_mode:
            return
        for part in PARTS:
            source, target = Path(part), Path(self.build_lib) / "generator" / part
            if source.is_dir():
                shutil.copytree(source, target, dirs_exist_ok=True)
            else:
                shutil.copyfile(source, target)


setup(cmdclass={"build_py": WithParts})
