import type { Person } from "../support/person";
import type { Server } from "../support/server";
import { expect, test } from "../support/test";

// Here the network goes and the server dies: the browser may say so, the chat must not mind.
test.use({ networkMayFail: true });

/** The server was away for long, and is there again: nobody has told the page, and its next try is far off. */
async function serverWasAway(server: Server, alice: Person): Promise<void> {
  await alice.waitsLong();
  await server.restart();
  await expect(alice.room.banner).toBeVisible();
}

test("when the network returns, the chat is back at once", async ({ server, alice }) => {
  await alice.joins("general");
  // The server goes too, so that nobody has to find out about a frozen socket.
  await server.kill();
  await alice.losesNetwork();
  await serverWasAway(server, alice);
  await alice.findsNetwork();
  await alice.isBackAtOnce();
});

test("when one turns back to the tab, the chat is back at once", async ({ server, alice }) => {
  await alice.joins("general");
  await server.kill();
  await alice.looks("elsewhere");
  await serverWasAway(server, alice);
  await alice.looks("here");
  await alice.isBackAtOnce();
});
