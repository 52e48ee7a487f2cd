import { defineConfig } from "@playwright/test";
import { availableParallelism } from "node:os";
import { launchOptions } from "./support/browser";

/** A browser and its server for each core; more of them take more memory than they save time. */
const workers = Math.min(8, Math.max(2, availableParallelism()));

// No server is started here: each test starts the real program for itself, and may kill it.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: true,
  workers,
  // A test that passes the second time has failed the first time.
  retries: 0,
  forbidOnly: !!process.env.CI,
  // What is bounded is each wait, by the two below: a slow machine makes progress, only later. The whole of a story is bounded
  // against loops without end alone.
  timeout: 300_000,
  expect: { timeout: 15_000 },
  reporter: process.env.HUBBUB_REPORT
    ? [["list"], ["json", { outputFile: process.env.HUBBUB_REPORT }]]
    : [["list"]],
  use: {
    launchOptions,
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 800 },
    actionTimeout: 15_000,
    navigationTimeout: 30_000,
    // A page that a worker hands over is another page: only the stories of the installed app have one.
    serviceWorkers: "block",
    // A record of each step is work for every story that passes: it is kept when asked for.
    trace: process.env.HUBBUB_TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
  },
});
