import { expect, test } from "../support/test";
import { WAYS } from "../support/ways";
import type { Person } from "../support/person";

/** Remembers how somebody is shown, each time it changes. */
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

for (const { how, options } of WAYS) {
  test(`one sees who is writing, and when they stop: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    const tab = await alice.another();
    await tab.opens("/rooms/general");

    await alice.room.composer.pressSequentially("Let me think");
    await expect(bob.room.typing).toContainText(bob.words.typing("Alice"));
    // Never myself, in no tab of mine.
    expect(await alice.room.typing.textContent()).not.toContain("Alice");
    expect(await tab.room.typing.textContent()).not.toContain("Alice");
    // Three seconds after the last sign it is over, whoever says so.
    await expect(bob.room.typing).not.toContainText("Alice", { timeout: 6_000 });
    // A message ends it at once.
    await alice.room.composer.pressSequentially(" about it");
    await expect(bob.room.typing).toContainText(bob.words.typing("Alice"));
    await alice.room.composer.press("Enter");
    await bob.sees("Let me think about it");
    await expect(bob.room.typing).not.toContainText("Alice", { timeout: 1_000 });
  });

  test(`one chooses how to be seen: ${how}`, async ({ person }) => {
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
    // Invisible is as good as gone, but for oneself.
    await alice.settings.appearsAs(alice.words.statusInvisible);
    await bob.room.people.shows("Alice", "offline");
    await expect(bob.room.people.notHere).toHaveCount(1);
    await alice.says("Nobody sees me");
    await bob.sees("Nobody sees me");
    await bob.room.people.shows("Alice", "offline");
    // It is a choice of the person, and not of the tab.
    const tab = await alice.another();
    await tab.opens("/rooms/general");
    await tab.settings.open();
    await expect(tab.settings.menu.getByRole("radio", { name: tab.words.statusInvisible })).toBeChecked();
    await tab.settings.menu.getByRole("radio", { name: tab.words.statusOnline, exact: true }).check();
    await bob.room.people.shows("Alice", "online");
  });
}

test("two who write are both named, three are counted", async ({ alice, bob, person }) => {
  const carol = await person("Carol");
  const dave = await person("Dave");
  for (const somebody of [alice, bob, carol, dave]) await somebody.joins("general");
  const write = (who: Person[]) => Promise.all(who.map((one) => one.room.composer.pressSequentially("hm")));
  await write([bob, carol]);
  await expect(alice.room.typing).toContainText(/(Bob.* and .*Carol|Carol.* and .*Bob).* are writing…/);
  await write([bob, carol, dave]);
  await expect(alice.room.typing).toContainText("3 people are writing…");
});

test("several tabs are one person, and a reload is no absence", async ({ alice, bob }) => {
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
  // Who is really gone is gone after the grace, and stays a member.
  await bob.page.close();
  await expect(alice.room.people.notHere).toHaveCount(1, { timeout: 15_000 });
  expect(await seen()).toEqual(["online", "offline"]);
  await expect(alice.room.people.count).toContainText("1 person here");
});

test.describe("without a goodbye", () => {
  test.use({ networkMayFail: true });
  test("whoever vanishes while writing stops writing", async ({ alice, bob }) => {
    await alice.joins("general");
    await bob.joins("general");
    await bob.room.composer.pressSequentially("I was just");
    await expect(alice.room.typing).toContainText("Bob");
    await bob.losesNetwork();
    await expect(alice.room.typing).not.toContainText("Bob", { timeout: 6_000 });
  });
});

test("who came and who went is said in one line", async ({ alice, bob, person }) => {
  await alice.joins("general");
  const carol = await person("Carol");
  await bob.joins("general");
  await carol.joins("general");
  const line = alice.room.notices.filter({ hasText: "Carol" });
  await expect(line).toHaveCount(1);
  await expect(line).toContainText("Bob");
  await expect(line).toContainText("joined");
  // To come again is not to join again.
  await carol.reloads();
  await carol.says("Hello");
  await alice.sees("Hello");
  await expect(alice.room.notices).toHaveCount(1);
});

test("there is a sign on every picture of somebody", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("Look at me");
  const avatar = alice.room.rows("Look at me").locator(".avatar");
  await expect(avatar).toHaveAttribute("data-presence", "online");
  await bob.settings.appearsAs("Do not disturb");
  await expect(avatar).toHaveAttribute("data-presence", "busy");
  await expect(alice.room.people.count).toContainText("2 people here");
});

test("whoever moves the mouse or the wheel is there, and a page that moves by itself is no sign", async ({ alice, bob }) => {
  let signs = 0;
  alice.page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      if (/"ping":\{"active":true\}/.test(payload.toString())) signs += 1;
    }),
  );
  await bob.joins("general");
  await alice.joins("general");
  const { mouse } = alice.page;
  // Where it is at first nobody has moved it to, and then the lines move under it.
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
