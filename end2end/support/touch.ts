import type { BrowserContextOptions, Locator, Page } from "@playwright/test";
import { NARROW } from "./ways";

/** Somebody with a phone, and no pointer but a finger. */
export const PHONE: BrowserContextOptions = { viewport: NARROW, hasTouch: true, isMobile: true };

/**
 * What a browser says of a finger that rests on something. A browser without a screen does not find out by itself.
 * Whether its own menu stays away.
 */
export async function longPress(target: Locator): Promise<boolean> {
  return target.evaluate((pressed) => {
    const how = { bubbles: true, cancelable: true, composed: true, pointerType: "touch" };
    return !pressed.dispatchEvent(new PointerEvent("contextmenu", how));
  });
}

/**
 * What a finger may miss: everything in view that can be pressed, where what is hit is smaller than a finger's width
 * (WCAG 2.2, 2.5.5) and so near to another that this is hit instead (as 2.5.8 counts it). Links in a sentence are
 * excepted.
 */
export async function smallTargets(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const FINGER = 44;
    const selector = "a[href], button, input, textarea, select, summary, [role=option]";
    const found = [...document.querySelectorAll(selector)].flatMap((target) => {
      // Whoever presses the words of a choice chooses it.
      const whole = target.closest("label") ?? target;
      const box = whole.getBoundingClientRect();
      const [x, y] = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
      const isHit = (x: number, y: number) => whole.contains(document.elementFromPoint(x, y));
      if (target.closest(".visually-hidden, .message-text") || !isHit(x, y)) return [];
      // What is hit may be larger than what is seen.
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
