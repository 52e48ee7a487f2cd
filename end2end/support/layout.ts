import { expect } from "@playwright/test";
import type { Person } from "./person";

/** Expects no horizontal overflow. */
export async function fits(person: Person): Promise<void> {
  const wide = await person.page.evaluate(() => {
    const room = document.documentElement.clientWidth;
    return [...document.querySelectorAll("body *")]
      .filter((element) => element.getBoundingClientRect().right > room + 1 && getComputedStyle(element).position !== "fixed")
      .filter((element) => !element.closest("[inert], [aria-hidden=true], .visually-hidden"))
      .map((element) => element.outerHTML.slice(0, 120))
      .slice(0, 5);
  });
  const page = await person.page.evaluate(() => [
    document.documentElement.scrollWidth - document.documentElement.clientWidth,
    document.body.scrollWidth - document.documentElement.clientWidth,
  ]);
  expect(Math.max(...page), `wider than the window: ${wide.join("\n")}`).toBeLessThanOrEqual(0);
  const over = await person.page.evaluate(() =>
    [...document.querySelectorAll<HTMLElement>("button, a.button")]
      // Text that is cut off must end in an ellipsis.
      .filter((button) => button.checkVisibility() && getComputedStyle(button).textOverflow !== "ellipsis")
      .filter((button) => button.scrollWidth > button.clientWidth)
      .map((button) => `${button.scrollWidth} > ${button.clientWidth}: ${button.outerHTML.slice(0, 120)}`),
  );
  expect.soft(over, "a button is too narrow for its words").toEqual([]);
  const inside = await person.room.log.evaluateAll((logs) => logs.map((log) => log.scrollWidth - log.clientWidth));
  for (const over of inside) expect(over, "the timeline scrolls sideways").toBeLessThanOrEqual(0);
}
