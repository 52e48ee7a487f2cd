import { expect, test } from "../support/test";
import { flood } from "../support/flood";
import { WAYS } from "../support/ways";

for (const { how, options } of WAYS) {
  test(`what is unread is the same on all devices: ${how}`, async ({ person }) => {
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
    // Where one left off stands a line, and stays there while one reads.
    await expect(alice.room.divider).toHaveCount(1);
    await expect(alice.room.divider).toContainText(alice.words.new);
    await bob.says("four");
    await alice.sees("four");
    const order = await alice.room.log
      .locator("[data-divider], article[data-message] .message-text")
      .evaluateAll((lines) => lines.map((line) => (line.hasAttribute("data-divider") ? "---" : line.textContent?.trim())));
    expect(order).toEqual(["Read this", "---", "one", "two", "three", "four"]);
    // Once left, it is read.
    await alice.sidebar.goes("elsewhere");
    await alice.sidebar.goes("general");
    await alice.sees("four");
    await expect(alice.room.divider).toHaveCount(0);
  });

  test(`a message is made unread again: ${how}`, async ({ person }) => {
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
    // It stays so, though one still looks at it.
    await bob.says("four");
    await alice.seesSent("four");
    for (const device of [alice, phone]) await device.sidebar.showsUnread("general", 3);
    await phone.sidebar.goes("general");
    await expect(phone.room.divider).toHaveCount(1);
    for (const device of [alice, phone]) await device.sidebar.showsUnread("general", 0);
  });

  test(`who has read is shown under the message, unless they mind: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await alice.says("Have you read this?");
    await bob.seesSent("Have you read this?");
    const readers = () => alice.room.message("Have you read this?").readers;
    await expect(readers()).toHaveAccessibleName(/Bob/);
    await expect(readers()).toHaveAccessibleName(alice.words.readBy);
    // The mark goes with the reader.
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

test("what was said while one was away is new, from the first of it", async ({ alice, bob }) => {
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

test("more than one sees is unread until one comes to it", async ({ alice, bob }) => {
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
