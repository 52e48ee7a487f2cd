import { defineConfig } from "@playwright/test";
import config from "./playwright.config";

/** Pictures of every page and state, for people to look at. */
export default defineConfig(config, { testDir: "shots", reporter: [["list"]] });
