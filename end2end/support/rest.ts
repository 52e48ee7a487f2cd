import type { Page } from "@playwright/test";

/** Nothing moves any more: what fades in has no contrast yet, and what slides is not where it will be. */
export async function comesToRest(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(document.getAnimations().map((animation) => animation.finished.catch(() => undefined))),
  );
}
