import type { Locator } from "@playwright/test";
import { expect, test } from "../support/test";
import type { Person } from "../support/person";

/** Returns the vertical positions of the bubbles. */
const places = (person: Person) =>
  person.page.locator(".message-bubble").evaluateAll((bubbles) =>
    bubbles.map((bubble) => {
      const { x, y, width, height } = bubble.getBoundingClientRect();
      return [x, y, width, height].map(Math.round);
    }),
  );

const stamp = (row: Locator) => row.locator(".message-stamp");

test("the time is shown at the last message of a group, and at a hovered one", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  for (const text of ["One", "Two", "Three"]) await bob.says(text);
  await alice.seesSent("Three");
  await alice.says("Four");
  await alice.seesSent("Four");
  await alice.looksAway();
  for (const text of ["One", "Two"]) await expect(stamp(alice.room.rows(text))).toHaveCSS("opacity", "0");
  for (const text of ["Three", "Four"]) await expect(stamp(alice.room.rows(text))).toHaveCSS("opacity", "1");
  await alice.stops();
  const before = await places(alice);
  await alice.room.rows("One").locator(".message-bubble").hover();
  await expect(stamp(alice.room.rows("One"))).toHaveCSS("opacity", "1");
  await expect(stamp(alice.room.rows("Two"))).toHaveCSS("opacity", "0");
  expect(await places(alice)).toEqual(before);
  // The tooltip of each message has the full date and time.
  for (const text of ["One", "Two", "Three"]) {
    await expect(alice.room.rows(text).locator(".message-bubble")).toHaveAttribute("title", /\d{4}.*\d\d/);
  }
});

test("readers are shown under the own last message and at the end, without moving rows", async ({ person }) => {
  const alice = await person("Alice");
  const bob = await person("Bob");
  const carol = await person("Carol");
  for (const someone of [alice, bob, carol]) await someone.joins("general");
  await alice.says("An old one");
  await alice.seesSent("An old one");
  await alice.says("My last one");
  await carol.seesSent("My last one");
  await expect(alice.room.message("My last one").readers).toHaveAccessibleName(/Carol/);
  await carol.looks("elsewhere");
  await bob.says("In between");
  await bob.says("At the end");
  await alice.seesSent("At the end");
  await expect(alice.room.message("At the end").readers).toHaveAccessibleName(/Bob/);
  await expect(alice.room.message("My last one").readers).toHaveAccessibleName(/Carol/);
  await expect(alice.room.log.locator("[data-readers]")).toHaveCount(2);
  await alice.stops();
  const before = await places(alice);
  await carol.looks("here");
  await expect(alice.room.message("At the end").readers).toHaveAccessibleName(/Carol/);
  await expect(alice.room.log.locator("[data-readers]")).toHaveCount(1);
  expect(await places(alice)).toEqual(before);
});

test("own long texts and code have a light background", async ({ alice }) => {
  await alice.joins("general");
  const [short, long, code] = ["A short one", "word ".repeat(60).trim(), "```\nlet soup = 1;\n```"];
  for (const text of [short, long, code]) await alice.says(text);
  await expect(alice.room.messages).toHaveCount(3);
  for (const index of [0, 1, 2]) await expect(alice.room.messages.nth(index)).toHaveAttribute("data-state", "sent");
  await alice.stops();
  const colour = (token: string) =>
    alice.page.evaluate((token) => {
      const probe = document.body.appendChild(document.createElement("i"));
      probe.style.setProperty("background-color", `var(${token})`);
      const { backgroundColor } = getComputedStyle(probe);
      probe.remove();
      return backgroundColor;
    }, token);
  const bubble = (index: number) => alice.room.messages.nth(index).locator(".message-bubble");
  await expect(bubble(0)).toHaveCSS("background-color", await colour("--accent"));
  await expect(bubble(1)).toHaveCSS("background-color", await colour("--accent-wash"));
  await expect(bubble(2)).toHaveCSS("background-color", await colour("--accent-wash"));
});

test("only new messages are animated, and none with reduced motion", async ({ person }) => {
  const alice = await person("Alice");
  const bob = await person("Bob", { reducedMotion: "reduce" });
  await alice.joins("general");
  await alice.says("The first");
  await alice.seesSent("The first");
  await bob.joins("general");
  await bob.says("It arrives");
  await alice.seesSent("It arrives");
  const entries = (of: Person) =>
    of.page.locator(".timeline-item").evaluateAll((items) => items.map((item) => item.getAttribute("data-entry")));
  expect((await entries(alice)).at(-1)).toBe("arrived");
  const motion = (of: Person) => of.page.locator(".timeline-item > article").last().evaluate((last) => getComputedStyle(last).animationName);
  expect(await motion(alice)).toBe("arrive");
  expect(await motion(bob)).toBe("none");
  // Rows that were present before are not animated.
  await alice.reloads();
  expect(await entries(alice)).not.toContain("arrived");
});

test("an added reaction fades and grows in, and not with reduced motion", async ({ person }) => {
  const alice = await person("Alice");
  const bob = await person("Bob", { reducedMotion: "reduce" });
  for (const { page } of [alice, bob]) {
    await page.addInitScript(() => {
      addEventListener("transitionrun", ({ target, propertyName }) => {
        const emoji = (target as HTMLElement).dataset["reaction"];
        const seen = document.documentElement.dataset;
        if (emoji) seen["motions"] = `${seen["motions"] ?? ""} ${emoji} ${propertyName}`;
      });
    });
  }
  const motions = (of: Person) => of.page.evaluate(() => document.documentElement.dataset["motions"]?.trim());
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("Tea?");
  await alice.seesSent("Tea?");
  await alice.room.message("Tea?").reactsWith("👍");
  for (const { room } of [alice, bob]) await expect(room.message("Tea?").reaction("👍")).toBeVisible();
  await expect.poll(() => motions(alice)).toBe("👍 opacity 👍 scale");
  expect(await motions(bob)).toBeUndefined();
  // Reactions of the first rendering do not move.
  await alice.reloads();
  await expect(alice.room.message("Tea?").reaction("👍")).toBeVisible();
  expect(await motions(alice)).toBeUndefined();
});
