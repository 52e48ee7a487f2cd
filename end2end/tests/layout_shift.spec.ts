import { expect, test } from "../support/test";
import { Account } from "../pages/account";
import { flood } from "../support/flood";
import { fits } from "../support/layout";
import { shifts, slows, watchesShifts } from "../support/layout_shift";
import type { Person } from "../support/person";
import { VARIANTS } from "../support/variants";

/** CPU slowdown of the simulated machine. */
const SLOWER = 5;

/** Elements whose movement a reader would notice. */
const STANDS = [".room-name", ".room-topic", ".sidebar-room", ".sidebar-rooms", ".me-button", ".composer-box", ".message-bubble", ".people-title"];

async function places(person: Person): Promise<{ what: string; x: number; y: number }[]> {
  return person.page.evaluate(
    (selectors) =>
      selectors.flatMap((selector) =>
        [...document.querySelectorAll(selector)]
          .filter((element) => element.checkVisibility({ visibilityProperty: true }))
          .map((element) => {
            const { x, y, bottom } = element.getBoundingClientRect();
            return { what: selector, x, y, isSeen: bottom > 0 && y < innerHeight };
          })
          .filter(({ isSeen }) => isSeen),
      ),
    STANDS,
  );
}

/** Opens the address on a slow machine, and expects that hydration moves nothing. */
async function standsStill(person: Person, address: string, hasProgram = true): Promise<void> {
  const { page } = person;
  await watchesShifts(page);
  await slows(page, SLOWER);
  let goOn = () => {};
  const painted = new Promise<void>((resolve) => (goOn = resolve));
  // The program is delayed until the page was painted without it.
  await page.route("**/*.wasm", async (route) => {
    await painted;
    await route.continue();
  });
  await page.goto(new URL(address, person.landing.address).href, { waitUntil: "commit" });
  await expect(page.locator("body > *").first()).toBeVisible();
  await page.evaluate(() => document.fonts.ready.then(() => new Promise(requestAnimationFrame)));
  const before = await places(person);
  goOn();
  if (hasProgram) {
    await person.room.isAlive();
    await expect(page.locator("[data-person] .person-you")).toBeAttached();
    await expect(page.locator("[data-person] .avatar[data-presence=online]").first()).toBeAttached();
  }
  await person.stops();
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  expect(await shifts(page)).toEqual([]);
  // Shifts below this limit do not count (Layout Instability, section 2.2).
  const after = await places(person);
  for (const { what, x, y } of before) {
    const stays = after.some((place) => place.what === what && Math.abs(place.x - x) < 3 && Math.abs(place.y - y) < 3);
    const now = after.filter((place) => place.what === what).map((place) => `${place.x},${place.y}`);
    expect(stays, `${what} stays at ${x},${y}; now at ${now.join(" ")}`).toBe(true);
  }
  await page.unroute("**/*.wasm");
}

const unreadOnServer = (person: Person): Promise<number> =>
  person.page.evaluate(async () => {
    const { rooms } = (await (await fetch("/api/v1/me/rooms")).json()) as { rooms: { read: { unread: number } }[] };
    return rooms.reduce((sum, { read }) => sum + read.unread, 0);
  });

/** Creates rooms with members and messages, one of them with a topic. */
async function live(alice: Person, bob: Person): Promise<void> {
  for (const room of ["garden", "kitchen", "hall", "general"]) await alice.joins(room);
  await alice.dialogs.setsTopic("Bread and butter");
  await bob.joins("general");
  await flood(bob, "general", "line", 60);
  await alice.says("Good morning");
  await alice.seesSent("Good morning");
}

for (const { how, options } of VARIANTS) {
  test(`a banner about the connection moves nothing: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    await live(alice, await person("Bob", options));
    await expect.poll(() => unreadOnServer(alice)).toBe(0);
    const next = await alice.another();
    await watchesShifts(next.page);
    // A server that accepts the connection and says nothing.
    await next.page.routeWebSocket(/.*/, () => {});
    await next.page.goto(new URL("/rooms/general", next.landing.address).href);
    await next.stops();
    const before = await places(next);
    await next.seesBanner();
    await next.stops();
    expect(await shifts(next.page)).toEqual([]);
    expect(await places(next)).toEqual(before);
    await fits(next);
  });

  test(`hydration of a room moves nothing: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    await live(alice, await person("Bob", options));
    await expect.poll(() => unreadOnServer(alice)).toBe(0);
    await standsStill(await alice.another(), "/rooms/general");
    // A room without a topic and with few messages.
    await standsStill(await alice.another(), "/rooms/kitchen");
  });

  test(`hydration at a message or at unread messages moves nothing: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await live(alice, bob);
    await alice.sidebar.showsUnread("general", 0);
    await expect.poll(() => unreadOnServer(alice)).toBe(0);
    await standsStill(await alice.another(), "/rooms/general?at=20");
    await alice.page.close();
    await flood(bob, "general", "more", 80);
    const next = await alice.another();
    await standsStill(next, "/rooms/general");
    await expect(next.room.divider).toBeInViewport();
  });

  test(`nothing moves on the landing page and the account pages: ${how}`, async ({ person, server }) => {
    const alice = await person("Alice", options);
    await live(alice, await person("Bob", options));
    const stranger = await person("Vera", options);
    for (const address of ["/rooms/general", "/", "/sign-in", "/register"]) await standsStill(stranger, address, false);
    const account = new Account(alice.page, server.url);
    await alice.page.goto(`${server.url}/register`);
    await account.page.locator("input[name=password]").fill("violets are blue");
    await account.page.locator("button[type=submit]").first().click();
    await alice.isIn("general");
    const again = await alice.another();
    await standsStill(again, "/account", false);
    await standsStill(again, "/rooms/general");
  });
}

