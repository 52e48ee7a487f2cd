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
  await expect.poll(async () => (await loaded(alice.page)).sort()).toEqual(["completion", "dialogs", "frames", "menus", "message_menu", "room", "storage"]);
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
      await alice.page.route(/\/split_(?!frames)\w+\.wasm$/, (route) =>
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

  test("offer to load a room from its address", async ({ alice }) => {
    await alice.joins("tea");
    await alice.joins("general");
    await alice.page.route(/\/split_room\.wasm$/, (route) => route.abort("internetdisconnected"));
    await alice.reloads();
    await alice.sidebar.goes("tea");
    const notice = alice.page.locator("main[data-not-loaded]");
    await expect(notice.getByRole("alert")).toContainText("did not load");

    await alice.page.unrouteAll();
    await notice.getByRole("link", { name: "Reload the page" }).click();
    await alice.isIn("tea");
    await alice.says("here again");
    await alice.seesSent("here again");
  });

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

test.describe("the code that reads frames of the server", () => {
  test.use({ networkMayFail: true });
  const frames = /\/split_frames\.wasm$/;

  test("may load later than the page is used", async ({ alice }) => {
    await alice.joins("general");
    let release = () => {};
    const released = new Promise<void>((resolve) => (release = resolve));
    await alice.page.route(frames, async (route) => {
      await released;
      await route.continue();
    });
    await alice.reloads();
    await alice.says("early");
    await alice.seesPending("early");
    release();
    await alice.seesSent("early");
  });

  test("is requested again if it does not load", async ({ alice }) => {
    await alice.joins("general");
    await alice.page.route(frames, (route) => route.abort("connectionreset"), { times: 1 });
    await alice.reloads();
    await alice.says("at last");
    await alice.seesSent("at last");
  });

  test("is requested again by the next socket", async ({ alice }) => {
    await alice.joins("general");
    await alice.page.route(frames, (route) => route.fulfill({ status: 503, body: "Busy" }), { times: 2 });
    await alice.reloads();
    await alice.says("in spite of it");
    await alice.seesSent("in spite of it");
    await expect(alice.room.banner).toBeHidden();
  });

  test("belongs to another version if the server does not have it", async ({ alice }) => {
    await alice.joins("general");
    await alice.page.route(frames, (route) => route.fulfill({ status: 404, body: "Not found" }));
    await alice.reloads();
    await alice.says("kept");
    await alice.seesPending("kept");
    await expect(alice.room.banner).toContainText("out of date");

    await alice.page.unrouteAll();
    await alice.room.banner.getByRole("button", { name: "Reload the page" }).click();
    await alice.seesSent("kept");
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
