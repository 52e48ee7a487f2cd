import { execFileSync } from "node:child_process";

/** A Chromium to test with; `undefined` is the one that Playwright keeps for itself. */
export function chromium(): string | undefined {
  if (process.env.HUBBUB_CHROMIUM) return process.env.HUBBUB_CHROMIUM;
  for (const name of ["chromium", "google-chrome", "chromium-browser"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
      // Not this one.
    }
  }
  return undefined;
}

/** A browser that minds its own business: no updates, no first-run page, no sandbox where root has none. */
export const launchOptions = {
  executablePath: chromium(),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};
