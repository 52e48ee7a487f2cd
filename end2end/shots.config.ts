import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** Takes screenshots of all pages and states, for review by people. */
export default defineConfig(config, { testDir: "shots", reporter: [["list"]] });
