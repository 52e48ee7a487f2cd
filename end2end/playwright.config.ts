import { defineConfig } from "@playwright/test";
import { availableParallelism } from "node:os";
import { launchOptions } from "./support/browser";

/** One browser and server for each core; more would use more memory than they save time. */
const workers = Math.min(8, Math.max(2, availableParallelism()));

// No server is started here: each test starts the program itself, and may kill it.
export default defineConfig({
  testDir: "tests",
  outputDir: "test-results",
  fullyParallel: true,
  workers,
  // No retries: a test that passes only the second time is wrong.
  retries: 0,
  forbidOnly: !!process.env.CI,
  // The two limits below apply to single waits, because a slow machine makes progress too. The limit of a whole test
  // only ends endless loops.
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
    // Service workers would serve other pages than the server, so only the tests of the installed app allow them.
    serviceWorkers: "block",
    // A trace slows every test down, so it is recorded only on request.
    trace: process.env.HUBBUB_TRACE ? "retain-on-failure" : "off",
    screenshot: "only-on-failure",
  },
});
