import { expect, test } from "../support/test";
import { flood } from "../support/flood";
import type { Person } from "../support/person";

/** Returns how many pixels of the timeline are below the view. */
const below = (person: Person) =>
  person.room.log.evaluate((log) => {
    const last = [...log.querySelectorAll("article[data-message]")].at(-1);
    return last ? Math.max(0, last.getBoundingClientRect().bottom - log.getBoundingClientRect().bottom) : 0;
  });

/** Simulates the reversed column of iOS (browser/scroll.rs), and no other property of that browser. */
const onIos = async (person: Person) => {
  await person.page.addInitScript(() => {
    const supports = CSS.supports.bind(CSS) as (...question: string[]) => boolean;
    CSS.supports = (...question: string[]) => question[0] === "-webkit-touch-callout" || supports(...question);
  });
};

const TIMELINES = [
  { how: "", direction: "column", prepare: async () => {} },
  { how: ", on iOS", direction: "column-reverse", prepare: onIos },
];

const wheel = async (person: Person, up: number) => {
  await person.room.log.hover();
  await person.page.mouse.wheel(0, -up);
};

test("an empty room shows a hint", async ({ alice }) => {
  await alice.joins("brand-new");
  await expect(alice.page.getByText("No messages yet")).toBeVisible();
  await expect(alice.room.log.getByRole("button", { name: "Copy link" })).toBeVisible();
  await alice.says("Now somebody has");
  await alice.seesSent("Now somebody has");
  await expect(alice.page.getByText("No messages yet")).toBeHidden();
});

test("the link of an empty room can be copied", async ({ person }) => {
  const alice = await person("Alice", { permissions: ["clipboard-read", "clipboard-write"] });
  await alice.joins("brand-new");
  await alice.room.log.getByRole("button", { name: "Copy link" }).click();
  await expect(alice.page.getByText("Link copied")).toBeVisible();
  const link = await alice.page.evaluate(() => navigator.clipboard.readText());
  expect(new URL(link).pathname).toBe("/rooms/brand-new");
  expect(new URL(link).search).toBe("");
});

/** Returns the first row in view and its position. */
async function anchor(person: Person): Promise<{ text: string; top: number }> {
  return person.room.log.evaluate((log) => {
    const frame = log.getBoundingClientRect();
    for (const row of log.querySelectorAll("article[data-message]")) {
      const top = row.getBoundingClientRect().top;
      if (top > Math.max(frame.top, 0) + 5) return { text: row.querySelector(".message-text")?.textContent ?? "", top };
    }
    throw new Error("no row is in view");
  });
}

/** Alice reads far above the end of Bob's messages. Returns the first row in her view and its position. */
async function readsAbove(alice: Person, bob: Person): Promise<{ text: string; top: number }> {
  await bob.joins("general");
  await flood(bob, "general", "history", 60);
  await alice.joins("general");
  await alice.room.isAtEnd();
  await wheel(alice, 900);
  await expect.poll(() => below(alice)).toBeGreaterThan(400);
  await alice.page.waitForTimeout(300);
  return anchor(alice);
}

for (const { how, direction, prepare } of TIMELINES) {
  test(`the view stays at the end${how}`, async ({ alice, bob }) => {
    await prepare(alice);
    await bob.joins("general");
    await flood(bob, "general", "old", 40);
    await alice.joins("general");
    await expect(alice.room.log).toHaveCSS("flex-direction", direction);
    await alice.room.isAtEnd();
    for (let i = 1; i <= 5; i += 1) {
      await bob.says(`new ${i}`);
      await alice.sees(`new ${i}`);
      await alice.room.isAtEnd();
    }
    // A composer with many lines and a smaller window do not change this.
    await alice.room.composer.fill("one\ntwo\nthree\nfour\nfive");
    await alice.room.isAtEnd();
    await alice.page.setViewportSize({ width: 700, height: 500 });
    await alice.room.isAtEnd();
    await expect.poll(() => below(alice)).toBeLessThanOrEqual(0);
  });

  test(`scrolling up loads older messages and moves nothing${how}`, async ({ alice, bob }) => {
    await prepare(alice);
    await bob.joins("general");
    await flood(bob, "general", "history", 120);
    await alice.joins("general");
    await alice.seesSent("history 120");
    await alice.room.isAtEnd();

    // Scrolls to the first message; each row stays where the wheel has moved it.
    for (let turn = 0; turn < 60; turn += 1) {
      if ((await alice.room.rows("history 1").count()) > 0) break;
      const before = await anchor(alice);
      await alice.page.waitForTimeout(120);
      const after = await alice.room.rows(before.text).evaluate((row) => row.getBoundingClientRect().top);
      expect(Math.abs(after - before.top), `${before.text} moved while older messages came`).toBeLessThanOrEqual(2);
      await wheel(alice, 300);
      await alice.page.waitForTimeout(80);
    }
    await expect(alice.room.rows("history 1")).toHaveCount(1);
    const texts = await alice.room.texts();
    expect(texts).toEqual(Array.from({ length: texts.length }, (_, i) => `history ${i + 1}`));
    await wheel(alice, 5_000);
    await expect(alice.page.getByText("This is where the room begins.")).toBeInViewport();
  });

  test(`new messages are counted and move nothing above the end${how}`, async ({ alice, bob }) => {
    await prepare(alice);
    const before = await readsAbove(alice, bob);

    await bob.says("You will not see this yet");
    await expect(alice.room.pill).toHaveText("1 new message");
    await bob.says("Nor this");
    await expect(alice.room.pill).toHaveText("2 new messages");
    await expect(alice.room.rows("Nor this")).not.toBeInViewport();
    const after = await alice.room.rows(before.text).evaluate((row) => row.getBoundingClientRect().top);
    expect(Math.abs(after - before.top)).toBeLessThanOrEqual(2);

    await alice.room.pill.click();
    await expect(alice.room.rows("Nor this")).toBeInViewport();
    await expect(alice.room.pill).toBeHidden();
  });

  test.describe("after a reconnect", () => {
    test.use({ networkMayFail: true });
    test(`the reading position is kept${how}`, async ({ alice, bob }) => {
      await prepare(alice);
      const before = await readsAbove(alice, bob);

      await alice.losesNetwork();
      for (const text of ["Missed", "Missed too"]) await bob.says(text);
      await bob.seesSent("Missed too");
      await alice.seesBanner();
      await alice.doesNotSee("Missed too");
      await alice.findsNetwork();
      await alice.seesNoBanner();
      await expect(alice.room.pill).toHaveText("2 new messages");
      await expect(alice.room.rows("Missed too")).not.toBeInViewport();
      const after = await alice.room.rows(before.text).evaluate((row) => row.getBoundingClientRect().top);
      expect(Math.abs(after - before.top), `${before.text} moved while one was away`).toBeLessThanOrEqual(2);
    });
  });

  test(`posting scrolls to the end${how}`, async ({ alice, bob }) => {
    await prepare(alice);
    await bob.joins("general");
    await flood(bob, "general", "history", 60);
    await alice.joins("general");
    await wheel(alice, 900);
    await expect.poll(() => below(alice)).toBeGreaterThan(400);
    await alice.says("From up here");
    await expect(alice.room.rows("From up here")).toBeInViewport();
  });
}

test("a pending row becomes the sent row", async ({ alice }) => {
  await alice.joins("general");
  await alice.says("Watch me");
  await alice.sees("Watch me");
  // The pending row becomes the sent row: the same element, not a second one.
  const row = await alice.room.rows("Watch me").elementHandle();
  await alice.seesSent("Watch me");
  expect(await row?.evaluate((row) => row.isConnected && row.getAttribute("data-state"))).toBe("sent");
});

test("a high screen at the end requests older messages only once", async ({ bob, person }) => {
  const alice = await person("Alice", { viewport: { width: 1280, height: 2_160 } });
  await bob.joins("general");
  await flood(bob, "general", "old", 200);
  let asked = 0;
  alice.page.on("websocket", (socket) =>
    socket.on("framesent", ({ payload }) => {
      if (/"history":/.test(payload.toString())) asked += 1;
    }),
  );
  await alice.joins("general");
  await alice.room.isAtEnd();
  await expect.poll(() => alice.room.rows("old 140").count()).toBe(1);
  await flood(bob, "general", "new", 100);
  await alice.sees("new 100");
  await alice.room.isAtEnd();
  await expect(alice.room.rows("new 10")).toHaveCount(1);
  expect(asked).toBeLessThanOrEqual(2);
});
