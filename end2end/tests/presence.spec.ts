import { expect, test } from "../support/test";
import { VARIANTS } from "../support/variants";
import type { Person } from "../support/person";

/** Records each displayed presence of a user. */
async function watch(person: Person, name: string): Promise<() => Promise<string[]>> {
  await person.page.evaluate((name) => {
    const seen: string[] = [];
    Object.assign(window, { seen });
    const look = () => {
      const rows = [...document.querySelectorAll("aside.people [data-person]")];
      const row = rows.find((row) => row.querySelector("bdi")?.textContent === name);
      const presence = row?.querySelector(".avatar")?.getAttribute("data-presence") ?? "gone";
      if (seen.at(-1) !== presence) seen.push(presence);
    };
    look();
    new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true });
  }, name);
  return () => person.page.evaluate(() => (window as unknown as { seen: string[] }).seen);
}

for (const { how, options } of VARIANTS) {
  test(`typing notices start and end: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    const tab = await alice.another();
    await tab.opens("/rooms/general");

    await alice.room.composer.pressSequentially("Let me think");
    await expect(bob.room.typing).toContainText(bob.words.typing("Alice"));
    // Users do not see their own typing notice in any tab.
    expect(await alice.room.typing.textContent()).not.toContain("Alice");
    expect(await tab.room.typing.textContent()).not.toContain("Alice");
    // The notice ends three seconds after the last signal.
    await expect(bob.room.typing).not.toContainText("Alice", { timeout: 6_000 });
    // A message ends the notice at once.
    await alice.room.composer.pressSequentially(" about it");
    await expect(bob.room.typing).toContainText(bob.words.typing("Alice"));
    await alice.room.composer.press("Enter");
    await bob.sees("Let me think about it");
    await expect(bob.room.typing).not.toContainText("Alice", { timeout: 1_000 });
  });

  test(`a status is shown to others: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await bob.room.people.open();
    await bob.room.people.shows("Alice", "online");
    await alice.settings.appearsAs(alice.words.statusBusy);
    await bob.room.people.shows("Alice", "busy");
    await expect(bob.room.people.person("Alice")).toContainText(bob.words.busy);
    await alice.settings.appearsAs(alice.words.statusAway);
    await bob.room.people.shows("Alice", "away");
    await expect(bob.room.people.person("Alice")).toContainText(bob.words.away);
    // For others, an invisible user is offline.
    await alice.settings.appearsAs(alice.words.statusInvisible);
    await bob.room.people.shows("Alice", "offline");
    await expect(bob.room.people.notHere).toHaveCount(1);
    await alice.says("Nobody sees me");
    await bob.sees("Nobody sees me");
    await bob.room.people.shows("Alice", "offline");
    // The status belongs to the user, not to the tab.
    const tab = await alice.another();
    await tab.opens("/rooms/general");
    await tab.settings.open();
    await expect(tab.settings.menu.getByRole("radio", { name: tab.words.statusInvisible })).toBeChecked();
    await tab.settings.menu.getByRole("radio", { name: tab.words.statusOnline, exact: true }).check();
    await bob.room.people.shows("Alice", "online");
  });
}

test("two typing users are named, three are counted", async ({ alice, bob, person }) => {
  const carol = await person("Carol");
  const dave = await person("Dave");
  for (const somebody of [alice, bob, carol, dave]) await somebody.joins("general");
  const write = (who: Person[]) => Promise.all(who.map((one) => one.room.composer.pressSequentially("hm")));
  await write([bob, carol]);
  await expect(alice.room.typing).toContainText(/(Bob.* and .*Carol|Carol.* and .*Bob).* are writing…/);
  await write([bob, carol, dave]);
  await expect(alice.room.typing).toContainText("3 people are writing…");
});

test("several tabs count as one user, and a reload is no absence", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.room.people.shows("Bob", "online");
  const seen = await watch(alice, "Bob");
  const tab = await bob.another();
  await tab.opens("/rooms/general");
  await expect(alice.room.people.here).toHaveCount(2);
  await bob.reloads();
  await bob.reloads();
  await tab.page.close();
  await bob.says("Still here");
  await alice.sees("Still here");
  expect(await seen()).toEqual(["online"]);
  // A user without connections goes offline after a grace period, and stays a member.
  await bob.page.close();
  await expect(alice.room.people.notHere).toHaveCount(1, { timeout: 15_000 });
  expect(await seen()).toEqual(["online", "offline"]);
  await expect(alice.room.people.count).toContainText("1 person here");
});

test.describe("without closing the connection", () => {
  test.use({ networkMayFail: true });
  test("the typing notice of a vanished user ends", async ({ alice, bob }) => {
    await alice.joins("general");
    await bob.joins("general");
    await bob.room.composer.pressSequentially("I was just");
    await expect(alice.room.typing).toContainText("Bob");
    await bob.losesNetwork();
    await expect(alice.room.typing).not.toContainText("Bob", { timeout: 6_000 });
  });
});

test("joins and leaves are combined in one notice", async ({ alice, bob, person }) => {
  await alice.joins("general");
  const carol = await person("Carol");
  await bob.joins("general");
  await carol.joins("general");
  const line = alice.room.notices.filter({ hasText: "Carol" });
  await expect(line).toHaveCount(1);
  await expect(line).toContainText("Bob");
  await expect(line).toContainText("joined");
  // A reconnect is not a join.
  await carol.reloads();
  await carol.says("Hello");
  await alice.sees("Hello");
  await expect(alice.room.notices).toHaveCount(1);
});

test("every avatar shows the presence", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("Look at me");
  const avatar = alice.room.rows("Look at me").locator(".avatar");
  await expect(avatar).toHaveAttribute("data-presence", "online");
  await bob.settings.appearsAs("Do not disturb");
  await expect(avatar).toHaveAttribute("data-presence", "busy");
  await expect(alice.room.people.count).toContainText("2 people here");
});

test("mouse and wheel keep a user online, and moving rows do not", async ({ alice, bob }) => {
  let signs = 0;
  alice.page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      if (/"ping":\{"active":true\}/.test(payload.toString())) signs += 1;
    }),
  );
  await bob.joins("general");
  await alice.joins("general");
  const { mouse } = alice.page;
  // The mouse does not move at first; then the rows move under it.
  await mouse.move(500, 500);
  for (const text of ["one", "two", "three"]) {
    await bob.says(text);
    await alice.seesSent(text);
  }
  expect(signs).toBe(0);
  await mouse.move(510, 520);
  await expect.poll(() => signs).toBe(1);
  await alice.reloads();
  await mouse.wheel(0, -100);
  await expect.poll(() => signs).toBe(2);
});
