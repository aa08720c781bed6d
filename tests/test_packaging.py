import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "webhand"

pytestmark = pytest.mark.timeout(300)


def sources() -> list[str]:
    """Every file of the package in the source tree, as `webhand/...`."""
    files = (file for file in SOURCE.rglob("*") if file.is_file())
    return [file.relative_to(ROOT).as_posix() for file in files if "__pycache__" not in file.parts]


def packages() -> list[str]:
    """Every folder of modules in the source tree, as `webhand.browser`."""
    return sorted({Path(file).parent.as_posix().replace("/", ".") for file in sources() if file.endswith(".py")})


def output_of(command: Iterable[str | Path], folder: Path) -> str:
    told = subprocess.run(list(command), cwd=folder, capture_output=True, text=True, timeout=200)
    assert told.returncode == 0, told.stdout + told.stderr
    return told.stdout


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the sdist and the wheel that is made from it."""
    folder = tmp_path_factory.mktemp("dist")
    output_of([sys.executable, "-m", "build", "--no-isolation", "--outdir", folder, ROOT], folder)
    return folder


@pytest.fixture(scope="session")
def wheel(built: Path) -> Path:
    (wheel,) = built.glob("webhand-*.whl")
    return wheel


@pytest.fixture(scope="session")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of commands of an environment that has the wheel; the dependencies are this environment's."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, symlinks=sys.platform != "win32")
    paths = {"base": str(folder), "platbase": str(folder)}
    (Path(sysconfig.get_path("purelib", "venv", paths)) / "dependencies.pth").write_text(sysconfig.get_path("purelib"))
    commands = Path(sysconfig.get_path("scripts", "venv", paths))
    pip = [sys.executable, "-m", "pip", "--python", commands / "python"]
    output_of([*pip, "install", "--quiet", "--no-index", "--no-deps", wheel], folder)
    return commands


def test_what_an_extra_brings_is_there_to_test_it() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    wanted = {line for lines in project["project"]["optional-dependencies"].values() for line in lines}
    assert wanted <= set(project["dependency-groups"]["dev"])


def test_each_folder_of_modules_is_a_package() -> None:
    for package in packages():
        assert (ROOT / package.replace(".", "/") / "__init__.py").is_file(), package


def test_the_wheel_holds_every_file_of_the_package_once_and_no_other(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = Counter(name for name in archive.namelist() if ".dist-info/" not in name)
    assert names == Counter(sources())
    assert "webhand/py.typed" in names


def test_the_sdist_holds_the_package_once_and_what_is_needed_to_test_it(built: Path) -> None:
    (sdist,) = built.glob("webhand-*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = Counter(name.partition("/")[2] for name in archive.getnames())
    assert {name: names[name] for name in sources()} == dict.fromkeys(sources(), 1)
    assert names.keys() >= {"tests/test_packaging.py", "Makefile", "constraints.txt", "CHANGELOG.md", "LICENSE"}
    assert not {name.partition("/")[0] for name in names} & {"agent", "browser", "controller", "llm", ".venv"}


def test_the_installed_wheel_imports_all_its_packages_from_itself(installed: Path, tmp_path: Path) -> None:
    script = "import importlib, sys\nfor name in sys.argv[1:]: print(importlib.import_module(name).__file__)"
    told = output_of([installed / "python", "-I", "-c", script, *packages()], tmp_path)
    files = [Path(line) for line in told.splitlines()]
    assert len(files) == len(packages())
    assert all(file.is_relative_to(installed.parent) for file in files), files


def test_the_installed_command_tells_its_version(installed: Path, wheel: Path, tmp_path: Path) -> None:
    told = output_of([installed / "webhand", "--version"], tmp_path)
    assert told.split() == wheel.name.split("-")[:2]
