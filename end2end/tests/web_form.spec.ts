import { expect, test } from "../support/test";
import type { Page } from "@playwright/test";

/** Opens a socket of the web form protocol from the page, as pages of the old chat did. */
async function opensSocket(page: Page, room: string, userId: string): Promise<void> {
  await page.evaluate(
    ({ room, userId }) =>
      new Promise<void>((opened, failed) => {
        const scene = window as unknown as { old: WebSocket; heard: unknown[] };
        scene.heard = [];
        scene.old = new WebSocket(`${location.origin.replace("http", "ws")}/ws/chat/${room}/${userId}`);
        scene.old.onmessage = (event) => scene.heard.push(JSON.parse(event.data as string));
        scene.old.onopen = () => opened();
        scene.old.onerror = () => failed(new Error("the socket did not open"));
      }),
    { room, userId },
  );
}

const heard = (page: Page) => page.evaluate(() => (window as unknown as { heard: object[] }).heard);
const says = (page: Page, text: string) =>
  page.evaluate((text) => (window as unknown as { old: WebSocket }).old.send(text), text);

test("two users of the web form exchange messages over its sockets", async ({ alice, bob }) => {
  for (const [person, userId] of [[alice, "u1"], [bob, "u2"]] as const) {
    await person.landing.open();
    await person.landing.enter(person.name, "lobby");
    await expect(person.page).toHaveURL(/\/rooms\/lobby$/);
    await opensSocket(person.page, "lobby", userId);
    await says(person.page, `Hello from ${person.name}`);
    await expect
      .poll(() => heard(person.page))
      .toContainEqual(
        expect.objectContaining({ text: `Hello from ${person.name}`, username: person.name, is_self: true }),
      );
  }
  await expect
    .poll(() => heard(alice.page))
    .toContainEqual(expect.objectContaining({ text: "Hello from Bob", username: "Bob", is_self: false }));
});
