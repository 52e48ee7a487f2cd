import type { Page } from "@playwright/test";
import { Account } from "../pages/account";
import { flood } from "../support/flood";
import type { Person } from "../support/person";
import { expect, test } from "../support/test";
import { canStore, hasMoved } from "../support/unsent";

// Changes that are made without a connection, in one or several tabs.
test.use({ networkMayFail: true });

async function edits(person: Person, text: string, to: string): Promise<void> {
  await person.room.message(text).act("edit");
  await person.room.composer.fill(to);
  await person.room.composer.press("Enter");
}

test("changes made without a server survive closing the tab", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  for (const text of ["the first message", "the second message", "the third message"]) await alice.says(text);
  await bob.seesSent("the third message");
  await server.kill();
  await edits(alice, "the first message", "first, edited");
  await alice.room.message("the second message").reactsWith("👍");
  await alice.room.message("the third message").act("delete");
  await alice.room.message("the third message").question.getByRole("button").first().click();
  await alice.sees("first, edited");
  await alice.page.close();

  await server.restart();
  const next = await alice.another();
  await next.opens("/rooms/general");
  await bob.sees("first, edited");
  await expect(bob.room.message("the second message").reaction("👍")).toBeVisible();
  await bob.seesDeleted(2);
  await next.reloads();
  await next.sees("first, edited");
});

test("an open tab sends the changes of a closed one", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await alice.says("as it was");
  await bob.seesSent("as it was");
  const other = await alice.another();
  await other.opens("/rooms/general");
  await server.kill();
  // The banner moves the messages, which would otherwise leave the pointer.
  await other.seesBanner();
  await edits(other, "as it was", "as it is");
  await other.sees("as it is");
  await other.page.close({ runBeforeUnload: true });
  await server.restart();
  await bob.sees("as it is");
  await alice.sees("as it is");
});

test("a frozen server is detected within seconds and presence is hidden", async ({ server, alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  const count = alice.page.locator("[data-people-count]");
  await expect(count).toHaveText(/2/);
  server.freeze();
  await alice.says("Is anybody there?");
  await expect(alice.room.banner).toBeVisible({ timeout: 6_000 });
  await expect(count).toHaveText("");
  await expect(alice.page.locator("[data-person] [data-presence]")).toHaveCount(0);
  server.thaw();
  await alice.seesNoBanner();
  await alice.seesExactly(["Is anybody there?"]);
  await expect(count).toHaveText(/2/);
});

test("a room opens at the first of many unread messages", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("the last one that was read");
  await alice.seesSent("the last one that was read");
  await alice.sidebar.showsUnread("general", 0);
  await alice.joins("elsewhere");
  await flood(bob, "general", "new", 120);
  await alice.sidebar.showsUnread("general", 120);

  await alice.sidebar.goes("general");
  await expect(alice.room.divider).toBeInViewport();
  await expect(alice.room.rows("new 1")).toBeInViewport();
  await expect(alice.room.pill).toHaveText(/new messages/);
  const unread = Number(/\d+/.exec((await alice.room.pill.textContent()) ?? "")?.[0]);
  expect(unread).toBeGreaterThan(60);
  await alice.room.pill.click();
  await expect(alice.room.rows("new 120")).toBeInViewport();
  await alice.sidebar.showsUnread("general", 0);
});

test("the server renders the page at the first unread message", async ({ alice, bob }) => {
  await alice.joins("general");
  await bob.joins("general");
  await bob.says("the last one that was read");
  await alice.seesSent("the last one that was read");
  await alice.sidebar.showsUnread("general", 0);
  await alice.page.goto("about:blank");
  await flood(bob, "general", "new", 120);
  await alice.opens("/rooms/general");
  await expect(alice.room.divider).toBeInViewport();
  await expect(alice.room.rows("new 1")).toBeInViewport();
  await expect(alice.room.rows("new 120")).toHaveCount(0);
});

test("each tab has its own draft, and a new tab takes over the draft of a closed one", async ({ alice }) => {
  await alice.joins("general");
  const other = await alice.another();
  await other.opens("/rooms/general");
  await alice.room.composer.pressSequentially("from the first");
  await other.room.composer.pressSequentially("from the second");
  await alice.reloads();
  await expect(alice.room.composer).toHaveValue("from the first");
  await other.reloads();
  await expect(other.room.composer).toHaveValue("from the second");
  const third = await alice.another();
  await third.opens("/rooms/general");
  await expect(third.room.composer).toHaveValue("");
  await other.page.close({ runBeforeUnload: true });
  await third.reloads();
  await expect(third.room.composer).toHaveValue("from the second");
});

test("the next user of a browser sees no data of the previous one", async ({ server, alice }) => {
  await alice.joins("general");
  await canStore(alice.page);
  await server.kill();
  await alice.says("not sent");
  await alice.seesPending("not sent");
  await alice.room.composer.pressSequentially("half a sen");
  await hasMoved(alice.page, 1);
  await alice.page.close();
  await server.restart();
  const context = alice.page.context();
  const cookies = await context.cookies();
  await context.clearCookies();
  const next = await alice.another();
  await next.joins("general");
  await expect(next.room.composer).toHaveValue("");
  await next.doesNotSee("not sent");
  await next.page.close();
  // The unsent texts wait until the first user returns.
  await context.clearCookies();
  await context.addCookies(cookies);
  const again = await alice.another();
  await again.opens("/rooms/general");
  await again.seesSent("not sent");
  await expect(again.room.composer).toHaveValue("half a sen");
});

const kept = (page: Page) =>
  page.evaluate(() => Object.keys(localStorage).filter((key) => /^hubbub\.(unsent|draft|copy)/.test(key)));

test("signing out asks about unsent messages and deletes the user's data", async ({ alice, server }) => {
  const account = new Account(alice.page, server.url);
  await account.register("Alice", "roses are red");
  await alice.opens("/rooms/general");
  await alice.room.composer.pressSequentially("half a sen");
  await expect.poll(() => kept(alice.page)).toHaveLength(1);
  const asked = await account.signOut();
  await expect.poll(() => kept(alice.page)).toEqual([]);
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("1 message or draft");
});
