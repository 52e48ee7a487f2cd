import { expect, test } from "../support/test";
import type { Person } from "../support/person";
import { VARIANTS } from "../support/variants";

/** Expects that the time at the end of the last line does not cover the text. */
async function keepsPlace(person: Person, text: string): Promise<void> {
  const covered = await person.room.rows(text).evaluate((row) => {
    const meta = row.querySelector(".message-meta")?.getBoundingClientRect();
    const said = row.querySelector(".message-text p")?.firstChild;
    if (!meta || !said) return true;
    const range = document.createRange();
    range.selectNode(said);
    return [...range.getClientRects()].some((line) => line.right > meta.left && line.bottom > meta.top);
  });
  expect(covered).toBe(false);
}

for (const { how, options } of VARIANTS) {
  test(`an edit is shown to all users: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await alice.says("I like tee");
    await bob.seesSent("I like tee");

    await alice.room.message("I like tee").act("edit");
    await expect(alice.room.composer).toHaveValue("I like tee");
    await expect(alice.page.locator("[data-mode=edit]")).toContainText(alice.words.editing);
    await alice.room.composer.fill("I like tea");
    await alice.room.composer.press("Enter");
    for (const person of [alice, bob]) {
      await person.seesExactly(["I like tea"]);
      await expect(person.room.message("I like tea").edited).toHaveText(person.words.edited);
      await keepsPlace(person, "I like tea");
      await expect(person.room.message("I like tea").edited).toHaveAttribute("title", /\d\d:\d\d/);
    }
    await expect(alice.room.composer).toHaveValue("");
    // Another edit by keyboard, which is cancelled.
    await alice.room.composer.press("ArrowUp");
    await expect(alice.room.composer).toHaveValue("I like tea");
    await alice.room.composer.press("Escape");
    await expect(alice.room.composer).toHaveValue("");
    await expect(alice.page.locator("[data-mode]")).toHaveCount(0);
    // Only the author can read the earlier text.
    await alice.room.message("I like tea").edited.click();
    await expect(alice.room.message("I like tea").history).toContainText("I like tee");
    await alice.page.keyboard.press("Escape");
    await expect(alice.room.message("I like tea").history).toBeHidden();
    await expect(bob.room.message("I like tea").edited.and(bob.page.locator("button"))).toHaveCount(0);
    await bob.reloads();
    await bob.seesExactly(["I like tea"]);
    await expect(bob.room.message("I like tea").edited).toContainText(bob.words.edited);
  });

  test(`a deletion leaves a placeholder: ${how}`, async ({ person }) => {
    const alice = await person("Alice", options);
    const bob = await person("Bob", options);
    await alice.joins("general");
    await bob.joins("general");
    await alice.says("Nobody reads this");
    await alice.says("And this stays");
    await bob.seesSent("And this stays");

    const message = alice.room.message("Nobody reads this");
    await message.act("delete");
    await message.question.getByRole("button", { name: alice.words.keep }).click();
    await expect(message.question).toHaveCount(0);
    await alice.seesSent("Nobody reads this");
    await message.act("delete");
    await message.question.getByRole("button", { name: alice.words.delete }).click();
    await alice.seesDeleted(0);
    await bob.seesDeleted(0);
    await expect(alice.room.messages.first()).toContainText(alice.words.deletedOwn);
    await expect(bob.room.messages.first()).toContainText(bob.words.deleted);
    await expect(bob.room.messages).toHaveCount(2);
    await bob.reloads();
    await bob.seesDeleted(0);
    expect(await bob.page.content()).not.toContain("Nobody reads this");
  });
}

test("users cannot change messages of others", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("Mine");
  await bob.seesSent("Mine");
  expect(await alice.room.message("Mine").offers()).toEqual(expect.arrayContaining(["edit", "delete"]));
  const offers = await bob.room.message("Mine").offers();
  expect(offers).toEqual(expect.arrayContaining(["react", "reply", "mark-unread"]));
  expect(offers).not.toContain("edit");
  expect(offers).not.toContain("delete");
  // The server refuses a request for another user's earlier texts.
  const refusal = await bob.page.evaluate(async () => {
    const url = new URL("/api/v1/socket", location.href);
    url.protocol = "ws:";
    const socket = new WebSocket(url, "hubbub.v1");
    const ask = (id: number, what: object) => socket.send(JSON.stringify({ id, do: what }));
    return new Promise<string>((done) => {
      socket.onmessage = (event) => {
        const frame = JSON.parse(event.data as string);
        if (frame.hello) ask(1, { join: { room: "general" } });
        const lines: { posted?: { id: number } }[] = frame.start_over?.page.events ?? [];
        const message = lines.find((line) => line.posted)?.posted;
        if (message) ask(2, { edit: { room: "general", message_id: message.id, text: "Stolen" } });
        if (frame.refusal?.id === 2) done(frame.refusal.refusal.code);
        if (frame.reply?.id === 2) done("allowed");
      };
    });
  });
  expect(refusal).not.toBe("allowed");
  await alice.seesExactly(["Mine"]);
});

test.describe("while a user is offline", () => {
  test.use({ networkMayFail: true });
  test("changes of others arrive after a reconnect", async ({ alice, bob }) => {
    await alice.joins("general");
    await bob.joins("general");
    for (const text of ["keep", "change", "remove"]) await alice.says(text);
    await bob.seesSent("remove");
    await bob.losesNetwork();
    await alice.room.message("change").act("edit");
    await alice.room.composer.fill("changed");
    await alice.room.composer.press("Enter");
    await alice.seesSent("changed");
    await alice.room.message("remove").act("delete");
    await alice.room.message("remove").question.getByRole("button", { name: "Delete" }).click();
    await alice.seesDeleted(2);
    await alice.room.message("keep").reactsWith("👍");
    await expect.poll(() => alice.room.message("keep").reactions()).toEqual(["👍 1"]);
    await bob.findsNetwork();
    await bob.seesSent("changed");
    await bob.seesDeleted(2);
    await expect.poll(() => bob.room.message("keep").reactions()).toEqual(["👍 1"]);
  });

  test("own changes without a network are sent after a reconnect", async ({ alice, bob }) => {
    await alice.joins("general");
    await bob.joins("general");
    await alice.says("first words");
    await bob.seesSent("first words");
    await alice.losesNetwork();
    // The banner moves the message once; after that it must not move under the pointer.
    await alice.seesBanner();
    await alice.room.message("first words").act("edit");
    await alice.room.composer.fill("second thoughts");
    await alice.room.composer.press("Enter");
    await alice.sees("second thoughts");
    await expect(alice.room.rows("second thoughts")).toHaveAttribute("data-changing");
    await bob.sees("first words");
    await alice.findsNetwork();
    await bob.seesSent("second thoughts");
    await expect(alice.room.rows("second thoughts")).not.toHaveAttribute("data-changing");
  });
});
