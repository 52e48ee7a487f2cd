import type { Person } from "../support/person";
import type { Server } from "../support/server";
import { expect, test } from "../support/test";

// These tests disconnect the network or kill the server, so the browser may report failed requests.
test.use({ networkMayFail: true });

/**
 * The server was away for a long time and is running again. The page has not noticed, and its next attempt to
 * connect is due much later.
 */
async function serverWasAway(server: Server, alice: Person): Promise<void> {
  await alice.waitsLong();
  await server.restart();
  await expect(alice.room.banner).toBeVisible();
}

test("reconnects at once when the network returns", async ({ server, alice }) => {
  await alice.joins("general");
  // The server is killed too, so that the socket is closed and not only frozen.
  await server.kill();
  await alice.losesNetwork();
  await serverWasAway(server, alice);
  await alice.findsNetwork();
  await alice.isBackAtOnce();
});

test("reconnects at once when the tab becomes visible", async ({ server, alice }) => {
  await alice.joins("general");
  await server.kill();
  await alice.looks("elsewhere");
  await serverWasAway(server, alice);
  await alice.looks("here");
  await alice.isBackAtOnce();
});
