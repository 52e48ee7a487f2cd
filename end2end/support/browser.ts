import { execFileSync } from "node:child_process";

/** Returns the path of a Chromium to test with; `undefined` selects the one that Playwright has installed. */
export function chromium(): string | undefined {
  if (process.env.HUBBUB_CHROMIUM) return process.env.HUBBUB_CHROMIUM;
  for (const name of ["chromium", "google-chrome", "chromium-browser"]) {
    try {
      return execFileSync("which", [name], { encoding: "utf8" }).trim();
    } catch {
    }
  }
  return undefined;
}

/** Launch options without updates, first-run page, and sandbox where root has none. */
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
