import type { BrowserContextOptions } from "@playwright/test";
import { type Cast, expect, test } from "../support/test";
import { VARIANTS } from "../support/variants";

/** Alice has read a question of Bob. */
async function hungry(person: Cast["person"], options: BrowserContextOptions) {
  const alice = await person("Alice", options);
  const bob = await person("Bob", options);
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("What shall we eat?");
  await bob.says("And when?");
  await alice.seesSent("And when?");
  return { alice, bob };
}

// These tests use no pointer at all.
for (const { how, options } of VARIANTS) {
  test(`all message actions work by keyboard: ${how}`, async ({ person }) => {
    const { alice, bob } = await hungry(person, options);
    const { keyboard } = alice.page;

    // Moves into the log, to a message, and replies to it.
    await alice.room.log.focus();
    await keyboard.press("End");
    await expect(alice.room.rows("And when?")).toBeFocused();
    await keyboard.press("ArrowUp");
    await expect(alice.room.rows("What shall we eat?")).toBeFocused();
    await keyboard.press("r");
    await expect(alice.room.composer).toBeFocused();
    await expect(alice.page.locator("[data-mode=reply]")).toContainText("What shall we eat?");
    // A Russian keyboard sends another letter for the same key.
    await keyboard.press("Escape");
    await expect(alice.page.locator("[data-mode=reply]")).toBeHidden();
    await alice.room.log.focus();
    await keyboard.press("Home");
    await expect(alice.room.rows("What shall we eat?")).toBeFocused();
    await alice.room.rows("What shall we eat?").dispatchEvent("keydown", { key: "к", bubbles: true, cancelable: true });
    await expect(alice.page.locator("[data-mode=reply]")).toContainText("What shall we eat?");
    await expect(alice.room.composer).toBeFocused();
    await keyboard.type("Pancakes");
    await keyboard.press("Enter");
    await bob.seesSent("Pancakes");
    await expect(bob.room.message("Pancakes").quote).toContainText("What shall we eat?");

    // Adds a reaction with the emoji picker.
    await alice.room.log.focus();
    await keyboard.press("Home");
    await keyboard.press("+");
    await expect(alice.room.message("Pancakes").picker).toBeVisible();
    await keyboard.press("Enter");
    await expect(alice.room.message("Pancakes").picker).toBeHidden();
    await expect.poll(() => bob.room.message("What shall we eat?").reactions()).toHaveLength(1);

    // Enter moves into the toolbar of a message, arrow keys along it, and Esc back.
    await alice.room.log.focus();
    await keyboard.press("End");
    await expect(alice.room.rows("Pancakes")).toBeFocused();
    await keyboard.press("Enter");
    const { tools, menu } = alice.room.message("Pancakes");
    await expect(tools.getByRole("button").first()).toBeFocused();
    await keyboard.press("ArrowRight");
    await expect(tools.getByRole("button").nth(1)).toBeFocused();
    await keyboard.press("Escape");
    await expect(alice.room.rows("Pancakes")).toBeFocused();
    await keyboard.press("e");
    await expect(alice.room.composer).toHaveValue("Pancakes");
    await keyboard.type(" with jam");
    await keyboard.press("Enter");
    await bob.seesSent("Pancakes with jam");
    // The Up key in the empty composer edits too.
    await keyboard.press("ArrowUp");
    await expect(alice.room.composer).toHaveValue("Pancakes with jam");
    await keyboard.press("Escape");

    await alice.room.log.focus();
    await keyboard.press("End");
    await keyboard.press("Delete");
    await expect(alice.room.message("Pancakes with jam").question.getByRole("button").first()).toBeFocused();
    await keyboard.press("Enter");
    await bob.seesDeleted(2);
    expect(await menu.count()).toBe(0);
    // Returns to the composer.
    await alice.room.log.focus();
    await keyboard.press("Escape");
    await expect(alice.room.composer).toBeFocused();
  });

  test(`keys lead from the composer to the menu of a message and back: ${how}`, async ({ person }) => {
    const { alice } = await hungry(person, options);
    const { keyboard } = alice.page;
    const { tools, menu } = alice.room.message("And when?");
    const items = menu.getByRole("menuitem");

    await alice.room.composer.focus();
    await keyboard.press("Shift+Tab");
    await keyboard.press("End");
    await expect(alice.room.rows("And when?")).toBeFocused();
    await keyboard.press("Enter");
    const more = tools.locator("[data-action=more]");
    await expect(more).toHaveAttribute("aria-haspopup", "menu");
    for (let step = await tools.getByRole("button").count(); step > 1; step -= 1) await keyboard.press("ArrowRight");
    await expect(more).toBeFocused();
    await keyboard.press("Enter");
    await expect(items.first()).toBeFocused();
    await keyboard.press("ArrowUp");
    await expect(items.last()).toBeFocused();
    await keyboard.press("ArrowDown");
    await expect(items.first()).toBeFocused();
    await keyboard.press("ArrowDown");
    await expect(items.nth(1)).toBeFocused();
    await keyboard.press("Home");
    await expect(items.first()).toBeFocused();
    // Cancels: the focus returns to the button.
    await keyboard.press("Escape");
    await expect(menu).toBeHidden();
    await expect(more).toBeFocused();
    await keyboard.press("Enter");
    await keyboard.press("End");
    await expect(items.last()).toBeFocused();
    await expect(items.last()).toHaveAttribute("data-action", "mark-unread");
    await keyboard.press("Enter");
    await expect(menu).toBeHidden();
    await expect(alice.page).toHaveTitle(/^\(1\)/);
    await expect(more).toBeFocused();
    await keyboard.press("Escape");
    await expect(alice.room.rows("And when?")).toBeFocused();
    await keyboard.press("Escape");
    await expect(alice.room.composer).toBeFocused();
  });

  test(`all room actions work by keyboard: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    await alice.joins("general");
    const { keyboard } = alice.page;
    // Creates a room, sets its topic and leaves it.
    await alice.dialogs.openSwitcher();
    await keyboard.type("kitchen");
    await keyboard.press("Enter");
    await alice.isIn("kitchen");
    const topic = alice.page.getByRole("button", { name: alice.words.editTopic });
    await topic.focus();
    await keyboard.press("Enter");
    await expect(alice.dialogs.dialog.getByRole("textbox", { name: alice.words.topic })).toBeFocused();
    await keyboard.type("Bread and butter");
    await keyboard.press("Enter");
    await expect(alice.room.topic).toContainText("Bread and butter");
    // The focus is restored.
    await expect(topic).toBeFocused();
    const menu = alice.page.getByRole("button", { name: alice.words.roomMenu });
    const item = (name: string) => alice.page.getByRole("menuitem", { name });
    await menu.focus();
    await expect(menu).toHaveAttribute("aria-expanded", "false");
    await keyboard.press("Enter");
    await expect(item(alice.words.copyLink)).toBeFocused();
    await expect(menu).toHaveAttribute("aria-expanded", "true");
    await keyboard.press("ArrowDown");
    await keyboard.press("Escape");
    await expect(menu).toBeFocused();
    await keyboard.press("Enter");
    await expect(item(alice.words.copyLink)).toBeFocused();
    // Leaving is the last item of the menu.
    await keyboard.press("ArrowUp");
    await expect(item(alice.words.leaveRoom)).toBeFocused();
    await keyboard.press("Enter");
    await expect(alice.dialogs.titled(alice.words.leaveTitle("kitchen"))).toBeVisible();
    // The first Enter cancels, so that a room is not left by accident.
    await keyboard.press("Enter");
    await expect(alice.dialogs.dialog).toBeHidden();
    await alice.isIn("kitchen");
    await expect(menu).toBeFocused();
    await keyboard.press("Enter");
    await expect(item(alice.words.copyLink)).toBeFocused();
    await keyboard.press("End");
    await keyboard.press("Enter");
    await expect(alice.dialogs.titled(alice.words.leaveTitle("kitchen"))).toBeVisible();
    await keyboard.press("Tab");
    await expect(alice.dialogs.dialog.getByRole("button", { name: alice.words.leave })).toBeFocused();
    await keyboard.press("Enter");
    await alice.isIn("general");
    // A dialog keeps the focus inside.
    await alice.room.log.focus();
    await keyboard.press("?");
    await expect(alice.dialogs.titled(alice.words.keys)).toBeVisible();
    for (let turn = 0; turn < 5; turn += 1) await keyboard.press("Tab");
    expect(
      await alice.page.evaluate(() => {
        const { activeElement } = document;
        return activeElement === document.body || activeElement?.closest("dialog") !== null;
      }),
    ).toBe(true);
    await keyboard.press("Escape");
    await expect(alice.dialogs.dialog).toBeHidden();
  });
}

test("a dialog that is reopened while closing stays open", async ({ alice }) => {
  await alice.joins("general");
  const topic = alice.page.getByRole("button", { name: alice.words.editTopic });
  const { dialog } = alice.dialogs;
  await topic.click();
  await expect(dialog).toBeVisible();
  // The page receives the close event asynchronously, after this click.
  await topic.evaluate((button: HTMLElement) => {
    document.querySelector<HTMLDialogElement>("dialog[open]")?.close();
    button.click();
  });
  for (let frame = 0; frame < 3; frame += 1) {
    await alice.page.evaluate(() => new Promise((drawn) => requestAnimationFrame(drawn)));
  }
  await expect(dialog).toBeVisible();
  await alice.page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
});
