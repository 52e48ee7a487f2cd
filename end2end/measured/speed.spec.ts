import { expect, test } from "../support/test";
import { crowd } from "../support/crowd";

const PER_SECOND = 50;
const SECONDS = 10;
/** A phone of some years ago. */
const SLOWER = 4;
/** What takes longer is felt (the Long Tasks API begins here too). */
const LONG_MILLIS = 50;

interface Seen {
  /** The lengths of the long tasks, in milliseconds. */
  long: number[];
  /** From the press of a key to the next picture, in milliseconds. */
  keys: number[];
  frames: number;
}

test("no long task while fifty messages a second arrive on a slow machine", async ({ alice, person, server }, info) => {
  const others = await crowd(person, server);
  await alice.joins("general");
  await alice.says("Go on");
  await alice.seesSent("Go on");
  const browser = await alice.page.context().newCDPSession(alice.page);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: SLOWER });
  await alice.page.evaluate(() => {
    const seen: Seen = { long: [], keys: [], frames: 0 };
    Object.assign(window, { seen });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) seen.long.push(Math.round(entry.duration));
    }).observe({ type: "longtask" });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") seen.keys.push(entry.duration);
    }).observe({ type: "event", durationThreshold: 16 } as PerformanceObserverInit);
    const tick = () => {
      seen.frames += 1;
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });

  // They talk, and Alice writes all the while.
  const talking = others.page.evaluate(
    async ({ perSecond, seconds }) => {
      const url = new URL("/api/v1/socket", location.href);
      url.protocol = "ws:";
      const socket = new WebSocket(url, "hubbub.v1");
      const ask = (id: number, what: object) => socket.send(JSON.stringify({ id, do: what }));
      await new Promise<void>((joined, failed) => {
        socket.onclose = () => failed(new Error("closed"));
        socket.onmessage = (event) => {
          const frame = JSON.parse(event.data as string);
          if (frame.hello) ask(1, { join: { room: "general" } });
          if (frame.reply?.answer.joined) joined();
        };
      });
      let said = 0;
      const begun = performance.now();
      await new Promise<void>((done) => {
        const timer = setInterval(() => {
          const due = Math.min(perSecond * seconds, ((performance.now() - begun) / 1000) * perSecond);
          for (; said < due; said += 1) {
            const text = `Message ${said} with **some** \`marks\`, a https://example.org/link and @Alice in it`;
            ask(said + 2, { post: { room: "general", client_id: crypto.randomUUID(), text } });
          }
          if (said >= perSecond * seconds) {
            clearInterval(timer);
            done();
          }
        }, 20);
      });
      return said;
    },
    { perSecond: PER_SECOND, seconds: SECONDS },
  );
  await alice.room.composer.pressSequentially("All this while I am writing a letter, and every key is heard at once.", {
    delay: 120,
  });
  expect(await talking).toBe(PER_SECOND * SECONDS);
  await expect(alice.room.messages.last()).toContainText(`Message ${PER_SECOND * SECONDS - 1} `);
  const seen = await alice.page.evaluate(() => (window as unknown as { seen: Seen }).seen);
  await browser.send("Emulation.setCPUThrottlingRate", { rate: 1 });

  const long = seen.long.filter((millis) => millis > LONG_MILLIS);
  const figures =
    `${PER_SECOND * SECONDS} messages in ${SECONDS} s at ${SLOWER} times slower: ${long.length} long tasks` +
    `${long.length ? `, the longest ${Math.max(...long)} ms (${long.join(" ")})` : ""}; ` +
    `slowest key ${Math.max(0, ...seen.keys)} ms; ${seen.frames} frames`;
  info.annotations.push({ type: "measured", description: figures });
  console.log(`    ${figures}`);
  expect(long, figures).toEqual([]);
  await expect(alice.room.composer).toHaveValue(/every key is heard at once\.$/);
});
