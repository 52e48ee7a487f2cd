import { flood } from "../support/flood";
import type { Person } from "../support/person";
import { expect, test } from "../support/test";

// How much the browser stores besides unsent messages.

/** Returns the keys of `localStorage` with this prefix. */
const keys = (person: Person, prefix: string) =>
  person.page.evaluate((prefix) => Object.keys(localStorage).filter((key) => key.startsWith(prefix)), prefix);

/** The page writes the local copy when it is hidden. */
const isHidden = (person: Person) => person.page.evaluate(() => void dispatchEvent(new Event("pagehide")));

test("fifty drafts of closed tabs are stored, and the oldest are deleted", async ({ alice }) => {
  await alice.joins("general");
  await alice.room.composer.fill("of this tab");
  await expect.poll(() => keys(alice, "hubbub.draft.")).toHaveLength(1);
  await alice.page.evaluate(() => {
    const key = Object.keys(localStorage).find((key) => key.startsWith("hubbub.draft."))!;
    const [, , user] = key.split(".");
    const draft = JSON.parse(localStorage.getItem(key)!) as { at: number };
    for (let age = 1; age <= 60; age += 1) {
      const older = JSON.stringify({ ...draft, at: draft.at - age });
      localStorage.setItem(`hubbub.draft.${user}.closed-${age}.room-${age}`, older);
    }
  });
  await alice.reloads();
  await expect(alice.room.composer).toHaveValue("of this tab");
  const left = (await keys(alice, "hubbub.draft.")).map((key) => Number(/closed-(\d+)/.exec(key)?.[1] ?? 0));
  expect(left.sort((a, b) => a - b)).toEqual(Array.from({ length: 51 }, (_, age) => age));
});

test("the local copy has the ten rooms that were opened last", async ({ alice }) => {
  for (let room = 1; room <= 12; room += 1) {
    await alice.joins(`room-${room}`);
    await alice.says(`in ${room}`);
    await alice.seesSent(`in ${room}`);
    await isHidden(alice);
    await expect.poll(() => keys(alice, "hubbub.copy.me.")).toContain(`hubbub.copy.me.room-${room}`);
  }
  const rooms = (await keys(alice, "hubbub.copy.me.")).map((key) => Number(/\d+$/.exec(key)));
  expect(rooms.sort((a, b) => a - b)).toEqual([3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
});

test("the local copy of a room has its newest messages, at most 96 KiB", async ({ alice }) => {
  await alice.joins("general");
  const words = "x".repeat(3_900);
  await flood(alice, "general", words, 40);
  await expect(alice.room.rows(`${words} 40`)).toBeVisible();
  await isHidden(alice);
  const copy = () => alice.page.evaluate(() => localStorage.getItem("hubbub.copy.me.general") ?? "");
  await expect.poll(copy).toContain("xx 40\"");
  const size = (await copy()).length;
  expect(size).toBeGreaterThan(80 * 1024);
  expect(size).toBeLessThanOrEqual(96 * 1024 + 1_000);
  expect(await copy()).not.toContain("xx 1\"");
});
