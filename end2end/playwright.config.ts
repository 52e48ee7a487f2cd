import { defineConfig } from "@playwright/test";
import { launchOptions } from "./support/browser";

// No server is started here: each test starts the real program for itself, and may kill it.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: true,
  workers: 2,
  // A test that passes the second time has failed the first time.
  retries: 0,
  forbidOnly: !!process.env.CI,
  timeout: 60_000,
  expect: { timeout: 10_000 },
  reporter: process.env.HUBBUB_REPORT
    ? [["list"], ["json", { outputFile: process.env.HUBBUB_REPORT }]]
    : [["list"]],
  use: {
    launchOptions,
    locale: "en-US",
    timezoneId: "Europe/Berlin",
    viewport: { width: 1280, height: 800 },
    actionTimeout: 10_000,
    // A page that a worker hands over is another page: only the stories of the installed app have one.
    serviceWorkers: "block",
    trace: "retain-on-failure",
    screenshot: "only-on-failure",
  },
});
