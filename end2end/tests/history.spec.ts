import { expect, test } from "../support/test";
import { flood } from "../support/flood";
import type { Person } from "../support/person";
import { turnsTo } from "../support/wheel";
import { VARIANTS } from "../support/variants";

/** Maximum rows in the document, independent of the size of the room. */
const MOST_ROWS = 400;

/** Scrolls until the message with this text is in view. */
const scrollsTo = (person: Person, text: string, up: boolean, step?: number) =>
  turnsTo(person, person.room.rows(text), up, step);

/** Clicks a link in a message, and expects that no page is loaded and no tab opened. */
async function followsLink(person: Person, message: string, link: string): Promise<void> {
  const pages = person.page.context().pages().length;
  await person.page.evaluate(() => Object.assign(window, { sameDocument: true }));
  await person.room.rows(message).getByRole("link", { name: link }).click();
  await expect(person.page).toHaveURL(/[?&]at=/);
  expect(await person.page.evaluate(() => "sameDocument" in window)).toBe(true);
  expect(person.page.context().pages()).toHaveLength(pages);
}

for (const { how, options } of VARIANTS) {
  test(`scrolling up to the beginning keeps the page small: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await bob.joins("general");
    await flood(bob, "general", "line", 900);
    await alice.joins("general");
    await alice.seesSent("line 900");
    const beginning = alice.page.getByText(alice.words.beginning);
    expect(await turnsTo(alice, beginning, true)).toBeLessThanOrEqual(MOST_ROWS);
    await alice.sees("line 1");
    // A message that arrives meanwhile is added at the end.
    await bob.says("line 901");
    await bob.seesSent("line 901");
    await alice.doesNotSee("line 901");
  });

  test(`scrolling down to the end keeps the page small: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await bob.joins("general");
    await flood(bob, "general", "line", 900);
    await alice.joins("general");
    // The first message of this server.
    await alice.opens("/rooms/general?at=1");
    await expect(alice.room.rows("line 1")).toBeInViewport();
    await bob.says("line 901");
    await bob.seesSent("line 901");
    await alice.doesNotSee("line 901");
    expect(await scrollsTo(alice, "line 901", false)).toBeLessThanOrEqual(MOST_ROWS);
    await alice.room.isAtEnd();
    await bob.says("line 902");
    await alice.seesSent("line 902");
    await alice.room.isAtEnd();
  });

  test(`a link scrolls to its message anywhere in the history: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { ...options, permissions: ["clipboard-read", "clipboard-write"] });
    const bob = await person("Bob", options);
    await alice.joins("general");
    await flood(alice, "general", "line", 300);
    await alice.reloads();
    // Scrolls by less than a view, so that the message is not skipped.
    await scrollsTo(alice, "line 150", true, 400);
    await alice.room.rows("line 150").scrollIntoViewIfNeeded();
    await alice.room.message("line 150").act("copy-link");
    const link = await alice.page.evaluate(() => navigator.clipboard.readText());
    expect(new URL(link).pathname).toBe("/rooms/general");

    const { pathname, search } = new URL(link);
    // A visitor without a session would be asked for a name.
    await bob.joins("elsewhere");
    await bob.opens(pathname + search);
    // The highlight is checked first, because it lasts only 2.5 seconds.
    await expect(bob.room.rows("line 150")).toHaveAttribute("data-highlight");
    await expect(bob.room.rows("line 150")).toBeInViewport();
    // The view is in the middle of a live room: new messages are counted, and a button leads to the end.
    await alice.says("line 301");
    await alice.seesSent("line 301");
    await expect(bob.room.rows("line 301")).toHaveCount(0);
    await scrollsTo(bob, "line 301", false);
    // A link to a message of the open room scrolls to it.
    await bob.sidebar.goes("general");
    await alice.says(`See ${link}`);
    await bob.seesSent(`See ${link}`);
    await followsLink(bob, `See ${link}`, link);
    // The highlight ends after a short time, so it is checked first.
    await expect(bob.room.rows("line 150")).toHaveAttribute("data-highlight");
    await expect(bob.room.rows("line 150")).toBeInViewport();
    await expect(bob.page).toHaveURL(link);
  });

  test(`a link to a missing message shows a notice: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    await alice.joins("general");
    await flood(alice, "general", "line", 300);
    await alice.opens("/rooms/general?at=999999");
    await expect(alice.toasts).toContainText(alice.words.noSuchLine);
    await alice.seesSent("line 300");
    await expect(alice.room.rows("line 300")).toBeInViewport();
    await alice.says("And more");
    await alice.seesSent("And more");
    await alice.room.isAtEnd();
    // A link that is clicked in the room, far from the end, shows the same notice.
    await alice.toasts.getByRole("button", { name: alice.words.close }).click();
    await expect(alice.toasts).not.toContainText(alice.words.noSuchLine);
    const nowhere = new URL("/rooms/general?at=888888", alice.page.url()).href;
    await alice.says(nowhere);
    await alice.seesSent(nowhere);
    await followsLink(alice, nowhere, nowhere);
    await expect(alice.toasts).toContainText(alice.words.noSuchLine);
    await alice.room.isAtEnd();
  });
}

test("a link in a message does not change the user", async ({ person }) => {
  const alice = await person("Alice");
  await alice.joins("kitchen");
  await alice.says("Soup");
  await alice.seesSent("Soup");
  const seq = await alice.room.rows("Soup").getAttribute("data-seq");
  // Another user in another window of the same browser.
  const carol = await alice.another();
  await carol.landing.open();
  await carol.landing.enter("Carol", "general");
  await carol.isIn("general");
  const as = new URL(carol.page.url()).searchParams.get("as");
  expect(as).toMatch(/^\d+$/);
  const path = new URL(`/rooms/kitchen?at=${seq}`, carol.page.url()).href;
  // The link was copied from a window of another user, or without a user.
  for (const link of [`${path}&as=999`, path]) {
    await alice.opens("/rooms/general");
    await alice.says(link);
    await carol.sidebar.goes("general");
    await carol.seesSent(link);
    await followsLink(carol, link, link);
    await carol.isIn("kitchen");
    await expect(carol.room.rows("Soup")).toHaveAttribute("data-highlight");
    const { searchParams } = new URL(carol.page.url());
    expect(Object.fromEntries(searchParams)).toEqual({ as, at: seq });
  }
  await carol.says("It is Carol");
  await carol.seesSent("It is Carol");
  await expect(carol.room.rows("It is Carol")).toContainText("Carol");
});

test("a link clicked with a modifier key opens a tab", async ({ alice }) => {
  await alice.joins("kitchen");
  await alice.joins("general");
  const link = new URL("/rooms/kitchen", alice.page.url()).href;
  await alice.says(link);
  await alice.seesSent(link);
  const tab = alice.page.context().waitForEvent("page");
  await alice.room.rows(link).getByRole("link", { name: link }).click({ modifiers: ["ControlOrMeta"] });
  await expect(await tab).toHaveURL(link);
  await alice.isIn("general");
});

test("days are separated in the reader's time zone", async ({ person }) => {
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
