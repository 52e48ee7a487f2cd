import { Account } from "../pages/account";
import { Room } from "../pages/room";
import type { Person } from "../support/person";
import { expect, test } from "../support/test";
import { canStore, fillLocalStorage, hasMoved, journal, neverExpires, occupyDatabase, stored } from "../support/unsent";

// Where messages and changes wait that the server has not confirmed. These tests disconnect the network.
test.use({ networkMayFail: true });

const texts = (words: string, count: number) => Array.from({ length: count }, (_, i) => `${words} ${i + 1}`);

/** Edits the user's last message. */
async function editsLast(person: Person, text: string, to: string): Promise<void> {
  await person.page.bringToFront();
  await person.room.composer.press("ArrowUp");
  await expect(person.room.composer).toHaveValue(text);
  await person.room.composer.fill(to);
  await person.room.composer.press("Enter");
}

/** Joins the room in a tab that can use IndexedDB, and waits until the room works without the server. */
async function isReady(person: Person): Promise<void> {
  await person.joins("general");
  await canStore(person.page);
}

/** Both users are in the room, which works without the server, and see a message of Alice. */
async function havePosted(alice: Person, bob: Person, text: string): Promise<void> {
  await isReady(alice);
  await bob.joins("general");
  await alice.says(text);
  await bob.seesSent(text);
}

test("a message survives closing the page in the tick of its Enter", async ({ server, alice, bob }) => {
  await isReady(alice);
  await bob.joins("general");
  // A script may close only windows that a script has opened.
  const opening = alice.page.waitForEvent("popup");
  await alice.page.evaluate(() => void open(location.href));
  const tab = await opening;
  const room = new Room(tab, alice.words);
  await room.isAlive();
  await room.composer.fill("Bye");
  await server.kill();
  const closed = tab.waitForEvent("close");
  await tab.evaluate(() => {
    const enter = new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(enter);
    self.close();
  });
  await closed;
  // The tab that is left takes the message over.
  await alice.seesPending("Bye");
  await server.restart();
  await alice.seesExactly(["Bye"]);
  await bob.seesExactly(["Bye"]);
});

test("messages move to IndexedDB and are sent in order before newer ones", async ({ server, alice, bob }) => {
  await isReady(alice);
  await bob.joins("general");
  await server.kill();
  const said = texts("offline", 30);
  for (const text of said) await alice.says(text);
  await hasMoved(alice.page, 30);
  await alice.page.close();

  await server.restart();
  const next = await alice.another();
  await neverExpires(next.page, 3_000);
  let release = () => {};
  const released = new Promise<void>((resolve) => (release = resolve));
  await next.page.route(/\/split_storage\.wasm$/, async (route) => {
    await released;
    await route.continue();
  });
  await next.opens("/rooms/general");
  await next.says("newer");
  await next.seesPending("newer");
  release();
  await next.seesExactly([...said, "newer"]);
  await bob.seesExactly([...said, "newer"]);
  await hasMoved(next.page, 0);
  await next.reloads();
  await next.seesExactly([...said, "newer"]);
});

test("edits, reactions, deletions and topics in IndexedDB survive a closed page", async ({ server, alice, bob }) => {
  await isReady(alice);
  await bob.joins("general");
  for (const text of ["to edit", "to react to", "to delete"]) await alice.says(text);
  await bob.seesSent("to delete");
  await server.kill();
  // The banner moves the messages, which would otherwise leave the pointer.
  await alice.seesBanner();
  await alice.room.message("to delete").act("delete");
  await alice.room.message("to delete").question.getByRole("button").first().click();
  await alice.seesDeleted(2);
  await alice.room.message("to react to").reactsWith("👍");
  await alice.room.message("to edit").act("edit");
  await alice.room.composer.fill("edited");
  await alice.room.composer.press("Enter");
  await alice.dialogs.setsTopic("What waits");
  await hasMoved(alice.page, 4);
  await alice.page.close();

  await server.restart();
  const next = await alice.another();
  await next.opens("/rooms/general");
  for (const person of [next, bob]) {
    await person.sees("edited");
    await person.seesDeleted(2);
    await expect(person.room.message("to react to").reaction("👍")).toBeVisible();
    await expect(person.room.topic).toContainText("What waits");
  }
  await hasMoved(next.page, 0);
});

test("messages that earlier versions stored are sent once", async ({ server, alice, bob }) => {
  await isReady(alice);
  await bob.joins("general");
  await server.kill();
  for (const text of ["one", "two", "three"]) await alice.says(text);
  await hasMoved(alice.page, 3);
  // Rewrites the entries in the three formats of earlier versions.
  await alice.page.evaluate(
    (values) => {
      values.forEach((value, index) => {
        const { owner, kept } = JSON.parse(value) as {
          owner: { user: { id: number } };
          kept: { message: { client_id: string } };
        };
        const id = kept.message.client_id;
        const key = [`unsent.${owner.user.id}`, `outbox.${owner.user.id}`, "outbox.me"][index];
        localStorage.setItem(`hubbub.${key}.${id}`, index === 0 ? value : JSON.stringify(index === 1 ? kept : kept.message));
        localStorage.removeItem(`hubbub.stored.${owner.user.id}`);
      });
      return new Promise((done, failed) => {
        const deleting = indexedDB.deleteDatabase("hubbub");
        deleting.onsuccess = done;
        deleting.onerror = failed;
      });
    },
    await stored(alice.page),
  );
  await alice.page.close();

  await server.restart();
  const next = await alice.another();
  await next.opens("/rooms/general");
  await next.seesExactly(["one", "two", "three"]);
  await bob.seesExactly(["one", "two", "three"]);
  const left = () => next.page.evaluate(() => Object.keys(localStorage).filter((key) => /^hubbub\.(unsent|outbox)/.test(key)));
  await expect.poll(left).toEqual([]);
});

for (const [how, breaks] of [
  ["is missing", () => Object.defineProperty(window, "indexedDB", { value: undefined })],
  [
    "cannot be opened",
    () =>
      (IDBFactory.prototype.open = () => {
        throw new DOMException("disabled", "SecurityError");
      }),
  ],
  ["never answers", () => (IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest)],
] as const) {
  test(`without IndexedDB, messages wait in localStorage: it ${how}`, async ({ server, alice, bob }) => {
    await alice.page.addInitScript(breaks);
    await isReady(alice);
    await bob.joins("general");
    await server.kill();
    const said = texts("offline", 3);
    for (const text of said) await alice.says(text);
    await expect.poll(() => journal(alice.page)).toHaveLength(3);
    await expect(alice.page.locator("[data-storage-problem]")).toHaveCount(0);
    await alice.page.close();
    await server.restart();
    const next = await alice.another();
    await next.page.addInitScript(breaks);
    await next.opens("/rooms/general");
    await next.seesExactly(said);
    await bob.seesExactly(said);
    await expect.poll(() => journal(next.page)).toEqual([]);
  });

  test(`messages in IndexedDB that cannot be read are reported and sent later: it ${how}`, async ({ server, alice, bob }) => {
    await isReady(alice);
    await bob.joins("general");
    await server.kill();
    await alice.says("older");
    await hasMoved(alice.page, 1);
    await alice.page.close();
    await server.restart();
    const next = await alice.another();
    await next.page.addInitScript(breaks);
    await next.opens("/rooms/general");
    await next.says("newer");
    await expect(next.page.locator("[data-storage-problem]")).toContainText(/cannot be read/);
    await next.seesExactly(["newer"]);
    await next.page.close();
    const last = await alice.another();
    await last.opens("/rooms/general");
    await last.seesExactly(["newer", "older"]);
    await expect(last.page.locator("[data-storage-problem]")).toHaveCount(0);
    await bob.seesExactly(["newer", "older"]);
  });
}

test("messages of two tabs are sent once", async ({ server, alice, bob }) => {
  await isReady(alice);
  await bob.joins("general");
  const other = await alice.another();
  await other.opens("/rooms/general");
  await canStore(other.page);
  await server.kill();
  await alice.says("from the first");
  await other.says("from the second");
  await alice.says("from the first again");
  await hasMoved(alice.page, 3);
  await other.page.close({ runBeforeUnload: true });
  await alice.sees("from the second");
  await server.restart();
  const all = ["from the first", "from the second", "from the first again"];
  await alice.seesExactly(all);
  await bob.seesExactly(all);
  await hasMoved(alice.page, 0);
});

test("of edits that wait in two tabs, the newer one stays", async ({ server, alice, bob }) => {
  await havePosted(alice, bob, "as it was");
  const other = await alice.another();
  await other.opens("/rooms/general");
  await canStore(other.page);
  await server.kill();
  await editsLast(alice, "as it was", "older edit");
  await editsLast(other, "as it was", "newer edit");
  await hasMoved(other.page, 2);
  await alice.page.close({ runBeforeUnload: true });
  await server.restart();
  await bob.sees("newer edit");
  await hasMoved(other.page, 0);
  await other.reloads();
  await other.sees("newer edit");
  await bob.sees("newer edit");
});

test("an edit that was sent is not repeated after the tab closed before its deletion", async ({ server, alice, bob }) => {
  await havePosted(alice, bob, "as it was");
  const other = await alice.another();
  await other.opens("/rooms/general");
  await server.kill();
  await editsLast(alice, "as it was", "first edit");
  await hasMoved(alice.page, 1);
  const release = await occupyDatabase(other.page);
  await server.restart();
  await bob.sees("first edit");
  await expect.poll(() => journal(alice.page)).toHaveLength(1);
  await alice.page.close();
  await editsLast(other, "first edit", "second edit");
  await bob.sees("second edit");
  await release();
  const next = await alice.another();
  await next.opens("/rooms/general");
  await hasMoved(next.page, 0);
  await next.sees("second edit");
  await bob.sees("second edit");
});

test("a tab that closes during a transaction loses nothing", async ({ server, alice, bob }) => {
  await isReady(alice);
  await bob.joins("general");
  const other = await alice.another();
  await other.opens("/rooms/general");
  await server.kill();
  await alice.says("one");
  await hasMoved(alice.page, 1);
  const release = await occupyDatabase(other.page);
  await alice.page.evaluate(() => {
    const begin = IDBDatabase.prototype.transaction;
    IDBDatabase.prototype.transaction = function (...parameters: Parameters<typeof begin>) {
      document.documentElement.dataset["transaction"] = "";
      return begin.apply(this, parameters);
    };
  });
  await alice.says("two");
  await alice.says("three");
  // The transaction has started and cannot complete.
  await expect(alice.page.locator("html[data-transaction]")).toBeAttached();
  expect(await journal(alice.page)).toHaveLength(2);
  await alice.page.close();
  await release();
  await other.page.close();
  await server.restart();
  const next = await alice.another();
  await next.opens("/rooms/general");
  await next.seesExactly(["one", "two", "three"]);
  await bob.seesExactly(["one", "two", "three"]);
  await hasMoved(next.page, 0);
});

test("what does not fit into localStorage waits in IndexedDB", async ({ server, alice, bob }) => {
  await havePosted(alice, bob, "as it was");
  await server.kill();
  await fillLocalStorage(alice.page);
  await editsLast(alice, "as it was", "as it is");
  await alice.says("no room");
  await expect.poll(async () => (await stored(alice.page)).length).toBe(2);
  await expect(alice.page.locator("[data-storage-problem]")).toHaveCount(0);
  await alice.page.close();
  await server.restart();
  const next = await alice.another();
  await next.opens("/rooms/general");
  await next.seesExactly(["as it is", "no room"]);
  await bob.seesExactly(["as it is", "no room"]);
  await expect.poll(() => stored(next.page)).toEqual([]);
});

for (const [how, breaks] of [
  [
    "IndexedDB is full too",
    () =>
      (IDBObjectStore.prototype.put = () => {
        throw new DOMException("full", "QuotaExceededError");
      }),
  ],
  [
    "IndexedDB is found to be full when the transaction ends",
    () => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...parameters) {
        const request = put.apply(this, parameters);
        request.addEventListener("success", () => this.transaction.abort());
        return request;
      };
    },
  ],
  ["IndexedDB never answers", () => (IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest)],
  ["there is no IndexedDB", () => Object.defineProperty(window, "indexedDB", { value: undefined })],
] as const) {
  test(`full storage is reported at once: ${how}`, async ({ server, alice, bob }) => {
    await alice.page.addInitScript(breaks);
    await isReady(alice);
    await bob.joins("general");
    await server.kill();
    await fillLocalStorage(alice.page);
    await alice.says("Where to?");
    await alice.seesPending("Where to?");
    await expect(alice.page.locator("[data-storage-problem]")).toContainText(/is full/);
    await server.restart();
    await bob.sees("Where to?");
    await expect(alice.page.locator("[data-storage-problem]")).toHaveCount(0);
  });
}

/** Registers an account, whose messages wait in IndexedDB, without a network. */
async function hasUnsent(alice: Person, url: string, said: string[]): Promise<Account> {
  const account = new Account(alice.page, url);
  await account.register("Alice", "roses are red");
  await alice.opens("/rooms/general");
  await canStore(alice.page);
  await alice.losesNetwork();
  for (const text of said) await alice.says(text);
  await hasMoved(alice.page, said.length);
  return account;
}

test("signing out deletes the user's entries in IndexedDB after asking", async ({ alice, server }) => {
  const account = await hasUnsent(alice, server.url, ["one", "two"]);
  // Leaves the page before it reconnects.
  await alice.page.goto("about:blank");
  await alice.findsNetwork();
  const asked = await account.signOut();
  await expect.poll(() => stored(alice.page)).toEqual([]);
  await expect.poll(() => alice.page.evaluate(() => document.cookie)).not.toContain("hubbub_signed_out");
  expect(asked).toHaveLength(1);
  expect(asked[0]).toContain("2 messages");
});

test("signing out does not wait for a database that does not answer", async ({ alice, server }) => {
  const account = await hasUnsent(alice, server.url, ["one"]);
  await alice.page.goto("about:blank");
  await alice.findsNetwork();
  await alice.page.addInitScript(() => {
    IDBFactory.prototype.open = () => new EventTarget() as IDBOpenDBRequest;
  });
  await account.signOut();
  await expect.poll(() => alice.page.evaluate(() => document.cookie)).not.toContain("hubbub_signed_out");
});
