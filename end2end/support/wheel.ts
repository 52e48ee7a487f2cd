import { expect, type Locator } from "@playwright/test";
import type { Person } from "./person";

/** What is in the document, and how far it is scrolled. */
interface View {
  numbers: number[];
  scrolled: number;
}

/** The numbers at the end of all messages, and how far they are scrolled: read at once, so that they belong together. */
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
 * Turns the wheel until something is in view; the messages on the way, numbered as `flood` does it, are always a run without a
 * gap. It may take as many turns as it needs, as long as each brings something new. The most messages that were in the
 * document.
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
