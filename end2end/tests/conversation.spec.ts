import { expect, test } from "../support/test";
import { VARIANTS } from "../support/variants";

test("two users exchange messages", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");

  await alice.says("Hello, Bob!");
  await alice.seesSent("Hello, Bob!");
  await bob.seesSent("Hello, Bob!");

  await bob.says("Hello, Alice. How are you?");
  await alice.seesSent("Hello, Alice. How are you?");
  await alice.says("Splendid.\nAnd you?");
  await bob.sees("Splendid. And you?");

  const texts = ["Hello, Bob!", "Hello, Alice. How are you?", "Splendid.\nAnd you?"];
  await alice.seesExactly(texts);
  await bob.seesExactly(texts);
  expect(await alice.room.all()).toEqual(await bob.room.all());
});

test("a message shows author and time, and own messages are marked", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("Who said this?");
  const seen = bob.room.rows("Who said this?");
  await expect(seen).toContainText("Alice");
  await expect(seen.locator("time")).toHaveText(/^\d\d:\d\d$/);
  await expect(seen.locator("time")).toHaveAttribute("datetime", /^\d{4}-\d\d-\d\dT.*Z$/);
  // The row is marked as the user's own or another user's.
  await expect(alice.room.rows("Who said this?")).toHaveClass(/message-own/);
  await expect(seen).not.toHaveClass(/message-own/);
});

for (const { how, options } of VARIANTS) {
  test(`the full date of a message is in its tooltip: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    await alice.joins("general");
    await alice.says("When was this?");
    await alice.seesSent("When was this?");
    const time = alice.room.rows("When was this?").locator("time");
    const at = new Date((await time.getAttribute("datetime")) ?? "");
    // The time is in the reader's time zone (playwright.config.ts), and formatted as the browser formats it.
    const parts = new Intl.DateTimeFormat(alice.words.locale, {
      timeZone: "Europe/Berlin",
      ...{ weekday: "long", day: "numeric", month: "long", year: "numeric" },
      ...{ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" },
    }).formatToParts(at);
    const part = (type: string) => parts.find((part) => part.type === type)?.value;
    const day = `${part("weekday")}, ${part("day")} ${part("month")} ${part("year")}`;
    const clock = `${part("hour")}:${part("minute")}:${part("second")}`;
    await expect(time).toHaveAttribute("title", new RegExp(`^${day}\\D*, ${clock}$`, "i"));
  });
}

test("rooms are separate", async ({ alice, bob }) => {
  await alice.joins("kitchen");
  await bob.joins("garden");
  await alice.says("Dinner is ready");
  await alice.seesSent("Dinner is ready");
  await bob.says("The roses are out");
  await bob.seesSent("The roses are out");
  await bob.doesNotSee("Dinner is ready");
  await alice.doesNotSee("The roses are out");
});

test("a later visitor reads earlier messages", async ({ alice, bob }) => {
  await alice.joins("general");
  await alice.says("First!");
  await alice.seesSent("First!");
  await bob.joins("general");
  await bob.seesSent("First!");
});

test("joins and leaves are shown", async ({ alice, bob }) => {
  await alice.joins("general");
  await expect(alice.room.people.here).toHaveCount(1);
  await bob.joins("general");
  await expect(alice.room.people.here).toHaveCount(2);
  await expect(alice.room.people.aside).toContainText("Alice");
  await expect(alice.room.people.aside).toContainText("Bob");
  await expect(bob.room.people.aside).toContainText("Alice");
  // A second tab does not count as a second user.
  const tab = await bob.another();
  await tab.opens("/rooms/general");
  await expect(tab.room.people.here).toHaveCount(2);
  await expect(alice.room.people.here).toHaveCount(2);
  await tab.page.close();
  await bob.page.close();
  await expect(alice.room.people.here).toHaveCount(1, { timeout: 15_000 });
});

test("two guests in windows of one browser stay separate", async ({ alice }) => {
  await alice.joins("general");
  const zoe = await alice.another();
  await zoe.landing.open();
  await zoe.landing.enter("Zoe", "general");
  await zoe.isIn("general");
  await expect(zoe.page).toHaveURL(/\?as=\d+$/);

  await alice.says("I am Alice");
  await zoe.says("I am Zoe");
  for (const person of [alice, zoe]) {
    await person.seesSent("I am Alice");
    await person.seesSent("I am Zoe");
  }
  const areWhoTheyAre = async () => {
    await expect(alice.room.rows("I am Alice")).toHaveClass(/message-own/);
    await expect(alice.room.rows("I am Zoe")).not.toHaveClass(/message-own/);
    await expect(alice.room.rows("I am Zoe")).toContainText("Zoe");
    await expect(zoe.room.rows("I am Zoe")).toHaveClass(/message-own/);
    await expect(zoe.room.rows("I am Alice")).not.toHaveClass(/message-own/);
    await expect(zoe.room.rows("I am Alice")).toContainText("Alice");
  };
  await areWhoTheyAre();

  await alice.reloads();
  await zoe.reloads();
  await areWhoTheyAre();
  await zoe.says("Still Zoe");
  await expect(alice.room.rows("Still Zoe")).toBeVisible();
  await alice.says("Still Alice");
  await expect(zoe.room.rows("Still Alice")).not.toHaveClass(/message-own/);
  await expect(alice.room.rows("Still Zoe")).not.toHaveClass(/message-own/);
});

test("a taken name gets a number", async ({ alice, person }) => {
  await alice.joins("general");
  const other = await person("Alice");
  await other.joins("general");
  await expect(other.room.people.here).toHaveCount(2);
  await expect(other.room.people.aside).toContainText("Alice2");
});
