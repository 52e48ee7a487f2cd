import type { Page } from "@playwright/test";
import { expect, test } from "../support/test";

/** Returns the files of lazy parts that the browser has requested. */
const loaded = (page: Page) =>
  page.evaluate(() =>
    performance
      .getEntriesByType("resource")
      .map((entry) => /\/split_(\w+)\.wasm$/.exec(entry.name)?.[1])
      .filter((part) => part !== undefined),
  );

test("lazy parts are loaded while the browser is idle", async ({ alice }) => {
  await alice.joins("general");
  await expect.poll(async () => (await loaded(alice.page)).sort()).toEqual(["completion", "dialogs", "local_copy", "menus", "message_menu", "unsent_store"]);
});

test("strings of a language are loaded only for its pages", async ({ person }) => {
  const ivan = await person("Иван", { locale: "ru-RU" });
  await ivan.joins("general");
  expect(await loaded(ivan.page)).toContain("russian");
  await expect(ivan.page.getByRole("log", { name: "Сообщения" })).toContainText("Сообщений пока нет");
});

test("an error page loads no program", async ({ request, server }) => {
  const answer = await request.get(`${server.url}/rooms/no%20room`);
  expect(answer.status()).toBe(404);
  expect(await answer.text()).not.toContain("<script");
});

test.describe("lazy parts that do not load", () => {
  test.use({ networkMayFail: true });

  for (const [how, answer] of [
    ["there is no network", null],
    ["the server has another version", { status: 404, contentType: "text/html", body: "<h1>Not found</h1>" }],
  ] as const) {
    test(`show a notice, and the page keeps working: ${how}`, async ({ alice }) => {
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

      // A part is requested again on each use.
      await alice.page.unrouteAll();
      await alice.dialogs.openSwitcher();
      await alice.dialogs.close();
    });
  }

  test("leave a page in another language working", async ({ person }) => {
    const ivan = await person("Иван", { locale: "ru-RU" });
    await ivan.page.route(/\/split_russian\.wasm$/, (route) => route.abort("internetdisconnected"));
    await ivan.joins("general");
    await ivan.page.keyboard.press("Control+k");
    // The page uses the language that the program contains.
    await expect(ivan.dialogs.dialog.getByRole("combobox")).toBeFocused();
    await expect(ivan.dialogs.dialog).toContainText("Find a room");
  });
});

test("a lazy part that loads late sets the focus", async ({ alice }) => {
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
