import type { Page } from "@playwright/test";
import { expect, test } from "../support/test";

/** The files of lazy parts that the browser has asked for by now. */
const loaded = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((entry) => /\/split_(\w+)\.wasm$/.exec(entry.name)?.[1])
      .filter((part) => part !== undefined),
  );

test("lazy parts are loaded before they are wanted", async ({ alice }) => {
  await alice.joins("general");
  await expect.poll(async () => (await loaded(alice.page)).sort()).toEqual(["completion", "dialogs", "local_copy", "menus", "message_menu"]);
});

test("the strings of a language are loaded for a page in this language", async ({ person }) => {
  const ivan = await person("Иван", { locale: "ru-RU" });
  await ivan.joins("general");
  expect(await loaded(ivan.page)).toContain("russian");
  await expect(ivan.page.getByRole("log", { name: "Сообщения" })).toContainText("Сообщений пока нет");
});

test("a page that says why there is no other loads no program", async ({ request, server }) => {
  const answer = await request.get(`${server.url}/rooms/no%20room`);
  expect(answer.status()).toBe(404);
  expect(await answer.text()).not.toContain("<script");
});

test.describe("parts that do not load", () => {
  test.use({ networkMayFail: true });

  for (const [how, answer] of [
    ["there is no network", null],
    ["the server has another version", { status: 404, contentType: "text/html", body: "<h1>Not found</h1>" }],
  ] as const) {
    test(`say so, and the page goes on: ${how}`, async ({ alice }) => {
      await alice.page.route(/\/(split|chunk)_\w+\.wasm$/, (route) =>
        answer === null ? route.abort("internetdisconnected") : route.fulfill(answer),
      );
      await alice.joins("general");

      await alice.page.keyboard.press("Control+k");
      const dialog = alice.dialogs.dialog;
      await expect(dialog.getByRole("alert")).toContainText("did not load");
      await expect(dialog.getByRole("button", { name: "Reload the page" })).toBeVisible();
      await dialog.getByRole("button", { name: alice.words.close }).click();
      await expect(dialog).toBeHidden();

      await alice.says("Nothing is lost, :smi");
      await alice.seesSent("Nothing is lost, :smi");

      // They are asked for anew each time they are wanted.
      await alice.page.unrouteAll();
      await alice.dialogs.openSwitcher();
      await alice.dialogs.close();
    });
  }

  test("leave a page in another language alive", async ({ person }) => {
    const ivan = await person("Иван", { locale: "ru-RU" });
    await ivan.page.route(/\/split_russian\.wasm$/, (route) => route.abort("internetdisconnected"));
    await ivan.joins("general");
    await ivan.page.keyboard.press("Control+k");
    // In the language that the program has.
    await expect(ivan.dialogs.dialog.getByRole("combobox")).toBeFocused();
    await expect(ivan.dialogs.dialog).toContainText("Find a room");
  });
});

test("a part that comes late takes the focus where it belongs", async ({ alice }) => {
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await alice.page.route(/\/split_dialogs\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  await alice.joins("general");
  await alice.page.keyboard.press("Control+k");
  await expect(alice.dialogs.dialog).toBeVisible();
  await expect(alice.dialogs.switcher).toHaveCount(0);
  release();
  await expect(alice.dialogs.switcher).toBeFocused();
});
