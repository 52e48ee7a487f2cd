import { isAccessible } from "../support/accessibility";
import { expect, test } from "../support/test";
import type { Person } from "../support/person";
import { fits } from "../support/layout";
import { installed, isKept } from "../support/installed";
import { offersNewVersion, refuses } from "../support/wire";
import { NARROW, WIDE } from "../support/variants";

/** Expects that the current page of this user is accessible. */
const expectAccessible = (person: Person, where: string) => isAccessible(person.page, where);

/** Creates a room with every kind of message. Alice posts, Bob replies. */
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

  test(`landing page is accessible: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    await alice.landing.open();
    await expectAccessible(alice, "landing page");
    await fits(alice);
    await alice.landing.enter("n".repeat(40), "general");
    await expect(alice.landing.problem).toBeVisible();
    await expectAccessible(alice, "landing page with an error");
    await fits(alice);
  });

  test(`room is accessible: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    const bob = await person("Bob", { viewport });
    await alice.joins("general");
    await expectAccessible(alice, "empty room");
    await bob.joins("general");
    await alice.says("Hello");
    await bob.says("Hello, Alice");
    await alice.seesSent("Hello, Alice");
    await bob.seesSent("Hello");
    await expectAccessible(alice, "room with messages");
    await fits(alice);
    if (viewport === NARROW) {
      await alice.sidebar.open();
      await expectAccessible(alice, "the drawer of rooms");
      await alice.page.keyboard.press("Escape");
      await alice.room.people.open();
      await expectAccessible(alice, "people");
      await fits(alice);
    }
  });

  test(`dialogs are accessible: ${how}`, async ({ person }) => {
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
      await expectAccessible(alice, where);
      await fits(alice);
      await dialogs.close();
    }
    await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await alice.page.keyboard.press("?");
    await expectAccessible(alice, "the keys");
  });

  test(`settings and completion are accessible: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    const bob = await person("Bob", { viewport });
    await haveSaidEverything(alice, bob);
    await expectAccessible(bob, "an answer being written");
    await alice.settings.open();
    await expectAccessible(alice, "settings");
    await fits(alice);
    await alice.page.keyboard.press("Escape");
    await alice.room.composer.fill("@bo");
    await alice.room.composer.press("End");
    await alice.room.composer.pressSequentially("b");
    await expect(alice.page.getByRole("option").first()).toBeVisible();
    await expectAccessible(alice, "suggestions");
    await fits(alice);
  });

  test(`messages and their actions are accessible: ${how}`, async ({ person }) => {
    const alice = await person("Alice", { viewport });
    const bob = await person("Bob", { viewport });
    await haveSaidEverything(alice, bob);
    await bob.says("An answer");
    await alice.seesSent("An answer");
    const message = alice.room.message("An answer");
    await message.reactsWith("👍");
    await expect(message.reaction("👍")).toBeVisible();
    await expectAccessible(alice, "room with everything in it");
    await fits(alice);

    await message.row.locator(".message-text").hover();
    await expect(message.tools).toBeVisible();
    await expectAccessible(alice, "what can be done");
    await message.tools.locator("[data-action=more]").click();
    await expectAccessible(alice, "all that can be done");
    await alice.page.keyboard.press("Escape");
    await message.act("react");
    await expect(message.picker).toBeVisible();
    await expectAccessible(alice, "the emoji");
    await fits(alice);
    await alice.page.keyboard.press("Escape");
    const edited = alice.room.message("Second thoughts");
    await edited.edited.click();
    await expect(edited.history).toBeVisible();
    await expectAccessible(alice, "what it said before");
    await alice.page.keyboard.press("Escape");
    await edited.act("delete");
    await expect(edited.question).toBeVisible();
    await expectAccessible(alice, "the question before deleting");
    await edited.question.getByRole("button", { name: "Delete" }).click();
    await alice.seesDeleted(2);
    await expectAccessible(alice, "a deleted message");
  });
}

/** Error pages and rare states. */
test("error pages and notices are accessible", async ({ person, server }) => {
  const alice = await person("Alice", { viewport: NARROW });
  const bob = await person("Bob");
  const refusing = await refuses(alice, "post");
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("This is refused");
  await expect(alice.room.rows("This is refused").getByRole("button", { name: alice.words.retry })).toBeVisible();
  await expectAccessible(alice, "a message that failed");
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
  await expectAccessible(alice, "a divider, a new version, a toast");
  await fits(alice);

  // This page has no error recording, because the browser reports a 404 response as an error.
  const page = await alice.page.context().newPage();
  await page.goto(new URL("/nowhere", server.url).href);
  await isAccessible(page, "nowhere");
});

test.describe("without a connection", () => {
  test.use({ networkMayFail: true });
  test("the offline shell is accessible", async ({ person }) => {
    const alice = await person("Alice", { viewport: NARROW, ...installed });
    await alice.joins("general");
    await isKept(alice);
    await alice.losesNetwork();
    await alice.opens("/rooms/never-seen");
    await expect(alice.page.getByText(alice.words.nothingKept).first()).toBeVisible();
    await expectAccessible(alice, "a room that is not kept");
    await fits(alice);
  });

  test("banner and pending messages are accessible", async ({ person, server }) => {
    const alice = await person("Alice", { viewport: NARROW });
    await alice.joins("general");
    await alice.says("Sent");
    await alice.seesSent("Sent");
    await server.kill();
    await alice.says("Waiting");
    await alice.seesPending("Waiting");
    await alice.seesBanner();
    await expectAccessible(alice, "banner");
    await fits(alice);
  });
});
