import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** Stories that measure: one after the other, with nothing beside them. */
export default defineConfig(config, {
  testDir: "measured",
  workers: 1,
  fullyParallel: false,
  // Keeping a record of the page is work for the page.
  use: { trace: "off" },
});
