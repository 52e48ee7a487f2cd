import { expect, test } from "../support/test";
import { flood } from "../support/flood";
import type { Person } from "../support/person";

interface Changes {
  /** Texts of the messages that changed. */
  messages: string[];
  /** Number of changes inside of a bubble, which the pointer must not cause. */
  inBubbles: number;
}

/** Records the changes of the timeline in `window.changes`. */
const records = (person: Person) =>
  person.room.log.evaluate((log) => {
    const changes: Changes = { messages: [], inBubbles: 0 };
    Object.assign(window, { changes });
    new MutationObserver((mutations) => {
      for (const { target } of mutations) {
        const element = target instanceof Element ? target : target.parentElement;
        const text = element?.closest(".timeline-item")?.querySelector(".message-text")?.textContent ?? "no message";
        if (!changes.messages.includes(text)) changes.messages.push(text);
        if (element?.closest(".message-bubble")) changes.inBubbles += 1;
      }
    }).observe(log, { subtree: true, childList: true, attributes: true, characterData: true });
  });

test("the pointer changes only the messages that it enters and leaves", async ({ alice }) => {
  await alice.joins("general");
  await flood(alice, "general", "line", 30);
  await alice.seesSent("line 30");
  await alice.room.isAtEnd();
  await alice.looksAway();
  await alice.stops();

  await records(alice);
  const touched = ["line 24", "line 25", "line 26", "line 27", "line 28"];
  for (const text of touched) {
    await alice.room.rows(text).locator(".message-bubble").hover();
    await expect(alice.room.rows(text).locator(".tools")).toBeVisible();
  }
  await alice.looksAway();
  await expect(alice.room.log.locator(".tools")).toHaveCount(0);

  const changes = await alice.page.evaluate(() => (window as unknown as { changes: Changes }).changes);
  expect(changes).toEqual({ messages: touched, inBubbles: 0 });
});
