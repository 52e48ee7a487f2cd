import { expect } from "@playwright/test";
import type { Person } from "./person";

/** Posts many messages over the native wire, from the person's own page: `words 1`, `words 2`, ... */
export async function flood(person: Person, room: string, words: string, count: number): Promise<void> {
  const stored = await person.page.evaluate(
    async ({ room, words, count }) => {
      const url = new URL("/api/v1/socket", location.href);
      url.protocol = "ws:";
      url.search = location.search;
      const socket = new WebSocket(url, "hubbub.v1");
      let stored = 0;
      let next = 1;
      await new Promise<void>((done, failed) => {
        socket.onclose = (event) => failed(new Error(`closed: ${event.code} ${event.reason}`));
        const post = () => {
          if (next > count) return;
          const text = `${words} ${next}`;
          const what = { post: { room, client_id: crypto.randomUUID(), text } };
          socket.send(JSON.stringify({ id: next + 1, do: what }));
          next += 1;
        };
        socket.onmessage = (event) => {
          const frame = JSON.parse(event.data as string);
          if (frame.hello) socket.send(JSON.stringify({ id: 1, do: { join: { room } } }));
          else if (frame.refusal) failed(new Error(JSON.stringify(frame.refusal)));
          else if (frame.reply?.answer.joined) post();
          else if (frame.reply?.answer.posted) {
            stored += 1;
            post();
            if (stored === count) done();
          }
        };
      });
      socket.onclose = null;
      socket.close(1000);
      return stored;
    },
    { room, words, count },
  );
  expect(stored).toBe(count);
}
