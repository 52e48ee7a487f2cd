import type { Page } from "@playwright/test";
import { flood } from "../support/flood";
import type { Person } from "../support/person";
import { expect, test } from "../support/test";
import { PHONE } from "../support/touch";

/**
 * Presses a key during composition, as browsers report it and as Safari reports the Enter that ends the composition.
 */
async function pressesComposing(page: Page, key: string): Promise<void> {
  await page.evaluate((key) => {
    const target = document.activeElement ?? document.body;
    const how = { key, bubbles: true, cancelable: true };
    target.dispatchEvent(new KeyboardEvent("keydown", { ...how, isComposing: true }));
    target.dispatchEvent(new KeyboardEvent("keydown", { ...how, keyCode: 229 }));
  }, key);
}

/** The parts of the page that would change if it handled the key. */
const state = (person: Person) =>
  person.page.evaluate(() => ({
    url: location.href,
    chosen: document.querySelector("[role=option][aria-selected=true]")?.id,
    dialogs: document.querySelectorAll("dialog[open]").length,
    focused: document.activeElement?.outerHTML.slice(0, 80),
    written: document.querySelector<HTMLTextAreaElement>("#composer")?.value,
    messages: document.querySelectorAll("article[data-message]").length,
    edits: document.querySelector("[data-mode]")?.getAttribute("data-mode"),
  }));

const KEYS = ["Enter", "Escape", "ArrowUp", "ArrowDown", "ArrowLeft", "ArrowRight", "Home", "End", "Tab", "Delete", "r", "e", "+", "?"];

async function ignoresInputMethod(person: Person): Promise<void> {
  const before = await state(person);
  for (const key of KEYS) await pressesComposing(person.page, key);
  await person.page.evaluate(() => new Promise(requestAnimationFrame));
  expect(await state(person)).toEqual(before);
}

test("the page ignores keys of an input method", async ({ alice, bob }) => {
  for (const room of ["tea", "teapot", "general"]) await alice.joins(room);
  await bob.joins("general");
  await alice.says("First words");
  await alice.seesSent("First words");
  const { keyboard } = alice.page;

  await test.step("in the composer, empty and with a suggestion", async () => {
    await expect(alice.room.composer).toBeFocused();
    await ignoresInputMethod(alice);
    await keyboard.type("@bo");
    await expect(alice.page.getByRole("option")).toHaveCount(1);
    await ignoresInputMethod(alice);
    await keyboard.press("Escape");
    await alice.room.composer.fill("");
  });
  await test.step("in the switcher", async () => {
    await alice.dialogs.openSwitcher();
    await keyboard.type("te");
    await expect(alice.dialogs.choices).toHaveCount(3);
    await ignoresInputMethod(alice);
    await alice.dialogs.close();
  });
  await test.step("among the messages, in a menu and in the emoji", async () => {
    await alice.room.log.focus();
    await keyboard.press("End");
    await expect(alice.room.rows("First words")).toBeFocused();
    await ignoresInputMethod(alice);
    await keyboard.press("+");
    await expect(alice.room.message("First words").picker).toBeVisible();
    await ignoresInputMethod(alice);
    await keyboard.press("Escape");
    await alice.room.log.focus();
    await keyboard.press("End");
    await keyboard.press("Delete");
    await expect(alice.room.message("First words").question.getByRole("button").first()).toBeFocused();
    await ignoresInputMethod(alice);
  });
  await test.step("a shortcut", async () => {
    await alice.page.evaluate(() => {
      const how = { key: "k", ctrlKey: true, bubbles: true, cancelable: true, keyCode: 229 };
      document.body.dispatchEvent(new KeyboardEvent("keydown", how));
    });
    await expect(alice.dialogs.dialog).toBeHidden();
  });
});

test("on a phone Enter inserts a line break and the button sends", async ({ person }) => {
  const alice = await person("Alice", PHONE);
  await alice.joins("general");
  await alice.room.composer.tap();
  await alice.page.keyboard.type("one");
  await alice.page.keyboard.press("Enter");
  await alice.page.keyboard.type("two");
  await expect(alice.room.composer).toHaveValue("one\ntwo");
  await expect(alice.room.composer).toHaveAttribute("enterkeyhint", "enter");
  await expect(alice.room.messages).toHaveCount(0);
  await alice.room.send.tap();
  await alice.seesSent("one\ntwo");
  await expect(alice.room.composer).toHaveValue("");
  await expect(alice.room.composer).toBeFocused();
});

for (const { what, typed, wanted } of [
  { what: "a person", typed: "Ask @bo", wanted: "Ask @Bob " },
  { what: "a room", typed: "See #kit", wanted: "See #kitchen " },
  { what: "an emoji", typed: "Well :grin", wanted: /^Well \p{Emoji}/u },
]) {
  test(`undo reverts an accepted suggestion: ${what}`, async ({ alice, bob }) => {
    await alice.joins("kitchen");
    await alice.joins("general");
    await bob.joins("general");
    const { keyboard } = alice.page;
    await alice.room.composer.focus();
    await keyboard.type(typed);
    await expect(alice.page.getByRole("option").first()).toBeVisible();
    await keyboard.press("Enter");
    await expect(alice.room.composer).toHaveValue(wanted);
    await keyboard.press("Control+z");
    await expect(alice.room.composer).toHaveValue(typed);
    await keyboard.press("Control+Shift+z");
    await expect(alice.room.composer).toHaveValue(wanted);
    await keyboard.type("!");
    await keyboard.press("Enter");
    await expect(alice.room.messages).toHaveCount(1);
  });
}

test("pasting anywhere goes to the composer and can be undone", async ({ alice }) => {
  await alice.page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await alice.joins("general");
  await alice.page.evaluate(() => navigator.clipboard.writeText("from elsewhere\nin two lines"));
  await alice.room.composer.fill("Look: ");
  await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await alice.page.keyboard.press("Control+v");
  await expect(alice.room.composer).toBeFocused();
  await expect(alice.room.composer).toHaveValue("Look: from elsewhere\nin two lines");
  await alice.page.keyboard.press("Control+z");
  await expect(alice.room.composer).toHaveValue("Look: ");
  // A paste into another field stays there.
  await alice.dialogs.openSwitcher();
  await alice.page.keyboard.press("Control+v");
  await expect(alice.dialogs.switcher).toHaveValue(/from elsewhere/);
  await alice.dialogs.close();
  await expect(alice.room.composer).toHaveValue("Look: ");
});

test("the composer has the focus in each room", async ({ alice, bob }) => {
  await alice.joins("kitchen");
  await alice.joins("general");
  await expect(alice.room.composer).toBeFocused();
  await alice.sidebar.goes("kitchen");
  await alice.isIn("kitchen");
  await expect(alice.room.composer).toBeFocused();
  await alice.page.keyboard.press("Alt+ArrowDown");
  await alice.isIn("general");
  await expect(alice.room.composer).toBeFocused();
  await alice.dialogs.openSwitcher();
  await alice.page.keyboard.press("Enter");
  await alice.isIn("kitchen");
  await expect(alice.room.composer).toBeFocused();
  await alice.reloads();
  await expect(alice.room.composer).toBeFocused();
  await bob.joins("kitchen");
  await bob.says("Hello");
  await alice.seesSent("Hello");
  // After following a link to a message, the focus is not moved.
  const seq = await alice.room.rows("Hello").getAttribute("data-seq");
  await alice.opens(`/rooms/kitchen?at=${seq}`);
  await expect(alice.room.found).toBeInViewport();
  await expect(alice.room.composer).not.toBeFocused();
});

test("the focus is not taken from another control", async ({ alice, person }) => {
  await alice.joins("general");
  await alice.dialogs.openSwitcher();
  await alice.page.evaluate(() => new Promise(requestAnimationFrame));
  await expect(alice.dialogs.switcher).toBeFocused();
  await alice.dialogs.close();
  // On a phone, the focus would open the touch keyboard, which covers messages.
  const carol = await person("Carol", PHONE);
  await carol.joins("general");
  await expect(carol.room.composer).not.toBeFocused();
});

test("Up edits the own last message only if it is in view", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("A small mistaek");
  await alice.seesSent("A small mistaek");
  await alice.room.composer.press("ArrowUp");
  await expect(alice.room.composer).toHaveValue("A small mistaek");
  await alice.room.composer.press("Escape");
  await flood(bob, "general", "line", 40);
  await alice.sees("line 40");
  await expect(alice.room.rows("A small mistaek")).not.toBeInViewport();
  await alice.room.composer.press("ArrowUp");
  await expect(alice.room.composer).toHaveValue("");
  await expect(alice.page.locator("[data-mode=edit]")).toHaveCount(0);
});

test.describe("with a low rate limit", () => {
  test.use({ serverEnv: { HUBBUB_LIMIT_POSTING: "3/60" } });

  test("messages over the rate limit wait and are sent later", async ({ alice, bob }) => {
    await alice.joins("general");
    await bob.joins("general");
    const texts = ["one", "two", "three", "four", "five"];
    for (const text of texts) await alice.says(text);
    await expect(alice.page.locator("[data-held-back]")).toContainText(/Sending too fast\. The waiting messages will be sent in \d+ s\./);
    await alice.seesPending("five");
    await expect(alice.page.locator("[data-held-back]")).toBeHidden();
    await alice.seesExactly(texts);
    await bob.seesExactly(texts);
  });
});
