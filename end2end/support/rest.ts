import type { Page } from "@playwright/test";

/** Nothing moves any more: what fades in has no contrast yet, and what slides is not where it will be. */
export async function comesToRest(page: Page): Promise<void> {
  await page.evaluate(() => {
    // In a closed <details> time stands still, and nothing comes to its end.
    const seen = document
      .getAnimations()
      .filter(({ effect }) => effect instanceof KeyframeEffect && effect.target?.checkVisibility());
    return Promise.all(seen.map((animation) => animation.finished.catch(() => undefined)));
  });
}
