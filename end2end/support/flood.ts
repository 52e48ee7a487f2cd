import { expect } from "@playwright/test";
import type { Person } from "./person";

/**
 * Posts many messages over the native protocol from the user's page: `words 1`, `words 2`, ... On one socket they
 * arrive in this order; several sockets are faster.
 */
export async function flood(person: Person, room: string, words: string, count: number, sockets = 1): Promise<void> {
  const stored = await person.page.evaluate(
    async ({ room, words, count, sockets }) => {
      const url = new URL("/api/v1/socket", location.href);
      url.protocol = "ws:";
      url.search = location.search;
      // The number of requests that a client with a full outbox has open.
      const window = 32;
      let next = 1;
      let stored = 0;
      const talk = async () => {
        const socket = new WebSocket(url, "hubbub.v1");
        let underWay = 0;
        await new Promise<void>((done, failed) => {
          socket.onclose = (event) => failed(new Error(`closed: ${event.code} ${event.reason}`));
          const post = () => {
            while (underWay < window && next <= count) {
              const what = { post: { room, client_id: crypto.randomUUID(), text: `${words} ${next}` } };
              socket.send(JSON.stringify({ id: next + 1, do: what }));
              next += 1;
              underWay += 1;
            }
            if (underWay === 0) done();
          };
          socket.onmessage = (event) => {
            const json = event.data as string;
            if (json.startsWith('{"refusal"')) failed(new Error(json));
            else if (json.startsWith('{"hello"')) socket.send(JSON.stringify({ id: 1, do: { join: { room } } }));
            // Other frames are not parsed, because there are many.
            if (!json.startsWith('{"reply"')) return;
            const { answer } = JSON.parse(json).reply;
            if (answer.joined) post();
            else if (answer.posted) {
              stored += 1;
              underWay -= 1;
              post();
            }
          };
        });
        socket.onclose = null;
        socket.close(1000);
      };
      await Promise.all(Array.from({ length: sockets }, talk));
      return stored;
    },
    { room, words, count, sockets },
  );
  expect(stored).toBe(count);
}
