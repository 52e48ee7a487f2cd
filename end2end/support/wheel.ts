import { expect, type Locator } from "@playwright/test";
import type { Person } from "./person";

/** The rows in the document, and the scroll position. */
interface View {
  numbers: number[];
  scrolled: number;
}

/**
 * Reads the numbers at the end of all messages together with the scroll position, in one step, so that they match.
 */
const view = (person: Person): Promise<View> =>
  person.room.log.evaluate((log) => ({
    numbers: [...log.querySelectorAll("article[data-message] .message-text")].map((text) =>
      Number(/\d+\s*$/.exec(text.textContent ?? "")?.[0]),
    ),
    scrolled: Math.round(log.scrollTop),
  }));

const isInView = async (wanted: Locator): Promise<boolean> =>
  (await wanted.count()) > 0 &&
  wanted.first().evaluate((element) => {
    const { top, bottom } = element.getBoundingClientRect();
    return bottom > 0 && top < innerHeight;
  });

/**
 * Scrolls by wheel until an element is in view, and checks on the way that the messages, numbered by `flood`, have no
 * gap. The number of steps is not limited as long as each step shows something new. Returns the maximum number of
 * messages in the document.
 */
export async function turnsTo(person: Person, wanted: Locator, up: boolean, step = 4_000): Promise<number> {
  await person.room.log.hover();
  let most = 0;
  let before = "";
  for (;;) {
    const now = await view(person);
    expect(now.numbers).toEqual(now.numbers.map((_, index) => (now.numbers[0] ?? 0) + index));
    most = Math.max(most, now.numbers.length);
    if (await isInView(wanted)) return most;
    before = JSON.stringify(now);
    await person.page.mouse.wheel(0, up ? -step : step);
    const moves = async () => JSON.stringify(await view(person)) !== before;
    await expect.poll(moves, { message: "the wheel brings something new", intervals: [20, 50, 100] }).toBe(true);
  }
}
