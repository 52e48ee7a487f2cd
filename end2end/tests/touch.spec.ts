import { expect, test } from "../support/test";
import type { Person } from "../support/person";
import { longPress, PHONE, smallTargets } from "../support/touch";

/** Expects that all targets are large enough for a finger. */
async function isEasyToHit(person: Person, where: string): Promise<void> {
  await person.stops();
  expect.soft(await smallTargets(person.page), where).toEqual([]);
}

test("all message actions work by touch", async ({ bob, person }) => {
  const alice = await person("Alice", PHONE);
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("What shall we eat?");
  await bob.says("And when?");
  await alice.seesSent("And when?");
  const { tools, menu } = alice.room.message("What shall we eat?");
  const text = (words: string) => alice.room.rows(words).locator(".message-text");

  // A tap selects a message, and a tap on another message selects that one.
  await expect(tools).toHaveCount(0);
  await text("What shall we eat?").tap();
  await expect(tools).toBeVisible();
  await isEasyToHit(alice, "the tools of a message");
  await text("And when?").tap();
  await expect(alice.room.message("And when?").tools).toBeVisible();
  await expect(tools).toHaveCount(0);

  // Replies with the toolbar.
  await alice.room.message("And when?").tools.locator("[data-action=reply]").tap();
  await expect(alice.page.locator("[data-mode=reply]")).toContainText("And when?");
  await isEasyToHit(alice, "an answer being written");
  await alice.room.composer.fill("At eight");
  await alice.room.send.tap();
  await bob.seesSent("At eight");
  await expect(bob.room.message("At eight").quote).toContainText("And when?");

  // A long press opens the menu, and not the browser's own.
  expect(await longPress(text("What shall we eat?"))).toBe(true);
  await expect(menu).toBeVisible();
  await isEasyToHit(alice, "the menu of a message");
  await menu.locator("[data-action=reply]").tap();
  await expect(menu).toBeHidden();
  await expect(alice.page.locator("[data-mode=reply]")).toContainText("What shall we eat?");
  await alice.room.composer.fill("Pancakes");
  await alice.room.send.tap();
  await bob.seesSent("Pancakes");
  await expect(bob.room.message("Pancakes").quote).toContainText("What shall we eat?");
});

test("targets are large enough for touch", async ({ bob, person, server }) => {
  const alice = await person("Alice", PHONE);
  await alice.landing.open();
  await isEasyToHit(alice, "the landing page");
  await alice.joins("general");
  await isEasyToHit(alice, "an empty room");
  await bob.joins("general");
  await bob.dialogs.setsTopic("Bread and butter");
  await alice.says("First words");
  await alice.seesSent("First words");
  await alice.room.composer.press("ArrowUp");
  await alice.room.composer.fill("Second thoughts");
  await alice.page.locator(".composer button[type=submit]").tap();
  await bob.seesSent("Second thoughts");
  await bob.room.message("Second thoughts").reactsWith("👍");
  await bob.room.message("Second thoughts").reactsWith("🎉");
  await bob.room.message("Second thoughts").act("reply");
  await bob.says("An answer");
  await alice.seesSent("An answer");
  await expect(alice.room.message("Second thoughts").reaction("🎉")).toBeVisible();
  await isEasyToHit(alice, "a room with everything in it");

  const message = alice.room.message("Second thoughts");
  await message.row.locator(".message-text").tap();
  await message.tools.locator("[data-action=react]").tap();
  await expect(message.picker).toBeVisible();
  await isEasyToHit(alice, "the emoji");
  await alice.page.keyboard.press("Escape");
  await alice.sidebar.open();
  await isEasyToHit(alice, "the drawer of rooms");
  await alice.settings.open();
  await isEasyToHit(alice, "settings");
  await alice.page.keyboard.press("Escape");
  await alice.dialogs.openBrowse();
  await expect(alice.dialogs.publicRoom("general")).toBeVisible();
  await isEasyToHit(alice, "the public rooms");
  await alice.dialogs.close();
  await alice.dialogs.openTopic();
  await isEasyToHit(alice, "the topic");
  await alice.dialogs.close();
  await alice.room.people.open();
  await isEasyToHit(alice, "people");
  await alice.page.goto(new URL("/sign-in", server.url).href);
  await isEasyToHit(alice, "signing in");
});
