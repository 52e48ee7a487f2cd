import { keepsNobodyOut } from "../support/access";
import { expect, test } from "../support/test";
import type { Person } from "../support/person";
import { installed, isKept } from "../support/installed";
import { russian } from "../support/words";
import { offersNewVersion, refuses } from "../support/wire";
import { NARROW, WIDE } from "../support/ways";

/** Nobody is kept out of what they see now. */
const isAccessible = (person: Person, where: string) => keepsNobodyOut(person.page, where);

/** Nothing sticks out at the side. */
async function fits(person: Person): Promise<void> {
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
      // What ends in an ellipsis says so.
      .filter((button) => button.checkVisibility() && getComputedStyle(button).textOverflow !== "ellipsis")
      .filter((button) => button.scrollWidth > button.clientWidth)
      .map((button) => `${button.scrollWidth} > ${button.clientWidth}: ${button.outerHTML.slice(0, 120)}`),
  );
  expect.soft(over, "a button is too narrow for its words").toEqual([]);
  const inside = await person.room.log.evaluateAll((logs) => logs.map((log) => log.scrollWidth - log.clientWidth));
  for (const over of inside) expect(over, "the timeline scrolls sideways").toBeLessThanOrEqual(0);
}

/** A room in which everything was said that looks like something of its own. Alice wrote, Bob answered. */
async function haveSaidEverything(alice: Person, bob: Person): Promise<void> {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("**Here** is `code`, a [link](https://example.org), @Bob and #garden");
  await alice.says("```\nand more of it\n```");
  await alice.says("First words");
  await alice.room.message("First words").act("edit");
  await alice.room.composer.fill("Second thoughts");
  await alice.room.composer.press("Enter");
  await bob.seesSent("Second thoughts");
  await bob.room.message("Second thoughts").act("reply");
}

for (const viewport of [WIDE, NARROW]) {
  const how = `${viewport.width} wide`;

  test(`the entrance keeps nobody out: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    await alice.entrance.open();
    await isAccessible(alice, "entrance");
    await fits(alice);
    await alice.entrance.enter("n".repeat(40), "general");
    await expect(alice.entrance.problem).toBeVisible();
    await isAccessible(alice, "entrance with a problem");
    await fits(alice);
  });

  test(`the room keeps nobody out: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    const bob = await person("Bob", { viewport });
    await alice.joins("general");
    await isAccessible(alice, "empty room");
    await bob.joins("general");
    await alice.says("Hello");
    await bob.says("Hello, Alice");
    await alice.seesSent("Hello, Alice");
    await bob.seesSent("Hello");
    await isAccessible(alice, "room with messages");
    await fits(alice);
    if (viewport === NARROW) {
      await alice.sidebar.open();
      await isAccessible(alice, "the drawer of rooms");
      await alice.page.keyboard.press("Escape");
      await alice.room.people.open();
      await isAccessible(alice, "people");
      await fits(alice);
    }
  });

  test(`dialogs keep nobody out: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    const { dialogs } = alice;
    await alice.joins("garden");
    await dialogs.setsTopic("Roses and weeds");
    await alice.joins("general");
    for (const { where, open } of [
      { where: "the switcher", open: () => dialogs.openSwitcher() },
      { where: "the public rooms", open: () => dialogs.openBrowse() },
      { where: "a new room", open: () => dialogs.openNewRoom() },
      { where: "the topic", open: () => dialogs.openTopic() },
      { where: "leaving", open: () => dialogs.openLeave() },
    ]) {
      await open();
      await isAccessible(alice, where);
      await fits(alice);
      await dialogs.close();
    }
    await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await alice.page.keyboard.press("?");
    await isAccessible(alice, "the keys");
  });

  test(`what one chooses and writes keeps nobody out: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    const bob = await person("Bob", { viewport });
    await haveSaidEverything(alice, bob);
    await isAccessible(bob, "an answer being written");
    await alice.settings.open();
    await isAccessible(alice, "settings");
    await fits(alice);
    await alice.page.keyboard.press("Escape");
    await alice.room.composer.fill("@bo");
    await alice.room.composer.press("End");
    await alice.room.composer.pressSequentially("b");
    await expect(alice.page.getByRole("option").first()).toBeVisible();
    await isAccessible(alice, "suggestions");
    await fits(alice);
  });

  test(`messages and what is done with them keep nobody out: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    const bob = await person("Bob", { viewport });
    await haveSaidEverything(alice, bob);
    await bob.says("An answer");
    await alice.seesSent("An answer");
    const message = alice.room.message("An answer");
    await message.reactsWith("👍");
    await expect(message.reaction("👍")).toBeVisible();
    await isAccessible(alice, "room with everything in it");
    await fits(alice);

    await message.row.locator(".message-text").hover();
    await expect(message.tools).toBeVisible();
    await isAccessible(alice, "what can be done");
    await message.tools.locator("[data-action=more]").click();
    await isAccessible(alice, "all that can be done");
    await alice.page.keyboard.press("Escape");
    await message.act("react");
    await expect(message.picker).toBeVisible();
    await isAccessible(alice, "the emoji");
    await fits(alice);
    await alice.page.keyboard.press("Escape");
    const edited = alice.room.message("Second thoughts");
    await edited.edited.click();
    await expect(edited.history).toBeVisible();
    await isAccessible(alice, "what it said before");
    await alice.page.keyboard.press("Escape");
    await edited.act("delete");
    await expect(edited.question).toBeVisible();
    await isAccessible(alice, "the question before deleting");
    await edited.question.getByRole("button", { name: "Delete" }).click();
    await alice.seesDeleted(2);
    await isAccessible(alice, "a deleted message");
  });
}

/** What nobody hopes to see, and what is seen only now and then. */
test("what goes wrong keeps nobody out", async ({ person, server }) => {
  const alice = await person("Alice", { viewport: NARROW });
  const bob = await person("Bob");
  const refusing = await refuses(alice, "post");
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("This is refused");
  await expect(alice.room.rows("This is refused").getByRole("button", { name: alice.words.retry })).toBeVisible();
  await isAccessible(alice, "a message that failed");
  await fits(alice);
  refusing.end();

  await refuses(alice, "react");
  await offersNewVersion(alice);
  await alice.joins("elsewhere");
  for (const text of ["one", "two"]) await bob.says(text);
  await alice.sidebar.showsUnread("general", 2);
  await alice.sidebar.goes("general");
  await expect(alice.room.divider).toBeVisible();
  await expect(alice.room.newVersion).toBeVisible();
  await alice.room.message("one").reactsWith("👍");
  await expect(alice.room.toast).toBeVisible();
  await isAccessible(alice, "a divider, a new version, a toast");
  await fits(alice);

  // Not on a console of theirs: that there is nothing here is an error there.
  const page = await alice.page.context().newPage();
  await page.goto(new URL("/nowhere", server.url).href);
  await keepsNobodyOut(page, "nowhere");
});

test.describe("without a connection", () => {
  test.use({ networkMayFail: true });
  test("the page of a browser that keeps the shell keeps nobody out", async ({ person }) => {
    const alice = await person("Alice", { viewport: NARROW, ...installed });
    await alice.joins("general");
    await isKept(alice);
    await alice.losesNetwork();
    await alice.opens("/rooms/never-seen");
    await expect(alice.page.getByText(alice.words.nothingKept).first()).toBeVisible();
    await isAccessible(alice, "a room that is not kept");
    await fits(alice);
  });

  test("the banner and what waits keep nobody out", async ({ person, server }) => {
    const alice = await person("Alice", { viewport: NARROW });
    await alice.joins("general");
    await alice.says("Sent");
    await alice.seesSent("Sent");
    await server.kill();
    await alice.says("Waiting");
    await alice.seesPending("Waiting");
    await alice.seesBanner();
    await isAccessible(alice, "banner");
    await fits(alice);
  });
});

for (const { how, options } of [
  { how: "two columns", options: { viewport: { width: 900, height: 700 } } },
  { how: "narrow, in Russian", options: { viewport: NARROW, locale: russian.locale } },
]) {
  test(`everything has its place: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    const { dialogs, words } = alice;
    await alice.entrance.open();
    await fits(alice);
    await refuses(alice, "post");
    await alice.joins("general");
    await fits(alice);
    await alice.says("Not to be sent");
    await expect(alice.room.rows("Not to be sent").getByRole("button", { name: words.retry })).toBeVisible();
    await bob.joins("general");
    await bob.says("Hello");
    await alice.seesSent("Hello");
    await alice.room.message("Hello").reactsWith("👍");
    await fits(alice);
    const message = bob.room.message("Hello");
    await message.act("delete");
    await fits(bob);
    await message.question.getByRole("button", { name: words.keep }).click();
    await message.act("edit");
    await fits(bob);
    for (const open of [
      () => dialogs.openSwitcher(),
      () => dialogs.openBrowse(),
      () => dialogs.openNewRoom(),
      () => dialogs.openTopic(),
      () => dialogs.openLeave(),
    ]) {
      await open();
      await fits(alice);
      await dialogs.close();
    }
    await alice.settings.open();
    await fits(alice);
    // The menu closes, and then the drawer that it is in.
    await alice.page.keyboard.press("Escape");
    await alice.page.keyboard.press("Escape");
    await alice.room.people.open();
    await fits(alice);
  });
}

test("between wide and narrow there are two columns, and the third is a drawer", async ({ person }) => {
  const alice = await person("Alice", { viewport: { width: 900, height: 700 } });
  await alice.joins("general");
  await expect(alice.sidebar.nav).toBeVisible();
  await expect(alice.sidebar.toggle).toBeHidden();
  await expect(alice.room.people.aside).toBeHidden();
  const [rooms, log] = [await alice.sidebar.nav.boundingBox(), await alice.room.log.boundingBox()];
  expect(log!.x).toBeGreaterThanOrEqual(rooms!.x + rooms!.width);
  await isAccessible(alice, "two columns");
  await alice.room.people.open();
  await alice.page.keyboard.press("Escape");
  await expect(alice.room.people.aside).toBeHidden();
});

test("long words and long names stay in their place", async ({ person }) => {
  const name = "W".repeat(32);
  const alice = await person(name, { viewport: NARROW });
  const bob = await person("M".repeat(32), { viewport: NARROW });
  const room = "w".repeat(64);
  await alice.joins(room);
  await bob.joins(room);
  const long = ["x".repeat(2000), `https://example.org/${"path/".repeat(100)}`, "word ".repeat(300).trim(), "\tindented\n".repeat(20).trimEnd()];
  for (const text of long) await alice.says(text);
  await bob.says("y".repeat(500));
  await bob.seesExactly([...long, "y".repeat(500)]);
  await alice.seesExactly([...long, "y".repeat(500)]);
  await fits(alice);
  await fits(bob);
  await alice.page.setViewportSize({ width: 320, height: 640 });
  await fits(alice);
});
