import type { BrowserContextOptions, Locator, Page } from "@playwright/test";
import { NARROW } from "./variants";

/** Context options of a phone with a touch screen and no mouse. */
export const PHONE: BrowserContextOptions = { viewport: NARROW, hasTouch: true, isMobile: true };

/**
 * Sends the events of a long press, which a headless browser does not create itself. Returns whether the browser's
 * own menu is suppressed.
 */
export async function longPress(target: Locator): Promise<boolean> {
  return target.evaluate((pressed) => {
    const how = { bubbles: true, cancelable: true, composed: true, pointerType: "touch" };
    return !pressed.dispatchEvent(new PointerEvent("contextmenu", how));
  });
}

/**
 * Returns the targets in view that are too small for a finger (WCAG 2.2, success criterion 2.5.5) and so near to
 * another target that it would be hit instead (as in 2.5.8). Links in sentences are exempt.
 */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const FINGER = 44;
    const selector = "a[href], button, input, textarea, select, summary, [role=option]";
    const found = [...document.querySelectorAll(selector)].flatMap((target) => {
      // A click on a label activates its control.
      const whole = target.closest("label") ?? target;
      const box = whole.getBoundingClientRect();
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const isHit = (x: number, y: number) => whole.contains(document.elementFromPoint(x, y));
      if (target.closest(".visually-hidden, .message-text") || !isHit(x, y)) return [];
      // The target may be larger than the visible element.
      const reach = (dx: number, dy: number, from: number) => {
        let far = from;
        while (far < FINGER && isHit(x + dx * (far + 1), y + dy * (far + 1))) far += 1;
        return far;
      };
      const [wide, high] = [box.width / 2, box.height / 2];
      const hit = { left: x - reach(-1, 0, wide), right: x + reach(1, 0, wide), top: y - reach(0, -1, high), bottom: y + reach(0, 1, high) };
      const extent = Math.min(hit.right - hit.left, hit.bottom - hit.top);
      return [{ target, whole, x, y, hit, extent, isSmall: extent < FINGER - 0.5 }];
    });
    const isTooNear = (one: (typeof found)[0], other: (typeof found)[0]) => {
      if (one === other || one.whole.contains(other.whole) || other.whole.contains(one.whole)) return false;
      if (other.isSmall && Math.hypot(other.x - one.x, other.y - one.y) < FINGER) return true;
      const dx = Math.max(other.hit.left - one.x, 0, one.x - other.hit.right);
      const dy = Math.max(other.hit.top - one.y, 0, one.y - other.hit.bottom);
      return Math.hypot(dx, dy) < FINGER / 2;
    };
    return found
      .filter((one) => one.isSmall && found.some((other) => isTooNear(one, other)))
      .map(({ target, extent }) => `${Math.round(extent)} px: ${target.outerHTML.slice(0, 140)}`);
  });
}
