import { expect, test } from "../support/test";
import { flood } from "../support/flood";
import { VARIANTS } from "../support/variants";
import { turnsTo } from "../support/wheel";

for (const { how, options } of VARIANTS) {
  test(`unread counts agree on all devices: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await bob.says("Read this");
    await alice.seesSent("Read this");
    const phone = await alice.another();
    for (const device of [alice, phone]) await device.joins("elsewhere");

    for (const text of ["one", "two", "three"]) await bob.says(text);
    for (const device of [alice, phone]) await device.sidebar.showsUnread("general", 3);
    await alice.sidebar.goes("general");
    await alice.sees("three");
    for (const device of [alice, phone]) await device.sidebar.showsUnread("general", 0);
    // The divider is placed at the first unread message, and stays while the user reads.
    await expect(alice.room.divider).toHaveCount(1);
    await expect(alice.room.divider).toContainText(alice.words.new);
    await bob.says("four");
    await alice.sees("four");
    const order = await alice.room.log
      .locator("[data-divider], article[data-message] .message-text")
      .evaluateAll((lines) => lines.map((line) => (line.hasAttribute("data-divider") ? "---" : line.textContent?.trim())));
    expect(order).toEqual(["Read this", "---", "one", "two", "three", "four"]);
    // After leaving the room, all is read.
    await alice.sidebar.goes("elsewhere");
    await alice.sidebar.goes("general");
    await alice.sees("four");
    await expect(alice.room.divider).toHaveCount(0);
  });

  test(`a message can be marked as unread: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    for (const text of ["one", "two", "three"]) await bob.says(text);
    await alice.seesSent("three");
    await alice.sidebar.showsUnread("general", 0);
    const phone = await alice.another();
    await phone.joins("elsewhere");
    await phone.sidebar.showsUnread("general", 0);

    await alice.room.message("two").act("mark-unread");
    for (const device of [alice, phone]) await device.sidebar.showsUnread("general", 2);
    // The message stays unread although the room is open.
    await bob.says("four");
    await alice.seesSent("four");
    for (const device of [alice, phone]) await device.sidebar.showsUnread("general", 3);
    await phone.sidebar.goes("general");
    await expect(phone.room.divider).toHaveCount(1);
    for (const device of [alice, phone]) await device.sidebar.showsUnread("general", 0);
  });

  test(`readers are shown under a message unless they opt out: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await alice.says("Have you read this?");
    await bob.seesSent("Have you read this?");
    const readers = () => alice.room.message("Have you read this?").readers;
    await expect(readers()).toHaveAccessibleName(/Bob/);
    await expect(readers()).toHaveAccessibleName(alice.words.readBy);
    // The avatar moves when the user reads further.
    await alice.says("And this?");
    await bob.seesSent("And this?");
    await expect(alice.room.message("And this?").readers).toHaveAccessibleName(/Bob/);
    await expect(readers()).toHaveCount(0);

    await bob.settings.sharesReads(false);
    await expect(alice.room.message("And this?").readers).toHaveCount(0);
    await alice.says("And now?");
    await bob.seesSent("And now?");
    await bob.sidebar.showsUnread("general", 0);
    await expect(alice.room.log.locator("[data-readers]")).toHaveCount(0);
  });
}

test("messages that arrived during an absence are marked as new", async ({ alice, bob }) => {
  await alice.joins("general");
  await alice.says("Good night");
  await alice.seesSent("Good night");
  await alice.page.close();
  await bob.joins("general");
  await flood(bob, "general", "night", 20);
  const next = await alice.another();
  await next.opens("/rooms/general");
  await next.sees("night 20");
  await expect(next.room.divider).toHaveCount(1);
  await next.room.rows("night 20").scrollIntoViewIfNeeded();
  const first = next.room.log.locator("[data-divider] ~ article, .timeline-item:has([data-divider]) article").first();
  await expect(first).toContainText("night 1");
  await next.sidebar.showsUnread("general", 0);
});

test("messages below the view stay unread until they are seen", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await flood(bob, "general", "old", 60);
  await alice.seesSent("old 60");
  await alice.room.log.hover();
  await alice.page.mouse.wheel(0, -1_500);
  await expect(alice.room.rows("old 60")).not.toBeInViewport();
  await bob.says("Further down");
  await expect(alice.room.pill).toHaveText("1 new message");
  await alice.sidebar.showsUnread("general", 1);
  await alice.room.pill.click();
  await expect(alice.room.rows("Further down")).toBeInViewport();
  await alice.sidebar.showsUnread("general", 0);
});

for (const { how, options, words } of VARIANTS) {
  for (const { count, shown } of [{ count: 120, shown: "120" }, { count: 1_200, shown: "999+" }]) {
    test(`a room with ${count} unread messages opens at the first: ${how}`, async ({ person }) => {
      const alice = await person("Alice", options);
      const bob = await person("Bob", options);
      await alice.joins("general");
      await alice.says("Good night");
      await alice.seesSent("Good night");
      await alice.joins("elsewhere");
      await bob.joins("general");
      await flood(bob, "general", "night", count);
      await expect(alice.sidebar.room("general")).toHaveAttribute("data-unread", /^(120|1000)$/);
      await alice.sidebar.goes("general");
      await expect(alice.room.divider).toBeInViewport();
      await expect(alice.room.rows("night 1")).toBeInViewport();
      await expect(alice.room.unreadBar).toContainText(words.newSince(shown));
      // Messages that were not in view are not read.
      const unread = await alice.sidebar.unread("general");
      expect(unread).toBeGreaterThan(count > 1_000 ? 900 : 80);
      // After visiting another room, the view starts at the first unread message.
      await alice.sidebar.goes("elsewhere");
      await alice.isIn("elsewhere");
      await alice.sidebar.goes("general");
      await expect(alice.room.divider).toBeInViewport();
      await expect(alice.room.unreadBar).toBeVisible();
      await alice.reloads();
      await expect(alice.room.divider).toBeInViewport();
      await expect(alice.room.unreadBar).toContainText(words.newSince());
      await alice.room.unreadBar.getByRole("button").click();
      await expect(alice.room.rows(`night ${count}`)).toBeInViewport();
      await expect(alice.room.unreadBar).toBeHidden();
      await alice.sidebar.showsUnread("general", 0);
    });
  }
}

test("the bar of new messages stays until the end is reached", async ({ alice, bob }) => {
  await alice.joins("general");
  await alice.joins("elsewhere");
  await bob.joins("general");
  await flood(bob, "general", "night", 120);
  await alice.sidebar.showsUnread("general", 120);
  await alice.sidebar.goes("general");
  await expect(alice.room.unreadBar).toBeVisible();
  const left = () => alice.sidebar.unread("general");
  const before = await left();
  await alice.room.log.hover();
  await alice.page.mouse.wheel(0, 1_500);
  await expect.poll(left).toBeLessThan(before - 10);
  await expect(alice.room.unreadBar).toContainText(alice.words.newSince("120"));
  await turnsTo(alice, alice.room.rows("night 120"), false);
  await expect(alice.room.unreadBar).toBeHidden();
  await alice.sidebar.showsUnread("general", 0);
});

test("one unread message shows no bar", async ({ alice, bob }) => {
  await alice.joins("general");
  await alice.joins("elsewhere");
  await bob.joins("general");
  await bob.says("Just one");
  await alice.sidebar.showsUnread("general", 1);
  await alice.sidebar.goes("general");
  await expect(alice.room.divider).toBeInViewport();
  await expect(alice.room.rows("Just one")).toBeInViewport();
  await alice.sidebar.showsUnread("general", 0);
  await expect(alice.room.unreadBar).toBeHidden();
});

for (const { many, count } of [{ many: "many messages", count: 60 }, { many: "more than the page holds", count: 700 }]) {
  test(`a tab that was hidden returns to the first new message: ${many}`, async ({ alice, bob }) => {
    await alice.joins("general");
    await bob.joins("general");
    await flood(bob, "general", "before", 40);
    await alice.seesSent("before 40");
    await alice.sidebar.showsUnread("general", 0);
    await alice.looks("elsewhere");
    await flood(bob, "general", "while away", count);
    await expect(alice.page).toHaveTitle(new RegExp(`^\\(${count}\\)`));
    await alice.looks("here");
    await expect(alice.room.divider).toBeInViewport();
    await expect(alice.room.rows("while away 1")).toBeInViewport();
    await expect(alice.room.rows(`while away ${count}`)).not.toBeInViewport();
    await expect(alice.room.unreadBar).toContainText(alice.words.newSince());
    expect(await alice.sidebar.unread("general")).toBeGreaterThan(count / 3);
    await alice.room.unreadBar.getByRole("button").click();
    await expect(alice.room.rows(`while away ${count}`)).toBeInViewport();
    await alice.sidebar.showsUnread("general", 0);
  });
}

test("a tab that was hidden stays at the end if few messages arrived", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await flood(bob, "general", "before", 40);
  await alice.seesSent("before 40");
  await alice.looks("elsewhere");
  await alice.looks("here");
  await expect(alice.room.rows("before 40")).toBeInViewport();
  await alice.looks("elsewhere");
  await bob.says("One more");
  await alice.seesSent("One more");
  await alice.looks("here");
  await expect(alice.room.rows("One more")).toBeInViewport();
  await alice.sidebar.showsUnread("general", 0);
  await bob.says("And one");
  await expect(alice.room.rows("And one")).toBeInViewport();
});
