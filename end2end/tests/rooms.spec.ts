import { expect, test } from "../support/test";
import { VARIANTS } from "../support/variants";

for (const { how, options, narrow } of VARIANTS) {
  test(`a room is created, found, joined and left: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");

    await alice.dialogs.createsRoom("garden", "Roses and weeds");
    await alice.isIn("garden");
    await expect(alice.room.topic).toContainText("Roses and weeds");
    await alice.says("Who waters the roses?");
    await alice.seesSent("Who waters the roses?");

    await bob.dialogs.openBrowse();
    const found = bob.dialogs.publicRoom("garden");
    await expect(found).toContainText("Roses and weeds");
    await bob.dialogs.dialog.getByRole("textbox").fill("#GARD");
    await expect(bob.dialogs.publicRoom("general")).toHaveCount(0);
    await found.click();
    await bob.isIn("garden");
    await bob.seesSent("Who waters the roses?");
    await expect.poll(() => bob.sidebar.names()).toEqual(expect.arrayContaining(["garden", "general"]));
    await alice.room.people.open();
    await alice.room.people.shows("Bob", "online");
    if (narrow) await alice.page.keyboard.press("Escape");
    // Large rooms have no notices of joins and leaves.
    await bob.says("I do");
    await alice.seesSent("I do");

    await bob.dialogs.openLeave();
    await expect(bob.dialogs.titled(bob.words.leaveTitle("garden"))).toBeVisible();
    await bob.dialogs.dialog.getByRole("button", { name: bob.words.leave }).click();
    await bob.isIn("general");
    await expect.poll(() => bob.sidebar.names()).toEqual(["general"]);
    await expect(alice.room.notices.filter({ hasText: alice.words.left("Bob") })).toHaveCount(1);
    await expect(alice.room.people.person("Bob")).toHaveCount(0);
    // The room is removed in all tabs, also after a reload.
    await bob.reloads();
    await expect.poll(() => bob.sidebar.names()).toEqual(["general"]);
  });

  test(`rooms are sorted by the last message and show unread counts: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    for (const room of ["one", "two", "three"]) await alice.joins(room);
    await bob.joins("one");
    await bob.says("First");
    await bob.seesSent("First");
    await alice.sidebar.showsUnread("one", 1);
    await expect.poll(() => alice.sidebar.names()).toEqual(["one", "three", "two"]);
    await bob.says("Second");
    await alice.sidebar.showsUnread("one", 2);
    await expect(alice.page).toHaveTitle("(2) #three · Hubbub");

    await alice.sidebar.goes("one");
    await alice.isIn("one");
    await alice.sees("Second");
    await alice.sidebar.showsUnread("one", 0);
    await expect(alice.page).toHaveTitle("#one · Hubbub");
    // The user's own messages are not unread, but move the room to the top.
    await alice.sidebar.goes("two");
    await alice.says("Third");
    await alice.seesSent("Third");
    // The order does not change under the pointer.
    await alice.room.log.hover();
    await expect.poll(() => alice.sidebar.names()).toEqual(["two", "one", "three"]);
    await alice.sidebar.showsUnread("two", 0);
  });
}

test("the address names the room, and the back button returns", async ({ alice }) => {
  await alice.joins("one");
  await alice.says("In one");
  await alice.seesSent("In one");
  await alice.joins("two");
  // Changing rooms does not load a page.
  await alice.page.evaluate(() => Object.assign(window, { same: true }));
  await alice.sidebar.goes("one");
  await alice.isIn("one");
  await alice.seesSent("In one");
  await alice.sidebar.goes("two");
  await alice.isIn("two");
  await alice.doesNotSee("In one");
  await alice.page.goBack();
  await alice.isIn("one");
  await alice.seesSent("In one");
  await alice.page.goForward();
  await alice.isIn("two");
  expect(await alice.page.evaluate(() => "same" in window)).toBe(true);
  await alice.page.goBack();
  await alice.reloads();
  await alice.isIn("one");
  await alice.seesSent("In one");
});

test("a topic is shown to all members", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.dialogs.setsTopic("Bread, butter, cats");
  for (const person of [alice, bob]) {
    await expect(person.room.topic).toContainText("Bread, butter, cats");
    await expect(person.room.notices.filter({ hasText: "Bread, butter, cats" })).toHaveCount(1);
  }
  await bob.reloads();
  await expect(bob.room.topic).toContainText("Bread, butter, cats");
  // An error is shown beside the field, and the text is kept.
  await bob.dialogs.openTopic();
  const field = bob.dialogs.dialog.getByRole("textbox", { name: "Topic" });
  await expect(field).toHaveValue("Bread, butter, cats");
  await field.fill("t".repeat(251));
  await field.press("Enter");
  await expect(bob.dialogs.dialog.getByRole("alert")).toContainText("250");
  await field.fill("");
  await field.press("Enter");
  await expect(alice.room.topic).toContainText("Add a topic");
});

test("creating an existing room joins it", async ({ alice, bob }) => {
  await alice.joins("garden");
  await alice.dialogs.setsTopic("Mine");
  await bob.joins("general");
  await bob.dialogs.openNewRoom();
  await bob.dialogs.dialog.getByRole("textbox", { name: "Name" }).fill("no good");
  await bob.dialogs.dialog.getByRole("button", { name: "Create room" }).click();
  await expect(bob.dialogs.dialog.getByRole("alert")).toContainText("only the letters");
  await bob.dialogs.dialog.getByRole("textbox", { name: "Name" }).fill("garden");
  await bob.dialogs.dialog.getByRole("textbox", { name: "Topic (optional)" }).fill("No, mine");
  await bob.dialogs.dialog.getByRole("button", { name: "Join" }).click();
  await bob.isIn("garden");
  await expect(bob.room.topic).toContainText("Mine");
  await expect(bob.room.topic).not.toContainText("No, mine");
});

test("joining and leaving a room applies to all tabs", async ({ alice }) => {
  await alice.joins("one");
  const tab = await alice.another();
  await tab.opens("/rooms/one");
  await alice.dialogs.createsRoom("two");
  await alice.isIn("two");
  await expect.poll(() => tab.sidebar.names()).toEqual(["two", "one"]);
  await tab.dialogs.openSwitcher();
  await tab.page.keyboard.type("two");
  await tab.page.keyboard.press("Enter");
  await tab.isIn("two");
  await tab.dialogs.openLeave();
  await tab.dialogs.dialog.getByRole("button", { name: "Leave" }).click();
  await tab.isIn("one");
  await expect.poll(() => tab.sidebar.names()).toEqual(["one"]);
  // The tab that has the room open shows a notice instead; the room is removed when another room is opened.
  await expect(alice.page.locator("[data-membership]")).toContainText("You have left this room");
  await alice.sidebar.goes("one");
  await alice.isIn("one");
  await expect.poll(() => alice.sidebar.names()).toEqual(["one"]);
});
