import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { comesToRest } from "./rest";

/**
 * The rules that axe does not run unless it is asked to, of those that WCAG 2.2 AA has. All that it runs by itself
 * is run too: the other rules of WCAG, A and AA, and what is good practice besides.
 */
const FURTHER_RULES = { "target-size": { enabled: true } };

/** Nobody is kept out: axe finds nothing, however grave it calls it. */
export async function keepsNobodyOut(page: Page, where: string): Promise<void> {
  await comesToRest(page);
  const { violations, incomplete } = await new AxeBuilder({ page }).options({ rules: FURTHER_RULES }).analyze();
  // A size that axe cannot tell is not taken for large enough.
  const undecided = incomplete.filter(({ id }) => id in FURTHER_RULES);
  const found = [...violations, ...undecided].map(({ id, impact, help, nodes }) => ({
    id,
    impact,
    help,
    nodes: nodes.map((node) => `${node.html} ${node.failureSummary}`),
  }));
  // All that is found in a story is said at once.
  expect.soft(found, where).toEqual([]);
}
