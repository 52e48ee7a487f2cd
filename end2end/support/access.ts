import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";
import { comesToRest } from "./rest";

/**
 * The rules that axe does not run unless it is asked to, of those that WCAG 2.2 AA has. All that it runs by itself
 * is run too: the other rules of WCAG, A and AA, and what is good practice besides.
 */
const FURTHER_RULES = { "target-size": { enabled: true } };

/** The rules that depend on colours: the only ones whose outcome differs between light and dark. */
const COLOUR_RULES = ["color-contrast", "link-in-text-block"];

/**
 * Nobody is kept out, by day and by night: axe finds nothing, however grave it calls it. The page is judged as it stands, and
 * its colours once more in the dark.
 */
export async function keepsNobodyOut(page: Page, where: string): Promise<void> {
  await finds(page, `${where}, light`, new AxeBuilder({ page }).options({ rules: FURTHER_RULES }));
  await page.emulateMedia({ colorScheme: "dark" });
  await finds(page, `${where}, dark`, new AxeBuilder({ page }).withRules(COLOUR_RULES));
  await page.emulateMedia({ colorScheme: "light" });
}

async function finds(page: Page, where: string, axe: AxeBuilder): Promise<void> {
  await comesToRest(page);
  const { violations, incomplete } = await axe.analyze();
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
