import type { Page } from "@playwright/test";

/**
 * Waits until all animations have ended, because elements that fade or slide do not have their final contrast and
 * position.
 */
export async function comesToRest(page: Page): Promise<void> {
  await page.evaluate(() => {
    // Animations in a closed <details> never end.
    const seen = document
      .getAnimations()
      .filter(({ effect }) => effect instanceof KeyframeEffect && effect.target?.checkVisibility());
    return Promise.all(seen.map((animation) => animation.finished.catch(() => undefined)));
  });
}
