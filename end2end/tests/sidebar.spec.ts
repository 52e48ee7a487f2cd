import type { Person } from "../support/person";
import { expect, test } from "../support/test";
import { PHONE } from "../support/touch";
import { NARROW } from "../support/variants";

const MANY = 60;

/** Joins a number of rooms without opening them. */
async function joinsMany(person: Person, count: number): Promise<string[]> {
  const names = Array.from({ length: count }, (_, index) => `room-${String(index + 1).padStart(2, "0")}`);
  await person.joins(names[0] ?? "");
  const answers = await person.page.evaluate(
    (names) =>
      Promise.all(
        names.map(async (name) => {
          const made = await fetch("/api/v1/rooms", {
            method: "POST",
            headers: { "content-type": "application/json" },
            body: JSON.stringify({ name }),
          });
          return made.status;
        }),
      ),
    names.slice(1),
  );
  expect(new Set(answers)).toEqual(new Set([201]));
  return names;
}

test("the open room stays in view among many rooms", async ({ alice }) => {
  const names = await joinsMany(alice, MANY);
  await alice.reloads();
  await expect(alice.sidebar.rooms).toHaveCount(MANY);
  const listed = await alice.sidebar.names();
  const last = listed.at(-1) ?? "";
  expect(names).toContain(last);
  await alice.opens(`/rooms/${last}`);
  await expect(alice.sidebar.room(last)).toBeInViewport({ ratio: 1 });
  // By keys from the first room to the last and back.
  await alice.page.keyboard.press("Alt+ArrowDown");
  await alice.isIn(listed[0] ?? "");
  await expect(alice.sidebar.room(listed[0] ?? "")).toBeInViewport({ ratio: 1 });
  await alice.page.keyboard.press("Alt+ArrowUp");
  await alice.isIn(last);
  await expect(alice.sidebar.room(last)).toBeInViewport({ ratio: 1 });
  // The open room is also in view before hydration.
  await alice.page.route("**/*.wasm", () => undefined);
  await alice.page.reload({ waitUntil: "commit" });
  await expect(alice.sidebar.room(last)).toBeInViewport({ ratio: 1 });
  await alice.page.unrouteAll();
});

test("the open room is in view in the drawer", async ({ person }) => {
  const alice = await person("Alice", { viewport: NARROW });
  await joinsMany(alice, MANY);
  await alice.reloads();
  const last = (await alice.sidebar.names()).at(-1) ?? "";
  await alice.opens(`/rooms/${last}`);
  await alice.sidebar.open();
  await expect(alice.sidebar.room(last)).toBeInViewport({ ratio: 1 });
});

test("rooms keep their order under the pointer and the focus", async ({ alice, bob }) => {
  for (const room of ["one", "two", "three"]) {
    await alice.joins(room);
    await bob.joins(room);
  }
  await expect.poll(() => alice.sidebar.names()).toEqual(["three", "two", "one"]);
  const says = async (room: string, text: string) => {
    await bob.sidebar.goes(room);
    await bob.isIn(room);
    await bob.says(text);
    await bob.seesSent(text);
  };
  await alice.sidebar.room("two").hover();
  await says("one", "News");
  await alice.sidebar.showsUnread("one", 1);
  expect(await alice.sidebar.names()).toEqual(["three", "two", "one"]);
  await alice.room.log.hover();
  await expect.poll(() => alice.sidebar.names()).toEqual(["one", "three", "two"]);

  await alice.sidebar.room("three").focus();
  await says("two", "More news");
  await alice.sidebar.showsUnread("two", 1);
  expect(await alice.sidebar.names()).toEqual(["one", "three", "two"]);
  // Meanwhile a new room is listed last.
  await alice.room.composer.focus();
  await expect.poll(() => alice.sidebar.names()).toEqual(["two", "one", "three"]);
});

test("on a phone the back button closes overlays before it leaves the room", async ({ bob, person }) => {
  const alice = await person("Alice", PHONE);
  await alice.joins("kitchen");
  await bob.joins("general");
  await alice.joins("general");
  await bob.says("Hello");
  await alice.seesSent("Hello");
  await alice.sidebar.goes("kitchen");
  await alice.isIn("kitchen");
  await alice.sidebar.goes("general");
  await alice.isIn("general");

  const { page } = alice;
  await alice.sidebar.open();
  await page.goBack();
  await expect(alice.sidebar.nav).toBeHidden();
  await alice.isIn("general");
  await alice.room.people.open();
  await page.goBack();
  await expect(alice.room.people.aside).toBeHidden();
  // First the menu in the drawer, then the drawer.
  await alice.settings.open();
  await page.goBack();
  await expect(alice.settings.menu).toBeHidden();
  await expect(alice.sidebar.nav).toBeVisible();
  await page.goBack();
  await expect(alice.sidebar.nav).toBeHidden();
  // A dialog.
  await alice.dialogs.openBrowse();
  await page.goBack();
  await expect(alice.dialogs.dialog).toBeHidden();
  await alice.isIn("general");
  // An overlay that is closed in another way leaves no history entry.
  await alice.sidebar.open();
  await page.keyboard.press("Escape");
  await expect(alice.sidebar.nav).toBeHidden();
  await alice.dialogs.openBrowse();
  await alice.dialogs.close();
  await alice.sees("Hello");
  await page.goBack();
  await alice.isIn("kitchen");
});

test("on a wide screen the back button leaves the room at once", async ({ alice }) => {
  await alice.joins("kitchen");
  await alice.joins("general");
  await alice.sidebar.goes("kitchen");
  await alice.isIn("kitchen");
  await alice.page.goBack();
  await alice.isIn("general");
  await expect(alice.dialogs.dialog).toBeHidden();
});
