import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** Configuration of the measuring tests, which run one after the other on an otherwise idle machine. */
export default defineConfig(config, {
  testDir: "measured",
  workers: 1,
  fullyParallel: false,
  // Recording a trace would add work to the page.
  use: { trace: "off" },
});
