import type { Person } from "../support/person";
import { expect, test } from "../support/test";
import { VARIANTS } from "../support/variants";

for (const { how, options } of VARIANTS) {
  test(`switcher finds a room by a few letters: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await bob.joins("secret-garden");
    for (const room of ["coffee", "tea", "green-tea"]) await alice.joins(room);
    await alice.dialogs.openSwitcher();
    // The first entry of the list is the room that was open before the current room.
    await expect(alice.dialogs.choices.first()).toContainText("#tea");
    await alice.page.keyboard.press("Enter");
    await alice.isIn("tea");
    await alice.dialogs.openSwitcher();
    await alice.page.keyboard.type("gr");
    await expect(alice.dialogs.choices.first()).toContainText("#green-tea");
    await expect(alice.dialogs.choices.first()).toHaveAttribute("aria-selected", "true");
    await alice.page.keyboard.press("Enter");
    await alice.isIn("green-tea");
    // A public room, and a room that does not exist yet.
    await alice.dialogs.openSwitcher();
    await alice.page.keyboard.type("garden");
    await expect(alice.dialogs.choices).toHaveCount(2);
    await expect(alice.dialogs.choices.first()).toContainText("#secret-garden");
    await alice.page.keyboard.press("ArrowDown");
    await expect(alice.dialogs.choices.nth(1)).toContainText(alice.words.createNamed("garden"));
    await alice.page.keyboard.press("Enter");
    await alice.isIn("garden");
    await expect(alice.dialogs.dialog).toBeHidden();
    // Typing goes to the composer without a click.
    await alice.page.keyboard.type("Here I am");
    await alice.page.keyboard.press("Enter");
    await alice.seesSent("Here I am");
    // Esc closes the switcher without any other effect.
    await alice.dialogs.openSwitcher();
    await alice.page.keyboard.type("coffee");
    await alice.dialogs.close();
    await alice.isIn("garden");
  });
}

test("keys move between rooms and between unread rooms", async ({ alice, bob }) => {
  for (const room of ["three", "two", "one"]) await alice.joins(room);
  await bob.joins("three");
  await expect.poll(() => alice.sidebar.names()).toEqual(["one", "two", "three"]);
  await alice.room.composer.focus();
  await alice.page.keyboard.press("Alt+ArrowDown");
  await alice.isIn("two");
  await alice.page.keyboard.press("Alt+ArrowUp");
  await alice.isIn("one");
  await bob.says("News");
  await bob.seesSent("News");
  await alice.sidebar.showsUnread("three", 1);
  await alice.page.keyboard.press("Alt+Shift+ArrowDown");
  await alice.isIn("three");
  await alice.sees("News");
  await alice.sidebar.showsUnread("three", 0);
});

for (const { how, narrow, options, words } of VARIANTS) {
  test(`keyboard shortcuts are listed and readable: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    await alice.joins("general");
    await alice.page.keyboard.press("Escape");
    await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await alice.page.keyboard.press("?");
    const sheet = alice.dialogs.titled(words.keys);
    await expect(sheet).toBeVisible();
    const told = await sheet.locator("dt").evaluateAll((keys) =>
      keys.map((key) => [...key.children].map((part) => part.textContent).join(" ")),
    );
    const letters = words.locale.startsWith("ru") ? "А–Я" : "A–Z";
    expect(told).toEqual([
      ...["Ctrl K", "Alt ↑ ↓", "Alt Shift ↑ ↓", letters, "Esc", "?"],
      ...["Enter", "Shift Enter", "↑"],
      ...["↑ ↓", "Home", "End", "Enter", "← →", "R", "E", "+", "Delete", "Esc"],
    ]);
    const about = sheet.locator("dd");
    for (const line of [words.reply, words.edit, words.react, words.delete]) {
      await expect(about.getByText(line, { exact: true })).toHaveCount(1);
    }
    // The rest of the list can be reached by wheel and by keys.
    if (narrow) await alice.page.setViewportSize({ width: 390, height: 560 });
    await expect(about.last()).not.toBeInViewport();
    await sheet.locator(".keys").focus();
    await alice.page.keyboard.press("End");
    await expect(about.last()).toBeInViewport({ ratio: 1 });
    await alice.dialogs.close();
  });
}

test("a question mark opens the shortcuts except while typing", async ({ alice }) => {
  await alice.joins("general");
  await alice.room.composer.focus();
  await alice.page.keyboard.type("Really?");
  await expect(alice.room.composer).toHaveValue("Really?");
  await expect(alice.dialogs.dialog).toBeHidden();
  await alice.page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
  await alice.page.keyboard.press("?");
  await expect(alice.dialogs.titled("Keyboard shortcuts")).toBeVisible();
  await expect(alice.dialogs.titled("Keyboard shortcuts")).toContainText("Go to a room");
  await alice.dialogs.close();
  await expect(alice.room.composer).toHaveValue("Really?");
});

test("title and icon show the number of unread messages", async ({ alice, bob }) => {
  await alice.joins("elsewhere");
  await alice.joins("general");
  await bob.joins("elsewhere");
  const icon = alice.page.locator("link[rel=icon]");
  await expect(icon).toHaveAttribute("href", "/icon.svg");
  await bob.says("One");
  await bob.says("Two");
  await expect(alice.page).toHaveTitle("(2) #general · Hubbub");
  await expect(icon).toHaveAttribute("href", /^data:image\/svg.*%3E2%3C\/text/);
  for (let number = 3; number <= 9; number += 1) await bob.says(`News ${number}`);
  await expect(icon).toHaveAttribute("href", /%3E9%3C\/text/);
  await bob.says("And more");
  await expect(icon).toHaveAttribute("href", /%3E9\+%3C\/text/);
  await expect(alice.page).toHaveTitle("(10) #general · Hubbub");
  // The icon is a data URL with an image that does not depend on the page.
  expect(
    await icon.evaluate(async (link: HTMLLinkElement) => {
      const picture = new Image();
      picture.src = link.href;
      await picture.decode();
      return picture.naturalWidth > 0;
    }),
  ).toBe(true);
  await alice.sidebar.goes("elsewhere");
  await expect(alice.page).toHaveTitle("#elsewhere · Hubbub");
  await expect(icon).toHaveAttribute("href", "/icon.svg");
});

test("reduced motion disables animations", async ({ person }) => {
  const alice = await person("Alice");
  await alice.joins("general");
  const duration = (of: Person) =>
    of.page.evaluate(() => getComputedStyle(document.documentElement).getPropertyValue("--quick").trim());
  expect(await duration(alice)).toBe("120ms");
  await alice.settings.open();
  await alice.settings.reduceMotion.check();
  expect(await duration(alice)).toBe("0ms");
  await alice.reloads();
  expect(await duration(alice)).toBe("0ms");
  const still = await person("Carol", { reducedMotion: "reduce" });
  await still.joins("general");
  expect(await duration(still)).toBe("0ms");
});
