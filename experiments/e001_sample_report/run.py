"""The picture in README.md: `framing report` on the samples, photographed in a real Chromium."""

import argparse
import shutil
import tempfile
import tomllib
from pathlib import Path

from playwright.sync_api import sync_playwright

from framing.pipeline import report_corpus
from framing.runs import start_run, write_run

HERE = Path(__file__).parent
ROOT = HERE.parent.parent


def main() -> None:
    """Write report.png: one article as a reader sees it."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    config = tomllib.loads((HERE / "config.toml").read_text(encoding="utf-8"))
    chromium = shutil.which("chromium") or shutil.which("google-chrome")
    if chromium is None:
        raise SystemExit("e001: no Chromium on this machine; install it and run again")
    run = start_run("experiments/e001_sample_report", config, seed=config["seed"])
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        report_corpus(
            [str(ROOT / config["articles"])],
            out=Path(folder) / "report",
            seed=config["seed"],
        )
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        page = browser.new_page(
            viewport={"width": config["width"], "height": config["height"]},
            device_scale_factor=config["scale"],
        )
        page.goto((Path(folder) / "report" / "index.html").as_uri())
        page.locator(config["show"]).first.evaluate("element => element.scrollIntoView()")
        page.evaluate(f"window.scrollBy(0, {config['down']})")
        page.screenshot(path=HERE / "report.png")
        browser.close()
    run.results = {"shown": config["show"]}
    write_run(run, HERE, [HERE / "report.png"], name="result.json")


if __name__ == "__main__":
    main()
