import { isAccessible } from "../support/accessibility";
import { fits } from "../support/layout";
import { expect, test } from "../support/test";
import { NARROW } from "../support/variants";
import { russian } from "../support/words";
import { refuses } from "../support/wire";

for (const { how, options } of [
  { how: "two columns", options: { viewport: { width: 900, height: 700 } } },
  { how: "narrow, in Russian", options: { viewport: NARROW, locale: russian.locale } },
]) {
  test(`all elements fit the window: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    const { dialogs, words } = alice;
    await alice.landing.open();
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
    // Esc closes the menu first, and then the drawer that contains it.
    await alice.page.keyboard.press("Escape");
    await alice.page.keyboard.press("Escape");
    await alice.room.people.open();
    await fits(alice);
  });
}

test("a medium window has two columns and a drawer", async ({ person }) => {
  const alice = await person("Alice", { viewport: { width: 900, height: 700 } });
  await alice.joins("general");
  await expect(alice.sidebar.nav).toBeVisible();
  await expect(alice.sidebar.toggle).toBeHidden();
  await expect(alice.room.people.aside).toBeHidden();
  const [rooms, log] = [await alice.sidebar.nav.boundingBox(), await alice.room.log.boundingBox()];
  expect(log!.x).toBeGreaterThanOrEqual(rooms!.x + rooms!.width);
  await isAccessible(alice.page, "two columns");
  await alice.room.people.open();
  await alice.page.keyboard.press("Escape");
  await expect(alice.room.people.aside).toBeHidden();
});

test("long words and names do not overflow", async ({ person }) => {
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
