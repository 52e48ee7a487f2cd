import { keepsNobodyOut as isAccessible } from "../support/access";
import { expect, test } from "../support/test";
import { WAYS } from "../support/ways";

for (const { how, options, words } of WAYS) {
  test(`theme, text size and density are remembered, and are in the page before its script runs: ${how}`, async ({
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
    // The documents themselves have the settings, so that the first paint is right.
    const settings = /<html[^>]* data-theme="dark"[^>]* data-text-size="large"/;
    for (const path of ["/rooms/general", "/?room=", "/sign-in"]) {
      const document = await alice.page.context().request.get(new URL(path, server.url).href);
      expect(await document.text(), path).toMatch(settings);
    }
    await alice.reloads();
    await isDark();
    // One left edge, and my own name is seen.
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

test("only an account can sign out, and does so from the menu", async ({ alice, server }) => {
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

test("the menu opens the list of keys", async ({ alice }) => {
  await alice.joins("general");
  await alice.settings.open();
  await alice.settings.menu.getByRole("button", { name: "Keys" }).click();
  await expect(alice.dialogs.titled("Keys")).toBeVisible();
  await expect(alice.settings.menu).toBeHidden();
});
