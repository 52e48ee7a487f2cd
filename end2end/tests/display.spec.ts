import { isAccessible } from "../support/accessibility";
import { expect, test } from "../support/test";
import { VARIANTS } from "../support/variants";

for (const { how, options, words } of VARIANTS) {
  test(`display settings are stored and rendered by the server: ${how}`, async ({
    person,
    server,
  }) => {
    const alice = await person("Alice", { ...options, colorScheme: "light" });
    await alice.joins("general");
    await alice.says("Good evening");
    await alice.seesSent("Good evening");
    await alice.settings.open();
    await alice.settings.choice(words.themeDark).check();
    await alice.settings.choice(words.textLarge).check();
    await alice.settings.compact.check();
    await alice.page.keyboard.press("Escape");

    const root = alice.page.locator("html");
    const isDark = async () => {
      await expect(root).toHaveAttribute("data-theme", "dark");
      await expect(root).toHaveCSS("color-scheme", /dark/);
      await expect(root).toHaveCSS("font-size", "18px");
    };
    await isDark();
    // The HTML documents have the settings, so that the first paint is correct.
    const settings = /<html[^>]* data-theme="dark"[^>]* data-text-size="large"/;
    for (const path of ["/rooms/general", "/?room=", "/sign-in"]) {
      const document = await alice.page.context().request.get(new URL(path, server.url).href);
      expect(await document.text(), path).toMatch(settings);
    }
    await alice.reloads();
    await isDark();
    // In the compact layout all messages have one left edge, and the user's own name is visible.
    await expect(root).toHaveAttribute("data-density", "compact");
    await expect(alice.room.messages.last().locator(".message-head-own")).toBeVisible();
    await isAccessible(alice.page, `compact: ${how}`);

    await alice.settings.open();
    await expect(alice.settings.choice(words.themeDark)).toBeChecked();
    await expect(alice.settings.compact).toBeChecked();
    await alice.settings.compact.uncheck();
    await expect(root).not.toHaveAttribute("data-density");
  });
}

test("only accounts can sign out, by the menu", async ({ alice, server }) => {
  await alice.joins("general");
  await alice.settings.open();
  const signOut = alice.settings.menu.getByRole("button", { name: "Sign out" });
  await expect(alice.settings.menu.getByRole("link", { name: "Account" })).toBeVisible();
  await expect(signOut).toHaveCount(0);
  const form = { username: "Alice Liddell", password: "violets are blue", room: "general" };
  const origin = new URL(server.url).origin;
  await alice.page.context().request.post(`${server.url}/register`, { form, headers: { origin } });
  await alice.reloads();
  await alice.settings.open();
  await signOut.click();
  await expect(alice.page).toHaveURL(/signed_out/);
});

test("the menu opens the keyboard shortcuts", async ({ alice }) => {
  await alice.joins("general");
  await alice.settings.open();
  await alice.settings.menu.getByRole("button", { name: "Keyboard shortcuts" }).click();
  await expect(alice.dialogs.titled("Keyboard shortcuts")).toBeVisible();
  await expect(alice.settings.menu).toBeHidden();
});
