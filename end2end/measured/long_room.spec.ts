import { expect, test } from "../support/test";
import { crowd } from "../support/crowd";
import { flood } from "../support/flood";
import type { Person } from "../support/person";

const MESSAGES = 100_000;
/**
 * A large room may take this many times as long as a small room, and some milliseconds more, because the machine may
 * pause.
 */
const RATIO = 2;
const PAUSE_MILLIS = 250;

/** Returns the median time to open a room, in milliseconds. */
async function opening(person: Person, room: string): Promise<number> {
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const before = Date.now();
    await person.opens(`/rooms/${room}`);
    await person.room.isAtEnd();
    times.push(Date.now() - before);
  }
  return times.sort((one, other) => one - other)[2] ?? 0;
}

/** Returns the time to load one page of older messages, and the longest frame meanwhile, in milliseconds. */
async function goingUp(person: Person): Promise<{ page: number; frame: number }> {
  await person.room.log.hover();
  await person.page.evaluate(() => {
    const frames: number[] = [];
    Object.assign(window, { frames });
    let last = performance.now();
    const tick = () => {
      const now = performance.now();
      frames.push(now - last);
      last = now;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  const first = () => person.room.messages.first().getAttribute("data-seq");
  const times: number[] = [];
  for (let turn = 0; turn < 5; turn += 1) {
    const at = await first();
    const before = Date.now();
    await person.page.mouse.wheel(0, -6_000);
    await expect.poll(first, { intervals: [20] }).not.toBe(at);
    times.push(Date.now() - before);
  }
  const frames = await person.page.evaluate(() => (window as unknown as { frames: number[] }).frames);
  return { page: times.sort((one, other) => one - other)[2] ?? 0, frame: Math.max(...frames) };
}

test("a room of a hundred thousand messages opens and scrolls as quickly as a small one", async ({ alice, person, server }, info) => {
  test.setTimeout(180_000);
  const others = await crowd(person, server);
  await flood(others, "small", "small", 500);
  await flood(others, "large", "large", MESSAGES, 4);

  await alice.joins("small");
  const smallOpens = await opening(alice, "small");
  const small = await goingUp(alice);
  const smallNodes = await alice.page.evaluate(() => document.querySelectorAll("*").length);
  await alice.joins("large");
  const largeOpens = await opening(alice, "large");
  const large = await goingUp(alice);
  const largeNodes = await alice.page.evaluate(() => document.querySelectorAll("*").length);
  const figures =
    `opens in ${largeOpens} ms (small room: ${smallOpens} ms), a page of the past in ${large.page} ms (${small.page} ms), ` +
    `longest frame ${large.frame.toFixed(0)} ms (${small.frame.toFixed(0)} ms), ${largeNodes} elements (${smallNodes})`;
  info.annotations.push({ type: "measured", description: figures });
  console.log(`    a room of ${MESSAGES} messages: ${figures}`);

  expect(largeOpens, figures).toBeLessThan(smallOpens * RATIO + PAUSE_MILLIS);
  expect(large.page, figures).toBeLessThan(small.page * RATIO + PAUSE_MILLIS);
  expect(largeNodes, figures).toBeLessThan(smallNodes * 1.2 + 100);
  // The beginning of the room must open as quickly as any other position.
  const before = Date.now();
  await alice.opens("/rooms/large?at=2");
  await expect(alice.room.messages.first()).toBeInViewport();
  expect(Date.now() - before, "the beginning of the room").toBeLessThan(smallOpens * RATIO + PAUSE_MILLIS);
  expect(await alice.room.messages.count()).toBeLessThanOrEqual(400);
});
