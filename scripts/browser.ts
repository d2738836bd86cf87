// Finds a Chromium, or installs Debian's.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";

const BROWSERS = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
const DRIVERS = [
  "/usr/bin/chromedriver",
  "/usr/lib/chromium-browser/chromedriver",
  "/usr/local/bin/chromedriver",
];

/** The flags of a Chromium that runs anywhere and makes no requests of its own. */
export const CHROMIUM_FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
];

/**
 * Returns the paths of Chromium and chromedriver. CHROMIUM_PATH and CHROMEDRIVER_PATH replace those
 * that are found.
 */
export function browser() {
  if (!find().chromium || !find().chromedriver) installChromium();
  const { chromium, chromedriver } = find();
  if (chromium && chromedriver) return { chromium, chromedriver };
  console.error(
    "\nChromium or chromedriver is missing and could not be installed: install both, or name " +
      "them in CHROMIUM_PATH and CHROMEDRIVER_PATH.",
  );
  return process.exit(1);
}

function find() {
  return {
    chromium: process.env.CHROMIUM_PATH ?? BROWSERS.find(existsSync),
    chromedriver: process.env.CHROMEDRIVER_PATH ?? DRIVERS.find(existsSync),
  };
}

function installChromium() {
  if (process.platform !== "linux" || !existsSync("/usr/bin/apt-get")) return;
  console.error("Installing Chromium (once)…");
  const sudo = process.getuid?.() === 0 ? [] : ["sudo", "-n"];
  for (const args of [
    ["update"],
    ["install", "-y", "--no-install-recommends", "chromium", "chromium-driver"],
  ]) {
    const [command, ...rest] = [...sudo, "apt-get", ...args];
    spawnSync(command, rest, {
      stdio: ["ignore", "ignore", 2],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
}
