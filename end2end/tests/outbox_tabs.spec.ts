import type { Person } from "../support/person";
import { expect, test } from "../support/test";
import { canStore, stored, unsent } from "../support/unsent";
import { refuses, watchFrames } from "../support/wire";

// Which of several tabs of a browser sends what waits. These tests disconnect the network.
test.use({ networkMayFail: true });

/** Opens the room in another tab, which can use IndexedDB. */
async function opensTab(person: Person): Promise<Person> {
  const tab = await person.another();
  await tab.opens("/rooms/general");
  await canStore(tab.page);
  return tab;
}

/** Opens the room in three tabs. */
async function opensTabs(person: Person): Promise<Person[]> {
  await person.joins("general");
  await canStore(person.page);
  return [person, await opensTab(person), await opensTab(person)];
}

async function edits(person: Person, text: string, to: string): Promise<void> {
  await person.room.message(text).act("edit");
  await person.room.composer.fill(to);
  await person.room.composer.press("Enter");
}

/** Closes a tab as its user does. */
async function closes(tab: Person): Promise<void> {
  await tab.page.close({ runBeforeUnload: true });
}

/** Returns the tabs that show a message. */
async function showing(tabs: Person[], text: string): Promise<Person[]> {
  const counts = await Promise.all(tabs.map((tab) => tab.room.rows(text).count()));
  return tabs.filter((_, index) => counts[index]);
}

/** Stops all scripts of a tab until the returned function is called. */
async function freezes(tab: Person): Promise<() => Promise<unknown>> {
  const devtools = await tab.page.context().newCDPSession(tab.page);
  await devtools.send("Debugger.enable");
  await devtools.send("Debugger.pause");
  const isPaused = new Promise((done) => devtools.once("Debugger.paused", done));
  // The next statement is not executed.
  const stopped = devtools.send("Runtime.evaluate", { expression: "0" });
  await isPaused;
  return async () => {
    await devtools.send("Debugger.resume");
    await stopped;
    await devtools.detach();
  };
}

/** Returns the id of a tab. */
const idOf = (tab: Person) => tab.page.evaluate(() => sessionStorage.getItem("hubbub.tab"));

/** Returns the ids of the tabs to which the unsent entries belong. */
async function owners(tab: Person): Promise<string[]> {
  const records = [...(await unsent(tab.page)), ...(await stored(tab.page))];
  return [...new Set(records.map((value) => (JSON.parse(value) as { tab: string }).tab))];
}

/**
 * Closes a tab in which a message waits, and waits until one of the other tabs has taken it over. These have asked all
 * tabs then whether they are open.
 */
async function leavesBehind(closing: Person, others: Person[], text: string): Promise<void> {
  await closing.says(text);
  await closing.seesPending(text);
  await closes(closing);
  await expect.poll(async () => (await showing(others, text)).length).toBe(1);
}

test("one tab takes over what a closed tab left, and sends it once", async ({ server, alice, bob }) => {
  const tabs = await opensTabs(alice);
  await bob.joins("general");
  await alice.says("as it was");
  await bob.seesSent("as it was");
  const closing = await opensTab(alice);
  await server.kill();
  // The banner moves the messages, which would otherwise leave the pointer.
  await closing.seesBanner();
  await edits(closing, "as it was", "as it is");
  await closing.says("left behind");
  await closing.seesPending("left behind");
  const frames = tabs.map((tab) => watchFrames(tab));
  await closes(closing);
  await expect.poll(async () => (await showing(tabs, "left behind")).length).toBe(1);
  await expect.poll(async () => (await showing(tabs, "as it is")).length).toBe(1);
  expect(await showing(tabs, "as it is")).toEqual(await showing(tabs, "left behind"));

  await server.restart();
  for (const person of [...tabs, bob]) await person.seesExactly(["as it is", "left behind"]);
  const sent = frames.flat();
  expect(sent.filter((frame) => frame.includes("left behind"))).toHaveLength(1);
  expect(sent.filter((frame) => frame.includes("as it is"))).toHaveLength(1);
  await expect.poll(() => owners(alice)).toEqual([]);
});

test("one tab shows the failed message of a closed tab", async ({ alice, bob }) => {
  const tabs = await opensTabs(alice);
  await bob.joins("general");
  const closing = await alice.another();
  const refusing = await refuses(closing, "post");
  await closing.opens("/rooms/general");
  await canStore(closing.page);
  await closing.says("refused");
  await expect(closing.room.rows("refused")).toHaveAttribute("data-state", "failed");
  await expect.poll(() => stored(closing.page)).toHaveLength(1);
  // Tabs that connect again do not take what belongs to an open tab.
  for (const tab of tabs) await tab.reloads();
  expect(await showing(tabs, "refused")).toEqual([]);
  await closes(closing);
  refusing.end();
  await expect.poll(async () => (await showing(tabs, "refused")).length).toBe(1);
  const [heir] = await showing(tabs, "refused");
  await expect.poll(() => owners(alice)).toEqual([await idOf(heir!)]);
  const latest = await opensTab(alice);
  await latest.doesNotSee("refused");
  await heir!.room.rows("refused").getByRole("button", { name: alice.words.retry }).click();
  for (const person of [...tabs, latest, bob]) await person.seesExactly(["refused"]);
});

test("a tab that is reloaded keeps what waits", async ({ alice }) => {
  const tabs = await opensTabs(alice);
  const reloading = await alice.another();
  const refusing = await refuses(reloading, "post");
  await reloading.opens("/rooms/general");
  await reloading.says("refused");
  await expect(reloading.room.rows("refused")).toHaveAttribute("data-state", "failed");
  const closing = await alice.another();
  await refuses(closing, "post");
  await closing.opens("/rooms/general");
  await closing.says("refused too");
  await expect(closing.room.rows("refused too")).toHaveAttribute("data-state", "failed");
  const id = await idOf(reloading);
  await reloading.reloads();
  await closes(closing);
  tabs.push(reloading);
  await expect.poll(async () => (await showing(tabs, "refused too")).length).toBe(1);
  expect(await showing(tabs, "refused")).toEqual([reloading]);
  expect(await idOf(reloading)).toBe(id);
  expect(await owners(alice)).toContain(id);
  refusing.end();
});

test("after the device slept, no tab takes over what belongs to another", async ({ server, alice, bob }) => {
  // The clock of all tabs of this browser.
  await alice.page.clock.install();
  const tabs = await opensTabs(alice);
  const [first, second] = [tabs[0]!, tabs[1]!];
  await bob.joins("general");
  const closing = await opensTab(alice);
  await server.kill();
  await second.says("waiting");
  await second.seesPending("waiting");
  await alice.page.clock.fastForward("01:00:00");
  await leavesBehind(closing, tabs, "left behind");
  expect(await showing(tabs, "waiting")).toEqual([second]);
  expect(await owners(alice)).toContain(await idOf(second));
  await server.restart();
  await first.page.clock.fastForward("00:01:00");
  await expect.poll(async () => (await bob.room.texts()).sort()).toEqual(["left behind", "waiting"]);
});

test("a tab that did not run gives up what another tab took over", async ({ server, alice, bob }) => {
  const [first, frozen, closing] = await opensTabs(alice);
  await bob.joins("general");
  await server.kill();
  await frozen!.says("waiting");
  await frozen!.seesPending("waiting");
  const goOn = await freezes(frozen!);
  await leavesBehind(closing!, [first!], "left behind");
  await first!.seesPending("waiting");
  await goOn();
  await frozen!.doesNotSee("waiting");
  await first!.seesPending("waiting");
  await server.restart();
  for (const person of [first!, frozen!, bob]) {
    await expect.poll(async () => (await person.room.texts()).sort()).toEqual(["left behind", "waiting"]);
  }
});
