import { expect, test } from "../support/test";
import { flood } from "../support/flood";
import { VARIANTS } from "../support/variants";

for (const { how, options } of VARIANTS) {
  test(`a reply shows the quote and leads to it: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await alice.says("What time is it?");
    await bob.seesSent("What time is it?");
    const seq = (await alice.room.all()).find((row) => row.text === "What time is it?")?.seq;
    expect(seq).toBeDefined();
    await flood(alice, "general", "between", 150);
    await bob.sees("between 150");
    // Bob has read them; otherwise the room would open at the first unread message.
    await expect(alice.room.message("between 150").readers).toBeVisible();
    // To the quoted message far above, and back.
    await bob.reloads();
    await bob.doesNotSee("What time is it?");
    await bob.opens(`/rooms/general?at=${seq}`);
    await expect(bob.room.rows("What time is it?")).toBeInViewport();
    await bob.room.message("What time is it?").act("reply");
    await expect(bob.page.locator("[data-mode=reply]")).toContainText("What time is it?");
    await expect(bob.page.locator("[data-mode=reply]")).toContainText(bob.words.replyingTo("Alice"));
    await bob.room.composer.fill("Time for tea");
    await bob.room.composer.press("Enter");
    await alice.seesSent("Time for tea");
    await expect(bob.room.rows("Time for tea")).toBeInViewport();

    const quote = alice.room.message("Time for tea").quote;
    await expect(quote).toContainText("Alice");
    await expect(quote).toContainText("What time is it?");
    await alice.reloads();
    await quote.click();
    await expect(alice.room.rows("What time is it?")).toBeInViewport();
    await expect(alice.room.rows("What time is it?")).toHaveAttribute("data-highlight");
  });

  test(`reactions are added and removed: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await alice.says("There is cake");
    await bob.seesSent("There is cake");
    const [hers, his] = [alice.room.message("There is cake"), bob.room.message("There is cake")];
    await his.reactsWith("🎉");
    for (const message of [hers, his]) await expect.poll(() => message.reactions()).toEqual(["🎉 1"]);
    await expect(his.reaction("🎉")).toHaveAttribute("aria-pressed", "true");
    await expect(hers.reaction("🎉")).toHaveAttribute("aria-pressed", "false");
    await expect(hers.reaction("🎉")).toHaveAccessibleName(/Bob/);
    await hers.reaction("🎉").click();
    for (const message of [hers, his]) await expect.poll(() => message.reactions()).toEqual(["🎉 2"]);
    await his.reactsWith("👍");
    for (const message of [hers, his]) await expect.poll(() => message.reactions()).toEqual(["🎉 2", "👍 1"]);
    // Recently used emoji are shown first.
    await his.act("react");
    await expect(his.picker.locator(".emoji-button").first()).toHaveText("👍");
    await bob.page.keyboard.press("Escape");
    await expect(his.picker).toBeHidden();
    await his.reaction("🎉").click();
    await his.reaction("👍").click();
    for (const message of [hers, his]) await expect.poll(() => message.reactions()).toEqual(["🎉 1"]);
    await bob.reloads();
    await expect.poll(() => his.reactions()).toEqual(["🎉 1"]);
  });
}

test("a reply to a deleted message shows the deletion", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("A secret");
  await bob.seesSent("A secret");
  await bob.room.message("A secret").act("reply");
  await bob.room.composer.press("Escape");
  await expect(bob.page.locator("[data-mode]")).toHaveCount(0);
  await bob.room.message("A secret").act("reply");
  await bob.says("I will tell nobody");
  await alice.seesSent("I will tell nobody");
  await alice.room.message("A secret").act("delete");
  await alice.room.message("A secret").question.getByRole("button", { name: "Delete" }).click();
  await bob.seesDeleted(0);
  await bob.reloads();
  const quote = bob.room.message("I will tell nobody").quote;
  await expect(quote).toContainText("a deleted message");
  expect(await bob.page.content()).not.toContain("A secret");
});
