import { expect, test } from "../support/test";
import { flood } from "../support/flood";
import type { Person } from "../support/person";
import { WAYS } from "../support/ways";

/** No more lines than this are in the document, whatever the room holds. */
const MOST_ROWS = 400;

const numbers = async (person: Person) => (await person.room.texts()).map((text) => Number(/\d+$/.exec(text)?.[0]));

/** Scrolls with the wheel until the row is in view; what is there on the way is always a run without a gap. */
async function scrollsTo(person: Person, text: string, up: boolean, step = 4_000): Promise<number> {
  let most = 0;
  await person.room.log.hover();
  const found = person.room.rows(text);
  await expect(async () => {
    await person.page.mouse.wheel(0, up ? -step : step);
    const seen = await numbers(person);
    expect(seen).toEqual(seen.map((_, index) => (seen[0] ?? 0) + index));
    most = Math.max(most, seen.length);
    await expect(found).toBeInViewport({ timeout: 200 });
  }).toPass({ intervals: [50], timeout: 30_000 });
  return most;
}

for (const { how, options } of WAYS) {
  test(`one goes up to the beginning and down to the end, and the page stays small: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await bob.joins("general");
    await flood(bob, "general", "line", 900);
    await alice.joins("general");
    await alice.seesSent("line 900");
    expect(await scrollsTo(alice, "line 1", true)).toBeLessThanOrEqual(MOST_ROWS);
    await expect(async () => {
      await alice.page.mouse.wheel(0, -4_000);
      await expect(alice.page.getByText(alice.words.beginning)).toBeInViewport({ timeout: 200 });
    }).toPass({ intervals: [50], timeout: 10_000 });
    expect(await alice.room.messages.count()).toBeLessThanOrEqual(MOST_ROWS);
    // What is said meanwhile is at the end, and not in the middle.
    await bob.says("line 901");
    await bob.seesSent("line 901");
    await alice.doesNotSee("line 901");
    expect(await scrollsTo(alice, "line 901", false)).toBeLessThanOrEqual(MOST_ROWS);
    await alice.room.isAtEnd();
    await bob.says("line 902");
    await alice.seesSent("line 902");
    await alice.room.isAtEnd();
  });

  test(`a link leads to its message, wherever it is: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { ...options, permissions: ["clipboard-read", "clipboard-write"] });
    const bob = await person("Bob", options);
    await alice.joins("general");
    await flood(alice, "general", "line", 300);
    await alice.reloads();
    // Less than a view at a time, or one may be past it.
    await scrollsTo(alice, "line 150", true, 400);
    await alice.room.rows("line 150").scrollIntoViewIfNeeded();
    await alice.room.message("line 150").act("copy-link");
    const link = await alice.page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).pathname).toBe("/rooms/general");

    const { pathname, search } = new URL(link);
    await bob.opens(pathname + search);
    await expect(bob.room.rows("line 150")).toBeInViewport();
    await expect(bob.room.rows("line 150")).toHaveAttribute("data-highlight");
    // It is a place in the living room: new messages are told, and the end is a step away.
    await alice.says("line 301");
    await alice.seesSent("line 301");
    await expect(bob.room.rows("line 301")).toHaveCount(0);
    await scrollsTo(bob, "line 301", false);
    // And in the room one is in already, a link in a message jumps.
    await alice.says(`See ${link}`);
    await bob.room.messages.last().getByRole("link").click();
    await bob.page.bringToFront();
  });
}

test("a link to a message that nobody has says so kindly", async ({ alice }) => {
  await alice.joins("general");
  await alice.says("All there is");
  await alice.seesSent("All there is");
  await alice.opens("/rooms/general?at=999999");
  await alice.seesSent("All there is");
  await alice.says("And more");
  await alice.seesSent("And more");
});

test("days are told apart, each in the reader's own time", async ({ person }) => {
  const alice = await person("Alice", { timezoneId: "Pacific/Auckland" });
  const bob = await person("Bob", { timezoneId: "America/Los_Angeles" });
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("Good evening");
  await bob.seesSent("Good evening");
  for (const person of [alice, bob]) {
    await expect(person.room.log.locator(".day-separator time")).toHaveText(["Today"]);
    const date = await person.room.log.locator(".day-separator time").getAttribute("datetime");
    const today = await person.page.evaluate(() => new Date().toLocaleDateString("sv-SE"));
    expect(date).toBe(today);
  }
});
