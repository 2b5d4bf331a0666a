"""``python -m lab``."""

from lab.app import app
from qa.cli.app import run

if __name__ == "__main__":
    run(app)
